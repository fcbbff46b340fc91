//! Tables as CSV and Parquet.

use std::path::Path;

use polars::prelude::{Column, CsvWriter, DataFrame, DataType, PolarsResult, SerWriter as _, TimeUnit};

use super::{as_io, write_parquet};
use crate::workspace::{
    WorkspaceError,
    artifacts::write_atomically,
    table::{Measured, Table, TableColumn, Values},
};

/// The form of a written table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    Csv,
    Parquet,
}

impl TableFormat {
    pub const ALL: [Self; 2] = [Self::Csv, Self::Parquet];

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Writes the table as a whole or not at all. A metric with intervals becomes three columns: `NAME`, `NAME_low` and
/// `NAME_high`; dates are moments in UTC.
pub fn write_table(path: &Path, format: TableFormat, table: &Table) -> Result<(), WorkspaceError> {
    let failed = |error| WorkspaceError::write(path, &as_io(error));
    let mut columns = Vec::new();
    for column in &table.columns {
        columns.extend(columns_of(column).map_err(failed)?);
    }
    match format {
        TableFormat::Parquet => write_parquet(path, columns),
        TableFormat::Csv => {
            let mut frame = DataFrame::new_infer_height(columns).map_err(failed)?;
            write_atomically(path, |out| {
                CsvWriter::new(out)
                    .with_datetime_format(Some("%Y-%m-%dT%H:%M:%SZ".into()))
                    .finish(&mut frame)
                    .map_err(as_io)
            })
        }
    }
}

fn columns_of(column: &TableColumn) -> PolarsResult<Vec<Column>> {
    let name = column.name.as_str();
    Ok(match &column.values {
        Values::Text(cells) => vec![Column::new(name.into(), cells)],
        Values::Count(cells) => vec![Column::new(name.into(), cells)],
        Values::Seconds(cells) => vec![Column::new(name.into(), cells)],
        Values::Metric(cells) => {
            let part = |suffix: &str, of: &dyn Fn(&Measured) -> Option<f64>| {
                let cells: Vec<Option<f64>> = cells.iter().map(|cell| cell.as_ref().and_then(of)).collect();
                Column::new(format!("{name}{suffix}").into(), cells)
            };
            let mut columns = vec![part("", &|cell| Some(cell.value))];
            if cells.iter().flatten().any(|cell| cell.interval.is_some()) {
                columns.push(part("_low", &|cell| Some(cell.interval?[0])));
                columns.push(part("_high", &|cell| Some(cell.interval?[1])));
            }
            columns
        }
        Values::Date(cells) => {
            let millis: Vec<Option<i64>> =
                cells.iter().map(|cell| cell.map(|secs| secs.saturating_mul(1_000))).collect();
            vec![Column::new(name.into(), millis).cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?]
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use polars::prelude::{ParquetReader, SerReader as _};

    use super::*;

    fn table() -> Table {
        let recall = Measured { value: 0.25, interval: Some([0.2, 0.3]) };
        Table::new()
            .with("run", "Run", Values::Text(vec![Some("a, \"b\"".to_owned()), None]))
            .with("users", "Users", Values::Count(vec![Some(3), Some(4)]))
            .with("recall@20", "Recall@20", Values::Metric(vec![Some(recall), None]))
            .with("build_secs", "Build time", Values::Seconds(vec![Some(1.5), None]))
            .with("made", "Made", Values::Date(vec![None, Some(1_537_401_600)]))
    }

    #[test]
    fn cells_are_quoted_and_unknown_ones_left_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        write_table(&path, TableFormat::Csv, &table()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "run,users,recall@20,recall@20_low,recall@20_high,build_secs,made\n\
             \"a, \"\"b\"\"\",3,0.25,0.2,0.3,1.5,\n\
             ,4,,,,,2018-09-20T00:00:00Z\n"
        );
    }

    #[test]
    fn parquet_keeps_the_types() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.parquet");
        write_table(&path, TableFormat::Parquet, &table()).unwrap();
        let frame = ParquetReader::new(std::fs::File::open(&path).unwrap()).finish().unwrap();
        assert_eq!(frame.shape(), (2, 7));
        assert_eq!(frame.column("users").unwrap().dtype(), &DataType::UInt64);
        assert_eq!(frame.column("recall@20_high").unwrap().f64().unwrap().get(0), Some(0.3));
        assert_eq!(frame.column("made").unwrap().dtype(), &DataType::Datetime(TimeUnit::Milliseconds, None));
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let error = write_table(Path::new("/nowhere/at/all.csv"), TableFormat::Csv, &table()).unwrap_err().to_string();
        assert!(error.contains("check the path") && error.contains("/nowhere/at"), "{error}");
    }
}
