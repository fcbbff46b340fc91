//! Columns in order of time, and rows that say one thing twice.

use rayon::{
    prelude::{IntoParallelIterator as _, ParallelIterator as _},
    slice::ParallelSliceMut as _,
};

use crate::dataset::Events;

/// Fewer events are not worth a second thread.
const LEAST_PARALLEL: usize = 65_536;

/// The stable order by time, `None` where the rows stand in it already.
pub(super) fn order_by_time(times: &[i64]) -> Option<Vec<u32>> {
    if times.is_sorted() {
        return None;
    }
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    order.par_sort_unstable_by_key(|&row| (times[row as usize], row));
    Some(order)
}

pub(super) fn permute<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    if !column.is_empty() {
        *column = order.iter().map(|&row| column[row as usize]).collect();
    }
}

/// Removes sorted `rows`.
pub(super) fn remove<T>(column: &mut Vec<T>, rows: &[u32]) {
    if column.is_empty() {
        return;
    }
    let (mut row, mut next) = (0, rows.iter().peekable());
    column.retain(|_| {
        let is_removed = next.next_if(|&&removed| removed == row).is_some();
        row += 1;
        !is_removed
    });
}

/// Rows that repeat an earlier one in user, item, behaviour and time; sorted. Only runs of one time are looked at.
pub(super) fn find_twins(events: &Events, given: Option<&[bool]>) -> Vec<u32> {
    let count = events.len();
    if !events.has_times() {
        return twins_within(events, given, 0..count);
    }
    // Parts end where a time ends.
    let parts = if count < LEAST_PARALLEL { 1 } else { 4 * rayon::current_num_threads() };
    let ends: Vec<usize> = (0..=parts)
        .map(|part| {
            let near = count * part / parts;
            if near == 0 { 0 } else { events.time_secs.partition_point(|&time| time <= events.time_secs[near - 1]) }
        })
        .collect();
    let found: Vec<Vec<u32>> =
        (0..parts).into_par_iter().map(|part| twins_within(events, given, ends[part]..ends[part + 1])).collect();
    found.concat()
}

fn twins_within(events: &Events, given: Option<&[bool]>, rows: std::ops::Range<usize>) -> Vec<u32> {
    let key = |row: u32| {
        let row = row as usize;
        (events.user[row], events.item[row], events.behaviour[row], given.is_some_and(|given| given[row]))
    };
    let mut twins = Vec::new();
    let mut run: Vec<u32> = Vec::new();
    let mut from = rows.start;
    while from < rows.end {
        let to = if events.has_times() {
            let time = events.time_secs[from];
            from + events.time_secs[from..rows.end].iter().take_while(|&&other| other == time).count()
        } else {
            rows.end
        };
        let (first, end) = (from as u32, to as u32);
        if to - from <= 8 {
            // Most times have few events.
            twins.extend((first + 1..end).filter(|&row| (first..row).any(|other| key(other) == key(row))));
        } else {
            run.clear();
            run.extend(first..end);
            if run.len() > 10_000 {
                run.par_sort_unstable_by_key(|&row| (key(row), row));
            } else {
                run.sort_unstable_by_key(|&row| (key(row), row));
            }
            twins.extend(run.windows(2).filter(|pair| key(pair[0]) == key(pair[1])).map(|pair| pair[1]));
        }
        from = to;
    }
    twins.sort_unstable();
    twins
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn twins_are_found_within_one_time_only() {
        let events = Events {
            user: vec![1, 1, 2, 1, 1],
            item: vec![5, 5, 5, 5, 5],
            behaviour: vec![0, 0, 0, 0, 1],
            time_secs: vec![10, 10, 10, 11, 11],
            ..Events::default()
        };
        assert_eq!(find_twins(&events, None), [1]);
        let untimed = Events { time_secs: Vec::new(), ..events };
        assert_eq!(find_twins(&untimed, None), [1, 3]);
        assert!(find_twins(&untimed, Some(&[false, true, false, true, true])) == [3]);
        let mut column = vec![0, 1, 2, 3, 4];
        remove(&mut column, &[1, 3]);
        assert_eq!(column, [0, 2, 4]);
    }

    proptest! {
        #[test]
        fn twins_are_all_but_the_first(rows in proptest::collection::vec((0u32..3, 0u32..3, 0u8..2, 0i64..4), 0..80)) {
            let mut rows = rows;
            rows.sort_by_key(|row| row.3);
            let events = Events {
                user: rows.iter().map(|row| row.0).collect(),
                item: rows.iter().map(|row| row.1).collect(),
                behaviour: rows.iter().map(|row| row.2).collect(),
                time_secs: rows.iter().map(|row| row.3).collect(),
                ..Events::default()
            };
            let mut seen = HashSet::new();
            let expected: Vec<u32> =
                (0..rows.len() as u32).filter(|&row| !seen.insert(rows[row as usize])).collect();
            prop_assert_eq!(find_twins(&events, None), expected);
        }
    }

    #[test]
    fn twins_are_found_in_every_part_of_a_long_log() {
        let count = 3 * LEAST_PARALLEL as u32;
        let events = Events {
            user: (0..count).map(|row| row / 2 % 1_000).collect(),
            item: vec![0; count as usize],
            behaviour: vec![0; count as usize],
            time_secs: (0..i64::from(count)).map(|row| row / 10).collect(),
            ..Events::default()
        };
        assert_eq!(find_twins(&events, None), (0..count).filter(|row| row % 2 == 1).collect::<Vec<_>>());
    }
}
