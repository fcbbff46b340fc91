//! The rows of the evaluation: every run that has been evaluated, and its figures as a table.

use std::{collections::BTreeMap, sync::Arc};

use egui::Color32;
use egui_plot::MarkerShape;

use crate::{
    dataset::split::SplitSettings,
    evaluate::LaneReport,
    jobs::pipeline::PipelineSettings,
    recall::LaneKind,
    ui::{
        desk::EvaluationDesk,
        metrics::{Better, METRICS, metric_named},
        session::{Notes, Opened},
        theme::{self, Tokens},
        views::Scene,
        words::{Word, Words},
    },
    workspace::{Measured, Table, Values},
};

/// One evaluated run.
pub struct Row {
    /// Its place among the runs of the data set.
    pub run: usize,
    pub id: String,
    pub kind: LaneKind,
    pub title: String,
    pub report: Arc<LaneReport>,
    /// Whether it was measured on the same later part as the lanes that stand now.
    pub is_of_split: bool,
    /// Whether it stands for its lane now.
    pub is_current: bool,
    /// How many runs of the same lane stand before it.
    pub nth: usize,
    /// How the log was divided for it.
    pub split: SplitSettings,
}

impl Row {
    /// The figure and its interval, over everybody or over a slice.
    pub fn measured(&self, slice: &str, metric: &str, k: usize) -> Option<Measured> {
        let name = format!("{metric}@{k}");
        let (metrics, intervals) = if slice.is_empty() {
            (&self.report.metrics, &self.report.intervals)
        } else {
            let slice = self.report.slices.get(slice)?;
            (&slice.metrics, &slice.intervals)
        };
        let value = metrics.get(&name).copied().flatten()?;
        Some(Measured { value, interval: intervals.get(&name).copied() })
    }

    /// The lane's own marker; of several runs of a lane the later ones are hollow.
    pub fn marker(&self) -> (MarkerShape, bool) {
        (theme::lane_marker(self.kind), self.nth > 0)
    }

    /// Whether both were measured on the same later part.
    pub fn has_test_of(&self, other: &Self) -> bool {
        has_same_test(&self.split, &other.split)
    }

    pub fn users(&self, slice: &str) -> usize {
        if slice.is_empty() { self.report.users } else { self.report.slices.get(slice).map_or(0, |slice| slice.users) }
    }

    /// The lane's own colour; of several runs of a lane the later ones are paler.
    pub fn colour(&self, tokens: &Tokens) -> Color32 {
        let colour = tokens.lane(self.kind);
        match self.nth {
            0 => colour,
            nth => colour.lerp_to_gamma(tokens.text_faint, (0.3 + 0.15 * nth as f32).min(0.75)),
        }
    }
}

/// What rows and table were made of.
#[derive(PartialEq)]
struct Key {
    fingerprint: String,
    revision: u64,
    words: crate::dataset::Language,
    notes: Notes,
    metrics: Vec<String>,
    k: usize,
    slice: String,
}

/// Rows and table, made anew when something they show has changed.
#[derive(Default)]
pub struct Rows {
    key: Option<Key>,
    pub rows: Vec<Row>,
    pub table: Arc<Table>,
    /// Cut-offs that any of the runs was measured at, rising.
    pub ks: Vec<usize>,
    /// Slices that any of the runs has, and over how many users.
    pub slices: Vec<(String, usize)>,
}

