//! `recallscope run`: a data set, its lanes, and how well each recalls.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Map, Value, json};

use super::{
    Interrupted, JobFailed,
    choices::{self, Days, Lanes},
    console::{Console, visible},
    output,
};
use crate::{
    dataset::{Dataset, TagLevel, read, split::SplitKind},
    evaluate::why_nobody,
    jobs::pipeline::{self, PipelineSettings, Prepared, TrainedLane},
    recall::{LaneKind, cover::CoverLane},
    task::{JobContext, Series},
    workspace::{Workspace, WorkspaceError},
};

/// Train and evaluate lanes on a data set, and keep them in a workspace
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope run sample_data --out work
  recallscope run ml-100k --out work --split user-time --lanes hot,item-cf --json
  recallscope run my_community --out work --reference-time 2026-03-01 --window-days 14
  recallscope run sample_data --out work --lanes all
  recallscope run my_community --set item2vec.dim=128 --set graph.measure=swing
  recallscope run --settings                           every setting with its default

What was trained before with the same data and settings is found in the workspace, not trained again.
item2vec trained by several threads comes out a little different each time; with --set item2vec.threads=1 it is the same to
the last bit. What is printed is always what the workspace keeps.")]
pub(super) struct RunArgs {
    /// The data set's folder
    #[arg(required_unless_present = "settings")]
    dir: Option<PathBuf>,
    /// The workspace that keeps the runs; made if it is not there. Without it nothing is kept
    #[arg(long, value_name = "WORKSPACE")]
    out: Option<PathBuf>,
    /// How train and test are parted [default: temporal; given or random for logs without times]
    #[arg(long, value_parser = choices::split())]
    split: Option<SplitKind>,
    /// Test from here on (temporal): seconds since 1970 or ISO 8601 [default: the last fifth, at most 7 days]
    #[arg(long, value_name = "TIME", value_parser = choices::time_secs)]
    reference_time: Option<i64>,
    /// Days before the reference time that graphs and sessions are built from (temporal), or `all` [default: 7]
    #[arg(long, value_name = "DAYS", value_parser = choices::days)]
    window_days: Option<Days>,
    /// The lanes; `all` takes every one (`cover` only where there are covers)
    #[arg(long, value_delimiter = ',', value_parser = choices::lanes(), default_value = "hot,item-cf,item2vec")]
    lanes: Vec<Lanes>,
    /// Change a setting, e.g. item2vec.dim=128; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// One seed for everything that draws at random
    #[arg(long)]
    seed: Option<u64>,
    /// A dataset.toml that stands for the folder's own
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// List every setting with its value, and run nothing
    #[arg(long)]
    settings: bool,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &RunArgs) -> Result<()> {
    let settings = settings(args)?;
    if args.settings {
        return list(&settings, args.json);
    }
    let dir = args.dir.clone().context("name the data set's folder")?;
    let workspace = args.out.as_deref().map(Workspace::open).transpose()?.map(Arc::new);
    let console = Console::new(args.json);
    let (prepared, settings) = prepare(&console, args, dir, settings)?;
    if let Some(workspace) = &workspace {
        workspace.dataset_opened(&prepared.dataset, args.config.as_deref())?;
    }
    let has_covers = prepared.dataset.items.cover.iter().any(Option::is_some);
    let kinds = Lanes::of(&args.lanes, has_covers);
    let (prepared, settings) = (Arc::new(prepared), Arc::new(settings));
    let mut pending = Vec::new();
    for kind in kinds {
        let (prepared, settings, workspace) = (prepared.clone(), settings.clone(), workspace.clone());
        let job = console.submit(kind.name(), move |ctx| {
            pipeline::build_lane(&prepared, kind, &settings, workspace.as_deref(), ctx)
        });
        pending.push((kind, job));
    }
    let (mut lanes, mut failures, mut is_disk) = (Vec::new(), Vec::new(), false);
    for (kind, job) in pending {
        match console.finish(&job) {
            Ok(lane) => {
                if let Some(workspace) = &workspace {
                    // Whoever asks for a run that was deleted wants it again.
                    workspace.bring_back(&lane.run_id)?;
                }
                lanes.push((kind, Ok(lane)));
            }
            Err(error) if error.is::<Interrupted>() => return Err(error),
            // A panic's message names its job already.
            Err(error) if error.is::<JobFailed>() => {
                failures.push(format!("{error:#}"));
                lanes.push((kind, Err(format!("{error:#}"))));
            }
            Err(error) => {
                is_disk |= error.chain().any(<dyn std::error::Error>::is::<WorkspaceError>);
                failures.push(format!("{}: {error:#}", kind.name()));
                lanes.push((kind, Err(format!("{error:#}"))));
            }
        }
    }
    let warning = why_nobody(&prepared.dataset, &prepared.split).map(|why| format!("nobody was measured: {why}"));
    if let Some(warning) = &warning {
        output::error_line(&format!("warning: {warning}"));
    }
    if args.json {
        output::json(&answer(&prepared, &settings, workspace.as_deref(), &lanes, warning.as_deref())?)?;
    } else {
        output::bytes(table(&prepared, &lanes).as_bytes())?;
    }
    let failures = failures.join("\nerror: ");
    match (failures.is_empty(), is_disk) {
        (true, _) => Ok(()),
        (false, true) => Err(anyhow!(failures)),
        (false, false) => Err(JobFailed(failures).into()),
    }
}

