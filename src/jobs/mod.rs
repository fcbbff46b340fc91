//! Background work: queue, priority, cancel, failure; and the pipeline from a data set to lanes.

pub mod pipeline;
mod queue;

pub use queue::{JobId, JobState, JobStatus, Priority, Queue};
