//! Where to: the system's dialog for a file, a box for its path where there is none, and the scale of a picture.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use crossbeam_channel::Receiver;
use egui::{Context, Id, Key, Modal, Rect, RichText};

use super::{NO_DIALOG, heading};
use crate::{
    ui::{
        commands::Command,
        export::{Export, file_name},
        picture,
        theme::space,
        views::{Scene, ViewKind},
        widgets,
        words::{Word, Words},
    },
    workspace::export::{TableFormat, report::ReportFormat},
};

/// Scales that a picture can be had in.
const SCALES: [u32; 3] = [1, 2, 4];

/// Asks where to put things.
#[derive(Default)]
pub struct Saving {
    /// Ask by the box alone.
    pub boxes_only: bool,
    /// The file dialog of the system, on its own thread.
    picking: Option<Picking>,
    save_box: Option<SaveBox>,
    picture_box: Option<PictureBox>,
    case_box: Option<CaseBox>,
    /// Where the last file went.
    last_folder: Option<PathBuf>,
}

struct Picking {
    receiver: Receiver<Option<PathBuf>>,
    since: Instant,
    export: Export,
    suggested: PathBuf,
}

struct SaveBox {
    export: Export,
    path: String,
    note: Option<String>,
    /// The file that a second press replaces.
    replaces: Option<PathBuf>,
    has_focus: bool,
}

struct PictureBox {
    view: ViewKind,
    scale: u32,
    has_focus: bool,
}

struct CaseBox {
    /// Of the book; `None`: what the case study shows.
    cases: Option<Vec<String>>,
    format: ReportFormat,
    has_pseudonyms: bool,
    has_focus: bool,
}

/// Name of a form, and what it is.
fn form_words(format: ReportFormat) -> (Word, Word) {
    match format {
        ReportFormat::Html => (Word::FormPage, Word::FormPageAbout),
        ReportFormat::Markdown => (Word::FormMarkdown, Word::FormMarkdownAbout),
        ReportFormat::Table(TableFormat::Csv) => (Word::FormTableCsv, Word::FormTableAbout),
        ReportFormat::Table(TableFormat::Parquet) => (Word::FormTableParquet, Word::FormTableAbout),
    }
}

impl Saving {
    /// Asks for a file for `export`; `name` is what it could be called, without an extension.
    pub fn ask(&mut self, ctx: &Context, words: Words, export: Export, name: &str) {
        if self.picking.is_some() {
            return;
        }
        let folder = self.last_folder.clone().unwrap_or_else(home);
        let file = format!("{}.{}", file_name(name), export.extension());
        let suggested = folder.join(&file);
        if self.boxes_only {
            self.save_box = Some(SaveBox::new(export, &suggested, None));
            return;
        }
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let (waker, extension) = (ctx.clone(), export.extension());
        let ask = move || {
            let dialog = rfd::FileDialog::new().add_filter(extension, &[extension]);
            // Nobody listens any more when the window has closed meanwhile.
            let _ = sender.send(dialog.set_directory(folder).set_file_name(file).save_file());
            waker.request_repaint();
        };
        match std::thread::Builder::new().name("file dialog".to_owned()).spawn(ask) {
            Ok(_) => self.picking = Some(Picking { receiver, since: Instant::now(), export, suggested }),
            Err(_) => {
                let note = words.get(Word::SaveDialogFailed).to_owned();
                self.save_box = Some(SaveBox::new(export, &suggested, Some(note)));
            }
        }
    }

    pub fn ask_picture(&mut self, view: ViewKind) {
        self.picture_box = Some(PictureBox { view, scale: 2, has_focus: false });
    }

    /// `None`: what the case study shows.
    pub fn ask_case(&mut self, cases: Option<Vec<String>>) {
        self.case_box = Some(CaseBox { cases, format: ReportFormat::Html, has_pseudonyms: false, has_focus: false });
    }

    /// What is to be written where, once the analyst has said so in the system's dialog.
    pub fn picked(&mut self, words: Words) -> Option<(Export, PathBuf)> {
        let answer = match self.picking.as_ref()?.receiver.try_recv() {
            Ok(answer) => answer,
            Err(crossbeam_channel::TryRecvError::Empty) => return None,
            Err(crossbeam_channel::TryRecvError::Disconnected) => None,
        };
        let Picking { since, export, suggested, .. } = self.picking.take()?;
        let Some(path) = answer else {
            if since.elapsed() <= NO_DIALOG {
                let note = words.get(Word::SaveDialogFailed).to_owned();
                self.save_box = Some(SaveBox::new(export, &suggested, Some(note)));
            }
            return None;
        };
        let full = with_extension(&path, export.extension());
        if full != path && full.exists() {
            // The dialog has asked about another name.
            self.save_box = Some(SaveBox::new(export, &full, None));
            return None;
        }
        self.last_folder = full.parent().map(Path::to_owned);
        Some((export, full))
    }

