//! What training lowers, over the cosines of a batch's users and candidate items (algorithms, section 5).

use burn::tensor::{Device, Int, Tensor, TensorData, activation};

use super::settings::Loss;

/// A logit this low has no share in a softmax.
const NEVER: f32 = -1e4;

/// Which user is to find which of the candidates.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Targets {
    /// `[pairs]`, positions among the batch's users.
    pub users: Vec<u32>,
    /// `[pairs]`, positions among its candidates.
    pub items: Vec<u32>,
    /// ln of the chance that a candidate is in a batch, `[candidates]` (logQ; Yi et al., 2019).
    pub log_chances: Vec<f32>,
    /// (pair, candidate): other items that the pair's user has taken (accidental hits), which are no negatives.
    pub hits: Vec<(u32, u32)>,
}

/// The loss and its gradient with respect to `vectors`, `[users + candidates, dim]`, not yet of unit length.
pub(super) fn loss(
    kind: Loss,
    temperature: f32,
    vectors: Vec<f32>,
    dim: usize,
    users: usize,
    targets: &Targets,
    device: &Device,
) -> (f32, Vec<f32>) {
    let device = device.clone().autodiff();
    let rows = vectors.len() / dim;
    let (pairs, candidates) = (targets.users.len(), rows - users);
    let leaf: Tensor<2> = Tensor::from_data(TensorData::new(vectors, [rows, dim]), &device).require_grad();
    let length = leaf.clone().powf_scalar(2.0).sum_dim(1).sqrt().clamp_min(1e-9);
    let unit = leaf.clone() / length;
    let positions = |of: &[u32]| of.iter().map(|&at| i64::from(at)).collect::<Vec<i64>>();
    let of_users: Tensor<1, Int> = Tensor::from_data(TensorData::new(positions(&targets.users), [pairs]), &device);
    let asking = unit.clone().slice([0..users, 0..dim]).select(0, of_users);
    let answering = unit.slice([users..rows, 0..dim]);
    let scores = asking.matmul(answering.transpose()) / temperature;

    let mut mask = vec![0f32; pairs * candidates];
    for &(pair, candidate) in &targets.hits {
        mask[pair as usize * candidates + candidate as usize] = NEVER;
    }
    let of_items: Tensor<2, Int> = Tensor::from_data(TensorData::new(positions(&targets.items), [pairs, 1]), &device);
    let sum = match kind {
        Loss::Softmax => {
            for row in mask.chunks_exact_mut(candidates.max(1)) {
                for (value, log_chance) in row.iter_mut().zip(&targets.log_chances) {
                    *value -= log_chance;
                }
            }
            let logits = scores + Tensor::from_data(TensorData::new(mask, [pairs, candidates]), &device);
            -activation::log_softmax(logits, 1).gather(1, of_items).sum()
        }
        Loss::Bce => {
            let positive = scores.clone().gather(1, of_items);
            for (pair, &item) in targets.items.iter().enumerate() {
                mask[pair * candidates + item as usize] = NEVER;
            }
            let negatives = scores + Tensor::from_data(TensorData::new(mask, [pairs, candidates]), &device);
            // As many negatives as positives, by weight: otherwise all cosines would only fall.
            let share = 1.0 / candidates.saturating_sub(1).max(1) as f32;
            activation::softplus(-positive, 1.0).sum() + activation::softplus(negatives, 1.0).sum() * share
        }
    };
    let mean = sum / pairs.max(1) as f32;
    let slopes = mean.clone().backward();
    let value = mean.into_data().try_into_vec::<f32>().map_or(f32::NAN, |values| values[0]);
    let gradient = leaf.grad(&slopes).and_then(|own| own.into_data().try_into_vec().ok()).unwrap_or_default();
    (value, gradient)
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
        let (value, _) = loss(Loss::Softmax, 0.5, VECTORS.to_vec(), 2, 2, &targets(), &Device::flex());
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
            let run = |vectors: Vec<f32>| loss(kind, 0.5, vectors, 2, 2, &targets(), &Device::flex());
            let (_, gradient) = run(VECTORS.to_vec());
            for place in 0..VECTORS.len() {
                let moved = |by: f32| {
                    let mut vectors = VECTORS.to_vec();
                    vectors[place] += by;
                    f64::from(run(vectors).0)
                };
                let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
                assert!((slope - f64::from(gradient[place])).abs() < 1e-2, "{kind:?} {place} {slope} {gradient:?}");
            }
        }
    }
}
