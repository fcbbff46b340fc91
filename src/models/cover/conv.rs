//! Convolutions over maps with channels last: forward, and the gradients of inputs and kernels.
//!
//! 3 × 3 with stride 1 goes through Winograd's transforms, everything else through patches. Kernels stand as
//! `[height, width, inputs, outputs]`. Every sum is made in one order, whatever the number of threads.

use rayon::prelude::*;

use super::{
    kernel::{
        Left, POSITIONS, Tiling, gradient_tiles, input_tiles, kernel_gradient, kernel_tiles, output_tiles, pack,
        pack_transposed, panels_len, product,
    },
    map::{Map, Pool},
};
use crate::models::vector::Instructions;

/// Numbers that a stretch of work keeps on the way, so that they stay in the caches.
const STRETCH: usize = 3 << 20;
/// Tiles that are multiplied together.
const TILES: usize = 96;
/// Rows of patches that are multiplied together.
const ROWS: usize = 96;

/// What a convolution is, without a bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conv {
    pub inputs: usize,
    pub outputs: usize,
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
    /// By patches whatever its shape: kernels then take no more memory than they are.
    pub is_plain: bool,
}

/// Kernels as the products take them.
#[derive(Debug, Default)]
pub(super) struct Packed {
    forward: Vec<f32>,
    /// Empty where no gradient of the inputs is asked for.
    backward: Vec<f32>,
}

impl Packed {
    pub const NONE: Self = Self { forward: Vec::new(), backward: Vec::new() };

    pub fn release(self, pool: &Pool) {
        pool.give(self.forward);
        pool.give(self.backward);
    }
}

impl Conv {
    /// Numbers of a patch.
    fn depth(self) -> usize {
        self.kernel * self.kernel * self.inputs
    }

    pub fn weights(self) -> usize {
        self.depth() * self.outputs
    }

    pub fn output_size(self, height: usize, width: usize) -> (usize, usize) {
        let of = |side: usize| (side + 2 * self.padding).saturating_sub(self.kernel) / self.stride + 1;
        (of(height), of(width))
    }

    fn is_tiled(self) -> bool {
        !self.is_plain
            && (self.kernel, self.stride, self.padding) == (3, 1, 1)
            && self.inputs.is_multiple_of(32)
            && self.outputs.is_multiple_of(32)
    }

    /// A patch is a pixel of the map.
    fn is_pointwise(self) -> bool {
        (self.kernel, self.stride, self.padding) == (1, 1, 0)
    }

    /// `weights`: `[height, width, inputs, outputs]`.
    pub fn pack(self, weights: &[f32], for_gradient: bool, pool: &Pool, instructions: Instructions) -> Packed {
        let (depth, outputs) = (self.depth(), self.outputs);
        if self.is_tiled() {
            let mut forward = pool.take(POSITIONS * self.inputs * outputs);
            kernel_tiles(weights, (self.inputs, outputs), false, &mut forward, instructions);
            let mut backward = pool.take(if for_gradient { forward.len() } else { 0 });
            if for_gradient {
                let mut turned = pool.take(weights.len());
                let tap = self.inputs * outputs;
                turned.par_chunks_mut(tap).zip(weights.par_chunks(tap)).for_each(|(turned, weights)| {
                    transpose(weights, self.inputs, outputs, turned);
                });
                kernel_tiles(&turned, (outputs, self.inputs), true, &mut backward, instructions);
                pool.give(turned);
            }
            return Packed { forward, backward };
        }
        let mut forward = pool.take(panels_len(depth, outputs));
        pack(weights, depth, outputs, &mut forward);
        let mut backward = pool.take(if for_gradient { panels_len(outputs, depth) } else { 0 });
        if for_gradient {
            pack_transposed(weights, outputs, depth, &mut backward);
        }
        Packed { forward, backward }
    }

