//! The case book: cases are saved, opened, found, put in order, shown to others, and say what is gone.

use std::sync::Arc;

use egui::{Key, Modifiers};
use egui_kittest::{SnapshotResults, kittest::Queryable as _};
use recallscope::{
    dataset::Language,
    recall::LaneKind,
    ui::{OpenOptions, RowRef, ThemeChoice, Thing, ViewKind},
    workspace::Case,
};

use crate::common::{Place, Window, app, settle, users, wait, wait_complete, window};

fn titles(window: &Window) -> Vec<String> {
    app(window).session.book.cases().iter().map(|case| case.title.clone()).collect()
}

/// Saves what is on the screen under `title`, by the keys that the menu names.
fn save(window: &mut Window, title: &str) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(window);
    window.get_by_label("Title of the case").type_text(title);
    settle(window);
    window.key_press(Key::Enter);
    settle(window);
    let kept = format!("Kept in the case book: {title}");
    wait(window, "the case on the disk", |window| window.query_by_label(&kept).is_some());
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

/// A window with the three cases `one`, `two` and `three`, each of other users; the book is in front.
fn with_cases(place: &Place, options: OpenOptions) -> (Window, Vec<Vec<String>>) {
    let mut window = window(options);
    wait_complete(&mut window);
    let mut drawn = Vec::new();
    for title in ["one", "two", "three"] {
        press(&mut window, Modifiers::COMMAND, Key::R);
        wait_complete(&mut window);
        save(&mut window, title);
        drawn.push(users(&window));
    }
    press(&mut window, Modifiers::COMMAND, Key::Num9);
    wait_complete(&mut window);
    assert_eq!(app(&window).desk.layout.visible(), [ViewKind::Book]);
    assert!(place.workspace.is_dir());
    (window, drawn)
}

#[test]
fn a_case_is_saved_and_brings_everything_back_at_the_next_start() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    // An arrangement that is told from the first one in every part.
    press(&mut window, Modifiers::ALT, Key::Num5);
    press(&mut window, Modifiers::COMMAND, Key::T);
    press(&mut window, Modifiers::COMMAND, Key::B);
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    press(&mut window, Modifiers::COMMAND, Key::F);
    window.get_by_label("Search").type_text(dataset.title(77, Language::English));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(app(&window).selection.primary(), Some(Thing::Item(77)));
    wait_complete(&mut window);
    save(&mut window, "arranged");
    let (desk, selected) = (app(&window).desk.clone(), app(&window).selection.things().to_vec());
    let case = app(&window).session.book.cases()[0].clone();
    assert_eq!(case.dataset.fingerprint, dataset.fingerprint);
    // What it keeps is what stands on the screen.
    assert_eq!(case.shown.columns.len(), desk.case.columns.len());
    for (column, slot) in case.shown.columns.iter().zip(&desk.case.columns) {
        assert_eq!(column.user, slot.user);
        let lanes: Vec<&str> = column.rows.iter().map(|row| &*row.lane).collect();
        assert_eq!(lanes, LaneKind::QUICK.map(LaneKind::name));
        assert!(column.rows.iter().all(|row| row.recalled.len() == 20 && !row.run.is_empty()));
    }
    assert_eq!(case.shown.selected, ["item:i77"]);
    // Everything becomes otherwise, and the program is left.
    press(&mut window, Modifiers::ALT, Key::Num1);
    press(&mut window, Modifiers::COMMAND, Key::T);
    press(&mut window, Modifiers::COMMAND, Key::R);
    press(&mut window, Modifiers::COMMAND, Key::U);
    window.state_mut().as_mut().unwrap().close();
    drop(window);
    let mut again = crate::common::window(OpenOptions { theme: None, ..place.options() });
    wait_complete(&mut again);
    assert_ne!(users(&again), desk.case.columns.iter().map(|c| c.user.clone().unwrap()).collect::<Vec<_>>());
    press(&mut again, Modifiers::COMMAND, Key::Num9);
    again.get_by_label("Case: arranged").click();
    settle(&mut again);
    again.get_by_label("Open").click();
    settle(&mut again);
    wait_complete(&mut again);
    let now = &app(&again).desk;
    assert_eq!((&now.case, &now.layout, now.titles), (&desk.case, &desk.layout, desk.titles));
    assert_eq!(app(&again).selection.things(), selected);
    // Opening is a step: undo leads back to the book.
    press(&mut again, Modifiers::COMMAND, Key::Z);
    assert_eq!(app(&again).desk.layout.visible(), [ViewKind::Book]);
}

