//! A workspace to be taken elsewhere: a copy with everything that its runs need, the columns of their data sets among it.
//!
//! ```text
//! pack.json             what it is: format, version, and which data sets are in it
//! recallscope.sqlite    the database, without what was thrown away
//! artifacts/            the arrays that its runs name
//! packed/FP.columns     a data set's columns, by the beginning of its fingerprint
//! packed/FP/ROW.jpg     its covers, if they were asked for, by row of the item
//! ```
//!
//! Whoever opens a run finds its data set there when the folder that it was made from is gone.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    RunRecord, Workspace, WorkspaceError,
    artifacts::{self, UNFINISHED, write_atomically},
    database::{ARTIFACTS, FILE, now_secs},
    export::report::pictures,
};
use crate::{
    dataset::{
        Dataset, kept,
        read::{self, Corrections},
    },
    task::JobContext,
};

const NOTE: &str = "pack.json";
const PACKED: &str = "packed";
/// To be raised when a pack can no longer be read by an older version.
const FORMAT: u32 = 1;
/// So many characters of a fingerprint name its files.
const NAME: usize = 24;

/// What comes along of the covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackCovers {
    #[default]
    None,
    /// As JPEGs, no side longer than 256 pixels.
    Small,
    /// The files as they are.
    Whole,
}

/// What a packed workspace says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackNote {
    pub format: u32,
    pub version: String,
    /// Seconds since 1970, UTC.
    pub made_secs: i64,
    pub covers: PackCovers,
    pub runs: usize,
    pub datasets: Vec<PackedDataset>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackedDataset {
    pub fingerprint: String,
    pub name: String,
    /// How many covers came along.
    pub covers: usize,
    /// Why the data set is not in it, though runs of it are.
    pub lacking: Option<String>,
}

impl Workspace {
    /// Whether `folder` holds a packed workspace, whatever its format.
    pub fn is_pack(folder: &Path) -> bool {
        folder.join(NOTE).is_file() && folder.join(FILE).is_file()
    }

    /// Opens a packed workspace for a window: what is arranged or noted there is forgotten when it closes.
    pub fn open_pack(folder: &Path) -> Result<Self, WorkspaceError> {
        let workspace = Self::open_aside(folder)?;
        workspace.pack_note()?;
        Ok(workspace)
    }

