//! How a folder is opened: as the analyst corrected it, now or the last time.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::Result;
use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::{Session, runs::Basis, split_of};
use crate::{
    dataset::{
        Dataset, kept,
        read::{self, Corrections, Listing},
        split::SplitSettings,
    },
    jobs::{JobId, Priority, pipeline::PipelineSettings},
    task::{JobContext, Progress},
    ui::search::SearchIndex,
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
        self.errand_job(work).1
    }

    /// As [`Session::errand`], with the job, so that it can be cancelled.
    pub fn errand_job<T: Send + 'static>(
        &self,
        work: impl FnOnce(&JobContext) -> anyhow::Result<T> + Send + 'static,
    ) -> (JobId, Receiver<T>) {
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let ctx = self.ctx.clone();
        let job = self.queue.submit(ERRAND, Priority::High, move |job| {
            let answer = work(job)?;
            // Whoever asked may have gone.
            let _ = sender.send(answer);
            ctx.request_repaint();
            Ok(())
        });
        (job, receiver)
    }
}

/// What is to be opened, and how.
#[derive(Clone)]
pub(super) struct Request {
    /// Absolute.
    pub(super) folder: PathBuf,
    /// `None`: as the last time.
    pub(super) corrections: Option<Corrections>,
    /// `None`: as suits the data set.
    pub(super) split: Option<SplitSettings>,
    pub(super) settings: PipelineSettings,
    pub(super) workspace: Option<Arc<Workspace>>,
}

/// A data set and what stands on it at once.
pub(super) struct Ready {
    pub(super) dataset: Arc<Dataset>,
    pub(super) search: SearchIndex,
    /// `None` where the split failed, which is then told by whoever splits again.
    pub(super) basis: Option<Arc<Basis>>,
    pub(super) is_found: bool,
    /// What it takes to keep the data set's columns; `None` where they are kept, or cannot be.
    pub(super) keeping: Option<Keeping>,
}

/// How a data set was read from its tables.
#[derive(Clone)]
pub(super) struct Keeping {
    corrections: Corrections,
    /// Before it was read.
    listing: Listing,
}

impl Request {
    pub(super) fn run(&self, job: &JobContext) -> Result<Ready> {
        let workspace = self.workspace.as_deref();
        let corrections = self.corrections.clone().unwrap_or_else(|| kept_corrections(workspace, &self.folder));
        let listing = workspace.and_then(|workspace| Listing::of(&self.folder, Some(workspace.folder())));
        let found = match (workspace, &listing) {
            (Some(workspace), Some(listing)) => find_kept(workspace, &self.folder, &corrections, listing, job)?,
            _ => None,
        };
        let is_found = found.is_some();
        let dataset = match found {
            Some(dataset) => dataset,
            None => match read::load(&self.folder, None, Some(&corrections), job) {
                Ok(dataset) => dataset,
                // On another machine the columns stand in for the folder that they were packed from.
                Err(error) => match workspace.filter(|_| !self.folder.exists()) {
                    Some(workspace) => workspace.packed_folder(&self.folder, job)?.ok_or(error)?,
                    None => return Err(error.into()),
                },
            },
        };
        let is_to_be_kept = !is_found && kept::is_keepable(&dataset);
        let listing = listing.filter(|listing| is_to_be_kept && listing.is_settled());
        let keeping = listing.map(|listing| Keeping { corrections, listing });
        job.check()?;
        let dataset = Arc::new(dataset);
        let split = split_of(&dataset, &self.settings, self.split.as_ref());
        let settings = PipelineSettings { split, ..self.settings.clone() };
        let (search, basis) =
            rayon::join(|| SearchIndex::new(&dataset), || Basis::make(dataset.clone(), &settings, job));
        job.check()?;
        Ok(Ready { search, basis: basis.ok().map(Arc::new), is_found, keeping, dataset })
    }
}

