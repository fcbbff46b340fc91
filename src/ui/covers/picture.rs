//! The sizes in which covers are kept, and bringing a decoded picture to one of them.

use std::path::Path;

use egui::{Color32, ColorImage};
use image::{
    RgbaImage,
    imageops::{self, FilterType},
};

use crate::dataset::covers;

/// Slots that share pages; one pixel all around repeats the edge, so that neighbours never bleed in.
pub(super) const CLASSES: usize = 4;
/// Square pictures in page slots, then whole pictures with a texture of their own.
const SIDES_PX: [usize; 6] = [48, 100, 254, 510, 1_024, 2_048];
pub(super) const GUTTER_PX: usize = 1;
/// A picture is enlarged by no more than this before the next size is taken.
const ENLARGED: f32 = 1.15;

/// One of the sizes in which a cover is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Level(u8);

impl Level {
    pub(super) const COUNT: u8 = SIDES_PX.len() as u8;

    /// The smallest that is sharp on a square of `side_px`.
    pub(super) fn square(side_px: f32) -> Self {
        Self::all().find(|level| level.side_px() as f32 * ENLARGED >= side_px).unwrap_or(Self(Self::COUNT - 1))
    }

    /// The smallest uncropped one that is sharp on a rectangle whose longer side is `side_px`.
    pub(super) fn whole(side_px: f32) -> Self {
        Self::square(side_px).max(Self(CLASSES as u8))
    }

    fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// All others, the next larger first, then the next smaller.
    pub(super) fn stand_ins(self) -> impl Iterator<Item = Self> {
        (self.0 + 1..Self::COUNT).chain((0..self.0).rev()).map(Self)
    }

    pub(super) fn smaller(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    pub(super) fn side_px(self) -> usize {
        SIDES_PX[self.0 as usize]
    }

    /// The kind of slot, or `None` where the picture has a texture of its own.
    pub(super) fn class(self) -> Option<usize> {
        ((self.0 as usize) < CLASSES).then_some(self.0 as usize)
    }

    #[cfg(test)]
    pub(super) fn of_class(class: usize) -> Self {
        Self(class as u8)
    }
}

/// Pixels from one slot to the next.
pub(super) fn pitch_px(class: usize) -> usize {
    SIDES_PX[class] + 2 * GUTTER_PX
}

/// Reads a cover and brings it to `level`: a centred square, no larger, with its gutter, or the whole picture.
pub(super) fn load(path: &Path, level: Level) -> Result<ColorImage, covers::CoverError> {
    let side = level.side_px();
    if level.class().is_none() {
        return Ok(to_colors(&premultiplied(covers::decode(path, side as u32)?), 0));
    }
    // Four times the side leaves enough of a long picture's short side, and keeps the second step quick.
    Ok(square(covers::decode(path, 4 * side as u32)?, side))
}

fn square(picture: RgbaImage, side: usize) -> ColorImage {
    let picture = premultiplied(picture);
    let (width, height) = picture.dimensions();
    let edge = width.min(height);
    let side_px = side as u32;
    let cropped = imageops::crop_imm(&picture, (width - edge) / 2, (height - edge) / 2, edge, edge).to_image();
    // A smaller picture stays as it is: the graphics card enlarges it just as well. Averaging whole pixels is quick and
    // good from a half downwards; nearer to the size it would be uneven, where the widened triangle is not.
    let fitted = match edge {
        _ if edge <= side_px => cropped,
        _ if edge >= 2 * side_px => imageops::thumbnail(&cropped, side_px, side_px),
        _ => imageops::resize(&cropped, side_px, side_px, FilterType::Triangle),
    };
    to_colors(&fitted, GUTTER_PX)
}

/// Colours times opacity, as textures want them and as averaging must have them.
fn premultiplied(mut picture: RgbaImage) -> RgbaImage {
    for pixel in picture.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha != 255 {
            let times = |value: u8| ((u32::from(value) * u32::from(alpha) + 127) / 255) as u8;
            pixel.0 = [times(red), times(green), times(blue), alpha];
        }
    }
    picture
}

fn to_colors(picture: &RgbaImage, gutter: usize) -> ColorImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let size = [width + 2 * gutter, height + 2 * gutter];
    let bytes = picture.as_raw();
    let mut pixels = Vec::with_capacity(size[0] * size[1]);
    for y in 0..size[1] {
        let row = y.saturating_sub(gutter).min(height - 1) * width;
        let colour = |x: usize| {
            let at = 4 * (row + x);
            Color32::from_rgba_premultiplied(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
        };
        pixels.extend((0..gutter).map(|_| colour(0)));
        pixels.extend((0..width).map(colour));
        pixels.extend((0..gutter).map(|_| colour(width - 1)));
    }
    ColorImage::new(size, pixels)
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn the_size_follows_the_rectangle() {
        let side = |px| Level::square(px).side_px();
        assert_eq!(
            [24.0, 55.0, 56.0, 115.0, 116.0, 290.0, 586.0, 590.0, 9_000.0].map(side),
            [48, 48, 100, 100, 254, 254, 510, 1_024, 2_048]
        );
        assert_eq!(Level::whole(60.0).side_px(), 1_024);
        let order: Vec<usize> = Level::square(100.0).stand_ins().map(Level::side_px).collect();
        assert_eq!(order, [254, 510, 1_024, 2_048, 48]);
    }

    #[test]
    fn a_square_is_cut_from_the_centre_with_its_gutter() {
        // A band of green, a red square, a band of green.
        let picture = RgbaImage::from_fn(80, 240, |_, y| {
            if (80..160).contains(&y) { Rgba([200, 10, 10, 255]) } else { Rgba([0, 255, 0, 255]) }
        });
        let cut = square(picture, 48);
        assert_eq!(cut.size, [50, 50]);
        assert!(cut.pixels.iter().all(|pixel| *pixel == Color32::from_rgb(200, 10, 10)));
        let small = RgbaImage::from_pixel(30, 20, Rgba([1, 2, 3, 255]));
        assert_eq!(square(small, 48).size, [22, 22]);
        let gradient = RgbaImage::from_fn(48, 48, |x, y| Rgba([5 * x as u8, 5 * y as u8, 0, 255]));
        let cut = square(gradient, 48);
        let at = |x: usize, y: usize| cut.pixels[y * 50 + x];
        assert_eq!((at(0, 0), at(49, 49)), (Color32::from_rgb(0, 0, 0), Color32::from_rgb(235, 235, 0)));
        assert_eq!((at(0, 20), at(20, 0)), (at(1, 20), at(20, 1)));
    }

    #[test]
    fn transparent_pixels_do_not_tint_what_is_averaged() {
        let picture =
            RgbaImage::from_fn(
                200,
                200,
                |x, _| {
                    if x % 2 == 0 { Rgba([255, 255, 255, 255]) } else { Rgba([255, 0, 0, 0]) }
                },
            );
        let cut = square(picture, 100);
        let [red, green, _, alpha] = cut.pixels[51 * 102 + 51].to_array();
        assert!((120..=135).contains(&alpha) && red == green && red == alpha, "{red} {green} {alpha}");
    }
}
