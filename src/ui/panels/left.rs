//! The data set that is open, its split and its lanes.

use std::path::Path;

use egui::{Align, Layout, RichText, ScrollArea, Ui};

use crate::{
    dataset::{DataReport, split::SplitKind},
    jobs::JobState,
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::TrainingDesk,
        icons,
        selection::{Mode, Thing},
        session::{self, Opened},
        theme::{self, space, type_size},
        views::{
            Scene, ViewKind,
            case_study::lane_about,
            training::run::{self, Standing},
        },
        widgets::{self, format},
        words::Word,
    },
};

/// Where the name of a run is typed anew.
const LIST: &str = "panel";

pub fn left_ui(ui: &mut Ui, scene: &Scene<'_>) {
    ScrollArea::vertical().id_salt("data panel").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        if let Some(opened) = scene.opened() {
            dataset_ui(ui, scene, opened);
            ui.add_space(space::L);
            split_ui(ui, scene, opened);
            ui.add_space(space::L);
            graphs_ui(ui, scene, opened);
            ui.add_space(space::L);
            lanes_ui(ui, scene, opened);
            ui.add_space(space::L);
        }
        recent_ui(ui, scene);
    });
}

/// A label at the left and its value at the right.
pub(super) fn fact(ui: &mut Ui, scene: &Scene<'_>, label: &str, value: &str) -> egui::Response {
    let row = egui::vec2(ui.available_width(), 18.0);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.label(RichText::new(label).small().color(scene.tokens.text_weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(egui::Label::new(RichText::new(value).small().color(scene.tokens.text)).truncate());
        });
    })
    .response
}

fn dataset_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    ui.horizontal(|ui| {
        widgets::section_title(ui, tokens, words.get(Word::DataSet));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::icon_button(ui, icons::FOLDER_OPEN, Command::Open.name(words)).clicked() {
                scene.send(Command::Open);
            }
        });
    });
    let name = RichText::new(&dataset.name).font(theme::strong_font(type_size::TITLE)).color(tokens.text_strong);
    let label = ui.add(egui::Label::new(name).truncate().sense(egui::Sense::click()));
    label
        .on_hover_text(dataset.folder.display().to_string())
        .context_menu(|ui| folder_menu_ui(ui, scene, &dataset.folder, true));
    if scene.session.workspace.as_ref().is_some_and(|workspace| workspace.is_read_only()) {
        let note = RichText::new(words.get(Word::ReadOnlyCopy)).small().color(tokens.warn);
        ui.label(note).on_hover_text(words.get(Word::ReadOnlyCopyTip));
    }
    ui.add_space(space::XS);
    fact(ui, scene, words.get(Word::Users), &format::count(dataset.user_count() as u64));
    fact(ui, scene, words.get(Word::Items), &format::count(dataset.item_count() as u64));
    fact(ui, scene, words.get(Word::Events), &format::count(dataset.events.len() as u64));
    if let Some(facts) = opened.facts() {
        let share = facts.covers as f64 * 100.0 / dataset.item_count().max(1) as f64;
        fact(ui, scene, words.get(Word::Covers), &format!("{} ({share:.0} %)", format::count(facts.covers as u64)));
    }
    if let (Some(&first), Some(&last)) = (dataset.events.time_secs.first(), dataset.events.time_secs.last()) {
        fact(ui, scene, words.get(Word::From), &format::date(first));
        fact(ui, scene, words.get(Word::To), &format::date(last));
    }
    report_ui(ui, scene, &dataset.report);
}

