//! The artifacts that stand, and the jobs that make them. Results arrive over a channel, drained once a frame.

mod book;
mod making;
mod mixing;
mod notes;
mod opened;
mod opening;
mod runs;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender};

use self::{
    book::Keeper,
    opening::{Keeping, Ready, Request},
};
pub use self::{
    book::{Book, Change, Gone},
    opened::Opened,
    opening::{Ahead, Arrival, ERRAND, kept_corrections},
    runs::{Basis, Notes, Run, RunState, plain_number},
};
use crate::{
    dataset::{
        Dataset,
        read::{Corrections, DatasetError, Fault, FaultKind},
        split::SplitSettings,
    },
    jobs::{
        JobId, JobState, JobStatus, Priority, Queue,
        pipeline::{self, PipelineSettings, Stopped, TrainedLane},
    },
    recall::LaneKind,
    task::JobContext,
    workspace::Workspace,
};

/// Names of jobs that are neither a lane nor a folder.
pub const PREPARE: &str = "split";
pub const GRAPHS: &str = "graphs";
pub const RECENT: &str = "recent";
/// Reading and writing what the workspace knows of runs.
pub const NOTES: &str = "notes";
/// Writing the columns of a data set down, for the next time.
const KEEP: &str = "keep";
/// Before the name of a file that is being written.
pub const SAVE: &str = "save ";
/// What the evaluation computes beside the reports.
pub const EVALUATION: &str = "evaluation";
/// Choosing the shares of a mix.
pub const TUNING: &str = "tuning";
/// What the lab tries.
pub const LAB: &str = "lab";
/// What the views of the network compute.
pub const NETWORK: &str = "network";

/// The window is woken at most this often by a job's progress.
const WAKE_EVERY: Duration = Duration::from_millis(60);

/// Columns are kept this long after the data set stands: its first covers come first.
const KEEP_AFTER: Duration = Duration::from_secs(1);

/// What a job made.
enum Made {
    Dataset(Box<Ready>),
    Basis {
        basis: Arc<Basis>,
    },
    Run {
        run: usize,
        trained: Arc<TrainedLane>,
        basis: Arc<Basis>,
    },
    Kept {
        runs: Vec<Run>,
        notes: Notes,
        stopped: Vec<Stopped>,
    },
    /// Trainings that can be taken up again.
    Stopped {
        stopped: Vec<Stopped>,
    },
    Emptied {
        ids: Vec<String>,
    },
    Fault {
        kind: FaultKind,
    },
    Recent {
        folders: Vec<(PathBuf, String)>,
    },
    Saved {
        path: PathBuf,
    },
}

/// A file that was written for the analyst.
pub struct Saved {
    pub path: PathBuf,
    pub at: Instant,
}

/// A data set on its way.
#[derive(Debug, Clone)]
pub struct Opening {
    pub job: JobId,
    pub folder: PathBuf,
    attempt: u64,
    /// The analyst has seen in the sheet how it is read.
    is_reviewed: bool,
    /// What kind of thing is wrong with it, as soon as that is known.
    fault: Option<FaultKind>,
}

/// Something that went wrong and that the analyst should see.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// The folder that could not be opened, if it is about one.
    pub folder: Option<PathBuf>,
    pub fault: Fault,
}

impl Trouble {
    /// Something else than a folder that could not be opened.
    pub fn new(message: String) -> Self {
        Self { folder: None, fault: Fault { kind: None, message } }
    }
}

