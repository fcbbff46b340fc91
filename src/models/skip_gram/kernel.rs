//! One step of skip-gram with negative sampling: some contexts against one positive and its negatives.
//!
//! All contexts of a step share their negatives, so that the step is three small matrix products instead of many
//! products of vectors (Ji et al., "Parallelizing Word2Vec in Shared and Distributed Memory", 2016). The products are
//! written once over [`Vector`] and compiled for AVX-512, AVX2 and the baseline; which one runs is decided when
//! training begins.
#![allow(unsafe_code)]

use std::sync::atomic::AtomicU64;

use super::rows::{BLOCK, Block, SharedBlock};
#[cfg(target_arch = "x86_64")]
use crate::models::vector::{Avx2, Avx512};
use crate::models::vector::{Instructions, Portable, Vector};

/// Most targets of one step: their vectors and the changes of these fill the registers.
pub(super) const MAX_TARGETS: usize = 6;

/// Most contexts of one step, which bounds how many gradients meet in one target before it moves.
pub(super) const MAX_CONTEXTS: usize = 32;

/// Room for the errors of the largest step.
pub(super) type Errors = [f32; MAX_CONTEXTS * MAX_TARGETS];

/// Errors that are computed together.
const LANES: usize = 16;

/// A pair whose probability is right to this much (a score of 6) is left alone: items that never meet would push each
/// other away for ever. (word2vec's table of the sigmoid ends at the same score.)
const SETTLED: f32 = 0.002_472_6;

/// What a step reads and writes.
pub(super) struct Step<'a> {
    /// Input vectors, `[slots * blocks]`; those of `contexts` are changed.
    pub locals: &'a mut [Block],
    /// Slots in `locals`, at most [`MAX_CONTEXTS`].
    pub contexts: &'a [u32],
    /// Output vectors, at most [`MAX_TARGETS`], each `[blocks]`; shared with other threads, and changed.
    pub targets: &'a [&'a [SharedBlock]],
    /// Whether the first target is the positive one; all others are negatives.
    pub first_is_positive: bool,
    /// Gets learning rate x (label - probability), `[contexts * targets]`; what follows is left undefined.
    pub errors: &'a mut Errors,
    /// Blocks a vector.
    pub blocks: usize,
    pub learning_rate: f32,
}

