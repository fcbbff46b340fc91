//! The network as it learns: forward with the batch's own moments, and the gradients of all parameters.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    conv::Packed,
    map::{Map, Pool},
    norm::{Moments, add, average, average_gradient, max_pool, max_pool_gradient, normalise, normalise_gradient},
    resnet::{Block, Resnet, Unit},
};
use crate::{
    models::vector::Instructions,
    task::{Cancelled, JobContext},
};

/// How far one batch moves the running moments, as in torchvision.
const MOMENTUM: f32 = 0.1;

/// All kernels of a unit have more numbers, and no normalisation has.
const LEAST_KERNELS: usize = 4_000;

/// Gradients by parameter; empty where none was asked for.
pub(super) type Gradients = Vec<Vec<f32>>;

/// What steps share.
pub(super) struct Workshop {
    pub pool: Pool,
    pub instructions: Instructions,
    /// Asked between blocks, since a step may take seconds.
    pub ctx: JobContext,
}

impl Workshop {
    pub fn new(ctx: &JobContext) -> Self {
        Self { pool: Pool::default(), instructions: Instructions::detect(), ctx: ctx.clone() }
    }
}

/// What a step keeps from its way forward.
pub(super) struct Tape {
    /// Kernels as products take them, by parameter.
    packed: Vec<Option<Packed>>,
    stages: Range<usize>,
    /// Pictures, or the map of an earlier stage.
    start: Map,
    stem: Option<StemTape>,
    blocks: Vec<BlockTape>,
}

struct StemTape {
    y: Map,
    z: Map,
    moments: Moments,
    /// The pooled map, and where its values stood.
    pooled: Option<(Map, Vec<u8>)>,
}

struct BlockTape {
    /// After each unit but the last one.
    hidden: Vec<Map>,
    ys: Vec<Map>,
    moments: Vec<Moments>,
    shortcut: Option<(Map, Moments)>,
    out: Map,
}

impl Tape {
    /// What the block at `place` was given.
    fn input(&self, place: usize) -> &Map {
        match (place.checked_sub(1), &self.stem) {
            (Some(before), _) => &self.blocks[before].out,
            (None, Some(stem)) => stem.pooled.as_ref().map_or(&stem.z, |pooled| &pooled.0),
            (None, None) => &self.start,
        }
    }
}

/// The stages from `first` on; the stem too where that is 0. Running moments move. Gives the features.
pub(super) fn forward(
    net: &mut Resnet,
    start: Map,
    first: usize,
    shop: &Workshop,
) -> Result<(Vec<f32>, Tape), Cancelled> {
    let stages = first..net.stages.len();
    let mut units = net.units(stages.clone());
    if first == 0 {
        units.push(net.stem);
    }
    let mut packed: Vec<Option<Packed>> = net.parameters.iter().map(|_| None).collect();
    let made: Vec<(usize, Packed)> = units
        .par_iter()
        .map(|unit| {
            let for_gradient = unit.weight != net.stem.weight;
            let weights = &net.parameters[unit.weight].values;
            (unit.weight, unit.conv.pack(weights, for_gradient, &shop.pool, shop.instructions))
        })
        .collect();
    made.into_iter().for_each(|(weight, of_unit)| packed[weight] = Some(of_unit));
    let mut tape = Tape { packed, stages: stages.clone(), start, stem: None, blocks: Vec::new() };
    if first == 0 {
        let stem = net.stem;
        let y = convolve(&tape, stem, &tape.start, shop);
        let (z, moments) = norm(net, stem, &y, None, true, shop);
        let pooled = net.max_pool.then(|| max_pool(&z, &shop.pool));
        tape.stem = Some(StemTape { y, z, moments, pooled });
    }
    let blocks: Vec<Block> = net.stages[stages].iter().flatten().cloned().collect();
    for (place, block) in blocks.iter().enumerate() {
        shop.ctx.check()?;
        let input = tape.input(place);
        let shortcut = block.shortcut.map(|unit| {
            let y = convolve(&tape, unit, input, shop);
            let (z, moments) = norm(net, unit, &y, None, false, shop);
            (y, moments, z)
        });
        let (mut hidden, mut ys, mut all_moments) = (Vec::new(), Vec::new(), Vec::new());
        let mut out = Map::default();
        for (at, &unit) in block.units.iter().enumerate() {
            let y = convolve(&tape, unit, hidden.last().unwrap_or(input), shop);
            let is_last = at + 1 == block.units.len();
            let residual = is_last.then(|| shortcut.as_ref().map_or(input, |shortcut| &shortcut.2));
            let (z, moments) = norm(net, unit, &y, residual, true, shop);
            ys.push(y);
            all_moments.push(moments);
            if is_last {
                out = z;
            } else {
                hidden.push(z);
            }
        }
        let shortcut = shortcut.map(|(y, moments, z)| {
            shop.pool.give_map(z);
            (y, moments)
        });
        tape.blocks.push(BlockTape { hidden, ys, moments: all_moments, shortcut, out });
    }
    Ok((average(tape.input(blocks.len())), tape))
}

fn convolve(tape: &Tape, unit: Unit, x: &Map, shop: &Workshop) -> Map {
    static NONE: Packed = Packed::NONE;
    unit.conv.forward(x, tape.packed[unit.weight].as_ref().unwrap_or(&NONE), &shop.pool, shop.instructions)
}

