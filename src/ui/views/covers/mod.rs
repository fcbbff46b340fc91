//! Covers: what a cover model reads off them, where, and what looks alike; for one cover or any picture, and for the whole
//! model.

mod differing;
mod disagreement;
mod figures;
mod glance;
mod heat;
mod labels;
mod looking;
mod one;
mod whole;

pub use self::glance::Glance;

use std::{
    cmp::Ordering,
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::{ComboBox, RichText, ScrollArea, Ui};

use self::{
    figures::Figures,
    looking::{Model, Subject},
};
use super::{Scene, View, asked::Asked, network, training};
use crate::{
    dataset::{Dataset, TagLevel},
    recall::LaneKind,
    ui::{
        commands::Command,
        covers::CoverKey,
        desk::{CoversDesk, CoversPage},
        icons,
        panels::inspector::band_word,
        selection::{Mode, Thing},
        session::{Opened, Run, RunState},
        theme::{self, space, type_size},
        widgets::{self, Tile, format},
        words::{Word, Words},
    },
};

/// Names the figures of a model: run, and whether covers that it learnt from count.
type FiguresKey = (String, bool);

#[derive(Default)]
pub struct Covers {
    middle: Middle,
    stamp: Stamp,
    /// Kept runs that were opened unasked, each once.
    tried: BTreeSet<String>,
    one: one::One,
    figures: Asked<FiguresKey, Arc<Figures>>,
    whole: whole::Whole,
    disagreement: disagreement::Disagreement,
}

/// The item that is looked at. It goes with what is selected elsewhere, and stays when something is selected here.
#[derive(Default)]
struct Middle {
    /// The fingerprint of the data set whose rows these are.
    of: String,
    item: Option<u32>,
    selected: Option<u32>,
    /// Something was selected here, and has not come back yet.
    has_sent: bool,
    /// It was selected in this frame, to be looked at or only beside what is.
    sent: Option<Sent>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Beside,
    ToBeSeen,
}

impl Middle {
    fn follow(&mut self, scene: &Scene<'_>, opened: &Opened) {
        if self.of != opened.dataset.fingerprint {
            *self = Self { of: opened.dataset.fingerprint.clone(), ..Self::default() };
        }
        let selected = scene.selection.things().iter().rev().find_map(|thing| match thing {
            Thing::Item(item) => Some(*item),
            _ => None,
        });
        if self.selected == selected {
            return;
        }
        self.selected = selected;
        if !std::mem::take(&mut self.has_sent) && selected.is_some() {
            self.item = selected;
        }
    }

    /// Selects an item everywhere, and stays with the one that is looked at.
    fn select(&mut self, scene: &Scene<'_>, item: u32, mode: Mode) {
        // What is selected already does not come back as something else.
        self.has_sent = self.selected != Some(item) || mode == Mode::Toggle;
        self.sent = Some(Sent::Beside);
        scene.send(Command::Select(Thing::Item(item), mode));
    }

    /// Looks at an item, and selects it everywhere.
    fn go_to(&mut self, scene: &Scene<'_>, item: u32) {
        self.item = Some(item);
        self.select(scene, item, Mode::Replace);
        self.sent = Some(Sent::ToBeSeen);
    }
}

/// The file of the analyst's picture, looked for once a second.
#[derive(Default)]
struct Stamp {
    of: Option<(PathBuf, CoverKey)>,
    at_secs: f64,
}

impl Stamp {
    fn of(&mut self, path: &Path, now_secs: f64) -> CoverKey {
        match &self.of {
            Some((known, key)) if known == path && now_secs < self.at_secs + 1.0 => *key,
            _ => {
                let key = CoverKey::of_file(path);
                (self.of, self.at_secs) = (Some((path.to_owned(), key)), now_secs);
                key
            }
        }
    }
}

impl View for Covers {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let mut desk = scene.desk.covers.clone();
        open_kept(scene, opened, &mut self.tried);
        let models = models(scene, opened);
        let Some(model) = chosen(&models, &desk).cloned() else {
            network::empty_ui(ui, scene, icons::IMAGE, Word::NoCoverModel, Word::NoCoverModelWhy, |ui| {
                offer_ui(ui, scene, opened, TagLevel::default());
            });
            return;
        };
        self.middle.follow(scene, opened);
        egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 12, top: 6, bottom: 2 }).show(ui, |ui| {
            toolbar_ui(ui, scene, opened, &models, &model, &mut desk);
        });
        self.page_ui(ui, scene, opened, &models, &model, &mut desk);
        let sent = self.middle.sent.take();
        if sent == Some(Sent::ToBeSeen) {
            (desk.page, desk.picture) = (CoversPage::One, None);
        }
        // What is selected here leaves the picture where it is.
        if desk != scene.desk.covers || (sent == Some(Sent::Beside) && desk.picture.is_some()) {
            scene.send(Command::SetCovers(Box::new(desk)));
        }
    }
}

