//! The menu of a column, and the choice of lanes and runs.

use egui::{ScrollArea, Ui};

use super::{as_if, touch::change};
use crate::{
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::{CaseDesk, DRAFT, MAX_COLUMNS, RowRef},
        icons,
        session::Opened,
        theme::space,
        views::Scene,
        words::Word,
    },
};

/// The list of lanes and runs is no higher.
const LIST_PX: f32 = 380.0;

/// What a row can mean: each lane, and after it its runs where there are several, in a fixed order.
pub(super) fn choices(scene: &Scene<'_>, opened: &Opened) -> Vec<RowRef> {
    let mut choices = Vec::new();
    for kind in LaneKind::ALL {
        choices.push(RowRef::Lane(kind));
        let runs = runs_of(scene, opened, kind);
        if runs.len() > 1 {
            choices.extend(runs);
        }
    }
    choices.extend(runs_of(scene, opened, LaneKind::Mix));
    if scene.desk.mix.is_open {
        choices.push(RowRef::Run(DRAFT.to_owned()));
    }
    choices
}

fn runs_of(scene: &Scene<'_>, opened: &Opened, kind: LaneKind) -> Vec<RowRef> {
    let runs = opened.runs.iter().filter(|run| run.kind == kind && !scene.session.is_deleted(run));
    runs.map(|run| RowRef::Run(run.id.clone())).collect()
}

/// Puts a row in or takes it out, in the order of `choices`; the last one stays.
fn toggled(rows: &[RowRef], row: &RowRef, choices: &[RowRef]) -> Vec<RowRef> {
    let mut rows = rows.to_vec();
    match rows.iter().position(|known| known == row) {
        Some(_) if rows.len() == 1 => {}
        Some(place) => {
            rows.remove(place);
        }
        None => rows.push(row.clone()),
    }
    rows.sort_by_key(|row| choices.iter().position(|choice| choice == row));
    rows
}

/// Lanes and runs to tick; `None`: for all columns that have none of their own.
pub(super) fn rows_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, column: Option<usize>) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.set_min_width(240.0);
    ui.set_max_width(380.0);
    let case = &scene.desk.case;
    if let Some(column) = column {
        let mut is_own = case.columns[column].rows.is_some();
        if ui.checkbox(&mut is_own, words.get(Word::RowsOfItsOwn)).changed() {
            change(scene, |case| case.columns[column].rows = is_own.then(|| case.rows.clone()));
        }
        ui.separator();
    }
    let put = |rows: Vec<RowRef>| {
        change(scene, |case| match column {
            Some(column) => case.columns[column].rows = Some(rows),
            None => case.rows = rows,
        });
    };
    let choices = choices(scene, opened);
    let now = column.map_or(case.rows.as_slice(), |column| case.rows_of(column));
    // Many lanes with many runs scroll.
    ScrollArea::vertical().max_height(LIST_PX).auto_shrink([false, true]).show(ui, |ui| {
        for row in &choices {
            let (name, indent, kind) = match row {
                RowRef::Lane(kind) => (kind.name().to_owned(), 0.0, *kind),
                RowRef::Run(id) => {
                    let Some(run) = opened.run_of(id) else { continue };
                    let kind = opened.runs[run].kind;
                    // A mix stands for itself.
                    let indent = if kind == LaneKind::Mix { 0.0 } else { space::L };
                    (scene.run_title(opened, run), indent, kind)
                }
            };
            ui.horizontal(|ui| {
                ui.add_space(indent);
                let mut is_in = now.contains(row);
                let (dot, _) = ui.allocate_exact_size(egui::vec2(8.0, 8.0), egui::Sense::hover());
                let colour = if indent > 0.0 { tokens.lane(kind).gamma_multiply(0.5) } else { tokens.lane(kind) };
                ui.painter().circle_filled(dot.center(), 3.5, colour);
                if ui.checkbox(&mut is_in, &name).changed() {
                    put(toggled(now, row, &choices));
                }
            });
        }
    });
    let all = CaseDesk::first_lanes();
    ui.separator();
    if ui.add_enabled(now != all, egui::Button::new(words.get(Word::AllLanes))).clicked() {
        put(all);
    }
    if column.is_none() && case.columns.iter().any(|column| column.rows.is_some()) {
        ui.separator();
        let button =
            ui.button(words.get(Word::SameRowsEverywhere)).on_hover_text(words.get(Word::SameRowsEverywhereTip));
        if button.clicked() {
            change(scene, |case| {
                for column in &mut case.columns {
                    column.rows = None;
                }
            });
            ui.close();
        }
    }
}

