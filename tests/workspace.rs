//! The workspace survives kills, full disks, other versions and other windows.

#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::Stdio,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use recallscope::{
    dataset::read,
    graph::Graphs,
    jobs::{
        JobState, Priority, Queue, is_cancelled,
        pipeline::{self, PipelineSettings},
    },
    recall::{LaneKind, Triggers},
    task::JobContext,
    workspace::{Array, Arrays, RunRecord, Workspace, WorkspaceError},
};
use support::{binary, community, json, recallscope, stderr};

const LANES: [&str; 3] = ["hot", "item-cf", "item2vec"];

/// Opens the workspace and checks that every run in it is whole; gives the runs' ids.
fn whole_runs(folder: &Path) -> BTreeSet<String> {
    let workspace = Workspace::open(folder).unwrap();
    let runs = workspace.runs().unwrap();
    for run in &runs {
        let arrays = workspace.arrays(run).unwrap();
        assert!(!arrays.is_empty());
        let report: serde_json::Value = serde_json::from_str(&run.report_json).unwrap();
        assert!(report["metrics"]["recall@20"].is_f64(), "{report}");
        assert_eq!(workspace.find_run(&run.id).unwrap().as_ref(), Some(run));
    }
    runs.into_iter().map(|run| run.id).collect()
}

fn unfinished_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("artifacts")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.ends_with(".safetensors")).collect()
}

/// Not a benchmark: enough work that a kill can land anywhere in it.
fn run_args<'a>(data: &'a str, work: &'a str) -> [&'a str; 7] {
    ["run", data, "--out", work, "--json", "--set", "item2vec.epochs=40"]
}

#[test]
fn a_kill_at_any_moment_leaves_only_whole_runs() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let data = dir.path().to_str().unwrap();
    let since = Instant::now();
    let whole = tempfile::tempdir().unwrap();
    json(&recallscope(run_args(data, whole.path().to_str().unwrap())));
    let whole_secs = since.elapsed().as_secs_f64();
    let mut random = 12_345u64;
    let mut seen_partial = 0;
    for _ in 0..5 {
        let work = tempfile::tempdir().unwrap();
        let folder = work.path().to_str().unwrap();
        let mut before = BTreeSet::new();
        for _ in 0..6 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = (random >> 40) as f64 / f64::from(1u32 << 24);
            let mut child =
                binary().args(run_args(data, folder)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(Duration::from_secs_f64(1.1 * whole_secs * share));
            // SIGKILL.
            child.kill().unwrap();
            child.wait().unwrap();
            let now = whole_runs(work.path());
            assert!(now.is_superset(&before), "a finished run was lost");
            seen_partial += usize::from(!now.is_empty() && now.len() < 3);
            before = now;
        }
        let answer = json(&recallscope(run_args(data, folder)));
        for lane in LANES {
            let lane = &answer["lanes"][lane];
            let id = lane["run"].as_str().unwrap();
            assert_eq!(lane["found"], before.contains(id), "finished runs are found, others are made: {lane}");
        }
        let again = json(&recallscope(run_args(data, folder)));
        for lane in LANES {
            assert_eq!(again["lanes"][lane]["found"], true);
            assert_eq!(again["lanes"][lane]["recall@20"], answer["lanes"][lane]["recall@20"]);
        }
        assert_eq!(whole_runs(work.path()).len(), 3);
    }
    // Says in the log how well the moments were spread; the test holds whatever the machine's speed.
    eprintln!("a whole run took {whole_secs:.2} s; {seen_partial} of 30 kills left some lanes finished and others not");
}

