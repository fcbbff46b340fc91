//! Where trainings can be taken up again: one file a model, gone as soon as the model is kept.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use super::{Workspace, WorkspaceError, artifacts};
use crate::workspace::{Arrays, read_safetensors, write_safetensors};

const CHECKPOINTS: &str = "checkpoints";
const ENDING: &str = ".safetensors";
/// Nobody goes on with a training after that long.
const KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);

impl Workspace {
    fn checkpoint(&self, model_id: &str) -> PathBuf {
        self.folder().join(CHECKPOINTS).join(format!("{model_id}{ENDING}"))
    }

    /// Writes the checkpoint of a model's training, whole or not at all, over the one before.
    pub fn put_checkpoint(&self, model_id: &str, arrays: &Arrays) -> Result<(), WorkspaceError> {
        let folder = self.folder().join(CHECKPOINTS);
        fs::create_dir_all(&folder).map_err(|error| WorkspaceError::write(&folder, &error))?;
        write_safetensors(&self.checkpoint(model_id), arrays, &BTreeMap::new())?;
        Ok(())
    }

    /// `None` where there is none that can be read.
    pub fn find_checkpoint(&self, model_id: &str) -> Option<Arrays> {
        let path = self.checkpoint(model_id);
        if !path.exists() {
            return None;
        }
        read_safetensors(&path, None).inspect_err(|error| log::warn!("a training begins anew: {error}")).ok()
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
