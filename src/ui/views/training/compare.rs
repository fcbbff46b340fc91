//! Selected runs side by side: the settings that differ, and what each reaches.

use egui::{Align, Color32, Grid, Label, Layout, RichText, ScrollArea, Sense, Ui, vec2};

use super::{curve, run};
use crate::{
    ui::{
        metrics::{self, METRICS, Metric},
        session::{Opened, Run, plain_number},
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
    workspace::{Measured, Table, Values},
};

const COLUMN_PX: f32 = 92.0;
const NAME_PX: f32 = 130.0;

pub fn compare_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, selected: &[usize]) {
    let (words, tokens) = (scene.words, scene.tokens);
    if selected.len() < 2 {
        ui.add_space(space::L);
        ui.vertical_centered(|ui| {
            ui.add(Label::new(RichText::new(words.get(Word::CompareNeeds)).color(tokens.text_faint)).wrap());
        });
        return;
    }
    let runs: Vec<&Run> = selected.iter().map(|&place| &opened.runs[place]).collect();
    ScrollArea::both().id_salt("comparison").auto_shrink(false).show(ui, |ui| {
        let spacing = vec2(space::M, space::XS);
        Grid::new("comparison of runs").num_columns(runs.len() + 1).spacing(spacing).min_row_height(20.0).show(
            ui,
            |ui| {
                widgets::export_menu(ui, scene, "comparison", || table(scene, opened, selected));
                for (&place, run) in selected.iter().zip(&runs) {
                    let colour = curve::colour(scene, opened, selected, place);
                    ui.allocate_ui_with_layout(vec2(COLUMN_PX, 20.0), Layout::right_to_left(Align::Center), |ui| {
                        let text = RichText::new(run::name(scene, run)).font(theme::medium_font(type_size::SMALL));
                        let label = Label::new(text.color(tokens.text_strong)).truncate();
                        ui.add(label).on_hover_text(scene.run_title(opened, place));
                        let (dot, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                        ui.painter().circle_filled(dot.center(), 3.5, colour);
                    });
                }
                ui.end_row();
                ui.label("");
                for run in &runs {
                    cell_ui(ui, &run::special(scene, run), tokens.text_weak, false);
                }
                ui.end_row();
                let differing = differing(&runs);
                title_ui(ui, scene, words.get(Word::CompareSettings));
                if differing.is_empty() {
                    ui.label(RichText::new(words.get(Word::CompareSame)).small().color(tokens.text_faint));
                    ui.end_row();
                }
                for (key, values) in &differing {
                    let name = words.setting(key);
                    name_ui(ui, scene, name).on_hover_text(words.about_setting(key));
                    for value in values {
                        let text =
                            value.as_ref().map_or_else(|| "–".to_owned(), |value| words.setting_value(key, value));
                        cell_ui(ui, &text, tokens.text, false);
                    }
                    ui.end_row();
                }
                let cut = cut_of(&runs);
                title_ui(ui, scene, &words.fill(Word::CompareMetrics, &[&cut.to_string()]));
                for (metric, values) in measured(&runs, cut) {
                    name_ui(ui, scene, words.get(metric.title)).on_hover_text(words.get(metric.tip));
                    let best = metrics::best(metric, &values);
                    for value in values {
                        let is_best = best.is_some() && value == best;
                        let colour = if is_best { tokens.text_strong } else { tokens.text };
                        cell_ui(ui, &format::metric(value), colour, is_best);
                    }
                    ui.end_row();
                }
                name_ui(ui, scene, words.get(Word::BuildTime));
                for run in &runs {
                    let text =
                        if run.report.is_some() { format::span(words, run.build_secs) } else { "–".to_owned() };
                    cell_ui(ui, &text, tokens.text, false);
                }
                ui.end_row();
            },
        );
    });
}

fn title_ui(ui: &mut Ui, scene: &Scene<'_>, text: &str) {
    ui.label(RichText::new(text).small().color(scene.tokens.text_faint));
    ui.end_row();
}

fn name_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str) -> egui::Response {
    ui.allocate_ui_with_layout(vec2(NAME_PX, 18.0), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(NAME_PX);
        ui.add(Label::new(RichText::new(name).small().color(scene.tokens.text_weak)).truncate())
    })
    .inner
}

