//! Arms, replay and the article's comparison as a user types them.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use serde_json::Value;
use support::{community, json, recallscope, stderr};

const SMALL: [&str; 8] = ["--users", "300", "--items", "400", "--days", "14", "--covers", "0"];

fn simulated(folder: &str) {
    let [one, two, three, four, five, six, seven, eight] = SMALL;
    let made = recallscope(["simulate", folder, one, two, three, four, five, six, seven, eight, "--seed", "3"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
}

#[test]
fn arms_are_tried_and_what_the_workspace_keeps_is_found() {
    let place = tempfile::tempdir().unwrap();
    let (data, kept) = (place.path().join("data"), place.path().join("work"));
    let (data, kept) = (data.to_str().unwrap(), kept.to_str().unwrap());
    simulated(data);
    let ab = || json(&recallscope(["ab", data, "--workspace", kept, "--arms", "hot,hot*2+item-cf,ease", "--json"]));
    let report = ab();
    let arms: Vec<&str> = report["arms"].as_array().unwrap().iter().map(|arm| arm["arm"].as_str().unwrap()).collect();
    assert_eq!(arms, ["hot", "hot*2+item-cf", "ease"]);
    for difference in report["differences"].as_array().unwrap() {
        assert_eq!(difference["than"], "hot");
        let figure = &difference["figures"]["ctr"];
        let [low, high] = [0, 1].map(|side| figure["interval"][side].as_f64().unwrap());
        assert!(low <= figure["value"].as_f64().unwrap() && figure["value"].as_f64().unwrap() <= high);
    }
    assert_eq!(report, ab());
    let text = String::from_utf8(recallscope(["ab", data, "--workspace", kept, "--arms", "hot,ease"]).stdout).unwrap();
    assert!(text.contains("ease less hot") && text.contains("ctr users:new"), "{text}");
    // A run of the workspace by the beginning of its id.
    let runs = json(&recallscope(["run", data, "--out", kept, "--lanes", "ease", "--json"]));
    let id = runs["lanes"]["ease"]["run"].as_str().unwrap();
    let named = format!("hot,{}", &id[..8]);
    let by_id = json(&recallscope(["ab", data, "--workspace", kept, "--arms", &named, "--json"]));
    assert_eq!(by_id["arms"][1]["figures"], report["arms"][2]["figures"]);
    let repeated = json(&recallscope(["ab", data, "--arms", "hot,hot", "--own-luck", "--repetitions", "20", "--json"]));
    assert!(repeated["called_clear"].as_u64().unwrap() <= 4, "{repeated}");
}

#[test]
fn wrong_arms_and_logs_of_others_are_told() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    fs::create_dir_all(&data).unwrap();
    community(&data);
    let data = data.to_str().unwrap();
    let made_up = place.path().join("made-up");
    let made_up = made_up.to_str().unwrap();
    simulated(made_up);
    for (data, arms, told) in [
        (data, "hot,item-cf", "no made-up community"),
        (made_up, "hot,no-such", "`no-such` is no lane"),
        (made_up, "hot", "at least two arms"),
        (made_up, "hot*0,item-cf", "above 0"),
        (made_up, "gat:no_such=1,hot", "no_such"),
    ] {
        let output = recallscope(["ab", data, "--arms", arms]);
        assert_eq!(output.status.code(), Some(2), "{arms}");
        assert!(stderr(&output).contains(told), "{arms}: {}", stderr(&output));
    }
    let output = recallscope(["replay", data, "--arms", "hot"]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("impressions"), "{}", stderr(&output));
}

#[test]
fn impressions_are_replayed_with_the_true_value_beside() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let data = data.to_str().unwrap();
    simulated(data);
    let answer = json(&recallscope(["replay", data, "--arms", "hot,item-cf", "--json"]));
    assert_eq!(answer["propensity"], "estimated");
    let random = ["--policy", "random", "--propensity", "uniform"];
    let [one, two, three, four] = random;
    let answer = json(&recallscope(["replay", data, "--arms", "hot,item-cf", one, two, three, four, "--json"]));
    assert_eq!(answer["propensity"], "uniform");
    for arm in answer["arms"].as_array().unwrap() {
        let number = |value: &Value| value.as_f64().unwrap();
        assert!(number(&arm["truth"]) > 0.0 && number(&arm["effective_sample"]) > 0.0, "{arm}");
        assert!((number(&arm["mean_weight"]) - 1.0).abs() < 0.5, "{arm}");
    }
    let output = recallscope(["replay", data, "--arms", "hot", "--policy", "best"]);
    assert!(stderr(&output).contains("`best`") && stderr(&output).contains("personal"), "{}", stderr(&output));
}