impl Covers {
    fn page_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        models: &[Model],
        model: &Model,
        desk: &mut CoversDesk,
    ) {
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 4, bottom: 8 });
        match desk.page {
            CoversPage::One => {
                let subject = match (&desk.picture, self.middle.item) {
                    (Some(path), _) => {
                        let now_secs = ui.input(|input| input.time);
                        Some(Subject::Picture(path.clone(), self.stamp.of(path, now_secs)))
                    }
                    (None, Some(item)) => Some(Subject::Item(item)),
                    (None, None) => first(model).map(Subject::Item),
                };
                ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                    frame.show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        let Some(subject) = subject else {
                            ui.label(RichText::new(scene.words.get(Word::NoCover)).color(scene.tokens.text_weak));
                            return;
                        };
                        self.one.ui(ui, scene, opened, models, model, &subject, &mut self.middle, desk);
                    });
                });
            }
            CoversPage::Model | CoversPage::Labels => {
                let key = (model.id.clone(), desk.counts_seen);
                let (asked_model, dataset, counts_seen) = (model.clone(), opened.dataset.clone(), desk.counts_seen);
                let standing = self
                    .figures
                    .ask(scene.session, key, move |job| figures::figures(&asked_model, &dataset, counts_seen, job));
                let Some(figures) = self.figures.answer().cloned() else {
                    frame.show(ui, |ui| waiting_ui(ui, scene, standing, || self.figures.forget()));
                    return;
                };
                frame.show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    if desk.page == CoversPage::Model {
                        self.whole.ui(ui, scene, opened, model, &figures, &mut self.middle, desk);
                    } else {
                        labels::suspects_ui(ui, scene, opened, model, &figures, &mut self.middle);
                    }
                });
            }
            CoversPage::Disagreement => {
                frame.show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    self.disagreement.ui(ui, scene, opened, model, &mut self.middle, desk);
                });
            }
        }
    }
}

/// The open runs with a cover model: those that stand for their lane first.
fn models(scene: &Scene<'_>, opened: &Opened) -> Vec<Model> {
    let mut found: Vec<Model> = opened
        .runs
        .iter()
        .enumerate()
        .filter(|(_, run)| run.kind == LaneKind::Cover && !scene.session.is_deleted(run))
        .filter_map(|(place, run)| {
            let (trained, basis) = (run.trained()?.clone(), run.basis()?.clone());
            let level = trained.lane.cover()?.model().level();
            Some(Model { run: place, id: run.id.clone(), level, trained, basis })
        })
        .collect();
    found.sort_by_key(|model| !opened.is_current(model.run));
    found
}

/// The run that the desk names, else the first.
fn chosen<'m>(models: &'m [Model], desk: &CoversDesk) -> Option<&'m Model> {
    let named = desk.run.as_ref().and_then(|id| models.iter().find(|model| model.id == *id));
    named.or(models.first())
}

/// Opens for each level that no open run has learnt the newest kept one, before others one of the split that is looked
/// at: who comes here wants to see them side by side.
fn open_kept(scene: &Scene<'_>, opened: &Opened, tried: &mut BTreeSet<String>) {
    let mut open = |run: &Run| {
        if tried.insert(run.id.clone()) {
            scene.send(Command::OpenRun(run.id.clone()));
        }
    };
    let named = scene.desk.covers.run.as_ref().and_then(|id| opened.runs.iter().find(|run| run.id == *id));
    if let Some(run) = named.filter(|run| matches!(run.state, RunState::Kept) && !scene.session.is_deleted(run)) {
        open(run);
    }
    for level in TagLevel::ALL {
        let of_level = || {
            let is_it = |run: &&Run| run.kind == LaneKind::Cover && run.settings.cover.level == level;
            opened.runs.iter().filter(is_it).filter(|run| !scene.session.is_deleted(run))
        };
        if of_level().any(|run| matches!(run.state, RunState::Making(_) | RunState::Ready { .. })) {
            continue;
        }
        let newness = |run: &&Run| (run.settings.split == opened.settings.split, run.created_secs);
        let kept = of_level().filter(|run| matches!(run.state, RunState::Kept));
        let newest = kept.max_by(|one, other| newness(one).partial_cmp(&newness(other)).unwrap_or(Ordering::Equal));
        if let Some(run) = newest {
            open(run);
        }
    }
}

