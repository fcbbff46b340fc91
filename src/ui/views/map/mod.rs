//! The map: the vectors of one or two runs in the plane, and how true that is to them.

mod canvas;
mod colours;
mod differ;
pub mod gpu;
mod placed;
mod points;
mod worker;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crossbeam_channel::{Receiver, TryRecvError};
use egui::{ComboBox, RichText, Ui, vec2};

use self::{
    canvas::{MOST_SELECTED, Seen},
    colours::{Legend, NO_LANE, Painting},
    differ::Differences,
    gpu::Colour,
    placed::Placed,
    points::{KEPT_OF, Points},
    worker::{Found, Worker},
};
use super::{
    Scene, View,
    network::{self, Node},
};
use crate::{
    dataset::Dataset,
    jobs::pipeline::TrainedLane,
    models::projection,
    recall::LaneKind,
    task::JobContext,
    ui::{
        commands::Command,
        desk::{MapColour, MapDesk, MapMethod},
        icons,
        selection::Thing,
        session::{Basis, Opened, RunState},
        theme::space,
        widgets::{self, format},
        words::Word,
    },
    workspace::{Table, Values},
};

/// As many clusters as there are colours that can be told apart.
const CLUSTERS: usize = 9;
/// t-SNE compares each point with all others: 117,000 take two and a half minutes on two cores, ten times as many hours.
const MOST_ARRANGED: usize = 150_000;
/// Maps that were found stay so many, for coming back to.
const MOST_KEPT: usize = 6;
/// The nearest that are shown of what is selected.
const NEAR: usize = 24;
/// Selected points by which the map around the selection is judged, at most.
const MOST_JUDGED: usize = 60;
/// Items of each lane that colours tell of.
const LANE_K: usize = 100;
const NEAR_PX: f32 = 64.0;
/// Below this width of a pane there is no room for two.
const LEAST_PANE_PX: f32 = 300.0;

/// Names what was found: data set, run, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    fingerprint: String,
    run: String,
    shows_users: bool,
    method: MapMethod,
}

/// What was found of a map.
#[derive(Clone, Default)]
struct Map2d {
    points: Option<Arc<Points>>,
    placed: Option<Arc<Placed>>,
    clusters: Option<Arc<Vec<u8>>>,
    kept: Option<f32>,
    is_whole: bool,
    note: Option<Note>,
    /// Another number stands for other points or clusters.
    looks: u64,
    /// Another number stands for other points or places.
    places: u64,
}

#[derive(Clone, PartialEq)]
enum Note {
    Neighbours,
    Epoch(usize),
    NotArranged,
    NoVectors,
    Failed(String),
}

/// What colours depend on.
#[derive(Clone, Copy, PartialEq)]
struct ColourKey {
    looks: u64,
    lanes: u64,
    colour: MapColour,
    is_dark: bool,
    language: crate::dataset::Language,
    tag: Option<u32>,
}

struct Painted {
    key: ColourKey,
    colours: Arc<Vec<Colour>>,
    legend: Legend,
}

/// The nearest of what is selected, and how true the map is around it.
#[derive(Default)]
struct Near {
    of: Option<(Vec<usize>, u64)>,
    receiver: Option<Receiver<(Vec<(Node, f32)>, Option<f32>)>>,
    found: Vec<(Node, f32)>,
    kept: Option<f32>,
}

#[derive(Default)]
struct Pane {
    key: Option<Key>,
    worker: Option<Worker>,
    map: Map2d,
    painted: Option<Painted>,
    near: Near,
    canvas: canvas::State,
}

/// Which lane has each item highest for a user.
#[derive(Default)]
struct Lanes {
    of: Option<(String, u32, u64)>,
    receiver: Option<Receiver<Vec<u8>>>,
    found: Option<Arc<Vec<u8>>>,
    revision: u64,
}

#[derive(Default)]
pub struct Map {
    panes: [Pane; 2],
    kept: VecDeque<(Key, Map2d)>,
    lanes: Lanes,
    differences: Differences,
}

