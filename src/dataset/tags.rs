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

    pub fn names(&self, level: TagLevel) -> &Ids {
        match level {
            TagLevel::Leaf => &self.leaf,
            TagLevel::Level2 => &self.level2,
            TagLevel::Level1 => &self.level1,
        }
    }
}
