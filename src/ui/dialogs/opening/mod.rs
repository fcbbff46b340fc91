//! The sheet before a folder is opened: what was recognised in it, with real rows, and what the analyst corrects.

mod behaviours;
mod tables;

use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, TryRecvError};
use egui::{Align, Context, Frame, Id, Key, Layout, Margin, Modal, RichText, ScrollArea, Stroke, Ui};

use super::heading;
use crate::{
    dataset::{
        read::{self, Corrections, Fault, Survey},
        split::SplitSettings,
    },
    ui::{
        commands::Command,
        icons,
        session::{Session, kept_corrections},
        theme::{radius, space},
        views::Scene,
        widgets,
        words::{Word, Words},
    },
};

const MAX_WIDTH_PX: f32 = 980.0;

/// What looking at the folder brought.
struct Seen {
    corrections: Corrections,
    /// As it would be read if nobody had corrected anything.
    guess: Option<Survey>,
    survey: Result<Survey, Fault>,
    /// Files that could be the table of events.
    files: Vec<String>,
}

/// How far the sheet has come.
enum Stage {
    Choosing,
    /// The data set is being loaded.
    Loading,
}

pub(super) struct OpeningSheet {
    folder: PathBuf,
    corrections: Corrections,
    guess: Option<Survey>,
    survey: Option<Result<Survey, Fault>>,
    files: Vec<String>,
    looking: Option<Receiver<Seen>>,
    /// The table whose columns show.
    table: String,
    split: Option<SplitSettings>,
    stage: Stage,
    /// Why loading failed.
    failure: Option<Fault>,
    writing: Option<Receiver<Result<PathBuf, String>>>,
    /// What came of writing dataset.toml.
    written: Option<Result<PathBuf, String>>,
    has_focus: bool,
}

