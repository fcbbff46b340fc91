//! Points in time as data sets write them.

use jiff::{Timestamp, civil, tz::TimeZone};

/// The unit of a column of times.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Seconds,
    Milliseconds,
    Microseconds,
    Iso8601,
    #[default]
    None,
}

impl TimeUnit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Iso8601 => "iso8601",
            Self::None => "none",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Iso8601, Self::None]
            .into_iter()
            .find(|unit| unit.name() == name)
    }

    /// By range: seconds reach the year 5138 before milliseconds since 1970 leave March 1973.
    pub(super) fn of_number(number: f64) -> Self {
        match number.abs() {
            size if size < 1e11 => Self::Seconds,
            size if size < 1e14 => Self::Milliseconds,
            _ => Self::Microseconds,
        }
    }

    fn per_second(self, number: f64) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e3,
            Self::Microseconds => 1e6,
            Self::Iso8601 | Self::None => Self::of_number(number).per_second(number),
        }
    }

    /// Seconds since 1970 of a number in this unit, rounded down; `None` for what cannot be a time.
    pub(super) fn secs_of(self, number: f64) -> Option<i64> {
        let secs = (number / self.per_second(number)).floor();
        (secs.is_finite() && secs.abs() < 1e15).then_some(secs as i64)
    }

    pub(super) fn secs_of_int(self, number: i64) -> Option<i64> {
        match self {
            Self::Seconds => (number.unsigned_abs() < 1_000_000_000_000_000).then_some(number),
            Self::Milliseconds => Some(number.div_euclid(1_000)),
            Self::Microseconds => Some(number.div_euclid(1_000_000)),
            Self::Iso8601 | Self::None => Self::of_number(number as f64).secs_of_int(number),
        }
    }
}

/// Seconds since 1970 of `text`: a number in `unit`, or ISO 8601 (in `zone` where it names none).
pub(super) fn parse_time(text: &str, unit: TimeUnit, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    let first = *text.as_bytes().first()?;
    if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.') {
        if let Ok(number) = text.parse::<i64>() {
            // `19970920` as a bare date would be read as a second of 1970.
            if text.len() == 8 && unit == TimeUnit::Iso8601 {
                return parse_iso(text, zone);
            }
            return unit.secs_of_int(number);
        }
        if let Ok(number) = text.parse::<f64>() {
            return unit.secs_of(number);
        }
    }
    parse_iso(text, zone)
}

/// As [`parse_time`], but a bare year counts too: when an item was published is often known no better.
pub(super) fn parse_date(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    if text.len() == 4
        && let Ok(year) = text.parse::<i16>()
    {
        return civil_secs(civil::Date::new(year, 1, 1).ok()?.at(0, 0, 0, 0), zone);
    }
    parse_time(text, TimeUnit::None, zone)
}

fn parse_iso(text: &str, zone: &TimeZone) -> Option<i64> {
    if text.len() < 8 || text.len() > 80 || !text.is_ascii() {
        return None;
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(floor_secs(time));
    }
    if let Ok(time) = text.parse::<civil::DateTime>() {
        return civil_secs(time, zone);
    }
    if let Some(date) = text.strip_suffix(" UTC") {
        return parse_iso(date, &TimeZone::UTC);
    }
    if text.contains('/') {
        return parse_iso(&text.replace('/', "-"), zone);
    }
    let date = civil::Date::strptime("%d-%b-%Y", text).ok()?;
    civil_secs(date.at(0, 0, 0, 0), zone)
}

fn civil_secs(time: civil::DateTime, zone: &TimeZone) -> Option<i64> {
    time.to_zoned(zone.clone()).ok().map(|zoned| floor_secs(zoned.timestamp()))
}

/// `as_second` rounds towards 1970; times before it have to go down as all others do.
fn floor_secs(time: Timestamp) -> i64 {
    time.as_second() - i64::from(time.subsec_nanosecond() < 0)
}

/// A point in time for people, in UTC.
pub(in crate::dataset) fn show(secs: i64) -> String {
    Timestamp::from_second(secs).map_or_else(|_| format!("{secs} s"), |time| time.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_every_form_of_one_moment() {
        let utc = TimeZone::UTC;
        for text in [
            "881250949",
            "881250949.7",
            "881250949000",
            "881250949000000",
            "1997-12-04T15:55:49Z",
            "1997-12-04T15:55:49.500+00:00",
            "1997-12-04 15:55:49",
            "1997/12/04 15:55:49",
            "1997-12-04T23:55:49+08:00",
            "1997-12-04 15:55:49 UTC",
        ] {
            assert_eq!(parse_time(text, TimeUnit::None, &utc), Some(881_250_949), "{text}");
        }
        assert_eq!(parse_time("1995-01-01", TimeUnit::Iso8601, &utc), Some(788_918_400));
        assert_eq!(parse_time("19950101", TimeUnit::Iso8601, &utc), Some(788_918_400));
        assert_eq!(parse_time("01-Jan-1995", TimeUnit::Iso8601, &utc), Some(788_918_400));
        assert_eq!(parse_date("1995", &utc), Some(788_918_400));
        for text in ["", "yesterday", "1995-13-01", "--", "NaN", "inf", "1e300", "12:30", "２０２０-01-01"] {
            assert_eq!(parse_time(text, TimeUnit::None, &utc), None, "{text}");
        }
    }

    #[test]
    fn zoneless_text_follows_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(parse_time("1995-01-01 08:00:00", TimeUnit::Iso8601, &zone), Some(788_918_400));
        assert_eq!(parse_time("1995-01-01T00:00:00Z", TimeUnit::Iso8601, &zone), Some(788_918_400));
    }

    proptest! {
        #[test]
        fn written_times_come_back(secs in -2_000_000_000i64..4_000_000_000, nanos in 0i32..999_999_999) {
            let text = Timestamp::new(secs, 0).unwrap().to_string();
            prop_assert_eq!(parse_time(&text, TimeUnit::Iso8601, &TimeZone::UTC), Some(secs));
            let exact = Timestamp::from_nanosecond(i128::from(secs) * 1_000_000_000 + i128::from(nanos)).unwrap();
            prop_assert_eq!(parse_time(&exact.to_string(), TimeUnit::Iso8601, &TimeZone::UTC), Some(secs));
            prop_assert_eq!(parse_time(&secs.to_string(), TimeUnit::Seconds, &TimeZone::UTC), Some(secs));
            prop_assert_eq!(TimeUnit::Milliseconds.secs_of_int(secs * 1_000 + 999), Some(secs));
        }

        #[test]
        fn junk_never_panics(text in "\\PC{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_time(&text, TimeUnit::None, &TimeZone::UTC);
            let _ = parse_date(&String::from_utf8_lossy(&bytes), &TimeZone::UTC);
        }
    }
}
