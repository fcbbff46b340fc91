//! Training runs: their settings, their progress and their curves.

mod compare;
mod curve;
mod form;
pub mod run;
mod table;

use egui::{Frame, Margin, Panel, RichText, ScrollArea, Ui};

use super::{Scene, View};
use crate::ui::{
    commands::Command,
    desk::{TrainingDesk, TrainingPage},
    panels,
    session::Opened,
    theme::space,
    widgets,
    words::Word,
};

/// Below this width the form stands above the runs instead of beside them.
const BESIDE_PX: f32 = 620.0;
/// Below this width curve and comparison take turns.
const BOTH_PX: f32 = 760.0;

#[derive(Default)]
pub struct Training {
    form: form::Form,
}

/// Runs that are looked at: their places, in the order in which they were selected.
fn selected(scene: &Scene<'_>, opened: &Opened) -> Vec<usize> {
    let places = scene.desk.training.selected.iter().filter_map(|id| opened.run_of(id));
    places.filter(|&place| !scene.session.is_deleted(&opened.runs[place])).collect()
}

impl View for Training {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let scene = &*scene;
        let mut desk = scene.desk.training.clone();
        if ui.available_width() >= BESIDE_PX {
            let frame = Frame::new().inner_margin(Margin { left: 16, right: 8, top: 10, bottom: 10 });
            Panel::left("training form").frame(frame).default_size(300.0).size_range(248.0..=480.0).show(ui, |ui| {
                self.form.ui(ui, scene, opened, &mut desk);
            });
            let height = ui.available_height();
            let frame = Frame::new().inner_margin(Margin { left: 10, right: 10, top: 6, bottom: 6 });
            Panel::bottom("training curves")
                .frame(frame)
                .default_size((height * 0.5).max(180.0))
                .size_range(120.0..=(height - 140.0).max(121.0))
                .resizable(true)
                .show(ui, |ui| below_ui(ui, scene, opened, &mut desk));
            Frame::new().inner_margin(Margin { left: 10, right: 10, top: 10, bottom: 4 }).show(ui, |ui| {
                table::table_ui(ui, scene, opened, &mut desk);
            });
        } else {
            ScrollArea::vertical().id_salt("training").auto_shrink(false).show(ui, |ui| {
                Frame::new().inner_margin(Margin::symmetric(12, 10)).show(ui, |ui| {
                    let title = RichText::new(scene.words.get(Word::NewRun));
                    egui::CollapsingHeader::new(title).id_salt("new run").show(ui, |ui| {
                        ui.set_max_height(360.0);
                        self.form.ui(ui, scene, opened, &mut desk);
                    });
                    ui.allocate_ui(egui::vec2(ui.available_width(), 230.0), |ui| {
                        table::table_ui(ui, scene, opened, &mut desk);
                    });
                    ui.add_space(space::M);
                    ui.allocate_ui(egui::vec2(ui.available_width(), 260.0), |ui| {
                        below_ui(ui, scene, opened, &mut desk);
                    });
                });
            });
        }
        if desk != scene.desk.training {
            scene.send(Command::SetTraining(Box::new(desk)));
        }
    }
}

/// Curves, and beside them or in turn with them what the selected runs differ in.
fn below_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut TrainingDesk) {
    // A panel would shrink to what stands in it.
    ui.set_min_size(ui.available_size());
    let selected = selected(scene, opened);
    let words = scene.words;
    if ui.available_width() >= BOTH_PX {
        let details = (!scene.desk.layout.inspector_open).then(|| selected.first()).flatten().copied();
        if selected.len() >= 2 || details.is_some() {
            let width = ui.available_width() * 0.48;
            Panel::right("training comparison")
                .frame(Frame::new().inner_margin(Margin { left: 14, right: 0, top: 0, bottom: 0 }))
                .default_size(width)
                .size_range(220.0..=width * 1.4)
                .show(ui, |ui| match (selected.len(), details) {
                    (2.., _) => {
                        widgets::section_title(ui, scene.tokens, words.get(Word::CompareTitle));
                        compare::compare_ui(ui, scene, opened, &selected);
                    }
                    (_, Some(place)) => {
                        ScrollArea::vertical().id_salt("run details").auto_shrink(false).show(ui, |ui| {
                            ui.spacing_mut().item_spacing.y = space::XS;
                            panels::run::details_ui(ui, scene, opened, place);
                        });
                    }
                    _ => {}
                });
        }
        widgets::section_title(ui, scene.tokens, words.get(Word::Curve));
        curve::curve_ui(ui, scene, opened, &selected);
        return;
    }
    ui.horizontal(|ui| {
        for (below, word) in [(TrainingPage::Curve, Word::Curve), (TrainingPage::Compare, Word::CompareTitle)] {
            let text = RichText::new(words.get(word)).small();
            ui.selectable_value(&mut desk.below, below, text);
        }
    });
    ui.add_space(space::XS);
    match desk.below {
        TrainingPage::Curve => curve::curve_ui(ui, scene, opened, &selected),
        TrainingPage::Compare => compare::compare_ui(ui, scene, opened, &selected),
    }
}
