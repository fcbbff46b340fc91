//! What is known about data sets, runs and settings, in SQLite.
//!
//! Several windows and commands may use one workspace at once: the journal is a write-ahead log, writers wait for one
//! another, and artifacts are named by their contents.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, TransactionBehavior, params};
use serde::Serialize;
use tempfile::TempDir;

use super::{
    WorkspaceError,
    artifacts::{self, Arrays},
    connect::{Access, PATIENCE, connect_to_read, copied, log_of, patiently},
    schema::{NEWEST, check_version, migrate, version_of},
};
use crate::dataset::Dataset;

pub(super) const FILE: &str = "recallscope.sqlite";
pub(super) const ARTIFACTS: &str = "artifacts";

/// How old an artifact is that no run names before it is swept: far older than any job that is about to name it.
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 3_600);

/// How long a run that was thrown away can be brought back.
const BIN_AGE: Duration = Duration::from_secs(30 * 24 * 3_600);

/// One evaluated lane, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRecord {
    /// Hex digest of the data, the settings that shape the lane and its evaluation, the seeds and the format.
    pub id: String,
    /// The same of what was trained alone: runs that differ in index or evaluation share it, and its arrays.
    pub model_id: String,
    pub dataset_fingerprint: String,
    /// Absolute.
    pub dataset_folder: String,
    /// The `dataset.toml` that was given instead of the folder's own.
    pub dataset_config: Option<String>,
    /// [`crate::recall::LaneKind::name`]
    pub lane: String,
    pub settings_json: String,
    pub seed: u64,
    pub code_version: String,
    /// Seconds since 1970.
    pub created_secs: f64,
    pub build_secs: f64,
    pub evaluate_secs: f64,
    /// Highest resident memory of the whole process while the lane was built; 0 where the system does not tell.
    pub peak_memory_bytes: u64,
    pub report_json: String,
    /// The index's recall against exact search; `null` for lanes without one.
    pub audit_json: String,
    /// The points (step, value) of the training curve.
    pub curve_json: String,
    /// The file's name among the workspace's artifacts.
    pub arrays: String,
    /// blake3, hex.
    pub arrays_digest: String,
}

/// A data set that was opened before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecentDataset {
    pub folder: PathBuf,
    pub config: Option<PathBuf>,
    pub name: String,
    pub fingerprint: String,
    pub users: u64,
    pub items: u64,
    pub events: u64,
    /// Seconds since 1970.
    pub opened_secs: f64,
}

/// An open workspace. Shared by threads; each call is one short transaction.
pub struct Workspace {
    folder: PathBuf,
    connection: Mutex<Connection>,
    /// Where the database stands that is read, if not in `folder`; goes away with the workspace.
    _copy: Option<TempDir>,
    is_read_only: bool,
}

impl Workspace {
    /// The workspace that is used when none is named.
    pub fn default_path() -> Result<PathBuf, WorkspaceError> {
        directories::ProjectDirs::from("", "", "recallscope")
            .map(|dirs| dirs.data_dir().join("workspace"))
            .ok_or(WorkspaceError::NoHome)
    }

    /// Opens the workspace in `folder`, a new one if the folder is empty or not there.
    pub fn open(folder: &Path) -> Result<Self, WorkspaceError> {
        if folder.is_file() {
            return Err(WorkspaceError::NotAFolder(folder.to_owned()));
        }
        let is_new = !folder.join(FILE).exists();
        if is_new {
            fs::create_dir_all(folder).map_err(|error| WorkspaceError::open(folder, &error))?;
            let entries = fs::read_dir(folder).map_err(|error| WorkspaceError::open(folder, &error))?;
            let mut names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
            // Another window may be making the same workspace right now.
            if names.any(|name| !name.starts_with('.') && !name.starts_with(FILE) && name != "lost+found") {
                return Err(WorkspaceError::NotEmpty(folder.to_owned()));
            }
        }
        Self::open_database(folder)
    }

