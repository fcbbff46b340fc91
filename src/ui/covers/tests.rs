//! What reaches the screen, checked pixel by pixel on a model of the textures.

#![allow(clippy::unwrap_used)]

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use egui::{ColorImage, Context, RawInput, Shape, pos2};
use image::{Rgb, RgbImage};
use rand::{RngExt as _, SeedableRng as _};

use super::*;

/// A window without a graphics card: textures as plain pictures, updated as the renderer would.
struct Screen {
    ctx: Context,
    textures: FxHashMap<TextureId, ColorImage>,
    time_secs: f64,
    pixels_per_point: f32,
}

/// What was drawn: where, and the texture's colours in the middle and just inside the corners.
struct Seen {
    rect: Rect,
    colours: Vec<Color32>,
    opacity: u8,
    texels: f32,
}

impl Screen {
    fn new(animation_secs: f32) -> Self {
        let ctx = Context::default();
        ctx.all_styles_mut(|style| style.animation_time = animation_secs);
        Self { ctx, textures: FxHashMap::default(), time_secs: 0.0, pixels_per_point: 1.0 }
    }

    fn frame(&mut self, mut paint: impl FnMut(&Painter)) -> Vec<Seen> {
        self.time_secs += 1.0 / 60.0;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(8_000.0, 8_000.0))),
            time: Some(self.time_secs),
            ..RawInput::default()
        };
        input.viewports.entry(egui::ViewportId::ROOT).or_default().native_pixels_per_point =
            Some(self.pixels_per_point);
        let mut output = self.ctx.run_ui(input, |ui| paint(ui.painter()));
        for (id, deltas) in std::mem::take(&mut output.textures_delta.set) {
            for delta in deltas {
                let egui::ImageData::Color(new) = &delta.image;
                match delta.pos {
                    None => {
                        self.textures.insert(id, (**new).clone());
                    }
                    Some([left, top]) => {
                        let whole = self.textures.get_mut(&id).unwrap();
                        for (y, row) in new.pixels.chunks(new.size[0]).enumerate() {
                            let at = (top + y) * whole.size[0] + left;
                            whole.pixels[at..at + row.len()].copy_from_slice(row);
                        }
                    }
                }
            }
        }
        let mut seen = Vec::new();
        for clipped in output.shapes {
            if let Shape::Rect(shape) = clipped.shape
                && let Some(brush) = &shape.brush
            {
                let texture = &self.textures[&brush.fill_texture_id];
                let size = vec2(texture.size[0] as f32, texture.size[1] as f32);
                let inside = Rect::from_min_max(
                    (brush.uv.min.to_vec2() * size).to_pos2(),
                    (brush.uv.max.to_vec2() * size).to_pos2(),
                );
                // One texel beyond the edge is where linear filtering reaches.
                let reach = inside.expand(if size.x as usize == atlas::PAGE_SIDE_PX { 0.9 } else { -0.1 });
                let points =
                    [reach.center(), reach.left_top(), reach.right_top(), reach.left_bottom(), reach.right_bottom()];
                let colours =
                    points.iter().map(|at| texture.pixels[at.y as usize * texture.size[0] + at.x as usize]).collect();
                seen.push(Seen { rect: shape.rect, colours, opacity: shape.fill.a(), texels: inside.width() });
            }
        }
        for id in std::mem::take(&mut output.textures_delta.free) {
            self.textures.remove(&id);
        }
        seen
    }
}

/// Far enough apart that rounding cannot turn one into another.
fn colour_of(key: u64) -> [u8; 3] {
    [key % 16 * 16, key / 16 % 16 * 16, key / 256 % 16 * 16 + 5].map(|value| value as u8)
}

fn write_covers(folder: &Path, colours: std::ops::Range<u64>, size: u32) -> Vec<PathBuf> {
    let write = |key: u64| {
        let path = folder.join(format!("{key}.png"));
        RgbImage::from_pixel(size, size + 8, Rgb(colour_of(key))).save(&path).unwrap();
        path
    };
    colours.map(write).collect()
}

fn assert_colour(seen: &Seen, expected: [u8; 3], what: &str) {
    for colour in &seen.colours {
        let near = (0..3).all(|channel| colour.to_array()[channel].abs_diff(expected[channel]) <= 1);
        assert!(near && colour.a() == 255, "{what}: {colour:?} instead of {expected:?}");
    }
}

fn cell(number: usize, side: f32) -> Rect {
    Rect::from_min_size(pos2((number % 5) as f32 * side, (number / 5) as f32 * side), vec2(side, side))
}

