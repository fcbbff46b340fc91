//! Curves by epoch (loss, validation, gradients, speed): of the runs that are being trained, as it comes in, and of those that are selected.

use egui::{Color32, RichText, Stroke, Ui};
use egui_plot::{HoverPosition, Legend, Line, LineStyle, PlotPoints, Points};

use super::run::Standing;
use crate::{
    recall::LaneKind,
    task::Series,
    ui::{
        commands::Command,
        desk::TrainingDesk,
        session::{Opened, Run},
        theme::{self, space, type_size},
        views::Scene,
        widgets,
        words::Word,
    },
};

/// The colour of the run at `place` among the selected ones; the same in curves and comparison.
pub fn colour(scene: &Scene<'_>, opened: &Opened, selected: &[usize], run: usize) -> Color32 {
    match selected.iter().position(|&place| place == run) {
        Some(place) if selected.len() > 1 => scene.tokens.category(place),
        _ => scene.tokens.lane(opened.runs[run].kind),
    }
}

/// How the line of the `place`-th curve is drawn, for those who cannot tell the colours apart.
fn line_style(place: usize) -> LineStyle {
    match place % 3 {
        0 => LineStyle::Solid,
        1 => LineStyle::dashed_dense(),
        _ => LineStyle::dotted_dense(),
    }
}

fn series_word(series: Series) -> Word {
    match series {
        Series::Loss => Word::SeriesLoss,
        Series::Validation => Word::SeriesValidation,
        Series::GradientNorm => Word::SeriesGradient,
        Series::StepsPerSec => Word::SeriesSpeed,
    }
}

fn series_tip(series: Series) -> Word {
    match series {
        Series::Loss => Word::SeriesLossTip,
        Series::Validation => Word::SeriesValidationTip,
        Series::GradientNorm => Word::SeriesGradientTip,
        Series::StepsPerSec => Word::SeriesSpeedTip,
    }
}

/// How far the axis goes: to the end of a training of fixed length, else as far as it has come.
fn epochs_of(run: &Run, series: Series) -> f64 {
    match run.settings.skip_gram(run.kind) {
        Some(settings) => settings.epochs as f64,
        None => run.curves.of(series).last().map_or(1.0, |point| point.0),
    }
}

pub fn curve_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, selected: &[usize]) {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_training = |run: &Run| Standing::of(scene, run) == Standing::Making;
    let mut shown = selected.to_vec();
    let training = (0..opened.runs.len()).filter(|&place| is_training(&opened.runs[place]));
    shown.extend(training.filter(|place| !selected.contains(place) && !opened.runs[*place].curves.is_empty()));
    if shown.is_empty() {
        shown.extend(opened.current(LaneKind::Item2vec));
    }
    let makes: Vec<usize> = shown.iter().copied().filter(|&place| is_training(&opened.runs[place])).collect();
    ui.spacing_mut().item_spacing.y = space::XS;
    for &place in &makes {
        let title = scene.run_title(opened, place);
        if let Some(status) = scene.session.run_job(place)
            && widgets::job_line(ui, tokens, words, status, &title)
        {
            scene.send(Command::Cancel(status.id));
        }
    }
    let has = |series: Series| shown.iter().any(|&place| !opened.runs[place].curves.of(series).is_empty());
    // What none of these runs has is not offered, and the loss is what all have.
    let series = scene.desk.training.series;
    let series = if has(series) { series } else { Series::Loss };
    if Series::ALL.into_iter().filter(|&series| has(series)).count() > 1 {
        ui.horizontal(|ui| {
            for offered in Series::ALL.into_iter().filter(|&series| has(series)) {
                let button = ui.selectable_label(offered == series, words.get(series_word(offered)));
                if button.on_hover_text(words.get(series_tip(offered))).clicked() {
                    let desk = TrainingDesk { series: offered, ..scene.desk.training.clone() };
                    scene.send(Command::SetTraining(Box::new(desk)));
                }
            }
        });
    }
    let drawn: Vec<usize> =
        shown.iter().copied().filter(|&place| !opened.runs[place].curves.of(series).is_empty()).collect();
    if drawn.is_empty() {
        let word = match (makes.is_empty(), selected.is_empty()) {
            (false, _) => Word::CurveSoon,
            (true, false) => Word::CurveNone,
            (true, true) => Word::CurveSelect,
        };
        ui.add_space(space::L);
        ui.vertical_centered(|ui| {
            ui.add(egui::Label::new(RichText::new(words.get(word)).color(tokens.text_faint)).wrap());
        });
        return;
    }
    let epochs = drawn.iter().map(|&place| epochs_of(&opened.runs[place], series));
    let epochs = epochs.fold(1.0, f64::max);
    let point = |position: &HoverPosition<'_>| match position {
        HoverPosition::NearDataPoint { plot_name, position, .. } => {
            let (epoch, loss) = (format!("{:.1}", position.x), format!("{:.4}", position.y));
            Some(words.fill(Word::CurvePoint, &[plot_name, &epoch, &loss]))
        }
        HoverPosition::Elsewhere { .. } => None,
    };
    // A single point says nothing of the scale; around it the axis is at least this high.
    let losses = drawn.iter().flat_map(|&place| opened.runs[place].curves.of(series).iter().map(|point| point.1));
    let highest = losses.fold(f64::MIN_POSITIVE, f64::max);
    let mut plot = widgets::still_plot("training curves", tokens)
        .include_y(highest * 1.01)
        .include_y(highest * 0.9)
        .include_x(0.0)
        .include_x(epochs)
        .x_axis_formatter(|mark, _| if mark.value < 0.0 { String::new() } else { format!("{}", mark.value as f32) })
        .y_axis_formatter(|mark, _| format!("{}", mark.value as f32))
        .x_axis_label(
            RichText::new(words.get(if series == Series::Loss { Word::Epochs } else { Word::EpochsPlain }))
                .small()
                .color(tokens.text_faint),
        )
        .y_axis_min_width(36.0)
        .label_formatter(point);
    if drawn.len() > 1 {
        let legend = Legend::default().text_style(egui::TextStyle::Small).background_alpha(0.85);
        plot = plot.legend(legend.follow_insertion_order(true));
    }
    let lines: Vec<(String, Color32, &Run)> = drawn
        .iter()
        .map(|&place| (scene.run_title(opened, place), colour(scene, opened, selected, place), &opened.runs[place]))
        .collect();
    // The figures at the axes.
    ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::font(type_size::SMALL));
    let response = plot.show(ui, |plot| {
        for (place, (title, colour, run)) in lines.into_iter().enumerate() {
            let points: Vec<[f64; 2]> = run.curves.of(series).iter().map(|&(epoch, loss)| [epoch, loss]).collect();
            if let (true, Some(&last)) = (is_training(run), points.last()) {
                let head = Points::new(title.clone(), PlotPoints::new(vec![last])).id((&run.id, "head"));
                plot.points(head.color(colour).radius(3.5).filled(true));
            }
            let line = Line::new(title, PlotPoints::new(points)).id(&run.id);
            plot.line(line.stroke(Stroke::new(1.8, colour)).style(line_style(place)));
        }
    });
    response.response.accessible_name(words.get(Word::Curve));
}
