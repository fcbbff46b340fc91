//! Choosing a user: a list that is searched as one types, and the filters of "Surprise me".

use egui::{Popup, PopupCloseBehavior, Response, RichText, ScrollArea, Ui};

use super::columns;
use crate::{
    dataset::Dataset,
    ui::{
        commands::Command,
        desk::UserFilter,
        facts::{is_gender, is_man, is_woman},
        session::Opened,
        theme,
        views::Scene,
        words::{Word, Words},
    },
};

/// The state of the list that is open.
#[derive(Default)]
pub struct Pickers {
    query: String,
    /// For what `found` was looked up.
    found_for: Option<(String, String, crate::dataset::Language)>,
    found: Vec<u32>,
    was_open: Option<usize>,
}

pub(super) fn picker_popup(
    response: &Response,
    scene: &Scene<'_>,
    opened: &Opened,
    pickers: &mut Pickers,
    column: usize,
) {
    let popup = Popup::from_toggle_button_response(response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(320.0);
    let shown = popup.show(|ui| {
        ui.set_width(320.0);
        let hint = scene.words.get(Word::FindUser);
        let edit = egui::TextEdit::singleline(&mut pickers.query).hint_text(hint).desired_width(f32::INFINITY);
        let edit = ui.add(edit).accessible_name(scene.words.get(Word::ChooseUser));
        if pickers.was_open != Some(column) {
            pickers.was_open = Some(column);
            pickers.query.clear();
            edit.request_focus();
        }
        look_up(scene, opened, pickers);
        let mut chosen = None;
        if edit.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
            chosen = pickers.found.first().copied();
        }
        let count = crate::ui::widgets::format::count(pickers.found.len() as u64);
        let told = if pickers.found.is_empty() {
            scene.words.fill(Word::NoSuchUser, &[pickers.query.trim()])
        } else {
            scene.words.fill(Word::MoreUsers, &[&count])
        };
        ui.label(RichText::new(told).small().color(scene.tokens.text_weak));
        list_ui(ui, scene, opened, &pickers.found, &mut chosen);
        if let Some(user) = chosen {
            scene.send(Command::SetColumn { column, user });
            ui.close();
        }
    });
    if shown.is_none() && pickers.was_open == Some(column) {
        pickers.was_open = None;
    }
}

fn list_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, found: &[u32], chosen: &mut Option<u32>) {
    const ROW_PX: f32 = 24.0;
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show_rows(
        ui,
        ROW_PX,
        found.len(),
        |ui, rows| {
            for &user in &found[rows] {
                let name = scene.words.fill(Word::UserNamed, &[opened.dataset.users.ids.name(user)]);
                let about = columns::describe(scene, opened, user);
                let mut job = egui::text::LayoutJob::default();
                let format = |font, color| egui::TextFormat { font_id: font, color, ..Default::default() };
                job.append(&name, 0.0, format(theme::medium_font(theme::type_size::BODY), scene.tokens.text));
                job.append(&about, 8.0, format(theme::font(theme::type_size::SMALL), scene.tokens.text_weak));
                let row =
                    egui::Button::selectable(false, job).truncate().min_size(egui::vec2(ui.available_width(), ROW_PX));
                if ui.add(row).accessible_name(name).clicked() {
                    *chosen = Some(user);
                }
            }
        },
    );
}

/// Users that have every word of the query in their id or attributes; whole ids first, then by falling activity.
fn look_up(scene: &Scene<'_>, opened: &Opened, pickers: &mut Pickers) {
    let key = (pickers.query.clone(), opened.dataset.fingerprint.clone(), scene.words.language);
    if pickers.found_for.as_ref() == Some(&key) {
        return;
    }
    let Some(facts) = opened.facts() else { return };
    let dataset = &*opened.dataset;
    let wanted: Vec<String> = pickers.query.split_whitespace().map(str::to_lowercase).collect();
    pickers.found = facts
        .users_by_activity
        .iter()
        .copied()
        .filter(|&user| wanted.iter().all(|word| has_word(dataset, scene.words, user, word)))
        .collect();
    if let Some(exact) = dataset.users.ids.row(pickers.query.trim()) {
        pickers.found.retain(|&user| user != exact);
        pickers.found.insert(0, exact);
    }
    pickers.found_for = Some(key);
}

fn has_word(dataset: &Dataset, words: Words, user: u32, wanted: &str) -> bool {
    if dataset.users.ids.name(user).to_lowercase().starts_with(wanted) {
        return true;
    }
    dataset.users.attributes.iter().flat_map(|field| field.texts(user)).any(|value| {
        let label = dataset.label(value, words.language);
        [value, label, words.common(label)].iter().any(|text| text.to_lowercase().starts_with(wanted))
    })
}

/// The filters under which a random user can be drawn, and the one that is set.
pub(super) fn filter_menu(
    response: &Response,
    scene: &Scene<'_>,
    opened: &Opened,
    now: Option<&UserFilter>,
    command: impl Fn(UserFilter) -> Command,
) {
    Popup::menu(response).show(|ui| {
        ui.set_min_width(170.0);
        let words = scene.words;
        let entry = |ui: &mut Ui, filter: UserFilter, name: &str| {
            if ui.add(egui::Button::selectable(now == Some(&filter), name)).clicked() {
                scene.send(command(filter));
                ui.close();
            }
        };
        entry(ui, UserFilter::Anyone, words.get(Word::Anyone));
        let filters = opened.facts().map(|facts| facts.filters.as_slice()).unwrap_or_default();
        let (gender, others): (Vec<_>, Vec<_>) = filters.iter().partition(|(name, _)| is_gender(name));
        for (attribute, values) in gender {
            for value in values {
                let name = match value.as_str() {
                    value if is_woman(value) => words.get(Word::FilterWoman).to_owned(),
                    value if is_man(value) => words.get(Word::FilterMan).to_owned(),
                    value => value_name(scene, opened, attribute, value),
                };
                entry(ui, UserFilter::Value { attribute: attribute.clone(), value: value.clone() }, &name);
            }
        }
        entry(ui, UserFilter::New, words.get(Word::FilterNew));
        entry(ui, UserFilter::Quiet, words.get(Word::FilterQuiet));
        entry(ui, UserFilter::Active, words.get(Word::FilterActive));
        for (attribute, values) in others {
            let label = words.common(scene.label(&opened.dataset, attribute)).to_owned();
            ui.menu_button(label, |ui| {
                for value in values {
                    let name = words.common(scene.label(&opened.dataset, value)).to_owned();
                    entry(ui, UserFilter::Value { attribute: attribute.clone(), value: value.clone() }, &name);
                }
            });
        }
    });
}

fn value_name(scene: &Scene<'_>, opened: &Opened, attribute: &str, value: &str) -> String {
    let words = scene.words;
    let label = |text| words.common(scene.label(&opened.dataset, text));
    words.fill(Word::FilterValue, &[label(attribute), label(value)])
}
