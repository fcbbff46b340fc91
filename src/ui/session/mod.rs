//! The artifacts that stand, and the jobs that make them. Results arrive over a channel, drained once a frame.

mod book;
mod mixing;
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
    opening::{Ahead, Arrival, ERRAND, kept_corrections},
    runs::{Basis, Notes, Run, RunState, plain_number},
};
use super::{
    desk::{DRAFT, RowRef},
    facts::Facts,
    search::SearchIndex,
    words::{Word, Words},
};
use crate::{
    dataset::{
        Dataset,
        read::{Corrections, DatasetError, Fault, FaultKind},
        split::{Split, SplitSettings},
    },
    jobs::{
        JobId, JobState, JobStatus, Priority, Queue,
        pipeline::{self, PipelineSettings, Prepared, Stopped, TrainedLane},
    },
    recall::{LaneKind, Triggers},
    task::JobContext,
    workspace::{RunNote, Workspace},
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
    current: BTreeMap<LaneKind, usize>,
    preparing: Option<JobId>,
    /// Why there is no basis.
    failure: Option<String>,
    /// Goes up with everything that arrives, so that views know when to look again.
    pub revision: u64,
    /// The runs that the workspace keeps of it are among `runs`.
    pub knows_kept: bool,
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

    /// Takes a folder from the list of recent data sets; what is kept of it stays.
    pub fn forget_recent(&mut self, folder: &Path) {
        self.recent.retain(|(known, _)| known != folder);
        let (Some(workspace), folder) = (self.workspace.clone(), folder.to_owned()) else { return };
        self.queue.submit(RECENT, Priority::High, move |_| Ok(workspace.forget_dataset(&folder)?));
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

    fn prepare(&mut self) {
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
    fn place_lanes(&mut self) {
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

    fn take_basis(&mut self, basis: Arc<Basis>) {
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

    /// Finds, off the frame, where trainings that were stopped can go on.
    fn read_stopped(&mut self) {
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
    fn read_kept(&mut self) {
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
    fn place_of(&mut self, kind: LaneKind, settings: PipelineSettings) -> usize {
        let id = pipeline::run_id(&self.dataset, kind, &settings);
        self.run_of(&id).unwrap_or_else(|| {
            self.runs.push(Run::new(id, kind, settings, &self.settings));
            self.runs.len() - 1
        })
    }

    /// Lanes that nobody makes unasked stand too where a run of theirs with the settings of the lanes is known.
    fn place_kept_lanes(&mut self) {
        for kind in LaneKind::ALL.into_iter().filter(|kind| !LaneKind::QUICK.contains(kind)) {
            if self.current(kind).is_none()
                && let Some(run) = self.run_of(&pipeline::run_id(&self.dataset, kind, &self.settings))
            {
                self.current.insert(kind, run);
            }
        }
    }

    fn take_kept(&mut self, kept: Vec<Run>) {
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
}

impl Opened {
    /// Trainings that were stopped stand among the runs, also those of an earlier start.
    fn take_stopped(&mut self, stopped: Vec<Stopped>) {
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
