//! Runs: trained lanes of the data set that is open, whether made now or kept in the workspace.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    dataset::{Dataset, Language},
    evaluate::LaneReport,
    jobs::{
        JobId,
        pipeline::{self, PipelineSettings, Prepared, TrainedLane},
    },
    recall::{LaneKind, Triggers},
    task::{Curves, JobContext},
    ui::{desk::text_of, facts::Facts, words::Words},
    workspace::{RunNote, RunRecord},
};

/// What every run of one split stands on.
pub struct Basis {
    pub prepared: Arc<Prepared>,
    pub facts: Facts,
    pub triggers: Triggers,
}

impl Basis {
    pub fn make(dataset: Arc<Dataset>, settings: &PipelineSettings, job: &JobContext) -> anyhow::Result<Self> {
        let prepared = pipeline::prepare(dataset, settings, job)?;
        job.check()?;
        let (facts, triggers) = rayon::join(
            || Facts::count(&prepared.dataset, &prepared.split),
            || Triggers::new(&prepared.dataset, &prepared.split),
        );
        Ok(Self { prepared: Arc::new(prepared), facts, triggers })
    }

    /// Whether a run of `kind` with `settings` can stand on it.
    pub fn carries(&self, kind: LaneKind, settings: &PipelineSettings) -> bool {
        let needs_graph = kind == LaneKind::ItemCf || kind.network().is_some();
        self.prepared.split.settings == settings.split
            && (!needs_graph || *self.prepared.graph_settings() == settings.graph)
    }
}

/// How far a run has come.
pub enum RunState {
    /// It is in the workspace, and can be opened.
    Kept,
    /// Waits for the graphs or for its turn, or is being made.
    Making(Option<JobId>),
    Ready {
        trained: Arc<TrainedLane>,
        basis: Arc<Basis>,
    },
    Failed(String),
    Cancelled,
}

/// A run, in the order in which the window came to know of it. Its place among `Opened::runs` never changes.
pub struct Run {
    /// [`pipeline::run_id`]
    pub id: String,
    pub kind: LaneKind,
    pub settings: PipelineSettings,
    /// What tells it from a run with the settings of the lanes: keys and values.
    pub(super) special: Vec<(String, String)>,
    /// Seconds since 1970; 0 while it is being made.
    pub created_secs: f64,
    pub code_version: String,
    /// What building and evaluating took; 0 while it is being made.
    pub build_secs: f64,
    pub evaluate_secs: f64,
    pub peak_memory_bytes: u64,
    /// They grow while it trains.
    pub curves: Curves,
    /// Where its training goes on, if it was stopped: epochs done, and how many at most.
    pub resumes: Option<(u64, u64)>,
    /// Known as soon as the run has been evaluated, also of runs that are not open.
    pub report: Option<Arc<LaneReport>>,
    pub state: RunState,
}

impl Run {
    pub(super) fn new(id: String, kind: LaneKind, settings: PipelineSettings, base: &PipelineSettings) -> Self {
        Self {
            special: differing(kind, &settings, base),
            id,
            kind,
            settings,
            created_secs: 0.0,
            code_version: env!("CARGO_PKG_VERSION").to_owned(),
            build_secs: 0.0,
            evaluate_secs: 0.0,
            peak_memory_bytes: 0,
            curves: Curves::default(),
            resumes: None,
            report: None,
            state: RunState::Making(None),
        }
    }

    /// `None` for records that this version cannot read.
    pub(super) fn kept(record: &RunRecord, base: &PipelineSettings) -> Option<Self> {
        let (kind, settings) = (pipeline::kind_of(record).ok()?, pipeline::settings_of(record).ok()?);
        Some(Self {
            id: record.id.clone(),
            kind,
            special: differing(kind, &settings, base),
            settings,
            created_secs: record.created_secs,
            code_version: record.code_version.clone(),
            build_secs: record.build_secs,
            evaluate_secs: record.evaluate_secs,
            peak_memory_bytes: record.peak_memory_bytes,
            curves: serde_json::from_str(&record.curve_json).unwrap_or_default(),
            resumes: None,
            report: Some(Arc::new(serde_json::from_str(&record.report_json).ok()?)),
            state: RunState::Kept,
        })
    }

