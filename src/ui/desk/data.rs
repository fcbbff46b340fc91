//! The data view: what is unfolded, and in which order.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A part of the data view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataPart {
    Report,
    Time,
    Degrees,
    Tags,
}

/// What tags are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagOrder {
    Name,
    Items,
    #[default]
    Interactions,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataDesk {
    pub folded: BTreeSet<DataPart>,
    /// Tables and remarks of the report that show their details.
    pub unfolded_report: BTreeSet<String>,
    /// The counts per day stand on a logarithmic scale.
    pub log_counts: bool,
    pub tag_order: TagOrder,
    /// The other way round than is usual for the order: names fall, counts rise.
    pub tag_reversed: bool,
    pub tag_query: String,
    /// Tags whose children show, as `level 1` or `level 1/level 2`.
    pub unfolded_tags: BTreeSet<String>,
}

impl DataDesk {
    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        self.unfolded_report.clear();
        self.unfolded_tags.clear();
        self.tag_query.clear();
    }
}

/// Puts `key` into `set` or takes it out.
pub fn toggle<T: Ord>(set: &mut BTreeSet<T>, key: T) {
    if !set.remove(&key) {
        set.insert(key);
    }
}
