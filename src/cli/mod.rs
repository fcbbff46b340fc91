//! Commands without a window.

mod bench;
mod inspect;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Look at a community's behaviour log.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:\n  recallscope inspect my_community\n  recallscope inspect my_community --json"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure the program's own speed
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Say what a folder holds, what was guessed, and which rows were set aside and why
    Inspect {
        /// The data set's folder
        dir: PathBuf,
        /// A dataset.toml that stands for the folder's own
        #[arg(long)]
        config: Option<PathBuf>,
        /// Print JSON on standard output
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command line. Exit status: 0 done, 2 wrong usage or input.
pub fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let outcome = match command {
        Command::Bench(bench) => bench::bench(&bench),
        Command::Inspect { dir, config, json } => inspect::inspect(&dir, config.as_deref(), json),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
