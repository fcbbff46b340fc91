//! `recallscope behaviours`: what each behaviour tells of what a user takes later.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    choices,
    compare::{compare, signed, tell},
    console::{Console, visible},
    output,
    recall::{find_run, open_dataset},
};
use crate::{
    dataset::Dataset,
    evaluate::{Bands, Ground, behaviours::Ablation},
    jobs::{
        behaviours::{BehaviourStudy, study},
        pipeline::{self, Prepared},
    },
    recall::LaneKind,
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

const K: usize = 20;

/// Learn what each behaviour should count, and see what is lost without it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope behaviours work --lane graphsage
  recallscope behaviours work --run 3fa9c2 --json

The weights are those of the interactions that ask the lane, which stays as it was trained. They are learned on a part of
the training part, with the lane trained again on the rest of it, and measured on the test part. To train with weights,
write them under [behaviours] in dataset.toml, or set them when the data set is opened.")]
pub(super) struct BehavioursArgs {
    /// The workspace
    workspace: PathBuf,
    /// A run, by its id or the beginning of it
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// The newest run of this lane
    #[arg(long, value_parser = choices::lane(), conflicts_with = "run")]
    lane: Option<LaneKind>,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &BehavioursArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = find_run(&workspace, args.run.as_deref(), args.lane)?;
    let answer = Console::new(args.json).run("behaviours", move |ctx| answer(&workspace, &run, ctx))?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

fn answer(workspace: &Workspace, run: &RunRecord, ctx: &JobContext) -> Result<Value> {
    let (dataset, _) = open_dataset(workspace, run, ctx)?;
    let prepared = pipeline::prepare(Arc::new(dataset), &pipeline::settings_of(run)?, ctx)?;
    let Prepared { dataset, split, .. } = &prepared;
    let lane = pipeline::open_run(dataset, split, run, workspace, ctx)?.lane;
    let BehaviourStudy { learned, weighed } = study(&prepared, run, &*lane, workspace, ctx)?;
    let bands = Bands::new(dataset, split);
    let ground = Ground { dataset, split, bands: &bands };
    let named = |weights: &[f32]| -> Value {
        dataset
            .behaviours
            .iter()
            .zip(weights)
            .map(|(behaviour, weight)| (behaviour.name.clone(), json!(weight)))
            .collect()
    };
    let first = &weighed[0].report;
    let rows: Vec<Value> = weighed
        .iter()
        .map(|of| {
            let mut row = json!({
                "name": name_of(dataset, of.ablation),
                "weights": named(&of.weights),
                "users": of.report.users,
                "recall@20": of.report.metric("recall@20"),
                "ndcg@20": of.report.metric("ndcg@20"),
            });
            if of.ablation != Some(Ablation::AsSet)
                && let Ok(difference) = compare(&ground, [&of.report, first], "", K)
            {
                tell(&mut row["less_as_set"], &difference, K);
            }
            row
        })
        .collect();
    let count = |rows: &[u32], behaviour: usize| {
        rows.iter().filter(|&&row| usize::from(dataset.events.behaviour[row as usize]) == behaviour).count()
    };
    let counts: Value = dataset
        .behaviours
        .iter()
        .enumerate()
        .map(|(place, behaviour)| (behaviour.name.clone(), json!(count(&split.train, place))))
        .collect();
    Ok(json!({
        "run": run.id,
        "lane": run.lane,
        "training_interactions": counts,
        "learned": learned.map(|learned| json!({
            "weights": named(&learned.weights),
            "validation": {
                "users": learned.users,
                "ndcg@20": learned.ndcg_at_20,
                "ndcg@20_as_set": learned.ndcg_at_20_before,
            },
        })),
        "rows": rows,
    }))
}

fn name_of(dataset: &Dataset, ablation: Option<Ablation>) -> String {
    let name = |place: usize| dataset.behaviours[place].name.as_str();
    match ablation {
        None => "learned".to_owned(),
        Some(Ablation::AsSet) => "as set".to_owned(),
        Some(Ablation::Without(place)) => format!("without {}", name(place)),
        Some(Ablation::Alone(place)) => format!("{} alone", name(place)),
    }
}

fn text(answer: &Value) -> String {
    let number = |value: &Value| output::number(value, 4);
    let mut text = format!("{} ({})\n", output::word(&answer["lane"]), output::word(&answer["run"]));
    match answer["learned"]["weights"].as_object() {
        Some(weights) => {
            let weights: Vec<String> = weights
                .iter()
                .map(|(name, weight)| format!("{} {}", visible(name), weight.as_f64().unwrap_or_default()))
                .collect();
            let of = &answer["learned"]["validation"];
            text += &format!(
                "learned: {} (validation ndcg@{K} {} instead of {}, {} users)\n",
                weights.join(", "),
                number(&of["ndcg@20"]),
                number(&of["ndcg@20_as_set"]),
                of["users"]
            );
        }
        None => text += "nothing to learn: interactions of two behaviours are needed, and users to judge by\n",
    }
    text += &format!("\n{:<22} {:>10} {:>10}  less as set, recall@{K}\n", "weights", "recall@20", "ndcg@20");
    for row in answer["rows"].as_array().into_iter().flatten() {
        let of = &row["less_as_set"]["recall@20"];
        let difference = if of.is_null() { String::new() } else { signed(of) };
        text += &format!(
            "{:<22} {:>10} {:>10}  {difference}\n",
            output::word(&row["name"]),
            number(&row["recall@20"]),
            number(&row["ndcg@20"])
        );
    }
    text
}
