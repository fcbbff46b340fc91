//! Training: steps over changed pictures, validation, early stopping, checkpoints.

use std::{
    path::Path,
    sync::mpsc::sync_channel,
    thread,
    time::{Duration, Instant},
};

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::{
    CoverError, CoverNet, CoverSettings, Inference, Resnet,
    head::{Head, Loss},
    pictures::{Pictures, View},
    resnet::{Parameter, Role},
    settings::{Schedule, Tuning},
    tape::{self, Workshop},
    tensors,
};
use crate::{
    dataset::{Dataset, TagLevel},
    models::Embeddings,
    task::{Cancelled, JobContext, Series},
};

/// Batches that wait for the network.
const AHEAD: usize = 2;
/// Of the gradients before.
const MOMENTUM: f32 = 0.9;
/// Epochs over which the rate rises.
const RISE: f64 = 1.0;
/// With fewer, the validation tells nothing.
const LEAST_VALIDATED: usize = 20;
/// Pictures that are answered together.
const TOGETHER: usize = 32;
/// How many times longer than writing a checkpoint training goes on before the next one.
const CHECKPOINT_SHARE: u32 = 20;

/// Covers, and what is to be read off them.
#[derive(Debug, Clone, Default)]
pub struct TrainingData {
    pub level: TagLevel,
    /// Number of tags of the level.
    pub tags: usize,
    /// Rows of items, sorted: learnt from, choosing the epoch, held out.
    pub train: Vec<u32>,
    pub validation: Vec<u32>,
    pub held_out: Vec<u32>,
}

/// Where a training can be taken up again. Values are in the order of the network's parameters, the head's last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkpoint {
    pub values: Vec<Vec<f32>>,
    pub momenta: Vec<Vec<f32>>,
    pub best: Vec<Vec<f32>>,
    pub best_epoch: u64,
    pub best_value: f64,
    /// Epochs done.
    pub epoch: u64,
    /// (epoch, mean loss)
    pub losses: Vec<(f64, f64)>,
    /// (epoch, accuracy)
    pub validations: Vec<(f64, f64)>,
}

/// Keeps what a training can take up again.
pub trait Store: Sync {
    fn load(&self) -> Option<Checkpoint>;
    /// Best effort: training goes on without.
    fn save(&self, checkpoint: &Checkpoint);
    /// Features of a network that is not trained, by rows of items.
    fn features(&self, key: &str) -> Option<(Vec<u32>, Embeddings)>;
    fn keep_features(&self, key: &str, items: &[u32], features: &Embeddings);
}

/// Keeps nothing.
pub struct NoStore;

impl Store for NoStore {
    fn load(&self) -> Option<Checkpoint> {
        None
    }

    fn save(&self, _: &Checkpoint) {}

    fn features(&self, _: &str) -> Option<(Vec<u32>, Embeddings)> {
        None
    }

    fn keep_features(&self, _: &str, _: &[u32], _: &Embeddings) {}
}

/// A trained network, and what it makes of every cover.
#[derive(Debug, Clone)]
pub struct Trained {
    pub net: CoverNet,
    /// Items whose cover could be read, sorted, and their cover vectors.
    pub items: Vec<u32>,
    pub vectors: Embeddings,
    pub best_epoch: u64,
}

/// The tags of `level` that an item has, each once.
pub fn tags_of(dataset: &Dataset, item: u32, level: TagLevel) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for &leaf in dataset.items.tags.of(item) {
        let tag = dataset.tags.ancestor(leaf, level);
        if !found.contains(&tag) {
            found.push(tag);
        }
    }
    found
}

/// Every item with a cover.
fn with_cover(dataset: &Dataset) -> Vec<u32> {
    (0..dataset.item_count() as u32).filter(|&item| dataset.items.cover[item as usize].is_some()).collect()
}

fn path_of(dataset: &Dataset, item: u32) -> &Path {
    dataset.items.cover[item as usize].as_deref().unwrap_or_else(|| Path::new(""))
}

