//! Building blocks that several views share.

mod button;
mod camera;
mod chip;
mod cover;
mod export_menu;
mod fault;
pub mod format;
mod marker;
mod plot;
mod progress;
mod table;
mod table_cells;

pub use button::{icon_button, icon_of_behaviour, primary_button};
pub use camera::Camera;
pub use chip::{chip, chip_width, heading_ui, legend_entry, legend_width, section_title};
pub use cover::{Tile, cover_ui, picture_ui, tile_height};
pub use export_menu::{export_entries, export_menu};
pub use fault::fault_text;
pub use marker::marker;
pub use plot::still_plot;
pub use progress::{fraction, job_line, progress_bar};
pub use table::{DataTable, TableState};
