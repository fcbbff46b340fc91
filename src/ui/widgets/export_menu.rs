//! Entries that write what is looked at as a table.

use std::sync::Arc;

use egui::{RichText, Ui};

use crate::{
    ui::{commands::Command, icons, views::Scene, words::Word},
    workspace::{Table, export::TableFormat},
};

/// An entry a format, for a menu; each writes the table that `make` gives to a file that is asked for, `file` to begin
/// with.
pub fn export_entries(ui: &mut Ui, scene: &Scene<'_>, file: &str, make: impl Fn() -> Table) {
    for (format, word) in [(TableFormat::Csv, Word::ExportCsv), (TableFormat::Parquet, Word::ExportParquet)] {
        if ui.button(scene.words.get(word)).clicked() {
            scene.send(Command::ExportTable { table: Arc::new(make()), name: file.to_owned(), format });
            ui.close();
        }
    }
}

/// A small menu of them.
pub fn export_menu(ui: &mut Ui, scene: &Scene<'_>, file: &str, make: impl Fn() -> Table) {
    let icon = RichText::new(icons::EXPORT).color(scene.tokens.text_weak);
    let menu = ui.menu_button(icon, |ui| export_entries(ui, scene, file, make));
    let name = scene.words.get(Word::ExportTable);
    menu.response.on_hover_text(name).accessible_name(name);
}
