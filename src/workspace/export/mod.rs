//! Vectors for other tools: the Embedding Projector, Parquet, NumPy, safetensors; and tables as CSV and Parquet.

mod candidates;
pub mod report;
mod table;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use npyz::WriterBuilder as _;
use polars::prelude::{
    Column, DataFrame, DataType, Float32Type, IntoColumn as _, IntoSeries as _, ListBuilderTrait as _,
    ListPrimitiveChunkedBuilder, ListStringChunkedBuilder, ParquetWriter, PolarsError,
};
use rustc_hash::FxHashSet;

pub use self::{
    candidates::{CandidateSource, CandidatesWritten, lane_names, write_candidates},
    table::{TableFormat, write_table},
};
use super::{
    WorkspaceError,
    artifacts::{Array, Arrays, UNFINISHED, sync_folder, write_atomically, write_safetensors},
};
use crate::{
    dataset::{Dataset, Ids, Language, split::Split},
    models::Embeddings,
};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// `vectors.tsv` and `metadata.tsv`, as the Embedding Projector loads them.
    Projector,
    /// `items.parquet` and `users.parquet`.
    Parquet,
    /// `items.npy`, `users.npy`, their ids by line, and the pairs of both parts: what an evaluation elsewhere needs.
    Npy,
    /// `vectors.safetensors`, and the ids by line.
    Safetensors,
}

impl ExportFormat {
    pub const ALL: [Self; 4] = [Self::Projector, Self::Parquet, Self::Npy, Self::Safetensors];

