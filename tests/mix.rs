//! Mixes, candidates and exposure, as a user asks for them on the command line.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use recallscope::workspace::{RunNote, Workspace};
use serde_json::Value;
use support::{binary, community, json, recallscope, stderr};

fn run(args: &[&str]) -> std::process::Output {
    binary().args(args).output().unwrap()
}

struct Trained {
    _data: tempfile::TempDir,
    work: tempfile::TempDir,
}

fn trained() -> Trained {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    community(data.path());
    let lanes = ["--lanes", "hot,item-cf,ease", "--json"];
    json(&binary().arg("run").arg(data.path()).arg("--out").arg(work.path()).args(lanes).output().unwrap());
    Trained { _data: data, work }
}

impl Trained {
    fn work(&self) -> &str {
        self.work.path().to_str().unwrap()
    }

    fn mix(&self, args: &[&str]) -> Value {
        json(&run(&[&["mix", self.work()], args, &["--json"]].concat()))
    }
}

#[test]
fn a_mix_is_kept_found_and_answers_by_its_name() {
    let trained = trained();
    let made = trained.mix(&["--name", "both", "--parts", "item-cf=3,ease=1", "--by", "weight"]);
    assert_eq!((&made["found"], &made["by"]), (&false.into(), &"weight".into()));
    assert_eq!(made["parts"][0]["share"], 0.75);
    assert!(made["report"]["metrics"]["ndcg@20"].is_number());
    assert_eq!(made["less_best_part"]["ndcg@20"]["interval"].as_array().unwrap().len(), 2);
    // Equal mixes are one run, whatever the shares sum to.
    let again = trained.mix(&["--name", "both", "--parts", "item-cf=0.75,ease=0.25", "--by", "weight"]);
    assert_eq!((&again["found"], &again["run"]), (&true.into(), &made["run"]));
    let recalled = json(&recallscope(["recall", trained.work(), "--user", "u5", "--run", "both", "--json"]));
    let items = recalled["items"].as_array().unwrap();
    let ids: BTreeSet<&str> = items.iter().map(|item| item["item"].as_str().unwrap()).collect();
    assert_eq!((items.len(), ids.len()), (20, 20));
    for item in items {
        let lanes = item["lanes"].as_array().unwrap();
        let sum: f64 = lanes.iter().map(|lane| lane["share"].as_f64().unwrap()).sum();
        assert!(!lanes.is_empty() && (sum - 1.0).abs() < 1e-4, "{item}");
    }
    let first = items[0]["item"].as_str().unwrap();
    let why =
        json(&recallscope(["explain", trained.work(), "--user", "u5", "--item", first, "--run", "both", "--json"]));
    assert_eq!((&why["rank"], &why["lanes"]), (&1.into(), &items[0]["lanes"]));
    let compared =
        json(&recallscope(["compare", trained.work(), "both", made["parts"][0]["run"].as_str().unwrap(), "--json"]));
    assert!(compared["slices"]["all"]["ndcg@20"]["difference"].is_number());
}

#[test]
fn shares_are_chosen_without_a_look_at_the_test_part() {
    let trained = trained();
    let made = trained.mix(&["--name", "tuned", "--parts", "hot,item-cf,ease", "--tune"]);
    let of = |value: &Value| value.as_f64().unwrap();
    let parts = made["parts"].as_array().unwrap();
    assert!((parts.iter().map(|part| of(&part["share"])).sum::<f64>() - 1.0).abs() < 1e-3);
    // On what it was chosen by, no single lane is better.
    let best = parts.iter().map(|part| of(&part["validation_ndcg@20"])).fold(0.0, f64::max);
    assert!(of(&made["validation"]["ndcg@20"]) >= best, "{made}");
    let again = trained.mix(&["--name", "tuned", "--parts", "hot,item-cf,ease", "--tune"]);
    assert_eq!((&again["run"], &again["validation"]), (&made["run"], &made["validation"]));
}

