//! The part of the message graph around a node, found off the frame.

use rand::SeedableRng as _;
use rand_pcg::Pcg64Mcg;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::network::{self, Net, Node, has_attention};
use crate::{
    graph::{BlockSampler, Csr, Sampling},
    recall::Trigger,
    task::JobContext,
    ui::desk::EdgeMeasure,
};

/// More than these are not drawn; what is left out is told.
pub const MAX_EDGES: usize = 20_000;
pub const MAX_NODES: usize = 4_000;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub root: Node,
    pub hops: usize,
    pub cap: usize,
    /// Items whose neighbours are wanted wherever they stand.
    pub unfolded: Vec<u32>,
    /// Items with a tag of theirs: others with the tag are wanted beside them.
    pub by_tag: Vec<(u32, u32)>,
    /// Neighbours as a training draws them, and which of the draws.
    pub sampling: Option<(Sampling, u64)>,
    /// Item-item neighbours that messages pass along.
    pub item_neighbours: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EgoNode {
    pub node: Node,
    pub hop: usize,
    /// All that send to it.
    pub neighbours: usize,
    /// Those that are drawn; 0 where it is folded.
    pub shown: usize,
}

/// A message: `from` sends, `to` takes. Places among the nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EgoEdge {
    pub to: usize,
    pub from: usize,
    /// As the graph has it.
    pub weight: f32,
    /// Of all weights of what `to` takes from.
    pub share: f32,
    /// No message, but a tag that both have.
    pub tag: Option<SharedTag>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedTag {
    pub tag: u32,
    /// The colour of its branch.
    pub category: usize,
}

/// The items that have a tag, those that are taken most first; and the colour of the tag's branch.
pub type OfTag<'a> = &'a dyn Fn(u32) -> (Vec<u32>, usize);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ego {
    /// The root first, and by hop.
    pub nodes: Vec<EgoNode>,
    pub edges: Vec<EgoEdge>,
    /// Shares of attention, `[edges, layers, heads]`; empty without a network that has attention.
    pub attention: Vec<f32>,
    pub layers: usize,
    pub heads: usize,
    /// Nodes that are not unfolded because there would be too much to draw.
    pub left_folded: usize,
}

impl Ego {
    /// What the edge says by `measure`, in shares of what its node takes; `None` where the network has no attention.
    pub fn value(&self, edge: usize, measure: EdgeMeasure, layer: usize, head: Option<usize>) -> Option<f32> {
        let EgoEdge { share, tag: None, .. } = *self.edges.get(edge)? else { return None };
        let attention = || {
            let stride = self.layers * self.heads;
            let of_edge = self.attention.get(edge * stride..(edge + 1) * stride).filter(|all| !all.is_empty())?;
            let of_layer = of_edge.get(layer * self.heads..(layer + 1) * self.heads)?;
            match head {
                Some(head) => of_layer.get(head).copied(),
                None => Some(of_layer.iter().sum::<f32>() / self.heads as f32),
            }
        };
        match measure {
            EdgeMeasure::Weight => Some(share),
            EdgeMeasure::Attention => attention(),
            EdgeMeasure::Difference => Some(attention()? - share),
        }
    }

    pub fn find(&self, node: Node) -> Option<usize> {
        self.nodes.iter().position(|known| known.node == node)
    }
}

