//! Columns of numbers and texts in one file, each read with one call straight to where it stays.
//!
//! The file is the columns one after the other, in the machine's own order of bytes, then a footer (JSON) that says
//! where each lies and what its digest is, then the footer's length and digest and [`MAGIC`]. A file that was cut, or of
//! which a byte has changed, is noticed.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
};

use bytemuck::{NoUninit, Pod};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{dataset::Texts, task::JobContext};

/// The end of every file: a name, the format, and a number that another order of bytes reads otherwise.
const MAGIC: [u8; 8] = {
    let order = 0x0102u16.to_ne_bytes();
    [b'r', b's', b'c', b'o', b'l', 1, order[0], order[1]]
};
const DIGEST: usize = blake3::OUT_LEN;
const TRAILER: usize = size_of::<u64>() + DIGEST + MAGIC.len();
/// Columns begin at multiples of this.
const ALIGN: u64 = 8;
/// Written between two looks at whether to go on.
const PIECE: usize = 4 << 20;

/// A kept file that cannot be used; what it was made of has to be read again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub(super) String);

pub(super) fn broken(what: impl Into<String>) -> Broken {
    Broken(what.into())
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Place {
    at: u64,
    bytes: u64,
    /// blake3, hex.
    digest: String,
}

#[derive(Serialize, Deserialize)]
struct Footer<T> {
    about: T,
    columns: BTreeMap<String, Place>,
}

/// Writes columns one by one; [`ColumnWriter::finish`] makes them a file.
pub(super) struct ColumnWriter<'a, W> {
    out: &'a mut W,
    ctx: &'a JobContext,
    at: u64,
    columns: BTreeMap<String, Place>,
}

impl<'a, W: Write> ColumnWriter<'a, W> {
    pub(super) fn new(out: &'a mut W, ctx: &'a JobContext) -> Self {
        Self { out, ctx, at: 0, columns: BTreeMap::new() }
    }

    pub(super) fn put<T: NoUninit>(&mut self, name: &str, values: &[T]) -> io::Result<()> {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        let mut digest = blake3::Hasher::new();
        for piece in bytes.chunks(PIECE) {
            self.ctx.check().map_err(io::Error::other)?;
            digest.update(piece);
            self.out.write_all(piece)?;
        }
        let place = Place { at: self.at, bytes: bytes.len() as u64, digest: digest.finalize().to_hex().to_string() };
        self.at += place.bytes;
        self.columns.insert(name.to_owned(), place);
        let gap = self.at.next_multiple_of(ALIGN) - self.at;
        self.out.write_all(&[0; ALIGN as usize][..gap as usize])?;
        self.at += gap;
        Ok(())
    }

    /// Two columns: all texts in one, and where each of them ends.
    pub(super) fn put_texts(&mut self, name: &str, texts: &Texts) -> io::Result<()> {
        let (all, ends) = texts.parts();
        self.put(&format!("{name}/text"), all.as_bytes())?;
        self.put(&format!("{name}/ends"), ends)
    }

    pub(super) fn finish(self, about: &impl Serialize) -> io::Result<()> {
        let footer = serde_json::to_vec(&Footer { about, columns: self.columns })?;
        self.out.write_all(&footer)?;
        self.out.write_all(&(footer.len() as u64).to_ne_bytes())?;
        self.out.write_all(blake3::hash(&footer).as_bytes())?;
        self.out.write_all(&MAGIC)
    }
}

/// An opened file, of which nothing but the footer has been read.
pub(super) struct ColumnReader {
    path: PathBuf,
    columns: BTreeMap<String, Place>,
}

impl ColumnReader {
    /// The reader, and what was given to [`ColumnWriter::finish`].
    pub(super) fn open<T: DeserializeOwned>(path: &Path) -> Result<(Self, T), Broken> {
        let fail = |error: io::Error| broken(error.to_string());
        let mut file = File::open(path).map_err(fail)?;
        let length = file.metadata().map_err(fail)?.len();
        let start = length.checked_sub(TRAILER as u64).ok_or_else(|| broken("it is too short"))?;
        let mut trailer = [0u8; TRAILER];
        file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut trailer)).map_err(fail)?;
        let (footer_length, rest) = trailer.split_at(size_of::<u64>());
        let (digest, magic) = rest.split_at(DIGEST);
        if magic != MAGIC {
            return Err(broken("it is not whole, or of another version"));
        }
        let footer_length = footer_length.try_into().map_or(0, u64::from_ne_bytes);
        let from = start.checked_sub(footer_length).ok_or_else(|| broken("its footer is longer than the file"))?;
        let mut footer = vec![0u8; footer_length as usize];
        file.seek(SeekFrom::Start(from)).and_then(|_| file.read_exact(&mut footer)).map_err(fail)?;
        if blake3::hash(&footer).as_bytes() != digest {
            return Err(broken("its footer is damaged"));
        }
        let footer: Footer<T> = serde_json::from_slice(&footer).map_err(|error| broken(error.to_string()))?;
        let is_inside = |place: &Place| place.at.checked_add(place.bytes).is_some_and(|end| end <= from);
        if !footer.columns.values().all(is_inside) {
            return Err(broken("a column lies outside the file"));
        }
        Ok((Self { path: path.to_owned(), columns: footer.columns }, footer.about))
    }

    pub(super) fn column<T: Pod>(&self, name: &str) -> Result<Vec<T>, Broken> {
        let fail = |what: &str| broken(format!("its column `{name}` {what}"));
        let place = self.columns.get(name).ok_or_else(|| fail("is lacking"))?;
        let bytes = usize::try_from(place.bytes).map_err(|_| fail("is too long for this machine"))?;
        if bytes % size_of::<T>() != 0 {
            return Err(fail("is of another kind"));
        }
        let mut values = vec![T::zeroed(); bytes / size_of::<T>()];
        // A handle of its own, as columns are read side by side.
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(place.at))?;
            file.read_exact(bytemuck::cast_slice_mut(&mut values))
        });
        read.map_err(|error| fail(&format!("cannot be read ({error})")))?;
        let digest = blake3::Hasher::new().update_rayon(bytemuck::cast_slice(&values)).finalize();
        if digest.to_hex().as_str() != place.digest {
            return Err(fail("is damaged"));
        }
        Ok(values)
    }

    /// Rows of something that has `count` of them.
    pub(super) fn rows(&self, name: &str, count: usize) -> Result<Vec<u32>, Broken> {
        let rows: Vec<u32> = self.column(name)?;
        match rows.iter().max() {
            Some(&row) if row as usize >= count => Err(broken(format!("its column `{name}` names a row that is not"))),
            _ => Ok(rows),
        }
    }

    pub(super) fn flags(&self, name: &str) -> Result<Vec<bool>, Broken> {
        let flags: Vec<u8> = self.column(name)?;
        Ok(flags.into_iter().map(|flag| flag != 0).collect())
    }

    pub(super) fn texts(&self, name: &str) -> Result<Texts, Broken> {
        let fail = || broken(format!("its column `{name}` holds no texts"));
        let text = String::from_utf8(self.column(&format!("{name}/text"))?).map_err(|_| fail())?;
        Texts::from_parts(text, self.column(&format!("{name}/ends"))?).ok_or_else(fail)
    }
}
