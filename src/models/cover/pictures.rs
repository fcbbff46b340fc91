//! From files to what a network sees: decoded once, kept as bytes, and drawn anew for every step.

use std::path::Path;

use image::{RgbaImage, imageops};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::{CoverSettings, map::Map, settings::Framing};
use crate::{
    dataset::covers::{CoverError as PictureError, decode},
    task::{Cancelled, JobContext},
};

/// Mean and deviation of ImageNet's pictures, which torchvision's networks expect.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// How pictures are cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Of what the network sees.
    pub side: usize,
    /// Of what is kept, of which the network sees a part.
    pub kept: usize,
    pub framing: Framing,
}

impl View {
    /// A whole picture is seen to its rim, where much of a cover's object often lies; of a middle, 224 are cut from 256,
    /// as torchvision does.
    pub fn new(side: usize, framing: Framing) -> Self {
        let kept = match framing {
            Framing::Stretch => side,
            Framing::Crop => side * 8 / 7,
        };
        Self { side, kept, framing }
    }

    fn bytes(self) -> usize {
        self.kept * self.kept * 3
    }
}

/// Squares of bytes, `[count, kept, kept, 3]`.
#[derive(Debug)]
pub struct Pictures {
    view: View,
    bytes: Vec<u8>,
}

/// Decodes one picture, `[kept, kept, 3]`.
pub fn square(path: &Path, view: View) -> Result<Vec<u8>, PictureError> {
    let kept = view.kept as u32;
    // Twice the side is enough to be averaged from; the shorter side decides where the middle is cut.
    let most = match view.framing {
        Framing::Stretch => 2 * kept,
        Framing::Crop => 4 * kept,
    };
    let picture = on_white(&decode(path, most)?);
    let (width, height) = picture.dimensions();
    let whole = match view.framing {
        Framing::Stretch => picture,
        Framing::Crop => {
            let side = width.min(height);
            imageops::crop_imm(&picture, (width - side) / 2, (height - side) / 2, side, side).to_image()
        }
    };
    let square = imageops::resize(&whole, kept, kept, imageops::FilterType::Triangle);
    Ok(square.into_raw())
}

fn on_white(picture: &RgbaImage) -> image::RgbImage {
    image::RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let over = |value: u8| ((u32::from(value) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255) as u8;
        image::Rgb([over(red), over(green), over(blue)])
    })
}

/// Pictures that could be decoded by their place among `paths`, and why the others could not.
pub type Decoded = (Pictures, Vec<usize>, Vec<(usize, PictureError)>);

impl Pictures {
    /// Decodes on all threads.
    pub fn decode(paths: &[&Path], view: View, ctx: &JobContext) -> Result<Decoded, Cancelled> {
        let (mut bytes, mut places, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        for (stretch, paths) in paths.chunks(64).enumerate() {
            ctx.check()?;
            let squares: Vec<_> = paths.par_iter().map(|path| square(path, view)).collect();
            for (at, decoded) in squares.into_iter().enumerate() {
                let place = stretch * 64 + at;
                match decoded {
                    Ok(square) => {
                        bytes.extend_from_slice(&square);
                        places.push(place);
                    }
                    Err(error) => failures.push((place, error)),
                }
            }
            ctx.advance(paths.len() as u64);
        }
        Ok((Self { view, bytes }, places, failures))
    }

    pub fn len(&self) -> usize {
        self.bytes.len() / self.view.bytes()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The middles of the pictures of `places`, normalised.
    pub fn middles(&self, places: &[usize]) -> Map {
        let offset = (self.view.kept - self.view.side) as isize / 2;
        self.batch(places, |_| Change { left: offset, top: offset, ..Change::default() })
    }

    /// The pictures of `places`, each changed at random by a generator of its own. Where a shifted picture ends, its last
    /// pixels are repeated.
    pub fn changed(&self, places: &[usize], settings: &CoverSettings, seeds: impl Fn(usize) -> u64 + Sync) -> Map {
        let View { side, kept, .. } = self.view;
        let middle = (kept - side) as f64 / 2.0;
        let wander = settings.crop * side as f64;
        let colour = settings.colour as f32;
        self.batch(places, |at| {
            let mut rng = Pcg64Mcg::seed_from_u64(seeds(at));
            let mut offset = || (middle + wander * rng.random_range(-1.0..=1.0)).round() as isize;
            let (left, top) = (offset(), offset());
            let mut factor = || 1.0 + colour * rng.random_range(-1.0f32..=1.0);
            let (brightness, contrast, saturation) = (factor(), factor(), factor());
            let flips = settings.flip && rng.random_bool(0.5);
            Change { left, top, flips, brightness, contrast, saturation }
        })
    }

    fn batch(&self, places: &[usize], change: impl Fn(usize) -> Change + Sync) -> Map {
        let View { side, kept, .. } = self.view;
        let stride = side * side * 3;
        let mut values = vec![0f32; places.len() * stride];
        values.par_chunks_mut(stride).zip(places).enumerate().for_each(|(at, (to, &place))| {
            let bytes = &self.bytes[place * self.view.bytes()..][..self.view.bytes()];
            change(at).apply(bytes, kept, side, to);
        });
        Map { images: places.len(), height: side, width: side, channels: 3, values }
    }
}

/// What is done to a picture.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// Of what is seen, from that of what is kept; beyond its rim too.
    left: isize,
    top: isize,
    flips: bool,
    brightness: f32,
    contrast: f32,
    saturation: f32,
}

impl Default for Change {
    fn default() -> Self {
        Self { left: 0, top: 0, flips: false, brightness: 1.0, contrast: 1.0, saturation: 1.0 }
    }
}

impl Change {
    fn apply(self, bytes: &[u8], kept: usize, side: usize, to: &mut [f32]) {
        let Self { left, top, flips, brightness, contrast, saturation } = self;
        let within = |place: isize| place.clamp(0, kept as isize - 1) as usize;
        for (row, line) in to.chunks_exact_mut(side * 3).enumerate() {
            let from = &bytes[within(top + row as isize) * kept * 3..][..kept * 3];
            for (column, pixel) in line.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                let column = if flips { side - 1 - column } else { column };
                let from = &from[within(left + column as isize) * 3..][..3];
                let colour: [f32; 3] = std::array::from_fn(|channel| f32::from(from[channel]) / 255.0);
                let grey = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
                for channel in 0..3 {
                    let value = grey + saturation * (colour[channel] - grey);
                    // Contrast turns about the mean of ImageNet's pictures.
                    let value = brightness * (MEAN[channel] + contrast * (value - MEAN[channel]));
                    pixel[channel] = (value.clamp(0.0, 1.0) - MEAN[channel]) / DEVIATION[channel];
                }
            }
        }
    }
}
