//! What is wrong with a folder or a table.

use egui::{Label, RichText, Ui};

use crate::{
    dataset::read::Fault,
    ui::{
        theme::{self, Tokens, type_size},
        words::Words,
    },
};

/// The reader writes English: in another language its kind stands above it. The text can be selected.
pub fn fault_text(ui: &mut Ui, tokens: &Tokens, words: Words, fault: &Fault) {
    let mut message = RichText::new(&fault.message).color(tokens.text);
    if let Some(headline) = fault.kind.and_then(|kind| words.fault(kind)) {
        let headline = RichText::new(headline).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong);
        ui.add(Label::new(headline).wrap());
        message = message.small().color(tokens.text_weak);
    }
    ui.add(Label::new(message).wrap().selectable(true));
}
