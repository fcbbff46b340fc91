//! The box that asks for title, tags and notes of a case that is to be saved.

use egui::{Context, Id, Key, Modal, RichText, TextEdit, Ui};

use super::heading;
use crate::ui::{
    app::tags_of,
    commands::{CaseTexts, Command},
    theme::space,
    views::Scene,
    widgets,
    words::Word,
};

pub(super) struct CaseBox {
    title: String,
    tags: String,
    notes: String,
    has_focus: bool,
}

impl CaseBox {
    pub(super) fn new(suggested: CaseTexts) -> Self {
        let CaseTexts { title, tags, notes } = suggested;
        Self { title, tags: tags.join(", "), notes, has_focus: false }
    }

    /// True when it is to close.
    pub(super) fn show(&mut self, ctx: &Context, scene: &Scene<'_>) -> bool {
        let (words, tokens) = (scene.words, scene.tokens);
        let mut is_done = false;
        let modal = Modal::new(Id::unique("save case")).show(ctx, |ui| {
            ui.set_width(420.0);
            heading(ui, scene, words.get(Word::SaveCase).trim_end_matches('…'));
            ui.label(RichText::new(words.get(Word::SaveCaseTip)).small().color(tokens.text_weak));
            ui.add_space(space::S);
            let label = |ui: &mut Ui, word| {
                ui.label(RichText::new(words.get(word)).small().color(tokens.text_weak));
            };
            label(ui, Word::CaseTitle);
            let title = ui.add(TextEdit::singleline(&mut self.title).desired_width(f32::INFINITY));
            let title = title.accessible_name(words.get(Word::CaseTitleName));
            if !std::mem::replace(&mut self.has_focus, true) {
                title.request_focus();
                // Whoever types writes over what is suggested.
                let mut state = TextEdit::load_state(ctx, title.id).unwrap_or_default();
                let end = egui::text::CCursor::new(self.title.chars().count());
                let all = egui::text::CCursorRange::two(egui::text::CCursor::default(), end);
                state.cursor.set_char_range(Some(all));
                TextEdit::store_state(ctx, title.id, state);
            }
            let is_entered = title.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            label(ui, Word::CaseTags);
            let tags = TextEdit::singleline(&mut self.tags).hint_text(words.get(Word::CaseTagsHint));
            let tags = ui.add(tags.desired_width(f32::INFINITY)).accessible_name(words.get(Word::CaseTagsName));
            let is_entered = is_entered || (tags.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)));
            label(ui, Word::CaseNotes);
            let notes = TextEdit::multiline(&mut self.notes).hint_text(words.get(Word::CaseNotesHint)).desired_rows(4);
            ui.add(notes.desired_width(f32::INFINITY)).accessible_name(words.get(Word::CaseNotesName));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if widgets::primary_button(ui, tokens, words.get(Word::Save)).clicked() || is_entered {
                    let title = Some(self.title.trim()).filter(|title| !title.is_empty());
                    scene.send(Command::SaveCaseAs(Box::new(CaseTexts {
                        title: title.unwrap_or(words.get(Word::CaseWithout)).to_owned(),
                        tags: tags_of(&self.tags),
                        notes: self.notes.trim().to_owned(),
                    })));
                    is_done = true;
                }
                if ui.button(words.get(Word::Cancel)).clicked() {
                    is_done = true;
                }
            });
        });
        is_done || modal.should_close()
    }
}
