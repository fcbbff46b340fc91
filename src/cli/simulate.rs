//! `recallscope simulate`: makes up a community's log with its covers.

use std::{path::PathBuf, time::Instant};

use anyhow::Result;

use super::{
    console::{Console, visible},
    output,
};
use crate::dataset::simulate::{Simulation, simulate};

/// Make up a community: users, items with covers, and what they did
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope simulate my_sample
  recallscope simulate my_sample --seed 7 --days 60 --json
  recallscope simulate big --users 50000 --items 200000 --covers 0")]
pub(super) struct SimulateArgs {
    /// The folder to make; it must be empty or not yet there
    out: PathBuf,
    /// The same seed gives the same files
    #[arg(long, default_value_t = Simulation::default().seed)]
    seed: u64,
    #[arg(long, default_value_t = Simulation::default().users)]
    users: usize,
    #[arg(long, default_value_t = Simulation::default().items)]
    items: usize,
    /// Length of the log
    #[arg(long, default_value_t = Simulation::default().days)]
    days: usize,
    /// Draw covers for so many items only, spread evenly [default: for all]
    #[arg(long, value_name = "N")]
    covers: Option<usize>,
    /// Print what was made as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &SimulateArgs) -> Result<()> {
    let &SimulateArgs { ref out, seed, users, items, days, covers, json } = args;
    let started = Instant::now();
    let (folder, simulation) = (out.clone(), Simulation { users, items, days, seed, covers });
    let report = Console::new(json).run("simulate", move |ctx| Ok(simulate(&folder, &simulation, ctx)?))?;
    if json {
        return output::json(&report);
    }
    let text = format!(
        "{} users, {} items, {} covers, {} impressions in {} visits, {} clicks, {} events in {:.1} s: {}\n",
        report.users,
        report.items,
        report.covers,
        report.impressions,
        report.visits,
        report.clicks,
        report.events,
        started.elapsed().as_secs_f64(),
        visible(&out.display().to_string())
    );
    output::bytes(text.as_bytes())
}
