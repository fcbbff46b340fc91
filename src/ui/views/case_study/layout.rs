//! Where the columns stand: pinned ones at the left, the others beside them, scrolled sideways where not all fit.

use egui::{Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, scroll_area::ScrollBarVisibility, vec2};

use crate::ui::theme::space;

/// Columns are never narrower; with more than fit, the view scrolls sideways.
const MIN_COLUMN_PX: f32 = 236.0;
const BAR_PX: f32 = 12.0;

/// Where the columns stand in this frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    left: f32,
    view_px: f32,
    /// Between two columns.
    pub gap: f32,
    pub column_px: f32,
    pub count: usize,
    /// The first so many stay where they are.
    sticky: usize,
    offset_px: f32,
}

impl Grid {
    /// Between columns that nothing has to stand between.
    pub const GAP: f32 = space::L;

    pub fn fit(left: f32, view_px: f32, gap: f32, count: usize, pinned: usize, offset_px: f32) -> Self {
        let gaps = gap * count.saturating_sub(1) as f32;
        let column_px = ((view_px - gaps) / count.max(1) as f32).max(MIN_COLUMN_PX.min(view_px)).floor();
        let mut grid = Self { left, view_px, gap, column_px, count, sticky: pinned, offset_px: 0.0 };
        // Pinned columns that leave the others no room scroll like these.
        if grid.step() * (pinned + 1) as f32 > view_px + gap {
            grid.sticky = 0;
        }
        grid.offset_px = offset_px.clamp(0.0, grid.overflow_px());
        grid
    }

    /// One column over all that is seen.
    pub fn as_one(&self) -> Self {
        Self { column_px: self.seen_px(), count: 1, sticky: 0, offset_px: 0.0, ..*self }
    }

    fn step(&self) -> f32 {
        self.column_px + self.gap
    }

    fn width(&self) -> f32 {
        (self.step() * self.count as f32 - self.gap).max(0.0)
    }

    /// How far the view can be scrolled sideways.
    pub fn overflow_px(&self) -> f32 {
        (self.width() - self.view_px - 1.0).max(0.0)
    }

    /// The width of what is seen of all columns.
    pub fn seen_px(&self) -> f32 {
        self.width().min(self.view_px)
    }

    pub fn x(&self, column: usize) -> f32 {
        let offset = if column < self.sticky { 0.0 } else { self.offset_px };
        self.left + column as f32 * self.step() - offset
    }

    /// Between which x a column stands; with `None` all of them together, as far as they are seen.
    pub fn span(&self, column: Option<usize>) -> egui::Rangef {
        match column {
            Some(column) => egui::Rangef::new(self.x(column), self.x(column) + self.column_px),
            None => egui::Rangef::new(self.left, self.left + self.seen_px()),
        }
    }

    /// Between which x a column can be seen.
    fn clip(&self, column: usize) -> egui::Rangef {
        let from = if column < self.sticky { 0.0 } else { self.sticky as f32 * self.step() };
        // A little more than the column, for rings around covers.
        egui::Rangef::new(self.left + from - 3.0, self.left + self.view_px + 3.0)
    }

    /// Before which column the one belongs that is dragged to `x`.
    pub fn place_at(&self, x: f32) -> usize {
        (0..self.count).find(|&column| x < self.x(column) + self.column_px / 2.0).unwrap_or(self.count)
    }

    /// The offset at which `column` can be seen.
    pub fn offset_to_see(&self, column: usize) -> f32 {
        if column < self.sticky {
            return self.offset_px;
        }
        let right = (column + 1) as f32 * self.step() - self.gap - self.view_px;
        let left = (column - self.sticky) as f32 * self.step();
        self.offset_px.clamp(right.min(left), left).clamp(0.0, self.overflow_px())
    }

    /// Draws a row of cells side by side, as high as the highest.
    pub fn row(&self, ui: &mut Ui, cell: impl FnMut(&mut Ui, usize)) {
        self.row_of_height(ui, None, false, cell);
    }

