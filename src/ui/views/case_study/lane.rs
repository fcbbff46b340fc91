//! One lane across all columns: its figures, and for each user what it recalls.

use egui::{Align, Align2, Layout, Rect, RichText, Sense, Ui, pos2, vec2};

use super::{
    card::{HoverCard, Pointed},
    data::{LaneCase, RecalledItem, SHOWN, UserCase},
};
use crate::{
    recall::LaneKind,
    ui::{
        commands::Command,
        facts::tag_category,
        icons,
        selection::{Mode, Thing},
        session::{Opened, RunState},
        theme::{self, radius, space, type_size},
        views::Scene,
        widgets::{self, Tile, format},
        words::Word,
    },
};

const GAP: f32 = 7.0;

pub fn about(kind: LaneKind) -> Word {
    match kind {
        LaneKind::Hot => Word::HotAbout,
        LaneKind::ItemCf => Word::ItemCfAbout,
        LaneKind::Item2vec => Word::Item2vecAbout,
    }
}

pub(super) fn header_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, kind: LaneKind, width: f32) {
    const HEIGHT: f32 = 32.0;
    let tokens = scene.tokens;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    let name = format!("{} {}", scene.words.get(Word::Lane), kind.name());
    let is_selected = scene.selection.is_selected(Thing::Lane(kind));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_selected, &name));
    if response.clicked() {
        let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
        scene.send(Command::Select(Thing::Lane(kind), mode));
    }
    let painter = ui.painter();
    let fill = if response.hovered() { tokens.raised } else { tokens.panel };
    painter.rect_filled(rect, radius::CARD, fill);
    if is_selected || response.has_focus() {
        let stroke = egui::Stroke::new(1.0, tokens.accent);
        painter.rect_stroke(rect, radius::CARD, stroke, egui::StrokeKind::Inside);
    }
    let bar = Rect::from_min_size(rect.min + vec2(10.0, 9.0), vec2(4.0, HEIGHT - 18.0));
    painter.rect_filled(bar, 2.0, tokens.lane(kind));
    let inner = Rect::from_min_max(pos2(bar.right() + 8.0, rect.top()), rect.max - vec2(10.0, 0.0));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    let ui = &mut child;
    ui.label(RichText::new(kind.name()).font(theme::strong_font(type_size::TITLE)).color(tokens.text_strong));
    match opened.state(kind) {
        Some(RunState::Ready { trained, .. }) => ready_ui(ui, scene, kind, &trained.report),
        Some(RunState::Failed(message)) => failed_ui(ui, scene, kind, message),
        Some(RunState::Cancelled) => {
            ui.label(RichText::new(scene.words.get(Word::LaneCancelled)).color(tokens.text_weak));
            retry_ui(ui, scene, kind, Word::Train);
        }
        Some(RunState::Making(_) | RunState::Kept) | None => {
            if let Some(status) = scene.session.lane_job(kind)
                && widgets::job_line(ui, tokens, scene.words, status, kind.name())
            {
                scene.send(Command::Cancel(status.id));
            }
        }
    }
}

fn ready_ui(ui: &mut Ui, scene: &Scene<'_>, kind: LaneKind, report: &crate::evaluate::LaneReport) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if report.metrics.contains_key("recall@20") {
            let users = format::count(report.users as u64);
            let tip = match report.users {
                0 => words.get(Word::NobodyMeasured).to_owned(),
                _ => words.fill(Word::RecallAtTip, &[&users]),
            };
            let figure =
                RichText::new(format::metric(report.metric("recall@20"))).font(theme::strong_font(type_size::TITLE));
            let interval = report.intervals.get("recall@20");
            if let Some([low, high]) = interval
                && ui.available_width() > 330.0
            {
                let text = format!("{} – {}", format::metric(Some(*low)), format::metric(Some(*high)));
                ui.label(RichText::new(text).small().color(tokens.text_faint));
            }
            ui.label(figure.color(tokens.text_strong)).on_hover_text(&tip);
            ui.label(RichText::new(words.get(Word::RecallAt)).small().color(tokens.text_weak)).on_hover_text(tip);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(RichText::new(words.get(about(kind))).color(tokens.text_weak)).truncate());
        });
    });
}

