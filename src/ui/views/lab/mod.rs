//! The lab: arms of runs tried on the users of a made-up community, click rate and exposure depth as visitors come in.

mod charts;
mod trial;

use egui::{Frame, Margin, RichText, ScrollArea, Ui};

use self::trial::Trial;
use super::{Scene, View, network};
use crate::{
    dataset::simulate::is_made_up,
    evaluate::ab::{AbReport, Clear, Figure, Metric},
    ui::{
        commands::Command,
        desk::{LabArm, LabDesk},
        icons,
        session::{Opened, RunState},
        theme::{self, Tokens, space, type_size},
        widgets::{self, format},
        words::Word,
    },
};

/// An arm's name takes no more room in the table.
const ARM_PX: f32 = 200.0;

#[derive(Default)]
pub struct LabView {
    trial: Trial,
    /// The data set's fingerprint, and whether its users can be asked.
    made_up: Option<(String, bool)>,
}

impl View for LabView {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let scene = &*scene;
        let Some(opened) = scene.opened() else { return };
        self.trial.update();
        let is_made_up = self.is_made_up(opened);
        let runs = usable_runs(scene, opened);
        let margin = Margin { left: 16, right: 16, top: 8, bottom: 8 };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            let lacks = match (is_made_up, opened.split()) {
                (false, _) => Some(Word::LabNotMadeUp),
                (true, Some(split)) if split.reference_time_secs.is_none() => Some(Word::LabNoTime),
                (true, _) if runs.is_empty() => Some(Word::LabNoRuns),
                _ => None,
            };
            if let Some(word) = lacks {
                empty_ui(ui, scene, word);
                return;
            }
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let wished = wished(scene, opened, &runs);
                let mut desk = wished.clone();
                arms_ui(ui, scene, opened, &runs, &mut desk);
                self.bar_ui(ui, scene, opened, &runs, &mut desk);
                self.result_ui(ui, scene);
                // What is offered at first is not the analyst's yet.
                if desk != wished {
                    scene.send(Command::SetLab(Box::new(desk)));
                }
            });
        });
    }
}

impl LabView {
    fn is_made_up(&mut self, opened: &Opened) -> bool {
        let fingerprint = &opened.dataset.fingerprint;
        if let Some((known, is_made_up)) = &self.made_up
            && known == fingerprint
        {
            return *is_made_up;
        }
        // Another data set has other arms.
        self.trial = Trial::default();
        let is_made_up = is_made_up(&opened.dataset);
        self.made_up = Some((fingerprint.clone(), is_made_up));
        is_made_up
    }

    /// Start, stop, and how.
    fn bar_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, runs: &[usize], desk: &mut LabDesk) {
        let words = scene.words;
        ui.add_space(space::S);
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(28.0);
            let running = scene.session.running(self.trial.job);
            if let Some(job) = running {
                if ui.button(words.get(Word::LabStop)).clicked() {
                    scene.send(Command::Cancel(job.id));
                }
            } else {
                let arms: Vec<LabArm> = desk.arms.iter().map(|arm| present(opened, runs, arm)).collect();
                let is_ready = arms.len() > 1 && arms.iter().all(|arm| !arm.runs.is_empty());
                let button = ui.add_enabled_ui(is_ready && opened.prepared().is_some(), |ui| {
                    widgets::primary_button(ui, scene.tokens, words.get(Word::LabStart))
                });
                if button.inner.on_disabled_hover_text(words.get(Word::LabNeedsArms)).clicked() {
                    let names = arms.iter().map(|arm| arm_name(scene, opened, arm)).collect();
                    self.trial.start(scene.session, opened, &LabDesk { arms, ..desk.clone() }, names);
                }
            }
            ui.add_space(space::S);
            ui.checkbox(&mut desk.until_clear, words.get(Word::LabUntilClear))
                .on_hover_text(words.get(Word::LabUntilClearTip));
            ui.add_space(space::S);
            let label = ui.label(RichText::new(words.get(Word::LabSeed)).color(scene.tokens.text_weak));
            ui.add(egui::DragValue::new(&mut desk.seed)).labelled_by(label.id);
        });
        if let Some(job) = scene.session.running(self.trial.job)
            && widgets::job_line(ui, scene.tokens, words, job, words.get(Word::Lab))
        {
            scene.send(Command::Cancel(job.id));
        }
        if let Some(message) = scene.session.failure(self.trial.job) {
            ui.add(egui::Label::new(RichText::new(message).color(scene.tokens.error)).wrap());
        }
    }

    fn result_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let Some(report) = &self.trial.report else { return };
        ui.add_space(space::M);
        summary_ui(ui, scene, report);
        ui.add_space(space::S);
        table_ui(ui, scene, report);
        ui.add_space(space::M);
        charts::charts_ui(ui, scene, report);
    }
}

