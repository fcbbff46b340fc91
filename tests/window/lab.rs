//! The lab: arms on the users of a made-up community, and what is said where there is none.

use std::path::PathBuf;

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use recallscope::{
    dataset::simulate::{Simulation, simulate},
    recall::LaneKind,
    task::JobContext,
    ui::{OpenOptions, ViewKind},
};

use crate::common::{Place, Window, app, settle, wait, wait_complete, window};

fn made_up(place: &Place) -> OpenOptions {
    let folder: PathBuf = place.workspace.with_file_name("made-up");
    let small = Simulation { users: 300, items: 400, days: 14, seed: 11, covers: Some(0) };
    simulate(&folder, &small, &JobContext::default()).unwrap();
    OpenOptions { folder: Some(folder), ..place.options() }
}

fn lab(options: OpenOptions) -> Window {
    let mut window = window(options);
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    settle(&mut window);
    window.get_by_label("Type a command").type_text("show the lab");
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert!(app(&window).desk.layout.visible().contains(&ViewKind::Lab));
    window
}

#[test]
fn arms_are_chosen_tried_and_compared() {
    let place = Place::new();
    let mut window = lab(made_up(&place));
    window.get_by_label("Choose runs for arm 2").click();
    settle(&mut window);
    let id = {
        let opened = app(&window).session.opened.as_ref().unwrap();
        opened.runs[opened.current(LaneKind::Item2vec).unwrap()].id.clone()
    };
    window.get_by_role_and_label(Role::CheckBox, "item2vec").click();
    settle(&mut window);
    assert!(app(&window).desk.lab.arms[1].runs.contains(&id), "{:?}", app(&window).desk.lab);
    window.key_press(Key::Escape);
    settle(&mut window);
    window.get_by_label("Start the A/B").click();
    wait(&mut window, "all visitors", |window| window.query_all_by_label_contains(" visitors, ").count() > 0);
    wait_complete(&mut window);
    // A column of the table, and a chart.
    assert!(window.query_all_by_label("Click rate less arm 1").count() >= 2);
    // Both differences say how clear they are.
    let told = ["clear after", "not clear"];
    let said = told.into_iter().map(|text| window.query_all_by_label_contains(text).count()).sum::<usize>();
    assert!(said >= 2, "{said}");
    assert!(window.query_by_label("Stop").is_none());
    window.remove_cursor();
    settle(&mut window);
    window.snapshot("lab_dark");
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
    wait_complete(&mut window);
    window.snapshot("lab_light");
}

#[test]
fn the_lab_has_keys_and_a_layout() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::L);
    settle(&mut window);
    assert!(app(&window).desk.layout.visible().contains(&ViewKind::Lab));
    window.key_press_modifiers(Modifiers::ALT, Key::Num1);
    settle(&mut window);
    assert!(!app(&window).desk.layout.has(ViewKind::Lab));
    window.key_press_modifiers(Modifiers::ALT, Key::A);
    settle(&mut window);
    assert_eq!(app(&window).desk.layout.visible(), [ViewKind::Lab]);
}

#[test]
fn a_log_of_others_says_what_the_lab_needs() {
    let place = Place::new();
    let window = lab(place.options());
    window.get_by_label_contains("recallscope simulate");
    window.get_by_label("Open the sample community");
}
