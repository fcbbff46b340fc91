//! What the view shows, as tables to be taken along.

use super::counts::{Counts, TagCount, Timeline};
use crate::{
    dataset::{Dataset, TagLevel},
    workspace::{Table, Values},
};

/// A row a step of time: when it begins, and the events of each behaviour.
pub(super) fn timeline_table(dataset: &Dataset, counts: &Counts, timeline: &Timeline) -> Table {
    let from = |step: usize| Some(timeline.from_secs + step as i64 * timeline.step_secs);
    let steps = (0..timeline.counts.len()).map(from).collect();
    let mut table = Table::new().with("from", "from", Values::Date(steps));
    for &kind in &counts.behaviour_order {
        let name = &dataset.behaviours[kind].name;
        let of_kind = timeline.counts.iter().map(|step| Some(u64::from(step[kind]))).collect();
        table = table.with(name.clone(), name.clone(), Values::Count(of_kind));
    }
    table
}

/// A row a tag of any level, those of level 1 first.
pub(super) fn tag_table(dataset: &Dataset, counts: &Counts) -> Table {
    let (mut levels, mut tags, mut above) = (Vec::new(), Vec::new(), Vec::new());
    let (mut items, mut interactions) = (Vec::new(), Vec::new());
    let tree = &dataset.tags;
    let mut push = |level: u64, name: &str, parent: Option<&str>, count: TagCount| {
        levels.push(Some(level));
        tags.push(Some(name.to_owned()));
        above.push(parent.map(str::to_owned));
        items.push(Some(u64::from(count.items)));
        interactions.push(Some(count.interactions));
    };
    for (name, &count) in tree.level1.iter().zip(&counts.tags.level1) {
        push(1, name, None, count);
    }
    for (row, (name, &count)) in (0..).zip(tree.level2.iter().zip(&counts.tags.level2)) {
        let parent = tree.level1_of_level2.get(row as usize).map(|&row: &u32| tree.names(TagLevel::Level1).name(row));
        push(2, name, parent, count);
    }
    for (row, (name, &count)) in (0..).zip(tree.leaf.iter().zip(&counts.tags.leaf)) {
        push(3, name, Some(tree.level2.name(tree.ancestor(row, TagLevel::Level2))), count);
    }
    Table::new()
        .with("level", "level", Values::Count(levels))
        .with("tag", "tag", Values::Text(tags))
        .with("above", "above", Values::Text(above))
        .with("items", "items", Values::Count(items))
        .with("interactions", "interactions", Values::Count(interactions))
}