/// Paints until nothing is pending; what the last frame showed.
fn settle(screen: &mut Screen, store: &mut CoverStore, mut paint: impl FnMut(&mut CoverStore, &Painter)) -> Vec<Seen> {
    let start = Instant::now();
    loop {
        let seen = screen.frame(|painter| {
            store.begin_frame(&painter.ctx().clone());
            paint(store, painter);
        });
        if store.pending() == 0 {
            return seen;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{} still pending", store.pending());
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn never_another_items_picture() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_covers(folder.path(), 0..300, 40);
    let (mut checked, mut evicted) = (0, 0);
    for seed in 0..3 {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        let mut screen = Screen::new(0.0);
        let mut store = CoverStore::new(screen.ctx.clone(), 0, 2);
        let (mut shift, mut start, mut side) = (0, 0, 90.0);
        let mut was_ready = vec![false; 300];
        for _ in 0..250 {
            match rng.random_range(0..40) {
                0 => {
                    // Another data set: the same keys, other pictures.
                    store.clear();
                    shift = rng.random_range(0..300);
                    was_ready.fill(false);
                }
                1..6 => start = rng.random_range(0..300),
                6..9 => side = [30.0, 90.0, 220.0, 450.0, 700.0][rng.random_range(0..5)],
                9 => store.set_budget(rng.random_range(0..6) * PAGE_BYTES),
                _ => start += 5,
            }
            let mut states = Vec::new();
            let seen = screen.frame(|painter| {
                store.begin_frame(painter.ctx());
                states.clear();
                for number in 0..40 {
                    let key = (start + number) % 300;
                    let path = &paths[(key + shift) % 300];
                    let rect = cell(number, side);
                    let state = store.paint_over(
                        painter,
                        rect,
                        4.0,
                        CoverKey(key as u64),
                        Some(path),
                        -(number as f32),
                        |_, _| {},
                    );
                    states.push((rect, (key + shift) % 300, state, key));
                }
            });
            assert!(store.bytes() <= store.budget_bytes, "{} over {}", store.bytes(), store.budget_bytes);
            let ready: Vec<_> = states.iter().filter(|(.., state, _)| *state == CoverState::Ready).collect();
            assert_eq!(ready.len(), seen.len());
            for (seen, (rect, colour, ..)) in seen.iter().zip(ready) {
                assert_eq!(seen.rect, *rect);
                assert_colour(seen, colour_of(*colour as u64), "a drawn cover");
                checked += 1;
            }
            for (.., state, key) in states {
                evicted += usize::from(was_ready[key] && state != CoverState::Ready);
                was_ready[key] = state == CoverState::Ready;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
    assert!(checked > 3_000, "only {checked} drawn");
    assert!(evicted > 20, "only {evicted} driven out");
}

#[test]
fn fifty_thousand_items_scroll_within_the_budget() {
    const COLUMNS: usize = 8;
    const ROWS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let paths = write_covers(folder.path(), 0..256, 300);
    let mut screen = Screen::new(0.0);
    let budget = 3 * PAGE_BYTES;
    let mut store = CoverStore::new(screen.ctx.clone(), budget, 2);
    let (mut top, mut shown, mut begin_secs) = (0, 0, Vec::new());
    let paint = |store: &mut CoverStore, painter: &Painter, top: usize| {
        for number in 0..COLUMNS * ROWS {
            let rect = Rect::from_min_size(pos2(0.0, number as f32 * 200.0), vec2(200.0, 200.0));
            let key = top * COLUMNS + number;
            store.paint_over(
                painter,
                rect,
                0.0,
                CoverKey(key as u64),
                Some(&paths[key % 256]),
                -(number as f32),
                |_, _| {},
            );
        }
    };
    let mut place = 0;
    while (top + ROWS) * COLUMNS < 50_000 {
        // Flicks of many rows, with a rest now and then.
        let frames = if place % 10 == 0 { 20 } else { 1 };
        for _ in 0..frames {
            let seen = screen.frame(|painter| {
                let start = Instant::now();
                store.begin_frame(painter.ctx());
                begin_secs.push(start.elapsed().as_secs_f64());
                paint(&mut store, painter, top);
            });
            shown += seen.len();
            assert!(store.bytes() <= budget && store.atlas.page_count() <= 3);
            assert!(store.pool.waiting() <= COLUMNS * ROWS * 4, "{} wait", store.pool.waiting());
            thread::sleep(Duration::from_millis(2));
        }
        (place, top) = (place + 1, top + 23);
    }
    let seen = settle(&mut screen, &mut store, |store, painter| paint(store, painter, top));
    assert!(seen.len() >= 8_000 / 200, "{} of those within the clip are drawn", seen.len());
    for (number, seen) in seen.iter().enumerate() {
        assert_colour(seen, colour_of(((top * COLUMNS + number) % 256) as u64), "after scrolling");
    }
    assert!(shown > 0);
    begin_secs.sort_by(f64::total_cmp);
    let median = begin_secs[begin_secs.len() / 2];
    assert!(median < 0.004, "the median start of a frame took {median} s");
}

#[test]
fn another_size_stands_in_until_the_right_one_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_covers(folder.path(), 7..8, 900);
    let mut screen = Screen::new(0.0);
    let mut store = CoverStore::new(screen.ctx.clone(), 0, 1);
    let draw = |store: &mut CoverStore, painter: &Painter, side: f32| {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(side, side));
        store.paint_over(painter, rect, 0.0, CoverKey(7), Some(&paths[0]), 0.0, |_, _| {})
    };
    for (side, texels) in [(90.0, 100.0), (200.0, 254.0), (500.0, 510.0), (800.0, 900.0), (20.0, 48.0)] {
        let mut state = CoverState::Loading;
        let first = screen.frame(|painter| {
            store.begin_frame(painter.ctx());
            state = draw(&mut store, painter, side);
        });
        if side == 90.0 {
            assert!(state == CoverState::Loading && first.is_empty());
        } else {
            assert!(state == CoverState::Ready && first.len() == 1 && first[0].texels != texels, "no flicker");
        }
        assert_eq!(store.pending(), 1);
        let seen = settle(&mut screen, &mut store, |store, painter| {
            draw(store, painter, side);
        });
        assert!((seen[0].texels - texels).abs() < 0.01, "{} instead of {texels}", seen[0].texels);
        assert_colour(&seen[0], colour_of(7), "in its size");
    }
    // A sharper screen needs more pixels for the same square.
    screen.pixels_per_point = 2.5;
    let seen = settle(&mut screen, &mut store, |store, painter| {
        draw(store, painter, 90.0);
    });
    assert!((seen[0].texels - 254.0).abs() < 0.01, "{}", seen[0].texels);
    // A rectangle that is not square takes the middle part.
    let seen = settle(&mut screen, &mut store, |store, painter| {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(50.0, 100.0));
        store.paint_over(painter, rect, 0.0, CoverKey(7), Some(&paths[0]), 0.0, |_, _| {});
    });
    assert!((seen[0].texels - 127.0).abs() < 0.01, "{}", seen[0].texels);
}

#[test]
fn more_than_fits_is_drawn_smaller_rather_than_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_covers(folder.path(), 0..200, 300);
    let mut screen = Screen::new(0.0);
    let mut store = CoverStore::new(screen.ctx.clone(), 0, 2);
    let seen = settle(&mut screen, &mut store, |store, painter| {
        for (number, path) in paths.iter().enumerate() {
            // 200 squares of 250 pixels: more than the two pages of 64 hold.
            let rect = Rect::from_min_size(pos2(number as f32 * 10.0, 0.0), vec2(250.0, 250.0));
            store.paint_over(painter, rect, 0.0, CoverKey(number as u64), Some(path), 0.0, |_, _| {});
        }
    });
    assert!(store.bytes() <= MIN_BUDGET_BYTES);
    assert_eq!(seen.len(), 200);
    for seen in seen {
        assert_colour(&seen, colour_of((seen.rect.left() / 10.0) as u64), "under pressure");
    }
}

#[test]
fn a_frame_without_covers_waits_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_covers(folder.path(), 1..2, 64);
    let mut screen = Screen::new(0.0);
    let mut store = CoverStore::new(screen.ctx.clone(), 0, 1);
    let mut frame = |store: &mut CoverStore, is_shown: bool| {
        screen.frame(|painter| {
            store.begin_frame(&painter.ctx().clone());
            if is_shown {
                store.paint_over(painter, cell(0, 64.0), 0.0, CoverKey(1), Some(&paths[0]), 0.0, |_, _| {});
            }
        });
    };
    frame(&mut store, true);
    assert_eq!(store.pending(), 1);
    // What was asked for went out of sight before it came.
    frame(&mut store, false);
    frame(&mut store, false);
    assert_eq!(store.pending(), 0);
}

