//! Ratios of sums over users (clicks per impression, impressions per visit), and differences of such ratios between arms
//! that the same users met. What one user does hangs together, so a user is the unit: the variance is that of the
//! ratio's linear part over users (delta method; Deng, Knoblich and Lu, "Applying the delta method in metric analytics",
//! KDD 2018).

use serde::{Deserialize, Serialize};

/// Two-sided 95 % of the normal distribution.
const NORMAL_95: f64 = 1.959_964;

/// First and second moments of what users did, each user once: enough for every ratio, at any moment.
#[derive(Debug, Clone)]
pub struct Moments {
    width: usize,
    units: u64,
    /// `[width]`
    sums: Vec<f64>,
    /// `[width, width]`
    products: Vec<f64>,
}

/// The column above the line, and the one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    pub top: usize,
    pub bottom: usize,
}

/// A ratio or a difference of two, and how uncertain it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub value: f64,
    /// Standard deviation of what one user adds to it; over the root of the users it is the standard error.
    pub deviation: f64,
    /// Users.
    pub units: u64,
}

impl Moments {
    pub fn new(width: usize) -> Self {
        Self { width, units: 0, sums: vec![0.0; width], products: vec![0.0; width * width] }
    }

    /// Adds a user; `columns` are his sums.
    pub fn push(&mut self, columns: &[f64]) {
        debug_assert_eq!(columns.len(), self.width);
        self.units += 1;
        for (row, &value) in columns.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            self.sums[row] += value;
            let products = &mut self.products[row * self.width..(row + 1) * self.width];
            for (product, other) in products.iter_mut().zip(columns) {
                *product += value * other;
            }
        }
    }

    pub fn units(&self) -> u64 {
        self.units
    }

    pub fn sum(&self, column: usize) -> f64 {
        self.sums[column]
    }

    /// `None` where nothing stands below the line.
    pub fn ratio(&self, ratio: Ratio) -> Option<Estimate> {
        self.estimate(&[(ratio, 1.0)])
    }

    /// `one` less `other`, paired by user.
    pub fn difference(&self, one: Ratio, other: Ratio) -> Option<Estimate> {
        self.estimate(&[(one, 1.0), (other, -1.0)])
    }

    fn estimate(&self, of: &[(Ratio, f64)]) -> Option<Estimate> {
        let units = self.units as f64;
        let mut value = 0.0;
        // What one more of a column does to the value, times the number of users.
        let mut slopes: Vec<(usize, f64)> = Vec::with_capacity(2 * of.len());
        for &(Ratio { top, bottom }, sign) in of {
            let (above, below) = (self.sums[top], self.sums[bottom]);
            if below <= 0.0 {
                return None;
            }
            value += sign * above / below;
            slopes.push((top, sign * units / below));
            slopes.push((bottom, -sign * above / below * units / below));
        }
        let mut variance = 0.0;
        for &(row, slope) in &slopes {
            for &(column, other) in &slopes {
                variance += slope * other * self.covariance(row, column);
            }
        }
        // Cancelling products may leave a little less than nothing.
        Some(Estimate { value, deviation: variance.max(0.0).sqrt(), units: self.units })
    }

    fn covariance(&self, row: usize, column: usize) -> f64 {
        if self.units < 2 {
            return 0.0;
        }
        let units = self.units as f64;
        (self.products[row * self.width + column] - self.sums[row] * self.sums[column] / units) / (units - 1.0)
    }
}

impl Estimate {
    pub fn standard_error(&self) -> f64 {
        self.deviation / (self.units.max(1) as f64).sqrt()
    }

    /// 95 % by the normal approximation, for a number of users that was fixed beforehand.
    pub fn interval(&self) -> [f64; 2] {
        let half = NORMAL_95 * self.standard_error();
        [self.value - half, self.value + half]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_pcg::Pcg64;

    use super::*;

    const CTR: Ratio = Ratio { top: 1, bottom: 0 };
    const OTHER: Ratio = Ratio { top: 3, bottom: 2 };

    /// Impressions and clicks under two arms; true rates 0.2 and 0.25, users differ in taste and in activity.
    fn user(random: &mut Pcg64) -> [f64; 4] {
        let taste = random.random_range(-0.1..0.1);
        let mut arm = |rate: f64| {
            let shown = random.random_range(1..40);
            let clicks = (0..shown).filter(|_| random.random_bool(rate + taste)).count();
            [f64::from(shown), clicks as f64]
        };
        let (one, other) = (arm(0.25), arm(0.2));
        [other[0], other[1], one[0], one[1]]
    }

    #[test]
    fn intervals_cover_at_their_rate() {
        let mut covered = [0, 0];
        for seed in 0..400 {
            let mut random = Pcg64::seed_from_u64(seed);
            let mut moments = Moments::new(4);
            for _ in 0..150 {
                moments.push(&user(&mut random));
            }
            let of = [(moments.ratio(CTR).unwrap(), 0.2), (moments.difference(OTHER, CTR).unwrap(), 0.05)];
            for (covered, (estimate, truth)) in covered.iter_mut().zip(of) {
                let [low, high] = estimate.interval();
                *covered += u32::from((low..=high).contains(&truth));
            }
        }
        // 95 % of 400 are 380, give or take 9.
        assert!(covered.iter().all(|count| (363..=394).contains(count)), "{covered:?} of 400");
    }

    #[test]
    fn a_ratio_to_itself_does_not_differ_and_nothing_has_no_ratio() {
        let mut random = Pcg64::seed_from_u64(1);
        let mut moments = Moments::new(4);
        assert!(moments.ratio(CTR).is_none());
        for _ in 0..20 {
            moments.push(&user(&mut random));
        }
        let same = moments.difference(CTR, CTR).unwrap();
        assert!(same.value == 0.0 && same.deviation < 1e-9, "{same:?}");
        assert_eq!(same.units, moments.units());
    }
}