impl OpeningSheet {
    /// `split` is what is chosen now, if the folder's data set is open.
    pub(super) fn new(session: &Session, folder: &Path, split: Option<&SplitSettings>) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let (workspace, owned) = (session.workspace.clone(), folder.clone());
        let looking = session.errand(move |_| Ok(look(&owned, kept_corrections(workspace.as_deref(), &owned))));
        Self {
            folder,
            corrections: Corrections::default(),
            guess: None,
            survey: None,
            files: Vec::new(),
            looking: Some(looking),
            table: "events".to_owned(),
            split: split.cloned(),
            stage: Stage::Choosing,
            failure: None,
            writing: None,
            written: None,
            has_focus: false,
        }
    }

    /// True when it is to close.
    pub(super) fn show(&mut self, ctx: &Context, scene: &Scene<'_>) -> bool {
        self.take_answers();
        if let Stage::Loading = self.stage
            && let Some(is_open) = self.loading_ended(scene)
        {
            if is_open {
                return true;
            }
            self.stage = Stage::Choosing;
        }
        let before = self.corrections.clone();
        let screen = ctx.content_rect();
        let width = MAX_WIDTH_PX.min(screen.width() - 80.0);
        let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(18));
        let modal = Modal::new(Id::unique("opening sheet")).frame(frame).show(ctx, |ui| {
            ui.set_width(width);
            self.title_ui(ui, scene);
            ui.add_space(space::M);
            let height = (screen.height() - 210.0).max(200.0);
            let area = ScrollArea::vertical().id_salt("opening").max_height(height).min_scrolled_height(height);
            area.auto_shrink([false, true]).show(ui, |ui| self.contents_ui(ui, scene));
            ui.add_space(space::M);
            self.buttons_ui(ui, scene)
        });
        if self.corrections != before {
            self.look_again(scene);
        }
        // A click beside the sheet may be a slip, and corrections are work.
        let is_slip = modal.backdrop_response.clicked();
        let closes = modal.inner || (modal.should_close() && !is_slip);
        if closes && let (Stage::Loading, Some(opening)) = (&self.stage, &scene.session.opening) {
            scene.send(Command::Cancel(opening.job));
        }
        closes
    }

    fn take_answers(&mut self) {
        if let Some(looking) = &self.looking {
            match looking.try_recv() {
                Ok(seen) => {
                    self.looking = None;
                    self.corrections = seen.corrections;
                    self.guess = seen.guess.or(self.guess.take());
                    if let Ok(survey) = &seen.survey {
                        self.show_a_table(survey);
                    }
                    self.survey = Some(seen.survey);
                    self.files = seen.files;
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => self.looking = None,
            }
        }
        if let Some(writing) = &self.writing {
            match writing.try_recv() {
                Ok(answer) => {
                    self.writing = None;
                    self.written = Some(answer);
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => self.writing = None,
            }
        }
    }

    /// The first table that cannot be used, when the one that shows is fine or gone.
    fn show_a_table(&mut self, survey: &Survey) {
        let is_fine = |name: &str| survey.tables.get(name).is_some_and(|table| table.fault.is_none());
        let is_first = self.survey.is_none();
        if (is_first && is_fine(&self.table)) || survey.tables.contains_key(&self.table) && !is_first {
            return;
        }
        let faulty = survey.tables.iter().find(|(_, table)| table.fault.is_some());
        if let Some((name, _)) = faulty.or(survey.tables.iter().next()) {
            self.table.clone_from(name);
        }
    }

    fn look_again(&mut self, scene: &Scene<'_>) {
        let (folder, corrections) = (self.folder.clone(), self.corrections.clone());
        self.failure = None;
        self.written = None;
        self.looking = Some(scene.session.errand(move |_| {
            let survey = read::survey(&folder, &corrections).map_err(|error| Fault::from(&error));
            Ok(Seen { corrections, guess: None, survey, files: read::table_files(&folder) })
        }));
    }

    /// Whether loading brought the data set; `None` while it goes on.
    fn loading_ended(&mut self, scene: &Scene<'_>) -> Option<bool> {
        if scene.session.opening.is_some() {
            return None;
        }
        if let Some(trouble) = &scene.session.trouble
            && trouble.folder.as_deref() == Some(&*self.folder)
        {
            self.failure = Some(trouble.fault.clone());
            scene.send(Command::DismissTrouble);
            return Some(false);
        }
        Some(scene.session.arrival.is_some())
    }

    fn title_ui(&self, ui: &mut Ui, scene: &Scene<'_>) {
        let name = self.folder.file_name().map_or_else(|| self.folder.to_string_lossy(), |name| name.to_string_lossy());
        let title = heading(ui, scene, &scene.words.fill(Word::OpenSheet, &[&name]));
        title.on_hover_text(self.folder.display().to_string());
    }

    fn contents_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let (words, tokens) = (scene.words, scene.tokens);
        if let Some(failure) = &self.failure {
            fault_ui(ui, scene, failure);
            still_open_ui(ui, scene);
            ui.add_space(space::S);
        }
        let survey = match &self.survey {
            None => {
                ui.label(RichText::new(words.get(Word::Looking)).color(tokens.text_weak));
                return;
            }
            Some(Err(failure)) => {
                fault_ui(ui, scene, failure);
                still_open_ui(ui, scene);
                tables::which_file_ui(ui, scene, &self.files, &mut self.corrections);
                return;
            }
            Some(Ok(survey)) => survey.clone(),
        };
        ui.add_enabled_ui(matches!(self.stage, Stage::Choosing), |ui| {
            let guess = self.guess.as_ref();
            tables::tables_ui(ui, scene, &survey, (guess, &self.files), &mut self.table, &mut self.corrections);
            let known = scene.opened().filter(|opened| opened.dataset.folder == self.folder);
            let weights = behaviours::weights(&survey, known.map(|opened| &*opened.dataset));
            behaviours::behaviours_ui(ui, scene, &weights, &survey, &mut self.corrections);
            // Before it is known what an event is there is nothing to be split.
            if survey.tables.get("events").is_none_or(|events| events.fault.is_some()) {
                return;
            }
            ui.add_space(space::L);
            let events = survey.recognised.columns.get("events");
            let has_times = events.is_some_and(|columns| columns.contains_key("timestamp"));
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::XL;
                if has_times {
                    ui.vertical(|ui| {
                        behaviours::unit_ui(ui, scene, &survey, self.guess.as_ref(), &mut self.corrections);
                    });
                }
                ui.vertical(|ui| behaviours::split_ui(ui, scene, &survey, has_times, &mut self.split));
            });
            notes_ui(ui, scene, &survey.recognised.notes);
        });
    }

    /// True when it is to close.
    fn buttons_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>) -> bool {
        let (words, tokens) = (scene.words, scene.tokens);
        if let Stage::Loading = self.stage
            && let Some(opening) = &scene.session.opening
        {
            let title = words.fill(Word::Opening, &[""]);
            if let Some(status) = scene.session.job(opening.job)
                && widgets::job_line(ui, tokens, words, status, title.trim())
            {
                scene.send(Command::Cancel(opening.job));
            }
        }
        match &self.written {
            Some(Ok(file)) => {
                let text = words.fill(Word::ConfigWritten, &[&file.display().to_string()]);
                ui.label(RichText::new(text).small().color(tokens.hit));
            }
            Some(Err(message)) => fault_ui(ui, scene, &Fault { kind: None, message: message.clone() }),
            None => {}
        }
        let usable = matches!(&self.survey, Some(Ok(survey)) if survey.is_usable());
        let can_open = usable && self.looking.is_none() && matches!(self.stage, Stage::Choosing);
        ui.horizontal(|ui| {
            let (mut opens, mut closes) = (false, false);
            ui.add_enabled_ui(can_open, |ui| {
                let button = widgets::primary_button(ui, tokens, words.get(Word::OpenNow));
                if can_open && !std::mem::replace(&mut self.has_focus, true) {
                    button.request_focus();
                }
                opens = button.clicked();
            });
            closes |= ui.button(words.get(Word::Cancel)).clicked();
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let saves = ui.add_enabled(usable, egui::Button::new(words.get(Word::SaveConfig)));
                if saves.on_hover_text(words.get(Word::SaveConfigTip)).clicked() {
                    self.write(scene);
                }
                let resets =
                    ui.add_enabled(!self.corrections.is_empty(), egui::Button::new(words.get(Word::AsGuessed)));
                if resets.on_hover_text(words.get(Word::AsGuessedTip)).clicked() {
                    self.corrections = Corrections::default();
                }
            });
            // Enter opens, wherever it is not meant for a field or a button.
            let is_free = ui.memory(|memory| memory.focused().is_none());
            opens |= can_open && is_free && ui.input(|input| input.key_pressed(Key::Enter));
            if opens {
                self.stage = Stage::Loading;
                self.failure = None;
                scene.send(Command::OpenCorrected {
                    folder: self.folder.clone(),
                    corrections: Box::new(self.corrections.clone()),
                    split: self.split.clone().map(Box::new),
                });
            }
            closes
        })
        .inner
    }

    fn write(&mut self, scene: &Scene<'_>) {
        let Some(Ok(survey)) = &self.survey else { return };
        let known = scene.opened().filter(|opened| opened.dataset.folder == self.folder);
        let weights = behaviours::weights(survey, known.map(|opened| &*opened.dataset));
        let (folder, corrections) = (self.folder.clone(), self.corrections.clone());
        self.writing = Some(scene.session.errand(move |_| {
            Ok(read::write_config(&folder, &corrections, &weights).map_err(|error| error.to_string()))
        }));
    }
}

