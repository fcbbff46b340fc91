//! The user-item and item-item graphs, as compressed sparse rows.

mod bipartite;
mod csr;
mod item_item;

use serde::{Deserialize, Serialize};

pub use bipartite::user_item_graph;
pub use csr::Csr;
pub use item_item::item_item_graph;

use crate::dataset::{Dataset, split::Split};

/// How similar items are found (algorithms, section 2).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemMeasure {
    #[default]
    Cosine,
    Window,
    Swing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphSettings {
    pub measure: ItemMeasure,
    /// Neighbours kept per target item.
    pub top_k: usize,
    /// Least number of common users (`cosine`, `swing`) or co-occurrences (`window`).
    pub min_support: u32,
    /// Positions to each side (`window`).
    pub window: usize,
    pub swing_alpha: f32,
    pub swing_beta: f32,
    /// Users with more items, and items with more users, are sampled down to this many (`cosine`, `swing`).
    pub cap: usize,
    pub seed: u64,
}

impl Default for GraphSettings {
    fn default() -> Self {
        Self {
            measure: ItemMeasure::Cosine,
            top_k: 100,
            min_support: 1,
            window: 5,
            swing_alpha: 1.0,
            swing_beta: 0.5,
            cap: 1_000,
            seed: 42,
        }
    }
}

/// Both graphs of one window.
#[derive(Debug)]
pub struct Graphs {
    pub settings: GraphSettings,
    /// `[users] x [items]`; each user's weights sum to 1.
    pub user_item: Csr,
    /// `[items] x [items]`; row = target item, columns = its most similar items, by falling weight.
    pub item_item: Csr,
    /// Per edge of `item_item`, whether attributes gave it because behaviour gave none.
    pub is_attribute_edge: Vec<bool>,
    pub counts: GraphCounts,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphCounts {
    pub user_item_edges: usize,
    pub item_item_edges: usize,
    /// Items without a neighbour by behaviour.
    pub isolated_items: usize,
    /// Of those, the ones that attributes joined.
    pub joined_by_attributes: usize,
    pub attribute_edges: usize,
}

impl Graphs {
    /// Both graphs from the window of `split`.
    pub fn build(dataset: &Dataset, split: &Split, settings: &GraphSettings) -> Self {
        let user_item = user_item_graph(dataset, &split.window);
        let (item_item, is_attribute_edge, counts) = item_item_graph(dataset, &split.window, settings);
        let counts = GraphCounts { user_item_edges: user_item.edge_count(), ..counts };
        Self { settings: settings.clone(), user_item, item_item, is_attribute_edge, counts }
    }
}
