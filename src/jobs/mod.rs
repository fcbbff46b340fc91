//! Background work: queue, priority, cancel, failure; and the pipeline from a data set to lanes.

mod checkpoints;
mod memory;
pub mod pipeline;
mod prepared;
mod queue;
mod settings;
mod stamp;

pub use queue::{JobId, JobState, JobStatus, Priority, Queue, is_cancelled, panic_message};
pub use stamp::run_stamp;
