//! The table of runs: what each is, how far it has come, what it reaches and what it took.

use std::cmp::Ordering;

use egui::{
    Align, Align2, Color32, EventFilter, Id, Key, Layout, Modifiers, Rect, Response, RichText, Role, ScrollArea, Sense,
    Stroke, Ui, UiBuilder, WidgetInfo, pos2, text::LayoutJob, vec2,
};

use super::run::{self, Standing};
use crate::{
    ui::{
        commands::Command,
        desk::{SortBy, TrainingDesk},
        icons,
        selection::{Mode, Thing},
        session::{Opened, Run, RunState},
        theme::{self, radius, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
    workspace::{Measured, Table, Values},
};

const ROW_PX: f32 = 40.0;
const HEADER_PX: f32 = 24.0;
/// Where the name of a run is typed anew.
const LIST: &str = "table";

/// Columns after the first, which takes what is left, with their widths.
const COLUMNS: [(SortBy, Word, f32); 6] = [
    (SortBy::State, Word::ColumnState, 86.0),
    (SortBy::Recall, Word::MetricRecallShort, 62.0),
    (SortBy::Ndcg, Word::MetricNdcgShort, 60.0),
    (SortBy::BuildTime, Word::ColumnBuild, 46.0),
    (SortBy::Memory, Word::ColumnMemory, 54.0),
    (SortBy::Date, Word::ColumnDate, 68.0),
];
const LEAST_NAME_PX: f32 = 116.0;
const MOST_NAME_PX: f32 = 380.0;
const GAP_PX: f32 = 8.0;

pub fn table_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut TrainingDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.horizontal(|ui| {
        ui.set_min_height(22.0);
        let shown = opened.runs.iter().filter(|run| !scene.session.is_deleted(run)).count();
        widgets::section_title(ui, tokens, &format!("{}  {shown}", words.get(Word::Runs)));
        let in_bin = scene.session.in_bin();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            widgets::export_menu(ui, scene, "runs", || runs_table(scene, opened, &sorted(scene, opened, desk)));
            if in_bin > 0 {
                let empty = RichText::new(words.get(Word::EmptyBinShort)).small().color(tokens.text);
                let button = ui.add(egui::Button::new(empty).small()).on_hover_text(Command::EmptyBin.tooltip(words));
                if button.accessible_name(Command::EmptyBin.name(words)).clicked() {
                    scene.send(Command::EmptyBin);
                }
                bin_ui(ui, scene, opened, in_bin);
            }
        });
    });
    ui.add_space(space::XS);
    let order = sorted(scene, opened, desk);
    if order.is_empty() {
        empty_ui(ui, scene, opened);
        return;
    }
    let fixed_px: f32 = COLUMNS.iter().map(|column| column.2 + GAP_PX).sum();
    let least_px = LEAST_NAME_PX + fixed_px;
    ScrollArea::horizontal().id_salt("runs across").auto_shrink(false).show(ui, |ui| {
        let width = ui.available_width().max(least_px);
        ui.set_width(width);
        // In a wide window the figures stay near the names.
        let name_px = (width - fixed_px - space::S).min(MOST_NAME_PX);
        header_ui(ui, scene, desk, name_px);
        ScrollArea::vertical().id_salt("runs").auto_shrink(false).show_rows(ui, ROW_PX, order.len(), |ui, rows| {
            for at in rows {
                row_ui(ui, scene, opened, &order, at, name_px);
            }
        });
    });
}

/// How many runs were deleted, and a menu that brings them back.
fn bin_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, in_bin: usize) {
    let (words, tokens) = (scene.words, scene.tokens);
    let text = RichText::new(words.fill(Word::InTheBin, &[&in_bin.to_string()])).small().color(tokens.text_weak);
    let button = egui::containers::menu::MenuButton::from_button(egui::Button::new(text).frame_when_inactive(false));
    let (response, _) = button.ui(ui, |ui| {
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for (place, run) in opened.runs.iter().enumerate().filter(|(_, run)| scene.session.is_in_bin(run)) {
                let text = words.fill(Word::BringBack, &[&scene.run_title(opened, place)]);
                if ui.button(format!("{}  {text}", icons::UNDO)).clicked() {
                    scene.send(Command::RestoreRun(run.id.clone()));
                    ui.close();
                }
            }
        });
    });
    response.on_hover_text(words.get(Word::BinTip));
}

