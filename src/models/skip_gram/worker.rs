//! One thread's part: a session's rows into its own buffers, steps over them, and the changes back.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::{
    Training,
    kernel::{Errors, MAX_CONTEXTS, MAX_TARGETS, Step},
    rows::Block,
    sampling::group_of,
};
use crate::{
    models::vector::fetch_to_write,
    task::{Cancelled, JobContext},
};

/// Centres between copying rows in and writing changes back.
const STRETCH: usize = 256;

/// Steps between asking for the rows of negatives and using them. Without it two threads are slower than one where rows
/// are few: each would wait for the lines that the other has just written.
const FETCH_AHEAD: usize = 1;

/// One step in this many tells its loss.
pub(super) const LOSS_EVERY: u32 = 32;

/// Aligned so that no two workers write to one cache line (128: lines are fetched in pairs).
#[repr(align(128))]
pub(super) struct Worker<'a> {
    training: &'a Training<'a>,
    random: Pcg64Mcg,
    learning_rate: f32,
    /// Which part of the items is drawn from, counted round and round.
    part: usize,
    /// Per item: the stretch that last used it, and its slot there.
    slot_of: Vec<(u32, u32)>,
    stretch: u32,
    /// The session after subsampling.
    kept: Vec<u32>,
    /// Slot of each position of the stretch and of its surroundings.
    slots: Vec<u32>,
    /// Item of each slot.
    items: Vec<u32>,
    /// Rows of the slots, as they are now and as they were copied in.
    locals: Vec<Block>,
    originals: Vec<Block>,
    contexts: Vec<u32>,
    draws: Vec<u32>,
    errors: Errors,
    steps: u32,
    loss: f64,
    pairs: u64,
}

impl<'a> Worker<'a> {
    pub fn new(training: &'a Training<'a>, vocab: usize) -> Self {
        Self {
            training,
            random: Pcg64Mcg::seed_from_u64(0),
            learning_rate: 0.0,
            part: 0,
            slot_of: vec![(0, 0); vocab],
            stretch: 0,
            kept: Vec::new(),
            slots: Vec::new(),
            items: Vec::new(),
            locals: Vec::new(),
            originals: Vec::new(),
            contexts: Vec::new(),
            draws: Vec::new(),
            errors: [0.0; MAX_CONTEXTS * MAX_TARGETS],
            steps: 0,
            loss: 0.0,
            pairs: 0,
        }
    }

    /// Begins a chunk of sessions, with negatives of one part.
    pub fn start(&mut self, learning_rate: f32, seed: u64, part: usize) {
        self.learning_rate = learning_rate;
        self.part = part;
        self.random = Pcg64Mcg::seed_from_u64(seed);
    }

    /// Pairs whose loss was looked at since [`Worker::take_loss`] was called last.
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// The loss of the pairs that were looked at since the last call, and their number.
    pub fn take_loss(&mut self) -> (f64, u64) {
        (std::mem::take(&mut self.loss), std::mem::take(&mut self.pairs))
    }

    pub fn session(&mut self, session: &[u32], ctx: &JobContext) -> Result<(), Cancelled> {
        let mut kept = std::mem::take(&mut self.kept);
        kept.clear();
        match self.training.keep {
            None => kept.extend_from_slice(session),
            Some(keep) => {
                let random = &mut self.random;
                kept.extend(session.iter().filter(|&&item| random.random::<f32>() < keep[item as usize]));
            }
        }
        let window = match self.training.settings.window {
            0 => kept.len(),
            window => window,
        };
        let mut outcome = Ok(());
        if kept.len() > 1 {
            for from in (0..kept.len()).step_by(STRETCH) {
                outcome = self.stretch(&kept, from, window, ctx);
                if outcome.is_err() {
                    break;
                }
            }
        }
        self.kept = kept;
        outcome
    }

    /// Trains the centres `from..from + STRETCH` of a session.
    fn stretch(&mut self, session: &[u32], from: usize, window: usize, ctx: &JobContext) -> Result<(), Cancelled> {
        let to = (from + STRETCH).min(session.len());
        let begin = from.saturating_sub(window);
        let end = to.saturating_add(window).min(session.len());
        self.copy_in(&session[begin..end]);
        let share = self.training.settings.share_negatives.clamp(1, MAX_CONTEXTS);
        for centre in from..to {
            ctx.check()?;
            let reach = match self.training.settings {
                settings if settings.shrink_windows && settings.window > 0 => self.random.random_range(1..=window),
                _ => window,
            };
            let first = centre.saturating_sub(reach);
            let last = centre.saturating_add(reach + 1).min(session.len());
            let mut contexts = std::mem::take(&mut self.contexts);
            contexts.clear();
            contexts.extend_from_slice(&self.slots[first - begin..centre - begin]);
            contexts.extend_from_slice(&self.slots[centre + 1 - begin..last - begin]);
            // Equal shares rather than a full step and a small rest.
            let steps = contexts.len().div_ceil(share).max(1);
            let steps = contexts.chunks(contexts.len().div_ceil(steps).max(1));
            let draws = self.draw(session[centre], steps.len());
            for (step, contexts) in steps.enumerate() {
                self.fetch_ahead(&draws, step + FETCH_AHEAD);
                let negatives = self.training.settings.negatives;
                self.train(session[centre], contexts, &draws[step * negatives..][..negatives]);
            }
            self.draws = draws;
            self.contexts = contexts;
        }
        self.write_back();
        Ok(())
    }

