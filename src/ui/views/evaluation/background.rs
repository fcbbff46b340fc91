//! What the evaluation computes off the frame: paired differences, the overlap of lanes, and tables of users.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use rustc_hash::FxHashMap;

use super::{
    exposure::Exposures,
    rows::{Row, Rows},
};
use crate::{
    dataset::{
        Dataset,
        split::{SplitSettings, split},
    },
    evaluate::{self, Bands, Difference, Ground, LaneReport, NoDifference, UserBand, is_in_slice},
    jobs::JobId,
    recall::Lane,
    ui::{
        session::{Basis, EVALUATION, Opened, Session},
        words::{Word, Words},
    },
    workspace::{Table, Values},
};

/// How many of the first items are compared; the number that the headline metric looks at.
pub const OVERLAP_K: usize = 20;
/// Users that the overlap is measured over; more would say the same.
const OVERLAP_USERS: usize = 500;
/// Draws of the bootstrap of a difference.
const RESAMPLES: usize = 1_000;
const SEED: u64 = 42;

/// How far the lanes that are open recall the same.
pub struct Overlap {
    /// Ids of the runs, in the order of the matrix.
    pub runs: Vec<String>,
    /// `[runs][runs]`
    pub shares: Vec<Vec<Option<f64>>>,
    /// Over how many of how many evaluated users.
    pub users: usize,
    pub all_users: usize,
}

/// The users of one run.
pub struct Users {
    pub table: Arc<Table>,
    /// Rows of users in the data set, one a row of the table.
    pub users: Arc<Vec<u32>>,
}

/// Names a table of users: run, slice, language.
type UsersKey = (String, String, crate::dataset::Language);

/// Names a difference: both runs, slice, K.
type DifferenceKey = (String, String, String, usize);

/// Names the exposure of runs: their ids and titles, K, language.
type ExposureKey = (Vec<(String, String)>, usize, crate::dataset::Language);

enum Computed {
    Overlap(Overlap),
    Difference(DifferenceKey, Result<Difference, NoDifference>),
    Users(UsersKey, Users),
    Exposures(ExposureKey, Exposures),
}

pub struct Background {
    sender: Sender<Computed>,
    receiver: Receiver<Computed>,
    asked_overlap: Vec<String>,
    overlap_job: Option<JobId>,
    overlap: Option<Overlap>,
    asked: FxHashMap<DifferenceKey, JobId>,
    differences: FxHashMap<DifferenceKey, Result<Difference, NoDifference>>,
    asked_users: Option<(UsersKey, JobId)>,
    users: Option<(UsersKey, Users)>,
    asked_exposures: Option<(ExposureKey, JobId)>,
    exposures: Option<(ExposureKey, Exposures)>,
}

impl Default for Background {
    fn default() -> Self {
        let (sender, receiver) = crossbeam_channel::unbounded();
        Self {
            sender,
            receiver,
            asked_overlap: Vec::new(),
            overlap_job: None,
            overlap: None,
            asked: FxHashMap::default(),
            differences: FxHashMap::default(),
            asked_users: None,
            users: None,
            asked_exposures: None,
            exposures: None,
        }
    }
}

impl Background {
    /// Takes what has been computed.
    pub fn update(&mut self) {
        for computed in self.receiver.try_iter() {
            match computed {
                Computed::Overlap(overlap) => self.overlap = Some(overlap),
                Computed::Difference(pair, difference) => {
                    self.differences.insert(pair, difference);
                }
                Computed::Users(key, users) => self.users = Some((key, users)),
                Computed::Exposures(key, exposures) => self.exposures = Some((key, exposures)),
            }
        }
    }

    /// Whether something asked for was cancelled or has failed.
    pub fn has_broken_off(&self, session: &Session) -> bool {
        let is_known = |pair: &DifferenceKey| self.differences.contains_key(pair);
        let differences = self.asked.iter().filter(|(pair, _)| !is_known(pair)).map(|(_, job)| *job);
        let users = self.asked_users.as_ref().map(|(_, job)| *job);
        let exposures = self.asked_exposures.as_ref().map(|(_, job)| *job);
        differences.chain(self.overlap_job).chain(users).chain(exposures).any(|job| session.has_broken_off(job))
    }

    /// Lets what broke off be asked for again.
    pub fn retry(&mut self, session: &Session) {
        let differences = &self.differences;
        self.asked.retain(|pair, job| differences.contains_key(pair) || !session.has_broken_off(*job));
        if self.overlap_job.is_some_and(|job| session.has_broken_off(job)) {
            (self.asked_overlap, self.overlap_job) = (Vec::new(), None);
        }
        if self.asked_users.as_ref().is_some_and(|(_, job)| session.has_broken_off(*job)) {
            self.asked_users = None;
        }
        if self.asked_exposures.as_ref().is_some_and(|(_, job)| session.has_broken_off(*job)) {
            self.asked_exposures = None;
        }
    }

