//! What the case study shows of one user, computed when it is first looked at and when a lane arrives.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    dataset::Dataset,
    recall::{LaneKind, SeedShare, Trigger},
    ui::{
        facts::{Facts, Taken},
        session::Opened,
    },
};

/// How many items of each lane are shown; the same number that the headline metric looks at.
pub const SHOWN: usize = 20;
/// How many recent items are kept for the strip.
const MAX_RECENT: usize = 60;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    pub is_hit: bool,
    /// The tag in common with the user's own items that he likes best.
    pub shared_tag: Option<u32>,
    pub is_tail: bool,
    pub is_fresh: bool,
    /// Whether another user's column has it in the same lane.
    pub is_shared: bool,
}

#[derive(Debug, Clone)]
pub struct RecalledItem {
    pub item: u32,
    pub score: f32,
    pub marks: Marks,
    /// Other lanes that have it among their first [`SHOWN`], with its rank there, from 1.
    pub also: Vec<(LaneKind, usize)>,
}

#[derive(Debug, Default)]
pub struct LaneCase {
    pub recalled: Vec<RecalledItem>,
    pub hits: usize,
}

pub struct UserCase {
    pub user: u32,
    pub trigger: Trigger,
    pub behaviours: Vec<(u8, u32)>,
    pub favourite_tags: Vec<(u32, u32)>,
    pub recent: Vec<Taken>,
    pub later: Vec<Taken>,
    /// Items taken later that the training part does not hold: what a recall can hit.
    pub targets: FxHashSet<u32>,
    pub lanes: FxHashMap<LaneKind, LaneCase>,
    tags: FxHashSet<u32>,
}

impl UserCase {
    fn new(opened: &Opened, facts: &Facts, user: u32) -> Self {
        let dataset = &*opened.dataset;
        let favourite_tags = facts.favourite_tags(dataset, user);
        Self {
            user,
            trigger: opened.triggers().map(|triggers| triggers.of(user)).unwrap_or_default(),
            behaviours: facts.behaviours(dataset, user),
            tags: favourite_tags.iter().map(|&(tag, _)| tag).collect(),
            favourite_tags,
            recent: facts.recent(dataset, user, MAX_RECENT),
            later: facts.later(dataset, user),
            targets: facts.later_items(dataset, user),
            lanes: FxHashMap::default(),
        }
    }

    fn recall(&mut self, opened: &Opened, facts: &Facts) {
        let dataset = &*opened.dataset;
        self.lanes.clear();
        for kind in LaneKind::ALL {
            let Some(trained) = opened.trained(kind) else { continue };
            let recalled = trained
                .lane
                .recall(&self.trigger, SHOWN)
                .into_iter()
                .filter(|found| (found.item as usize) < dataset.item_count())
                .map(|found| RecalledItem {
                    item: found.item,
                    score: found.score,
                    marks: Marks {
                        is_hit: self.targets.contains(&found.item),
                        shared_tag: self.best_shared_tag(dataset, found.item),
                        is_tail: facts.is_tail(found.item),
                        is_fresh: facts.is_fresh[found.item as usize],
                        is_shared: false,
                    },
                    also: Vec::new(),
                })
                .collect::<Vec<_>>();
            let hits = recalled.iter().filter(|found| found.marks.is_hit).count();
            self.lanes.insert(kind, LaneCase { recalled, hits });
        }
        self.find_also();
    }

    fn find_also(&mut self) {
        let mut ranks = FxHashMap::<u32, Vec<(LaneKind, usize)>>::default();
        for kind in LaneKind::ALL {
            for (place, found) in self.lanes.get(&kind).iter().flat_map(|lane| &lane.recalled).enumerate() {
                ranks.entry(found.item).or_default().push((kind, place + 1));
            }
        }
        for (kind, lane) in &mut self.lanes {
            for found in &mut lane.recalled {
                found.also = ranks[&found.item].iter().copied().filter(|(other, _)| other != kind).collect();
            }
        }
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

    /// Whether any lane has `item` among its first [`SHOWN`].
    pub fn is_recalled(&self, item: u32) -> bool {
        self.lanes.values().any(|lane| lane.recalled.iter().any(|found| found.item == item))
    }
}

/// The cases that were looked at, for the artifacts that stand.
#[derive(Default)]
pub struct Cases {
    fingerprint: String,
    revision: u64,
    cases: FxHashMap<u32, UserCase>,
    seeds: FxHashMap<(u32, LaneKind, u32), Vec<SeedShare>>,
    /// The users in the columns when `Marks::is_shared` was last found.
    compared: Vec<u32>,
}

impl Cases {
    /// Makes the cases of `users` ready. Costs nothing while nothing has changed.
    pub fn prepare(&mut self, opened: &Opened, users: &[u32]) {
        let Some(facts) = opened.facts() else { return };
        if self.fingerprint != opened.dataset.fingerprint || self.revision != opened.revision {
            self.fingerprint.clone_from(&opened.dataset.fingerprint);
            self.revision = opened.revision;
            self.cases.clear();
            self.seeds.clear();
            self.compared.clear();
        }
        for &user in users {
            self.cases.entry(user).or_insert_with(|| {
                let mut case = UserCase::new(opened, facts, user);
                case.recall(opened, facts);
                case
            });
        }
        if self.compared != users {
            self.compare(users);
            self.compared = users.to_vec();
        }
    }

    fn compare(&mut self, users: &[u32]) {
        for kind in LaneKind::ALL {
            let mut columns = FxHashMap::<u32, usize>::default();
            let unique: FxHashSet<u32> = users.iter().copied().collect();
            for found in
                unique.iter().filter_map(|user| self.cases.get(user)?.lanes.get(&kind)).flat_map(|l| &l.recalled)
            {
                *columns.entry(found.item).or_default() += 1;
            }
            for user in unique {
                let Some(lane) = self.cases.get_mut(&user).and_then(|case| case.lanes.get_mut(&kind)) else { continue };
                for found in &mut lane.recalled {
                    found.marks.is_shared = columns.get(&found.item).is_some_and(|&count| count > 1);
                }
            }
        }
    }

    pub fn get(&self, user: u32) -> Option<&UserCase> {
        self.cases.get(&user)
    }

    /// Which items of the user carried `item` in `kind`, by falling share.
    pub fn seeds(&mut self, opened: &Opened, user: u32, kind: LaneKind, item: u32) -> &[SeedShare] {
        let cases = &self.cases;
        self.seeds.entry((user, kind, item)).or_insert_with(|| match (cases.get(&user), opened.trained(kind)) {
            (Some(case), Some(trained)) => trained.lane.seeds(&case.trigger, item),
            _ => Vec::new(),
        })
    }
}
