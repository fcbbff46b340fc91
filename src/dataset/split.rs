//! Train and test parts, and the window before the reference time (algorithms, section 1).

use std::path::PathBuf;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use serde::{Deserialize, Serialize};

use super::{Dataset, Events, Ids, read::show_time};

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
    /// T in seconds since 1970 for `Temporal`; `None` takes the last fifth of the time that the log covers, at most 7
    /// days, where a handful of times far off all others does not count.
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

/// `instead` says which other splits have both parts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    #[error(
        "the split `{}` needs times, and the log has none; {instead}, or write `timestamp = \"…\"` under \
         [columns.events] in dataset.toml: {}", .kind.name(), .folder.display()
    )]
    NoTimes { kind: SplitKind, instead: String, folder: PathBuf },
    #[error(
        "there is no published test list, which the split `given` needs (train.txt with test.txt, or the two files \
         that `train` and `test` name in a dataset.toml with format = \"lightgcn\"); {instead}: {}", .folder.display()
    )]
    NothingGiven { instead: String, folder: PathBuf },
    #[error(
        "no event counts as an interaction, for each behaviour has the weight 0 ({behaviours}); give one a weight above \
         0 under [behaviours] in dataset.toml: {}", .folder.display()
    )]
    NoInteractions { behaviours: String, folder: PathBuf },
    #[error("the training part is empty: {cause}; {instead}: {}", .folder.display())]
    EmptyTrain { cause: String, instead: String, folder: PathBuf },
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

/// The default T: the last fifth of the time that the log covers, at most 7 days. `times` are in order.
fn default_reference_secs(times: &[i64]) -> i64 {
    let (first, last) = covered_secs(times);
    last - (last.saturating_sub(first) / 5).min(7 * 86_400)
}

/// When the test part of a temporal split with `settings` begins, in seconds since 1970; `None` without times.
pub fn reference_time_secs(dataset: &Dataset, settings: &SplitSettings) -> Option<i64> {
    let times = &dataset.events.time_secs;
    settings.reference_time_secs.or_else(|| (!times.is_empty()).then(|| default_reference_secs(times)))
}

/// First and last of `times`, which are in order and at least one. A handful (one in fifty, or two) that lies further off the middle
/// half than five times its length is a slip of some clock and not counted: it would stretch the log until the
/// training part, or the test, held little else.
pub fn covered_secs(times: &[i64]) -> (i64, i64) {
    let quartile = |quarter: usize| times[(times.len() - 1) * quarter / 4];
    let (low, high) = (quartile(1), quartile(3));
    let reach = high.saturating_sub(low).saturating_mul(5);
    let (from, to) = (low.saturating_sub(reach), high.saturating_add(reach));
    let early = times.partition_point(|&time| time < from);
    let late = times.len() - times.partition_point(|&time| time <= to);
    let counted = |off: usize| if reach > 0 && off <= (times.len() / 50).max(2) { off } else { 0 };
    (times[counted(early)], times[times.len() - 1 - counted(late)])
}

/// Parts the interactions of `dataset` (events whose behaviour has a weight above 0).
pub fn split(dataset: &Dataset, settings: &SplitSettings) -> Result<Split, SplitError> {
    let folder = || dataset.folder.clone();
    match part(dataset, settings)? {
        Outcome::NoTimes => {
            Err(SplitError::NoTimes { kind: settings.kind, instead: instead(dataset, settings), folder: folder() })
        }
        Outcome::NothingGiven => {
            Err(SplitError::NothingGiven { instead: instead(dataset, settings), folder: folder() })
        }
        Outcome::Parts(split) if split.train.is_empty() => Err(SplitError::EmptyTrain {
            cause: cause_of_empty_train(dataset, &split),
            instead: instead(dataset, settings),
            folder: folder(),
        }),
        Outcome::Parts(split) => Ok(split),
    }
}

/// Parts the training part of `outer` again, as `outer` was parted: what is chosen on the test part of this one never
/// saw that of `outer`. `random` has a validation part already; a published list says nothing of the training part,
/// which is then parted by user and time, or at random.
pub fn within(dataset: &Dataset, outer: &Split) -> Result<Split, SplitError> {
    if outer.settings.kind == SplitKind::Random {
        return Ok(Split { test: outer.validation(dataset), ..outer.clone() });
    }
    let kind = match outer.settings.kind {
        SplitKind::Given if dataset.events.has_times() => SplitKind::UserTime,
        SplitKind::Given => SplitKind::Random,
        kind => kind,
    };
    let settings = SplitSettings { kind, reference_time_secs: None, ..outer.settings.clone() };
    let of_train = outer.train.iter().map(|&row| dataset.events.time_secs.get(row as usize).copied());
    let times: Vec<i64> = of_train.flatten().collect();
    let empty = |cause: &str| SplitError::EmptyTrain {
        cause: format!("{cause} when the training part is parted again, for validation"),
        instead: "bring a longer log, or choose shares by hand".to_owned(),
        folder: dataset.folder.clone(),
    };
    match part_rows(dataset, &settings, outer.train.clone(), &times) {
        Outcome::Parts(split) if !split.train.is_empty() && !split.test.is_empty() => Ok(split),
        _ => Err(empty("nothing is left")),
    }
}

