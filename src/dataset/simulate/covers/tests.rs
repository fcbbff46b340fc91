#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::{SCENES, SIDE_PX, compose, draw, pixels};

const LEAVES: usize = SCENES.len();
const TRAIN: usize = 20;
const EACH: usize = 40;

/// Mean red, green and blue of every cell of a `grid` by `grid` raster.
fn raster(leaf: usize, seed: u64, grid: usize) -> Vec<f32> {
    let (map, _) = compose::paint(leaf, seed).unwrap();
    let rgb = pixels(&map);
    let (side, cell) = (SIDE_PX as usize, SIDE_PX as usize / grid);
    let mut sums = vec![0.0; grid * grid * 3];
    for (at, pixel) in rgb.chunks_exact(3).enumerate() {
        let (x, y) = (at % side / cell, at / side / cell);
        for channel in 0..3 {
            sums[(y * grid + x) * 3 + channel] += f32::from(pixel[channel]) / (cell * cell) as f32;
        }
    }
    sums
}

fn rasters(grid: usize) -> Vec<Vec<Vec<f32>>> {
    let one = |leaf: usize| (0..EACH).map(|n| raster(leaf, (leaf * 1_000 + n) as u64, grid)).collect();
    (0..LEAVES).into_par_iter().map(one).collect()
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// Share of the second half of the covers whose nearest example, by `examples`, is of their own leaf.
fn accuracy(covers: &[Vec<Vec<f32>>], examples: impl Fn(&[Vec<f32>]) -> Vec<Vec<f32>>) -> f64 {
    let known: Vec<(usize, Vec<f32>)> = covers
        .iter()
        .enumerate()
        .flat_map(|(leaf, covers)| examples(&covers[..TRAIN]).into_iter().map(move |example| (leaf, example)))
        .collect();
    let is_right = |leaf: usize, cover: &[f32]| {
        let nearest = known.iter().min_by(|a, b| distance(&a.1, cover).total_cmp(&distance(&b.1, cover)));
        nearest.unwrap().0 == leaf
    };
    let right: usize = (0..LEAVES)
        .into_par_iter()
        .map(|leaf| covers[leaf][TRAIN..].iter().filter(|cover| is_right(leaf, cover)).count())
        .sum();
    right as f64 / (LEAVES * (EACH - TRAIN)) as f64
}

#[test]
fn every_leaf_draws_an_object_inside_the_picture() {
    for leaf in 0..LEAVES {
        for seed in 0..4 {
            let cover = draw(leaf, seed).unwrap();
            let [left, top, right, bottom] = cover.object;
            assert!(right > left + 40 && bottom > top + 40, "leaf {leaf}: {:?}", cover.object);
            assert!(right <= SIDE_PX && bottom <= SIDE_PX, "leaf {leaf}: {:?}", cover.object);
            let picture = image::load_from_memory(&cover.jpeg).unwrap();
            assert_eq!((picture.width(), picture.height()), (SIDE_PX, SIDE_PX));
        }
    }
}

#[test]
fn covers_follow_their_leaf_and_seed() {
    for leaf in [0, 9, 39, 66] {
        let jpeg = |leaf, seed| draw(leaf, seed).unwrap().jpeg;
        assert!(jpeg(leaf, 5) == jpeg(leaf, 5));
        assert!(jpeg(leaf, 5) != jpeg(leaf, 6));
        assert!(jpeg(leaf, 5) != jpeg(leaf + 1, 5));
    }
}

#[test]
fn no_two_covers_are_alike_and_they_are_small() {
    let covers: Vec<Vec<u8>> =
        (0..720).into_par_iter().map(|n| draw(n % LEAVES, (n / LEAVES) as u64).unwrap().jpeg).collect();
    let hashes: HashSet<_> = covers.iter().map(|jpeg| *blake3::hash(jpeg).as_bytes()).collect();
    let mean = covers.iter().map(Vec::len).sum::<usize>() / covers.len();
    assert!(mean < 4_150, "{mean} bytes a cover");
    assert_eq!(hashes.len(), 720);
}

#[test]
fn one_colour_does_not_give_the_leaf_away_but_the_picture_does() {
    let mean = |covers: &[Vec<f32>]| {
        let sum = |channel: usize| covers.iter().map(|cover| cover[channel]).sum::<f32>() / covers.len() as f32;
        vec![vec![sum(0), sum(1), sum(2)]]
    };
    let pictures = rasters(8);
    let colour =
        |cover: &Vec<f32>| (0..3).map(|channel| cover.iter().skip(channel).step_by(3).sum::<f32>() / 64.0).collect();
    let colours: Vec<Vec<Vec<f32>>> =
        pictures.iter().map(|covers| covers.iter().map(colour).collect::<Vec<Vec<f32>>>()).collect();
    let by_colour = accuracy(&colours, mean);
    let by_picture = accuracy(&pictures, <[Vec<f32>]>::to_vec);
    assert!(by_colour < 0.25, "by one colour: {by_colour}");
    assert!(by_picture > 6.0 / LEAVES as f64, "by the picture: {by_picture}");
    assert!(by_picture > 1.5 * by_colour, "by the picture {by_picture}, by one colour {by_colour}");
}

/// Writes contact sheets to look at, and says what covers cost: `COVER_SHEETS=folder cargo test … -- --ignored`.
#[test]
#[ignore = "writes pictures for people"]
fn contact_sheets() {
    use std::io::Write as _;
    let Some(folder) = std::env::var_os("COVER_SHEETS").map(std::path::PathBuf::from) else { return };
    let first: u64 = std::env::var("COVER_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let (columns, rows, side) = (6_u32, 6_u32, SIDE_PX);
    for (page, leaves) in (0..LEAVES).collect::<Vec<_>>().chunks(rows as usize).enumerate() {
        let mut sheet = image::RgbImage::new(columns * (side + 4), rows * (side + 4));
        for (row, &leaf) in leaves.iter().enumerate() {
            for column in 0..columns {
                let cover = draw(leaf, first + u64::from(column)).unwrap();
                let picture = image::load_from_memory(&cover.jpeg).unwrap().to_rgb8();
                let (x, y) = (i64::from(column * (side + 4)), row as i64 * i64::from(side + 4));
                image::imageops::replace(&mut sheet, &picture, x, y);
            }
        }
        sheet.save(folder.join(format!("covers_sheet_{page:02}.png"))).unwrap();
    }
    let start = std::time::Instant::now();
    let sizes: Vec<(usize, usize)> =
        (0..1_440).into_par_iter().map(|n| (n % LEAVES, draw(n % LEAVES, 50 + n as u64).unwrap().jpeg.len())).collect();
    let secs = start.elapsed().as_secs_f64();
    let mean = sizes.iter().map(|size| size.1).sum::<usize>() / sizes.len();
    let start = std::time::Instant::now();
    let alone: usize = (0..LEAVES).map(|leaf| draw(leaf, 9).unwrap().jpeg.len()).sum();
    let each_ms = start.elapsed().as_secs_f64() * 1_000.0 / LEAVES as f64;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{each_ms:.2} ms a cover on one core ({alone} bytes)").unwrap();
    writeln!(out, "{mean} bytes a cover, {} at most, 1440 in {secs:.2} s", sizes.iter().map(|s| s.1).max().unwrap())
        .unwrap();
    for leaf in 0..LEAVES {
        let own: Vec<usize> = sizes.iter().filter(|size| size.0 == leaf).map(|size| size.1).collect();
        writeln!(out, "leaf {leaf}: {}", own.iter().sum::<usize>() / own.len()).unwrap();
    }
}
