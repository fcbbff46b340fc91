//! The cover model (algorithms, section 7): a ResNet, a layer to the cover vector, a layer to the tags.

mod conv;
mod infer;
mod kernel;
mod map;
mod norm;
mod resnet;
mod tape;
mod tensors;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use infer::Inference;
pub use map::Map;
pub use resnet::{Depth, Parameter, Resnet, Role};
pub use tensors::{Matched, Tensor, Tensors, TensorsError, give, read};
