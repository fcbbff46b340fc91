//! The case study: columns, rows, live clicks, the large cover, and the keyboard among covers.

use egui::{Key, Modifiers, Rect};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use recallscope::{
    recall::LaneKind,
    ui::{CaseDesk, OpenOptions, RowRef, Shape, ThemeChoice, Thing},
};

use crate::common::{Place, Window, app, copied, settle, type_path, users, wait_complete, wait_saved, window};

fn case(window: &Window) -> &CaseDesk {
    &app(window).desk.case
}

/// Names and places of the covers that `text` is part of the name of, from left to right and top to bottom.
fn covers(window: &Window, text: &str) -> Vec<(String, Rect)> {
    let nodes = window.query_all_by_label_contains(text);
    let mut found: Vec<_> =
        nodes.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect();
    found.sort_by(|(_, one), (_, other)| one.top().total_cmp(&other.top()).then(one.left().total_cmp(&other.left())));
    found
}

fn title_of(name: &str) -> &str {
    name.split(", ").nth(1).unwrap()
}

fn press(window: &mut Window, at: egui::Pos2) {
    window.drag_at(at);
    window.drop_at(at);
    settle(window);
}

fn choose(window: &mut Window, menu: &str, entry: &str) {
    window.get_by_label(menu).click();
    settle(window);
    window.get_all_by_label(entry).last().unwrap().click();
    settle(window);
}

#[test]
fn lanes_of_one_user_are_compared_and_put_back() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let before = case(&window).clone();
    let user = before.columns[1].user.clone();
    choose(&mut window, "More for this column 2", "Compare lanes");
    wait_complete(&mut window);
    let after = case(&window);
    assert!(after.columns.iter().all(|column| column.user == user));
    for (column, kind) in LaneKind::QUICK.into_iter().enumerate() {
        assert_eq!(after.rows_of(column), [RowRef::Lane(kind)]);
        assert_eq!(window.get_all_by_label_contains(&format!("Lane {}", kind.name())).count(), 1);
    }
    // Each lane's best, side by side; who he is and what he took is told once.
    let best = covers(&window, "Rank 1, ");
    assert_eq!(best.len(), 3);
    assert!(best.iter().all(|(_, at)| at.top() == best[0].1.top()), "{best:?}");
    window.get_by_label("Recently taken");
    // Ranks against the column at the left are told, as is what no other column has.
    let told: Vec<String> = covers(&window, "Rank ").into_iter().map(|(name, _)| name).collect();
    let opened = app(&window).session.opened.as_ref().unwrap();
    let row = opened.dataset.users.ids.row(user.as_ref().unwrap()).unwrap();
    let recalled = |kind: LaneKind| -> Vec<&str> {
        let found = opened.trained(kind).unwrap().lane.recall(&opened.triggers().unwrap().of(row), 20);
        let english = recallscope::dataset::Language::English;
        found.iter().map(|found| opened.dataset.title(found.item, english)).collect()
    };
    let [hot, item_cf, item2vec] = [LaneKind::Hot, LaneKind::ItemCf, LaneKind::Item2vec].map(recalled);
    let mut has_shifted = false;
    for name in told.iter().filter(|name| name.contains("lane item-cf")) {
        let title = title_of(name);
        let place = |of: &[&str]| of.iter().position(|other| *other == title);
        let shift = match (place(&hot), place(&item_cf).unwrap()) {
            (None, _) => "not at the left".to_owned(),
            (Some(left), own) if left == own => "same rank as at the left".to_owned(),
            (Some(left), own) if left > own => format!("up {} from the left", left - own),
            (Some(left), own) => format!("down {} from the left", own - left),
        };
        has_shifted |= shift.starts_with("up") || shift.starts_with("down");
        assert!(name.ends_with(&shift), "{name}: {shift}");
        let is_elsewhere = place(&hot).is_some() || place(&item2vec).is_some();
        assert_eq!(name.contains("only here"), !is_elsewhere, "{name}");
    }
    assert!(has_shifted, "{told:?}");
    assert!(told.iter().all(|name| !name.contains("lane hot") || !name.contains("the left")));
    // Whoever is drawn stands in all three.
    window.get_by_label("Surprise me 2").click();
    settle(&mut window);
    let drawn = users(&window);
    assert!(drawn[0] != user.clone().unwrap() && drawn.iter().all(|other| *other == drawn[0]), "{drawn:?}");
    for _ in 0..2 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut window);
    }
    assert_eq!(*case(&window), before);
    // The command does the same for the first column.
    window.key_press_modifiers(Modifiers::ALT, Key::L);
    settle(&mut window);
    assert!(case(&window).columns.len() == 3 && case(&window).columns[0].user == before.columns[0].user);
}

