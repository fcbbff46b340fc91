//! `recallscope compare`: how much better one kept run is than another, user by user.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};

use super::{
    console::Console,
    output,
    recall::{find_run, open_dataset},
};
use crate::{
    evaluate::{self, Bands, Difference, Ground, LaneReport, NoDifference},
    jobs::pipeline,
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

const RESAMPLES: usize = 2_000;
const SEED: u64 = 42;

/// Compare two kept runs user by user, for everybody and for parts of the users and items
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope compare work 3fa9c2 81d0b7            the first less the second, with intervals
  recallscope compare work 3fa9c2 81d0b7 -k 50 --json")]
pub(super) struct CompareArgs {
    /// The workspace
    workspace: PathBuf,
    /// A run, by its id or the beginning of it
    #[arg(value_name = "RUN")]
    one: String,
    /// The run that it is compared with
    #[arg(value_name = "OTHER")]
    other: String,
    /// How long the lists are that are judged
    #[arg(short, default_value_t = 20, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=10_000))]
    k: usize,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &CompareArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let runs = [find_run(&workspace, Some(&args.one), None)?, find_run(&workspace, Some(&args.other), None)?];
    let k = args.k;
    let answer = Console::new(args.json).run("compare", move |ctx| answer(&workspace, &runs, k, ctx))?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

fn answer(workspace: &Workspace, runs: &[RunRecord; 2], k: usize, ctx: &JobContext) -> Result<Value> {
    let [one, other] = runs;
    if one.dataset_fingerprint != other.dataset_fingerprint {
        bail!("the runs {} and {} are of two data sets; choose two of one", one.id, other.id);
    }
    if pipeline::settings_of(one)?.split != pipeline::settings_of(other)?.split {
        bail!(
            "the runs {} and {} were measured on two splits; run one of them again with the other's",
            one.id,
            other.id
        );
    }
    let (dataset, split) = open_dataset(workspace, one, ctx)?;
    let bands = Bands::new(&dataset, &split);
    let ground = Ground { dataset: &dataset, split: &split, bands: &bands };
    let [first, second] = [report_of(one)?, report_of(other)?];
    let mut slices = Map::new();
    for slice in std::iter::once("").chain(first.slices.keys().map(String::as_str)) {
        let difference = match compare(&ground, [&first, &second], slice, k) {
            Ok(difference) => difference,
            Err(NoDifference::NoCommonUser) => continue,
            Err(NoDifference::NotMeasured) => bail!(
                "one of the runs was not measured at {k}: choose a smaller -k, or run it again with a longer list in \
                 evaluate.ks"
            ),
        };
        let mut told = json!({ "users": difference.users });
        tell(&mut told, &difference, k);
        slices.insert(if slice.is_empty() { "all" } else { slice }.to_owned(), told);
    }
    let name = |run: &RunRecord| json!({ "run": run.id, "lane": run.lane });
    Ok(json!({ "one": name(one), "other": name(other), "k": k, "slices": slices }))
}

/// The report that a run keeps.
pub(super) fn report_of(run: &RunRecord) -> Result<LaneReport> {
    serde_json::from_str(&run.report_json).with_context(|| format!("the report of the run {} is damaged", run.id))
}

/// [`evaluate::compare`] with as many draws in every command, so that they say the same of the same runs.
pub(super) fn compare(
    ground: &Ground<'_>,
    reports: [&LaneReport; 2],
    slice: &str,
    k: usize,
) -> Result<Difference, NoDifference> {
    evaluate::compare(ground, reports, slice, k, RESAMPLES, SEED)
}

/// Adds `"recall@K": {"difference", "interval"}`, and so on, to an object.
pub(super) fn tell(into: &mut Value, difference: &Difference, k: usize) {
    for metric in &difference.metrics {
        into[format!("{}@{k}", metric.metric)] = json!({ "difference": metric.value, "interval": metric.interval });
    }
}

/// `+0.0124 [+0.0030, +0.0211]` of what [`tell`] says of one metric.
pub(super) fn signed(of: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let [low, high] = [0, 1].map(|end| number(&of["interval"][end]));
    format!("{:+.4} [{low:+.4}, {high:+.4}]", number(&of["difference"]))
}

fn text(answer: &Value) -> String {
    let name = |of: &Value| format!("{} ({})", of["lane"].as_str().unwrap_or(""), of["run"].as_str().unwrap_or(""));
    let k = &answer["k"];
    let mut text = format!(
        "{} less {}, paired by user, 95 % by bootstrap\n{:<24} {:>6}  {:<30} ndcg@{k}\n",
        name(&answer["one"]),
        name(&answer["other"]),
        "slice",
        "users",
        format!("recall@{k}"),
    );
    for (slice, told) in answer["slices"].as_object().into_iter().flatten() {
        let figures = |metric: &str| signed(&told[format!("{metric}@{k}")]);
        text += &format!("{slice:<24} {:>6}  {:<30} {}\n", told["users"], figures("recall"), figures("ndcg"));
    }
    text
}