/// The nodes around `request.root` with the messages between them. `trigger` is the root's, if it is a user.
pub fn ego(
    request: &Request,
    trigger: &Trigger,
    users: usize,
    item_item: &Csr,
    net: Option<&Net>,
    of_tag: OfTag<'_>,
    ctx: &JobContext,
) -> anyhow::Result<Ego> {
    let unfolded: FxHashSet<u32> = request.unfolded.iter().copied().collect();
    let own = network::items_of(net, trigger);
    let all_of = |node: Node| -> Vec<(u32, f32)> {
        match node {
            Node::User(_) => own.clone(),
            Node::Item(item) => {
                let (targets, weights) = item_item.row(item);
                targets.iter().copied().zip(weights.iter().copied()).take(request.item_neighbours).collect()
            }
        }
    };
    let first = EgoNode { node: request.root, hop: 0, neighbours: all_of(request.root).len(), shown: 0 };
    let mut ego = Ego { nodes: vec![first], ..Ego::default() };
    let mut places: FxHashMap<Node, usize> = FxHashMap::default();
    places.insert(request.root, 0);
    let net = net.filter(|net| has_attention(net.kind));
    if let Some(gnn) = net.and_then(|net| net.trained.lane.gnn()) {
        (ego.layers, ego.heads) = (gnn.encoder().layers(), gnn.model().settings.heads);
    }
    let stride = ego.layers * ego.heads;
    let mut next = 0;
    while next < ego.nodes.len() {
        ctx.check()?;
        let EgoNode { node, hop, .. } = ego.nodes[next];
        let is_wanted = hop < request.hops || matches!(node, Node::Item(item) if unfolded.contains(&item));
        let all = all_of(node);
        ego.nodes[next].neighbours = all.len();
        let own_tags = request.by_tag.iter().filter(|(item, _)| Node::Item(*item) == node);
        for &(item, tag) in own_tags {
            let (others, category) = of_tag(tag);
            for other in others.into_iter().filter(|&other| other != item).take(request.cap) {
                if ego.edges.len() >= MAX_EDGES || ego.nodes.len() >= MAX_NODES {
                    break;
                }
                // Beyond the hops, so that they bring no neighbours of their own.
                let from = *places.entry(Node::Item(other)).or_insert_with(|| {
                    let hop = (hop + 1).max(request.hops);
                    ego.nodes.push(EgoNode { node: Node::Item(other), hop, neighbours: 0, shown: 0 });
                    ego.nodes.len() - 1
                });
                let tag = Some(SharedTag { tag, category });
                ego.edges.push(EgoEdge { to: next, from, weight: 0.0, share: 0.0, tag });
                ego.attention.resize(ego.attention.len() + stride, 0.0);
            }
        }
        if !is_wanted || all.is_empty() {
            next += 1;
            continue;
        }
        let drawn = drawn(request, node, hop, &all, users, item_item.rows());
        if ego.edges.len() + drawn.len() > MAX_EDGES || ego.nodes.len() + drawn.len() > MAX_NODES {
            ego.left_folded += 1;
            next += 1;
            continue;
        }
        let sum: f32 = all.iter().map(|(_, weight)| weight).sum();
        let shares =
            net.map_or_else(Vec::new, |net| network::attention(net, node, trigger, [users, item_item.rows()], &all));
        ego.nodes[next].shown = drawn.len();
        for place in drawn {
            let (item, weight) = all[place];
            let from = *places.entry(Node::Item(item)).or_insert_with(|| {
                ego.nodes.push(EgoNode { node: Node::Item(item), hop: hop + 1, neighbours: 0, shown: 0 });
                ego.nodes.len() - 1
            });
            ego.edges.push(EgoEdge { to: next, from, weight, share: weight / sum.max(f32::EPSILON), tag: None });
            for layer in &shares {
                ego.attention.extend((0..layer.heads).map(|head| layer.share(place, Some(head))));
            }
        }
        next += 1;
    }
    Ok(ego)
}