#[test]
fn missing_and_damaged_pictures_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.jpg");
    std::fs::write(&path, "no picture").unwrap();
    let mut screen = Screen::new(0.0);
    let mut store = CoverStore::new(screen.ctx.clone(), 0, 1);
    let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(90.0, 90.0));
    let mut states = Vec::new();
    settle(&mut screen, &mut store, |store, painter| {
        states = vec![
            store.paint_over(painter, rect, 0.0, CoverKey(1), None, 0.0, |_, _| {}),
            store.paint_over(painter, rect, 0.0, CoverKey(2), Some(&path), 0.0, |_, _| {}),
        ];
    });
    assert_eq!(states, [CoverState::Missing, CoverState::Failed]);
    assert_eq!(store.error(CoverKey(1)), None);
    assert!(store.error(CoverKey(2)).unwrap().starts_with("not a JPEG, PNG or WebP picture"));
    store.clear();
    assert_eq!(store.error(CoverKey(2)), None);
}

#[test]
fn fresh_pictures_fade_in_over_their_placeholder() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_covers(folder.path(), 3..4, 60);
    for animation_secs in [0.1, 0.0] {
        let mut screen = Screen::new(animation_secs);
        let mut store = CoverStore::new(screen.ctx.clone(), 0, 1);
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(90.0, 90.0));
        let mut placeholders = 0;
        let mut paint = |store: &mut CoverStore, painter: &Painter| {
            store.paint_over(painter, rect, 0.0, CoverKey(3), Some(&paths[0]), 0.0, |_, _| placeholders += 1);
        };
        let seen = settle(&mut screen, &mut store, &mut paint);
        let mut opacities = vec![seen[0].opacity];
        for _ in 0..12 {
            opacities.extend(settle(&mut screen, &mut store, &mut paint).iter().map(|seen| seen.opacity));
        }
        assert_eq!(opacities.last(), Some(&255));
        assert!(opacities.is_sorted());
        assert_eq!(opacities[0] < 255, animation_secs > 0.0, "{opacities:?}");
        assert!(placeholders > 0);
    }
}

