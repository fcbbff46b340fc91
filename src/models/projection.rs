//! Vectors in the plane: principal components at once, and from there t-SNE (van der Maaten and Hinton, 2008; forces by
//! interpolation: Linderman et al., 2019).

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use bhtsne::{Neighbor, tSNE};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::Embeddings;

/// Steps of t-SNE, of which so many are taken with neighbours pulled together more strongly.
pub const EPOCHS: usize = 750;
const EXAGGERATED: usize = 200;
/// Neighbours of a point for each unit of perplexity.
const NEIGHBOURS_PER_PERPLEXITY: f32 = 3.0;
/// With fewer points there is nothing to arrange.
pub const LEAST_POINTS: usize = 8;

/// The two directions in which the rows differ most: each row's place along them.
pub fn pca(vectors: &Embeddings) -> Vec<[f32; 2]> {
    let (rows, dim) = (vectors.len(), vectors.dim);
    if rows == 0 {
        return Vec::new();
    }
    let mean = mean(vectors);
    let covariance = covariance(vectors, &mean);
    let axes = principal(&covariance, dim);
    (0..rows)
        .into_par_iter()
        .map(|row| {
            let mut at = [0f64; 2];
            for (axis, &value) in vectors.row(row).iter().enumerate() {
                let centred = f64::from(value) - mean[axis];
                at[0] += centred * axes[0][axis];
                at[1] += centred * axes[1][axis];
            }
            at.map(|value| value as f32)
        })
        .collect()
}

fn mean(vectors: &Embeddings) -> Vec<f64> {
    let mut mean = vec![0f64; vectors.dim];
    for row in vectors.rows.chunks_exact(vectors.dim) {
        for (mean, &value) in mean.iter_mut().zip(row) {
            *mean += f64::from(value);
        }
    }
    mean.iter_mut().for_each(|value| *value /= vectors.len() as f64);
    mean
}

/// `[dim x dim]`, symmetric; not divided by the number of rows.
fn covariance(vectors: &Embeddings, mean: &[f64]) -> Vec<f64> {
    const ROWS: usize = 1_024;
    let dim = vectors.dim;
    let add = |mut one: Vec<f64>, other: Vec<f64>| {
        one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
        one
    };
    let parts = vectors.rows.par_chunks(ROWS * dim).map(|part| {
        let mut sum = vec![0f64; dim * dim];
        for row in part.chunks_exact(dim) {
            let centred: Vec<f64> = row.iter().zip(mean).map(|(&value, mean)| f64::from(value) - mean).collect();
            for (one, &value) in centred.iter().enumerate() {
                for (sum, other) in sum[one * dim..=one * dim + one].iter_mut().zip(&centred) {
                    *sum += value * other;
                }
            }
        }
        sum
    });
    let mut sum = parts.reduce(|| vec![0f64; dim * dim], add);
    for one in 0..dim {
        for other in one + 1..dim {
            sum[one * dim + other] = sum[other * dim + one];
        }
    }
    sum
}

/// Unit eigenvectors of the two greatest eigenvalues, by orthogonal iteration. The greatest part of each is positive, so
/// that equal vectors lie the same way round.
fn principal(covariance: &[f64], dim: usize) -> [Vec<f64>; 2] {
    const ROUNDS: usize = 200;
    let mut rng = Pcg64Mcg::seed_from_u64(1);
    let mut axes: [Vec<f64>; 2] = std::array::from_fn(|_| (0..dim).map(|_| rng.random::<f64>() - 0.5).collect());
    let dot = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
    let unit = |axis: &mut Vec<f64>| {
        let length = dot(axis, axis).sqrt();
        if length > 0.0 {
            axis.iter_mut().for_each(|value| *value /= length);
        }
    };
    for _ in 0..ROUNDS {
        let before = axes.clone();
        for axis in &mut axes {
            *axis = covariance.chunks_exact(dim).map(|row| dot(row, axis)).collect();
        }
        unit(&mut axes[0]);
        let along = dot(&axes[0], &axes[1]);
        let (first, second) = axes.split_at_mut(1);
        second[0].iter_mut().zip(&first[0]).for_each(|(value, first)| *value -= along * first);
        unit(&mut axes[1]);
        if axes.iter().zip(&before).all(|(axis, before)| (dot(axis, before).abs() - 1.0).abs() < 1e-12) {
            break;
        }
    }
    for axis in &mut axes {
        let greatest = axis.iter().copied().max_by(|one, other| one.abs().total_cmp(&other.abs()));
        if greatest.is_some_and(|value| value < 0.0) {
            axis.iter_mut().for_each(|value| *value = -*value);
        }
    }
    axes
}

/// Told through the library, which knows no other way to be stopped.
struct Stop;

