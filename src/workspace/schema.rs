//! The tables of a workspace's database, and how one of an earlier format is brought up to date.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::WorkspaceError;

/// Step `n` makes format `n + 1` out of format `n`. Steps are never changed, only added.
pub(super) const MIGRATIONS: [&str; 3] = [
    "
    CREATE TABLE datasets (
        folder TEXT PRIMARY KEY,
        config TEXT,
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        users INTEGER NOT NULL,
        items INTEGER NOT NULL,
        events INTEGER NOT NULL,
        opened_secs REAL NOT NULL
    ) STRICT;
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        model_id TEXT NOT NULL,
        dataset_fingerprint TEXT NOT NULL,
        dataset_folder TEXT NOT NULL,
        dataset_config TEXT,
        lane TEXT NOT NULL,
        settings_json TEXT NOT NULL,
        seed INTEGER NOT NULL,
        code_version TEXT NOT NULL,
        created_secs REAL NOT NULL,
        build_secs REAL NOT NULL,
        evaluate_secs REAL NOT NULL,
        peak_memory_bytes INTEGER NOT NULL,
        report_json TEXT NOT NULL,
        audit_json TEXT NOT NULL,
        curve_json TEXT NOT NULL,
        arrays TEXT NOT NULL,
        arrays_digest TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_model ON runs (model_id);
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
",
    "
    CREATE TABLE run_notes (
        run_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        note TEXT NOT NULL,
        deleted_secs REAL
    ) STRICT;
",
    "
    CREATE TABLE cases (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        notes TEXT NOT NULL,
        tags_json TEXT NOT NULL,
        place REAL NOT NULL,
        created_secs REAL NOT NULL,
        changed_secs REAL NOT NULL,
        deleted_secs REAL,
        dataset_folder TEXT NOT NULL,
        dataset_name TEXT NOT NULL,
        dataset_fingerprint TEXT NOT NULL,
        desk_json TEXT NOT NULL,
        shown_json TEXT NOT NULL
    ) STRICT;
",
];

pub(super) const NEWEST: i64 = MIGRATIONS.len() as i64;

/// The oldest format that can be brought up to date.
const OLDEST: i64 = 1;

/// The format of a database; 0 for one of another program, `None` for one without tables.
pub(super) fn version_of(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let count = |condition: &str| -> rusqlite::Result<i64> {
        let sql = format!("SELECT count(*) FROM sqlite_schema WHERE type = 'table' {condition}");
        connection.query_row(&sql, [], |row| row.get(0))
    };
    Ok(match (count("")?, count("AND name = 'schema'")?) {
        (0, _) => None,
        (_, 0) => Some(0),
        _ => Some(connection.query_row("SELECT version FROM schema", [], |row| row.get(0))?),
    })
}

pub(super) fn check_version(version: i64, folder: &Path) -> Result<(), WorkspaceError> {
    match version {
        ..OLDEST => Err(WorkspaceError::Older { found: version, known: NEWEST, path: folder.to_owned() }),
        OLDEST..=NEWEST => Ok(()),
        _ => Err(WorkspaceError::Newer { found: version, known: NEWEST, path: folder.to_owned() }),
    }
}

/// Brings the database to the newest format in one transaction, or refuses.
pub(super) fn migrate(connection: &mut Connection, folder: &Path) -> Result<(), WorkspaceError> {
    let failed = |error: rusqlite::Error| WorkspaceError::open_database(folder, &error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let found = version_of(&transaction).map_err(failed)?;
    if let Some(version) = found {
        check_version(version, folder)?;
    } else {
        transaction.execute_batch("CREATE TABLE schema (version INTEGER NOT NULL) STRICT").map_err(failed)?;
        transaction.execute("INSERT INTO schema (version) VALUES (0)", []).map_err(failed)?;
    }
    let version = found.unwrap_or(0);
    for step in &MIGRATIONS[version as usize..] {
        transaction.execute_batch(step).map_err(failed)?;
    }
    if version < NEWEST {
        transaction.execute("UPDATE schema SET version = ?1", [NEWEST]).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}
