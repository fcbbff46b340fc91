//! The drawing of a map, and what the pointer and the keys do to it.

use std::{ops::RangeInclusive, sync::Arc};

use eframe::egui_wgpu::Callback;
use egui::{
    Align2, EventFilter, Key, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::{
    colours::Legend,
    gpu::{Cloud, Colour},
    placed::Placed,
    points::Points,
};
use crate::{
    dataset::Dataset,
    ui::{
        commands::Command,
        selection::{Mode, Thing},
        theme::{self, radius, space, type_size},
        views::{Scene, network::Node},
        widgets::{self, Camera},
        words::Word,
    },
};

/// How near the pointer has to be to a point.
const REACH_PX: f32 = 14.0;
/// With no more points in sight than this, items show their covers.
const MOST_COVERS: usize = 160;
const COVER_PX: [f32; 2] = [20.0, 84.0];
/// Selected points with a ring; more are drawn as squares.
const MOST_RINGS: usize = 200;
/// So few stand out by a second ring.
const FEW_SELECTED: usize = 12;
/// Things that can be selected at once.
pub const MOST_SELECTED: usize = 1_000;
const LEGEND_PX: f32 = 26.0;
/// How far the pointer goes before the lasso gets another corner.
const LASSO_STEP_PX: f32 = 4.0;

/// The zoom at which everything is seen.
fn whole(rect: Rect, placed: &Placed) -> f32 {
    (0.45 * (rect.size() / placed.half).min_elem()).max(1.0)
}

fn zooms(rect: Rect, placed: &Placed) -> RangeInclusive<f32> {
    let whole = whole(rect, placed);
    0.5 * whole..=4_000.0 * whole
}

/// What is drawn.
pub struct Seen<'a> {
    pub id: u64,
    pub name: &'a str,
    pub points: &'a Points,
    pub placed: &'a Arc<Placed>,
    pub colours: &'a Arc<Vec<Colour>>,
    pub legend: &'a Legend,
    /// The nearest to what is selected, in the space of the vectors.
    pub near: &'a [(Node, f32)],
    pub is_lasso: bool,
}

#[derive(Default)]
pub struct State {
    pub camera: Camera,
    lasso: Vec<Pos2>,
    /// Points inside of the last lasso, of which not all are selected.
    pub inside: Option<usize>,
    /// The point that the keys act on.
    cursor: Option<usize>,
}

