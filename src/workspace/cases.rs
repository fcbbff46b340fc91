//! The case book: saved questions, each with everything that was arranged on the screen and what it showed.
//!
//! Several windows may have one book open. Each writes a case with the state it began from, and only what it changed
//! itself goes into the row: what another window wrote meanwhile stays.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::{Workspace, WorkspaceError, now_secs};

/// A saved question, with what was on the screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// 16 hex digits.
    pub id: String,
    pub title: String,
    /// Free text.
    pub notes: String,
    pub tags: Vec<String>,
    /// The book's order is by rising place.
    pub place: f64,
    /// Seconds since 1970.
    pub created_secs: f64,
    pub changed_secs: f64,
    /// Thrown away: no list shows it. It stays for thirty days, so that this can be undone.
    pub is_deleted: bool,
    pub dataset: CaseDataset,
    /// What was arranged, as the window keeps it: layout, columns, rows, split, what-if changes.
    pub desk_json: String,
    pub shown: CaseShown,
}

/// The data set that a case is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseDataset {
    /// Absolute.
    pub folder: PathBuf,
    pub name: String,
    pub fingerprint: String,
}

/// What was to be seen. It stays readable when data and runs are gone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseShown {
    pub columns: Vec<ShownColumn>,
    /// What was selected: `user:ID`, `item:ID`, `tag:NAME`, `lane:NAME` or `run:ID`.
    pub selected: Vec<String>,
    /// The items among them.
    pub items: Vec<ShownItem>,
}

/// One column of the case study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShownColumn {
    pub user: Option<String>,
    /// What he had taken, newest first.
    pub recent: Vec<ShownItem>,
    /// What he was taken to have clicked just now.
    pub clicks: Vec<ShownItem>,
    /// What he was taken not to have taken.
    pub struck: Vec<ShownItem>,
    /// Attributes that he was taken to have.
    pub changed: BTreeMap<String, String>,
    pub rows: Vec<ShownRow>,
}

/// What one run recalled for a column's user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShownRow {
    pub lane: String,
    /// The run's id; empty where none stood.
    pub run: String,
    /// By rising rank; empty where the run was not ready.
    pub recalled: Vec<ShownItem>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShownItem {
    pub id: String,
    pub title: String,
    pub title_en: String,
    /// Absolute.
    pub cover: Option<PathBuf>,
    /// 0 where it was not recalled.
    pub score: f32,
    /// Taken later, in the test part.
    pub is_hit: bool,
}

