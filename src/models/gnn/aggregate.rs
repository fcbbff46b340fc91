//! Messages along the edges of a block, and their gradients back. No library has these over compressed rows on a
//! processor, and nothing of shape [nodes, fan-out, dim] is ever made. Each row is written by one thread in one order, so
//! results do not depend on the number of threads.

use rayon::prelude::*;

use crate::{graph::Block, models::wide::wide};

/// Rows that one task writes.
const ROWS_A_TASK: usize = 64;
/// Slope of the leaky rectifier below 0 (Veličković et al., 2018).
const SLOPE: f32 = 0.2;

/// Changes each row of `[rows, width]` by itself, as [`wide`] work: `change` wants `#[inline(always)]`.
pub(super) fn each_row(out: &mut [f32], width: usize, change: impl Fn(usize, &mut [f32]) + Sync) {
    if width > 0 {
        out.par_chunks_mut(ROWS_A_TASK * width).enumerate().for_each(|(task, chunk)| {
            wide(
                #[inline(always)]
                || {
                    for (place, row) in chunk.chunks_exact_mut(width).enumerate() {
                        change(task * ROWS_A_TASK + place, row);
                    }
                },
            );
        });
    }
}

/// `[rows, width]`, each row filled by itself; they are 0 before.
pub(in crate::models) fn by_rows(rows: usize, width: usize, fill: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
    let mut out = vec![0f32; rows * width];
    each_row(&mut out, width, fill);
    out
}

/// `into` += `factor` * `row`
#[inline(always)]
pub(in crate::models) fn add_scaled(into: &mut [f32], row: &[f32], factor: f32) {
    for (into, value) in into.iter_mut().zip(row) {
        *into += factor * value;
    }
}

/// Running results held side by side, so that the compiler may use wide registers.
const LANES: usize = 16;

#[inline(always)]
fn fold(values: &[f32], start: f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [start; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder().iter().fold(start, |one, &other| join(one, other));
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = join(lanes[lane], chunk[lane]);
        }
    }
    lanes.into_iter().fold(rest, join)
}

#[inline(always)]
pub(super) fn greatest(values: &[f32]) -> f32 {
    fold(values, f32::NEG_INFINITY, f32::max)
}

#[inline(always)]
pub(super) fn total(values: &[f32]) -> f32 {
    fold(values, 0.0, |one, other| one + other)
}

#[inline(always)]
pub(in crate::models) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
pub(in crate::models) fn row(values: &[f32], width: usize, n: usize) -> &[f32] {
    &values[n * width..][..width]
}

/// e^x without a call per number, so that the compiler may compute many at once; within 2e-7 of its value, and 0 below
/// -87. Range reduction to ±ln 2 / 2 and a polynomial (Cody and Waite, 1980).
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    let x = x.min(88.0);
    let powers = x.max(-87.0) * std::f32::consts::LOG2_E + ROUND;
    let whole = powers - ROUND;
    let rest = x.max(-87.0) - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut sum = 1.987_569_1e-4;
    for factor in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5, 1.0, 1.0] {
        sum = sum * rest + factor;
    }
    let scale = f32::from_bits(powers.to_bits().wrapping_add(127) << 23);
    if x < -87.0 { 0.0 } else { sum * scale }
}

#[inline(always)]
fn rectified(score: f32) -> f32 {
    if score > 0.0 { score } else { SLOPE * score }
}

/// What each edge counts in the mean over its destination's neighbours, `[edges]`: alike, or by weight.
pub(super) fn mean_coefficients(block: &Block, is_weighted: bool) -> Vec<f32> {
    let mut coefficients = Vec::with_capacity(block.edges.len());
    for destination in 0..block.destinations {
        let weights = &block.weights[block.range(destination)];
        let sum: f32 = weights.iter().sum();
        if is_weighted && sum > 0.0 {
            coefficients.extend(weights.iter().map(|weight| weight / sum));
        } else {
            coefficients.extend(weights.iter().map(|_| 1.0 / weights.len() as f32));
        }
    }
    coefficients
}

/// The weighted sum of each destination's sources: `[sources, width]` to `[destinations, width]`.
pub(super) fn sum(block: &Block, coefficients: &[f32], x: &[f32], width: usize) -> Vec<f32> {
    by_rows(
        block.destinations,
        width,
        #[inline(always)]
        |destination, out| {
            for edge in block.range(destination) {
                add_scaled(out, row(x, width, block.edges[edge] as usize), coefficients[edge]);
            }
        },
    )
}

