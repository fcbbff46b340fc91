//! Mixes: set up beside the case study, tried while shares change, kept, and found again.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use recallscope::{
    recall::{LaneKind, mix::MixBy},
    ui::RowRef,
};

use crate::common::{Place, Window, app, settle, type_path, wait, wait_complete, wait_saved, window};

const DRAFT: &str = "draft-mix";

fn press(window: &mut Window, name: &str) {
    window.get_by_label(name).click();
    settle(window);
}

/// What the first column shows of the run with this id.
fn recalled(window: &Window, id: &str) -> Vec<u32> {
    let opened = app(window).session.opened.as_ref().unwrap();
    let run = &opened.runs[opened.run_of(id).unwrap()];
    let user = app(window).desk.case.columns[0].user.as_ref().unwrap();
    let user = opened.dataset.users.ids.row(user).unwrap();
    let found = run.trained().unwrap().lane.recall(&opened.triggers().unwrap().of(user), 20);
    found.iter().map(|found| found.item).collect()
}

#[test]
fn a_mix_is_tried_kept_and_found_again() {
    let place = Place::new();
    let id = {
        let mut window = window(place.options());
        wait_complete(&mut window);
        let before = app(&window).desk.clone();
        window.key_press_modifiers(Modifiers::COMMAND, Key::M);
        settle(&mut window);
        // The lanes that stand are in it, and the case study shows the draft.
        assert_eq!(app(&window).desk.mix.parts.len(), 2);
        wait(&mut window, "the draft", |window| window.query_by_label("Run mix (not saved)").is_some());
        let even = recalled(&window, DRAFT);
        // All places for the second.
        window.get_by_label("Share of item-cf").focus();
        settle(&mut window);
        for _ in 0..40 {
            window.key_press(Key::ArrowLeft);
            window.step();
        }
        let parts = &app(&window).desk.mix.parts;
        assert!(parts[0].share < 30.0, "{parts:?}");
        let dragged = recalled(&window, DRAFT);
        assert_ne!(even, dragged);
        press(&mut window, "Weight");
        assert_eq!(app(&window).desk.mix.by, MixBy::Weight);
        window.get_by_label("Name of the mix").focus();
        settle(&mut window);
        window.get_by_label("Name of the mix").type_text("two of them");
        settle(&mut window);
        press(&mut window, "Save mix");
        wait_complete(&mut window);
        let desk = &app(&window).desk;
        assert!(!desk.mix.is_open);
        let RowRef::Run(id) = desk.case.rows[0].clone() else { panic!("{:?}", desk.case.rows) };
        assert_ne!(id, DRAFT);
        let opened = app(&window).session.opened.as_ref().unwrap();
        let run = &opened.runs[opened.run_of(&id).unwrap()];
        assert_eq!(run.kind, LaneKind::Mix);
        assert!(run.report.as_ref().unwrap().metric("recall@20").is_some());
        assert!(window.query_all_by_label("two of them").count() > 0);
        // One step back the box is there again; all the way back everything is as it was.
        for _ in 0..12 {
            window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
            settle(&mut window);
        }
        assert_eq!(app(&window).desk.case, before.case);
        assert_eq!(app(&window).desk.mix, before.mix);
        id
    };
    let mut again = window(place.options());
    wait_complete(&mut again);
    let opened = app(&again).session.opened.as_ref().unwrap();
    let run = &opened.runs[opened.run_of(&id).unwrap()];
    assert_eq!(run.kind, LaneKind::Mix);
    assert!(run.report.is_some());
}

#[test]
fn shares_are_chosen_on_validation() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::M);
    settle(&mut window);
    let before = app(&window).desk.mix.clone();
    press(&mut window, "Choose on validation");
    wait(&mut window, "chosen shares", |window| {
        window.query_all_by_label_contains("NDCG@20 on validation").count() == 1
    });
    wait_complete(&mut window);
    let chosen = app(&window).desk.mix.clone();
    assert_ne!((before.by, &before.parts), (chosen.by, &chosen.parts));
    let sum: f64 = chosen.parts.iter().map(|part| part.share).sum();
    assert!((sum - 100.0).abs() < 0.1, "{chosen:?}");
    window.remove_cursor();
    settle(&mut window);
    window.snapshot("mix_dark");
    // Who moves a share afterwards is no longer told what was measured; one step back and it holds again.
    press(&mut window, "Equal shares");
    assert_eq!(window.query_all_by_label_contains("NDCG@20 on validation").count(), 0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(app(&window).desk.mix, chosen);
    assert_eq!(window.query_all_by_label_contains("NDCG@20 on validation").count(), 1);
}

#[test]
fn candidates_of_a_run_are_written_from_the_menu() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    press(&mut window, "File");
    press(&mut window, "Candidates for a ranking model…");
    let path = place.data.parent().unwrap().join("candidates.parquet");
    type_path(&mut window, &path);
    press(&mut window, "Save");
    wait_saved(&mut window, &path);
    let written = std::fs::read(&path).unwrap();
    assert_eq!(&written[..4], b"PAR1");
}

#[test]
fn who_gets_what_is_seen_in_the_evaluation() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    settle(&mut window);
    press(&mut window, "Who gets what");
    wait(&mut window, "what the lists show", |window| {
        window.query_all_by_label_contains("In too many lists of").count() > 0
    });
    wait_complete(&mut window);
    assert!(window.query_all_by_label("Places over items (Lorenz curve)").count() > 0);
    window.remove_cursor();
    settle(&mut window);
    window.snapshot("exposure_dark");
    // Hubs are told with their counts, and can be selected.
    let hubs = window.query_all_by_label_contains("times its share").count();
    if hubs > 0 {
        window.query_all_by_label_contains("times its share").next().unwrap().click();
        settle(&mut window);
        assert!(matches!(app(&window).selection.primary(), Some(recallscope::ui::Thing::Item(_))));
    } else {
        window.get_by_label("No item is in very many lists");
    }
}
