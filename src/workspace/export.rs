//! Vectors for other tools: the Embedding Projector, Parquet, NumPy, safetensors.

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

use super::{
    WorkspaceError,
    artifacts::{Array, Arrays, write_atomically, write_safetensors},
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

/// Writes `vectors` into `folder` (made if it is not there) and gives the files written.
pub fn export(
    folder: &Path,
    format: ExportFormat,
    vectors: &RunVectors,
    dataset: &Dataset,
    split: &Split,
) -> Result<Vec<PathBuf>, WorkspaceError> {
    fs::create_dir_all(folder).map_err(|error| WorkspaceError::write(folder, &error))?;
    match format {
        ExportFormat::Projector => projector(folder, vectors, dataset),
        ExportFormat::Parquet => parquet(folder, vectors, dataset),
        ExportFormat::Npy => npy(folder, vectors, dataset, split),
        ExportFormat::Safetensors => safetensors(folder, vectors, dataset),
    }
}

/// `text` as one cell of a line.
fn cell(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn projector(folder: &Path, vectors: &RunVectors, dataset: &Dataset) -> Result<Vec<PathBuf>, WorkspaceError> {
    let (numbers, about) = (folder.join("vectors.tsv"), folder.join("metadata.tsv"));
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
    Ok(vec![numbers, about])
}

fn labels<'a>(dataset: &'a Dataset, values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    values.map(|value| dataset.label(value, Language::English)).collect()
}

fn parquet(folder: &Path, vectors: &RunVectors, dataset: &Dataset) -> Result<Vec<PathBuf>, WorkspaceError> {
    let (items, users) = (folder.join("items.parquet"), folder.join("users.parquet"));
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
    Ok(vec![items, users])
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

fn write_parquet(path: &Path, columns: Vec<Column>) -> Result<(), WorkspaceError> {
    let as_io = |error: PolarsError| match error {
        // Keeps what tells a full disk from others.
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other.to_string()),
    };
    let mut frame = DataFrame::new_infer_height(columns).map_err(|error| WorkspaceError::write(path, &as_io(error)))?;
    write_atomically(path, |out| ParquetWriter::new(out).finish(&mut frame).map(drop).map_err(as_io))
}

/// Every item stands in `items.npy`, those without a vector as NaN: whoever ranks by the products gets them last, and
/// counts them where they are missed.
fn npy(folder: &Path, vectors: &RunVectors, dataset: &Dataset, split: &Split) -> Result<Vec<PathBuf>, WorkspaceError> {
    let path = |name: &str| folder.join(name);
    let files = ["users.npy", "users.ids", "items.npy", "items.ids", "train.txt", "test.txt"].map(path);
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
            for &row in rows {
                let (user, item) = (dataset.events.user[row as usize], dataset.events.item[row as usize]);
                let ids = [(dataset.users.ids.name(user)), (dataset.items.ids.name(item))];
                if ids.iter().any(|id| id.contains(|c: char| c.is_whitespace() || c == ',')) {
                    return Err(io::Error::other(format!(
                        "the ids `{}` and `{}` hold a blank or a comma, which part the columns of this form; choose \
                         parquet",
                        ids[0], ids[1]
                    )));
                }
                writeln!(out, "{}\t{}", ids[0], ids[1])?;
            }
            Ok(())
        })?;
    }
    Ok(files.to_vec())
}

fn write_npy(path: &Path, vectors: &Embeddings) -> Result<(), WorkspaceError> {
    write_atomically(path, |out| {
        let shape = [vectors.len() as u64, vectors.dim as u64];
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(out).begin_nd()?;
        writer.extend(vectors.rows.iter().copied())?;
        writer.finish()
    })
}

/// One id a line.
fn write_ids(path: &Path, ids: &Ids, rows: impl Iterator<Item = u32>) -> Result<(), WorkspaceError> {
    write_atomically(path, |out| {
        for row in rows {
            let id = ids.name(row);
            if id.contains(['\n', '\r']) {
                return Err(io::Error::other(format!("the id {id:?} holds a line break; choose parquet")));
            }
            writeln!(out, "{id}")?;
        }
        Ok(())
    })
}

fn safetensors(folder: &Path, vectors: &RunVectors, dataset: &Dataset) -> Result<Vec<PathBuf>, WorkspaceError> {
    let path = |name: &str| folder.join(name);
    let files = ["vectors.safetensors", "items.ids", "users.ids"].map(path);
    let [arrays_path, items_ids, users_ids] = &files;
    let rows = |vectors: &Embeddings| Array::f32_rows(vectors.rows.clone(), vectors.dim);
    let arrays = Arrays::from([
        ("items".to_owned(), rows(&vectors.item_vectors)),
        ("users".to_owned(), rows(&vectors.user_vectors)),
    ]);
    write_safetensors(arrays_path, &arrays, &BTreeMap::new())?;
    write_ids(items_ids, &dataset.items.ids, vectors.items.iter().copied())?;
    write_ids(users_ids, &dataset.users.ids, vectors.users.iter().copied())?;
    Ok(files.to_vec())
}