    pub fn forward(self, x: &Map, packed: &Packed, pool: &Pool, instructions: Instructions) -> Map {
        let (height, width) = self.output_size(x.height, x.width);
        let mut y = pool.map(x.images, height, width, self.outputs);
        if self.is_tiled() {
            tiled(x, &packed.forward, &mut y, pool, instructions);
            return y;
        }
        let (depth, outputs) = (self.depth(), self.outputs);
        let rows = self.rows_together();
        y.values.par_chunks_mut(rows * outputs).enumerate().for_each(|(strip, to)| {
            let (first, count) = (strip * rows, to.len() / outputs);
            let size = (count, depth, outputs);
            if self.is_pointwise() {
                let from = Left { values: &x.values[first * depth..][..count * depth], row: depth, column: 1 };
                return product(from, &packed.forward, size, to, outputs, false, instructions);
            }
            let mut patches = pool.take(rows * depth);
            self.patches(x, first, &mut patches[..count * depth]);
            let from = Left { values: &patches, row: depth, column: 1 };
            product(from, &packed.forward, size, to, outputs, false, instructions);
            pool.give(patches);
        });
        y
    }

    /// The gradient of inputs of `height` by `width`.
    pub fn input_gradient(
        self,
        dy: &Map,
        packed: &Packed,
        (height, width): (usize, usize),
        pool: &Pool,
        instructions: Instructions,
    ) -> Map {
        let mut dx = pool.map(dy.images, height, width, self.inputs);
        if self.is_tiled() {
            tiled(dy, &packed.backward, &mut dx, pool, instructions);
            return dx;
        }
        let (depth, outputs) = (self.depth(), self.outputs);
        let (of_image, pixels) = (dx.stride(), dy.height * dy.width);
        let together = ROWS.div_ceil(pixels);
        dx.values.par_chunks_mut(together * of_image).enumerate().for_each(|(strip, to)| {
            let images = to.len() / of_image;
            let rows = images * pixels;
            let from = &dy.values[strip * together * pixels * outputs..][..rows * outputs];
            let from = Left { values: from, row: outputs, column: 1 };
            if self.is_pointwise() {
                return product(from, &packed.backward, (rows, outputs, depth), to, depth, false, instructions);
            }
            let mut patches = pool.take(together * pixels * depth);
            product(from, &packed.backward, (rows, outputs, depth), &mut patches, depth, false, instructions);
            to.fill(0.0);
            self.add_patches(&patches, (dy.height, dy.width), (height, width), to);
            pool.give(patches);
        });
        dx
    }

    /// The gradient of the kernels, `[height, width, inputs, outputs]`.
    pub fn weight_gradient(self, x: &Map, dy: &Map, pool: &Pool, instructions: Instructions) -> Vec<f32> {
        if self.is_tiled() {
            return self.tiled_weight_gradient(x, dy, pool, instructions);
        }
        let (depth, outputs, all) = (self.depth(), self.outputs, dy.pixels());
        let block = (STRETCH / 2 / depth).clamp(192, 4_096).min(all);
        let mut sums = pool.take(depth * outputs);
        let mut patches = pool.take(block * depth);
        let mut panels = pool.take(panels_len(block, outputs));
        for first in (0..all).step_by(block) {
            let count = block.min(all - first);
            let patches: &[f32] = if self.is_pointwise() {
                &x.values[first * depth..][..count * depth]
            } else {
                let strip = count.div_ceil(rayon::current_num_threads()).max(1);
                patches[..count * depth]
                    .par_chunks_mut(strip * depth)
                    .enumerate()
                    .for_each(|(place, to)| self.patches(x, first + place * strip, to));
                &patches[..count * depth]
            };
            pack(&dy.values[first * outputs..][..count * outputs], count, outputs, &mut panels);
            let rows = depth.div_ceil(8 * rayon::current_num_threads()).next_multiple_of(12);
            sums.par_chunks_mut(rows * outputs).enumerate().for_each(|(place, sums)| {
                let from = Left { values: &patches[place * rows..], row: 1, column: depth };
                let size = (sums.len() / outputs, count, outputs);
                product(from, &panels, size, sums, outputs, first > 0, instructions);
            });
        }
        pool.give(panels);
        pool.give(patches);
        sums
    }

