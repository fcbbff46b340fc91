//! `swing`: a pair of items is close when users who share little else took both.

use super::{Incidence, Row, keep_top, rows_of};
use crate::{
    graph::GraphSettings,
    task::{Cancelled, JobContext},
};

/// The table of user pairs of one target has `cap`² cells of 4 bytes.
pub(in crate::graph) const MAX_CAP: usize = 4_096;

/// Steps between two looks at the context.
const STEPS_A_CHECK: usize = 1 << 22;

/// What a thread reuses between targets.
struct Scratch {
    /// `[items]`, how many of the target's users took the item; 0 between targets.
    counts: Vec<u32>,
    /// `[items]`, where the item's users begin in `members`.
    starts: Vec<u32>,
    touched: Vec<u32>,
    /// Places in the target's list of users.
    members: Vec<u16>,
    /// `[users x users]`, above the diagonal: |I_u ∩ I_v|, later the pair's share of the sum.
    pairs: Vec<f32>,
}

/// s_ij = sum over pairs {u, v} of U_i ∩ U_j of w_u·w_v / (α + |I_u ∩ I_v|), w_u = 1 / (5 + |I_u|)^β.
///
/// The target's users are numbered; each item that they took is the rising list of their numbers. One pass over the
/// pairs within those lists counts |I_u ∩ I_v|, a second one adds up the shares: the cost of a target is the sum over
/// its co-taken items of |U_i ∩ U_j|², and no pair without a common item is looked at.
/// Where users were sampled (n of N), the sum is scaled by N(N - 1) / n(n - 1).
pub(in crate::graph) fn swing(
    incidence: &Incidence,
    settings: &GraphSettings,
    ctx: &JobContext,
) -> Result<Vec<Row>, Cancelled> {
    let items = incidence.item_count();
    let scratch = || Scratch {
        counts: vec![0; items],
        starts: vec![0; items],
        touched: Vec::new(),
        members: Vec::new(),
        pairs: Vec::new(),
    };
    rows_of(items, ctx, scratch, |scratch, target| {
        let users = incidence.sampled_users_of(target);
        let (count, all) = (users.len(), incidence.users_of(target).len());
        if count < 2 {
            return Ok(Row::new());
        }
        gather(scratch, incidence, &users, target);
        let Scratch { counts, starts, touched, members, pairs } = scratch;
        // Every pair has the target in common.
        pairs.clear();
        pairs.resize(count * count, 1.0);
        let mut steps = 0;
        let mut step = |list: &[u16]| {
            steps += list.len() * list.len();
            if steps > STEPS_A_CHECK {
                steps = 0;
                return ctx.check();
            }
            Ok(())
        };
        let list = |other: u32| {
            let start = starts[other as usize] as usize;
            &members[start..start + counts[other as usize] as usize]
        };
        let mut is_cancelled = Ok(());
        for &other in &*touched {
            let list = list(other);
            is_cancelled = is_cancelled.and_then(|()| step(list));
            if is_cancelled.is_err() {
                break;
            }
            for (place, &one) in list.iter().enumerate() {
                let row = &mut pairs[usize::from(one) * count..][..count];
                for &two in &list[place + 1..] {
                    row[usize::from(two)] += 1.0;
                }
            }
        }
        let weights: Vec<f32> = users
            .iter()
            .map(|&user| (5.0 + incidence.items_of(user).len() as f32).powf(-settings.swing_beta))
            .collect();
        for one in 0..count {
            for two in one + 1..count {
                let cell = &mut pairs[one * count + two];
                *cell = weights[one] * weights[two] / (settings.swing_alpha + *cell);
            }
        }
        let pairs_of = |count: usize| count as f64 * (count - 1) as f64;
        let (scale, support_scale) = (pairs_of(all) / pairs_of(count), all as f64 / count as f64);
        let mut row = Row::new();
        for &other in &*touched {
            let list = list(other);
            is_cancelled = is_cancelled.and_then(|()| step(list));
            if is_cancelled.is_err() {
                break;
            }
            if list.len() < 2 || (list.len() as f64 * support_scale) < f64::from(settings.min_support) {
                continue;
            }
            let mut sum = 0.0f64;
            for (place, &one) in list.iter().enumerate() {
                let row = &pairs[usize::from(one) * count..][..count];
                sum += f64::from(list[place + 1..].iter().map(|&two| row[usize::from(two)]).sum::<f32>());
            }
            row.push((other, (sum * scale) as f32));
        }
        for other in touched.drain(..) {
            counts[other as usize] = 0;
        }
        is_cancelled?;
        keep_top(&mut row, settings.top_k);
        Ok(row)
    })
}

/// The lists of the target's users by co-taken item.
fn gather(scratch: &mut Scratch, incidence: &Incidence, users: &[u32], target: u32) {
    let Scratch { counts, starts, touched, members, .. } = scratch;
    for &user in users {
        for &other in incidence.items_of(user) {
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
    let mut end = 0;
    for &other in &*touched {
        starts[other as usize] = end;
        end += counts[other as usize];
    }
    members.clear();
    members.resize(end as usize, 0);
    for (number, &user) in users.iter().enumerate() {
        for &other in incidence.items_of(user) {
            if other != target {
                let place = &mut starts[other as usize];
                members[*place as usize] = number as u16;
                *place += 1;
            }
        }
    }
    for &other in &*touched {
        starts[other as usize] -= counts[other as usize];
    }
}
