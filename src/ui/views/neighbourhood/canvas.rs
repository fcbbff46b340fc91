//! The drawing of a neighbourhood, and what the pointer and the keys do to it.

use egui::{
    Align2, Color32, EventFilter, Key, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, epaint::Vertex, pos2, vec2,
};
use rustc_hash::FxHashMap;

use super::{
    ego::{Ego, EgoEdge},
    place,
};
use crate::{
    dataset::Dataset,
    ui::{
        desk::{EdgeMeasure, NetworkDesk},
        facts::tag_category,
        icons,
        theme::{self, Tokens, radius, space, type_size},
        views::{
            Scene,
            network::{self, Node},
        },
        widgets::{self, Camera, format},
        words::Word,
    },
};

/// Nodes smaller than this are dots.
const LEAST_COVER_PX: f32 = 13.0;
/// Nodes that a screen reader gets told of.
const MAX_NAMED: usize = 300;
/// Edges whose sides are softened; more would cost too much.
const MAX_SOFT: usize = 6_000;
/// How near the pointer has to be to an edge.
const EDGE_PX: f32 = 5.0;
const ZOOMS: std::ops::RangeInclusive<f32> = 0.05..=6.0;
/// Widths of edges in points, of those that say nothing and of those that say most.
const WIDTHS: [f32; 2] = [0.8, 5.5];
/// With more edges than these they become thinner.
const FULL_WIDTH_EDGES: f32 = 80.0;
const DASH_PX: f32 = 7.0;
/// Of the lines between items of one tag.
const TAG_DASH_PX: f32 = 2.5;

/// So that all of `places` is seen.
fn fit(camera: &mut Camera, places: &[Pos2], rect: Rect) {
    let whole = Rect::from_points(places).expand(place::side(0));
    camera.centre = whole.center();
    let zoom = (rect.width() / whole.width()).min(rect.height() / whole.height());
    camera.zoom = zoom.clamp(*ZOOMS.start(), 1.4);
}

/// What the analyst did.
pub enum Event {
    /// With whether it is added to what is selected.
    Selected(Node, bool),
    Unfolded(Node),
    /// Others with this tag of the item are wanted beside it, or no longer.
    ByTag(u32, u32),
    Centred(Node),
    /// Dragged to a place, where it stays.
    Dropped(Node, Pos2),
}

#[derive(Default)]
pub struct State {
    held: Option<(Node, Pos2)>,
    /// The node that the keys act on.
    cursor: Option<usize>,
    /// Whose menu is open.
    menu: Option<Node>,
}

impl State {
    /// Another neighbourhood stands.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// What the pointer drags, and where it is.
    pub fn held(&self) -> Option<(Node, Pos2)> {
        self.held
    }

