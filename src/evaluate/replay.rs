//! What a log with impressions says of lists that it did not show.
//!
//! The policy that is judged: at each impression of the log after the reference time, one of the arm's first K items for
//! that visitor at that moment is shown, each as probably as the others; what stood above in the same visit is left out.
//! Its click rate at the places and visits of the log is estimated by
//! - replay: the click rate of the impressions whose item is one of those (Li, Chu, Langford and Wang, "Unbiased offline
//!   evaluation of contextual-bandit-based news article recommendation algorithms", WSDM 2011), true where the log showed
//!   every item as probably as any other;
//! - IPS: the mean of weight times click, where the weight is the policy's probability of the item over the log's;
//! - SNIPS: the same over the mean weight (Swaminathan and Joachims, "The self-normalized estimator for counterfactual
//!   learning", NIPS 2015).
//!
//! Visitors are the units of all intervals.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize};

use super::{
    Moments, Ratio,
    ab::{Arm, Figure, serve::Server},
};
use crate::{
    dataset::{
        Dataset, Impressions,
        simulate::Memories,
        split::{Split, interactions_by_user},
    },
    recall::Triggers,
    task::{Cancelled, JobContext},
};

/// Where the log's probabilities of showing an item come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Propensity {
    /// The log's own column `propensity`.
    Logged,
    /// Every item that could be shown was as probable as any other.
    Uniform,
    /// From how often each item was shown at such places, whoever looked: biased where the feed was personal.
    Estimated,
}

impl Propensity {
    pub const ALL: [Self; 3] = [Self::Logged, Self::Uniform, Self::Estimated];