    /// Opens the workspace in `folder`, which has to be there, for reading alone: that needs neither the right to
    /// write nor room on the disk, and changes nothing that is kept. Whatever would write fails.
    pub fn open_to_read(folder: &Path) -> Result<Self, WorkspaceError> {
        if folder.is_file() {
            return Err(WorkspaceError::NotAFolder(folder.to_owned()));
        }
        match fs::metadata(folder.join(FILE)) {
            Ok(metadata) if metadata.len() > 0 => {}
            // What is left of a writer that died, or found no room, before it had made anything.
            Ok(_) => return Err(WorkspaceError::None(folder.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(WorkspaceError::None(folder.to_owned()));
            }
            Err(error) => return Err(WorkspaceError::read(folder, &error)),
        }
        let folder = fs::canonicalize(folder).map_err(|error| WorkspaceError::read(folder, &error))?;
        let mut copy = None;
        let database = folder.join(FILE);
        let found = connect_to_read(&database, Access::Shared).or_else(|error| {
            // SQLite wants to make files beside the database, which it may not do here. Without a log of what is not yet
            // in the database none is needed.
            let has_log = fs::metadata(log_of(&database)).is_ok_and(|log| log.len() > 0);
            if !has_log {
                return connect_to_read(&database, Access::Alone);
            }
            let made = copied(&database).map_err(|_| error)?;
            connect_to_read(&copy.insert(made).path().join(FILE), Access::Shared)
        });
        match found.map_err(|error| WorkspaceError::read_database(&folder, &error))? {
            (_, None) => Err(WorkspaceError::None(folder)),
            (connection, Some(version)) => {
                check_version(version, &folder)?;
                if version < NEWEST {
                    drop(connection);
                    return Self::open_aside(&folder);
                }
                Ok(Self { folder, connection: Mutex::new(connection), _copy: copy, is_read_only: true })
            }
        }
    }

    /// Opens the workspace in `folder`, which stays as it is: the database is copied to where temporary files may be
    /// made, and brought up to date there. What is written goes away with the workspace; artifacts cannot be.
    pub fn open_aside(folder: &Path) -> Result<Self, WorkspaceError> {
        let failed = |error: &std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => WorkspaceError::None(folder.to_owned()),
            _ => WorkspaceError::read(folder, error),
        };
        let folder = fs::canonicalize(folder).map_err(|error| failed(&error))?;
        let copy = copied(&folder.join(FILE)).map_err(|error| failed(&error))?;
        let failed = |error: rusqlite::Error| WorkspaceError::read_database(&folder, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(copy.path().join(FILE), flags).map_err(failed)?;
        if version_of(&connection).map_err(failed)?.is_none() {
            return Err(WorkspaceError::None(folder));
        }
        migrate(&mut connection, &folder)?;
        Ok(Self { folder, connection: Mutex::new(connection), _copy: Some(copy), is_read_only: true })
    }

    fn open_database(folder: &Path) -> Result<Self, WorkspaceError> {
        let folder = fs::canonicalize(folder).map_err(|error| WorkspaceError::open(folder, &error))?;
        let failed = |error: rusqlite::Error| WorkspaceError::open_database(&folder, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(folder.join(FILE), flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        // Without the right to write, SQLite opens for reading without a word.
        if connection.is_readonly("main").map_err(failed)? {
            return Err(WorkspaceError::open(&folder, &std::io::ErrorKind::PermissionDenied.into()));
        }
        patiently(|| connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))).map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        migrate(&mut connection, &folder)?;
        let artifacts = folder.join(ARTIFACTS);
        fs::create_dir_all(&artifacts)
            .and_then(|()| artifacts::sync_folder(&folder))
            .map_err(|error| WorkspaceError::open(&folder, &error))?;
        let workspace = Self { folder, connection: Mutex::new(connection), _copy: None, is_read_only: false };
        artifacts::sweep(&artifacts);
        workspace.empty_bin(BIN_AGE)?;
        workspace.drop_deleted_cases(BIN_AGE)?;
        workspace.sweep_orphans()?;
        workspace.sweep_datasets();
        workspace.sweep_checkpoints();
        Ok(workspace)
    }

    /// Whether nothing can be kept in it.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Writes the database, brought up to date and without the runs that were thrown away, as the file `into`; gives
    /// the runs in it.
    pub(super) fn copy_database(&self, into: &Path) -> Result<Vec<RunRecord>, WorkspaceError> {
        let failed = |error: rusqlite::Error| WorkspaceError::database(into, &error);
        self.lock().execute("VACUUM INTO ?1", [into.display().to_string()]).map_err(failed)?;
        let mut connection = Connection::open(into).map_err(failed)?;
        migrate(&mut connection, into)?;
        let statements = "
            DELETE FROM runs WHERE id IN (SELECT run_id FROM run_notes WHERE deleted_secs IS NOT NULL);
            DELETE FROM run_notes WHERE deleted_secs IS NOT NULL;
        ";
        connection.execute_batch(statements).map_err(failed)?;
        let runs = || {
            let mut asked = connection.prepare("SELECT * FROM runs ORDER BY created_secs DESC, id")?;
            asked.query_map([], run_of_row)?.collect::<rusqlite::Result<Vec<RunRecord>>>()
        };
        runs().map_err(failed)
    }

    /// Absolute.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Notes that `dataset` was opened now, with `config` instead of its own `dataset.toml`.
    pub fn dataset_opened(&self, dataset: &Dataset, config: Option<&Path>) -> Result<(), WorkspaceError> {
        self.write(
            "INSERT OR REPLACE INTO datasets (folder, config, name, fingerprint, users, items, events, opened_secs)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                absolute(&dataset.folder),
                config.map(absolute),
                dataset.name,
                dataset.fingerprint,
                dataset.user_count() as i64,
                dataset.item_count() as i64,
                dataset.events.len() as i64,
                now_secs()
            ],
        )
    }

