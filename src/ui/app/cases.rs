//! Cases: how one is made of what is on the screen, and how its opening brings that back.

use std::{path::PathBuf, sync::Arc};

use super::App;
use crate::{
    dataset::Dataset,
    jobs::stamps_of_cases,
    recall::LaneKind,
    ui::{
        commands::CaseTexts,
        desk::{BookDesk, Desk, RowRef},
        selection::Thing,
        session::{Book, Opened, Trouble},
        views::case_study::{Taking, shown_item},
        words::Word,
    },
    workspace::{
        Case, CaseDataset, CaseShown, ShownColumn,
        export::report::{self, ReportFormat},
        now_secs,
    },
};

/// What is under way with cases.
#[derive(Default)]
pub(super) struct Pending {
    /// What a case showed is being taken down, by its id.
    taking: Option<(String, Taking)>,
    /// The case that is to stand when its data set is open.
    coming: Option<String>,
    /// The case whose runs are to be found as soon as it is known which there are.
    settling: Option<String>,
}

impl App {
    /// What happens beside frames: what the thread of the book says, and what is under way.
    pub(super) fn follow_cases(&mut self) {
        for change in self.session.take_told() {
            self.history.follow(&change);
        }
        self.take_down();
        let knows_kept = self.session.opened.as_ref().is_some_and(|opened| opened.knows_kept);
        if knows_kept && let Some(id) = self.cases.settling.take() {
            self.settle_runs(&id);
        }
    }

    pub(super) fn has_pending_case(&self) -> bool {
        self.cases.taking.is_some() || self.cases.settling.is_some()
    }

