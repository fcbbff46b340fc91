//! Seeded generators, one for each thing that is drawn, so that nothing depends on the order of threads.

use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, Gamma, StandardNormal};
use rand_pcg::Pcg64Mcg;

/// What a generator is for. The numbers are part of "same seed, same bytes".
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    World = 1,
    User = 2,
    Item = 3,
    Words = 4,
    Cover = 5,
    Visits = 6,
    /// Visits to other feeds than the simulator's own.
    Lab = 7,
    /// What happens by chance in them.
    Chance = 8,
}

/// A finaliser of the SplitMix64 kind: neighbouring numbers give unrelated seeds.
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

pub(super) fn seed_of(seed: u64, stream: Stream, index: u64) -> u64 {
    mix(mix(mix(seed) ^ stream as u64) ^ index)
}

pub(super) fn generator(seed: u64, stream: Stream, index: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed_of(seed, stream, index))
}

/// A number in [0, 1) that depends on `key` and `index` alone.
pub(super) fn uniform(key: u64, index: u64) -> f64 {
    (mix(mix(key) ^ index) >> 11) as f64 / (1u64 << 53) as f64
}

pub(super) fn normal(rng: &mut impl Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// To parts of 1024: what is used is what is written down, in half the bytes.
pub(super) fn rounded(x: f64) -> f64 {
    (x * 1_024.0).round() / 1_024.0
}

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `logits` as shares of 1.
pub(super) fn softmax(logits: &[f64]) -> Vec<f64> {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// Shares of 1 around `mean`; the smaller `concentration`, the sparser.
pub(super) fn dirichlet(rng: &mut impl Rng, mean: &[f64], concentration: f64) -> Vec<f64> {
    let mut shares: Vec<f64> = mean
        .iter()
        .map(|share| Gamma::new((share * concentration).max(1e-3), 1.0).map_or(0.0, |gamma| gamma.sample(rng)))
        .collect();
    let sum: f64 = shares.iter().sum();
    if sum <= 1e-12 {
        return mean.to_vec();
    }
    shares.iter_mut().for_each(|share| *share /= sum);
    shares
}

/// Index by weight; the last one where rounding leaves none.
pub(super) fn choose(rng: &mut impl Rng, weights: &[f64]) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return index;
        }
    }
    weights.len().saturating_sub(1)
}

/// Draws rows by weight again and again.
#[derive(Debug, Default)]
pub(super) struct Wheel {
    rows: Vec<u32>,
    sums: Vec<f64>,
}

impl Wheel {
    pub(super) fn push(&mut self, row: u32, weight: f64) {
        if weight > 0.0 {
            self.rows.push(row);
            self.sums.push(self.sums.last().copied().unwrap_or(0.0) + weight);
        }
    }

    pub(super) fn draw(&self, rng: &mut impl Rng) -> Option<u32> {
        self.draw_below(rng, self.rows.len())
    }

    /// Among the first `count` pushed.
    pub(super) fn draw_below(&self, rng: &mut impl Rng, count: usize) -> Option<u32> {
        let sums = &self.sums[..count.min(self.sums.len())];
        let at = rng.random::<f64>() * sums.last()?;
        self.rows.get(sums.partition_point(|&sum| sum <= at).min(sums.len() - 1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_draws_by_weight() {
        let mut wheel = Wheel::default();
        for (row, weight) in [(7, 1.0), (8, 0.0), (9, 3.0)] {
            wheel.push(row, weight);
        }
        let mut rng = generator(1, Stream::World, 0);
        let drawn: Vec<u32> = (0..4_000).filter_map(|_| wheel.draw(&mut rng)).collect();
        let nines = drawn.iter().filter(|&&row| row == 9).count();
        assert_eq!(drawn.len(), 4_000);
        assert!(!drawn.contains(&8) && (2_800..3_200).contains(&nines), "{nines}");
        assert!(Wheel::default().draw(&mut rng).is_none());
    }

    #[test]
    fn shares_add_up_to_one() {
        let mut rng = generator(1, Stream::World, 1);
        let mean = softmax(&[0.0, 1.0, -2.0]);
        for concentration in [0.1, 3.0, 100.0] {
            let shares = dirichlet(&mut rng, &mean, concentration);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares.iter().all(|share| *share >= 0.0));
        }
    }

    #[test]
    fn numbers_by_index_are_even() {
        let numbers: Vec<f64> = (0..10_000).map(|index| uniform(7, index)).collect();
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            let count = numbers.iter().filter(|number| (from..from + 0.1).contains(*number)).count();
            assert!((880..1_120).contains(&count), "{count} from {from}");
        }
        let neighbours = numbers.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((4_800..5_200).contains(&neighbours), "{neighbours}");
    }

    #[test]
    fn streams_are_apart() {
        assert_ne!(seed_of(1, Stream::User, 2), seed_of(1, Stream::Item, 2));
        assert_ne!(seed_of(1, Stream::User, 2), seed_of(2, Stream::User, 1));
    }
}
