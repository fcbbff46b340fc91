//! What the views want to know about users and items, counted once per data set and split, off the frame.

use rand::{RngExt as _, SeedableRng as _};
use rustc_hash::FxHashSet;

use super::desk::UserFilter;
use crate::dataset::{
    Attribute, Dataset, NO_TIME, TagLevel,
    split::{ByUser, Split, interactions_by_user},
};

const WEEK_SECS: i64 = 7 * 86_400;

/// How much a user did in the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// First seen in the last week before the split, or not at all.
    New,
    Quiet,
    Regular,
    Active,
}

/// An item's share in all interactions: the head has the first half of them, the waist the next 30 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Head,
    Waist,
    Tail,
    Never,
}

/// One item a user took, with everything done to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub item: u32,
    /// Behaviours in order of time, each once; indices into `Dataset::behaviours`.
    pub behaviours: Vec<u8>,
    /// The last one's time; [`NO_TIME`] where the log has none.
    pub time_secs: i64,
}

#[derive(Debug)]
pub struct Facts {
    pub train: ByUser,
    pub test: ByUser,
    pub activity: Vec<Activity>,
    pub band: Vec<Band>,
    pub is_new_item: Vec<bool>,
    /// Interactions by item in the training part, and after it.
    pub item_train: Vec<u32>,
    pub item_test: Vec<u32>,
    /// Users by falling number of interactions.
    pub users_by_activity: Vec<u32>,
    pub covers: usize,
    /// Attributes by which users are told apart in filters, with their values by falling frequency.
    pub filters: Vec<(String, Vec<String>)>,
}

impl Facts {
    pub fn count(dataset: &Dataset, split: &Split) -> Self {
        let train = interactions_by_user(dataset, &split.train);
        let test = interactions_by_user(dataset, &split.test);
        let item_train = by_item(dataset, &split.train);
        let item_test = by_item(dataset, &split.test);
        let mut users_by_activity: Vec<u32> = (0..dataset.user_count() as u32).collect();
        users_by_activity.sort_by_key(|&user| (std::cmp::Reverse(train.of(user).len()), user));
        Self {
            activity: activity(dataset, split, &train, &users_by_activity),
            band: bands(&item_train),
            is_new_item: new_items(dataset, split, &item_train),
            covers: dataset.items.cover.iter().filter(|cover| cover.is_some()).count(),
            filters: filters(dataset),
            train,
            test,
            item_train,
            item_test,
            users_by_activity,
        }
    }

    pub fn is_tail(&self, item: u32) -> bool {
        matches!(self.band[item as usize], Band::Tail | Band::Never)
    }

    pub fn interactions(&self, user: u32) -> usize {
        self.train.of(user).len()
    }

    /// What `user` took in the training part, newest first, an item once.
    pub fn recent(&self, dataset: &Dataset, user: u32, at_most: usize) -> Vec<Taken> {
        taken(dataset, self.train.of(user), at_most)
    }

    /// What `user` took later, newest first.
    pub fn later(&self, dataset: &Dataset, user: u32) -> Vec<Taken> {
        taken(dataset, self.test.of(user), usize::MAX)
    }

    pub fn later_items(&self, dataset: &Dataset, user: u32) -> FxHashSet<u32> {
        let known: FxHashSet<u32> = self.train.of(user).iter().map(|&row| dataset.events.item[row as usize]).collect();
        let later = self.test.of(user).iter().map(|&row| dataset.events.item[row as usize]);
        later.filter(|item| !known.contains(item)).collect()
    }

    /// Number of a user's training interactions by behaviour.
    pub fn behaviours(&self, dataset: &Dataset, user: u32) -> Vec<(u8, u32)> {
        let mut counts = vec![0u32; dataset.behaviours.len()];
        for &row in self.train.of(user) {
            counts[usize::from(dataset.events.behaviour[row as usize])] += 1;
        }
        (0..counts.len() as u8).map(|kind| (kind, counts[usize::from(kind)])).filter(|&(_, count)| count > 0).collect()
    }

