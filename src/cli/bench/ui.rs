//! `recallscope bench ui`: how quick the window is.

use std::{path::PathBuf, time::Instant};

use anyhow::Result;
use serde_json::Value;

use crate::ui::bench;

#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  recallscope bench ui --json\n  recallscope bench ui my_community --json")]
pub struct UiBenchArgs {
    /// The data set's folder; the sample community if left out
    dir: Option<PathBuf>,
    /// The folder in which runs are kept; one that is thrown away if left out
    #[arg(long, value_name = "FOLDER")]
    workspace: Option<PathBuf>,
    /// Print JSON on one line
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &UiBenchArgs, started: Instant) -> Result<Value> {
    let fresh = if args.workspace.is_none() { Some(bench::fresh_workspace()?) } else { None };
    let thrown_away = fresh.as_ref().map(|folder| folder.path().join("workspace"));
    let workspace = args.workspace.clone().or(thrown_away).unwrap_or_default();
    bench::run(&bench::UiBench { folder: args.dir.clone(), workspace, started })
}
