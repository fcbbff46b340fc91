//! What can be done to a cover: select it, open it, take it as clicked, copy what is known of it.

use egui::{Align2, Rect, Response, Sense, Ui, Vec2};

use super::{
    card::{HoverCard, Pointed},
    copy,
    cursor::Cursor,
    data::Cases,
    layout::Grid,
    seen::{Line, Seen, Spot},
    shifts::Areas,
};
use crate::ui::{
    commands::Command,
    desk::CaseDesk,
    icons,
    selection::{Mode, Thing},
    session::Opened,
    theme,
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
    /// Where the covers of the row stand that is being drawn.
    pub areas: Areas,
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

/// Whether the user of the column can be taken not to have taken what stands there.
pub(super) fn can_strike(line: Line) -> bool {
    line == Line::Recent
}

/// The user is taken not to have taken the item, or to have after all. Columns that show him side by side follow
/// together.
pub(super) fn strike(scene: &Scene<'_>, opened: &Opened, column: usize, item: u32) {
    let id = opened.dataset.items.ids.name(item);
    change(scene, |case| {
        for column in case.compared_with(column) {
            case.strike(column, id);
        }
    });
}

fn is_struck(stage: &Stage<'_>, column: usize, item: u32) -> bool {
    let key = stage.seen.get(column).and_then(|seen| seen.key.as_ref());
    key.is_some_and(|key| key.struck.binary_search(&item).is_ok())
}

/// The sign in the corner of a cover of the history that strikes it, or puts it back; seen while it is of use.
fn strike_ui(ui: &Ui, scene: &Scene<'_>, stage: &Stage<'_>, cover: &Response, spot: Spot, item: u32) {
    const SIDE: f32 = 18.0;
    let is_struck = is_struck(stage, spot.column, item);
    if !(is_struck || cover.contains_pointer() || cover.has_focus()) {
        return;
    }
    let (words, tokens) = (scene.words, scene.tokens);
    let at = Rect::from_min_size(cover.rect.right_top() - egui::vec2(SIDE, 0.0), Vec2::splat(SIDE));
    // Whoever walks with the keyboard presses X on the cover: one more stop for each would be in the way.
    let sign = ui.interact(at, spot.id().with("strike"), Sense::CLICK);
    let word = if is_struck { Word::PutBack } else { Word::Strike };
    let name = words.fill(word, &[scene.title(&stage.opened.dataset, item)]);
    sign.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), &name));
    let (fill, colour) =
        if sign.hovered() { (tokens.accent, tokens.on_accent) } else { (tokens.over_picture, tokens.on_picture) };
    ui.painter().circle_filled(at.center(), SIDE / 2.0 - 1.0, fill);
    let icon = if is_struck { icons::UNDO } else { icons::CLOSE };
    ui.painter().text(at.center(), Align2::CENTER_CENTER, icon, theme::font(11.0), colour);
    if sign.on_hover_text(name).clicked() {
        strike(scene, stage.opened, spot.column, item);
    }
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
    if can_strike(spot.line) {
        strike_ui(ui, scene, stage, response, spot, item);
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
    if can_strike(spot.line) {
        let is_struck = is_struck(stage, spot.column, item);
        let (icon, word) =
            if is_struck { (icons::UNDO, Word::PutBackEntry) } else { (icons::REMOVE, Word::StrikeEntry) };
        if entry(ui, icon, word, "X") {
            strike(scene, opened, spot.column, item);
        }
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
