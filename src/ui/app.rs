//! The application: what stands, who draws it, and the one place where commands are applied.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use egui::Context;

use super::{
    OpenOptions,
    commands::{Command, Outbox},
    covers::CoverStore,
    desk::{Column, Desk, MAX_COLUMNS, MAX_COVER_PX, MIN_COVER_PX, UserFilter},
    dialogs::Dialogs,
    frame,
    panels::top::Search,
    sample,
    selection::{Mode, Selection, Thing},
    session::{Session, Trouble},
    theme::{self, ThemeChoice, Tokens},
    views::{Scene, ViewKind},
    words::{Word, Words},
};
use crate::{dataset::Language, workspace::Workspace};

/// The key under which the desk is kept in the workspace.
const DESK: &str = "desk";
/// The desk is written this long after its last change.
const SAVE_AFTER: Duration = Duration::from_secs(1);
const COVER_BUDGET_BYTES: usize = 256 << 20;

pub struct App {
    pub session: Session,
    pub desk: Desk,
    pub selection: Selection,
    out: Outbox,
    pub covers: CoverStore,
    pub(super) search: Search,
    pub(super) dialogs: Dialogs,
    pub(super) centre: frame::Centre,
    /// Things to select when the data set stands: from the command line.
    asked: Vec<String>,
    /// Columns are still to be filled with users that are drawn.
    wants_users: bool,
    draws: u64,
    saved: String,
    changed_at: Option<Instant>,
    /// Frames in which nothing was under way.
    settled_frames: u32,
    last_revision: u64,
}

