//! The cover model from outside: parity with torchvision, checkpoints, training, the lane, and the commands.

#![allow(clippy::unwrap_used)]

#[path = "covers/formula.rs"]
mod formula;
mod support;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
};

use image::{Rgb, RgbImage};
use recallscope::{
    dataset::read as reading,
    models::{
        Embeddings,
        cover::{
            Checkpoint, CoverError, CoverSettings, Depth, Inference, Map, Resnet, Store, Tensor, Tensors, TensorsError,
            Trained, TrainingData, Tuning, begin, give, grad_cam, read, train,
        },
    },
    task::JobContext,
};
use serde_json::Value;
use support::{binary, community, json, recallscope, stderr};

fn value(name: &str, shape: &[usize]) -> Tensor {
    Tensor { shape: shape.to_vec(), values: formula::values(name, shape) }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

/// To 1e-4 of the largest.
fn assert_near(found: &[f32], right: &Value, what: &str) {
    let right = numbers(right);
    assert_eq!(found.len(), right.len(), "{what}");
    let most = right.iter().fold(0f64, |most, value| most.max(value.abs()));
    for (found, right) in found.iter().zip(&right) {
        assert!((f64::from(*found) - right).abs() <= 1e-4 * most, "{what}: {found}, not {right} of {most}");
    }
}

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/covers").join(name)
}

#[test]
fn features_and_heat_are_those_of_torchvision() {
    let expected: Value = serde_json::from_str(&fs::read_to_string(fixture("expected.json")).unwrap()).unwrap();
    let scale = (24.0 / (3 * 96 * 96) as f64).sqrt();
    // Channels last.
    let drawn = value("input", &[2, 3, 96, 96]).values;
    let mut input = vec![0f32; drawn.len()];
    for (at, value) in drawn.iter().enumerate() {
        let (image, channel, pixel) = (at / (3 * 96 * 96), at / (96 * 96) % 3, at % (96 * 96));
        input[(image * 96 * 96 + pixel) * 3 + channel] = (f64::from(*value) * (4.0 / scale)) as f32;
    }
    let input = Map { images: 2, height: 96, width: 96, channels: 3, values: input };
    for depth in Depth::ALL {
        let of = &expected[depth.name()];
        let mut net = Resnet::new(depth, true, 0);
        let tensors: Tensors = net
            .parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), value(&parameter.name, &parameter.shape)))
            .collect();
        let matched = give(&tensors, &mut net.parameters);
        assert_eq!((matched.taken, matched.missing.len()), (net.parameters.len(), 0));
        let inference = Inference::new(&net, 4);
        let features = inference.features(&input);
        let some: Vec<f32> = features.iter().step_by(16).copied().collect();
        assert_near(&some, &of["pooled"], depth.name());
        // The classifier that torchvision ends in, and the heat of one of its tags.
        let (weight, bias) = (value("fc.weight", &[10, depth.features()]), value("fc.bias", &[10]));
        let mut logits = Vec::new();
        for row in features.chunks_exact(depth.features()) {
            for (weights, bias) in weight.values.chunks_exact(depth.features()).zip(&bias.values) {
                logits.push(weights.iter().zip(row).map(|(weight, value)| weight * value).sum::<f32>() + bias);
            }
        }
        assert_near(&logits, &of["logits"], &format!("logits of {}", depth.name()));
        let tag = of["tag"].as_u64().unwrap() as usize;
        let gradient = &weight.values[tag * depth.features()..][..depth.features()];
        let heat = grad_cam(&inference.map(&input), gradient);
        assert_near(&heat.values, &of["heat"], &format!("heat of {}", depth.name()));
        let drawn = heat.enlarged(12);
        assert_eq!((drawn.len(), heat.values.len()), (144, 9));
        assert!(drawn.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}

