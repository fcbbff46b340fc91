//! The article's comparison from end to end: its lanes added to what there was, on a made-up community whose users answer.

use anyhow::Result;
use serde::Serialize;

use super::{
    lab::{self, ArmPlan, ArmText},
    pipeline::{PipelineSettings, Prepared},
};
use crate::{
    dataset::simulate::Community,
    evaluate::ab::{AbReport, AbSettings, Figure, Lab, Metric, against_first},
    recall::mix::MixBy,
    task::JobContext,
    workspace::Workspace,
};

/// Name and what is merged; the first is what there was.
pub const ARMS: [(&str, &str); 7] = [
    ("existing", "hot+item-cf"),
    ("graphsage, id", "hot+item-cf+graphsage:features=id"),
    ("graphsage", "hot+item-cf+graphsage"),
    ("gat, id", "hot+item-cf+gat:features=id"),
    ("gat", "hot+item-cf+gat"),
    ("cover", "hot+item-cf+cover"),
    ("all", "hot+item-cf+graphsage+gat+cover"),
];

/// What the article says, and whether it came out.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    pub says: &'static str,
    pub arm: &'static str,
    pub than: &'static str,
    pub metric: &'static str,
    /// `users:new`, or everybody.
    pub slice: Option<&'static str>,
    /// The arm less the other one, paired by visitor.
    pub difference: Option<Figure>,
    pub holds: Holds,
    /// In words.
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// The interval is clear of zero on that side (for "not worse": does not lie below zero).
    Yes,
    /// On that side, but not clear.
    Unclear,
    No,
}

#[derive(Debug, Clone, Serialize)]
pub struct Study {
    pub reference_time_secs: Option<i64>,
    pub ab: AbReport,
    pub claims: Vec<Claim>,
}

/// Trains what the workspace does not have, and runs the experiments.
pub fn article(
    prepared: &Prepared,
    settings: &PipelineSettings,
    ab: &AbSettings,
    workspace: Option<&Workspace>,
    ctx: &JobContext,
) -> Result<Study> {
    // Before anything is trained: whoever cannot be asked makes all of it useless.
    let community = Community::of(&prepared.dataset, ctx)?;
    let none = |name: &str| -> Result<_> { anyhow::bail!("`{name}` is no lane") };
    let plans: Vec<ArmPlan> = ARMS
        .iter()
        .map(|(name, text)| {
            let plan = lab::plan(&ArmText::parse(text)?, MixBy::Quota, settings, &none)?;
            Ok(ArmPlan { name: (*name).to_owned(), ..plan })
        })
        .collect::<Result<_>>()?;
    let arms = lab::make(prepared, &plans, workspace, ctx)?;
    let lab = Lab::new(&prepared.dataset, &prepared.split, &community)?;
    let place = |name: &str| arms.iter().position(|arm| arm.name == name);
    let mut pairs = against_first(&arms);
    // Each network against itself without attributes, and gat against graphsage.
    for (arm, than) in [("graphsage", "graphsage, id"), ("gat", "gat, id"), ("gat", "graphsage")] {
        pairs.extend(place(arm).zip(place(than)));
    }
    let report = lab.run(&arms, &pairs, ab, &mut |_| {}, ctx)?;
    let claims = claims(&report);
    Ok(Study { reference_time_secs: prepared.split.reference_time_secs, ab: report, claims })
}

/// What is claimed: the words, the arm, the other, the metric, the part of the visitors, and whether "not worse" is
/// enough.
type Said = (&'static str, &'static str, &'static str, Metric, Option<&'static str>, bool);

