//! `recallscope inspect`: what was recognised, the data report, and the graphs.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    choices,
    console::{Console, visible},
    output,
};
use crate::{
    dataset::{
        Dataset, Recognised, SetAside, TableReport, read,
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
            "behaviours": dataset
                .behaviours
                .iter()
                .zip(counts(&dataset))
                .map(|(behaviour, events)| {
                    let is_unknown = dataset.recognised.unknown_behaviours.contains(&behaviour.name);
                    json!({
                        "name": behaviour.name,
                        "weight": behaviour.weight,
                        "events": events,
                        "is_unknown": is_unknown,
                    })
                })
                .collect::<Vec<_>>(),
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

/// How often each behaviour stands in the log, in the order of `Dataset::behaviours`.
fn counts(dataset: &Dataset) -> Vec<u64> {
    let mut counts = vec![0; dataset.behaviours.len()];
    for &behaviour in &dataset.events.behaviour {
        counts[usize::from(behaviour)] += 1;
    }
    counts
}

fn text(dataset: &Dataset, graphs: &Value) -> String {
    let recognised = &dataset.recognised;
    let mut text = format!(
        "{}: {} users, {} items, {} events\n  format: {}\n  times: {}\n",
        visible(&dataset.name),
        dataset.user_count(),
        dataset.item_count(),
        dataset.events.len(),
        recognised.format,
        match recognised.time_unit.as_str() {
            "none" => "none",
            "iso8601" => "ISO 8601",
            unit => unit,
        },
    );
    if !matches!(recognised.time_unit.as_str(), "none" | "iso8601") {
        text.insert_str(text.len() - 1, " since 1970");
    }
    for (table, report) in &dataset.report.tables {
        text += &format!("  {table}: {} read, {} kept, {} set aside\n", report.read, report.kept, report.set_aside);
        text += &layout(recognised, table);
        for (reason, rows) in &report.reasons {
            let meaning = if reason == TableReport::REPEATED { ", no fault: each counts once" } else { "" };
            text += &format!("    {}: {}{meaning}{}\n", spaced(reason), rows.count, examples(rows));
        }
    }
    for (behaviour, count) in dataset.behaviours.iter().zip(counts(dataset)) {
        let weight = if recognised.unknown_behaviours.contains(&behaviour.name) {
            format!("unknown: weight {}; set it under [behaviours] in dataset.toml", behaviour.weight)
        } else {
            format!("weight {}", behaviour.weight)
        };
        text += &format!("  behaviour {}: {count} events, {weight}\n", visible(&behaviour.name));
    }
    for (remark, rows) in &dataset.report.remarks {
        text += &format!("  {}: {}{}\n", spaced(remark), rows.count, examples(rows));
    }
    for note in &recognised.notes {
        text += &format!("  guessed: {}\n", visible(note));
    }
    for (count, value) in graphs.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), |text| visible(text).into_owned());
        text += &format!("  graphs, {}: {value}\n", spaced(count));
    }
    text
}

/// Files of a table, how rows stand in them, and what each column is taken as.
fn layout(recognised: &Recognised, table: &str) -> String {
    let of = |map: &BTreeMap<String, String>| visible(map.get(table).map_or("", String::as_str)).into_owned();
    let mut text = format!("    from {} ({})\n", of(&recognised.files), of(&recognised.forms));
    let columns = recognised.columns.get(table).into_iter().flatten();
    let columns: Vec<String> = columns
        .map(|(own, name)| if own == name { own.clone() } else { format!("{} -> {own}", visible(name)) })
        .collect();
    text += &format!("    columns: {}\n", columns.join(", "));
    for (what, names) in [("attributes", &recognised.attributes), ("columns not used", &recognised.unused)] {
        let names = names.get(table).map_or(&[][..], Vec::as_slice);
        if !names.is_empty() {
            text += &format!("    {what}: {}\n", visible(&names.join(", ")));
        }
    }
    text
}

fn spaced(reason: &str) -> String {
    reason.replace('_', " ")
}

fn examples(rows: &SetAside) -> String {
    format!(" ({})", visible(&rows.examples.join("; ")))
}
