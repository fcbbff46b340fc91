//! Batch normalisation, rectifiers and pooling over maps with channels last.

use rayon::prelude::*;

use super::map::{Map, Pool};
use crate::models::wide::wide;

/// Added to variances, as torchvision does.
pub(super) const EPSILON: f32 = 1e-5;

/// Of one batch, by channel.
#[derive(Debug)]
pub(super) struct Moments {
    pub mean: Vec<f32>,
    /// Without Bessel's correction.
    pub variance: Vec<f32>,
}

impl Moments {
    fn of(y: &Map) -> Self {
        let channels = y.channels;
        let of_images: Vec<(Vec<f32>, Vec<f32>)> = y
            .values
            .par_chunks(y.stride())
            .map(|picture| {
                let (mut sums, mut squares) = (vec![0f32; channels], vec![0f32; channels]);
                wide(
                    #[inline(always)]
                    || {
                        for pixel in picture.chunks_exact(channels) {
                            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(pixel) {
                                *sum += value;
                                *square += value * value;
                            }
                        }
                    },
                );
                (sums, squares)
            })
            .collect();
        let count = y.pixels() as f64;
        let sum_of = |channel: usize, of: fn(&(Vec<f32>, Vec<f32>)) -> &Vec<f32>| -> f64 {
            of_images.iter().map(|image| f64::from(of(image)[channel])).sum()
        };
        let (mut mean, mut variance) = (Vec::with_capacity(channels), Vec::with_capacity(channels));
        for channel in 0..channels {
            let of_channel = sum_of(channel, |image| &image.0) / count;
            let square = sum_of(channel, |image| &image.1) / count;
            mean.push(of_channel as f32);
            variance.push((square - of_channel * of_channel).max(0.0) as f32);
        }
        Self { mean, variance }
    }

    fn inverse_deviation(&self) -> Vec<f32> {
        self.variance.iter().map(|variance| 1.0 / (variance + EPSILON).sqrt()).collect()
    }
}

/// Factor and addend that normalise a channel.
pub(super) fn folded(gamma: &[f32], beta: &[f32], mean: &[f32], variance: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let scale: Vec<f32> = gamma.iter().zip(variance).map(|(gamma, var)| gamma / (var + EPSILON).sqrt()).collect();
    let shift = beta.iter().zip(mean).zip(&scale).map(|((beta, mean), scale)| beta - mean * scale).collect();
    (scale, shift)
}

/// Normalises `y` by its own moments, adds `residual`, and cuts what is below 0 where it `rectifies`.
pub(super) fn normalise(
    y: &Map,
    (gamma, beta): (&[f32], &[f32]),
    residual: Option<&Map>,
    rectifies: bool,
    pool: &Pool,
) -> (Map, Moments) {
    let moments = Moments::of(y);
    let (scale, shift) = folded(gamma, beta, &moments.mean, &moments.variance);
    let mut z = pool.map(y.images, y.height, y.width, y.channels);
    let (stride, channels) = (y.stride(), y.channels);
    let least = if rectifies { 0.0 } else { f32::NEG_INFINITY };
    z.values.par_chunks_mut(stride).zip(y.values.par_chunks(stride)).enumerate().for_each(|(image, (z, y))| {
        let residual = residual.map(|residual| &residual.values[image * stride..][..stride]);
        wide(
            #[inline(always)]
            || {
                let (scale, shift) = (&scale[..channels], &shift[..channels]);
                for (pixel, (z, y)) in z.chunks_exact_mut(channels).zip(y.chunks_exact(channels)).enumerate() {
                    if let Some(residual) = residual {
                        let residual = &residual[pixel * channels..][..channels];
                        for at in 0..channels {
                            z[at] = (y[at] * scale[at] + shift[at] + residual[at]).max(least);
                        }
                    } else {
                        for at in 0..channels {
                            z[at] = (y[at] * scale[at] + shift[at]).max(least);
                        }
                    }
                }
            },
        );
    });
    (z, moments)
}

/// Gradients of a normalisation.
#[derive(Debug)]
pub(super) struct NormGradient {
    pub dy: Map,
    pub gamma: Vec<f32>,
    pub beta: Vec<f32>,
}

