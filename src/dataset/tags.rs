//! The hierarchy of tags: leaf, level 2, level 1.

use serde::{Deserialize, Serialize};

use super::Ids;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TagLevel {
    Leaf,
    #[default]
    Level2,
    Level1,
}

impl TagLevel {
    /// From the finest.
    pub const ALL: [Self; 3] = [Self::Leaf, Self::Level2, Self::Level1];
}

/// Rows of `leaf` follow the vocabulary of `Items::tags`. Without a `tags.*` table each leaf is its own parent.
#[derive(Debug, Default, Clone)]
pub struct TagTree {
    pub leaf: Ids,
    pub level2: Ids,
    pub level1: Ids,
    /// `[leaf]` -> row of `level2`.
    pub level2_of_leaf: Vec<u32>,
    /// `[level2]` -> row of `level1`.
    pub level1_of_level2: Vec<u32>,
}

impl TagTree {
    /// The tag of `level` above `leaf`.
    pub fn ancestor(&self, leaf: u32, level: TagLevel) -> u32 {
        match level {
            TagLevel::Leaf => leaf,
            TagLevel::Level2 => self.level2_of_leaf[leaf as usize],
            TagLevel::Level1 => self.level1_of_level2[self.level2_of_leaf[leaf as usize] as usize],
        }
    }

    /// Whether two levels part items alike: a level that splits no tag of the other. Without a tree all do.
    pub fn are_alike(&self, one: TagLevel, other: TagLevel) -> bool {
        let count = |level| {
            let mut is_above = vec![false; self.names(level).len()];
            (0..self.level2_of_leaf.len() as u32).for_each(|leaf| is_above[self.ancestor(leaf, level) as usize] = true);
            is_above.into_iter().filter(|&is_above| is_above).count()
        };
        count(one) == count(other)
    }

    pub fn names(&self, level: TagLevel) -> &Ids {
        match level {
            TagLevel::Leaf => &self.leaf,
            TagLevel::Level2 => &self.level2,
            TagLevel::Level1 => &self.level1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_alike_where_none_splits_a_tag_of_the_other() {
        let names = |count: usize| {
            let mut names = Ids::default();
            (0..count).for_each(|name| _ = names.row_or_insert(&name.to_string()));
            names
        };
        let tree = |level2_of_leaf: Vec<u32>, level1_of_level2: Vec<u32>| TagTree {
            leaf: names(level2_of_leaf.len()),
            level2: names(level1_of_level2.len()),
            level1: names(level1_of_level2.len()),
            level2_of_leaf,
            level1_of_level2,
        };
        let alike = |tree: &TagTree| {
            [
                (TagLevel::Leaf, TagLevel::Level2),
                (TagLevel::Level2, TagLevel::Level1),
                (TagLevel::Leaf, TagLevel::Level1),
            ]
            .map(|(one, other)| tree.are_alike(one, other))
        };
        assert_eq!(alike(&tree(vec![0, 1, 2], vec![0, 1, 2])), [true, true, true]);
        assert_eq!(alike(&tree(vec![0, 1, 1], vec![0, 1])), [false, true, false]);
        assert_eq!(alike(&tree(vec![1, 0, 2], vec![0, 1, 0])), [true, false, false]);
    }
}
