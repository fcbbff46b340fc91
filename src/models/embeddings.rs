//! Vectors of nodes.

/// One vector a row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embeddings {
    pub dim: usize,
    /// `[len * dim]`
    pub rows: Vec<f32>,
}

impl Embeddings {
    pub fn len(&self) -> usize {
        self.rows.len().checked_div(self.dim).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `[dim]`. Panics outside `0..len`.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.rows[row * self.dim..][..self.dim]
    }

    /// The same directions with length 1; a vector of zeros stays as it is.
    pub fn normalised(&self) -> Self {
        let mut rows = self.rows.clone();
        for row in rows.chunks_exact_mut(self.dim.max(1)) {
            let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
            if length > 0.0 {
                row.iter_mut().for_each(|value| *value /= length);
            }
        }
        Self { dim: self.dim, rows }
    }

    /// The rows `keep` names, in that order.
    pub fn select(&self, keep: &[u32]) -> Self {
        let rows = keep.iter().flat_map(|&row| self.row(row as usize)).copied().collect();
        Self { dim: self.dim, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_and_normalised() {
        let some = Embeddings { dim: 2, rows: vec![3.0, 4.0, 0.0, 0.0, 0.0, -2.0] };
        assert_eq!((some.len(), some.row(2)), (3, &[0.0, -2.0][..]));
        assert_eq!(some.normalised().rows, [0.6, 0.8, 0.0, 0.0, 0.0, -1.0]);
        assert_eq!(some.select(&[2, 0]).rows, [0.0, -2.0, 3.0, 4.0]);
        assert!(Embeddings::default().is_empty());
    }
}
