//! Attention against weight, neighbour by neighbour.

use egui::{Rect, RichText, Role, Sense, TextStyle, Ui, WidgetInfo, vec2};
use egui_plot::{HoverPosition, Line, LineStyle, Points};

use super::figures::NodeFigures;
use crate::{
    dataset::Dataset,
    ui::{
        theme::{self, type_size},
        views::{Scene, network::Shares},
        widgets,
        words::Word,
    },
};

/// A point a neighbour; the line is where attention follows weight.
pub fn scatter_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    figures: &NodeFigures,
    shares: &Shares,
    head: Option<usize>,
) {
    let (tokens, words) = (scene.tokens, scene.words);
    ui.style_mut().text_styles.insert(TextStyle::Body, theme::font(type_size::MICRO + 0.5));
    ui.style_mut().text_styles.insert(TextStyle::Monospace, theme::font(type_size::SMALL));
    let title = words.get(Word::AttentionByWeight);
    let text = RichText::new(title).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong);
    ui.add(egui::Label::new(text).truncate());
    let height = ui.available_height();
    let place = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    let chart = ui.interact(place, ui.make_persistent_id("attention by weight"), Sense::empty());
    chart.widget_info(|| WidgetInfo::labeled(Role::Figure, true, title));
    ui.visuals_mut().override_text_color = Some(tokens.text_weak);
    let points: Vec<(String, [f64; 2])> = figures
        .neighbours
        .iter()
        .enumerate()
        .map(|(place, &(item, weight))| {
            (scene.title(dataset, item).to_owned(), [f64::from(weight), f64::from(shares.share(place, head))])
        })
        .collect();
    let reach = |axis: usize| points.iter().map(|(_, at)| at[axis]).fold(1e-6, f64::max) * 1.08;
    let (right, top) = (reach(0), reach(1));
    let percent = |value: f64, whole: f64| {
        let decimals = if whole < 0.05 { 1 } else { 0 };
        format!("{:.decimals$} %", value * 100.0)
    };
    let says = words.get(Word::ScatterPoint);
    let even = 1.0 / points.len().max(1) as f64;
    let plot = widgets::still_plot("attention by weight", tokens)
        .height(height)
        .grid_spacing(20.0..=70.0)
        .x_axis_formatter(move |mark, _| percent(mark.value, right))
        .y_axis_formatter(move |mark, _| percent(mark.value, top))
        .x_axis_label(RichText::new(words.get(Word::WeightShare)).size(type_size::MICRO))
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
                let parts = [position.x, position.y].map(|share| format!("{:.1} %", share * 100.0));
                let filled = says.replacen("{}", &parts[0], 1).replacen("{}", &parts[1], 1);
                Some(format!("{plot_name}\n{filled}"))
            }
            _ => None,
        });
    plot.show(ui, |plot| {
        plot.set_plot_bounds_x(-0.02 * right..=right);
        plot.set_plot_bounds_y(-0.03 * top..=top);
        let line = Line::new("", vec![[0.0, 0.0], [right.min(top), right.min(top)]]);
        plot.line(line.color(tokens.text_faint).width(1.0).allow_hover(false));
        let line = Line::new("", vec![[0.0, even], [right, even]]).style(LineStyle::dashed_loose());
        plot.line(line.color(tokens.text_faint).width(1.0).allow_hover(false));
        for (name, at) in points {
            plot.points(Points::new(name, vec![at]).color(tokens.accent).radius(3.0));
        }
    });
}
