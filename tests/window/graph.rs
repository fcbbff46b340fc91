//! Neighbourhoods of the message graph, and attention on them.

use egui::{Key, Modifiers};
use egui_kittest::{SnapshotResults, kittest::Queryable as _};
use recallscope::{
    recall::LaneKind,
    ui::{OpenOptions, ThemeChoice, Thing, ViewKind},
};

use crate::common::{Place, Window, app, settle, type_path, wait, wait_complete, wait_saved, window};

/// Small networks on one thread, so that the same attention comes out each time.
fn options(place: &Place) -> OpenOptions {
    let mut options = place.options();
    for lane in ["graphsage", "gat", "gaan"] {
        for (key, value) in [("epochs", "2"), ("dim", "8"), ("threads", "1")] {
            options.settings.set(&format!("{lane}.{key}"), value).unwrap();
        }
    }
    options
}

/// A window with a run of gat, trained by the button that the view offers if nothing else has.
fn attention(options: OpenOptions) -> Window {
    let mut window = window(options);
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    settle(&mut window);
    if let Some(train) = window.query_by_label("Train gat") {
        train.click();
        settle(&mut window);
    }
    wait(&mut window, "attention", |window| {
        let opened = app(window).session.opened.as_ref().unwrap();
        opened.trained(LaneKind::Gat).is_some() || window.query_by_label("Neighbours by head").is_some()
    });
    wait(&mut window, "the heat map", |window| window.query_by_label("Neighbours by head").is_some());
    wait(&mut window, "the figures of the run", |window| window.query_by_label("Probable noise").is_some());
    wait_complete(&mut window);
    window
}

/// The user in the middle, and his items by falling share.
fn middle(window: &Window) -> (u32, Vec<u32>) {
    let app = app(window);
    let opened = app.session.opened.as_ref().unwrap();
    let id = app.desk.case.columns[0].user.clone().unwrap();
    let user = opened.dataset.users.ids.row(&id).unwrap();
    let mut shares = opened.triggers().unwrap().of(user).shares();
    shares.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    (user, shares.into_iter().map(|(item, _)| item).collect())
}

fn title(window: &Window, item: u32) -> String {
    let dataset = &app(window).session.opened.as_ref().unwrap().dataset;
    dataset.title(item, recallscope::dataset::Language::English).to_owned()
}

fn edges(window: &Window) -> usize {
    let opened = app(window).session.opened.as_ref().unwrap();
    // "… · 13 nodes, 12 edges · …"
    let name = &opened.dataset.name;
    let label = window.query_by_label_contains(" nodes, ").unwrap_or_else(|| panic!("nothing is drawn of {name}"));
    let text = egui_kittest::kittest::NodeT::accesskit_node(&label).value().unwrap_or_default();
    let after = text.split(" nodes, ").nth(1).unwrap().to_owned();
    after.split(' ').next().unwrap().replace(',', "").parse().unwrap()
}

#[test]
fn a_neighbourhood_opens_unfolds_and_changes_what_its_edges_say() {
    let place = Place::new();
    let mut window = attention(options(&place));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    settle(&mut window);
    assert!(app(&window).desk.layout.visible().contains(&ViewKind::Neighbourhood));
    window.get_by_label("Hops 1").click();
    wait_complete(&mut window);
    let (user, items) = middle(&window);
    let cap = app(&window).desk.network.cap;
    assert_eq!(edges(&window), items.len().min(cap));
    // One of his items: chosen by the pointer, unfolded by a key.
    let title = title(&window, items[0]);
    window.get_by_label(&title).click();
    settle(&mut window);
    assert_eq!(app(&window).selection.primary(), Some(Thing::Item(items[0])));
    let before = edges(&window);
    assert_eq!(before, items.len().min(cap), "what is selected here leaves the middle where it is");
    window.key_press(Key::Enter);
    wait_complete(&mut window);
    assert_eq!(app(&window).desk.network.unfolded.len(), 1);
    let graphs = app(&window).session.opened.as_ref().unwrap().prepared().unwrap().graphs_if_built().unwrap().clone();
    let own = graphs.item_item.row(items[0]).0.len().min(cap);
    assert!(own > 0);
    assert_eq!(edges(&window), before + own);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    wait_complete(&mut window);
    assert_eq!(edges(&window), before, "undo folds it again");
    // Another measure is another picture.
    let by_weight = window.render().unwrap();
    window.get_by_label("Edges by: Attention").click();
    settle(&mut window);
    let by_attention = window.render().unwrap();
    assert!(by_weight != by_attention);
    // The item that is selected becomes the middle.
    window.get_by_label("Put what is selected in the middle").click();
    wait_complete(&mut window);
    assert_eq!(edges(&window), own);
    assert!(app(&window).session.opened.as_ref().unwrap().dataset.user_count() > user as usize);
}

