//! From a data set to lanes that answer: prepare once, then build each lane or find it in the workspace.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{
    checkpoints::KeptCheckpoints,
    memory::MemoryWatch,
    mix::open_mix,
    model::{Answering, Model, graph_arrays, take_graph},
};
pub use super::{
    checkpoints::{Stopped, stopped},
    prepared::{Prepared, default_split, prepare},
    settings::{PipelineSettings, SettingsError, Takes, listed},
};
use crate::{
    dataset::{Dataset, split::Split},
    evaluate::{LaneReport, evaluate_lane},
    models::Embeddings,
    recall::{Lane, LaneKind, Trigger, Triggers, hot::HotLane, index::Audit},
    task::{Curves, JobContext},
    workspace::{RunRecord, Workspace, absolute, export::RunVectors, now_secs, sorted_json},
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

pub(super) fn id_of(dataset: &Dataset, kind: LaneKind, settings: &Value) -> String {
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
        Some(model @ Model::Gnn(_)) => {
            let lane = model.lane(kind, dataset, split, &settings, None, ctx)?.lane;
            let network = lane.gnn().context("the lane has no graph network")?;
            let model = network.model();
            let users = everybody();
            let triggers = Triggers::new(dataset, split);
            let neighbourhoods: Vec<_> = users.iter().map(|&user| network.neighbourhood(&triggers.of(user))).collect();
            Ok(RunVectors {
                items: (0..dataset.item_count() as u32).collect(),
                item_vectors: model.vectors().clone(),
                user_vectors: network.encoder().users(&neighbourhoods, &model.items, ctx)?,
                users,
            })
        }
        Some(model) => {
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
