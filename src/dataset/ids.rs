//! Ids as the data set writes them, and their dense row numbers.

use rustc_hash::FxHashMap;

/// A two-way map between ids (strings, as in the files) and rows `0..len`, in order of first appearance.
#[derive(Debug, Default, Clone)]
pub struct Ids {
    names: Vec<Box<str>>,
    rows: FxHashMap<Box<str>, u32>,
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
        self.rows.get(name).copied()
    }

    /// The row of `name`, a new one if it was not known.
    pub fn row_or_insert(&mut self, name: &str) -> u32 {
        if let Some(&row) = self.rows.get(name) {
            return row;
        }
        let row = u32::try_from(self.names.len()).expect("more than 4 billion ids");
        self.names.push(name.into());
        self.rows.insert(name.into(), row);
        row
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
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