fn norm(
    net: &mut Resnet,
    unit: Unit,
    y: &Map,
    residual: Option<&Map>,
    rectifies: bool,
    shop: &Workshop,
) -> (Map, Moments) {
    let of = |place: usize| &net.parameters[place].values[..];
    let (z, moments) = normalise(y, (of(unit.gamma()), of(unit.beta())), residual, rectifies, &shop.pool);
    // Running variances are those of the population.
    let correction = y.pixels() as f32 / (y.pixels().max(2) - 1) as f32;
    let pairs = [(unit.mean(), &moments.mean, 1.0), (unit.variance(), &moments.variance, correction)];
    for (place, new, factor) in pairs {
        for (old, new) in net.parameters[place].values.iter_mut().zip(new) {
            *old += MOMENTUM * (new * factor - *old);
        }
    }
    (z, moments)
}

/// The gradients of everything that [`forward`] ran through, from that of the features.
pub(super) fn backward(net: &Resnet, tape: Tape, features: &[f32], shop: &Workshop) -> Result<Gradients, Cancelled> {
    let mut found: Gradients = vec![Vec::new(); net.parameters.len()];
    let blocks: Vec<&Block> = net.stages[tape.stages.clone()].iter().flatten().collect();
    let last = tape.input(blocks.len());
    let mut d = average_gradient(features, (last.height, last.width), last.channels, &shop.pool);
    let begins_at_stem = tape.stem.is_some();
    for (place, block) in blocks.iter().enumerate().rev() {
        shop.ctx.check()?;
        let (input, kept) = (tape.input(place), &tape.blocks[place]);
        let needs_input = place > 0 || begins_at_stem;
        let mut residual = None;
        let mut output = &kept.out;
        for (at, &unit) in block.units.iter().enumerate().rev() {
            let x = at.checked_sub(1).map_or(input, |before| &kept.hidden[before]);
            let dy = unit_gradient(net, unit, &mut d, Some(output), &kept.ys[at], &kept.moments[at], &mut found, shop);
            found[unit.weight] = unit.conv.weight_gradient(x, &dy, &shop.pool, shop.instructions);
            let dx = (at > 0 || needs_input).then(|| input_gradient(&tape, unit, &dy, x, shop));
            shop.pool.give_map(dy);
            let before = std::mem::replace(&mut d, dx.unwrap_or_default());
            if at + 1 == block.units.len() {
                // What the rectifier of the sum let through is the gradient of the shortcut too.
                residual = Some(before);
            } else {
                shop.pool.give_map(before);
            }
            output = x;
        }
        let Some(mut of_sum) = residual else { continue };
        match block.shortcut.zip(kept.shortcut.as_ref()) {
            Some((unit, (y, moments))) => {
                let dy = unit_gradient(net, unit, &mut of_sum, None, y, moments, &mut found, shop);
                found[unit.weight] = unit.conv.weight_gradient(input, &dy, &shop.pool, shop.instructions);
                if needs_input {
                    let dx = input_gradient(&tape, unit, &dy, input, shop);
                    add(&mut d, &dx);
                    shop.pool.give_map(dx);
                }
                shop.pool.give_map(dy);
            }
            None if needs_input => add(&mut d, &of_sum),
            None => {}
        }
        shop.pool.give_map(of_sum);
    }
    if let Some(stem) = &tape.stem {
        if let Some((_, places)) = &stem.pooled {
            let dx = max_pool_gradient(&d, places, (stem.z.height, stem.z.width), &shop.pool);
            shop.pool.give_map(std::mem::replace(&mut d, dx));
        }
        let dy = unit_gradient(net, net.stem, &mut d, Some(&stem.z), &stem.y, &stem.moments, &mut found, shop);
        found[net.stem.weight] = net.stem.conv.weight_gradient(&tape.start, &dy, &shop.pool, shop.instructions);
        shop.pool.give_map(dy);
    }
    shop.pool.give_map(d);
    tape.release(shop);
    Ok(found)
}

fn unit_gradient(
    net: &Resnet,
    unit: Unit,
    dz: &mut Map,
    z: Option<&Map>,
    y: &Map,
    moments: &Moments,
    found: &mut Gradients,
    shop: &Workshop,
) -> Map {
    let gradient = normalise_gradient(dz, z, y, &net.parameters[unit.gamma()].values, moments, &shop.pool);
    found[unit.gamma()] = gradient.gamma;
    found[unit.beta()] = gradient.beta;
    gradient.dy
}

fn input_gradient(tape: &Tape, unit: Unit, dy: &Map, x: &Map, shop: &Workshop) -> Map {
    static NONE: Packed = Packed::NONE;
    let packed = tape.packed[unit.weight].as_ref().unwrap_or(&NONE);
    unit.conv.input_gradient(dy, packed, (x.height, x.width), &shop.pool, shop.instructions)
}

impl Tape {
    fn release(self, shop: &Workshop) {
        let pool = &shop.pool;
        self.packed.into_iter().flatten().for_each(|packed| packed.release(pool));
        if let Some(StemTape { y, z, pooled, .. }) = self.stem {
            [Some(y), Some(z), pooled.map(|pooled| pooled.0)].into_iter().flatten().for_each(|map| pool.give_map(map));
        }
        for BlockTape { hidden, ys, shortcut, out, .. } in self.blocks {
            let maps = hidden.into_iter().chain(ys).chain(shortcut.map(|shortcut| shortcut.0)).chain([out]);
            maps.for_each(|map| pool.give_map(map));
        }
    }
}

/// Gives the buffers of gradients back.
pub(super) fn release(gradients: Gradients, shop: &Workshop) {
    // Those of normalisations did not come from the pool.
    gradients
        .into_iter()
        .filter(|gradient| gradient.len() > LEAST_KERNELS)
        .for_each(|gradient| shop.pool.give(gradient));
}
