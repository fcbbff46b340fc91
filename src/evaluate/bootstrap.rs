//! Confidence intervals by the bootstrap over users (Efron, 1979).

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

/// 95 % percentile intervals of the column means of `rows` (`[users][columns]`), by `resamples` draws of as many rows
/// with replacement. The same for the same seed, whatever the number of threads. Empty where there are no rows.
pub(super) fn intervals(rows: &[&[f64]], resamples: usize, seed: u64) -> Vec<[f64; 2]> {
    let Some(columns) = rows.first().map(|row| row.len()) else { return Vec::new() };
    if resamples == 0 {
        return Vec::new();
    }
    let means: Vec<Vec<f64>> = (0..resamples as u64)
        .into_par_iter()
        .map(|draw| {
            let mut random = Pcg64::seed_from_u64(seed ^ draw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut sums = vec![0.0; columns];
            for _ in 0..rows.len() {
                for (sum, value) in sums.iter_mut().zip(rows[random.random_range(0..rows.len())]) {
                    *sum += value;
                }
            }
            sums.iter().map(|sum| sum / rows.len() as f64).collect()
        })
        .collect();
    (0..columns)
        .map(|column| {
            let mut sorted: Vec<f64> = means.iter().map(|row| row[column]).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            [quantile(&sorted, 0.025), quantile(&sorted, 0.975)]
        })
        .collect()
}

/// By linear interpolation between the neighbours in rank.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * (at - at.floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_agrees_with_the_normal_approximation() {
        // 400 coin throws: standard error 0.025, so the interval is about 0.451 to 0.549.
        let rows: Vec<[f64; 1]> = (0..400).map(|row| [f64::from(row % 2)]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
        let found = intervals(&rows, 1_000, 1);
        assert!((found[0][0] - 0.451).abs() < 0.01 && (found[0][1] - 0.549).abs() < 0.01, "{found:?}");
        assert_eq!(found, intervals(&rows, 1_000, 1));
    }

    #[test]
    fn no_rows_no_interval() {
        assert!(intervals(&[], 100, 1).is_empty());
    }
}
