//! `user-cluster`: what the clusters take that a user belongs to, and what goes with the recent items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger,
    answers::{Answers, add, unit},
    index::VectorIndex,
    seeds::{Recency, Seed, shares_of},
};
use crate::models::user_cluster::{Clusters, UserClusterModel, UserClusterSettings};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserClusterLaneSettings {
    /// How much the recent items add to what the clusters take; 0 asks with the clusters alone.
    pub item_weight: f32,
    /// How many of the newest distinct items with a vector count.
    pub last_items: usize,
    /// After how many newer items one counts half; `None`: all count alike.
    pub half_life_items: Option<f32>,
}

impl Default for UserClusterLaneSettings {
    fn default() -> Self {
        Self { item_weight: 1.0, last_items: 20, half_life_items: Some(10.0) }
    }
}

/// What one of a user's clusters did for an item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClusterShare {
    /// Its place in [`Clusters`].
    pub cluster: u32,
    /// Of the score.
    pub share: f32,
}

pub struct UserClusterLane {
    model: Arc<UserClusterModel>,
    clusters: Clusters,
    answers: Answers,
    settings: UserClusterSettings,
    item_weight: f32,
    recency: Recency,
}

/// What asks: the sum of vectors, each times its weight.
struct Question<'a> {
    clusters: Vec<(u32, f32)>,
    seeds: Vec<(Seed, &'a [f32])>,
    whole: Vec<f32>,
}

impl UserClusterLane {
    /// `index`: over the vectors of `model`, with its items as ids; `clusters`: those that the model was trained with.
    pub fn build(
        model: Arc<UserClusterModel>,
        clusters: Clusters,
        index: VectorIndex,
        training: &UserClusterSettings,
        settings: &UserClusterLaneSettings,
    ) -> Result<Self, RecallError> {
        let UserClusterLaneSettings { item_weight, last_items, half_life_items } = *settings;
        let recency = Recency::new(last_items, half_life_items)?;
        if !(item_weight.is_finite() && item_weight >= 0.0) {
            return Err(RecallError::Setting {
                name: "item_weight",
                value: item_weight.to_string(),
                allowed: "a number from 0",
            });
        }
        let is_of_model = model.items == index.ids() && model.clusters.len() == clusters.len();
        let fits = model.queries.len() == model.items.len()
            && (model.items.is_empty() || [model.queries.dim, model.clusters.dim] == [index.dim(); 2]);
        if !(is_of_model && fits) {
            return Err(RecallError::Shape {
                ids: index.len(),
                vectors: model.items.len(),
                dim: model.embeddings.dim,
                numbers: model.embeddings.rows.len(),
            });
        }
        let answers = Answers::new(index);
        Ok(Self { model, clusters, answers, settings: training.clone(), item_weight, recency })
    }

    pub fn index(&self) -> &VectorIndex {
        &self.answers.index
    }

    pub fn model(&self) -> &UserClusterModel {
        &self.model
    }

    pub fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    /// The clusters that whoever has the trigger belongs to, with what each counts: what everybody likes, what each value
    /// adds to that, and instead of it, as far as there is data, what those like who are the same in all.
    pub fn clusters_of(&self, trigger: &Trigger) -> Vec<(u32, f32)> {
        let interactions = trigger.recent.iter().filter(|(_, weight)| *weight > 0.0).count() as u32;
        let of_user = self.clusters.of_user(trigger.user, &trigger.changed, interactions);
        let say = |cluster: u32| {
            let users = self.clusters.users[cluster as usize] as f32;
            users / (users + self.settings.shrink_users).max(f32::MIN_POSITIVE)
        };
        let of_whole = of_user.whole.map_or(0.0, say);
        let mut found: Vec<(u32, f32)> = Vec::new();
        let mut of_all = 1.0 - of_whole;
        for &cluster in &of_user.single {
            let weight = self.settings.attribute_weight * say(cluster) * (1.0 - of_whole);
            of_all -= weight;
            found.push((cluster, weight));
        }
        found.insert(0, (0, of_all));
        found.extend(of_user.whole.map(|whole| (whole, of_whole)));
        found
    }

