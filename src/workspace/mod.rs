//! What is kept between starts: a folder that survives a kill.

mod artifacts;
mod cases;
mod checkpoints;
mod connect;
mod database;
mod error;
pub mod export;
mod kept;
mod notes;
mod pack;
mod schema;
mod table;

pub(crate) use artifacts::sorted_json;
pub use artifacts::{
    Array, Arrays, read_safetensors, take_bool, take_f32, take_u32, take_u64, write_atomically, write_safetensors,
};
pub use cases::{Case, CaseDataset, CaseShown, ShownColumn, ShownItem, ShownRow, moved_before};
pub use database::{RecentDataset, RunRecord, Workspace};
pub(crate) use database::{absolute, now_secs};
pub use error::WorkspaceError;
pub use notes::RunNote;
pub use pack::{PackCovers, PackNote, PackedDataset};
pub use table::{Measured, Table, TableColumn, Values};