    #[allow(clippy::too_many_arguments)]
    pub fn show(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        dataset: &Dataset,
        ego: &Ego,
        places: &mut [Pos2],
        pinned: &FxHashMap<Node, Pos2>,
        camera: &mut Camera,
        desk: &NetworkDesk,
    ) -> Option<Event> {
        let words = scene.words;
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), words.get(Word::Neighbourhood)));
        if !rect.is_positive() || places.len() != ego.nodes.len() {
            return None;
        }
        if camera.is_fitted && self.held.is_none() {
            fit(camera, places, Rect::from_min_max(rect.min + Vec2::splat(12.0), rect.max - vec2(12.0, 40.0)));
            // The legend stands below.
            camera.centre.y += 14.0 / camera.zoom;
        }
        let scroll = ui.input(egui::InputState::smooth_scroll_delta).y;
        if response.contains_pointer()
            && scroll != 0.0
            && let Some(at) = ui.input(|input| input.pointer.hover_pos())
        {
            camera.zoom_at(rect, at, (scroll / 240.0).exp(), ZOOMS);
        }
        let screen: Vec<Pos2> = places.iter().map(|&at| camera.to_screen(rect, at)).collect();
        let side_of = |place: usize| place::side(ego.nodes[place].hop) * camera.zoom;
        let pointer = response.hover_pos().filter(|_| response.contains_pointer());
        let hovered = pointer.and_then(|at| node_at(ego, &screen, at, side_of));
        let mut event = self.pointer_events(ui, &response, ego, places, hovered, rect, camera);
        if response.has_focus() {
            event = self.take_keys(ui, response.id, ego, &screen, camera, rect).or(event);
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let lit = hovered.or(self.cursor.filter(|_| response.has_focus()));
        let scale = Scale::of(ego, desk);
        painter.add(edges_mesh(scene.tokens, ego, &screen, rect, &scale, lit));
        self.nodes_ui(ui, scene, dataset, ego, &screen, pinned, rect, camera.zoom, response.has_focus(), &painter);
        legend_ui(&painter, scene, rect, ego, &scale);
        if let Some(place) = hovered {
            scene.send(crate::ui::commands::Command::Hover(ego.nodes[place].node.thing()));
        }
        if response.secondary_clicked() {
            self.menu = hovered.map(|place| ego.nodes[place].node);
        }
        if let Some(node) = self.menu {
            response.context_menu(|ui| event = menu_ui(ui, scene, dataset, ego, desk, node).or(event.take()));
        }
        if self.held.is_none() && !response.dragged() && !egui::Popup::is_any_open(ui.ctx()) {
            let edge = pointer.filter(|_| hovered.is_none()).and_then(|at| edge_at(ego, &screen, at));
            if hovered.is_some() || edge.is_some() {
                response.on_hover_ui_at_pointer(|ui| match (hovered, edge) {
                    (Some(place), _) => node_tip_ui(ui, scene, dataset, ego, place, &scale),
                    (None, Some(edge)) => edge_tip_ui(ui, scene, dataset, ego, edge, &scale),
                    (None, None) => {}
                });
            }
        }
        event
    }

    #[allow(clippy::too_many_arguments)]
    fn pointer_events(
        &mut self,
        ui: &Ui,
        response: &Response,
        ego: &Ego,
        places: &mut [Pos2],
        hovered: Option<usize>,
        rect: Rect,
        camera: &mut Camera,
    ) -> Option<Event> {
        if response.drag_started() {
            let from = ui.input(|input| input.pointer.press_origin()).unwrap_or_default();
            let side_of = |place: usize| place::side(ego.nodes[place].hop) * camera.zoom;
            let screen: Vec<Pos2> = places.iter().map(|&at| camera.to_screen(rect, at)).collect();
            self.held = node_at(ego, &screen, from, side_of).map(|place| (ego.nodes[place].node, places[place]));
            response.request_focus();
        }
        if response.dragged() {
            let step = response.drag_delta() / camera.zoom;
            match &mut self.held {
                Some((node, at)) => {
                    *at += step;
                    if let Some(place) = ego.find(*node) {
                        places[place] = *at;
                    }
                }
                None => {
                    camera.centre -= step;
                    camera.is_fitted = false;
                }
            }
        }
        if response.drag_stopped()
            && let Some((node, at)) = self.held.take()
        {
            return Some(Event::Dropped(node, at));
        }
        if response.clicked() {
            response.request_focus();
            self.cursor = hovered.or(self.cursor);
        }
        let node = ego.nodes[hovered?].node;
        if response.double_clicked() {
            return Some(Event::Unfolded(node));
        }
        response.clicked().then(|| Event::Selected(node, ui.input(|input| input.modifiers.command)))
    }

    /// Arrows walk to the nearest node that way, Enter unfolds, Space selects, + and − zoom, Home shows all.
    fn take_keys(
        &mut self,
        ui: &Ui,
        id: egui::Id,
        ego: &Ego,
        screen: &[Pos2],
        camera: &mut Camera,
        rect: Rect,
    ) -> Option<Event> {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed = |key: Key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
        let cursor = self.cursor.filter(|&place| place < screen.len()).unwrap_or(0);
        for (key, way) in [
            (Key::ArrowLeft, vec2(-1.0, 0.0)),
            (Key::ArrowRight, vec2(1.0, 0.0)),
            (Key::ArrowUp, vec2(0.0, -1.0)),
            (Key::ArrowDown, vec2(0.0, 1.0)),
        ] {
            if pressed(key) {
                self.cursor = Some(nearest(screen, cursor, way).unwrap_or(cursor));
            }
        }
        if pressed(Key::Plus) || pressed(Key::Equals) {
            camera.zoom_at(rect, rect.center(), 1.25, ZOOMS);
        }
        if pressed(Key::Minus) {
            camera.zoom_at(rect, rect.center(), 0.8, ZOOMS);
        }
        if pressed(Key::Home) {
            camera.is_fitted = true;
        }
        let node = ego.nodes[self.cursor.filter(|&place| place < screen.len()).unwrap_or(0)].node;
        if pressed(Key::Enter) {
            return Some(Event::Unfolded(node));
        }
        pressed(Key::Space).then_some(Event::Selected(node, false))
    }

    #[allow(clippy::too_many_arguments)]
    fn nodes_ui(
        &self,
        ui: &Ui,
        scene: &mut Scene<'_>,
        dataset: &Dataset,
        ego: &Ego,
        screen: &[Pos2],
        pinned: &FxHashMap<Node, Pos2>,
        rect: Rect,
        zoom: f32,
        has_focus: bool,
        painter: &Painter,
    ) {
        let tokens = scene.tokens;
        let mut dots = Mesh::default();
        let mut named = 0;
        // The middle is drawn last, over what lies near it.
        for place in (0..ego.nodes.len()).rev() {
            let node = &ego.nodes[place];
            let side = place::side(node.hop) * zoom;
            let square = Rect::from_center_size(screen[place], Vec2::splat(side));
            if !square.intersects(rect) {
                continue;
            }
            if named < MAX_NAMED || place == 0 {
                named += 1;
                let widget =
                    ui.interact(square.intersect(rect), ui.scope_id().with(("node", node.node)), Sense::hover());
                widget.widget_info(|| WidgetInfo::labeled(Role::Label, true, node.node.title(scene, dataset)));
            }
            match node.node {
                Node::Item(item) if side < LEAST_COVER_PX => {
                    let tag = dataset.items.tags.of(item).first();
                    let colour = tag.map_or(tokens.text_weak, |&tag| tokens.category(tag_category(dataset, tag)));
                    dots.add_colored_rect(Rect::from_center_size(screen[place], Vec2::splat(side.max(3.0))), colour);
                }
                Node::Item(item) => {
                    let near = -square.center().distance(rect.center());
                    widgets::picture_ui(painter, scene, dataset, square, item, near, false);
                }
                Node::User(_) => {
                    painter.circle(screen[place], side / 2.0, tokens.accent_soft, Stroke::new(1.5, tokens.accent));
                    let font = theme::font(side * 0.5);
                    painter.text(screen[place], Align2::CENTER_CENTER, icons::USER_FILL, font, tokens.accent);
                }
            }
            let thing = node.node.thing();
            let is_cursor = has_focus && self.cursor.unwrap_or(0) == place;
            let ring = if scene.selection.is_selected(thing) {
                Some(Stroke::new(2.5, tokens.accent))
            } else if is_cursor || scene.selection.is_hovered(thing) {
                Some(Stroke::new(1.5, tokens.text_strong))
            } else {
                None
            };
            if let Some(stroke) = ring {
                let round = match node.node {
                    Node::User(_) => side / 2.0 + 2.0,
                    Node::Item(_) => radius::COVER + 1.0,
                };
                painter.rect_stroke(square.expand(2.0), round, stroke, StrokeKind::Outside);
            }
            if pinned.contains_key(&node.node) && side >= LEAST_COVER_PX {
                let at = square.right_top();
                painter.circle_filled(at, 7.0, tokens.over_picture);
                painter.text(at, Align2::CENTER_CENTER, icons::PIN_FILL, theme::font(9.0), tokens.on_picture);
            }
        }
        painter.add(dots);
    }
}