#[test]
fn what_shares_a_tag_is_shown_beside_an_item_and_undone() {
    let place = Place::new();
    let mut window = window(options(&place));
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    settle(&mut window);
    window.get_by_label("Hops 1").click();
    wait_complete(&mut window);
    let before = edges(&window);
    let (_, items) = middle(&window);
    let title = title(&window, items[0]);
    window.get_by_label(&title).click();
    settle(&mut window);
    window.get_by_label("Show what else has a tag of it").click();
    settle(&mut window);
    window.get_by_label_contains("Others tagged ").click();
    wait_complete(&mut window);
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    let tag = dataset.items.tags.of(items[0])[0];
    let others = (0..dataset.item_count() as u32)
        .filter(|&item| item != items[0] && dataset.items.tags.of(item).contains(&tag))
        .count();
    let cap = app(&window).desk.network.cap;
    assert_eq!(edges(&window), before + others.min(cap));
    window.key_press(Key::Escape);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    wait_complete(&mut window);
    assert_eq!(edges(&window), before);
}

#[test]
fn attention_is_shown_by_head_and_can_be_taken_along() {
    let place = Place::new();
    let mut window = attention(options(&place));
    let (_, items) = middle(&window);
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    let columns = window.query_all_by_label_contains(", attention ").count();
    assert!(columns > 1 && columns <= items.len(), "{columns} columns of {} items", items.len());
    // Shares of those that are seen do not sum to more than all of it.
    let said: Vec<f64> = window
        .query_all_by_label_contains(", attention ")
        .filter_map(|node| {
            let label = egui_kittest::kittest::NodeT::accesskit_node(&node).label()?;
            label.split(", attention ").nth(1)?.trim_end_matches(" %").parse().ok()
        })
        .collect();
    assert_eq!(said.len(), columns);
    assert!(said.is_sorted_by(|one, other| one >= other), "{said:?}");
    assert!(said.iter().sum::<f64>() < 101.0, "{said:?}");
    window.query_all_by_label_contains(", attention ").next().unwrap().click();
    settle(&mut window);
    assert!(matches!(app(&window).selection.primary(), Some(Thing::Item(item)) if items.contains(&item)));
    assert_eq!(window.query_all_by_label_contains(", attention ").count(), columns, "the middle stays");
    window.get_by_label("Take this table along").click();
    settle(&mut window);
    window.get_by_label("Export CSV…").click();
    let path = place.workspace.join("run.csv");
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    wait_saved(&mut window, &path);
    let written = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert!(lines[0].starts_with("layer,kind,of,count,mean,p5"), "{}", lines[0]);
    // Two layers of four heads.
    assert_eq!(lines.iter().filter(|line| line.contains(",head,")).count(), 8);
    let clicks: Vec<&&str> = lines.iter().filter(|line| line.contains(",behaviour,click,")).collect();
    assert_eq!(clicks.len(), 2, "{} behaviours", dataset.behaviours.len());
}

#[test]
fn neighbourhood_and_attention_in_both_themes() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        // A place of its own, so that neither finds what the other arranged.
        let place = Place::new();
        let mut window = attention(OpenOptions { theme: Some(theme), ..options(&place) });
        // The inspector shows an item, and not a run with the minute in which it was made.
        window.query_all_by_label_contains(", attention ").next().unwrap().click();
        wait_complete(&mut window);
        window.remove_cursor();
        settle(&mut window);
        window.snapshot(format!("attention_{name}"));
        window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
        settle(&mut window);
        wait_complete(&mut window);
        window.get_by_label("Edges by: Attention").click();
        window.remove_cursor();
        wait_complete(&mut window);
        settle(&mut window);
        window.snapshot(format!("neighbourhood_{name}"));
        results.extend_harness(&mut window);
    }
}
