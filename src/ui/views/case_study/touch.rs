//! What can be done to a cover: select it, open it, take it as clicked, copy what is known of it.

use egui::{Rect, Response, Ui};

use super::{
    card::{HoverCard, Pointed},
    copy,
    cursor::Cursor,
    data::Cases,
    layout::Grid,
    seen::{Line, Seen, Spot},
};
use crate::ui::{
    commands::Command,
    desk::CaseDesk,
    icons,
    selection::{Mode, Thing},
    session::Opened,
    views::Scene,
    words::Word,
};

/// What the parts of the view share while a frame is drawn.
pub(super) struct Stage<'a> {
    pub opened: &'a Opened,
    pub cases: &'a Cases,
    pub seen: &'a [Seen],
    pub grid: Grid,
    /// All columns show one user, and what he took is told once.
    pub is_merged: bool,
    pub card: &'a mut HoverCard,
    pub cursor: &'a mut Cursor,
    /// A cover that is to be opened large.
    pub opens: &'a mut Option<Spot>,
}

impl Stage<'_> {
    /// Between which x the covers stand that `spot` is one of.
    fn span_of(&self, spot: Spot) -> egui::Rangef {
        let is_told_once = self.is_merged && matches!(spot.line, Line::Recent | Line::Later);
        self.grid.span((!is_told_once).then_some(spot.column))
    }

    pub fn item(&self, spot: Spot) -> Option<u32> {
        self.seen.get(spot.column)?.items(self.cases, spot.line).get(spot.place).copied()
    }
}

/// Whether the user of the column can be taken to have clicked what stands there.
pub(super) fn can_click(line: Line) -> bool {
    matches!(line, Line::Row(_) | Line::Gone(_))
}

/// Changes the arrangement in one step that can be undone.
pub(super) fn change(scene: &Scene<'_>, how: impl FnOnce(&mut CaseDesk)) {
    let mut case = scene.desk.case.clone();
    how(&mut case);
    if case != scene.desk.case {
        scene.send(Command::ChangeCase(Box::new(case)));
    }
}

/// The user is taken to have clicked the item. Columns that show him side by side follow together.
pub(super) fn click_as_user(scene: &Scene<'_>, opened: &Opened, column: usize, item: u32) {
    let id = opened.dataset.items.ids.name(item);
    change(scene, |case| {
        for column in case.compared_with(column) {
            case.click(column, id);
        }
    });
}

/// Senses what is done to the cover that stands at `at`.
pub(super) fn touch(
    ui: &Ui,
    scene: &Scene<'_>,
    stage: &mut Stage<'_>,
    response: &Response,
    spot: Spot,
    item: u32,
    at: Rect,
) {
    let pointed = Pointed { item, spot, near: at, column: stage.span_of(spot) };
    if stage.cursor.scroll_to == Some(spot) {
        stage.cursor.scroll_to = None;
        ui.scroll_to_rect(at.expand2(egui::vec2(12.0, 24.0)), None);
    }
    if response.hovered() {
        stage.card.point(pointed);
        stage.cursor.hovered = Some(spot);
        scene.send(Command::Hover(Thing::Item(item)));
    }
    if response.has_focus() {
        stage.cursor.at = Some(spot);
        if stage.cursor.is_peeking {
            stage.card.peek(pointed);
        }
    }
    if response.double_clicked() {
        *stage.opens = Some(spot);
    } else if response.clicked() {
        let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
        scene.send(Command::Select(Thing::Item(item), mode));
        response.request_focus();
        stage.cursor.at = Some(spot);
    }
    response.context_menu(|ui| menu_ui(ui, scene, stage, spot, item));
}

fn menu_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &mut Stage<'_>, spot: Spot, item: u32) {
    let (words, opened) = (scene.words, stage.opened);
    let entry = |ui: &mut Ui, icon: &str, word: Word, keys: &str| {
        let button = egui::Button::new(format!("{icon}  {}", words.get(word))).shortcut_text(keys);
        let is_clicked = ui.add(button).accessible_name(words.get(word)).clicked();
        if is_clicked {
            ui.close();
        }
        is_clicked
    };
    if entry(ui, icons::EXPAND, Word::OpenLarge, "Enter") {
        *stage.opens = Some(spot);
    }
    if can_click(spot.line) && entry(ui, icons::CLICK, Word::ClickAsUser, "C") {
        click_as_user(scene, opened, spot.column, item);
    }
    ui.separator();
    if entry(ui, icons::COPY, Word::CopyId, "") {
        scene.send(Command::CopyText(opened.dataset.items.ids.name(item).to_owned()));
    }
    if entry(ui, icons::COPY, Word::CopyTitle, "") {
        scene.send(Command::CopyText(scene.title(&opened.dataset, item).to_owned()));
    }
    if let Line::Row(row) = spot.line {
        if entry(ui, icons::COPY, Word::CopyLine, "") {
            scene.send(Command::CopyText(copy::line(scene, stage, spot.column, row, spot.place)));
        }
        if entry(ui, icons::TABLE, Word::CopyTable, "") {
            scene.send(Command::CopyText(copy::table(scene, stage, &[spot.column], row)));
        }
    }
}