/// The node under `at`, the one that is drawn last.
fn node_at(ego: &Ego, screen: &[Pos2], at: Pos2, side_of: impl Fn(usize) -> f32) -> Option<usize> {
    (0..ego.nodes.len()).find(|&place| {
        let half = side_of(place).max(6.0) / 2.0;
        let away = screen[place] - at;
        away.x.abs() <= half && away.y.abs() <= half
    })
}

fn edge_at(ego: &Ego, screen: &[Pos2], at: Pos2) -> Option<usize> {
    let far = |edge: &EgoEdge| {
        let (from, to) = (screen[edge.from], screen[edge.to]);
        let along = to - from;
        let part = ((at - from).dot(along) / along.length_sq().max(f32::EPSILON)).clamp(0.0, 1.0);
        (from + along * part).distance(at)
    };
    let nearest = ego.edges.iter().enumerate().map(|(place, edge)| (place, far(edge)));
    nearest.min_by(|one, other| one.1.total_cmp(&other.1)).filter(|(_, far)| *far < EDGE_PX).map(|(place, _)| place)
}

/// The nearest node from `from` on that lies more that way than aside.
fn nearest(screen: &[Pos2], from: usize, way: Vec2) -> Option<usize> {
    let step = |place: usize| {
        let away = screen[place] - screen[from];
        let (ahead, aside) = (away.dot(way), away.dot(way.rot90()).abs());
        (ahead > 0.5 && aside <= ahead * 1.5).then_some(ahead + 2.0 * aside)
    };
    let places = (0..screen.len()).filter(|&place| place != from);
    places.filter_map(|place| Some((place, step(place)?))).min_by(|one, other| one.1.total_cmp(&other.1)).map(|it| it.0)
}

