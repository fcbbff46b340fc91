//! `fused`: items whose content is taken after that of the user's recent items.

use super::{Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger, alike::Alike, index::VectorIndex};
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
    alike: Alike,
}

impl FusedLane {
    /// `index`: over the vectors of `model`, with its items as ids.
    pub fn build(model: &FusedModel, index: VectorIndex) -> Result<Self, RecallError> {
        let FusedSettings { last_items, half_life_items, .. } = model.settings;
        Ok(Self { alike: Alike::new(&model.items, &model.vectors, index, last_items, half_life_items)? })
    }
}

impl Lane for FusedLane {
    fn kind(&self) -> LaneKind {
        LaneKind::Fused
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        self.alike.recall(trigger, k)
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        self.alike.seeds(trigger, item)
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(&self.alike.index)
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        self.alike.query(trigger)
    }
}