/// Which other splits give both parts of `dataset` something. Only asked for after a failure, so each is tried.
fn instead(dataset: &Dataset, settings: &SplitSettings) -> String {
    let has_both = |kind: &SplitKind| {
        let settings = SplitSettings { kind: *kind, reference_time_secs: None, ..settings.clone() };
        matches!(part(dataset, &settings), Ok(Outcome::Parts(split)) if !split.train.is_empty() && !split.test.is_empty())
    };
    let others = SplitKind::ALL.into_iter().filter(|&kind| kind != settings.kind).filter(has_both);
    let names: Vec<String> = others.map(|kind| format!("`{}`", kind.name())).collect();
    if names.is_empty() {
        "no other split has both a training and a test part either, as the log is too small; bring more events"
            .to_owned()
    } else {
        format!("choose one of the splits {}", names.join(", "))
    }
}

fn cause_of_empty_train(dataset: &Dataset, split: &Split) -> String {
    let events = &dataset.events;
    let mut cause = match (split.reference_time_secs, events.time_secs.first(), events.time_secs.last()) {
        (Some(_), Some(first), Some(_)) if events.len() == 1 => {
            format!("there is one event only, at {}", show_time(*first))
        }
        (Some(_), Some(first), Some(last)) if first == last => {
            format!("all {} events have one time, {}", events.len(), show_time(*first))
        }
        (Some(reference), ..) => {
            let first = split.test.first().map_or(reference, |&row| events.time_secs[row as usize]);
            format!(
                "the first interaction is at {}, not before the reference time {}, so a later one is needed",
                show_time(first),
                show_time(reference)
            )
        }
        _ if split.settings.kind == SplitKind::Given => "every interaction is in the published test list".to_owned(),
        _ => "no user has more than one interaction".to_owned(),
    };
    let duplicates = dataset.report.tables.get("events").and_then(|table| table.reasons.get("duplicate"));
    if let Some(duplicates) = duplicates {
        cause += &format!(" ({} more rows repeat others and were set aside as duplicates)", duplicates.count);
    }
    cause
}

/// What came of parting, before it is known whether that can be used.
enum Outcome {
    Parts(Split),
    NoTimes,
    NothingGiven,
}

fn part(dataset: &Dataset, settings: &SplitSettings) -> Result<Outcome, SplitError> {
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
        let behaviours: Vec<&str> = dataset.behaviours.iter().map(|behaviour| behaviour.name.as_str()).collect();
        return Err(SplitError::NoInteractions { behaviours: behaviours.join(", "), folder: dataset.folder.clone() });
    }
    Ok(part_rows(dataset, settings, rows, &events.time_secs))
}

/// Parts `rows`, which are interactions; `times` are what a reference time follows from where none is set, in order.
fn part_rows(dataset: &Dataset, settings: &SplitSettings, rows: Vec<u32>, times: &[i64]) -> Outcome {
    let events = &dataset.events;
    let needs_times = matches!(settings.kind, SplitKind::Temporal | SplitKind::UserTime | SplitKind::LeaveLastOut);
    if needs_times && !events.has_times() {
        return Outcome::NoTimes;
    }
    let mut split = Split { settings: settings.clone(), ..Split::default() };
    match settings.kind {
        SplitKind::Temporal => {
            let reference = settings.reference_time_secs.unwrap_or_else(|| default_reference_secs(times));
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
            let Some(given) = &dataset.given_test else { return Outcome::NothingGiven };
            (split.test, split.train) = rows.into_iter().partition(|&row| given[row as usize]);
        }
    }
    split.train.sort_unstable();
    split.test.sort_unstable();
    if settings.kind != SplitKind::Temporal {
        split.window = split.train.clone();
    }
    Outcome::Parts(split)
}

impl Split {
    /// Whether the test part is what came later; else it is what was held out, without order in time.
    pub fn tests_what_came_later(&self, dataset: &Dataset) -> bool {
        dataset.events.has_times() && !matches!(self.settings.kind, SplitKind::Random | SplitKind::Given)
    }

