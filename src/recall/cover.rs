//! `cover`: items whose covers look like those of the user's recent items.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::{
    Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger,
    alike::Alike,
    answers::dot,
    index::{IndexSettings, VectorIndex},
    top,
};
use crate::{
    dataset::{Dataset, TagLevel, covers::CoverError as PictureError},
    models::{
        Embeddings,
        cover::{CoverNet, CoverReport, CoverSettings, Heat, Looker, Pictures, Reading, Sight, Trained, View, tags_of},
    },
    task::{Cancelled, JobContext},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CoverLaneSettings {
    /// How many of the newest distinct items with a cover count.
    pub last_items: usize,
    /// After how many newer items one counts half; `None`: all count alike.
    pub half_life_items: Option<f32>,
    /// Share of the first [`FIRST_PLACES`] places that content without an interaction is lifted to, 0 to 1. Runs that were kept
    /// before there was such a share lift nothing.
    #[serde(default)]
    pub new_share: f32,
}

impl Default for CoverLaneSettings {
    fn default() -> Self {
        Self { last_items: 20, half_life_items: Some(10.0), new_share: 0.3 }
    }
}

/// The places in which [`CoverLaneSettings::new_share`] holds. It is a number of its own, so that a longer list begins with
/// the shorter one.
pub const FIRST_PLACES: usize = 50;

/// What is kept of a training.
#[derive(Debug, Clone)]
pub struct CoverModel {
    pub settings: CoverSettings,
    pub net: CoverNet,
    /// Items whose cover could be read, sorted.
    pub items: Vec<u32>,
    /// Their cover vectors, as the network gives them.
    pub vectors: Embeddings,
    /// Items that training did not see, sorted.
    pub held_out: Vec<u32>,
    /// Made when the first picture is looked at.
    looker: OnceLock<Arc<Looker>>,
}

impl CoverModel {
    pub fn new(settings: &CoverSettings, trained: Trained, held_out: Vec<u32>) -> Self {
        let Trained { net, items, vectors, .. } = trained;
        Self::kept(settings.clone(), net, items, vectors, held_out)
    }

    pub fn kept(
        settings: CoverSettings,
        net: CoverNet,
        items: Vec<u32>,
        vectors: Embeddings,
        held_out: Vec<u32>,
    ) -> Self {
        Self { settings, net, items, vectors, held_out, looker: OnceLock::new() }
    }

    pub fn level(&self) -> TagLevel {
        self.settings.level
    }

    /// The vector of an item's cover, as the network gives it.
    pub fn vector(&self, item: u32) -> Option<&[f32]> {
        self.items.binary_search(&item).ok().map(|place| self.vectors.row(place))
    }

    /// How covers come to the network.
    pub fn view(&self, dataset_covers: usize) -> View {
        View::new(self.settings.side_for(dataset_covers), self.settings.framing)
    }

    /// What the network sees in any picture.
    pub fn look_at(&self, path: &Path, dataset: &Dataset, ctx: &JobContext) -> Result<Look, CoverOfFileError> {
        let view = self.view(dataset.items.cover.iter().flatten().count());
        let (pictures, _, mut failures) = Pictures::decode(&[path], view, ctx)?;
        if let Some((_, error)) = failures.pop() {
            return Err(error.into());
        }
        let looker = self.looker.get_or_init(|| Arc::new(Looker::new(&self.net.resnet, view.side)));
        let (features, sight) = looker.look(&pictures.middles(&[0]));
        Ok(Look { vector: self.net.head.vectors(&features), sight, looker: looker.clone() })
    }

    /// Where a tag is seen. That takes as long as a part of looking.
    pub fn heat(&self, look: &Look, tag: u32) -> Heat {
        look.looker.heat(&look.sight, &self.net.head.gradient_of_tag(tag as usize))
    }

    /// The tags of a cover vector with how sure each is, the surest first.
    pub fn tags(&self, vector: &[f32]) -> Vec<(u32, f32)> {
        let sure = self.net.head.confidences(vector);
        let mut found: Vec<(u32, f32)> = (0u32..).zip(sure).collect();
        found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        found
    }

    /// What it reads off every cover that has a tag of its level, or off those alone that were held out, by rows of items.
    pub fn readings(
        &self,
        dataset: &Dataset,
        only_held_out: bool,
        ctx: &JobContext,
    ) -> Result<Vec<Reading>, Cancelled> {
        /// Covers that are read together: their confidences need not all stand in memory.
        const TOGETHER: usize = 1_024;
        let is_held_out = |item: u32| self.held_out.binary_search(&item).is_ok();
        let asked: Vec<usize> =
            (0..self.items.len()).filter(|&place| !only_held_out || is_held_out(self.items[place])).collect();
        let mut readings = Vec::with_capacity(asked.len());
        for places in asked.chunks(TOGETHER) {
            ctx.check()?;
            let vectors: Vec<f32> = places.iter().flat_map(|&place| self.vectors.row(place)).copied().collect();
            let confidences = self.net.head.confidences(&vectors);
            for (&place, confidences) in places.iter().zip(confidences.chunks_exact(self.net.head.tags().max(1))) {
                let item = self.items[place];
                let own = tags_of(dataset, item, self.level());
                readings.extend(Reading::new(item, is_held_out(item), confidences, &own));
            }
        }
        Ok(readings)
    }

    /// Measured on the covers that were held out.
    pub fn report(&self, dataset: &Dataset, ctx: &JobContext) -> Result<CoverReport, Cancelled> {
        let readings = self.readings(dataset, true, ctx)?;
        Ok(CoverReport::of(&readings, self.net.head.tags()))
    }

    /// How alike the covers are that lie nearest: over the covers that were held out and have a tag, the share of the
    /// `k` nearest that have one of their tags, by level.
    pub fn neighbours_shares<const N: usize>(
        &self,
        index: &VectorIndex,
        dataset: &Dataset,
        levels: [TagLevel; N],
        k: usize,
    ) -> [Option<f64>; N] {
        let (mut sums, mut count) = ([0f64; N], 0usize);
        for &item in &self.held_out {
            let Some(vector) = index.vector(item).filter(|_| !dataset.items.tags.of(item).is_empty()) else { continue };
            let found = index.search(vector, k, &[item]);
            if found.is_empty() {
                continue;
            }
            count += 1;
            for (sum, level) in sums.iter_mut().zip(levels) {
                let own = tags_of(dataset, item, level);
                let is_alike =
                    |near: &&Recalled| tags_of(dataset, near.item, level).iter().any(|tag| own.contains(tag));
                *sum += found.iter().filter(is_alike).count() as f64 / found.len() as f64;
            }
        }
        sums.map(|sum| (count > 0).then(|| sum / count as f64))
    }

    /// Items with a cover that could not be read.
    pub fn unreadable(&self, dataset: &Dataset) -> Vec<u32> {
        let has_cover = |item: &u32| dataset.items.cover[*item as usize].is_some();
        let items = 0..dataset.item_count() as u32;
        items.filter(|item| has_cover(item) && self.items.binary_search(item).is_err()).collect()
    }
}

/// One picture as the network sees it.
#[derive(Debug, Clone)]
pub struct Look {
    /// As the network gives it, `[dim]`.
    pub vector: Vec<f32>,
    sight: Sight,
    looker: Arc<Looker>,
}

/// Why a picture has no cover vector.
#[derive(Debug, thiserror::Error)]
pub enum CoverOfFileError {
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// Covers near those of recent items. Whoever has no recent item with a cover gets nothing.
///
/// The lane is there for content that behaviour cannot find, and nearness alone gives such content no more places than its
/// part of the catalogue. So the cosines of new items are raised, for each user by the same number for all of them, until a
/// share of the first places is theirs.
pub struct CoverLane {
    model: Arc<CoverModel>,
    alike: Alike,
    /// The vectors of items without an interaction; `None` where they are not lifted.
    new: Option<VectorIndex>,
    /// How many of the first places they are lifted to.
    new_places: usize,
}

impl CoverLane {
    /// `index`: over the vectors of `model`, with its items as ids. `is_new`: whether an item has no interaction in the
    /// training part.
    pub fn build(
        model: Arc<CoverModel>,
        index: VectorIndex,
        is_new: impl Fn(u32) -> bool,
        settings: &CoverLaneSettings,
        ctx: &JobContext,
    ) -> Result<Self, RecallError> {
        let CoverLaneSettings { last_items, half_life_items, new_share } = *settings;
        if !(0.0..=1.0).contains(&new_share) {
            return Err(RecallError::Setting {
                name: "new_share",
                value: new_share.to_string(),
                allowed: "a number from 0 to 1",
            });
        }
        let alike = Alike::new(&model.items, &model.vectors, index, last_items, half_life_items)?;
        let new_places = (new_share * FIRST_PLACES as f32).round() as usize;
        let (rows, new): (Vec<u32>, Vec<u32>) =
            (0u32..).zip(model.items.iter().copied()).filter(|&(_, item)| is_new(item)).unzip();
        let new = if new.is_empty() || new_places == 0 {
            None
        } else {
            Some(VectorIndex::build(new, &model.vectors.select(&rows), &IndexSettings::exact(), 0, ctx)?)
        };
        Ok(Self { model, alike, new, new_places })
    }

    pub fn index(&self) -> &VectorIndex {
        &self.alike.index
    }

    pub fn model(&self) -> &Arc<CoverModel> {
        &self.model
    }

    /// The sum of the unit vectors of the recent covers, weighed by age, scaled to unit length, `[dim]`.
    pub fn user_vector(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        self.alike.query(trigger)
    }

    /// How much of `score`, which [`Lane::recall`] gave `item`, is the raise of new items; `None` where that is nothing.
    pub fn lift_in(&self, score: f32, trigger: &Trigger, item: u32) -> Option<f32> {
        let (own, query) = self.new.as_ref()?.vector(item).zip(self.alike.query(trigger))?;
        Some(score - dot(own, &query)).filter(|&lift| lift > 1e-5)
    }

    /// The covers nearest to a cover vector, by cosine.
    pub fn nearest(&self, vector: &[f32], k: usize, exclude: &[u32]) -> Vec<Recalled> {
        self.alike.index.search(vector, k, exclude)
    }
}

/// The nearest of all and the nearest of the new ones, both by falling cosine, as one list in which the best `places` of
/// the new ones stand in the first [`FIRST_PLACES`]. New ones that stand higher by themselves are left as they are.
fn lifted(mut all: Vec<Recalled>, mut new: Vec<Recalled>, places: usize) -> Vec<Recalled> {
    let is_new: FxHashSet<u32> = new.iter().map(|recalled| recalled.item).collect();
    let places = places.min(new.len());
    all.retain(|recalled| !is_new.contains(&recalled.item));
    // The first of the others that has to make room.
    if let Some((last, first_below)) = places.checked_sub(1).map(|last| &new[last]).zip(all.get(FIRST_PLACES - places))
    {
        let lift = (first_below.score - last.score).max(0.0);
        new.iter_mut().for_each(|recalled| recalled.score += lift);
    }
    all.append(&mut new);
    all.sort_unstable_by(top::by_rank);
    all
}

impl Lane for CoverLane {
    fn kind(&self) -> LaneKind {
        LaneKind::Cover
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let Some(new) = self.new.as_ref().filter(|_| k > 0) else { return self.alike.recall(trigger, k) };
        let Some(query) = self.alike.query(trigger) else { return Vec::new() };
        // What is lifted, and how far, follows from the first places, however few are asked for.
        let depth = k.max(FIRST_PLACES);
        let [all, new] = [&self.alike.index, new].map(|index| index.search(&query, depth, &trigger.exclude));
        let mut found = lifted(all, new, self.new_places);
        found.truncate(k);
        found
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        self.alike.seeds(trigger, item)
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(&self.alike.index)
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        self.user_vector(trigger)
    }

    fn cover(&self) -> Option<&CoverLane> {
        Some(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    /// The nearest of all and of the new ones, as an index gives them; every third item is new.
    fn found(cosines: &[i16], depth: usize) -> [Vec<Recalled>; 2] {
        let score = |cosine: i16| f32::from(cosine) / f32::from(i16::MAX);
        let all = cosines.iter().zip(0u32..).map(|(&cosine, item)| Recalled { item, score: score(cosine) }).collect();
        let all = top::best(all, usize::MAX);
        let new = all.iter().filter(|recalled| recalled.item % 3 == 0).copied();
        [all.iter().take(depth).copied().collect(), new.take(depth).collect()]
    }

    fn cosines() -> impl Strategy<Value = Vec<i16>> {
        btree_set(any::<i16>(), 1..300).prop_map(Vec::from_iter).prop_shuffle()
    }

    fn new_among(found: &[Recalled], first: usize) -> usize {
        found.iter().take(first).filter(|recalled| recalled.item % 3 == 0).count()
    }

    proptest! {
        #[test]
        fn new_items_get_their_places_and_nothing_else_moves(
            cosines in cosines(),
            places in 1..=FIRST_PLACES,
        ) {
            let [all, new] = found(&cosines, 300);
            let before = new_among(&all, FIRST_PLACES);
            let lifted = lifted(all.clone(), new.clone(), places);
            prop_assert!(lifted.is_sorted_by(|one, other| top::by_rank(one, other).is_lt()));
            prop_assert_eq!(lifted.len(), all.len());
            // The last of them may tie with what has to make room.
            let least = places.min(new.len()).saturating_sub(1);
            prop_assert!(new_among(&lifted, FIRST_PLACES) >= least.max(before));
            prop_assert!(new_among(&lifted, FIRST_PLACES) <= before.max(places));
            // Old and new ones each keep their order.
            for is_new in [false, true] {
                let of = |list: &[Recalled]| -> Vec<u32> {
                    list.iter().map(|recalled| recalled.item).filter(|item| (item % 3 == 0) == is_new).collect()
                };
                prop_assert_eq!(of(&lifted), of(&all));
            }
        }

        #[test]
        fn a_longer_list_begins_with_the_shorter_one(
            cosines in cosines(),
            places in 1..=FIRST_PLACES,
            k in 1usize..200,
        ) {
            let of = |depth: usize| {
                let [all, new] = found(&cosines, depth.max(FIRST_PLACES));
                let mut list = lifted(all, new, places);
                list.truncate(depth);
                list
            };
            let (long, short) = (of(200), of(k));
            prop_assert_eq!(&long[..short.len()], &short[..]);
        }
    }
}
