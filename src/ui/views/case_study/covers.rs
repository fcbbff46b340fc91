//! Recalled covers in a cell: as a grid, a list or a strip. Only what can be seen is laid out.

use std::ops::Range;

use egui::{Align2, Rect, ScrollArea, Ui, Vec2, pos2, vec2};

use super::{
    copy,
    data::{Cell, RecalledItem},
    seen::{Line, Spot},
    shifts,
    touch::{self, Stage},
};
use crate::ui::{
    desk::Shape,
    facts::tag_category,
    icons,
    selection::Thing,
    theme::{self, radius, type_size},
    views::Scene,
    widgets::{self, Tile, format},
    words::Word,
};

const GAP: f32 = 7.0;
/// A line of the list, and the cover in it.
const LINE: f32 = 44.0;
const LINE_COVER: f32 = 38.0;
/// The side of a cover that went.
pub(super) const GHOST_PX: f32 = 44.0;

/// How covers stand in a grid: as many in a row as fit, widened a little to fill the row.
fn grid(width: f32, wanted_side: f32) -> (usize, f32) {
    let in_row = ((width + GAP) / (wanted_side + GAP)).floor().max(1.0);
    let side = ((width + GAP) / in_row - GAP).floor().min(width);
    (in_row as usize, side)
}

/// How many covers stand side by side.
pub(super) fn in_row(shape: Shape, cover_px: f32, width: f32, count: usize) -> usize {
    match shape {
        Shape::Grid => grid(width, cover_px).0,
        Shape::List => 1,
        Shape::Strip => count.max(1),
    }
}

/// The height that `count` covers take.
pub(super) fn height(shape: Shape, cover_px: f32, titles: bool, width: f32, count: usize) -> f32 {
    match shape {
        _ if count == 0 => 0.0,
        Shape::Grid => {
            let (in_row, side) = grid(width, cover_px);
            count.div_ceil(in_row) as f32 * (widgets::tile_height(side, true, titles) + GAP) - GAP
        }
        Shape::List => count as f32 * LINE,
        Shape::Strip => widgets::tile_height(cover_px, true, titles),
    }
}

/// Where the cover at `place` stands among those that begin at `area`; for a list, its line.
pub(super) fn place_rect(shape: Shape, area: Rect, cover_px: f32, titles: bool, place: usize) -> Rect {
    match shape {
        Shape::Grid => {
            let (in_row, side) = grid(area.width(), cover_px);
            let height = widgets::tile_height(side, true, titles);
            let offset = vec2((place % in_row) as f32 * (side + GAP), (place / in_row) as f32 * (height + GAP));
            Rect::from_min_size(area.min + offset, vec2(side, height))
        }
        Shape::List => Rect::from_min_size(area.min + vec2(0.0, place as f32 * LINE), vec2(area.width(), LINE)),
        Shape::Strip => {
            let height = widgets::tile_height(cover_px, true, titles);
            Rect::from_min_size(area.min + vec2(place as f32 * (cover_px + GAP), 0.0), vec2(cover_px, height))
        }
    }
}

/// Which of `count` things of `step` points each from `from` on lie between the two ends of `seen`.
fn visible(from: f32, step: f32, count: usize, seen: egui::Rangef) -> Range<usize> {
    let at = |x: f32| ((x - from) / step).clamp(0.0, count as f32);
    at(seen.min).floor() as usize..at(seen.max).ceil() as usize
}

/// Flat tiles while the run is being made, so that nothing jumps when it arrives.
pub(super) fn skeleton_ui(ui: &mut Ui, scene: &Scene<'_>, count: usize) {
    let (shape, titles, width) = (scene.desk.case.shape, scene.desk.titles, ui.available_width());
    let height = height(shape, scene.desk.cover_px, titles, width, count);
    let (_, area) = ui.allocate_space(vec2(width, height));
    let clip = ui.clip_rect();
    let (in_row, side, step) = match shape {
        Shape::Grid => {
            let (in_row, side) = grid(width, scene.desk.cover_px);
            (in_row, side, widgets::tile_height(side, true, titles) + GAP)
        }
        Shape::List => (1, LINE_COVER, LINE),
        Shape::Strip => (grid(width, scene.desk.cover_px).0, scene.desk.cover_px, height),
    };
    let count = if shape == Shape::Strip { in_row } else { count };
    for row in visible(area.top(), step, count.div_ceil(in_row), clip.y_range()) {
        for place in row * in_row..((row + 1) * in_row).min(count) {
            let offset = vec2((place % in_row) as f32 * (side + GAP), row as f32 * step);
            let picture = Rect::from_min_size(area.min + offset, Vec2::splat(side));
            ui.painter().rect_filled(picture, radius::COVER, scene.tokens.panel);
        }
    }
}

