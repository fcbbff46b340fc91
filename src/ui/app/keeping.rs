//! What comes back on the next start: the workspace, and the desk in it.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use egui::Context;

use super::App;
use crate::{
    ui::{OpenOptions, desk::Desk, sample, session::Trouble},
    workspace::Workspace,
};

/// The key under which the desk is kept in the workspace.
pub(super) const DESK: &str = "desk";
/// The desk is written this long after its last change.
const SAVE_AFTER: Duration = Duration::from_secs(1);

impl App {
    /// Writes the desk a moment after its last change, off the frame.
    pub(super) fn keep_desk(&mut self, ctx: &Context) {
        if self.presenting.is_some() {
            // What is shown to others is not how the analyst left it.
            return;
        }
        if self.desk == self.saved {
            self.changed_at = None;
            return;
        }
        let since = *self.changed_at.get_or_insert_with(Instant::now);
        if since.elapsed() < SAVE_AFTER {
            ctx.request_repaint_after(SAVE_AFTER);
            return;
        }
        self.changed_at = None;
        self.saved = self.desk.clone();
        if let Some(workspace) = self.session.workspace.clone() {
            let stored = self.desk.stored();
            let write = move || keep(&workspace, &stored);
            if let Err(error) = std::thread::Builder::new().name("keep desk".to_owned()).spawn(write) {
                log::warn!("the window's arrangement could not be kept: {error}");
            }
        }
    }

    /// Writes what is not yet written. The window is closing.
    pub fn close(&mut self) {
        self.session.cancel_all();
        self.session.finish_book();
        let desk = self.presenting.as_ref().map_or(&self.desk, |presenting| &presenting.desk);
        if *desk != self.saved
            && let Some(workspace) = &self.session.workspace
        {
            keep(workspace, &desk.stored());
        }
    }
}

/// The workspace, or what keeps it from opening; without one the window works, and keeps nothing.
pub(super) fn open_workspace(options: &OpenOptions) -> (Option<Arc<Workspace>>, Option<Trouble>) {
    let opened = match &options.workspace {
        // It may lie where nothing can be written, and is to stay as it was packed.
        Some(folder) if Workspace::is_pack(folder) => Workspace::open_pack(folder),
        Some(folder) => Workspace::open(folder),
        None => Workspace::default_path().and_then(|folder| Workspace::open(&folder)),
    };
    match opened {
        Ok(workspace) => (Some(Arc::new(workspace)), None),
        Err(error) => (None, Some(Trouble::new(error.to_string()))),
    }
}

/// The folder of the command line, else the last one, else the sample; or where that was looked for.
pub(super) fn first_folder(options: &OpenOptions, desk: &Desk) -> Result<Option<PathBuf>, String> {
    if let Some(folder) = &options.folder {
        return Ok(Some(folder.clone()));
    }
    if options.starts_empty {
        return Ok(None);
    }
    match desk.folder.clone().filter(|folder| folder.is_dir()) {
        Some(folder) => Ok(Some(folder)),
        None => sample::find().map(Some),
    }
}

fn keep(workspace: &Workspace, stored: &str) {
    if let Err(error) = workspace.set_setting(DESK, stored) {
        log::warn!("the window's arrangement could not be kept: {error}");
    }
}