impl State {
    /// Other points stand.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    pub fn show(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, seen: &Seen<'_>) {
        let (all, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), seen.name));
        let (rect, legend) = all.split_top_bottom_at_y(all.bottom() - LEGEND_PX);
        if !rect.is_positive() {
            return;
        }
        if self.camera.is_fitted {
            self.camera = Camera { centre: Pos2::ZERO, zoom: whole(rect, seen.placed), is_fitted: true };
        }
        let pointer = response.hover_pos().filter(|at| response.contains_pointer() && rect.contains(*at));
        self.turn_wheel(ui, rect, seen.placed, pointer);
        let to_plane = |camera: Camera, at: Pos2| camera.to_plane(rect, at);
        self.drag(ui, scene, &response, rect, seen);
        let nearest = |at: Pos2| seen.placed.nearest(to_plane(self.camera, at), REACH_PX / self.camera.zoom);
        let hovered = pointer.filter(|_| !response.dragged()).and_then(nearest);
        if response.clicked() {
            response.request_focus();
            if let Some(place) = hovered {
                self.cursor = Some(place);
                let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
                scene.send(Command::Select(seen.points.nodes[place].thing(), mode));
            }
        }
        if response.has_focus() {
            self.take_keys(ui, scene, response.id, rect, seen);
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let relative = (self.camera.zoom / whole(rect, seen.placed)).max(1.0);
        let radius = radius_of(seen.points.nodes.len()) * relative.sqrt().min(2.5);
        painter.add(Callback::new_paint_callback(
            rect,
            Cloud {
                id: seen.id,
                placed: seen.placed.clone(),
                colours: seen.colours.clone(),
                centre: self.camera.centre,
                zoom: self.camera.zoom,
                rect,
                radius,
            },
        ));
        self.covers_ui(ui, scene, dataset, seen, rect, &painter);
        self.selected_ui(scene, seen, rect, &painter, radius);
        let cursor = self.cursor.filter(|_| response.has_focus());
        for place in hovered.into_iter().chain(cursor) {
            let at = self.camera.to_screen(rect, seen.placed.place(place));
            painter.circle_stroke(at, radius + 4.0, Stroke::new(2.0, scene.tokens.text_strong));
        }
        if let [first, .., last] = self.lasso[..] {
            let mut line: Vec<Pos2> = self.lasso.iter().map(|&at| self.camera.to_screen(rect, at)).collect();
            painter.extend(Shape::dashed_line(
                &[self.camera.to_screen(rect, last), self.camera.to_screen(rect, first)],
                Stroke::new(1.0, scene.tokens.accent),
                4.0,
                4.0,
            ));
            painter.line(std::mem::take(&mut line), Stroke::new(1.5, scene.tokens.accent));
        }
        legend_ui(ui, scene, legend, seen.legend);
        if let Some(place) = hovered {
            let node = seen.points.nodes[place];
            scene.send(Command::Hover(node.thing()));
            response.on_hover_ui_at_pointer(|ui| tip_ui(ui, scene, dataset, node));
        }
    }

    fn turn_wheel(&mut self, ui: &Ui, rect: Rect, placed: &Placed, pointer: Option<Pos2>) {
        let scroll = ui.input(egui::InputState::smooth_scroll_delta).y;
        if let Some(at) = pointer.filter(|_| scroll != 0.0) {
            self.camera.zoom_at(rect, at, (scroll / 200.0).exp(), zooms(rect, placed));
        }
    }

    /// Moves the map, or draws the lasso; what it holds is selected when it is let go.
    fn drag(&mut self, ui: &Ui, scene: &Scene<'_>, response: &Response, rect: Rect, seen: &Seen<'_>) {
        if response.drag_started() {
            response.request_focus();
            self.lasso.clear();
            if seen.is_lasso || ui.input(|input| input.modifiers.shift) {
                let from = ui.input(|input| input.pointer.press_origin()).unwrap_or_default();
                self.lasso.push(self.camera.to_plane(rect, from));
            }
        }
        if response.dragged() {
            match (self.lasso.last(), response.interact_pointer_pos()) {
                (Some(&last), Some(at)) => {
                    if self.camera.to_screen(rect, last).distance(at) >= LASSO_STEP_PX {
                        self.lasso.push(self.camera.to_plane(rect, at));
                    }
                }
                (Some(_), None) => {}
                (None, _) => {
                    self.camera.centre -= response.drag_delta() / self.camera.zoom;
                    self.camera.is_fitted &= response.drag_delta() == Vec2::ZERO;
                }
            }
        }
        if response.drag_stopped() {
            let line = std::mem::take(&mut self.lasso);
            if line.len() > 2 {
                let inside = seen.placed.inside(&line);
                let things = inside.iter().take(MOST_SELECTED).map(|&place| seen.points.nodes[place].thing());
                scene.send(Command::SelectAll(things.collect()));
                self.inside = Some(inside.len()).filter(|&inside| inside > MOST_SELECTED);
            }
        }
    }

    /// Arrows walk to the nearest point that way, Enter and Space select, + and − zoom, Home shows all.
    fn take_keys(&mut self, ui: &Ui, scene: &Scene<'_>, id: egui::Id, rect: Rect, seen: &Seen<'_>) {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed = |key: Key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
        for (key, way) in [
            (Key::ArrowLeft, vec2(-1.0, 0.0)),
            (Key::ArrowRight, vec2(1.0, 0.0)),
            (Key::ArrowUp, vec2(0.0, -1.0)),
            (Key::ArrowDown, vec2(0.0, 1.0)),
        ] {
            if pressed(key) {
                self.step(rect, seen.placed, way);
            }
        }
        if pressed(Key::Plus) || pressed(Key::Equals) {
            self.camera.zoom_at(rect, rect.center(), 1.3, zooms(rect, seen.placed));
        }
        if pressed(Key::Minus) {
            self.camera.zoom_at(rect, rect.center(), 1.0 / 1.3, zooms(rect, seen.placed));
        }
        if pressed(Key::Home) {
            self.camera.is_fitted = true;
        }
        let node = self.cursor.and_then(|place| seen.points.nodes.get(place));
        if let Some(node) = node.filter(|_| pressed(Key::Space) || pressed(Key::Enter)) {
            scene.send(Command::Select(node.thing(), Mode::Replace));
        }
    }

    /// The point that lies nearest in that direction and not too far aside; from the middle where none is chosen.
    fn step(&mut self, rect: Rect, placed: &Placed, way: Vec2) {
        let seen = self.camera.seen(rect);
        let from = match self.cursor {
            Some(place) => placed.place(place),
            None => {
                self.cursor = placed.nearest(self.camera.centre, seen.width());
                return;
            }
        };
        let far = |place: usize| {
            let away = placed.place(place) - from;
            let (ahead, aside) = (away.dot(way), away.dot(way.rot90()).abs());
            (ahead > 0.0 && aside <= ahead * 1.2).then_some(ahead + 2.0 * aside)
        };
        let others = placed.within(seen).into_iter().filter(|&place| Some(place) != self.cursor);
        let next = others.filter_map(|place| Some((place, far(place)?))).min_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((place, _)) = next {
            self.cursor = Some(place);
        }
    }

    /// The covers of items, where few are in sight.
    fn covers_ui(
        &self,
        ui: &Ui,
        scene: &mut Scene<'_>,
        dataset: &Dataset,
        seen: &Seen<'_>,
        rect: Rect,
        painter: &Painter,
    ) {
        let in_sight = self.camera.seen(rect);
        if seen.placed.count(in_sight) > 2 * MOST_COVERS {
            return;
        }
        let mut places = seen.placed.within(in_sight);
        if places.len() > MOST_COVERS {
            return;
        }
        places.sort_unstable();
        // As large as most have room for.
        let side = 1.5 * typical_distance(seen.placed, &places) * self.camera.zoom;
        let side = side.clamp(COVER_PX[0], COVER_PX[1]);
        for place in places {
            let node = seen.points.nodes[place];
            let square =
                Rect::from_center_size(self.camera.to_screen(rect, seen.placed.place(place)), Vec2::splat(side));
            let name = node.title(scene, dataset);
            let widget =
                ui.interact(square.intersect(rect), ui.scope_id().with(("point", seen.id, node)), Sense::hover());
            widget.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
            if let Node::Item(item) = node {
                let near = -square.center().distance(rect.center());
                widgets::picture_ui(painter, scene, dataset, square, item, near, false);
                if let Some(&[r, g, b, _]) = seen.colours.get(place) {
                    let stroke = Stroke::new(2.0, egui::Color32::from_rgb(r, g, b));
                    painter.rect_stroke(square, radius::COVER, stroke, StrokeKind::Outside);
                }
            }
        }
    }

    /// What is selected or pointed at anywhere, and the nearest to it by the vectors.
    fn selected_ui(&self, scene: &Scene<'_>, seen: &Seen<'_>, rect: Rect, painter: &Painter, radius: f32) {
        let tokens = scene.tokens;
        let at = |node: Node| {
            let place = seen.points.place_of(node)?;
            Some(self.camera.to_screen(rect, seen.placed.place(place)))
        };
        let selected: Vec<Pos2> =
            scene.selection.things().iter().filter_map(|&thing| Node::of(thing)).filter_map(at).collect();
        if let Some(&from) = selected.last() {
            for (node, _) in seen.near {
                if let Some(to) = at(*node) {
                    painter.line_segment([from, to], Stroke::new(1.0, tokens.text_weak.gamma_multiply(0.7)));
                    painter.circle_stroke(to, radius + 2.0, Stroke::new(1.2, tokens.text_strong));
                }
            }
        }
        if selected.len() > MOST_RINGS {
            let mut squares = Mesh::default();
            for &at in selected.iter().filter(|at| rect.contains(**at)) {
                squares.add_colored_rect(Rect::from_center_size(at, Vec2::splat(2.0 * radius + 2.0)), tokens.accent);
            }
            painter.add(squares);
        } else {
            let is_alone = selected.len() <= FEW_SELECTED;
            for &at in &selected {
                painter.circle(at, radius + 1.0, tokens.accent, Stroke::new(1.2, tokens.canvas));
                if is_alone {
                    painter.circle_stroke(at, radius + 3.5, Stroke::new(1.8, tokens.accent));
                }
            }
        }
        if let Some(at) = scene.selection.hovered().and_then(Node::of).and_then(at) {
            painter.circle_stroke(at, radius + 4.0, Stroke::new(2.0, tokens.text_strong));
        }
    }
}

