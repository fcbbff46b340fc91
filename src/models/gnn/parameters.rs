//! What a graph network learns, and Adam (Kingma and Ba, 2015) over it, row by row.
//!
//! One optimiser serves the embedding table and the dense layers: burn's knows no sparse gradients, and would hold a
//! gradient of the table's whole size. A step costs what its batch touches, whatever the number of nodes.

use std::collections::BTreeMap;

use rand::Rng;
use rand_distr::{Distribution as _, Normal, Uniform};
use rayon::prelude::*;

use crate::models::wide::wide;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// A matrix that is learnt, with Adam's two moments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameter {
    pub columns: usize,
    /// `[rows * columns]`
    pub values: Vec<f32>,
    pub(super) first: Vec<f32>,
    pub(super) second: Vec<f32>,
}

/// All that is learnt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// One row an id or attribute value, see [`super::features::Features`].
    pub table: Parameter,
    /// By name, e.g. `0.user.self`: layer, kind of node, part.
    pub dense: BTreeMap<String, Parameter>,
    /// Steps done.
    pub steps: u64,
}

/// Rates of one step.
#[derive(Debug, Clone, Copy)]
pub(in crate::models) struct Rates {
    pub table: f32,
    pub dense: f32,
}

impl Parameter {
    fn of(columns: usize, values: Vec<f32>) -> Self {
        let zeros = vec![0.0; values.len()];
        Self { columns, first: zeros.clone(), second: zeros, values }
    }

    /// Without moments: what answers, but does not learn on.
    pub fn frozen(columns: usize, values: Vec<f32>) -> Self {
        Self { columns, values, ..Self::default() }
    }

    pub fn with_moments(columns: usize, values: Vec<f32>, first: Vec<f32>, second: Vec<f32>) -> Self {
        Self { columns, values, first, second }
    }

    /// Adam's two moments; empty where nothing is learnt on.
    pub fn moments(&self) -> [&[f32]; 2] {
        [&self.first, &self.second]
    }

    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    pub(super) fn zeros(rows: usize, columns: usize) -> Self {
        Self::of(columns, vec![0.0; rows * columns])
    }

    /// Uniform within ±sqrt(6 / (rows + columns)) (Glorot and Bengio, 2010).
    pub(in crate::models) fn glorot(rows: usize, columns: usize, rng: &mut impl Rng) -> Self {
        let bound = (6.0 / (rows + columns) as f32).sqrt();
        let uniform = Uniform::new_inclusive(-bound, bound).expect("the bound is a positive number");
        Self::of(columns, (0..rows * columns).map(|_| uniform.sample(rng)).collect())
    }

    pub(in crate::models) fn normal(rows: usize, columns: usize, deviation: f32, rng: &mut impl Rng) -> Self {
        let normal = Normal::new(0.0, deviation).expect("the deviation is a positive number");
        Self::of(columns, (0..rows * columns).map(|_| normal.sample(rng)).collect())
    }

    fn move_towards(&mut self, other: &Self, share: f32) {
        if self.values.len() == other.values.len() {
            self.values.par_iter_mut().zip(&other.values).for_each(|(own, to)| *own += share * (to - *own));
        } else {
            *self = Self::frozen(other.columns, other.values.clone());
        }
    }

    /// `gradient`: one row for each of `rows`, which rise.
    fn step(&mut self, rows: &[u32], gradient: &[f32], rate: f32, steps: u64) {
        let columns = self.columns;
        let correction_1 = 1.0 - BETA_1.powi(steps.min(10_000) as i32);
        let correction_2 = 1.0 - BETA_2.powi(steps.min(100_000) as i32);
        let rate = rate * correction_2.sqrt() / correction_1;
        let part = rows.len().div_ceil(4 * rayon::current_num_threads()).max(64);
        let mut parts = Vec::new();
        let (mut values, mut first, mut second) = (&mut self.values[..], &mut self.first[..], &mut self.second[..]);
        let mut begin = 0;
        for (rows, gradient) in rows.chunks(part).zip(gradient.chunks(part * columns)) {
            // All up to this part's last row: parts lie beside one another, for the rows rise.
            let end = rows[rows.len() - 1] as usize + 1;
            let take = (end - begin) * columns;
            let (own_values, rest_values) = values.split_at_mut(take);
            let (own_first, rest_first) = first.split_at_mut(take);
            let (own_second, rest_second) = second.split_at_mut(take);
            (values, first, second) = (rest_values, rest_first, rest_second);
            parts.push((begin, rows, gradient, own_values, own_first, own_second));
            begin = end;
        }
        parts.into_par_iter().for_each(|(begin, rows, gradient, values, first, second)| {
            wide(
                #[inline(always)]
                || {
                    for (row, gradient) in rows.iter().zip(gradient.chunks_exact(columns)) {
                        let range = (*row as usize - begin) * columns..(*row as usize - begin + 1) * columns;
                        let moments = first[range.clone()].iter_mut().zip(&mut second[range.clone()]);
                        for ((value, (first, second)), slope) in values[range].iter_mut().zip(moments).zip(gradient) {
                            *first = BETA_1 * *first + (1.0 - BETA_1) * slope;
                            *second = BETA_2 * *second + (1.0 - BETA_2) * slope * slope;
                            *value -= rate * *first / (second.sqrt() + EPSILON);
                        }
                    }
                },
            );
        });
    }
}

impl Parameters {
    /// Moves all values a share of the way to those of `other`; takes the moments of neither.
    pub(super) fn move_towards(&mut self, other: &Self, share: f32) {
        self.steps = other.steps;
        self.table.move_towards(&other.table, share);
        for (name, parameter) in &other.dense {
            self.dense.entry(name.clone()).or_default().move_towards(parameter, share);
        }
    }

    /// One step of Adam: of the table only `rows`, which rise, with one gradient row for each.
    pub(in crate::models) fn step(
        &mut self,
        rows: &[u32],
        of_rows: &[f32],
        of_dense: &BTreeMap<String, Vec<f32>>,
        rates: Rates,
    ) {
        self.steps += 1;
        if !rows.is_empty() {
            self.table.step(rows, of_rows, rates.table, self.steps);
        }
        for (name, gradient) in of_dense {
            if let Some(parameter) = self.dense.get_mut(name) {
                let all: Vec<u32> = (0..parameter.rows() as u32).collect();
                parameter.step(&all, gradient, rates.dense, self.steps);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_rows_move_and_by_the_rate_at_first() {
        let mut parameters = Parameters { table: Parameter::zeros(300, 2), ..Parameters::default() };
        let rows: Vec<u32> = (0..300).filter(|row| row % 3 == 1).collect();
        let gradient: Vec<f32> = rows.iter().flat_map(|&row| [row as f32 + 1.0, -0.5]).collect();
        parameters.step(&rows, &gradient, &BTreeMap::new(), Rates { table: 0.1, dense: 0.1 });
        for row in 0..300u32 {
            let own = &parameters.table.values[row as usize * 2..][..2];
            if row % 3 == 1 {
                // Adam's first step is the rate against the gradient's sign.
                assert!((own[0] + 0.1).abs() < 1e-4 && (own[1] - 0.1).abs() < 1e-4, "{row} {own:?}");
            } else {
                assert_eq!(own, [0.0, 0.0]);
            }
        }
    }
}
