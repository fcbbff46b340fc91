//! The window, driven by accessible names as an analyst would, and looked at on the software renderer.

#![allow(clippy::unwrap_used)]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use egui::{Key, Modifiers};
use egui_kittest::{
    Harness, SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use recallscope::{
    jobs::pipeline::PipelineSettings,
    ui::{App, OpenOptions, ThemeChoice, Thing, fonts},
};
use tempfile::TempDir;

const USERS: usize = 60;
const ITEMS: usize = 80;

/// A small community: users of two tastes, items with titles, tags, circles and, most of them, covers.
fn community(folder: &Path) {
    fs::create_dir_all(folder.join("covers")).unwrap();
    let mut state = 7u64;
    let mut draw = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let tags = ["沙发", "面条", "相机", "绿植", "玩偶", "旅行"];
    let english = ["Sofas", "Noodles", "Cameras", "Plants", "Toys", "Travel"];
    let mut labels = String::from("value,en\n");
    for (own, english) in tags.iter().zip(english) {
        writeln!(labels, "{own},{english}").unwrap();
    }
    fs::write(folder.join("labels.csv"), labels).unwrap();
    let mut items = String::from("item_id,title,title_en,text,tags,circle,cover\n");
    for item in 0..ITEMS {
        let tag = item % tags.len();
        // Some items have no picture.
        let cover = if item % 7 == 3 { String::new() } else { format!("{item}.png") };
        writeln!(
            items,
            "i{item},{}第{item}号,{} number {item},{}的一段说明,{},圈子{},{cover}",
            tags[tag],
            english[tag],
            tags[tag],
            tags[tag],
            item % 4
        )
        .unwrap();
        if !cover.is_empty() {
            let base = [[196, 106, 74], [214, 172, 88], [92, 120, 156], [86, 146, 96], [186, 110, 158], [80, 156, 176]];
            let picture = image::RgbImage::from_fn(64, 64, |x, y| {
                let inside = (x as i32 - 32).pow(2) + (y as i32 - 34).pow(2) < (10 + item as i32 % 13).pow(2);
                let shade = if inside { 70 } else { (y / 2) as u8 };
                image::Rgb(base[tag].map(|part: u8| part.saturating_add(shade)))
            });
            picture.save(folder.join("covers").join(cover)).unwrap();
        }
    }
    fs::write(folder.join("items.csv"), items).unwrap();
    let mut users = String::from("user_id,age,gender,region\n");
    for user in 0..USERS {
        let gender = if user % 2 == 0 { "F" } else { "M" };
        writeln!(users, "u{user},{},{gender},{}", 20 + user % 30, ["north", "south", "west"][user % 3]).unwrap();
    }
    fs::write(folder.join("users.csv"), users).unwrap();
    let mut events = String::from("user_id,item_id,behaviour,timestamp\n");
    for hour in 0..35 * 24 {
        for _ in 0..6 {
            let user = draw(USERS);
            // Women here like the first three tags, men the others; one in five clicks is for anything.
            let tag = if draw(5) == 0 { draw(6) } else { (user % 2) * 3 + draw(3) };
            let item = tag + tags.len() * (draw(ITEMS / tags.len()).min(draw(ITEMS / tags.len())));
            let behaviour = ["click", "click", "click", "like", "favorite"][draw(5)];
            writeln!(events, "u{user},i{item},{behaviour},{}", 1_700_000_000 + hour * 3_600 + draw(3_600)).unwrap();
        }
    }
    fs::write(folder.join("events.csv"), events).unwrap();
}

struct Place {
    _folder: TempDir,
    data: PathBuf,
    workspace: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("community");
        community(&data);
        Self { data, workspace: folder.path().join("workspace"), _folder: folder }
    }

    fn options(&self) -> OpenOptions {
        let mut settings = PipelineSettings::default();
        // One thread, so that the same vectors come out each time.
        settings.set("item2vec.skip_gram.threads", "1").unwrap();
        settings.set("item2vec.min_count", "2").unwrap();
        OpenOptions {
            folder: Some(self.data.clone()),
            theme: Some(ThemeChoice::Dark),
            workspace: Some(self.workspace.clone()),
            settings,
            seed: Some(1),
            ..OpenOptions::default()
        }
    }
}

type Window = Harness<'static, Option<App>>;

