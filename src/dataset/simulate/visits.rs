//! One user's visits of one day: what was shown, clicked, liked, and when he left.

use rand::{Rng, RngExt as _};
use rand_distr::{Distribution as _, Poisson};
use rustc_hash::FxHashSet;

use super::{
    DAY_SECS, START_SECS, Simulation,
    click::ClickModel,
    community::Community,
    feed::{Feed, Guess},
    items::Item,
    people::{User, World},
    random::{Stream, choose, generator, normal, sigmoid},
    tree::LEAVES,
};

/// Names in the log; numbers are places in this list.
pub(super) const BEHAVIOURS: [&str; 5] = ["publish", "click", "like", "favorite", "comment"];
pub(super) const PUBLISH: u8 = 0;
pub(super) const CLICK: u8 = 1;
const LIKE: u8 = 2;
const FAVORITE: u8 = 3;
const COMMENT: u8 = 4;

/// Impressions that are loaded at once and share their time.
pub(super) const PAGE: usize = 20;
pub(super) const MOST_IMPRESSIONS: usize = 160;

/// When people look, by hour of the day.
const HOURS: [f64; 24] = [
    2.0, 1.0, 0.5, 0.3, 0.3, 0.5, 1.5, 3.5, 4.5, 3.5, 3.5, 4.0, 6.5, 5.5, 3.5, 3.5, 3.5, 4.0, 5.0, 6.0, 8.0, 9.5, 9.0,
    5.0,
];
/// Monday first; the log begins on a Monday.
const WEEKDAYS: [f64; 7] = [0.95, 0.92, 0.93, 0.97, 1.03, 1.15, 1.12];

#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) item: u32,
    pub(super) secs: i64,
    pub(super) visit: u32,
    pub(super) position: u16,
    pub(super) policy: u8,
    pub(super) is_clicked: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Act {
    pub(super) user: u32,
    pub(super) item: u32,
    pub(super) secs: i64,
    /// `None` outside a visit: publishing.
    pub(super) visit: Option<(u32, u16)>,
    pub(super) behaviour: u8,
    pub(super) is_misclick: bool,
}

/// A user's day; visits are numbered from 0.
#[derive(Debug, Default)]
pub(super) struct Day {
    pub(super) shown: Vec<Shown>,
    pub(super) acts: Vec<Act>,
    pub(super) visits: u32,
    /// One a visit.
    pub(super) occasions: Vec<Occasion>,
}

/// What the log does not tell of a visit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occasion {
    pub(super) begin_secs: i64,
    /// Tag of level 2, and style.
    pub(super) intent: (usize, usize),
}

/// When `user` comes on `day` (from 0), in order of time; empty before he joined.
pub(super) fn starts(rng: &mut impl Rng, user: &User, day: usize) -> Vec<i64> {
    let begin = START_SECS + day as i64 * DAY_SECS;
    if user.joined_secs >= begin + DAY_SECS {
        return Vec::new();
    }
    let mut starts: Vec<i64> = Vec::new();
    if user.joined_secs >= begin {
        // Joining is the first visit.
        starts.push(user.joined_secs);
    }
    let rate = user.visits_per_day * WEEKDAYS[day % 7];
    let visits = Poisson::new(rate).map_or(0.0, |visits| visits.sample(rng)).min(20.0);
    for _ in 0..visits as usize {
        let start = begin + choose(rng, &HOURS) as i64 * 3_600 + rng.random_range(0..3_600);
        if start >= user.joined_secs {
            starts.push(start);
        }
    }
    starts.sort_unstable();
    starts
}

/// What is the same for all users of a day.
pub(super) struct Today<'a> {
    pub(super) simulation: &'a Simulation,
    pub(super) world: &'a World,
    pub(super) model: &'a ClickModel,
    pub(super) items: &'a [Item],
    pub(super) feed: &'a Feed,
    /// From 0.
    pub(super) day: usize,
}

