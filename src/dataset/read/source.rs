//! Rows of one file, whatever its form: delimited text, NDJSON, Parquet, LightGCN lists.

use std::{
    borrow::Cow,
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Read as _},
    path::PathBuf,
};

use super::{
    DatasetError,
    parquet::{self, Accessor},
};
use crate::task::JobContext;

/// No honest line is longer; a file of another kind often is one endless line.
const MAX_LINE_BYTES: u64 = 16 << 20;
/// How far a quoted cell may reach before its quote counts as a slip of the pen.
const MAX_QUOTED_LINES: usize = 200;

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

enum Body<'a> {
    Delimited { text: &'a str, cells: &'a [(usize, usize)] },
    Json(&'a [serde_json::Value]),
    Parquet { columns: &'a [Accessor], row: usize },
    Pair(&'a str, &'a str),
}

/// One row; its cells are numbered as the columns that were asked for.
pub(super) struct Row<'a> {
    /// Line of the file, from 1; for Parquet the row.
    pub(super) line: u64,
    slots: &'a [Slot],
    body: Body<'a>,
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

/// A row that cannot be read, or one that can.
pub(super) enum Item<'a> {
    Row(Row<'a>),
    Bad { line: u64, reason: &'static str, text: String },
}

type Sink<'a> = dyn FnMut(Item<'_>) -> Result<bool, DatasetError> + 'a;

/// What gzip or zstd wraps, or the file itself, by its first bytes.
pub(super) fn open(file: &TableFile) -> Result<Box<dyn BufRead>, DatasetError> {
    let fail = |source: io::Error| DatasetError::unreadable(&file.path, &source);
    let handle = File::open(&file.path).map_err(fail)?;
    let mut input = BufReader::with_capacity(1 << 18, handle);
    let start = input.fill_buf().map_err(fail)?;
    if start.is_empty() {
        return Err(DatasetError::Empty { file: file.path.clone() });
    }
    let mut input: Box<dyn BufRead> = if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(1 << 18, flate2::bufread::MultiGzDecoder::new(input)))
    } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let decoder = zstd::stream::read::Decoder::with_buffer(input).map_err(fail)?;
        Box::new(BufReader::with_capacity(1 << 18, decoder))
    } else {
        Box::new(input)
    };
    if input.fill_buf().map_err(fail)?.is_empty() {
        return Err(DatasetError::Empty { file: file.path.clone() });
    }
    Ok(input)
}

/// Records of delimited text: quotes, doubled quotes and line breaks inside quotes (RFC 4180).
pub(super) struct Records<R> {
    input: R,
    delimiter: Vec<u8>,
    has_quotes: bool,
    is_latin1: bool,
    next_line: u64,
    pending: VecDeque<Vec<u8>>,
    line: Vec<u8>,
    text: Vec<u8>,
    cells: Vec<(usize, usize)>,
    decoded: String,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, delimiter: &str, has_quotes: bool, is_latin1: bool) -> Self {
        Self {
            input,
            delimiter: delimiter.as_bytes().to_vec(),
            has_quotes,
            is_latin1,
            next_line: 1,
            pending: VecDeque::new(),
            line: Vec::new(),
            text: Vec::new(),
            cells: Vec::new(),
            decoded: String::new(),
        }
    }

    /// Reads one more line behind `self.line`; `false` at the end.
    fn pull(&mut self) -> io::Result<bool> {
        if let Some(line) = self.pending.pop_front() {
            self.line.extend_from_slice(&line);
        } else {
            let read = (&mut self.input).take(MAX_LINE_BYTES).read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return Ok(false);
            }
            if read as u64 == MAX_LINE_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is longer than 16 MiB"));
            }
        }
        self.next_line += 1;
        Ok(true)
    }

    /// The next record that is not blank: its line, and its text and cells or why it has none. `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Result<(&str, &[(usize, usize)]), &'static str>)>> {
        loop {
            self.line.clear();
            let line = self.next_line;
            if !self.pull()? {
                return Ok(None);
            }
            if line == 1 && self.line.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.line.drain(..3);
            }
            if self.line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
                continue;
            }
            if self.has_quotes && self.line.contains(&b'"') {
                let mut ends = vec![self.line.len()];
                while !parse_quoted(trimmed(&self.line), &self.delimiter, &mut self.text, &mut self.cells) {
                    let has_more = ends.len() < MAX_QUOTED_LINES && self.pull()?;
                    if !has_more {
                        // Not a quoted cell after all: give the other lines back and set aside this one.
                        self.next_line = line + 1;
                        for pair in ends.windows(2).rev() {
                            self.pending.push_front(self.line[pair[0]..pair[1]].to_vec());
                        }
                        return Ok(Some((line, Err("unclosed_quote"))));
                    }
                    ends.push(self.line.len());
                }
            } else {
                self.cells.clear();
                self.text.clear();
                self.text.extend_from_slice(trimmed(&self.line));
                split_plain(&self.text, &self.delimiter, &mut self.cells);
            }
            if self.is_latin1 && std::str::from_utf8(&self.text).is_err() {
                self.decode_latin1();
                return Ok(Some((line, Ok((&self.decoded, &self.cells)))));
            }
            return Ok(Some((
                line,
                std::str::from_utf8(&self.text).map(|text| (text, &*self.cells)).map_err(|_| "not_utf8"),
            )));
        }
    }

    /// Each byte above 127 becomes two of UTF-8, so the cells move.
    fn decode_latin1(&mut self) {
        self.decoded.clear();
        for cell in &mut self.cells {
            let from = self.decoded.len();
            self.decoded.extend(self.text[cell.0..cell.1].iter().map(|&byte| char::from(byte)));
            *cell = (from, self.decoded.len());
        }
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn split_plain(text: &[u8], delimiter: &[u8], cells: &mut Vec<(usize, usize)>) {
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        if text[at] == delimiter[0] && text[at..].starts_with(delimiter) {
            cells.push((from, at));
            at += delimiter.len();
            from = at;
        } else {
            at += 1;
        }
    }
    cells.push((from, text.len()));
}

