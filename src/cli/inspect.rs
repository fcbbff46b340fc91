//! `recallscope inspect`: what was recognised, the data report, and the graphs.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use super::{choices, console::Console, output};
use crate::{
    dataset::{
        Dataset, read,
        split::{SplitKind, SplitSettings, split},
    },
    graph::{GraphSettings, Graphs},
    jobs::pipeline,
    task::JobContext,
};

/// Say what a folder holds, what was guessed, which rows were set aside and why, and how large its graphs are
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope inspect my_community
  recallscope inspect my_community --json
  recallscope inspect my_community --config my_columns.toml --split random")]
pub(super) struct InspectArgs {
    /// The data set's folder
    dir: PathBuf,
    /// A dataset.toml that stands for the folder's own
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The split whose training part the graphs are built from [default: temporal; given or random without times]
    #[arg(long, value_parser = choices::split())]
    split: Option<SplitKind>,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &InspectArgs) -> Result<()> {
    let (dir, config, kind) = (args.dir.clone(), args.config.clone(), args.split);
    let (dataset, graphs) = Console::new(args.json).run("inspect", move |ctx| {
        let dataset = read::load(&dir, config.as_deref(), None, ctx)?;
        let graphs = graphs(&dataset, kind, ctx)?;
        Ok((dataset, graphs))
    })?;
    if args.json {
        output::json(&json!({
            "name": dataset.name,
            "users": dataset.user_count(),
            "items": dataset.item_count(),
            "tables": dataset.report.tables,
            "remarks": dataset.report.remarks,
            "guesses": dataset.recognised,
            "graphs": graphs,
        }))
    } else {
        output::bytes(text(&dataset, &graphs).as_bytes())
    }
}

/// The counts of both graphs. A log that cannot be split has none, and the answer says why: the report is what was
/// asked for. A split that was asked for by name has to work.
fn graphs(dataset: &Dataset, kind: Option<SplitKind>, ctx: &JobContext) -> Result<Value> {
    let chosen = kind.unwrap_or_else(|| pipeline::default_split(dataset));
    match split(dataset, &SplitSettings { kind: chosen, ..SplitSettings::default() }) {
        Ok(parts) => {
            let graphs = Graphs::build(dataset, &parts, &GraphSettings::default(), ctx)?;
            let mut answer = serde_json::to_value(&graphs.counts)?;
            answer["split"] = chosen.name().into();
            Ok(answer)
        }
        Err(error) if kind.is_none() => Ok(json!({ "none": error.to_string() })),
        Err(error) => Err(error.into()),
    }
}

fn text(dataset: &Dataset, graphs: &Value) -> String {
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
    for (count, value) in graphs.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text += &format!("  graphs, {}: {value}\n", count.replace('_', " "));
    }
    text
}
