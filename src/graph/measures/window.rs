//! `window`: items that stand near each other in the users' sequences.

use super::{Row, keep_top, rows_of};
use crate::{
    dataset::{Dataset, split},
    graph::GraphSettings,
    task::{Cancelled, JobContext},
};

/// Each user's interactions of the window in order of time, one user after the other.
#[derive(Debug)]
pub(in crate::graph) struct Sequences {
    /// `[users + 1]`
    starts: Vec<u32>,
    items: Vec<u32>,
    item_count: usize,
}

impl Sequences {
    /// `rows` of events in order of time. A user's session is one sequence, whatever visits it is made of.
    pub(in crate::graph) fn new(dataset: &Dataset, rows: &[u32]) -> Self {
        let is_interaction: Vec<bool> = dataset.behaviours.iter().map(|behaviour| behaviour.weight > 0.0).collect();
        let events = &dataset.events;
        let counts = |row: u32| is_interaction[usize::from(events.behaviour[row as usize])];
        let kept: Vec<u32> = rows.iter().copied().filter(|&row| counts(row)).collect();
        let by_user = split::interactions_by_user(dataset, &kept);
        let items = by_user.rows.iter().map(|&row| events.item[row as usize]).collect();
        Self { starts: by_user.offsets, items, item_count: dataset.item_count() }
    }

    /// For each position its user's range of positions.
    fn bounds(&self) -> Vec<(u32, u32)> {
        let mut bounds = Vec::with_capacity(self.items.len());
        for ends in self.starts.windows(2) {
            bounds.resize(ends[1] as usize, (ends[0], ends[1]));
        }
        bounds
    }
}

/// c_ij counts the ordered pairs of positions at most `window` apart in one sequence that hold i and j; a pair that
/// holds one item twice is no co-occurrence and counts nowhere. With c_i = sum over j of c_ij and N = sum over i of
/// c_i, the weight is the positive pointwise mutual information max(0, ln(c_ij·N / (c_i·c_j))); edges of weight 0 are
/// left out.
pub(in crate::graph) fn window(
    sequences: &Sequences,
    settings: &GraphSettings,
    ctx: &JobContext,
) -> Result<Vec<Row>, Cancelled> {
    let Sequences { items, item_count, .. } = sequences;
    let bounds = sequences.bounds();
    let near = |position: usize| {
        let (first, end) = bounds[position];
        (first as usize).max(position.saturating_sub(settings.window))
            ..(end as usize).min(position.saturating_add(settings.window).saturating_add(1))
    };

    let mut starts = vec![0u32; item_count + 1];
    for &item in items {
        starts[item as usize + 1] += 1;
    }
    for item in 0..*item_count {
        starts[item + 1] += starts[item];
    }
    let mut next = starts.clone();
    let mut places = vec![0u32; items.len()];
    let mut totals = vec![0u64; *item_count];
    for (position, &item) in items.iter().enumerate() {
        if position.is_multiple_of(4_096) {
            ctx.check()?;
        }
        let place = &mut next[item as usize];
        places[*place as usize] = position as u32;
        *place += 1;
        totals[item as usize] += items[near(position)].iter().filter(|&&other| other != item).count() as u64;
    }
    let all: u64 = totals.iter().sum();

    rows_of(
        *item_count,
        ctx,
        || (vec![0u32; *item_count], Vec::new()),
        |(counts, touched), target| {
            let own = &places[starts[target as usize] as usize..starts[target as usize + 1] as usize];
            for chunk in own.chunks(4_096) {
                ctx.check()?;
                for &position in chunk {
                    for &other in &items[near(position as usize)] {
                        if other == target {
                            continue;
                        }
                        let count = &mut counts[other as usize];
                        if *count == 0 {
                            touched.push(other);
                        }
                        *count += 1;
                    }
                }
            }
            let mut row = Row::new();
            for other in touched.drain(..) {
                let together = std::mem::take(&mut counts[other as usize]);
                let expected = totals[target as usize] as f64 * totals[other as usize] as f64 / all as f64;
                let information = (f64::from(together) / expected).ln() as f32;
                if together >= settings.min_support && information > 0.0 {
                    row.push((other, information));
                }
            }
            keep_top(&mut row, settings.top_k);
            Ok(row)
        },
    )
}