#[test]
fn runs_of_one_lane_stand_beside_each_other() {
    let place = Place::new();
    {
        let mut first = window(place.options());
        wait_complete(&mut first);
        first.key_press_modifiers(Modifiers::ALT, Key::R);
        settle(&mut first);
        first.get_by_label_contains("There is one run of");
        assert_eq!(case(&first).columns.len(), 2);
    }
    let mut options = place.options();
    options.settings.set("item2vec.skip_gram.dim", "16").unwrap();
    let mut window = window(options);
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::ALT, Key::R);
    settle(&mut window);
    // The run of the first start is kept, not open; it is opened since it is shown.
    wait_complete(&mut window);
    let opened = app(&window).session.opened.as_ref().unwrap();
    let runs: Vec<usize> = (0..2).map(|column| opened.resolve(&case(&window).rows_of(column)[0]).unwrap()).collect();
    assert!(runs[0] != runs[1] && runs.iter().all(|&run| opened.runs[run].kind == LaneKind::Item2vec));
    assert!(runs.iter().all(|&run| opened.runs[run].trained().is_some()));
    assert_eq!(covers(&window, "Rank 1, ").len(), 2);
}

#[test]
fn a_pinned_column_keeps_its_user_and_stays_in_view() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    for _ in 0..3 {
        window.get_by_label("Add user").click();
        settle(&mut window);
    }
    assert_eq!(users(&window).len(), 5);
    let pinned = users(&window)[1].clone();
    choose(&mut window, "More for this column 2", "Pin");
    assert_eq!(users(&window)[0], pinned, "it stands first");
    let before = users(&window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    settle(&mut window);
    let after = users(&window);
    assert_eq!(after[0], pinned);
    assert!((1..5).all(|column| after[column] != before[column]), "{before:?} {after:?}");
    // Scrolled sideways, it is where it was, and the last one is in view.
    let head = |window: &Window, column: usize| window.get_by_label(&format!("Choose a user {column}")).rect();
    let (first, last) = (head(&window, 1), head(&window, 5));
    window.hover_at(first.center() + egui::vec2(0.0, 300.0));
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(-2_000.0, 0.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    window.run_steps(30);
    assert_eq!(head(&window, 1), first);
    assert!(head(&window, 5).right() < last.right() - 100.0, "{last:?} {:?}", head(&window, 5));
    choose(&mut window, "More for this column 1", "Unpin");
    assert!(case(&window).columns.iter().all(|column| !column.is_pinned));
}

#[test]
fn columns_are_dragged_and_moved_to_another_place() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.get_by_label("Add user").click();
    settle(&mut window);
    let before = users(&window);
    let from = window.get_by_label("Move the column 1").rect().center();
    let to = window.get_by_label("Remove this user 3").rect().center();
    window.drag_at(from);
    window.step();
    for step in 1..=4 {
        window.hover_at(from + (to - from) * (step as f32 / 4.0));
        window.step();
    }
    window.drop_at(to);
    settle(&mut window);
    assert_eq!(users(&window), [before[1].as_str(), &before[2], &before[0]]);
    choose(&mut window, "More for this column 3", "Move left");
    assert_eq!(users(&window), [before[1].as_str(), &before[0], &before[2]]);
    for _ in 0..2 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut window);
    }
    assert_eq!(users(&window), before);
}

