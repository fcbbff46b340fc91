//! What each behaviour counts for one kept run: weights learned without a look at the test part, and what is lost without
//! each.

use anyhow::{Context as _, Result};

use super::pipeline::{Prepared, lane_on, settings_of};
use crate::{
    evaluate::{
        LaneReport,
        behaviours::{Ablation, Learned, ablations, learn},
        evaluate_asking,
    },
    recall::{Lane, Triggers, weights_of},
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// What one lane finds under one set of weights.
pub struct Weighed {
    /// `None`: with the weights that were learned.
    pub ablation: Option<Ablation>,
    /// One for each of the data set's behaviours.
    pub weights: Vec<f32>,
    pub report: LaneReport,
}

/// Everything that is told of behaviours.
pub struct BehaviourStudy {
    /// `None` where there is nothing to learn from.
    pub learned: Option<Learned>,
    /// As set first.
    pub weighed: Vec<Weighed>,
}

/// Of the lane of `run`, which answers as it was trained: the weights are those of the interactions that ask. What is
/// learned is learned with the lane trained again on a part of the training part, and judged on the rest of it.
pub fn study(
    prepared: &Prepared,
    run: &RunRecord,
    lane: &dyn Lane,
    workspace: &Workspace,
    ctx: &JobContext,
) -> Result<BehaviourStudy> {
    let settings = settings_of(run)?;
    let inner = prepared.validation(&settings.graph)?;
    let of_part = lane_on(&inner, run, workspace, ctx).with_context(|| format!("{} for validation", run.lane))?;
    let learned = learn(&inner.dataset, &inner.split, &*of_part, ctx)?;
    let Prepared { dataset, split, .. } = prepared;
    let mut all: Vec<(Option<Ablation>, Vec<f32>)> =
        ablations(&weights_of(dataset)).into_iter().map(|(ablation, weights)| (Some(ablation), weights)).collect();
    if let Some(learned) = &learned {
        all.insert(1, (None, learned.weights.clone()));
    }
    let weighed = all
        .into_iter()
        .map(|(ablation, weights)| {
            let triggers = Triggers::new(dataset, split).weighing(&weights);
            let report = evaluate_asking(dataset, split, lane, &triggers, &settings.evaluate, ctx)?;
            Ok(Weighed { ablation, weights, report })
        })
        .collect::<Result<_>>()?;
    Ok(BehaviourStudy { learned, weighed })
}