impl TrainingData {
    /// The same items are held out for every level and by every training with one seed.
    pub fn new(dataset: &Dataset, settings: &CoverSettings) -> Result<Self, CoverError> {
        let level = settings.level;
        let tags = dataset.tags.names(level).len();
        let mut labelled: Vec<u32> =
            with_cover(dataset).into_iter().filter(|&item| !dataset.items.tags.of(item).is_empty()).collect();
        if labelled.len() < 10 || tags < 2 {
            return Err(CoverError::NoCovers { covers: labelled.len(), tags });
        }
        labelled.shuffle(&mut Pcg64Mcg::seed_from_u64(settings.seed));
        let part = |count: usize, share: f64| (count as f64 * share).round() as usize;
        let mut rest = labelled.split_off(part(labelled.len(), settings.held_out));
        let mut train = rest.split_off(part(rest.len(), settings.validation));
        let mut validation = rest;
        if validation.len() < LEAST_VALIDATED {
            train.append(&mut validation);
        }
        if train.len() > settings.most_covers {
            log::warn!("the cover model learns from {} of {} covers", settings.most_covers, train.len());
            train.truncate(settings.most_covers);
        }
        let mut held_out = labelled;
        [&mut train, &mut validation, &mut held_out].into_iter().for_each(|part| part.sort_unstable());
        Ok(Self { level, tags, train, validation, held_out })
    }
}

/// Trains a cover model, from its checkpoint if there is one, and encodes every cover.
pub fn train(
    dataset: &Dataset,
    data: &TrainingData,
    settings: &CoverSettings,
    store: &dyn Store,
    ctx: &JobContext,
) -> Result<Trained, CoverError> {
    settings.check()?;
    match rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build() {
        Ok(pool) => pool.install(|| train_here(dataset, data, settings, store, ctx)),
        Err(error) => {
            log::warn!("training shares the threads of everything else: {error}");
            train_here(dataset, data, settings, store, ctx)
        }
    }
}

/// The network as training begins, with the tensors of a checkpoint.
pub fn begin(settings: &CoverSettings, tags: usize) -> Result<CoverNet, CoverError> {
    let mut resnet = Resnet::new(settings.backbone, settings.max_pool, settings.seed);
    if !settings.checkpoint.is_empty() {
        let path = Path::new(&settings.checkpoint);
        let found = tensors::read(path)?;
        let matched = tensors::give(&found, &mut resnet.parameters);
        let network = settings.backbone.name();
        if matched.taken == 0 {
            return Err(tensors::TensorsError::Foreign { tensors: found.len(), network, path: path.to_owned() }.into());
        }
        if !(matched.missing.is_empty() && matched.misshapen.is_empty()) {
            log::warn!("{}", matched.told(network));
        }
    }
    let head = Head::new(resnet.depth.features(), settings.dim, tags, settings.seed);
    Ok(CoverNet { resnet, head })
}

/// What is learnt from: pictures, or features that no longer change.
enum Inputs {
    Pictures(Pictures),
    Features(Vec<f32>),
}

struct Examples {
    inputs: Inputs,
    truth: Vec<Vec<u32>>,
}

impl Examples {
    fn decode(
        dataset: &Dataset,
        items: &[u32],
        level: TagLevel,
        view: View,
        ctx: &JobContext,
    ) -> Result<Self, Cancelled> {
        let paths: Vec<&Path> = items.iter().map(|&item| path_of(dataset, item)).collect();
        let (pictures, places, _) = Pictures::decode(&paths, view, ctx)?;
        let truth = places.iter().map(|&place| tags_of(dataset, items[place], level)).collect();
        Ok(Self { inputs: Inputs::Pictures(pictures), truth })
    }

    /// Of items whose features are known.
    fn known(dataset: &Dataset, items: &[u32], level: TagLevel, features: &(Vec<u32>, Embeddings)) -> Self {
        let (mut rows, mut truth) = (Vec::new(), Vec::new());
        for &item in items {
            if let Ok(place) = features.0.binary_search(&item) {
                rows.extend_from_slice(features.1.row(place));
                truth.push(tags_of(dataset, item, level));
            }
        }
        Self { inputs: Inputs::Features(rows), truth }
    }
}

