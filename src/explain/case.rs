//! A case: somebody, in what he is taken to differ from the log, and what a lane recalls for him, marked.

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::{Facts, Taken};
use crate::{
    dataset::Dataset,
    recall::{Lane, LaneKind, Recalled, Trigger},
};

/// How many recent items are kept.
const MAX_RECENT: usize = 60;

/// A user, and in what he is taken to differ from the log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaseKey {
    pub user: u32,
    /// What he clicked just now, the latest last.
    pub clicks: Vec<u32>,
    /// What he did not take, sorted.
    pub struck: Vec<u32>,
    /// Fields of the users' table, and entries of their vocabularies.
    pub changed: Vec<(String, Vec<u32>)>,
}

impl CaseKey {
    /// Whether he is anybody else than the log knows.
    pub fn differs(&self) -> bool {
        !self.clicks.is_empty() || self.is_as_if()
    }

    /// Whether he differs in more than live clicks.
    pub fn is_as_if(&self) -> bool {
        !self.struck.is_empty() || !self.changed.is_empty()
    }

    /// Whether the lane can take notice of that. Popularity is the same for everybody, and only graph networks and
    /// clusters of users look at attributes, those that they were trained with.
    pub fn moves(&self, lane: &dyn Lane) -> bool {
        let takes = lane.kind() != LaneKind::Hot && !(self.clicks.is_empty() && self.struck.is_empty());
        if let Some(mix) = lane.mix() {
            return mix.parts().iter().any(|part| self.moves(&*part.lane));
        }
        let is_known = |name: &str| {
            lane.gnn().is_some_and(|network| network.features().user_fields.iter().any(|field| field.name == name))
                || lane.user_cluster().is_some_and(|own| own.clusters().knows(name))
        };
        takes || self.changed.iter().any(|(name, _)| is_known(name))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    pub is_hit: bool,
    /// The tag in common with the user's own items that he likes best.
    pub shared_tag: Option<u32>,
    pub is_tail: bool,
    pub is_fresh: bool,
    /// Whether another user's column has it from the same run.
    pub is_shared: bool,
    /// Whether only what the user is taken to have done, or to be, brought it.
    pub has_come: bool,
}

#[derive(Debug, Clone)]
pub struct RecalledItem {
    pub item: u32,
    pub score: f32,
    pub marks: Marks,
    /// Other runs that have it, with its rank there, from 1.
    pub also: Vec<(usize, usize)>,
}

/// What a lane recalls in a case.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub recalled: Vec<RecalledItem>,
    /// Whether the lane can take notice of what the user is taken to have done, or to be.
    pub moves: bool,
    /// What was among the first without that, and is no longer; each with its rank then, from 1.
    pub gone: Vec<(u32, usize)>,
}

/// Somebody in the light of one split: a user, or whoever took one item alone.
pub struct Profile {
    trigger: Trigger,
    pub behaviours: Vec<(u8, u32)>,
    pub favourite_tags: Vec<(u32, u32)>,
    pub recent: Vec<Taken>,
    pub later: Vec<Taken>,
    /// Items taken later that the training part does not hold: what a recall can hit.
    pub targets: FxHashSet<u32>,
    tags: FxHashSet<u32>,
}

impl Profile {
    /// `trigger` is what lanes are asked with for `user`.
    pub fn of_user(dataset: &Dataset, facts: &Facts, trigger: Trigger, user: u32) -> Self {
        let favourite_tags = facts.favourite_tags(dataset, user);
        Self {
            trigger,
            behaviours: facts.behaviours(dataset, user),
            tags: favourite_tags.iter().map(|&(tag, _)| tag).collect(),
            favourite_tags,
            recent: facts.recent(dataset, user, MAX_RECENT),
            later: facts.later(dataset, user),
            targets: facts.later_items(dataset, user),
        }
    }