fn report_ui(ui: &mut Ui, scene: &Scene<'_>, report: &DataReport) {
    let (words, tokens) = (scene.words, scene.tokens);
    let set_aside: u64 = report.tables.values().map(|table| table.set_aside).sum();
    if set_aside == 0 && report.remarks.is_empty() {
        ui.label(RichText::new(words.get(Word::NothingSetAside)).small().color(tokens.text_faint));
        return;
    }
    let word_of = |remark: &str| match remark {
        "cover_missing" => Word::CoversMissing,
        // It is shown all the same.
        "cover_wrong_type" => Word::Remarks,
        _ if remark.starts_with("cover_") => Word::CoversRefused,
        _ => Word::Remarks,
    };
    let sum = |word: Word| -> u64 {
        let of_word = report.remarks.iter().filter(|(remark, _)| word_of(remark) == word);
        of_word.map(|(_, aside)| aside.count).sum()
    };
    let remarked = [Word::CoversRefused, Word::CoversMissing, Word::Remarks].map(|word| (word, sum(word)));
    let parts = [(Word::SetAside, set_aside)].into_iter().chain(remarked);
    let parts = parts.filter(|&(_, count)| count > 0);
    let told = |(word, count): (Word, u64)| match (word, count) {
        (Word::SetAside, 1) => words.get(Word::SetAsideOne).to_owned(),
        (Word::CoversRefused, 1) => words.get(Word::CoversRefusedOne).to_owned(),
        (Word::CoversMissing, 1) => words.get(Word::CoversMissingOne).to_owned(),
        (Word::Remarks, 1) => words.get(Word::RemarksOne).to_owned(),
        _ => words.fill(word, &[&format::count(count)]),
    };
    let title: Vec<String> = parts.map(told).collect();
    let is_faulty = report.tables.values().any(|table| table.faulty() > 0);
    let title = RichText::new(title.join(" · ")).small().color(if is_faulty { tokens.warn } else { tokens.text_weak });
    egui::CollapsingHeader::new(title).id_salt("data report").show(ui, |ui| {
        let reasons = report.tables.iter().flat_map(|(table, rows)| {
            rows.reasons.iter().map(move |(reason, aside)| (format!("{table}, {}", reason.replace('_', " ")), aside))
        });
        let remarks = report.remarks.iter().map(|(remark, aside)| (remark.replace('_', " "), aside));
        for (name, aside) in reasons.chain(remarks) {
            let row = fact(ui, scene, &name, &format::count(aside.count));
            row.on_hover_text(aside.examples.join("\n"));
        }
    });
}

fn split_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let words = scene.words;
    widgets::section_title(ui, scene.tokens, words.get(Word::SplitLabel));
    let Some(prepared) = opened.prepared() else {
        ui.label(RichText::new(words.get(Word::Preparing)).small().color(scene.tokens.text_faint));
        return;
    };
    let split = &prepared.split;
    let kind = match (split.settings.kind, split.reference_time_secs) {
        (SplitKind::Temporal, reference) => {
            words.fill(Word::SplitTemporal, &[&reference.map(format::date).unwrap_or_default()])
        }
        (SplitKind::Random, _) => words.get(Word::SplitRandom).to_owned(),
        (SplitKind::UserTime, _) => words.get(Word::SplitUserTime).to_owned(),
        (SplitKind::LeaveLastOut, _) => words.get(Word::SplitLeaveLastOut).to_owned(),
        (SplitKind::Given, _) => words.get(Word::SplitGiven).to_owned(),
    };
    ui.label(RichText::new(kind).color(scene.tokens.text));
    fact(ui, scene, words.get(Word::TrainPart), &format::count(split.train.len() as u64));
    if split.reference_time_secs.is_some() {
        let window = split.settings.window_days.map_or_else(
            || words.get(Word::WindowAll).to_owned(),
            |days| words.fill(Word::WindowDays, &[&days.to_string()]),
        );
        let count = format::count(split.window.len() as u64);
        fact(ui, scene, words.get(Word::WindowLabel), &count).on_hover_text(window);
    }
    fact(ui, scene, words.get(Word::TestPart), &format::count(split.test.len() as u64));
}

fn graphs_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    let title = widgets::section_title(ui, tokens, words.get(Word::Graphs));
    let Some(graphs) = opened.prepared().and_then(|prepared| prepared.graphs_if_built()) else {
        let mut jobs = scene.session.jobs().iter();
        let job = jobs.find(|job| job.name == session::GRAPHS && !job.state.is_finished());
        let text = match job.map(|job| (&job.state, widgets::fraction(job))) {
            Some((JobState::Running, Some(fraction))) => format!("{:.0} %", fraction * 100.0),
            Some((JobState::Running, None)) => words.get(Word::StageCounting).to_owned(),
            _ => words.get(Word::Waiting).to_owned(),
        };
        ui.label(RichText::new(text).small().color(tokens.text_faint));
        return;
    };
    let counts = &graphs.counts;
    let figures = [
        (Word::GraphUserItem, counts.user_item_edges),
        (Word::GraphItemItem, counts.item_item_edges),
        (Word::GraphIsolated, counts.isolated_items),
    ];
    let rows = figures.map(|(word, count)| fact(ui, scene, words.get(word), &format::count(count as u64)));
    let [users, items, isolated] = rows;
    let joined = [counts.joined_by_attributes, counts.attribute_edges].map(|count| format::count(count as u64));
    let isolated = isolated.on_hover_text(words.fill(Word::GraphIsolatedTip, &[&joined[0], &joined[1]]));
    let whole = (title | users | items | isolated).interact(egui::Sense::click());
    whole.context_menu(|ui| {
        if ui.button(words.get(Word::CopyFigures)).clicked() {
            let lines = figures.map(|(word, count)| format!("{}\t{count}", words.get(word)));
            scene.send(Command::CopyText(lines.join("\n")));
            ui.close();
        }
    });
}