/// Runs where `resnet_reference.py` has written its files: the folder that `RECALLSCOPE_RESNET_REFERENCE` names holds
/// `resnet18`, `resnet34` and `resnet50`.
#[test]
fn whole_checkpoints_answer_as_torchvision_does() {
    let Some(folder) = std::env::var_os("RECALLSCOPE_RESNET_REFERENCE") else { return };
    for depth in Depth::ALL {
        let folder = Path::new(&folder).join(depth.name());
        let npy = |name: &str| -> Vec<f32> {
            let bytes = fs::read(folder.join(name)).unwrap();
            npyz::NpyFile::new(&bytes[..]).unwrap().into_vec().unwrap()
        };
        let (input, pooled, logits) = (npy("input.npy"), npy("pooled.npy"), npy("logits.npy"));
        let (pixels, images) = (224 * 224, 2);
        let mut values = vec![0f32; input.len()];
        for (at, value) in input.iter().enumerate() {
            values[(at / (3 * pixels) * pixels + at % pixels) * 3 + at / pixels % 3] = *value;
        }
        let input = Map { images, height: 224, width: 224, channels: 3, values };
        for kind in ["pth", "safetensors"] {
            let tensors = read(&folder.join(format!("{}.{kind}", depth.name()))).unwrap();
            let mut net = Resnet::new(depth, true, 0);
            let matched = give(&tensors, &mut net.parameters);
            assert_eq!((matched.missing.len(), matched.misshapen.len()), (0, 0));
            assert_eq!(matched.unknown, ["fc.bias", "fc.weight"]);
            let features = Inference::new(&net, 4).features(&input);
            let as_value = |numbers: &[f32]| Value::from(numbers.to_vec());
            assert_near(&features, &as_value(&pooled), depth.name());
            let weight = &tensors["fc.weight"];
            let mut found = Vec::new();
            for row in features.chunks_exact(depth.features()) {
                for (weights, bias) in weight.values.chunks_exact(depth.features()).zip(&tensors["fc.bias"].values) {
                    found.push(weights.iter().zip(row).map(|(weight, value)| weight * value).sum::<f32>() + bias);
                }
            }
            assert_near(&found, &as_value(&logits), depth.name());
        }
    }
}

#[test]
fn checkpoints_of_every_form_are_read_in_part_and_in_whole() {
    for name in ["zip.pth", "older.pth", "small.safetensors"] {
        let mut tensors = read(&fixture(name)).unwrap();
        assert_eq!(tensors["conv1.weight"], value("conv1.weight", &[64, 3, 7, 7]), "{name}");
        assert_eq!(tensors["bn1.running_var"], value("bn1.running_var", &[64]), "{name}");
        let mut net = Resnet::new(Depth::Resnet18, true, 0);
        let before = net.parameters.clone();
        tensors.insert("fc.weight".to_owned(), Tensor { shape: vec![10, 512], values: vec![0.0; 5_120] });
        tensors.insert("layer1.0.bn1.bias".to_owned(), Tensor { shape: vec![3], values: vec![0.0; 3] });
        let matched = give(&tensors, &mut net.parameters);
        assert_eq!(matched.taken, 5, "{name}");
        assert_eq!(matched.unknown, ["fc.weight"], "{name}");
        assert_eq!(matched.misshapen, [("layer1.0.bn1.bias".to_owned(), vec![3], vec![64])], "{name}");
        assert_eq!(matched.missing.len(), net.parameters.len() - 6, "{name}");
        assert!(matched.told("resnet18").contains("layer1.0.bn1.bias"), "{name}");
        for (after, before) in net.parameters.iter().zip(&before) {
            let is_taken = after.name.starts_with("conv1") || after.name.starts_with("bn1");
            assert_eq!(after.values != before.values, is_taken, "{name}: {}", after.name);
            assert_eq!(after.tensor().values.len(), after.values.len());
        }
    }
}

#[test]
fn bad_checkpoints_are_refused_and_nothing_in_them_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let told = |name: &str| read(&path(name)).unwrap_err().to_string();
    let mark = path("ran");
    // A pickle that would make a file.
    let command = format!("cos\nsystem\n(S'touch {}'\ntR.", mark.display());
    fs::write(path("hostile.pth"), &command).unwrap();
    fs::write(path("text.pth"), "hello").unwrap();
    fs::write(path("empty.pth"), "").unwrap();
    fs::write(path("text.safetensors"), "hello").unwrap();
    fs::write(path("huge.safetensors"), u64::MAX.to_le_bytes()).unwrap();
    for name in ["hostile.pth", "text.pth", "empty.pth", "text.safetensors", "huge.safetensors"] {
        let message = told(name);
        assert!(message.contains(name) && message.contains("state_dict"), "{message}");
    }
    assert!(!mark.exists());
    assert!(matches!(read(&path("none.pth")), Err(TensorsError::Unreadable { .. })));
    assert!(matches!(read(folder.path()), Err(TensorsError::Unreadable { .. })));
    for name in ["zip.pth", "older.pth", "small.safetensors"] {
        let whole = fs::read(fixture(name)).unwrap();
        for cut in [1, 9, 100, whole.len() / 2, whole.len() - 1] {
            let name = format!("cut-{name}");
            fs::write(path(&name), &whole[..cut]).unwrap();
            // Never a panic; where something is read it has its whole length.
            for tensor in read(&path(&name)).into_iter().flat_map(Tensors::into_values) {
                assert_eq!(tensor.values.len(), tensor.shape.iter().product::<usize>());
            }
        }
        // A zip's end says where all is, so that half of one cannot be read at all.
        fs::write(path("half.pth"), &whole[..whole.len() / 2]).unwrap();
        assert!(read(&path("half.pth")).is_err(), "{name}");
    }
}