/// The gradient of [`normalise`]. `dz` becomes the gradient of the sum before the rectifier, which is that of the
/// residual; `z`: the rectified result, `None` where nothing was rectified.
pub(super) fn normalise_gradient(
    dz: &mut Map,
    z: Option<&Map>,
    y: &Map,
    gamma: &[f32],
    moments: &Moments,
    pool: &Pool,
) -> NormGradient {
    let (stride, channels) = (y.stride(), y.channels);
    let inverse = moments.inverse_deviation();
    let mean = &moments.mean;
    let of_images: Vec<(Vec<f32>, Vec<f32>)> = dz
        .values
        .par_chunks_mut(stride)
        .zip(y.values.par_chunks(stride))
        .enumerate()
        .map(|(image, (dz, y))| {
            let (mut sums, mut products) = (vec![0f32; channels], vec![0f32; channels]);
            wide(
                #[inline(always)]
                || {
                    if let Some(z) = z {
                        for (dz, &z) in dz.iter_mut().zip(&z.values[image * stride..][..stride]) {
                            *dz = if z > 0.0 { *dz } else { 0.0 };
                        }
                    }
                    let (sums, products) = (&mut sums[..channels], &mut products[..channels]);
                    let mean = &mean[..channels];
                    for (dz, y) in dz.chunks_exact(channels).zip(y.chunks_exact(channels)) {
                        for at in 0..channels {
                            sums[at] += dz[at];
                            products[at] += dz[at] * (y[at] - mean[at]);
                        }
                    }
                },
            );
            (sums, products)
        })
        .collect();
    let (mut beta, mut of_gamma) = (vec![0f32; channels], vec![0f32; channels]);
    for channel in 0..channels {
        beta[channel] = of_images.iter().map(|image| f64::from(image.0[channel])).sum::<f64>() as f32;
        let sum: f64 = of_images.iter().map(|image| f64::from(image.1[channel])).sum();
        of_gamma[channel] = sum as f32 * inverse[channel];
    }
    let count = y.pixels() as f32;
    // dy = γ/σ (dz - mean(dz) - x̂ mean(dz x̂)), as factors of dz, of y and of 1.
    let of_dz: Vec<f32> = (0..channels).map(|at| gamma[at] * inverse[at]).collect();
    let of_y: Vec<f32> = (0..channels).map(|at| -of_dz[at] * inverse[at] * of_gamma[at] / count).collect();
    let of_one: Vec<f32> = (0..channels).map(|at| -of_dz[at] * beta[at] / count - of_y[at] * mean[at]).collect();
    let mut dy = pool.map(y.images, y.height, y.width, channels);
    dy.values.par_chunks_mut(stride).zip(dz.values.par_chunks(stride)).zip(y.values.par_chunks(stride)).for_each(
        |((dy, dz), y)| {
            wide(
                #[inline(always)]
                || {
                    let (of_dz, of_y, of_one) = (&of_dz[..channels], &of_y[..channels], &of_one[..channels]);
                    let rows = dy.chunks_exact_mut(channels).zip(dz.chunks_exact(channels));
                    for ((dy, dz), y) in rows.zip(y.chunks_exact(channels)) {
                        for at in 0..channels {
                            dy[at] = dz[at] * of_dz[at] + y[at] * of_y[at] + of_one[at];
                        }
                    }
                },
            );
        },
    );
    NormGradient { dy, gamma: of_gamma, beta }
}

/// Adds a number a channel and `residual`, and cuts what is below 0 where it `rectifies`.
pub(super) fn finish(y: &mut Map, bias: &[f32], residual: Option<&Map>, rectifies: bool) {
    let (stride, channels) = (y.stride(), y.channels);
    let least = if rectifies { 0.0 } else { f32::NEG_INFINITY };
    y.values.par_chunks_mut(stride).enumerate().for_each(|(image, y)| {
        let residual = residual.map(|residual| &residual.values[image * stride..][..stride]);
        for (pixel, y) in y.chunks_exact_mut(channels).enumerate() {
            if let Some(residual) = residual {
                let residual = &residual[pixel * channels..][..channels];
                for at in 0..channels {
                    y[at] = (y[at] + bias[at] + residual[at]).max(least);
                }
            } else {
                for at in 0..channels {
                    y[at] = (y[at] + bias[at]).max(least);
                }
            }
        }
    });
}