/// Arranges points so that neighbours lie together, from `start` on. `neighbours`: of each point as many others, the
/// nearest first, with their distances. `on_epoch` is told where the points are after each epoch, and says whether to
/// go on. `None` where it was stopped, where there are too few points, or where they flew apart.
pub fn tsne(
    start: &[[f32; 2]],
    neighbours: &[Vec<(u32, f32)>],
    mut on_epoch: impl FnMut(usize, &[f32]) -> bool,
) -> Option<Vec<[f32; 2]>> {
    let count = start.len();
    let most = neighbours.first().map_or(0, Vec::len);
    if count < LEAST_POINTS || neighbours.len() != count || most < 3 {
        return None;
    }
    // Close together at the beginning, so that forces and not the start decide.
    let widest = start.iter().flatten().fold(f32::MIN_POSITIVE, |widest, value| widest.max(value.abs()));
    let initial: Vec<f32> = start.iter().flatten().map(|value| value / widest * 1e-2).collect();
    let table: Vec<Vec<Neighbor<f32>>> = neighbours
        .iter()
        .map(|row| row.iter().map(|&(index, distance)| Neighbor { index: index as usize, distance }).collect())
        .collect();
    let points = vec![(); count];
    let arranged = catch_unwind(AssertUnwindSafe(|| {
        let mut tsne: tSNE<'_, f32, (), 2> = tSNE::new(&points);
        tsne.perplexity(most as f32 / NEIGHBOURS_PER_PERPLEXITY)
            .epochs(EPOCHS)
            .stop_lying_epoch(EXAGGERATED)
            .momentum_switch_epoch(EXAGGERATED)
            .initial_embedding(initial)
            .epoch_callback(|epoch, at| {
                if !on_epoch(epoch, at) {
                    resume_unwind(Box::new(Stop));
                }
            });
        tsne.fit_sne_with_neighbors(&table);
        tsne.embedding()
    }));
    match arranged {
        Ok(at) => Some(at.chunks_exact(2).map(|at| [at[0], at[1]]).collect::<Vec<_>>())
            .filter(|at| at.iter().flatten().all(|value| value.is_finite())),
        Err(told) if <dyn Any>::is::<Stop>(&*told) => None,
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Three bundles of points, in 5 dimensions.
    fn bundles(each: usize) -> Embeddings {
        let mut rng = Pcg64Mcg::seed_from_u64(3);
        let rows = (0..3 * each).flat_map(|row| {
            let noise: [f32; 5] = std::array::from_fn(|_| rng.random::<f32>() * 0.1);
            std::array::from_fn::<f32, 5, _>(|axis| if axis == row % 3 { 1.0 + noise[axis] } else { noise[axis] })
        });
        Embeddings { dim: 5, rows: rows.collect() }
    }

    fn distance(one: [f32; 2], other: [f32; 2]) -> f32 {
        (one[0] - other[0]).hypot(one[1] - other[1])
    }

    #[test]
    fn principal_components_follow_the_widest_directions() {
        // Wide along the third axis, less so along the first, hardly along the second.
        let rows = (0..40).flat_map(|row| {
            let angle = row as f32 * std::f32::consts::TAU / 40.0;
            [2.0 * angle.cos(), 0.01 * (3.0 * angle).sin(), 5.0 * angle.sin()]
        });
        let at = pca(&Embeddings { dim: 3, rows: rows.collect() });
        for (row, at) in at.iter().enumerate() {
            let angle = row as f32 * std::f32::consts::TAU / 40.0;
            assert!(distance(*at, [5.0 * angle.sin(), 2.0 * angle.cos()]) < 0.02, "{row}: {at:?}");
        }
        assert!(pca(&Embeddings::default()).is_empty());
    }

    #[test]
    fn neighbours_end_together_and_it_stops_when_told() {
        let vectors = bundles(20);
        let start = pca(&vectors);
        let far = |one: usize, other: usize| {
            let pairs = vectors.row(one).iter().zip(vectors.row(other));
            pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
        };
        let neighbours: Vec<Vec<(u32, f32)>> = (0..60)
            .map(|row| {
                let mut others: Vec<(u32, f32)> =
                    (0..60).filter(|&other| other != row).map(|other| (other as u32, far(row, other))).collect();
                others.sort_by(|one, other| one.1.total_cmp(&other.1));
                others.truncate(15);
                others
            })
            .collect();
        let mut epochs = 0;
        let at = tsne(&start, &neighbours, |_, _| {
            epochs += 1;
            true
        })
        .unwrap();
        assert_eq!(epochs, EPOCHS);
        for row in 0..60 {
            let nearest = (0..60)
                .filter(|&other| other != row)
                .min_by(|&one, &other| distance(at[row], at[one]).total_cmp(&distance(at[row], at[other])));
            assert_eq!(nearest.unwrap() % 3, row % 3, "the nearest of {row} is of another bundle");
        }
        assert_eq!(tsne(&start, &neighbours, |epoch, _| epoch < 5), None);
        assert_eq!(tsne(&start[..4], &neighbours[..4], |_, _| true), None);
    }
}
