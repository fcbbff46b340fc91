//! The head of a column: who it is, and how to put somebody else there.

use egui::{Align, Align2, Layout, RichText, Sense, Stroke, StrokeKind, Ui, vec2};

use super::picker::{self, Pickers};
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

pub(super) fn header_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    pickers: &mut Pickers,
    column: usize,
    user: Option<u32>,
) {
    let tokens = scene.tokens;
    let is_selected = user.is_some_and(|user| scene.selection.is_selected(Thing::User(user)));
    let line = if is_selected { tokens.accent } else { tokens.line };
    let frame = egui::Frame::new()
        .fill(tokens.panel)
        .stroke(Stroke::new(1.0, line))
        .corner_radius(radius::CARD)
        .inner_margin(egui::Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            avatar_ui(ui, scene, user);
            ui.add_space(space::XS);
            // Buttons first, from the right, so that a long name gives way to them.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                buttons_ui(ui, scene, opened, column);
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    name_ui(ui, scene, opened, pickers, column, user);
                    let about = user.map_or_else(String::new, |user| describe(scene, opened, user));
                    ui.add(egui::Label::new(RichText::new(about).small().color(tokens.text_weak)).truncate());
                });
            });
        });
    });
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
        let button = egui::Button::new(text).frame_when_inactive(false).truncate();
        let response = ui.add(button).on_hover_text(words.get(Word::ChooseUser));
        let response = response.accessible_name(format!("{} {}", words.get(Word::ChooseUser), column + 1));
        picker::picker_popup(&response, scene, opened, pickers, column);
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

fn buttons_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, column: usize) {
    let words = scene.words;
    ui.spacing_mut().item_spacing.x = 0.0;
    let numbered = |word: Word| format!("{} {}", words.get(word), column + 1);
    if scene.desk.case.columns.len() > 1 {
        let response = widgets::icon_button(ui, icons::CLOSE, words.get(Word::RemoveColumn));
        if response.accessible_name(numbered(Word::RemoveColumn)).clicked() {
            scene.send(Command::RemoveColumn(column));
        }
    }
    let filter = widgets::icon_button(ui, icons::FILTER, words.get(Word::SurpriseFilter));
    let filter = filter.accessible_name(numbered(Word::SurpriseFilter));
    picker::filter_menu(&filter, scene, opened, column);
    let dice = widgets::icon_button(ui, icons::SURPRISE, words.get(Word::SurpriseTip));
    if dice.accessible_name(numbered(Word::Surprise)).clicked() {
        let filter = scene.desk.case.columns.get(column).map(|column| column.filter.clone()).unwrap_or_default();
        scene.send(Command::Surprise { column, filter });
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
