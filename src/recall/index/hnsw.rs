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

/// A graph as arrays alone, to be kept: see [`Graph::to_parts`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GraphParts {
    /// Of the lowest layer, `[nodes + 1]`.
    pub offsets: Vec<u32>,
    pub neighbours: Vec<u32>,
    /// Of the layers above, from the lowest: how many nodes each has.
    pub upper_counts: Vec<u32>,
    /// The nodes of one layer after the other, rising within a layer.
    pub upper_nodes: Vec<u32>,
    /// `[upper_nodes + 1]`
    pub upper_offsets: Vec<u32>,
    pub upper_neighbours: Vec<u32>,
    pub entry: u32,
}

impl Graph {
    pub(super) fn to_parts(&self) -> GraphParts {
        let mut parts = GraphParts {
            offsets: self.offsets.clone(),
            neighbours: self.neighbours.clone(),
            upper_offsets: vec![0],
            entry: self.entry,
            ..GraphParts::default()
        };
        for layer in &self.upper {
            parts.upper_counts.push(layer.len() as u32);
            let mut nodes: Vec<(&u32, &Box<[u32]>)> = layer.iter().collect();
            nodes.sort_unstable_by_key(|(node, _)| **node);
            for (&node, own) in nodes {
                parts.upper_nodes.push(node);
                parts.upper_neighbours.extend_from_slice(own);
                parts.upper_offsets.push(parts.upper_neighbours.len() as u32);
            }
        }
        parts
    }

    /// `None` for parts that are no graph of `count` nodes.
    pub(super) fn from_parts(parts: GraphParts, count: usize) -> Option<Self> {
        let GraphParts { offsets, neighbours, upper_counts, upper_nodes, upper_offsets, upper_neighbours, entry } =
            parts;
        let are_nodes = |nodes: &[u32]| nodes.iter().all(|&node| (node as usize) < count);
        let are_rows = |offsets: &[u32], rows: usize, targets: &[u32]| {
            offsets.len() == rows + 1
                && offsets.first() == Some(&0)
                && offsets.last().is_some_and(|&last| last as usize == targets.len())
                && offsets.is_sorted()
        };
        let is_whole = are_rows(&offsets, count, &neighbours)
            && are_rows(&upper_offsets, upper_nodes.len(), &upper_neighbours)
            && upper_counts.iter().map(|&count| count as usize).sum::<usize>() == upper_nodes.len()
            && upper_counts.len() < LAYERS
            && [&neighbours, &upper_nodes, &upper_neighbours].into_iter().all(|nodes| are_nodes(nodes))
            && (entry as usize) < count;
        if !is_whole {
            return None;
        }
        let mut rows = upper_nodes.iter().enumerate().map(|(row, &node)| {
            let own = upper_offsets[row] as usize..upper_offsets[row + 1] as usize;
            (node, upper_neighbours[own].into())
        });
        let upper = upper_counts.iter().map(|&count| rows.by_ref().take(count as usize).collect()).collect();
        Some(Self { offsets, neighbours, upper, entry })
    }

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
