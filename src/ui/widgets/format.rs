//! How numbers and times are written; the same everywhere.

use jiff::{Timestamp, tz::TimeZone};

use crate::ui::words::{Word, Words};

/// `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A score with three figures that count.
pub fn score(score: f32) -> String {
    let size = score.abs();
    if size >= 1_000.0 {
        count(score.round().max(0.0) as u64)
    } else if size >= 100.0 {
        format!("{score:.0}")
    } else if size >= 10.0 {
        format!("{score:.1}")
    } else if size >= 0.1 || size == 0.0 {
        format!("{score:.2}")
    } else if size >= 0.001 {
        format!("{score:.3}")
    } else {
        format!("{score:.0e}")
    }
}

/// A ranking metric: three decimals; a dash where there was nothing to measure.
pub fn metric(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

/// A difference: four decimals, and always a sign.
pub fn signed(value: f64) -> String {
    format!("{value:+.4}").replace('-', "−")
}

/// A span of time with one unit.
pub fn span(words: Words, secs: f64) -> String {
    let (word, number) = if secs >= 86_400.0 {
        (Word::Days, secs / 86_400.0)
    } else if secs >= 3_600.0 {
        (Word::Hours, secs / 3_600.0)
    } else if secs >= 60.0 {
        (Word::Minutes, secs / 60.0)
    } else {
        (Word::Secs, secs)
    };
    let written = if word == Word::Secs && number < 10.0 { format!("{number:.1}") } else { format!("{number:.0}") };
    words.fill(word, &[&written])
}

/// `2018-09-20`, in UTC.
pub fn date(time_secs: i64) -> String {
    zoned(time_secs).map_or_else(String::new, |time| time.strftime("%Y-%m-%d").to_string())
}

/// `2018-09-20 14:05`, in UTC.
pub fn date_time(time_secs: i64) -> String {
    zoned(time_secs).map_or_else(String::new, |time| time.strftime("%Y-%m-%d %H:%M").to_string())
}

/// `14:05`, in UTC.
pub fn time(time_secs: i64) -> String {
    zoned(time_secs).map_or_else(String::new, |time| time.strftime("%H:%M").to_string())
}

fn zoned(time_secs: i64) -> Option<jiff::Zoned> {
    Some(Timestamp::from_second(time_secs).ok()?.to_zoned(TimeZone::UTC))
}

/// `1.4 MB`.
pub fn bytes(bytes: u64) -> String {
    let mut size = bytes as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB"] {
        if size < 1_000.0 {
            break;
        }
        size /= 1_000.0;
        unit = next;
    }
    if size < 10.0 && unit != "B" { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Language;

    #[test]
    fn numbers_are_written_alike() {
        assert_eq!(["0", "999", "1,000", "12,345,678"], [count(0), count(999), count(1_000), count(12_345_678)]);
        assert_eq!([signed(0.0123), signed(-0.5)], ["+0.0123", "−0.5000"]);
        assert_eq!(score(0.1234), "0.12");
        assert_eq!(score(0.0456), "0.046");
        assert_eq!(score(31.46), "31.5");
        assert_eq!(score(4_321.0), "4,321");
        assert_eq!(bytes(1_400_000), "1.4 MB");
        assert_eq!(date(1_537_401_600), "2018-09-20");
        assert_eq!(
            (date_time(1_537_401_900), time(1_537_401_900)),
            ("2018-09-20 00:05".to_owned(), "00:05".to_owned())
        );
    }

    #[test]
    fn spans_have_one_unit() {
        let words = Words { language: Language::English };
        assert_eq!(span(words, 3.25), "3.2 s");
        assert_eq!(span(words, 7_300.0), "2 h");
        assert_eq!(span(words, 200_000.0), "2 d");
    }
}
