//! The views of the network: whose neighbours are seen, how many, and by what edges are drawn.

use serde::{Deserialize, Serialize};

use super::Sort;

/// What an edge's width and strength of colour say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeMeasure {
    #[default]
    Weight,
    Attention,
    /// Attention less weight.
    Difference,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkDesk {
    pub hops: usize,
    /// Neighbours of a node that are drawn at most.
    pub cap: usize,
    pub measure: EdgeMeasure,
    /// `None`: the last layer.
    pub layer: Option<usize>,
    /// `None`: the mean of all heads.
    pub head: Option<usize>,
    /// The run that is looked at, by id; `None`: the first that there is.
    pub run: Option<String>,
    /// Neighbours as a training draws them, and not all.
    pub is_sampled: bool,
    /// Which of the draws.
    pub draw: u64,
    /// Ids of items whose neighbours show wherever they stand.
    pub unfolded: Vec<String>,
    /// Items with a tag of theirs, by id and name: what else has the tag shows beside them.
    pub by_tag: Vec<(String, String)>,
    /// The order of the table of neighbours.
    pub sort: Option<Sort>,
}

impl NetworkDesk {
    pub const HOPS: std::ops::RangeInclusive<usize> = 1..=3;
    pub const CAP: std::ops::RangeInclusive<usize> = 3..=100;

    /// Puts what was stored within bounds.
    pub fn mend(&mut self) {
        self.hops = self.hops.clamp(*Self::HOPS.start(), *Self::HOPS.end());
        self.cap = self.cap.clamp(*Self::CAP.start(), *Self::CAP.end());
    }

    /// Shows what else has the tag of the item, or no longer.
    pub fn toggle_tag(&mut self, item: &str, tag: &str) {
        let own = (item.to_owned(), tag.to_owned());
        match self.by_tag.iter().position(|known| *known == own) {
            Some(place) => drop(self.by_tag.remove(place)),
            None => self.by_tag.push(own),
        }
    }

    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        self.run = None;
        self.unfolded.clear();
        self.by_tag.clear();
        (self.layer, self.head) = (None, None);
    }
}

impl Default for NetworkDesk {
    fn default() -> Self {
        Self {
            hops: 2,
            cap: 12,
            measure: EdgeMeasure::default(),
            layer: None,
            head: None,
            run: None,
            is_sampled: false,
            draw: 0,
            unfolded: Vec::new(),
            by_tag: Vec::new(),
            sort: Some(Sort { column: "attention".to_owned(), is_falling: true }),
        }
    }
}