fn lanes_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        widgets::section_title(ui, tokens, words.get(Word::Lanes));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(words.get(Word::RecallAt)).small().color(tokens.text_faint));
        });
    });
    for kind in LaneKind::ALL {
        let is_selected = scene.selection.is_selected(Thing::Lane(kind));
        let current = opened.current(kind);
        let name = format!("{} ({})", kind.name(), words.get(Word::Lanes));
        let response = run_row_ui(ui, scene, opened, current, kind, &name, is_selected);
        if response.on_hover_text(words.get(lane_about(kind))).clicked() {
            scene.send(Command::Select(Thing::Lane(kind), Mode::Replace));
            if current.is_none() {
                scene.send(Command::SetTraining(Box::new(TrainingDesk { kind, ..scene.desk.training.clone() })));
                scene.send(Command::Show(ViewKind::Training));
            }
        }
        let is_other = |&place: &usize| {
            let run = &opened.runs[place];
            run.kind == kind && Some(place) != current && !scene.session.is_deleted(run)
        };
        for place in (0..opened.runs.len()).filter(is_other) {
            other_run_ui(ui, scene, opened, place);
        }
    }
    mixes_ui(ui, scene, opened);
}

/// Mixes that are kept, and the way to another.
fn mixes_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        widgets::section_title(ui, tokens, words.get(Word::Mixes));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::icon_button(ui, icons::ADD, words.get(Word::Mixer)).clicked() {
                scene.send(Command::Mixer);
            }
        });
    });
    let is_mix = |&place: &usize| {
        let run = &opened.runs[place];
        run.kind == LaneKind::Mix && !scene.session.is_deleted(run)
    };
    let mixes: Vec<usize> = (0..opened.runs.len()).filter(is_mix).collect();
    if mixes.is_empty() {
        ui.add(egui::Label::new(RichText::new(words.get(Word::NoMixes)).small().color(tokens.text_faint)).wrap());
    }
    for place in mixes {
        other_run_ui(ui, scene, opened, place);
    }
}

/// A run under the one that stands for its lane.
fn other_run_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize) {
    let run = &opened.runs[place];
    if run::is_renamed(ui.ctx(), run, LIST) {
        ui.horizontal(|ui| {
            ui.add_space(space::L);
            run::rename_ui(ui, scene, run);
        });
        return;
    }
    let thing = Thing::Run(place as u32);
    let is_selected = scene.selection.is_selected(thing);
    let title = scene.run_title(opened, place);
    let response = run_row_ui(ui, scene, opened, Some(place), run.kind, &title, is_selected);
    let response = response.on_hover_text(title);
    if response.double_clicked() {
        scene.send(Command::OpenRun(run.id.clone()));
    }
    if response.clicked() {
        let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
        scene.send(Command::Select(thing, mode));
    }
    if response.has_focus() {
        let pressed = |key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
        if pressed(egui::Key::F2) {
            run::rename(ui.ctx(), scene, run, LIST);
        } else if pressed(egui::Key::Delete) {
            scene.send(Command::DeleteRun(run.id.clone()));
        }
    }
}