impl Case {
    /// An id that no other case has.
    pub fn new_id() -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut hasher = blake3::Hasher::new();
        hasher.update(&since.as_nanos().to_le_bytes());
        hasher.update(&std::process::id().to_le_bytes());
        hasher.update(&COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// What this one changed of `base`, and for the rest `theirs`.
    pub fn merged(&self, base: &Self, theirs: &Self) -> Self {
        fn pick<T: PartialEq + Clone>(base: &T, own: &T, theirs: &T) -> T {
            if own == base { theirs.clone() } else { own.clone() }
        }
        Self {
            id: self.id.clone(),
            title: pick(&base.title, &self.title, &theirs.title),
            notes: pick(&base.notes, &self.notes, &theirs.notes),
            tags: pick(&base.tags, &self.tags, &theirs.tags),
            place: pick(&base.place, &self.place, &theirs.place),
            created_secs: pick(&base.created_secs, &self.created_secs, &theirs.created_secs),
            changed_secs: self.changed_secs.max(theirs.changed_secs),
            is_deleted: pick(&base.is_deleted, &self.is_deleted, &theirs.is_deleted),
            dataset: pick(&base.dataset, &self.dataset, &theirs.dataset),
            desk_json: pick(&base.desk_json, &self.desk_json, &theirs.desk_json),
            shown: pick(&base.shown, &self.shown, &theirs.shown),
        }
    }

    /// Whether title, notes, tags, users, lanes or items have all words of `query`; upper case does not count.
    pub fn matches(&self, query: &str) -> bool {
        if query.trim().is_empty() {
            return true;
        }
        let columns = &self.shown.columns;
        let users = columns.iter().filter_map(|column| column.user.as_deref());
        let rows = || columns.iter().flat_map(|column| &column.rows);
        let items = rows().flat_map(|row| &row.recalled).chain(&self.shown.items);
        let mut text = [&*self.title, &*self.notes, &*self.dataset.name].join("\n");
        let more = self.tags.iter().map(String::as_str).chain(users).chain(rows().map(|row| &*row.lane));
        for part in more.chain(items.flat_map(|item| [&*item.id, &*item.title, &*item.title_en])) {
            text.push('\n');
            text += part;
        }
        let text = text.to_lowercase();
        query.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    /// Ids of the runs that were shown.
    pub fn runs(&self) -> BTreeSet<&str> {
        let rows = self.shown.columns.iter().flat_map(|column| &column.rows);
        rows.map(|row| &*row.run).filter(|run| !run.is_empty()).collect()
    }

    /// A few of its items, for a picture of it: the first of each column in turn, by the last lane that recalled any
    /// (popularity, the same for everybody, stands first); else what was selected.
    pub fn faces(&self, at_most: usize) -> Vec<&ShownItem> {
        let mut lists: Vec<Vec<&ShownItem>> = Vec::new();
        for column in &self.shown.columns {
            let rows = column.rows.iter().rev().map(|row| row.recalled.iter().collect());
            lists.extend(rows.filter(|list: &Vec<&ShownItem>| !list.is_empty()).take(1));
        }
        if lists.is_empty() {
            lists.push(self.shown.items.iter().collect());
        }
        let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
        let mut faces: Vec<&ShownItem> = Vec::new();
        for item in (0..longest).flat_map(|place| lists.iter().filter_map(move |list| list.get(place).copied())) {
            if faces.len() < at_most && !faces.iter().any(|face| face.id == item.id) {
                faces.push(item);
            }
        }
        faces
    }
}

/// `cases`, in the book's order, with the case `id` before `before`, or last. Those around it keep their places unless
/// there is no room between them.
pub fn moved_before(cases: &[Arc<Case>], id: &str, before: Option<&str>) -> Vec<Arc<Case>> {
    let Some(moved) = cases.iter().find(|case| case.id == id).filter(|_| before != Some(id)) else {
        return cases.to_vec();
    };
    let mut rest: Vec<Arc<Case>> = cases.iter().filter(|case| case.id != id).cloned().collect();
    let at = before.and_then(|before| rest.iter().position(|case| case.id == before)).unwrap_or(rest.len());
    let below = at.checked_sub(1).and_then(|place| rest.get(place)).map(|case| case.place);
    let above = rest.get(at).map(|case| case.place);
    let place = match (below, above) {
        (None, None) => 0.0,
        (Some(below), None) => below.floor() + 1.0,
        (None, Some(above)) => above.ceil() - 1.0,
        (Some(below), Some(above)) => f64::midpoint(below, above),
    };
    let has_room = below.is_none_or(|below| below < place) && above.is_none_or(|above| place < above);
    rest.insert(at, Arc::new(Case { place, ..Case::clone(moved) }));
    if !has_room {
        let numbered = rest.iter().enumerate();
        rest = numbered.map(|(at, case)| Arc::new(Case { place: at as f64, ..Case::clone(case) })).collect();
    }
    rest
}

impl Workspace {
    /// The cases that stand, in the order of the book. None in a workspace of an older format that is only read.
    pub fn cases(&self) -> Result<Vec<Case>, WorkspaceError> {
        self.cases_where("deleted_secs IS NULL")
    }

    /// The cases that were thrown away and can be brought back.
    pub fn deleted_cases(&self) -> Result<Vec<Case>, WorkspaceError> {
        self.cases_where("deleted_secs IS NOT NULL")
    }

    fn cases_where(&self, condition: &str) -> Result<Vec<Case>, WorkspaceError> {
        let tables = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'cases'";
        if self.read_all(tables, [], |_| Ok(()))?.is_empty() {
            return Ok(Vec::new());
        }
        self.read_all(
            &format!("SELECT * FROM cases WHERE {condition} ORDER BY place, created_secs, id"),
            [],
            case_of_row,
        )
    }

    /// Keeps `own`, which was made of `base` (`None`: it is new), and gives the case that now stands: what another window
    /// changed since `base`, and `own` did not, stays. The case is on the disk when this returns.
    pub fn put_case(&self, own: &Case, base: Option<&Case>) -> Result<Case, WorkspaceError> {
        self.change_case(&own.id, |theirs| {
            Some(match (base, theirs) {
                (Some(base), Some(theirs)) => own.merged(base, &theirs),
                _ => own.clone(),
            })
        })
        .map(|stands| stands.unwrap_or_else(|| own.clone()))
    }

    /// Changes the case as it stands, and gives what it has become; `None` if there is none of this id. It is on the
    /// disk when this returns.
    pub fn edit_case(&self, id: &str, change: impl FnOnce(&mut Case)) -> Result<Option<Case>, WorkspaceError> {
        self.change_case(id, |stands| {
            let mut case = stands?;
            change(&mut case);
            case.changed_secs = now_secs();
            Some(case)
        })
    }

    /// Adds `case` after all others.
    pub fn add_case(&self, mut case: Case) -> Result<Case, WorkspaceError> {
        self.in_transaction(|connection| {
            let last: Option<f64> = connection.query_row("SELECT max(place) FROM cases", [], |row| row.get(0))?;
            case.place = last.map_or(0.0, |last| last.floor() + 1.0);
            write(connection, &case)?;
            Ok(case)
        })
    }

    fn change_case(
        &self,
        id: &str,
        change: impl FnOnce(Option<Case>) -> Option<Case>,
    ) -> Result<Option<Case>, WorkspaceError> {
        self.in_transaction(|connection| {
            let stands = connection.query_row("SELECT * FROM cases WHERE id = ?1", [id], case_of_row).optional()?;
            let next = change(stands);
            if let Some(next) = &next {
                write(connection, next)?;
            }
            Ok(next)
        })
    }

    /// Removes for good the cases that were thrown away `age` ago or earlier.
    pub(super) fn drop_deleted_cases(&self, age: Duration) -> Result<(), WorkspaceError> {
        self.write("DELETE FROM cases WHERE deleted_secs <= ?1", [now_secs() - age.as_secs_f64()])
    }

    /// Ids of the runs that stand, of all data sets; those in the bin are left out.
    pub fn standing_runs(&self) -> Result<BTreeSet<String>, WorkspaceError> {
        let sql = "SELECT id FROM runs WHERE id NOT IN (SELECT run_id FROM run_notes WHERE deleted_secs IS NOT NULL)";
        Ok(self.read_all(sql, [], |row| row.get(0))?.into_iter().collect())
    }

    /// Another number each time when somebody else has written to the workspace.
    pub fn others_version(&self) -> Result<i64, WorkspaceError> {
        Ok(self.read_all("PRAGMA data_version", [], |row| row.get(0))?.pop().unwrap_or(0))
    }

    fn in_transaction<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkspaceError> {
        let mut connection = self.lock();
        let work = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        work().map_err(|error| WorkspaceError::database(self.folder(), &error))
    }
}

/// The time since which a case is thrown away stands until it is brought back.
fn write(connection: &Connection, case: &Case) -> rusqlite::Result<()> {
    let Case { id, title, notes, tags, place, created_secs, changed_secs, is_deleted, dataset, desk_json, shown } =
        case;
    connection.execute(
        "INSERT INTO cases (id, title, notes, tags_json, place, created_secs, changed_secs, deleted_secs,
             dataset_folder, dataset_name, dataset_fingerprint, desk_json, shown_json)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET title = ?2, notes = ?3, tags_json = ?4, place = ?5, created_secs = ?6,
             changed_secs = ?7, deleted_secs = CASE WHEN ?8 IS NULL THEN NULL ELSE coalesce(deleted_secs, ?8) END,
             dataset_folder = ?9, dataset_name = ?10, dataset_fingerprint = ?11, desk_json = ?12, shown_json = ?13",
        params![
            id,
            title,
            notes,
            json(tags),
            place,
            created_secs,
            changed_secs,
            is_deleted.then(now_secs),
            dataset.folder.display().to_string(),
            dataset.name,
            dataset.fingerprint,
            desk_json,
            json(shown)
        ],
    )?;
    Ok(())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What a column holds that this version cannot read comes back empty, and the rest of the case stands.
fn case_of_row(row: &Row<'_>) -> rusqlite::Result<Case> {
    Ok(Case {
        id: row.get("id")?,
        title: row.get("title")?,
        notes: row.get("notes")?,
        tags: serde_json::from_str(&row.get::<_, String>("tags_json")?).unwrap_or_default(),
        place: row.get("place")?,
        created_secs: row.get("created_secs")?,
        changed_secs: row.get("changed_secs")?,
        is_deleted: row.get::<_, Option<f64>>("deleted_secs")?.is_some(),
        dataset: CaseDataset {
            folder: PathBuf::from(row.get::<_, String>("dataset_folder")?),
            name: row.get("dataset_name")?,
            fingerprint: row.get("dataset_fingerprint")?,
        },
        desk_json: row.get("desk_json")?,
        shown: serde_json::from_str(&row.get::<_, String>("shown_json")?).unwrap_or_default(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn case(id: &str, title: &str) -> Case {
        let item = ShownItem { id: "i7".to_owned(), title: "沙发".to_owned(), score: 0.25, ..ShownItem::default() };
        let row = ShownRow { lane: "gat".to_owned(), run: "abc".to_owned(), recalled: vec![item] };
        let column = ShownColumn { user: Some("u196".to_owned()), rows: vec![row], ..ShownColumn::default() };
        Case {
            id: id.to_owned(),
            title: title.to_owned(),
            tags: vec!["new users".to_owned()],
            created_secs: 5.0,
            desk_json: "{}".to_owned(),
            shown: CaseShown { columns: vec![column], ..CaseShown::default() },
            ..Case::default()
        }
    }

    fn titles(workspace: &Workspace) -> Vec<String> {
        workspace.cases().unwrap().into_iter().map(|case| case.title).collect()
    }

    #[test]
    fn cases_come_back_in_their_order_and_out_of_the_bin() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        for title in ["one", "two", "three"] {
            workspace.add_case(case(title, title)).unwrap();
        }
        let kept = workspace.cases().unwrap();
        assert_eq!(kept[1], Case { place: 1.0, ..case("two", "two") });
        workspace.edit_case("three", |case| case.place = -1.0).unwrap().unwrap();
        workspace.edit_case("one", |case| case.is_deleted = true).unwrap().unwrap();
        assert_eq!(workspace.edit_case("four", |_| ()).unwrap(), None);
        drop(workspace);
        let workspace = Workspace::open(folder.path()).unwrap();
        assert_eq!(titles(&workspace), ["three", "two"]);
        assert_eq!(workspace.deleted_cases().unwrap()[0].title, "one");
        workspace.edit_case("one", |case| case.is_deleted = false).unwrap();
        assert_eq!(titles(&workspace), ["three", "one", "two"]);
        workspace.edit_case("one", |case| case.is_deleted = true).unwrap();
        workspace.drop_deleted_cases(Duration::from_secs(60)).unwrap();
        assert_eq!(workspace.deleted_cases().unwrap().len(), 1, "it stays for a while");
        workspace.drop_deleted_cases(Duration::ZERO).unwrap();
        assert!(workspace.deleted_cases().unwrap().is_empty());
    }

    #[test]
    fn two_windows_change_one_case_and_lose_nothing_of_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (Workspace::open(folder.path()).unwrap(), Workspace::open(folder.path()).unwrap());
        let base = one.add_case(case("a", "first")).unwrap();
        let version = other.others_version().unwrap();
        one.put_case(&Case { notes: "seen".to_owned(), ..base.clone() }, Some(&base)).unwrap();
        assert_ne!(other.others_version().unwrap(), version);
        let stands = other.put_case(&Case { title: "second".to_owned(), ..base.clone() }, Some(&base)).unwrap();
        assert_eq!((&*stands.title, &*stands.notes), ("second", "seen"));
        other.add_case(case("b", "theirs")).unwrap();
        // One throws away what the other goes on writing in: both hold.
        one.put_case(&Case { is_deleted: true, ..stands.clone() }, Some(&stands)).unwrap();
        other.put_case(&Case { notes: "more".to_owned(), ..stands.clone() }, Some(&stands)).unwrap();
        assert_eq!(titles(&one), ["theirs"]);
        assert_eq!(one.deleted_cases().unwrap()[0].notes, "more");
    }

    #[test]
    fn a_case_is_found_by_what_is_in_it() {
        let case = case("a", "Cold start");
        for query in ["", "cold", "COLD u196", "沙发", "gat", "new users"] {
            assert!(case.matches(query), "{query}");
        }
        assert!(!case.matches("cold hot"));
        assert_eq!(case.runs().into_iter().collect::<Vec<_>>(), ["abc"]);
        assert_eq!(case.faces(4).len(), 1);
    }
}
