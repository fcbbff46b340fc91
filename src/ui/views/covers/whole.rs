//! The whole model: its figures, the confusion of tags, each tag, and the covers behind a cell.

use std::sync::Arc;

use egui::{Align2, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{
    Middle,
    figures::{Figures, category},
    labels::readings_ui,
    level_name,
    looking::Model,
    tag_name,
};
use crate::{
    dataset::{Dataset, Language},
    models::cover::{Reading, TagFigures},
    ui::{
        commands::Command,
        desk::CoversDesk,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, DataTable, TableState, format},
        words::Word,
    },
    workspace::{Table, Values},
};

/// From this width on the table stands beside the matrix.
const BESIDE_FROM: f32 = 820.0;
const LABEL_PX: f32 = 120.0;
const CELL_PX: std::ops::RangeInclusive<f32> = 2.0..=32.0;
/// How far names above the columns are turned, in radians.
const TURN: f32 = 0.9;
/// Smaller cells have no names beside them.
const NAMED_FROM_PX: f32 = 10.0;
/// Figures stand in cells that are at least so large.
const COUNTED_FROM_PX: f32 = 20.0;
const TABLE_PX: f32 = 300.0;
/// Items whose covers cannot be read are named up to so many.
const MOST_NAMED: usize = 20;

#[derive(Default)]
pub struct Whole {
    /// With the figures that it is of, and in which language.
    table: Option<(Arc<Figures>, Language, Arc<Table>)>,
    state: TableState,
}

impl Whole {
    #[allow(clippy::too_many_arguments)]
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        model: &Model,
        figures: &Arc<Figures>,
        middle: &mut Middle,
        desk: &mut CoversDesk,
    ) {
        let words = scene.words;
        let report = &figures.report;
        let share =
            |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{:.1} %", 100.0 * value));
        let title = scene.run_title(opened, model.run);
        let count = |number: usize| format::count(number as u64);
        let about = words.fill(
            Word::ModelAbout,
            &[
                &count(report.covers),
                words.get(if desk.counts_seen { Word::AllCovers } else { Word::UnseenCovers }),
                level_name(words, figures.level),
                &share(report.accuracy),
                &share(report.top5),
                &format::metric(report.macro_f1),
            ],
        );
        widgets::heading_ui(ui, scene.tokens, &title, &about);
        left_out_ui(ui, scene, &opened.dataset, figures);
        if figures.order.is_empty() {
            ui.label(RichText::new(words.get(Word::NothingHeldOut)).color(scene.tokens.text_weak));
            return;
        }
        let width = ui.available_width();
        let is_beside = width >= BESIDE_FROM;
        let narrow = if is_beside { ((width - space::L) * 0.5).floor() } else { width };
        let names = names_px(ui, scene, &opened.dataset, figures);
        let above = names.iter().copied().fold(0.0, f32::max) * TURN.sin() + 18.0;
        let cell = cell_px(&names, narrow, ui.available_height() * 0.62 - above);
        let height = matrix_height(figures, cell, above).max(if is_beside {
            TABLE_PX.min(ui.available_height() * 0.5)
        } else {
            0.0
        });
        let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let left = Rect::from_min_size(area.min, vec2(narrow, height));
        matrix_ui(ui, scene, &opened.dataset, figures, left, (cell, above), desk);
        let table_rect = if is_beside {
            Rect::from_min_max(pos2(left.right() + space::L, area.top()), area.max)
        } else {
            ui.add_space(space::S);
            ui.allocate_exact_size(vec2(width, TABLE_PX * 0.6), Sense::hover()).0
        };
        let builder = egui::UiBuilder::new().max_rect(table_rect).layout(egui::Layout::top_down(egui::Align::Min));
        let mut child = ui.new_child(builder);
        self.table_ui(&mut child, scene, &opened.dataset, figures, desk);
        ui.add_space(space::M);
        cell_ui(ui, scene, opened, model, figures, middle, desk);
    }

    fn table_ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        dataset: &Dataset,
        figures: &Arc<Figures>,
        desk: &mut CoversDesk,
    ) {
        let language = scene.language();
        let table = match &self.table {
            Some((of, known, table)) if Arc::ptr_eq(of, figures) && *known == language => table.clone(),
            _ => {
                let table = Arc::new(table(scene, dataset, figures));
                self.table = Some((figures.clone(), language, table.clone()));
                table
            }
        };
        let file = format!("{}-cover-tags", dataset.name);
        let colour = |row: usize| scene.tokens.category(category(dataset, figures.level, figures.order[row]));
        let shown = DataTable::new(&table, scene.words.get(Word::TagTable), file).colour(&colour);
        let events = shown.show(ui, scene, &mut self.state, desk.sort.as_ref());
        if let Some(sort) = events.sort {
            desk.sort = Some(sort);
        }
        if let Some((row, _)) = events.clicked {
            let name = dataset.tags.names(figures.level).name(figures.order[row]).to_owned();
            desk.cell = Some((name.clone(), name));
            if figures.level == crate::dataset::TagLevel::Leaf {
                scene.send(Command::Select(Thing::Tag(figures.order[row]), Mode::Replace));
            }
        }
    }
}