/// What edges say, and what the widest says.
struct Scale {
    measure: EdgeMeasure,
    layer: usize,
    head: Option<usize>,
    greatest: f32,
}

impl Scale {
    fn of(ego: &Ego, desk: &NetworkDesk) -> Self {
        let measure = if ego.attention.is_empty() { EdgeMeasure::Weight } else { desk.measure };
        let (layer, head) = (network::layer_of(desk, ego.layers), network::head_of(desk, ego.heads));
        let values = (0..ego.edges.len()).filter_map(|edge| ego.value(edge, measure, layer, head));
        let greatest = values.map(f32::abs).fold(1e-6, f32::max);
        Self { measure, layer, head, greatest }
    }

    fn value(&self, ego: &Ego, edge: usize) -> f32 {
        ego.value(edge, self.measure, self.layer, self.head).unwrap_or(0.0)
    }

    /// From 0 to 1, by the root: shares of many neighbours are small.
    fn strength(&self, value: f32) -> f32 {
        (value.abs() / self.greatest).sqrt().clamp(0.0, 1.0)
    }

    fn colour(&self, tokens: &Tokens, is_of_user: bool, value: f32) -> Color32 {
        match self.measure {
            EdgeMeasure::Difference if value >= 0.0 => tokens.hit,
            EdgeMeasure::Difference => tokens.error,
            _ if is_of_user => tokens.accent,
            _ => tokens.tail,
        }
    }
}

fn is_of_user(ego: &Ego, edge: &EgoEdge) -> bool {
    matches!(ego.nodes[edge.to].node, Node::User(_))
}

/// All edges as one mesh: messages to users dashed, those between items whole.
fn edges_mesh(tokens: &Tokens, ego: &Ego, screen: &[Pos2], rect: Rect, scale: &Scale, lit: Option<usize>) -> Mesh {
    let is_soft = ego.edges.len() <= MAX_SOFT;
    let mut mesh = Mesh::default();
    let vertices = if is_soft { 8 } else { 4 };
    mesh.vertices.reserve(ego.edges.len() * vertices);
    mesh.indices.reserve(ego.edges.len() * if is_soft { 18 } else { 6 });
    let crowd = (FULL_WIDTH_EDGES / ego.edges.len().max(1) as f32).sqrt().min(1.0);
    let widest = (WIDTHS[1] * crowd).max(2.0 * WIDTHS[0]);
    for (place, edge) in ego.edges.iter().enumerate() {
        let (from, to) = (screen[edge.from], screen[edge.to]);
        if !Rect::from_two_pos(from, to).expand(WIDTHS[1]).intersects(rect) {
            continue;
        }
        if let Some(shared) = edge.tag {
            let fade = if lit.is_none_or(|lit| lit == edge.from || lit == edge.to) { 0.8 } else { 0.12 };
            let colour = tokens.category(shared.category).gamma_multiply(fade);
            dashes(&mut mesh, [from, to], TAG_DASH_PX, 1.4, colour, is_soft);
            continue;
        }
        let value = scale.value(ego, place);
        let strength = scale.strength(value);
        let is_dashed = is_of_user(ego, edge);
        let fade = match lit {
            Some(lit) if lit == edge.from || lit == edge.to => 1.0,
            Some(_) => 0.12,
            None => 0.25 + 0.6 * strength,
        };
        let colour = scale.colour(tokens, is_dashed, value).gamma_multiply(fade);
        let width = WIDTHS[0] + (widest - WIDTHS[0]) * strength;
        if is_dashed {
            dashes(&mut mesh, [from, to], DASH_PX, width, colour, is_soft);
        } else {
            add_line(&mut mesh, from, to, width, colour, is_soft);
        }
    }
    mesh
}