/// A community whose covers have the colour of their tag, and one tree of tags.
fn with_covers(folder: &Path) {
    community(folder);
    fs::create_dir(folder.join("covers")).unwrap();
    let colours = [[220, 40, 30], [40, 200, 60], [40, 60, 220], [220, 210, 60]];
    let mut items = "item_id,title,tags\n".to_owned();
    for item in 0..support::ITEMS {
        let taste = (item % 4) as usize;
        let shade = (item / 4 % 8) as u8;
        let picture = RgbImage::from_fn(40, 56, |x, y| {
            let is_inside = (10..30).contains(&x) && (8 + u32::from(shade)..40).contains(&y);
            let [red, green, blue] = if is_inside { colours[taste] } else { [235, 235, 230] };
            Rgb([red - shade, green - shade, blue - shade])
        });
        picture.save(folder.join(format!("covers/i{item}.png"))).unwrap();
        writeln!(items, "i{item},标题 {item},taste{taste}").unwrap();
    }
    fs::write(folder.join("items.csv"), items).unwrap();
    let tags = "leaf,level2,level1\ntaste0,even,all\ntaste1,odd,all\ntaste2,even,all\ntaste3,odd,all\n";
    fs::write(folder.join("tags.csv"), tags).unwrap();
}

/// Few pictures and few steps.
const QUICK: [&str; 8] =
    ["--set", "cover.side=32", "--set", "cover.epochs=6", "--set", "cover.batch=16", "--set", "cover.validation=0"];

fn quick() -> CoverSettings {
    CoverSettings { side: 32, epochs: 3, batch: 16, validation: 0.0, ..CoverSettings::default() }
}