    fn tiled_weight_gradient(self, x: &Map, dy: &Map, pool: &Pool, instructions: Instructions) -> Vec<f32> {
        let Self { inputs, outputs, .. } = self;
        let from = Tiling { height: x.height, width: x.width, channels: inputs };
        let to = Tiling { channels: outputs, ..from };
        let tiles = from.tiles();
        let (block, chunk) = blocks(x.images, tiles, inputs + outputs);
        let mut sums = pool.take(POSITIONS * inputs * outputs);
        let mut left = pool.take(POSITIONS * block * tiles * inputs);
        let mut right = pool.take(POSITIONS * block * tiles * outputs);
        for first in (0..x.images).step_by(block) {
            let images = block.min(x.images - first);
            let (of_left, of_right) = (POSITIONS * chunk * tiles * inputs, POSITIONS * chunk * tiles * outputs);
            left[..POSITIONS * images * tiles * inputs]
                .par_chunks_mut(of_left)
                .zip(right[..POSITIONS * images * tiles * outputs].par_chunks_mut(of_right))
                .enumerate()
                .for_each(|(place, (left, right))| {
                    let all = left.len() / POSITIONS / inputs;
                    for image in 0..all / tiles {
                        let at = first + place * chunk + image;
                        let place = (image * tiles, all);
                        let picture = &x.values[at * x.stride()..][..x.stride()];
                        input_tiles(picture, from, left, place, instructions);
                        let gradient = &dy.values[at * dy.stride()..][..dy.stride()];
                        gradient_tiles(gradient, to, right, place, instructions);
                    }
                });
            sums.par_chunks_mut(inputs * outputs).enumerate().for_each(|(position, sums)| {
                for place in 0..images.div_ceil(chunk) {
                    let all = chunk.min(images - place * chunk) * tiles;
                    let left = &left[place * of_left + position * all * inputs..][..all * inputs];
                    let right = &right[place * of_right + position * all * outputs..][..all * outputs];
                    let left = Left { values: left, row: 1, column: inputs };
                    let adds = first + place > 0;
                    product(left, right, (inputs, all, outputs), sums, outputs, adds, instructions);
                }
            });
        }
        pool.give(left);
        pool.give(right);
        let mut gradient = pool.take(self.weights());
        let strip = (inputs / 8).max(1) * outputs;
        let mut of_taps: Vec<_> =
            gradient.chunks_exact_mut(inputs * outputs).map(|tap| tap.chunks_mut(strip)).collect();
        let mut of_sums: Vec<_> = sums.chunks_exact(inputs * outputs).map(|sums| sums.chunks(strip)).collect();
        let mut strips = Vec::new();
        for _ in 0..(inputs * outputs).div_ceil(strip) {
            let taps: Vec<&mut [f32]> = of_taps.iter_mut().filter_map(Iterator::next).collect();
            let sums: Vec<&[f32]> = of_sums.iter_mut().filter_map(Iterator::next).collect();
            strips.push((sums, taps));
        }
        strips.into_par_iter().for_each(|(sums, mut taps)| kernel_gradient(&sums, &mut taps, instructions));
        pool.give(sums);
        gradient
    }

    /// Rows of patches that are made and multiplied together.
    fn rows_together(self) -> usize {
        (STRETCH / 32 / self.depth()).clamp(ROWS, 1_024).next_multiple_of(12)
    }

    /// The patches of some output pixels, from the `first` one of the batch on: `[.., kernel, kernel, inputs]`.
    fn patches(self, x: &Map, first: usize, patches: &mut [f32]) {
        let (height, width) = self.output_size(x.height, x.width);
        let Self { inputs, kernel, stride, padding, .. } = self;
        for (place, patch) in patches.chunks_exact_mut(self.depth()).enumerate() {
            let pixel = first + place;
            let (image, row, column) = (pixel / (height * width), pixel / width % height, pixel % width);
            let picture = &x.values[image * x.stride()..][..x.stride()];
            for (down, line) in patch.chunks_exact_mut(kernel * inputs).enumerate() {
                let y = (row * stride + down).wrapping_sub(padding);
                if y >= x.height {
                    line.fill(0.0);
                    continue;
                }
                // The part of the line that lies in the picture is one piece.
                let left = column * stride;
                let from = padding.saturating_sub(left).min(kernel);
                let until = (x.width + padding).saturating_sub(left).min(kernel);
                line[..from * inputs].fill(0.0);
                line[until * inputs..].fill(0.0);
                if from < until {
                    let at = (y * x.width + left + from - padding) * inputs;
                    let count = (until - from) * inputs;
                    line[from * inputs..][..count].copy_from_slice(&picture[at..at + count]);
                }
            }
        }
    }