    /// The newest first.
    pub fn recent_datasets(&self) -> Result<Vec<RecentDataset>, WorkspaceError> {
        self.read_all(
            "SELECT folder, config, name, fingerprint, users, items, events, opened_secs FROM datasets
             ORDER BY opened_secs DESC",
            [],
            |row| {
                Ok(RecentDataset {
                    folder: PathBuf::from(row.get::<_, String>("folder")?),
                    config: row.get::<_, Option<String>>("config")?.map(PathBuf::from),
                    name: row.get("name")?,
                    fingerprint: row.get("fingerprint")?,
                    users: row.get::<_, i64>("users")?.cast_unsigned(),
                    items: row.get::<_, i64>("items")?.cast_unsigned(),
                    events: row.get::<_, i64>("events")?.cast_unsigned(),
                    opened_secs: row.get("opened_secs")?,
                })
            },
        )
    }

    /// Takes the data set in `folder` from the list of [`Workspace::recent_datasets`], with its kept columns; its runs
    /// stay.
    pub fn forget_dataset(&self, folder: &Path) -> Result<(), WorkspaceError> {
        self.drop_dataset(folder);
        self.write("DELETE FROM datasets WHERE folder = ?1", [folder.display().to_string()])
    }

    /// Removes for good the runs that were thrown away `age` ago or earlier, with what is written about them and the
    /// artifacts that no other run names; gives their ids.
    pub fn empty_bin(&self, age: Duration) -> Result<Vec<String>, WorkspaceError> {
        let until_secs = now_secs() - age.as_secs_f64();
        let removed =
            self.remove_deleted(until_secs).map_err(|error| WorkspaceError::database(&self.folder, &error))?;
        if !removed.is_empty() {
            let named = self.named_arrays()?;
            for (_, arrays) in removed.iter().filter(|(_, arrays)| !named.contains(arrays)) {
                if artifacts::is_plain_name(arrays) {
                    // What cannot be removed now is swept at a later opening.
                    let _ = fs::remove_file(self.folder.join(ARTIFACTS).join(arrays));
                }
            }
        }
        Ok(removed.into_iter().map(|(id, _)| id).collect())
    }

