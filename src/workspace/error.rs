//! What can go wrong with a workspace, and how to mend it.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::ErrorCode;

#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    #[error("cannot open the workspace ({what}); {mend}: {path}")]
    Open { what: String, mend: &'static str, path: PathBuf },
    #[error("this is a file and no folder; name a folder: {0}")]
    NotAFolder(PathBuf),
    #[error("there is no workspace here; make one with `recallscope run DIR --out WORKSPACE`: {0}")]
    None(PathBuf),
    #[error("this folder holds other things and is no workspace; name a new or an empty folder: {0}")]
    NotEmpty(PathBuf),
    #[error(
        "the workspace was written by a newer recallscope (format {found}, this one knows {known}); open it with that \
         one, or name another workspace: {path}"
    )]
    Newer { found: i64, known: i64, path: PathBuf },
    #[error(
        "the workspace has the format {found}, which this recallscope no longer reads (it knows {known}); name another \
         workspace, and run there again: {path}"
    )]
    Older { found: i64, known: i64, path: PathBuf },
    #[error("cannot write ({what}); {mend}: {path}")]
    Write { what: String, mend: &'static str, path: PathBuf },
    #[error("the workspace's database fails ({what}); {mend}: {path}")]
    Database { what: String, mend: &'static str, path: PathBuf },
    #[error("a kept file cannot be used ({what}); run again, and it is made anew: {path}")]
    Damaged { what: String, path: PathBuf },
    #[error("what was packed of a data set cannot be used ({what}); pack the workspace again: {path}")]
    BrokenPack { what: String, path: PathBuf },
    #[error(
        "the workspace was packed by a newer recallscope (pack format {found}, this one knows {known}); open it with that \
         one: {path}"
    )]
    NewerPack { found: u32, known: u32, path: PathBuf },
    #[error("nothing can be packed ({what}); bring the data set's folder back, or run again: {path}")]
    NothingToPack { what: String, path: PathBuf },
    #[error("{0}")]
    Cancelled(#[from] crate::task::Cancelled),
    #[error("this form of export cannot hold {what}; choose `--format parquet`: {path}")]
    Unfit { what: String, path: PathBuf },
    #[error("no home folder was found for the default workspace; name one with `--workspace`")]
    NoHome,
}

impl WorkspaceError {
    pub(super) fn open(path: &Path, error: &io::Error) -> Self {
        Self::Open { what: error.to_string(), mend: mend(error), path: path.to_owned() }
    }

    pub(super) fn read(path: &Path, error: &io::Error) -> Self {
        let mend = match error.kind() {
            io::ErrorKind::PermissionDenied => "give yourself the right to read it",
            _ => mend(error),
        };
        Self::Open { what: error.to_string(), mend, path: path.to_owned() }
    }

    /// Where `path` was to be made a folder.
    pub(super) fn make_folder(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => Self::NotAFolder(path.to_owned()),
            _ => Self::write(path, error),
        }
    }

    /// The same, about `path`, if it is of writing.
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            Self::Write { what, mend, path: _ } => Self::Write { what, mend, path: path.to_owned() },
            other => other,
        }
    }

    pub(super) fn write(path: &Path, error: &io::Error) -> Self {
        Self::Write { what: error.to_string(), mend: mend(error), path: path.to_owned() }
    }

    pub(super) fn database(path: &Path, error: &rusqlite::Error) -> Self {
        Self::Database { what: error.to_string(), mend: database_mend(error), path: path.to_owned() }
    }

    /// Of a database that is to be read alone.
    pub(super) fn read_database(path: &Path, error: &rusqlite::Error) -> Self {
        let mend = match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                "give yourself the right to read it"
            }
            _ => database_mend(error),
        };
        Self::Open { what: error.to_string(), mend, path: path.to_owned() }
    }

    /// Of a database that was never usable.
    pub(super) fn open_database(path: &Path, error: &rusqlite::Error) -> Self {
        Self::Open { what: error.to_string(), mend: database_mend(error), path: path.to_owned() }
    }
}

fn mend(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give yourself the right to write there, or name another folder"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room on the disk, or name a folder on another one"
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "check the path",
        _ => "check that the disk is at hand, or name another folder",
    }
}

fn database_mend(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "give yourself the right to write there, or name another folder"
        }
        Some(ErrorCode::DiskFull) => "make room on the disk, or name a folder on another one",
        Some(ErrorCode::SystemIoFailure) => {
            "see that the disk has room and is at hand, or name a folder on another one"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds it; close that one, and try again"
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "it is damaged; move it away, or name another workspace"
        }
        _ => "close other programs that use it, or name another workspace",
    }
}