#[test]
fn cases_are_found_put_in_order_thrown_away_and_brought_back() {
    let place = Place::new();
    let (mut window, _) = with_cases(&place, place.options());
    assert_eq!(titles(&window), ["one", "two", "three"]);
    // By keys, and back by undo.
    window.get_by_label("Case: three").click();
    settle(&mut window);
    press(&mut window, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(titles(&window), ["one", "three", "two"]);
    press(&mut window, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(titles(&window), ["three", "one", "two"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(titles(&window), ["one", "three", "two"]);
    // By the mouse: the last to the top.
    let from = window.get_by_label("Case: two").rect().center();
    let to = window.get_by_label("Case: one").rect().center_top();
    window.drag_at(from);
    settle(&mut window);
    for step in 1..=4 {
        window.hover_at(from + (to - from) * (step as f32 / 4.0));
        settle(&mut window);
    }
    window.drop_at(to);
    settle(&mut window);
    assert_eq!(titles(&window), ["two", "one", "three"]);
    // Arrows walk, Delete throws away, undo brings back.
    window.get_by_label("Case: one").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert!(window.get_by_label("Case: three").is_focused());
    press(&mut window, Modifiers::NONE, Key::Delete);
    assert_eq!(titles(&window), ["two", "one"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(titles(&window), ["two", "one", "three"]);
    // A copy stands behind its original.
    window.get_by_label("Case: one").click();
    settle(&mut window);
    window.get_by_label("Duplicate").click();
    settle(&mut window);
    assert_eq!(titles(&window), ["two", "one", "one (copy)", "three"]);
    // Its texts are typed; tags are cut at commas.
    window.get_by_label("Tags of the case").focus();
    settle(&mut window);
    window.get_by_label("Tags of the case").type_text("cold start, plants");
    settle(&mut window);
    window.get_by_label("Notes on the case").focus();
    settle(&mut window);
    window.get_by_label("Notes on the case").type_text("only the graph finds them");
    settle(&mut window);
    let case = app(&window).session.book.cases()[2].clone();
    assert_eq!(
        (case.tags.clone(), &*case.notes),
        (vec!["cold start".to_owned(), "plants".to_owned()], "only the graph finds them")
    );
    // Search goes over notes, tags and what is shown.
    window.get_by_label("Search cases").focus();
    settle(&mut window);
    window.get_by_label("Search cases").type_text("GRAPH plants");
    settle(&mut window);
    assert!(window.query_by_label("Case: one (copy)").is_some());
    assert!(window.query_by_label("Case: one").is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_label("Search cases").type_text("nowhere");
    settle(&mut window);
    window.get_by_label("No case has “nowhere”");
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.key_press(Key::Backspace);
    settle(&mut window);
    // Order and texts are there at the next start.
    let before = titles(&window);
    window.state_mut().as_mut().unwrap().close();
    drop(window);
    let mut again = crate::common::window(place.options());
    wait_complete(&mut again);
    assert_eq!(titles(&again), before);
    assert_eq!(app(&again).session.book.cases()[2].notes, "only the graph finds them");
}

#[test]
fn cases_are_presented_one_after_the_other_and_the_window_comes_back() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    let (mut window, drawn) = with_cases(&place, place.options());
    window.get_by_label("Case: two").click();
    settle(&mut window);
    window.get_by_label("Notes on the case").focus();
    settle(&mut window);
    window.get_by_label("Notes on the case").type_text("Two tastes in one community");
    settle(&mut window);
    let (before, selected) = (app(&window).desk.clone(), app(&window).selection.things().to_vec());
    window.get_by_label("Present").click();
    settle(&mut window);
    wait_complete(&mut window);
    window.get_by_label("Two tastes in one community");
    window.get_by_label("2 of 3");
    assert_eq!(users(&window), drawn[1]);
    assert!(window.query_by_label("File").is_none(), "no menus stand in the way");
    assert!(app(&window).desk.cover_px > before.cover_px);
    window.snapshot("presenting_dark");
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    wait_complete(&mut window);
    window.get_by_label("three");
    assert_eq!(users(&window), drawn[2]);
    // It ends there.
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    window.get_by_label("three");
    for _ in 0..2 {
        press(&mut window, Modifiers::NONE, Key::ArrowLeft);
    }
    window.get_by_label("one");
    assert_eq!(users(&window), drawn[0]);
    // The pointer follows the mouse in place of the cursor.
    press(&mut window, Modifiers::NONE, Key::L);
    window.hover_at(egui::pos2(600.0, 400.0));
    settle(&mut window);
    assert_eq!(window.output().platform_output.cursor_icon, egui::CursorIcon::None);
    // Nothing that was done there stays, neither in the window nor for undo.
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(app(&window).desk, before);
    assert_eq!(app(&window).selection.things(), selected);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(app(&window).session.book.cases()[1].notes, "");
    results.extend_harness(&mut window);
}

#[test]
fn a_case_whose_run_is_gone_says_so_and_shows_what_it_kept() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    // A run that stands for no lane, in the rows.
    let settings = {
        let mut settings = app(&window).session.opened.as_ref().unwrap().settings.clone();
        settings.set("item2vec.dim", "8").unwrap();
        settings
    };
    let state = window.state_mut().as_mut().unwrap();
    let run = state.session.start_run(LaneKind::Item2vec, settings).unwrap();
    let id = state.session.opened.as_ref().unwrap().runs[run].id.clone();
    state.desk.case.rows.push(RowRef::Run(id.clone()));
    wait_complete(&mut window);
    save(&mut window, "of a run");
    let kept = app(&window).session.book.cases()[0].clone();
    assert_eq!(kept.shown.columns[0].rows[3].run, id);
    assert!(!kept.shown.columns[0].rows[3].recalled.is_empty());
    press(&mut window, Modifiers::COMMAND, Key::Num9);
    wait_complete(&mut window);
    assert!(window.query_by_label_contains("Runs are gone").is_none());
    // Made at a time to come, so that the picture is the same each time.
    let session = &mut window.state_mut().as_mut().unwrap().session;
    let mut book = session.book.clone();
    book.set(Arc::new(Case { created_secs: 4e9, changed_secs: 4e9, ..Case::clone(&kept) }));
    session.set_book(book);
    wait_complete(&mut window);
    wait(&mut window, "the word on the keeping to go", |window| {
        window.query_by_label_contains("Kept in the case book").is_none()
    });
    window.snapshot("case_book_dark");
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
    wait_complete(&mut window);
    window.snapshot("case_book_light");
    window.state_mut().as_mut().unwrap().session.delete_run(&id);
    settle(&mut window);
    wait(&mut window, "word of it", |window| window.query_by_label_contains("Runs are gone").is_some());
    window.get_by_label_contains(&format!("item2vec {}", &id[..6]));
    window.get_by_label("What it showed is kept here");
    // What it recalled is still there to be seen.
    let title = &kept.shown.columns[0].rows[3].recalled[0].title_en;
    assert!(window.query_all_by_label(title).count() > 0);
    results.extend_harness(&mut window);
}

#[test]
fn a_case_of_data_that_is_gone_is_still_shown() {
    let place = Place::new();
    let (mut window, _) = with_cases(&place, place.options());
    window.state_mut().as_mut().unwrap().close();
    drop(window);
    // The folder goes, and another data set is open.
    let other = place.workspace.with_file_name("other");
    crate::common::community(&other);
    std::fs::rename(&place.data, place.workspace.with_file_name("away")).unwrap();
    let mut again = crate::common::window(OpenOptions { folder: Some(other), ..place.options() });
    wait_complete(&mut again);
    press(&mut again, Modifiers::COMMAND, Key::Num9);
    again.get_by_label("Case: two").click();
    settle(&mut again);
    wait(&mut again, "word of it", |window| window.query_by_label_contains("Its data set is gone").is_some());
    let case = app(&again).session.book.cases()[1].clone();
    let title = &case.shown.columns[0].rows[0].recalled[0].title_en;
    assert!(again.query_all_by_label(title).count() > 0);
    again.get_by_label("Open").click();
    settle(&mut again);
    assert!(app(&again).session.trouble.as_ref().unwrap().fault.message.contains("gone"));
    // Presented, it shows what it kept.
    press(&mut again, Modifiers::NONE, Key::F5);
    wait_complete(&mut again);
    assert!(again.query_all_by_label(title).count() > 0);
    press(&mut again, Modifiers::NONE, Key::Escape);
    again.get_by_label("File");
}

#[test]
fn what_another_window_writes_is_seen_and_survives_undo() {
    let place = Place::new();
    let (mut one, _) = with_cases(&place, place.options());
    let mut other = window(OpenOptions { theme: Some(ThemeChoice::Light), ..place.options() });
    wait_complete(&mut other);
    assert_eq!(titles(&other), ["one", "two", "three"]);
    press(&mut other, Modifiers::COMMAND, Key::Num1);
    save(&mut other, "theirs");
    wait(&mut one, "the other's case", |window| titles(window).len() == 4);
    // The last own step was the saving of the third; what came from elsewhere stays.
    one.get_by_label("Case: three").click();
    settle(&mut one);
    press(&mut one, Modifiers::NONE, Key::Delete);
    press(&mut one, Modifiers::COMMAND, Key::Z);
    assert_eq!(titles(&one), ["one", "two", "three", "theirs"]);
    press(&mut one, Modifiers::COMMAND, Key::Z);
    assert!(titles(&one).contains(&"theirs".to_owned()));
}