/// Runs of the present split, by place: those that are open, and those that are kept.
fn usable_runs(scene: &Scene<'_>, opened: &Opened) -> Vec<usize> {
    let is_of_split = |settings: &crate::jobs::pipeline::PipelineSettings| {
        opened.split().is_some_and(|split| split.settings == settings.split)
    };
    (0..opened.runs.len())
        .filter(|&place| {
            let run = &opened.runs[place];
            let stands = matches!(run.state, RunState::Ready { .. })
                || matches!(run.state, RunState::Kept) && scene.session.workspace.is_some();
            stands && is_of_split(&run.settings) && !scene.session.is_deleted(run)
        })
        .collect()
}

/// An arm without runs that are gone or not there yet.
fn present(opened: &Opened, runs: &[usize], arm: &LabArm) -> LabArm {
    let is_there = |id: &&String| runs.iter().any(|&run| opened.runs[run].id == **id);
    LabArm { runs: arm.runs.iter().filter(is_there).cloned().collect() }
}

/// The arms as they were arranged; at first two of the lanes that are open.
fn wished(scene: &Scene<'_>, opened: &Opened, runs: &[usize]) -> LabDesk {
    let mut desk = scene.desk.lab.clone();
    if desk.arms.is_empty() {
        let some = runs.iter().filter(|&&run| opened.is_current(run)).take(2);
        desk.arms = some.map(|&run| LabArm { runs: vec![opened.runs[run].id.clone()] }).collect();
    }
    while desk.arms.len() < 2 {
        desk.arms.push(LabArm::default());
    }
    desk
}

fn arm_name(scene: &Scene<'_>, opened: &Opened, arm: &LabArm) -> String {
    let titles: Vec<String> =
        arm.runs.iter().filter_map(|id| opened.run_of(id)).map(|run| scene.run_title(opened, run)).collect();
    titles.join(" + ")
}

/// One line an arm: its runs, and a menu of all that could be in it.
fn arms_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, runs: &[usize], desk: &mut LabDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let mut removed = None;
    let count = desk.arms.len();
    for (place, arm) in desk.arms.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            ui.set_min_height(28.0);
            ui.label(RichText::new(icons::DOT_FILL).color(tokens.category(place)));
            let number = (place + 1).to_string();
            let name = words.fill(Word::LabArm, &[&number]);
            let title = RichText::new(&name).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong);
            ui.label(title);
            let button = egui::containers::menu::MenuButton::new(words.get(Word::LabChoose));
            let (response, _) = button.ui(ui, |ui| {
                for &run in runs {
                    let id = &opened.runs[run].id;
                    let mut is_in = arm.runs.contains(id);
                    if ui.checkbox(&mut is_in, scene.run_title(opened, run)).changed() {
                        arm.toggle(id);
                    }
                }
            });
            response.accessible_name(words.fill(Word::LabChooseFor, &[&number]));
            if count > 2
                && widgets::icon_button(ui, icons::CLOSE, &words.fill(Word::LabRemoveArm, &[&number])).clicked()
            {
                removed = Some(place);
            }
            let text = match arm_name(scene, opened, &present(opened, runs, arm)) {
                name if name.is_empty() => RichText::new(words.get(Word::LabEmptyArm)).color(tokens.text_weak),
                name => RichText::new(name).color(tokens.text),
            };
            ui.add(egui::Label::new(text).truncate());
        });
    }
    if let Some(place) = removed {
        desk.arms.remove(place);
    }
    if desk.arms.len() < LabDesk::MAX_ARMS && ui.button(words.get(Word::LabAddArm)).clicked() {
        // A new arm begins as the last one: mostly one lane is added.
        let last = desk.arms.last().cloned().unwrap_or_default();
        desk.arms.push(last);
    }
}

/// How many came, and what can be said by now.
fn summary_ui(ui: &mut Ui, scene: &Scene<'_>, report: &AbReport) {
    let words = scene.words;
    let count = format::count;
    let came = words.fill(
        Word::LabCame,
        &[&count(report.visitors), &count(report.visitors_planned), &count(report.visits), &count(report.new_visitors)],
    );
    ui.label(RichText::new(came).font(theme::medium_font(type_size::BODY)).color(scene.tokens.text_strong));
    if report.is_stopped {
        ui.label(RichText::new(words.get(Word::LabStopped)).color(scene.tokens.hit));
    }
    let note = RichText::new(words.get(Word::LabNote)).small().color(scene.tokens.text_weak);
    ui.add(egui::Label::new(note).wrap());
}

