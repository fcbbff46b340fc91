//! How good a lane is on the test part: full ranking over the whole item pool (algorithms, section 9).

pub mod ab;
mod bands;
pub mod behaviours;
mod bootstrap;
mod compare;
mod exposure;
mod metrics;
mod overlap;
mod ratios;
pub mod replay;
mod sequence;
mod shares;
mod slices;

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize};

pub use bands::{Bands, ItemBand, UserBand, fresh_items};
pub use compare::{Difference, Ground, MetricDifference, NoDifference, compare};
pub use exposure::{BandExposure, Exposure, Hub, PartExposure, exposure, own_hits};
pub use overlap::overlap;
pub use ratios::{Estimate, Moments, Ratio};
pub use sequence::Sequence;
pub use shares::{Chosen, choose_shares};
pub use slices::{SliceReport, is_in_slice};

use crate::{
    dataset::{Dataset, split::Split},
    recall::{Lane, Triggers},
    task::{Cancelled, JobContext},
};
use metrics::PER_USER;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluateSettings {
    /// Cut-offs, ascending.
    pub ks: Vec<usize>,
    /// Draws of the bootstrap over users; 0 leaves the intervals out.
    pub bootstrap: usize,
    pub seed: u64,
}

impl Default for EvaluateSettings {
    fn default() -> Self {
        Self { ks: vec![10, 20, 50, 100, 500], bootstrap: 200, seed: 42 }
    }
}

/// What one lane reaches on one split.
///
/// Names of metrics: `recall@K`, `hit_rate@K`, `ndcg@K`, `mrr@K` are means over users; `coverage@K` (share of the item
/// pool that anybody is shown), `gini@K` (of exposure over the pool), `novelty@K` (mean self-information in bits),
/// `diversity@K` (intra-list, over tags; up to [`MAX_DIVERSITY_K`]), `tail_share@K`, `waist_share@K` describe the lists.
/// A metric of nothing is `None` (`null` in JSON), never 0: where nobody was measured, or no item was shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LaneReport {
    /// Users with at least one wanted item: the ones averaged over.
    pub users: usize,
    pub metrics: BTreeMap<String, Option<f64>>,
    /// 95 % by bootstrap over users, for the metrics that are means over users.
    pub intervals: BTreeMap<String, [f64; 2]>,
    /// `users:new`, `items:tail`, `gender:…`: the same for a part of the users, or of the wanted items.
    pub slices: BTreeMap<String, SliceReport>,
    pub per_user: PerUser,
}

/// Results by user as parallel columns, in order of user rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PerUser {
    /// Rows of users.
    pub user: Vec<u32>,
    /// Items wanted: taken in the test part and not before.
    pub wanted: Vec<u32>,
    /// Wanted items among the first 20.
    pub hits_at_20: Vec<u32>,
    pub recall_at_20: Vec<f32>,
    pub ndcg_at_20: Vec<f32>,
    /// `[users + 1]`: where each user's hits begin in the columns below. Empty in reports that were kept before hits
    /// were.
    #[serde(default)]
    pub hit_offsets: Vec<u32>,
    /// Ranks, from 0, at which wanted items stand, up to the largest cut-off.
    #[serde(default)]
    pub hit_ranks: Vec<u32>,
    /// Rows of the items there.
    #[serde(default)]
    pub hit_items: Vec<u32>,
}

/// Pairs grow with the square of K; beyond this the number tells nothing new.
pub const MAX_DIVERSITY_K: usize = 50;

impl LaneReport {
    /// A metric by its name; `None` too where there was nothing to measure.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.get(name).copied().flatten()
    }

    /// The report without its results by user: what a person or another program reads.
    pub fn summary(&self) -> serde_json::Value {
        let Self { users, metrics, intervals, slices, per_user: _ } = self;
        serde_json::json!({ "users": users, "metrics": metrics, "intervals": intervals, "slices": slices })
    }
}

/// One user's ranking against what he wanted.
struct Ranking {
    user: u32,
    /// Sorted.
    wanted: Vec<u32>,
    items: Vec<u32>,
    /// As [`metrics::of_user`] gives it.
    row: Vec<f64>,
}

