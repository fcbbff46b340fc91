//! The user-item and item-item graphs, as compressed sparse rows.

mod csr;

pub use csr::Csr;
