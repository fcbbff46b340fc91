//! RP³β (Paudel et al., 2017): walks of three steps from a user over the user-item graph, damped by popularity.

use std::cell::RefCell;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    graph::Csr,
    task::{Cancelled, JobContext},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rp3betaSettings {
    /// Chances of steps are raised to it.
    pub alpha: f64,
    /// An item's count of users, raised to it, divides its score.
    pub beta: f64,
    /// Items kept for each item of a user.
    pub top_k: usize,
}

impl Default for Rp3betaSettings {
    fn default() -> Self {
        Self { alpha: 1.0, beta: 0.5, top_k: 200 }
    }
}

/// `[items] x [items]`, row = item that a user has, columns = where two more steps lead. `user_item` counts as taken or
/// not.
pub fn fit(user_item: &Csr, items: usize, settings: &Rp3betaSettings, ctx: &JobContext) -> Result<Csr, Cancelled> {
    thread_local! {
        static SUMS: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
    }
    let by_item = user_item.transpose(items);
    let chance = |degree: usize| (degree.max(1) as f64).powf(-settings.alpha) as f32;
    let damping: Vec<f32> =
        (0..items as u32).map(|item| (by_item.row(item).0.len().max(1) as f64).powf(-settings.beta) as f32).collect();
    ctx.stage("Walking", items as u64, "items");
    let rows = (0..items as u32)
        .into_par_iter()
        .map(|item| {
            if item % 256 == 0 {
                ctx.check()?;
                ctx.advance(256.min(items as u64 - u64::from(item)));
            }
            let users = by_item.row(item).0;
            let first = chance(users.len());
            Ok(SUMS.with_borrow_mut(|sums| {
                sums.resize(items.max(sums.len()), 0.0);
                let mut touched: Vec<u32> = Vec::new();
                for &user in users {
                    let own = user_item.row(user).0;
                    let step = first * chance(own.len());
                    for &other in own.iter().filter(|&&other| other != item) {
                        if sums[other as usize] == 0.0 {
                            touched.push(other);
                        }
                        sums[other as usize] += step;
                    }
                }
                let mut row: Vec<(u32, f32)> = touched
                    .into_iter()
                    .map(|other| (other, std::mem::take(&mut sums[other as usize]) * damping[other as usize]))
                    .collect();
                if row.len() > settings.top_k {
                    row.select_nth_unstable_by(settings.top_k, |one, other| {
                        other.1.total_cmp(&one.1).then(one.0.cmp(&other.0))
                    });
                    row.truncate(settings.top_k);
                }
                row.sort_unstable_by_key(|edge| edge.0);
                row
            }))
        })
        .collect::<Result<Vec<_>, Cancelled>>()?;
    Ok(Csr::from_rows(&rows))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_chances_of_two_steps_over_popularity() {
        let pairs = [(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (1, 1, 1.0), (2, 2, 1.0)];
        let graph = Csr::from_triplets(3, 4, &pairs);
        let settings = Rp3betaSettings { alpha: 1.0, beta: 0.5, top_k: 10 };
        let weights = fit(&graph, 4, &settings, &JobContext::default()).unwrap();
        // Item 0 has users 0 (two items) and 1 (three items): to item 1 by either, to item 2 by user 1.
        let (items, found) = weights.row(0);
        assert_eq!(items, [1, 2]);
        let by = |chance: f32, users: f32| chance / users.sqrt();
        assert!((found[0] - by(0.5 * (1.0 / 2.0 + 1.0 / 3.0), 2.0)).abs() < 1e-6);
        assert!((found[1] - by(0.5 / 3.0, 2.0)).abs() < 1e-6);
        assert!(weights.row(3).0.is_empty());
        let one = fit(&graph, 4, &Rp3betaSettings { top_k: 1, ..settings }, &JobContext::default()).unwrap();
        assert_eq!(one.row(0).0, [1]);
    }
}
