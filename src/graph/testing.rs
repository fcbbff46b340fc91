//! Small data sets for the tests of this module.
#![allow(clippy::unwrap_used)]

use crate::dataset::{Behaviour, Dataset, Events, Items, Users};

/// Events of (user, item, kind), one a day. Of the four kinds the last is no interaction.
pub(super) fn dataset(log: &[(u32, u32, u8)], users: usize, items: usize) -> Dataset {
    let kinds = [("click", 1.0), ("like", 2.0), ("favorite", 0.5), ("publish", 0.0)];
    Dataset {
        events: Events {
            user: log.iter().map(|event| event.0).collect(),
            item: log.iter().map(|event| event.1).collect(),
            behaviour: log.iter().map(|event| event.2).collect(),
            time_secs: (0..log.len() as i64).map(|day| day * 86_400).collect(),
            ..Events::default()
        },
        users: Users { ids: (0..users).map(|user| user.to_string()).collect(), ..Users::default() },
        items: Items { ids: (0..items).map(|item| item.to_string()).collect(), ..Items::default() },
        behaviours: kinds.map(|(name, weight)| Behaviour { name: name.to_owned(), weight }).to_vec(),
        ..Dataset::default()
    }
}

pub(super) fn in_threads<T: Send>(count: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap().install(work)
}
