//! Why an item was recalled: the user's items that carried it, and, for graph networks, those in which both meet.

use egui::{Align, Layout, Rect, RichText, Sense, Ui, Vec2, vec2};

use crate::{
    dataset::Dataset,
    explain::{Explanation, Meeting, Part},
    models::user_cluster::{Kind, reach_of},
    recall::LaneKind,
    ui::{
        icons,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

const COVER: f32 = 52.0;
const MEETING: f32 = 38.0;
const MOST: usize = 5;

/// `told`: `None` while it is being found out.
pub(super) fn why_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    dataset: &Dataset,
    kind: LaneKind,
    told: Option<&Explanation>,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let note = |ui: &mut Ui, word| ui.label(RichText::new(words.get(word)).small().color(tokens.text_weak));
    let Some(told) = told else {
        ui.horizontal(|ui| {
            ui.add(egui::Spinner::new().size(14.0));
            note(ui, Word::WhyComing);
        });
        return;
    };
    if !told.lanes.is_empty() {
        let found = told.lanes.iter().map(|of| {
            let share = format!("{:.0}", 100.0 * of.share);
            words.fill(Word::WhyMix, &[of.lane.name(), &of.rank.to_string(), &share])
        });
        let text = found.collect::<Vec<_>>().join(" · ");
        ui.add(egui::Label::new(RichText::new(text).small().color(tokens.text)).wrap());
    }
    let parts: Vec<Part> = told.parts.iter().copied().filter(|part| part.share > 0.0).take(MOST).collect();
    if parts.is_empty() {
        if kind == LaneKind::Hot {
            note(ui, Word::WhyHot);
        } else if !told.parts.is_empty() && told.clusters.is_empty() {
            note(ui, Word::WhyNobody);
        }
    } else {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            widgets::section_title(ui, tokens, words.get(Word::WhyTitle));
            let word = match parts[0] {
                Part { fall: Some(_), attention: Some(_), .. } => Word::WhyFallAttention,
                Part { fall: Some(_), .. } => Word::WhyFall,
                _ => return,
            };
            ui.add(egui::Label::new(RichText::new(words.get(word)).small().color(tokens.text_faint)).truncate());
        });
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            for part in &parts {
                part_ui(ui, scene, dataset, kind, part);
            }
        });
        let title = scene.title(dataset, parts[0].item);
        ui.add(egui::Label::new(RichText::new(title).small().color(tokens.text)).truncate());
    }
    if let Some(lift) = told.lift {
        let text = words.fill(Word::WhyLift, &[&format::score(lift)]);
        ui.add(egui::Label::new(RichText::new(text).small().color(tokens.text_weak)).wrap());
    }
    if !told.meetings.is_empty() {
        ui.add_space(space::XS);
        meetings_ui(ui, scene, dataset, told);
    }
    if !told.clusters.is_empty() {
        ui.add_space(space::XS);
        clusters_ui(ui, scene, dataset, kind, told);
    }
}

/// What the user's clusters did, and covers of what they take more than others.
fn clusters_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, kind: LaneKind, told: &Explanation) {
    let (words, tokens) = (scene.words, scene.tokens);
    widgets::section_title(ui, tokens, words.get(Word::ClusterTitle));
    for part in &told.clusters {
        let name = cluster_name(scene, dataset, part.kind);
        let share = format!("{:.0}", part.share * 100.0);
        let row = ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let (bar, _) = ui.allocate_exact_size(vec2(COVER, 4.0), Sense::hover());
            ui.painter().rect_filled(bar, 2.0, tokens.sunken);
            let filled = Rect::from_min_size(bar.min, vec2(bar.width() * part.share.clamp(0.0, 1.0), bar.height()));
            ui.painter().rect_filled(filled, 2.0, tokens.lane(kind));
            let line = format!("{share} %  {name}");
            ui.add(egui::Label::new(RichText::new(line).small().color(tokens.text)).truncate());
        });
        let users = part.users.to_string();
        row.response.on_hover_text(words.fill(Word::ClusterPart, &[&name, &users, &share]));
    }
    if told.liked.is_empty() {
        return;
    }
    widgets::section_title(ui, tokens, words.get(Word::LikedTitle));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        for &item in &told.liked {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(MEETING), Sense::hover());
            widgets::picture_ui(ui.painter(), scene, dataset, rect, item, 0.0, false);
            let title = scene.title(dataset, item);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, title));
            response.on_hover_text(title);
        }
    });
}