#[test]
fn lanes_that_can_follow_recall_again_after_a_live_click() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::ALT, Key::L);
    settle(&mut window);
    wait_complete(&mut window);
    // So small that all are in view.
    for _ in 0..3 {
        window.key_press_modifiers(Modifiers::ALT, Key::Minus);
        settle(&mut window);
    }
    let before = covers(&window, "lane item-cf");
    assert_eq!(before.len(), 20);
    let hot = covers(&window, "lane hot");
    let (name, at) = before[2].clone();
    press(&mut window, at.center());
    window.key_press(Key::C);
    // The click is taken in one frame and seen in the next.
    window.run_steps(2);
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    let clicked = case(&window).columns[0].clicks.clone();
    let item = dataset.items.ids.row(&clicked[0]).unwrap();
    assert_eq!(&dataset.items.title_en[item as usize], title_of(&name));
    assert!(case(&window).columns.iter().all(|column| column.clicks == clicked), "all three follow");
    let after = covers(&window, "lane item-cf");
    assert!(after.iter().all(|(other, _)| title_of(other) != title_of(&name)), "it is taken, and not recalled again");
    let came = window.query_all_by_label_contains("came with the clicks").count();
    assert!(came > 0, "nothing came");
    let titles =
        |covers: &[(String, Rect)]| covers.iter().map(|(name, _)| title_of(name).to_owned()).collect::<Vec<_>>();
    assert_eq!(titles(&covers(&window, "lane hot")), titles(&hot), "what is popular stays");
    window.get_by_label("does not follow clicks");
    window.get_by_label("Clicked just now");
    // Taken back by the chip, then back again by undo, then undone to the start.
    window.get_by_label(&format!("Take back {}", title_of(&name))).click();
    settle(&mut window);
    assert!(case(&window).columns[0].clicks.is_empty());
    assert_eq!(titles(&covers(&window, "lane item-cf")), titles(&before));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(case(&window).columns[0].clicks, clicked);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(case(&window).columns[0].clicks.is_empty());
    assert_eq!(titles(&covers(&window, "lane item-cf")), titles(&before));
}

#[test]
fn a_cover_opens_large_and_arrows_walk_on() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let row = covers(&window, "lane hot");
    press(&mut window, row[0].1.center());
    window.key_press(Key::Space);
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    window.get_by_label("1 of 20");
    let title = title_of(&row[0].0).to_owned();
    assert!(window.query_all_by_label(&title).count() > 0);
    for _ in 0..2 {
        window.key_press(Key::ArrowRight);
        settle(&mut window);
    }
    window.get_by_label("3 of 20");
    // What is selected, and with it the inspector, walks along.
    let selected = |window: &Window| match app(window).selection.primary() {
        Some(Thing::Item(item)) => {
            app(window).session.opened.as_ref().unwrap().dataset.items.title_en[item as usize].to_owned()
        }
        other => panic!("{other:?} is selected"),
    };
    assert_eq!(selected(&window), title_of(&row[2].0));
    window.key_press(Key::ArrowLeft);
    settle(&mut window);
    assert_eq!(selected(&window), title_of(&row[1].0));
    window.get_by_label("Previous cover");
    window.get_by_label("2 of 20");
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label("2 of 20").is_none());
    // The focus is where the walk ended.
    let focused = window.get_all_by_label_contains("Rank 2, ").find(|node| node.accesskit_node().is_focused());
    assert!(focused.is_some(), "the focus is lost");
    window.key_press(Key::C);
    settle(&mut window);
    assert_eq!(case(&window).columns[0].clicks.len(), 1);
    // Among the small covers the selection walks along, too, and the whole walk is one step to go back.
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    assert_eq!(selected(&window), title_of(&row[2].0));
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowLeft);
    settle(&mut window);
    assert_eq!(app(&window).selection.primary(), None);
}