    /// What the workspace says of itself, if it was packed.
    pub fn pack_note(&self) -> Result<Option<PackNote>, WorkspaceError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let path = self.folder().join(NOTE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(WorkspaceError::read(&path, &error)),
        };
        let broken =
            |error: serde_json::Error| WorkspaceError::BrokenPack { what: error.to_string(), path: path.clone() };
        // The number comes first: what else a newer one says is not known here.
        let Format { format } = serde_json::from_slice(&bytes).map_err(broken)?;
        if format > FORMAT {
            return Err(WorkspaceError::NewerPack { found: format, known: FORMAT, path });
        }
        serde_json::from_slice(&bytes).map(Some).map_err(broken)
    }

    /// The data set with this fingerprint as it was packed with the workspace; `None` where it was not. Its covers are
    /// those that came along.
    pub fn packed_dataset(&self, fingerprint: &str, ctx: &JobContext) -> Result<Option<Dataset>, WorkspaceError> {
        if self.pack_note()?.is_none() {
            return Ok(None);
        }
        let (path, covers) = places(self.folder(), fingerprint);
        if !path.is_file() {
            return Ok(None);
        }
        let broken = |what: String| WorkspaceError::BrokenPack { what, path: path.clone() };
        let kept = kept::open(&path).map_err(|error| broken(error.to_string()))?;
        let mut dataset = kept.load(ctx).map_err(|error| broken(error.to_string()))?;
        ctx.check()?;
        if dataset.fingerprint != fingerprint {
            return Err(broken("it is another data set".to_owned()));
        }
        dataset.items.cover = vec![None; dataset.item_count()];
        for entry in fs::read_dir(covers).into_iter().flatten().flatten() {
            let path = entry.path();
            let row = path.file_stem().and_then(|stem| stem.to_str()?.parse::<usize>().ok());
            if let Some(cover) = row.and_then(|row| dataset.items.cover.get_mut(row)) {
                *cover = Some(path);
            }
        }
        Ok(Some(dataset))
    }

    /// The packed data set that was read from `folder`, the newest where there are several.
    pub fn packed_folder(&self, folder: &Path, ctx: &JobContext) -> Result<Option<Dataset>, WorkspaceError> {
        for run in self.runs()? {
            if Path::new(&run.dataset_folder) == folder
                && let Some(dataset) = self.packed_dataset(&run.dataset_fingerprint, ctx)?
            {
                return Ok(Some(dataset));
            }
        }
        Ok(None)
    }

    /// Copies the workspace to the folder `out`, which is made, with all that its runs need; it is there as a whole or
    /// not at all.
    pub fn pack(&self, out: &Path, covers: PackCovers, ctx: &JobContext) -> Result<PackNote, WorkspaceError> {
        let out = std::path::absolute(out).map_err(|error| WorkspaceError::write(out, &error))?;
        let is_taken = fs::read_dir(&out).is_ok_and(|mut entries| entries.next().is_some());
        if out.is_file() {
            return Err(WorkspaceError::NotAFolder(out));
        }
        if is_taken || out.starts_with(self.folder()) {
            return Err(WorkspaceError::NotEmpty(out));
        }
        let around = out.parent().unwrap_or(Path::new("."));
        let failed = |error: &io::Error| WorkspaceError::write(&out, error);
        fs::create_dir_all(around).map_err(|error| failed(&error))?;
        let unfinished =
            tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(around).map_err(|error| failed(&error))?;
        let folder = unfinished.path();
        let note = self.pack_into(folder, covers, ctx).map_err(|error| error.at(&out))?;
        ctx.check()?;
        let finish = || {
            artifacts::sync_folder(folder)?;
            if out.is_dir() {
                fs::remove_dir(&out)?;
            }
            fs::rename(folder, &out)?;
            artifacts::sync_folder(around)
        };
        finish().map_err(|error| failed(&error))?;
        // It has another name now.
        let _ = unfinished.keep();
        Ok(note)
    }

    fn pack_into(&self, folder: &Path, covers: PackCovers, ctx: &JobContext) -> Result<PackNote, WorkspaceError> {
        ctx.stage("Copying the workspace", 0, "");
        let runs = self.copy_database(&folder.join(FILE))?;
        let failed = |error: io::Error| WorkspaceError::write(folder, &error);
        for name in [ARTIFACTS, PACKED] {
            fs::create_dir(folder.join(name)).map_err(failed)?;
        }
        let arrays: BTreeMap<&str, &RunRecord> = runs.iter().map(|run| (run.arrays.as_str(), run)).collect();
        ctx.stage("Copying vectors", arrays.len() as u64, "files");
        for (name, run) in arrays {
            ctx.check()?;
            copy(&self.arrays_path(run)?, &folder.join(ARTIFACTS).join(name))?;
            ctx.advance(1);
        }
        // The newest run of each data set, in order of the runs.
        let mut datasets: Vec<&RunRecord> = Vec::new();
        for run in &runs {
            if !datasets.iter().any(|known| known.dataset_fingerprint == run.dataset_fingerprint) {
                datasets.push(run);
            }
        }
        let mut packed = Vec::new();
        for run in datasets {
            packed.push(self.pack_dataset(run, folder, covers, ctx)?);
        }
        if let Some(lacking) = packed.iter().find_map(|set| set.lacking.clone())
            && packed.iter().all(|set| set.lacking.is_some())
        {
            return Err(WorkspaceError::NothingToPack { what: lacking, path: self.folder().to_owned() });
        }
        if packed.is_empty() {
            let what = "the workspace keeps no run".to_owned();
            return Err(WorkspaceError::NothingToPack { what, path: self.folder().to_owned() });
        }
        let note = PackNote {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_secs: now_secs() as i64,
            covers,
            runs: runs.len(),
            datasets: packed,
        };
        let text = serde_json::to_vec_pretty(&note).unwrap_or_default();
        write_atomically(&folder.join(NOTE), |out| out.write_all(&text))?;
        Ok(note)
    }

    fn pack_dataset(
        &self,
        run: &RunRecord,
        folder: &Path,
        covers: PackCovers,
        ctx: &JobContext,
    ) -> Result<PackedDataset, WorkspaceError> {
        let fingerprint = run.dataset_fingerprint.clone();
        let dataset = match self.dataset_to_pack(run, ctx) {
            Ok(dataset) => dataset,
            Err(WorkspaceError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(error) => {
                let name = Path::new(&run.dataset_folder).file_name();
                let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                return Ok(PackedDataset { fingerprint, name, covers: 0, lacking: Some(error.to_string()) });
            }
        };
        ctx.stage("Packing columns", 0, "");
        let (columns, pictures) = places(folder, &fingerprint);
        write_atomically(&columns, |out| kept::write(&dataset, &[], "packed", out, ctx))
            .map_err(|error| if ctx.is_cancelled() { crate::task::Cancelled.into() } else { error })?;
        let copied = match covers {
            PackCovers::None => 0,
            _ => pack_covers(&dataset, &pictures, covers, ctx)?,
        };
        Ok(PackedDataset { fingerprint, name: dataset.name, covers: copied, lacking: None })
    }

    /// The data set that `run` was made from: as its columns are kept, from its folder, or as it was packed here.
    fn dataset_to_pack(&self, run: &RunRecord, ctx: &JobContext) -> Result<Dataset, WorkspaceError> {
        let folder = PathBuf::from(&run.dataset_folder);
        let is_meant = |dataset: &Dataset| dataset.fingerprint == run.dataset_fingerprint;
        let kept = kept::open(&self.kept_dataset(&folder)).and_then(|kept| kept.load(ctx));
        if let Some(dataset) = kept.ok().filter(is_meant) {
            return Ok(dataset);
        }
        ctx.check()?;
        let config = run.dataset_config.as_ref().map(PathBuf::from);
        // As the analyst corrected it in the window.
        let corrections = self.setting(&format!("corrections:{}", folder.display()))?;
        let corrections: Option<Corrections> = corrections.and_then(|text| serde_json::from_str(&text).ok());
        let mut why = "it has changed since".to_owned();
        for corrections in [None, corrections.as_ref()].into_iter().take(1 + usize::from(corrections.is_some())) {
            match read::load(&folder, config.as_deref(), corrections, ctx) {
                Ok(dataset) if is_meant(&dataset) => return Ok(dataset),
                Ok(_) => {}
                Err(error) => why = error.to_string(),
            }
            ctx.check()?;
        }
        match self.packed_dataset(&run.dataset_fingerprint, ctx)? {
            Some(dataset) => Ok(dataset),
            None => Err(WorkspaceError::BrokenPack {
                what: format!("the data set of the run {} is not as it was: {why}", run.id),
                path: folder,
            }),
        }
    }
}

