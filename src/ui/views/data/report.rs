//! The data report: rows per table, what was set aside and why, columns, behaviours and remarks.

use egui::{Align, Frame, Layout, Margin, RichText, Ui, pos2, vec2};

use super::{
    counts::Counts,
    rows::{self, figure_at, percent, text_at},
};
use crate::{
    dataset::{DataReport, Dataset, SetAside, TableReport},
    ui::{
        commands::Command,
        desk::{DataDesk, toggle},
        icons,
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::{Word, Words},
    },
};

/// Width of a column of figures.
const FIGURE_PX: f32 = 92.0;
const NAME_PX: f32 = 150.0;
/// Wider than this the eye loses the row.
const MAX_WIDTH_PX: f32 = 1_100.0;

pub(super) fn summary(scene: &Scene<'_>, opened: &Opened) -> String {
    let (words, report) = (scene.words, &opened.dataset.report);
    let set_aside: u64 = report.tables.values().map(|table| table.set_aside).sum();
    let rows = if set_aside == 0 {
        words.get(Word::NothingSetAside).to_owned()
    } else {
        words.fill(Word::SetAside, &[&format::count(set_aside)])
    };
    match report.remarks.len() {
        0 => rows,
        count => format!("{rows} · {}", words.fill(Word::RemarkCount, &[&count.to_string()])),
    }
}

pub(super) fn report_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, counts: Option<&Counts>, desk: &mut DataDesk) {
    let dataset = &*opened.dataset;
    figures_ui(ui, scene, opened, counts);
    ui.add_space(space::M);
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(MAX_WIDTH_PX));
        tables_ui(ui, scene, dataset, desk);
        ui.add_space(space::M);
        behaviours_ui(ui, scene, dataset, counts);
        if !dataset.report.remarks.is_empty() {
            ui.add_space(space::M);
            remarks_ui(ui, scene, &dataset.report, desk);
        }
        ui.add_space(space::S);
        ui.horizontal(|ui| {
            let command = Command::ReviewColumns;
            let text = format!("{}  {}", icons::TABLE, command.name(scene.words));
            let button = ui.button(text).on_hover_text(command.tooltip(scene.words));
            if button.accessible_name(command.name(scene.words)).clicked() {
                scene.send(command);
            }
            let name = scene.words.get(Word::CopyReport);
            let button = ui.button(format!("{}  {name}", icons::COPY));
            if button.on_hover_text(scene.words.get(Word::CopyReportTip)).accessible_name(name).clicked() {
                scene.send(Command::CopyText(as_text(dataset)));
            }
        });
    });
}

/// The figures that say how large the data set is.
fn figures_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, counts: Option<&Counts>) {
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    let mut figures = vec![
        (Word::Users, format::count(dataset.user_count() as u64)),
        (Word::Items, format::count(dataset.item_count() as u64)),
        (Word::Events, format::count(dataset.events.len() as u64)),
    ];
    if let Some(counts) = counts {
        figures.push((Word::Interactions, format::count(counts.interactions)));
        let cells = dataset.user_count() as f64 * dataset.item_count() as f64;
        let density = counts.interactions as f64 * 100.0 / cells.max(1.0);
        let decimals = if density >= 1.0 { 1 } else { 3 };
        figures.push((Word::Density, format!("{density:.decimals$} %")));
    }
    if let Some(impressions) = &dataset.impressions {
        figures.push((Word::Impressions, format::count(impressions.user.len() as u64)));
    }
    if let Some(facts) = opened.facts().filter(|facts| facts.covers > 0) {
        figures.push((Word::Covers, format::count(facts.covers as u64)));
    }
    if let (Some(&first), Some(&last)) = (dataset.events.time_secs.first(), dataset.events.time_secs.last()) {
        figures.push((Word::Span, format!("{} – {}", format::date(first), format::date(last))));
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::XL, space::S);
        for (word, figure) in figures {
            ui.allocate_ui_with_layout(vec2(0.0, 40.0), Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let figure = RichText::new(figure).font(theme::strong_font(type_size::TITLE));
                ui.add(egui::Label::new(figure.color(tokens.text_strong)).extend());
                let label = RichText::new(words.get(word)).small().color(tokens.text_weak);
                ui.add(egui::Label::new(label).extend());
            });
        }
    });
}

