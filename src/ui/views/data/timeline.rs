//! Events per day and behaviour, with the split and the window as handles that can be dragged.

use egui::{
    Align, Align2, Color32, CursorIcon, EventFilter, Key, Layout, Modifiers, Painter, Rect, Response, RichText, Role,
    Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::{
    counts::{Counts, Timeline},
    export::timeline_table,
    note_ui,
    split::{self, Draft, Moments},
};
use crate::{
    dataset::split::SplitSettings,
    ui::{
        desk::DataDesk,
        icons,
        session::Opened,
        theme::{self, Tokens, radius, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

const HEIGHT_PX: f32 = 190.0;
/// Above the bars: the handles' heads and the names of the parts.
const HEAD_PX: f32 = 22.0;
const AXIS_PX: f32 = 18.0;
const LABELS_PX: f32 = 46.0;
/// No bar is narrower; several steps of time share one instead.
const MIN_BAR_PX: f32 = 3.0;
/// How far from a handle the mouse still takes it.
const REACH_PX: f32 = 7.0;

/// Where times lie on the screen.
#[derive(Clone, Copy)]
struct Place {
    plot: Rect,
    from_secs: i64,
    span_secs: f64,
}

impl Place {
    fn x(self, secs: i64) -> f32 {
        let share = secs.saturating_sub(self.from_secs) as f64 / self.span_secs;
        self.plot.left() + self.plot.width() * share.clamp(0.0, 1.0) as f32
    }

    fn secs(self, x: f32) -> i64 {
        let share = f64::from((x - self.plot.left()) / self.plot.width().max(1.0));
        self.from_secs + (share.clamp(0.0, 1.0) * self.span_secs) as i64
    }
}

/// What the handles stand on.
#[derive(Clone, Copy)]
struct Chart<'a> {
    scene: &'a Scene<'a>,
    opened: &'a Opened,
    timeline: &'a Timeline,
    place: Place,
}

pub(super) fn time_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    counts: &Counts,
    desk: &mut DataDesk,
    draft: &mut Option<Draft>,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let Some(timeline) = &counts.timeline else {
        note_ui(ui, scene, words.get(Word::NoTimeline));
        return;
    };
    ui.add_space(space::XS);
    legend_ui(ui, scene, opened, counts, timeline, desk);
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT_PX), Sense::hover());
    let per = if timeline.step_secs == 3_600 { Word::PerHour } else { Word::PerDay };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words.get(per)));
    let plot = Rect::from_min_max(whole.min + vec2(LABELS_PX, HEAD_PX), whole.max - vec2(space::S, AXIS_PX));
    let span_secs = (timeline.end_secs() - timeline.from_secs).max(1) as f64;
    let place = Place { plot, from_secs: timeline.from_secs, span_secs };
    let moments = Moments::of(opened, split::shown(opened, draft));
    let painter = ui.painter_at(whole.expand(4.0));
    if let Some(moments) = moments {
        parts_ui(&painter, scene, place, moments);
    }
    let bars = Bars::new(timeline, counts, plot.width());
    bars.ui(&painter, tokens, opened, counts, place, desk.log_counts);
    times_ui(&painter, tokens, place);
    if let Some(moments) = moments {
        handles_ui(ui, &painter, &Chart { scene, opened, timeline, place }, moments, draft);
    }
    bars.hover_ui(scene, opened, counts, timeline, place, response);
    if timeline.outliers > 0 {
        let text = words.fill(Word::OutliersLeftOut, &[&format::count(timeline.outliers)]);
        ui.label(RichText::new(text).small().color(tokens.text_weak));
    }
    if moments.is_some() {
        let text = RichText::new(words.get(Word::TimeHint)).small().color(tokens.text_faint);
        ui.add(egui::Label::new(text).wrap());
    }
}

fn legend_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    counts: &Counts,
    timeline: &Timeline,
    desk: &mut DataDesk,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        for &kind in &counts.behaviour_order {
            let name = &opened.dataset.behaviours[kind].name;
            let text = words.common(name);
            if ui.available_width() < widgets::legend_width(ui, text) + 170.0 {
                break;
            }
            widgets::legend_entry(ui, tokens, icons::DOT_FILL, tokens.behaviour(name), text);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            widgets::export_menu(ui, scene, "events_by_time", || timeline_table(&opened.dataset, counts, timeline));
            for (is_log, word) in [(true, Word::ScaleLog), (false, Word::ScaleLinear)] {
                ui.selectable_value(&mut desk.log_counts, is_log, RichText::new(words.get(word)).small());
            }
        });
    });
}

