//! Items that look like one thing and are taken like another, to be walked through: both rows of neighbours side by side.

use egui::{ComboBox, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use super::{
    super::{asked::Asked, training},
    Middle,
    differing::{self, COMPARED, Differing, Differs},
    looking::Model,
    tags_of, tile_ui, waiting_ui,
};
use crate::{
    dataset::TagLevel,
    recall::{LaneKind, Recalled},
    ui::{
        commands::Command,
        desk::CoversDesk,
        session::{Opened, RunState},
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format, tile_height},
        words::Word,
    },
};

const LEAD_PX: f32 = 150.0;
const LABEL_PX: f32 = 15.0;

#[derive(Default)]
pub struct Disagreement {
    found: Asked<[String; 2], Differing>,
}

/// Runs of behaviour with vectors of items, open, kept or on their way; those that stand for their lanes first.
fn sources(scene: &Scene<'_>, opened: &Opened) -> Vec<usize> {
    let mut found: Vec<usize> = (0..opened.runs.len())
        .filter(|&place| {
            let run = &opened.runs[place];
            let may_have = run.kind != LaneKind::Cover && run.kind.has_vectors();
            may_have
                && !scene.session.is_deleted(run)
                && matches!(run.state, RunState::Kept | RunState::Ready { .. } | RunState::Making(_))
        })
        .collect();
    found.sort_by_key(|&place| (!opened.is_current(place), opened.runs[place].kind));
    found
}

impl Disagreement {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        model: &Model,
        middle: &mut Middle,
        desk: &mut CoversDesk,
    ) {
        let words = scene.words;
        let sources = sources(scene, opened);
        let named = desk.behaviour.as_ref().and_then(|id| sources.iter().find(|&&place| opened.runs[place].id == *id));
        let Some(&chosen) = named.or(sources.first()) else {
            ui.label(RichText::new(words.get(Word::NoBehaviourRun)).color(scene.tokens.text_weak));
            if widgets::primary_button(ui, scene.tokens, words.get(Word::TrainItem2vec)).clicked() {
                let settings = Box::new(opened.settings.clone());
                scene.send(Command::StartRun { kind: LaneKind::Item2vec, settings });
            }
            return;
        };
        ui.horizontal(|ui| {
            ui.label(RichText::new(words.get(Word::SetAgainst)).color(scene.tokens.text_weak));
            let combo = ComboBox::from_id_salt("behaviour run").selected_text(scene.run_title(opened, chosen));
            let list = combo.width(130.0).truncate().show_ui(ui, |ui| {
                for &place in &sources {
                    if ui.selectable_label(place == chosen, scene.run_title(opened, place)).clicked() {
                        desk.behaviour = Some(opened.runs[place].id.clone());
                    }
                }
            });
            list.response.accessible_name(words.get(Word::SetAgainst));
        });
        let run = &opened.runs[chosen];
        let Some(trained) = run.trained().cloned() else {
            if matches!(run.state, RunState::Kept) {
                scene.send(Command::OpenRun(run.id.clone()));
            }
            ui.horizontal(|ui| training::run::making_row_ui(ui, scene, opened, chosen));
            return;
        };
        let key = [model.id.clone(), run.id.clone()];
        let of = model.clone();
        let standing = self.found.ask(scene.session, key, move |job| differing::differing(&of, &trained, job));
        let Some(found) = self.found.answer() else {
            return waiting_ui(ui, scene, standing, || self.found.forget());
        };
        let count = |number: usize| format::count(number as u64);
        let about =
            words.fill(Word::DisagreementAbout, &[&count(found.compared), &count(found.common), &COMPARED.to_string()]);
        widgets::heading_ui(ui, scene.tokens, words.get(Word::CoversDisagreement), &about);
        if found.items.is_empty() {
            ui.label(RichText::new(words.get(Word::NothingInCommon)).color(scene.tokens.text_weak));
            return;
        }
        let side = scene.desk.cover_px.clamp(48.0, 96.0);
        let row_px = 2.0 * (tile_height(side, true, false) + LABEL_PX) + space::M;
        ScrollArea::vertical().id_salt("disagreement").auto_shrink([false, false]).show_rows(
            ui,
            row_px,
            found.items.len(),
            |ui, rows| {
                for row in rows {
                    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), row_px), Sense::hover());
                    entry_ui(ui, scene, opened, model, &found.items[row], area, side, middle);
                }
            },
        );
    }
}

/// One item, and its neighbours by looks above those by behaviour.
#[allow(clippy::too_many_arguments)]
fn entry_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    model: &Model,
    differs: &Differs,
    area: Rect,
    side: f32,
    middle: &mut Middle,
) {
    let dataset = &*opened.dataset;
    let (words, tokens) = (scene.words, scene.tokens);
    let lead = LEAD_PX.min(area.width() * 0.3);
    let cover = Rect::from_min_size(area.min, vec2(lead - space::M, tile_height(lead - space::M, true, false)));
    let shared = words.fill(Word::SharedOf, &[&differs.shared.to_string(), &COMPARED.to_string()]);
    let large = cover.width().min(area.height() - 60.0);
    let cover = Rect::from_min_size(cover.min, vec2(large, tile_height(large, true, false)));
    tile_ui(ui, scene, opened, model, cover, differs.item, ("differs", 0), false, &shared, middle);
    let painter =
        ui.painter().with_clip_rect(Rect::from_min_max(area.min, pos2(area.left() + lead - space::S, area.bottom())));
    let title = scene.title(dataset, differs.item).to_owned();
    let galley = painter.layout(title, theme::font(type_size::SMALL), tokens.text, lead - space::M);
    painter.galley(pos2(cover.left(), cover.bottom() + 2.0), galley, tokens.text);
    let own = tags_of(dataset, differs.item, TagLevel::Leaf);
    let gap = space::XS;
    let left = area.left() + lead;
    let room = (((area.right() - left + gap) / (side + gap)) as usize).max(1);
    let rows: [(&str, &[Recalled]); 2] =
        [(words.get(Word::ByLooks), &differs.by_looks), (words.get(Word::ByTaking), &differs.by_behaviour)];
    for (line, (name, found)) in rows.into_iter().enumerate() {
        let top = area.top() + line as f32 * (tile_height(side, true, false) + LABEL_PX);
        let about = format!("{name} · {shared}");
        ui.painter().text(
            pos2(left, top),
            egui::Align2::LEFT_TOP,
            about,
            theme::font(type_size::MICRO),
            tokens.text_weak,
        );
        for (place, near) in found.iter().take(room).enumerate() {
            let min = pos2(left + place as f32 * (side + gap), top + LABEL_PX);
            let rect = Rect::from_min_size(min, vec2(side, tile_height(side, true, false)));
            let about = words.fill(Word::CosineOf, &[&format!("{:.3}", near.score)]);
            let shares_tag = dataset.items.tags.of(near.item).iter().any(|tag| own.contains(tag));
            let id = (if line == 0 { "looks" } else { "behaviour" }, differs.item as usize * COMPARED + place);
            tile_ui(ui, scene, opened, model, rect, near.item, id, shares_tag, &about, middle);
        }
    }
}
