//! Charts of the rows: a metric by K, recall against coverage, and how far the lanes recall the same.

use egui::{Align2, Color32, Rect, RichText, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{GridInput, GridMark, HoverPosition, Line, LineStyle, Plot, PlotPoint, PlotPoints, Points, Text};

use super::{
    MAX_LINES,
    background::{Background, OVERLAP_K, Overlap},
    rows::{Row, Rows},
};
use crate::{
    ui::{
        desk::EvaluationDesk,
        metrics::{METRICS, Metric, metric_named},
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
    workspace::Measured,
};

/// The least that a chart needs.
pub const MIN_HEIGHT: f32 = 216.0;
/// Below this width charts stand below one another.
const BESIDE_FROM: f32 = 640.0;

pub fn charts_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    opened: &Opened,
    rows: &Rows,
    desk: &EvaluationDesk,
    background: &mut Background,
) {
    let overlap = background.overlap(scene.session, opened, rows);
    let width = ui.available_width();
    let columns = if width >= BESIDE_FROM { 3 } else { 1 };
    let gap = space::L;
    let side = ((width - gap * (columns as f32 - 1.0)) / columns as f32).floor();
    // Wider than high, or nearly so: lines are compared by their slope.
    let highest = (1.35 * side).max(MIN_HEIGHT);
    legend_ui(ui, scene, &drawn(rows, desk).collect::<Vec<_>>());
    let height = (ui.available_height() - space::S).clamp(MIN_HEIGHT, highest).floor();
    // A matrix of many rows needs more room than two axes do.
    let more = overlap.map_or(0, |overlap| overlap.runs.len()).saturating_sub(4) as f32;
    let share = if columns == 1 { 1.0 } else { 1.0 + (0.12 * more).min(0.7) };
    let narrow = if columns == 1 { side } else { (side * 3.0 / (2.0 + share)).floor() };
    let sizes = [narrow, narrow, (narrow * share).floor()].map(|width| vec2(width, height));
    let mut charts: [&mut dyn FnMut(&mut Ui); 3] =
        [&mut |ui| by_k_ui(ui, scene, rows, desk), &mut |ui| trade_off_ui(ui, scene, rows, desk), &mut |ui| {
            overlap_ui(ui, scene, opened, rows, overlap);
        }];
    for (part, sizes) in charts.chunks_mut(columns).zip(sizes.chunks(columns)) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (chart, &size) in part.iter_mut().zip(sizes) {
                ui.allocate_ui_with_layout(size, egui::Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_min_size(size);
                    ui.set_max_width(size.x);
                    ui.style_mut().text_styles.insert(TextStyle::Body, theme::font(type_size::MICRO + 0.5));
                    ui.style_mut().text_styles.insert(TextStyle::Monospace, theme::font(type_size::SMALL));
                    chart(ui);
                });
            }
        });
    }
}

/// Rows that charts draw: the first ones, and those held.
fn drawn<'a>(rows: &'a Rows, desk: &'a EvaluationDesk) -> impl Iterator<Item = &'a Row> {
    let is_held = |row: &Row| desk.held.contains(&row.id);
    rows.rows
        .iter()
        .enumerate()
        .filter(move |(place, row)| row.is_of_split && (*place < MAX_LINES || is_held(row)))
        .map(|(_, row)| row)
}

pub(super) fn title_ui(ui: &mut Ui, scene: &Scene<'_>, title: &str) {
    let text = RichText::new(title).font(theme::medium_font(type_size::BODY)).color(scene.tokens.text_strong);
    ui.add(egui::Label::new(text).truncate());
}

