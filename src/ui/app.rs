//! The application: what stands, who draws it, and the one place where commands are applied.

mod cases;
mod columns;
mod keeping;
mod mixing;
mod pictures;
mod presenting;
mod runs;

pub use cases::tags_of;
use keeping::{DESK, first_folder, open_workspace};

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use crossbeam_channel::Receiver;
use egui::Context;

use super::{
    OpenOptions,
    clock::FrameClock,
    commands::{Command, Outbox},
    covers::CoverStore,
    desk::{
        Column, CoversPage, Desk, Layout, MAX_COLUMNS, MAX_COMPARED, MAX_COVER_PX, MIN_COVER_PX, Pane, Preferences,
        Preset, RowRef, SavedLayout,
    },
    dialogs::{Dialogs, Wanted},
    export::Export,
    frame,
    history::{History, State},
    panels::top::Search,
    picture::Picture,
    present::{self, Shown},
    run, sample,
    selection::{Mode, Selection, Thing},
    session::{Ahead, Session, Trouble},
    theme::{self, ThemeChoice, Tokens},
    views::{Scene, ViewKind, case_study::ShownCase},
    words::{Word, Words},
};
use crate::{
    dataset::Language,
    workspace::{Workspace, export},
};

pub struct App {
    pub session: Session,
    pub desk: Desk,
    pub selection: Selection,
    out: Outbox,
    pub covers: CoverStore,
    pub(super) search: Search,
    pub(super) dialogs: Dialogs,
    centre: frame::Centre,
    history: History,
    pub clock: FrameClock,
    /// A picture and a command line set their own scale.
    keeps_scale: bool,
    /// Things to select when the data set stands: from the command line.
    asked: Vec<String>,
    /// Columns are still to be filled with users that are drawn.
    wants_users: bool,
    draws: u64,
    /// A picture in the making: of which view, and the file that it goes to.
    picture: Option<(Picture, ViewKind, PathBuf)>,
    /// The desk as it was written last.
    saved: Desk,
    changed_at: Option<Instant>,
    /// Frames in which nothing was under way.
    settled_frames: u32,
    last_revision: u64,
    /// A picture from the clipboard that is being written down.
    pasting: Option<Receiver<anyhow::Result<PathBuf>>>,
    /// Cases that are being saved or opened.
    cases: cases::Pending,
    presenting: Option<presenting::Presenting>,
}

/// What the window takes from the disk. Reading that takes about as long as making a window does, so that both begin at
/// once.
pub struct Start {
    workspace: Option<Arc<Workspace>>,
    trouble: Option<Trouble>,
    desk: Desk,
    ahead: Option<Ahead>,
}

impl Start {
    /// Opens the workspace, and begins to open the data set that the window will show first.
    pub fn new(options: &OpenOptions) -> Self {
        let (workspace, trouble) = open_workspace(options);
        let stored = workspace.as_ref().and_then(|workspace| workspace.setting(DESK).ok().flatten());
        let desk = stored.as_deref().map(Desk::restore).unwrap_or_default();
        let ahead = first_folder(options, &desk).ok().flatten().and_then(|folder| {
            let is_last = desk.folder.as_ref() == Some(&folder);
            let split = desk.split.clone().filter(|_| is_last);
            Ahead::begin(&folder, split, &options.settings, workspace.as_ref())
        });
        Self { workspace, trouble, desk, ahead }
    }
}

impl App {
    pub fn new(ctx: &Context, options: &OpenOptions) -> Self {
        Self::with(ctx, options, Start::new(options))
    }

