//! Covers: one drawn scene a picture. What stands for the leaf is one object; palette, place, size, angle, light,
//! clutter and depth of field vary from picture to picture, independently of the leaf.
//!
//! The same leaf and seed give the same bytes. Randomness and angles are computed alike everywhere; the rasteriser
//! may round a pixel differently on another kind of processor.

mod compose;
mod craft;
mod draw;
mod food;
mod home;
mod light;
mod palette;
mod pets;
mod photo;
mod plants;
mod settings;
mod toys;
mod travel;

#[cfg(test)]
mod tests;

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use tiny_skia::Pixmap;

use draw::Canvas;
use palette::Look;
use settings::Setting::{self, Flat, Room, Sill, Studio, Table, Wall};

/// Pixels of a side.
pub(super) const SIDE_PX: u32 = 256;
/// What a cover may take: a community of 4,000 items has to fit into a repository.
const ENOUGH_BYTES: f32 = 3_750.0;
const FIRST_QUALITY: u8 = 42;
/// The quality to take when the first one gives `ENOUGH_BYTES` divided by its size, at least: busy pictures hide a
/// coarser quality best.
const QUALITIES: [(f32, u8); 6] = [(1.22, 60), (1.1, 50), (0.99, FIRST_QUALITY), (0.89, 34), (0.79, 27), (0.0, 21)];

type Draw = fn(&mut Canvas, &Look);

/// Per leaf: the object, where it may stand (nowhere: it is the whole picture), its size.
const SCENES: [(Draw, &[Setting], f32); 72] = [
    (home::sofa, &[Room], 1.72),
    (home::floor_lamp, &[Room], 1.7),
    (home::coffee_table, &[Room], 1.6),
    (home::bed, &[Room], 1.75),
    (home::nightstand, &[Room], 1.6),
    (home::candle, &[Table, Sill, Studio], 1.8),
    (home::bookshelf, &[Room], 1.7),
    (home::desk, &[Room], 1.7),
    (home::basket, &[Room, Table, Studio], 1.6),
    (food::noodles, &[Table, Studio], 1.6),
    (food::sushi, &[Table, Studio], 1.7),
    (food::pizza, &[Flat], 1.75),
    (food::cake, &[Table, Studio, Sill], 1.55),
    (food::bread, &[Table, Studio, Sill], 1.5),
    (food::donut, &[Flat], 1.7),
    (food::coffee, &[Flat], 1.7),
    (food::bubble_tea, &[Table, Studio, Sill], 1.5),
    (food::fruit_tea, &[Table, Studio, Sill], 1.5),
    (craft::yarn, &[Table, Studio, Sill, Room], 1.5),
    (craft::mittens, &[Flat, Wall], 1.6),
    (craft::crochet_bag, &[Table, Studio, Room], 1.5),
    (craft::vase_pot, &[Table, Studio, Sill], 1.5),
    (craft::mug, &[Table, Studio, Sill], 1.5),
    (craft::teapot, &[Table, Studio, Sill], 1.5),
    (craft::crane, &[Table, Studio, Sill], 1.5),
    (craft::journal, &[Flat], 1.65),
    (craft::embroidery, &[Flat, Wall], 1.6),
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
    (photo::film, &[Table, Studio], 1.5),
    (photo::frame, &[Wall], 1.6),
    (plants::monstera, &[Table, Studio, Sill, Room], 1.6),
    (plants::snake_plant, &[Table, Studio, Sill, Room], 1.65),
    (plants::hanging, &[Wall], 1.7),
    (plants::cactus, &[Table, Studio, Sill, Room], 1.6),
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
    (pets::parrot, &[Sill, Studio, Room], 1.5),
    (pets::hamster, &[Table, Studio, Sill], 1.55),
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
    let (map, bounds) = compose::paint(leaf, seed)?;
    let rgb = pixels(&map);
    let mut jpeg = encode(&rgb, FIRST_QUALITY)?;
    let spare = ENOUGH_BYTES / jpeg.len() as f32;
    let quality = QUALITIES.iter().find(|(least, _)| spare >= *least).map_or(FIRST_QUALITY, |(_, quality)| *quality);
    if quality != FIRST_QUALITY {
        jpeg = encode(&rgb, quality)?;
    }
    let side = SIDE_PX as f32;
    let object = bounds.unwrap_or([0.0, 0.0, side, side]).map(|edge| edge.clamp(0.0, side).round() as u32);
    Some(Cover { jpeg, object })
}

fn encode(rgb: &[u8], quality: u8) -> Option<Vec<u8>> {
    let mut jpeg = Vec::with_capacity(8_000);
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    encoder.encode(rgb, SIDE_PX, SIDE_PX, ExtendedColorType::Rgb8).ok()?;
    Some(jpeg)
}

/// Red, green, blue; every two by two pixels share their hue, as the encoder has no chroma subsampling of its own.
fn pixels(map: &Pixmap) -> Vec<u8> {
    let side = map.width() as usize;
    let data = map.data();
    let mut rgb = vec![0; side * side * 3];
    let luma = |p: [i32; 3]| (p[0] * 77 + p[1] * 150 + p[2] * 29) >> 8;
    for y in (0..side).step_by(2) {
        for x in (0..side).step_by(2) {
            let at = [y * side + x, y * side + x + 1, (y + 1) * side + x, (y + 1) * side + x + 1];
            let four = at.map(|i| [i32::from(data[i * 4]), i32::from(data[i * 4 + 1]), i32::from(data[i * 4 + 2])]);
            let mean = [0, 1, 2].map(|channel| four.iter().map(|p| p[channel]).sum::<i32>() / 4);
            for (i, pixel) in at.into_iter().zip(four) {
                let lift = luma(pixel) - luma(mean);
                for channel in 0..3 {
                    rgb[i * 3 + channel] = (mean[channel] + lift).clamp(0, 255) as u8;
                }
            }
        }
    }
    rgb
}
