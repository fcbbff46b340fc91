//! A cover with its marks: the tile that all grids and strips are made of.

use std::sync::Arc;

use egui::{
    Align2, Color32, Galley, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::{
    dataset::Dataset,
    ui::{
        covers::{CoverKey, CoverState},
        facts::tag_category,
        selection::Thing,
        theme::{self, radius, type_size},
        views::Scene,
    },
};

/// Height of the line of marks below a cover.
const FOOTER: f32 = 16.0;
const GHOST_OPACITY: f32 = 0.35;

/// One cover as it is to be drawn.
#[derive(Debug, Default, Clone)]
pub struct Tile<'a> {
    pub item: u32,
    /// From 1; drawn over the corner where there is room.
    pub rank: Option<usize>,
    /// Beside the rank: how it has shifted.
    pub shift: String,
    /// A ring around the cover and a check in its corner: recalled and taken later.
    pub ring: Option<Color32>,
    /// The text at the left below the cover.
    pub note: String,
    /// Signs at the right below the cover, most important first.
    pub signs: Vec<(&'a str, Color32)>,
    /// Dots after the signs, one a lane that also found the item.
    pub dots: Vec<Color32>,
    pub has_footer: bool,
    pub has_title: bool,
    /// A plate at the foot of the cover: only what the user is taken to have done, or to be, brought it.
    pub has_come: bool,
    /// Faded: it went, or is taken not to have been taken.
    pub is_ghost: bool,
    /// What a screen reader says.
    pub name: String,
}

/// Height of everything below a cover.
pub fn footer_height(has_footer: bool, has_title: bool) -> f32 {
    let title = if has_title { 2.0 * (type_size::SMALL + 3.5) } else { 0.0 };
    title + if has_footer { FOOTER } else { 0.0 }
}

/// Height of a tile whose cover has sides of `side`.
pub fn tile_height(side: f32, has_footer: bool, has_title: bool) -> f32 {
    side + footer_height(has_footer, has_title)
}

/// Draws `tile` at `at` with a cover of `side` points, and senses hover and clicks.
pub fn cover_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    dataset: &Dataset,
    at: Rect,
    tile: &Tile<'_>,
    id: egui::Id,
) -> Response {
    let side = at.width();
    let picture = Rect::from_min_size(at.min, vec2(side, side));
    let response = ui.interact(at, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &tile.name));
    if !ui.is_rect_visible(at) {
        return response;
    }
    let tokens = scene.tokens;
    let mut painter = ui.painter().clone();
    if tile.is_ghost {
        painter.multiply_opacity(GHOST_OPACITY);
    }
    let near = -picture.center().distance(ui.clip_rect().center());
    picture_ui(&painter, scene, dataset, picture, tile.item, near, tile.rank.is_some());
    let thing = Thing::Item(tile.item);
    if let Some(colour) = tile.ring {
        painter.rect_stroke(picture, radius::COVER, Stroke::new(2.5, colour), StrokeKind::Inside);
    }
    if scene.selection.is_selected(thing) || response.has_focus() {
        painter.rect_stroke(
            picture.expand(1.0),
            radius::COVER + 1.0,
            Stroke::new(2.0, tokens.accent),
            StrokeKind::Outside,
        );
    } else if response.hovered() || scene.selection.is_hovered(thing) {
        painter.rect_stroke(picture, radius::COVER + 1.0, Stroke::new(1.5, tokens.text_strong), StrokeKind::Outside);
    }
    if let Some(rank) = tile.rank
        && side >= 44.0
    {
        let mut text = rank.to_string();
        if !tile.shift.is_empty() {
            text = format!("{text}  {}", tile.shift);
        }
        let text = painter.layout_no_wrap(text, theme::medium_font(type_size::MICRO), tokens.on_picture);
        let plate = Rect::from_min_size(picture.min + vec2(4.0, 4.0), vec2(text.size().x + 7.0, 14.0));
        painter.rect_filled(plate, 4.0, tokens.over_picture);
        painter.galley(plate.center() - text.size() / 2.0, text, tokens.on_picture);
    }
    if let Some(colour) = tile.ring {
        // Drawn as shapes, so that the check stands in the middle of its disc at any scale.
        let centre = pos2(picture.right() - 10.0, picture.top() + 10.0);
        painter.circle_filled(centre, 7.0, colour);
        let check = [vec2(-3.2, 0.2), vec2(-0.9, 2.5), vec2(3.4, -2.4)].map(|step| centre + step);
        painter.line(check.to_vec(), Stroke::new(1.6, tokens.on_hit));
    }
    if tile.has_come && side >= 30.0 {
        let plate = Rect::from_min_size(picture.left_bottom() + vec2(4.0, -18.0), vec2(14.0, 14.0));
        painter.rect_filled(plate, 4.0, tokens.accent);
        let centre = plate.center();
        let stroke = Stroke::new(1.6, tokens.on_accent);
        painter.line_segment([centre - vec2(3.5, 0.0), centre + vec2(3.5, 0.0)], stroke);
        painter.line_segment([centre - vec2(0.0, 3.5), centre + vec2(0.0, 3.5)], stroke);
    }
    if tile.has_footer {
        footer(&painter, scene, Rect::from_min_size(picture.left_bottom(), vec2(side, FOOTER)), tile);
    }
    if tile.has_title {
        let top = picture.bottom() + footer_height(tile.has_footer, false);
        let title = scene.title(dataset, tile.item);
        let galley = clipped_text(&painter, title, side, 2, type_size::SMALL, tokens.text);
        painter.galley(pos2(at.left(), top), galley, tokens.text);
    }
    response
}

