//! Models as arrays of the workspace, and back.

use std::{collections::BTreeMap, sync::Arc};

use super::Model;
use crate::{
    dataset::Dataset,
    graph::Csr,
    jobs::settings::PipelineSettings,
    models::{Embeddings, cover, fused, gnn, item2vec, user_cluster, walks},
    recall::{Lane, LaneKind, Trigger, cover::CoverModel, fused::FusedModel, gnn::GnnModel, index::GraphParts},
    workspace::{Array, Arrays, take_bool, take_f32, take_u32, take_u64},
};

impl Model {
    /// What is kept: vectors, a graph, or the ranking itself.
    pub(in crate::jobs) fn arrays(&self, lane: &dyn Lane) -> Arrays<'_> {
        match self {
            Self::Mix(_) => Arrays::new(),
            Self::Hot => {
                let ranked = lane.recall(&Trigger::default(), usize::MAX);
                Arrays::from([
                    ("items".to_owned(), Array::u32(ranked.iter().map(|recalled| recalled.item).collect())),
                    ("scores".to_owned(), Array::f32(ranked.iter().map(|recalled| recalled.score).collect::<Vec<_>>())),
                ])
            }
            Self::ItemCf(graph, marks) => {
                let mut arrays = csr_arrays(graph);
                arrays.insert("is_attribute_edge".to_owned(), Array::bool(marks.clone()));
                arrays
            }
            Self::Item2vec(model) => Arrays::from([
                ("items".to_owned(), Array::u32(model.items.clone())),
                ("vectors".to_owned(), Array::f32_rows(&model.embeddings.rows, model.embeddings.dim)),
                ("queries".to_owned(), Array::f32_rows(&model.queries.rows, model.queries.dim)),
                ("counts".to_owned(), Array::u64(vec![model.sessions as u64, model.left_out as u64])),
            ]),
            Self::Linear(weights) => csr_arrays(weights),
            Self::Walks(model) => Arrays::from([
                ("items".to_owned(), Array::u32(model.items.clone())),
                ("vectors".to_owned(), Array::f32_rows(&model.embeddings.rows, model.embeddings.dim)),
                ("queries".to_owned(), Array::f32_rows(&model.queries.rows, model.queries.dim)),
                ("users".to_owned(), Array::u32(model.users.clone())),
                ("user_queries".to_owned(), Array::f32_rows(&model.user_queries.rows, model.user_queries.dim)),
                ("counts".to_owned(), Array::u64(vec![model.walks as u64, model.left_out as u64])),
            ]),
            Self::UserCluster(model) => Arrays::from([
                ("items".to_owned(), Array::u32(model.items.clone())),
                ("vectors".to_owned(), Array::f32_rows(&model.embeddings.rows, model.embeddings.dim)),
                ("queries".to_owned(), Array::f32_rows(&model.queries.rows, model.queries.dim)),
                ("clusters".to_owned(), Array::f32_rows(&model.clusters.rows, model.clusters.dim)),
            ]),
            Self::Cover(model) => {
                let of_net = model
                    .net
                    .parameters()
                    .map(|parameter| (format!("net.{}", parameter.name), Array::f32(parameter.tensor().values)));
                let mut arrays: Arrays<'_> = of_net.collect();
                arrays.insert("items".to_owned(), Array::u32(model.items.clone()));
                arrays.insert("held_out".to_owned(), Array::u32(model.held_out.clone()));
                let vectors = Array::f32_rows(&model.vectors.rows, model.vectors.dim);
                arrays.insert("vectors".to_owned(), vectors);
                arrays
            }
            Self::Fused(model) => {
                let mut arrays = parameter_arrays(&model.parameters);
                arrays.insert("items".to_owned(), Array::u32(model.items.clone()));
                arrays.insert("vectors".to_owned(), Array::f32_rows(&model.vectors.rows, model.vectors.dim));
                arrays
            }
            Self::Gnn(model) => {
                let mut arrays = parameter_arrays(&model.parameters);
                for (layer, vectors) in model.items.0.iter().enumerate() {
                    arrays.insert(format!("items.{layer}"), Array::f32_rows(&vectors.rows, vectors.dim));
                }
                arrays
            }
        }
    }

    /// `None` for arrays that are not those of `kind` or do not fit `dataset`.
    pub(in crate::jobs) fn read(
        kind: LaneKind,
        arrays: &mut Arrays<'_>,
        dataset: &Dataset,
        settings: &PipelineSettings,
    ) -> Option<Self> {
        let items = dataset.item_count();
        Some(match kind {
            LaneKind::Ease | LaneKind::Rp3beta => {
                let weights = take_csr(arrays, items).filter(|weights| weights.rows() == items)?;
                Self::Linear(Arc::new(weights))
            }
            LaneKind::Graphsage | LaneKind::Gat | LaneKind::Gaan => {
                let model = take_gnn(kind.network()?, settings.gnn(kind)?, arrays)?;
                (model.vectors().len() == items).then(|| Self::Gnn(Arc::new(model)))?
            }
            LaneKind::Cover => Self::Cover(Arc::new(take_cover(arrays, dataset, &settings.cover)?)),
            LaneKind::Fused => Self::Fused(Arc::new(take_fused(arrays, items, &settings.fused)?)),
            LaneKind::Mix => return None,
            LaneKind::Deepwalk | LaneKind::Node2vec | LaneKind::Metapath2vec => {
                let (rows, users) = (take_u32(arrays, "items")?, take_u32(arrays, "users")?);
                let (vectors, queries) = (embeddings(arrays, "vectors")?, embeddings(arrays, "queries")?);
                let user_queries = embeddings(arrays, "user_queries")?;
                let [walks, left_out] = take_u64(arrays, "counts")?[..] else { return None };
                let is_whole = are_rows(&rows, items)
                    && are_rows(&users, dataset.user_count())
                    && are_for(&vectors, &rows, vectors.dim)
                    && are_for(&queries, &rows, vectors.dim)
                    && are_for(&user_queries, &users, vectors.dim);
                let (walks, left_out) = (walks as usize, left_out as usize);
                let model = walks::WalkModel {
                    items: rows,
                    embeddings: vectors,
                    queries,
                    users,
                    user_queries,
                    walks,
                    left_out,
                };
                is_whole.then(|| Self::Walks(Arc::new(model)))?
            }
            LaneKind::UserCluster => {
                let rows = take_u32(arrays, "items")?;
                let (vectors, queries) = (embeddings(arrays, "vectors")?, embeddings(arrays, "queries")?);
                let clusters = embeddings(arrays, "clusters")?;
                let is_whole = are_rows(&rows, items)
                    && are_for(&vectors, &rows, vectors.dim)
                    && are_for(&queries, &rows, vectors.dim)
                    && clusters.dim == vectors.dim;
                let model = user_cluster::UserClusterModel { items: rows, embeddings: vectors, queries, clusters };
                is_whole.then(|| Self::UserCluster(Arc::new(model)))?
            }
            LaneKind::Hot => Self::Hot,
            LaneKind::ItemCf => {
                let graph = take_csr(arrays, items)?;
                let marks = take_bool(arrays, "is_attribute_edge")?;
                let is_whole = graph.rows() == items && marks.len() == graph.edge_count();
                is_whole.then(|| Self::ItemCf(Arc::new(graph), marks))?
            }
            LaneKind::Item2vec => {
                let rows = take_u32(arrays, "items")?;
                let (vectors, queries) = (embeddings(arrays, "vectors")?, embeddings(arrays, "queries")?);
                let [sessions, left_out] = take_u64(arrays, "counts")?[..] else { return None };
                let is_whole = are_rows(&rows, items)
                    && are_for(&vectors, &rows, vectors.dim)
                    && are_for(&queries, &rows, vectors.dim);
                is_whole.then(|| {
                    Self::Item2vec(Arc::new(item2vec::Item2vecModel {
                        items: rows,
                        embeddings: vectors,
                        queries,
                        sessions: sessions as usize,
                        left_out: left_out as usize,
                    }))
                })?
            }
        })
    }
}

