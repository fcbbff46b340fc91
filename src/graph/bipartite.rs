//! The user-item graph: every user's interactions, weighted so that they sum to 1 (algorithms, section 2).

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

use super::Csr;
use crate::{
    dataset::Dataset,
    task::{Cancelled, JobContext},
};

/// Rows between two looks at the context.
const ROWS_A_CHECK: usize = 1 << 20;
/// Bits of a key that hold the behaviour.
const BEHAVIOUR_BITS: u32 = 8;

/// `[users] x [items]` over `rows` of events: c_ij = the weighted count of user i's interactions with item j,
/// w_ij = c_ij / sum over j of c_ij. Columns rise within a row. One counting sort by user, then a small sort within
/// each user: n events cost n times the logarithm of what one user does, whatever the number of users and items.
pub fn user_item_graph(dataset: &Dataset, rows: &[u32], ctx: &JobContext) -> Result<Csr, Cancelled> {
    let weights: Vec<f32> = dataset.behaviours.iter().map(|behaviour| behaviour.weight).collect();
    let counts = |kind: u8| weights.get(usize::from(kind)).is_some_and(|&weight| weight > 0.0 && weight.is_finite());
    let events = &dataset.events;
    let users = dataset.user_count();

    let counts_all = (0..weights.len()).all(|kind| counts(kind as u8));
    let mut starts = vec![0usize; users + 1];
    for chunk in rows.chunks(ROWS_A_CHECK) {
        ctx.check()?;
        for &row in chunk {
            if counts_all || counts(events.behaviour[row as usize]) {
                starts[events.user[row as usize] as usize + 1] += 1;
            }
        }
    }
    for user in 0..users {
        starts[user + 1] += starts[user];
    }

    // Every part goes over all rows and keeps those of its own users, so that no two write to one place.
    let parts = parts(&starts, rayon::current_num_threads());
    let mut keys = vec![0u64; starts[users]];
    let distinct: Vec<Vec<u32>> = parts
        .clone()
        .into_par_iter()
        .zip(cut(&mut keys, parts.iter().map(|part| starts[part.end] - starts[part.start])))
        .map(|(part, keys)| {
            let base = starts[part.start];
            let mut next: Vec<usize> = starts[part.start..part.end].iter().map(|start| start - base).collect();
            for chunk in rows.chunks(ROWS_A_CHECK) {
                ctx.check()?;
                for &row in chunk {
                    let user = events.user[row as usize] as usize;
                    if user < part.start || user >= part.end {
                        continue;
                    }
                    let kind = events.behaviour[row as usize];
                    if counts_all || counts(kind) {
                        let place = &mut next[user - part.start];
                        keys[*place] = u64::from(events.item[row as usize]) << BEHAVIOUR_BITS | u64::from(kind);
                        *place += 1;
                    }
                }
            }
            let mut distinct = Vec::with_capacity(part.len());
            for user in part {
                if user.is_multiple_of(4_096) {
                    ctx.check()?;
                }
                let own = &mut keys[starts[user] - base..starts[user + 1] - base];
                own.sort_unstable();
                distinct.push(own.chunk_by(|one, other| item_of(*one) == item_of(*other)).count() as u32);
            }
            Ok(distinct)
        })
        .collect::<Result<_, Cancelled>>()?;

    let mut offsets = Vec::with_capacity(users + 1);
    offsets.push(0u64);
    for count in distinct.iter().flatten() {
        offsets.push(offsets[offsets.len() - 1] + u64::from(*count));
    }
    ctx.check()?;
    let edges = offsets[users] as usize;
    let mut graph = Csr { offsets, targets: vec![0; edges], weights: vec![0.0; edges] };
    let lengths = || parts.iter().map(|part| (graph.offsets[part.end] - graph.offsets[part.start]) as usize);
    let slices: Vec<_> =
        cut(&mut graph.targets, lengths()).into_iter().zip(cut(&mut graph.weights, lengths())).collect();
    parts.clone().into_par_iter().zip(slices).try_for_each(|(part, (targets, shares))| {
        let mut edge = 0;
        for user in part {
            if user.is_multiple_of(4_096) {
                ctx.check()?;
            }
            let (first, mut total) = (edge, 0.0f64);
            for run in keys[starts[user]..starts[user + 1]].chunk_by(|one, other| item_of(*one) == item_of(*other)) {
                let count: f32 = run.iter().map(|key| weights[(key & ((1 << BEHAVIOUR_BITS) - 1)) as usize]).sum();
                targets[edge] = item_of(run[0]);
                shares[edge] = count;
                total += f64::from(count);
                edge += 1;
            }
            for share in &mut shares[first..edge] {
                *share = (f64::from(*share) / total) as f32;
            }
        }
        Ok::<(), Cancelled>(())
    })?;
    Ok(graph)
}

