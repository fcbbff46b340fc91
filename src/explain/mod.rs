//! Why a lane recalled an item for somebody, in one form for all lanes, and what a graph network attends to.

mod attention;
pub mod case;
pub mod facts;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use attention::{AttentionEdge, LayerAttention, Node, attention_of};

use std::collections::BTreeMap;

use crate::{
    graph::Csr,
    models::user_cluster::Kind,
    recall::{Lane, LaneKind, Trigger, gnn::GnnLane, mix::FoundBy, user_cluster::ClusterShare},
};

/// Why an item was recalled.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    pub lane: LaneKind,
    pub item: u32,
    /// `None` where the lane scores only what it recalls and the item is not among that.
    pub score: Option<f32>,
    /// From 1; `None` where the item is not among what was looked at.
    pub rank: Option<usize>,
    /// The user's items that carried it, the most important first; none for `hot`.
    pub parts: Vec<Part>,
    /// The user's items that are neighbours of the recalled one in the item-item graph, for graph networks: paths from
    /// user to item to item.
    pub meetings: Vec<Meeting>,
    /// The user's attention, layer by layer; empty for lanes without.
    pub layers: Vec<LayerAttention>,
    /// Of a mix: the lanes that found it, in the order of its parts.
    pub lanes: Vec<FoundIn>,
    /// The user's clusters, from everybody to the finest, for `user-cluster`. With `parts` their shares sum to 1.
    pub clusters: Vec<ClusterPart>,
    /// Items that those clusters take more than everybody does, the most distinct first.
    pub liked: Vec<u32>,
    /// By how much the lane raised the score for want of any interaction with the item (`cover`); `None` where it did not.
    pub lift: Option<f32>,
}

/// A lane of a mix that found the recalled item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundIn {
    pub lane: LaneKind,
    /// In that lane's own list, from 1.
    pub rank: usize,
    pub score: f32,
    /// How much of the item's being here is due to it; they sum to 1.
    pub share: f32,
}

/// What one of the user's clusters did for the recalled item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterPart {
    pub kind: Kind,
    /// Users of the training part that were in it.
    pub users: u32,
    /// Of the score; below 0 where the cluster takes the item less than the average one.
    pub share: f32,
}

/// So many liked items are told.
const LIKED: usize = 5;

/// What one of the user's items did for the recalled one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub item: u32,
    /// Of the score, or, for graph networks, of all that it falls by; shares sum to at most 1.
    pub share: f32,
    /// By how much the cosine falls when this one is struck from the user's neighbours (graph networks).
    pub fall: Option<f32>,
    /// What the last layer attends to it, mean over its heads.
    pub attention: Option<f32>,
}

/// An item in which the user and the recalled item meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meeting {
    pub item: u32,
    /// Of the user's edge to it; all of his sum to 1.
    pub weight: f32,
    /// Of the recalled item's edge to it.
    pub similarity: f32,
}

/// Where a lane has an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// From 1.
    pub rank: usize,
    pub score: f32,
}

/// Where `item` stands among the first `depth` that the lane recalls.
pub fn place_of(lane: &dyn Lane, trigger: &Trigger, item: u32, depth: usize) -> Option<Place> {
    let recalled = lane.recall(trigger, depth);
    let place = recalled.iter().position(|recalled| recalled.item == item)?;
    Some(Place { rank: place + 1, score: recalled[place].score })
}

/// Why `lane` has `item` at `place` for `trigger`; `item_item` is the graph of similar items, if it stands.
pub fn explain(
    lane: &dyn Lane,
    trigger: &Trigger,
    item: u32,
    place: Option<Place>,
    item_item: Option<&Csr>,
) -> Explanation {
    let mut explanation = Explanation {
        lane: lane.kind(),
        item,
        score: place.map(|place| place.score),
        rank: place.map(|place| place.rank),
        parts: Vec::new(),
        meetings: Vec::new(),
        layers: Vec::new(),
        lanes: Vec::new(),
        clusters: Vec::new(),
        liked: Vec::new(),
        lift: None,
    };
    if let Some(mix) = lane.mix() {
        let found = mix.parts_of(trigger, item).into_iter();
        let told = |found: FoundBy| FoundIn {
            lane: mix.parts()[found.part].lane.kind(),
            rank: found.rank + 1,
            score: found.score,
            share: found.contribution,
        };
        explanation.lanes = found.map(told).collect();
    }
    if let Some((own, place)) = lane.cover().zip(place) {
        explanation.lift = own.lift_in(place.score, trigger, item);
    }
    if let Some(own) = lane.user_cluster() {
        let clusters = own.clusters();
        let part = |share: ClusterShare| {
            let cluster = share.cluster as usize;
            ClusterPart { kind: clusters.kinds[cluster], users: clusters.users[cluster], share: share.share }
        };
        explanation.clusters = own.cluster_shares(trigger, item).into_iter().map(part).collect();
        explanation.liked = own.liked(trigger, LIKED);
    }
    let Some(network) = lane.gnn() else {
        let seeds = lane.seeds(trigger, item).into_iter();
        let part = |item, share| Part { item, share, fall: None, attention: None };
        explanation.parts = seeds.map(|seed| part(seed.item, seed.share)).collect();
        return explanation;
    };
    explanation.layers = attention_of(network, &Node::User(trigger));
    if let Some((score, falls)) = network.occlusion(trigger, item) {
        explanation.score = explanation.score.or(Some(score));
        explanation.parts = parts(falls, explanation.layers.last());
    }
    explanation.meetings = item_item.map_or_else(Vec::new, |graph| meetings(network, trigger, item, graph));
    explanation
}

/// By falling fall, ties by item row.
fn parts(falls: Vec<(u32, f32)>, last: Option<&LayerAttention>) -> Vec<Part> {
    let attention: BTreeMap<u32, f32> = last
        .map(|layer| layer.edges.iter().filter_map(|edge| Some((edge.neighbour?, edge.mean()))).collect())
        .unwrap_or_default();
    let total: f32 = falls.iter().map(|&(_, fall)| fall.max(0.0)).sum();
    let share = |fall: f32| if total > 0.0 { fall.max(0.0) / total } else { 0.0 };
    let part =
        |(item, fall)| Part { item, share: share(fall), fall: Some(fall), attention: attention.get(&item).copied() };
    let mut parts: Vec<Part> = falls.into_iter().map(part).collect();
    let order = |part: &Part| part.fall.unwrap_or_default();
    parts.sort_unstable_by(|one, other| order(other).total_cmp(&order(one)).then(one.item.cmp(&other.item)));
    parts
}

/// By falling product of both edges, ties by item row.
fn meetings(network: &GnnLane, trigger: &Trigger, item: u32, item_item: &Csr) -> Vec<Meeting> {
    if item as usize >= item_item.rows() {
        return Vec::new();
    }
    let own = network.neighbourhood(trigger);
    let (similar, similarities) = item_item.row(item);
    let mut found: Vec<Meeting> = similar
        .iter()
        .zip(similarities)
        .filter_map(|(&item, &similarity)| {
            let place = own.items.binary_search(&item).ok()?;
            Some(Meeting { item, weight: own.item_weights[place], similarity })
        })
        .collect();
    let strength = |meeting: &Meeting| meeting.weight * meeting.similarity;
    found.sort_unstable_by(|one, other| strength(other).total_cmp(&strength(one)).then(one.item.cmp(&other.item)));
    found
}