/// Whose line and whose point is whose, for all charts; in two lines at most.
fn legend_ui(ui: &mut Ui, scene: &Scene<'_>, rows: &[&Row]) {
    const LINES: usize = 2;
    const MARKER_PX: f32 = 15.0;
    let (tokens, words) = (scene.tokens, scene.words);
    let font = theme::font(type_size::SMALL);
    let galleys: Vec<_> =
        rows.iter().map(|row| ui.painter().layout_no_wrap(short(&row.title), font.clone(), tokens.text_weak)).collect();
    let more_px = 70.0;
    let width = ui.available_width();
    let (mut line, mut left, mut shown) = (0, 0.0, Vec::new());
    for (place, galley) in galleys.iter().enumerate() {
        let own = MARKER_PX + galley.size().x;
        let is_last = place + 1 == galleys.len();
        let room = if line + 1 == LINES && !is_last { width - more_px } else { width };
        if left > 0.0 && left + own > room {
            if line + 1 == LINES {
                break;
            }
            (line, left) = (line + 1, 0.0);
        }
        shown.push((line, left));
        left += own + space::M;
    }
    let height = 18.0 * (line + 1) as f32;
    let (area, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let at = |(line, left): (usize, f32)| pos2(area.left() + left, area.top() + 18.0 * line as f32 + 9.0);
    for ((row, galley), &place) in rows.iter().zip(&galleys).zip(&shown) {
        let (shape, is_hollow) = row.marker();
        let place = at(place);
        widgets::marker(ui.painter(), shape, place + vec2(5.0, 0.0), 4.5, row.colour(tokens), is_hollow);
        let text = place + vec2(MARKER_PX, -galley.size().y / 2.0);
        ui.painter().galley(text, galley.clone(), tokens.text_weak);
    }
    let names: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
    let names = names.join("\n");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &names));
    if shown.len() < rows.len() {
        let text = words.fill(Word::LegendMore, &[&(rows.len() - shown.len()).to_string()]);
        ui.painter().text(at((line, left)), Align2::LEFT_CENTER, text, font, tokens.text_faint);
    }
    response.on_hover_text(names);
}

pub(super) fn plot<'a>(ui: &mut Ui, scene: &Scene<'_>, id: &'static str, name: &str) -> Plot<'a> {
    let height = ui.available_height();
    ui.visuals_mut().override_text_color = Some(scene.tokens.text_weak);
    let place = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    let chart = ui.interact(place, ui.make_persistent_id((id, "name")), Sense::empty());
    chart.widget_info(|| WidgetInfo::labeled(Role::Figure, true, name));
    widgets::still_plot(id, scene.tokens)
        .height(height)
        .grid_spacing(20.0..=70.0)
        .x_grid_spacer(|input| marks(&input))
        .y_grid_spacer(|input| marks(&input))
}

/// The metric that the table is sorted by if it is a mean over users, else the first of those.
fn charted(desk: &EvaluationDesk) -> &'static Metric {
    let sorted = desk.sort.as_ref().map(|sort| sort.column.as_str());
    let shown = desk.metrics.iter().map(String::as_str);
    let mut known = sorted.into_iter().chain(shown).filter_map(metric_named);
    known.find(|metric| metric.is_by_user).unwrap_or(&METRICS[0])
}