/// Grounds and names of the training part, the window and what comes later.
fn parts_ui(painter: &Painter, scene: &Scene<'_>, place: Place, moments: Moments) {
    let (words, tokens) = (scene.words, scene.tokens);
    let x = place.x(moments.reference_secs);
    let from = moments.window_from_secs.map_or(place.plot.left(), |secs| place.x(secs));
    let ground = |left: f32, right: f32, colour: Color32| {
        let rect = Rect::from_x_y_ranges(left..=right, place.plot.y_range());
        painter.rect_filled(rect, 0.0, colour);
    };
    ground(place.plot.left(), from, tokens.panel);
    ground(from, x, tokens.panel.lerp_to_gamma(tokens.accent, 0.13));
    ground(x, place.plot.right(), tokens.panel.lerp_to_gamma(tokens.hit, 0.13));
    let y = place.plot.top() - HEAD_PX + 6.0;
    for (left, right, word, colour) in [
        (place.plot.left(), from, Word::TrainPart, tokens.text_weak),
        (from, x, Word::WindowLabel, tokens.accent),
        (x, place.plot.right(), Word::TestPart, tokens.hit),
    ] {
        let text = painter.layout_no_wrap(words.get(word).to_owned(), theme::medium_font(type_size::SMALL), colour);
        if text.size().x + 2.0 * REACH_PX < right - left {
            painter.galley(pos2((left + right - text.size().x) / 2.0, y - 4.0), text, colour);
        }
    }
}

/// Steps of time joined until each bar can be seen.
struct Bars {
    joined: usize,
    /// Steps of time over the whole width.
    steps: usize,
    /// `[bars][behaviours]`
    counts: Vec<Vec<u64>>,
    most: u64,
}

impl Bars {
    fn new(timeline: &Timeline, counts: &Counts, width_px: f32) -> Self {
        let fitting = ((width_px / MIN_BAR_PX) as usize).max(1);
        let joined = timeline.counts.len().div_ceil(fitting).max(1);
        let join = |steps: &[Vec<u32>]| -> Vec<u64> {
            let mut sums = vec![0; counts.per_behaviour.len()];
            for step in steps {
                for (sum, &count) in sums.iter_mut().zip(step) {
                    *sum += u64::from(count);
                }
            }
            sums
        };
        let bars: Vec<Vec<u64>> = timeline.counts.chunks(joined).map(join).collect();
        let most = bars.iter().map(|bar| bar.iter().sum()).max().unwrap_or(0).max(1);
        Self { joined, steps: timeline.counts.len(), counts: bars, most }
    }

    fn ui(&self, painter: &Painter, tokens: &Tokens, opened: &Opened, counts: &Counts, place: Place, is_log: bool) {
        let plot = place.plot;
        let scaled = |count: u64| if is_log { (count as f64 + 1.0).ln() } else { count as f64 };
        let top = scaled(self.most) * 1.04;
        let height = |count: u64| plot.height() * (scaled(count) / top) as f32;
        for mark in self.marks(is_log) {
            let y = plot.bottom() - height(mark);
            painter.hline(plot.x_range(), y, Stroke::new(1.0, tokens.line.gamma_multiply(0.6)));
            let at = pos2(plot.left() - 6.0, y);
            let font = theme::font(type_size::MICRO);
            painter.text(at, Align2::RIGHT_CENTER, format::count(mark), font, tokens.text_faint);
        }
        let step_px = plot.width() * self.joined as f32 / self.steps.max(1) as f32;
        let gap = if step_px > 5.0 { 1.0 } else { 0.0 };
        for (number, bar) in self.counts.iter().enumerate() {
            let all: u64 = bar.iter().sum();
            if all == 0 {
                continue;
            }
            let left = plot.left() + number as f32 * step_px;
            let right = (left + step_px - gap).min(plot.right());
            let full = height(all);
            let mut below = 0u64;
            // On a logarithmic scale only the whole bar is true to scale; its parts keep their shares.
            let share = |count: u64| full * count as f32 / all as f32;
            for &kind in &counts.behaviour_order {
                let count = bar[kind];
                if count > 0 {
                    let y = plot.bottom() - share(below);
                    let rect = Rect::from_x_y_ranges(left..=right, y - share(count)..=y);
                    painter.rect_filled(rect, 0.0, tokens.behaviour(&opened.dataset.behaviours[kind].name));
                    below += count;
                }
            }
        }
        painter.hline(plot.x_range(), plot.bottom(), Stroke::new(1.0, tokens.line));
    }

