//! Training: epochs over all pairs, validation, early stopping, checkpoints.

use std::{
    borrow::Cow,
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::{Duration, Instant},
};

use rustc_hash::FxHashSet;

use super::{
    GnnError,
    aggregate::dot,
    batch::{Batch, BatchSampler, epoch_len, log_chances, order, rng_at},
    features::Features,
    infer::{Encoder, Neighbourhood},
    layers::Layer,
    parameters::Parameters,
    products::Products,
    settings::{GnnSettings, Network},
    step::{fits, gradients, new_parameters},
};
use crate::{
    dataset::{
        Dataset,
        split::{Split, interactions_by_user},
    },
    graph::{Csr, MessageGraph, user_item_graph},
    models::wide::wide,
    task::{Cancelled, JobContext, Series},
};

/// Batches that wait for the optimiser, per sampling thread.
const AHEAD: usize = 2;
/// At most this many users are validated with.
const MOST_VALIDATED: usize = 2_000;
/// With fewer, the validation tells nothing, and training goes on to its last epoch.
const LEAST_VALIDATED: usize = 20;
/// Items recalled for a validation. More than anybody looks at: a long list tells epochs apart with less noise.
const VALIDATED_K: usize = 100;
/// The rates fall in a straight line over all epochs, to this share at the end.
const LEAST_RATE: f64 = 0.05;
/// A GPU is trusted whose gradients of an epoch's first batch lie within this share of the processor's.
const MOST_DISTANCE: f64 = 1e-3;
/// What the training over everything is called.
pub(super) const LAST_STAGE: &str = "Training on all";
/// What an epoch counts in the mean of the parameters. Single epochs differ by more than training gains in several of
/// them; their mean lies in the middle of what they wander about in (Izmailov et al., 2018).
const MEAN_SHARE: f32 = 0.25;
/// Seconds between two checkpoints, and how many times longer than writing one training goes on between them.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(10);
const CHECKPOINT_SHARE: u32 = 20;
/// A checkpoint larger than this is not written on the way out: whoever cancels does not wait for it.
const LARGE_CHECKPOINT: usize = 64 << 20;

/// What a graph network learns from and answers with.
#[derive(Debug, Clone)]
pub struct TrainingData {
    /// Of the whole training part.
    pub graph: MessageGraph,
    pub features: Features,
    /// All (user, item) of the training part, each once, sorted.
    pub pairs: Vec<(u32, u32)>,
    /// In what share of epochs each pair is learned from, `[pairs]`.
    pub shares: Vec<f32>,
    /// Per validated user the items held out, his last ones.
    pub(super) held_out: Vec<(u32, Vec<u32>)>,
}

/// Where a training can be taken up again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkpoint {
    pub parameters: Parameters,
    /// The mean of the parameters at the ends of the last epochs, without moments: what is validated and kept.
    pub mean: Parameters,
    pub best_epoch: u64,
    pub best_value: f64,
    /// How long the last training goes on, the one over everything; 0 while the one before it is validated.
    pub last_epochs: u64,
    /// Epochs done, and steps of the next one.
    pub epoch: u64,
    pub step: u64,
    /// Sum of the losses of the epoch under way.
    pub loss_sum: f64,
    /// (epoch, mean loss)
    pub losses: Vec<(f64, f64)>,
    /// (epoch, NDCG@100 of the validated users)
    pub validations: Vec<(f64, f64)>,
}

/// Keeps checkpoints of one training.
pub trait Checkpoints: Sync {
    fn load(&self) -> Option<Checkpoint>;
    /// Best effort: training goes on without.
    fn save(&self, checkpoint: &Checkpoint);
}

pub struct NoCheckpoints;

impl Checkpoints for NoCheckpoints {
    fn load(&self) -> Option<Checkpoint> {
        None
    }

    fn save(&self, _: &Checkpoint) {}
}

/// A trained network.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Without moments.
    pub parameters: Parameters,
    /// How many.
    pub epochs: u64,
    pub losses: Vec<(f64, f64)>,
    pub validations: Vec<(f64, f64)>,
}