/// Where the columns and the covers of a data set are in the pack `folder`.
fn places(folder: &Path, fingerprint: &str) -> (PathBuf, PathBuf) {
    let name: String = fingerprint.chars().filter(char::is_ascii_alphanumeric).take(NAME).collect();
    let packed = folder.join(PACKED);
    (packed.join(format!("{name}.columns")), packed.join(name))
}

fn copy(from: &Path, to: &Path) -> Result<(), WorkspaceError> {
    let mut file = fs::File::open(from).map_err(|error| WorkspaceError::read(from, &error))?;
    write_atomically(to, |out| io::copy(&mut file, out).map(|_| ()))
}

/// How many covers came along; those that cannot be read stay behind.
fn pack_covers(
    dataset: &Dataset,
    folder: &Path,
    covers: PackCovers,
    ctx: &JobContext,
) -> Result<usize, WorkspaceError> {
    fs::create_dir(folder).map_err(|error| WorkspaceError::write(folder, &error))?;
    let files: Vec<(usize, &Path)> =
        dataset.items.cover.iter().enumerate().filter_map(|(row, path)| Some((row, path.as_deref()?))).collect();
    ctx.stage("Packing covers", files.len() as u64, "covers");
    let copied: Vec<bool> = files
        .par_iter()
        .map(|&(row, path)| {
            ctx.check()?;
            ctx.advance(1);
            let bytes = match covers {
                PackCovers::Whole => fs::read(path).ok(),
                _ => pictures::small(path).map(|picture| picture.jpeg),
            };
            let Some(bytes) = bytes else { return Ok(false) };
            let ending = match (covers, path.extension()) {
                (PackCovers::Whole, Some(extension)) => extension.to_string_lossy().into_owned(),
                _ => "jpg".to_owned(),
            };
            let to = folder.join(format!("{row}.{ending}"));
            // The folder is synced as a whole when the pack gets its name.
            fs::write(&to, bytes).map_err(|error| WorkspaceError::write(&to, &error))?;
            Ok(true)
        })
        .collect::<Result<_, WorkspaceError>>()?;
    Ok(copied.into_iter().filter(|&is_copied| is_copied).count())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// As the format before this one wrote it, and packed as it was.
    fn older_pack(folder: &Path) {
        let connection = Connection::open(folder.join(FILE)).unwrap();
        connection.execute_batch(include_str!("pack/format-1.sql")).unwrap();
        fs::write(
            folder.join(NOTE),
            r#"{"format":1,"version":"0.1.0","made_secs":1,"covers":"none","runs":1,"datasets":[]}"#,
        )
        .unwrap();
    }

    #[test]
    fn an_older_format_is_read_without_being_touched() {
        let folder = tempfile::tempdir().unwrap();
        older_pack(folder.path());
        let before = fs::read(folder.path().join(FILE)).unwrap();
        for open in [Workspace::open_to_read, Workspace::open_pack] {
            let workspace = open(folder.path()).unwrap();
            assert!(workspace.is_read_only());
            let runs: Vec<String> = workspace.runs().unwrap().into_iter().map(|run| run.id).collect();
            assert_eq!(runs, ["old"]);
            assert!(workspace.run_notes().unwrap().is_empty(), "a table that the older format lacks");
            assert_eq!(workspace.setting("desk").unwrap().as_deref(), Some("kept"));
            assert_eq!(workspace.pack_note().unwrap().unwrap().runs, 1);
        }
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), before);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
    }

    #[test]
    fn what_a_window_notes_in_a_pack_is_gone_with_it() {
        let folder = tempfile::tempdir().unwrap();
        older_pack(folder.path());
        let workspace = Workspace::open_pack(folder.path()).unwrap();
        workspace.set_setting("desk", "changed").unwrap();
        assert_eq!(workspace.setting("desk").unwrap().as_deref(), Some("changed"));
        drop(workspace);
        let workspace = Workspace::open_pack(folder.path()).unwrap();
        assert_eq!(workspace.setting("desk").unwrap().as_deref(), Some("kept"));
    }
}
