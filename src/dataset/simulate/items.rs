//! Items: who publishes what and when, how good it is, how long it is of interest.

use rand::{Rng, RngExt as _};
use rustc_hash::FxHashSet;

use super::{
    DAY_SECS, START_SECS, Simulation,
    people::{User, World},
    random::{Stream, Wheel, choose, generator, normal, rounded},
    texts::{self, Words},
    tree::{self, CIRCLES, LEAVES, LEVEL2, STYLE_COUNT},
};

/// Share of items that were there before the log began.
const OLD_SHARE: f64 = 0.52;
/// Share of items that follow no taste of their author's: every leaf gets some.
const OFF_TOPIC: f64 = 0.2;
const TITLE_TRIES: usize = 20;

pub(super) struct Item {
    pub(super) author: u32,
    pub(super) published_secs: i64,
    pub(super) leaf: u8,
    pub(super) style: u8,
    pub(super) circle: u8,
    pub(super) topics: Vec<u8>,
    /// Standard deviations above what is usual.
    pub(super) quality: f64,
    /// Days after which interest has fallen to 37 %.
    pub(super) lifetime_days: f64,
}

impl Item {
    /// How much interest is left at `secs`, 1 when it is new.
    pub(super) fn freshness(&self, secs: i64) -> f64 {
        let age_days = (secs - self.published_secs).max(0) as f64 / DAY_SECS as f64;
        (-age_days / self.lifetime_days).exp()
    }
}

/// What the items say about themselves. Titles that others bear are drawn again, as far as the words reach.
pub(super) fn words(items: &[Item], seed: u64) -> Vec<Words> {
    let mut titles: FxHashSet<String> = FxHashSet::default();
    (0..)
        .zip(items)
        .map(|(number, item)| {
            let mut rng = generator(seed, Stream::Words, number);
            let leaf = usize::from(item.leaf);
            let (level1, level2) = (tree::level1(leaf), tree::level2(leaf));
            let mut draw = || texts::write(&mut rng, level1, level2, tree::leaf(leaf), usize::from(item.style));
            let mut words = draw();
            for _ in 1..TITLE_TRIES {
                if !titles.contains(&words.title) {
                    break;
                }
                words = draw();
            }
            titles.insert(words.title.clone());
            words
        })
        .collect()
}

/// All items in order of publication.
pub(super) fn draw(simulation: &Simulation, world: &World, users: &[User]) -> Vec<Item> {
    // Authors in the order in which they came, so that those who were there at a time are the first ones.
    let mut by_time: Vec<u32> = (0..users.len() as u32).collect();
    by_time.sort_by_key(|&user| (users[user as usize].joined_secs, user));
    let mut authors = Wheel::default();
    let mut joined = Vec::new();
    for &user in &by_time {
        let User { authorship, joined_secs, .. } = users[user as usize];
        if authorship > 0.0 {
            authors.push(user, authorship);
            joined.push(joined_secs);
        }
    }
    let mut items: Vec<Item> =
        (0..simulation.items).map(|number| one(simulation, world, users, &authors, &joined, number)).collect();
    // The rest of the key only settles ties of one second.
    items.sort_by_key(|item| (item.published_secs, item.author, item.leaf, item.style, item.circle));
    items
}

fn one(simulation: &Simulation, world: &World, users: &[User], authors: &Wheel, joined: &[i64], number: usize) -> Item {
    let mut rng = generator(simulation.seed, Stream::Item, number as u64);
    let rng = &mut rng;
    let days = simulation.days as f64;
    let day =
        if rng.random_bool(OLD_SHARE) { -90.0 * rng.random::<f64>().powf(1.5) } else { days * rng.random::<f64>() };
    let hour = 8.0 + 15.0 * rng.random::<f64>();
    let published_secs = START_SECS + day.floor() as i64 * DAY_SECS + (hour * 3_600.0) as i64;
    let there = joined.partition_point(|&secs| secs < published_secs);
    let author = authors.draw_below(rng, there).or_else(|| authors.draw(rng)).unwrap_or(0);
    let own = &users[author as usize];
    let leaf = if rng.random_bool(OFF_TOPIC) {
        rng.random_range(0..LEAVES)
    } else {
        choose(rng, &own.taste_at((day / days).max(0.0)))
    };
    let style = if rng.random_bool(0.75) { choose(rng, &own.style) } else { rng.random_range(0..STYLE_COUNT) };
    let circle = circle(rng, world, leaf, style);
    let is_lasting = rng.random_bool(0.3);
    Item {
        author,
        published_secs,
        leaf: leaf as u8,
        style: style as u8,
        circle: circle as u8,
        topics: topics(rng, leaf, style),
        quality: rounded(normal(rng)),
        lifetime_days: if is_lasting { 90.0 } else { rounded(10.0 * (0.5 * normal(rng)).exp() + 4.0) },
    }
}

/// Of the circles around the leaf's level 1, mostly the one of its level 2 or of its style.
fn circle(rng: &mut impl Rng, world: &World, leaf: usize, style: usize) -> usize {
    let from = leaf / 9 * 3;
    let weights: Vec<f64> = (from..from + 3)
        .map(|circle| {
            let near = if circle % 3 == leaf % 9 / 3 { 4.0 } else { 1.0 };
            near * if world.circle_styles[circle].contains(&style) { 4.0 } else { 1.0 }
        })
        .collect();
    (from + choose(rng, &weights)).min(CIRCLES - 1)
}

/// One to three: of the subject, and often of the style.
fn topics(rng: &mut impl Rng, leaf: usize, style: usize) -> Vec<u8> {
    let subject = leaf / 3 * 2;
    let mut topics = vec![(subject + rng.random_range(0..2)) as u8];
    if rng.random_bool(0.25) {
        topics.push((subject + 1 - (usize::from(topics[0]) - subject)) as u8);
    }
    if rng.random_bool(0.6) {
        topics.push((2 * LEVEL2 + 2 * style + rng.random_range(0..2)) as u8);
    }
    topics
}