    pub fn show(&mut self, ctx: &Context, scene: &Scene<'_>, place_of: &dyn Fn(ViewKind) -> Option<Rect>) {
        self.picture_box_ui(ctx, scene, place_of);
        self.case_box_ui(ctx, scene);
        self.save_box_ui(ctx, scene);
    }

    fn save_box_ui(&mut self, ctx: &Context, scene: &Scene<'_>) {
        let Some(save_box) = &mut self.save_box else { return };
        let (words, tokens) = (scene.words, scene.tokens);
        let (mut is_done, mut saved) = (false, None);
        let modal = Modal::new(Id::unique("save box")).show(ctx, |ui| {
            ui.set_width(480.0);
            heading(ui, scene, words.get(Word::SaveTitle));
            if let Some(note) = &save_box.note {
                ui.add(egui::Label::new(RichText::new(note).small().color(tokens.text_weak)).wrap());
            }
            ui.add_space(space::S);
            let edit = egui::TextEdit::singleline(&mut save_box.path).desired_width(f32::INFINITY);
            let edit = ui.add(edit).accessible_name(words.get(Word::SavePath));
            if !std::mem::replace(&mut save_box.has_focus, true) {
                edit.request_focus();
            }
            if edit.changed() {
                save_box.replaces = None;
            }
            let is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let can_save = !save_box.path.trim().is_empty();
                let word = if save_box.replaces.is_some() { Word::Replace } else { Word::Save };
                let saves =
                    ui.add_enabled_ui(can_save, |ui| widgets::primary_button(ui, tokens, words.get(word)).clicked());
                if (saves.inner || is_entered) && can_save {
                    saved = save_box.press(words);
                }
                if ui.button(words.get(Word::Cancel)).clicked() {
                    is_done = true;
                }
            });
        });
        if let Some(path) = saved {
            self.last_folder = path.parent().map(Path::to_owned);
            scene.send(Command::Save { export: save_box.export.clone(), path });
            is_done = true;
        }
        if is_done || modal.should_close() {
            self.save_box = None;
        }
    }

    fn case_box_ui(&mut self, ctx: &Context, scene: &Scene<'_>) {
        let Some(case_box) = &mut self.case_box else { return };
        let (words, tokens) = (scene.words, scene.tokens);
        let (mut is_done, mut is_chosen) = (false, false);
        let modal = Modal::new(Id::unique("case box")).show(ctx, |ui| {
            ui.set_width(380.0);
            let title = match &case_box.cases {
                None => words.get(Word::ExportCaseTitle).to_owned(),
                Some(ids) if ids.len() == 1 => words.get(Word::ExportOneCase).to_owned(),
                Some(ids) => words.fill(Word::ExportCasesTitle, &[&ids.len().to_string()]),
            };
            heading(ui, scene, &title);
            ui.add_space(space::S);
            for format in ReportFormat::ALL {
                let (name, about) = form_words(format);
                let button = ui.radio_value(&mut case_box.format, format, words.get(name));
                if case_box.format == format && !std::mem::replace(&mut case_box.has_focus, true) {
                    button.request_focus();
                }
                button.on_hover_text(words.get(about));
            }
            let (_, about) = form_words(case_box.format);
            ui.label(RichText::new(words.get(about)).small().color(tokens.text_weak));
            ui.add_space(space::S);
            let pseudonyms = ui.checkbox(&mut case_box.has_pseudonyms, words.get(Word::UsePseudonyms));
            pseudonyms.on_hover_text(words.get(Word::UsePseudonymsTip));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                is_chosen = widgets::primary_button(ui, tokens, words.get(Word::SaveReport)).clicked();
                is_done = ui.button(words.get(Word::Cancel)).clicked();
            });
        });
        if is_chosen {
            let CaseBox { format, has_pseudonyms, .. } = *case_box;
            let (export, name) = match case_box.cases.take() {
                None => (Export::Case { format, has_pseudonyms }, "case-study"),
                Some(ids) => (Export::Cases { ids, format, has_pseudonyms }, "cases"),
            };
            scene.send(Command::SaveAs { export, name: name.to_owned() });
        }
        if is_done || is_chosen || modal.should_close() {
            self.case_box = None;
        }
    }

    fn picture_box_ui(&mut self, ctx: &Context, scene: &Scene<'_>, place_of: &dyn Fn(ViewKind) -> Option<Rect>) {
        let Some(picture_box) = &mut self.picture_box else { return };
        let (words, tokens) = (scene.words, scene.tokens);
        let (mut is_done, mut is_chosen) = (false, false);
        let modal = Modal::new(Id::unique("picture box")).show(ctx, |ui| {
            ui.set_width(340.0);
            heading(ui, scene, &words.fill(Word::PictureOf, &[picture_box.view.title(words)]));
            ui.add_space(space::S);
            let Some(place) = place_of(picture_box.view) else {
                ui.label(words.get(Word::PictureHidden));
                is_done = ui.button(words.get(Word::Close)).clicked();
                return;
            };
            ui.horizontal(|ui| {
                for scale in SCALES {
                    let name = format!("{scale}×");
                    let button = ui.selectable_label(picture_box.scale == scale, &name);
                    if picture_box.scale == scale && !std::mem::replace(&mut picture_box.has_focus, true) {
                        button.request_focus();
                    }
                    if button.clicked() {
                        picture_box.scale = scale;
                    }
                }
                let [width, height] = picture::size_px(place, picture_box.scale).map(|side| side.to_string());
                ui.label(RichText::new(words.fill(Word::PictureSize, &[&width, &height])).color(tokens.text_weak));
            });
            let [width, height] = picture::size_px(place, picture_box.scale);
            let fits = width.max(height) <= picture::MAX_SIDE_PX;
            if !fits {
                let text = words.fill(Word::PictureTooLarge, &[&picture::MAX_SIDE_PX.to_string()]);
                ui.add(egui::Label::new(RichText::new(text).small().color(tokens.warn)).wrap());
            }
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let saves = ui.add_enabled_ui(fits, |ui| {
                    widgets::primary_button(ui, tokens, words.get(Word::SavePicture)).clicked()
                });
                is_chosen = saves.inner;
                is_done = ui.button(words.get(Word::Cancel)).clicked();
            });
        });
        let (view, scale) = (picture_box.view, picture_box.scale);
        if is_chosen {
            let name = format!("{}@{scale}x", view.name());
            scene.send(Command::SaveAs { export: Export::Picture { view, scale }, name });
        }
        if is_done || is_chosen || modal.should_close() {
            self.picture_box = None;
        }
    }
}

