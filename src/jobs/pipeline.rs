//! From a data set to lanes that answer: prepare once, then build each lane or find it in the workspace.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{checkpoints::KeptCheckpoints, memory::MemoryWatch, mix::open_mix};
pub use super::{
    checkpoints::{Stopped, stopped},
    prepared::{Prepared, default_split, prepare},
    settings::{PipelineSettings, SettingsError, Takes, listed},
};
use crate::{
    dataset::{Dataset, split::Split},
    evaluate::{Bands, ItemBand, LaneReport, evaluate_lane},
    graph::{Csr, user_item_graph},
    models::{Embeddings, cover, ease, fused, gnn, item2vec, rp3beta, user_cluster, walks},
    recall::{
        Lane, LaneKind, Trigger, Triggers,
        cover::{CoverLane, CoverModel},
        fused::{FusedLane, FusedModel},
        gnn::{GnnLane, GnnModel},
        hot::HotLane,
        index::{Audit, GraphParts, VectorIndex},
        item_cf::ItemCfLane,
        item2vec::Item2vecLane,
        linear::LinearLane,
        mix::MixLane,
        user_cluster::UserClusterLane,
        walks::WalkLane,
    },
    task::{Curves, JobContext},
    workspace::{
        Array, Arrays, RunRecord, Workspace, absolute, export::RunVectors, now_secs, sorted_json, take_bool, take_f32,
        take_u32, take_u64,
    },
};

/// Part of every run's id: to be raised whenever the same settings come to mean something else, so that what was kept
/// before is not taken for it.
const FORMAT: u32 = 5;

/// An evaluated lane that answers.
#[derive(Clone)]
pub struct TrainedLane {
    pub kind: LaneKind,
    pub run_id: String,
    pub lane: Arc<dyn Lane>,
    pub report: Arc<LaneReport>,
    /// The index's recall against exact search; `None` for lanes without an index.
    pub audit: Option<Audit>,
    /// What building and evaluating took when it was done.
    pub build_secs: f64,
    pub evaluate_secs: f64,
    /// Highest resident memory of the whole process meanwhile; 0 where the system does not tell.
    pub peak_memory_bytes: u64,
    pub curves: Curves,
    /// Whether it was found in the workspace rather than computed now.
    pub is_found: bool,
}

/// The id under which `build_lane` keeps what it makes.
pub fn run_id(dataset: &Dataset, kind: LaneKind, settings: &PipelineSettings) -> String {
    id_of(dataset, kind, &settings.of_run(kind))
}

fn id_of(dataset: &Dataset, kind: LaneKind, settings: &Value) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [&format!("recallscope {FORMAT}"), &dataset.fingerprint, kind.name(), &sorted_json(settings)] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    // Another file under the same name is another beginning.
    if matches!(kind, LaneKind::Cover | LaneKind::Fused)
        && let Some(path) =
            settings.pointer("/cover/checkpoint").and_then(Value::as_str).filter(|path| !path.is_empty())
        && let Ok(metadata) = std::fs::metadata(path)
    {
        hasher.update(format!("{} {:?}", metadata.len(), metadata.modified().ok()).as_bytes());
    }
    hasher.finalize().to_hex()[..24].to_owned()
}