/// Which items the model cannot see.
fn left_out_ui(ui: &mut Ui, scene: &Scene<'_>, dataset: &Dataset, figures: &Figures) {
    if figures.without + figures.unreadable.len() == 0 {
        return;
    }
    let count = |number: usize| format::count(number as u64);
    let text = scene.words.fill(Word::LeftOut, &[&count(figures.without), &count(figures.unreadable.len())]);
    let label = ui.label(RichText::new(text).small().color(scene.tokens.text_weak));
    let names = figures.unreadable.iter().take(MOST_NAMED).map(|&item| dataset.items.ids.name(item));
    let names = names.collect::<Vec<_>>().join(", ");
    if !names.is_empty() {
        let more = if figures.unreadable.len() > MOST_NAMED { ", …" } else { "" };
        label.on_hover_text(format!("{names}{more}"));
    }
}

fn table(scene: &Scene<'_>, dataset: &Dataset, figures: &Figures) -> Table {
    let words = scene.words;
    let of = || figures.order.iter().map(|&tag| figures.tags[tag as usize]);
    let names = figures.order.iter().map(|&tag| Some(tag_name(scene, dataset, figures.level, tag).to_owned()));
    let metric = |value: fn(TagFigures) -> Option<f64>| {
        Values::Metric(of().map(|figures| value(figures).map(Into::into)).collect())
    };
    Table::new()
        .with("tag", words.get(Word::Tag), Values::Text(names.collect()))
        .with("covers", words.get(Word::CoversCount), Values::Count(of().map(|tag| Some(tag.covers as u64)).collect()))
        .with("f1", "F1", metric(TagFigures::f1))
        .with("recall", words.get(Word::TagRecall), metric(TagFigures::recall))
        .with("precision", words.get(Word::TagPrecision), metric(TagFigures::precision))
        .with("read", words.get(Word::TagRead), Values::Count(of().map(|tag| Some(tag.read as u64)).collect()))
}

/// Above columns without names.
const UNNAMED_PX: f32 = 18.0;

/// The side of a cell so that all find room in what is left beside and below the names, and so do the turned names of so
/// many points, each from the middle of its column on.
fn cell_px(names: &[f32], width: f32, height: f32) -> f32 {
    let (tags, room) = (names.len().max(1) as f32, width - LABEL_PX);
    // One that would leave the cells less than half of the room is cut.
    let beside = |name: f32| room - (name * TURN.cos()).min(room / 2.0);
    let of_names = names.iter().enumerate().map(|(column, &name)| beside(name) / (column as f32 + 0.5));
    of_names.fold((room / tags).min(height / tags), f32::min).clamp(*CELL_PX.start(), *CELL_PX.end()).floor()
}

