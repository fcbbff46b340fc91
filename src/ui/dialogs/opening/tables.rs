//! The tables of a folder: each column with its meaning and a few real values.

use std::collections::BTreeMap;

use egui::{ComboBox, Grid, Label, RichText, ScrollArea, Ui, vec2};

use super::{correct, fault_ui, part_title};
use crate::{
    dataset::read::{Corrections, Survey, TableSurvey, is_required, meanings},
    ui::{
        icons,
        theme::{self, space, type_size},
        views::Scene,
        widgets::format,
        words::{Word, Words},
    },
};

const NAME_PX: f32 = 140.0;
const MEANING_PX: f32 = 150.0;
const VALUE_PX: f32 = 118.0;

/// `guess` is the folder as nobody corrected it, and `files` are those that could hold the events.
pub(super) fn tables_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    survey: &Survey,
    (guess, files): (Option<&Survey>, &[String]),
    shown: &mut String,
    corrections: &mut Corrections,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        // Events first: without them there is nothing.
        let mut names: Vec<&String> = survey.tables.keys().collect();
        names.sort_by_key(|name| *name != "events");
        for name in names {
            let is_faulty = survey.tables[name].fault.is_some();
            let title = words.table(name);
            let text = if is_faulty { format!("{}  {title}", icons::ERROR_FILL) } else { title.to_owned() };
            let text = RichText::new(text).font(theme::medium_font(type_size::BODY));
            let text = if is_faulty { text.color(tokens.error) } else { text };
            let button = ui.add(egui::Button::selectable(shown == name, text).min_size(vec2(0.0, 26.0)));
            if button.accessible_name(words.fill(Word::TableNamed, &[title])).clicked() {
                shown.clone_from(name);
            }
        }
    });
    let Some(table) = survey.tables.get(shown.as_str()) else { return };
    let of = |map: &BTreeMap<String, String>| map.get(shown.as_str()).cloned().unwrap_or_default();
    let form = words.form(&of(&survey.recognised.forms));
    let file = of(&survey.recognised.files);
    if shown == "events" && files.len() > 1 {
        ui.horizontal(|ui| {
            file_ui(ui, scene, &file, guess, files, corrections);
            ui.add(Label::new(RichText::new(form).small().color(tokens.text_weak)).truncate());
        });
    } else {
        let about = format!("{file}  ·  {form}");
        ui.add(Label::new(RichText::new(about).small().color(tokens.text_weak)).truncate());
    }
    if let Some(fault) = &table.fault {
        ui.add_space(space::XS);
        fault_ui(ui, scene, fault);
        if !table.header.is_empty() {
            ui.label(RichText::new(words.get(Word::ChooseBelow)).small().color(tokens.text_weak));
        }
    }
    ui.add_space(space::S);
    columns_ui(ui, scene, survey, shown, table, corrections);
}

/// No table of events was found: the analyst says which file it is.
pub(super) fn which_file_ui(ui: &mut Ui, scene: &Scene<'_>, files: &[String], corrections: &mut Corrections) {
    if files.is_empty() {
        return;
    }
    ui.add_space(space::M);
    part_title(ui, scene, Word::WhichFile);
    let now = corrections.files.get("events").cloned();
    ScrollArea::vertical().id_salt("which file").max_height(300.0).auto_shrink([false, true]).show(ui, |ui| {
        for file in files {
            let is_now = now.as_ref() == Some(file);
            let text = format!("{}  {file}", icons::TABLE);
            let button = egui::Button::new(text).truncate().selected(is_now).min_size(vec2(280.0, 26.0));
            let button = ui.add(button).accessible_name(scene.words.fill(Word::EventsFrom, &[file]));
            if button.clicked() {
                take_file(corrections, file, None);
            }
        }
    });
}

/// Which file holds the events, to be chosen.
fn file_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    file: &str,
    guess: Option<&Survey>,
    files: &[String],
    corrections: &mut Corrections,
) {
    let words = scene.words;
    let text = RichText::new(file).small();
    let text = if corrections.files.contains_key("events") { text.color(scene.tokens.accent) } else { text };
    let combo = ComboBox::from_id_salt("events file").width(200.0).selected_text(text).truncate();
    let shown = combo.show_ui(ui, |ui| {
        for other in files {
            if ui.selectable_label(other == file, other).clicked() && other != file {
                take_file(corrections, other, guess);
            }
        }
    });
    let name = words.get(Word::EventsFile);
    shown.response.on_hover_text(name).accessible_name(name);
}

/// What was said of another file's columns does not hold for this one.
fn take_file(corrections: &mut Corrections, file: &str, guess: Option<&Survey>) {
    corrections.columns.remove("events");
    let guessed = guess.and_then(|guess| guess.recognised.files.get("events"));
    correct(&mut corrections.files, "events".to_owned(), file.to_owned(), guessed);
}

