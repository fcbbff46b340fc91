//! `recallscope pack`: a workspace to be taken to another machine.

use std::path::PathBuf;

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::{
    console::{Console, visible},
    output,
};
use crate::workspace::{PackCovers, PackNote, Workspace};

/// Copy a workspace with everything that its runs need, to be opened elsewhere without the data set's folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope pack work --out take-along
  recallscope pack work --covers --out take-along          with small covers, as JPEGs of 256 pixels
  recallscope pack work --covers whole --out take-along    with the covers' own files

Then, there:
  recallscope open take-along
  recallscope recall take-along --user 42 --lane item2vec")]
pub(super) struct PackArgs {
    /// The workspace
    workspace: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Take the covers along, small or whole
    #[arg(long, num_args = 0..=1, default_missing_value = "small", value_parser = covers())]
    covers: Option<PackCovers>,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

fn covers() -> impl TypedValueParser<Value = PackCovers> {
    PossibleValuesParser::new(["small", "whole"])
        .map(|name| if name == "whole" { PackCovers::Whole } else { PackCovers::Small })
}

pub(super) fn run(args: &PackArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let (out, covers) = (args.out.clone(), args.covers.unwrap_or_default());
    let note = Console::new(args.json).run("pack", move |ctx| Ok(workspace.pack(&out, covers, ctx)?))?;
    if args.json {
        return output::json(&json!({ "out": args.out, "pack": note }));
    }
    output::bytes(text(&note, args).as_bytes())
}

fn text(note: &PackNote, args: &PackArgs) -> String {
    let mut text = format!("{} runs in {}\n", note.runs, visible(&args.out.display().to_string()));
    for set in &note.datasets {
        text += &match &set.lacking {
            Some(lacking) => format!("  without {}: {}\n", visible(&set.name), visible(lacking)),
            None => format!("  {} with {} covers\n", visible(&set.name), set.covers),
        };
    }
    text
}
