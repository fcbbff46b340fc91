//! The metrics that lanes are judged by: what they are called, in which order they stand, and which way is better.

use super::words::Word;

/// What a metric is, and which way is better.
pub struct Metric {
    /// As in the reports, without the cut-off.
    pub name: &'static str,
    pub title: Word,
    pub tip: Word,
    pub better: Better,
    /// Whether it is a mean over users, so that lanes can be compared user by user.
    pub is_by_user: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Better {
    Higher,
    Lower,
    /// It describes the lists, and more of it is no merit by itself.
    Neither,
}

const fn metric(name: &'static str, title: Word, tip: Word, better: Better, is_by_user: bool) -> Metric {
    Metric { name, title, tip, better, is_by_user }
}

/// In the order in which they are offered, and stand in every table and list.
pub const METRICS: [Metric; 10] = [
    metric("recall", Word::NameRecall, Word::TipRecall, Better::Higher, true),
    metric("ndcg", Word::NameNdcg, Word::TipNdcg, Better::Higher, true),
    metric("hit_rate", Word::NameHitRate, Word::TipHitRate, Better::Higher, true),
    metric("mrr", Word::NameMrr, Word::TipMrr, Better::Higher, true),
    metric("coverage", Word::NameCoverage, Word::TipCoverage, Better::Higher, false),
    metric("gini", Word::NameGini, Word::TipGini, Better::Lower, false),
    metric("novelty", Word::NameNovelty, Word::TipNovelty, Better::Neither, false),
    metric("diversity", Word::NameDiversity, Word::TipDiversity, Better::Higher, false),
    metric("tail_share", Word::NameTailShare, Word::TipTailShare, Better::Neither, false),
    metric("waist_share", Word::NameWaistShare, Word::TipWaistShare, Better::Neither, false),
];

pub fn metric_named(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}

/// Where a figure of a report, e.g. `recall@20`, stands among others: by metric, then by cut-off.
pub fn place_of(name: &str) -> (usize, usize) {
    let (stem, k) = name.split_once('@').unwrap_or((name, "0"));
    let place = METRICS.iter().position(|metric| metric.name == stem).unwrap_or(METRICS.len());
    (place, k.parse().unwrap_or(0))
}

/// The best of `values`, where that can be told: the largest or the smallest.
pub fn best(metric: &Metric, values: &[Option<f64>]) -> Option<f64> {
    let known = values.iter().flatten().copied();
    match metric.better {
        Better::Higher => known.max_by(f64::total_cmp),
        Better::Lower => known.min_by(f64::total_cmp),
        Better::Neither => None,
    }
}