    pub fn name(self) -> &'static str {
        match self {
            Self::Projector => "projector",
            Self::Parquet => "parquet",
            Self::Npy => "npy",
            Self::Safetensors => "safetensors",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Names of the files of an export.
type Names = Vec<&'static str>;

/// Vectors of one run: the score of an item for a user is the product of theirs.
#[derive(Debug, Clone, Default)]
pub struct RunVectors {
    /// Rows of items, one a row of `item_vectors`, rising.
    pub items: Vec<u32>,
    pub item_vectors: Embeddings,
    /// Rows of users, one a row of `user_vectors`, rising. Users that the lane knows nothing about are left out.
    pub users: Vec<u32>,
    pub user_vectors: Embeddings,
}

/// Writes `vectors` into `folder` (made if it is not there) and gives the files written. After an error none of them is
/// there, unless the last step failed, in which finished files get their names; older files stay until then.
pub fn export(
    folder: &Path,
    format: ExportFormat,
    vectors: &RunVectors,
    dataset: &Dataset,
    split: &Split,
) -> Result<Vec<PathBuf>, WorkspaceError> {
    check_ids(folder, format, vectors, dataset, split)?;
    let is_made_now = !folder.exists();
    fs::create_dir_all(folder).map_err(|error| WorkspaceError::make_folder(folder, &error))?;
    let written = write_and_name(folder, format, vectors, dataset, split);
    if written.is_err() && is_made_now {
        // Goes only if it is empty, as it was before.
        let _ = fs::remove_dir(folder);
    }
    written
}

fn write_and_name(
    folder: &Path,
    format: ExportFormat,
    vectors: &RunVectors,
    dataset: &Dataset,
    split: &Split,
) -> Result<Vec<PathBuf>, WorkspaceError> {
    let failed = |error: io::Error| WorkspaceError::write(folder, &error);
    let unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(folder).map_err(failed)?;
    let names = match format {
        ExportFormat::Projector => projector(unfinished.path(), vectors, dataset),
        ExportFormat::Parquet => parquet(unfinished.path(), vectors, dataset),
        ExportFormat::Npy => npy(unfinished.path(), vectors, dataset, split),
        ExportFormat::Safetensors => safetensors(unfinished.path(), vectors, dataset),
    }
    // The folder of the unfinished files is gone by the time anybody reads of it.
    .map_err(|error| error.at(folder))?;
    let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    for (name, file) in names.iter().zip(&files) {
        fs::rename(unfinished.path().join(name), file).map_err(failed)?;
    }
    sync_folder(folder).map_err(failed)?;
    Ok(files)
}

/// Whether the lines of `format` can hold the ids.
fn check_ids(
    folder: &Path,
    format: ExportFormat,
    vectors: &RunVectors,
    dataset: &Dataset,
    split: &Split,
) -> Result<(), WorkspaceError> {
    let unfit = |id: &str, of: &str, what: &str| {
        Err(WorkspaceError::Unfit { what: format!("the id {id:?} of {of}, which has {what}"), path: folder.to_owned() })
    };
    let breaks_line = |id: &&str| id.contains(['\n', '\r']);
    let parts_columns = |id: &&str| id.contains(|c: char| c.is_whitespace() || c == ',');
    let (users, items) = (&dataset.users.ids, &dataset.items.ids);
    let rows = || split.train.iter().chain(&split.test).map(|&row| row as usize);
    if matches!(format, ExportFormat::Npy | ExportFormat::Safetensors) {
        if let Some(id) = vectors.users.iter().map(|&user| users.name(user)).find(breaks_line) {
            return unfit(id, "a user", "a line break");
        }
        if let Some(id) = items.iter().find(breaks_line) {
            return unfit(id, "an item", "a line break");
        }
    }
    if format == ExportFormat::Npy {
        let what = "a blank, a tab or a comma, which part columns";
        if let Some(id) = rows().map(|row| users.name(dataset.events.user[row])).find(parts_columns) {
            return unfit(id, "a user", what);
        }
        if let Some(id) = rows().map(|row| items.name(dataset.events.item[row])).find(parts_columns) {
            return unfit(id, "an item", what);
        }
    }
    Ok(())
}

/// `text` as one cell of a line.
fn cell(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn projector(folder: &Path, vectors: &RunVectors, dataset: &Dataset) -> Result<Names, WorkspaceError> {
    let names = ["vectors.tsv", "metadata.tsv"];
    let [numbers, about] = names.map(|name| folder.join(name));
    write_atomically(&numbers, |out| {
        for row in 0..vectors.items.len() {
            for (at, value) in vectors.item_vectors.row(row).iter().enumerate() {
                write!(out, "{}{value}", if at == 0 { "" } else { "\t" })?;
            }
            writeln!(out)?;
        }
        Ok(())
    })?;
    let mut counts = vec![0u64; dataset.item_count()];
    for &item in &dataset.events.item {
        counts[item as usize] += 1;
    }
    write_atomically(&about, |out| {
        writeln!(out, "id\ttitle\ttags\tcircle\tevents")?;
        for &item in &vectors.items {
            let tags: Vec<&str> = labels(dataset, dataset.items.tags.texts(item));
            let circle: Vec<&str> = labels(dataset, dataset.items.circle.texts(item));
            writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}",
                cell(dataset.items.ids.name(item)),
                cell(dataset.title(item, Language::English)),
                cell(&tags.join("|")),
                cell(&circle.join("|")),
                counts[item as usize]
            )?;
        }
        Ok(())
    })?;
    Ok(names.to_vec())
}

fn labels<'a>(dataset: &'a Dataset, values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    values.map(|value| dataset.label(value, Language::English)).collect()
}

fn parquet(folder: &Path, vectors: &RunVectors, dataset: &Dataset) -> Result<Names, WorkspaceError> {
    let names = ["items.parquet", "users.parquet"];
    let [items, users] = names.map(|name| folder.join(name));
    let titles: Vec<&str> = vectors.items.iter().map(|&item| dataset.title(item, Language::English)).collect();
    let mut tags = ListStringChunkedBuilder::new("tags".into(), vectors.items.len(), vectors.items.len());
    for &item in &vectors.items {
        tags.append_values_iter(labels(dataset, dataset.items.tags.texts(item)).into_iter());
    }
    let columns = vec![
        id_column("item_id", &dataset.items.ids, &vectors.items),
        Column::new("title".into(), titles),
        tags.finish().into_series().into_column(),
        vector_column(&vectors.item_vectors),
    ];
    write_parquet(&items, columns)?;
    let columns = vec![id_column("user_id", &dataset.users.ids, &vectors.users), vector_column(&vectors.user_vectors)];
    write_parquet(&users, columns)?;
    Ok(names.to_vec())
}

