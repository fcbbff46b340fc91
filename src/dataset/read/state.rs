//! What a folder held at one moment, so that what was made of it is never taken for what it holds now.
//!
//! The tables and `dataset.toml` count by their contents, everything else below the folder (covers above all) by name,
//! size and times. So a table that was changed is noticed even if its size and times are as before. A cover that was is
//! not, where the system tells no time of change (`ctime`); then at most a remark in the report is old, for the
//! pictures themselves are always read from their files.

use std::{
    fs::{self, File, Metadata},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Corrections, DatasetError, load, plan::Plan};
use crate::task::JobContext;

/// Folders with more entries are not looked after.
const MAX_ENTRIES: usize = 500_000;
/// The coarsest clock of a file system: what changed within this before the look may change again without a trace.
const COARSEST: Duration = Duration::from_secs(2);

/// Names, sizes and times of all that lies below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    digest: blake3::Hash,
    /// Whether all of it had been there for a while.
    is_settled: bool,
}

impl Listing {
    /// Looks at everything below `folder` but `ignored`. `None` where that cannot be done, or would not tell all:
    /// behind links to other folders.
    pub fn of(folder: &Path, ignored: Option<&Path>) -> Option<Self> {
        let now = SystemTime::now();
        let mut lines: Vec<String> = Vec::new();
        let mut newest = SystemTime::UNIX_EPOCH;
        let mut queue: Vec<(PathBuf, String)> = vec![(folder.to_owned(), String::new())];
        while let Some((path, prefix)) = queue.pop() {
            for entry in fs::read_dir(&path).ok()? {
                let entry = entry.ok()?;
                let kind = entry.file_type().ok()?;
                // The reader passes over such names too.
                let Ok(name) = entry.file_name().into_string() else { continue };
                if kind.is_dir() {
                    if ignored != Some(&*entry.path()) {
                        lines.push(format!("{prefix}{name}/"));
                        queue.push((entry.path(), format!("{prefix}{name}/")));
                    }
                    continue;
                }
                let mut target = String::new();
                let metadata = if kind.is_symlink() {
                    let real = fs::canonicalize(entry.path()).unwrap_or_default();
                    target = real.display().to_string();
                    fs::metadata(entry.path()).ok()
                } else {
                    Some(entry.metadata().ok()?)
                };
                let Some(metadata) = metadata else {
                    lines.push(format!("{prefix}{name}\0a link to nothing"));
                    continue;
                };
                if metadata.is_dir() {
                    return None;
                }
                let (modified, changed) = (metadata.modified().ok()?, changed(&metadata)?);
                newest = newest.max(changed);
                let times = [modified, changed].map(|time| {
                    time.duration_since(SystemTime::UNIX_EPOCH)
                        .map_or_else(|before| -(before.duration().as_nanos() as i128), |since| since.as_nanos() as i128)
                });
                lines.push(format!("{prefix}{name}\0{target}\0{}\0{times:?}", metadata.len()));
            }
            if lines.len() > MAX_ENTRIES {
                return None;
            }
        }
        lines.sort_unstable();
        let mut digest = blake3::Hasher::new();
        for line in lines {
            digest.update(line.as_bytes());
            digest.update(b"\n");
        }
        let is_settled = now.duration_since(newest).is_ok_and(|age| age > COARSEST);
        Some(Self { digest: digest.finalize(), is_settled })
    }

    /// Whether two equal listings vouch for equal files: not where something had changed a moment before.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }

    pub fn is_same(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

/// When the file last changed in any way, by the system's own clock; elsewhere when its contents did, as far as they say.
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let since = Duration::new(metadata.ctime().try_into().ok()?, metadata.ctime_nsec().try_into().ok()?);
        SystemTime::UNIX_EPOCH.checked_add(since)
    }
    #[cfg(not(unix))]
    metadata.modified().ok()
}

/// The files below `folder` whose contents make the data set: all tables, and `dataset.toml` if there is one.
pub fn tables(folder: &Path, corrections: &Corrections) -> Result<Vec<String>, DatasetError> {
    let plan = Plan::make(folder, None, Some(corrections))?;
    let own = folder.join("dataset.toml").exists().then(|| "dataset.toml".to_owned());
    let files = plan.tables.into_values().flat_map(|table| table.files.into_iter().map(|file| file.shown));
    Ok(own.into_iter().chain(files).collect())
}

