//! What is kept between starts: a folder that survives a kill.

mod artifacts;
mod database;
pub mod export;

pub use artifacts::{read_safetensors, write_atomically, write_safetensors};
pub use database::{RunRecord, Workspace, WorkspaceError};
