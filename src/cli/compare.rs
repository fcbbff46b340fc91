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
    evaluate::{self, Bands, Ground, LaneReport, NoDifference},
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
    let report = |run: &RunRecord| -> Result<LaneReport> {
        serde_json::from_str(&run.report_json).with_context(|| format!("the report of the run {} is damaged", run.id))
    };
    let [first, second] = [report(one)?, report(other)?];
    let mut slices = Map::new();
    for slice in std::iter::once("").chain(first.slices.keys().map(String::as_str)) {
        let difference = match evaluate::compare(&ground, [&first, &second], slice, k, RESAMPLES, SEED) {
            Ok(difference) => difference,
            Err(NoDifference::NoCommonUser) => continue,
            Err(NoDifference::NotMeasured) => bail!(
                "one of the runs was not measured at {k}: choose a smaller -k, or run it again with a longer list in \
                 evaluate.ks"
            ),
        };
        let mut told = Map::new();
        told.insert("users".to_owned(), json!(difference.users));
        for metric in difference.metrics {
            let figures = json!({ "difference": metric.value, "interval": metric.interval });
            told.insert(format!("{}@{k}", metric.metric), figures);
        }
        slices.insert(if slice.is_empty() { "all" } else { slice }.to_owned(), Value::Object(told));
    }
    let name = |run: &RunRecord| json!({ "run": run.id, "lane": run.lane });
    Ok(json!({ "one": name(one), "other": name(other), "k": k, "slices": slices }))
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
        let figures = |metric: &str| {
            let of = &told[format!("{metric}@{k}")];
            let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            format!(
                "{:+.4} [{:+.4}, {:+.4}]",
                number(&of["difference"]),
                number(&of["interval"][0]),
                number(&of["interval"][1])
            )
        };
        text += &format!("{slice:<24} {:>6}  {:<30} {}\n", told["users"], figures("recall"), figures("ndcg"));
    }
    text
}