fn train_here(
    dataset: &Dataset,
    data: &TrainingData,
    settings: &CoverSettings,
    store: &dyn Store,
    ctx: &JobContext,
) -> Result<Trained, CoverError> {
    let mut net = begin(settings, data.tags)?;
    let view = View::new(settings.side_for(with_cover(dataset).len()), settings.framing);
    let frozen = settings.tuning == Tuning::Frozen;
    let features = if frozen { Some(all_features(dataset, &net.resnet, settings, view, store, ctx)?) } else { None };
    let examples = |items: &[u32]| match &features {
        Some(features) => Ok(Examples::known(dataset, items, data.level, features)),
        None => Examples::decode(dataset, items, data.level, view, ctx),
    };
    ctx.stage("Decoding covers", (data.train.len() + data.validation.len()) as u64, "covers");
    let (learnt, validated) = (examples(&data.train)?, examples(&data.validation)?);
    if learnt.truth.len() < 2 {
        return Err(CoverError::NoCovers { covers: learnt.truth.len(), tags: data.tags });
    }
    let best_epoch = learn(&mut net, &learnt, &validated, settings, store, ctx)?;
    let (items, vectors) = match features {
        Some((items, features)) => (items, net.head.vectors(&features.rows)),
        None => {
            let encoder = Encoder { inference: Inference::new(&net.resnet, 4), view };
            let (items, features) = encoder.all(dataset, ctx)?;
            (items, net.head.vectors(&features.rows))
        }
    };
    let vectors = Embeddings { dim: settings.dim, rows: vectors };
    if let Some(item) = vectors.rows.iter().position(|value| !value.is_finite()) {
        log::warn!("the cover vector of item row {} is not finite", items[item / settings.dim]);
        return Err(CoverError::NotFinite { epoch: best_epoch as usize });
    }
    Ok(Trained { net, items, vectors, best_epoch })
}

/// A network with the way that pictures come to it.
pub struct Encoder {
    pub inference: Inference,
    pub view: View,
}

impl Encoder {
    /// Of every item with a cover that can be read: rows of items, and their features. The others are named in the log.
    pub fn all(&self, dataset: &Dataset, ctx: &JobContext) -> Result<(Vec<u32>, Embeddings), Cancelled> {
        let items = with_cover(dataset);
        ctx.stage("Reading covers", items.len() as u64, "covers");
        let (mut read, mut features) = (Vec::new(), Vec::new());
        for items in items.chunks(TOGETHER) {
            let paths: Vec<&Path> = items.iter().map(|&item| path_of(dataset, item)).collect();
            let (pictures, places, failures) = Pictures::decode(&paths, self.view, ctx)?;
            for (place, error) in failures {
                log::warn!("{} is left out of the covers: {error}", dataset.items.ids.name(items[place]));
            }
            if !pictures.is_empty() {
                let all: Vec<usize> = (0..pictures.len()).collect();
                features.extend(self.inference.features(&pictures.middles(&all)));
                read.extend(places.into_iter().map(|place| items[place]));
            }
        }
        let dim = features.len().checked_div(read.len()).unwrap_or(0);
        Ok((read, Embeddings { dim, rows: features }))
    }
}

/// The features of every cover under a network that is not trained: found, or computed once.
fn all_features(
    dataset: &Dataset,
    resnet: &Resnet,
    settings: &CoverSettings,
    view: View,
    store: &dyn Store,
    ctx: &JobContext,
) -> Result<(Vec<u32>, Embeddings), CoverError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(dataset.fingerprint.as_bytes());
    hasher.update(format!("{view:?} {} {:?}", resnet.max_pool, settings.backbone).as_bytes());
    for parameter in &resnet.parameters {
        hasher.update(bytemuck::cast_slice(&parameter.values));
    }
    let key = hasher.finalize().to_hex()[..24].to_owned();
    if let Some(found) = store.features(&key)
        && found.1.dim == resnet.depth.features()
        && found.1.len() == found.0.len()
        && found.0.is_sorted_by(|one, next| one < next)
        && found.0.last().is_none_or(|&item| (item as usize) < dataset.item_count())
    {
        return Ok(found);
    }
    let encoder = Encoder { inference: Inference::new(resnet, 4), view };
    let (items, features) = encoder.all(dataset, ctx)?;
    store.keep_features(&key, &items, &features);
    Ok((items, features))
}

