//! What stands behind the features: a layer to the cover vector, a layer to the tags, and the loss.

use super::{
    kernel::{Left, pack, pack_transposed, panels_len, product},
    resnet::{Parameter, linear},
};
use crate::models::vector::Instructions;

/// Two linear layers: `cover.weight`, `cover.bias`, `tags.weight`, `tags.bias`.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub parameters: [Parameter; 4],
}

/// Per tag how much a cover of it counts, and how far the truth is spread over all tags.
#[derive(Debug, Clone)]
pub(super) struct Loss {
    pub weights: Vec<f32>,
    pub smoothing: f32,
}

impl Head {
    pub fn new(features: usize, dim: usize, tags: usize, seed: u64) -> Self {
        let [cover, cover_bias] = linear("cover", features, dim, seed ^ 1);
        let [tag, tag_bias] = linear("tags", dim, tags, seed ^ 2);
        Self { parameters: [cover, cover_bias, tag, tag_bias] }
    }

    pub fn dim(&self) -> usize {
        self.parameters[0].shape[0]
    }

    pub fn features(&self) -> usize {
        self.parameters[0].shape[1]
    }

    pub fn tags(&self) -> usize {
        self.parameters[2].shape[0]
    }

    /// Cover vectors, `[images, dim]`, of features, `[images, features]`.
    pub fn vectors(&self, features: &[f32]) -> Vec<f32> {
        apply(&self.parameters[0], &self.parameters[1], features)
    }

    /// A number a tag, `[images, tags]`, of cover vectors.
    pub fn logits(&self, vectors: &[f32]) -> Vec<f32> {
        apply(&self.parameters[2], &self.parameters[3], vectors)
    }

    /// How sure of each tag, `[images, tags]`: each row sums to 1.
    pub fn confidences(&self, vectors: &[f32]) -> Vec<f32> {
        let mut found = self.logits(vectors);
        for row in found.chunks_exact_mut(self.tags().max(1)) {
            softmax(row);
        }
        found
    }

    /// What a tag's number gains with each feature, `[features]`: the product of both layers.
    pub fn gradient_of_tag(&self, tag: usize) -> Vec<f32> {
        let (dim, features) = (self.dim(), self.features());
        let of_tag = &self.parameters[2].values[tag * dim..][..dim];
        let mut gradient = vec![0f32; features];
        for (row, weight) in self.parameters[0].values.chunks_exact(features).zip(of_tag) {
            gradient.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
        gradient
    }

    /// The mean loss of a batch, the gradients of the four parameters, and that of the features. `truth`: the tags of
    /// each picture, which share its weight.
    pub(super) fn step(&self, features: &[f32], truth: &[&[u32]], loss: &Loss) -> (f32, [Vec<f32>; 4], Vec<f32>) {
        let (dim, wide, tags, images) = (self.dim(), self.features(), self.tags(), truth.len());
        let vectors = self.vectors(features);
        let mut gradient = self.confidences(&vectors);
        let weight_of =
            |own: &[u32]| own.iter().map(|&tag| loss.weights[tag as usize]).sum::<f32>() / own.len().max(1) as f32;
        let whole: f32 = truth.iter().map(|own| weight_of(own)).sum::<f32>().max(f32::MIN_POSITIVE);
        let mut sum = 0f32;
        for (row, own) in gradient.chunks_exact_mut(tags).zip(truth) {
            let weight = weight_of(own) / whole;
            let (spread, share) = (loss.smoothing / tags as f32, (1.0 - loss.smoothing) / own.len().max(1) as f32);
            for (tag, value) in row.iter_mut().enumerate() {
                let wanted = spread + if own.contains(&(tag as u32)) { share } else { 0.0 };
                sum -= weight * wanted * value.max(1e-12).ln();
                *value = weight * (*value - wanted);
            }
        }
        let of_tags = transposed_product(&gradient, &vectors, images, tags, dim);
        let of_vectors = plain_product(&gradient, &self.parameters[2].values, images, tags, dim);
        let of_cover = transposed_product(&of_vectors, features, images, dim, wide);
        let of_features = plain_product(&of_vectors, &self.parameters[0].values, images, dim, wide);
        let parts = [of_cover, columns(&of_vectors, dim), of_tags, columns(&gradient, tags)];
        (sum, parts, of_features)
    }
}

/// Of numbers the shares of their powers of e.
pub(super) fn softmax(row: &mut [f32]) {
    let most = row.iter().fold(f32::NEG_INFINITY, |most, &value| most.max(value));
    row.iter_mut().for_each(|value| *value = (*value - most).exp());
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|value| *value /= sum);
}

/// x Wᵀ + b
pub(super) fn apply(weight: &Parameter, bias: &Parameter, x: &[f32]) -> Vec<f32> {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1]);
    let rows = x.len() / inputs;
    let mut panels = vec![0.0; panels_len(inputs, outputs)];
    pack_transposed(&weight.values, inputs, outputs, &mut panels);
    let mut y: Vec<f32> = bias.values.iter().copied().cycle().take(rows * outputs).collect();
    let left = Left { values: x, row: inputs, column: 1 };
    product(left, &panels, (rows, inputs, outputs), &mut y, outputs, true, Instructions::detect());
    y
}

/// A B of `[m, k]` and `[k, n]`.
fn plain_product(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Vec<f32> {
    multiply(Left { values: a, row: k, column: 1 }, b, m, k, n)
}

/// Aᵀ B of `[k, m]` and `[k, n]`.
fn transposed_product(a: &[f32], b: &[f32], k: usize, m: usize, n: usize) -> Vec<f32> {
    multiply(Left { values: a, row: 1, column: m }, b, m, k, n)
}

fn multiply(left: Left<'_>, b: &[f32], m: usize, k: usize, n: usize) -> Vec<f32> {
    let mut panels = vec![0.0; panels_len(k, n)];
    pack(b, k, n, &mut panels);
    let mut c = vec![0.0; m * n];
    product(left, &panels, (m, k, n), &mut c, n, false, Instructions::detect());
    c
}

/// The sums of the columns of rows of `count` numbers.
pub(super) fn columns(rows: &[f32], count: usize) -> Vec<f32> {
    let mut sums = vec![0f32; count];
    for row in rows.chunks_exact(count) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sums
}