    /// Counts that get a line: round ones, three or four of them.
    fn marks(&self, is_log: bool) -> Vec<u64> {
        if is_log {
            let mut marks: Vec<u64> = std::iter::successors(Some(1u64), |mark| mark.checked_mul(10))
                .take_while(|&mark| mark <= self.most)
                .collect();
            if marks.len() > 5 {
                marks = marks.into_iter().step_by(2).collect();
            }
            return marks;
        }
        let rough = self.most as f64 / 3.0;
        let power = 10f64.powf(rough.max(1.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|nice| nice * power).find(|&step| step >= rough);
        let step = step.unwrap_or(rough).max(1.0) as u64;
        (1..=self.most / step).map(|number| number * step).collect()
    }

    fn hover_ui(
        &self,
        scene: &Scene<'_>,
        opened: &Opened,
        counts: &Counts,
        timeline: &Timeline,
        place: Place,
        response: Response,
    ) {
        let Some(at) = response.hover_pos().filter(|at| place.plot.contains(*at)) else { return };
        let step = (place.secs(at.x) - timeline.from_secs) / timeline.step_secs;
        let number = step.max(0) as usize / self.joined;
        let Some(bar) = self.counts.get(number) else { return };
        let secs = |bar: usize| timeline.from_secs + (bar * self.joined) as i64 * timeline.step_secs;
        let (from, to) = (secs(number), secs(number + 1).min(timeline.end_secs()) - 1);
        let (words, tokens) = (scene.words, scene.tokens);
        response.on_hover_ui_at_pointer(|ui| {
            let written = if timeline.step_secs < 86_400 { format::date_time } else { format::date };
            let title = if written(from) == written(to) || timeline.step_secs < 86_400 {
                written(from)
            } else {
                format!("{} – {}", written(from), written(to))
            };
            ui.label(RichText::new(title).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong));
            for &kind in &counts.behaviour_order {
                if bar[kind] > 0 {
                    let name = &opened.dataset.behaviours[kind].name;
                    ui.horizontal(|ui| {
                        ui.label(RichText::new(icons::DOT_FILL).color(tokens.behaviour(name)));
                        ui.label(RichText::new(words.common(name)).color(tokens.text_weak));
                        ui.label(format::count(bar[kind]));
                    });
                }
            }
        });
    }
}

/// Dates below the bars.
fn times_ui(painter: &Painter, tokens: &Tokens, place: Place) {
    const HOUR: i64 = 3_600;
    const DAY: i64 = 86_400;
    let label_px = 104.0;
    let least = place.span_secs * f64::from(label_px / place.plot.width().max(1.0));
    let steps = [1, 3, 6, 12]
        .map(|hours| hours * HOUR)
        .into_iter()
        .chain([1, 2, 7, 14, 28, 91, 182, 365, 730, 1_825, 3_650].map(|days| days * DAY));
    let step = steps.into_iter().find(|&step| step as f64 >= least).unwrap_or(36_500 * DAY);
    let mut secs = place.from_secs.div_euclid(DAY.min(step)) * DAY.min(step);
    let end = place.from_secs + place.span_secs as i64;
    while secs <= end {
        let x = place.x(secs);
        if secs >= place.from_secs && x + label_px * 0.3 < place.plot.right() {
            painter.vline(x, place.plot.bottom()..=place.plot.bottom() + 3.0, Stroke::new(1.0, tokens.line));
            let text = if step < DAY { format::date_time(secs) } else { format::date(secs) };
            let font = theme::font(type_size::MICRO);
            let (at, align) =
                if x < place.plot.left() + label_px / 2.0 { (x, Align2::LEFT_TOP) } else { (x, Align2::CENTER_TOP) };
            painter.text(pos2(at, place.plot.bottom() + 4.0), align, text, font, tokens.text_faint);
        }
        secs = secs.saturating_add(step);
    }
}