#[test]
fn two_processes_write_to_one_workspace() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let work = tempfile::tempdir().unwrap();
    let args = run_args(dir.path().to_str().unwrap(), work.path().to_str().unwrap());
    let children: Vec<_> =
        (0..3).map(|_| binary().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).collect();
    let answers: Vec<serde_json::Value> =
        children.into_iter().map(|child| json(&child.wait_with_output().unwrap())).collect();
    let ids = whole_runs(work.path());
    assert_eq!(ids.len(), 3, "same data and settings give the same ids");
    let workspace = Workspace::open(work.path()).unwrap();
    for id in &ids {
        let run = workspace.find_run(id).unwrap().unwrap();
        let kept: serde_json::Value = serde_json::from_str(&run.report_json).unwrap();
        for answer in &answers {
            let printed = &answer["lanes"][&run.lane];
            assert_eq!(printed["run"], run.id.as_str());
            for (metric, value) in kept["metrics"].as_object().unwrap() {
                assert_eq!(&printed[metric], value, "{}: {metric} is printed as it is kept", run.lane);
            }
        }
    }
    assert!(unfinished_files(work.path()).is_empty());
    assert_eq!(fs::read_dir(work.path().join("artifacts")).unwrap().count(), 3, "each artifact is of a run");
}

#[test]
fn one_thread_and_a_seed_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let made = |threads: &str| {
        let work = tempfile::tempdir().unwrap();
        let answer = json(&recallscope([
            "run",
            dir.path().to_str().unwrap(),
            "--out",
            work.path().to_str().unwrap(),
            "--lanes",
            "item2vec",
            "--json",
            "--set",
            threads,
        ]));
        let lane = &answer["lanes"]["item2vec"];
        assert_eq!(lane["repeatable"], threads.ends_with("=1"));
        let run = Workspace::open(work.path()).unwrap().runs().unwrap().remove(0);
        let bytes = fs::read(work.path().join("artifacts").join(&run.arrays)).unwrap();
        (run.arrays_digest, bytes, run.report_json)
    };
    let one = made("item2vec.threads=1");
    assert!(one == made("item2vec.threads=1"), "two trainings by one thread differ");
    assert_ne!(one.0, made("item2vec.threads=4").0);
}

fn record(workspace: &Workspace, id: &str, values: Vec<f32>) -> RunRecord {
    let arrays = Arrays::from([("scores".to_owned(), Array::f32(values))]);
    let (arrays, arrays_digest) = workspace.store_arrays(&format!("hot-{id}"), &arrays, &[].into()).unwrap();
    RunRecord {
        id: id.to_owned(),
        model_id: format!("model of {id}"),
        dataset_fingerprint: "f".to_owned(),
        dataset_folder: "/data".to_owned(),
        dataset_config: None,
        lane: "hot".to_owned(),
        settings_json: "{}".to_owned(),
        seed: u64::MAX,
        code_version: "0".to_owned(),
        created_secs: 1.5,
        build_secs: 0.25,
        evaluate_secs: 0.5,
        peak_memory_bytes: 1 << 40,
        report_json: r#"{"metrics":{"recall@20":0.5}}"#.to_owned(),
        audit_json: "null".to_owned(),
        curve_json: "[]".to_owned(),
        arrays,
        arrays_digest,
    }
}

