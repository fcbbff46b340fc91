//! Intervals that hold at every moment, however often one looks: asymptotic confidence sequences (Waudby-Smith, Arbour,
//! Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
//! Statistics 52, 2024, theorem 2.2). Looking whether 0 is outside is the mixture sequential probability ratio test with a normal
//! mixture (Johari, Koomen, Pekelis and Walsh, "Always valid inference", Operations Research 70, 2022).

use super::Estimate;

/// How the intervals narrow as users come in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sequence {
    /// Chance that any of the intervals ever misses.
    alpha: f64,
    /// Standard deviation of the mixture, over that of one user.
    rho: f64,
}

impl Sequence {
    /// The normal approximation has to hold at the first look.
    pub const FIRST_LOOK: u64 = 50;

    /// Narrowest around `units` users, where one hopes to decide (the paper's appendix B.2).
    pub fn new(alpha: f64, units: u64) -> Self {
        let spread = -2.0 * alpha.ln() + (1.0 - 2.0 * alpha.ln()).ln();
        Self { alpha, rho: (spread / units.max(1) as f64).sqrt() }
    }

    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Half of the interval's width after `units` users, over the deviation of one.
    fn half_width(&self, units: f64) -> f64 {
        let spread = units * self.rho * self.rho;
        (2.0 * (spread + 1.0) / (units * spread) * ((spread + 1.0).sqrt() / self.alpha).ln()).sqrt()
    }

    /// `None` before [`Sequence::FIRST_LOOK`].
    pub fn interval(&self, estimate: &Estimate) -> Option<[f64; 2]> {
        (estimate.units >= Self::FIRST_LOOK).then(|| {
            let half = estimate.deviation * self.half_width(estimate.units as f64);
            [estimate.value - half, estimate.value + half]
        })
    }

    /// Whether 0 is outside of the interval.
    pub fn is_clear(&self, estimate: &Estimate) -> bool {
        self.interval(estimate).is_some_and(|[low, high]| low > 0.0 || high < 0.0)
    }

    /// Users after which the interval would leave out 0 if the estimate stayed as it is; `None` where that is beyond a
    /// thousand million.
    pub fn units_needed(&self, estimate: &Estimate) -> Option<u64> {
        const MOST: f64 = 1e9;
        let is_enough = |units: f64| estimate.deviation * self.half_width(units) < estimate.value.abs();
        let (mut low, mut high) = (1.0, Self::FIRST_LOOK as f64);
        while !is_enough(high) {
            (low, high) = (high, 2.0 * high);
            if high > MOST {
                return None;
            }
        }
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            if is_enough(middle) { high = middle } else { low = middle }
        }
        Some((high as u64).max(Self::FIRST_LOOK))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_pcg::Pcg64;

    use super::*;
    use crate::evaluate::{Moments, Ratio};

    /// Differences of skewed activities around `shift`, looked at after each: whether it was ever clear.
    fn is_ever_clear(seed: u64, shift: f64) -> (bool, Option<u64>) {
        let mut random = Pcg64::seed_from_u64(seed);
        let sequence = Sequence::new(0.05, 500);
        let mut moments = Moments::new(2);
        let mut needed = None;
        for unit in 1..=1_000 {
            let visits = f64::from(random.random_range(1..20));
            let noise: f64 = (0..4).map(|_| random.random_range(-0.5..0.5)).sum();
            moments.push(&[visits, visits * (shift + noise)]);
            let estimate = moments.ratio(Ratio { top: 1, bottom: 0 }).unwrap();
            if sequence.is_clear(&estimate) {
                return (true, needed);
            }
            if unit == 200 {
                needed = sequence.units_needed(&estimate);
            }
        }
        (false, needed)
    }

    #[test]
    fn looking_after_each_user_raises_few_false_alarms() {
        let alarms = (0..200).filter(|&seed| is_ever_clear(seed, 0.0).0).count();
        assert!(alarms <= 10, "{alarms} of 200");
    }

    #[test]
    fn a_difference_is_found_when_it_was_foretold() {
        let found: Vec<bool> = (0..40).map(|seed| is_ever_clear(seed, 0.1).0).collect();
        assert!(found.iter().filter(|&&found| found).count() >= 38, "{found:?}");
        let sequence = Sequence::new(0.05, 500);
        let at = |units| Estimate { value: 0.1, deviation: 0.6, units };
        let needed = sequence.units_needed(&at(100)).unwrap();
        assert!(sequence.is_clear(&at(needed)) && !sequence.is_clear(&at(needed - 1)), "{needed}");
        assert_eq!(sequence.units_needed(&Estimate { value: 0.0, ..at(100) }), None);
        assert_eq!(sequence.interval(&at(Sequence::FIRST_LOOK - 1)), None);
    }
}
