//! Jobs of a command: progress on the terminal, Ctrl-C, and how they ended.

use std::{
    borrow::Cow,
    io::IsTerminal as _,
    process,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};

use anyhow::{Result, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Interrupted, JobFailed};
use crate::{
    jobs::{JobId, JobState, JobStatus, Priority, Queue},
    task::JobContext,
};

/// How often the terminal is drawn and Ctrl-C looked at.
const TICK: Duration = Duration::from_millis(50);

static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);

/// Exit status after Ctrl-C or a request to end, as shells expect it.
pub(super) const INTERRUPTED: u8 = 130;

/// A queue whose jobs are shown on the terminal (standard error), unless that is none or JSON was asked for.
pub(super) struct Console {
    queue: Queue,
    bar: ProgressBar,
}

/// A job's result, once it has one.
pub(super) struct Pending<T> {
    pub(super) id: JobId,
    result: Receiver<Result<T>>,
}

impl Console {
    pub(super) fn new(as_json: bool) -> Self {
        // The first Ctrl-C lets jobs stop cleanly, the second does not wait. A second console of one process shares
        // the first one's handler.
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTS.fetch_add(1, Ordering::SeqCst) > 0 {
                process::exit(i32::from(INTERRUPTED));
            }
        });
        let is_shown = !as_json && std::io::stderr().is_terminal();
        let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { queue: Queue::new(Arc::new(|| {})), bar: ProgressBar::with_draw_target(None, target) }
    }

    /// Queues `work`; its own error comes back from [`Console::finish`] as it was.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&JobContext) -> Result<T> + Send + 'static,
    ) -> Pending<T> {
        let (sender, result) = channel();
        let id = self.queue.submit(name, Priority::Normal, move |ctx| {
            // Nobody listens any more after an interrupt.
            let _ = sender.send(work(ctx));
            Ok(())
        });
        Pending { id, result }
    }

    /// Waits for one job.
    pub(super) fn finish<T>(&self, pending: &Pending<T>) -> Result<T> {
        let status = loop {
            if INTERRUPTS.load(Ordering::SeqCst) > 0 {
                self.queue.cancel_all();
            }
            match self.queue.status(pending.id) {
                Some(status) if status.state.is_finished() => break Some(status),
                None => break None,
                Some(_) => {}
            }
            self.draw();
            thread::sleep(TICK);
        };
        self.bar.finish_and_clear();
        match pending.result.recv() {
            Ok(Err(_)) if INTERRUPTS.load(Ordering::SeqCst) > 0 => Err(Interrupted.into()),
            Ok(result) => result,
            Err(_) => match status.map(|status| (status.name, status.state)) {
                Some((name, JobState::Failed(message))) => Err(JobFailed(format!("{name}: {message}")).into()),
                Some((_, JobState::Cancelled)) => Err(Interrupted.into()),
                other => Err(anyhow!("a job ended without a result: {other:?}")),
            },
        }
    }

    /// Runs one job to its end.
    pub(super) fn run<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&JobContext) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.finish(&self.submit(name, work))
    }

    fn draw(&self) {
        if self.bar.is_hidden() {
            return;
        }
        let statuses = self.queue.statuses();
        if let Some(status) = statuses.iter().find(|status| status.state == JobState::Running) {
            // The text comes last and gives way: a line that wraps cannot be drawn over.
            let template = if status.progress.total > 0 {
                "{prefix:.bold} {bar:24} {percent:>3} % {wide_msg}"
            } else {
                "{prefix:.bold} {spinner} {wide_msg}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
            self.bar.set_prefix(status.name.clone());
            self.bar.set_message(message(status));
            self.bar.set_length(status.progress.total.max(1));
            self.bar.set_position(status.progress.done.min(status.progress.total));
            self.bar.tick();
        }
    }
}

/// `text` with its control characters written out (`\u{1b}`), and those that turn the direction of writing: words from
/// the data may not move the cursor, change colours or hide others.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_debug());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// `Training item vectors 1.2 M items, 350 k/s, 12 s left`
fn message(status: &JobStatus) -> String {
    let mut text = status.progress.stage.clone();
    if status.progress.done > 0 {
        text += &format!(" {} {}", short(status.progress.done as f64), status.progress.unit);
    }
    if let Some(rate) = status.rate() {
        text += &format!(", {}/s", short(rate));
    }
    if let Some(left) = status.left_secs() {
        text += &format!(", {left:.0} s left");
    }
    text
}

/// A number in at most four figures.
fn short(number: f64) -> String {
    match number {
        1e9.. => format!("{:.1} G", number / 1e9),
        1e6.. => format!("{:.1} M", number / 1e6),
        1e4.. => format!("{:.0} k", number / 1e3),
        _ => format!("{number:.0}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::task::{Curves, Progress};

    #[test]
    fn errors_come_back_as_they_were_and_panics_as_failures() {
        let console = Console::new(true);
        assert_eq!(console.run("good", |_| Ok(7)).unwrap(), 7);
        let error = console.run("bad", |_| -> Result<()> { Err(Interrupted.into()) }).unwrap_err();
        assert!(error.is::<Interrupted>());
        let error = console.run("worse", |_| -> Result<()> { panic!("row 7") }).unwrap_err();
        assert_eq!(error.downcast_ref::<JobFailed>().unwrap().0, "worse: it panicked: row 7");
    }

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(visible("a\u{1b}[31mb\n\u{9b}2J\u{202e}\r\t"), "a\\u{1b}[31mb\\n\\u{9b}2J\\u{202e}\\r\\t");
        for text in ["标题 \"3\" é\\", "e\u{301}", "👩\u{200d}🍳"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn the_line_shows_count_rate_and_time_left() {
        let status = JobStatus {
            id: JobId(0),
            name: "item2vec".to_owned(),
            priority: Priority::Normal,
            state: JobState::Running,
            progress: Progress {
                stage: "Training item vectors".to_owned(),
                done: 1_200_000,
                done_before: 0,
                total: 3_000_000,
                unit: "items",
                curves: Curves::default(),
            },
            stage_secs: 4.0,
            run_secs: 5.0,
        };
        assert_eq!(message(&status), "Training item vectors 1.2 M items, 300 k/s, 6 s left");
    }
}
