//! What is known of the selection.

use egui::{RichText, ScrollArea, Ui, Vec2};

use super::{left::fact, overview, run};
use crate::{
    dataset::{Attribute, Dataset, NO_TIME, NONE, TagLevel},
    evaluate::ItemBand,
    recall::LaneKind,
    ui::{
        commands::Command,
        covers::{CoverKey, CoverState},
        facts::tag_category,
        icons,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, radius, space, type_size},
        views::{Scene, case_study::lane_about},
        widgets::{self, format},
        words::Word,
    },
};

pub fn inspector_ui(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        let Some(opened) = scene.opened() else { return };
        let Some(thing) = scene.selection.primary() else {
            overview::overview_ui(ui, scene, opened);
            return;
        };
        let held = scene.selection.things().len();
        if held > 1 {
            let text = words.fill(Word::Selected, &[&held.to_string()]);
            ui.label(RichText::new(text).small().color(tokens.accent));
        }
        match thing {
            Thing::Item(item) => item_ui(ui, scene, opened, item),
            Thing::User(user) => user_ui(ui, scene, opened, user),
            Thing::Tag(tag) => tag_ui(ui, scene, opened, tag),
            Thing::Lane(kind) => lane_ui(ui, scene, opened, kind),
            Thing::Run(run) => run::details_ui(ui, scene, opened, run as usize),
        }
    });
}

fn title_ui(ui: &mut Ui, scene: &Scene<'_>, kind: Word, title: &str) {
    widgets::section_title(ui, scene.tokens, scene.words.get(kind));
    let text = RichText::new(title).font(theme::strong_font(type_size::TITLE)).color(scene.tokens.text_strong);
    ui.add(egui::Label::new(text).wrap());
}

fn id_ui(ui: &mut Ui, scene: &Scene<'_>, id: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(scene.words.get(Word::Id)).small().color(scene.tokens.text_weak));
        ui.label(RichText::new(id).small().color(scene.tokens.text));
        if widgets::icon_button(ui, icons::COPY, scene.words.get(Word::CopyId)).clicked() {
            scene.send(Command::CopyText(id.to_owned()));
        }
    });
}

fn attributes_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, fields: &[Attribute], node: u32) {
    let words = scene.words;
    for field in fields {
        let values: Vec<&str> = field.texts(node).map(|value| words.common(scene.label(dataset, value))).collect();
        if !values.is_empty() {
            fact(ui, scene, words.common(scene.label(dataset, &field.name)), &values.join(", "));
        }
    }
}

fn item_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, item: u32) {
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    let row = item as usize;
    let path = dataset.items.cover[row].as_deref();
    if path.is_some() {
        let side = ui.available_width().min(280.0);
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), egui::Sense::hover());
        let key = CoverKey::from(item);
        ui.painter().rect_filled(rect, radius::COVER, tokens.canvas);
        let (state, _) = scene.covers.paint_whole(ui.painter(), rect, radius::COVER, key, path, f32::MAX);
        if state == CoverState::Failed
            && let Some(error) = scene.covers.error(key)
        {
            ui.label(RichText::new(error).small().color(tokens.error));
        }
        ui.add_space(space::XS);
    }
    title_ui(ui, scene, Word::Item, scene.title(dataset, item));
    id_ui(ui, scene, dataset.items.ids.name(item));
    let text = scene.text(dataset, item);
    if !text.is_empty() {
        ui.add(egui::Label::new(RichText::new(text).color(tokens.text_weak)).wrap());
    }
    tags_ui(ui, scene, dataset, dataset.items.tags.of(item));
    ui.add_space(space::XS);
    for (word, field) in [(Word::Circle, &dataset.items.circle), (Word::Topics, &dataset.items.topics)] {
        let values: Vec<&str> = field.texts(item).map(|value| scene.label(dataset, value)).collect();
        if !values.is_empty() {
            fact(ui, scene, words.get(word), &values.join(", "));
        }
    }
    attributes_ui(ui, scene, dataset, &dataset.items.attributes, item);
    let author = dataset.items.author.get(row).copied().unwrap_or(NONE);
    if author != NONE {
        fact(ui, scene, words.get(Word::Author), dataset.users.ids.name(author));
    }
    let published = dataset.items.published_secs.get(row).copied().unwrap_or(NO_TIME);
    if published != NO_TIME {
        fact(ui, scene, words.get(Word::Published), &format::date(published));
    }
    if let Some(facts) = opened.facts() {
        fact(ui, scene, words.get(Word::TakenTraining), &format::count(u64::from(facts.bands.item_count[row])));
        fact(ui, scene, words.get(Word::TakenLater), &format::count(u64::from(facts.item_test[row])));
        fact(ui, scene, words.get(Word::Popularity), words.get(band_word(facts.bands.item[row])));
    }
}

