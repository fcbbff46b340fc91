//! Covers: one drawn scene a picture. What stands for the leaf is one object; palette, place, size, angle, light,
//! clutter, depth of field and grain vary from picture to picture.

mod craft;
mod draw;
mod food;
mod home;
mod palette;
mod pets;
mod photo;
mod plants;
mod settings;
mod toys;
mod travel;

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use tiny_skia::{Pixmap, Transform};

use draw::{Canvas, blur};
use palette::Look;
use settings::Setting::{self, Flat, Room, Sill, Studio, Table};

/// Pixels of a side.
pub(super) const SIDE_PX: u32 = 256;
const JPEG_QUALITY: u8 = 60;

type Draw = fn(&mut Canvas, &Look);

/// Per leaf: the object, where it may stand (nowhere: it is the whole picture), its size.
const SCENES: [(Draw, &[Setting], f32); 72] = [
    (home::sofa, &[Room], 1.72),
    (home::floor_lamp, &[Room], 1.7),
    (home::coffee_table, &[Room], 1.6),
    (home::bed, &[Room], 1.75),
    (home::nightstand, &[Room], 1.6),
    (home::candle, &[Table, Sill, Studio], 1.55),
    (home::bookshelf, &[Room], 1.7),
    (home::desk, &[Room], 1.7),
    (home::basket, &[Room, Table, Studio], 1.45),
    (food::noodles, &[Table, Studio], 1.6),
    (food::sushi, &[Table, Studio], 1.6),
    (food::pizza, &[Flat], 1.75),
    (food::cake, &[Table, Studio, Sill], 1.55),
    (food::bread, &[Table, Studio, Sill], 1.5),
    (food::donut, &[Flat, Studio], 1.55),
    (food::coffee, &[Flat], 1.7),
    (food::bubble_tea, &[Table, Studio, Sill], 1.5),
    (food::fruit_tea, &[Table, Studio, Sill], 1.5),
    (craft::yarn, &[Table, Studio, Sill, Room], 1.5),
    (craft::mittens, &[Flat, Studio], 1.6),
    (craft::crochet_bag, &[Table, Studio, Room], 1.5),
    (craft::vase_pot, &[Table, Studio, Sill], 1.5),
    (craft::mug, &[Table, Studio, Sill], 1.5),
    (craft::teapot, &[Table, Studio, Sill], 1.5),
    (craft::crane, &[Table, Studio, Flat], 1.5),
    (craft::journal, &[Flat], 1.65),
    (craft::embroidery, &[Flat, Studio], 1.6),
    (toys::bunny, &[Table, Studio, Sill], 1.5),
    (toys::bear, &[Table, Studio, Sill], 1.5),
    (toys::astronaut, &[Table, Studio, Sill], 1.5),
    (toys::robot, &[Table, Studio, Sill], 1.5),
    (toys::model_car, &[Table, Studio, Room], 1.5),
    (toys::rocket, &[Table, Studio, Sill], 1.45),
    (toys::castle, &[Table, Studio, Room], 1.5),
    (toys::dinosaur, &[Table, Studio, Sill], 1.5),
    (toys::cube, &[Table, Studio], 1.4),
    (photo::camera, &[Table, Studio, Sill], 1.55),
    (photo::lens, &[Table, Studio, Sill], 1.5),
    (photo::tripod, &[Room, Studio], 1.65),
    (photo::sunset, &[], 1.0),
    (photo::stars, &[], 1.0),
    (photo::forest, &[], 1.0),
    (photo::polaroid, &[Flat], 1.65),
    (photo::film, &[Table, Studio, Flat], 1.5),
    (photo::frame, &[Studio, Room], 1.6),
    (plants::monstera, &[Table, Studio, Sill, Room], 1.6),
    (plants::snake_plant, &[Table, Studio, Sill, Room], 1.55),
    (plants::hanging, &[Sill, Room, Studio], 1.55),
    (plants::cactus, &[Table, Studio, Sill, Room], 1.5),
    (plants::rosette, &[Flat], 1.65),
    (plants::aloe, &[Table, Studio, Sill, Room], 1.55),
    (plants::tulips, &[Table, Studio, Sill], 1.6),
    (plants::sunflower, &[Table, Studio, Sill], 1.6),
    (plants::bouquet, &[Table, Studio, Flat], 1.6),
    (pets::sitting_cat, &[Room, Sill, Studio], 1.55),
    (pets::sleeping_cat, &[Room, Sill, Studio], 1.6),
    (pets::cat_tree, &[Room, Studio], 1.6),
    (pets::shiba, &[Room, Studio], 1.55),
    (pets::dachshund, &[Room, Studio], 1.55),
    (pets::poodle, &[Room, Studio], 1.45),
    (pets::fish_bowl, &[Table, Studio, Sill], 1.5),
    (pets::parrot, &[Sill, Studio, Room], 1.55),
    (pets::hamster, &[Table, Studio, Sill], 1.45),
    (travel::tent, &[], 1.0),
    (travel::mountains, &[], 1.0),
    (travel::balloon, &[], 1.0),
    (travel::parasol, &[], 1.0),
    (travel::palm, &[], 1.0),
    (travel::sailboat, &[], 1.0),
    (travel::skyline, &[], 1.0),
    (travel::pagoda, &[], 1.0),
    (travel::tram, &[], 1.0),
];

