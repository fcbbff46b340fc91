//! What a folder holds, recognised from names, headers and first rows.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, Read as _},
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;

use super::{
    Corrections, DatasetError,
    cells::Cell,
    columns,
    config::{Config, inside},
    records,
    source::{self, Item, Layout, TableFile},
    time::TimeUnit,
};
use crate::{
    dataset::{Behaviour, Recognised, SetAside, report::note},
    task::JobContext,
};

const SAMPLE_ROWS: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct TablePlan {
    pub(super) files: Vec<TableFile>,
    /// The app's column -> the file's column.
    pub(super) columns: BTreeMap<String, String>,
    /// Columns of the file that are none of ours: attributes of users and items.
    pub(super) extra: Vec<String>,
    /// Columns of the file that nothing is made of.
    pub(super) unused: Vec<String>,
    /// Columns whose values are parted by spaces (RecBole's `token_seq`).
    pub(super) spaced: Vec<String>,
}

pub(super) struct Plan {
    pub(super) folder: PathBuf,
    pub(super) config: Config,
    pub(super) zone: TimeZone,
    pub(super) format: String,
    pub(super) tables: BTreeMap<&'static str, TablePlan>,
    pub(super) unit: TimeUnit,
    pub(super) behaviours: BTreeMap<String, f32>,
    /// Behaviours whose weight the analyst corrected.
    confirmed: Vec<String>,
    pub(super) notes: Vec<String>,
    /// What has to be said of the files before a row of them is read.
    pub(super) remarks: BTreeMap<String, SetAside>,
}

impl Plan {
    pub(super) fn make(
        folder: &Path,
        config: Option<&Path>,
        corrections: Option<&Corrections>,
    ) -> Result<Self, DatasetError> {
        let (plan, faults) = Self::survey(folder, config, corrections)?;
        faults.into_iter().next().map_or(Ok(plan), |(_, fault)| Err(fault))
    }

    /// As [`Plan::make`], but tables that cannot be used stay in the plan, and what is wrong with them stands beside it.
    pub(super) fn survey(
        folder: &Path,
        config: Option<&Path>,
        corrections: Option<&Corrections>,
    ) -> Result<(Self, Vec<(&'static str, DatasetError)>), DatasetError> {
        match fs::metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(DatasetError::NotAFolder(folder.to_owned())),
            Err(source) => return Err(DatasetError::unreadable(folder, &source)),
        }
        let mut config = Config::read(folder, config)?;
        if let Some(corrections) = corrections {
            config.files.extend(corrections.files.clone());
            for (table, columns) in &corrections.columns {
                config.columns.entry(table.clone()).or_default().extend(columns.clone());
            }
            for (table, names) in &corrections.ignored {
                config.ignore.entry(table.clone()).or_default().extend(names.iter().cloned());
            }
        }
        let zone = config.zone().unwrap_or(TimeZone::UTC);
        let mut plan = Self {
            folder: folder.to_owned(),
            zone,
            format: String::new(),
            tables: BTreeMap::new(),
            unit: TimeUnit::None,
            behaviours: BTreeMap::new(),
            confirmed: Vec::new(),
            notes: Vec::new(),
            remarks: BTreeMap::new(),
            config,
        };
        plan.find_tables()?;
        let mut faults = plan.map_columns();
        if faults.iter().all(|(table, _)| *table != "events")
            && let Err(fault) = plan.sample_events()
        {
            faults.push(("events", fault));
        }
        if let Some(unit) = plan.config.time_unit.as_deref().and_then(TimeUnit::from_name) {
            plan.unit = unit;
        }
        if let Some(corrections) = corrections {
            plan.confirmed = corrections.behaviours.keys().cloned().collect();
            plan.behaviours.extend(corrections.behaviours.clone());
            if let Some(unit) = corrections.time_unit.as_deref().and_then(TimeUnit::from_name)
                && unit != TimeUnit::None
            {
                plan.unit = unit;
            }
        }
        Ok((plan, faults))
    }