#[test]
fn records_settings_and_recent_data_sets_come_back() {
    let data = tempfile::tempdir().unwrap();
    community(data.path());
    let dataset = read::load(data.path(), None, None, &JobContext::default()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let run = {
        let workspace = Workspace::open(dir.path()).unwrap();
        let run = record(&workspace, "one", vec![1.0, 2.0]);
        assert_eq!(workspace.put_run(&run, None).unwrap(), run);
        workspace.set_setting("layout", "{}").unwrap();
        workspace.set_setting("layout", "{\"a\":1}").unwrap();
        workspace.dataset_opened(&dataset, Some(Path::new("/own.toml"))).unwrap();
        run
    };
    let workspace = Workspace::open_to_read(dir.path()).unwrap();
    assert_eq!(workspace.find_run("one").unwrap(), Some(run.clone()));
    assert_eq!(workspace.find_model("model of one").unwrap(), Some(run));
    assert_eq!(workspace.find_run("other").unwrap(), None);
    assert_eq!(workspace.setting("layout").unwrap().as_deref(), Some("{\"a\":1}"));
    assert_eq!(workspace.setting("none").unwrap(), None);
    let recent = workspace.recent_datasets().unwrap();
    assert_eq!(recent.len(), 1);
    assert_eq!(recent[0].fingerprint, dataset.fingerprint);
    assert_eq!((recent[0].users, recent[0].events), (support::USERS, dataset.events.len() as u64));
    assert_eq!(recent[0].folder, data.path().canonicalize().unwrap());
    assert_eq!(recent[0].config.as_deref(), Some(Path::new("/own.toml")));
}

#[test]
fn two_windows_do_not_harm_each_other() {
    let dir = tempfile::tempdir().unwrap();
    thread::scope(|scope| {
        for window in 0..4u32 {
            let folder = dir.path();
            scope.spawn(move || {
                let workspace = Workspace::open(folder).unwrap();
                for number in 0..20u32 {
                    // The same id with other contents each time: whoever comes first stands, whole.
                    let shared = record(&workspace, "shared", vec![window as f32, number as f32]);
                    let stands = workspace.put_run(&shared, None).unwrap();
                    let own = record(&workspace, &format!("{window}-{number}"), vec![number as f32]);
                    workspace.put_run(&own, None).unwrap();
                    assert_eq!(workspace.find_run("shared").unwrap().unwrap(), stands);
                    workspace.arrays(&stands).unwrap();
                }
            });
        }
    });
    assert_eq!(whole_runs(dir.path()).len(), 81);
    assert_eq!(fs::read_dir(dir.path().join("artifacts")).unwrap().count(), 81, "whoever came later left nothing");
}

#[test]
fn only_the_run_that_cannot_be_used_gives_way() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let first = record(&workspace, "one", vec![1.0]);
    workspace.put_run(&first, None).unwrap();
    let second = record(&workspace, "one", vec![2.0]);
    assert_eq!(workspace.put_run(&second, Some(&first)).unwrap(), second);
    // Whoever found the first one unusable as well comes too late.
    let third = record(&workspace, "one", vec![3.0]);
    assert_eq!(workspace.put_run(&third, Some(&first)).unwrap(), second);
    assert_eq!(workspace.arrays(&second).unwrap()["scores"], Array::f32(vec![2.0]));
}

#[test]
fn arrays_whose_record_cannot_be_written_do_not_stay() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let kept = record(&workspace, "one", vec![1.0]);
    workspace.put_run(&kept, None).unwrap();
    let connection = rusqlite::Connection::open(dir.path().join("recallscope.sqlite")).unwrap();
    connection
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .unwrap();
    let error = workspace.put_run(&record(&workspace, "two", vec![2.0]), None).unwrap_err();
    assert!(error.to_string().contains("no room"), "{error}");
    // Arrays that another run names stay, whoever else fails with them.
    let same = RunRecord { id: "three".to_owned(), ..kept.clone() };
    assert!(workspace.put_run(&same, None).is_err());
    let left: Vec<String> = fs::read_dir(dir.path().join("artifacts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, [kept.arrays]);
}

#[test]
fn a_run_is_not_spoken_of_before_its_arrays_stand() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let run = record(&workspace, "one", vec![1.0]);
    for arrays in ["missing.safetensors", "../outside.safetensors", ".hidden"] {
        let run = RunRecord { arrays: arrays.to_owned(), ..run.clone() };
        assert!(matches!(workspace.put_run(&run, None), Err(WorkspaceError::Damaged { .. })));
    }
    assert!(workspace.runs().unwrap().is_empty());
}

