//! What lanes share that ask with one vector, made up of several: the search, and what each part did.

use super::{Recalled, Trigger, index::VectorIndex};

pub(super) fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// `None` for a vector without a direction.
pub(super) fn length(vector: &[f32]) -> Option<f32> {
    Some(dot(vector, vector).sqrt()).filter(|&length| length > 0.0)
}

/// The same direction with length 1; `None` for a vector without one.
pub(super) fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = length(&vector)?;
    vector.iter_mut().for_each(|value| *value /= length);
    Some(vector)
}

/// Adds `weight` times `vector` to `sum`.
pub(super) fn add(sum: &mut [f32], weight: f32, vector: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(vector) {
        *sum += weight * value;
    }
}

/// An index, and how near its average item is.
#[derive(Debug)]
pub(super) struct Answers {
    pub index: VectorIndex,
    /// The mean of the index's vectors, `[dim]`. Cosines between two spaces may all be negative; against the average
    /// item a score says how much nearer an item is than chance, and has shares. The order stays as it is.
    average: Vec<f32>,
}

impl Answers {
    pub fn new(index: VectorIndex) -> Self {
        let mut sum = vec![0f64; index.dim()];
        for vector in index.ids().iter().filter_map(|&item| index.vector(item)) {
            for (sum, &value) in sum.iter_mut().zip(vector) {
                *sum += f64::from(value);
            }
        }
        let average = sum.into_iter().map(|sum| (sum / index.len().max(1) as f64) as f32).collect();
        Self { index, average }
    }

    /// The nearest items to a query of any length; score: the cosine to it, less the average item's.
    pub fn recall(&self, query: &[f32], trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let mut found = self.index.search(query, k, &trigger.exclude);
        let of_average = length(query).map_or(0.0, |length| dot(query, &self.average) / length);
        for recalled in &mut found {
            recalled.score -= of_average;
        }
        found
    }

    /// What one part of a query does for `item`: the parts of a query add up to its score times the query's length.
    /// `None` for an item that is not in the index.
    pub fn part(&self, vector: &[f32], item: u32) -> Option<f32> {
        Some(dot(vector, self.index.vector(item)?) - dot(vector, &self.average))
    }
}
