//! The case study, selection, training and what comes back.

use egui::{Key, Modifiers};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use recallscope::ui::{OpenOptions, ThemeChoice, Thing};

use std::time::{Duration, Instant};

use crate::common::*;

const USUAL: egui::Vec2 = egui::vec2(1_280.0, 800.0);
const TALL: egui::Vec2 = egui::vec2(1_280.0, 2_400.0);

#[test]
fn lanes_stand_side_by_side_for_two_users() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "case_study_dark"), (ThemeChoice::Light, "case_study_light")] {
        let mut window = window(OpenOptions { theme: Some(theme), ..place.options() });
        // High enough for every row: what is not in view is not drawn.
        window.set_size(TALL);
        wait_complete(&mut window);
        for lane in ["hot", "item-cf", "item2vec"] {
            window.get_by_label(&format!("Lane {lane}"));
        }
        // Each lane recalls for each of the two users; as strips all of them are in view.
        window.get_by_label("Strip").click();
        settle(&mut window);
        assert_eq!(window.get_all_by_label_contains("Rank 1, ").count(), 6);
        window.get_by_label("Grid").click();
        window.remove_cursor();
        wait_complete(&mut window);
        let drawn = users(&window);
        assert_eq!(drawn.len(), 2);
        let number = |id: &String| id[1..].parse::<usize>().unwrap();
        assert_eq!((number(&drawn[0]) % 2, number(&drawn[1]) % 2), (0, 1), "a woman and a man: {drawn:?}");
        window.set_size(USUAL);
        wait_complete(&mut window);
        window.snapshot(name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn an_empty_window_says_what_it_needs() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "empty_dark"), (ThemeChoice::Light, "empty_light")] {
        let options = OpenOptions { folder: None, starts_empty: true, theme: Some(theme), ..place.options() };
        let mut window = window(options);
        wait_complete(&mut window);
        window.get_by_label("Open data set…");
        window.get_by_label("Open the sample community");
        window.snapshot(name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn a_user_is_found_and_drawn() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    // By the search in the top bar, into a column of her own.
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    settle(&mut window);
    window.get_by_label("Search").type_text("u41");
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(users(&window).last().unwrap(), "u41");
    assert_eq!(app(&window).selection.primary(), Some(Thing::User(row(&window, "u41"))));
    // By the list of a column.
    window.get_by_label("Choose a user 1").click();
    settle(&mut window);
    window.get_by_label("Choose a user").type_text("u12");
    settle(&mut window);
    window.get_by_label("User u12").click();
    settle(&mut window);
    assert_eq!(users(&window)[0], "u12");
    // At random, then at random among women.
    let before = users(&window);
    window.get_by_label("Surprise me 2").click();
    settle(&mut window);
    let after = users(&window);
    assert_ne!(before[1], after[1]);
    assert_eq!((&before[0], &before[2]), (&after[0], &after[2]));
    for _ in 0..4 {
        window.get_by_label("Who may be drawn 2").click();
        settle(&mut window);
        window.get_by_label("A woman").click();
        settle(&mut window);
        let drawn: usize = users(&window)[1][1..].parse().unwrap();
        assert_eq!(drawn % 2, 0, "u{drawn} is no woman");
    }
    // And out again.
    window.get_by_label("Remove this user 3").click();
    settle(&mut window);
    assert_eq!(users(&window).len(), 2);
}

fn row(window: &Window, user: &str) -> u32 {
    app(window).session.opened.as_ref().unwrap().dataset.users.ids.row(user).unwrap()
}

#[test]
fn a_cover_tells_why_and_is_selected_everywhere() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let cover = window.get_all_by_label_contains("Rank 2, ").next().unwrap();
    let (title, at) = (cover.accesskit_node().label().unwrap(), cover.rect().center());
    let title = title.split(", ").nth(1).unwrap().to_owned();
    window.hover_at(at);
    // The card opens after a rest of 125 ms, not before.
    window.step();
    let seen = |window: &Window| window.query_all_by_label_contains(&title).count();
    let before = seen(&window);
    window.run_steps(20);
    assert!(seen(&window) > before, "no card opened for {title}");
    window.snapshot("hover_card_dark");
    window.drag_at(at);
    window.drop_at(at);
    settle(&mut window);
    let Some(Thing::Item(item)) = app(&window).selection.primary() else { panic!("no item is selected") };
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    assert_eq!(dataset.items.title_en[item as usize], title);
    // The inspector shows it, and its id can be copied.
    window.remove_cursor();
    settle(&mut window);
    window.get_by_label(dataset.items.ids.name(item));
    window.get_by_label("Copy id");
    // A second one is held beside it; then back.
    let other = window.get_all_by_label_contains("Rank 3, ").next().unwrap();
    other.click_modifiers(Modifiers::COMMAND);
    settle(&mut window);
    assert_eq!(app(&window).selection.things().len(), 2);
    window.get_by_label("2 selected");
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowLeft);
    settle(&mut window);
    assert_eq!(app(&window).selection.things(), [Thing::Item(item)]);
}