fn tables_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, desk: &mut DataDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let small = || theme::font(type_size::SMALL);
    let (row, _) = rows::plain(ui, words.get(Word::Tables));
    let rights = [row.right() - 2.0 * FIGURE_PX, row.right() - FIGURE_PX, row.right()].map(|right| right - space::S);
    text_at(ui, row, row.left() + space::S, NAME_PX, words.get(Word::Table), small(), tokens.text_weak);
    let files_at = row.left() + NAME_PX + space::M;
    let files_px = rights[0] - FIGURE_PX - files_at;
    text_at(ui, row, files_at, files_px, words.get(Word::Files), small(), tokens.text_weak);
    for (right, word) in rights.into_iter().zip([Word::RowsRead, Word::RowsKept, Word::RowsSetAside]) {
        figure_at(ui, row, right, words.get(word), tokens.text_weak);
    }
    for (table, report) in &dataset.report.tables {
        let key = format!("table/{table}");
        let is_open = desk.unfolded_report.contains(&key);
        let figures = [report.read, report.kept, report.set_aside].map(format::count);
        let title = words.table(table);
        let name = words.fill(Word::TableRows, &[title, &figures[0], &figures[1], &figures[2]]);
        let (row, response) = rows::clickable(ui, tokens, false, &name);
        let icon = if is_open { icons::DOWN } else { icons::RIGHT };
        let at = row.left() + space::S;
        text_at(ui, row, at, 16.0, icon, small(), tokens.text_weak);
        text_at(ui, row, at + 18.0, NAME_PX - 18.0, title, theme::medium_font(type_size::BODY), tokens.text);
        let files = dataset.recognised.files.get(table).map_or("", String::as_str);
        text_at(ui, row, files_at, files_px, files, small(), tokens.text_weak);
        let aside = if report.faulty() > 0 {
            tokens.warn
        } else if report.set_aside > 0 {
            tokens.text
        } else {
            tokens.text_faint
        };
        for ((right, figure), colour) in rights.into_iter().zip(&figures).zip([tokens.text, tokens.text, aside]) {
            figure_at(ui, row, right, figure, colour);
        }
        let form = words.form(dataset.recognised.forms.get(table).map_or("", String::as_str));
        if response.on_hover_text(format!("{files}\n{form}")).clicked() {
            toggle(&mut desk.unfolded_report, key);
        }
        if is_open {
            indented(ui, |ui| table_ui(ui, scene, dataset, table, report));
        }
    }
}

fn indented(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let margin = Margin { left: 26, right: 8, top: 2, bottom: 10 };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui);
    });
}

/// Reasons with examples, then which column means what.
fn table_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, table: &str, report: &TableReport) {
    let (words, tokens) = (scene.words, scene.tokens);
    if report.reasons.is_empty() {
        ui.label(RichText::new(words.get(Word::NothingSetAside)).small().color(tokens.text_weak));
    }
    for (reason, aside) in &report.reasons {
        reason_ui(ui, scene, reason, aside, *reason != TableReport::REPEATED);
    }
    ui.add_space(space::XS);
    let recognised = &dataset.recognised;
    let columns: Vec<String> = recognised
        .columns
        .get(table)
        .into_iter()
        .flatten()
        .map(|(own, name)| {
            let meaning = words.column(own);
            if name == own { meaning.to_owned() } else { format!("{name} → {meaning}") }
        })
        .collect();
    let of = |map: &std::collections::BTreeMap<String, Vec<String>>| map.get(table).cloned().unwrap_or_default();
    for (word, names) in [
        (Word::Columns, columns),
        (Word::Attributes, of(&recognised.attributes)),
        (Word::NotUsed, of(&recognised.unused)),
    ] {
        if !names.is_empty() {
            ui.horizontal_top(|ui| {
                let (place, _) = ui.allocate_exact_size(vec2(112.0, 16.0), egui::Sense::hover());
                let label = words.get(word);
                text_at(ui, place, place.left(), 112.0, label, theme::font(type_size::SMALL), tokens.text_faint);
                let text = RichText::new(names.join("  ·  ")).small().color(tokens.text_weak);
                ui.add(egui::Label::new(text).wrap().selectable(true));
            });
        }
    }
}

