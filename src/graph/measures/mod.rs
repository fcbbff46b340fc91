//! How similar two items are: three measures over the window's interactions (algorithms, section 2).

mod cosine;
mod incidence;
mod swing;
mod window;

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

pub(super) use cosine::cosine;
pub(super) use incidence::Incidence;
pub(super) use swing::{MAX_CAP as MAX_SWING_CAP, swing};
pub(super) use window::{Sequences, window};

use crate::task::{Cancelled, JobContext};

/// Neighbours of one target item with their weights.
pub(super) type Row = Vec<(u32, f32)>;

const TARGETS_A_STEP: usize = 32;

/// One row a target item, each computed alone, so that no number of threads can change it. `scratch` makes what a
/// thread reuses between targets.
fn rows_of<S>(
    items: usize,
    ctx: &JobContext,
    scratch: impl Fn() -> S + Sync + Send,
    row: impl Fn(&mut S, u32) -> Result<Row, Cancelled> + Sync + Send,
) -> Result<Vec<Row>, Cancelled> {
    let steps: Vec<Vec<Row>> = (0..items.div_ceil(TARGETS_A_STEP))
        .into_par_iter()
        .with_max_len(64)
        .map_init(scratch, |scratch, step| {
            let targets = step * TARGETS_A_STEP..items.min((step + 1) * TARGETS_A_STEP);
            let count = targets.len() as u64;
            let rows = targets
                .map(|target| {
                    ctx.check()?;
                    row(scratch, target as u32)
                })
                .collect::<Result<Vec<Row>, Cancelled>>()?;
            ctx.advance(count);
            Ok(rows)
        })
        .collect::<Result<_, Cancelled>>()?;
    Ok(steps.into_iter().flatten().collect())
}

/// The `k` heaviest by falling weight; of equal ones the first items.
pub(super) fn keep_top(row: &mut Row, k: usize) {
    let order = |one: &(u32, f32), other: &(u32, f32)| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0));
    if k == 0 {
        row.clear();
    } else if row.len() > k {
        row.select_nth_unstable_by(k - 1, order);
        row.truncate(k);
    }
    row.sort_unstable_by(order);
    row.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_are_kept_in_order() {
        let row = || vec![(4, 0.5), (1, 0.25), (3, 0.5), (0, 0.75), (2, 0.5)];
        for (k, expected) in [(0, vec![]), (1, vec![0]), (3, vec![0, 2, 3]), (9, vec![0, 2, 3, 4, 1])] {
            let mut kept = row();
            keep_top(&mut kept, k);
            assert_eq!(kept.iter().map(|edge| edge.0).collect::<Vec<_>>(), expected);
        }
    }
}