#[test]
fn another_format_is_refused_with_a_clear_word() {
    let dir = tempfile::tempdir().unwrap();
    drop(Workspace::open(dir.path()).unwrap());
    let database = dir.path().join("recallscope.sqlite");
    let set_version = |version: i64| {
        let connection = rusqlite::Connection::open(&database).unwrap();
        assert_eq!(connection.execute("UPDATE schema SET version = ?1", [version]).unwrap(), 1);
    };
    set_version(99);
    let error = Workspace::open(dir.path()).err().unwrap();
    assert!(matches!(error, WorkspaceError::Newer { found: 99, .. }));
    assert!(error.to_string().contains("newer recallscope (format 99, this one knows 3)"), "{error}");
    set_version(0);
    let error = Workspace::open(dir.path()).err().unwrap();
    assert!(matches!(error, WorkspaceError::Older { found: 0, .. }), "{error}");
    set_version(3);
    Workspace::open(dir.path()).unwrap();

    // Other people's database, and no database at all.
    let other = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(other.path().join("recallscope.sqlite")).unwrap();
    connection.execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    assert!(matches!(Workspace::open(other.path()).err().unwrap(), WorkspaceError::Older { .. }));
    let spoiled = tempfile::tempdir().unwrap();
    fs::write(spoiled.path().join("recallscope.sqlite"), vec![b'x'; 5_000]).unwrap();
    let error = Workspace::open(spoiled.path()).err().unwrap().to_string();
    assert!(error.contains("it is damaged; move it away"), "{error}");
}

#[test]
fn only_new_empty_or_own_folders_become_workspaces() {
    let dir = tempfile::tempdir().unwrap();
    let to_read = |folder: &Path| Workspace::open_to_read(folder).err().unwrap();
    assert!(matches!(to_read(dir.path()), WorkspaceError::None(_)));
    fs::write(dir.path().join("letter.txt"), "dear").unwrap();
    assert!(matches!(Workspace::open(dir.path()).err().unwrap(), WorkspaceError::NotEmpty(_)));
    let letter = dir.path().join("letter.txt");
    assert!(matches!(Workspace::open(&letter).err().unwrap(), WorkspaceError::NotAFolder(_)));
    assert!(matches!(to_read(&letter), WorkspaceError::NotAFolder(_)));
    // What is left where a disk was full at the first step.
    let begun = tempfile::tempdir().unwrap();
    fs::write(begun.path().join("recallscope.sqlite"), "").unwrap();
    assert!(matches!(to_read(begun.path()), WorkspaceError::None(_)));
    drop(Workspace::open(&dir.path().join("deep/new")).unwrap());
    let workspace = Workspace::open_to_read(&dir.path().join("deep/new")).unwrap();
    assert!(workspace.set_setting("layout", "{}").is_err(), "what is opened to read is not written");
}

#[test]
fn a_cancelled_lane_stops_within_a_second_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let dataset = Arc::new(read::load(dir.path(), None, None, &JobContext::default()).unwrap());
    let work = tempfile::tempdir().unwrap();
    let workspace = Arc::new(Workspace::open(work.path()).unwrap());
    let mut settings = PipelineSettings::default();
    settings.set("item2vec.epochs", "10000").unwrap();
    let prepared = pipeline::prepare(dataset, &settings, &JobContext::default()).unwrap();
    let queue = Queue::new(Arc::new(|| {}));
    let lane = {
        let (workspace, prepared, settings) = (workspace.clone(), prepared.clone(), settings.clone());
        queue.submit("item2vec", Priority::Normal, move |ctx| {
            pipeline::build_lane(&prepared, LaneKind::Item2vec, &settings, Some(&workspace), ctx)?;
            Ok(())
        })
    };
    let since = Instant::now();
    while queue.status(lane).unwrap().progress.done == 0 {
        assert!(since.elapsed() < Duration::from_secs(30), "training never began");
        thread::sleep(Duration::from_millis(5));
    }
    let since = Instant::now();
    queue.cancel(lane);
    assert!(queue.wait_idle(Duration::from_secs(30)));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    assert_eq!(queue.status(lane).unwrap().state, JobState::Cancelled);
    assert!(workspace.runs().unwrap().is_empty());
    assert_eq!(fs::read_dir(work.path().join("artifacts")).unwrap().count(), 0);
}

