//! What stands over the window for a moment: the path box, the command palette, help, shortcuts and settings.

mod case;
mod mix;
mod opening;
mod save;
mod settings;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crossbeam_channel::Receiver;
use egui::{Context, Id, Key, Modal, Rect, RichText, ScrollArea, Ui, vec2};

use self::save::Saving;
use super::{
    commands::{CaseTexts, Command},
    session::Session,
    theme::{self, space, type_size},
    views::{Scene, ViewKind},
    widgets,
    words::{self, Word},
};
use crate::dataset::{covers::EXTENSIONS, split::SplitSettings};

/// A folder dialog that closes sooner than a hand can was never shown.
const NO_DIALOG: Duration = Duration::from_millis(400);

/// What the system's dialog is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Folder,
    Picture,
}

#[derive(Default)]
pub struct Dialogs {
    /// The system's dialog, on its own thread.
    picking: Option<(Receiver<Option<PathBuf>>, Wanted, Instant)>,
    path_box: Option<PathBox>,
    palette: Option<Palette>,
    help: Option<ViewKind>,
    shortcuts_open: bool,
    settings_open: bool,
    layout_name: Option<NameBox>,
    case: Option<case::CaseBox>,
    pub saving: Saving,
    opening: Option<opening::OpeningSheet>,
}

/// Asks for the name of a layout.
#[derive(Default)]
struct NameBox {
    name: String,
    has_focus: bool,
}

#[derive(Default)]
struct PathBox {
    wants_picture: bool,
    path: String,
    note: Option<Word>,
    has_focus: bool,
}

#[derive(Default)]
struct Palette {
    query: String,
    chosen: usize,
    has_focus: bool,
}

impl Dialogs {
    pub fn pick(&mut self, ctx: &Context, wanted: Wanted) {
        if self.picking.is_some() {
            return;
        }
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let waker = ctx.clone();
        let ask = move || {
            // Nobody listens any more when the window has closed meanwhile.
            let _ = sender.send(match wanted {
                Wanted::Folder => rfd::FileDialog::new().pick_folder(),
                Wanted::Picture => rfd::FileDialog::new().add_filter("JPEG, PNG, WebP", &EXTENSIONS).pick_file(),
            });
            waker.request_repaint();
        };
        match std::thread::Builder::new().name("file dialog".to_owned()).spawn(ask) {
            Ok(_) => self.picking = Some((receiver, wanted, Instant::now())),
            Err(_) => self.type_instead(wanted),
        }
    }

    /// Where the system has no dialog.
    fn type_instead(&mut self, wanted: Wanted) {
        let wants_picture = wanted == Wanted::Picture;
        self.path_box = Some(PathBox { wants_picture, note: Some(Word::DialogFailed), ..PathBox::default() });
    }

    /// What the analyst chose in the system's dialog, once.
    pub fn picked(&mut self) -> Option<PathBuf> {
        let (receiver, wanted, since) = self.picking.as_ref()?;
        let wanted = *wanted;
        let answer = match receiver.try_recv() {
            Ok(answer) => answer,
            Err(crossbeam_channel::TryRecvError::Empty) => return None,
            Err(crossbeam_channel::TryRecvError::Disconnected) => None,
        };
        let was_shown = since.elapsed() > NO_DIALOG;
        self.picking = None;
        if answer.is_none() && !was_shown {
            self.type_instead(wanted);
        }
        answer
    }

    pub fn show_path_box(&mut self) {
        self.path_box = Some(PathBox::default());
    }

    pub fn toggle_palette(&mut self) {
        self.palette = if self.palette.is_some() { None } else { Some(Palette::default()) };
    }

    pub fn toggle_help(&mut self, kind: ViewKind) {
        self.help = if self.help == Some(kind) { None } else { Some(kind) };
    }

    pub fn toggle_shortcuts(&mut self) {
        self.shortcuts_open = !self.shortcuts_open;
    }

    pub fn toggle_settings(&mut self) {
        self.settings_open = !self.settings_open;
    }

    pub fn ask_layout_name(&mut self) {
        self.layout_name = Some(NameBox::default());
    }

    pub fn ask_case(&mut self, suggested: CaseTexts) {
        self.case = Some(case::CaseBox::new(suggested));
    }

    /// Shows how `folder` would be read, before it is opened. `split` is what is chosen now, if it is open.
    pub fn review(&mut self, session: &Session, folder: &Path, split: Option<&SplitSettings>) {
        self.opening = Some(opening::OpeningSheet::new(session, folder, split));
    }

    /// `place_of`: where a view stands, if it is in sight.
    pub fn show(&mut self, ctx: &Context, scene: &Scene<'_>, place_of: &dyn Fn(ViewKind) -> Option<Rect>) {
        self.saving.show(ctx, scene, place_of);
        mix::mix_ui(ctx, scene);
        if let Some(sheet) = &mut self.opening
            && sheet.show(ctx, scene)
        {
            self.opening = None;
        }
        self.path_box_ui(ctx, scene);
        self.palette_ui(ctx, scene);
        self.layout_name_ui(ctx, scene);
        if self.case.as_mut().is_some_and(|case| case.show(ctx, scene)) {
            self.case = None;
        }
        if let Some(kind) = self.help
            && help_ui(ctx, scene, kind)
        {
            self.help = None;
        }
        if self.shortcuts_open && shortcuts_ui(ctx, scene) {
            self.shortcuts_open = false;
        }
        if self.settings_open && settings::settings_ui(ctx, scene) {
            self.settings_open = false;
        }
    }

