//! Covers with what was read off them: those that are probably labelled wrong, and those behind a cell.

use egui::{Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use super::{Middle, figures::Figures, looking::Model, percent, tag_name, tile_ui};
use crate::{
    models::cover::Reading,
    ui::{
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format, tile_height},
        words::Word,
    },
};

/// Two lines below a cover.
const LINES_PX: f32 = 34.0;
const LEAST_PX: f32 = 112.0;

/// Covers that the model takes for something else than their tag, the surest first.
pub fn suspects_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    model: &Model,
    figures: &Figures,
    middle: &mut Middle,
) {
    let words = scene.words;
    let found: Vec<&Reading> = figures.suspects.iter().map(|&place| &figures.readings[place]).collect();
    let about = words.fill(
        Word::SuspectsAbout,
        &[&format::count(found.len() as u64), &format::count(figures.readings.len() as u64)],
    );
    widgets::heading_ui(ui, scene.tokens, words.get(Word::Suspects), &about);
    ui.add_space(space::XS);
    if found.is_empty() {
        ui.label(RichText::new(words.get(Word::NoSuspects)).color(scene.tokens.text_weak));
        return;
    }
    ScrollArea::vertical().id_salt("suspects").auto_shrink([false, false]).show_viewport(ui, |ui, viewport| {
        readings_ui(ui, scene, opened, model, figures, &found, viewport, middle);
    });
}

/// Covers in a grid, each with its tag and what was read; only those in sight are drawn.
#[allow(clippy::too_many_arguments)]
pub fn readings_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    model: &Model,
    figures: &Figures,
    found: &[&Reading],
    viewport: Rect,
    middle: &mut Middle,
) {
    let dataset = &*opened.dataset;
    let (words, tokens) = (scene.words, scene.tokens);
    let side = scene.desk.cover_px.max(LEAST_PX);
    let gap = space::M;
    let columns = (((ui.available_width() + gap) / (side + gap)) as usize).max(1);
    let height = tile_height(side, true, false) + LINES_PX + gap;
    let lines = found.len().div_ceil(columns);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), lines as f32 * height), Sense::hover());
    let first = (viewport.top() / height).floor().max(0.0) as usize;
    let last = ((viewport.bottom() / height).ceil().max(0.0) as usize).min(lines);
    for line in first..last {
        for (column, reading) in found.iter().skip(line * columns).take(columns).enumerate() {
            let min = area.min + vec2(column as f32 * (side + gap), line as f32 * height);
            let rect = Rect::from_min_size(min, vec2(side, tile_height(side, true, false)));
            let own = tag_name(scene, dataset, figures.level, reading.own);
            let read = tag_name(scene, dataset, figures.level, reading.surest);
            let held_out = words.get(if reading.is_held_out { Word::HeldOut } else { Word::LearntFrom });
            let about = if reading.is_right() {
                format!("{own} {} · {held_out}", percent(reading.confidence))
            } else {
                words.fill(
                    Word::ReadAs,
                    &[own, &percent(reading.own_confidence), read, &percent(reading.confidence), held_out],
                )
            };
            tile_ui(
                ui,
                scene,
                opened,
                model,
                rect,
                reading.item,
                ("reading", line * columns + column),
                false,
                &about,
                middle,
            );
            let below = Rect::from_min_size(pos2(rect.left(), rect.bottom() + 1.0), vec2(side, LINES_PX));
            let line_of = |y: f32, text: &str, colour, room: f32| {
                let mut job =
                    egui::text::LayoutJob::simple(text.to_owned(), theme::font(type_size::SMALL), colour, room);
                job.wrap.max_rows = 1;
                job.wrap.break_anywhere = true;
                let galley = ui.painter().layout_job(job);
                ui.painter().galley(pos2(below.left(), below.top() + y), galley, colour);
            };
            let colour = if reading.is_right() { tokens.hit } else { tokens.warn };
            let sure = format!("{:.0} %", 100.0 * reading.confidence);
            let sure = ui.painter().layout_no_wrap(sure, theme::font(type_size::SMALL), colour);
            let width = sure.size().x;
            let second = if reading.is_right() { 0.0 } else { 15.0 };
            ui.painter().galley(pos2(below.right() - width, below.top() + second), sure, colour);
            if reading.is_right() {
                line_of(0.0, own, tokens.text_weak, side - width - space::XS);
            } else {
                line_of(0.0, own, tokens.text_weak, side);
                line_of(second, &format!("→ {read}"), colour, side - width - space::XS);
            }
        }
    }
}