fn look(folder: &Path, corrections: Corrections) -> Seen {
    let guess = read::survey(folder, &Corrections::default()).ok();
    let survey = match &guess {
        Some(guess) if corrections.is_empty() => Ok(guess.clone()),
        _ => read::survey(folder, &corrections).map_err(|error| Fault::from(&error)),
    };
    Seen { corrections, guess, survey, files: read::table_files(folder) }
}

/// What is wrong, where it is wrong; it can be copied.
fn fault_ui(ui: &mut Ui, scene: &Scene<'_>, fault: &Fault) {
    let (words, tokens) = (scene.words, scene.tokens);
    let frame = Frame::new()
        .fill(tokens.panel.lerp_to_gamma(tokens.error, 0.1))
        .stroke(Stroke::new(1.0, tokens.error.gamma_multiply(0.6)))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(icons::ERROR_FILL).color(tokens.error));
            ui.vertical(|ui| {
                widgets::fault_text(ui, tokens, words, fault);
                if ui.small_button(words.get(Word::Copy)).on_hover_text(words.get(Word::CopyTip)).clicked() {
                    scene.send(Command::CopyText(fault.message.clone()));
                }
            });
        });
    });
}

fn still_open_ui(ui: &mut Ui, scene: &Scene<'_>) {
    if let Some(opened) = scene.opened() {
        let text = scene.words.fill(Word::StillOpen, &[&opened.dataset.name]);
        ui.label(RichText::new(text).small().color(scene.tokens.text_weak));
    }
}

/// Everything else that was guessed.
fn notes_ui(ui: &mut Ui, scene: &Scene<'_>, notes: &[String]) {
    // Which column is taken as what, and how times are read, stands above.
    let is_shown = |note: &&String| note.starts_with("Column `") || note.starts_with("Times are read");
    let others: Vec<&String> = notes.iter().filter(|note| !is_shown(note)).collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(space::M);
    for note in others {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(icons::INFO).small().color(scene.tokens.text_weak));
            let text = RichText::new(scene.words.note(note)).small().color(scene.tokens.text_weak);
            ui.add(egui::Label::new(text).wrap());
        });
    }
}

/// The small title of a part of the sheet.
fn part_title(ui: &mut Ui, scene: &Scene<'_>, word: Word) {
    widgets::section_title(ui, scene.tokens, scene.words.get(word));
    ui.add_space(2.0);
}

/// Puts `value` under `key`, or takes it out where the guess says the same.
fn correct<K: Ord, V: PartialEq>(map: &mut std::collections::BTreeMap<K, V>, key: K, value: V, guess: Option<&V>) {
    if guess == Some(&value) {
        map.remove(&key);
    } else {
        map.insert(key, value);
    }
}

/// The name of a unit of time.
fn unit_name(words: Words, unit: &str) -> String {
    let word = match unit {
        "seconds" => Word::UnitSeconds,
        "milliseconds" => Word::UnitMilliseconds,
        "microseconds" => Word::UnitMicroseconds,
        "iso8601" => Word::UnitIso,
        _ => Word::UnitNone,
    };
    words.get(word).to_owned()
}
