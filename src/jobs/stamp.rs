//! What a report says of the runs in it.

use std::{collections::BTreeMap, path::Path};

use super::{
    pipeline::{kind_of, settings_of},
    settings::PipelineSettings,
};
use crate::{
    recall::LaneKind,
    workspace::{Case, RunNote, RunRecord, Workspace, WorkspaceError, export::report::RunStamp},
};

/// The stamps of those runs that the cases name and that the workspace still keeps, by their ids. A run that cannot be read
/// counts as gone.
pub fn stamps_of_cases(workspace: &Workspace, cases: &[Case]) -> Result<BTreeMap<String, RunStamp>, WorkspaceError> {
    let notes = workspace.run_notes()?;
    let mut stamps = BTreeMap::new();
    let rows = cases.iter().flat_map(|case| &case.shown.columns).flat_map(|column| &column.rows);
    for row in rows.filter(|row| !row.run.is_empty()) {
        let note = notes.get(&row.run);
        if stamps.contains_key(&row.run) || note.is_some_and(|note| note.is_deleted) {
            continue;
        }
        let Some(run) = workspace.find_run(&row.run)? else { continue };
        if let Ok(stamp) = stamp_of_run(&run, note) {
            stamps.insert(run.id, stamp);
        }
    }
    Ok(stamps)
}

/// The stamp of a kept run; rows of it are headed by the name that it was given, else by its lane.
pub fn stamp_of_run(run: &RunRecord, note: Option<&RunNote>) -> anyhow::Result<RunStamp> {
    let given = note.map(|note| note.name.as_str()).filter(|name| !name.is_empty());
    Ok(run_stamp(given.unwrap_or(&run.lane), kind_of(run)?, &run.id, &run.code_version, &settings_of(run)?))
}

/// The stamp of the run `id` of `kind`; rows of it are headed `name`. A file that a setting names goes by its own name:
/// the folders of this machine are nobody's business.
pub fn run_stamp(name: &str, kind: LaneKind, id: &str, version: &str, settings: &PipelineSettings) -> RunStamp {
    let plain = |value: String| match Path::new(&value) {
        path if path.is_absolute() => {
            path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
        }
        _ => value,
    };
    RunStamp {
        name: name.to_owned(),
        lane: kind.name().to_owned(),
        id: id.to_owned(),
        seed: settings.seed_of(kind),
        version: version.to_owned(),
        settings: settings.entries_of(kind).into_iter().map(|(key, value)| (key, plain(value))).collect(),
    }
}