/// Gives the best epoch, whose values `net` then has.
fn learn(
    net: &mut CoverNet,
    learnt: &Examples,
    validated: &Examples,
    settings: &CoverSettings,
    store: &dyn Store,
    ctx: &JobContext,
) -> Result<u64, CoverError> {
    let shop = Workshop::new(ctx);
    let loss = Loss { weights: weights(learnt, net.head.tags(), settings), smoothing: settings.label_smoothing as f32 };
    let first = match settings.tuning {
        Tuning::All => 0,
        Tuning::LastStage => 3,
        Tuning::Frozen => 4,
    };
    let before = (first == 3).then(|| Inference::new(&net.resnet, 3));
    let is_ours = |state: &Checkpoint| {
        let fits = |values: &[Vec<f32>]| {
            values.len() == net.parameters().count()
                && net.parameters().zip(values).all(|(parameter, values)| parameter.values.len() == values.len())
        };
        fits(&state.values) && fits(&state.momenta) && fits(&state.best)
    };
    let mut state = store.load().filter(is_ours).unwrap_or_else(|| Checkpoint {
        values: net.values(),
        momenta: net.parameters().map(|parameter| vec![0.0; parameter.values.len()]).collect(),
        best: net.values(),
        best_value: f64::NEG_INFINITY,
        ..Checkpoint::default()
    });
    net.take(&state.values);
    let count = learnt.truth.len();
    // The last batch of an epoch is left out where it is not whole: its moments would be of few pictures.
    let batch = settings.batch.min(count);
    let steps = count / batch;
    let epochs = settings.epochs_for(count);
    ctx.stage("Training", (steps * epochs) as u64, "steps");
    ctx.resume(state.epoch * steps as u64);
    for (series, points) in [(Series::Loss, &state.losses), (Series::Validation, &state.validations)] {
        points.iter().for_each(|&(epoch, value)| ctx.point(series, epoch, value));
    }
    let (mut saved, mut save_every) = (Instant::now(), Duration::ZERO);
    while state.epoch < epochs as u64 && !is_over(&state, settings) {
        let mut order: Vec<usize> = (0..count).collect();
        order.shuffle(&mut Pcg64Mcg::seed_from_u64(settings.seed ^ (state.epoch + 1) << 20));
        let batches: Vec<&[usize]> = order.chunks_exact(batch).collect();
        let (epoch, since) = (state.epoch, Instant::now());
        let (mut sum, mut norms) = (0f64, 0f64);
        thread::scope(|scope| -> Result<(), CoverError> {
            let (send, receive) = sync_channel(AHEAD);
            if let Inputs::Pictures(pictures) = &learnt.inputs {
                let batches = &batches;
                scope.spawn(move || {
                    for places in batches {
                        let seed = |at: usize| settings.seed ^ (epoch + 1) << 40 ^ (places[at] as u64 + 1) << 8;
                        if send.send(pictures.changed(places, settings, seed)).is_err() {
                            return;
                        }
                    }
                });
            }
            for (step, places) in batches.iter().enumerate() {
                ctx.check()?;
                let truth: Vec<&[u32]> = places.iter().map(|&place| &learnt.truth[place][..]).collect();
                let (features, tape) = match &learnt.inputs {
                    Inputs::Features(rows) => {
                        let dim = net.head.features();
                        (places.iter().flat_map(|&place| &rows[place * dim..][..dim]).copied().collect(), None)
                    }
                    Inputs::Pictures(_) => {
                        let Ok(pictures) = receive.recv() else { break };
                        let start = before.as_ref().map_or_else(|| pictures.clone(), |before| before.map(&pictures));
                        let (features, tape) = tape::forward(&mut net.resnet, start, first, &shop)?;
                        (features, Some(tape))
                    }
                };
                let (found, of_head, of_features) = net.head.step(&features, &truth, &loss);
                if !found.is_finite() {
                    return Err(CoverError::NotFinite { epoch: epoch as usize + 1 });
                }
                let of_net = tape.map(|tape| tape::backward(&net.resnet, tape, &of_features, &shop)).transpose()?;
                let at = epoch as f64 + step as f64 / steps as f64;
                let rate = rate(settings, epochs, at) as f32;
                let gradients = of_net.unwrap_or_else(|| vec![Vec::new(); net.resnet.parameters.len()]);
                let all: Vec<&[f32]> = gradients.iter().chain(&of_head).map(|gradient| &gradient[..]).collect();
                norms += f64::from(descend(net, &all, &mut state.momenta, rate, settings.weight_decay as f32));
                tape::release(gradients, &shop);
                sum += f64::from(found);
                ctx.advance(1);
            }
            Ok(())
        })?;
        state.epoch += 1;
        let (at, mean) = (state.epoch as f64, sum / steps as f64);
        ctx.point(Series::Loss, at, mean);
        ctx.point(Series::GradientNorm, at, norms / steps as f64);
        ctx.point(Series::StepsPerSec, at, steps as f64 / since.elapsed().as_secs_f64().max(1e-9));
        state.losses.push((at, mean));
        let value = if validated.truth.is_empty() {
            at
        } else {
            let value = validate(net, validated, ctx)?;
            ctx.point(Series::Validation, at, value);
            state.validations.push((at, value));
            value
        };
        // Of equal epochs the later one has seen more.
        if value >= state.best_value {
            (state.best_value, state.best_epoch, state.best) = (value, state.epoch, net.values());
        }
        log::info!("epoch {}: loss {mean:.4}, validation {value:.4}", state.epoch);
        if saved.elapsed() >= save_every {
            state.values = net.values();
            let since = Instant::now();
            store.save(&state);
            (saved, save_every) = (Instant::now(), since.elapsed() * CHECKPOINT_SHARE);
        }
    }
    net.take(&state.best);
    Ok(state.best_epoch)
}

