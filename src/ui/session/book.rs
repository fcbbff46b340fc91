//! The case book as the window has it, and the thread that writes it down.
//!
//! A change stands in the window at once, and is said to be kept when it is on the disk. What other windows write into the
//! same book is noticed within two seconds.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::{Session, Trouble};
use crate::{
    ui::words::{Word, Words},
    workspace::{Case, Workspace, WorkspaceError, moved_before},
};

/// How often it is looked whether somebody else has written.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// All cases, in the book's order. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Book(Arc<Vec<Arc<Case>>>);

impl PartialEq for Book {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |(one, other): (&Arc<Case>, &Arc<Case>)| Arc::ptr_eq(one, other) || one == other;
        Arc::ptr_eq(&self.0, &other.0) || (self.0.len() == other.0.len() && self.0.iter().zip(&*other.0).all(is_same))
    }
}

impl Book {
    pub fn cases(&self) -> &[Arc<Case>] {
        &self.0
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Case>> {
        self.0.iter().find(|case| case.id == id)
    }

    /// Puts `case` where it belongs, in place of the one with its id; takes that out if it is thrown away.
    pub fn set(&mut self, case: Arc<Case>) {
        let cases = Arc::make_mut(&mut self.0);
        cases.retain(|known| known.id != case.id);
        if !case.is_deleted {
            cases.push(case);
            let key = |case: &Case| (case.place, case.created_secs);
            cases.sort_by(|one, other| {
                let ((one_place, one_secs), (other_place, other_secs)) = (key(one), key(other));
                let by_place = one_place.total_cmp(&other_place).then(one_secs.total_cmp(&other_secs));
                by_place.then_with(|| one.id.cmp(&other.id))
            });
        }
    }

    pub fn remove(&mut self, id: &str) {
        Arc::make_mut(&mut self.0).retain(|case| case.id != id);
    }

    /// The place of a new last case.
    pub fn place_at_end(&self) -> f64 {
        self.0.last().map_or(0.0, |last| last.place.floor() + 1.0)
    }

    /// Puts the case `id` before `before`, or last; those around it stay as they are unless there is no room between them.
    pub fn move_before(&mut self, id: &str, before: Option<&str>) {
        self.0 = Arc::new(moved_before(&self.0, id, before));
    }

    /// Every tag, with how many cases have it; the most frequent first.
    pub fn tags(&self) -> Vec<(String, usize)> {
        let mut counts = BTreeMap::<&str, usize>::new();
        for tag in self.0.iter().flat_map(|case| &case.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let mut tags: Vec<(String, usize)> = counts.into_iter().map(|(tag, count)| (tag.to_owned(), count)).collect();
        tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        tags
    }
}

/// What of a case is no longer there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gone {
    pub has_lost_data: bool,
    /// The folder holds other data than the case was made of.
    pub has_other_data: bool,
    /// Lanes and ids of runs.
    pub runs: Vec<(String, String)>,
}

impl Gone {
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What is to be said of it, a line each.
    pub fn texts(&self, words: Words, case: &Case) -> Vec<String> {
        let mut texts = Vec::new();
        if self.has_lost_data {
            texts.push(words.fill(Word::CaseLostData, &[&case.dataset.folder.display().to_string()]));
        }
        if self.has_other_data {
            texts.push(words.get(Word::CaseOtherData).to_owned());
        }
        if !self.runs.is_empty() {
            let named = |(lane, id): &(String, String)| format!("{lane} {}", id.get(..6).unwrap_or(id));
            let runs: Vec<String> = self.runs.iter().map(named).collect();
            texts.push(words.fill(Word::CaseLostRuns, &[&runs.join(", ")]));
        }
        texts
    }
}

/// What there is of what cases speak of.
#[derive(Debug, Default, PartialEq)]
struct World {
    missing_folders: BTreeSet<PathBuf>,
    runs: BTreeSet<String>,
}

/// What the thread says.
enum Told {
    /// What was read at the start.
    Book(Vec<Case>),
    /// `count` changes of a case are on the disk; this is what stands.
    Stands {
        case: Case,
        count: usize,
    },
    /// Somebody else has written, or thrown away, a case.
    Theirs(Case),
    Failed {
        id: String,
        error: WorkspaceError,
        count: usize,
    },
    World(World),
}

/// A change to be written: only in what `own` differs from `base` does it touch the row.
struct Edit {
    /// As the window had the case before; `None`: it had none.
    base: Option<Case>,
    own: Case,
}

/// The window's end of the thread.
pub struct Keeper {
    sender: Sender<Edit>,
    told: Receiver<Told>,
    thread: JoinHandle<()>,
    /// How many changes of each case are on their way.
    pending: BTreeMap<String, usize>,
    is_read: bool,
    world: World,
}

impl Keeper {
    pub fn start(workspace: Arc<Workspace>, ctx: &egui::Context) -> Option<Self> {
        let ((sender, changes), (tell, told)) = (crossbeam_channel::unbounded(), crossbeam_channel::unbounded());
        let ctx = ctx.clone();
        let say = move |news| {
            // A window that is closing no longer listens.
            let _ = tell.send(news);
            ctx.request_repaint();
        };
        let thread = thread::Builder::new().name("case book".to_owned()).spawn(move || {
            Writer { workspace, say, known: BTreeMap::new(), unwritten: BTreeMap::new(), version: 0 }.run(&changes);
        });
        match thread {
            Ok(thread) => {
                let (pending, world) = (BTreeMap::new(), World::default());
                Some(Self { sender, told, thread, pending, is_read: false, world })
            }
            Err(error) => {
                log::warn!("cases cannot be kept: {error}");
                None
            }
        }
    }

