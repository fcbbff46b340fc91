//! What a shell and `man` want to know about the command line.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};

use super::output;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope completions bash > ~/.local/share/bash-completion/completions/recallscope
  recallscope completions zsh > ~/.zfunc/_recallscope
  recallscope completions fish > ~/.config/fish/completions/recallscope.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "recallscope", &mut text);
    output::bytes(&text)
}

/// Print the man page, or write one page per command into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope man | man -l -
  recallscope man --out ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Folder for recallscope.1, recallscope-run.1, …; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn man(args: &ManArgs) -> Result<()> {
    let Some(folder) = &args.out else {
        let mut page = Vec::new();
        clap_mangen::Man::new(super::command()).render(&mut page)?;
        return output::bytes(&page);
    };
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(super::command(), folder))
        .with_context(|| format!("cannot write the man pages; name another folder: {}", folder.display()))
}