impl Step<'_> {
    /// Moves contexts and targets along the gradient of `sum of ln σ(±context · target)`.
    pub fn run(&mut self, instructions: Instructions) {
        // The bounds that the products below rely on, checked once a step.
        let blocks = self.blocks;
        let targets = self.targets.len();
        assert!((1..=MAX_TARGETS).contains(&targets) && self.targets.iter().all(|row| row.len() == blocks));
        assert!(self.contexts.len() <= MAX_CONTEXTS);
        let slots = self.locals.len() / blocks.max(1);
        assert!(self.contexts.iter().all(|&slot| (slot as usize) < slots));
        match instructions {
            // SAFETY: `detect` is the only source of these two and found the instructions; the bounds are checked.
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => unsafe { step_avx512(self, targets) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => unsafe { step_avx2(self, targets) },
            // SAFETY: needs no instructions beyond the baseline; the bounds are checked.
            Instructions::Portable => unsafe { by_targets::<Portable>(self, targets) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn step_avx512(step: &mut Step<'_>, targets: usize) {
    // SAFETY: passed on to the caller.
    unsafe { by_targets::<Avx512>(step, targets) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn step_avx2(step: &mut Step<'_>, targets: usize) {
    // SAFETY: passed on to the caller.
    unsafe { by_targets::<Avx2>(step, targets) }
}

/// # Safety
/// The machine must know the instructions of `V`, and the lengths in `step` must fit as [`Step::run`] checks them.
#[inline(always)]
unsafe fn by_targets<V: Vector>(step: &mut Step<'_>, targets: usize) {
    // SAFETY: passed on to the caller.
    unsafe {
        match targets {
            1 => products::<V, 1>(step),
            2 => products::<V, 2>(step),
            3 => products::<V, 3>(step),
            4 => products::<V, 4>(step),
            5 => products::<V, 5>(step),
            _ => products::<V, 6>(step),
        }
    }
}

/// # Safety
/// As [`by_targets`], with exactly `T` targets.
#[inline(always)]
unsafe fn products<V: Vector, const T: usize>(step: &mut Step<'_>) {
    let Step { locals, contexts, targets, first_is_positive, errors, blocks, learning_rate } = step;
    let stride = *blocks * BLOCK;
    let locals: *mut f32 = locals.as_mut_ptr().cast();
    let mut rows = [std::ptr::null::<AtomicU64>(); T];
    for t in 0..T {
        rows[t] = targets[t].as_ptr().cast();
    }
    // A cell holds two floats.
    let target = |t: usize, at: usize| rows[t].wrapping_add(at / 2);

    // SAFETY (all three passes): slots lie inside `locals`, each of the `T` targets has `stride` floats, and each
    // access stays inside one vector since `stride` is a multiple of the lanes.
    unsafe {
        // Scores: two contexts at a time, so that each load of a target serves both.
        let mut out = errors.as_mut_ptr();
        let mut pairs = contexts.chunks_exact(2);
        for pair in &mut pairs {
            let (one, two) = (locals.add(pair[0] as usize * stride), locals.add(pair[1] as usize * stride));
            let mut sums = [[V::zero(); T]; 2];
            let mut at = 0;
            while at < stride {
                let (one, two) = (V::load(one.add(at)), V::load(two.add(at)));
                for t in 0..T {
                    let target = V::load_shared(target(t, at));
                    sums[0][t] = one.mul_add(target, sums[0][t]);
                    sums[1][t] = two.mul_add(target, sums[1][t]);
                }
                at += V::LANES;
            }
            for sums in sums {
                V::sum_each(&sums, out);
                out = out.add(T);
            }
        }
        for &slot in pairs.remainder() {
            let row = locals.add(slot as usize * stride);
            let mut sums = [V::zero(); T];
            let mut at = 0;
            while at < stride {
                let one = V::load(row.add(at));
                for t in 0..T {
                    sums[t] = one.mul_add(V::load_shared(target(t, at)), sums[t]);
                }
                at += V::LANES;
            }
            V::sum_each(&sums, out);
        }

        // Errors.
        let used = contexts.len() * T;
        for errors in &mut errors.as_chunks_mut::<LANES>().0[..used.div_ceil(LANES)] {
            for error in errors {
                let chance = sigmoid::<V>(*error);
                *error = if chance < SETTLED { 0.0 } else { -*learning_rate * chance };
            }
        }
        if *first_is_positive {
            for error in errors[..used].iter_mut().step_by(T) {
                let positive = *error + *learning_rate;
                *error = if positive < SETTLED * *learning_rate { 0.0 } else { positive };
            }
        }

        // Changes: one strip of columns at a time, with the strip of all targets and of their changes in registers.
        let mut at = 0;
        while at < stride {
            let mut strip = [V::zero(); T];
            let mut change = [V::zero(); T];
            for t in 0..T {
                strip[t] = V::load_shared(target(t, at));
            }
            let mut error = errors.as_ptr();
            for &slot in *contexts {
                let place = locals.add(slot as usize * stride + at);
                let context = V::load(place);
                let mut moved = context;
                for t in 0..T {
                    let factor = V::splat(*error.add(t));
                    moved = factor.mul_add(strip[t], moved);
                    change[t] = factor.mul_add(context, change[t]);
                }
                moved.store(place);
                error = error.add(T);
            }
            // Read again: a negative that was drawn twice, or moved by another thread meanwhile, must keep both changes.
            // (Lost on one side only, they would let the mean of all vectors drift from outputs into inputs.)
            for t in 0..T {
                V::load_shared(target(t, at)).add(change[t]).store_shared(target(t, at));
            }
            at += V::LANES;
        }
    }
}

/// `1 / (1 + e^-x)` to about 1e-6, in operations that the compiler turns into vector ones.
#[inline(always)]
fn sigmoid<V: Vector>(x: f32) -> f32 {
    // Adding and taking away 1.5 * 2^23 rounds to a whole number, which then stands in the low bits.
    const MAGIC: f32 = 12_582_912.0;
    let power = (x.clamp(-40.0, 40.0)) * -std::f32::consts::LOG2_E;
    let shifted = power + MAGIC;
    let fraction = power - (shifted - MAGIC);
    // 2^fraction on [-0.5, 0.5], by its series in fraction * ln 2.
    let mut two_to_fraction = 1.333_355_8e-3;
    for factor in [9.618_129e-3, 5.550_411e-2, 0.240_226_5, std::f32::consts::LN_2, 1.0] {
        two_to_fraction = V::scalar_mul_add(two_to_fraction, fraction, factor);
    }
    let two_to_whole = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    1.0 / (1.0 + two_to_fraction * two_to_whole)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::{super::rows::SharedRows, *};

    fn all_instructions() -> Vec<Instructions> {
        let mut all = vec![Instructions::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Instructions::Avx2);
            }
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("fma") {
                all.push(Instructions::Avx512);
            }
        }
        all
    }

    fn exact_sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    /// The loss of a step as a function of all numbers in it.
    fn loss(locals: &[f64], contexts: &[u32], targets: &[f64], first_is_positive: bool, stride: usize) -> f64 {
        let mut loss = 0.0;
        for &slot in contexts {
            let context = &locals[slot as usize * stride..][..stride];
            for (t, target) in targets.chunks_exact(stride).enumerate() {
                let score: f64 = context.iter().zip(target).map(|(one, other)| one * other).sum();
                let sign = if t == 0 && first_is_positive { 1.0 } else { -1.0 };
                loss -= exact_sigmoid(sign * score).ln();
            }
        }
        loss
    }

    fn floats(blocks: &[Block]) -> Vec<f64> {
        blocks.iter().flat_map(|block| block.0).map(f64::from).collect()
    }

    fn doubles(rows: &SharedRows, dim: usize) -> Vec<f64> {
        rows.to_vec(dim).into_iter().map(f64::from).collect()
    }

    #[test]
    fn a_step_follows_the_gradient() {
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(1);
        let (blocks, contexts, learning_rate) = (2, [4u32, 0, 2], 0.1);
        let stride = blocks * BLOCK;
        for instructions in all_instructions() {
            for (count, first_is_positive) in (1..=MAX_TARGETS).flat_map(|count| [(count, true), (count, false)]) {
                let mut draw = || random.random_range(-0.5f32..0.5);
                let mut locals: Vec<Block> = (0..5 * blocks).map(|_| Block(std::array::from_fn(|_| draw()))).collect();
                let targets = SharedRows::new(count, stride, draw);
                let before = (floats(&locals), doubles(&targets, stride));
                let rows: Vec<&[SharedBlock]> = (0..count as u32).map(|row| targets.row(row)).collect();
                Step {
                    locals: &mut locals,
                    contexts: &contexts,
                    targets: &rows,
                    first_is_positive,
                    errors: &mut [f32::NAN; MAX_CONTEXTS * MAX_TARGETS],
                    blocks,
                    learning_rate,
                }
                .run(instructions);
                let after = (floats(&locals), doubles(&targets, stride));
                let slope = |of_targets: bool, at: usize| {
                    let loss_at = |offset: f64| {
                        let mut numbers = before.clone();
                        *(if of_targets { &mut numbers.1[at] } else { &mut numbers.0[at] }) += offset;
                        loss(&numbers.0, &contexts, &numbers.1, first_is_positive, stride)
                    };
                    (loss_at(1e-5) - loss_at(-1e-5)) / 2e-5
                };
                for at in 0..before.0.len() {
                    let (moved, wanted) = (after.0[at] - before.0[at], -f64::from(learning_rate) * slope(false, at));
                    assert!((moved - wanted).abs() < 1e-6, "{instructions:?}, {count} targets, context cell {at}");
                }
                for at in 0..before.1.len() {
                    let (moved, wanted) = (after.1[at] - before.1[at], -f64::from(learning_rate) * slope(true, at));
                    assert!((moved - wanted).abs() < 1e-6, "{instructions:?}, {count} targets, target cell {at}");
                }
                // A row that is no context stays as it was.
                assert_eq!(after.0[stride..2 * stride], before.0[stride..2 * stride]);
            }
        }
    }

    #[test]
    fn a_target_that_is_there_twice_keeps_both_changes() {
        for instructions in all_instructions() {
            let step = |targets: &SharedRows, rows: &[u32]| {
                let rows: Vec<&[SharedBlock]> = rows.iter().map(|&row| targets.row(row)).collect();
                Step {
                    locals: &mut [Block([0.3; BLOCK])],
                    contexts: &[0],
                    targets: &rows,
                    first_is_positive: false,
                    errors: &mut [0.0; MAX_CONTEXTS * MAX_TARGETS],
                    blocks: 1,
                    learning_rate: 0.1,
                }
                .run(instructions);
                f64::from(targets.to_vec(BLOCK)[0])
            };
            let (once, twice) = (SharedRows::new(1, BLOCK, || 0.2), SharedRows::new(1, BLOCK, || 0.2));
            let (once, twice) = (step(&once, &[0]) - 0.2, step(&twice, &[0, 0]) - 0.2);
            assert!(once < -1e-3 && (twice - 2.0 * once).abs() < 1e-6, "{instructions:?}: {once} {twice}");
        }
    }

    #[test]
    fn a_settled_pair_is_left_alone() {
        for (sign, first_is_positive) in [(1.0, true), (-1.0, false)] {
            for (size, moves) in [(0.65, false), (0.55, true)] {
                for instructions in all_instructions() {
                    let targets = SharedRows::new(1, BLOCK, || sign * size);
                    let mut locals = [Block([size; BLOCK])];
                    Step {
                        locals: &mut locals,
                        contexts: &[0],
                        targets: &[targets.row(0)],
                        first_is_positive,
                        errors: &mut [0.0; MAX_CONTEXTS * MAX_TARGETS],
                        blocks: 1,
                        learning_rate: 0.1,
                    }
                    .run(instructions);
                    assert_eq!(locals[0].0[0] != size, moves, "{instructions:?}, score {}", sign * 16.0 * size * size);
                }
            }
        }
    }

    #[test]
    fn sigmoid_is_close_everywhere() {
        for step in -60_000..=60_000 {
            let x = step as f32 / 1_000.0;
            let wanted = exact_sigmoid(f64::from(x));
            assert!((f64::from(sigmoid::<Portable>(x)) - wanted).abs() < 2e-6, "at {x}");
        }
        assert!((0.0..1e-6).contains(&sigmoid::<Portable>(f32::NEG_INFINITY)));
        assert!((0.999_999..=1.0).contains(&sigmoid::<Portable>(f32::INFINITY)));
    }

    #[test]
    #[should_panic(expected = "slot as usize")]
    fn a_context_outside_is_refused() {
        let targets = SharedRows::new(1, BLOCK, || 0.0);
        Step {
            locals: &mut [Block::ZERO; 2],
            contexts: &[2],
            targets: &[targets.row(0)],
            first_is_positive: true,
            errors: &mut [0.0; MAX_CONTEXTS * MAX_TARGETS],
            blocks: 1,
            learning_rate: 0.1,
        }
        .run(Instructions::detect());
    }
}