impl TrainingData {
    /// `item_item` is the graph of similar items, of which each item keeps `settings.item_neighbours`.
    pub fn new(
        dataset: &Dataset,
        split: &Split,
        item_item: &Csr,
        settings: &GnnSettings,
        ctx: &JobContext,
    ) -> Result<Self, GnnError> {
        let user_item = user_item_graph(dataset, &split.train, ctx)?;
        let graph = MessageGraph::new(user_item, item_item, settings.item_neighbours);
        let pairs: Vec<(u32, u32)> = (0..graph.users() as u32)
            .flat_map(|user| graph.user_item.row(user).0.iter().map(move |&item| (user, item)))
            .collect();
        let features = Features::of_split(dataset, split, settings.features);
        let held_out = held_out(dataset, split, settings);
        let shares = shares(dataset, split, &pairs, settings);
        Ok(Self { graph, features, pairs, shares, held_out })
    }

    /// What the network knows of a user of the data set.
    pub fn neighbourhood(&self, user: u32) -> Neighbourhood {
        neighbourhood(&self.graph, &self.features, user)
    }
}

/// By the age of each pair's newest interaction.
fn shares(dataset: &Dataset, split: &Split, pairs: &[(u32, u32)], settings: &GnnSettings) -> Vec<f32> {
    let events = &dataset.events;
    let Some(left) = split.fading(events, settings.half_life_days) else { return vec![1.0; pairs.len()] };
    let mut shares = vec![0f32; pairs.len()];
    for &row in &split.train {
        let row = row as usize;
        if let Ok(pair) = pairs.binary_search(&(events.user[row], events.item[row])) {
            shares[pair] = shares[pair].max(left(row) as f32);
        }
    }
    shares
}

fn neighbourhood(graph: &MessageGraph, features: &Features, user: u32) -> Neighbourhood {
    let ((rows, row_weights), (items, item_weights)) = (features.of(user), graph.user_item.row(user));
    Neighbourhood {
        rows: rows.to_vec(),
        row_weights: row_weights.to_vec(),
        items: items.to_vec(),
        item_weights: item_weights.to_vec(),
    }
}

/// Of users with at least five items the last ones, `settings.validation` of each one's but one at least; of so many
/// users that no more than this share of all is missing in training. Many users with few items each tell epochs apart
/// better than few users with many.
fn held_out(dataset: &Dataset, split: &Split, settings: &GnnSettings) -> Vec<(u32, Vec<u32>)> {
    if settings.validation <= 0.0 {
        return Vec::new();
    }
    let by_user = interactions_by_user(dataset, &split.train);
    let (mut chosen, mut all) = (Vec::new(), 0);
    for user in 0..dataset.user_count() {
        let rows = &by_user.rows[by_user.offsets[user] as usize..by_user.offsets[user + 1] as usize];
        let mut items: Vec<u32> = Vec::new();
        let mut seen = FxHashSet::default();
        for &row in rows.iter().rev() {
            let item = dataset.events.item[row as usize];
            if seen.insert(item) {
                items.push(item);
            }
        }
        if items.len() >= 5 {
            let count = items.len();
            all += count;
            items.truncate(((count as f64 * settings.validation) as usize).max(1));
            items.sort_unstable();
            chosen.push((user as u32, items));
        }
    }
    let mut rng = rng_at(settings.seed, u64::MAX, 0);
    let most = MOST_VALIDATED.min(chosen.len());
    let mut left = all as f64 * settings.validation;
    let mut kept: Vec<usize> = rand::seq::index::sample(&mut rng, chosen.len(), most)
        .into_iter()
        .take_while(|&place| {
            left -= chosen[place].1.len() as f64;
            left >= 0.0
        })
        .collect();
    kept.sort_unstable();
    if kept.len() < LEAST_VALIDATED {
        return Vec::new();
    }
    kept.into_iter().map(|place| std::mem::take(&mut chosen[place])).collect()
}

