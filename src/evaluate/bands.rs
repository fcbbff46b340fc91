//! Who is new or active, what is popular or not: the bands by which results are cut, in figures and in the window.
//! *New* is whoever and whatever has no interaction in the training part; an item that came out shortly before the
//! split is *fresh* (it may be new as well).

use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, NO_TIME, split::Split};

/// By the cumulative share of training interactions, most popular first: head 50 %, waist 30 %, tail 20 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemBand {
    /// No interaction in the training part.
    New,
    Tail,
    Waist,
    Head,
}

/// By the number of training interactions, the users that have any being cut into thirds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserBand {
    /// No interaction in the training part.
    New,
    Low,
    Middle,
    Active,
}

impl ItemBand {
    pub const ALL: [Self; 4] = [Self::New, Self::Tail, Self::Waist, Self::Head];

    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Tail => "tail",
            Self::Waist => "waist",
            Self::Head => "head",
        }
    }
}

impl UserBand {
    pub const ALL: [Self; 4] = [Self::New, Self::Low, Self::Middle, Self::Active];

    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Low => "low",
            Self::Middle => "middle",
            Self::Active => "active",
        }
    }
}

/// The band of every user and item of one split. Counts interactions of the training part only.
#[derive(Debug, Clone, Default)]
pub struct Bands {
    /// `[users]`
    pub user: Vec<UserBand>,
    /// `[items]`
    pub item: Vec<ItemBand>,
    /// `[users]`, training interactions.
    pub user_count: Vec<u32>,
    /// `[items]`, training interactions.
    pub item_count: Vec<u32>,
}

impl Bands {
    const HEAD_SHARE: f64 = 0.5;
    const WAIST_SHARE: f64 = 0.8;

    pub fn new(dataset: &Dataset, split: &Split) -> Self {
        let mut user_count = vec![0u32; dataset.user_count()];
        let mut item_count = vec![0u32; dataset.item_count()];
        for &row in &split.train {
            user_count[dataset.events.user[row as usize] as usize] += 1;
            item_count[dataset.events.item[row as usize] as usize] += 1;
        }
        Self { user: user_bands(&user_count), item: item_bands(&item_count), user_count, item_count }
    }
}

/// How long before the split an item may have come out and still be fresh.
const FRESH_SECS: i64 = 7 * 86_400;

/// Per item, whether it came out in the week before the split or later: when it was published, or where that is not
/// known, when it was first taken in the training part. Nothing is fresh without a moment of the split.
pub fn fresh_items(dataset: &Dataset, split: &Split) -> Vec<bool> {
    let Some(reference_secs) = split.reference_time_secs else { return vec![false; dataset.item_count()] };
    let mut first_taken = vec![i64::MAX; dataset.item_count()];
    for &row in &split.train {
        let place = &mut first_taken[dataset.events.item[row as usize] as usize];
        *place = (*place).min(dataset.events.time_secs[row as usize]);
    }
    let came_out = |item: usize| {
        let published = dataset.items.published_secs.get(item).copied();
        published.filter(|&secs| secs != NO_TIME).unwrap_or(first_taken[item])
    };
    (0..dataset.item_count()).map(|item| came_out(item) >= reference_secs.saturating_sub(FRESH_SECS)).collect()
}

fn user_bands(counts: &[u32]) -> Vec<UserBand> {
    let mut known: Vec<u32> = counts.iter().copied().filter(|&count| count > 0).collect();
    known.sort_unstable();
    let third = |n: usize| known.get((known.len() * n / 3).min(known.len().saturating_sub(1))).copied().unwrap_or(0);
    let (low, active) = (third(1), third(2));
    counts
        .iter()
        .map(|&count| match count {
            0 => UserBand::New,
            count if count <= low && low < active => UserBand::Low,
            count if count < active => UserBand::Middle,
            _ if low == active => UserBand::Middle,
            _ => UserBand::Active,
        })
        .collect()
}

fn item_bands(counts: &[u32]) -> Vec<ItemBand> {
    let mut order: Vec<u32> = (0..counts.len() as u32).filter(|&item| counts[item as usize] > 0).collect();
    order.sort_unstable_by_key(|&item| (std::cmp::Reverse(counts[item as usize]), item));
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let mut bands = vec![ItemBand::New; counts.len()];
    let mut before = 0.0;
    for item in order {
        // An item belongs where its first interaction falls, so that even one giant is head.
        bands[item as usize] = match before / total {
            share if share < Bands::HEAD_SHARE => ItemBand::Head,
            share if share < Bands::WAIST_SHARE => ItemBand::Waist,
            _ => ItemBand::Tail,
        };
        before += f64::from(counts[item as usize]);
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_cut_by_cumulative_share() {
        use ItemBand::{Head, New, Tail, Waist};
        assert_eq!(item_bands(&[40, 30, 0, 20, 6, 4]), [Head, Head, New, Waist, Tail, Tail]);
        assert_eq!(item_bands(&[9, 0]), [Head, New]);
        assert_eq!(item_bands(&[]), []);
    }

    #[test]
    fn users_are_cut_into_thirds() {
        use UserBand::{Active, Low, Middle, New};
        assert_eq!(user_bands(&[0, 1, 2, 5, 9, 30, 40]), [New, Low, Low, Low, Middle, Active, Active]);
        assert_eq!(user_bands(&[3, 3, 0, 3]), [Middle, Middle, New, Middle]);
        assert_eq!(user_bands(&[0]), [New]);
    }
}