    /// Ids and artifacts of the runs that it takes out of the database.
    fn remove_deleted(&self, until_secs: f64) -> rusqlite::Result<Vec<(String, String)>> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let removed = transaction
            .prepare(
                "SELECT id, arrays FROM runs JOIN run_notes ON run_notes.run_id = runs.id WHERE deleted_secs <= ?1
                 ORDER BY id",
            )?
            .query_map([until_secs], |row| Ok((row.get("id")?, row.get("arrays")?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        transaction.execute(
            "DELETE FROM runs WHERE id IN (SELECT run_id FROM run_notes WHERE deleted_secs <= ?1)",
            [until_secs],
        )?;
        transaction.execute("DELETE FROM run_notes WHERE deleted_secs <= ?1", [until_secs])?;
        transaction.commit()?;
        Ok(removed)
    }

    /// Writes `arrays` as an artifact; gives its file name and digest for a [`RunRecord`]. The artifact is on the
    /// disk, whole, when this returns.
    pub fn store_arrays(
        &self,
        stem: &str,
        arrays: &Arrays<'_>,
        notes: &BTreeMap<String, String>,
    ) -> Result<(String, String), WorkspaceError> {
        artifacts::write_safetensors_by_digest(&self.folder.join(ARTIFACTS), stem, arrays, notes)
    }

    /// The arrays of `run`, checked against their digest.
    pub fn arrays(&self, run: &RunRecord) -> Result<Arrays<'static>, WorkspaceError> {
        artifacts::read_safetensors(&self.arrays_path(run)?, Some(&run.arrays_digest))
    }

    /// Keeps `run`, whose arrays have been stored before, and gives the record that now stands: `run`, or one of the
    /// same id that another writer kept meanwhile. Only the record `unusable` gives way. Arrays that no record names
    /// then, or after an error, are removed.
    pub fn put_run(&self, run: &RunRecord, unusable: Option<&RunRecord>) -> Result<RunRecord, WorkspaceError> {
        let path = self.arrays_path(run)?;
        if !path.is_file() {
            return Err(WorkspaceError::Damaged { what: "it is not there".to_owned(), path });
        }
        let stands = self.put_or_find(run, unusable).map_err(|error| WorkspaceError::database(&self.folder, &error));
        if stands.as_ref().map_or(true, |stands| stands.arrays != run.arrays)
            && let Ok(named) = self.named_arrays()
            && !named.contains(&run.arrays)
        {
            // What cannot be removed now is swept at a later opening.
            let _ = fs::remove_file(path);
        }
        stands
    }

    fn put_or_find(&self, run: &RunRecord, unusable: Option<&RunRecord>) -> rusqlite::Result<RunRecord> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let stands = transaction.query_row("SELECT * FROM runs WHERE id = ?1", [&run.id], run_of_row).optional()?;
        if let Some(stands) = stands.filter(|stands| Some(stands) != unusable) {
            return Ok(stands);
        }
        transaction.execute(
            "INSERT OR REPLACE INTO runs (id, model_id, dataset_fingerprint, dataset_folder, dataset_config, lane,
                 settings_json, seed, code_version, created_secs, build_secs, evaluate_secs, peak_memory_bytes,
                 report_json, audit_json, curve_json, arrays, arrays_digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                run.id,
                run.model_id,
                run.dataset_fingerprint,
                run.dataset_folder,
                run.dataset_config,
                run.lane,
                run.settings_json,
                // SQLite's integers are signed; the bits come back as they were.
                run.seed.cast_signed(),
                run.code_version,
                run.created_secs,
                run.build_secs,
                run.evaluate_secs,
                run.peak_memory_bytes.cast_signed(),
                run.report_json,
                run.audit_json,
                run.curve_json,
                run.arrays,
                run.arrays_digest
            ],
        )?;
        transaction.commit()?;
        Ok(run.clone())
    }

    fn named_arrays(&self) -> Result<Vec<String>, WorkspaceError> {
        self.read_all("SELECT arrays FROM runs", [], |row| row.get(0))
    }

    pub fn find_run(&self, id: &str) -> Result<Option<RunRecord>, WorkspaceError> {
        Ok(self.read_all("SELECT * FROM runs WHERE id = ?1", [id], run_of_row)?.pop())
    }

    /// A run of the same trained model, the newest.
    pub fn find_model(&self, model_id: &str) -> Result<Option<RunRecord>, WorkspaceError> {
        let runs =
            self.read_all("SELECT * FROM runs WHERE model_id = ?1 ORDER BY created_secs", [model_id], run_of_row)?;
        Ok(runs.into_iter().next_back())
    }

    /// Every run, the newest first.
    pub fn runs(&self) -> Result<Vec<RunRecord>, WorkspaceError> {
        self.read_all("SELECT * FROM runs ORDER BY created_secs DESC, id", [], run_of_row)
    }

    pub fn setting(&self, key: &str) -> Result<Option<String>, WorkspaceError> {
        Ok(self.read_all("SELECT value FROM settings WHERE key = ?1", [key], |row| row.get(0))?.pop())
    }

    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), WorkspaceError> {
        self.write("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)", params![key, value])
    }

    pub(super) fn arrays_path(&self, run: &RunRecord) -> Result<PathBuf, WorkspaceError> {
        let folder = self.folder.join(ARTIFACTS);
        if artifacts::is_plain_name(&run.arrays) {
            Ok(folder.join(&run.arrays))
        } else {
            Err(WorkspaceError::Damaged { what: format!("`{}` is no name of a file", run.arrays), path: folder })
        }
    }

    /// Removes artifacts that no run names: their writers died between the file and the database, or another writer
    /// of the same run came after them.
    fn sweep_orphans(&self) -> Result<(), WorkspaceError> {
        let named = self.named_arrays()?;
        let Ok(entries) = fs::read_dir(self.folder.join(ARTIFACTS)) else { return Ok(()) };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_old = entry
                .metadata()
                .and_then(|metadata| metadata.modified())
                .is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > ORPHAN_AGE));
            let is_ours = name.to_str().is_some_and(|name| name.ends_with(".safetensors"));
            if is_old && is_ours && !named.iter().any(|named| name == named.as_str()) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), WorkspaceError> {
        self.lock().execute(sql, values).map_err(|error| WorkspaceError::database(&self.folder, &error))?;
        Ok(())
    }

    pub(super) fn read_all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, WorkspaceError> {
        let connection = self.lock();
        let read = || connection.prepare(sql)?.query_map(values, read)?.collect::<rusqlite::Result<Vec<T>>>();
        read().map_err(|error| WorkspaceError::database(&self.folder, &error))
    }
}

