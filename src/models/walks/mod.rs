//! Random walks over users, items and what describes items, read by skip-gram: DeepWalk (Perozzi et al., 2014), node2vec
//! (Grover and Leskovec, 2016) and metapath2vec (Dong et al., 2017); algorithms, section 4.

mod metapath;
mod network;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod walker;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use metapath::{Metapath, MetapathError, Metapaths, NodeType};

use self::{
    network::{Nodes, Steps, Taken},
    walker::SecondOrder,
};
use super::{
    Embeddings,
    skip_gram::{Sessions, SkipGram, SkipGramSettings},
};
use crate::{
    dataset::{Dataset, split::Split},
    graph::Csr,
    task::{Cancelled, JobContext},
};

/// How what asks is compared with what answers.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scoring {
    /// How likely it is that the item follows: the product of both vectors, what skip-gram was trained on, and what drawing
    /// popular items as negatives more often has taken from it.
    #[default]
    Likelihood,
    /// The product of both vectors.
    Product,
    /// The cosine: direction alone.
    Cosine,
}

impl Scoring {
    /// What an index by cosine has to search among, and what both kinds of queries have to ask with. `logs`: see
    /// [`SkipGram::noise_logs`], one for each of `answers`.
    fn place(self, answers: &Embeddings, logs: &[f32], queries: [&Embeddings; 2]) -> (Embeddings, [Embeddings; 2]) {
        match self {
            Self::Likelihood => {
                // A constant changes no order, and the index is better off without it.
                let mean = logs.iter().sum::<f32>() / logs.len().max(1) as f32;
                let answers = answers.with_column(|row| logs[row] - mean).levelled();
                (answers, queries.map(|queries| queries.with_column(|_| 1.0).widened()))
            }
            Self::Product => (answers.levelled(), queries.map(Embeddings::widened)),
            Self::Cosine => (answers.clone(), queries.map(Embeddings::normalised)),
        }
    }
}

/// Walks, and how they are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WalkSettings {
    pub skip_gram: SkipGramSettings,
    /// Walks from each node (and along each metapath).
    pub walks: usize,
    /// Nodes of a walk.
    pub length: usize,
    /// Days in which an interaction loses half of its weight as an edge, counted back from the reference time; `None`:
    /// none fades. Splits without a reference time never fade.
    pub half_life_days: Option<f64>,
    /// Items with fewer interactions in the training part are walked over but not recalled: their vectors are poor.
    pub min_count: u32,
    pub scoring: Scoring,
}

impl Default for WalkSettings {
    fn default() -> Self {
        Self {
            skip_gram: SkipGramSettings { epochs: 1, window: 2, share_negatives: 4, ..SkipGramSettings::default() },
            walks: 20,
            length: 40,
            half_life_days: Some(10.0),
            min_count: 10,
            scoring: Scoring::default(),
        }
    }
}

/// node2vec.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Node2vecSettings {
    pub walks: WalkSettings,
    /// Above 1 a walk seldom goes back at once, below it often does.
    pub p: f64,
    /// Above 1 a walk stays near where it came from, below it goes far.
    pub q: f64,
}

impl Default for Node2vecSettings {
    fn default() -> Self {
        Self { walks: WalkSettings::default(), p: 4.0, q: 1.0 }
    }
}

/// metapath2vec, and metapath2vec++ with `same_type_negatives`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metapath2vecSettings {
    pub walks: WalkSettings,
    pub metapaths: Metapaths,
    /// Whether what is predicted is told from nodes of its own type only (metapath2vec++).
    pub same_type_negatives: bool,
}

impl Default for Metapath2vecSettings {
    fn default() -> Self {
        Self { walks: WalkSettings::default(), metapaths: Metapaths::default(), same_type_negatives: true }
    }
}

