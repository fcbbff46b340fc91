//! Figures of attention, found off the frame: of one node, and of a sample of a run's users.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::super::network::{self, Net, Node, Shares};
use crate::{dataset::Dataset, recall::Trigger, task::JobContext, ui::session::Basis};

/// Users of the sample.
pub const SAMPLE: usize = 500;

/// One node's neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeFigures {
    /// Item row, and its share of all weights.
    pub neighbours: Vec<(u32, f32)>,
    /// What the user did with each at the most; `None` for an item's neighbours.
    pub behaviours: Vec<Option<u8>>,
    /// By layer.
    pub layers: Vec<Shares>,
}

pub fn of_node(net: &Net, node: Node, ctx: &JobContext) -> anyhow::Result<NodeFigures> {
    let dataset = &*net.basis.prepared.dataset;
    let trigger = match node {
        Node::User(user) => net.basis.triggers.of(user),
        Node::Item(_) => Trigger::default(),
    };
    let (all, behaviours) = match node {
        Node::User(user) => {
            let taken = taken(dataset, &net.basis, user);
            let all = network::items_of(Some(net), &trigger);
            let behaviours = all.iter().map(|(item, _)| taken.get(item).map(|taken| taken.strongest)).collect();
            (all, behaviours)
        }
        Node::Item(item) => {
            let graphs = net.basis.prepared.graphs(ctx)?.0;
            let (targets, weights) = graphs.item_item.row(item);
            let most = net.trained.lane.gnn().map_or(usize::MAX, |gnn| gnn.model().settings.item_neighbours);
            let all: Vec<(u32, f32)> = targets.iter().copied().zip(weights.iter().copied()).take(most).collect();
            let behaviours = vec![None; all.len()];
            (all, behaviours)
        }
    };
    let layers = network::attention(net, node, &trigger, [dataset.user_count(), dataset.item_count()], &all);
    let sum: f32 = all.iter().map(|(_, weight)| weight).sum();
    let neighbours = all.into_iter().map(|(item, weight)| (item, weight / sum.max(f32::EPSILON))).collect();
    Ok(NodeFigures { neighbours, behaviours, layers })
}

/// What a user did with an item of the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Taken {
    times: u32,
    /// The behaviour of the greatest weight.
    strongest: u8,
}

fn taken(dataset: &Dataset, basis: &Basis, user: u32) -> FxHashMap<u32, Taken> {
    let weight = |behaviour: u8| dataset.behaviours[usize::from(behaviour)].weight;
    let mut taken: FxHashMap<u32, Taken> = FxHashMap::default();
    for &row in basis.facts.train.of(user) {
        let (item, behaviour) = (dataset.events.item[row as usize], dataset.events.behaviour[row as usize]);
        if weight(behaviour) <= 0.0 {
            continue;
        }
        let known = taken.entry(item).or_insert(Taken { times: 0, strongest: behaviour });
        known.times += 1;
        if weight(behaviour) > weight(known.strongest) {
            known.strongest = behaviour;
        }
    }
    taken
}

/// How values are spread: 5th, 25th, 50th, 75th and 95th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub at: [f32; 5],
    pub mean: f32,
    pub count: usize,
}

impl Spread {
    /// `None` of nothing.
    fn of(mut values: Vec<f32>) -> Option<Self> {
        let count = values.len();
        if count == 0 {
            return None;
        }
        values.sort_by(f32::total_cmp);
        let at = [0.05, 0.25, 0.5, 0.75, 0.95].map(|part: f64| values[((count - 1) as f64 * part).round() as usize]);
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count as f64;
        Some(Self { at, mean: mean as f32, count })
    }
}

/// What falls on items that a user took once and by the weakest behaviour, as means over users who have such items and
/// others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    pub users: usize,
    /// The share of such items among a user's: what even attention would give them.
    pub even: f32,
    /// Their share of the weights.
    pub weight: f32,
    /// Their share of the attention.
    pub attention: f32,
}

