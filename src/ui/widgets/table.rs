//! The table of all views: typed columns, sorted by a click on a header, rows drawn as they come into sight, arrows,
//! Enter and copying by keyboard, and a menu that takes cells, rows and the whole along.

use std::sync::Arc;

use egui::{
    Align2, Color32, Event, EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use egui_plot::MarkerShape;
use egui_table::{CellInfo, Column, HeaderCellInfo, HeaderRow, TableDelegate};

use super::table_cells::{self, Look};
use crate::{
    ui::{
        commands::Command,
        desk::Sort,
        icons,
        theme::{self, Tokens, space, type_size},
        views::Scene,
        words::{Word, Words},
    },
    workspace::{Table, TableColumn, Values, export::TableFormat},
};

const HEADER_PX: f32 = 28.0;
const ROW_PX: f32 = 27.0;
/// With the interval in a second line.
const TALL_ROW_PX: f32 = 38.0;

/// What a table keeps between frames; belongs to the view that shows it.
#[derive(Default)]
pub struct TableState {
    /// What `order` and `scales` are of.
    of: Option<(Arc<Table>, Option<Sort>)>,
    /// Rows in the order on the screen.
    order: Vec<usize>,
    /// What a full bar means, by column.
    scales: Vec<f64>,
    /// Place on the screen of the cell that the keys act on.
    cursor: (usize, usize),
    scroll_to: Option<usize>,
    /// The row under the pointer in the last frame: both halves of a row, the one that scrolls and the one that stays,
    /// light up for it.
    hovered: Option<usize>,
    /// How wide the columns of this table would like to be.
    measured: Option<(Arc<Table>, Vec<f32>)>,
    /// The columns as they would like to be, and the width that they were fitted to.
    fitted: Option<(Vec<(String, f32)>, f32)>,
}

impl TableState {
    fn prepare(&mut self, table: &Arc<Table>, sort: Option<&Sort>) {
        let is_same = |(known, by): &(Arc<Table>, Option<Sort>)| Arc::ptr_eq(known, table) && by.as_ref() == sort;
        if self.of.as_ref().is_some_and(is_same) {
            return;
        }
        self.order = table.order_by(sort.map(|sort| sort.column.as_str()), sort.is_some_and(|sort| sort.is_falling));
        self.scales = table.columns.iter().map(|column| table_cells::full_scale(&column.values)).collect();
        self.of = Some((table.clone(), sort.cloned()));
        let last = (self.order.len().saturating_sub(1), table.columns.len().saturating_sub(1));
        self.cursor = (self.cursor.0.min(last.0), self.cursor.1.min(last.1));
    }
}

/// What the analyst did. Rows are those of the table, whatever the order on the screen.
#[derive(Default)]
pub struct TableEvents {
    pub sort: Option<Sort>,
    /// Clicked, or chosen with Space; with the keys that were held.
    pub clicked: Option<(usize, Modifiers)>,
    /// Double-clicked, or chosen with Enter.
    pub opened: Option<usize>,
    pub hovered: Option<usize>,
}

/// A table to be shown. The first column stays in sight while the others scroll sideways.
pub struct DataTable<'a> {
    table: &'a Arc<Table>,
    /// What a screen reader calls it, and the name of a file that it is written to.
    name: &'a str,
    file: String,
    has_bars: bool,
    colour: Option<&'a dyn Fn(usize) -> Color32>,
    marker: Option<&'a dyn Fn(usize) -> (MarkerShape, bool)>,
    is_best: Option<&'a dyn Fn(usize, usize) -> bool>,
    is_held: Option<&'a dyn Fn(usize) -> bool>,
    id_of: Option<&'a dyn Fn(usize) -> String>,
}

impl<'a> DataTable<'a> {
    pub fn new(table: &'a Arc<Table>, name: &'a str, file: impl Into<String>) -> Self {
        Self {
            table,
            name,
            file: file.into(),
            has_bars: false,
            colour: None,
            marker: None,
            is_best: None,
            is_held: None,
            id_of: None,
        }
    }

