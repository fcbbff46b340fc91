//! A row: the header of its run, and for each user what that recalls.

use egui::{Align, Align2, Layout, Rect, RichText, Sense, Ui, pos2, vec2};

use super::{
    copy, covers,
    cursor::Extent,
    data::{CaseKey, Cell},
    layout::Grid,
    seen::{Line, Seen, told},
    shifts,
    touch::{Stage, change},
};
use crate::{
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::{RowRef, Shape},
        icons,
        selection::{Mode, Thing},
        session::{Opened, RunState},
        theme::{self, radius, space, type_size},
        views::{Scene, training},
        widgets::{self, format},
        words::{Word, Words},
    },
};

const HEADER: f32 = 32.0;
/// The line of hits above the covers.
const HITS: f32 = 16.0;
/// A line of small text.
const NOTE: f32 = 16.0;
/// Below this width a header has room for its name and figure only.
const NARROW_PX: f32 = 420.0;

pub fn about(kind: LaneKind) -> Word {
    match kind {
        LaneKind::Hot => Word::HotAbout,
        LaneKind::ItemCf => Word::ItemCfAbout,
        LaneKind::Item2vec => Word::Item2vecAbout,
        LaneKind::Graphsage => Word::GraphsageAbout,
        LaneKind::Gat => Word::GatAbout,
        LaneKind::Gaan => Word::GaanAbout,
        LaneKind::Ease => Word::EaseAbout,
        LaneKind::Rp3beta => Word::Rp3betaAbout,
        LaneKind::Cover => Word::CoverAbout,
        LaneKind::Mix => Word::MixAbout,
    }
}

/// What stands in a row, as its header tells it.
struct Head<'a> {
    row: usize,
    means: &'a RowRef,
    run: Option<usize>,
    kind: Option<LaneKind>,
    name: String,
}

impl<'a> Head<'a> {
    fn of(scene: &Scene<'_>, opened: &Opened, seen: &'a Seen, row: usize) -> Option<Self> {
        let means = seen.rows.get(row)?;
        let run = seen.runs[row];
        let (kind, name) = match means {
            RowRef::Lane(kind) => (Some(*kind), kind.name().to_owned()),
            RowRef::Run(id) => match run {
                Some(run) => (Some(opened.runs[run].kind), scene.run_title(opened, run)),
                None => (None, id.chars().take(8).collect()),
            },
        };
        Some(Self { row, means, run, kind, name })
    }

    fn thing(&self) -> Option<Thing> {
        match self.means {
            RowRef::Lane(kind) => Some(Thing::Lane(*kind)),
            RowRef::Run(_) => self.run.map(|run| Thing::Run(run as u32)),
        }
    }
}

/// Draws a row of all columns: one header across where all have the same rows, else one in each cell.
pub(super) fn row_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, grid: &Grid, row: usize) {
    let is_shared = scene.desk.case.are_rows_shared();
    let height = stage.seen.iter().map(|seen| cell_height(scene, stage, seen, row, grid.column_px)).fold(0.0, f32::max);
    // The cover with the focus is drawn even out of sight, until it has been brought into sight.
    let focused = stage.cursor.at.filter(|at| ui.memory(|memory| memory.has_focus(at.id())));
    let is_wanted = focused.is_some_and(|spot| matches!(spot.line, Line::Row(at) | Line::Gone(at) if at == row));
    stage.areas.clear();
    if is_shared {
        let columns: Vec<usize> = (0..grid.count).collect();
        if let Some(head) = stage.seen.first().and_then(|seen| Head::of(scene, stage.opened, seen, row)) {
            let (rect, _) = ui.allocate_exact_size(vec2(grid.seen_px(), HEADER), Sense::hover());
            header_ui(ui, scene, stage, &head, &columns, rect);
        }
        ui.add_space(space::XS);
        grid.row_of_height(ui, Some(height), is_wanted, |ui, column| cell_ui(ui, scene, stage, row, column));
        shifts::lines_ui(ui, scene, stage, row);
        return;
    }
    let height = height + HEADER + space::XS;
    grid.row_of_height(ui, Some(height), is_wanted, |ui, column| {
        let Some(head) = Head::of(scene, stage.opened, &stage.seen[column], row) else { return };
        let (rect, _) = ui.allocate_exact_size(vec2(grid.column_px, HEADER), Sense::hover());
        header_ui(ui, scene, stage, &head, &[column], rect);
        ui.add_space(space::XS);
        cell_ui(ui, scene, stage, row, column);
    });
    shifts::lines_ui(ui, scene, stage, row);
}

