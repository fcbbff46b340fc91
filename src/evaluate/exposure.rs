//! Who gets what: how a lane's lists divide the places they have among items.

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{Bands, ItemBand, LaneReport, metrics::gini};
use crate::{
    recall::{Lane, Triggers},
    task::{Cancelled, JobContext},
};

/// Points of a Lorenz curve beside its beginning.
const LORENZ_POINTS: usize = 100;

/// What the first `k` places of every list show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exposure {
    pub k: usize,
    /// Lists that show anything, of how many that were asked for.
    pub lists: usize,
    pub users: usize,
    /// Places filled, in all lists together.
    pub places: u64,
    /// One for each [`ItemBand`], in its order.
    pub bands: Vec<BandExposure>,
    /// Share of the item pool that any list shows.
    pub coverage: Option<f64>,
    /// Of places over the pool: 0 if all items are shown alike, towards 1 if one has all. `None` where nothing is shown.
    pub gini: Option<f64>,
    /// Lorenz curve: (share of the pool, least shown first; share of the places that those have), from (0, 0) to (1, 1).
    pub lorenz: Vec<[f64; 2]>,
    /// Skewness of the number of lists an item is in, `N_k`: hubness (Radovanović, Nanopoulos and Ivanović, 2010, JMLR 11).
    pub skewness: Option<f64>,
    /// From so many lists on an item is a hub: the mean of `N_k` over the pool and twice its standard deviation.
    pub hub_from: u64,
    /// Hubs by falling number of lists, ties by item row.
    pub hubs: Vec<Hub>,
    /// Of a mix, one for each part: the places that are due to it.
    pub parts: Vec<PartExposure>,
}

/// What a band of items gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandExposure {
    pub band: ItemBand,
    /// Items of the pool.
    pub items: usize,
    /// Items that any list shows.
    pub shown: usize,
    pub places: u64,
    /// Training interactions.
    pub taken: u64,
}

/// An item that is in very many lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hub {
    pub item: u32,
    /// Lists that show it.
    pub lists: u64,
    /// Of all lists.
    pub share: f64,
    /// Its training interactions.
    pub taken: u32,
    /// Its share of the places over its share of the training interactions; `None` for one nobody took.
    pub lift: Option<f64>,
    pub band: ItemBand,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PartExposure {
    /// Places that it fills, or contributes most to.
    pub places: u64,
    /// Of those, items that no other part found.
    pub alone: u64,
}

/// Counts what `lane` shows each of `users` in the first `k` places.
pub fn exposure(
    lane: &dyn Lane,
    bands: &Bands,
    triggers: &Triggers,
    users: &[u32],
    k: usize,
    ctx: &JobContext,
) -> Result<Exposure, Cancelled> {
    ctx.stage(&format!("Who gets what: {}", lane.kind().name()), users.len() as u64, "users");
    let mix = lane.mix();
    let part_count = mix.map_or(0, |mix| mix.parts().len());
    let lists: Vec<(Vec<u32>, Vec<PartExposure>)> = users
        .par_iter()
        .map(|&user| {
            ctx.check()?;
            let trigger = triggers.of(user);
            let mut parts = vec![PartExposure::default(); part_count];
            let items = match mix {
                None => lane.recall(&trigger, k).into_iter().map(|recalled| recalled.item).collect(),
                Some(mix) => mix
                    .recall_with_lanes(&trigger, k)
                    .into_iter()
                    .map(|mixed| {
                        parts[mixed.part].places += 1;
                        parts[mixed.part].alone += u64::from(mixed.found_by.len() == 1);
                        mixed.item
                    })
                    .collect(),
            };
            ctx.advance(1);
            Ok((items, parts))
        })
        .collect::<Result<_, Cancelled>>()?;
    let mut shown = vec![0u32; bands.item.len()];
    let mut parts = vec![PartExposure::default(); part_count];
    for (items, of_list) in &lists {
        for &item in items {
            shown[item as usize] += 1;
        }
        for (sum, own) in parts.iter_mut().zip(of_list) {
            sum.places += own.places;
            sum.alone += own.alone;
        }
    }
    let filled = lists.iter().filter(|(items, _)| !items.is_empty()).count();
    Ok(Exposure { k, users: users.len(), parts, ..of_counts(&shown, filled, bands) })
}

