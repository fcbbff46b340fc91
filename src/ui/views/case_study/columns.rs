//! The head of a column: who it is, and how to put somebody else there.

use egui::{
    Align, Align2, CursorIcon, DragAndDrop, Layout, Popup, Rect, RichText, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    vec2,
};

use super::{
    layout::Grid,
    menu,
    picker::{self, Pickers},
    touch::change,
};
use crate::{
    dataset::Dataset,
    evaluate::UserBand,
    ui::{
        commands::Command,
        icons,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, radius, space, type_size},
        views::Scene,
        widgets,
        words::Word,
    },
};

/// Below this width the buttons stand in two rows, and the portrait gives way.
const NARROW_PX: f32 = 330.0;
const HEIGHT: f32 = 54.0;
const PORTRAIT: f32 = 36.0;
const BUTTON: f32 = 26.0;

/// A column that is being dragged, by its number.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Dragged(usize);

pub(super) fn header_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    pickers: &mut Pickers,
    column: usize,
    user: Option<u32>,
) {
    let tokens = scene.tokens;
    let is_dragged = DragAndDrop::payload::<Dragged>(ui.ctx()).is_some_and(|dragged| dragged.0 == column);
    let is_selected = user.is_some_and(|user| scene.selection.is_selected(Thing::User(user)));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let fill = if is_dragged { tokens.accent_soft } else { tokens.panel };
    let line = Stroke::new(1.0, if is_selected || is_dragged { tokens.accent } else { tokens.line });
    ui.painter().rect(rect, radius::CARD, fill, line, StrokeKind::Inside);
    let is_narrow = rect.width() < NARROW_PX;
    let inner = rect.shrink2(vec2(4.0, 1.0));
    let (buttons_px, rows) = if is_narrow { (2.0 * BUTTON, 2.0) } else { (4.0 * BUTTON, 1.0) };
    let top = inner.center().y - BUTTON * rows / 2.0;
    let button_row = |row: f32| {
        let min = egui::pos2(inner.right() - buttons_px, top + row * BUTTON);
        Rect::from_min_size(min, vec2(buttons_px, BUTTON))
    };
    let right = Layout::right_to_left(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().id_salt("arrange").max_rect(button_row(0.0)).layout(right));
    arrange_ui(&mut child, scene, opened, column);
    if is_narrow {
        child = ui.new_child(UiBuilder::new().id_salt("draw").max_rect(button_row(1.0)).layout(right));
    }
    draw_ui(&mut child, scene, opened, column);
    let who = inner.with_max_x(inner.right() - buttons_px - 2.0);
    let left = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().id_salt("who").max_rect(who).layout(left));
    child.set_clip_rect(who.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing.x = space::XS;
    grip_ui(&mut child, scene, column);
    if !is_narrow {
        avatar_ui(&mut child, scene, user);
        child.add_space(space::XS);
    }
    let texts = child.available_rect_before_wrap();
    let texts = Rect::from_center_size(texts.center(), vec2(texts.width(), 38.0));
    let mut child = child.new_child(UiBuilder::new().max_rect(texts).layout(Layout::top_down(Align::Min)));
    child.spacing_mut().item_spacing.y = 1.0;
    name_ui(&mut child, scene, opened, pickers, column, user);
    let about = user.map_or_else(String::new, |user| describe(scene, opened, user));
    let label = egui::Label::new(RichText::new(&about).small().color(tokens.text_weak)).truncate();
    child.add(label).on_hover_text(about);
    response.context_menu(|ui| menu::column_ui(ui, scene, opened, column));
}

/// The handle by which a column is dragged to another place.
fn grip_ui(ui: &mut Ui, scene: &Scene<'_>, column: usize) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, PORTRAIT), Sense::hover());
    let response = ui.interact(rect, egui::Id::unique(("column grip", column)), Sense::drag());
    let name = format!("{} {}", scene.words.get(Word::DragColumn), column + 1);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if response.drag_started() {
        DragAndDrop::set_payload(ui.ctx(), Dragged(column));
    }
    let is_held = response.hovered() || response.dragged();
    let colour = if is_held { scene.tokens.text } else { scene.tokens.text_faint };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icons::DRAG, theme::font(15.0), colour);
    if is_held {
        let cursor = if response.dragged() { CursorIcon::Grabbing } else { CursorIcon::Grab };
        ui.set_cursor_icon(cursor);
    }
    response.on_hover_text(scene.words.get(Word::DragColumnTip));
}