    /// Whether nobody gave the behaviour `name` a weight, so that it counts as one by guess.
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        let is_given = self.config.behaviours.contains_key(name) || self.confirmed.iter().any(|given| given == name);
        !is_given && !Behaviour::is_known(name)
    }

    pub(super) fn recognised(&self) -> Recognised {
        fn of_tables<T>(plan: &Plan, what: impl Fn(&TablePlan) -> T) -> BTreeMap<String, T> {
            plan.tables.iter().map(|(table, plan)| ((*table).to_owned(), what(plan))).collect()
        }
        Recognised {
            format: self.format.clone(),
            files: of_tables(self, |plan| {
                plan.files.iter().map(|file| file.shown.as_str()).collect::<Vec<_>>().join(", ")
            }),
            forms: of_tables(self, |plan| plan.files.first().map_or_else(String::new, |file| file.layout.describe())),
            columns: of_tables(self, |plan| plan.columns.clone()),
            attributes: of_tables(self, |plan| {
                plan.extra.iter().filter(|name| !name.starts_with(GENRE)).cloned().collect()
            }),
            unused: of_tables(self, |plan| plan.unused.clone()),
            time_unit: self.unit.name().to_owned(),
            behaviours: self.behaviours.clone(),
            unknown_behaviours: self.behaviours.keys().filter(|name| self.is_unknown(name)).cloned().collect(),
            notes: self.notes.clone(),
        }
    }

    fn find_tables(&mut self) -> Result<(), DatasetError> {
        let entries = list(&self.folder)?;
        let has = |name: &str| entries.iter().any(|entry| entry == name);
        let ends = |end: &str| entries.iter().find(|entry| entry.ends_with(end)).cloned();
        let native = |table| !find_native(&entries, table).is_empty() || self.config.files.contains_key(table);
        self.format = match &self.config.format {
            Some(format) => format.clone(),
            None if native("events") => "native".to_owned(),
            None if has("u.data") => "movielens-100k".to_owned(),
            None if has("ratings.dat") => "movielens-1m".to_owned(),
            None if ends(".inter").is_some() => "recbole".to_owned(),
            None if has("train.txt") && has("test.txt") || self.config.train.is_some() => "lightgcn".to_owned(),
            None => "native".to_owned(),
        };
        let plain = |name: &str, layout: Layout, is_test: bool| TableFile {
            path: self.folder.join(name),
            shown: name.to_owned(),
            hive: Vec::new(),
            layout,
            is_test,
        };
        let fixed = |delimiter: &str, header: &[&str]| Layout::Delimited {
            delimiter: delimiter.to_owned(),
            header: Some(header.iter().map(|&name| name.to_owned()).collect()),
            is_latin1: true,
            has_quotes: false,
            is_typed: false,
        };
        let mut found: Vec<(&'static str, TableFile)> = Vec::new();
        match self.format.as_str() {
            "movielens-100k" => {
                found.push((
                    "events",
                    plain("u.data", fixed("\t", &["user_id", "item_id", "rating", "timestamp"]), false),
                ));
                if has("u.user") {
                    let header = ["user_id", "age", "gender", "occupation", "zip"];
                    found.push(("users", plain("u.user", fixed("|", &header), false)));
                }
                if has("u.item") {
                    let mut header: Vec<String> =
                        ["item_id", "title", "published_at", "_video", "_url"].map(str::to_owned).to_vec();
                    header.extend(GENRES.iter().map(|genre| format!("{GENRE}{genre}")));
                    self.notes.push("The columns of genres are taken as tags".to_owned());
                    let header: Vec<&str> = header.iter().map(String::as_str).collect();
                    found.push(("items", plain("u.item", fixed("|", &header), false)));
                }
            }
            "movielens-1m" => {
                let header = ["user_id", "item_id", "rating", "timestamp"];
                found.push(("events", plain("ratings.dat", fixed("::", &header), false)));
                if has("users.dat") {
                    let header = ["user_id", "gender", "age", "occupation", "zip"];
                    found.push(("users", plain("users.dat", fixed("::", &header), false)));
                }
                if has("movies.dat") {
                    found.push(("items", plain("movies.dat", fixed("::", &["item_id", "title", "tags"]), false)));
                }
            }
            "recbole" => {
                for (table, end) in [("events", ".inter"), ("users", ".user"), ("items", ".item")] {
                    if let Some(name) = ends(end) {
                        let layout = Layout::Delimited {
                            delimiter: "\t".to_owned(),
                            header: None,
                            is_latin1: false,
                            has_quotes: false,
                            is_typed: true,
                        };
                        if entries.iter().filter(|entry| entry.ends_with(end)).count() > 1 {
                            self.notes.push(format!("Several files end in {end}; {name} was taken"));
                        }
                        found.push((table, plain(&name, layout, false)));
                    }
                }
            }
            "lightgcn" => {
                let train = self.config.train.clone().unwrap_or_else(|| "train.txt".to_owned());
                let test = self.config.test.clone().unwrap_or_else(|| "test.txt".to_owned());
                let layout =
                    || if self.config.layout.as_deref() == Some("pairs") { Layout::Pairs } else { Layout::Lists };
                found.push(("events", plain(&train, layout(), false)));
                if self.config.test.is_some() || has(&test) {
                    found.push(("events", plain(&test, layout(), true)));
                }
            }
            _ => {}
        }
        for (table, file) in found {
            self.tables.entry(table).or_default().files.push(file);
        }
        for table in columns::TABLES {
            let files = if let Some(name) = self.config.files.get(table) {
                let path = inside(&self.folder, name).unwrap_or_else(|| self.folder.join(name));
                if !path.exists() {
                    return Err(DatasetError::Config {
                        what: format!(
                            "[files] {table} = \"{name}\": there is no such file below the data set's folder"
                        ),
                        file: path,
                    });
                }
                self.files_at(name)?
            } else if self.tables.contains_key(table) {
                continue;
            } else {
                let names = find_native(&entries, table);
                let Some(first) = names.first() else { continue };
                let form = form_of(first);
                let (chosen, others): (Vec<&String>, Vec<&String>) =
                    names.iter().partition(|name| form_of(name) == form);
                if let Some(other) = others.first() {
                    self.notes
                        .push(format!("{first} and {other} could both be the table {table}; the first was taken"));
                }
                let mut files = Vec::new();
                for name in chosen {
                    files.extend(self.files_at(name)?);
                }
                files
            };
            if !files.is_empty() {
                self.tables.insert(table, TablePlan { files, ..TablePlan::default() });
            }
        }
        if !self.tables.contains_key("events") {
            let named = find_native(&entries, "events");
            let found = if let Some(name) = named.first() {
                // With any part of a table in it, it would have been taken.
                format!(": `{name}` is a folder without a file of a table (.csv, .tsv, .ndjson, .parquet)")
            } else if entries.is_empty() {
                ": the folder is empty".to_owned()
            } else {
                let more = if entries.len() > 8 { ", …" } else { "" };
                format!(", only {}{more}", entries[..entries.len().min(8)].join(", "))
            };
            return Err(DatasetError::NoEvents { found, folder: self.folder.clone() });
        }
        Ok(())
    }

    /// The file `name`, or all files below the folder `name`, in order of their names.
    fn files_at(&self, name: &str) -> Result<Vec<TableFile>, DatasetError> {
        let mut files = Vec::new();
        let mut queue = vec![(name.to_owned(), Vec::new(), 0)];
        while let Some((name, hive, depth)) = queue.pop() {
            let path = self.folder.join(&name);
            if !path.is_dir() {
                let layout = layout_of(&path, &name)?;
                files.push(TableFile { path, shown: name, hive, layout, is_test: false });
                continue;
            }
            for entry in list(&path)?.into_iter().rev() {
                let shown = format!("{name}/{entry}");
                let is_folder = path.join(&entry).is_dir();
                if entry.starts_with(['.', '_']) || depth > 8 || !is_folder && form_of(&entry).is_none() {
                    continue;
                }
                let mut hive = hive.clone();
                if is_folder && let Some((column, value)) = entry.split_once('=') {
                    hive.push((column.to_owned(), value.to_owned()));
                }
                queue.push((shown, hive, depth + 1));
            }
        }
        Ok(files)
    }

    /// Gives each table its columns; answers with what is wrong, per table.
    fn map_columns(&mut self) -> Vec<(&'static str, DatasetError)> {
        let mut tables = std::mem::take(&mut self.tables);
        let mut faults = Vec::new();
        for (table, plan) in &mut tables {
            if let Err(fault) = self.map_table(table, plan) {
                faults.push((*table, fault));
            }
        }
        self.tables = tables;
        faults
    }

    fn map_table(&mut self, table: &str, plan: &mut TablePlan) -> Result<(), DatasetError> {
        let Some(file) = plan.files.first() else { return Ok(()) };
        let header = source::header(file)?;
        if self.format == "recbole" && matches!(file.layout, Layout::Delimited { is_typed: true, .. }) {
            let mut raw = file.clone();
            if let Layout::Delimited { is_typed, .. } = &mut raw.layout {
                *is_typed = false;
            }
            let raw = source::header(&raw)?;
            plan.spaced = raw.iter().filter_map(|name| name.strip_suffix(":token_seq")).map(str::to_owned).collect();
        }
        let mut taken: Vec<String> = Vec::new();
        let mut refused: Vec<&str> = Vec::new();
        if let Some(given) = self.config.columns.get(table) {
            for (own, name) in given {
                if !columns::of_table(table).iter().any(|(column, _)| column == own) {
                    // An attribute goes by its own name.
                    continue;
                }
                // No column is to be it, not even by guess.
                if name.is_empty() {
                    refused.push(own);
                    continue;
                }
                if !header.contains(name) {
                    return Err(DatasetError::missing_column(table, own, Some(name), &header, &file.path));
                }
                plan.columns.insert(own.clone(), name.clone());
                taken.push(name.clone());
            }
        }
        for (own, _) in columns::of_table(table) {
            if plan.columns.contains_key(*own) || refused.contains(own) {
                continue;
            }
            if let Some(name) = columns::guess(table, own, &header, &taken) {
                if name != *own {
                    self.notes.push(format!("Column `{name}` of {} is taken as {own}", file.shown));
                }
                taken.push(name.clone());
                plan.columns.insert((*own).to_owned(), name);
            }
        }
        check_twice(file, &header, &plan.columns, &mut self.remarks)?;
        let required = columns::required(table);
        for column in required {
            if !plan.columns.contains_key(*column) {
                return Err(DatasetError::missing_column(table, column, None, &header, &file.path));
            }
        }
        for other in &plan.files[1..] {
            let header = source::header(other)?;
            check_twice(other, &header, &plan.columns, &mut self.remarks)?;
            let lacking = required.iter().find_map(|column| {
                let name = plan.columns.get(*column)?;
                (!header.contains(name)).then_some((column, name))
            });
            if let Some((column, name)) = lacking {
                return Err(DatasetError::missing_column(table, column, Some(name), &header, &other.path));
            }
        }
        let is_free = |name: &&String| !taken.contains(name) && !name.starts_with('_') && !name.is_empty();
        let mut free: Vec<String> = Vec::new();
        for name in header.iter().filter(is_free) {
            if !free.contains(name) {
                free.push(name.clone());
            }
        }
        let is_ignored = |name: &String| self.config.ignore.get(table).is_some_and(|names| names.contains(name));
        (plan.unused, plan.extra) =
            free.into_iter().partition(|name| !matches!(table, "users" | "items") || is_ignored(name));
        Ok(())
    }

    /// The unit of times and the behaviours, from the first rows.
    fn sample_events(&mut self) -> Result<(), DatasetError> {
        let Some(plan) = self.tables.get("events") else { return Ok(()) };
        let column = |own: &str| plan.columns.get(own).cloned().unwrap_or_default();
        let wanted = [column("timestamp"), column("behaviour")];
        let (mut numbers, mut texts) = (Vec::new(), 0);
        let mut names: Vec<String> = Vec::new();
        for file in plan.files.iter().take(1) {
            source::read(file, &wanted, Some(SAMPLE_ROWS), &JobContext::default(), &mut |item| {
                if let Item::Row(row) = item {
                    match row.cell(0) {
                        Cell::Empty => {}
                        Cell::Secs(_) | Cell::LocalSecs(_) => texts += 1,
                        // `20200131` is a date.
                        Cell::Text(text)
                            if text.trim().len() == 8 && (text.starts_with("19") || text.starts_with("20")) =>
                        {
                            texts += 1;
                        }
                        cell => cell.number().map_or_else(|| texts += 1, |number| numbers.push(number)),
                    }
                    if let Some(name) = row.cell(1).text()
                        && names.len() < super::MAX_KINDS
                        && is_short(&name)
                        && !names.iter().any(|known| *known == *name)
                    {
                        names.push(name.into_owned());
                    }
                }
                Ok(true)
            })?;
        }
        if wanted[0].is_empty() {
            self.notes.push("The events have no times: splits by time are not offered".to_owned());
        } else if texts > numbers.len() {
            self.unit = TimeUnit::Iso8601;
        } else if !numbers.is_empty() {
            numbers.sort_by(f64::total_cmp);
            self.unit = TimeUnit::of_number(numbers[numbers.len() / 2]);
            self.notes.push(format!("Times are read as {} since 1970", self.unit.name()));
        } else {
            self.unit = TimeUnit::Iso8601;
        }
        if wanted[1].is_empty() {
            if plan.columns.contains_key("rating") {
                names = ["click", "like", "favorite"].map(str::to_owned).to_vec();
                self.notes.push("Ratings 1 to 3 count as click, 4 as like, 5 as favorite".to_owned());
            } else {
                names.push("click".to_owned());
                self.notes.push("The events name no behaviour: each counts as click".to_owned());
            }
        }
        let listed = &self.config.behaviours;
        if listed.is_empty() {
            self.behaviours =
                names.iter().map(|name| (name.clone(), Behaviour::with_default_weight(name).weight)).collect();
        } else {
            self.behaviours = listed.clone();
        }
        Ok(())
    }
}

