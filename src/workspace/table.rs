//! A table of what an analyst looks at: named, typed columns, ready to be sorted, shown and written.

use std::cmp::Ordering;

/// Columns of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    pub columns: Vec<TableColumn>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// As files name it, e.g. `recall@20`.
    pub name: String,
    /// As the screen names it.
    pub title: String,
    pub values: Values,
}

/// The cells of a column. What is not known is `None`, and last in every order.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    Text(Vec<Option<String>>),
    Count(Vec<Option<u64>>),
    Metric(Vec<Option<Measured>>),
    Seconds(Vec<Option<f64>>),
    /// Seconds since 1970, UTC.
    Date(Vec<Option<i64>>),
}

/// A figure, and its interval where there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub value: f64,
    pub interval: Option<[f64; 2]>,
}

impl From<f64> for Measured {
    fn from(value: f64) -> Self {
        Self { value, interval: None }
    }
}

impl Values {
    pub fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::Metric(cells) => cells.len(),
            Self::Seconds(cells) => cells.len(),
            Self::Date(cells) => cells.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The order of two rows by this column, unknown ones last whichever way it goes.
    fn order(&self, one: usize, other: usize, is_falling: bool) -> Ordering {
        fn by<T>(
            one: Option<&Option<T>>,
            other: Option<&Option<T>>,
            is_falling: bool,
            order: impl Fn(&T, &T) -> Ordering,
        ) -> Ordering {
            match (one.and_then(Option::as_ref), other.and_then(Option::as_ref)) {
                (Some(one), Some(other)) if is_falling => order(other, one),
                (Some(one), Some(other)) => order(one, other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            }
        }
        match self {
            Self::Text(cells) => {
                let order = |one: &String, other: &String| {
                    one.to_lowercase().cmp(&other.to_lowercase()).then_with(|| one.cmp(other))
                };
                by(cells.get(one), cells.get(other), is_falling, order)
            }
            Self::Count(cells) => by(cells.get(one), cells.get(other), is_falling, u64::cmp),
            Self::Metric(cells) => {
                by(cells.get(one), cells.get(other), is_falling, |one, other| one.value.total_cmp(&other.value))
            }
            Self::Seconds(cells) => by(cells.get(one), cells.get(other), is_falling, f64::total_cmp),
            Self::Date(cells) => by(cells.get(one), cells.get(other), is_falling, i64::cmp),
        }
    }
}

impl Table {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, name: impl Into<String>, title: impl Into<String>, values: Values) -> Self {
        self.columns.push(TableColumn { name: name.into(), title: title.into(), values });
        self
    }

    pub fn row_count(&self) -> usize {
        self.columns.iter().map(|column| column.values.len()).min().unwrap_or(0)
    }

    /// The place of the column with this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Rows in the order of the column with this name; as they are without one. Rows alike stay in their order.
    pub fn order_by(&self, name: Option<&str>, is_falling: bool) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.row_count()).collect();
        if let Some(column) = name.and_then(|name| self.column(name)) {
            let values = &self.columns[column].values;
            rows.sort_by(|&one, &other| values.order(one, other, is_falling));
        }
        rows
    }

    /// The same columns with these rows, in this order.
    #[must_use]
    pub fn rows(&self, rows: &[usize]) -> Self {
        fn picked<T: Clone>(cells: &[Option<T>], rows: &[usize]) -> Vec<Option<T>> {
            rows.iter().map(|&row| cells.get(row).cloned().flatten()).collect()
        }
        let columns = self.columns.iter().map(|column| {
            let values = match &column.values {
                Values::Text(cells) => Values::Text(picked(cells, rows)),
                Values::Count(cells) => Values::Count(picked(cells, rows)),
                Values::Metric(cells) => Values::Metric(picked(cells, rows)),
                Values::Seconds(cells) => Values::Seconds(picked(cells, rows)),
                Values::Date(cells) => Values::Date(picked(cells, rows)),
            };
            TableColumn { name: column.name.clone(), title: column.title.clone(), values }
        });
        Self { columns: columns.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_cells_are_last_in_both_orders() {
        let cells = vec![Some(2.0), None, Some(3.0), Some(2.0)];
        let cells = cells.into_iter().map(|cell: Option<f64>| cell.map(Measured::from)).collect();
        let names = ["b", "A", "a", "c"].map(|name| Some(name.to_owned())).to_vec();
        let table = Table::new().with("name", "Name", Values::Text(names)).with("m", "M", Values::Metric(cells));
        assert_eq!(table.order_by(Some("m"), false), [0, 3, 2, 1]);
        assert_eq!(table.order_by(Some("m"), true), [2, 0, 3, 1]);
        assert_eq!(table.order_by(Some("name"), false), [1, 2, 0, 3]);
        assert_eq!(table.order_by(Some("gone"), true), [0, 1, 2, 3]);
        let sorted = table.rows(&[2, 1]);
        assert_eq!(sorted.columns[1].values, Values::Metric(vec![Some(3.0.into()), None]));
        assert_eq!(sorted.row_count(), 2);
    }
}
