//! `recallscope simulate`: makes up a community's log with its covers.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    dataset::simulate::{Simulation, simulate},
    task::JobContext,
};

/// Make up a community: users, items with covers, and what they did
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  recallscope simulate my_sample\n  \
                        recallscope simulate big --users 50000 --items 200000 --covers 0")]
pub struct SimulateArgs {
    /// The folder to make; it must be empty or not yet there
    out: PathBuf,
    /// The same seed gives the same files
    #[arg(long, default_value_t = 42)]
    seed: u64,
    #[arg(long, default_value_t = 2_000)]
    users: usize,
    #[arg(long, default_value_t = 4_000)]
    items: usize,
    /// Length of the log in days
    #[arg(long, default_value_t = 35)]
    days: usize,
    /// Draw covers for so many items only, spread evenly [default: for all]
    #[arg(long, value_name = "N")]
    covers: Option<usize>,
    /// Print what was made as JSON on standard output
    #[arg(long)]
    json: bool,
}

pub fn run(args: &SimulateArgs) -> Result<()> {
    let &SimulateArgs { ref out, seed, users, items, days, covers, json } = args;
    let started = Instant::now();
    let (ctx, bar) = watched()?;
    let interrupted = ctx.clone();
    // Without a handler an interruption leaves half a folder, which is no reason not to begin.
    if let Err(error) = ctrlc::set_handler(move || interrupted.cancel()) {
        log::debug!("no handler for interruptions: {error}");
    }
    let report = simulate(out, &Simulation { users, items, days, seed, covers }, &ctx);
    bar.finish_and_clear();
    let report = report?;
    let mut output = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut output, &report)?;
        return writeln!(output).context("cannot write to standard output");
    }
    writeln!(
        output,
        "{} users, {} items, {} covers, {} impressions in {} visits, {} clicks, {} events in {:.1} s: {}",
        report.users,
        report.items,
        report.covers,
        report.impressions,
        report.visits,
        report.clicks,
        report.events,
        started.elapsed().as_secs_f64(),
        out.display()
    )
    .context("cannot write to standard output")
}

/// A context whose progress shows on the terminal, ten times a second at most.
fn watched() -> Result<(JobContext, ProgressBar)> {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")?);
    let shown = bar.clone();
    let began = Instant::now();
    let next_ms = AtomicU64::new(0);
    // The listener has no context of its own: it gets one that shares the progress.
    let context: Arc<std::sync::OnceLock<JobContext>> = Arc::default();
    let seen = Arc::clone(&context);
    let ctx = JobContext::with_listener(Arc::new(move || {
        let now_ms = began.elapsed().as_millis() as u64;
        if now_ms < next_ms.load(Ordering::Relaxed) {
            return;
        }
        next_ms.store(now_ms + Duration::from_millis(100).as_millis() as u64, Ordering::Relaxed);
        if let Some(ctx) = seen.get() {
            let (progress, _) = ctx.progress();
            if progress.total > 0 {
                shown.set_length(progress.total);
            }
            shown.set_position(progress.done);
            shown.set_message(progress.stage);
        }
    }));
    let _ = context.set(ctx.clone());
    Ok((ctx, bar))
}
