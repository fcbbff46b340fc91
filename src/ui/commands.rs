//! Everything that changes the application. Views and panels emit commands; `App::execute` alone applies them.

use std::{cell::RefCell, path::PathBuf, sync::Arc};

use egui::{Key, KeyboardShortcut, Modifiers};

use super::{
    desk::{
        BookDesk, CaseDesk, CoversDesk, DataDesk, EvaluationDesk, LabDesk, MapDesk, MixDesk, NetworkDesk, Preferences,
        Preset, TrainingDesk, UserFilter,
    },
    export::Export,
    selection::{Mode, Thing},
    theme::ThemeChoice,
    views::ViewKind,
    words::{Word, Words},
};
use crate::{
    dataset::{covers::is_picture, read::Corrections, split::SplitSettings},
    jobs::{JobId, pipeline::PipelineSettings},
    recall::LaneKind,
    workspace::{Table, export::TableFormat},
};

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    // These stand in the palette.
    Open,
    OpenPath,
    OpenSample,
    ReviewColumns,
    Undo,
    Redo,
    Show(ViewKind),
    Arrange(Preset),
    SaveLayout,
    /// Asks for title, tags and notes of a case.
    SaveCase,
    /// Case by case on the full screen, from this one (by id) or the one that is chosen.
    Present(Option<String>),
    AddColumn,
    SurpriseAll,
    /// One user under each lane: of this column, or of the one in mind.
    CompareLanes(Option<usize>),
    /// One user under each run of a lane.
    CompareRuns(Option<usize>, Option<LaneKind>),
    CoversLarger,
    CoversSmaller,
    ToggleTitles,
    Larger,
    Smaller,
    NaturalSize,
    ToggleTheme,
    FollowSystemTheme,
    SwitchLanguage,
    Settings,
    ToggleLeft,
    ToggleInspector,
    ToggleJobs,
    ToggleFrameTimes,
    Back,
    Forward,
    FocusSearch,
    Palette,
    Shortcuts,
    Help,
    RetryAll,
    CancelAll,
    // Training
    Train,
    /// Opens the box that mixes lanes, or puts it away.
    Mixer,
    ClearJobs,
    EmptyBin,
    Quit,
    // These come with what they are about.
    OpenFolder(PathBuf),
    /// Shows how a folder would be read, before it is opened.
    ReviewFolder(PathBuf),
    OpenCorrected {
        folder: PathBuf,
        corrections: Box<Corrections>,
        /// `None`: as suits the data set.
        split: Option<Box<SplitSettings>>,
    },
    DismissArrival,
    Select(Thing, Mode),
    /// These and nothing else.
    SelectAll(Vec<Thing>),
    Hover(Thing),
    SetColumn {
        column: usize,
        user: u32,
    },
    Surprise {
        column: usize,
        filter: UserFilter,
    },
    /// Draws everywhere by one filter.
    SurpriseAllOf(UserFilter),
    RemoveColumn(usize),
    ShowUser(u32),
    SetCoverSize(f32),
    SetTheme(ThemeChoice),
    SetPreferences(Box<Preferences>),
    SetCase(Box<CaseDesk>),
    /// One deliberate act, and a step of its own for undo.
    ChangeCase(Box<CaseDesk>),
    SetEvaluation(Box<EvaluationDesk>),
    SetTraining(Box<TrainingDesk>),
    SetData(Box<DataDesk>),
    SetNetwork(Box<NetworkDesk>),
    SetMap(Box<MapDesk>),
    SetCovers(Box<CoversDesk>),
    SetMix(Box<MixDesk>),
    /// The mix with the shares that were chosen for it; a step of its own.
    TunedMix(Box<MixDesk>),
    /// Keeps the mix that is being set up.
    SaveMix,
    /// Chooses its shares and the way of merging on a part of the training part.
    TuneMix,
    /// Takes a kept mix, by its run's id, to be set up otherwise.
    EditMix(String),
    SetLab(Box<LabDesk>),
    /// Asks for a picture file to look at.
    PickPicture,
    /// Shows what the cover model makes of a picture that is no item's.
    LookAt(PathBuf),
    /// `None`: as suits the data set.
    SetSplit(Option<Box<SplitSettings>>),
    HelpOn(ViewKind),
    CloseView(ViewKind),
    /// The tiles were dragged, resized or closed; the desk already has them.
    TilesMoved,
    SaveLayoutAs(String),
    ArrangeSaved(String),
    ForgetLayout(String),
    /// Makes, or finds, a run.
    StartRun {
        kind: LaneKind,
        settings: Box<PipelineSettings>,
    },
    /// Opens a kept run, by its id.
    OpenRun(String),
    RenameRun {
        id: String,
        name: String,
    },
    NoteRun {
        id: String,
        note: String,
    },
    DeleteRun(String),
    /// Takes a run out of the bin.
    RestoreRun(String),
    /// Takes a folder from the list of recent data sets.
    ForgetRecent(PathBuf),
    Retry(LaneKind),
    Cancel(JobId),
    CopyText(String),
    DismissTrouble,
    // Taking things along.
    /// Asks for the scale of a picture of this view; `None` takes the view that is in front.
    ExportPicture(Option<ViewKind>),
    /// Asks in which form what the case study shows is to be taken along.
    ExportCase,
    /// Asks how cases of the book, by their ids, are to be written.
    ExportCases(Vec<String>),
    /// Asks for a file for the table; `name` is what it could be called, without an extension.
    ExportTable {
        table: Arc<Table>,
        name: String,
        format: TableFormat,
    },
    /// Asks for a file for the candidates of a run (`None`: the one in mind), for a ranking model.
    ExportCandidates {
        run: Option<String>,
        format: TableFormat,
    },
    /// The same for anything that can be taken along.
    SaveAs {
        export: Export,
        name: String,
    },
    /// Writes it in the background.
    Save {
        export: Export,
        path: PathBuf,
    },
    DismissSaved,
    // The case book; cases go by their ids.
    /// Keeps what is on the screen under these texts.
    SaveCaseAs(Box<CaseTexts>),
    OpenCase(String),
    /// Keeps what is on the screen now in a case that there is.
    UpdateCase(String),
    EditCase {
        id: String,
        texts: Box<CaseTexts>,
    },
    DuplicateCase(String),
    DeleteCase(String),
    /// Before another one; `None` puts it last.
    MoveCase {
        id: String,
        before: Option<String>,
    },
    SetBook(Box<BookDesk>),
    DismissCaseKept,
    /// What is done in a presentation.
    Presenting(Presented),
}

