//! The same figures for parts of the users, or of the wanted items.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Bands, EvaluateSettings, ItemBand, Ranking, UserBand, means};
use crate::dataset::Dataset;

/// Attributes with more values than this are no groups to compare.
const MAX_VALUES: usize = 16;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SliceReport {
    pub users: usize,
    pub metrics: BTreeMap<String, Option<f64>>,
    pub intervals: BTreeMap<String, [f64; 2]>,
}

/// Whether `user` is among the users of `slice`, as [`LaneReport::slices`](super::LaneReport) names it; the empty name
/// and slices of wanted items have everybody.
pub fn is_in_slice(dataset: &Dataset, bands: &Bands, slice: &str, user: u32) -> bool {
    match slice.split_once(':') {
        None | Some(("items", _)) => true,
        Some(("users", band)) => bands.user.get(user as usize).copied().unwrap_or(UserBand::New).name() == band,
        Some((attribute, value)) => dataset
            .users
            .attributes
            .iter()
            .find(|field| field.name == attribute)
            .is_some_and(|field| field.texts(user).any(|text| text == value)),
    }
}

/// By band of users (`users:low`), by band of wanted items (`items:new`), and by each value of each attribute of users
/// that has few of them (`gender:F`). A slice that nobody is in is left out.
pub(super) fn slices(
    dataset: &Dataset,
    rankings: &[Ranking],
    bands: &Bands,
    settings: &EvaluateSettings,
) -> BTreeMap<String, SliceReport> {
    let mut found = BTreeMap::new();
    let mut add = |name: String, rows: &[&[f64]]| {
        if !rows.is_empty() {
            let (metrics, intervals) = means(rows, settings);
            found.insert(name, SliceReport { users: rows.len(), metrics, intervals });
        }
    };
    let of_users = |is_in: &dyn Fn(u32) -> bool| -> Vec<&[f64]> {
        rankings.iter().filter(|ranking| is_in(ranking.user)).map(|ranking| &ranking.row[..]).collect()
    };
    for band in UserBand::ALL {
        add(format!("users:{}", band.name()), &of_users(&|user| bands.user[user as usize] == band));
    }
    for attribute in dataset.users.attributes.iter().filter(|attribute| attribute.vocabulary.len() <= MAX_VALUES) {
        for (value, name) in attribute.vocabulary.iter().enumerate() {
            let rows = of_users(&|user| attribute.of(user).contains(&(value as u32)));
            add(format!("{}:{name}", attribute.name), &rows);
        }
    }
    for band in ItemBand::ALL {
        let rows: Vec<Vec<f64>> = rankings
            .iter()
            .filter_map(|ranking| {
                let wanted: Vec<u32> =
                    ranking.wanted.iter().copied().filter(|&item| bands.item[item as usize] == band).collect();
                (!wanted.is_empty()).then(|| ranking.measure(&wanted, &settings.ks))
            })
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
        add(format!("items:{}", band.name()), &rows);
    }
    found
}
