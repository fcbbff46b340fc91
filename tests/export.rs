//! Exported vectors, read back by the formats' own readers.

#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::{self, File},
    path::Path,
};

use polars::prelude::{DataFrame, ParquetReader, SerReader as _};
use recallscope::workspace::{Array, RunNote, Workspace, read_safetensors};
use support::{community, json, recallscope, stderr};

const LANES: [&str; 2] = ["hot", "item2vec"];

struct Exported {
    folder: tempfile::TempDir,
    answer: serde_json::Value,
}

/// Runs the lanes with a user-time split, in which nobody is new, and exports each in `format`.
fn exported(format: &str) -> (serde_json::Value, BTreeMap<&'static str, Exported>) {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    community(data.path());
    let work = work.path().to_str().unwrap();
    let run = json(&recallscope([
        "run",
        data.path().to_str().unwrap(),
        "--out",
        work,
        "--json",
        "--split",
        "user-time",
        "--set",
        "item2vec.dim=16",
        "--set",
        "item2vec.min_count=38",
    ]));
    let exports = LANES.map(|lane| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let answer = json(&recallscope(["export", work, "--run", lane, "--format", format, "--out", out, "--json"]));
        assert_eq!(answer["run"], run["lanes"][lane]["run"]);
        for file in answer["files"].as_array().unwrap() {
            assert!(Path::new(file.as_str().unwrap()).is_file(), "{file}");
        }
        let written = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(written, answer["files"].as_array().unwrap().len(), "nothing else lies there");
        (lane, Exported { folder, answer })
    });
    let output = recallscope(["export", work, "--run", "item-cf", "--format", format, "--out", work]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("has no vectors; choose a run of another lane"), "{}", stderr(&output));
    (run, exports.into())
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn npy(path: &Path) -> (Vec<u64>, Vec<f32>) {
    let file = npyz::NpyFile::new(File::open(path).unwrap()).unwrap();
    (file.shape().to_vec(), file.into_vec().unwrap())
}

/// Recall, hit rate and NDCG by ranking all items for each user with plain products, as an evaluation elsewhere would.
fn metrics(folder: &Path, k: usize) -> [f64; 3] {
    let row_of = |name: &str| -> HashMap<String, usize> {
        lines(&folder.join(name)).into_iter().enumerate().map(|(row, id)| (id, row)).collect()
    };
    let (user_row, item_row) = (row_of("users.ids"), row_of("items.ids"));
    let (user_shape, users) = npy(&folder.join("users.npy"));
    let (item_shape, items) = npy(&folder.join("items.npy"));
    assert_eq!(user_shape, [user_row.len() as u64, item_shape[1]]);
    assert_eq!(item_shape[0], item_row.len() as u64);
    let dim = item_shape[1] as usize;
    let pairs = |name: &str| {
        let mut pairs: HashMap<usize, HashSet<usize>> = HashMap::new();
        for line in lines(&folder.join(name)) {
            let (user, item) = line.split_once('\t').unwrap();
            pairs.entry(user_row[user]).or_default().insert(item_row[item]);
        }
        pairs
    };
    let (train, test) = (pairs("train.txt"), pairs("test.txt"));
    let (mut sums, mut count) = ([0.0; 3], 0);
    for (user, wanted) in test {
        let wanted: HashSet<usize> = wanted.difference(&train[&user]).copied().collect();
        if wanted.is_empty() {
            continue;
        }
        count += 1;
        let own = &users[user * dim..][..dim];
        let mut ranked: Vec<(f32, usize)> = (0..item_row.len())
            .filter(|item| !train[&user].contains(item))
            .map(|item| (own.iter().zip(&items[item * dim..][..dim]).map(|(a, b)| a * b).sum(), item))
            .filter(|(score, _): &(f32, usize)| !score.is_nan())
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
        let hits: Vec<usize> = ranked
            .iter()
            .take(k)
            .enumerate()
            .filter(|(_, (_, item))| wanted.contains(item))
            .map(|(at, _)| at)
            .collect();
        let ideal: f64 = (0..k.min(wanted.len())).map(gain).sum();
        sums[0] += hits.len() as f64 / wanted.len() as f64;
        sums[1] += f64::from(u8::from(!hits.is_empty()));
        sums[2] += hits.iter().map(|&at| gain(at)).sum::<f64>() / ideal;
    }
    sums.map(|sum| sum / f64::from(count))
}

