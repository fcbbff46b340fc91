//! The nodes that walks pass and the edges between them.

use super::metapath::NodeType;
use crate::{
    dataset::{Attribute, Dataset, split::Split},
    graph::Csr,
};

use rand::{Rng, RngExt as _};

/// Nodes of all types, numbered one type after the other: users, items, tags (leaves), circles, topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nodes {
    /// The last of the type, plus one, in the order of [`NodeType::ALL`].
    pub ends: [u32; 5],
}

impl Nodes {
    /// `None` where there are more than 32 bits can number.
    pub fn of(dataset: &Dataset) -> Option<Self> {
        let items = &dataset.items;
        let fields = [&items.tags, &items.circle, &items.topics].map(|field| field.vocabulary.len());
        let counts = [dataset.user_count(), dataset.item_count(), fields[0], fields[1], fields[2]];
        let mut end = 0u32;
        let mut ends = [0; 5];
        for (of_type, count) in ends.iter_mut().zip(counts) {
            end = end.checked_add(u32::try_from(count).ok()?)?;
            *of_type = end;
        }
        Some(Self { ends })
    }

    pub fn first(&self, node_type: NodeType) -> u32 {
        match node_type as usize {
            0 => 0,
            place => self.ends[place - 1],
        }
    }

    pub fn end(&self, node_type: NodeType) -> u32 {
        self.ends[node_type as usize]
    }

    /// Of all types.
    pub fn len(&self) -> usize {
        self.ends[4] as usize
    }

    /// Panics for what is no node.
    #[cfg(test)]
    pub fn type_of(&self, node: u32) -> NodeType {
        NodeType::ALL[self.ends.partition_point(|&end| end <= node)]
    }
}

/// Where one step can go: rows are nodes from `first` on, columns are nodes of the whole numbering, rising in each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    first: u32,
    /// `[rows + 1]`
    offsets: Vec<u32>,
    targets: Vec<u32>,
    /// Weights added up along each row; empty where all edges weigh the same.
    sums: Vec<f32>,
}

