//! What the case study shows of its users, computed when it is first looked at and when a run arrives.
//!
//! A case is a user with what he is taken to have clicked just now, not to have taken, and to be; of each case, a cell
//! is what one run recalls.

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, TryRecvError};
use rustc_hash::{FxHashMap, FxHashSet};

pub use crate::explain::case::{CaseKey, Profile, RecalledItem};
use crate::{
    dataset::Dataset,
    explain::{Explanation, Place, case::find_also, explain},
    jobs::pipeline::TrainedLane,
    recall::LaneKind,
    ui::session::{Basis, Opened, Session},
};

/// Cells are recalled for this long in a frame, at least one; the rest waits for the next.
const BUDGET: Duration = Duration::from_micros(1_500);
/// Cases that are not shown are kept up to this many, for coming back to.
const MAX_CASES: usize = 48;

/// What one run recalls in one case.
pub struct Cell {
    trained: Arc<TrainedLane>,
    pub basis: Arc<Basis>,
    pub recalled: Vec<RecalledItem>,
    pub hits: usize,
    /// Whether the lane can take notice of what the user is taken to have done, or to be.
    pub moves: bool,
    /// What was among the first without that, and is no longer; each with its rank then, from 1.
    pub gone: Vec<(u32, usize)>,
}

/// A split's artifacts by their address; whoever holds the address holds the artifacts, so that it stays theirs.
fn address(basis: &Arc<Basis>) -> usize {
    Arc::as_ptr(basis) as usize
}

#[derive(Default)]
pub struct UserCase {
    /// By the address of the split's artifacts, which are held with them.
    profiles: FxHashMap<usize, (Arc<Basis>, Profile)>,
    cells: FxHashMap<usize, Cell>,
    /// Why a run recalls an item, found when it is asked for.
    told: RefCell<FxHashMap<(usize, u32), Told>>,
}

/// An explanation, or the way to it.
struct Told {
    /// Whether the graph of similar items stood, which paths are told by.
    has_graph: bool,
    state: ToldState,
}

enum ToldState {
    Known(Arc<Explanation>),
    Pending(Receiver<Explanation>),
    /// It broke off.
    Lost,
}

impl UserCase {
    pub fn profile(&self, basis: &Arc<Basis>) -> Option<&Profile> {
        self.profiles.get(&address(basis)).map(|(_, profile)| profile)
    }

    /// What the run recalls; `None` while that is not known.
    pub fn cell(&self, run: usize) -> Option<&Cell> {
        self.cells.get(&run)
    }

    /// Whether any of `runs` has `item` among what is shown.
    pub fn is_recalled(&self, item: u32) -> bool {
        self.cells.values().any(|cell| cell.recalled.iter().any(|found| found.item == item))
    }

    fn recall(
        &mut self,
        dataset: &Dataset,
        key: &CaseKey,
        run: usize,
        made: (&Arc<TrainedLane>, &Arc<Basis>),
        shown: usize,
    ) {
        let (trained, basis) = made;
        let profile = || profile_of(dataset, basis, key.user);
        let (_, profile) = self.profiles.entry(address(basis)).or_insert_with(profile);
        let answer = profile.ask(dataset, &basis.facts, key, &*trained.lane, shown);
        let cell = Cell {
            trained: trained.clone(),
            basis: basis.clone(),
            hits: answer.recalled.iter().filter(|found| found.marks.is_hit).count(),
            recalled: answer.recalled,
            moves: answer.moves,
            gone: answer.gone,
        };
        self.cells.insert(run, cell);
        self.told.get_mut().retain(|&(of, _), _| of != run);
    }

    fn find_also(&mut self, runs: &[usize]) {
        let cells = self.cells.iter_mut().filter(|(run, _)| runs.contains(run));
        find_also(cells.map(|(&run, cell)| (run, &mut cell.recalled)).collect());
    }
}

fn profile_of(dataset: &Dataset, basis: &Arc<Basis>, user: u32) -> (Arc<Basis>, Profile) {
    (basis.clone(), Profile::of_user(dataset, &basis.facts, basis.triggers.of(user), user))
}

/// A case that is to be shown, under these runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub key: CaseKey,
    pub runs: Vec<usize>,
}

/// The cases that were looked at, for the artifacts that stand.
#[derive(Default)]
pub struct Cases {
    cases: FxHashMap<CaseKey, UserCase>,
    shown: usize,
    /// For what `RecalledItem::also` and `Marks::is_shared` were last found.
    compared: Vec<Wanted>,
}

