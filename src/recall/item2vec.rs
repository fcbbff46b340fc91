//! `item2vec`: items whose vectors lie near those of the user's recent items.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger,
    answers::{Answers, add, unit},
    index::VectorIndex,
    seeds::{Recency, Seed, shares},
    top,
};
use crate::models::{Embeddings, item2vec::Item2vecModel};

/// How several recent items become one list.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VectorQuery {
    /// One search with the weighted mean of their vectors; score: the cosine to it, less the average item's.
    #[default]
    Mean,
    /// One search for each; score: the sum of (weight · cosine) over those that have the item among their nearest.
    /// Finds at most (recent items · neighbours) items.
    PerSeed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Item2vecLaneSettings {
    pub query: VectorQuery,
    /// How many of the newest distinct items with a vector count.
    pub last_items: usize,
    /// After how many newer items one counts half; `None`: all count alike.
    pub half_life_items: Option<f32>,
    /// Nearest items looked at for each recent item (`per-seed`).
    pub neighbours_per_seed: usize,
}

impl Default for Item2vecLaneSettings {
    fn default() -> Self {
        Self { query: VectorQuery::Mean, last_items: 20, half_life_items: Some(10.0), neighbours_per_seed: 20 }
    }
}

#[derive(Debug)]
pub struct Item2vecLane {
    model: Arc<Item2vecModel>,
    /// The model's query vectors, scaled to unit length.
    queries: Embeddings,
    answers: Answers,
    recency: Recency,
    query: VectorQuery,
    neighbours_per_seed: usize,
}

impl Item2vecLane {
    /// `index`: over the vectors of `model`, with its items as ids.
    pub fn build(
        model: Arc<Item2vecModel>,
        index: VectorIndex,
        settings: &Item2vecLaneSettings,
    ) -> Result<Self, RecallError> {
        let Item2vecLaneSettings { query, last_items, half_life_items, neighbours_per_seed } = *settings;
        let recency = Recency::new(last_items, half_life_items)?;
        if neighbours_per_seed == 0 {
            return Err(RecallError::Setting {
                name: "neighbours_per_seed",
                value: neighbours_per_seed.to_string(),
                allowed: "a number from 1",
            });
        }
        let is_of_model =
            model.items.len() == index.len() && model.items.iter().all(|&item| index.vector(item).is_some());
        let has_queries = model.queries.len() == model.items.len() && model.queries.dim == model.embeddings.dim;
        if !(is_of_model && (has_queries || model.items.is_empty())) {
            return Err(RecallError::Shape {
                ids: index.len(),
                vectors: model.items.len(),
                dim: model.embeddings.dim,
                numbers: model.embeddings.rows.len(),
            });
        }
        let queries = model.queries.normalised();
        let answers = Answers::new(index);
        Ok(Self { model, queries, answers, recency, query, neighbours_per_seed })
    }

    pub fn index(&self) -> &VectorIndex {
        &self.answers.index
    }

    pub fn model(&self) -> &Item2vecModel {
        &self.model
    }

    /// What the user's recent items ask with together, scaled to unit length, `[dim]`: the score of an item is the
    /// product with its vector in the index, less that with the average vector. `None` for users without a recent item
    /// that has a vector, and for `per-seed` queries, which no single vector stands for.
    pub fn user_vector(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        if self.query != VectorQuery::Mean {
            return None;
        }
        unit(self.mean(&self.seeds_with_vectors(trigger)))
    }

    /// The recent items that have a vector, newest first, with the vector that they ask with.
    fn seeds_with_vectors(&self, trigger: &Trigger) -> Vec<(Seed, &[f32])> {
        let seeds = self.recency.seeds(trigger, |item| self.model.row_of(item).is_some());
        seeds.into_iter().filter_map(|seed| Some((seed, self.queries.row(self.model.row_of(seed.item)?)))).collect()
    }

    /// The weighted sum of the seeds' vectors: its direction is that of their mean.
    fn mean(&self, seeds: &[(Seed, &[f32])]) -> Vec<f32> {
        let mut sum = vec![0f32; self.index().dim()];
        for (seed, vector) in seeds {
            add(&mut sum, seed.weight, vector);
        }
        sum
    }

