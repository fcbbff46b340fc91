//! From the settings of the open data set to its lanes: what they stand on is prepared, runs are placed and made.

use std::sync::Arc;

use anyhow::Context as _;

use super::{Basis, GRAPHS, Made, NOTES, PREPARE, Run, RunState, Session, runs, send, split_of};
use crate::{
    dataset::split::SplitSettings,
    jobs::{
        JobStatus, Priority,
        pipeline::{self, PipelineSettings},
    },
    recall::LaneKind,
    workspace::RunNote,
};

impl Session {
    /// Makes the current run of `kind` again, or prepares again if that is what failed.
    pub fn retry(&mut self, kind: LaneKind) {
        match &self.opened {
            Some(opened) if opened.basis.is_some() => {
                if let Some(run) = opened.current(kind) {
                    self.make(run);
                }
            }
            Some(opened) if opened.preparing.is_none() => self.prepare(),
            _ => {}
        }
    }

    pub fn retry_all(&mut self) {
        let Some(opened) = &self.opened else { return };
        let is_missing = |kind: &LaneKind| {
            matches!(opened.state(*kind), Some(RunState::Failed(_) | RunState::Cancelled)) || opened.failure.is_some()
        };
        let missing: Vec<LaneKind> = LaneKind::ALL.into_iter().filter(is_missing).collect();
        for kind in missing {
            self.retry(kind);
        }
    }

    /// The job that makes `kind` now, also while the graphs that it needs are being built.
    pub fn lane_job(&self, kind: LaneKind) -> Option<&JobStatus> {
        let opened = self.opened.as_ref()?;
        self.run_job(opened.current(kind)?)
    }

    /// The job that makes the run, also while the graphs that it needs are being built.
    pub fn run_job(&self, run: usize) -> Option<&JobStatus> {
        let opened = self.opened.as_ref()?;
        match &opened.runs.get(run)?.state {
            RunState::Making(job) => self.job((*job).or(opened.preparing)?),
            _ => None,
        }
    }

    /// Makes, or finds in the workspace, a run of `kind` with `settings`; gives its place among the runs.
    pub fn start_run(&mut self, kind: LaneKind, settings: PipelineSettings) -> Option<usize> {
        let opened = self.opened.as_mut()?;
        let settings_of_run = settings.clone();
        let run = opened.place_of(kind, settings);
        opened.place_kept_lanes();
        let id = opened.runs[run].id.clone();
        if self.removed.remove(&id) && !matches!(opened.runs[run].state, RunState::Making(_)) {
            opened.runs[run] = Run::new(id.clone(), kind, settings_of_run, &opened.settings);
        }
        if self.notes.get(&id).is_some_and(|note| note.is_deleted) {
            let note = RunNote { is_deleted: false, ..self.notes.get(&id).cloned().unwrap_or_default() };
            self.set_note(&id, note);
        }
        self.open_run(run);
        Some(run)
    }

    /// Opens a kept run, or makes one that failed, unless it is open or on its way.
    pub fn open_run(&mut self, run: usize) {
        let state = self.opened.as_ref().and_then(|opened| opened.runs.get(run)).map(|run| &run.state);
        if matches!(state, Some(RunState::Kept | RunState::Failed(_) | RunState::Cancelled | RunState::Making(None))) {
            self.make(run);
        }
    }

    /// Splits the open data set otherwise (`None`: as suits it) and makes the lanes of that split.
    pub fn set_split(&mut self, split: Option<&SplitSettings>) {
        let Some(opened) = &mut self.opened else { return };
        let split = split_of(&opened.dataset, &self.settings, split);
        if opened.settings.split == split {
            return;
        }
        opened.settings.split = split;
        for run in &mut opened.runs {
            run.special = runs::differing(run.kind, &run.settings, &opened.settings);
        }
        opened.basis = None;
        opened.current.clear();
        if let Some(job) = opened.preparing.take() {
            self.queue.cancel(job);
        }
        self.prepare();
    }

    pub(super) fn prepare(&mut self) {
        let Some(opened) = &mut self.opened else { return };
        let (sender, ctx, generation) = (self.sender.clone(), self.ctx.clone(), self.generation);
        let (dataset, settings) = (opened.dataset.clone(), opened.settings.clone());
        let job = self.queue.submit(PREPARE, Priority::High, move |job| {
            let basis = Arc::new(Basis::make(dataset, &settings, job)?);
            send(&sender, &ctx, generation, Made::Basis { basis });
            Ok(())
        });
        opened.preparing = Some(job);
        self.place_lanes();
    }

