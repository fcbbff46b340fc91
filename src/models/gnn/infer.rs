//! Vectors of all nodes, or of one that nobody saw before: deterministic, over all neighbours, in chunks.

use std::{ops::Deref, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    batch::{Gathered, rng_at},
    features::Features,
    layers::Layer,
    parameters::Parameters,
    products::Products,
    settings::{GnnSettings, Network},
};
use crate::{
    graph::{Block, BlockSampler, MessageGraph, Sampling},
    models::Embeddings,
    task::{Cancelled, JobContext},
};

/// Nodes that are computed together.
const CHUNK: usize = 2_048;

/// Makes vectors of a network's parameters, which may be large: it shares or borrows them.
pub struct Encoder<P = Arc<Parameters>> {
    layers: Vec<Layer>,
    parameters: P,
    dim: usize,
    sampling: Sampling,
}

/// Every item's vector before the first layer, after each, and (the last, of unit length) what is searched:
/// `[layers + 1]` of `[items, dim]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemLayers(pub Vec<Embeddings>);

/// What a user is to the network: rows of the table with what each counts, and his items with their weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Neighbourhood {
    pub rows: Vec<u32>,
    pub row_weights: Vec<f32>,
    /// Item rows, none twice.
    pub items: Vec<u32>,
    /// Weights of the user-item graph.
    pub item_weights: Vec<f32>,
}

impl Neighbourhood {
    /// With the `most` items alone that weigh most, of equal ones those with the lesser rows; 0 keeps all.
    pub fn heaviest(mut self, most: usize) -> Self {
        if most == 0 || self.items.len() <= most {
            return self;
        }
        let mut kept: Vec<usize> = (0..self.items.len()).collect();
        kept.sort_by(|&one, &other| {
            let falling = self.item_weights[other].total_cmp(&self.item_weights[one]);
            falling.then(self.items[one].cmp(&self.items[other]))
        });
        kept.truncate(most);
        kept.sort_unstable();
        self.items = kept.iter().map(|&place| self.items[place]).collect();
        self.item_weights = kept.iter().map(|&place| self.item_weights[place]).collect();
        self
    }
}

/// Attention of one layer as a forward pass used it.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionLayer {
    pub block: Block,
    pub heads: usize,
    /// `[edges, heads]`
    pub alphas: Vec<f32>,
}

impl<P: Deref<Target = Parameters>> Encoder<P> {
    pub fn new(network: Network, settings: &GnnSettings, parameters: P) -> Self {
        Self {
            layers: Layer::all(network, settings, &Products::default()),
            parameters,
            dim: settings.dim,
            // One hop at a time, over all neighbours: what was computed for a node serves all that ask for it.
            sampling: Sampling { fan_outs: vec![None], ..settings.sampling(network) },
        }
    }

    pub fn layers(&self) -> usize {
        self.layers.len()
    }

    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The vectors of all items, layer by layer.
    pub fn items(&self, graph: &MessageGraph, features: &Features, ctx: &JobContext) -> Result<ItemLayers, Cancelled> {
        let items: Vec<u32> = (0..graph.items() as u32).collect();
        let nodes: Vec<u32> = items.iter().map(|&item| graph.item_node(item)).collect();
        let first = Gathered::new(features, &nodes, |_| false).encode(&self.parameters.table.values, self.dim);
        let mut all = vec![Embeddings { dim: self.dim, rows: first }];
        let mut sampler = BlockSampler::new(graph);
        for layer in &self.layers {
            let before = &all[all.len() - 1];
            let mut rows = Vec::with_capacity(items.len() * self.dim);
            for chunk in items.chunks(CHUNK) {
                ctx.check()?;
                let block = &sampler.blocks(&[], chunk, &[], &self.sampling, &mut rng_at(0, 0, 0))[0];
                let x: Vec<f32> =
                    block.sources.iter().flat_map(|&node| before.row(node as usize - graph.users())).copied().collect();
                rows.extend(layer.forward(block, &x, &self.parameters.dense).0);
            }
            all.push(Embeddings { dim: self.dim, rows });
        }
        if let Some(last) = all.last_mut() {
            *last = last.normalised();
        }
        Ok(ItemLayers(all))
    }

