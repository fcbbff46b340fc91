//! Measurements against other tools and against what the work costs at the least.

mod graph;

use std::io::{self, Write as _};

use anyhow::{Context as _, Result};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// From a Parquet log to the user-item graph, beside what polars needs to read it and count the pairs
    Graph(graph::GraphBench),
}

impl Bench {
    pub fn run(&self) -> Result<()> {
        let (answer, as_json) = match self {
            Self::Graph(bench) => (graph::run(bench)?, bench.json),
        };
        let mut out = io::stdout().lock();
        if as_json {
            serde_json::to_writer_pretty(&mut out, &answer)?;
            return writeln!(out).context("cannot write to standard output");
        }
        for (name, value) in answer.as_object().into_iter().flatten() {
            writeln!(out, "{name:>28}  {value}").context("cannot write to standard output")?;
        }
        Ok(())
    }
}
