//! The evaluation: which figures are shown, and in which order.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvaluationDesk {}

impl EvaluationDesk {
    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {}
}
