//! Figures of lanes and runs, and what can be taken along.

use egui::{Key, Modifiers};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use polars::prelude::{ParquetReader, SerReader as _};
use recallscope::{
    evaluate::{self, LaneReport},
    recall::LaneKind,
    ui::{OpenOptions, ThemeChoice, Thing, ViewKind},
};

use crate::common::{Place, Window, app, copied, settle, type_path, users, wait, wait_complete, wait_saved, window};

#[test]
fn a_picture_of_a_view_is_written_at_twice_its_size() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    settle(&mut window);
    let size_at = |window: &mut Window, scale: &str| {
        window.get_by_label(scale).click();
        settle(window);
        let text = window.get_by_label_contains(" pixels").accesskit_node().value().unwrap();
        let sides: Vec<u32> = text.split(' ').filter_map(|part| part.parse().ok()).collect();
        (sides[0], sides[1])
    };
    let once = size_at(&mut window, "1×");
    assert!(once.0 > 600 && once.1 > 500, "{once:?}");
    let twice = size_at(&mut window, "2×");
    assert!(twice.0.abs_diff(2 * once.0) < 2 && twice.1.abs_diff(2 * once.1) < 2, "{twice:?}");
    window.get_by_label("Save picture…").click();
    let path = place.workspace.join("view.png");
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    wait_saved(&mut window, &path);
    let picture = image::open(&path).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), twice);
    // It shows what the window shows, only larger: covers and text, and no empty places.
    let shown = window.render().unwrap();
    let colours = |pixels: &mut dyn Iterator<Item = [u8; 3]>| {
        pixels.map(|[r, g, b]| [r / 32, g / 32, b / 32]).collect::<std::collections::BTreeSet<_>>().len()
    };
    let of_picture = colours(&mut picture.pixels().map(|pixel| pixel.0));
    let of_window = colours(&mut shown.pixels().map(|pixel| [pixel[0], pixel[1], pixel[2]]));
    assert!(of_picture * 2 > of_window, "{of_picture} shades of {of_window}");
    // A second time the file is there: it is replaced by a second press only.
    let before = std::fs::metadata(&path).unwrap().modified().unwrap();
    window.get_by_label("Dismiss").click();
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    settle(&mut window);
    window.get_by_label("1×").click();
    settle(&mut window);
    window.get_by_label("Save picture…").click();
    type_path(&mut window, &path);
    window.get_by_label("Save").click();
    settle(&mut window);
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), before);
    window.get_by_label("Replace").click();
    wait_saved(&mut window, &path);
    assert_eq!(image::open(&path).unwrap().to_rgb8().dimensions(), once);
    // A folder that is not there is told before anything is drawn.
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    settle(&mut window);
    window.get_by_label("Save picture…").click();
    type_path(&mut window, std::path::Path::new("/nowhere/at/all.png"));
    window.get_by_label("Save").click();
    settle(&mut window);
    window.get_by_label("There is no folder /nowhere/at");
}

/// A window with the evaluation in front, every lane trained and the overlap computed.
fn evaluation(options: OpenOptions) -> Window {
    let mut window = window(OpenOptions { layout: Some("evaluation".to_owned()), ..options });
    wait_complete(&mut window);
    wait(&mut window, "the overlap", |window| window.query_by_label_contains("hot and item-cf: ").is_some());
    settle(&mut window);
    window
}

fn report(window: &Window, kind: LaneKind) -> std::sync::Arc<LaneReport> {
    app(window).session.opened.as_ref().unwrap().trained(kind).unwrap().report.clone()
}

/// Lanes from the top of the table to its bottom.
fn order(window: &Window) -> Vec<&'static str> {
    let mut lanes: Vec<(f32, &str)> = LaneKind::QUICK
        .map(|kind| {
            let label = format!("{}, Recall@", kind.name());
            (window.get_by_label_contains(&label).rect().top(), kind.name())
        })
        .to_vec();
    lanes.sort_by(|one, other| one.0.total_cmp(&other.0));
    lanes.into_iter().map(|(_, name)| name).collect()
}

