//! Standard output: JSON or text, never both.

use std::io::{self, Write as _};

use anyhow::{Context as _, Result};
use serde::Serialize;

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

/// Whether whoever read standard output has seen enough (`… | head`).
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// A line on standard error. Nobody can be told if that is closed.
pub(super) fn error_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
