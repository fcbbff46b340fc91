//! The data set that is open, its split and its lanes.

use egui::{Align, Layout, RichText, ScrollArea, Ui};

use crate::{
    dataset::{DataReport, split::SplitKind},
    recall::LaneKind,
    ui::{
        commands::Command,
        icons,
        selection::{Mode, Thing},
        session::{Opened, RunState},
        theme::{self, space, type_size},
        views::{Scene, case_study::lane_about},
        widgets::{self, format},
        words::Word,
    },
};

pub fn left_ui(ui: &mut Ui, scene: &Scene<'_>) {
    ScrollArea::vertical().id_salt("data panel").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        if let Some(opened) = scene.opened() {
            dataset_ui(ui, scene, opened);
            ui.add_space(space::L);
            split_ui(ui, scene, opened);
            ui.add_space(space::L);
            lanes_ui(ui, scene, opened);
            ui.add_space(space::L);
        }
        recent_ui(ui, scene);
    });
}

/// A label at the left and its value at the right.
pub(super) fn fact(ui: &mut Ui, scene: &Scene<'_>, label: &str, value: &str) -> egui::Response {
    ui.horizontal(|ui| {
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
    ui.add(egui::Label::new(name).truncate()).on_hover_text(dataset.folder.display().to_string());
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
    let title = words.fill(Word::SetAside, &[&format::count(set_aside)]);
    let is_faulty = report.tables.values().any(|table| table.faulty() > 0);
    let title = RichText::new(title).small().color(if is_faulty { tokens.warn } else { tokens.text_weak });
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

fn lanes_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        widgets::section_title(ui, tokens, words.get(Word::Lanes));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(words.get(Word::RecallAt)).small().color(tokens.text_faint));
        });
    });
    for kind in LaneKind::ALL {
        let (text, colour) = match opened.state(kind) {
            Some(RunState::Ready { trained, .. }) => {
                (format::metric(trained.report.metric("recall@20")), tokens.text_strong)
            }
            Some(RunState::Failed(_)) => (words.get(Word::Failed).to_owned(), tokens.error),
            Some(RunState::Cancelled) => (words.get(Word::Cancelled).to_owned(), tokens.text_faint),
            Some(RunState::Making(_) | RunState::Kept) | None => {
                let percent = scene.session.lane_job(kind).and_then(|status| {
                    let progress = &status.progress;
                    (progress.total > 0).then(|| format!("{} %", progress.done * 100 / progress.total))
                });
                (percent.unwrap_or_else(|| words.get(Word::Waiting).to_owned()), tokens.text_weak)
            }
        };
        let is_selected = scene.selection.is_selected(Thing::Lane(kind));
        let row = egui::Button::selectable(is_selected, format!("     {}", kind.name()))
            .right_text(RichText::new(text).color(colour))
            .min_size(egui::vec2(ui.available_width(), 26.0));
        let response = ui.add(row).on_hover_text(words.get(lane_about(kind)));
        let at = egui::pos2(response.rect.left() + 15.0, response.rect.center().y);
        ui.painter().circle_filled(at, 4.5, tokens.lane(kind));
        if response.accessible_name(format!("{} ({})", kind.name(), words.get(Word::Lanes))).clicked() {
            scene.send(Command::Select(Thing::Lane(kind), Mode::Replace));
        }
    }
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
        if ui.add(row).on_hover_text(folder.display().to_string()).clicked() {
            scene.send(Command::OpenFolder(folder.clone()));
        }
    }
}
