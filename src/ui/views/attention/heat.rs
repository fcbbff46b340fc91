//! A node's neighbours by head: covers along the axis, a cell a head, and how even each head looks.

use egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::figures::NodeFigures;
use crate::{
    dataset::Dataset,
    ui::{
        selection::Thing,
        theme::{self, radius, type_size},
        views::{Scene, network::Shares},
        widgets,
        words::Word,
    },
};

const LABEL_PX: f32 = 76.0;
const ENTROPY_PX: f32 = 118.0;
const STEP_PX: f32 = 38.0;
const COVER_PX: f32 = 34.0;
const ROW_PX: f32 = 22.0;

/// The neighbours that find room, by falling attention of `head` (or of the mean); gives the item that was
/// clicked, and whether twice.
pub fn heat_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    dataset: &Dataset,
    figures: &NodeFigures,
    shares: &Shares,
    head: Option<usize>,
) -> Option<(u32, bool)> {
    let (tokens, words) = (scene.tokens, scene.words);
    let mut order: Vec<usize> = (0..shares.neighbours()).collect();
    order.sort_by(|&one, &other| shares.share(other, head).total_cmp(&shares.share(one, head)).then(one.cmp(&other)));
    let width = ui.available_width();
    let room = (((width - LABEL_PX - ENTROPY_PX) / STEP_PX) as usize).max(1);
    order.truncate(room);
    let rows: Vec<Option<usize>> = std::iter::once(None).chain((0..shares.heads).map(Some)).collect();
    let height = COVER_PX + 8.0 + ROW_PX * rows.len() as f32;
    let (area, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, words.get(Word::HeatMap)));
    let small = theme::font(type_size::SMALL);
    let left = area.left() + LABEL_PX;
    let top = area.top() + COVER_PX + 8.0;
    let greatest = order
        .iter()
        .flat_map(|&place| (0..shares.heads).map(move |head| (place, head)))
        .map(|(place, head)| shares.share(place, Some(head)))
        .fold(1e-6, f32::max);
    let right = left + STEP_PX * order.len() as f32 + 12.0;
    ui.painter().text(
        pos2(right, top - 4.0),
        Align2::LEFT_BOTTOM,
        words.get(Word::Entropy),
        small.clone(),
        tokens.text_weak,
    );
    for (line, &row) in rows.iter().enumerate() {
        let y = top + ROW_PX * (line as f32 + 0.5);
        let name = match row {
            Some(head) => words.fill(Word::HeadNamed, &[&(head + 1).to_string()]),
            None => words.get(Word::MeanOfHeads).to_owned(),
        };
        let colour = if row == head { tokens.text_strong } else { tokens.text_weak };
        ui.painter().text(pos2(area.left(), y), Align2::LEFT_CENTER, name, small.clone(), colour);
        let entropies: Vec<f32> = match row {
            Some(head) => shares.entropy(head).into_iter().collect(),
            None => (0..shares.heads).filter_map(|head| shares.entropy(head)).collect(),
        };
        if entropies.is_empty() {
            continue;
        }
        let entropy = entropies.iter().sum::<f32>() / entropies.len() as f32;
        let track = Rect::from_min_size(pos2(right, y - 3.0), vec2(56.0, 6.0));
        ui.painter().rect_filled(track, 3.0, tokens.sunken);
        let full = Rect::from_min_size(track.min, vec2(track.width() * entropy, 6.0));
        ui.painter().rect_filled(full, 3.0, tokens.accent);
        let at = pos2(track.right() + 8.0, y);
        ui.painter().text(at, Align2::LEFT_CENTER, format!("{entropy:.3}"), small.clone(), tokens.text_weak);
    }
    let tip = Rect::from_min_max(pos2(right, area.top()), area.right_bottom());
    let entropy = ui.interact(tip, ui.scope_id().with("entropy"), Sense::hover());
    entropy.on_hover_text(words.get(Word::EntropyTip));
    let mut clicked = None;
    for (column, &place) in order.iter().enumerate() {
        let (item, weight) = figures.neighbours[place];
        let x = left + STEP_PX * column as f32;
        let cover = Rect::from_min_size(pos2(x, area.top()), vec2(COVER_PX, COVER_PX));
        let whole = Rect::from_min_max(cover.min, pos2(cover.right(), area.bottom()));
        let response = ui.interact(whole, ui.scope_id().with(("heat", item)), Sense::click());
        let title = scene.title(dataset, item).to_owned();
        let said = words.fill(Word::HeatColumn, &[&title, &percent(shares.share(place, head))]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &said));
        let painter = ui.painter().clone();
        widgets::picture_ui(&painter, scene, dataset, cover, item, -(column as f32), false);
        for (line, &row) in rows.iter().enumerate() {
            let value = shares.share(place, row);
            let cell = Rect::from_min_size(pos2(x, top + ROW_PX * line as f32), vec2(COVER_PX + 2.0, ROW_PX - 2.0));
            let fill = tokens.sunken.lerp_to_gamma(tokens.accent, (value / greatest).clamp(0.0, 1.0));
            painter.rect_filled(cell, 2.0, fill);
        }
        let thing = Thing::Item(item);
        if scene.selection.is_selected(thing) || response.has_focus() {
            let stroke = Stroke::new(2.0, tokens.accent);
            painter.rect_stroke(cover.expand(1.0), radius::COVER + 1.0, stroke, StrokeKind::Outside);
        } else if response.hovered() || scene.selection.is_hovered(thing) {
            let stroke = Stroke::new(1.5, tokens.text_strong);
            painter.rect_stroke(cover, radius::COVER + 1.0, stroke, StrokeKind::Outside);
        }
        if response.hovered() {
            scene.send(crate::ui::commands::Command::Hover(thing));
        }
        if response.clicked() {
            clicked = Some((item, response.double_clicked()));
        }
        response.on_hover_ui(|ui| {
            ui.set_max_width(300.0);
            ui.label(egui::RichText::new(&title).font(theme::medium_font(type_size::BODY)));
            let mut lines = vec![words.fill(Word::WeightShareSays, &[&percent(weight)])];
            if let Some(behaviour) = figures.behaviours[place] {
                lines.push(super::behaviour_name(words, dataset, behaviour).to_owned());
            }
            for &row in &rows {
                let name = match row {
                    Some(head) => words.fill(Word::HeadNamed, &[&(head + 1).to_string()]),
                    None => words.get(Word::MeanOfHeads).to_owned(),
                };
                lines.push(format!("{name}  {}", percent(shares.share(place, row))));
            }
            for line in lines {
                ui.label(egui::RichText::new(line).small().color(tokens.text_weak));
            }
        });
    }
    let mut note = words.fill(Word::OwnAttention, &[&percent(own(shares, head)), &percent(greatest)]);
    if order.len() < shares.neighbours() {
        note += " · ";
        note += &words.fill(Word::HeatMore, &[&(shares.neighbours() - order.len()).to_string()]);
    }
    ui.add(egui::Label::new(egui::RichText::new(note).small().color(tokens.text_faint)).truncate());
    clicked
}

fn own(shares: &Shares, head: Option<usize>) -> f32 {
    match head {
        Some(head) => shares.own.get(head).copied().unwrap_or(0.0),
        None => shares.own.iter().sum::<f32>() / shares.heads.max(1) as f32,
    }
}

fn percent(share: f32) -> String {
    format!("{:.1} %", share * 100.0)
}
