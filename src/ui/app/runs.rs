//! Runs: started from the form, looked at, and noted upon.

use super::App;
use crate::{
    jobs::pipeline::PipelineSettings,
    recall::LaneKind,
    ui::{
        selection::{Mode, Thing},
        views::ViewKind,
    },
    workspace::RunNote,
};

impl App {
    /// Makes, or finds, what the form of the training view says.
    pub(super) fn train(&mut self) {
        let Some(opened) = &self.session.opened else { return };
        let (settings, wrong) = self.desk.training.settings(&opened.settings);
        self.desk.layout.show(ViewKind::Training);
        if wrong.is_empty() {
            self.start_run(self.desk.training.kind, settings);
        }
    }

    pub(super) fn start_run(&mut self, kind: LaneKind, settings: PipelineSettings) {
        if let Some(run) = self.session.start_run(kind, settings) {
            self.selection.select(Thing::Run(run as u32), Mode::Replace);
            self.look_at_selected_runs();
        }
    }

    /// The training view goes on looking at the runs that were selected last, also when an item is selected.
    pub(super) fn look_at_selected_runs(&mut self) {
        let Some(opened) = &self.session.opened else { return };
        let runs = self.selection.wished().iter().filter_map(|thing| match thing {
            Thing::Run(place) => Some(opened.runs.get(*place as usize)?.id.clone()),
            _ => None,
        });
        let selected: Vec<String> = runs.collect();
        if !selected.is_empty() {
            self.desk.training.selected = selected;
        }
    }

    pub(super) fn change_note(&mut self, run_id: &str, change: impl FnOnce(&mut RunNote)) {
        let mut note = self.session.note(run_id).cloned().unwrap_or_default();
        change(&mut note);
        self.session.set_note(run_id, note);
    }
}
