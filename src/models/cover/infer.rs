//! The network as it answers: normalisations folded into the kernels.

use rayon::prelude::*;

use super::{
    conv::{Conv, Packed},
    map::{Map, Pool},
    norm::{average, finish, folded, max_pool},
    resnet::{Block, Resnet, Unit},
};
use crate::models::vector::Instructions;

/// A network, or its first stages, with running moments folded into the kernels. Answers from several threads.
#[derive(Debug)]
pub struct Inference {
    max_pool: bool,
    stem: Folded,
    /// By stage, by block.
    stages: Vec<Vec<(Vec<Folded>, Option<Folded>)>>,
    instructions: Instructions,
    pool: Pool,
}

#[derive(Debug)]
pub(super) struct Folded {
    pub conv: Conv,
    pub packed: Packed,
    pub bias: Vec<f32>,
}

impl Inference {
    /// Of the first `stages`, all being 4.
    pub fn new(net: &Resnet, stages: usize) -> Self {
        Self::folded(net, stages, false)
    }

    /// The same in less memory, and slower over many pictures.
    pub(super) fn plain(net: &Resnet, stages: usize) -> Self {
        Self::folded(net, stages, true)
    }

    fn folded(net: &Resnet, stages: usize, is_plain: bool) -> Self {
        let (instructions, pool) = (Instructions::detect(), Pool::default());
        let fold = |unit: &Unit| Folded::of(net, *unit, is_plain, false, &pool, instructions);
        let fold_block =
            |block: &Block| (block.units.par_iter().map(fold).collect(), block.shortcut.as_ref().map(fold));
        let folded =
            net.stages[..stages].par_iter().map(|blocks| blocks.par_iter().map(fold_block).collect()).collect();
        Self { max_pool: net.max_pool, stem: fold(&net.stem), stages: folded, instructions, pool }
    }

    /// The last stage's map of a batch of normalised pictures, `[images, side, side, 3]`.
    pub fn map(&self, pictures: &Map) -> Map {
        let Self { max_pool: pools, stem, stages, pool, .. } = self;
        let mut x = self.unit(stem, pictures, None, true);
        if *pools {
            let (y, _) = max_pool(&x, pool);
            pool.give_map(std::mem::replace(&mut x, y));
        }
        for (units, shortcut) in stages.iter().flatten() {
            let residual = shortcut.as_ref().map(|shortcut| self.unit(shortcut, &x, None, false));
            let mut y: Option<Map> = None;
            for (place, unit) in units.iter().enumerate() {
                let last = place + 1 == units.len();
                let residual = last.then(|| residual.as_ref().unwrap_or(&x));
                let next = self.unit(unit, y.as_ref().unwrap_or(&x), residual, true);
                if let Some(before) = y.replace(next) {
                    pool.give_map(before);
                }
            }
            if let Some(residual) = residual {
                pool.give_map(residual);
            }
            if let Some(y) = y {
                pool.give_map(std::mem::replace(&mut x, y));
            }
        }
        x
    }

    /// The features of a batch, `[images, features]`.
    pub fn features(&self, pictures: &Map) -> Vec<f32> {
        let map = self.map(pictures);
        let features = average(&map);
        self.pool.give_map(map);
        features
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    fn unit(&self, folded: &Folded, x: &Map, residual: Option<&Map>, rectifies: bool) -> Map {
        folded.forward(x, residual, rectifies, &self.pool, self.instructions)
    }
}

impl Folded {
    /// `residual` is added before what is below 0 is cut off.
    pub fn forward(
        &self,
        x: &Map,
        residual: Option<&Map>,
        rectifies: bool,
        pool: &Pool,
        instructions: Instructions,
    ) -> Map {
        let mut y = self.conv.forward(x, &self.packed, pool, instructions);
        finish(&mut y, &self.bias, residual, rectifies);
        y
    }

    /// `is_plain`: kernels as they are, not as Winograd's products take them; `for_gradient`: also for those of its inputs.
    pub fn of(
        net: &Resnet,
        unit: Unit,
        is_plain: bool,
        for_gradient: bool,
        pool: &Pool,
        instructions: Instructions,
    ) -> Self {
        let conv = Conv { is_plain, ..unit.conv };
        let of = |place: usize| &net.parameters[place].values[..];
        let (scale, bias) = folded(of(unit.gamma()), of(unit.beta()), of(unit.mean()), of(unit.variance()));
        let mut weights = of(unit.weight).to_vec();
        for outputs in weights.chunks_exact_mut(unit.conv.outputs) {
            outputs.iter_mut().zip(&scale).for_each(|(weight, scale)| *weight *= scale);
        }
        Self { conv, packed: conv.pack(&weights, for_gradient, pool, instructions), bias }
    }
}