#[test]
fn a_cancel_is_known_as_such_in_every_stage() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let dataset = Arc::new(read::load(dir.path(), None, None, &JobContext::default()).unwrap());
    let settings = PipelineSettings::default();
    let prepared = pipeline::prepare(dataset.clone(), &settings, &JobContext::default()).unwrap();
    let cancelled = JobContext::default();
    cancelled.cancel();
    let load = read::load(dir.path(), None, None, &cancelled).map(drop).map_err(anyhow::Error::from);
    let graphs = Graphs::build(&dataset, &prepared.split, &settings.graph, &cancelled).map(drop);
    let stages =
        [load, pipeline::prepare(dataset, &settings, &cancelled).map(drop), graphs.map_err(anyhow::Error::from)];
    let lanes = LaneKind::ALL.map(|kind| pipeline::build_lane(&prepared, kind, &settings, None, &cancelled).map(drop));
    for (stage, outcome) in stages.into_iter().chain(lanes).enumerate() {
        let error = outcome.err().unwrap_or_else(|| panic!("stage {stage} went on"));
        assert!(is_cancelled(&error), "stage {stage}: {error:?}");
    }
}

#[test]
fn a_damaged_artifact_is_told_and_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let work = tempfile::tempdir().unwrap();
    let (data, folder) = (dir.path().to_str().unwrap(), work.path().to_str().unwrap());
    let args = ["run", data, "--out", folder, "--lanes", "item2vec", "--json"];
    json(&recallscope(args));
    let artifact = fs::read_dir(work.path().join("artifacts")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&artifact).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&artifact, bytes).unwrap();
    let output = recallscope(["recall", folder, "--user", "u1", "--lane", "item2vec"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("run again, and it is made anew"), "{}", stderr(&output));
    let answer = json(&recallscope(args));
    assert_eq!(answer["lanes"]["item2vec"]["found"], false);
    assert_eq!(whole_runs(work.path()).len(), 1);
}

#[test]
fn other_index_and_evaluation_take_over_the_trained_vectors() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let work = tempfile::tempdir().unwrap();
    let (data, folder) = (dir.path().to_str().unwrap(), work.path().to_str().unwrap());
    let one = json(&recallscope(["run", data, "--out", folder, "--lanes", "item2vec", "--json"]));
    let other = json(&recallscope([
        "run",
        data,
        "--out",
        folder,
        "--lanes",
        "item2vec",
        "--json",
        "--set",
        "evaluate.ks=7",
        "--set",
        "index.exact=true",
    ]));
    let (one, other) = (&one["lanes"]["item2vec"], &other["lanes"]["item2vec"]);
    assert_ne!(one["run"], other["run"]);
    assert!(other["recall@7"].is_f64() && other["recall@20"].is_null());
    assert_eq!(one["curve"], other["curve"]);
    let workspace = Workspace::open(work.path()).unwrap();
    let runs = workspace.runs().unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].arrays, runs[1].arrays);
}

#[test]
fn walks_and_clusters_are_found_again_and_answer_alike() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let dataset = Arc::new(read::load(dir.path(), None, None, &JobContext::default()).unwrap());
    let work = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(work.path()).unwrap();
    let settings = PipelineSettings::default();
    let ctx = JobContext::default();
    let prepared = pipeline::prepare(dataset.clone(), &settings, &ctx).unwrap();
    let triggers = Triggers::new(&dataset, &prepared.split);
    for kind in [LaneKind::Deepwalk, LaneKind::Node2vec, LaneKind::Metapath2vec, LaneKind::UserCluster] {
        let build = || pipeline::build_lane(&prepared, kind, &settings, Some(&workspace), &ctx).unwrap();
        let (made, found) = (build(), build());
        assert!(!made.is_found && found.is_found, "{}", kind.name());
        let run = workspace.find_run(&made.run_id).unwrap().unwrap();
        let vectors = pipeline::vectors_of(&dataset, &prepared.split, &run, &workspace, &ctx).unwrap();
        let mut answers = 0;
        for user in 0..20 {
            let trigger = triggers.of(user);
            let recalled = made.lane.recall(&trigger, 30);
            assert_eq!(found.lane.recall(&trigger, 30), recalled, "{}, user {user}", kind.name());
            let Ok(row) = vectors.users.binary_search(&user) else { continue };
            // The exported vectors rank as the lane does.
            let score = |item: u32| -> f32 {
                let place = vectors.items.binary_search(&item).unwrap();
                let pairs = vectors.item_vectors.row(place).iter().zip(vectors.user_vectors.row(row));
                pairs.map(|(one, other)| one * other).sum()
            };
            assert!(recalled.windows(2).all(|two| score(two[0].item) >= score(two[1].item) - 1e-5), "{}", kind.name());
            answers += recalled.len();
        }
        assert!(answers > 0, "{}", kind.name());
    }
}

