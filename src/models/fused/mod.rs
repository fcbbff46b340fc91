//! `fused`: one vector an item from all that is its own (cover, tags, circle, topics, title), so that it serves for items
//! without behaviour (the article's outlook). What it learns is which content is taken next after which, as content-based
//! two-tower models do (Yi et al., 2019): the sum of a user's recent items' vectors has to find the item that follows.

mod content;
mod train;

pub use content::{Content, Covers};
pub use train::{Trained, train};

use serde::{Deserialize, Serialize};

use crate::task::Cancelled;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FusedSettings {
    /// Length of a vector.
    pub dim: usize,
    /// Whether covers count, by the vectors of the cover model that the settings `cover` describe.
    pub covers: bool,
    /// Whether the words of titles count.
    pub titles: bool,
    /// How many of the newest distinct items ask, in training and for recall.
    pub last_items: usize,
    /// After how many newer items one counts half; `None`: all count alike.
    pub half_life_items: Option<f32>,
    /// After how many days an interaction is learned from half as often; only where the split has a reference time.
    pub half_life_days: Option<f64>,
    pub epochs: usize,
    /// Interactions a step.
    pub batch: usize,
    /// Items of chance among which the right one is to be found, beside those of the batch.
    pub negatives: usize,
    pub temperature: f64,
    pub dropout: f64,
    /// Share of the items of a batch whose title is not seen: words of titles tell items apart so well that without this
    /// little is learned from what new items share with others.
    pub title_dropout: f64,
    pub learning_rate: f64,
    pub seed: u64,
}

impl Default for FusedSettings {
    fn default() -> Self {
        Self {
            dim: 64,
            covers: true,
            titles: true,
            last_items: 20,
            half_life_items: Some(10.0),
            half_life_days: Some(10.0),
            epochs: 8,
            batch: 512,
            negatives: 512,
            temperature: 0.1,
            dropout: 0.2,
            title_dropout: 0.8,
            learning_rate: 0.01,
            seed: 42,
        }
    }
}

/// Why there is no fused model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FusedError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error(
        "no item has a tag, circle, topic, title or cover to be told by; choose another lane, or a data set whose items \
         are described"
    )]
    NoContent,
    #[error(
        "nobody in the training part took two items of which both are described: there is nothing to learn from; choose a \
         longer training part"
    )]
    NoPairs,
    #[error("training broke off in epoch {epoch}: the loss is no finite number; lower `fused.learning_rate`")]
    NotFinite { epoch: usize },
}