impl App {
    pub fn new(ctx: &Context, options: &OpenOptions) -> Self {
        theme::install(ctx);
        let (workspace, trouble) = open_workspace(options);
        let stored = workspace.as_ref().and_then(|workspace| workspace.setting(DESK).ok().flatten());
        let mut desk = stored.as_deref().map(Desk::restore).unwrap_or_default();
        let saved = desk.stored();
        if let Some(theme) = options.theme {
            desk.theme = theme;
        }
        if let Some(language) = options.language {
            desk.language = language;
        }
        ctx.set_theme(desk.theme.preference());
        let mut session = Session::new(ctx, workspace, options.settings.clone());
        session.trouble = trouble;
        let kind = options.layout.as_deref().and_then(ViewKind::from_name).unwrap_or(ViewKind::CaseStudy);
        let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().saturating_sub(1).clamp(1, 4));
        let mut app = Self {
            session,
            desk,
            selection: Selection::default(),
            out: Outbox::default(),
            covers: CoverStore::new(ctx.clone(), COVER_BUDGET_BYTES, workers),
            search: Search::default(),
            dialogs: Dialogs::default(),
            centre: frame::Centre::new(kind),
            asked: options.select.clone(),
            wants_users: false,
            draws: options.seed.unwrap_or_else(seed_of_now),
            saved,
            changed_at: None,
            settled_frames: 0,
            last_revision: 0,
        };
        app.open_first(options);
        app
    }

    /// The folder of the command line, else the last one, else the sample.
    fn open_first(&mut self, options: &OpenOptions) {
        if let Some(folder) = &options.folder {
            self.session.open(folder);
        } else if options.starts_empty {
        } else if let Some(folder) = self.desk.folder.clone().filter(|folder| folder.is_dir()) {
            self.session.open(&folder);
        } else {
            self.open_sample();
        }
    }

    fn open_sample(&mut self) {
        match sample::find() {
            Ok(folder) => self.session.open(&folder),
            Err(looked) => {
                let message = self.words().fill(Word::SampleMissing, &[&looked]);
                self.session.trouble = Some(Trouble { folder: None, message });
            }
        }
    }

    pub fn words(&self) -> Words {
        Words { language: self.desk.language }
    }

    /// What happens whether or not the window is seen: results of jobs arrive.
    pub fn logic(&mut self, ctx: &Context) {
        if self.session.update() {
            self.selection.clear();
            self.covers.clear();
            self.greet();
        }
        self.fill_columns();
        if let Some(folder) = self.dialogs.picked_folder(ctx) {
            self.session.open(&folder);
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
        self.desk.folder = Some(dataset.folder.clone());
        if !comes_back || !self.desk.columns.iter().any(is_known) {
            self.desk.columns = vec![Column::default(), Column::default()];
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
                    self.session.trouble = Some(Trouble { folder: None, message });
                }
            }
        }
        users.truncate(MAX_COLUMNS);
        for (place, id) in users.into_iter().enumerate() {
            let column = Column { user: Some(id), ..Column::default() };
            match self.desk.columns.get_mut(place) {
                Some(slot) => *slot = column,
                None => self.desk.columns.push(column),
            }
        }
        self.wants_users = true;
    }

    /// Draws users for columns that have none, as soon as it is known who is who.
    fn fill_columns(&mut self) {
        if !self.wants_users || self.session.opened.as_ref().is_none_or(|opened| opened.facts.is_none()) {
            return;
        }
        self.wants_users = false;
        let first = self.session.opened.as_ref().and_then(|opened| Some(opened.facts.as_ref()?.first_filters()));
        for column in 0..self.desk.columns.len() {
            if self.desk.columns[column].user.is_none() {
                let filter = first.as_ref().and_then(|filters| filters.get(column)).cloned().unwrap_or_default();
                self.draw(column, filter, false);
            }
        }
    }

    /// Puts a random user into `column`.
    fn draw(&mut self, column: usize, filter: UserFilter, keeps_filter: bool) {
        let Some(opened) = &self.session.opened else { return };
        let Some(facts) = &opened.facts else { return };
        let ids = &opened.dataset.users.ids;
        let shown: Vec<u32> = self.desk.columns.iter().filter_map(|column| ids.row(column.user.as_deref()?)).collect();
        self.draws = self.draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = facts.draw(&opened.dataset, &filter, &shown, self.draws);
        if let Some(slot) = self.desk.columns.get_mut(column) {
            if let Some(user) = drawn {
                slot.user = Some(ids.name(user).to_owned());
            }
            if keeps_filter {
                slot.filter = filter;
            }
        }
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        self.covers.begin_frame(&ctx);
        self.selection.begin_frame(self.session.opened.as_ref().map(|opened| &*opened.dataset));
        self.take_keys(&ctx);
        self.take_drops(&ctx);
        let words = self.words();
        let Self { session, desk, selection, out, covers, search, dialogs, centre, .. } = self;
        let tokens = Tokens::of(ctx.theme());
        let mut scene = Scene { session, desk, selection, words, tokens, covers, out };
        frame::frame_ui(ui, &mut scene, search, dialogs, centre);
        let revision = self.session.opened.as_ref().map_or(0, |opened| opened.revision);
        let commands = self.out.take();
        let is_still = commands.iter().all(|command| matches!(command, Command::Hover(_)))
            && revision == self.last_revision
            && self.session.is_idle()
            && self.covers.pending() == 0
            && !self.wants_users;
        self.last_revision = revision;
        self.settled_frames = if is_still { self.settled_frames.saturating_add(1) } else { 0 };
        for command in commands {
            self.execute(&ctx, command);
        }
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

    fn take_drops(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
        if let Some(path) = dropped {
            self.out.send(Command::OpenFolder(folder_of(&path)));
        }
    }

    /// The one place where the application changes.
    fn execute(&mut self, ctx: &Context, command: Command) {
        match command {
            Command::Open => self.dialogs.pick_folder(ctx),
            Command::OpenPath => self.dialogs.show_path_box(),
            Command::OpenSample => self.open_sample(),
            Command::OpenFolder(folder) => self.session.open(&folder),
            Command::AddColumn => {
                if self.session.opened.is_some() && self.desk.columns.len() < MAX_COLUMNS {
                    self.desk.columns.push(Column::default());
                    self.draw(self.desk.columns.len() - 1, UserFilter::Anyone, false);
                }
            }
            Command::SurpriseAll => {
                for column in 0..self.desk.columns.len() {
                    let filter = self.desk.columns[column].filter.clone();
                    let first = self.first_filter(column);
                    self.draw(column, if filter == UserFilter::Anyone { first } else { filter }, false);
                }
            }
            Command::Surprise { column, filter } => self.draw(column, filter, true),
            Command::SetColumn { column, user } => self.set_column(column, user),
            Command::ShowUser(user) => self.show_user(user),
            Command::RemoveColumn(column) => {
                if self.desk.columns.len() > 1 && column < self.desk.columns.len() {
                    self.desk.columns.remove(column);
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
                self.desk.language = match self.desk.language {
                    Language::English => Language::Chinese,
                    Language::Chinese => Language::English,
                };
            }
            Command::ToggleLeft => self.desk.left_open = !self.desk.left_open,
            Command::ToggleInspector => self.desk.inspector_open = !self.desk.inspector_open,
            Command::ToggleJobs => self.desk.jobs_open = !self.desk.jobs_open,
            Command::Select(thing, mode) => self.selection.select(thing, mode),
            Command::Hover(thing) => {
                // No repaint for it alone: whoever hovers moves the mouse, which repaints.
                self.selection.hover(thing);
                return;
            }
            Command::Back => self.selection.go_back(),
            Command::Forward => self.selection.go_forward(),
            Command::FocusSearch => self.search.wants_focus = true,
            Command::Palette => self.dialogs.toggle_palette(),
            Command::Help => self.dialogs.toggle_help(),
            Command::Retry(kind) => self.session.retry(kind),
            Command::RetryAll => self.session.retry_all(),
            Command::Cancel(job) => self.session.cancel(job),
            Command::CancelAll => self.session.cancel_all(),
            Command::CopyText(text) => ctx.copy_text(text),
            Command::DismissTrouble => self.session.trouble = None,
            Command::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
        ctx.request_repaint();
    }

    fn first_filter(&self, column: usize) -> UserFilter {
        let facts = self.session.opened.as_ref().and_then(|opened| opened.facts.as_ref());
        facts.and_then(|facts| facts.first_filters().get(column).cloned()).unwrap_or_default()
    }

    fn set_theme(&mut self, ctx: &Context, theme: ThemeChoice) {
        self.desk.theme = theme;
        ctx.set_theme(theme.preference());
    }

    fn set_cover_size(&mut self, cover_px: f32) {
        if cover_px.is_finite() {
            self.desk.cover_px = cover_px.clamp(MIN_COVER_PX, MAX_COVER_PX);
        }
    }

    fn set_column(&mut self, column: usize, user: u32) {
        let Some(opened) = &self.session.opened else { return };
        if let Some(slot) = self.desk.columns.get_mut(column)
            && (user as usize) < opened.dataset.user_count()
        {
            slot.user = Some(opened.dataset.users.ids.name(user).to_owned());
            self.selection.select(Thing::User(user), Mode::Replace);
        }
    }

    /// Into a column of his own if there is room, else into the last.
    fn show_user(&mut self, user: u32) {
        let Some(opened) = &self.session.opened else { return };
        let id = opened.dataset.users.ids.name(user).to_owned();
        if self.desk.columns.iter().any(|column| column.user.as_deref() == Some(&id)) {
            return;
        }
        if self.desk.columns.len() < MAX_COLUMNS {
            self.desk.columns.push(Column::default());
        }
        let last = self.desk.columns.len() - 1;
        self.desk.columns[last].user = Some(id);
    }

    /// Writes the desk a moment after its last change, off the frame.
    fn keep_desk(&mut self, ctx: &Context) {
        let stored = self.desk.stored();
        if stored == self.saved {
            self.changed_at = None;
            return;
        }
        let since = *self.changed_at.get_or_insert_with(Instant::now);
        if since.elapsed() < SAVE_AFTER {
            ctx.request_repaint_after(SAVE_AFTER);
            return;
        }
        self.changed_at = None;
        self.saved.clone_from(&stored);
        if let Some(workspace) = self.session.workspace.clone() {
            let write = move || keep(&workspace, &stored);
            if let Err(error) = std::thread::Builder::new().name("keep desk".to_owned()).spawn(write) {
                log::warn!("the window's arrangement could not be kept: {error}");
            }
        }
    }

    /// Writes what is not yet written. The window is closing.
    pub fn close(&mut self) {
        self.session.cancel_all();
        let stored = self.desk.stored();
        if stored != self.saved
            && let Some(workspace) = &self.session.workspace
        {
            keep(workspace, &stored);
        }
    }
}

fn keep(workspace: &Workspace, stored: &str) {
    if let Err(error) = workspace.set_setting(DESK, stored) {
        log::warn!("the window's arrangement could not be kept: {error}");
    }
}

/// The workspace, or what keeps it from opening; without one the window works, and keeps nothing.
fn open_workspace(options: &OpenOptions) -> (Option<Arc<Workspace>>, Option<Trouble>) {
    let opened = match &options.workspace {
        Some(folder) => Workspace::open(folder),
        None => Workspace::default_path().and_then(|folder| Workspace::open(&folder)),
    };
    match opened {
        Ok(workspace) => (Some(Arc::new(workspace)), None),
        Err(error) => (None, Some(Trouble { folder: None, message: error.to_string() })),
    }
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_file() { path.parent().map_or_else(|| path.to_owned(), Path::to_owned) } else { path.to_owned() }
}

fn seed_of_now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64)
}
