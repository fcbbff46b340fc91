//! Batches: which pairs a step learns from, with whom they compete, and the part of the graph that this needs.

use rand::{RngExt as _, SeedableRng as _, seq::SliceRandom as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::{
    aggregate::{add_scaled, by_rows, row},
    features::Features,
    loss::Targets,
    settings::{FeatureMode, GnnSettings},
};
use crate::graph::{Block, BlockSampler, MessageGraph, Sampling};

/// Everything that one step needs beside the parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Batch {
    pub blocks: Vec<Block>,
    pub features: Gathered,
    /// How many users stand before the candidates in the last block.
    pub users: usize,
    pub targets: Targets,
}

/// Features of the sources of the first block, by node and by row of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::models) struct Gathered {
    /// `[nodes + 1]`
    pub offsets: Vec<u32>,
    /// Rows of the table, and what each counts.
    pub rows: Vec<u32>,
    pub weights: Vec<f32>,
    /// The rows that occur, rising.
    pub unique: Vec<u32>,
    /// `[unique + 1]`, and of each unique row the nodes, and what it counts there.
    pub by_row: Vec<u32>,
    pub nodes: Vec<u32>,
    pub node_weights: Vec<f32>,
}

impl Gathered {
    /// `hide` says which nodes take the unknown id.
    pub fn new(features: &Features, nodes: &[u32], hide: impl Fn(usize) -> bool) -> Self {
        let mut gathered = Self { offsets: vec![0], ..Self::default() };
        for (place, &node) in nodes.iter().enumerate() {
            let (rows, weights) = features.of(node);
            let from = gathered.rows.len();
            gathered.rows.extend_from_slice(rows);
            gathered.weights.extend_from_slice(weights);
            if features.mode.has_ids() && hide(place) {
                gathered.rows[from] = features.unknown_id((node as usize) < features.users);
            }
            gathered.offsets.push(gathered.rows.len() as u32);
        }
        gathered
    }

    /// Fills what the way back needs.
    pub fn with_rows(mut self) -> Self {
        let mut order: Vec<(u32, u32, u32)> = Vec::with_capacity(self.rows.len());
        for node in 0..self.offsets.len() as u32 - 1 {
            for at in self.offsets[node as usize]..self.offsets[node as usize + 1] {
                order.push((self.rows[at as usize], node, at));
            }
        }
        order.sort_unstable();
        self.by_row.push(0);
        for entries in order.chunk_by(|one, other| one.0 == other.0) {
            self.unique.push(entries[0].0);
            self.nodes.extend(entries.iter().map(|entry| entry.1));
            self.node_weights.extend(entries.iter().map(|entry| self.weights[entry.2 as usize]));
            self.by_row.push(self.nodes.len() as u32);
        }
        self
    }

    /// `[nodes, dim]` from the table.
    pub fn encode(&self, table: &[f32], dim: usize) -> Vec<f32> {
        by_rows(
            self.offsets.len() - 1,
            dim,
            #[inline(always)]
            |node, out| {
                for at in self.offsets[node] as usize..self.offsets[node + 1] as usize {
                    add_scaled(out, row(table, dim, self.rows[at] as usize), self.weights[at]);
                }
            },
        )
    }

    /// `[unique, dim]` from the gradient of [`Gathered::encode`].
    pub fn back(&self, gradient: &[f32], dim: usize) -> Vec<f32> {
        // Few rows (a gender) may hold most nodes: each row's nodes are summed in pieces of fixed size, so that all
        // threads share in it and the order of sums stays the same.
        const PIECE: usize = 2_048;
        let mut pieces = Vec::new();
        for unique in 0..self.unique.len() {
            let (from, to) = (self.by_row[unique] as usize, self.by_row[unique + 1] as usize);
            pieces.extend((from..to).step_by(PIECE).map(|start| (unique, start, to.min(start + PIECE))));
        }
        let sums = by_rows(
            pieces.len(),
            dim,
            #[inline(always)]
            |piece, out| {
                for at in pieces[piece].1..pieces[piece].2 {
                    add_scaled(out, row(gradient, dim, self.nodes[at] as usize), self.node_weights[at]);
                }
            },
        );
        if pieces.len() == self.unique.len() {
            return sums;
        }
        let mut out = vec![0f32; self.unique.len() * dim];
        for (piece, (unique, ..)) in pieces.iter().enumerate() {
            add_scaled(&mut out[unique * dim..][..dim], row(&sums, dim, piece), 1.0);
        }
        out
    }
}