fn item_of(key: u64) -> u32 {
    (key >> BEHAVIOUR_BITS) as u32
}

/// Ranges of users with about equally many events.
fn parts(starts: &[usize], count: usize) -> Vec<std::ops::Range<usize>> {
    let (users, events) = (starts.len() - 1, starts[starts.len() - 1]);
    let mut parts = Vec::with_capacity(count);
    let mut from = 0;
    for part in 1..=count {
        let to = if part == count { users } else { starts.partition_point(|&start| start < events * part / count) };
        let to = to.clamp(from, users);
        parts.push(from..to);
        from = to;
    }
    parts
}

/// Consecutive slices of these lengths.
fn cut<T>(mut column: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut slices = Vec::new();
    for length in lengths {
        let (slice, rest) = column.split_at_mut(length);
        slices.push(slice);
        column = rest;
    }
    slices
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::graph::testing::{dataset, in_threads};

    proptest! {
        #[test]
        fn weights_are_shares_of_the_window(
            log in proptest::collection::vec((0u32..8, 0u32..12, 0u8..4), 0..120), every in 1usize..4
        ) {
            // The last kind (3) is no interaction.
            let data = dataset(&log, 8, 12);
            let rows: Vec<u32> = (0..log.len() as u32).step_by(every).collect();
            let graph = user_item_graph(&data, &rows, &JobContext::default()).unwrap();
            let mut counts: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
            for &row in &rows {
                let (user, item, kind) = log[row as usize];
                let weight = f64::from(data.behaviours[usize::from(kind)].weight);
                if weight > 0.0 {
                    *counts.entry(user).or_default().entry(item).or_default() += weight;
                }
            }
            let (offsets, targets, weights) = (graph.offsets.clone(), graph.targets.clone(), graph.weights.clone());
            prop_assert!(Csr::new(offsets, targets, weights, 12).is_ok());
            prop_assert_eq!(graph.rows(), 8);
            for user in 0..8 {
                let (items, weights) = graph.row(user);
                let own = counts.remove(&user).unwrap_or_default();
                prop_assert_eq!(items, own.keys().copied().collect::<Vec<_>>());
                let total: f64 = own.values().sum();
                for (weight, count) in weights.iter().zip(own.values()) {
                    prop_assert!((f64::from(*weight) - count / total).abs() < 1e-6);
                }
                let sum: f32 = weights.iter().sum();
                prop_assert!(items.is_empty() || (sum - 1.0).abs() < 1e-5);
            }
        }

        #[test]
        fn threads_change_nothing(log in proptest::collection::vec((0u32..40, 0u32..30, 0u8..4), 0..300)) {
            let data = dataset(&log, 40, 30);
            let rows: Vec<u32> = (0..log.len() as u32).collect();
            let build = || user_item_graph(&data, &rows, &JobContext::default()).unwrap();
            let one = in_threads(1, build);
            prop_assert_eq!(&one, &in_threads(4, build));
            prop_assert_eq!(&one, &in_threads(7, build));
        }
    }

    #[test]
    fn nothing_and_cancelled() {
        let data = dataset(&[], 0, 0);
        let graph = user_item_graph(&data, &[], &JobContext::default()).unwrap();
        assert_eq!((graph.rows(), graph.edge_count()), (0, 0));
        let ctx = JobContext::default();
        ctx.cancel();
        let data = dataset(&[(0, 0, 0)], 1, 1);
        assert_eq!(user_item_graph(&data, &[0], &ctx).unwrap_err(), Cancelled);
    }
}