fn failed_ui(ui: &mut Ui, scene: &Scene<'_>, kind: LaneKind, message: &str) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        retry_ui(ui, scene, kind, Word::Retry);
        if widgets::icon_button(ui, icons::COPY, scene.words.get(Word::CopyTip)).clicked() {
            scene.send(Command::CopyText(message.to_owned()));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(RichText::new(icons::ERROR_FILL).color(scene.tokens.error));
            let label = egui::Label::new(RichText::new(message).color(scene.tokens.error)).truncate();
            ui.add(label).on_hover_text(message);
        });
    });
}

fn retry_ui(ui: &mut Ui, scene: &Scene<'_>, kind: LaneKind, word: Word) {
    let words = scene.words;
    let response = ui.small_button(words.get(word)).on_hover_text(words.get(Word::RetryTip));
    if response.accessible_name(format!("{} {}", words.get(word), kind.name())).clicked() {
        scene.send(Command::Retry(kind));
    }
}

/// What `kind` recalls for one user.
pub(super) fn cell_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    card: &mut HoverCard,
    kind: LaneKind,
    column: usize,
    case: Option<&UserCase>,
) {
    let Some(case) = case else { return };
    ui.spacing_mut().item_spacing.y = space::XS;
    match (opened.state(kind), case.lanes.get(&kind)) {
        (Some(RunState::Ready { .. }), Some(lane)) => {
            hits_ui(ui, scene, case, lane);
            if lane.recalled.is_empty() {
                empty_ui(ui, scene, case);
            } else {
                grid_ui(ui, scene, opened, card, kind, column, case, lane);
            }
        }
        (Some(RunState::Making(_)), _) => skeleton_ui(ui, scene),
        _ => {}
    }
}

fn hits_ui(ui: &mut Ui, scene: &Scene<'_>, case: &UserCase, lane: &LaneCase) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        ui.set_height(16.0);
        ui.spacing_mut().item_spacing.x = 5.0;
        let targets = case.targets.len();
        let (text, colour) = if targets == 0 {
            (words.get(Word::NoLater).to_owned(), tokens.text_faint)
        } else {
            let counts = [lane.hits.to_string(), targets.to_string()];
            let text = words.fill(Word::HitsOf, &[&counts[0], &counts[1]]);
            (text, if lane.hits > 0 { tokens.hit } else { tokens.text_faint })
        };
        ui.label(RichText::new(if lane.hits > 0 { icons::HIT_FILL } else { icons::HIT }).small().color(colour));
        let label = ui.label(RichText::new(text).font(theme::medium_font(type_size::SMALL)).color(colour));
        label.on_hover_text(words.fill(Word::HitsTip, &[&targets.to_string()]));
    });
}

fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, case: &UserCase) {
    let words = scene.words;
    ui.label(RichText::new(words.get(Word::NothingRecalled)).color(scene.tokens.text_weak));
    if case.trigger.recent.is_empty() {
        ui.label(RichText::new(words.get(Word::NothingRecalledWhy)).small().color(scene.tokens.text_faint));
    }
}

/// How covers stand in a cell: as many in a row as fit, widened a little to fill the row.
fn layout(width: f32, wanted_side: f32) -> (usize, f32) {
    let in_row = ((width + GAP) / (wanted_side + GAP)).floor().max(1.0);
    let side = ((width + GAP) / in_row - GAP).floor().min(width);
    (in_row as usize, side)
}

