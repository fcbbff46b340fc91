//! Commands without a window, and the one that opens it.

mod ab;
mod arms;
mod attention;
mod behaviours;
mod bench;
mod candidates;
mod case;
mod cases;
mod choices;
mod compare;
mod console;
mod covers;
mod explain;
mod export;
mod exposure;
mod inspect;
mod mix;
mod open;
mod output;
mod pack;
mod recall;
mod replay;
mod run;
mod shell;
mod simulate;
mod study;

use std::{process::ExitCode, time::Instant};

use clap::{Parser, Subcommand};

/// Look at recommender systems the way an analyst does: graphs, vector recall and covers, side by side
#[derive(Debug, Parser)]
#[command(
    name = "recallscope",
    version,
    after_help = "Examples:
  recallscope                                          the window: the last data set, at the first start the sample
  recallscope open my_community                        the window on a data set
  recallscope inspect my_community                     what the folder holds, and what was set aside
  recallscope run my_community --out work              train and evaluate three lanes, and keep them
  recallscope recall work --user 42 --lane item2vec    what that lane recalls for user 42
  recallscope explain work --user 42 --item 7 --lane gat    why
  recallscope tag work cover.jpg                       what the cover model reads off a picture
  recallscope mix work --name both --parts item-cf,item2vec --tune    lanes merged into one
  recallscope candidates work --run both --out candidates.parquet     for a ranking model
  recallscope export work --run item2vec --format npy --out vectors
  recallscope case work --two-random --out case.html   two users side by side, as one page to send
  recallscope simulate my_sample                       a made-up community to try all of this on
  recallscope ab my_sample --arms hot,item-cf          what its users would click

Exit status:
  0    done
  1    a job failed for a reason of its own
  2    wrong usage or input, or a place that cannot be read or written (no right, a full disk)
  130  interrupted (Ctrl-C); what was finished before is kept"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Open(open::OpenArgs),
    Inspect(inspect::InspectArgs),
    Run(run::RunArgs),
    Recall(recall::RecallArgs),
    Explain(explain::ExplainArgs),
    Compare(compare::CompareArgs),
    Mix(mix::MixArgs),
    Behaviours(behaviours::BehavioursArgs),
    Candidates(candidates::CandidatesArgs),
    Exposure(exposure::ExposureArgs),
    Attention(attention::AttentionArgs),
    Tag(covers::TagArgs),
    Similar(covers::SimilarArgs),
    Cases(cases::CasesArgs),
    Export(export::ExportArgs),
    Case(case::CaseArgs),
    Pack(pack::PackArgs),
    Simulate(simulate::SimulateArgs),
    Ab(ab::AbArgs),
    Replay(replay::ReplayArgs),
    /// Run a published comparison from end to end
    #[command(
        subcommand,
        after_help = "Examples:
  recallscope study article sample_data --workspace work"
    )]
    Study(study::StudyCommand),
    /// Measure the program's own speed
    #[command(
        subcommand,
        after_help = "Examples:
  recallscope bench graph --events 10000000 --json
  recallscope bench skip-gram --json
  recallscope bench index vectors.npy --json"
    )]
    Bench(bench::Bench),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

/// A job's own failure, as opposed to wrong usage or input and to files that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JobFailed(pub String);

/// The command was told to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Runs the command line and gives its exit status.
pub fn main() -> ExitCode {
    let started = Instant::now();
    // What other crates log tells an analyst nothing; `RUST_LOG` brings it back.
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("off,recallscope=warn")).init();
    ignore_file_size_signal();
    let command = Cli::parse().command;
    let outcome = match &command {
        None => open::run(&open::OpenArgs::default()),
        Some(command) => run(command, started),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) if error.is::<Interrupted>() || crate::jobs::is_cancelled(&error) => {
            output::error_line("interrupted");
            ExitCode::from(console::INTERRUPTED)
        }
        Err(error) => {
            output::error_line(&format!("error: {error:#}"));
            ExitCode::from(if error.is::<JobFailed>() { 1 } else { 2 })
        }
    }
}

/// Where files may not grow (`ulimit -f`), the system ends a program that does not care: a write then fails instead,
/// and is reported like a full disk.
fn ignore_file_size_signal() {
    #[cfg(unix)]
    {
        // Nobody reads the flag: what matters is that the signal is taken.
        let taken = std::sync::Arc::<std::sync::atomic::AtomicBool>::default();
        if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, taken) {
            log::warn!("the signal for files that grow too large cannot be ignored: {error}");
        }
    }
}

fn run(command: &Command, started: Instant) -> anyhow::Result<()> {
    match command {
        Command::Open(args) => open::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Run(args) => run::run(args),
        Command::Recall(args) => recall::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Mix(args) => mix::run(args),
        Command::Behaviours(args) => behaviours::run(args),
        Command::Candidates(args) => candidates::run(args),
        Command::Exposure(args) => exposure::run(args),
        Command::Attention(args) => attention::run(args),
        Command::Tag(args) => covers::tag(args),
        Command::Similar(args) => covers::similar(args),
        Command::Cases(args) => cases::run(args),
        Command::Export(args) => export::run(args),
        Command::Case(args) => case::run(args),
        Command::Pack(args) => pack::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Ab(args) => ab::run(args),
        Command::Replay(args) => replay::run(args),
        Command::Study(command) => study::run(command),
        Command::Bench(bench) => bench::run(bench, started),
        Command::Completions(args) => shell::completions(args),
        Command::Man(args) => shell::man(args),
    }
}

/// The whole command line, for completions, the man page and tests.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound_and_teaches_by_examples() {
        let mut command = super::command();
        command.clone().debug_assert();
        assert!(command.render_help().to_string().contains("Examples:"));
        for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
            let name = sub.get_name().to_owned();
            let help = sub.render_long_help().to_string();
            assert!(help.contains(&format!("recallscope {name}")), "{name} has no example:\n{help}");
        }
    }
}
