//! Delimited text, record by record.

use std::{
    collections::VecDeque,
    io::{self, BufRead, Read as _},
};

/// No honest line is longer; a file of another kind often is one endless line.
const MAX_LINE_BYTES: u64 = 16 << 20;
/// How far a quoted cell may reach before its quote counts as a slip of the pen.
const MAX_QUOTED_LINES: usize = 200;

/// Records of delimited text: quotes, doubled quotes and line breaks inside quotes (RFC 4180). Lines end in `\n`, in
/// `\r\n`, or, where the beginning of the file has no `\n` at all, in `\r`.
pub(super) struct Records<R> {
    input: R,
    line_end: Option<u8>,
    delimiter: Vec<u8>,
    has_quotes: bool,
    is_latin1: bool,
    pub(super) next_line: u64,
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
            line_end: None,
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
            let end = match self.line_end {
                Some(end) => end,
                None => *self.line_end.insert(line_end(self.input.fill_buf()?)),
            };
            let read = (&mut self.input).take(MAX_LINE_BYTES).read_until(end, &mut self.line)?;
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

/// How lines end, by the first bytes of a file: old Macintosh programs write a lone `\r`.
pub(super) fn line_end(start: &[u8]) -> u8 {
    let is_lone = start.windows(2).any(|pair| pair[0] == b'\r') && !start.contains(&b'\n');
    if is_lone { b'\r' } else { b'\n' }
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
    fn lines_may_end_in_a_lone_carriage_return() {
        let all = records(b"a,b\r1,\"x\ry\"\r\r3,4");
        let cells: Vec<(u64, Vec<String>)> = all.into_iter().map(|(line, cells)| (line, cells.unwrap())).collect();
        let owned = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(cells, [(1, owned(["a", "b"])), (2, owned(["1", "x\ry"])), (5, owned(["3", "4"]))]);
        // Where a line ends in `\n`, a carriage return within it is no end.
        assert_eq!(records(b"a\rb,c\n")[0], (1, Ok(vec!["a\rb".into(), "c".into()])));
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
