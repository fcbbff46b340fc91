//! The data set that is open, with its runs.

use std::{collections::BTreeMap, sync::Arc};

use super::runs::{self, Basis, Run, RunState};
use crate::{
    dataset::{Dataset, split::Split},
    jobs::{
        JobId,
        pipeline::{self, PipelineSettings, Prepared, Stopped, TrainedLane},
    },
    recall::{LaneKind, Triggers},
    ui::{desk::RowRef, facts::Facts, search::SearchIndex},
};

/// The data set that is open, and what was made of it.
pub struct Opened {
    pub dataset: Arc<Dataset>,
    pub search: SearchIndex,
    /// Its columns were kept from an earlier opening.
    pub is_found: bool,
    /// What the current runs are made with.
    pub settings: PipelineSettings,
    /// `None` until the graphs of `settings` stand.
    pub basis: Option<Arc<Basis>>,
    /// Every run of this data set; only ever appended to.
    pub runs: Vec<Run>,
    /// The run that stands for each lane.
    pub(super) current: BTreeMap<LaneKind, usize>,
    pub(super) preparing: Option<JobId>,
    /// Why there is no basis.
    pub(super) failure: Option<String>,
    /// Goes up with everything that arrives, so that views know when to look again.
    pub revision: u64,
    /// The runs that the workspace keeps of it are among `runs`.
    pub knows_kept: bool,
}

impl Opened {
    pub fn facts(&self) -> Option<&Facts> {
        self.basis.as_ref().map(|basis| &basis.facts)
    }

    /// Why there are no graphs of the split.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    pub fn triggers(&self) -> Option<&Triggers> {
        self.basis.as_ref().map(|basis| &basis.triggers)
    }

    pub fn prepared(&self) -> Option<&Arc<Prepared>> {
        self.basis.as_ref().map(|basis| &basis.prepared)
    }

    pub fn split(&self) -> Option<&Arc<Split>> {
        self.prepared().map(|prepared| &prepared.split)
    }

    /// The run that stands for the lane.
    pub fn current(&self, kind: LaneKind) -> Option<usize> {
        self.current.get(&kind).copied()
    }

    /// Whether the run stands for its lane.
    pub fn is_current(&self, run: usize) -> bool {
        self.current.values().any(|&current| current == run)
    }

    pub fn state(&self, kind: LaneKind) -> Option<&RunState> {
        self.runs.get(self.current(kind)?).map(|run| &run.state)
    }

    /// The lane as its current run made it.
    pub fn trained(&self, kind: LaneKind) -> Option<&Arc<TrainedLane>> {
        self.runs.get(self.current(kind)?)?.trained()
    }

    /// Whether the run that stands for any lane is still on its way.
    pub fn is_making(&self) -> bool {
        LaneKind::ALL.into_iter().any(|kind| matches!(self.state(kind), Some(RunState::Making(_))))
    }

    /// The place of the run with this id.
    pub fn run_of(&self, id: &str) -> Option<usize> {
        self.runs.iter().position(|run| run.id == id)
    }

    /// The place of the run that a row of the case study means.
    pub fn resolve(&self, row: &RowRef) -> Option<usize> {
        match row {
            RowRef::Lane(kind) => self.current(*kind),
            RowRef::Run(id) => self.run_of(id),
        }
    }

    /// The place of the run of `kind` with `settings`; a new one if there is none.
    pub(super) fn place_of(&mut self, kind: LaneKind, settings: PipelineSettings) -> usize {
        let id = pipeline::run_id(&self.dataset, kind, &settings);
        self.run_of(&id).unwrap_or_else(|| {
            self.runs.push(Run::new(id, kind, settings, &self.settings));
            self.runs.len() - 1
        })
    }

    /// Lanes that nobody makes unasked stand too where a run of theirs with the settings of the lanes is known.
    pub(super) fn place_kept_lanes(&mut self) {
        for kind in LaneKind::ALL.into_iter().filter(|kind| !LaneKind::QUICK.contains(kind)) {
            if self.current(kind).is_none()
                && let Some(run) = self.run_of(&pipeline::run_id(&self.dataset, kind, &self.settings))
            {
                self.current.insert(kind, run);
            }
        }
    }

    pub(super) fn take_kept(&mut self, kept: Vec<Run>) {
        for mut run in kept {
            match self.run_of(&run.id) {
                Some(known) => self.runs[known].created_secs = run.created_secs,
                None => {
                    // Another split may have been chosen meanwhile.
                    run.special = runs::differing(run.kind, &run.settings, &self.settings);
                    self.runs.push(run);
                }
            }
        }
        self.place_kept_lanes();
        self.knows_kept = true;
        self.revision += 1;
    }

    /// Trainings that were stopped stand among the runs, also those of an earlier start.
    pub(super) fn take_stopped(&mut self, stopped: Vec<Stopped>) {
        for Stopped { run_id, kind, settings, epoch, epochs, .. } in stopped {
            // Of another version of the program: its settings no longer mean that run.
            if pipeline::run_id(&self.dataset, kind, &settings) != run_id {
                continue;
            }
            let place = self.run_of(&run_id).unwrap_or_else(|| {
                let run = Run::new(run_id, kind, settings, &self.settings);
                self.runs.push(Run { state: RunState::Cancelled, ..run });
                self.runs.len() - 1
            });
            let run = &mut self.runs[place];
            if matches!(run.state, RunState::Cancelled | RunState::Failed(_)) {
                run.resumes = Some((epoch, epochs));
            }
        }
        self.place_kept_lanes();
        self.revision += 1;
    }
}
