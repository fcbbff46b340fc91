//! Lanes beside each other, for when nothing is selected: the answer that an analyst looks for first.

use egui::{Align, Layout, Rect, RichText, Sense, Ui, pos2, vec2};

use crate::{
    evaluate::LaneReport,
    recall::LaneKind,
    ui::{
        commands::Command,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

/// What is compared, as far as the reports have it: metric, and what it is called on the screen.
const COMPARED: [(&str, Word); 6] = [
    ("recall@20", Word::MetricRecall),
    ("ndcg@20", Word::MetricNdcg),
    ("hit_rate@20", Word::MetricHitRate),
    ("coverage@20", Word::MetricCoverage),
    ("novelty@20", Word::MetricNovelty),
    ("tail_share@20", Word::MetricTail),
];

pub fn overview_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    widgets::section_title(ui, tokens, words.get(Word::LanesCompared));
    ui.add_space(space::XS);
    let reports: Vec<(LaneKind, &LaneReport)> =
        LaneKind::ALL.into_iter().filter_map(|kind| Some((kind, &*opened.trained(kind)?.report))).collect();
    let width_of = |text: String, font| ui.painter().layout_no_wrap(text, font, tokens.text).size().x;
    let names = reports.iter().map(|(kind, _)| width_of(kind.name().to_owned(), theme::font(type_size::SMALL)));
    let figures = reports.iter().flat_map(|(_, report)| COMPARED.map(|(metric, _)| report.metric(metric)));
    let figures = figures.flatten().map(|value| width_of(format::metric(Some(value)), figure_font()));
    let widths = Widths { name: names.fold(0.0, f32::max) + space::S, figure: figures.fold(0.0, f32::max) + space::S };
    if reports.is_empty() {
        ui.label(RichText::new(words.get(Word::Preparing)).small().color(tokens.text_faint));
    }
    for (metric, word) in COMPARED {
        let known: Vec<(LaneKind, f64, Option<[f64; 2]>)> = reports
            .iter()
            .filter_map(|(kind, report)| Some((*kind, report.metric(metric)?, report.intervals.get(metric).copied())))
            .collect();
        if known.is_empty() {
            continue;
        }
        let most = known.iter().map(|&(_, value, interval)| interval.map_or(value, |[_, high]| high.max(value)));
        let most = most.fold(f64::MIN_POSITIVE, f64::max);
        ui.label(RichText::new(words.get(word)).font(theme::medium_font(type_size::SMALL)).color(tokens.text));
        for (kind, value, interval) in known {
            bar_ui(ui, scene, kind, value, interval, most, widths);
        }
        ui.add_space(space::S);
    }
    if let Some((_, report)) = reports.first() {
        let users = format::count(report.users as u64);
        let (text, colour) = match report.users {
            0 => (words.get(Word::NobodyMeasured).to_owned(), tokens.warn),
            _ => (words.fill(Word::OverUsers, &[&users]), tokens.text_faint),
        };
        ui.add(egui::Label::new(RichText::new(text).small().color(colour)).wrap());
    }
    ui.add_space(space::M);
    ui.add(
        egui::Label::new(RichText::new(words.get(Word::NothingSelectedHint)).small().color(tokens.text_faint)).wrap(),
    );
}

/// Of the columns beside the bars.
#[derive(Clone, Copy)]
struct Widths {
    name: f32,
    figure: f32,
}

fn figure_font() -> egui::FontId {
    theme::medium_font(type_size::SMALL)
}

/// A lane's bar with its interval as a whisker, and the figure.
fn bar_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    kind: LaneKind,
    value: f64,
    interval: Option<[f64; 2]>,
    most: f64,
    widths: Widths,
) {
    let tokens = scene.tokens;
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), 17.0), Sense::click());
    let name = format!("{} {}", kind.name(), format::metric(Some(value)));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if response.clicked() {
        scene.send(Command::Select(Thing::Lane(kind), Mode::Replace));
    }
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(row).layout(Layout::left_to_right(Align::Center)));
    let colour = if response.hovered() { tokens.text_strong } else { tokens.text_weak };
    child.label(RichText::new(kind.name()).small().color(colour));
    let track = Rect::from_min_max(
        pos2(row.left() + widths.name, row.top() + 4.0),
        pos2(row.right() - widths.figure, row.bottom() - 4.0),
    );
    let painter = ui.painter();
    painter.rect_filled(track, 2.0, tokens.sunken);
    let at = |value: f64| track.left() + track.width() * (value / most).clamp(0.0, 1.0) as f32;
    painter.rect_filled(Rect::from_x_y_ranges(track.left()..=at(value), track.y_range()), 2.0, tokens.lane(kind));
    if let Some([low, high]) = interval {
        let stroke = egui::Stroke::new(1.0, tokens.text_strong.gamma_multiply(0.7));
        painter.hline(at(low)..=at(high), track.center().y, stroke);
        for end in [low, high] {
            painter.vline(at(end), track.center().y - 3.0..=track.center().y + 3.0, stroke);
        }
    }
    let figure = pos2(row.right(), row.center().y);
    painter.text(figure, egui::Align2::RIGHT_CENTER, format::metric(Some(value)), figure_font(), tokens.text);
}
