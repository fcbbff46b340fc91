//! One layer: how a node's vector is made of its own and its neighbours'.
//!
//! What is dense (products with weights, activations) burn computes and differentiates; messages along edges are
//! [`super::aggregate`]'s. A layer is therefore a chain of three parts: `before` (burn, per source), messages (per edge),
//! `after` (burn, per destination); gradients go the same way back. Users and items have weights of their own.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData, activation};
use rand::Rng;

use super::{
    aggregate::{self, Attention},
    parameters::Parameter,
    settings::{Aggregator, GnnSettings, Network},
};
use crate::graph::Block;

/// Gradients of dense parameters by name.
pub(super) type DenseGradients = BTreeMap<String, Vec<f32>>;

/// Dense parameters as tensors: leaves of the tape where they were put on a device that differentiates.
pub(super) struct Weights {
    tensors: BTreeMap<String, Tensor<2>>,
    pub device: Device,
    is_learning: bool,
}

impl Weights {
    pub fn new(dense: &BTreeMap<String, Parameter>, device: &Device, is_learning: bool) -> Self {
        let device = if is_learning { device.clone().autodiff() } else { device.clone() };
        let tensors = dense
            .iter()
            .map(|(name, parameter)| {
                let tensor = tensor(parameter.values.clone(), parameter.columns, &device);
                (name.clone(), if is_learning { tensor.require_grad() } else { tensor })
            })
            .collect();
        Self { tensors, device, is_learning }
    }

    fn leaf(&self, values: Vec<f32>, columns: usize) -> Tensor<2> {
        let tensor = tensor(values, columns, &self.device);
        if self.is_learning { tensor.require_grad() } else { tensor }
    }
}

/// `[values / columns, columns]`
fn tensor(values: Vec<f32>, columns: usize, device: &Device) -> Tensor<2> {
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

fn numbers(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec::<f32>().expect("all tensors here are of f32")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    User,
    Item,
}

impl Side {
    const BOTH: [Self; 2] = [Self::User, Self::Item];

    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Item => "item",
        }
    }

    fn sources(self, block: &Block) -> std::ops::Range<usize> {
        match self {
            Self::User => 0..block.users,
            Self::Item => block.users..block.sources.len(),
        }
    }

    fn destinations(self, block: &Block) -> std::ops::Range<usize> {
        match self {
            Self::User => 0..block.users,
            Self::Item => block.users..block.destinations,
        }
    }
}

/// The shape of one layer.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    index: usize,
    network: Network,
    aggregator: Aggregator,
    input: usize,
    pub output: usize,
    heads: usize,
    is_last: bool,
}

/// What burn made of one side's sources.
struct Before {
    x: Tensor<2>,
    /// Projections `[sources, heads * width]`, their scores as a source and as a destination `[sources, heads]`.
    attention: Option<[Tensor<2>; 3]>,
    pooled: Option<Tensor<2>>,
}

/// What burn made of one side's destinations.
struct After {
    own: Tensor<2>,
    messages: Option<Tensor<2>>,
    greatest: Option<Tensor<2>>,
    mean: Option<Tensor<2>>,
    out: Tensor<2>,
}

/// What the way back needs.
pub(super) struct Tape {
    before: [Option<Before>; 2],
    after: [Option<After>; 2],
    coefficients: Vec<f32>,
    winners: Vec<u32>,
    seen: Option<Seen>,
}

/// What an attention layer saw: [`Attention`] with its data.
struct Seen {
    values: Vec<f32>,
    left: Vec<f32>,
    right: Vec<f32>,
    alphas: Vec<f32>,
}

impl Tape {
    /// α, `[edges, heads]`; `None` for layers without attention.
    pub fn into_alphas(self) -> Option<Vec<f32>> {
        self.seen.map(|seen| seen.alphas)
    }
}