/// A reason or remark, and where it was found. Faults are told from what is only to be known.
fn reason_ui(ui: &mut Ui, scene: &Scene<'_>, reason: &str, aside: &SetAside, is_fault: bool) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (icon, colour) = sign(scene, is_fault);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(RichText::new(icon).color(colour));
        ui.label(RichText::new(words.reason(reason)).color(tokens.text));
        ui.label(RichText::new(format::count(aside.count)).font(theme::medium_font(type_size::BODY)).color(colour));
    });
    examples_ui(ui, scene, aside);
}

fn sign(scene: &Scene<'_>, is_fault: bool) -> (&'static str, egui::Color32) {
    if is_fault { (icons::WARNING_FILL, scene.tokens.warn) } else { (icons::INFO, scene.tokens.text_weak) }
}

fn examples_ui(ui: &mut Ui, scene: &Scene<'_>, aside: &SetAside) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.spacing_mut().interact_size.y = 16.0;
        for example in &aside.examples {
            ui.horizontal(|ui| {
                ui.add_space(space::XL);
                let text = RichText::new(example).monospace().small().color(tokens.text_weak);
                ui.add(egui::Label::new(text).truncate().selectable(true)).on_hover_text(example);
            });
        }
        let more = aside.count.saturating_sub(aside.examples.len() as u64);
        if more > 0 && !aside.examples.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(space::XL);
                let text = words.fill(Word::AndMore, &[&format::count(more)]);
                ui.label(RichText::new(text).small().color(tokens.text_faint));
            });
        }
    });
    ui.add_space(space::XS);
}

fn behaviours_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, counts: Option<&Counts>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (row, _) = rows::plain(ui, words.get(Word::Behaviours));
    let small = || theme::font(type_size::SMALL);
    text_at(ui, row, row.left() + space::S, NAME_PX, words.get(Word::Behaviours), small(), tokens.text_weak);
    let (share_right, count_right) = (row.right() - space::S, row.right() - FIGURE_PX - space::S);
    let weight_right = row.right() - 2.0 * FIGURE_PX - space::S;
    figure_at(ui, row, weight_right, words.get(Word::Weight), tokens.text_weak);
    figure_at(ui, row, count_right, words.get(Word::Events), tokens.text_weak);
    figure_at(ui, row, share_right, words.get(Word::Share_), tokens.text_weak);
    let all = dataset.events.len() as u64;
    let order = counts
        .map_or_else(|| (0..dataset.behaviours.len()).collect::<Vec<usize>>(), |counts| counts.behaviour_order.clone());
    for kind in order {
        let behaviour = &dataset.behaviours[kind];
        let count = counts.map(|counts| counts.per_behaviour[kind]);
        let figure = count.map_or_else(|| "…".to_owned(), format::count);
        let title = words.common(&behaviour.name);
        let weight = behaviour.weight.to_string();
        let (row, response) = rows::plain(ui, &words.fill(Word::BehaviourRow, &[title, &figure, &weight]));
        let colour = tokens.behaviour(&behaviour.name);
        let at = row.left() + space::S;
        text_at(ui, row, at, 16.0, widgets::icon_of_behaviour(&behaviour.name), theme::font(type_size::BODY), colour);
        text_at(ui, row, at + 20.0, NAME_PX - 20.0, title, theme::font(type_size::BODY), tokens.text);
        let is_guess = dataset.recognised.unknown_behaviours.contains(&behaviour.name);
        figure_at(ui, row, weight_right, &weight, if is_guess { tokens.warn } else { tokens.text });
        if is_guess {
            let note = words.get(Word::WeightGuessed);
            response.on_hover_text(note);
            let galley = rows::line(ui, icons::WARNING_FILL, small(), tokens.warn, 20.0);
            let at = pos2(weight_right - 26.0 - galley.size().x, row.center().y - galley.size().y / 2.0);
            ui.painter().galley(at, galley, tokens.warn);
        }
        figure_at(ui, row, count_right, &figure, tokens.text);
        if let Some(count) = count {
            figure_at(ui, row, share_right, &percent(count, all), tokens.text_weak);
            let left = row.left() + NAME_PX + space::M;
            let right = weight_right - FIGURE_PX;
            if right > left + 40.0 {
                let track =
                    egui::Rect::from_min_max(pos2(left, row.center().y - 3.0), pos2(right, row.center().y + 3.0));
                rows::bar(ui, tokens, track, count as f64 / all.max(1) as f64, colour);
            }
        }
    }
}

