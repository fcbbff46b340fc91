use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use rand::RngExt as _;

use super::{
    batch::{Batch, BatchSampler, log_chances, order, rng_at},
    layers::Layer,
    products::Products,
    step::{gradients, new_parameters},
    train::{Checkpoint, Checkpoints, LAST_STAGE, TrainingData},
    *,
};
use crate::{
    graph::{Block, Csr, MessageGraph},
    task::JobContext,
};

const NETWORKS: [Network; 3] = [Network::Sage, Network::Gat, Network::Gaan];

fn settings() -> GnnSettings {
    GnnSettings {
        features: FeatureMode::Id,
        dim: 4,
        heads: 2,
        batch: 8,
        negatives: 3,
        dropout: 0.0,
        epochs: 4,
        validation: 0.0,
        threads: 1,
        temperature: 0.5,
        ..GnnSettings::default()
    }
}

/// `users` of two tastes, each with some of `items` of his own.
fn data(users: u32, items: u32) -> TrainingData {
    let mut rng = rng_at(7, 0, 0);
    let mut pairs = Vec::new();
    for user in 0..users {
        for _ in 0..4 {
            pairs.push((user, (user % 2) + 2 * rng.random_range(0..items / 2)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let taken: Vec<(u32, u32, f32)> = pairs.iter().map(|&(user, item)| (user, item, 0.25)).collect();
    let similar: Vec<(u32, u32, f32)> =
        (0..items).flat_map(|item| [2, 4].map(|by| (item, (item + by) % items, 1.0 / by as f32))).collect();
    let graph = MessageGraph {
        user_item: Csr::from_triplets(users as usize, items as usize, &taken),
        item_item: Arc::new(Csr::from_triplets(items as usize, items as usize, &similar)),
    };
    let features = Features::of_ids(users as usize, items as usize);
    TrainingData { graph, features, shares: vec![1.0; pairs.len()], pairs, held_out: Vec::new() }
}

fn a_batch(data: &TrainingData, settings: &GnnSettings, network: Network) -> Batch {
    let chances = log_chances(&data.pairs, &data.shares, data.graph.items(), settings);
    let sampling = settings.sampling(network);
    let mut sampler = BatchSampler::new(&data.graph, &data.features, settings, &data.pairs, &chances, &sampling);
    let chosen: Vec<u32> = (0..settings.batch as u32).map(|place| place * 2).collect();
    sampler.batch(&chosen, &mut rng_at(3, 0, 0))
}

/// Shown as a newcomer, a user has the unknown id and few of his items; the others keep all that is not to be predicted.
#[test]
fn newcomers_are_shown_without_id_and_with_few_items() {
    let mut data = data(30, 40);
    let taken: Vec<(u32, u32, f32)> =
        (0..30).flat_map(|user| (0..10).map(move |item| (user, item + user % 3, 0.1))).collect();
    data.graph.user_item = Csr::from_triplets(30, 40, &taken);
    data.pairs = taken.iter().map(|&(user, item, _)| (user, item)).collect();
    data.shares = vec![1.0; data.pairs.len()];
    let (mut newcomers, mut others, mut most) = (0, 0, 0);
    let settings = GnnSettings { newcomers: 0.5, batch: 150, fan_outs: vec![0], ..settings() };
    let Batch { blocks, features, users, targets } = a_batch(&data, &settings, Network::Sage);
    let (block, unknown) = (blocks.last().unwrap(), data.features.unknown_id(true));
    for user in 0..users {
        let own = blocks[0].sources[user];
        let edges = block.offsets[user + 1] - block.offsets[user];
        let predicted = targets.users.iter().filter(|&&place| place as usize == user).count() as u32;
        if features.rows[features.offsets[user] as usize] == unknown {
            newcomers += 1;
            most = most.max(edges);
        } else {
            others += 1;
            assert_eq!(edges, data.graph.user_item.row(own).0.len() as u32 - predicted);
        }
    }
    assert!(newcomers >= 5 && others >= 5, "{newcomers} of {users}");
    assert!((1..=4).contains(&most), "{most} items");
}

#[test]
fn the_heaviest_items_of_a_user_are_kept_by_row() {
    let all =
        Neighbourhood { items: vec![2, 4, 7, 9], item_weights: vec![0.1, 0.4, 0.1, 0.4], ..Neighbourhood::default() };
    assert_eq!(all.clone().heaviest(0), all);
    assert_eq!(all.clone().heaviest(4), all);
    let three = all.heaviest(3);
    assert_eq!((three.items, three.item_weights), (vec![2, 4, 9], vec![0.1, 0.4, 0.4]));
}

/// Over many epochs each pair comes in its share of them, and epochs are equally long.
#[test]
fn an_epoch_goes_over_pairs_by_their_shares() {
    let shares: Vec<f32> = (0..400).map(|pair| [1.0, 0.5, 0.25, 0.05][pair % 4]).collect();
    let mut counts = [0usize; 4];
    for epoch in 0..300 {
        let order = order(&shares, 5, epoch);
        assert_eq!(order.len(), 180);
        order.iter().for_each(|pair| counts[*pair as usize % 4] += 1);
        let distinct: std::collections::BTreeSet<u32> = order.into_iter().collect();
        assert_eq!(distinct.len(), 180, "none comes twice");
    }
    for (count, share) in counts.into_iter().zip([1.0, 0.5, 0.25, 0.05]) {
        assert!((count as f64 / 30_000.0 - share).abs() < 0.01, "{count} at a share of {share}");
    }
}

/// Every tenth gradient of every kind of network is the numerical one.
#[test]
fn gradients_equal_numerical_ones() {
    for network in NETWORKS {
        for aggregator in [Aggregator::Mean, Aggregator::WeightedMean, Aggregator::MaxPool] {
            if network != Network::Sage && aggregator != Aggregator::Mean {
                continue;
            }
            let settings = GnnSettings { aggregator, fan_outs: vec![2, 1], ..settings() };
            let data = data(12, 10);
            let batch = a_batch(&data, &settings, network);
            let layers = Layer::all(network, &settings, &Products::default());
            let mut parameters = new_parameters(&layers, data.features.table_rows, &settings);
            // Away from 0, where the rectifiers have their kinks.
            parameters.table.values.iter_mut().for_each(|value| *value *= 5.0);
            let found = gradients(&layers, &parameters, &batch, &settings, 0, &Products::default());
            let loss = |parameters: &Parameters| {
                f64::from(gradients(&layers, parameters, &batch, &settings, 0, &Products::default()).loss)
            };
            let (mut off, mut count) = (0, 0);
            let mut compare = |name: &str, gradient: f32, moved: &dyn Fn(f32) -> Parameters| {
                let slope = |step: f32| (loss(&moved(step)) - loss(&moved(-step))) / (2.0 * f64::from(step));
                let (wide, narrow) = (slope(1e-2), slope(5e-3));
                count += 1;
                // A kink between the two points shows as two slopes that differ.
                if (wide - narrow).abs() < 2e-3 && (narrow - f64::from(gradient)).abs() > 3e-3 {
                    off += 1;
                    eprintln!("{network:?} {aggregator:?} {name}: {gradient} {narrow}");
                }
            };
            for (place, &row) in batch.features.unique.iter().enumerate().step_by(3) {
                let at = row as usize * settings.dim + place % settings.dim;
                compare("table", found.table[place * settings.dim + place % settings.dim], &|step| {
                    let mut moved = parameters.clone();
                    moved.table.values[at] += step;
                    moved
                });
            }
            for (name, gradient) in &found.dense {
                for at in (0..gradient.len()).step_by(5) {
                    compare(name, gradient[at], &|step| {
                        let mut moved = parameters.clone();
                        moved.dense.get_mut(name).unwrap().values[at] += step;
                        moved
                    });
                }
            }
            assert!(count > 20 && off == 0, "{network:?} {aggregator:?}: {off} of {count} gradients are off");
            assert_eq!(found.dense.len(), parameters.dense.len(), "every weight has a gradient");
        }
    }
}

/// One node with two neighbours, one head, all by hand.
#[test]
fn a_layer_of_three_nodes_is_what_the_paper_says() {
    let settings = GnnSettings { dim: 2, heads: 1, layers: 1, ..settings() };
    let layers = Layer::all(Network::Gat, &settings, &Products::default());
    let matrix = |columns: usize, values: &[f32]| Parameter::frozen(columns, values.to_vec());
    let mut dense = BTreeMap::new();
    for side in ["user", "item"] {
        dense.insert(format!("0.{side}.message"), matrix(2, &[1.0, 0.0, 0.0, 2.0]));
        dense.insert(format!("0.{side}.as-source"), matrix(2, &[1.0, -1.0]));
        dense.insert(format!("0.{side}.as-destination"), matrix(2, &[0.5, 0.5]));
        dense.insert(format!("0.{side}.self"), matrix(2, &[0.0; 4]));
        dense.insert(format!("0.{side}.bias"), matrix(2, &[0.25, 0.0]));
    }
    // The user (1, 1) sees himself and the items (2, 0) and (0, 1).
    let block = Block::from_lists(vec![0, 1, 2], 1, [(vec![0, 1, 2], vec![1.0; 3])]);
    let (out, tape) = layers[0].forward(&block, &[1.0, 1.0, 2.0, 0.0, 0.0, 1.0], &dense);
    // W h: (1, 2), (2, 0), (0, 2); as destination 1.5; as sources -1, 2, -2; scores 0.5, 3.5, -0.5.
    let scores = [0.5f64, 3.5, -0.5 * 0.2];
    let sum: f64 = scores.iter().map(|score| score.exp()).sum();
    let alphas: Vec<f64> = scores.iter().map(|score| score.exp() / sum).collect();
    let expected = [0.25 + alphas[0] + 2.0 * alphas[1], 2.0 * alphas[0] + 2.0 * alphas[2]];
    for (found, expected) in out.iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() < 1e-5, "{out:?} {expected}");
    }
    for (found, expected) in tape.into_alphas().unwrap().iter().zip(alphas) {
        assert!((f64::from(*found) - expected).abs() < 1e-5);
    }
}

/// Keeps the first checkpoint at or behind a step, and cancels there.
struct StopAt {
    kept: Mutex<Option<Checkpoint>>,
}

impl Checkpoints for StopAt {
    fn load(&self) -> Option<Checkpoint> {
        self.kept.lock().unwrap().clone()
    }

    fn save(&self, checkpoint: &Checkpoint) {
        *self.kept.lock().unwrap() = Some(checkpoint.clone());
    }
}

/// Trains until `stop`, which sees the stage and the steps done in it, and then from where that was left.
fn in_two_parts(
    network: Network,
    data: &TrainingData,
    settings: &GnnSettings,
    stop: impl Fn(&str, u64) -> bool + Send + Sync + 'static,
) -> (Checkpoint, Trained) {
    let checkpoints = StopAt { kept: Mutex::new(None) };
    let cancelling = std::sync::Arc::new(std::sync::OnceLock::<JobContext>::new());
    let ctx = {
        let cancelling = cancelling.clone();
        JobContext::with_listener(std::sync::Arc::new(move || {
            if let Some(ctx) = cancelling.get() {
                let (progress, _) = ctx.progress();
                if stop(&progress.stage, progress.done) {
                    ctx.cancel();
                }
            }
        }))
    };
    assert!(cancelling.set(ctx.clone()).is_ok());
    let stopped = train(network, data, settings, &checkpoints, &ctx);
    assert!(matches!(stopped, Err(GnnError::Cancelled(_))));
    let at = checkpoints.load().unwrap();
    (at, train(network, data, settings, &checkpoints, &JobContext::default()).unwrap())
}

#[test]
fn a_training_taken_up_again_ends_in_the_same_bytes() {
    let data = data(40, 20);
    for network in NETWORKS {
        let settings = GnnSettings { dropout: 0.2, fan_outs: vec![2], ..settings() };
        let whole = train(network, &data, &settings, &NoCheckpoints, &JobContext::default()).unwrap();
        let steps = data.pairs.len().div_ceil(settings.batch) as u64;
        for stop in [3, steps + 2] {
            let (at, resumed) = in_two_parts(network, &data, &settings, move |_, done| done == stop);
            assert_eq!(at.epoch * steps + at.step, stop);
            assert_eq!(resumed, whole, "{network:?} stopped at step {stop}");
        }
    }
}

/// The last training is one over everything, as long as the validated one was best; it too is taken up where it stood.
#[test]
fn a_validated_training_ends_with_one_over_everything() {
    let mut data = data(40, 20);
    data.held_out = (0..30).map(|user| (user, vec![data.graph.user_item.row(user).0[0]])).collect();
    let settings = GnnSettings { patience: 2, epochs: 6, ..settings() };
    let whole = train(Network::Sage, &data, &settings, &NoCheckpoints, &JobContext::default()).unwrap();
    let best = whole
        .validations
        .iter()
        .fold((0.0, f64::NEG_INFINITY), |best, &(epoch, value)| if value > best.1 { (epoch, value) } else { best });
    assert_eq!(whole.epochs as f64, best.0);
    assert!(whole.validations.len() as f64 <= best.0 + 2.0, "{:?}", whole.validations);
    let settings_of_last = GnnSettings { epochs: whole.epochs as usize, ..settings.clone() };
    data.held_out.clear();
    let over_all = train(Network::Sage, &data, &settings_of_last, &NoCheckpoints, &JobContext::default()).unwrap();
    assert_eq!(whole.parameters, over_all.parameters);
    data.held_out = (0..30).map(|user| (user, vec![data.graph.user_item.row(user).0[0]])).collect();
    let epoch = (data.pairs.len() - 30).div_ceil(settings.batch) as u64;
    // The second falls into the validation behind the first epoch.
    for (stage, stop) in [("Training", 3), ("Training", epoch), (LAST_STAGE, 2)] {
        let (_, resumed) = in_two_parts(Network::Sage, &data, &settings, move |at, done| at == stage && done == stop);
        assert_eq!(resumed, whole, "stopped in {stage}");
    }
}

/// Sums are made in one order, whatever the number of threads.
#[test]
fn threads_do_not_change_a_byte() {
    let data = data(40, 20);
    let run = |threads| {
        let settings = GnnSettings { threads, ..settings() };
        train(Network::Gat, &data, &settings, &NoCheckpoints, &JobContext::default()).unwrap()
    };
    assert_eq!(run(1), run(3));
}

/// Users of one taste come to lie near the items of that taste, of which they have only some.
#[test]
fn networks_learn_two_tastes() {
    let data = data(60, 40);
    for network in NETWORKS {
        let settings = GnnSettings { epochs: 60, dim: 8, batch: 64, negatives: 40, ..settings() };
        let trained = train(network, &data, &settings, &NoCheckpoints, &JobContext::default()).unwrap();
        let encoder = Encoder::new(network, &settings, &trained.parameters);
        let items = encoder.items(&data.graph, &data.features, &JobContext::default()).unwrap();
        let (mut right, mut all) = (0, 0);
        for user in 0..60 {
            let own = encoder.user(&data.neighbourhood(user), &items);
            let taken = data.graph.user_item.row(user).0;
            let score =
                |item: u32| own.iter().zip(items.0.last().unwrap().row(item as usize)).map(|(a, b)| a * b).sum::<f32>();
            let mut others: Vec<u32> = (0..40).filter(|item| !taken.contains(item)).collect();
            others.sort_by(|&one, &other| score(other).total_cmp(&score(one)));
            right += others[..10].iter().filter(|&&item| item % 2 == user % 2).count();
            all += 10;
        }
        assert!(right * 10 > all * 8, "{network:?}: {right} of {all} are of the user's taste");
    }
}

/// What is shown of attention gives the very vector that recalls: the last layer computed again from its weights.
#[test]
fn shown_attention_gives_the_vector_back() {
    let data = data(12, 10);
    let settings = settings();
    let layers = Layer::all(Network::Gat, &settings, &Products::default());
    let parameters = new_parameters(&layers, data.features.table_rows, &settings);
    let encoder = Encoder::new(Network::Gat, &settings, &parameters);
    let items = encoder.items(&data.graph, &data.features, &JobContext::default()).unwrap();
    let seen = encoder.attention_of_item(3, &data.graph, &items);
    assert_eq!(seen.len(), settings.layers);
    for layer in &seen {
        for head in 0..layer.heads {
            let sum: f32 = (0..layer.block.edges.len()).map(|edge| layer.alphas[edge * layer.heads + head]).sum();
            assert!((sum - 1.0).abs() < 1e-5);
        }
    }
    // z = mean over heads of Σ α W h, and W_self h + b, scaled to unit length.
    let (last, before) = (seen.last().unwrap(), &items.0[settings.layers - 1]);
    let weight = |part: &str| &parameters.dense[&format!("1.item.{part}")];
    let product = |x: &[f32], part: &str| -> Vec<f32> {
        let weight = weight(part);
        (0..weight.columns)
            .map(|column| x.iter().enumerate().map(|(row, x)| x * weight.values[row * weight.columns + column]).sum())
            .collect()
    };
    let mut out: Vec<f32> =
        product(before.row(3), "self").iter().zip(&weight("bias").values).map(|(a, b)| a + b).collect();
    for (edge, &source) in last.block.edges.iter().enumerate() {
        let item = last.block.sources[source as usize] as usize - data.graph.users();
        let projected = product(before.row(item), "message");
        for head in 0..last.heads {
            for dimension in 0..settings.dim {
                out[dimension] += last.alphas[edge * last.heads + head] * projected[head * settings.dim + dimension]
                    / last.heads as f32;
            }
        }
    }
    let length = out.iter().map(|value| value * value).sum::<f32>().sqrt();
    for (found, expected) in items.0[settings.layers].row(3).iter().zip(out) {
        assert!((found - expected / length).abs() < 1e-5);
    }
}

#[test]
fn settings_that_make_no_network_are_refused() {
    for (network, settings, name) in [
        (Network::Gat, GnnSettings { heads: 3, ..settings() }, "heads"),
        (Network::Sage, GnnSettings { layers: 4, ..settings() }, "layers"),
        (Network::Sage, GnnSettings { temperature: 0.0, ..settings() }, "temperature"),
    ] {
        let error = train(network, &data(12, 10), &settings, &NoCheckpoints, &JobContext::default()).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}