    /// What is left at the reference time of an event's worth (by its row), which halves every `half_life_days`; `None`
    /// where nothing fades: without a half-life, a reference time, or times.
    pub fn fading(&self, events: &Events, half_life_days: Option<f64>) -> Option<impl Fn(usize) -> f64> {
        let known = self.reference_time_secs.zip(half_life_days).filter(|_| events.has_times());
        known.map(|(now_secs, half_life_days)| {
            let half_life_secs = half_life_days * 86_400.0;
            move |row: usize| {
                let age_secs = now_secs.saturating_sub(events.time_secs[row]).max(0) as f64;
                (-age_secs / half_life_secs).exp2()
            }
        })
    }

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
        let told = split(&data, &own).unwrap_err().to_string();
        assert!(told.contains("the first interaction is at 1970-01-01T00:00:00Z, not before"), "{told}");
    }

    #[test]
    fn a_handful_of_far_times_moves_no_reference_time() {
        let log: Vec<(u32, u32, i64)> = (0..200).map(|row| (row % 7, row % 10, 20_000 + i64::from(row / 10))).collect();
        let reference = |rows: &[(u32, u32, i64)]| {
            split(&dataset(rows), &settings(SplitKind::Temporal)).unwrap().reference_time_secs
        };
        let with =
            |days: &[i64]| -> Vec<_> { log.iter().copied().chain(days.iter().map(|&day| (0, 0, day))).collect() };
        let clean = 20_019 * 86_400 - 19 * 86_400 / 5;
        for far in [&[][..], &[30, 40], &[29_000, 29_001, 29_002], &[30, 29_000]] {
            assert_eq!(reference(&with(far)), Some(clean), "{far:?}");
        }
        // A tenth of the log is no handful: it is a part of it.
        let old: Vec<i64> = (9_000..9_020).collect();
        assert_eq!(reference(&with(&old)), Some((20_019 - 7) * 86_400));
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
    fn a_split_within_the_training_part_never_sees_the_test() {
        let rows: Vec<(u32, u32, i64)> = (0..300).map(|row| (row % 7, row % 10, i64::from(row / 5))).collect();
        let mut data = dataset(&rows);
        data.given_test = Some((0..300).map(|row| row % 3 == 0).collect());
        for kind in SplitKind::ALL {
            let outer = split(&data, &settings(kind)).unwrap();
            let inner = within(&data, &outer).unwrap();
            let known = |row: &u32| outer.test.binary_search(row).is_err();
            assert!(!inner.train.is_empty() && !inner.test.is_empty(), "{kind:?}");
            assert!(inner.train.iter().chain(&inner.test).all(known), "{kind:?}");
            assert!(inner.train.iter().all(|row| inner.test.binary_search(row).is_err()), "{kind:?}");
            if kind == SplitKind::Temporal {
                let reference = inner.reference_time_secs.unwrap();
                assert!(reference < outer.reference_time_secs.unwrap());
                assert!(inner.train.iter().all(|&row| data.events.time_secs[row as usize] < reference));
            }
        }
        let short = dataset(&[(0, 0, 1), (0, 1, 9)]);
        let outer = split(&short, &settings(SplitKind::LeaveLastOut)).unwrap();
        assert!(within(&short, &outer).unwrap_err().to_string().contains("for validation"));
    }

    #[test]
    fn refusals_say_why() {
        let mut data = dataset(&[(0, 0, 1)]);
        data.folder = "/logs/mine".into();
        let told = |data: &Dataset, kind| split(data, &settings(kind)).unwrap_err().to_string();
        for (kind, expected) in [
            (SplitKind::Given, "there is no published test list"),
            (SplitKind::Given, "the log is too small"),
            (SplitKind::Temporal, "there is one event only, at 1970-01-02T00:00:00Z;"),
        ] {
            let told = told(&data, kind);
            assert!(told.contains(expected) && told.ends_with(": /logs/mine"), "{told}");
        }
        data = Dataset { folder: data.folder, ..dataset(&[(0, 0, 1), (0, 1, 1), (0, 2, 1)]) };
        data.report.tables.entry("events".to_owned()).or_default().set_aside("duplicate", String::new);
        let temporal = told(&data, SplitKind::Temporal);
        assert!(temporal.contains("all 3 events have one time"), "{temporal}");
        assert!(temporal.contains("(1 more rows repeat others and were set aside as duplicates)"), "{temporal}");
        assert!(temporal.contains("choose one of the splits `user-time`, `leave-last-out`, `random`:"), "{temporal}");
        data.events.time_secs.clear();
        let untimed = told(&data, SplitKind::LeaveLastOut);
        assert!(untimed.contains("`leave-last-out` needs times") && untimed.contains("splits `random`,"), "{untimed}");
        data.behaviours[0].weight = 0.0;
        let weightless = told(&data, SplitKind::Random);
        assert!(weightless.contains("(click)") && weightless.contains("[behaviours] in dataset.toml"), "{weightless}");
    }
}
