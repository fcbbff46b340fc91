//! Lanes and runs by metric and slice: a table with intervals, what tells two of them apart, charts, and the users
//! behind the figures.

mod background;
mod charts;
mod compare;
mod exposure;
mod rows;
mod users;

use egui::{ComboBox, Frame, Margin, RichText, ScrollArea, Ui, UiBuilder, vec2};

use self::{
    background::Background,
    rows::{Rows, slice_title},
};
use super::{Scene, View, training};
use crate::{
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::{Detail, EvaluationDesk, Sort},
        icons,
        metrics::{METRICS, metric_named},
        selection::{Mode, Thing},
        session::{Opened, RunState},
        theme::{self, space, type_size},
        widgets::{self, DataTable, TableState},
        words::Word,
    },
};

/// More lines than these make a chart that nobody can read.
const MAX_LINES: usize = 12;
/// What the view needs to show everything; below that it scrolls.
const MIN_HEIGHT: f32 = 480.0;

#[derive(Default)]
pub struct Evaluation {
    rows: Rows,
    background: Background,
    table: TableState,
    users: TableState,
    exposure: TableState,
}

impl View for Evaluation {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let mut desk = scene.desk.evaluation.clone();
        self.rows.prepare(scene, opened, &desk);
        self.background.update();
        if !self.rows.ks.is_empty() && !self.rows.ks.contains(&desk.k) {
            desk.k = nearest(&self.rows.ks, desk.k);
        }
        let margin = Margin { left: 16, right: 16, top: 8, bottom: 8 };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            if self.rows.rows.is_empty() {
                empty_ui(ui, scene, opened);
                return;
            }
            let height = ui.available_height();
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.set_min_height(height.max(MIN_HEIGHT));
                self.content_ui(ui, scene, opened, &mut desk, height.max(MIN_HEIGHT));
            });
        });
        if desk != scene.desk.evaluation {
            scene.send(Command::SetEvaluation(Box::new(desk)));
        }
    }
}

impl Evaluation {
    fn content_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        desk: &mut EvaluationDesk,
        height: f32,
    ) {
        let top = ui.cursor().top();
        toolbar_ui(ui, scene, opened, &self.rows, desk);
        making_ui(ui, scene, opened);
        ui.add_space(space::XS);
        self.table_ui(ui, scene, opened, desk, height);
        ui.add_space(space::S);
        compare::compare_ui(ui, scene, opened, &self.rows, desk, &mut self.background);
        ui.add_space(space::XS);
        self.below_bar_ui(ui, scene, desk);
        let left = (height - (ui.cursor().top() - top)).max(charts::MIN_HEIGHT + space::S);
        let size = vec2(ui.available_width(), left);
        let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(egui::Layout::top_down(egui::Align::Min)));
        match desk.below {
            Detail::Charts => charts::charts_ui(&mut ui, scene, opened, &self.rows, desk, &mut self.background),
            Detail::Exposure => {
                let Self { rows, background, exposure, .. } = self;
                exposure::exposure_ui(&mut ui, scene, opened, rows, desk, background, exposure);
            }
            Detail::Users => {
                let Self { rows, background, users, .. } = self;
                users::users_ui(&mut ui, scene, opened, rows, desk, background, users);
            }
        }
    }

    fn table_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut EvaluationDesk, height: f32) {
        let rows = &self.rows;
        let slice = if desk.slice.is_empty() { "all" } else { &desk.slice };
        let file = format!("{}-evaluation-{}@{}", opened.dataset.name, slice.replace(':', "-"), desk.k);
        let colour = |row: usize| rows.rows[row].colour(scene.tokens);
        let marker = |row: usize| rows.rows[row].marker();
        let is_best = |row: usize, column: usize| rows.is_best(row, column);
        let is_held = |row: usize| desk.held.contains(&rows.rows[row].id);
        let id_of = |row: usize| rows.rows[row].id.clone();
        let table = DataTable::new(&rows.table, scene.words.get(Word::Evaluation), file)
            .bars()
            .colour(&colour)
            .marker(&marker)
            .best(&is_best)
            .held(&is_held)
            .id_of(&id_of);
        let size = vec2(ui.available_width(), table.full_height().min((height * 0.42).max(150.0)));
        let sort = desk.sort.as_ref().map(|sort| Sort { column: with_k(&sort.column, desk.k), ..sort.clone() });
        let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
        let events = table.show(&mut ui, scene, &mut self.table, sort.as_ref());
        if let Some(sort) = events.sort {
            let column = sort.column.split('@').next().unwrap_or_default().to_owned();
            desk.sort = Some(Sort { column, ..sort });
        }
        if let Some((row, keys)) = events.clicked {
            let row = &rows.rows[row];
            desk.hold(&row.id, keys.command);
            let mode = if keys.command { Mode::Toggle } else { Mode::Replace };
            scene.send(Command::Select(Thing::Run(row.run as u32), mode));
        }
        if let Some(row) = events.opened {
            desk.opened = Some(rows.rows[row].id.clone());
            desk.below = Detail::Users;
        }
        if let Some(row) = events.hovered {
            scene.send(Command::Hover(Thing::Run(rows.rows[row].run as u32)));
        }
    }

    /// What stands below the table.
    fn below_bar_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, desk: &mut EvaluationDesk) {
        let words = scene.words;
        ui.horizontal(|ui| {
            ui.set_min_height(26.0);
            for (below, icon, word) in [
                (Detail::Charts, icons::CHART_LINE, Word::Charts),
                (Detail::Exposure, icons::POPULAR, Word::WhoGetsWhat),
                (Detail::Users, icons::USERS, Word::UsersOfRow),
            ] {
                let text = format!("{icon}  {}", words.get(word));
                let button = ui.selectable_label(desk.below == below, text);
                if button.accessible_name(words.get(word)).clicked() {
                    desk.below = below;
                    if below == Detail::Users {
                        // The row that is held now, and not one that was opened long ago.
                        desk.opened = desk.held.last().cloned().or(desk.opened.take());
                    }
                }
            }
            if self.background.has_broken_off(scene.session) && ui.button(words.get(Word::Retry)).clicked() {
                self.background.retry(scene.session);
            }
        });
    }
}

