//! The window.

pub mod covers;
pub mod fonts;
pub mod icons;
