//! The case book without a window: what it keeps, and that a kill loses nothing of it.

#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use recallscope::workspace::Workspace;
use serde_json::{Value, json as value};
use support::{binary, community, json, recallscope, stderr};

fn titles(work: &str, more: &[&str]) -> Vec<String> {
    let mut args = vec!["cases", work];
    args.extend(more);
    args.push("--json");
    let answer = json(&binary().args(args).output().unwrap());
    answer["cases"].as_array().unwrap().iter().map(|case| case["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn cases_are_made_found_changed_and_brought_back() {
    let (dir, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    community(dir.path());
    let work = place.path().to_str().unwrap();
    json(&recallscope(["run", dir.path().to_str().unwrap(), "--out", work, "--lanes", "hot,item-cf", "--json"]));
    let user = {
        let text = std::fs::read_to_string(dir.path().join("events.csv")).unwrap();
        text.lines().nth(1).unwrap().split(',').next().unwrap().to_owned()
    };
    let made = json(&recallscope([
        "cases",
        work,
        "add",
        "--title",
        "Two tastes",
        "--user",
        &user,
        "--tag",
        "demo",
        "--notes",
        "look",
        "--json",
    ]));
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["lanes"], value!(["hot", "item-cf"]));
    for title in ["second", "third"] {
        json(&recallscope(["cases", work, "add", "--title", title, "--json"]));
    }
    assert_eq!(titles(work, &["list"]), ["Two tastes", "second", "third"]);
    assert_eq!(titles(work, &["search", "LOOK tastes"]), ["Two tastes"]);
    assert_eq!(titles(work, &["search", "item-cf"]), ["Two tastes"]);
    assert_eq!(titles(work, &["list", "--tag", "demo"]), ["Two tastes"]);
    json(&recallscope(["cases", work, "note", &id[..8], "twice", "--append", "--json"]));
    json(&recallscope(["cases", work, "move", &id, "--json"]));
    assert_eq!(titles(work, &["list"]), ["second", "third", "Two tastes"]);
    let shown = json(&recallscope(["cases", work, "show", &id, "--json"]));
    assert_eq!(shown["notes"], "look\ntwice");
    assert_eq!(shown["gone"], value!({ "dataset": false, "runs": [] }));
    assert_eq!(shown["desk"]["case"]["columns"][0]["user"], user.as_str());
    // What it keeps is what the lane recalls.
    let run = shown["shown"]["columns"][0]["rows"][0]["run"].as_str().unwrap().to_owned();
    let recalled = json(&recallscope(["recall", work, "--user", &user, "--run", &run, "--json"]));
    let of_case = shown["shown"]["columns"][0]["rows"][0]["recalled"].as_array().unwrap();
    assert!(!of_case.is_empty());
    for (kept, now) in of_case.iter().zip(recalled["items"].as_array().unwrap()) {
        assert_eq!((&kept["id"], &kept["is_hit"]), (&now["item"], &now["taken_later"]));
    }
    json(&recallscope(["cases", work, "delete", &id, "--json"]));
    assert_eq!(titles(work, &["list"]), ["second", "third"]);
    assert_eq!(titles(work, &["list", "--deleted"]), ["Two tastes"]);
    json(&recallscope(["cases", work, "restore", &id, "--json"]));
    // The data set and the runs go: the case says so, and still shows what it kept.
    drop(dir);
    let shown = json(&recallscope(["cases", work, "show", &id, "--json"]));
    assert_eq!(shown["gone"]["dataset"], true);
    assert_eq!(shown["shown"]["columns"][0]["rows"][0]["recalled"].as_array().unwrap().len(), of_case.len());
    // Nor does it need them to be taken along.
    let page = place.path().join("book.html");
    let out = page.to_str().unwrap();
    let written = json(&recallscope(["cases", work, "export", "--out", out, "--pseudonyms", "--json"]));
    assert_eq!(written["cases"], 3);
    let html = std::fs::read_to_string(&page).unwrap();
    let first = of_case[0]["title"].as_str().unwrap();
    assert!(html.contains("Two tastes") && html.contains(first) && html.contains("User A"));
    assert!(!html.contains(&format!("User {user}")));
    // What is asked wrongly is answered with what there is.
    let wrong = recallscope(["cases", work, "show", "zz"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("there is no case `zz`") && stderr(&wrong).contains("Two tastes"));
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What has been acknowledged: of each case its title, notes and whether it was deleted.
type Known = BTreeMap<String, (String, String, bool)>;

/// An edit, and what it makes of the case that is named.
fn edit(random: &mut Random, known: &Known, count: u64) -> Value {
    let ids: Vec<&String> = known.keys().collect();
    let pick = |random: &mut Random| ids[random.below(ids.len() as u64) as usize].clone();
    let standing = |id: &String| !known[id].2;
    match random.below(6) {
        0..2 => {
            value!({ "add": { "title": format!("case {count}"), "notes": "n".repeat(random.below(3_000) as usize) } })
        }
        _ if ids.is_empty() => value!({ "add": { "title": format!("case {count}") } }),
        action => {
            let id = pick(random);
            match action {
                _ if !standing(&id) => value!({ "restore": id }),
                2 => value!({ "edit": { "id": id, "title": format!("title {count}") } }),
                3 => value!({ "edit": { "id": id, "notes": format!("notes {count}") } }),
                4 => value!({ "move": { "id": id } }),
                _ => value!({ "delete": id }),
            }
        }
    }
}

fn apply(known: &mut Known, asked: &Value, answer: &Value) {
    let id = answer["id"].as_str().unwrap().to_owned();
    let entry = known.entry(id).or_default();
    entry.0 = answer["title"].as_str().unwrap().to_owned();
    entry.1 = answer["notes"].as_str().unwrap().to_owned();
    if asked["delete"].is_string() {
        entry.2 = true;
    } else if asked["restore"].is_string() {
        entry.2 = false;
    }
}

/// Opens the workspace and compares it with what has been acknowledged; the last edit, which may not have been, may have
/// changed one case.
fn check(folder: &Path, known: &Known, runs: &BTreeSet<String>, unanswered: Option<&Value>) -> BTreeSet<String> {
    let workspace = Workspace::open(folder).unwrap();
    let mut found = Known::new();
    for case in workspace.cases().unwrap().into_iter().chain(workspace.deleted_cases().unwrap()) {
        found.insert(case.id, (case.title, case.notes, case.is_deleted));
    }
    let about = unanswered.map(|asked| {
        let inner = asked.as_object().unwrap().values().next().unwrap();
        inner.as_str().or(inner["id"].as_str()).unwrap_or("a new one").to_owned()
    });
    for (id, as_said) in known {
        let now = found.get(id).unwrap_or_else(|| panic!("the case {id} was acknowledged and is lost"));
        assert!(now == as_said || about.as_ref() == Some(id), "{id}: acknowledged {as_said:?}, found {now:?}");
    }
    let new = found.len() - known.len();
    assert!(new == 0 || (new == 1 && about.as_deref() == Some("a new one")), "{new} cases that nobody made");
    let now = workspace.runs().unwrap();
    for run in &now {
        assert!(!workspace.arrays(run).unwrap().is_empty());
    }
    let now: BTreeSet<String> = now.into_iter().map(|run| run.id).collect();
    assert!(now.is_superset(runs), "a finished run was lost");
    now
}

/// Each time with another seed, so that there is something to make.
fn run_args(data: &str, folder: &str, time: u64) -> std::process::Command {
    let mut command = binary();
    let seed = format!("item2vec.skip_gram.seed={time}");
    command.args(["run", data, "--out", folder, "--json", "--lanes", "hot,item2vec", "--set", &seed]);
    command
}

/// Kills a run and a writer of cases at random moments, `times` times in one workspace.
fn kill(times: u64, seed: u64) {
    let (dir, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    community(dir.path());
    let (data, folder) = (dir.path().to_str().unwrap(), place.path().to_str().unwrap());
    drop(Workspace::open(place.path()).unwrap());
    // One run that is finished and must stay; how long it takes on this machine now, so that a kill can land anywhere in
    // the next.
    let since = Instant::now();
    json(&run_args(data, folder, times).output().unwrap());
    let whole_micros = since.elapsed().as_micros() as u64;
    let mut random = Random(seed);
    let (mut known, mut count) = (Known::new(), 0);
    let mut runs = check(place.path(), &known, &BTreeSet::new(), None);
    assert_eq!(runs.len(), 2);
    let (mut acknowledged, mut interrupted) = (0, 0);
    for time in 0..times {
        let mut run = run_args(data, folder, time).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut writer = binary()
            .args(["cases", folder, "batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = writer.stdin.take().unwrap();
        let mut output = BufReader::new(writer.stdout.take().unwrap());
        let killer = {
            let wait = Duration::from_micros(random.below(whole_micros + whole_micros / 4));
            thread::spawn(move || {
                thread::sleep(wait);
                // SIGKILL.
                writer.kill().unwrap();
                writer.wait().unwrap();
            })
        };
        let mut unanswered;
        loop {
            count += 1;
            let asked = edit(&mut random, &known, count);
            unanswered = Some(asked.clone());
            let mut line = String::new();
            if writeln!(input, "{asked}").and_then(|()| input.flush()).is_err()
                || output.read_line(&mut line).map_or(true, |read| read == 0)
                || !line.ends_with('\n')
            {
                break;
            }
            let answer: Value = serde_json::from_str(&line).unwrap();
            assert!(answer["error"].is_null(), "{asked} is answered with {answer}");
            apply(&mut known, &asked, &answer);
            acknowledged += 1;
        }
        killer.join().unwrap();
        interrupted += usize::from(run.try_wait().unwrap().is_none());
        run.kill().unwrap();
        run.wait().unwrap();
        runs = check(place.path(), &known, &runs, unanswered.as_ref());
        // What the unanswered edit did or did not do is settled now.
        let workspace = Workspace::open(place.path()).unwrap();
        known = workspace
            .cases()
            .unwrap()
            .into_iter()
            .chain(workspace.deleted_cases().unwrap())
            .map(|case| (case.id, (case.title, case.notes, case.is_deleted)))
            .collect();
    }
    assert!(acknowledged > 0, "nothing was saved that could have been lost");
    // Says in the log how well the moments were spread; the test holds whatever the machine's speed.
    eprintln!(
        "{times} kills: {acknowledged} edits acknowledged, {} cases and {} runs stand, {interrupted} runs were under way",
        known.len(),
        runs.len()
    );
}

#[test]
fn a_kill_loses_no_case_and_no_run() {
    kill(6, 7);
}

/// `cargo test --release --test cases -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn fifty_kills_lose_no_case_and_no_run() {
    let since = Instant::now();
    kill(50, 2_024);
    eprintln!("{:.0} s", since.elapsed().as_secs_f64());
}

#[test]
fn a_batch_answers_each_line() {
    let place = tempfile::tempdir().unwrap();
    let mut child = binary()
        .args(["cases", place.path().to_str().unwrap(), "batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "{\"add\":{\"title\":\"one\"}}\n\n{\"paint\":1}\n{\"delete\":\"nobody\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let answers: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["title"], "one");
    assert!(answers[1]["error"].as_str().unwrap().contains("write add, edit"));
    assert!(answers[2]["error"].as_str().unwrap().contains("no case `nobody`"));
}
