//! Dot products with the widest vector instructions of the machine at hand, chosen when the program runs.

use faer::traits::pulp::{Arch, Simd, WithSimd};

/// Scores rows of a matrix against one query.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kernel {
    arch: Arch,
}

impl Kernel {
    /// The dot product of two vectors of equal length.
    pub(super) fn dot(self, one: &[f32], other: &[f32]) -> f32 {
        self.arch.dispatch(Dot { one, other })
    }

    /// `scores[n]` = `query` · row n of `rows` (`[scores.len() x query.len()]`).
    pub(super) fn dots(self, query: &[f32], rows: &[f32], scores: &mut [f32]) {
        self.arch.dispatch(Dots { query, rows, scores });
    }

    /// `scores[n]` = `query` · row `places[n]` of `rows`.
    pub(super) fn dots_at(self, query: &[f32], rows: &[f32], places: &[u32], scores: &mut [f32]) {
        self.arch.dispatch(DotsAt { query, rows, places, scores });
    }
}

struct Dot<'a> {
    one: &'a [f32],
    other: &'a [f32],
}

impl WithSimd for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        dot(simd, self.one, self.other)
    }
}

struct Dots<'a> {
    query: &'a [f32],
    rows: &'a [f32],
    scores: &'a mut [f32],
}

impl WithSimd for Dots<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (score, row) in self.scores.iter_mut().zip(self.rows.chunks_exact(self.query.len())) {
            *score = dot(simd, self.query, row);
        }
    }
}

struct DotsAt<'a> {
    query: &'a [f32],
    rows: &'a [f32],
    places: &'a [u32],
    scores: &'a mut [f32],
}

impl WithSimd for DotsAt<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let dim = self.query.len();
        for (score, &place) in self.scores.iter_mut().zip(self.places) {
            let from = place as usize * dim;
            *score = dot(simd, self.query, &self.rows[from..from + dim]);
        }
    }
}

/// Four running sums, so that the additions do not wait for each other.
#[inline(always)]
fn dot<S: Simd>(simd: S, one: &[f32], other: &[f32]) -> f32 {
    let (one, one_rest) = S::as_simd_f32s(one);
    let (other, other_rest) = S::as_simd_f32s(other);
    let zero = simd.splat_f32s(0.0);
    let mut sums = [zero; 4];
    let (mut ones, mut others) = (one.chunks_exact(4), other.chunks_exact(4));
    for (one, other) in (&mut ones).zip(&mut others) {
        for lane in 0..4 {
            sums[lane] = simd.mul_add_f32s(one[lane], other[lane], sums[lane]);
        }
    }
    for (&one, &other) in ones.remainder().iter().zip(others.remainder()) {
        sums[0] = simd.mul_add_f32s(one, other, sums[0]);
    }
    let sum = simd.add_f32s(simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3]));
    let rest: f32 = one_rest.iter().zip(other_rest).map(|(one, other)| one * other).sum();
    simd.reduce_sum_f32s(sum) + rest
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn equals_the_plain_sum(numbers in vec(-1f32..1.0, 1..700), dim in 1usize..140) {
            let kernel = Kernel::default();
            let rows = numbers.len() / dim;
            let query: Vec<f32> = (0..dim).map(|column| (column as f32 * 0.7).sin()).collect();
            let plain: Vec<f32> = numbers
                .chunks_exact(dim)
                .map(|row| row.iter().zip(&query).map(|(one, other)| f64::from(one * other)).sum::<f64>() as f32)
                .collect();
            let mut scores = vec![0.0; rows];
            kernel.dots(&query, &numbers, &mut scores);
            for (row, (score, plain)) in scores.iter().zip(&plain).enumerate() {
                prop_assert!((score - plain).abs() < 1e-4);
                prop_assert_eq!(*score, kernel.dot(&query, &numbers[row * dim..(row + 1) * dim]));
            }
            let places: Vec<u32> = (0..rows as u32).rev().collect();
            let mut at = vec![0.0; rows];
            kernel.dots_at(&query, &numbers, &places, &mut at);
            at.reverse();
            prop_assert_eq!(at, scores);
        }
    }
}
