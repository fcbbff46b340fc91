//! What a user does and likes: counts per behaviour, and favourite tags.

use egui::{Rect, RichText, Sense, Ui, pos2, vec2};

use super::data::Profile;
use crate::ui::{
    commands::Command,
    facts::tag_category,
    selection::{Mode, Thing},
    session::Opened,
    theme::space,
    views::Scene,
    widgets::{self, format},
};

const MAX_TAGS: usize = 16;
const NAMES_PX: f32 = 320.0;

pub(super) fn profile_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, profile: Option<&Profile>) {
    let Some(profile) = profile else { return };
    ui.spacing_mut().item_spacing.y = space::XS;
    if !profile.behaviours.is_empty() {
        behaviours_ui(ui, scene, opened, profile);
        ui.add_space(space::XS);
    }
    if !profile.favourite_tags.is_empty() {
        tags_ui(ui, scene, opened, profile);
    }
}

/// A bar parted by behaviour, and below it each one's count.
fn behaviours_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, profile: &Profile) {
    let (words, tokens) = (scene.words, scene.tokens);
    let total: u32 = profile.behaviours.iter().map(|&(_, count)| count).sum();
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 6.0), Sense::hover());
    let mut x = bar.left();
    for &(kind, count) in &profile.behaviours {
        let width = bar.width() * count as f32 / total as f32;
        let part = Rect::from_min_max(pos2(x, bar.top()), pos2(x + (width - 1.5).max(1.0), bar.bottom()));
        let name = &opened.dataset.behaviours[usize::from(kind)].name;
        ui.painter().rect_filled(part, 2.0, tokens.behaviour(name));
        x += width;
    }
    // Without room for the names, the icons stand for them.
    let has_names = ui.available_width() >= NAMES_PX;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        for &(kind, count) in &profile.behaviours {
            let name = &opened.dataset.behaviours[usize::from(kind)].name;
            let shown = words.common(scene.label(&opened.dataset, name));
            let mut job = egui::text::LayoutJob::default();
            let font = crate::ui::theme::font(crate::ui::theme::type_size::SMALL);
            let format = |color| egui::TextFormat { font_id: font.clone(), color, ..Default::default() };
            job.append(widgets::icon_of_behaviour(name), 0.0, format(tokens.behaviour(name)));
            job.append(&format::count(u64::from(count)), 5.0, format(tokens.text));
            if has_names {
                job.append(shown, 4.0, format(tokens.text_weak));
            }
            ui.label(job).on_hover_text(shown);
        }
    });
}

/// As many tags as one row holds; the rest is a figure that names them when pointed at.
fn tags_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, profile: &Profile) {
    const MORE_PX: f32 = 34.0;
    let dataset = &*opened.dataset;
    let name_of = |tag: u32| scene.label(dataset, dataset.items.tags.vocabulary.name(tag));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        let mut shown = 0;
        for &(tag, count) in profile.favourite_tags.iter().take(MAX_TAGS) {
            let colour = scene.tokens.category(tag_category(dataset, tag));
            let (name, figure) = (name_of(tag), format::count(u64::from(count)));
            let left_px = ui.available_width() - if shown + 1 < profile.favourite_tags.len() { MORE_PX } else { 0.0 };
            if shown > 0 && widgets::chip_width(ui, true, name, &figure) > left_px {
                break;
            }
            let is_selected = scene.selection.is_selected(Thing::Tag(tag));
            let chip = widgets::chip(ui, scene.tokens, Some(colour), name, &figure, is_selected);
            if chip.clicked() {
                let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
                scene.send(Command::Select(Thing::Tag(tag), mode));
            }
            shown += 1;
        }
        let rest = &profile.favourite_tags[shown..];
        if !rest.is_empty() {
            let names: Vec<&str> = rest.iter().map(|&(tag, _)| name_of(tag)).take(40).collect();
            let label = ui.label(RichText::new(format!("+{}", rest.len())).small().color(scene.tokens.text_weak));
            label.on_hover_text(names.join(", "));
        }
    });
}
