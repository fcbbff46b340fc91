//! Mixes: set up, tried in the case study, and kept as runs.

use super::App;
use crate::{
    recall::LaneKind,
    ui::{
        desk::{DRAFT, MixDesk, PartDesk, RowRef},
        export::Export,
        selection::{Mode, Thing},
        session::{RunState, Trouble},
        views::ViewKind,
        words::Word,
    },
    workspace::export::TableFormat,
};

/// Candidates a user that are written for a ranking model.
const CANDIDATES: usize = 100;

impl App {
    /// Opens the box that mixes lanes and shows its draft in the case study, or puts both away.
    pub(super) fn toggle_mixer(&mut self) {
        let is_open = !self.desk.mix.is_open;
        self.desk.mix.is_open = is_open;
        if !is_open {
            self.replace_draft(None);
            return;
        }
        if self.desk.mix.parts.is_empty()
            && let Some(opened) = &self.session.opened
        {
            // The lanes that stand, so that there is something to look at.
            let ready = LaneKind::ALL.into_iter().filter(|kind| *kind != LaneKind::Hot);
            let runs =
                ready.filter_map(|kind| opened.current(kind)).filter(|&run| opened.runs[run].trained().is_some());
            let part = |run: usize| PartDesk { run: opened.runs[run].id.clone(), share: 50.0 };
            self.desk.mix.parts = runs.take(2).map(part).collect();
        }
        let row = RowRef::Run(DRAFT.to_owned());
        if !self.desk.case.rows.contains(&row) {
            self.desk.case.rows.insert(0, row);
        }
        self.desk.layout.show(ViewKind::CaseStudy);
    }

    /// Keeps the mix under its name; the case study then shows the run in place of the draft.
    pub(super) fn save_mix(&mut self) {
        let Some(opened) = &self.session.opened else { return };
        let settings = match opened.mix_settings(&self.desk.mix) {
            Ok(settings) => settings,
            Err(error) => {
                self.session.trouble = Some(Trouble::new(format!("{error:#}")));
                return;
            }
        };
        let name = self.desk.mix.name.trim().to_owned();
        let Some(run) = self.session.start_run(LaneKind::Mix, settings) else { return };
        let Some(id) = self.session.opened.as_ref().map(|opened| opened.runs[run].id.clone()) else { return };
        if !name.is_empty() {
            self.change_note(&id, |note| note.name = name);
        }
        self.selection.select(Thing::Run(run as u32), Mode::Replace);
        self.replace_draft(Some(&id));
        self.desk.mix = MixDesk::default();
    }

    /// Opens the box with the parts of a mix that is kept.
    pub(super) fn edit_mix(&mut self, id: &str) {
        let Some(opened) = &self.session.opened else { return };
        let Some(run) = opened.run_of(id) else { return };
        let Some(mix) = &opened.runs[run].settings.mix else { return };
        let part = |part: &crate::jobs::mix::PartSettings| PartDesk {
            run: part.run.clone(),
            share: part.share * MixDesk::MOST,
        };
        let name = self.session.note(id).map(|note| note.name.clone()).unwrap_or_default();
        self.desk.mix = MixDesk { is_open: false, name, by: mix.by, parts: mix.parts.iter().map(part).collect() };
        self.toggle_mixer();
    }

    /// In every row that shows the draft.
    fn replace_draft(&mut self, run: Option<&str>) {
        let draft = RowRef::Run(DRAFT.to_owned());
        let case = &mut self.desk.case;
        let own = case.columns.iter_mut().filter_map(|column| column.rows.as_mut());
        for rows in own.chain(std::iter::once(&mut case.rows)) {
            match (rows.iter().position(|row| *row == draft), run) {
                (Some(place), Some(run)) => rows[place] = RowRef::Run(run.to_owned()),
                (Some(place), None) => {
                    rows.remove(place);
                }
                (None, _) => {}
            }
        }
        if case.rows.is_empty() {
            case.rows = crate::ui::desk::CaseDesk::first_lanes();
        }
    }

    /// Asks where the candidates of a run go: of the one that is named, or selected, or that stands first in the case
    /// study.
    pub(super) fn ask_candidates(&mut self, ctx: &egui::Context, run: Option<String>, format: TableFormat) {
        let Some(opened) = &self.session.opened else { return };
        let selected = match self.selection.primary() {
            Some(Thing::Lane(kind)) => opened.current(kind),
            Some(Thing::Run(run)) => Some(run as usize),
            _ => None,
        };
        let first = || self.desk.case.rows.iter().find_map(|row| opened.resolve(row));
        let place = run.and_then(|id| opened.run_of(&id)).or(selected).or_else(first);
        let Some(run) = place.map(|place| &opened.runs[place]).filter(|run| run.trained().is_some()) else {
            self.session.trouble = Some(Trouble::new(self.words().get(Word::CandidatesNeedRun).to_owned()));
            return;
        };
        let name = format!("{}-candidates-{}", opened.dataset.name, run.kind.name());
        let export = Export::Candidates { run: run.id.clone(), k: CANDIDATES, format };
        self.dialogs.saving.ask(ctx, self.words(), export, &name);
    }

    pub(super) fn save_candidates(&mut self, run: &str, k: usize, format: TableFormat, path: std::path::PathBuf) {
        use crate::workspace::export::{CandidateSource, write_candidates};
        let Some(opened) = &self.session.opened else { return };
        let Some(run) = opened.run_of(run) else { return };
        let RunState::Ready { trained, basis } = &opened.runs[run].state else { return };
        let (trained, basis) = (trained.clone(), basis.clone());
        self.session.save(path, move |path, job| {
            let (dataset, split) = (&*basis.prepared.dataset, &*basis.prepared.split);
            let source = CandidateSource { dataset, split, lane: &*trained.lane, k, labels: false };
            let written = write_candidates(path, format, &source, job);
            job.check()?;
            written?;
            Ok(())
        });
    }
}