impl Ranking {
    /// [`metrics::of_user`] of this ranking if only `wanted` (sorted, not empty) counted.
    fn measure(&self, wanted: &[u32], ks: &[usize]) -> Vec<f64> {
        metrics::of_user(&self.hits(wanted), wanted.len(), ks)
    }

    /// Per rank, whether the item there is one of `wanted` (sorted).
    fn hits(&self, wanted: &[u32]) -> Vec<bool> {
        self.items.iter().map(|item| wanted.binary_search(item).is_ok()).collect()
    }
}

/// Why nobody can be measured on `split`, whatever the lane; `None` where somebody can.
pub fn why_nobody(dataset: &Dataset, split: &Split) -> Option<&'static str> {
    if split.test.is_empty() {
        return Some("the test part is empty; choose an earlier reference time or another split");
    }
    wanted_items(dataset, split, &Triggers::new(dataset, split)).is_empty().then_some(
        "nobody takes anything in the test part that he had not taken before; choose another split, or a longer log",
    )
}

/// Ranks for every user with something to find, and measures.
pub fn evaluate_lane(
    dataset: &Dataset,
    split: &Split,
    lane: &dyn Lane,
    settings: &EvaluateSettings,
    ctx: &JobContext,
) -> Result<LaneReport, Cancelled> {
    evaluate_asking(dataset, split, lane, &Triggers::new(dataset, split), settings, ctx)
}

/// As [`evaluate_lane`], where users ask with `triggers`.
pub fn evaluate_asking(
    dataset: &Dataset,
    split: &Split,
    lane: &dyn Lane,
    triggers: &Triggers,
    settings: &EvaluateSettings,
    ctx: &JobContext,
) -> Result<LaneReport, Cancelled> {
    let ks = &settings.ks;
    let top = ks.iter().copied().max().unwrap_or(0);
    let wanted = wanted_items(dataset, split, triggers);
    ctx.stage(&format!("Evaluating {}", lane.kind().name()), wanted.len() as u64, "users");
    let rankings: Vec<Ranking> = wanted
        .par_iter()
        .map(|(user, wanted)| {
            ctx.check()?;
            let items: Vec<u32> =
                lane.recall(&triggers.of(*user), top).into_iter().map(|recalled| recalled.item).collect();
            let mut ranking = Ranking { user: *user, wanted: wanted.clone(), items, row: Vec::new() };
            ranking.row = ranking.measure(wanted, ks);
            ctx.advance(1);
            Ok(ranking)
        })
        .collect::<Result<_, Cancelled>>()?;
    ctx.check()?;
    let bands = Bands::new(dataset, split);
    let rows: Vec<&[f64]> = rankings.iter().map(|ranking| &ranking.row[..]).collect();
    let (mut metrics, intervals) = means(&rows, settings);
    metrics.extend(list_metrics(dataset, split, &rankings, &bands, ks));
    let slices = slices::slices(dataset, &rankings, &bands, settings);
    ctx.check()?;
    Ok(LaneReport { users: rankings.len(), metrics, intervals, slices, per_user: per_user(&rankings) })
}

/// Per user with at least one: the items of his test interactions that he had not taken in the training part, sorted.
fn wanted_items(dataset: &Dataset, split: &Split, triggers: &Triggers) -> Vec<(u32, Vec<u32>)> {
    let by_user = crate::dataset::split::interactions_by_user(dataset, &split.test);
    (0..dataset.user_count() as u32)
        .filter_map(|user| {
            let rows = by_user.of(user);
            if rows.is_empty() {
                return None;
            }
            let taken = triggers.of(user).exclude;
            let mut items: Vec<u32> = rows
                .iter()
                .map(|&row| dataset.events.item[row as usize])
                .filter(|item| taken.binary_search(item).is_err())
                .collect();
            items.sort_unstable();
            items.dedup();
            (!items.is_empty()).then_some((user, items))
        })
        .collect()
}

/// Means over users and their intervals, by name. `rows` as [`metrics::of_user`] gives them.
fn means(rows: &[&[f64]], settings: &EvaluateSettings) -> (BTreeMap<String, Option<f64>>, BTreeMap<String, [f64; 2]>) {
    let names =
        || settings.ks.iter().flat_map(|k| PER_USER.iter().map(move |metric| format!("{metric}@{k}"))).enumerate();
    let of_column = |column: usize| mean(rows.iter().map(|row| row[column]).sum(), rows.len());
    let metrics = names().map(|(column, name)| (name, of_column(column))).collect();
    let intervals = bootstrap::intervals(rows, settings.bootstrap, settings.seed);
    (metrics, names().zip(intervals).map(|((_, name), interval)| (name, interval)).collect())
}

