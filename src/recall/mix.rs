//! `mix`: several lanes merged into one list without duplicates, by quota or by weight.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{
    Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger,
    seeds::shares,
    top::{best, by_rank},
};

/// How long a list each part is asked for, where no longer one is wanted: a list of 20 is then the beginning of one of
/// 500, because scores are normalised over the same candidates.
pub const DEPTH: usize = 500;

/// Ranks are damped by so many places in reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).
const DAMPING: f32 = 60.0;

/// A lane and how much it counts against the others; shares need not sum to 1.
#[derive(Clone)]
pub struct MixPart {
    pub lane: Arc<dyn Lane>,
    pub share: f32,
}

/// How lists are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MixBy {
    /// Each part fills a part of the places in proportion to its share, interleaved. An item that several parts found
    /// stands where the first of them to come to it puts it, and fills a place of that part; the others go on with
    /// their next. Where a part has no more, the others fill its places.
    #[default]
    Quota,
    /// By the sum of share times score, each part's scores brought to 0 to 1 over its list of [`DEPTH`] (CombSUM with
    /// min-max normalisation; Fox and Shaw, 1994; Lee, 1997). Parts that did not find an item add nothing.
    Weight,
    /// By the sum of share over (60 + rank), ranks from 1: weighted reciprocal rank fusion (Cormack, Clarke and
    /// Büttcher, 2009). Scores of no common scale do no harm.
    Rank,
}

impl MixBy {
    pub const ALL: [Self; 3] = [Self::Quota, Self::Weight, Self::Rank];

    pub fn name(self) -> &'static str {
        match self {
            Self::Quota => "quota",
            Self::Weight => "weight",
            Self::Rank => "rank",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// That a part found an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundBy {
    /// Place among the parts of the mix.
    pub part: usize,
    /// From 0, in that part's own list.
    pub rank: usize,
    /// As that part gave it.
    pub score: f32,
    /// How much of the item's being here is due to that part; the contributions to an item sum to 1.
    pub contribution: f32,
}

/// A recalled item and every part that found it, in the order of the parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixed {
    pub item: u32,
    pub score: f32,
    /// By quota: the part whose place it fills; otherwise the part that contributes most.
    pub part: usize,
    pub found_by: Vec<FoundBy>,
}

/// Lanes merged into one. Its scores have no unit: by quota 1 / (rank + 1), so that they fall.
#[derive(Clone)]
pub struct MixLane {
    parts: Vec<MixPart>,
    by: MixBy,
}

impl MixLane {
    /// Parts with a share of 0 are kept and asked, so that they can be told apart, but fill no place before all others
    /// are out of items. Refuses a mix of nothing, and shares that are negative, not finite or all 0.
    pub fn new(parts: Vec<MixPart>, by: MixBy) -> Result<Self, RecallError> {
        let refuse = |value: String, allowed| Err(RecallError::Setting { name: "share", value, allowed });
        if let Some(part) = parts.iter().find(|part| !part.share.is_finite() || part.share < 0.0) {
            return refuse(part.share.to_string(), "a number from 0");
        }
        if !parts.iter().any(|part| part.share > 0.0) {
            return refuse(format!("0 for all of {} lanes", parts.len()), "at least one lane with a share above 0");
        }
        Ok(Self { parts, by })
    }

    pub fn parts(&self) -> &[MixPart] {
        &self.parts
    }

    pub fn by(&self) -> MixBy {
        self.by
    }

    /// The same lanes with other shares; refuses what [`Self::new`] does.
    pub fn with_shares(&self, shares: &[f32]) -> Result<Self, RecallError> {
        let of_part = |(part, &share): (&MixPart, &f32)| MixPart { share, ..part.clone() };
        Self::new(self.parts.iter().zip(shares).map(of_part).collect(), self.by)
    }

    pub fn shares(&self) -> Vec<f32> {
        self.parts.iter().map(|part| part.share).collect()
    }

    /// As [`Lane::recall`], with the parts that found each item among their first `k`, at least [`DEPTH`].
    pub fn recall_with_lanes(&self, trigger: &Trigger, k: usize) -> Vec<Mixed> {
        self.candidates(trigger, k).merge_with_lanes(self.by, &self.shares(), k)
    }

    /// The parts that find `item` among their first [`DEPTH`]; none if it would not be recalled.
    pub fn parts_of(&self, trigger: &Trigger, item: u32) -> Vec<FoundBy> {
        self.candidates(trigger, DEPTH).found_by(self.by, &self.shares(), item)
    }

