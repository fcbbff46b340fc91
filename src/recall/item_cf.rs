//! `item-cf`: items similar to the user's recent items, by the item-item graph.

use std::{cell::RefCell, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger,
    seeds::{Recency, shares},
    top,
};
use crate::graph::Csr;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ItemCfSettings {
    /// How many of the newest distinct items count.
    pub last_items: usize,
    /// After how many newer items one counts half; `None`: all count alike.
    pub half_life_items: Option<f32>,
    /// Factor on edges that only attributes gave, so that items nobody took yet do not crowd out the others.
    pub attribute_weight: f32,
}

impl Default for ItemCfSettings {
    fn default() -> Self {
        Self { last_items: 50, half_life_items: Some(10.0), attribute_weight: 0.1 }
    }
}

/// Score of target j: sum over the recent items i among j's neighbours of (weight of i) · (similarity of j to i).
#[derive(Debug)]
pub struct ItemCfLane {
    /// Row = target item, columns = its most similar items.
    by_target: Arc<Csr>,
    is_attribute_edge: Arc<[bool]>,
    /// Row = recent item; the targets that have it among their neighbours, with their scaled similarity.
    by_seed: Csr,
    recency: Recency,
    attribute_weight: f32,
}

thread_local! {
    /// Sums per item, all 0 between calls, so that a call costs what it touches and not the number of items.
    static SUMS: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl ItemCfLane {
    /// `item_item`: row = target item, columns = its most similar items. `is_attribute_edge`: one mark an edge, or
    /// none at all.
    pub fn build(
        item_item: Arc<Csr>,
        is_attribute_edge: &[bool],
        settings: &ItemCfSettings,
    ) -> Result<Self, RecallError> {
        let recency = Recency::new(settings.last_items, settings.half_life_items)?;
        let attribute_weight = settings.attribute_weight;
        if !(attribute_weight.is_finite() && attribute_weight >= 0.0) {
            return Err(RecallError::Setting {
                name: "attribute_weight",
                value: attribute_weight.to_string(),
                allowed: "a number from 0",
            });
        }
        let edges = item_item.targets.len();
        if !is_attribute_edge.is_empty() && is_attribute_edge.len() != edges {
            return Err(RecallError::Marks { marks: is_attribute_edge.len(), edges });
        }
        let scaled = |edge: usize| scale(item_item.weights[edge], is_attribute_edge.get(edge), attribute_weight);
        let rows = item_item.offsets.len().saturating_sub(1);
        let columns = item_item.targets.iter().map(|&item| item as usize + 1).max().unwrap_or(0).max(rows);
        let mut offsets = vec![0u64; columns + 1];
        for &seed in &item_item.targets {
            offsets[seed as usize + 1] += 1;
        }
        for seed in 1..offsets.len() {
            offsets[seed] += offsets[seed - 1];
        }
        let mut next = offsets.clone();
        let (mut targets, mut weights) = (vec![0u32; edges], vec![0f32; edges]);
        for target in 0..rows {
            for edge in item_item.offsets[target] as usize..item_item.offsets[target + 1] as usize {
                let place = &mut next[item_item.targets[edge] as usize];
                targets[*place as usize] = target as u32;
                weights[*place as usize] = scaled(edge);
                *place += 1;
            }
        }
        let by_seed = Csr { offsets, targets, weights };
        Ok(Self {
            by_target: item_item,
            is_attribute_edge: is_attribute_edge.into(),
            by_seed,
            recency,
            attribute_weight,
        })
    }

    fn knows(&self, item: u32) -> bool {
        (item as usize) + 1 < self.by_seed.offsets.len()
    }
}

fn scale(weight: f32, is_attribute_edge: Option<&bool>, attribute_weight: f32) -> f32 {
    if is_attribute_edge.copied().unwrap_or(false) { weight * attribute_weight } else { weight }
}

impl Lane for ItemCfLane {
    fn kind(&self) -> LaneKind {
        LaneKind::ItemCf
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let seeds = self.recency.seeds(trigger, |item| self.knows(item));
        if seeds.is_empty() || k == 0 {
            return Vec::new();
        }
        SUMS.with_borrow_mut(|sums| {
            let targets = self.by_target.offsets.len() - 1;
            if sums.len() < targets {
                sums.resize(targets, 0.0);
            }
            let mut touched = Vec::new();
            for seed in seeds {
                let (targets, weights) = self.by_seed.row(seed.item);
                for (&target, &weight) in targets.iter().zip(weights) {
                    let part = seed.weight * weight;
                    if part > 0.0 {
                        let sum = &mut sums[target as usize];
                        if *sum == 0.0 {
                            touched.push(target);
                        }
                        *sum += part;
                    }
                }
            }
            let mut best = top::Best::new(k);
            for item in touched {
                let score = std::mem::take(&mut sums[item as usize]);
                if best.admits(score) && trigger.exclude.binary_search(&item).is_err() {
                    best.push(item, score);
                }
            }
            best.finish()
        })
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        if item as usize + 1 >= self.by_target.offsets.len() {
            return Vec::new();
        }
        let first_edge = self.by_target.offsets[item as usize] as usize;
        let (neighbours, weights) = self.by_target.row(item);
        let similarity = |seed: u32| {
            let place = neighbours.iter().position(|&neighbour| neighbour == seed)?;
            Some(scale(weights[place], self.is_attribute_edge.get(first_edge + place), self.attribute_weight))
        };
        let parts = self
            .recency
            .seeds(trigger, |item| self.knows(item))
            .into_iter()
            .filter_map(|seed| Some((seed.item, seed.weight * similarity(seed.item)?)))
            .filter(|part| part.1 > 0.0)
            .collect();
        shares(parts)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn csr(rows: &[Vec<(u32, f32)>]) -> Arc<Csr> {
        let mut graph = Csr { offsets: vec![0], targets: Vec::new(), weights: Vec::new() };
        for row in rows {
            for &(target, weight) in row {
                graph.targets.push(target);
                graph.weights.push(weight);
            }
            graph.offsets.push(graph.targets.len() as u64);
        }
        Arc::new(graph)
    }

    fn trigger(recent: &[u32], exclude: &[u32]) -> Trigger {
        Trigger {
            user: None,
            recent: recent.iter().map(|&item| (item, 1.0)).collect(),
            exclude: exclude.to_vec(),
            ..Trigger::default()
        }
    }

    #[test]
    fn goes_from_seed_to_targets_against_the_rows() {
        // Item 0 has 1 among its neighbours, but 1 does not have 0: only a trigger with 1 brings 0.
        let graph = csr(&[vec![(1, 0.5)], vec![(2, 0.9)], vec![]]);
        let lane = ItemCfLane::build(graph, &[], &ItemCfSettings::default()).unwrap();
        assert_eq!(lane.recall(&trigger(&[1], &[]), 5), [Recalled { item: 0, score: 0.5 }]);
        assert!(lane.recall(&trigger(&[0], &[]), 5).is_empty());
        assert!(lane.recall(&trigger(&[], &[]), 5).is_empty());
        assert!(lane.recall(&trigger(&[77], &[]), 5).is_empty());
        assert!(lane.seeds(&trigger(&[1], &[]), 77).is_empty());
    }

    #[test]
    fn attribute_edges_count_less() {
        let graph = csr(&[vec![(2, 1.0)], vec![(2, 0.5)], vec![]]);
        let settings = ItemCfSettings { attribute_weight: 0.25, ..ItemCfSettings::default() };
        let lane = ItemCfLane::build(graph.clone(), &[true, false], &settings).unwrap();
        let found = lane.recall(&trigger(&[2], &[]), 5);
        assert_eq!(found, [Recalled { item: 1, score: 0.5 }, Recalled { item: 0, score: 0.25 }]);
        assert_eq!(lane.seeds(&trigger(&[2], &[]), 0), [SeedShare { item: 2, share: 1.0 }]);
        assert!(matches!(
            ItemCfLane::build(graph.clone(), &[true], &settings),
            Err(RecallError::Marks { marks: 1, edges: 2 })
        ));
        let negative = ItemCfSettings { attribute_weight: -1.0, ..settings };
        assert!(ItemCfLane::build(graph, &[], &negative).unwrap_err().to_string().contains("attribute_weight"));
    }

    proptest! {
        #[test]
        fn equals_the_plain_sum(
            // Weights from a small set, so that ties are common.
            similarity in vec(vec(0u8..5, 12), 12),
            recent in vec(0u32..12, 0..30),
            exclude in vec(0u32..12, 0..6),
            k in 0usize..14,
            last_items in 1usize..8,
        ) {
            let rows: Vec<Vec<(u32, f32)>> = similarity
                .iter()
                .enumerate()
                .map(|(target, row)| {
                    let edges = row.iter().enumerate().filter(|&(seed, &weight)| seed != target && weight > 0);
                    edges.map(|(seed, &weight)| (seed as u32, f32::from(weight) / 4.0)).collect()
                })
                .collect();
            let mut exclude = exclude;
            exclude.sort_unstable();
            let trigger = trigger(&recent, &exclude);
            let settings = ItemCfSettings { last_items, half_life_items: Some(2.0), ..ItemCfSettings::default() };
            let lane = ItemCfLane::build(csr(&rows), &[], &settings).unwrap();

            let mut newest: Vec<(u32, f32)> = Vec::new();
            for &item in recent.iter().rev() {
                match newest.iter_mut().find(|seed| seed.0 == item) {
                    Some(seed) => seed.1 += 1.0,
                    None => newest.push((item, 1.0)),
                }
            }
            newest.truncate(last_items);
            let mut expected: Vec<Recalled> = (0..12u32)
                .filter(|item| !exclude.contains(item))
                .map(|item| {
                    let score = newest.iter().enumerate().map(|(age, &(seed, weight))| {
                        let edge = rows[item as usize].iter().find(|edge| edge.0 == seed);
                        weight * 0.5f32.powf(age as f32 / 2.0) * edge.map_or(0.0, |edge| edge.1)
                    });
                    Recalled { item, score: score.sum() }
                })
                .filter(|recalled| recalled.score > 0.0)
                .collect();
            expected.sort_by(top::by_rank);
            let all = lane.recall(&trigger, 12);
            prop_assert_eq!(all.len(), expected.len());
            let mut by_item = all.clone();
            by_item.sort_by_key(|recalled| recalled.item);
            expected.sort_by_key(|recalled| recalled.item);
            for (one, other) in by_item.iter().zip(&expected) {
                prop_assert_eq!(one.item, other.item);
                prop_assert!((one.score - other.score).abs() < 1e-4);
            }
            prop_assert!(all.is_sorted_by(|one, other| top::by_rank(one, other).is_lt()));
            let cut = lane.recall(&trigger, k);
            prop_assert_eq!(&cut[..], &all[..k.min(all.len())]);

            for recalled in &all {
                let parts = lane.seeds(&trigger, recalled.item);
                prop_assert!(parts.is_sorted_by(|one, other| one.share >= other.share));
                let sum: f32 = parts.iter().map(|part| part.share).sum();
                prop_assert!((sum - 1.0).abs() < 1e-5);
                for part in parts {
                    let age = newest.iter().position(|seed| seed.0 == part.item).unwrap();
                    let edge = rows[recalled.item as usize].iter().find(|edge| edge.0 == part.item).unwrap().1;
                    let own = newest[age].1 * 0.5f32.powf(age as f32 / 2.0) * edge;
                    prop_assert!((part.share * recalled.score - own).abs() < 1e-4);
                }
            }
        }
    }
}