/// The first item whose cover the model did not learn from.
fn first(model: &Model) -> Option<u32> {
    let cover = model.lane()?.model();
    let is_read = |item: &&u32| cover.vector(**item).is_some();
    cover.held_out.iter().find(is_read).or(cover.items.first()).copied()
}

/// There is no open model of `level`: those that are on their way or kept, and the button that trains one.
fn offer_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, level: TagLevel) {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_making = training::run::coming_ui(ui, scene, opened, |run| {
        run.kind == LaneKind::Cover && run.settings.cover.level == level
    });
    let text = words.fill(Word::TrainCoverOn, &[level_name(words, level)]);
    if !is_making && widgets::primary_button(ui, tokens, &text).clicked() {
        let mut settings = Box::new(opened.settings.clone());
        settings.cover.level = level;
        scene.send(Command::StartRun { kind: LaneKind::Cover, settings });
    }
}

fn level_name(words: Words, level: TagLevel) -> &'static str {
    words.get(match level {
        TagLevel::Leaf => Word::LevelLeaf,
        TagLevel::Level2 => Word::Level2,
        TagLevel::Level1 => Word::Level1,
    })
}

fn toolbar_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, models: &[Model], model: &Model, desk: &mut CoversDesk) {
    let words = scene.words;
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(26.0);
        ui.spacing_mut().item_spacing.x = 2.0;
        for page in CoversPage::ALL {
            let (word, tip) = match page {
                CoversPage::One => (Word::CoversOne, Word::CoversOneTip),
                CoversPage::Model => (Word::CoversModel, Word::CoversModelTip),
                CoversPage::Labels => (Word::CoversLabels, Word::CoversLabelsTip),
                CoversPage::Disagreement => (Word::CoversDisagreement, Word::CoversDisagreementTip),
            };
            let button = ui.selectable_label(desk.page == page, words.get(word)).on_hover_text(words.get(tip));
            if button.clicked() {
                desk.page = page;
            }
        }
        ui.spacing_mut().item_spacing.x = space::S;
        ui.add_space(space::XS);
        let title = scene.run_title(opened, model.run);
        let combo = ComboBox::from_id_salt("cover run").selected_text(&title).width(96.0).truncate();
        let list = combo.show_ui(ui, |ui| {
            for other in models {
                if ui.selectable_label(other.id == model.id, scene.run_title(opened, other.run)).clicked() {
                    desk.run = Some(other.id.clone());
                    desk.cell = None;
                }
            }
        });
        list.response.accessible_name(words.get(Word::Run));
        match desk.page {
            CoversPage::One => {
                ui.checkbox(&mut desk.shows_heat, words.get(Word::Heat)).on_hover_text(words.get(Word::HeatTip));
                ui.add_enabled_ui(desk.shows_heat, |ui| {
                    ui.spacing_mut().slider_width = 64.0;
                    let slider = egui::Slider::new(&mut desk.opacity, 0.0..=1.0).show_value(false);
                    ui.add(slider).on_hover_text(words.get(Word::Opacity)).accessible_name(words.get(Word::Opacity));
                });
                let open = Command::PickPicture;
                let button = ui.button(format!("{}  {}", icons::FOLDER_OPEN, words.get(Word::AnyPicture)));
                let button = button.on_hover_text(open.tooltip(words));
                if button.accessible_name(open.name(words)).clicked() {
                    scene.send(open);
                }
                if desk.picture.is_some() && ui.button(words.get(Word::BackToItem)).clicked() {
                    desk.picture = None;
                }
            }
            CoversPage::Model | CoversPage::Labels => {
                ui.checkbox(&mut desk.counts_seen, words.get(Word::CountSeen))
                    .on_hover_text(words.get(Word::CountSeenTip));
            }
            CoversPage::Disagreement => {}
        }
    });
}

