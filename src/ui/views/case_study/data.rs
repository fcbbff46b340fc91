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

use crate::{
    dataset::Dataset,
    explain::{Explanation, Place, explain},
    jobs::pipeline::TrainedLane,
    recall::{Lane, LaneKind, Recalled, Trigger},
    ui::{
        facts::Taken,
        session::{Basis, Opened, Session},
    },
};

/// How many recent items are kept for the strip.
const MAX_RECENT: usize = 60;
/// Cells are recalled for this long in a frame, at least one; the rest waits for the next.
const BUDGET: Duration = Duration::from_micros(1_500);
/// Cases that are not shown are kept up to this many, for coming back to.
const MAX_CASES: usize = 48;

/// A user, and in what he is taken to differ from the log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaseKey {
    pub user: u32,
    /// What he clicked just now, the latest last.
    pub clicks: Vec<u32>,
    /// What he did not take, sorted.
    pub struck: Vec<u32>,
    /// Fields of the users' table, and entries of their vocabularies.
    pub changed: Vec<(String, Vec<u32>)>,
}

impl CaseKey {
    /// Whether he is anybody else than the log knows.
    pub fn differs(&self) -> bool {
        !self.clicks.is_empty() || self.is_as_if()
    }

    /// Whether he differs in more than live clicks.
    pub fn is_as_if(&self) -> bool {
        !self.struck.is_empty() || !self.changed.is_empty()
    }

    /// Whether the lane can take notice of that. Popularity is the same for everybody, and only graph networks and
    /// clusters of users look at attributes, those that they were trained with.
    fn moves(&self, lane: &dyn Lane) -> bool {
        let takes = lane.kind() != LaneKind::Hot && !(self.clicks.is_empty() && self.struck.is_empty());
        let is_known = |name: &str| {
            lane.gnn().is_some_and(|network| network.features().user_fields.iter().any(|field| field.name == name))
                || lane.user_cluster().is_some_and(|own| own.clusters().knows(name))
        };
        takes || self.changed.iter().any(|(name, _)| is_known(name))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    pub is_hit: bool,
    /// The tag in common with the user's own items that he likes best.
    pub shared_tag: Option<u32>,
    pub is_tail: bool,
    pub is_fresh: bool,
    /// Whether another user's column has it from the same run.
    pub is_shared: bool,
    /// Whether only what the user is taken to have done, or to be, brought it.
    pub has_come: bool,
}

#[derive(Debug, Clone)]
pub struct RecalledItem {
    pub item: u32,
    pub score: f32,
    pub marks: Marks,
    /// Other runs that have it, with its rank there, from 1.
    pub also: Vec<(usize, usize)>,
}

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

/// A user in the light of one split.
pub struct Profile {
    basis: Arc<Basis>,
    trigger: Trigger,
    pub behaviours: Vec<(u8, u32)>,
    pub favourite_tags: Vec<(u32, u32)>,
    pub recent: Vec<Taken>,
    pub later: Vec<Taken>,
    /// Items taken later that the training part does not hold: what a recall can hit.
    pub targets: FxHashSet<u32>,
    tags: FxHashSet<u32>,
}

impl Profile {
    fn new(dataset: &Dataset, basis: &Arc<Basis>, user: u32) -> Self {
        let facts = &basis.facts;
        let favourite_tags = facts.favourite_tags(dataset, user);
        Self {
            basis: basis.clone(),
            trigger: basis.triggers.of(user),
            behaviours: facts.behaviours(dataset, user),
            tags: favourite_tags.iter().map(|&(tag, _)| tag).collect(),
            favourite_tags,
            recent: facts.recent(dataset, user, MAX_RECENT),
            later: facts.later(dataset, user),
            targets: facts.later_items(dataset, user),
        }
    }

    pub fn is_new(&self) -> bool {
        self.trigger.recent.is_empty()
    }

    fn best_shared_tag(&self, dataset: &Dataset, item: u32) -> Option<u32> {
        let tags = dataset.items.tags.of(item);
        if !tags.iter().any(|tag| self.tags.contains(tag)) {
            return None;
        }
        self.favourite_tags.iter().map(|&(tag, _)| tag).find(|tag| tags.contains(tag))
    }

    /// Tags of `item` that the user's own items have too.
    pub fn common_tags(&self, dataset: &Dataset, item: u32) -> Vec<u32> {
        dataset.items.tags.of(item).iter().copied().filter(|tag| self.tags.contains(tag)).collect()
    }