/// A run whose vectors can be seen.
#[derive(Clone)]
struct Source {
    run: usize,
    id: String,
    /// `None` while it is kept and not open.
    open: Option<(Arc<TrainedLane>, Arc<Basis>)>,
}

impl View for Map {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let mut desk = scene.desk.map.clone();
        let sources = sources(scene, opened);
        if sources.is_empty() {
            network::empty_ui(ui, scene, icons::MAP, Word::NoVectorRun, Word::NoVectorRunWhy, |ui| {
                offer_ui(ui, scene, opened);
            });
            return;
        }
        let width = ui.available_width();
        let is_double = desk.is_double && width >= 2.0 * LEAST_PANE_PX;
        let chosen = chosen(&sources, &desk, opened);
        egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 6, bottom: 0 }).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::XS;
            self.toolbar_ui(ui, scene, opened, &sources, &chosen, &mut desk, width);
            if is_double && desk.shows_differences {
                self.differences_ui(ui, scene, &opened.dataset, &chosen);
            }
        });
        self.lanes.follow(scene, opened, desk.colour);
        let panes = if is_double { 2 } else { 1 };
        let area = ui.available_rect_before_wrap();
        let gap = space::S;
        let pane_px = (area.width() - gap * (panes as f32 - 1.0)) / panes as f32;
        for place in 0..panes {
            let min = area.min + vec2(place as f32 * (pane_px + gap), 0.0);
            let rect = egui::Rect::from_min_size(min, vec2(pane_px, area.height()));
            let layout = egui::Layout::top_down(egui::Align::Min);
            let builder = egui::UiBuilder::new().id_salt(("map", place)).max_rect(rect).layout(layout);
            let mut child = ui.new_child(builder);
            child.set_clip_rect(rect.intersect(ui.clip_rect()));
            self.pane_ui(&mut child, scene, opened, place, &chosen[place], &desk);
            if place > 0 {
                ui.painter().vline(rect.left() - gap / 2.0, rect.y_range(), (1.0, scene.tokens.line));
            }
        }
        if panes == 1 {
            self.panes[1] = Pane::default();
        }
        ui.allocate_rect(area, egui::Sense::hover());
        if desk != scene.desk.map {
            scene.send(Command::SetMap(Box::new(desk)));
        }
    }
}

/// Whether runs of the lane have vectors, as far as can be told of those that are not open.
fn has_vectors(kind: LaneKind) -> bool {
    kind.has_vectors()
}

/// Runs with vectors that are not deleted: those that stand for their lanes first.
fn sources(scene: &Scene<'_>, opened: &Opened) -> Vec<Source> {
    let mut found: Vec<Source> = opened
        .runs
        .iter()
        .enumerate()
        .filter(|(_, run)| !scene.session.is_deleted(run))
        .filter_map(|(place, run)| {
            let open = match &run.state {
                RunState::Ready { trained, basis } => Some((trained.clone(), basis.clone())),
                RunState::Kept => None,
                _ => return None,
            };
            let has_some = match &open {
                Some((trained, _)) => trained.lane.vectors().is_some(),
                None => has_vectors(run.kind),
            };
            has_some.then(|| Source { run: place, id: run.id.clone(), open })
        })
        .collect();
    found.sort_by_key(|source| (!opened.is_current(source.run), opened.runs[source.run].kind));
    found
}

/// The runs that the desk names, else the first two that are open.
fn chosen(sources: &[Source], desk: &MapDesk, opened: &Opened) -> [Source; 2] {
    let named = |place: usize| desk.runs[place].as_ref().and_then(|id| sources.iter().find(|source| source.id == *id));
    let is_open = |source: &&Source| source.open.is_some();
    let first = named(0).or(sources.iter().find(is_open)).unwrap_or(&sources[0]);
    let is_other = |source: &&Source| source.id != first.id;
    let is_other_lane = |source: &&Source| opened.runs[source.run].kind != opened.runs[first.run].kind;
    let second = named(1)
        .or(sources.iter().filter(is_open).filter(is_other_lane).find(is_other))
        .or(sources.iter().find(is_other))
        .unwrap_or(first);
    [first.clone(), second.clone()]
}