/// Adds `other` to `map`.
pub(super) fn add(map: &mut Map, other: &Map) {
    let stride = map.stride().max(1);
    map.values.par_chunks_mut(stride).zip(other.values.par_chunks(stride)).for_each(|(to, from)| {
        wide(
            #[inline(always)]
            || to.iter_mut().zip(from).for_each(|(to, from)| *to += from),
        );
    });
}

const POOL_SIDE: usize = 3;

/// The largest of 3 × 3, every second pixel, and where each stood, for [`max_pool_gradient`].
pub(super) fn max_pool(x: &Map, pool: &Pool) -> (Map, Vec<u8>) {
    let of = |side: usize| (side + 2 - POOL_SIDE) / 2 + 1;
    let (height, width, channels) = (of(x.height), of(x.width), x.channels);
    let mut y = pool.map(x.images, height, width, channels);
    let mut places = vec![0u8; y.values.len()];
    let stride = y.stride();
    y.values.par_chunks_mut(stride).zip(places.par_chunks_mut(stride)).enumerate().for_each(|(image, (y, places))| {
        let picture = &x.values[image * x.stride()..][..x.stride()];
        wide(
            #[inline(always)]
            || {
                for (pixel, (y, places)) in
                    y.chunks_exact_mut(channels).zip(places.chunks_exact_mut(channels)).enumerate()
                {
                    y.fill(f32::NEG_INFINITY);
                    for tap in 0..POOL_SIDE * POOL_SIDE {
                        let down = (pixel / width * 2 + tap / POOL_SIDE).wrapping_sub(1);
                        let across = (pixel % width * 2 + tap % POOL_SIDE).wrapping_sub(1);
                        if down >= x.height || across >= x.width {
                            continue;
                        }
                        let from = &picture[(down * x.width + across) * channels..][..channels];
                        for at in 0..channels {
                            let is_more = from[at] > y[at];
                            y[at] = if is_more { from[at] } else { y[at] };
                            places[at] = if is_more { tap as u8 } else { places[at] };
                        }
                    }
                }
            },
        );
    });
    (y, places)
}

pub(super) fn max_pool_gradient(dy: &Map, places: &[u8], (height, width): (usize, usize), pool: &Pool) -> Map {
    let channels = dy.channels;
    let mut dx = pool.map(dy.images, height, width, channels);
    let (stride, of_outputs) = (dx.stride(), dy.stride());
    dx.values.par_chunks_mut(stride).enumerate().for_each(|(image, dx)| {
        dx.fill(0.0);
        let from = image * of_outputs..(image + 1) * of_outputs;
        let (dy_of, places) = (&dy.values[from.clone()], &places[from]);
        for (at, (&gradient, &tap)) in dy_of.iter().zip(places).enumerate() {
            let (pixel, tap) = (at / channels, usize::from(tap));
            let down = (pixel / dy.width * 2 + tap / POOL_SIDE).wrapping_sub(1);
            let across = (pixel % dy.width * 2 + tap % POOL_SIDE).wrapping_sub(1);
            if down < height && across < width {
                dx[(down * width + across) * channels + at % channels] += gradient;
            }
        }
    });
    dx
}

/// The mean of each channel, `[images, channels]`.
pub fn average(x: &Map) -> Vec<f32> {
    let (channels, count) = (x.channels, (x.height * x.width) as f32);
    let mut means = vec![0f32; x.images * channels];
    means.par_chunks_mut(channels).zip(x.values.par_chunks(x.stride())).for_each(|(means, picture)| {
        for pixel in picture.chunks_exact(channels) {
            means.iter_mut().zip(pixel).for_each(|(mean, value)| *mean += value);
        }
        means.iter_mut().for_each(|mean| *mean /= count);
    });
    means
}

pub(super) fn average_gradient(gradient: &[f32], (height, width): (usize, usize), channels: usize, pool: &Pool) -> Map {
    let images = gradient.len() / channels;
    let mut dx = pool.map(images, height, width, channels);
    let (stride, count) = (dx.stride(), (height * width) as f32);
    dx.values.par_chunks_mut(stride).zip(gradient.par_chunks(channels)).for_each(|(dx, gradient)| {
        for pixel in dx.chunks_exact_mut(channels) {
            pixel.iter_mut().zip(gradient).for_each(|(to, gradient)| *to = gradient / count);
        }
    });
    dx
}
