//! `fused`: items whose content is taken after that of the user's recent items.

use std::sync::Arc;

use super::{Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger, index::VectorIndex, seeds::Recency};
use crate::models::{
    Embeddings,
    fused::{Content, FusedSettings},
    gnn::Parameters,
};

/// What is kept of a training.
#[derive(Debug, Clone)]
pub struct FusedModel {
    pub settings: FusedSettings,
    pub parameters: Parameters,
    /// Items that are described by anything, sorted.
    pub items: Vec<u32>,
    /// Their vectors, not of unit length.
    pub vectors: Embeddings,
}

impl FusedModel {
    pub fn new(settings: &FusedSettings, parameters: Parameters, content: &Content) -> Self {
        let items: Vec<u32> = (0..content.items() as u32).filter(|&item| content.is_described[item as usize]).collect();
        let vectors = content.encode(&parameters).select(&items);
        Self { settings: settings.clone(), parameters, items, vectors }
    }
}

/// Whoever has no recent item that is described gets nothing.
pub struct FusedLane {
    index: VectorIndex,
    recency: Recency,
}

impl FusedLane {
    /// `index`: over the vectors of `model`, with its items as ids.
    pub fn build(model: &Arc<FusedModel>, index: VectorIndex) -> Result<Self, RecallError> {
        let FusedSettings { last_items, half_life_items, .. } = model.settings;
        if index.len() != model.items.len() {
            return Err(RecallError::Shape {
                ids: index.len(),
                vectors: model.vectors.len(),
                dim: model.vectors.dim,
                numbers: model.vectors.rows.len(),
            });
        }
        Ok(Self { index, recency: Recency::new(last_items, half_life_items)? })
    }

    pub fn index(&self) -> &VectorIndex {
        &self.index
    }
}

impl Lane for FusedLane {
    fn kind(&self) -> LaneKind {
        LaneKind::Fused
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        match self.query(trigger) {
            Some(vector) if k > 0 => self.index.search(&vector, k, &trigger.exclude),
            _ => Vec::new(),
        }
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        self.recency.cosine_shares(trigger, &self.index, item)
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(&self.index)
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        self.recency.user_vector(trigger, &self.index)
    }
}