/// Something is on its way, or broke off and can be asked for again.
fn waiting_ui(ui: &mut Ui, scene: &Scene<'_>, standing: super::asked::Standing, retry: impl FnOnce()) {
    let (words, tokens) = (scene.words, scene.tokens);
    match standing {
        super::asked::Standing::Failed => {
            ui.label(RichText::new(words.get(Word::NetworkBrokeOff)).color(tokens.warn));
            if ui.button(words.get(Word::Retry)).clicked() {
                retry();
            }
        }
        super::asked::Standing::Coming | super::asked::Standing::Known => {
            ui.horizontal(|ui| {
                ui.add(egui::Spinner::new().size(14.0));
                ui.label(RichText::new(words.get(Word::NetworkComing)).color(tokens.text_weak));
            });
        }
    }
}

/// An item's cover with how often it was taken, how rare it is, and what is said of it on hover. A click selects it, a
/// double click looks at it.
#[allow(clippy::too_many_arguments)]
fn tile_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    model: &Model,
    rect: egui::Rect,
    item: u32,
    place: (&str, usize),
    shares_tag: bool,
    about: &str,
    middle: &mut Middle,
) -> egui::Response {
    let dataset = &*opened.dataset;
    let facts = &model.basis.facts;
    let (words, tokens) = (scene.words, scene.tokens);
    let taken = facts.bands.item_count[item as usize];
    let band = facts.bands.item[item as usize];
    let mut signs = Vec::new();
    if shares_tag {
        signs.push((icons::SHARES_TAG_FILL, tokens.accent));
    }
    match band {
        crate::evaluate::ItemBand::New => signs.push((icons::NEW_FILL, tokens.new)),
        crate::evaluate::ItemBand::Tail => signs.push((icons::TAIL, tokens.tail)),
        _ => {}
    }
    let title = scene.title(dataset, item).to_owned();
    let said = words.fill(Word::CoverSays, &[&format::count(u64::from(taken)), words.get(band_word(band))]);
    let tile = Tile {
        item,
        note: format::count(u64::from(taken)),
        signs,
        has_footer: true,
        name: format!("{title}, {about}, {said}"),
        ..Tile::default()
    };
    let id = ui.scope_id().with(place).with(item);
    let response = widgets::cover_ui(ui, scene, dataset, rect, &tile, id);
    if response.hovered() {
        scene.send(Command::Hover(Thing::Item(item)));
    }
    let is_entered = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if response.double_clicked() || is_entered {
        middle.go_to(scene, item);
    } else if response.clicked() {
        let keeps = ui.input(|input| input.modifiers.command);
        middle.select(scene, item, if keeps { Mode::Toggle } else { Mode::Replace });
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(280.0);
        ui.label(RichText::new(&title).font(theme::medium_font(type_size::BODY)));
        ui.label(RichText::new(about).small().color(tokens.text_weak));
        ui.label(RichText::new(&said).small().color(tokens.text_weak));
        let tags: Vec<&str> = dataset
            .items
            .tags
            .of(item)
            .iter()
            .map(|&tag| scene.label(dataset, dataset.items.tags.vocabulary.name(tag)))
            .collect();
        ui.label(RichText::new(tags.join(", ")).small().color(tokens.text_weak));
    })
}

/// Tags of a level that an item has.
fn tags_of(dataset: &Dataset, item: u32, level: TagLevel) -> Vec<u32> {
    crate::models::cover::tags_of(dataset, item, level)
}

/// The name of a tag of a level in the language that is set.
fn tag_name<'d>(scene: &Scene<'_>, dataset: &'d Dataset, level: TagLevel, tag: u32) -> &'d str {
    scene.label(dataset, dataset.tags.names(level).name(tag))
}

/// Names a subject's picture among the covers.
fn key_of(subject: &Subject) -> CoverKey {
    match subject {
        Subject::Item(item) => CoverKey::from(*item),
        Subject::Picture(_, key) => *key,
    }
}

fn percent(share: f32) -> String {
    format!("{:.1} %", share * 100.0)
}