/// The median distance of points to the nearest other, of few.
fn typical_distance(placed: &Placed, places: &[usize]) -> f32 {
    let nearest = |&place: &usize| {
        let others = places.iter().filter(|&&other| other != place);
        let far = others.map(|&other| placed.place(place).distance_sq(placed.place(other)));
        far.min_by(f32::total_cmp).map_or(1.0, f32::sqrt)
    };
    let mut found: Vec<f32> = places.iter().map(nearest).collect();
    found.sort_by(f32::total_cmp);
    found.get(found.len() / 2).copied().unwrap_or(1.0)
}

/// In points of the screen, where everything is seen.
fn radius_of(count: usize) -> f32 {
    match count {
        0..2_000 => 3.6,
        2_000..10_000 => 2.6,
        10_000..60_000 => 1.7,
        _ => 1.2,
    }
}

/// As many entries as have room.
fn legend_ui(ui: &Ui, scene: &Scene<'_>, strip: Rect, legend: &Legend) {
    let (tokens, font) = (scene.tokens, theme::font(type_size::SMALL));
    let painter = ui.painter();
    let mut x = strip.left() + space::M;
    for (place, (colour, name)) in legend.iter().enumerate() {
        let text = painter.layout_no_wrap(name.clone(), font.clone(), tokens.text_weak);
        if x + text.size().x + 14.0 > strip.right() - 36.0 {
            let more = format!("+{}", legend.len() - place);
            painter.text(pos2(x, strip.center().y), Align2::LEFT_CENTER, more, font, tokens.text_faint);
            return;
        }
        painter.circle_filled(pos2(x + 4.0, strip.center().y), 4.0, *colour);
        let width = text.size().x;
        painter.galley(pos2(x + 13.0, strip.center().y - text.size().y / 2.0), text, tokens.text_weak);
        x += width + 13.0 + space::M;
    }
}