/// Places among `all` of the neighbours that are drawn: those of a draw, or all; the heaviest where there are too many.
fn drawn(request: &Request, node: Node, hop: usize, all: &[(u32, f32)], users: usize, items: usize) -> Vec<usize> {
    let mut places: Vec<usize> = match &request.sampling {
        None => (0..all.len()).collect(),
        Some((sampling, draw)) => {
            let graph = network::around([users, items], node, all);
            let fan_out = sampling.fan_outs.get(hop).or(sampling.fan_outs.last()).copied().flatten();
            let one = Sampling { fan_outs: vec![fan_out], has_self_loops: false, ..sampling.clone() };
            let mixed = match node {
                Node::User(user) => u64::from(user) << 1,
                Node::Item(item) => (u64::from(item) << 1) | 1,
            };
            let mut rng = Pcg64Mcg::seed_from_u64(draw.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mixed);
            let (of_users, of_items) = match node {
                Node::User(user) => (vec![user], Vec::new()),
                Node::Item(item) => (Vec::new(), vec![item]),
            };
            let block = BlockSampler::new(&graph).blocks(&of_users, &of_items, &[], &one, &mut rng).remove(0);
            let sources = block.edges.iter().map(|&edge| block.sources[edge as usize] - users as u32);
            sources.filter_map(|source| all.iter().position(|&(item, _)| item == source)).collect()
        }
    };
    places.sort_by(|&one, &other| all[other].1.total_cmp(&all[one].1).then(one.cmp(&other)));
    places.truncate(request.cap);
    places
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::graph::Draw;

    fn community() -> (Trigger, Csr) {
        let recent = vec![(0, 1.0), (1, 2.0), (0, 1.0), (2, 0.0)];
        let similar = [(0, 1, 0.9), (0, 3, 0.5), (1, 4, 0.8), (1, 0, 0.2), (3, 5, 1.0)];
        (Trigger { user: Some(1), recent, ..Trigger::default() }, Csr::from_triplets(6, 6, &similar))
    }

    fn request(hops: usize, cap: usize) -> Request {
        Request {
            root: Node::User(1),
            hops,
            cap,
            unfolded: Vec::new(),
            by_tag: Vec::new(),
            sampling: None,
            item_neighbours: 100,
        }
    }

    fn no_tags(_: u32) -> (Vec<u32>, usize) {
        (Vec::new(), 0)
    }

    fn messages(ego: &Ego) -> Vec<(Node, Node)> {
        ego.edges.iter().map(|edge| (ego.nodes[edge.to].node, ego.nodes[edge.from].node)).collect()
    }

    #[test]
    fn a_user_takes_from_his_items_and_items_from_similar_ones() {
        use Node::{Item, User};
        let (trigger, similar) = community();
        let ctx = JobContext::default();
        let one = ego(&request(1, 10), &trigger, 3, &similar, None, &no_tags, &ctx).unwrap();
        // The item without weight is no interaction; both others carry half.
        assert_eq!(messages(&one), [(User(1), Item(0)), (User(1), Item(1))]);
        assert_eq!(one.edges.iter().map(|edge| edge.share).collect::<Vec<_>>(), [0.5, 0.5]);
        assert_eq!(one.value(0, EdgeMeasure::Attention, 0, None), None);
        let two = ego(&request(2, 10), &trigger, 3, &similar, None, &no_tags, &ctx).unwrap();
        let of_items = [(Item(0), Item(1)), (Item(0), Item(3)), (Item(1), Item(4)), (Item(1), Item(0))];
        assert_eq!(messages(&two)[2..], of_items);
        assert_eq!(two.nodes.iter().map(|node| node.hop).collect::<Vec<_>>(), [0, 1, 1, 2, 2]);
        let share = two.value(4, EdgeMeasure::Weight, 0, None).unwrap();
        assert!((share - 0.8).abs() < 1e-6, "{share}");
    }

    #[test]
    fn caps_keep_the_heaviest_and_what_is_unfolded_goes_further() {
        use Node::{Item, User};
        let (trigger, similar) = community();
        let ctx = JobContext::default();
        let capped = ego(&request(2, 1), &trigger, 3, &similar, None, &no_tags, &ctx).unwrap();
        assert_eq!(messages(&capped), [(User(1), Item(0)), (Item(0), Item(1))]);
        assert_eq!((capped.nodes[0].neighbours, capped.nodes[0].shown), (2, 1));
        let further = Request { unfolded: vec![3], ..request(2, 10) };
        let further = ego(&further, &trigger, 3, &similar, None, &no_tags, &ctx).unwrap();
        assert_eq!(messages(&further).last(), Some(&(Item(3), Item(5))));
    }

    #[test]
    fn what_shares_a_tag_stands_beside_its_item_and_brings_nobody() {
        use Node::{Item, User};
        let (trigger, similar) = community();
        let ctx = JobContext::default();
        let of_tag = |tag: u32| (if tag == 7 { vec![1, 5, 0, 4] } else { Vec::new() }, 2);
        let request = Request { by_tag: vec![(0, 7), (3, 7)], ..request(1, 2) };
        let ego = ego(&request, &trigger, 3, &similar, None, &of_tag, &ctx).unwrap();
        // The item itself is left out, and what stands there already is joined; item 3 does not stand there.
        assert_eq!(messages(&ego), [(User(1), Item(0)), (User(1), Item(1)), (Item(0), Item(1)), (Item(0), Item(5))]);
        let tags: Vec<Option<u32>> = ego.edges.iter().map(|edge| edge.tag.map(|shared| shared.tag)).collect();
        assert_eq!(tags, [None, None, Some(7), Some(7)]);
        assert_eq!(ego.value(2, EdgeMeasure::Weight, 0, None), None);
        assert_eq!(ego.nodes.last().unwrap().shown, 0);
    }

    #[test]
    fn a_draw_keeps_the_fan_out_and_comes_out_the_same_again() {
        let (trigger, similar) = community();
        let ctx = JobContext::default();
        let sampling =
            Sampling { fan_outs: vec![Some(1)], users: Draw::Uniform, items: Draw::Falling, has_self_loops: true };
        let drawn = |draw: u64| {
            let request = Request { sampling: Some((sampling.clone(), draw)), ..request(2, 10) };
            messages(&ego(&request, &trigger, 3, &similar, None, &no_tags, &ctx).unwrap())
        };
        assert!((0..20).all(|draw| drawn(draw).len() == 2 && drawn(draw) == drawn(draw)));
        let firsts: std::collections::BTreeSet<Node> = (0..20).map(|draw| drawn(draw)[0].1).collect();
        assert_eq!(firsts.len(), 2, "twenty even draws of one of two found the same each time");
    }
}
