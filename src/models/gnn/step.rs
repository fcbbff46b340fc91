//! One step of training: forward, back, Adam.

use std::{collections::BTreeMap, sync::Arc};

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::{
    batch::{Batch, BatchSampler, drop_out, log_chances, order, rng_at},
    features::Features,
    layers::{DenseGradients, Layer},
    loss::loss,
    parameters::{Parameter, Parameters, Rates},
    products::Products,
    settings::{FeatureMode, GnnSettings, Network},
};
use crate::graph::{Csr, MessageGraph, Sampling};

/// Deviation of the table's rows at the start.
const TABLE_DEVIATION: f32 = 0.1;

/// Gradients of everything that a batch touches.
pub(super) struct Gradients {
    pub loss: f32,
    /// `[unique rows of the batch, dim]`
    pub table: Vec<f32>,
    pub dense: DenseGradients,
}

impl Gradients {
    /// How far `other` lies from these, as a share of their length.
    pub fn distance(&self, other: &Self) -> f64 {
        let squares = |one: &[f32], other: &[f32]| {
            one.iter().zip(other).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum::<f64>()
        };
        let of_dense =
            self.dense.iter().map(|(name, own)| other.dense.get(name).map_or(f64::NAN, |of| squares(own, of)));
        (squares(&self.table, &other.table) + of_dense.sum::<f64>()).sqrt() / self.norm().max(1e-12)
    }

    /// The length of all gradients together.
    pub fn norm(&self) -> f64 {
        let squares = |values: &[f32]| values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
        (squares(&self.table) + self.dense.values().map(|values| squares(values)).sum::<f64>()).sqrt()
    }
}

pub(super) fn new_parameters(layers: &[Layer], table_rows: usize, settings: &GnnSettings) -> Parameters {
    let mut rng = Pcg64Mcg::seed_from_u64(settings.seed);
    let dense = layers.iter().flat_map(|layer| layer.parameters(&mut rng)).collect::<BTreeMap<_, _>>();
    let table = Parameter::normal(table_rows, settings.dim, TABLE_DEVIATION, &mut rng);
    Parameters { table, dense, steps: 0 }
}

/// Whether `parameters` have the names and shapes of `network`'s.
pub fn fits(network: Network, settings: &GnnSettings, parameters: &Parameters) -> bool {
    let expected = new_parameters(&Layer::all(network, settings, &Products::default()), 0, settings);
    let shape = |of: &Parameter| (of.rows(), of.columns);
    parameters.table.columns == settings.dim
        && parameters.dense.len() == expected.dense.len()
        && expected.dense.iter().all(|(name, of)| parameters.dense.get(name).map(shape) == Some(shape(of)))
}

/// The loss of `batch` and its gradients.
pub(super) fn gradients(
    layers: &[Layer],
    parameters: &Parameters,
    batch: &Batch,
    settings: &GnnSettings,
    dropout_seed: u64,
    products: &Products,
) -> Gradients {
    let mut x = batch.features.encode(&parameters.table.values, settings.dim);
    drop_out(&mut x, settings.dim, settings.dropout as f32, dropout_seed);
    let mut tapes = Vec::with_capacity(layers.len());
    let mut vectors = vec![x];
    for (layer, block) in layers.iter().zip(&batch.blocks) {
        let (out, tape) = layer.forward(block, &vectors[vectors.len() - 1], &parameters.dense);
        tapes.push(tape);
        vectors.push(out);
    }
    let last = &vectors[layers.len()];
    let (value, mut slope) =
        loss(settings.loss, settings.temperature as f32, last, settings.dim, batch.users, &batch.targets, products);
    let mut dense = DenseGradients::new();
    for (place, layer) in layers.iter().enumerate().rev() {
        let [x, out] = [&vectors[place], &vectors[place + 1]];
        slope = layer.back(&batch.blocks[place], &tapes[place], x, out, slope, &parameters.dense, &mut dense);
    }
    drop_out(&mut slope, settings.dim, settings.dropout as f32, dropout_seed);
    Gradients { loss: value, table: batch.features.back(&slope, settings.dim), dense }
}

