//! Standard output: JSON or text, never both.

use std::io::{self, Write as _};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::Value;

use super::console::visible;

/// Prints one JSON value.
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    bytes(text.as_bytes())
}

pub(super) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).context("cannot write to standard output")
}

/// A text of an answer for a line of text; empty where it is none.
pub(super) fn word(value: &Value) -> String {
    visible(value.as_str().unwrap_or_default()).into_owned()
}

/// A number of an answer with so many decimals, or a dash where there is none.
pub(super) fn number(value: &Value, decimals: usize) -> String {
    value.as_f64().map_or_else(|| "–".to_owned(), |number| format!("{number:.decimals$}"))
}

/// Whether whoever read standard output has seen enough (`… | head`).
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Text on standard error, which may quote the data and so is made [`visible`]; its lines stay lines. Nobody can be
/// told if that is closed.
pub(super) fn error_line(text: &str) {
    let mut out = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(out, "{}", visible(line));
    }
}
