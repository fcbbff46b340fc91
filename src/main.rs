//! The command line.

/// Training and reading make and drop arrays of megabytes at every step: the system's allocator hands each back to the
/// kernel, and takes it again page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    recallscope::cli::main()
}
