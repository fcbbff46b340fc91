//! How well tags are read off covers that training never saw.

use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverReport {
    /// Covers that were held out.
    pub covers: usize,
    pub tags: usize,
    /// Share of covers whose surest tag is one of theirs; `None` without covers.
    pub accuracy: Option<f64>,
    /// Share of covers with one of their tags among the five surest.
    pub top5: Option<f64>,
    /// Mean F1 over the tags that occur or were predicted.
    pub macro_f1: Option<f64>,
}

impl CoverReport {
    /// `confidences`: `[covers, tags]`; `truth`: the tags of each cover, at least one.
    pub fn of(confidences: &[f32], tags: usize, truth: &[&[u32]]) -> Self {
        if truth.is_empty() || tags == 0 {
            return Self { tags, ..Self::default() };
        }
        let (mut first, mut fifth) = (0usize, 0usize);
        // Per tag: right, predicted, true.
        let mut counts = vec![[0usize; 3]; tags];
        for (row, own) in confidences.chunks_exact(tags).zip(truth) {
            let mut order: Vec<u32> = (0..tags as u32).collect();
            order.sort_by(|&one, &other| row[other as usize].total_cmp(&row[one as usize]).then(one.cmp(&other)));
            let is_right = own.contains(&order[0]);
            first += usize::from(is_right);
            fifth += usize::from(order.iter().take(5).any(|tag| own.contains(tag)));
            let of_cover = if is_right { order[0] } else { own.first().copied().unwrap_or_default() };
            counts[order[0] as usize][0] += usize::from(is_right);
            counts[order[0] as usize][1] += 1;
            counts[of_cover as usize][2] += 1;
        }
        let met: Vec<f64> = counts
            .iter()
            .filter(|[_, predicted, there]| predicted + there > 0)
            .map(|&[right, predicted, there]| 2.0 * right as f64 / (predicted + there) as f64)
            .collect();
        let covers = truth.len();
        Self {
            covers,
            tags,
            accuracy: Some(first as f64 / covers as f64),
            top5: Some(fifth as f64 / covers as f64),
            macro_f1: Some(met.iter().sum::<f64>() / met.len() as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_definition() {
        let confidences = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.6, 0.3, 0.1];
        let report = CoverReport::of(&confidences, 3, &[&[0], &[1, 2], &[1]]);
        assert_eq!((report.covers, report.accuracy, report.top5), (3, Some(2.0 / 3.0), Some(1.0)));
        // Tag 0: 1 right, 2 predicted, 1 there; tag 1: 1 right, 1 predicted, 2 there; tag 2 never met.
        assert_eq!(report.macro_f1, Some(2.0 / 3.0));
        assert_eq!(CoverReport::of(&[], 3, &[]).accuracy, None);
    }
}
