//! The recent items that a lane starts from.

use rustc_hash::FxHashSet;

use super::{RecallError, SeedShare, Trigger};

/// One distinct recent item and how much it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seed {
    pub item: u32,
    pub weight: f32,
}

/// How many recent items count, and how fast older ones fade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Recency {
    pub last_items: usize,
    pub half_life_items: Option<f32>,
}

impl Recency {
    pub(super) fn new(last_items: usize, half_life_items: Option<f32>) -> Result<Self, RecallError> {
        if last_items == 0 {
            return Err(RecallError::Setting {
                name: "last_items",
                value: last_items.to_string(),
                allowed: "a number from 1",
            });
        }
        if let Some(half_life) = half_life_items
            && !(half_life.is_finite() && half_life > 0.0)
        {
            return Err(RecallError::Setting {
                name: "half_life_items",
                value: half_life.to_string(),
                allowed: "a number of items above 0, or none for no fading",
            });
        }
        Ok(Self { last_items, half_life_items })
    }

    /// The last distinct items for which `is_known`, newest first. Several interactions with one item count once
    /// in `last_items`, at the place of the newest, with the weights of all of them.
    pub(super) fn seeds(self, trigger: &Trigger, is_known: impl Fn(u32) -> bool) -> Vec<Seed> {
        let mut seeds: Vec<Seed> = Vec::new();
        let mut seen = FxHashSet::default();
        for &(item, weight) in trigger.recent.iter().rev() {
            if weight.is_nan() || weight <= 0.0 || !is_known(item) {
                continue;
            }
            if seen.insert(item) {
                if seeds.len() < self.last_items {
                    seeds.push(Seed { item, weight });
                }
            } else if let Some(seed) = seeds.iter_mut().find(|seed| seed.item == item) {
                seed.weight += weight;
            }
        }
        if let Some(half_life) = self.half_life_items {
            for (age, seed) in seeds.iter_mut().enumerate() {
                seed.weight *= (-(age as f32) / half_life).exp2();
            }
        }
        seeds
    }
}

/// Shares of the sum of `parts`, by falling share, ties by item row; nothing where the sum is not above 0.
pub(super) fn shares(parts: Vec<(u32, f32)>) -> Vec<SeedShare> {
    let total: f32 = parts.iter().map(|part| part.1).sum();
    shares_of(parts, total)
}

/// As [`shares`], of a score that has other parts too.
pub(super) fn shares_of(parts: Vec<(u32, f32)>, total: f32) -> Vec<SeedShare> {
    if total.is_nan() || total <= 0.0 {
        return Vec::new();
    }
    let mut shares: Vec<SeedShare> = parts
        .into_iter()
        .filter(|part| part.1 != 0.0)
        .map(|(item, part)| SeedShare { item, share: part / total })
        .collect();
    shares.sort_unstable_by(|one, other| other.share.total_cmp(&one.share).then(one.item.cmp(&other.item)));
    shares
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn newest_first_distinct_and_fading() {
        let trigger =
            Trigger { recent: vec![(1, 1.0), (2, 1.0), (1, 2.0), (3, 0.0), (9, 1.0), (4, 1.0)], ..Trigger::default() };
        let seeds = |last, half_life| Recency::new(last, half_life).unwrap().seeds(&trigger, |item| item != 9);
        let seed = |item, weight| Seed { item, weight };
        assert_eq!(seeds(10, None), [seed(4, 1.0), seed(1, 3.0), seed(2, 1.0)]);
        assert_eq!(seeds(2, None), [seed(4, 1.0), seed(1, 3.0)]);
        assert_eq!(seeds(10, Some(1.0)), [seed(4, 1.0), seed(1, 1.5), seed(2, 0.25)]);
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        assert!(Recency::new(0, None).unwrap_err().to_string().contains("last_items"));
        for half_life in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(Recency::new(1, Some(half_life)).is_err());
        }
    }
}