    /// Unit vectors of many users, `[neighbourhoods, dim]`.
    pub fn users(
        &self,
        neighbourhoods: &[Neighbourhood],
        items: &ItemLayers,
        ctx: &JobContext,
    ) -> Result<Embeddings, Cancelled> {
        let mut rows = Vec::with_capacity(neighbourhoods.len() * self.dim);
        for chunk in neighbourhoods.chunks(CHUNK) {
            ctx.check()?;
            rows.extend(self.together(chunk, items).0.rows);
        }
        Ok(Embeddings { dim: self.dim, rows })
    }

    /// One user's unit vector, `[dim]`.
    pub fn user(&self, neighbourhood: &Neighbourhood, items: &ItemLayers) -> Vec<f32> {
        self.together(std::slice::from_ref(neighbourhood), items).0.rows
    }

    /// One user's attention on himself and his items, layer by layer; empty for networks without attention. Edge 0 is
    /// the user's own, the others follow his items.
    pub fn attention_of_user(&self, neighbourhood: &Neighbourhood, items: &ItemLayers) -> Vec<AttentionLayer> {
        self.together(std::slice::from_ref(neighbourhood), items).1
    }

    /// An item's attention on itself and its neighbours, layer by layer. Sources are nodes of the graph.
    pub fn attention_of_item(&self, item: u32, graph: &MessageGraph, items: &ItemLayers) -> Vec<AttentionLayer> {
        let mut sampler = BlockSampler::new(graph);
        let block = sampler.blocks(&[], &[item], &[], &self.sampling, &mut rng_at(0, 0, 0)).remove(0);
        let mut seen = Vec::new();
        for (layer, before) in self.layers.iter().zip(&items.0) {
            let x: Vec<f32> =
                block.sources.iter().flat_map(|&node| before.row(node as usize - graph.users())).copied().collect();
            let (_, tape) = layer.forward(&block, &x, &self.parameters.dense);
            if let Some(alphas) = tape.into_alphas() {
                seen.push(AttentionLayer { block: block.clone(), heads: layer.heads(), alphas });
            }
        }
        seen
    }

    fn together(&self, users: &[Neighbourhood], items: &ItemLayers) -> (Embeddings, Vec<AttentionLayer>) {
        // Sources are the users by place, then items; nodes of no graph, so that anybody may be asked for.
        let (mut sources, mut places) = ((0..users.len() as u32).collect::<Vec<u32>>(), FxHashMap::default());
        let lists: Vec<(Vec<u32>, Vec<f32>)> = users
            .iter()
            .enumerate()
            .map(|(user, neighbourhood)| {
                let (mut edges, mut weights) = (Vec::new(), Vec::new());
                if self.sampling.has_self_loops {
                    edges.push(user as u32);
                    weights.push(1.0);
                }
                for (&item, &weight) in neighbourhood.items.iter().zip(&neighbourhood.item_weights) {
                    edges.push(*places.entry(item).or_insert_with(|| {
                        sources.push(item);
                        sources.len() as u32 - 1
                    }));
                    weights.push(weight);
                }
                (edges, weights)
            })
            .collect();
        let block = Block::from_lists(sources, users.len(), lists);
        let mut own: Vec<f32> = Vec::with_capacity(users.len() * self.dim);
        for user in users {
            let from = own.len();
            own.resize(from + self.dim, 0.0);
            for (&row, &weight) in user.rows.iter().zip(&user.row_weights) {
                let row = &self.parameters.table.values[row as usize * self.dim..][..self.dim];
                own[from..].iter_mut().zip(row).for_each(|(own, value)| *own += weight * value);
            }
        }
        let mut seen = Vec::new();
        for (layer, before) in self.layers.iter().zip(&items.0) {
            let mut x = own;
            x.extend(block.sources[users.len()..].iter().flat_map(|&item| before.row(item as usize)));
            let (out, tape) = layer.forward(&block, &x, &self.parameters.dense);
            if let Some(alphas) = tape.into_alphas() {
                seen.push(AttentionLayer { block: block.clone(), heads: layer.heads(), alphas });
            }
            own = out;
        }
        (Embeddings { dim: self.dim, rows: own }.normalised(), seen)
    }
}