fn dashes(mesh: &mut Mesh, [from, to]: [Pos2; 2], dash_px: f32, width: f32, colour: Color32, is_soft: bool) {
    let length = from.distance(to);
    let way = (to - from) / length.max(f32::EPSILON);
    let dashes = (length / (2.0 * dash_px)).min(200.0) as usize;
    for dash in 0..=dashes {
        let begin = dash as f32 * 2.0 * dash_px;
        let end = (begin + dash_px).min(length);
        add_line(mesh, from + way * begin, from + way * end, width, colour, is_soft);
    }
}

/// Two triangles, and four more at the sides where those are soft.
fn add_line(mesh: &mut Mesh, from: Pos2, to: Pos2, width: f32, colour: Color32, is_soft: bool) {
    let along = to - from;
    let length = along.length();
    if length < 0.01 {
        return;
    }
    let aside = along.rot90() / length;
    let first = mesh.vertices.len() as u32;
    let offsets: &[(f32, Color32)] = if is_soft {
        let half = (width / 2.0 - 0.5).max(0.15);
        &[(-half - 1.0, Color32::TRANSPARENT), (-half, colour), (half, colour), (half + 1.0, Color32::TRANSPARENT)]
    } else {
        &[(-width / 2.0, colour), (width / 2.0, colour)]
    };
    for end in [from, to] {
        for &(offset, color) in offsets {
            mesh.vertices.push(Vertex { pos: end + aside * offset, uv: egui::epaint::WHITE_UV, color });
        }
    }
    let sides = offsets.len() as u32;
    for strip in 0..sides - 1 {
        let (a, b) = (first + strip, first + strip + sides);
        mesh.indices.extend([a, a + 1, b, b, a + 1, b + 1]);
    }
}

