//! The line above the columns: what to add, which rows and covers to show, and what the marks mean.

use egui::{Align, Color32, Layout, Popup, PopupCloseBehavior, Rect, Ui, UiBuilder};

use super::{menu, picker, touch::change};
use crate::ui::{
    commands::Command,
    desk::{MAX_COLUMNS, MAX_COVER_PX, MIN_COVER_PX, Shape, Shown},
    icons,
    session::Opened,
    theme::space,
    views::Scene,
    widgets,
    words::Word,
};

/// Height of the legend where it has a line of its own.
pub(super) const LEGEND_PX: f32 = 26.0;
/// Below this width buttons show their icons only.
const NARROW_PX: f32 = 900.0;

/// Gives whether the legend needs a line of its own, which it can have if `has_line`; else it stands in the toolbar, behind
/// a button where there is no room for it.
pub(super) fn toolbar_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, legend_of: Legend, has_line: bool) -> bool {
    let words = scene.words;
    let is_narrow = ui.available_width() < NARROW_PX;
    let shown = ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        ui.spacing_mut().item_spacing.x = space::XS;
        let can_add = scene.desk.case.columns.len() < MAX_COLUMNS;
        ui.add_enabled_ui(can_add, |ui| {
            button(ui, scene, icons::ADD, &Command::AddColumn, false);
        });
        button(ui, scene, icons::SURPRISE, &Command::SurpriseAll, false);
        let filter = widgets::icon_button(ui, icons::DOWN, words.get(Word::SurpriseFilterAll));
        picker::filter_menu(&filter, scene, opened, None, Command::SurpriseAllOf);
        let label =
            if is_narrow { icons::LANE.to_owned() } else { with_icon(icons::LANE, words.get(Word::LanesAndRuns)) };
        let rows = ui.button(label).on_hover_text(words.get(Word::LanesAndRunsTip));
        let rows = rows.accessible_name(words.get(Word::LanesAndRuns));
        Popup::menu(&rows)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| menu::rows_ui(ui, scene, opened, None));
        button(ui, scene, icons::COMPARE, &Command::CompareLanes(None), is_narrow);
        ui.add_space(space::S);
        shape_ui(ui, scene);
        shown_ui(ui, scene);
        ui.add_space(space::S);
        size_ui(ui, scene);
        ui.add_space(space::S);
        let mut titles = scene.desk.titles;
        let toggled = ui.checkbox(&mut titles, words.get(Word::Titles));
        if toggled.on_hover_text(words.get(Word::TitlesTip)).changed() {
            scene.send(Command::ToggleTitles);
        }
        let entries = legend(scene, legend_of);
        let has_room = legend_px(ui, scene, &entries) + space::L <= ui.available_width();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::S);
            ui.spacing_mut().item_spacing.x = space::M;
            if has_room {
                for (icon, colour, word) in entries.iter().rev() {
                    widgets::legend_entry(ui, scene.tokens, icon, *colour, words.get(*word));
                }
            } else if !has_line {
                legend_button(ui, scene, &entries);
            }
        });
        has_line && !has_room
    });
    shown.inner
}

fn with_icon(icon: &str, text: &str) -> String {
    format!("{icon}  {text}")
}

fn shape_ui(ui: &mut Ui, scene: &Scene<'_>) {
    ui.spacing_mut().item_spacing.x = 0.0;
    let shapes = [
        (Shape::Grid, icons::GRID, Word::ShapeGrid),
        (Shape::List, icons::LIST, Word::ShapeList),
        (Shape::Strip, icons::STRIP, Word::ShapeStrip),
    ];
    for (shape, icon, word) in shapes {
        let name = scene.words.get(word);
        let is_set = scene.desk.case.shape == shape;
        let button = ui.add(egui::Button::selectable(is_set, icon)).on_hover_text(name);
        if button.accessible_name(name).clicked() {
            change(scene, |case| case.shape = shape);
        }
    }
    ui.spacing_mut().item_spacing.x = space::XS;
}

/// How many covers of each row.
fn shown_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let words = scene.words;
    let now = scene.desk.case.shown;
    let mut chosen = now;
    let combo = egui::ComboBox::from_id_salt("covers shown").width(46.0).selected_text(now.count().to_string());
    let shown = combo.show_ui(ui, |ui| {
        for shown in Shown::ALL {
            ui.selectable_value(&mut chosen, shown, shown.count().to_string());
        }
    });
    let response = shown.response.on_hover_text(words.get(Word::CoversShownTip));
    response.accessible_name(words.get(Word::CoversShown));
    if chosen != now {
        change(scene, |case| case.shown = chosen);
    }
}

