//! C = A B, with B packed into panels, so that the inner loop reads nothing but whole registers and single numbers.
//!
//! Written once over [`Vector`]: a block of rows of C stays in registers while the products of a panel are added up.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use crate::models::vector::{Avx2, Avx512};
use crate::models::vector::{Instructions, Portable, Vector};

/// Columns of a panel.
pub(in super::super) const PANEL: usize = 32;

/// A matrix read in place: entry (m, k) stands at `m * row + k * column`.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Left<'a> {
    pub values: &'a [f32],
    pub row: usize,
    pub column: usize,
}

/// Length of a packed matrix of `k` rows and `n` columns.
pub(in super::super) fn panels_len(k: usize, n: usize) -> usize {
    n.div_ceil(PANEL) * PANEL * k
}

/// Packs `matrix` (`[k, n]`) into `panels` (`[n / 32, k, 32]`, the last one filled up with zeros).
pub(in super::super) fn pack(matrix: &[f32], k: usize, n: usize, panels: &mut [f32]) {
    for (panel, packed) in panels[..panels_len(k, n)].chunks_exact_mut(PANEL * k).enumerate() {
        let from = panel * PANEL;
        let width = PANEL.min(n - from);
        for (row, to) in packed.chunks_exact_mut(PANEL).enumerate() {
            to[..width].copy_from_slice(&matrix[row * n + from..][..width]);
            to[width..].fill(0.0);
        }
    }
}

/// Packs the transpose of `matrix` (`[n, k]`) as [`pack`] does.
pub(in super::super) fn pack_transposed(matrix: &[f32], k: usize, n: usize, panels: &mut [f32]) {
    for (panel, packed) in panels[..panels_len(k, n)].chunks_exact_mut(PANEL * k).enumerate() {
        let from = panel * PANEL;
        for lane in 0..PANEL {
            if let Some(row) = (from + lane < n).then(|| &matrix[(from + lane) * k..][..k]) {
                row.iter().enumerate().for_each(|(at, &value)| packed[at * PANEL + lane] = value);
            } else {
                (0..k).for_each(|at| packed[at * PANEL + lane] = 0.0);
            }
        }
    }
}

/// C (`[m, n]`, rows `c_row` apart) = A B, or += where `adds`. `panels`: B as [`pack`] makes it.
///
/// Panics where a slice is too short.
pub(in super::super) fn product(
    a: Left<'_>,
    panels: &[f32],
    (m, k, n): (usize, usize, usize),
    c: &mut [f32],
    c_row: usize,
    adds: bool,
    instructions: Instructions,
) {
    if m == 0 || n == 0 {
        return;
    }
    // The bounds that the kernels rely on.
    assert!(c_row >= n && c.len() >= (m - 1) * c_row + n, "C is too short");
    assert!(panels.len() >= panels_len(k, n), "B is too short");
    assert!(k == 0 || a.values.len() > (m - 1) * a.row + (k - 1) * a.column, "A is too short");
    match instructions {
        // SAFETY: the machine knows the instructions, and the bounds were checked.
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => unsafe { with_avx512(a, panels, (m, k, n), c, c_row, adds) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => unsafe { with_avx2(a, panels, (m, k, n), c, c_row, adds) },
        // SAFETY: as above.
        Instructions::Portable => unsafe { blocks::<Portable, 1, 4>(a, panels, (m, k, n), c, c_row, adds) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn with_avx512(
    a: Left<'_>,
    panels: &[f32],
    size: (usize, usize, usize),
    c: &mut [f32],
    c_row: usize,
    adds: bool,
) {
    // SAFETY: passed on to the caller.
    unsafe { blocks::<Avx512, 12, 2>(a, panels, size, c, c_row, adds) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn with_avx2(a: Left<'_>, panels: &[f32], size: (usize, usize, usize), c: &mut [f32], c_row: usize, adds: bool) {
    // SAFETY: passed on to the caller.
    unsafe { blocks::<Avx2, 3, 4>(a, panels, size, c, c_row, adds) }
}

/// # Safety
/// The machine knows the instructions of `V`, `W * V::LANES` is [`PANEL`], and the bounds are those that [`product`]
/// checks.
#[inline(always)]
unsafe fn blocks<V: Vector, const R: usize, const W: usize>(
    a: Left<'_>,
    panels: &[f32],
    (m, k, n): (usize, usize, usize),
    c: &mut [f32],
    c_row: usize,
    adds: bool,
) {
    const { assert!(W * V::LANES == PANEL) }
    for panel in 0..n.div_ceil(PANEL) {
        let width = PANEL.min(n - panel * PANEL);
        // SAFETY (of all below): rows, panels and columns lie within the bounds that were checked.
        let b = unsafe { panels.as_ptr().add(panel * PANEL * k) };
        let mut row = 0;
        while row < m {
            let left = m - row;
            unsafe {
                let from = a.values.as_ptr().add(row * a.row);
                let to = c.as_mut_ptr().add(row * c_row + panel * PANEL);
                let strides = (a.row, a.column, c_row);
                if left >= R {
                    block::<V, R, W>(from, b, k, to, strides, width, adds);
                    row += R;
                } else if R > 8 && left >= 8 {
                    block::<V, 8, W>(from, b, k, to, strides, width, adds);
                    row += 8;
                } else if R > 4 && left >= 4 {
                    block::<V, 4, W>(from, b, k, to, strides, width, adds);
                    row += 4;
                } else if R > 2 && left >= 2 {
                    block::<V, 2, W>(from, b, k, to, strides, width, adds);
                    row += 2;
                } else {
                    block::<V, 1, W>(from, b, k, to, strides, width, adds);
                    row += 1;
                }
            }
        }
    }
}

/// `R` rows of one panel.
///
/// # Safety
/// As [`blocks`]; `strides` are those of A's rows, A's columns and C's rows.
#[inline(always)]
unsafe fn block<V: Vector, const R: usize, const W: usize>(
    a: *const f32,
    b: *const f32,
    k: usize,
    c: *mut f32,
    (a_row, a_column, c_row): (usize, usize, usize),
    width: usize,
    adds: bool,
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let mut sums = [[V::zero(); W]; R];
        for at in 0..k {
            let mut right = [V::zero(); W];
            for (place, vector) in right.iter_mut().enumerate() {
                *vector = V::load(b.add(at * PANEL + place * V::LANES));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let left = V::splat(*a.add(row * a_row + at * a_column));
                for (sum, &right) in sums.iter_mut().zip(&right) {
                    *sum = left.mul_add(right, *sum);
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            let to = c.add(row * c_row);
            if width == PANEL {
                for (place, &sum) in sums.iter().enumerate() {
                    let to = to.add(place * V::LANES);
                    let whole = if adds { V::load(to).add(sum) } else { sum };
                    whole.store(to);
                }
            } else {
                let mut whole = [0f32; PANEL];
                for (place, &sum) in sums.iter().enumerate() {
                    sum.store(whole.as_mut_ptr().add(place * V::LANES));
                }
                for (lane, &value) in whole[..width].iter().enumerate() {
                    let to = to.add(lane);
                    *to = if adds { *to + value } else { value };
                }
            }
        }
    }
}
