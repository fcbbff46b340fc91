//! Convolutions of 3 × 3 with stride 1 by Winograd's F(4 × 4, 3 × 3) (Lavin and Gray, "Fast Algorithms for Convolutional
//! Neural Networks", 2016): 36 products of matrices instead of 9 over four times as many rows.
//!
//! A picture is cut into tiles of 4 × 4 outputs, each made from 6 × 6 inputs. Everything is linear, so the gradients of
//! inputs and kernels are the transposed transforms of the same products.
#![allow(unsafe_code)]

use super::product::PANEL;
use crate::models::vector::Instructions;

/// Numbers of a transformed tile.
pub(in super::super) const POSITIONS: usize = 36;
/// Side of a tile of outputs.
pub(in super::super) const TILE: usize = 4;
/// Side of a tile of inputs.
const INPUT: usize = 6;
/// Channels that are transformed together.
const LANES: usize = 16;

type Lanes = [f32; LANES];

/// How a map of `height` by `width` is cut, channels last.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Tiling {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

impl Tiling {
    pub fn down(self) -> usize {
        self.height.div_ceil(TILE)
    }

    pub fn across(self) -> usize {
        self.width.div_ceil(TILE)
    }

    /// Of one picture.
    pub fn tiles(self) -> usize {
        self.down() * self.across()
    }

    fn pixels(self) -> usize {
        self.height * self.width
    }
}

/// Code that is compiled for each kind of register; `run` has to be inlined.
trait Transform {
    fn run(self);
}

fn compiled<T: Transform>(transform: T, instructions: Instructions) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx2,fma")]
        fn avx512<T: Transform>(transform: T) {
            transform.run();
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2<T: Transform>(transform: T) {
            transform.run();
        }
        match instructions {
            // SAFETY: the machine knows the instructions.
            Instructions::Avx512 => return unsafe { avx512(transform) },
            // SAFETY: as above.
            Instructions::Avx2 => return unsafe { avx2(transform) },
            Instructions::Portable => {}
        }
    }
    let _ = instructions;
    transform.run();
}

#[inline(always)]
fn each(of: impl Fn(usize) -> f32) -> Lanes {
    std::array::from_fn(of)
}

/// Bᵀ d
#[inline(always)]
fn from_inputs(d: [Lanes; 6]) -> [Lanes; 6] {
    [
        each(|l| 4.0 * d[0][l] - 5.0 * d[2][l] + d[4][l]),
        each(|l| (d[3][l] + d[4][l]) - 4.0 * (d[1][l] + d[2][l])),
        each(|l| (d[4][l] - d[3][l]) + 4.0 * (d[1][l] - d[2][l])),
        each(|l| (d[4][l] - d[2][l]) + 2.0 * (d[3][l] - d[1][l])),
        each(|l| (d[4][l] - d[2][l]) - 2.0 * (d[3][l] - d[1][l])),
        each(|l| 4.0 * d[1][l] - 5.0 * d[3][l] + d[5][l]),
    ]
}

/// Aᵀ m
#[inline(always)]
fn to_outputs(m: [Lanes; 6]) -> [Lanes; 4] {
    [
        each(|l| m[0][l] + (m[1][l] + m[2][l]) + (m[3][l] + m[4][l])),
        each(|l| (m[1][l] - m[2][l]) + 2.0 * (m[3][l] - m[4][l])),
        each(|l| (m[1][l] + m[2][l]) + 4.0 * (m[3][l] + m[4][l])),
        each(|l| (m[1][l] - m[2][l]) + 8.0 * (m[3][l] - m[4][l]) + m[5][l]),
    ]
}

/// A y
#[inline(always)]
fn from_outputs(y: [Lanes; 4]) -> [Lanes; 6] {
    [
        y[0],
        each(|l| (y[0][l] + y[2][l]) + (y[1][l] + y[3][l])),
        each(|l| (y[0][l] + y[2][l]) - (y[1][l] + y[3][l])),
        each(|l| (y[0][l] + 4.0 * y[2][l]) + (2.0 * y[1][l] + 8.0 * y[3][l])),
        each(|l| (y[0][l] + 4.0 * y[2][l]) - (2.0 * y[1][l] + 8.0 * y[3][l])),
        y[3],
    ]
}

const SIXTH: f32 = 1.0 / 6.0;
const TWENTY_FOURTH: f32 = 1.0 / 24.0;
const TWELFTH: f32 = 1.0 / 12.0;

/// G g
#[inline(always)]
fn from_kernel(g: [Lanes; 3]) -> [Lanes; 6] {
    [
        each(|l| 0.25 * g[0][l]),
        each(|l| -SIXTH * (g[0][l] + g[1][l] + g[2][l])),
        each(|l| -SIXTH * (g[0][l] - g[1][l] + g[2][l])),
        each(|l| TWENTY_FOURTH * g[0][l] + TWELFTH * g[1][l] + SIXTH * g[2][l]),
        each(|l| TWENTY_FOURTH * g[0][l] - TWELFTH * g[1][l] + SIXTH * g[2][l]),
        g[2],
    ]
}