impl Rows {
    pub fn prepare(&mut self, scene: &Scene<'_>, opened: &Opened, desk: &EvaluationDesk) {
        let key = Key {
            fingerprint: opened.dataset.fingerprint.clone(),
            revision: opened.revision,
            words: scene.language(),
            notes: scene.session.notes.clone(),
            metrics: desk.metrics.clone(),
            k: desk.k,
            slice: desk.slice.clone(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        self.key = Some(key);
        self.rows = rows(scene, opened);
        self.ks = self.rows.iter().flat_map(|row| ks(&opened.runs[row.run].settings)).collect();
        self.ks.sort_unstable();
        self.ks.dedup();
        let mut slices = BTreeMap::<&str, usize>::new();
        for row in &self.rows {
            for (name, slice) in &row.report.slices {
                let users = slices.entry(name).or_default();
                *users = (*users).max(slice.users);
            }
        }
        self.slices = slices.into_iter().map(|(name, users)| (name.to_owned(), users)).collect();
        self.slices.sort_by_key(|(name, _)| place_of_slice(name));
        self.table = Arc::new(table(scene.words, opened, &self.rows, desk));
    }

    pub fn of_id(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Whether `row` is the best of the comparable ones in `column` of the table.
    pub fn is_best(&self, row: usize, column: usize) -> bool {
        let Some(column) = self.table.columns.get(column) else { return false };
        let Values::Metric(cells) = &column.values else { return false };
        let better = column.name.split('@').next().and_then(metric_named).map(|metric| metric.better);
        let comparable = || (0..cells.len()).filter(|&row| self.rows[row].is_of_split).filter_map(|row| cells[row]);
        let Some(own) = cells[row].filter(|_| self.rows[row].is_of_split && comparable().count() > 1) else {
            return false;
        };
        match better {
            Some(Better::Higher) => comparable().all(|cell| cell.value <= own.value),
            Some(Better::Lower) => comparable().all(|cell| cell.value >= own.value),
            Some(Better::Neither) | None => false,
        }
    }
}

fn ks(settings: &PipelineSettings) -> impl Iterator<Item = usize> + '_ {
    settings.evaluate.ks.iter().copied()
}

/// Lanes as they stand first, then the other runs, newest first.
fn rows(scene: &Scene<'_>, opened: &Opened) -> Vec<Row> {
    let is_current = |run: usize| LaneKind::ALL.into_iter().any(|kind| opened.current(kind) == Some(run));
    let mut places: Vec<usize> = (0..opened.runs.len())
        .filter(|&run| opened.runs[run].report.is_some() && !scene.session.is_deleted(&opened.runs[run]))
        .collect();
    places.sort_by(|&one, &other| {
        let (first, second) = (&opened.runs[one], &opened.runs[other]);
        is_current(other)
            .cmp(&is_current(one))
            .then(if is_current(one) { first.kind.cmp(&second.kind) } else { std::cmp::Ordering::Equal })
            .then(second.created_secs.total_cmp(&first.created_secs))
    });
    let mut seen = BTreeMap::<LaneKind, usize>::new();
    places
        .into_iter()
        .filter_map(|place| {
            let run = &opened.runs[place];
            let count = seen.entry(run.kind).or_default();
            *count += 1;
            Some(Row {
                run: place,
                id: run.id.clone(),
                kind: run.kind,
                title: scene.run_title(opened, place),
                report: run.report.clone()?,
                is_of_split: has_same_test(&run.settings.split, &opened.settings.split),
                is_current: is_current(place),
                nth: *count - 1,
                split: run.settings.split.clone(),
            })
        })
        .collect()
}

/// Whether both keep the same part back for the test; the window only says what graphs are built on.
fn has_same_test(one: &SplitSettings, other: &SplitSettings) -> bool {
    SplitSettings { window_days: other.window_days, ..one.clone() } == *other
}

fn table(words: Words, opened: &Opened, rows: &[Row], desk: &EvaluationDesk) -> Table {
    let titles = rows.iter().map(|row| Some(row.title.clone())).collect();
    let mut table = Table::new().with("run", words.get(Word::Run), Values::Text(titles));
    if rows.iter().any(|row| !row.is_of_split) {
        let splits = rows.iter().map(|row| {
            let split = &opened.runs[row.run].settings.split;
            let own = if row.is_of_split { Word::SplitSame } else { Word::SplitOther };
            Some(format!("{} ({})", words.get(own), split.kind.name()))
        });
        table = table.with("split", words.get(Word::SplitLabel), Values::Text(splits.collect()));
    }
    let users = rows.iter().map(|row| Some(row.users(&desk.slice) as u64)).collect();
    table = table.with("users", words.get(Word::Users), Values::Count(users));
    for metric in METRICS.iter().filter(|metric| desk.metrics.iter().any(|name| name == metric.name)) {
        let cells = rows.iter().map(|row| row.measured(&desk.slice, metric.name, desk.k)).collect();
        let title = format!("{}@{}", words.get(metric.title), desk.k);
        table = table.with(format!("{}@{}", metric.name, desk.k), title, Values::Metric(cells));
    }
    table
}

/// Bands of users, then of items, then attributes by name.
fn place_of_slice(name: &str) -> (usize, String) {
    const ORDER: [&str; 8] = [
        "users:new",
        "users:low",
        "users:middle",
        "users:active",
        "items:new",
        "items:tail",
        "items:waist",
        "items:head",
    ];
    (ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len()), name.to_owned())
}

/// What a slice is called; `label` gives values of attributes in the language that is set.
pub fn slice_title(words: Words, name: &str, label: impl Fn(&str) -> String) -> String {
    let word = match name {
        "" => Word::SliceAll,
        "users:new" => Word::SliceUsersNew,
        "users:low" => Word::SliceUsersLow,
        "users:middle" => Word::SliceUsersMiddle,
        "users:active" => Word::SliceUsersActive,
        "items:new" => Word::SliceItemsNew,
        "items:tail" => Word::SliceItemsTail,
        "items:waist" => Word::SliceItemsWaist,
        "items:head" => Word::SliceItemsHead,
        other => {
            let (attribute, value) = other.split_once(':').unwrap_or((other, ""));
            return words.fill(Word::FilterValue, &[words.common(attribute), words.common(&label(value))]);
        }
    };
    words.get(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Language;

    #[test]
    fn slices_have_names_in_order() {
        let mut names = ["gender:F", "items:head", "users:active", "users:new"].map(str::to_owned);
        names.sort_by_key(|name| place_of_slice(name));
        assert_eq!(names, ["users:new", "users:active", "items:head", "gender:F"]);
        let words = Words { language: Language::English };
        assert_eq!(slice_title(words, "gender:F", str::to_owned), "gender: woman");
        assert_eq!(slice_title(words, "", str::to_owned), "All users");
    }
}