/// Everything that can be done with a column.
pub(super) fn column_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, column: usize) {
    let words = scene.words;
    ui.set_min_width(220.0);
    let case = &scene.desk.case;
    let Some(slot) = case.columns.get(column) else { return };
    let entry = |ui: &mut Ui, is_enabled: bool, icon: &str, word: Word| {
        let button = egui::Button::new(format!("{icon}  {}", words.get(word)));
        let is_clicked = ui.add_enabled(is_enabled, button).accessible_name(words.get(word)).clicked();
        if is_clicked {
            ui.close();
        }
        is_clicked
    };
    let (pin, word) = if slot.is_pinned { (icons::UNPIN, Word::Unpin) } else { (icons::PIN, Word::Pin) };
    if entry(ui, true, pin, word) {
        change(scene, |case| case.toggle_pin(column));
    }
    if entry(ui, column > 0, icons::BACK, Word::MoveLeft) {
        change(scene, |case| case.move_column(column, column - 1));
    }
    if entry(ui, column + 1 < case.columns.len(), icons::FORWARD, Word::MoveRight) {
        change(scene, |case| case.move_column(column, column + 2));
    }
    if entry(ui, case.columns.len() < MAX_COLUMNS, icons::COPY, Word::SameUserAgain) {
        change(scene, |case| case.repeat_column(column, MAX_COLUMNS));
    }
    ui.separator();
    if entry(ui, slot.user.is_some(), icons::COMPARE, Word::CompareLanes) {
        scene.send(Command::CompareLanes(Some(column)));
    }
    ui.menu_button(format!("{}  {}", icons::COMPARE, words.get(Word::CompareRuns)), |ui| {
        for kind in LaneKind::ALL {
            let count = runs_of(scene, opened, kind).len();
            let name = words.fill(Word::RunsOf, &[kind.name(), &count.to_string()]);
            let button = ui.add_enabled(count > 1, egui::Button::new(name));
            let button = button.on_disabled_hover_text(words.fill(Word::OneRunOnly, &[kind.name()]));
            if button.clicked() {
                scene.send(Command::CompareRuns(Some(column), Some(kind)));
                ui.close();
            }
        }
    });
    ui.menu_button(format!("{}  {}", icons::LANE, words.get(Word::LanesAndRuns)), |ui| {
        rows_ui(ui, scene, opened, Some(column));
    });
    ui.separator();
    if entry(ui, !slot.clicks.is_empty(), icons::UNDO, Word::TakeAllBack) {
        change(scene, |case| {
            for column in case.compared_with(column) {
                case.columns[column].clicks.clear();
            }
        });
    }
    let is_as_if = !slot.struck.is_empty() || !slot.changed.is_empty();
    if entry(ui, is_as_if, icons::UNDO, Word::AsIfReset) {
        as_if::reset(scene, column);
    }
    if entry(ui, slot.user.is_some(), icons::COPY, Word::CopyId) {
        scene.send(Command::CopyText(slot.user.clone().unwrap_or_default()));
    }
    if entry(ui, case.columns.len() > 1, icons::CLOSE, Word::RemoveColumn) {
        scene.send(Command::RemoveColumn(column));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_order_and_the_last_one_stays() {
        let lane = RowRef::Lane;
        let run = RowRef::Run("x".to_owned());
        let choices = [lane(LaneKind::Hot), lane(LaneKind::ItemCf), lane(LaneKind::Item2vec), run.clone()];
        let rows = toggled(&[lane(LaneKind::Item2vec)], &lane(LaneKind::Hot), &choices);
        assert_eq!(rows, [lane(LaneKind::Hot), lane(LaneKind::Item2vec)]);
        let rows = toggled(&rows, &run, &choices);
        assert_eq!(rows, [lane(LaneKind::Hot), lane(LaneKind::Item2vec), run.clone()]);
        let rows = toggled(&toggled(&rows, &lane(LaneKind::Hot), &choices), &lane(LaneKind::Item2vec), &choices);
        assert_eq!(rows, std::slice::from_ref(&run));
        assert_eq!(toggled(&rows, &run, &choices), [run]);
    }
}
