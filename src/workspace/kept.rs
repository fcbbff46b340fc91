//! Where data sets lie that are kept as columns: one file a folder, the longest unused ones giving way.
//!
//! SQLite does not speak of them. Each says itself what it is and whether it is whole, and whoever loses one reads the
//! tables again.

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    Workspace, WorkspaceError,
    artifacts::{self, write_atomically},
    database::absolute,
};

const DATASETS: &str = "datasets";
const ENDING: &str = ".columns";
/// What they may take together.
const MOST_BYTES: u64 = 4 << 30;

impl Workspace {
    /// Where the columns of the data set in `folder` are, if any are kept.
    pub fn kept_dataset(&self, folder: &Path) -> PathBuf {
        let name = blake3::hash(absolute(folder).as_bytes()).to_hex();
        self.folder().join(DATASETS).join(format!("{}{ENDING}", &name[..24]))
    }

    /// Keeps what `write` writes of the data set in `folder`, whole or not at all, instead of what was kept of it before.
    pub fn keep_dataset(
        &self,
        folder: &Path,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), WorkspaceError> {
        let datasets = self.folder().join(DATASETS);
        fs::create_dir_all(&datasets).map_err(|error| WorkspaceError::write(&datasets, &error))?;
        write_atomically(&self.kept_dataset(folder), write)?;
        self.make_room(MOST_BYTES);
        Ok(())
    }

    /// Notes that the kept columns of `folder` were used now.
    pub fn dataset_used(&self, folder: &Path) {
        let file = File::options().write(true).open(self.kept_dataset(folder));
        // Where that cannot be written, it goes the earlier.
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
    }

    /// Drops what is kept of the data set in `folder`.
    pub fn drop_dataset(&self, folder: &Path) {
        // What cannot be removed is noticed to be useless again, or gives way to others.
        let _ = fs::remove_file(self.kept_dataset(folder));
    }

    /// Removes what writers left that died, and what is too much.
    pub(super) fn sweep_datasets(&self) {
        artifacts::sweep(&self.folder().join(DATASETS));
        self.make_room(MOST_BYTES);
    }

    fn make_room(&self, most_bytes: u64) {
        let Ok(entries) = fs::read_dir(self.folder().join(DATASETS)) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
            .flatten()
            .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.ends_with(ENDING)))
            .filter_map(|entry| {
                let metadata = entry.metadata().ok()?;
                Some((metadata.modified().ok()?, metadata.len(), entry.path()))
            })
            .collect();
        files.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes = 0;
        for (_, length, path) in files {
            bytes += length;
            if bytes > most_bytes {
                let _ = fs::remove_file(path);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{io::Write as _, time::Duration};

    use super::*;

    #[test]
    fn the_longest_unused_give_way() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        let sets = ["one", "two", "three"].map(|name| folder.path().join(name));
        for (age_hours, set) in (1..).zip(&sets) {
            workspace.keep_dataset(set, |out| out.write_all(&[0; 100])).unwrap();
            let file = File::options().write(true).open(workspace.kept_dataset(set)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(3_600 * age_hours)).unwrap();
        }
        let left = || sets.each_ref().map(|set| workspace.kept_dataset(set).exists());
        workspace.make_room(300);
        assert_eq!(left(), [true; 3]);
        workspace.dataset_used(&sets[2]);
        workspace.make_room(250);
        assert_eq!(left(), [true, false, true]);
        workspace.forget_dataset(&sets[0]).unwrap();
        assert_eq!(left(), [false, false, true]);
        workspace.make_room(99);
        assert_eq!(left(), [false; 3]);
    }

    #[test]
    fn half_a_file_is_never_kept_and_leftovers_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        let set = folder.path().join("set");
        workspace.keep_dataset(&set, |out| out.write_all(b"whole")).unwrap();
        let failed = workspace.keep_dataset(&set, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("cancelled"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(workspace.kept_dataset(&set)).unwrap(), b"whole");
        let left = folder.path().join(DATASETS).join(format!("{}1-1", artifacts::UNFINISHED));
        fs::write(&left, "half").unwrap();
        let old = SystemTime::now() - Duration::from_secs(3_600);
        File::options().write(true).open(&left).unwrap().set_modified(old).unwrap();
        drop(workspace);
        let workspace = Workspace::open(folder.path()).unwrap();
        assert!(!left.exists() && workspace.kept_dataset(&set).exists());
    }
}
