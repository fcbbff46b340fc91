//! Figures of lanes and runs, and what can be taken along.

use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::common::{Place, Window, app, settle, wait, wait_complete, window};

/// Types `path` into the box that asks where to save, in place of what it suggests.
fn type_path(window: &mut Window, path: &Path) {
    settle(window);
    window.get_by_label("Path of the file").focus();
    settle(window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_label("Path of the file").type_text(path.to_str().unwrap());
    settle(window);
}

fn wait_saved(window: &mut Window, path: &Path) {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    wait(window, "the file", move |window| {
        assert!(app(window).session.trouble.is_none(), "{:?}", app(window).session.trouble);
        window.query_by_label(&format!("Saved {name}")).is_some()
    });
    assert!(path.is_file());
}

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
    type_path(&mut window, Path::new("/nowhere/at/all.png"));
    window.get_by_label("Save").click();
    settle(&mut window);
    window.get_by_label("There is no folder /nowhere/at");
}