/// Gᵀ u
#[inline(always)]
fn to_kernel(u: [Lanes; 6]) -> [Lanes; 3] {
    [
        each(|l| 0.25 * u[0][l] - SIXTH * (u[1][l] + u[2][l]) + TWENTY_FOURTH * (u[3][l] + u[4][l])),
        each(|l| SIXTH * (u[2][l] - u[1][l]) + TWELFTH * (u[3][l] - u[4][l])),
        each(|l| SIXTH * (u[3][l] + u[4][l] - u[1][l] - u[2][l]) + u[5][l]),
    ]
}

/// The 16 numbers at `from`.
#[inline(always)]
fn lanes(values: &[f32], from: usize) -> Lanes {
    let mut found = [0.0; LANES];
    found.copy_from_slice(&values[from..from + LANES]);
    found
}

const ZERO: Lanes = [0.0; LANES];

/// Transforms the inputs of one picture: `tiles` gets `[36, all, channels]` in the rows `first..first + tiles`.
pub(in super::super) fn input_tiles(
    map: &[f32],
    tiling: Tiling,
    tiles: &mut [f32],
    (first, all): (usize, usize),
    instructions: Instructions,
) {
    struct Inputs<'a>(&'a [f32], Tiling, &'a mut [f32], usize, usize);
    impl Transform for Inputs<'_> {
        #[inline(always)]
        fn run(self) {
            let Self(map, tiling, tiles, first, all) = self;
            let channels = tiling.channels;
            assert!(map.len() >= tiling.pixels() * channels && tiles.len() >= POSITIONS * all * channels);
            for tile in 0..tiling.tiles() {
                let (top, left) = (tile / tiling.across() * TILE, tile % tiling.across() * TILE);
                for channel in (0..channels).step_by(LANES) {
                    let mut half = [[ZERO; INPUT]; INPUT];
                    for column in 0..INPUT {
                        let x = left + column;
                        if x == 0 || x > tiling.width {
                            continue;
                        }
                        let mut read = [ZERO; INPUT];
                        for (row, read) in read.iter_mut().enumerate() {
                            let y = top + row;
                            if y > 0 && y <= tiling.height {
                                *read = lanes(map, ((y - 1) * tiling.width + x - 1) * channels + channel);
                            }
                        }
                        for (row, made) in from_inputs(read).into_iter().enumerate() {
                            half[row][column] = made;
                        }
                    }
                    for row in 0..INPUT {
                        for (column, made) in from_inputs(half[row]).into_iter().enumerate() {
                            let at = ((row * INPUT + column) * all + first + tile) * channels + channel;
                            tiles[at..at + LANES].copy_from_slice(&made);
                        }
                    }
                }
            }
        }
    }
    compiled(Inputs(map, tiling, tiles, first, all), instructions);
}

/// Makes the outputs of one picture from products: `tiles` holds `[36, all, channels]`.
pub(in super::super) fn output_tiles(
    tiles: &[f32],
    tiling: Tiling,
    map: &mut [f32],
    (first, all): (usize, usize),
    instructions: Instructions,
) {
    struct Outputs<'a>(&'a [f32], Tiling, &'a mut [f32], usize, usize);
    impl Transform for Outputs<'_> {
        #[inline(always)]
        fn run(self) {
            let Self(tiles, tiling, map, first, all) = self;
            let channels = tiling.channels;
            assert!(map.len() >= tiling.pixels() * channels && tiles.len() >= POSITIONS * all * channels);
            for tile in 0..tiling.tiles() {
                let (top, left) = (tile / tiling.across() * TILE, tile % tiling.across() * TILE);
                for channel in (0..channels).step_by(LANES) {
                    let mut half = [[ZERO; INPUT]; TILE];
                    for column in 0..INPUT {
                        let mut read = [ZERO; INPUT];
                        for (row, read) in read.iter_mut().enumerate() {
                            *read = lanes(tiles, ((row * INPUT + column) * all + first + tile) * channels + channel);
                        }
                        for (row, made) in to_outputs(read).into_iter().enumerate() {
                            half[row][column] = made;
                        }
                    }
                    for (row, half) in half.into_iter().enumerate() {
                        let y = top + row;
                        if y >= tiling.height {
                            break;
                        }
                        for (column, made) in to_outputs(half).into_iter().enumerate() {
                            let x = left + column;
                            if x < tiling.width {
                                let at = (y * tiling.width + x) * channels + channel;
                                map[at..at + LANES].copy_from_slice(&made);
                            }
                        }
                    }
                }
            }
        }
    }
    compiled(Outputs(tiles, tiling, map, first, all), instructions);
}

