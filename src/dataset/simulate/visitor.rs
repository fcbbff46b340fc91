//! Visits to lists that the simulator did not make: the same people, moods and clicks, another feed.
//!
//! What happens by chance is drawn by what it is about (this visit, this item, this place), not in the order in which it
//! happens. So two feeds that show one visitor the same item in the same visit meet the same luck (common random numbers;
//! Law, Simulation Modeling and Analysis, §11.2), and differ only by what they show.

use super::{
    DAY_SECS, START_SECS,
    click::Lens,
    community::Community,
    items::Item,
    random::{Stream, generator, seed_of, uniform},
    visits::{self, MOST_IMPRESSIONS},
};

/// Impressions that are loaded at once.
pub const PAGE: usize = visits::PAGE;

/// When somebody comes, and what he has in mind.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub begin_secs: i64,
    pub(super) intent: (usize, usize),
    /// Of everything that happens by chance in it.
    key: u64,
}

/// What one impression came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// As a log would tell it: on purpose or by mistake.
    pub is_clicked: bool,
    /// Nothing more will be looked at.
    pub is_last: bool,
}

/// A visit that goes on.
pub struct Visit<'a> {
    community: &'a Community,
    lens: Lens,
    mood: f64,
    secs: i64,
    place: usize,
    key: u64,
}

#[derive(Clone, Copy)]
enum Chance {
    Click = 1,
    Misclick = 2,
    Leave = 3,
    Time = 4,
}

impl Community {
    /// The visits of the user of row `user` from `from_secs` on and before `to_secs`, as `seed` has it, in order of time.
    pub fn plans(&self, user: u32, from_secs: i64, to_secs: i64, seed: u64) -> Vec<Plan> {
        let (number, person) = self.user(user);
        let day_of = |secs: i64| (secs - START_SECS).div_euclid(DAY_SECS).max(0) as usize;
        let mut plans = Vec::new();
        for day in day_of(from_secs)..=day_of(to_secs - 1) {
            let mut rng = generator(seed, Stream::Lab, u64::from(number) << 24 | day as u64);
            for begin_secs in visits::starts(&mut rng, person, day) {
                let intent = Self::intent(&mut rng, person, &self.taste(person, begin_secs));
                if (from_secs..to_secs).contains(&begin_secs) {
                    let key = seed_of(seed, Stream::Chance, u64::from(number) << 32 | plans.len() as u64);
                    plans.push(Plan { begin_secs, intent, key });
                }
            }
        }
        plans
    }

    /// Begins the visit `plan` of the user of row `user`; each `luck` has its own chances.
    pub fn begin(&self, user: u32, plan: &Plan, luck: u64) -> Visit<'_> {
        let (_, person) = self.user(user);
        let taste = self.taste(person, plan.begin_secs);
        Visit {
            community: self,
            lens: self.model.lens(person, &taste, plan.intent),
            mood: self.model.mood(person),
            secs: plan.begin_secs,
            place: 0,
            key: seed_of(plan.key, Stream::Chance, luck),
        }
    }
}

impl Visit<'_> {
    pub fn secs(&self) -> i64 {
        self.secs
    }

    /// Impressions so far.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Shows the item of row `item` in the next place.
    pub fn see(&mut self, item: u32) -> Answer {
        let model = &self.community.model;
        let item_number = u64::from(self.community.item_of_row[item as usize]);
        let of_item: &Item = self.community.item(item);
        let place = self.place as u64;
        let chance = |what: Chance, of: u64| uniform(self.key, (what as u64) << 40 | of);
        let interest = model.interest(&self.lens, of_item, self.secs);
        let is_click = chance(Chance::Click, item_number) < model.seen(self.place) * model.click(interest);
        let is_misclick = !is_click && chance(Chance::Misclick, item_number) < model.misclick;
        self.mood += model.mood_after(is_click, is_misclick);
        // A look takes seconds, what is clicked half a minute.
        self.secs += 1 + (5.0 * chance(Chance::Time, place)) as i64 + if is_click { 30 } else { 0 };
        self.place += 1;
        let is_last = self.place >= MOST_IMPRESSIONS || chance(Chance::Leave, place) < model.leaves(self.mood);
        Answer { is_clicked: is_click || is_misclick, is_last }
    }
}
