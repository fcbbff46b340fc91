//! The graph that messages pass along (algorithms, sections 5 and 6): users take from their items, items from similar
//! items; and its sampling into blocks of unique nodes, one block a layer, as DGL and PyG build them.

use std::sync::Arc;

use rand::{Rng, seq::index};
use serde::{Deserialize, Serialize};

use super::Csr;

/// Users are the nodes `0..users`, items the nodes `users..users + items`.
#[derive(Debug, Clone)]
pub struct MessageGraph {
    /// `[users] x [items]`
    pub user_item: Csr,
    /// `[items] x [items]`, columns of a row by falling weight.
    pub item_item: Arc<Csr>,
}

/// Which neighbours are kept where a node has more than the fan-out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Draw {
    /// Each with the same chance.
    #[default]
    Uniform,
    /// Each with a chance that grows with its weight.
    Weight,
    /// The heaviest.
    Falling,
}

/// How a block is filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// Neighbours a node keeps, hop by hop from the nodes that are asked for; `None`: all of them.
    pub fan_outs: Vec<Option<usize>>,
    pub users: Draw,
    pub items: Draw,
    /// Whether each node is its own neighbour too (attention).
    pub has_self_loops: bool,
}

/// One layer's part of the graph: messages go from its sources to its destinations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// Nodes without repetition; the destinations come first, in their order, and users before items among them.
    pub sources: Vec<u32>,
    pub destinations: usize,
    /// How many of the destinations, and so of the sources, are users.
    pub users: usize,
    /// `[destinations + 1]`; the edges of destination `n` are `offsets[n]..offsets[n + 1]`.
    pub offsets: Vec<u32>,
    /// `[edges]`, positions in `sources`.
    pub edges: Vec<u32>,
    /// `[edges]`, weights of the graph; 1 for self-loops.
    pub weights: Vec<f32>,
    /// The same edges by source.
    pub by_source: BySource,
}

/// Edges of a [`Block`] by source: what gradients go back along, each source's by one thread and in one order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BySource {
    /// `[sources + 1]`
    pub offsets: Vec<u32>,
    /// `[edges]`, numbers of edges in the block.
    pub edges: Vec<u32>,
    /// `[edges]`, the destination of each.
    pub destinations: Vec<u32>,
}

impl MessageGraph {
    /// `item_item` is the graph of similar items, of which each item keeps the first `item_neighbours`.
    pub fn new(user_item: Csr, item_item: &Csr, item_neighbours: usize) -> Self {
        let mut kept = Csr::default();
        for item in 0..item_item.rows() as u32 {
            let (targets, weights) = item_item.row(item);
            let most = item_neighbours.min(targets.len());
            kept.targets.extend_from_slice(&targets[..most]);
            kept.weights.extend_from_slice(&weights[..most]);
            kept.offsets.push(kept.targets.len() as u64);
        }
        Self { user_item, item_item: Arc::new(kept) }
    }

    pub fn users(&self) -> usize {
        self.user_item.rows()
    }

    pub fn items(&self) -> usize {
        self.item_item.rows()
    }

    pub fn nodes(&self) -> usize {
        self.users() + self.items()
    }

    pub fn item_node(&self, item: u32) -> u32 {
        self.users() as u32 + item
    }

    /// Item rows that send to `node`, and the weights.
    pub fn neighbours(&self, node: u32) -> (&[u32], &[f32]) {
        match node.checked_sub(self.users() as u32) {
            None => self.user_item.row(node),
            Some(item) => self.item_item.row(item),
        }
    }
}

