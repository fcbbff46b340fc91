//! What stands around the views.

pub mod bottom;
pub mod inspector;
pub mod left;
pub mod top;
