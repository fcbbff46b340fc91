//! Behaviour logs as columns: reading, checking, windows, splits, and the simulated community.

mod attributes;
mod events;
mod ids;
mod quiet;
mod report;
mod tags;
mod texts;

pub mod covers;
pub mod kept;
pub mod read;
pub mod simulate;
pub mod split;

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

pub use attributes::Attribute;
pub use events::{Behaviour, Events, Impressions};
pub use ids::Ids;
pub use report::{DataReport, Recognised, SetAside, TableReport};
pub use tags::{TagLevel, TagTree};
pub use texts::Texts;

/// Marks "none" in columns of 32-bit row numbers.
pub const NONE: u32 = u32::MAX;

/// Marks "unknown" in columns of times.
pub const NO_TIME: i64 = i64::MIN;

/// A community's log, checked, with dense 32-bit row numbers for users and items. Immutable after loading.
#[derive(Debug, Default)]
pub struct Dataset {
    pub name: String,
    pub folder: PathBuf,
    /// Hex digest (blake3) of everything that was read, and of how it was read.
    pub fingerprint: String,
    pub events: Events,
    pub impressions: Option<Impressions>,
    pub users: Users,
    pub items: Items,
    pub tags: TagTree,
    /// `Events::behaviour` indexes this list.
    pub behaviours: Vec<Behaviour>,
    /// Per event, whether the publisher put it into the test list; `None` where nothing was published.
    pub given_test: Option<Vec<bool>>,
    /// English names of tags, circles, topics and attribute values, from `labels.*` (columns `value`, `en`).
    pub labels: BTreeMap<String, String>,
    pub recognised: Recognised,
    pub report: DataReport,
}

#[derive(Debug, Default, Clone)]
pub struct Users {
    pub ids: Ids,
    /// One entry a column of `users.*` beside the id: `age`, `gender`, `region`, …
    pub attributes: Vec<Attribute>,
}

/// Parallel columns, one row an item.
#[derive(Debug, Default, Clone)]
pub struct Items {
    pub ids: Ids,
    /// Empty strings where an item has none.
    pub title: Texts,
    /// English titles; empty strings where there are none.
    pub title_en: Texts,
    pub text: Texts,
    /// English texts; empty strings where there are none.
    pub text_en: Texts,
    /// Multi-valued; vocabulary entries are the tag names, see [`TagTree`] for their hierarchy.
    pub tags: Attribute,
    pub circle: Attribute,
    pub topics: Attribute,
    /// Any further columns of `items.*`.
    pub attributes: Vec<Attribute>,
    /// Absolute paths inside the data set's folder, checked to exist.
    pub cover: Vec<Option<PathBuf>>,
    /// Rows of users; [`NONE`] where unknown.
    pub author: Vec<u32>,
    /// Seconds since 1970; [`NO_TIME`] where unknown.
    pub published_secs: Vec<i64>,
}

/// Which of a name's two forms is shown.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Dataset {
    pub fn user_count(&self) -> usize {
        self.users.ids.len()
    }

    pub fn item_count(&self) -> usize {
        self.items.ids.len()
    }

    /// The name of a tag, circle, topic or attribute value in `language`, as far as the data set knows one.
    pub fn label<'a>(&'a self, value: &'a str, language: Language) -> &'a str {
        match language {
            Language::English => self.labels.get(value).map_or(value, String::as_str),
            Language::Chinese => value,
        }
    }

    /// An item's title in `language`; its id where it has no title.
    pub fn title(&self, item: u32, language: Language) -> &str {
        let row = item as usize;
        let (own, english) = (&self.items.title[row], &self.items.title_en[row]);
        let chosen = if language == Language::English && !english.is_empty() { english } else { own };
        if chosen.is_empty() { self.items.ids.name(item) } else { chosen }
    }

    /// An item's text in `language`; empty where it has none.
    pub fn text(&self, item: u32, language: Language) -> &str {
        let row = item as usize;
        let (own, english) = (&self.items.text[row], &self.items.text_en[row]);
        if language == Language::English && !english.is_empty() { english } else { own }
    }
}
