//! How click rate and exposure depth came in.

use egui::{RichText, Role, Sense, TextStyle, Ui, WidgetInfo, vec2};
use egui_plot::{HLine, Line, LineStyle, PlotPoints};

use crate::{
    evaluate::ab::{AbReport, Figure, Metric},
    ui::{
        theme::{self, space, type_size},
        views::Scene,
        widgets,
        words::Word,
    },
};

const HEIGHT: f32 = 210.0;
/// Below this width charts stand below one another.
const BESIDE_FROM: f32 = 640.0;

/// Values on the left, differences from the first arm on the right.
pub fn charts_ui(ui: &mut Ui, scene: &Scene<'_>, report: &AbReport) {
    let arms: Vec<(String, usize)> = report.arms.iter().map(|arm| arm.arm.clone()).zip(0..).collect();
    let later: Vec<(String, usize)> = arms.iter().skip(1).cloned().collect();
    for (metric, value, difference) in
        [(Metric::Ctr, Word::LabCtr, Word::LabCtrLess), (Metric::Depth, Word::LabDepth, Word::LabDepthLess)]
    {
        let beside = ui.available_width() >= BESIDE_FROM;
        let width = if beside { (ui.available_width() - space::L) / 2.0 } else { ui.available_width() };
        let both = |ui: &mut Ui| {
            let points = |of: usize| of_report(report, metric, of, false);
            chart_ui(ui, scene, value, (metric, "value"), width, &arms, false, &points);
            let points = |of: usize| of_report(report, metric, of - 1, true);
            chart_ui(ui, scene, difference, (metric, "difference"), width, &later, true, &points);
        };
        if beside {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                both(ui);
            });
        } else {
            both(ui);
        }
        ui.add_space(space::S);
    }
}

fn of_report(report: &AbReport, metric: Metric, place: usize, is_difference: bool) -> Vec<(f64, Figure)> {
    report
        .curve
        .iter()
        .filter_map(|point| {
            let of = if is_difference { &point.differences } else { &point.arms };
            let figure = (*of.get(metric.name())?.get(place)?)?;
            Some((point.visits as f64, figure))
        })
        .collect()
}

fn chart_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    title: Word,
    id: (Metric, &'static str),
    width: f32,
    arms: &[(String, usize)],
    has_zero: bool,
    points: &dyn Fn(usize) -> Vec<(f64, Figure)>,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let title = words.get(title);
    ui.allocate_ui_with_layout(vec2(width, HEIGHT), egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.set_min_size(vec2(width, HEIGHT));
        ui.set_max_width(width);
        let text = RichText::new(title).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong);
        ui.add(egui::Label::new(text).truncate());
        ui.style_mut().text_styles.insert(TextStyle::Body, theme::font(type_size::MICRO + 0.5));
        ui.visuals_mut().override_text_color = Some(tokens.text_weak);
        let place = egui::Rect::from_min_size(ui.cursor().min, ui.available_size());
        let figure = ui.interact(place, ui.make_persistent_id((id, "name")), Sense::empty());
        figure.widget_info(|| WidgetInfo::labeled(Role::Figure, true, title));
        let plot = widgets::still_plot(id, tokens)
            .height(ui.available_height())
            .x_axis_label(RichText::new(words.get(Word::LabVisits)).size(type_size::MICRO));
        plot.show(ui, |plot| {
            if has_zero {
                plot.hline(HLine::new(words.get(Word::LabNoDifference), 0.0).color(tokens.text_faint).width(1.0));
            }
            for (name, place) in arms {
                let (points, colour) = (points(*place), tokens.category(*place));
                let line = |of: &dyn Fn(&Figure) -> f64| -> PlotPoints<'static> {
                    points.iter().map(|(visits, figure)| [*visits, of(figure)]).collect()
                };
                plot.line(Line::new(name.clone(), line(&|figure| figure.value)).color(colour).width(2.0));
                for side in 0..2 {
                    let bound = Line::new(name.clone(), line(&|figure| figure.interval[side]));
                    let bound = bound.color(colour.gamma_multiply(0.6)).width(1.0).style(LineStyle::dashed_loose());
                    plot.line(bound.allow_hover(false));
                }
            }
        });
    });
}