impl Layer {
    pub fn all(network: Network, settings: &GnnSettings) -> Vec<Self> {
        (0..settings.layers)
            .map(|index| Self {
                index,
                network,
                aggregator: settings.aggregator,
                input: settings.dim,
                output: settings.dim,
                heads: settings.heads,
                is_last: index + 1 == settings.layers,
            })
            .collect()
    }

    pub fn has_attention(&self) -> bool {
        self.network.has_attention()
    }

    pub fn heads(&self) -> usize {
        if self.has_attention() { self.heads } else { 0 }
    }

    fn has_pool(&self) -> bool {
        match self.network {
            Network::Sage => self.aggregator == Aggregator::MaxPool,
            Network::Gat => false,
            Network::Gaan => true,
        }
    }

    fn has_mean(&self) -> bool {
        match self.network {
            Network::Sage => self.aggregator != Aggregator::MaxPool,
            Network::Gat => false,
            Network::Gaan => true,
        }
    }

    /// Numbers of one head: heads are concatenated in hidden layers and averaged in the last.
    fn head_width(&self) -> usize {
        if self.is_last { self.output } else { self.output / self.heads }
    }

    fn name(&self, side: Side, part: &str) -> String {
        format!("{}.{}.{part}", self.index, side.name())
    }

    fn weight<'a>(&self, weights: &'a Weights, side: Side, part: &str) -> &'a Tensor<2> {
        &weights.tensors[&self.name(side, part)]
    }

    pub fn parameters(&self, rng: &mut impl Rng) -> Vec<(String, Parameter)> {
        let (input, output, heads) = (self.input, self.output, self.heads);
        let mut made = Vec::new();
        for side in Side::BOTH {
            let mut put = |part: &str, parameter: Parameter| made.push((self.name(side, part), parameter));
            put("self", Parameter::glorot(input, output, rng));
            put("bias", Parameter::zeros(1, output));
            if self.has_pool() {
                put("pool", Parameter::glorot(input, input, rng));
                put("pool-bias", Parameter::zeros(1, input));
            }
            match self.network {
                Network::Sage => put("neighbours", Parameter::glorot(input, output, rng)),
                Network::Gat | Network::Gaan => {
                    let all = heads * self.head_width();
                    put("project", Parameter::glorot(input, all, rng));
                    put("as-source", Parameter::glorot(heads, self.head_width(), rng));
                    put("as-destination", Parameter::glorot(heads, self.head_width(), rng));
                }
            }
            if self.network == Network::Gaan {
                for part in ["gate-self", "gate-greatest", "gate-mean"] {
                    put(part, Parameter::glorot(input, heads, rng));
                }
                put("gate-bias", Parameter::zeros(1, heads));
            }
        }
        made
    }

    /// `x`: one row a source of `block`. Gives one row a destination.
    pub fn forward(&self, block: &Block, x: &[f32], weights: &Weights) -> (Vec<f32>, Tape) {
        let input = self.input;
        let needs_sources = self.has_attention() || self.has_pool();
        let before = Side::BOTH.map(|side| {
            let range = side.sources(block);
            (needs_sources && !range.is_empty()).then(|| {
                let x = weights.leaf(x[range.start * input..range.end * input].to_vec(), input);
                self.before(x, side, weights)
            })
        });
        let joined = |pick: &dyn Fn(&Before) -> Tensor<2>| -> Vec<f32> {
            before.iter().flatten().flat_map(|side| numbers(pick(side))).collect()
        };

        let seen = self.has_attention().then(|| {
            let of = |place: usize| {
                joined(&|side: &Before| {
                    side.attention.as_ref().expect("attention layers project their sources")[place].clone()
                })
            };
            let (values, right, mut left) = (of(0), of(1), of(2));
            left.truncate(block.destinations * self.heads);
            let mut seen = Seen { values, left, right, alphas: Vec::new() };
            seen.alphas = self.attention(&seen).weights(block);
            seen
        });
        let messages = seen.as_ref().map(|seen| self.attention(seen).sum(block, &seen.alphas));
        let (greatest, winners) = if self.has_pool() {
            let pooled = joined(&|side: &Before| side.pooled.clone().expect("pooled layers pool"));
            let (greatest, winners) = aggregate::max(block, &pooled, input);
            (Some(greatest), winners)
        } else {
            (None, Vec::new())
        };
        let is_weighted = self.network == Network::Sage && self.aggregator == Aggregator::WeightedMean;
        let coefficients = if self.has_mean() { aggregate::mean_coefficients(block, is_weighted) } else { Vec::new() };
        let mean = self.has_mean().then(|| aggregate::sum(block, &coefficients, x, input));

        let mut out = Vec::with_capacity(block.destinations * self.output);
        let after = Side::BOTH.map(|side| {
            let range = side.destinations(block);
            (!range.is_empty()).then(|| {
                let leaf = |values: &[f32], columns: usize| {
                    weights.leaf(values[range.start * columns..range.end * columns].to_vec(), columns)
                };
                let mut after = After {
                    own: leaf(x, input),
                    messages: messages.as_ref().map(|values| leaf(values, self.heads * self.head_width())),
                    greatest: greatest.as_ref().map(|values| leaf(values, input)),
                    mean: mean.as_ref().map(|values| leaf(values, input)),
                    out: Tensor::zeros([1, 1], &weights.device),
                };
                after.out = self.after(&after, side, weights);
                out.extend(numbers(after.out.clone()));
                after
            })
        });
        (out, Tape { before, after, coefficients, winners, seen })
    }

    fn attention<'a>(&self, seen: &'a Seen) -> Attention<'a> {
        Attention {
            heads: self.heads,
            width: self.head_width(),
            values: &seen.values,
            left: &seen.left,
            right: &seen.right,
        }
    }

    fn before(&self, x: Tensor<2>, side: Side, weights: &Weights) -> Before {
        let weight = |part: &str| self.weight(weights, side, part).clone();
        let attention = self.has_attention().then(|| {
            let projected = x.clone().matmul(weight("project"));
            let [rows, all] = projected.dims();
            let (heads, width) = (self.heads, self.head_width());
            let score = |part: &str| {
                let by_head = projected.clone() * weight(part).reshape([1, all]);
                by_head.reshape([rows, heads, width]).sum_dim(2).reshape([rows, heads])
            };
            [projected.clone(), score("as-source"), score("as-destination")]
        });
        let pooled = self.has_pool().then(|| activation::relu(x.clone().matmul(weight("pool")) + weight("pool-bias")));
        Before { x, attention, pooled }
    }

    fn after(&self, after: &After, side: Side, weights: &Weights) -> Tensor<2> {
        let weight = |part: &str| self.weight(weights, side, part).clone();
        let own = after.own.clone().matmul(weight("self")) + weight("bias");
        let given = |tensor: &Option<Tensor<2>>| tensor.clone().expect("the layer made these messages");
        let all = match self.network {
            Network::Sage => {
                let messages = if self.has_pool() { given(&after.greatest) } else { given(&after.mean) };
                own + messages.matmul(weight("neighbours"))
            }
            Network::Gat | Network::Gaan => {
                let [rows, _] = after.own.dims();
                let (heads, width) = (self.heads, self.head_width());
                let mut messages = given(&after.messages).reshape([rows, heads, width]);
                if self.network == Network::Gaan {
                    let gate = after.own.clone().matmul(weight("gate-self"))
                        + given(&after.greatest).matmul(weight("gate-greatest"))
                        + given(&after.mean).matmul(weight("gate-mean"))
                        + weight("gate-bias");
                    messages = messages * activation::sigmoid(gate).reshape([rows, heads, 1]);
                }
                own + if self.is_last {
                    messages.mean_dim(1).reshape([rows, width])
                } else {
                    messages.reshape([rows, heads * width])
                }
            }
        };
        match (self.is_last, self.network) {
            (true, _) => all,
            (false, Network::Sage) => activation::relu(all),
            (false, Network::Gat | Network::Gaan) => activation::elu(all, 1.0),
        }
    }

    /// From the gradient of what [`Layer::forward`] gave, `[destinations, output]`, to that of its `x`, and of the
    /// weights, which are added to `dense`.
    pub fn back(
        &self,
        block: &Block,
        tape: Tape,
        gradient: &[f32],
        weights: &Weights,
        dense: &mut DenseGradients,
    ) -> Vec<f32> {
        let input = self.input;
        let mut of_x = vec![0f32; block.sources.len() * input];
        let (mut of_messages, mut of_greatest, mut of_mean) = (Vec::new(), Vec::new(), Vec::new());
        for (side, after) in Side::BOTH.into_iter().zip(tape.after) {
            let Some(after) = after else { continue };
            let range = side.destinations(block);
            let own = &gradient[range.start * self.output..range.end * self.output];
            let upstream = tensor(own.to_vec(), self.output, &weights.device);
            let slopes = (after.out * upstream).sum().backward();
            let slope = |leaf: &Tensor<2>| leaf.grad(&slopes).map(numbers).unwrap_or_default();
            aggregate::add_scaled(&mut of_x[range.start * input..range.end * input], &slope(&after.own), 1.0);
            for (leaf, all) in
                [(&after.messages, &mut of_messages), (&after.greatest, &mut of_greatest), (&after.mean, &mut of_mean)]
            {
                all.extend(leaf.as_ref().map(&slope).unwrap_or_default());
            }
            self.collect(side, weights, &slopes, dense);
        }
        if self.has_mean() {
            let back = aggregate::sum_back(block, &tape.coefficients, &of_mean, input);
            aggregate::add_scaled(&mut of_x, &back, 1.0);
        }
        let of_pooled = self.has_pool().then(|| aggregate::max_back(block, &tape.winners, &of_greatest, input));
        let of_attention = tape.seen.as_ref().map(|seen| self.attention(seen).back(block, &seen.alphas, &of_messages));
        for (side, before) in Side::BOTH.into_iter().zip(tape.before) {
            let Some(before) = before else { continue };
            let range = side.sources(block);
            let part = |values: &[f32], columns: usize| {
                tensor(values[range.start * columns..range.end * columns].to_vec(), columns, &weights.device)
            };
            let mut sums = Vec::new();
            if let (Some([values, right, left]), Some(of)) = (before.attention, &of_attention) {
                sums.push((values * part(&of.values, self.heads * self.head_width())).sum());
                sums.push((right * part(&of.right, self.heads)).sum());
                let ends = side.destinations(block);
                if !ends.is_empty() {
                    let of_left = &of.left[ends.start * self.heads..ends.end * self.heads];
                    let of_left = tensor(of_left.to_vec(), self.heads, &weights.device);
                    sums.push((left.slice([0..ends.len(), 0..self.heads]) * of_left).sum());
                }
            }
            if let (Some(pooled), Some(of)) = (before.pooled, &of_pooled) {
                sums.push((pooled * part(of, input)).sum());
            }
            let Some(sum) = sums.into_iter().reduce(|one, other| one + other) else { continue };
            let slopes = sum.backward();
            if let Some(own) = before.x.grad(&slopes) {
                aggregate::add_scaled(&mut of_x[range.start * input..range.end * input], &numbers(own), 1.0);
            }
            self.collect(side, weights, &slopes, dense);
        }
        of_x
    }

    /// Adds what `slopes` says of this layer's weights.
    fn collect(&self, side: Side, weights: &Weights, slopes: &burn::tensor::Gradients, dense: &mut DenseGradients) {
        let prefix = self.name(side, "");
        for (name, tensor) in weights.tensors.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix))
        {
            let Some(own) = tensor.grad(slopes) else { continue };
            let own = numbers(own);
            match dense.get_mut(name) {
                Some(sum) => aggregate::add_scaled(sum, &own, 1.0),
                None => drop(dense.insert(name.clone(), own)),
            }
        }
    }
}
