//! Vector search by cosine, approximate (HNSW) or exact.

mod exact;
mod hnsw;
mod simd;

use std::time::Instant;

use rand::{SeedableRng as _, seq::index::sample};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::hnsw::GraphParts;
use self::{hnsw::Graph, simd::Kernel};
use super::{RecallError, Recalled, top};
use crate::{models::Embeddings, task::JobContext};

/// With fewer vectors, exact search is the default: it is right, needs no building and answers as fast.
pub const EXACT_BELOW: usize = 10_000;

/// More makes hnsw_rs end the whole program.
const MOST_CONNECTIONS: usize = 255;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSettings {
    /// Connections of a vector in each upper layer, twice as many in the lowest.
    pub m: usize,
    /// Candidates looked at while building; above 2 · `m`.
    pub ef_construction: usize,
    /// Candidates looked at while searching, at least; `k` if that is more.
    pub ef_search: usize,
    /// `None`: exact below [`EXACT_BELOW`] vectors.
    pub exact: Option<bool>,
    /// Inserts on one thread, so that the same vectors and seed give the same index.
    pub reproducible: bool,
}

impl Default for IndexSettings {
    fn default() -> Self {
        Self { m: 16, ef_construction: 200, ef_search: 200, exact: None, reproducible: true }
    }
}

impl IndexSettings {
    /// Every vector is looked at, however many there are.
    pub fn exact() -> Self {
        Self { exact: Some(true), ..Self::default() }
    }

    fn check(&self) -> Result<(), RecallError> {
        let refuse =
            |name, value: usize, allowed| Err(RecallError::Setting { name, value: value.to_string(), allowed });
        if !(2..=MOST_CONNECTIONS).contains(&self.m) {
            return refuse("m", self.m, "a number from 2 to 255");
        }
        if self.ef_construction <= 2 * self.m {
            return refuse("ef_construction", self.ef_construction, "a number above 2 · m");
        }
        if self.ef_search == 0 {
            return refuse("ef_search", self.ef_search, "a number from 1");
        }
        Ok(())
    }
}

/// How well an index finds what exact search finds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Share of the exact best 100 (or all, if there are fewer) that was found, mean over the queries.
    pub recall_at_100: f64,
    pub queries: usize,
    /// What the audit itself took.
    pub secs: f64,
}

/// Vectors of unit length (or 0), by rising id.
#[derive(Debug)]
struct Vectors {
    ids: Vec<u32>,
    dim: usize,
    /// `[ids x dim]`
    rows: Vec<f32>,
}

impl Vectors {
    fn row(&self, row: usize) -> &[f32] {
        &self.rows[row * self.dim..][..self.dim]
    }

    fn of(&self, id: u32) -> Option<&[f32]> {
        self.ids.binary_search(&id).ok().map(|row| self.row(row))
    }

    fn rescored(&self, kernel: Kernel, query: &[f32], mut found: Vec<Recalled>) -> Vec<Recalled> {
        for recalled in &mut found {
            if let Some(vector) = self.of(recalled.item) {
                recalled.score = kernel.dot(query, vector);
            }
        }
        found.sort_unstable_by(top::by_rank);
        found
    }
}

/// Finds the ids whose vectors have the highest cosine with a query.
#[derive(Debug)]
pub struct VectorIndex {
    vectors: Vectors,
    kernel: Kernel,
    /// `None`: exact.
    graph: Option<Graph>,
    ef_search: usize,
    audit: Audit,
}

impl VectorIndex {
    /// `ids`: one a row of `embeddings`, each once. Lengths of vectors do not matter; a vector of zeros has cosine 0
    /// with everything.
    pub fn build(
        ids: Vec<u32>,
        embeddings: &Embeddings,
        settings: &IndexSettings,
        seed: u64,
        ctx: &JobContext,
    ) -> Result<Self, RecallError> {
        settings.check()?;
        let vectors = prepare(ids, embeddings)?;
        ctx.check()?;
        let kernel = Kernel::default();
        let is_exact = settings.exact.unwrap_or(vectors.ids.len() < EXACT_BELOW) || vectors.ids.len() < 2;
        let graph = if is_exact { None } else { Some(Graph::build(&vectors, kernel, settings, seed, ctx)?) };
        let audit = Audit { recall_at_100: 1.0, queries: 0, secs: 0.0 };
        let mut index = Self { vectors, kernel, graph, ef_search: settings.ef_search, audit };
        if index.graph.is_some() {
            index.audit = index.measure(seed, ctx)?;
        }
        Ok(index)
    }