fn settings(args: &RunArgs) -> Result<PipelineSettings> {
    let mut settings = PipelineSettings::default();
    if let Some(seed) = args.seed {
        settings.set_seed(seed);
    }
    assign(&mut settings, &args.set)?;
    if let Some(kind) = args.split {
        settings.split.kind = kind;
    }
    if let Some(secs) = args.reference_time {
        settings.split.reference_time_secs = Some(secs);
    }
    if let Some(Days(days)) = args.window_days {
        settings.split.window_days = days;
    }
    settings.validate()?;
    Ok(settings)
}

/// Changes `settings` by what was given as `--set`.
pub(super) fn assign(settings: &mut PipelineSettings, assignments: &[String]) -> Result<()> {
    for assignment in assignments {
        let Some((key, value)) = assignment.split_once('=') else {
            bail!("--set takes KEY=VALUE, e.g. --set item2vec.dim=128, not `{assignment}`");
        };
        settings.set(key, value)?;
    }
    Ok(())
}

/// Whether the command names a split.
fn names_split(args: &RunArgs) -> bool {
    args.split.is_some()
        || args.reference_time.is_some()
        || args.set.iter().any(|assignment| assignment.trim_start().starts_with("split.kind"))
}

fn prepare(
    console: &Console,
    args: &RunArgs,
    dir: PathBuf,
    mut settings: PipelineSettings,
) -> Result<(Prepared, PipelineSettings)> {
    let (config, is_named) = (args.config.clone(), names_split(args));
    console.run("prepare", move |ctx| {
        let dataset = Arc::new(read::load(&dir, config.as_deref(), None, ctx)?);
        if !is_named {
            settings.split.kind = pipeline::default_split(&dataset);
        }
        let mut prepared = pipeline::prepare(dataset, &settings, ctx)?;
        // The answer names their counts.
        prepared.graphs(ctx)?;
        prepared.config = config;
        Ok((prepared, settings))
    })
}

fn list(settings: &PipelineSettings, as_json: bool) -> Result<()> {
    if as_json {
        return output::json(settings);
    }
    let lines: String = settings.entries().into_iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    output::bytes(lines.as_bytes())
}

fn answer(
    prepared: &Prepared,
    settings: &PipelineSettings,
    workspace: Option<&Workspace>,
    lanes: &[(LaneKind, Result<TrainedLane, String>)],
    warning: Option<&str>,
) -> Result<Value> {
    let Prepared { dataset, split, config, .. } = prepared;
    let mut of_lanes = Map::new();
    let mut slices = json!({});
    let mut cover_model = Map::new();
    for (kind, outcome) in lanes {
        let lane = match outcome {
            Ok(lane) => {
                for (name, slice) in SLICES {
                    // Where nobody was measured there is no figure.
                    let found = lane.report.slices.get(slice).map(|slice| &slice.metrics);
                    slices[name][kind.name()] = serde_json::to_value(found)?;
                }
                if let Some(cover) = lane.lane.cover() {
                    let level = choices::level_name(cover.model().level());
                    cover_model.insert(level.to_owned(), cover_answer(dataset, cover)?);
                }
                lane_answer(lane, settings.is_repeatable(*kind))?
            }
            Err(message) => json!({ "error": message }),
        };
        of_lanes.insert(kind.name().to_owned(), lane);
    }
    Ok(json!({
        "dataset": {
            "name": dataset.name,
            "folder": dataset.folder,
            "config": config,
            "fingerprint": dataset.fingerprint,
            "users": dataset.user_count(),
            "items": dataset.item_count(),
            "events": dataset.events.len(),
        },
        "split": {
            "kind": split.settings.kind.name(),
            "reference_time_secs": split.reference_time_secs,
            "window_days": split.settings.window_days,
            "train": split.train.len(),
            "window": split.window.len(),
            "test": split.test.len(),
        },
        "graphs": prepared.graphs_if_built().map(|graphs| &graphs.counts),
        "settings": settings,
        "warning": warning,
        "workspace": workspace.map(Workspace::folder),
        "lanes": of_lanes,
        "slices": slices,
        "cover_model": (!cover_model.is_empty()).then_some(cover_model),
    }))
}

