//! Compressed sparse rows.

/// A weighted graph by rows: row `n` has the edges `offsets[n]..offsets[n + 1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Csr {
    /// `[rows + 1]`, from 0, never falling.
    pub offsets: Vec<u64>,
    /// `[edges]`, the column of each edge; no column twice in one row.
    pub targets: Vec<u32>,
    /// `[edges]`
    pub weights: Vec<f32>,
}

/// What is wrong with parts that are to become a [`Csr`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsrError {
    #[error("the offsets have to begin with 0, never to fall, and to end with the number of edges ({edges})")]
    Offsets { edges: usize },
    #[error("there are {targets} columns of edges and {weights} weights")]
    Lengths { targets: usize, weights: usize },
    #[error("row {row} names column {column} of {columns}")]
    Column { row: usize, column: u32, columns: usize },
    #[error("row {row} names column {column} twice")]
    Twice { row: usize, column: u32 },
    #[error("row {row} has a weight that is no finite number")]
    Weight { row: usize },
}

impl Default for Csr {
    fn default() -> Self {
        Self { offsets: vec![0], targets: Vec::new(), weights: Vec::new() }
    }
}

impl Csr {
    /// Checks the parts; `columns` bounds the targets.
    pub fn new(offsets: Vec<u64>, targets: Vec<u32>, weights: Vec<f32>, columns: usize) -> Result<Self, CsrError> {
        let edges = targets.len();
        if weights.len() != edges {
            return Err(CsrError::Lengths { targets: edges, weights: weights.len() });
        }
        if offsets.first() != Some(&0) || !offsets.is_sorted() || offsets.last() != Some(&(edges as u64)) {
            return Err(CsrError::Offsets { edges });
        }
        let graph = Self { offsets, targets, weights };
        // The row that named a column last, plus one.
        let mut named_by = vec![0usize; columns];
        for row in 0..graph.rows() {
            let (targets, weights) = graph.row(row as u32);
            if weights.iter().any(|weight| !weight.is_finite()) {
                return Err(CsrError::Weight { row });
            }
            for &column in targets {
                let Some(last) = named_by.get_mut(column as usize) else {
                    return Err(CsrError::Column { row, column, columns });
                };
                if *last == row + 1 {
                    return Err(CsrError::Twice { row, column });
                }
                *last = row + 1;
            }
        }
        Ok(graph)
    }

    /// From (row, column, weight) in any order; equal pairs are added up. Rows come out by rising column.
    /// Panics where a row or column lies outside.
    pub fn from_triplets(rows: usize, columns: usize, triplets: &[(u32, u32, f32)]) -> Self {
        let mut sorted = triplets.to_vec();
        sorted.sort_by_key(|&(row, column, _)| (row, column));
        let mut graph = Self::with_rows(rows);
        let mut last = None;
        for (row, column, weight) in sorted {
            assert!(
                (row as usize) < rows && (column as usize) < columns,
                "edge {row}, {column} lies outside the graph"
            );
            if last == Some((row, column)) {
                let end = graph.weights.len() - 1;
                graph.weights[end] += weight;
            } else {
                graph.targets.push(column);
                graph.weights.push(weight);
                graph.offsets[row as usize + 1] += 1;
                last = Some((row, column));
            }
        }
        for row in 0..rows {
            graph.offsets[row + 1] += graph.offsets[row];
        }
        graph
    }

    /// From one list of edges a row.
    pub fn from_rows(rows: &[Vec<(u32, f32)>]) -> Self {
        let edges = rows.iter().map(Vec::len).sum();
        let mut graph = Self {
            offsets: Vec::with_capacity(rows.len() + 1),
            targets: Vec::with_capacity(edges),
            weights: Vec::with_capacity(edges),
        };
        graph.offsets.push(0);
        for row in rows {
            graph.targets.extend(row.iter().map(|edge| edge.0));
            graph.weights.extend(row.iter().map(|edge| edge.1));
            graph.offsets.push(graph.targets.len() as u64);
        }
        graph
    }

    fn with_rows(rows: usize) -> Self {
        Self { offsets: vec![0; rows + 1], ..Self::default() }
    }

    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    pub fn edge_count(&self) -> usize {
        self.targets.len()
    }

    /// Where the edges of row `n` stand in `targets` and `weights`.
    pub fn range(&self, n: u32) -> std::ops::Range<usize> {
        self.offsets[n as usize] as usize..self.offsets[n as usize + 1] as usize
    }

