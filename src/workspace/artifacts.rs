//! Files that are whole or not there: written under another name, synced, renamed, and the folder synced.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use safetensors::{
    Dtype, SafeTensors,
    tensor::{Metadata, TensorInfo},
};

use super::WorkspaceError;

/// Files with this beginning are being written, or were when their writer died.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// One array of a safetensors file, in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub enum Array<'a> {
    /// Borrowed where the numbers are many and only written.
    F32 {
        shape: Vec<usize>,
        values: Cow<'a, [f32]>,
    },
    U32 {
        shape: Vec<usize>,
        values: Vec<u32>,
    },
    U64 {
        shape: Vec<usize>,
        values: Vec<u64>,
    },
    Bool {
        shape: Vec<usize>,
        values: Vec<bool>,
    },
}

/// Arrays by name.
pub type Arrays<'a> = BTreeMap<String, Array<'a>>;

impl<'a> Array<'a> {
    /// A list of numbers.
    pub fn f32(values: impl Into<Cow<'a, [f32]>>) -> Self {
        let values = values.into();
        Self::F32 { shape: vec![values.len()], values }
    }

    /// `[values.len() / columns] x [columns]`.
    pub fn f32_rows(values: impl Into<Cow<'a, [f32]>>, columns: usize) -> Self {
        let values = values.into();
        Self::F32 { shape: vec![values.len().checked_div(columns).unwrap_or(0), columns], values }
    }

    pub fn u32(values: Vec<u32>) -> Self {
        Self::U32 { shape: vec![values.len()], values }
    }

    pub fn u64(values: Vec<u64>) -> Self {
        Self::U64 { shape: vec![values.len()], values }
    }

    pub fn bool(values: Vec<bool>) -> Self {
        Self::Bool { shape: vec![values.len()], values }
    }

    fn dtype(&self) -> Dtype {
        match self {
            Self::F32 { .. } => Dtype::F32,
            Self::U32 { .. } => Dtype::U32,
            Self::U64 { .. } => Dtype::U64,
            Self::Bool { .. } => Dtype::BOOL,
        }
    }

    pub fn shape(&self) -> &[usize] {
        match self {
            Self::F32 { shape, .. } | Self::U32 { shape, .. } | Self::U64 { shape, .. } | Self::Bool { shape, .. } => {
                shape
            }
        }
    }

    fn byte_len(&self) -> usize {
        match self {
            Self::F32 { values, .. } => 4 * values.len(),
            Self::U32 { values, .. } => 4 * values.len(),
            Self::U64 { values, .. } => 8 * values.len(),
            Self::Bool { values, .. } => values.len(),
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::F32 { values, .. } => values.iter().try_for_each(|value| out.write_all(&value.to_le_bytes())),
            Self::U32 { values, .. } => values.iter().try_for_each(|value| out.write_all(&value.to_le_bytes())),
            Self::U64 { values, .. } => values.iter().try_for_each(|value| out.write_all(&value.to_le_bytes())),
            Self::Bool { values, .. } => values.iter().try_for_each(|&value| out.write_all(&[u8::from(value)])),
        }
    }

    fn read(dtype: Dtype, shape: &[usize], bytes: &[u8]) -> Option<Self> {
        fn numbers<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
            bytes.as_chunks::<N>().0.iter().map(|&chunk| number(chunk)).collect()
        }
        let shape = shape.to_vec();
        Some(match dtype {
            Dtype::F32 => Self::F32 { shape, values: numbers(bytes, f32::from_le_bytes).into() },
            Dtype::U32 => Self::U32 { shape, values: numbers(bytes, u32::from_le_bytes) },
            Dtype::U64 => Self::U64 { shape, values: numbers(bytes, u64::from_le_bytes) },
            Dtype::BOOL => Self::Bool { shape, values: bytes.iter().map(|&byte| byte != 0).collect() },
            _ => return None,
        })
    }
}

/// Writes `path` as a whole or not at all: `write` fills a file of another name beside it, which is synced and then
/// renamed. Until then an older file of that name stays as it was; after an error nothing of the new one is left.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), WorkspaceError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_then_name(folder, write, |()| path.to_owned())?;
    Ok(())
}

/// As [`write_atomically`], with a name that is known only when everything is written.
fn write_then_name<T>(
    folder: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>,
    name: impl FnOnce(T) -> PathBuf,
) -> Result<PathBuf, WorkspaceError> {
    let failed = |error: io::Error| WorkspaceError::write(folder, &error);
    let (unfinished, file) = unfinished_in(folder).map_err(failed)?;
    let written = (|| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        let path = name(write(&mut out)?);
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&unfinished, &path)?;
        Ok(path)
    })();
    match written {
        Ok(path) => {
            sync_folder(folder).map_err(failed)?;
            Ok(path)
        }
        Err(error) => {
            // What cannot be removed now is swept at a later opening.
            let _ = fs::remove_file(&unfinished);
            Err(failed(error))
        }
    }
}