/// Two columns of one name: which of them is meant, nobody can tell. That is an error where the column is used; else
/// the first is taken, and the report says so.
fn check_twice(
    file: &TableFile,
    header: &[String],
    used: &BTreeMap<String, String>,
    remarks: &mut BTreeMap<String, SetAside>,
) -> Result<(), DatasetError> {
    for (place, name) in header.iter().enumerate() {
        // Only the first repetition speaks.
        if name.is_empty() || header[..place].iter().filter(|other| *other == name).count() != 1 {
            continue;
        }
        if let Some((own, _)) = used.iter().find(|(_, used)| *used == name) {
            return Err(DatasetError::not_a_table(
                file,
                1,
                &format!("its header names the column `{name}` twice, which is to be {own}"),
                "give the two columns different names, or remove one of them",
            ));
        }
        note(remarks, "column_named_twice", || format!("{}: `{name}`; the first was taken", file.shown));
    }
    Ok(())
}

pub(super) fn is_short(behaviour: &str) -> bool {
    behaviour.len() <= 64 && !behaviour.chars().any(char::is_control)
}

/// Before the names of columns that say whether an item is of a genre.
pub(super) const GENRE: &str = "genre:";

const GENRES: [&str; 19] = [
    "unknown",
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
];

/// Files right in `folder` that could be read as a table, sorted; at most a few hundred.
pub(super) fn table_files(folder: &Path) -> Vec<String> {
    const MOST: usize = 300;
    let is_table = |name: &String| {
        let plain = name.to_ascii_lowercase();
        let plain = plain.strip_suffix(".gz").or_else(|| plain.strip_suffix(".zst")).unwrap_or(&plain);
        let is_text = plain.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "txt" | "dat" | "data" | "log"));
        !name.starts_with('.') && (form_of(name).is_some() || is_text) && folder.join(name).is_file()
    };
    list(folder).unwrap_or_default().into_iter().filter(is_table).take(MOST).collect()
}

