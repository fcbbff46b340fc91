//! The covers: which model is looked at, on which page, and what lies over the picture.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Sort;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoversPage {
    /// One cover, or any picture: its tags, where they are seen, and what lies near.
    #[default]
    One,
    /// How the whole model reads tags.
    Model,
    /// Covers that the model surely takes for something else than their tag.
    Labels,
    /// Items whose neighbours by looks and by behaviour differ most.
    Disagreement,
}

impl CoversPage {
    pub const ALL: [Self; 4] = [Self::One, Self::Model, Self::Labels, Self::Disagreement];
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CoversDesk {
    pub page: CoversPage,
    /// The cover model, by its run's id; `None`: the first that there is.
    pub run: Option<String>,
    /// A picture that is no item's; `None`: the selected item's cover.
    pub picture: Option<PathBuf>,
    pub shows_heat: bool,
    /// Of the heat over the picture, 0 to 1.
    pub opacity: f32,
    /// Covers that training saw count too.
    pub counts_seen: bool,
    /// The cell of the confusion matrix that is open: true and read tag, by name.
    pub cell: Option<(String, String)>,
    /// The order of the table of tags.
    pub sort: Option<Sort>,
    /// The run of behaviour that the covers are set against, by id.
    pub behaviour: Option<String>,
}

impl CoversDesk {
    /// Puts what was stored within bounds.
    pub fn mend(&mut self) {
        self.opacity = if self.opacity.is_finite() { self.opacity.clamp(0.0, 1.0) } else { Self::default().opacity };
    }

    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        (self.run, self.behaviour, self.cell) = (None, None, None);
    }
}

impl Default for CoversDesk {
    fn default() -> Self {
        Self {
            page: CoversPage::One,
            run: None,
            picture: None,
            shows_heat: true,
            opacity: 0.6,
            counts_seen: false,
            cell: None,
            sort: None,
            behaviour: None,
        }
    }
}
