//! userCluster2vec: clusters of users and the items they take in one space, after the user-type and listing-type
//! embeddings of Grbovic and Cheng, "Real-time Personalization using Embeddings for Search Ranking at Airbnb", 2018
//! (algorithms, section 4). Sequences are of pairs (cluster of the user then, item), read by skip-gram.
//!
//! Beyond the paper: a user is in several clusters, coarse and fine, and each event is told with one of them, drawn at
//! random, so that a fine one with little data can lean on the coarse ones; and what is learned fades.

mod clusters;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

pub use clusters::{BANDS, Clusters, Kind, Membership, band_of, reach_of};

use super::{
    Embeddings,
    skip_gram::{Sessions, SkipGram, SkipGramSettings},
};
use crate::{
    dataset::{
        Dataset, TagLevel,
        split::{Split, interactions_by_user},
    },
    task::{Cancelled, JobContext},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserClusterSettings {
    /// Length of a vector.
    pub dim: usize,
    /// Positions of a sequence to each side that count as context. Clusters and items take turns.
    pub window: usize,
    /// Negatives a positive pair.
    pub negatives: usize,
    /// At the begin; falls in a straight line to a ten-thousandth of it.
    pub learning_rate: f32,
    pub seed: u64,
    /// How often the training part is gone through; each time other interactions are left out and others of the user's
    /// clusters stand before them.
    pub rounds: usize,
    /// Days in which the chance of an interaction to be taken falls to half, counted back from the reference time; `None`:
    /// all are taken. Splits without a reference time never fade.
    pub half_life_days: Option<f64>,
    /// A value of an attribute with fewer users in the training part is no cluster.
    pub min_users: u32,
    /// With so many users a cluster has half of its say, the coarser ones have the rest.
    pub shrink_users: f32,
    /// How much each attribute adds to what everybody likes; 1: as if attributes were independent.
    pub attribute_weight: f32,
    /// Which tag is an item's type.
    pub item_types: TagLevel,
    /// With so many interactions (after fading) an item has half of its say, its type has the rest.
    pub shrink_items: f32,
    /// Items with fewer interactions in the training part are not recalled.
    pub min_count: u32,
}

impl Default for UserClusterSettings {
    fn default() -> Self {
        Self {
            dim: 64,
            window: 10,
            negatives: 5,
            learning_rate: 0.025,
            seed: 42,
            rounds: 20,
            half_life_days: Some(5.0),
            min_users: 10,
            shrink_users: 20.0,
            attribute_weight: 0.7,
            item_types: TagLevel::Level2,
            shrink_items: 20.0,
            min_count: 2,
        }
    }
}

impl UserClusterSettings {
    /// One thread: a handful of rows, those of the coarse clusters, stand in every step. With two threads that write over
    /// one another there, Recall@20 came out between 0.063 and 0.089 (sample, inside of the training part), with one
    /// between 0.079 and 0.088.
    fn skip_gram(&self) -> SkipGramSettings {
        let Self { dim, window, negatives, learning_rate, seed, .. } = *self;
        let kernel = SkipGramSettings::default();
        let shared = SkipGramSettings { epochs: 1, share_negatives: 4, threads: 1, ..kernel };
        SkipGramSettings { dim, window, negatives, learning_rate, seed, ..shared }
    }
}

/// Vectors of clusters and items. The product of a cluster's and an item's is the logarithm of how likely the cluster's
/// users are to take the item, but for a constant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserClusterModel {
    /// Rows of the data set that are recalled, rising.
    pub items: Vec<u32>,
    /// One row for each of `items`, all of one length: what a search by cosine looks among.
    pub embeddings: Embeddings,
    /// One row for each of `items`: what a recent item asks with.
    pub queries: Embeddings,
    /// One row for each cluster of [`Clusters`]: what it asks with.
    pub clusters: Embeddings,
}

