//! The data view and the sheet before a folder is opened, as an analyst uses them.

use std::fs;

use egui::{Key, Modifiers};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use recallscope::{
    dataset::split::SplitKind,
    ui::{OpenOptions, ThemeChoice, Thing},
};

use crate::common::{Place, Window, app, copied, settle, wait, wait_complete, window};

/// A folder whose columns nobody would guess, with a few rows that cannot be kept.
fn odd_folder(place: &Place) -> std::path::PathBuf {
    let folder = place.data.parent().unwrap().join("odd");
    fs::create_dir_all(&folder).unwrap();
    let mut events = String::from("who,thing,what,at,note\n");
    for row in 0..400 {
        let (user, item) = (row % 23, (row * 7 + row / 23) % 31);
        let what = ["look", "look", "keep"][row % 3];
        events += &format!("p{user},t{item},{what},{},x{row}\n", 1_700_000_000 + row * 7_200);
    }
    events += "p1,,look,1700000000,\n";
    fs::write(folder.join("events.csv"), events).unwrap();
    folder
}

fn show_data(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    wait(window, "the counts", |window| {
        window.query_by_label("Events per day and behaviour").is_some()
            && window.query_all_by_label("Popularity curve").count() > 0
    });
    settle(window);
}

fn type_folder(window: &mut Window, folder: &std::path::Path) {
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    settle(window);
    window.get_by_label("Folder of a data set, or a picture").type_text(&folder.to_string_lossy());
    settle(window);
    window.get_by_label("Open").click();
    settle(window);
}

/// Chooses `entry` in the list named `list`.
fn choose(window: &mut Window, list: &str, entry: &str) {
    window.get_by_label(list).click();
    settle(window);
    window.get_by_label(entry).click();
    settle(window);
}

fn is_idle(window: &Window) -> bool {
    app(window).session.is_idle()
}

#[test]
fn a_folder_of_odd_columns_is_corrected_in_the_sheet_and_opened() {
    let place = Place::new();
    let folder = odd_folder(&place);
    let mut window = window(place.options());
    wait_complete(&mut window);
    type_folder(&mut window, &folder);
    wait(&mut window, "the sheet", |window| window.query_by_label("Open odd").is_some());
    wait(&mut window, "what was recognised", |window| window.query_by_label("Meaning of who").is_some());
    // Nothing is guessed from such names; the table says so, shows its rows, and cannot be opened.
    window.get_by_label_contains("no column of the table events looks like user_id");
    window.get_by_label("p1");
    assert!(window.get_by_label("Open").accesskit_node().is_disabled());
    for (column, meaning) in
        [("who", "user (needed)"), ("thing", "item (needed)"), ("what", "behaviour"), ("at", "time")]
    {
        choose(&mut window, &format!("Meaning of {column}"), meaning);
        wait(&mut window, "another look", is_idle);
        settle(&mut window);
    }
    assert!(window.query_by_label_contains("looks like").is_none());
    // The preview follows: times stand as they will be read.
    window.get_by_label("2023-11-14 22:13");
    window.get_by_label("Weight of keep").focus();
    settle(&mut window);
    window.key_press(Key::ArrowUp);
    settle(&mut window);
    wait(&mut window, "another look", is_idle);
    window.remove_cursor();
    settle(&mut window);
    let mut results = SnapshotResults::new();
    window.snapshot("opening_dark");
    window.state_mut().as_mut().unwrap();
    results.extend_harness(&mut window);
    // Until the new one stands, the old one does.
    assert_eq!(app(&window).session.opened.as_ref().unwrap().dataset.name, "community");
    window.get_by_label("Open").click();
    wait(&mut window, "the data set", |window| {
        app(window).session.opened.as_ref().is_some_and(|opened| opened.dataset.name == "odd")
    });
    settle(&mut window);
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    assert_eq!((dataset.user_count(), dataset.item_count(), dataset.events.len()), (23, 31, 400));
    let weight = |name: &str| dataset.behaviours.iter().find(|kind| kind.name == name).unwrap().weight;
    assert!(weight("keep") > 1.0 && weight("look") == 1.0);
    // The note leads to the report.
    window.get_by_label_contains("Opened odd: 400 events · 1 rows set aside");
    window.get_by_label("See the report").click();
    settle(&mut window);
    assert!(window.query_by_label("See the report").is_none());
    window.get_by_label("events: 401 rows read, 400 kept, 1 set aside").click();
    settle(&mut window);
    window.get_by_label("no item");
    window.get_by_label_contains("events.csv:402");
    // The same folder opens the same way the next time, without a question.
    wait(&mut window, "the lanes", is_idle);
    window.state_mut().as_mut().unwrap().close();
    drop(window);
    let options = OpenOptions { folder: Some(folder), ..place.options() };
    let mut window = crate::common::window(options);
    wait(&mut window, "the data set", |window| app(window).session.opened.is_some());
    let again = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    assert_eq!(again.fingerprint, dataset.fingerprint);
    // And the sheet can be had again, with the corrections in it.
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    wait(&mut window, "the sheet", |window| window.query_by_label("Meaning of who").is_some());
    assert!(!window.get_by_label("As guessed").accesskit_node().is_disabled());
}