/// The columns that are kept of `folder`, if it is still as it was when they were written. `None` sends the caller to
/// the tables.
fn find_kept(
    workspace: &Workspace,
    folder: &Path,
    corrections: &Corrections,
    listing: &Listing,
    job: &JobContext,
) -> Result<Option<Dataset>> {
    let path = workspace.kept_dataset(folder);
    if !path.exists() {
        return Ok(None);
    }
    let kept = match kept::open(&path) {
        Ok(kept) if kept.folder() == folder => kept,
        Ok(_) => return Ok(None),
        Err(broken) => {
            log::warn!("what was kept of a data set is dropped, since {broken}: {}", path.display());
            workspace.drop_dataset(folder);
            return Ok(None);
        }
    };
    // The tables are looked at while the columns are read, as these are seldom old.
    let (tables, state) = (kept.tables().to_vec(), kept.state().to_owned());
    let (present, loaded) = rayon::join(|| read::state(folder, corrections, listing, &tables, job), || kept.load(job));
    job.check()?;
    match (present, loaded) {
        (Ok(present), Ok(dataset)) if present == state => {
            workspace.dataset_used(folder);
            Ok(Some(dataset))
        }
        (_, Err(broken)) => {
            log::warn!("what was kept of a data set is dropped, since {broken}: {}", path.display());
            workspace.drop_dataset(folder);
            Ok(None)
        }
        // It has changed, or a table is gone: reading says what of.
        _ => Ok(None),
    }
}

/// Keeps the columns of `dataset`, unless its folder has changed since it was read.
pub(super) fn keep(dataset: &Dataset, keeping: &Keeping, workspace: &Workspace, job: &JobContext) -> Result<()> {
    let Keeping { corrections, listing } = keeping;
    let folder = dataset.folder.as_path();
    let tables = read::tables(folder, corrections)?;
    let state = read::state(folder, corrections, listing, &tables, job)?;
    if !Listing::of(folder, Some(workspace.folder())).is_some_and(|now| now.is_same(listing)) {
        return Ok(());
    }
    Ok(workspace.keep_dataset(folder, |out| kept::write(dataset, &tables, &state, out, job))?)
}

/// Opening that began before there was a window to show it in.
pub struct Ahead {
    request: Request,
    ctx: JobContext,
    receiver: Receiver<Result<Ready>>,
}

impl Ahead {
    /// Begins to open `folder`, as [`Session::open`] would with the same workspace, settings and split.
    pub fn begin(
        folder: &Path,
        split: Option<SplitSettings>,
        settings: &PipelineSettings,
        workspace: Option<&Arc<Workspace>>,
    ) -> Option<Self> {
        let request = Request {
            folder: absolute(folder),
            corrections: None,
            split,
            settings: settings.clone(),
            workspace: workspace.cloned(),
        };
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let (ctx, own) = (JobContext::default(), request.clone());
        let of_thread = ctx.clone();
        let work = move || {
            // Who no longer waits has opened something else.
            let _ = sender.send(own.run(&of_thread));
        };
        thread::Builder::new().name("opening ahead".to_owned()).spawn(work).ok()?;
        Some(Self { request, ctx, receiver })
    }

    pub(super) fn is_for(&self, request: &Request) -> bool {
        let own = &self.request;
        own.folder == request.folder && request.corrections.is_none() && own.split == request.split
    }

    /// What it gives, as if `job` did it; `None` if it broke off.
    pub(super) fn wait(&self, job: &JobContext) -> Option<Result<Ready>> {
        let mut shown = Progress::default();
        loop {
            match self.receiver.recv_timeout(Duration::from_millis(30)) {
                Ok(ready) => return Some(ready),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(cancelled) = job.check() {
                return Some(Err(cancelled.into()));
            }
            let (progress, _) = self.ctx.progress();
            if (progress.stage != shown.stage || progress.done < shown.done) && !progress.stage.is_empty() {
                job.stage(&progress.stage, progress.total, progress.unit);
                shown.done = 0;
            }
            if progress.done > shown.done {
                job.advance(progress.done - shown.done);
            }
            shown = progress;
        }
    }
}

impl Drop for Ahead {
    /// Nobody waits for it any more.
    fn drop(&mut self) {
        self.ctx.cancel();
    }
}

/// `folder` from the root: what is kept has to be found from any folder.
pub(super) fn absolute(folder: &Path) -> PathBuf {
    std::fs::canonicalize(folder).or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned())
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{fmt::Write as _, fs, thread};

    use super::*;

    /// Large enough to be kept.
    fn community(folder: &Path) {
        let mut events = String::from("user_id,item_id,behaviour,timestamp\n");
        for row in 0..kept::LEAST_ROWS {
            writeln!(events, "u{},i{},click,{}", row % 97, row % 1_009, 1_700_000_000 + row * 60).unwrap();
        }
        fs::write(folder.join("events.csv"), events).unwrap();
        fs::write(folder.join("items.csv"), "item_id,title\ni1,Sofa\ni2,窗边\ni2,again\n").unwrap();
    }

