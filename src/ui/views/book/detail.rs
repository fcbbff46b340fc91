//! One case: its texts, what can be done with it, and what it showed.

use std::sync::Arc;

use egui::{RichText, ScrollArea, TextEdit, Ui};

use super::{chosen, shown_ui};
use crate::{
    ui::{
        app::tags_of,
        commands::{CaseTexts, Command},
        icons,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
    workspace::Case,
};

#[derive(Default)]
pub(super) struct Detail {
    /// The title takes the cursor in the next frame.
    pub(super) wants_focus: bool,
    /// Tags as they are typed, of which case; commas and spaces that say nothing yet would go.
    tags: Option<(String, String)>,
}

impl Detail {
    pub(super) fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, listed: &[Arc<Case>]) {
        let Some(case) = chosen(scene, listed).cloned() else {
            let text = RichText::new(scene.words.get(Word::NoCaseChosen)).color(scene.tokens.text_weak);
            let height = ui.available_height();
            ui.vertical_centered(|ui| {
                ui.add_space(height * 0.3);
                ui.label(text);
            });
            return;
        };
        ScrollArea::vertical().id_salt(("case", &case.id)).auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - space::M);
            self.texts_ui(ui, scene, &case);
            ui.add_space(space::S);
            actions_ui(ui, scene, &case);
            ui.add_space(space::S);
            let gone = scene.session.gone(&case);
            for text in gone.texts(scene.words, &case) {
                ui.add(
                    egui::Label::new(
                        RichText::new(format!("{}  {text}", icons::WARNING_FILL)).color(scene.tokens.warn),
                    )
                    .wrap(),
                );
            }
            ui.add_space(space::S);
            let word = if gone.is_nothing() { Word::CaseShowed } else { Word::CaseKeptShown };
            widgets::section_title(ui, scene.tokens, scene.words.get(word));
            ui.add_space(space::XS);
            shown_ui(ui, scene, &case, 58.0);
            ui.add_space(space::XL);
        });
    }

    fn texts_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, case: &Case) {
        let (words, tokens) = (scene.words, scene.tokens);
        let mut texts = CaseTexts { title: case.title.clone(), tags: case.tags.clone(), notes: case.notes.clone() };
        let title = TextEdit::singleline(&mut texts.title)
            .id_salt(("case title", &case.id))
            .font(theme::strong_font(type_size::HEADING))
            .hint_text(words.get(Word::CaseWithout))
            .desired_width(f32::INFINITY);
        let title = ui.add(title).accessible_name(words.get(Word::CaseTitleName));
        if std::mem::take(&mut self.wants_focus) {
            title.request_focus();
        }
        let made = format::date_time(case.created_secs as i64);
        let changed = format::date_time(case.changed_secs as i64);
        let about = format!("{} · {}", case.dataset.name, words.fill(Word::CaseDates, &[&made, &changed]));
        let about = RichText::new(about).font(theme::font(type_size::SMALL)).color(tokens.text_weak);
        ui.add(egui::Label::new(about).truncate()).on_hover_text(case.dataset.folder.display().to_string());
        let mut typed = match &self.tags {
            Some((id, typed)) if *id == case.id => typed.clone(),
            _ => case.tags.join(", "),
        };
        let tags = ui.horizontal(|ui| {
            ui.label(RichText::new(icons::TAG).color(tokens.text_weak));
            let field = TextEdit::singleline(&mut typed)
                .id_salt(("case tags", &case.id))
                .hint_text(words.get(Word::CaseTagsHint))
                .desired_width(f32::INFINITY);
            ui.add(field).accessible_name(words.get(Word::CaseTagsName))
        });
        let tags = tags.inner;
        self.tags = tags.has_focus().then(|| (case.id.clone(), typed.clone()));
        if tags.changed() {
            texts.tags = tags_of(&typed);
        }
        let notes = TextEdit::multiline(&mut texts.notes)
            .id_salt(("case notes", &case.id))
            .hint_text(words.get(Word::CaseNotesHint))
            .desired_rows(3)
            .desired_width(f32::INFINITY);
        let notes = ui.add(notes).accessible_name(words.get(Word::CaseNotesName));
        if title.changed() || tags.changed() || notes.changed() {
            scene.send(Command::EditCase { id: case.id.clone(), texts: Box::new(texts) });
        }
    }
}

fn actions_ui(ui: &mut Ui, scene: &Scene<'_>, case: &Case) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal_wrapped(|ui| {
        let open = widgets::primary_button(ui, tokens, words.get(Word::CaseOpen));
        if open.on_hover_text(words.get(Word::CaseOpenTip)).clicked() {
            scene.send(Command::OpenCase(case.id.clone()));
        }
        let button = |ui: &mut Ui, icon: &str, word: Word, tip: Word, command: Command, is_enabled: bool| {
            let text = format!("{icon}  {}", words.get(word));
            let response = ui.add_enabled(is_enabled, egui::Button::new(text)).on_hover_text(words.get(tip));
            if response.accessible_name(words.get(word)).clicked() {
                scene.send(command);
            }
        };
        let id = || case.id.clone();
        let can_update = scene.session.opened.is_some();
        button(ui, icons::SAVE, Word::CaseUpdate, Word::SaveCaseTip, Command::UpdateCase(id()), can_update);
        button(ui, icons::COPY, Word::CaseDuplicate, Word::CaseDuplicate, Command::DuplicateCase(id()), true);
        let export = Command::ExportCases(vec![id()]);
        button(ui, icons::EXPORT, Word::ExportOneCase, Word::ExportOneCaseTip, export, true);
        button(ui, icons::DELETE, Word::CaseDelete, Word::CaseDeleteTip, Command::DeleteCase(id()), true);
    });
}