/// Shows where the column would stand that is being dragged, and puts it there when it is let go.
pub(super) fn drag_ui(ui: &Ui, scene: &Scene<'_>, grid: &Grid, view: Rect) {
    let ctx = ui.ctx();
    let Some(dragged) = DragAndDrop::payload::<Dragged>(ctx) else { return };
    let Some(pointer) = ctx.pointer_interact_pos() else { return };
    let before = grid.place_at(pointer.x);
    let changes = before != dragged.0 && before != dragged.0 + 1;
    let painter = ctx.layer_painter(egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("dragged column")));
    if changes {
        let x = if before < grid.count {
            grid.x(before) - grid.gap / 2.0
        } else {
            grid.x(grid.count - 1) + grid.column_px + grid.gap / 2.0
        };
        let x = x.clamp(view.left() + 1.0, view.right() - 2.0);
        painter.vline(x, view.y_range(), Stroke::new(3.0, scene.tokens.accent));
    }
    let user = scene.desk.case.columns.get(dragged.0).and_then(|column| column.user.as_deref()).unwrap_or_default();
    let text = scene.words.fill(Word::UserNamed, &[user]);
    let galley = painter.layout_no_wrap(text, theme::medium_font(type_size::BODY), scene.tokens.on_accent);
    let plate = Rect::from_min_size(pointer + vec2(12.0, 8.0), galley.size() + vec2(16.0, 8.0));
    painter.rect_filled(plate, radius::CARD, scene.tokens.accent);
    painter.galley(plate.min + vec2(8.0, 4.0), galley, scene.tokens.on_accent);
    if ctx.input(|input| input.pointer.any_released()) {
        DragAndDrop::clear_payload(ctx);
        if changes {
            change(scene, |case| case.move_column(dragged.0, before));
        }
    }
}

fn avatar_ui(ui: &mut Ui, scene: &Scene<'_>, user: Option<u32>) {
    let tokens = scene.tokens;
    let (rect, response) = ui.allocate_exact_size(vec2(36.0, 36.0), Sense::click());
    let colour = user.map_or(tokens.text_faint, |user| tokens.category(user as usize * 7 + 3));
    ui.painter().circle_filled(rect.center(), 18.0, tokens.raised.lerp_to_gamma(colour, 0.28));
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icons::USER_FILL, theme::font(18.0), colour);
    if response.has_focus() || response.hovered() {
        ui.painter().circle_stroke(rect.center(), 18.0, Stroke::new(1.5, tokens.accent));
    }
    let name = scene.words.get(Word::User);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    if response.clicked()
        && let Some(user) = user
    {
        let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
        scene.send(Command::Select(Thing::User(user), mode));
    }
}

/// The user's id as a button that opens the list of users.
fn name_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, pickers: &mut Pickers, column: usize, user: Option<u32>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let name = match user {
        Some(user) => words.fill(Word::UserNamed, &[opened.dataset.users.ids.name(user)]),
        None => match scene.desk.case.columns.get(column).and_then(|column| column.user.as_deref()) {
            Some(id) => words.fill(Word::NoSuchUser, &[id]),
            None => words.get(Word::ChooseUser).to_owned(),
        },
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().button_padding = vec2(2.0, 0.0);
        let text = RichText::new(format!("{name}  {}", icons::DOWN))
            .font(theme::strong_font(type_size::TITLE))
            .color(tokens.text_strong);
        // Room for the pin beside it.
        let pin_px = if scene.desk.case.columns[column].is_pinned { 26.0 } else { 0.0 };
        ui.set_max_width(ui.available_width());
        let galley = egui::WidgetText::from(text).into_galley(
            ui,
            Some(egui::TextWrapMode::Truncate),
            ui.available_width() - pin_px - 6.0,
            egui::TextStyle::Button,
        );
        let button = egui::Button::new(galley).frame_when_inactive(false);
        let response = ui.add(button).on_hover_text(words.get(Word::ChooseUser));
        let response = response.accessible_name(format!("{} {}", words.get(Word::ChooseUser), column + 1));
        picker::picker_popup(&response, scene, opened, pickers, column);
        if scene.desk.case.columns[column].is_pinned {
            let name = words.get(Word::Unpin);
            let text = RichText::new(icons::PIN_FILL).size(14.0).color(tokens.accent);
            let pin = ui.add(egui::Button::new(text).frame_when_inactive(false)).on_hover_text(name);
            if pin.accessible_name(numbered(scene, Word::Unpin, column)).clicked() {
                change(scene, |case| case.toggle_pin(column));
            }
        }
        if let (Some(user), Some(facts)) = (user, opened.facts()) {
            band_ui(ui, scene, facts.bands.user[user as usize], facts.interactions(user));
        }
    });
}

