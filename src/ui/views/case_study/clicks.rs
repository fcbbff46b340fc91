//! What a user is taken to have clicked just now: chips, the latest first, each with a way to take it back.

use egui::{RichText, Sense, Ui, Vec2, vec2};

use super::{
    seen::Seen,
    touch::{Stage, change},
};
use crate::ui::{
    commands::Command,
    icons,
    selection::{Mode, Thing},
    theme::{radius, space},
    views::Scene,
    widgets,
    words::Word,
};

const COVER: f32 = 24.0;

pub(super) fn any(seen: &[Seen]) -> bool {
    seen.iter().any(|seen| seen.key.as_ref().is_some_and(|key| !key.clicks.is_empty()))
}

pub(super) fn clicks_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &Stage<'_>, column: usize) {
    let Some(key) = &stage.seen[column].key else { return };
    if key.clicks.is_empty() {
        return;
    }
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*stage.opened.dataset);
    let take_back = |scene: &Scene<'_>, item: Option<&str>| {
        change(scene, |case| {
            for column in case.compared_with(column) {
                case.columns[column].clicks.retain(|id| item.is_some_and(|item| id != item));
            }
        });
    };
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new(icons::CLICK_FILL).small().color(tokens.accent));
        widgets::section_title(ui, tokens, words.get(Word::ClickedNow));
        let all =
            ui.add(egui::Button::new(RichText::new(words.get(Word::TakeAllBack)).small()).frame_when_inactive(false));
        if all.clicked() {
            take_back(scene, None);
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(space::XS);
        for &item in key.clicks.iter().rev() {
            let title = scene.title(dataset, item).to_owned();
            let frame = egui::Frame::new()
                .fill(tokens.raised)
                .stroke((1.0, tokens.accent))
                .corner_radius(radius::COVER)
                .inner_margin(egui::Margin::same(2));
            frame.show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                ui.horizontal(|ui| {
                    let (rect, _) = ui.allocate_exact_size(Vec2::splat(COVER), Sense::hover());
                    widgets::picture_ui(ui.painter(), scene, dataset, rect, item, 0.0, false);
                    let text = RichText::new(&title).small().color(tokens.text);
                    let width = ui.available_width().min(110.0) - COVER - 8.0;
                    let label = egui::Label::new(text).truncate().sense(Sense::click());
                    let shown = ui.add_sized(vec2(width.max(24.0), COVER), label).on_hover_text(&title);
                    if shown.clicked() {
                        scene.send(Command::Select(Thing::Item(item), Mode::Replace));
                    }
                    let name = words.fill(Word::TakeBack, &[&title]);
                    if widgets::icon_button(ui, icons::CLOSE, &name).clicked() {
                        take_back(scene, Some(dataset.items.ids.name(item)));
                    }
                });
            });
        }
    });
}
