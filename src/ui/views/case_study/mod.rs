//! Users side by side: who they are, what they took, and what each lane or run recalls for them.

mod as_if;
mod card;
mod clicks;
mod columns;
mod copy;
mod covers;
mod cursor;
mod data;
mod kept;
mod lane;
mod large;
mod layout;
mod menu;
mod picker;
mod profile;
mod seen;
mod shifts;
mod strip;
mod taken_along;
mod toolbar;
mod touch;
mod why;

use egui::{Rect, ScrollArea, Ui};

pub use kept::{Taking, shown_item};
pub use lane::about as lane_about;
pub use taken_along::ShownCase;

use self::{
    card::HoverCard,
    cursor::{Asked, Cursor, Field},
    data::{Cases, Wanted},
    large::Large,
    layout::Grid,
    picker::Pickers,
    seen::{Seen, Spot},
    shifts::Areas,
    toolbar::Legend,
    touch::Stage,
};
use super::{Scene, View};
use crate::ui::{
    commands::Command,
    selection::{Mode, Thing},
    session::Opened,
    theme::space,
    words::Word,
};

/// A view of this height has room for a line with the legend.
const LEGEND_FROM_PX: f32 = 480.0;

#[derive(Default)]
pub struct CaseStudy {
    cases: Cases,
    card: HoverCard,
    pickers: Pickers,
    cursor: Cursor,
    /// How the covers stood in the last frame.
    field: Field,
    large: Large,
    /// Where the walk through large covers ended, for the focus to return to.
    left: Option<Spot>,
}

impl View for CaseStudy {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let seen = Seen::all(&scene.desk.case, opened);
        let wanted: Vec<Wanted> = seen
            .iter()
            .filter_map(|seen| {
                Some(Wanted { key: seen.key.clone()?, runs: seen.runs.iter().flatten().copied().collect() })
            })
            .collect();
        if !self.cases.prepare(opened, &wanted, scene.desk.case.shown.count()) {
            ui.ctx().request_repaint();
        }
        self.card.begin_frame();
        self.cursor.begin_frame();
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 4, top: 10, bottom: 0 });
        frame.show(ui, |ui| self.body_ui(ui, scene, opened, &seen));
    }
}

impl CaseStudy {
    fn body_ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, seen: &[Seen]) {
        // One user under several lanes or runs: who he is, and what he took, is told once.
        let is_merged = seen.len() > 1 && seen.iter().all(|other| other.has_same_user(&seen[0]));
        let legend = Legend {
            hit: seen::told(opened.basis.as_ref(), Word::MarkHit),
            is_as_if: seen.iter().any(|seen| seen.key.as_ref().is_some_and(data::CaseKey::is_as_if)),
            has_shifts: shifts::any(seen),
        };
        // A low view keeps its room for covers.
        let mut has_line = ui.available_height() >= LEGEND_FROM_PX;
        if !scene.is_presented {
            has_line = toolbar::toolbar_ui(ui, scene, opened, legend, has_line);
            ui.add_space(space::S);
        }
        let mut view = ui.available_rect_before_wrap();
        if has_line {
            let line;
            (view, line) = view.split_top_bottom_at_y(view.bottom() - toolbar::LEGEND_PX);
            toolbar::legend_line_ui(ui, scene, legend, line);
        }
        let pinned = scene.desk.case.columns.iter().filter(|column| column.is_pinned).count();
        let gap = shifts::gap(seen, scene.desk.case.shape);
        let fit = |offset_px: f32| Grid::fit(view.left(), view.width() - space::M, gap, seen.len(), pinned, offset_px);
        let Self { cases, card, cursor, large, field, pickers, left } = self;
        // How far the columns are scrolled sideways; kept between starts beside how far down.
        let offset_id = egui::Id::unique("case study sideways");
        let mut offset_px: f32 = ui.data_mut(|data| data.get_persisted(offset_id)).unwrap_or_default();
        let mut opens = None;
        let grid = fit(offset_px);
        let areas = Areas::default();
        let mut stage = Stage { opened, cases, seen, grid, is_merged, card, cursor, opens: &mut opens, areas };
        if !large.is_open()
            && let Some(to) = keys(ui, scene, &mut stage, field)
        {
            offset_px = grid.offset_to_see(to.column);
            stage.grid = fit(offset_px);
        }
        *field = columns_ui(ui, scene, &mut stage, pickers, view);
        columns::drag_ui(ui, scene, &stage.grid, view);
        // Nothing is known of the columns while their users are still to be drawn.
        if !seen.is_empty() {
            offset_px = layout::scroll_ui(ui, &stage.grid, view, offset_px);
            ui.data_mut(|data| data.insert_persisted(offset_id, offset_px));
        }
        if !scene.is_pointing {
            card::show(ui.ctx(), scene, &mut stage);
        }
        if let Some(spot) = stage.opens.take() {
            if let Some(item) = stage.item(spot) {
                scene.send(Command::Select(Thing::Item(item), Mode::Replace));
            }
            large.open(spot);
        }
        // Nothing beneath the large cover takes the focus in the frame after it is gone.
        if let Some(left) = left.take() {
            stage.cursor.go(ui, left);
        }
        *left = large.show(ui.ctx(), scene, &stage);
        if left.is_some() {
            ui.ctx().request_repaint();
        }
    }
}

