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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{recall::index::IndexSettings, task::JobContext};

    /// Items 10, 11, …; users 3 and 5.
    fn lane(items: &[[f32; 3]], users: [[f32; 3]; 2], settings: &WalkLaneSettings) -> WalkLane {
        let ids: Vec<u32> = (10..10 + items.len() as u32).collect();
        let embeddings = Embeddings { dim: 3, rows: items.concat() };
        let index =
            VectorIndex::build(ids.clone(), &embeddings, &IndexSettings::default(), 1, &JobContext::default()).unwrap();
        let queries = embeddings.clone();
        let user_queries = Embeddings { dim: 3, rows: users.concat() };
        let model =
            WalkModel { items: ids, embeddings, queries, users: vec![3, 5], user_queries, ..WalkModel::default() };
        WalkLane::build(LaneKind::Deepwalk, Arc::new(model), index, settings).unwrap()
    }

    fn trigger(user: Option<u32>, recent: &[u32]) -> Trigger {
        Trigger { user, recent: recent.iter().map(|&item| (item, 1.0)).collect(), ..Trigger::default() }
    }

    const AXES: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn first(lane: &WalkLane, trigger: &Trigger) -> Option<u32> {
        lane.recall(trigger, 1).first().map(|recalled| recalled.item)
    }

    #[test]
    fn users_ask_with_their_own_vector_and_clicks_move_the_answer() {
        let lane = lane(&AXES, [AXES[0], AXES[1]], &WalkLaneSettings { user_share: 0.4, ..Default::default() });
        // Users 3 and 5 were walked over, 4 was not.
        assert_eq!(first(&lane, &trigger(Some(3), &[])), Some(10));
        assert_eq!(first(&lane, &trigger(Some(5), &[])), Some(11));
        assert_eq!(first(&lane, &trigger(Some(4), &[])), None);
        assert_eq!(first(&lane, &trigger(Some(4), &[12])), Some(12));
        assert_eq!(first(&lane, &trigger(None, &[12, 99])), Some(12));
        // A click leads away from what the walks said.
        assert_eq!(first(&lane, &trigger(Some(3), &[12])), Some(12));
        assert!(lane.query(&trigger(Some(4), &[])).is_none());
        assert!(lane.seeds(&trigger(Some(3), &[12]), 99).is_empty());
    }

    #[test]
    fn shares_at_the_ends_leave_one_part_out() {
        let asked = trigger(Some(3), &[11]);
        let own = lane(&AXES, [AXES[0], AXES[1]], &WalkLaneSettings { user_share: 1.0, ..Default::default() });
        assert_eq!(first(&own, &asked), Some(10));
        assert!(own.seeds(&asked, 10).is_empty());
        let of_items = lane(&AXES, [AXES[0], AXES[1]], &WalkLaneSettings { user_share: 0.0, ..Default::default() });
        assert_eq!(first(&of_items, &asked), Some(11));
        // Nobody is left without an answer who has a vector.
        assert_eq!(first(&of_items, &trigger(Some(3), &[])), Some(10));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let embeddings = Embeddings { dim: 1, rows: vec![1.0] };
        let index =
            || VectorIndex::build(vec![2], &embeddings, &IndexSettings::default(), 1, &JobContext::default()).unwrap();
        let model = |items: Vec<u32>, dim| WalkModel {
            items,
            embeddings: embeddings.clone(),
            queries: embeddings.clone(),
            users: vec![0],
            user_queries: Embeddings { dim, rows: vec![1.0; dim] },
            ..WalkModel::default()
        };
        let build = |model: WalkModel, share: f32| {
            let settings = WalkLaneSettings { user_share: share, ..Default::default() };
            WalkLane::build(LaneKind::Node2vec, Arc::new(model), index(), &settings)
        };
        assert!(build(model(vec![2], 1), 0.5).is_ok());
        assert!(matches!(build(model(vec![1], 1), 0.5), Err(RecallError::Shape { .. })));
        assert!(matches!(build(model(vec![2], 2), 0.5), Err(RecallError::Shape { .. })));
        assert!(build(model(vec![2], 1), 1.5).unwrap_err().to_string().contains("user_share"));
    }

    proptest! {
        #[test]
        fn parts_and_scores_agree(
            items in vec([0.1f32..1.0, -1f32..1.0, -1f32..1.0], 12),
            user in [0.1f32..1.0, -1f32..1.0, -1f32..1.0],
            recent in vec(8u32..24, 0..10),
            user_share in 0f32..=1.0,
        ) {
            let settings = WalkLaneSettings { user_share, last_items: 5, half_life_items: Some(2.0) };
            let lane = lane(&items, [user, AXES[0]], &settings);
            let trigger = trigger(Some(3), &recent);
            let query = lane.query(&trigger).unwrap();
            let all = lane.recall(&trigger, 12);
            prop_assert_eq!(all.len(), 12);
            prop_assert!(all.is_sorted_by(|one, other| one.score >= other.score));
            let cosine = |item: u32| -> f32 {
                lane.index().vector(item).unwrap().iter().zip(&query).map(|(one, other)| one * other).sum()
            };
            let average = (10..22).map(cosine).sum::<f32>() / 12.0;
            for recalled in &all {
                prop_assert!((recalled.score - (cosine(recalled.item) - average)).abs() < 1e-4);
            }
            // Struck of his own part, the shares of the items are all there is.
            let of_items = super::tests::lane(&items, [user, AXES[0]], &WalkLaneSettings { user_share: 0.0, ..settings });
            for recalled in of_items.recall(&trigger, 12).iter().filter(|recalled| recalled.score > 0.05) {
                let seeds = of_items.seeds(&trigger, recalled.item);
                let sum: f32 = seeds.iter().map(|seed| seed.share).sum();
                prop_assert!(seeds.is_empty() || (sum - 1.0).abs() < 1e-3, "{}", sum);
            }
        }
    }
}