/// One layer of a run over a sample of users. Relative attention is a neighbour's share times the number of
/// neighbours: 1 where attention is even.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerFigures {
    /// Relative attention of the mean of heads, by the strongest behaviour between user and item.
    pub by_behaviour: Vec<(u8, Spread)>,
    /// Relative attention by head.
    pub by_head: Vec<Spread>,
    /// Mean entropy by head, as a share of the greatest.
    pub entropy: Vec<f32>,
    /// Of the mean of heads, then of each head; empty where no user has items of both kinds.
    pub noise: Vec<Noise>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RunFigures {
    /// Users of the sample, and of how many.
    pub users: usize,
    pub of_users: usize,
    pub edges: usize,
    /// The behaviour of the least weight that is an interaction.
    pub weakest: Option<u8>,
    pub layers: Vec<LayerFigures>,
}

/// One user of the sample.
struct Sampled {
    taken: Vec<Taken>,
    weights: Vec<f32>,
    layers: Vec<Shares>,
}

pub fn of_run(net: &Net, ctx: &JobContext) -> anyhow::Result<RunFigures> {
    let (dataset, basis) = (&*net.basis.prepared.dataset, &*net.basis);
    let able: Vec<u32> =
        (0..dataset.user_count() as u32).filter(|&user| taken(dataset, basis, user).len() >= 2).collect();
    let step = able.len().div_ceil(SAMPLE).max(1);
    let users: Vec<u32> = able.iter().copied().step_by(step).collect();
    ctx.stage("Attention", users.len() as u64, "users");
    let sizes = [dataset.user_count(), dataset.item_count()];
    let sampled: Vec<Sampled> = users
        .par_iter()
        .map(|&user| {
            ctx.check()?;
            let (trigger, taken) = (basis.triggers.of(user), taken(dataset, basis, user));
            let all = network::items_of(Some(net), &trigger);
            let layers = network::attention(net, Node::User(user), &trigger, sizes, &all);
            let nothing = Taken { times: 0, strongest: 0 };
            let taken = all.iter().map(|(item, _)| taken.get(item).copied().unwrap_or(nothing)).collect();
            ctx.advance(1);
            Ok(Sampled { taken, weights: all.iter().map(|(_, weight)| *weight).collect(), layers })
        })
        .collect::<anyhow::Result<_>>()?;
    let weakest = weakest(dataset, basis);
    let layers = sampled.first().map_or(0, |first| first.layers.len());
    Ok(RunFigures {
        users: sampled.len(),
        of_users: able.len(),
        edges: sampled.iter().map(|user| user.taken.len()).sum(),
        weakest,
        layers: (0..layers).map(|layer| of_layer(&sampled, layer, weakest)).collect(),
    })
}

fn weakest(dataset: &Dataset, basis: &Basis) -> Option<u8> {
    let mut is_there = vec![false; dataset.behaviours.len()];
    for &row in &basis.prepared.split.train {
        is_there[usize::from(dataset.events.behaviour[row as usize])] = true;
    }
    let weight = |behaviour: &u8| dataset.behaviours[usize::from(*behaviour)].weight;
    let there = (0..dataset.behaviours.len() as u8).filter(|&behaviour| is_there[usize::from(behaviour)]);
    there.filter(|behaviour| weight(behaviour) > 0.0).min_by(|one, other| weight(one).total_cmp(&weight(other)))
}

