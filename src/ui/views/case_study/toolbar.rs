//! The line above the columns: what to add, how large covers are, and what the marks mean.

use egui::{Align, Layout, Ui};

use crate::ui::{
    commands::Command,
    desk::{MAX_COLUMNS, MAX_COVER_PX, MIN_COVER_PX},
    icons,
    theme::space,
    views::Scene,
    widgets,
    words::Word,
};

pub(super) fn toolbar_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        let can_add = scene.desk.case.columns.len() < MAX_COLUMNS;
        ui.add_enabled_ui(can_add, |ui| {
            button(ui, scene, icons::ADD, &Command::AddColumn);
        });
        button(ui, scene, icons::SURPRISE, &Command::SurpriseAll);
        ui.add_space(space::S);
        let mut cover_px = scene.desk.cover_px;
        ui.spacing_mut().slider_width = 92.0;
        ui.label(egui::RichText::new(icons::IMAGE).color(tokens.text_weak));
        let slider = egui::Slider::new(&mut cover_px, MIN_COVER_PX..=MAX_COVER_PX).show_value(false);
        let response = ui.add(slider).on_hover_text(words.get(Word::CoverSizeTip));
        let response = response.accessible_name(words.get(Word::CoverSize));
        if response.changed() {
            scene.send(Command::SetCoverSize(cover_px));
        }
        let mut titles = scene.desk.titles;
        let toggled = ui.checkbox(&mut titles, words.get(Word::Titles));
        if toggled.on_hover_text(words.get(Word::TitlesTip)).changed() {
            scene.send(Command::ToggleTitles);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::M);
            ui.spacing_mut().item_spacing.x = space::M;
            legend_ui(ui, scene);
        });
    });
}

/// What the marks mean; the least important give way where there is no room.
fn legend_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let entries = [
        (icons::HIT_FILL, tokens.hit, Word::MarkHit),
        (icons::TAG_FILL, tokens.text_weak, Word::MarkTag),
        (icons::TAIL, tokens.tail, Word::MarkTail),
        (icons::NEW_FILL, tokens.new, Word::MarkFresh),
        (icons::USERS_FILL, tokens.text_weak, Word::MarkBoth),
        (icons::DOT_FILL, tokens.text_weak, Word::MarkAlso),
    ];
    let mut left_px = ui.available_width() - space::L;
    let fitting = entries.iter().take_while(|(_, _, word)| {
        left_px -= widgets::legend_width(ui, words.get(*word)) + space::M;
        left_px > 0.0
    });
    let shown = fitting.count();
    for (icon, colour, word) in entries[..shown].iter().rev() {
        widgets::legend_entry(ui, tokens, icon, *colour, words.get(*word));
    }
}

fn button(ui: &mut Ui, scene: &Scene<'_>, icon: &str, command: &Command) {
    let (name, words) = (command.name(scene.words), scene.words);
    let response = ui.button(format!("{icon}  {name}")).on_hover_text(command.tooltip(words));
    if response.accessible_name(name).clicked() {
        scene.send(command.clone());
    }
}