/// `false` when a quote is still open at the end.
fn parse_quoted(record: &[u8], delimiter: &[u8], text: &mut Vec<u8>, cells: &mut Vec<(usize, usize)>) -> bool {
    text.clear();
    cells.clear();
    let mut at = 0;
    loop {
        let from = text.len();
        if record.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (record.get(at), record.get(at + 1)) {
                    (None, _) => return false,
                    (Some(b'"'), Some(b'"')) => {
                        text.push(b'"');
                        at += 2;
                    }
                    (Some(b'"'), _) => {
                        at += 1;
                        break;
                    }
                    (Some(&byte), _) => {
                        text.push(byte);
                        at += 1;
                    }
                }
            }
        }
        while at < record.len() && !record[at..].starts_with(delimiter) {
            text.push(record[at]);
            at += 1;
        }
        cells.push((from, text.len()));
        if at >= record.len() {
            return true;
        }
        at += delimiter.len();
    }
}

/// The delimiter of a table by its first line: the one that parts it into most cells.
pub(super) fn sniff_delimiter(line: &str) -> &'static str {
    let count = |delimiter: &str| line.matches(delimiter).count();
    let best = [",", "\t", ";", "|"].into_iter().rev().max_by_key(|delimiter| count(delimiter));
    best.filter(|delimiter| count(delimiter) > 0).unwrap_or(",")
}

fn strip_type(name: &str) -> String {
    name.split_once(':').map_or(name, |(name, _)| name).to_owned()
}

/// Names of the file's columns, hive-style ones included.
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
            for line in open(file)?.lines().take(200) {
                let line = line.map_err(|source| DatasetError::unreadable(&file.path, &source))?;
                let Ok(serde_json::Value::Object(object)) = serde_json::from_str(&line) else { continue };
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
    names.extend(file.hive.iter().map(|(name, _)| name.clone()));
    Ok(names)
}

fn read_header<R: BufRead>(file: &TableFile, records: &mut Records<R>) -> Result<Vec<String>, DatasetError> {
    let mend = "save it as UTF-8 text with a header line, or name another file in dataset.toml";
    match records.next().map_err(|source| DatasetError::unreadable(&file.path, &source))? {
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

pub(super) fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(text: &[u8]) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        let mut reader = Records::new(text, ",", true, false);
        let mut all = Vec::new();
        while let Some((line, record)) = reader.next().unwrap() {
            all.push((
                line,
                record.map(|(text, cells)| cells.iter().map(|&(from, to)| text[from..to].to_owned()).collect()),
            ));
        }
        all
    }

    #[test]
    fn quotes_breaks_and_slips() {
        let all = records(b"\xef\xbb\xbfa,b\r\n\"x,\"\"y\"\"\n2\",3\r\n\r\nq,\"open\n5,6\n\xff,7\n");
        assert_eq!(all[0], (1, Ok(vec!["a".into(), "b".into()])));
        assert_eq!(all[1], (2, Ok(vec!["x,\"y\"\n2".into(), "3".into()])));
        assert_eq!(all[2], (5, Err("unclosed_quote")));
        assert_eq!(all[3], (6, Ok(vec!["5".into(), "6".into()])));
        assert_eq!(all[4], (7, Err("not_utf8")));
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn latin1_and_long_delimiters() {
        let mut reader = Records::new(&b"1::Caf\xe9::x\n"[..], "::", false, true);
        let (_, record) = reader.next().unwrap().unwrap();
        let (text, cells) = record.unwrap();
        let cells: Vec<&str> = cells.iter().map(|&(from, to)| &text[from..to]).collect();
        assert_eq!(cells, ["1", "Café", "x"]);
    }

    #[test]
    fn delimiters_are_sniffed() {
        assert_eq!(sniff_delimiter("user_id,item_id"), ",");
        assert_eq!(sniff_delimiter("user_id\titem_id"), "\t");
        assert_eq!(sniff_delimiter("a;b;c"), ";");
        assert_eq!(sniff_delimiter("one"), ",");
    }

    proptest! {
        #[test]
        fn written_cells_come_back(rows in proptest::collection::vec(
            proptest::collection::vec("[a-z0-9 ,\"\t\néの]{0,8}", 3), 1..8)) {
            let mut text = String::new();
            for row in &rows {
                let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                text.push_str(&cells.join(","));
                text.push('\n');
            }
            let read: Vec<Vec<String>> = records(text.as_bytes()).into_iter().map(|(_, row)| row.unwrap()).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn junk_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = records(&bytes);
        }
    }
}
