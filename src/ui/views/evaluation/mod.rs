//! Lanes and runs by metric and slice.

use egui::Ui;

use super::{Scene, View};

#[derive(Default)]
pub struct Evaluation {}

impl View for Evaluation {
    fn ui(&mut self, _ui: &mut Ui, _scene: &mut Scene<'_>) {}
}
