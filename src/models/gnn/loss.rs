//! What training lowers, over the cosines of a batch's users and candidate items (algorithms, section 5).

use rayon::prelude::*;

use super::{
    aggregate::{add_scaled, by_rows, dot, each_row, exp, greatest, row, total},
    products::{Products, rows, rows_mut, whole},
    settings::Loss,
};
use crate::models::wide::wide;

/// A logit this low has no share in a softmax.
const NEVER: f32 = -1e4;

/// Which user is to find which of the candidates.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::models) struct Targets {
    /// `[pairs]`, positions among the batch's users.
    pub users: Vec<u32>,
    /// `[pairs]`, positions among its candidates.
    pub items: Vec<u32>,
    /// ln of the chance that a candidate is in a batch, `[candidates]` (logQ; Yi et al., 2019).
    pub log_chances: Vec<f32>,
    /// (pair, candidate), sorted: other items that the pair's user has taken (accidental hits), which are no negatives.
    pub hits: Vec<(u32, u32)>,
}

/// The loss and its gradient with respect to `vectors`, `[users + candidates, dim]`, not yet of unit length.
pub(in crate::models) fn loss(
    kind: Loss,
    temperature: f32,
    vectors: &[f32],
    dim: usize,
    users: usize,
    targets: &Targets,
    products: &Products,
) -> (f32, Vec<f32>) {
    let nodes = vectors.len() / dim;
    let (pairs, candidates) = (targets.users.len(), nodes - users);
    if pairs == 0 {
        return (0.0, vec![0.0; vectors.len()]);
    }
    let lengths: Vec<f32> = vectors.chunks_exact(dim).map(|own| dot(own, own).sqrt().max(1e-9)).collect();
    let unit = by_rows(
        nodes,
        dim,
        #[inline(always)]
        |node, out| add_scaled(out, row(vectors, dim, node), 1.0 / lengths[node]),
    );
    let asking = by_rows(
        pairs,
        dim,
        #[inline(always)]
        |pair, out| {
            out.copy_from_slice(row(&unit, dim, targets.users[pair] as usize));
        },
    );
    let answering = rows(&unit, dim, users..nodes);

    // Scores become their gradients, row by row.
    let mut scores = products.of(whole(&asking, dim), answering.transpose());
    let share = 1.0 / pairs as f32;
    let losses: Vec<f32> = scores
        .par_chunks_exact_mut(candidates)
        .enumerate()
        .map(|(pair, scores)| {
            let from = targets.hits.partition_point(|hit| (hit.0 as usize) < pair);
            let to = from + targets.hits[from..].partition_point(|hit| hit.0 as usize == pair);
            let hits = &targets.hits[from..to];
            let target = targets.items[pair] as usize;
            wide(
                #[inline(always)]
                || {
                    scores.iter_mut().for_each(|score| *score /= temperature);
                    let value = match kind {
                        Loss::Softmax => softmax(scores, target, &targets.log_chances, hits),
                        Loss::Bce => binary(scores, target, hits),
                    };
                    scores.iter_mut().for_each(|slope| *slope *= share / temperature);
                    value
                },
            )
        })
        .collect();

    let of_asking = products.of(whole(&scores, candidates), answering);
    let mut of_unit = vec![0f32; vectors.len()];
    for (own, &user) in of_asking.chunks_exact(dim).zip(&targets.users) {
        add_scaled(&mut of_unit[user as usize * dim..][..dim], own, 1.0);
    }
    products.add(
        rows_mut(&mut of_unit, dim, users..nodes),
        whole(&scores, candidates).transpose(),
        whole(&asking, dim),
        1.0,
    );
    each_row(
        &mut of_unit,
        dim,
        #[inline(always)]
        |node, slope| {
            // Along the vector itself nothing changes: its length is divided out.
            let own = row(&unit, dim, node);
            let along = dot(own, slope);
            slope.iter_mut().zip(own).for_each(|(slope, own)| *slope = (*slope - along * own) / lengths[node]);
        },
    );
    (losses.iter().sum::<f32>() * share, of_unit)
}