/// Hex digest of how `folder` is read, by which version, of `listing`, and of the contents of `tables`. Two equal ones
/// mean the same data set.
pub fn state(
    folder: &Path,
    corrections: &Corrections,
    listing: &Listing,
    tables: &[String],
    ctx: &JobContext,
) -> Result<String, DatasetError> {
    let mut digest = blake3::Hasher::new();
    let how = (env!("CARGO_PKG_VERSION"), load::READER, corrections, tables);
    digest.update(serde_json::to_string(&how).unwrap_or_default().as_bytes());
    digest.update(listing.digest.as_bytes());
    for table in tables {
        let path = folder.join(table);
        let file = File::open(&path).map_err(|source| DatasetError::unreadable(&path, &source))?;
        let of_file = load::digest_file(file, &path, blake3::Hasher::new(), ctx, &|_| {})?;
        digest.update(of_file.finalize().as_bytes());
    }
    Ok(digest.finalize().to_hex().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("covers")).unwrap();
        fs::write(folder.path().join("covers/a.jpg"), "picture").unwrap();
        fs::write(folder.path().join("events.csv"), "user_id,item_id\n1,a\n2,b\n").unwrap();
        folder
    }

    fn of(folder: &Path, corrections: &Corrections) -> String {
        let listing = Listing::of(folder, Some(&folder.join("workspace"))).unwrap();
        let tables = tables(folder, corrections).unwrap();
        state(folder, corrections, &listing, &tables, &JobContext::default()).unwrap()
    }

    #[test]
    fn whatever_reading_depends_on_makes_another_state() {
        let folder = folder();
        let path = folder.path();
        let plain = Corrections::default();
        let first = of(path, &plain);
        assert_eq!(of(path, &plain), first);
        fs::create_dir(path.join("workspace")).unwrap();
        fs::write(path.join("workspace/kept"), "anything").unwrap();
        assert_eq!(of(path, &plain), first, "what the app itself keeps does not count");
        let corrected = Corrections { time_unit: Some("seconds".to_owned()), ..Corrections::default() };
        assert_ne!(of(path, &corrected), first);
        let mut before = first;
        for (name, text) in [
            ("covers/a.jpg", "another picture"),
            ("covers/b.jpg", "picture"),
            ("dataset.toml", "name = \"Mine\"\n"),
            ("items.csv", "item_id\na\n"),
            ("elsewhere.jpg", "picture"),
        ] {
            fs::write(path.join(name), text).unwrap();
            let after = of(path, &plain);
            assert_ne!(after, before, "{name}");
            before = after;
        }
        fs::remove_file(path.join("covers/b.jpg")).unwrap();
        assert_ne!(of(path, &plain), before);
    }

    #[test]
    fn a_table_of_the_same_size_and_times_is_told_by_its_contents() {
        let folder = folder();
        let (path, plain) = (folder.path(), Corrections::default());
        let listing = Listing::of(path, None).unwrap();
        let tables = tables(path, &plain).unwrap();
        let of = || state(path, &plain, &listing, &tables, &JobContext::default()).unwrap();
        let first = of();
        fs::write(path.join("events.csv"), "user_id,item_id\n1,a\n2,c\n").unwrap();
        assert_ne!(of(), first);
    }

    #[test]
    fn what_has_just_changed_is_not_settled() {
        let folder = folder();
        assert!(!Listing::of(folder.path(), None).unwrap().is_settled());
        std::thread::sleep(COARSEST + Duration::from_millis(100));
        assert!(Listing::of(folder.path(), None).unwrap().is_settled());
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_not_vouched_for() {
        let (folder, other) = (folder(), folder());
        std::os::unix::fs::symlink(other.path().join("events.csv"), folder.path().join("more.csv")).unwrap();
        let before = Listing::of(folder.path(), None).unwrap();
        fs::write(other.path().join("events.csv"), "longer than it was before, whatever is in it").unwrap();
        assert!(!Listing::of(folder.path(), None).unwrap().is_same(&before));
        std::os::unix::fs::symlink(other.path(), folder.path().join("linked")).unwrap();
        assert_eq!(Listing::of(folder.path(), None), None);
    }
}