/// `graph` without the edges that are held out.
fn without(graph: &MessageGraph, held_out: &[(u32, Vec<u32>)]) -> MessageGraph {
    let mut user_item = Csr::default();
    let mut next = held_out.iter().peekable();
    for user in 0..graph.users() as u32 {
        let out = next.next_if(|held| held.0 == user).map_or(&[][..], |held| &held.1);
        let (targets, weights) = graph.user_item.row(user);
        for (target, weight) in targets.iter().zip(weights) {
            if out.binary_search(target).is_err() {
                user_item.targets.push(*target);
                user_item.weights.push(*weight);
            }
        }
        user_item.offsets.push(user_item.targets.len() as u64);
    }
    MessageGraph { user_item, item_item: graph.item_item.clone() }
}

/// What some epochs learn from.
struct Part<'a> {
    graph: Cow<'a, MessageGraph>,
    pairs: Vec<(u32, u32)>,
    shares: Vec<f32>,
    /// See [`log_chances`].
    chances: Vec<f32>,
}

impl<'a> Part<'a> {
    /// The pairs of `data` that are edges of `graph`.
    fn new(graph: Cow<'a, MessageGraph>, data: &TrainingData, settings: &GnnSettings) -> Self {
        let is_edge = |pair: &(u32, u32)| graph.user_item.row(pair.0).0.binary_search(&pair.1).is_ok();
        let (pairs, shares): (Vec<_>, Vec<_>) = data
            .pairs
            .iter()
            .zip(&data.shares)
            .filter(|(pair, _)| is_edge(pair))
            .map(|(pair, share)| (*pair, *share))
            .unzip();
        let chances = log_chances(&pairs, &shares, graph.items(), settings);
        Self { graph, pairs, shares, chances }
    }

    fn steps(&self, settings: &GnnSettings) -> u64 {
        epoch_len(&self.shares).div_ceil(settings.batch) as u64
    }
}