/// Runs that will have vectors, or the button that trains one.
fn offer_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let mut is_making = false;
    for (place, run) in opened.runs.iter().enumerate() {
        if has_vectors(run.kind) && matches!(run.state, RunState::Making(_)) && !scene.session.is_deleted(run) {
            is_making = true;
            ui.horizontal(|ui| super::training::run::making_row_ui(ui, scene, opened, place));
        }
    }
    if !is_making && widgets::primary_button(ui, scene.tokens, scene.words.get(Word::TrainItem2vec)).clicked() {
        let settings = Box::new(opened.settings.clone());
        scene.send(Command::StartRun { kind: LaneKind::Item2vec, settings });
    }
}

impl Map {
    fn differences_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, chosen: &[Source; 2]) {
        let Self { panes, differences, .. } = self;
        if let [Some(one), Some(other)] = [&panes[0].map.points, &panes[1].map.points] {
            ui.horizontal(|ui| {
                ui.set_min_height(26.0);
                ui.spacing_mut().item_spacing.x = space::XS;
                differences.ui(ui, scene, dataset, [&chosen[0].id, &chosen[1].id], [one, other]);
            });
        }
    }
}

fn colour_word(colour: MapColour) -> Word {
    match colour {
        MapColour::Level1 => Word::ColourLevel1,
        MapColour::Level2 => Word::ColourLevel2,
        MapColour::Tag => Word::ColourTag,
        MapColour::Band => Word::ColourBand,
        MapColour::Lane => Word::ColourLane,
        MapColour::Cluster => Word::ColourCluster,
    }
}