    /// What a seed's nearest items are: the same for recalling and for explaining.
    fn nearest(&self, seed: Seed, vector: &[f32], exclude: &[u32]) -> Vec<Recalled> {
        let own = exclude.binary_search(&seed.item).is_ok();
        let mut found = self.index().search(vector, self.neighbours_per_seed + usize::from(!own), exclude);
        found.retain(|recalled| recalled.item != seed.item);
        found.truncate(self.neighbours_per_seed);
        found
    }
}

impl Lane for Item2vecLane {
    fn kind(&self) -> LaneKind {
        LaneKind::Item2vec
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(self.index())
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        self.user_vector(trigger)
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let seeds = self.seeds_with_vectors(trigger);
        if seeds.is_empty() || k == 0 {
            return Vec::new();
        }
        match self.query {
            VectorQuery::Mean => self.answers.recall(&self.mean(&seeds), trigger, k),
            VectorQuery::PerSeed => {
                let mut sums: FxHashMap<u32, f32> = FxHashMap::default();
                for (seed, vector) in seeds {
                    for recalled in self.nearest(seed, vector, &trigger.exclude) {
                        *sums.entry(recalled.item).or_default() += seed.weight * recalled.score;
                    }
                }
                let found = sums.into_iter().map(|(item, score)| Recalled { item, score });
                top::best(found.collect(), k)
            }
        }
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let seeds = self.seeds_with_vectors(trigger).into_iter();
        let parts = match self.query {
            VectorQuery::Mean => seeds
                .filter_map(|(seed, vector)| Some((seed.item, seed.weight * self.answers.part(vector, item)?)))
                .collect(),
            VectorQuery::PerSeed => seeds
                .filter_map(|(seed, vector)| {
                    let nearest = self.nearest(seed, vector, &trigger.exclude);
                    let score = nearest.iter().find(|recalled| recalled.item == item)?.score;
                    Some((seed.item, seed.weight * score))
                })
                .collect(),
        };
        shares(parts)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{recall::index::IndexSettings, task::JobContext};

    fn lane(vectors: &[[f32; 3]], settings: &Item2vecLaneSettings) -> Item2vecLane {
        // Items are 10, 11, …: rows of the model are no rows of items.
        let items: Vec<u32> = (10..10 + vectors.len() as u32).collect();
        let embeddings = Embeddings { dim: 3, rows: vectors.concat() };
        let index =
            VectorIndex::build(items.clone(), &embeddings, &IndexSettings::default(), 1, &JobContext::default())
                .unwrap();
        let queries = embeddings.clone();
        let model = Item2vecModel { items, embeddings, queries, ..Item2vecModel::default() };
        Item2vecLane::build(Arc::new(model), index, settings).unwrap()
    }

    fn trigger(recent: &[u32], exclude: &[u32]) -> Trigger {
        Trigger {
            user: None,
            recent: recent.iter().map(|&item| (item, 1.0)).collect(),
            exclude: exclude.to_vec(),
            ..Trigger::default()
        }
    }

    #[test]
    fn without_a_known_item_nothing_is_recalled() {
        let lane = lane(&[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], &Item2vecLaneSettings::default());
        assert!(lane.recall(&trigger(&[], &[]), 5).is_empty());
        assert!(lane.recall(&trigger(&[0, 99], &[]), 5).is_empty());
        assert!(lane.seeds(&trigger(&[10], &[]), 99).is_empty());
        assert_eq!(lane.recall(&trigger(&[10], &[10]), 5), [Recalled { item: 11, score: -0.5 }]);
    }

    #[test]
    fn an_index_over_other_items_is_refused() {
        let embeddings = Embeddings { dim: 1, rows: vec![1.0] };
        let queries = embeddings.clone();
        let model = Item2vecModel { items: vec![1], embeddings, queries, ..Item2vecModel::default() };
        let other = Embeddings { dim: 1, rows: vec![1.0] };
        let index = VectorIndex::build(vec![2], &other, &IndexSettings::default(), 1, &JobContext::default()).unwrap();
        let built = Item2vecLane::build(Arc::new(model), index, &Item2vecLaneSettings::default());
        assert!(matches!(built, Err(RecallError::Shape { .. })));
    }

    fn cosine(one: [f32; 3], other: [f32; 3]) -> f32 {
        let dot = |one: [f32; 3], other: [f32; 3]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
        dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
    }

    proptest! {
        #[test]
        fn equals_plain_sums(
            vectors in vec([0.1f32..1.0, -1f32..1.0, -1f32..1.0], 12),
            recent in vec(10u32..24, 1..20),
            exclude in vec(8u32..24, 0..6),
            is_mean: bool,
        ) {
            let mut exclude = exclude;
            exclude.sort_unstable();
            let query = if is_mean { VectorQuery::Mean } else { VectorQuery::PerSeed };
            let settings = Item2vecLaneSettings {
                query,
                last_items: 5,
                half_life_items: Some(2.0),
                neighbours_per_seed: 3,
            };
            let lane = lane(&vectors, &settings);
            let trigger = trigger(&recent, &exclude);
            let all = lane.recall(&trigger, 12);

            let mut seeds: Vec<(u32, f32)> = Vec::new();
            for &item in recent.iter().rev().filter(|&&item| item < 22) {
                match seeds.iter_mut().find(|seed| seed.0 == item) {
                    Some(seed) => seed.1 += 1.0,
                    None => seeds.push((item, 1.0)),
                }
            }
            seeds.truncate(5);
            for (age, seed) in seeds.iter_mut().enumerate() {
                seed.1 *= 0.5f32.powf(age as f32 / 2.0);
            }
            let of = |item: u32| vectors[item as usize - 10];
            let free: Vec<u32> = (10..22).filter(|item| !exclude.contains(item)).collect();
            let part = |seed: (u32, f32), item: u32| -> f32 {
                let own = cosine(of(seed.0), of(item));
                let is_near = free
                    .iter()
                    .filter(|&&other| other != seed.0 && other != item && cosine(of(seed.0), of(other)) > own)
                    .count() < 3 && item != seed.0;
                let average = vectors.iter().map(|&other| cosine(of(seed.0), other)).sum::<f32>() / 12.0;
                match (is_mean, is_near) {
                    (true, _) => seed.1 * (own - average),
                    (false, true) => seed.1 * own,
                    (false, false) => 0.0,
                }
            };
            let mut mean = [0f32; 3];
            for &(item, weight) in &seeds {
                let length = cosine(of(item), of(item)) / cosine(of(item), [1.0, 0.0, 0.0]) * of(item)[0];
                for axis in 0..3 {
                    mean[axis] += weight * of(item)[axis] / length;
                }
            }
            let length = if is_mean { mean.iter().map(|value| value * value).sum::<f32>().sqrt() } else { 1.0 };
            for recalled in &all {
                prop_assert!(free.contains(&recalled.item));
                let sum: f32 = seeds.iter().map(|&seed| part(seed, recalled.item)).sum();
                prop_assert!((recalled.score - sum / length).abs() < 1e-3, "{} {}", recalled.score, sum / length);
            }
            if seeds.is_empty() {
                prop_assert!(all.is_empty());
            } else if is_mean {
                prop_assert_eq!(all.len(), free.len());
            }
            prop_assert!(all.is_sorted_by(|one, other| top::by_rank(one, other).is_lt()));
            prop_assert_eq!(&lane.recall(&trigger, 3)[..], &all[..all.len().min(3)]);

            for recalled in all.iter().filter(|recalled| recalled.score > 0.05) {
                let shares = lane.seeds(&trigger, recalled.item);
                prop_assert!((shares.iter().map(|part| part.share).sum::<f32>() - 1.0).abs() < 1e-3);
                for share in shares {
                    let seed = *seeds.iter().find(|seed| seed.0 == share.item).unwrap();
                    let own = part(seed, recalled.item) / length;
                    prop_assert!((share.share * recalled.score - own).abs() < 2e-3);
                }
            }
        }
    }
}
