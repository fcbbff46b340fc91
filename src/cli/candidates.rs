//! `recallscope candidates`: what a kept run recalls for every user, for a ranking model.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::{
    choices,
    console::{Console, visible},
    output,
    recall::{find_named, open_dataset},
};
use crate::{
    jobs::pipeline,
    workspace::{
        Workspace,
        export::{CandidateSource, TableFormat, lane_names, write_candidates},
    },
};

/// Write what a kept run or mix recalls for every user, with features, for a ranking model
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope candidates work --run tuned --k 100 --out candidates.parquet
  recallscope candidates work --run item-cf --k 50 --out candidates.csv --json
  recallscope candidates work --run tuned --labels --out train.parquet

A line is a user and an item: rank and score, the lanes that found it with their own ranks and scores, attributes of
both, and counts, bands and ages as they stood when the training part ended. Nothing from after that is a feature;
--labels adds whether the user took the item later, for training a ranking model. What a user has taken is left out.")]
pub(super) struct CandidatesArgs {
    /// The workspace
    workspace: PathBuf,
    /// The run or mix: its id, the beginning of it, its name, or a lane for its newest run
    #[arg(long, visible_alias = "mix", value_name = "RUN|LANE")]
    run: String,
    /// Candidates a user
    #[arg(short, long, default_value_t = 100, value_parser = choices::list_length, allow_hyphen_values = true)]
    k: usize,
    /// The file; its ending, .parquet or .csv, tells the form
    #[arg(long, value_name = "FILE", value_parser = file())]
    out: PathBuf,
    /// Add taken_later, from the test part
    #[arg(long)]
    labels: bool,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

fn file() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    use clap::builder::{PathBufValueParser, TypedValueParser as _};
    PathBufValueParser::new().try_map(|path| match format_of(&path) {
        Some(_) => Ok(path),
        None => Err("the file's name has to end in .parquet or .csv"),
    })
}

fn format_of(path: &std::path::Path) -> Option<TableFormat> {
    let extension = path.extension()?.to_str()?.to_lowercase();
    TableFormat::ALL.into_iter().find(|format| format.extension() == extension)
}

pub(super) fn run(args: &CandidatesArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = find_named(&workspace, &args.run)?;
    let (k, out, labels) = (args.k, args.out.clone(), args.labels);
    let format = format_of(&out).unwrap_or(TableFormat::Parquet);
    let answer = Console::new(args.json).run("candidates", move |ctx| {
        let (dataset, split) = open_dataset(&workspace, &run, ctx)?;
        let lane = pipeline::open_run(&dataset, &split, &run, &workspace, ctx)?.lane;
        let source = CandidateSource { dataset: &dataset, split: &split, lane: &*lane, k, labels };
        let written = write_candidates(&out, format, &source, ctx);
        ctx.check()?;
        let written = written?;
        Ok(json!({
            "run": run.id,
            "lane": run.lane,
            "lanes": lane_names(&*lane),
            "k": k,
            "rows": written.rows,
            "users": written.users,
            "columns": written.columns,
            "reference_time_secs": split.reference_time_secs,
            "file": out,
        }))
    })?;
    if args.json {
        return output::json(&answer);
    }
    let file = visible(answer["file"].as_str().unwrap_or_default());
    let (rows, users, columns) = (&answer["rows"], &answer["users"], &answer["columns"]);
    output::bytes(format!("{rows} candidates of {users} users, {columns} columns\n{file}\n").as_bytes())
}
