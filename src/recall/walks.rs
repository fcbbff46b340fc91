//! `deepwalk`, `node2vec`, `metapath2vec`: items near the user's own vector and those of the user's recent items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger,
    answers::{Answers, add, unit},
    index::VectorIndex,
    seeds::{Recency, Seed, shares_of},
};
use crate::models::{Embeddings, walks::WalkModel};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WalkLaneSettings {
    /// How much the vector that walks gave the user counts, from 0 to 1; the mean of the recent items' has the rest. Whoever was
    /// passed by no walk is asked for with the items alone, whoever has no item with the own vector alone.
    pub user_share: f32,
    /// How many of the newest distinct items with a vector count.
    pub last_items: usize,
    /// After how many newer items one counts half; `None`: all count alike.
    pub half_life_items: Option<f32>,
}

impl Default for WalkLaneSettings {
    fn default() -> Self {
        Self { user_share: 0.5, last_items: 20, half_life_items: Some(10.0) }
    }
}

#[derive(Debug)]
pub struct WalkLane {
    kind: LaneKind,
    model: Arc<WalkModel>,
    answers: Answers,
    user_share: f32,
    recency: Recency,
}

/// What asks.
struct Question<'a> {
    /// The recent items with their vectors; their weights are those in `whole`.
    seeds: Vec<(Seed, &'a [f32])>,
    /// `[dim]`, of any length.
    whole: Vec<f32>,
}

impl WalkLane {
    /// `index`: over the vectors of `model`, with its items as ids.
    pub fn build(
        kind: LaneKind,
        model: Arc<WalkModel>,
        index: VectorIndex,
        settings: &WalkLaneSettings,
    ) -> Result<Self, RecallError> {
        let WalkLaneSettings { user_share, last_items, half_life_items } = *settings;
        let recency = Recency::new(last_items, half_life_items)?;
        if !(0.0..=1.0).contains(&user_share) {
            return Err(RecallError::Setting {
                name: "user_share",
                value: user_share.to_string(),
                allowed: "a number from 0 to 1",
            });
        }
        let is_of_model = model.items == index.ids();
        let fits = |of: &Embeddings, ids: &[u32]| ids.is_empty() || (of.len(), of.dim) == (ids.len(), index.dim());
        if !(is_of_model && fits(&model.queries, &model.items) && fits(&model.user_queries, &model.users)) {
            return Err(RecallError::Shape {
                ids: index.len(),
                vectors: model.items.len(),
                dim: model.embeddings.dim,
                numbers: model.embeddings.rows.len(),
            });
        }
        Ok(Self { kind, model, answers: Answers::new(index), user_share, recency })
    }

    pub fn index(&self) -> &VectorIndex {
        &self.answers.index
    }

    pub fn model(&self) -> &WalkModel {
        &self.model
    }

    fn question(&self, trigger: &Trigger) -> Option<Question<'_>> {
        let row = trigger.user.and_then(|user| self.model.row_of_user(user));
        let own = row.map(|row| self.model.user_queries.row(row));
        let known = self.recency.seeds(trigger, |item| self.model.row_of(item).is_some());
        let of_seed = |seed: Seed| Some((seed, self.model.queries.row(self.model.row_of(seed.item)?)));
        let mut seeds: Vec<(Seed, &[f32])> = known.into_iter().filter_map(of_seed).collect();
        let weights: f32 = seeds.iter().map(|(seed, _)| seed.weight).sum();
        let own_share = match (own, weights > 0.0) {
            (Some(_), true) => self.user_share,
            (Some(_), false) => 1.0,
            (None, true) => 0.0,
            (None, false) => return None,
        };
        if own_share >= 1.0 {
            seeds.clear();
        }
        let mut whole = vec![0.0; self.index().dim()];
        add(&mut whole, own_share, own.unwrap_or_default());
        for (seed, vector) in &mut seeds {
            seed.weight *= (1.0 - own_share) / weights;
            add(&mut whole, seed.weight, vector);
        }
        Some(Question { seeds, whole })
    }
}

impl Lane for WalkLane {
    fn kind(&self) -> LaneKind {
        self.kind
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(self.index())
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        unit(self.question(trigger)?.whole)
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        match self.question(trigger) {
            Some(question) if k > 0 => self.answers.recall(&question.whole, trigger, k),
            _ => Vec::new(),
        }
    }

    /// What is missing to 1 is the part of the user's own vector.
    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let Some(Question { seeds, whole }) = self.question(trigger) else { return Vec::new() };
        let Some(total) = self.answers.part(&whole, item) else { return Vec::new() };
        let part = |(seed, vector): (Seed, &[f32])| Some((seed.item, seed.weight * self.answers.part(vector, item)?));
        shares_of(seeds.into_iter().filter_map(part).collect(), total)
    }
}