/// Draws what a run recalls in the shape that is set.
pub(super) fn recalled_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    stage: &mut Stage<'_>,
    column: usize,
    row: usize,
    cell: &Cell,
) {
    let line = Line::Row(row);
    match scene.desk.case.shape {
        Shape::Grid => grid_ui(ui, scene, stage, column, line, cell),
        Shape::List => list_ui(ui, scene, stage, column, line, cell),
        Shape::Strip => {
            let side = scene.desk.cover_px;
            let titles = scene.desk.titles;
            strip_ui(ui, scene, stage, column, line, cell.recalled.len(), side, titles, |scene, stage, place| {
                let found = &cell.recalled[place];
                (found.item, tile_of(scene, stage, Spot { column, line, place }, found))
            });
        }
    }
}

/// What went when the live clicks came, with the ranks that it had.
pub(super) fn gone_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    stage: &mut Stage<'_>,
    column: usize,
    row: usize,
    cell: &Cell,
) {
    let line = Line::Gone(row);
    strip_ui(ui, scene, stage, column, line, cell.gone.len(), GHOST_PX, false, |scene, stage, place| {
        let (item, rank) = cell.gone[place];
        let title = scene.title(&stage.opened.dataset, item);
        let tile = Tile {
            item,
            note: format!("#{rank}"),
            has_footer: true,
            is_ghost: true,
            name: scene.words.fill(Word::CoverGone, &[title, &rank.to_string()]),
            ..Tile::default()
        };
        (item, tile)
    });
}

/// One line of covers that scrolls sideways.
pub(super) fn strip_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    stage: &mut Stage<'_>,
    column: usize,
    line: Line,
    count: usize,
    side: f32,
    titles: bool,
    tile_of: impl Fn(&Scene<'_>, &Stage<'_>, usize) -> (u32, Tile<'static>),
) {
    let height = widgets::tile_height(side, true, titles);
    ui.spacing_mut().scroll = egui::style::ScrollStyle::floating();
    // Whoever comes next is seen from his first cover on.
    let id = ("strip", column, line, stage.seen[column].user);
    ScrollArea::horizontal().id_salt(id).auto_shrink([false, true]).show(ui, |ui| {
        let step = side + GAP;
        let (_, area) = ui.allocate_space(vec2(count as f32 * step - GAP, height));
        let seen = visible(area.left(), step, count, ui.clip_rect().x_range());
        for place in with_wanted(seen, stage, column, line, count) {
            let at = place_rect(Shape::Strip, area, side, titles, place);
            let (item, tile) = tile_of(scene, stage, place);
            let spot = Spot { column, line, place };
            let response = widgets::cover_ui(ui, scene, &stage.opened.dataset, at, &tile, spot.id());
            touch::touch(ui, scene, stage, &response, spot, item, at);
        }
    });
}

/// The places that are seen, and the one that has the focus: it must not lose it for being out of sight.
fn with_wanted(
    seen: Range<usize>,
    stage: &Stage<'_>,
    column: usize,
    line: Line,
    count: usize,
) -> impl Iterator<Item = usize> + use<> {
    let at = stage.cursor.at.filter(|at| at.column == column && at.line == line && at.place < count);
    let wanted = at.map(|at| at.place).filter(|place| !seen.contains(place));
    seen.chain(wanted)
}

fn grid_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, column: usize, line: Line, cell: &Cell) {
    let (in_row, side) = grid(ui.available_width(), scene.desk.cover_px);
    let tile_height = widgets::tile_height(side, true, scene.desk.titles);
    let count = cell.recalled.len();
    let rows = count.div_ceil(in_row);
    let (_, area) = ui.allocate_space(vec2(ui.available_width(), rows as f32 * (tile_height + GAP) - GAP));
    stage.areas.note(column, area);
    let (cover_px, titles) = (scene.desk.cover_px, scene.desk.titles);
    let rows = visible(area.top(), tile_height + GAP, rows, ui.clip_rect().y_range());
    let seen = rows.start * in_row..(rows.end * in_row).min(count);
    for place in with_wanted(seen, stage, column, line, count) {
        let found = &cell.recalled[place];
        let at = place_rect(Shape::Grid, area, cover_px, titles, place);
        let spot = Spot { column, line, place };
        let tile = tile_of(scene, stage, spot, found);
        let response = widgets::cover_ui(ui, scene, &stage.opened.dataset, at, &tile, spot.id());
        touch::touch(ui, scene, stage, &response, spot, found.item, at);
    }
}

