//! The settings: how the window looks, and what it may use of the machine.

use egui::{Context, Grid, Id, Modal, RichText, Ui, vec2};

use crate::{
    dataset::Language,
    models::device::{self, PROCESSOR},
    ui::{
        commands::Command,
        desk::Preferences,
        dialogs::heading,
        theme::{ThemeChoice, space},
        views::Scene,
        words::Word,
    },
};

/// True when it is to close.
pub(super) fn settings_ui(ctx: &Context, scene: &Scene<'_>) -> bool {
    let (words, tokens) = (scene.words, scene.tokens);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let devices = device::names();
    let mut preferences = scene.desk.preferences.clone();
    let modal = Modal::new(Id::unique("settings")).show(ctx, |ui| {
        ui.set_width(470.0);
        heading(ui, scene, words.get(Word::SettingsTitle));
        ui.add_space(space::M);
        Grid::new("settings").num_columns(2).spacing(vec2(space::XL, space::M)).show(ui, |ui| {
            label(ui, scene, Word::Theme);
            ui.horizontal(|ui| {
                for (theme, word) in [
                    (ThemeChoice::Dark, Word::ThemeDark),
                    (ThemeChoice::Light, Word::ThemeLight),
                    (ThemeChoice::System, Word::ThemeSystem),
                ] {
                    ui.selectable_value(&mut preferences.theme, theme, words.get(word));
                }
            });
            ui.end_row();
            label(ui, scene, Word::Language);
            ui.horizontal(|ui| {
                ui.selectable_value(&mut preferences.language, Language::English, "English");
                ui.selectable_value(&mut preferences.language, Language::Chinese, "中文");
            });
            ui.end_row();
            label(ui, scene, Word::Scale);
            ui.horizontal(|ui| {
                // In steps: the window is drawn anew in another size while the slider would be dragged.
                for scale in [0.8, 1.0, 1.25, 1.5, 2.0, 2.5_f32] {
                    let is_set = (preferences.scale - scale).abs() < 1e-3;
                    if ui.selectable_label(is_set, format!("{:.0} %", scale * 100.0)).clicked() {
                        preferences.scale = scale;
                    }
                }
            });
            ui.end_row();
            label(ui, scene, Word::CoverMemory);
            let slider = egui::Slider::new(&mut preferences.cover_memory_mib, Preferences::COVER_MEMORY_MIB)
                .logarithmic(true)
                .suffix(" MiB");
            ui.add(slider).on_hover_text(words.get(Word::CoverMemoryTip)).accessible_name(words.get(Word::CoverMemory));
            ui.end_row();
            label(ui, scene, Word::Threads);
            let all = words.fill(Word::ThreadsAll, &[&cores.to_string()]);
            let slider = egui::Slider::new(&mut preferences.threads, 0..=cores.max(8) as u32)
                .custom_formatter(|value, _| if value < 0.5 { all.clone() } else { format!("{value:.0}") });
            ui.add(slider).on_hover_text(words.get(Word::ThreadsTip)).accessible_name(words.get(Word::Threads));
            ui.end_row();
            label(ui, scene, Word::Device);
            let processor = words.fill(Word::DeviceCpu, &[&cores.to_string()]);
            if devices.len() == 1 {
                ui.label(processor);
            } else {
                let name_of = |device: &str| if device == PROCESSOR { processor.clone() } else { device.to_owned() };
                let response = egui::ComboBox::from_id_salt("device")
                    .selected_text(name_of(&preferences.device))
                    .show_ui(ui, |ui| {
                        for device in devices {
                            ui.selectable_value(&mut preferences.device, (*device).to_owned(), name_of(device));
                        }
                    })
                    .response;
                response.accessible_name(words.get(Word::Device));
            }
            ui.end_row();
            label(ui, scene, Word::FrameTimes);
            ui.checkbox(&mut preferences.frame_times, "").accessible_name(words.get(Word::FrameTimes));
            ui.end_row();
        });
        ui.add_space(space::S);
        let note = RichText::new(words.get(if devices.len() == 1 { Word::DeviceNote } else { Word::DeviceGpuNote }))
            .small()
            .color(tokens.text_faint);
        ui.add(egui::Label::new(note).wrap());
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            let closes = ui.button(words.get(Word::Close)).clicked();
            if ui.button(words.get(Word::Defaults)).clicked() {
                preferences = Preferences { language: preferences.language, ..Preferences::default() };
            }
            closes
        })
        .inner
    });
    if preferences != scene.desk.preferences {
        scene.send(Command::SetPreferences(Box::new(preferences)));
    }
    modal.inner || modal.should_close()
}

fn label(ui: &mut Ui, scene: &Scene<'_>, word: Word) {
    ui.label(RichText::new(scene.words.get(word)).color(scene.tokens.text_weak));
}