/// Adds the gradient of [`sum`] with respect to its sources to `into`, `[sources, width]`.
pub(super) fn add_sum_back(block: &Block, coefficients: &[f32], gradient: &[f32], width: usize, into: &mut [f32]) {
    let back = &block.by_source;
    each_row(
        into,
        width,
        #[inline(always)]
        |source, out| {
            for place in back.offsets[source] as usize..back.offsets[source + 1] as usize {
                let from = row(gradient, width, back.destinations[place] as usize);
                add_scaled(out, from, coefficients[back.edges[place] as usize]);
            }
        },
    );
}

/// The greatest value per dimension, 0 without neighbours, and the edge that each came along, `u32::MAX` for none.
pub(super) fn max(block: &Block, x: &[f32], width: usize) -> (Vec<f32>, Vec<u32>) {
    let mut winners = vec![u32::MAX; block.destinations * width];
    let mut out = vec![0f32; block.destinations * width];
    let tasks = out.par_chunks_mut(width).zip(winners.par_chunks_mut(width)).enumerate().with_min_len(ROWS_A_TASK);
    tasks.for_each(|(destination, (out, winners))| {
        wide(
            #[inline(always)]
            || {
                let range = block.range(destination);
                if !range.is_empty() {
                    out.fill(f32::NEG_INFINITY);
                }
                for edge in range {
                    let from = row(x, width, block.edges[edge] as usize);
                    for ((best, winner), &value) in out.iter_mut().zip(winners.iter_mut()).zip(from) {
                        let is_better = value > *best;
                        *best = if is_better { value } else { *best };
                        *winner = if is_better { edge as u32 } else { *winner };
                    }
                }
            },
        );
    });
    (out, winners)
}

pub(super) fn max_back(block: &Block, winners: &[u32], gradient: &[f32], width: usize) -> Vec<f32> {
    let back = &block.by_source;
    by_rows(
        block.sources.len(),
        width,
        #[inline(always)]
        |source, out| {
            for place in back.offsets[source] as usize..back.offsets[source + 1] as usize {
                let (edge, destination) = (back.edges[place], back.destinations[place] as usize);
                let (winners, from) = (&winners[destination * width..][..width], row(gradient, width, destination));
                for ((out, &winner), &slope) in out.iter_mut().zip(winners).zip(from) {
                    *out += if winner == edge { slope } else { 0.0 };
                }
            }
        },
    )
}

/// What an attention layer sees of its nodes.
pub(super) struct Attention<'a> {
    pub heads: usize,
    /// Numbers a node has.
    pub width: usize,
    /// `[sources, width]`: h_j, which all heads share.
    pub values: &'a [f32],
    /// `[destinations, heads]`: the destination's half of aᵀ[W h_i ‖ W h_j].
    pub left: &'a [f32],
    /// `[sources, 2 * heads]`: the source's half, as users weigh it and then as items do.
    pub right: &'a [f32],
}

/// Gradients of the scores that [`Attention`] was given, in the same shapes.
pub(super) struct ScoreGradients {
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

impl Attention<'_> {
    /// Where the half of `source` stands that `destination` weighs with.
    #[inline(always)]
    fn right_of(&self, block: &Block, destination: usize, source: usize) -> &[f32] {
        let side = usize::from(destination >= block.users);
        row(self.right, self.heads, 2 * source + side)
    }

    /// α, `[edges, heads]`: the softmax over each destination's edges of the leaky rectifier of the scores. The weights
    /// of a destination with neighbours sum to 1 per head.
    pub fn weights(&self, block: &Block) -> Vec<f32> {
        let heads = self.heads;
        let mut alphas = vec![0f32; block.edges.len() * heads];
        let rows = split_by_destination(block, heads, &mut alphas);
        rows.into_par_iter().with_min_len(ROWS_A_TASK).for_each(|(destination, alphas)| {
            wide(
                #[inline(always)]
                || {
                    let left = row(self.left, heads, destination);
                    let mut greatest = vec![f32::NEG_INFINITY; heads];
                    for (scores, edge) in alphas.chunks_exact_mut(heads).zip(block.range(destination)) {
                        let right = self.right_of(block, destination, block.edges[edge] as usize);
                        for (((score, greatest), left), right) in
                            scores.iter_mut().zip(&mut greatest).zip(left).zip(right)
                        {
                            *score = rectified(left + right);
                            *greatest = greatest.max(*score);
                        }
                    }
                    for scores in alphas.chunks_exact_mut(heads) {
                        scores.iter_mut().zip(&greatest).for_each(|(score, greatest)| *score -= greatest);
                    }
                    alphas.iter_mut().for_each(|score| *score = exp(*score));
                    let mut sums = vec![0f32; heads];
                    alphas.chunks_exact(heads).for_each(|alphas| add_scaled(&mut sums, alphas, 1.0));
                    for alphas in alphas.chunks_exact_mut(heads) {
                        alphas.iter_mut().zip(&sums).for_each(|(alpha, sum)| *alpha /= sum);
                    }
                },
            );
        });
        alphas
    }

