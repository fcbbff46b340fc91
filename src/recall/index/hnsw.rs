//! Approximate search in a graph that hnsw_rs builds.
//!
//! hnsw_rs keeps each vector, each list of neighbours and each edge in an allocation of its own and counts
//! references while it searches. The finished graph is therefore copied into flat arrays and searched there: the same
//! graph and the same greedy search, several times faster; excluded items are passed through without being counted,
//! so they cost no results. Its `modify_level_scale` is not called: it writes to standard output, and measured recall
//! is the same without it.

use std::{cell::RefCell, cmp::Reverse, collections::BinaryHeap};

use hnsw_rs::prelude::{Distance, Hnsw};
use rand::{SeedableRng as _, seq::SliceRandom as _};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{IndexSettings, Vectors, simd::Kernel};
use crate::{
    recall::Recalled,
    recall::top,
    task::{Cancelled, JobContext},
};

/// hnsw_rs's limit of layers.
const LAYERS: usize = 16;
/// Vectors inserted between two looks at the cancel flag.
const BATCH: usize = 256;

/// 1 − cosine of two vectors of unit length. Never negative, which hnsw_rs insists on, and rounding would break.
struct UnitDistance(Kernel);

impl Distance<f32> for UnitDistance {
    fn eval(&self, one: &[f32], other: &[f32]) -> f32 {
        distance(self.0.dot(one, other))
    }
}

fn distance(cosine: f32) -> f32 {
    (1.0 - cosine).max(0.0)
}

/// The graph in flat arrays. Nodes are the rows of [`Vectors`].
#[derive(Debug)]
pub(super) struct Graph {
    /// `[nodes + 1]`
    offsets: Vec<u32>,
    neighbours: Vec<u32>,
    /// The layers above, from the lowest; each node's neighbours there.
    upper: Vec<FxHashMap<u32, Box<[u32]>>>,
    entry: u32,
}

#[derive(Default)]
struct Scratch {
    /// Per node, the number of the search that visited it last.
    visited: Vec<u16>,
    search: u16,
    /// Neighbours to score, and their scores.
    places: Vec<u32>,
    scores: Vec<f32>,
    candidates: BinaryHeap<Reverse<u64>>,
    found: BinaryHeap<u64>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Orders by distance (not negative, so its bits rise with it), then by node.
fn key(distance: f32, node: u32) -> u64 {
    u64::from(distance.to_bits()) << 32 | u64::from(node)
}

fn node(key: u64) -> u32 {
    key as u32
}

impl Graph {
    /// `vectors` must be finite and of unit length (or 0), `settings` checked.
    pub(super) fn build(
        vectors: &Vectors,
        kernel: Kernel,
        settings: &IndexSettings,
        seed: u64,
        ctx: &JobContext,
    ) -> Result<Self, Cancelled> {
        let count = vectors.ids.len();
        let hnsw = Hnsw::new(settings.m, count, LAYERS, settings.ef_construction, UnitDistance(kernel));
        let mut order: Vec<usize> = (0..count).collect();
        // Items come sorted by age or topic: inserted in that order, whole regions would stay badly joined.
        order.shuffle(&mut rand_pcg::Pcg64::seed_from_u64(seed));
        ctx.stage("Building the index", count as u64, "vectors");
        // The first ones go in one by one in any case, so that the others find something to join.
        let alone = if settings.reproducible { count } else { count.min(1_000) };
        for batch in order[..alone].chunks(BATCH) {
            ctx.check()?;
            batch.iter().for_each(|&row| hnsw.insert((vectors.row(row), row)));
            ctx.advance(batch.len() as u64);
        }
        for batch in order[alone..].chunks(BATCH * rayon::current_num_threads()) {
            ctx.check()?;
            batch.par_iter().for_each(|&row| hnsw.insert((vectors.row(row), row)));
            ctx.advance(batch.len() as u64);
        }
        Ok(Self::flatten(&hnsw, count))
    }