#[test]
fn a_kept_index_is_opened_and_not_built_again() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let dataset = Arc::new(read::load(dir.path(), None, None, &JobContext::default()).unwrap());
    let work = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(work.path()).unwrap();
    let mut settings = PipelineSettings::default();
    settings.set("index.exact", "false").unwrap();
    let prepared = pipeline::prepare(dataset, &settings, &JobContext::default()).unwrap();
    let build = |settings: &PipelineSettings| {
        let ctx = JobContext::default();
        let made = pipeline::build_lane(&prepared, LaneKind::Item2vec, settings, Some(&workspace), &ctx).unwrap();
        (made, ctx.progress().0.stage)
    };
    let (made, _) = build(&settings);
    let (found, stage) = build(&settings);
    assert!(found.is_found && stage == "Opening a kept run", "{stage}");
    assert_eq!(found.audit, made.audit);
    assert!(made.audit.unwrap().queries > 0);
    let triggers = Triggers::new(&prepared.dataset, &prepared.split);
    for user in 0..20 {
        let trigger = triggers.of(user);
        assert_eq!(found.lane.recall(&trigger, 30), made.lane.recall(&trigger, 30));
    }
    // Another evaluation takes vectors and graph over, another index the vectors alone.
    settings.set("evaluate.ks", "20").unwrap();
    build(&settings);
    settings.set("index.m", "5").unwrap();
    let (other, _) = build(&settings);
    let runs = workspace.runs().unwrap();
    assert_eq!((runs.len(), &runs[1].arrays), (3, &runs[2].arrays));
    assert_ne!(runs[0].arrays, runs[1].arrays);
    let (one, another) = (workspace.arrays(&runs[0]).unwrap(), workspace.arrays(&runs[1]).unwrap());
    assert_eq!(one["vectors"], another["vectors"]);
    assert_ne!(one["graph_neighbours"], another["graph_neighbours"]);
    let (found, stage) = build(&settings);
    assert!(found.is_found && stage == "Opening a kept run", "{stage}");
    assert_eq!(found.audit, other.audit);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::process::Command;

    /// Runs the binary where no file may grow above `kib` KiB, as on a full disk. The signal that ends programs there
    /// is at its default.
    fn with_small_disk(kib: u32, args: &[&str]) -> std::process::Output {
        let script = format!("ulimit -f {kib} || exit 99; exec \"$0\" \"$@\"");
        Command::new("bash").arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_recallscope")).args(args).output().unwrap()
    }

    #[test]
    fn a_full_disk_is_told_and_leaves_no_half_artifact() {
        let dir = tempfile::tempdir().unwrap();
        community(dir.path());
        let work = tempfile::tempdir().unwrap();
        let (data, folder) = (dir.path().to_str().unwrap(), work.path().to_str().unwrap());
        // 120 items of 2,048 numbers are 960 KiB.
        let args = [
            "run",
            data,
            "--out",
            folder,
            "--json",
            "--lanes",
            "hot,item2vec",
            "--set",
            "item2vec.dim=2048",
            "--set",
            "item2vec.epochs=1",
        ];
        let output = with_small_disk(512, &args);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("item2vec: cannot write"), "{}", stderr(&output));
        assert!(stderr(&output).contains("make room on the disk"), "{}", stderr(&output));
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(answer["lanes"]["hot"]["recall@20"].is_f64());
        assert!(answer["lanes"]["item2vec"]["error"].is_string());
        assert!(unfinished_files(work.path()).is_empty());
        assert_eq!(whole_runs(work.path()).len(), 1);

        let none = tempfile::tempdir().unwrap();
        let output = with_small_disk(0, &["run", data, "--out", none.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("cannot open the workspace"), "{}", stderr(&output));
        assert!(stderr(&output).contains("the disk has room"), "{}", stderr(&output));
        assert!(output.stdout.is_empty());

        // Reading needs no room, and an export that finds none leaves no half of itself.
        let ask = ["recall", folder, "--user", "u1", "--lane", "hot", "--json"];
        assert_eq!(with_small_disk(0, &ask).status.code(), Some(0));
        let out = tempfile::tempdir().unwrap();
        let target = out.path().join("vectors");
        let target = target.to_str().unwrap();
        let output = with_small_disk(1, &["export", folder, "--run", "hot", "--format", "npy", "--out", target]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("cannot write (File too large"), "{}", stderr(&output));
        assert!(stderr(&output).trim_end().ends_with(target), "{}", stderr(&output));
        assert!(!Path::new(target).exists());
    }

    fn set_mode(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Runs the binary as somebody whom file rights bind: as nobody if these tests run as root.
    fn as_somebody(bin: &Path, args: &[&str]) -> std::process::Output {
        let id = Command::new("id").arg("-u").output().unwrap();
        if id.stdout == b"0\n" {
            let mut setpriv = Command::new("setpriv");
            setpriv.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(bin);
            setpriv.args(args).output().unwrap()
        } else {
            Command::new(bin).args(args).output().unwrap()
        }
    }

    #[test]
    fn a_workspace_that_cannot_be_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        community(dir.path());
        let home = tempfile::tempdir().unwrap();
        let bin = home.path().join("recallscope");
        // Where nobody may run it: the build's own folder may be closed to others.
        fs::hard_link(env!("CARGO_BIN_EXE_recallscope"), &bin)
            .or_else(|_| fs::copy(env!("CARGO_BIN_EXE_recallscope"), &bin).map(drop))
            .unwrap();
        let work = home.path().join("work");
        let (data, folder) = (dir.path().to_str().unwrap(), work.to_str().unwrap());
        json(&recallscope(["run", data, "--out", folder, "--lanes", "hot", "--json"]));
        for open in [dir.path(), home.path()] {
            set_mode(open, 0o755);
        }
        let files = || -> BTreeSet<String> {
            fs::read_dir(&work).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        };
        let ask = ["recall", folder, "--user", "u1", "--lane", "hot", "--json"];
        // As its writer left it, and as a writer that was killed leaves it: with a log that is not yet in the database.
        for was_killed in [false, true] {
            if was_killed {
                let workspace = Workspace::open(&work).unwrap();
                json(&recallscope(["run", data, "--out", folder, "--lanes", "hot", "--json", "--seed", "9"]));
                let database = work.join("recallscope.sqlite");
                let log = work.join("recallscope.sqlite-wal");
                let (bytes, log_bytes) = (fs::read(&database).unwrap(), fs::read(&log).unwrap());
                drop(workspace);
                fs::write(database, bytes).unwrap();
                fs::write(log, log_bytes).unwrap();
            }
            let before = files();
            for place in before.iter().filter(|name| *name != "artifacts") {
                set_mode(&work.join(place), 0o444);
            }
            set_mode(&work.join("artifacts"), 0o555);
            set_mode(&work, 0o555);
            let asked = as_somebody(&bin, &ask);
            let refused = as_somebody(&bin, &["run", data, "--out", folder, "--lanes", "hot"]);
            let out = tempfile::tempdir().unwrap();
            set_mode(out.path(), 0o777);
            let target = out.path().join("vectors");
            let target = target.to_str().unwrap();
            let exported = as_somebody(&bin, &["export", folder, "--run", "hot", "--format", "npy", "--out", target]);
            set_mode(&work, 0o755);
            set_mode(&work.join("artifacts"), 0o755);
            assert_eq!(files(), before, "nothing is left there");
            for place in &before {
                set_mode(&work.join(place), if place == "artifacts" { 0o755 } else { 0o644 });
            }
            let asked = json(&asked);
            let newest = Workspace::open(&work).unwrap().runs().unwrap().remove(0);
            assert_eq!(asked["run"], newest.id.as_str());
            assert_eq!(newest.seed, if was_killed { 9 } else { 42 });
            assert!(!asked["items"].as_array().unwrap().is_empty());
            assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
            assert_eq!(fs::read_dir(target).unwrap().count(), 6);
            assert_eq!(refused.status.code(), Some(2));
            assert!(stderr(&refused).contains("give yourself the right to write there"), "{}", stderr(&refused));
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_wrong_input() {
        let dir = tempfile::tempdir().unwrap();
        community(dir.path());
        let output = recallscope(["run", dir.path().to_str().unwrap(), "--out", "/proc/workspace"]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).starts_with("error: cannot open the workspace"), "{}", stderr(&output));
        assert!(stderr(&output).trim_end().ends_with("/proc/workspace"), "{}", stderr(&output));
    }

    #[test]
    fn ctrl_c_stops_within_a_second_and_keeps_what_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        community(dir.path());
        let work = tempfile::tempdir().unwrap();
        let mut child = binary()
            .args(["run", dir.path().to_str().unwrap(), "--out", work.path().to_str().unwrap(), "--json"])
            .args(["--lanes", "hot,item2vec", "--set", "item2vec.epochs=10000"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let since = Instant::now();
        let has_hot = || Workspace::open(work.path()).unwrap().runs().unwrap().len() == 1;
        while !has_hot() {
            assert!(since.elapsed() < Duration::from_secs(60), "`hot` never finished");
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_millis(200));
        assert!(child.try_wait().unwrap().is_none());
        let since = Instant::now();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        assert_eq!(stderr(&output).trim(), "interrupted");
        assert!(output.stdout.is_empty());
        assert_eq!(whole_runs(work.path()).len(), 1);
        assert!(unfinished_files(work.path()).is_empty());
    }
}

#[test]
fn a_report_without_hits_is_measured_anew_and_nothing_is_trained() {
    let dir = tempfile::tempdir().unwrap();
    community(dir.path());
    let work = tempfile::tempdir().unwrap();
    let (data, folder) = (dir.path().to_str().unwrap(), work.path().to_str().unwrap());
    let run = || json(&recallscope(["run", data, "--out", folder, "--lanes", "item2vec", "--json"]));
    run();
    let workspace = Workspace::open(work.path()).unwrap();
    let made = workspace.runs().unwrap().remove(0);
    // As versions that knew no hits by user kept it.
    let mut report: serde_json::Value = serde_json::from_str(&made.report_json).unwrap();
    let per_user = report["per_user"].as_object_mut().unwrap();
    assert!(["hit_offsets", "hit_ranks", "hit_items"].iter().all(|column| per_user.remove(*column).is_some()));
    let old = RunRecord { report_json: report.to_string(), created_secs: 1_700_000_000.0, ..made.clone() };
    assert_eq!(workspace.put_run(&old, Some(&made)).unwrap(), old);
    run();
    let found = workspace.find_run(&made.id).unwrap().unwrap();
    assert_eq!((&found.report_json, &found.arrays), (&made.report_json, &made.arrays));
    assert_eq!(found.created_secs, old.created_secs);
}
