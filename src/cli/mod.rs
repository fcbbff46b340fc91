//! Commands without a window.

mod inspect;
mod simulate;

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
    Simulate(simulate::SimulateArgs),
}

/// Runs the command line. Exit status: 0 done, 2 wrong usage or input.
pub fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let outcome = match command {
        Command::Inspect { dir, config, json } => inspect::inspect(&dir, config.as_deref(), json),
        Command::Simulate(args) => simulate::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