fn cell_ui(ui: &mut Ui, text: &str, colour: Color32, is_strong: bool) {
    let font = if is_strong { theme::strong_font(type_size::SMALL) } else { theme::font(type_size::SMALL) };
    ui.allocate_ui_with_layout(vec2(COLUMN_PX, 18.0), Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_width(COLUMN_PX);
        ui.add(Label::new(RichText::new(text).font(font).color(colour)).truncate());
    });
}

/// Settings in which the runs differ, by key, with each run's value; `None` for a run whose lane has no such setting.
fn differing(runs: &[&Run]) -> Vec<(String, Vec<Option<String>>)> {
    let entries: Vec<Vec<(String, String)>> = runs.iter().map(|run| run.settings.entries_of(run.kind)).collect();
    let mut keys: Vec<&String> = Vec::new();
    for (key, _) in entries.iter().flatten() {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let is_one_lane = runs.iter().all(|run| run.kind == runs[0].kind);
    keys.into_iter()
        .filter_map(|key| {
            let of_run = entries.iter().map(|own| own.iter().find(|(known, _)| known == key).map(|(_, value)| value));
            let values: Vec<Option<&String>> = of_run.collect();
            // Across lanes, what only one of them has is no difference but another kind of thing.
            let is_shared = is_one_lane || values.iter().all(Option::is_some);
            let differs = values.iter().any(|value| *value != values[0]);
            let values = values.into_iter().map(|value| value.map(|value| plain_number(value))).collect();
            (is_shared && differs).then(|| (key.clone(), values))
        })
        .collect()
}

/// A row a run, with the settings that differ and what each reaches.
fn table(scene: &Scene<'_>, opened: &Opened, selected: &[usize]) -> Table {
    let runs: Vec<&Run> = selected.iter().map(|&place| &opened.runs[place]).collect();
    let words = scene.words;
    let text = |of: &dyn Fn(usize) -> String| Values::Text((0..runs.len()).map(|place| Some(of(place))).collect());
    let mut table = Table::new().with("run_id", words.get(Word::RunId), text(&|place| runs[place].id.clone())).with(
        "name",
        words.get(Word::Run),
        text(&|place| scene.run_title(opened, selected[place])),
    );
    for (key, values) in differing(&runs) {
        let title = words.setting(&key).to_owned();
        table = table.with(key, title, Values::Text(values));
    }
    let cut = cut_of(&runs);
    for (metric, _) in measured(&runs, cut) {
        let name = format!("{}@{cut}", metric.name);
        let of_run = |run: &&Run| {
            let report = run.report.as_ref()?;
            Some(Measured { value: report.metric(&name)?, interval: report.intervals.get(&name).copied() })
        };
        let cells = runs.iter().map(of_run).collect();
        table = table.with(name.clone(), words.get(metric.title), Values::Metric(cells));
    }
    let secs = runs.iter().map(|run| run.report.as_ref().map(|_| run.build_secs)).collect();
    table.with("build_secs", words.get(Word::ColumnBuild), Values::Seconds(secs))
}

/// The cut-off that is compared: 20 if any run has it, else the first that one has.
fn cut_of(runs: &[&Run]) -> usize {
    let mut cuts = runs.iter().flat_map(|run| run.settings.evaluate.ks.iter().copied());
    if cuts.clone().any(|k| k == 20) { 20 } else { cuts.next().unwrap_or(20) }
}

/// The metrics that any of the runs has at the cut-off, with each run's.
fn measured(runs: &[&Run], cut: usize) -> Vec<(&'static Metric, Vec<Option<f64>>)> {
    let of_metric = |metric: &'static Metric| {
        let name = format!("{}@{cut}", metric.name);
        let value = |run: &&Run| run.report.as_ref().and_then(|report| report.metric(&name));
        (metric, runs.iter().map(value).collect::<Vec<_>>())
    };
    METRICS.iter().map(of_metric).filter(|(_, values)| values.iter().any(Option::is_some)).collect()
}