/// Finds the lane in `workspace`, or builds, evaluates and keeps it, unless that is read-only. What is kept appears in one step at the end: a
/// job that is cancelled or killed leaves nothing behind.
pub fn build_lane(
    prepared: &Prepared,
    kind: LaneKind,
    settings: &PipelineSettings,
    workspace: Option<&Workspace>,
    ctx: &JobContext,
) -> Result<TrainedLane> {
    settings.validate()?;
    let id = run_id(&prepared.dataset, kind, settings);
    let (mut unusable, mut created_secs) = (None, None);
    if let Some(workspace) = workspace
        && let Some(run) = workspace.find_run(&id)?
    {
        match open_run(&prepared.dataset, &prepared.split, &run, workspace, ctx) {
            Ok(found) if found.report.per_user.has_hits() => return Ok(found),
            Ok(_) => {
                log::info!("the kept run {id} is measured anew: its report has no hits by user");
                created_secs = Some(run.created_secs);
            }
            Err(error) if super::is_cancelled(&error) => return Err(error),
            // What cannot be read is made anew.
            Err(error) => log::warn!("the kept run {id} is made anew: {error:#}"),
        }
        unusable = Some(run);
    }
    let watch = MemoryWatch::start();
    let made = make(prepared, kind, settings, workspace, ctx);
    let watched_bytes = watch.stop();
    let Made { model_id, model, answering, mut build_secs, mut curves, trained_before } = made?;
    let Answering { lane, audit, new_graph } = answering;
    let mut peak_memory_bytes = watched_bytes;
    if let Some(before) = &trained_before {
        build_secs += before.build_secs;
        peak_memory_bytes = peak_memory_bytes.max(before.peak_memory_bytes);
        curves = serde_json::from_str(&before.curve_json).unwrap_or_default();
    }
    let since = Instant::now();
    let report = evaluate_lane(&prepared.dataset, &prepared.split, &*lane, &settings.evaluate, ctx)?;
    let evaluate_secs = since.elapsed().as_secs_f64();
    // Through its text, which may cost the last bit of a number: the same run then shows the same numbers whether it
    // is made or found.
    let report_json = serde_json::to_string(&report)?;
    let report: LaneReport = serde_json::from_str(&report_json)?;
    ctx.check()?;
    if let Some(workspace) = workspace.filter(|workspace| !workspace.is_read_only()) {
        ctx.stage("Keeping the run", 0, "");
        let (arrays, arrays_digest) = match trained_before {
            Some(before) if new_graph.is_none() => (before.arrays, before.arrays_digest),
            _ => {
                let stem = format!("{}-{model_id}", kind.name());
                let notes = BTreeMap::from([
                    ("lane".to_owned(), kind.name().to_owned()),
                    ("dataset".to_owned(), prepared.dataset.fingerprint.clone()),
                    ("settings".to_owned(), sorted_json(&settings.of_model(kind))),
                ]);
                let mut arrays = model.arrays(&*lane);
                arrays.extend(new_graph.map(graph_arrays).unwrap_or_default());
                workspace.store_arrays(&stem, &arrays, &notes)?
            }
        };
        let record = RunRecord {
            id: id.clone(),
            model_id,
            dataset_fingerprint: prepared.dataset.fingerprint.clone(),
            dataset_folder: absolute(&prepared.dataset.folder),
            dataset_config: prepared.config.as_deref().map(absolute),
            lane: kind.name().to_owned(),
            settings_json: sorted_json(&settings.of_run(kind)),
            seed: settings.seed_of(kind),
            code_version: env!("CARGO_PKG_VERSION").to_owned(),
            created_secs: created_secs.unwrap_or_else(now_secs),
            build_secs,
            evaluate_secs,
            peak_memory_bytes,
            report_json,
            audit_json: serde_json::to_string(&audit)?,
            curve_json: serde_json::to_string(&curves)?,
            arrays,
            arrays_digest,
        };
        let stands = workspace.put_run(&record, unusable.as_ref())?;
        // Nobody will go on from here.
        workspace.drop_checkpoint(&record.model_id);
        if stands != record {
            // Another process was first. Threads may have trained other vectors there: what is shown is what is kept.
            return open_run(&prepared.dataset, &prepared.split, &stands, workspace, ctx);
        }
    }
    Ok(TrainedLane {
        kind,
        run_id: id,
        lane,
        report: Arc::new(report),
        audit,
        build_secs,
        evaluate_secs,
        peak_memory_bytes,
        curves,
        is_found: false,
    })
}

