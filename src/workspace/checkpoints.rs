//! Where trainings can be taken up again: one file a model, gone as soon as the model is kept.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Workspace, WorkspaceError, artifacts};
use crate::workspace::{Arrays, read_safetensors, write_safetensors};

const CHECKPOINTS: &str = "checkpoints";
const ENDING: &str = ".safetensors";
/// No checkpoint's header is longer.
const LONGEST_HEADER: u64 = 1 << 22;
/// Nobody goes on with a training after that long.
const KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);

impl Workspace {
    fn checkpoint(&self, model_id: &str) -> PathBuf {
        self.folder().join(CHECKPOINTS).join(format!("{model_id}{ENDING}"))
    }

    /// Writes the checkpoint of a model's training, whole or not at all, over the one before. `notes` are what
    /// [`Workspace::checkpoints`] tells of it.
    pub fn put_checkpoint(
        &self,
        model_id: &str,
        arrays: &Arrays<'_>,
        notes: &BTreeMap<String, String>,
    ) -> Result<(), WorkspaceError> {
        let folder = self.folder().join(CHECKPOINTS);
        fs::create_dir_all(&folder).map_err(|error| WorkspaceError::write(&folder, &error))?;
        write_safetensors(&self.checkpoint(model_id), arrays, notes)?;
        Ok(())
    }

    /// `None` where there is none that can be read.
    pub fn find_checkpoint(&self, model_id: &str) -> Option<Arrays<'static>> {
        let path = self.checkpoint(model_id);
        if !path.exists() {
            return None;
        }
        read_safetensors(&path, None).inspect_err(|error| log::warn!("a training begins anew: {error}")).ok()
    }

    /// Ids of the models whose training can be taken up again, with the notes that were kept, by id. Reads no arrays.
    pub fn checkpoints(&self) -> Vec<(String, HashMap<String, String>)> {
        let Ok(entries) = fs::read_dir(self.folder().join(CHECKPOINTS)) else { return Vec::new() };
        let mut found: Vec<(String, HashMap<String, String>)> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let model_id = name.strip_suffix(ENDING)?.to_owned();
                // What is being written stands under another name, and what cannot be read is of no use.
                (!name.starts_with(artifacts::UNFINISHED)).then_some((model_id, notes_of(&entry.path())?))
            })
            .collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found
    }

    pub fn drop_checkpoint(&self, model_id: &str) {
        // What cannot be removed is swept later.
        let _ = fs::remove_file(self.checkpoint(model_id));
    }

    /// Removes what writers left that died, and what nobody went on with.
    pub(super) fn sweep_checkpoints(&self) {
        let folder = self.folder().join(CHECKPOINTS);
        artifacts::sweep(&folder);
        let Ok(entries) = fs::read_dir(&folder) else { return };
        for entry in entries.flatten() {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            if modified.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > KEPT_FOR)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The notes in the header of a safetensors file.
fn notes_of(path: &Path) -> Option<HashMap<String, String>> {
    let mut file = fs::File::open(path).ok()?;
    let mut length = [0; 8];
    file.read_exact(&mut length).ok()?;
    let length = u64::from_le_bytes(length);
    let mut header = Vec::new();
    (length <= LONGEST_HEADER).then_some(())?;
    file.take(length).read_to_end(&mut header).ok()?;
    let mut header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    serde_json::from_value(header.get_mut("__metadata__")?.take()).ok()
}
