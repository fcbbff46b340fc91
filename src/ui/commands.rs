//! Everything that changes the application. Views and panels emit commands; `App::execute` alone applies them.

use std::{cell::RefCell, path::PathBuf};

use egui::{Key, KeyboardShortcut, Modifiers};

use super::{
    desk::UserFilter,
    selection::{Mode, Thing},
    theme::ThemeChoice,
    words::{Word, Words},
};
use crate::{jobs::JobId, recall::LaneKind};

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    // These stand in the palette.
    Open,
    OpenPath,
    OpenSample,
    AddColumn,
    SurpriseAll,
    CoversLarger,
    CoversSmaller,
    ToggleTitles,
    ToggleTheme,
    FollowSystemTheme,
    SwitchLanguage,
    ToggleLeft,
    ToggleInspector,
    ToggleJobs,
    Back,
    Forward,
    FocusSearch,
    Palette,
    Help,
    RetryAll,
    CancelAll,
    Quit,
    // These come with what they are about.
    OpenFolder(PathBuf),
    Select(Thing, Mode),
    Hover(Thing),
    SetColumn { column: usize, user: u32 },
    Surprise { column: usize, filter: UserFilter },
    RemoveColumn(usize),
    ShowUser(u32),
    SetCoverSize(f32),
    SetTheme(ThemeChoice),
    Retry(LaneKind),
    Cancel(JobId),
    CopyText(String),
    DismissTrouble,
}

impl Command {
    /// What the palette and the menus list, in this order.
    pub const LISTED: [Self; 22] = [
        Self::Open,
        Self::OpenPath,
        Self::OpenSample,
        Self::AddColumn,
        Self::SurpriseAll,
        Self::CoversLarger,
        Self::CoversSmaller,
        Self::ToggleTitles,
        Self::ToggleTheme,
        Self::FollowSystemTheme,
        Self::SwitchLanguage,
        Self::ToggleLeft,
        Self::ToggleInspector,
        Self::ToggleJobs,
        Self::Back,
        Self::Forward,
        Self::FocusSearch,
        Self::Palette,
        Self::Help,
        Self::RetryAll,
        Self::CancelAll,
        Self::Quit,
    ];

    /// Name and tooltip; `None` for commands that only make sense with what they are about.
    fn texts(&self) -> Option<(Word, Word)> {
        Some(match self {
            Self::Open => (Word::Open, Word::OpenTip),
            Self::OpenPath => (Word::OpenPath, Word::OpenPathTip),
            Self::OpenSample => (Word::OpenSample, Word::OpenSampleTip),
            Self::AddColumn => (Word::AddColumn, Word::AddColumnTip),
            Self::SurpriseAll => (Word::SurpriseAll, Word::SurpriseAllTip),
            Self::CoversLarger => (Word::CoversLarger, Word::CoverSizeTip),
            Self::CoversSmaller => (Word::CoversSmaller, Word::CoverSizeTip),
            Self::ToggleTitles => (Word::Titles, Word::TitlesTip),
            Self::ToggleTheme => (Word::ToggleTheme, Word::ToggleThemeTip),
            Self::FollowSystemTheme => (Word::FollowSystemTheme, Word::FollowSystemThemeTip),
            Self::SwitchLanguage => (Word::SwitchLanguage, Word::SwitchLanguageTip),
            Self::ToggleLeft => (Word::ToggleLeft, Word::ToggleLeftTip),
            Self::ToggleInspector => (Word::ToggleInspector, Word::ToggleInspectorTip),
            Self::ToggleJobs => (Word::ToggleJobs, Word::ToggleJobsTip),
            Self::Back => (Word::Back, Word::BackTip),
            Self::Forward => (Word::Forward, Word::ForwardTip),
            Self::FocusSearch => (Word::FocusSearch, Word::FocusSearchTip),
            Self::Palette => (Word::Palette, Word::PaletteTip),
            Self::Help => (Word::Help, Word::HelpTip),
            Self::RetryAll => (Word::RetryAll, Word::RetryAllTip),
            Self::CancelAll => (Word::CancelAll, Word::CancelAllTip),
            Self::Quit => (Word::Quit, Word::QuitTip),
            _ => return None,
        })
    }

    pub fn name(&self, words: Words) -> &'static str {
        self.texts().map_or("", |(name, _)| words.get(name))
    }

    pub fn tooltip(&self, words: Words) -> &'static str {
        self.texts().map_or("", |(_, tip)| words.get(tip))
    }

    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        let (modifiers, key) = match self {
            Self::Open => (Modifiers::COMMAND, Key::O),
            Self::OpenPath => (CTRL_SHIFT, Key::O),
            Self::AddColumn => (Modifiers::COMMAND, Key::U),
            Self::SurpriseAll => (Modifiers::COMMAND, Key::R),
            Self::CoversLarger => (Modifiers::ALT, Key::Plus),
            Self::CoversSmaller => (Modifiers::ALT, Key::Minus),
            Self::ToggleTitles => (Modifiers::COMMAND, Key::T),
            Self::ToggleTheme => (CTRL_SHIFT, Key::T),
            Self::SwitchLanguage => (CTRL_SHIFT, Key::L),
            Self::ToggleLeft => (Modifiers::COMMAND, Key::B),
            Self::ToggleInspector => (Modifiers::COMMAND, Key::I),
            Self::ToggleJobs => (Modifiers::COMMAND, Key::J),
            Self::Back => (Modifiers::ALT, Key::ArrowLeft),
            Self::Forward => (Modifiers::ALT, Key::ArrowRight),
            Self::FocusSearch => (Modifiers::COMMAND, Key::F),
            Self::Palette => (Modifiers::COMMAND, Key::P),
            Self::Help => (Modifiers::NONE, Key::F1),
            Self::Quit => (Modifiers::COMMAND, Key::Q),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// The command whose shortcut was just pressed, if any.
    pub fn pressed(ctx: &egui::Context) -> Option<Self> {
        let is_typing = ctx.text_edit_focused();
        // More modifiers first: Ctrl+Shift+O must not be taken for Ctrl+O.
        let mut candidates: Vec<(KeyboardShortcut, &Self)> =
            Self::LISTED.iter().filter_map(|command| command.shortcut().map(|keys| (keys, command))).collect();
        candidates.sort_by_key(|(keys, _)| std::cmp::Reverse(keys.modifiers.shift));
        let pressed = candidates.into_iter().find(|(keys, _)| {
            !(is_typing && keys.conflicts_with_text_editing()) && ctx.input_mut(|input| input.consume_shortcut(keys))
        });
        pressed.map(|(_, command)| command.clone())
    }
}

/// Where views leave their commands during a frame.
#[derive(Debug, Default)]
pub struct Outbox(RefCell<Vec<Command>>);

impl Outbox {
    pub fn send(&self, command: Command) {
        self.0.borrow_mut().push(command);
    }

    pub fn take(&self) -> Vec<Command> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Language;

    #[test]
    fn every_listed_command_has_a_name_a_tooltip_and_its_own_shortcut() {
        let mut taken = Vec::new();
        for command in &Command::LISTED {
            for language in [Language::English, Language::Chinese] {
                let words = Words { language };
                assert!(!command.name(words).is_empty() && !command.tooltip(words).is_empty(), "{command:?}");
            }
            if let Some(shortcut) = command.shortcut() {
                assert!(!taken.contains(&shortcut), "{command:?} shares its shortcut");
                taken.push(shortcut);
            }
        }
    }
}
