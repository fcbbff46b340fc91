//! How a table is sorted.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// The column, by the name that files give it.
    pub column: String,
    pub is_falling: bool,
}