/// Lanes by a metric of their reports, best first.
fn by(window: &Window, metric: &str) -> Vec<&'static str> {
    let mut lanes = LaneKind::QUICK.map(|kind| (report(window, kind).metric(metric).unwrap(), kind.name())).to_vec();
    lanes.sort_by(|one, other| other.0.total_cmp(&one.0));
    lanes.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn the_evaluation_looks_the_same_in_both_themes() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "evaluation_dark"), (ThemeChoice::Light, "evaluation_light")] {
        let mut window = evaluation(OpenOptions { theme: Some(theme), ..place.options() });
        hold(&mut window, "hot", "item2vec");
        window.remove_cursor();
        settle(&mut window);
        // Times, memory and dates of the run that is selected are other ones each time.
        window.mask(egui::Rect::from_min_max(egui::pos2(1_030.0, 40.0), egui::pos2(1_280.0, 767.0)));
        window.snapshot(name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn metrics_are_sorted_and_chosen() {
    let place = Place::new();
    let mut window = evaluation(place.options());
    assert_eq!(order(&window), by(&window, "recall@20"));
    window.get_by_label("Sort by Coverage@20").click();
    settle(&mut window);
    assert_eq!(order(&window), by(&window, "coverage@20"));
    window.get_by_label("Sort by Coverage@20").click();
    settle(&mut window);
    let mut rising = by(&window, "coverage@20");
    rising.reverse();
    assert_eq!(order(&window), rising);
    // Another K keeps the column that it is sorted by.
    window.get_by_label("First 10").click();
    settle(&mut window);
    let mut rising = by(&window, "coverage@10");
    rising.reverse();
    assert_eq!(order(&window), rising);
    assert!(window.query_by_label("Sort by MRR@10").is_none());
    window.get_by_label("Choose metrics").click();
    settle(&mut window);
    window.get_by_label("MRR").click();
    window.get_by_label("NDCG").click();
    settle(&mut window);
    window.get_by_label("Sort by MRR@10");
    assert!(window.query_by_label("Sort by NDCG@10").is_none());
    let mrr = report(&window, LaneKind::Hot).metric("mrr@10").unwrap();
    window.get_by_label(&format!("hot, MRR@10 {mrr:.3}"));
    // A slice shows the slice's figures, and a dash where it has none.
    window.key_press(Key::Escape);
    settle(&mut window);
    window.get_by_label("Slice").click();
    settle(&mut window);
    window.get_by_label_contains("gender: woman").click();
    settle(&mut window);
    let women = report(&window, LaneKind::Hot).slices["gender:F"].metrics["recall@10"].unwrap();
    window.get_by_label(&format!("hot, Recall@10 {women:.3}"));
    window.get_by_label("hot, Coverage@10 –");
    // Undo leads back to everybody.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert!(app(&window).desk.evaluation.slice.is_empty());
    let k = app(&window).desk.evaluation.k;
    let all = report(&window, LaneKind::Hot).metric(&format!("recall@{k}")).unwrap();
    window.get_by_label(&format!("hot, Recall@{k} {all:.3}"));
}

fn hold(window: &mut Window, one: &str, other: &str) {
    window.get_by_label_contains(&format!("{one}, Recall@20")).click();
    settle(window);
    window.get_by_label_contains(&format!("{other}, Recall@20")).click_modifiers(Modifiers::COMMAND);
    wait(window, "the difference", |window| {
        window.query_by_label_contains("Recall@20 +").is_some()
            || window.query_by_label_contains("Recall@20 −").is_some()
    });
    settle(window);
}

#[test]
fn two_rows_that_are_held_are_told_apart() {
    let place = Place::new();
    let mut window = evaluation(place.options());
    hold(&mut window, "item2vec", "hot");
    let (one, other) = (report(&window, LaneKind::Item2vec), report(&window, LaneKind::Hot));
    let opened = app(&window).session.opened.as_ref().unwrap();
    let (dataset, basis) = (opened.dataset.clone(), opened.basis.clone().unwrap());
    let found = |slice: &str, k: usize, metric: &str| {
        let ground = evaluate::Ground { dataset: &dataset, split: &basis.prepared.split, bands: &basis.facts.bands };
        let found = evaluate::compare(&ground, [&*one, &*other], slice, k, 1_000, 42).unwrap();
        found.metrics.into_iter().find(|found| found.metric == metric).unwrap()
    };
    let recall = found("", 20, "recall");
    let verdict = match recall.interval {
        [low, _] if low > 0.0 => "better",
        [_, high] if high < 0.0 => "worse",
        _ => "not told apart",
    };
    let [low, high] = recall.interval;
    let told = format!("Recall@20 {:+.4}, {low:+.4} … {high:+.4}, {verdict}", recall.value);
    window.get_by_label(&told.replace('-', "−"));
    // The other way round.
    window.get_by_label("The other way round").click();
    let turned = format!("Recall@20 {:+.4}, ", -recall.value).replace('-', "−");
    wait(&mut window, "the difference the other way", |window| window.query_by_label_contains(&turned).is_some());
    // Another K, another slice, and each of the metrics that are shown.
    window.get_by_label("The other way round").click();
    settle(&mut window);
    window.get_by_label("First 50").click();
    settle(&mut window);
    window.get_by_label("Slice").click();
    settle(&mut window);
    window.get_by_label_contains("Tail items").click();
    for (metric, title) in [("ndcg", "NDCG"), ("hit_rate", "Hit rate")] {
        let found = found("items:tail", 50, metric);
        let told = format!("{title}@50 {:+.4}, {:+.4} … ", found.value, found.interval[0]).replace('-', "−");
        wait(&mut window, &told, |window| window.query_by_label_contains(&told).is_some());
    }
}

#[test]
fn the_worst_user_goes_into_the_case_study() {
    let place = Place::new();
    let mut window = evaluation(place.options());
    // By keyboard: the row that was clicked is opened with Enter.
    window.get_by_label_contains("item-cf, Recall@20").click();
    settle(&mut window);
    window.key_press(Key::Enter);
    wait(&mut window, "the users", |window| window.query_by_label("Users of item-cf").is_some());
    window.get_by_label("Worst first").click();
    wait(&mut window, "the table", |window| window.query_by_label("Sort by Hits@20").is_some());
    settle(&mut window);
    let per_user = report(&window, LaneKind::ItemCf).per_user.clone();
    let worst = per_user.recall_at_20.iter().copied().fold(f32::MAX, f32::min);
    // The one who wanted most stands first among the worst.
    let most = (0..per_user.user.len())
        .filter(|&place| per_user.recall_at_20[place] == worst)
        .max_by_key(|&place| (per_user.wanted[place], std::cmp::Reverse(place)))
        .unwrap();
    let user = per_user.user[most];
    let id = app(&window).session.opened.as_ref().unwrap().dataset.users.ids.name(user).to_owned();
    let top = window.get_by_label("Sort by Hits@20").rect().bottom();
    let label = format!("{id}, Recall@20 {worst:.3}");
    let cell = window.get_by_label(&label);
    assert!(cell.rect().top() - top < 4.0, "{id} is not the first");
    cell.click();
    settle(&mut window);
    assert!(users(&window).contains(&id), "{:?} without {id}", users(&window));
    assert_eq!(app(&window).desk.layout.visible(), [ViewKind::CaseStudy]);
    assert_eq!(app(&window).selection.primary(), Some(Thing::User(user)));
}

#[test]
fn the_table_is_taken_along() {
    let place = Place::new();
    let mut window = evaluation(place.options());
    let recall = report(&window, LaneKind::Hot).metric("recall@20").unwrap();
    for (item, name) in [("Export CSV…", "table.csv"), ("Export Parquet…", "table.parquet")] {
        window.get_by_label_contains("hot, Recall@20").click_secondary();
        settle(&mut window);
        window.get_by_label(item).click();
        let path = place.workspace.join(name);
        type_path(&mut window, &path);
        window.get_by_label("Save").click();
        wait_saved(&mut window, &path);
    }
    let text = std::fs::read_to_string(place.workspace.join("table.csv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(header[..5], ["run", "users", "recall@20", "recall@20_low", "recall@20_high"]);
    let lanes: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(lanes, by(&window, "recall@20"), "in the order on the screen");
    let hot = lines.find(|line| line.starts_with("hot,")).unwrap();
    assert_eq!(hot.split(',').nth(2).unwrap().parse::<f64>().unwrap(), recall);
    let file = std::fs::File::open(place.workspace.join("table.parquet")).unwrap();
    let frame = ParquetReader::new(file).finish().unwrap();
    assert_eq!(frame.height(), 3);
    let names = frame.column("run").unwrap().str().unwrap();
    let row = (0..3).find(|&row| names.get(row) == Some("hot")).unwrap();
    assert_eq!(frame.column("recall@20").unwrap().f64().unwrap().get(row), Some(recall));
    // A row goes to the clipboard by keyboard, with every digit.
    window.get_by_label_contains("hot, Recall@20").click();
    settle(&mut window);
    // Windowing systems make an event of their own of Ctrl+C.
    window.input_mut().events.push(egui::Event::Copy);
    let row = copied(&mut window);
    assert!(row.starts_with("hot\t") && row.contains(&recall.to_string()), "the row was not copied: {row}");
}
