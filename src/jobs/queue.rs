//! The queue: one named thread per running job; priorities, cancel, failure.

use std::{
    any::Any,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::task::{Cancelled, JobContext, Progress};

/// Names a job of one queue; later jobs have higher numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// Who goes first. Within one priority the oldest does.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Nobody waits for it.
    Low,
    #[default]
    Normal,
    /// The user looks at the place where its result will stand. Runs beside a job of lower priority.
    High,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    Queued,
    Running,
    Done,
    /// With the error's or the panic's message.
    Failed(String),
    Cancelled,
}

impl JobState {
    pub fn is_finished(&self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

#[derive(Debug, Clone)]
pub struct JobStatus {
    pub id: JobId,
    pub name: String,
    pub priority: Priority,
    pub state: JobState,
    pub progress: Progress,
    /// Seconds since the stage began; for finished jobs, until they ended.
    pub stage_secs: f64,
    /// Seconds that the job has run, over all stages.
    pub run_secs: f64,
}

impl JobStatus {
    /// Units a second in this stage; `None` while too little is known.
    pub fn rate(&self) -> Option<f64> {
        let done = self.progress.done - self.progress.done_before;
        (done > 0 && self.stage_secs > 0.05).then(|| done as f64 / self.stage_secs)
    }

    /// Seconds left of this stage; `None` while nobody knows.
    pub fn left_secs(&self) -> Option<f64> {
        let left = self.progress.total.checked_sub(self.progress.done).filter(|_| self.progress.total > 0)?;
        Some(left as f64 / self.rate()?)
    }
}

type Work = Box<dyn FnOnce(&JobContext) -> anyhow::Result<()> + Send>;

struct Job {
    id: JobId,
    name: String,
    priority: Priority,
    state: JobState,
    ctx: JobContext,
    /// Until the job starts.
    work: Option<Work>,
    started: Option<Instant>,
    /// Progress, seconds of the stage and of the job, at the end.
    last: Option<(Progress, f64, f64)>,
    thread: Option<JoinHandle<()>>,
    /// Whether it runs in the place that only what the user waits for may take.
    in_fast_lane: bool,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    next: u64,
    is_closing: bool,
}

struct Shared {
    state: Mutex<State>,
    ended: Condvar,
    on_change: Arc<dyn Fn() + Send + Sync>,
}

/// Runs one job at a time, and beside it one of high priority. Dropping the queue cancels all jobs and waits for the
/// running ones to stop.
pub struct Queue {
    shared: Arc<Shared>,
}

/// How many finished jobs stay listed.
const FINISHED_KEPT: usize = 100;

impl Queue {
    /// `on_change` is called on any thread after each change of a job, also after each step of its progress: it has
    /// to be cheap.
    pub fn new(on_change: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { shared: Arc::new(Shared { state: Mutex::default(), ended: Condvar::new(), on_change }) }
    }

    pub fn submit(
        &self,
        name: impl Into<String>,
        priority: Priority,
        work: impl FnOnce(&JobContext) -> anyhow::Result<()> + Send + 'static,
    ) -> JobId {
        let id = {
            let mut state = self.shared.lock();
            let id = JobId(state.next);
            state.next += 1;
            state.jobs.push_back(Job {
                id,
                name: name.into(),
                priority,
                state: JobState::Queued,
                ctx: JobContext::with_listener(self.shared.on_change.clone()),
                work: Some(Box::new(work)),
                started: None,
                last: None,
                thread: None,
                in_fast_lane: false,
            });
            self.shared.start_what_may_run(&mut state);
            id
        };
        (self.shared.on_change)();
        id
    }

    /// Every job by age: queued, running, and the last finished ones.
    pub fn statuses(&self) -> Vec<JobStatus> {
        self.shared.lock().jobs.iter().map(Job::status).collect()
    }

    pub fn status(&self, id: JobId) -> Option<JobStatus> {
        self.shared.lock().jobs.iter().find(|job| job.id == id).map(Job::status)
    }

    /// A queued job never starts; a running one is told to stop. What is finished stays as it is.
    pub fn cancel(&self, id: JobId) {
        self.shared.cancel(|job| job.id == id);
    }

    pub fn cancel_all(&self) {
        self.shared.cancel(|_| true);
    }

    /// Forgets what is finished.
    pub fn clear_finished(&self) {
        self.shared.lock().jobs.retain(|job| !job.state.is_finished());
        (self.shared.on_change)();
    }

    pub fn is_idle(&self) -> bool {
        self.shared.lock().jobs.iter().all(|job| job.state.is_finished())
    }

    /// Waits until every job is finished, at most `limit`; tells whether they are.
    pub fn wait_idle(&self, limit: Duration) -> bool {
        let is_busy = |state: &mut State| state.jobs.iter().any(|job| !job.state.is_finished());
        let waited = self.shared.ended.wait_timeout_while(self.shared.lock(), limit, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.shared.lock().is_closing = true;
        self.cancel_all();
        let threads: Vec<JoinHandle<()>> =
            self.shared.lock().jobs.iter_mut().filter_map(|job| job.thread.take()).collect();
        for thread in threads {
            // The last handle on a queue may lie in one of its own jobs.
            if thread.thread().id() != thread::current().id() {
                // A job's panic was caught inside its thread.
                let _ = thread.join();
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cancel(&self, which: impl Fn(&Job) -> bool) {
        let mut dropped = Vec::new();
        {
            let mut state = self.lock();
            for job in state.jobs.iter_mut().filter(|job| which(job)) {
                match job.state {
                    JobState::Queued => {
                        job.state = JobState::Cancelled;
                        dropped.push(job.work.take());
                    }
                    JobState::Running => job.ctx.cancel(),
                    _ => {}
                }
            }
            self.ended.notify_all();
        }
        // Outside the lock: what a job holds may ask the queue something when it goes.
        drop(dropped);
        (self.on_change)();
    }

    fn start_what_may_run(self: &Arc<Self>, state: &mut State) {
        loop {
            if state.is_closing {
                return;
            }
            let is_taken =
                |fast| state.jobs.iter().any(|job| job.state == JobState::Running && job.in_fast_lane == fast);
            let (is_main_free, is_fast_free) = (!is_taken(false), !is_taken(true));
            let next = state
                .jobs
                .iter_mut()
                .filter(|job| job.state == JobState::Queued)
                .filter(|job| is_main_free || (is_fast_free && job.priority == Priority::High))
                .max_by_key(|job| (job.priority, std::cmp::Reverse(job.id)));
            let Some(job) = next else { return };
            let Some(work) = job.work.take() else { return };
            job.in_fast_lane = !is_main_free;
            job.started = Some(Instant::now());
            job.state = JobState::Running;
            let (shared, ctx, id) = (self.clone(), job.ctx.clone(), job.id);
            let spawned = thread::Builder::new().name(format!("job {}", job.name)).spawn(move || {
                let state = run(work, &ctx);
                shared.finish(id, state);
            });
            match spawned {
                Ok(thread) => job.thread = Some(thread),
                Err(error) => job.end(JobState::Failed(format!("cannot start a thread for it: {error}"))),
            }
        }
    }

    fn finish(self: &Arc<Self>, id: JobId, end: JobState) {
        {
            let mut state = self.lock();
            if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) {
                job.end(end);
                if !state.is_closing
                    && let Some(job) = state.jobs.iter_mut().find(|job| job.id == id)
                {
                    // Nothing is left to wait for.
                    job.thread = None;
                }
            }
            let finished = state.jobs.iter().filter(|job| job.state.is_finished()).count();
            for _ in FINISHED_KEPT..finished {
                if let Some(oldest) = state.jobs.iter().position(|job| job.state.is_finished()) {
                    state.jobs.remove(oldest);
                }
            }
            self.start_what_may_run(&mut state);
            self.ended.notify_all();
        }
        (self.on_change)();
    }
}

impl Job {
    fn end(&mut self, state: JobState) {
        let (progress, stage_secs) = self.ctx.progress();
        let run_secs = self.started.map_or(0.0, |started| started.elapsed().as_secs_f64());
        self.last = Some((progress, stage_secs, run_secs));
        self.state = state;
    }

    fn status(&self) -> JobStatus {
        let (progress, stage_secs, run_secs) = self.last.clone().unwrap_or_else(|| {
            let (progress, stage_secs) = self.ctx.progress();
            (progress, stage_secs, self.started.map_or(0.0, |started| started.elapsed().as_secs_f64()))
        });
        JobStatus {
            id: self.id,
            name: self.name.clone(),
            priority: self.priority,
            state: self.state.clone(),
            progress,
            stage_secs,
            run_secs,
        }
    }
}

/// Runs one job to its end; a panic is its failure.
fn run(work: Work, ctx: &JobContext) -> JobState {
    // What the job has touched is either thrown away with it or whole: artifacts appear in one step.
    match catch_unwind(AssertUnwindSafe(|| work(ctx))) {
        Ok(Ok(())) => JobState::Done,
        Ok(Err(error)) if is_cancelled(&error) => JobState::Cancelled,
        Ok(Err(error)) => JobState::Failed(format!("{error:#}")),
        Err(panic) => {
            JobState::Failed(format!("it panicked: {}", panic_message(&*panic).unwrap_or("without a message")))
        }
    }
}

/// Whether `error` is a job's own word that it was told to stop.
pub fn is_cancelled(error: &anyhow::Error) -> bool {
    error.chain().any(<dyn std::error::Error>::is::<Cancelled>)
}

/// What a caught panic said, if it was words.
pub fn panic_message(panic: &(dyn Any + Send)) -> Option<&str> {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    };

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn queue() -> Queue {
        Queue::new(Arc::new(|| {}))
    }

    fn until_told(ctx: &JobContext) -> anyhow::Result<()> {
        loop {
            ctx.check()?;
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn state_of(queue: &Queue, id: JobId) -> JobState {
        queue.status(id).unwrap().state
    }

    #[test]
    fn what_the_user_waits_for_goes_first_and_beside() {
        let queue = queue();
        let (order, seen) = mpsc::channel();
        let (release, gate) = mpsc::channel::<()>();
        queue.submit("long", Priority::Normal, move |_| Ok(gate.recv()?));
        let submit = |name: &'static str, priority| {
            let order = order.clone();
            queue.submit(name, priority, move |_| Ok(order.send(name)?))
        };
        submit("low", Priority::Low);
        submit("first", Priority::Normal);
        submit("second", Priority::Normal);
        // Runs though the long job still holds the main place.
        let high = submit("high", Priority::High);
        assert_eq!(seen.recv_timeout(LONG).unwrap(), "high");
        assert!(matches!(state_of(&queue, high), JobState::Running | JobState::Done));
        assert!(seen.recv_timeout(Duration::from_millis(50)).is_err(), "others wait for the long job");
        release.send(()).unwrap();
        let rest: Vec<&str> = (0..3).map(|_| seen.recv_timeout(LONG).unwrap()).collect();
        assert_eq!(rest, ["first", "second", "low"]);
        assert!(queue.wait_idle(LONG));
        assert!(queue.statuses().iter().all(|status| status.state == JobState::Done));
    }

    #[test]
    fn cancel_takes_queued_and_running_jobs_within_a_second() {
        let queue = queue();
        let running = queue.submit("running", Priority::Normal, until_told);
        let has_run = Arc::new(AtomicUsize::new(0));
        let count = has_run.clone();
        let queued = queue.submit("queued", Priority::Normal, move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        queue.cancel(queued);
        assert_eq!(state_of(&queue, queued), JobState::Cancelled);
        let since = Instant::now();
        queue.cancel(running);
        assert!(queue.wait_idle(LONG));
        assert!(since.elapsed() < Duration::from_secs(1));
        assert_eq!(state_of(&queue, running), JobState::Cancelled);
        assert_eq!(has_run.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_panic_is_that_jobs_failure_with_its_message() {
        let queue = queue();
        let bad = queue.submit("bad", Priority::Normal, |_| panic!("row {} is out of bounds", 7));
        let failing =
            queue.submit("failing", Priority::Normal, |_| Err(anyhow::anyhow!("no room").context("cannot write")));
        let good = queue.submit("good", Priority::Normal, |_| Ok(()));
        assert!(queue.wait_idle(LONG));
        assert_eq!(state_of(&queue, bad), JobState::Failed("it panicked: row 7 is out of bounds".to_owned()));
        assert_eq!(state_of(&queue, failing), JobState::Failed("cannot write: no room".to_owned()));
        assert_eq!(state_of(&queue, good), JobState::Done);
    }

    #[test]
    fn an_error_after_cancel_that_is_not_the_cancel_is_a_failure() {
        let queue = queue();
        let id = queue.submit("unlucky", Priority::Normal, |ctx| {
            let _ = until_told(ctx);
            anyhow::bail!("the disk is full")
        });
        queue.cancel(id);
        assert!(queue.wait_idle(LONG));
        assert_eq!(state_of(&queue, id), JobState::Failed("the disk is full".to_owned()));
    }

    #[test]
    fn dropping_the_queue_stops_and_joins() {
        let queue = queue();
        let ended = Arc::new(AtomicUsize::new(0));
        for name in ["one", "two"] {
            let ended = ended.clone();
            queue.submit(name, Priority::High, move |ctx| {
                let result = until_told(ctx);
                thread::sleep(Duration::from_millis(50));
                ended.fetch_add(1, Ordering::SeqCst);
                result
            });
        }
        let never = ended.clone();
        queue.submit("never", Priority::Normal, move |_| {
            never.fetch_add(100, Ordering::SeqCst);
            Ok(())
        });
        while queue.statuses().iter().filter(|status| status.state == JobState::Running).count() < 2 {
            thread::yield_now();
        }
        drop(queue);
        assert_eq!(ended.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn progress_tells_rate_and_time_left_and_stays_after_the_end() {
        let changes = Arc::new(AtomicUsize::new(0));
        let count = changes.clone();
        let queue = Queue::new(Arc::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
        }));
        let (release, gate) = mpsc::channel::<()>();
        let (half, seen) = mpsc::channel();
        let id = queue.submit("counting", Priority::Normal, move |ctx| {
            ctx.stage("Counting", 150, "items");
            ctx.resume(50);
            thread::sleep(Duration::from_millis(100));
            ctx.advance(50);
            half.send(())?;
            gate.recv()?;
            ctx.advance(50);
            Ok(())
        });
        seen.recv_timeout(LONG).unwrap();
        let status = queue.status(id).unwrap();
        let (rate, left) = (status.rate().unwrap(), status.left_secs().unwrap());
        // What an earlier job had done tells nothing of this one's speed.
        assert!(rate > 0.0 && rate <= 500.0, "{rate}");
        assert!((left * rate - 50.0).abs() < 1e-6, "{left}");
        release.send(()).unwrap();
        assert!(queue.wait_idle(LONG));
        let (one, other) = (queue.status(id).unwrap(), queue.status(id).unwrap());
        assert_eq!((one.progress.done, one.progress.unit), (150, "items"));
        assert_eq!(one.stage_secs, other.stage_secs);
        assert!(changes.load(Ordering::Relaxed) >= 4);
        queue.clear_finished();
        assert!(queue.statuses().is_empty());
    }

    #[test]
    fn finished_jobs_are_listed_up_to_a_bound() {
        let queue = queue();
        for number in 0..FINISHED_KEPT + 20 {
            queue.submit(number.to_string(), Priority::Normal, |_| Ok(()));
        }
        assert!(queue.wait_idle(LONG));
        let statuses = queue.statuses();
        assert!(statuses.len() <= FINISHED_KEPT, "{}", statuses.len());
        assert_eq!(statuses.last().unwrap().name, (FINISHED_KEPT + 19).to_string());
    }
}