/// `None` of nothing.
fn mean(sum: f64, count: usize) -> Option<f64> {
    (count > 0).then(|| sum / count as f64)
}

/// What the lists are like, whether or not they hit.
fn list_metrics(
    dataset: &Dataset,
    split: &Split,
    rankings: &[Ranking],
    bands: &Bands,
    ks: &[usize],
) -> BTreeMap<String, Option<f64>> {
    let tags: Vec<Vec<u32>> = (0..dataset.item_count() as u32)
        .map(|item| {
            let mut tags = dataset.items.tags.of(item).to_vec();
            tags.sort_unstable();
            tags.dedup();
            tags
        })
        .collect();
    let information = self_information(dataset, split);
    let mut found = BTreeMap::new();
    for &k in ks {
        let mut exposure = vec![0u32; dataset.item_count()];
        let (mut shown, mut tail, mut waist, mut bits) = (0, 0.0, 0.0, 0.0);
        for ranking in rankings {
            for &item in ranking.items.iter().take(k) {
                exposure[item as usize] += 1;
                shown += 1;
                bits += information[item as usize];
                match bands.item[item as usize] {
                    ItemBand::Tail | ItemBand::New => tail += 1.0,
                    ItemBand::Waist => waist += 1.0,
                    ItemBand::Head => {}
                }
            }
        }
        let covered = exposure.iter().filter(|&&count| count > 0).count() as f64;
        let coverage = mean(covered, dataset.item_count()).filter(|_| !rankings.is_empty());
        found.insert(format!("coverage@{k}"), coverage);
        found.insert(format!("gini@{k}"), (shown > 0).then(|| metrics::gini(&exposure)));
        found.insert(format!("novelty@{k}"), mean(bits, shown));
        found.insert(format!("tail_share@{k}"), mean(tail, shown));
        found.insert(format!("waist_share@{k}"), mean(waist, shown));
        if k <= MAX_DIVERSITY_K {
            let each: Vec<f64> = rankings
                .par_iter()
                .filter_map(|ranking| {
                    let sets: Vec<&[u32]> =
                        ranking.items.iter().take(k).map(|&item| &tags[item as usize][..]).collect();
                    metrics::diversity(&sets)
                })
                .collect();
            found.insert(format!("diversity@{k}"), mean(each.iter().sum(), each.len()));
        }
    }
    found
}

/// Bits that an item tells: −log2 of the share of users who took it in the training part (Zhou et al., 2010), with one
/// user added to both sides so that new items stay finite.
fn self_information(dataset: &Dataset, split: &Split) -> Vec<f64> {
    let mut pairs: Vec<(u32, u32)> =
        split.train.iter().map(|&row| (dataset.events.item[row as usize], dataset.events.user[row as usize])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut takers = vec![0u32; dataset.item_count()];
    for (item, _) in pairs {
        takers[item as usize] += 1;
    }
    let users = dataset.user_count() as f64;
    takers.iter().map(|&count| -((f64::from(count) + 1.0) / (users + 1.0)).log2()).collect()
}

fn per_user(rankings: &[Ranking]) -> PerUser {
    let mut columns = PerUser { hit_offsets: vec![0], ..PerUser::default() };
    for ranking in rankings {
        let wanted = &ranking.wanted;
        let row = ranking.measure(wanted, &[20]);
        columns.user.push(ranking.user);
        columns.wanted.push(wanted.len() as u32);
        let hits = ranking.hits(wanted);
        columns.hits_at_20.push(hits.iter().take(20).filter(|&&hit| hit).count() as u32);
        for rank in (0..hits.len()).filter(|&rank| hits[rank]) {
            columns.hit_ranks.push(rank as u32);
            columns.hit_items.push(ranking.items[rank]);
        }
        columns.hit_offsets.push(columns.hit_ranks.len() as u32);
        columns.recall_at_20.push(row[0] as f32);
        columns.ndcg_at_20.push(row[2] as f32);
    }
    columns
}
