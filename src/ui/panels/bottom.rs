//! Background work: one quiet line when all is done, a row for each job while something runs.

use egui::{Align, Layout, RichText, ScrollArea, Ui};

use crate::{
    jobs::{JobState, JobStatus},
    recall::LaneKind,
    task::Progress,
    ui::{
        commands::Command,
        icons, session,
        theme::{self, space, type_size},
        views::{Scene, training::run::Standing},
        widgets,
        words::Word,
    },
};

pub fn bottom_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_live = |status: &&JobStatus| !status.state.is_finished();
    let live: Vec<&JobStatus> = scene.session.jobs().iter().filter(is_live).collect();
    ui.horizontal(|ui| {
        ui.set_min_height(22.0);
        ui.spacing_mut().item_spacing.x = space::S;
        let (icon, colour, text) = if live.is_empty() {
            (icons::DONE, tokens.text_faint, words.get(Word::AllDone).to_owned())
        } else {
            let queued = live.iter().filter(|status| status.state == JobState::Queued).count();
            let running = (live.len() - queued).to_string();
            let text = match queued {
                0 => words.fill(Word::Running, &[&running]),
                _ => words.fill(Word::RunningQueued, &[&running, &queued.to_string()]),
            };
            (icons::JOBS, tokens.accent, text)
        };
        ui.label(RichText::new(icon).color(colour));
        ui.label(RichText::new(text).small().color(tokens.text_weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let icon = if scene.desk.layout.jobs_open { icons::DOWN } else { icons::UP };
            if widgets::icon_button(ui, icon, Command::ToggleJobs.name(words)).clicked() {
                scene.send(Command::ToggleJobs);
            }
            let has_finished = scene.session.jobs().iter().any(|status| status.state.is_finished());
            if scene.desk.layout.jobs_open
                && has_finished
                && widgets::icon_button(ui, icons::DELETE, Command::ClearJobs.name(words)).clicked()
            {
                scene.send(Command::ClearJobs);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if let Some(first) = live.first()
                    && !scene.desk.layout.jobs_open
                {
                    let name = job_name(scene, first);
                    ui.label(RichText::new(&name).font(theme::medium_font(type_size::SMALL)).color(tokens.text));
                    line_ui(ui, scene, first, &name);
                }
            });
        });
    });
    if scene.desk.layout.jobs_open {
        ScrollArea::vertical().max_height(150.0).min_scrolled_height(150.0).auto_shrink([false, true]).show(ui, |ui| {
            waiting_ui(ui, scene);
            for status in scene.session.jobs().iter().rev() {
                job_ui(ui, scene, status);
            }
        });
    }
}

/// Runs that have no job yet, since what they stand on is still being made.
fn waiting_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(opened) = scene.opened() else { return };
    for run in opened.runs.iter().filter(|run| Standing::of(scene, run) == Standing::WaitsForSplit) {
        ui.horizontal(|ui| {
            ui.set_min_height(26.0);
            name_ui(ui, scene, &scene.words.fill(Word::JobLane, &[run.kind.name()]));
            let waits = RichText::new(scene.words.get(Word::StateSplit)).small().color(scene.tokens.text_weak);
            ui.label(waits);
        });
    }
}

/// What a row is about, in a column of its own.
fn name_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str) {
    const NAME_PX: f32 = 190.0;
    ui.allocate_ui_with_layout(egui::vec2(NAME_PX, 20.0), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(NAME_PX);
        let text = RichText::new(name).font(theme::medium_font(type_size::SMALL)).color(scene.tokens.text);
        ui.add(egui::Label::new(text).truncate());
    });
}

/// A job's bar; one that waits for the graphs that another builds says so.
fn line_ui(ui: &mut Ui, scene: &Scene<'_>, status: &JobStatus, name: &str) {
    let mut jobs = scene.session.jobs().iter();
    let are_built = jobs.any(|job| job.name == session::GRAPHS && job.state == JobState::Running);
    let has_begun = !status.progress.stage.is_empty();
    let waits = status.name == LaneKind::ItemCf.name() && status.state == JobState::Running && !has_begun && are_built;
    let told;
    let shown = if waits {
        let stage = scene.words.get(Word::StateGraphs).to_owned();
        told = JobStatus { progress: Progress { stage, ..Progress::default() }, ..status.clone() };
        &told
    } else {
        status
    };
    if widgets::job_line(ui, scene.tokens, scene.words, shown, name) {
        scene.send(Command::Cancel(status.id));
    }
}

fn job_ui(ui: &mut Ui, scene: &Scene<'_>, status: &JobStatus) {
    let (words, tokens) = (scene.words, scene.tokens);
    let name = job_name(scene, status);
    ui.horizontal(|ui| {
        ui.set_min_height(26.0);
        name_ui(ui, scene, &name);
        let (icon, colour, text) = match &status.state {
            JobState::Queued | JobState::Running => {
                line_ui(ui, scene, status, &name);
                return;
            }
            JobState::Done => (icons::DONE, tokens.hit, words.get(Word::Ready)),
            JobState::Cancelled => (icons::MISS, tokens.text_faint, words.get(Word::Cancelled)),
            JobState::Failed(message) => (icons::ERROR_FILL, tokens.error, message.as_str()),
        };
        ui.label(RichText::new(icon).color(colour));
        ui.add(egui::Label::new(RichText::new(text).small().color(tokens.text_weak)).truncate());
        if let JobState::Failed(message) = &status.state
            && widgets::icon_button(ui, icons::COPY, words.get(Word::CopyTip)).clicked()
        {
            scene.send(Command::CopyText(message.clone()));
        }
    });
}

/// A job's name in words; the session names jobs by lane, by folder, or by what they prepare.
fn job_name(scene: &Scene<'_>, status: &JobStatus) -> String {
    let words = scene.words;
    if LaneKind::from_name(&status.name).is_some() {
        words.fill(Word::JobLane, &[&status.name])
    } else if status.name == session::GRAPHS {
        words.fill(Word::JobGraphs, &[scene.opened().map_or("", |opened| opened.dataset.name.as_str())])
    } else if status.name == session::PREPARE {
        words.fill(Word::JobPrepare, &[scene.opened().map_or("", |opened| opened.dataset.name.as_str())])
    } else if status.name == session::EVALUATION {
        words.get(Word::JobEvaluation).to_owned()
    } else if status.name == session::NETWORK {
        words.get(Word::JobNetwork).to_owned()
    } else if status.name == session::TUNING {
        words.get(Word::MixTitle).to_owned()
    } else if status.name == session::LAB {
        words.get(Word::Lab).to_owned()
    } else if let Some(file) = status.name.strip_prefix(session::SAVE) {
        words.fill(Word::JobSave, &[file])
    } else {
        words.fill(Word::JobLoad, &[&status.name])
    }
}
