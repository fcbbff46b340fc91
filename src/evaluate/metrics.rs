//! Metrics of one ranking, and of all rankings together.

/// What is measured for each user at each cut-off; the order of the columns of [`UserMetrics`].
pub(super) const PER_USER: [&str; 4] = ["recall", "hit_rate", "ndcg", "mrr"];

/// Recall, hit rate, NDCG and reciprocal rank at each of `ks`, as `[k][PER_USER]` in one row.
///
/// `is_hit[r]` says whether the item at rank `r` is wanted; `wanted` is the number of wanted items, above 0. Recall
/// divides by `wanted`. NDCG is binary with a log2 discount, its ideal over min(K, wanted) items (Järvelin and
/// Kekäläinen, 2002). Full ranking, never sampled negatives (Krichene and Rendle, 2020).
pub(super) fn of_user(is_hit: &[bool], wanted: usize, ks: &[usize]) -> Vec<f64> {
    let mut row = Vec::with_capacity(ks.len() * PER_USER.len());
    for &k in ks {
        let top = &is_hit[..k.min(is_hit.len())];
        let hits = top.iter().filter(|&&hit| hit).count();
        let gain: f64 =
            top.iter().enumerate().filter(|(_, hit)| **hit).fold(0.0, |gain, (rank, _)| gain + discount(rank));
        let ideal: f64 = (0..k.min(wanted)).map(discount).sum();
        let first = top.iter().position(|&hit| hit).map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
        row.extend([hits as f64 / wanted as f64, f64::from(u8::from(hits > 0)), gain / ideal, first]);
    }
    row
}

fn discount(rank: usize) -> f64 {
    1.0 / (rank as f64 + 2.0).log2()
}

/// Gini coefficient of `exposure`: 0 if all are shown alike, towards 1 if one gets everything.
pub(super) fn gini(exposure: &[u32]) -> f64 {
    let total: f64 = exposure.iter().map(|&count| f64::from(count)).sum();
    if total == 0.0 {
        return 0.0;
    }
    let mut sorted = exposure.to_vec();
    sorted.sort_unstable();
    let n = sorted.len() as f64;
    let weighted: f64 = sorted.iter().enumerate().map(|(rank, &count)| (rank as f64 + 1.0) * f64::from(count)).sum();
    2.0 * weighted / (n * total) - (n + 1.0) / n
}

/// Intra-list diversity: the mean Jaccard distance between the sets of tags of all pairs (Ziegler et al., 2005).
/// Each of `sets` is sorted; pairs without any tag are left out. `None` where no pair is left.
pub(super) fn diversity(sets: &[&[u32]]) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0, 0u32);
    for (n, one) in sets.iter().enumerate() {
        for other in &sets[n + 1..] {
            let common = one.iter().filter(|tag| other.binary_search(tag).is_ok()).count();
            let union = one.len() + other.len() - common;
            if union > 0 {
                sum += 1.0 - common as f64 / union as f64;
                pairs += 1;
            }
        }
    }
    (pairs > 0).then(|| sum / f64::from(pairs))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    #[test]
    fn one_user_by_hand() {
        // Hits at ranks 1 and 4 (from 1), three wanted.
        let row = of_user(&[true, false, false, true], 3, &[2, 4]);
        let ideal_2 = 1.0 + 1.0 / 3f64.log2();
        let ideal_3 = ideal_2 + 0.5;
        let wanted = [1.0 / 3.0, 1.0, 1.0 / ideal_2, 1.0, 2.0 / 3.0, 1.0, (1.0 + 1.0 / 5f64.log2()) / ideal_3, 1.0];
        for (got, wanted) in row.iter().zip(wanted) {
            assert!((got - wanted).abs() < 1e-12, "{row:?}");
        }
        // A list shorter than K counts as it is.
        assert_eq!(of_user(&[], 2, &[10]), [0.0; 4]);
    }

    #[test]
    fn gini_of_known_shares() {
        assert!(gini(&[5, 5, 5, 5]).abs() < 1e-12);
        assert!((gini(&[0, 0, 0, 8]) - 0.75).abs() < 1e-12);
        assert_eq!(gini(&[0, 0]), 0.0);
    }

    #[test]
    fn diversity_of_known_lists() {
        assert_eq!(diversity(&[&[1, 2], &[1, 2]]), Some(0.0));
        assert_eq!(diversity(&[&[1], &[2], &[]]), Some(1.0));
        assert_eq!(diversity(&[&[], &[]]), None);
        assert_eq!(diversity(&[&[1, 2, 3], &[2, 3, 4]]), Some(0.5));
    }

    proptest! {
        #[test]
        fn metrics_stay_in_bounds_and_grow_with_k(hits in proptest::collection::vec(proptest::bool::ANY, 0..60), more in 0usize..5) {
            let wanted = hits.iter().filter(|&&hit| hit).count() + more;
            if wanted > 0 {
                let row = of_user(&hits, wanted, &[5, 20, 50]);
                prop_assert!(row.iter().all(|value| (0.0..=1.0 + 1e-12).contains(value)));
                for metric in [0, 1, 3] {
                    prop_assert!(row[metric] <= row[4 + metric] && row[4 + metric] <= row[8 + metric]);
                }
            }
        }
    }
}
