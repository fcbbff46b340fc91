//! A look at a folder before it is opened: what was recognised, real rows, and what the analyst makes of it instead.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    DatasetError, FaultKind, columns,
    plan::{self, GENRE, Plan, TablePlan},
    rows::time_of,
    source::{self, Item},
    time::TimeUnit,
};
use crate::{dataset::Recognised, task::JobContext};

/// How many rows of a table are shown.
const PREVIEW_ROWS: usize = 5;
/// So many rows are looked at for as many that can be read.
const LOOKED_AT: usize = 50;
/// More of a cell is not shown.
const CELL_CHARS: usize = 80;

/// The units that a column of times may have, by the names of `Recognised::time_unit`.
pub const TIME_UNITS: [&str; 4] = ["seconds", "milliseconds", "microseconds", "iso8601"];

/// Where the analyst wants a folder read otherwise than it would be. Holds only what differs, so that a folder that
/// nobody corrected is the same data set whichever way it was opened.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    /// Table -> the file that holds it, below the folder.
    pub files: BTreeMap<String, String>,
    /// Table -> the app's column -> the file's column; an empty name: none is it.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Table -> columns of the file that nothing is to be made of, where they would be attributes.
    pub ignored: BTreeMap<String, BTreeSet<String>>,
    pub behaviours: BTreeMap<String, f32>,
    /// One of [`TIME_UNITS`].
    pub time_unit: Option<String>,
}

impl Corrections {
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
            && self.columns.values().all(BTreeMap::is_empty)
            && self.ignored.values().all(BTreeSet::is_empty)
            && self.behaviours.is_empty()
            && self.time_unit.is_none()
    }
}

/// What is wrong with a folder or one of its tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub kind: Option<FaultKind>,
    /// The whole of it, with the place and the mend.
    pub message: String,
}

impl From<&DatasetError> for Fault {
    fn from(error: &DatasetError) -> Self {
        Self { kind: error.kind(), message: error.to_string() }
    }
}

/// A table as its first rows show it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct TableSurvey {
    /// Columns of the table's first file, in their order.
    pub header: Vec<String>,
    /// Up to five rows, a cell a column of `header`.
    pub rows: Vec<Vec<String>>,
    /// Per row of `rows` its time in seconds since 1970, as far as the table has times and they can be read.
    pub times_secs: Vec<Option<i64>>,
    /// Why the table cannot be used as it stands.
    pub fault: Option<Fault>,
}

/// A folder as it would be read.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Survey {
    pub recognised: Recognised,
    pub tables: BTreeMap<String, TableSurvey>,
}

impl Survey {
    pub fn is_usable(&self) -> bool {
        self.tables.values().all(|table| table.fault.is_none())
    }
}

/// The app's columns of a table, in the order in which they are offered.
pub fn meanings(table: &str) -> impl Iterator<Item = &'static str> {
    columns::of_table(table).iter().map(|(column, _)| *column)
}

/// Whether a table cannot be used without this column.
pub fn is_required(table: &str, column: &str) -> bool {
    columns::required(table).contains(&column)
}

/// Looks at `folder` as it would be read with `corrections`. A folder that holds no data set at all is an error; a
/// table that cannot be used says so itself.
pub fn survey(folder: &Path, corrections: &Corrections) -> Result<Survey, DatasetError> {
    let (plan, faults) = Plan::survey(folder, None, Some(corrections))?;
    let mut tables = BTreeMap::new();
    for (&table, of_table) in &plan.tables {
        let mut seen = preview(&plan, table, of_table);
        if let Some((_, fault)) = faults.iter().find(|(faulty, _)| *faulty == table) {
            seen.fault = Some(Fault::from(fault));
        }
        tables.insert(table.to_owned(), seen);
    }
    Ok(Survey { recognised: plan.recognised(), tables })
}

/// Files right in `folder` that could be its table of events, for the analyst to choose from.
pub fn table_files(folder: &Path) -> Vec<String> {
    plan::table_files(folder)
}