/// Does what a key asks of the cover that has the focus. Gives the one that it leads to.
fn keys(ui: &Ui, scene: &Scene<'_>, stage: &mut Stage<'_>, field: &Field) -> Option<Spot> {
    let from = stage.cursor.at;
    match stage.cursor.take_keys(ui, field)? {
        Asked::Moved(to) => {
            // Where the selection is the cover that was left, it walks along; what else is held stays.
            let item = |spot| stage.item(spot).map(Thing::Item);
            if let (Some(before), Some(next)) = (from.and_then(item), item(to))
                && scene.selection.wished() == [before]
            {
                scene.send(Command::Select(next, Mode::Follow));
            }
            return Some(to);
        }
        Asked::Open(spot) => *stage.opens = Some(spot),
        Asked::Click(spot) => {
            if let Some(item) = stage.item(spot).filter(|_| touch::can_click(spot.line)) {
                touch::click_as_user(scene, stage.opened, spot.column, item);
            }
        }
        Asked::Strike(spot) => {
            if let Some(item) = stage.item(spot).filter(|_| touch::can_strike(spot.line)) {
                touch::strike(scene, stage.opened, spot.column, item);
            }
        }
        Asked::Copy(spot) => {
            if let Some(item) = stage.item(spot) {
                scene.send(Command::CopyText(stage.opened.dataset.items.ids.name(item).to_owned()));
            }
        }
    }
    None
}

/// Draws everything below the toolbar. Gives how the covers stand, for the arrow keys.
fn columns_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, pickers: &mut Pickers, view: Rect) -> Field {
    let (seen, opened, grid, is_merged) = (stage.seen, stage.opened, stage.grid, stage.is_merged);
    grid.row(ui, |ui, column| {
        columns::header_ui(ui, scene, opened, pickers, column, seen[column].user);
    });
    ui.add_space(space::S);
    let above = if is_merged { grid.as_one() } else { grid };
    let height = (view.bottom() - ui.cursor().top() - layout::bar_height(&grid)).max(0.0);
    ScrollArea::vertical().id_salt("case study").auto_shrink(false).max_height(height).show(ui, |ui| {
        ui.set_min_width(grid.seen_px());
        above.row(ui, |ui, column| {
            profile::profile_ui(ui, scene, opened, seen[column].profile(stage.cases));
        });
        ui.add_space(space::M);
        above.row(ui, |ui, column| strip::strips_ui(ui, scene, stage, column));
        if as_if::any(ui, seen) {
            ui.add_space(space::S);
            above.row(ui, |ui, column| as_if::as_if_ui(ui, scene, stage, column));
        }
        if clicks::any(seen) {
            ui.add_space(space::M);
            above.row(ui, |ui, column| clicks::clicks_ui(ui, scene, stage, column));
        }
        let rows = seen.iter().map(|seen| seen.rows.len()).max().unwrap_or(0);
        for row in 0..rows {
            ui.add_space(space::L);
            lane::row_ui(ui, scene, stage, &grid, row);
        }
        ui.add_space(space::XL);
        // What is not yet known has no height; meanwhile the place stands that the last start ended at.
        let is_coming = |seen: &Seen| seen.user.is_some() && seen.profile(stage.cases).is_none();
        if seen.iter().any(is_coming) {
            ui.add_space(height);
        }
    });
    let extents = |seen: &Seen| {
        let rows = (0..seen.rows.len()).map(|row| lane::extent(scene, stage, seen, row, grid.column_px));
        strip::extents(stage, seen).into_iter().chain(rows).collect()
    };
    Field { columns: seen.iter().map(extents).collect(), is_merged }
}
