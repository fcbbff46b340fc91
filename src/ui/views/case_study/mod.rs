//! Users side by side: who they are, what they took, and what each lane recalls for them.

mod card;
mod columns;
mod data;
mod lane;
mod picker;
mod profile;
mod strip;
mod toolbar;

use egui::{Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

pub use lane::about as lane_about;

use self::{card::HoverCard, data::Cases, picker::Pickers};
use super::{Scene, View};
use crate::{
    recall::LaneKind,
    ui::{desk::Desk, session::Opened, theme::space},
};

/// Columns are never narrower; with more than fit, the view scrolls sideways.
const MIN_COLUMN_PX: f32 = 236.0;

#[derive(Default)]
pub struct CaseStudy {
    cases: Cases,
    card: HoverCard,
    pickers: Pickers,
}

/// Where the columns stand in this frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    left: f32,
    column_px: f32,
    count: usize,
}

impl Grid {
    const GAP: f32 = space::L;

    fn fit(left: f32, available_px: f32, count: usize) -> Self {
        let gaps = Self::GAP * count.saturating_sub(1) as f32;
        let column_px = ((available_px - gaps) / count.max(1) as f32).max(MIN_COLUMN_PX).floor();
        Self { left, column_px, count }
    }

    fn width(&self) -> f32 {
        self.column_px * self.count as f32 + Self::GAP * self.count.saturating_sub(1) as f32
    }

    /// Draws a row of cells side by side, as high as the highest.
    fn row(&self, ui: &mut Ui, mut cell: impl FnMut(&mut Ui, usize)) {
        let top = ui.cursor().top();
        let mut bottom = top;
        for column in 0..self.count {
            let x = self.left + column as f32 * (self.column_px + Self::GAP);
            let place = Rect::from_min_size(pos2(x, top), vec2(self.column_px, 10_000.0));
            let mut child = ui.new_child(
                UiBuilder::new()
                    .id_salt(("column", column))
                    .max_rect(place)
                    .layout(egui::Layout::top_down(egui::Align::Min)),
            );
            child.set_max_width(self.column_px);
            cell(&mut child, column);
            bottom = bottom.max(child.min_rect().bottom());
        }
        ui.allocate_rect(
            Rect::from_min_max(pos2(self.left, top), pos2(self.left + self.width(), bottom)),
            egui::Sense::hover(),
        );
    }
}

impl View for CaseStudy {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let users = users_in(scene.desk, opened);
        let present: Vec<u32> = users.iter().flatten().copied().collect();
        self.cases.prepare(opened, &present);
        self.card.begin_frame();
        egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 4, top: 10, bottom: 0 }).show(ui, |ui| {
            toolbar::toolbar_ui(ui, scene);
            ui.add_space(space::S);
            let available_px = ui.available_width() - space::M;
            let fits = Grid::fit(0.0, available_px, users.len()).width() <= available_px + 1.0;
            if fits {
                self.columns_ui(ui, scene, opened, &users, available_px);
            } else {
                ScrollArea::horizontal().id_salt("case study columns").auto_shrink(false).show(ui, |ui| {
                    self.columns_ui(ui, scene, opened, &users, available_px);
                });
            }
        });
        self.card.show(ui.ctx(), scene, opened, &mut self.cases);
    }
}

impl CaseStudy {
    fn columns_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        users: &[Option<u32>],
        available_px: f32,
    ) {
        let grid = Grid::fit(ui.cursor().left(), available_px, users.len());
        ui.set_min_width(grid.width());
        grid.row(ui, |ui, column| columns::header_ui(ui, scene, opened, &mut self.pickers, column, users[column]));
        ui.add_space(space::S);
        ScrollArea::vertical().id_salt("case study").auto_shrink(false).show(ui, |ui| {
            let grid = Grid { left: ui.cursor().left(), ..grid };
            ui.set_min_width(grid.width());
            let (cases, card) = (&self.cases, &mut self.card);
            grid.row(ui, |ui, column| {
                profile::profile_ui(ui, scene, opened, users[column].and_then(|user| cases.get(user)));
            });
            ui.add_space(space::M);
            grid.row(ui, |ui, column| {
                strip::strips_ui(ui, scene, opened, card, column, users[column].and_then(|user| cases.get(user)));
            });
            for kind in LaneKind::ALL {
                ui.add_space(space::L);
                lane::header_ui(ui, scene, opened, kind, grid.width());
                ui.add_space(space::XS);
                grid.row(ui, |ui, column| {
                    let case = users[column].and_then(|user| cases.get(user));
                    lane::cell_ui(ui, scene, opened, card, kind, column, case);
                });
            }
            ui.add_space(space::XL);
        });
    }
}

/// The users of the columns, `None` where one is not chosen or not known.
fn users_in(desk: &Desk, opened: &Opened) -> Vec<Option<u32>> {
    desk.case
        .columns
        .iter()
        .map(|column| column.user.as_deref().and_then(|id| opened.dataset.users.ids.row(id)))
        .collect()
}