impl Map {
    #[allow(clippy::too_many_arguments)]
    fn toolbar_ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        opened: &Opened,
        sources: &[Source],
        chosen: &[Source; 2],
        desk: &mut MapDesk,
        width: f32,
    ) {
        let (words, tokens) = (scene.words, scene.tokens);
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(26.0);
            ui.spacing_mut().item_spacing.x = 2.0;
            let panes = if desk.is_double { 2 } else { 1 };
            for (place, source) in chosen.iter().enumerate().take(panes) {
                let title = scene.run_title(opened, source.run);
                let combo = ComboBox::from_id_salt(("map run", place)).selected_text(&title).width(112.0).truncate();
                let list = combo.show_ui(ui, |ui| {
                    for other in sources {
                        let title = scene.run_title(opened, other.run);
                        if ui.selectable_label(other.id == source.id, title).clicked() {
                            desk.runs[place] = Some(other.id.clone());
                        }
                    }
                });
                let name = format!("{} {}", words.get(Word::Run), place + 1);
                list.response.accessible_name(name);
            }
            ui.spacing_mut().item_spacing.x = space::S;
            ui.add_enabled_ui(width >= 2.0 * LEAST_PANE_PX && sources.len() > 1, |ui| {
                let name = words.get(Word::MapBeside);
                let button = ui.add(egui::Button::selectable(desk.is_double, icons::COMPARE)).on_hover_text(name);
                if button.accessible_name(name).clicked() {
                    desk.is_double = !desk.is_double;
                }
            });
            if desk.is_double {
                let name = words.get(Word::Differences);
                let button = ui.add(egui::Button::selectable(desk.shows_differences, icons::SWAP));
                if button.on_hover_text(words.get(Word::DifferencesTip)).accessible_name(name).clicked() {
                    desk.shows_differences = !desk.shows_differences;
                }
            }
            ui.spacing_mut().item_spacing.x = 2.0;
            for (method, word, tip) in [
                (MapMethod::Pca, Word::MethodPca, Word::MethodPcaTip),
                (MapMethod::Tsne, Word::MethodTsne, Word::MethodTsneTip),
            ] {
                let button = ui.selectable_label(desk.method == method, words.get(word)).on_hover_text(words.get(tip));
                if button.accessible_name(words.get(word)).clicked() {
                    desk.method = method;
                }
            }
            ui.spacing_mut().item_spacing.x = space::S;
            ui.add_space(space::XS);
            ui.label(RichText::new(words.get(Word::ColouredBy)).color(tokens.text_weak));
            let combo =
                ComboBox::from_id_salt("map colour").selected_text(words.get(colour_word(desk.colour))).width(96.0);
            let list = combo.show_ui(ui, |ui| {
                for colour in MapColour::ALL {
                    ui.selectable_value(&mut desk.colour, colour, words.get(colour_word(colour)));
                }
            });
            list.response.accessible_name(words.get(Word::ColouredBy));
            ui.checkbox(&mut desk.shows_users, words.get(Word::Users)).on_hover_text(words.get(Word::MapUsersTip));
            let name = words.get(Word::Lasso);
            let lasso = ui.add(egui::Button::selectable(desk.is_lasso, icons::LASSO));
            if lasso.on_hover_text(words.get(Word::LassoTip)).accessible_name(name).clicked() {
                desk.is_lasso = !desk.is_lasso;
            }
            if widgets::icon_button(ui, icons::FIT, words.get(Word::FitAll)).clicked() {
                for pane in &mut self.panes {
                    pane.canvas.camera.is_fitted = true;
                }
            }
            let map = &self.panes[0].map;
            if let (Some(points), Some(placed)) = (&map.points, &map.placed) {
                let file = format!("{}-map-{}", opened.dataset.name, opened.runs[chosen[0].run].kind.name());
                let clusters = map.clusters.as_deref();
                widgets::export_menu(ui, scene, &file, || {
                    table(scene, &opened.dataset, points, placed, clusters.map(Vec::as_slice))
                });
            }
        });
    }

    fn pane_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        place: usize,
        source: &Source,
        desk: &MapDesk,
    ) {
        let dataset = &*opened.dataset;
        let title = scene.run_title(opened, source.run);
        let Some((trained, basis)) = &source.open else {
            scene.send(Command::OpenRun(source.id.clone()));
            ui.label(RichText::new(scene.words.get(Word::NetworkComing)).color(scene.tokens.text_weak));
            return;
        };
        let key = Key {
            fingerprint: dataset.fingerprint.clone(),
            run: source.id.clone(),
            shows_users: desk.shows_users,
            method: desk.method,
        };
        self.follow(ui, scene, place, key, trained, basis);
        let Self { panes, lanes, .. } = self;
        let pane = &mut panes[place];
        let (Some(points), Some(placed)) = (pane.map.points.clone(), pane.map.placed.clone()) else {
            pane.waiting_ui(ui, scene);
            return;
        };
        pane.near.follow(scene, &points, &placed, pane.map.places);
        egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 0, bottom: 0 }).show(ui, |ui| {
            pane.status_ui(ui, scene, &title, &points);
        });
        let tag = match scene.selection.primary() {
            Some(Thing::Tag(tag)) => Some(tag),
            _ => None,
        };
        let found = lanes.found.as_deref().filter(|_| desk.colour == MapColour::Lane);
        let colour_key = ColourKey {
            looks: pane.map.looks,
            lanes: found.map_or(0, |_| lanes.revision),
            colour: desk.colour,
            is_dark: ui.visuals().dark_mode,
            language: scene.language(),
            tag,
        };
        if pane.painted.as_ref().is_none_or(|painted| painted.key != colour_key) {
            let painting = Painting {
                dataset,
                bands: &basis.facts.bands,
                points: &points,
                clusters: pane.map.clusters.as_deref().map(Vec::as_slice),
                lanes: found.map(Vec::as_slice),
                colour: desk.colour,
                tag,
            };
            let (colours, legend) = painting.paint(scene);
            pane.painted = Some(Painted { key: colour_key, colours, legend });
        }
        let Some(painted) = &pane.painted else { return };
        let has_near = !pane.near.found.is_empty() && ui.available_height() > 4.0 * NEAR_PX;
        let room = ui.available_rect_before_wrap();
        let foot = if has_near { NEAR_PX + 2.0 * space::XS } else { 0.0 };
        let (above, below) = room.split_top_bottom_at_y(room.bottom() - foot);
        let name = scene.words.fill(Word::MapOf, &[&title]);
        let seen = Seen {
            id: place as u64,
            name: &name,
            points: &points,
            placed: &placed,
            colours: &painted.colours,
            legend: &painted.legend,
            near: &pane.near.found,
            is_lasso: desk.is_lasso,
        };
        let mut child = ui.new_child(egui::UiBuilder::new().id_salt("canvas").max_rect(above));
        pane.canvas.show(&mut child, scene, dataset, &seen);
        if has_near {
            let layout = egui::Layout::left_to_right(egui::Align::Min);
            let rect = below.shrink2(vec2(space::M, space::XS));
            let mut child = ui.new_child(egui::UiBuilder::new().id_salt("near").max_rect(rect).layout(layout));
            canvas::near_ui(&mut child, scene, dataset, &pane.near.found);
        }
    }

    /// Sees that the pane shows what `key` names, or is on the way there.
    fn follow(
        &mut self,
        ui: &Ui,
        scene: &Scene<'_>,
        place: usize,
        key: Key,
        trained: &Arc<TrainedLane>,
        basis: &Arc<Basis>,
    ) {
        let pane = &mut self.panes[place];
        if pane.key.as_ref() != Some(&key) {
            let is_same_points =
                pane.key.as_ref().is_some_and(|before| Key { method: key.method, ..before.clone() } == key);
            pane.worker = None;
            let known = self.kept.iter().find(|(known, _)| *known == key);
            if let Some((_, map)) = known {
                pane.map = map.clone();
            } else {
                // The same points lie where they lay until others are found.
                if is_same_points {
                    (pane.map.is_whole, pane.map.note, pane.map.kept) = (false, None, None);
                } else {
                    pane.map = Map2d::default();
                }
                match Worker::start(&key, trained.clone(), basis.clone(), ui.ctx().clone(), scene.session.beside()) {
                    Ok(worker) => pane.worker = Some(worker),
                    Err(error) => pane.map.note = Some(Note::Failed(error.to_string())),
                }
            }
            if !is_same_points {
                pane.canvas.forget();
                pane.near = Near::default();
            }
            pane.key = Some(key);
        }
        let Some(worker) = &pane.worker else { return };
        let (found, goes_on) = worker.take();
        for found in found {
            pane.map.take(found);
        }
        if !goes_on {
            pane.worker = None;
            let Some(key) = pane.key.clone().filter(|_| pane.map.is_whole) else { return };
            self.kept.retain(|(known, _)| *known != key);
            self.kept.push_back((key, pane.map.clone()));
            if self.kept.len() > MOST_KEPT {
                self.kept.pop_front();
            }
        }
    }
}

