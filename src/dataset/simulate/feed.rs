//! What the feed shows on one day, by a few simple policies. It knows the log of the days before, not the truth,
//! except that it guesses at tastes.

use rand::{Rng, RngExt as _};

use super::{
    DAY_SECS,
    items::Item,
    random::{Wheel, choose},
    tree::{LEAVES, STYLE_COUNT},
};

/// Names in the log; numbers are places in this list.
pub(super) const POLICIES: [&str; 4] = ["personal", "popular", "fresh", "random"];
const POLICY_SHARES: [f64; 4] = [0.58, 0.22, 0.12, 0.08];

/// Days after which a click counts half for popularity.
const HALF_LIFE_DAYS: f64 = 5.0;
const FRESH_DAYS: i64 = 3;

/// Decayed clicks per item, from day to day.
pub(super) struct Popularity {
    clicks: Vec<f64>,
}

impl Popularity {
    /// Before the log: what the old items' quality has earned them.
    pub(super) fn begin(items: &[Item], secs: i64) -> Self {
        let clicks = items
            .iter()
            .map(|item| if item.published_secs < secs { 4.0 * item.quality.exp() * item.freshness(secs) } else { 0.0 })
            .collect();
        Self { clicks }
    }

    pub(super) fn end_day(&mut self, clicked: impl Iterator<Item = u32>) {
        let keep = 0.5_f64.powf(1.0 / HALF_LIFE_DAYS);
        self.clicks.iter_mut().for_each(|clicks| *clicks *= keep);
        for item in clicked {
            self.clicks[item as usize] += 1.0;
        }
    }
}

pub(super) struct Feed {
    popular: Wheel,
    by_leaf: Vec<Wheel>,
    /// `[leaf * styles + style]`
    by_cell: Vec<Wheel>,
    /// New items of each tag of level 2, and all of them.
    fresh: Vec<Vec<u32>>,
    all_fresh: Vec<u32>,
    published: u32,
}

/// What the feed believes of a visitor.
pub(super) struct Guess<'a> {
    pub(super) taste: &'a [f64; LEAVES],
    /// What people of these attributes like.
    pub(super) mean: &'a [f64; LEAVES],
    pub(super) style: &'a [f64; STYLE_COUNT],
    /// How well he is known, 0 to 1.
    pub(super) known: f64,
    pub(super) intent: (usize, usize),
}

impl Feed {
    /// For the day that begins at `secs`. Items are in order of publication.
    pub(super) fn of_day(items: &[Item], popularity: &Popularity, secs: i64) -> Self {
        let published = items.partition_point(|item| item.published_secs < secs);
        let mut feed = Self {
            popular: Wheel::default(),
            by_leaf: (0..LEAVES).map(|_| Wheel::default()).collect(),
            by_cell: (0..LEAVES * STYLE_COUNT).map(|_| Wheel::default()).collect(),
            fresh: vec![Vec::new(); LEAVES / 3],
            all_fresh: Vec::new(),
            published: published as u32,
        };
        for (row, item) in items[..published].iter().enumerate() {
            let (row, clicks) = (row as u32, popularity.clicks[row]);
            let freshness = 0.15 + item.freshness(secs);
            feed.popular.push(row, clicks.powf(0.9) * freshness.sqrt());
            let weight = (0.5 + clicks).powf(0.7) * freshness;
            let leaf = usize::from(item.leaf);
            feed.by_leaf[leaf].push(row, weight);
            feed.by_cell[leaf * STYLE_COUNT + usize::from(item.style)].push(row, weight);
        }
        let from = items.partition_point(|item| item.published_secs < secs - FRESH_DAYS * DAY_SECS);
        let to = items.partition_point(|item| item.published_secs < secs + DAY_SECS);
        for (row, item) in items.iter().enumerate().take(to).skip(from) {
            feed.fresh[usize::from(item.leaf) / 3].push(row as u32);
            feed.all_fresh.push(row as u32);
        }
        feed
    }

    /// A policy and what it would show; `None` where it has nothing.
    pub(super) fn draw(&self, rng: &mut impl Rng, guess: &Guess<'_>) -> (u8, Option<u32>) {
        let policy = choose(rng, &POLICY_SHARES);
        let row = match policy {
            0 => self.personal(rng, guess),
            1 => self.popular.draw(rng),
            2 => {
                let near = &self.fresh[guess.intent.0];
                let from = if near.is_empty() || rng.random_bool(0.5) { &self.all_fresh } else { near };
                if from.is_empty() { None } else { Some(from[rng.random_range(0..from.len())]) }
            }
            _ if self.published == 0 => None,
            _ => Some(rng.random_range(0..self.published)),
        };
        (policy as u8, row)
    }

    fn personal(&self, rng: &mut impl Rng, guess: &Guess<'_>) -> Option<u32> {
        let leaf = if rng.random_bool(0.45) {
            // What this visit is about has shown itself.
            let from = guess.intent.0 * 3;
            from + choose(rng, &guess.taste[from..from + 3])
        } else if rng.random_bool(0.2 + 0.6 * guess.known) {
            choose(rng, guess.taste)
        } else {
            choose(rng, guess.mean)
        };
        let style = match rng.random::<f64>() {
            chance if chance < 0.25 * guess.known => Some(choose(rng, guess.style)),
            chance if chance < 0.5 => Some(guess.intent.1),
            _ => None,
        };
        style
            .and_then(|style| self.by_cell[leaf * STYLE_COUNT + style].draw(rng))
            .or_else(|| self.by_leaf[leaf].draw(rng))
    }
}
