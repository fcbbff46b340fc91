//! Who gets what: the Lorenz curves of the runs that are open, the shares of item bands, and the items that are in too
//! many lists.

use std::sync::Arc;

use egui::{Align, Layout, RichText, ScrollArea, Sense, Ui, vec2};
use egui_plot::{HoverPosition, Line, LineStyle};

use super::{
    background::Background,
    charts::{axis_number, plot, stroke, title_ui},
    rows::Rows,
};
use crate::{
    evaluate::{Exposure, Hub, ItemBand},
    ui::{
        commands::Command,
        desk::EvaluationDesk,
        panels::inspector::band_word,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, DataTable, TableState, format},
        words::{Word, Words},
    },
    workspace::{Table, Values},
};

/// Side of a hub's cover.
const COVER: f32 = 62.0;
/// Hubs that are shown; the table of a file holds no more either.
const MOST_HUBS: usize = 40;
/// Below this width the curve stands above the table.
const BESIDE_FROM: f32 = 720.0;

/// Exposure of some runs at one K.
pub struct Exposures {
    /// Ids of the runs, one an exposure.
    pub runs: Vec<String>,
    pub found: Vec<Exposure>,
    pub table: Arc<Table>,
}

impl Exposures {
    pub fn new(words: Words, runs: Vec<String>, titles: &[String], found: Vec<Exposure>) -> Self {
        let of_band = |band: ItemBand| {
            let share = |own: &Exposure| {
                let places = own.bands.iter().find(|known| known.band == band)?.places;
                (own.places > 0).then(|| (places as f64 / own.places as f64).into())
            };
            Values::Metric(found.iter().map(share).collect())
        };
        let metric = |of: &dyn Fn(&Exposure) -> Option<f64>| {
            Values::Metric(found.iter().map(|own| of(own).map(Into::into)).collect())
        };
        let mut table =
            Table::new().with("run", words.get(Word::Run), Values::Text(titles.iter().cloned().map(Some).collect()));
        for band in ItemBand::ALL {
            table = table.with(band.name(), words.get(band_word(band)), of_band(band));
        }
        let hubs = Values::Count(found.iter().map(|own| Some(own.hubs.len() as u64)).collect());
        let table = table
            .with("coverage", words.get(Word::NameCoverage), metric(&|own| own.coverage))
            .with("gini", "Gini", metric(&|own| own.gini))
            .with("hubs", words.get(Word::Hubs), hubs)
            .with("skewness", words.get(Word::Skewness), metric(&|own| own.skewness));
        Self { runs, found, table: Arc::new(table) }
    }

    fn of(&self, run: &str) -> Option<&Exposure> {
        self.found.get(self.runs.iter().position(|own| own == run)?)
    }
}

pub fn exposure_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    rows: &Rows,
    desk: &mut EvaluationDesk,
    background: &mut Background,
    state: &mut TableState,
) {
    let words = scene.words;
    let note = |ui: &mut Ui, word| {
        ui.label(RichText::new(words.get(word)).color(scene.tokens.text_weak));
    };
    if !rows.rows.iter().any(|row| row.is_of_split && opened.runs[row.run].trained().is_some()) {
        note(ui, Word::ExposureNeedsRun);
        return;
    }
    let Some(exposures) = background.exposures(scene.session, opened, words, rows, desk.k) else {
        ui.horizontal(|ui| {
            ui.spinner();
            note(ui, Word::ExposureComing);
        });
        return;
    };
    let size = ui.available_size();
    let is_beside = size.x >= BESIDE_FROM;
    let curve = if is_beside { vec2((0.36 * size.x).min(size.y * 1.3), size.y) } else { vec2(size.x, 0.5 * size.y) };
    let beside = vec2(if is_beside { size.x - curve.x - space::L } else { size.x }, size.y - 4.0);
    let layout = if is_beside { Layout::left_to_right(Align::Min) } else { Layout::top_down(Align::Min) };
    ui.with_layout(layout, |ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        ui.allocate_ui_with_layout(curve, Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(curve);
            lorenz_ui(ui, scene, rows, desk, exposures);
        });
        ui.allocate_ui_with_layout(beside, Layout::top_down(Align::Min), |ui| {
            ui.set_width(beside.x);
            title_ui(ui, scene, &words.fill(Word::ExposureBands, &[&desk.k.to_string()]));
            let colour =
                |row: usize| rows.of_id(&exposures.runs[row]).map_or(scene.tokens.text, |row| row.colour(scene.tokens));
            let is_held = |row: usize| desk.held.contains(&exposures.runs[row]);
            let id_of = |row: usize| exposures.runs[row].clone();
            let file = format!("{}-exposure@{}", opened.dataset.name, desk.k);
            let table = DataTable::new(&exposures.table, words.get(Word::WhoGetsWhat), file)
                .bars()
                .colour(&colour)
                .held(&is_held)
                .id_of(&id_of);
            let height = table.full_height().min((beside.y - 150.0).max(90.0));
            let (rect, _) = ui.allocate_exact_size(vec2(beside.x, height), Sense::hover());
            let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
            let events = table.show(&mut child, scene, state, None);
            if let Some((row, keys)) = events.clicked {
                desk.hold(&exposures.runs[row], keys.command);
            }
            ui.add_space(space::S);
            let run = desk.held.last().filter(|run| exposures.of(run).is_some()).unwrap_or(&exposures.runs[0]);
            if let (Some(found), Some(row)) = (exposures.of(run), rows.of_id(run)) {
                hubs_ui(ui, scene, opened, &row.title, found);
            }
        });
    });
}

