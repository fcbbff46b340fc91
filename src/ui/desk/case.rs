//! The case study: whom it shows, under which lanes and runs, and what he is taken to have clicked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::explain::facts::UserFilter;
use crate::recall::LaneKind;

/// What a row of recalled covers comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowRef {
    /// The run that stands for the lane now.
    Lane(LaneKind),
    /// One run, by its id.
    Run(String),
}

/// How recalled covers are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    #[default]
    Grid,
    /// One line per item, with title, tags and score.
    List,
    /// One line of covers that scrolls sideways.
    Strip,
}

/// How many recalled covers are shown of each row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Shown {
    #[default]
    #[serde(rename = "20")]
    Twenty,
    #[serde(rename = "50")]
    Fifty,
    #[serde(rename = "100")]
    Hundred,
}

impl Shown {
    pub const ALL: [Self; 3] = [Self::Twenty, Self::Fifty, Self::Hundred];

    pub fn count(self) -> usize {
        match self {
            Self::Twenty => 20,
            Self::Fifty => 50,
            Self::Hundred => 100,
        }
    }
}

/// One column of the case study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// The user's id, as the data set writes it.
    pub user: Option<String>,
    pub filter: UserFilter,
    /// "Surprise me" leaves it alone, and it stays in view while the others scroll sideways.
    pub is_pinned: bool,
    /// Rows of its own instead of [`CaseDesk::rows`].
    pub rows: Option<Vec<RowRef>>,
    /// Items that he is taken to have clicked just now, the latest last, by id.
    pub clicks: Vec<String>,
    /// Items of his history that he is taken not to have taken, by id.
    pub struck: Vec<String>,
    /// Attributes that he is taken to have: a field's name, and a value of it.
    pub changed: BTreeMap<String, String>,
}

impl Column {
    /// Shows somebody else: what the one before clicked is not his.
    pub fn set_user(&mut self, id: &str) {
        if self.user.as_deref() != Some(id) {
            self.user = Some(id.to_owned());
            self.clicks.clear();
            self.reset();
        }
    }

