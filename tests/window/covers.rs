//! The covers: what a model reads off one, off any picture, and over all; and where looks and behaviour differ.

use std::path::PathBuf;

use egui::{Event, Key, Modifiers};
use egui_kittest::{SnapshotResults, kittest::Queryable as _};
use recallscope::{
    dataset::Language,
    recall::{LaneKind, cover::CoverModel},
    task::JobContext,
    ui::{CoversPage, OpenOptions, ThemeChoice, Thing, ViewKind},
};

use crate::common::{Place, Window, app, settle, wait, wait_complete, window};

/// A small network that learns for a moment, on one thread.
fn options(place: &Place) -> OpenOptions {
    let mut options = place.options();
    for (key, value) in [("side", "64"), ("epochs", "6"), ("batch", "8"), ("validation", "0"), ("threads", "1")] {
        options.settings.set(&format!("cover.{key}"), value).unwrap();
    }
    options
}

/// A window with a cover model, trained by the button that the view offers if none is kept.
fn covers(options: OpenOptions) -> Window {
    let mut window = window(options);
    wait_complete(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num8);
    settle(&mut window);
    assert!(app(&window).desk.layout.visible().contains(&ViewKind::Covers));
    if let Some(train) = window.query_by_label("Train a cover model on level 2") {
        train.click();
        settle(&mut window);
    }
    wait(&mut window, "the cover model", |window| window.query_by_label("Looks alike by level 2").is_some());
    wait_complete(&mut window);
    window
}

fn with_model<T>(window: &Window, ask: impl FnOnce(&CoverModel) -> T) -> T {
    let opened = app(window).session.opened.as_ref().unwrap();
    let trained = opened.trained(LaneKind::Cover).unwrap();
    ask(trained.lane.cover().unwrap().model())
}

fn title(window: &Window, item: u32) -> String {
    let dataset = &app(window).session.opened.as_ref().unwrap().dataset;
    dataset.title(item, Language::English).to_owned()
}

fn tag_name(window: &Window, tag: u32) -> String {
    let dataset = &app(window).session.opened.as_ref().unwrap().dataset;
    dataset.label(dataset.tags.level2.name(tag), Language::English).to_owned()
}

/// As the list of tags says it.
fn said(window: &Window, (tag, confidence): (u32, f32)) -> String {
    format!("{} {:.1} %", tag_name(window, tag), confidence * 100.0)
}

#[test]
fn one_cover_its_tags_what_looks_alike_and_who_would_take_it() {
    let place = Place::new();
    // Two tags of level 2 hold several leaves each; level 1 says the same as level 2.
    let tree = "leaf,level2,level1\n沙发,居家,居家\n绿植,居家,居家\n玩偶,居家,居家\n相机,出游,出游\n旅行,出游,出游\n面条,美食,美食\n";
    std::fs::write(place.data.join("tags.csv"), tree).unwrap();
    let mut window = covers(options(&place));
    // Nothing is selected: the first cover that training never saw.
    let item = with_model(&window, |model| *model.held_out.iter().find(|item| model.vector(**item).is_some()).unwrap());
    window.get_by_label_contains("held out");
    let (tags, nearest) = {
        let opened = app(&window).session.opened.as_ref().unwrap();
        let lane = opened.trained(LaneKind::Cover).unwrap().lane.clone();
        let lane = lane.cover().unwrap();
        let vector = lane.model().vector(item).unwrap();
        (lane.model().tags(vector), lane.nearest(vector, 1, &[item])[0])
    };
    window.get_by_label_contains(&said(&window, tags[0]));
    window.get_by_label_contains(&said(&window, tags[1])).click();
    settle(&mut window);
    window.get_by_label_contains(&format!("{}, cosine {:.3}", title(&window, nearest.item), nearest.score)).click();
    settle(&mut window);
    // It is selected everywhere, and the view stays with the first one.
    assert_eq!(app(&window).selection.primary(), Some(Thing::Item(nearest.item)));
    window.get_by_label_contains(&said(&window, tags[0]));
    // Who is nearest to the cover, as the lane's own vectors have it.
    let (user, cosine) = {
        let opened = app(&window).session.opened.as_ref().unwrap();
        let lane = opened.trained(LaneKind::Cover).unwrap().lane.clone();
        let lane = lane.cover().unwrap();
        let own = lane.index().vector(item).unwrap();
        let triggers = opened.triggers().unwrap();
        let near = |user: u32| {
            let trigger = triggers.of(user);
            let vector = lane.user_vector(&trigger).filter(|_| !trigger.exclude.contains(&item))?;
            Some((user, vector.iter().zip(own).map(|(one, other)| one * other).sum::<f32>()))
        };
        let users = (0..triggers.len() as u32).filter_map(near);
        users.max_by(|one, other| one.1.total_cmp(&other.1)).unwrap()
    };
    let id = app(&window).session.opened.as_ref().unwrap().dataset.users.ids.name(user).to_owned();
    let card = format!("User {id}, cosine {cosine:.3}");
    window.get_by_label(&card).scroll_to_me();
    settle(&mut window);
    window.get_by_label(&card).click();
    settle(&mut window);
    assert_eq!(app(&window).selection.primary(), Some(Thing::User(user)));
    // Another level is not trained, and the view offers it where it has something else to say.
    window.get_by_label("Train a cover model on leaf tags");
    assert!(window.query_by_label_contains("Train a cover model on level 1").is_none());
    // What is selected elsewhere is looked at.
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowLeft);
    settle(&mut window);
    wait_complete(&mut window);
    let tags = with_model(&window, |model| model.tags(model.vector(nearest.item).unwrap()));
    window.get_by_label_contains(&said(&window, tags[0]));
}

