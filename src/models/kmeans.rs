//! Clusters of vectors (Lloyd, 1982, from the seeds of k-means++: Arthur and Vassilvitskii, 2007).

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::Embeddings;
use crate::task::{Cancelled, JobContext};

/// The cluster of each row, from 0 to `clusters - 1`; fewer where there are fewer rows. Ends after `rounds`, or when
/// nothing moves.
pub fn kmeans(
    vectors: &Embeddings,
    clusters: usize,
    rounds: usize,
    seed: u64,
    ctx: &JobContext,
) -> Result<Vec<u8>, Cancelled> {
    let (rows, dim) = (vectors.len(), vectors.dim);
    let clusters = clusters.min(rows).min(256);
    if clusters == 0 {
        return Ok(vec![0; rows]);
    }
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut centres: Vec<f32> = vectors.row(rng.random_range(0..rows)).to_vec();
    let mut far: Vec<f32> = vec![f32::INFINITY; rows];
    while centres.len() < clusters * dim {
        ctx.check()?;
        let newest = centres[centres.len() - dim..].to_vec();
        far.par_iter_mut().enumerate().for_each(|(row, far)| *far = far.min(squared(vectors.row(row), &newest)));
        let sum: f64 = far.iter().map(|&far| f64::from(far)).sum();
        let mut drawn = rng.random::<f64>() * sum;
        let found = far.iter().position(|&far| {
            drawn -= f64::from(far);
            drawn < 0.0
        });
        centres.extend_from_slice(vectors.row(found.unwrap_or(rows - 1)));
    }
    let mut of_row = vec![0u8; rows];
    for _ in 0..rounds {
        ctx.check()?;
        let next: Vec<u8> = (0..rows).into_par_iter().map(|row| nearest(vectors.row(row), &centres, dim)).collect();
        let has_moved = next != of_row;
        of_row = next;
        if !has_moved {
            break;
        }
        let (mut sums, mut counts) = (vec![0f64; clusters * dim], vec![0u32; clusters]);
        for (row, &cluster) in of_row.iter().enumerate() {
            counts[usize::from(cluster)] += 1;
            for (sum, &value) in sums[usize::from(cluster) * dim..].iter_mut().zip(vectors.row(row)) {
                *sum += f64::from(value);
            }
        }
        for (cluster, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            for axis in 0..dim {
                centres[cluster * dim + axis] = (sums[cluster * dim + axis] / f64::from(count)) as f32;
            }
        }
    }
    Ok(of_row)
}

fn squared(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn nearest(vector: &[f32], centres: &[f32], dim: usize) -> u8 {
    let far = centres.chunks_exact(dim).map(|centre| squared(vector, centre)).enumerate();
    far.min_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(cluster, _)| cluster as u8)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_together_is_one_cluster() {
        let rows = (0..30).flat_map(|row| [(row % 3) as f32 * 10.0, (row / 3) as f32 * 0.1]).collect();
        let vectors = Embeddings { dim: 2, rows };
        let found = kmeans(&vectors, 3, 20, 1, &JobContext::default()).unwrap();
        assert!((0..30).all(|row| found[row] == found[row % 3]), "{found:?}");
        assert!(found[0] != found[1] && found[1] != found[2] && found[0] != found[2]);
        assert!(kmeans(&Embeddings::default(), 3, 20, 1, &JobContext::default()).unwrap().is_empty());
    }
}
