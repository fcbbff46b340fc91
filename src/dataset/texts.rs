//! Many texts in one piece of memory.

use std::ops::Index;

/// A column of texts, one after the other: a million of them are no million pieces of memory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Texts {
    all: String,
    /// Where each ends in `all`.
    ends: Vec<u64>,
}

impl Texts {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len() as u64);
    }

    /// Adds empty ones until there are `count`.
    pub fn fill_up(&mut self, count: usize) {
        self.ends.resize(count.max(self.len()), self.all.len() as u64);
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| &self[row])
    }

    /// All texts, one after the other, and where each ends.
    pub(super) fn parts(&self) -> (&str, &[u64]) {
        (&self.all, &self.ends)
    }

    /// What [`Texts::parts`] gave; `None` if these can be no parts of any.
    pub(super) fn from_parts(all: String, ends: Vec<u64>) -> Option<Self> {
        let is_end = |&end: &u64| usize::try_from(end).is_ok_and(|end| all.is_char_boundary(end));
        let is_whole = ends.last().map_or(0, |&end| end) == all.len() as u64;
        (is_whole && ends.is_sorted() && ends.iter().all(is_end)).then_some(Self { all, ends })
    }
}

impl Index<usize> for Texts {
    type Output = str;

    /// Panics outside `0..len`.
    fn index(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[row] as usize]
    }
}

impl<S: AsRef<str>> FromIterator<S> for Texts {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        let mut all = Self::default();
        for text in texts {
            all.push(text.as_ref());
        }
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_come_back_from_their_parts(texts in proptest::collection::vec(".{0,4}", 0..60), more in 0usize..9) {
            let mut column: Texts = texts.iter().collect();
            prop_assert!(column.iter().eq(texts.iter().map(String::as_str)));
            column.fill_up(texts.len() + more);
            column.fill_up(texts.len());
            prop_assert_eq!(column.len(), texts.len() + more);
            prop_assert!(column.iter().skip(texts.len()).all(str::is_empty));
            let (all, ends) = column.parts();
            prop_assert_eq!(Texts::from_parts(all.to_owned(), ends.to_vec()), Some(column.clone()));
        }
    }

    #[test]
    fn parts_that_fit_no_texts_are_refused() {
        let of = |all: &str, ends: &[u64]| Texts::from_parts(all.to_owned(), ends.to_vec()).map(|texts| texts.len());
        assert_eq!(of("", &[]), Some(0));
        assert_eq!(of("aa", &[0, 1, 1, 2]), Some(4));
        for (all, ends) in [("ab", vec![2, 1]), ("ab", vec![1]), ("ab", vec![1, 3]), ("é", vec![1, 2]), ("a", vec![])]
        {
            assert_eq!(of(all, &ends), None, "{all} {ends:?}");
        }
    }
}
