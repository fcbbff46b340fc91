//! What the case study shows, held for a while so that it can be written off the frame.

use std::{path::Path, sync::Arc};

use anyhow::Result;

use super::{data::CaseKey, seen::Seen};
use crate::{
    dataset::{Dataset, Language},
    graph::Graphs,
    jobs::{pipeline::TrainedLane, run_stamp},
    task::JobContext,
    ui::{
        desk::CaseDesk,
        session::{Basis, Session},
        words::{Word, Words},
    },
    workspace::export::report::{self, Asked, AskedLane, Builder, Case, Light, ReportFormat, RunStamp},
};

pub struct ShownCase {
    title: String,
    language: Language,
    dataset: Arc<Dataset>,
    columns: Vec<ShownColumn>,
    /// Items of each row.
    shown: usize,
}

struct ShownColumn {
    key: CaseKey,
    ground: Ground,
    rows: Vec<(RunStamp, Arc<TrainedLane>, Ground)>,
}

/// A split's artifacts, with the graphs if they stand.
struct Ground {
    basis: Arc<Basis>,
    graphs: Option<Arc<Graphs>>,
}

impl Ground {
    fn new(basis: &Arc<Basis>) -> Self {
        Self { basis: basis.clone(), graphs: basis.prepared.graphs_if_built().cloned() }
    }

    fn light(&self) -> Light<'_> {
        let Basis { prepared, facts, triggers } = &*self.basis;
        Light {
            facts,
            triggers,
            is_held_out: !prepared.split.tests_what_came_later(&prepared.dataset),
            item_item: self.graphs.as_ref().map(|graphs| &graphs.item_item),
        }
    }
}

impl ShownCase {
    /// `None` while nobody is shown. Rows whose run does not stand are left out.
    pub fn of(desk: &CaseDesk, session: &Session, words: Words) -> Option<Self> {
        let opened = session.opened.as_ref()?;
        let column = |seen: Seen| {
            let row = |&run: &usize| {
                let run = &opened.runs[run];
                let (trained, basis) = (run.trained()?, run.basis()?);
                let name = session.title_of(run, words);
                let stamp = run_stamp(&name, run.kind, &run.id, &run.code_version, &run.settings);
                Some((stamp, trained.clone(), Ground::new(basis)))
            };
            let rows = seen.runs.iter().flatten().filter_map(row).collect();
            Some(ShownColumn { key: seen.key?, ground: Ground::new(seen.basis.as_ref()?), rows })
        };
        let columns: Vec<ShownColumn> = Seen::all(desk, opened).into_iter().filter_map(column).collect();
        (!columns.is_empty()).then(|| Self {
            title: words.fill(Word::ReportTitle, &[&opened.dataset.name]),
            language: words.language,
            dataset: opened.dataset.clone(),
            columns,
            shown: desk.shown.count(),
        })
    }

    /// Asks the lanes once more, and writes what they say.
    pub fn write(&self, path: &Path, format: ReportFormat, has_pseudonyms: bool, job: &JobContext) -> Result<()> {
        let mut builder = Builder::new(&self.dataset, self.language, has_pseudonyms);
        let mut case = Case { title: self.title.clone(), ..Case::default() };
        for column in &self.columns {
            let lanes: Vec<AskedLane<'_>> = column
                .rows
                .iter()
                .map(|(stamp, trained, ground)| AskedLane { stamp, lane: &*trained.lane, light: ground.light() })
                .collect();
            let asked = Asked::User(column.key.clone());
            case.columns.push(builder.column(&asked, column.ground.light(), &lanes, self.shown, job)?);
        }
        builder.add(case);
        let report = builder.finish(&self.title, None, job)?;
        job.check()?;
        report::write(path, format, &report)?;
        Ok(())
    }
}