/// Whether a remark tells of something wrong, and not only of something to be known.
fn is_fault(remark: &str) -> bool {
    !matches!(
        remark,
        "user_not_described" | "item_not_described" | "behaviour_of_unknown_weight" | "tag_outside_hierarchy"
    )
}

fn remarks_ui(ui: &mut Ui, scene: &Scene<'_>, report: &DataReport, desk: &mut DataDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let small = || theme::font(type_size::SMALL);
    let (row, _) = rows::plain(ui, words.get(Word::ReportRemarks));
    text_at(ui, row, row.left() + space::S, 400.0, words.get(Word::RemarksNote), small(), tokens.text_weak);
    let mut remarks: Vec<_> = report.remarks.iter().collect();
    remarks.sort_by_key(|(remark, aside)| (!is_fault(remark), std::cmp::Reverse(aside.count)));
    for (remark, aside) in remarks {
        let key = format!("remark/{remark}");
        let is_open = desk.unfolded_report.contains(&key);
        let (title, figure) = (words.reason(remark), format::count(aside.count));
        let (row, response) = rows::clickable(ui, tokens, false, &format!("{title} {figure}"));
        let at = row.left() + space::S;
        let icon = if is_open { icons::DOWN } else { icons::RIGHT };
        text_at(ui, row, at, 16.0, icon, small(), tokens.text_weak);
        let (icon, colour) = sign(scene, is_fault(remark));
        text_at(ui, row, at + 18.0, 16.0, icon, theme::font(type_size::BODY), colour);
        let width = row.right() - FIGURE_PX - at - 40.0;
        text_at(ui, row, at + 38.0, width, &title, theme::font(type_size::BODY), tokens.text);
        figure_at(ui, row, row.right() - space::S, &figure, colour);
        if response.clicked() {
            toggle(&mut desk.unfolded_report, key);
        }
        if is_open {
            indented(ui, |ui| examples_ui(ui, scene, aside));
        }
    }
}

/// The report for a message to whoever made the files; in English, as its readers may be anywhere.
fn as_text(dataset: &Dataset) -> String {
    let words = Words { language: crate::dataset::Language::English };
    let mut text = format!(
        "{}: {} users, {} items, {} events\n",
        dataset.name,
        dataset.user_count(),
        dataset.item_count(),
        dataset.events.len()
    );
    let examples = |aside: &SetAside| aside.examples.iter().map(|line| format!("    {line}\n")).collect::<String>();
    for (table, report) in &dataset.report.tables {
        let files = dataset.recognised.files.get(table).map_or("", String::as_str);
        text += &format!(
            "{table} ({files}): {} rows read, {} kept, {} set aside\n",
            report.read, report.kept, report.set_aside
        );
        for (reason, aside) in &report.reasons {
            text += &format!("  {}: {}\n{}", words.reason(reason), aside.count, examples(aside));
        }
    }
    for (remark, aside) in &dataset.report.remarks {
        text += &format!("{}: {}\n{}", words.reason(remark), aside.count, examples(aside));
    }
    text
}