    /// As [`App::new`], with what was begun for the same `options` before there was a context.
    pub fn with(ctx: &Context, options: &OpenOptions, start: Start) -> Self {
        theme::install(ctx);
        let Start { workspace, trouble, mut desk, ahead } = start;
        let saved = desk.clone();
        if let Some(theme) = options.theme {
            desk.preferences.theme = theme;
        }
        if let Some(language) = options.language {
            desk.preferences.language = language;
        }
        if let Some(preset) = options.layout.as_deref().and_then(Preset::from_name) {
            desk.layout = Layout::preset_for(preset, options.size.unwrap_or(run::SIZE)[0]);
        }
        ctx.set_theme(desk.preferences.theme.preference());
        // The scale is the analyst's setting, and Ctrl and + one of the commands.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let mut session = Session::new(ctx, workspace, options.settings.clone());
        session.trouble = trouble;
        session.ahead = ahead;
        session.set_threads(desk.preferences.threads);
        session.set_device(&desk.preferences.device);
        if let (Some(folder), Some(split)) = (&desk.folder, &desk.split) {
            session.wished_split = Some((folder.clone(), split.clone()));
        }
        let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4));
        let covers = CoverStore::new(ctx.clone(), cover_bytes(&desk.preferences), workers);
        let mut app = Self {
            session,
            desk,
            pasting: None,
            selection: Selection::default(),
            out: Outbox::default(),
            covers,
            search: Search::default(),
            dialogs: Dialogs::default(),
            centre: frame::Centre::default(),
            history: History::default(),
            clock: FrameClock::default(),
            keeps_scale: options.scale.is_some() || options.screenshot.is_some(),
            asked: options.select.clone(),
            wants_users: false,
            draws: options.seed.unwrap_or_else(seed_of_now),
            picture: None,
            saved,
            changed_at: None,
            settled_frames: 0,
            last_revision: 0,
            cases: cases::Pending::default(),
            presenting: None,
        };
        app.dialogs.saving.boxes_only = options.path_boxes;
        app.apply_scale(ctx);
        app.open_first(options);
        app
    }

    fn open_first(&mut self, options: &OpenOptions) {
        match first_folder(options, &self.desk) {
            Ok(Some(folder)) => self.session.open(&folder),
            Ok(None) => {}
            Err(looked) => self.tell_no_sample(&looked),
        }
    }

    fn open_sample(&mut self) {
        match sample::find() {
            Ok(folder) => self.session.open(&folder),
            Err(looked) => self.tell_no_sample(&looked),
        }
    }

    fn tell_no_sample(&mut self, looked: &str) {
        let message = self.words().fill(Word::SampleMissing, &[looked]);
        self.session.trouble = Some(Trouble::new(message));
    }

    pub fn words(&self) -> Words {
        Words { language: self.desk.preferences.language }
    }

    /// What happens whether or not the window is seen: results of jobs arrive.
    pub fn logic(&mut self, ctx: &Context) {
        if self.session.update() {
            self.selection.clear();
            self.history.clear();
            self.covers.clear();
            self.centre.clear();
            self.greet();
            self.arrange_coming();
        }
        if let Some(tuned) = self.session.take_tuned(&self.desk.mix) {
            self.out.send(Command::TunedMix(Box::new(tuned)));
        }
        self.session.follow_mix(&self.desk.mix);
        self.follow_cases();
        self.fill_columns();
        if let Some(path) = self.dialogs.picked() {
            self.out.send(Command::of_path(path));
        }
        if let Some(kept) = self.pasting.as_ref().and_then(|pasting| pasting.try_recv().ok()) {
            self.pasting = None;
            match kept {
                Ok(path) => self.out.send(Command::LookAt(path)),
                Err(error) => self.session.trouble = Some(Trouble::new(format!("{error:#}"))),
            }
        }
        if let Some((export, path)) = self.dialogs.saving.picked(self.words()) {
            self.out.send(Command::Save { export, path });
        }
        if !self.session.is_idle() {
            ctx.request_repaint_after(Duration::from_millis(100));
        }
        self.keep_desk(ctx);
    }

    /// Another data set stands: whose columns?
    fn greet(&mut self) {
        let Some(opened) = &self.session.opened else { return };
        let dataset = opened.dataset.clone();
        let is_known = |column: &Column| column.user.as_deref().is_some_and(|id| dataset.users.ids.row(id).is_some());
        let comes_back = self.desk.folder.as_deref() == Some(&*dataset.folder);
        if !comes_back {
            self.desk.leave_dataset();
        }
        self.desk.folder = Some(dataset.folder.clone());
        // The sheet has its own word on the split; else the one stands that the analyst chose the last time.
        if let Some(arrival) = &self.session.arrival {
            self.desk.split.clone_from(&arrival.split);
        }
        self.session.set_split(self.desk.split.as_ref());
        if !self.desk.case.columns.iter().any(is_known) {
            // A community of one has nobody to stand beside him.
            self.desk.case.columns = vec![Column::default(); dataset.user_count().clamp(1, 2)];
        }
        let asked = std::mem::take(&mut self.asked);
        let mut users = Vec::new();
        for wanted in &asked {
            let found = match wanted.split_once(':') {
                Some(("user", id)) => dataset.users.ids.row(id).map(Thing::User),
                Some(("item", id)) => dataset.items.ids.row(id).map(Thing::Item),
                _ => None,
            };
            match found {
                Some(thing) => {
                    self.selection.select(thing, Mode::Toggle);
                    if let Thing::User(user) = thing {
                        users.push(dataset.users.ids.name(user).to_owned());
                    }
                }
                None => {
                    let message =
                        format!("the data set {} has no {wanted}; write --select user:ID or item:ID", dataset.name);
                    self.session.trouble = Some(Trouble::new(message));
                }
            }
        }
        users.truncate(MAX_COLUMNS);
        for (place, id) in users.into_iter().enumerate() {
            let column = Column { user: Some(id), ..Column::default() };
            match self.desk.case.columns.get_mut(place) {
                Some(slot) => *slot = column,
                None => self.desk.case.columns.push(column),
            }
        }
        self.wants_users = true;
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let (ctx, since) = (ui.ctx().clone(), Instant::now());
        self.covers.begin_frame(&ctx);
        self.selection.begin_frame(self.session.opened.as_ref().map(|opened| &*opened.dataset));
        if self.presenting.is_some() {
            self.take_keys_presenting(&ctx);
        } else {
            self.take_keys(&ctx);
            self.take_drops(&ctx);
        }
        let mut presenting = self.presenting.take();
        let shown = presenting.as_ref().map(|presenting| self.shown(presenting));
        let words = self.words();
        let Self { session, desk, selection, out, covers, search, dialogs, centre, history, clock, .. } = self;
        let tokens = Tokens::of(ctx.theme());
        // The tiles change while they are drawn, and the desk is read meanwhile.
        let mut tree = std::mem::replace(&mut desk.layout.tree, egui_tiles::Tree::empty(egui::Id::unique("none")));
        let before = tree.clone();
        let is_presented = presenting.is_some();
        let is_pointing = presenting.as_ref().is_some_and(|presenting| presenting.pointer.is_on);
        let mut scene =
            Scene { session, desk, selection, words, tokens, covers, out, history, clock, is_presented, is_pointing };
        match (&mut presenting, &shown) {
            (Some(presenting), Some(shown)) => {
                present::present_ui(ui, &mut scene, centre, &mut tree, shown, &mut presenting.pointer);
            }
            _ => frame::frame_ui(ui, &mut scene, search, dialogs, centre, &mut tree),
        }
        if before != tree {
            out.send(Command::TilesMoved);
        }
        desk.layout.tree = tree;
        self.presenting = presenting;
        let revision = self.session.opened.as_ref().map_or(0, |opened| opened.revision);
        let commands = self.out.take();
        let is_still = commands.iter().all(|command| matches!(command, Command::Hover(_)))
            && revision == self.last_revision
            && self.session.is_idle()
            && self.covers.pending() == 0
            && self.picture.is_none()
            && !self.wants_users
            && !self.has_pending_case();
        self.last_revision = revision;
        self.settled_frames = if is_still { self.settled_frames.saturating_add(1) } else { 0 };
        for command in commands {
            self.step(&ctx, command, &before);
        }
        self.draw_picture(&ctx);
        self.clock.add(since.elapsed());
    }

    /// Applies a command, and notes what it changed of the analyst's state.
    fn step(&mut self, ctx: &Context, command: Command, tree_before: &egui_tiles::Tree<Pane>) {
        // A presentation leaves no trace: what was before comes back.
        if self.presenting.is_some() && command.is_kept_beside_the_desk() {
            return;
        }
        if self.presenting.is_some() || command.leaves_the_desk() {
            self.execute(ctx, command);
            return;
        }
        let mut before = self.state();
        if command == Command::TilesMoved {
            before.desk.layout.tree = tree_before.clone();
        }
        let kind = command.clone();
        self.execute(ctx, command);
        if !self.is_as(&before) {
            self.history.changed(before, &kind, Instant::now());
        }
    }

    fn is_as(&self, state: &State) -> bool {
        let State { desk, things, notes, book } = state;
        self.desk == *desk
            && self.selection.wished() == things
            && self.session.notes == *notes
            && self.session.book == *book
    }

    fn state(&self) -> State {
        State {
            desk: self.desk.clone(),
            things: self.selection.wished().to_vec(),
            notes: self.session.notes.clone(),
            book: self.session.book.clone(),
        }
    }

    /// Brings an earlier or later state back, and lets the session follow.
    fn restore(&mut self, ctx: &Context, state: State) {
        let folder = self.desk.folder.clone();
        self.desk = Desk { folder, ..state.desk };
        self.selection.restore(state.things);
        self.session.restore_notes(&state.notes);
        self.session.set_book(state.book);
        self.apply_preferences(ctx);
        self.session.set_split(self.desk.split.as_ref());
    }

    /// What a presentation shows now.
    fn shown(&self, presenting: &presenting::Presenting) -> Shown {
        let case = presenting.case().and_then(|id| self.session.book.get(id)).cloned();
        let is_open = case.as_ref().is_some_and(|case| self.is_of_open_data(case));
        Shown { case, place: presenting.place(), is_open }
    }

    /// Leaves a command for the end of the next frame, as a view does.
    pub(super) fn send(&self, command: Command) {
        self.out.send(command);
    }

    /// Lanes are trained or have failed, covers are there, and the picture has stood still for a few frames.
    pub fn is_complete(&self) -> bool {
        self.settled_frames >= 8
    }

    fn take_keys(&mut self, ctx: &Context) {
        if let Some(command) = Command::pressed(ctx) {
            self.out.send(command);
        }
        // The mouse's own back and forward buttons.
        let (back, forward) = ctx.input(|input| {
            let pressed = |button| input.pointer.button_pressed(button);
            (pressed(egui::PointerButton::Extra1), pressed(egui::PointerButton::Extra2))
        });
        if back {
            self.out.send(Command::Back);
        }
        if forward {
            self.out.send(Command::Forward);
        }
        let zoom = ctx.input(egui::InputState::zoom_delta);
        if (zoom - 1.0).abs() > f32::EPSILON {
            self.out.send(Command::SetCoverSize(self.desk.cover_px * zoom));
        }
    }

    /// The one place where the application changes.
    fn execute(&mut self, ctx: &Context, command: Command) {
        match command {
            Command::Open => self.dialogs.pick(ctx, Wanted::Folder),
            Command::PickPicture => self.dialogs.pick(ctx, Wanted::Picture),
            Command::LookAt(path) => {
                self.desk.covers.picture = Some(path);
                self.desk.covers.page = CoversPage::One;
                self.desk.layout.show(ViewKind::Covers);
            }
            Command::OpenPath => self.dialogs.show_path_box(),
            Command::OpenSample => self.open_sample(),
            Command::OpenFolder(folder) => self.session.open(&folder),
            // Who names a file means the folder around it.
            Command::ReviewFolder(path) => self.dialogs.review(&self.session, &folder_of(&path), None),
            Command::ReviewColumns => {
                if let Some(opened) = &self.session.opened {
                    self.dialogs.review(&self.session, &opened.dataset.folder, self.desk.split.as_ref());
                }
            }
            Command::OpenCorrected { folder, corrections, split } => {
                self.session.wished_split = split.map(|split| (folder.clone(), *split));
                self.session.open_corrected(&folder, *corrections);
            }
            Command::DismissArrival => self.session.arrival = None,
            Command::Undo => {
                if let Some(state) = self.history.undo(self.state()) {
                    self.restore(ctx, state);
                }
            }
            Command::Redo => {
                if let Some(state) = self.history.redo(self.state()) {
                    self.restore(ctx, state);
                }
            }
            Command::Show(kind) => {
                self.desk.layout.show(kind);
                if kind == ViewKind::Data {
                    self.session.arrival = None;
                }
            }
            Command::CloseView(kind) => self.desk.layout.close(kind),
            Command::Arrange(preset) => {
                self.desk.layout = Layout::preset_for(preset, ctx.content_rect().width());
            }
            Command::SaveLayout => self.dialogs.ask_layout_name(),
            Command::SaveLayoutAs(name) => {
                let saved = SavedLayout { name, layout: self.desk.layout.clone() };
                self.desk.saved_layouts.retain(|other| other.name != saved.name);
                self.desk.saved_layouts.push(saved);
            }
            Command::ArrangeSaved(name) => {
                if let Some(saved) = self.desk.saved_layouts.iter().find(|saved| saved.name == name) {
                    self.desk.layout = saved.layout.clone();
                }
            }
            Command::ForgetLayout(name) => self.desk.saved_layouts.retain(|saved| saved.name != name),
            // The desk has them already.
            Command::TilesMoved => {}
            Command::Larger => self.set_scale(ctx, self.desk.preferences.scale + 0.1),
            Command::Smaller => self.set_scale(ctx, self.desk.preferences.scale - 0.1),
            Command::NaturalSize => self.set_scale(ctx, 1.0),
            Command::Settings => self.dialogs.toggle_settings(),
            Command::SetPreferences(preferences) => {
                self.desk.preferences = *preferences;
                self.apply_preferences(ctx);
            }
            Command::ToggleFrameTimes => {
                self.desk.preferences.frame_times = !self.desk.preferences.frame_times;
            }
            Command::SetCase(case) | Command::ChangeCase(case) => self.desk.case = *case,
            Command::SetEvaluation(evaluation) => self.desk.evaluation = *evaluation,
            Command::SetTraining(training) => self.desk.training = *training,
            Command::SetData(data) => self.desk.data = *data,
            Command::SetNetwork(network) => self.desk.network = *network,
            Command::SetMap(map) => self.desk.map = *map,
            Command::SetCovers(covers) => self.desk.covers = *covers,
            Command::Mixer => self.toggle_mixer(),
            Command::SetMix(mix) | Command::TunedMix(mix) => self.desk.mix = *mix,
            Command::SaveMix => self.save_mix(),
            Command::TuneMix => self.session.tune_mix(&self.desk.mix),
            Command::EditMix(id) => self.edit_mix(&id),
            Command::ExportCandidates { run, format } => self.ask_candidates(ctx, run, format),
            Command::SetLab(lab) => self.desk.lab = *lab,
            Command::SetSplit(split) => {
                self.desk.split = split.map(|split| *split);
                self.session.set_split(self.desk.split.as_ref());
            }
            Command::StartRun { kind, settings } => {
                self.start_run(kind, *settings);
            }
            Command::Train => self.train(),
            Command::EmptyBin => self.session.empty_bin(),
            Command::ClearJobs => self.session.clear_finished(),
            Command::ForgetRecent(folder) => self.session.forget_recent(&folder),
            Command::OpenRun(id) => {
                if let Some(run) = self.session.opened.as_ref().and_then(|opened| opened.run_of(&id)) {
                    self.session.open_run(run);
                }
            }
            Command::RenameRun { id, name } => self.change_note(&id, |note| note.name = name),
            Command::NoteRun { id, note: text } => self.change_note(&id, |note| note.note = text),
            Command::DeleteRun(id) => {
                self.session.delete_run(&id);
                self.desk.training.selected.retain(|selected| *selected != id);
                let is_other = |row: &RowRef| !matches!(row, RowRef::Run(run) if *run == id);
                self.desk.case.rows.retain(is_other);
                for column in &mut self.desk.case.columns {
                    if let Some(rows) = &mut column.rows {
                        rows.retain(is_other);
                    }
                }
            }
            Command::RestoreRun(id) => self.change_note(&id, |note| note.is_deleted = false),
            Command::AddColumn => self.add_column(),
            Command::SurpriseAll => self.draw_all(None),
            Command::SurpriseAllOf(filter) => self.draw_all(Some(&filter)),
            Command::CompareLanes(column) => {
                let column = column.unwrap_or_else(|| self.column_in_mind());
                let lanes = self.desk.case.compared_lanes(column);
                self.desk.case.compare(column, &lanes, MAX_COMPARED);
            }
            Command::CompareRuns(column, kind) => self.compare_runs(column, kind),
            Command::Surprise { column, filter } => self.draw(column, &filter, true),
            Command::SetColumn { column, user } => self.set_column(column, user),
            Command::ShowUser(user) => self.show_user(user),
            Command::RemoveColumn(column) => {
                if self.desk.case.columns.len() > 1 && column < self.desk.case.columns.len() {
                    self.desk.case.columns.remove(column);
                }
            }
            Command::CoversLarger => self.set_cover_size(self.desk.cover_px * 1.2),
            Command::CoversSmaller => self.set_cover_size(self.desk.cover_px / 1.2),
            Command::SetCoverSize(cover_px) => self.set_cover_size(cover_px),
            Command::ToggleTitles => self.desk.titles = !self.desk.titles,
            Command::ToggleTheme => {
                let is_dark = ctx.theme() == egui::Theme::Dark;
                self.set_theme(ctx, if is_dark { ThemeChoice::Light } else { ThemeChoice::Dark });
            }
            Command::FollowSystemTheme => self.set_theme(ctx, ThemeChoice::System),
            Command::SetTheme(theme) => self.set_theme(ctx, theme),
            Command::SwitchLanguage => {
                self.desk.preferences.language = match self.desk.preferences.language {
                    Language::English => Language::Chinese,
                    Language::Chinese => Language::English,
                };
            }
            Command::ToggleLeft => self.desk.layout.left_open = !self.desk.layout.left_open,
            Command::ToggleInspector => self.desk.layout.inspector_open = !self.desk.layout.inspector_open,
            Command::ToggleJobs => self.desk.layout.jobs_open = !self.desk.layout.jobs_open,
            Command::Select(thing, mode) => {
                if matches!(thing, Thing::Item(_)) {
                    // Whoever selects an item wants to see it; in one step, so that undo brings the picture back.
                    self.desk.covers.picture = None;
                }
                self.selection.select(thing, mode);
                self.look_at_selected_runs();
            }
            Command::SelectAll(things) => self.selection.select_all(things),
            Command::Hover(thing) => {
                // No repaint for it alone: whoever hovers moves the mouse, which repaints.
                self.selection.hover(thing);
                return;
            }
            Command::Back => self.selection.go_back(),
            Command::Forward => self.selection.go_forward(),
            Command::FocusSearch => self.search.wants_focus = true,
            Command::Palette => self.dialogs.toggle_palette(),
            Command::Shortcuts => self.dialogs.toggle_shortcuts(),
            Command::Help => {
                let kind = self.desk.layout.visible().first().copied().unwrap_or(ViewKind::CaseStudy);
                self.dialogs.toggle_help(kind);
            }
            Command::HelpOn(kind) => self.dialogs.toggle_help(kind),
            Command::Retry(kind) => self.session.retry(kind),
            Command::RetryAll => self.session.retry_all(),
            Command::Cancel(job) => self.session.cancel(job),
            Command::CancelAll => self.session.cancel_all(),
            Command::CopyText(text) => ctx.copy_text(text),
            Command::DismissTrouble => self.session.trouble = None,
            Command::ExportPicture(kind) => {
                if let Some(kind) = kind.or_else(|| self.desk.layout.visible().first().copied()) {
                    self.desk.layout.show(kind);
                    self.dialogs.saving.ask_picture(kind);
                }
            }
            Command::ExportCase => self.dialogs.saving.ask_case(None),
            Command::ExportCases(ids) => self.dialogs.saving.ask_case(Some(ids)),
            Command::Save { export: Export::Cases { ids, format, has_pseudonyms }, path } => {
                self.save_cases(&ids, format, has_pseudonyms, path);
            }
            Command::Save { export: Export::Case { format, has_pseudonyms }, path } => {
                let words = self.words();
                match ShownCase::of(&self.desk.case, &self.session, words) {
                    Some(case) => {
                        self.session.save(path, move |path, job| case.write(path, format, has_pseudonyms, job));
                    }
                    None => self.session.trouble = Some(Trouble::new(words.get(Word::CaseNobody).to_owned())),
                }
            }
            Command::ExportTable { table, name, format } => {
                self.dialogs.saving.ask(ctx, self.words(), Export::Table { table, format }, &name);
            }
            Command::SaveAs { export, name } => self.dialogs.saving.ask(ctx, self.words(), export, &name),
            Command::Save { export: Export::Table { table, format }, path } => {
                self.session.save(path, move |path, _| Ok(export::write_table(path, format, &table)?));
            }
            Command::Save { export: Export::Candidates { run, k, format }, path } => {
                self.save_candidates(&run, k, format, path);
            }
            Command::Save { export: Export::Picture { view, scale }, path } => {
                // The note on an older file would stand in the picture.
                self.session.saved = None;
                let cover_bytes = cover_bytes(&self.desk.preferences);
                self.picture = Some((Picture::new(ctx, scale, cover_bytes, 2), view, path));
            }
            Command::DismissSaved => self.session.saved = None,
            Command::SaveCase => {
                if self.session.opened.is_some() {
                    self.dialogs.ask_case(self.suggested_texts());
                }
            }
            Command::SaveCaseAs(texts) => self.save_case(*texts),
            Command::OpenCase(id) => self.open_case(&id),
            Command::UpdateCase(id) => self.update_case(&id),
            Command::EditCase { id, texts } => self.edit_case(&id, *texts),
            Command::DuplicateCase(id) => self.duplicate_case(&id),
            Command::DeleteCase(id) => self.delete_case(&id),
            Command::MoveCase { id, before } => self.move_case(&id, before.as_deref()),
            Command::SetBook(book) => self.desk.book = *book,
            Command::DismissCaseKept => self.session.kept_case = None,
            Command::Present(first) => self.present(ctx, first),
            Command::Presenting(asked) => self.presented(ctx, asked),
            Command::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
        ctx.request_repaint();
    }

    fn set_theme(&mut self, ctx: &Context, theme: ThemeChoice) {
        self.desk.preferences.theme = theme;
        ctx.set_theme(theme.preference());
    }

    fn set_scale(&mut self, ctx: &Context, scale: f32) {
        let bounds = Preferences::SCALES;
        self.desk.preferences.scale = ((scale * 10.0).round() / 10.0).clamp(*bounds.start(), *bounds.end());
        self.keeps_scale = false;
        self.apply_scale(ctx);
    }

    fn apply_scale(&self, ctx: &Context) {
        if !self.keeps_scale {
            ctx.set_zoom_factor(self.desk.preferences.scale);
        }
    }

    fn apply_preferences(&mut self, ctx: &Context) {
        ctx.set_theme(self.desk.preferences.theme.preference());
        self.covers.set_budget(cover_bytes(&self.desk.preferences));
        self.session.set_threads(self.desk.preferences.threads);
        self.session.set_device(&self.desk.preferences.device);
        self.apply_scale(ctx);
    }

    fn set_cover_size(&mut self, cover_px: f32) {
        if cover_px.is_finite() {
            self.desk.cover_px = cover_px.clamp(MIN_COVER_PX, MAX_COVER_PX);
        }
    }
}

