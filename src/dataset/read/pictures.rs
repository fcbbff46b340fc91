//! Finding each item's cover below the folder, with its faults as remarks.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::config::inside;
use crate::{
    dataset::{
        DataReport, Ids,
        covers::{CoverError, EXTENSIONS, header},
    },
    task::{Cancelled, JobContext},
};

/// Files below `covers/`, by their path below it, with their sizes.
pub(super) fn list(folder: &Path) -> BTreeMap<String, u64> {
    let mut files = BTreeMap::new();
    let mut queue = vec![(folder.join("covers"), String::new(), 0)];
    while let Some((path, prefix, depth)) = queue.pop() {
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries.flatten() {
            let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
            if kind.is_dir() && depth < 4 {
                queue.push((entry.path(), format!("{prefix}{name}/"), depth + 1));
            } else if !kind.is_dir() {
                files.insert(format!("{prefix}{name}"), entry.metadata().map_or(0, |metadata| metadata.len()));
            }
        }
    }
    files
}

struct Found {
    path: Option<PathBuf>,
    remark: Option<(&'static str, String)>,
}

/// Per row of the table of items its cover. `named[row]` is what the table says (empty: that there is none) and where it
/// says so.
pub(super) fn find_named(
    folder: &Path,
    listed: &BTreeMap<String, u64>,
    named: &[(String, String)],
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<Vec<Option<PathBuf>>, Cancelled> {
    find(folder, named.len(), report, ctx, |folder, root, row| {
        let (name, place) = &named[row];
        if name.is_empty() {
            return Found { path: None, remark: None };
        }
        one(folder, root, listed, "", name, place)
    })
}

/// Per item its cover where the table names none: the file named by the item's id.
pub(super) fn find_by_id(
    folder: &Path,
    listed: &BTreeMap<String, u64>,
    ids: &Ids,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<Vec<Option<PathBuf>>, Cancelled> {
    ctx.stage("Checking covers", 0, "covers");
    find(folder, ids.len(), report, ctx, |folder, root, row| one(folder, root, listed, ids.name(row as u32), "", ""))
}

fn find(
    folder: &Path,
    count: usize,
    report: &mut DataReport,
    ctx: &JobContext,
    one: impl Fn(&Path, &Path, usize) -> Found + Sync,
) -> Result<Vec<Option<PathBuf>>, Cancelled> {
    let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut covers = Vec::with_capacity(count);
    for from in (0..count).step_by(512) {
        ctx.check()?;
        let rows = from..count.min(from + 512);
        let found: Vec<Found> = rows.into_par_iter().map(|row| one(&absolute, &root, row)).collect();
        for Found { path, remark } in found {
            if let Some((reason, example)) = remark {
                report.remark(reason, || example);
            }
            covers.push(path);
        }
    }
    Ok(covers)
}

fn one(folder: &Path, root: &Path, listed: &BTreeMap<String, u64>, id: &str, name: &str, place: &str) -> Found {
    let none = |reason, what: &str| Found { path: None, remark: Some((reason, format!("{place}: {what}"))) };
    let path = if name.is_empty() {
        let by_id =
            EXTENSIONS.iter().map(|extension| format!("{id}.{extension}")).find(|file| listed.contains_key(file));
        match by_id {
            Some(file) => folder.join("covers").join(file),
            None => return Found { path: None, remark: None },
        }
    } else {
        let covers = folder.join("covers");
        let (Some(below_covers), Some(below)) = (inside(&covers, name), inside(folder, name)) else {
            return none("cover_outside_folder", &format!("`{name}` leaves the data set's folder"));
        };
        if listed.contains_key(name) || below_covers.exists() { below_covers } else { below }
    };
    let shown = if name.is_empty() { id } else { name };
    let place = if place.is_empty() { "covers" } else { place };
    let none = |reason, what: String| Found { path: None, remark: Some((reason, format!("{place}: {what}"))) };
    match fs::canonicalize(&path) {
        Ok(real) if !real.starts_with(root) => {
            return none("cover_outside_folder", format!("`{shown}` is a link that leaves the data set's folder"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return none("cover_missing", format!("there is no `{shown}`"));
        }
        Err(error) => return none("cover_unreadable", format!("`{shown}`: {error}")),
    }
    match header(&path) {
        Ok(header) if header.differs_from_name(&path) => {
            let example = format!("{place}: `{shown}` is {:?}; it is used as such", header.format);
            Found { path: Some(path), remark: Some(("cover_wrong_type", example)) }
        }
        Ok(_) => Found { path: Some(path), remark: None },
        Err(CoverError::NotAPicture(_)) => {
            none("cover_wrong_type", format!("`{shown}` is no JPEG, PNG or WebP, whatever its name says"))
        }
        Err(CoverError::Oversized { width, height, .. }) => {
            none("cover_oversized", format!("`{shown}` is {width} × {height} pixels"))
        }
        Err(CoverError::Damaged { what, .. }) => none("cover_unreadable", format!("`{shown}`: {what}")),
        Err(CoverError::Unreadable { source, .. }) => none("cover_unreadable", format!("`{shown}`: {source}")),
    }
}
