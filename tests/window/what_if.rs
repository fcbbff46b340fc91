//! What if, and why: another history or other attributes in the case study, and the neighbours that a graph network
//! names.

use std::process::Command;

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use recallscope::{
    recall::LaneKind,
    ui::{OpenOptions, RowRef},
};

use crate::common::{Place, Window, app, settle, wait, wait_complete, window};

const SMALL: [(&str, &str); 3] = [("gat.epochs", "1"), ("gat.dim", "8"), ("gat.heads", "2")];

/// One user under `item-cf`, `gat` and `hot`, a column each.
fn three_lanes(place: &Place) -> Window {
    let mut train = Command::new(env!("CARGO_BIN_EXE_recallscope"));
    train.arg("run").arg(&place.data).arg("--out").arg(&place.workspace).args(["--lanes", "gat"]);
    let mut options: OpenOptions = place.options();
    for (key, value) in SMALL {
        train.args(["--set", &format!("{key}={value}")]);
        options.settings.set(key, value).unwrap();
    }
    assert!(train.output().unwrap().status.success());
    let mut window = window(options);
    wait_complete(&mut window);
    let rows = [LaneKind::ItemCf, LaneKind::Gat, LaneKind::Hot].map(RowRef::Lane).to_vec();
    window.state_mut().as_mut().unwrap().desk.case.rows = rows;
    settle(&mut window);
    window.key_press_modifiers(Modifiers::ALT, Key::L);
    settle(&mut window);
    wait_complete(&mut window);
    for _ in 0..3 {
        window.key_press_modifiers(Modifiers::ALT, Key::Minus);
        settle(&mut window);
    }
    wait_complete(&mut window);
    window
}

/// Titles of what the lane recalls, in order.
fn recalled(window: &Window, lane: &str) -> Vec<String> {
    let text = format!("lane {lane}");
    let nodes = window.query_all_by_label_contains(&text);
    let names = nodes.map(|node| node.accesskit_node().label().unwrap_or_default());
    let mut ranked: Vec<(u32, String)> = names
        .filter_map(|name| {
            let mut parts = name.split(", ");
            let rank = parts.next()?.strip_prefix("Rank ")?.parse().ok()?;
            Some((rank, parts.next()?.to_owned()))
        })
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, title)| title).collect()
}

/// The titles of all three lanes.
fn all(window: &Window) -> [Vec<String>; 3] {
    ["item-cf", "gat", "hot"].map(|lane| recalled(window, lane))
}

fn undo(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(window);
}

#[test]
fn a_history_without_one_item_is_recalled_for_and_undone() {
    let place = Place::new();
    let mut window = three_lanes(&place);
    let before = all(&window);
    assert!(before.iter().all(|titles| titles.len() == 20), "{before:?}");
    // The newest of what he took; its sign is seen when the pointer is on it.
    let cover = window.query_all_by_label_contains("Cover of ").next().unwrap();
    let title = cover.accesskit_node().label().unwrap_or_default();
    let title = title.strip_prefix("Cover of ").unwrap().split(", ").next().unwrap().to_owned();
    let at = cover.rect().center();
    window.hover_at(at);
    settle(&mut window);
    window.get_by_label(&format!("As if the user had not taken {title}")).click();
    settle(&mut window);
    let struck = app(&window).desk.case.columns[0].struck.clone();
    assert_eq!(struck.len(), 1);
    assert!(app(&window).desk.case.columns.iter().all(|column| column.struck == struck), "all three follow");
    window.get_by_label("As if");
    window.get_by_label(&format!("not taken: {title}"));
    assert!(
        window
            .query_all_by_label_contains(&format!("Cover of {title}, "))
            .any(|node| { node.accesskit_node().label().unwrap_or_default().ends_with("as if not taken") })
    );
    let after = all(&window);
    assert!(after[0] != before[0] && after[1] != before[1], "those that can follow do");
    assert_eq!(after[2], before[2], "what is popular stays");
    assert_eq!(window.query_all_by_label("does not follow these changes").count(), 1);
    assert!(window.query_all_by_label_contains("came with the changes").count() > 0);
    undo(&mut window);
    assert!(app(&window).desk.case.columns[0].struck.is_empty());
    assert_eq!(all(&window), before);
    assert_eq!(window.query_all_by_label("As if").count(), 0);
    // By the key, and back by the chip.
    window.hover_at(at + egui::vec2(1.0, 1.0));
    settle(&mut window);
    window.key_press(Key::X);
    settle(&mut window);
    assert_eq!(app(&window).desk.case.columns[0].struck, struck);
    window.get_by_label(&format!("Undo for {title}")).click();
    settle(&mut window);
    assert_eq!(all(&window), before);
}

#[test]
fn attributes_are_changed_and_only_a_network_follows() {
    let place = Place::new();
    let mut window = three_lanes(&place);
    let before = all(&window);
    assert_eq!(window.query_all_by_label("Take region to be 1").count(), 0);
    window.get_by_label("What if… 1").click();
    settle(&mut window);
    let user: usize = app(&window).desk.case.columns[0].user.clone().unwrap()[1..].parse().unwrap();
    let own = ["north", "south", "west"][user % 3];
    let other = ["north", "south", "west"][(user + 1) % 3];
    window.get_by_label("Take region to be 1").click();
    settle(&mut window);
    window.get_by_label(&format!("As it is ({own})"));
    window.get_all_by_label(other).last().unwrap().click();
    settle(&mut window);
    let changed = |window: &Window| app(window).desk.case.columns[1].changed.get("region").cloned();
    assert_eq!(changed(&window), Some(other.to_owned()));
    window.get_by_label(&format!("region: {other} instead of {own}"));
    assert_eq!(window.query_all_by_label("does not follow these changes").count(), 2);
    // The lists take room that covers had.
    window.get_by_label("What if… 1").click();
    settle(&mut window);
    let after = all(&window);
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
    window.get_by_label("Back to what the log says").click();
    settle(&mut window);
    assert_eq!((changed(&window), all(&window)), (None, before.clone()));
    undo(&mut window);
    assert_eq!((changed(&window), all(&window)), (Some(other.to_owned()), after));
    undo(&mut window);
    assert_eq!((changed(&window), all(&window)), (None, before));
}

#[test]
fn the_card_of_a_network_names_neighbours_with_fall_and_attention() {
    let place = Place::new();
    let mut window = three_lanes(&place);
    let cover = window
        .query_all_by_label_contains("lane gat")
        .find(|node| node.accesskit_node().label().unwrap_or_default().starts_with("Rank 1, "));
    let at = cover.unwrap().rect().center();
    window.drag_at(at);
    window.drop_at(at);
    settle(&mut window);
    window.key_press(Key::Enter);
    wait(&mut window, "why", |window| window.query_by_label("Because of").is_some());
    window.get_by_label("how far the score falls without it, and the attention on it");
    let part = "without it the score falls by ";
    assert!(window.query_all_by_label_contains(part).all(|node| {
        let told = node.accesskit_node().label().unwrap_or_default();
        told.contains(", attention 0.") && told.contains(" %, ")
    }));
    assert!(window.query_all_by_label_contains(part).count() > 0);
    wait(&mut window, "paths", |window| window.query_by_label("The user and it meet in").is_some());
    assert!(window.query_all_by_label_contains("in the user's history, similarity").count() > 0);
}