pub(super) struct Cover {
    pub(super) jpeg: Vec<u8>,
    /// Left, top, right, bottom of the main object, in pixels inside the picture.
    pub(super) object: [u32; 4],
}

/// The cover of an item of `leaf`; the same for the same seed. `None` only if nothing could be drawn or written.
pub(super) fn draw(leaf: usize, seed: u64) -> Option<Cover> {
    let (map, bounds) = paint(leaf, seed)?;
    let rgb: Vec<u8> = map.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut jpeg = Vec::with_capacity(6_000);
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
        .encode(&rgb, SIDE_PX, SIDE_PX, ExtendedColorType::Rgb8)
        .ok()?;
    let side = SIDE_PX as f32;
    let object = bounds.unwrap_or([0.0, 0.0, side, side]).map(|edge| edge.clamp(0.0, side).round() as u32);
    Some(Cover { jpeg, object })
}

fn paint(leaf: usize, seed: u64) -> Option<(Pixmap, Option<[f32; 4]>)> {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let look = Look::draw(&mut rng);
    let (object, settings, size) = SCENES[leaf % SCENES.len()];
    let is_whole = settings.is_empty();
    let map = Pixmap::new(SIDE_PX, SIDE_PX)?;
    let mut c = Canvas::new(map, rng);
    let (mirror, skew) = (if c.chance(0.5) { -1.0 } else { 1.0 }, c.random(-0.05, 0.05));
    if is_whole {
        let (zoom, turn) = (c.random(1.0, 1.16), c.random(-2.5, 2.5));
        let (dx, dy) = (c.random(-8.0, 8.0), c.random(-7.0, 5.0));
        c.is_tracking = true;
        c.at(128.0 + dx, 128.0 + dy, mirror * zoom, zoom, turn, |c| c.at(-128.0, -128.0, 1.0, 1.0, 0.0, |c| object(c, &look)));
    } else {
        let setting = settings[c.count(0, settings.len() - 1)];
        let is_flat = setting == Flat;
        let back = c.random(1.0, 1.1);
        let mut ground = 0.0;
        let turn = c.random(-1.5, 1.5);
        c.at(128.0, 128.0, mirror * back, back, turn, |c| c.at(-128.0, -128.0, 1.0, 1.0, 0.0, |c| ground = settings::draw(c, &look, setting)));
        let ground = 128.0 + (ground - 128.0) * back;
        let scale = size * c.random(0.82, 1.1);
        let (x, clutter) = (128.0 + c.random(-20.0, 20.0), c.count(0, 3));
        let mut front = 0;
        for n in 0..clutter {
            let side = if (n % 2 == 0) == (mirror > 0.0) { -1.0 } else { 1.0 };
            if !is_flat && c.chance(0.3) {
                front += 1;
                continue;
            }
            let (px, s) = (x + side * c.random(74.0, 108.0), c.random(0.9, 1.4));
            let (py, turn) = if is_flat { (c.random(18.0, 238.0), c.random(0.0, 360.0)) } else { (ground - c.random(4.0, 12.0), 0.0) };
            c.at(px, py, s, s, turn, |c| settings::prop(c, &look, is_flat));
        }
        let depth = c.count(0, 3);
        if depth > 0 && !is_flat {
            blur(&mut c.map, depth, 2);
        }
        let turn = if is_flat { c.random(-28.0, 28.0) } else { c.random(-4.0, 4.0) };
        let y = if is_flat { 128.0 + c.random(-14.0, 14.0) } else { ground - 50.0 * scale + c.random(0.0, 8.0) };
        c.is_tracking = false;
        if is_flat {
            c.at(x + 5.0, y + 7.0, scale, scale, turn, |c| c.glow(0.0, 0.0, 66.0, 66.0, draw::BLACK.alpha(0.5)));
        } else {
            c.at(x, y, scale, scale, 0.0, |c| c.shadow(0.0, 50.0, 46.0, 8.5));
        }
        let frame = Transform::from_translate(x, y)
            .pre_concat(Transform::from_rotate(turn))
            .pre_concat(Transform::from_skew(skew, 0.0))
            .pre_scale(scale * mirror, scale);
        c.is_tracking = true;
        c.with(frame, |c| object(c, &look));
        c.is_tracking = false;
        for n in 0..front {
            let (px, s) = (x + if n % 2 == 0 { 84.0 } else { -84.0 } * mirror, c.random(1.1, 1.5));
            let py = (ground + c.random(14.0, 26.0)).min(248.0);
            c.at(px, py, s, s, 0.0, |c| settings::prop(c, &look, false));
        }
    }
    c.is_tracking = false;
    let bounds = c.bounds;
    grade(&mut c);
    Some((c.map, bounds))
}

