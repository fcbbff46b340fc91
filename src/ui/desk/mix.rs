//! The mix that is being set up: which runs, how much each counts, and how they are merged.

use serde::{Deserialize, Serialize};

use crate::{jobs::mix::PARTS, recall::mix::MixBy};

/// The id of the run that stands for the mix until it is saved; no digest is written so.
pub const DRAFT: &str = "draft-mix";

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MixDesk {
    pub is_open: bool,
    pub name: String,
    pub by: MixBy,
    pub parts: Vec<PartDesk>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartDesk {
    /// A run's id.
    pub run: String,
    /// 0 to 100, as the slider has it; only their proportion counts.
    pub share: f64,
}

impl MixDesk {
    pub const MOST: f64 = 100.0;

    /// As it may have been stored by another version, brought within bounds.
    pub fn mend(&mut self) {
        self.parts.truncate(*PARTS.end());
        for part in &mut self.parts {
            part.share = if part.share.is_finite() { part.share.clamp(0.0, Self::MOST) } else { 0.0 };
        }
    }

    /// Another data set stands.
    pub fn leave_dataset(&mut self) {
        *self = Self::default();
    }

    /// Puts the run in with the mean share of the others, or takes it out.
    pub fn toggle(&mut self, run: &str) {
        match self.parts.iter().position(|part| part.run == run) {
            Some(place) => {
                self.parts.remove(place);
            }
            None if self.parts.len() < *PARTS.end() => {
                let sum: f64 = self.parts.iter().map(|part| part.share).sum();
                let share = if self.parts.is_empty() { 50.0 } else { sum / self.parts.len() as f64 };
                self.parts.push(PartDesk { run: run.to_owned(), share });
            }
            None => {}
        }
    }

    /// The share of `part` in all, 0 where all are 0.
    pub fn proportion(&self, part: usize) -> f64 {
        let sum: f64 = self.parts.iter().map(|part| part.share).sum();
        if sum > 0.0 { self.parts[part].share / sum } else { 0.0 }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_and_go_and_shares_stay_in_proportion() {
        let mut desk = MixDesk::default();
        desk.toggle("a");
        desk.toggle("b");
        desk.parts[0].share = 25.0;
        desk.parts[1].share = 75.0;
        desk.toggle("c");
        assert_eq!(desk.parts[2].share, 50.0);
        desk.toggle("c");
        assert_eq!((desk.parts.len(), desk.proportion(1)), (2, 0.75));
        desk.parts[0].share = f64::NAN;
        desk.mend();
        assert_eq!(desk.parts[0].share, 0.0);
        for run in 0..30 {
            desk.toggle(&run.to_string());
        }
        assert_eq!(desk.parts.len(), *PARTS.end());
    }
}