pub fn band_word(band: ItemBand) -> Word {
    match band {
        ItemBand::Head => Word::BandHead,
        ItemBand::Waist => Word::BandWaist,
        ItemBand::Tail => Word::BandTail,
        ItemBand::New => Word::BandNever,
    }
}

fn tags_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, tags: &[u32]) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(space::XS, space::XS);
        for &tag in tags {
            let colour = scene.tokens.category(tag_category(dataset, tag));
            let name = scene.label(dataset, dataset.items.tags.vocabulary.name(tag));
            if widgets::chip(ui, scene.tokens, Some(colour), name, "", false).clicked() {
                scene.send(Command::Select(Thing::Tag(tag), Mode::Replace));
            }
        }
    });
}

fn user_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, user: u32) {
    let (words, dataset) = (scene.words, &*opened.dataset);
    let id = dataset.users.ids.name(user);
    title_ui(ui, scene, Word::User, &words.fill(Word::UserNamed, &[id]));
    id_ui(ui, scene, id);
    attributes_ui(ui, scene, dataset, &dataset.users.attributes, user);
    if let Some(facts) = opened.facts() {
        fact(ui, scene, words.get(Word::TakenTraining), &format::count(facts.interactions(user) as u64));
        fact(ui, scene, words.get(Word::TakenLater), &format::count(facts.test.of(user).len() as u64));
    }
    if !scene.desk.case.columns.iter().any(|column| column.user.as_deref() == Some(id)) {
        ui.add_space(space::S);
        let response = ui.button(words.get(Word::PutInColumn)).on_hover_text(words.get(Word::PutInColumnTip));
        if response.clicked() {
            scene.send(Command::ShowUser(user));
        }
    }
}

fn tag_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, tag: u32) {
    let (words, dataset) = (scene.words, &*opened.dataset);
    let name = dataset.items.tags.vocabulary.name(tag);
    title_ui(ui, scene, Word::Tag, scene.label(dataset, name));
    if (tag as usize) < dataset.tags.level2_of_leaf.len() {
        let mut above: Vec<&str> = Vec::new();
        for level in [TagLevel::Level1, TagLevel::Level2] {
            let parent = dataset.tags.names(level).name(dataset.tags.ancestor(tag, level));
            if parent != name && !above.contains(&parent) {
                above.push(parent);
            }
        }
        if !above.is_empty() {
            let path: Vec<&str> = above.into_iter().map(|parent| scene.label(dataset, parent)).collect();
            fact(ui, scene, words.get(Word::LevelAbove), &path.join(" › "));
        }
    }
    let items = dataset.items.tags.values.iter().filter(|&&value| value == tag).count();
    fact(ui, scene, words.get(Word::ItemsWithTag), &format::count(items as u64));
}

fn lane_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, kind: LaneKind) {
    title_ui(ui, scene, Word::Lane, kind.name());
    let about = RichText::new(scene.words.get(lane_about(kind))).color(scene.tokens.text_weak);
    ui.add(egui::Label::new(about).wrap());
    if let Some(run) = opened.current(kind).and_then(|run| opened.runs.get(run)) {
        run::facts_ui(ui, scene, opened, run);
    }
}
