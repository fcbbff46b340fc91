//! Commands as a user types them.

#![allow(clippy::unwrap_used)]

mod support;

use std::{fs, process::Command};

use support::{binary, community, json, recallscope, stderr};

#[test]
fn inspect_reports_what_was_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("events.csv"),
        "user_id,item_id,behaviour,timestamp\n1,a,click,1700000000\n,b,click,1700000001\n",
    )
    .unwrap();
    let run =
        Command::new(env!("CARGO_BIN_EXE_recallscope")).arg("inspect").arg(dir.path()).arg("--json").output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let events = &answer["tables"]["events"];
    assert_eq!((&events["read"], &events["kept"], &events["set_aside"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(events["reasons"]["missing_user"]["count"], 1);
}

#[test]
fn inspect_shows_what_was_recognised_and_no_raw_control_characters() {
    let dir = tempfile::tempdir().unwrap();
    let events = "uid,item_id,behaviour,timestamp,note\n\u{1b}[31m1,a,click,1700000000,\n2,b\u{7},buy,1700000001,\n\
        2,b\u{7},buy,1700000001,\n";
    fs::write(dir.path().join("events.csv"), events).unwrap();
    fs::write(dir.path().join("dataset.toml"), "name = \"My\\u001b[2Jset\"\n").unwrap();
    let folder = dir.path().to_str().unwrap();
    let output = recallscope(["inspect", folder]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in [
        "My\\u{1b}[2Jset: 2 users",
        "  format: native\n",
        "  times: seconds since 1970\n",
        "    from events.csv (text, cells parted by `,`)\n",
        "    columns: behaviour, item_id, timestamp, uid -> user_id\n",
        "    columns not used: note\n",
        "    duplicate: 1 (events.csv:4: 2,b\\u{7},buy)\n",
        "  behaviour click: 1 events, weight 1\n",
        "  behaviour buy: 1 events, unknown: weight 1; set it under [behaviours] in dataset.toml\n",
    ] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let answer = json(&recallscope(["inspect", folder, "--json"]));
    let buy = answer["behaviours"].as_array().unwrap().iter().find(|kind| kind["name"] == "buy").unwrap();
    assert_eq!((&buy["events"], &buy["is_unknown"]), (&1.into(), &true.into()));
    assert_eq!(answer["name"], "My\u{1b}[2Jset");

    // Two events are enough for a run, whose user is then asked for by a wrong name.
    let work = tempfile::tempdir().unwrap();
    let kept = work.path().to_str().unwrap();
    let output = recallscope(["run", folder, "--out", kept, "--lanes", "hot"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("My\\u{1b}[2Jset: "));
    let output = recallscope(["recall", kept, "--user", "\u{1b}[1m", "--lane", "hot"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("no user `\\u{1b}[1m`") && told.contains("like \\u{1b}[31m1, 2"), "{told}");
    let output = recallscope(["recall", kept, "--user", "2", "--lane", "hot"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let output = recallscope(["recall", kept, "--user", "\u{1b}[31m1", "--lane", "hot"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("user \\u{1b}[31m1, lane hot"), "{text}");
}

#[test]
fn where_nothing_can_be_written_it_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let below = file.join("below");
    let output = recallscope(["simulate", below.to_str().unwrap()]);
    let told = stderr(&output);
    assert_eq!((output.status.code(), told.matches("os error").count()), (Some(2), 1), "{told}");
    assert!(told.contains("below") && told.contains("check that the disk has room"), "{told}");
}

#[test]
fn a_folder_without_events_is_wrong_input() {
    let dir = tempfile::tempdir().unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_recallscope")).arg("inspect").arg(dir.path()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(run.stdout.is_empty());
    assert!(String::from_utf8_lossy(&run.stderr).starts_with("error: there is no table of events"));
}

/// A workspace with all lanes of the small community; the folders live as long as the value.
struct Trained {
    data: tempfile::TempDir,
    work: tempfile::TempDir,
    answer: serde_json::Value,
}

fn trained(more: &[&str]) -> Trained {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    community(data.path());
    let output =
        binary().arg("run").arg(data.path()).arg("--out").arg(work.path()).arg("--json").args(more).output().unwrap();
    Trained { answer: json(&output), data, work }
}

impl Trained {
    fn work(&self) -> &str {
        self.work.path().to_str().unwrap()
    }
}

#[test]
fn inspect_counts_the_graphs() {
    let data = tempfile::tempdir().unwrap();
    community(data.path());
    let answer = json(&recallscope(["inspect", data.path().to_str().unwrap(), "--json"]));
    assert!(answer["graphs"]["user_item_edges"].as_u64().unwrap() > 0);
    assert!(answer["graphs"]["item_item_edges"].as_u64().unwrap() > 0);
    assert_eq!(answer["graphs"]["split"], "temporal");
    assert_eq!(answer["guesses"]["format"], "native");
}

#[test]
fn run_answers_with_metrics_cost_and_ids() {
    let trained = trained(&[]);
    let answer = &trained.answer;
    assert_eq!(answer["dataset"]["users"], support::USERS);
    assert_eq!(answer["split"]["kind"], "temporal");
    let split = &answer["split"];
    let parts = split["train"].as_u64().unwrap() + split["test"].as_u64().unwrap();
    assert_eq!(parts, answer["dataset"]["events"].as_u64().unwrap());
    for lane in ["hot", "item-cf", "item2vec"] {
        let lane = &answer["lanes"][lane];
        for metric in ["recall@20", "ndcg@20"] {
            let value = lane[metric].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&value), "{metric} {value}");
            let interval = &lane["intervals"][metric];
            assert!(interval[0].as_f64().unwrap() <= value && value <= interval[1].as_f64().unwrap(), "{interval}");
        }
        assert!(lane["cost"]["build_secs"].as_f64().unwrap() >= 0.0);
        assert!(lane["cost"]["evaluate_secs"].as_f64().unwrap() > 0.0);
        #[cfg(target_os = "linux")]
        assert!(lane["cost"]["peak_memory_bytes"].as_u64().unwrap() > 1 << 20);
        assert!(lane["slices"].is_object());
        assert_eq!(lane["found"], false);
    }
    // The tastes are plain to see: whoever follows them beats what is popular.
    let recall = |lane: &str| answer["lanes"][lane]["recall@20"].as_f64().unwrap();
    assert!(recall("item-cf") > 1.2 * recall("hot"), "{} {}", recall("item-cf"), recall("hot"));
    assert!(recall("item2vec") > 1.2 * recall("hot"), "{} {}", recall("item2vec"), recall("hot"));
}

#[test]
fn run_for_people_prints_a_table_and_keeps_nothing_without_out() {
    let data = tempfile::tempdir().unwrap();
    community(data.path());
    let output = recallscope(["run", data.path().to_str().unwrap(), "--lanes", "hot", "--split", "random"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("recall@20") && text.lines().any(|line| line.starts_with("hot ")), "{text}");
    assert!(output.stderr.is_empty(), "no bar where there is no terminal");
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 2);
}

#[test]
fn where_nobody_can_be_measured_there_is_no_figure() {
    let data = tempfile::tempdir().unwrap();
    community(data.path());
    let dir = data.path().to_str().unwrap();
    let output = recallscope(["run", dir, "--reference-time", "2999-01-01", "--json"]);
    let answer = json(&output);
    let why = "nobody was measured: the test part is empty; choose an earlier reference time";
    assert!(stderr(&output).starts_with(&format!("warning: {why}")), "{}", stderr(&output));
    assert!(answer["warning"].as_str().unwrap().starts_with(why));
    for lane in ["hot", "item-cf", "item2vec"] {
        let lane = answer["lanes"][lane].as_object().unwrap();
        assert_eq!(lane["users"], 0);
        let metrics: Vec<_> = lane.iter().filter(|(name, _)| name.contains('@')).collect();
        assert!(metrics.len() > 30, "{metrics:?}");
        assert!(metrics.iter().all(|(_, value)| value.is_null()), "{metrics:?}");
        assert_eq!(lane["slices"], serde_json::json!({}));
    }
    let text = recallscope(["run", dir, "--reference-time", "2999-01-01", "--lanes", "hot"]);
    let text = String::from_utf8(text.stdout).unwrap();
    let line = text.lines().find(|line| line.starts_with("hot ")).unwrap();
    assert_eq!(line.matches('–').count(), 4, "{text}");

    // He takes nothing after the split that he had not taken before.
    let events = (0..10).map(|day| format!("u,i{},click,{}\n", day % 2, 1_700_000_000 + day * 86_400));
    let log = "user_id,item_id,behaviour,timestamp\n".to_owned();
    let one = tempfile::tempdir().unwrap();
    fs::write(one.path().join("events.csv"), events.fold(log, |text, row| text + &row)).unwrap();
    let output = recallscope(["run", one.path().to_str().unwrap(), "--lanes", "hot", "--json"]);
    assert!(json(&output)["lanes"]["hot"]["ndcg@20"].is_null());
    assert!(stderr(&output).contains("nobody takes anything in the test part that he had not"), "{}", stderr(&output));
    assert!(json(&recallscope(["run", dir, "--lanes", "hot", "--json"]))["warning"].is_null());
}

#[test]
fn recall_shows_items_titles_seeds_and_what_was_taken_later() {
    let trained = trained(&[]);
    let ask = |lane: &str| {
        json(&recallscope(["recall", trained.work(), "--user", "u5", "--lane", lane, "-k", "30", "--json"]))
    };
    let mut hits = 0;
    for lane in ["hot", "item-cf", "item2vec"] {
        let answer = ask(lane);
        assert_eq!((&answer["user"], &answer["lane"]), (&"u5".into(), &lane.into()));
        assert_eq!(answer["run"], trained.answer["lanes"][lane]["run"]);
        let items = answer["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= 30);
        for (place, item) in items.iter().enumerate() {
            assert_eq!(item["rank"], place + 1);
            assert_eq!(item["title"], format!("标题 {}", &item["item"].as_str().unwrap()[1..]));
            let seeds = item["seeds"].as_array().unwrap();
            // A product of vectors may be positive for no single seed.
            assert!(lane != "hot" || seeds.is_empty(), "{item}");
            assert!(lane != "item-cf" || !seeds.is_empty(), "{item}");
            let shares: f64 = seeds.iter().map(|seed| seed["share"].as_f64().unwrap()).sum();
            assert!(shares < 1.001, "{item}");
            hits += usize::from(item["taken_later"] == true);
        }
        let scores: Vec<f64> = items.iter().map(|item| item["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|one, other| one >= other));
    }
    assert!(hits > 0, "no lane found anything that u5 took later");
    let run = trained.answer["lanes"]["hot"]["run"].as_str().unwrap();
    let by_id = json(&recallscope(["recall", trained.work(), "--user", "u5", "--run", &run[..8], "--json"]));
    assert_eq!(by_id["lane"], "hot");
    let text = recallscope(["recall", trained.work(), "--user", "u5", "--lane", "item-cf"]);
    assert!(String::from_utf8(text.stdout).unwrap().contains("<- 标题"));
}

#[test]
fn a_changed_data_set_is_told() {
    let trained = trained(&["--lanes", "hot"]);
    let events = trained.data.path().join("events.csv");
    let mut text = fs::read_to_string(&events).unwrap();
    text += "u1,i1,click,1700000500\n";
    fs::write(&events, text).unwrap();
    let output = recallscope(["recall", trained.work(), "--user", "u5", "--lane", "hot"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the data set has changed since the run"), "{}", stderr(&output));
    fs::remove_file(&events).unwrap();
    let output = recallscope(["recall", trained.work(), "--user", "u5", "--lane", "hot"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot be opened again"), "{}", stderr(&output));
}

#[test]
fn wrong_usage_and_input_have_status_2_and_say_how_to_mend_it() {
    let trained = trained(&["--lanes", "hot"]);
    let data = trained.data.path().to_str().unwrap();
    let work = trained.work();
    let nothing = tempfile::tempdir().unwrap();
    let nothing = nothing.path().to_str().unwrap();
    let letter = trained.data.path().join("letter.txt");
    fs::write(&letter, "dear").unwrap();
    let below_letter = letter.join("below");
    let (letter, below_letter) = (letter.to_str().unwrap(), below_letter.to_str().unwrap());
    let cases: &[(&[&str], &str)] = &[
        (&["run", data, "--lanes", "hot,cold"], "possible values: hot, item-cf, item2vec"),
        (&["run", data, "--split", "half"], "possible values: temporal"),
        (&["run", data, "--set", "item2vec.dimm=3"], "there is no setting `item2vec.dimm`; the nearest are `item2vec."),
        (
            &["run", data, "--set", "nonsense=1"],
            "there is no setting `nonsense`; `recallscope run --settings` lists all",
        ),
        (&["run", data, "--out", letter], "this is a file and no folder; name a folder: "),
        (&["recall", letter, "--user", "u1", "--lane", "hot"], "this is a file and no folder; name a folder: "),
        (&["export", letter, "--run", "hot", "--format", "npy", "--out", nothing], "this is a file and no folder"),
        (&["export", work, "--run", "hot", "--format", "npy", "--out", letter], "this is a file and no folder"),
        (&["export", work, "--run", "hot", "--format", "npy", "--out", below_letter], "this is a file and no folder"),
        (&["recall", work, "--user", "u1"], "<--lane <LANE>|--run <ID>>"),
        (&["recall", work, "--user", "u1", "--lane", "hot", "-k", "-1"], "write a whole number from 1 to 10000"),
        (&["recall", work, "--user", "u1", "--lane", "hot", "-k", "99999999999999999999"], "from 1 to 10000"),
        (&["run", data, "--set", "item2vec.dim=0"], "`item2vec.skip_gram.dim` has to be a whole number from 1 to 4096"),
        (&["run", data, "--set", "graph.window=-1"], "`graph.window` has to be a whole number from 1 to 1000"),
        (&["run", data, "--set", "graph.window"], "--set takes KEY=VALUE"),
        (&["run", data, "--window-days", "0"], "a number of days above 0, or `all`"),
        (&["run", data, "--reference-time", "soon"], "write seconds since 1970"),
        (&["run", data, "--reference-time", "2001-01-01"], "the training part is empty"),
        (&["run", data, "--split", "given"], "no published test list"),
        (&["run", data, "--out", data], "is no workspace; name a new or an empty folder"),
        (&["run", nothing], "there is no table of events"),
        (&["run"], "required"),
        (&["recall", work, "--user", "nobody", "--lane", "hot"], "there is no user `nobody` among the 150"),
        (
            &["recall", work, "--user", "u1", "--lane", "item2vec"],
            "there is no run of item2vec in the workspace; it keeps",
        ),
        (&["recall", work, "--user", "u1", "--run", "zzz"], "there is no run `zzz`"),
        (&["recall", work, "--user", "u1", "--lane", "hot", "-k", "0"], "write a whole number from 1 to 10000"),
        (&["recall", nothing, "--user", "u1", "--lane", "hot"], "there is no workspace here; make one with"),
        (&["export", work, "--run", "hot", "--format", "xml", "--out", nothing], "possible values: projector"),
        (&["export", nothing, "--run", "hot", "--format", "npy", "--out", nothing], "there is no workspace here"),
        (&["dance"], "unrecognized subcommand"),
    ];
    for (args, expected) in cases {
        let output = binary().args(*args).output().unwrap();
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(expected), "{args:?}: {told}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(!told.contains("panicked"), "{args:?}: {told}");
    }
}

#[test]
fn settings_are_listed_and_one_seed_repeats_a_run() {
    let listed = recallscope(["run", "--settings", "--set", "graph.top_k=9"]);
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(text.lines().any(|line| line == "graph.top_k=9"), "{text}");
    let once = || {
        let one = trained(&["--lanes", "item2vec", "--seed", "5", "--set", "item2vec.threads=1"]);
        let lane = &one.answer["lanes"]["item2vec"];
        (lane["run"].clone(), lane["recall@20"].clone(), lane["intervals"].clone())
    };
    assert_eq!(once(), once());
}

#[test]
fn shells_get_completions_and_man_its_pages() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = recallscope(["completions", shell]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("item2vec") && text.contains("recallscope"), "{shell}");
    }
    let page = String::from_utf8(recallscope(["man"]).stdout).unwrap();
    assert!(page.contains(".TH recallscope 1"), "{page}");
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(recallscope(["man", "--out", dir.path().to_str().unwrap()]).status.code(), Some(0));
    assert!(fs::read_to_string(dir.path().join("recallscope-run.1")).unwrap().contains("lanes"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for args in ["completions bash", "run --settings", "--help"] {
        // The reader is gone before the first byte.
        let script = format!("set -o pipefail; {{ sleep 0.3; exec \"$0\" {args}; }} | true");
        let output =
            Command::new("bash").arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_recallscope")).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args}: {}", stderr(&output));
        assert!(output.stderr.is_empty(), "{args}: {}", stderr(&output));
    }
}
