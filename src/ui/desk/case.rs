//! The case study: whom it shows, under which lanes and runs, and what he is taken to have clicked.

use serde::{Deserialize, Serialize};

use crate::recall::LaneKind;

/// Whom "Surprise me" may draw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserFilter {
    #[default]
    Anyone,
    New,
    Quiet,
    Active,
    /// Users with this value of this attribute.
    Value {
        attribute: String,
        value: String,
    },
}

/// What a row of recalled covers comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowRef {
    /// The run that stands for the lane now.
    Lane(LaneKind),
    /// One run, by its id.
    Run(String),
}

/// How recalled covers are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    #[default]
    Grid,
    /// One line per item, with title, tags and score.
    List,
    /// One line of covers that scrolls sideways.
    Strip,
}

/// One column of the case study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// The user's id, as the data set writes it.
    pub user: Option<String>,
    pub filter: UserFilter,
    /// "Surprise me" leaves it alone, and it stays in view while the others scroll sideways.
    pub is_pinned: bool,
    /// Rows of its own instead of [`CaseDesk::rows`].
    pub rows: Option<Vec<RowRef>>,
    /// Items that he is taken to have clicked just now, the latest last, by id.
    pub clicks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseDesk {
    pub columns: Vec<Column>,
    /// The rows of every column that has none of its own.
    pub rows: Vec<RowRef>,
    pub shape: Shape,
}

impl Default for CaseDesk {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            rows: LaneKind::ALL.into_iter().map(RowRef::Lane).collect(),
            shape: Shape::default(),
        }
    }
}