/// Slice, K and metrics, and over whom the figures are.
fn toolbar_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, rows: &Rows, desk: &mut EvaluationDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let title_of = |name: &str| slice_title(words, name, |value| scene.label(&opened.dataset, value).to_owned());
    let count = |users: usize| widgets::format::count(users as u64);
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        let all = rows.rows.iter().map(|row| row.report.users).max().unwrap_or(0);
        let combo = ComboBox::from_id_salt("slice").selected_text(title_of(&desk.slice)).height(420.0).width(150.0);
        let response = combo
            .show_ui(ui, |ui| {
                let slices = std::iter::once(("", all)).chain(rows.slices.iter().map(|(name, n)| (name.as_str(), *n)));
                for (name, users) in slices {
                    let text = format!("{}  ({})", title_of(name), count(users));
                    let is_chosen = desk.slice == name;
                    if ui.selectable_label(is_chosen, text).clicked() {
                        name.clone_into(&mut desk.slice);
                    }
                }
            })
            .response;
        response.accessible_name(words.get(Word::Slice));
        ui.add_space(space::S);
        ui.label(RichText::new("K").color(tokens.text_weak));
        ui.spacing_mut().item_spacing.x = 2.0;
        for &k in &rows.ks {
            let button = ui.selectable_label(desk.k == k, k.to_string());
            if button.accessible_name(words.fill(Word::FirstK, &[&k.to_string()])).clicked() {
                desk.k = k;
            }
        }
        ui.spacing_mut().item_spacing.x = space::S;
        ui.add_space(space::S);
        let metrics = format!("{}  {} ({})", icons::ADJUST, words.get(Word::Metrics), desk.metrics.len());
        let close = egui::PopupCloseBehavior::CloseOnClickOutside;
        let button = egui::containers::menu::MenuButton::new(metrics)
            .config(egui::containers::menu::MenuConfig::default().close_behavior(close));
        let (response, _) = button.ui(ui, |ui| {
            for metric in &METRICS {
                let mut is_shown = desk.metrics.iter().any(|name| name == metric.name);
                let check = ui.checkbox(&mut is_shown, words.get(metric.title));
                if check.on_hover_text(words.get(metric.tip)).changed() {
                    if is_shown {
                        desk.metrics.push(metric.name.to_owned());
                    } else {
                        desk.metrics.retain(|name| name != metric.name);
                    }
                }
            }
        });
        response.accessible_name(words.get(Word::ChooseMetrics));
        if ui.available_width() < 90.0 {
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let all = count(opened.dataset.user_count());
            let over = rows.rows.iter().filter(|row| row.is_of_split).map(|row| row.users(&desk.slice)).max();
            let text = match over.unwrap_or(0) {
                0 => words.get(Word::NobodyInSlice).to_owned(),
                over => words.fill(Word::OverSlice, &[&count(over)]),
            };
            let label = ui.add(egui::Label::new(RichText::new(text).small().color(tokens.text_weak)).truncate());
            label.on_hover_text(words.fill(Word::MeasuredTip, &[&all, &count(over.unwrap_or(0))]));
        });
    });
    if rows.rows.iter().all(|row| row.report.users == 0) {
        ui.label(RichText::new(words.get(Word::NobodyMeasured)).color(tokens.warn));
    }
}

