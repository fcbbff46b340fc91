//! The users of one row, from the best hits to the worst; a click puts one into the case study.

use egui::{RichText, Ui};

use super::{
    background::Background,
    rows::{Row, Rows, slice_title},
};
use crate::ui::{
    commands::Command,
    desk::{EvaluationDesk, Sort},
    export::file_name,
    session::Opened,
    theme::{self, space, type_size},
    views::{Scene, ViewKind},
    widgets::{self, DataTable, TableState},
    words::Word,
};

/// The column by which users are good or bad hits.
const BY: &str = "recall@20";

pub fn users_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    rows: &Rows,
    desk: &mut EvaluationDesk,
    background: &mut Background,
    state: &mut TableState,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let Some(row) = shown(rows, desk) else {
        ui.label(RichText::new(words.get(Word::OpenUsersHint)).color(tokens.text_weak));
        return;
    };
    let slice = desk.slice.clone();
    let users = background.users(scene.session, opened, words, row, &slice);
    ui.horizontal(|ui| {
        ui.set_min_height(26.0);
        let (place, _) = ui.allocate_exact_size(egui::vec2(12.0, 18.0), egui::Sense::hover());
        let (shape, is_hollow) = row.marker();
        widgets::marker(ui.painter(), shape, place.center(), 4.5, row.colour(tokens), is_hollow);
        let title = words.fill(Word::UsersOf, &[&row.title]);
        ui.label(RichText::new(title).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong));
        let count = users.map_or(0, |users| users.users.len());
        let note = if slice.starts_with("items:") {
            words.fill(Word::UsersNoteItems, &[&widgets::format::count(count as u64)])
        } else {
            let slice = slice_title(words, &slice, |value| scene.label(&opened.dataset, value).to_owned());
            format!("{slice} · {}", words.fill(Word::MoreUsers, &[&widgets::format::count(count as u64)]))
        };
        ui.label(RichText::new(note).small().color(tokens.text_weak));
        ui.add_space(space::S);
        for (word, is_falling) in [(Word::BestHits, true), (Word::WorstHits, false)] {
            let sort = Sort { column: BY.to_owned(), is_falling };
            let is_on = desk.users_sort.as_ref().unwrap_or(&best()) == &sort;
            if ui.selectable_label(is_on, words.get(word)).clicked() {
                desk.users_sort = Some(sort);
            }
        }
    });
    let Some(users) = users else {
        ui.spinner();
        return;
    };
    let sort = desk.users_sort.clone().unwrap_or_else(best);
    let file = file_name(&format!("{}-users-{}", opened.dataset.name, row.title));
    let title = words.get(Word::Users);
    let table = DataTable::new(&users.table, title, file).bars();
    let events = table.show(ui, scene, state, Some(&sort));
    if let Some(sort) = events.sort {
        desk.users_sort = Some(sort);
    }
    let chosen = events.opened.or(events.clicked.map(|(row, _)| row));
    if let Some(&user) = chosen.and_then(|row| users.users.get(row)) {
        scene.send(Command::ShowUser(user));
        scene.send(Command::Select(crate::ui::selection::Thing::User(user), crate::ui::selection::Mode::Replace));
        scene.send(Command::Show(ViewKind::CaseStudy));
    }
}

/// The row that was opened, else the one held last, else the first.
pub fn shown<'a>(rows: &'a Rows, desk: &EvaluationDesk) -> Option<&'a Row> {
    let mut wanted = desk.opened.iter().chain(desk.held.last());
    wanted.find_map(|id| rows.of_id(id)).or_else(|| rows.rows.first())
}

fn best() -> Sort {
    Sort { column: BY.to_owned(), is_falling: true }
}