#[test]
fn any_picture_is_looked_at_and_a_broken_one_says_why() {
    let place = Place::new();
    let mut window = covers(options(&place));
    let paste = |window: &mut Window, path: &PathBuf| {
        let text = path.display().to_string();
        window.input_mut().events.push(Event::Paste(text));
        settle(window);
        wait_complete(window);
    };
    // A plant's colour, as the covers have it.
    let path = place.workspace.join("mine.png");
    image::RgbImage::from_pixel(48, 80, image::Rgb([86, 146, 96])).save(&path).unwrap();
    paste(&mut window, &path);
    assert_eq!(app(&window).desk.covers.picture, Some(path.clone()));
    window.get_by_label_contains("a picture of yours");
    let tags = {
        let opened = app(&window).session.opened.as_ref().unwrap();
        let lane = opened.trained(LaneKind::Cover).unwrap().lane.clone();
        let model = lane.cover().unwrap().model().clone();
        let look = model.look_at(&path, &opened.dataset, &JobContext::default()).unwrap();
        model.tags(&look.vector)
    };
    window.get_by_label_contains(&said(&window, tags[0]));
    window.get_by_label("Who would probably take it");
    // A picture from the clipboard becomes a file.
    let pasted = egui::ColorImage::filled([40, 30], egui::Color32::from_rgb(196, 106, 74));
    window.input_mut().events.push(Event::PasteImage(std::sync::Arc::new(pasted)));
    wait(&mut window, "the pasted picture", |window| app(window).desk.covers.picture.as_ref() != Some(&path));
    wait_complete(&mut window);
    let kept = app(&window).desk.covers.picture.clone().unwrap();
    assert!(kept.is_file(), "{}", kept.display());
    // A neighbour that is clicked stands beside the picture; one that is clicked twice is looked at, and undo brings the
    // picture back.
    let nearest = {
        let opened = app(&window).session.opened.as_ref().unwrap();
        let lane = opened.trained(LaneKind::Cover).unwrap().lane.clone();
        let lane = lane.cover().unwrap();
        let look = lane.model().look_at(&kept, &opened.dataset, &JobContext::default()).unwrap();
        lane.nearest(&look.vector, 1, &[])[0]
    };
    let near = format!("{}, cosine {:.3}", title(&window, nearest.item), nearest.score);
    window.get_by_label_contains(&near).click();
    settle(&mut window);
    assert_eq!(app(&window).selection.primary(), Some(Thing::Item(nearest.item)));
    assert_eq!(app(&window).desk.covers.picture.as_ref(), Some(&kept));
    window.get_by_label_contains(&near).focus();
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    wait_complete(&mut window);
    assert_eq!(app(&window).desk.covers.picture, None);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    wait_complete(&mut window);
    assert_eq!(app(&window).desk.covers.picture.as_ref(), Some(&kept));
    // What only calls itself a picture says what is wrong with it.
    let broken = place.workspace.join("broken.jpg");
    std::fs::write(&broken, "no picture").unwrap();
    paste(&mut window, &broken);
    assert!(window.query_all_by_label_contains("not a JPEG, PNG or WebP picture").count() > 0);
    window.get_by_label("Back to the item").click();
    settle(&mut window);
    wait_complete(&mut window);
    assert_eq!(app(&window).desk.covers.picture, None);
    assert!(window.query_by_label_contains("a picture of yours").is_none());
}

#[test]
fn the_whole_model_its_mistakes_and_where_looks_and_behaviour_differ() {
    let place = Place::new();
    let mut window = covers(options(&place));
    let dataset = app(&window).session.opened.as_ref().unwrap().dataset.clone();
    let readings = with_model(&window, |model| model.readings(&dataset, false, &JobContext::default()).unwrap());
    let held_out = readings.iter().filter(|reading| reading.is_held_out).count();
    window.get_by_label("Whole model").click();
    settle(&mut window);
    let told = format!("{held_out} covers that training never saw");
    wait(&mut window, &told, |window| window.query_by_label_contains(&told).is_some());
    window.get_by_label("Also covers that it learnt from").click();
    settle(&mut window);
    let told = format!("{} covers in all", readings.len());
    wait(&mut window, &told, |window| window.query_by_label_contains(&told).is_some());
    // The row of a tag opens the covers that were read right.
    let tag = readings.iter().find(|reading| reading.is_right()).unwrap().own;
    let name = tag_name(&window, tag);
    window.get_by_role_and_label(egui::accesskit::Role::Cell, &name).click();
    settle(&mut window);
    let own = dataset.tags.level2.name(tag).to_owned();
    assert_eq!(app(&window).desk.covers.cell, Some((own.clone(), own)));
    window.get_by_label(&format!("{name} read as {name}"));
    window.get_by_label("Wrong labels").click();
    settle(&mut window);
    assert_eq!(app(&window).desk.covers.page, CoversPage::Labels);
    let wrong = readings.iter().filter(|reading| !reading.is_right()).count();
    window.get_by_label_contains(&format!("{wrong} of {} covers are taken for another tag", readings.len()));
    window.get_by_label("Looks vs behaviour").click();
    settle(&mut window);
    wait_complete(&mut window);
    wait(&mut window, "both rows", |window| window.query_all_by_label_contains("of 20 in common").count() > 0);
    for _ in 0..2 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut window);
    }
    assert_ne!(app(&window).desk.covers.page, CoversPage::Disagreement);
}

#[test]
fn covers_in_both_themes() {
    let mut results = SnapshotResults::new();
    let place = Place::new();
    // Kept by a first window: what the one that trains says of the run, its time and memory, is another each time.
    drop(covers(options(&place)));
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut window = covers(OpenOptions { theme: Some(theme), ..options(&place) });
        window.remove_cursor();
        settle(&mut window);
        window.snapshot(format!("covers_{name}"));
        results.extend_harness(&mut window);
    }
}