fn cover_bytes(preferences: &Preferences) -> usize {
    (preferences.cover_memory_mib as usize) << 20
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_file() { path.parent().map_or_else(|| path.to_owned(), Path::to_owned) } else { path.to_owned() }
}

fn seed_of_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_are_not_remembered_change_nothing_that_undo_brings_back() {
        let (folder, ctx) = (tempfile::tempdir().unwrap(), Context::default());
        let workspace = Some(folder.path().join("workspace"));
        let options = OpenOptions { workspace, starts_empty: true, path_boxes: true, ..OpenOptions::default() };
        let mut app = App::new(&ctx, &options);
        let tree = app.desk.layout.tree.clone();
        // Neither the system's dialog nor the sample belongs into a test; without a case to present another command is sent,
        // which shows the book.
        let left_out = [Command::Open, Command::OpenSample, Command::Present(None)];
        let mut remembered = 0;
        for command in Command::LISTED.iter().filter(|command| !left_out.contains(command)) {
            let before = app.state();
            app.step(&ctx, command.clone(), &tree);
            let has_changed = !app.is_as(&before);
            assert!(!(command.leaves_the_desk() && has_changed), "{command:?} changes what undo brings back");
            if has_changed && !matches!(command, Command::Undo | Command::Redo) {
                remembered += 1;
                assert!(app.history.can_undo(), "{command:?}");
            }
        }
        assert!(remembered > 10, "{remembered} commands changed something");
    }
}
