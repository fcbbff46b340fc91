//! Users side by side: who they are, what they took, and what each lane or run recalls for them.

mod card;
mod clicks;
mod columns;
mod copy;
mod covers;
mod cursor;
mod data;
mod lane;
mod large;
mod layout;
mod menu;
mod picker;
mod profile;
mod seen;
mod strip;
mod toolbar;
mod touch;

use egui::{Rect, ScrollArea, Ui};

pub use lane::about as lane_about;

use self::{
    card::HoverCard,
    cursor::{Asked, Cursor, Field},
    data::{Cases, Wanted},
    large::Large,
    layout::Grid,
    picker::Pickers,
    seen::{Seen, Spot},
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
    /// How far the columns are scrolled sideways.
    offset_px: f32,
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
        let mut opens = None;
        let mut moved_to = None;
        if !self.large.is_open()
            && let Some(asked) = self.cursor.take_keys(ui, &self.field)
        {
            let item = |spot: Spot| seen.get(spot.column)?.items(&self.cases, spot.line).get(spot.place).copied();
            match asked {
                Asked::Moved(to) => moved_to = Some(to),
                Asked::Open(spot) => opens = Some(spot),
                Asked::Click(spot) if touch::can_click(spot.line) => {
                    if let Some(item) = item(spot) {
                        touch::click_as_user(scene, opened, spot.column, item);
                    }
                }
                Asked::Click(_) => {}
                Asked::Copy(spot) => {
                    if let Some(item) = item(spot) {
                        scene.send(Command::CopyText(opened.dataset.items.ids.name(item).to_owned()));
                    }
                }
            }
        }
        egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 4, top: 10, bottom: 0 }).show(ui, |ui| {
            let hit = seen::told(opened.basis.as_ref(), Word::MarkHit);
            toolbar::toolbar_ui(ui, scene, opened, hit);
            ui.add_space(space::S);
            let view = ui.available_rect_before_wrap();
            let pinned = scene.desk.case.columns.iter().filter(|column| column.is_pinned).count();
            let view_px = view.width() - space::M;
            let mut grid = Grid::fit(view.left(), view_px, seen.len(), pinned, self.offset_px);
            if let Some(to) = moved_to {
                self.offset_px = grid.offset_to_see(to.column);
                grid = Grid::fit(view.left(), view_px, seen.len(), pinned, self.offset_px);
            }
            self.columns_ui(ui, scene, opened, &seen, &grid, view, &mut opens);
            columns::drag_ui(ui, scene, &grid, view);
            self.offset_px = layout::scroll_ui(ui, &grid, view, self.offset_px);
        });
        self.card.show(ui.ctx(), scene, opened, &mut self.cases, &seen);
        if let Some(spot) = opens {
            let item =
                seen.get(spot.column).and_then(|seen| seen.items(&self.cases, spot.line).get(spot.place).copied());
            if let Some(item) = item {
                scene.send(Command::Select(Thing::Item(item), Mode::Replace));
            }
            self.large.open(spot);
        }
        // Nothing beneath the large cover takes the focus in the frame after it is gone.
        if let Some(left) = self.left.take() {
            self.cursor.go(ui, left);
        }
        self.left = self.large.show(ui.ctx(), scene, opened, &mut self.cases, &seen);
        if self.left.is_some() {
            ui.ctx().request_repaint();
        }
    }
}

impl CaseStudy {
    fn columns_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        seen: &[Seen],
        grid: &Grid,
        view: Rect,
        opens: &mut Option<Spot>,
    ) {
        grid.row(ui, |ui, column| {
            columns::header_ui(ui, scene, opened, &mut self.pickers, column, seen[column].user);
        });
        ui.add_space(space::S);
        let Self { cases, card, cursor, field, .. } = self;
        let mut stage = Stage { opened, cases, seen, card, cursor, opens };
        // One user under several lanes or runs: who he is, and what he took, is told once.
        let is_merged = seen.len() > 1 && seen.iter().all(|other| other.has_same_user(&seen[0]));
        let above = if is_merged { grid.as_one() } else { *grid };
        let height = (view.bottom() - ui.cursor().top() - layout::bar_height(grid)).max(0.0);
        ScrollArea::vertical().id_salt("case study").auto_shrink(false).max_height(height).show(ui, |ui| {
            ui.set_min_width(grid.seen_px());
            above.row(ui, |ui, column| {
                profile::profile_ui(ui, scene, opened, seen[column].profile(stage.cases));
            });
            ui.add_space(space::M);
            above.row(ui, |ui, column| strip::strips_ui(ui, scene, &mut stage, column));
            if clicks::any(seen) {
                ui.add_space(space::M);
                above.row(ui, |ui, column| clicks::clicks_ui(ui, scene, &stage, column));
            }
            let rows = seen.iter().map(|seen| seen.rows.len()).max().unwrap_or(0);
            for row in 0..rows {
                ui.add_space(space::L);
                lane::row_ui(ui, scene, &mut stage, grid, row);
            }
            ui.add_space(space::XL);
        });
        let extents = |seen: &Seen| {
            let rows = (0..seen.rows.len()).map(|row| lane::extent(scene, &stage, seen, row, grid.column_px));
            strip::extents(&stage, seen).into_iter().chain(rows).collect()
        };
        *field = Field { columns: seen.iter().map(extents).collect(), is_merged };
    }
}
