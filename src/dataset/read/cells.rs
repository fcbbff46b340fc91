//! One row of a file, and the values in it.

use std::borrow::Cow;

use super::parquet::Accessor;

/// One value as a file has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(&'a str),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Seconds since 1970, from a column that is typed as time.
    Secs(i64),
    /// As [`Cell::Secs`], but on a clock whose zone nobody wrote.
    LocalSecs(i64),
    List(Vec<String>),
}

impl Cell<'_> {
    /// Trimmed text; `None` where nothing stands.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        let text = match self {
            Self::Empty => return None,
            Self::Text(text) => Cow::Borrowed(text.trim()),
            Self::Int(number) | Self::Secs(number) | Self::LocalSecs(number) => Cow::Owned(number.to_string()),
            Self::Float(number) if number.is_nan() => return None,
            Self::Float(number) => Cow::Owned(number.to_string()),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::List(values) => Cow::Owned(values.join("|")),
        };
        (!text.is_empty()).then_some(text)
    }

    /// As [`Cell::text`], without the common spellings of "nothing".
    pub(super) fn id(&self) -> Option<Cow<'_, str>> {
        self.text().filter(|text| !matches!(&**text, "null" | "NULL" | "NaN" | "nan" | "\\N"))
    }

    pub(super) fn list(&self, separator: char) -> Vec<Cow<'_, str>> {
        match self {
            Self::List(values) => {
                values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).map(Cow::Borrowed).collect()
            }
            Self::Text(text) => {
                text.split(separator).map(str::trim).filter(|value| !value.is_empty()).map(Cow::Borrowed).collect()
            }
            _ => self.text().into_iter().collect(),
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Text(text) => {
                matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "t" | "yes" | "y")
                    || self.number().is_some_and(|number| number > 0.0)
            }
            _ => self.number().is_some_and(|number| number > 0.0),
        }
    }
}

/// Where a column that was asked for comes from.
pub(super) enum Slot {
    Column(usize),
    Constant(String),
    Absent,
}

pub(super) enum Body<'a> {
    Delimited { text: &'a str, cells: &'a [(usize, usize)] },
    Json(&'a [serde_json::Value]),
    Parquet { columns: &'a [Accessor], row: usize },
    Pair(&'a str, &'a str),
}

/// One row; its cells are numbered as the columns that were asked for.
pub(super) struct Row<'a> {
    /// Line of the file, from 1; for Parquet the row.
    pub(super) line: u64,
    pub(super) slots: &'a [Slot],
    pub(super) body: Body<'a>,
}

impl<'a> Row<'a> {
    pub(super) fn of_parquet(line: u64, slots: &'a [Slot], columns: &'a [Accessor], row: usize) -> Self {
        Self { line, slots, body: Body::Parquet { columns, row } }
    }

    pub(super) fn cell(&self, wanted: usize) -> Cell<'_> {
        match (self.slots.get(wanted), &self.body) {
            (Some(Slot::Constant(value)), _) => Cell::Text(value),
            (Some(&Slot::Column(column)), Body::Delimited { text, cells }) => cells
                .get(column)
                .and_then(|&(from, to)| text.get(from..to))
                .filter(|cell| !cell.is_empty())
                .map_or(Cell::Empty, Cell::Text),
            (Some(&Slot::Column(column)), Body::Json(values)) => values.get(column).map_or(Cell::Empty, json_cell),
            (Some(&Slot::Column(column)), Body::Parquet { columns, row }) => {
                columns.get(column).map_or(Cell::Empty, |column| column.cell(*row))
            }
            (Some(Slot::Column(0)), Body::Pair(user, _)) => Cell::Text(user),
            (Some(Slot::Column(1)), Body::Pair(_, item)) => Cell::Text(item),
            _ => Cell::Empty,
        }
    }

    /// The cells that were asked for, for an example in a report.
    pub(super) fn show(&self) -> String {
        let cells: Vec<String> = (0..self.slots.len())
            .filter(|&wanted| !matches!(self.slots[wanted], Slot::Absent))
            .map(|wanted| self.cell(wanted).text().map_or_else(String::new, |text| text.chars().take(40).collect()))
            .collect();
        cells.join(",").chars().filter(|c| !c.is_control()).take(160).collect()
    }
}

fn json_cell(value: &serde_json::Value) -> Cell<'_> {
    use serde_json::Value;
    match value {
        Value::Null | Value::Object(_) => Cell::Empty,
        Value::Bool(value) => Cell::Bool(*value),
        Value::Number(number) => {
            number.as_i64().map(Cell::Int).or_else(|| number.as_f64().map(Cell::Float)).unwrap_or(Cell::Empty)
        }
        Value::String(text) => Cell::Text(text),
        Value::Array(values) => Cell::List(
            values
                .iter()
                .filter_map(|value| match value {
                    Value::String(text) => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                })
                .collect(),
        ),
    }
}

/// The beginning of `text` for an example in a report.
pub(super) fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}