/// One row: how far it has come, what it is called, what it reaches.
fn run_row_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    place: Option<usize>,
    kind: LaneKind,
    name: &str,
    is_selected: bool,
) -> egui::Response {
    let (words, tokens) = (scene.words, scene.tokens);
    let run = place.and_then(|place| opened.runs.get(place));
    let is_lane = place == opened.current(kind);
    let standing = run.map_or(Standing::WaitsForSplit, |run| Standing::of(scene, run));
    let reached = || run.and_then(|run| run.report.as_ref()?.metric("recall@20"));
    let (text, colour) = match standing {
        Standing::Ready => (format::metric(reached()), tokens.text_strong),
        Standing::Kept => (format::metric(reached()), tokens.text_weak),
        Standing::Failed => (words.get(Word::Failed).to_owned(), tokens.error),
        Standing::Cancelled if run.is_some_and(|run| run.resumes.is_some()) => {
            (words.get(Word::StoppedShort).to_owned(), tokens.text_weak)
        }
        Standing::Cancelled => (words.get(Word::Cancelled).to_owned(), tokens.text_faint),
        _ if run.is_none() && !LaneKind::QUICK.contains(&kind) => {
            (words.get(Word::NotTrained).to_owned(), tokens.text_faint)
        }
        Standing::Making | Standing::Queued | Standing::WaitsForSplit => {
            let fraction = place.and_then(|place| scene.session.run_job(place)).and_then(widgets::fraction);
            let percent = fraction.map(|fraction| format!("{:.0} %", fraction * 100.0));
            (percent.unwrap_or_else(|| words.get(Word::Waiting).to_owned()), tokens.text_weak)
        }
    };
    let height = if is_lane { 26.0 } else { 23.0 };
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), height), egui::Sense::hover());
    let id = egui::Id::unique(("run in the data panel", kind, run.map(|run| &run.id)));
    let response = ui.interact(rect, id, egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_selected, name));
    let painter = ui.painter();
    if is_selected {
        painter.rect_filled(rect, theme::radius::COVER, tokens.accent_soft);
    } else if response.hovered() {
        painter.rect_filled(rect, theme::radius::COVER, tokens.raised_hover);
    }
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.0, tokens.accent);
        painter.rect_stroke(rect, theme::radius::COVER, stroke, egui::StrokeKind::Inside);
    }
    let indent = if is_lane { 0.0 } else { 14.0 };
    let mark = egui::pos2(rect.left() + 12.0 + indent, rect.center().y);
    run::mark(painter, tokens, mark, kind, standing);
    let (size, right) = if is_lane { (type_size::BODY, 8.0) } else { (type_size::SMALL, 8.0) };
    let figure = painter.layout_no_wrap(text, theme::font(size), colour);
    let figure_px = figure.size().x;
    let y = |galley: &egui::Galley| rect.center().y - galley.size().y / 2.0;
    painter.galley(egui::pos2(rect.right() - right - figure_px, y(&figure)), figure, colour);
    let shown = match run {
        Some(run) if !is_lane => {
            let own = run::name(scene, run);
            if own == kind.name() { run::special(scene, run) } else { own.to_owned() }
        }
        _ => kind.name().to_owned(),
    };
    let colour = if is_lane { tokens.text } else { tokens.text_weak };
    let mut job = egui::text::LayoutJob::simple_singleline(shown, theme::font(size), colour);
    let left = rect.left() + 24.0 + indent;
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.right() - right - figure_px - space::S - left);
    let label = painter.layout_job(job);
    painter.galley(egui::pos2(left, y(&label)), label, colour);
    if let Some(place) = place {
        response.context_menu(|ui| run::menu_ui(ui, scene, opened, place, if is_lane { "details" } else { LIST }));
    }
    response
}

fn recent_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let here = scene.opened().map(|opened| opened.dataset.folder.as_path());
    let others: Vec<_> =
        scene.session.recent.iter().filter(|(folder, _)| Some(folder.as_path()) != here).take(6).collect();
    if others.is_empty() {
        return;
    }
    widgets::section_title(ui, scene.tokens, scene.words.get(Word::Recent));
    for (folder, name) in others {
        let row = egui::Button::selectable(false, format!("{}  {name}", icons::FOLDER))
            .truncate()
            .min_size(egui::vec2(ui.available_width(), 26.0));
        let response = ui.add(row).on_hover_text(folder.display().to_string());
        let response = response.accessible_name(name);
        if response.clicked() {
            scene.send(Command::OpenFolder(folder.clone()));
        }
        response.context_menu(|ui| folder_menu_ui(ui, scene, folder, false));
    }
}

/// What can be done with a data set that is open or was.
fn folder_menu_ui(ui: &mut Ui, scene: &Scene<'_>, folder: &Path, is_open: bool) {
    let words = scene.words;
    let mut entry = |word: Word, command: Command| {
        if ui.button(words.get(word)).clicked() {
            scene.send(command);
            ui.close();
        }
    };
    if !is_open {
        entry(Word::OpenNow, Command::OpenFolder(folder.to_owned()));
    }
    entry(Word::CopyPath, Command::CopyText(folder.display().to_string()));
    if !is_open {
        entry(Word::RemoveRecent, Command::ForgetRecent(folder.to_owned()));
    }
}