fn header_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &mut Stage<'_>, head: &Head<'_>, columns: &[usize], rect: Rect) {
    let (words, tokens) = (scene.words, scene.tokens);
    let id = egui::Id::unique(("case study row", head.row, columns.first().copied(), columns.len()));
    let response = ui.interact(rect, id, Sense::click());
    let word = if matches!(head.means, RowRef::Lane(_)) { Word::Lane } else { Word::Run };
    let name = format!("{} {}", words.get(word), head.name);
    let is_selected = head.thing().is_some_and(|thing| scene.selection.is_selected(thing));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_selected, &name));
    if response.clicked()
        && let Some(thing) = head.thing()
    {
        let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
        scene.send(Command::Select(thing, mode));
    }
    response.context_menu(|ui| menu_ui(ui, scene, stage, head, columns));
    let painter = ui.painter();
    let fill = if response.hovered() { tokens.raised } else { tokens.panel };
    painter.rect_filled(rect, radius::CARD, fill);
    if is_selected || response.has_focus() {
        let stroke = egui::Stroke::new(1.0, tokens.accent);
        painter.rect_stroke(rect, radius::CARD, stroke, egui::StrokeKind::Inside);
    }
    let bar = Rect::from_min_size(rect.min + vec2(10.0, 9.0), vec2(4.0, HEADER - 18.0));
    painter.rect_filled(bar, 2.0, head.kind.map_or(tokens.text_faint, |kind| tokens.lane(kind)));
    let inner = Rect::from_min_max(pos2(bar.right() + 8.0, rect.top()), rect.max - vec2(10.0, 0.0));
    let builder = egui::UiBuilder::new().id_salt(id).max_rect(inner).layout(Layout::left_to_right(Align::Center));
    let mut child = ui.new_child(builder);
    child.set_clip_rect(inner.expand(4.0).intersect(ui.clip_rect()));
    head_ui(&mut child, scene, stage.opened, head);
}

fn head_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, head: &Head<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let title = RichText::new(&head.name).font(theme::strong_font(type_size::TITLE)).color(tokens.text_strong);
    let name_ui = |ui: &mut Ui| {
        ui.add(egui::Label::new(title).truncate());
    };
    let (Some(run), Some(kind)) = (head.run, head.kind) else {
        name_ui(ui);
        ui.label(RichText::new(words.get(Word::RunUnknown)).small().color(tokens.text_faint));
        return;
    };
    match &opened.runs[run].state {
        RunState::Ready { trained, .. } => {
            let is_narrow = ui.available_width() < NARROW_PX;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                figure_ui(ui, words, tokens, &trained.report, opened.dataset.user_count(), is_narrow);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    name_ui(ui);
                    if !is_narrow {
                        let about = RichText::new(words.get(about(kind))).color(tokens.text_weak);
                        ui.add(egui::Label::new(about).truncate());
                    }
                });
            });
        }
        RunState::Failed(message) => {
            name_ui(ui);
            failed_ui(ui, scene, head, message);
        }
        RunState::Cancelled => {
            name_ui(ui);
            let stopped = training::run::stopped_at(scene, &opened.runs[run]);
            let text = stopped.unwrap_or_else(|| words.get(Word::LaneCancelled).to_owned());
            ui.label(RichText::new(text).color(tokens.text_weak));
            let has_more = opened.runs[run].resumes.is_some();
            retry_ui(ui, scene, head, if has_more { Word::ResumeAction } else { Word::Train });
        }
        RunState::Making(_) | RunState::Kept => {
            name_ui(ui);
            if let Some(status) = scene.session.run_job(run)
                && widgets::job_line(ui, tokens, words, status, kind.name())
            {
                scene.send(Command::Cancel(status.id));
            }
        }
    }
}

/// The headline figure of a run, with its interval where there is room; `all` users there are.
fn figure_ui(
    ui: &mut Ui,
    words: Words,
    tokens: &theme::Tokens,
    report: &crate::evaluate::LaneReport,
    all: usize,
    is_narrow: bool,
) {
    if !report.metrics.contains_key("recall@20") {
        return;
    }
    let users = format::count(report.users as u64);
    let tip = match report.users {
        0 => words.get(Word::NobodyMeasured).to_owned(),
        _ => words.fill(Word::RecallAtTip, &[&users, &format::count(all as u64)]),
    };
    if let Some([low, high]) = report.intervals.get("recall@20")
        && !is_narrow
    {
        let text = format!("{} – {}", format::metric(Some(*low)), format::metric(Some(*high)));
        ui.label(RichText::new(text).small().color(tokens.text_faint));
    }
    let figure = RichText::new(format::metric(report.metric("recall@20"))).font(theme::strong_font(type_size::TITLE));
    ui.label(figure.color(tokens.text_strong)).on_hover_text(&tip);
    if !is_narrow {
        ui.label(RichText::new(words.get(Word::RecallAt)).small().color(tokens.text_weak)).on_hover_text(tip);
    }
}