/// Trains `network`, from its checkpoint if there is one.
///
/// Where interactions are held out, training says after how many epochs it was best on them, and begins once more, on
/// all of them, for so many epochs: they are the newest that is known of their users.
///
/// Every batch is drawn with a generator of its own, and every sum is made in one order: a training that goes on from a
/// checkpoint ends in the same bytes as one that was never stopped.
pub fn train(
    network: Network,
    data: &TrainingData,
    settings: &GnnSettings,
    checkpoints: &dyn Checkpoints,
    ctx: &JobContext,
) -> Result<Trained, GnnError> {
    settings.check(network)?;
    if data.pairs.is_empty() {
        return Err(GnnError::NoPairs);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build();
    match pool {
        Ok(pool) => pool.install(|| train_here(network, data, settings, checkpoints, ctx)),
        Err(error) => {
            log::warn!("training shares the threads of everything else: {error}");
            train_here(network, data, settings, checkpoints, ctx)
        }
    }
}

fn train_here(
    network: Network,
    data: &TrainingData,
    settings: &GnnSettings,
    checkpoints: &dyn Checkpoints,
    ctx: &JobContext,
) -> Result<Trained, GnnError> {
    let products = Products::on(&settings.device)?;
    let layers = Layer::all(network, settings, &products);
    let whole = Part::new(Cow::Borrowed(&data.graph), data, settings);
    let validated = (!data.held_out.is_empty())
        .then(|| Part::new(Cow::Owned(without(&data.graph, &data.held_out)), data, settings));
    let sampling = settings.sampling(network);
    let is_ours = |state: &Checkpoint| {
        fits(network, settings, &state.parameters) && state.parameters.table.rows() == data.features.table_rows
    };
    let begin = || new_parameters(&layers, data.features.table_rows, settings);
    let mut state = checkpoints.load().filter(is_ours).unwrap_or_else(|| Checkpoint {
        parameters: begin(),
        best_value: f64::NEG_INFINITY,
        last_epochs: if validated.is_none() { settings.epochs as u64 } else { 0 },
        ..Checkpoint::default()
    });
    for (series, points) in [(Series::Loss, &state.losses), (Series::Validation, &state.validations)] {
        points.iter().for_each(|&(epoch, value)| ctx.point(series, epoch, value));
    }
    let mut saved = Instant::now();
    let mut save_every = CHECKPOINT_EVERY;
    let mut is_announced = false;
    let save_on_the_way_out = |state: &Checkpoint, error: &GnnError| {
        if matches!(error, GnnError::Cancelled(_)) && size_of(state) < LARGE_CHECKPOINT {
            checkpoints.save(state);
        }
    };
    loop {
        let is_last = state.last_epochs > 0;
        // Of the epoch that has just ended, here or before the training was stopped.
        if let Some(part) = validated.as_ref().filter(|_| !is_last && (state.validations.len() as u64) < state.epoch) {
            let encoder = Encoder::new(network, settings, &state.mean);
            let value = match validate(&encoder, &part.graph, data, settings, ctx) {
                Ok(value) => value,
                Err(error) => {
                    save_on_the_way_out(&state, &error);
                    return Err(error);
                }
            };
            log::info!("epoch {}: validation {value:.4}", state.epoch);
            ctx.point(Series::Validation, state.epoch as f64, value);
            state.validations.push((state.epoch as f64, value));
            if value > state.best_value {
                (state.best_value, state.best_epoch) = (value, state.epoch);
            }
        }
        let epochs = if is_last { state.last_epochs } else { settings.epochs as u64 };
        let is_settled = !is_last && state.epoch >= state.best_epoch + settings.patience as u64;
        if state.epoch >= epochs || is_settled {
            if is_last {
                break;
            }
            state.last_epochs = state.best_epoch.max(1);
            (state.parameters, state.mean) = (begin(), Parameters::default());
            (state.epoch, state.step, state.loss_sum) = (0, 0, 0.0);
            is_announced = false;
            continue;
        }
        let chosen = validated.as_ref().filter(|_| !is_last).unwrap_or(&whole);
        let Part { graph, pairs, shares, chances } = chosen;
        let steps = chosen.steps(settings);
        if !is_announced {
            let stage = if is_last && validated.is_some() { LAST_STAGE } else { "Training" };
            ctx.stage(stage, steps * epochs, "steps");
            ctx.resume(state.epoch * steps + state.step);
            is_announced = true;
        }
        // The curves are those of the training that was validated.
        let is_drawn = !is_last || validated.is_none();
        let order = order(shares, settings.seed, state.epoch);
        let chunks: Vec<&[u32]> = order.chunks(settings.batch).collect();
        let first = state.step as usize;
        // One thread draws for every two that compute.
        let workers = (rayon::current_num_threads() / 2).max(1);
        let epoch = state.epoch;
        let (mut norms, mut steps_done, since) = (0f64, 0u64, Instant::now());
        let outcome = thread::scope(|scope| {
            let mut waiting: Vec<Receiver<Batch>> = Vec::with_capacity(workers);
            for worker in 0..workers {
                let (send, receive) = sync_channel(AHEAD);
                waiting.push(receive);
                let (chunks, sampling) = (&chunks, &sampling);
                scope.spawn(move || {
                    let mut sampler = BatchSampler::new(graph, &data.features, settings, pairs, chances, sampling);
                    for step in (first..chunks.len()).skip(worker).step_by(workers) {
                        let batch = sampler.batch(chunks[step], &mut rng_at(settings.seed, epoch, step as u64));
                        if send.send(batch).is_err() {
                            return;
                        }
                    }
                });
            }
            for step in first..chunks.len() {
                ctx.check()?;
                let Ok(batch) = waiting[(step - first) % workers].recv() else { break };
                let dropout_seed = settings.seed ^ (epoch << 32) ^ step as u64;
                let found = gradients(&layers, &state.parameters, &batch, settings, dropout_seed, &products);
                if step == first && !products.is_on_processor() {
                    let here = Layer::all(network, settings, &Products::default());
                    let parameters = &state.parameters;
                    let expected = gradients(&here, parameters, &batch, settings, dropout_seed, &Products::default());
                    let distance = expected.distance(&found);
                    if distance.is_nan() || distance > MOST_DISTANCE {
                        return Err(GnnError::Differs { device: settings.device.clone(), distance });
                    }
                }
                if !found.loss.is_finite() {
                    return Err(GnnError::NotFinite { epoch: epoch as usize + 1 });
                }
                let rates = settings.rates(rate_left(&state, steps, epochs));
                state.parameters.step(&batch.features.unique, &found.table, &found.dense, rates);
                norms += found.norm();
                steps_done += 1;
                state.step += 1;
                state.loss_sum += f64::from(found.loss);
                ctx.advance(1);
                if saved.elapsed() > save_every {
                    save_every = save(checkpoints, &state);
                    saved = Instant::now();
                }
            }
            Ok(())
        });
        if let Err(error) = outcome {
            save_on_the_way_out(&state, &error);
            return Err(error);
        }
        let secs = since.elapsed().as_secs_f64().max(1e-9);
        let loss = state.loss_sum / steps as f64;
        state.epoch += 1;
        (state.step, state.loss_sum) = (0, 0.0);
        let share = (1.0 / state.epoch as f32).max(MEAN_SHARE);
        state.mean.move_towards(&state.parameters, share);
        log::info!("epoch {}: loss {loss:.4}", state.epoch);
        let at = state.epoch as f64;
        if is_drawn {
            state.losses.push((at, loss));
            ctx.point(Series::Loss, at, loss);
            if steps_done > 0 {
                ctx.point(Series::GradientNorm, at, norms / steps_done as f64);
                ctx.point(Series::StepsPerSec, at, steps_done as f64 / secs);
            }
        }
    }
    let Checkpoint { mean, last_epochs, losses, validations, .. } = state;
    Ok(Trained { parameters: mean, epochs: last_epochs, losses, validations })
}

/// What is left of the rates.
fn rate_left(state: &Checkpoint, steps: u64, epochs: u64) -> f32 {
    let done = (state.epoch as f64 + state.step as f64 / steps as f64) / epochs as f64;
    (1.0 - (1.0 - LEAST_RATE) * done) as f32
}

/// Gives how long to train on before the next one.
fn save(checkpoints: &dyn Checkpoints, state: &Checkpoint) -> Duration {
    let since = Instant::now();
    checkpoints.save(state);
    CHECKPOINT_EVERY.max(since.elapsed() * CHECKPOINT_SHARE)
}

fn size_of(state: &Checkpoint) -> usize {
    // The values, two moments and the mean.
    16 * state.parameters.table.values.len()
}

/// Mean NDCG@100 of what is held out, over all items, without those that the user has otherwise.
fn validate(
    encoder: &Encoder<&Parameters>,
    graph: &MessageGraph,
    data: &TrainingData,
    settings: &GnnSettings,
    ctx: &JobContext,
) -> Result<f64, GnnError> {
    use rayon::prelude::*;
    let most = settings.user_neighbours;
    let items = encoder.items(graph, &data.features, ctx)?;
    let neighbourhoods: Vec<Neighbourhood> =
        data.held_out.iter().map(|held| neighbourhood(graph, &data.features, held.0).heaviest(most)).collect();
    let users = encoder.users(&neighbourhoods, &items, ctx)?;
    let last = &items.0[items.0.len() - 1];
    let gains: Vec<f64> = (0..data.held_out.len())
        .into_par_iter()
        .map(|place| {
            ctx.check()?;
            let (own, (user, held)) = (users.row(place), &data.held_out[place]);
            let taken = graph.user_item.row(*user).0;
            let mut scores: Vec<(f32, u32)> = Vec::with_capacity(last.len());
            wide(
                #[inline(always)]
                || {
                    let rest = (0..last.len() as u32).filter(|item| taken.binary_search(item).is_err());
                    scores.extend(rest.map(|item| (dot(own, last.row(item as usize)), item)));
                },
            );
            let k = VALIDATED_K.min(scores.len());
            if k == 0 {
                return Ok(0.0);
            }
            scores.select_nth_unstable_by(k - 1, |one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            let first = &mut scores[..k];
            first.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            let gain = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
            let ranks = (0..k).filter(|&rank| held.binary_search(&first[rank].1).is_ok());
            Ok(ranks.map(gain).sum::<f64>() / (0..k.min(held.len())).map(gain).sum::<f64>())
        })
        .collect::<Result<_, Cancelled>>()?;
    Ok(gains.iter().sum::<f64>() / gains.len().max(1) as f64)
}
