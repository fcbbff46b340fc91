//! What each column shows in this frame, and where a cover stands in it.

use std::sync::Arc;

use super::data::{CaseKey, Cases, Profile, UserCase};
use crate::ui::{
    desk::{CaseDesk, RowRef},
    session::{Basis, Opened},
    words::Word,
};

/// A line of covers in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    Recent,
    Later,
    /// What the column's row of this number recalls.
    Row(usize),
    /// What that row no longer recalls after live clicks, or with another history or other attributes.
    Gone(usize),
}

/// Where a cover stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    pub column: usize,
    pub line: Line,
    /// From 0.
    pub place: usize,
}

impl Spot {
    /// The tile's id, the same wherever on the screen it is drawn.
    pub fn id(self) -> egui::Id {
        egui::Id::unique(("case study cover", self))
    }
}

/// A column as it is to be drawn.
pub struct Seen {
    pub user: Option<u32>,
    /// `None` where there is no user.
    pub key: Option<CaseKey>,
    pub rows: Vec<RowRef>,
    /// The run of each row; `None` where nothing is known of it.
    pub runs: Vec<Option<usize>>,
    /// What the user's profile is told by: the split of the column's runs if they have one in common.
    pub basis: Option<Arc<Basis>>,
}

impl Seen {
    pub fn all(desk: &CaseDesk, opened: &Opened) -> Vec<Self> {
        (0..desk.columns.len()).map(|column| Self::of(desk, opened, column)).collect()
    }

    fn of(desk: &CaseDesk, opened: &Opened, column: usize) -> Self {
        let dataset = &opened.dataset;
        let slot = &desk.columns[column];
        let user = slot.user.as_deref().and_then(|id| dataset.users.ids.row(id));
        let items = |ids: &[String]| ids.iter().filter_map(|id| dataset.items.ids.row(id)).collect::<Vec<u32>>();
        let (clicks, mut struck) = (items(&slot.clicks), items(&slot.struck));
        struck.sort_unstable();
        let entry = |(name, value): (&String, &String)| {
            let field = dataset.users.attributes.iter().find(|field| field.name == *name)?;
            Some((name.clone(), vec![field.vocabulary.row(value)?]))
        };
        let changed = slot.changed.iter().filter_map(entry).collect();
        let rows = desk.rows_of(column).to_vec();
        let runs: Vec<Option<usize>> = rows.iter().map(|row| opened.resolve(row)).collect();
        let mut bases = runs.iter().flatten().filter_map(|&run| opened.runs[run].basis());
        let common = bases.next().filter(|first| bases.all(|other| Arc::ptr_eq(first, other)));
        let basis = common.or(opened.basis.as_ref()).cloned();
        Self { user, key: user.map(|user| CaseKey { user, clicks, struck, changed }), rows, runs, basis }
    }

    pub fn case<'c>(&self, cases: &'c Cases) -> Option<&'c UserCase> {
        cases.get(self.key.as_ref()?)
    }

    pub fn profile<'c>(&self, cases: &'c Cases) -> Option<&'c Profile> {
        let basis = self.basis.as_ref()?;
        self.case(cases)?.profile(basis)
    }

    /// Whether nothing but its rows tells it from `other`.
    pub fn has_same_user(&self, other: &Self) -> bool {
        let is_same_basis = match (&self.basis, &other.basis) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        };
        self.key.is_some() && self.key == other.key && is_same_basis
    }

    /// The items on a line, in order.
    pub fn items(&self, cases: &Cases, line: Line) -> Vec<u32> {
        let cell = |row: usize| self.case(cases)?.cell((*self.runs.get(row)?)?);
        match line {
            Line::Recent => self.profile(cases).map(|p| p.recent.iter().map(|taken| taken.item).collect()),
            Line::Later => self.profile(cases).map(|p| p.later.iter().map(|taken| taken.item).collect()),
            Line::Row(row) => cell(row).map(|cell| cell.recalled.iter().map(|found| found.item).collect()),
            Line::Gone(row) => cell(row).map(|cell| cell.gone.iter().map(|&(item, _)| item).collect()),
        }
        .unwrap_or_default()
    }
}

/// The word for what the test part holds: what came later, or, without order in time, what was held out.
pub fn told(basis: Option<&Arc<Basis>>, word: Word) -> Word {
    let is_held_out = basis.is_some_and(|basis| {
        let prepared = &basis.prepared;
        !prepared.split.tests_what_came_later(&prepared.dataset)
    });
    match (is_held_out, word) {
        (false, _) => word,
        (true, Word::LaterCovers) => Word::HeldOutCovers,
        (true, Word::MarkHit) => Word::MarkHeldOut,
        (true, Word::HitsOf) => Word::HitsOfHeldOut,
        (true, Word::HitsTip) => Word::HitsTipHeldOut,
        (true, Word::NoLater) => Word::NoHeldOut,
        (true, Word::NoNewLater) => Word::NoNewHeldOut,
        (true, Word::TakenLaterLong) => Word::HeldOutLong,
        (true, word) => word,
    }
}
