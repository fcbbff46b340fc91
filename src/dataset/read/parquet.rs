//! Parquet, batch by batch.

use std::{fs::File, io};

use polars::prelude::{
    BooleanChunked, DataFrame, DataType, Float64Chunked, Int64Chunked, ListChunked, ParquetReader, PolarsError,
    SerReader as _, StringChunked, TimeUnit as PolarsTimeUnit,
};

use super::{
    DatasetError,
    cells::{Cell, Row, Slot, shorten},
    source::{TableFile, open_file, slots},
};
use crate::{dataset::quiet, task::JobContext};

/// Rows held at a time.
const BATCH_ROWS: usize = 262_144;

/// Some rows of one file; cells and columns are numbered as the columns that were asked for.
pub(super) struct Batch<'a> {
    first_row: usize,
    rows: usize,
    slots: &'a [Slot],
    columns: &'a [Accessor],
}

impl Batch<'_> {
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// The number of `row` within the file, from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        (self.first_row + row + 1) as u64
    }

    pub(super) fn row(&self, row: usize) -> Row<'_> {
        Row::of_parquet(self.line(row), self.slots, self.columns, row)
    }

    /// The column itself; `None` where the file has none, or only the name of its folder gives it.
    pub(super) fn column(&self, wanted: usize) -> Option<&Accessor> {
        match self.slots.get(wanted) {
            Some(&Slot::Column(column)) => self.columns.get(column),
            _ => None,
        }
    }
}

type EachBatch<'a> = dyn FnMut(&Batch<'_>) -> Result<bool, DatasetError> + 'a;

/// Gives `each` all rows in their order until it answers `false`. `limit` bounds what is read at all.
pub(super) fn batches(
    file: &TableFile,
    wanted: &[String],
    limit: Option<usize>,
    ctx: &JobContext,
    each: &mut EachBatch<'_>,
) -> Result<(), DatasetError> {
    let (names, groups) = schema(file)?;
    let columns: Vec<String> = names.iter().filter(|name| wanted.contains(name)).cloned().collect();
    let slots = slots(file, wanted, &columns);
    let mut offset = 0;
    for group in groups {
        let mut from = 0;
        while from < group {
            ctx.check()?;
            let rows = (group - from).min(BATCH_ROWS).min(limit.unwrap_or(usize::MAX));
            let accessors = batch(file, &columns, offset + from, rows)?;
            let batch = Batch { first_row: offset + from, rows, slots: &slots, columns: &accessors };
            if !each(&batch)? || limit.is_some() {
                return Ok(());
            }
            from += rows;
        }
        offset += group;
    }
    Ok(())
}

/// polars may panic on bytes that lie about themselves: that is the file's failure, not the app's.
fn guarded<T>(file: &TableFile, work: impl FnOnce() -> Result<T, PolarsError>) -> Result<T, DatasetError> {
    let mend = "write it again, or name another file in dataset.toml";
    match quiet::catch(work) {
        Some(Ok(value)) => Ok(value),
        Some(Err(PolarsError::IO { error, .. })) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(DatasetError::unreadable(&file.path, &error))
        }
        Some(Err(error)) => {
            let what = format!("it is no whole Parquet file ({})", shorten(&error.to_string()));
            Err(DatasetError::not_a_table(file, 0, &what, mend))
        }
        None => Err(DatasetError::not_a_table(file, 0, "its bytes are damaged", mend)),
    }
}

/// Columns, and rows of each row group.
pub(super) fn schema(file: &TableFile) -> Result<(Vec<String>, Vec<usize>), DatasetError> {
    let handle = open_file(file)?;
    if handle.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        return Err(DatasetError::Empty { file: file.path.clone() });
    }
    guarded(file, || {
        let mut reader = ParquetReader::new(handle);
        let names = reader.schema()?.iter_names().map(ToString::to_string).collect();
        let mut groups = Vec::new();
        for group in &reader.get_metadata()?.row_groups {
            groups.push(group.num_rows());
        }
        Ok((names, groups))
    })
}

fn batch(file: &TableFile, columns: &[String], from: usize, rows: usize) -> Result<Vec<Accessor>, DatasetError> {
    let handle = File::open(&file.path).map_err(|source| DatasetError::unreadable(&file.path, &source))?;
    guarded(file, || {
        let frame: DataFrame = ParquetReader::new(handle)
            .with_columns(Some(columns.to_vec()))
            .with_slice(Some((from, rows)))
            .set_rechunk(true)
            .finish()?;
        if frame.height() != rows {
            return Err(PolarsError::ComputeError("rows are lacking".into()));
        }
        columns.iter().map(|name| Accessor::new(&frame, name)).collect()
    })
}

/// One column of Parquet, brought to one of few types.
pub(super) enum Accessor {
    Text(StringChunked),
    Int(Int64Chunked),
    Float(Float64Chunked),
    Bool(BooleanChunked),
    /// Microseconds; `true` where the column has a zone.
    Time(Int64Chunked, bool),
    List(ListChunked),
    Absent,
}

impl Accessor {
    fn new(frame: &DataFrame, name: &str) -> Result<Self, PolarsError> {
        let series = frame.column(name)?.as_materialized_series().rechunk();
        if series.len() != frame.height() {
            return Err(PolarsError::ComputeError("a column is shorter than the others".into()));
        }
        let dtype = series.dtype().clone();
        Ok(match &dtype {
            DataType::String => Self::Text(series.str()?.clone()),
            DataType::Boolean => Self::Bool(series.bool()?.clone()),
            DataType::Date | DataType::Datetime(..) => {
                let has_zone = matches!(&dtype, DataType::Datetime(_, Some(_)));
                let micros = series.cast(&DataType::Datetime(PolarsTimeUnit::Microseconds, None))?;
                Self::Time(micros.to_physical_repr().i64()?.clone(), has_zone)
            }
            DataType::List(_) => {
                let texts = series.cast(&DataType::List(Box::new(DataType::String)));
                texts.and_then(|texts| texts.list().cloned()).map_or(Self::Absent, Self::List)
            }
            dtype if dtype.is_integer() => match series.strict_cast(&DataType::Int64) {
                Ok(ints) => Self::Int(ints.i64()?.clone()),
                Err(_) => Self::Text(series.cast(&DataType::String)?.str()?.clone()),
            },
            dtype if dtype.is_float() => Self::Float(series.cast(&DataType::Float64)?.f64()?.clone()),
            _ => series.cast(&DataType::String).and_then(|texts| texts.str().cloned()).map_or(Self::Absent, Self::Text),
        })
    }

    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Text(column) => column.get(row).map_or(Cell::Empty, Cell::Text),
            Self::Int(column) => column.get(row).map_or(Cell::Empty, Cell::Int),
            Self::Float(column) => column.get(row).map_or(Cell::Empty, Cell::Float),
            Self::Bool(column) => column.get(row).map_or(Cell::Empty, Cell::Bool),
            Self::Time(column, has_zone) => column.get(row).map_or(Cell::Empty, |micros| {
                let secs = micros.div_euclid(1_000_000);
                if *has_zone { Cell::Secs(secs) } else { Cell::LocalSecs(secs) }
            }),
            Self::List(column) => column.get_as_series(row).map_or(Cell::Empty, |values| {
                let texts = values.str().map(|texts| texts.iter().flatten().map(str::to_owned).collect());
                texts.map_or(Cell::Empty, Cell::List)
            }),
            Self::Absent => Cell::Empty,
        }
    }

    /// Whole numbers without a gap.
    pub(super) fn ints(&self) -> Option<&[i64]> {
        if let Self::Int(column) = self { column.cont_slice().ok() } else { None }
    }
}