fn cluster_name(scene: &Scene<'_>, dataset: &Dataset, kind: Kind) -> String {
    let words = scene.words;
    match kind {
        Kind::All => words.get(Word::ClusterAll).to_owned(),
        Kind::Whole => words.get(Word::ClusterWhole).to_owned(),
        Kind::Activity(band) => match reach_of(band) {
            (least, Some(most)) => words.fill(Word::ClusterActivity, &[&least.to_string(), &most.to_string()]),
            (least, None) => words.fill(Word::ClusterActivityFrom, &[&least.to_string()]),
        },
        Kind::Value { field, entry } => {
            let attribute = &dataset.users.attributes[field];
            scene.label(dataset, attribute.vocabulary.name(entry)).to_owned()
        }
    }
}

/// A cover, its share as a bar and a figure, and, of a network, by how much the score falls and the attention.
fn part_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, kind: LaneKind, part: &Part) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.vertical(|ui| {
        ui.set_width(COVER);
        ui.spacing_mut().item_spacing.y = 2.0;
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(COVER), Sense::hover());
        widgets::picture_ui(ui.painter(), scene, dataset, rect, part.item, 0.0, false);
        let (bar, _) = ui.allocate_exact_size(vec2(COVER, 4.0), Sense::hover());
        ui.painter().rect_filled(bar, 2.0, tokens.sunken);
        let filled = Rect::from_min_size(bar.min, vec2(bar.width() * part.share.clamp(0.0, 1.0), bar.height()));
        ui.painter().rect_filled(filled, 2.0, tokens.lane(kind));
        let micro = |text: String| RichText::new(text).font(theme::font(type_size::MICRO)).color(tokens.text_weak);
        let share = format!("{:.0}", part.share * 100.0);
        ui.label(micro(format!("{share} %")));
        let mut told = vec![words.fill(Word::WhyPart, &[scene.title(dataset, part.item), &share])];
        if let Some(fall) = part.fall.map(format::score) {
            ui.label(micro(format!("{} {fall}", icons::ARROW_DOWN)));
            told.push(words.fill(Word::WhyPartFall, &[&fall]));
        }
        if let Some(attention) = part.attention.map(format::score) {
            ui.label(micro(format!("{} {attention}", icons::VIEW)));
            told.push(words.fill(Word::WhyPartAttention, &[&attention]));
        }
        let told = told.join(", ");
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &told));
        response.on_hover_text(told);
    });
}

/// The user, the items in which he and the recalled one meet, and the recalled one.
fn meetings_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, told: &Explanation) {
    let (words, tokens) = (scene.words, scene.tokens);
    widgets::section_title(ui, tokens, words.get(Word::MeetTitle));
    ui.allocate_ui_with_layout(vec2(ui.available_width(), MEETING + 16.0), Layout::left_to_right(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let sign = |ui: &mut Ui, icon: &str, colour| {
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, MEETING), Sense::hover());
            let font = theme::font(15.0);
            ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, font, colour);
        };
        sign(ui, icons::USER_FILL, tokens.text_weak);
        sign(ui, icons::FORWARD, tokens.text_faint);
        for meeting in told.meetings.iter().take(MOST) {
            meeting_ui(ui, scene, dataset, meeting);
        }
        sign(ui, icons::FORWARD, tokens.text_faint);
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(MEETING), Sense::hover());
        widgets::picture_ui(ui.painter(), scene, dataset, rect, told.item, 0.0, false);
    });
}

fn meeting_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, meeting: &Meeting) {
    let tokens = scene.tokens;
    let similarity = format::score(meeting.similarity);
    let title = scene.title(dataset, meeting.item);
    let told = scene.words.fill(Word::MeetTip, &[title, &format::score(meeting.weight), &similarity]);
    ui.vertical(|ui| {
        ui.set_width(MEETING);
        ui.spacing_mut().item_spacing.y = 1.0;
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(MEETING), Sense::hover());
        widgets::picture_ui(ui.painter(), scene, dataset, rect, meeting.item, 0.0, false);
        ui.label(RichText::new(similarity).font(theme::font(type_size::MICRO)).color(tokens.text_weak));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &told));
        response.on_hover_text(told);
    });
}
