//! Kernels against plain loops, gradients against differences, and speeds.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::{
    conv::Conv,
    map::{Map, Pool},
    resnet::{Depth, Resnet},
    tape::{self, Workshop},
};
use crate::{models::vector::Instructions, task::JobContext};

fn draw(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    (0..count).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn map(images: usize, height: usize, width: usize, channels: usize, seed: u64) -> Map {
    Map { images, height, width, channels, values: draw(images * height * width * channels, seed) }
}

/// By the definition.
fn plain(conv: Conv, x: &Map, weights: &[f32]) -> Vec<f64> {
    let (height, width) = conv.output_size(x.height, x.width);
    let mut y = vec![0f64; x.images * height * width * conv.outputs];
    each_product(conv, x, (height, width), |from, weight, to| {
        y[to] += f64::from(x.values[from]) * f64::from(weights[weight]);
    });
    y
}

/// Calls with the places of an input, a weight and the output that their product is added to.
fn each_product(conv: Conv, x: &Map, (height, width): (usize, usize), mut of: impl FnMut(usize, usize, usize)) {
    let Conv { inputs, outputs, kernel, stride, padding } = conv;
    for pixel in 0..x.images * height * width {
        let (image, row, column) = (pixel / (height * width), pixel / width % height, pixel % width);
        for tap in 0..kernel * kernel {
            let y = (row * stride + tap / kernel).wrapping_sub(padding);
            let left = (column * stride + tap % kernel).wrapping_sub(padding);
            if y >= x.height || left >= x.width {
                continue;
            }
            for input in 0..inputs {
                for output in 0..outputs {
                    let from = ((image * x.height + y) * x.width + left) * inputs + input;
                    of(from, (tap * inputs + input) * outputs + output, pixel * outputs + output);
                }
            }
        }
    }
}

const CONVS: [Conv; 6] = [
    Conv { inputs: 32, outputs: 64, kernel: 3, stride: 1, padding: 1 },
    Conv { inputs: 32, outputs: 32, kernel: 3, stride: 2, padding: 1 },
    Conv { inputs: 3, outputs: 32, kernel: 7, stride: 2, padding: 3 },
    Conv { inputs: 64, outputs: 32, kernel: 1, stride: 1, padding: 0 },
    Conv { inputs: 32, outputs: 64, kernel: 1, stride: 2, padding: 0 },
    Conv { inputs: 5, outputs: 7, kernel: 3, stride: 1, padding: 1 },
];

fn assert_near(found: &[f32], right: &[f64], what: &str) {
    assert_eq!(found.len(), right.len(), "{what}");
    let size = right.iter().fold(0f64, |most, value| most.max(value.abs()));
    for (at, (&found, &right)) in found.iter().zip(right).enumerate() {
        assert!((f64::from(found) - right).abs() <= 2e-5 * size, "{what} at {at}: {found}, not {right} of {size}");
    }
}

#[test]
fn convolutions_and_their_gradients_are_those_of_the_definition() {
    let mut kinds = vec![Instructions::detect(), Instructions::Portable];
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        kinds.push(Instructions::Avx2);
    }
    let pool = Pool::default();
    for instructions in kinds {
        for (place, conv) in CONVS.into_iter().enumerate() {
            for (images, height, width) in [(1, 9, 6), (3, 4, 7), (5, 1, 1)] {
                let what = format!("{conv:?} on {images} of {height} x {width} with {instructions:?}");
                let x = map(images, height, width, conv.inputs, place as u64);
                let weights = draw(conv.weights(), 100 + place as u64);
                let packed = conv.pack(&weights, true, &pool, instructions);
                let y = conv.forward(&x, &packed, &pool, instructions);
                assert_near(&y.values, &plain(conv, &x, &weights), &what);
                let dy = map(images, y.height, y.width, conv.outputs, 200 + place as u64);
                let (mut dx, mut dw) = (vec![0f64; x.values.len()], vec![0f64; weights.len()]);
                each_product(conv, &x, (y.height, y.width), |from, weight, to| {
                    dx[from] += f64::from(dy.values[to]) * f64::from(weights[weight]);
                    dw[weight] += f64::from(dy.values[to]) * f64::from(x.values[from]);
                });
                let found = conv.input_gradient(&dy, &packed, (height, width), &pool, instructions);
                assert_near(&found.values, &dx, &format!("dx of {what}"));
                let found = conv.weight_gradient(&x, &dy, &pool, instructions);
                assert_near(&found, &dw, &format!("dw of {what}"));
                packed.release(&pool);
                pool.give_map(y);
                pool.give(found);
            }
        }
    }
}

