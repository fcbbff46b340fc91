//! The columns of the behaviour log.

use serde::{Deserialize, Serialize};

/// Interactions as parallel columns, in order of (time, original row). 17 bytes an event without visits.
#[derive(Debug, Default, Clone)]
pub struct Events {
    pub user: Vec<u32>,
    pub item: Vec<u32>,
    /// Index into `Dataset::behaviours`.
    pub behaviour: Vec<u8>,
    /// Seconds since 1970; empty where the log has no times.
    pub time_secs: Vec<i64>,
    /// Number of the visit; empty where the log has none.
    pub visit: Vec<u32>,
    /// Place in the feed, from 0; empty where the log has none.
    pub position: Vec<u16>,
}

impl Events {
    pub fn len(&self) -> usize {
        self.user.len()
    }

    pub fn is_empty(&self) -> bool {
        self.user.is_empty()
    }

    pub fn has_times(&self) -> bool {
        !self.time_secs.is_empty()
    }
}

/// What was shown, clicked or not, as parallel columns.
#[derive(Debug, Default, Clone)]
pub struct Impressions {
    pub user: Vec<u32>,
    pub item: Vec<u32>,
    pub time_secs: Vec<i64>,
    pub position: Vec<u16>,
    pub clicked: Vec<bool>,
    /// The policy that showed it, an index into `policies`; empty where unknown.
    pub policy: Vec<u8>,
    pub policies: Vec<String>,
    /// How probably the log's feed showed this item there; empty where unknown.
    pub propensity: Vec<f32>,
}

/// A kind of behaviour and what one of it counts as an interaction (0: not an interaction).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Behaviour {
    pub name: String,
    pub weight: f32,
}

impl Behaviour {
    /// Whether the weight of the behaviour `name` is the article's and not a guess.
    pub fn is_known(name: &str) -> bool {
        matches!(name, "publish" | "click" | "like" | "comment" | "favorite" | "favourite")
    }

    /// The article's weights: one click, like, comment or favourite counts as one, publishing as none. What
    /// is unknown counts as one too.
    pub fn with_default_weight(name: &str) -> Self {
        let weight = if name == "publish" { 0.0 } else { 1.0 };
        Self { name: name.to_owned(), weight }
    }
}