/// No run yet: what brings one.
fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    let needs = if opened.basis.is_none() { Word::RunsPreparing } else { Word::RunsNeed };
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.3).min(80.0));
        ui.label(RichText::new(words.get(Word::RunsNone)).size(type_size::TITLE).color(tokens.text_weak));
        ui.add_space(space::XS);
        ui.label(RichText::new(words.get(needs)).color(tokens.text_weak));
        ui.add_space(space::S);
        if opened.basis.is_some() && widgets::primary_button(ui, tokens, words.get(Word::TrainAction)).clicked() {
            scene.send(Command::Train);
        }
    });
}

/// The table as it is taken along, with every setting's difference in words.
fn runs_table(scene: &Scene<'_>, opened: &Opened, order: &[usize]) -> Table {
    let runs: Vec<&Run> = order.iter().map(|&place| &opened.runs[place]).collect();
    let words = scene.words;
    let text = |of: &dyn Fn(&Run) -> String| Values::Text(runs.iter().map(|run| Some(of(run))).collect());
    let metric = |name: &str| {
        let measured = |run: &&Run| {
            let report = run.report.as_ref()?;
            Some(Measured { value: report.metric(name)?, interval: report.intervals.get(name).copied() })
        };
        Values::Metric(runs.iter().map(measured).collect())
    };
    let made = |run: &&Run| (run.created_secs > 0.0).then_some(run.created_secs as i64);
    let memory = |run: &&Run| (run.peak_memory_bytes > 0).then_some(run.peak_memory_bytes);
    Table::new()
        .with("run_id", words.get(Word::RunId), text(&|run| run.id.clone()))
        .with("name", words.get(Word::Run), text(&|run| run::name(scene, run).to_owned()))
        .with("lane", words.get(Word::Lane), text(&|run| run.kind.name().to_owned()))
        .with("settings", words.get(Word::Settings), text(&|run| run.special_in(words)))
        .with("state", words.get(Word::ColumnState), text(&|run| words.get(Standing::of(scene, run).word()).to_owned()))
        .with("recall@20", words.get(Word::MetricRecallShort), metric("recall@20"))
        .with("ndcg@20", words.get(Word::MetricNdcgShort), metric("ndcg@20"))
        .with(
            "build_secs",
            words.get(Word::ColumnBuild),
            Values::Seconds(runs.iter().map(|run| Some(run.build_secs)).collect()),
        )
        .with(
            "program_peak_memory_bytes",
            words.get(Word::PeakMemory),
            Values::Count(runs.iter().map(memory).collect()),
        )
        .with("made", words.get(Word::ColumnDate), Values::Date(runs.iter().map(made).collect()))
}

