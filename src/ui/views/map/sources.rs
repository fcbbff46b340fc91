//! Runs whose vectors can be seen, and which of them are.

use std::sync::Arc;

use egui::Ui;

use crate::{
    jobs::pipeline::TrainedLane,
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::MapDesk,
        session::{Basis, Opened, RunState},
        views::{Scene, training},
        widgets,
        words::Word,
    },
};

/// A run whose vectors can be seen.
#[derive(Clone)]
pub struct Source {
    pub run: usize,
    pub id: String,
    /// `None` while it is kept and not open.
    pub open: Option<(Arc<TrainedLane>, Arc<Basis>)>,
}

/// Runs with vectors that are not deleted: those that stand for their lanes first.
pub fn sources(scene: &Scene<'_>, opened: &Opened) -> Vec<Source> {
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
                None => run.kind.has_vectors(),
            };
            has_some.then(|| Source { run: place, id: run.id.clone(), open })
        })
        .collect();
    found.sort_by_key(|source| (!opened.is_current(source.run), opened.runs[source.run].kind));
    found
}

/// The runs that the desk names, else the first two that are open.
pub fn chosen(sources: &[Source], desk: &MapDesk, opened: &Opened) -> [Source; 2] {
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
pub fn offer_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let mut is_making = false;
    for (place, run) in opened.runs.iter().enumerate() {
        if run.kind.has_vectors() && matches!(run.state, RunState::Making(_)) && !scene.session.is_deleted(run) {
            is_making = true;
            ui.horizontal(|ui| training::run::making_row_ui(ui, scene, opened, place));
        }
    }
    if !is_making && widgets::primary_button(ui, scene.tokens, scene.words.get(Word::TrainItem2vec)).clicked() {
        let settings = Box::new(opened.settings.clone());
        scene.send(Command::StartRun { kind: LaneKind::Item2vec, settings });
    }
}
