//! What is trained and kept of a lane: how it is trained; [`lanes`]: how it answers; [`arrays`]: how it is kept.

mod arrays;
mod lanes;

use std::sync::{Arc, PoisonError};

use anyhow::{Context as _, Result, bail};

pub(super) use self::{
    arrays::{graph_arrays, take_graph},
    lanes::Answering,
};
use super::{
    checkpoints::KeptCheckpoints,
    pipeline::{Prepared, build_lane, id_of},
    settings::PipelineSettings,
};
use crate::{
    graph::{Csr, user_item_graph},
    models::{cover, ease, fused, gnn, item2vec, rp3beta, user_cluster, walks},
    recall::{LaneKind, cover::CoverModel, fused::FusedModel, gnn::GnnModel, mix::MixLane},
    task::JobContext,
    workspace::Workspace,
};

/// What is trained and kept of a lane.
pub(super) enum Model {
    Hot,
    /// With a mark per edge, whether attributes gave it.
    ItemCf(Arc<Csr>, Vec<bool>),
    Item2vec(Arc<item2vec::Item2vecModel>),
    Gnn(Arc<GnnModel>),
    Cover(Arc<CoverModel>),
    Fused(Arc<FusedModel>),
    /// `ease` and `rp3beta`.
    Linear(Arc<Csr>),
    /// Nothing is kept of it but which runs it merges.
    Mix(MixLane),
    /// `deepwalk`, `node2vec` and `metapath2vec`.
    Walks(Arc<walks::WalkModel>),
    UserCluster(Arc<user_cluster::UserClusterModel>),
}

impl Model {
    pub(in crate::jobs) fn train(
        kind: LaneKind,
        prepared: &Prepared,
        settings: &PipelineSettings,
        workspace: Option<&Workspace>,
        checkpoints: &KeptCheckpoints<'_>,
        ctx: &JobContext,
    ) -> Result<Self> {
        let Prepared { dataset, split, .. } = prepared;
        Ok(match kind {
            LaneKind::Mix => bail!("a mix is made of other runs and has nothing to train"),
            LaneKind::Hot => Self::Hot,
            LaneKind::ItemCf => {
                let (graphs, _) = prepared.graphs(ctx)?;
                Self::ItemCf(Arc::new(graphs.item_item.clone()), graphs.is_attribute_edge.clone())
            }
            LaneKind::Item2vec => Self::Item2vec(Arc::new(item2vec::train(dataset, split, &settings.item2vec, ctx)?)),
            LaneKind::Ease => {
                let user_item = user_item_graph(dataset, &split.train, ctx)?;
                Self::Linear(Arc::new(ease::fit(&user_item, dataset.item_count(), &settings.ease, ctx)?))
            }
            LaneKind::Rp3beta => {
                let user_item = user_item_graph(dataset, &split.train, ctx)?;
                Self::Linear(Arc::new(rp3beta::fit(&user_item, dataset.item_count(), &settings.rp3beta, ctx)?))
            }
            LaneKind::Cover => {
                ctx.check()?;
                let own = &settings.cover;
                let data = cover::TrainingData::new(dataset, own)?;
                let trained = cover::train(dataset, &data, own, checkpoints, ctx)?;
                let model = Arc::new(CoverModel::new(own, trained, data.held_out));
                let id = id_of(dataset, kind, &settings.of_model(kind));
                *prepared.covers.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, model.clone()));
                Self::Cover(model)
            }
            LaneKind::Fused => {
                let covers = covers_for_fused(prepared, settings, workspace, ctx)?;
                let content = fused::Content::new(dataset, covers.as_ref(), &settings.fused);
                let trained = fused::train(dataset, split, &content, &settings.fused, ctx)?;
                Self::Fused(Arc::new(FusedModel::new(&settings.fused, trained.parameters, &content)))
            }
            LaneKind::Deepwalk | LaneKind::Node2vec | LaneKind::Metapath2vec => {
                let graphs = (kind == LaneKind::Metapath2vec).then(|| prepared.graphs(ctx)).transpose()?;
                let own = match kind {
                    LaneKind::Deepwalk => walks::Walks::Deep(&settings.deepwalk),
                    LaneKind::Node2vec => walks::Walks::Node2vec(&settings.node2vec),
                    _ => walks::Walks::Metapath(&settings.metapath2vec),
                };
                let none = Csr::default();
                let item_item = graphs.as_ref().map_or(&none, |(graphs, _)| &graphs.item_item);
                Self::Walks(Arc::new(walks::train(dataset, split, item_item, own, ctx)?))
            }
            LaneKind::UserCluster => {
                let own = &settings.user_cluster;
                let clusters = user_cluster::Clusters::of(dataset, split, own.min_users);
                Self::UserCluster(Arc::new(user_cluster::train(dataset, split, &clusters, own, ctx)?))
            }
            LaneKind::Graphsage | LaneKind::Gat | LaneKind::Gaan => {
                let (Some(network), Some(own)) = (kind.network(), settings.gnn(kind)) else {
                    bail!("the lane {} has no graph network", kind.name())
                };
                let (graphs, _) = prepared.graphs(ctx)?;
                let data = gnn::TrainingData::new(dataset, split, &graphs.item_item, own, ctx)?;
                let trained = gnn::train(network, &data, own, checkpoints, ctx)?;
                ctx.stage("Encoding all items", 0, "");
                let encoder = gnn::Encoder::new(network, own, &trained.parameters);
                let items = encoder.items(&data.graph, &data.features, ctx)?;
                let parameters = Arc::new(trained.parameters);
                Self::Gnn(Arc::new(GnnModel { network, settings: own.clone(), parameters, items }))
            }
        })
    }
}

/// The cover vectors that a fused model takes in: those of the cover model with the same settings, which is found or trained
/// first and is kept as a run of its own. `None` where they are not asked for, or nothing has a cover.
fn covers_for_fused(
    prepared: &Prepared,
    settings: &PipelineSettings,
    workspace: Option<&Workspace>,
    ctx: &JobContext,
) -> Result<Option<fused::Covers>> {
    if !settings.fused.covers || prepared.dataset.items.cover.iter().all(Option::is_none) {
        return Ok(None);
    }
    let dataset = &prepared.dataset;
    let of = |model: &CoverModel| fused::Covers { items: model.items.clone(), vectors: model.vectors.clone() };
    let id = id_of(dataset, LaneKind::Cover, &settings.of_model(LaneKind::Cover));
    let trained = prepared.covers.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, model)) = trained.filter(|(of, _)| *of == id) {
        return Ok(Some(of(&model)));
    }
    // Whatever split it was measured on.
    if let Some(workspace) = workspace
        && let Some(run) = workspace.find_model(&id)?
        && let Ok(mut arrays) = workspace.arrays(&run)
        && let Some(Model::Cover(model)) = Model::read(LaneKind::Cover, &mut arrays, dataset, settings)
    {
        return Ok(Some(of(&model)));
    }
    let trained = build_lane(prepared, LaneKind::Cover, settings, workspace, ctx)
        .context("the fused vectors take in those of covers; set fused.covers=false to do without")?;
    Ok(trained.lane.cover().map(|lane| of(lane.model())))
}