fn size_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let mut cover_px = scene.desk.cover_px;
    ui.spacing_mut().slider_width = 84.0;
    ui.label(egui::RichText::new(icons::IMAGE).color(tokens.text_weak));
    let slider = egui::Slider::new(&mut cover_px, MIN_COVER_PX..=MAX_COVER_PX).show_value(false);
    let response = ui.add(slider).on_hover_text(words.get(Word::CoverSizeTip));
    if response.accessible_name(words.get(Word::CoverSize)).changed() {
        scene.send(Command::SetCoverSize(cover_px));
    }
}

type Entry = (&'static str, Color32, Word);

/// Which words the legend needs.
#[derive(Clone, Copy)]
pub(super) struct Legend {
    pub hit: Word,
    /// A user is taken to differ in more than live clicks.
    pub is_as_if: bool,
    /// Columns show one user otherwise.
    pub has_shifts: bool,
}

/// What the marks mean.
fn legend(scene: &Scene<'_>, of: Legend) -> Vec<Entry> {
    let tokens = scene.tokens;
    let come = if of.is_as_if { Word::MarkComeAsIf } else { Word::MarkCome };
    let shifts = [(icons::SORT, tokens.text_weak, Word::MarkShift), (icons::DOT, tokens.text_weak, Word::MarkOnlyHere)];
    let entries = [
        (icons::HIT_FILL, tokens.hit, of.hit),
        (icons::TAG_FILL, tokens.text_weak, Word::MarkTag),
        (icons::TAIL, tokens.tail, Word::MarkTail),
        (icons::NEW_FILL, tokens.new, Word::MarkFresh),
        (icons::USERS_FILL, tokens.text_weak, Word::MarkBoth),
        (icons::DOT_FILL, tokens.text_weak, Word::MarkAlso),
        (icons::ADD, tokens.accent, come),
    ];
    shifts.into_iter().filter(|_| of.has_shifts).chain(entries).collect()
}

fn legend_px(ui: &Ui, scene: &Scene<'_>, entries: &[Entry]) -> f32 {
    entries.iter().map(|(_, _, word)| widgets::legend_width(ui, scene.words.get(*word)) + space::M).sum()
}

/// The legend in a line at the foot of the view, as much of it as has room; the rest behind a button.
pub(super) fn legend_line_ui(ui: &mut Ui, scene: &Scene<'_>, legend_of: Legend, line: Rect) {
    let (words, tokens) = (scene.words, scene.tokens);
    let entries = legend(scene, legend_of);
    let left = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().id_salt("legend").max_rect(line).layout(left));
    child.spacing_mut().item_spacing.x = space::M;
    let mut shown = entries.len();
    while legend_px(&child, scene, &entries[..shown]) + if shown < entries.len() { 26.0 } else { 0.0 } > line.width() {
        shown -= 1;
    }
    for (icon, colour, word) in &entries[..shown] {
        widgets::legend_entry(&mut child, tokens, icon, *colour, words.get(*word));
    }
    if shown < entries.len() {
        legend_button(&mut child, scene, &entries);
    }
}

fn legend_button(ui: &mut Ui, scene: &Scene<'_>, entries: &[Entry]) {
    let more = widgets::icon_button(ui, icons::INFO, scene.words.get(Word::LegendTitle));
    Popup::menu(&more).show(|ui| {
        for (icon, colour, word) in entries {
            widgets::legend_entry(ui, scene.tokens, icon, *colour, scene.words.get(*word));
        }
    });
}

fn button(ui: &mut Ui, scene: &Scene<'_>, icon: &str, command: &Command, is_icon_only: bool) {
    let (name, words) = (command.name(scene.words), scene.words);
    let label = if is_icon_only { icon.to_owned() } else { with_icon(icon, name) };
    let tip =
        if is_icon_only { format!("{name}\n{}", command.tooltip(words)) } else { command.tooltip(words).to_owned() };
    let response = ui.button(label).on_hover_text(tip);
    if response.accessible_name(name).clicked() {
        scene.send(command.clone());
    }
}
