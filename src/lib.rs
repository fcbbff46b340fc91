//! recallscope: look at vector recall the way an analyst does.
//!
//! Data flows one way; a module imports only what it builds on.

pub mod cli;
pub mod dataset;
pub mod task;