#[test]
fn a_bad_folder_shows_its_error_in_the_sheet() {
    let place = Place::new();
    let empty = place.data.parent().unwrap().join("empty");
    fs::create_dir_all(&empty).unwrap();
    let mut window = window(place.options());
    wait_complete(&mut window);
    type_folder(&mut window, &empty);
    wait(&mut window, "the error", |window| window.query_by_label_contains("there is no table of events").is_some());
    window.get_by_label("Copy").click();
    assert!(copied(&mut window).contains("add events.csv"), "the error was not copied");
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label("Open empty").is_none());
    // A folder that is understood but of which not one row can be kept: that shows only when it is loaded.
    fs::write(empty.join("events.csv"), "user_id,item_id,timestamp\n,a,1700000000\n").unwrap();
    type_folder(&mut window, &empty);
    wait(&mut window, "what was recognised", |window| window.query_by_label("Meaning of user_id").is_some());
    settle(&mut window);
    window.get_by_label("Open").click();
    wait(&mut window, "the error", |window| {
        window.query_all_by_label_contains("not one event could be kept").count() > 0
    });
    settle(&mut window);
    // In the sheet alone, which is still there.
    window.get_by_label_contains("not one event could be kept");
    window.get_by_label("Meaning of user_id");
    assert_eq!(app(&window).session.opened.as_ref().unwrap().dataset.name, "community");
}

#[test]
fn the_events_are_chosen_among_files_and_a_column_is_left_out() {
    let place = Place::new();
    let folder = place.data.parent().unwrap().join("logs");
    fs::create_dir_all(&folder).unwrap();
    let rows: String = (0..200).map(|row| format!("p{},t{},{}\n", row % 13, row % 17, 1_700_000_000 + row)).collect();
    fs::write(folder.join("clicks.log"), format!("user_id,item_id,timestamp\n{rows}")).unwrap();
    fs::write(folder.join("items.csv"), "item_id,price,colour\nt1,3,red\nt2,4,blue\n").unwrap();
    let mut window = window(place.options());
    wait_complete(&mut window);
    type_folder(&mut window, &folder);
    wait(&mut window, "the error", |window| window.query_by_label_contains("there is no table of events").is_some());
    // The reader's kinds of errors have words in both languages.
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    settle(&mut window);
    window.get_by_label_contains("文件夹中没有行为表");
    window.get_by_label_contains("there is no table of events");
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    settle(&mut window);
    window.get_by_label("Events from clicks.log").click();
    wait(&mut window, "another look", |window| window.query_by_label("Meaning of user_id").is_some());
    settle(&mut window);
    window.get_by_label("The file that holds the events");
    window.get_by_label("Table items").click();
    settle(&mut window);
    choose(&mut window, "Meaning of price", "not used");
    wait(&mut window, "another look", is_idle);
    settle(&mut window);
    window.get_by_label("Open").click();
    wait(&mut window, "the data set", |window| {
        app(window).session.opened.as_ref().is_some_and(|opened| opened.dataset.name == "logs")
    });
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    assert_eq!((dataset.events.len(), &dataset.recognised.attributes["items"]), (200, &vec!["colour".to_owned()]));
    assert_eq!(dataset.recognised.unused["items"], ["price"]);
}

#[test]
fn trouble_with_the_workspace_outlives_the_opening_of_a_folder() {
    let place = Place::new();
    let file = place.data.parent().unwrap().join("no-folder");
    fs::write(&file, "").unwrap();
    let mut window = window(OpenOptions { workspace: Some(file), ..place.options() });
    wait(&mut window, "the data set", |window| app(window).session.opened.is_some());
    settle(&mut window);
    assert!(window.query_all_by_label_contains("no-folder").count() > 0, "the trouble is gone");
    // It goes when the analyst has seen it.
    window.get_by_label("Dismiss").click();
    settle(&mut window);
    assert_eq!(app(&window).session.trouble, None);
}

#[test]
fn events_that_count_nothing_are_told_beside_the_parts() {
    let place = Place::new();
    let file = place.data.join("events.csv");
    let mut events = fs::read_to_string(&file).unwrap();
    for item in 0..7 {
        events += &format!("u1,i{item},publish,{}\n", 1_700_000_000 + item);
    }
    fs::write(&file, events).unwrap();
    let mut window = window(place.options());
    wait_complete(&mut window);
    show_data(&mut window);
    window.get_by_label("+ 7 events that count nothing");
}

