//! Training: the form, a run as it is trained, what can be done with runs, and how it looks.

use std::path::Path;

use egui::{Event, Key, Modifiers, Rect, accesskit::Role, pos2};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use recallscope::{
    dataset::Language,
    recall::LaneKind,
    task::Series,
    ui::{OpenOptions, RowRef, ThemeChoice},
    workspace::Workspace,
};

use crate::common::{Place, Window, app, settle, wait, wait_complete, window};

fn training(place: &Place) -> OpenOptions {
    OpenOptions { layout: Some("training".to_owned()), ..place.options() }
}

/// Types a number into the field of a setting.
fn set_number(window: &mut Window, name: &str, text: &str) {
    window.get_by_role_and_label(Role::SpinButton, name).click();
    settle(window);
    window.event(Event::Text(text.to_owned()));
    settle(window);
    window.key_press(Key::Enter);
    settle(window);
}

fn press(window: &mut Window, name: &str) {
    window.get_by_role_and_label(Role::Button, name).click();
    settle(window);
}

/// The place of the run that was selected last.
fn selected(window: &Window) -> usize {
    let id = app(window).desk.training.selected.last().unwrap();
    app(window).session.opened.as_ref().unwrap().run_of(id).unwrap()
}

fn run_id(window: &Window, place: usize) -> String {
    app(window).session.opened.as_ref().unwrap().runs[place].id.clone()
}

/// Chooses an entry of the menu of the row whose name begins so.
fn choose(window: &mut Window, row: &str, entry: &str) {
    window.get_all_by_label_contains(row).last().unwrap().click_secondary();
    settle(window);
    // The menu is drawn after all else.
    window.get_all_by_label_contains(entry).last().unwrap().click();
    settle(window);
}

/// Trains item2vec with `dim` dimensions to its end.
fn train(window: &mut Window, dim: &str) -> usize {
    set_number(window, "Dimensions", dim);
    press(window, "Train");
    let place = selected(window);
    wait(window, "the training", |window| app(window).session.opened.as_ref().unwrap().runs[place].trained().is_some());
    settle(window);
    place
}

#[test]
fn a_setting_out_of_bounds_is_told_and_nothing_is_trained() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    let runs = |window: &Window| app(window).session.opened.as_ref().unwrap().runs.len();
    let before = runs(&window);
    window.get_by_label_contains("Already trained on ");
    set_number(&mut window, "Dimensions", "5000");
    window.get_by_label("A whole number from 1 to 4096");
    window.get_by_label("Mend the fields marked above");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut window);
    assert_eq!(runs(&window), before);
    // Back to what the lanes have; and what is typed can be undone, as a step of its own after a while.
    std::thread::sleep(std::time::Duration::from_secs(1));
    window.get_by_label("Dimensions, Back to 64").click();
    settle(&mut window);
    window.get_by_label_contains("Already trained on ");
    assert!(app(&window).desk.training.values.is_empty());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    window.get_by_label("A whole number from 1 to 4096");
    // Every lane has its settings there, also those that are seldom changed.
    for (kind, key) in [(LaneKind::Hot, "Bootstrap draws"), (LaneKind::ItemCf, "Alpha")] {
        press(&mut window, &format!("Lane to train: {}", kind.name()));
        if !app(&window).desk.training.shows_more {
            press(&mut window, "More");
        }
        window.get_by_role_and_label(Role::SpinButton, key);
    }
}

#[test]
fn item2vec_is_trained_and_its_curve_grows() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    set_number(&mut window, "Dimensions", "16");
    set_number(&mut window, "Epochs", "400");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut window);
    let made = selected(&window);
    let points = |window: &Window| app(window).session.opened.as_ref().unwrap().runs[made].curves.len();
    wait(&mut window, "a first piece of the curve", |window| points(window) >= 2);
    let first = points(&window);
    wait(&mut window, "more of it", |window| points(window) > first);
    wait(&mut window, "the end", |window| app(window).is_complete());
    let opened = app(&window).session.opened.as_ref().unwrap();
    let run = &opened.runs[made];
    let trained = run.trained().unwrap();
    assert_eq!((run.settings.item2vec.skip_gram.dim, trained.curves.len()), (16, run.curves.len()));
    let loss = run.curves.of(recallscope::task::Series::Loss);
    assert!(loss.last().unwrap().1 < loss[0].1, "the loss falls: {loss:?}");
    window.get_by_label_contains("Already trained on ");
    // It is kept, and what was there before stands as it stood.
    let id = run.id.clone();
    assert!(Workspace::open(&place.workspace).unwrap().find_run(&id).unwrap().is_some());
    assert_ne!(opened.current(LaneKind::Item2vec), Some(made));
}

