//! `recallscope replay`: what a log with impressions says of lists that it did not show.

use std::path::PathBuf;

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{
    arms::{ArmArgs, difference, figure, print},
    choices,
    console::{Console, visible},
    output,
};
use crate::{
    dataset::simulate::{Community, is_made_up},
    evaluate::replay::{Propensity, ReplayReport, ReplaySettings, replay},
    jobs::lab::ArmText,
};

/// Estimate from the impressions of a log how often other lists would have been clicked
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope replay my_community --workspace work --arms hot,hot+item-cf
  recallscope replay sample_data --workspace work --arms hot,item-cf --policy random --propensity uniform --json

What is judged: at each impression after the reference time, one of the arm's first K items for that visitor is shown, each
as probably as the others.
  replay   the click rate of the impressions whose item is one of those (Li et al., 2011); needs a log that showed every
           item as probably as any other
  ips      each click weighted by how much more probable the arm makes it than the log did
  snips    the same, divided by the mean weight (Swaminathan and Joachims, 2015)
How probably the log showed an item is taken from its column `propensity`; else it is estimated from how often each item was
shown at such places, which is biased where the feed was personal. --policy and --propensity uniform judge by the part of the
log that was shown at random. On a made-up community the true value stands beside.")]
pub(super) struct ReplayArgs {
    /// The data set's folder; it needs a table `impressions`
    dir: PathBuf,
    /// The arms, written as for `recallscope ab`
    #[arg(long, value_delimiter = ',', required = true, value_parser = ArmText::parse)]
    arms: Vec<ArmText>,
    #[command(flatten)]
    ground: ArmArgs,
    /// Items of a list among which one is shown
    #[arg(short, long, default_value_t = ReplaySettings::default().k, value_parser = choices::list_length)]
    k: usize,
    /// Only impressions of this policy, as the log's column `policy` names it
    #[arg(long)]
    policy: Option<String>,
    /// Where the log's probabilities come from [default: logged if they are, else estimated]
    #[arg(long, value_parser = propensity())]
    propensity: Option<Propensity>,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

fn propensity() -> impl TypedValueParser<Value = Propensity> {
    PossibleValuesParser::new(Propensity::ALL.map(Propensity::name)).try_map(|name| {
        Propensity::ALL.into_iter().find(|propensity| propensity.name() == name).ok_or("is no kind of propensity")
    })
}

pub(super) fn run(args: &ReplayArgs) -> Result<()> {
    let settings = args.ground.settings()?;
    let workspace = args.ground.workspace()?;
    let of_replay = ReplaySettings { k: args.k, policy: args.policy.clone(), propensity: args.propensity };
    let (dir, texts, ground) = (args.dir.clone(), args.arms.clone(), args.ground.clone());
    let report = Console::new(args.json).run("replay", move |ctx| {
        let ground = ground.ground(&dir, settings, workspace, ctx)?;
        let arms = ground.arms(&texts, ctx)?;
        let dataset = &ground.prepared.dataset;
        let community = if is_made_up(dataset) { Some(Community::of(dataset, ctx)?) } else { None };
        let memories = community.as_ref().map(|community| community.memories(ctx)).transpose()?;
        Ok(replay(dataset, &ground.prepared.split, &arms, &of_replay, memories.as_ref(), ctx)?)
    })?;
    if args.json { output::json(&report) } else { print(&text(&report)) }
}

fn text(report: &ReplayReport) -> String {
    let how = match report.propensity {
        Propensity::Logged => "as logged",
        Propensity::Uniform => "taken to be the same for every item",
        Propensity::Estimated => {
            "estimated from how often items were shown at such places; biased where the feed was personal"
        }
    };
    let mut text = format!(
        "{} impressions, {} visits, {} visitors; logged click rate {}\nprobabilities {how}\n\n{:<32} {:<26} {:<26} {:<26} {:>8} {:>9} {:>7}\n",
        report.impressions,
        report.visits,
        report.visitors,
        figure(report.logged_ctr),
        "arm",
        "replay",
        "ips",
        "snips",
        "matches",
        "effective",
        "true"
    );
    for arm in &report.arms {
        text += &format!(
            "{:<32} {:<26} {:<26} {:<26} {:>8} {:>9.1} {:>7}\n",
            visible(&arm.arm),
            figure(arm.replay),
            figure(arm.ips),
            figure(arm.snips),
            arm.matches,
            arm.effective_sample,
            arm.truth.map_or_else(|| "–".to_owned(), |truth| format!("{truth:.4}")),
        );
    }
    for arm in report.arms.iter().skip(1) {
        text += &format!(
            "\n{} less {}: replay {}, snips {}",
            visible(&arm.arm),
            visible(&report.arms[0].arm),
            difference(arm.replay_difference),
            difference(arm.snips_difference)
        );
    }
    text.push('\n');
    text
}
