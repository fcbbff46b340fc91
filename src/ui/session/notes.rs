//! What the analyst says of runs, and the bin of those that were thrown away.

use std::time::Duration;

use anyhow::Context as _;

use super::{Made, NOTES, Notes, Run, RunState, Session, send};
use crate::{
    jobs::{Priority, pipeline},
    ui::{
        desk::DRAFT,
        words::{Word, Words},
    },
    workspace::RunNote,
};

impl Session {
    /// Changes what the analyst says of a run, here and in the workspace.
    pub fn set_note(&mut self, run_id: &str, note: RunNote) {
        if self.notes.get(run_id) == Some(&note) {
            return;
        }
        self.notes.insert(run_id.to_owned(), note.clone());
        let (Some(workspace), id) = (self.workspace.clone(), run_id.to_owned()) else { return };
        self.queue.submit(NOTES, Priority::High, move |_| Ok(workspace.set_run_note(&id, &note)?));
    }

    /// Brings notes back as they were.
    pub fn restore_notes(&mut self, notes: &Notes) {
        let ids: Vec<String> = self.notes.keys().chain(notes.keys()).cloned().collect();
        for id in ids {
            self.set_note(&id, notes.get(&id).cloned().unwrap_or_default());
        }
    }

    /// The name that the analyst gave the run, or its lane and what is special about it.
    pub fn title_of(&self, run: &Run, words: Words) -> String {
        if run.id == DRAFT {
            return words.get(Word::MixDraft).to_owned();
        }
        if let Some(note) = self.note(&run.id).filter(|note| !note.name.is_empty()) {
            return note.name.clone();
        }
        let special = run.special_in(words);
        if special.is_empty() { run.kind.name().to_owned() } else { format!("{} · {special}", run.kind.name()) }
    }

    pub fn note(&self, run_id: &str) -> Option<&RunNote> {
        self.notes.get(run_id)
    }

    /// Whether no list shows it: it was thrown away, or is the draft of a mix.
    pub fn is_deleted(&self, run: &Run) -> bool {
        run.id == DRAFT || self.removed.contains(&run.id) || self.note(&run.id).is_some_and(|note| note.is_deleted)
    }

    /// Throws the run away, and ends the job that makes it. A run that stands for its lane stays.
    pub fn delete_run(&mut self, run_id: &str) {
        let Some(opened) = &self.opened else { return };
        let Some(place) = opened.run_of(run_id).filter(|&place| !opened.is_current(place)) else { return };
        if let RunState::Making(Some(job)) = opened.runs[place].state {
            self.queue.cancel(job);
        }
        let note = RunNote { is_deleted: true, ..self.note(run_id).cloned().unwrap_or_default() };
        self.set_note(run_id, note);
    }

    /// Whether it was thrown away and can be brought back.
    pub fn is_in_bin(&self, run: &Run) -> bool {
        run.id != DRAFT && !self.removed.contains(&run.id) && self.is_deleted(run)
    }

    /// How many runs of the open data set lie in the bin.
    pub fn in_bin(&self) -> usize {
        self.opened.as_ref().map_or(0, |opened| opened.runs.iter().filter(|run| self.is_in_bin(run)).count())
    }

    /// Removes the runs that were thrown away for good, of all data sets, with the vectors that no other run uses.
    pub fn empty_bin(&mut self) {
        let thrown: Vec<String> =
            self.notes.iter().filter(|(_, note)| note.is_deleted).map(|(id, _)| id.clone()).collect();
        let (sender, ctx, generation) = (self.sender.clone(), self.ctx.clone(), self.generation);
        let Some(workspace) = self.workspace.clone() else {
            send(&sender, &ctx, generation, Made::Emptied { ids: thrown });
            return;
        };
        self.queue.submit(NOTES, Priority::High, move |_| {
            workspace.empty_bin(Duration::ZERO).context("the bin cannot be emptied")?;
            for stopped in pipeline::stopped(&workspace, None).iter().filter(|stopped| thrown.contains(&stopped.run_id))
            {
                workspace.drop_checkpoint(&stopped.model_id);
            }
            send(&sender, &ctx, generation, Made::Emptied { ids: thrown });
            Ok(())
        });
    }
}
