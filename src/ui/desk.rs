//! What the analyst has arranged. It is kept between starts, and only commands change it.

use serde::{Deserialize, Serialize};

use super::theme::ThemeChoice;
use crate::dataset::Language;

pub const MIN_COVER_PX: f32 = 40.0;
pub const MAX_COVER_PX: f32 = 220.0;
pub const MAX_COLUMNS: usize = 6;

/// Whom "Surprise me" may draw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserFilter {
    #[default]
    Anyone,
    New,
    Quiet,
    Active,
    /// Users with this value of this attribute.
    Value {
        attribute: String,
        value: String,
    },
}

/// One column of the case study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// The user's id, as the data set writes it.
    pub user: Option<String>,
    pub filter: UserFilter,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    pub theme: ThemeChoice,
    pub language: Language,
    /// Side of a recalled cover in points.
    pub cover_px: f32,
    pub titles: bool,
    pub left_open: bool,
    pub inspector_open: bool,
    pub jobs_open: bool,
    pub columns: Vec<Column>,
    /// The folder that was open, and to whose users `columns` refer.
    pub folder: Option<std::path::PathBuf>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            language: Language::English,
            cover_px: 66.0,
            titles: false,
            left_open: true,
            inspector_open: true,
            jobs_open: false,
            columns: Vec::new(),
            folder: None,
        }
    }
}

impl Desk {
    /// As it was stored; what cannot be read or lies out of bounds falls back.
    pub fn restore(stored: &str) -> Self {
        let mut desk: Self = serde_json::from_str(stored).unwrap_or_default();
        if !desk.cover_px.is_finite() {
            desk.cover_px = Self::default().cover_px;
        }
        desk.cover_px = desk.cover_px.clamp(MIN_COVER_PX, MAX_COVER_PX);
        desk.columns.truncate(MAX_COLUMNS);
        desk
    }

    pub fn stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_and_nonsense_falls_back() {
        let mut desk = Desk { cover_px: 120.0, titles: true, ..Desk::default() };
        desk.columns.push(Column {
            user: Some("17".to_owned()),
            filter: UserFilter::Value { attribute: "gender".to_owned(), value: "F".to_owned() },
        });
        assert_eq!(Desk::restore(&desk.stored()), desk);
        assert_eq!(Desk::restore("{"), Desk::default());
        assert_eq!(Desk::restore(r#"{"cover_px": 1e9}"#).cover_px, MAX_COVER_PX);
    }
}
