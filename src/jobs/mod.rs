//! Background work: queue, priority, cancel, failure; and the pipeline from a data set to lanes.

pub mod behaviours;
mod checkpoints;
pub mod lab;
mod memory;
pub mod mix;
mod model;
pub mod pipeline;
mod prepared;
mod queue;
mod settings;
mod stamp;
pub mod study;

pub use queue::{JobId, JobState, JobStatus, Priority, Queue, is_cancelled, panic_message};
pub use stamp::{run_stamp, stamp_of_run, stamps_of_cases};
