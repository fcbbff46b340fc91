//! `recallscope bench`: the program's own speed, to be set beside other tools on the same machine.

mod index;

use std::io::{self, Write as _};

use anyhow::{Context as _, Result};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Build a vector index; its recall against exact search and its queries per second
    Index(index::IndexBench),
}

pub fn bench(bench: &Bench) -> Result<()> {
    let (answer, as_json) = match bench {
        Bench::Index(args) => (index::run(args)?, args.json),
    };
    let mut out = io::stdout().lock();
    if as_json {
        serde_json::to_writer(&mut out, &answer)?;
    } else {
        serde_json::to_writer_pretty(&mut out, &answer)?;
    }
    writeln!(out).context("cannot write to standard output")
}