fn failed_ui(ui: &mut Ui, scene: &Scene<'_>, head: &Head<'_>, message: &str) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        retry_ui(ui, scene, head, Word::Retry);
        if widgets::icon_button(ui, icons::COPY, scene.words.get(Word::CopyTip)).clicked() {
            scene.send(Command::CopyText(message.to_owned()));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(RichText::new(icons::ERROR_FILL).color(scene.tokens.error));
            let label = egui::Label::new(RichText::new(message).color(scene.tokens.error)).truncate();
            ui.add(label).on_hover_text(message);
        });
    });
}

fn retry_ui(ui: &mut Ui, scene: &Scene<'_>, head: &Head<'_>, word: Word) {
    let words = scene.words;
    let response = ui.small_button(words.get(word)).on_hover_text(words.get(Word::RetryTip));
    if response.accessible_name(format!("{} {}", words.get(word), head.name)).clicked() {
        scene.send(match head.means {
            RowRef::Lane(kind) => Command::Retry(*kind),
            RowRef::Run(id) => Command::OpenRun(id.clone()),
        });
    }
}

fn menu_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &Stage<'_>, head: &Head<'_>, columns: &[usize]) {
    let words = scene.words;
    if ui.button(format!("{}  {}", icons::TABLE, words.get(Word::CopyTable))).clicked() {
        scene.send(Command::CopyText(copy::table(scene, stage, columns, head.row)));
        ui.close();
    }
    widgets::export_entries(ui, scene, "recalled", || copy::file_table(scene, stage, columns, head.row));
    ui.separator();
    let only = |rows: &mut Vec<RowRef>| rows.retain(|row| row == head.means);
    let without = |rows: &mut Vec<RowRef>| rows.retain(|row| row != head.means);
    let has_others = stage.seen[columns[0]].rows.len() > 1;
    for (word, is_only) in [(Word::OnlyThisRow, true), (Word::RemoveRow, false)] {
        if ui.add_enabled(has_others, egui::Button::new(words.get(word))).clicked() {
            change(scene, |case| {
                let own = (columns.len() == 1).then(|| case.columns[columns[0]].rows.as_mut()).flatten();
                let rows = own.unwrap_or(&mut case.rows);
                if is_only { only(rows) } else { without(rows) }
            });
            ui.close();
        }
    }
}

/// What the run of a row recalls in a column, and how far it has come.
fn found<'s>(stage: &Stage<'s>, seen: &Seen, row: usize) -> Option<&'s Cell> {
    seen.case(stage.cases)?.cell(seen.runs.get(row).copied().flatten()?)
}

fn cell_height(scene: &Scene<'_>, stage: &Stage<'_>, seen: &Seen, row: usize, width: f32) -> f32 {
    let Some(&run) = seen.runs.get(row) else { return 0.0 };
    if seen.user.is_none() {
        return 0.0;
    }
    let (shape, titles) = (scene.desk.case.shape, scene.desk.titles);
    let Some(cell) = found(stage, seen, row) else {
        let is_coming = run.is_some_and(|run| {
            matches!(stage.opened.runs[run].state, RunState::Making(_) | RunState::Ready { .. } | RunState::Kept)
        });
        let expected = if is_coming { scene.desk.case.shown.count() } else { 0 };
        return HITS + space::XS + covers::height(shape, scene.desk.cover_px, titles, width, expected);
    };
    let body = match cell.recalled.len() {
        0 => 2.0 * (NOTE + space::S),
        count => covers::height(shape, scene.desk.cover_px, titles, width, count),
    };
    let gone = match cell.gone.len() {
        0 => 0.0,
        _ => NOTE + 2.0 * space::XS + covers::height(Shape::Strip, covers::GHOST_PX, false, width, 1),
    };
    HITS + space::XS + body + gone
}

/// How the covers of a row stand in a column, for the arrow keys.
pub(super) fn extent(scene: &Scene<'_>, stage: &Stage<'_>, seen: &Seen, row: usize, width: f32) -> Extent {
    let count = found(stage, seen, row).map_or(0, |cell| cell.recalled.len());
    let in_row = covers::in_row(scene.desk.case.shape, scene.desk.cover_px, width, count);
    Extent { line: Line::Row(row), count, in_row }
}