/// Seconds since 1970.
pub(crate) fn now_secs() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// `path` from the root, so that it is found from any folder.
pub(crate) fn absolute(path: &Path) -> String {
    fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

fn run_of_row(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    Ok(RunRecord {
        id: row.get("id")?,
        model_id: row.get("model_id")?,
        dataset_fingerprint: row.get("dataset_fingerprint")?,
        dataset_folder: row.get("dataset_folder")?,
        dataset_config: row.get("dataset_config")?,
        lane: row.get("lane")?,
        settings_json: row.get("settings_json")?,
        seed: row.get::<_, i64>("seed")?.cast_unsigned(),
        code_version: row.get("code_version")?,
        created_secs: row.get("created_secs")?,
        build_secs: row.get("build_secs")?,
        evaluate_secs: row.get("evaluate_secs")?,
        peak_memory_bytes: row.get::<_, i64>("peak_memory_bytes")?.cast_unsigned(),
        report_json: row.get("report_json")?,
        audit_json: row.get("audit_json")?,
        curve_json: row.get("curve_json")?,
        arrays: row.get("arrays")?,
        arrays_digest: row.get("arrays_digest")?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::workspace::{Case, RunNote, schema::MIGRATIONS};

    fn keep(workspace: &Workspace, id: &str, arrays: &str) {
        fs::write(workspace.folder.join(ARTIFACTS).join(arrays), b"arrays").unwrap();
        let run = RunRecord {
            id: id.to_owned(),
            model_id: "model".to_owned(),
            dataset_fingerprint: "print".to_owned(),
            dataset_folder: "/data".to_owned(),
            dataset_config: None,
            lane: "hot".to_owned(),
            settings_json: "{}".to_owned(),
            seed: 1,
            code_version: "0".to_owned(),
            created_secs: 1.0,
            build_secs: 1.0,
            evaluate_secs: 1.0,
            peak_memory_bytes: 1,
            report_json: "{}".to_owned(),
            audit_json: "null".to_owned(),
            curve_json: "[]".to_owned(),
            arrays: arrays.to_owned(),
            arrays_digest: "digest".to_owned(),
        };
        workspace.put_run(&run, None).unwrap();
    }

    fn throw_away(workspace: &Workspace, id: &str) {
        workspace.set_run_note(id, &RunNote { is_deleted: true, ..RunNote::default() }).unwrap();
    }

    fn ids(workspace: &Workspace) -> Vec<String> {
        workspace.runs().unwrap().into_iter().map(|run| run.id).collect()
    }

    #[test]
    fn a_run_in_the_bin_stays_thirty_days_and_then_goes_with_what_is_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        for (id, arrays) in [("a", "own.safetensors"), ("b", "shared.safetensors"), ("c", "shared.safetensors")] {
            keep(&workspace, id, arrays);
        }
        throw_away(&workspace, "a");
        throw_away(&workspace, "b");
        let thrown = |days: f64| {
            let since = now_secs() - days * 86_400.0;
            workspace.write("UPDATE run_notes SET deleted_secs = ?1", [since]).unwrap();
        };
        thrown(29.9);
        // Writing about it again does not begin the thirty days anew.
        workspace.set_run_note("a", &RunNote { name: "x".to_owned(), is_deleted: true, ..RunNote::default() }).unwrap();
        drop(Workspace::open(folder.path()).unwrap());
        assert_eq!(ids(&workspace), ["a", "b", "c"]);
        thrown(30.1);
        drop(Workspace::open(folder.path()).unwrap());
        assert_eq!(ids(&workspace), ["c"]);
        assert!(workspace.run_notes().unwrap().is_empty());
        let left: Vec<_> =
            fs::read_dir(folder.path().join(ARTIFACTS)).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["shared.safetensors"], "another run uses it");
        // What was brought back in time is not in the bin.
        throw_away(&workspace, "c");
        workspace.set_run_note("c", &RunNote::default()).unwrap();
        assert!(workspace.empty_bin(Duration::ZERO).unwrap().is_empty());
        throw_away(&workspace, "c");
        assert_eq!(workspace.empty_bin(Duration::ZERO).unwrap(), ["c"]);
        assert_eq!(fs::read_dir(folder.path().join(ARTIFACTS)).unwrap().count(), 0);
    }

    #[test]
    fn a_workspace_of_the_first_format_is_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        {
            let connection = Connection::open(folder.path().join(FILE)).unwrap();
            connection.execute_batch("CREATE TABLE schema (version INTEGER NOT NULL) STRICT").unwrap();
            connection.execute("INSERT INTO schema (version) VALUES (1)", []).unwrap();
            connection.execute_batch(MIGRATIONS[0]).unwrap();
            connection
                .execute(
                    "INSERT INTO runs VALUES ('old', 'm', 'p', '/d', NULL, 'hot', '{}', 1, '0', 1, 1, 1, 1, '{}',
                     'null', '[]', 'old.safetensors', 'd')",
                    [],
                )
                .unwrap();
            connection.execute("INSERT INTO settings VALUES ('desk', 'kept')", []).unwrap();
        }
        let workspace = Workspace::open(folder.path()).unwrap();
        assert_eq!(ids(&workspace), ["old"]);
        assert_eq!(workspace.setting("desk").unwrap().as_deref(), Some("kept"));
        let note = RunNote { name: "first".to_owned(), note: "good".to_owned(), is_deleted: true };
        workspace.set_run_note("old", &note).unwrap();
        drop(workspace);
        let workspace = Workspace::open(folder.path()).unwrap();
        assert_eq!(workspace.run_notes().unwrap().get("old"), Some(&note));
    }

    #[test]
    fn a_workspace_of_the_format_before_the_case_book_gets_one() {
        let folder = tempfile::tempdir().unwrap();
        {
            let connection = Connection::open(folder.path().join(FILE)).unwrap();
            connection.execute_batch("CREATE TABLE schema (version INTEGER NOT NULL) STRICT").unwrap();
            connection.execute("INSERT INTO schema (version) VALUES (2)", []).unwrap();
            connection.execute_batch(MIGRATIONS[0]).unwrap();
            connection.execute_batch(MIGRATIONS[1]).unwrap();
            connection.execute("INSERT INTO settings VALUES ('desk', 'kept')", []).unwrap();
            connection.execute("INSERT INTO run_notes VALUES ('run', 'named', '', NULL)", []).unwrap();
        }
        // Whoever only reads changes nothing, and finds an empty book.
        assert!(Workspace::open_to_read(folder.path()).unwrap().cases().unwrap().is_empty());
        let workspace = Workspace::open(folder.path()).unwrap();
        let case = Case { id: Case::new_id(), title: "first".to_owned(), ..Case::default() };
        let case = workspace.add_case(case).unwrap();
        drop(workspace);
        let workspace = Workspace::open(folder.path()).unwrap();
        assert_eq!(workspace.cases().unwrap(), [case]);
        assert_eq!(workspace.setting("desk").unwrap().as_deref(), Some("kept"));
        assert_eq!(workspace.run_notes().unwrap()["run"].name, "named");
    }

    #[test]
    fn a_forgotten_data_set_is_no_longer_recent() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        for name in ["one", "two"] {
            let dataset = Dataset { folder: folder.path().join(name), name: name.to_owned(), ..Dataset::default() };
            workspace.dataset_opened(&dataset, None).unwrap();
        }
        let recent =
            || -> Vec<String> { workspace.recent_datasets().unwrap().into_iter().map(|known| known.name).collect() };
        let first = workspace.recent_datasets().unwrap().into_iter().find(|known| known.name == "one").unwrap();
        workspace.forget_dataset(&first.folder).unwrap();
        assert_eq!(recent(), ["two"]);
    }
}
