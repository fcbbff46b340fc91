//! Models: from sessions and graphs to vectors.

mod embeddings;

pub mod item2vec;

pub use embeddings::Embeddings;
