//! One layer: how a node's vector is made of its own and its neighbours'.
//!
//! Messages are gathered along edges first, from the vectors as they came ([`super::aggregate`]), and only what arrived is
//! multiplied with weights: destinations are far fewer than sources, and a sum of products is the product of the sum.
//! Attention keeps this order, head by head: Σ α W h = W Σ α h, and its scores aᵀ W h need only the vector aᵀ W. Users
//! and items have weights of their own, those of the node that takes in.

use std::{collections::BTreeMap, ops::Range};

use faer::{MatMut, MatRef, prelude::ReborrowMut as _};
use rand::Rng;
use rayon::prelude::*;

use super::{
    aggregate::{self, Attention, add_scaled},
    parameters::Parameter,
    products::{Products, rows, rows_mut, whole},
    settings::{Aggregator, GnnSettings, Network},
};
use crate::{graph::Block, models::wide::wide};

/// Dense parameters by name.
pub(super) type Dense = BTreeMap<String, Parameter>;
/// Their gradients.
pub(super) type DenseGradients = BTreeMap<String, Vec<f32>>;

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

    fn sources(self, block: &Block) -> Range<usize> {
        match self {
            Self::User => 0..block.users,
            Self::Item => block.users..block.sources.len(),
        }
    }

    fn destinations(self, block: &Block) -> Range<usize> {
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
    products: Products,
}

/// What the way back needs beside the layer's input and output. Empty where the network has no such part.
#[derive(Debug, Default)]
pub(super) struct Tape {
    /// `[edges]`
    coefficients: Vec<f32>,
    /// `[destinations, input]`
    mean: Vec<f32>,
    /// `[sources, input]`
    pooled: Vec<f32>,
    /// `[destinations, input]`, and the edges that they came along.
    greatest: Vec<f32>,
    winners: Vec<u32>,
    /// `[destinations, heads]` and `[sources, 2 * heads]`, see [`Attention`].
    left: Vec<f32>,
    right: Vec<f32>,
    /// `[edges, heads]`
    alphas: Vec<f32>,
    /// Σ α h by head, `[destinations, heads * input]`
    gathered: Vec<f32>,
    /// `[destinations, heads]`
    gates: Vec<f32>,
}

impl Tape {
    /// α, `[edges, heads]`; `None` for layers without attention.
    pub fn into_alphas(self) -> Option<Vec<f32>> {
        (!self.alphas.is_empty()).then_some(self.alphas)
    }
}

impl Layer {
    pub fn all(network: Network, settings: &GnnSettings, products: &Products) -> Vec<Self> {
        (0..settings.layers)
            .map(|index| Self {
                index,
                network,
                aggregator: settings.aggregator,
                input: settings.dim,
                output: settings.dim,
                heads: settings.heads,
                is_last: index + 1 == settings.layers,
                products: products.clone(),
            })
            .collect()
    }