/// Lanes that are still on their way, or that failed.
fn making_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let words = scene.words;
    for (place, run) in opened.runs.iter().enumerate() {
        if run.report.is_some() || scene.session.is_deleted(run) {
            continue;
        }
        match &run.state {
            RunState::Making(_) => {
                ui.horizontal(|ui| {
                    ui.set_min_height(24.0);
                    training::run::making_row_ui(ui, scene, opened, place);
                });
            }
            RunState::Failed(message) => broken_ui(ui, scene, opened, place, message),
            // Whoever cancels a further run knows it; a lane is missed.
            RunState::Cancelled if opened.is_current(place) => {
                broken_ui(ui, scene, opened, place, words.get(Word::LaneCancelled));
            }
            RunState::Cancelled | RunState::Kept | RunState::Ready { .. } => {}
        }
    }
}

fn broken_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize, what: &str) {
    let (tokens, kind) = (scene.tokens, opened.runs[place].kind);
    let title = scene.run_title(opened, place);
    ui.horizontal(|ui| {
        ui.label(RichText::new(icons::DOT_FILL).color(tokens.lane(kind)));
        ui.label(RichText::new(title).font(theme::medium_font(type_size::SMALL)).color(tokens.text));
        if ui.button(training::run::retry_text(scene, &opened.runs[place])).clicked() {
            training::run::retry(scene, opened, place);
        }
        ui.add(egui::Label::new(RichText::new(what).small().color(tokens.text_weak)).truncate()).on_hover_text(what);
    });
}

/// Nothing has been evaluated: what is on its way, or the button that begins it.
fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    let height = ui.available_height();
    ui.add_space((height * 0.24).max(space::L));
    let room = ui.available_width();
    let width = room.min(520.0);
    ui.horizontal(|ui| {
        ui.add_space((room - width) / 2.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.label(RichText::new(icons::EVALUATE).size(32.0).color(tokens.accent));
            ui.label(
                RichText::new(words.get(Word::NothingEvaluated))
                    .font(theme::strong_font(type_size::TITLE))
                    .color(tokens.text_strong),
            );
            let why = if opened.is_making() { Word::EvaluatedSoon } else { Word::EvaluateByTraining };
            ui.add(egui::Label::new(RichText::new(words.get(why)).color(tokens.text_weak)).wrap());
            ui.add_space(space::M);
            making_ui(ui, scene, opened);
            let is_basis_there = opened.basis.is_some();
            if !opened.is_making() && widgets::primary_button(ui, tokens, words.get(Word::TrainLanes)).clicked() {
                if is_basis_there {
                    for kind in LaneKind::QUICK {
                        scene.send(Command::StartRun { kind, settings: Box::new(opened.settings.clone()) });
                    }
                } else {
                    scene.send(Command::RetryAll);
                }
            }
        });
    });
}

/// A metric's column at this K; other columns are called the same at every K.
fn with_k(column: &str, k: usize) -> String {
    if metric_named(column).is_some() { format!("{column}@{k}") } else { column.to_owned() }
}

fn nearest(ks: &[usize], k: usize) -> usize {
    ks.iter().copied().min_by_key(|&known| known.abs_diff(k)).unwrap_or(k)
}
