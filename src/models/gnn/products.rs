//! Matrix products over plain slices, all that is dense in a graph network.
//!
//! A step makes some dozens of small products; tensors with a tape around each (copies in and out, elementwise work on one
//! thread) cost more than the products themselves. So layers say their own gradients, which tests compare with numerical
//! ones, and products are faer's, or burn's where a GPU was chosen.

use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul, prelude::ReborrowMut as _};
use rayon::prelude::*;

use crate::models::device::{self, DeviceError};

/// The rows `range` of an `[n, columns]` array.
pub(super) fn rows(values: &[f32], columns: usize, range: std::ops::Range<usize>) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(&values[range.start * columns..range.end * columns], range.len(), columns)
}

pub(in crate::models) fn rows_mut(
    values: &mut [f32],
    columns: usize,
    range: std::ops::Range<usize>,
) -> MatMut<'_, f32> {
    MatMut::from_row_major_slice_mut(&mut values[range.start * columns..range.end * columns], range.len(), columns)
}

/// A whole `[n, columns]` array.
pub(in crate::models) fn whole(values: &[f32], columns: usize) -> MatRef<'_, f32> {
    rows(values, columns, 0..values.len() / columns)
}

/// Rows that one task computes, or sums over.
const ROWS_A_TASK: usize = 512;
/// Products of fewer multiplications stay on the processor: they are done before a GPU has their numbers.
#[cfg(feature = "gpu")]
const LEAST_ON_GPU: usize = 1 << 22;

/// Computes products on a device.
#[derive(Debug, Clone, Default)]
pub struct Products {
    /// `None`: the processor.
    #[cfg(feature = "gpu")]
    gpu: Option<burn::tensor::Device>,
}

impl Products {
    /// On the device of that name, see [`crate::models::device`].
    pub fn on(device: &str) -> Result<Self, DeviceError> {
        #[cfg(feature = "gpu")]
        return Ok(Self { gpu: device::find(device)? });
        #[cfg(not(feature = "gpu"))]
        device::find(device).map(|()| Self::default())
    }

    pub fn is_on_processor(&self) -> bool {
        #[cfg(feature = "gpu")]
        return self.gpu.is_none();
        #[cfg(not(feature = "gpu"))]
        true
    }

    /// `into` += `scale` * `left` · `right`
    pub(in crate::models) fn add(
        &self,
        mut into: MatMut<'_, f32>,
        left: MatRef<'_, f32>,
        right: MatRef<'_, f32>,
        scale: f32,
    ) {
        if left.ncols() == 0 || into.nrows() == 0 {
            return;
        }
        #[cfg(feature = "gpu")]
        if let Some(device) = self.gpu.as_ref()
            && left.nrows() * left.ncols() * right.ncols() >= LEAST_ON_GPU
        {
            let tensor = |matrix: MatRef<'_, f32>| {
                let values =
                    (0..matrix.nrows()).flat_map(|row| (0..matrix.ncols()).map(move |column| matrix[(row, column)]));
                let shape = [matrix.nrows(), matrix.ncols()];
                burn::tensor::Tensor::<2>::from_data(burn::tensor::TensorData::new(values.collect(), shape), device)
            };
            let made = (tensor(left).matmul(tensor(right)) * scale).into_data().try_into_vec::<f32>();
            into += whole(&made.expect("all tensors here are of f32"), right.ncols());
            return;
        }
        add_here(into.rb_mut(), left, right, scale);
    }

    /// `left` · `right`, by rows.
    pub(in crate::models) fn of(&self, left: MatRef<'_, f32>, right: MatRef<'_, f32>) -> Vec<f32> {
        let (m, n) = (left.nrows(), right.ncols());
        let mut out = vec![0f32; m * n];
        self.add(rows_mut(&mut out, n, 0..m), left, right, 1.0);
        out
    }
}

/// On the processor. Tasks are cut by size alone, and pieces of one sum are added in their order: results do not depend
/// on threads.
fn add_here(mut into: MatMut<'_, f32>, left: MatRef<'_, f32>, right: MatRef<'_, f32>, scale: f32) {
    let (inner, columns) = (left.ncols(), right.ncols());
    if into.nrows() <= ROWS_A_TASK && inner > 2 * ROWS_A_TASK {
        let pieces: Vec<Vec<f32>> = (0..inner.div_ceil(ROWS_A_TASK))
            .into_par_iter()
            .map(|piece| {
                let from = piece * ROWS_A_TASK;
                let count = ROWS_A_TASK.min(inner - from);
                let mut out = vec![0f32; into.nrows() * columns];
                let all = rows_mut(&mut out, columns, 0..into.nrows());
                let (left, right) = (left.subcols(from, count), right.subrows(from, count));
                matmul(all, Accum::Replace, left, right, scale, Par::Seq);
                out
            })
            .collect();
        for piece in pieces {
            into += whole(&piece, columns);
        }
    } else {
        into.par_row_chunks_mut(ROWS_A_TASK).zip(left.par_row_chunks(ROWS_A_TASK)).for_each(|(into, left)| {
            matmul(into, Accum::Add, left, right, scale, Par::Seq);
        });
    }
}
