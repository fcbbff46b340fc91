//! The columns of the case study: who stands in them, and how they are filled.

use super::App;
use crate::{
    recall::LaneKind,
    ui::{
        desk::{Column, MAX_COLUMNS, MAX_COMPARED, RowRef, UserFilter},
        selection::{Mode, Thing},
        session::Trouble,
        words::Word,
    },
};

impl App {
    /// Draws users for columns that have none, as soon as it is known who is who.
    pub(super) fn fill_columns(&mut self) {
        if !self.wants_users || self.session.opened.as_ref().is_none_or(|opened| opened.facts().is_none()) {
            return;
        }
        self.wants_users = false;
        let first = self.session.opened.as_ref().and_then(|opened| Some(opened.facts()?.first_filters()));
        for column in 0..self.desk.case.columns.len() {
            if self.desk.case.columns[column].user.is_none() {
                let filter = first.as_ref().and_then(|filters| filters.get(column)).cloned().unwrap_or_default();
                self.draw(column, &filter, false);
            }
            // A community may have nobody of that kind.
            if self.desk.case.columns[column].user.is_none() {
                self.draw(column, &UserFilter::Anyone, false);
            }
        }
        // Who has nobody to stand beside stands alone.
        let columns = &mut self.desk.case.columns;
        if columns.iter().any(|column| column.user.is_some()) {
            columns.retain(|column| column.user.is_some());
        }
    }

    /// Puts a random user into `column`.
    pub(super) fn draw(&mut self, column: usize, filter: &UserFilter, keeps_filter: bool) {
        let Some(opened) = &self.session.opened else { return };
        let Some(facts) = opened.facts() else { return };
        let ids = &opened.dataset.users.ids;
        let shown: Vec<u32> =
            self.desk.case.columns.iter().filter_map(|column| ids.row(column.user.as_deref()?)).collect();
        self.draws = self.draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = facts.draw(&opened.dataset, filter, &shown, self.draws);
        let group = self.desk.case.compared_with(column);
        for column in group {
            let slot = &mut self.desk.case.columns[column];
            if let Some(user) = drawn {
                slot.set_user(ids.name(user));
            }
            if keeps_filter {
                slot.filter = filter.clone();
            }
        }
    }

    /// Somebody who is not shown yet, if there is anybody: an empty column would say nothing.
    pub(super) fn add_column(&mut self) {
        let is_full = self.desk.case.columns.len() >= MAX_COLUMNS;
        if is_full || self.session.opened.as_ref().is_none_or(|opened| opened.facts().is_none()) {
            return;
        }
        self.desk.case.columns.push(Column::default());
        let last = self.desk.case.columns.len() - 1;
        self.draw(last, &UserFilter::Anyone, false);
        if self.desk.case.columns[last].user.is_none() && last > 0 {
            self.desk.case.columns.truncate(last);
        }
    }

    /// Other users in every column that is not pinned; those that show one user side by side go on showing one.
    pub(super) fn draw_all(&mut self, filter: Option<&UserFilter>) {
        let mut is_done = vec![false; self.desk.case.columns.len()];
        for column in 0..is_done.len() {
            let slot = &self.desk.case.columns[column];
            if slot.is_pinned || is_done[column] {
                continue;
            }
            let own = if slot.filter == UserFilter::Anyone { self.first_filter(column) } else { slot.filter.clone() };
            for place in self.desk.case.compared_with(column) {
                is_done[place] = true;
            }
            self.draw(column, filter.unwrap_or(&own), filter.is_some());
        }
    }

    /// The column of the user that is selected, else the first.
    pub(super) fn column_in_mind(&self) -> usize {
        let selected = self.session.opened.as_ref().and_then(|opened| match self.selection.primary() {
            Some(Thing::User(user)) => Some(opened.dataset.users.ids.name(user)),
            _ => None,
        });
        let is_his = |column: &Column| column.user.is_some() && column.user.as_deref() == selected;
        self.desk.case.columns.iter().position(is_his).unwrap_or(0)
    }

    /// One column a run: of `kind`, or of the lane that is selected, or of the one with most runs.
    pub(super) fn compare_runs(&mut self, column: Option<usize>, kind: Option<LaneKind>) {
        let Some(opened) = &self.session.opened else { return };
        let of_kind = |kind: LaneKind| -> Vec<RowRef> {
            let runs = opened.runs.iter().filter(|run| run.kind == kind && !self.session.is_deleted(run));
            runs.map(|run| RowRef::Run(run.id.clone())).collect()
        };
        let selected = match self.selection.primary() {
            Some(Thing::Lane(kind)) => Some(kind),
            Some(Thing::Run(run)) => opened.runs.get(run as usize).map(|run| run.kind),
            _ => None,
        };
        let most = LaneKind::ALL.into_iter().max_by_key(|&kind| of_kind(kind).len());
        let Some(kind) = kind.or(selected.filter(|&kind| of_kind(kind).len() > 1)).or(most) else { return };
        let runs = of_kind(kind);
        if runs.len() > 1 {
            let column = column.unwrap_or_else(|| self.column_in_mind());
            self.desk.case.compare(column, &runs, MAX_COMPARED);
        } else {
            let message = self.words().fill(Word::OneRunOnly, &[kind.name()]);
            self.session.trouble = Some(Trouble::new(message));
        }
    }

    fn first_filter(&self, column: usize) -> UserFilter {
        let facts = self.session.opened.as_ref().and_then(|opened| opened.facts());
        facts.and_then(|facts| facts.first_filters().get(column).cloned()).unwrap_or_default()
    }

    pub(super) fn set_column(&mut self, column: usize, user: u32) {
        let Some(opened) = &self.session.opened else { return };
        if column < self.desk.case.columns.len() && (user as usize) < opened.dataset.user_count() {
            for place in self.desk.case.compared_with(column) {
                self.desk.case.columns[place].set_user(opened.dataset.users.ids.name(user));
            }
            self.selection.select(Thing::User(user), Mode::Replace);
        }
    }

    /// Into a column of his own if there is room, else into the last.
    pub(super) fn show_user(&mut self, user: u32) {
        let Some(opened) = &self.session.opened else { return };
        let id = opened.dataset.users.ids.name(user).to_owned();
        if self.desk.case.columns.iter().any(|column| column.user.as_deref() == Some(&id)) {
            return;
        }
        if self.desk.case.columns.len() < MAX_COLUMNS {
            self.desk.case.columns.push(Column::default());
        }
        let last = self.desk.case.columns.len() - 1;
        self.desk.case.columns[last].set_user(&id);
    }
}
