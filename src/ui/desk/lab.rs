//! The lab: which runs stand in which arm, and how they are tried.

use serde::{Deserialize, Serialize};

/// What some visitors are shown: runs, merged by quota with equal shares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LabArm {
    /// Ids of runs.
    pub runs: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LabDesk {
    /// The first is what the others are set against.
    pub arms: Vec<LabArm>,
    /// Stop as soon as every arm differs clearly from the first in click rate.
    pub until_clear: bool,
    /// Of visits and luck.
    pub seed: u64,
}

impl LabDesk {
    pub const MAX_ARMS: usize = 6;

    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        self.arms.clear();
    }

    /// What was stored may hold more than can be shown.
    pub fn mend(&mut self) {
        self.arms.truncate(Self::MAX_ARMS);
    }
}

impl Default for LabDesk {
    fn default() -> Self {
        Self { arms: Vec::new(), until_clear: false, seed: 42 }
    }
}

impl LabArm {
    /// Puts a run in, or takes it out.
    pub fn toggle(&mut self, run: &str) {
        match self.runs.iter().position(|own| own == run) {
            Some(place) => {
                self.runs.remove(place);
            }
            None => self.runs.push(run.to_owned()),
        }
    }
}
