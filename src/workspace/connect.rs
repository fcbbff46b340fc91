//! Ways to a database that others may have open, or that lies where nothing can be written.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tempfile::TempDir;

use super::{database::FILE, schema::version_of};

/// How long one writer waits for another.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Changing the journal's mode does not wait for other programs by itself.
pub(super) fn patiently<T>(mut action: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let since = Instant::now();
    loop {
        match action() {
            Err(error)
                if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
                    && since.elapsed() < PATIENCE =>
            {
                thread::sleep(Duration::from_millis(20));
            }
            other => return other,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Access {
    /// Others may write meanwhile.
    Shared,
    /// Nobody writes, so no file is needed to tell about it.
    Alone,
}

/// Opens the database `path` and asks it something, so that whatever reading needs is known to be there; gives its
/// [`version_of`] too.
pub(super) fn connect_to_read(path: &Path, access: Access) -> rusqlite::Result<(Connection, Option<i64>)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match access {
        Access::Shared => Connection::open_with_flags(path, flags)?,
        Access::Alone => {
            let path = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            Connection::open_with_flags(format!("file:{path}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)?
        }
    };
    connection.busy_timeout(PATIENCE)?;
    let version = version_of(&connection)?;
    Ok((connection, version))
}

/// SQLite's write-ahead log of `database`.
pub(super) fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// A copy of `database` and its log, where temporary files may be made.
pub(super) fn copied(database: &Path) -> std::io::Result<TempDir> {
    let copy = tempfile::tempdir()?;
    let own = copy.path().join(FILE);
    // Not with their rights: the copy is to be read with all that SQLite makes beside it.
    fs::write(&own, fs::read(database)?)?;
    match fs::read(log_of(database)) {
        Ok(log) => fs::write(log_of(&own), log)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(copy)
}
