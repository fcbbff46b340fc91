//! Attention over a sample of a run's users: by behaviour, by head, and on what is probably noise.

use egui::{Align2, Color32, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{
    behaviour_name, beside_ui,
    figures::{LayerFigures, Noise, RunFigures, Spread},
};
use crate::{
    dataset::Dataset,
    ui::{
        desk::NetworkDesk,
        theme::{self, space, type_size},
        views::{Scene, network},
        widgets::{self, format},
        words::Word,
    },
    workspace::{Table, Values},
};

const LABEL_PX: f32 = 84.0;
const COUNT_PX: f32 = 62.0;
const ROW_PX: f32 = 24.0;
/// The scale of relative attention goes at most from 1/16 to 16, and at least from 1/2 to 2.
const REACH: std::ops::RangeInclusive<f32> = 1.0..=4.0;
/// From this width on both charts stand beside one another.
const BESIDE_FROM: f32 = 680.0;

pub fn whole_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    title: &str,
    figures: &RunFigures,
    desk: &NetworkDesk,
) {
    let words = scene.words;
    let count = |number: usize| format::count(number as u64);
    let about =
        words.fill(Word::WholeRunAbout, &[&count(figures.users), &count(figures.of_users), &count(figures.edges)]);
    ui.horizontal(|ui| {
        let file = format!("{}-attention-run", dataset.name);
        widgets::export_menu(ui, scene, &file, || table(scene, dataset, figures));
        widgets::heading_ui(ui, scene.tokens, title, &about);
    });
    let layer = network::layer_of(desk, figures.layers.len());
    let Some(of_layer) = figures.layers.get(layer) else {
        ui.label(RichText::new(words.get(Word::NoUsersForAttention)).color(scene.tokens.text_weak));
        return;
    };
    let by_behaviour: Vec<(String, Color32, Spread)> = of_layer
        .by_behaviour
        .iter()
        .map(|&(behaviour, spread)| {
            let name = behaviour_name(words, dataset, behaviour).to_owned();
            let own = dataset.behaviours.get(usize::from(behaviour)).map_or("", |behaviour| behaviour.name.as_str());
            (name, scene.tokens.behaviour(own), spread)
        })
        .collect();
    let by_head: Vec<(String, Color32, Spread)> = of_layer
        .by_head
        .iter()
        .enumerate()
        .map(|(head, &spread)| (words.fill(Word::HeadNamed, &[&(head + 1).to_string()]), scene.tokens.accent, spread))
        .collect();
    let width = ui.available_width();
    let is_beside = width >= BESIDE_FROM;
    let narrow = if is_beside { ((width - space::L) / 2.0).floor() } else { width };
    beside_ui(ui, is_beside, |ui| {
        for (word, rows) in [(Word::ByBehaviour, &by_behaviour), (Word::ByHead, &by_head)] {
            ui.allocate_ui_with_layout(vec2(narrow, 10.0), egui::Layout::top_down(egui::Align::Min), |ui| {
                ui.set_width(narrow);
                boxes_ui(ui, scene, words.get(word), rows);
            });
        }
    });
    ui.add_space(space::S);
    noise_ui(ui, scene, dataset, figures, of_layer, desk);
}