#[test]
fn a_whole_picture_keeps_its_shape() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.png");
    RgbImage::from_pixel(400, 100, Rgb([10, 20, 30])).save(&path).unwrap();
    let mut screen = Screen::new(0.0);
    let mut store = CoverStore::new(screen.ctx.clone(), 0, 1);
    let area = Rect::from_min_size(pos2(0.0, 0.0), vec2(800.0, 800.0));
    let mut drawn = Rect::NOTHING;
    let seen = settle(&mut screen, &mut store, |store, painter| {
        drawn = store.paint_whole(painter, area, 0.0, CoverKey(1), Some(&path), 0.0).1.unwrap_or(area);
    });
    assert_eq!(drawn, Rect::from_min_size(pos2(0.0, 300.0), vec2(800.0, 200.0)));
    assert_eq!(seen[0].rect, drawn);
    assert_colour(&seen[0], [10, 20, 30], "the whole picture");
}

/// `RECALLSCOPE_COVERS=folder cargo test --release --lib covers::tests::figures -- --ignored --nocapture`
#[test]
#[ignore = "prints figures for a folder of covers"]
fn figures() {
    let folder = std::env::var("RECALLSCOPE_COVERS").unwrap();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut out = io::stderr().lock();
    for side in [48.0, 100.0, 254.0, 510.0, 1_000.0] {
        let start = Instant::now();
        let taken = paths.iter().take(400);
        let count = taken.clone().filter(|path| picture::load(path, Level::square(side)).is_ok()).count();
        let all = start.elapsed().as_secs_f64();
        let start = Instant::now();
        taken.for_each(|path| drop(crate::dataset::covers::decode(path, 4 * side as u32)));
        let decode = start.elapsed().as_secs_f64();
        let per_secs = count as f64 / all;
        writeln!(out, "{side} px: {per_secs:.0} covers/s on one thread, {:.0} % of it decoding", 100.0 * decode / all)
            .unwrap();
    }
    for side in [90.0, 230.0] {
        let mut screen = Screen::new(0.0);
        let mut store = CoverStore::new(screen.ctx.clone(), 256 << 20, 2);
        let (mut begins, mut paints) = (Vec::new(), Vec::new());
        let start = Instant::now();
        let mut done = 0;
        for chunk in paths.chunks(120) {
            loop {
                screen.frame(|painter| {
                    let start = Instant::now();
                    store.begin_frame(painter.ctx());
                    begins.push(start.elapsed().as_secs_f64() * 1e3);
                    let start = Instant::now();
                    for (number, path) in chunk.iter().enumerate() {
                        let key = CoverKey((done + number) as u64);
                        store.paint_over(
                            painter,
                            cell(number, side),
                            4.0,
                            key,
                            Some(path),
                            -(number as f32),
                            |_, _| {},
                        );
                    }
                    paints.push(start.elapsed().as_secs_f64() * 1e3);
                });
                if store.pending() == 0 {
                    break;
                }
                thread::sleep(Duration::from_millis(4));
            }
            done += chunk.len();
        }
        let secs = start.elapsed().as_secs_f64();
        begins.sort_by(f64::total_cmp);
        paints.sort_by(f64::total_cmp);
        let at = |times: &[f64], part: f64| times[((times.len() - 1) as f64 * part) as usize];
        writeln!(
            out,
            "{side} px squares: {:.0} covers/s with two workers, begin_frame median {:.3} ms, 99 % {:.3} ms, most {:.3} ms; painting 120: median {:.3} ms; {} MB in {} pages",
            done as f64 / secs, at(&begins, 0.5), at(&begins, 0.99), at(&begins, 1.0), at(&paints, 0.5),
            store.bytes() >> 20, store.atlas.page_count(),
        )
        .unwrap();
    }
}
