//! Two lanes on the same users: paired differences, user by user.

use super::{Bands, ItemBand, LaneReport, PerUser, bootstrap, is_in_slice, metrics, metrics::PER_USER, wanted_items};
use crate::{
    dataset::{Dataset, split::Split},
    recall::Triggers,
};

/// How much better the first lane is than the second, over users that both were measured on.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub users: usize,
    /// Of every metric that is a mean over users.
    pub metrics: Vec<MetricDifference>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MetricDifference {
    /// Without the cut-off, e.g. `recall`.
    pub metric: &'static str,
    /// The mean of the differences.
    pub value: f64,
    /// 95 % by bootstrap over users.
    pub interval: [f64; 2],
}

/// Why there is no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDifference {
    /// Nobody was measured under both, or nobody of them is in the slice.
    NoCommonUser,
    /// One of the reports has no lists as long as K, or was kept by a version that did not keep hits.
    NotMeasured,
}

/// What both lanes were measured on.
pub struct Ground<'a> {
    pub dataset: &'a Dataset,
    pub split: &'a Split,
    pub bands: &'a Bands,
}

/// Differences at `k` over `slice` (named as in [`LaneReport::slices`]; empty for everybody), `one` less `other`. Users
/// are paired, so that what makes a user easy for both cancels out; with it the interval gets narrower.
pub fn compare(
    ground: &Ground<'_>,
    [one, other]: [&LaneReport; 2],
    slice: &str,
    k: usize,
    resamples: usize,
    seed: u64,
) -> Result<Difference, NoDifference> {
    let is_measured = |report: &LaneReport| longest(report) >= k && report.per_user.has_hits();
    if !is_measured(one) || !is_measured(other) {
        return Err(NoDifference::NotMeasured);
    }
    let (one, other) = (&one.per_user, &other.per_user);
    let part = Part::of(ground, slice);
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut at = 0;
    for (place, &user) in one.user.iter().enumerate() {
        while other.user.get(at).is_some_and(|&before| before < user) {
            at += 1;
        }
        if other.user.get(at) != Some(&user) || !is_in_slice(ground.dataset, ground.bands, slice, user) {
            continue;
        }
        if let (Some(first), Some(second)) = (part.measure(one, place, k), part.measure(other, at, k)) {
            rows.push(first.iter().zip(&second).map(|(first, second)| first - second).collect());
        }
    }
    if rows.is_empty() {
        return Err(NoDifference::NoCommonUser);
    }
    let views: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
    let intervals = bootstrap::intervals(&views, resamples, seed);
    let mean = |column: usize| rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
    let of_metric = |((column, &metric), interval)| MetricDifference { metric, value: mean(column), interval };
    let metrics = PER_USER.iter().enumerate().zip(intervals).map(of_metric).collect();
    Ok(Difference { users: rows.len(), metrics })
}

/// The largest cut-off of a report.
fn longest(report: &LaneReport) -> usize {
    let cuts = report.metrics.keys().filter_map(|name| name.strip_prefix("recall@")?.parse().ok());
    cuts.max().unwrap_or(0)
}

/// Which of the wanted items count.
enum Part<'a> {
    All,
    /// Those of a band; how many each user wants of them, by row of users.
    OfBand {
        bands: &'a Bands,
        band: ItemBand,
        wanted: Vec<u32>,
    },
}

impl<'a> Part<'a> {
    fn of(ground: &Ground<'a>, slice: &str) -> Self {
        let Some(("items", name)) = slice.split_once(':') else { return Self::All };
        let Some(band) = ItemBand::ALL.into_iter().find(|band| band.name() == name) else { return Self::All };
        let Ground { dataset, split, bands } = *ground;
        let mut wanted = vec![0; dataset.user_count()];
        for (user, items) in wanted_items(dataset, split, &Triggers::new(dataset, split)) {
            wanted[user as usize] = items.iter().filter(|&&item| bands.item[item as usize] == band).count() as u32;
        }
        Self::OfBand { bands, band, wanted }
    }

    /// [`metrics::of_user`] of the user at `place` of `per_user`; `None` if he wants nothing of the part.
    fn measure(&self, per_user: &PerUser, place: usize, k: usize) -> Option<Vec<f64>> {
        let hits = per_user.hits(place)?;
        let (wanted, is_hit): (u32, Vec<bool>) = match self {
            Self::All => (per_user.wanted[place], within(hits, k, |_| true)),
            Self::OfBand { bands, band, wanted } => {
                let wanted = wanted.get(per_user.user[place] as usize).copied().unwrap_or(0);
                (wanted, within(hits, k, |item| bands.item.get(item as usize) == Some(band)))
            }
        };
        (wanted > 0).then(|| metrics::of_user(&is_hit, wanted as usize, &[k]))
    }
}

/// Per rank below `k`, whether an item that counts stands there.
fn within<'a>(hits: impl Iterator<Item = (u32, u32)> + 'a, k: usize, counts: impl Fn(u32) -> bool) -> Vec<bool> {
    let mut is_hit = vec![false; k];
    for (rank, item) in hits {
        if let Some(place) = is_hit.get_mut(rank as usize) {
            *place = counts(item);
        }
    }
    is_hit
}

impl PerUser {
    /// Whether hits were kept, as older versions did not.
    pub fn has_hits(&self) -> bool {
        self.hit_offsets.len() == self.user.len() + 1 && self.hit_ranks.len() == self.hit_items.len()
    }