fn preview(plan: &Plan, table: &str, of_table: &TablePlan) -> TableSurvey {
    let mut seen = TableSurvey::default();
    let Some(file) = of_table.files.first() else { return seen };
    let header = match source::header(file) {
        Ok(header) => header,
        Err(fault) => return TableSurvey { fault: Some(Fault::from(&fault)), ..seen },
    };
    // A column a genre says nothing that the note on them does not.
    seen.header = header.into_iter().filter(|name| !name.starts_with(GENRE)).collect();
    let time = of_table.columns.get("timestamp").cloned().unwrap_or_default();
    let unit = if table == "events" { plan.unit } else { TimeUnit::None };
    let wanted: Vec<String> = seen.header.iter().cloned().chain([time]).collect();
    let columns = seen.header.len();
    let read = source::read(file, &wanted, Some(LOOKED_AT), &JobContext::default(), &mut |item| {
        if let Item::Row(row) = item {
            let shown = |column| {
                let text = row.cell(column).text().unwrap_or_default().into_owned();
                text.chars().filter(|c| !c.is_control()).take(CELL_CHARS).collect()
            };
            seen.rows.push((0..columns).map(shown).collect());
            seen.times_secs.push(time_of(&row.cell(columns), unit, &plan.zone));
        }
        Ok(seen.rows.len() < PREVIEW_ROWS)
    });
    if let Err(fault) = read {
        seen.fault = Some(Fault::from(&fault));
    }
    seen
}

