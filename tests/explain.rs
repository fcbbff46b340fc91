//! Explanations and attention, as a user asks for them on the command line.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use recallscope::workspace::{RunNote, Workspace};
use serde_json::Value;
use support::{binary, community, json, recallscope, stderr};

/// A workspace with a small attention network and lanes without one; the folders live as long as the value.
struct Trained {
    _data: tempfile::TempDir,
    work: tempfile::TempDir,
    answer: Value,
}

fn trained() -> Trained {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    community(data.path());
    let settings = ["--lanes", "hot,item-cf,gat", "--set", "gat.epochs=2", "--set", "gat.dim=8", "--json"];
    let output = binary().arg("run").arg(data.path()).arg("--out").arg(work.path()).args(settings).output().unwrap();
    Trained { answer: json(&output), _data: data, work }
}

impl Trained {
    fn work(&self) -> &str {
        self.work.path().to_str().unwrap()
    }

    fn run(&self, lane: &str) -> &str {
        self.answer["lanes"][lane]["run"].as_str().unwrap()
    }

    fn recalled(&self, lane: &str) -> Vec<Value> {
        let answer = json(&recallscope(["recall", self.work(), "--user", "u5", "--lane", lane, "--json"]));
        answer["items"].as_array().unwrap().clone()
    }

    fn explain(&self, lane: &str, item: &str) -> Value {
        json(&recallscope(["explain", self.work(), "--user", "u5", "--item", item, "--lane", lane, "--json"]))
    }