/// Draws batches of one training; any thread gets the same batch for the same epoch and step.
pub(super) struct BatchSampler<'a> {
    pub graph: &'a MessageGraph,
    pub features: &'a Features,
    pub settings: &'a GnnSettings,
    /// All positives, each once, by user.
    pub pairs: &'a [(u32, u32)],
    /// ln of the chance that an item is among a batch's candidates, `[items]`.
    pub log_chances: &'a [f32],
    pub sampling: &'a Sampling,
    blocks: BlockSampler<'a>,
    /// Position of an item among the candidates, `u32::MAX` for the others.
    place: Vec<u32>,
    /// Position of a user among the batch's.
    user_place: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;
/// Whoever is shown as a newcomer keeps at most this many interactions.
const MOST_OF_NEWCOMERS: usize = 4;

/// A generator of its own for everything that is drawn at one place of a training.
pub(in crate::models) fn rng_at(seed: u64, epoch: u64, step: u64) -> Pcg64Mcg {
    let mut mixed = seed ^ 0x9e37_79b9_7f4a_7c15;
    for part in [epoch, step] {
        mixed = (mixed ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^= mixed >> 29;
    }
    Pcg64Mcg::seed_from_u64(mixed)
}

/// ln of the chance that each item is a candidate: drawn with a pair, or beside the pairs. `shares` of epochs in which
/// each pair is learned from.
pub(super) fn log_chances(pairs: &[(u32, u32)], shares: &[f32], items: usize, settings: &GnnSettings) -> Vec<f32> {
    let mut counts = vec![0f64; items];
    for (pair, share) in pairs.iter().zip(shares) {
        counts[pair.1 as usize] += f64::from(*share);
    }
    let all = counts.iter().sum::<f64>().max(1.0);
    let beside = (settings.negatives as f64 / items.max(1) as f64).min(1.0);
    counts
        .into_iter()
        .map(|count| {
            let share = count / all;
            let not_with_a_pair = (1.0 - share).powf(settings.batch as f64);
            (1.0 - not_with_a_pair * (1.0 - beside)).max(1e-9).ln() as f32
        })
        .collect()
}

/// How many pairs an epoch goes over.
pub(in crate::models) fn epoch_len(shares: &[f32]) -> usize {
    let all: f64 = shares.iter().map(|share| f64::from(*share)).sum();
    (all.round() as usize).clamp(1.min(shares.len()), shares.len())
}

/// The order in which an epoch goes over the pairs: over so many as [`epoch_len`] says, each in its share of epochs.
pub(in crate::models) fn order(shares: &[f32], seed: u64, epoch: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..shares.len() as u32).collect();
    let mut rng = rng_at(seed, epoch, u64::MAX);
    order.shuffle(&mut rng);
    let count = epoch_len(shares);
    if count < order.len() {
        // Systematic sampling: points at equal distances, laid over the shares end to end.
        let all: f64 = shares.iter().map(|share| f64::from(*share)).sum();
        let (distance, first) = (all / count as f64, rng.random::<f64>());
        let (mut end, mut points) = (0.0, 0);
        order.retain(|&pair| {
            end += f64::from(shares[pair as usize]);
            let is_met = points < count && (points as f64 + first) * distance < end;
            points += usize::from(is_met);
            is_met
        });
    }
    order
}

impl<'a> BatchSampler<'a> {
    pub fn new(
        graph: &'a MessageGraph,
        features: &'a Features,
        settings: &'a GnnSettings,
        pairs: &'a [(u32, u32)],
        log_chances: &'a [f32],
        sampling: &'a Sampling,
    ) -> Self {
        Self {
            graph,
            features,
            settings,
            pairs,
            log_chances,
            sampling,
            blocks: BlockSampler::new(graph),
            place: vec![NOWHERE; graph.items()],
            user_place: vec![NOWHERE; graph.users()],
        }
    }