    fn layout_name_ui(&mut self, ctx: &Context, scene: &Scene<'_>) {
        let Some(name_box) = &mut self.layout_name else { return };
        let (words, tokens) = (scene.words, scene.tokens);
        let mut is_done = false;
        let modal = Modal::new(Id::unique("layout name")).show(ctx, |ui| {
            ui.set_width(320.0);
            heading(ui, scene, words.get(Word::SaveLayout).trim_end_matches('…'));
            ui.add_space(space::S);
            let edit = ui.add(egui::TextEdit::singleline(&mut name_box.name).desired_width(f32::INFINITY));
            let edit = edit.accessible_name(words.get(Word::LayoutName));
            if !std::mem::replace(&mut name_box.has_focus, true) {
                edit.request_focus();
            }
            let is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let name = name_box.name.trim();
                let saves = ui.add_enabled_ui(!name.is_empty(), |ui| {
                    widgets::primary_button(ui, tokens, words.get(Word::Save)).clicked()
                });
                if (saves.inner || is_entered) && !name.is_empty() {
                    scene.send(Command::SaveLayoutAs(name.to_owned()));
                    is_done = true;
                }
                if ui.button(words.get(Word::Cancel)).clicked() {
                    is_done = true;
                }
            });
        });
        if is_done || modal.should_close() {
            self.layout_name = None;
        }
    }

    fn path_box_ui(&mut self, ctx: &Context, scene: &Scene<'_>) {
        let Some(path_box) = &mut self.path_box else { return };
        let (words, tokens) = (scene.words, scene.tokens);
        let mut is_done = false;
        let modal = Modal::new(Id::unique("path box")).show(ctx, |ui| {
            ui.set_width(460.0);
            let wants_picture = path_box.wants_picture;
            heading(ui, scene, words.get(if wants_picture { Word::PictureTitle } else { Word::PathTitle }));
            let note = words.get(path_box.note.unwrap_or(Word::PathNote));
            ui.label(RichText::new(note).small().color(tokens.text_weak));
            ui.add_space(space::S);
            let hint = words.get(if wants_picture { Word::PictureHint } else { Word::PathHint });
            let edit = egui::TextEdit::singleline(&mut path_box.path).hint_text(hint).desired_width(f32::INFINITY);
            let edit = ui.add(edit).accessible_name(hint);
            if !std::mem::replace(&mut path_box.has_focus, true) {
                edit.request_focus();
            }
            let is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let path = path_box.path.trim();
                let opens = ui.add_enabled_ui(!path.is_empty(), |ui| {
                    widgets::primary_button(ui, tokens, words.get(Word::OpenNow)).clicked()
                });
                if (opens.inner || is_entered) && !path.is_empty() {
                    scene.send(Command::of_path(PathBuf::from(path)));
                    is_done = true;
                }
                if ui.button(words.get(Word::Cancel)).clicked() {
                    is_done = true;
                }
            });
        });
        if is_done || modal.should_close() {
            self.path_box = None;
        }
    }

    fn palette_ui(&mut self, ctx: &Context, scene: &Scene<'_>) {
        let Some(palette) = &mut self.palette else { return };
        let words = scene.words;
        let mut is_done = false;
        // At the top, so that it stays where it is while its list shrinks.
        let area = Modal::default_area(Id::unique("palette")).anchor(egui::Align2::CENTER_TOP, vec2(0.0, 72.0));
        let modal = Modal::new(Id::unique("palette")).area(area).show(ctx, |ui| {
            ui.set_width(440.0);
            let (up, down) = ui.input_mut(|input| {
                let pressed = |input: &mut egui::InputState, key| input.consume_key(egui::Modifiers::NONE, key);
                (pressed(input, Key::ArrowUp), pressed(input, Key::ArrowDown))
            });
            let hint = words.get(Word::PaletteHint);
            let edit = egui::TextEdit::singleline(&mut palette.query).hint_text(hint).desired_width(f32::INFINITY);
            let edit = ui.add(edit).accessible_name(hint);
            if !std::mem::replace(&mut palette.has_focus, true) {
                edit.request_focus();
            }
            if edit.changed() {
                palette.chosen = 0;
            }
            let found = matching(words, &palette.query);
            if up {
                palette.chosen = palette.chosen.saturating_sub(1);
            }
            if down {
                palette.chosen = (palette.chosen + 1).min(found.len().saturating_sub(1));
            }
            let is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(space::S);
            if found.is_empty() {
                ui.weak(words.fill(Word::NoCommand, &[palette.query.trim()]));
            }
            ui.spacing_mut().item_spacing.y = 1.0;
            ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
                for (place, command) in found.iter().enumerate() {
                    let is_chosen = place == palette.chosen;
                    let mut row = egui::Button::selectable(is_chosen, command.name(words))
                        .min_size(vec2(ui.available_width(), 28.0));
                    if let Some(keys) = command.keys(ctx) {
                        row = row.shortcut_text(keys);
                    }
                    let response = ui.add(row).on_hover_text(command.tooltip(words));
                    if is_chosen && (up || down) {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() || (is_entered && is_chosen) {
                        scene.send(command.clone());
                        is_done = true;
                    }
                }
            });
        });
        if is_done || modal.should_close() {
            self.palette = None;
        }
    }
}