/// A row each: from the 5th to the 95th percentile, the middle half as a box, the median as a line.
fn boxes_ui(ui: &mut Ui, scene: &Scene<'_>, title: &str, rows: &[(String, Color32, Spread)]) {
    let (tokens, words) = (scene.tokens, scene.words);
    widgets::section_title(ui, tokens, title).on_hover_text(words.get(Word::RelativeAttentionTip));
    let width = ui.available_width();
    let (area, response) = ui.allocate_exact_size(vec2(width, ROW_PX * rows.len() as f32 + 18.0), Sense::hover());
    let says = |(name, _, spread): &(String, Color32, Spread)| {
        let at = spread.at.map(|value| format!("{value:.2}"));
        let figures = [&at[0], &at[1], &at[2], &at[3], &at[4], &format::count(spread.count as u64)];
        format!("{name}: {}", words.fill(Word::SpreadSays, &figures.map(String::as_str)))
    };
    response.widget_info(|| {
        let all: Vec<String> = rows.iter().map(says).collect();
        WidgetInfo::labeled(Role::Figure, true, format!("{title}: {}", all.join("; ")))
    });
    let plot = Rect::from_min_max(area.min + vec2(LABEL_PX, 0.0), area.max - vec2(COUNT_PX, 18.0));
    let farthest = rows.iter().flat_map(|(_, _, spread)| [spread.at[0], spread.at[4]]);
    let farthest = farthest.map(|value| value.max(1e-9).log2().abs()).fold(0.0, f32::max);
    let reach = farthest.ceil().clamp(*REACH.start(), *REACH.end());
    let x_of = |value: f32| {
        let place = value.max(1e-9).log2().clamp(-reach, reach);
        plot.left() + plot.width() * (place + reach) / (2.0 * reach)
    };
    let painter = ui.painter();
    let small = theme::font(type_size::SMALL);
    for step in -(reach as i32)..=reach as i32 {
        let value = (step as f32).exp2();
        let label = if step < 0 { format!("1/{}", 1 << -step) } else { (1 << step).to_string() };
        let colour = if step == 0 { tokens.text_faint } else { tokens.line };
        painter.vline(x_of(value), plot.y_range(), Stroke::new(1.0, colour));
        let at = pos2(x_of(value), plot.bottom() + 3.0);
        painter.text(at, Align2::CENTER_TOP, label, theme::font(type_size::MICRO), tokens.text_weak);
    }
    for (place, row) in rows.iter().enumerate() {
        let (name, colour, spread) = row;
        let y = plot.top() + ROW_PX * (place as f32 + 0.5);
        let clipped = painter.with_clip_rect(Rect::from_min_max(
            pos2(area.left(), y - ROW_PX / 2.0),
            pos2(plot.left() - 4.0, y + ROW_PX / 2.0),
        ));
        clipped.text(pos2(area.left(), y), Align2::LEFT_CENTER, name, small.clone(), tokens.text);
        let [low, first, median, third, high] = spread.at.map(x_of);
        painter.hline(low..=high, y, Stroke::new(1.5, *colour));
        let middle = Rect::from_min_max(pos2(first, y - 6.0), pos2(third.max(first + 1.0), y + 6.0));
        painter.rect(
            middle,
            2.0,
            tokens.canvas.lerp_to_gamma(*colour, 0.45),
            Stroke::new(1.0, *colour),
            egui::StrokeKind::Inside,
        );
        painter.vline(median, y - 8.0..=y + 8.0, Stroke::new(2.0, tokens.text_strong));
        let figure = format!("{:.2}", spread.at[2]);
        painter.text(pos2(area.right(), y), Align2::RIGHT_CENTER, figure, small.clone(), tokens.text_weak);
    }
    if let Some(at) = response.hover_pos() {
        let row = rows.get(((at.y - plot.top()) / ROW_PX) as usize);
        if let Some(row) = row {
            response.on_hover_text(says(row));
        }
    }
}