#[test]
fn a_training_is_cancelled_and_begun_again() {
    let place = Place::new();
    let mut options = place.options();
    options.settings.set("item2vec.skip_gram.epochs", "10000").unwrap();
    let mut window = window(options);
    window.set_size(TALL);
    wait(&mut window, "the cancel button", |window| window.query_all_by_label("Cancel item2vec").count() > 0);
    wait(&mut window, "some progress", |window| {
        let mut jobs = app(window).session.jobs().iter();
        jobs.any(|job| job.name == "item2vec" && job.progress.done > 0)
    });
    let since = Instant::now();
    window.get_all_by_label("Cancel item2vec").next().unwrap().click_accesskit();
    wait(&mut window, "the cancel", |window| app(window).session.is_idle());
    assert!(since.elapsed() < Duration::from_secs(1), "cancel took {:?}", since.elapsed());
    settle(&mut window);
    window.get_by_label("Training was cancelled");
    // The other lanes stand.
    window.get_by_label("Strip").click();
    settle(&mut window);
    assert_eq!(window.get_all_by_label_contains("Rank 1, ").count(), 4);
    window.get_by_label("Train item2vec").click_accesskit();
    wait(&mut window, "the second training", |window| !app(window).session.is_idle());
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    settle(&mut window);
    window.get_by_label("Type a command").type_text("cancel all");
    settle(&mut window);
    window.key_press(Key::Enter);
    wait(&mut window, "the second cancel", |window| app(window).session.is_idle());
}

#[test]
fn a_bad_path_is_told_and_what_was_open_stays() {
    let place = Place::new();
    let mut window = window(place.options());
    window.set_size(TALL);
    wait_complete(&mut window);
    let before = users(&window);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    settle(&mut window);
    window.get_by_label("Folder of a data set, or a picture").type_text("/nowhere/at_all");
    settle(&mut window);
    window.get_by_label("Open").click();
    wait(&mut window, "the error", |window| window.query_by_label("Copy").is_some());
    window.get_by_label("community is still open");
    assert_eq!(users(&window), before);
    assert_eq!(window.get_all_by_label_contains("Rank 1, ").count(), 6);
    window.get_by_label("Copy").click();
    assert!(copied(&mut window).contains("/nowhere/at_all"), "the error was not copied");
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label("Open at_all").is_none());
}

#[test]
fn theme_language_and_users_come_back() {
    let place = Place::new();
    let kept = {
        let mut window = window(place.options());
        wait_complete(&mut window);
        window.get_by_label("Switch light and dark").click();
        settle(&mut window);
        assert_eq!(window.ctx.theme(), egui::Theme::Light);
        window.get_by_label("Surprise me 1").click();
        window.get_by_label("Switch to Chinese").click();
        settle(&mut window);
        // Words, tags and titles change.
        window.get_by_label("召回通道 (2)".trim_end_matches(" (2)"));
        assert!(window.query_all_by_label_contains("第 1 名，").count() > 0);
        assert!(window.query_all_by_label_contains("号").count() > 0);
        let kept = users(&window);
        window.state_mut().as_mut().unwrap().close();
        kept
    };
    let options = OpenOptions { folder: None, theme: None, seed: Some(99), ..place.options() };
    let mut window = window(options);
    wait_complete(&mut window);
    assert_eq!(users(&window), kept);
    assert_eq!(window.ctx.theme(), egui::Theme::Light);
    window.get_by_label("切换为英文");
    // Nothing was trained again.
    let opened = app(&window).session.opened.as_ref().unwrap();
    assert!(recallscope::recall::LaneKind::QUICK.into_iter().all(|kind| opened.trained(kind).unwrap().is_found));
}