fn window(options: OpenOptions) -> Window {
    Harness::builder()
        .with_size([1_280.0, 800.0])
        .with_max_steps(60)
        .with_context_setup(|ctx| ctx.set_fonts(fonts::definitions()))
        .wgpu()
        .build_ui_state(
            move |ui, app: &mut Option<App>| {
                let app = app.get_or_insert_with(|| App::new(ui.ctx(), &options));
                app.logic(ui.ctx());
                // The harness leaves a margin that the real window has not.
                let whole = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
                let mut ui = ui.new_child(whole);
                ui.set_clip_rect(ui.ctx().content_rect());
                app.ui(&mut ui);
            },
            None,
        )
}

fn app(window: &Window) -> &App {
    window.state().as_ref().unwrap()
}

fn wait(window: &mut Window, what: &str, is_so: impl Fn(&Window) -> bool) {
    let since = Instant::now();
    loop {
        window.step();
        if is_so(window) {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(120), "waited two minutes for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wait_complete(window: &mut Window) {
    wait(window, "lanes and covers", |window| app(window).is_complete());
}

fn settle(window: &mut Window) {
    window.run_steps(6);
}

fn users(window: &Window) -> Vec<String> {
    app(window).desk.columns.iter().map(|column| column.user.clone().unwrap_or_default()).collect()
}

#[test]
fn lanes_stand_side_by_side_for_two_users() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "case_study_dark"), (ThemeChoice::Light, "case_study_light")] {
        let mut window = window(OpenOptions { theme: Some(theme), ..place.options() });
        wait_complete(&mut window);
        for lane in ["hot", "item-cf", "item2vec"] {
            window.get_by_label(&format!("Lane {lane}"));
        }
        // Each lane recalls for each of the two users.
        assert_eq!(window.get_all_by_label_contains("Rank 1, ").count(), 6);
        let drawn = users(&window);
        assert_eq!(drawn.len(), 2);
        let number = |id: &String| id[1..].parse::<usize>().unwrap();
        assert_eq!((number(&drawn[0]) % 2, number(&drawn[1]) % 2), (0, 1), "a woman and a man: {drawn:?}");
        window.snapshot(name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn an_empty_window_says_what_it_needs() {
    let place = Place::new();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "empty_dark"), (ThemeChoice::Light, "empty_light")] {
        let options = OpenOptions { folder: None, starts_empty: true, theme: Some(theme), ..place.options() };
        let mut window = window(options);
        wait_complete(&mut window);
        window.get_by_label("Open data set…");
        window.get_by_label("Open the sample community");
        window.snapshot(name);
        results.extend_harness(&mut window);
    }
}

#[test]
fn a_user_is_found_and_drawn() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    // By the search in the top bar, into a column of her own.
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    settle(&mut window);
    window.get_by_label("Search").type_text("u41");
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(users(&window).last().unwrap(), "u41");
    assert_eq!(app(&window).selection.primary(), Some(Thing::User(row(&window, "u41"))));
    // By the list of a column.
    window.get_by_label("Choose a user 1").click();
    settle(&mut window);
    window.get_by_label("Choose a user").type_text("u12");
    settle(&mut window);
    window.get_by_label("User u12").click();
    settle(&mut window);
    assert_eq!(users(&window)[0], "u12");
    // At random, then at random among women.
    let before = users(&window);
    window.get_by_label("Surprise me 2").click();
    settle(&mut window);
    let after = users(&window);
    assert_ne!(before[1], after[1]);
    assert_eq!((&before[0], &before[2]), (&after[0], &after[2]));
    for _ in 0..4 {
        window.get_by_label("Who may be drawn 2").click();
        settle(&mut window);
        window.get_by_label("A woman").click();
        settle(&mut window);
        let drawn: usize = users(&window)[1][1..].parse().unwrap();
        assert_eq!(drawn % 2, 0, "u{drawn} is no woman");
    }
    // And out again.
    window.get_by_label("Remove this user 3").click();
    settle(&mut window);
    assert_eq!(users(&window).len(), 2);
}

fn row(window: &Window, user: &str) -> u32 {
    app(window).session.opened.as_ref().unwrap().dataset.users.ids.row(user).unwrap()
}