    /// Leaf tags of what a user took, by falling number.
    pub fn favourite_tags(&self, dataset: &Dataset, user: u32) -> Vec<(u32, u32)> {
        let mut counts = rustc_hash::FxHashMap::<u32, u32>::default();
        for &row in self.train.of(user) {
            for &tag in dataset.items.tags.of(dataset.events.item[row as usize]) {
                *counts.entry(tag).or_default() += 1;
            }
        }
        let mut tags: Vec<(u32, u32)> = counts.into_iter().collect();
        tags.sort_by_key(|&(tag, count)| (std::cmp::Reverse(count), tag));
        tags
    }

    fn passes(&self, dataset: &Dataset, user: u32, filter: &UserFilter) -> bool {
        match filter {
            UserFilter::Anyone => true,
            UserFilter::New => self.activity[user as usize] == Activity::New,
            UserFilter::Quiet => self.activity[user as usize] == Activity::Quiet,
            UserFilter::Active => self.activity[user as usize] == Activity::Active,
            UserFilter::Value { attribute, value } => dataset
                .users
                .attributes
                .iter()
                .find(|field| field.name == *attribute)
                .is_some_and(|field| field.texts(user).any(|text| text == value)),
        }
    }

    /// A random user that `filter` lets through and who is not among `without`. Users with something taken later,
    /// and with something to start from, are preferred: with them a recall can be judged.
    pub fn draw(&self, dataset: &Dataset, filter: &UserFilter, without: &[u32], seed: u64) -> Option<u32> {
        let candidates: Vec<u32> = (0..dataset.user_count() as u32)
            .filter(|user| !without.contains(user) && self.passes(dataset, *user, filter))
            .collect();
        let judged = |least: usize| -> Vec<u32> {
            let able = |user: &u32| self.test.of(*user).len() >= least && self.train.of(*user).len() >= least;
            candidates.iter().copied().filter(able).collect()
        };
        let pool = [judged(5), judged(1), candidates.clone()].into_iter().find(|pool| !pool.is_empty())?;
        let mut random = rand_pcg::Pcg64::seed_from_u64(seed);
        Some(pool[random.random_range(0..pool.len())])
    }

    /// The filters of this data set by which two first users differ most tellingly: a woman and a man, if told.
    pub fn first_filters(&self) -> [UserFilter; 2] {
        let gender = self.filters.iter().find(|(name, _)| is_gender(name));
        let value_of = |wanted: fn(&str) -> bool| {
            let (attribute, values) = gender?;
            let value = values.iter().find(|value| wanted(value))?;
            Some(UserFilter::Value { attribute: attribute.clone(), value: value.clone() })
        };
        match (value_of(is_woman), value_of(is_man)) {
            (Some(woman), Some(man)) => [woman, man],
            _ => [UserFilter::Active, UserFilter::Anyone],
        }
    }
}

pub fn is_gender(name: &str) -> bool {
    matches!(name, "gender" | "sex")
}

pub fn is_woman(value: &str) -> bool {
    matches!(value, "F" | "f" | "female" | "woman" | "女" | "女性")
}

pub fn is_man(value: &str) -> bool {
    matches!(value, "M" | "m" | "male" | "man" | "男" | "男性")
}

fn by_item(dataset: &Dataset, rows: &[u32]) -> Vec<u32> {
    let mut counts = vec![0; dataset.item_count()];
    for &row in rows {
        counts[dataset.events.item[row as usize] as usize] += 1;
    }
    counts
}

fn taken(dataset: &Dataset, rows: &[u32], at_most: usize) -> Vec<Taken> {
    let events = &dataset.events;
    let mut place = rustc_hash::FxHashMap::<u32, usize>::default();
    let mut list: Vec<Taken> = Vec::new();
    for &row in rows.iter().rev() {
        let (item, behaviour) = (events.item[row as usize], events.behaviour[row as usize]);
        match place.get(&item) {
            Some(&known) => {
                if !list[known].behaviours.contains(&behaviour) {
                    list[known].behaviours.insert(0, behaviour);
                }
            }
            None if list.len() < at_most => {
                let time_secs = events.time_secs.get(row as usize).copied().unwrap_or(NO_TIME);
                place.insert(item, list.len());
                list.push(Taken { item, behaviours: vec![behaviour], time_secs });
            }
            None => {}
        }
    }
    list
}