#[test]
fn the_legend_is_seen_in_a_small_window_and_the_card_leaves_its_column_free() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    for mark in ["taken later", "shares a tag", "tail", "fresh", "also found by", "came with the clicks"] {
        window.get_by_role_and_label(egui::accesskit::Role::Label, mark);
    }
    let cover = covers(&window, "Rank 2, ").remove(0).1;
    let rest = |window: &mut Window| {
        for _ in 0..40 {
            window.step();
        }
        window.query_by_label("Enter: large · C: take as clicked").map(|card| card.rect())
    };
    window.hover_at(cover.center());
    let card = rest(&mut window).unwrap();
    // A key hides it until the pointer moves again.
    window.key_press(Key::F12);
    assert_eq!(rest(&mut window), None);
    window.hover_at(cover.center() + egui::vec2(2.0, 1.0));
    assert_eq!(rest(&mut window), Some(card));
    let head = window.get_by_label("Remove this user 1").rect();
    assert!(card.left() > head.right(), "{card:?} lies over the covers up to {head:?}");
}

#[test]
fn the_keyboard_walks_through_covers_and_copies() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let focused = |window: &Window| {
        let found = window.query_all_by_label_contains("Rank ").find(|node| node.accesskit_node().is_focused());
        found.map(|node| node.accesskit_node().label().unwrap_or_default()).unwrap_or_default()
    };
    let first = covers(&window, "Rank 1, ").remove(0);
    press(&mut window, first.1.center());
    assert!(matches!(app(&window).selection.primary(), Some(Thing::Item(_))));
    assert_eq!(focused(&window), first.0);
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    assert!(focused(&window).starts_with("Rank 2, "), "{}", focused(&window));
    // Keys in quick succession, in one frame or in one after the other, lead as far.
    window.key_press(Key::ArrowRight);
    window.key_press(Key::ArrowRight);
    window.step();
    window.key_press(Key::ArrowLeft);
    window.step();
    window.key_press(Key::ArrowLeft);
    settle(&mut window);
    assert!(focused(&window).starts_with("Rank 2, "), "{}", focused(&window));
    // Down through every row to the last lane, which is brought into view.
    for _ in 0..30 {
        window.key_press(Key::ArrowDown);
        settle(&mut window);
        if focused(&window).contains("lane item2vec") {
            break;
        }
    }
    let reached = focused(&window);
    assert!(reached.contains("lane item2vec"), "{reached}");
    window.run_steps(30);
    let at = covers(&window, &reached).remove(0).1;
    assert!(window.ctx.content_rect().contains_rect(at), "{at:?} is out of view");
    // Space opens its card, and closes it.
    let seen = |window: &Window| window.query_all_by_label("Enter: large · C: take as clicked").count();
    assert_eq!(seen(&window), 0);
    window.key_press(Key::Space);
    settle(&mut window);
    assert_eq!(seen(&window), 1);
    window.key_press(Key::Space);
    settle(&mut window);
    assert_eq!(seen(&window), 0);
    let title = title_of(&reached).to_owned();
    window.get_all_by_label(&reached).next().unwrap().click_secondary();
    settle(&mut window);
    window.get_by_label("Copy row").click();
    let text = copied(&mut window);
    let fields: Vec<&str> = text.split('\t').collect();
    assert_eq!((fields.len(), fields[2]), (6, title.as_str()), "{text}");
    window.get_all_by_label("Lane item2vec").next().unwrap().click_secondary();
    settle(&mut window);
    window.get_by_label_contains("Copy as table").click();
    let table = copied(&mut window);
    assert_eq!(table.lines().count(), 41, "a heading and 20 lines a user");
    assert!(table.lines().all(|line| line.split('\t').count() == 8), "{table}");
}

#[test]
fn covers_stand_in_a_grid_a_list_and_a_strip() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        // What the one window keeps of its arrangement is not the other's.
        let place = Place::new();
        let mut window = window(OpenOptions { theme: Some(theme), ..place.options() });
        wait_complete(&mut window);
        window.key_press_modifiers(Modifiers::ALT, Key::L);
        settle(&mut window);
        wait_complete(&mut window);
        window.remove_cursor();
        window.snapshot(format!("case_grid_{name}"));
        window.get_by_label("List").click();
        settle(&mut window);
        assert_eq!(case(&window).shape, Shape::List);
        window.remove_cursor();
        wait_complete(&mut window);
        window.snapshot(format!("case_list_{name}"));
        // In a list one stands below the other.
        let list = covers(&window, "lane hot");
        assert!(
            list.windows(2).all(|pair| pair[0].1.bottom() <= pair[1].1.top() && pair[0].1.left() == pair[1].1.left())
        );
        window.get_by_label("Strip").click();
        settle(&mut window);
        let strip = covers(&window, "lane hot");
        assert!(strip.iter().all(|(_, at)| at.top() == strip[0].1.top()));
        assert!(strip.len() < 20, "only what is seen is laid out");
        results.extend_harness(&mut window);
    }
}