pub struct Session {
    ctx: egui::Context,
    queue: Queue,
    sender: Sender<(u64, Made)>,
    receiver: Receiver<(u64, Made)>,
    pub workspace: Option<Arc<Workspace>>,
    settings: PipelineSettings,
    pub opened: Option<Opened>,
    pub opening: Option<Opening>,
    pub trouble: Option<Trouble>,
    /// Folders and names, newest first.
    pub recent: Vec<(PathBuf, String)>,
    /// What the analyst wrote about runs.
    pub notes: Notes,
    /// Runs that were removed for good.
    removed: BTreeSet<String>,
    /// Threads for training; 0 takes one per core.
    threads: u32,
    /// Where trainings compute; empty where nobody said.
    device: String,
    /// The split that the analyst chose for a folder before it was opened.
    pub wished_split: Option<(PathBuf, SplitSettings)>,
    /// The data set that stands came in through the sheet, and nobody has looked at its report yet.
    pub arrival: Option<Arrival>,
    /// The number of the opened data set; results that carry another are dropped.
    generation: u64,
    /// Counts attempts to open; the one that succeeds gives its number to the data set.
    attempts: u64,
    jobs: Vec<JobStatus>,
    /// Files being written.
    saving: Vec<JobId>,
    /// The file that was written last, until it is dismissed.
    pub saved: Option<Saved>,
    /// What was begun before there was a window.
    pub ahead: Option<Ahead>,
    /// The columns that are to be kept, and when.
    keeping: Option<(Keeping, Instant)>,
    /// What views have under way on threads of their own.
    beside: Arc<()>,
    /// What the mix that is being set up was last made of.
    draft: mixing::Draft,
    pub tuning: mixing::Tuning,
    pub book: Book,
    keeper: Option<Keeper>,
    /// The case whose keeping is to be said, by id.
    announced: Option<String>,
    /// Title of the case that was kept last, until it is dismissed, and when.
    pub kept_case: Option<(String, Instant)>,
}

/// Held by a thread of a view: as long as it lives the window is not complete.
pub struct Beside {
    _alive: Arc<()>,
}

impl Session {
    pub fn new(ctx: &egui::Context, workspace: Option<Arc<Workspace>>, settings: PipelineSettings) -> Self {
        let (sender, receiver) = crossbeam_channel::unbounded();
        let (waker, start, last_ms) = (ctx.clone(), Instant::now(), AtomicU64::new(0));
        let on_change = move || {
            let now_ms = start.elapsed().as_millis() as u64;
            let last = last_ms.load(Ordering::Relaxed);
            if now_ms >= last + WAKE_EVERY.as_millis() as u64 {
                last_ms.store(now_ms, Ordering::Relaxed);
                waker.request_repaint();
            }
        };
        let mut session = Self {
            ctx: ctx.clone(),
            queue: Queue::new(Arc::new(on_change)),
            sender,
            receiver,
            workspace,
            settings,
            opened: None,
            opening: None,
            trouble: None,
            recent: Vec::new(),
            notes: Notes::default(),
            removed: BTreeSet::new(),
            threads: 0,
            device: String::new(),
            wished_split: None,
            arrival: None,
            generation: 0,
            attempts: 0,
            jobs: Vec::new(),
            saving: Vec::new(),
            saved: None,
            ahead: None,
            keeping: None,
            beside: Arc::default(),
            draft: mixing::Draft::default(),
            tuning: mixing::Tuning::default(),
            book: Book::default(),
            keeper: None,
            announced: None,
            kept_case: None,
        };
        session.keeper = session.workspace.clone().and_then(|workspace| Keeper::start(workspace, ctx));
        session.read_recent();
        session
    }

    /// Begins to open `folder` as it was read the last time. What is open stays until the new one is loaded, and for
    /// good if that fails.
    pub fn open(&mut self, folder: &Path) {
        self.begin_opening(folder, None);
    }

    /// As [`Session::open`], read as `corrections` say; they are kept for the next time.
    pub fn open_corrected(&mut self, folder: &Path, corrections: Corrections) {
        self.begin_opening(folder, Some(corrections));
    }