/// What the analyst writes about a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaseTexts {
    pub title: String,
    pub tags: Vec<String>,
    pub notes: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    Next,
    Previous,
    First,
    Last,
    TogglePointer,
    Leave,
}

impl Command {
    /// What whoever names a file or folder means: a picture is looked at, anything else is a data set.
    pub fn of_path(path: PathBuf) -> Self {
        if is_picture(&path) { Self::LookAt(path) } else { Self::ReviewFolder(path) }
    }

    /// What the palette, the menus and the sheet of shortcuts list, in this order.
    pub const LISTED: &[Self] = &[
        Self::Open,
        Self::OpenPath,
        Self::OpenSample,
        Self::ReviewColumns,
        Self::Undo,
        Self::Redo,
        Self::Show(ViewKind::CaseStudy),
        Self::Show(ViewKind::Training),
        Self::Show(ViewKind::Evaluation),
        Self::Show(ViewKind::Data),
        Self::Show(ViewKind::Neighbourhood),
        Self::Show(ViewKind::Attention),
        Self::Show(ViewKind::Map),
        Self::Show(ViewKind::Covers),
        Self::Show(ViewKind::Lab),
        Self::Show(ViewKind::Book),
        Self::PickPicture,
        Self::Arrange(Preset::CaseStudy),
        Self::Arrange(Preset::Training),
        Self::Arrange(Preset::Evaluation),
        Self::Arrange(Preset::Data),
        Self::Arrange(Preset::Graph),
        Self::Arrange(Preset::Map),
        Self::Arrange(Preset::Covers),
        Self::Arrange(Preset::Book),
        Self::Arrange(Preset::Lab),
        Self::Arrange(Preset::Workbench),
        Self::Arrange(Preset::Demo),
        Self::SaveLayout,
        Self::SaveCase,
        Self::Present(None),
        Self::ExportPicture(None),
        Self::ExportCase,
        Self::AddColumn,
        Self::SurpriseAll,
        Self::CompareLanes(None),
        Self::CompareRuns(None, None),
        Self::CoversLarger,
        Self::CoversSmaller,
        Self::ToggleTitles,
        Self::Larger,
        Self::Smaller,
        Self::NaturalSize,
        Self::ToggleTheme,
        Self::FollowSystemTheme,
        Self::SwitchLanguage,
        Self::Settings,
        Self::ToggleLeft,
        Self::ToggleInspector,
        Self::ToggleJobs,
        Self::ToggleFrameTimes,
        Self::Back,
        Self::Forward,
        Self::FocusSearch,
        Self::Palette,
        Self::Shortcuts,
        Self::Help,
        Self::RetryAll,
        Self::CancelAll,
        Self::Train,
        Self::Mixer,
        Self::ExportCandidates { run: None, format: TableFormat::Parquet },
        Self::ClearJobs,
        Self::EmptyBin,
        Self::Quit,
    ];

