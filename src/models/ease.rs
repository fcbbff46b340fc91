//! EASE (Steck, 2019): the item-item weights that best give each user's items back from his others, in closed form.

use faer::{Mat, Side, linalg::solvers::DenseSolveCore as _};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    graph::Csr,
    task::{Cancelled, JobContext},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EaseSettings {
    /// λ, what every weight costs.
    pub regularisation: f64,
    /// With more items the closed form takes too much memory (4 bytes for each pair, twice).
    pub most_items: usize,
    /// Weights kept of each item, the greatest without regard to sign.
    pub keep: usize,
}

impl Default for EaseSettings {
    fn default() -> Self {
        Self { regularisation: 250.0, most_items: 20_000, keep: 2_000 }
    }
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EaseError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error(
        "ease is made for up to {most} items and {found} were taken in the training part; raise `ease.most_items` if \
         there are {gigabytes:.1} GB of memory for it"
    )]
    TooMany { found: usize, most: usize, gigabytes: f64 },
    #[error("the item-item matrix of ease cannot be inverted; raise `ease.regularisation`")]
    Singular,
}

/// `[items] x [items]`, row = item that a user has, columns = what it says for others. `user_item` counts as taken or
/// not: weights play no part.
pub fn fit(user_item: &Csr, items: usize, settings: &EaseSettings, ctx: &JobContext) -> Result<Csr, EaseError> {
    // Only items that somebody took have weights other than 0.
    let mut place = vec![u32::MAX; items];
    let mut taken: Vec<u32> = user_item.targets.clone();
    taken.sort_unstable();
    taken.dedup();
    for (at, &item) in taken.iter().enumerate() {
        place[item as usize] = at as u32;
    }
    let count = taken.len();
    if count > settings.most_items {
        let gigabytes = 8e-9 * (count as f64).powi(2);
        return Err(EaseError::TooMany { found: count, most: settings.most_items, gigabytes });
    }
    ctx.stage("Solving ease", 0, "");
    // G = XᵀX + λI, whose row i counts with whom i was taken.
    let by_item = user_item.transpose(items);
    let rows: Vec<Vec<f32>> = taken
        .par_iter()
        .map(|&item| {
            let mut row = vec![0f32; count];
            for &user in by_item.row(item).0 {
                for &other in user_item.row(user).0 {
                    row[place[other as usize] as usize] += 1.0;
                }
            }
            row[place[item as usize] as usize] += settings.regularisation as f32;
            row
        })
        .collect();
    ctx.check()?;
    let gram = Mat::<f32>::from_fn(count, count, |row, column| rows[row][column]);
    drop(rows);
    let inverse = gram.llt(Side::Lower).map_err(|_| EaseError::Singular)?.inverse();
    drop(gram);
    ctx.check()?;
    // B_ij = -P_ij / P_jj off the diagonal.
    let kept: Vec<Vec<(u32, f32)>> = (0..count)
        .into_par_iter()
        .map(|row| {
            let weight = |column: usize| -inverse[(row, column)] / inverse[(column, column)];
            let mut weights: Vec<(u32, f32)> = (0..count)
                .filter(|&column| column != row)
                .map(|column| (taken[column], weight(column)))
                .filter(|edge| edge.1.is_finite() && edge.1 != 0.0)
                .collect();
            if weights.len() > settings.keep {
                let greatest = |one: &(u32, f32), other: &(u32, f32)| {
                    other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0))
                };
                weights.select_nth_unstable_by(settings.keep, greatest);
                weights.truncate(settings.keep);
                weights.sort_unstable_by_key(|edge| edge.0);
            }
            weights
        })
        .collect();
    let mut lists = vec![Vec::new(); items];
    for (row, list) in taken.iter().zip(kept) {
        lists[*row as usize] = list;
    }
    Ok(Csr::from_rows(&lists))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn weights_solve_the_normal_equations() {
        let pairs = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 3), (2, 1), (2, 3), (3, 0), (3, 3)];
        let triplets: Vec<(u32, u32, f32)> = pairs.iter().map(|&(user, item)| (user, item, 0.5)).collect();
        let graph = Csr::from_triplets(4, 5, &triplets);
        let settings = EaseSettings { regularisation: 2.0, ..EaseSettings::default() };
        let weights = fit(&graph, 5, &settings, &JobContext::default()).unwrap();
        let has = |user: u32, item: u32| f64::from(u8::from(pairs.contains(&(user, item))));
        let weight = |from: u32, to: u32| {
            let (items, weights) = weights.row(from);
            items.iter().position(|&item| item == to).map_or(0.0, |place| f64::from(weights[place]))
        };
        // The slope of |X - XB|² + λ|B|² is 0 in every weight off the diagonal.
        for from in [0, 1, 3] {
            assert_eq!(weight(from, from), 0.0);
            for to in [0, 1, 3].into_iter().filter(|&to| to != from) {
                let miss =
                    |user: u32| has(user, to) - [0, 1, 3].iter().map(|&k| has(user, k) * weight(k, to)).sum::<f64>();
                let slope = (0..4).map(|user| has(user, from) * miss(user)).sum::<f64>() - 2.0 * weight(from, to);
                assert!(slope.abs() < 1e-5, "{from} {to} {slope}");
            }
        }
        assert!(weights.row(2).0.is_empty() && weights.row(4).0.is_empty());
        let few = fit(&graph, 5, &EaseSettings { most_items: 2, ..settings }, &JobContext::default());
        assert!(few.unwrap_err().to_string().contains("most_items"));
    }
}
