//! What is known while visitors come in, and what is told of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AbSettings, FALSE_ALARMS, Pair, serve::Tally};
use crate::evaluate::{Estimate, Moments, Ratio, Sequence, UserBand};

/// A ratio of sums over visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Clicks per impression.
    Ctr,
    /// Impressions per visit.
    Depth,
    ClicksPerVisit,
    /// Of the impressions, those of cold items: without an interaction in the training part.
    ColdShare,
    /// Of the clicks.
    ColdClickShare,
    /// Clicks per impression of cold items.
    ColdCtr,
    /// The same of sparse items: cold ones and those of the tail.
    SparseShare,
    SparseClickShare,
    SparseCtr,
}

impl Metric {
    pub const ALL: [Self; 9] = [
        Self::Ctr,
        Self::Depth,
        Self::ClicksPerVisit,
        Self::ColdShare,
        Self::ColdClickShare,
        Self::ColdCtr,
        Self::SparseShare,
        Self::SparseClickShare,
        Self::SparseCtr,
    ];
    /// Those whose differences are watched as visitors come in.
    pub const WATCHED: [Self; 2] = [Self::Ctr, Self::Depth];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ctr => "ctr",
            Self::Depth => "depth",
            Self::ClicksPerVisit => "clicks_per_visit",
            Self::ColdShare => "cold_share",
            Self::ColdClickShare => "cold_click_share",
            Self::ColdCtr => "cold_ctr",
            Self::SparseShare => "sparse_share",
            Self::SparseClickShare => "sparse_click_share",
            Self::SparseCtr => "sparse_ctr",
        }
    }

    fn ratio(self, arm: usize) -> Ratio {
        let [visits, shown, clicks, cold, cold_clicks, sparse, sparse_clicks] = [0, 1, 2, 3, 4, 5, 6];
        let (top, bottom) = match self {
            Self::Ctr => (clicks, shown),
            Self::Depth => (shown, visits),
            Self::ClicksPerVisit => (clicks, visits),
            Self::ColdShare => (cold, shown),
            Self::ColdClickShare => (cold_clicks, clicks),
            Self::ColdCtr => (cold_clicks, cold),
            Self::SparseShare => (sparse, shown),
            Self::SparseClickShare => (sparse_clicks, clicks),
            Self::SparseCtr => (sparse_clicks, sparse),
        };
        Ratio { top: arm * WIDTH + top, bottom: arm * WIDTH + bottom }
    }
}

/// Columns of an arm.
const WIDTH: usize = 7;

/// A value with its interval for as many visitors as came (95 %, delta method over visitors).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub value: f64,
    pub interval: [f64; 2],
}

impl From<Estimate> for Figure {
    fn from(estimate: Estimate) -> Self {
        Self { value: estimate.value, interval: estimate.interval() }
    }
}

/// What is `None` (`null` in JSON) has nothing below the line.
pub type Figures = BTreeMap<String, Option<Figure>>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmReport {
    pub arm: String,
    pub visits: u64,
    pub impressions: u64,
    pub clicks: u64,
    pub figures: Figures,
    /// The same for a part of the visitors: `users:new` (no interaction in the training part) and `users:known`.
    pub slices: BTreeMap<String, Figures>,
}

/// An arm less another one, paired by visitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DifferenceReport {
    pub arm: String,
    pub than: String,
    pub figures: Figures,
    pub slices: BTreeMap<String, Figures>,
    /// Of the metrics that are watched.
    pub watched: BTreeMap<String, Clear>,
}

/// Whether a difference is clear, however often one looked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clear {
    /// Holds at every moment at once; `None` before enough visitors came.
    pub interval: Option<[f64; 2]>,
    /// Visits (of one arm) after which 0 was first left out.
    pub clear_after_visits: Option<u64>,
    /// Visits (of one arm) that would be enough if the difference stayed as it is; `None`: more than anybody will see.
    pub visits_needed: Option<u64>,
}