/// Places of the runs that are not deleted, as the table shows them.
fn sorted(scene: &Scene<'_>, opened: &Opened, desk: &TrainingDesk) -> Vec<usize> {
    let (words, runs) = (scene.words, &opened.runs);
    let mut order: Vec<usize> = (0..runs.len()).filter(|&place| !scene.session.is_deleted(&runs[place])).collect();
    let metric = |run: &Run, name: &str| run.report.as_ref().and_then(|report| report.metric(name)).unwrap_or(-1.0);
    // What is being made is the newest of all.
    let date = |run: &Run| if run.created_secs == 0.0 { f64::INFINITY } else { run.created_secs };
    let compare = |one: &Run, other: &Run| -> Ordering {
        match desk.sort {
            SortBy::Name => {
                let key = |run: &Run| (run::name(scene, run).to_lowercase(), run.special_in(words));
                key(one).cmp(&key(other))
            }
            SortBy::State => Standing::of(scene, one).cmp(&Standing::of(scene, other)),
            SortBy::Recall => metric(one, "recall@20").total_cmp(&metric(other, "recall@20")),
            SortBy::Ndcg => metric(one, "ndcg@20").total_cmp(&metric(other, "ndcg@20")),
            SortBy::BuildTime => one.build_secs.total_cmp(&other.build_secs),
            SortBy::Memory => one.peak_memory_bytes.cmp(&other.peak_memory_bytes),
            SortBy::Date => date(one).total_cmp(&date(other)),
        }
    };
    order.sort_by(|&one, &other| {
        let way = compare(&runs[one], &runs[other]);
        let way = if desk.is_descending { way.reverse() } else { way };
        // Runs of one moment stand as the lanes do.
        way.then(runs[one].kind.cmp(&runs[other].kind)).then(one.cmp(&other))
    });
    order
}

fn header_ui(ui: &mut Ui, scene: &Scene<'_>, desk: &mut TrainingDesk, name_px: f32) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER_PX), Sense::hover());
    let mut left = rect.left();
    let first = (SortBy::Name, Word::ColumnRun, name_px);
    for (place, (sort, word, width)) in [first].into_iter().chain(COLUMNS).enumerate() {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, HEADER_PX));
        left += width + GAP_PX;
        let title = words.get(word);
        let response = ui.interact(cell, ui.scope_id().with(("sort", place)), Sense::click());
        let name = words.fill(Word::SortTip, &[title]);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, desk.sort == sort, name.clone()));
        let is_sorted = desk.sort == sort;
        let colour = if response.hovered() || response.has_focus() {
            tokens.text_strong
        } else if is_sorted {
            tokens.text
        } else {
            tokens.text_faint
        };
        let text = if is_sorted {
            format!("{title} {}", if desk.is_descending { icons::DOWN } else { icons::UP })
        } else {
            title.to_owned()
        };
        let font = theme::medium_font(type_size::SMALL);
        if is_number(sort) {
            ui.painter().text(cell.right_center(), Align2::RIGHT_CENTER, text, font, colour);
        } else {
            let indent = if place == 0 { 24.0 } else { 0.0 };
            ui.painter().text(cell.left_center() + vec2(indent, 0.0), Align2::LEFT_CENTER, text, font, colour);
        }
        let tip = if sort == SortBy::Memory { format!("{}\n{name}", words.get(Word::ColumnMemoryTip)) } else { name };
        if response.on_hover_text(tip).clicked() {
            // Best, longest and newest first; names from the first letter on.
            desk.is_descending = if is_sorted { !desk.is_descending } else { is_number(sort) };
            desk.sort = sort;
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, tokens.line));
}

fn is_number(sort: SortBy) -> bool {
    !matches!(sort, SortBy::Name | SortBy::State)
}

fn row_id(run: &Run) -> Id {
    Id::unique(("run in the table", &run.id))
}