    pub fn name(self) -> &'static str {
        match self {
            Self::Logged => "logged",
            Self::Uniform => "uniform",
            Self::Estimated => "estimated",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplaySettings {
    /// Items of a list among which the policy chooses.
    pub k: usize,
    /// Only impressions of this policy, as the log names it.
    pub policy: Option<String>,
    /// `None`: as logged, or else estimated.
    pub propensity: Option<Propensity>,
}

impl Default for ReplaySettings {
    fn default() -> Self {
        Self { k: 100, policy: None, propensity: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("the log has no table `impressions`; without what was shown and not clicked nothing can be replayed")]
    NoImpressions,
    #[error("impressions are replayed from the reference time on, and the split `{0}` has none; choose `temporal`")]
    NoReferenceTime(&'static str),
    #[error("the impressions have no times; name their column under [columns.impressions] in dataset.toml")]
    NoTimes,
    #[error("no impression of the policy `{0}`; the log names {1}")]
    NoPolicy(String, String),
    #[error("the impressions have no column `propensity`; choose uniform or estimated")]
    NoPropensities,
    #[error("no impression lies after the reference time; choose an earlier one")]
    Nothing,
}

/// What is told of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplayArm {
    pub arm: String,
    /// Impressions for whose visitor the arm had a list.
    pub impressions: u64,
    /// Of those, the ones whose item was in it, and their clicks.
    pub matches: u64,
    pub match_clicks: u64,
    pub replay: Option<Figure>,
    pub ips: Option<Figure>,
    pub snips: Option<Figure>,
    /// (Σ weight)² / Σ weight²: as many impressions of the policy itself would say as much (Kish, 1965).
    pub effective_sample: f64,
    pub largest_weight: f64,
    /// Mean weight; far from 1 the probabilities of the log are wrong.
    pub mean_weight: f64,
    /// Less the first arm, paired by visitor.
    pub replay_difference: Option<Figure>,
    pub snips_difference: Option<Figure>,
    /// What the made-up visitors of these impressions would really have clicked.
    pub truth: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplayReport {
    pub settings: ReplaySettings,
    pub propensity: Propensity,
    pub impressions: u64,
    pub visitors: u64,
    pub visits: u64,
    /// The click rate of those impressions as the log's own feed showed them.
    pub logged_ctr: Option<Figure>,
    /// Impressions by policy, where the log names it.
    pub policies: BTreeMap<String, u64>,
    pub arms: Vec<ReplayArm>,
}

/// Whoever comes back after half an hour begins another visit, where places do not tell.
const VISIT_GAP_SECS: i64 = 30 * 60;

/// Columns of an arm.
const WIDTH: usize = 6;
const SHOWN: usize = 0;
const MATCHES: usize = 1;
const MATCH_CLICKS: usize = 2;
const WEIGHTS: usize = 3;
const WEIGHT_CLICKS: usize = 4;
const TRUTH: usize = 5;

/// Replays the impressions after the reference time for each of `arms`. With `memories` (of a made-up community) the true
/// value stands beside the estimates.
pub fn replay(
    dataset: &Dataset,
    split: &Split,
    arms: &[Arm],
    settings: &ReplaySettings,
    memories: Option<&Memories<'_>>,
    ctx: &JobContext,
) -> Result<ReplayReport, ReplayError> {
    let log = Log::new(dataset, split, settings)?;
    let server = Server::new(dataset, Triggers::new(dataset, split));
    let later = interactions_by_user(dataset, &split.test);
    let visitors = log.visitors();
    ctx.stage("Replaying", visitors.len() as u64, "visitors");
    let replayed: Vec<Replayed> = visitors
        .par_iter()
        .map(|visitor| {
            ctx.check()?;
            let found = one(&log, &server, later.of(visitor.user), visitor, arms, memories);
            ctx.advance(1);
            Ok(found)
        })
        .collect::<Result<_, Cancelled>>()?;
    // Behind the arms' columns: impressions and clicks of the log.
    let log_at = arms.len() * WIDTH;
    let mut moments = Moments::new(log_at + 2);
    let mut squares = vec![(0.0, 0.0f64); arms.len()];
    for Replayed { columns, weights } in &replayed {
        moments.push(columns);
        for ((square, largest), (own_square, own_largest)) in squares.iter_mut().zip(weights) {
            *square += own_square;
            *largest = largest.max(*own_largest);
        }
    }
    let ratio = |arm: usize, top: usize, bottom: usize| Ratio { top: arm * WIDTH + top, bottom: arm * WIDTH + bottom };
    let figure = |ratio: Ratio| moments.ratio(ratio).map(Figure::from);
    let of_arms = arms.iter().enumerate().map(|(arm, of)| {
        let sum = |column: usize| moments.sum(arm * WIDTH + column);
        let less_first = |top: usize, bottom: usize| {
            let difference = moments.difference(ratio(arm, top, bottom), ratio(0, top, bottom));
            difference.filter(|_| arm > 0).map(Figure::from)
        };
        let (square, largest_weight) = squares[arm];
        let mean = |column: usize| if sum(SHOWN) > 0.0 { sum(column) / sum(SHOWN) } else { 0.0 };
        ReplayArm {
            arm: of.name.clone(),
            impressions: sum(SHOWN) as u64,
            matches: sum(MATCHES) as u64,
            match_clicks: sum(MATCH_CLICKS) as u64,
            replay: figure(ratio(arm, MATCH_CLICKS, MATCHES)),
            ips: figure(ratio(arm, WEIGHT_CLICKS, SHOWN)),
            snips: figure(ratio(arm, WEIGHT_CLICKS, WEIGHTS)),
            effective_sample: if square > 0.0 { sum(WEIGHTS).powi(2) / square } else { 0.0 },
            largest_weight,
            mean_weight: mean(WEIGHTS),
            replay_difference: less_first(MATCH_CLICKS, MATCHES),
            snips_difference: less_first(WEIGHT_CLICKS, WEIGHTS),
            truth: memories.filter(|_| sum(SHOWN) > 0.0).map(|_| mean(TRUTH)),
        }
    });
    Ok(ReplayReport {
        settings: settings.clone(),
        propensity: log.propensity,
        impressions: moments.sum(log_at) as u64,
        visitors: moments.units(),
        visits: visitors.iter().map(|visitor| visitor.visits.len() as u64).sum(),
        logged_ctr: figure(Ratio { top: log_at + 1, bottom: log_at }),
        policies: log.policies(),
        arms: of_arms.collect(),
    })
}

/// A visitor's sums, and per arm the sum of squared weights and the largest one.
struct Replayed {
    columns: Vec<f64>,
    weights: Vec<(f64, f64)>,
}

/// One user's visits: rows of impressions, each visit's in the order in which they were seen.
struct Visitor {
    user: u32,
    visits: Vec<Vec<u32>>,
}

struct Log<'a> {
    dataset: &'a Dataset,
    impressions: &'a Impressions,
    reference_secs: i64,
    policy: Option<u8>,
    propensity: Propensity,
    k: usize,
    estimated: Estimated,
}

impl<'a> Log<'a> {
    fn new(dataset: &'a Dataset, split: &Split, settings: &ReplaySettings) -> Result<Self, ReplayError> {
        let impressions = dataset.impressions.as_ref().ok_or(ReplayError::NoImpressions)?;
        let reference_secs =
            split.reference_time_secs.ok_or_else(|| ReplayError::NoReferenceTime(split.settings.kind.name()))?;
        if impressions.time_secs.iter().all(|&secs| secs == crate::dataset::NO_TIME) {
            return Err(ReplayError::NoTimes);
        }
        let policy = match &settings.policy {
            None => None,
            Some(name) => {
                let place = impressions.policies.iter().position(|policy| policy == name);
                let known = || match &impressions.policies[..] {
                    [] => "none".to_owned(),
                    names => names.join(", "),
                };
                Some(place.ok_or_else(|| ReplayError::NoPolicy(name.clone(), known()))? as u8)
            }
        };
        let propensity = match (settings.propensity, impressions.propensity.is_empty()) {
            (Some(Propensity::Logged), true) => return Err(ReplayError::NoPropensities),
            (Some(chosen), _) => chosen,
            (None, true) => Propensity::Estimated,
            (None, false) => Propensity::Logged,
        };
        let mut log = Self {
            dataset,
            impressions,
            reference_secs,
            policy,
            propensity,
            k: settings.k,
            estimated: Estimated::default(),
        };
        let rows: Vec<usize> = (0..impressions.user.len()).filter(|&row| log.is_judged(row)).collect();
        if rows.is_empty() {
            return Err(ReplayError::Nothing);
        }
        if propensity == Propensity::Estimated {
            log.estimated = Estimated::of(impressions, &rows, dataset.item_count());
        }
        Ok(log)
    }

    /// Whether an impression counts; others only say what stood above it.
    fn is_judged(&self, row: usize) -> bool {
        self.impressions.time_secs[row] >= self.reference_secs
            && self.policy.is_none_or(|policy| self.impressions.policy.get(row) == Some(&policy))
    }

    /// Who has impressions that count, by row of users.
    fn visitors(&self) -> Vec<Visitor> {
        let Impressions { user, time_secs, position, .. } = self.impressions;
        let has_places = position.iter().any(|&place| place > 0);
        let mut by_user: BTreeMap<u32, Vec<Vec<u32>>> = BTreeMap::new();
        for row in 0..user.len() {
            if time_secs[row] < self.reference_secs - VISIT_GAP_SECS {
                continue;
            }
            let visits = by_user.entry(user[row]).or_default();
            let goes_on = visits.last().and_then(|visit| visit.last()).is_some_and(|&before| {
                let before = before as usize;
                time_secs[row] - time_secs[before] < VISIT_GAP_SECS && (!has_places || position[row] > position[before])
            });
            match visits.last_mut() {
                Some(visit) if goes_on => visit.push(row as u32),
                _ => visits.push(vec![row as u32]),
            }
        }
        let counts = |visit: &Vec<u32>| visit.iter().any(|&row| self.is_judged(row as usize));
        by_user
            .into_iter()
            .map(|(user, mut visits)| {
                visits.retain(counts);
                Visitor { user, visits }
            })
            .filter(|visitor| !visitor.visits.is_empty())
            .collect()
    }

    fn policies(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for (row, &policy) in self.impressions.policy.iter().enumerate() {
            if self.impressions.time_secs[row] >= self.reference_secs
                && let Some(name) = self.impressions.policies.get(usize::from(policy))
            {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        counts
    }

    /// How probably the log showed what it showed at `row`, where `pool` items could have been.
    fn probability(&self, row: usize, pool: usize) -> f64 {
        match self.propensity {
            Propensity::Logged => f64::from(self.impressions.propensity.get(row).copied().unwrap_or(0.0)),
            Propensity::Uniform => 1.0 / pool.max(1) as f64,
            Propensity::Estimated => self.estimated.of_item(self.impressions.item[row], self.impressions.position[row]),
        }
    }
}

fn one(
    log: &Log<'_>,
    server: &Server,
    later: &[u32],
    visitor: &Visitor,
    arms: &[Arm],
    memories: Option<&Memories<'_>>,
) -> Replayed {
    let Impressions { item, time_secs, position, clicked, .. } = log.impressions;
    let events = &log.dataset.events;
    let mut columns = vec![0.0; arms.len() * WIDTH + 2];
    let mut weights = vec![(0.0, 0.0f64); arms.len()];
    let mut trigger = server.triggers().of(visitor.user);
    let mut taken = std::mem::take(&mut trigger.exclude);
    let mut later = later.iter().map(|&row| row as usize).peekable();
    for visit in &visitor.visits {
        let begin_secs = time_secs[visit[0] as usize];
        // What he took meanwhile is known by now.
        while let Some(row) = later.next_if(|&row| events.time_secs[row] < begin_secs) {
            let weight = log.dataset.behaviours[usize::from(events.behaviour[row])].weight;
            trigger.recent.push((events.item[row], weight));
            taken.push(events.item[row]);
        }
        trigger.exclude = server.hidden(visitor.user, begin_secs, [&taken, &[]]);
        let pool = log.dataset.item_count() - trigger.exclude.len();
        let mut lists: Vec<Vec<u32>> = arms
            .iter()
            .map(|arm| arm.lane.recall(&trigger, log.k).into_iter().map(|recalled| recalled.item).collect())
            .collect();
        let memory = memories.and_then(|memories| memories.visit(visitor.user, begin_secs));
        for (above, &row) in visit.iter().enumerate() {
            let row = row as usize;
            let click = f64::from(u8::from(clicked[row]));
            if log.is_judged(row) {
                let probability = log.probability(row, pool - above.min(pool));
                let place = usize::from(position[row]);
                columns[arms.len() * WIDTH] += 1.0;
                columns[arms.len() * WIDTH + 1] += click;
                for (arm, list) in lists.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
                    let of_arm = &mut columns[arm * WIDTH..(arm + 1) * WIDTH];
                    of_arm[SHOWN] += 1.0;
                    if let Some(memory) = &memory {
                        let sum: f64 = list.iter().map(|&item| memory.click(place, item, time_secs[row])).sum();
                        of_arm[TRUTH] += sum / list.len() as f64;
                    }
                    if probability > 0.0 && list.contains(&item[row]) {
                        let weight = 1.0 / (list.len() as f64 * probability);
                        of_arm[MATCHES] += 1.0;
                        of_arm[MATCH_CLICKS] += click;
                        of_arm[WEIGHTS] += weight;
                        of_arm[WEIGHT_CLICKS] += weight * click;
                        weights[arm].0 += weight * weight;
                        weights[arm].1 = weights[arm].1.max(weight);
                    }
                }
            }
            for list in &mut lists {
                list.retain(|&other| other != item[row]);
            }
        }
    }
    Replayed { columns, weights }
}

/// How often each item is shown, by group of places.
#[derive(Default)]
struct Estimated {
    /// `[groups][items]`
    counts: Vec<Vec<u32>>,
    /// `[groups]`
    totals: Vec<u64>,
    /// `[items]`, over all groups.
    everywhere: Vec<u32>,
}

impl Estimated {
    /// The first places of groups: what stands first is shown by another hand than what stands deep.
    const GROUPS: [u16; 4] = [0, 1, 5, 20];
    /// A group's own counts weigh as much as those of all places at so many impressions.
    const PRIOR: f64 = 1_000.0;

    fn group(position: u16) -> usize {
        Self::GROUPS.iter().rposition(|&first| first <= position).unwrap_or(0)
    }

    fn of(impressions: &Impressions, rows: &[usize], items: usize) -> Self {
        let mut counts = vec![vec![0; items]; Self::GROUPS.len()];
        let (mut totals, mut everywhere) = (vec![0; Self::GROUPS.len()], vec![0; items]);
        for &row in rows {
            let (item, group) = (impressions.item[row] as usize, Self::group(impressions.position[row]));
            counts[group][item] += 1;
            totals[group] += 1;
            everywhere[item] += 1;
        }
        Self { counts, totals, everywhere }
    }

    fn of_item(&self, item: u32, position: u16) -> f64 {
        let (item, group) = (item as usize, Self::group(position));
        let total: u64 = self.totals.iter().sum();
        let everywhere = f64::from(self.everywhere[item]) / total.max(1) as f64;
        (f64::from(self.counts[group][item]) + Self::PRIOR * everywhere) / (self.totals[group] as f64 + Self::PRIOR)
    }
}