impl Today<'_> {
    fn begin_secs(&self) -> i64 {
        START_SECS + self.day as i64 * DAY_SECS
    }

    /// The day of `user`; `taken` are the items that he has clicked so far.
    pub(super) fn of(&self, number: u32, user: &User, taken: &mut FxHashSet<u32>) -> Day {
        let mut log = Day::default();
        let (begin, end) = (self.begin_secs(), self.begin_secs() + DAY_SECS);
        let place = u64::from(number) * self.simulation.days as u64 + self.day as u64;
        let mut rng = generator(self.simulation.seed, Stream::Visits, place);
        let rng = &mut rng;
        let starts = starts(rng, user, self.day);
        if starts.is_empty() {
            return log;
        }
        let progress = (self.day as f64 + 0.5) / self.simulation.days as f64;
        let taste = user.taste_at(progress);
        let mean = self.world.mean(user.attributes());
        let mut free_from = begin;
        for start in starts {
            let start = start.max(free_from);
            // Whoever comes in the last minute comes on the next day.
            if start + 60 < end {
                free_from = self.visit(rng, number, user, &taste, &mean, start, end, taken, &mut log) + 120;
            }
        }
        log
    }

    /// One visit from `start`, over by `end`; says when it was over.
    fn visit(
        &self,
        rng: &mut impl Rng,
        number: u32,
        user: &User,
        taste: &[f64; LEAVES],
        mean: &[f64; LEAVES],
        start: i64,
        end: i64,
        taken: &mut FxHashSet<u32>,
        log: &mut Day,
    ) -> i64 {
        let model = self.model;
        let intent = Community::intent(rng, user, taste);
        let lens = model.lens(user, taste, intent);
        let known = taken.len() as f64 / (taken.len() as f64 + 8.0);
        let guess = Guess { taste, mean, style: &user.style, known, intent };
        let (mut secs, mut page_secs) = (start, start);
        let mut mood = model.mood(user);
        let mut here: Vec<u32> = Vec::new();
        let visit = log.visits;
        while here.len() < MOST_IMPRESSIONS {
            let Some((policy, row)) = self.next(rng, number, &guess, secs, taken, &here) else { break };
            let (item, place) = (&self.items[row as usize], here.len());
            here.push(row);
            if place.is_multiple_of(PAGE) {
                page_secs = secs;
            }
            let interest = model.interest(&lens, item, secs);
            let is_click = rng.random_bool(model.seen(place) * model.click(interest));
            let is_misclick = !is_click && rng.random_bool(model.misclick);
            let is_clicked = is_click || is_misclick;
            let position = place as u16;
            log.shown.push(Shown { item: row, secs: page_secs, visit, position, policy, is_clicked });
            secs += rng.random_range(1..6);
            if is_clicked {
                taken.insert(row);
                let mut act = |behaviour, secs| {
                    let visit = Some((visit, position));
                    log.acts.push(Act { user: number, item: row, secs, visit, behaviour, is_misclick });
                };
                act(CLICK, secs);
                if is_click {
                    let depth = model.depth * (interest + model.depth_noise * normal(rng));
                    for (behaviour, base) in [(LIKE, model.like), (FAVORITE, model.favorite), (COMMENT, model.comment)]
                    {
                        secs += rng.random_range(2..12);
                        if rng.random_bool(sigmoid(base + depth)) {
                            act(behaviour, secs);
                        }
                    }
                }
                secs += rng.random_range(1..8);
            }
            mood += model.mood_after(is_click, is_misclick);
            // A click may take a minute: whoever stays has to have one left.
            if secs + 60 >= end || rng.random_bool(model.leaves(mood)) {
                break;
            }
        }
        if !here.is_empty() {
            log.visits += 1;
            log.occasions.push(Occasion { begin_secs: start, intent });
        }
        secs
    }

    /// What is shown next: nothing twice, nothing that he has clicked before, nothing of his own.
    fn next(
        &self,
        rng: &mut impl Rng,
        number: u32,
        guess: &Guess<'_>,
        secs: i64,
        taken: &FxHashSet<u32>,
        here: &[u32],
    ) -> Option<(u8, u32)> {
        for _ in 0..30 {
            let (policy, row) = self.feed.draw(rng, guess);
            let Some(row) = row else { continue };
            let item = &self.items[row as usize];
            if item.published_secs < secs && item.author != number && !taken.contains(&row) && !here.contains(&row) {
                return Some((policy, row));
            }
        }
        None
    }
}