#[test]
fn a_mix_whose_run_is_gone_says_so() {
    let trained = trained();
    let made = trained.mix(&["--name", "both", "--parts", "item-cf,ease"]);
    let part = made["parts"][1]["run"].as_str().unwrap();
    let workspace = Workspace::open(trained.work.path()).unwrap();
    workspace.set_run_note(part, &RunNote { is_deleted: true, ..RunNote::default() }).unwrap();
    let told = recallscope(["recall", trained.work(), "--user", "u5", "--run", "both"]);
    assert_eq!(told.status.code(), Some(2));
    let text = stderr(&told);
    assert!(text.contains("ease (") && text.contains("is gone") && text.contains("from the bin"), "{text}");
    workspace.empty_bin(std::time::Duration::ZERO).unwrap();
    let text = stderr(&recallscope(["recall", trained.work(), "--user", "u5", "--run", "both"]));
    assert!(text.contains("is gone") && text.contains("make that run again"), "{text}");
    // The same run again, under the same id: the mix answers as before.
    json(
        &binary()
            .arg("run")
            .arg(trained._data.path())
            .arg("--out")
            .arg(trained.work.path())
            .args(["--lanes", "ease", "--json"])
            .output()
            .unwrap(),
    );
    assert!(recallscope(["recall", trained.work(), "--user", "u5", "--run", "both"]).status.success());
}

#[test]
fn what_cannot_be_mixed_is_refused_with_what_to_do() {
    let trained = trained();
    for (args, expected) in [
        (vec!["--name", "x", "--parts", "item-cf"], "2 to 12 runs"),
        (vec!["--name", "x", "--parts", "item-cf,item-cf"], "named twice"),
        (vec!["--name", "x", "--parts", "item-cf=0,ease=0"], "all shares are 0"),
        (vec!["--name", "x", "--parts", "item-cf=a,ease"], "has to be a number"),
        (vec!["--name", "x", "--parts", "item-cf=1,ease", "--tune"], "--tune chooses the shares"),
        (vec!["--name", " ", "--parts", "item-cf,ease"], "needs a name"),
        (vec!["--name", "x", "--parts", "item-cf,nonsense"], "no run `nonsense`"),
    ] {
        let output = run(&[&["mix", trained.work()], &args[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn exposure_tells_bands_hubs_curve_and_parts() {
    let trained = trained();
    trained.mix(&["--name", "both", "--parts", "item-cf,ease"]);
    let told = json(&recallscope(["exposure", trained.work(), "--runs", "hot,item-cf,both", "--json"]));
    let runs = told["runs"].as_array().unwrap();
    for run in runs {
        let bands = run["bands"].as_object().unwrap();
        let shares: f64 = bands.values().map(|band| band["share"].as_f64().unwrap()).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{run}");
        let lorenz = run["lorenz"].as_array().unwrap();
        assert_eq!(
            (&lorenz[0], lorenz.last().unwrap()),
            (&serde_json::json!([0.0, 0.0]), &serde_json::json!([1.0, 1.0]))
        );
        assert!(run["hits"]["own"].as_u64() <= run["hits"]["all"].as_u64());
    }
    // Everybody gets what is popular: its lists hold fewer items than those of neighbours.
    assert!(runs[0]["gini"].as_f64() > runs[1]["gini"].as_f64());
    let places: u64 = runs[2]["parts"].as_array().unwrap().iter().map(|part| part["places"].as_u64().unwrap()).sum();
    assert_eq!(Some(places), runs[2]["places"].as_u64());
    assert_eq!(told["overlap"][1][1], 1.0);
    let text = recallscope(["exposure", trained.work(), "--runs", "hot,both"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("hubs of hot") && text.contains("both"), "{text}");
}

#[test]
fn candidates_are_written_for_every_user() {
    let trained = trained();
    trained.mix(&["--name", "both", "--parts", "item-cf,ease"]);
    let file = trained.work.path().parent().unwrap().join(format!("{}.csv", std::process::id()));
    let file_name = file.to_str().unwrap();
    let told =
        json(&recallscope(["candidates", trained.work(), "--run", "both", "--k", "7", "--out", file_name, "--json"]));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(text.lines().count() as u64, told["rows"].as_u64().unwrap() + 1);
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    assert_eq!(header.len() as u64, told["columns"].as_u64().unwrap());
    assert_eq!(header[..7], ["user_id", "item_id", "rank", "score", "lanes", "rank_item-cf", "score_item-cf"]);
    let wrong = recallscope(["candidates", trained.work(), "--run", "both", "--out", "file.txt"]);
    assert!(stderr(&wrong).contains(".parquet or .csv"), "{}", stderr(&wrong));
}
