//! What shapes a cover model.

use serde::{Deserialize, Serialize};

use super::{CoverError, Depth, Resnet};
use crate::dataset::TagLevel;

/// Which weights are trained.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tuning {
    #[default]
    All,
    /// The last stage and the two layers behind it.
    LastStage,
    /// The two layers alone, on features that are computed once.
    Frozen,
}

/// How the learning rate goes, after a short rise.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    #[default]
    Cosine,
    Linear,
    Constant,
}

/// How a picture of any shape becomes a square.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// The whole picture, its sides made equal.
    #[default]
    Stretch,
    /// The middle, as networks of photographs are trained.
    Crop,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CoverSettings {
    /// Which tags it learns.
    pub level: TagLevel,
    pub backbone: Depth,
    /// A checkpoint of torchvision's to begin with, `.pth` or `.safetensors`; empty: from random weights.
    pub checkpoint: String,
    pub tuning: Tuning,
    /// Side of what the network sees, in pixels; 0: by the number of covers.
    pub side: usize,
    /// Whether the first map is pooled, as torchvision does.
    pub max_pool: bool,
    pub framing: Framing,
    /// Length of the cover vector.
    pub dim: usize,
    /// 0: by the number of covers.
    pub epochs: usize,
    pub batch: usize,
    pub learning_rate: f64,
    pub schedule: Schedule,
    pub weight_decay: f64,
    pub label_smoothing: f64,
    /// How far rare tags count more: weights are (mean count / count) to this power; 0: all covers count alike.
    pub class_balance: f64,
    /// Share of a side by which crops wander.
    pub crop: f64,
    pub flip: bool,
    /// How far brightness, contrast and saturation wander.
    pub colour: f64,
    /// Share of the covers that is held out, and measured.
    pub held_out: f64,
    /// Share of the others that chooses the epoch.
    pub validation: f64,
    /// Epochs without a rise after which training ends.
    pub patience: usize,
    /// At most so many covers are learnt from: they stay in memory.
    pub most_covers: usize,
    /// 0: all processors.
    pub threads: usize,
    pub seed: u64,
}

impl Default for CoverSettings {
    fn default() -> Self {
        Self {
            level: TagLevel::Level2,
            backbone: Depth::Resnet18,
            checkpoint: String::new(),
            tuning: Tuning::All,
            side: 0,
            max_pool: true,
            framing: Framing::Stretch,
            dim: 128,
            epochs: 0,
            batch: 32,
            learning_rate: 0.05,
            schedule: Schedule::Cosine,
            weight_decay: 5e-4,
            label_smoothing: 0.1,
            class_balance: 0.0,
            crop: 0.125,
            flip: true,
            colour: 0.1,
            held_out: 0.2,
            validation: 0.1,
            patience: 15,
            most_covers: 12_000,
            threads: 0,
            seed: 42,
        }
    }
}

/// Up to so many covers a large input pays; with more of them two cores cannot carry it.
const FEW_COVERS: usize = 1_000;
/// Pictures, an epoch's each once, that a network needs which begins at random: of a small collection, and of one in which
/// more different ones teach the same with fewer repetitions.
const PICTURES_SEEN: [usize; 2] = [60_000, 50_000];
/// Up to so many covers a collection is small.
const SMALL_COLLECTION: usize = 2_000;

impl CoverSettings {
    /// The side of what the network sees, for a collection of `covers`.
    pub fn side_for(&self, covers: usize) -> usize {
        match self.side {
            0 if !self.checkpoint.is_empty() => 224,
            0 if covers <= FEW_COVERS => 96,
            0 => 64,
            side => side,
        }
    }

    /// How often `covers` are seen.
    pub fn epochs_for(&self, covers: usize) -> usize {
        match self.epochs {
            0 => (PICTURES_SEEN[usize::from(covers > SMALL_COLLECTION)] / covers.max(1)).clamp(8, 60),
            epochs => epochs,
        }
    }

    /// Refuses what no network can be made of.
    pub fn check(&self) -> Result<(), CoverError> {
        let fail = |name, value: String, mend: &str| Err(CoverError::Setting { name, value, mend: mend.to_owned() });
        if self.side != 0 && self.side < Resnet::LEAST_SIDE {
            return fail("side", self.side.to_string(), "choose 0 or at least 32 pixels");
        }
        if self.dim == 0 || self.batch < 2 {
            return fail("dim", self.dim.to_string(), "choose at least 1, and a `batch` of at least 2");
        }
        Ok(())
    }
}
