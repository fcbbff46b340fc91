//! Skip-gram with negative sampling over sessions (Mikolov et al., 2013), trained by all cores without locks.
//!
//! One kernel serves every shallow model: what is a "word" there is an item, a node or a cluster here. Per centre of a
//! session, the *input* vectors of its contexts are trained against the *output* vectors of the centre and of its
//! negatives. Inputs that a thread changes stand in a buffer of its own for one stretch of a session; outputs are changed
//! in place (see [`rows`]).

mod kernel;
mod rows;
mod sampling;
mod worker;

use std::{
    ops::RangeInclusive,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use self::{
    rows::SharedRows,
    sampling::{Group, groups, keep_chances},
    worker::{LOSS_EVERY, Worker},
};
use super::{Embeddings, vector::Instructions};
use crate::task::{Cancelled, JobContext, Series};

/// Sessions of items as compressed rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sessions {
    /// `[sessions + 1]`
    pub offsets: Vec<u64>,
    /// Items `0..vocab`, each session's in order of time.
    pub items: Vec<u32>,
}

impl Sessions {
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items of one session. Panics outside `0..len`.
    pub fn of(&self, session: usize) -> &[u32] {
        &self.items[self.offsets[session] as usize..self.offsets[session + 1] as usize]
    }

    /// Adds a session at the end.
    pub fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        self.items.extend(items);
        self.offsets.push(self.items.len() as u64);
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SkipGramSettings {
    /// Length of a vector.
    pub dim: usize,
    pub epochs: usize,
    /// Positions to each side that count as context; 0 means the whole session.
    pub window: usize,
    /// Whether each centre draws its own window from `1..=window`, so that near items count more.
    pub shrink_windows: bool,
    /// Negatives a positive pair.
    pub negatives: usize,
    /// Contexts of one centre that share their negatives, 1 to 32. With 1 each pair has its own, as in word2vec. More
    /// are faster (16 about three times); what input vectors predict of output vectors stays as good, but cosines among
    /// input vectors tell a little less.
    pub share_negatives: usize,
    /// Negatives are drawn in proportion to the item's count to this power.
    pub ns_exponent: f64,
    /// At the begin; falls in a straight line to a ten-thousandth of it.
    pub learning_rate: f32,
    /// Share of all occurrences above which an item's occurrences are thinned out; 0 keeps all.
    pub subsampling: f64,
    /// 0 means all cores. With 1 thread the same seed gives the same bits (on machines with the same instructions); with
    /// more, threads write over one another without locks, and two trainings differ a little.
    pub threads: usize,
    pub seed: u64,
}

impl Default for SkipGramSettings {
    fn default() -> Self {
        Self {
            dim: 64,
            epochs: 5,
            window: 10,
            shrink_windows: false,
            negatives: 5,
            share_negatives: 1,
            ns_exponent: 0.75,
            learning_rate: 0.025,
            subsampling: 0.0,
            threads: 0,
            seed: 42,
        }
    }
}

/// Sessions are handed out in chunks of about this many pairs of items …
const CHUNK_PAIRS: u64 = 200_000;

/// … but an epoch has at least this many chunks if it can, so that the learning rate falls smoothly.
const LEAST_CHUNKS: u64 = 64;

/// The loss curve of a whole training has about this many points at most …
const CURVE_POINTS: u64 = 200;

/// … besides the first stretches, in which the loss falls fastest: each of them is a point …
const FIRST_POINTS: u64 = 20;

/// … and each is the mean over as many pairs, within these bounds. How many follows from the sessions alone, so that
/// the curves of long and short trainings on one log begin at one height and can be laid over each other.
const POINT_PAIRS: RangeInclusive<u64> = 1 << 10..=1 << 18;

/// The model: vectors before and after training.
pub struct SkipGram {
    dim: usize,
    input: SharedRows,
    output: SharedRows,
    noise_logs: Vec<f32>,
}

/// What all threads of a training look at.
struct Training<'a> {
    settings: &'a SkipGramSettings,
    sessions: &'a Sessions,
    input: &'a SharedRows,
    output: &'a SharedRows,
    /// Whose negatives come from where: those of an item from its own group.
    negatives: &'a [Group],
    keep: Option<&'a [f32]>,
    instructions: Instructions,
}

/// The loss since the last stretch of the curve ended.
struct Curve {
    /// Pairs of a stretch whose loss is looked at: one in [`LOSS_EVERY`].
    point_pairs: u64,
    /// One stretch of so many becomes a point.
    every: u64,
    loss: f64,
    pairs: u64,
    items_done: u64,
    stretches: u64,
}