    fn question(&self, trigger: &Trigger) -> Question<'_> {
        let clusters = self.clusters_of(trigger);
        let known = self.recency.seeds(trigger, |item| self.model.items.binary_search(&item).is_ok());
        let of_seed = |seed: Seed| {
            let row = self.model.items.binary_search(&seed.item).ok()?;
            Some((seed, self.model.queries.row(row)))
        };
        let mut seeds: Vec<(Seed, &[f32])> = known.into_iter().filter_map(of_seed).collect();
        let sum: f32 = seeds.iter().map(|(seed, _)| seed.weight).sum();
        if sum <= 0.0 || self.item_weight <= 0.0 {
            seeds.clear();
        }
        seeds.iter_mut().for_each(|(seed, _)| seed.weight *= self.item_weight / sum);
        let mut whole = vec![0.0; self.model.clusters.dim];
        for &(cluster, weight) in &clusters {
            add(&mut whole, weight, self.model.clusters.row(cluster as usize));
        }
        for (seed, vector) in &seeds {
            // What an item adds is what goes with it beyond what everybody takes.
            add(&mut whole, seed.weight, vector);
            add(&mut whole, -seed.weight, self.everybody());
        }
        Question { clusters, seeds, whole }
    }

    fn everybody(&self) -> &[f32] {
        self.model.clusters.row(0)
    }

    /// Up to `k` items that the clusters of whoever has the trigger take more than everybody does, the most distinct
    /// first.
    pub fn liked(&self, trigger: &Trigger, k: usize) -> Vec<u32> {
        let mut beyond = vec![0.0; self.model.clusters.dim];
        for (cluster, weight) in self.clusters_of(trigger) {
            add(&mut beyond, weight, self.model.clusters.row(cluster as usize));
        }
        add(&mut beyond, -1.0, self.everybody());
        let found = self.index().search(&beyond, k, &[]);
        found.into_iter().filter(|recalled| recalled.score > 0.0).map(|recalled| recalled.item).collect()
    }

    /// What each of the clusters does for `item`, in the order of [`UserClusterLane::clusters_of`]; with the shares of
    /// the recent items they sum to 1. Empty for an item that is not recalled.
    pub fn cluster_shares(&self, trigger: &Trigger, item: u32) -> Vec<ClusterShare> {
        let Question { clusters, whole, .. } = self.question(trigger);
        let Some(total) = self.answers.part(&whole, item).filter(|&total| total > 0.0) else { return Vec::new() };
        let part = |(cluster, weight): (u32, f32)| {
            let part = self.answers.part(self.model.clusters.row(cluster as usize), item)?;
            Some(ClusterShare { cluster, share: weight * part / total })
        };
        clusters.into_iter().filter_map(part).collect()
    }
}

impl Lane for UserClusterLane {
    fn kind(&self) -> LaneKind {
        LaneKind::UserCluster
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(self.index())
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        unit(self.question(trigger).whole)
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        if k == 0 || self.index().is_empty() {
            return Vec::new();
        }
        self.answers.recall(&self.question(trigger).whole, trigger, k)
    }