    /// Somebody whom the log does not know and who took `item`, and nothing else.
    pub fn of_item(dataset: &Dataset, item: u32) -> Self {
        let tags = dataset.items.tags.of(item);
        Self {
            trigger: Trigger { recent: vec![(item, 1.0)], exclude: vec![item], ..Trigger::default() },
            behaviours: Vec::new(),
            favourite_tags: tags.iter().map(|&tag| (tag, 1)).collect(),
            recent: Vec::new(),
            later: Vec::new(),
            targets: FxHashSet::default(),
            tags: tags.iter().copied().collect(),
        }
    }

    pub fn is_new(&self) -> bool {
        self.trigger.recent.is_empty()
    }

    fn best_shared_tag(&self, dataset: &Dataset, item: u32) -> Option<u32> {
        let tags = dataset.items.tags.of(item);
        if !tags.iter().any(|tag| self.tags.contains(tag)) {
            return None;
        }
        self.favourite_tags.iter().map(|&(tag, _)| tag).find(|tag| tags.contains(tag))
    }

    /// Tags of `item` that the user's own items have too.
    pub fn common_tags(&self, dataset: &Dataset, item: u32) -> Vec<u32> {
        dataset.items.tags.of(item).iter().copied().filter(|tag| self.tags.contains(tag)).collect()
    }

    /// What a lane is asked with for the user as `key` takes him to be.
    pub fn trigger_of(&self, dataset: &Dataset, key: &CaseKey, lane: &dyn Lane) -> Trigger {
        let mut trigger = self.trigger.clone();
        if !key.moves(lane) {
            return trigger;
        }
        let CaseKey { clicks, struck, changed, .. } = key;
        let stays = |item: &u32| struck.binary_search(item).is_err();
        trigger.recent.retain(|(item, _)| stays(item));
        trigger.exclude.retain(stays);
        trigger.changed.clone_from(changed);
        let weight = dataset.behaviours.iter().find(|kind| kind.name == "click").map_or(1.0, |click| click.weight);
        trigger.recent.extend(clicks.iter().map(|&item| (item, weight)));
        trigger.exclude.extend(clicks);
        trigger.exclude.sort_unstable();
        trigger.exclude.dedup();
        trigger
    }

    /// The first `shown` items that `lane` recalls for the user as `key` takes him to be, marked; what other lanes and
    /// other users have is left open.
    pub fn ask(&self, dataset: &Dataset, facts: &Facts, key: &CaseKey, lane: &dyn Lane, shown: usize) -> Answer {
        let known = |found: &Recalled| (found.item as usize) < dataset.item_count();
        let ask =
            |trigger: &Trigger| -> Vec<Recalled> { lane.recall(trigger, shown).into_iter().filter(known).collect() };
        let moves = key.moves(lane);
        let found = ask(&self.trigger_of(dataset, key, lane));
        let before = if moves { ask(&self.trigger) } else { Vec::new() };
        let marked = |found: &Recalled| RecalledItem {
            item: found.item,
            score: found.score,
            marks: Marks {
                is_hit: self.targets.contains(&found.item),
                shared_tag: self.best_shared_tag(dataset, found.item),
                is_tail: facts.is_tail(found.item),
                is_fresh: facts.is_fresh[found.item as usize],
                is_shared: false,
                has_come: moves && !before.iter().any(|before| before.item == found.item),
            },
            also: Vec::new(),
        };
        let stays = |item: u32| found.iter().any(|found| found.item == item) || key.clicks.contains(&item);
        let ranked = before.iter().enumerate().map(|(place, before)| (before.item, place + 1));
        Answer {
            recalled: found.iter().map(marked).collect(),
            moves,
            gone: ranked.filter(|&(item, _)| !stays(item)).collect(),
        }
    }
}

/// Notes with each item which other runs have it; each list comes with its run's number.
pub fn find_also(mut lists: Vec<(usize, &mut Vec<RecalledItem>)>) {
    lists.sort_unstable_by_key(|(run, _)| *run);
    let mut ranks = FxHashMap::<u32, Vec<(usize, usize)>>::default();
    for (run, list) in &lists {
        for (place, found) in list.iter().enumerate() {
            ranks.entry(found.item).or_default().push((*run, place + 1));
        }
    }
    for (run, list) in lists {
        for found in list {
            found.also = ranks[&found.item].iter().copied().filter(|&(other, _)| other != run).collect();
        }
    }
}