impl Curve {
    /// For a training of `total_pairs` on sessions of `items`.
    fn new(items: usize, total_pairs: u64) -> Self {
        let point_pairs = (items as u64).next_power_of_two().clamp(*POINT_PAIRS.start(), *POINT_PAIRS.end());
        let every = (total_pairs / point_pairs).div_ceil(CURVE_POINTS).max(1);
        let point_pairs = point_pairs / u64::from(LOSS_EVERY);
        Self { point_pairs, every, loss: 0.0, pairs: 0, items_done: 0, stretches: 0 }
    }

    /// The mean loss of the stretch that ends here, if it becomes a point.
    fn end_stretch(&mut self) -> Option<f64> {
        let mean = self.loss / self.pairs as f64;
        let is_point = self.stretches < FIRST_POINTS || self.stretches.is_multiple_of(self.every);
        (self.loss, self.pairs) = (0.0, 0);
        self.stretches += 1;
        is_point.then_some(mean)
    }
}

impl SkipGram {
    /// Trains vectors of the items `0..vocab` and returns the input vectors, one a row; an item that occurs nowhere
    /// keeps its random start. Reports a stage in items (epochs × items), and the mean loss of a pair (its positive and
    /// its negatives) over epochs as curve.
    ///
    /// Sessions are taken in the order given. Panics if one holds an item outside the vocabulary.
    pub fn train(
        sessions: &Sessions,
        vocab: usize,
        settings: &SkipGramSettings,
        ctx: &JobContext,
    ) -> Result<Embeddings, Cancelled> {
        Ok(Self::fit(sessions, vocab, settings, ctx)?.input())
    }

    /// As [`SkipGram::train`], with the output vectors too.
    pub fn fit(
        sessions: &Sessions,
        vocab: usize,
        settings: &SkipGramSettings,
        ctx: &JobContext,
    ) -> Result<Self, Cancelled> {
        Self::fit_groups(sessions, &[vocab as u32], settings, ctx)
    }

    /// As [`SkipGram::fit`], for a vocabulary of several groups, such as types of nodes: whatever a context has to
    /// predict is told from negatives of its own group (metapath2vec++; Dong et al., 2017, equation 5). `ends`, rising:
    /// the first group is the items `0..ends[0]`, the next `ends[0]..ends[1]`, …; the last end is the vocabulary's size.
    pub fn fit_groups(
        sessions: &Sessions,
        ends: &[u32],
        settings: &SkipGramSettings,
        ctx: &JobContext,
    ) -> Result<Self, Cancelled> {
        let vocab = ends.last().map_or(0, |&end| end as usize);
        let dim = settings.dim.max(1);
        let mut random = Pcg64Mcg::seed_from_u64(settings.seed);
        // Small random inputs, outputs of zero.
        let spread = 1.0 / dim as f32;
        let mut model = Self {
            dim,
            input: SharedRows::new(vocab, dim, || random.random_range(-spread..spread)),
            output: SharedRows::new(vocab, dim, || 0.0),
            noise_logs: Vec::new(),
        };
        let mut counts = vec![0u64; vocab];
        for &item in &sessions.items {
            counts[item as usize] += 1;
        }
        ctx.stage("Training item vectors", (sessions.items.len() * settings.epochs) as u64, "items");
        let weights: Vec<f64> = counts
            .iter()
            .map(|&count| if count == 0 { 0.0 } else { (count as f64).powf(settings.ns_exponent) })
            .collect();
        let threads = match settings.threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        model.noise_logs = noise_logs(&weights, ends);
        if sessions.items.is_empty() {
            return Ok(model);
        }
        let negatives = groups(&weights, ends, threads);
        let keep = keep_chances(&counts, settings.subsampling);
        let training = Training {
            settings,
            sessions,
            input: &model.input,
            output: &model.output,
            negatives: &negatives,
            keep: keep.as_deref(),
            instructions: Instructions::detect(),
        };
        training.run(vocab, threads, ctx)?;
        Ok(model)
    }

    /// Per item, the logarithm of the chance that a negative of its group is this one; that of a single draw for an item
    /// that occurs nowhere, so that it is finite. An input's product with an output, plus this, tends to the logarithm of
    /// how likely the output follows, but for a constant (Levy and Goldberg, "Neural word embedding as implicit matrix
    /// factorization", 2014).
    pub fn noise_logs(&self) -> &[f32] {
        &self.noise_logs
    }

    /// The vectors of contexts.
    pub fn input(&self) -> Embeddings {
        Embeddings { dim: self.dim, rows: self.input.to_vec(self.dim) }
    }

    /// The vectors of centres.
    pub fn output(&self) -> Embeddings {
        Embeddings { dim: self.dim, rows: self.output.to_vec(self.dim) }
    }
}

fn noise_logs(weights: &[f64], ends: &[u32]) -> Vec<f32> {
    let firsts = std::iter::once(0).chain(ends.iter().copied());
    firsts
        .zip(ends)
        .flat_map(|(first, &end)| {
            let of_group = &weights[first as usize..end as usize];
            let total: f64 = of_group.iter().sum::<f64>().max(1.0);
            of_group.iter().map(move |&weight| (if weight > 0.0 { weight / total } else { 1.0 / total }).ln() as f32)
        })
        .collect()
}

