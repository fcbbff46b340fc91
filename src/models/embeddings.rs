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

    /// One more column, such that all rows have the length of the longest: among them, cosines with [`Embeddings::widened`]
    /// queries are in the order of the products with these rows (Bachrach et al., "Speeding up the Xbox recommender
    /// system using a Euclidean transformation for inner-product spaces", 2014).
    pub fn levelled(&self) -> Self {
        let squares: Vec<f32> =
            (0..self.len()).map(|row| self.row(row).iter().map(|value| value * value).sum()).collect();
        let most = squares.iter().copied().fold(0.0, f32::max);
        self.with_column(|row| (most - squares[row]).max(0.0).sqrt())
    }

    /// One more column of zeros.
    pub fn widened(&self) -> Self {
        self.with_column(|_| 0.0)
    }

    /// One more column, of what `value` gives for each row.
    pub fn with_column(&self, value: impl Fn(usize) -> f32) -> Self {
        let mut rows = Vec::with_capacity(self.rows.len() + self.len());
        for row in 0..self.len() {
            rows.extend_from_slice(self.row(row));
            rows.push(value(row));
        }
        Self { dim: self.dim + 1, rows }
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
    fn cosines_of_levelled_rows_are_products() {
        let some = Embeddings { dim: 2, rows: vec![3.0, 4.0, 1.0, 0.0, 0.0, 0.0] };
        let level = some.levelled();
        assert_eq!((level.dim, level.len()), (3, 3));
        for row in 0..3 {
            let length = level.row(row).iter().map(|value| value * value).sum::<f32>();
            assert!((length - 25.0).abs() < 1e-4, "{length}");
            assert_eq!(level.row(row)[..2], *some.row(row));
        }
        assert_eq!(some.widened().row(1), [1.0, 0.0, 0.0]);
        assert!(Embeddings::default().levelled().is_empty());
    }

    #[test]
    fn rows_are_found_and_normalised() {
        let some = Embeddings { dim: 2, rows: vec![3.0, 4.0, 0.0, 0.0, 0.0, -2.0] };
        assert_eq!((some.len(), some.row(2)), (3, &[0.0, -2.0][..]));
        assert_eq!(some.normalised().rows, [0.6, 0.8, 0.0, 0.0, 0.0, -1.0]);
        assert_eq!(some.select(&[2, 0]).rows, [0.0, -2.0, 3.0, 4.0]);
        assert!(Embeddings::default().is_empty());
    }
}
