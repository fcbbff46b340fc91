//! The simulated community.

mod covers;
