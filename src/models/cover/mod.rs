//! The cover model (algorithms, section 7): a ResNet, a layer to the cover vector, a layer to the tags.
//!
//! Convolutions and their gradients are our own ([`kernel`], [`conv`], [`tape`]); checkpoints of torchvision's are read as
//! they are ([`tensors`]).

mod conv;
mod explain;
mod head;
mod infer;
mod kernel;
mod look;
mod map;
mod norm;
mod pictures;
mod report;
mod resnet;
mod settings;
mod speed;
mod tape;
mod tensors;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod train;

pub use explain::{Heat, grad_cam};
pub use head::Head;
pub use infer::Inference;
pub use look::{Looker, Sight};
pub use map::Map;
pub use norm::average;
pub use pictures::{Pictures, View};
pub use report::{CoverReport, Reading, TagFigures};
pub use resnet::{Depth, Parameter, Resnet, Role};
pub use settings::{CoverSettings, Framing, Schedule, Tuning};
pub use speed::{features_per_sec, pictures_per_sec};
pub use tensors::{Matched, Tensor, Tensors, TensorsError, give, read};
pub use train::{Checkpoint, Encoder, NoStore, Store, Trained, TrainingData, begin, tags_of, train};

use crate::task::Cancelled;

/// Why there is no cover model.
#[derive(Debug, thiserror::Error)]
pub enum CoverError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("the setting `cover.{name}` is {value}: {mend}")]
    Setting { name: &'static str, value: String, mend: String },
    #[error("training broke off in epoch {epoch}: the loss is no finite number; lower `cover.learning_rate`")]
    NotFinite { epoch: usize },
    #[error(
        "{covers} items have a tag and a cover that can be read, of {tags} tags: a cover model needs at least 10 covers \
         and 2 tags; choose another `cover.level`, or a data set with covers and tags"
    )]
    NoCovers { covers: usize, tags: usize },
    #[error("{0}")]
    Tensors(#[from] TensorsError),
}

/// The whole network.
#[derive(Debug, Clone)]
pub struct CoverNet {
    pub resnet: Resnet,
    pub head: Head,
}

impl CoverNet {
    /// The network's own, then the head's.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.resnet.parameters.iter().chain(&self.head.parameters)
    }

    fn parameters_mut(&mut self) -> impl Iterator<Item = &mut Parameter> {
        self.resnet.parameters.iter_mut().chain(&mut self.head.parameters)
    }

    fn values(&self) -> Vec<Vec<f32>> {
        self.parameters().map(|parameter| parameter.values.clone()).collect()
    }

    /// Takes values of the same lengths.
    fn take(&mut self, values: &[Vec<f32>]) {
        for (parameter, values) in self.parameters_mut().zip(values) {
            parameter.values.copy_from_slice(values);
        }
    }

    /// Takes tensors by their names; `false` where one is missing or has another shape.
    pub fn take_tensors(&mut self, tensors: &Tensors) -> bool {
        self.parameters_mut().all(|parameter| tensors.get(&parameter.name).is_some_and(|tensor| parameter.take(tensor)))
    }
}