    /// What the parts recall for lists of `k`, from which a list of any shares is made at once.
    pub fn candidates(&self, trigger: &Trigger, k: usize) -> Candidates {
        let lanes: Vec<&dyn Lane> = self.parts.iter().map(|part| &*part.lane).collect();
        Candidates::of(&lanes, trigger, k)
    }
}

/// What several lanes recall for one trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    /// Per part, in its order.
    lists: Vec<Vec<Recalled>>,
    /// Every item once.
    items: Vec<u32>,
    /// `[items][parts]`: the rank there, [`Self::MISSED`] if it was not found.
    ranks: Vec<u32>,
}

impl Candidates {
    const MISSED: u32 = u32::MAX;

    /// Asks each of `lanes` for `k` items, at least [`DEPTH`]. What is excluded is left out here too: a part that
    /// showed it would pass it on.
    pub fn of(lanes: &[&dyn Lane], trigger: &Trigger, k: usize) -> Self {
        let ask = |lane: &&dyn Lane| {
            let mut list = lane.recall(trigger, k.max(DEPTH));
            list.retain(|recalled| trigger.exclude.binary_search(&recalled.item).is_err());
            list
        };
        let lists: Vec<Vec<Recalled>> = lanes.iter().map(ask).collect();
        let (mut items, mut ranks) = (Vec::new(), Vec::new());
        let mut places: FxHashMap<u32, usize> = FxHashMap::default();
        for (part, list) in lists.iter().enumerate() {
            for (rank, recalled) in list.iter().enumerate() {
                let place = *places.entry(recalled.item).or_insert_with(|| {
                    items.push(recalled.item);
                    ranks.resize(ranks.len() + lists.len(), Self::MISSED);
                    items.len() - 1
                });
                ranks[place * lists.len() + part] = rank as u32;
            }
        }
        Self { lists, items, ranks }
    }

    /// What one part recalls by itself.
    pub fn of_part(&self, part: usize) -> &[Recalled] {
        &self.lists[part]
    }

    /// Up to `k` items by falling score. There is one of `shares` for each part.
    pub fn merge(&self, by: MixBy, shares: &[f32], k: usize) -> Vec<Recalled> {
        self.merged(by, shares, k).into_iter().map(|(recalled, _)| recalled).collect()
    }

    /// As [`Self::merge`], with the parts that found each.
    pub fn merge_with_lanes(&self, by: MixBy, shares: &[f32], k: usize) -> Vec<Mixed> {
        let places: FxHashMap<u32, usize> = self.items.iter().enumerate().map(|(place, &item)| (item, place)).collect();
        let merged = self.merged(by, shares, k).into_iter();
        merged
            .map(|(Recalled { item, score }, part)| {
                let found_by = places.get(&item).map_or_else(Vec::new, |&place| self.found_at(by, shares, place));
                let most = || found_by.iter().max_by(|one, other| one.contribution.total_cmp(&other.contribution));
                let part = part.or_else(|| most().map(|found| found.part)).unwrap_or_default();
                Mixed { item, score, part, found_by }
            })
            .collect()
    }

    /// The parts that found `item`, in their order.
    pub fn found_by(&self, by: MixBy, shares: &[f32], item: u32) -> Vec<FoundBy> {
        let place = self.items.iter().position(|&own| own == item);
        place.map_or_else(Vec::new, |place| self.found_at(by, shares, place))
    }

    /// With the part whose place each fills, by quota.
    fn merged(&self, by: MixBy, shares: &[f32], k: usize) -> Vec<(Recalled, Option<usize>)> {
        if by == MixBy::Quota {
            let score = |rank: usize| 1.0 / (rank as f32 + 1.0);
            let in_order = self.interleave(shares, k).into_iter().enumerate();
            return in_order.map(|(rank, (item, part))| (Recalled { item, score: score(rank) }, Some(part))).collect();
        }
        let score = |place: usize| self.found(place).map(|(part, rank)| self.worth(by, shares, part, rank)).sum();
        let found =
            self.items.iter().enumerate().map(|(place, &item)| Recalled { item, score: score(place) }).collect();
        best(found, k).into_iter().map(|recalled| (recalled, None)).collect()
    }