/// Begins a long training and cancels it as soon as it goes on; the place of its run.
fn begin_and_cancel(window: &mut Window) -> usize {
    set_number(window, "Epochs", "10000");
    press(window, "Train");
    let made = selected(window);
    wait(window, "some progress", |window| app(window).session.run_job(made).is_some_and(|job| job.progress.done > 0));
    window.get_all_by_label_contains("Cancel item2vec").next().unwrap().click();
    wait(window, "the cancel", |window| app(window).session.is_idle());
    settle(window);
    made
}

#[test]
fn a_run_is_cancelled_and_begun_again() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    let made = begin_and_cancel(&mut window);
    assert!(window.query_all_by_label_contains("epochs 10000, Cancelled").count() > 0);
    choose(&mut window, "epochs 10000, Cancelled", "Try again");
    wait(&mut window, "the second training", |window| {
        app(window).session.run_job(made).is_some_and(|job| job.progress.done > 0)
    });
    // The window closes over a training: what was finished is kept, nothing of what was not.
    window.state_mut().as_mut().unwrap().close();
    wait(&mut window, "the end of the jobs", |window| app(window).session.is_idle());
    let id = run_id(&window, made);
    drop(window);
    let workspace = Workspace::open(&place.workspace).unwrap();
    assert_eq!(workspace.runs().unwrap().len(), 3);
    assert!(workspace.find_run(&id).unwrap().is_none());
}

#[test]
fn a_network_that_was_stopped_goes_on_also_after_a_restart() {
    let place = Place::new();
    let options = || {
        let mut options = training(&place);
        for (key, value) in [("epochs", "3000"), ("patience", "3000"), ("dim", "8"), ("threads", "1")] {
            options.settings.set(&format!("graphsage.{key}"), value).unwrap();
        }
        options
    };
    let epochs = |window: &Window, run: usize| {
        let run = &app(window).session.opened.as_ref().unwrap().runs[run];
        run.curves.of(Series::Loss).last().map_or(0.0, |point| point.0)
    };
    let mut first = window(options());
    wait_complete(&mut first);
    press(&mut first, "Lane to train: graphsage");
    press(&mut first, "Train");
    let made = selected(&first);
    wait(&mut first, "some epochs", |window| epochs(window, made) >= 3.0);
    first.get_all_by_label_contains("Cancel graphsage").next().unwrap().click();
    wait(&mut first, "the cancel", |window| app(window).session.is_idle());
    wait(&mut first, "the place to go on from", |window| {
        app(window).session.opened.as_ref().unwrap().runs[made].resumes.is_some()
    });
    settle(&mut first);
    let (epoch, most) = app(&first).session.opened.as_ref().unwrap().runs[made].resumes.unwrap();
    assert!(epoch >= 3 && most == 3_000, "{epoch} of {most}");
    let entry = format!("Go on from epoch {}", epoch + 1);
    assert!(first.query_all_by_label_contains(&entry).count() >= 2, "the table and the details offer it");
    let id = run_id(&first, made);
    first.state_mut().as_mut().unwrap().close();
    drop(first);
    // Nobody trains it unasked, and it is where it was.
    let mut second = window(options());
    wait_complete(&mut second);
    let opened = app(&second).session.opened.as_ref().unwrap();
    let made = opened.run_of(&id).unwrap();
    assert_eq!(opened.runs[made].resumes, Some((epoch, most)));
    second.get_by_label(&format!("graphsage: {entry}")).click();
    wait(&mut second, "the training to go on", |window| epochs(window, made) > epoch as f64);
    assert_eq!(app(&second).session.opened.as_ref().unwrap().runs[made].curves.of(Series::Loss)[0].0, 1.0);
    second.state_mut().as_mut().unwrap().close();
    wait(&mut second, "the end of the jobs", |window| app(window).session.is_idle());
}