impl Training<'_> {
    fn run(&self, vocab: usize, threads: usize, ctx: &JobContext) -> Result<(), Cancelled> {
        let Self { settings, sessions, .. } = self;
        let order: Vec<u32> = (0..sessions.len() as u32).filter(|&at| sessions.of(at as usize).len() > 1).collect();
        // Sessions of one item train nothing and count as done.
        let skipped = sessions.items.len() - order.iter().map(|&at| sessions.of(at as usize).len()).sum::<usize>();
        let (chunks, pairs_in_epoch) = self.chunks(&order);
        let mut random = Pcg64Mcg::seed_from_u64(settings.seed.wrapping_add(1));
        let mut workers: Vec<Worker<'_>> = (0..threads).map(|_| Worker::new(self, vocab)).collect();
        let curve = Curve::new(sessions.items.len(), pairs_in_epoch * settings.epochs as u64);
        // Told often enough that stretches end about where they should.
        let told_pairs = curve.point_pairs / 16;
        let curve = Mutex::new(curve);
        for epoch in 0..settings.epochs {
            ctx.check()?;
            let seeds: Vec<u64> = chunks.iter().map(|_| random.next_u64()).collect();
            ctx.advance(skipped as u64);
            let next = AtomicUsize::new(0);
            let work = |worker: &mut Worker<'_>| -> Result<(), Cancelled> {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= chunks.len() {
                        return Ok(());
                    }
                    let done = (epoch as f32 + at as f32 / chunks.len() as f32) / settings.epochs as f32;
                    // Threads work on neighbouring chunks, so their parts differ; epochs shift them, so that a session
                    // meets negatives of other parts.
                    worker.start(settings.learning_rate * (1.0 - done).max(1e-4), seeds[at], at + epoch);
                    let first = if at == 0 { 0 } else { chunks[at - 1] };
                    let mut items = 0;
                    for &session in &order[first..chunks[at]] {
                        let session = sessions.of(session as usize);
                        worker.session(session, ctx)?;
                        items += session.len() as u64;
                        if worker.pairs() >= told_pairs {
                            self.report(&curve, std::mem::take(&mut items), worker.take_loss(), ctx);
                        }
                    }
                    self.report(&curve, items, worker.take_loss(), ctx);
                }
            };
            if let [worker] = &mut workers[..] {
                work(worker)?;
                continue;
            }
            thread::scope(|scope| {
                let running: Vec<_> = workers.iter_mut().map(|worker| scope.spawn(|| work(worker))).collect();
                running
                    .into_iter()
                    .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })?;
        }
        // A training shorter than one stretch has a point too.
        let curve = curve.into_inner().unwrap_or_else(PoisonError::into_inner);
        if curve.pairs > 0 && curve.stretches == 0 {
            ctx.point(Series::Loss, self.epochs_of(curve.items_done), curve.loss / curve.pairs as f64);
        }
        Ok(())
    }

    fn epochs_of(&self, items: u64) -> f64 {
        items as f64 / self.sessions.items.len() as f64
    }

    /// Ends of the chunks of `order`, of about equal work, and the pairs of an epoch. They depend on nothing but the sessions, so that the number
    /// of threads changes neither the learning rate nor the negatives of a session.
    fn chunks(&self, order: &[u32]) -> (Vec<usize>, u64) {
        let pairs = |session: u32| {
            let length = self.sessions.of(session as usize).len() as u64;
            match self.settings.window as u64 {
                0 => length * (length - 1),
                window => length * (2 * window).min(length - 1),
            }
        };
        let total: u64 = order.iter().map(|&session| pairs(session)).sum();
        let chunk_pairs = CHUNK_PAIRS.min(total / LEAST_CHUNKS).max(1);
        let (mut ends, mut gathered) = (Vec::new(), 0);
        for (at, &session) in order.iter().enumerate() {
            gathered += pairs(session);
            if gathered >= chunk_pairs || at + 1 == order.len() {
                ends.push(at + 1);
                gathered = 0;
            }
        }
        (ends, total)
    }

    fn report(&self, curve: &Mutex<Curve>, items: u64, (loss, pairs): (f64, u64), ctx: &JobContext) {
        ctx.advance(items);
        let mut curve = curve.lock().unwrap_or_else(PoisonError::into_inner);
        curve.items_done += items;
        curve.loss += loss;
        curve.pairs += pairs;
        if curve.pairs >= curve.point_pairs
            && let Some(loss) = curve.end_stretch()
        {
            ctx.point(Series::Loss, self.epochs_of(curve.items_done), loss);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