    /// Runs that are open and were measured on the present split, those that charts draw.
    fn open<'a>(opened: &Opened, rows: &'a Rows) -> Vec<(&'a Row, Arc<dyn Lane>)> {
        let of_split = rows.rows.iter().filter(|row| row.is_of_split);
        let open = of_split.filter_map(|row| Some((row, opened.runs[row.run].trained()?.lane.clone())));
        open.take(super::MAX_LINES).collect()
    }

    /// Who gets what of the runs that are open, at `k`, over the users that the first of them was measured on; `None`
    /// while it is computed, or where none is open.
    pub fn exposures(
        &mut self,
        session: &Session,
        opened: &Opened,
        words: Words,
        rows: &Rows,
        k: usize,
    ) -> Option<&Exposures> {
        let open = Self::open(opened, rows);
        let basis = opened.basis.as_ref()?;
        // Waits for the lanes, so that it is not computed once for each that arrives.
        let users = open.first().filter(|_| !opened.is_making())?.0.report.per_user.user.clone();
        let named = open.iter().map(|(row, _)| (row.id.clone(), row.title.clone())).collect();
        let key: ExposureKey = (named, k, words.language);
        if self.asked_exposures.as_ref().is_none_or(|(asked, _)| *asked != key) {
            let lanes: Vec<Arc<dyn Lane>> = open.into_iter().map(|(_, lane)| lane).collect();
            let (basis, sender, asked) = (basis.clone(), self.sender.clone(), key.clone());
            let job = session.compute(EVALUATION, move |job| {
                let bands = &basis.facts.bands;
                let of_lane =
                    |lane: &Arc<dyn Lane>| evaluate::exposure(&**lane, bands, &basis.triggers, &users, k, job);
                let found = lanes.iter().map(of_lane).collect::<Result<Vec<_>, _>>()?;
                let (runs, titles): (Vec<String>, Vec<String>) = key.0.iter().cloned().unzip();
                let exposures = Exposures::new(words, runs, &titles, found);
                hand_over(&sender, Computed::Exposures(key, exposures))
            });
            self.asked_exposures = Some((asked, job));
        }
        let asked = self.asked_exposures.as_ref().map(|(key, _)| key);
        self.exposures.as_ref().filter(|(key, _)| Some(key) == asked).map(|(_, exposures)| exposures)
    }

    /// The overlap of the runs that are open and were measured on the present split; `None` while it is computed, or
    /// where fewer than two are open.
    pub fn overlap(&mut self, session: &Session, opened: &Opened, rows: &Rows) -> Option<&Overlap> {
        let open = Self::open(opened, rows);
        let runs: Vec<String> = open.iter().map(|(row, _)| row.id.clone()).collect();
        let basis = opened.basis.as_ref()?;
        // Waits for the lanes, so that it is not computed once for each that arrives.
        if runs.len() < 2 || opened.is_making() {
            return None;
        }
        if self.asked_overlap != runs {
            self.asked_overlap.clone_from(&runs);
            let evaluated = &open[0].0.report.per_user.user;
            let step = evaluated.len().div_ceil(OVERLAP_USERS).max(1);
            let users: Vec<u32> = evaluated.iter().copied().step_by(step).collect();
            let (all_users, lanes) = (evaluated.len(), open.iter().map(|(_, lane)| lane.clone()).collect::<Vec<_>>());
            let (basis, sender) = (basis.clone(), self.sender.clone());
            let job = session.compute(EVALUATION, move |job| {
                job.stage("Overlap of lanes", users.len() as u64, "users");
                let lanes: Vec<&dyn Lane> = lanes.iter().map(|lane| &**lane).collect();
                let shares = evaluate::overlap(&lanes, &basis.triggers, &users, OVERLAP_K, job)?;
                let overlap = Overlap { runs, shares, users: users.len(), all_users };
                hand_over(&sender, Computed::Overlap(overlap))
            });
            self.overlap_job = Some(job);
        }
        self.overlap.as_ref().filter(|overlap| overlap.runs == self.asked_overlap)
    }

    /// How much `one` is better than `other`, user by user, at `k` over `slice`; `None` while it is computed.
    pub fn difference(
        &mut self,
        session: &Session,
        opened: &Opened,
        [one, other]: [&Row; 2],
        slice: &str,
        k: usize,
    ) -> Option<&Result<Difference, NoDifference>> {
        let key = (one.id.clone(), other.id.clone(), slice.to_owned(), k);
        if !self.asked.contains_key(&key) {
            let measured = Measured::of(opened, one)?;
            let reports: [Arc<LaneReport>; 2] = [one.report.clone(), other.report.clone()];
            let (sender, named) = (self.sender.clone(), key.clone());
            let job = session.compute(EVALUATION, move |job| {
                job.stage("Paired difference", 0, "");
                let (_, _, slice, k) = &named;
                let [first, second] = &reports;
                let difference = measured.with_ground(|ground| {
                    evaluate::compare(ground, [&**first, &**second], slice, *k, RESAMPLES, SEED)
                })?;
                hand_over(&sender, Computed::Difference(named, difference))
            });
            self.asked.insert(key.clone(), job);
        }
        self.differences.get(&key)
    }

    /// The users of a run that are in `slice`; `None` while the table is made.
    pub fn users(
        &mut self,
        session: &Session,
        opened: &Opened,
        words: Words,
        row: &Row,
        slice: &str,
    ) -> Option<&Users> {
        let key = (row.id.clone(), slice.to_owned(), words.language);
        if self.asked_users.as_ref().is_none_or(|(asked, _)| *asked != key) {
            let named = key.clone();
            let measured = Measured::of(opened, row)?;
            let (report, sender) = (row.report.clone(), self.sender.clone());
            let job = session.compute(EVALUATION, move |job| {
                job.stage("Users", 0, "");
                let users = measured.with_ground(|ground| users_of(ground, &report, &key.1, words))?;
                hand_over(&sender, Computed::Users(key, users))
            });
            self.asked_users = Some((named, job));
        }
        let asked = self.asked_users.as_ref().map(|(key, _)| key);
        self.users.as_ref().filter(|(key, _)| Some(key) == asked).map(|(_, users)| users)
    }
}