    /// Items and the parts whose places they fill: at each place the part comes on that is furthest behind its share,
    /// with its first item that does not stand yet.
    fn interleave(&self, shares: &[f32], k: usize) -> Vec<(u32, usize)> {
        let lists = &self.lists;
        let total: f64 = shares.iter().map(|&share| f64::from(share)).sum();
        let mut filled = vec![0usize; lists.len()];
        let mut next = vec![0usize; lists.len()];
        let mut stands = FxHashSet::default();
        let mut merged = Vec::new();
        while merged.len() < k {
            for (list, next) in lists.iter().zip(&mut next) {
                while list.get(*next).is_some_and(|recalled| stands.contains(&recalled.item)) {
                    *next += 1;
                }
            }
            let behind =
                |part: usize| f64::from(shares[part]) / total * (merged.len() + 1) as f64 - filled[part] as f64;
            // Those without a share only where nobody else has any more; of equals, the first.
            let has_share = |part: usize| shares[part] > 0.0;
            let coming = (0..lists.len()).filter(|&part| next[part] < lists[part].len()).max_by(|&one, &other| {
                let by_need = behind(one).total_cmp(&behind(other));
                has_share(one).cmp(&has_share(other)).then(by_need).then(other.cmp(&one))
            });
            let Some(part) = coming else { break };
            let item = lists[part][next[part]].item;
            stands.insert(item);
            filled[part] += 1;
            merged.push((item, part));
        }
        merged
    }

    /// What the item at `rank` of a part's list adds to its sum; by quota, where nothing is summed, as by rank.
    fn worth(&self, by: MixBy, shares: &[f32], part: usize, rank: usize) -> f32 {
        match by {
            MixBy::Weight => shares[part] * min_max(&self.lists[part], rank),
            MixBy::Quota | MixBy::Rank => shares[part] / (DAMPING + rank as f32 + 1.0),
        }
    }

    /// Parts and ranks of the item at `place`.
    fn found(&self, place: usize) -> impl Iterator<Item = (usize, usize)> {
        let parts = self.lists.len();
        let ranks = self.ranks[place * parts..(place + 1) * parts].iter().enumerate();
        ranks.filter(|&(_, &rank)| rank != Self::MISSED).map(|(part, &rank)| (part, rank as usize))
    }

    fn found_at(&self, by: MixBy, shares: &[f32], place: usize) -> Vec<FoundBy> {
        let mut found: Vec<FoundBy> = self
            .found(place)
            .map(|(part, rank)| FoundBy {
                part,
                rank,
                score: self.lists[part][rank].score,
                contribution: self.worth(by, shares, part, rank),
            })
            .collect();
        let sum: f32 = found.iter().map(|found| found.contribution).sum();
        let even = 1.0 / found.len() as f32;
        for found in &mut found {
            // Nothing but last places and shares of 0: all alike.
            found.contribution = if sum > 0.0 { found.contribution / sum } else { even };
        }
        found
    }
}

/// The score at `rank` brought to 0 to 1 over `list`, which falls; 1 where all are alike.
fn min_max(list: &[Recalled], rank: usize) -> f32 {
    let (greatest, least) = (list[0].score, list[list.len() - 1].score);
    if greatest > least { (list[rank].score - least) / (greatest - least) } else { 1.0 }
}

impl Lane for MixLane {
    fn kind(&self) -> LaneKind {
        LaneKind::Mix
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let merged = self.candidates(trigger, k).merge(self.by, &self.shares(), k);
        debug_assert!(merged.is_sorted_by(|one, next| by_rank(one, next).is_lt()));
        merged
    }

