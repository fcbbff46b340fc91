//! Kernels against plain loops, gradients against differences, and speeds.

#[path = "../../../tests/covers/formula.rs"]
mod formula;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::{
    conv::Conv,
    map::{Map, Pool},
    resnet::{Depth, Parameter, Resnet},
    tape::{self, Workshop},
    tensors::Tensor,
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
    let Conv { inputs, outputs, kernel, stride, padding, .. } = conv;
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

const CONVS: [Conv; 7] = [
    Conv { inputs: 32, outputs: 64, kernel: 3, stride: 1, padding: 1, is_plain: false },
    Conv { inputs: 32, outputs: 64, kernel: 3, stride: 1, padding: 1, is_plain: true },
    Conv { inputs: 32, outputs: 32, kernel: 3, stride: 2, padding: 1, is_plain: false },
    Conv { inputs: 3, outputs: 32, kernel: 7, stride: 2, padding: 3, is_plain: false },
    Conv { inputs: 64, outputs: 32, kernel: 1, stride: 1, padding: 0, is_plain: false },
    Conv { inputs: 32, outputs: 64, kernel: 1, stride: 2, padding: 0, is_plain: false },
    Conv { inputs: 5, outputs: 7, kernel: 3, stride: 1, padding: 1, is_plain: false },
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

fn value(name: &str, shape: &[usize]) -> Tensor {
    Tensor { shape: shape.to_vec(), values: formula::values(name, shape) }
}

#[test]
fn a_step_of_training_is_that_of_torchvision() {
    let expected = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/covers/gradients.json"));
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    let shop = Workshop::new(&JobContext::default());
    for depth in [Depth::Resnet18, Depth::Resnet50] {
        let mut net = Resnet::new(depth, true, 0);
        for parameter in &mut net.parameters {
            assert!(parameter.take(&value(&parameter.name, &parameter.shape)));
        }
        let drawn = value("input", &[4, 3, 64, 64]).values;
        let scale = 4.0 / (24.0f64 / (3 * 64 * 64) as f64).sqrt();
        let mut x = map(4, 64, 64, 3, 0);
        for (at, value) in drawn.iter().enumerate() {
            let (image, channel, pixel) = (at / (3 * 4096), at / 4096 % 3, at % 4096);
            x.values[(image * 4096 + pixel) * 3 + channel] = (f64::from(*value) * scale) as f32;
        }
        let wide = (depth.features() as f64 / 12.0).sqrt();
        let direction: Vec<f32> = value("direction", &[4, depth.features()])
            .values
            .into_iter()
            .map(|value| (f64::from(value) * wide) as f32)
            .collect();
        let (_, tape) = tape::forward(&mut net, x, 0, &shop).unwrap();
        let found = tape::backward(&net, tape, &direction, &shop).unwrap();
        for (parameter, gradient) in net.parameters.iter().zip(found) {
            let of = &expected[depth.name()];
            let near = |found: f64, right: f64, size: f64| {
                // Normalisations by 16 numbers, fifty in a row, carry small differences far.
                let tolerance = if depth == Depth::Resnet50 { 5e-2 } else { 2e-3 };
                let name = &parameter.name;
                assert!((found - right).abs() <= tolerance * size, "{name} of {}: {found}, not {right}", depth.name());
            };
            if let Some(right) = of["moments"][&parameter.name].as_array() {
                for (value, right) in parameter.values.iter().step_by(16).zip(right) {
                    near(f64::from(*value), right.as_f64().unwrap(), 1.0);
                }
            }
            let Some(right) = of["gradients"].get(&parameter.name) else { continue };
            let gradient = Parameter { values: gradient, ..parameter.clone() }.tensor().values;
            let norm = gradient.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            near(norm, right["norm"].as_f64().unwrap(), norm);
            let stride = (gradient.len() / 7).max(1);
            for (value, right) in gradient.iter().step_by(stride).zip(right["some"].as_array().unwrap()) {
                near(f64::from(*value), right.as_f64().unwrap(), norm);
            }
        }
    }
}
