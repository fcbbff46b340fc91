//! Lanes: from a trigger to scored items.

mod alike;
mod answers;
pub mod cover;
#[cfg(test)]
mod fixture;
pub mod fused;
pub mod gnn;
pub mod hot;
pub mod index;
pub mod item2vec;
pub mod item_cf;
pub mod linear;
pub mod mix;
mod seeds;
mod top;
mod triggers;
pub mod user_cluster;
pub mod walks;

use cover::CoverLane;
use gnn::GnnLane;
use mix::MixLane;
pub use triggers::{Triggers, all_triggers, trigger_of, weights_of};
use user_cluster::UserClusterLane;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A lane's kind; its text form (`hot`, `item-cf`, `graphsage`) is used in commands, files and on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaneKind {
    Hot,
    ItemCf,
    Item2vec,
    Graphsage,
    Gat,
    Gaan,
    Ease,
    Rp3beta,
    Cover,
    Deepwalk,
    Node2vec,
    Metapath2vec,
    UserCluster,
    Fused,
    /// Other runs' lanes merged into one.
    Mix,
}

impl LaneKind {
    /// Those that are made from a data set and settings alone: every one but [`Self::Mix`], which needs other runs.
    pub const ALL: [Self; 14] = [
        Self::Hot,
        Self::ItemCf,
        Self::Item2vec,
        Self::Graphsage,
        Self::Gat,
        Self::Gaan,
        Self::Ease,
        Self::Rp3beta,
        Self::Cover,
        Self::Deepwalk,
        Self::Node2vec,
        Self::Metapath2vec,
        Self::UserCluster,
        Self::Fused,
    ];

    /// Made in seconds, so the window makes them unasked; the others are started by the analyst.
    pub const QUICK: [Self; 3] = [Self::Hot, Self::ItemCf, Self::Item2vec];

    pub fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::ItemCf => "item-cf",
            Self::Item2vec => "item2vec",
            Self::Graphsage => "graphsage",
            Self::Gat => "gat",
            Self::Gaan => "gaan",
            Self::Ease => "ease",
            Self::Rp3beta => "rp3beta",
            Self::Cover => "cover",
            Self::Fused => "fused",
            Self::Mix => "mix",
            Self::Deepwalk => "deepwalk",
            Self::Node2vec => "node2vec",
            Self::Metapath2vec => "metapath2vec",
            Self::UserCluster => "user-cluster",
        }
    }

    /// Whether the lane searches vectors.
    pub fn has_vectors(self) -> bool {
        !matches!(self, Self::Hot | Self::ItemCf | Self::Ease | Self::Rp3beta | Self::Mix)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Mix]).find(|lane| lane.name() == name)
    }
}

/// What a lane is asked with.
#[derive(Debug, Clone, Default)]
pub struct Trigger {
    /// The user's row, `None` for somebody the data set does not know.
    pub user: Option<u32>,
    /// The user's interactions of the training part, oldest first, weight of each (behaviour weight).
    /// Live clicks are appended by the window.
    pub recent: Vec<(u32, f32)>,
    /// Items never to return: what the user has already taken. Sorted.
    pub exclude: Vec<u32>,
    /// Attributes of the user that were changed by hand: a field's name, and entries of its vocabulary.
    pub changed: Vec<(String, Vec<u32>)>,
}

impl Trigger {
    /// Each item once, by rising row, with its share of all weights: the user's row of the user-item graph.
    pub fn shares(&self) -> Vec<(u32, f32)> {
        let mut weights: BTreeMap<u32, f32> = BTreeMap::new();
        for &(item, weight) in self.recent.iter().filter(|(_, weight)| *weight > 0.0) {
            *weights.entry(item).or_default() += weight;
        }
        let sum: f32 = weights.values().sum();
        weights.into_iter().map(|(item, weight)| (item, weight / sum)).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Recalled {
    pub item: u32,
    pub score: f32,
}

/// One item of the trigger that carried a recalled item, and its share of the score (shares sum to at most 1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SeedShare {
    pub item: u32,
    pub share: f32,
}

/// A lane is immutable, shared by all threads, and answers at once.
pub trait Lane: Send + Sync {
    fn kind(&self) -> LaneKind;

    /// Up to `k` items by falling score, ties by item row, without `trigger.exclude`.
    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled>;

    /// Which items of the trigger carried `item`, by falling share; empty for lanes that use none (`hot`).
    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare>;

    /// The vectors that are searched, where there are any.
    fn vectors(&self) -> Option<&index::VectorIndex> {
        None
    }

    /// The unit vector that asks for the trigger, where one does.
    fn query(&self, _trigger: &Trigger) -> Option<Vec<f32>> {
        None
    }

    /// The graph network that answers, where one does.
    fn gnn(&self) -> Option<&GnnLane> {
        None
    }

    /// The cover model that answers, where one does.
    fn cover(&self) -> Option<&CoverLane> {
        None
    }

    /// The lanes that answer together, where several do.
    fn mix(&self) -> Option<&MixLane> {
        None
    }

    /// The clusters of users that answer, where they do.
    fn user_cluster(&self) -> Option<&UserClusterLane> {
        None
    }
}

/// Why a lane or an index cannot be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecallError {
    #[error("the setting `{name}` is {value}: choose {allowed}")]
    Setting { name: &'static str, value: String, allowed: &'static str },
    #[error(
        "there are {ids} ids for {vectors} vectors of {dim} numbers each ({numbers} numbers): each id needs one vector"
    )]
    Shape { ids: usize, vectors: usize, dim: usize, numbers: usize },
    #[error("the id {id} stands for two vectors: keep one of them")]
    Twice { id: u32 },
    #[error(
        "the vector of item row {id} holds a value that is no finite number: train again with a lower learning rate, \
         or leave the item out"
    )]
    NotFinite { id: u32 },
    #[error("the graph marks {marks} of its {edges} edges: it needs one mark an edge")]
    Marks { marks: usize, edges: usize },
    #[error("{0}")]
    Cancelled(#[from] crate::task::Cancelled),
}