    /// What the box for a new case suggests.
    pub(super) fn suggested_texts(&self) -> CaseTexts {
        let words = self.words();
        let users: Vec<&str> = self.desk.case.columns.iter().filter_map(|column| column.user.as_deref()).collect();
        let mut subjects: Vec<String> = Vec::new();
        for user in users {
            let subject = words.fill(Word::CaseSubject, &[user]);
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        let title = match subjects.len() {
            0 => words.get(Word::CaseWithout).to_owned(),
            _ => subjects.join(", "),
        };
        CaseTexts { title, ..CaseTexts::default() }
    }

    /// A case of what is on the screen now, with what it shows still to be taken down.
    fn case_now(&self, texts: CaseTexts) -> Option<Case> {
        let opened = self.session.opened.as_ref()?;
        let dataset = &*opened.dataset;
        let CaseTexts { title, tags, notes } = texts;
        let things = self.selection.wished();
        let items = things.iter().filter_map(|thing| match thing {
            Thing::Item(item) => Some(shown_item(dataset, *item)),
            _ => None,
        });
        let now = now_secs();
        Some(Case {
            id: Case::new_id(),
            title,
            notes,
            tags,
            place: self.session.book.place_at_end(),
            created_secs: now,
            changed_secs: now,
            is_deleted: false,
            dataset: CaseDataset {
                folder: dataset.folder.clone(),
                name: dataset.name.clone(),
                fingerprint: dataset.fingerprint.clone(),
            },
            desk_json: self.desk.stored(),
            shown: CaseShown {
                columns: Vec::new(),
                selected: things.iter().filter_map(|&thing| name_of(opened, thing)).collect(),
                items: items.collect(),
            },
        })
    }

    pub(super) fn save_case(&mut self, texts: CaseTexts) {
        let Some(case) = self.case_now(texts) else { return };
        let (id, title) = (case.id.clone(), case.title.clone());
        self.desk.book.chosen = Some(id.clone());
        self.session.announce(&id, &title);
        self.begin_to_take_down(case);
    }

    pub(super) fn update_case(&mut self, id: &str) {
        let Some(known) = self.session.book.get(id).cloned() else { return };
        let texts = CaseTexts { title: known.title.clone(), tags: known.tags.clone(), notes: known.notes.clone() };
        let Some(now) = self.case_now(texts) else { return };
        let case = Case { id: id.to_owned(), place: known.place, created_secs: known.created_secs, ..now };
        self.session.announce(id, &case.title);
        self.begin_to_take_down(case);
    }

    /// Most case studies are taken down at once; what is left of a large one follows in the next frames.
    fn begin_to_take_down(&mut self, mut case: Case) {
        let mut taking = Taking::new(&self.desk.case);
        let done = self.session.opened.as_ref().and_then(|opened| taking.step(opened));
        match done {
            Some(columns) => case.shown.columns = columns,
            None => self.cases.taking = Some((case.id.clone(), taking)),
        }
        self.change_book(|book| book.set(Arc::new(case)));
    }

    fn take_down(&mut self) {
        let Some((id, taking)) = &mut self.cases.taking else { return };
        // Another data set may stand by now.
        let of_case = self.session.book.get(id).map(|case| &case.dataset.fingerprint);
        let own = self.session.opened.as_ref().filter(|opened| Some(&opened.dataset.fingerprint) == of_case);
        let Some(opened) = own else {
            self.cases.taking = None;
            return;
        };
        if let Some(columns) = taking.step(opened) {
            let id = id.clone();
            self.cases.taking = None;
            self.put_shown(&id, columns);
        }
    }

    /// Part of the saving that stands already: no step of its own for undo.
    fn put_shown(&mut self, id: &str, columns: Vec<ShownColumn>) {
        let Some(before) = self.session.book.get(id).cloned() else { return };
        let mut after = Case::clone(&before);
        after.shown.columns = columns;
        let after = Arc::new(after);
        self.change_book(|book| book.set(after.clone()));
        self.history.follow(&crate::ui::session::Change { before: Some(before), after });
    }

    pub(super) fn change_book(&mut self, change: impl FnOnce(&mut Book)) {
        let mut book = self.session.book.clone();
        change(&mut book);
        self.session.set_book(book);
    }

    fn change_case(&mut self, id: &str, change: impl FnOnce(&mut Case)) {
        let Some(known) = self.session.book.get(id) else { return };
        let mut case = Case::clone(known);
        change(&mut case);
        if case != **known {
            case.changed_secs = now_secs();
            self.change_book(|book| book.set(Arc::new(case)));
        }
    }

    pub(super) fn edit_case(&mut self, id: &str, texts: CaseTexts) {
        let CaseTexts { title, tags, notes } = texts;
        self.change_case(id, |case| (case.title, case.tags, case.notes) = (title, tags, notes));
    }

    pub(super) fn duplicate_case(&mut self, id: &str) {
        let Some(known) = self.session.book.get(id) else { return };
        let now = now_secs();
        let copy = Case {
            id: Case::new_id(),
            title: self.words().fill(Word::CaseCopyOf, &[&known.title]),
            place: self.session.book.place_at_end(),
            created_secs: now,
            changed_secs: now,
            ..Case::clone(known)
        };
        let cases = self.session.book.cases();
        let place = cases.iter().position(|case| case.id == id);
        let next = place.and_then(|place| cases.get(place + 1)).map(|case| case.id.clone());
        let of_copy = copy.id.clone();
        self.desk.book.chosen = Some(of_copy.clone());
        self.change_book(|book| {
            book.set(Arc::new(copy));
            if next.is_some() {
                book.move_before(&of_copy, next.as_deref());
            }
        });
    }

    pub(super) fn delete_case(&mut self, id: &str) {
        let listed = self.desk.book.listed(&self.session.book);
        let place = listed.iter().position(|case| case.id == id);
        if self.desk.book.chosen.as_deref() == Some(id) {
            // Whoever deletes one after the other goes on with the next.
            let next = place.and_then(|place| listed.get(place + 1).or(listed.get(place.checked_sub(1)?)));
            self.desk.book.chosen = next.map(|case| case.id.clone());
        }
        self.change_book(|book| book.remove(id));
    }

    pub(super) fn move_case(&mut self, id: &str, before: Option<&str>) {
        self.change_book(|book| book.move_before(id, before));
    }

    /// Brings back what was on the screen, or what is left of it.
    /// Writes what the cases keep, off the frame.
    pub(super) fn save_cases(&mut self, ids: &[String], format: ReportFormat, has_pseudonyms: bool, path: PathBuf) {
        let Some(workspace) = self.session.workspace.clone() else { return };
        let of_id = |id: &String| self.session.book.cases().iter().find(|case| case.id == *id);
        let cases: Vec<Case> = ids.iter().filter_map(of_id).map(|case| Case::clone(case)).collect();
        let words = self.words();
        let title = match &cases[..] {
            [case] => case.title.clone(),
            _ => words.get(Word::CaseBook).to_owned(),
        };
        self.session.save(path, move |path, job| {
            let runs = stamps_of_cases(&workspace, &cases)?;
            let report = report::of_kept(&cases, &runs, &title, words.language, has_pseudonyms, job)?;
            job.check()?;
            report::write(path, format, &report)?;
            Ok(())
        });
    }

    pub(super) fn open_case(&mut self, id: &str) {
        let Some(case) = self.session.book.get(id).cloned() else { return };
        self.forget_coming_case();
        self.desk.book.chosen = Some(case.id.clone());
        if self.is_of_open_data(&case) {
            self.arrange_case(&case);
        } else if case.dataset.folder.is_dir() {
            self.cases.coming = Some(case.id.clone());
            let split = Desk::restore(&case.desk_json).split;
            self.session.wished_split = split.map(|split| (case.dataset.folder.clone(), split));
            self.session.open(&case.dataset.folder);
        } else if self.presenting.is_none() {
            let lost = self.words().fill(Word::CaseLostData, &[&case.dataset.folder.display().to_string()]);
            self.session.trouble = Some(Trouble::new(lost));
        }
    }

    /// Whoever asks for another case no longer waits for the data set of the one before.
    pub(super) fn forget_coming_case(&mut self) {
        self.cases.settling = None;
        if let (Some(_), Some(opening)) = (self.cases.coming.take(), &self.session.opening) {
            self.session.cancel(opening.job);
        }
    }

    pub(super) fn is_of_open_data(&self, case: &Case) -> bool {
        let opened = self.session.opened.as_ref();
        opened.is_some_and(|opened| *opened.dataset.folder == case.dataset.folder)
    }

    /// Another data set stands: if that was for a case, it is arranged.
    pub(super) fn arrange_coming(&mut self) {
        let Some(case) = self.cases.coming.take().and_then(|id| self.session.book.get(&id).cloned()) else { return };
        if self.is_of_open_data(&case) {
            self.arrange_case(&case);
        }
    }

    fn arrange_case(&mut self, case: &Case) {
        let Some(opened) = &self.session.opened else { return };
        let own = std::mem::take(&mut self.desk);
        // What is the analyst's and not the case's stays as he has it.
        let Desk { preferences, saved_layouts, book, folder, case: own_case, .. } = own;
        let book = BookDesk { chosen: Some(case.id.clone()), ..book };
        self.desk = Desk { preferences, saved_layouts, book, folder, ..Desk::restore(&case.desk_json) };
        if self.desk.case.columns.is_empty() {
            // A case of notes alone.
            self.desk.case.columns = own_case.columns;
        }
        let things = case.shown.selected.iter().filter_map(|name| thing_of(opened, name)).collect();
        self.selection.restore(things);
        self.session.set_split(self.desk.split.as_ref());
        self.arrange_for_presenting();
        self.cases.settling = Some(case.id.clone());
        self.follow_cases();
    }

    /// A lane's row shows the run that it showed then, also where another one stands for the lane by now.
    fn settle_runs(&mut self, id: &str) {
        let Some(case) = self.session.book.get(id).cloned() else { return };
        let Some(opened) = &self.session.opened else { return };
        let settled = |rows: &[RowRef], shown: Option<&ShownColumn>| -> Vec<RowRef> {
            let settle = |(place, row): (usize, &RowRef)| {
                let run = shown.and_then(|shown| Some(&*shown.rows.get(place)?.run)).unwrap_or_default();
                let RowRef::Lane(kind) = row else { return row.clone() };
                let stands = opened.current(*kind).is_some_and(|current| opened.runs[current].id == run);
                let is_there = opened.run_of(run).is_some_and(|place| !self.session.is_deleted(&opened.runs[place]));
                if !stands && is_there { RowRef::Run(run.to_owned()) } else { row.clone() }
            };
            rows.iter().enumerate().map(settle).collect()
        };
        let columns = &case.shown.columns;
        let shared = self.desk.case.columns.iter().position(|column| column.rows.is_none());
        let rows = settled(&self.desk.case.rows, shared.and_then(|column| columns.get(column)));
        let own = self.desk.case.columns.iter().enumerate();
        let own: Vec<Option<Vec<RowRef>>> =
            own.map(|(place, column)| Some(settled(column.rows.as_deref()?, columns.get(place)))).collect();
        self.desk.case.rows = rows;
        for (column, rows) in self.desk.case.columns.iter_mut().zip(own) {
            column.rows = rows;
        }
        let all = self.desk.case.columns.iter().filter_map(|column| column.rows.as_ref()).flatten();
        let named = all.chain(&self.desk.case.rows).filter_map(|row| match row {
            RowRef::Run(id) => opened.run_of(id),
            RowRef::Lane(_) => None,
        });
        let runs: Vec<usize> = named.collect();
        for run in runs {
            self.session.open_run(run);
        }
    }
}

/// As a case keeps it: the name stays true in whatever order things are read the next time.
fn name_of(opened: &Opened, thing: Thing) -> Option<String> {
    let dataset: &Dataset = &opened.dataset;
    Some(match thing {
        Thing::User(user) => format!("user:{}", dataset.users.ids.name(user)),
        Thing::Item(item) => format!("item:{}", dataset.items.ids.name(item)),
        Thing::Lane(kind) => format!("lane:{}", kind.name()),
        Thing::Run(run) => format!("run:{}", opened.runs.get(run as usize)?.id),
        Thing::Tag(tag) => {
            let known = (tag as usize) < dataset.items.tags.vocabulary.len();
            format!("tag:{}", known.then(|| dataset.items.tags.vocabulary.name(tag))?)
        }
    })
}

fn thing_of(opened: &Opened, name: &str) -> Option<Thing> {
    let dataset = &opened.dataset;
    let (kind, id) = name.split_once(':')?;
    match kind {
        "user" => dataset.users.ids.row(id).map(Thing::User),
        "item" => dataset.items.ids.row(id).map(Thing::Item),
        "lane" => LaneKind::from_name(id).map(Thing::Lane),
        "run" => opened.run_of(id).map(|run| Thing::Run(run as u32)),
        "tag" => dataset.items.tags.vocabulary.row(id).map(Thing::Tag),
        _ => None,
    }
}

/// Tags as they are typed: separated by commas, each once.
pub fn tags_of(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', '，', '、']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_cut_at_commas_of_both_languages() {
        assert_eq!(tags_of(" cold start, plants,，绿植、plants ,"), ["cold start", "plants", "绿植"]);
        assert!(tags_of(" , ").is_empty());
    }
}
