//! Train and test parts, and the window before the reference time (algorithms, section 1).

use rand::{SeedableRng as _, seq::SliceRandom as _};
use serde::{Deserialize, Serialize};

use super::{Dataset, Ids};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitKind {
    /// Train before T, test from T on.
    #[default]
    Temporal,
    /// Per user by (time, item id), the last max(1, floor(0.2 n)) are the test. Leaks globally.
    UserTime,
    LeaveLastOut,
    /// 8:1:1 per user; the tenth in the middle is the validation part.
    Random,
    /// As the publisher gave it.
    Given,
}

impl SplitKind {
    pub const ALL: [Self; 5] = [Self::Temporal, Self::UserTime, Self::LeaveLastOut, Self::Random, Self::Given];

    pub fn name(self) -> &'static str {
        match self {
            Self::Temporal => "temporal",
            Self::UserTime => "user-time",
            Self::LeaveLastOut => "leave-last-out",
            Self::Random => "random",
            Self::Given => "given",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitSettings {
    pub kind: SplitKind,
    /// T in seconds since 1970 for `Temporal`; `None` takes the last fifth of the covered time, at most 7 days.
    pub reference_time_secs: Option<i64>,
    /// Length of the session window before T in days; `None` means all. Only `Temporal` has a window.
    pub window_days: Option<f64>,
    pub seed: u64,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { kind: SplitKind::Temporal, reference_time_secs: None, window_days: Some(7.0), seed: 42 }
    }
}

/// Rows of `Events` by part, each in order of time. Holds interactions only (weight above 0).
#[derive(Debug, Clone, Default)]
pub struct Split {
    pub settings: SplitSettings,
    /// T; `None` for the kinds that have none.
    pub reference_time_secs: Option<i64>,
    pub train: Vec<u32>,
    /// The part of `train` inside the window; equal to `train` where there is no reference time.
    pub window: Vec<u32>,
    pub test: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    #[error("the split `{}` needs times, and the log has none: choose `random`, or name the column of times", .0.name())]
    NoTimes(SplitKind),
    #[error("the data set brings no published test list: choose another split than `given`")]
    NothingGiven,
    #[error("no event counts as an interaction: give a behaviour a weight above 0")]
    NoInteractions,
    #[error("the training part is empty: choose a later reference time, or another split")]
    EmptyTrain,
    #[error("the window has to be a number of days above 0, not {0}")]
    Window(String),
}

/// Rows of events by user.
#[derive(Debug, Clone, Default)]
pub struct ByUser {
    /// `[users + 1]`
    pub offsets: Vec<u32>,
    pub rows: Vec<u32>,
}

impl ByUser {
    pub fn of(&self, user: u32) -> &[u32] {
        &self.rows[self.offsets[user as usize] as usize..self.offsets[user as usize + 1] as usize]
    }
}

/// `rows` of events by user, each user's in the order of `rows`.
pub fn interactions_by_user(dataset: &Dataset, rows: &[u32]) -> ByUser {
    let mut offsets = vec![0u32; dataset.user_count() + 1];
    for &row in rows {
        offsets[dataset.events.user[row as usize] as usize + 1] += 1;
    }
    for user in 1..offsets.len() {
        offsets[user] += offsets[user - 1];
    }
    let mut next = offsets.clone();
    let mut sorted = vec![0; rows.len()];
    for &row in rows {
        let place = &mut next[dataset.events.user[row as usize] as usize];
        sorted[*place as usize] = row;
        *place += 1;
    }
    ByUser { offsets, rows: sorted }
}

/// Each id's place in order: by number if all ids are numbers, else by text.
fn ranks(ids: &Ids) -> Vec<u32> {
    let numbers: Option<Vec<u64>> = ids.iter().map(|id| id.parse().ok()).collect();
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    match numbers {
        Some(numbers) => order.sort_by_key(|&row| (numbers[row as usize], row)),
        None => order.sort_by(|&one, &other| ids.name(one).cmp(ids.name(other))),
    }
    let mut ranks = vec![0; order.len()];
    for (rank, &row) in order.iter().enumerate() {
        ranks[row as usize] = rank as u32;
    }
    ranks
}

/// Parts the interactions of `dataset` (events whose behaviour has a weight above 0).
pub fn split(dataset: &Dataset, settings: &SplitSettings) -> Result<Split, SplitError> {
    let events = &dataset.events;
    if let Some(days) = settings.window_days
        && (days.is_nan() || days <= 0.0)
    {
        return Err(SplitError::Window(days.to_string()));
    }
    let is_interaction: Vec<bool> = dataset.behaviours.iter().map(|behaviour| behaviour.weight > 0.0).collect();
    let rows: Vec<u32> = (0..events.len() as u32)
        .filter(|&row| is_interaction.get(usize::from(events.behaviour[row as usize])).copied().unwrap_or(false))
        .collect();
    if rows.is_empty() {
        return Err(SplitError::NoInteractions);
    }
    let needs_times = matches!(settings.kind, SplitKind::Temporal | SplitKind::UserTime | SplitKind::LeaveLastOut);
    if needs_times && !events.has_times() {
        return Err(SplitError::NoTimes(settings.kind));
    }
    let mut split = Split { settings: settings.clone(), ..Split::default() };
    match settings.kind {
        SplitKind::Temporal => {
            // Events stand in order of time.
            let (first, last) = (events.time_secs[0], events.time_secs[events.len() - 1]);
            let reference =
                settings.reference_time_secs.unwrap_or_else(|| last - (last.saturating_sub(first) / 5).min(7 * 86_400));
            let from = settings.window_days.map_or(i64::MIN, |days| reference.saturating_sub((days * 86_400.0) as i64));
            for row in rows {
                let time = events.time_secs[row as usize];
                if time >= reference {
                    split.test.push(row);
                } else {
                    split.train.push(row);
                    if time >= from {
                        split.window.push(row);
                    }
                }
            }
            split.reference_time_secs = Some(reference);
        }
        SplitKind::UserTime | SplitKind::LeaveLastOut => {
            let ranks = ranks(&dataset.items.ids);
            let mut by_user = interactions_by_user(dataset, &rows);
            for user in 0..dataset.user_count() {
                let (from, to) = (by_user.offsets[user] as usize, by_user.offsets[user + 1] as usize);
                let own = &mut by_user.rows[from..to];
                own.sort_by_key(|&row| {
                    (events.time_secs[row as usize], ranks[events.item[row as usize] as usize], row)
                });
                let test = match (settings.kind, own.len()) {
                    (_, 0) | (SplitKind::LeaveLastOut, 1) => 0,
                    (SplitKind::LeaveLastOut, _) => 1,
                    (_, count) => (count / 5).max(1),
                };
                let (train, test) = own.split_at(own.len() - test);
                split.train.extend_from_slice(train);
                split.test.extend_from_slice(test);
            }
        }
        SplitKind::Random => {
            let mut random = rand_pcg::Pcg64::seed_from_u64(settings.seed);
            let mut by_user = interactions_by_user(dataset, &rows);
            for user in 0..dataset.user_count() {
                let (from, to) = (by_user.offsets[user] as usize, by_user.offsets[user + 1] as usize);
                let own = &mut by_user.rows[from..to];
                own.shuffle(&mut random);
                // The train part gives way, so that whoever has three interactions is in each part.
                let tenth = if own.len() < 3 { 0 } else { ((own.len() + 5) / 10).max(1) };
                split.train.extend_from_slice(&own[..own.len() - 2 * tenth]);
                split.test.extend_from_slice(&own[own.len() - tenth..]);
            }
        }
        SplitKind::Given => {
            let given = dataset.given_test.as_ref().ok_or(SplitError::NothingGiven)?;
            (split.test, split.train) = rows.into_iter().partition(|&row| given[row as usize]);
        }
    }
    if split.train.is_empty() {
        return Err(SplitError::EmptyTrain);
    }
    split.train.sort_unstable();
    split.test.sort_unstable();
    if settings.kind != SplitKind::Temporal {
        split.window = split.train.clone();
    }
    Ok(split)
}

impl Split {
    /// The interactions in neither part: what `random` keeps for validation, sorted.
    pub fn validation(&self, dataset: &Dataset) -> Vec<u32> {
        if self.settings.kind != SplitKind::Random {
            return Vec::new();
        }
        let mut is_free: Vec<bool> = dataset
            .events
            .behaviour
            .iter()
            .map(|&behaviour| dataset.behaviours[usize::from(behaviour)].weight > 0.0)
            .collect();
        for &row in self.train.iter().chain(&self.test) {
            is_free[row as usize] = false;
        }
        (0..is_free.len() as u32).filter(|&row| is_free[row as usize]).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::dataset::{Behaviour, Events, Items, Users};

    /// Rows of (user, item, day); items are named 10, 9, 8, … so that text and number order differ.
    fn dataset(rows: &[(u32, u32, i64)]) -> Dataset {
        let mut rows = rows.to_vec();
        rows.sort_by_key(|row| row.2);
        let users = rows.iter().map(|row| row.0).max().unwrap_or(0) + 1;
        Dataset {
            events: Events {
                user: rows.iter().map(|row| row.0).collect(),
                item: rows.iter().map(|row| row.1).collect(),
                behaviour: vec![0; rows.len()],
                time_secs: rows.iter().map(|row| row.2 * 86_400).collect(),
                ..Events::default()
            },
            users: Users { ids: (0..users).map(|user| user.to_string()).collect(), ..Users::default() },
            items: Items { ids: (0..10).map(|item| (10 - item).to_string()).collect(), ..Items::default() },
            behaviours: vec![Behaviour::with_default_weight("click")],
            ..Dataset::default()
        }
    }

    fn settings(kind: SplitKind) -> SplitSettings {
        SplitSettings { kind, ..SplitSettings::default() }
    }

    #[test]
    fn temporal_cuts_at_the_reference_time() {
        let data = dataset(&[(0, 0, 0), (0, 1, 70), (1, 2, 90), (1, 3, 93), (0, 4, 100)]);
        let parts = split(&data, &settings(SplitKind::Temporal)).unwrap();
        assert_eq!(parts.reference_time_secs, Some(93 * 86_400));
        assert_eq!((parts.train, parts.window, parts.test), (vec![0, 1, 2], vec![2], vec![3, 4]));
        let own = SplitSettings { reference_time_secs: Some(0), ..SplitSettings::default() };
        assert_eq!(split(&data, &own).unwrap_err(), SplitError::EmptyTrain);
    }

    #[test]
    fn user_time_breaks_ties_by_number() {
        // All on one day: item 10 (row 0) is the last by number, though "9" is by text.
        let data = dataset(&[(0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 3, 1)]);
        let parts = split(&data, &settings(SplitKind::UserTime)).unwrap();
        assert_eq!((parts.train, parts.test), (vec![1, 2], vec![0, 3]));
        let parts = split(&data, &settings(SplitKind::LeaveLastOut)).unwrap();
        assert_eq!((parts.train, parts.test), (vec![1, 2, 3], vec![0]));
    }

    #[test]
    fn random_is_eight_one_one_and_repeats() {
        let rows: Vec<(u32, u32, i64)> = (0..100).map(|row| (row / 10, row % 10, i64::from(row))).collect();
        let data = dataset(&rows);
        let parts = split(&data, &settings(SplitKind::Random)).unwrap();
        assert_eq!((parts.train.len(), parts.validation(&data).len(), parts.test.len()), (80, 10, 10));
        assert_eq!(parts.train, split(&data, &settings(SplitKind::Random)).unwrap().train);
    }

    #[test]
    fn refusals_say_why() {
        let mut data = dataset(&[(0, 0, 1)]);
        assert_eq!(split(&data, &settings(SplitKind::Given)).unwrap_err(), SplitError::NothingGiven);
        data.events.time_secs.clear();
        assert!(matches!(split(&data, &settings(SplitKind::Temporal)), Err(SplitError::NoTimes(_))));
        data.behaviours[0].weight = 0.0;
        assert_eq!(split(&data, &settings(SplitKind::Random)).unwrap_err(), SplitError::NoInteractions);
    }
}