pub(in crate::jobs) fn graph_arrays(graph: GraphParts) -> Arrays<'static> {
    let parts = [
        ("graph_offsets", graph.offsets),
        ("graph_neighbours", graph.neighbours),
        ("graph_upper_counts", graph.upper_counts),
        ("graph_upper_nodes", graph.upper_nodes),
        ("graph_upper_offsets", graph.upper_offsets),
        ("graph_upper_neighbours", graph.upper_neighbours),
        ("graph_entry", vec![graph.entry]),
    ];
    parts.into_iter().map(|(name, values)| (name.to_owned(), Array::u32(values))).collect()
}

/// `None` where no graph was kept.
pub(in crate::jobs) fn take_graph(arrays: &mut Arrays<'_>) -> Option<GraphParts> {
    let mut take = |name: &str| take_u32(arrays, name);
    Some(GraphParts {
        offsets: take("graph_offsets")?,
        neighbours: take("graph_neighbours")?,
        upper_counts: take("graph_upper_counts")?,
        upper_nodes: take("graph_upper_nodes")?,
        upper_offsets: take("graph_upper_offsets")?,
        upper_neighbours: take("graph_upper_neighbours")?,
        entry: take("graph_entry")?.first().copied()?,
    })
}

/// Whether `rows` rise and are below `count`.
fn are_rows(rows: &[u32], count: usize) -> bool {
    rows.is_sorted_by(|one, next| one < next) && rows.last().is_none_or(|&row| (row as usize) < count)
}