/// A larger cover, what it is called, and its tags.
fn tip_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, node: Node) {
    const COVER: f32 = 120.0;
    ui.set_max_width(260.0);
    let title = egui::RichText::new(node.title(scene, dataset)).font(theme::medium_font(type_size::BODY));
    let Node::Item(item) = node else {
        ui.label(title);
        return;
    };
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(COVER), Sense::hover());
    widgets::picture_ui(ui.painter(), scene, dataset, rect, item, 0.0, false);
    ui.add(egui::Label::new(title).wrap());
    let tags: Vec<&str> = dataset.items.tags.texts(item).map(|tag| scene.label(dataset, tag)).collect();
    let text = egui::RichText::new(tags.join(" · ")).small().color(scene.tokens.text_weak);
    ui.add(egui::Label::new(text).wrap());
}

/// The covers nearest to what is selected, by the vectors themselves.
pub fn near_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, near: &[(Node, f32)]) {
    const COVER: f32 = 46.0;
    let (words, tokens) = (scene.words, scene.tokens);
    ui.spacing_mut().item_spacing.x = space::XS;
    for &(node, cosine) in near {
        if ui.available_width() < COVER {
            break;
        }
        let figure = format!("{cosine:.2}");
        let name = words.fill(Word::NearNamed, &[&node.title(scene, dataset), &figure]);
        let (rect, response) = ui.allocate_exact_size(vec2(COVER, COVER + 14.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let square = Rect::from_min_size(rect.min, Vec2::splat(COVER));
        let painter = ui.painter().clone();
        match node {
            Node::Item(item) => widgets::picture_ui(&painter, scene, dataset, square, item, 0.0, false),
            Node::User(_) => {
                painter.rect_filled(square, radius::COVER, tokens.accent_soft);
                let font = theme::font(COVER * 0.5);
                let icon = crate::ui::icons::USER_FILL;
                painter.text(square.center(), Align2::CENTER_CENTER, icon, font, tokens.accent);
            }
        }
        let font = theme::font(type_size::MICRO);
        painter.text(rect.center_bottom(), Align2::CENTER_BOTTOM, figure, font, tokens.text_weak);
        let thing: Thing = node.thing();
        if response.hovered() || response.has_focus() {
            let stroke = Stroke::new(1.5, tokens.text_strong);
            painter.rect_stroke(square, radius::COVER, stroke, StrokeKind::Outside);
            scene.send(Command::Hover(thing));
        }
        if response.on_hover_text(&name).clicked() {
            scene.send(Command::Select(thing, Mode::Replace));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_what_lies_under_the_pointer_and_has_bounds() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(400.0, 300.0));
        // Four times as wide as high.
        let placed = Placed::new(vec![[-2.0, 0.0], [2.0, 0.5], [0.0, -0.5]]);
        let fitted = whole(rect, &placed);
        assert!((fitted - 0.9 * 200.0).abs() < 1e-3, "{fitted}");
        let mut camera = Camera { centre: pos2(0.1, 0.2), zoom: fitted, is_fitted: true };
        let at = pos2(60.0, 70.0);
        let before = camera.to_plane(rect, at);
        camera.zoom_at(rect, at, 3.0, zooms(rect, &placed));
        assert!(camera.to_plane(rect, at).distance(before) < 1e-5 && !camera.is_fitted);
        assert!(camera.to_screen(rect, before).distance(at) < 1e-2);
        camera.zoom_at(rect, at, 1e-9, zooms(rect, &placed));
        assert_eq!(camera.zoom, 0.5 * fitted);
    }

    #[test]
    fn arrows_walk_to_the_nearest_point_that_way() {
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0));
        let placed = Placed::new(vec![[-1.0, 0.0], [0.0, 0.1], [0.1, 0.9], [1.0, -0.2]]);
        let mut state = State { camera: Camera { zoom: 90.0, ..Camera::default() }, ..State::default() };
        state.step(rect, &placed, vec2(1.0, 0.0));
        let first = state.cursor;
        assert_eq!(first, Some(1), "the one nearest to the middle");
        state.step(rect, &placed, vec2(1.0, 0.0));
        assert_eq!(state.cursor, Some(3));
        state.step(rect, &placed, vec2(1.0, 0.0));
        assert_eq!(state.cursor, Some(3), "there is none farther that way");
        state.step(rect, &placed, vec2(-1.0, 0.0));
        state.step(rect, &placed, vec2(-1.0, 0.0));
        assert_eq!(state.cursor, Some(0));
    }
}