/// Light of the hour, vignette, a little softness and grain.
fn grade(c: &mut Canvas) {
    let tint: [f32; 3] = match c.count(0, 5) {
        0 => [1.05, 0.99, 0.90],
        1 => [0.94, 0.99, 1.06],
        2 => [1.04, 0.94, 0.88],
        3 => [0.88, 0.91, 1.02],
        _ => [1.0, 1.0, 1.0],
    };
    let light = c.random(0.92, 1.07);
    let (vignette, fade) = (c.random(0.0, 0.26), c.random(0.0, 0.07));
    let (lx, ly) = (c.random(60.0, 190.0), c.random(40.0, 150.0));
    let grain = if c.chance(0.4) { c.random(1.0, 3.0) } else { 0.6 };
    if c.chance(0.22) {
        let passes = c.count(1, 2);
        blur(&mut c.map, 1, passes);
    }
    let mut rng = c.rng.clone();
    let side = SIDE_PX as usize;
    for (at, pixel) in c.map.data_mut().chunks_exact_mut(4).enumerate() {
        let (x, y) = ((at % side) as f32, (at / side) as f32);
        let far = ((x - lx).powi(2) + (y - ly).powi(2)) / (210.0 * 210.0);
        let shade = light * (1.0 - vignette * far.min(1.4));
        let noise = rng.random_range(-grain..grain);
        for channel in 0..3 {
            let value = f32::from(pixel[channel]) * tint[channel] * shade;
            pixel[channel] = (value + (238.0 - value) * fade + noise).round().clamp(0.0, 255.0) as u8;
        }
        pixel[3] = 255;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_draws_an_object_inside_the_picture() {
        for leaf in 0..SCENES.len() {
            let cover = draw(leaf, 7 + leaf as u64).expect("a cover");
            let [left, top, right, bottom] = cover.object;
            assert!(right > left + 40 && bottom > top + 40, "leaf {leaf}: {:?}", cover.object);
            assert!(cover.jpeg.len() > 1_000);
        }
    }

    #[test]
    fn covers_follow_their_seed() {
        assert_eq!(draw(3, 5).map(|cover| cover.jpeg), draw(3, 5).map(|cover| cover.jpeg));
        assert_ne!(draw(3, 5).map(|cover| cover.jpeg), draw(3, 6).map(|cover| cover.jpeg));
    }
}