/// The two handles, and what moving them makes of the split.
fn handles_ui(ui: &Ui, painter: &Painter, chart: &Chart<'_>, moments: Moments, draft: &mut Option<Draft>) {
    let Chart { scene, opened, timeline, place } = *chart;
    let tokens = scene.tokens;
    let settings = split::shown(opened, draft).clone();
    let reference = moments.reference_secs;
    let from = moments.window_from_secs.unwrap_or(timeline.from_secs).max(timeline.from_secs);
    let now = ui.input(|input| input.time);
    let mut change = |moved: Moved, to: &dyn Fn(i64) -> SplitSettings| match moved {
        Moved::Still => {}
        Moved::Dragged(secs) => *draft = Some(Draft { settings: to(secs), moved_at_secs: None }),
        Moved::Stepped(secs) => *draft = Some(Draft { settings: to(secs), moved_at_secs: Some(now) }),
        Moved::LetGo => split::finish(scene, opened, draft),
    };
    let moved = handle_ui(ui, painter, chart, Word::WindowFrom, from, tokens.accent);
    change(moved, &|secs| split::with_window_from(&settings, timeline, reference, secs));
    let moved = handle_ui(ui, painter, chart, Word::ReferenceTime, reference, tokens.hit);
    change(moved, &|secs| split::with_reference(&settings, timeline, secs));
    let galley = painter.layout_no_wrap(format::date(reference), theme::medium_font(type_size::MICRO), tokens.on_hit);
    // Beside the line, on the side that has room.
    let x = place.x(reference);
    let is_left = x + galley.size().x + 16.0 > place.plot.right();
    let left = if is_left { x - galley.size().x - 14.0 } else { x + 6.0 };
    let plate = Rect::from_min_size(pos2(left, place.plot.top() + 3.0), galley.size() + vec2(8.0, 3.0));
    painter.rect_filled(plate, radius::COVER, tokens.hit);
    painter.galley(plate.min + vec2(4.0, 1.5), galley, tokens.on_hit);
}

/// What was done to a handle in this frame.
#[derive(Clone, Copy)]
enum Moved {
    Still,
    Dragged(i64),
    LetGo,
    /// By a key.
    Stepped(i64),
}

/// A line that can be dragged, and moved by the arrow keys while it has the focus.
fn handle_ui(ui: &Ui, painter: &Painter, chart: &Chart<'_>, word: Word, secs: i64, colour: Color32) -> Moved {
    let Chart { scene, timeline, place, .. } = *chart;
    let name = scene.words.get(word);
    let id = ui.scope_id().with(("handle", name));
    let x = place.x(secs);
    let top = place.plot.top() - HEAD_PX + 4.0;
    // Each has its grip on its own side, so that both can be taken where they stand close.
    let (left, right) = if word == Word::WindowFrom { (2.0 * REACH_PX, 1.0) } else { (1.0, 2.0 * REACH_PX) };
    let reach = Rect::from_x_y_ranges(x - left..=x + right, top..=place.plot.bottom());
    let response = ui.interact(reach, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, secs as f64, name));
    let is_held = response.dragged() || response.has_focus();
    let width = if is_held || response.hovered() { 2.5 } else { 1.5 };
    painter.vline(x, place.plot.top() - 6.0..=place.plot.bottom(), Stroke::new(width, colour));
    let side = if word == Word::WindowFrom { -4.5 } else { 4.5 };
    let grip = Rect::from_center_size(pos2(x + side, place.plot.top() - 6.0), vec2(10.0, 14.0));
    painter.rect_filled(grip, 3.0, colour);
    if response.has_focus() {
        let stroke = Stroke::new(1.5, scene.tokens.text_strong);
        painter.rect_stroke(grip.expand(2.0), 4.0, stroke, egui::StrokeKind::Outside);
    }
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if response.clicked() {
        response.request_focus();
    }
    if response.dragged()
        && let Some(at) = response.interact_pointer_pos()
    {
        // Full days (or hours) are what an analyst means.
        let step = timeline.step_secs;
        return Moved::Dragged((place.secs(at.x) + step / 2).div_euclid(step) * step);
    }
    if response.drag_stopped() {
        return Moved::LetGo;
    }
    if !response.has_focus() {
        return Moved::Still;
    }
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let (steps, is_entered) = ui.input_mut(|input| {
        let mut pressed = |modifiers, key| input.count_and_consume_key(modifiers, key) as i64;
        let mut steps = pressed(Modifiers::SHIFT, Key::ArrowRight) - pressed(Modifiers::SHIFT, Key::ArrowLeft);
        steps *= 7;
        steps += pressed(Modifiers::NONE, Key::ArrowRight) - pressed(Modifiers::NONE, Key::ArrowLeft);
        (steps, pressed(Modifiers::NONE, Key::Enter) > 0)
    });
    match (steps, is_entered) {
        (0, true) => Moved::LetGo,
        (0, false) => Moved::Still,
        (steps, _) => Moved::Stepped(secs + steps * timeline.step_secs),
    }
}