/// What a run was measured on: its own split with its bands, and not those of the split that is set now.
struct Measured {
    dataset: Arc<Dataset>,
    basis: Result<Arc<Basis>, SplitSettings>,
}

impl Measured {
    /// `None` while the split is being made.
    fn of(opened: &Opened, row: &Row) -> Option<Self> {
        let basis = match opened.runs[row.run].basis() {
            Some(basis) => Ok(basis.clone()),
            None if row.is_of_split => Ok(opened.basis.clone()?),
            None => Err(row.split.clone()),
        };
        Some(Self { dataset: opened.dataset.clone(), basis })
    }

    /// A run that is not open has its log divided once more.
    fn with_ground<T>(&self, look: impl FnOnce(&Ground<'_>) -> T) -> anyhow::Result<T> {
        let dataset = &*self.dataset;
        match &self.basis {
            Ok(basis) => Ok(look(&Ground { dataset, split: &basis.prepared.split, bands: &basis.facts.bands })),
            Err(settings) => {
                let split = split(dataset, settings)?;
                let bands = Bands::new(dataset, &split);
                Ok(look(&Ground { dataset, split: &split, bands: &bands }))
            }
        }
    }
}

fn hand_over(sender: &Sender<Computed>, computed: Computed) -> anyhow::Result<()> {
    // A view that is gone no longer listens.
    let _ = sender.send(computed);
    Ok(())
}

/// Users of the slice with what was found for each; those who wanted most stand first among equals. Slices of items
/// keep all users.
fn users_of(ground: &Ground<'_>, report: &LaneReport, slice: &str, words: Words) -> Users {
    let Ground { dataset, bands, .. } = *ground;
    let per_user = &report.per_user;
    let band_of = |user: u32| bands.user.get(user as usize).copied().unwrap_or(UserBand::New);
    let is_in = |user: u32| is_in_slice(dataset, bands, slice, user);
    let mut places: Vec<usize> = (0..per_user.user.len())
        .filter(|&place| (per_user.user[place] as usize) < dataset.user_count() && is_in(per_user.user[place]))
        .collect();
    places.sort_by_key(|&place| std::cmp::Reverse(per_user.wanted[place]));
    let users: Vec<u32> = places.iter().map(|&place| per_user.user[place]).collect();
    let band = |user: u32| {
        words.get(match band_of(user) {
            UserBand::New => Word::BandNew,
            UserBand::Low => Word::BandQuiet,
            UserBand::Middle => Word::BandRegular,
            UserBand::Active => Word::BandActive,
        })
    };
    let ids = users.iter().map(|&user| Some(dataset.users.ids.name(user).to_owned())).collect();
    let bands_of = users.iter().map(|&user| Some(band(user).to_owned())).collect();
    let counts = |values: &[u32]| places.iter().map(|&place| Some(u64::from(values[place]))).collect();
    let shares = |values: &[f32]| places.iter().map(|&place| Some(f64::from(values[place]).into())).collect();
    let trained = users.iter().map(|&user| bands.user_count.get(user as usize).map(|&count| u64::from(count)));
    let table = Table::new()
        .with("user", words.get(Word::User), Values::Text(ids))
        .with("band", words.get(Word::ActivityBand), Values::Text(bands_of))
        .with("taken_in_training", words.get(Word::TakenTraining), Values::Count(trained.collect()))
        .with("wanted", words.get(Word::TakenLater), Values::Count(counts(&per_user.wanted)))
        .with("hits@20", words.get(Word::HitsAt), Values::Count(counts(&per_user.hits_at_20)))
        .with("recall@20", words.get(Word::RecallAt), Values::Metric(shares(&per_user.recall_at_20)))
        .with("ndcg@20", words.get(Word::MetricNdcg), Values::Metric(shares(&per_user.ndcg_at_20)));
    Users { table: Arc::new(table), users: Arc::new(users) }
}