    fn begin_opening(&mut self, folder: &Path, corrections: Option<Corrections>) {
        if let Some(before) = self.opening.take() {
            self.queue.cancel(before.job);
        }
        self.forget_trouble_of_opening();
        self.arrival = None;
        let folder = opening::absolute(folder);
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        self.attempts += 1;
        let generation = self.attempts;
        let is_reviewed = corrections.is_some();
        let split = self.wished_split.as_ref().filter(|(wished, _)| *wished == folder).map(|(_, split)| split.clone());
        let request = Request {
            folder: folder.clone(),
            corrections,
            split,
            settings: self.settings.clone(),
            workspace: self.workspace.clone(),
        };
        let ahead = self.ahead.take().filter(|ahead| ahead.is_for(&request));
        let job = self.queue.submit(job_name_of(&folder), Priority::High, move |job| {
            let begun = ahead.and_then(|ahead| ahead.wait(job));
            let ready = begun.unwrap_or_else(|| request.run(job)).inspect_err(|error| {
                if let Some(kind) = error.downcast_ref::<DatasetError>().and_then(DatasetError::kind) {
                    send(&sender, &ctx, generation, Made::Fault { kind });
                }
            });
            let ready = Box::new(ready?);
            let dataset = ready.dataset.clone();
            let workspace = request.workspace.as_deref();
            if let Some(corrections) = &request.corrections {
                opening::keep_corrections(workspace, &request.folder, corrections);
            }
            send(&sender, &ctx, generation, Made::Dataset(ready));
            if let Some(workspace) = workspace {
                if let Err(error) = workspace.dataset_opened(&dataset, None) {
                    log::warn!("the list of recent data sets could not be kept: {error}");
                }
                match recent(workspace) {
                    Ok(recent) => send(&sender, &ctx, 0, recent),
                    Err(error) => log::warn!("{error:#}"),
                }
            }
            Ok(())
        });
        self.opening = Some(Opening { job, folder, attempt: generation, is_reviewed, fault: None });
    }

    /// Another folder is opened: what was wrong with the last one is past, and other trouble stands.
    fn forget_trouble_of_opening(&mut self) {
        self.trouble.take_if(|trouble| trouble.folder.is_some());
    }

    /// Takes what the jobs made, and sees which of them failed. True when another data set stands now.
    pub fn update(&mut self) -> bool {
        let mut has_changed = false;
        let arrived: Vec<(u64, Made)> = self.receiver.try_iter().collect();
        for (generation, made) in arrived {
            match made {
                Made::Recent { folders } => self.recent = folders,
                Made::Saved { path } => self.saved = Some(Saved { path, at: Instant::now() }),
                Made::Dataset(ready) if self.opening.as_ref().is_some_and(|opening| opening.attempt == generation) => {
                    self.stand(*ready, generation);
                    has_changed = true;
                }
                Made::Fault { kind } => {
                    if let Some(opening) = self.opening.as_mut().filter(|opening| opening.attempt == generation) {
                        opening.fault = Some(kind);
                    }
                }
                Made::Basis { basis } if generation == self.generation => self.take_basis(basis),
                Made::Run { run, trained, basis } if generation == self.generation => {
                    if let Some(opened) = &mut self.opened
                        && let Some(run) = opened.runs.get_mut(run)
                    {
                        run.becomes(trained, basis);
                        opened.revision += 1;
                    }
                }
                Made::Kept { runs, notes, stopped } if generation == self.generation => {
                    self.notes = notes;
                    if let Some(opened) = &mut self.opened {
                        opened.take_kept(runs);
                        opened.take_stopped(stopped);
                    }
                }
                Made::Stopped { stopped } if generation == self.generation => {
                    if let Some(opened) = &mut self.opened {
                        opened.take_stopped(stopped);
                    }
                }
                Made::Emptied { ids } if generation == self.generation => {
                    self.notes.retain(|id, _| !ids.contains(id));
                    self.removed.extend(ids);
                    if let Some(opened) = &mut self.opened {
                        opened.revision += 1;
                    }
                }
                _ => {}
            }
        }
        self.jobs = self.queue.statuses();
        self.jobs.retain(|status| ![RECENT, NOTES, ERRAND, KEEP].contains(&status.name.as_str()));
        self.notice_ends();
        self.keep_columns();
        has_changed
    }

    pub fn jobs(&self) -> &[JobStatus] {
        &self.jobs
    }

    pub fn job(&self, id: JobId) -> Option<&JobStatus> {
        self.jobs.iter().find(|status| status.id == id)
    }

    /// The job while it waits or runs.
    pub fn running(&self, job: Option<JobId>) -> Option<&JobStatus> {
        self.job(job?).filter(|job| !job.state.is_finished())
    }

    /// Why the job broke off; `None` where it did not. Being cancelled is no failure.
    pub fn failure(&self, job: Option<JobId>) -> Option<&str> {
        match &self.job(job?)?.state {
            JobState::Failed(message) => Some(message),
            _ => None,
        }
    }

    /// Nothing runs, nothing waits, and every result has been taken.
    pub fn is_idle(&self) -> bool {
        self.queue.is_idle()
            && self.receiver.is_empty()
            && self.opening.is_none()
            && self.is_book_kept()
            && Arc::strong_count(&self.beside) == 1
    }

