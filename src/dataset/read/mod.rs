//! Reading a folder: recognise it, read its tables row by row, check, and report what was set aside.

mod cells;
mod columns;
mod config;
mod events;
mod interner;
mod load;
mod order;
mod parquet;
mod pictures;
mod plan;
mod records;
mod rows;
mod source;
mod state;
mod survey;
mod time;

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    dataset::Dataset,
    task::{Cancelled, JobContext},
};

const FORMATS: [&str; 5] = ["native", "recbole", "movielens-100k", "movielens-1m", "lightgcn"];

/// More kinds of behaviour than this are no behaviours but some other column.
const MAX_KINDS: usize = 32;

/// A folder or file that cannot be used at all. Single rows never are; they are set aside in the report.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    #[error("cancelled")]
    Cancelled(#[from] Cancelled),
    #[error("a data set is a folder, and this is a file; open the folder around it: {0}")]
    NotAFolder(PathBuf),
    #[error("cannot read ({what}); {mend}: {path}")]
    Unreadable { what: String, mend: &'static str, path: PathBuf },
    #[error(
        "there is no table of events{found}; add events.csv with user_id, item_id, behaviour and timestamp, or \
         name the file in dataset.toml under [files]: {folder}"
    )]
    NoEvents { found: String, folder: PathBuf },
    #[error("the file is empty; write it again, or remove it: {file}")]
    Empty { file: PathBuf },
    #[error("cannot be used: {what}; {mend}: {place}")]
    NotATable { what: String, mend: String, place: String },
    #[error("{what}; {mend}: {file}")]
    MissingColumn { what: String, mend: String, file: PathBuf },
    #[error("{what}, in {file}")]
    Config { what: String, file: PathBuf },
    #[error("not one event could be kept ({reasons}); mend the rows or the columns in dataset.toml: {place}")]
    NothingKept { reasons: String, place: String },
}

/// What kind of thing is wrong, for a headline in the language of whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    NotAFolder,
    Unreadable,
    NoEvents,
    Empty,
    NotATable,
    Column,
    Config,
    NothingKept,
}

impl DatasetError {
    /// `None` for what was cancelled.
    pub fn kind(&self) -> Option<FaultKind> {
        Some(match self {
            Self::Cancelled(_) => return None,
            Self::NotAFolder(_) => FaultKind::NotAFolder,
            Self::Unreadable { .. } => FaultKind::Unreadable,
            Self::NoEvents { .. } => FaultKind::NoEvents,
            Self::Empty { .. } => FaultKind::Empty,
            Self::NotATable { .. } => FaultKind::NotATable,
            Self::MissingColumn { .. } => FaultKind::Column,
            Self::Config { .. } => FaultKind::Config,
            Self::NothingKept { .. } => FaultKind::NothingKept,
        })
    }

    fn unreadable(path: &Path, source: &io::Error) -> Self {
        let mend = match source.kind() {
            io::ErrorKind::PermissionDenied => "give yourself the right to read it",
            io::ErrorKind::NotFound => "check the path",
            _ => "check that the file is whole and its disk at hand",
        };
        Self::Unreadable { what: source.to_string(), mend, path: path.to_owned() }
    }

    fn not_a_table(file: &source::TableFile, line: u64, what: &str, mend: &str) -> Self {
        let place = if line == 0 { file.path.display().to_string() } else { format!("{}:{line}", file.path.display()) };
        Self::NotATable { what: what.to_owned(), mend: mend.to_owned(), place }
    }

    /// Reading broke off in the middle.
    fn cut_short(file: &source::TableFile, line: u64, source: &io::Error) -> Self {
        Self::not_a_table(
            file,
            line,
            &format!("it breaks off ({source})"),
            "write or copy the file again; it is not whole or no table",
        )
    }

    fn missing_column(table: &str, column: &str, name: Option<&str>, header: &[String], file: &Path) -> Self {
        let what = match name {
            Some(name) => format!("the table {table} has no column `{name}`, which is to be {column}"),
            None => format!("no column of the table {table} looks like {column}"),
        };
        let found: Vec<&str> = header.iter().take(12).map(String::as_str).collect();
        let mend = format!(
            "its columns are {}; write `{column} = \"…\"` under [columns.{table}] in dataset.toml",
            found.join(", ").chars().filter(|c| !c.is_control()).take(300).collect::<String>()
        );
        Self::MissingColumn { what, mend, file: file.to_owned() }
    }
}

pub use state::{Listing, state, tables};
pub use survey::{
    Corrections, Fault, Survey, TIME_UNITS, TableSurvey, is_required, meanings, survey, table_files, write_config,
};
pub(super) use time::show as show_time;

/// Reads `folder`, as the analyst corrected it where he did. `config` stands for the folder's `dataset.toml`.
pub fn load(
    folder: &Path,
    config: Option<&Path>,
    corrections: Option<&Corrections>,
    ctx: &JobContext,
) -> Result<Dataset, DatasetError> {
    ctx.check()?;
    load::load(plan::Plan::make(folder, config, corrections)?, ctx)
}