/// How long the name of each column is.
fn names_px(ui: &Ui, scene: &Scene<'_>, dataset: &Dataset, figures: &Figures) -> Vec<f32> {
    let font = theme::font(type_size::SMALL);
    let width = |&tag: &u32| {
        let name = tag_name(scene, dataset, figures.level, tag).to_owned();
        ui.painter().layout_no_wrap(name, font.clone(), scene.tokens.text).size().x
    };
    figures.order.iter().map(width).collect()
}

fn matrix_height(figures: &Figures, cell: f32, above: f32) -> f32 {
    if figures.matrix.is_empty() {
        return UNNAMED_PX;
    }
    let names = if cell >= NAMED_FROM_PX { above } else { UNNAMED_PX };
    names + cell * figures.order.len() as f32 + 4.0
}

/// Rows are the covers' tags, columns what was read; a click opens the covers behind a cell.
fn matrix_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    figures: &Figures,
    area: Rect,
    (cell, above): (f32, f32),
    desk: &mut CoversDesk,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    let tags = figures.order.len();
    if figures.matrix.is_empty() {
        let text = words.fill(Word::TooManyTags, &[&format::count(tags as u64)]);
        ui.painter().text(area.min, Align2::LEFT_TOP, text, theme::font(type_size::BODY), tokens.text_weak);
        return;
    }
    let names: Vec<&str> = figures.order.iter().map(|&tag| tag_name(scene, dataset, figures.level, tag)).collect();
    let is_named = cell >= NAMED_FROM_PX;
    let top = area.top() + if is_named { above } else { UNNAMED_PX };
    let left = area.left() + LABEL_PX;
    let grid = Rect::from_min_size(pos2(left, top), vec2(cell * tags as f32, cell * tags as f32));
    let response = ui.interact(grid.intersect(area), ui.scope_id().with("confusion"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), words.get(Word::Confusion)));
    let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
    let font = theme::font(type_size::SMALL.min(cell.max(9.0)));
    // Turned lines lie closer together than the columns are.
    let turned_font = theme::font(type_size::SMALL.min((cell * TURN.sin() * 0.9).max(8.0)));
    let axis = pos2(area.left(), top - 4.0);
    painter.text(
        axis,
        Align2::LEFT_BOTTOM,
        words.get(Word::ConfusionAxes),
        theme::font(type_size::MICRO),
        tokens.text_faint,
    );
    let pointed = response.hover_pos().map(|at| {
        let place = |value: f32| ((value / cell).max(0.0) as usize).min(tags - 1);
        (place(at.y - grid.top()), place(at.x - grid.left()))
    });
    painter.rect_filled(grid, 0.0, tokens.sunken);
    for row in 0..tags {
        let counts = &figures.matrix[row * tags..][..tags];
        let sum = counts.iter().sum::<u32>().max(1) as f32;
        let is_pointed = |line: Option<usize>, place: usize| line == Some(place);
        if is_named {
            let strong = is_pointed(pointed.map(|(row, _)| row), row);
            let colour = if strong { tokens.text_strong } else { tokens.text_weak };
            let clip = Rect::from_min_max(pos2(area.left(), grid.top()), pos2(left - 6.0, grid.bottom()));
            let galley = painter.layout_no_wrap(names[row].to_owned(), font.clone(), colour);
            let x = (left - 6.0 - galley.size().x).max(area.left());
            let y = top + cell * (row as f32 + 0.5) - galley.size().y / 2.0;
            painter.with_clip_rect(clip.intersect(painter.clip_rect())).galley(pos2(x, y), galley, colour);
            let strong = is_pointed(pointed.map(|(_, column)| column), row);
            let colour = if strong { tokens.text_strong } else { tokens.text_weak };
            let galley = painter.layout_no_wrap(names[row].to_owned(), turned_font.clone(), colour);
            let at = pos2(left + cell * (row as f32 + 0.5) - galley.size().y * 0.35, top - 6.0);
            let text =
                egui::epaint::TextShape::new(at, galley, colour).with_angle_and_anchor(-TURN, Align2::LEFT_CENTER);
            painter.add(text);
        }
        for (column, &count) in counts.iter().enumerate() {
            if count == 0 {
                continue;
            }
            let share = count as f32 / sum;
            let own = if row == column { tokens.hit } else { tokens.warn };
            let rect = Rect::from_min_size(
                pos2(left + cell * column as f32, top + cell * row as f32),
                vec2(cell - 1.0, cell - 1.0),
            );
            // Rare mistakes show too.
            let fill = tokens.sunken.lerp_to_gamma(own, 0.12 + 0.88 * share.sqrt());
            painter.rect_filled(rect, 1.0, fill);
            if cell >= COUNTED_FROM_PX {
                let colour = if share > 0.3 { tokens.on_hit } else { tokens.text };
                let colour = if tokens.canvas.r() > 128 && share > 0.3 { tokens.text_strong } else { colour };
                painter.text(
                    rect.center(),
                    Align2::CENTER_CENTER,
                    count.to_string(),
                    theme::font(type_size::MICRO),
                    colour,
                );
            }
        }
    }
    let outline = |row: usize, column: usize, stroke: Stroke| {
        let min = pos2(left + cell * column as f32, top + cell * row as f32);
        painter.rect_stroke(Rect::from_min_size(min, vec2(cell - 1.0, cell - 1.0)), 1.0, stroke, StrokeKind::Outside);
    };
    if let Some((own, read)) = open_cell(dataset, figures, desk) {
        outline(own, read, Stroke::new(2.0, tokens.accent));
    }
    if let Some((row, column)) = pointed {
        outline(row, column, Stroke::new(1.0, tokens.text_strong));
        let count = figures.matrix[row * tags + column];
        let sum: u32 = figures.matrix[row * tags..][..tags].iter().sum();
        if response.clicked() {
            let name = |place: usize| dataset.tags.names(figures.level).name(figures.order[place]).to_owned();
            desk.cell = Some((name(row), name(column)));
        }
        let share = if sum > 0 { f64::from(count) / f64::from(sum) * 100.0 } else { 0.0 };
        response.on_hover_text_at_pointer(words.fill(
            Word::CellSays,
            &[names[row], names[column], &count.to_string(), &sum.to_string(), &format!("{share:.0}")],
        ));
    }
}

