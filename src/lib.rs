//! recallscope: look at vector recall the way an analyst does.
//!
//! Data flows one way; a module imports only what it builds on (`tests/structure.rs` holds the order).

pub mod cli;
pub mod dataset;
pub mod evaluate;
pub mod explain;
pub mod graph;
pub mod jobs;
pub mod models;
pub mod recall;
pub mod task;
pub mod ui;
pub mod workspace;