    /// Σ_j α_ij h_j by head, `[destinations, heads * width]`.
    pub fn sum(&self, block: &Block, alphas: &[f32]) -> Vec<f32> {
        let (heads, width) = (self.heads, self.width);
        by_rows(
            block.destinations,
            heads * width,
            #[inline(always)]
            |destination, out| {
                for edge in block.range(destination) {
                    let from = row(self.values, width, block.edges[edge] as usize);
                    for (out, &alpha) in out.chunks_exact_mut(width).zip(row(alphas, heads, edge)) {
                        add_scaled(out, from, alpha);
                    }
                }
            },
        )
    }

    /// `gradient` is that of [`Attention::sum`]; that of the values is added to `into`.
    pub fn add_back(&self, block: &Block, alphas: &[f32], gradient: &[f32], into: &mut [f32]) -> ScoreGradients {
        let (heads, width) = (self.heads, self.width);
        let all = heads * width;
        // Of the scores before the rectifier, [edges, heads].
        let mut of_scores = vec![0f32; block.edges.len() * heads];
        split_by_destination(block, heads, &mut of_scores).into_par_iter().with_min_len(ROWS_A_TASK).for_each(
            |(destination, of_scores)| {
                let (range, own) = (block.range(destination), row(gradient, all, destination));
                let left = row(self.left, heads, destination);
                wide(
                    #[inline(always)]
                    || {
                        let mut means = vec![0f32; heads];
                        for (of_scores, edge) in of_scores.chunks_exact_mut(heads).zip(range.clone()) {
                            let from = row(self.values, width, block.edges[edge] as usize);
                            for (of_score, own) in of_scores.iter_mut().zip(own.chunks_exact(width)) {
                                *of_score = dot(own, from);
                            }
                            let alphas = row(alphas, heads, edge).iter().zip(&*of_scores);
                            means
                                .iter_mut()
                                .zip(alphas)
                                .for_each(|(mean, (alpha, of_score))| *mean += alpha * of_score);
                        }
                        for (of_scores, edge) in of_scores.chunks_exact_mut(heads).zip(range.clone()) {
                            let right = self.right_of(block, destination, block.edges[edge] as usize);
                            let scores = left.iter().zip(right).map(|(left, right)| left + right);
                            let alphas = row(alphas, heads, edge);
                            for (((of_score, score), alpha), mean) in
                                of_scores.iter_mut().zip(scores).zip(alphas).zip(&means)
                            {
                                let slope = if score > 0.0 { 1.0 } else { SLOPE };
                                *of_score = slope * alpha * (*of_score - mean);
                            }
                        }
                    },
                );
            },
        );
        let left = by_rows(
            block.destinations,
            heads,
            #[inline(always)]
            |destination, out| {
                for edge in block.range(destination) {
                    add_scaled(out, row(&of_scores, heads, edge), 1.0);
                }
            },
        );
        let back = &block.by_source;
        let places = |source: usize| back.offsets[source] as usize..back.offsets[source + 1] as usize;
        let right = by_rows(
            block.sources.len(),
            2 * heads,
            #[inline(always)]
            |source, out| {
                for place in places(source) {
                    let side = usize::from(back.destinations[place] as usize >= block.users);
                    let own = &mut out[side * heads..(side + 1) * heads];
                    add_scaled(own, row(&of_scores, heads, back.edges[place] as usize), 1.0);
                }
            },
        );
        each_row(
            into,
            width,
            #[inline(always)]
            |source, out| {
                for place in places(source) {
                    let from = row(gradient, all, back.destinations[place] as usize);
                    let alphas = row(alphas, heads, back.edges[place] as usize);
                    for (from, &alpha) in from.chunks_exact(width).zip(alphas) {
                        add_scaled(out, from, alpha);
                    }
                }
            },
        );
        ScoreGradients { left, right }
    }
}

