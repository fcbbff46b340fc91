//! All that is known of one run: what it was made from, what it took, what the analyst says of it.

use egui::{Label, RichText, Ui};

use super::left::fact;
use crate::ui::{
    commands::Command,
    icons, metrics,
    session::{Opened, Run, RunState, plain_number},
    theme::{self, space, type_size},
    views::{
        Scene,
        case_study::lane_about,
        training::run::{self, Standing},
    },
    widgets::{self, format},
    words::Word,
};

/// Where the name of the run is typed anew.
const LIST: &str = "details";

pub fn details_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize) {
    let Some(run) = opened.runs.get(place) else { return };
    let (words, tokens) = (scene.words, scene.tokens);
    widgets::section_title(ui, tokens, words.get(Word::Run));
    if run::is_renamed(ui.ctx(), run, LIST) {
        run::rename_ui(ui, scene, run);
    } else {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
                if widgets::icon_button(ui, icons::RENAME, words.get(Word::RunRename)).clicked() {
                    run::rename(ui.ctx(), scene, run, LIST);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Min), |ui| {
                    let title = scene.run_title(opened, place);
                    let text =
                        RichText::new(title).font(theme::strong_font(type_size::TITLE)).color(tokens.text_strong);
                    ui.add(Label::new(text).wrap());
                });
            });
        });
    }
    let about = RichText::new(words.get(lane_about(run.kind))).small().color(tokens.text_weak);
    ui.add(Label::new(about).wrap());
    ui.add_space(space::XS);
    state_ui(ui, scene, opened, place);
    run::note_ui(ui, scene, run);
    ui.add_space(space::XS);
    actions_ui(ui, scene, opened, place);
    facts_ui(ui, scene, opened, run);
}

/// How far it has come, and why it stopped.
fn state_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize) {
    let run = &opened.runs[place];
    let (words, tokens) = (scene.words, scene.tokens);
    let standing = Standing::of(scene, run);
    if let Some(status) = scene.session.run_job(place) {
        let name = scene.run_title(opened, place);
        if widgets::job_line(ui, tokens, words, status, &name) {
            scene.send(Command::Cancel(status.id));
        }
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let (at, _) = ui.allocate_exact_size(egui::vec2(12.0, 18.0), egui::Sense::hover());
        run::mark(ui.painter(), tokens, at.center(), run.kind, standing);
        let colour = if standing == Standing::Failed { tokens.error } else { tokens.text };
        ui.label(RichText::new(words.get(standing.word())).color(colour));
        if let Some(stopped) = run::stopped_at(scene, run) {
            ui.label(RichText::new(stopped).small().color(tokens.text_weak));
        }
        if matches!(standing, Standing::Failed | Standing::Cancelled)
            && ui.button(run::retry_text(scene, run)).on_hover_text(run::retry_tip(scene, run)).clicked()
        {
            run::retry(scene, opened, place);
        }
        if standing == Standing::Kept && ui.button(words.get(Word::RunOpen)).clicked() {
            scene.send(Command::OpenRun(run.id.clone()));
        }
    });
    if let RunState::Failed(message) = &run.state {
        ui.horizontal_top(|ui| {
            if widgets::icon_button(ui, icons::COPY, words.get(Word::CopyTip)).clicked() {
                scene.send(Command::CopyText(message.clone()));
            }
            ui.add(Label::new(RichText::new(message).small().color(tokens.text)).wrap().selectable(true));
        });
    }
}

fn actions_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize) {
    let (words, run) = (scene.words, &opened.runs[place]);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(space::XS, space::XS);
        let (word, refused) = run::use_offer(scene, opened, place);
        let button = ui.add_enabled(refused.is_none(), egui::Button::new(words.get(word)));
        let button = button.on_disabled_hover_text(words.get(refused.unwrap_or(word)));
        if button.clicked() {
            run::use_in_case_study(scene, run);
        }
        if ui.button(words.get(Word::RunAgain)).clicked() {
            run::train_again(scene, opened, run);
        }
    });
}

