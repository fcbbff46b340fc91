//! What stands in the cells of a table: as text on the screen, as text to be copied, and drawn.

use egui::{Align2, Color32, Painter, Rect, Stroke, pos2, vec2};
use egui_plot::MarkerShape;
use jiff::Timestamp;

use super::{format, marker};
use crate::{
    ui::{
        theme::{self, Tokens, space, type_size},
        words::Words,
    },
    workspace::{Measured, Table, Values},
};

const PAD: f32 = space::S;
/// Room for the figure of a metric, right of its bar.
const FIGURE: f32 = 50.0;
const BAR: f32 = 6.0;

/// Whether the cells of a column line up at the right.
pub fn is_number(values: &Values) -> bool {
    !matches!(values, Values::Text(_))
}

pub fn has_intervals(values: &Values) -> bool {
    matches!(values, Values::Metric(cells) if cells.iter().flatten().any(|cell| cell.interval.is_some()))
}

/// As the screen shows it; a dash where nothing is known.
pub fn shown(words: Words, values: &Values, row: usize) -> String {
    const UNKNOWN: &str = "–";
    let known = match values {
        Values::Text(cells) => cells.get(row).cloned().flatten(),
        Values::Count(cells) => cells.get(row).copied().flatten().map(format::count),
        Values::Metric(cells) => measured(cells, row).map(|cell| format::metric(Some(cell.value))),
        Values::Seconds(cells) => cells.get(row).copied().flatten().map(|secs| format::span(words, secs)),
        Values::Date(cells) => cells.get(row).copied().flatten().map(format::date),
    };
    known.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// As another program reads it: every digit, no separators, a moment by ISO 8601; empty where nothing is known.
pub fn plain(values: &Values, row: usize) -> String {
    let known = match values {
        Values::Text(cells) => cells.get(row).cloned().flatten(),
        Values::Count(cells) => cells.get(row).copied().flatten().map(|count| count.to_string()),
        Values::Metric(cells) => measured(cells, row).map(|cell| cell.value.to_string()),
        Values::Seconds(cells) => cells.get(row).copied().flatten().map(|secs| secs.to_string()),
        Values::Date(cells) => {
            let time = cells.get(row).copied().flatten().and_then(|secs| Timestamp::from_second(secs).ok());
            time.map(|time| time.to_string())
        }
    };
    known.unwrap_or_default()
}

/// A row in columns of a spreadsheet.
pub fn plain_row(table: &Table, row: usize) -> String {
    let cells = table.columns.iter().map(|column| plain(&column.values, row).replace(['\t', '\n', '\r'], " "));
    cells.collect::<Vec<_>>().join("\t")
}

/// The whole table with its header, in these rows.
pub fn plain_table(table: &Table, rows: &[usize]) -> String {
    let header: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let lines = std::iter::once(header.join("\t")).chain(rows.iter().map(|&row| plain_row(table, row)));
    lines.collect::<Vec<_>>().join("\n")
}

/// `0.061–0.072`
pub fn interval_text(interval: [f64; 2]) -> String {
    format!("{}–{}", format::metric(Some(interval[0])), format::metric(Some(interval[1])))
}

fn measured(cells: &[Option<Measured>], row: usize) -> Option<Measured> {
    cells.get(row).copied().flatten()
}

/// The largest figure of a metric column, its interval counted in: what a full bar means.
pub fn full_scale(values: &Values) -> f64 {
    let Values::Metric(cells) = values else { return 0.0 };
    cells
        .iter()
        .flatten()
        .map(|cell| cell.interval.map_or(cell.value, |[_, high]| high.max(cell.value)))
        .fold(0.0, f64::max)
}

/// How a cell is to look.
pub struct Look {
    pub colour: Color32,
    pub is_best: bool,
    /// What a full bar means; 0 for no bar.
    pub full_scale: f64,
    /// Room for a second line with the interval.
    pub has_interval: bool,
    /// A marker before the text: its colour, its shape, and whether it is hollow.
    pub dot: Option<(Color32, MarkerShape, bool)>,
}

pub fn draw(painter: &Painter, tokens: &Tokens, words: Words, rect: Rect, values: &Values, row: usize, look: &Look) {
    let inner = rect.shrink2(vec2(PAD, 0.0));
    let text = shown(words, values, row);
    if !is_number(values) {
        let mut left = inner.left();
        if let Some((colour, shape, is_hollow)) = look.dot {
            marker(painter, shape, pos2(left + 4.0, inner.center().y), 4.5, colour, is_hollow);
            left += 15.0;
        }
        let mut job =
            egui::text::LayoutJob::simple(text, theme::font(type_size::BODY), tokens.text, inner.right() - left);
        job.wrap.max_rows = 1;
        job.wrap.break_anywhere = true;
        let galley = painter.layout_job(job);
        painter.galley(pos2(left, inner.center().y - galley.size().y / 2.0), galley, tokens.text);
        return;
    }
    let cell = match values {
        Values::Metric(cells) => measured(cells, row),
        _ => None,
    };
    let is_known = cell.is_some() || !matches!(values, Values::Metric(_));
    if let Some(cell) = cell
        && look.full_scale > 0.0
    {
        bar(painter, tokens, Rect::from_x_y_ranges(inner.left()..=inner.right() - FIGURE, inner.y_range()), cell, look);
    }
    let font = if look.is_best { theme::strong_font(type_size::BODY) } else { theme::font(type_size::BODY) };
    let colour = match (is_known, look.is_best) {
        (false, _) => tokens.text_faint,
        (true, true) => tokens.text_strong,
        (true, false) => tokens.text,
    };
    let interval = cell.and_then(|cell| cell.interval).filter(|_| look.has_interval);
    let middle = inner.center().y;
    let y = if look.has_interval && interval.is_some() { middle - 6.5 } else { middle };
    painter.text(pos2(inner.right(), y), Align2::RIGHT_CENTER, text, font, colour);
    if let Some(interval) = interval {
        let at = pos2(inner.right(), middle + 8.0);
        painter.text(
            at,
            Align2::RIGHT_CENTER,
            interval_text(interval),
            theme::font(type_size::MICRO),
            tokens.text_faint,
        );
    }
}

/// A bar as long as the figure, with a whisker over its interval.
fn bar(painter: &Painter, tokens: &Tokens, rect: Rect, cell: Measured, look: &Look) {
    if rect.width() < 20.0 {
        return;
    }
    let y = rect.center().y - if look.has_interval { 6.5 } else { 0.0 };
    let x = |value: f64| rect.left() + rect.width() * (value / look.full_scale).clamp(0.0, 1.0) as f32;
    let ground = Rect::from_x_y_ranges(rect.x_range(), y - BAR / 2.0..=y + BAR / 2.0);
    painter.rect_filled(ground, 2.0, tokens.sunken);
    let strength = if look.is_best { 1.0 } else { 0.62 };
    let filled = Rect::from_min_max(ground.min, pos2(x(cell.value), ground.max.y));
    painter.rect_filled(filled, 2.0, tokens.sunken.lerp_to_gamma(look.colour, strength));
    if let Some([low, high]) = cell.interval {
        let stroke = Stroke::new(1.0, tokens.text_weak);
        painter.hline(x(low)..=x(high), y, stroke);
        for end in [low, high] {
            painter.vline(x(end), y - 3.0..=y + 3.0, stroke);
        }
    }
}

/// How wide a column would like to be, by its title and its first rows.
pub fn natural_width(painter: &Painter, words: Words, title: &str, values: &Values, has_bar: bool) -> f32 {
    const ROWS: usize = 60;
    let width =
        |text: String, size: f32| painter.layout_no_wrap(text, theme::font(size), Color32::PLACEHOLDER).size().x;
    let header = width(title.to_owned(), type_size::SMALL) + 18.0;
    let cells = match values {
        Values::Metric(_) if has_bar => 60.0 + FIGURE,
        Values::Metric(_) if has_intervals(values) => 64.0,
        _ => (0..values.len().min(ROWS))
            .map(|row| width(shown(words, values, row), type_size::BODY))
            .fold(30.0, f32::max)
            .min(260.0),
    };
    let dot = if is_number(values) { 0.0 } else { 15.0 };
    header.max(cells + dot).ceil() + 2.0 * PAD
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Language;

    #[test]
    fn what_is_copied_keeps_every_digit() {
        let words = Words { language: Language::English };
        let metric = Values::Metric(vec![Some(0.065_412_3.into()), None]);
        assert_eq!((shown(words, &metric, 0), plain(&metric, 0)), ("0.065".to_owned(), "0.0654123".to_owned()));
        assert_eq!((shown(words, &metric, 1), plain(&metric, 1)), ("–".to_owned(), String::new()));
        let table = Table::new().with("run", "Run", Values::Text(vec![Some("a\tb".to_owned()), None])).with(
            "n",
            "N",
            Values::Count(vec![Some(12_000), Some(7)]),
        );
        assert_eq!(plain_table(&table, &[1, 0]), "run\tn\n\t7\na b\t12000");
    }
}
