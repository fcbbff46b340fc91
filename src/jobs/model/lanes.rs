//! Models made to answer.

use std::sync::Arc;

use anyhow::Result;

use super::Model;
use crate::{
    dataset::{Dataset, split::Split},
    evaluate::{Bands, ItemBand},
    jobs::settings::PipelineSettings,
    models::{Embeddings, gnn, user_cluster},
    recall::{
        Lane, LaneKind,
        cover::CoverLane,
        fused::FusedLane,
        gnn::GnnLane,
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
    /// `kept`: the index that was kept with the model, which is taken if it fits.
    pub(in crate::jobs) fn lane(
        &self,
        kind: LaneKind,
        dataset: &Dataset,
        split: &Split,
        settings: &PipelineSettings,
        kept: Option<(Audit, GraphParts)>,
        ctx: &JobContext,
    ) -> Result<Answering> {
        let without_index = |lane| Answering { lane, audit: None, new_graph: None };
        fn with_index(lane: impl Lane + 'static, is_opened: bool) -> Answering {
            let (audit, graph) = lane.vectors().map(|index| (index.audit(), index.graph())).unzip();
            Answering { lane: Arc::new(lane), audit, new_graph: graph.flatten().filter(|_| !is_opened) }
        }
        let indexed = |ids: &[u32], vectors: &Embeddings| indexed(kind, ids, vectors, settings, kept, ctx);
        Ok(match self {
            Self::Mix(lane) => without_index(Arc::new(lane.clone())),
            Self::Linear(weights) => without_index(Arc::new(LinearLane::new(kind, weights.clone()))),
            Self::Hot => without_index(Arc::new(HotLane::build(dataset, split, &settings.hot)?)),
            Self::ItemCf(graph, marks) => {
                without_index(Arc::new(ItemCfLane::build(graph.clone(), marks, &settings.item_cf)?))
            }
            Self::Item2vec(model) => {
                let (index, is_opened) = indexed(&model.items, &model.embeddings)?;
                with_index(Item2vecLane::build(model.clone(), index, &settings.item2vec_lane)?, is_opened)
            }
            Self::Gnn(model) => {
                let features = gnn::Features::of_split(dataset, split, model.settings.features);
                let items: Vec<u32> = (0..dataset.item_count() as u32).collect();
                let (index, is_opened) = indexed(&items, model.vectors())?;
                with_index(GnnLane::build(kind, model.clone(), features, index)?, is_opened)
            }
            Self::Cover(model) => {
                let (index, is_opened) = indexed(&model.items, &model.vectors)?;
                let bands = Bands::new(dataset, split).item;
                let is_new = |item: u32| bands[item as usize] == ItemBand::New;
                let own = &settings.cover_lane;
                with_index(CoverLane::build(model.clone(), index, is_new, own, ctx)?, is_opened)
            }
            Self::Walks(model) => {
                let (index, is_opened) = indexed(&model.items, &model.embeddings)?;
                with_index(WalkLane::build(kind, model.clone(), index, &settings.walk_lane)?, is_opened)
            }
            Self::UserCluster(model) => {
                let clusters = user_cluster::Clusters::of(dataset, split, settings.user_cluster.min_users);
                let (index, is_opened) = indexed(&model.items, &model.embeddings)?;
                let (training, own) = (&settings.user_cluster, &settings.user_cluster_lane);
                with_index(UserClusterLane::build(model.clone(), clusters, index, training, own)?, is_opened)
            }
            Self::Fused(model) => {
                let (index, is_opened) = indexed(&model.items, &model.vectors)?;
                with_index(FusedLane::build(model, index)?, is_opened)
            }
        })
    }
}

/// The index of a lane over `vectors`: the kept one if that fits, and whether it did.
fn indexed(
    kind: LaneKind,
    ids: &[u32],
    vectors: &Embeddings,
    settings: &PipelineSettings,
    kept: Option<(Audit, GraphParts)>,
    ctx: &JobContext,
) -> Result<(VectorIndex, bool)> {
    if let Some((audit, graph)) = kept
        && let Some(index) = VectorIndex::open(ids.to_vec(), vectors, &settings.index, graph, audit)?
    {
        return Ok((index, true));
    }
    Ok((VectorIndex::build(ids.to_vec(), vectors, &settings.index, settings.seed_of(kind), ctx)?, false))
}
