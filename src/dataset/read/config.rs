//! `dataset.toml`: what the analyst says about a folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{DatasetError, time::TimeUnit};

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    pub(super) name: Option<String>,
    pub(super) time_zone: Option<String>,
    /// One of `Recognised::time_unit`'s names, instead of what the range of the times says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_unit: Option<String>,
    /// One of `Recognised::format`'s names.
    pub(super) format: Option<String>,
    /// LightGCN lists: the files and whether a line is a pair (`pairs`) or a user with his items (`lists`).
    pub(super) train: Option<String>,
    pub(super) test: Option<String>,
    pub(super) layout: Option<String>,
    pub(super) files: BTreeMap<String, String>,
    /// Table -> our column -> the file's; an empty name: none is it.
    pub(super) columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Table -> columns of the file that nothing is to be made of.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) ignore: BTreeMap<String, Vec<String>>,
    #[serde(alias = "behaviors")]
    pub(super) behaviours: BTreeMap<String, f32>,
    /// Leaf -> [level 2, level 1], beside or instead of a `tags.*` table.
    pub(super) tags: BTreeMap<String, Vec<String>>,
}

impl Config {
    /// The file given, or the folder's own `dataset.toml`, or nothing.
    pub(super) fn read(folder: &Path, given: Option<&Path>) -> Result<Self, DatasetError> {
        let file = match given {
            Some(file) => file.to_owned(),
            None if folder.join("dataset.toml").exists() => folder.join("dataset.toml"),
            None => return Ok(Self::default()),
        };
        let text = fs::read_to_string(&file).map_err(|source| DatasetError::unreadable(&file, &source))?;
        let fail = |what: String| DatasetError::Config { what, file: file.clone() };
        let config: Self = toml::from_str(&text).map_err(|error| fail(error.to_string()))?;
        if let Some((name, weight)) =
            config.behaviours.iter().find(|(_, weight)| !(weight.is_finite() && **weight >= 0.0))
        {
            return Err(fail(format!("the weight of `{name}` is {weight}; give 0 or more")));
        }
        if config.behaviours.len() > 255 {
            return Err(fail("more than 255 behaviours are listed; join some of them".to_owned()));
        }
        for table in config.files.keys().chain(config.columns.keys()).chain(config.ignore.keys()) {
            if !super::columns::TABLES.contains(&table.as_str()) {
                return Err(fail(format!(
                    "there is no table `{table}`; the tables are {}",
                    super::columns::TABLES.join(", ")
                )));
            }
        }
        if let Some(format) = &config.format
            && !super::FORMATS.contains(&format.as_str())
        {
            return Err(fail(format!("there is no format `{format}`; write one of {}", super::FORMATS.join(", "))));
        }
        if let Some(unit) = &config.time_unit
            && TimeUnit::from_name(unit).is_none_or(|unit| unit == TimeUnit::None)
        {
            return Err(fail(format!(
                "there is no time unit `{unit}`; write `seconds`, `milliseconds`, `microseconds` or `iso8601`"
            )));
        }
        if let Some(layout) = &config.layout
            && !["pairs", "lists"].contains(&layout.as_str())
        {
            return Err(fail(format!("there is no layout `{layout}`; write `pairs` or `lists`")));
        }
        for path in config.files.values().chain(&config.train).chain(&config.test) {
            if inside(folder, path).is_none() {
                return Err(fail(format!("`{path}` leaves the data set's folder; name a file below it")));
            }
        }
        config.zone().map_err(fail)?;
        Ok(config)
    }

    /// The zone of times that name none.
    pub(super) fn zone(&self) -> Result<TimeZone, String> {
        match &self.time_zone {
            None => Ok(TimeZone::UTC),
            Some(name) => TimeZone::get(name).map_err(|_| {
                format!("there is no time zone `{name}` on this machine; write one such as `Asia/Shanghai`")
            }),
        }
    }
}

/// `path` below `folder`, `None` if it is absolute or climbs out.
pub(super) fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let is_plain = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    // A backslash climbs out on one system and is a letter on the others: refuse what would climb.
    let climbs = path.split(['/', '\\']).any(|part| part == "..") || path.starts_with('\\') || path.contains(":\\");
    (is_plain && !climbs && !path.contains('\0')).then(|| folder.join(relative))
}
