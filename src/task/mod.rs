//! What long work says about itself, and how it is told to stop: the leaf that every module may use.

mod curves;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

pub use curves::{Curves, Series};

/// A job's own word that it was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// How far a job is. `total == 0` means that nobody knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// What is being done now, e.g. `Training item2vec`.
    pub stage: String,
    pub done: u64,
    /// How much of `done` stood before the stage began here: the rate does not count it.
    pub done_before: u64,
    pub total: u64,
    /// What `done` counts, e.g. `items`.
    pub unit: &'static str,
    pub curves: Curves,
}

/// Shared between a job's thread and those who watch it. Cheap to clone.
#[derive(Clone, Default)]
pub struct JobContext {
    cancel: Arc<AtomicBool>,
    progress: Arc<Mutex<(Progress, Option<Instant>)>>,
    on_change: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl JobContext {
    /// A context that calls `on_change` after each change (the window asks for a repaint there).
    pub fn with_listener(on_change: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { on_change: Some(on_change), ..Self::default() }
    }

    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// To be called at least every 100 ms inside long loops.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Begins a stage; the rate and the time left count from here.
    pub fn stage(&self, stage: &str, total: u64, unit: &'static str) {
        self.change(|progress, since| {
            *progress = Progress {
                stage: stage.to_owned(),
                done: 0,
                done_before: 0,
                total,
                unit,
                curves: std::mem::take(&mut progress.curves),
            };
            *since = Some(Instant::now());
        });
    }

    pub fn advance(&self, by: u64) {
        self.change(|progress, _| progress.done += by);
    }

    /// So much of the stage was done by an earlier job that this one goes on from.
    pub fn resume(&self, done: u64) {
        self.change(|progress, _| {
            progress.done += done;
            progress.done_before += done;
        });
    }

    /// A point of a curve.
    pub fn point(&self, series: Series, epoch: f64, value: f64) {
        self.change(|progress, _| progress.curves.push(series, epoch, value));
    }

    /// The newest progress, and seconds since its stage began.
    pub fn progress(&self) -> (Progress, f64) {
        let guard = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        (guard.0.clone(), guard.1.map_or(0.0, |since| since.elapsed().as_secs_f64()))
    }

    fn change(&self, edit: impl FnOnce(&mut Progress, &mut Option<Instant>)) {
        {
            let mut guard = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            let (progress, since) = &mut *guard;
            edit(progress, since);
        }
        if let Some(on_change) = &self.on_change {
            on_change();
        }
    }
}