/// Cross entropy of `target` among all but `hits` (of a pair, a candidate); turns `scores` into its gradient.
#[inline(always)]
fn softmax(scores: &mut [f32], target: usize, log_chances: &[f32], hits: &[(u32, u32)]) -> f32 {
    scores.iter_mut().zip(log_chances).for_each(|(score, log_chance)| *score -= log_chance);
    hits.iter().for_each(|hit| scores[hit.1 as usize] = NEVER);
    let own = scores[target];
    let greatest = greatest(scores);
    scores.iter_mut().for_each(|score| *score = exp(*score - greatest));
    let sum = total(scores);
    scores.iter_mut().for_each(|score| *score /= sum);
    scores[target] -= 1.0;
    sum.ln() + greatest - own
}

/// Binary cross entropies of `target` and of all others but `hits`; turns `scores` into their gradient.
fn binary(scores: &mut [f32], target: usize, hits: &[(u32, u32)]) -> f32 {
    let softplus = |x: f32| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    // As many negatives as positives, by weight: otherwise all cosines would only fall.
    let share = 1.0 / scores.len().saturating_sub(1).max(1) as f32;
    let own = scores[target];
    hits.iter().for_each(|hit| scores[hit.1 as usize] = NEVER);
    scores[target] = NEVER;
    let mut value = 0.0;
    for score in scores.iter_mut() {
        value += share * softplus(*score);
        *score = share * sigmoid(*score);
    }
    scores[target] = -sigmoid(-own);
    value + softplus(-own)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const VECTORS: [f32; 12] = [0.3, 0.8, -0.5, 0.4, 0.9, 0.1, -0.2, 0.7, 0.6, -0.6, 0.2, 0.2];

    fn targets() -> Targets {
        Targets {
            users: vec![0, 1, 0],
            items: vec![0, 2, 3],
            log_chances: vec![-0.1, -0.7, -1.0, -2.0],
            hits: vec![(0, 3), (2, 0)],
        }
    }

    fn unit(row: usize) -> [f64; 2] {
        let (x, y) = (f64::from(VECTORS[2 * row]), f64::from(VECTORS[2 * row + 1]));
        let length = x.hypot(y);
        [x / length, y / length]
    }

    #[test]
    fn softmax_is_the_plain_sum() {
        let (value, _) = loss(Loss::Softmax, 0.5, &VECTORS, 2, 2, &targets(), &Products::default());
        let targets = targets();
        let mut sum = 0.0;
        for (pair, (&user, &item)) in targets.users.iter().zip(&targets.items).enumerate() {
            let logit = |candidate: u32| {
                let (a, b) = (unit(user as usize), unit(2 + candidate as usize));
                (a[0] * b[0] + a[1] * b[1]) / 0.5 - f64::from(targets.log_chances[candidate as usize])
            };
            let is_hit = |candidate: u32| targets.hits.contains(&(pair as u32, candidate));
            let all: f64 = (0..4).filter(|&candidate| !is_hit(candidate)).map(|c| logit(c).exp()).sum();
            sum += all.ln() - logit(item);
        }
        assert!((f64::from(value) - sum / 3.0).abs() < 1e-5, "{value} {}", sum / 3.0);
    }

    #[test]
    fn gradients_equal_numerical_ones() {
        for kind in [Loss::Softmax, Loss::Bce] {
            let run = |vectors: &[f32]| loss(kind, 0.5, vectors, 2, 2, &targets(), &Products::default());
            let (_, gradient) = run(&VECTORS);
            for place in 0..VECTORS.len() {
                let moved = |by: f32| {
                    let mut vectors = VECTORS.to_vec();
                    vectors[place] += by;
                    f64::from(run(&vectors).0)
                };
                let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
                assert!((slope - f64::from(gradient[place])).abs() < 1e-2, "{kind:?} {place} {slope} {gradient:?}");
            }
        }
    }
}