/// Whether there is a vector of `dim` numbers for each of `rows`.
fn are_for(vectors: &Embeddings, rows: &[u32], dim: usize) -> bool {
    vectors.dim == dim && vectors.rows.len() == rows.len() * dim
}

fn csr_arrays(graph: &Csr) -> Arrays<'_> {
    Arrays::from([
        ("offsets".to_owned(), Array::u64(graph.offsets.clone())),
        ("targets".to_owned(), Array::u32(graph.targets.clone())),
        ("weights".to_owned(), Array::f32(&graph.weights)),
    ])
}

fn take_csr(arrays: &mut Arrays<'_>, columns: usize) -> Option<Csr> {
    let (offsets, targets) = (take_u64(arrays, "offsets")?, take_u32(arrays, "targets")?);
    Csr::new(offsets, targets, take_f32(arrays, "weights")?.1, columns).ok()
}

fn take_cover(arrays: &mut Arrays<'_>, dataset: &Dataset, settings: &cover::CoverSettings) -> Option<CoverModel> {
    let tags = dataset.tags.names(settings.level).len();
    let mut resnet = cover::Resnet::empty(settings.backbone, settings.max_pool);
    let mut head = cover::Head::new(settings.backbone.features(), settings.dim, tags, 0);
    for parameter in resnet.parameters.iter_mut().chain(&mut head.parameters) {
        let values = take_f32(arrays, &format!("net.{}", parameter.name))?.1;
        let tensor = cover::Tensor { shape: parameter.shape.clone(), values };
        parameter.take(&tensor).then_some(())?;
    }
    let (items, held_out) = (take_u32(arrays, "items")?, take_u32(arrays, "held_out")?);
    let vectors = embeddings(arrays, "vectors")?;
    let are_items = |rows: &[u32]| are_rows(rows, dataset.item_count());
    let is_whole = vectors.len() == items.len() && vectors.dim == settings.dim;
    let net = cover::CoverNet { resnet, head };
    let model = CoverModel::kept(settings.clone(), net, items, vectors, held_out);
    (is_whole && are_items(&model.items) && are_items(&model.held_out)).then_some(model)
}

fn parameter_arrays(parameters: &gnn::Parameters) -> Arrays<'_> {
    let dense = parameters.dense.iter();
    let mut arrays: Arrays<'_> =
        dense.map(|(name, of)| (format!("dense.{name}"), Array::f32_rows(&of.values, of.columns))).collect();
    let table = &parameters.table;
    arrays.insert("table".to_owned(), Array::f32_rows(&table.values, table.columns));
    arrays
}

/// What [`parameter_arrays`] gave, without moments.
fn take_parameters(arrays: &mut Arrays<'_>) -> Option<gnn::Parameters> {
    let matrix = |found: Embeddings| gnn::Parameter::frozen(found.dim, found.rows);
    let table = matrix(embeddings(arrays, "table")?);
    let names: Vec<String> = arrays.keys().filter(|name| name.starts_with("dense.")).cloned().collect();
    let dense = names
        .into_iter()
        .map(|name| Some((name.strip_prefix("dense.")?.to_owned(), matrix(embeddings(arrays, &name)?))))
        .collect::<Option<BTreeMap<_, _>>>()?;
    Some(gnn::Parameters { table, dense, steps: 0 })
}

fn take_fused(arrays: &mut Arrays<'_>, items: usize, settings: &fused::FusedSettings) -> Option<FusedModel> {
    let parameters = take_parameters(arrays)?;
    let (rows, vectors) = (take_u32(arrays, "items")?, embeddings(arrays, "vectors")?);
    let is_whole =
        parameters.table.columns == settings.dim && are_for(&vectors, &rows, settings.dim) && are_rows(&rows, items);
    is_whole.then(|| FusedModel { settings: settings.clone(), parameters, items: rows, vectors })
}

fn take_gnn(network: gnn::Network, settings: &gnn::GnnSettings, arrays: &mut Arrays<'_>) -> Option<GnnModel> {
    let parameters = Arc::new(take_parameters(arrays)?);
    let items =
        (0..=settings.layers).map(|layer| embeddings(arrays, &format!("items.{layer}"))).collect::<Option<Vec<_>>>()?;
    let model = GnnModel { network, settings: settings.clone(), parameters, items: gnn::ItemLayers(items) };
    model.is_whole().then_some(model)
}

fn embeddings(arrays: &mut Arrays<'_>, name: &str) -> Option<Embeddings> {
    let (shape, rows) = take_f32(arrays, name)?;
    let [_, dim] = shape[..] else { return None };
    Some(Embeddings { dim, rows })
}
