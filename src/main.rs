//! The command line.

fn main() -> std::process::ExitCode {
    recallscope::cli::main()
}