#[test]
#[ignore = "a measurement"]
fn speeds() {
    use std::time::Instant;
    let shop = Workshop::new(&JobContext::default());
    let (instructions, pool) = (shop.instructions, &shop.pool);
    let c = |inputs, outputs, kernel, stride| Conv { inputs, outputs, kernel, stride, padding: kernel / 2 };
    for (conv, side) in [
        (c(3, 64, 7, 2), 96),
        (c(64, 64, 3, 1), 24),
        (c(64, 128, 3, 2), 24),
        (c(128, 128, 3, 1), 12),
        (c(128, 256, 3, 2), 12),
        (c(256, 256, 3, 1), 6),
        (c(256, 512, 3, 2), 6),
        (c(512, 512, 3, 1), 3),
        (c(256, 512, 1, 2), 6),
    ] {
        let x = map(64, side, side, conv.inputs, 1);
        let weights = draw(conv.weights(), 2);
        let mut times = [f64::INFINITY; 4];
        for _ in 0..4 {
            let t = Instant::now();
            let packed = conv.pack(&weights, true, pool, instructions);
            times[0] = times[0].min(t.elapsed().as_secs_f64());
            let t = Instant::now();
            let y = conv.forward(&x, &packed, pool, instructions);
            times[1] = times[1].min(t.elapsed().as_secs_f64());
            let t = Instant::now();
            let dx = conv.input_gradient(&y, &packed, (side, side), pool, instructions);
            times[2] = times[2].min(t.elapsed().as_secs_f64());
            let t = Instant::now();
            let dw = conv.weight_gradient(&x, &y, pool, instructions);
            times[3] = times[3].min(t.elapsed().as_secs_f64());
            pool.give_map(y);
            pool.give_map(dx);
            pool.give(dw);
            packed.release(pool);
        }
        let (h, _) = conv.output_size(side, side);
        let gmac = (64 * h * h * conv.weights()) as f64 / 1e9;
        eprintln!(
            "{conv:?} {side}: {gmac:.2} GMAC, pack {:.1} ms, forward {:.1}, dx {:.1}, dw {:.1}; {:.0} GMAC/s",
            times[0] * 1e3,
            times[1] * 1e3,
            times[2] * 1e3,
            times[3] * 1e3,
            gmac / times[1]
        );
    }
    let mut net = Resnet::new(Depth::Resnet18, true, 1);
    for _ in 0..4 {
        let x = map(64, 96, 96, 3, 1);
        let t = Instant::now();
        let (features, tape) = tape::forward(&mut net, x, 0, &shop).unwrap();
        let forward = t.elapsed().as_secs_f64();
        let found = tape::backward(&net, tape, &features, &shop).unwrap();
        tape::release(found, &shop);
        let all = t.elapsed().as_secs_f64();
        eprintln!("training step: forward {forward:.3}, all {all:.3}, {:.1}/s", 64.0 / all);
    }
    let inference = super::Inference::new(&net, 4);
    for (images, side) in [(16, 224), (1, 224), (64, 96)] {
        let x = map(images, side, side, 3, 1);
        let mut best = f64::INFINITY;
        for _ in 0..4 {
            let t = Instant::now();
            inference.features(&x);
            best = best.min(t.elapsed().as_secs_f64());
        }
        eprintln!("features {images} at {side}: {:.1}/s", images as f64 / best);
    }
}