fn list_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, column: usize, line: Line, cell: &Cell) {
    let (width, count) = (ui.available_width(), cell.recalled.len());
    let (_, area) = ui.allocate_space(vec2(width, count as f32 * LINE));
    stage.areas.note(column, area);
    let (cover_px, titles) = (scene.desk.cover_px, scene.desk.titles);
    let seen = visible(area.top(), LINE, count, ui.clip_rect().y_range());
    for place in with_wanted(seen, stage, column, line, count) {
        let found = &cell.recalled[place];
        let at = place_rect(Shape::List, area, cover_px, titles, place);
        let spot = Spot { column, line, place };
        let response = line_ui(ui, scene, stage, found, spot, at);
        touch::touch(ui, scene, stage, &response, spot, found.item, at);
    }
}

/// Rank, small cover, title over tags, and at the right the score over the marks.
fn line_ui(
    ui: &Ui,
    scene: &mut Scene<'_>,
    stage: &Stage<'_>,
    found: &RecalledItem,
    spot: Spot,
    at: Rect,
) -> egui::Response {
    const RANK: f32 = 24.0;
    const SHIFT: f32 = 30.0;
    let (tokens, dataset) = (scene.tokens, &*stage.opened.dataset);
    let response = ui.interact(at, spot.id(), egui::Sense::click());
    let tile = tile_of(scene, stage, spot, found);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), &tile.name));
    if !ui.is_rect_visible(at) {
        return response;
    }
    let painter = ui.painter();
    let ground = at.shrink2(vec2(0.0, 1.0));
    let thing = Thing::Item(found.item);
    if response.hovered() || scene.selection.is_hovered(thing) {
        painter.rect_filled(ground, radius::COVER, tokens.raised);
    }
    if scene.selection.is_selected(thing) || response.has_focus() {
        painter.rect_filled(ground, radius::COVER, tokens.accent_soft);
        let stroke = egui::Stroke::new(1.0, tokens.accent);
        painter.rect_stroke(ground, radius::COVER, stroke, egui::StrokeKind::Inside);
    }
    let y = at.center().y;
    if let Some(colour) = tile.ring {
        let bar = Rect::from_min_max(ground.min + vec2(0.0, 6.0), pos2(ground.left() + 3.0, ground.bottom() - 6.0));
        painter.rect_filled(bar, 1.5, colour);
    }
    let rank = (spot.place + 1).to_string();
    painter.text(
        pos2(at.left() + RANK, y),
        Align2::RIGHT_CENTER,
        rank,
        theme::font(type_size::SMALL),
        tokens.text_weak,
    );
    let mut left = at.left() + RANK + GAP;
    if shifts::any(stage.seen) {
        let font = theme::font(type_size::SMALL);
        painter.text(pos2(left, y), Align2::LEFT_CENTER, &tile.shift, font, tokens.text);
        left += SHIFT;
    }
    let picture = Rect::from_center_size(pos2(left + LINE_COVER / 2.0, y), Vec2::splat(LINE_COVER));
    let near = -picture.center().distance(ui.clip_rect().center());
    widgets::picture_ui(painter, scene, dataset, picture, found.item, near, false);
    // The right side first: what is left is for the title.
    let right = at.right() - 6.0;
    let mut signs: Vec<(&str, egui::Color32)> = Vec::new();
    if found.marks.has_come {
        signs.push((icons::ADD, tokens.accent));
    }
    if let Some(colour) = tile.ring {
        signs.push((icons::HIT_FILL, colour));
    }
    signs.extend(tile.signs.iter().copied());
    let score = painter.layout_no_wrap(tile.note.clone(), theme::medium_font(type_size::SMALL), tokens.text);
    let mut x = right;
    for &colour in tile.dots.iter().rev() {
        painter.circle_filled(pos2(x - 4.0, y + 9.0), 2.8, colour);
        x -= 8.0;
    }
    for &(sign, colour) in signs.iter().rev() {
        painter.text(pos2(x - 6.5, y + 9.0), Align2::CENTER_CENTER, sign, theme::font(12.0), colour);
        x -= 13.0;
    }
    let score_left = right - score.size().x;
    painter.galley(pos2(score_left, y - 9.0 - score.size().y / 2.0), score, tokens.text);
    let left = picture.right() + GAP + 2.0;
    let text = |text: &str, font, colour, y: f32, right: f32| {
        let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - 8.0 - left).max(0.0));
        let galley = painter.layout_job(job);
        painter.galley(pos2(left, y - galley.size().y / 2.0), galley, colour);
    };
    let title = scene.title(dataset, found.item);
    text(title, theme::medium_font(type_size::BODY), tokens.text_strong, y - 9.0, score_left);
    let tags: Vec<&str> = dataset.items.tags.texts(found.item).map(|tag| scene.label(dataset, tag)).collect();
    text(&tags.join(" · "), theme::font(type_size::SMALL), tokens.text_weak, y + 9.0, x);
    response
}

