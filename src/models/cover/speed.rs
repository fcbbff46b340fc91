//! How fast the network is on this machine.

use std::time::Instant;

use super::{
    CoverError, Depth, Inference, Map, Resnet,
    tape::{self, Workshop},
};
use crate::task::JobContext;

fn pictures(images: usize, side: usize) -> Map {
    let value = |at: usize| ((at as u32).wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 23) as f32 - 1.0;
    Map { images, height: side, width: side, channels: 3, values: (0..images * side * side * 3).map(value).collect() }
}

/// Pictures a second through the network as it answers; the best of `rounds`.
pub fn features_per_sec(depth: Depth, images: usize, side: usize, rounds: usize) -> f64 {
    let inference = Inference::new(&Resnet::new(depth, true, 1), 4);
    let pictures = pictures(images, side);
    best(images, rounds, || {
        inference.features(&pictures);
    })
}

/// Pictures a second through whole training steps, all weights moving; the best of `rounds`.
pub fn pictures_per_sec(depth: Depth, images: usize, side: usize, rounds: usize) -> Result<f64, CoverError> {
    let mut net = Resnet::new(depth, true, 1);
    let (ctx, gradient) = (JobContext::default(), vec![1e-3; images * depth.features()]);
    let shop = Workshop::new(&ctx);
    let start = pictures(images, side);
    let mut outcome = Ok(());
    let found = best(images, rounds, || {
        outcome = (|| {
            let (_, tape) = tape::forward(&mut net, start.clone(), 0, &shop)?;
            let gradients = tape::backward(&net, tape, &gradient, &shop)?;
            for (parameter, gradient) in net.parameters.iter_mut().zip(&gradients) {
                parameter.values.iter_mut().zip(gradient).for_each(|(value, gradient)| *value -= 1e-4 * gradient);
            }
            tape::release(gradients, &shop);
            Ok(())
        })();
    });
    outcome.map(|()| found)
}

fn best(images: usize, rounds: usize, mut run: impl FnMut()) -> f64 {
    // The first one fills buffers.
    run();
    let mut least = f64::INFINITY;
    for _ in 0..rounds.max(1) {
        let since = Instant::now();
        run();
        least = least.min(since.elapsed().as_secs_f64());
    }
    images as f64 / least
}
