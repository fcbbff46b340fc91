//! Charts that stand still: nothing in them is dragged or zoomed.

use egui::Vec2b;
use egui_plot::Plot;

use crate::ui::theme::Tokens;

/// A chart of its own ground and grid.
pub fn still_plot(id: impl std::hash::Hash + std::fmt::Debug, tokens: &Tokens) -> Plot<'static> {
    Plot::new(id)
        .allow_drag(Vec2b::FALSE)
        .allow_zoom(Vec2b::FALSE)
        .allow_scroll(Vec2b::FALSE)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(Vec2b::FALSE)
        .show_crosshair(false)
        .show_background(false)
        .grid_color(tokens.line)
}