    /// A run for each lane, which waits for the basis unless it is ready.
    pub(super) fn place_lanes(&mut self) {
        let Some(opened) = &mut self.opened else { return };
        opened.failure = None;
        opened.current.clear();
        for kind in LaneKind::QUICK {
            let run = opened.place_of(kind, opened.settings.clone());
            if !matches!(opened.runs[run].state, RunState::Ready { .. }) {
                opened.runs[run].state = RunState::Making(None);
            }
            opened.current.insert(kind, run);
        }
        opened.place_kept_lanes();
        opened.revision += 1;
    }

    pub(super) fn take_basis(&mut self, basis: Arc<Basis>) {
        let Some(opened) = &mut self.opened else { return };
        // The analyst may have chosen another split meanwhile.
        if basis.prepared.split.settings != opened.settings.split {
            if opened.preparing.is_none() && opened.basis.is_none() {
                self.prepare();
            }
            return;
        }
        let prepared = basis.prepared.clone();
        opened.basis = Some(basis);
        opened.preparing = None;
        opened.revision += 1;
        // Whoever stopped a training goes on with it himself.
        let is_stopped = |run: &usize| opened.runs[*run].resumes.is_some();
        let waiting: Vec<usize> = opened.current.values().copied().filter(|run| !is_stopped(run)).collect();
        for run in waiting {
            self.open_run(run);
        }
        // For who wants to look at them; lanes that need them do not wait for this.
        let (prepared, ctx) = (prepared, self.ctx.clone());
        self.queue.submit(GRAPHS, Priority::Low, move |job| {
            prepared.graphs(job)?;
            ctx.request_repaint();
            Ok(())
        });
    }

    fn make(&mut self, run: usize) {
        let generation = self.generation;
        let Some(opened) = &mut self.opened else { return };
        let (dataset, shared) = (opened.dataset.clone(), opened.basis.clone());
        let Some(place) = opened.runs.get_mut(run) else { return };
        let (kind, settings) = (place.kind, place.settings.clone());
        let (sender, ctx, workspace) = (self.sender.clone(), self.ctx.clone(), self.workspace.clone());
        let job = self.queue.submit(kind.name(), Priority::Normal, move |job| {
            let basis = match shared.filter(|basis| basis.carries(kind, &settings)) {
                Some(basis) => basis,
                None => Arc::new(Basis::make(dataset, &settings, job)?),
            };
            let trained = pipeline::build_lane(&basis.prepared, kind, &settings, workspace.as_deref(), job)?;
            send(&sender, &ctx, generation, Made::Run { run, trained: Arc::new(trained), basis });
            Ok(())
        });
        place.state = RunState::Making(Some(job));
        opened.revision += 1;
    }

    /// Finds, off the frame, where trainings that were stopped can go on.
    pub(super) fn read_stopped(&mut self) {
        let (Some(workspace), Some(opened)) = (self.workspace.clone(), &self.opened) else { return };
        let (sender, ctx, generation) = (self.sender.clone(), self.ctx.clone(), self.generation);
        let fingerprint = opened.dataset.fingerprint.clone();
        self.queue.submit(NOTES, Priority::High, move |_| {
            let stopped = pipeline::stopped(&workspace, Some(&fingerprint));
            send(&sender, &ctx, generation, Made::Stopped { stopped });
            Ok(())
        });
    }

    /// Reads the runs that the workspace keeps of the open data set, off the frame.
    pub(super) fn read_kept(&mut self) {
        let (Some(workspace), Some(opened)) = (self.workspace.clone(), &self.opened) else { return };
        let (sender, ctx, generation) = (self.sender.clone(), self.ctx.clone(), self.generation);
        let (fingerprint, settings) = (opened.dataset.fingerprint.clone(), opened.settings.clone());
        self.queue.submit(NOTES, Priority::High, move |_| {
            let records = workspace.runs().context("the kept runs cannot be read")?;
            let of_dataset = records.iter().rev().filter(|record| record.dataset_fingerprint == fingerprint);
            let runs = of_dataset.filter_map(|record| Run::kept(record, &settings)).collect();
            let notes = workspace.run_notes().context("the notes on runs cannot be read")?;
            let stopped = pipeline::stopped(&workspace, Some(&fingerprint));
            send(&sender, &ctx, generation, Made::Kept { runs, notes, stopped });
            Ok(())
        });
    }
}
