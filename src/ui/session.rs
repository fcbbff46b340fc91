//! The artifacts that stand, and the jobs that make them. Results arrive over a channel, drained once a frame.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender};

use super::facts::Facts;
use crate::{
    dataset::{Dataset, read, split::SplitSettings},
    jobs::{
        JobId, JobState, JobStatus, Priority, Queue,
        pipeline::{self, PipelineSettings, Prepared, TrainedLane},
    },
    recall::{LaneKind, Triggers},
    workspace::Workspace,
};

/// Names of jobs that are neither a lane nor a folder.
pub const PREPARE: &str = "graphs";
pub const RECENT: &str = "recent";

/// The window is woken at most this often by a job's progress.
const WAKE_EVERY: Duration = Duration::from_millis(60);

/// A lane as the window sees it.
pub enum LaneState {
    /// Nothing is known yet: the graphs are being built, or the job waits or runs.
    Making(Option<JobId>),
    Ready(Arc<TrainedLane>),
    Failed(String),
    Cancelled,
}

/// What a job made.
enum Made {
    Dataset { dataset: Arc<Dataset> },
    Prepared { prepared: Arc<Prepared>, facts: Arc<Facts>, triggers: Arc<Triggers> },
    Lane { lane: Arc<TrainedLane> },
    Recent { folders: Vec<(PathBuf, String)> },
}

/// The data set that is open, and what was made of it.
pub struct Opened {
    pub dataset: Arc<Dataset>,
    pub prepared: Option<Arc<Prepared>>,
    pub facts: Option<Arc<Facts>>,
    pub triggers: Option<Arc<Triggers>>,
    pub lanes: BTreeMap<LaneKind, LaneState>,
    preparing: Option<JobId>,
    /// Goes up with everything that arrives, so that views know when to look again.
    pub revision: u64,
    settings: PipelineSettings,
}

/// A data set on its way.
#[derive(Debug, Clone)]
pub struct Opening {
    pub job: JobId,
    pub folder: PathBuf,
    attempt: u64,
}

