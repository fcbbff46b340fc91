//! `hot`: what is popular now, the same for everybody.

use serde::{Deserialize, Serialize};

use super::{Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger, top, triggers::weight_of};
use crate::dataset::{Dataset, split::Split};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HotSettings {
    /// Days in which an interaction loses half of its weight, counted back from the reference time; `None`: none
    /// fades. Splits without a reference time never fade.
    pub half_life_days: Option<f64>,
}

impl Default for HotSettings {
    fn default() -> Self {
        Self { half_life_days: Some(5.0) }
    }
}

/// Items by weighted, fading count of the interactions in the split's window.
#[derive(Debug)]
pub struct HotLane {
    /// Every item with a count above 0, best first.
    ranked: Vec<Recalled>,
}

impl HotLane {
    pub fn build(dataset: &Dataset, split: &Split, settings: &HotSettings) -> Result<Self, RecallError> {
        if let Some(days) = settings.half_life_days
            && !(days.is_finite() && days > 0.0)
        {
            return Err(RecallError::Setting {
                name: "half_life_days",
                value: days.to_string(),
                allowed: "a number of days above 0, or none for no fading",
            });
        }
        let events = &dataset.events;
        let fading = split.fading(events, settings.half_life_days);
        let mut counts = vec![0f64; dataset.item_count()];
        for row in split.window.iter().map(|&row| row as usize) {
            let fade = fading.as_ref().map_or(1.0, |left| left(row));
            counts[events.item[row] as usize] += f64::from(weight_of(dataset, row)) * fade;
        }
        let mut ranked: Vec<Recalled> = counts
            .into_iter()
            .enumerate()
            .map(|(item, count)| Recalled { item: item as u32, score: count as f32 })
            .filter(|recalled| recalled.score > 0.0)
            .collect();
        ranked.sort_unstable_by(top::by_rank);
        Ok(Self { ranked })
    }
}

impl Lane for HotLane {
    fn kind(&self) -> LaneKind {
        LaneKind::Hot
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        self.ranked
            .iter()
            .filter(|recalled| trigger.exclude.binary_search(&recalled.item).is_err())
            .take(k)
            .copied()
            .collect()
    }

    fn seeds(&self, _trigger: &Trigger, _item: u32) -> Vec<SeedShare> {
        Vec::new()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        dataset::split::{SplitKind, SplitSettings, split},
        recall::fixture::{DAY_SECS, dataset},
    };

    fn items(found: &[Recalled]) -> Vec<u32> {
        found.iter().map(|recalled| recalled.item).collect()
    }

    #[test]
    fn fades_by_half_life_inside_the_window() {
        // Reference time day 10, window 7 days: the events of day 0 lie outside, day 10 is the test.
        let data = dataset(
            &[(0, 9, 0, 0), (0, 1, 0, 4), (1, 1, 0, 4), (1, 2, 1, 7), (0, 3, 0, 9), (1, 4, 0, 9), (0, 5, 0, 10)],
            2,
            10,
        );
        let settings = SplitSettings { reference_time_secs: Some(10 * DAY_SECS), ..SplitSettings::default() };
        let parts = split(&data, &settings).unwrap();
        let lane = HotLane::build(&data, &parts, &HotSettings { half_life_days: Some(3.0) }).unwrap();
        let found = lane.recall(&Trigger::default(), 10);
        // 2 · ½² for item 1; a like counts 2, · ½ for item 2; 2^(-1/3) for items 3 and 4, the lower row first.
        assert_eq!(items(&found), [2, 3, 4, 1]);
        let expected = [1.0, 0.793_700_5, 0.793_700_5, 0.5];
        for (recalled, expected) in found.iter().zip(expected) {
            assert!((recalled.score - expected).abs() < 1e-6, "{recalled:?}");
        }
        let still = HotLane::build(&data, &parts, &HotSettings { half_life_days: None }).unwrap();
        assert_eq!(items(&still.recall(&Trigger::default(), 10)), [1, 2, 3, 4]);
        let without = Trigger { exclude: vec![2, 4], ..Trigger::default() };
        assert_eq!(items(&lane.recall(&without, 1)), [3]);
        assert_eq!(items(&lane.recall(&without, 10)), [3, 1]);
        assert!(lane.seeds(&without, 3).is_empty());
    }

    #[test]
    fn splits_without_reference_time_do_not_fade() {
        let data = dataset(&[(0, 1, 0, 0), (1, 1, 0, 1), (0, 2, 0, 400), (0, 3, 0, 401), (1, 4, 0, 402)], 2, 10);
        let settings = SplitSettings { kind: SplitKind::LeaveLastOut, ..SplitSettings::default() };
        let parts = split(&data, &settings).unwrap();
        let lane = HotLane::build(&data, &parts, &HotSettings::default()).unwrap();
        let found = lane.recall(&Trigger::default(), 10);
        assert_eq!(found, [Recalled { item: 1, score: 2.0 }, Recalled { item: 2, score: 1.0 }]);
    }

    #[test]
    fn refuses_a_half_life_of_nothing() {
        let data = dataset(&[(0, 1, 0, 0)], 1, 2);
        for days in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let settings = HotSettings { half_life_days: Some(days) };
            let error = HotLane::build(&data, &Split::default(), &settings).unwrap_err();
            assert!(error.to_string().contains("half_life_days"), "{error}");
        }
    }
}