impl SaveBox {
    fn new(export: Export, path: &Path, note: Option<String>) -> Self {
        Self { export, path: path.display().to_string(), note, replaces: None, has_focus: false }
    }

    /// The file to be written; `None`, and a note, where that needs another press or another path.
    fn press(&mut self, words: Words) -> Option<PathBuf> {
        self.has_focus = false;
        if Path::new(self.path.trim()).is_dir() {
            self.note = Some(words.get(Word::SaveIsFolder).to_owned());
            return None;
        }
        let typed = with_extension(Path::new(self.path.trim()), self.export.extension());
        let path = std::path::absolute(&typed).unwrap_or(typed);
        self.path = path.display().to_string();
        if path.is_dir() {
            self.note = Some(words.get(Word::SaveIsFolder).to_owned());
            return None;
        }
        let folder = path.parent().unwrap_or(&path);
        if !folder.is_dir() {
            self.note = Some(words.fill(Word::SaveNoFolder, &[&folder.display().to_string()]));
            return None;
        }
        if path.exists() && self.replaces.as_ref() != Some(&path) {
            self.note = Some(words.get(Word::SaveExists).to_owned());
            self.replaces = Some(path);
            return None;
        }
        Some(path)
    }
}

fn with_extension(path: &Path, extension: &str) -> PathBuf {
    let has_it = path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension));
    if has_it || path.file_name().is_none() {
        return path.to_owned();
    }
    let mut full = path.as_os_str().to_owned();
    full.push(".");
    full.push(extension);
    PathBuf::from(full)
}

/// Where an analyst keeps his papers.
fn home() -> PathBuf {
    let known = directories::UserDirs::new();
    let documents = known.as_ref().and_then(|dirs| dirs.document_dir()).filter(|folder| folder.is_dir());
    let home = known.as_ref().map(directories::UserDirs::home_dir);
    documents.or(home).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::dataset::Language;

    #[test]
    fn an_older_file_is_replaced_by_a_second_press_only() {
        let words = Words { language: Language::English };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.png");
        let export = Export::Picture { view: ViewKind::Evaluation, scale: 1 };
        let mut save_box = SaveBox::new(export, &folder.path().join("picture"), None);
        assert_eq!(save_box.press(words), Some(path.clone()), "the extension is added");
        std::fs::write(&path, "old").unwrap();
        assert_eq!(save_box.press(words), None);
        assert!(save_box.note.is_some() && save_box.replaces.is_some());
        assert_eq!(save_box.press(words), Some(path));
        save_box.path = folder.path().join("none/picture.png").display().to_string();
        assert_eq!(save_box.press(words), None);
        save_box.path = folder.path().display().to_string() + "/";
        assert_eq!(save_box.press(words), None);
    }
}