    /// An index over the same vectors and by the same settings as the one whose graph and audit are given; `None` where
    /// the graph does not fit.
    pub fn open(
        ids: Vec<u32>,
        embeddings: &Embeddings,
        settings: &IndexSettings,
        graph: GraphParts,
        audit: Audit,
    ) -> Result<Option<Self>, RecallError> {
        settings.check()?;
        let vectors = prepare(ids, embeddings)?;
        let graph = Graph::from_parts(graph, vectors.ids.len());
        Ok(graph.map(|graph| Self {
            vectors,
            kernel: Kernel::default(),
            graph: Some(graph),
            ef_search: settings.ef_search,
            audit,
        }))
    }

    /// What [`VectorIndex::open`] makes the index of again; `None` for an exact one, which needs nothing.
    pub fn graph(&self) -> Option<GraphParts> {
        self.graph.as_ref().map(Graph::to_parts)
    }

    pub fn len(&self) -> usize {
        self.vectors.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.vectors.ids.is_empty()
    }

    pub fn dim(&self) -> usize {
        self.vectors.dim
    }

    pub fn is_exact(&self) -> bool {
        self.graph.is_none()
    }

    /// Measured after building; an exact index has recall 1 by definition, from 0 queries.
    pub fn audit(&self) -> Audit {
        self.audit
    }

    /// All ids, rising.
    pub fn ids(&self) -> &[u32] {
        &self.vectors.ids
    }

    /// The vector of `id`, scaled to unit length, `[dim]`.
    pub fn vector(&self, id: u32) -> Option<&[f32]> {
        self.vectors.of(id)
    }

    /// The `k` best by falling cosine, ties by id, without `exclude` (sorted). Always `k` where so many are left.
    /// `query`: `[dim]`, of any length; empty where it has another dimension, is 0 or not finite.
    pub fn search(&self, query: &[f32], k: usize, exclude: &[u32]) -> Vec<Recalled> {
        self.search_with(query, k, exclude, self.ef_search)
    }

    /// [`Self::search`] with an own number of candidates; without effect on an exact index.
    pub fn search_with(&self, query: &[f32], k: usize, exclude: &[u32], ef: usize) -> Vec<Recalled> {
        let Some(query) = self.unit_query(query) else { return Vec::new() };
        let (vectors, kernel) = (&self.vectors, self.kernel);
        let k = k.min(self.len());
        if k == 0 {
            return Vec::new();
        }
        if let Some(graph) = &self.graph {
            let found = graph.search(vectors, kernel, &query, k, ef, exclude);
            if found.len() == k {
                return found;
            }
            // Too many are excluded, or a part of the graph cannot be reached.
        }
        exact::search(vectors, kernel, &query, k, exclude)
    }

    /// The exact answer, whatever the index is.
    pub fn search_exact(&self, query: &[f32], k: usize, exclude: &[u32]) -> Vec<Recalled> {
        let Some(query) = self.unit_query(query) else { return Vec::new() };
        exact::search(&self.vectors, self.kernel, &query, k.min(self.len()), exclude)
    }

    /// [`Self::search`] for many queries (`[queries x dim]`) on all threads; `exclude`: one list a query, or none.
    pub fn search_batch(&self, queries: &[f32], k: usize, exclude: &[&[u32]]) -> Vec<Vec<Recalled>> {
        if self.graph.is_none() {
            return self.search_batch_exact(queries, k, exclude);
        }
        let excluded = |query: usize| exclude.get(query).copied().unwrap_or_default();
        queries
            .par_chunks_exact(self.dim().max(1))
            .enumerate()
            .map(|(query, vector)| self.search(vector, k, excluded(query)))
            .collect()
    }