/// The lane of a kept run as if `prepared`'s split were all there is: trained again with the run's settings on its
/// training part, and neither measured nor kept. A model that no split shapes (`cover`) is taken as it stands.
pub(super) fn lane_on(
    prepared: &Prepared,
    run: &RunRecord,
    workspace: &Workspace,
    ctx: &JobContext,
) -> Result<Arc<dyn Lane>> {
    let (kind, settings) = (kind_of(run)?, settings_of(run)?);
    let Prepared { dataset, split, .. } = prepared;
    let of_model = settings.of_model(kind);
    let model = if of_model.get("split").is_none() {
        Model::read(kind, &mut workspace.arrays(run)?, dataset, &settings)
            .with_context(|| format!("the arrays of the run {} cannot be used", run.id))?
    } else {
        let model_id = id_of(dataset, kind, &of_model);
        let checkpoints = KeptCheckpoints {
            workspace: None,
            model_id: &model_id,
            run_id: run.id.clone(),
            kind,
            fingerprint: &dataset.fingerprint,
            settings: &settings,
        };
        Model::train(kind, prepared, &settings, Some(workspace), &checkpoints, ctx)?
    };
    Ok(model.lane(kind, dataset, split, &settings, None, ctx)?.lane)
}

/// Makes the lane of a kept run answer again. `dataset` and `split` have to be those of the run.
pub fn open_run(
    dataset: &Dataset,
    split: &Split,
    run: &RunRecord,
    workspace: &Workspace,
    ctx: &JobContext,
) -> Result<TrainedLane> {
    let (kind, settings) = (kind_of(run)?, settings_of(run)?);
    ctx.stage("Opening a kept run", 0, "");
    let mut arrays = workspace.arrays(run)?;
    let model = match kind {
        LaneKind::Mix => Model::Mix(open_mix(dataset, split, settings.mix.as_ref(), Some(workspace), ctx)?),
        _ => Model::read(kind, &mut arrays, dataset, &settings)
            .with_context(|| format!("the arrays of the run {} cannot be used", run.id))?,
    };
    let audit: Option<Audit> = serde_json::from_str(&run.audit_json).context("the kept audit cannot be read")?;
    let lane = model.lane(kind, dataset, split, &settings, audit.zip(take_graph(&mut arrays)), ctx)?.lane;
    Ok(TrainedLane {
        kind,
        run_id: run.id.clone(),
        lane,
        report: Arc::new(serde_json::from_str(&run.report_json).context("the kept report cannot be read")?),
        audit,
        build_secs: run.build_secs,
        evaluate_secs: run.evaluate_secs,
        peak_memory_bytes: run.peak_memory_bytes,
        curves: serde_json::from_str(&run.curve_json).context("the kept curve cannot be read")?,
        is_found: true,
    })
}