    /// For a thread of a view whose work would keep others waiting in the queue.
    pub fn beside(&self) -> Beside {
        Beside { _alive: self.beside.clone() }
    }

    pub fn cancel(&self, job: JobId) {
        self.queue.cancel(job);
    }

    /// Forgets the jobs that are finished.
    pub fn clear_finished(&self) {
        self.queue.clear_finished();
    }

    pub fn cancel_all(&self) {
        self.queue.cancel_all();
    }

    /// Takes a folder from the list of recent data sets; what is kept of it stays.
    pub fn forget_recent(&mut self, folder: &Path) {
        self.recent.retain(|(known, _)| known != folder);
        let (Some(workspace), folder) = (self.workspace.clone(), folder.to_owned()) else { return };
        self.queue.submit(RECENT, Priority::High, move |_| Ok(workspace.forget_dataset(&folder)?));
    }

    /// Writes a file for the analyst, off the frame; [`Self::saved`] or [`Self::trouble`] tells how it went.
    pub fn save(
        &mut self,
        path: PathBuf,
        write: impl FnOnce(&Path, &JobContext) -> anyhow::Result<()> + Send + 'static,
    ) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        self.saved = None;
        let name = format!("{SAVE}{}", job_name_of(&path));
        let job = self.queue.submit(name, Priority::High, move |job| {
            job.stage("Writing", 0, "");
            write(&path, job)?;
            send(&sender, &ctx, 0, Made::Saved { path });
            Ok(())
        });
        self.saving.push(job);
    }

    /// Computes something for a view, off the frame; the view takes the result over a channel of its own. Ends unfinished
    /// when another data set is opened.
    pub fn compute(&self, name: &str, work: impl FnOnce(&JobContext) -> anyhow::Result<()> + Send + 'static) -> JobId {
        self.queue.submit(name, Priority::High, work)
    }

    /// Whether the job was cancelled or has failed.
    pub fn has_broken_off(&self, job: JobId) -> bool {
        self.job(job).is_some_and(|job| matches!(job.state, JobState::Cancelled | JobState::Failed(_)))
    }

    /// Threads for the trainings of data sets that are opened from now on; 0 takes one per core.
    pub fn set_threads(&mut self, threads: u32) {
        self.threads = threads;
    }

    /// Where the trainings of data sets that are opened from now on compute.
    pub fn set_device(&mut self, device: &str) {
        device.clone_into(&mut self.device);
    }

    fn stand(&mut self, ready: Ready, generation: u64) {
        let Ready { dataset, search, basis, is_found, keeping } = ready;
        let split = self.wished_split.take().filter(|(folder, _)| *folder == dataset.folder).map(|(_, split)| split);
        let split = split.as_ref();
        let is_reviewed = self.opening.as_ref().is_some_and(|opening| opening.is_reviewed);
        self.arrival = is_reviewed.then(|| Arrival::new(&dataset, split));
        if self.opened.is_some() {
            let opening = self.opening.as_ref().map(|opening| opening.job);
            for status in self.queue.statuses() {
                if Some(status.id) != opening && !status.state.is_finished() {
                    self.queue.cancel(status.id);
                }
            }
        }
        self.opening = None;
        self.generation = generation;
        let mut settings =
            PipelineSettings { split: split_of(&dataset, &self.settings, split), ..self.settings.clone() };
        if self.threads > 0 {
            settings.set_threads(self.threads as usize);
        }
        if !self.device.is_empty() {
            settings.set_device(&self.device);
        }
        self.opened = Some(Opened {
            dataset,
            search,
            is_found,
            settings,
            basis: None,
            runs: Vec::new(),
            current: BTreeMap::new(),
            preparing: None,
            failure: None,
            revision: 0,
            knows_kept: self.workspace.is_none(),
        });
        self.notes.clear();
        self.keeping = keeping.map(|keeping| (keeping, Instant::now() + KEEP_AFTER));
        self.read_kept();
        match basis {
            Some(basis) => {
                self.place_lanes();
                self.take_basis(basis);
            }
            None => self.prepare(),
        }
    }

    /// Writes the columns down when it is time.
    fn keep_columns(&mut self) {
        let Some((_, when)) = &self.keeping else { return };
        let left = when.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            self.ctx.request_repaint_after(left);
            return;
        }
        let Some((keeping, _)) = self.keeping.take() else { return };
        let (Some(workspace), Some(opened)) = (self.workspace.clone(), &self.opened) else { return };
        let dataset = opened.dataset.clone();
        self.queue.submit(KEEP, Priority::High, move |job| {
            if let Err(error) = opening::keep(&dataset, &keeping, &workspace, job)
                && !job.is_cancelled()
            {
                log::warn!("the data set's columns could not be kept, so that it opens no quicker: {error:#}");
            }
            Ok(())
        });
    }

    /// Failures and cancels of jobs, each handled once.
    fn notice_ends(&mut self) {
        let end_of = |jobs: &[JobStatus], id: JobId| {
            let status = jobs.iter().find(|status| status.id == id)?;
            match &status.state {
                JobState::Failed(message) => Some(Some(message.clone())),
                JobState::Cancelled => Some(None),
                JobState::Queued | JobState::Running | JobState::Done => None,
            }
        };
        if let Some(opening) = &self.opening
            && let Some(end) = end_of(&self.jobs, opening.job)
        {
            match end {
                Some(message) => {
                    let fault = Fault { kind: opening.fault, message };
                    self.trouble = Some(Trouble { folder: Some(opening.folder.clone()), fault });
                }
                None => self.forget_trouble_of_opening(),
            }
            self.opening = None;
        }
        let (jobs, trouble) = (&self.jobs, &mut self.trouble);
        self.saving.retain(|&job| match jobs.iter().find(|status| status.id == job) {
            Some(JobStatus { state: JobState::Failed(message), .. }) => {
                *trouble = Some(Trouble::new(message.clone()));
                false
            }
            status => status.is_some_and(|status| !status.state.is_finished()),
        });
        let Some(opened) = &mut self.opened else { return };
        if let Some(job) = opened.preparing
            && let Some(end) = end_of(&self.jobs, job)
        {
            opened.preparing = None;
            opened.failure.clone_from(&end);
            opened.revision += 1;
            for run in &mut opened.runs {
                if matches!(run.state, RunState::Making(None)) {
                    run.state = end.clone().map_or(RunState::Cancelled, RunState::Failed);
                }
            }
        }
        let mut has_stopped = false;
        for run in &mut opened.runs {
            let RunState::Making(Some(job)) = run.state else { continue };
            if let Some(end) = end_of(&self.jobs, job) {
                run.state = end.map_or(RunState::Cancelled, RunState::Failed);
                opened.revision += 1;
                has_stopped |= run.kind == LaneKind::Cover || run.kind.network().is_some();
            } else if let Some(status) = self.jobs.iter().find(|status| status.id == job)
                && status.progress.curves.len() != run.curves.len()
            {
                run.curves.clone_from(&status.progress.curves);
            }
        }
        if has_stopped {
            self.read_stopped();
        }
    }

    /// Reads the list of recent data sets off the frame.
    fn read_recent(&mut self) {
        let Some(workspace) = self.workspace.clone() else { return };
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        self.queue.submit(RECENT, Priority::High, move |_| {
            send(&sender, &ctx, 0, recent(&workspace)?);
            Ok(())
        });
    }
}

/// The split that the analyst chose, or the one that suits the data set.
fn split_of(dataset: &Dataset, settings: &PipelineSettings, chosen: Option<&SplitSettings>) -> SplitSettings {
    chosen
        .cloned()
        .unwrap_or_else(|| SplitSettings { kind: pipeline::default_split(dataset), ..settings.split.clone() })
}

fn recent(workspace: &Workspace) -> anyhow::Result<Made> {
    let recent = workspace.recent_datasets().context("the list of recent data sets cannot be read")?;
    Ok(Made::Recent { folders: recent.into_iter().map(|known| (known.folder, known.name)).collect() })
}

fn job_name_of(folder: &Path) -> String {
    folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn send(sender: &Sender<(u64, Made)>, ctx: &egui::Context, generation: u64, made: Made) {
    // A window that is closing no longer listens.
    let _ = sender.send((generation, made));
    ctx.request_repaint();
}
