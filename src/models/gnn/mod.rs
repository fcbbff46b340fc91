//! Graph networks over users and items (algorithms, sections 5 and 6): GraphSAGE, GAT and GaAN.
//!
//! Attributes and ids become rows of an embedding table ([`features`]); a batch's part of the graph becomes blocks of
//! unique nodes ([`crate::graph::BlockSampler`]); layers pass messages along them; the loss compares users with items.

mod aggregate;
mod batch;
mod features;
mod infer;
mod layers;
mod loss;
mod parameters;
mod products;
mod settings;
mod step;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod train;

// What other models are trained with.
pub(super) use aggregate::{add_scaled, by_rows, dot, row};
pub(super) use batch::{Gathered, drop_out, epoch_len, order, rng_at};
pub use features::{Features, Field};
pub use infer::{AttentionLayer, Encoder, ItemLayers, Neighbourhood};
pub(super) use loss::{Targets, loss};
pub(super) use parameters::Rates;
pub use parameters::{Parameter, Parameters};
pub(super) use products::{Products, rows_mut, whole};
pub use settings::{Aggregator, FeatureMode, GnnSettings, Loss, Network};
pub use step::{StepBench, StepCost, fits};
pub use train::{Checkpoint, Checkpoints, NoCheckpoints, Trained, TrainingData, train};

use crate::{models::device::DeviceError, task::Cancelled};

/// Why there is no graph network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GnnError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("the setting `{name}` is {value}: {mend}")]
    Setting { name: &'static str, value: String, mend: String },
    #[error(
        "training broke off in epoch {epoch}: the loss is no finite number; lower `learning_rate`, or raise `temperature`"
    )]
    NotFinite { epoch: usize },
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(
        "the device `{device}` computes other gradients than the processor (off by {distance:.1e} of their length): set \
         `device = \"cpu\"`, or update the device's driver"
    )]
    Differs { device: String, distance: f64 },
    #[error("the training part holds no interaction to learn from; choose a longer training part")]
    NoPairs,
}

impl GnnSettings {
    /// Refuses what no network can be made of.
    pub fn check(&self, network: Network) -> Result<(), GnnError> {
        let fail = |name, value: String, mend: &str| Err(GnnError::Setting { name, value, mend: mend.to_owned() });
        if self.dim == 0 {
            return fail("dim", "0".to_owned(), "choose at least 1");
        }
        if self.layers == 0 || self.layers > 3 {
            return fail("layers", self.layers.to_string(), "choose 1, 2 or 3");
        }
        if network != Network::Sage && (self.heads == 0 || !self.dim.is_multiple_of(self.heads)) {
            return fail("heads", self.heads.to_string(), &format!("choose a divisor of `dim`, {}", self.dim));
        }
        if self.batch == 0 {
            return fail("batch", "0".to_owned(), "choose at least 1");
        }
        if self.temperature.is_nan() || self.temperature <= 0.0 {
            return fail("temperature", self.temperature.to_string(), "choose a number above 0");
        }
        Ok(())
    }

    /// Neighbours per hop, `None` for all.
    fn hops(&self) -> Vec<Option<usize>> {
        (0..self.layers)
            .map(|hop| self.fan_outs.get(hop).or(self.fan_outs.last()).copied().filter(|&fan_out| fan_out > 0))
            .collect()
    }
}