    /// What a lane is asked with for the user as `key` takes him to be.
    fn trigger_of(&self, dataset: &Dataset, key: &CaseKey, lane: &dyn Lane) -> Trigger {
        let mut trigger = self.trigger.clone();
        if !key.moves(lane) {
            return trigger;
        }
        let CaseKey { clicks, struck, changed, .. } = key;
        let stays = |item: &u32| struck.binary_search(item).is_err();
        trigger.recent.retain(|(item, _)| stays(item));
        trigger.exclude.retain(stays);
        trigger.changed.clone_from(changed);
        let weight = dataset.behaviours.iter().find(|kind| kind.name == "click").map_or(1.0, |click| click.weight);
        trigger.recent.extend(clicks.iter().map(|&item| (item, weight)));
        trigger.exclude.extend(clicks);
        trigger.exclude.sort_unstable();
        trigger.exclude.dedup();
        trigger
    }
}

/// A split's artifacts by their address; whoever holds the address holds the artifacts, so that it stays theirs.
fn address(basis: &Arc<Basis>) -> usize {
    Arc::as_ptr(basis) as usize
}

#[derive(Default)]
pub struct UserCase {
    profiles: FxHashMap<usize, Profile>,
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
        self.profiles.get(&address(basis))
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
        let profile = self.profiles.entry(address(basis)).or_insert_with(|| Profile::new(dataset, basis, key.user));
        let known = |found: &Recalled| (found.item as usize) < dataset.item_count();
        let ask = |trigger: &Trigger| -> Vec<Recalled> {
            trained.lane.recall(trigger, shown).into_iter().filter(known).collect()
        };
        let moves = key.moves(&*trained.lane);
        let found = ask(&profile.trigger_of(dataset, key, &*trained.lane));
        let before = if moves { ask(&profile.trigger) } else { Vec::new() };
        let facts = &profile.basis.facts;
        let recalled: Vec<RecalledItem> = found
            .iter()
            .map(|found| RecalledItem {
                item: found.item,
                score: found.score,
                marks: Marks {
                    is_hit: profile.targets.contains(&found.item),
                    shared_tag: profile.best_shared_tag(dataset, found.item),
                    is_tail: facts.is_tail(found.item),
                    is_fresh: facts.is_fresh[found.item as usize],
                    is_shared: false,
                    has_come: moves && !before.iter().any(|before| before.item == found.item),
                },
                also: Vec::new(),
            })
            .collect();
        let stays = |item: u32| found.iter().any(|found| found.item == item) || key.clicks.contains(&item);
        let ranked = before.iter().enumerate().map(|(place, before)| (before.item, place + 1));
        let cell = Cell {
            trained: trained.clone(),
            basis: basis.clone(),
            hits: recalled.iter().filter(|found| found.marks.is_hit).count(),
            recalled,
            moves,
            gone: ranked.filter(|&(item, _)| !stays(item)).collect(),
        };
        self.cells.insert(run, cell);
        self.told.get_mut().retain(|&(of, _), _| of != run);
    }

    fn find_also(&mut self, runs: &[usize]) {
        let mut ranks = FxHashMap::<u32, Vec<(usize, usize)>>::default();
        for &run in runs {
            for (place, found) in self.cells.get(&run).iter().flat_map(|cell| &cell.recalled).enumerate() {
                ranks.entry(found.item).or_default().push((run, place + 1));
            }
        }
        for &run in runs {
            for found in self.cells.get_mut(&run).into_iter().flat_map(|cell| &mut cell.recalled) {
                found.also = ranks[&found.item].iter().copied().filter(|&(other, _)| other != run).collect();
            }
        }
    }
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
                let profile = || Profile::new(&opened.dataset, basis, key.user);
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
        let profile = profiles.get(&address(&cell.basis))?;
        let graphs = cell.basis.prepared.graphs_if_built();
        let mut told = told.borrow_mut();
        let is_stale = |told: &Told| !told.has_graph && graphs.is_some();
        if told.get(&(run, item)).is_none_or(is_stale) {
            let lane = cell.trained.lane.clone();
            let trigger = profile.trigger_of(&opened.dataset, key, &*lane);
            let graphs = graphs.cloned();
            let has_graph = graphs.is_some() || lane.gnn().is_none();
            let is_quick = lane.gnn().is_none();
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