/// What it was made from, what it took and what it reached.
pub fn facts_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, run: &Run) {
    let words = scene.words;
    ui.add_space(space::S);
    fact(ui, scene, words.get(Word::MadeFrom), &opened.dataset.name);
    let print = &opened.dataset.fingerprint;
    copied_ui(ui, scene, Word::Fingerprint, print);
    copied_ui(ui, scene, Word::RunId, &run.id);
    fact(ui, scene, words.get(Word::Seed), &run.settings.seed_of(run.kind).to_string());
    fact(ui, scene, words.get(Word::CodeVersion), &run.code_version);
    let repeats = if run.settings.is_repeatable(run.kind) { Word::RepeatableYes } else { Word::RepeatableNo };
    let row = fact(ui, scene, words.get(Word::Repeatable), words.get(repeats));
    if repeats == Word::RepeatableNo {
        row.on_hover_text(words.get(Word::NotRepeatable));
    }
    if run.created_secs > 0.0 {
        fact(ui, scene, words.get(Word::MadeOn), &format::date_time(run.created_secs as i64));
    }
    if run.report.is_some() {
        fact(ui, scene, words.get(Word::BuildTime), &format::span(words, run.build_secs));
        fact(ui, scene, words.get(Word::EvaluateTime), &format::span(words, run.evaluate_secs));
        if run.peak_memory_bytes > 0 {
            let row = fact(ui, scene, words.get(Word::PeakMemory), &format::bytes(run.peak_memory_bytes));
            row.on_hover_text(words.get(Word::ColumnMemoryTip));
        }
    }
    metrics_ui(ui, scene, run);
    settings_ui(ui, scene, opened, run);
}

fn copied_ui(ui: &mut Ui, scene: &Scene<'_>, word: Word, text: &str) {
    let short = text.get(..12).unwrap_or(text);
    let row = fact(ui, scene, scene.words.get(word), short);
    row.on_hover_text(text);
}

/// Every setting that shaped it; those that differ from the lanes' stand out.
fn settings_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, run: &Run) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.add_space(space::S);
    let title = RichText::new(words.get(Word::SettingsOfRun)).font(theme::medium_font(type_size::SMALL));
    egui::CollapsingHeader::new(title.color(tokens.text_weak)).id_salt("settings of the run").show(ui, |ui| {
        let of_lanes = opened.settings.entries_of(run.kind);
        for entry in run.settings.entries_of(run.kind) {
            let (key, value) = &entry;
            let value = words.setting_value(key, &plain_number(&crate::ui::desk::text_of(key, value)));
            let row = fact(ui, scene, words.setting(key), &value);
            if !of_lanes.contains(&entry) {
                let at = row.rect.left_center() - egui::vec2(6.0, 0.0);
                ui.painter().circle_filled(at, 2.0, tokens.accent);
            }
            row.on_hover_text(words.about_setting(key));
        }
        if ui.button(words.get(Word::RunCopyJson)).clicked() {
            scene.send(Command::CopyText(run.settings_json()));
        }
    });
}

fn metrics_ui(ui: &mut Ui, scene: &Scene<'_>, run: &Run) {
    let (words, tokens) = (scene.words, scene.tokens);
    let Some(report) = &run.report else { return };
    ui.add_space(space::S);
    widgets::section_title(ui, tokens, words.get(Word::Metrics));
    fact(ui, scene, words.get(Word::Evaluated), &format::count(report.users as u64));
    // As in the evaluation.
    let mut metrics: Vec<(&String, Option<f64>)> = report.metrics.iter().map(|(name, &value)| (name, value)).collect();
    metrics.sort_by_key(|(name, _)| metrics::place_of(name));
    for (name, value) in metrics {
        let (stem, k) = name.split_once('@').map_or((name.as_str(), None), |(stem, k)| (stem, Some(k)));
        let title = words.metric(stem);
        let title = k.map_or_else(|| title.to_owned(), |k| format!("{title}@{k}"));
        let row = fact(ui, scene, &title, &format::metric(value));
        if let Some(metric) = metrics::metric_named(stem) {
            row.on_hover_text(words.get(metric.tip));
        }
    }
}
