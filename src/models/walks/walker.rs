//! One walk: from node to node at random, by one of three rules.

use rand::{Rng, RngExt as _};

use super::{metapath::Metapath, network::Steps};

/// Puts a walk of up to `length` nodes from `start` into `walk`: every step by the weights of the edges, whatever came
/// before (Perozzi et al., "DeepWalk", 2014).
pub fn first_order(steps: &Steps, start: u32, length: usize, random: &mut impl Rng, walk: &mut Vec<u32>) {
    walk.push(start);
    let mut at = start;
    for _ in 1..length {
        let Some(next) = steps.draw(at, random) else { return };
        walk.push(next);
        at = next;
    }
}

/// How a walk of the second order looks at the node it came from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondOrder {
    /// Against going back at once: the step weighs 1/p.
    pub p: f64,
    /// Against going away: a step to a node that is no neighbour of the one before weighs 1/q.
    pub q: f64,
}

/// As [`first_order`], with the step from `v` after `t` to `x` weighing α_pq(t, x) · w_vx (Grover and Leskovec,
/// "node2vec", 2016, section 3.2): 1/p where x = t, 1 where x is a neighbour of t, 1/q else. By rejection: a step is
/// drawn by w_vx and taken with the chance α / max α. That is exact, and needs no table for each edge (which alias
/// tables of the second order would).
pub fn second_order(
    steps: &Steps,
    rule: SecondOrder,
    start: u32,
    length: usize,
    random: &mut impl Rng,
    walk: &mut Vec<u32>,
) {
    let (back, away) = (1.0 / rule.p, 1.0 / rule.q);
    let most = back.max(away).max(1.0);
    walk.push(start);
    let (mut before, mut at) = (None, start);
    for _ in 1..length {
        let next = loop {
            let Some(next) = steps.draw(at, random) else { return };
            let Some(before) = before else { break next };
            let alpha = if next == before {
                back
            } else if steps.targets(before).binary_search(&next).is_ok() {
                1.0
            } else {
                away
            };
            if alpha >= most || random.random::<f64>() * most < alpha || steps.targets(at).len() == 1 {
                break next;
            }
        };
        walk.push(next);
        before = Some(at);
        at = next;
    }
}

/// As [`first_order`], with the types of nodes that `path` says, round and round. `steps`: those of each step of the
/// path. Ends early where a node has no neighbour of the next type.
pub fn along_metapath(
    path: &Metapath,
    steps: &[&Steps],
    start: u32,
    length: usize,
    random: &mut impl Rng,
    walk: &mut Vec<u32>,
) {
    debug_assert_eq!(steps.len() + 1, path.types().len());
    walk.push(start);
    let mut at = start;
    for steps in steps.iter().cycle().take(length.saturating_sub(1)) {
        let Some(next) = steps.draw(at, random) else { return };
        walk.push(next);
        at = next;
    }
}
