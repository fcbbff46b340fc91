//! `recallscope mix`: kept runs merged into one, by shares that are given or chosen on validation.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

use super::{
    compare::{compare, report_of, signed, tell},
    console::{Console, visible},
    output,
    recall::{find_named, open_dataset},
};
use crate::{
    evaluate::{Bands, Chosen, Ground},
    jobs::{
        mix::{MixSettings, PartSettings, settings_of_mix, tune},
        pipeline::{self, Prepared, TrainedLane},
    },
    recall::mix::MixBy,
    task::JobContext,
    workspace::{RunNote, RunRecord, Workspace},
};

/// How long the lists are by which the mix is set against its parts.
const K: usize = 20;

/// Merge kept runs into one, keep it like a run, and set it against its best part
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope mix work --name \"half and half\" --parts item-cf=1,item2vec=1
  recallscope mix work --name tuned --parts ease,item-cf,graphsage --tune --json
  recallscope mix work --name fixed --parts 3fa9c2=0.7,81d0b7=0.3 --by weight
  recallscope recall work --user 42 --run tuned             a mix answers like any run

Ways of merging:
  quota    each part fills its share of the places, interleaved
  weight   by share times score, each part's scores brought to 0 to 1
  rank     by share over (60 + rank): reciprocal rank fusion