/// A new file, locked for as long as its writer lives, so that the leftovers of the dead can be told.
fn unfinished_in(folder: &Path) -> io::Result<(PathBuf, File)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!("{UNFINISHED}{}-{number}", std::process::id()));
    let file = match File::create_new(&path) {
        // A dead process of the same number left it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(&path)?;
            File::create_new(&path)?
        }
        other => other?,
    };
    // Some network disks know no locks; the age alone protects the file there.
    let _ = file.try_lock();
    Ok((path, file))
}

/// Makes a rename last. Windows has no such call, and needs none.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes what writers left that died. Best effort: a file that cannot be removed does no harm.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_unfinished = entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED));
        // A young file may belong to a writer that has not locked it yet.
        let is_old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > Duration::from_secs(60)));
        if is_unfinished
            && is_old
            && let Ok(file) = File::open(entry.path())
            && !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Passes bytes on and takes their digest.
struct Digesting<'a, W> {
    out: &'a mut W,
    digest: blake3::Hasher,
}

impl<W: Write> Write for Digesting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes `arrays` with `notes` in the header, atomically; gives the file's blake3 digest as hex.
pub fn write_safetensors(
    path: &Path,
    arrays: &Arrays<'_>,
    notes: &BTreeMap<String, String>,
) -> Result<String, WorkspaceError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let header = header(arrays, notes).map_err(|error| WorkspaceError::write(path, &error))?;
    let mut digest = String::new();
    write_then_name(
        folder,
        |out| write_arrays(out, &header, arrays),
        |found| {
            digest = found;
            path.to_owned()
        },
    )?;
    Ok(digest)
}

/// As [`write_safetensors`], into the file `<stem>-<beginning of the digest>.safetensors` of `folder`: two writers of
/// different contents never share a name. Gives the file's name and its digest.
pub(super) fn write_safetensors_by_digest(
    folder: &Path,
    stem: &str,
    arrays: &Arrays<'_>,
    notes: &BTreeMap<String, String>,
) -> Result<(String, String), WorkspaceError> {
    let header = header(arrays, notes).map_err(|error| WorkspaceError::write(folder, &error))?;
    let mut named = (String::new(), String::new());
    write_then_name(
        folder,
        |out| write_arrays(out, &header, arrays),
        |digest| {
            named = (format!("{stem}-{}.safetensors", &digest[..16]), digest);
            folder.join(&named.0)
        },
    )?;
    Ok(named)
}

/// Wide numbers first, which keeps every array aligned; then by name.
fn in_order<'a>(arrays: &'a Arrays<'a>) -> Vec<(&'a String, &'a Array<'a>)> {
    let mut sorted: Vec<(&'a String, &'a Array<'a>)> = arrays.iter().collect();
    sorted.sort_by(|one, other| other.1.dtype().cmp(&one.1.dtype()).then(one.0.cmp(other.0)));
    sorted
}

fn header(arrays: &Arrays<'_>, notes: &BTreeMap<String, String>) -> io::Result<Vec<u8>> {
    let mut offset = 0;
    let mut infos = Vec::with_capacity(arrays.len());
    for (name, array) in in_order(arrays) {
        let end = offset + array.byte_len();
        let info = TensorInfo { dtype: array.dtype(), shape: array.shape().to_vec(), data_offsets: (offset, end) };
        infos.push((name.clone(), info));
        offset = end;
    }
    let notes: Option<HashMap<String, String>> =
        (!notes.is_empty()).then(|| notes.iter().map(|(key, value)| (key.clone(), value.clone())).collect());
    let metadata = Metadata::new(notes, infos).map_err(io::Error::other)?;
    // The metadata is a hash map, and the same run is to give the same bytes.
    let mut header = sorted_json(&serde_json::to_value(&metadata)?).into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    Ok(header)
}

/// Writes header and numbers; gives the digest of all bytes.
fn write_arrays(out: &mut impl Write, header: &[u8], arrays: &Arrays<'_>) -> io::Result<String> {
    let mut out = Digesting { out, digest: blake3::Hasher::new() };
    {
        // Numbers go out in pieces that are worth a digest's while.
        let mut pieces = BufWriter::with_capacity(1 << 16, &mut out);
        pieces.write_all(&(header.len() as u64).to_le_bytes())?;
        pieces.write_all(header)?;
        for (_, array) in in_order(arrays) {
            array.write(&mut pieces)?;
        }
        pieces.flush()?;
    }
    Ok(out.digest.finalize().to_hex().to_string())
}

/// `value` as text with the keys of objects in order of text.
pub(crate) fn sorted_json(value: &serde_json::Value) -> String {
    fn sort(value: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(map) => {
                let sorted: BTreeMap<&String, serde_json::Value> =
                    map.iter().map(|(key, value)| (key, sort(value))).collect();
                sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect()
            }
            serde_json::Value::Array(list) => list.iter().map(sort).collect(),
            other => other.clone(),
        }
    }
    sort(value).to_string()
}

