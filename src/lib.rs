//! recallscope: look at vector recall the way an analyst does.
//!
//! Data flows one way, top to bottom; a module imports only what stands above it.

pub mod task;
pub mod dataset;
pub mod graph;
pub mod models;
pub mod recall;
pub mod evaluate;
pub mod explain;
pub mod jobs;
pub mod workspace;
pub mod cli;
pub mod ui;
