//! The paired difference of two rows that are held.

use egui::{Align2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{
    background::Background,
    rows::{Row, Rows},
};
use crate::{
    evaluate::{Difference, MetricDifference, NoDifference},
    ui::{
        desk::EvaluationDesk,
        icons,
        metrics::METRICS,
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

const ROW_PX: f32 = 20.0;

/// One row held: how to hold another. Two: how they differ.
pub fn compare_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    rows: &Rows,
    desk: &mut EvaluationDesk,
    background: &mut Background,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let held: Vec<&Row> = desk.held.iter().filter_map(|id| rows.of_id(id)).collect();
    let [one, other] = held[..] else {
        let word = if held.is_empty() { Word::HoldNone } else { Word::HoldAnother };
        ui.horizontal(|ui| {
            ui.set_min_height(22.0);
            ui.label(RichText::new(icons::INFO).color(tokens.text_faint));
            let hint = RichText::new(words.get(word)).small().color(tokens.text_weak);
            ui.add(egui::Label::new(hint).truncate());
        });
        return;
    };
    ui.horizontal(|ui| {
        // As high while it is computed as when it is there, so that nothing below moves.
        let shown =
            METRICS.iter().filter(|metric| metric.is_by_user && desk.metrics.iter().any(|name| name == metric.name));
        ui.set_min_height(ROW_PX * shown.count().max(2) as f32 + space::S);
        ui.vertical(|ui| {
            ui.set_width(190.0);
            ui.spacing_mut().item_spacing.y = 2.0;
            name_ui(ui, scene, "", one);
            name_ui(ui, scene, "−", other);
        });
        if widgets::icon_button(ui, icons::SWAP, words.get(Word::SwapHeld)).clicked() {
            desk.held.reverse();
        }
        if widgets::icon_button(ui, icons::CLOSE, words.get(Word::ReleaseHeld)).clicked() {
            desk.held.clear();
        }
        ui.add_space(space::M);
        if !one.has_test_of(other) {
            ui.label(RichText::new(words.get(Word::OtherTest)).color(tokens.warn));
            return;
        }
        match background.difference(scene.session, opened, [one, other], &desk.slice, desk.k) {
            None => {
                ui.spinner();
            }
            Some(Err(why)) => {
                let word = match why {
                    NoDifference::NoCommonUser => Word::NoCommonUsers,
                    NoDifference::NotMeasured => Word::DifferenceNotMeasured,
                };
                ui.add(egui::Label::new(RichText::new(words.get(word)).color(tokens.text_weak)).wrap());
            }
            Some(Ok(difference)) => difference_ui(ui, scene, difference, desk),
        }
    });
}

fn name_ui(ui: &mut Ui, scene: &Scene<'_>, sign: &str, row: &Row) {
    ui.horizontal(|ui| {
        let (place, _) = ui.allocate_exact_size(vec2(10.0, 18.0), Sense::hover());
        let (shape, is_hollow) = row.marker();
        widgets::marker(ui.painter(), shape, place.center(), 4.5, row.colour(scene.tokens), is_hollow);
        let text = format!("{sign} {}", row.title);
        let text = RichText::new(text.trim()).font(theme::medium_font(type_size::BODY)).color(scene.tokens.text_strong);
        ui.add(egui::Label::new(text).truncate());
    });
}

/// The metrics that the table shows, as far as they are means over users.
fn difference_ui(ui: &mut Ui, scene: &Scene<'_>, difference: &Difference, desk: &EvaluationDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_shown = |name: &str| desk.metrics.iter().any(|shown| shown == name);
    let found = METRICS.iter().filter(|metric| is_shown(metric.name)).filter_map(|metric| {
        let found = difference.metrics.iter().find(|found| found.metric == metric.name)?;
        Some((format!("{}@{}", words.get(metric.title), desk.k), found))
    });
    let metrics: Vec<(String, &MetricDifference)> = found.collect();
    if metrics.is_empty() {
        let text = RichText::new(words.get(Word::DifferenceNoMetric)).color(tokens.text_weak);
        ui.add(egui::Label::new(text).wrap());
        return;
    }
    // All on one scale around 0.
    let ends = metrics.iter().flat_map(|(_, found)| found.interval);
    let reach = ends.fold(1e-6, |reach: f64, end| reach.max(end.abs()));
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (name, found) in &metrics {
            let MetricDifference { value, interval, .. } = **found;
            let verdict = if interval[0] > 0.0 {
                (Word::DifferenceBetter, tokens.hit)
            } else if interval[1] < 0.0 {
                (Word::DifferenceWorse, tokens.error)
            } else {
                (Word::DifferenceUnclear, tokens.text_weak)
            };
            let width = ui.available_width();
            let (rect, response) = ui.allocate_exact_size(vec2(width, ROW_PX), Sense::hover());
            let figures = format::signed(value);
            let ends = format!("{} … {}", format::signed(interval[0]), format::signed(interval[1]));
            let text = format!("{name} {figures}, {ends}, {}", words.get(verdict.0));
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
            response.on_hover_text(words.fill(Word::DifferenceTip, &[&format::count(difference.users as u64)]));
            let painter = ui.painter();
            let y = rect.center().y;
            let put = |x: f32, align: Align2, text: &str, size: f32, is_strong: bool, colour| {
                let font = if is_strong { theme::strong_font(size) } else { theme::font(size) };
                painter.text(pos2(rect.left() + x, y), align, text, font, colour);
            };
            put(0.0, Align2::LEFT_CENTER, name, type_size::SMALL, false, tokens.text_weak);
            put(150.0, Align2::RIGHT_CENTER, &figures, type_size::BODY, true, tokens.text_strong);
            put(160.0, Align2::LEFT_CENTER, &ends, type_size::SMALL, false, tokens.text_weak);
            let bar =
                Rect::from_min_max(pos2(rect.left() + 290.0, rect.top()), pos2(rect.left() + 390.0, rect.bottom()));
            if bar.right() < rect.right() {
                let x = |value: f64| bar.center().x + bar.width() / 2.0 * (value / reach) as f32;
                painter.vline(
                    bar.center().x,
                    bar.shrink2(vec2(0.0, 3.0)).y_range(),
                    Stroke::new(1.0, tokens.text_faint),
                );
                painter.hline(x(interval[0])..=x(interval[1]), y, Stroke::new(2.0, verdict.1));
                painter.circle_filled(pos2(x(value), y), 3.5, verdict.1);
            }
            put(402.0, Align2::LEFT_CENTER, words.get(verdict.0), type_size::SMALL, false, verdict.1);
        }
    });
}
