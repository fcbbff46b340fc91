//! Mixes as runs: which kept runs they merge, how much each counts, how that is chosen, and opened again.

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use super::{
    pipeline::{Prepared, kind_of, lane_on, open_run, settings_of},
    settings::PipelineSettings,
};
use crate::{
    dataset::{Dataset, split::Split},
    evaluate::{Chosen, choose_shares},
    recall::{
        Lane, LaneKind,
        mix::{MixBy, MixLane, MixPart},
    },
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// What a mix is made of. Shares of [`MixSettings::new`] sum to 1, so that equal mixes are one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixSettings {
    pub by: MixBy,
    pub parts: Vec<PartSettings>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartSettings {
    /// A run's id.
    pub run: String,
    /// Its lane, so that a run that is gone can be named.
    pub lane: LaneKind,
    pub share: f64,
}

/// Fewer would be a lane; more than this nobody can weigh.
pub const PARTS: std::ops::RangeInclusive<usize> = 2..=12;

impl MixSettings {
    /// With shares that sum to 1, to four places. Refuses the same run twice, a mix as a part, too few or too many
    /// parts, and shares that are negative, not finite or all 0.
    pub fn new(by: MixBy, parts: Vec<PartSettings>) -> Result<Self> {
        let sum: f64 = parts.iter().map(|part| part.share).sum();
        let round = |share: f64| (share / sum * 1e4).round() / 1e4;
        let mut settings = Self { by, parts };
        settings.check()?;
        for part in &mut settings.parts {
            part.share = round(part.share);
        }
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        let Self { parts, .. } = self;
        let (least, most) = (PARTS.start(), PARTS.end());
        ensure!(PARTS.contains(&parts.len()), "a mix takes {least} to {most} runs, not {}", parts.len());
        for (place, part) in parts.iter().enumerate() {
            let share = part.share;
            ensure!(share.is_finite() && share >= 0.0, "the share of {} is {share}: give a number from 0", part.name());
            ensure!(
                part.lane != LaneKind::Mix,
                "the run {} is a mix itself: name the runs that it merges instead",
                part.run
            );
            ensure!(
                parts[..place].iter().all(|before| before.run != part.run),
                "{} is named twice: give it one share",
                part.name()
            );
        }
        ensure!(parts.iter().any(|part| part.share > 0.0), "all shares are 0: give at least one run a share above 0");
        Ok(())
    }
}

impl PartSettings {
    /// The lane and the beginning of the run's id.
    pub fn name(&self) -> String {
        format!("{} ({})", self.lane.name(), self.run.get(..8).unwrap_or(&self.run))
    }
}

/// The settings of a mix of `runs`, which have to be of one data set and one split: theirs, measured as the first was.
pub fn settings_of_mix(runs: &[RunRecord], mix: MixSettings) -> Result<PipelineSettings> {
    let first = runs.first().context("a mix of no runs")?;
    let of_first = settings_of(first)?;
    for run in runs {
        ensure!(
            run.dataset_fingerprint == first.dataset_fingerprint && settings_of(run)?.split == of_first.split,
            "the runs {} ({}) and {} ({}) are of two data sets or two splits; mix runs of one",
            first.id,
            first.lane,
            run.id,
            run.lane
        );
    }
    Ok(PipelineSettings {
        split: of_first.split,
        evaluate: of_first.evaluate,
        mix: Some(mix),
        ..PipelineSettings::default()
    })
}

/// Chooses shares for `runs` without a look at the test part: their lanes are trained again on a part of the training
/// part, and judged on the rest of it (`dataset::split::within`). `by`: the ways of merging to choose from.
pub fn tune(
    prepared: &Prepared,
    runs: &[RunRecord],
    by: &[MixBy],
    workspace: &Workspace,
    ctx: &JobContext,
) -> Result<Chosen> {
    // Graph settings are those of the lanes that have a graph; of two that differ, each gets its own.
    let mut parts: Vec<Prepared> = Vec::new();
    let mut lanes = Vec::new();
    for run in runs {
        ctx.check()?;
        let graph = settings_of(run)?.graph;
        let inner = match parts.iter().find(|inner| *inner.graph_settings() == graph) {
            Some(inner) => inner.clone(),
            None => {
                let inner = prepared.validation(&graph)?;
                parts.push(inner.clone());
                inner
            }
        };
        lanes.push(lane_on(&inner, run, workspace, ctx).with_context(|| format!("{} for validation", run.lane))?);
    }
    let inner = parts.first().context("a mix of no runs")?;
    let lanes: Vec<&dyn Lane> = lanes.iter().map(|lane| &**lane).collect();
    choose_shares(&inner.dataset, &inner.split, &lanes, by, prepared.split.settings.seed, ctx)?
        .context("nobody takes anything new in the validation part, so no shares can be chosen; give them by hand")
}

/// Opens the runs of a mix. They have to be of the data set and the split of the mix: another split may have trained on
/// what is tested here.
pub(super) fn open_mix(
    dataset: &Dataset,
    split: &Split,
    settings: Option<&MixSettings>,
    workspace: Option<&Workspace>,
    ctx: &JobContext,
) -> Result<MixLane> {
    let settings = settings.context("the mix names no runs: give it parts, e.g. `recallscope mix`")?;
    settings.check()?;
    let workspace = workspace.context("a mix is made of the runs of a workspace: name one, and run its lanes first")?;
    let notes = workspace.run_notes()?;
    let mut parts = Vec::new();
    for part in &settings.parts {
        let is_deleted = notes.get(&part.run).is_some_and(|note| note.is_deleted);
        let run = workspace.find_run(&part.run)?.filter(|_| !is_deleted);
        let Some(run) = run else {
            let how = if is_deleted { "bring it back from the bin" } else { "make that run again" };
            bail!("the run of {} is gone, which the mix merges; {how}, or mix other runs", part.name());
        };
        ensure!(kind_of(&run)? == part.lane, "the run {} is of the lane {}: mix again", run.id, run.lane);
        ensure!(
            run.dataset_fingerprint == dataset.fingerprint && settings_of(&run)?.split == split.settings,
            "{} was made on another data set or another split than the mix, and may have seen what is tested; mix runs \
             of one split",
            part.name()
        );
        let lane = open_run(dataset, split, &run, workspace, ctx)
            .with_context(|| format!("{}, which the mix merges, cannot be opened", part.name()))?
            .lane;
        parts.push(MixPart { lane, share: part.share as f32 });
    }
    Ok(MixLane::new(parts, settings.by)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn part(run: &str, share: f64) -> PartSettings {
        PartSettings { run: run.to_owned(), lane: LaneKind::Hot, share }
    }

    #[test]
    fn equal_mixes_have_equal_settings() {
        let of = |shares: [f64; 3]| {
            let parts = ["a", "b", "c"].into_iter().zip(shares).map(|(run, share)| part(run, share)).collect();
            MixSettings::new(MixBy::Quota, parts).unwrap()
        };
        assert_eq!(of([1.0, 2.0, 1.0]), of([0.25, 0.5, 0.25]));
        assert_eq!(of([1.0, 1.0, 1.0]).parts[0].share, 0.3333);
    }

    #[test]
    fn what_cannot_be_mixed_is_refused() {
        let refused = |parts: Vec<PartSettings>| MixSettings::new(MixBy::Weight, parts).unwrap_err().to_string();
        assert!(refused(vec![part("a", 1.0)]).contains("2 to 12"));
        assert!(refused(vec![part("a", 1.0), part("a", 2.0)]).contains("twice"));
        assert!(refused(vec![part("a", 0.0), part("b", 0.0)]).contains("all shares are 0"));
        assert!(refused(vec![part("a", -1.0), part("b", 2.0)]).contains("from 0"));
        assert!(refused(vec![part("a", f64::NAN), part("b", 2.0)]).contains("from 0"));
        let mix = PartSettings { lane: LaneKind::Mix, ..part("m", 1.0) };
        assert!(refused(vec![part("a", 1.0), mix]).contains("is a mix itself"));
    }
}
