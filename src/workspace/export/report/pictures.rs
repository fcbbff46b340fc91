//! The covers of a report: small, and each once.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    path::Path,
};

use image::{ExtendedColorType, ImageEncoder as _, RgbaImage, codecs::jpeg::JpegEncoder};
use rayon::prelude::*;

use crate::{
    dataset::{Dataset, covers},
    task::{Cancelled, JobContext},
};

/// No side is longer: twice what is shown on the page, for fine screens and print.
const MAX_SIDE_PX: u32 = 256;
const QUALITY: u8 = 80;

/// A JPEG.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// By row of the item.
pub type Pictures = BTreeMap<u32, Picture>;

/// The covers of `items`; those that cannot be read are left out, and shown as none.
pub(super) fn of(dataset: &Dataset, items: &BTreeSet<u32>, ctx: &JobContext) -> Result<Pictures, Cancelled> {
    ctx.stage("Reading covers", items.len() as u64, "covers");
    let found: Vec<Option<(u32, Picture)>> = items
        .par_iter()
        .map(|&item| {
            ctx.check()?;
            ctx.advance(1);
            let path = dataset.items.cover.get(item as usize).and_then(Option::as_deref);
            Ok(path.and_then(|path| Some((item, small(path)?))))
        })
        .collect::<Result<_, Cancelled>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The picture of a file, small; `None`, and a warning, where it cannot be read.
pub(in crate::workspace) fn small(path: &Path) -> Option<Picture> {
    match covers::decode(path, MAX_SIDE_PX) {
        Ok(picture) => encoded(&picture),
        Err(error) => {
            log::warn!("a cover is left out: {error}");
            None
        }
    }
}

/// On white, where it lets something through.
fn encoded(picture: &RgbaImage) -> Option<Picture> {
    let (width, height) = picture.dimensions();
    let pixels: Vec<u8> = picture
        .pixels()
        .flat_map(|pixel| {
            let [red, green, blue, alpha] = pixel.0.map(u32::from);
            [red, green, blue].map(|part| ((part * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
        })
        .collect();
    let mut jpeg = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8).ok()?;
    Some(Picture { width, height, jpeg: jpeg.into_inner() })
}