    fn flatten(hnsw: &Hnsw<'_, f32, UnitDistance>, count: usize) -> Self {
        let mut lowest: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut upper: Vec<FxHashMap<u32, Box<[u32]>>> = Vec::new();
        let mut entry = (0, 0);
        for layer in 0..LAYERS {
            for point in hnsw.get_point_indexation().get_layer_iterator(layer) {
                let node = point.get_origin_id() as u32;
                entry = entry.max((layer, node));
                for (at, neighbours) in point.get_neighborhood_id().into_iter().take(layer + 1).enumerate() {
                    let neighbours = neighbours.into_iter().map(|neighbour| neighbour.d_id as u32);
                    if at == 0 {
                        lowest[node as usize] = neighbours.collect();
                    } else {
                        upper.resize_with(upper.len().max(at), FxHashMap::default);
                        upper[at - 1].insert(node, neighbours.collect());
                    }
                }
            }
        }
        let mut graph = Self { offsets: vec![0], neighbours: Vec::new(), upper, entry: entry.1 };
        for own in &lowest {
            graph.neighbours.extend_from_slice(own);
            graph.offsets.push(graph.neighbours.len() as u32);
        }
        graph
    }

    fn neighbours(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.neighbours[self.offsets[node] as usize..self.offsets[node + 1] as usize]
    }

    /// Up to `k` of the `ef` nearest that were found, best first. `query` of unit length.
    pub(super) fn search(
        &self,
        vectors: &Vectors,
        kernel: Kernel,
        query: &[f32],
        k: usize,
        ef: usize,
        exclude: &[u32],
    ) -> Vec<Recalled> {
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.begin(vectors.ids.len());
            let entry = self.descend(vectors, kernel, query);
            self.search_lowest(vectors, kernel, query, entry, ef.max(k), exclude, scratch);
            let found = scratch.found.drain().map(node).map(|node| Recalled {
                item: vectors.ids[node as usize],
                score: kernel.dot(query, vectors.row(node as usize)),
            });
            top::best(found.collect(), k)
        })
    }

    /// The node nearest to `query` that the upper layers lead to.
    fn descend(&self, vectors: &Vectors, kernel: Kernel, query: &[f32]) -> u32 {
        let mut nearest = self.entry;
        let mut score = kernel.dot(query, vectors.row(nearest as usize));
        for layer in self.upper.iter().rev() {
            loop {
                let from = nearest;
                for &neighbour in layer.get(&from).map(|own| &**own).unwrap_or_default() {
                    let own = kernel.dot(query, vectors.row(neighbour as usize));
                    if own > score {
                        (nearest, score) = (neighbour, own);
                    }
                }
                if nearest == from {
                    break;
                }
            }
        }
        nearest
    }

    fn search_lowest(
        &self,
        vectors: &Vectors,
        kernel: Kernel,
        query: &[f32],
        entry: u32,
        ef: usize,
        exclude: &[u32],
        scratch: &mut Scratch,
    ) {
        let Scratch { visited, search, places, scores, candidates, found } = scratch;
        let counts = |node: u32| exclude.is_empty() || exclude.binary_search(&vectors.ids[node as usize]).is_err();
        let first = key(distance(kernel.dot(query, vectors.row(entry as usize))), entry);
        visited[entry as usize] = *search;
        candidates.push(Reverse(first));
        if counts(entry) {
            found.push(first);
        }
        let mut farthest = u64::MAX;
        while let Some(Reverse(candidate)) = candidates.pop() {
            if candidate > farthest {
                break;
            }
            places.clear();
            for &neighbour in self.neighbours(node(candidate)) {
                let mark = &mut visited[neighbour as usize];
                if *mark != *search {
                    *mark = *search;
                    places.push(neighbour);
                }
            }
            scores.resize(places.len(), 0.0);
            kernel.dots_at(query, &vectors.rows, places, scores);
            for (&neighbour, &score) in places.iter().zip(&*scores) {
                let key = key(distance(score), neighbour);
                if key < farthest {
                    candidates.push(Reverse(key));
                    if counts(neighbour) {
                        found.push(key);
                        if found.len() > ef {
                            found.pop();
                        }
                        if found.len() == ef {
                            farthest = found.peek().copied().unwrap_or(u64::MAX);
                        }
                    }
                }
            }
        }
    }
}

impl Scratch {
    /// Forgets the last search.
    fn begin(&mut self, nodes: usize) {
        self.candidates.clear();
        self.found.clear();
        if self.visited.len() < nodes {
            self.visited.resize(nodes, 0);
        }
        self.search = self.search.wrapping_add(1);
        if self.search == 0 {
            self.visited.fill(0);
            self.search = 1;
        }
    }
}