fn tile_of(scene: &Scene<'_>, stage: &Stage<'_>, spot: Spot, found: &RecalledItem) -> Tile<'static> {
    let (tokens, dataset, marks) = (scene.tokens, &*stage.opened.dataset, found.marks);
    let mut signs = Vec::new();
    let Line::Row(row) = spot.line else { return Tile::default() };
    let run = stage.seen[spot.column].runs.get(row).copied().flatten();
    if let Some(run) = run.filter(|_| shifts::is_only_here(stage, spot.column, row, found.item)) {
        signs.push((icons::DOT, tokens.lane(stage.opened.runs[run].kind)));
    }
    let shift = shifts::shift(stage, spot.column, row, found.item, spot.place);
    if marks.is_shared {
        signs.push((icons::USERS_FILL, tokens.text_weak));
    }
    if let Some(tag) = marks.shared_tag {
        signs.push((icons::TAG_FILL, tokens.category(tag_category(dataset, tag))));
    }
    if marks.is_tail {
        signs.push((icons::TAIL, tokens.tail));
    }
    if marks.is_fresh {
        signs.push((icons::NEW_FILL, tokens.new));
    }
    Tile {
        item: found.item,
        rank: Some(spot.place + 1),
        shift: shift.map(shifts::Shift::sign).unwrap_or_default(),
        ring: marks.is_hit.then_some(tokens.hit),
        note: format::score(found.score),
        signs,
        dots: found.also.iter().map(|&(run, _)| tokens.lane(stage.opened.runs[run].kind)).collect(),
        has_footer: true,
        has_title: scene.desk.titles,
        has_come: marks.has_come,
        is_ghost: false,
        name: name_of(scene, stage, spot, found),
    }
}

/// What a screen reader says: rank, title, lane, and the marks in words.
fn name_of(scene: &Scene<'_>, stage: &Stage<'_>, spot: Spot, found: &RecalledItem) -> String {
    let seen = &stage.seen[spot.column];
    let title = scene.title(&stage.opened.dataset, found.item);
    let mut parts = vec![scene.words.fill(Word::CoverRanked, &[&(spot.place + 1).to_string(), title])];
    if let Line::Row(row) = spot.line
        && let Some(&Some(run)) = seen.runs.get(row)
    {
        let kind = stage.opened.runs[run].kind;
        parts.push(format!("{} {}", scene.words.get(Word::Lane).to_lowercase(), kind.name()));
    }
    parts.extend(copy::marks(scene, stage, spot.column, spot.line, spot.place, found));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_fill_their_row() {
        let (in_row, side) = grid(500.0, 76.0);
        assert_eq!(in_row, 6);
        assert!(side >= 76.0 && in_row as f32 * (side + GAP) - GAP <= 500.0);
        assert_eq!(grid(60.0, 200.0), (1, 60.0));
    }

    #[test]
    fn only_what_is_seen_is_laid_out() {
        let seen = egui::Rangef::new(100.0, 200.0);
        assert_eq!(visible(0.0, 10.0, 100, seen), 10..20);
        assert_eq!(visible(95.0, 10.0, 100, seen), 0..11);
        assert_eq!(visible(500.0, 10.0, 100, seen).len(), 0);
        assert_eq!(visible(-5_000.0, 10.0, 100, seen).len(), 0);
        assert_eq!(visible(0.0, 10.0, 12, seen), 10..12);
    }
}
