//! What the analyst says of runs: a name, a note, and whether it was thrown away. The runs themselves never change.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{Workspace, WorkspaceError, now_secs};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunNote {
    /// Empty: the run goes by its lane and its settings.
    pub name: String,
    pub note: String,
    /// Thrown away: no list shows it. It stays for thirty days, or until the bin is emptied, so that this can be undone.
    pub is_deleted: bool,
}

impl Workspace {
    /// By run id; runs that nobody spoke of are left out.
    pub fn run_notes(&self) -> Result<BTreeMap<String, RunNote>, WorkspaceError> {
        let rows = self.read_all(
            "SELECT run_id, name, note, deleted_secs IS NOT NULL AS is_deleted FROM run_notes",
            [],
            |row| {
                let note =
                    RunNote { name: row.get("name")?, note: row.get("note")?, is_deleted: row.get("is_deleted")? };
                Ok((row.get("run_id")?, note))
            },
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Takes a run out of the bin; what was said of it stays. Nothing happens to one that does not lie there.
    pub fn bring_back(&self, run_id: &str) -> Result<(), WorkspaceError> {
        self.write("UPDATE run_notes SET deleted_secs = NULL WHERE run_id = ?1 AND deleted_secs IS NOT NULL", [run_id])
    }

    /// The time since which a run is thrown away stands until it is brought back.
    pub fn set_run_note(&self, run_id: &str, note: &RunNote) -> Result<(), WorkspaceError> {
        let deleted_secs = note.is_deleted.then(now_secs);
        self.write(
            "INSERT INTO run_notes (run_id, name, note, deleted_secs) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (run_id) DO UPDATE SET name = ?2, note = ?3,
                 deleted_secs = CASE WHEN ?4 IS NULL THEN NULL ELSE coalesce(deleted_secs, ?4) END",
            params![run_id, note.name, note.note, deleted_secs],
        )
    }
}