/// What lines, colours and widths mean, at the foot of the canvas.
fn legend_ui(painter: &Painter, scene: &Scene<'_>, rect: Rect, ego: &Ego, scale: &Scale) {
    let (tokens, words) = (scene.tokens, scene.words);
    let font = theme::font(type_size::SMALL);
    let has_user = ego.edges.first().is_some_and(|edge| is_of_user(ego, edge));
    let has_items = ego.edges.iter().any(|edge| !is_of_user(ego, edge) && edge.tag.is_none());
    let mut entries: Vec<(bool, Color32, String)> = Vec::new();
    let greatest = format!("{:.0} %", scale.greatest * 100.0);
    match scale.measure {
        EdgeMeasure::Difference => {
            entries.push((false, tokens.hit, words.fill(Word::MoreAttention, &[&greatest])));
            entries.push((false, tokens.error, words.get(Word::LessAttention).to_owned()));
            if has_user {
                entries.push((true, tokens.text_weak, words.get(Word::UserItemEdges).to_owned()));
            }
        }
        _ => {
            if has_user {
                entries.push((true, tokens.accent, words.get(Word::UserItemEdges).to_owned()));
            }
            if has_items {
                entries.push((false, tokens.tail, words.get(Word::ItemItemEdges).to_owned()));
            }
        }
    }
    if let Some(shared) = ego.edges.iter().find_map(|edge| edge.tag) {
        entries.push((true, tokens.category(shared.category), words.get(Word::SameTag).to_owned()));
    }
    let note = match scale.measure {
        EdgeMeasure::Weight => words.fill(Word::WidestWeight, &[&greatest]),
        EdgeMeasure::Attention => words.fill(Word::WidestAttention, &[&greatest]),
        EdgeMeasure::Difference => String::new(),
    };
    let y = rect.bottom() - 16.0;
    let strip = Rect::from_min_max(pos2(rect.left(), y - 14.0), rect.right_bottom());
    painter.rect_filled(strip, 0.0, tokens.canvas.gamma_multiply(0.85));
    let mut x = rect.left() + space::M;
    for (is_dashed, colour, text) in entries {
        let line = [pos2(x, y), pos2(x + 26.0, y)];
        if is_dashed {
            painter.extend(egui::Shape::dashed_line(&line, Stroke::new(2.5, colour), 5.0, 4.0));
        } else {
            painter.line_segment(line, Stroke::new(2.5, colour));
        }
        let text = painter.text(pos2(x + 32.0, y), Align2::LEFT_CENTER, text, font.clone(), tokens.text_weak);
        x = text.right() + space::L;
    }
    painter.text(pos2(x, y), Align2::LEFT_CENTER, note, font, tokens.text_faint);
}

/// What can be done with a node.
fn menu_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    ego: &Ego,
    desk: &NetworkDesk,
    node: Node,
) -> Option<Event> {
    let words = scene.words;
    let mut event = None;
    ui.label(egui::RichText::new(node.title(scene, dataset)).small().color(scene.tokens.text_weak));
    if ui.button(format!("{}  {}", icons::CENTRE, words.get(Word::PutInMiddle))).clicked() {
        event = Some(Event::Centred(node));
        ui.close();
    }
    let Node::Item(item) = node else { return event };
    let is_open = ego.find(node).is_some_and(|place| ego.nodes[place].shown > 0);
    let (icon, word) = if is_open { (icons::COLLAPSE, Word::FoldNode) } else { (icons::EXPAND, Word::UnfoldNode) };
    if ui.button(format!("{icon}  {}", words.get(word))).clicked() {
        event = Some(Event::Unfolded(node));
        ui.close();
    }
    if let Some(tag) = tags_ui(ui, scene, dataset, desk, item) {
        event = Some(Event::ByTag(item, tag));
        ui.close();
    }
    event
}

/// The tags of an item, each with a check where others that have it are shown; gives the one that was chosen.
pub fn tags_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, desk: &NetworkDesk, item: u32) -> Option<u32> {
    let tags = &dataset.items.tags;
    let id = dataset.items.ids.name(item);
    let mut chosen = None;
    for &tag in tags.of(item) {
        let name = tags.vocabulary.name(tag);
        let mut is_shown = desk.by_tag.iter().any(|(own, known)| own == id && known == name);
        let text = scene.words.fill(Word::ByTagNamed, &[scene.label(dataset, name)]);
        if ui.checkbox(&mut is_shown, text).changed() {
            chosen = Some(tag);
        }
    }
    chosen
}

fn node_tip_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, ego: &Ego, place: usize, scale: &Scale) {
    const MOST: usize = 4;
    let (words, tokens) = (scene.words, scene.tokens);
    let node = &ego.nodes[place];
    ui.set_max_width(320.0);
    ui.label(egui::RichText::new(node.node.title(scene, dataset)).font(theme::medium_font(type_size::BODY)));
    let weak = |text: String| egui::RichText::new(text).small().color(tokens.text_weak);
    let count = |number: usize| format::count(number as u64);
    ui.label(weak(words.fill(Word::TakesFrom, &[&count(node.neighbours), &count(node.shown)])));
    let sent = ego.edges.iter().enumerate().filter(|(_, edge)| edge.from == place);
    for (edge, message) in sent.take(MOST) {
        let to = ego.nodes[message.to].node.title(scene, dataset);
        ui.label(weak(words.fill(Word::SendsTo, &[&to])));
        ui.label(weak(says(scene, dataset, ego, edge, scale)));
    }
}