fn of_layer(sampled: &[Sampled], layer: usize, weakest: Option<u8>) -> LayerFigures {
    let heads = sampled.first().map_or(0, |first| first.layers[layer].heads);
    let mut by_behaviour: FxHashMap<u8, Vec<f32>> = FxHashMap::default();
    let mut by_head: Vec<Vec<f32>> = vec![Vec::new(); heads];
    let mut entropies: Vec<Vec<f32>> = vec![Vec::new(); heads];
    let variants: Vec<Option<usize>> = std::iter::once(None).chain((0..heads).map(Some)).collect();
    let mut sums = vec![[0f64; 3]; variants.len()];
    let mut users = 0;
    for user in sampled {
        let shares = &user.layers[layer];
        let count = user.taken.len() as f32;
        for (place, taken) in user.taken.iter().enumerate() {
            by_behaviour.entry(taken.strongest).or_default().push(shares.share(place, None) * count);
            for (head, values) in by_head.iter_mut().enumerate() {
                values.push(shares.share(place, Some(head)) * count);
            }
        }
        for (head, values) in entropies.iter_mut().enumerate() {
            values.extend(shares.entropy(head));
        }
        let is_noise = |taken: &Taken| taken.times == 1 && Some(taken.strongest) == weakest;
        let noise: Vec<usize> = (0..user.taken.len()).filter(|&place| is_noise(&user.taken[place])).collect();
        if noise.is_empty() || noise.len() == user.taken.len() {
            continue;
        }
        users += 1;
        for (sum, &head) in sums.iter_mut().zip(&variants) {
            sum[0] += noise.len() as f64 / f64::from(count);
            sum[1] += noise.iter().map(|&place| f64::from(user.weights[place])).sum::<f64>();
            sum[2] += noise.iter().map(|&place| f64::from(shares.share(place, head))).sum::<f64>();
        }
    }
    let mut by_behaviour: Vec<(u8, Spread)> =
        by_behaviour.into_iter().filter_map(|(behaviour, values)| Some((behaviour, Spread::of(values)?))).collect();
    by_behaviour.sort_by_key(|(behaviour, _)| *behaviour);
    let noise = |sum: &[f64; 3]| {
        let [even, weight, attention] = sum.map(|sum| (sum / f64::from(users)) as f32);
        Noise { users: users as usize, even, weight, attention }
    };
    LayerFigures {
        by_behaviour,
        by_head: by_head.into_iter().filter_map(Spread::of).collect(),
        entropy: entropies.into_iter().map(|values| Spread::of(values).map_or(0.0, |spread| spread.mean)).collect(),
        noise: if users == 0 { Vec::new() } else { sums.iter().map(noise).collect() },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn user(taken: &[(u32, u8)], weights: &[f32], shares: &[f32]) -> Sampled {
        let taken = taken.iter().map(|&(times, strongest)| Taken { times, strongest }).collect();
        let layers = vec![Shares { own: vec![0.0], of: shares.to_vec(), heads: 1 }];
        Sampled { taken, weights: weights.to_vec(), layers }
    }

    #[test]
    fn what_is_probably_noise_is_compared_with_an_even_share() {
        let sampled = [
            // One click of four items: a tenth of the attention where a quarter would be even.
            user(&[(1, 0), (2, 0), (1, 1), (3, 2)], &[0.1, 0.2, 0.3, 0.4], &[0.1, 0.2, 0.3, 0.4]),
            user(&[(1, 0), (1, 1)], &[0.3, 0.7], &[0.5, 0.5]),
            // Nothing to compare with.
            user(&[(1, 0), (1, 0)], &[0.5, 0.5], &[0.9, 0.1]),
        ];
        let layer = of_layer(&sampled, 0, Some(0));
        let noise = layer.noise[0];
        assert_eq!((noise.users, layer.noise.len()), (2, 2));
        let near = |one: f32, other: f32| (one - other).abs() < 1e-6;
        assert!(near(noise.even, 0.375) && near(noise.weight, 0.2) && near(noise.attention, 0.3), "{noise:?}");
        let clicks = layer.by_behaviour[0];
        assert_eq!((clicks.0, clicks.1.count), (0, 5));
        assert!(near(clicks.1.at[4], 1.8) && near(clicks.1.at[0], 0.2), "{clicks:?}");
        assert_eq!(of_layer(&sampled[2..], 0, Some(0)).noise, []);
    }

    #[test]
    fn percentiles_are_values_that_occur() {
        let spread = Spread::of((0..=100).rev().map(|value| value as f32).collect()).unwrap();
        assert_eq!((spread.at, spread.mean, spread.count), ([5.0, 25.0, 50.0, 75.0, 95.0], 50.0, 101));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
