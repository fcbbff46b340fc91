//! Which shares a mix of lanes does best with.

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rayon::prelude::{IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use super::{mean, metrics, wanted_items};
use crate::{
    dataset::{Dataset, split::Split},
    recall::{
        Lane, Recalled, Triggers,
        mix::{Candidates, MixBy},
    },
    task::{Cancelled, JobContext},
};

/// How long the lists are that are judged.
const K: usize = 20;
/// More users make the choice slower, hardly better.
const MOST_USERS: usize = 2_000;
/// What is moved from one part to another, ever less.
const STEPS: [f32; 4] = [0.25, 0.1, 0.05, 0.02];
/// Rounds at one step; each tries every pair of parts.
const MOST_ROUNDS: usize = 12;

/// Shares, and what they reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    pub by: MixBy,
    /// One a lane; they sum to 1, and may be 0.
    pub shares: Vec<f32>,
    /// Mean NDCG@20 over `users`.
    pub ndcg_at_20: f64,
    /// The same of each lane alone.
    pub alone: Vec<f64>,
    pub users: usize,
}

/// Searches the simplex of shares by moving ever smaller parts from one lane to another while mean NDCG@20 on the test
/// part of `split` grows, from equal shares and from the best lane alone, for each way of merging in `by`. Whoever
/// reports figures on that part afterwards reports what was chosen on it: give the split of the training part alone
/// (`dataset::split::within`). `None` where nobody can be measured.
pub fn choose_shares(
    dataset: &Dataset,
    split: &Split,
    lanes: &[&dyn Lane],
    by: &[MixBy],
    seed: u64,
    ctx: &JobContext,
) -> Result<Option<Chosen>, Cancelled> {
    let triggers = Triggers::new(dataset, split);
    let mut wanted = wanted_items(dataset, split, &triggers);
    wanted.shuffle(&mut rand_pcg::Pcg64::seed_from_u64(seed));
    wanted.truncate(MOST_USERS);
    if wanted.is_empty() || lanes.is_empty() {
        return Ok(None);
    }
    ctx.stage("Asking the lanes", wanted.len() as u64, "users");
    let of_users: Vec<(Vec<u32>, Candidates)> = wanted
        .into_par_iter()
        .map(|(user, wanted)| {
            ctx.check()?;
            let candidates = Candidates::of(lanes, &triggers.of(user), K);
            ctx.advance(1);
            Ok((wanted, candidates))
        })
        .collect::<Result<_, Cancelled>>()?;
    let ndcg = |list: &dyn Fn(&Candidates) -> Vec<Recalled>| -> f64 {
        let of_user = |(wanted, candidates): &(Vec<u32>, Candidates)| {
            let is_hit: Vec<bool> =
                list(candidates).iter().map(|recalled| wanted.binary_search(&recalled.item).is_ok()).collect();
            metrics::of_user(&is_hit, wanted.len(), &[K])[2]
        };
        // Summed in order, so that the choice does not hang on the number of threads.
        let each: Vec<f64> = of_users.iter().map(of_user).collect();
        mean(each.iter().sum(), each.len()).unwrap_or_default()
    };
    let alone: Vec<f64> = (0..lanes.len()).map(|lane| ndcg(&|candidates| candidates.of_part(lane).to_vec())).collect();
    let best_alone = (0..lanes.len()).max_by(|&one, &other| alone[one].total_cmp(&alone[other])).unwrap_or(0);
    let equal = vec![1.0 / lanes.len() as f32; lanes.len()];
    let mut single = vec![0.0; lanes.len()];
    single[best_alone] = 1.0;
    ctx.stage("Choosing shares", 0, "mixes");
    let found: Vec<(f64, MixBy, Vec<f32>)> = by
        .par_iter()
        .flat_map(|&by| [(by, equal.clone()), (by, single.clone())])
        .map(|(by, start)| {
            let judge = |shares: &[f32]| -> Result<f64, Cancelled> {
                ctx.check()?;
                ctx.advance(1);
                Ok(ndcg(&|candidates| candidates.merge(by, shares, K)))
            };
            climb(start, judge).map(|(ndcg, shares)| (ndcg, by, shares))
        })
        .collect::<Result<_, Cancelled>>()?;
    // Of equals the first.
    let best = found.into_iter().rev().max_by(|one, other| one.0.total_cmp(&other.0));
    Ok(best.map(|(ndcg_at_20, by, shares)| Chosen { by, shares, ndcg_at_20, alone, users: of_users.len() }))
}

/// From `shares` uphill, and how high that is.
fn climb(mut shares: Vec<f32>, judge: impl Fn(&[f32]) -> Result<f64, Cancelled>) -> Result<(f64, Vec<f32>), Cancelled> {
    let mut best = judge(&shares)?;
    for step in STEPS {
        for _ in 0..MOST_ROUNDS {
            let before = best;
            for from in 0..shares.len() {
                for to in 0..shares.len() {
                    let moved = step.min(shares[from]);
                    if from == to || moved <= 1e-4 {
                        continue;
                    }
                    let mut tried = shares.clone();
                    tried[from] -= moved;
                    tried[to] += moved;
                    let reached = judge(&tried)?;
                    if reached > best {
                        (best, shares) = (reached, tried);
                    }
                }
            }
            if best <= before {
                break;
            }
        }
    }
    Ok((best, shares))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn climbing_finds_the_top_of_a_hill() {
        let top = [0.6f32, 0.3, 0.1];
        let height = |shares: &[f32]| Ok(-f64::from(shares.iter().zip(top).map(|(s, t)| (s - t).powi(2)).sum::<f32>()));
        for start in [vec![1.0 / 3.0; 3], vec![0.0, 0.0, 1.0]] {
            let (_, found) = climb(start, height).unwrap();
            assert!(found.iter().zip(top).all(|(found, top)| (found - top).abs() < 0.03), "{found:?}");
            assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}