    /// Adds patches to the pictures that they were taken from.
    fn add_patches(
        self,
        patches: &[f32],
        (height, width): (usize, usize),
        (in_height, in_width): (usize, usize),
        pictures: &mut [f32],
    ) {
        let Self { inputs, kernel, stride, padding, .. } = self;
        let of_image = in_height * in_width * inputs;
        for (picture, patches) in
            pictures.chunks_exact_mut(of_image).zip(patches.chunks_exact(height * width * self.depth()))
        {
            for (pixel, patch) in patches.chunks_exact(self.depth()).enumerate() {
                let (row, column) = (pixel / width, pixel % width);
                for (tap, values) in patch.chunks_exact(inputs).enumerate() {
                    let y = (row * stride + tap / kernel).wrapping_sub(padding);
                    let x = (column * stride + tap % kernel).wrapping_sub(padding);
                    if y < in_height && x < in_width {
                        let to = &mut picture[(y * in_width + x) * inputs..][..inputs];
                        to.iter_mut().zip(values).for_each(|(to, value)| *to += value);
                    }
                }
            }
        }
    }
}

/// `[rows, columns]` to `[columns, rows]`, in squares that stay in the cache.
fn transpose(from: &[f32], rows: usize, columns: usize, to: &mut [f32]) {
    const SQUARE: usize = 16;
    for top in (0..rows).step_by(SQUARE) {
        for left in (0..columns).step_by(SQUARE) {
            for row in top..rows.min(top + SQUARE) {
                for column in left..columns.min(left + SQUARE) {
                    to[column * rows + row] = from[row * columns + column];
                }
            }
        }
    }
}

/// How many pictures are worked on at once, and how many of these one thread transforms together.
fn blocks(images: usize, tiles: usize, channels: usize) -> (usize, usize) {
    let block = (STRETCH / (POSITIONS * tiles * channels)).max(TILES.div_ceil(tiles)).clamp(1, images.max(1));
    let chunk = TILES.div_ceil(tiles).min(block.div_ceil(rayon::current_num_threads())).max(1);
    (block.next_multiple_of(chunk), chunk)
}

/// 3 × 3 with stride 1, from the channels of `x` to those of `y`.
fn tiled(x: &Map, panels: &[f32], y: &mut Map, pool: &Pool, instructions: Instructions) {
    let from = Tiling { height: x.height, width: x.width, channels: x.channels };
    let to = Tiling { channels: y.channels, ..from };
    let (tiles, inputs, outputs) = (from.tiles(), x.channels, y.channels);
    let (block, chunk) = blocks(x.images, tiles, inputs + outputs);
    let mut left = pool.take(POSITIONS * block * tiles * inputs);
    let mut products = pool.take(POSITIONS * block * tiles * outputs);
    let of_image = y.stride();
    for first in (0..x.images).step_by(block) {
        let images = block.min(x.images - first);
        let of_chunk = POSITIONS * chunk * tiles * inputs;
        left[..POSITIONS * images * tiles * inputs].par_chunks_mut(of_chunk).enumerate().for_each(|(place, left)| {
            let all = left.len() / POSITIONS / inputs;
            for image in 0..all / tiles {
                let at = first + place * chunk + image;
                let picture = &x.values[at * x.stride()..][..x.stride()];
                input_tiles(picture, from, left, (image * tiles, all), instructions);
            }
        });
        let rows = images * tiles;
        products[..POSITIONS * rows * outputs].par_chunks_mut(rows * outputs).enumerate().for_each(
            |(position, products)| {
                let panels = &panels[position * inputs * outputs..][..inputs * outputs];
                for place in 0..images.div_ceil(chunk) {
                    let all = chunk.min(images - place * chunk) * tiles;
                    let left = &left[place * of_chunk + position * all * inputs..][..all * inputs];
                    let left = Left { values: left, row: inputs, column: 1 };
                    let products = &mut products[place * chunk * tiles * outputs..];
                    product(left, panels, (all, inputs, outputs), products, outputs, false, instructions);
                }
            },
        );
        y.values[first * of_image..][..images * of_image]
            .par_chunks_mut(of_image)
            .enumerate()
            .for_each(|(image, picture)| output_tiles(&products, to, picture, (image * tiles, rows), instructions));
    }
    pool.give(left);
    pool.give(products);
}
