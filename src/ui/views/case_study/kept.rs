//! What the case study shows, taken down for a case, so that it can be read when data and runs are gone.

use super::{
    data::{Cases, Wanted},
    seen::{Line, Seen},
};
use crate::{
    dataset::{Dataset, Language},
    ui::{
        desk::{CaseDesk, RowRef},
        session::Opened,
    },
    workspace::{ShownColumn, ShownItem, ShownRow},
};

/// How many items of a user's history are taken down.
const MAX_RECENT: usize = 20;

/// Takes down, over as many frames as it needs, what the columns of a case study show.
pub struct Taking {
    desk: CaseDesk,
    cases: Cases,
}

impl Taking {
    pub fn new(desk: &CaseDesk) -> Self {
        Self { desk: desk.clone(), cases: Cases::default() }
    }

    /// A part of the work. `None` while there is more to do.
    pub fn step(&mut self, opened: &Opened) -> Option<Vec<ShownColumn>> {
        let seen = Seen::all(&self.desk, opened);
        let wanted = seen.iter().filter_map(|seen| {
            Some(Wanted { key: seen.key.clone()?, runs: seen.runs.iter().flatten().copied().collect() })
        });
        let wanted: Vec<Wanted> = wanted.collect();
        if !self.cases.prepare(opened, &wanted, self.desk.shown.count()) {
            return None;
        }
        Some(self.desk.columns.iter().zip(&seen).map(|(slot, seen)| self.column(opened, slot, seen)).collect())
    }

    fn column(&self, opened: &Opened, slot: &crate::ui::desk::Column, seen: &Seen) -> ShownColumn {
        let dataset = &*opened.dataset;
        let named = |ids: &[String]| -> Vec<ShownItem> {
            ids.iter().filter_map(|id| Some(shown_item(dataset, dataset.items.ids.row(id)?))).collect()
        };
        let rows = seen.rows.iter().zip(&seen.runs).map(|(row, &run)| {
            let found = run.and_then(|run| opened.runs.get(run));
            let lane = match (found, row) {
                (Some(run), _) => run.kind.name().to_owned(),
                (None, RowRef::Lane(kind)) => kind.name().to_owned(),
                (None, RowRef::Run(_)) => String::new(),
            };
            let id = match row {
                RowRef::Run(id) => id.clone(),
                RowRef::Lane(_) => found.map_or_else(String::new, |run| run.id.clone()),
            };
            let cell = run.and_then(|run| seen.case(&self.cases)?.cell(run));
            let recalled = cell.iter().flat_map(|cell| &cell.recalled).map(|found| ShownItem {
                score: found.score,
                is_hit: found.marks.is_hit,
                ..shown_item(dataset, found.item)
            });
            ShownRow { lane, run: id, recalled: recalled.collect() }
        });
        let recent = seen.items(&self.cases, Line::Recent);
        ShownColumn {
            user: slot.user.clone(),
            recent: recent.into_iter().take(MAX_RECENT).map(|item| shown_item(dataset, item)).collect(),
            clicks: named(&slot.clicks),
            struck: named(&slot.struck),
            changed: slot.changed.clone(),
            rows: rows.collect(),
        }
    }
}

/// An item as a case keeps it.
pub fn shown_item(dataset: &Dataset, item: u32) -> ShownItem {
    let title = dataset.title(item, Language::Chinese).to_owned();
    let title_en = dataset.title(item, Language::English).to_owned();
    ShownItem {
        id: dataset.items.ids.name(item).to_owned(),
        title,
        title_en,
        cover: dataset.items.cover[item as usize].as_deref().map(std::path::Path::to_owned),
        score: 0.0,
        is_hit: false,
    }
}