fn by_k_ui(ui: &mut Ui, scene: &Scene<'_>, rows: &Rows, desk: &EvaluationDesk) {
    let words = scene.words;
    let metric = charted(desk);
    let title = words.fill(Word::ChartByK, &[words.get(metric.title)]);
    title_ui(ui, scene, &title);
    let ks = rows.ks.clone();
    let lines: Vec<(&Row, Vec<(usize, Measured)>)> = drawn(rows, desk)
        .map(|row| {
            let measured = |&k: &usize| Some((k, row.measured(&desk.slice, metric.name, k)?));
            (row, ks.iter().filter_map(measured).collect())
        })
        .collect();
    let name = words.get(metric.title);
    // Cut-offs stand far apart, so the axis is logarithmic and marked where something was measured.
    let (at_ks, hovered_ks) = (ks.clone(), ks.clone());
    let plot = plot(ui, scene, "by k", &title)
        .x_grid_spacer(move |_| at_ks.iter().map(|&k| GridMark { value: (k as f64).log10(), step_size: 1.0 }).collect())
        .x_axis_formatter(|mark, _| format!("{:.0}", 10f64.powf(mark.value)))
        .y_axis_formatter(|mark, _| axis_number(mark))
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                let far = |k: &&usize| ((**k as f64).log10() - position.x).abs();
                let k = hovered_ks.iter().min_by(|one, other| far(one).total_cmp(&far(other)))?;
                Some(format!("{plot_name}\n{name}@{k} {:.3}", position.y))
            }
            HoverPosition::Elsewhere { .. } => None,
        });
    let top = lines.iter().flat_map(|(_, cells)| cells).map(|(_, cell)| high_of(*cell)).fold(1e-6, f64::max);
    let (first, last) = (ks.first().copied().unwrap_or(1) as f64, ks.last().copied().unwrap_or(10) as f64);
    plot.show(ui, |plot| {
        plot.set_plot_bounds_y(-0.02 * top..=1.08 * top);
        plot.set_plot_bounds_x(first.log10() - 0.12..=last.log10() + 0.12);
        for (place, (row, cells)) in lines.iter().enumerate() {
            let (colour, width) = stroke(scene, desk, row);
            // Beside one another, so that no interval hides another.
            let aside = (place as f64 - (lines.len() as f64 - 1.0) / 2.0) * (0.04 / lines.len() as f64);
            let x_of = |k: usize| (k as f64).log10() + aside;
            for (k, cell) in cells {
                if let Some([low, high]) = cell.interval {
                    let x = x_of(*k);
                    let whisker = Line::new(row.title.clone(), vec![[x, low], [x, high]]);
                    plot.line(whisker.color(colour.gamma_multiply(0.55)).width(1.0).allow_hover(false));
                }
            }
            let points: Vec<[f64; 2]> = cells.iter().map(|(k, cell)| [x_of(*k), cell.value]).collect();
            let mut line = Line::new(row.title.clone(), points.clone()).color(colour).width(width);
            if !row.is_current {
                line = line.style(LineStyle::dashed_loose());
            }
            plot.line(line.allow_hover(false));
            let (shape, is_hollow) = row.marker();
            let points = Points::new(row.title.clone(), points).color(colour).radius(width + 1.4);
            plot.points(points.shape(shape).filled(!is_hollow));
        }
    });
}

fn trade_off_ui(ui: &mut Ui, scene: &Scene<'_>, rows: &Rows, desk: &EvaluationDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let k = desk.k.to_string();
    let title = words.fill(Word::ChartTradeOff, &[&k]);
    title_ui(ui, scene, &title);
    let points: Vec<(&Row, f64, f64)> = drawn(rows, desk)
        .filter_map(|row| {
            // Coverage is of the lists, not of a slice of users.
            let coverage = row.measured("", "coverage", desk.k)?.value;
            Some((row, coverage, row.measured(&desk.slice, "recall", desk.k)?.value))
        })
        .collect();
    let label = words.fill(Word::ChartTradeOffPoint, &[&k, &k]);
    let plot = plot(ui, scene, "trade-off", &title)
        .x_axis_formatter(|mark, _| axis_number(mark))
        .y_axis_formatter(|mark, _| axis_number(mark))
        .x_axis_label(RichText::new(format!("{}@{k}", words.get(Word::NameCoverage))).size(type_size::MICRO))
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                Some(format!("{plot_name}\n{label} {:.3} · {:.3}", position.y, position.x))
            }
            HoverPosition::Elsewhere { .. } => None,
        });
    let reach = |values: &mut dyn Iterator<Item = f64>| values.fold(1e-6, f64::max);
    let right = reach(&mut points.iter().map(|(_, coverage, _)| *coverage));
    let top = reach(&mut points.iter().map(|(_, _, recall)| *recall));
    let font = theme::font(type_size::SMALL);
    let width_of = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), tokens.text).size();
    let sizes: Vec<egui::Vec2> = points.iter().map(|(row, _, _)| width_of(&short(&row.title))).collect();
    plot.show(ui, |plot| {
        plot.set_plot_bounds_x(-0.06 * right..=1.16 * right);
        plot.set_plot_bounds_y(-0.05 * top..=1.14 * top);
        let mut taken: Vec<Rect> = Vec::new();
        for (row, coverage, recall) in &points {
            let (colour, width) = stroke(scene, desk, row);
            let point = Points::new(row.title.clone(), PlotPoints::from(vec![[*coverage, *recall]]));
            let (shape, is_hollow) = row.marker();
            plot.points(point.color(colour).radius(2.8 + width).shape(shape).filled(!is_hollow));
            let at = plot.screen_from_plot(PlotPoint::new(*coverage, *recall));
            taken.push(Rect::from_center_size(at, vec2(9.0, 9.0)));
        }
        for ((row, coverage, recall), size) in points.iter().zip(sizes) {
            let at = plot.screen_from_plot(PlotPoint::new(*coverage, *recall));
            // Above if nothing stands there, else below, else at the side; what finds no place at all is left out, and
            // still told when the pointer rests on the point.
            let reach = vec2(size.x / 2.0 + 9.0, size.y / 2.0 + 7.0);
            let (beside, half) = (reach.x, 0.7 * reach.x);
            let places = [
                vec2(0.0, -reach.y),
                vec2(0.0, reach.y),
                vec2(-beside, 0.0),
                vec2(beside, 0.0),
                vec2(-half, -reach.y),
                vec2(half, -reach.y),
                vec2(-half, reach.y),
                vec2(half, reach.y),
            ];
            let frame = *plot.transform().frame();
            let free = places.into_iter().map(|step| Rect::from_center_size(at + step, size)).find(|place| {
                frame.x_range().contains(place.left())
                    && frame.x_range().contains(place.right())
                    && taken.iter().all(|other| !other.intersects(*place))
            });
            if let Some(place) = free {
                taken.push(place);
                let text = RichText::new(short(&row.title)).font(font.clone());
                let centre = plot.plot_from_screen(place.center());
                plot.text(Text::new("", centre, text).color(tokens.text).allow_hover(false));
            }
        }
    });
}