impl Steps {
    /// From edges (from, to, weight above 0) of the nodes `first..end`, each pair once.
    pub fn new(first: u32, end: u32, mut edges: Vec<(u32, u32, f32)>) -> Self {
        edges.sort_unstable_by_key(|&(from, to, _)| (from, to));
        let mut offsets = vec![0u32; (end - first) as usize + 1];
        for &(from, ..) in &edges {
            offsets[(from - first) as usize + 1] += 1;
        }
        for row in 1..offsets.len() {
            offsets[row] += offsets[row - 1];
        }
        let is_even = edges.iter().all(|&(.., weight)| weight == 1.0);
        let mut sums = Vec::new();
        if !is_even {
            sums.reserve(edges.len());
            for of_row in edges.chunk_by(|one, next| one.0 == next.0) {
                let mut sum = 0.0;
                sums.extend(of_row.iter().map(|&(.., weight)| {
                    sum += weight;
                    sum
                }));
            }
        }
        Self { first, offsets, targets: edges.into_iter().map(|(_, to, _)| to).collect(), sums }
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        let row = (node - self.first) as usize;
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// Nodes that one step from `node` may reach, rising.
    pub fn targets(&self, node: u32) -> &[u32] {
        &self.targets[self.range(node)]
    }

    /// One of them by weight; `None` where there is none.
    #[inline]
    pub fn draw(&self, node: u32, random: &mut impl Rng) -> Option<u32> {
        let range = self.range(node);
        let targets = &self.targets[range.clone()];
        if targets.is_empty() {
            return None;
        }
        let place = match self.sums.get(range) {
            Some(sums) if !sums.is_empty() => {
                let drawn = random.random::<f32>() * sums[sums.len() - 1];
                sums.partition_point(|&sum| sum <= drawn).min(targets.len() - 1)
            }
            _ => random.random_range(0..targets.len()),
        };
        Some(targets[place])
    }

    /// The chance of each of [`Steps::targets`].
    #[cfg(test)]
    pub fn chances(&self, node: u32) -> Vec<f64> {
        let range = self.range(node);
        let Some(sums) = self.sums.get(range.clone()).filter(|sums| !sums.is_empty()) else {
            return vec![1.0 / range.len() as f64; range.len()];
        };
        let total = f64::from(sums[sums.len() - 1]);
        let before = std::iter::once(0.0).chain(sums.iter().copied().map(f64::from));
        sums.iter().zip(before).map(|(&sum, before)| (f64::from(sum) - before) / total).collect()
    }
}

/// What a user took: each pair of user and item of the training part once.
#[derive(Debug, Default)]
pub struct Taken {
    /// (user row, item row, weight), by rising user and item. The weight is what is left of the newest interaction after
    /// fading, and 1 without.
    pub pairs: Vec<(u32, u32, f32)>,
    /// Per item of the data set, its interactions in the training part.
    pub counts: Vec<u32>,
}

/// What is left of an interaction after this long would never be drawn; it stays above 0, so that no node is cut off.
const LEAST_LEFT: f64 = 1e-6;

impl Taken {
    pub fn of(dataset: &Dataset, split: &Split, half_life_days: Option<f64>) -> Self {
        let events = &dataset.events;
        let fading = split.fading(events, half_life_days);
        let mut counts = vec![0u32; dataset.item_count()];
        let mut pairs: Vec<(u32, u32, f32)> = Vec::with_capacity(split.train.len());
        for row in split.train.iter().map(|&row| row as usize) {
            let left = fading.as_ref().map_or(1.0, |left| left(row).max(LEAST_LEFT));
            counts[events.item[row] as usize] += 1;
            pairs.push((events.user[row], events.item[row], left as f32));
        }
        pairs.sort_unstable_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)).then(other.2.total_cmp(&one.2)));
        pairs.dedup_by_key(|pair| (pair.0, pair.1));
        Self { pairs, counts }
    }

    /// User-item edges in both directions, rows being users and items.
    pub fn both_ways(&self, nodes: &Nodes) -> Steps {
        let items = nodes.first(NodeType::Item);
        let there = self.pairs.iter().map(|&(user, item, left)| (user, items + item, left));
        let back = self.pairs.iter().map(|&(user, item, left)| (items + item, user, left));
        Steps::new(0, nodes.end(NodeType::Item), there.chain(back).collect())
    }

    /// The steps from nodes of one type to those of another; none between types that no edge joins. Only items of the
    /// training part are reached.
    pub fn steps(&self, dataset: &Dataset, nodes: &Nodes, item_item: &Csr, from: NodeType, to: NodeType) -> Steps {
        let (first, end) = (nodes.first(from), nodes.end(from));
        let (items, into) = (nodes.first(NodeType::Item), nodes.first(to));
        let is_seen = |item: u32| self.counts.get(item as usize).is_some_and(|&count| count > 0);
        let field = |node_type: NodeType| match node_type {
            NodeType::Tag => Some(&dataset.items.tags),
            NodeType::Circle => Some(&dataset.items.circle),
            NodeType::Topic => Some(&dataset.items.topics),
            NodeType::User | NodeType::Item => None,
        };
        let edges = match (from, to) {
            (NodeType::User, NodeType::Item) => {
                self.pairs.iter().map(|&(user, item, left)| (user, items + item, left)).collect()
            }
            (NodeType::Item, NodeType::User) => {
                self.pairs.iter().map(|&(user, item, left)| (items + item, user, left)).collect()
            }
            (NodeType::Item, NodeType::Item) => (0..item_item.rows() as u32)
                .filter(|&item| is_seen(item))
                .flat_map(|item| {
                    let (targets, weights) = item_item.row(item);
                    targets.iter().zip(weights).map(move |(&other, &weight)| (items + item, items + other, weight))
                })
                .filter(|&(_, other, weight)| weight > 0.0 && is_seen(other - items))
                .collect(),
            (NodeType::Item, other) => field(other).map_or_else(Vec::new, |field| {
                self.described_by(field).map(|(item, value, _)| (items + item, into + value, 1.0)).collect()
            }),
            (other, NodeType::Item) => field(other).map_or_else(Vec::new, |field| {
                self.described_by(field).map(|(item, value, left)| (first + value, items + item, left)).collect()
            }),
            _ => Vec::new(),
        };
        Steps::new(first, end, edges)
    }

    /// (item, entry of `field`, what is left of the item's interactions) for the items of the training part.
    fn described_by<'a>(&self, field: &'a Attribute) -> impl Iterator<Item = (u32, u32, f32)> + use<'a> {
        let mut left = vec![0f32; self.counts.len()];
        for &(_, item, of_pair) in &self.pairs {
            left[item as usize] += of_pair;
        }
        let is_even = self.pairs.iter().all(|pair| pair.2 == 1.0);
        left.into_iter().enumerate().filter(|(_, left)| *left > 0.0).flat_map(move |(item, left)| {
            let mut values = field.of(item as u32).to_vec();
            values.sort_unstable();
            values.dedup();
            values.into_iter().map(move |value| (item as u32, value, if is_even { 1.0 } else { left }))
        })
    }
}