/// Draws the cover of `item` into `rect`, or what stands for it: its title on the colour of its first tag. Covers of
/// higher `priority` are decoded first. `has_rank` keeps the upper left corner free.
pub fn picture_ui(
    painter: &Painter,
    scene: &mut Scene<'_>,
    dataset: &Dataset,
    rect: Rect,
    item: u32,
    priority: f32,
    has_rank: bool,
) {
    let tokens = scene.tokens;
    let category = category_colour(scene, dataset, item);
    let title = scene.title(dataset, item);
    let path = dataset.items.cover[item as usize].as_deref();
    let key = CoverKey::from(item);
    scene.covers.paint_over(painter, rect, radius::COVER, key, path, priority, |painter, state| {
        placeholder(painter, tokens, rect, state, title, category, has_rank);
    });
    // A white picture on a white ground has an edge too.
    painter.rect_stroke(rect, radius::COVER, Stroke::new(1.0, tokens.line), StrokeKind::Inside);
}

/// The colour of an item's first tag; the same in all views.
fn category_colour(scene: &Scene<'_>, dataset: &Dataset, item: u32) -> Option<Color32> {
    dataset.items.tags.of(item).first().map(|&tag| scene.tokens.category(tag_category(dataset, tag)))
}

/// The quiet tile of an item without a picture, and the flat one while the picture is on its way.
fn placeholder(
    painter: &Painter,
    tokens: &theme::Tokens,
    rect: Rect,
    state: CoverState,
    title: &str,
    category: Option<Color32>,
    has_rank: bool,
) {
    let colour = category.unwrap_or(tokens.text_faint);
    let is_loading = state == CoverState::Loading;
    let fill = if is_loading { tokens.raised } else { tokens.raised.lerp_to_gamma(colour, 0.16) };
    painter.rect_filled(rect, radius::COVER, fill);
    if is_loading {
        return;
    }
    let margin = (rect.width() * 0.09).clamp(3.0, 14.0);
    let inner = rect.shrink(margin);
    let height = if rect.width() < 52.0 { 2.0 } else { 3.0 };
    let bar =
        Rect::from_min_size(pos2(inner.left(), inner.bottom() - height), vec2((inner.width() * 0.4).min(40.0), height));
    painter.rect_filled(bar, height / 2.0, colour);
    if rect.width() < 32.0 {
        return;
    }
    let size = (rect.width() / 8.5).clamp(8.0, 17.0);
    let top = if has_rank && rect.width() >= 44.0 { inner.top() + 14.0 } else { inner.top() };
    let rows = ((bar.top() - 1.0 - top) / (size * 1.3)).floor().max(1.0) as usize;
    let galley = clipped_text(painter, title, inner.width(), rows, size, tokens.text_weak);
    painter.with_clip_rect(rect.intersect(painter.clip_rect())).galley(
        pos2(inner.left(), top),
        galley,
        tokens.text_weak,
    );
}

