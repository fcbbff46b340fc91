//! `cosine`: |U_i ∩ U_j| / sqrt(|U_i|·|U_j|).

use super::{Incidence, Row, keep_top, rows_of};
use crate::{
    graph::GraphSettings,
    task::{Cancelled, JobContext},
};

/// Users between two looks at the context.
const USERS_A_CHECK: usize = 1_024;

pub(in crate::graph) fn cosine(
    incidence: &Incidence,
    settings: &GraphSettings,
    ctx: &JobContext,
) -> Result<Vec<Row>, Cancelled> {
    let items = incidence.item_count();
    rows_of(
        items,
        ctx,
        || (vec![0u32; items], Vec::new()),
        |(counts, touched), target| {
            let users = incidence.sampled_users_of(target);
            for chunk in users.chunks(USERS_A_CHECK) {
                ctx.check()?;
                for &user in chunk {
                    for &other in incidence.items_of(user) {
                        let count = &mut counts[other as usize];
                        if *count == 0 {
                            touched.push(other);
                        }
                        *count += 1;
                    }
                }
            }
            let own = incidence.users_of(target).len() as f64;
            let scale = own / users.len() as f64;
            let mut row = Row::with_capacity(touched.len());
            for other in touched.drain(..) {
                let counted = std::mem::take(&mut counts[other as usize]);
                if other == target {
                    continue;
                }
                let theirs = incidence.users_of(other).len() as f64;
                let common = (f64::from(counted) * scale).min(own).min(theirs);
                if common >= f64::from(settings.min_support) {
                    row.push((other, (common / (own * theirs).sqrt()) as f32));
                }
            }
            keep_top(&mut row, settings.top_k);
            Ok(row)
        },
    )
}