/// Something that went wrong and that the analyst should see.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    pub folder: Option<PathBuf>,
    pub message: String,
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
    /// The number of the opened data set; results that carry another are dropped.
    generation: u64,
    /// Counts attempts to open; the one that succeeds gives its number to the data set.
    attempts: u64,
    jobs: Vec<JobStatus>,
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
            generation: 0,
            attempts: 0,
            jobs: Vec::new(),
        };
        session.read_recent();
        session
    }

    /// Begins to open `folder`. What is open stays until the new one is loaded, and for good if that fails.
    pub fn open(&mut self, folder: &Path) {
        if let Some(before) = self.opening.take() {
            self.queue.cancel(before.job);
        }
        self.trouble = None;
        // What is kept has to be found from any folder.
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let folder = absolute.as_path();
        let (sender, ctx, owned) = (self.sender.clone(), self.ctx.clone(), folder.to_owned());
        let workspace = self.workspace.clone();
        self.attempts += 1;
        let generation = self.attempts;
        let job = self.queue.submit(job_name_of(folder), Priority::High, move |job| {
            let dataset = read::load(&owned, None, None, job)?;
            if let Some(workspace) = &workspace
                && let Err(error) = workspace.dataset_opened(&dataset, None)
            {
                log::warn!("the list of recent data sets could not be kept: {error}");
            }
            send(&sender, &ctx, generation, Made::Dataset { dataset: Arc::new(dataset) });
            Ok(())
        });
        self.opening = Some(Opening { job, folder: folder.to_owned(), attempt: generation });
    }

    /// Takes what the jobs made, and sees which of them failed. True when another data set stands now.
    pub fn update(&mut self) -> bool {
        let mut has_changed = false;
        let arrived: Vec<(u64, Made)> = self.receiver.try_iter().collect();
        for (generation, made) in arrived {
            match made {
                Made::Recent { folders } => self.recent = folders,
                Made::Dataset { dataset }
                    if self.opening.as_ref().is_some_and(|opening| opening.attempt == generation) =>
                {
                    self.stand(dataset, generation);
                    has_changed = true;
                }
                Made::Prepared { prepared, facts, triggers } if generation == self.generation => {
                    if let Some(opened) = &mut self.opened {
                        opened.prepared = Some(prepared);
                        opened.facts = Some(facts);
                        opened.triggers = Some(triggers);
                        opened.preparing = None;
                        opened.revision += 1;
                    }
                    for kind in LaneKind::ALL {
                        self.train(kind);
                    }
                }
                Made::Lane { lane } if generation == self.generation => {
                    if let Some(opened) = &mut self.opened {
                        opened.lanes.insert(lane.kind, LaneState::Ready(lane));
                        opened.revision += 1;
                    }
                }
                _ => {}
            }
        }
        self.jobs = self.queue.statuses();
        self.jobs.retain(|status| status.name != RECENT);
        self.notice_ends();
        has_changed
    }

    pub fn jobs(&self) -> &[JobStatus] {
        &self.jobs
    }

    pub fn job(&self, id: JobId) -> Option<&JobStatus> {
        self.jobs.iter().find(|status| status.id == id)
    }

    /// Nothing runs, nothing waits, and every result has been taken.
    pub fn is_idle(&self) -> bool {
        self.queue.is_idle() && self.receiver.is_empty() && self.opening.is_none()
    }

    pub fn cancel(&self, job: JobId) {
        self.queue.cancel(job);
    }

    pub fn cancel_all(&self) {
        self.queue.cancel_all();
    }

    /// Trains `kind` again, or prepares again if that is what failed.
    pub fn retry(&mut self, kind: LaneKind) {
        match &self.opened {
            Some(opened) if opened.prepared.is_some() => self.train(kind),
            Some(opened) if opened.preparing.is_none() => self.prepare(),
            _ => {}
        }
    }

    pub fn retry_all(&mut self) {
        let Some(opened) = &self.opened else { return };
        let missing: Vec<LaneKind> = opened
            .lanes
            .iter()
            .filter(|(_, state)| matches!(state, LaneState::Failed(_) | LaneState::Cancelled))
            .map(|(&kind, _)| kind)
            .collect();
        for kind in missing {
            self.retry(kind);
        }
    }

    /// The job that makes `kind` now, also while the graphs that it needs are being built.
    pub fn lane_job(&self, kind: LaneKind) -> Option<&JobStatus> {
        let opened = self.opened.as_ref()?;
        match opened.lanes.get(&kind) {
            Some(LaneState::Making(job)) => self.job((*job).or(opened.preparing)?),
            _ => None,
        }
    }

    fn stand(&mut self, dataset: Arc<Dataset>, generation: u64) {
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
        let split = SplitSettings { kind: pipeline::default_split(&dataset), ..self.settings.split.clone() };
        let settings = PipelineSettings { split, ..self.settings.clone() };
        self.opened = Some(Opened {
            dataset,
            prepared: None,
            facts: None,
            triggers: None,
            lanes: BTreeMap::new(),
            preparing: None,
            revision: 0,
            settings,
        });
        self.prepare();
        self.read_recent();
    }

    fn prepare(&mut self) {
        let Some(opened) = &mut self.opened else { return };
        let (sender, ctx, generation) = (self.sender.clone(), self.ctx.clone(), self.generation);
        let (dataset, settings) = (opened.dataset.clone(), opened.settings.clone());
        let job = self.queue.submit(PREPARE, Priority::High, move |job| {
            let prepared = pipeline::prepare(dataset, &settings, job)?;
            job.check()?;
            let facts = Facts::count(&prepared.dataset, &prepared.split);
            let triggers = Triggers::new(&prepared.dataset, &prepared.split);
            let made =
                Made::Prepared { prepared: Arc::new(prepared), facts: Arc::new(facts), triggers: Arc::new(triggers) };
            send(&sender, &ctx, generation, made);
            Ok(())
        });
        opened.preparing = Some(job);
        for kind in LaneKind::ALL {
            opened.lanes.insert(kind, LaneState::Making(None));
        }
        opened.revision += 1;
    }

    fn train(&mut self, kind: LaneKind) {
        let Some(opened) = &mut self.opened else { return };
        let Some(prepared) = opened.prepared.clone() else { return };
        let (sender, ctx, generation) = (self.sender.clone(), self.ctx.clone(), self.generation);
        let (settings, workspace) = (opened.settings.clone(), self.workspace.clone());
        let job = self.queue.submit(kind.name(), Priority::Normal, move |job| {
            let lane = pipeline::build_lane(&prepared, kind, &settings, workspace.as_deref(), job)?;
            send(&sender, &ctx, generation, Made::Lane { lane: Arc::new(lane) });
            Ok(())
        });
        opened.lanes.insert(kind, LaneState::Making(Some(job)));
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
            self.trouble = end.map(|message| Trouble { folder: Some(opening.folder.clone()), message });
            self.opening = None;
        }
        let Some(opened) = &mut self.opened else { return };
        if let Some(job) = opened.preparing
            && let Some(end) = end_of(&self.jobs, job)
        {
            opened.preparing = None;
            opened.revision += 1;
            for state in opened.lanes.values_mut() {
                *state = end.clone().map_or(LaneState::Cancelled, LaneState::Failed);
            }
        }
        for state in opened.lanes.values_mut() {
            if let LaneState::Making(Some(job)) = state
                && let Some(end) = end_of(&self.jobs, *job)
            {
                *state = end.map_or(LaneState::Cancelled, LaneState::Failed);
                opened.revision += 1;
            }
        }
    }

    /// Reads the list of recent data sets off the frame.
    fn read_recent(&mut self) {
        let Some(workspace) = self.workspace.clone() else { return };
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        self.queue.submit(RECENT, Priority::High, move |_| {
            let recent = workspace.recent_datasets().context("the list of recent data sets cannot be read")?;
            let folders = recent.into_iter().map(|known| (known.folder, known.name)).collect();
            send(&sender, &ctx, 0, Made::Recent { folders });
            Ok(())
        });
    }
}

impl Opened {
    pub fn trained(&self, kind: LaneKind) -> Option<&Arc<TrainedLane>> {
        match self.lanes.get(&kind) {
            Some(LaneState::Ready(lane)) => Some(lane),
            _ => None,
        }
    }
}

fn job_name_of(folder: &Path) -> String {
    folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn send(sender: &Sender<(u64, Made)>, ctx: &egui::Context, generation: u64, made: Made) {
    // A window that is closing no longer listens.
    let _ = sender.send((generation, made));
    ctx.request_repaint();
}
