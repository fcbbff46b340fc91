//! Models made to answer.

use std::sync::Arc;

use anyhow::Result;

use super::Model;
use crate::{
    dataset::{Dataset, split::Split},
    evaluate::{Bands, ItemBand},
    jobs::settings::PipelineSettings,
    models::{Embeddings, gnn, item2vec, user_cluster, walks},
    recall::{
        Lane, LaneKind,
        cover::{CoverLane, CoverModel},
        fused::{FusedLane, FusedModel},
        gnn::{GnnLane, GnnModel},
        hot::HotLane,
        index::{Audit, GraphParts, VectorIndex},
        item_cf::ItemCfLane,
        item2vec::Item2vecLane,
        linear::LinearLane,
        user_cluster::UserClusterLane,
        walks::WalkLane,
    },
    task::JobContext,
};

/// A model that answers.
pub(in crate::jobs) struct Answering {
    pub lane: Arc<dyn Lane>,
    pub audit: Option<Audit>,
    /// The graph of an index that was built now, to be kept with the model: building takes minutes on a large pool.
    pub new_graph: Option<GraphParts>,
}

impl Model {
    pub(in crate::jobs) fn lane(
        &self,
        kind: LaneKind,
        dataset: &Dataset,
        split: &Split,
        settings: &PipelineSettings,
        index: Option<(Audit, GraphParts)>,
        ctx: &JobContext,
    ) -> Result<Answering> {
        let without_index = |lane| Answering { lane, audit: None, new_graph: None };
        fn with_index(lane: impl Lane + 'static, is_opened: bool) -> Answering {
            let (audit, graph) = lane.vectors().map(|index| (index.audit(), index.graph())).unzip();
            Answering { lane: Arc::new(lane), audit, new_graph: graph.flatten().filter(|_| !is_opened) }
        }
        Ok(match self {
            Self::Mix(lane) => without_index(Arc::new(lane.clone())),
            Self::Linear(weights) => without_index(Arc::new(LinearLane::new(kind, weights.clone()))),
            Self::Gnn(model) => {
                let (lane, is_opened) = gnn_lane(kind, model, dataset, split, settings, index, ctx)?;
                with_index(lane, is_opened)
            }
            Self::Cover(model) => {
                let (lane, is_opened) = cover_lane(model, dataset, split, settings, index, ctx)?;
                with_index(lane, is_opened)
            }
            Self::Walks(model) => {
                let (lane, is_opened) = walk_lane(kind, model, settings, index, ctx)?;
                with_index(lane, is_opened)
            }
            Self::UserCluster(model) => {
                let (lane, is_opened) = user_cluster_lane(model, dataset, split, settings, index, ctx)?;
                with_index(lane, is_opened)
            }
            Self::Fused(model) => {
                let (lane, is_opened) = fused_lane(model, settings, index, ctx)?;
                with_index(lane, is_opened)
            }
            Self::Hot => without_index(Arc::new(HotLane::build(dataset, split, &settings.hot)?)),
            Self::ItemCf(graph, marks) => {
                without_index(Arc::new(ItemCfLane::build(graph.clone(), marks, &settings.item_cf)?))
            }
            Self::Item2vec(model) => {
                let (lane, is_opened) = item2vec_lane(model, settings, index, ctx)?;
                with_index(lane, is_opened)
            }
        })
    }
}

/// With the index of `kept` if that fits, and whether it did.
fn item2vec_lane(
    model: &Arc<item2vec::Item2vecModel>,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(Item2vecLane, bool)> {
    let seed = settings.seed_of(LaneKind::Item2vec);
    let (index, is_opened) = index(&model.items, &model.embeddings, seed, settings, kept, ctx)?;
    Ok((Item2vecLane::build(model.clone(), index, &settings.item2vec_lane)?, is_opened))
}

/// As [`item2vec_lane`].
fn cover_lane(
    model: &Arc<CoverModel>,
    dataset: &Dataset,
    split: &Split,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(CoverLane, bool)> {
    let seed = settings.seed_of(LaneKind::Cover);
    let (index, is_opened) = index(&model.items, &model.vectors, seed, settings, kept, ctx)?;
    let bands = Bands::new(dataset, split).item;
    let is_new = |item: u32| bands[item as usize] == ItemBand::New;
    Ok((CoverLane::build(model.clone(), index, is_new, &settings.cover_lane, ctx)?, is_opened))
}

/// As [`item2vec_lane`].
fn fused_lane(
    model: &Arc<FusedModel>,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(FusedLane, bool)> {
    let seed = settings.seed_of(LaneKind::Fused);
    let (index, is_opened) = index(&model.items, &model.vectors, seed, settings, kept, ctx)?;
    Ok((FusedLane::build(model, index)?, is_opened))
}

/// As [`item2vec_lane`].
pub(in crate::jobs) fn gnn_lane(
    kind: LaneKind,
    model: &Arc<GnnModel>,
    dataset: &Dataset,
    split: &Split,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(GnnLane, bool)> {
    let features = gnn::Features::of_split(dataset, split, model.settings.features);
    let items: Vec<u32> = (0..dataset.item_count() as u32).collect();
    let (index, is_opened) = index(&items, model.vectors(), settings.seed_of(kind), settings, kept, ctx)?;
    Ok((GnnLane::build(kind, model.clone(), features, index)?, is_opened))
}

/// As [`item2vec_lane`].
fn walk_lane(
    kind: LaneKind,
    model: &Arc<walks::WalkModel>,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(WalkLane, bool)> {
    let seed = settings.seed_of(kind);
    let (index, is_opened) = index(&model.items, &model.embeddings, seed, settings, kept, ctx)?;
    Ok((WalkLane::build(kind, model.clone(), index, &settings.walk_lane)?, is_opened))
}

/// As [`item2vec_lane`].
fn user_cluster_lane(
    model: &Arc<user_cluster::UserClusterModel>,
    dataset: &Dataset,
    split: &Split,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(UserClusterLane, bool)> {
    let clusters = user_cluster::Clusters::of(dataset, split, settings.user_cluster.min_users);
    let seed = settings.seed_of(LaneKind::UserCluster);
    let (index, is_opened) = index(&model.items, &model.embeddings, seed, settings, kept, ctx)?;
    let (training, own) = (&settings.user_cluster, &settings.user_cluster_lane);
    Ok((UserClusterLane::build(model.clone(), clusters, index, training, own)?, is_opened))
}

/// The index over `vectors`: the kept one if that fits, and whether it did.
fn index(
    ids: &[u32],
    vectors: &Embeddings,
    seed: u64,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(VectorIndex, bool)> {
    if let Some((audit, graph)) = kept
        && let Some(index) = VectorIndex::open(ids.to_vec(), vectors, &settings.index, graph, audit)?
    {
        return Ok((index, true));
    }
    Ok((VectorIndex::build(ids.to_vec(), vectors, &settings.index, seed, ctx)?, false))
}