#[test]
fn metrics_from_exported_arrays_are_those_of_the_report() {
    let (run, exports) = exported("npy");
    for (lane, Exported { folder, answer }) in exports {
        assert_eq!(answer["users_without_vector"], 0);
        for k in [10, 20, 50] {
            let [recall, hit_rate, ndcg] = metrics(folder.path(), k);
            let report = &run["lanes"][lane];
            for (name, value) in [("recall", recall), ("hit_rate", hit_rate), ("ndcg", ndcg)] {
                let own = report[format!("{name}@{k}")].as_f64().unwrap();
                assert!((own - value).abs() < 1e-6, "{lane} {name}@{k}: {own} reported, {value} from the arrays");
            }
        }
    }
}

#[test]
fn each_pair_stands_once() {
    let (run, exports) = exported("npy");
    let mut pairs = 0;
    for file in ["train.txt", "test.txt"] {
        let own = lines(&exports["hot"].folder.path().join(file));
        assert_eq!(own.iter().collect::<HashSet<_>>().len(), own.len(), "{file}");
        pairs += own.len() as u64;
    }
    let interactions = run["dataset"]["events"].as_u64().unwrap();
    assert!(pairs < interactions, "the log repeats pairs: {pairs} of {interactions}");
}

#[test]
fn ids_that_lines_cannot_hold_are_refused_before_anything_is_written() {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut events = "user_id,item_id,behaviour,timestamp\n".to_owned();
    for row in 0..40 {
        events += &format!("\"u{}\",\"i{}\tx\",click,{}\n", row % 4, row % 7, 1_700_000_000 + row * 3_600);
        events += &format!("\"u{}\",\"i{}\ny\",click,{}\n", row % 4, row % 5, 1_700_000_100 + row * 3_600);
    }
    fs::write(data.path().join("events.csv"), events).unwrap();
    let work = work.path().to_str().unwrap();
    json(&recallscope(["run", data.path().to_str().unwrap(), "--out", work, "--lanes", "hot", "--json"]));
    let home = tempfile::tempdir().unwrap();
    for format in ["npy", "safetensors"] {
        let out = home.path().join(format);
        let out = out.to_str().unwrap();
        let output = recallscope(["export", work, "--run", "hot", "--format", format, "--out", out]);
        assert_eq!(output.status.code(), Some(2));
        let told = stderr(&output);
        assert!(told.contains("which has a line break; choose `--format parquet`"), "{told}");
        assert!(told.trim_end().ends_with(out) && !told.contains("disk"), "{told}");
        assert!(!Path::new(out).exists(), "nothing is left of {format}");
    }
    for format in ["parquet", "projector"] {
        let out = home.path().join(format);
        json(&recallscope([
            "export",
            work,
            "--run",
            "hot",
            "--format",
            format,
            "--out",
            out.to_str().unwrap(),
            "--json",
        ]));
    }
    assert_eq!(
        lines(&home.path().join("projector/metadata.tsv")).len(),
        lines(&home.path().join("projector/vectors.tsv")).len() + 1
    );
}

#[test]
fn blanks_in_ids_part_columns_and_are_refused() {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rows = (0..60).map(|row| format!("a b{},i{},click,{}\n", row % 4, row % 7, 1_700_000_000 + row * 3_600));
    let events = rows.fold("user_id,item_id,behaviour,timestamp\n".to_owned(), |text, row| text + &row);
    fs::write(data.path().join("events.csv"), events).unwrap();
    let work = work.path().to_str().unwrap();
    json(&recallscope(["run", data.path().to_str().unwrap(), "--out", work, "--lanes", "hot", "--json"]));
    let out = tempfile::tempdir().unwrap();
    let ask = |format| {
        recallscope(["export", work, "--run", "hot", "--format", format, "--out", out.path().to_str().unwrap()])
    };
    let told = stderr(&ask("npy"));
    assert!(told.contains("the id \"a b0\" of a user, which has a blank"), "{told}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
    assert_eq!(ask("safetensors").status.code(), Some(0));
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 3);
}

#[test]
fn items_without_a_vector_are_counted_and_not_a_number() {
    let (_, exports) = exported("npy");
    let Exported { folder, answer } = &exports["item2vec"];
    let without = answer["items_without_vector"].as_u64().unwrap();
    assert!(without > 0 && answer["items"].as_u64().unwrap() > 0, "{answer}");
    let (_, items) = npy(&folder.path().join("items.npy"));
    assert_eq!(items.chunks(16).filter(|row| row.iter().all(|value| value.is_nan())).count() as u64, without);
    assert_eq!(items.iter().filter(|value| value.is_nan()).count() as u64, 16 * without);
}

