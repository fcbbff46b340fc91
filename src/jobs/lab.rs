//! Arms of an experiment: lanes that are made, or found in the workspace, and merged.

use std::{collections::BTreeMap, fmt, sync::Arc};

use anyhow::{Context as _, Result, bail, ensure};

use super::pipeline::{self, PipelineSettings, Prepared};
use crate::{
    evaluate::ab::Arm,
    recall::{
        Lane, LaneKind,
        mix::{MixBy, MixLane, MixPart},
    },
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// One arm: what it merges, by quota where nothing else is said.
#[derive(Debug, Clone)]
pub struct ArmPlan {
    pub name: String,
    pub parts: Vec<PartPlan>,
    pub by: MixBy,
}

#[derive(Debug, Clone)]
pub struct PartPlan {
    pub source: Source,
    pub share: f32,
}

#[derive(Debug, Clone)]
pub enum Source {
    /// A lane with settings; found in the workspace, or made and kept there.
    Lane(LaneKind, Box<PipelineSettings>),
    /// A run that is kept already.
    Kept(Box<RunRecord>),
}

/// How an arm is written: lanes or runs joined by `+`, each with settings of its own behind `:` and its share behind `*`,
/// as in `hot+item-cf*2+graphsage:features=id:dim=32`.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmText {
    pub name: String,
    pub parts: Vec<PartText>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartText {
    /// A lane, or a run's id or name.
    pub what: String,
    /// Keys without the lane's own name, and values.
    pub settings: Vec<(String, String)>,
    pub share: f32,
}

impl ArmText {
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        ensure!(!text.is_empty(), "an arm is empty; write lanes joined by +, e.g. hot+item-cf");
        let parts = text.split('+').map(PartText::parse).collect::<Result<Vec<_>>>()?;
        Ok(Self { name: text.to_owned(), parts })
    }
}

impl PartText {
    fn parse(text: &str) -> Result<Self> {
        let (text, share) = match text.rsplit_once('*') {
            None => (text, 1.0),
            Some((rest, share)) => {
                let number = share.trim().parse().ok().filter(|share: &f32| share.is_finite() && *share > 0.0);
                (rest, number.with_context(|| format!("the share of {rest} has to be above 0, not `{share}`"))?)
            }
        };
        let mut words = text.split(':').map(str::trim);
        let what = words.next().unwrap_or_default().to_owned();
        ensure!(!what.is_empty(), "a part of an arm is empty; write lanes joined by +, e.g. hot+item-cf");
        let settings = words
            .map(|word| {
                let (key, value) = word
                    .split_once('=')
                    .with_context(|| format!("a setting of {what} is written :KEY=VALUE, not `:{word}`"))?;
                Ok((key.to_owned(), value.to_owned()))
            })
            .collect::<Result<_>>()?;
        Ok(Self { what, settings, share })
    }
}

impl fmt::Display for ArmText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

/// What `text` names: lanes get `settings` with their own changes; whatever is no lane is looked for by `find`.
pub fn plan(
    text: &ArmText,
    by: MixBy,
    settings: &PipelineSettings,
    find: &dyn Fn(&str) -> Result<RunRecord>,
) -> Result<ArmPlan> {
    let parts = text
        .parts
        .iter()
        .map(|part| {
            let source = match LaneKind::from_name(&part.what) {
                Some(LaneKind::Mix) => bail!("name a kept mix by its name or id, or write what it merges: hot+item-cf"),
                Some(kind) => {
                    let mut own = settings.clone();
                    for (key, value) in &part.settings {
                        own.set(&format!("{}.{key}", kind.name()), value)?;
                    }
                    Source::Lane(kind, Box::new(own))
                }
                None => {
                    ensure!(
                        part.settings.is_empty(),
                        "{} is a run that is kept, so its settings cannot be changed; name a lane instead",
                        part.what
                    );
                    Source::Kept(Box::new(find(&part.what)?))
                }
            };
            Ok(PartPlan { source, share: part.share })
        })
        .collect::<Result<_>>()?;
    Ok(ArmPlan { name: text.name.clone(), parts, by })
}

