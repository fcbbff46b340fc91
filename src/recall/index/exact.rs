//! Exact search: every vector is looked at.

use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;

use super::{Vectors, simd::Kernel};
use crate::recall::{Recalled, top::Best};

/// Rows scored at a time: their scores stay in the first-level cache.
const BLOCK_ROWS: usize = 2_048;
/// Queries of one matrix product.
const BLOCK_QUERIES: usize = 32;

/// The best `k` for one query of unit length.
pub(super) fn search(vectors: &Vectors, kernel: Kernel, query: &[f32], k: usize, exclude: &[u32]) -> Vec<Recalled> {
    let mut best = Best::new(k);
    let mut scores = [0f32; BLOCK_ROWS];
    for (block, rows) in vectors.rows.chunks(BLOCK_ROWS * vectors.dim).enumerate() {
        let ids = &vectors.ids[block * BLOCK_ROWS..];
        let scores = &mut scores[..rows.len() / vectors.dim];
        kernel.dots(query, rows, scores);
        collect(&mut best, ids, scores, exclude);
    }
    best.finish()
}

/// The best `k` for each query (`[queries x dim]`, unit length), by matrix products on all threads.
pub(super) fn search_batch(
    vectors: &Vectors,
    kernel: Kernel,
    queries: &[f32],
    k: usize,
    exclude: &[&[u32]],
) -> Vec<Vec<Recalled>> {
    let dim = vectors.dim;
    queries
        .par_chunks(BLOCK_QUERIES * dim)
        .enumerate()
        .flat_map_iter(|(block, queries)| {
            let count = queries.len() / dim;
            let first_query = block * BLOCK_QUERIES;
            let excluded = |query: usize| exclude.get(first_query + query).copied().unwrap_or_default();
            let mut best: Vec<Best> = (0..count).map(|_| Best::new(k)).collect();
            let mut scores = vec![0f32; BLOCK_ROWS * count];
            for (block, rows) in vectors.rows.chunks(BLOCK_ROWS * dim).enumerate() {
                let height = rows.len() / dim;
                let scores = &mut scores[..height * count];
                matmul(
                    MatMut::from_column_major_slice_mut(scores, height, count),
                    Accum::Replace,
                    MatRef::from_row_major_slice(rows, height, dim),
                    MatRef::from_column_major_slice(queries, dim, count),
                    1.0,
                    Par::Seq,
                );
                let ids = &vectors.ids[block * BLOCK_ROWS..];
                for (query, best) in best.iter_mut().enumerate() {
                    collect(best, ids, &scores[query * height..(query + 1) * height], excluded(query));
                }
            }
            // Scored once more by the one kernel, so that a score does not depend on how it was asked for.
            let again = |(best, query): (Best, &[f32])| vectors.rescored(kernel, query, best.finish());
            best.into_iter().zip(queries.chunks_exact(dim)).map(again).collect::<Vec<_>>()
        })
        .collect()
}

fn collect(best: &mut Best, ids: &[u32], scores: &[f32], exclude: &[u32]) {
    for (&id, &score) in ids.iter().zip(scores) {
        if best.admits(score) && exclude.binary_search(&id).is_err() {
            best.push(id, score);
        }
    }
}