#[test]
fn a_run_is_named_noted_deleted_brought_back_and_used() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    let made = train(&mut window, "16");
    let id = run_id(&window, made);
    let row = |name: &str| format!("{name}, Ready");
    let is_there = |window: &Window, name: &str| window.query_all_by_label_contains(&row(name)).count() > 0;
    // A name, typed in the table.
    window.get_all_by_label(&row("item2vec · dim 16")).last().unwrap().click();
    settle(&mut window);
    window.key_press(Key::F2);
    settle(&mut window);
    window.event(Event::Text("short vectors".to_owned()));
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert!(is_there(&window, "short vectors"));
    // The keys go on meaning the run: away with it, and back.
    window.key_press(Key::Delete);
    settle(&mut window);
    assert!(!is_there(&window, "short vectors"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(is_there(&window, "short vectors"));
    // A note, in the inspector.
    choose(&mut window, &row("short vectors"), "Note");
    window.event(Event::Text("for the talk".to_owned()));
    settle(&mut window);
    let note = app(&window).session.note(&id).unwrap().clone();
    assert_eq!((note.name.as_str(), note.note.as_str()), ("short vectors", "for the talk"));
    // Into the case study.
    choose(&mut window, &row("short vectors"), "Use in the case study");
    assert!(app(&window).desk.case.rows.contains(&RowRef::Run(id.clone())));
    // Away, and back.
    window.get_all_by_label(&row("short vectors")).last().unwrap().click();
    settle(&mut window);
    window.key_press(Key::Delete);
    settle(&mut window);
    assert!(!is_there(&window, "short vectors"));
    window.get_by_label("1 in the bin");
    assert!(!app(&window).desk.case.rows.contains(&RowRef::Run(id.clone())));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(is_there(&window, "short vectors"));
    assert!(app(&window).desk.case.rows.contains(&RowRef::Run(id.clone())));
    // A run that stands for its lane stays.
    window.get_all_by_label(&row("item-cf")).last().unwrap().click();
    settle(&mut window);
    window.key_press(Key::Delete);
    settle(&mut window);
    assert!(is_there(&window, "item-cf"));
    // Away for good: the workspace has it no longer, and no undo brings it back.
    choose(&mut window, &row("short vectors"), "Delete");
    press(&mut window, "Empty the bin of runs");
    wait(&mut window, "the bin", |window| app(window).session.in_bin() == 0);
    wait(&mut window, "the jobs", |window| app(window).session.is_idle());
    assert!(Workspace::open(&place.workspace).unwrap().find_run(&id).unwrap().is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(!is_there(&window, "short vectors"));
    // The form still speaks of it, and makes it anew, under the name that the undo gave back.
    assert_eq!(train(&mut window, "16"), made);
    assert!(is_there(&window, "short vectors"));
}

#[test]
fn a_kept_run_comes_back_unopened_and_fills_the_form() {
    let place = Place::new();
    let id = {
        let mut window = window(training(&place));
        wait_complete(&mut window);
        let made = train(&mut window, "16");
        window.state_mut().as_mut().unwrap().close();
        run_id(&window, made)
    };
    let mut window = window(training(&place));
    wait_complete(&mut window);
    // What was chosen comes back: the form, and the run that was looked at.
    assert_eq!(app(&window).desk.training.values["item2vec.skip_gram.dim"], "16");
    assert_eq!(app(&window).desk.training.selected, std::slice::from_ref(&id));
    window.get_by_label_contains("opens at once");
    press(&mut window, "All to default");
    choose(&mut window, "item2vec · dim 16, Kept", "Train again with changes");
    assert_eq!(app(&window).desk.training.values["item2vec.skip_gram.dim"], "16");
    press(&mut window, "Open");
    wait(&mut window, "the run", |window| {
        let opened = app(window).session.opened.as_ref().unwrap();
        opened.runs[opened.run_of(&id).unwrap()].trained().is_some()
    });
    let opened = app(&window).session.opened.as_ref().unwrap();
    assert!(opened.runs[opened.run_of(&id).unwrap()].trained().unwrap().is_found);
}

#[test]
fn recent_data_sets_and_finished_jobs_are_cleared() {
    let place = Place::new();
    {
        let workspace = Workspace::open(&place.workspace).unwrap();
        let other = recallscope::dataset::Dataset {
            folder: Path::new("/nowhere/other").to_owned(),
            name: "other".to_owned(),
            ..recallscope::dataset::Dataset::default()
        };
        workspace.dataset_opened(&other, None).unwrap();
    }
    let mut window = window(training(&place));
    wait_complete(&mut window);
    window.get_by_label("other").scroll_to_me();
    settle(&mut window);
    window.get_by_label("other").click_secondary();
    settle(&mut window);
    window.get_by_label("Remove from the list").click();
    settle(&mut window);
    assert!(window.query_by_label("other").is_none());
    wait(&mut window, "the workspace", |window| app(window).session.is_idle());
    let recent = Workspace::open(&place.workspace).unwrap().recent_datasets().unwrap();
    assert_eq!(recent.iter().map(|known| known.name.as_str()).collect::<Vec<_>>(), ["community"]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::J);
    settle(&mut window);
    window.get_by_label("Train item2vec");
    press(&mut window, "Clear finished jobs");
    assert!(app(&window).session.jobs().is_empty());
    assert!(window.query_by_label("Train item2vec").is_none());
}

#[test]
fn two_runs_stand_beside_each_other() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    let looks = [
        (ThemeChoice::Dark, Language::English, "training_dark"),
        (ThemeChoice::Light, Language::Chinese, "training_light"),
    ];
    for (theme, language, name) in looks {
        let options = OpenOptions { theme: Some(theme), language: Some(language), ..training(&place) };
        let mut window = window(options);
        wait_complete(&mut window);
        if language == Language::English {
            train(&mut window, "16");
            window.get_all_by_label("item2vec, Ready").last().unwrap().click_modifiers(Modifiers::COMMAND);
            settle(&mut window);
            press(&mut window, "Compare");
            window.get_by_label("Settings that differ");
            assert_eq!(window.query_all_by_label("Dimensions").count(), 3, "label and field of the form, and a row");
        }
        assert_eq!(app(&window).desk.training.selected.len(), 2);
        window.remove_cursor();
        settle(&mut window);
        wait(&mut window, "the picture", |window| app(window).is_complete());
        // Times, memory and dates are other ones each time.
        for rect in [
            Rect::from_min_max(pos2(846.0, 130.0), pos2(1_040.0, 420.0)),
            Rect::from_min_max(pos2(1_045.0, 40.0), pos2(1_280.0, 767.0)),
            Rect::from_min_max(pos2(196.0, 480.0), pos2(460.0, 767.0)),
        ] {
            window.mask(rect);
        }
        window.snapshot(name);
        results.extend_harness(&mut window);
        window.state_mut().as_mut().unwrap().close();
    }
}

/// The top of the only button of that name.
fn top_of(window: &Window, name: &str) -> f32 {
    window.get_by_role_and_label(Role::Button, name).rect().top()
}

#[test]
fn the_button_stays_where_it_is_when_a_field_leaves_its_default() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    // The lanes' own run is there: the button opens it.
    let before = top_of(&window, "Open");
    let field = window.get_by_role_and_label(Role::SpinButton, "Dimensions").rect();
    set_number(&mut window, "Dimensions", "16");
    window.get_by_label("Dimensions, Back to 64");
    assert_eq!(top_of(&window, "Train"), before);
    assert_eq!(window.get_by_role_and_label(Role::SpinButton, "Dimensions").rect(), field);
    press(&mut window, "Dimensions, Back to 64");
    assert_eq!(top_of(&window, "Open"), before);
}

