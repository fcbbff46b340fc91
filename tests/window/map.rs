//! The map: points of a run, arranged, selected by a lasso, and beside those of another run.

use egui::{Key, Modifiers, Pos2, accesskit::Role};
use egui_kittest::{SnapshotResults, kittest::Queryable as _};
use recallscope::{
    recall::LaneKind,
    ui::{MapMethod, OpenOptions, ThemeChoice, Thing, ViewKind},
};

use crate::common::{ITEMS, Place, Window, app, settle, type_path, wait, wait_complete, wait_saved, window};

fn map(options: OpenOptions) -> Window {
    let mut window = window(options);
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num7);
    settle(&mut window);
    assert!(app(&window).desk.layout.visible().contains(&ViewKind::Map));
    wait(&mut window, "the map", |window| window.query_by_label_contains("keeps ").is_some());
    wait_complete(&mut window);
    window
}

/// How many items have a vector in the run of item2vec.
fn vectors(window: &Window) -> usize {
    let opened = app(window).session.opened.as_ref().unwrap();
    opened.trained(LaneKind::Item2vec).unwrap().lane.vectors().unwrap().len()
}

fn drag(window: &mut Window, line: &[Pos2]) {
    window.drag_at(line[0]);
    settle(window);
    for &at in &line[1..] {
        window.hover_at(at);
        settle(window);
    }
    window.drop_at(*line.last().unwrap());
    settle(window);
}

#[test]
fn items_lie_on_the_map_and_are_selected_everywhere() {
    let place = Place::new();
    let mut window = map(place.options());
    let count = vectors(&window);
    assert!(count > 10 && count <= ITEMS);
    window.get_by_label_contains(&format!("item2vec · {count} items"));
    let canvas = window.get_by_label("Map of item2vec").rect();
    // Few enough that each shows its cover.
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    let opened = app(&window).session.opened.as_ref().unwrap();
    let item = opened.trained(LaneKind::Item2vec).unwrap().lane.vectors().unwrap().ids()[3];
    let title = dataset.title(item, recallscope::dataset::Language::English).to_owned();
    let at = window.get_by_label(&title).rect();
    assert!(canvas.contains_rect(at));
    window.hover_at(at.center());
    settle(&mut window);
    window.drag_at(at.center());
    window.drop_at(at.center());
    settle(&mut window);
    wait_complete(&mut window);
    let Some(Thing::Item(selected)) = app(&window).selection.primary() else { panic!("no item is selected") };
    // Its nearest by the vectors stand below, as exact search finds them.
    let opened = app(&window).session.opened.as_ref().unwrap();
    let lane = opened.trained(LaneKind::Item2vec).unwrap().lane.clone();
    let index = lane.vectors().unwrap();
    let nearest = index.search_exact(index.vector(selected).unwrap(), 1, &[selected])[0];
    let title = dataset.title(nearest.item, recallscope::dataset::Language::English).to_owned();
    window.get_by_label_contains(&format!("Near: {title}, cosine"));
    window.get_by_label_contains("around the selection");
    // A lasso around everything.
    window.get_by_label("Lasso").click();
    settle(&mut window);
    let canvas = window.get_by_label("Map of item2vec").rect();
    let corner = |x: f32, y: f32| canvas.min + egui::vec2(x, y) * canvas.size();
    let line = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.9), (0.01, 0.9), (0.01, 0.02)].map(|(x, y)| corner(x, y));
    drag(&mut window, &line);
    assert_eq!(app(&window).selection.things().len(), count);
    // What was selected before comes back.
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowLeft);
    settle(&mut window);
    assert_eq!(app(&window).selection.things(), [Thing::Item(selected)]);
}

#[test]
fn neighbours_come_together_in_the_background_and_undo_brings_the_axes_back() {
    let place = Place::new();
    let mut window = map(place.options());
    window.get_by_label("t-SNE").click();
    settle(&mut window);
    assert_eq!(app(&window).desk.map.method, MapMethod::Tsne);
    wait(&mut window, "t-SNE", |window| {
        app(window).is_complete() && window.query_by_label_contains("keeps ").is_some()
    });
    window.get_by_role_and_label(Role::CheckBox, "Users").click();
    settle(&mut window);
    wait_complete(&mut window);
    wait(&mut window, "users on the map", |window| window.query_by_label_contains(" users ·").is_some());
    for _ in 0..2 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut window);
    }
    assert_eq!(app(&window).desk.map.method, MapMethod::Pca);
    wait_complete(&mut window);
    // Where points lie can be taken along.
    window.get_by_label("Take this table along").click();
    settle(&mut window);
    window.get_by_label("Export CSV…").click();
    let path = place.workspace.join("map.csv");
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    wait_saved(&mut window, &path);
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written.lines().count(), 1 + vectors(&window));
    assert!(written.lines().next().unwrap().starts_with("kind,id,title,x,y"), "{written}");
}

#[test]
fn a_map_of_two_runs_in_both_themes() {
    let mut results = SnapshotResults::new();
    let place = Place::new();
    {
        let mut options = place.options();
        options.settings.set("item2vec.skip_gram.dim", "16").unwrap();
        let mut first = window(options);
        wait_complete(&mut first);
    }
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut window = map(OpenOptions { theme: Some(theme), ..place.options() });
        if !app(&window).desk.map.is_double {
            window.get_by_label("Two runs side by side").click();
            settle(&mut window);
        }
        wait(&mut window, "the other map", |window| window.query_all_by_label_contains("keeps ").count() == 2);
        wait_complete(&mut window);
        window.remove_cursor();
        settle(&mut window);
        window.snapshot(format!("map_{name}"));
        results.extend_harness(&mut window);
    }
}