#[test]
fn covers_are_learnt_recalled_tagged_and_compared() {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    with_covers(data.path());
    let covers = data.path().join("covers");
    // Cut where only decoding can tell; others are set aside while the data set is read.
    let whole = fs::read(covers.join("i3.png")).unwrap();
    fs::write(covers.join("i3.png"), &whole[..whole.len() / 2]).unwrap();
    fs::write(covers.join("i5.png"), "no picture").unwrap();
    fs::write(covers.join("i6.png"), "").unwrap();
    fs::remove_file(covers.join("i7.png")).unwrap();
    let (folder, kept) = (data.path().to_str().unwrap(), work.path().to_str().unwrap());
    let run = |level: &str| {
        let level = format!("cover.level={level}");
        let fixed = ["run", folder, "--out", kept, "--lanes", "hot,cover", "--json", "--set", &level];
        json(&binary().args(fixed).args(QUICK).output().unwrap())
    };
    let answer = run("leaf");
    let model = &answer["cover_model"]["leaf"];
    assert_eq!((model["read"].as_u64(), model["without_cover"].as_u64()), (Some(116), Some(3)), "{model}");
    assert_eq!(model["unreadable"], serde_json::json!(["i3"]));
    assert!(model["accuracy"].as_f64().unwrap() > 0.8, "{model}");
    assert_eq!(model["top5"], 1.0);
    assert!(answer["lanes"]["cover"]["recall@20"].as_f64().unwrap() > 0.0, "{}", answer["lanes"]["cover"]);
    assert!(answer["slices"]["tail_items"]["cover"]["recall@50"].is_f64(), "{}", answer["slices"]);
    let again = run("leaf");
    assert_eq!(again["lanes"]["cover"]["found"], true);
    assert_eq!(again["cover_model"], answer["cover_model"]);
    // Another level stands beside it.
    let other = run("level2");
    assert_ne!(other["lanes"]["cover"]["run"], answer["lanes"]["cover"]["run"]);
    assert_eq!(other["cover_model"]["level2"]["tags"], 2);
    let picture = covers.join("i8.png");
    let tag = |level: &str| json(&recallscope(["tag", kept, picture.to_str().unwrap(), "--level", level, "--json"]));
    let leaf = tag("leaf");
    assert_eq!(leaf["tags"][0]["tag"], "taste0");
    let sum: f64 = leaf["tags"].as_array().unwrap().iter().map(|tag| tag["confidence"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-4);
    assert_eq!(tag("level2")["tags"].as_array().unwrap().len(), 2);
    let near = json(&recallscope(["similar", kept, "--item", "i8", "--level", "leaf", "-k", "10", "--json"]));
    let near = near["items"].as_array().unwrap();
    assert_eq!(near.len(), 10);
    let same = near.iter().filter(|item| item["item_id"].as_str().unwrap()[1..].parse::<u64>().unwrap() % 4 == 0);
    assert!(same.count() >= 8, "{near:?}");
    assert!(near.windows(2).all(|pair| pair[0]["score"].as_f64() >= pair[1]["score"].as_f64()));
    // What cannot be answered says why.
    for (args, told) in [
        (["similar", kept, "--item", "i7"], "no cover"),
        (["similar", kept, "--item", "nobody"], "there is no item"),
        (["tag", kept, "no-such.png", "--level=leaf"], "no-such.png"),
        (["tag", kept, picture.to_str().unwrap(), "--level=level1"], "cover.level=level1"),
    ] {
        let output = recallscope(args);
        assert_ne!(output.status.code(), Some(0));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
    let recalled = json(&recallscope(["recall", kept, "--user", "u8", "--lane", "cover", "--json"]));
    let seeds = recalled["items"][0]["seeds"].as_array().unwrap();
    let shares: f64 = seeds.iter().map(|seed| seed["share"].as_f64().unwrap()).sum();
    assert!((shares - 1.0).abs() < 1e-4, "{recalled}");
    // The network of a kept run is a checkpoint for another training.
    let artifacts = fs::read_dir(work.path().join("artifacts")).unwrap().map(|file| file.unwrap().path());
    let of_cover = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("cover-");
    let file = artifacts.into_iter().find(of_cover).unwrap();
    let mut net = Resnet::new(Depth::Resnet18, true, 0);
    let matched = give(&read(&file).unwrap(), &mut net.parameters);
    assert_eq!((matched.taken, matched.missing.len()), (net.parameters.len(), 0), "{matched:?}");
}

#[test]
fn new_items_are_lifted_to_their_share_and_that_is_said() {
    let (data, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    with_covers(data.path());
    let mut items = fs::read_to_string(data.path().join("items.csv")).unwrap();
    for new in 0..40 {
        let covers = data.path().join("covers");
        fs::copy(covers.join(format!("i{new}.png")), covers.join(format!("n{new}.png"))).unwrap();
        writeln!(items, "n{new},新 {new},taste{}", new % 4).unwrap();
    }
    fs::write(data.path().join("items.csv"), items).unwrap();
    let (folder, kept) = (data.path().to_str().unwrap(), work.path().to_str().unwrap());
    let recalled = |share: &str| {
        let share = format!("cover_lane.new_share={share}");
        let fixed = ["run", folder, "--out", kept, "--lanes", "cover", "--json", "--set", &share];
        let answer = json(&binary().args(fixed).args(QUICK).output().unwrap());
        let run = answer["lanes"]["cover"]["run"].as_str().unwrap().to_owned();
        let answer = json(&recallscope(["recall", kept, "--user", "u8", "--run", &run, "-k", "50", "--json"]));
        let items: Vec<(String, f64)> = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["item"].as_str().unwrap().to_owned(), item["score"].as_f64().unwrap()))
            .collect();
        assert_eq!(items.len(), 50);
        assert!(items.is_sorted_by(|one, other| one.1 >= other.1), "{items:?}");
        (run, items)
    };
    let explained = |run: &str, item: &str| {
        json(&recallscope(["explain", kept, "--user", "u8", "--item", item, "--run", run, "--json"]))
    };
    let new = |items: &[(String, f64)]| items.iter().filter(|item| item.0.starts_with('n')).count();
    let (plain_run, plain) = recalled("0");
    let (lifted_run, lifted) = recalled("0.6");
    assert!(new(&plain) < 28, "{plain:?}");
    assert!((29..=30).contains(&new(&lifted)), "{lifted:?}");
    let (item, score) = lifted.iter().find(|item| item.0.starts_with('n')).unwrap();
    let lift = explained(&lifted_run, item)["lift"].as_f64().unwrap();
    assert!(lift > 0.0 && score - lift <= 1.0 + 1e-4, "{score} {lift}");
    assert!(explained(&plain_run, &plain[0].0)["lift"].is_null());
    let known = lifted.iter().find(|item| item.0.starts_with('i')).unwrap();
    assert!(explained(&lifted_run, &known.0)["lift"].is_null());
}

/// Keeps everything in memory.
#[derive(Default)]
struct Memory {
    checkpoint: Mutex<Option<Checkpoint>>,
    features: Mutex<Vec<(String, Vec<u32>, Embeddings)>>,
    finds: Mutex<usize>,
}

impl Store for Memory {
    fn load(&self) -> Option<Checkpoint> {
        self.checkpoint.lock().unwrap().clone()
    }

    fn save(&self, checkpoint: &Checkpoint) {
        *self.checkpoint.lock().unwrap() = Some(checkpoint.clone());
    }

    fn features(&self, key: &str) -> Option<(Vec<u32>, Embeddings)> {
        let kept = self.features.lock().unwrap();
        let (_, items, features) = kept.iter().find(|kept| kept.0 == key)?;
        *self.finds.lock().unwrap() += 1;
        Some((items.clone(), features.clone()))
    }

    fn keep_features(&self, key: &str, items: &[u32], features: &Embeddings) {
        self.features.lock().unwrap().push((key.to_owned(), items.to_vec(), features.clone()));
    }
}

#[test]
fn training_goes_on_from_a_checkpoint_and_freezes_what_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    with_covers(folder.path());
    let ctx = JobContext::default();
    let dataset = reading::load(folder.path(), None, None, &ctx).unwrap();
    let settings = quick();
    let data = TrainingData::new(&dataset, &settings).unwrap();
    assert_eq!((data.train.len(), data.held_out.len(), data.tags), (96, 24, 2));
    assert!(data.held_out.iter().all(|item| data.train.binary_search(item).is_err()));
    let values = |trained: &Trained| -> Vec<Vec<f32>> {
        trained.net.parameters().map(|parameter| parameter.values.clone()).collect()
    };
    let store = Memory::default();
    let whole = train(&dataset, &data, &settings, &store, &ctx).unwrap();
    // Stopped in its second epoch, it goes on from the checkpoint of the first to the same bytes.
    let stopped = Memory::default();
    let steps = data.train.len() / settings.batch;
    let cancelling = Arc::new(OnceLock::<JobContext>::new());
    let watched = cancelling.clone();
    let ctx_of_first = JobContext::with_listener(Arc::new(move || {
        if let Some(ctx) = watched.get() {
            let progress = ctx.progress().0;
            if progress.stage == "Training" && progress.done as usize == steps + 2 {
                ctx.cancel();
            }
        }
    }));
    cancelling.set(ctx_of_first.clone()).ok();
    let outcome = train(&dataset, &data, &settings, &stopped, &ctx_of_first);
    assert!(matches!(outcome, Err(CoverError::Cancelled(_))));
    assert_eq!(stopped.load().unwrap().epoch, 1);
    let again = train(&dataset, &data, &settings, &stopped, &ctx).unwrap();
    assert_eq!(values(&again), values(&whole));
    assert_eq!(again.vectors, whole.vectors);
    assert_eq!(again.items.len(), 120);
    // What is frozen stays, and its features are computed once.
    let start: Vec<Vec<f32>> =
        begin(&settings, 2).unwrap().parameters().map(|parameter| parameter.values.clone()).collect();
    let names: Vec<String> = whole.net.parameters().map(|parameter| parameter.name.clone()).collect();
    for (tuning, moves) in [
        (Tuning::LastStage, &["layer4", "cover", "tags"][..]),
        (Tuning::Frozen, &["cover", "tags"]),
        (Tuning::Frozen, &["cover", "tags"]),
    ] {
        let settings = CoverSettings { tuning, ..settings.clone() };
        // Each begins anew.
        *store.checkpoint.lock().unwrap() = None;
        let trained = train(&dataset, &data, &settings, &store, &ctx).unwrap();
        for ((name, after), before) in names.iter().zip(values(&trained)).zip(&start) {
            let may_move = moves.iter().any(|part| name.starts_with(part));
            assert_eq!(after != *before, may_move, "{tuning:?}: {name}");
        }
    }
    assert_eq!((store.features.lock().unwrap().len(), *store.finds.lock().unwrap()), (1, 1));
}