/// Draws blocks; keeps memory of the size of the graph, so one serves many batches.
pub struct BlockSampler<'a> {
    graph: &'a MessageGraph,
    /// Position of each node in the sources of the block in work, `NOWHERE` for the others.
    position: Vec<u32>,
    order: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl<'a> BlockSampler<'a> {
    pub fn new(graph: &'a MessageGraph) -> Self {
        Self { graph, position: vec![NOWHERE; graph.nodes()], order: Vec::new() }
    }

    /// One block a hop for `users` and `items` (rows without repetition), that of the first layer first. `excluded`
    /// are edges (user, item), sorted, along which nothing passes: those that are to be predicted.
    pub fn blocks(
        &mut self,
        users: &[u32],
        items: &[u32],
        excluded: &[(u32, u32)],
        sampling: &Sampling,
        rng: &mut impl Rng,
    ) -> Vec<Block> {
        let mut wanted: Vec<u32> = users.to_vec();
        wanted.extend(items.iter().map(|&item| self.graph.item_node(item)));
        let mut blocks = Vec::with_capacity(sampling.fan_outs.len());
        for &fan_out in &sampling.fan_outs {
            let block = self.block(wanted, users.len(), excluded, fan_out, sampling, rng);
            wanted = block.sources.clone();
            blocks.push(block);
        }
        blocks.reverse();
        blocks
    }

    fn block(
        &mut self,
        wanted: Vec<u32>,
        users: usize,
        excluded: &[(u32, u32)],
        fan_out: Option<usize>,
        sampling: &Sampling,
        rng: &mut impl Rng,
    ) -> Block {
        let graph = self.graph;
        let destinations = wanted.len();
        let mut block = Block { sources: wanted, destinations, users, ..Block::default() };
        block.offsets.reserve(destinations + 1);
        block.offsets.push(0);
        for (place, &node) in block.sources.iter().enumerate() {
            self.position[node as usize] = place as u32;
        }
        for place in 0..destinations {
            let node = block.sources[place];
            let (targets, weights) = graph.neighbours(node);
            if sampling.has_self_loops {
                block.edges.push(place as u32);
                block.weights.push(1.0);
            }
            let is_user = place < users;
            self.order.clear();
            if is_user && !excluded.is_empty() {
                let from = excluded.partition_point(|edge| edge.0 < node);
                let own = &excluded[from..];
                let own = &own[..own.partition_point(|edge| edge.0 == node)];
                let is_kept = |&edge: &u32| own.binary_search_by_key(&targets[edge as usize], |edge| edge.1).is_err();
                self.order.extend((0..targets.len() as u32).filter(is_kept));
            } else {
                self.order.extend(0..targets.len() as u32);
            }
            if let Some(fan_out) = fan_out.filter(|&fan_out| fan_out < self.order.len()) {
                draw(&mut self.order, weights, fan_out, if is_user { sampling.users } else { sampling.items }, rng);
            }
            for &edge in &self.order {
                let source = graph.item_node(targets[edge as usize]);
                let at = &mut self.position[source as usize];
                if *at == NOWHERE {
                    *at = block.sources.len() as u32;
                    block.sources.push(source);
                }
                block.edges.push(*at);
                block.weights.push(weights[edge as usize]);
            }
            block.offsets.push(block.edges.len() as u32);
        }
        for &node in &block.sources {
            self.position[node as usize] = NOWHERE;
        }
        block.by_source = by_source(&block);
        block
    }
}

/// Keeps `fan_out` of `order`, numbers of edges with `weights`.
fn draw(order: &mut Vec<u32>, weights: &[f32], fan_out: usize, how: Draw, rng: &mut impl Rng) {
    let weight_of = |edge: u32| weights[edge as usize];
    match how {
        Draw::Uniform => {
            let kept = index::sample(rng, order.len(), fan_out);
            *order = kept.into_iter().map(|place| order[place]).collect();
        }
        Draw::Weight => {
            let weight = |place: usize| f64::from(weight_of(order[place]).max(0.0));
            match index::sample_weighted(rng, order.len(), weight, fan_out) {
                Ok(kept) if kept.len() == fan_out => *order = kept.into_iter().map(|place| order[place]).collect(),
                // Fewer edges have a weight than are wanted: the heaviest are all of those.
                _ => draw(order, weights, fan_out, Draw::Falling, rng),
            }
        }
        Draw::Falling => {
            order.sort_by(|&one, &other| weight_of(other).total_cmp(&weight_of(one)).then(one.cmp(&other)));
            order.truncate(fan_out);
        }
    }
}

fn by_source(block: &Block) -> BySource {
    let mut offsets = vec![0u32; block.sources.len() + 1];
    for &source in &block.edges {
        offsets[source as usize + 1] += 1;
    }
    for source in 0..block.sources.len() {
        offsets[source + 1] += offsets[source];
    }
    let mut next = offsets.clone();
    let (mut edges, mut destinations) = (vec![0; block.edges.len()], vec![0; block.edges.len()]);
    for destination in 0..block.destinations {
        for edge in block.range(destination) {
            let place = &mut next[block.edges[edge] as usize];
            edges[*place as usize] = edge as u32;
            destinations[*place as usize] = destination as u32;
            *place += 1;
        }
    }
    BySource { offsets, edges, destinations }
}

impl Block {
    /// Numbers of the edges of destination `n`.
    pub fn range(&self, n: usize) -> std::ops::Range<usize> {
        self.offsets[n] as usize..self.offsets[n + 1] as usize
    }

