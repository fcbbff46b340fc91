//! How well tags are read off covers.

use serde::{Deserialize, Serialize};

/// What a model reads off one labelled cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Row of the item.
    pub item: u32,
    /// Training did not see the cover.
    pub is_held_out: bool,
    /// The surest tag, and how sure.
    pub surest: u32,
    pub confidence: f32,
    /// The tag that it has: the surest where that is one of its tags, else its first.
    pub own: u32,
    pub own_confidence: f32,
    /// One of its tags is among the five surest.
    pub is_in_five: bool,
}

impl Reading {
    /// `confidences`: `[tags]`; `own`: the tags of the cover. `None` without tags.
    pub fn new(item: u32, is_held_out: bool, confidences: &[f32], own: &[u32]) -> Option<Self> {
        // Of equals the first.
        let surer = |&one: &u32, &other: &u32| {
            confidences[one as usize].total_cmp(&confidences[other as usize]).then(other.cmp(&one))
        };
        let surest = (0..confidences.len() as u32).max_by(surer)?;
        let (&first, best) = (own.first()?, own.iter().copied().max_by(surer)?);
        let before = (0..confidences.len() as u32).filter(|tag| surer(tag, &best).is_gt()).count();
        let own_tag = if own.contains(&surest) { surest } else { first };
        Some(Self {
            item,
            is_held_out,
            surest,
            confidence: confidences[surest as usize],
            own: own_tag,
            own_confidence: confidences[own_tag as usize],
            is_in_five: before < 5,
        })
    }

    pub fn is_right(&self) -> bool {
        self.surest == self.own
    }
}

/// How a tag is read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct TagFigures {
    /// Covers that have it.
    pub covers: usize,
    /// Covers whose surest tag it is.
    pub read: usize,
    /// Both.
    pub right: usize,
}

impl TagFigures {
    /// By tag, `[tags]`.
    pub fn of<'a>(readings: impl IntoIterator<Item = &'a Reading>, tags: usize) -> Vec<Self> {
        let mut found = vec![Self::default(); tags];
        for reading in readings {
            found[reading.own as usize].covers += 1;
            found[reading.surest as usize].read += 1;
            found[reading.own as usize].right += usize::from(reading.is_right());
        }
        found
    }

    /// Share of those read that have it; `None` where it was never read.
    pub fn precision(self) -> Option<f64> {
        (self.read > 0).then(|| self.right as f64 / self.read as f64)
    }

    /// Share of those that have it that were read; `None` where no cover has it.
    pub fn recall(self) -> Option<f64> {
        (self.covers > 0).then(|| self.right as f64 / self.covers as f64)
    }

    /// Harmonic mean of both; `None` where it neither occurs nor was read.
    pub fn f1(self) -> Option<f64> {
        (self.covers + self.read > 0).then(|| 2.0 * self.right as f64 / (self.covers + self.read) as f64)
    }
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverReport {
    /// Covers that were measured.
    pub covers: usize,
    pub tags: usize,
    /// Share of covers whose surest tag is one of theirs; `None` without covers.
    pub accuracy: Option<f64>,
    /// Share of covers with one of their tags among the five surest.
    pub top5: Option<f64>,
    /// Mean F1 over the tags that occur or were read.
    pub macro_f1: Option<f64>,
}

impl CoverReport {
    pub fn of(readings: &[Reading], tags: usize) -> Self {
        let share = |count: usize| (!readings.is_empty()).then(|| count as f64 / readings.len() as f64);
        let f1: Vec<f64> = TagFigures::of(readings, tags).into_iter().filter_map(TagFigures::f1).collect();
        Self {
            covers: readings.len(),
            tags,
            accuracy: share(readings.iter().filter(|reading| reading.is_right()).count()),
            top5: share(readings.iter().filter(|reading| reading.is_in_five).count()),
            macro_f1: (!f1.is_empty()).then(|| f1.iter().sum::<f64>() / f1.len() as f64),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_definition() {
        let read = |item, confidences: [f32; 3], own: &[u32]| Reading::new(item, true, &confidences, own).unwrap();
        let readings =
            [read(0, [0.7, 0.2, 0.1], &[0]), read(1, [0.1, 0.8, 0.1], &[1, 2]), read(2, [0.6, 0.3, 0.1], &[1])];
        assert_eq!((readings[2].surest, readings[2].own, readings[2].own_confidence), (0, 1, 0.3));
        let report = CoverReport::of(&readings, 3);
        assert_eq!((report.covers, report.accuracy, report.top5), (3, Some(2.0 / 3.0), Some(1.0)));
        // Tag 0: 1 right, 2 read, 1 there; tag 1: 1 right, 1 read, 2 there; tag 2 never met.
        assert_eq!(report.macro_f1, Some(2.0 / 3.0));
        let tags = TagFigures::of(&readings, 3);
        assert_eq!((tags[0].precision(), tags[0].recall()), (Some(0.5), Some(1.0)));
        assert_eq!((tags[1].precision(), tags[1].recall()), (Some(1.0), Some(0.5)));
        assert_eq!((tags[2].precision(), tags[2].recall(), tags[2].f1()), (None, None, None));
        assert_eq!(CoverReport::of(&[], 3).accuracy, None);
        assert!(Reading::new(0, true, &[0.5, 0.5], &[]).is_none());
    }
}
