//! What if: the user with another history, or with other attributes. A line tells what he is taken to be, with a way back.

use egui::{ComboBox, RichText, Sense, Ui, Vec2, vec2};

use super::{
    seen::Seen,
    touch::{self, Stage, change},
};
use crate::{
    dataset::Attribute,
    ui::{
        icons,
        theme::{self, radius, space, type_size},
        views::Scene,
        widgets,
        words::Word,
    },
};

const COVER: f32 = 22.0;
const CHIP_PX: f32 = 230.0;
/// A list of values, closed, and its height when open.
const LIST_PX: f32 = 150.0;
const OPEN_PX: f32 = 320.0;

/// Whether the lists of attributes are open for the user: a look, which no undo has to bring back.
fn asking_id(user: u32) -> egui::Id {
    egui::Id::unique(("what if", user))
}

fn is_asking(ui: &Ui, seen: &Seen) -> bool {
    seen.user.is_some_and(|user| ui.data(|data| data.get_temp(asking_id(user)).unwrap_or(false)))
}

fn is_as_if(seen: &Seen) -> bool {
    seen.key.as_ref().is_some_and(super::data::CaseKey::is_as_if)
}

pub(super) fn any(ui: &Ui, seen: &[Seen]) -> bool {
    seen.iter().any(|seen| is_as_if(seen) || is_asking(ui, seen))
}

/// Takes back what the user of the column is taken not to have taken, and to be.
pub(super) fn reset(scene: &Scene<'_>, column: usize) {
    change(scene, |case| {
        for column in case.compared_with(column) {
            case.columns[column].reset();
        }
    });
}

/// Opens and closes the lists of attributes.
pub(super) fn toggle_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &Stage<'_>, column: usize) {
    let Some(user) = stage.seen[column].user else { return };
    let is_open = is_asking(ui, &stage.seen[column]);
    let colour = if is_open { scene.tokens.accent } else { scene.tokens.text_weak };
    let name = scene.words.get(Word::WhatIf);
    let text = RichText::new(format!("{}  {name}", icons::ADJUST)).small().color(colour);
    let button =
        ui.add(egui::Button::new(text).frame_when_inactive(false)).on_hover_text(scene.words.get(Word::WhatIfTip));
    if button.accessible_name(format!("{name} {}", column + 1)).clicked() {
        ui.data_mut(|data| data.insert_temp(asking_id(user), !is_open));
    }
}

pub(super) fn as_if_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &Stage<'_>, column: usize) {
    ui.spacing_mut().item_spacing.y = space::XS;
    if is_asking(ui, &stage.seen[column]) {
        lists_ui(ui, scene, stage, column);
    }
    if is_as_if(&stage.seen[column]) {
        line_ui(ui, scene, stage, column);
    }
}

/// A list of values for each field of the users' table, as many beside each other as fit.
fn lists_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &Stage<'_>, column: usize) {
    let fields = &stage.opened.dataset.users.attributes;
    let in_row = (((ui.available_width() + space::S) / (LIST_PX + space::S)) as usize).max(1);
    for fields in fields.chunks(in_row) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            for field in fields {
                list_ui(ui, scene, stage, column, field);
            }
        });
    }
}

/// The values that the user has of the field, as they are shown.
fn own_values(scene: &Scene<'_>, stage: &Stage<'_>, column: usize, field: &Attribute) -> String {
    let dataset = &*stage.opened.dataset;
    let Some(user) = stage.seen[column].user else { return String::new() };
    let values: Vec<&str> = field.texts(user).map(|value| scene.words.common(scene.label(dataset, value))).collect();
    if values.is_empty() { scene.words.get(Word::AsIfNothing).to_owned() } else { values.join(", ") }
}

fn list_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &Stage<'_>, column: usize, field: &Attribute) {
    let (words, dataset) = (scene.words, &*stage.opened.dataset);
    let shown = |value: &str| words.common(scene.label(dataset, value)).to_owned();
    let name = shown(&field.name);
    let own = own_values(scene, stage, column, field);
    let changed = scene.desk.case.columns[column].changed.get(&field.name);
    let now = changed.map_or_else(|| own.clone(), |value| shown(value));
    let mut chosen: Option<Option<String>> = None;
    let combo = ComboBox::from_id_salt(("as if", column, &field.name)).width(LIST_PX - space::S).height(OPEN_PX);
    let list = combo.selected_text(format!("{name}: {now}")).truncate().show_ui(ui, |ui| {
        if ui.selectable_label(changed.is_none(), words.fill(Word::AsIfOwn, &[&own])).clicked() {
            chosen = Some(None);
        }
        let entries = in_order(field, shown);
        // A field may have thousands of values: what is out of sight is not laid out.
        let step = ui.spacing().interact_size.y + ui.spacing().item_spacing.y;
        let (top, clip) = (ui.cursor().top(), ui.clip_rect());
        let at = |y: f32| (((y - top) / step).max(0.0) as usize).min(entries.len());
        let seen = at(clip.top())..(at(clip.bottom()) + 1).min(entries.len());
        ui.add_space(seen.start as f32 * step);
        for (shown, value) in &entries[seen.clone()] {
            let is_chosen = changed.is_some_and(|changed| changed == value);
            let label = egui::Button::selectable(is_chosen, shown.as_str())
                .min_size(vec2(0.0, step - ui.spacing().item_spacing.y));
            if ui.add(label).clicked() {
                chosen = Some(Some((*value).to_owned()));
            }
        }
        ui.add_space((entries.len() - seen.end) as f32 * step);
    });
    list.response.accessible_name(format!("{} {}", words.fill(Word::AsIfField, &[&name]), column + 1));
    if let Some(value) = chosen {
        change(scene, |case| {
            for column in case.compared_with(column) {
                case.set_attribute(column, &field.name, value.as_deref());
            }
        });
    }
}

