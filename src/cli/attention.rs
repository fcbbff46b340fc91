//! `recallscope attention`: what a kept network attends to.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    console::Console,
    output,
    recall::{Opened, find_run, item_row, user_row},
};
use crate::{
    dataset::Language,
    explain::{Node, attention_of},
    jobs::pipeline,
    models::gnn::Network,
    recall::trigger_of,
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// Show what a kept graph network attends to, by layer and head
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope attention work --node user:42 --run 3fa9c2           a run of gat or gaan, by the beginning of its id
  recallscope attention work --node item:7 --run 3fa9c2 --json")]
pub(super) struct AttentionArgs {
    /// The workspace
    workspace: PathBuf,
    /// Whose attention: user:ID or item:ID, with the id as in the log
    #[arg(long, value_parser = node)]
    node: Asked,
    /// A run, by its id or the beginning of it
    #[arg(long, value_name = "ID")]
    run: String,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Asked {
    User(String),
    Item(String),
}

fn node(text: &str) -> Result<Asked, String> {
    match text.split_once(':') {
        Some(("user", id)) => Ok(Asked::User(id.to_owned())),
        Some(("item", id)) => Ok(Asked::Item(id.to_owned())),
        _ => Err("write user:ID or item:ID".to_owned()),
    }
}

pub(super) fn run(args: &AttentionArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = find_run(&workspace, Some(&args.run), None)?;
    if !pipeline::kind_of(&run)?.network().is_some_and(Network::has_attention) {
        bail!("the run {} is of {}, which attends to nothing; choose a run of gat or gaan", run.id, run.lane);
    }
    let asked = args.node.clone();
    let answer = Console::new(args.json).run("attention", move |ctx| answer(&workspace, &run, &asked, ctx))?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

fn answer(workspace: &Workspace, run: &RunRecord, asked: &Asked, ctx: &JobContext) -> Result<Value> {
    let Opened { dataset, split, lane } = Opened::of(workspace, run, ctx)?;
    let network = lane.gnn().context("the run answers without a network; run again, and it is made anew")?;
    let title = |row| dataset.title(row, Language::English);
    let (node, layers) = match asked {
        Asked::User(id) => {
            let trigger = trigger_of(&dataset, &split, user_row(&dataset, id)?);
            (json!({"kind": "user", "id": id}), attention_of(network, &Node::User(&trigger)))
        }
        Asked::Item(id) => {
            let row = item_row(&dataset, id)?;
            let graphs = pipeline::prepare(dataset.clone(), &pipeline::settings_of(run)?, ctx)?.graphs(ctx)?.0;
            let layers = attention_of(network, &Node::Item(row, &graphs.item_item));
            (json!({"kind": "item", "id": id, "title": title(row)}), layers)
        }
    };
    let layers = layers.iter().map(|layer| {
        let edges = layer.edges.iter().map(|edge| {
            json!({
                "self": edge.neighbour.is_none(),
                "item": edge.neighbour.map(|item| dataset.items.ids.name(item)),
                "title": edge.neighbour.map(title),
                "weight": edge.weight,
                "attention": edge.alphas,
                "mean": edge.mean(),
            })
        });
        json!({"layer": layer.layer, "heads": layer.heads, "edges": edges.collect::<Vec<_>>()})
    });
    Ok(json!({"node": node, "lane": run.lane, "run": run.id, "layers": layers.collect::<Vec<_>>()}))
}

fn text(answer: &Value) -> String {
    let number = |value: &Value| output::number(value, 4);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let node = &answer["node"];
    let mut text = format!(
        "{} {}, lane {}, run {}\n",
        output::word(&node["kind"]),
        output::word(&node["id"]),
        output::word(&answer["lane"]),
        output::word(&answer["run"])
    );
    for layer in list(&answer["layers"]) {
        text +=
            &format!("layer {}: mean, then each of {} heads; weight in the graph\n", layer["layer"], layer["heads"]);
        let mut edges = list(&layer["edges"]);
        let mean = |edge: &Value| edge["mean"].as_f64().unwrap_or_default();
        edges.sort_by(|one, other| mean(other).total_cmp(&mean(one)));
        for edge in edges {
            let heads: Vec<String> = list(&edge["attention"]).iter().map(number).collect();
            let name = if edge["self"] == true {
                "itself".to_owned()
            } else {
                format!("{}  {}", output::word(&edge["item"]), output::word(&edge["title"]))
            };
            text += &format!("  {}  {}  {}  {name}\n", number(&edge["mean"]), heads.join(" "), number(&edge["weight"]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_a_user_or_an_item() {
        assert_eq!(node("user:a:b"), Ok(Asked::User("a:b".to_owned())));
        assert_eq!(node("item:"), Ok(Asked::Item(String::new())));
        for text in ["a", "tag:a", ""] {
            assert!(node(text).is_err_and(|told| told.contains("user:ID or item:ID")), "{text}");
        }
    }
}
