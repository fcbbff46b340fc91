//! `recallscope explain`: why a kept lane recalls an item for a user.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    choices,
    console::Console,
    output,
    recall::{Opened, find_run, item_row, user_row},
};
use crate::{
    dataset::{Dataset, Language},
    explain::{Explanation, explain, place_of},
    jobs::pipeline,
    models::user_cluster::{Kind, reach_of},
    recall::{LaneKind, trigger_of},
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// So far down the list an item's rank is looked for.
const DEPTH: usize = 1_000;

/// Show why a kept lane recalls an item for a user
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").args(["lane", "run"]).required(true).multiple(true))]
#[command(after_help = "Examples:
  recallscope explain work --user 42 --item 7 --lane gat          his items by how much the score falls without each
  recallscope explain work --user 42 --item 7 --lane item-cf --json
  recallscope explain work --user 42 --item 7 --run 3fa9c2        a run by the beginning of its id")]
pub(super) struct ExplainArgs {
    /// The workspace
    workspace: PathBuf,
    /// The user's id, as in the log
    #[arg(long)]
    user: String,
    /// The item's id, as in the log
    #[arg(long)]
    item: String,
    /// The lane; its newest run answers
    #[arg(long, value_parser = choices::lane())]
    lane: Option<LaneKind>,
    /// A run, by its id or the beginning of it
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ExplainArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = find_run(&workspace, args.run.as_deref(), args.lane)?;
    let (user, item) = (args.user.clone(), args.item.clone());
    let answer = Console::new(args.json).run("explain", move |ctx| answer(&workspace, &run, &user, &item, ctx))?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

fn answer(workspace: &Workspace, run: &RunRecord, user: &str, item: &str, ctx: &JobContext) -> Result<Value> {
    let Opened { dataset, split, lane } = Opened::of(workspace, run, ctx)?;
    let (user_row, item_row) = (user_row(&dataset, user)?, item_row(&dataset, item)?);
    let trigger = trigger_of(&dataset, &split, user_row);
    // Paths through the graph of similar items are told for networks alone.
    let graphs = match lane.gnn() {
        Some(_) => Some(pipeline::prepare(dataset.clone(), &pipeline::settings_of(run)?, ctx)?.graphs(ctx)?.0),
        None => None,
    };
    let place = place_of(&*lane, &trigger, item_row, DEPTH);
    let told = explain(&*lane, &trigger, item_row, place, graphs.as_ref().map(|graphs| &graphs.item_item));
    let (id, title) = (|row| dataset.items.ids.name(row), |row| dataset.title(row, Language::English));
    let attention = by_layer(&told);
    let parts = told.parts.iter().map(|part| {
        json!({
            "item": id(part.item),
            "title": title(part.item),
            "share": part.share,
            "fall": part.fall,
            "attention": part.attention,
            "attention_by_layer": attention.get(&part.item),
        })
    });
    let meetings = told.meetings.iter().map(|meeting| {
        json!({
            "item": id(meeting.item),
            "title": title(meeting.item),
            "weight": meeting.weight,
            "similarity": meeting.similarity,
        })
    });
    let lanes: Vec<Value> = told
        .lanes
        .iter()
        .map(|of| json!({ "lane": of.lane.name(), "rank": of.rank, "score": of.score, "share": of.share }))
        .collect();
    let clusters = told.clusters.iter().map(|part| {
        let name = cluster_name(&dataset, part.kind);
        json!({ "cluster": name, "users": part.users, "share": part.share })
    });
    let liked = told.liked.iter().map(|&item| json!({ "item": id(item), "title": title(item) }));
    let events = &dataset.events;
    let took = |rows: &[u32]| {
        rows.iter().any(|&row| (events.user[row as usize], events.item[row as usize]) == (user_row, item_row))
    };
    Ok(json!({
        "user": user,
        "item": item,
        "title": title(item_row),
        "lane": run.lane,
        "run": run.id,
        "score": told.score,
        "rank": told.rank,
        "taken_before": took(&split.train),
        "taken_later": took(&split.test),
        "lanes": lanes,
        "parts": parts.collect::<Vec<_>>(),
        "meetings": meetings.collect::<Vec<_>>(),
        "clusters": clusters.collect::<Vec<_>>(),
        "liked": liked.collect::<Vec<_>>(),
        "lift": told.lift,
    }))
}

fn cluster_name(dataset: &Dataset, kind: Kind) -> String {
    match kind {
        Kind::All => "everybody".to_owned(),
        Kind::Whole => "all of these at once".to_owned(),
        Kind::Activity(band) => match reach_of(band) {
            (least, Some(most)) => format!("{least} to {most} interactions"),
            (least, None) => format!("{least} interactions or more"),
        },
        Kind::Value { field, entry } => {
            let attribute = &dataset.users.attributes[field];
            let value = attribute.vocabulary.name(entry);
            format!("{} {}", attribute.name, dataset.label(value, Language::English))
        }
    }
}

/// Per item of the user: a list a layer, a number a head.
fn by_layer(told: &Explanation) -> BTreeMap<u32, Vec<&[f32]>> {
    let mut found: BTreeMap<u32, Vec<&[f32]>> = BTreeMap::new();
    for edge in told.layers.iter().flat_map(|layer| &layer.edges) {
        if let Some(item) = edge.neighbour {
            found.entry(item).or_default().push(&edge.alphas);
        }
    }
    found
}

fn text(answer: &Value) -> String {
    let number = |value: &Value| output::number(value, 4);
    let mut text = format!(
        "user {}, item {} {}, lane {}, run {}\n",
        output::word(&answer["user"]),
        output::word(&answer["item"]),
        output::word(&answer["title"]),
        output::word(&answer["lane"]),
        output::word(&answer["run"])
    );
    let place = match answer["rank"].as_u64() {
        Some(rank) => format!("rank {rank}"),
        None if answer["taken_before"] == true => "not recalled, since the user had taken it before".to_owned(),
        None => format!("not among the first {DEPTH}"),
    };
    text += &format!("{place}, score {}\n", number(&answer["score"]));
    if !answer["lift"].is_null() {
        text += &format!("  raised by {}, for nobody has taken it yet\n", number(&answer["lift"]));
    }
    let list = |name: &str| answer[name].as_array().map_or(&[][..], Vec::as_slice);
    for of in list("lanes") {
        let share = 100.0 * of["share"].as_f64().unwrap_or_default();
        text += &format!("  {share:>3.0} %  found by {} at rank {}\n", output::word(&of["lane"]), of["rank"]);
    }
    for part in list("parts") {
        let mut told = format!("{:>3.0} %", 100.0 * part["share"].as_f64().unwrap_or_default());
        if !part["fall"].is_null() {
            told += &format!("  fall {:>8}", number(&part["fall"]));
        }
        if !part["attention"].is_null() {
            told += &format!("  attention {}", number(&part["attention"]));
        }
        text += &format!("  {told}  {}  {}\n", output::word(&part["item"]), output::word(&part["title"]));
    }
    if list("parts").is_empty() && list("clusters").is_empty() {
        text += "  no item of the user carried it\n";
    }
    if !list("clusters").is_empty() {
        text += "clusters of the user\n";
    }
    for part in list("clusters") {
        let share = 100.0 * part["share"].as_f64().unwrap_or_default();
        text += &format!("  {share:>3.0} %  {} ({} users)\n", output::word(&part["cluster"]), part["users"]);
    }
    if !list("liked").is_empty() {
        text += "which take more than others\n";
    }
    for item in list("liked") {
        text += &format!("  {}  {}\n", output::word(&item["item"]), output::word(&item["title"]));
    }
    if !list("meetings").is_empty() {
        text += "user and item meet through\n";
    }
    for meeting in list("meetings") {
        let (weight, similarity) = (number(&meeting["weight"]), number(&meeting["similarity"]));
        let (item, title) = (output::word(&meeting["item"]), output::word(&meeting["title"]));
        text += &format!("  weight {weight}  similarity {similarity}  {item}  {title}\n");
    }
    text
}