/// From the number of lists that show each item.
fn of_counts(shown: &[u32], lists: usize, bands: &Bands) -> Exposure {
    let places: u64 = shown.iter().map(|&count| u64::from(count)).sum();
    let taken: u64 = bands.item_count.iter().map(|&count| u64::from(count)).sum();
    let of_band = |band: ItemBand| {
        let mut found = BandExposure { band, items: 0, shown: 0, places: 0, taken: 0 };
        for (item, _) in bands.item.iter().enumerate().filter(|(_, own)| **own == band) {
            found.items += 1;
            found.shown += usize::from(shown[item] > 0);
            found.places += u64::from(shown[item]);
            found.taken += u64::from(bands.item_count[item]);
        }
        found
    };
    let count = shown.len() as f64;
    let mean = places as f64 / count.max(1.0);
    let moment = |power: i32| shown.iter().map(|&n| (f64::from(n) - mean).powi(power)).sum::<f64>() / count.max(1.0);
    let deviation = moment(2).sqrt();
    let hub_from = ((mean + 2.0 * deviation).floor() as u64 + 1).max(2);
    let mut hubs: Vec<Hub> = (0..shown.len() as u32)
        .filter(|&item| u64::from(shown[item as usize]) >= hub_from)
        .map(|item| {
            let (own, own_taken) = (shown[item as usize], bands.item_count[item as usize]);
            let lift = (f64::from(own) / places as f64) / (f64::from(own_taken) / taken.max(1) as f64);
            Hub {
                item,
                lists: u64::from(own),
                share: f64::from(own) / lists.max(1) as f64,
                taken: own_taken,
                lift: (own_taken > 0).then_some(lift),
                band: bands.item[item as usize],
            }
        })
        .collect();
    hubs.sort_by(|one, other| other.lists.cmp(&one.lists).then(one.item.cmp(&other.item)));
    let any = shown.iter().filter(|&&count| count > 0).count();
    Exposure {
        lists,
        places,
        bands: ItemBand::ALL.map(of_band).to_vec(),
        coverage: (!shown.is_empty()).then(|| any as f64 / count),
        gini: (places > 0).then(|| gini(shown)),
        lorenz: if places > 0 { lorenz(shown, places) } else { Vec::new() },
        skewness: (deviation > 0.0).then(|| moment(3) / deviation.powi(3)),
        hub_from,
        hubs,
        ..Exposure::default()
    }
}

/// At most [`LORENZ_POINTS`] points beside the beginning, evenly over the pool, which is not empty.
fn lorenz(shown: &[u32], places: u64) -> Vec<[f64; 2]> {
    let mut sorted = shown.to_vec();
    sorted.sort_unstable();
    let mut sums = vec![0u64];
    for &count in &sorted {
        sums.push(sums[sums.len() - 1] + u64::from(count));
    }
    let steps = LORENZ_POINTS.min(sorted.len());
    let at = |step: usize| {
        let items = step * sorted.len() / steps;
        [items as f64 / sorted.len() as f64, sums[items] as f64 / places as f64]
    };
    (0..=steps).map(at).collect()
}

/// Per report, its hits among the first `k`, and those that none of the others has for that user: what a mix would
/// lose without it.
pub fn own_hits(reports: &[&LaneReport], k: usize) -> Vec<(u64, u64)> {
    let mut of_pairs: rustc_hash::FxHashMap<(u32, u32), u32> = rustc_hash::FxHashMap::default();
    let hits: Vec<Vec<(u32, u32)>> = reports.iter().map(|report| hits(report, k)).collect();
    for pair in hits.iter().flatten() {
        *of_pairs.entry(*pair).or_default() += 1;
    }
    let own = |hits: &Vec<(u32, u32)>| hits.iter().filter(|&pair| of_pairs[pair] == 1).count() as u64;
    hits.iter().map(|hits| (hits.len() as u64, own(hits))).collect()
}

