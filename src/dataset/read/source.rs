//! Rows of one file, whatever its form: delimited text, NDJSON, Parquet, LightGCN lists.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::PathBuf,
};

use super::{
    DatasetError,
    cells::{Body, Row, Slot, shorten},
    parquet,
    records::Records,
};
use crate::task::JobContext;

#[derive(Debug, Clone)]
pub(super) enum Layout {
    Delimited {
        delimiter: String,
        /// Names of the columns where the file has no header.
        header: Option<Vec<String>>,
        is_latin1: bool,
        has_quotes: bool,
        /// RecBole writes `name:type`.
        is_typed: bool,
    },
    Ndjson,
    Parquet,
    /// `user item …` by white space.
    Pairs,
    /// `user item item …` by white space.
    Lists,
}

impl Layout {
    /// For people: how the rows stand in the file.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Delimited { delimiter, .. } if delimiter == "\t" => "text, cells parted by tabs".to_owned(),
            Self::Delimited { delimiter, .. } => format!("text, cells parted by `{delimiter}`"),
            Self::Ndjson => "JSON, one object a line".to_owned(),
            Self::Parquet => "Parquet".to_owned(),
            Self::Pairs => "text, a user and an item a line".to_owned(),
            Self::Lists => "text, a user and his items a line".to_owned(),
        }
    }
}

/// One file of a table.
#[derive(Debug, Clone)]
pub(super) struct TableFile {
    pub(super) path: PathBuf,
    /// Relative to the data set's folder.
    pub(super) shown: String,
    /// Columns that hive-style folders give, with their values.
    pub(super) hive: Vec<(String, String)>,
    pub(super) layout: Layout,
    /// Part of a published test list.
    pub(super) is_test: bool,
}

/// A row that cannot be read, or one that can.
pub(super) enum Item<'a> {
    Row(Row<'a>),
    Bad { line: u64, reason: &'static str, text: String },
}

type Sink<'a> = dyn FnMut(Item<'_>) -> Result<bool, DatasetError> + 'a;