fn is_over(state: &Checkpoint, settings: &CoverSettings) -> bool {
    !state.validations.is_empty() && state.epoch >= state.best_epoch + settings.patience as u64
}

/// The rate after `at` of `epochs`.
fn rate(settings: &CoverSettings, epochs: usize, at: f64) -> f64 {
    let done = at / epochs as f64;
    let left = match settings.schedule {
        Schedule::Cosine => 0.5 + 0.5 * (std::f64::consts::PI * done).cos(),
        Schedule::Linear => 1.0 - done,
        Schedule::Constant => 1.0,
    };
    let rise = if epochs as f64 > 2.0 * RISE { (at / RISE).clamp(0.02, 1.0) } else { 1.0 };
    settings.learning_rate * left * rise
}

/// Per tag what a cover of it counts; the mean over the covers is 1.
fn weights(learnt: &Examples, tags: usize, settings: &CoverSettings) -> Vec<f32> {
    let mut counts = vec![0f64; tags];
    learnt.truth.iter().flatten().for_each(|&tag| counts[tag as usize] += 1.0);
    let all: f64 = counts.iter().sum();
    let mut weights: Vec<f64> =
        counts.iter().map(|count| (all / count.max(1.0)).powf(settings.class_balance)).collect();
    let mean = weights.iter().zip(&counts).map(|(weight, count)| weight * count).sum::<f64>() / all.max(1.0);
    weights.iter_mut().for_each(|weight| *weight /= mean.max(f64::MIN_POSITIVE));
    weights.into_iter().map(|weight| weight as f32).collect()
}

/// One step of descent with Nesterov's momentum; gives the length of all gradients together.
fn descend(net: &mut CoverNet, gradients: &[&[f32]], momenta: &mut [Vec<f32>], rate: f32, decay: f32) -> f32 {
    let parameters: Vec<&mut Parameter> = net.parameters_mut().collect();
    let squares: f32 = parameters
        .into_par_iter()
        .zip(gradients)
        .zip(momenta)
        .filter(|((_, gradient), _)| !gradient.is_empty())
        .map(|((parameter, gradient), momentum)| {
            let decay = if parameter.role == Role::Weight { decay } else { 0.0 };
            let mut squares = 0f32;
            for ((value, &gradient), momentum) in parameter.values.iter_mut().zip(*gradient).zip(momentum) {
                squares += gradient * gradient;
                let gradient = gradient + decay * *value;
                *momentum = MOMENTUM * *momentum + gradient;
                *value -= rate * (gradient + MOMENTUM * *momentum);
            }
            squares
        })
        .collect::<Vec<f32>>()
        .into_iter()
        .sum();
    squares.sqrt()
}

/// The share of pictures whose surest tag is one of theirs.
fn validate(net: &CoverNet, examples: &Examples, ctx: &JobContext) -> Result<f64, Cancelled> {
    let inference = matches!(examples.inputs, Inputs::Pictures(_)).then(|| Inference::new(&net.resnet, 4));
    let places: Vec<usize> = (0..examples.truth.len()).collect();
    let mut right = 0usize;
    for places in places.chunks(TOGETHER) {
        ctx.check()?;
        let features = match (&examples.inputs, &inference) {
            (Inputs::Pictures(pictures), Some(inference)) => inference.features(&pictures.middles(places)),
            (Inputs::Features(rows), _) => {
                let dim = net.head.features();
                rows[places[0] * dim..(places[places.len() - 1] + 1) * dim].to_vec()
            }
            (Inputs::Pictures(_), None) => Vec::new(),
        };
        let logits = net.head.logits(&net.head.vectors(&features));
        for (row, &place) in logits.chunks_exact(net.head.tags()).zip(places) {
            let surest = (0..row.len()).max_by(|&one, &other| row[one].total_cmp(&row[other])).unwrap_or_default();
            right += usize::from(examples.truth[place].contains(&(surest as u32)));
        }
    }
    Ok(right as f64 / examples.truth.len().max(1) as f64)
}