/// The vectors of a kept run, such that the product of a user's and an item's is the lane's score. `hot` has one number
/// an item; lanes that score by a graph have none.
pub fn vectors_of(
    dataset: &Dataset,
    split: &Split,
    run: &RunRecord,
    workspace: &Workspace,
    ctx: &JobContext,
) -> Result<RunVectors> {
    let (kind, mut settings) = (kind_of(run)?, settings_of(run)?);
    if kind == LaneKind::Mix {
        bail!("a mix has no vectors of its own; choose one of the runs that it merges");
    }
    // No search is needed, so no graph of the index either.
    settings.index.exact = Some(true);
    let everybody = || (0..dataset.user_count() as u32).collect::<Vec<u32>>();
    match Model::read(kind, &mut workspace.arrays(run)?, dataset, &settings) {
        Some(Model::Hot) => {
            let mut ranked = HotLane::build(dataset, split, &settings.hot)?.recall(&Trigger::default(), usize::MAX);
            ranked.sort_unstable_by_key(|recalled| recalled.item);
            let users = everybody();
            Ok(RunVectors {
                items: ranked.iter().map(|recalled| recalled.item).collect(),
                item_vectors: Embeddings { dim: 1, rows: ranked.iter().map(|recalled| recalled.score).collect() },
                user_vectors: Embeddings { dim: 1, rows: vec![1.0; users.len()] },
                users,
            })
        }
        Some(Model::ItemCf(..) | Model::Linear(..) | Model::Mix(..)) => {
            bail!("{} scores item by item and has no vectors; choose a run of another lane", kind.name())
        }
        Some(Model::Gnn(model)) => {
            let (lane, _) = gnn_lane(kind, &model, dataset, split, &settings, None, ctx)?;
            let users = everybody();
            let triggers = Triggers::new(dataset, split);
            let neighbourhoods: Vec<_> = users.iter().map(|&user| lane.neighbourhood(&triggers.of(user))).collect();
            Ok(RunVectors {
                items: (0..dataset.item_count() as u32).collect(),
                item_vectors: model.vectors().clone(),
                user_vectors: lane.encoder().users(&neighbourhoods, &model.items, ctx)?,
                users,
            })
        }
        Some(Model::Cover(model)) => {
            let lane = cover_lane(&model, dataset, split, &settings, None, ctx)?.0;
            let (users, user_vectors) = queries(&lane, dataset, split, model.vectors.dim, ctx)?;
            Ok(RunVectors { items: model.items.clone(), item_vectors: model.vectors.normalised(), users, user_vectors })
        }
        Some(model @ (Model::Item2vec(_) | Model::Walks(_) | Model::UserCluster(_) | Model::Fused(_))) => {
            let lane = model.lane(kind, dataset, split, &settings, None, ctx)?.lane;
            let index = lane.vectors().context("the lane searches no vectors")?;
            let items = index.ids().to_vec();
            let mut item_vectors = Embeddings { dim: index.dim(), ..Embeddings::default() };
            for &item in &items {
                item_vectors.rows.extend_from_slice(index.vector(item).unwrap_or_default());
            }
            let (users, user_vectors) = queries(&*lane, dataset, split, index.dim(), ctx)?;
            if users.is_empty() {
                log::warn!("no user has a vector of the run {}", run.id);
            }
            Ok(RunVectors { items, item_vectors, users, user_vectors })
        }
        None => bail!("the arrays of the run {} cannot be used; run again, and they are made anew", run.id),
    }
}

/// Those users for whom a vector asks, and their vectors.
fn queries(
    lane: &dyn Lane,
    dataset: &Dataset,
    split: &Split,
    dim: usize,
    ctx: &JobContext,
) -> Result<(Vec<u32>, Embeddings)> {
    let triggers = Triggers::new(dataset, split);
    let (mut users, mut vectors) = (Vec::new(), Embeddings { dim, rows: Vec::new() });
    for user in 0..dataset.user_count() as u32 {
        if user % 1024 == 0 {
            ctx.check()?;
        }
        if let Some(vector) = lane.query(&triggers.of(user)) {
            users.push(user);
            vectors.rows.extend_from_slice(&vector);
        }
    }
    Ok((users, vectors))
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
        && let Some(model) = take_cover(&mut arrays, dataset, &settings.cover)
    {
        return Ok(Some(of(&model)));
    }
    let trained = build_lane(prepared, LaneKind::Cover, settings, workspace, ctx)
        .context("the fused vectors take in those of covers; set fused.covers=false to do without")?;
    Ok(trained.lane.cover().map(|lane| of(lane.model())))
}

