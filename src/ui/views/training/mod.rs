//! Training runs: their settings, their progress and their curves.

use egui::Ui;

use super::{Scene, View};

#[derive(Default)]
pub struct Training {}

impl View for Training {
    fn ui(&mut self, _ui: &mut Ui, _scene: &mut Scene<'_>) {}
}
