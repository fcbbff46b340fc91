//! A small community, a window on it, and waiting.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use recallscope::{
    jobs::pipeline::PipelineSettings,
    ui::{App, OpenOptions, ThemeChoice, fonts},
};
use tempfile::TempDir;

pub const USERS: usize = 60;
pub const ITEMS: usize = 80;

/// A small community: users of two tastes, items with titles, tags, circles and, most of them, covers.
pub fn community(folder: &Path) {
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

pub struct Place {
    _folder: TempDir,
    pub data: PathBuf,
    pub workspace: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("community");
        community(&data);
        Self { data, workspace: folder.path().join("workspace"), _folder: folder }
    }

    pub fn options(&self) -> OpenOptions {
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
            path_boxes: true,
            ..OpenOptions::default()
        }
    }
}

pub type Window = Harness<'static, Option<App>>;

pub fn window(options: OpenOptions) -> Window {
    Harness::builder()
        .with_size([1_280.0, 800.0])
        .with_max_steps(60)
        .with_context_setup(|ctx| ctx.set_fonts(fonts::definitions()))
        .wgpu()
        .build_ui_state(
            move |ui, app: &mut Option<App>| {
                let app = app.get_or_insert_with(|| {
                    let app = App::new(ui.ctx(), &options);
                    // A cursor that blinks is in one picture and not in the next.
                    ui.ctx().all_styles_mut(|style| style.visuals.text_cursor.blink = false);
                    app
                });
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

pub fn app(window: &Window) -> &App {
    window.state().as_ref().unwrap()
}

pub fn wait(window: &mut Window, what: &str, is_so: impl Fn(&Window) -> bool) {
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

pub fn wait_complete(window: &mut Window) {
    wait(window, "lanes and covers", |window| app(window).is_complete());
}

pub fn settle(window: &mut Window) {
    window.run_steps(6);
}

pub fn users(window: &Window) -> Vec<String> {
    app(window).desk.case.columns.iter().map(|column| column.user.clone().unwrap_or_default()).collect()
}

/// Types `path` into the box that asks where to save, in place of what it suggests.
pub fn type_path(window: &mut Window, path: &Path) {
    settle(window);
    window.get_by_label("Path of the file").focus();
    settle(window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_label("Path of the file").type_text(path.to_str().unwrap());
    settle(window);
}

pub fn wait_saved(window: &mut Window, path: &Path) {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    wait(window, "the file", move |window| {
        assert!(app(window).session.trouble.is_none(), "{:?}", app(window).session.trouble);
        window.query_by_label(&format!("Saved {name}")).is_some()
    });
    assert!(path.is_file());
}

/// What was put on the clipboard in the next frame, the last if several.
pub fn copied(window: &mut Window) -> String {
    window.step();
    let commands = window.output().platform_output.commands.iter();
    let mut texts = commands.filter_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    texts.next_back().unwrap_or_default()
}
