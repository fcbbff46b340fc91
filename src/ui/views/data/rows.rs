//! Rows of the view's tables: text in columns, figures at the right, one thing to click.

use std::sync::Arc;

use egui::{Align2, Color32, Galley, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{self, Tokens, radius, type_size};

pub(super) const HEIGHT: f32 = 24.0;

/// `text` in one line of at most `width` points.
pub(super) fn line(ui: &Ui, text: &str, font: egui::FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Draws `text` from `left` on, in the middle of the height of `row`.
pub(super) fn text_at(ui: &Ui, row: Rect, left: f32, width: f32, text: &str, font: egui::FontId, colour: Color32) {
    let galley = line(ui, text, font, colour, width);
    ui.painter().galley(pos2(left, row.center().y - galley.size().y / 2.0), galley, colour);
}

/// Draws `figure` so that it ends at `right`.
pub(super) fn figure_at(ui: &Ui, row: Rect, right: f32, figure: &str, colour: Color32) {
    let font = theme::font(type_size::SMALL);
    ui.painter().text(pos2(right, row.center().y), Align2::RIGHT_CENTER, figure, font, colour);
}

/// A row over the whole width that can be clicked; `name` is what a screen reader says.
pub(super) fn clickable(ui: &mut Ui, tokens: &Tokens, is_selected: bool, name: &str) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, name));
    if is_selected {
        ui.painter().rect_filled(rect, radius::COVER, tokens.accent_soft);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, radius::COVER, tokens.raised_hover.gamma_multiply(0.6));
    }
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.0, tokens.accent);
        ui.painter().rect_stroke(rect, radius::COVER, stroke, egui::StrokeKind::Inside);
    }
    (rect, response)
}

/// A row that only shows something.
pub(super) fn plain(ui: &mut Ui, name: &str) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    (rect, response)
}

/// A share of a whole as a bar with `rect` for its full length.
pub(super) fn bar(ui: &Ui, tokens: &Tokens, rect: Rect, share: f64, colour: Color32) {
    ui.painter().rect_filled(rect, 2.0, tokens.sunken);
    let filled = Rect::from_min_size(rect.min, vec2(rect.width() * share.clamp(0.0, 1.0) as f32, rect.height()));
    ui.painter().rect_filled(filled, 2.0, colour);
}

/// `12 %`; small shares keep a figure that counts.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    if part > 0 && share < 0.1 {
        "< 0.1 %".to_owned()
    } else if share < 10.0 && part > 0 {
        format!("{share:.1} %")
    } else {
        format!("{share:.0} %")
    }
}
