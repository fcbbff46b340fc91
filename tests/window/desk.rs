//! The frame: views that are closed and come back, layouts, undo, settings, the sheet of keys.

use egui::{Key, Modifiers};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use recallscope::ui::{OpenOptions, ThemeChoice, ViewKind};

use crate::common::{Place, app, settle, type_path, users, wait_complete, wait_saved, window};

#[test]
fn views_are_closed_and_come_back_and_layouts_are_kept() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let visible = |window: &crate::common::Window| app(window).desk.layout.visible();
    assert_eq!(visible(&window), [ViewKind::CaseStudy]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    settle(&mut window);
    assert_eq!(visible(&window), [ViewKind::Evaluation]);
    window.get_by_role_and_label(egui::accesskit::Role::Button, "Evaluation").click_secondary();
    settle(&mut window);
    window.get_by_label("Close this view").click();
    settle(&mut window);
    assert!(!app(&window).desk.layout.has(ViewKind::Evaluation));
    // Taken back, then closed again and opened by its key.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(app(&window).desk.layout.has(ViewKind::Evaluation));
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut window);
    assert!(!app(&window).desk.layout.has(ViewKind::Evaluation));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    settle(&mut window);
    assert_eq!(visible(&window), [ViewKind::Evaluation]);
    // A layout gets a name, another one is chosen, and the first comes back by its name.
    window.key_press_modifiers(Modifiers::ALT, Key::Num5);
    settle(&mut window);
    assert_eq!(visible(&window), [ViewKind::CaseStudy, ViewKind::Evaluation]);
    window.get_by_label("Layout").click();
    settle(&mut window);
    window.get_by_label("Save this layout…").click();
    settle(&mut window);
    window.get_by_label("Name of the layout").type_text("mine");
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::ALT, Key::Num6);
    settle(&mut window);
    assert_eq!(visible(&window), [ViewKind::CaseStudy]);
    assert!(!app(&window).desk.layout.left_open);
    window.get_by_label("Layout").click();
    settle(&mut window);
    window.get_by_label("mine").click();
    settle(&mut window);
    assert_eq!(visible(&window), [ViewKind::CaseStudy, ViewKind::Evaluation]);
    assert!(app(&window).desk.layout.left_open);
    // It is there at the next start, too.
    let kept = app(&window).desk.clone();
    window.state_mut().as_mut().unwrap().close();
    drop(window);
    let mut again = crate::common::window(OpenOptions { theme: None, ..place.options() });
    wait_complete(&mut again);
    assert_eq!(app(&again).desk.saved_layouts, kept.saved_layouts);
    assert_eq!(app(&again).desk.layout.visible(), kept.layout.visible());
    assert_eq!(users(&again).len(), kept.case.columns.len());
}

#[test]
fn everything_the_analyst_changed_can_be_undone() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    // What was searched goes with Esc.
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    settle(&mut window);
    window.get_by_label("Search").type_text("nobody");
    settle(&mut window);
    assert!(window.query_by_label_contains("nobody").is_some());
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label_contains("nobody").is_none());
    // Nothing has been changed yet: drawing alone is no step.
    window.get_by_label("Edit").click();
    settle(&mut window);
    assert!(window.get_all_by_label_contains("Undo").any(|node| node.accesskit_node().is_disabled()));
    window.key_press(Key::Escape);
    settle(&mut window);
    let before = app(&window).desk.clone();
    let first = users(&window);
    window.get_by_label("Surprise me 1").click();
    settle(&mut window);
    let drawn = users(&window);
    assert_ne!(drawn, first);
    window.key_press_modifiers(Modifiers::COMMAND, Key::U);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(&mut window);
    assert!(app(&window).desk.titles);
    let changed = app(&window).desk.clone();
    for _ in 0..3 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut window);
    }
    assert_eq!(app(&window).desk, before);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut window);
    assert_eq!(users(&window), drawn);
    for _ in 0..2 {
        window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        settle(&mut window);
    }
    assert_eq!(app(&window).desk, changed);
}

#[test]
fn settings_and_keys_are_at_hand() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    settle(&mut window);
    window.snapshot("settings_dark");
    window.get_by_label("150 %").click();
    settle(&mut window);
    assert_eq!(window.ctx.zoom_factor(), 1.5);
    window.get_by_label("Light").click();
    settle(&mut window);
    assert_eq!(app(&window).desk.preferences.theme, ThemeChoice::Light);
    window.get_by_label("中文").click();
    settle(&mut window);
    window.get_by_label("设置");
    window.key_press(Key::Escape);
    settle(&mut window);
    // All of it was one stretch of changes in one dialog.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(window.ctx.zoom_factor(), 1.0);
    window.get_by_label("File");
    window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    settle(&mut window);
    window.snapshot("shortcuts_dark");
    window.get_by_label("Move in covers, lists and tables");
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label("Move in covers, lists and tables").is_none());
    results.extend_harness(&mut window);
}

#[test]
fn runs_and_recalled_items_are_taken_along_as_tables() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    // What the first lane recalls for both users.
    window.get_by_label("Lane hot").click_secondary();
    settle(&mut window);
    window.get_by_label("Export CSV…").click();
    let path = place.workspace.join("recalled.csv");
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    wait_saved(&mut window, &path);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next().unwrap(), "user_id,run,rank,item_id,title,tags,score,marks");
    let first: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!((first[0], first[1], first[2]), (users(&window)[0].as_str(), "hot", "1"));
    assert_eq!(lines.count(), 2 * 20 - 1);
    // The runs of the training view.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    settle(&mut window);
    window.get_by_label("Take this table along").click();
    settle(&mut window);
    window.get_by_label("Export CSV…").click();
    let path = place.workspace.join("runs.csv");
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    wait_saved(&mut window, &path);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("run_id,name,lane,settings,state,recall@20,"), "{text}");
    assert_eq!(text.lines().count(), 4);
}
