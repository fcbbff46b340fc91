//! Cases as a document for others: plain structs that say everything in words, and their writers.
//!
//! Whoever has cases fills a [`Report`], by hand or with the [`Builder`]; [`write`] makes a file of it. A report names no
//! path of this machine.

mod book;
mod builder;
mod html;
mod markdown;
mod names;
pub(in crate::workspace) mod pictures;
mod rows;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use self::{
    book::of_kept,
    builder::{Asked, AskedLane, Builder, Light},
    pictures::{Picture, Pictures},
    rows::table,
};
use super::{TableFormat, write_table};
use crate::{
    dataset::Language,
    workspace::{WorkspaceError, artifacts::write_atomically},
};

/// One or more cases, with what they were made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub title: String,
    /// Of the report's own words; what the data set says is in it already.
    pub language: Language,
    pub cases: Vec<Case>,
    pub stamp: Stamp,
    /// By [`Item::cover`].
    #[serde(skip)]
    pub pictures: Pictures,
}

/// What it takes to make the same again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    pub dataset: String,
    /// [`crate::dataset::Dataset::fingerprint`]
    pub fingerprint: String,
    pub version: String,
    /// Seconds since 1970, UTC.
    pub made_secs: i64,
    /// Who was drawn at random, was drawn with it.
    pub seed: Option<u64>,
    /// Whether users go by other names than in the log.
    pub has_pseudonyms: bool,
    pub runs: Vec<RunStamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunStamp {
    /// As the rows are headed.
    pub name: String,
    pub lane: String,
    pub id: String,
    pub seed: u64,
    pub version: String,
    /// Keys and values of all settings that shape it, the split among them.
    pub settings: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub title: String,
    /// Paragraphs, parted by line breaks.
    pub notes: String,
    pub tags: Vec<String>,
    /// What a reader has to know of it, e.g. that its run is gone.
    pub remark: Option<String>,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub who: Who,
    /// Newest first.
    pub recent: Vec<Recent>,
    pub lanes: Vec<Recalls>,
}

/// Who is in the middle: a user, or an item and whoever takes it alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Who {
    /// The user's id or pseudonym; the item's title.
    pub name: String,
    /// Set where it is about an item.
    pub item: Option<Item>,
    pub attributes: Vec<(String, String)>,
    pub band: String,
    /// In the training part, where that is known.
    pub interactions: Option<u64>,
    /// By falling number.
    pub behaviours: Vec<(String, u64)>,
    /// By falling number.
    pub tags: Vec<(String, u64)>,
    /// In what he is taken to differ from the log.
    pub changes: Vec<String>,
    /// How many items new to him he took later: what a lane can hit.
    pub targets: u64,
    /// Whether these were taken at the same time as the others, and only held out.
    pub is_held_out: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    pub title: String,
    /// Its place among [`Report::pictures`], where it has a picture.
    pub cover: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    pub item: Item,
    pub behaviours: Vec<String>,
    /// Seconds since 1970, UTC.
    pub time_secs: Option<i64>,
}

/// What one run recalls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recalls {
    /// [`RunStamp::name`]
    pub name: String,
    /// [`RunStamp::id`]
    pub run: String,
    pub hits: u64,
    pub items: Vec<Found>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub item: Item,
    /// From 1.
    pub rank: u64,
    pub score: f32,
    pub is_taken_later: bool,
    pub shared_tag: Option<String>,
    pub is_tail: bool,
    /// Came out shortly before the split, or later.
    pub is_new: bool,
    /// Other runs that have it, and its rank there.
    pub also: Vec<(String, u64)>,
    /// What carried it, the most important first.
    pub why: Vec<Why>,
}

/// One of the user's items that carried a recalled one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    pub item: Item,
    /// Of the score, or, for graph networks, of all that it falls by.
    pub share: f32,
}

/// The form in which a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// One file with everything in it.
    Html,
    /// A file, and a folder of pictures beside it.
    Markdown,
    /// What was recalled, a row an item.
    Table(TableFormat),
}

impl ReportFormat {
    pub const ALL: [Self; 4] =
        [Self::Html, Self::Markdown, Self::Table(TableFormat::Csv), Self::Table(TableFormat::Parquet)];

    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Table(format) => format.extension(),
        }
    }

    /// What the end of the file's name asks for.
    pub fn of_path(path: &Path) -> Option<Self> {
        let own = path.extension()?;
        Self::ALL.into_iter().find(|format| own.eq_ignore_ascii_case(format.extension()))
    }
}

/// Writes the report to `path` and gives the files and folders that were made, `path` first. Each file is there as a
/// whole or not at all; of Markdown, pictures come before the text that names them.
pub fn write(path: &Path, format: ReportFormat, report: &Report) -> Result<Vec<PathBuf>, WorkspaceError> {
    use std::io::Write as _;
    match format {
        ReportFormat::Html => write_atomically(path, |out| out.write_all(html::page(report).as_bytes()))?,
        ReportFormat::Table(format) => write_table(path, format, &table(report))?,
        ReportFormat::Markdown => {
            let folder = markdown::folder_of(path);
            if report.pictures.is_empty() {
                write_atomically(path, |out| out.write_all(markdown::page(report, "").as_bytes()))?;
            } else {
                fs::create_dir_all(&folder).map_err(|error| WorkspaceError::make_folder(&folder, &error))?;
                for (&cover, picture) in &report.pictures {
                    write_atomically(&folder.join(markdown::file_of(cover)), |out| out.write_all(&picture.jpeg))?;
                }
                let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                write_atomically(path, |out| out.write_all(markdown::page(report, &name).as_bytes()))?;
                return Ok(vec![path.to_owned(), folder]);
            }
        }
    }
    Ok(vec![path.to_owned()])
}