/// Commands whose name has all letters of the query, those in one piece first.
fn matching(words: super::words::Words, query: &str) -> Vec<Command> {
    let query = query.trim().to_lowercase();
    let mut found: Vec<(u8, Command)> = Command::LISTED
        .iter()
        .cloned()
        .filter_map(|command| {
            let name = command.name(words).to_lowercase();
            let tip = command.tooltip(words).to_lowercase();
            let rank = if name.starts_with(&query) {
                0
            } else if name.contains(&query) {
                1
            } else if tip.contains(&query) {
                2
            } else if has_in_order(&name, &query) {
                3
            } else {
                return None;
            };
            Some((rank, command))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, command)| command).collect()
}

fn has_in_order(text: &str, letters: &str) -> bool {
    let mut text = text.chars();
    letters.chars().filter(|letter| !letter.is_whitespace()).all(|letter| text.any(|other| other == letter))
}

/// What a view is for and what mouse and keys do there. True when it is to close.
fn help_ui(ctx: &Context, scene: &Scene<'_>, kind: ViewKind) -> bool {
    let (words, tokens) = (scene.words, scene.tokens);
    let modal = Modal::new(Id::unique("help")).show(ctx, |ui| {
        ui.set_width(460.0);
        heading(ui, scene, kind.title(words));
        ui.add_space(space::XS);
        ui.add(egui::Label::new(RichText::new(kind.help(words)).color(tokens.text)).wrap());
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            let closes = ui.button(words.get(Word::Close)).clicked();
            if ui.button(Command::Shortcuts.name(words)).clicked() {
                scene.send(Command::Shortcuts);
                return true;
            }
            closes
        })
        .inner
    });
    modal.inner || modal.should_close()
}

/// All keys, in columns as many as the window is high enough for. True when it is to close.
fn shortcuts_ui(ctx: &Context, scene: &Scene<'_>) -> bool {
    const ROW_PX: f32 = 24.0;
    const COLUMN_PX: f32 = 300.0;
    let (words, tokens) = (scene.words, scene.tokens);
    let listed = Command::LISTED.iter().filter_map(|command| Some((command.keys(ctx)?, command.name(words))));
    let mut rows: Vec<(String, &str)> = listed.collect();
    rows.extend(words::KEYS_IN_VIEWS.iter().map(|(keys, word)| ((*keys).to_owned(), words.get(*word))));
    let columns = if ctx.content_rect().width() > 760.0 { 2 } else { 1 };
    let modal = Modal::new(Id::unique("shortcuts")).show(ctx, |ui| {
        ui.set_width(COLUMN_PX * columns as f32 + space::L);
        heading(ui, scene, words.get(Word::Shortcuts));
        ui.add_space(space::S);
        let per_column = rows.len().div_ceil(columns);
        let height = (ctx.content_rect().height() - 180.0).max(160.0);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for part in rows.chunks(per_column) {
                    ui.vertical(|ui| {
                        ui.set_width(COLUMN_PX);
                        for (keys, name) in part {
                            ui.horizontal(|ui| {
                                ui.set_min_height(ROW_PX - space::XS);
                                let (place, _) = ui.allocate_exact_size(vec2(104.0, 18.0), egui::Sense::hover());
                                let font = theme::medium_font(type_size::SMALL);
                                let at = place.left_center();
                                ui.painter().text(at, egui::Align2::LEFT_CENTER, keys, font, tokens.text);
                                ui.label(RichText::new(*name).color(tokens.text_weak));
                            });
                        }
                    });
                }
            });
        });
        ui.add_space(space::S);
        ui.button(words.get(Word::Close)).clicked()
    });
    modal.inner || modal.should_close()
}

pub(super) fn heading(ui: &mut Ui, scene: &Scene<'_>, text: &str) -> egui::Response {
    let text = RichText::new(text).font(theme::strong_font(type_size::TITLE + 1.0)).color(scene.tokens.text_strong);
    ui.label(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dataset::Language, ui::words::Words};

    #[test]
    fn the_palette_finds_by_beginning_then_within_then_by_letters() {
        let words = Words { language: Language::English };
        assert_eq!(matching(words, "surp").first(), Some(&Command::SurpriseAll));
        assert_eq!(matching(words, "open by").first(), Some(&Command::OpenPath));
        assert!(matching(words, "swlidr").contains(&Command::ToggleTheme));
        assert!(matching(words, "zzz").is_empty());
        assert_eq!(matching(words, "").len(), Command::LISTED.len());
        assert!(matching(Words { language: Language::Chinese }, "主题").contains(&Command::ToggleTheme));
    }
}