impl Cases {
    /// Makes the cases ready, the first `shown` items of each run. Costs little while nothing has changed. False when
    /// there is more to do than fits into one frame: ask again in the next.
    pub fn prepare(&mut self, opened: &Opened, wanted: &[Wanted], shown: usize) -> bool {
        let since = Instant::now();
        if self.shown != shown {
            self.shown = shown;
            for case in self.cases.values_mut() {
                case.cells.clear();
            }
        }
        if self.cases.len() > MAX_CASES {
            self.cases.retain(|key, _| wanted.iter().any(|wanted| wanted.key == *key));
        }
        let (mut is_whole, mut has_changed) = (true, false);
        let lanes: Vec<usize> = LaneKind::ALL.into_iter().filter_map(|kind| opened.current(kind)).collect();
        let mut merged: Vec<Wanted> = Vec::new();
        for Wanted { key, runs } in wanted {
            let place = merged.iter().position(|known| known.key == *key).unwrap_or_else(|| {
                // The lanes that stand are compared with in any case.
                merged.push(Wanted { key: key.clone(), runs: lanes.clone() });
                merged.len() - 1
            });
            merged[place].runs.extend(runs);
        }
        for Wanted { key, runs } in &mut merged {
            runs.sort_unstable();
            runs.dedup();
            let case = self.cases.entry(key.clone()).or_default();
            if let Some(basis) = &opened.basis {
                let profile = || profile_of(&opened.dataset, basis, key.user);
                case.profiles.entry(address(basis)).or_insert_with(profile);
            }
            for &run in runs.iter() {
                let Some((trained, basis)) = opened.runs.get(run).and_then(|run| Some((run.trained()?, run.basis()?)))
                else {
                    has_changed |= case.cells.remove(&run).is_some();
                    continue;
                };
                if case.cells.get(&run).is_some_and(|cell| Arc::ptr_eq(&cell.trained, trained)) {
                    continue;
                }
                if has_changed && since.elapsed() > BUDGET {
                    is_whole = false;
                    continue;
                }
                case.recall(&opened.dataset, key, run, (trained, basis), shown);
                has_changed = true;
            }
        }
        if has_changed || self.compared != merged {
            for Wanted { key, runs } in &merged {
                if let Some(case) = self.cases.get_mut(key) {
                    case.find_also(runs);
                }
            }
            self.compare(&merged);
            self.compared = merged;
        }
        is_whole
    }

    /// Finds what a run recalls for more than one of the users.
    fn compare(&mut self, wanted: &[Wanted]) {
        let mut users = FxHashMap::<(usize, u32), FxHashSet<u32>>::default();
        for Wanted { key, runs } in wanted {
            let Some(case) = self.cases.get(key) else { continue };
            for &run in runs {
                for found in case.cells.get(&run).iter().flat_map(|cell| &cell.recalled) {
                    users.entry((run, found.item)).or_default().insert(key.user);
                }
            }
        }
        for Wanted { key, runs } in wanted {
            let Some(case) = self.cases.get_mut(key) else { continue };
            for &run in runs {
                for found in case.cells.get_mut(&run).into_iter().flat_map(|cell| &mut cell.recalled) {
                    found.marks.is_shared = users.get(&(run, found.item)).is_some_and(|users| users.len() > 1);
                }
            }
        }
    }

    pub fn get(&self, key: &CaseKey) -> Option<&UserCase> {
        self.cases.get(key)
    }

    /// Why the run recalls `item`, at `place`; `None` while that is not known. What takes a network's forward passes is
    /// found off the frame.
    pub fn explanation(
        &self,
        session: &Session,
        opened: &Opened,
        key: &CaseKey,
        run: usize,
        item: u32,
        place: Place,
    ) -> Option<Arc<Explanation>> {
        let UserCase { profiles, cells, told } = self.cases.get(key)?;
        let cell = cells.get(&run)?;
        let (_, profile) = profiles.get(&address(&cell.basis))?;
        let graphs = cell.basis.prepared.graphs_if_built();
        let mut told = told.borrow_mut();
        let is_stale = |told: &Told| !told.has_graph && graphs.is_some();
        if told.get(&(run, item)).is_none_or(is_stale) {
            let lane = cell.trained.lane.clone();
            let trigger = profile.trigger_of(&opened.dataset, key, &*lane);
            let graphs = graphs.cloned();
            let has_graph = graphs.is_some() || lane.gnn().is_none();
            // A mix asks each of its lanes, of which some have a network.
            let is_quick = lane.gnn().is_none() && lane.mix().is_none();
            let find = move || {
                let item_item = graphs.as_ref().map(|graphs| &graphs.item_item);
                explain(&*lane, &trigger, item, Some(place), item_item)
            };
            let state = if is_quick {
                ToldState::Known(Arc::new(find()))
            } else {
                ToldState::Pending(session.errand(move |_| Ok(find())))
            };
            told.insert((run, item), Told { has_graph, state });
        }
        let told = told.get_mut(&(run, item))?;
        if let ToldState::Pending(receiver) = &told.state {
            match receiver.try_recv() {
                Ok(found) => told.state = ToldState::Known(Arc::new(found)),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => told.state = ToldState::Lost,
            }
        }
        match &told.state {
            ToldState::Known(found) => Some(found.clone()),
            ToldState::Pending(_) | ToldState::Lost => None,
        }
    }
}