/// Where things stood after some visitors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    pub visitors: u64,
    /// Of one arm.
    pub visits: u64,
    /// Per watched metric, each arm's value.
    pub arms: BTreeMap<String, Vec<Option<Figure>>>,
    /// Per watched metric, each pair in the order of the differences, with the interval that holds at every moment.
    pub differences: BTreeMap<String, Vec<Option<Figure>>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AbReport {
    pub settings: AbSettings,
    pub days: f64,
    /// Who would come at all.
    pub visitors_planned: u64,
    pub visitors: u64,
    /// Of one arm: each visitor comes as often under every arm.
    pub visits: u64,
    /// Of those, visits of new users.
    pub new_visitors: u64,
    /// Whether it ended before everybody came, because every difference was clear.
    pub is_stopped: bool,
    /// Chance that anything is called clear though nothing differs, and what each comparison gets of it.
    pub false_alarms: f64,
    pub alpha: f64,
    pub arms: Vec<ArmReport>,
    pub differences: Vec<DifferenceReport>,
    pub curve: Vec<CurvePoint>,
}

impl AbReport {
    /// A watched difference with the interval that holds for it: of an experiment that stopped when it was clear, the one
    /// that holds at every moment.
    pub fn difference(&self, of: &DifferenceReport, metric: Metric) -> Option<Figure> {
        let figure = of.figures.get(metric.name()).copied().flatten()?;
        let always = of.watched.get(metric.name()).and_then(|clear| clear.interval);
        Some(Figure { interval: always.filter(|_| self.is_stopped).unwrap_or(figure.interval), ..figure })
    }
}

/// Part of the visitors.
const SLICES: [&str; 2] = ["users:new", "users:known"];

/// Takes visitors in.
pub(super) struct Book {
    names: Vec<String>,
    sequence: Sequence,
    settings: AbSettings,
    days: f64,
    planned: usize,
    all: Moments,
    slices: [Moments; SLICES.len()],
    pairs: Vec<Pair>,
    /// Per pair and watched metric: the visits after which it was first clear.
    clear: Vec<[Option<u64>; Metric::WATCHED.len()]>,
    curve: Vec<CurvePoint>,
    is_stopped: bool,
}

impl Book {
    pub(super) fn new(
        names: Vec<String>,
        pairs: &[Pair],
        sequence: Sequence,
        settings: &AbSettings,
        days: f64,
        planned: usize,
    ) -> Self {
        let width = names.len() * WIDTH;
        Self {
            clear: vec![[None; Metric::WATCHED.len()]; pairs.len()],
            pairs: pairs.to_vec(),
            names,
            sequence,
            settings: settings.clone(),
            days,
            planned,
            all: Moments::new(width),
            slices: std::array::from_fn(|_| Moments::new(width)),
            curve: Vec::new(),
            is_stopped: false,
        }
    }

    /// Takes in a visitor with what he did under each arm.
    pub(super) fn push(&mut self, band: UserBand, tallies: &[Tally]) {
        let columns: Vec<f64> = tallies
            .iter()
            .flat_map(|&Tally { visits, shown, clicks, cold_shown, cold_clicks, sparse_shown, sparse_clicks }| {
                [visits, shown, clicks, cold_shown, cold_clicks, sparse_shown, sparse_clicks].map(f64::from)
            })
            .collect();
        self.all.push(&columns);
        self.slices[usize::from(band != UserBand::New)].push(&columns);
        let visits = self.visits();
        for (&(arm, than), clear) in self.pairs.iter().zip(&mut self.clear) {
            for (clear, metric) in clear.iter_mut().zip(Metric::WATCHED) {
                if clear.is_none()
                    && let Some(difference) = self.all.difference(metric.ratio(arm), metric.ratio(than))
                    && self.sequence.is_clear(&difference)
                {
                    *clear = Some(visits);
                }
            }
        }
    }

    fn visits(&self) -> u64 {
        self.all.sum(Metric::Depth.ratio(0).bottom) as u64
    }

    /// Whether every pair is clearly apart.
    pub(super) fn is_clear(&self, goal: Metric) -> bool {
        let place = Metric::WATCHED.iter().position(|metric| *metric == goal);
        place.is_some_and(|place| self.clear.iter().all(|clear| clear[place].is_some()))
    }

