//! The user-item and item-item graphs, as compressed sparse rows.

mod attribute_edges;
mod bipartite;
mod csr;
mod item_item;
mod measures;
mod message;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use bipartite::user_item_graph;
pub use csr::{Csr, CsrError};
pub use item_item::item_item_graph;
pub use message::{Block, BlockSampler, BySource, Draw, MessageGraph, Sampling};

use crate::{
    dataset::{Dataset, split::Split},
    task::{Cancelled, JobContext},
};

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
#[serde(default, deny_unknown_fields)]
pub struct GraphSettings {
    pub measure: ItemMeasure,
    /// Neighbours kept per target item.
    pub top_k: usize,
    /// Least number of common users (`cosine`, `swing`) or co-occurrences (`window`).
    pub min_support: u32,
    /// Positions to each side (`window`).
    pub window: usize,
    /// α of `swing`: what every pair of users shares at the least.
    pub swing_alpha: f32,
    /// β of `swing`: how much a user's many items speak against him.
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
            min_support: 2,
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

/// Why there is no graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    // Not transparent: the cause has to be found behind it.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("the graph's setting {name} has to be {expected}, not {found}")]
    Setting { name: &'static str, expected: String, found: String },
}

impl GraphSettings {
    /// Refuses what no graph can be built with.
    pub fn check(&self) -> Result<(), GraphError> {
        let fail = |name, expected: &str, found: String| {
            Err(GraphError::Setting { name, expected: expected.to_owned(), found })
        };
        let is_swing = self.measure == ItemMeasure::Swing;
        match self {
            Self { top_k: 0, .. } => fail("top_k", "at least 1", "0".to_owned()),
            Self { window: 0, measure: ItemMeasure::Window, .. } => fail("window", "at least 1", "0".to_owned()),
            Self { cap: 0 | 1, .. } => fail("cap", "at least 2", self.cap.to_string()),
            Self { cap, .. } if is_swing && *cap > measures::MAX_SWING_CAP => {
                fail("cap", &format!("at most {} for swing", measures::MAX_SWING_CAP), cap.to_string())
            }
            Self { swing_alpha, .. } if is_swing && !(0.0..=1e6).contains(swing_alpha) => {
                fail("swing_alpha", "between 0 and 1000000", swing_alpha.to_string())
            }
            Self { swing_beta, .. } if is_swing && !(-2.0..=2.0).contains(swing_beta) => {
                fail("swing_beta", "between -2 and 2", swing_beta.to_string())
            }
            _ => Ok(()),
        }
    }
}

impl Graphs {
    /// Both graphs from the window of `split`; no other event is looked at.
    pub fn build(
        dataset: &Dataset,
        split: &Split,
        settings: &GraphSettings,
        ctx: &JobContext,
    ) -> Result<Self, GraphError> {
        settings.check()?;
        ctx.stage("Counting interactions", 0, "events");
        let user_item = user_item_graph(dataset, &split.window, ctx)?;
        let (item_item, is_attribute_edge, counts) =
            item_item::item_item_over(dataset, &split.window, &user_item, settings, ctx)?;
        Ok(Self { settings: settings.clone(), user_item, item_item, is_attribute_edge, counts })
    }
}