    /// Metrics get a bar beside the figure.
    #[must_use]
    pub fn bars(mut self) -> Self {
        self.has_bars = true;
        self
    }

    /// The colour of a row: its dot and its bars.
    #[must_use]
    pub fn colour(mut self, colour: &'a dyn Fn(usize) -> Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// The marker of a row in place of a dot, as charts have it, and whether it is hollow.
    #[must_use]
    pub fn marker(mut self, marker: &'a dyn Fn(usize) -> (MarkerShape, bool)) -> Self {
        self.marker = Some(marker);
        self
    }

    /// Whether a row is the best of a column.
    #[must_use]
    pub fn best(mut self, is_best: &'a dyn Fn(usize, usize) -> bool) -> Self {
        self.is_best = Some(is_best);
        self
    }

    #[must_use]
    pub fn held(mut self, is_held: &'a dyn Fn(usize) -> bool) -> Self {
        self.is_held = Some(is_held);
        self
    }

    /// The id of a row, for copying; the first cell without it.
    #[must_use]
    pub fn id_of(mut self, id_of: &'a dyn Fn(usize) -> String) -> Self {
        self.id_of = Some(id_of);
        self
    }

    fn has_intervals(&self) -> bool {
        self.table.columns.iter().any(|column| table_cells::has_intervals(&column.values))
    }

    fn row_height(&self) -> f32 {
        if self.has_intervals() { TALL_ROW_PX } else { ROW_PX }
    }

    /// How high the table is with all its rows.
    pub fn full_height(&self) -> f32 {
        HEADER_PX + self.row_height() * self.table.row_count() as f32 + 2.0
    }

    /// Draws the table in the space that is left.
    pub fn show(self, ui: &mut Ui, scene: &Scene<'_>, state: &mut TableState, sort: Option<&Sort>) -> TableEvents {
        state.prepare(self.table, sort);
        let rect = ui.available_rect_before_wrap();
        let inner = egui_table::Table::new().id_salt(self.name).num_sticky_cols(1);
        let id = ui.make_persistent_id(self.name).with("table");
        let focus = ui.interact(rect, id, Sense::focusable_noninteractive());
        focus.widget_info(|| WidgetInfo::labeled(Role::Table, ui.is_enabled(), self.name));
        let mut events = TableEvents::default();
        if focus.has_focus() {
            self.take_keys(ui, scene, state, id, &mut events);
        }
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
        // Columns are told apart by space; the lines between them show when they are grasped.
        ui.visuals_mut().widgets.noninteractive.bg_stroke = Stroke::NONE;
        let columns = self.fit(&ui, scene.words, state, inner.get_id(&ui));
        let mut table = inner.columns(columns).headers([HeaderRow::new(HEADER_PX)]).num_rows(state.order.len() as u64);
        if let Some(row) = state.scroll_to.take() {
            table = table.scroll_to_row(row as u64, None);
        }
        let has_focus = focus.has_focus();
        let row_height = self.row_height();
        let mut delegate = Delegate { view: &self, scene, state, sort, events, focus: id, has_focus, row_height };
        table.show(&mut ui, &mut delegate);
        let events = delegate.events;
        if state.hovered != events.hovered {
            state.hovered = events.hovered;
            ui.ctx().request_repaint();
        }
        events
    }

    /// Widths that fill the space, found again when other columns, wider cells or another width come; what is dragged
    /// meanwhile stays.
    fn fit(&self, ui: &Ui, words: Words, state: &mut TableState, id: Id) -> Vec<Column> {
        let column_id = |name: &str| Id::unique(("column", name));
        let columns = &self.table.columns;
        let available = ui.available_width().round();
        let is_measured = state.measured.as_ref().is_some_and(|(of, _)| Arc::ptr_eq(of, self.table));
        if !is_measured {
            let natural = |column: &TableColumn| {
                let bars = self.has_bars;
                table_cells::natural_width(ui.painter(), words, &column.title, &column.values, bars)
            };
            state.measured = Some((self.table.clone(), columns.iter().map(natural).collect()));
        }
        let natural = state.measured.as_ref().map_or(&[][..], |(_, widths)| widths);
        let fitted: Vec<(String, f32)> =
            columns.iter().zip(natural).map(|(column, &width)| (column.name.clone(), width)).collect();
        let is_fitted = state.fitted.as_ref().is_some_and(|(of, width)| *of == fitted && *width == available);
        if !is_fitted {
            let mut widths = natural.to_vec();
            let takes_more = |column: &TableColumn| match column.values {
                Values::Metric(_) => self.has_bars,
                Values::Text(_) => !self.has_bars,
                _ => false,
            };
            let takers = columns.iter().filter(|column| takes_more(column)).count().max(1);
            let surplus = (available - widths.iter().sum::<f32>() - 1.0).max(0.0);
            for (width, column) in widths.iter_mut().zip(columns) {
                if takes_more(column) {
                    *width += (surplus / takers as f32).floor();
                }
            }
            let col_widths =
                columns.iter().zip(widths).map(|(column, width)| (column_id(&column.name), width)).collect();
            egui_table::TableState { col_widths, parent_width: Some(available) }.store(ui.ctx(), id);
            state.fitted = Some((fitted, available));
        }
        columns.iter().map(|column| Column::new(100.0).range(44.0..=1_600.0).id(column_id(&column.name))).collect()
    }

    fn take_keys(&self, ui: &Ui, scene: &Scene<'_>, state: &mut TableState, id: Id, events: &mut TableEvents) {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let rows = state.order.len();
        if rows == 0 {
            return;
        }
        let page = (ui.available_height() / self.row_height()).floor().max(1.0) as usize;
        let last = (rows - 1, self.table.columns.len().saturating_sub(1));
        let before = state.cursor;
        let (row, column) = &mut state.cursor;
        ui.input_mut(|input| {
            let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
            if pressed(Key::ArrowDown) {
                *row = (*row + 1).min(last.0);
            }
            if pressed(Key::ArrowUp) {
                *row = row.saturating_sub(1);
            }
            if pressed(Key::ArrowRight) {
                *column = (*column + 1).min(last.1);
            }
            if pressed(Key::ArrowLeft) {
                *column = column.saturating_sub(1);
            }
            if pressed(Key::PageDown) {
                *row = (*row + page).min(last.0);
            }
            if pressed(Key::PageUp) {
                *row = row.saturating_sub(page);
            }
            if pressed(Key::Home) {
                *row = 0;
            }
            if pressed(Key::End) {
                *row = last.0;
            }
        });
        if state.cursor != before {
            state.scroll_to = Some(state.cursor.0);
        }
        let place = state.order[state.cursor.0];
        let (opens, picks, keys) = ui.input_mut(|input| {
            let opens = input.consume_key(Modifiers::NONE, Key::Enter);
            let adds = input.consume_key(Modifiers::COMMAND, Key::Space);
            (opens, adds || input.consume_key(Modifiers::NONE, Key::Space), input.modifiers)
        });
        if opens {
            events.opened = Some(place);
        }
        if picks {
            events.clicked = Some((place, keys));
        }
        // Windowing systems make an event of their own of Ctrl+C.
        let copies = ui.input_mut(|input| {
            let by_keys = input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::C)
                || input.consume_key(Modifiers::COMMAND, Key::C);
            by_keys || input.events.iter().any(|event| matches!(event, Event::Copy))
        });
        if copies {
            let text = if keys.shift {
                table_cells::plain(&self.table.columns[state.cursor.1].values, place)
            } else {
                table_cells::plain_row(self.table, place)
            };
            scene.send(Command::CopyText(text));
        }
    }