    /// A block of given neighbourhoods, for inference: `neighbours` of each destination as positions in `sources`.
    pub fn from_lists(sources: Vec<u32>, users: usize, lists: impl IntoIterator<Item = (Vec<u32>, Vec<f32>)>) -> Self {
        let mut block = Self { sources, users, offsets: vec![0], ..Self::default() };
        for (edges, weights) in lists {
            block.edges.extend(edges);
            block.weights.extend(weights);
            block.offsets.push(block.edges.len() as u32);
        }
        block.destinations = block.offsets.len() - 1;
        block.by_source = by_source(&block);
        block
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use rand::SeedableRng as _;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    fn graph(edges: &[(u32, u32, f32)], similar: &[(u32, u32, f32)]) -> MessageGraph {
        MessageGraph {
            user_item: Csr::from_triplets(4, 6, edges),
            item_item: Arc::new(Csr::from_triplets(6, 6, similar)),
        }
    }

    fn sampling(fan_outs: &[Option<usize>], draw: Draw) -> Sampling {
        Sampling { fan_outs: fan_outs.to_vec(), users: draw, items: draw, has_self_loops: false }
    }

    proptest! {
        #[test]
        fn blocks_hold_edges_of_the_graph_and_chain(
            edges in vec((0u32..4, 0u32..6, 0.1f32..1.0), 1..30),
            similar in vec((0u32..6, 0u32..6, 0.1f32..1.0), 0..30),
            fan_outs in vec(prop::option::of(1usize..4), 1..4),
            draw in prop::sample::select(vec![Draw::Uniform, Draw::Weight, Draw::Falling]),
            has_self_loops: bool,
            seed: u64,
        ) {
            let graph = graph(&edges, &similar);
            let sampling = Sampling { has_self_loops, ..sampling(&fan_outs, draw) };
            let (users, items) = ([2u32, 0], [5u32, 1, 3]);
            let mut excluded: Vec<(u32, u32)> = edges.iter().take(2).map(|edge| (edge.0, edge.1)).collect();
            excluded.sort_unstable();
            let mut sampler = BlockSampler::new(&graph);
            let blocks =
                sampler.blocks(&users, &items, &excluded, &sampling, &mut Pcg64Mcg::seed_from_u64(seed));
            let again = sampler.blocks(&users, &items, &excluded, &sampling, &mut Pcg64Mcg::seed_from_u64(seed));
            prop_assert_eq!(&blocks, &again);
            prop_assert_eq!(blocks.len(), fan_outs.len());
            prop_assert_eq!(&blocks.last().unwrap().sources[..5], &[2, 0, 9, 5, 7]);
            for (block, fan_out) in blocks.iter().zip(fan_outs.iter().rev()) {
                let mut unique = block.sources.clone();
                unique.sort_unstable();
                unique.dedup();
                prop_assert_eq!(unique.len(), block.sources.len());
                for destination in 0..block.destinations {
                    let node = block.sources[destination];
                    let mut range = block.range(destination);
                    if has_self_loops {
                        prop_assert_eq!(block.edges[range.start] as usize, destination);
                        range.start += 1;
                    }
                    let (targets, weights) = graph.neighbours(node);
                    let allowed = |edge: usize| !excluded.contains(&(node, targets[edge]));
                    let degree = (0..targets.len()).filter(|&edge| allowed(edge)).count();
                    prop_assert_eq!(range.len(), fan_out.map_or(degree, |fan_out| fan_out.min(degree)));
                    let mut seen = Vec::new();
                    for edge in range {
                        let source = block.sources[block.edges[edge] as usize];
                        let place = targets.iter().position(|&target| graph.item_node(target) == source).unwrap();
                        prop_assert!(allowed(place) && !seen.contains(&source));
                        prop_assert_eq!(block.weights[edge], weights[place]);
                        seen.push(source);
                    }
                }
                let mut back: Vec<(u32, u32)> = Vec::new();
                for source in 0..block.sources.len() {
                    for place in block.by_source.offsets[source]..block.by_source.offsets[source + 1] {
                        let edge = block.by_source.edges[place as usize];
                        prop_assert_eq!(block.edges[edge as usize] as usize, source);
                        let destination = block.by_source.destinations[place as usize];
                        prop_assert!(block.range(destination as usize).contains(&(edge as usize)));
                        back.push((edge, destination));
                    }
                }
                prop_assert_eq!(back.len(), block.edges.len());
            }
            for pair in blocks.windows(2) {
                prop_assert_eq!(&pair[0].sources[..pair[0].destinations], &pair[1].sources[..]);
            }
        }
    }

    /// How often each of five neighbours of weights 1 to 5 is among two drawn, of 20,000 draws.
    fn shares(draw: Draw) -> Vec<f64> {
        let edges: Vec<(u32, u32, f32)> = (0..5).map(|item| (0, item, (item + 1) as f32)).collect();
        let graph = graph(&edges, &[]);
        let mut sampler = BlockSampler::new(&graph);
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let mut counts = vec![0f64; 5];
        for _ in 0..20_000 {
            let blocks = sampler.blocks(&[0], &[], &[], &sampling(&[Some(2)], draw), &mut rng);
            for &edge in &blocks[0].edges {
                counts[(blocks[0].sources[edge as usize] - 4) as usize] += 1.0 / 20_000.0;
            }
        }
        counts
    }

    #[test]
    fn draws_follow_their_distribution() {
        // Four standard errors of a share of 20,000 draws are 0.014.
        for share in shares(Draw::Uniform) {
            assert!((share - 0.4).abs() < 0.014, "{share}");
        }
        // Without replacement: w_i / W + the sum over j of w_j / W * w_i / (W - w_j).
        for (item, share) in shares(Draw::Weight).into_iter().enumerate() {
            let own = (item + 1) as f64;
            let second: f64 = (1..=5).map(f64::from).filter(|&w| w != own).map(|w| w / 15.0 * own / (15.0 - w)).sum();
            assert!((share - (own / 15.0 + second)).abs() < 0.014, "{item} {share}");
        }
        let heaviest = shares(Draw::Falling);
        assert!(heaviest[..3].iter().all(|&share| share == 0.0) && heaviest[3] > 0.999 && heaviest[4] > 0.999);
    }
}
