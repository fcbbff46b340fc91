//! What lanes share whose recent items ask among vectors of their own kind: `cover` and `fused`.

use super::{
    RecallError, Recalled, SeedShare, Trigger,
    answers::{add, dot, unit},
    index::VectorIndex,
    seeds::{Recency, shares},
};
use crate::models::Embeddings;

/// An index in which the recent items stand themselves.
pub(super) struct Alike {
    pub index: VectorIndex,
    recency: Recency,
}

impl Alike {
    /// `index` has to hold one of `vectors` for each of `items`.
    pub fn new(
        items: &[u32],
        vectors: &Embeddings,
        index: VectorIndex,
        last_items: usize,
        half_life_items: Option<f32>,
    ) -> Result<Self, RecallError> {
        let recency = Recency::new(last_items, half_life_items)?;
        if index.len() != items.len() || vectors.len() != items.len() {
            return Err(RecallError::Shape {
                ids: index.len(),
                vectors: vectors.len(),
                dim: vectors.dim,
                numbers: vectors.rows.len(),
            });
        }
        Ok(Self { index, recency })
    }

    /// The sum of the recent items' unit vectors, weighed by age, scaled to unit length, `[dim]`. `None` for users without a
    /// recent item in the index.
    pub fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        let mut sum = vec![0f32; self.index.dim()];
        for seed in self.recency.seeds(trigger, |item| self.index.vector(item).is_some()) {
            add(&mut sum, seed.weight, self.index.vector(seed.item)?);
        }
        unit(sum)
    }

    pub fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        match self.query(trigger) {
            Some(vector) if k > 0 => self.index.search(&vector, k, &trigger.exclude),
            _ => Vec::new(),
        }
    }

    /// Which of the recent items carried `item`, by their parts of the cosine.
    pub fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let Some(own) = self.index.vector(item) else { return Vec::new() };
        let seeds = self.recency.seeds(trigger, |item| self.index.vector(item).is_some());
        // What lies the other way carried nothing.
        let part = |item: u32, weight: f32| Some((item, weight * dot(self.index.vector(item)?, own).max(0.0)));
        shares(seeds.into_iter().filter_map(|seed| part(seed.item, seed.weight)).collect())
    }
}