    /// Ranks and items of the hits of the user at `place`; `None` where none were kept.
    fn hits(&self, place: usize) -> Option<impl Iterator<Item = (u32, u32)>> {
        let range = *self.hit_offsets.get(place)? as usize..*self.hit_offsets.get(place + 1)? as usize;
        let (ranks, items) = (self.hit_ranks.get(range.clone())?, self.hit_items.get(range)?);
        Some(ranks.iter().copied().zip(items.iter().copied()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        dataset::{read, split},
        evaluate::{EvaluateSettings, evaluate_lane},
        recall::hot::{HotLane, HotSettings},
        task::JobContext,
    };

    /// Users of two kinds, who take from a popular and from a rare part of the items; half of them come late.
    fn community() -> Dataset {
        let folder = tempfile::tempdir().unwrap();
        let mut events = String::from("user_id,item_id,timestamp\n");
        let mut state = 5u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for step in 0..900usize {
            let user = draw(30);
            let item = if draw(3) == 0 { draw(60) } else { draw(20) };
            events += &format!("u{user},i{item},{}\n", 1_700_000_000 + step * 3_000);
        }
        std::fs::write(folder.path().join("events.csv"), events).unwrap();
        let users: String = (0..30).map(|user| format!("u{user},{}\n", ["F", "M"][user % 2])).collect();
        std::fs::write(folder.path().join("users.csv"), format!("user_id,gender\n{users}")).unwrap();
        read::load(folder.path(), None, None, &JobContext::default()).unwrap()
    }

    #[test]
    fn differences_of_every_slice_are_those_of_its_means() {
        let dataset = community();
        let split = split::split(&dataset, &split::SplitSettings::default()).unwrap();
        let settings = EvaluateSettings { ks: vec![5, 20], bootstrap: 0, ..EvaluateSettings::default() };
        let report = |half_life_days| {
            let lane = HotLane::build(&dataset, &split, &HotSettings { half_life_days });
            evaluate_lane(&dataset, &split, &lane.unwrap(), &settings, &JobContext::default()).unwrap()
        };
        let (one, other) = (report(None), report(Some(0.05)));
        assert_ne!(one.metrics, other.metrics);
        let bands = Bands::new(&dataset, &split);
        let ground = Ground { dataset: &dataset, split: &split, bands: &bands };
        let slices: Vec<&str> = one.slices.keys().map(String::as_str).chain([""]).collect();
        assert!(slices.contains(&"items:head") && slices.contains(&"gender:F"), "{slices:?}");
        for slice in slices {
            for k in [5, 20] {
                let found = compare(&ground, [&one, &other], slice, k, 20, 1).unwrap();
                let of = |report: &LaneReport| match report.slices.get(slice) {
                    Some(slice) => (slice.users, slice.metrics.clone()),
                    None => (report.users, report.metrics.clone()),
                };
                let ((users, first), (_, second)) = (of(&one), of(&other));
                assert_eq!(found.users, users, "{slice}");
                for MetricDifference { metric, value, interval } in &found.metrics {
                    let name = format!("{metric}@{k}");
                    let wanted = first[&name].unwrap() - second[&name].unwrap();
                    assert!((value - wanted).abs() < 1e-9, "{slice} {name}: {value}, not {wanted}");
                    assert!(interval[0] <= interval[1]);
                }
            }
        }
        // Longer lists than were measured, and reports that kept no hits.
        assert_eq!(compare(&ground, [&one, &other], "", 50, 20, 1), Err(NoDifference::NotMeasured));
        let mut old = other.clone();
        old.per_user.hit_offsets.clear();
        assert_eq!(compare(&ground, [&one, &old], "", 20, 20, 1), Err(NoDifference::NotMeasured));
        let none = Err(NoDifference::NoCommonUser);
        assert_eq!(compare(&ground, [&one, &other], "gender:X", 20, 20, 1), none);
    }

    #[test]
    fn only_users_of_both_are_paired() {
        let dataset = community();
        let split = split::split(&dataset, &split::SplitSettings::default()).unwrap();
        let bands = Bands::new(&dataset, &split);
        let ground = Ground { dataset: &dataset, split: &split, bands: &bands };
        // Each user wants one item; `hits` says at which rank it stands.
        let report = |hits: &[(u32, Option<u32>)]| {
            let mut per_user = PerUser { hit_offsets: vec![0], ..PerUser::default() };
            for &(user, rank) in hits {
                per_user.user.push(user);
                per_user.wanted.push(1);
                per_user.hit_ranks.extend(rank);
                per_user.hit_items.extend(rank.map(|_| 0));
                per_user.hit_offsets.push(per_user.hit_ranks.len() as u32);
            }
            LaneReport { metrics: [("recall@20".to_owned(), None)].into(), per_user, ..LaneReport::default() }
        };
        let one = report(&[(1, Some(0)), (2, None), (5, Some(3))]);
        let other = report(&[(0, Some(0)), (1, None), (2, None), (3, Some(9))]);
        let found = compare(&ground, [&one, &other], "", 20, 50, 1).unwrap();
        let recall = &found.metrics[0];
        assert_eq!((found.users, recall.metric, recall.value), (2, "recall", 0.5));
        assert!(recall.interval[0] < 0.5 && recall.interval[1] > 0.5, "{recall:?}");
        let nobody = compare(&ground, [&one, &report(&[(9, Some(1))])], "", 20, 50, 1);
        assert_eq!(nobody, Err(NoDifference::NoCommonUser));
    }
}
