//! A table of vectors that many threads read and change at once.
//!
//! Hogwild training (Niu et al., 2011) lets threads write the same row without a lock and accepts that now and then an
//! update is lost. In Rust a plain write to memory that others use would be undefined behaviour, so each cell is an
//! atomic of two `f32`, read and written with relaxed order: ordinary moves on the common machines. Where that must be
//! fast, the kernel moves several neighbouring cells by one instruction (see [`super::vector`]).

use std::sync::atomic::{AtomicU64, Ordering};

use crate::models::vector::{floats_of, word_of};

/// Floats in a [`Block`].
pub(super) const BLOCK: usize = 16;

/// A cache line of a vector, so that no vector register is loaded across two lines.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Block(pub [f32; BLOCK]);

impl Block {
    pub const ZERO: Self = Self([0.0; BLOCK]);
}

/// A [`Block`] that threads share.
#[repr(C, align(64))]
pub(super) struct SharedBlock([AtomicU64; BLOCK / 2]);

/// `[rows x blocks]` of 16 floats each.
pub(super) struct SharedRows {
    cells: Vec<SharedBlock>,
    blocks: usize,
}

impl SharedRows {
    /// `rows` vectors of `dim` floats, each float from `value`, padded with zeros to whole blocks.
    pub fn new(rows: usize, dim: usize, mut value: impl FnMut() -> f32) -> Self {
        let blocks = dim.div_ceil(BLOCK);
        let mut cells = Vec::with_capacity(rows * blocks);
        for _ in 0..rows {
            for block in 0..blocks {
                let mut floats = [0.0; BLOCK];
                let used = (dim - block * BLOCK).min(BLOCK);
                floats[..used].fill_with(&mut value);
                cells.push(SharedBlock(std::array::from_fn(|at| {
                    AtomicU64::new(word_of([floats[2 * at], floats[2 * at + 1]]))
                })));
            }
        }
        Self { cells, blocks }
    }

    /// Blocks a row.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// The cells of a row, `[blocks]`.
    #[inline]
    pub fn row(&self, row: u32) -> &[SharedBlock] {
        &self.cells[row as usize * self.blocks..][..self.blocks]
    }

    /// Copies a row into `out` (`[blocks]`).
    #[inline]
    pub fn load(&self, row: u32, out: &mut [Block]) {
        for (shared, out) in self.row(row).iter().zip(out) {
            for (cell, out) in shared.0.iter().zip(out.0.as_chunks_mut().0) {
                *out = floats_of(cell.load(Ordering::Relaxed));
            }
        }
    }

    /// Adds `change` (`[blocks]`) to a row. What another thread writes to a cell between the read and the write of
    /// that cell is lost.
    #[inline]
    pub fn add(&self, row: u32, change: &[Block]) {
        for (shared, change) in self.row(row).iter().zip(change) {
            for (cell, change) in shared.0.iter().zip(change.0.as_chunks::<2>().0) {
                let [low, high] = floats_of(cell.load(Ordering::Relaxed));
                cell.store(word_of([low + change[0], high + change[1]]), Ordering::Relaxed);
            }
        }
    }

    /// All rows without their padding, `[rows * dim]`.
    pub fn to_vec(&self, dim: usize) -> Vec<f32> {
        let mut rows = Vec::with_capacity(self.cells.len() / self.blocks.max(1) * dim);
        for row in self.cells.chunks_exact(self.blocks.max(1)) {
            let floats = row.iter().flat_map(|block| &block.0).flat_map(|cell| floats_of(cell.load(Ordering::Relaxed)));
            rows.extend(floats.take(dim));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_values_and_their_padding() {
        let mut next = 0.0;
        let rows = SharedRows::new(3, 19, || {
            next += 1.0;
            next
        });
        assert_eq!(rows.blocks(), 2);
        let mut out = [Block::ZERO; 2];
        rows.load(1, &mut out);
        assert_eq!((out[0].0[0], out[1].0[2], out[1].0[3]), (20.0, 38.0, 0.0));
        rows.add(1, &[Block([0.5; BLOCK]), Block([0.0; BLOCK])]);
        let all = rows.to_vec(19);
        assert_eq!(all.len(), 57);
        assert_eq!((all[18], all[19], all[34], all[35], all[38]), (19.0, 20.5, 35.5, 36.0, 39.0));
    }

    #[test]
    fn threads_may_change_the_same_row() {
        let rows = SharedRows::new(1, 16, || 0.0);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..10_000).for_each(|_| rows.add(0, &[Block([1.0; BLOCK])])));
            }
        });
        // Updates may be lost, never torn: each cell holds a whole number that was counted.
        assert!(rows.to_vec(16).iter().all(|&cell| cell.fract() == 0.0 && (1.0..=20_000.0).contains(&cell)));
    }
}