fn row_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, order: &[usize], at: usize, name_px: f32) {
    let (words, tokens) = (scene.words, scene.tokens);
    let place = order[at];
    let run = &opened.runs[place];
    let thing = Thing::Run(place as u32);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_PX), Sense::hover());
    let response = ui.interact(rect, row_id(run), Sense::click());
    let is_selected = scene.desk.training.selected.contains(&run.id);
    let standing = Standing::of(scene, run);
    let title = scene.run_title(opened, place);
    response.widget_info(|| {
        let name = words.fill(Word::RunNamed, &[&title, words.get(standing.word())]);
        WidgetInfo::selected(Role::Button, true, is_selected, name)
    });
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let fill = if is_selected {
        tokens.accent_soft
    } else if response.hovered() {
        tokens.raised
    } else {
        Color32::TRANSPARENT
    };
    painter.rect_filled(rect.shrink2(vec2(0.0, 1.0)), radius::COVER, fill);
    if response.has_focus() {
        let stroke = Stroke::new(1.0, tokens.accent);
        painter.rect_stroke(rect.shrink2(vec2(0.5, 1.5)), radius::COVER, stroke, egui::StrokeKind::Inside);
    }
    run::mark(&painter, tokens, pos2(rect.left() + 11.0, rect.center().y - 8.0), run.kind, standing);
    let name = Rect::from_min_size(rect.min + vec2(24.0, 0.0), vec2(name_px - 24.0, ROW_PX));
    if run::is_renamed(ui.ctx(), run, LIST) {
        let mut child = ui.new_child(UiBuilder::new().max_rect(name.shrink2(vec2(0.0, 8.0))));
        run::rename_ui(&mut child, scene, run);
        if !run::is_renamed(ui.ctx(), run, LIST) {
            // The keys mean the run again.
            response.request_focus();
        }
    } else {
        let own = run::name(scene, run);
        let is_named = own != run.kind.name();
        let special = run::special(scene, run);
        let below = if is_named { format!("{} · {special}", run.kind.name()) } else { special };
        line(&painter, name, -8.0, own, (theme::medium_font(type_size::BODY), tokens.text_strong));
        let has_note = scene.session.note(&run.id).is_some_and(|note| !note.note.is_empty());
        let below = if has_note { format!("{}  {below}", icons::NOTE) } else { below };
        line(&painter, name, 9.0, &below, (theme::font(type_size::SMALL), tokens.text_weak));
    }
    let mut left = rect.left() + name_px + GAP_PX;
    for (sort, _, width) in COLUMNS {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, ROW_PX));
        left += width + GAP_PX;
        if sort == SortBy::State {
            state_ui(ui, scene, opened, place, standing, cell);
            continue;
        }
        let report = run.report.as_ref();
        let (text, is_strong) = match sort {
            _ if report.is_none() => ("–".to_owned(), false),
            SortBy::Recall => (format::metric(report.and_then(|report| report.metric("recall@20"))), true),
            SortBy::Ndcg => (format::metric(report.and_then(|report| report.metric("ndcg@20"))), true),
            SortBy::BuildTime => (format::span(words, run.build_secs), false),
            SortBy::Memory if run.peak_memory_bytes > 0 => (format::bytes(run.peak_memory_bytes), false),
            SortBy::Date if run.created_secs > 0.0 => {
                // The time of day below the date: runs of one day are told apart by it.
                let (date, time) = (format::date(run.created_secs as i64), format::time(run.created_secs as i64));
                let font = theme::font(type_size::SMALL);
                painter.text(
                    cell.right_center() - vec2(0.0, 8.0),
                    Align2::RIGHT_CENTER,
                    date,
                    font.clone(),
                    tokens.text_weak,
                );
                painter.text(cell.right_center() + vec2(0.0, 9.0), Align2::RIGHT_CENTER, time, font, tokens.text_weak);
                continue;
            }
            _ => ("–".to_owned(), false),
        };
        let (font, colour) = if is_strong {
            (theme::medium_font(type_size::BODY), tokens.text_strong)
        } else {
            (theme::font(type_size::SMALL), tokens.text_weak)
        };
        painter.text(cell.right_center(), Align2::RIGHT_CENTER, text, font, colour);
    }
    keys(ui, scene, opened, order, at, &response);
    if response.double_clicked() {
        scene.send(Command::OpenRun(run.id.clone()));
    }
    if response.clicked() {
        response.request_focus();
        let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
        scene.send(Command::Select(thing, mode));
    }
    response.context_menu(|ui| run::menu_ui(ui, scene, opened, place, LIST));
}

/// One line of text that ends in … where the cell ends; `y` from its middle.
fn line(painter: &egui::Painter, cell: Rect, y: f32, text: &str, (font, colour): (egui::FontId, Color32)) {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(cell.width());
    let galley = painter.layout_job(job);
    let at = pos2(cell.left(), cell.center().y + y - galley.size().y / 2.0);
    painter.galley(at, galley, colour);
}