    /// Whether it comes many times in a row while a slider is dragged or a text is typed; then undo takes it for one
    /// step.
    pub fn is_continuous(&self) -> bool {
        matches!(
            self,
            Self::Select(_, Mode::Follow)
                | Self::SetCoverSize(_)
                | Self::CoversLarger
                | Self::CoversSmaller
                | Self::SetPreferences(_)
                | Self::SetCase(_)
                | Self::SetEvaluation(_)
                | Self::SetTraining(_)
                | Self::SetData(_)
                | Self::SetNetwork(_)
                | Self::SetCovers(_)
                | Self::SetMix(_)
                | Self::SetLab(_)
                | Self::SetSplit(_)
                | Self::RenameRun { .. }
                | Self::NoteRun { .. }
                | Self::EditCase { .. }
                | Self::SetBook(_)
                | Self::TilesMoved
        )
    }

    /// Whether it can change nothing of what undo brings back, so that nothing has to be remembered for it.
    pub fn leaves_the_desk(&self) -> bool {
        matches!(
            self,
            Self::Hover(_)
                | Self::Undo
                | Self::Redo
                | Self::Open
                | Self::OpenPath
                | Self::OpenSample
                | Self::OpenFolder(_)
                | Self::ReviewFolder(_)
                | Self::ReviewColumns
                | Self::OpenCorrected { .. }
                | Self::DismissArrival
                | Self::SaveLayout
                | Self::PickPicture
                | Self::Settings
                | Self::FocusSearch
                | Self::Palette
                | Self::Shortcuts
                | Self::Help
                | Self::HelpOn(_)
                | Self::OpenRun(_)
                | Self::Retry(_)
                | Self::RetryAll
                | Self::Cancel(_)
                | Self::CancelAll
                | Self::ClearJobs
                | Self::EmptyBin
                | Self::ForgetRecent(_)
                | Self::CopyText(_)
                | Self::DismissTrouble
                | Self::ExportCase
                | Self::ExportCases(_)
                | Self::ExportTable { .. }
                | Self::ExportCandidates { .. }
                | Self::SaveAs { .. }
                | Self::Save { .. }
                | Self::DismissSaved
                | Self::SaveCase
                | Self::Present(_)
                | Self::Presenting(_)
                | Self::DismissCaseKept
                | Self::Quit
        )
    }

    /// Whether the workspace keeps what it does, so that no earlier desk takes it back.
    pub fn is_kept_beside_the_desk(&self) -> bool {
        matches!(
            self,
            Self::DeleteRun(_)
                | Self::RestoreRun(_)
                | Self::RenameRun { .. }
                | Self::NoteRun { .. }
                | Self::EmptyBin
                | Self::Train
                | Self::StartRun { .. }
        )
    }