/// An `[edges, width]` array as one slice a destination.
fn split_by_destination<'a>(block: &Block, width: usize, mut values: &'a mut [f32]) -> Vec<(usize, &'a mut [f32])> {
    let mut rows = Vec::with_capacity(block.destinations);
    for destination in 0..block.destinations {
        let (own, rest) = values.split_at_mut(block.range(destination).len() * width);
        rows.push((destination, own));
        values = rest;
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Three destinations (one of them without neighbours) among five sources.
    fn block() -> Block {
        Block::from_lists(
            (0..5).collect(),
            1,
            [(vec![0, 3, 4], vec![1.0, 2.0, 1.0]), (vec![], vec![]), (vec![4, 1], vec![0.5, 0.0])],
        )
    }

    /// The greatest distance between `gradient` and the numerical one of `value` at `x`.
    fn distance(x: &[f32], gradient: &[f32], value: impl Fn(&[f32]) -> f64) -> f64 {
        let step = 1e-2f32;
        let mut greatest = 0f64;
        for place in 0..x.len() {
            let mut moved = x.to_vec();
            moved[place] = x[place] + step;
            let above = value(&moved);
            moved[place] = x[place] - step;
            let slope = (above - value(&moved)) / (2.0 * f64::from(step));
            greatest = greatest.max((slope - f64::from(gradient[place])).abs());
        }
        greatest
    }

    fn weighted(out: &[f32], upstream: &[f32]) -> f64 {
        out.iter().zip(upstream).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    }

    #[test]
    fn exponentials_are_within_two_parts_in_ten_million() {
        for step in -8_700..8_800 {
            let x = step as f32 / 100.0;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found / expected - 1.0).abs() < 2e-7, "{x}: {found} {expected}");
        }
        assert_eq!([exp(-1e4), exp(0.0)], [0.0, 1.0]);
    }

    #[test]
    fn means_are_those_of_the_neighbours() {
        let block = block();
        let x: Vec<f32> = (0..5).map(|n| n as f32).collect();
        let mean = sum(&block, &mean_coefficients(&block, false), &x, 1);
        assert!((mean[0] - 7.0 / 3.0).abs() < 1e-6);
        assert_eq!(mean[1..], [0.0, 2.5]);
        let weighted = sum(&block, &mean_coefficients(&block, true), &x, 1);
        assert_eq!(weighted, [2.5, 0.0, 4.0]);
        assert_eq!(max(&block, &x, 1).0, [4.0, 0.0, 4.0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn gradients_equal_numerical_ones(
            x in vec(-1f32..1.0, 10),
            upstream in vec(-1f32..1.0, 6),
            is_weighted: bool,
        ) {
            let block = block();
            let coefficients = mean_coefficients(&block, is_weighted);
            let mut back = vec![0f32; 10];
            add_sum_back(&block, &coefficients, &upstream, 2, &mut back);
            let value = |x: &[f32]| weighted(&sum(&block, &coefficients, x, 2), &upstream);
            prop_assert!(distance(&x, &back, value) < 1e-4);

            // Where two values are close, a step of the numerical gradient passes the kink.
            let is_apart = (0..10).all(|a| (0..10).all(|b| a == b || (x[a] - x[b]).abs() > 0.021));
            if is_apart {
                let back = max_back(&block, &max(&block, &x, 2).1, &upstream, 2);
                let value = |x: &[f32]| weighted(&max(&block, x, 2).0, &upstream);
                prop_assert!(distance(&x, &back, value) < 1e-4);
            }
        }

        #[test]
        fn attention_sums_to_one_and_has_numerical_gradients(
            values in vec(-1f32..1.0, 10),
            left in vec(-1f32..1.0, 6),
            right in vec(-1f32..1.0, 20),
            upstream in vec(-1f32..1.0, 12),
        ) {
            let block = block();
            let run = |values: &[f32], left: &[f32], right: &[f32]| {
                let attention = Attention { heads: 2, width: 2, values, left, right };
                let alphas = attention.weights(&block);
                let out = attention.sum(&block, &alphas);
                (weighted(&out, &upstream), alphas)
            };
            let (_, alphas) = run(&values, &left, &right);
            for destination in [0, 2] {
                for head in 0..2 {
                    let sum: f32 = block.range(destination).map(|edge| alphas[edge * 2 + head]).sum();
                    prop_assert!((sum - 1.0).abs() < 1e-5);
                }
            }
            let attention = Attention { heads: 2, width: 2, values: &values, left: &left, right: &right };
            let mut of_values = vec![0f32; 10];
            let back = attention.add_back(&block, &alphas, &upstream, &mut of_values);
            prop_assert!(distance(&values, &of_values, |x| run(x, &left, &right).0) < 1e-3);
            let score = |i: usize, edge: usize, head: usize| {
                left[2 * i + head] + attention.right_of(&block, i, block.edges[edge] as usize)[head]
            };
            let is_smooth =
                (0..3).all(|i| (0..2).all(|head| block.range(i).all(|edge| score(i, edge, head).abs() > 0.011)));
            if is_smooth {
                prop_assert!(distance(&left, &back.left, |x| run(&values, x, &right).0) < 1e-3);
                prop_assert!(distance(&right, &back.right, |x| run(&values, &left, x).0) < 1e-3);
            }
        }
    }
}
