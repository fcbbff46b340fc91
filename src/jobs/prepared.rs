//! What every lane of one data set and one split is built from.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, TryLockError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use super::settings::PipelineSettings;
use crate::{
    dataset::{
        Dataset,
        split::{Split, SplitKind, split, within},
    },
    graph::{GraphSettings, Graphs},
    recall::cover::CoverModel,
    task::JobContext,
};

/// A split data set. Its graphs are built when somebody first needs them: lanes that are found in the workspace do not.
#[derive(Clone)]
pub struct Prepared {
    pub dataset: Arc<Dataset>,
    pub split: Arc<Split>,
    graphs: Arc<LazyGraphs>,
    /// The `dataset.toml` that was given instead of the folder's own; kept with each run, so that the data set can be
    /// opened again.
    pub config: Option<PathBuf>,
    /// The cover model that was trained last, by its id: `fused` takes its vectors in, also where no workspace keeps it.
    pub(super) covers: Arc<Mutex<Option<(String, Arc<CoverModel>)>>>,
}

struct LazyGraphs {
    settings: GraphSettings,
    /// With the seconds that building took: part of the cost of the lanes that answer from them.
    built: OnceLock<(Arc<Graphs>, f64)>,
    /// Held by whoever builds.
    building: Mutex<()>,
}

impl LazyGraphs {
    fn new(settings: &GraphSettings) -> Arc<Self> {
        Arc::new(Self { settings: settings.clone(), built: OnceLock::new(), building: Mutex::new(()) })
    }
}

impl Prepared {
    /// The training part alone, parted again: what is chosen on its test part never saw the test part of this.
    pub fn validation(&self, graph: &GraphSettings) -> Result<Self> {
        let split = Arc::new(within(&self.dataset, &self.split)?);
        Ok(Self { split, graphs: LazyGraphs::new(graph), ..self.clone() })
    }

    pub fn graph_settings(&self) -> &GraphSettings {
        &self.graphs.settings
    }

    /// The graphs, if they stand.
    pub fn graphs_if_built(&self) -> Option<&Arc<Graphs>> {
        self.graphs.built.get().map(|(graphs, _)| graphs)
    }

    /// The graphs, and the seconds that building them took. Whoever comes first builds them; others wait.
    pub fn graphs(&self, ctx: &JobContext) -> Result<(Arc<Graphs>, f64)> {
        loop {
            if let Some(built) = self.graphs.built.get() {
                return Ok(built.clone());
            }
            match self.graphs.building.try_lock() {
                Ok(_guard) => {
                    if let Some(built) = self.graphs.built.get() {
                        return Ok(built.clone());
                    }
                    let since = Instant::now();
                    let graphs = Arc::new(Graphs::build(&self.dataset, &self.split, &self.graphs.settings, ctx)?);
                    let built = (graphs, since.elapsed().as_secs_f64());
                    return Ok(self.graphs.built.get_or_init(|| built).clone());
                }
                // Whoever built broke off; the lock guards no value that could be half made.
                Err(TryLockError::Poisoned(_)) => self.graphs.building.clear_poison(),
                Err(TryLockError::WouldBlock) => {
                    ctx.check()?;
                    thread::sleep(Duration::from_millis(10));
                }
            }
        }
    }
}

/// The split that suits a data set when nobody chose one: by time where there are times, else as published, else
/// random.
pub fn default_split(dataset: &Dataset) -> SplitKind {
    if dataset.events.has_times() {
        SplitKind::Temporal
    } else if dataset.given_test.is_some() {
        SplitKind::Given
    } else {
        SplitKind::Random
    }
}

/// Splits `dataset`.
pub fn prepare(dataset: Arc<Dataset>, settings: &PipelineSettings, ctx: &JobContext) -> Result<Prepared> {
    settings.validate()?;
    ctx.stage("Splitting", 0, "events");
    let split = Arc::new(split(&dataset, &settings.split)?);
    ctx.check()?;
    Ok(Prepared { dataset, split, graphs: LazyGraphs::new(&settings.graph), config: None, covers: Arc::default() })
}