/// The file itself, which has to be one: opening a pipe would wait for its writer, and a device has no end.
pub(super) fn open_file(file: &TableFile) -> Result<File, DatasetError> {
    let fail = |source: io::Error| DatasetError::unreadable(&file.path, &source);
    if !fs::metadata(&file.path).map_err(fail)?.is_file() {
        let what = "it is no plain file but a folder, a pipe or a device";
        return Err(DatasetError::not_a_table(file, 0, what, "put the table itself there, or name another file"));
    }
    File::open(&file.path).map_err(fail)
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// What gzip or zstd wraps, or the file itself, by its first bytes.
pub(super) fn open(file: &TableFile) -> Result<Box<dyn BufRead>, DatasetError> {
    let fail = |source: io::Error| DatasetError::unreadable(&file.path, &source);
    let mut input = BufReader::with_capacity(1 << 18, open_file(file)?);
    let start = input.fill_buf().map_err(fail)?;
    if start.is_empty() {
        return Err(DatasetError::Empty { file: file.path.clone() });
    }
    for (end, form, magic) in [(".gz", "gzip", GZIP), (".zst", "zstd", ZSTD)] {
        if file.shown.to_ascii_lowercase().ends_with(end) && !start.starts_with(magic) {
            return Err(DatasetError::not_a_table(
                file,
                0,
                &format!("by its name it is packed with {form}, by its first bytes it is not"),
                &format!("pack it again, or take the {end} off its name if it is plain"),
            ));
        }
    }
    let mut input: Box<dyn BufRead> = if start.starts_with(GZIP) {
        Box::new(BufReader::with_capacity(1 << 18, flate2::bufread::MultiGzDecoder::new(input)))
    } else if start.starts_with(ZSTD) {
        let decoder = zstd::stream::read::Decoder::with_buffer(input).map_err(fail)?;
        Box::new(BufReader::with_capacity(1 << 18, decoder))
    } else {
        Box::new(input)
    };
    if input.fill_buf().map_err(|source| DatasetError::cut_short(file, 1, &source))?.is_empty() {
        return Err(DatasetError::Empty { file: file.path.clone() });
    }
    Ok(input)
}

fn strip_type(name: &str) -> String {
    name.split_once(':').map_or(name, |(name, _)| name).to_owned()
}

/// Names of the file's columns, hive-style ones included where the file has not got them itself.
pub(super) fn header(file: &TableFile) -> Result<Vec<String>, DatasetError> {
    let mut names = match &file.layout {
        Layout::Delimited { header: Some(header), .. } => {
            drop(open(file)?);
            header.clone()
        }
        Layout::Delimited { delimiter, is_typed, has_quotes, is_latin1, .. } => {
            let mut records = Records::new(open(file)?, delimiter, *has_quotes, *is_latin1);
            let names = read_header(file, &mut records)?;
            if *is_typed { names.iter().map(|name| strip_type(name)).collect() } else { names }
        }
        Layout::Ndjson => {
            let mut names: Vec<String> = Vec::new();
            let mut records = Records::new(open(file)?, "\n", false, false);
            for _ in 0..200 {
                let line = records.next_line;
                let record = records.next().map_err(|source| DatasetError::cut_short(file, line, &source))?;
                let Some((_, record)) = record else { break };
                let Some(Ok(serde_json::Value::Object(object))) =
                    record.ok().map(|(text, _)| serde_json::from_str(text))
                else {
                    continue;
                };
                for name in object.keys() {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
            }
            if names.is_empty() {
                return Err(DatasetError::not_a_table(
                    file,
                    1,
                    "no line of it is a JSON object",
                    "write one object a line, not one array around them all",
                ));
            }
            names
        }
        Layout::Parquet => parquet::schema(file)?.0,
        Layout::Pairs | Layout::Lists => {
            drop(open(file)?);
            vec!["user_id".to_owned(), "item_id".to_owned()]
        }
    };
    for (name, _) in &file.hive {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    Ok(names)
}

fn read_header<R: BufRead>(file: &TableFile, records: &mut Records<R>) -> Result<Vec<String>, DatasetError> {
    let mend = "save it as UTF-8 text with a header line, or name another file in dataset.toml";
    match records.next().map_err(|source| DatasetError::cut_short(file, 1, &source))? {
        None => Err(DatasetError::Empty { file: file.path.clone() }),
        Some((line, Err(_))) => Err(DatasetError::not_a_table(file, line, "its header is not UTF-8 text", mend)),
        Some((line, Ok((text, _)))) if text.contains('\0') => {
            Err(DatasetError::not_a_table(file, line, "it holds binary data", mend))
        }
        Some((_, Ok((text, cells)))) => Ok(cells.iter().map(|&(from, to)| text[from..to].trim().to_owned()).collect()),
    }
}

/// Where each of `wanted` stands in a file with this header.
pub(super) fn slots(file: &TableFile, wanted: &[String], header: &[String]) -> Vec<Slot> {
    let slot = |name: &String| {
        if name.is_empty() {
            return Slot::Absent;
        }
        if let Some((_, value)) = file.hive.iter().find(|(hive, _)| hive == name) {
            return Slot::Constant(value.clone());
        }
        header.iter().position(|column| column == name).map_or(Slot::Absent, Slot::Column)
    };
    wanted.iter().map(slot).collect()
}

/// Gives `sink` each row with the cells of `wanted` (names of the file's columns; an empty name is never there),
/// until it answers `false`. `limit` bounds what is read at all.
pub(super) fn read(
    file: &TableFile,
    wanted: &[String],
    limit: Option<usize>,
    ctx: &JobContext,
    sink: &mut Sink<'_>,
) -> Result<(), DatasetError> {
    let mut ticks = 0u32;
    let mut tick = || -> Result<(), DatasetError> {
        ticks += 1;
        if ticks.is_multiple_of(16_384) {
            ctx.check()?;
            ctx.advance(16_384);
        }
        Ok(())
    };
    match &file.layout {
        Layout::Delimited { delimiter, header, is_latin1, has_quotes, is_typed } => {
            let mut records = Records::new(open(file)?, delimiter, *has_quotes, *is_latin1);
            let names = match header {
                Some(names) => names.clone(),
                None => read_header(file, &mut records)?,
            };
            let names: Vec<String> =
                if *is_typed { names.iter().map(|name| strip_type(name)).collect() } else { names };
            let slots = slots(file, wanted, &names);
            let mut rows = 0;
            loop {
                tick()?;
                let at_line = records.next_line;
                let record = records.next().map_err(|source| DatasetError::cut_short(file, at_line, &source))?;
                let Some((line, record)) = record else { return Ok(()) };
                let item = match record {
                    Ok((text, cells)) if cells.len() == names.len() => {
                        Item::Row(Row { line, slots: &slots, body: Body::Delimited { text, cells } })
                    }
                    Ok((text, cells)) => Item::Bad {
                        line,
                        reason: "wrong_number_of_cells",
                        text: format!("{} cells, not {}: {}", cells.len(), names.len(), shorten(text)),
                    },
                    Err(reason) => Item::Bad { line, reason, text: reason.replace('_', " ") },
                };
                rows += 1;
                if !sink(item)? || limit.is_some_and(|limit| rows >= limit) {
                    return Ok(());
                }
            }
        }
        Layout::Pairs | Layout::Lists => {
            let slots = slots(file, wanted, &["user_id".to_owned(), "item_id".to_owned()]);
            let mut records = Records::new(open(file)?, "\n", false, false);
            let mut rows = 0;
            loop {
                let at_line = records.next_line;
                let record = records.next().map_err(|source| DatasetError::cut_short(file, at_line, &source))?;
                let Some((line, record)) = record else { return Ok(()) };
                let text = match record {
                    Ok((text, _)) => text,
                    Err(reason) => {
                        sink(Item::Bad { line, reason, text: reason.replace('_', " ") })?;
                        continue;
                    }
                };
                let mut parts = text.split_ascii_whitespace();
                let user = parts.next().unwrap_or_default();
                let most = if matches!(file.layout, Layout::Pairs) { 1 } else { usize::MAX };
                let mut count = 0;
                for item in parts.take(most) {
                    tick()?;
                    rows += 1;
                    count += 1;
                    let row = Row { line, slots: &slots, body: Body::Pair(user, item) };
                    if !sink(Item::Row(row))? || limit.is_some_and(|limit| rows >= limit) {
                        return Ok(());
                    }
                }
                if count == 0 && most == 1 {
                    sink(Item::Bad { line, reason: "wrong_number_of_cells", text: shorten(text) })?;
                }
            }
        }
        Layout::Ndjson => {
            let names: Vec<String> = wanted.to_vec();
            let slots = slots(file, wanted, &names);
            let mut records = Records::new(open(file)?, "\n", false, false);
            let mut values = vec![serde_json::Value::Null; names.len()];
            let mut rows = 0;
            loop {
                tick()?;
                let at_line = records.next_line;
                let record = records.next().map_err(|source| DatasetError::cut_short(file, at_line, &source))?;
                let Some((line, record)) = record else { return Ok(()) };
                let item = match record {
                    Err(reason) => Item::Bad { line, reason, text: reason.replace('_', " ") },
                    Ok((text, _)) => match serde_json::from_str(text) {
                        Ok(serde_json::Value::Object(mut object)) => {
                            for (value, name) in values.iter_mut().zip(&names) {
                                *value = object.remove(name).unwrap_or_default();
                            }
                            Item::Row(Row { line, slots: &slots, body: Body::Json(&values) })
                        }
                        _ => Item::Bad { line, reason: "not_json", text: shorten(text) },
                    },
                };
                rows += 1;
                if !sink(item)? || limit.is_some_and(|limit| rows >= limit) {
                    return Ok(());
                }
            }
        }
        Layout::Parquet => parquet::batches(file, wanted, limit, ctx, &mut |batch| {
            for row in 0..batch.len() {
                tick()?;
                if !sink(Item::Row(batch.row(row)))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }),
    }
}