    /// What is missing to 1 is the part of the clusters, see [`UserClusterLane::cluster_shares`].
    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let Question { seeds, whole, .. } = self.question(trigger);
        let Some(total) = self.answers.part(&whole, item) else { return Vec::new() };
        let Some(everybody) = self.answers.part(self.everybody(), item) else { return Vec::new() };
        let part = |(seed, vector): (Seed, &[f32])| {
            Some((seed.item, seed.weight * (self.answers.part(vector, item)? - everybody)))
        };
        shares_of(seeds.into_iter().filter_map(part).collect(), total)
    }

    fn user_cluster(&self) -> Option<&UserClusterLane> {
        Some(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        dataset::{Attribute, Dataset, split::Split},
        models::user_cluster,
        recall::{fixture, index::IndexSettings},
        task::JobContext,
    };

    /// Women (even users) take items 0 to 7, men items 8 to 15; users 40 and 41 took nothing, 42 is of unknown gender.
    fn data() -> Dataset {
        let rows: Vec<(u32, u32, u8, i64)> = (0..5i64)
            .flat_map(|at| (0..40u32).map(move |user| (user, (user / 2 + 3 * at as u32) % 8 + 8 * (user % 2), 0, at)))
            .collect();
        let mut data = fixture::dataset(&rows, 43, 16);
        let of_user = |user: u32| match user {
            42 => Vec::new(),
            user => vec![if user % 2 == 0 { "f" } else { "m" }],
        };
        data.users.attributes = vec![Attribute::from_lists("gender", (0..43).map(of_user))];
        data
    }

    fn lane(data: &Dataset, settings: &UserClusterLaneSettings) -> UserClusterLane {
        let train: Vec<u32> = (0..data.events.len() as u32).collect();
        let split = Split { window: train.clone(), train, ..Split::default() };
        let training = UserClusterSettings {
            dim: 16,
            learning_rate: 0.1,
            rounds: 60,
            min_users: 2,
            ..UserClusterSettings::default()
        };
        let (clusters, ctx) = (Clusters::of(data, &split, 2), JobContext::default());
        let model = Arc::new(user_cluster::train(data, &split, &clusters, &training, &ctx).unwrap());
        let index =
            VectorIndex::build(model.items.clone(), &model.embeddings, &IndexSettings::default(), 1, &ctx).unwrap();
        UserClusterLane::build(model, clusters, index, &training, settings).unwrap()
    }

    fn women(found: &[Recalled]) -> usize {
        found.iter().filter(|recalled| recalled.item < 8).count()
    }

    #[test]
    fn whoever_is_new_gets_what_the_cluster_takes_and_clicks_lead_away() {
        let data = data();
        let lane = lane(&data, &UserClusterLaneSettings { item_weight: 2.0, ..Default::default() });
        let new = |user| Trigger { user: Some(user), ..Trigger::default() };
        assert_eq!(women(&lane.recall(&new(40), 8)), 8);
        assert_eq!(women(&lane.recall(&new(41), 8)), 0);
        // Somebody without attributes, and somebody whom nobody knows, gets what everybody takes.
        assert_eq!(lane.recall(&new(42), 16).len(), 16);
        assert_eq!(lane.recall(&Trigger::default(), 16), lane.recall(&new(42), 16));
        let changed = Trigger { changed: vec![("gender".to_owned(), vec![1])], ..new(40) };
        assert_eq!(lane.recall(&changed, 8), lane.recall(&new(41), 8));
        let clicked = Trigger { recent: vec![(9, 1.0), (12, 1.0)], exclude: vec![9, 12], ..new(40) };
        assert!(women(&lane.recall(&clicked, 6)) < women(&lane.recall(&new(40), 6)));
        assert!(lane.liked(&new(40), 5).iter().all(|&item| item < 8) && lane.liked(&new(40), 5).len() == 5);
    }

    #[test]
    fn shares_of_clusters_and_items_sum_to_one() {
        let data = data();
        let lane = lane(&data, &UserClusterLaneSettings::default());
        for recent in [vec![], vec![(1, 1.0), (3, 2.0)]] {
            let trigger = Trigger { user: Some(40), recent, ..Trigger::default() };
            for recalled in lane.recall(&trigger, 5) {
                let of_clusters: f32 = lane.cluster_shares(&trigger, recalled.item).iter().map(|part| part.share).sum();
                let of_items: f32 = lane.seeds(&trigger, recalled.item).iter().map(|seed| seed.share).sum();
                assert!((of_clusters + of_items - 1.0).abs() < 1e-3, "{of_clusters} and {of_items}");
                assert_eq!(of_items == 0.0, trigger.recent.is_empty());
            }
        }
        assert!(lane.cluster_shares(&Trigger::default(), 99).is_empty());
    }
}