/// Names in a folder, sorted.
fn list(folder: &Path) -> Result<Vec<String>, DatasetError> {
    let entries = fs::read_dir(folder).map_err(|source| DatasetError::unreadable(folder, &source))?;
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// `csv`, `tsv`, `ndjson` or `parquet` by the name, compression set aside.
fn form_of(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "csv" => Some("csv"),
        "tsv" | "tab" => Some("tsv"),
        "ndjson" | "jsonl" | "json" => Some("ndjson"),
        "parquet" | "pq" => Some("parquet"),
        _ => None,
    }
}

/// Entries that are the table `table`: `events.csv`, `events-001.parquet`, `events/`, `events.parquet/`.
fn find_native(entries: &[String], table: &str) -> Vec<String> {
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_part = |rest: &str| {
        rest.strip_prefix(['-', '_'])
            .is_some_and(|rest| rest.starts_with("part") || rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut names: Vec<String> = entries
        .iter()
        .filter(|name| {
            let stem = stem(name);
            let is_named = stem == table || stem.strip_prefix(table).is_some_and(is_part);
            is_named && (form_of(name).is_some() || **name == table)
        })
        .cloned()
        .collect();
    // Parquet says most about its types; parts keep their order.
    names.sort_by_key(|name| (form_of(name) != Some("parquet"), stem(name) != table, name.clone()));
    names
}

fn layout_of(path: &Path, name: &str) -> Result<Layout, DatasetError> {
    let form = form_of(name);
    if form == Some("parquet") {
        return Ok(Layout::Parquet);
    }
    let probe = TableFile {
        path: path.to_owned(),
        shown: name.to_owned(),
        hive: Vec::new(),
        layout: Layout::Ndjson,
        is_test: false,
    };
    let mut line = Vec::new();
    let mut input = source::open(&probe)?;
    let fail = |source| DatasetError::cut_short(&probe, 1, &source);
    let end = records::line_end(input.fill_buf().map_err(fail)?);
    input.take(1 << 16).read_until(end, &mut line).map_err(fail)?;
    let line = String::from_utf8_lossy(&line);
    Ok(match form {
        Some("ndjson") => Layout::Ndjson,
        None if line.starts_with("PAR1") => Layout::Parquet,
        None if line.trim_start().starts_with('{') => Layout::Ndjson,
        _ => {
            let delimiter = if form == Some("tsv") { "\t" } else { records::sniff_delimiter(&line) };
            Layout::Delimited {
                delimiter: delimiter.to_owned(),
                header: None,
                is_latin1: false,
                has_quotes: true,
                is_typed: false,
            }
        }
    })
}
