//! recallscope: look at vector recall the way an analyst does.
//!
//! Data flows one way, top to bottom; a module imports only what stands above it.

pub mod dataset;
pub mod task;