fn id_column(name: &str, ids: &Ids, rows: &[u32]) -> Column {
    Column::new(name.into(), rows.iter().map(|&row| ids.name(row)).collect::<Vec<_>>())
}

fn vector_column(vectors: &Embeddings) -> Column {
    let mut column = ListPrimitiveChunkedBuilder::<Float32Type>::new(
        "vector".into(),
        vectors.len(),
        vectors.rows.len(),
        DataType::Float32,
    );
    for row in 0..vectors.len() {
        column.append_slice(vectors.row(row));
    }
    column.finish().into_series().into_column()
}

fn as_io(error: PolarsError) -> io::Error {
    match error {
        // Keeps what tells a full disk from others.
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other.to_string()),
    }
}

fn write_parquet(path: &Path, columns: Vec<Column>) -> Result<(), WorkspaceError> {
    let mut frame = DataFrame::new_infer_height(columns).map_err(|error| WorkspaceError::write(path, &as_io(error)))?;
    write_atomically(path, |out| ParquetWriter::new(out).finish(&mut frame).map(drop).map_err(as_io))
}

/// Every item stands in `items.npy`, those without a vector as NaN: whoever ranks by the products gets them last, and
/// counts them where they are missed.
fn npy(folder: &Path, vectors: &RunVectors, dataset: &Dataset, split: &Split) -> Result<Names, WorkspaceError> {
    let names = ["users.npy", "users.ids", "items.npy", "items.ids", "train.txt", "test.txt"];
    let files = names.map(|name| folder.join(name));
    let [users_npy, users_ids, items_npy, items_ids, train, test] = &files;
    write_npy(users_npy, &vectors.user_vectors)?;
    write_ids(users_ids, &dataset.users.ids, vectors.users.iter().copied())?;
    let dim = vectors.item_vectors.dim;
    let mut all = Embeddings { dim, rows: vec![f32::NAN; dataset.item_count() * dim] };
    for (row, &item) in vectors.items.iter().enumerate() {
        all.rows[item as usize * dim..][..dim].copy_from_slice(vectors.item_vectors.row(row));
    }
    write_npy(items_npy, &all)?;
    write_ids(items_ids, &dataset.items.ids, 0..dataset.item_count() as u32)?;
    for (path, rows) in [(train, &split.train), (test, &split.test)] {
        write_atomically(path, |out| {
            let mut written = FxHashSet::default();
            for &row in rows {
                let pair = (dataset.events.user[row as usize], dataset.events.item[row as usize]);
                if written.insert(pair) {
                    writeln!(out, "{}\t{}", dataset.users.ids.name(pair.0), dataset.items.ids.name(pair.1))?;
                }
            }
            Ok(())
        })?;
    }
    Ok(names.to_vec())
}

fn write_npy(path: &Path, vectors: &Embeddings) -> Result<(), WorkspaceError> {
    write_atomically(path, |out| {
        let shape = [vectors.len() as u64, vectors.dim as u64];
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(out).begin_nd()?;
        writer.extend(vectors.rows.iter().copied())?;
        writer.finish()
    })
}

/// One id a line; none may hold a line break.
fn write_ids(path: &Path, ids: &Ids, rows: impl Iterator<Item = u32>) -> Result<(), WorkspaceError> {
    write_atomically(path, |out| {
        for row in rows {
            writeln!(out, "{}", ids.name(row))?;
        }
        Ok(())
    })
}

fn safetensors(folder: &Path, vectors: &RunVectors, dataset: &Dataset) -> Result<Names, WorkspaceError> {
    let names = ["vectors.safetensors", "items.ids", "users.ids"];
    let files = names.map(|name| folder.join(name));
    let [arrays_path, items_ids, users_ids] = &files;
    let parts = [("items", &vectors.item_vectors), ("users", &vectors.user_vectors)];
    let arrays: Arrays<'_> =
        parts.into_iter().map(|(name, own)| (name.to_owned(), Array::f32_rows(&own.rows, own.dim))).collect();
    write_safetensors(arrays_path, &arrays, &BTreeMap::new())?;
    write_ids(items_ids, &dataset.items.ids, vectors.items.iter().copied())?;
    write_ids(users_ids, &dataset.users.ids, vectors.users.iter().copied())?;
    Ok(names.to_vec())
}
