//! What can be chosen about a graph network.

use serde::{Deserialize, Serialize};

use crate::graph::Draw;

/// How a node takes in its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    /// GraphSAGE (Hamilton et al., 2017).
    Sage,
    /// Graph attention (Veličković et al., 2018).
    Gat,
    /// Gated attention (Zhang et al., 2018): a gate per head.
    Gaan,
}

impl Network {
    pub fn has_attention(self) -> bool {
        self != Self::Sage
    }
}

/// GraphSAGE's aggregator.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregator {
    #[default]
    Mean,
    /// The mean by the weights of edges.
    WeightedMean,
    /// The greatest value per dimension after a layer of its own.
    MaxPool,
}

/// What a node is described by before messages pass (algorithms, section 3).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureMode {
    Id,
    Attributes,
    #[default]
    IdAttributes,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Loss {
    /// Cross entropy over the items of the batch and some more, corrected for how often each is drawn (logQ).
    #[default]
    Softmax,
    /// Binary cross entropy of the positive and sampled negatives.
    Bce,
}

/// Training and shape of a graph network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GnnSettings {
    pub features: FeatureMode,
    /// Numbers a vector has.
    pub dim: usize,
    /// K: how many times messages pass.
    pub layers: usize,
    /// Neighbours a node takes in, hop by hop from the node that is asked for; 0: all. The last one stands for any
    /// further hop.
    pub fan_outs: Vec<usize>,
    /// Which neighbours of users and of items are taken where there are more than the fan-out.
    pub draw_users: Draw,
    pub draw_items: Draw,
    /// Item-item neighbours that messages pass along, of those that the graph keeps.
    pub item_neighbours: usize,
    /// Items of a user that he is encoded from when he asks, those that weigh most; 0: all.
    pub user_neighbours: usize,
    /// GraphSAGE only.
    pub aggregator: Aggregator,
    /// Attention only: heads, concatenated in hidden layers and averaged in the last.
    pub heads: usize,
    /// Share of the first layer's inputs left out at random while training.
    pub dropout: f64,
    /// Share of ids hidden while training, so that attributes alone come to tell something.
    pub id_dropout: f64,
    /// Share of a batch's users that are shown as if they had just come, without id and with four interactions at most:
    /// nobody in training is new, and what is never seen is never learned (DropoutNet; Volkovs et al., 2017).
    pub newcomers: f64,
    /// Days in which the chance of an interaction to be learned from in an epoch falls to half, counted back from the
    /// reference time; `None`: all are learned from alike. Splits without a reference time know no age.
    pub half_life_days: Option<f64>,
    pub loss: Loss,
    /// Cosines are divided by it before the softmax.
    pub temperature: f64,
    /// Items drawn beside those of the batch: all others compete with them too.
    pub negatives: usize,
    /// Pairs (user, item) a step.
    pub batch: usize,
    pub epochs: usize,
    /// Epochs without a better validation before training ends.
    pub patience: usize,
    /// Share of the interactions that is held out to choose the epoch, the users' last ones.
    pub validation: f64,
    /// Of the rows of the embedding table, and of the dense layers.
    pub learning_rate: f64,
    pub dense_learning_rate: f64,
    /// Where the products of a training are computed, see [`crate::models::device`].
    pub device: String,
    /// 0: all processors. With 1 the same seed gives the same bytes.
    pub threads: usize,
    pub seed: u64,
}

impl Default for GnnSettings {
    fn default() -> Self {
        Self {
            features: FeatureMode::IdAttributes,
            dim: 64,
            layers: 2,
            fan_outs: vec![0],
            draw_users: Draw::Uniform,
            draw_items: Draw::Falling,
            item_neighbours: 100,
            user_neighbours: 0,
            aggregator: Aggregator::Mean,
            heads: 4,
            dropout: 0.15,
            id_dropout: 0.1,
            newcomers: 0.1,
            half_life_days: Some(10.0),
            loss: Loss::Softmax,
            temperature: 0.15,
            negatives: 2_048,
            batch: 1_024,
            epochs: 20,
            patience: 5,
            validation: 0.05,
            learning_rate: 0.01,
            dense_learning_rate: 0.001,
            device: crate::models::device::PROCESSOR.to_owned(),
            threads: 0,
            seed: 42,
        }
    }
}

impl GnnSettings {
    /// The defaults of a network.
    pub fn of(network: Network) -> Self {
        match network {
            Network::Sage => Self::default(),
            // An epoch takes four times as long, and brings more.
            Network::Gat => Self { epochs: 12, ..Self::default() },
            Network::Gaan => Self { epochs: 5, ..Self::default() },
        }
    }
}
