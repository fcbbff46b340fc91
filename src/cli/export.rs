//! `recallscope export`: a kept run's vectors for other tools.

use std::path::PathBuf;

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::{
    console::{Console, visible},
    output, recall,
};
use crate::{
    jobs::pipeline,
    workspace::{
        Workspace,
        export::{ExportFormat, export},
    },
};

/// Write a kept run's vectors for other tools
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope export work --run item2vec --format projector --out projector
  recallscope export work --run 3fa9c2 --format npy --out vectors

Files:
  projector    vectors.tsv, metadata.tsv: load both at projector.tensorflow.org
  parquet      items.parquet (item_id, title, tags, vector), users.parquet (user_id, vector)
  npy          items.npy, users.npy, items.ids, users.ids (one id a line, in order of rows), and the pairs of both
               parts, each once, train.txt and test.txt. Items without a vector are rows of NaN
  safetensors  vectors.safetensors (items, users), items.ids, users.ids

The score of an item for a user is the product of their vectors. Users that the lane knows nothing about are left out.")]
pub(super) struct ExportArgs {
    /// The workspace
    workspace: PathBuf,
    /// The run: its id, the beginning of it, or a lane for its newest run
    #[arg(long, value_name = "ID|LANE")]
    run: String,
    /// The form
    #[arg(long, value_parser = format())]
    format: ExportFormat,
    /// The folder to write to; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

fn format() -> impl TypedValueParser<Value = ExportFormat> {
    PossibleValuesParser::new(ExportFormat::ALL.map(ExportFormat::name))
        .try_map(|name| ExportFormat::from_name(&name).ok_or("is no form"))
}

pub(super) fn run(args: &ExportArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = recall::find_named(&workspace, &args.run)?;
    let (format, out) = (args.format, args.out.clone());
    let answer = Console::new(args.json).run("export", move |ctx| {
        let (dataset, split) = recall::open_dataset(&workspace, &run, ctx)?;
        let vectors = pipeline::vectors_of(&dataset, &split, &run, &workspace, ctx)?;
        ctx.stage("Writing", 0, "");
        ctx.check()?;
        let files = export(&out, format, &vectors, &dataset, &split)?;
        Ok(json!({
            "run": run.id,
            "lane": run.lane,
            "format": format.name(),
            "items": vectors.items.len(),
            "users": vectors.users.len(),
            "items_without_vector": dataset.item_count() - vectors.items.len(),
            "users_without_vector": dataset.user_count() - vectors.users.len(),
            "dim": vectors.item_vectors.dim,
            "files": files,
        }))
    })?;
    if args.json {
        return output::json(&answer);
    }
    let mut text = format!("{} items and {} users, {} numbers each\n", answer["items"], answer["users"], answer["dim"]);
    for file in answer["files"].as_array().into_iter().flatten() {
        text += &format!("{}\n", visible(file.as_str().unwrap_or_default()));
    }
    output::bytes(text.as_bytes())
}
