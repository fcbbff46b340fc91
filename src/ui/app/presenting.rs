//! Presenting: the cases one after the other on the full screen, and the window afterwards as it was.

use std::path::PathBuf;

use egui::{Context, Key, Modifiers, ViewportCommand};

use super::App;
use crate::ui::{
    commands::{Command, Presented},
    desk::{Desk, Layout, Preset, Shape},
    present::Pointer,
    selection::Thing,
    views::ViewKind,
};

/// Side of a cover while cases are shown to others, at least.
const LARGE_COVER_PX: f32 = 128.0;

pub(super) struct Presenting {
    /// Ids, in the order in which they are shown.
    cases: Vec<String>,
    at: usize,
    pub(super) pointer: Pointer,
    /// What was before, and comes back.
    pub(super) desk: Desk,
    things: Vec<Thing>,
    folder: Option<PathBuf>,
    was_full_screen: bool,
}

impl Presenting {
    pub(super) fn case(&self) -> Option<&str> {
        self.cases.get(self.at).map(String::as_str)
    }

    /// Which it is, from 1, and of how many.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.at + 1, self.cases.len())
    }
}

impl App {
    /// Shows the cases that the book lists, from `first` on, else from the one that is chosen.
    pub(super) fn present(&mut self, ctx: &Context, first: Option<String>) {
        let listed = self.desk.book.listed(&self.session.book);
        let cases: Vec<String> = listed.iter().map(|case| case.id.clone()).collect();
        if self.presenting.is_some() {
            return;
        }
        if cases.is_empty() {
            // Whoever has no case yet is shown where they come from.
            self.send(Command::Show(ViewKind::Book));
            return;
        }
        let first = first.or_else(|| self.desk.book.chosen.clone());
        let at = first.and_then(|first| cases.iter().position(|case| *case == first)).unwrap_or(0);
        let was_full_screen = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
        self.presenting = Some(Presenting {
            cases,
            at,
            pointer: Pointer::default(),
            desk: self.desk.clone(),
            things: self.selection.wished().to_vec(),
            folder: self.session.opened.as_ref().map(|opened| opened.dataset.folder.clone()),
            was_full_screen,
        });
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(true));
        self.show_presented();
    }

    fn show_presented(&mut self) {
        if let Some(id) = self.presenting.as_ref().and_then(Presenting::case).map(str::to_owned) {
            self.open_case(&id);
        }
    }

    /// Large covers and little else around them; views that a case shows beside the case study stay.
    pub(super) fn arrange_for_presenting(&mut self) {
        if self.presenting.is_none() {
            return;
        }
        let visible = self.desk.layout.visible();
        if visible.is_empty() || visible.iter().all(|kind| matches!(kind, ViewKind::CaseStudy | ViewKind::Book)) {
            self.desk.layout = Layout::preset(Preset::Demo);
        }
        (self.desk.layout.left_open, self.desk.layout.inspector_open) = (false, false);
        self.desk.cover_px = self.desk.cover_px.max(LARGE_COVER_PX);
        self.desk.titles = true;
        if self.desk.case.shape == Shape::List {
            self.desk.case.shape = Shape::Grid;
        }
        self.desk.preferences.frame_times = false;
    }

    pub(super) fn presented(&mut self, ctx: &Context, asked: Presented) {
        let Some(presenting) = &mut self.presenting else { return };
        let last = presenting.cases.len().saturating_sub(1);
        let at = match asked {
            Presented::TogglePointer => {
                presenting.pointer.toggle();
                return;
            }
            Presented::Leave => {
                self.stop_presenting(ctx);
                return;
            }
            Presented::Next => (presenting.at + 1).min(last),
            Presented::Previous => presenting.at.saturating_sub(1),
            Presented::First => 0,
            Presented::Last => last,
        };
        if at != presenting.at {
            presenting.at = at;
            self.show_presented();
        }
    }

    fn stop_presenting(&mut self, ctx: &Context) {
        let Some(Presenting { desk, things, folder, was_full_screen, .. }) = self.presenting.take() else { return };
        if !was_full_screen {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
        }
        self.forget_coming_case();
        let is_open = self.session.opened.as_ref().map(|opened| &opened.dataset.folder) == folder.as_ref();
        self.desk = desk;
        self.apply_preferences(ctx);
        if is_open {
            self.selection.restore(things);
            self.session.set_split(self.desk.split.as_ref());
        } else if let Some(folder) = folder {
            // A case of another data set was shown.
            self.session.wished_split = self.desk.split.clone().map(|split| (folder.clone(), split));
            self.session.open(&folder);
        }
    }

    /// The keys of a presentation. What is open over it, such as a cover, has its own.
    pub(super) fn take_keys_presenting(&mut self, ctx: &Context) {
        let has_modal = ctx.memory(|memory| memory.top_modal_layer().is_some());
        if has_modal || egui::Popup::is_any_open(ctx) {
            return;
        }
        const KEYS: [(Key, Presented); 12] = [
            (Key::ArrowRight, Presented::Next),
            (Key::ArrowDown, Presented::Next),
            (Key::PageDown, Presented::Next),
            (Key::Space, Presented::Next),
            (Key::ArrowLeft, Presented::Previous),
            (Key::ArrowUp, Presented::Previous),
            (Key::PageUp, Presented::Previous),
            (Key::Home, Presented::First),
            (Key::End, Presented::Last),
            (Key::L, Presented::TogglePointer),
            (Key::Escape, Presented::Leave),
            (Key::F5, Presented::Leave),
        ];
        for (key, asked) in KEYS {
            if ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                self.send(Command::Presenting(asked));
            }
        }
        for command in [Command::CoversLarger, Command::CoversSmaller, Command::ToggleTheme, Command::SwitchLanguage] {
            if command.shortcut().is_some_and(|keys| ctx.input_mut(|input| input.consume_shortcut(&keys))) {
                self.send(command);
            }
        }
    }
}