/// Makes or finds every lane once and merges them. Runs have to be of the data set and split of `prepared`.
pub fn make(
    prepared: &Prepared,
    plans: &[ArmPlan],
    workspace: Option<&Workspace>,
    ctx: &JobContext,
) -> Result<Vec<Arm>> {
    let mut lanes: BTreeMap<String, Arc<dyn Lane>> = BTreeMap::new();
    let mut arms = Vec::new();
    for ArmPlan { name, parts, by } in plans {
        let mut made = Vec::new();
        for PartPlan { source, share } in parts {
            let id = match source {
                Source::Lane(kind, settings) => pipeline::run_id(&prepared.dataset, *kind, settings),
                Source::Kept(run) => run.id.clone(),
            };
            let lane = match lanes.get(&id) {
                Some(lane) => lane.clone(),
                None => {
                    let lane = one(prepared, source, workspace, ctx).with_context(|| format!("the arm {name}"))?;
                    lanes.insert(id, lane.clone());
                    lane
                }
            };
            made.push(MixPart { lane, share: *share });
        }
        arms.push(merged(name, made, *by)?);
    }
    Ok(arms)
}

/// An arm that merges `parts`; of one part, that lane itself.
pub fn merged(name: &str, parts: Vec<MixPart>, by: MixBy) -> Result<Arm> {
    let lane: Arc<dyn Lane> = match &parts[..] {
        [only] => only.lane.clone(),
        _ => Arc::new(MixLane::new(parts, by).with_context(|| format!("the arm {name}"))?),
    };
    Ok(Arm { name: name.to_owned(), lane })
}

/// Opens a kept run, which has to be of the data set and split of `prepared`.
pub fn open(prepared: &Prepared, run: &RunRecord, workspace: &Workspace, ctx: &JobContext) -> Result<Arc<dyn Lane>> {
    ensure!(
        run.dataset_fingerprint == prepared.dataset.fingerprint,
        "the run {} ({}) is of another data set, or the data set has changed since; run it again",
        run.id,
        run.lane
    );
    ensure!(
        pipeline::settings_of(run)?.split == prepared.split.settings,
        "the run {} ({}) is of another split and may have seen what comes after the reference time; run it again",
        run.id,
        run.lane
    );
    Ok(pipeline::open_run(&prepared.dataset, &prepared.split, run, workspace, ctx)?.lane)
}

fn one(prepared: &Prepared, source: &Source, workspace: Option<&Workspace>, ctx: &JobContext) -> Result<Arc<dyn Lane>> {
    match source {
        Source::Lane(kind, settings) => {
            ensure!(
                *prepared.graph_settings() == settings.graph,
                "the settings of graphs are the same for all arms; change them with --set"
            );
            Ok(pipeline::build_lane(prepared, *kind, settings, workspace, ctx)?.lane)
        }
        Source::Kept(run) => {
            open(prepared, run, workspace.context("a run can only be found in a workspace; name one")?, ctx)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn arms_are_read_as_they_are_written() {
        let arm = ArmText::parse("hot + item-cf*2+graphsage:features=id:dim=32*0.5").unwrap();
        let part = |what: &str, settings: &[(&str, &str)], share| PartText {
            what: what.to_owned(),
            settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            share,
        };
        let graphsage = part("graphsage", &[("features", "id"), ("dim", "32")], 0.5);
        assert_eq!(arm.parts, [part("hot", &[], 1.0), part("item-cf", &[], 2.0), graphsage]);
        for (wrong, told) in [
            ("", "empty"),
            ("hot++item-cf", "empty"),
            ("hot*0", "above 0"),
            ("hot*many", "above 0"),
            ("gat:features", ":KEY=VALUE"),
        ] {
            let error = ArmText::parse(wrong).unwrap_err().to_string();
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }

    #[test]
    fn lanes_get_their_own_settings_and_others_are_looked_for() {
        let settings = PipelineSettings::default();
        let find = |name: &str| -> Result<RunRecord> { bail!("looked for {name}") };
        let planned = |text: &str| plan(&ArmText::parse(text).unwrap(), MixBy::Quota, &settings, &find);
        let arm = planned("graphsage:features=id+gat").unwrap();
        let Source::Lane(kind, own) = &arm.parts[0].source else { panic!("{arm:?}") };
        assert_eq!((*kind, own.gat == settings.gat), (LaneKind::Graphsage, true));
        assert_ne!(own.graphsage, settings.graphsage);
        assert!(matches!(&arm.parts[1].source, Source::Lane(_, same) if **same == settings));
        assert_eq!(planned("3fa9c2").unwrap_err().to_string(), "looked for 3fa9c2");
        assert!(planned("3fa9c2:dim=3").unwrap_err().to_string().contains("cannot be changed"));
        assert!(planned("hot:no_such=3").is_err());
        assert!(planned("mix").is_err());
    }
}