/// Which walks are taken.
#[derive(Debug, Clone, Copy)]
pub enum Walks<'a> {
    /// On the user-item graph, without memory.
    Deep(&'a WalkSettings),
    /// On the user-item graph, of the second order. No user is a neighbour of a user, nor an item of an item, so a step
    /// either goes back (1/p) or away (1/q): what counts there is p/q alone.
    Node2vec(&'a Node2vecSettings),
    /// Along metapaths, over items that are similar too.
    Metapath(&'a Metapath2vecSettings),
}

impl Walks<'_> {
    fn settings(&self) -> &WalkSettings {
        match self {
            Self::Deep(settings) => settings,
            Self::Node2vec(settings) => &settings.walks,
            Self::Metapath(settings) => &settings.walks,
        }
    }
}

/// Vectors of users and items that walks have passed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WalkModel {
    /// Rows of the data set that are recalled, rising.
    pub items: Vec<u32>,
    /// One row for each of `items`: what a search by cosine looks among.
    pub embeddings: Embeddings,
    /// One row for each of `items`: what a recent item asks with.
    pub queries: Embeddings,
    /// Rows of users that have a vector, rising.
    pub users: Vec<u32>,
    /// One row for each of `users`: what the user asks with.
    pub user_queries: Embeddings,
    /// Walks of at least two nodes.
    pub walks: usize,
    /// Items of the training part that were seen too seldom to be recalled.
    pub left_out: usize,
}

impl WalkModel {
    /// The row of `embeddings` and `queries` of an item of the data set.
    pub fn row_of(&self, item: u32) -> Option<usize> {
        self.items.binary_search(&item).ok()
    }

    /// The row of `user_queries` of a user of the data set.
    pub fn row_of_user(&self, user: u32) -> Option<usize> {
        self.users.binary_search(&user).ok()
    }
}

/// Why there are no walks.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WalkError {
    // Not transparent: the cause has to be found behind it.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("users, items, tags, circles and topics are more than 32 bits can number; take a smaller data set")]
    Nodes,
    #[error(
        "the walks would pass {nodes} nodes, and at most {MOST_NODES} are kept in memory; lower `walks` or `length`"
    )]
    TooMany { nodes: u64 },
    #[error("no node has an edge along {paths}; choose metapaths over what this data set has")]
    NoEdges { paths: String },
}

/// Nodes of all walks together: 4 bytes each.
const MOST_NODES: u64 = 1 << 30;

/// Walks that one thread takes in one go.
const WALKS_A_PIECE: usize = 256;

/// Takes walks over the training part of `split` and trains on them. `item_item` is looked at by metapaths alone.
pub fn train(
    dataset: &Dataset,
    split: &Split,
    item_item: &Csr,
    walks: Walks<'_>,
    ctx: &JobContext,
) -> Result<WalkModel, WalkError> {
    let settings = walks.settings();
    let nodes = Nodes::of(dataset).ok_or(WalkError::Nodes)?;
    let taken = Taken::of(dataset, split, settings.half_life_days);
    ctx.check()?;
    let sessions = sessions(dataset, &taken, &nodes, item_item, walks, ctx)?;
    let (ends, whole) = (nodes.ends, [nodes.len() as u32]);
    let groups = match walks {
        Walks::Metapath(own) if own.same_type_negatives => &ends[..],
        _ => &whole[..],
    };
    let model = SkipGram::fit_groups(&sessions, groups, &settings.skip_gram, ctx)?;
    let mut is_passed = vec![false; nodes.len()];
    for session in (0..sessions.len()).map(|at| sessions.of(at)).filter(|session| session.len() > 1) {
        session.iter().for_each(|&node| is_passed[node as usize] = true);
    }
    let passed = |node_type: NodeType| {
        let all = nodes.first(node_type)..nodes.end(node_type);
        all.filter(|&node| is_passed[node as usize]).collect::<Vec<u32>>()
    };
    let first = nodes.first(NodeType::Item);
    let users = passed(NodeType::User);
    let mut items = passed(NodeType::Item);
    items.retain(|&node| taken.counts[(node - first) as usize] >= settings.min_count);
    let seen = taken.counts.iter().filter(|&&count| count > 0).count();
    let (input, output) = (model.input(), model.output().select(&items));
    let logs: Vec<f32> = items.iter().map(|&node| model.noise_logs()[node as usize]).collect();
    let (embeddings, [queries, user_queries]) =
        settings.scoring.place(&output, &logs, [&input.select(&items), &input.select(&users)]);
    Ok(WalkModel {
        left_out: seen - items.len(),
        items: items.into_iter().map(|node| node - first).collect(),
        embeddings,
        queries,
        users,
        user_queries,
        walks: sessions.len(),
    })
}