fn next_revision() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Map2d {
    fn take(&mut self, found: Found) {
        let revision = next_revision();
        match found {
            Found::Points(points) => {
                self.points = Some(points);
                (self.looks, self.places) = (revision, revision);
            }
            Found::Placed { placed, is_last } => {
                self.placed = Some(placed);
                self.places = revision;
                self.is_whole |= is_last;
                if is_last && matches!(self.note, Some(Note::Epoch(_) | Note::Neighbours)) {
                    self.note = None;
                }
            }
            Found::Clusters(clusters) => {
                self.clusters = Some(clusters);
                self.looks = revision;
            }
            Found::Kept(kept) => self.kept = Some(kept),
            Found::Neighbours => self.note = Some(Note::Neighbours),
            Found::Epoch(epoch) => self.note = Some(Note::Epoch(epoch)),
            Found::NotArranged => self.note = Some(Note::NotArranged),
            Found::NoVectors => self.note = Some(Note::NoVectors),
            Found::Failed(message) => self.note = Some(Note::Failed(message)),
        }
    }
}

impl Pane {
    fn waiting_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let (words, tokens) = (scene.words, scene.tokens);
        let text = match &self.map.note {
            Some(Note::Failed(message)) => message.clone(),
            Some(Note::NoVectors) => words.get(Word::NoVectorRunWhy).to_owned(),
            _ => words.get(Word::NetworkComing).to_owned(),
        };
        ui.add_space(space::L);
        ui.horizontal(|ui| {
            ui.add_space(space::M);
            if self.worker.is_some() {
                ui.add(egui::Spinner::new().size(14.0));
            }
            ui.add(egui::Label::new(RichText::new(text).color(tokens.text_weak)).wrap());
            if self.worker.is_none() && ui.button(words.get(Word::Retry)).clicked() {
                self.key = None;
            }
        });
    }

    /// How many points there are, what is left out, and how true the map is.
    fn status_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, title: &str, points: &Points) {
        let (words, tokens) = (scene.words, scene.tokens);
        let count = |number: usize| format::count(number as u64);
        let percent = |share: f32| format!("{:.0} %", share * 100.0);
        let items = points.nodes.len() - points.users;
        let mut parts = vec![title.to_owned(), words.fill(Word::MapItems, &[&count(items)])];
        if points.users > 0 {
            parts.push(words.fill(Word::MapUsers, &[&count(points.users)]));
        }
        if points.without > 0 {
            parts.push(words.fill(Word::MapWithout, &[&count(points.without)]));
        }
        let held = scene.selection.things().len();
        if let Some(inside) = self.canvas.inside.filter(|_| held == MOST_SELECTED) {
            parts.push(words.fill(Word::LassoCapped, &[&count(held), &count(inside)]));
        }
        let is_tsne = self.key.as_ref().is_some_and(|key| key.method == MapMethod::Tsne);
        if is_tsne && points.nodes.len() > MOST_ARRANGED {
            parts.push(words.fill(Word::TooManyToArrange, &[&count(MOST_ARRANGED)]));
        }
        if let Some(kept) = self.map.kept {
            parts.push(words.fill(Word::MapKeeps, &[&percent(kept), &KEPT_OF.to_string()]));
        }
        if let Some(kept) = self.near.kept {
            parts.push(words.fill(Word::MapKeepsHere, &[&percent(kept)]));
        }
        match &self.map.note {
            Some(Note::NotArranged) => parts.push(words.get(Word::NotArranged).to_owned()),
            Some(Note::Failed(message)) => parts.push(message.clone()),
            _ => {}
        }
        ui.horizontal(|ui| {
            ui.set_min_height(20.0);
            let progress = match self.map.note {
                Some(Note::Neighbours) => Some(None),
                Some(Note::Epoch(epoch)) => Some(Some(epoch as f32 / projection::EPOCHS as f32)),
                _ => None,
            };
            if let Some(fraction) = progress {
                let name = words.get(Word::MethodTsne);
                widgets::progress_bar(ui, tokens, fraction, 90.0, name);
                let text = match self.map.note {
                    Some(Note::Epoch(epoch)) => {
                        words.fill(Word::TsneEpoch, &[&epoch.to_string(), &projection::EPOCHS.to_string()])
                    }
                    _ => words.get(Word::TsneNeighbours).to_owned(),
                };
                ui.label(RichText::new(text).small().color(tokens.text_weak));
                if widgets::icon_button(ui, icons::STOP, words.get(Word::StopArranging)).clicked() {
                    self.worker = None;
                    self.map.note = None;
                }
            }
            let text = parts.join(" · ");
            let label = egui::Label::new(RichText::new(&text).small().color(tokens.text_weak)).truncate();
            ui.add(label).on_hover_text(format!("{text}\n{}", words.get(Word::MapKeepsTip)));
        });
    }
}

