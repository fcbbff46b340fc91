//! Small data sets for the tests of the lanes.

use crate::dataset::{Behaviour, Dataset, Events, Items, Users};

pub(super) const DAY_SECS: i64 = 86_400;

/// From rows of (user, item, behaviour, day); behaviours are 0: click (weight 1) and 1: like (weight 2).
pub(super) fn dataset(rows: &[(u32, u32, u8, i64)], users: u32, items: u32) -> Dataset {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.3);
    let behaviour = |name: &str, weight| Behaviour { name: name.to_owned(), weight };
    Dataset {
        events: Events {
            user: rows.iter().map(|row| row.0).collect(),
            item: rows.iter().map(|row| row.1).collect(),
            behaviour: rows.iter().map(|row| row.2).collect(),
            time_secs: rows.iter().map(|row| row.3 * DAY_SECS).collect(),
            ..Events::default()
        },
        users: Users { ids: (0..users).map(|user| user.to_string()).collect(), ..Users::default() },
        items: Items { ids: (0..items).map(|item| item.to_string()).collect(), ..Items::default() },
        behaviours: vec![behaviour("click", 1.0), behaviour("like", 2.0)],
        ..Dataset::default()
    }
}