    /// Name and tooltip; `None` for commands that only make sense with what they are about.
    fn texts(&self) -> Option<(Word, Word)> {
        Some(match self {
            Self::Open => (Word::Open, Word::OpenTip),
            Self::OpenPath => (Word::OpenPath, Word::OpenPathTip),
            Self::OpenSample => (Word::OpenSample, Word::OpenSampleTip),
            Self::ReviewColumns => (Word::ReviewColumns, Word::ReviewColumnsTip),
            Self::Undo => (Word::Undo, Word::UndoTip),
            Self::Redo => (Word::Redo, Word::RedoTip),
            Self::Show(ViewKind::CaseStudy) => (Word::ShowCaseStudy, Word::ShowTip),
            Self::Show(ViewKind::Training) => (Word::ShowTraining, Word::ShowTip),
            Self::Show(ViewKind::Evaluation) => (Word::ShowEvaluation, Word::ShowTip),
            Self::Show(ViewKind::Data) => (Word::ShowData, Word::ShowTip),
            Self::Show(ViewKind::Neighbourhood) => (Word::ShowNeighbourhood, Word::ShowTip),
            Self::Show(ViewKind::Attention) => (Word::ShowAttention, Word::ShowTip),
            Self::Show(ViewKind::Map) => (Word::ShowMap, Word::ShowTip),
            Self::Show(ViewKind::Covers) => (Word::ShowCovers, Word::ShowTip),
            Self::Show(ViewKind::Lab) => (Word::ShowLab, Word::ShowTip),
            Self::Show(ViewKind::Book) => (Word::ShowBook, Word::ShowTip),
            Self::Arrange(Preset::Book) => (Word::ArrangeBook, Word::ArrangeBookTip),
            Self::Arrange(Preset::Lab) => (Word::ArrangeLab, Word::ArrangeLabTip),
            Self::SaveCase => (Word::SaveCase, Word::SaveCaseTip),
            Self::Present(_) => (Word::PresentCases, Word::PresentTip),
            Self::PickPicture => (Word::PickPicture, Word::PickPictureTip),
            Self::Arrange(Preset::CaseStudy) => (Word::ArrangeCaseStudy, Word::ArrangeCaseStudyTip),
            Self::Arrange(Preset::Training) => (Word::ArrangeTraining, Word::ArrangeTrainingTip),
            Self::Arrange(Preset::Evaluation) => (Word::ArrangeEvaluation, Word::ArrangeEvaluationTip),
            Self::Arrange(Preset::Data) => (Word::ArrangeData, Word::ArrangeDataTip),
            Self::Arrange(Preset::Graph) => (Word::ArrangeGraph, Word::ArrangeGraphTip),
            Self::Arrange(Preset::Map) => (Word::ArrangeMap, Word::ArrangeMapTip),
            Self::Arrange(Preset::Covers) => (Word::ArrangeCovers, Word::ArrangeCoversTip),
            Self::Arrange(Preset::Workbench) => (Word::ArrangeWorkbench, Word::ArrangeWorkbenchTip),
            Self::Arrange(Preset::Demo) => (Word::ArrangeDemo, Word::ArrangeDemoTip),
            Self::SaveLayout => (Word::SaveLayout, Word::SaveLayoutTip),
            Self::ExportPicture(None) => (Word::ExportPicture, Word::ExportPictureTip),
            Self::ExportCase => (Word::ExportCase, Word::ExportCaseTip),
            Self::Larger => (Word::Larger, Word::LargerTip),
            Self::Smaller => (Word::Smaller, Word::LargerTip),
            Self::NaturalSize => (Word::NaturalSize, Word::NaturalSizeTip),
            Self::Settings => (Word::Settings, Word::SettingsTip),
            Self::ToggleFrameTimes => (Word::FrameTimes, Word::FrameTimesTip),
            Self::Shortcuts => (Word::Shortcuts, Word::ShortcutsTip),
            Self::AddColumn => (Word::AddColumn, Word::AddColumnTip),
            Self::SurpriseAll => (Word::SurpriseAll, Word::SurpriseAllTip),
            Self::CompareLanes(_) => (Word::CompareLanes, Word::CompareLanesTip),
            Self::CompareRuns(..) => (Word::CompareRuns, Word::CompareRunsTip),
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
            Self::Train => (Word::TrainForm, Word::TrainFormTip),
            Self::Mixer => (Word::Mixer, Word::MixerTip),
            Self::ExportCandidates { run: None, .. } => (Word::ExportCandidates, Word::ExportCandidatesTip),
            Self::ClearJobs => (Word::ClearJobs, Word::ClearJobsTip),
            Self::EmptyBin => (Word::EmptyBin, Word::EmptyBinTip),
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
            Self::ReviewColumns => (Modifiers::COMMAND, Key::E),
            Self::Undo => (Modifiers::COMMAND, Key::Z),
            Self::Redo => (CTRL_SHIFT, Key::Z),
            Self::Show(ViewKind::CaseStudy) => (Modifiers::COMMAND, Key::Num1),
            Self::Show(ViewKind::Training) => (Modifiers::COMMAND, Key::Num2),
            Self::Show(ViewKind::Evaluation) => (Modifiers::COMMAND, Key::Num3),
            Self::Show(ViewKind::Data) => (Modifiers::COMMAND, Key::Num4),
            Self::Show(ViewKind::Neighbourhood) => (Modifiers::COMMAND, Key::Num5),
            Self::Show(ViewKind::Attention) => (Modifiers::COMMAND, Key::Num6),
            Self::Show(ViewKind::Map) => (Modifiers::COMMAND, Key::Num7),
            Self::Show(ViewKind::Covers) => (Modifiers::COMMAND, Key::Num8),
            Self::Show(ViewKind::Book) => (Modifiers::COMMAND, Key::Num9),
            Self::Show(ViewKind::Lab) => (Modifiers::COMMAND, Key::L),
            Self::Arrange(Preset::Book) => (Modifiers::ALT, Key::Num0),
            Self::Arrange(Preset::Lab) => (Modifiers::ALT, Key::A),
            Self::SaveCase => (Modifiers::COMMAND, Key::S),
            Self::Present(None) => (Modifiers::NONE, Key::F5),
            Self::PickPicture => (CTRL_SHIFT, Key::P),
            Self::Arrange(Preset::CaseStudy) => (Modifiers::ALT, Key::Num1),
            Self::Arrange(Preset::Training) => (Modifiers::ALT, Key::Num2),
            Self::Arrange(Preset::Evaluation) => (Modifiers::ALT, Key::Num3),
            Self::Arrange(Preset::Data) => (Modifiers::ALT, Key::Num4),
            Self::Arrange(Preset::Workbench) => (Modifiers::ALT, Key::Num5),
            Self::Arrange(Preset::Demo) => (Modifiers::ALT, Key::Num6),
            Self::Arrange(Preset::Graph) => (Modifiers::ALT, Key::Num7),
            Self::Arrange(Preset::Map) => (Modifiers::ALT, Key::Num8),
            Self::Arrange(Preset::Covers) => (Modifiers::ALT, Key::Num9),
            Self::ExportPicture(None) => (CTRL_SHIFT, Key::E),
            Self::ExportCase => (CTRL_SHIFT, Key::S),
            Self::Larger => (Modifiers::COMMAND, Key::Plus),
            Self::Smaller => (Modifiers::COMMAND, Key::Minus),
            Self::NaturalSize => (Modifiers::COMMAND, Key::Num0),
            Self::Settings => (Modifiers::COMMAND, Key::Comma),
            Self::ToggleFrameTimes => (Modifiers::NONE, Key::F12),
            Self::Shortcuts => (Modifiers::NONE, Key::Questionmark),
            Self::AddColumn => (Modifiers::COMMAND, Key::U),
            Self::SurpriseAll => (Modifiers::COMMAND, Key::R),
            Self::CompareLanes(None) => (Modifiers::ALT, Key::L),
            Self::CompareRuns(None, None) => (Modifiers::ALT, Key::R),
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
            Self::Train => (Modifiers::COMMAND, Key::Enter),
            Self::Mixer => (Modifiers::COMMAND, Key::M),
            Self::Quit => (Modifiers::COMMAND, Key::Q),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Its shortcut as it stands in menus.
    pub fn keys(&self, ctx: &egui::Context) -> Option<String> {
        let keys = ctx.format_shortcut(&self.shortcut()?);
        Some(keys.replace("Questionmark", "?").replace("Comma", ",").replace("Plus", "+").replace("Minus", "−"))
    }

    /// The command whose shortcut was just pressed, if any.
    pub fn pressed(ctx: &egui::Context) -> Option<Self> {
        let is_typing = ctx.text_edit_focused();
        // More modifiers first: Ctrl+Shift+O must not be taken for Ctrl+O.
        let mut candidates: Vec<(KeyboardShortcut, &Self)> =
            Self::LISTED.iter().filter_map(|command| command.shortcut().map(|keys| (keys, command))).collect();
        candidates.sort_by_key(|(keys, _)| std::cmp::Reverse(keys.modifiers.shift));
        // A text that is being edited has its own undo, and needs every key that writes.
        let is_for_text = |keys: &KeyboardShortcut| {
            keys.conflicts_with_text_editing()
                || keys.logical_key == Key::Z
                || (keys.modifiers.is_none() && keys.logical_key == Key::Questionmark)
        };
        let pressed = candidates
            .into_iter()
            .find(|(keys, _)| !(is_typing && is_for_text(keys)) && ctx.input_mut(|input| consumed(input, keys)));
        pressed.map(|(_, command)| command.clone())
    }
}

/// Whether the keys were just pressed. `?` is one key on some keyboards and Shift with another on most.
fn consumed(input: &mut egui::InputState, keys: &KeyboardShortcut) -> bool {
    input.consume_shortcut(keys)
        || (keys.logical_key == Key::Questionmark && input.consume_key(Modifiers::SHIFT, Key::Questionmark))
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
        for command in Command::LISTED {
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
