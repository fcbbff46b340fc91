//! The window.

mod app;
pub mod bench;
mod clock;
mod commands;
pub mod covers;
mod desk;
mod dialogs;
mod export;
pub mod fonts;
mod frame;
mod history;
pub mod icons;
mod metrics;
mod panels;
mod picture;
mod present;
mod run;
mod sample;
mod screenshot;
mod search;
mod selection;
mod session;
mod theme;
mod views;
mod widgets;
mod words;

use crate::explain::facts;
pub use app::{App, Start};
pub use desk::{BookOrder, CaseDesk, CoversPage, MAX_COLUMNS, MapMethod, Preset, RowRef, Shape, stored_desk};
pub use run::{OpenOptions, run};
pub use selection::Thing;
pub use theme::ThemeChoice;
pub use views::{ViewKind, shown_item};