impl GnnSettings {
    /// `scale`: what is left of the rates.
    pub(super) fn rates(&self, scale: f32) -> Rates {
        Rates { table: self.learning_rate as f32 * scale, dense: self.dense_learning_rate as f32 * scale }
    }

    /// How a training with these settings draws neighbours.
    pub fn sampling(&self, network: Network) -> Sampling {
        Sampling {
            fan_outs: self.hops(),
            users: self.draw_users,
            items: self.draw_items,
            has_self_loops: network != Network::Sage,
        }
    }
}

/// Means of some steps.
#[derive(Debug, Clone, Copy)]
pub struct StepCost {
    pub secs: f64,
    /// Different nodes whose features are read. On a small graph the neighbours of a batch coincide.
    pub nodes: f64,
}

/// Steps on a random graph, for comparison with other tools: the work of `sage_torch.py`, sampling included.
pub struct StepBench {
    settings: GnnSettings,
    graph: MessageGraph,
    features: Features,
    layers: Vec<Layer>,
    parameters: Parameters,
    pairs: Vec<(u32, u32)>,
    shares: Vec<f32>,
    log_chances: Vec<f32>,
    sampling: Sampling,
    steps: u64,
}

impl StepBench {
    /// Half of `nodes` are users, half items, each with `degree` random neighbours.
    pub fn new(network: Network, nodes: usize, degree: usize, settings: &GnnSettings) -> Self {
        let settings = GnnSettings { features: FeatureMode::Id, negatives: 0, dropout: 0.0, ..settings.clone() };
        let half = nodes / 2;
        let mut rng = Pcg64Mcg::seed_from_u64(settings.seed);
        let mut random_graph = || {
            let mut targets = Vec::with_capacity(half * degree);
            for _ in 0..half {
                targets.extend(rand::seq::index::sample(&mut rng, half, degree).into_iter().map(|item| item as u32));
            }
            let offsets = (0..=half).map(|row| (row * degree) as u64).collect();
            Csr { offsets, weights: vec![1.0; targets.len()], targets }
        };
        let graph = MessageGraph { user_item: random_graph(), item_item: Arc::new(random_graph()) };
        let features = Features::of_ids(half, half);
        let layers = Layer::all(network, &settings, &Products::default());
        let parameters = new_parameters(&layers, features.table_rows, &settings);
        let mut pairs: Vec<(u32, u32)> = (0..settings.batch * 200)
            .map(|_| (rng.random_range(0..half as u32), rng.random_range(0..half as u32)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let shares = vec![1.0; pairs.len()];
        let log_chances = log_chances(&pairs, &shares, half, &settings);
        let sampling = settings.sampling(network);
        Self { settings, graph, features, layers, parameters, pairs, shares, log_chances, sampling, steps: 0 }
    }

    /// Runs `steps` of them, batches drawn ahead on a thread of their own; gives what each took on average.
    pub fn run(&mut self, steps: u64) -> StepCost {
        let since = std::time::Instant::now();
        let chosen = order(&self.shares, self.settings.seed, self.steps);
        let Self { settings, graph, features, layers, parameters, pairs, log_chances, sampling, .. } = self;
        let mut nodes = 0;
        let (send, receive) = std::sync::mpsc::sync_channel(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut sampler = BatchSampler::new(graph, features, settings, pairs, log_chances, sampling);
                for (step, chosen) in chosen.chunks(settings.batch).cycle().take(steps as usize).enumerate() {
                    let batch = sampler.batch(chosen, &mut rng_at(settings.seed, 0, step as u64));
                    if send.send(batch).is_err() {
                        break;
                    }
                }
                drop(send);
            });
            for batch in receive {
                nodes += batch.blocks[0].sources.len();
                let gradients = gradients(layers, parameters, &batch, settings, 0, &Products::default());
                parameters.step(&batch.features.unique, &gradients.table, &gradients.dense, settings.rates(1.0));
            }
        });
        self.steps += steps;
        StepCost { secs: since.elapsed().as_secs_f64() / steps as f64, nodes: nodes as f64 / steps as f64 }
    }
}