fn state_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize, standing: Standing, cell: Rect) {
    let run = &opened.runs[place];
    let (words, tokens) = (scene.words, scene.tokens);
    let painter = ui.painter().with_clip_rect(cell.intersect(ui.clip_rect()));
    let small = |colour| (theme::font(type_size::SMALL), colour);
    if let (Standing::Making, Some(status)) = (standing, scene.session.run_job(place)) {
        let fraction = widgets::fraction(status);
        let percent = fraction.map_or_else(String::new, |fraction| format!("{:.0} %", fraction * 100.0));
        let left = status.left_secs().map(|secs| format::span(words, secs));
        let text = match (percent.is_empty(), left) {
            (true, _) => words.stage(&status.progress.stage),
            (false, None) => percent,
            (false, Some(left)) => format!("{percent} · {left}"),
        };
        line(&painter, cell, 8.0, &text, small(tokens.text_weak));
        let bar = Rect::from_min_size(pos2(cell.left(), cell.top() + 5.0), vec2(cell.width() - 8.0, 14.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center)));
        let name = words.fill(Word::JobLane, &[run.kind.name()]);
        widgets::progress_bar(&mut child, tokens, fraction, bar.width(), &name);
        return;
    }
    let colour = if standing == Standing::Failed { tokens.error } else { tokens.text_weak };
    if let Some((epoch, epochs)) = run.resumes {
        // Where it stands, and the button that goes on from there.
        let [text, button] = [cell.with_max_x(cell.right() - 24.0), cell.with_min_x(cell.right() - 26.0)];
        line(&painter, text, -8.0, words.get(standing.word()), small(colour));
        line(&painter, text, 9.0, &format!("{epoch} / {}", run::most_epochs(epochs)), small(tokens.text_weak));
        let mut child = ui.new_child(UiBuilder::new().max_rect(button).layout(Layout::left_to_right(Align::Center)));
        let name = format!("{}: {}", run::name(scene, run), run::retry_text(scene, run));
        let go_on = widgets::icon_button(&mut child, icons::RUN, &name);
        if go_on.on_hover_text(run::retry_tip(scene, run)).clicked() {
            run::retry(scene, opened, place);
        }
        return;
    }
    line(&painter, cell, 0.0, words.get(standing.word()), small(colour));
    if let RunState::Failed(message) = &run.state {
        ui.interact(cell, ui.scope_id().with(("failure", place)), Sense::hover()).on_hover_text(message);
    }
}

/// What the keys do while a row has the focus.
fn keys(ui: &Ui, scene: &Scene<'_>, opened: &Opened, order: &[usize], at: usize, response: &Response) {
    if !response.has_focus() {
        return;
    }
    let run = &opened.runs[order[at]];
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let step = |to: usize| {
        if let Some(&place) = order.get(to) {
            ui.memory_mut(|memory| memory.request_focus(row_id(&opened.runs[place])));
            scene.send(Command::Select(Thing::Run(place as u32), Mode::Replace));
        }
    };
    if pressed(Key::ArrowDown) {
        step(at + 1);
    } else if pressed(Key::ArrowUp) {
        step(at.wrapping_sub(1));
    } else if pressed(Key::Home) {
        step(0);
    } else if pressed(Key::End) {
        step(order.len() - 1);
    } else if pressed(Key::Enter) {
        scene.send(Command::OpenRun(run.id.clone()));
    } else if pressed(Key::F2) {
        run::rename(ui.ctx(), scene, run, LIST);
    } else if pressed(Key::Delete) {
        let selected = super::selected(scene, opened);
        let is_one_of_them = selected.contains(&order[at]);
        let gone = if is_one_of_them { selected } else { vec![order[at]] };
        for place in gone.into_iter().filter(|&place| !opened.is_current(place)) {
            scene.send(Command::DeleteRun(opened.runs[place].id.clone()));
        }
    }
}
