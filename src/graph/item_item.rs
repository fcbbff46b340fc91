//! The item-item graph: each item's most similar ones, by behaviour or else by attributes (algorithms, section 2).

use super::{
    Csr, GraphCounts, GraphError, GraphSettings, ItemMeasure,
    attribute_edges::{self, attribute_rows},
    bipartite::user_item_graph,
    measures::{Incidence, Sequences, cosine, swing, window},
};
use crate::{dataset::Dataset, task::JobContext};

/// `[items] x [items]` over `rows` of events in order of time: row = target item, columns = its most similar items by
/// falling weight. With it, per edge, whether attributes gave it, and the counts (those of the user-item graph too).
pub fn item_item_graph(
    dataset: &Dataset,
    rows: &[u32],
    settings: &GraphSettings,
    ctx: &JobContext,
) -> Result<(Csr, Vec<bool>, GraphCounts), GraphError> {
    let user_item = user_item_graph(dataset, rows, ctx)?;
    item_item_over(dataset, rows, &user_item, settings, ctx)
}

/// As [`item_item_graph`], where the user-item graph of the same `rows` stands already.
pub(super) fn item_item_over(
    dataset: &Dataset,
    rows: &[u32],
    user_item: &Csr,
    settings: &GraphSettings,
    ctx: &JobContext,
) -> Result<(Csr, Vec<bool>, GraphCounts), GraphError> {
    settings.check()?;
    let items = dataset.item_count();
    ctx.stage("Finding similar items", items as u64, "items");
    let mut found = match settings.measure {
        ItemMeasure::Window => window(&Sequences::new(dataset, rows), settings, ctx)?,
        ItemMeasure::Cosine => cosine(&incidence(user_item, items, settings), settings, ctx)?,
        ItemMeasure::Swing => swing(&incidence(user_item, items, settings), settings, ctx)?,
    };

    let isolated: Vec<u32> = (0..items as u32).filter(|&item| found[item as usize].is_empty()).collect();
    let mut popularity = vec![0u32; items];
    for &item in &user_item.targets {
        popularity[item as usize] += 1;
    }
    let most = settings.top_k.min(attribute_edges::NEIGHBOURS);
    let joined = attribute_rows(dataset, &isolated, &popularity, most, ctx)?;
    let mut counts = GraphCounts {
        user_item_edges: user_item.edge_count(),
        isolated_items: isolated.len(),
        ..GraphCounts::default()
    };
    let mut is_joined = vec![false; items];
    for (&item, row) in isolated.iter().zip(joined) {
        counts.joined_by_attributes += usize::from(!row.is_empty());
        counts.attribute_edges += row.len();
        is_joined[item as usize] = true;
        found[item as usize] = row;
    }
    let graph = Csr::from_rows(&found);
    counts.item_item_edges = graph.edge_count();
    let is_attribute_edge =
        found.iter().zip(is_joined).flat_map(|(row, is_joined)| row.iter().map(move |_| is_joined)).collect();
    Ok((graph, is_attribute_edge, counts))
}

fn incidence(user_item: &Csr, items: usize, settings: &GraphSettings) -> Incidence {
    Incidence::new(user_item, items, settings.cap, settings.seed)
}