    /// [`Self::search_exact`] for many queries, by matrix products.
    pub fn search_batch_exact(&self, queries: &[f32], k: usize, exclude: &[&[u32]]) -> Vec<Vec<Recalled>> {
        let dim = self.dim();
        if dim == 0 {
            return Vec::new();
        }
        let mut unit = Vec::with_capacity(queries.len());
        let mut is_void = Vec::with_capacity(queries.len() / dim);
        for query in queries.chunks_exact(dim) {
            let scaled = self.unit_query(query);
            is_void.push(scaled.is_none());
            unit.extend(scaled.unwrap_or_else(|| vec![0.0; dim]));
        }
        let mut found = exact::search_batch(&self.vectors, self.kernel, &unit, k.min(self.len()), exclude);
        for (found, is_void) in found.iter_mut().zip(is_void) {
            if is_void {
                found.clear();
            }
        }
        found
    }

    fn unit_query(&self, query: &[f32]) -> Option<Vec<f32>> {
        if query.len() != self.dim() {
            return None;
        }
        let mut query = query.to_vec();
        (scale_to_unit(&mut query)? > 0.0).then_some(query)
    }

    /// The index against exact search, asked with a sample of its own vectors.
    fn measure(&self, seed: u64, ctx: &JobContext) -> Result<Audit, RecallError> {
        let started = Instant::now();
        let queries = self.len().min(200);
        let k = 100.min(self.len() - 1);
        let sampled = sample(&mut rand_pcg::Pcg64::seed_from_u64(seed), self.len(), queries);
        let hits = sampled
            .into_vec()
            .into_par_iter()
            .map(|row| {
                ctx.check()?;
                let (query, own) = (self.vectors.row(row), [self.vectors.ids[row]]);
                let right = self.search_exact(query, k, &own);
                Ok(share_found(&self.search(query, k, &own), &right))
            })
            .collect::<Result<Vec<f64>, RecallError>>()?;
        let recall_at_100 = hits.iter().sum::<f64>() / queries as f64;
        Ok(Audit { recall_at_100, queries, secs: started.elapsed().as_secs_f64() })
    }
}

/// Share of the items of `right` that `found` holds; 1 where `right` is empty.
pub fn share_found(found: &[Recalled], right: &[Recalled]) -> f64 {
    if right.is_empty() {
        return 1.0;
    }
    let mut items: Vec<u32> = found.iter().map(|recalled| recalled.item).collect();
    items.sort_unstable();
    let hits = right.iter().filter(|recalled| items.binary_search(&recalled.item).is_ok()).count();
    hits as f64 / right.len() as f64
}

/// Checks, sorts by id, scales to unit length.
fn prepare(ids: Vec<u32>, embeddings: &Embeddings) -> Result<Vectors, RecallError> {
    let Embeddings { dim, ref rows } = *embeddings;
    if ids.len().checked_mul(dim) != Some(rows.len()) {
        let vectors = rows.len().checked_div(dim).unwrap_or(0);
        return Err(RecallError::Shape { ids: ids.len(), vectors, dim, numbers: rows.len() });
    }
    let mut order: Vec<(u32, usize)> = ids.into_iter().enumerate().map(|(row, id)| (id, row)).collect();
    order.sort_unstable();
    if let Some(pair) = order.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(RecallError::Twice { id: pair[0].0 });
    }
    let mut sorted = Vec::with_capacity(rows.len());
    for &(id, row) in &order {
        let from = sorted.len();
        sorted.extend_from_slice(&rows[row * dim..(row + 1) * dim]);
        if scale_to_unit(&mut sorted[from..]).is_none() {
            return Err(RecallError::NotFinite { id });
        }
    }
    Ok(Vectors { ids: order.into_iter().map(|(id, _)| id).collect(), dim, rows: sorted })
}

/// Returns the former length; `None` where a number is not finite. A vector of zeros stays as it is.
fn scale_to_unit(vector: &mut [f32]) -> Option<f64> {
    let length = vector.iter().map(|&value| f64::from(value) * f64::from(value)).sum::<f64>().sqrt();
    if !length.is_finite() {
        return None;
    }
    if length > 0.0 {
        for value in vector {
            *value = (f64::from(*value) / length) as f32;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests;