    fn menu(&self, response: &Response, scene: &Scene<'_>, order: &[usize], row: usize, column: usize) {
        let words = scene.words;
        response.context_menu(|ui| {
            let copy = |ui: &mut Ui, word: Word, text: &dyn Fn() -> String| {
                if ui.button(words.get(word)).clicked() {
                    scene.send(Command::CopyText(text()));
                    ui.close();
                }
            };
            copy(ui, Word::CopyCell, &|| table_cells::plain(&self.table.columns[column].values, row));
            copy(ui, Word::CopyRow, &|| table_cells::plain_row(self.table, row));
            copy(ui, Word::CopyId, &|| match self.id_of {
                Some(id_of) => id_of(row),
                None => table_cells::plain(&self.table.columns[0].values, row),
            });
            copy(ui, Word::CopyTable, &|| table_cells::plain_table(self.table, order));
            ui.separator();
            for (format, word) in [(TableFormat::Csv, Word::ExportCsv), (TableFormat::Parquet, Word::ExportParquet)] {
                if ui.button(words.get(word)).clicked() {
                    let (table, name) = (Arc::new(self.table.rows(order)), self.file.clone());
                    scene.send(Command::ExportTable { table, name, format });
                    ui.close();
                }
            }
        });
    }
}

struct Delegate<'a, 'b, 'c> {
    view: &'a DataTable<'b>,
    scene: &'a Scene<'c>,
    state: &'a mut TableState,
    sort: Option<&'a Sort>,
    events: TableEvents,
    focus: Id,
    has_focus: bool,
    row_height: f32,
}

