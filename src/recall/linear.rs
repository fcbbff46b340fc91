//! Linear item-item models: a user's score of an item is the sum of what his items say for it. The controls `ease` and
//! `rp3beta` are of this kind (algorithms, section 8).

use std::{cell::RefCell, sync::Arc};

use rustc_hash::FxHashSet;

use super::{Lane, LaneKind, Recalled, SeedShare, Trigger, seeds::shares, top};
use crate::graph::Csr;

/// Answers from `[items] x [items]`: row = item of the user, columns = what it says for other items.
#[derive(Debug)]
pub struct LinearLane {
    kind: LaneKind,
    by_seed: Arc<Csr>,
}

thread_local! {
    /// Sums per item, all 0 between calls.
    static SUMS: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl LinearLane {
    pub fn new(kind: LaneKind, by_seed: Arc<Csr>) -> Self {
        Self { kind, by_seed }
    }

    pub fn weights(&self) -> &Arc<Csr> {
        &self.by_seed
    }

    /// The user's items, each once: these models know no repetition and no order.
    fn seeds_of(&self, trigger: &Trigger) -> Vec<u32> {
        let mut seen = FxHashSet::default();
        let known = trigger.recent.iter().filter(|recent| recent.1 > 0.0 && (recent.0 as usize) < self.by_seed.rows());
        known.map(|recent| recent.0).filter(|&item| seen.insert(item)).collect()
    }
}

impl Lane for LinearLane {
    fn kind(&self) -> LaneKind {
        self.kind
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let seeds = self.seeds_of(trigger);
        SUMS.with_borrow_mut(|sums| {
            if sums.len() < self.by_seed.rows() {
                sums.resize(self.by_seed.rows(), 0.0);
            }
            let mut touched = Vec::new();
            for seed in seeds {
                let (items, weights) = self.by_seed.row(seed);
                for (&item, &weight) in items.iter().zip(weights) {
                    let sum = &mut sums[item as usize];
                    if *sum == 0.0 {
                        touched.push(item);
                    }
                    *sum += weight;
                }
            }
            // A sum that went back to 0 on its way stands twice among the touched.
            touched.sort_unstable();
            touched.dedup();
            let found = touched
                .into_iter()
                .map(|item| Recalled { item, score: std::mem::take(&mut sums[item as usize]) })
                .filter(|recalled| recalled.score > 0.0 && trigger.exclude.binary_search(&recalled.item).is_err())
                .collect();
            top::best(found, k)
        })
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let says = |seed: u32| {
            let (items, weights) = self.by_seed.row(seed);
            let place = items.iter().position(|&other| other == item)?;
            Some((seed, weights[place]))
        };
        let parts: Vec<(u32, f32)> = self.seeds_of(trigger).into_iter().filter_map(says).collect();
        shares(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_the_user_are_summed_once_and_named() {
        let graph = Csr::from_triplets(4, 4, &[(0, 2, 0.5), (1, 2, 0.25), (1, 3, 0.5), (0, 3, -0.75), (2, 0, 1.0)]);
        let lane = LinearLane::new(LaneKind::Ease, Arc::new(graph));
        let trigger = Trigger {
            recent: vec![(0, 1.0), (1, 2.0), (0, 1.0), (9, 1.0), (2, 0.0)],
            exclude: vec![0, 1],
            ..Trigger::default()
        };
        // Item 3 is spoken against on the whole.
        assert_eq!(lane.recall(&trigger, 5), [Recalled { item: 2, score: 0.75 }]);
        assert_eq!(lane.recall(&trigger, 5).len(), 1, "nothing is left of an earlier call");
        let seeds = lane.seeds(&trigger, 2);
        assert_eq!((seeds[0].item, seeds[1].item), (0, 1));
        assert!((seeds[0].share - 2.0 / 3.0).abs() < 1e-6);
    }
}
