//! `recallscope bench`: how fast the parts are, on data that anybody can make again.

mod skip_gram;

use anyhow::Result;

pub use skip_gram::SkipGramBench;

#[derive(Debug, clap::Subcommand)]
pub enum Bench {
    /// Train skip-gram with negative sampling and count items per second
    SkipGram(SkipGramBench),
}

/// The figures of a bench.
pub fn run(bench: &Bench) -> Result<serde_json::Value> {
    match bench {
        Bench::SkipGram(bench) => skip_gram::run(bench),
    }
}
