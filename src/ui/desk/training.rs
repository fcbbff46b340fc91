//! The training view: which run is being set up, and which runs are looked at.

use std::collections::BTreeMap;

use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    jobs::pipeline::{PipelineSettings, SettingsError, Takes},
    recall::LaneKind,
    task::Series,
};

/// By what the table of runs is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SortBy {
    Name,
    State,
    Recall,
    Ndcg,
    BuildTime,
    Memory,
    #[default]
    Date,
}

/// What stands under the table where there is no room for both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrainingPage {
    #[default]
    Curve,
    Compare,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingDesk {
    /// The lane that the form is for.
    pub kind: LaneKind,
    /// What the form says otherwise than the lanes' settings, by key, as it was typed.
    pub values: BTreeMap<String, String>,
    /// Whether the settings that are seldom changed are seen.
    pub shows_more: bool,
    /// The runs that are looked at, by id.
    pub selected: Vec<String>,
    pub sort: SortBy,
    pub is_descending: bool,
    pub below: TrainingPage,
    /// Which curve is drawn.
    pub series: Series,
}

impl Default for TrainingDesk {
    fn default() -> Self {
        Self {
            kind: LaneKind::Item2vec,
            values: BTreeMap::new(),
            shows_more: false,
            selected: Vec::new(),
            sort: SortBy::default(),
            is_descending: true,
            below: TrainingPage::default(),
            series: Series::default(),
        }
    }
}

impl TrainingDesk {
    /// `base` with what the form says of its lane, and what is wrong with it by key; what is wrong stays as in `base`.
    pub fn settings(&self, base: &PipelineSettings) -> (PipelineSettings, BTreeMap<String, SettingsError>) {
        let (mut settings, mut wrong) = (base.clone(), BTreeMap::new());
        let own = base.entries_of(self.kind);
        for (key, text) in self.values.iter().filter(|(key, _)| own.iter().any(|(known, _)| known == *key)) {
            if let Err(error) = settings.set(key, &value_of(key, text)) {
                wrong.insert(key.clone(), error);
            }
        }
        (settings, wrong)
    }

    /// Fills the form with the settings of a run.
    pub fn take(&mut self, kind: LaneKind, settings: &PipelineSettings, base: &PipelineSettings) {
        let of_base = base.entries_of(kind);
        self.kind = kind;
        self.values = settings
            .entries_of(kind)
            .into_iter()
            .filter(|entry| !of_base.contains(entry))
            .map(|(key, value)| (key.clone(), text_of(&key, &value)))
            .collect();
    }
}

/// What a field shows for a setting's value: times as dates.
pub fn text_of(key: &str, value: &str) -> String {
    let time = || jiff::Timestamp::from_second(value.parse().ok()?).ok();
    match time().filter(|_| Takes::of(key) == Some(Takes::Time)) {
        Some(time) => {
            let zoned = time.to_zoned(TimeZone::UTC);
            let has_clock = zoned.hour() != 0 || zoned.minute() != 0 || zoned.second() != 0;
            zoned.strftime(if has_clock { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d" }).to_string()
        }
        None => value.to_owned(),
    }
}

/// What a setting takes for the text of its field; what is not understood is left to be refused.
fn value_of(key: &str, text: &str) -> String {
    if Takes::of(key) != Some(Takes::Time) {
        return text.to_owned();
    }
    let text = text.trim();
    let time = text
        .parse::<civil::DateTime>()
        .or_else(|_| text.parse::<civil::Date>().map(|date| date.at(0, 0, 0, 0)))
        .and_then(|time| time.to_zoned(TimeZone::UTC));
    time.map_or_else(|_| text.to_owned(), |time| time.timestamp().as_second().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_form_speaks_of_its_own_lane_and_names_what_is_wrong() {
        let base = PipelineSettings::default();
        let mut desk = TrainingDesk::default();
        for (key, text) in [
            ("item2vec.skip_gram.dim", "16"),
            ("item2vec.skip_gram.epochs", "0"),
            ("graph.top_k", "7"),
            ("split.reference_time_secs", "2024-05-01"),
            ("split.window_days", "none"),
        ] {
            desk.values.insert(key.to_owned(), text.to_owned());
        }
        let (settings, wrong) = desk.settings(&base);
        assert_eq!(settings.item2vec.skip_gram.dim, 16);
        assert_eq!(settings.graph, base.graph);
        assert_eq!(settings.split.reference_time_secs, Some(1_714_521_600));
        assert_eq!(settings.split.window_days, None);
        assert_eq!(wrong.keys().collect::<Vec<_>>(), ["item2vec.skip_gram.epochs"]);
        desk.values.insert("split.reference_time_secs".to_owned(), "2024-13-01".to_owned());
        assert!(desk.settings(&base).1.contains_key("split.reference_time_secs"));
    }

    #[test]
    fn a_run_fills_the_form_and_comes_out_again() {
        let base = PipelineSettings::default();
        let mut settings = base.clone();
        settings.set("item2vec.dim", "16").unwrap();
        settings.set("split.reference_time_secs", "1714557600").unwrap();
        settings.set("index.exact", "true").unwrap();
        let mut desk = TrainingDesk::default();
        desk.take(LaneKind::Item2vec, &settings, &base);
        assert_eq!(desk.values["split.reference_time_secs"], "2024-05-01 10:00:00");
        let (again, wrong) = desk.settings(&base);
        assert!(wrong.is_empty());
        assert_eq!(again, settings);
    }
}