    pub(super) fn stop(&mut self) {
        self.is_stopped = self.all.units() < self.planned as u64;
    }

    /// Adds a point to the curve.
    pub(super) fn point(&mut self) {
        let of = |metric: Metric| -> Vec<Option<Figure>> {
            (0..self.names.len()).map(|arm| self.all.ratio(metric.ratio(arm)).map(Figure::from)).collect()
        };
        let apart = |metric: Metric| -> Vec<Option<Figure>> {
            self.pairs
                .iter()
                .map(|&(arm, than)| {
                    let estimate = self.all.difference(metric.ratio(arm), metric.ratio(than))?;
                    Some(Figure { value: estimate.value, interval: self.sequence.interval(&estimate)? })
                })
                .collect()
        };
        let name = |metric: Metric| metric.name().to_owned();
        self.curve.push(CurvePoint {
            visitors: self.all.units(),
            visits: self.visits(),
            arms: Metric::WATCHED.into_iter().map(|metric| (name(metric), of(metric))).collect(),
            differences: Metric::WATCHED.into_iter().map(|metric| (name(metric), apart(metric))).collect(),
        });
    }

    pub(super) fn report(&self) -> AbReport {
        let figures = |moments: &Moments, arm: usize| -> Figures {
            Metric::ALL
                .into_iter()
                .map(|metric| (metric.name().to_owned(), moments.ratio(metric.ratio(arm)).map(Figure::from)))
                .collect()
        };
        let apart = |moments: &Moments, (arm, than): Pair| -> Figures {
            Metric::ALL
                .into_iter()
                .map(|metric| {
                    let difference = moments.difference(metric.ratio(arm), metric.ratio(than));
                    (metric.name().to_owned(), difference.map(Figure::from))
                })
                .collect()
        };
        let slices = |of: &dyn Fn(&Moments) -> Figures| -> BTreeMap<String, Figures> {
            SLICES.iter().zip(&self.slices).map(|(name, moments)| ((*name).to_owned(), of(moments))).collect()
        };
        let arms = (0..self.names.len()).map(|arm| {
            let sum = |column: usize| self.all.sum(column) as u64;
            ArmReport {
                arm: self.names[arm].clone(),
                visits: sum(Metric::Depth.ratio(arm).bottom),
                impressions: sum(Metric::Ctr.ratio(arm).bottom),
                clicks: sum(Metric::Ctr.ratio(arm).top),
                figures: figures(&self.all, arm),
                slices: slices(&|moments| figures(moments, arm)),
            }
        });
        let differences = self.pairs.iter().zip(&self.clear).map(|(&pair, clear)| DifferenceReport {
            arm: self.names[pair.0].clone(),
            than: self.names[pair.1].clone(),
            figures: apart(&self.all, pair),
            slices: slices(&|moments| apart(moments, pair)),
            watched: Metric::WATCHED
                .into_iter()
                .enumerate()
                .map(|(place, metric)| (metric.name().to_owned(), self.clear(pair, metric, clear[place])))
                .collect(),
        });
        AbReport {
            settings: self.settings.clone(),
            days: self.days,
            visitors_planned: self.planned as u64,
            visitors: self.all.units(),
            visits: self.visits(),
            new_visitors: self.slices[0].units(),
            is_stopped: self.is_stopped,
            false_alarms: FALSE_ALARMS,
            alpha: self.sequence.alpha(),
            arms: arms.collect(),
            differences: differences.collect(),
            curve: self.curve.clone(),
        }
    }

    fn clear(&self, (arm, than): Pair, metric: Metric, clear_after_visits: Option<u64>) -> Clear {
        let estimate = self.all.difference(metric.ratio(arm), metric.ratio(than));
        let visits_each = self.visits() as f64 / self.all.units().max(1) as f64;
        Clear {
            interval: estimate.as_ref().and_then(|estimate| self.sequence.interval(estimate)),
            clear_after_visits,
            visits_needed: estimate
                .filter(|estimate| estimate.deviation > 0.0)
                .and_then(|estimate| self.sequence.units_needed(&estimate))
                .map(|units| (units as f64 * visits_each).ceil() as u64),
        }
    }
}
