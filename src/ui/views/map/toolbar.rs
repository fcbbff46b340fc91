//! What is shown, and how: the row above the map.

use egui::{ComboBox, RichText, Ui};

use super::{LEAST_PANE_PX, Map, sources::Source, table};
use crate::ui::{
    desk::{MapColour, MapDesk, MapMethod},
    icons,
    session::Opened,
    theme::space,
    views::Scene,
    widgets,
    words::Word,
};

impl Map {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn toolbar_ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        opened: &Opened,
        sources: &[Source],
        chosen: &[Source; 2],
        desk: &mut MapDesk,
        width: f32,
    ) {
        let (words, tokens) = (scene.words, scene.tokens);
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(26.0);
            ui.spacing_mut().item_spacing.x = 2.0;
            let panes = if desk.is_double { 2 } else { 1 };
            for (place, source) in chosen.iter().enumerate().take(panes) {
                let title = scene.run_title(opened, source.run);
                let combo = ComboBox::from_id_salt(("map run", place)).selected_text(&title).width(112.0).truncate();
                let list = combo.show_ui(ui, |ui| {
                    for other in sources {
                        let title = scene.run_title(opened, other.run);
                        if ui.selectable_label(other.id == source.id, title).clicked() {
                            desk.runs[place] = Some(other.id.clone());
                        }
                    }
                });
                let name = format!("{} {}", words.get(Word::Run), place + 1);
                list.response.accessible_name(name);
            }
            ui.spacing_mut().item_spacing.x = space::S;
            ui.add_enabled_ui(width >= 2.0 * LEAST_PANE_PX && sources.len() > 1, |ui| {
                let name = words.get(Word::MapBeside);
                let button = ui.add(egui::Button::selectable(desk.is_double, icons::COMPARE)).on_hover_text(name);
                if button.accessible_name(name).clicked() {
                    desk.is_double = !desk.is_double;
                }
            });
            if desk.is_double {
                let name = words.get(Word::Differences);
                let button = ui.add(egui::Button::selectable(desk.shows_differences, icons::SWAP));
                if button.on_hover_text(words.get(Word::DifferencesTip)).accessible_name(name).clicked() {
                    desk.shows_differences = !desk.shows_differences;
                }
            }
            ui.spacing_mut().item_spacing.x = 2.0;
            for (method, word, tip) in [
                (MapMethod::Pca, Word::MethodPca, Word::MethodPcaTip),
                (MapMethod::Tsne, Word::MethodTsne, Word::MethodTsneTip),
            ] {
                let button = ui.selectable_label(desk.method == method, words.get(word)).on_hover_text(words.get(tip));
                if button.accessible_name(words.get(word)).clicked() {
                    desk.method = method;
                }
            }
            ui.spacing_mut().item_spacing.x = space::S;
            ui.add_space(space::XS);
            ui.label(RichText::new(words.get(Word::ColouredBy)).color(tokens.text_weak));
            let combo =
                ComboBox::from_id_salt("map colour").selected_text(words.get(colour_word(desk.colour))).width(96.0);
            let list = combo.show_ui(ui, |ui| {
                for colour in MapColour::ALL {
                    ui.selectable_value(&mut desk.colour, colour, words.get(colour_word(colour)));
                }
            });
            list.response.accessible_name(words.get(Word::ColouredBy));
            ui.checkbox(&mut desk.shows_users, words.get(Word::Users)).on_hover_text(words.get(Word::MapUsersTip));
            let name = words.get(Word::Lasso);
            let lasso = ui.add(egui::Button::selectable(desk.is_lasso, icons::LASSO));
            if lasso.on_hover_text(words.get(Word::LassoTip)).accessible_name(name).clicked() {
                desk.is_lasso = !desk.is_lasso;
            }
            if widgets::icon_button(ui, icons::FIT, words.get(Word::FitAll)).clicked() {
                for pane in &mut self.panes {
                    pane.canvas.camera.is_fitted = true;
                }
            }
            let map = &self.panes[0].map;
            if let (Some(points), Some(placed)) = (&map.points, &map.placed) {
                let file = format!("{}-map-{}", opened.dataset.name, opened.runs[chosen[0].run].kind.name());
                let clusters = map.clusters.as_deref();
                widgets::export_menu(ui, scene, &file, || {
                    table(scene, &opened.dataset, points, placed, clusters.map(Vec::as_slice))
                });
            }
        });
    }
}

fn colour_word(colour: MapColour) -> Word {
    match colour {
        MapColour::Level1 => Word::ColourLevel1,
        MapColour::Level2 => Word::ColourLevel2,
        MapColour::Tag => Word::ColourTag,
        MapColour::Band => Word::ColourBand,
        MapColour::Lane => Word::ColourLane,
        MapColour::Cluster => Word::ColourCluster,
    }
}
