//! How a folder is opened: as the analyst corrected it, now or the last time.

use std::path::Path;

use crossbeam_channel::Receiver;

use super::Session;
use crate::{
    dataset::{Dataset, read::Corrections, split::SplitSettings},
    jobs::Priority,
    task::JobContext,
    workspace::Workspace,
};

/// Short work that a view or a dialog waits for; it is not listed among the background work.
pub const ERRAND: &str = "errand";

/// A data set has come in through the sheet: what there is to say of its report.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    pub name: String,
    pub events: u64,
    pub set_aside: u64,
    pub remarks: usize,
    /// The split that was chosen for it; `None` is what suits it.
    pub split: Option<SplitSettings>,
}

impl Arrival {
    pub(super) fn new(dataset: &Dataset, split: Option<&SplitSettings>) -> Self {
        Self {
            name: dataset.name.clone(),
            events: dataset.events.len() as u64,
            set_aside: dataset.report.tables.values().map(|table| table.set_aside).sum(),
            remarks: dataset.report.remarks.len(),
            split: split.cloned(),
        }
    }
}

impl Session {
    /// Does `work` off the frame; its answer comes once. A receiver without a sender means that it was cancelled or
    /// failed.
    pub fn errand<T: Send + 'static>(
        &self,
        work: impl FnOnce(&JobContext) -> anyhow::Result<T> + Send + 'static,
    ) -> Receiver<T> {
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let ctx = self.ctx.clone();
        self.queue.submit(ERRAND, Priority::High, move |job| {
            let answer = work(job)?;
            // Whoever asked may have gone.
            let _ = sender.send(answer);
            ctx.request_repaint();
            Ok(())
        });
        receiver
    }
}

fn key_of(folder: &Path) -> String {
    format!("corrections:{}", folder.display())
}

/// What was corrected the last time `folder` was opened.
pub fn kept_corrections(workspace: Option<&Workspace>, folder: &Path) -> Corrections {
    let stored = workspace.and_then(|workspace| workspace.setting(&key_of(folder)).ok().flatten());
    stored.and_then(|stored| serde_json::from_str(&stored).ok()).unwrap_or_default()
}

/// Keeps `corrections`, so that `folder` opens the same way the next time.
pub(super) fn keep_corrections(workspace: Option<&Workspace>, folder: &Path, corrections: &Corrections) {
    let Some(workspace) = workspace else { return };
    if kept_corrections(Some(workspace), folder) == *corrections {
        return;
    }
    let stored = serde_json::to_string(corrections).unwrap_or_default();
    if let Err(error) = workspace.set_setting(&key_of(folder), &stored) {
        log::warn!("how the folder is read could not be kept: {error}");
    }
}