    /// Columns and weights of row `n`. Panics outside `0..rows`.
    pub fn row(&self, n: u32) -> (&[u32], &[f32]) {
        let range = self.range(n);
        (&self.targets[range.clone()], &self.weights[range])
    }

    /// The same edges by column, each column's by rising row, in one pass. `columns` bounds the targets.
    pub fn transpose(&self, columns: usize) -> Self {
        let mut offsets = vec![0u64; columns + 1];
        for &column in &self.targets {
            offsets[column as usize + 1] += 1;
        }
        for column in 0..columns {
            offsets[column + 1] += offsets[column];
        }
        let mut next = offsets.clone();
        let (mut targets, mut weights) = (vec![0; self.edge_count()], vec![0.0; self.edge_count()]);
        for row in 0..self.rows() as u32 {
            for edge in self.range(row) {
                let place = &mut next[self.targets[edge] as usize];
                targets[*place as usize] = row;
                weights[*place as usize] = self.weights[edge];
                *place += 1;
            }
        }
        Self { offsets, targets, weights }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_are_checked() {
        let graph = Csr::new(vec![0, 2, 2], vec![3, 1], vec![0.5, 0.25], 4).unwrap();
        assert_eq!((graph.rows(), graph.edge_count()), (2, 2));
        assert_eq!(graph.row(0), (&[3, 1][..], &[0.5, 0.25][..]));
        assert_eq!(graph.row(1).0.len(), 0);
        let fail = |offsets: &[u64], targets: &[u32], weights: &[f32]| {
            Csr::new(offsets.to_vec(), targets.to_vec(), weights.to_vec(), 4).unwrap_err()
        };
        assert_eq!(fail(&[], &[], &[]), CsrError::Offsets { edges: 0 });
        assert_eq!(fail(&[0, 2, 1], &[1], &[1.0]), CsrError::Offsets { edges: 1 });
        assert_eq!(fail(&[0, 1], &[1, 2], &[1.0, 1.0]), CsrError::Offsets { edges: 2 });
        assert_eq!(fail(&[0, 1], &[1], &[]), CsrError::Lengths { targets: 1, weights: 0 });
        assert_eq!(fail(&[0, 1], &[4], &[1.0]), CsrError::Column { row: 0, column: 4, columns: 4 });
        assert_eq!(fail(&[0, 0, 2], &[2, 2], &[1.0, 1.0]), CsrError::Twice { row: 1, column: 2 });
        assert_eq!(fail(&[0, 1], &[1], &[f32::NAN]), CsrError::Weight { row: 0 });
    }

    proptest! {
        #[test]
        fn triplets_add_up_and_transposing_twice_changes_nothing(
            triplets in proptest::collection::vec((0u32..9, 0u32..7, 0u8..9), 0..60)
        ) {
            let triplets: Vec<(u32, u32, f32)> =
                triplets.into_iter().map(|(row, column, weight)| (row, column, f32::from(weight))).collect();
            let mut sums: BTreeMap<(u32, u32), f32> = BTreeMap::new();
            for &(row, column, weight) in &triplets {
                *sums.entry((row, column)).or_default() += weight;
            }
            let graph = Csr::from_triplets(9, 7, &triplets);
            let (offsets, targets, weights) = (graph.offsets.clone(), graph.targets.clone(), graph.weights.clone());
            prop_assert_eq!(&Csr::new(offsets, targets, weights, 7).unwrap(), &graph);
            let edges: BTreeMap<(u32, u32), f32> = (0..9)
                .flat_map(|row| {
                    let (targets, weights) = graph.row(row);
                    targets.iter().zip(weights).map(move |(&column, &weight)| ((row, column), weight)).collect::<Vec<_>>()
                })
                .collect();
            prop_assert_eq!(edges, sums);
            let turned = graph.transpose(7);
            prop_assert_eq!((turned.rows(), turned.edge_count()), (7, graph.edge_count()));
            for row in 0..9 {
                for (&column, weight) in graph.row(row).0.iter().zip(graph.row(row).1) {
                    let (rows, weights) = turned.row(column);
                    prop_assert_eq!(weights[rows.iter().position(|&other| other == row).unwrap()], *weight);
                }
            }
            prop_assert_eq!(turned.transpose(9), graph);
        }
    }
}