/// Pairs of users and items.
fn hits(report: &LaneReport, k: usize) -> Vec<(u32, u32)> {
    let per_user = &report.per_user;
    if !per_user.has_hits() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (place, &user) in per_user.user.iter().enumerate() {
        for hit in per_user.hit_offsets[place] as usize..per_user.hit_offsets[place + 1] as usize {
            if (per_user.hit_ranks[hit] as usize) < k {
                found.push((user, per_user.hit_items[hit]));
            }
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::{PerUser, UserBand};

    fn bands(taken: &[u32]) -> Bands {
        let band = |&count: &u32| match count {
            0 => ItemBand::New,
            1 => ItemBand::Tail,
            2..=9 => ItemBand::Waist,
            _ => ItemBand::Head,
        };
        let item = taken.iter().map(band).collect();
        Bands { user: vec![UserBand::New], item, user_count: vec![0], item_count: taken.to_vec() }
    }

    #[test]
    fn bands_hubs_and_curve_by_hand() {
        let mut shown = vec![1u32; 20];
        shown[3] = 40;
        shown[7] = 0;
        let mut taken = vec![1u32; 20];
        (taken[3], taken[7], taken[0]) = (20, 0, 4);
        let found = of_counts(&shown, 40, &bands(&taken));
        assert_eq!((found.places, found.lists), (58, 40));
        let of = |band: ItemBand| found.bands.iter().find(|own| own.band == band).copied().unwrap();
        assert_eq!(
            of(ItemBand::Head),
            BandExposure { band: ItemBand::Head, items: 1, shown: 1, places: 40, taken: 20 }
        );
        assert_eq!(of(ItemBand::New), BandExposure { band: ItemBand::New, items: 1, shown: 0, places: 0, taken: 0 });
        assert_eq!((of(ItemBand::Tail).items, of(ItemBand::Waist).items), (17, 1));
        assert_eq!(found.coverage, Some(0.95));
        let hub = found.hubs[0];
        assert_eq!((found.hubs.len(), hub.item, hub.lists, hub.share), (1, 3, 40, 1.0));
        // 40 of 58 places with 20 of 41 interactions.
        assert!((hub.lift.unwrap() - (40.0 / 58.0) / (20.0 / 41.0)).abs() < 1e-9);
        assert!(found.skewness.unwrap() > 3.0);
        let (first, last) = (found.lorenz[0], found.lorenz[found.lorenz.len() - 1]);
        assert_eq!((found.lorenz.len(), first, last), (21, [0.0, 0.0], [1.0, 1.0]));
        assert!((found.lorenz[19][1] - 18.0 / 58.0).abs() < 1e-9);
        // Twice the area between the curve and the diagonal is Gini's coefficient.
        let area: f64 =
            found.lorenz.windows(2).map(|two| (two[1][0] - two[0][0]) * (two[0][1] + two[1][1]) / 2.0).sum();
        assert!((1.0 - 2.0 * area - found.gini.unwrap()).abs() < 1e-9);
    }

    #[test]
    fn nothing_shown_has_no_figures() {
        let found = of_counts(&[0, 0], 0, &bands(&[1, 1]));
        assert_eq!((found.gini, found.skewness, found.coverage), (None, None, Some(0.0)));
        assert!(found.hubs.is_empty() && found.lorenz.is_empty());
    }

    #[test]
    fn hits_of_its_own_are_those_nobody_else_has() {
        let report = |hits: &[(u32, u32)]| {
            let per_user = PerUser {
                user: vec![5],
                hit_offsets: vec![0, hits.len() as u32],
                hit_ranks: hits.iter().map(|hit| hit.0).collect(),
                hit_items: hits.iter().map(|hit| hit.1).collect(),
                ..PerUser::default()
            };
            LaneReport { per_user, ..LaneReport::default() }
        };
        let (one, other) = (report(&[(0, 7), (3, 8), (30, 9)]), report(&[(2, 8), (4, 9)]));
        assert_eq!(own_hits(&[&one, &other], 20), [(2, 1), (2, 1)]);
        assert_eq!(own_hits(&[&one, &other], 3), [(1, 1), (1, 1)]);
    }
}