/// The places of the open cell's tags.
fn open_cell(dataset: &Dataset, figures: &Figures, desk: &CoversDesk) -> Option<(usize, usize)> {
    let (own, read) = desk.cell.as_ref()?;
    let names = dataset.tags.names(figures.level);
    let place = |name: &str| {
        let tag = names.row(name)?;
        figures.order.iter().position(|&other| other == tag)
    };
    Some((place(own)?, place(read)?))
}

/// The covers behind the open cell.
fn cell_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    model: &Model,
    figures: &Figures,
    middle: &mut Middle,
    desk: &CoversDesk,
) {
    let words = scene.words;
    let Some((own, read)) = open_cell(&opened.dataset, figures, desk) else {
        ui.label(RichText::new(words.get(Word::OpenACell)).color(scene.tokens.text_weak));
        return;
    };
    let (own, read) = (figures.order[own], figures.order[read]);
    let found: Vec<&Reading> =
        figures.readings.iter().filter(|reading| (reading.own, reading.surest) == (own, read)).collect();
    let name = |tag: u32| tag_name(scene, &opened.dataset, figures.level, tag);
    let title = words.fill(Word::CellTitle, &[name(own), name(read)]);
    let about = words.fill(Word::CellAbout, &[&format::count(found.len() as u64)]);
    widgets::heading_ui(ui, scene.tokens, &title, &about);
    ScrollArea::vertical().id_salt("behind the cell").auto_shrink([false, false]).show_viewport(ui, |ui, viewport| {
        readings_ui(ui, scene, opened, model, figures, &found, viewport, middle);
    });
}