    fn attention(&self, node: &str) -> Value {
        json(&recallscope(["attention", self.work(), "--node", node, "--run", self.run("gat"), "--json"]))
    }
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[test]
fn every_lane_says_why_in_one_form_and_as_recall_does() {
    let trained = trained();
    for lane in ["hot", "item-cf", "gat"] {
        let recalled = trained.recalled(lane);
        let third = &recalled[2];
        let item = third["item"].as_str().unwrap();
        let told = trained.explain(lane, item);
        assert_eq!((&told["lane"], &told["rank"]), (&lane.into(), &3.into()));
        for field in ["item", "title", "score", "taken_later"] {
            assert_eq!(told[field], third[field], "{lane} {field}");
        }
        let parts = told["parts"].as_array().unwrap();
        let shares: Vec<f64> = parts.iter().map(|part| part["share"].as_f64().unwrap()).collect();
        assert!(shares.is_sorted_by(|one, other| one >= other) && shares.iter().sum::<f64>() < 1.001, "{shares:?}");
        // Those that carried it are the ones that `recall` names.
        let carried: Vec<_> = parts.iter().filter(|part| part["share"] != 0.0).map(|part| &part["item"]).collect();
        let seeds: Vec<_> = third["seeds"].as_array().unwrap().iter().map(|seed| &seed["item"]).collect();
        assert_eq!(carried, seeds, "{lane}");
        assert_eq!(parts.is_empty(), lane == "hot");
        assert!(parts.iter().all(|part| part["fall"].is_number() == (lane == "gat")));
    }
    // What he took before is not recalled, and can be asked for all the same.
    let own = trained.attention("user:u5")["layers"][0]["edges"][1]["item"].as_str().unwrap().to_owned();
    let told = trained.explain("gat", &own);
    assert_eq!((&told["rank"], &told["taken_before"]), (&Value::Null, &true.into()));
    assert!(told["score"].is_number());
    let text = recallscope(["explain", trained.work(), "--user", "u5", "--item", &own, "--lane", "gat"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("the user had taken it before") && text.contains("attention"), "{text}");
}

#[test]
fn a_network_tells_falls_attention_and_where_both_meet() {
    let trained = trained();
    let item = trained.recalled("gat")[0]["item"].as_str().unwrap().to_owned();
    let told = trained.explain("gat", &item);
    let parts = told["parts"].as_array().unwrap();
    let falls: Vec<f64> = parts.iter().map(|part| part["fall"].as_f64().unwrap()).collect();
    assert!(falls.len() > 3 && falls.is_sorted_by(|one, other| one >= other), "{falls:?}");
    let attention = trained.attention("user:u5");
    let layers = attention["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 2);
    for layer in layers {
        let edges = layer["edges"].as_array().unwrap();
        assert_eq!(edges.len(), parts.len() + 1, "he and all his items");
        assert!(edges[0]["self"] == true && edges[0]["item"].is_null() && edges[1]["self"] == false);
        for head in 0..layer["heads"].as_u64().unwrap() as usize {
            let sum: f64 = edges.iter().map(|edge| numbers(&edge["attention"])[head]).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }
    // Both commands see one pass.
    for part in parts {
        for (number, layer) in layers.iter().enumerate() {
            let edge = layer["edges"].as_array().unwrap().iter().find(|edge| edge["item"] == part["item"]).unwrap();
            assert_eq!(part["attention_by_layer"][number], edge["attention"]);
        }
        let heads = numbers(&part["attention_by_layer"][1]);
        let mean = heads.iter().sum::<f64>() / heads.len() as f64;
        assert!((mean - part["attention"].as_f64().unwrap()).abs() < 1e-6);
    }
    let own: BTreeSet<&str> = parts.iter().map(|part| part["item"].as_str().unwrap()).collect();
    let similar = trained.attention(&format!("item:{item}"));
    let edges = similar["layers"][0]["edges"].as_array().unwrap();
    let similar: BTreeSet<&str> = edges.iter().filter_map(|edge| edge["item"].as_str()).collect();
    let meetings = told["meetings"].as_array().unwrap();
    assert!(!meetings.is_empty());
    for meeting in meetings {
        let item = meeting["item"].as_str().unwrap();
        assert!(own.contains(item) && similar.contains(item), "{meeting}");
    }
    let text = recallscope(["attention", trained.work(), "--node", "item:i1", "--run", &trained.run("gat")[..8]]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("layer 2") && text.contains("itself") && text.contains("标题"), "{text}");
}

#[test]
fn wrong_questions_and_deleted_runs_are_refused() {
    let trained = trained();
    let (work, gat, cf) = (trained.work(), trained.run("gat"), trained.run("item-cf"));
    let explain = |user, item, lane| vec!["explain", work, "--user", user, "--item", item, "--lane", lane];
    let attention = |node, run| vec!["attention", work, "--node", node, "--run", run];
    let refused = |args: &[&str], expected: &str| {
        let output = binary().args(args).output().unwrap();
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(expected) && output.stdout.is_empty(), "{args:?}: {told}");
        assert!(!told.contains("panicked"), "{args:?}: {told}");
    };
    refused(&explain("nobody", "i1", "gat"), "there is no user `nobody` among the 150");
    refused(&explain("u1", "nothing", "gat"), "there is no item `nothing` among the 120");
    refused(&explain("u1", "i1", "gaan"), "there is no run of gaan in the workspace; it keeps");
    refused(&explain("u1", "i1", "warm"), "possible values: hot");
    refused(&["explain", work, "--user", "u1", "--item", "i1"], "<--lane <LANE>|--run <ID>>");
    refused(&attention("user:nobody", gat), "there is no user `nobody`");
    refused(&attention("item:nothing", gat), "there is no item `nothing`");
    refused(&attention("u1", gat), "write user:ID or item:ID");
    refused(&attention("user:u1", "zzz"), "there is no run `zzz`");
    refused(&attention("user:u1", cf), "item-cf, which attends to nothing; choose a run of gat or gaan");
    {
        let workspace = Workspace::open(trained.work.path()).unwrap();
        workspace.set_run_note(gat, &RunNote { is_deleted: true, ..RunNote::default() }).unwrap();
    }
    refused(&explain("u1", "i1", "gat"), "was deleted and lies in the bin");
    refused(&attention("user:u1", gat), "was deleted and lies in the bin");
}

#[test]
fn two_runs_differ_by_what_their_figures_differ_and_the_other_way_round() {
    let trained = trained();
    let compare = |one: &str, other: &str| json(&recallscope(["compare", trained.work(), one, other, "--json"]));
    let (hot, item_cf) = (trained.run("hot"), trained.run("item-cf"));
    let (told, back) = (compare(item_cf, hot), compare(hot, item_cf));
    let of = |lane: &str| trained.answer["lanes"][lane]["recall@20"].as_f64().unwrap();
    let difference = |told: &Value, slice: &str| told["slices"][slice]["recall@20"]["difference"].as_f64().unwrap();
    assert!((difference(&told, "all") - (of("item-cf") - of("hot"))).abs() < 1e-6, "{told}");
    let slices = told["slices"].as_object().unwrap();
    assert!(slices.len() > 3, "{slices:?}");
    for (slice, of_slice) in slices {
        assert!((difference(&told, slice) + difference(&back, slice)).abs() < 1e-9, "{slice}");
        let interval = numbers(&of_slice["recall@20"]["interval"]);
        let value = difference(&told, slice);
        assert!(interval[0] <= value + 1e-9 && value <= interval[1] + 1e-9, "{slice}: {of_slice}");
    }
    let too_long = recallscope(["compare", trained.work(), hot, item_cf, "-k", "9999"]);
    assert!(!too_long.status.success() && stderr(&too_long).contains("-k"), "{}", stderr(&too_long));
}