/// Flat tiles while the lane is being made, so that nothing jumps when it arrives.
fn skeleton_ui(ui: &mut Ui, scene: &Scene<'_>) {
    ui.add_space(16.0 + space::XS);
    let (in_row, side) = layout(ui.available_width(), scene.desk.cover_px);
    let height = widgets::tile_height(side, true, scene.desk.titles);
    let rows = SHOWN.div_ceil(in_row);
    let (_, area) = ui.allocate_space(vec2(ui.available_width(), rows as f32 * (height + GAP)));
    for place in 0..SHOWN {
        let offset = vec2((place % in_row) as f32 * (side + GAP), (place / in_row) as f32 * (height + GAP));
        let picture = Rect::from_min_size(area.min + offset, vec2(side, side));
        if ui.is_rect_visible(picture) {
            ui.painter().rect_filled(picture, radius::COVER, scene.tokens.panel);
        }
    }
}

fn grid_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    card: &mut HoverCard,
    kind: LaneKind,
    column: usize,
    case: &UserCase,
    lane: &LaneCase,
) {
    let (in_row, side) = layout(ui.available_width(), scene.desk.cover_px);
    let height = widgets::tile_height(side, true, scene.desk.titles);
    let rows = lane.recalled.len().div_ceil(in_row);
    let (_, area) = ui.allocate_space(vec2(ui.available_width(), rows as f32 * (height + GAP) - GAP));
    for (place, found) in lane.recalled.iter().enumerate() {
        let offset = vec2((place % in_row) as f32 * (side + GAP), (place / in_row) as f32 * (height + GAP));
        let at = Rect::from_min_size(area.min + offset, vec2(side, height));
        let tile = tile_of(scene, opened, found, place + 1);
        let id = ui.make_persistent_id(("recalled", kind, column, place));
        let response = widgets::cover_ui(ui, scene, &opened.dataset, at, &tile, id);
        if response.hovered() {
            let pointed = Pointed { item: found.item, user: case.user, lane: Some((kind, place)), near: at };
            card.point(pointed);
            scene.send(Command::Hover(Thing::Item(found.item)));
        }
        if response.clicked() {
            let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
            scene.send(Command::Select(Thing::Item(found.item), mode));
        }
    }
}

fn tile_of(scene: &Scene<'_>, opened: &Opened, found: &RecalledItem, rank: usize) -> Tile<'static> {
    let tokens = scene.tokens;
    let marks = found.marks;
    let mut signs = Vec::new();
    if marks.is_shared {
        signs.push((icons::USERS_FILL, tokens.text_weak));
    }
    if let Some(tag) = marks.shared_tag {
        signs.push((icons::TAG_FILL, tokens.category(tag_category(&opened.dataset, tag))));
    }
    if marks.is_tail {
        signs.push((icons::TAIL, tokens.tail));
    }
    if marks.is_fresh {
        signs.push((icons::NEW_FILL, tokens.new));
    }
    let title = scene.title(&opened.dataset, found.item);
    let mut name = scene.words.fill(Word::CoverRanked, &[&rank.to_string(), title]);
    if marks.is_hit {
        name = format!("{name}, {}", scene.words.get(Word::MarkHit));
    }
    Tile {
        item: found.item,
        rank: Some(rank),
        ring: marks.is_hit.then_some(tokens.hit),
        note: format::score(found.score),
        signs,
        dots: found.also.iter().map(|&(lane, _)| tokens.lane(lane)).collect(),
        has_footer: true,
        has_title: scene.desk.titles,
        name,
    }
}

/// Draws the small sign of a lane: its colour and name.
pub(super) fn lane_label(ui: &mut Ui, scene: &Scene<'_>, kind: LaneKind, text: &str) {
    let tokens = scene.tokens;
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::font(type_size::SMALL), tokens.text);
    let (rect, _) = ui.allocate_exact_size(galley.size() + vec2(13.0, 2.0), Sense::hover());
    ui.painter().circle_filled(pos2(rect.left() + 4.0, rect.center().y), 3.5, tokens.lane(kind));
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect.with_min_x(rect.left() + 13.0));
    ui.painter().galley(at.min, galley, tokens.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_fill_their_row() {
        let (in_row, side) = layout(500.0, 76.0);
        assert_eq!(in_row, 6);
        assert!(side >= 76.0 && in_row as f32 * (side + GAP) - GAP <= 500.0);
        assert_eq!(layout(60.0, 200.0), (1, 60.0));
    }
}