/// All values of a field as they are shown, and as they are; numbers by size, then words by letter.
fn in_order(field: &Attribute, shown: impl Fn(&str) -> String) -> Vec<(String, &str)> {
    let mut entries: Vec<(String, &str)> = field.vocabulary.iter().map(|value| (shown(value), value)).collect();
    let number = |value: &str| value.parse::<f64>().unwrap_or(f64::INFINITY);
    entries.sort_by(|one, other| number(one.1).total_cmp(&number(other.1)).then(one.cmp(other)));
    entries
}

/// What the user is taken to be, each part with a way to take it back.
fn line_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &Stage<'_>, column: usize) {
    let Some(key) = &stage.seen[column].key else { return };
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*stage.opened.dataset);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new(icons::ADJUST).small().color(tokens.accent));
        widgets::section_title(ui, tokens, words.get(Word::AsIf));
        let text = RichText::new(words.get(Word::AsIfReset)).small();
        if ui.add(egui::Button::new(text).frame_when_inactive(false)).clicked() {
            reset(scene, column);
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(space::XS);
        for (name, entries) in &key.changed {
            let Some(field) = dataset.users.attributes.iter().find(|field| field.name == *name) else { continue };
            let shown = |value: &str| words.common(scene.label(dataset, value)).to_owned();
            let values: Vec<String> = entries.iter().map(|&entry| shown(field.vocabulary.name(entry))).collect();
            let title = shown(name);
            let own = own_values(scene, stage, column, field);
            let text = words.fill(Word::AsIfValue, &[&title, &values.join(", "), &own]);
            if chip_ui(ui, scene, stage, None, &text, &title) {
                change(scene, |case| {
                    for column in case.compared_with(column) {
                        case.set_attribute(column, name, None);
                    }
                });
            }
        }
        for &item in &key.struck {
            let title = scene.title(dataset, item).to_owned();
            let text = words.fill(Word::AsIfNot, &[&title]);
            if chip_ui(ui, scene, stage, Some(item), &text, &title) {
                touch::strike(scene, stage.opened, column, item);
            }
        }
    });
}

/// Gives whether it is to be taken back.
fn chip_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &Stage<'_>, item: Option<u32>, text: &str, of: &str) -> bool {
    /// The button, and the space between the parts and around them.
    const REST_PX: f32 = 26.0 + 2.0 * space::XS + 12.0;
    let tokens = scene.tokens;
    let text_px = ui.painter().layout_no_wrap(text.to_owned(), theme::font(type_size::SMALL), tokens.text).size().x;
    let cover_px = if item.is_some() { COVER } else { 0.0 };
    let wanted_px = (text_px.ceil() + 1.0).min(CHIP_PX);
    // A frame does not go to the next line by itself.
    let is_first = ui.cursor().left() <= ui.max_rect().left() + 1.0;
    if !is_first && cover_px + wanted_px + REST_PX > ui.available_size_before_wrap().x {
        ui.end_row();
    }
    let room_px = wanted_px.min(ui.available_size_before_wrap().x - cover_px - REST_PX).max(24.0);
    let frame = egui::Frame::new()
        .fill(tokens.raised)
        .stroke((1.0, tokens.accent))
        .corner_radius(radius::COVER)
        .inner_margin(egui::Margin::symmetric(5, 2));
    let chip = frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.horizontal(|ui| {
            if let Some(item) = item {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(COVER), Sense::hover());
                widgets::picture_ui(ui.painter(), scene, &stage.opened.dataset, rect, item, 0.0, false);
            }
            let label = egui::Label::new(RichText::new(text).small().color(tokens.text)).truncate();
            ui.scope(|ui| {
                ui.set_max_width(room_px);
                ui.add(label).on_hover_text(text);
            });
            widgets::icon_button(ui, icons::CLOSE, &scene.words.fill(Word::AsIfTakeBack, &[of])).clicked()
        })
    });
    chip.inner.inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_by_size_and_by_the_letters_that_are_shown() {
        let field = Attribute::from_lists("x", [vec!["b", "10", "a"], vec!["9"]]);
        let shown = |value: &str| if value == "a" { "z".to_owned() } else { value.to_owned() };
        let values: Vec<&str> = in_order(&field, shown).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["9", "10", "b", "a"]);
    }
}