fn edge_tip_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, ego: &Ego, edge: usize, scale: &Scale) {
    let message = &ego.edges[edge];
    ui.set_max_width(320.0);
    let title = |place: usize| ego.nodes[place].node.title(scene, dataset);
    ui.label(format!("{}  {}  {}", title(message.from), icons::RIGHT, title(message.to)));
    ui.label(egui::RichText::new(says(scene, dataset, ego, edge, scale)).small().color(scene.tokens.text_weak));
}

/// Weight, and attention by the head that is looked at.
fn says(scene: &Scene<'_>, dataset: &Dataset, ego: &Ego, edge: usize, scale: &Scale) -> String {
    if let Some(shared) = ego.edges[edge].tag {
        let tag = scene.label(dataset, dataset.items.tags.vocabulary.name(shared.tag));
        return scene.words.fill(Word::SharesTags, &[tag]);
    }
    let percent = |share: f32| format!("{:.1} %", share * 100.0);
    let message = &ego.edges[edge];
    let weight = scene.words.fill(Word::WeightSays, &[&format::score(message.weight), &percent(message.share)]);
    match ego.value(edge, EdgeMeasure::Attention, scale.layer, scale.head) {
        Some(attention) => format!("{weight} · {}", scene.words.fill(Word::AttentionSays, &[&percent(attention)])),
        None => weight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::views::neighbourhood::ego::EgoNode;

    fn wheel(leaves: usize) -> (Ego, Vec<Pos2>) {
        let node = |place: usize| EgoNode {
            node: if place == 0 { Node::User(0) } else { Node::Item(place as u32) },
            hop: usize::from(place > 0),
            neighbours: 0,
            shown: 0,
        };
        let places = (0..=leaves).map(|place| match place {
            0 => pos2(200.0, 200.0),
            _ => pos2(200.0, 200.0) + 150.0 * Vec2::angled(place as f32),
        });
        // The first is a user's, all others go around the rim.
        let edges = (0..leaves).map(|from| EgoEdge {
            to: if from == 0 { 0 } else { from },
            from: from + 1,
            weight: 1.0,
            share: 0.5 / (from + 1) as f32,
            tag: None,
        });
        (Ego { nodes: (0..=leaves).map(node).collect(), edges: edges.collect(), ..Ego::default() }, places.collect())
    }

    #[test]
    fn edges_are_one_mesh_and_many_of_them_take_two_triangles_each() {
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(400.0, 400.0));
        let desk = NetworkDesk::default();
        for (leaves, triangles) in [(3, 6), (10_000, 2)] {
            let (ego, screen) = wheel(leaves);
            let mesh = edges_mesh(Tokens::of(egui::Theme::Dark), &ego, &screen, rect, &Scale::of(&ego, &desk), None);
            assert!(mesh.is_valid());
            // 150 points of the user's one edge are dashes of 7 points each 14 points.
            let lines = leaves - 1 + (150.0 / 14.0) as usize + 1;
            assert_eq!(mesh.indices.len() / 3, triangles * lines, "{leaves} edges");
        }
    }

    #[test]
    fn pointers_and_arrows_find_nodes_and_edges() {
        let (ego, screen) = wheel(4);
        assert_eq!(node_at(&ego, &screen, screen[2] + vec2(3.0, 3.0), |_| 20.0), Some(2));
        assert_eq!(node_at(&ego, &screen, pos2(5.0, 5.0), |_| 20.0), None);
        let middle = screen[0].lerp(screen[1], 0.5);
        assert_eq!(edge_at(&ego, &screen, middle + vec2(1.0, 1.0)), Some(0));
        let row = [pos2(0.0, 0.0), pos2(50.0, 10.0), pos2(20.0, 90.0), pos2(100.0, 0.0)];
        assert_eq!(nearest(&row, 0, vec2(1.0, 0.0)), Some(1));
        assert_eq!(nearest(&row, 0, vec2(0.0, 1.0)), Some(2));
        assert_eq!(nearest(&row, 0, vec2(-1.0, 0.0)), None);
    }
}