#[test]
fn the_projector_gets_two_tables_of_the_same_rows() {
    let (_, exports) = exported("projector");
    let Exported { folder, answer } = &exports["item2vec"];
    let vectors = lines(&folder.path().join("vectors.tsv"));
    let about = lines(&folder.path().join("metadata.tsv"));
    assert_eq!(about[0], "id\ttitle\ttags\tcircle\tevents");
    assert_eq!(vectors.len(), about.len() - 1);
    assert_eq!(vectors.len() as u64, answer["items"].as_u64().unwrap());
    for (vector, about) in vectors.iter().zip(&about[1..]) {
        let numbers: Vec<f32> = vector.split('\t').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers.len(), 16);
        assert!((numbers.iter().map(|value| value * value).sum::<f32>() - 1.0).abs() < 1e-4);
        let cells: Vec<&str> = about.split('\t').collect();
        let number = cells[0].strip_prefix('i').unwrap();
        assert_eq!(cells[1], format!("标题 {number}"));
        assert!(cells[2].split('|').any(|tag| tag == "all"), "{about}");
        assert!(cells[4].parse::<u64>().unwrap() >= 38);
    }
}

#[test]
fn parquet_and_safetensors_hold_the_same_vectors() {
    let (_, exports) = exported("parquet");
    let Exported { folder, answer } = &exports["item2vec"];
    let read = |name: &str| -> DataFrame {
        ParquetReader::new(File::open(folder.path().join(name)).unwrap()).finish().unwrap()
    };
    for (name, id, count) in [("items.parquet", "item_id", "items"), ("users.parquet", "user_id", "users")] {
        let frame = read(name);
        assert_eq!(frame.height() as u64, answer[count].as_u64().unwrap());
        assert!(frame.column(id).unwrap().str().unwrap().get(0).is_some());
        let vectors = frame.column("vector").unwrap();
        let first = vectors.list().unwrap().get_as_series(0).unwrap();
        let first: Vec<f32> = first.f32().unwrap().into_no_null_iter().collect();
        assert_eq!(first.len(), 16);
        assert!((first.iter().map(|value| value * value).sum::<f32>() - 1.0).abs() < 1e-4, "{name}");
    }
    assert_eq!(read("items.parquet").column("tags").unwrap().list().unwrap().get_as_series(0).unwrap().len(), 2);

    let (_, exports) = exported("safetensors");
    let Exported { folder, answer } = &exports["item2vec"];
    let arrays = read_safetensors(&folder.path().join("vectors.safetensors"), None).unwrap();
    for (name, ids) in [("items", "items.ids"), ("users", "users.ids")] {
        let Array::F32 { shape, values } = &arrays[name] else { panic!("{name} holds no floats") };
        assert_eq!(shape[..], [lines(&folder.path().join(ids)).len(), 16]);
        assert_eq!(shape[0] as u64, answer[name].as_u64().unwrap());
        assert_eq!(values.len(), shape[0] * 16);
    }
}

#[test]
fn a_run_in_the_bin_does_not_answer_until_it_is_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    community(&data);
    let (data, work) = (data.to_str().unwrap(), folder.path().join("work"));
    let out = folder.path().join("vectors");
    let (work_arg, out) = (work.to_str().unwrap(), out.to_str().unwrap());
    let run = || json(&recallscope(["run", data, "--lanes", "hot", "--out", work_arg, "--json"]));
    let id = run()["lanes"]["hot"]["run"].as_str().unwrap().to_owned();
    let user =
        || recallscope::dataset::read::load(data.as_ref(), None, None, &recallscope::task::JobContext::default());
    let user = user().unwrap().users.ids.name(0).to_owned();
    let recall = |by: [&str; 2]| recallscope(["recall", work_arg, "--user", &user, "--json", by[0], by[1]]);
    assert!(recall(["--lane", "hot"]).status.success());
    let workspace = Workspace::open(&work).unwrap();
    workspace.set_run_note(&id, &RunNote { is_deleted: true, ..RunNote::default() }).unwrap();
    let refused = [
        recall(["--lane", "hot"]),
        recall(["--run", &id]),
        recallscope(["export", work_arg, "--run", "hot", "--format", "npy", "--out", out]),
    ];
    for output in refused {
        let told = stderr(&output);
        assert!(!output.status.success() && told.contains(&id) && told.contains("lies in the bin"), "{told}");
    }
    // Whoever runs it again has it back.
    assert_eq!(run()["lanes"]["hot"]["run"], id);
    assert!(recall(["--lane", "hot"]).status.success());
}
