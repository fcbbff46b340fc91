//! Two lanes on the same users.

use serde::{Deserialize, Serialize};

use super::{LaneReport, bootstrap};

/// The paired difference of means, first lane less second, over the users that both were measured on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub users: usize,
    pub recall_at_20: f64,
    pub recall_at_20_interval: [f64; 2],
    pub ndcg_at_20: f64,
    pub ndcg_at_20_interval: [f64; 2],
}

/// Compares two lanes user by user; 95 % intervals by a bootstrap of the differences, so that what is hard for both
/// does not blur it. `None` where they share no user or `resamples` is 0.
pub fn compare(one: &LaneReport, other: &LaneReport, resamples: usize, seed: u64) -> Option<Difference> {
    let (one, other) = (&one.per_user, &other.per_user);
    let mut rows: Vec<[f64; 2]> = Vec::new();
    let mut at = 0;
    for (row, user) in one.user.iter().enumerate() {
        while other.user.get(at).is_some_and(|before| before < user) {
            at += 1;
        }
        if other.user.get(at) == Some(user) {
            rows.push([
                f64::from(one.recall_at_20[row]) - f64::from(other.recall_at_20[at]),
                f64::from(one.ndcg_at_20[row]) - f64::from(other.ndcg_at_20[at]),
            ]);
        }
    }
    let views: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
    let intervals = bootstrap::intervals(&views, resamples, seed);
    let &[recall, ndcg] = intervals.as_slice() else { return None };
    let mean = |column: usize| rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
    Some(Difference {
        users: rows.len(),
        recall_at_20: mean(0),
        recall_at_20_interval: recall,
        ndcg_at_20: mean(1),
        ndcg_at_20_interval: ndcg,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::PerUser;

    fn report(user: Vec<u32>, recall: Vec<f32>) -> LaneReport {
        let n = user.len();
        LaneReport {
            per_user: PerUser {
                user,
                wanted: vec![1; n],
                hits_at_20: vec![0; n],
                ndcg_at_20: recall.clone(),
                recall_at_20: recall,
            },
            ..LaneReport::default()
        }
    }

    #[test]
    fn pairs_only_common_users() {
        let one = report(vec![1, 2, 5], vec![0.5, 0.5, 0.9]);
        let other = report(vec![0, 1, 2, 3], vec![1.0, 0.25, 0.25, 1.0]);
        let found = compare(&one, &other, 50, 1).unwrap();
        assert_eq!((found.users, found.recall_at_20, found.recall_at_20_interval), (2, 0.25, [0.25, 0.25]));
        assert!(compare(&one, &report(vec![9], vec![1.0]), 50, 1).is_none());
    }
}