/// As much of a name as stands beside a point.
fn short(title: &str) -> String {
    const LONGEST: usize = 22;
    if title.chars().count() <= LONGEST {
        return title.to_owned();
    }
    title.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn high_of(cell: Measured) -> f64 {
    cell.interval.map_or(cell.value, |[_, high]| high.max(cell.value))
}

/// Few round marks within the bounds.
fn marks(input: &GridInput) -> Vec<GridMark> {
    const WANTED: f64 = 5.0;
    let (low, high) = input.bounds;
    let rough = (high - low) / WANTED;
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough).unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    // The plot fades marks by their step; these are few enough to be written at any size.
    let step_size = high - low;
    (first..=last).map(|place| GridMark { value: place as f64 * step, step_size }).collect()
}

/// Colour and width of a row's line.
pub(super) fn stroke(scene: &Scene<'_>, desk: &EvaluationDesk, row: &Row) -> (Color32, f32) {
    let is_held = desk.held.contains(&row.id);
    let colour = row.colour(scene.tokens);
    match (desk.held.is_empty(), is_held) {
        (true, _) => (colour, 1.8),
        (false, true) => (colour, 2.8),
        (false, false) => (colour.gamma_multiply(0.5), 1.4),
    }
}

pub(super) fn axis_number(mark: GridMark) -> String {
    let text = format!("{:.3}", mark.value);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn overlap_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, rows: &Rows, overlap: Option<&Overlap>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let k = OVERLAP_K.to_string();
    let title = words.get(Word::ChartOverlap);
    title_ui(ui, scene, title);
    let weak = |text: &str| RichText::new(text).size(type_size::SMALL).color(tokens.text_weak);
    let Some(overlap) = overlap else {
        let is_making = opened.is_making() || !scene.session.is_idle();
        let word = if is_making { Word::OverlapWaits } else { Word::OverlapNeedsTwo };
        ui.add(egui::Label::new(weak(words.get(word))).wrap());
        return;
    };
    let known: Vec<Option<&Row>> = overlap.runs.iter().map(|id| rows.of_id(id)).collect();
    let named: Vec<&str> =
        overlap.runs.iter().zip(&known).map(|(id, row)| row.map_or(id.as_str(), |row| row.title.as_str())).collect();
    let n = named.len();
    let font = theme::font(type_size::SMALL);
    let width_of = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), tokens.text).size().x;
    let widest = named.iter().map(|name| width_of(name)).fold(0.0, f32::max);
    let note_height = 30.0;
    let header = 20.0;
    let matrix_of = |labels: f32| {
        let room = vec2(ui.available_width() - labels, ui.available_height() - note_height - header);
        vec2((room.x / n as f32).min(130.0), (room.y / n as f32).min(76.0)).floor()
    };
    // Names above the columns where there is room for all of them; else rows and columns are numbered.
    let labels = widest.min(ui.available_width() * 0.36) + 22.0;
    let is_numbered = widest + 6.0 > matrix_of(labels).x;
    let number_px = if is_numbered { 16.0 } else { 0.0 };
    let labels = labels + number_px;
    let cell = matrix_of(labels);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), header + cell.y * n as f32), Sense::hover());
    let fitted = |text: &str, width: f32| {
        let mut job = egui::text::LayoutJob::simple(text.to_owned(), font.clone(), tokens.text, width.max(8.0));
        job.wrap.max_rows = 1;
        job.wrap.break_anywhere = true;
        ui.painter().layout_job(job)
    };
    let origin = pos2(area.left() + labels, area.top() + header);
    for (place, (name, row)) in named.iter().zip(&known).enumerate() {
        let y = origin.y + cell.y * (place as f32 + 0.5);
        let mut left = area.left();
        let number = (place + 1).to_string();
        if is_numbered {
            let at = pos2(left + number_px - 4.0, y);
            ui.painter().text(at, Align2::RIGHT_CENTER, &number, font.clone(), tokens.text_weak);
            left += number_px;
        }
        if let Some(row) = row {
            let (shape, is_hollow) = row.marker();
            widgets::marker(ui.painter(), shape, pos2(left + 5.0, y), 4.5, row.colour(tokens), is_hollow);
        }
        let galley = fitted(name, origin.x - left - 20.0);
        ui.painter().galley(pos2(left + 14.0, y - galley.size().y / 2.0), galley, tokens.text);
        let head = if is_numbered { &number } else { *name };
        let x = origin.x + cell.x * (place as f32 + 0.5);
        let at = pos2(x, area.top() + header / 2.0);
        ui.painter().text(at, Align2::CENTER_CENTER, head, font.clone(), tokens.text_weak);
    }
    // Three decimals, or where they do not fit, percent; in very small cells the colour alone speaks.
    let is_percent = cell.x < 40.0;
    let figure = |share: Option<f64>| match share {
        Some(_) if cell.x < 17.0 => String::new(),
        Some(share) if is_percent => format!("{:.0}", 100.0 * share),
        share => format::metric(share),
    };
    let figure_font = theme::font(if is_percent { type_size::MICRO } else { type_size::SMALL });
    for (row, shares) in overlap.shares.iter().enumerate() {
        for (column, share) in shares.iter().enumerate() {
            let min = origin + vec2(cell.x * column as f32, cell.y * row as f32);
            let rect = Rect::from_min_size(min, cell).shrink(if is_percent { 1.0 } else { 1.5 });
            let is_itself = row == column;
            let text = format::metric(*share);
            let response = ui.interact(rect, ui.make_persistent_id(("overlap", row, column)), Sense::hover());
            let name = words.fill(Word::OverlapCell, &[named[row], named[column], &text]);
            response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, &name));
            if is_itself {
                ui.painter().rect_filled(rect, 3.0, tokens.sunken);
                continue;
            }
            // The square root parts small shares, which are the usual ones.
            let strength = share.unwrap_or(0.0).clamp(0.0, 1.0).sqrt() as f32;
            let fill = tokens.raised.lerp_to_gamma(tokens.accent, 0.85 * strength);
            ui.painter().rect_filled(rect, 3.0, fill);
            let colour = if strength > 0.72 { tokens.on_accent } else { tokens.text_strong };
            let centre = rect.center();
            ui.painter().text(centre, Align2::CENTER_CENTER, figure(*share), figure_font.clone(), colour);
            response.on_hover_text(name);
        }
    }
    let count = |count: usize| format::count(count as u64);
    let note = if overlap.users < overlap.all_users {
        words.fill(Word::OverlapSample, &[&k, &count(overlap.users), &count(overlap.all_users)])
    } else {
        words.fill(Word::OverlapAll, &[&k, &count(overlap.users)])
    };
    let note = if is_percent { format!("{note}, {}", words.get(Word::OverlapPercent)) } else { note };
    ui.add(egui::Label::new(RichText::new(note).size(type_size::MICRO).color(tokens.text_faint)).wrap());
}