    /// The seeds of the parts that found the item, each as much as its part contributes. What a part's own seeds do
    /// not carry (attributes, popularity) is left out, so that shares sum to at most 1.
    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let mut sums: FxHashMap<u32, f32> = FxHashMap::default();
        for found in self.parts_of(trigger, item) {
            for seed in self.parts[found.part].lane.seeds(trigger, item) {
                *sums.entry(seed.item).or_default() += seed.share * found.contribution;
            }
        }
        let carried: f32 = sums.values().sum();
        let mut seeds = shares(sums.into_iter().collect());
        for seed in &mut seeds {
            seed.share *= carried.min(1.0);
        }
        seeds
    }

    fn mix(&self) -> Option<&MixLane> {
        Some(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Shows its items in their order with falling scores; its one seed is `seed`.
    struct Fixed {
        items: Vec<u32>,
        seed: u32,
    }

    impl Lane for Fixed {
        fn kind(&self) -> LaneKind {
            LaneKind::Hot
        }

        fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
            let shown = self.items.iter().filter(|item| trigger.exclude.binary_search(item).is_err());
            let score = |rank: usize| 100.0 - rank as f32;
            shown.take(k).enumerate().map(|(rank, &item)| Recalled { item, score: score(rank) }).collect()
        }

        fn seeds(&self, _trigger: &Trigger, item: u32) -> Vec<SeedShare> {
            let is_known = self.items.contains(&item);
            is_known.then_some(SeedShare { item: self.seed, share: 0.5 }).into_iter().collect()
        }
    }

    fn mix(lists: &[(&[u32], f32)], by: MixBy) -> MixLane {
        let part = |(seed, (items, share)): (usize, &(&[u32], f32))| MixPart {
            lane: Arc::new(Fixed { items: items.to_vec(), seed: seed as u32 }),
            share: *share,
        };
        MixLane::new(lists.iter().enumerate().map(part).collect(), by).unwrap()
    }

    fn items(recalled: &[Recalled]) -> Vec<u32> {
        recalled.iter().map(|recalled| recalled.item).collect()
    }

    #[test]
    fn quotas_are_interleaved_and_gaps_refilled() {
        let lane = mix(&[(&[1, 2, 3, 4, 5, 6], 2.0), (&[11, 12, 13, 14], 1.0)], MixBy::Quota);
        assert_eq!(items(&lane.recall(&Trigger::default(), 6)), [1, 11, 2, 3, 12, 4]);
        // The second part has two only: the first fills its places.
        let lane = mix(&[(&[1, 2, 3, 4, 5, 6], 1.0), (&[11, 12], 1.0)], MixBy::Quota);
        assert_eq!(items(&lane.recall(&Trigger::default(), 8)), [1, 11, 2, 12, 3, 4, 5, 6]);
        // A duplicate falls to the part that comes to it first; the other goes on.
        let lane = mix(&[(&[1, 2, 3], 1.0), (&[7, 1, 2, 9], 1.0)], MixBy::Quota);
        let mixed = lane.recall_with_lanes(&Trigger::default(), 9);
        let placed: Vec<(u32, usize)> = mixed.iter().map(|mixed| (mixed.item, mixed.part)).collect();
        assert_eq!(placed, [(1, 0), (7, 1), (2, 0), (9, 1), (3, 0)]);
        let ranks: Vec<(usize, usize)> = mixed[2].found_by.iter().map(|found| (found.part, found.rank)).collect();
        assert_eq!(ranks, [(0, 1), (1, 2)]);
        // Without a share: last, whatever it shows first.
        let lane = mix(&[(&[5], 0.0), (&[8, 9], 1.0)], MixBy::Quota);
        assert_eq!(items(&lane.recall(&Trigger::default(), 9)), [8, 9, 5]);
    }

    #[test]
    fn weights_by_hand() {
        // Min-max of 4 falling scores: 1, 2/3, 1/3, 0.
        let lane = mix(&[(&[1, 2, 3, 4], 1.0), (&[3, 5, 1, 6], 2.0)], MixBy::Weight);
        let mixed = lane.recall_with_lanes(&Trigger::default(), 10);
        let wanted = [(3, 1.0 / 3.0 + 2.0), (1, 1.0 + 2.0 / 3.0), (5, 4.0 / 3.0), (2, 2.0 / 3.0), (4, 0.0), (6, 0.0)];
        assert_eq!(mixed.len(), wanted.len());
        for (mixed, (item, score)) in mixed.iter().zip(wanted) {
            assert_eq!(mixed.item, item);
            assert!((mixed.score - score).abs() < 1e-5, "{mixed:?}");
        }
        assert_eq!(mixed[0].part, 1);
        assert!((mixed[0].found_by[0].contribution - 1.0 / 7.0).abs() < 1e-5, "{:?}", mixed[0]);
        let lane = mix(&[(&[1, 2], 1.0), (&[2, 3], 1.0)], MixBy::Rank);
        let recalled = lane.recall(&Trigger::default(), 10);
        assert_eq!(items(&recalled), [2, 1, 3]);
        assert!((recalled[0].score - (1.0 / 62.0 + 1.0 / 61.0)).abs() < 1e-7);
    }

    #[test]
    fn seeds_are_those_of_the_parts_by_contribution() {
        let lane = mix(&[(&[1, 2, 3, 4], 1.0), (&[3, 5, 1, 6], 2.0)], MixBy::Weight);
        let seeds = lane.seeds(&Trigger::default(), 3);
        assert_eq!(seeds.iter().map(|seed| seed.item).collect::<Vec<_>>(), [1, 0]);
        assert!((seeds[0].share - 3.0 / 7.0).abs() < 1e-5 && (seeds[1].share - 0.5 / 7.0).abs() < 1e-5, "{seeds:?}");
        assert!(lane.seeds(&Trigger::default(), 77).is_empty() && lane.parts_of(&Trigger::default(), 77).is_empty());
    }

    #[test]
    fn what_makes_no_mix_is_refused() {
        let part = |share| MixPart { lane: Arc::new(Fixed { items: vec![1], seed: 0 }), share };
        for shares in [vec![], vec![0.0, 0.0], vec![-1.0, 2.0], vec![f32::NAN], vec![f32::INFINITY, 1.0]] {
            let error = MixLane::new(shares.into_iter().map(part).collect(), MixBy::Quota).err().unwrap();
            assert!(error.to_string().starts_with("the setting `share` is "), "{error}");
        }
        for by in MixBy::ALL {
            assert_eq!(MixBy::from_name(by.name()), Some(by));
        }
    }

    fn lists() -> impl Strategy<Value = Vec<(Vec<u32>, f32)>> {
        let list = vec(0u32..60, 0..40).prop_map(|mut items| {
            let mut seen = FxHashSet::default();
            items.retain(|item| seen.insert(*item));
            items
        });
        vec((list, 0.0f32..3.0), 1..5).prop_filter("a share", |parts| parts.iter().any(|part| part.1 > 0.0))
    }

    proptest! {
        #[test]
        fn no_duplicates_k_kept_nothing_excluded(
            lists in lists(), by in prop::sample::select(&MixBy::ALL[..]), k in 0usize..80, exclude in vec(0u32..60, 0..10)
        ) {
            let mut exclude = exclude;
            exclude.sort_unstable();
            let trigger = Trigger { exclude, ..Trigger::default() };
            let borrowed: Vec<(&[u32], f32)> = lists.iter().map(|(items, share)| (&items[..], *share)).collect();
            let lane = mix(&borrowed, by);
            let found = lane.recall(&trigger, k);
            let distinct: FxHashSet<u32> = found.iter().map(|recalled| recalled.item).collect();
            let known: FxHashSet<u32> = lists
                .iter()
                .flat_map(|part| part.0.iter().copied())
                .filter(|item| !trigger.exclude.contains(item))
                .collect();
            prop_assert_eq!(distinct.len(), found.len());
            prop_assert_eq!(found.len(), k.min(known.len()));
            prop_assert!(distinct.is_subset(&known));
            prop_assert!(found.is_sorted_by(|one, next| by_rank(one, next).is_lt()));
            // Shorter lists are beginnings of longer ones.
            let longer = lane.recall(&trigger, k + 7);
            prop_assert_eq!(&longer[..found.len()], &found[..]);
            let mixed = lane.recall_with_lanes(&trigger, k);
            prop_assert_eq!(mixed.len(), found.len());
            for (mixed, recalled) in mixed.iter().zip(&found) {
                prop_assert_eq!(mixed.item, recalled.item);
                prop_assert!(mixed.found_by.iter().any(|found| found.part == mixed.part));
                let sum: f32 = mixed.found_by.iter().map(|found| found.contribution).sum();
                prop_assert!((sum - 1.0).abs() < 1e-4);
                let of_lists = lists.iter().filter(|part| part.0.contains(&mixed.item)).count();
                prop_assert_eq!(mixed.found_by.len(), of_lists);
            }
        }

        #[test]
        fn quotas_are_kept_to_less_than_one_place(shares in vec(0.05f32..3.0, 1..5), k in 1usize..100) {
            // Lists that overlap only by chance of construction: each part has its own hundred, and ten of all.
            let lists: Vec<Vec<u32>> = (0..shares.len() as u32)
                .map(|part| (0..10).map(|at| 1_000 + at).chain((0..200).map(|at| 10_000 * (part + 1) + at)).collect())
                .collect();
            let borrowed: Vec<(&[u32], f32)> =
                lists.iter().zip(&shares).map(|(items, &share)| (&items[..], share)).collect();
            let mixed = mix(&borrowed, MixBy::Quota).recall_with_lanes(&Trigger::default(), k);
            let total: f32 = shares.iter().sum();
            for (part, share) in shares.iter().enumerate() {
                let filled = mixed.iter().filter(|mixed| mixed.part == part).count() as f32;
                prop_assert!((filled - share / total * k as f32).abs() < shares.len() as f32, "{filled} of {k}");
            }
        }
    }
}
