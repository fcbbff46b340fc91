//! A/B on a made-up community: its users visit after the reference time and are shown an arm's lists instead of the
//! simulator's own feed (algorithms, section 9).
//!
//! What serves knows the log, what is published when, and what the visitor was shown and clicked in this experiment.
//! The truth is asked for clicks and for the end of a visit, nothing else. Every visitor meets every arm, in visits that
//! begin at the same moments with the same intentions and the same luck, so arms are compared paired by visitor. Visitors
//! come in a random order, each with all his visits: they are the independent units of all intervals.

mod report;
pub(super) mod serve;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_pcg::Pcg64;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize};

pub use report::{AbReport, ArmReport, Clear, CurvePoint, DifferenceReport, Figure, Metric};
use serve::{Server, Tally};

use super::{Bands, Sequence};
use crate::{
    dataset::{
        Dataset,
        simulate::{Community, Plan},
        split::Split,
    },
    recall::{Lane, Triggers},
    task::{Cancelled, JobContext},
};
use report::Book;

/// What some visitors are shown.
#[derive(Clone)]
pub struct Arm {
    pub name: String,
    pub lane: Arc<dyn Lane>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AbSettings {
    /// How long after the reference time; `None`: until the log ends, or seven days where it ends with the training part.
    pub days: Option<f64>,
    /// At most so many visitors; `None`: everybody who comes.
    pub visitors: Option<usize>,
    /// Whether every arm meets the same luck. With luck of its own even an arm against itself shows differences.
    pub same_luck: bool,
    /// What an arm is judged by.
    pub goal: Metric,
    /// Stop as soon as every pair is clearly apart by `goal`.
    pub until_clear: bool,
    pub seed: u64,
}

impl Default for AbSettings {
    fn default() -> Self {
        Self { days: None, visitors: None, same_luck: true, goal: Metric::Ctr, until_clear: false, seed: 42 }
    }
}

/// Two arms that are compared: the first less the second, by their places.
pub type Pair = (usize, usize);

/// Every further arm less the first.
pub fn against_first(arms: &[Arm]) -> Vec<Pair> {
    (1..arms.len()).map(|arm| (arm, 0)).collect()
}

/// Chance that anything is ever called clear though the arms do not differ, over all pairs and both metrics that are
/// watched.
pub const FALSE_ALARMS: f64 = 0.05;

const DAYS_WITHOUT_LOG: f64 = 7.0;
const DAY_SECS: f64 = 86_400.0;
/// Visitors between two looks at whether to go on; a point of the curve.
const AT_ONCE: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum AbError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("an A/B needs at least two arms, not {0}; name them as in --arms hot+item-cf,hot+item-cf+graphsage")]
    Arms(usize),
    #[error("an A/B begins at the reference time, and the split `{0}` has none; choose the split `temporal`")]
    NoReferenceTime(&'static str),
    #[error("the number of days has to be above 0 and at most 365, not {0}")]
    Days(f64),
    #[error("nobody comes in the {0:.2} days after the reference time; choose more days")]
    Nobody(f64),
}

/// A community with what serves it: made once for many experiments.
pub struct Lab<'a> {
    community: &'a Community,
    server: Server,
    bands: Bands,
    reference_secs: i64,
}

/// Somebody who comes.
struct Visitor {
    user: u32,
    plans: Vec<Plan>,
}

impl<'a> Lab<'a> {
    pub fn new(dataset: &'a Dataset, split: &'a Split, community: &'a Community) -> Result<Self, AbError> {
        let reference_secs =
            split.reference_time_secs.ok_or_else(|| AbError::NoReferenceTime(split.settings.kind.name()))?;
        let server = Server::new(dataset, Triggers::new(dataset, split));
        Ok(Self { community, server, bands: Bands::new(dataset, split), reference_secs })
    }

    /// Runs `arms` and compares `pairs` of them. `each` is shown where things stand every few visitors. The same settings
    /// give the same report, however many threads there are.
    pub fn run(
        &self,
        arms: &[Arm],
        pairs: &[Pair],
        settings: &AbSettings,
        each: &mut dyn FnMut(&AbReport),
        ctx: &JobContext,
    ) -> Result<AbReport, AbError> {
        if arms.len() < 2 {
            return Err(AbError::Arms(arms.len()));
        }
        let (visitors, days) = self.visitors(settings)?;
        ctx.stage("Visiting", visitors.len() as u64, "visitors");
        let comparisons = Metric::WATCHED.len() * pairs.len().max(1);
        let sequence = Sequence::new(FALSE_ALARMS / comparisons as f64, visitors.len() as u64 / 2);
        let names = arms.iter().map(|arm| arm.name.clone()).collect();
        let mut book = Book::new(names, pairs, sequence, settings, days, visitors.len());
        for some in visitors.chunks(AT_ONCE) {
            let came: Vec<Vec<Tally>> = some
                .par_iter()
                .map(|visitor| {
                    ctx.check()?;
                    let tallies = (0..).zip(arms).map(|(number, arm)| {
                        let luck = if settings.same_luck { 0 } else { number };
                        self.server.serve(self.community, visitor.user, &visitor.plans, luck, &*arm.lane, &self.bands)
                    });
                    Ok(tallies.collect())
                })
                .collect::<Result<_, Cancelled>>()?;
            for (visitor, tallies) in some.iter().zip(&came) {
                book.push(self.bands.user[visitor.user as usize], tallies);
                if settings.until_clear && book.is_clear(settings.goal) {
                    book.stop();
                    break;
                }
            }
            book.point();
            ctx.advance(some.len() as u64);
            let report = book.report();
            each(&report);
            if report.is_stopped {
                return Ok(report);
            }
        }
        Ok(book.report())
    }

    /// Who comes, in random order, and for how many days.
    fn visitors(&self, settings: &AbSettings) -> Result<(Vec<Visitor>, f64), AbError> {
        let log_days = (self.community.end_secs() - self.reference_secs) as f64 / DAY_SECS;
        let days = settings.days.unwrap_or(if log_days > 0.0 { log_days } else { DAYS_WITHOUT_LOG });
        if !(days > 0.0 && days <= 365.0) {
            return Err(AbError::Days(days));
        }
        let to_secs = self.reference_secs + (days * DAY_SECS) as i64;
        let users: Vec<u32> = (0..self.bands.user.len() as u32).collect();
        let mut visitors: Vec<Visitor> = users
            .par_iter()
            .map(|&user| {
                let plans = self.community.plans(user, self.reference_secs, to_secs, settings.seed);
                Visitor { user, plans }
            })
            .filter(|visitor| !visitor.plans.is_empty())
            .collect();
        visitors.shuffle(&mut Pcg64::seed_from_u64(settings.seed));
        visitors.truncate(settings.visitors.unwrap_or(usize::MAX));
        if visitors.is_empty() {
            return Err(AbError::Nobody(days));
        }
        Ok((visitors, days))
    }
}
