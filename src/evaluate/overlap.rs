//! How far lanes recall the same.

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::{
    recall::{Lane, Triggers},
    task::{Cancelled, JobContext},
};

/// `[lanes][lanes]`: the share of items in common among the first `k`, mean over `users`. For one user that is the
/// number of common items over the length of the longer list; users for whom neither lane recalls anything do not
/// count, and a pair for which nobody counts is `None`.
pub fn overlap(
    lanes: &[&dyn Lane],
    triggers: &Triggers,
    users: &[u32],
    k: usize,
    ctx: &JobContext,
) -> Result<Vec<Vec<Option<f64>>>, Cancelled> {
    let n = lanes.len();
    // Per pair: the sum of shares, and the users that count.
    let of_users: Vec<Vec<(f64, u32)>> = users
        .par_iter()
        .map(|&user| {
            ctx.check()?;
            let trigger = triggers.of(user);
            let lists: Vec<Vec<u32>> = lanes
                .iter()
                .map(|lane| {
                    let mut items: Vec<u32> = lane.recall(&trigger, k).iter().map(|found| found.item).collect();
                    items.sort_unstable();
                    items
                })
                .collect();
            ctx.advance(1);
            Ok((0..n * n).map(|pair| share(&lists[pair / n], &lists[pair % n])).collect())
        })
        .collect::<Result<_, Cancelled>>()?;
    let mut sums = vec![(0.0, 0u32); n * n];
    for user in of_users {
        for (sum, (share, counts)) in sums.iter_mut().zip(user) {
            sum.0 += share;
            sum.1 += counts;
        }
    }
    let mean = |&(sum, count): &(f64, u32)| (count > 0).then(|| sum / f64::from(count));
    Ok(sums.chunks(n.max(1)).map(|row| row.iter().map(mean).collect()).collect())
}

/// The share of common items of two sorted lists, and 1 if the pair counts.
fn share(one: &[u32], other: &[u32]) -> (f64, u32) {
    let longer = one.len().max(other.len());
    if longer == 0 {
        return (0.0, 0);
    }
    let common = one.iter().filter(|item| other.binary_search(item).is_ok()).count();
    (common as f64 / longer as f64, 1)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_of_the_longer_list() {
        assert_eq!(share(&[1, 2, 3, 4], &[2, 4]), (0.5, 1));
        assert_eq!(share(&[1], &[]), (0.0, 1));
        assert_eq!(share(&[], &[]), (0.0, 0));
        assert_eq!(share(&[7, 9], &[7, 9]), (1.0, 1));
    }
}