#[test]
fn a_log_without_times_speaks_of_order_and_of_what_was_held_out() {
    let place = Place::new();
    let events = std::fs::read_to_string(place.data.join("events.csv")).unwrap();
    let timeless: Vec<&str> = events.lines().map(|line| line.rsplit_once(',').unwrap().0).collect();
    std::fs::write(place.data.join("events.csv"), timeless.join("\n")).unwrap();
    let mut window = window(place.options());
    wait_complete(&mut window);
    assert_eq!(window.query_all_by_label_contains("in the order of the log").count(), 2);
    assert_eq!(window.query_all_by_label_contains("newest first").count(), 0);
    assert!(window.query_all_by_label("Held out").count() > 0);
    assert_eq!(window.query_all_by_label("Taken later").count(), 0);
}

#[test]
fn a_community_of_one_has_one_column() {
    let place = Place::new();
    let events = std::fs::read_to_string(place.data.join("events.csv")).unwrap();
    let own: Vec<&str> =
        events.lines().filter(|line| line.starts_with("user_id,") || line.starts_with("u4,")).collect();
    std::fs::write(place.data.join("events.csv"), own.join("\n")).unwrap();
    std::fs::remove_file(place.data.join("users.csv")).unwrap();
    let mut window = window(place.options());
    wait_complete(&mut window);
    assert_eq!(users(&window), ["u4"]);
    // Nobody is left to put beside him.
    window.get_by_label("Add user").click();
    settle(&mut window);
    assert_eq!(users(&window), ["u4"]);
}

#[test]
fn what_the_case_study_shows_is_taken_along_in_every_form() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let shown = users(&window);
    let folder = tempfile::tempdir().unwrap();
    for (form, name) in [
        ("One page (HTML)", "case.html"),
        ("Markdown with pictures", "case.md"),
        ("Table (CSV)", "case.csv"),
        ("Table (Parquet)", "case.parquet"),
    ] {
        window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
        settle(&mut window);
        window.get_by_label(form).click();
        settle(&mut window);
        window.get_by_label("Save…").click();
        let path = folder.path().join(name);
        type_path(&mut window, &path);
        window.get_by_label("Save").click();
        wait_saved(&mut window, &path);
    }
    let page = std::fs::read_to_string(folder.path().join("case.html")).unwrap();
    for user in &shown {
        assert!(page.contains(&format!("User {user}")), "{user}");
    }
    for lane in ["hot", "item-cf", "item2vec"] {
        assert_eq!(page.matches(&format!("Recalled by {lane}")).count(), 2, "{lane}");
    }
    let pictures = std::fs::read_dir(folder.path().join("case-covers")).unwrap().count();
    assert!(pictures > 10 && page.matches("<symbol ").count() == pictures, "{pictures}");
    // Twenty of each of three lanes for each of two users, and the names of the columns.
    let rows = std::fs::read_to_string(folder.path().join("case.csv")).unwrap().lines().count();
    assert_eq!(rows, 121);

    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    settle(&mut window);
    window.get_by_label("Replace the names of users").click();
    settle(&mut window);
    window.get_by_label("Save…").click();
    let path = folder.path().join("hidden.html");
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    wait_saved(&mut window, &path);
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(page.contains("User A") && page.contains("User B"));
    let words = page.split(|c: char| !c.is_alphanumeric()).filter(|word| shown.iter().any(|user| user == word)).count();
    assert_eq!(words, 0);
}
