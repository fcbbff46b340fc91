//! Ids as the data set writes them, and their dense row numbers.

use std::hash::BuildHasher as _;

use hashbrown::{HashTable, hash_table::Entry};
use rustc_hash::FxBuildHasher;

use super::Texts;

/// A two-way map between ids (strings, as in the files) and rows `0..len`, in order of first appearance.
#[derive(Debug, Default, Clone)]
pub struct Ids {
    names: Texts,
    /// Rows by the hash of their ids.
    rows: HashTable<u32>,
}

fn hash_of(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}

impl Ids {
    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The id in row `row`. Panics outside `0..len`.
    pub fn name(&self, row: u32) -> &str {
        &self.names[row as usize]
    }

    pub fn row(&self, name: &str) -> Option<u32> {
        self.rows.find(hash_of(name), |&row| self.name(row) == name).copied()
    }

    /// The row of `name`, a new one if it was not known.
    pub fn row_or_insert(&mut self, name: &str) -> u32 {
        let Self { names, rows } = self;
        match slot(rows, names, name) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let row = u32::try_from(names.len()).expect("more than 4 billion ids");
                place.insert(row);
                names.push(name);
                row
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter()
    }

    /// In order of rows.
    pub(super) fn names(&self) -> &Texts {
        &self.names
    }

    /// Of the names in order of rows; `None` if one of them stands twice.
    pub(super) fn from_names(names: Texts) -> Option<Self> {
        let mut rows = HashTable::with_capacity(names.len());
        for (row, name) in names.iter().enumerate() {
            match slot(&mut rows, &names, name) {
                Entry::Occupied(_) => return None,
                Entry::Vacant(place) => place.insert(u32::try_from(row).ok()?),
            };
        }
        Some(Self { names, rows })
    }
}

/// Where the row of `name` stands or would stand.
fn slot<'a>(rows: &'a mut HashTable<u32>, names: &Texts, name: &str) -> Entry<'a, u32> {
    rows.entry(hash_of(name), |&row| &names[row as usize] == name, |&row| hash_of(&names[row as usize]))
}

impl<S: AsRef<str>> FromIterator<S> for Ids {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut ids = Self::default();
        for name in names {
            ids.row_or_insert(name.as_ref());
        }
        ids
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_follow_first_appearance_and_names_give_them_back(names in proptest::collection::vec(".{0,3}", 0..200)) {
            let (mut ids, mut naive) = (Ids::default(), HashMap::new());
            for name in &names {
                let next = naive.len() as u32;
                prop_assert_eq!(ids.row_or_insert(name), *naive.entry(name.clone()).or_insert(next));
            }
            let back = Ids::from_names(ids.names().clone()).unwrap();
            for (name, &row) in &naive {
                prop_assert_eq!(ids.row(name), Some(row));
                prop_assert_eq!(back.row(name), Some(row));
                prop_assert_eq!(back.name(row), name);
            }
            prop_assert_eq!(back.row("no such id"), None);
            prop_assert!(back.iter().eq(ids.iter()));
        }
    }

    #[test]
    fn names_that_stand_twice_are_no_ids() {
        assert!(Ids::from_names(["a", "b"].into_iter().collect()).is_some());
        assert!(Ids::from_names(["a", "b", "a"].into_iter().collect()).is_none());
    }
}
