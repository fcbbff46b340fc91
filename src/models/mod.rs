//! Models: from sessions and graphs to vectors.

mod embeddings;
mod vector;
mod wide;

pub mod cover;
pub mod device;
pub mod ease;
pub mod fused;
pub mod gnn;
pub mod item2vec;
pub mod kmeans;
pub mod projection;
pub mod rp3beta;
pub mod skip_gram;
pub mod user_cluster;
pub mod walks;

pub use embeddings::Embeddings;