/// As [`item2vec_lane`].
fn gnn_lane(
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

fn graph_arrays(graph: GraphParts) -> Arrays<'static> {
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
fn take_graph(arrays: &mut Arrays<'_>) -> Option<GraphParts> {
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

/// The lane of a kept run.
pub fn kind_of(run: &RunRecord) -> Result<LaneKind> {
    LaneKind::from_name(&run.lane)
        .with_context(|| format!("the run {} is of a lane that this version does not know: {}", run.id, run.lane))
}

/// The settings of a kept run; what does not shape it stands at its defaults.
pub fn settings_of(run: &RunRecord) -> Result<PipelineSettings> {
    serde_json::from_str(&run.settings_json)
        .with_context(|| format!("the settings of the run {} cannot be read; run again", run.id))
}

struct Made {
    model_id: String,
    model: Model,
    answering: Answering,
    build_secs: f64,
    curves: Curves,
    /// The run of an equal model whose arrays were taken over.
    trained_before: Option<RunRecord>,
}

/// A model that answers.
struct Answering {
    lane: Arc<dyn Lane>,
    audit: Option<Audit>,
    /// The graph of an index that was built now, to be kept with the model: building takes minutes on a large pool.
    new_graph: Option<GraphParts>,
}

/// Trains the model, unless a run with another index or evaluation has done so, and makes a lane of it.
fn make(
    prepared: &Prepared,
    kind: LaneKind,
    settings: &PipelineSettings,
    workspace: Option<&Workspace>,
    ctx: &JobContext,
) -> Result<Made> {
    let Prepared { dataset, split, .. } = prepared;
    let model_id = id_of(dataset, kind, &settings.of_model(kind));
    let had_graphs = prepared.graphs_if_built().is_some();
    let since = Instant::now();
    let curves_before = ctx.progress().0.curves;
    let mut trained_before = None;
    if let Some(workspace) = workspace
        && let Some(run) = workspace.find_model(&model_id)?
        && let Ok(mut arrays) = workspace.arrays(&run)
        && let Some(model) = Model::read(kind, &mut arrays, dataset, settings)
    {
        let audit = serde_json::from_str::<Option<Audit>>(&run.audit_json).ok().flatten();
        let has_same_index = settings_of(&run).is_ok_and(|of_run| of_run.index == settings.index);
        let index = audit.zip(take_graph(&mut arrays)).filter(|_| has_same_index);
        trained_before = Some((run, model, index));
    }
    let (trained_before, model, index) = match trained_before {
        Some((run, model, index)) => (Some(run), model, index),
        None => {
            let checkpoints = KeptCheckpoints {
                workspace: workspace.filter(|workspace| !workspace.is_read_only()),
                model_id: &model_id,
                run_id: run_id(dataset, kind, settings),
                kind,
                fingerprint: &dataset.fingerprint,
                settings,
            };
            let model = match kind {
                LaneKind::Mix => Model::Mix(open_mix(dataset, split, settings.mix.as_ref(), workspace, ctx)?),
                _ => Model::train(kind, prepared, settings, workspace, &checkpoints, ctx)?,
            };
            (None, model, None)
        }
    };
    let curves = ctx.progress().0.curves.since(&curves_before);
    let answering = model.lane(kind, dataset, split, settings, index, ctx)?;
    let mut build_secs = since.elapsed().as_secs_f64();
    if kind == LaneKind::ItemCf && trained_before.is_none() && had_graphs {
        build_secs += prepared.graphs(ctx)?.1;
    }
    Ok(Made { model_id, model, answering, build_secs, curves, trained_before })
}

/// What is trained and kept of a lane.
enum Model {
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
    fn train(
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

    fn lane(
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

    /// What is kept: vectors, a graph, or the ranking itself.
    fn arrays(&self, lane: &dyn Lane) -> Arrays<'_> {
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
    fn read(kind: LaneKind, arrays: &mut Arrays<'_>, dataset: &Dataset, settings: &PipelineSettings) -> Option<Self> {
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
    let is_whole = parameters.table.columns == settings.dim
        && (vectors.dim, vectors.len()) == (settings.dim, rows.len())
        && rows.is_sorted_by(|one, next| one < next)
        && rows.last().is_none_or(|&row| (row as usize) < items);
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