    fn is_idle(&self) -> bool {
        // One that broke off has nothing more to say.
        self.thread.is_finished() || (self.is_read && self.pending.is_empty() && self.told.is_empty())
    }

    fn send(&mut self, base: Option<&Case>, own: Case) {
        let id = own.id.clone();
        if self.sender.send(Edit { base: base.cloned(), own }).is_ok() {
            *self.pending.entry(id).or_default() += 1;
        }
    }

    /// `count` changes of the case have been dealt with.
    fn settle(&mut self, id: &str, count: usize) {
        if let Some(pending) = self.pending.get_mut(id) {
            *pending = pending.saturating_sub(count);
            if *pending == 0 {
                self.pending.remove(id);
            }
        }
    }

    /// Waits until everything is on the disk.
    fn finish(self) {
        drop(self.sender);
        if self.thread.join().is_err() {
            log::error!("the thread that keeps cases broke off");
        }
    }
}

struct Writer<F: Fn(Told)> {
    workspace: Arc<Workspace>,
    say: F,
    /// Cases as this window last knew them to be on the disk, those thrown away too.
    known: BTreeMap<String, Case>,
    /// Changes that could not be written, to be tried again.
    unwritten: BTreeMap<String, Edit>,
    version: i64,
}

impl<F: Fn(Told)> Writer<F> {
    fn run(mut self, changes: &Receiver<Edit>) {
        let mut world = World::default();
        self.version = self.workspace.others_version().unwrap_or(0);
        match self.workspace.cases() {
            Ok(cases) => {
                self.known = cases.iter().map(|case| (case.id.clone(), case.clone())).collect();
                (self.say)(Told::Book(cases));
            }
            Err(error) => {
                (self.say)(Told::Book(Vec::new()));
                (self.say)(Told::Failed { id: String::new(), error, count: 0 });
            }
        }
        self.look_around(&mut world);
        loop {
            match changes.recv_timeout(LOOK_EVERY) {
                Ok(change) => self.write(std::iter::once(change).chain(changes.try_iter())),
                Err(RecvTimeoutError::Timeout) => {
                    for edit in std::mem::take(&mut self.unwritten).into_values() {
                        self.write_one(edit, 0);
                    }
                    self.look_for_theirs();
                    self.look_around(&mut world);
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    /// Changes of one case that wait together, as while its notes are typed, are one.
    fn write(&mut self, changes: impl Iterator<Item = Edit>) {
        let mut waiting: Vec<(Edit, usize)> = Vec::new();
        for change in changes {
            match waiting.iter_mut().find(|(edit, _)| edit.own.id == change.own.id) {
                Some((edit, count)) => (edit.own, *count) = (change.own, *count + 1),
                None => waiting.push((change, 1)),
            }
        }
        for (edit, count) in waiting {
            self.write_one(edit, count);
        }
    }

    fn write_one(&mut self, mut edit: Edit, count: usize) {
        let id = edit.own.id.clone();
        // What failed before and this one are one change.
        if let Some(before) = self.unwritten.remove(&id) {
            edit.base = before.base;
        }
        let base = edit.base.as_ref().or_else(|| self.known.get(&id));
        match self.workspace.put_case(&edit.own, base) {
            Ok(stands) => {
                self.known.insert(id, stands.clone());
                (self.say)(Told::Stands { case: stands, count });
            }
            Err(error) => {
                // Tried again every time that it is looked around; said once.
                if count > 0 {
                    (self.say)(Told::Failed { id: id.clone(), error, count });
                }
                self.unwritten.insert(id, edit);
            }
        }
    }

    fn look_for_theirs(&mut self) {
        let Ok(version) = self.workspace.others_version() else { return };
        if version == self.version {
            return;
        }
        let Ok(cases) = self.workspace.cases() else { return };
        self.version = version;
        let standing: BTreeSet<String> = cases.iter().map(|case| case.id.clone()).collect();
        for case in self.known.values_mut().filter(|case| !case.is_deleted && !standing.contains(&case.id)) {
            case.is_deleted = true;
            (self.say)(Told::Theirs(case.clone()));
        }
        for case in cases {
            if self.known.get(&case.id) != Some(&case) {
                self.known.insert(case.id.clone(), case.clone());
                (self.say)(Told::Theirs(case));
            }
        }
    }

    fn look_around(&self, world: &mut World) {
        let folders: BTreeSet<&Path> = self.known.values().map(|case| &*case.dataset.folder).collect();
        let missing = folders.into_iter().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        let missing_folders = missing.map(Path::to_owned).collect();
        let Ok(runs) = self.workspace.standing_runs() else { return };
        let now = World { missing_folders, runs };
        if now != *world {
            *world = World { missing_folders: now.missing_folders.clone(), runs: now.runs.clone() };
            (self.say)(Told::World(now));
        }
    }
}

/// A case has become another one, and not by a command of this window.
pub struct Change {
    /// As this window had it; `None` if it is new.
    pub before: Option<Arc<Case>>,
    pub after: Arc<Case>,
}

impl Session {
    /// Another state of the book, here and in the workspace.
    pub fn set_book(&mut self, book: Book) {
        if let Some(keeper) = &mut self.keeper {
            for case in book.cases() {
                let known = self.book.get(&case.id);
                if known.is_none_or(|known| known != case) {
                    keeper.send(known.map(|known| &**known), Case::clone(case));
                }
            }
            for case in self.book.cases().iter().filter(|case| book.get(&case.id).is_none()) {
                keeper.send(Some(case), Case { is_deleted: true, ..Case::clone(case) });
            }
        }
        self.book = book;
    }

    /// Takes in what the thread says. Gives what has changed without a command.
    pub fn take_told(&mut self) -> Vec<Change> {
        let Some(keeper) = &mut self.keeper else { return Vec::new() };
        let (mut arrived, mut changes) = (Vec::new(), Vec::new());
        while let Ok(told) = keeper.told.try_recv() {
            match told {
                Told::Book(cases) => {
                    keeper.is_read = true;
                    arrived.extend(cases);
                }
                Told::Stands { case, count } => {
                    keeper.settle(&case.id, count);
                    if self.announced.as_deref() == Some(&*case.id) {
                        self.announced = None;
                        self.kept_case = Some((case.title.clone(), Instant::now()));
                    }
                    arrived.push(case);
                }
                Told::Theirs(case) => arrived.push(case),
                Told::Failed { id, error, count } => {
                    keeper.settle(&id, count);
                    self.trouble = Some(Trouble::new(error.to_string()));
                }
                Told::World(world) => keeper.world = world,
            }
        }
        for case in arrived {
            let before = self.book.get(&case.id).cloned();
            // What is on its way will be written into what they wrote.
            let is_as_it_stands = match &before {
                Some(before) => **before == case,
                None => case.is_deleted,
            };
            if keeper.pending.contains_key(&case.id) || is_as_it_stands {
                continue;
            }
            let after = Arc::new(case);
            self.book.set(after.clone());
            changes.push(Change { before, after });
        }
        changes
    }

    /// Says it when the case is on the disk.
    pub fn announce(&mut self, id: &str, title: &str) {
        if self.keeper.is_some() {
            self.announced = Some(id.to_owned());
        } else {
            self.kept_case = Some((title.to_owned(), Instant::now()));
        }
    }

    /// Whether the book has been read, and everything that was changed is on the disk.
    pub fn is_book_kept(&self) -> bool {
        self.keeper.as_ref().is_none_or(Keeper::is_idle)
    }

    /// Waits until all cases are on the disk. The window is closing.
    pub fn finish_book(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.finish();
        }
    }

    /// What of `case` is no longer there, as far as is known.
    pub fn gone(&self, case: &Case) -> Gone {
        let opened = self.opened.as_ref();
        let own = opened.filter(|opened| *opened.dataset.folder == case.dataset.folder);
        let Some(keeper) = &self.keeper else { return Gone::default() };
        let world = &keeper.world;
        let is_open = |id: &str| {
            opened.is_some_and(|opened| opened.run_of(id).is_some_and(|place| !self.is_deleted(&opened.runs[place])))
        };
        let mut runs: Vec<(String, String)> = Vec::new();
        for row in case.shown.columns.iter().flat_map(|column| &column.rows) {
            let is_there = row.run.is_empty() || world.runs.contains(&row.run) || is_open(&row.run);
            if !is_there && !runs.iter().any(|(_, id)| *id == row.run) {
                runs.push((row.lane.clone(), row.run.clone()));
            }
        }
        Gone {
            has_lost_data: own.is_none() && world.missing_folders.contains(&case.dataset.folder),
            has_other_data: own.is_some_and(|own| own.dataset.fingerprint != case.dataset.fingerprint),
            runs,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn book(ids: &[&str]) -> Book {
        let mut book = Book::default();
        for id in ids {
            let place = book.place_at_end();
            book.set(Arc::new(Case { id: (*id).to_owned(), place, ..Case::default() }));
        }
        book
    }

    fn ids(book: &Book) -> Vec<&str> {
        book.cases().iter().map(|case| &*case.id).collect()
    }

    #[test]
    fn cases_are_moved_and_only_the_moved_one_is_written_while_there_is_room() {
        let first = book(&["a", "b", "c"]);
        let mut moved = first.clone();
        moved.move_before("c", Some("b"));
        assert_eq!(ids(&moved), ["a", "c", "b"]);
        let untouched = |id: &str| Arc::ptr_eq(first.get(id).unwrap(), moved.get(id).unwrap());
        assert!(untouched("a") && untouched("b"));
        moved.move_before("a", None);
        assert_eq!(ids(&moved), ["c", "b", "a"]);
        moved.move_before("a", Some("c"));
        moved.move_before("x", Some("c"));
        assert_eq!(ids(&moved), ["a", "c", "b"]);
        // However often there is put something between two, the order holds, and is found again from the places.
        for _ in 0..200 {
            let [next, last] = [1, 2].map(|place| ids(&moved)[place].to_owned());
            moved.move_before(&last, Some(&next));
        }
        let mut again = Book::default();
        for case in moved.cases().iter().rev() {
            again.set(case.clone());
        }
        assert_eq!(ids(&again), ids(&moved));
    }

    /// Steps until `session` has nothing on its way.
    fn wait(session: &mut Session) -> Vec<Change> {
        let (mut changes, since) = (Vec::new(), Instant::now());
        loop {
            changes.extend(session.take_told());
            if session.is_book_kept() {
                return changes;
            }
            assert!(since.elapsed() < Duration::from_secs(20));
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn session(folder: &Path) -> Session {
        let workspace = Arc::new(Workspace::open(folder).unwrap());
        let mut session = Session::new(&egui::Context::default(), Some(workspace), Default::default());
        wait(&mut session);
        session
    }

    #[test]
    fn two_windows_see_each_others_cases_and_change_only_their_own_fields() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (session(folder.path()), session(folder.path()));
        one.set_book(book(&["a", "b"]));
        wait(&mut one);
        let since = Instant::now();
        while other.book.cases().len() < 2 {
            wait(&mut other);
            assert!(since.elapsed() < Duration::from_secs(20), "the other window hears of it");
        }
        // Both change one case before either hears of the other.
        let edit = |session: &mut Session, change: &dyn Fn(&mut Case)| {
            let mut book = session.book.clone();
            let mut case = Case::clone(book.get("a").unwrap());
            change(&mut case);
            book.set(Arc::new(case));
            session.set_book(book);
        };
        edit(&mut one, &|case| case.notes = "from one".to_owned());
        edit(&mut other, &|case| case.title = "from the other".to_owned());
        let mut rest = other.book.clone();
        rest.remove("b");
        other.set_book(rest);
        one.finish_book();
        other.finish_book();
        let again = session(folder.path());
        assert_eq!(ids(&again.book), ["a"]);
        let case = again.book.get("a").unwrap();
        assert_eq!((&*case.title, &*case.notes), ("from the other", "from one"));
    }
}