    pub(super) fn becomes(&mut self, trained: Arc<TrainedLane>, basis: Arc<Basis>) {
        if self.created_secs == 0.0 {
            self.created_secs = crate::workspace::now_secs();
        }
        self.build_secs = trained.build_secs;
        self.evaluate_secs = trained.evaluate_secs;
        self.peak_memory_bytes = trained.peak_memory_bytes;
        self.curves.clone_from(&trained.curves);
        self.report = Some(trained.report.clone());
        self.resumes = None;
        self.state = RunState::Ready { trained, basis };
    }

    /// What tells the run from one of the same lane with the settings `base`, e.g. `dim 32, epochs 5`; empty if nothing
    /// does. Names are the last parts of the keys.
    pub fn differences(&self, base: &PipelineSettings) -> String {
        in_short(&differing(self.kind, &self.settings, base))
    }

    /// [`Run::differences`] from the settings of the lanes; in Chinese with the names that the form has.
    pub fn special_in(&self, words: Words) -> String {
        if let Some(mix) = self.settings.mix.as_ref().filter(|_| self.kind == LaneKind::Mix) {
            return mix.in_short();
        }
        match words.language {
            Language::English => in_short(&self.special),
            Language::Chinese => {
                let parts = self.special.iter();
                let parts = parts.map(|(key, value)| {
                    let value = text_of(key, &plain_number(value));
                    format!("{} {}", words.setting(key), words.setting_value(key, &value))
                });
                parts.collect::<Vec<_>>().join("，")
            }
        }
    }

    /// The data set's part, the settings that shaped the run, and what else tells which run it is, as JSON.
    pub fn settings_json(&self) -> String {
        let settings: BTreeMap<String, String> = self.settings.entries_of(self.kind).into_iter().collect();
        let whole = serde_json::json!({ "run": self.id, "lane": self.kind.name(), "settings": settings });
        serde_json::to_string_pretty(&whole).unwrap_or_default()
    }

    pub fn trained(&self) -> Option<&Arc<TrainedLane>> {
        match &self.state {
            RunState::Ready { trained, .. } => Some(trained),
            _ => None,
        }
    }

    pub fn basis(&self) -> Option<&Arc<Basis>> {
        match &self.state {
            RunState::Ready { basis, .. } => Some(basis),
            _ => None,
        }
    }
}

/// What the analyst wrote about runs, by run id. Part of what undo brings back.
pub type Notes = BTreeMap<String, RunNote>;

pub(super) fn differing(kind: LaneKind, settings: &PipelineSettings, base: &PipelineSettings) -> Vec<(String, String)> {
    let of_base = base.entries_of(kind);
    settings.entries_of(kind).into_iter().filter(|entry| !of_base.contains(entry)).collect()
}

fn in_short(entries: &[(String, String)]) -> String {
    let words = Words::default();
    let shown = entries.iter().map(|(key, value)| {
        let value = plain_number(value);
        // What only a name says, and a time, need their words.
        if key.starts_with("split.") {
            return format!(
                "{} {}",
                words.setting(key).to_lowercase(),
                words.setting_value(key, &text_of(key, &value))
            );
        }
        format!("{} {value}", key.rsplit('.').next().unwrap_or(key).replace('_', " "))
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// A setting's value without the digits that only its storage as a 32-bit number adds, e.g. `0.1` for
/// `0.10000000149011612`.
pub fn plain_number(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if number.fract() != 0.0 => (number as f32).to_string(),
        Ok(number) if number.abs() < 1e15 && value.ends_with(".0") => format!("{number:.0}"),
        _ => value.to_owned(),
    }
}
