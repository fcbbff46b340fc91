//! Buttons.

use egui::{Align2, Color32, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use crate::ui::{
    icons,
    theme::{self, Tokens, type_size},
};

/// A square button that shows an icon; `name` is its tooltip and its accessible name.
pub fn icon_button(ui: &mut Ui, icon: &str, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(26.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let visuals = ui.style().interact(&response);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, visuals.corner_radius, visuals.bg_fill);
    }
    if response.has_focus() {
        let stroke = Stroke::new(1.0, ui.visuals().selection.stroke.color);
        ui.painter().rect_stroke(rect, visuals.corner_radius, stroke, StrokeKind::Inside);
    }
    let colour = if response.hovered() { visuals.text_color() } else { ui.visuals().weak_text_color() };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, theme::font(15.0), colour);
    response.on_hover_text(name)
}

/// The one button that an empty or failed place offers first.
pub fn primary_button(ui: &mut Ui, tokens: &Tokens, text: &str) -> Response {
    let label = egui::RichText::new(text).font(theme::medium_font(type_size::BODY)).color(tokens.on_accent);
    ui.add(egui::Button::new(label).fill(tokens.accent).stroke(Stroke::new(1.0, Color32::TRANSPARENT)))
}

/// The icon of a behaviour, by the names that communities use.
pub fn icon_of_behaviour(name: &str) -> &'static str {
    match name {
        "click" => icons::CLICK_FILL,
        "view" | "impression" => icons::VIEW_FILL,
        "like" => icons::HEART_FILL,
        "comment" => icons::COMMENT_FILL,
        "favorite" | "favourite" | "collect" | "bookmark" => icons::FAVORITE_FILL,
        "share" => icons::SHARE_FILL,
        "publish" => icons::PUBLISH_FILL,
        "cart" => icons::CART_FILL,
        "buy" | "purchase" => icons::BUY_FILL,
        "rating" | "rate" => icons::RATE_FILL,
        "play" | "listen" => icons::PLAY_FILL,
        _ => icons::DOT_FILL,
    }
}
