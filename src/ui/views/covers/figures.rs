//! How a model reads tags over all its covers: counted off the frame.

use std::sync::Arc;

use super::looking::Model;
use crate::{
    dataset::{Dataset, TagLevel},
    models::cover::{CoverReport, Reading, TagFigures},
    task::JobContext,
};

/// Tags that a matrix on a screen can tell apart.
pub const MOST_IN_MATRIX: usize = 150;

/// Readings of one model, of held-out covers or of all.
pub struct Figures {
    pub level: TagLevel,
    pub report: CoverReport,
    /// By tag.
    pub tags: Vec<TagFigures>,
    /// Tags that occur or were read, as the tree has them.
    pub order: Vec<u32>,
    pub readings: Vec<Reading>,
    /// Places of wrong readings, the surest against its label first.
    pub suspects: Vec<usize>,
    /// `[order, order]`: covers by their tag (rows) and the one that was read; empty with more than [`MOST_IN_MATRIX`].
    pub matrix: Vec<u32>,
    /// Items without a cover, and those whose cover could not be read.
    pub without: usize,
    pub unreadable: Vec<u32>,
}

pub fn figures(model: &Model, dataset: &Dataset, counts_seen: bool, ctx: &JobContext) -> anyhow::Result<Arc<Figures>> {
    let counted = match model.lane() {
        Some(lane) => lane.model().readings(dataset, !counts_seen, ctx)?,
        None => Vec::new(),
    };
    let names = dataset.tags.names(model.level);
    let tags = TagFigures::of(&counted, names.len());
    let mut order: Vec<u32> = (0..names.len() as u32).filter(|&tag| tags[tag as usize].f1().is_some()).collect();
    order.sort_by_key(|&tag| (parents(dataset, model.level, tag), tag));
    let mut place = vec![usize::MAX; names.len()];
    order.iter().enumerate().for_each(|(at, &tag)| place[tag as usize] = at);
    let has_matrix = order.len() <= MOST_IN_MATRIX;
    let mut matrix = vec![0u32; if has_matrix { order.len() * order.len() } else { 0 }];
    for reading in counted.iter().filter(|_| has_matrix) {
        matrix[place[reading.own as usize] * order.len() + place[reading.surest as usize]] += 1;
    }
    let mut suspects: Vec<usize> = (0..counted.len()).filter(|&place| !counted[place].is_right()).collect();
    let against = |place: &usize| counted[*place].confidence - counted[*place].own_confidence;
    suspects.sort_by(|one, other| against(other).total_cmp(&against(one)).then(one.cmp(other)));
    Ok(Arc::new(Figures {
        level: model.level,
        report: CoverReport::of(&counted, names.len()),
        tags,
        order,
        suspects,
        matrix,
        readings: counted,
        without: dataset.items.cover.iter().filter(|cover| cover.is_none()).count(),
        unreadable: model.lane().map(|lane| lane.model().unreadable(dataset)).unwrap_or_default(),
    }))
}

/// The tags above one of `level`: level 1, level 2.
fn parents(dataset: &Dataset, level: TagLevel, tag: u32) -> (u32, u32) {
    let tree = &dataset.tags;
    let above = |level2: u32| (tree.level1_of_level2.get(level2 as usize).copied().unwrap_or(u32::MAX), level2);
    match level {
        TagLevel::Leaf => above(tree.level2_of_leaf.get(tag as usize).copied().unwrap_or(u32::MAX)),
        TagLevel::Level2 => above(tag),
        TagLevel::Level1 => (tag, 0),
    }
}

/// Above which level-1 tag a tag of `level` stands: its colour.
pub fn category(dataset: &Dataset, level: TagLevel, tag: u32) -> usize {
    parents(dataset, level, tag).0 as usize
}