    /// The batch of the pairs that `chosen` names.
    pub fn batch(&mut self, chosen: &[u32], rng: &mut Pcg64Mcg) -> Batch {
        let mut pairs: Vec<(u32, u32)> = chosen.iter().map(|&pair| self.pairs[pair as usize]).collect();
        pairs.sort_unstable();
        let (mut users, mut items) = (Vec::new(), Vec::new());
        let mut targets = Targets::default();
        for &(user, item) in &pairs {
            targets.users.push(place(user, &mut self.user_place, &mut users));
            targets.items.push(place(item, &mut self.place, &mut items));
        }
        let count = self.graph.items();
        if self.settings.negatives >= count {
            for item in 0..count as u32 {
                place(item, &mut self.place, &mut items);
            }
        } else {
            for item in rand::seq::index::sample(rng, count, self.settings.negatives) {
                place(item as u32, &mut self.place, &mut items);
            }
        }
        targets.log_chances = items.iter().map(|&item| self.log_chances[item as usize]).collect();
        for (number, &(user, item)) in pairs.iter().enumerate() {
            let from = self.pairs.partition_point(|pair| pair.0 < user);
            for &(_, other) in self.pairs[from..].iter().take_while(|pair| pair.0 == user) {
                let at = self.place[other as usize];
                if at != NOWHERE && other != item {
                    targets.hits.push((number as u32, at));
                }
            }
        }
        let newcomers: Vec<bool> = users.iter().map(|_| is_drawn(self.settings.newcomers, rng)).collect();
        let mut excluded = pairs;
        for (&user, _) in users.iter().zip(&newcomers).filter(|(_, is_new)| **is_new) {
            let mut own = self.graph.user_item.row(user).0.to_vec();
            let left = rng.random_range(0..=MOST_OF_NEWCOMERS).min(own.len());
            let (_, struck) = own.partial_shuffle(rng, left);
            excluded.extend(struck.iter().map(|&item| (user, item)));
        }
        excluded.sort_unstable();
        let blocks = self.blocks.blocks(&users, &items, &excluded, self.sampling, rng);
        for &user in &users {
            self.user_place[user as usize] = NOWHERE;
        }
        for &item in &items {
            self.place[item as usize] = NOWHERE;
        }
        let sources = &blocks[0].sources;
        let hidden = if self.settings.features == FeatureMode::IdAttributes { self.settings.id_dropout } else { 0.0 };
        let is_new = |place: usize| newcomers.get(place).is_some_and(|is_new| *is_new);
        let hide: Vec<bool> = (0..sources.len()).map(|place| is_new(place) || is_drawn(hidden, rng)).collect();
        let features = Gathered::new(self.features, sources, |place| hide[place]).with_rows();
        Batch { features, users: users.len(), targets, blocks }
    }
}

fn is_drawn(share: f64, rng: &mut Pcg64Mcg) -> bool {
    share > 0.0 && rng.random::<f64>() < share
}

fn place(node: u32, places: &mut [u32], nodes: &mut Vec<u32>) -> u32 {
    let at = &mut places[node as usize];
    if *at == NOWHERE {
        *at = nodes.len() as u32;
        nodes.push(node);
    }
    *at
}

/// Sets a share of the numbers to 0 and scales the others up, in place; the same call again gives the gradient its due.
pub(in crate::models) fn drop_out(values: &mut [f32], dim: usize, share: f32, seed: u64) {
    if share <= 0.0 {
        return;
    }
    let (limit, scale) = ((share * 65_536.0) as u64, 1.0 / (1.0 - share));
    values.par_chunks_mut(dim).enumerate().with_min_len(64).for_each(|(number, row)| {
        // Four numbers of 16 bits from each step of a splitmix generator (Steele et al., 2014).
        let mut state = seed.wrapping_add((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for four in row.chunks_mut(4) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            bits ^= bits >> 31;
            for value in four {
                *value *= if bits & 0xffff < limit { 0.0 } else { scale };
                bits >>= 16;
            }
        }
    });
}