impl TableDelegate for Delegate<'_, '_, '_> {
    fn default_row_height(&self) -> f32 {
        self.row_height
    }

    fn header_cell_ui(&mut self, ui: &mut Ui, cell: &HeaderCellInfo) {
        let (tokens, words) = (self.scene.tokens, self.scene.words);
        let Some(column) = self.view.table.columns.get(cell.col_range.start) else { return };
        let rect = ui.max_rect();
        let id = ui.make_persistent_id(("sort", &column.name));
        let response = ui.interact(rect.shrink2(vec2(2.0, 0.0)), id, Sense::click());
        let name = words.fill(Word::SortBy, &[&column.title]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        let is_number = table_cells::is_number(&column.values);
        let sorted = self.sort.filter(|sort| sort.column == column.name);
        if response.clicked() {
            let is_falling = sorted.map_or(is_number, |sort| !sort.is_falling);
            self.events.sort = Some(Sort { column: column.name.clone(), is_falling });
        }
        let colour = match (sorted.is_some(), response.hovered() || response.has_focus()) {
            (true, _) => tokens.text_strong,
            (false, true) => tokens.text,
            (false, false) => tokens.text_weak,
        };
        header(ui, tokens, rect.shrink2(vec2(space::S, 0.0)), &column.title, is_number, sorted, colour);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line));
        if response.has_focus() {
            let stroke = Stroke::new(1.0, tokens.accent);
            ui.painter().rect_stroke(rect.shrink(2.0), 4.0, stroke, StrokeKind::Inside);
        }
    }

    fn row_ui(&mut self, ui: &mut Ui, row_nr: u64) {
        let Some(&row) = self.state.order.get(row_nr as usize) else { return };
        let tokens = self.scene.tokens;
        let rect = ui.max_rect();
        if self.view.is_held.is_some_and(|is_held| is_held(row)) {
            ui.painter().rect_filled(rect, 0.0, tokens.accent_soft);
        } else if self.state.hovered == Some(row) {
            ui.painter().rect_filled(rect, 0.0, tokens.raised);
        }
        if ui.rect_contains_pointer(rect) {
            self.events.hovered = Some(row);
        }
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line.gamma_multiply(0.6)));
    }

    fn cell_ui(&mut self, ui: &mut Ui, cell: &CellInfo) {
        let (tokens, words) = (self.scene.tokens, self.scene.words);
        let Some(&row) = self.state.order.get(cell.row_nr as usize) else { return };
        let Some(column) = self.view.table.columns.get(cell.col_nr) else { return };
        let place = (cell.row_nr as usize, cell.col_nr);
        let rect = ui.max_rect();
        let response = ui.interact(rect, ui.make_persistent_id("cell"), Sense::CLICK);
        response.widget_info(|| {
            let first = &self.view.table.columns[0].values;
            let name = match cell.col_nr {
                0 => table_cells::shown(words, first, row),
                _ => format!(
                    "{}, {} {}",
                    table_cells::shown(words, first, row),
                    column.title,
                    table_cells::shown(words, &column.values, row)
                ),
            };
            WidgetInfo::labeled(Role::Cell, ui.is_enabled(), name)
        });
        if response.clicked() || response.secondary_clicked() {
            self.state.cursor = place;
            ui.memory_mut(|memory| memory.request_focus(self.focus));
        }
        if response.double_clicked() {
            self.events.opened = Some(row);
        } else if response.clicked() {
            self.events.clicked = Some((row, ui.input(|input| input.modifiers)));
        }
        self.view.menu(&response, self.scene, &self.state.order, row, cell.col_nr);
        let colour = self.view.colour.map(|colour| colour(row));
        let look = Look {
            colour: colour.unwrap_or(tokens.accent),
            is_best: self.view.is_best.is_some_and(|is_best| is_best(row, cell.col_nr)),
            full_scale: if self.view.has_bars { self.state.scales[cell.col_nr] } else { 0.0 },
            has_interval: table_cells::has_intervals(&column.values),
            dot: colour.filter(|_| cell.col_nr == 0).map(|colour| {
                let (shape, is_hollow) = self.view.marker.map_or((MarkerShape::Circle, false), |marker| marker(row));
                (colour, shape, is_hollow)
            }),
        };
        table_cells::draw(ui.painter(), tokens, words, rect, &column.values, row, &look);
        if self.has_focus && self.state.cursor == place {
            let stroke = Stroke::new(1.0, tokens.accent);
            ui.painter().rect_stroke(rect.shrink2(vec2(1.0, 2.0)), 4.0, stroke, StrokeKind::Inside);
        }
        if let Values::Text(cells) = &column.values
            && let Some(Some(text)) = cells.get(row)
            && response.hovered()
        {
            let width = ui.painter().layout_no_wrap(text.clone(), theme::font(type_size::BODY), tokens.text).size().x;
            if width + 2.0 * space::S > rect.width() {
                response.on_hover_text(text);
            }
        }
    }
}

/// A title, and an arrow where the table is sorted by it.
fn header(ui: &Ui, tokens: &Tokens, rect: Rect, title: &str, is_number: bool, sorted: Option<&Sort>, colour: Color32) {
    const ARROW: f32 = 13.0;
    let painter = ui.painter();
    let font = theme::medium_font(type_size::SMALL);
    let arrow = sorted.map(|sort| if sort.is_falling { icons::ARROW_DOWN } else { icons::ARROW_UP });
    let room = rect.width() - if arrow.is_some() { ARROW } else { 0.0 };
    let mut job = egui::text::LayoutJob::simple(title.to_owned(), font, colour, room);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = painter.layout_job(job);
    let width = galley.size().x;
    let left = if is_number { rect.right() - width } else { rect.left() };
    painter.galley(pos2(left, rect.center().y - galley.size().y / 2.0), galley, colour);
    if let Some(arrow) = arrow {
        let x = if is_number { left - ARROW / 2.0 } else { left + width + ARROW / 2.0 };
        let at = pos2(x, rect.center().y);
        painter.text(at, Align2::CENTER_CENTER, arrow, theme::font(type_size::SMALL), tokens.accent);
    }
}