    /// The negatives of the next `steps` steps of `centre`, `[steps * negatives]`.
    fn draw(&mut self, centre: u32, steps: usize) -> Vec<u32> {
        let mut draws = std::mem::take(&mut self.draws);
        let Self { training, random, part, .. } = self;
        let (first, table) = group_of(training.negatives, centre).table(*part);
        draws.clear();
        draws.extend((0..steps * training.settings.negatives).map(|_| first + table.draw(random)));
        for step in 0..FETCH_AHEAD.min(steps) {
            self.fetch_ahead(&draws, step);
        }
        draws
    }

    /// Asks for the rows of a later step: they lie far away, or in another core's cache, and need not be waited for.
    fn fetch_ahead(&self, draws: &[u32], step: usize) {
        let negatives = self.training.settings.negatives;
        for &item in draws.iter().skip(step * negatives).take(negatives.min(MAX_TARGETS)) {
            self.training.output.row(item).iter().for_each(fetch_to_write);
        }
    }

    /// Gives each item of `positions` a slot and copies its row there. An item that stands there twice has one slot:
    /// two copies would both learn the same, and their sum would overshoot.
    fn copy_in(&mut self, positions: &[u32]) {
        let input = self.training.input;
        let blocks = input.blocks();
        self.stretch = self.stretch.wrapping_add(1);
        if self.stretch == 0 {
            self.slot_of.fill((0, 0));
            self.stretch = 1;
        }
        self.slots.clear();
        self.items.clear();
        for &item in positions {
            let (stretch, slot) = &mut self.slot_of[item as usize];
            if *stretch != self.stretch {
                (*stretch, *slot) = (self.stretch, self.items.len() as u32);
                self.items.push(item);
            }
            self.slots.push(*slot);
        }
        let needed = self.items.len() * blocks;
        if self.locals.len() < needed {
            self.locals.resize(needed, Block::ZERO);
        }
        for (&item, row) in self.items.iter().zip(self.locals.chunks_exact_mut(blocks)) {
            input.load(item, row);
        }
        self.originals.clear();
        self.originals.extend_from_slice(&self.locals[..needed]);
    }

    fn write_back(&mut self) {
        let input = self.training.input;
        let blocks = input.blocks();
        for (now, before) in self.locals.iter().zip(&mut self.originals) {
            for (now, before) in now.0.iter().zip(&mut before.0) {
                *before = now - *before;
            }
        }
        for (&item, change) in self.items.iter().zip(self.originals.chunks_exact(blocks)) {
            input.add(item, change);
        }
    }

    /// One positive and its negatives against some contexts, [`MAX_TARGETS`] at a time.
    fn train(&mut self, centre: u32, contexts: &[u32], negatives: &[u32]) {
        let &Training { output, instructions, .. } = self.training;
        let blocks = output.blocks();
        // As in word2vec: a draw that hits the positive is dropped.
        let mut negatives = negatives.iter().copied().filter(|&item| item != centre);
        let mut first_is_positive = true;
        loop {
            let mut targets = [output.row(centre); MAX_TARGETS];
            let mut count = usize::from(first_is_positive);
            for (target, item) in targets[count..].iter_mut().zip(negatives.by_ref()) {
                *target = output.row(item);
                count += 1;
            }
            if count == 0 {
                return;
            }
            Step {
                locals: &mut self.locals,
                contexts,
                targets: &targets[..count],
                first_is_positive,
                errors: &mut self.errors,
                blocks,
                learning_rate: self.learning_rate,
            }
            .run(instructions);
            if first_is_positive {
                self.steps = self.steps.wrapping_add(1);
            }
            if self.steps.is_multiple_of(LOSS_EVERY) {
                let chance = |error: f32| f64::from(1.0 - (error / self.learning_rate).abs()).max(1e-7);
                self.loss -= self.errors[..contexts.len() * count].iter().map(|&error| chance(error).ln()).sum::<f64>();
                if first_is_positive {
                    self.pairs += contexts.len() as u64;
                }
            }
            if count < MAX_TARGETS {
                return;
            }
            first_is_positive = false;
        }
    }
}
