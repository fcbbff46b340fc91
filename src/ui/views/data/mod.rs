//! What the data set holds, and how it is split.

use egui::Ui;

use super::{Scene, View};

#[derive(Default)]
pub struct Data {}

impl View for Data {
    fn ui(&mut self, _ui: &mut Ui, _scene: &mut Scene<'_>) {}
}