fn table_ui(ui: &mut Ui, scene: &Scene<'_>, report: &AbReport) {
    let (words, tokens) = (scene.words, scene.tokens);
    let heading = |ui: &mut Ui, word: Word| {
        ui.label(RichText::new(words.get(word)).small().color(tokens.text_weak));
    };
    egui::Grid::new("lab arms").num_columns(5).spacing([18.0, 4.0]).striped(true).show(ui, |ui| {
        heading(ui, Word::LabArmTitle);
        heading(ui, Word::LabCtr);
        heading(ui, Word::LabDepth);
        heading(ui, Word::LabCtrLess);
        heading(ui, Word::LabDepthLess);
        ui.end_row();
        for (place, arm) in report.arms.iter().enumerate() {
            ui.horizontal(|ui| {
                ui.set_max_width(ARM_PX);
                ui.label(RichText::new(icons::DOT_FILL).color(tokens.category(place)));
                ui.add(egui::Label::new(RichText::new(&arm.arm).color(tokens.text)).truncate());
            });
            for metric in Metric::WATCHED {
                match arm.figures.get(metric.name()).copied().flatten() {
                    Some(Figure { value, interval }) => {
                        let places = places(metric);
                        let [low, high] = interval.map(|bound| format!("{bound:.places$}"));
                        cell_ui(ui, tokens, format!("{value:.places$}"), format!("{low} … {high}"), None);
                    }
                    None => drop(ui.label("–")),
                }
            }
            let difference = place.checked_sub(1).and_then(|place| report.differences.get(place));
            for metric in Metric::WATCHED {
                let clear = difference.and_then(|difference| difference.watched.get(metric.name()));
                let figure = difference.and_then(|difference| report.difference(difference, metric));
                match figure.zip(clear) {
                    Some((figure, clear)) => difference_ui(ui, scene, figure, clear, metric),
                    None => {
                        ui.label("");
                    }
                }
            }
            ui.end_row();
        }
    });
}

/// Decimals that are told.
fn places(metric: Metric) -> usize {
    if metric == Metric::Ctr { 4 } else { 2 }
}

/// A value, its interval under it, and what is to be said of them. On one line each: a table gives a cell no more room
/// than its column had in the frame before.
fn cell_ui(ui: &mut Ui, tokens: &Tokens, value: String, interval: String, verdict: Option<RichText>) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add(egui::Label::new(RichText::new(value).color(tokens.text_strong)).extend());
        ui.add(egui::Label::new(RichText::new(interval).small().color(tokens.text_weak)).extend());
        if let Some(verdict) = verdict {
            ui.add(egui::Label::new(verdict.small()).extend());
        }
    });
}

/// A difference with its paired interval, and whether it is clear.
fn difference_ui(ui: &mut Ui, scene: &Scene<'_>, figure: Figure, clear: &Clear, metric: Metric) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (places, Figure { value, interval: [low, high] }) = (places(metric), figure);
    let (verdict, colour) = match (clear.clear_after_visits, clear.visits_needed) {
        (Some(visits), _) => {
            let colour = if value > 0.0 { tokens.hit } else { tokens.error };
            (words.fill(Word::LabClearAfter, &[&format::count(visits)]), colour)
        }
        (None, Some(visits)) => (words.fill(Word::LabVisitsNeeded, &[&format::count(visits)]), tokens.text_weak),
        (None, None) => (words.get(Word::LabUnclear).to_owned(), tokens.text_weak),
    };
    let interval = format!("{low:+.places$} … {high:+.places$}");
    cell_ui(ui, tokens, format!("{value:+.places$}"), interval, Some(RichText::new(verdict).color(colour)));
}

/// What is lacking, and how to mend it.
fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, why: Word) {
    network::empty_ui(ui, scene, icons::CHART_LINE, Word::LabEmpty, why, |ui| {
        let (text, command) = match why {
            Word::LabNotMadeUp => (Word::OpenSample, Command::OpenSample),
            Word::LabNoTime => (Word::ShowData, Command::Show(super::ViewKind::Data)),
            _ => (Word::ShowTraining, Command::Show(super::ViewKind::Training)),
        };
        if widgets::primary_button(ui, scene.tokens, scene.words.get(text)).clicked() {
            scene.send(command);
        }
    });
}