/// Share of the places against share of the items, least shown first; the straight line would treat all alike.
fn lorenz_ui(ui: &mut Ui, scene: &Scene<'_>, rows: &Rows, desk: &EvaluationDesk, exposures: &Exposures) {
    let (words, tokens) = (scene.words, scene.tokens);
    let title = words.get(Word::Lorenz);
    title_ui(ui, scene, title);
    ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::font(type_size::MICRO + 0.5));
    let label = words.get(Word::LorenzPoint);
    let plot = plot(ui, scene, "lorenz", title)
        .x_axis_formatter(|mark, _| axis_number(mark))
        .y_axis_formatter(|mark, _| axis_number(mark))
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                Some(format!("{plot_name}\n{label} {:.0} % · {:.0} %", 100.0 * position.x, 100.0 * position.y))
            }
            HoverPosition::Elsewhere { .. } => None,
        });
    plot.show(ui, |plot| {
        plot.set_plot_bounds_x(-0.02..=1.02);
        plot.set_plot_bounds_y(-0.02..=1.02);
        let even = Line::new("", vec![[0.0, 0.0], [1.0, 1.0]]).color(tokens.text_faint).width(1.0);
        plot.line(even.style(LineStyle::dashed_loose()).allow_hover(false));
        for (run, found) in exposures.runs.iter().zip(&exposures.found) {
            let Some(row) = rows.of_id(run) else { continue };
            let (colour, width) = stroke(scene, desk, row);
            plot.line(Line::new(row.title.clone(), found.lorenz.clone()).color(colour).width(width));
        }
    });
}

/// Covers of the items that are in very many lists, with how many.
fn hubs_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, title: &str, found: &Exposure) {
    let (words, tokens) = (scene.words, scene.tokens);
    let count = |count: u64| format::count(count);
    title_ui(ui, scene, &words.fill(Word::HubsOf, &[title, &count(found.hub_from), &count(found.lists as u64)]));
    if found.hubs.is_empty() {
        ui.label(RichText::new(words.get(Word::NoHubs)).small().color(tokens.text_weak));
        return;
    }
    ScrollArea::horizontal().id_salt("hubs").auto_shrink([false, true]).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            for hub in found.hubs.iter().take(MOST_HUBS) {
                hub_ui(ui, scene, opened, hub);
            }
        });
    });
}

fn hub_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, hub: &Hub) {
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    ui.vertical(|ui| {
        ui.set_width(COVER);
        ui.spacing_mut().item_spacing.y = 2.0;
        let (rect, response) = ui.allocate_exact_size(vec2(COVER, COVER), Sense::click());
        let share = format!("{:.0}", 100.0 * hub.share);
        let lift = hub.lift.map_or_else(|| "–".to_owned(), |lift| format!("{lift:.1}"));
        let figures = [
            scene.title(dataset, hub.item),
            &format::count(hub.lists),
            &share,
            &format::count(hub.taken.into()),
            &lift,
        ];
        let told = words.fill(Word::HubTold, &figures);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &told));
        widgets::picture_ui(ui.painter(), scene, dataset, rect, hub.item, 0.0, false);
        if response.has_focus() || response.hovered() {
            let stroke = egui::Stroke::new(1.5, tokens.accent);
            ui.painter().rect_stroke(rect, theme::radius::COVER, stroke, egui::StrokeKind::Inside);
        }
        if response.on_hover_text(told).clicked() {
            scene.send(Command::Select(Thing::Item(hub.item), Mode::Replace));
        }
        let micro = |text: String| RichText::new(text).font(theme::font(type_size::MICRO)).color(tokens.text_weak);
        ui.label(micro(format!("{share} %")));
        ui.label(micro(format!("×{lift}")));
    });
}
