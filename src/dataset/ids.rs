//! Ids as the data set writes them, and their dense row numbers.

use std::hash::BuildHasher as _;

use hashbrown::{HashTable, hash_table::Entry};
use rustc_hash::FxBuildHasher;

/// A two-way map between ids (strings, as in the files) and rows `0..len`, in order of first appearance.
#[derive(Debug, Default, Clone)]
pub struct Ids {
    /// All ids, one after the other: a million of them are no million pieces of memory.
    text: String,
    /// Where each row's id ends in `text`.
    ends: Vec<u64>,
    /// Rows by the hash of their ids.
    rows: HashTable<u32>,
}

fn hash_of(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}

fn name_of<'a>(text: &'a str, ends: &[u64], row: u32) -> &'a str {
    let row = row as usize;
    let start = row.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start as usize..ends[row] as usize]
}

impl Ids {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id in row `row`. Panics outside `0..len`.
    pub fn name(&self, row: u32) -> &str {
        name_of(&self.text, &self.ends, row)
    }

    pub fn row(&self, name: &str) -> Option<u32> {
        self.rows.find(hash_of(name), |&row| self.name(row) == name).copied()
    }

    /// The row of `name`, a new one if it was not known.
    pub fn row_or_insert(&mut self, name: &str) -> u32 {
        let Self { text, ends, rows } = self;
        let is_it = |&row: &u32| name_of(text, ends, row) == name;
        match rows.entry(hash_of(name), is_it, |&row| hash_of(name_of(text, ends, row))) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let row = u32::try_from(ends.len()).expect("more than 4 billion ids");
                place.insert(row);
                text.push_str(name);
                ends.push(text.len() as u64);
                row
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|row| self.name(row))
    }

    /// All ids, one after the other, and where each ends.
    pub(super) fn parts(&self) -> (&str, &[u64]) {
        (&self.text, &self.ends)
    }

    /// What [`Ids::parts`] gave; `None` if these can be no parts of any.
    pub(super) fn from_parts(text: String, ends: Vec<u64>) -> Option<Self> {
        let mut rows = HashTable::with_capacity(ends.len());
        let mut start = 0;
        for (row, &end) in ends.iter().enumerate() {
            let end = usize::try_from(end).ok()?;
            let hash = hash_of(text.get(start..end)?);
            let is_it = |&row: &u32| name_of(&text, &ends, row) == &text[start..end];
            match rows.entry(hash, is_it, |&row| hash_of(name_of(&text, &ends, row))) {
                Entry::Occupied(_) => return None,
                Entry::Vacant(place) => place.insert(u32::try_from(row).ok()?),
            };
            start = end;
        }
        (start == text.len()).then_some(Self { text, ends, rows })
    }
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
        fn rows_follow_first_appearance_and_parts_give_them_back(names in proptest::collection::vec(".{0,3}", 0..200)) {
            let (mut ids, mut naive) = (Ids::default(), HashMap::new());
            for name in &names {
                let next = naive.len() as u32;
                prop_assert_eq!(ids.row_or_insert(name), *naive.entry(name.clone()).or_insert(next));
            }
            let (text, ends) = ids.parts();
            let back = Ids::from_parts(text.to_owned(), ends.to_vec()).unwrap();
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
    fn parts_that_fit_no_ids_are_refused() {
        let of = |text: &str, ends: &[u64]| Ids::from_parts(text.to_owned(), ends.to_vec()).map(|ids| ids.len());
        assert_eq!(of("", &[]), Some(0));
        assert_eq!(of("ab", &[1, 2]), Some(2));
        let wrong = [("aa", vec![1, 2]), ("ab", vec![2, 1]), ("ab", vec![1]), ("ab", vec![1, 3]), ("é", vec![1, 2])];
        for (text, ends) in wrong {
            assert_eq!(of(text, &ends), None, "{text} {ends:?}");
        }
    }
}
