//! `recallscope ab`: arms against each other on a made-up community.

use std::path::PathBuf;

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

use super::{
    arms::{ArmArgs, difference, figure, print},
    console::{Console, visible},
    output,
};
use crate::{
    dataset::simulate::Community,
    evaluate::ab::{AbError, AbReport, AbSettings, Lab, Metric, against_first},
    jobs::lab::ArmText,
};

/// Try arms on the users of a made-up community: click rate and exposure depth, paired by visitor
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope ab sample_data --workspace work --arms hot+item-cf,hot+item-cf+graphsage
  recallscope ab sample_data --workspace work --arms hot,item-cf*2+hot,ease --days 3 --json
  recallscope ab sample_data --workspace work --arms gat:features=id,gat --until-clear
  recallscope ab sample_data --arms hot,hot --own-luck --repetitions 200    false alarms of an arm against itself

An arm is lanes joined by +, each with settings of its own behind : and its share behind *; or a run of the workspace by its
name or the beginning of its id. The first arm is what the others are set against.

The users visit after the reference time. What serves them knows the log and what they click meanwhile; their tastes are
asked for clicks and for the end of a visit, nothing else. Every visitor meets every arm with the same luck.
The plain intervals hold for all visitors; those of --until-clear, and what is called clear, hold at every moment at once:
asymptotic confidence sequences (Waudby-Smith et al., 2024), 5 % over all arms and both metrics together.")]
pub(super) struct AbArgs {
    /// The data set's folder, made by `recallscope simulate` (the sample is)
    dir: PathBuf,
    /// The arms
    #[arg(long, value_delimiter = ',', required = true, value_parser = ArmText::parse)]
    arms: Vec<ArmText>,
    #[command(flatten)]
    ground: ArmArgs,
    /// Days of visits after the reference time [default: until the log ends]
    #[arg(long, allow_hyphen_values = true)]
    days: Option<f64>,
    /// At most so many visitors [default: everybody who comes]
    #[arg(long, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    visitors: Option<usize>,
    /// Stop as soon as every arm is clearly better or worse than the first
    #[arg(long)]
    until_clear: bool,
    /// What arms are judged by for that
    #[arg(long, value_parser = goal(), default_value = "ctr")]
    goal: Metric,
    /// Each arm has luck of its own, so that even an arm against itself shows differences
    #[arg(long)]
    own_luck: bool,
    /// Repeat with so many seeds, and count how often anything was called clear
    #[arg(long, value_name = "COUNT", value_parser = clap::builder::RangedU64ValueParser::<u64>::new().range(1..=100_000))]
    repetitions: Option<u64>,
    /// Of visits and luck
    #[arg(long, default_value_t = AbSettings::default().seed)]
    seed: u64,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

fn goal() -> impl TypedValueParser<Value = Metric> {
    PossibleValuesParser::new(Metric::WATCHED.map(Metric::name)).try_map(|name| {
        Metric::WATCHED.into_iter().find(|metric| metric.name() == name).ok_or("is no metric that is watched")
    })
}

enum Outcome {
    One(Box<AbReport>),
    Many(Value),
}

pub(super) fn run(args: &AbArgs) -> Result<()> {
    if args.arms.len() < 2 {
        return Err(AbError::Arms(args.arms.len()).into());
    }
    let settings = args.ground.settings()?;
    let workspace = args.ground.workspace()?;
    let ab = AbSettings {
        days: args.days,
        visitors: args.visitors,
        same_luck: !args.own_luck,
        goal: args.goal,
        until_clear: args.until_clear,
        seed: args.seed,
    };
    let repetitions = args.repetitions;
    let outcome = {
        let (dir, texts) = (args.dir.clone(), args.arms.clone());
        let ground = args.ground.clone();
        Console::new(args.json).run("ab", move |ctx| {
            let ground = ground.ground(&dir, settings, workspace, ctx)?;
            // Before anything is trained: whoever cannot be asked makes all of it useless.
            let community = Community::of(&ground.prepared.dataset, ctx)?;
            let lab = Lab::new(&ground.prepared.dataset, &ground.prepared.split, &community)?;
            let arms = ground.arms(&texts, ctx)?;
            let pairs = against_first(&arms);
            let Some(repetitions) = repetitions else {
                return Ok(Outcome::One(Box::new(lab.run(&arms, &pairs, &ab, &mut |_| {}, ctx)?)));
            };
            let mut alarms = Vec::new();
            let (mut visitors, mut visits) = (0, 0);
            for seed in (ab.seed..).take(repetitions as usize) {
                let report = lab.run(&arms, &pairs, &AbSettings { seed, ..ab.clone() }, &mut |_| {}, ctx)?;
                visitors += report.visitors;
                visits += report.visits;
                if report
                    .differences
                    .iter()
                    .any(|difference| difference.watched.values().any(|clear| clear.clear_after_visits.is_some()))
                {
                    alarms.push(seed);
                }
            }
            Ok(Outcome::Many(json!({
                "settings": ab,
                "arms": arms.iter().map(|arm| &arm.name).collect::<Vec<_>>(),
                "repetitions": repetitions,
                "called_clear": alarms.len(),
                "share": alarms.len() as f64 / repetitions as f64,
                "seeds": alarms,
                "visitors_each": visitors as f64 / repetitions as f64,
                "visits_each": visits as f64 / repetitions as f64,
            })))
        })?
    };
    match (outcome, args.json) {
        (Outcome::One(report), true) => output::json(&report),
        (Outcome::One(report), false) => print(&text(&report)),
        (Outcome::Many(answer), true) => output::json(&answer),
        (Outcome::Many(answer), false) => print(&format!(
            "something was called clear in {} of {} repetitions ({:.1} %), each of {:.0} visits\n",
            answer["called_clear"],
            answer["repetitions"],
            100.0 * answer["share"].as_f64().unwrap_or(0.0),
            answer["visits_each"].as_f64().unwrap_or(0.0),
        )),
    }
}

/// For people.
pub(super) fn text(report: &AbReport) -> String {
    let AbReport { days, visitors, visitors_planned, visits, new_visitors, .. } = report;
    let luck = if report.settings.same_luck { "the same luck for all arms" } else { "luck of its own for each arm" };
    let mut text = format!(
        "{visitors} of {visitors_planned} visitors ({new_visitors} new), {visits} visits in {days:.1} days, {luck}{}\n\n{:<44} {:<26} depth\n",
        if report.is_stopped { "; stopped, for all is clear" } else { "" },
        "arm",
        "ctr"
    );
    for arm in &report.arms {
        let of = |metric: Metric| figure(arm.figures.get(metric.name()).copied().flatten());
        text += &format!("{:<44} {:<26} {}\n", visible(&arm.arm), of(Metric::Ctr), of(Metric::Depth));
    }
    for arm in &report.differences {
        text += &format!("\n{} less {}\n", visible(&arm.arm), visible(&arm.than));
        let of = |metric: Metric| difference(report.difference(arm, metric));
        for metric in Metric::ALL {
            text += &format!("  {:<20} {}", metric.name(), of(metric));
            if let Some(clear) = arm.watched.get(metric.name()) {
                text += &match (clear.clear_after_visits, clear.visits_needed) {
                    (Some(visits), _) => format!("   clear after {visits} visits"),
                    (None, Some(visits)) => format!("   not clear; about {visits} visits would be needed"),
                    (None, None) => "   not clear".to_owned(),
                };
            }
            text.push('\n');
        }
        for (slice, figures) in &arm.slices {
            for metric in Metric::WATCHED {
                let of = difference(figures.get(metric.name()).copied().flatten());
                text += &format!("  {:<20} {of}\n", format!("{} {slice}", metric.name()));
            }
        }
    }
    text += if report.is_stopped {
        "\nIntervals of differences in ctr and depth hold at every moment; the others are 95 % for a number of visitors that was \
         fixed, which stopping was not. * zero is outside.\n"
    } else {
        "\n95 % for all visitors; * zero is outside. What is called clear holds whenever one looks.\n"
    };
    text
}
