//! What commands that run arms share: the data set, the arms, and the settings of their lanes.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{
    choices::{self, Days},
    output,
    recall::find_run,
    run::assign,
};
use crate::{
    dataset::{read, split::SplitKind},
    evaluate::ab::{Arm, Figure},
    jobs::{
        lab::{self, ArmPlan, ArmText},
        pipeline::{self, PipelineSettings, Prepared},
    },
    recall::mix::MixBy,
    task::JobContext,
    workspace::Workspace,
};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ArmArgs {
    /// Where trained lanes are found, and kept; made if it is not there. Without it nothing is kept
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Option<PathBuf>,
    /// How the lanes of an arm are merged
    #[arg(long, value_parser = by(), default_value = "quota")]
    by: MixBy,
    /// The reference time: seconds since 1970 or ISO 8601 [default: the last fifth, at most 7 days]
    #[arg(long, value_name = "TIME", value_parser = choices::time_secs)]
    reference_time: Option<i64>,
    /// Days before the reference time that graphs and sessions are built from, or `all` [default: 7]
    #[arg(long, value_name = "DAYS", value_parser = choices::days)]
    window_days: Option<Days>,
    /// Change a setting of the lanes, e.g. graphsage.dim=128; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

fn by() -> impl TypedValueParser<Value = MixBy> {
    PossibleValuesParser::new(MixBy::ALL.map(MixBy::name))
        .try_map(|name| MixBy::from_name(&name).ok_or("is no way of merging"))
}

/// A data set that is split, the workspace, and the settings of lanes.
pub(super) struct Ground {
    pub(super) prepared: Prepared,
    pub(super) settings: PipelineSettings,
    pub(super) workspace: Option<Workspace>,
    by: MixBy,
}

impl ArmArgs {
    pub(super) fn workspace(&self) -> Result<Option<Workspace>> {
        Ok(self.workspace.as_deref().map(Workspace::open).transpose()?)
    }

    pub(super) fn settings(&self) -> Result<PipelineSettings> {
        let mut settings = PipelineSettings::default();
        assign(&mut settings, &self.set)?;
        settings.split.kind = SplitKind::Temporal;
        if let Some(secs) = self.reference_time {
            settings.split.reference_time_secs = Some(secs);
        }
        if let Some(Days(days)) = self.window_days {
            settings.split.window_days = days;
        }
        settings.validate()?;
        Ok(settings)
    }

    /// Reads and splits the data set; to be done in a job.
    pub(super) fn ground(
        &self,
        dir: &std::path::Path,
        settings: PipelineSettings,
        workspace: Option<Workspace>,
        ctx: &JobContext,
    ) -> Result<Ground> {
        let dataset = Arc::new(read::load(dir, None, None, ctx)?);
        if let Some(workspace) = &workspace {
            workspace.dataset_opened(&dataset, None)?;
        }
        let prepared = pipeline::prepare(dataset, &settings, ctx)?;
        Ok(Ground { prepared, settings, workspace, by: self.by })
    }
}

impl Ground {
    /// Makes or finds what `texts` name.
    pub(super) fn arms(&self, texts: &[ArmText], ctx: &JobContext) -> Result<Vec<Arm>> {
        let find = |name: &str| match &self.workspace {
            Some(workspace) => find_run(workspace, Some(name), None),
            None => anyhow::bail!("`{name}` is no lane; a run can be named where --workspace says what keeps it"),
        };
        let plans: Vec<ArmPlan> =
            texts.iter().map(|text| lab::plan(text, self.by, &self.settings, &find)).collect::<Result<_>>()?;
        lab::make(&self.prepared, &plans, self.workspace.as_ref(), ctx)
    }
}

/// `0.0712 [0.0690, 0.0733]`, or a dash.
pub(super) fn figure(figure: Option<Figure>) -> String {
    match figure {
        Some(Figure { value, interval: [low, high] }) => format!("{value:.4} [{low:.4}, {high:.4}]"),
        None => "–".to_owned(),
    }
}

/// The same with signs, for differences; `*` where zero is outside.
pub(super) fn difference(figure: Option<Figure>) -> String {
    match figure {
        Some(Figure { value, interval: [low, high] }) => {
            let clear = if low > 0.0 || high < 0.0 { " *" } else { "" };
            format!("{value:+.4} [{low:+.4}, {high:+.4}]{clear}")
        }
        None => "–".to_owned(),
    }
}

pub(super) fn print(text: &str) -> Result<()> {
    output::bytes(text.as_bytes())
}