/// Trains on the training part of `split`. `clusters` are those of `settings.min_users`.
pub fn train(
    dataset: &Dataset,
    split: &Split,
    clusters: &Clusters,
    settings: &UserClusterSettings,
    ctx: &JobContext,
) -> Result<UserClusterModel, Cancelled> {
    let types = Types::of(dataset, settings.item_types);
    let tokens = Tokens::new(clusters, dataset, &types);
    let sessions = sessions(dataset, split, clusters, &types, &tokens, settings, ctx)?;
    let model = SkipGram::fit_groups(&sessions, &tokens.ends(), &settings.skip_gram(), ctx)?;
    let (input, output, noise) = (model.input(), model.output(), model.noise_logs());

    // Interactions a round, after fading.
    let mut left = vec![0f32; tokens.end as usize];
    for &token in &sessions.items {
        left[token as usize] += 1.0 / settings.rounds.max(1) as f32;
    }
    let mut of_type = vec![0f32; types.count as usize];
    for (item, known) in types.of_items.iter().enumerate() {
        if let Some(known) = known {
            of_type[*known as usize] += left[tokens.items as usize + item];
        }
    }
    let mut counts = vec![0u32; dataset.item_count()];
    for &row in &split.train {
        counts[dataset.events.item[row as usize] as usize] += 1;
    }
    let items: Vec<u32> =
        (0..counts.len() as u32).filter(|&item| counts[item as usize] >= settings.min_count.max(1)).collect();
    let dim = input.dim + 1;
    let mut answers = Embeddings { dim, rows: Vec::with_capacity(items.len() * dim) };
    for &item in &items {
        let token = (tokens.items + item) as usize;
        let own = left[token];
        let known = types.of_items[item as usize].filter(|&known| of_type[known as usize] > 0.0);
        let say = known.map_or(1.0, |_| own / (own + settings.shrink_items).max(f32::MIN_POSITIVE));
        let mut row: Vec<f32> = output.row(token).iter().map(|value| say * value).collect();
        let mut log = say * noise[token];
        if let Some(known) = known {
            let token = (tokens.types + known) as usize;
            row.iter_mut().zip(output.row(token)).for_each(|(sum, value)| *sum += (1.0 - say) * value);
            // Of those who take something of the type, so many take this item. (A negative that hits the positive is
            // dropped, so a product tends to odds; where there are few types, those of a cluster are overrated a little.)
            let share = (own + 0.5) / (of_type[known as usize] + 1.0);
            log += (1.0 - say) * (noise[token] + share.ln());
        }
        answers.rows.extend(row);
        answers.rows.push(log);
    }
    // A constant takes part in no order, and the index is better off without it.
    let mean = answers.rows.iter().skip(dim - 1).step_by(dim).sum::<f32>() / items.len().max(1) as f32;
    answers.rows.iter_mut().skip(dim - 1).step_by(dim).for_each(|log| *log -= mean);
    let asking = |tokens: &mut dyn Iterator<Item = u32>| {
        let mut rows = Vec::new();
        for token in tokens {
            rows.extend_from_slice(input.row(token as usize));
            rows.extend([1.0, 0.0]);
        }
        Embeddings { dim: input.dim + 2, rows }
    };
    let queries = asking(&mut items.iter().map(|&item| tokens.items + item));
    let clusters = asking(&mut (0..tokens.items));
    Ok(UserClusterModel { embeddings: answers.levelled(), queries, clusters, items })
}

/// Which tokens stand for what: clusters, then items, then types of items.
struct Tokens {
    items: u32,
    types: u32,
    end: u32,
}

impl Tokens {
    fn new(clusters: &Clusters, dataset: &Dataset, types: &Types) -> Self {
        let items = clusters.len() as u32;
        let of_types = items + dataset.item_count() as u32;
        Self { items, types: of_types, end: of_types + types.count }
    }

    fn ends(&self) -> [u32; 3] {
        [self.items, self.types, self.end]
    }
}

/// The types of items: their first tag at one level, or the first circle where nothing has tags.
struct Types {
    count: u32,
    of_items: Vec<Option<u32>>,
}

impl Types {
    fn of(dataset: &Dataset, level: TagLevel) -> Self {
        let (tags, circle) = (&dataset.items.tags, &dataset.items.circle);
        let has_tags = !tags.values.is_empty();
        let of_item = |item: u32| match has_tags {
            true => tags.of(item).first().map(|&leaf| dataset.tags.ancestor(leaf, level)),
            false => circle.of(item).first().copied(),
        };
        let count = if has_tags { dataset.tags.names(level).len() } else { circle.vocabulary.len() };
        Self { count: count as u32, of_items: (0..dataset.item_count() as u32).map(of_item).collect() }
    }
}

/// One interaction in so many is told as the item's type.
const TYPE_EVERY: u32 = 4;

/// Each user's interactions in order of time, every round anew: one of the clusters that the user was in then, and the
/// item or its type.
fn sessions(
    dataset: &Dataset,
    split: &Split,
    clusters: &Clusters,
    types: &Types,
    tokens: &Tokens,
    settings: &UserClusterSettings,
    ctx: &JobContext,
) -> Result<Sessions, Cancelled> {
    let events = &dataset.events;
    let fading = split.fading(events, settings.half_life_days);
    let by_user = interactions_by_user(dataset, &split.train);
    let mut random = Pcg64Mcg::seed_from_u64(settings.seed.wrapping_add(2));
    let mut sessions = Sessions::default();
    ctx.stage("Writing sequences of clusters and items", settings.rounds as u64, "rounds");
    let memberships: Vec<Vec<Vec<u32>>> = (0..dataset.user_count() as u32)
        .map(|user| {
            let bands = match by_user.of(user).len() {
                0 => 0,
                count => band_of(count as u32 - 1) + 1,
            };
            let of_band = |&from: &u32| clusters.of_user(Some(user), &[], from).all().collect();
            BANDS[..bands].iter().map(of_band).collect()
        })
        .collect();
    let mut session = Vec::new();
    for _ in 0..settings.rounds {
        for user in 0..dataset.user_count() as u32 {
            if user.is_multiple_of(1024) {
                ctx.check()?;
            }
            session.clear();
            for (before, &row) in by_user.of(user).iter().enumerate() {
                if fading.as_ref().is_some_and(|left| random.random::<f64>() >= left(row as usize)) {
                    continue;
                }
                let of_user = &memberships[user as usize][band_of(before as u32)];
                session.push(of_user[random.random_range(0..of_user.len())]);
                let item = events.item[row as usize];
                let known = types.of_items[item as usize].filter(|_| random.random_ratio(1, TYPE_EVERY));
                session.push(known.map_or(tokens.items + item, |known| tokens.types + known));
            }
            if !session.is_empty() {
                sessions.push(session.iter().copied());
            }
        }
        ctx.advance(1);
    }
    Ok(sessions)
}