/// The slices that stand beside the lanes, and what a report calls them.
const SLICES: [(&str, &str); 7] = [
    ("new_items", "items:new"),
    ("tail_items", "items:tail"),
    ("waist_items", "items:waist"),
    ("head_items", "items:head"),
    ("new_users", "users:new"),
    ("low_users", "users:low"),
    ("active_users", "users:active"),
];

/// Nearest covers among which tags are counted.
const NEIGHBOURS: usize = 10;

/// What the cover model reads off the covers that were held out, how often their nearest share their tags, and whose
/// cover it could not read.
fn cover_answer(dataset: &Dataset, lane: &CoverLane) -> Result<Value> {
    let model = lane.model();
    let mut answer = serde_json::to_value(model.report(dataset, &JobContext::default())?)?;
    let shares = model.neighbours_shares(lane.index(), dataset, TagLevel::ALL, NEIGHBOURS);
    for (level, share) in TagLevel::ALL.into_iter().zip(shares) {
        answer["neighbours"][format!("{}@{NEIGHBOURS}", choices::level_name(level))] = share.into();
    }
    let unreadable: Vec<&str> =
        model.unreadable(dataset).into_iter().map(|item| dataset.items.ids.name(item)).collect();
    answer["read"] = model.items.len().into();
    answer["without_cover"] = dataset.items.cover.iter().filter(|cover| cover.is_none()).count().into();
    answer["unreadable"] = unreadable.into();
    Ok(answer)
}

/// The metrics of the report lie directly in the answer: `recall@20`, `ndcg@20`, ….
fn lane_answer(lane: &TrainedLane, is_repeatable: bool) -> Result<Value> {
    let mut answer = Map::new();
    if let Value::Object(mut report) = lane.report.summary() {
        if let Some(Value::Object(metrics)) = report.remove("metrics") {
            answer.extend(metrics);
        }
        answer.extend(report);
    }
    answer.insert(
        "cost".to_owned(),
        json!({
            "build_secs": lane.build_secs,
            "evaluate_secs": lane.evaluate_secs,
            "peak_memory_bytes": (lane.peak_memory_bytes > 0).then_some(lane.peak_memory_bytes),
        }),
    );
    answer.insert("index".to_owned(), serde_json::to_value(lane.audit)?);
    answer.insert("curve".to_owned(), serde_json::to_value(lane.curves.of(Series::Loss))?);
    answer.insert("curves".to_owned(), serde_json::to_value(&lane.curves)?);
    answer.insert("run".to_owned(), lane.run_id.clone().into());
    answer.insert("found".to_owned(), lane.is_found.into());
    answer.insert("repeatable".to_owned(), is_repeatable.into());
    Ok(answer.into())
}

/// For people: one line a lane.
fn table(prepared: &Prepared, lanes: &[(LaneKind, Result<TrainedLane, String>)]) -> String {
    const SHOWN: [&str; 4] = ["recall@20", "ndcg@20", "hit_rate@20", "recall@100"];
    let Prepared { dataset, split, .. } = prepared;
    let mut text = format!(
        "{}: {} users, {} items; split {}: {} train, {} test\n\n{:<12}",
        visible(&dataset.name),
        dataset.user_count(),
        dataset.item_count(),
        split.settings.kind.name(),
        split.train.len(),
        split.test.len(),
        "lane"
    );
    for metric in SHOWN {
        text += &format!(" {metric:>12}");
    }
    text += "      build  run\n";
    for (kind, outcome) in lanes {
        text += &format!("{:<12}", kind.name());
        match outcome {
            Ok(lane) => {
                for metric in SHOWN {
                    match lane.report.metric(metric) {
                        Some(value) => text += &format!(" {value:>12.4}"),
                        None => text += &format!(" {:>12}", "–"),
                    }
                }
                let found = if lane.is_found { " (found)" } else { "" };
                text += &format!(" {:>8.2} s  {}{found}\n", lane.build_secs, lane.run_id);
            }
            Err(_) => text += "  failed\n",
        }
    }
    text
}