fn clipped_text(painter: &Painter, text: &str, width: f32, rows: usize, size: f32, colour: Color32) -> Arc<Galley> {
    let mut job = egui::text::LayoutJob::simple(text.to_owned(), theme::font(size), colour, width);
    job.wrap.max_rows = rows;
    painter.layout_job(job)
}

fn footer(painter: &Painter, scene: &Scene<'_>, rect: Rect, tile: &Tile<'_>) {
    const SIGN: f32 = 13.0;
    let tokens = scene.tokens;
    let y = rect.center().y + 1.0;
    let micro = || theme::font(type_size::MICRO);
    // The signs first, the dots in what they leave, and the note where everything else has room.
    let signs = tile.signs.len().min(((rect.width() + 1.0) / SIGN) as usize);
    let signs_px = signs as f32 * SIGN;
    let dots = Dots::fit(tile.dots.len(), rect.width() - signs_px);
    let mut right = rect.right();
    match dots {
        Dots::None => {}
        Dots::Every(step) => {
            for &colour in tile.dots.iter().rev() {
                painter.circle_filled(pos2(right - step / 2.0, y), (step * 0.35).clamp(2.0, 2.8), colour);
                right -= step;
            }
        }
        Dots::Count(px) => {
            let text = format!("+{}", tile.dots.len());
            painter.text(pos2(right, y), Align2::RIGHT_CENTER, text, micro(), tokens.text_weak);
            right -= px;
        }
    }
    for &(sign, colour) in tile.signs[..signs].iter().rev() {
        painter.text(pos2(right - SIGN / 2.0, y), Align2::CENTER_CENTER, sign, theme::font(12.0), colour);
        right -= SIGN;
    }
    let note = painter.layout_no_wrap(tile.note.clone(), micro(), tokens.text_weak);
    if rect.left() + note.size().x + 2.0 <= right {
        painter.galley(pos2(rect.left() + 1.0, y - note.size().y / 2.0), note, tokens.text_weak);
    }
}

/// How the dots of the lanes that also found an item stand: many of them closer, too many as a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Dots {
    None,
    /// One each, so far apart.
    Every(f32),
    /// Their number, in so many points.
    Count(f32),
}

impl Dots {
    fn fit(count: usize, room: f32) -> Self {
        const COUNT: f32 = 14.0;
        /// Nobody counts more at a glance.
        const MOST: usize = 12;
        let steps = [8.0, 5.5];
        match steps.into_iter().find(|step| count as f32 * step <= room) {
            _ if count == 0 => Self::None,
            Some(step) if count <= MOST => Self::Every(step),
            _ if room >= COUNT => Self::Count(COUNT),
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_of_many_lanes_stand_closer_and_too_many_become_a_figure() {
        assert_eq!(Dots::fit(0, 60.0), Dots::None);
        assert_eq!(Dots::fit(2, 60.0), Dots::Every(8.0));
        assert_eq!(Dots::fit(9, 60.0), Dots::Every(5.5));
        assert_eq!(Dots::fit(9, 40.0), Dots::Count(14.0));
        assert_eq!(Dots::fit(30, 400.0), Dots::Count(14.0));
        assert_eq!(Dots::fit(2, 10.0), Dots::None);
    }
}
