//! Ids of a data set while it is being read.

use rustc_hash::FxHashMap;

use super::cells::Cell;
use crate::dataset::Ids;

/// Numbers below this are looked up in a table however few ids there are.
const LEAST_TABLE: usize = 1 << 16;

/// Ids with a short way for whole numbers, which need not be written out to be found.
#[derive(Default)]
pub(super) struct Interner {
    pub(super) ids: Ids,
    by_number: FxHashMap<i64, u32>,
    /// By number the row plus one, 0 where unknown; never longer than a small multiple of the number of ids.
    table: Vec<u32>,
    /// The text asked for last and its row: rows of one user often follow one another.
    last: Option<(String, u32)>,
}

impl Interner {
    pub(super) fn row(&mut self, cell: &Cell<'_>) -> Option<u32> {
        if let &Cell::Int(number) = cell {
            return Some(self.row_of_number(number));
        }
        let &Cell::Text(text) = cell else { return Some(self.ids.row_or_insert(&cell.id()?)) };
        if let Some((last, row)) = &self.last
            && last == text
        {
            return Some(*row);
        }
        let row = self.ids.row_or_insert(&cell.id()?);
        let (last, of_last) = self.last.get_or_insert_default();
        last.clear();
        last.push_str(text);
        *of_last = row;
        Some(row)
    }

    pub(super) fn row_of_number(&mut self, number: i64) -> u32 {
        let known = usize::try_from(number).ok().and_then(|number| self.table.get(number));
        match known {
            Some(&row) if row != 0 => row - 1,
            _ => self.look_up(number),
        }
    }

    #[cold]
    fn look_up(&mut self, number: i64) -> u32 {
        let row = match self.by_number.get(&number) {
            Some(&row) => row,
            None => self.ids.row_or_insert(&number.to_string()),
        };
        let bound = (4 * self.ids.len()).next_power_of_two().max(LEAST_TABLE);
        match usize::try_from(number) {
            Ok(number) if number < bound => {
                if number >= self.table.len() {
                    self.table.resize(bound, 0);
                }
                self.table[number] = row + 1;
            }
            _ => {
                self.by_number.insert(number, row);
            }
        }
        row
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
        fn rows_are_as_by_text(numbers in proptest::collection::vec(
            prop_oneof![0i64..50, 60_000i64..300_000, -20i64..0, any::<i64>()], 0..400)) {
            let (mut interner, mut naive) = (Interner::default(), HashMap::new());
            for number in numbers {
                let next = naive.len() as u32;
                let expected = *naive.entry(number.to_string()).or_insert(next);
                prop_assert_eq!(interner.row(&Cell::Int(number)), Some(expected));
                prop_assert_eq!(interner.row(&Cell::Text(&number.to_string())), Some(expected));
                prop_assert_eq!(interner.ids.name(expected), number.to_string());
            }
        }
    }

    #[test]
    fn the_table_grows_with_the_ids() {
        let mut interner = Interner::default();
        for number in (0..200_000i64).rev() {
            assert_eq!(interner.row_of_number(number), 199_999 - number as u32);
        }
        for number in 0..200_000i64 {
            assert_eq!(interner.row_of_number(number), 199_999 - number as u32);
        }
        assert!(interner.table.len() <= 1 << 20);
        assert_eq!(interner.row_of_number(i64::MAX), 200_000);
        assert!(interner.table.len() <= 1 << 20);
    }
}