fn activity(dataset: &Dataset, split: &Split, train: &ByUser, by_falling: &[u32]) -> Vec<Activity> {
    let mut activity = vec![Activity::New; dataset.user_count()];
    let seen: Vec<u32> = by_falling.iter().copied().filter(|&user| !train.of(user).is_empty()).collect();
    for (place, &user) in seen.iter().enumerate() {
        let first = dataset.events.time_secs.get(train.of(user)[0] as usize).copied();
        let is_new = match (first, split.reference_time_secs) {
            (Some(first), Some(reference)) => first >= reference - WEEK_SECS,
            _ => false,
        };
        activity[user as usize] = match place * 3 / seen.len() {
            _ if is_new => Activity::New,
            0 => Activity::Active,
            1 => Activity::Regular,
            _ => Activity::Quiet,
        };
    }
    activity
}

/// Bands by cumulative share of interactions: 50 %, 30 %, 20 %.
fn bands(counts: &[u32]) -> Vec<Band> {
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let mut order: Vec<u32> = (0..counts.len() as u32).collect();
    order.sort_by_key(|&item| (std::cmp::Reverse(counts[item as usize]), item));
    let mut bands = vec![Band::Never; counts.len()];
    let mut before = 0u64;
    for item in order {
        let count = u64::from(counts[item as usize]);
        if count == 0 {
            break;
        }
        bands[item as usize] = match before * 10 {
            share if share < total * 5 => Band::Head,
            share if share < total * 8 => Band::Waist,
            _ => Band::Tail,
        };
        before += count;
    }
    bands
}

/// Published in the last week before the split where that is known, otherwise first taken then.
fn new_items(dataset: &Dataset, split: &Split, counts: &[u32]) -> Vec<bool> {
    let Some(reference) = split.reference_time_secs else {
        return counts.iter().map(|&count| count == 0).collect();
    };
    let from = reference - WEEK_SECS;
    let mut first_taken = vec![i64::MAX; dataset.item_count()];
    for &row in &split.train {
        let place = &mut first_taken[dataset.events.item[row as usize] as usize];
        *place = (*place).min(dataset.events.time_secs[row as usize]);
    }
    let published = |item: usize| {
        let time = dataset.items.published_secs.get(item).copied().unwrap_or(NO_TIME);
        if time == NO_TIME { first_taken[item] } else { time }
    };
    (0..dataset.item_count()).map(|item| published(item) >= from).collect()
}

/// Attributes with few values: those by which an analyst asks for "a woman" or "somebody from the north".
fn filters(dataset: &Dataset) -> Vec<(String, Vec<String>)> {
    const MAX_VALUES: usize = 12;
    let usable = |field: &&Attribute| (2..=MAX_VALUES).contains(&field.vocabulary.len());
    let mut filters: Vec<(String, Vec<String>)> = dataset
        .users
        .attributes
        .iter()
        .filter(usable)
        .map(|field| {
            let mut counts = vec![0usize; field.vocabulary.len()];
            for &value in &field.values {
                counts[value as usize] += 1;
            }
            let mut order: Vec<u32> = (0..counts.len() as u32).collect();
            order.sort_by_key(|&value| (std::cmp::Reverse(counts[value as usize]), value));
            (field.name.clone(), order.into_iter().map(|value| field.vocabulary.name(value).to_owned()).collect())
        })
        .collect();
    filters.sort_by_key(|(name, _)| !is_gender(name));
    filters
}

/// The colour category of a leaf tag: its level-1 ancestor, so that a branch has one colour in all views.
pub fn tag_category(dataset: &Dataset, leaf: u32) -> usize {
    if (leaf as usize) < dataset.tags.level2_of_leaf.len() {
        dataset.tags.ancestor(leaf, TagLevel::Level1) as usize
    } else {
        leaf as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_follow_the_cumulative_share() {
        // 100 interactions: 50 | 30 | 20 by falling count.
        let counts = [30, 0, 25, 20, 10, 10, 5];
        let bands = bands(&counts);
        assert_eq!(bands, [Band::Head, Band::Never, Band::Head, Band::Waist, Band::Waist, Band::Tail, Band::Tail]);
    }
}
