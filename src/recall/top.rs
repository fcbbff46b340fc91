//! The best `k` of many: by falling score, ties by item row.

use std::cmp::Ordering;

use super::Recalled;

/// The order in which every lane answers.
pub(super) fn by_rank(one: &Recalled, other: &Recalled) -> Ordering {
    other.score.total_cmp(&one.score).then(one.item.cmp(&other.item))
}

/// The first `k` of `found` in the order of [`by_rank`].
pub(super) fn best(mut found: Vec<Recalled>, k: usize) -> Vec<Recalled> {
    keep_best(&mut found, k);
    found.sort_unstable_by(by_rank);
    found
}

/// Cuts `found` to its first `k`, in no order.
fn keep_best(found: &mut Vec<Recalled>, k: usize) {
    if k == 0 {
        found.clear();
    } else if found.len() > k {
        found.select_nth_unstable_by(k - 1, by_rank);
        found.truncate(k);
    }
}

/// Collects the best `k` of a stream in time linear in its length.
pub(super) struct Best {
    k: usize,
    /// Scores below this cannot be among the best any more.
    least: f32,
    found: Vec<Recalled>,
}

impl Best {
    pub(super) fn new(k: usize) -> Self {
        Self { k, least: f32::NEG_INFINITY, found: Vec::with_capacity(4 * k) }
    }

    /// Whether [`Self::push`] could keep this score.
    pub(super) fn admits(&self, score: f32) -> bool {
        score >= self.least
    }

    pub(super) fn push(&mut self, item: u32, score: f32) {
        if self.k == 0 || score < self.least {
            return;
        }
        self.found.push(Recalled { item, score });
        if self.found.len() >= 4 * self.k.max(64) {
            keep_best(&mut self.found, self.k);
            self.least = self.found.iter().map(|recalled| recalled.score).fold(f32::INFINITY, f32::min);
        }
    }

    pub(super) fn finish(self) -> Vec<Recalled> {
        best(self.found, self.k)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn both_forms_equal_a_full_sort(scores in vec(0u8..20, 0..2_000), k in 0usize..300) {
            let all: Vec<Recalled> = scores
                .iter()
                .enumerate()
                .map(|(item, &score)| Recalled { item: item as u32, score: f32::from(score) / 7.0 })
                .collect();
            let mut sorted = all.clone();
            sorted.sort_by(by_rank);
            sorted.truncate(k);
            let mut stream = Best::new(k);
            for recalled in all.iter().rev() {
                if stream.admits(recalled.score) {
                    stream.push(recalled.item, recalled.score);
                }
            }
            prop_assert_eq!(&stream.finish(), &sorted);
            prop_assert_eq!(&best(all, k), &sorted);
        }
    }
}
