//! `recallscope inspect`: what was recognised, and the data report.

use std::{
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::{dataset::read, task::JobContext};

pub fn inspect(dir: &Path, config: Option<&Path>, as_json: bool) -> Result<()> {
    let dataset = read::load(dir, config, None, &JobContext::default())?;
    let mut out = io::stdout().lock();
    if as_json {
        let answer = json!({
            "name": dataset.name,
            "users": dataset.user_count(),
            "items": dataset.item_count(),
            "tables": dataset.report.tables,
            "remarks": dataset.report.remarks,
            "guesses": dataset.recognised,
        });
        serde_json::to_writer_pretty(&mut out, &answer)?;
        writeln!(out).context("cannot write to standard output")?;
        return Ok(());
    }
    let mut text = format!(
        "{}: {} users, {} items, {} events\n",
        dataset.name,
        dataset.user_count(),
        dataset.item_count(),
        dataset.events.len()
    );
    for (table, report) in &dataset.report.tables {
        text += &format!("  {table}: {} read, {} kept, {} set aside\n", report.read, report.kept, report.set_aside);
        for (reason, rows) in &report.reasons {
            text += &format!("    {reason}: {} ({})\n", rows.count, rows.examples.join("; "));
        }
    }
    for (remark, rows) in &dataset.report.remarks {
        text += &format!("  {remark}: {} ({})\n", rows.count, rows.examples.join("; "));
    }
    for note in &dataset.recognised.notes {
        text += &format!("  guessed: {note}\n");
    }
    out.write_all(text.as_bytes()).context("cannot write to standard output")?;
    Ok(())
}