fn band_ui(ui: &mut Ui, scene: &Scene<'_>, band: UserBand, interactions: usize) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (word, colour) = match band {
        UserBand::New => (Word::BandNew, tokens.new),
        UserBand::Low => (Word::BandQuiet, tokens.text_weak),
        UserBand::Middle => (Word::BandRegular, tokens.text_weak),
        UserBand::Active => (Word::BandActive, tokens.hit),
    };
    let galley = ui.painter().layout_no_wrap(words.get(word).to_owned(), theme::font(type_size::MICRO), colour);
    if ui.available_width() < galley.size().x + 12.0 {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 4.0), Sense::hover());
    ui.painter().rect(
        rect,
        rect.height() / 2.0,
        colour.gamma_multiply(0.1),
        Stroke::new(1.0, colour.gamma_multiply(0.5)),
        StrokeKind::Inside,
    );
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, colour);
    response.on_hover_text(words.fill(Word::BandTip, &[&widgets::format::count(interactions as u64)]));
}

fn numbered(scene: &Scene<'_>, word: Word, column: usize) -> String {
    format!("{} {}", scene.words.get(word), column + 1)
}

/// Buttons that change the column.
fn arrange_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, column: usize) {
    let words = scene.words;
    ui.spacing_mut().item_spacing.x = 0.0;
    if scene.desk.case.columns.len() > 1 {
        let response = widgets::icon_button(ui, icons::CLOSE, words.get(Word::RemoveColumn));
        if response.accessible_name(numbered(scene, Word::RemoveColumn, column)).clicked() {
            scene.send(Command::RemoveColumn(column));
        }
    }
    let more = widgets::icon_button(ui, icons::MORE_VERTICAL, words.get(Word::ColumnMenu));
    let more = more.accessible_name(numbered(scene, Word::ColumnMenu, column));
    Popup::menu(&more).show(|ui| menu::column_ui(ui, scene, opened, column));
}

/// Buttons that put somebody else there.
fn draw_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, column: usize) {
    let words = scene.words;
    ui.spacing_mut().item_spacing.x = 0.0;
    let filter = widgets::icon_button(ui, icons::FILTER, words.get(Word::SurpriseFilter));
    let filter = filter.accessible_name(numbered(scene, Word::SurpriseFilter, column));
    let now = scene.desk.case.columns[column].filter.clone();
    picker::filter_menu(&filter, scene, opened, Some(&now), |filter| Command::Surprise { column, filter });
    let dice = widgets::icon_button(ui, icons::SURPRISE, words.get(Word::SurpriseTip));
    if dice.accessible_name(numbered(scene, Word::Surprise, column)).clicked() {
        scene.send(Command::Surprise { column, filter: now });
    }
}

/// The attributes of a user in one line.
pub(super) fn describe(scene: &Scene<'_>, opened: &Opened, user: u32) -> String {
    let dataset = &*opened.dataset;
    let mut parts = attributes(scene, dataset, user);
    if let Some(facts) = opened.facts() {
        let count = widgets::format::count(facts.interactions(user) as u64);
        parts.push(format!("{count} {}", scene.words.get(Word::Interactions).to_lowercase()));
    }
    parts.join(" · ")
}

/// Values that speak for themselves stand alone (`25`, `woman`); others after the name of their attribute.
pub(super) fn attributes(scene: &Scene<'_>, dataset: &Dataset, user: u32) -> Vec<String> {
    let words = scene.words;
    let mut parts = Vec::new();
    for field in &dataset.users.attributes {
        let values: Vec<&str> = field.texts(user).map(|value| words.common(scene.label(dataset, value))).collect();
        if values.is_empty() {
            continue;
        }
        let value = values.join(", ");
        let speaks = matches!(field.name.as_str(), "gender" | "sex" | "age" | "occupation");
        if speaks {
            parts.push(value);
        } else {
            parts.push(format!("{} {value}", words.common(scene.label(dataset, &field.name))));
        }
    }
    parts
}