    /// Draws a row of cells side by side. Where its height is known beforehand, a row that is out of sight costs nothing,
    /// unless it `is_wanted`: something in it is to be brought into sight.
    pub fn row_of_height(
        &self,
        ui: &mut Ui,
        height: Option<f32>,
        is_wanted: bool,
        mut cell: impl FnMut(&mut Ui, usize),
    ) {
        let top = ui.cursor().top();
        let known = Rect::from_min_size(pos2(self.left, top), vec2(self.seen_px(), height.unwrap_or(0.0)));
        if height.is_some() && !is_wanted && !ui.is_rect_visible(known) {
            ui.allocate_rect(known, Sense::hover());
            return;
        }
        let mut bottom = known.bottom();
        for column in 0..self.count {
            let place = Rect::from_min_size(pos2(self.x(column), top), vec2(self.column_px, 10_000.0));
            let seen = self.clip(column);
            if height.is_some() && (place.right() < seen.min || place.left() > seen.max) {
                continue;
            }
            let mut child = ui.new_child(
                UiBuilder::new()
                    .id_salt(("column", column))
                    .max_rect(place)
                    .layout(egui::Layout::top_down(egui::Align::Min)),
            );
            let clip = ui.clip_rect();
            child.set_clip_rect(Rect::from_x_y_ranges(clip.x_range().intersection(seen), clip.y_range()));
            child.set_max_width(self.column_px);
            cell(&mut child, column);
            if height.is_none() {
                bottom = bottom.max(child.min_rect().bottom());
            }
        }
        let all = Rect::from_min_max(pos2(self.left, top), pos2(self.left + self.seen_px(), bottom));
        ui.allocate_rect(all, Sense::hover());
    }
}

/// Height of the bar below, where there is one.
pub(super) fn bar_height(grid: &Grid) -> f32 {
    if grid.overflow_px() > 0.0 { BAR_PX } else { 0.0 }
}

/// The bar below the columns, and the sideways wheel. Gives the new offset.
pub(super) fn scroll_ui(ui: &mut Ui, grid: &Grid, view: Rect, offset_px: f32) -> f32 {
    if grid.overflow_px() <= 0.0 {
        return 0.0;
    }
    let bar =
        Rect::from_min_max(pos2(grid.left, view.bottom() - BAR_PX), pos2(grid.left + grid.view_px, view.bottom()));
    let mut child = ui.new_child(UiBuilder::new().id_salt("columns bar").max_rect(bar));
    let shown = ScrollArea::horizontal()
        .id_salt("columns")
        .auto_shrink(false)
        .scroll_bar_visibility(ScrollBarVisibility::AlwaysVisible)
        .horizontal_scroll_offset(offset_px.min(grid.overflow_px()))
        .show(&mut child, |ui| {
            ui.allocate_space(vec2(grid.view_px + grid.overflow_px(), 1.0));
        });
    let mut offset = shown.state.clamped_offset().x;
    if ui.rect_contains_pointer(view) {
        // What the strips of covers under the pointer have left over.
        let wheel = ui.input(|input| input.smooth_scroll_delta().x);
        offset -= wheel;
    }
    offset.clamp(0.0, grid.overflow_px())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_or_scroll_with_the_pinned_ones_in_view() {
        let grid = Grid::fit(10.0, 800.0, Grid::GAP, 2, 1, 50.0);
        assert_eq!((grid.column_px, grid.overflow_px()), (392.0, 0.0));
        assert_eq!((grid.x(0), grid.x(1)), (10.0, 418.0));
        let grid = Grid::fit(0.0, 800.0, Grid::GAP, 6, 1, 100.0);
        assert_eq!(grid.column_px, MIN_COLUMN_PX);
        assert_eq!((grid.x(0), grid.x(1)), (0.0, 152.0));
        assert_eq!(grid.clip(1).min, 249.0);
        assert_eq!(Grid::fit(0.0, 800.0, Grid::GAP, 6, 1, 1e9).x(5) + MIN_COLUMN_PX, 801.0);
        // Too many pinned ones scroll as well.
        assert_eq!(Grid::fit(0.0, 800.0, Grid::GAP, 6, 3, 100.0).x(0), -100.0);
    }

    #[test]
    fn a_column_comes_into_view_by_the_shortest_way() {
        let grid = Grid::fit(0.0, 800.0, Grid::GAP, 6, 1, 300.0);
        for column in 0..6 {
            let seen = Grid::fit(0.0, 800.0, Grid::GAP, 6, 1, grid.offset_to_see(column));
            let first = if column == 0 { 0.0 } else { MIN_COLUMN_PX + Grid::GAP };
            assert!(seen.x(column) >= first && seen.x(column) + MIN_COLUMN_PX <= 801.0, "{column}: {seen:?}");
        }
        assert_eq!(grid.offset_to_see(3), 300.0, "it can be seen already");
    }

    #[test]
    fn what_is_dropped_stands_before_the_column_whose_middle_lies_behind() {
        let grid = Grid::fit(0.0, 800.0, Grid::GAP, 2, 0, 0.0);
        assert_eq!([10.0, 300.0, 700.0].map(|x| grid.place_at(x)), [0, 1, 2]);
    }
}