/// Writes `dataset.toml` into `folder`: what stood there, with `corrections` over it. `behaviours` are the weights of
/// all behaviours; they are written if one of them was corrected, since a list of behaviours is taken for all there
/// are. A file that stood there is kept as `dataset.toml.bak`, as its comments are lost.
///
/// # Errors
/// If the file that is there cannot be read, or the new one not be written.
pub fn write_config(
    folder: &Path,
    corrections: &Corrections,
    behaviours: &BTreeMap<String, f32>,
) -> Result<PathBuf, DatasetError> {
    let file = folder.join("dataset.toml");
    let fail = |what: String| DatasetError::Config { what, file: file.clone() };
    let cannot = |source: std::io::Error| {
        fail(format!("cannot write it ({source}); give yourself the right to write into the folder"))
    };
    let mut table = toml::Table::new();
    if file.exists() {
        let text = fs::read_to_string(&file).map_err(|source| DatasetError::unreadable(&file, &source))?;
        table = text.parse().map_err(|error: toml::de::Error| fail(error.to_string()))?;
        fs::copy(&file, folder.join("dataset.toml.bak")).map_err(cannot)?;
    }
    if let Some(unit) = &corrections.time_unit {
        table.insert("time_unit".to_owned(), unit.clone().into());
    }
    let broken = |section: &str| fail(format!("`{section}` is no table; write [{section}]"));
    for (name, columns) in corrections.columns.iter().filter(|(_, columns)| !columns.is_empty()) {
        let all = table.entry("columns").or_insert_with(|| toml::Table::new().into());
        let all = all.as_table_mut().ok_or_else(|| broken("columns"))?;
        let own = all.entry(name.clone()).or_insert_with(|| toml::Table::new().into());
        let own = own.as_table_mut().ok_or_else(|| broken(&format!("columns.{name}")))?;
        own.extend(columns.iter().map(|(column, name)| (column.clone(), name.clone().into())));
    }
    if !corrections.files.is_empty() {
        let all = table.entry("files").or_insert_with(|| toml::Table::new().into());
        let all = all.as_table_mut().ok_or_else(|| broken("files"))?;
        all.extend(corrections.files.iter().map(|(name, file)| (name.clone(), file.clone().into())));
    }
    for (name, columns) in corrections.ignored.iter().filter(|(_, columns)| !columns.is_empty()) {
        let all = table.entry("ignore").or_insert_with(|| toml::Table::new().into());
        let all = all.as_table_mut().ok_or_else(|| broken("ignore"))?;
        let own = all.entry(name.clone()).or_insert_with(|| toml::Value::Array(Vec::new()));
        let own = own.as_array_mut().ok_or_else(|| broken(&format!("ignore.{name}")))?;
        for column in columns {
            let column = toml::Value::from(column.clone());
            if !own.contains(&column) {
                own.push(column);
            }
        }
    }
    if !corrections.behaviours.is_empty() {
        let name = if table.contains_key("behaviors") { "behaviors" } else { "behaviours" };
        let all = table.entry(name).or_insert_with(|| toml::Table::new().into());
        let all = all.as_table_mut().ok_or_else(|| broken(name))?;
        for (behaviour, weight) in behaviours.iter().chain(&corrections.behaviours) {
            // Through text, so that 0.1 does not become 0.10000000149.
            let weight: f64 = weight.to_string().parse().unwrap_or(f64::from(*weight));
            all.insert(behaviour.clone(), weight.into());
        }
    }
    let mut text = table.to_string();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    // Under another name first: half a file would keep the folder from opening.
    let draft = folder.join("dataset.toml.new");
    fs::write(&draft, text).and_then(|()| fs::rename(&draft, &file)).map_err(cannot)?;
    Ok(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::dataset::read::load;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let events = "who,thing,what,at\n1,a,click,1700000000000\n1,b,buy,1700000060000\n2,a,click,1700000120000\n";
        fs::write(folder.path().join("events.csv"), events).unwrap();
        folder
    }

    fn corrected() -> Corrections {
        let columns = [("user_id", "who"), ("item_id", "thing"), ("behaviour", "what"), ("timestamp", "at")];
        let columns = columns.map(|(own, name)| (own.to_owned(), name.to_owned()));
        Corrections { columns: [("events".to_owned(), columns.into())].into(), ..Corrections::default() }
    }

    #[test]
    fn a_table_that_is_not_understood_shows_its_rows_and_what_is_wrong() {
        let folder = folder();
        let seen = survey(folder.path(), &Corrections::default()).unwrap();
        let events = &seen.tables["events"];
        assert_eq!(events.header, ["who", "thing", "what", "at"]);
        assert_eq!(events.rows[1], ["1", "b", "buy", "1700000060000"]);
        assert!(events.fault.as_ref().unwrap().message.contains("looks like user_id") && !seen.is_usable());
        let seen = survey(folder.path(), &corrected()).unwrap();
        assert!(seen.is_usable());
        assert_eq!(seen.recognised.time_unit, "milliseconds");
        assert_eq!(seen.tables["events"].times_secs[0], Some(1_700_000_000));
        assert!(survey(&folder.path().join("none"), &Corrections::default()).is_err());
    }

    #[test]
    fn corrections_are_read_and_can_be_written_down() {
        let folder = folder();
        let mut corrections = corrected();
        corrections.behaviours.insert("buy".to_owned(), 3.5);
        corrections.time_unit = Some("milliseconds".to_owned());
        let read =
            |corrections: &Corrections| load(folder.path(), None, Some(corrections), &JobContext::default()).unwrap();
        let data = read(&corrections);
        let weights: Vec<(&str, f32)> = data.behaviours.iter().map(|kind| (kind.name.as_str(), kind.weight)).collect();
        assert_eq!(weights, [("click", 1.0), ("buy", 3.5)]);
        fs::write(folder.path().join("dataset.toml"), "name = \"Mine\"\n").unwrap();
        let seen = survey(folder.path(), &corrections).unwrap();
        write_config(folder.path(), &corrections, &seen.recognised.behaviours).unwrap();
        let written = read(&Corrections::default());
        assert_eq!((written.name.as_str(), written.events.len()), ("Mine", data.events.len()));
        assert_eq!(written.recognised.behaviours, data.recognised.behaviours);
        assert!(folder.path().join("dataset.toml.bak").exists());
        // A column that none is to be, not even by guess.
        fs::write(folder.path().join("events.csv"), "user,item,time\n1,a,1700000000\n").unwrap();
        fs::remove_file(folder.path().join("dataset.toml")).unwrap();
        let mut none = Corrections::default();
        none.columns.entry("events".to_owned()).or_default().insert("timestamp".to_owned(), String::new());
        assert!(read(&Corrections::default()).events.has_times());
        let untimed = read(&none);
        assert!(!untimed.events.has_times() && untimed.recognised.unused["events"] == ["time"]);
    }

    #[test]
    fn a_file_is_chosen_for_the_events_and_a_column_is_left_out_now_and_by_what_is_written_down() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("clicks.log", "user_id\titem_id\n1\ta\n2\tb\n");
        write("items.csv", "item_id,price,colour\na,3,red\nb,4,blue\n");
        write("notes.md", "nothing to read\n");
        let none = survey(folder.path(), &Corrections::default()).unwrap_err();
        assert_eq!(none.kind(), Some(FaultKind::NoEvents));
        assert_eq!(table_files(folder.path()), ["clicks.log", "items.csv"]);
        let mut corrections = Corrections::default();
        corrections.files.insert("events".to_owned(), "clicks.log".to_owned());
        corrections.ignored.entry("items".to_owned()).or_default().insert("price".to_owned());
        let read =
            |corrections: &Corrections| load(folder.path(), None, Some(corrections), &JobContext::default()).unwrap();
        let check = |data: &crate::dataset::Dataset| {
            assert_eq!(data.events.len(), 2);
            assert_eq!(data.recognised.attributes["items"], ["colour"]);
            assert_eq!(data.recognised.unused["items"], ["price"]);
        };
        check(&read(&corrections));
        write_config(folder.path(), &corrections, &BTreeMap::new()).unwrap();
        // Twice the same is written once.
        write_config(folder.path(), &corrections, &BTreeMap::new()).unwrap();
        check(&read(&Corrections::default()));
        let text = fs::read_to_string(folder.path().join("dataset.toml")).unwrap();
        assert_eq!(text.matches("price").count(), 1, "{text}");
    }
}
