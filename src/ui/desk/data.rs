//! The data view.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataDesk {}

impl DataDesk {
    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {}
}