/// Three bars: what even attention, the weights and the attention give to what is probably noise.
fn noise_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    figures: &RunFigures,
    of_layer: &LayerFigures,
    desk: &NetworkDesk,
) {
    let (tokens, words) = (scene.tokens, scene.words);
    let title = words.get(Word::ProbableNoise);
    ui.label(RichText::new(title).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong));
    let weakest = figures.weakest.map_or("", |behaviour| behaviour_name(words, dataset, behaviour));
    let head = network::head_of(desk, of_layer.by_head.len());
    let noise = of_layer.noise.get(head.map_or(0, |head| head + 1));
    let Some(&noise) = noise else {
        let why = words.fill(Word::NoNoise, &[weakest]);
        ui.add(egui::Label::new(RichText::new(why).color(tokens.text_weak)).wrap());
        return;
    };
    let Noise { users, even, weight, attention } = noise;
    let about = words.fill(Word::NoiseAbout, &[weakest, &format::count(users as u64)]);
    ui.add(egui::Label::new(RichText::new(about).small().color(tokens.text_weak)).wrap());
    let percent = |share: f32| format!("{:.1} %", share * 100.0);
    for (word, value, colour) in [
        (Word::NoiseEven, even, tokens.text_faint),
        (Word::NoiseWeight, weight, tokens.tail),
        (Word::NoiseAttention, attention, tokens.accent),
    ] {
        let width = ui.available_width().min(640.0);
        let (row, response) = ui.allocate_exact_size(vec2(width, 20.0), Sense::hover());
        let name = words.get(word);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {}", percent(value))));
        let small = theme::font(type_size::SMALL);
        let y = row.center().y;
        ui.painter().text(pos2(row.left(), y), Align2::LEFT_CENTER, name, small.clone(), tokens.text);
        let track = Rect::from_min_max(pos2(row.left() + 190.0, y - 4.0), pos2(row.right() - 60.0, y + 4.0));
        ui.painter().rect_filled(track, 3.0, tokens.sunken);
        let full = Rect::from_min_size(track.min, vec2(track.width() * value.clamp(0.0, 1.0), 8.0));
        ui.painter().rect_filled(full, 3.0, colour);
        ui.painter().text(pos2(row.right(), y), Align2::RIGHT_CENTER, percent(value), small, tokens.text_weak);
    }
    let ratio = |of: f32| format!("{:.2}", attention / of.max(f32::EPSILON));
    let sentence = words.fill(Word::NoiseRatio, &[&ratio(even), &ratio(weight)]);
    ui.add(egui::Label::new(RichText::new(sentence).color(tokens.text)).wrap());
}

/// All figures of the run, layer by layer.
fn table(scene: &Scene<'_>, dataset: &Dataset, figures: &RunFigures) -> Table {
    let words = scene.words;
    let mut layers = Vec::new();
    let (mut kinds, mut names, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    let mut numbers: [Vec<Option<crate::workspace::Measured>>; 9] = Default::default();
    let mut push = |layer: usize, kind: &str, name: String, count: usize, values: [Option<f32>; 9]| {
        layers.push(Some(layer as u64 + 1));
        kinds.push(Some(kind.to_owned()));
        names.push(Some(name));
        counts.push(Some(count as u64));
        for (column, value) in numbers.iter_mut().zip(values) {
            column.push(value.map(|value| f64::from(value).into()));
        }
    };
    let spread = |spread: &Spread| {
        let [a, b, c, d, e] = spread.at.map(Some);
        [Some(spread.mean), a, b, c, d, e, None, None, None]
    };
    for (layer, of_layer) in figures.layers.iter().enumerate() {
        for (behaviour, own) in &of_layer.by_behaviour {
            let name = dataset.behaviours.get(usize::from(*behaviour)).map_or("", |behaviour| behaviour.name.as_str());
            push(layer, "behaviour", name.to_owned(), own.count, spread(own));
        }
        for (head, own) in of_layer.by_head.iter().enumerate() {
            push(layer, "head", (head + 1).to_string(), own.count, spread(own));
        }
        for (place, noise) in of_layer.noise.iter().enumerate() {
            let name = if place == 0 { "mean".to_owned() } else { place.to_string() };
            let shares = [Some(noise.even), Some(noise.weight), Some(noise.attention)];
            let [a, b, c] = shares;
            push(layer, "noise", name, noise.users, [None, None, None, None, None, None, a, b, c]);
        }
    }
    let titles = ["mean", "p5", "p25", "p50", "p75", "p95", "even_share", "weight_share", "attention_share"];
    let mut table = Table::new()
        .with("layer", words.get(Word::Layer), Values::Count(layers))
        .with("kind", "kind", Values::Text(kinds))
        .with("of", "of", Values::Text(names))
        .with("count", "count", Values::Count(counts));
    for (name, column) in titles.into_iter().zip(numbers) {
        table = table.with(name, name, Values::Metric(column));
    }
    table
}