    fn request(folder: &Path, workspace: &Arc<Workspace>) -> Request {
        Request {
            folder: absolute(folder),
            corrections: None,
            split: None,
            settings: PipelineSettings::default(),
            workspace: Some(workspace.clone()),
        }
    }

    fn open(request: &Request) -> Ready {
        request.run(&JobContext::default()).unwrap()
    }

    fn keep_now(ready: &Ready, workspace: &Workspace) {
        keep(&ready.dataset, ready.keeping.as_ref().unwrap(), workspace, &JobContext::default()).unwrap();
    }

    #[test]
    fn columns_are_found_while_the_folder_is_as_it_was_and_never_later() {
        let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        community(data.path());
        let workspace = Arc::new(Workspace::open(work.path()).unwrap());
        let request = request(data.path(), &workspace);
        let read = open(&request);
        assert!(read.keeping.is_none(), "the tables may change again without a trace");
        thread::sleep(Duration::from_millis(2_100));
        let read = open(&request);
        keep_now(&read, &workspace);
        let found = open(&request);
        assert!(found.is_found && found.keeping.is_none() && found.basis.is_some() && !read.is_found);
        let told = |ready: &Ready| {
            let Dataset { events, users, items, report, recognised, fingerprint, .. } = &*ready.dataset;
            let ids: Vec<&str> = users.ids.iter().chain(items.ids.iter()).collect();
            format!("{fingerprint} {events:?} {ids:?} {:?} {report:?} {recognised:?}", items.title)
        };
        assert_eq!(told(&found), told(&read));
        assert_eq!(found.dataset.report.tables["items"].set_aside, 1);
        let other = Corrections { behaviours: [("click".to_owned(), 2.0)].into(), ..Corrections::default() };
        let corrected = open(&Request { corrections: Some(other), ..request.clone() });
        assert!(!corrected.is_found && corrected.dataset.behaviours[0].weight == 2.0);
        // The size stays.
        let path = data.path().join("items.csv");
        let items = fs::read_to_string(&path).unwrap();
        fs::write(&path, items.replace("Sofa", "Lamp")).unwrap();
        let changed = open(&request);
        assert!(!changed.is_found && &changed.dataset.items.title[0] == "Lamp");
        // What was read before the change is not kept after it.
        keep_now(&read, &workspace);
        assert!(!open(&request).is_found);
    }

    #[test]
    fn broken_columns_are_dropped_and_the_tables_read() {
        let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        community(data.path());
        thread::sleep(Duration::from_millis(2_100));
        let workspace = Arc::new(Workspace::open(work.path()).unwrap());
        let request = request(data.path(), &workspace);
        keep_now(&open(&request), &workspace);
        let path = workspace.kept_dataset(&request.folder);
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[100] ^= 1;
        for broken in [&whole[..whole.len() / 2], &[], &changed] {
            fs::write(&path, broken).unwrap();
            let read = open(&request);
            assert!(!read.is_found && !path.exists() && read.keeping.is_some());
            assert_eq!(read.dataset.events.len(), kept::LEAST_ROWS);
        }
        fs::write(&path, &whole).unwrap();
        assert!(open(&request).is_found);
    }

    #[test]
    fn what_was_begun_ahead_is_the_same_and_can_be_cancelled() {
        let data = tempfile::tempdir().unwrap();
        community(data.path());
        let settings = PipelineSettings::default();
        let own = Request {
            folder: absolute(data.path()),
            corrections: None,
            split: None,
            settings: settings.clone(),
            workspace: None,
        };
        let ahead = Ahead::begin(data.path(), None, &settings, None).unwrap();
        assert!(ahead.is_for(&own));
        assert!(!ahead.is_for(&Request { corrections: Some(Corrections::default()), ..own.clone() }));
        assert!(!ahead.is_for(&Request { folder: PathBuf::from("/other"), ..own.clone() }));
        let ready = ahead.wait(&JobContext::default()).unwrap().unwrap();
        assert_eq!(ready.dataset.fingerprint, open(&own).dataset.fingerprint);
        let ahead = Ahead::begin(&data.path().join("none"), None, &settings, None).unwrap();
        assert!(ahead.wait(&JobContext::default()).unwrap().is_err());
        let (ahead, job) = (Ahead::begin(data.path(), None, &settings, None).unwrap(), JobContext::default());
        job.cancel();
        let end = ahead.wait(&job).unwrap();
        let watched = ahead.ctx.clone();
        drop(ahead);
        // It may have been done by then; if not, it was told to stop.
        assert!(end.is_ok() || watched.is_cancelled());
    }
}