const SAID: [Said; 13] = [
    ("graphsage raises the click rate", "graphsage", "existing", Metric::Ctr, None, false),
    ("graphsage raises the exposure depth", "graphsage", "existing", Metric::Depth, None, false),
    ("gat raises the click rate", "gat", "existing", Metric::Ctr, None, false),
    ("gat raises the exposure depth", "gat", "existing", Metric::Depth, None, false),
    ("cover raises the click rate", "cover", "existing", Metric::Ctr, None, false),
    ("cover raises the exposure depth", "cover", "existing", Metric::Depth, None, false),
    ("attributes help graphsage's click rate", "graphsage", "graphsage, id", Metric::Ctr, None, false),
    ("attributes help gat's click rate", "gat", "gat, id", Metric::Ctr, None, false),
    ("gat's click rate is not worse than graphsage's", "gat", "graphsage", Metric::Ctr, None, true),
    ("gat's depth is not worse than graphsage's", "gat", "graphsage", Metric::Depth, None, true),
    ("cover shows more cold items", "cover", "existing", Metric::ColdShare, None, false),
    ("more of the clicks go to sparse items with cover", "cover", "existing", Metric::SparseClickShare, None, false),
    ("graphsage helps users without behaviour", "graphsage", "existing", Metric::Ctr, Some("users:new"), false),
];

fn claims(report: &AbReport) -> Vec<Claim> {
    SAID.iter()
        .map(|&(says, arm, than, metric, slice, is_not_worse_enough)| {
            let pair = report.differences.iter().find(|pair| pair.arm == arm && pair.than == than);
            let difference = pair.and_then(|pair| {
                let figures = match slice {
                    None => &pair.figures,
                    Some(slice) => pair.slices.get(slice)?,
                };
                figures.get(metric.name()).copied().flatten()
            });
            let holds = judge(difference, is_not_worse_enough);
            Claim {
                says,
                arm,
                than,
                metric: metric.name(),
                slice,
                difference,
                holds,
                why: why(difference, holds, is_not_worse_enough),
            }
        })
        .collect()
}

fn judge(difference: Option<Figure>, is_not_worse_enough: bool) -> Holds {
    match difference {
        None => Holds::Unclear,
        Some(Figure { interval: [low, high], .. }) if low > 0.0 || (is_not_worse_enough && high >= 0.0) => Holds::Yes,
        Some(Figure { value, .. }) if value > 0.0 => Holds::Unclear,
        Some(_) => Holds::No,
    }
}

fn why(difference: Option<Figure>, holds: Holds, is_not_worse_enough: bool) -> String {
    let Some(Figure { interval: [low, high], .. }) = difference else {
        return "nothing was shown that it could be measured on".to_owned();
    };
    match holds {
        Holds::Yes if low > 0.0 => "the interval lies above zero".to_owned(),
        Holds::Yes if is_not_worse_enough => "no difference to the worse is clear".to_owned(),
        Holds::Yes => String::new(),
        Holds::Unclear => "it points that way, but the interval holds zero: too few visits to tell".to_owned(),
        Holds::No if high < 0.0 => "the interval lies below zero: here it is the other way round".to_owned(),
        Holds::No => "it points the other way, and the interval holds zero".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_holds_where_its_interval_is_clear() {
        let figure = |value: f64, half: f64| Some(Figure { value, interval: [value - half, value + half] });
        for (difference, is_not_worse_enough, wanted) in [
            (figure(0.2, 0.1), false, Holds::Yes),
            (figure(0.1, 0.2), false, Holds::Unclear),
            (figure(-0.1, 0.2), false, Holds::No),
            (figure(-0.1, 0.2), true, Holds::Yes),
            (figure(-0.2, 0.1), true, Holds::No),
            (None, false, Holds::Unclear),
        ] {
            assert_eq!(judge(difference, is_not_worse_enough), wanted, "{difference:?}");
            assert!(!why(difference, wanted, is_not_worse_enough).is_empty());
        }
    }

    #[test]
    fn every_arm_of_a_claim_is_run() {
        let is_arm = |name: &str| ARMS.iter().any(|(arm, _)| *arm == name);
        assert!(SAID.iter().all(|(_, arm, than, ..)| is_arm(arm) && is_arm(than)));
        for (_, text) in ARMS {
            assert!(ArmText::parse(text).is_ok_and(|arm| arm.parts.len() > 1));
        }
    }
}
