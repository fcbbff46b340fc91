//! `recallscope study`: a published comparison from end to end.

use std::path::PathBuf;

use anyhow::Result;

use super::{
    ab,
    arms::{ArmArgs, difference, print},
    console::Console,
    output,
};
use crate::{
    dataset::simulate::{Simulation, simulate},
    evaluate::ab::AbSettings,
    jobs::study::{self, Holds, Study},
};

/// Run a published comparison from end to end
#[derive(Debug, clap::Subcommand)]
pub(super) enum StudyCommand {
    Article(ArticleArgs),
}

/// The article's comparison: graphsage, gat and cover added to hot and item-cf, with and without attributes
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope study article sample_data --workspace work
  recallscope study article sample_data --workspace work --json
  recallscope study article fresh --seed 7 --workspace work      makes the community `fresh` with that seed first

What the workspace keeps already is not trained again. The cover model takes longest.")]
pub(super) struct ArticleArgs {
    /// The data set's folder, made by `recallscope simulate`; with --seed the one to make
    dir: PathBuf,
    #[command(flatten)]
    ground: ArmArgs,
    /// Make a community with this seed in DIR first; its visits and luck follow the seed too
    #[arg(long)]
    seed: Option<u64>,
    /// At most so many visitors [default: everybody who comes]
    #[arg(long, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    visitors: Option<usize>,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &StudyCommand) -> Result<()> {
    let StudyCommand::Article(args) = command;
    let settings = args.ground.settings()?;
    let workspace = args.ground.workspace()?;
    let ab = AbSettings {
        visitors: args.visitors,
        seed: args.seed.unwrap_or(AbSettings::default().seed),
        ..AbSettings::default()
    };
    let (dir, seed, ground) = (args.dir.clone(), args.seed, args.ground.clone());
    let study = Console::new(args.json).run("study", move |ctx| {
        if let Some(seed) = seed {
            simulate(&dir, &Simulation { seed, ..Simulation::default() }, ctx)?;
        }
        let ground = ground.ground(&dir, settings, workspace, ctx)?;
        study::article(&ground.prepared, &ground.settings, &ab, ground.workspace.as_ref(), ctx)
    })?;
    if args.json { output::json(&study) } else { print(&text(&study)) }
}

fn text(study: &Study) -> String {
    let mut text = ab::text(&study.ab);
    text += "\nwhat the article says\n";
    for claim in &study.claims {
        let holds = match claim.holds {
            Holds::Yes => "yes",
            Holds::Unclear => "unclear",
            Holds::No => "no",
        };
        text += &format!("  {holds:<8} {:<52} {:<32} {}\n", claim.says, difference(claim.difference), claim.why);
    }
    text
}
