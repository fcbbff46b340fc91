//! What stands around the views.

pub mod bottom;
pub mod inspector;
pub mod left;
mod overview;
pub mod run;
pub mod top;
