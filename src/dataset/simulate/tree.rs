//! The tree of tags by number: leaves, level 2, level 1, circles and topics.

use super::phrases::{Leaf, Level1, Level2, Pair, STYLES, TREE};

pub(super) const LEVEL1: usize = 8;
pub(super) const LEVEL2: usize = 24;
pub(super) const LEAVES: usize = 72;
pub(super) const CIRCLES: usize = 24;
pub(super) const STYLE_COUNT: usize = 6;

pub(super) fn level1(leaf: usize) -> &'static Level1 {
    &TREE[leaf / 9]
}

pub(super) fn level2(leaf: usize) -> &'static Level2 {
    &level1(leaf).level2[leaf % 9 / 3]
}

pub(super) fn leaf(leaf: usize) -> &'static Leaf {
    &level2(leaf).leaves[leaf % 3]
}

pub(super) fn circle(circle: usize) -> Pair {
    TREE[circle / 3].circles[circle % 3]
}

/// Topics: two of each tag of level 2, then two of each style.
pub(super) const TOPICS: usize = 2 * LEVEL2 + 2 * STYLE_COUNT;

pub(super) fn topic(topic: usize) -> Pair {
    if topic < 2 * LEVEL2 {
        level2(topic / 2 * 3).topics[topic % 2]
    } else {
        STYLES[(topic - 2 * LEVEL2) / 2].topics[topic % 2]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_name_stands_for_one_thing_in_both_languages() {
        let mut all: Vec<Pair> = (0..CIRCLES).map(circle).chain((0..TOPICS).map(topic)).collect();
        all.extend((0..LEAVES).map(|number| leaf(number).name));
        all.extend((0..LEAVES).step_by(3).map(|number| level2(number).name));
        all.extend((0..LEAVES).step_by(9).map(|number| level1(number).name));
        let count = all.len();
        assert_eq!(count, CIRCLES + TOPICS + LEAVES + LEVEL2 + LEVEL1);
        let chinese: BTreeMap<&str, &str> = all.iter().copied().collect();
        assert_eq!(chinese.len(), count);
        assert!(all.iter().all(|(chinese, english)| !chinese.contains('|') && !english.is_empty()));
    }
}
