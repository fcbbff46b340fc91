//! The map: which runs' vectors are seen, how they are brought into the plane, and what colours say.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapMethod {
    /// Principal components.
    #[default]
    Pca,
    Tsne,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapColour {
    #[default]
    Level1,
    Level2,
    Tag,
    /// How often an item is taken.
    Band,
    /// Which lane has it highest for a user.
    Lane,
    Cluster,
}

impl MapColour {
    pub const ALL: [Self; 6] = [Self::Level1, Self::Level2, Self::Tag, Self::Band, Self::Lane, Self::Cluster];
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapDesk {
    /// The runs side by side, by id; `None`: the first that has vectors.
    pub runs: [Option<String>; 2],
    pub is_double: bool,
    /// Items whose nearest differ most between both are walked through.
    pub shows_differences: bool,
    pub method: MapMethod,
    pub colour: MapColour,
    pub shows_users: bool,
    /// Dragging draws a lasso instead of moving the map.
    pub is_lasso: bool,
}

impl MapDesk {
    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        self.runs = [None, None];
    }
}
