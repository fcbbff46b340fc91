//! Values that are chosen from a list, and times.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::{
    dataset::{Language, TagLevel, split::SplitKind},
    recall::LaneKind,
};

pub(super) fn lane() -> impl TypedValueParser<Value = LaneKind> {
    PossibleValuesParser::new(LaneKind::ALL.map(LaneKind::name))
        .try_map(|name| LaneKind::from_name(&name).ok_or("is no lane"))
}

/// One lane, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lanes {
    One(LaneKind),
    All,
}

impl Lanes {
    /// The lanes that are named, each once, in their order. `all` leaves `cover` out where there is nothing to look at.
    pub(super) fn of(named: &[Self], has_covers: bool) -> Vec<LaneKind> {
        let is_meant = |kind: &LaneKind| {
            named.contains(&Self::One(*kind)) || named.contains(&Self::All) && (has_covers || *kind != LaneKind::Cover)
        };
        LaneKind::ALL.into_iter().filter(is_meant).collect()
    }
}

/// What stands for every lane.
const ALL: &str = "all";

pub(super) fn lanes() -> impl TypedValueParser<Value = Lanes> {
    PossibleValuesParser::new(LaneKind::ALL.map(LaneKind::name).into_iter().chain([ALL])).try_map(|name| match &*name {
        ALL => Ok(Lanes::All),
        name => LaneKind::from_name(name).map(Lanes::One).ok_or("is no lane"),
    })
}

pub(super) fn language() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(["en", "zh"]).map(|name| if name == "zh" { Language::Chinese } else { Language::English })
}

pub(super) fn level() -> impl TypedValueParser<Value = TagLevel> {
    PossibleValuesParser::new(TagLevel::ALL.map(level_name))
        .try_map(|name| TagLevel::ALL.into_iter().find(|&level| level_name(level) == name).ok_or("is no level"))
}

/// As settings write it.
pub(super) fn level_name(level: TagLevel) -> &'static str {
    match level {
        TagLevel::Leaf => "leaf",
        TagLevel::Level2 => "level2",
        TagLevel::Level1 => "level1",
    }
}

pub(super) fn split() -> impl TypedValueParser<Value = SplitKind> {
    PossibleValuesParser::new(SplitKind::ALL.map(SplitKind::name))
        .try_map(|name| SplitKind::from_name(&name).ok_or("is no split"))
}

/// Seconds since 1970, or ISO 8601 (`2026-03-01`, `2026-03-01T12:00:00Z`; UTC where no zone is given).
pub(super) fn time_secs(text: &str) -> Result<i64, String> {
    if let Ok(secs) = text.parse::<i64>() {
        return Ok(secs);
    }
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time.as_second());
    }
    text.parse::<jiff::civil::DateTime>()
        .map_err(|error| error.to_string())
        .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string()))
        .map(|time| time.timestamp().as_second())
        .map_err(|error| format!("write seconds since 1970, or a time like 2026-03-01T12:00:00Z ({error})"))
}

/// How long a list may be.
pub(super) fn list_length(text: &str) -> Result<usize, String> {
    let length = text.parse().ok().filter(|length| (1..=10_000).contains(length));
    length.ok_or_else(|| "write a whole number from 1 to 10000".to_owned())
}

/// A number of days above 0, or `all`.
pub(super) fn days(text: &str) -> Result<Days, String> {
    if text == "all" {
        return Ok(Days(None));
    }
    match text.parse::<f64>() {
        Ok(days) if days > 0.0 && days.is_finite() => Ok(Days(Some(days))),
        _ => Err("write a number of days above 0, or `all`".to_owned()),
    }
}

/// `None` means all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Days(pub(super) Option<f64>);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        for text in ["1772323200", "2026-03-01", "2026-03-01T00:00:00", "2026-03-01T01:00:00+01:00"] {
            assert_eq!(time_secs(text).unwrap(), 1_772_323_200, "{text}");
        }
        assert!(time_secs("tomorrow").unwrap_err().contains("2026-03-01T12:00:00Z"));
    }

    #[test]
    fn all_stands_for_every_lane_that_can_be_made() {
        let one = |kind| Lanes::One(kind);
        assert_eq!(
            Lanes::of(&[one(LaneKind::Gat), one(LaneKind::Hot), one(LaneKind::Gat)], false),
            [LaneKind::Hot, LaneKind::Gat]
        );
        assert_eq!(Lanes::of(&[Lanes::All], true), LaneKind::ALL);
        assert_eq!(Lanes::of(&[Lanes::All], false).len(), LaneKind::ALL.len() - 1);
        // Who names it wants to hear why it cannot be made.
        assert_eq!(Lanes::of(&[Lanes::All, one(LaneKind::Cover)], false), LaneKind::ALL);
    }

    #[test]
    fn lists_have_a_length() {
        assert_eq!((list_length("1"), list_length("10000")), (Ok(1), Ok(10_000)));
        for text in ["0", "-1", "10001", "99999999999999999999", "many", "2.5"] {
            assert!(list_length(text).unwrap_err().contains("from 1 to 10000"), "{text}");
        }
    }

    #[test]
    fn days_are_positive_or_all() {
        assert_eq!(days("all").unwrap(), Days(None));
        assert_eq!(days("0.5").unwrap(), Days(Some(0.5)));
        for text in ["0", "-1", "nan", "inf", "week"] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
