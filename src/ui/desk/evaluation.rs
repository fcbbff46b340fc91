//! The evaluation: which figures are shown, and in which order.

use serde::{Deserialize, Serialize};

use super::Sort;

/// What stands below the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    #[default]
    Charts,
    /// The users of the row that was opened.
    Users,
    /// Who gets what: bands, hubs and the Lorenz curve.
    Exposure,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvaluationDesk {
    /// Names of metrics without `@K`, in the order of the columns.
    pub metrics: Vec<String>,
    pub k: usize,
    /// The name of a slice of the reports, e.g. `users:new`; empty for all.
    pub slice: String,
    /// A metric is named without `@K`, so that another K keeps the order.
    pub sort: Option<Sort>,
    /// Ids of runs held for comparison, the latest last.
    pub held: Vec<String>,
    pub below: Detail,
    /// The id of the run whose users are shown.
    pub opened: Option<String>,
    pub users_sort: Option<Sort>,
}

impl EvaluationDesk {
    pub const MAX_HELD: usize = 2;

    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        self.slice.clear();
        self.held.clear();
        self.opened = None;
        self.below = Detail::Charts;
    }

    /// Holds the run alone, or beside those that are held: then the latest two stay.
    pub fn hold(&mut self, run: &str, is_added: bool) {
        if !is_added {
            self.held = vec![run.to_owned()];
        } else if self.held.iter().any(|held| held == run) {
            self.held.retain(|held| held != run);
        } else {
            self.held.push(run.to_owned());
            let surplus = self.held.len().saturating_sub(Self::MAX_HELD);
            self.held.drain(..surplus);
        }
    }
}

impl Default for EvaluationDesk {
    fn default() -> Self {
        Self {
            metrics: ["recall", "ndcg", "hit_rate", "coverage"].map(str::to_owned).to_vec(),
            k: 20,
            slice: String::new(),
            sort: Some(Sort { column: "recall".to_owned(), is_falling: true }),
            held: Vec::new(),
            below: Detail::Charts,
            opened: None,
            users_sort: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_two_runs_are_held() {
        let mut desk = EvaluationDesk::default();
        desk.hold("a", true);
        desk.hold("b", true);
        desk.hold("c", true);
        assert_eq!(desk.held, ["b", "c"]);
        desk.hold("b", true);
        assert_eq!(desk.held, ["c"]);
        desk.hold("a", false);
        assert_eq!(desk.held, ["a"]);
    }
}
