//! The map: the vectors of one or two runs in the plane, and how true that is to them.

mod canvas;
mod colours;
mod differ;
pub mod gpu;
mod lanes;
mod near;
mod placed;
mod points;
mod sources;
mod toolbar;
mod worker;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use egui::{RichText, Ui, vec2};

use self::{
    canvas::{MOST_SELECTED, Seen},
    colours::{Legend, Painting},
    differ::Differences,
    gpu::Colour,
    lanes::Lanes,
    near::Near,
    placed::Placed,
    points::{KEPT_OF, Points},
    sources::{Source, chosen, offer_ui, sources},
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
    ui::{
        commands::Command,
        desk::{MapColour, MapDesk, MapMethod},
        icons,
        selection::Thing,
        session::{Basis, Opened},
        theme::space,
        widgets::{self, format},
        words::Word,
    },
    workspace::{Table, Values},
};

/// As many clusters as there are colours that can be told apart.
const CLUSTERS: usize = 9;
/// t-SNE compares each point with all others: 117,000 take two and a half minutes on two cores, a million would take hours.
const MOST_ARRANGED: usize = 150_000;
/// Maps that were found stay so many, for coming back to.
const MOST_KEPT: usize = 6;
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

#[derive(Default)]
struct Pane {
    key: Option<Key>,
    worker: Option<Worker>,
    map: Map2d,
    painted: Option<Painted>,
    near: Near,
    canvas: canvas::State,
}

#[derive(Default)]
pub struct Map {
    panes: [Pane; 2],
    kept: VecDeque<(Key, Map2d)>,
    lanes: Lanes,
    differences: Differences,
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

impl Map {
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
