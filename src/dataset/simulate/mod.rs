//! A made-up community: people with tastes, what they publish, what a feed shows them and what they make of it.
//! The same settings give the same bytes, however many threads there are.

mod click;
mod community;
mod covers;
mod feed;
mod items;
mod log;
mod people;
mod phrases;
mod random;
#[cfg(test)]
mod tests;
mod texts;
mod tree;
mod visitor;
mod visits;
mod write;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};
use serde::Serialize;

use crate::task::{Cancelled, JobContext};
use click::ClickModel;
pub use community::{Community, Memories, Memory, NoCommunity, is_made_up};
use people::World;
pub use visitor::{Answer, PAGE, Plan, Visit};

const DAY_SECS: i64 = 86_400;
/// Monday, 3 March 2025, midnight in Shanghai.
const START_SECS: i64 = 1_740_931_200;

/// What to make up. The default is the committed sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulation {
    pub users: usize,
    pub items: usize,
    /// Length of the log.
    pub days: usize,
    pub seed: u64,
    /// Only so many items, spread evenly, get a cover; `None` means all. Drawing them is most of the work.
    pub covers: Option<usize>,
}

impl Default for Simulation {
    fn default() -> Self {
        Self { users: 2_000, items: 4_000, days: 35, seed: 42, covers: None }
    }
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SimulationReport {
    pub users: u64,
    pub items: u64,
    pub covers: u64,
    pub events: u64,
    pub clicks: u64,
    pub impressions: u64,
    pub visits: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    #[error("cancelled")]
    Cancelled(#[from] Cancelled),
    #[error("{what} must be {from} to {to}, not {given}")]
    Settings { what: &'static str, from: usize, to: usize, given: usize },
    #[error("the folder is not empty; name a new one, or empty it first: {0}")]
    NotEmpty(PathBuf),
    #[error("this is a file, not a folder; name another place: {0}")]
    NotAFolder(PathBuf),
    #[error("cannot write ({what}); check that the disk has room and that you may write there: {path}")]
    Write { what: String, path: PathBuf },
}

impl SimulateError {
    /// What went wrong is part of the message; as its source it would be told twice.
    fn write(path: &Path, what: &impl ToString) -> Self {
        Self::Write { what: what.to_string(), path: path.to_owned() }
    }
}

/// Makes a data set in `out`, which must be empty or not yet there. After an error nothing of it is left.
pub fn simulate(out: &Path, simulation: &Simulation, ctx: &JobContext) -> Result<SimulationReport, SimulateError> {
    let Simulation { users, items, days, seed: _, covers: _ } = *simulation;
    for (what, given, from, to) in [
        ("the number of users", users, 10, 10_000_000),
        ("the number of items", items, 10, 10_000_000),
        // Times may not lie in the future of whoever reads them.
        ("the number of days", days, 2, 365),
    ] {
        if !(from..=to).contains(&given) {
            return Err(SimulateError::Settings { what, from, to, given });
        }
    }
    let is_new = prepare(out)?;
    let made = make(out, simulation, ctx);
    if made.is_err() {
        for entry in write::ENTRIES {
            let path = out.join(entry);
            // What cannot be removed stays; the error that is told is the first one.
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        if is_new {
            let _ = fs::remove_dir(out);
        }
    }
    made
}

/// Whether the folder had to be made.
fn prepare(out: &Path) -> Result<bool, SimulateError> {
    let fail = |error| SimulateError::write(out, &error);
    match fs::metadata(out) {
        Ok(metadata) if !metadata.is_dir() => Err(SimulateError::NotAFolder(out.to_owned())),
        Ok(_) if fs::read_dir(out).map_err(fail)?.next().is_some() => Err(SimulateError::NotEmpty(out.to_owned())),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(out).map_err(fail)?;
            Ok(true)
        }
        Err(error) => Err(fail(error)),
    }
}

fn make(out: &Path, simulation: &Simulation, ctx: &JobContext) -> Result<SimulationReport, SimulateError> {
    ctx.stage("Making up people and items", 0, "users");
    let model = ClickModel::default();
    let world = World::draw(simulation.seed);
    let users: Vec<_> =
        (0..simulation.users).into_par_iter().map(|number| people::draw(simulation, &world, number)).collect();
    ctx.check()?;
    let items = items::draw(simulation, &world, &users);
    let mut report =
        SimulationReport { users: users.len() as u64, items: items.len() as u64, ..SimulationReport::default() };
    let mut tables = write::LogTables::new(out)?;
    log::play(simulation, &world, &model, &users, &items, ctx, &mut |day| {
        report.events += day.acts.len() as u64;
        report.clicks += day.acts.iter().filter(|act| act.behaviour == visits::CLICK).count() as u64;
        report.impressions += day.shown.len() as u64;
        report.visits += day.shown.iter().filter(|(_, shown)| shown.position == 0).count() as u64;
        tables.push(day)
    })?;
    tables.finish()?;
    let boxes = write::covers(out, simulation, &items, ctx)?;
    report.covers = boxes.iter().flatten().count() as u64;
    ctx.stage("Writing tables", 0, "tables");
    write::truth(out, &model, &users, &items, &boxes)?;
    write::tables(out, simulation, &users, &items, &boxes)?;
    Ok(report)
}