    fn has_attention(&self) -> bool {
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

    /// Columns of the output that a head adds to, and what its numbers count there.
    fn head_place(&self, head: usize) -> (usize, f32) {
        if self.is_last { (0, 1.0 / self.heads as f32) } else { (head * self.head_width(), 1.0) }
    }

    fn name(&self, side: Side, part: &str) -> String {
        format!("{}.{}.{part}", self.index, side.name())
    }

    fn weight<'a>(&self, dense: &'a Dense, side: Side, part: &str) -> &'a Parameter {
        &dense[&self.name(side, part)]
    }

    fn matrix<'a>(&self, dense: &'a Dense, side: Side, part: &str) -> MatRef<'a, f32> {
        let parameter = self.weight(dense, side, part);
        whole(&parameter.values, parameter.columns)
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
                    put("message", Parameter::glorot(input, all, rng));
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
    pub fn forward(&self, block: &Block, x: &[f32], dense: &Dense) -> (Vec<f32>, Tape) {
        let input = self.input;
        let mut tape = Tape::default();
        if self.has_mean() {
            let is_weighted = self.network == Network::Sage && self.aggregator == Aggregator::WeightedMean;
            tape.coefficients = aggregate::mean_coefficients(block, is_weighted);
            tape.mean = aggregate::sum(block, &tape.coefficients, x, input);
        }
        if self.has_pool() {
            tape.pooled = self.pooled(block, x, dense);
            (tape.greatest, tape.winners) = aggregate::max(block, &tape.pooled, input);
        }
        if self.has_attention() {
            (tape.left, tape.right) = self.scores(block, x, dense);
            tape.alphas = self.attention(x, &tape).weights(block);
            tape.gathered = self.attention(x, &tape).sum(block, &tape.alphas);
        }
        if self.network == Network::Gaan {
            tape.gates = self.gates(block, x, &tape, dense);
        }

        let mut out = vec![0f32; block.destinations * self.output];
        let gated = self.gated(&tape);
        for side in Side::BOTH {
            let range = side.destinations(block);
            if range.is_empty() {
                continue;
            }
            let bias = &self.weight(dense, side, "bias").values;
            out[range.start * self.output..range.end * self.output]
                .chunks_exact_mut(self.output)
                .for_each(|row| row.copy_from_slice(bias));
            let mut into = rows_mut(&mut out, self.output, range.clone());
            self.products.add(into.rb_mut(), rows(x, input, range.clone()), self.matrix(dense, side, "self"), 1.0);
            if self.has_attention() {
                let (all, width) = (self.heads * input, self.head_width());
                let weight = self.matrix(dense, side, "message");
                for head in 0..self.heads {
                    let (column, scale) = self.head_place(head);
                    let own = rows(&gated, all, range.clone()).subcols(head * input, input);
                    let into = into.rb_mut().subcols_mut(column, width);
                    self.products.add(into, own, weight.subcols(head * width, width), scale);
                }
            } else {
                let messages = if self.has_pool() { &tape.greatest } else { &tape.mean };
                self.products.add(into, rows(messages, input, range), self.matrix(dense, side, "neighbours"), 1.0);
            }
        }
        self.activate(&mut out);
        (out, tape)
    }

    fn activate(&self, values: &mut [f32]) {
        if !self.is_last {
            if self.network == Network::Sage {
                by_parts(
                    values,
                    #[inline(always)]
                    |value| *value = value.max(0.0),
                );
            } else {
                by_parts(
                    values,
                    #[inline(always)]
                    |value| *value = if *value < 0.0 { aggregate::exp(*value) - 1.0 } else { *value },
                );
            }
        }
    }

    /// Multiplies `gradient` with the activation's slope where it gave `out`.
    fn activate_back(&self, gradient: &mut [f32], out: &[f32]) {
        if !self.is_last {
            let is_relu = self.network == Network::Sage;
            gradient.par_chunks_mut(PART).zip(out.par_chunks(PART)).for_each(|(gradient, out)| {
                for (gradient, &out) in gradient.iter_mut().zip(out) {
                    // The slope of exp(x) - 1 is itself + 1.
                    let slope = if out > 0.0 { 1.0 } else { out + 1.0 };
                    *gradient *= if is_relu { f32::from(u8::from(out > 0.0)) } else { slope };
                }
            });
        }
    }

    fn attention<'a>(&self, x: &'a [f32], tape: &'a Tape) -> Attention<'a> {
        Attention { heads: self.heads, width: self.input, values: x, left: &tape.left, right: &tape.right }
    }

    /// aᵀ W by head, `[input, heads]`, for the half of a that `part` names.
    fn scorer(&self, dense: &Dense, side: Side, part: &str) -> Vec<f32> {
        let width = self.head_width();
        let (message, score) = (self.weight(dense, side, "message"), self.weight(dense, side, part));
        message
            .values
            .chunks_exact(message.columns)
            .flat_map(|row| row.chunks_exact(width).zip(score.values.chunks_exact(width)))
            .map(|(row, score)| aggregate::dot(row, score))
            .collect()
    }

    /// The gradient of [`Layer::scorer`], `[input, heads]`, handed on to the weights that it was made of.
    fn scorer_back(&self, dense: &Dense, side: Side, part: &str, gradient: &[f32], into: &mut DenseGradients) {
        let (width, heads) = (self.head_width(), self.heads);
        let (message, score) = (self.weight(dense, side, "message"), self.weight(dense, side, part));
        let (mut of_message, mut of_score) = (vec![0f32; message.values.len()], vec![0f32; score.values.len()]);
        for (place, &slope) in gradient.iter().enumerate() {
            let (row, head) = (place / heads, place % heads);
            let own = row * message.columns + head * width..row * message.columns + (head + 1) * width;
            let half = head * width..(head + 1) * width;
            add_scaled(&mut of_message[own.clone()], &score.values[half.clone()], slope);
            add_scaled(&mut of_score[half], &message.values[own], slope);
        }
        collect(into, self.name(side, "message"), of_message);
        collect(into, self.name(side, part), of_score);
    }

    /// [`Layer::scorer`] as a source for users and for items beside each other, `[input, 2 * heads]`.
    fn source_scorers(&self, dense: &Dense) -> Vec<f32> {
        let of = Side::BOTH.map(|side| self.scorer(dense, side, "as-source"));
        let by_row = of[0].chunks_exact(self.heads).zip(of[1].chunks_exact(self.heads));
        by_row.flat_map(|(user, item)| user.iter().chain(item)).copied().collect()
    }

    /// Both halves of attention's scores, `[destinations, heads]` and `[sources, 2 * heads]`.
    fn scores(&self, block: &Block, x: &[f32], dense: &Dense) -> (Vec<f32>, Vec<f32>) {
        let (input, heads) = (self.input, self.heads);
        let mut left = vec![0f32; block.destinations * heads];
        for side in Side::BOTH {
            let range = side.destinations(block);
            let scorer = self.scorer(dense, side, "as-destination");
            let into = rows_mut(&mut left, heads, range.clone());
            self.products.add(into, rows(x, input, range), whole(&scorer, heads), 1.0);
        }
        (left, self.products.of(whole(x, input), whole(&self.source_scorers(dense), 2 * heads)))
    }

    /// relu(W h + b) per source, `[sources, input]`.
    fn pooled(&self, block: &Block, x: &[f32], dense: &Dense) -> Vec<f32> {
        let input = self.input;
        let mut out = vec![0f32; x.len()];
        for side in Side::BOTH {
            let range = side.sources(block);
            let bias = &self.weight(dense, side, "pool-bias").values;
            out[range.start * input..range.end * input]
                .chunks_exact_mut(input)
                .for_each(|row| row.copy_from_slice(bias));
            let into = rows_mut(&mut out, input, range.clone());
            self.products.add(into, rows(x, input, range), self.matrix(dense, side, "pool"), 1.0);
        }
        by_parts(
            &mut out,
            #[inline(always)]
            |value| *value = value.max(0.0),
        );
        out
    }

    /// What GaAN's gates look at: part of the weights, and its values by destination.
    fn gate_inputs<'a>(x: &'a [f32], tape: &'a Tape) -> [(&'static str, &'a [f32]); 3] {
        [("gate-self", x), ("gate-greatest", &tape.greatest), ("gate-mean", &tape.mean)]
    }

    /// One gate a head, `[destinations, heads]` (Zhang et al., 2018, equation 3).
    fn gates(&self, block: &Block, x: &[f32], tape: &Tape, dense: &Dense) -> Vec<f32> {
        let (input, heads) = (self.input, self.heads);
        let mut gates = vec![0f32; block.destinations * heads];
        for side in Side::BOTH {
            let range = side.destinations(block);
            let bias = &self.weight(dense, side, "gate-bias").values;
            gates[range.start * heads..range.end * heads]
                .chunks_exact_mut(heads)
                .for_each(|row| row.copy_from_slice(bias));
            for (part, values) in Self::gate_inputs(x, tape) {
                let into = rows_mut(&mut gates, heads, range.clone());
                self.products.add(into, rows(values, input, range.clone()), self.matrix(dense, side, part), 1.0);
            }
        }
        by_parts(
            &mut gates,
            #[inline(always)]
            |value| *value = 1.0 / (1.0 + aggregate::exp(-*value)),
        );
        gates
    }

    /// What attention gathered, each head times its gate if it has one.
    fn gated<'a>(&self, tape: &'a Tape) -> std::borrow::Cow<'a, [f32]> {
        if tape.gates.is_empty() {
            return (&tape.gathered[..]).into();
        }
        let mut gated = tape.gathered.clone();
        scale_parts(&mut gated, &tape.gates, self.input);
        gated.into()
    }

    /// From `gradient`, that of `out`, `[destinations, output]`, which [`Layer::forward`] gave for `x`, to that of `x`,
    /// and of the weights, which are added to `into`.
    #[allow(clippy::too_many_arguments)]
    pub fn back(
        &self,
        block: &Block,
        tape: &Tape,
        x: &[f32],
        out: &[f32],
        mut gradient: Vec<f32>,
        dense: &Dense,
        into: &mut DenseGradients,
    ) -> Vec<f32> {
        let (input, output) = (self.input, self.output);
        self.activate_back(&mut gradient, out);
        let zeros = |is_there: bool, width: usize| vec![0f32; if is_there { block.destinations * width } else { 0 }];
        let mut of_x = vec![0f32; x.len()];
        let mut of_mean = zeros(self.has_mean(), input);
        let mut of_greatest = zeros(self.has_pool(), input);
        let mut of_gated = zeros(self.has_attention(), self.heads * input);
        let gated = self.gated(tape);
        for side in Side::BOTH {
            let range = side.destinations(block);
            if range.is_empty() {
                continue;
            }
            let own = rows(&gradient, output, range.clone());
            collect(into, self.name(side, "bias"), column_sums(&gradient, output, range.clone()));
            self.linear_back(side, "self", rows(x, input, range.clone()), own, dense, into, {
                rows_mut(&mut of_x, input, range.clone())
            });
            if self.has_attention() {
                let (all, width) = (self.heads * input, self.head_width());
                let weight = self.matrix(dense, side, "message");
                let mut of_weight = vec![0f32; input * weight.ncols()];
                for head in 0..self.heads {
                    let (column, scale) = self.head_place(head);
                    let own = own.subcols(column, width);
                    let arrived = rows(&gated, all, range.clone()).subcols(head * input, input);
                    let columns = weight.ncols();
                    let of_head = rows_mut(&mut of_weight, columns, 0..input).subcols_mut(head * width, width);
                    self.products.add(of_head, arrived.transpose(), own, scale);
                    let back = rows_mut(&mut of_gated, all, range.clone()).subcols_mut(head * input, input);
                    self.products.add(back, own, weight.subcols(head * width, width).transpose(), scale);
                }
                collect(into, self.name(side, "message"), of_weight);
            } else {
                let (messages, of_messages) =
                    if self.has_pool() { (&tape.greatest, &mut of_greatest) } else { (&tape.mean, &mut of_mean) };
                self.linear_back(side, "neighbours", rows(messages, input, range.clone()), own, dense, into, {
                    rows_mut(of_messages, input, range)
                });
            }
        }
        drop(gated);
        if self.network == Network::Gaan {
            self.gates_back(block, tape, x, &mut of_gated, dense, into, [&mut of_x, &mut of_greatest, &mut of_mean]);
        }
        if self.has_mean() {
            aggregate::add_sum_back(block, &tape.coefficients, &of_mean, input, &mut of_x);
        }
        if self.has_pool() {
            self.pooled_back(block, tape, x, &of_greatest, dense, into, &mut of_x);
        }
        if self.has_attention() {
            self.attention_back(block, tape, x, &of_gated, dense, into, &mut of_x);
        }
        of_x
    }

    /// Back through `values` · W: adds W's gradient to `into` and that of the values to `of_values`.
    #[allow(clippy::too_many_arguments)]
    fn linear_back(
        &self,
        side: Side,
        part: &str,
        values: MatRef<'_, f32>,
        gradient: MatRef<'_, f32>,
        dense: &Dense,
        into: &mut DenseGradients,
        of_values: MatMut<'_, f32>,
    ) {
        collect(into, self.name(side, part), self.products.of(values.transpose(), gradient));
        self.products.add(of_values, gradient, self.matrix(dense, side, part).transpose(), 1.0);
    }

    /// Turns the gradient of what was gated into that of what was gathered, in place; `of_inputs` in the order of
    /// [`Layer::gate_inputs`].
    #[allow(clippy::too_many_arguments)]
    fn gates_back(
        &self,
        block: &Block,
        tape: &Tape,
        x: &[f32],
        of_gated: &mut [f32],
        dense: &Dense,
        into: &mut DenseGradients,
        mut of_inputs: [&mut Vec<f32>; 3],
    ) {
        let (input, heads) = (self.input, self.heads);
        let of_gates = aggregate::by_rows(
            block.destinations * heads,
            1,
            #[inline(always)]
            |place, out| {
                let part = place * input..(place + 1) * input;
                let gate = tape.gates[place];
                out[0] = aggregate::dot(&of_gated[part.clone()], &tape.gathered[part]) * gate * (1.0 - gate);
            },
        );
        scale_parts(of_gated, &tape.gates, input);
        for side in Side::BOTH {
            let range = side.destinations(block);
            if range.is_empty() {
                continue;
            }
            collect(into, self.name(side, "gate-bias"), column_sums(&of_gates, heads, range.clone()));
            let own = rows(&of_gates, heads, range.clone());
            for ((part, values), of_values) in Self::gate_inputs(x, tape).into_iter().zip(&mut of_inputs) {
                self.linear_back(side, part, rows(values, input, range.clone()), own, dense, into, {
                    rows_mut(of_values, input, range.clone())
                });
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn pooled_back(
        &self,
        block: &Block,
        tape: &Tape,
        x: &[f32],
        of_greatest: &[f32],
        dense: &Dense,
        into: &mut DenseGradients,
        of_x: &mut [f32],
    ) {
        let input = self.input;
        let mut of_pooled = aggregate::max_back(block, &tape.winners, of_greatest, input);
        of_pooled.par_chunks_mut(PART).zip(tape.pooled.par_chunks(PART)).for_each(|(gradient, pooled)| {
            for (gradient, &pooled) in gradient.iter_mut().zip(pooled) {
                *gradient *= f32::from(u8::from(pooled > 0.0));
            }
        });
        for side in Side::BOTH {
            let range = side.sources(block);
            if range.is_empty() {
                continue;
            }
            collect(into, self.name(side, "pool-bias"), column_sums(&of_pooled, input, range.clone()));
            let own = rows(&of_pooled, input, range.clone());
            self.linear_back(side, "pool", rows(x, input, range.clone()), own, dense, into, {
                rows_mut(of_x, input, range)
            });
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn attention_back(
        &self,
        block: &Block,
        tape: &Tape,
        x: &[f32],
        of_gathered: &[f32],
        dense: &Dense,
        into: &mut DenseGradients,
        of_x: &mut [f32],
    ) {
        let (input, heads) = (self.input, self.heads);
        let of = self.attention(x, tape).add_back(block, &tape.alphas, of_gathered, of_x);
        let of_right = whole(&of.right, 2 * heads);
        let scorers = self.source_scorers(dense);
        self.products.add(
            rows_mut(of_x, input, 0..block.sources.len()),
            of_right,
            whole(&scorers, 2 * heads).transpose(),
            1.0,
        );
        for (place, side) in Side::BOTH.into_iter().enumerate() {
            let range = side.destinations(block);
            if range.is_empty() {
                continue;
            }
            let of_scorer = self.products.of(whole(x, input).transpose(), of_right.subcols(place * heads, heads));
            self.scorer_back(dense, side, "as-source", &of_scorer, into);
            let own = rows(&of.left, heads, range.clone());
            let of_scorer = self.products.of(rows(x, input, range.clone()).transpose(), own);
            self.scorer_back(dense, side, "as-destination", &of_scorer, into);
            let scorer = self.scorer(dense, side, "as-destination");
            self.products.add(rows_mut(of_x, input, range), own, whole(&scorer, heads).transpose(), 1.0);
        }
    }
}

/// Numbers that one task changes.
const PART: usize = 16_384;

fn by_parts(values: &mut [f32], change: impl Fn(&mut f32) + Sync) {
    values.par_chunks_mut(PART).for_each(|part| {
        wide(
            #[inline(always)]
            || part.iter_mut().for_each(&change),
        );
    });
}

/// Multiplies each run of `width` numbers with a factor of its own.
fn scale_parts(values: &mut [f32], factors: &[f32], width: usize) {
    aggregate::each_row(
        values,
        width,
        #[inline(always)]
        |place, part| {
            part.iter_mut().for_each(|value| *value *= factors[place]);
        },
    );
}

fn column_sums(values: &[f32], columns: usize, range: Range<usize>) -> Vec<f32> {
    let mut sums = vec![0f32; columns];
    for row in values[range.start * columns..range.end * columns].chunks_exact(columns) {
        add_scaled(&mut sums, row, 1.0);
    }
    sums
}

fn collect(into: &mut DenseGradients, name: String, gradient: Vec<f32>) {
    match into.get_mut(&name) {
        Some(sum) => add_scaled(sum, &gradient, 1.0),
        None => drop(into.insert(name, gradient)),
    }
}
