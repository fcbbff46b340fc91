//! Chips and small labels.

use egui::{Align2, Color32, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{self, Tokens, type_size};

const HEIGHT: f32 = 20.0;
const PAD: f32 = 8.0;
const DOT: f32 = 12.0;
const GAP: f32 = 5.0;

/// How wide [`chip`] would be.
pub fn chip_width(ui: &Ui, has_dot: bool, text: &str, figure: &str) -> f32 {
    let width = |text: &str| {
        let font = theme::font(type_size::SMALL);
        ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
    };
    let dot = if has_dot { DOT } else { 0.0 };
    let number = if figure.is_empty() { 0.0 } else { width(figure) + GAP };
    PAD * 2.0 + dot + width(text) + number
}

/// A rounded label with a dot of colour and, weaker, a figure; can be clicked.
pub fn chip(
    ui: &mut Ui,
    tokens: &Tokens,
    dot: Option<Color32>,
    text: &str,
    figure: &str,
    is_selected: bool,
) -> Response {
    let font = theme::font(type_size::SMALL);
    let label = ui.painter().layout_no_wrap(text.to_owned(), font.clone(), tokens.text);
    let number = ui.painter().layout_no_wrap(figure.to_owned(), font, tokens.text_weak);
    let width = chip_width(ui, dot.is_some(), text, figure).min(ui.max_rect().width());
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_selected, format!("{text} {figure}")));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let fill = if response.hovered() { tokens.raised_hover } else { tokens.raised };
    let line = if is_selected || response.has_focus() { tokens.accent } else { tokens.line };
    let painter = ui.painter().with_clip_rect(rect.expand(1.0).intersect(ui.clip_rect()));
    painter.rect(rect, HEIGHT / 2.0, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    let mut x = rect.left() + PAD;
    if let Some(colour) = dot {
        painter.circle_filled(pos2(x + 3.5, rect.center().y), 3.5, colour);
        x += DOT;
    }
    let label_width = label.size().x;
    painter.galley(pos2(x, rect.center().y - label.size().y / 2.0), label, tokens.text);
    x += label_width + GAP;
    painter.galley(pos2(x, rect.center().y - number.size().y / 2.0), number, tokens.text_weak);
    response
}

/// A small title above a part of a panel or column.
pub fn section_title(ui: &mut Ui, tokens: &Tokens, text: &str) -> Response {
    ui.add(
        egui::Label::new(RichText::new(text).font(theme::medium_font(type_size::SMALL)).color(tokens.text_weak))
            .truncate(),
    )
}

/// A title of a part of a view, and beside it what it is about.
pub fn heading_ui(ui: &mut Ui, tokens: &Tokens, title: &str, about: &str) {
    ui.horizontal(|ui| {
        let title = RichText::new(title).font(theme::medium_font(type_size::TITLE)).color(tokens.text_strong);
        ui.add(egui::Label::new(title));
        ui.add(egui::Label::new(RichText::new(about).small().color(tokens.text_weak)).truncate()).on_hover_text(about);
    });
}

/// How wide [`legend_entry`] would be.
pub fn legend_width(ui: &Ui, text: &str) -> f32 {
    let font = theme::font(type_size::SMALL);
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x + 17.0
}

/// An icon and what it means.
pub fn legend_entry(ui: &mut Ui, tokens: &Tokens, icon: &str, colour: Color32, text: &str) {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::font(type_size::SMALL), tokens.text_weak);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 17.0, 18.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.painter().text(
        pos2(rect.left() + 7.0, rect.center().y),
        Align2::CENTER_CENTER,
        icon,
        theme::font(type_size::SMALL + 1.0),
        colour,
    );
    ui.painter().galley(pos2(rect.left() + 17.0, rect.center().y - galley.size().y / 2.0), galley, tokens.text_weak);
}
