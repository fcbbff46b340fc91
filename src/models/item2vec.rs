//! Items as vectors.

use super::Embeddings;

/// Vectors of the items that were seen often enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Item2vecModel {
    /// Rows of items, one a row of `embeddings`.
    pub items: Vec<u32>,
    pub embeddings: Embeddings,
}
