//! Items whose neighbours by looks and by behaviour differ most; found off the frame.

use rand::{SeedableRng as _, seq::index::sample};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::looking::Model;
use crate::{
    jobs::pipeline::TrainedLane,
    recall::{Recalled, cover::CoverLane, index::VectorIndex},
    task::JobContext,
};

/// Neighbours that are compared.
pub const COMPARED: usize = 20;
/// Items that are kept to be walked through.
const MOST: usize = 500;
/// Products of vectors that are computed at most, and the fewest items that are compared.
const MOST_PRODUCTS: usize = 250_000_000;
const LEAST: usize = 200;

/// An item that both know.
pub struct Differs {
    pub item: u32,
    /// Of the [`COMPARED`] nearest those that both have.
    pub shared: usize,
    pub by_looks: Vec<Recalled>,
    pub by_behaviour: Vec<Recalled>,
}

pub struct Differing {
    /// The most differing first.
    pub items: Vec<Differs>,
    /// Items that were compared, and those that both have.
    pub compared: usize,
    pub common: usize,
}

/// The fewest common neighbours first; of equals the one whose neighbours lie farther apart in the other's space.
pub fn differing(model: &Model, behaviour: &TrainedLane, ctx: &JobContext) -> anyhow::Result<Differing> {
    let empty = Differing { items: Vec::new(), compared: 0, common: 0 };
    let (Some(looks), Some(taken)) = (model.lane().map(CoverLane::index), behaviour.lane.vectors()) else {
        return Ok(empty);
    };
    let counts = &model.basis.facts.bands.item_count;
    // Where nobody took an item, its vector of behaviour says nothing.
    let is_common = |item: &u32| taken.vector(*item).is_some() && counts[*item as usize] > 0;
    let common: Vec<u32> = looks.ids().iter().copied().filter(is_common).collect();
    let most = (MOST_PRODUCTS / looks.len().max(taken.len()).max(1)).max(LEAST).min(common.len());
    let mut chosen: Vec<u32> =
        sample(&mut Pcg64Mcg::seed_from_u64(1), common.len(), most).into_iter().map(|place| common[place]).collect();
    chosen.sort_unstable();
    let compare = |&item: &u32| -> anyhow::Result<(f32, Differs)> {
        ctx.check()?;
        let near = |index: &VectorIndex| {
            index.vector(item).map(|vector| index.search(vector, COMPARED, &[item])).unwrap_or_default()
        };
        let (by_looks, by_behaviour) = (near(looks), near(taken));
        let shared = by_looks.iter().filter(|one| by_behaviour.iter().any(|other| other.item == one.item)).count();
        let apart = far(looks, item, &by_behaviour) + far(taken, item, &by_looks);
        Ok((apart, Differs { item, shared, by_looks, by_behaviour }))
    };
    let mut found = chosen.par_iter().map(compare).collect::<anyhow::Result<Vec<_>>>()?;
    found.sort_by(|(apart, one), (other_apart, other)| {
        one.shared.cmp(&other.shared).then(other_apart.total_cmp(apart)).then(one.item.cmp(&other.item))
    });
    let items = found.into_iter().take(MOST).map(|(_, differs)| differs).collect();
    Ok(Differing { items, compared: chosen.len(), common: common.len() })
}

/// How far the other's neighbours lie from `item`: 1 less their mean cosine.
fn far(index: &VectorIndex, item: u32, others: &[Recalled]) -> f32 {
    let Some(own) = index.vector(item) else { return 0.0 };
    let cosines: Vec<f32> = others
        .iter()
        .filter_map(|other| Some(index.vector(other.item)?.iter().zip(own).map(|(one, own)| one * own).sum()))
        .collect();
    if cosines.is_empty() { 0.0 } else { 1.0 - cosines.iter().sum::<f32>() / cosines.len() as f32 }
}
