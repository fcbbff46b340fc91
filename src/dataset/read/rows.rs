//! What reading any table needs.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    DatasetError,
    cells::{Cell, Row},
    plan::TablePlan,
    source::{self, Item, TableFile},
    time::{TimeUnit, parse_time, show},
};
use crate::{dataset::TableReport, task::JobContext};

pub(super) fn has_id(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Int(_)) || cell.id().is_some()
}

pub(super) fn place(file: &TableFile, row: &Row<'_>) -> String {
    format!("{}:{}: {}", file.shown, row.line, row.show())
}

fn on_clock(local_secs: i64, zone: &TimeZone) -> Option<i64> {
    if *zone == TimeZone::UTC {
        return Some(local_secs);
    }
    let clock = TimeZone::UTC.to_datetime(Timestamp::from_second(local_secs).ok()?);
    Some(clock.to_zoned(zone.clone()).ok()?.timestamp().as_second())
}

pub(super) fn time_of(cell: &Cell<'_>, unit: TimeUnit, zone: &TimeZone) -> Option<i64> {
    match cell {
        Cell::Secs(secs) => Some(*secs),
        Cell::LocalSecs(secs) => on_clock(*secs, zone),
        Cell::Int(number) => unit.secs_of_int(*number),
        Cell::Float(number) => unit.secs_of(*number),
        Cell::Text(text) => parse_time(text, unit, zone),
        _ => None,
    }
}

/// The time of a row; without one the row is set aside with the reason. 1970-01-01T00:00:00Z and before it is what
/// programs write where they know no time. `latest` is that of [`latest_secs`].
pub(super) fn kept_time(
    cell: &Cell<'_>,
    unit: TimeUnit,
    zone: &TimeZone,
    latest: i64,
    report: &mut TableReport,
    place: impl Fn() -> String,
) -> Option<i64> {
    match time_of(cell, unit, zone) {
        None if cell.id().is_none() => report.set_aside("no_time", place),
        None => report.set_aside("unparsable_time", place),
        Some(time) if time <= 0 => report.set_aside("no_time", || format!("{} ({})", place(), show(time))),
        Some(time) if time > latest => report.set_aside("future_time", || format!("{} ({})", place(), show(time))),
        Some(time) => return Some(time),
    }
    None
}

/// What takes a readable row; the report is that of the table.
type Each<'a> = dyn FnMut(&TableFile, &Row<'_>, &mut TableReport) -> Result<(), DatasetError> + 'a;

/// Reads all files of a table; unreadable rows go to the report, the others to `each`.
pub(super) fn read_rows(
    plan: &TablePlan,
    wanted: &[String],
    report: &mut TableReport,
    ctx: &JobContext,
    each: &mut Each<'_>,
) -> Result<(), DatasetError> {
    for file in &plan.files {
        read_file(file, wanted, report, ctx, &mut |row, report| each(file, row, report))?;
    }
    Ok(())
}

/// As [`read_rows`] for one file.
pub(super) fn read_file(
    file: &TableFile,
    wanted: &[String],
    report: &mut TableReport,
    ctx: &JobContext,
    each: &mut dyn FnMut(&Row<'_>, &mut TableReport) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    source::read(file, wanted, None, ctx, &mut |item| {
        match item {
            Item::Row(row) => each(&row, report)?,
            Item::Bad { line, reason, text } => {
                report.set_aside(reason, || format!("{}:{line}: {text}", file.shown));
            }
        }
        Ok(true)
    })
}

pub(super) fn wanted(plan: &TablePlan, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&own| plan.columns.get(own).cloned().unwrap_or_default()).collect()
}

/// Later than this is the future; clocks and zones may be a day apart.
pub(super) fn latest_secs() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(i64::MAX / 2, |since| since.as_secs() as i64);
    now + 86_400
}
