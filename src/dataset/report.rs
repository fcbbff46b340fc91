//! What loading did: recognised columns, and rows set aside with their reasons.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What was recognised in a folder before anything was loaded; the analyst may change it.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// `native`, `recbole`, `movielens-100k`, `movielens-1m` or `lightgcn`.
    pub format: String,
    /// Table -> file (relative to the folder).
    pub files: BTreeMap<String, String>,
    /// Table -> how the rows stand in its files, for people.
    pub forms: BTreeMap<String, String>,
    /// Table -> the app's column name -> the file's column name.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Table -> further columns, taken as attributes.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Table -> columns that nothing is made of.
    pub unused: BTreeMap<String, Vec<String>>,
    /// `seconds`, `milliseconds`, `microseconds`, `iso8601` or `none`.
    pub time_unit: String,
    /// Behaviour -> weight. Before loading, as far as the first rows name them.
    pub behaviours: BTreeMap<String, f32>,
    /// Those of `behaviours` that neither the app nor `dataset.toml` knows, so that their weight is a guess.
    pub unknown_behaviours: BTreeSet<String>,
    /// One sentence for everything that was guessed rather than found.
    pub notes: Vec<String>,
}

/// Counts per table; `read == kept + set_aside`.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableReport {
    pub read: u64,
    pub kept: u64,
    pub set_aside: u64,
    /// Reason (`missing_user`, `unknown_behaviour`, `no_time`, `unparsable_time`, `future_time`, `duplicate`, …) -> rows and examples.
    pub reasons: BTreeMap<String, SetAside>,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    pub count: u64,
    /// The first few, as `file:line: what stands there`.
    pub examples: Vec<String>,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataReport {
    pub tables: BTreeMap<String, TableReport>,
    /// Remarks that set no row aside: events whose item no table describes, behaviours whose weight is a guess, columns
    /// that stand twice in a header, tags outside the hierarchy, covers that are missing, unreadable, oversized or of another type than their name says.
    pub remarks: BTreeMap<String, SetAside>,
}

impl TableReport {
    /// The reason of rows that repeat one before them in a log without times: no fault, since who does a thing twice
    /// looks the same there. They count once.
    pub const REPEATED: &'static str = "repeated_without_a_time";

    /// How many examples of a reason are kept.
    pub const MAX_EXAMPLES: usize = 5;

    /// Rows set aside for a fault of theirs.
    pub fn faulty(&self) -> u64 {
        self.set_aside - self.reasons.get(Self::REPEATED).map_or(0, |repeated| repeated.count)
    }

    pub fn keep(&mut self) {
        self.keep_rows(1);
    }

    pub fn keep_rows(&mut self, rows: u64) {
        self.read += rows;
        self.kept += rows;
    }

    /// Counts a row that is set aside; `example` is asked for only while there are few.
    pub fn set_aside(&mut self, reason: &str, example: impl FnOnce() -> String) {
        self.read += 1;
        self.set_aside += 1;
        note(&mut self.reasons, reason, example);
    }
}

impl DataReport {
    pub fn remark(&mut self, reason: &str, example: impl FnOnce() -> String) {
        note(&mut self.remarks, reason, example);
    }
}

pub(super) fn note(reasons: &mut BTreeMap<String, SetAside>, reason: &str, example: impl FnOnce() -> String) {
    let entry = reasons.entry(reason.to_owned()).or_default();
    entry.count += 1;
    if entry.examples.len() < TableReport::MAX_EXAMPLES {
        entry.examples.push(example());
    }
}
