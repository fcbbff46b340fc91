//! What there is to know about users and items of a split, counted once: for the window, and for what is taken to others.

use rand::{RngExt as _, SeedableRng as _};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::{
    dataset::{
        Attribute, Dataset, NO_TIME, TagLevel,
        split::{ByUser, Split, interactions_by_user},
    },
    evaluate::{Bands, ItemBand, UserBand, fresh_items},
};

/// Whom a random draw may give.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserFilter {
    #[default]
    Anyone,
    New,
    Quiet,
    Active,
    /// Users with this value of this attribute.
    Value {
        attribute: String,
        value: String,
    },
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
    /// Bands and counts of the training part, the same by which evaluation cuts its slices.
    pub bands: Bands,
    /// `[items]`, see [`fresh_items`].
    pub is_fresh: Vec<bool>,
    /// Interactions by item after the training part.
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
        let bands = Bands::new(dataset, split);
        let item_test = by_item(dataset, &split.test);
        let mut users_by_activity: Vec<u32> = (0..dataset.user_count() as u32).collect();
        users_by_activity.sort_by_key(|&user| (std::cmp::Reverse(train.of(user).len()), user));
        Self {
            is_fresh: fresh_items(dataset, split),
            bands,
            covers: dataset.items.cover.iter().filter(|cover| cover.is_some()).count(),
            filters: filters(dataset),
            train,
            test,
            item_test,
            users_by_activity,
        }
    }

    pub fn is_tail(&self, item: u32) -> bool {
        matches!(self.bands.item[item as usize], ItemBand::Tail | ItemBand::New)
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

    /// A user's training interactions by behaviour, by falling number.
    pub fn behaviours(&self, dataset: &Dataset, user: u32) -> Vec<(u8, u32)> {
        let mut counts = vec![0u32; dataset.behaviours.len()];
        for &row in self.train.of(user) {
            counts[usize::from(dataset.events.behaviour[row as usize])] += 1;
        }
        let all = (0..counts.len() as u8).map(|kind| (kind, counts[usize::from(kind)]));
        let mut done: Vec<(u8, u32)> = all.filter(|&(_, count)| count > 0).collect();
        done.sort_by_key(|&(kind, count)| (std::cmp::Reverse(count), kind));
        done
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
            UserFilter::New => self.bands.user[user as usize] == UserBand::New,
            UserFilter::Quiet => self.bands.user[user as usize] == UserBand::Low,
            UserFilter::Active => self.bands.user[user as usize] == UserBand::Active,
            UserFilter::Value { attribute, value } => dataset
                .users
                .attributes
                .iter()
                .find(|field| field.name == *attribute)
                .is_some_and(|field| field.texts(user).any(|text| text == value)),
        }
    }

    /// A random user that `filter` lets through and who is not among `without`. Users with something taken later,
    /// and with something to start from unless the filter asks for new ones, are preferred: with them a recall can be
    /// judged.
    pub fn draw(&self, dataset: &Dataset, filter: &UserFilter, without: &[u32], seed: u64) -> Option<u32> {
        let candidates: Vec<u32> = (0..dataset.user_count() as u32)
            .filter(|user| !without.contains(user) && self.passes(dataset, *user, filter))
            .collect();
        let judged = |least: usize| -> Vec<u32> {
            let has_start = |user: u32| *filter == UserFilter::New || self.train.of(user).len() >= least;
            let able = |user: &u32| self.test.of(*user).len() >= least && has_start(*user);
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
            Some(&known) if list[known].behaviours.contains(&behaviour) => {}
            Some(&known) => list[known].behaviours.insert(0, behaviour),
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        dataset::{read, split},
        task::JobContext,
    };

    fn community() -> (Dataset, Split) {
        let folder = tempfile::tempdir().unwrap();
        let mut events = String::from("user_id,item_id,behaviour,timestamp\n");
        let day = |day: i64| 1_700_000_000 + day * 86_400;
        // `old` is there from the start, `late` from the last week before the split, `next` only after it; so are the
        // items `a`, `c` and `d`.
        for (user, item, behaviour, at) in [
            ("old", "a", "click", 0),
            ("old", "b", "click", 1),
            ("old", "a", "like", 2),
            ("late", "a", "click", 26),
            ("old", "c", "click", 27),
            ("next", "b", "click", 34),
            ("old", "d", "click", 35),
            ("old", "a", "click", 35),
        ] {
            events += &format!("{user},{item},{behaviour},{}\n", day(at));
        }
        std::fs::write(folder.path().join("events.csv"), events).unwrap();
        std::fs::write(folder.path().join("users.csv"), "user_id,gender\nold,F\nlate,M\nnext,M\n").unwrap();
        let dataset = read::load(folder.path(), None, None, &JobContext::default()).unwrap();
        let split = split::split(&dataset, &split::SplitSettings::default()).unwrap();
        (dataset, split)
    }

    #[test]
    fn what_a_user_took_stands_newest_first_with_all_that_was_done_to_it() {
        let (dataset, split) = community();
        let facts = Facts::count(&dataset, &split);
        let user = dataset.users.ids.row("old").unwrap();
        let recent = facts.recent(&dataset, user, 10);
        let items: Vec<&str> = recent.iter().map(|taken| dataset.items.ids.name(taken.item)).collect();
        assert_eq!(items, ["c", "a", "b"]);
        let behaviours: Vec<&str> =
            recent[1].behaviours.iter().map(|&kind| dataset.behaviours[usize::from(kind)].name.as_str()).collect();
        assert_eq!(behaviours, ["click", "like"]);
        assert_eq!(facts.recent(&dataset, user, 1).len(), 1);
        // `a` was taken before, so recalling it is no hit.
        let targets = facts.later_items(&dataset, user);
        assert_eq!(targets.into_iter().map(|item| dataset.items.ids.name(item)).collect::<Vec<_>>(), ["d"]);
    }

    #[test]
    fn newcomers_are_known_and_filters_draw_whom_they_name() {
        let (dataset, split) = community();
        let facts = Facts::count(&dataset, &split);
        let row = |user: &str| dataset.users.ids.row(user).unwrap();
        let band = ["old", "late", "next"].map(|user| facts.bands.user[row(user) as usize] == UserBand::New);
        assert_eq!(band, [false, false, true], "whoever has a training interaction is not new");
        let item = |item: &str| dataset.items.ids.row(item).unwrap() as usize;
        assert_eq!(["a", "b", "c", "d"].map(|id| facts.is_fresh[item(id)]), [false, false, true, true]);
        let new = ["a", "b", "c", "d"].map(|id| facts.bands.item[item(id)] == ItemBand::New);
        assert_eq!(new, [false, false, false, true]);
        for seed in 0..5 {
            assert_eq!(facts.draw(&dataset, &UserFilter::New, &[], seed), Some(row("next")));
        }
        let man = UserFilter::Value { attribute: "gender".to_owned(), value: "M".to_owned() };
        let woman = UserFilter::Value { attribute: "gender".to_owned(), value: "F".to_owned() };
        assert_eq!(facts.first_filters(), [woman, man.clone()]);
        for seed in 0..20 {
            assert_ne!(facts.draw(&dataset, &man, &[], seed), Some(row("old")));
            assert_eq!(facts.draw(&dataset, &man, &[row("next")], seed), Some(row("late")));
        }
        assert_eq!(facts.draw(&dataset, &man, &[row("next"), row("late")], 1), None);
    }
}