/// All walks, as sessions of nodes.
fn sessions(
    dataset: &Dataset,
    taken: &Taken,
    nodes: &Nodes,
    item_item: &Csr,
    walks: Walks<'_>,
    ctx: &JobContext,
) -> Result<Sessions, WalkError> {
    let settings = walks.settings();
    match walks {
        Walks::Deep(_) => {
            let steps = taken.both_ways(nodes);
            gather(&everywhere(&steps, nodes), settings, ctx, |(start, _), random, walk| {
                walker::first_order(&steps, start, settings.length, random, walk);
            })
        }
        Walks::Node2vec(own) => {
            let steps = taken.both_ways(nodes);
            let rule = SecondOrder { p: own.p, q: own.q };
            gather(&everywhere(&steps, nodes), settings, ctx, |(start, _), random, walk| {
                walker::second_order(&steps, rule, start, settings.length, random, walk);
            })
        }
        Walks::Metapath(own) => {
            // Each kind of step once, however many paths take it.
            let mut kinds: Vec<(NodeType, NodeType)> = own.metapaths.iter().flat_map(Metapath::steps).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let built: Vec<Steps> =
                kinds.iter().map(|&(from, to)| taken.steps(dataset, nodes, item_item, from, to)).collect();
            ctx.check()?;
            let of = |step: (NodeType, NodeType)| kinds.binary_search(&step).ok().map(|place| &built[place]);
            let paths: Vec<(&Metapath, Vec<&Steps>)> =
                own.metapaths.iter().map(|path| (path, path.steps().filter_map(of).collect())).collect();
            let starts = |(place, (path, steps)): (usize, &(&Metapath, Vec<&Steps>))| {
                let first = path.types()[0];
                let all = nodes.first(first)..nodes.end(first);
                let begins = all.filter(|&node| !steps[0].targets(node).is_empty());
                begins.map(|node| (node, place as u32)).collect::<Vec<_>>()
            };
            let starts: Vec<(u32, u32)> = paths.iter().enumerate().flat_map(starts).collect();
            if starts.is_empty() && !taken.pairs.is_empty() {
                let names: Vec<String> = own.metapaths.iter().map(|path| format!("`{path}`")).collect();
                return Err(WalkError::NoEdges { paths: names.join(", ") });
            }
            gather(&starts, settings, ctx, |(start, path), random, walk| {
                let (path, steps) = &paths[path as usize];
                walker::along_metapath(path, steps, start, settings.length, random, walk);
            })
        }
    }
}

/// Every user and item that has an edge.
fn everywhere(steps: &Steps, nodes: &Nodes) -> Vec<(u32, u32)> {
    let all = 0..nodes.end(NodeType::Item);
    all.filter(|&node| !steps.targets(node).is_empty()).map(|node| (node, 0)).collect()
}

/// `settings.walks` rounds over `starts`, each in an order of its own (as in DeepWalk), by all cores. Every walk has a
/// generator of its own, so the walks depend on the seed alone and not on the number of threads.
fn gather(
    starts: &[(u32, u32)],
    settings: &WalkSettings,
    ctx: &JobContext,
    walk: impl Fn((u32, u32), &mut Pcg64Mcg, &mut Vec<u32>) + Sync,
) -> Result<Sessions, WalkError> {
    let count = starts.len() as u64 * settings.walks as u64;
    let nodes = count.saturating_mul(settings.length as u64);
    if nodes > MOST_NODES {
        return Err(WalkError::TooMany { nodes });
    }
    ctx.stage("Walking", count, "walks");
    let seed = settings.skip_gram.seed;
    let mut order = starts.to_vec();
    let mut sessions = Sessions::default();
    sessions.items.reserve_exact(nodes as usize);
    for round in 0..settings.walks {
        order.shuffle(&mut generator(seed, round as u64, u64::MAX));
        let pieces: Vec<Vec<Vec<u32>>> = order
            .par_chunks(WALKS_A_PIECE)
            .enumerate()
            .map(|(piece, starts)| {
                ctx.check()?;
                let mut random = generator(seed, round as u64, piece as u64);
                let walks = starts.iter().map(|&start| {
                    let mut found = Vec::with_capacity(settings.length);
                    walk(start, &mut random, &mut found);
                    found
                });
                let walks = walks.collect();
                ctx.advance(starts.len() as u64);
                Ok(walks)
            })
            .collect::<Result<_, Cancelled>>()?;
        for walk in pieces.into_iter().flatten().filter(|walk| walk.len() > 1) {
            sessions.push(walk);
        }
    }
    Ok(sessions)
}

fn generator(seed: u64, round: u64, piece: u64) -> Pcg64Mcg {
    let mut hasher = blake3::Hasher::new();
    for part in [seed, round, piece] {
        hasher.update(&part.to_le_bytes());
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    Pcg64Mcg::from_seed(bytes)
}
