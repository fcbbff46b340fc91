//! The points of a map: items, and users if they are wanted, with their vectors.

use rand::{SeedableRng as _, seq::index::sample};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::{super::network::Node, placed::Placed};
use crate::{
    dataset::Dataset,
    jobs::pipeline::TrainedLane,
    models::Embeddings,
    recall::{
        Triggers,
        index::{IndexSettings, VectorIndex},
    },
    task::JobContext,
};

/// How many neighbours a map is judged by.
pub const KEPT_OF: usize = 20;
/// Points that the whole map is judged by.
const JUDGED: usize = 200;
/// More points than this are many.
const MANY: usize = 30_000;
/// Neighbours of a point for t-SNE, of few points and of many.
const NEIGHBOURS: [usize; 2] = [90, 45];

/// Vectors by place; places of nodes.
pub struct Points {
    /// Items, then users.
    pub nodes: Vec<Node>,
    pub users: usize,
    places: [Vec<u32>; 2],
    /// Over places.
    pub index: VectorIndex,
    /// Items without a vector.
    pub without: usize,
}

const NOWHERE: u32 = u32::MAX;

impl Points {
    /// Of a run; `None` for a lane without vectors.
    pub fn gather(
        dataset: &Dataset,
        triggers: &Triggers,
        trained: &TrainedLane,
        with_users: bool,
        ctx: &JobContext,
    ) -> anyhow::Result<Option<(Self, Embeddings)>> {
        let Some(index) = trained.lane.vectors() else { return Ok(None) };
        let (users, items) = (dataset.user_count(), dataset.item_count());
        let mut nodes: Vec<Node> = Vec::with_capacity(index.len());
        let mut rows = Vec::with_capacity(index.len() * index.dim());
        for &item in index.ids().iter().filter(|&&item| (item as usize) < items) {
            nodes.push(Node::Item(item));
            rows.extend_from_slice(index.vector(item).unwrap_or_default());
        }
        let (without, found_items) = (items - nodes.len(), nodes.len());
        if with_users {
            let asked: Vec<Option<Vec<f32>>> = (0..users as u32)
                .into_par_iter()
                .map(|user| {
                    ctx.check()?;
                    Ok(trained.lane.query(&triggers.of(user)).filter(|vector| vector.len() == index.dim()))
                })
                .collect::<anyhow::Result<_>>()?;
            for (user, vector) in asked.into_iter().enumerate() {
                if let Some(vector) = vector {
                    nodes.push(Node::User(user as u32));
                    rows.extend(vector);
                }
            }
        }
        let mut places = [vec![NOWHERE; users], vec![NOWHERE; items]];
        for (place, node) in nodes.iter().enumerate() {
            match node {
                Node::User(user) => places[0][*user as usize] = place as u32,
                Node::Item(item) => places[1][*item as usize] = place as u32,
            }
        }
        let vectors = Embeddings { dim: index.dim(), rows };
        let ids = (0..nodes.len() as u32).collect();
        let index = VectorIndex::build(ids, &vectors, &IndexSettings::exact(), 0, ctx)?;
        Ok(Some((Self { users: nodes.len() - found_items, nodes, places, index, without }, vectors)))
    }

    pub fn place_of(&self, node: Node) -> Option<usize> {
        let place = match node {
            Node::User(user) => self.places[0].get(user as usize),
            Node::Item(item) => self.places[1].get(item as usize),
        };
        place.copied().filter(|&place| place != NOWHERE).map(|place| place as usize)
    }

    /// The `k` points nearest to `place` by cosine, in the space of the vectors.
    pub fn nearest(&self, place: usize, k: usize) -> Vec<(usize, f32)> {
        let place = place as u32;
        let Some(vector) = self.index.vector(place) else { return Vec::new() };
        let found = self.index.search_exact(vector, k, &[place]);
        found.into_iter().map(|found| (found.item as usize, found.score)).collect()
    }

    /// The share of the nearest neighbours of `places` that are among the nearest in the plane too; `None` of nothing.
    pub fn kept(&self, placed: &Placed, places: &[usize], ctx: &JobContext) -> anyhow::Result<Option<f32>> {
        let k = KEPT_OF.min(self.nodes.len().saturating_sub(1));
        if k == 0 || places.is_empty() {
            return Ok(None);
        }
        let shares: Vec<f32> = places
            .par_iter()
            .map(|&place| {
                ctx.check()?;
                let seen = placed.neighbours(place, k);
                let kept = self.nearest(place, k).iter().filter(|(other, _)| seen.contains(other)).count();
                Ok(kept as f32 / k as f32)
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Some(shares.iter().sum::<f32>() / shares.len() as f32))
    }

    /// Some points by which the whole is judged; the same each time.
    pub fn judged(&self) -> Vec<usize> {
        let count = self.nodes.len();
        sample(&mut Pcg64Mcg::seed_from_u64(1), count, JUDGED.min(count)).into_vec()
    }

    /// As many neighbours of each point, with their distances; the nearest first. All by products of matrices, which are
    /// exact, and for every point once take no longer than HNSW with its building (100,000 × 64, one thread: 24 s and 29 s).
    pub fn table(&self, vectors: &Embeddings, ctx: &JobContext) -> anyhow::Result<Vec<Vec<(u32, f32)>>> {
        /// Points asked for between two looks at whether to go on.
        const TOGETHER: usize = 1_024;
        let count = self.nodes.len();
        let k = NEIGHBOURS[usize::from(count > MANY)].min(count.saturating_sub(2));
        let places: Vec<[u32; 1]> = (0..count as u32).map(|place| [place]).collect();
        let mut table = Vec::with_capacity(count);
        for (own, queries) in places.chunks(TOGETHER).zip(vectors.rows.chunks(TOGETHER * vectors.dim.max(1))) {
            ctx.check()?;
            let exclude: Vec<&[u32]> = own.iter().map(|place| &place[..]).collect();
            let found = self.index.search_batch_exact(queries, k, &exclude);
            table.extend(found.into_iter().zip(own).map(|(found, &[place])| {
                let mut row: Vec<(u32, f32)> =
                    found.iter().map(|found| (found.item, (2.0 - 2.0 * found.score).max(0.0).sqrt())).collect();
                // A vector of zeros finds nobody; every row has to be as long.
                let mut next = 0;
                while row.len() < k {
                    if next != place && !row.iter().any(|(other, _)| *other == next) {
                        row.push((next, std::f32::consts::SQRT_2));
                    }
                    next += 1;
                }
                row
            }));
        }
        Ok(table)
    }
}