/// A row a column of the file: its name, what it means, and values.
fn columns_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    survey: &Survey,
    name: &str,
    table: &TableSurvey,
    corrections: &mut Corrections,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let taken = survey.recognised.columns.get(name).cloned().unwrap_or_default();
    let area = ScrollArea::both().id_salt(("columns", name)).max_height(282.0).auto_shrink([false, true]);
    area.show(ui, |ui| {
        Grid::new(("columns of", name)).num_columns(2 + table.rows.len()).spacing(vec2(space::M, 3.0)).show(ui, |ui| {
            let title = |ui: &mut Ui, text: &str, width: f32| {
                ui.scope(|ui| {
                    ui.set_min_width(width);
                    ui.label(RichText::new(text).small().color(tokens.text_faint));
                });
            };
            title(ui, words.get(Word::ColumnOfFile), NAME_PX);
            title(ui, words.get(Word::ColumnMeaning), MEANING_PX);
            for row in 1..=table.rows.len() {
                title(ui, &words.fill(Word::RowNumber, &[&row.to_string()]), VALUE_PX);
            }
            ui.end_row();
            for (place, column) in table.header.iter().enumerate() {
                let meaning = taken.iter().find(|(_, name)| *name == column).map(|(own, _)| own.as_str());
                let strong = if meaning.is_some() { tokens.text_strong } else { tokens.text_weak };
                ui.scope(|ui| {
                    ui.set_max_width(NAME_PX);
                    let text = RichText::new(column).font(theme::medium_font(type_size::BODY)).color(strong);
                    ui.add(egui::Label::new(text).truncate()).on_hover_text(column);
                });
                meaning_ui(ui, scene, survey, name, (place, column), meaning, corrections);
                let is_time = meaning == Some("timestamp");
                for (row, secs) in table.rows.iter().zip(&table.times_secs) {
                    let value = row.get(place).map_or("", String::as_str);
                    value_ui(ui, scene, value, is_time, *secs);
                }
                ui.end_row();
            }
        });
    });
}

fn value_ui(ui: &mut Ui, scene: &Scene<'_>, value: &str, is_time: bool, secs: Option<i64>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (text, colour) = match (is_time, secs) {
        (true, Some(secs)) => (format::date_time(secs), tokens.text),
        (true, None) if !value.is_empty() => (value.to_owned(), tokens.error),
        _ if value.is_empty() => ("–".to_owned(), tokens.text_faint),
        _ => (value.to_owned(), tokens.text),
    };
    ui.scope(|ui| {
        ui.set_max_width(VALUE_PX);
        let label = ui.add(egui::Label::new(RichText::new(&text).small().color(colour)).truncate());
        if is_time {
            let tip = if secs.is_some() { Word::TimeReadFrom } else { Word::TimeNotRead };
            label.on_hover_text(words.fill(tip, &[value]));
        } else {
            label.on_hover_text(value);
        }
    });
}

/// What a column means, to be chosen.
fn meaning_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    survey: &Survey,
    table: &str,
    (place, column): (usize, &str),
    meaning: Option<&str>,
    corrections: &mut Corrections,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let taken = survey.recognised.columns.get(table);
    let is_unused = survey.recognised.unused.get(table).is_some_and(|names| names.iter().any(|name| name == column));
    let now = match meaning {
        Some(own) => Use::As(own),
        None if is_unused || !has_attributes(table) => Use::Nothing,
        None => Use::Attribute,
    };
    let is_corrected =
        corrections.columns.get(table).is_some_and(|columns| columns.values().any(|name| name == column))
            || corrections.ignored.get(table).is_some_and(|names| names.contains(column));
    let text = RichText::new(now.title(words));
    let text = match now {
        _ if is_corrected => text.color(tokens.accent),
        Use::As(_) => text,
        _ => text.color(tokens.text_faint),
    };
    let combo = ComboBox::from_id_salt(("meaning", table, place)).width(MEANING_PX).selected_text(text);
    let mut chosen = None;
    let response = combo.show_ui(ui, |ui| {
        for other in [Use::Attribute, Use::Nothing] {
            let is_offered = other != Use::Attribute || has_attributes(table);
            if is_offered && ui.selectable_label(now == other, other.title(words)).clicked() {
                chosen = Some(other);
            }
        }
        for own in meanings(table) {
            let title = words.column(own);
            let title = if is_required(table, own) { words.fill(Word::Required, &[title]) } else { title.to_owned() };
            let row = ui.selectable_label(now == Use::As(own), title);
            let row = match taken.and_then(|taken| taken.get(own)).filter(|name| *name != column) {
                Some(other) => row.on_hover_text(words.fill(Word::MeansInstead, &[other])),
                None => row,
            };
            if row.clicked() {
                chosen = Some(Use::As(own));
            }
        }
    });
    response.response.accessible_name(words.fill(Word::MeaningOf, &[column]));
    if let Some(chosen) = chosen.filter(|chosen| *chosen != now) {
        take_as(corrections, table, column, now, chosen);
    }
}

/// What is made of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Use<'a> {
    As(&'a str),
    /// A property of users or items, by its own name.
    Attribute,
    Nothing,
}

impl Use<'_> {
    fn title(self, words: Words) -> String {
        match self {
            Self::As(own) => words.column(own).to_owned(),
            Self::Attribute => words.get(Word::AsAttribute).to_owned(),
            Self::Nothing => words.get(Word::NotUsed).to_owned(),
        }
    }
}

/// Whether columns of the table that mean nothing else are attributes.
fn has_attributes(table: &str) -> bool {
    matches!(table, "users" | "items")
}

/// `column` is to be `to` and no longer `from`.
fn take_as(corrections: &mut Corrections, table: &str, column: &str, from: Use<'_>, to: Use<'_>) {
    let columns = corrections.columns.entry(table.to_owned()).or_default();
    if let Use::As(from) = from {
        columns.insert(from.to_owned(), String::new());
    }
    if let Use::As(to) = to {
        correct(columns, to.to_owned(), column.to_owned(), None);
    }
    if has_attributes(table) {
        let ignored = corrections.ignored.entry(table.to_owned()).or_default();
        if to == Use::Nothing {
            ignored.insert(column.to_owned());
        } else {
            ignored.remove(column);
        }
    }
}
