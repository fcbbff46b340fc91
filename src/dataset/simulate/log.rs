//! Day by day: the feed from what was clicked before, everybody's visits at once, the day's log.

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};
use rustc_hash::FxHashSet;

use super::{
    DAY_SECS, START_SECS, SimulateError, Simulation,
    click::ClickModel,
    feed::{Feed, Popularity},
    items::Item,
    people::{User, World},
    visits::{Act, CLICK, Day, Occasion, PUBLISH, Shown, Today},
};
use crate::task::JobContext;

/// What a day leaves behind; visits are numbered through the whole log.
pub(super) struct DayLog {
    /// With its user; visit by visit, as they begin.
    pub(super) shown: Vec<(u32, Shown)>,
    /// In order of time.
    pub(super) acts: Vec<Act>,
    /// With its user; one a visit.
    pub(super) occasions: Vec<(u32, Occasion)>,
}

/// Plays all days; each is handed over as soon as it is over.
pub(super) fn play(
    simulation: &Simulation,
    world: &World,
    model: &ClickModel,
    users: &[User],
    items: &[Item],
    ctx: &JobContext,
    each: &mut dyn FnMut(DayLog) -> Result<(), SimulateError>,
) -> Result<(), SimulateError> {
    ctx.stage("Simulating visits", simulation.days as u64, "days");
    let mut taken: Vec<FxHashSet<u32>> = vec![FxHashSet::default(); users.len()];
    let mut popularity = Popularity::begin(items, START_SECS);
    let mut first_visit = 0;
    for day in 0..simulation.days {
        ctx.check()?;
        let begin = START_SECS + day as i64 * DAY_SECS;
        let feed = Feed::of_day(items, &popularity, begin);
        let today = Today { simulation, world, model, items, feed: &feed, day };
        let days: Vec<Day> = taken
            .par_iter_mut()
            .enumerate()
            .map(|(number, taken)| {
                ctx.check()?;
                Ok(today.of(number as u32, &users[number], taken))
            })
            .collect::<Result<_, SimulateError>>()?;
        let mut log = DayLog { shown: Vec::new(), acts: publications(items, begin), occasions: Vec::new() };
        // Visits are numbered as they begin.
        let mut visits: Vec<(i64, u32, &[Shown])> = Vec::new();
        for (number, day) in (0..).zip(&days) {
            visits
                .extend(day.shown.chunk_by(|one, next| one.visit == next.visit).map(|all| (all[0].secs, number, all)));
        }
        visits.sort_by_key(|&(secs, number, _)| (secs, number));
        let mut numbers: Vec<Vec<u32>> = days.iter().map(|day| Vec::with_capacity(day.visits as usize)).collect();
        for (visit, (_, number, shown)) in (first_visit..).zip(visits) {
            numbers[number as usize].push(visit);
            log.shown.extend(shown.iter().map(|&shown| (number, Shown { visit, ..shown })));
            first_visit = visit + 1;
        }
        for (number, day) in (0..).zip(&days) {
            log.occasions.extend(day.occasions.iter().map(|&occasion| (number, occasion)));
        }
        for (day, numbers) in days.iter().zip(&numbers) {
            log.acts.extend(day.acts.iter().map(|&act| Act {
                visit: act.visit.map(|(visit, position)| (numbers[visit as usize], position)),
                ..act
            }));
        }
        // Stable: what stands at the same second keeps the order of users.
        log.acts.sort_by_key(|act| act.secs);
        popularity.end_day(log.acts.iter().filter(|act| act.behaviour == CLICK).map(|act| act.item));
        each(log)?;
        ctx.advance(1);
    }
    Ok(())
}

fn publications(items: &[Item], begin: i64) -> Vec<Act> {
    let from = items.partition_point(|item| item.published_secs < begin);
    let to = items.partition_point(|item| item.published_secs < begin + DAY_SECS);
    (from..to)
        .map(|row| Act {
            user: items[row].author,
            item: row as u32,
            secs: items[row].published_secs,
            visit: None,
            behaviour: PUBLISH,
            is_misclick: false,
        })
        .collect()
}