#[test]
fn a_cancelled_run_is_not_offered_to_the_case_study_and_the_bin_gives_runs_back() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    begin_and_cancel(&mut window);
    // In the inspector, and in the menu of the row.
    assert!(window.get_by_label("Use in the case study").accesskit_node().is_disabled());
    window.get_all_by_label_contains("epochs 10000, Cancelled").last().unwrap().click_secondary();
    settle(&mut window);
    assert!(
        window.query_all_by_label_contains("Use in the case study").all(|item| item.accesskit_node().is_disabled())
    );
    window.get_all_by_label_contains("Delete").last().unwrap().click();
    settle(&mut window);
    assert_eq!(window.query_all_by_label_contains("epochs 10000, Cancelled").count(), 0);
    window.get_by_label("1 in the bin").click();
    settle(&mut window);
    window.get_by_label_contains("Bring item2vec · epochs 10000 back").click();
    settle(&mut window);
    assert!(window.query_by_label("1 in the bin").is_none());
    assert!(window.query_all_by_label_contains("epochs 10000, Cancelled").count() > 0);
    // And undo throws it away again.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    window.get_by_label("1 in the bin");
}

#[test]
fn the_inspector_has_metrics_in_the_order_of_the_evaluation_and_says_whose_memory_it_is() {
    let place = Place::new();
    let mut window = window(training(&place));
    wait_complete(&mut window);
    window.get_all_by_label("item-cf, Ready").last().unwrap().click();
    settle(&mut window);
    let tops = ["Recall@20", "Recall@500", "NDCG@20", "Hit rate@20", "MRR@20", "Coverage@20", "Gini@20"].map(|name| {
        // Names of columns and lists stand elsewhere; the inspector is at the right.
        let mut found = window.query_all_by_label(name).map(|node| node.rect()).filter(|rect| rect.left() > 1_045.0);
        found.next().unwrap_or_else(|| panic!("no {name}")).top()
    });
    assert!(tops.is_sorted(), "{tops:?}");
    window.get_by_label("Program memory");
}