fn cell_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, row: usize, column: usize) {
    let seen = &stage.seen[column];
    let Some(&Some(run)) = seen.runs.get(row) else { return };
    let run = &stage.opened.runs[run];
    if seen.user.is_none() {
        return;
    }
    ui.spacing_mut().item_spacing.y = space::XS;
    if matches!(run.state, RunState::Kept) {
        scene.send(Command::OpenRun(run.id.clone()));
    }
    let Some(cell) = found(stage, seen, row) else {
        if matches!(run.state, RunState::Making(_) | RunState::Ready { .. } | RunState::Kept) {
            ui.add_space(HITS);
            covers::skeleton_ui(ui, scene, scene.desk.case.shown.count());
        }
        return;
    };
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), HITS), Sense::hover());
    let left = egui::UiBuilder::new().max_rect(line).layout(Layout::left_to_right(Align::Center));
    hits_ui(&mut ui.new_child(left), scene, stage, seen, cell);
    if cell.recalled.is_empty() {
        empty_ui(ui, scene, stage, seen);
    } else {
        covers::recalled_ui(ui, scene, stage, column, row, cell);
    }
    if !cell.gone.is_empty() {
        let text = scene.words.fill(Word::GoneCovers, &[&cell.gone.len().to_string()]);
        note_ui(ui, &text, scene.tokens.text_weak);
        covers::gone_ui(ui, scene, stage, column, row, cell);
    }
}

/// One line of small text, of a height that is known beforehand.
fn note_ui(ui: &mut Ui, text: &str, colour: egui::Color32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), NOTE), Sense::hover());
    let builder = egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
    ui.new_child(builder).add(egui::Label::new(RichText::new(text).small().color(colour)).truncate());
    response.on_hover_text(text);
}

/// What the live clicks and the other changes did, or that this lane takes no notice of them.
fn follow_ui(ui: &mut Ui, scene: &Scene<'_>, key: &CaseKey, cell: &Cell) {
    let (words, tokens) = (scene.words, scene.tokens);
    let come = cell.recalled.iter().filter(|found| found.marks.has_come).count();
    let (text, colour) = if !cell.moves {
        let word = if key.is_as_if() { Word::DoesNotFollowAsIf } else { Word::DoesNotFollow };
        (words.get(word).to_owned(), tokens.text_faint)
    } else if come == 0 && cell.gone.is_empty() {
        (words.get(Word::NothingCame).to_owned(), tokens.text_faint)
    } else {
        (words.fill(Word::CameAndWent, &[&come.to_string(), &cell.gone.len().to_string()]), tokens.accent)
    };
    let label = egui::Label::new(RichText::new(&text).small().color(colour)).truncate();
    ui.add(label).on_hover_text(text);
}

/// How much of what the user took later is among the recalled; at the right, what it did to the lane that he is taken to
/// differ from the log.
fn hits_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &Stage<'_>, seen: &Seen, cell: &Cell) {
    let (words, tokens) = (scene.words, scene.tokens);
    let profile = seen.case(stage.cases).and_then(|case| case.profile(&cell.basis));
    let (targets, later) = profile.map_or((0, 0), |profile| (profile.targets.len(), profile.later.len()));
    let word = |word| told(Some(&cell.basis), word);
    ui.spacing_mut().item_spacing.x = 5.0;
    let (text, colour) = if targets == 0 {
        let none = if later == 0 { Word::NoLater } else { Word::NoNewLater };
        (words.get(word(none)).to_owned(), tokens.text_faint)
    } else {
        let counts = [cell.hits.to_string(), targets.to_string()];
        let text = words.fill(word(Word::HitsOf), &[&counts[0], &counts[1]]);
        (text, if cell.hits > 0 { tokens.hit } else { tokens.text_faint })
    };
    ui.label(RichText::new(if cell.hits > 0 { icons::HIT_FILL } else { icons::HIT }).small().color(colour));
    let text = RichText::new(text).font(theme::medium_font(type_size::SMALL)).color(colour);
    let label = ui.add(egui::Label::new(text).truncate());
    let shown = scene.desk.case.shown.count().to_string();
    label.on_hover_text(words.fill(word(Word::HitsTip), &[&shown, &targets.to_string()]));
    if let Some(key) = seen.key.as_ref().filter(|key| key.differs()) {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| follow_ui(ui, scene, key, cell));
    }
}

fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, stage: &Stage<'_>, seen: &Seen) {
    let words = scene.words;
    note_ui(ui, words.get(Word::NothingRecalled), scene.tokens.text_weak);
    if seen.profile(stage.cases).is_some_and(super::data::Profile::is_new) {
        note_ui(ui, words.get(Word::NothingRecalledWhy), scene.tokens.text_faint);
    }
}

/// Draws the small sign of a lane: its colour and name.
pub(super) fn lane_label(ui: &mut Ui, scene: &Scene<'_>, kind: LaneKind, text: &str) {
    let tokens = scene.tokens;
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::font(type_size::SMALL), tokens.text);
    let (rect, _) = ui.allocate_exact_size(galley.size() + vec2(13.0, 2.0), Sense::hover());
    ui.painter().circle_filled(pos2(rect.left() + 4.0, rect.center().y), 3.5, tokens.lane(kind));
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect.with_min_x(rect.left() + 13.0));
    ui.painter().galley(at.min, galley, tokens.text);
}