#[test]
fn a_cover_tells_why_and_is_selected_everywhere() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let cover = window.get_all_by_label_contains("Rank 2, ").next().unwrap();
    let (title, at) = (cover.accesskit_node().label().unwrap(), cover.rect().center());
    let title = title.split(", ").nth(1).unwrap().to_owned();
    window.hover_at(at);
    // The card opens after a rest of 125 ms, not before.
    window.step();
    let seen = |window: &Window| window.query_all_by_label_contains(&title).count();
    let before = seen(&window);
    window.run_steps(20);
    assert!(seen(&window) > before, "no card opened for {title}");
    window.snapshot("hover_card_dark");
    window.drag_at(at);
    window.drop_at(at);
    settle(&mut window);
    let Some(Thing::Item(item)) = app(&window).selection.primary() else { panic!("no item is selected") };
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    assert_eq!(dataset.items.title_en[item as usize], title);
    // The inspector shows it, and its id can be copied.
    window.remove_cursor();
    settle(&mut window);
    window.get_by_label(dataset.items.ids.name(item));
    window.get_by_label("Copy id");
    // A second one is held beside it; then back.
    let other = window.get_all_by_label_contains("Rank 3, ").next().unwrap();
    other.click_modifiers(Modifiers::COMMAND);
    settle(&mut window);
    assert_eq!(app(&window).selection.things().len(), 2);
    window.get_by_label("2 selected");
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowLeft);
    settle(&mut window);
    assert_eq!(app(&window).selection.things(), [Thing::Item(item)]);
}

#[test]
fn a_training_is_cancelled_and_begun_again() {
    let place = Place::new();
    let mut options = place.options();
    options.settings.set("item2vec.skip_gram.epochs", "10000").unwrap();
    let mut window = window(options);
    wait(&mut window, "the cancel button", |window| window.query_all_by_label("Cancel item2vec").count() > 0);
    wait(&mut window, "some progress", |window| {
        let mut jobs = app(window).session.jobs().iter();
        jobs.any(|job| job.name == "item2vec" && job.progress.done > 0)
    });
    let since = Instant::now();
    window.get_all_by_label("Cancel item2vec").next().unwrap().click_accesskit();
    wait(&mut window, "the cancel", |window| app(window).session.is_idle());
    assert!(since.elapsed() < Duration::from_secs(1), "cancel took {:?}", since.elapsed());
    settle(&mut window);
    window.get_by_label("Training was cancelled");
    // The other lanes stand.
    assert_eq!(window.get_all_by_label_contains("Rank 1, ").count(), 4);
    window.get_by_label("Train item2vec").click_accesskit();
    wait(&mut window, "the second training", |window| !app(window).session.is_idle());
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    settle(&mut window);
    window.get_by_label("Type a command").type_text("cancel all");
    settle(&mut window);
    window.key_press(Key::Enter);
    wait(&mut window, "the second cancel", |window| app(window).session.is_idle());
}

#[test]
fn a_bad_path_is_told_and_what_was_open_stays() {
    let place = Place::new();
    let mut window = window(place.options());
    wait_complete(&mut window);
    let before = users(&window);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    settle(&mut window);
    window.get_by_label("Folder of a data set").type_text("/nowhere/at_all");
    settle(&mut window);
    window.get_by_label("Open").click();
    wait(&mut window, "the error", |window| window.query_by_label("Could not open at_all").is_some());
    window.get_by_label("community is still open");
    assert_eq!(users(&window), before);
    assert_eq!(window.get_all_by_label_contains("Rank 1, ").count(), 6);
    window.get_by_label("Copy").click();
    window.step();
    let copied = window
        .output()
        .platform_output
        .commands
        .iter()
        .any(|command| matches!(command, egui::OutputCommand::CopyText(text) if text.contains("/nowhere/at_all")));
    assert!(copied, "the error was not copied");
    window.get_by_label("Dismiss").click();
    settle(&mut window);
    assert!(window.query_by_label("Could not open at_all").is_none());
}

#[test]
fn theme_language_and_users_come_back() {
    let place = Place::new();
    let kept = {
        let mut window = window(place.options());
        wait_complete(&mut window);
        window.get_by_label("Switch light and dark").click();
        settle(&mut window);
        assert_eq!(window.ctx.theme(), egui::Theme::Light);
        window.get_by_label("Surprise me 1").click();
        window.get_by_label("Switch to Chinese").click();
        settle(&mut window);
        // Words, tags and titles change.
        window.get_by_label("召回通道 (2)".trim_end_matches(" (2)"));
        assert!(window.query_all_by_label_contains("第 1 名，").count() > 0);
        assert!(window.query_all_by_label_contains("号").count() > 0);
        let kept = users(&window);
        window.state_mut().as_mut().unwrap().close();
        kept
    };
    let options = OpenOptions { folder: None, theme: None, seed: Some(99), ..place.options() };
    let mut window = window(options);
    wait_complete(&mut window);
    assert_eq!(users(&window), kept);
    assert_eq!(window.ctx.theme(), egui::Theme::Light);
    window.get_by_label("切换为英文");
    // Nothing was trained again.
    let opened = app(&window).session.opened.as_ref().unwrap();
    assert!(recallscope::recall::LaneKind::ALL.into_iter().all(|kind| opened.trained(kind).unwrap().is_found));
}