/// Transforms the gradients of one picture's outputs, packed for a product: `panels` gets
/// `[36, channels / 32, all, 32]`.
pub(in super::super) fn gradient_tiles(
    map: &[f32],
    tiling: Tiling,
    panels: &mut [f32],
    (first, all): (usize, usize),
    instructions: Instructions,
) {
    struct Gradients<'a>(&'a [f32], Tiling, &'a mut [f32], usize, usize);
    impl Transform for Gradients<'_> {
        #[inline(always)]
        fn run(self) {
            let Self(map, tiling, panels, first, all) = self;
            let channels = tiling.channels;
            assert!(map.len() >= tiling.pixels() * channels && panels.len() >= POSITIONS * all * channels);
            for tile in 0..tiling.tiles() {
                let (top, left) = (tile / tiling.across() * TILE, tile % tiling.across() * TILE);
                for channel in (0..channels).step_by(LANES) {
                    let mut half = [[ZERO; TILE]; INPUT];
                    for column in 0..TILE {
                        let x = left + column;
                        if x >= tiling.width {
                            break;
                        }
                        let mut read = [ZERO; TILE];
                        for (row, read) in read.iter_mut().enumerate() {
                            let y = top + row;
                            if y < tiling.height {
                                *read = lanes(map, (y * tiling.width + x) * channels + channel);
                            }
                        }
                        for (row, made) in from_outputs(read).into_iter().enumerate() {
                            half[row][column] = made;
                        }
                    }
                    let (panel, lane) = (channel / PANEL, channel % PANEL);
                    for (row, half) in half.into_iter().enumerate() {
                        for (column, made) in from_outputs(half).into_iter().enumerate() {
                            let position = row * INPUT + column;
                            let at = ((position * (channels / PANEL) + panel) * all + first + tile) * PANEL + lane;
                            panels[at..at + LANES].copy_from_slice(&made);
                        }
                    }
                }
            }
        }
    }
    compiled(Gradients(map, tiling, panels, first, all), instructions);
}

/// Transforms kernels for a product: from `taps` (`[9, inputs, outputs]`) the panels `[36, outputs / 32, inputs, 32]`.
/// `turned`: the kernels by half a turn, as the gradient of the inputs needs them.
pub(in super::super) fn kernel_tiles(
    taps: &[f32],
    (inputs, outputs): (usize, usize),
    turned: bool,
    panels: &mut [f32],
    instructions: Instructions,
) {
    struct Kernels<'a>(&'a [f32], usize, usize, bool, &'a mut [f32]);
    impl Transform for Kernels<'_> {
        #[inline(always)]
        fn run(self) {
            let Self(taps, inputs, outputs, turned, panels) = self;
            assert!(taps.len() >= 9 * inputs * outputs && panels.len() >= POSITIONS * inputs * outputs);
            for output in (0..outputs).step_by(LANES) {
                let (panel, lane) = (output / PANEL, output % PANEL);
                for input in 0..inputs {
                    let mut half = [[ZERO; 3]; INPUT];
                    for column in 0..3 {
                        let mut read = [ZERO; 3];
                        for (row, read) in read.iter_mut().enumerate() {
                            let tap = if turned { 8 - (row * 3 + column) } else { row * 3 + column };
                            *read = lanes(taps, (tap * inputs + input) * outputs + output);
                        }
                        for (row, made) in from_kernel(read).into_iter().enumerate() {
                            half[row][column] = made;
                        }
                    }
                    for (row, half) in half.into_iter().enumerate() {
                        for (column, made) in from_kernel(half).into_iter().enumerate() {
                            let position = row * INPUT + column;
                            let at = ((position * (outputs / PANEL) + panel) * inputs + input) * PANEL + lane;
                            panels[at..at + LANES].copy_from_slice(&made);
                        }
                    }
                }
            }
        }
    }
    compiled(Kernels(taps, inputs, outputs, turned, panels), instructions);
}

/// The gradients of some inputs' kernels: from `sums` (`[36]` slices of `[inputs, outputs]` each) rows of
/// `[9, inputs, outputs]`, one slice a tap.
pub(in super::super) fn kernel_gradient(sums: &[&[f32]], taps: &mut [&mut [f32]], instructions: Instructions) {
    struct Gradients<'a, 'b>(&'a [&'a [f32]], &'a mut [&'b mut [f32]]);
    impl Transform for Gradients<'_, '_> {
        #[inline(always)]
        fn run(self) {
            let Self(sums, taps) = self;
            let count = sums[0].len();
            assert!(sums.len() == POSITIONS && taps.len() == 9);
            for from in (0..count).step_by(LANES) {
                let mut half = [[ZERO; INPUT]; 3];
                for column in 0..INPUT {
                    let mut read = [ZERO; INPUT];
                    for (row, read) in read.iter_mut().enumerate() {
                        *read = lanes(sums[row * INPUT + column], from);
                    }
                    for (row, made) in to_kernel(read).into_iter().enumerate() {
                        half[row][column] = made;
                    }
                }
                for (row, half) in half.into_iter().enumerate() {
                    for (column, made) in to_kernel(half).into_iter().enumerate() {
                        taps[row * 3 + column][from..from + LANES].copy_from_slice(&made);
                    }
                }
            }
        }
    }
    compiled(Gradients(sums, taps), instructions);
}