impl Near {
    /// Asks for what is nearest to the selection, off the frame, and takes it.
    fn follow(&mut self, scene: &Scene<'_>, points: &Arc<Points>, placed: &Arc<Placed>, revision: u64) {
        let nodes = scene.selection.things().iter().filter_map(|&thing| Node::of(thing));
        let places: Vec<usize> = nodes.filter_map(|node| points.place_of(node)).collect();
        let of = (places, revision);
        // While points move, one answer is waited for before the next question.
        if self.of.as_ref() != Some(&of) && self.receiver.is_none() {
            if self.of.as_ref().is_none_or(|(before, ..)| *before != of.0) {
                (self.found, self.kept) = (Vec::new(), None);
            }
            let (points, placed, places) = (points.clone(), placed.clone(), of.0.clone());
            self.of = Some(of);
            let Some(&last) = places.last() else { return };
            self.receiver = Some(scene.session.errand(move |job: &JobContext| {
                let found = points.nearest(last, NEAR).into_iter();
                let found = found.map(|(place, cosine)| (points.nodes[place], cosine)).collect();
                let step = places.len().div_ceil(MOST_JUDGED).max(1);
                let judged: Vec<usize> = places.iter().copied().step_by(step).collect();
                Ok((found, points.kept(&placed, &judged, job)?))
            }));
        }
        let Some(receiver) = &self.receiver else { return };
        match receiver.try_recv() {
            Ok((found, kept)) => {
                (self.found, self.kept) = (found, kept);
                self.receiver = None;
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.receiver = None,
        }
    }
}

impl Lanes {
    /// Finds, off the frame, which lane has each item highest for the user who is looked at.
    fn follow(&mut self, scene: &Scene<'_>, opened: &Opened, colour: MapColour) {
        if colour != MapColour::Lane {
            return;
        }
        let selected = scene.selection.things().iter().rev().find_map(|&thing| match thing {
            Thing::User(user) => Some(user),
            _ => None,
        });
        let first = || {
            let mut ids = scene.desk.case.columns.iter().filter_map(|column| column.user.as_deref());
            ids.find_map(|id| opened.dataset.users.ids.row(id))
        };
        let Some(user) = selected.or_else(first) else { return };
        let of = (opened.dataset.fingerprint.clone(), user, opened.revision);
        if self.of.as_ref() != Some(&of) && self.receiver.is_none() {
            self.of = Some(of);
            let lanes: Vec<(u8, Arc<TrainedLane>, Arc<Basis>)> = LaneKind::ALL
                .into_iter()
                .enumerate()
                .filter_map(|(place, kind)| {
                    let run = &opened.runs[opened.current(kind)?];
                    Some((place as u8, run.trained()?.clone(), run.basis()?.clone()))
                })
                .collect();
            let items = opened.dataset.item_count();
            self.receiver = Some(scene.session.errand(move |job: &JobContext| {
                let mut best = vec![(NO_LANE, usize::MAX); items];
                for (place, trained, basis) in lanes {
                    job.check()?;
                    let recalled = trained.lane.recall(&basis.triggers.of(user), LANE_K);
                    for (rank, recalled) in recalled.iter().enumerate() {
                        if let Some(best) = best.get_mut(recalled.item as usize).filter(|best| rank < best.1) {
                            *best = (place, rank);
                        }
                    }
                }
                Ok(best.into_iter().map(|(lane, _)| lane).collect())
            }));
        }
        let Some(receiver) = &self.receiver else { return };
        match receiver.try_recv() {
            Ok(found) => {
                self.found = Some(Arc::new(found));
                self.revision = next_revision();
                self.receiver = None;
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.receiver = None,
        }
    }
}

/// Where each point lies.
fn table(scene: &Scene<'_>, dataset: &Dataset, points: &Points, placed: &Placed, clusters: Option<&[u8]>) -> Table {
    let words = scene.words;
    let nodes = &points.nodes;
    let text = |of: &dyn Fn(Node) -> String| Values::Text(nodes.iter().map(|&node| Some(of(node))).collect());
    let number = |axis: usize| Values::Metric(placed.at.iter().map(|at| Some(f64::from(at[axis]).into())).collect());
    let kind = |node: Node| match node {
        Node::User(_) => "user".to_owned(),
        Node::Item(_) => "item".to_owned(),
    };
    let table = Table::new()
        .with("kind", "kind", text(&kind))
        .with("id", words.get(Word::Id), text(&|node| node.id(dataset).to_owned()))
        .with("title", words.get(Word::Title), text(&|node| node.title(scene, dataset)))
        .with("x", "x", number(0))
        .with("y", "y", number(1));
    match clusters {
        Some(clusters) => {
            let clusters = clusters.iter().map(|&cluster| Some(u64::from(cluster) + 1)).collect();
            table.with("cluster", words.get(Word::ColourCluster), Values::Count(clusters))
        }
        None => table,
    }
}