fn reference(window: &Window) -> i64 {
    let opened = app(window).session.opened.as_ref().unwrap();
    recallscope::dataset::split::reference_time_secs(&opened.dataset, &opened.settings.split).unwrap()
}

#[test]
fn the_split_is_moved_by_keys_taken_back_and_chosen_otherwise() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    show_data(&mut window);
    let before = reference(&window);
    window.get_by_label("Beginning of the test part").focus();
    settle(&mut window);
    for _ in 0..3 {
        window.key_press(Key::ArrowLeft);
        window.step();
    }
    // The counts follow at once, the split when it is let alone or confirmed.
    assert_eq!(reference(&window), before);
    window.key_press(Key::Enter);
    wait(&mut window, "the split", |window| reference(window) != before);
    assert_eq!(before - reference(&window), 3 * 86_400);
    wait(&mut window, "the lanes", is_idle);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(reference(&window), before);
    assert!(app(&window).desk.split.is_none(), "as suits the data, as it was");
    // By the mouse.
    let handle = window.get_by_label("Beginning of the window").rect().center();
    window.drag_at(handle);
    window.step();
    window.hover_at(handle - egui::vec2(60.0, 0.0));
    window.step();
    window.drop_at(handle - egui::vec2(60.0, 0.0));
    settle(&mut window);
    let days = app(&window).session.opened.as_ref().unwrap().settings.split.window_days.unwrap();
    assert!(days > 7.5, "{days} days");
    // Another kind; those that the data set does not allow cannot be chosen.
    window.get_by_label("Kind of split").click();
    settle(&mut window);
    assert!(window.get_by_label("As published").accesskit_node().is_disabled());
    window.get_by_label("Random, 8 : 1 : 1").click();
    settle(&mut window);
    assert_eq!(app(&window).session.opened.as_ref().unwrap().settings.split.kind, SplitKind::Random);
    wait(&mut window, "the lanes", is_idle);
    window.get_by_label("As suits the data").click();
    settle(&mut window);
    assert_eq!(reference(&window), before);
}

#[test]
fn tags_are_found_sorted_and_selected() {
    let place = Place::new();
    fs::write(
        place.data.join("tags.csv"),
        "leaf,level2,level1\n沙发,客厅,家居\n面条,主食,美食\n相机,器材,摄影\n绿植,阳台,家居\n玩偶,收藏,玩具\n旅行,旅行,旅行\n",
    )
    .unwrap();
    let mut window = window(place.options());
    wait_complete(&mut window);
    show_data(&mut window);
    // All other parts folded, so that the tags are in sight.
    for part in ["What was read", "Time and split", "Spread of interactions"] {
        window.get_by_label(part).click();
        settle(&mut window);
    }
    assert_eq!(window.query_all_by_label_contains(" items, ").count(), 5);
    window.get_by_label("Find a tag").focus();
    settle(&mut window);
    window.get_by_label("Find a tag").type_text("sofa");
    settle(&mut window);
    // The branch shows with it.
    assert_eq!(window.query_all_by_label_contains(" items, ").count(), 3);
    window.get_by_label_contains("Sofas: ").click();
    settle(&mut window);
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    let sofa = dataset.tags.leaf.row("沙发").unwrap();
    assert_eq!(app(&window).selection.primary(), Some(Thing::Tag(sofa)));
    window.get_by_label("Clear the search").click();
    settle(&mut window);
    window.get_by_label("Unfold all").click();
    settle(&mut window);
    // Five branches; of those with one child of the same name only one row.
    assert_eq!(window.query_all_by_label_contains(" items, ").count(), 5 + 5 + 5);
    assert_eq!(app(&window).desk.data.folded.len(), 3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(app(&window).desk.data.unfolded_tags.is_empty());
}

#[test]
fn the_data_view_in_both_themes() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "data_dark"), (ThemeChoice::Light, "data_light")] {
        let mut window = window(OpenOptions { theme: Some(theme), ..place.options() });
        wait_complete(&mut window);
        show_data(&mut window);
        wait_complete(&mut window);
        window.get_by_label("What was read").click();
        settle(&mut window);
        window.remove_cursor();
        settle(&mut window);
        window.snapshot(name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn the_sheet_in_light() {
    let place = Place::new();
    let mut window = window(OpenOptions { theme: Some(ThemeChoice::Light), ..place.options() });
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    wait(&mut window, "the sheet", |window| window.query_by_label("Meaning of user_id").is_some());
    wait_complete(&mut window);
    window.get_by_label("Table items").click();
    settle(&mut window);
    window.remove_cursor();
    settle(&mut window);
    window.snapshot("opening_light");
}
