//! Models: from sessions and graphs to vectors.

mod embeddings;

pub mod item2vec;
pub mod skip_gram;

pub use embeddings::Embeddings;