/// Reads the arrays of `path`. With `digest`, the file has to be the one that was written.
pub fn read_safetensors(path: &Path, digest: Option<&str>) -> Result<Arrays<'static>, WorkspaceError> {
    let damaged = |what: String| WorkspaceError::Damaged { what, path: path.to_owned() };
    let bytes = fs::read(path).map_err(|error| damaged(error.to_string()))?;
    if let Some(digest) = digest {
        let found = blake3::Hasher::new().update_rayon(&bytes).finalize().to_hex();
        if found.as_str() != digest {
            return Err(damaged("its bytes are not those that were written".to_owned()));
        }
    }
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| damaged(error.to_string()))?;
    let mut arrays = Arrays::new();
    for (name, view) in tensors.iter() {
        let array = Array::read(view.dtype(), view.shape(), view.data())
            .ok_or_else(|| damaged(format!("`{name}` holds numbers of an unexpected kind")))?;
        arrays.insert(name.to_owned(), array);
    }
    Ok(arrays)
}

/// Takes an array of floats out of `arrays`, with its shape.
pub fn take_f32(arrays: &mut Arrays<'_>, name: &str) -> Option<(Vec<usize>, Vec<f32>)> {
    match arrays.remove(name) {
        Some(Array::F32 { shape, values }) => Some((shape, values.into_owned())),
        _ => None,
    }
}

pub fn take_u32(arrays: &mut Arrays<'_>, name: &str) -> Option<Vec<u32>> {
    match arrays.remove(name) {
        Some(Array::U32 { values, .. }) => Some(values),
        _ => None,
    }
}

pub fn take_u64(arrays: &mut Arrays<'_>, name: &str) -> Option<Vec<u64>> {
    match arrays.remove(name) {
        Some(Array::U64 { values, .. }) => Some(values),
        _ => None,
    }
}

pub fn take_bool(arrays: &mut Arrays<'_>, name: &str) -> Option<Vec<bool>> {
    match arrays.remove(name) {
        Some(Array::Bool { values, .. }) => Some(values),
        _ => None,
    }
}

/// Whether `name` may stand as a file of the workspace.
pub(super) fn is_plain_name(name: &str) -> bool {
    Path::new(name).file_name() == Some(OsStr::new(name)) && !name.starts_with('.')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn arrays() -> Arrays<'static> {
        Arrays::from([
            ("rows".to_owned(), Array::f32_rows(vec![1.0, -2.5, f32::NAN, 4.0], 2)),
            ("ids".to_owned(), Array::u32(vec![7, u32::MAX, 0])),
            ("offsets".to_owned(), Array::u64(vec![0, u64::MAX])),
            ("marks".to_owned(), Array::bool(vec![true, false, true])),
            ("none".to_owned(), Array::f32(Vec::<f32>::new())),
        ])
    }

    #[test]
    fn what_is_written_is_read_back_and_the_same_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("one"), dir.path().join("other"));
        let notes = BTreeMap::from([("b".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())]);
        let digest = write_safetensors(&one, &arrays(), &notes).unwrap();
        assert_eq!(write_safetensors(&other, &arrays(), &notes).unwrap(), digest);
        assert_eq!(fs::read(&one).unwrap(), fs::read(&other).unwrap());
        let mut read = read_safetensors(&one, Some(&digest)).unwrap();
        let (shape, rows) = take_f32(&mut read, "rows").unwrap();
        assert_eq!(shape, [2, 2]);
        assert!(rows[2].is_nan() && rows[1] == -2.5);
        assert_eq!(take_u32(&mut read, "ids").unwrap(), [7, u32::MAX, 0]);
        assert_eq!(take_u64(&mut read, "offsets").unwrap(), [0, u64::MAX]);
        assert_eq!(take_bool(&mut read, "marks").unwrap(), [true, false, true]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_changed_or_cut_file_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("one");
        let digest = write_safetensors(&path, &arrays(), &BTreeMap::new()).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(read_safetensors(&path, Some(&digest)), Err(WorkspaceError::Damaged { .. })));
        fs::write(&path, &bytes[..bytes.len() - 3]).unwrap();
        assert!(matches!(read_safetensors(&path, None), Err(WorkspaceError::Damaged { .. })));
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("one");
        fs::write(&path, "old").unwrap();
        let error = write_atomically(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        })
        .unwrap_err();
        assert!(error.to_string().contains("make room"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_what_the_dead_left_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(3_600);
        for name in [".unfinished-1-0", ".unfinished-1-1", "run.safetensors"] {
            let file = File::create(dir.path().join(name)).unwrap();
            file.set_modified(long_ago).unwrap();
        }
        let live = File::open(dir.path().join(".unfinished-1-1")).unwrap();
        live.lock().unwrap();
        File::create(dir.path().join(".unfinished-1-2")).unwrap();
        sweep(dir.path());
        let mut left: Vec<String> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, [".unfinished-1-1", ".unfinished-1-2", "run.safetensors"]);
    }
}