    /// His history and his attributes are what they are; live clicks stay.
    pub fn reset(&mut self) {
        self.struck.clear();
        self.changed.clear();
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseDesk {
    /// Pinned ones stand first.
    pub columns: Vec<Column>,
    /// The rows of every column that has none of its own.
    pub rows: Vec<RowRef>,
    pub shape: Shape,
    pub shown: Shown,
}

impl Default for CaseDesk {
    fn default() -> Self {
        Self { columns: Vec::new(), rows: Self::first_lanes(), shape: Shape::default(), shown: Shown::default() }
    }
}

impl CaseDesk {
    pub fn first_lanes() -> Vec<RowRef> {
        LaneKind::QUICK.into_iter().map(RowRef::Lane).collect()
    }

    /// As it may have been stored by another version, brought within bounds.
    pub fn mend(&mut self, most_columns: usize) {
        self.columns.truncate(most_columns);
        self.columns.sort_by_key(|column| !column.is_pinned);
        if self.rows.is_empty() {
            self.rows = Self::first_lanes();
        }
    }

    /// The rows of `column`; none for a column that there is not.
    pub fn rows_of(&self, column: usize) -> &[RowRef] {
        self.columns.get(column).map_or(&[], |column| column.rows.as_deref().unwrap_or(&self.rows))
    }

    /// Whether every column has the same rows, so that one header stands for all of them.
    pub fn are_rows_shared(&self) -> bool {
        (1..self.columns.len()).all(|column| self.rows_of(column) == self.rows_of(0))
    }

    /// Puts the column `from` before the one that is now at `before`, or last. Pinned columns stay together in front.
    pub fn move_column(&mut self, from: usize, before: usize) {
        if from >= self.columns.len() {
            return;
        }
        let to = if before > from { before - 1 } else { before };
        let moved = self.columns.remove(from);
        let pinned = self.columns.iter().filter(|column| column.is_pinned).count();
        let to = if moved.is_pinned { to.min(pinned) } else { to.clamp(pinned, self.columns.len()) };
        self.columns.insert(to, moved);
    }

    pub fn toggle_pin(&mut self, column: usize) {
        if let Some(slot) = self.columns.get_mut(column) {
            slot.is_pinned = !slot.is_pinned;
            self.columns.sort_by_key(|column| !column.is_pinned);
        }
    }

    /// The same user once more, beside `column`, so that he can have other rows there.
    pub fn repeat_column(&mut self, column: usize, most_columns: usize) {
        if self.columns.len() < most_columns
            && let Some(slot) = self.columns.get(column)
        {
            self.columns.insert(column + 1, slot.clone());
            self.columns.sort_by_key(|column| !column.is_pinned);
        }
    }

    /// The user of `column` alone, in one column for each of `rows`.
    pub fn compare(&mut self, column: usize, rows: &[RowRef], most_columns: usize) {
        let Some(slot) = self.columns.get(column) else { return };
        let one = |row: &RowRef| Column { rows: Some(vec![row.clone()]), is_pinned: false, ..slot.clone() };
        let columns: Vec<Column> = rows.iter().take(most_columns).map(one).collect();
        if !columns.is_empty() {
            self.columns = columns;
        }
    }

    /// What the user of `column` is compared under: the lanes that it shows, or all where that is not more than one.
    pub fn compared_lanes(&self, column: usize) -> Vec<RowRef> {
        let is_lane = |row: &&RowRef| matches!(row, RowRef::Lane(_));
        let shown: Vec<RowRef> = self.rows_of(column).iter().filter(is_lane).cloned().collect();
        if shown.len() > 1 { shown } else { Self::first_lanes() }
    }

    /// Columns that show the user of `column` under rows of their own: whoever is put into one of them stands in all,
    /// so that a comparison stays one. Pinned ones stay out of it.
    pub fn compared_with(&self, column: usize) -> Vec<usize> {
        let Some(slot) = self.columns.get(column) else { return Vec::new() };
        let follows = |other: &Column| slot.rows.is_some() && other.rows.is_some() && other.user == slot.user;
        let others = self.columns.iter().enumerate();
        let followers = others
            .filter(|&(place, other)| place == column || (!other.is_pinned && slot.user.is_some() && follows(other)));
        followers.map(|(place, _)| place).collect()
    }

    /// The user of `column` is taken to have clicked the item, after everything else.
    pub fn click(&mut self, column: usize, item: &str) {
        if let Some(slot) = self.columns.get_mut(column) {
            slot.clicks.retain(|clicked| clicked != item);
            slot.clicks.push(item.to_owned());
        }
    }

    /// The user of `column` is taken not to have taken the item, or, if so before, to have taken it after all.
    pub fn strike(&mut self, column: usize, item: &str) {
        if let Some(slot) = self.columns.get_mut(column) {
            match slot.struck.iter().position(|struck| struck == item) {
                Some(place) => drop(slot.struck.remove(place)),
                None => slot.struck.push(item.to_owned()),
            }
        }
    }

    /// The user of `column` is taken to have this value of the field; `None`: his own.
    pub fn set_attribute(&mut self, column: usize, field: &str, value: Option<&str>) {
        if let Some(slot) = self.columns.get_mut(column) {
            match value {
                Some(value) => drop(slot.changed.insert(field.to_owned(), value.to_owned())),
                None => drop(slot.changed.remove(field)),
            }
        }
    }

    /// Forgets what spoke of a data set that is no longer open.
    pub fn leave_dataset(&mut self) {
        *self = Self { shape: self.shape, shown: self.shown, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(users: &[&str]) -> CaseDesk {
        let column = |user: &&str| Column { user: Some((*user).to_owned()), ..Column::default() };
        CaseDesk { columns: users.iter().map(column).collect(), ..CaseDesk::default() }
    }

    fn users(desk: &CaseDesk) -> String {
        desk.columns.iter().filter_map(|column| column.user.as_deref()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_move_and_pinned_ones_stay_in_front() {
        let mut desk = desk(&["a", "b", "c", "d"]);
        desk.move_column(0, 2);
        assert_eq!(users(&desk), "b a c d");
        desk.move_column(3, 0);
        assert_eq!(users(&desk), "d b a c");
        desk.move_column(1, 4);
        assert_eq!(users(&desk), "d a c b");
        desk.toggle_pin(2);
        assert_eq!(users(&desk), "c d a b");
        desk.move_column(0, 3);
        assert_eq!(users(&desk), "c d a b", "it is the only pinned one");
        desk.move_column(3, 0);
        assert_eq!(users(&desk), "c b d a", "nothing unpinned stands before it");
        desk.toggle_pin(0);
        assert!(desk.columns.iter().all(|column| !column.is_pinned));
        desk.move_column(9, 0);
        assert_eq!(users(&desk), "c b d a");
    }

    #[test]
    fn a_comparison_has_one_column_a_row_and_stays_one() {
        let mut desk = desk(&["a", "b"]);
        assert!(desk.are_rows_shared());
        desk.columns[1].clicks.push("i1".to_owned());
        desk.compare(1, &[RowRef::Lane(LaneKind::Hot), RowRef::Run("x".to_owned())], 6);
        assert_eq!(users(&desk), "b b");
        assert_eq!(desk.rows_of(1), [RowRef::Run("x".to_owned())]);
        assert_eq!(desk.columns[0].clicks, ["i1"]);
        assert!(!desk.are_rows_shared());
        assert_eq!(desk.compared_with(0), [0, 1]);
        desk.columns[1].is_pinned = true;
        assert_eq!(desk.compared_with(0), [0]);
        desk.compare(0, &[], 6);
        assert_eq!(desk.columns.len(), 2);
        let rows: Vec<RowRef> = (0..9).map(|run| RowRef::Run(run.to_string())).collect();
        desk.compare(0, &rows, 6);
        assert_eq!(desk.columns.len(), 6);
    }

    #[test]
    fn the_lanes_that_are_shown_are_compared_and_all_where_one_is() {
        let mut desk = desk(&["a"]);
        assert_eq!(desk.compared_lanes(0), CaseDesk::first_lanes());
        desk.rows = vec![RowRef::Lane(LaneKind::ItemCf), RowRef::Run("x".to_owned()), RowRef::Lane(LaneKind::Hot)];
        assert_eq!(desk.compared_lanes(0), [RowRef::Lane(LaneKind::ItemCf), RowRef::Lane(LaneKind::Hot)]);
        desk.rows.pop();
        assert_eq!(desk.compared_lanes(0), CaseDesk::first_lanes());
    }

    #[test]
    fn the_latest_click_stands_last_and_goes_with_its_user() {
        let mut desk = desk(&["a"]);
        for item in ["x", "y", "x"] {
            desk.click(0, item);
        }
        assert_eq!(desk.columns[0].clicks, ["y", "x"]);
        desk.columns[0].set_user("a");
        assert_eq!(desk.columns[0].clicks.len(), 2);
        desk.columns[0].set_user("b");
        assert!(desk.columns[0].clicks.is_empty());
    }

    #[test]
    fn what_is_struck_and_changed_goes_with_its_user() {
        let mut desk = desk(&["a"]);
        desk.strike(0, "x");
        desk.strike(0, "y");
        desk.strike(0, "x");
        desk.set_attribute(0, "age", Some("30"));
        desk.set_attribute(0, "age", Some("40"));
        desk.set_attribute(0, "city", Some("south"));
        desk.set_attribute(0, "city", None);
        desk.click(0, "z");
        let column = &mut desk.columns[0];
        assert_eq!(column.struck, ["y"]);
        assert_eq!(column.changed, BTreeMap::from([("age".to_owned(), "40".to_owned())]));
        let mut other = column.clone();
        other.reset();
        assert_eq!((other.struck.len(), other.changed.len(), other.clicks.len()), (0, 0, 1));
        column.set_user("b");
        assert!(column.struck.is_empty() && column.changed.is_empty() && column.clicks.is_empty());
    }
}
