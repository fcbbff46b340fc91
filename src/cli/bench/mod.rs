//! `recallscope bench`: how fast the parts are, on data that anybody can make again, to be set beside other tools on
//! the same machine.

mod gnn;
mod graph;
mod index;
mod resnet;
mod skip_gram;
mod ui;

use std::time::Instant;

use anyhow::Result;

use super::output;

#[derive(Debug, clap::Subcommand)]
pub enum Bench {
    /// From a Parquet log to the user-item graph, beside what polars needs to read it and count the pairs
    Graph(graph::GraphBench),
    /// Train skip-gram with negative sampling and count items per second
    SkipGram(skip_gram::SkipGramBench),
    /// Build a vector index; its recall against exact search and its queries per second
    Index(index::IndexBench),
    /// Training steps of GraphSAGE and GAT on a random graph
    Gnn(gnn::GnnBench),
    /// Features of a ResNet and its training, pictures a second
    Resnet(resnet::ResnetBench),
    /// Drive the window through a script, off the screen, and time its frames
    Ui(ui::UiBenchArgs),
}

/// Prints the figures of a bench: as one line of JSON, or one figure a line. `started`: when the program was.
pub fn run(bench: &Bench, started: Instant) -> Result<()> {
    let (figures, as_json) = match bench {
        Bench::Graph(args) => (graph::run(args)?, args.json),
        Bench::SkipGram(args) => (skip_gram::run(args)?, args.json),
        Bench::Index(args) => (index::run(args)?, args.json),
        Bench::Gnn(args) => (gnn::run(args)?, args.json),
        Bench::Resnet(args) => (resnet::run(args)?, args.json),
        Bench::Ui(args) => (ui::run(args, started)?, args.json),
    };
    if as_json {
        return output::json(&figures);
    }
    let lines = figures.as_object().into_iter().flatten().map(|(name, value)| format!("{name:<24} {value}\n"));
    output::bytes(lines.collect::<String>().as_bytes())
}
