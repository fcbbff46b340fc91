//! What a network attends to, as its forward pass used it.

use std::sync::Arc;

use crate::{
    graph::{Csr, MessageGraph},
    models::gnn::AttentionLayer,
    recall::{Trigger, gnn::GnnLane},
};

/// Whose attention is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Node<'a> {
    User(&'a Trigger),
    /// An item's row, and the item-item graph that its neighbours stand in.
    Item(u32, &'a Csr),
}

/// One layer's attention of one node.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerAttention {
    /// From 1, the layer that takes in the inputs.
    pub layer: usize,
    pub heads: usize,
    /// The node's own edge first.
    pub edges: Vec<AttentionEdge>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AttentionEdge {
    /// The row of an item; `None` for the node itself.
    pub neighbour: Option<u32>,
    /// In the graph; 1 for the node itself.
    pub weight: f32,
    /// Per head; over all edges of the node they sum to 1.
    pub alphas: Vec<f32>,
}

impl AttentionEdge {
    /// Over the heads.
    pub fn mean(&self) -> f32 {
        self.alphas.iter().sum::<f32>() / self.alphas.len().max(1) as f32
    }
}

/// The attention of `node`, layer by layer; empty for networks without, and for an item that there is not.
pub fn attention_of(lane: &GnnLane, node: &Node<'_>) -> Vec<LayerAttention> {
    let model = lane.model();
    let seen = match *node {
        Node::User(trigger) => lane.encoder().attention_of_user(&lane.neighbourhood(trigger), &model.items),
        Node::Item(item, item_item) => {
            if item as usize >= item_item.rows() || item as usize >= model.vectors().len() {
                return Vec::new();
            }
            let graph = alone(item, item_item, model.settings.item_neighbours);
            lane.encoder().attention_of_item(item, &graph, &model.items)
        }
    };
    seen.into_iter().enumerate().map(|(number, layer)| told(number + 1, &layer)).collect()
}

/// The graph with the edges of `item` alone, as many as messages pass along. Without users an item's node is its row.
fn alone(item: u32, item_item: &Csr, most: usize) -> MessageGraph {
    let (targets, weights) = item_item.row(item);
    let most = most.min(targets.len());
    let offset = |row: usize| if row > item as usize { most as u64 } else { 0 };
    let own = Csr {
        offsets: (0..=item_item.rows()).map(offset).collect(),
        targets: targets[..most].to_vec(),
        weights: weights[..most].to_vec(),
    };
    MessageGraph { user_item: Csr::default(), item_item: Arc::new(own) }
}

/// The node is the first source of its block, all others are rows of items.
fn told(layer: usize, seen: &AttentionLayer) -> LayerAttention {
    let edges = seen.block.edges.iter().zip(&seen.block.weights).zip(seen.alphas.chunks(seen.heads.max(1)));
    let edge = |((&source, &weight), alphas): ((&u32, &f32), &[f32])| AttentionEdge {
        neighbour: (source > 0).then(|| seen.block.sources[source as usize]),
        weight,
        alphas: alphas.to_vec(),
    };
    LayerAttention { layer, heads: seen.heads, edges: edges.map(edge).collect() }
}