--tune trains the parts again on a part of the training part and judges shares on the rest of it, by NDCG@20: the test
part has no say in the choice. Without --by it chooses the way of merging too.")]
pub(super) struct MixArgs {
    /// The workspace
    workspace: PathBuf,
    /// What the mix is called
    #[arg(long)]
    name: String,
    /// The runs and their shares: a run's id or the beginning of it, its name, or a lane for its newest run
    #[arg(long, value_name = "RUN|LANE[=SHARE]", value_delimiter = ',', required = true)]
    parts: Vec<String>,
    /// How lists are merged [default: quota; with --tune the best of all]
    #[arg(long, value_parser = by())]
    by: Option<MixBy>,
    /// Choose the shares on a part of the training part
    #[arg(long)]
    tune: bool,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

fn by() -> impl TypedValueParser<Value = MixBy> {
    PossibleValuesParser::new(MixBy::ALL.map(MixBy::name))
        .try_map(|name| MixBy::from_name(&name).ok_or("is no way of merging"))
}

pub(super) fn run(args: &MixArgs) -> Result<()> {
    let workspace = Arc::new(Workspace::open(&args.workspace)?);
    let name = args.name.trim().to_owned();
    if name.is_empty() {
        bail!("the mix needs a name: --name NAME");
    }
    let mut runs = Vec::new();
    let mut shares = Vec::new();
    for part in &args.parts {
        let (run, share) = match part.rsplit_once('=') {
            Some((run, share)) => (
                run,
                Some(share.trim().parse::<f64>().ok().with_context(|| {
                    format!(
                        "the share of {} has to be a number, e.g. {run}=0.5, not `{}`",
                        visible(run),
                        visible(share)
                    )
                })?),
            ),
            None => (part.as_str(), None),
        };
        runs.push(find_named(&workspace, run.trim())?);
        shares.push(share.unwrap_or(1.0));
        if share.is_some() && args.tune {
            bail!("--tune chooses the shares: write --parts {run}, without a share");
        }
    }
    let (by, is_tuned) = (args.by, args.tune);
    let answer = Console::new(args.json).run("mix", move |ctx| {
        let made = make(&workspace, &runs, shares, by, is_tuned, ctx)?;
        let note = workspace.run_notes()?.remove(&made.trained.run_id).unwrap_or_default();
        workspace.set_run_note(&made.trained.run_id, &RunNote { name: name.clone(), is_deleted: false, ..note })?;
        answer(&name, &made, &runs, ctx)
    })?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

struct MadeMix {
    prepared: Prepared,
    settings: MixSettings,
    chosen: Option<Chosen>,
    trained: TrainedLane,
}

fn make(
    workspace: &Workspace,
    runs: &[RunRecord],
    mut shares: Vec<f64>,
    by: Option<MixBy>,
    is_tuned: bool,
    ctx: &JobContext,
) -> Result<MadeMix> {
    let of_parts = |by: MixBy, shares: &[f64]| -> Result<MixSettings> {
        let part = |(run, &share): (&RunRecord, &f64)| -> Result<PartSettings> {
            Ok(PartSettings { run: run.id.clone(), lane: pipeline::kind_of(run)?, share })
        };
        MixSettings::new(by, runs.iter().zip(shares).map(part).collect::<Result<_>>()?)
    };
    // What cannot be mixed is refused before anything is trained.
    let mut settings = settings_of_mix(runs, of_parts(by.unwrap_or_default(), &shares)?)?;
    let first = runs.first().context("a mix of no runs")?;
    let (dataset, _) = open_dataset(workspace, first, ctx)?;
    let of_first = pipeline::settings_of(first)?;
    let mut prepared = pipeline::prepare(Arc::new(dataset), &of_first, ctx)?;
    prepared.config = first.dataset_config.as_ref().map(PathBuf::from);
    let mut chosen = None;
    if is_tuned {
        let all = by.map_or(MixBy::ALL.to_vec(), |by| vec![by]);
        let found = tune(&prepared, runs, &all, workspace, ctx)?;
        shares = found.shares.iter().copied().map(f64::from).collect();
        settings.mix = Some(of_parts(found.by, &shares)?);
        chosen = Some(found);
    }
    let trained = pipeline::build_lane(&prepared, crate::recall::LaneKind::Mix, &settings, Some(workspace), ctx)?;
    let settings = settings.mix.context("a mix without parts")?;
    Ok(MadeMix { prepared, settings, chosen, trained })
}

fn answer(name: &str, made: &MadeMix, runs: &[RunRecord], ctx: &JobContext) -> Result<Value> {
    let MadeMix { prepared, settings, chosen, trained } = made;
    let reports = runs.iter().map(report_of).collect::<Result<Vec<_>>>()?;
    let ndcg = format!("ndcg@{K}");
    let parts: Vec<Value> = settings
        .parts
        .iter()
        .zip(&reports)
        .enumerate()
        .map(|(place, (part, report))| {
            json!({
                "run": part.run,
                "lane": part.lane.name(),
                "share": part.share,
                "validation_ndcg@20": chosen.as_ref().map(|chosen| chosen.alone[place]),
                "recall@20": report.metric("recall@20"),
                "ndcg@20": report.metric("ndcg@20"),
            })
        })
        .collect();
    // The best on the test part itself, which no choice could know: nothing is harder to beat.
    let best = (0..reports.len()).max_by(|&one, &other| {
        let of = |place: usize| reports[place].metric(&ndcg).unwrap_or(f64::NEG_INFINITY);
        of(one).total_cmp(&of(other))
    });
    ctx.stage("Comparing with the best part", 0, "");
    let bands = Bands::new(&prepared.dataset, &prepared.split);
    let ground = Ground { dataset: &prepared.dataset, split: &prepared.split, bands: &bands };
    let mut against = Value::Null;
    if let Some(best) = best
        && let Ok(difference) = compare(&ground, [&trained.report, &reports[best]], "", K)
    {
        against = json!({ "run": runs[best].id, "lane": runs[best].lane, "users": difference.users });
        tell(&mut against, &difference, K);
    }
    Ok(json!({
        "run": trained.run_id,
        "name": name,
        "by": settings.by.name(),
        "found": trained.is_found,
        "parts": parts,
        "validation": chosen.as_ref().map(|chosen| json!({ "users": chosen.users, "ndcg@20": chosen.ndcg_at_20 })),
        "report": trained.report.summary(),
        "less_best_part": against,
        "cost": { "build_secs": trained.build_secs, "evaluate_secs": trained.evaluate_secs },
    }))
}

fn text(answer: &Value) -> String {
    let number = |value: &Value| output::number(value, 4);
    let is_tuned = !answer["validation"].is_null();
    let mut text = format!(
        "{} by {}, run {}\n",
        output::word(&answer["name"]),
        output::word(&answer["by"]),
        output::word(&answer["run"])
    );
    let title = if is_tuned { "validation ndcg@20" } else { "" };
    text += &format!("{:<16} {:>8} {:>12} {:>12}  {title}\n", "part", "share", "recall@20", "ndcg@20");
    for part in answer["parts"].as_array().into_iter().flatten() {
        let validation = if is_tuned { number(&part["validation_ndcg@20"]) } else { String::new() };
        text += &format!(
            "{:<16} {:>8} {:>12} {:>12}  {validation}\n",
            output::word(&part["lane"]),
            number(&part["share"]),
            number(&part["recall@20"]),
            number(&part["ndcg@20"]),
        );
    }
    let metrics = &answer["report"]["metrics"];
    let validation = if is_tuned { number(&answer["validation"]["ndcg@20"]) } else { String::new() };
    let (recall, ndcg) = (number(&metrics["recall@20"]), number(&metrics["ndcg@20"]));
    text += &format!("{:<16} {:>8} {recall:>12} {ndcg:>12}  {validation}\n", "the mix", "");
    let best = &answer["less_best_part"];
    if !best.is_null() {
        text += &format!("\nless {}, paired by user, 95 % by bootstrap\n", output::word(&best["lane"]));
        for metric in ["recall@20", "ndcg@20"] {
            text += &format!("{metric:<16} {}\n", signed(&best[metric]));
        }
    }
    text
}
