//! What the analyst says of runs: a name, a note, and whether it was thrown away. The runs themselves never change.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{Workspace, WorkspaceError};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunNote {
    /// Empty: the run goes by its lane and its settings.
    pub name: String,
    pub note: String,
    /// Thrown away: no list shows it. Its arrays stay until the workspace is swept, so that this can be undone.
    pub is_deleted: bool,
}

impl Workspace {
    /// By run id; runs that nobody spoke of are left out.
    pub fn run_notes(&self) -> Result<BTreeMap<String, RunNote>, WorkspaceError> {
        let rows = self.read_all("SELECT run_id, name, note, is_deleted FROM run_notes", [], |row| {
            let note = RunNote { name: row.get("name")?, note: row.get("note")?, is_deleted: row.get("is_deleted")? };
            Ok((row.get("run_id")?, note))
        })?;
        Ok(rows.into_iter().collect())
    }

    pub fn set_run_note(&self, run_id: &str, note: &RunNote) -> Result<(), WorkspaceError> {
        self.write(
            "INSERT OR REPLACE INTO run_notes (run_id, name, note, is_deleted) VALUES (?1, ?2, ?3, ?4)",
            params![run_id, note.name, note.note, note.is_deleted],
        )
    }
}
