//! Where everything stands: bars and panels around the tiles of views.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use egui::{CentralPanel, Frame, Margin, Panel, Rect, RichText, Stroke, Ui, vec2};
use egui_tiles::{Behavior, SimplificationOptions, TabState, TileId, Tree, UiResponse};

use super::{
    commands::Command,
    desk::Pane,
    dialogs::Dialogs,
    icons,
    panels::{bottom, inspector, left, top},
    session::{Arrival, Trouble},
    theme::{self, Tokens, radius, space, type_size},
    views::{Scene, View, ViewKind},
    widgets::{self, format},
    words::Word,
};
use crate::jobs::panic_message;

/// What the views of the centre hold between frames. Where they stand is the desk's.
#[derive(Default)]
pub struct Centre {
    views: BTreeMap<ViewKind, Box<dyn View>>,
    /// Views that broke off, and with what message; the others go on.
    failed: BTreeMap<ViewKind, String>,
    /// Where the views in sight were last drawn.
    places: BTreeMap<ViewKind, Rect>,
}

impl Centre {
    pub fn place(&self, kind: ViewKind) -> Option<Rect> {
        self.places.get(&kind).copied()
    }

    /// Another data set stands: what was computed for the old one goes.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn view_ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, kind: ViewKind) {
        if let Some(message) = self.failed.get(&kind).cloned() {
            if failed_ui(ui, scene, kind, &message) {
                self.failed.remove(&kind);
            }
            return;
        }
        let view = self.views.entry(kind).or_insert_with(|| kind.make());
        if let Err(message) = guarded(|| view.ui(ui, scene)) {
            log::error!("the view {} broke off: {message}", kind.name());
            self.views.remove(&kind);
            self.failed.insert(kind, message);
        }
    }
}

/// Runs `draw`; what it panics with is the error.
fn guarded(draw: impl FnOnce()) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(draw)).map_err(|panic| panic_message(&*panic).unwrap_or("it broke off").to_owned())
}

/// A view that broke off: what is known, and how to go on. True when it is to be drawn again.
fn failed_ui(ui: &mut Ui, scene: &Scene<'_>, kind: ViewKind, message: &str) -> bool {
    let (words, tokens) = (scene.words, scene.tokens);
    Frame::new()
        .inner_margin(Margin::same(24))
        .show(ui, |ui| {
            let title = words.fill(Word::ViewFailed, &[kind.title(words)]);
            ui.label(RichText::new(title).font(theme::strong_font(type_size::TITLE)).color(tokens.error));
            ui.add(egui::Label::new(RichText::new(message).color(tokens.text)).wrap().selectable(true));
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                let again = ui.button(words.get(Word::DrawAgain)).clicked();
                if ui.button(words.get(Word::Copy)).on_hover_text(words.get(Word::CopyTip)).clicked() {
                    scene.send(Command::CopyText(message.to_owned()));
                }
                again
            })
            .inner
        })
        .inner
}

struct Tiles<'a, 'b> {
    scene: &'a mut Scene<'b>,
    centre: &'a mut Centre,
}

impl Behavior<Pane> for Tiles<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut Pane) -> UiResponse {
        self.centre.places.insert(pane.kind, ui.max_rect());
        self.centre.view_ui(ui, self.scene, pane.kind);
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> egui::WidgetText {
        pane.kind.title(self.scene.words).into()
    }

    fn is_tab_closable(&self, _tiles: &egui_tiles::Tiles<Pane>, _tile: TileId) -> bool {
        true
    }

    fn on_tab_button(
        &mut self,
        tiles: &mut egui_tiles::Tiles<Pane>,
        tile: TileId,
        response: egui::Response,
    ) -> egui::Response {
        if let Some(pane) = tiles.get_pane(&tile).copied() {
            let words = self.scene.words;
            response.context_menu(|ui| {
                if ui.button(words.get(Word::Help)).clicked() {
                    self.scene.send(Command::HelpOn(pane.kind));
                    ui.close();
                }
                if ui.button(words.get(Word::PictureOfView)).clicked() {
                    self.scene.send(Command::ExportPicture(Some(pane.kind)));
                    ui.close();
                }
                if ui.button(words.get(Word::CloseView)).clicked() {
                    self.scene.send(Command::CloseView(pane.kind));
                    ui.close();
                }
            });
        }
        response
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &egui_tiles::Tiles<Pane>,
        ui: &mut Ui,
        _tile: TileId,
        tabs: &egui_tiles::Tabs,
        _scroll: &mut f32,
    ) {
        let Some(pane) = tabs.active.and_then(|tile| tiles.get_pane(&tile)) else { return };
        ui.add_space(space::S);
        let name = self.scene.words.fill(Word::HelpOn, &[pane.kind.title(self.scene.words)]);
        if widgets::icon_button(ui, icons::HELP, &name).clicked() {
            self.scene.send(Command::HelpOn(pane.kind));
        }
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        30.0
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        2.0
    }

    fn min_size(&self) -> f32 {
        160.0
    }

    fn tab_bar_color(&self, _visuals: &egui::Visuals) -> egui::Color32 {
        self.scene.tokens.panel
    }

    fn tab_bg_color(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &egui_tiles::Tiles<Pane>,
        _tile: TileId,
        state: &TabState,
    ) -> egui::Color32 {
        if state.active { self.scene.tokens.canvas } else { self.scene.tokens.panel }
    }

    fn tab_text_color(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &egui_tiles::Tiles<Pane>,
        _tile: TileId,
        state: &TabState,
    ) -> egui::Color32 {
        if state.active { self.scene.tokens.text_strong } else { self.scene.tokens.text_weak }
    }

    fn tab_outline_stroke(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &egui_tiles::Tiles<Pane>,
        _tile: TileId,
        _state: &TabState,
    ) -> Stroke {
        Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _visuals: &egui::Visuals) -> Stroke {
        Stroke::new(1.0, self.scene.tokens.line)
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}

/// The tiles of views; one that stands alone in a presentation needs no tab.
pub fn tiles_ui(ui: &mut Ui, scene: &mut Scene<'_>, centre: &mut Centre, tree: &mut Tree<Pane>) {
    let panes = tree.tiles.tiles().filter(|tile| matches!(tile, egui_tiles::Tile::Pane(_))).count();
    let alone = tree.tiles.tiles().find_map(|tile| match tile {
        egui_tiles::Tile::Pane(pane) if panes == 1 && scene.is_presented => Some(pane.kind),
        _ => None,
    });
    match alone {
        Some(kind) => {
            centre.places.insert(kind, ui.max_rect());
            centre.view_ui(ui, scene, kind);
        }
        None => tree.ui(&mut Tiles { scene, centre }, ui),
    }
}

pub fn frame_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    search: &mut top::Search,
    dialogs: &mut Dialogs,
    centre: &mut Centre,
    tree: &mut Tree<Pane>,
) {
    let tokens = scene.tokens;
    let bar =
        |horizontal, vertical| Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(horizontal, vertical));
    Panel::top("top").frame(bar(12, 5)).show(ui, |ui| top::top_ui(ui, scene, search));
    Panel::bottom("jobs").frame(bar(12, 3)).show(ui, |ui| bottom::bottom_ui(ui, scene));
    let has_side_panels = scene.opened().is_some();
    if has_side_panels && scene.desk.layout.left_open {
        Panel::left("data").frame(bar(12, 10)).default_size(196.0).size_range(150.0..=340.0).show(ui, |ui| {
            left::left_ui(ui, scene);
        });
    }
    if has_side_panels && scene.desk.layout.inspector_open {
        Panel::right("inspector").frame(bar(12, 10)).default_size(236.0).size_range(180.0..=420.0).show(ui, |ui| {
            inspector::inspector_ui(ui, scene);
        });
    }
    let canvas = Frame::new().fill(tokens.canvas);
    centre.places.clear();
    CentralPanel::default().frame(canvas).show(ui, |ui| {
        if let Some(trouble) = scene.session.trouble.clone() {
            trouble_ui(ui, scene, &trouble);
        }
        if let Some(arrival) = &scene.session.arrival {
            arrival_ui(ui, scene, arrival);
        }
        if scene.session.opened.is_some() {
            opening_ui(ui, scene);
            tiles_ui(ui, scene, centre, tree);
            if tree.is_empty() {
                all_closed_ui(ui, scene);
            }
        } else {
            welcome_ui(ui, scene);
        }
    });
    dialogs.show(ui.ctx(), scene, &|kind| centre.place(kind));
    saved_ui(ui, scene);
    case_kept_ui(ui, scene);
    drop_ui(ui, scene);
    frame_times_ui(ui, scene);
}

/// Every view is closed: the buttons that open them again.
fn all_closed_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space(height * 0.35);
        ui.label(RichText::new(words.get(Word::AllClosed)).size(type_size::TITLE).color(tokens.text_weak));
        ui.add_space(space::S);
        for kind in ViewKind::ALL {
            let command = Command::Show(kind);
            if ui
                .button(format!("{}  {}", kind.icon(), kind.title(words)))
                .on_hover_text(command.tooltip(words))
                .clicked()
            {
                scene.send(command);
            }
        }
    });
}

/// The counter of frame times, in the lower right corner.
fn frame_times_ui(ui: &Ui, scene: &Scene<'_>) {
    if !scene.desk.preferences.frame_times {
        return;
    }
    let (Some(median), Some(slow)) = (scene.clock.quantile_ms(0.5), scene.clock.quantile_ms(0.99)) else { return };
    let text = scene.words.fill(Word::FrameTimesText, &[&format!("{median:.1}"), &format!("{slow:.1}")]);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("frame times")));
    let galley = painter.layout_no_wrap(text, theme::font(type_size::SMALL), scene.tokens.on_picture);
    let corner = ui.ctx().content_rect().right_bottom() - vec2(12.0, 40.0);
    let rect = egui::Rect::from_min_max(corner - galley.size() - vec2(12.0, 6.0), corner);
    painter.rect_filled(rect, radius::COVER, scene.tokens.over_picture);
    painter.galley(rect.min + vec2(6.0, 3.0), galley, scene.tokens.on_picture);
}

/// A case is on the disk: its title, and the way to the book.
fn case_kept_ui(ui: &Ui, scene: &Scene<'_>) {
    /// Seconds that the note stays.
    const STAYS: Duration = Duration::from_secs(8);
    let Some((title, at)) = &scene.session.kept_case else { return };
    let (words, tokens) = (scene.words, scene.tokens);
    let age = at.elapsed();
    if age > STAYS {
        scene.send(Command::DismissCaseKept);
        return;
    }
    ui.ctx().request_repaint_after(STAYS - age);
    let area = egui::Area::new(egui::Id::unique("case kept")).order(egui::Order::Foreground);
    area.anchor(egui::Align2::CENTER_BOTTOM, vec2(0.0, -48.0)).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(icons::HIT_FILL).color(tokens.hit));
                ui.label(RichText::new(words.fill(Word::CaseKept, &[title])).color(tokens.text));
                if ui.button(words.get(Word::ShowBook)).clicked() {
                    scene.send(Command::Show(ViewKind::Book));
                    scene.send(Command::DismissCaseKept);
                }
                if widgets::icon_button(ui, icons::CLOSE, words.get(Word::Dismiss)).clicked() {
                    scene.send(Command::DismissCaseKept);
                }
            });
        });
    });
}

/// A file was written: its name, and its path for whoever wants to go there.
fn saved_ui(ui: &Ui, scene: &Scene<'_>) {
    /// Seconds that the note stays.
    const STAYS: Duration = Duration::from_secs(12);
    let Some(saved) = &scene.session.saved else { return };
    let (words, tokens) = (scene.words, scene.tokens);
    let age = saved.at.elapsed();
    if age > STAYS {
        scene.send(Command::DismissSaved);
        return;
    }
    ui.ctx().request_repaint_after(STAYS - age);
    let name = saved.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let area = egui::Area::new(egui::Id::unique("saved")).order(egui::Order::Foreground);
    area.anchor(egui::Align2::CENTER_BOTTOM, vec2(0.0, -48.0)).show(ui.ctx(), |ui| {
        let frame = Frame::popup(ui.style()).inner_margin(Margin::symmetric(12, 8));
        frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(icons::HIT_FILL).color(tokens.hit));
                let text = RichText::new(words.fill(Word::SavedAs, &[&name])).color(tokens.text);
                ui.label(text).on_hover_text(saved.path.display().to_string());
                if ui.button(words.get(Word::CopyPath)).clicked() {
                    scene.send(Command::CopyText(saved.path.display().to_string()));
                }
                if widgets::icon_button(ui, icons::CLOSE, words.get(Word::Dismiss)).clicked() {
                    scene.send(Command::DismissSaved);
                }
            });
        });
    });
}

/// Something failed: what, what is still open, and what can be done.
fn trouble_ui(ui: &mut Ui, scene: &Scene<'_>, trouble: &Trouble) {
    let (words, tokens) = (scene.words, scene.tokens);
    let frame = Frame::new()
        .fill(tokens.panel.lerp_to_gamma(tokens.error, 0.1))
        .stroke(Stroke::new(1.0, tokens.error.gamma_multiply(0.6)))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::symmetric(12, 10))
        .outer_margin(Margin { left: 16, right: 16, top: 10, bottom: 0 });
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(icons::ERROR_FILL).size(18.0).color(tokens.error));
            ui.vertical(|ui| {
                let name = trouble.folder.as_ref().and_then(|folder| folder.file_name());
                let title = match name {
                    Some(name) => words.fill(Word::OpenFailedIn, &[&name.to_string_lossy()]),
                    None if trouble.folder.is_some() => words.get(Word::OpenFailed).to_owned(),
                    None => String::new(),
                };
                if !title.is_empty() {
                    ui.label(RichText::new(title).font(theme::medium_font(type_size::BODY)).color(tokens.text_strong));
                }
                widgets::fault_text(ui, tokens, words, &trouble.fault);
                ui.horizontal(|ui| {
                    if ui.button(words.get(Word::Copy)).on_hover_text(words.get(Word::CopyTip)).clicked() {
                        scene.send(Command::CopyText(trouble.fault.message.clone()));
                    }
                    if ui.button(words.get(Word::Dismiss)).clicked() {
                        scene.send(Command::DismissTrouble);
                    }
                    if let (Some(opened), true) = (scene.opened(), trouble.folder.is_some()) {
                        let text = words.fill(Word::StillOpen, &[&opened.dataset.name]);
                        ui.label(RichText::new(text).small().color(tokens.text_weak));
                    }
                });
            });
        });
    });
}

/// A data set has come in: what there is to know of its report.
fn arrival_ui(ui: &mut Ui, scene: &Scene<'_>, arrival: &Arrival) {
    let (words, tokens) = (scene.words, scene.tokens);
    let frame = Frame::new()
        .fill(tokens.accent_soft)
        .corner_radius(radius::CARD)
        .inner_margin(Margin::symmetric(12, 6))
        .outer_margin(Margin { left: 16, right: 16, top: 10, bottom: 0 });
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let is_clean = arrival.set_aside == 0 && arrival.remarks == 0;
            let (icon, colour) =
                if is_clean { (icons::HIT_FILL, tokens.hit) } else { (icons::INFO_FILL, tokens.accent) };
            ui.label(RichText::new(icon).color(colour));
            let mut text = words.fill(Word::Arrived, &[&arrival.name, &format::count(arrival.events)]);
            text += " · ";
            text += &match arrival.set_aside {
                0 => words.get(Word::NothingSetAside).to_owned(),
                rows => words.fill(Word::SetAside, &[&format::count(rows)]),
            };
            if arrival.remarks > 0 {
                text += " · ";
                text += &words.fill(Word::RemarkCount, &[&arrival.remarks.to_string()]);
            }
            ui.label(RichText::new(text).color(tokens.text));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widgets::icon_button(ui, icons::CLOSE, words.get(Word::Dismiss)).clicked() {
                    scene.send(Command::DismissArrival);
                }
                if ui.button(words.get(Word::SeeReport)).clicked() {
                    scene.send(Command::Show(ViewKind::Data));
                }
            });
        });
    });
}

/// Another data set is on its way while one is open.
fn opening_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(opening) = &scene.session.opening else { return };
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 8, bottom: 0 }).show(ui, |ui| {
        progress_ui(ui, scene, opening.job, &opening.folder);
    });
}

fn progress_ui(ui: &mut Ui, scene: &Scene<'_>, job: crate::jobs::JobId, folder: &std::path::Path) {
    let name = folder.file_name().map_or_else(|| folder.to_string_lossy(), |name| name.to_string_lossy());
    let title = scene.words.fill(Word::Opening, &[&name]);
    ui.label(RichText::new(&title).font(theme::medium_font(type_size::BODY)).color(scene.tokens.text));
    if let Some(status) = scene.session.job(job)
        && widgets::job_line(ui, scene.tokens, scene.words, status, &title)
    {
        scene.send(Command::Cancel(job));
    }
}

/// Nothing is open: what this is for, and the buttons that get something.
fn welcome_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.set_max_width(520.0);
        ui.add_space((height * 0.26).max(space::XL));
        ui.label(RichText::new(icons::RECALL_FILL).size(44.0).color(tokens.accent));
        ui.add_space(space::S);
        ui.label(RichText::new(words.get(Word::Welcome)).font(theme::strong_font(22.0)).color(tokens.text_strong));
        ui.label(RichText::new(words.get(Word::WelcomeHint)).color(tokens.text_weak));
        ui.add_space(space::L);
        if let Some(opening) = &scene.session.opening {
            ui.set_max_width(360.0);
            progress_ui(ui, scene, opening.job, &opening.folder);
            return;
        }
        // Centred by their width, which is known one frame later.
        let id = ui.scope_id().with("welcome buttons");
        let width: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(420.0);
        let row = ui.horizontal(|ui| {
            ui.add_space(((ui.available_width() - width) / 2.0).max(0.0));
            let inner = ui.horizontal(|ui| {
                let open = widgets::primary_button(ui, tokens, Command::Open.name(words));
                if open.on_hover_text(Command::Open.tooltip(words)).clicked() {
                    scene.send(Command::Open);
                }
                for command in [Command::OpenPath, Command::OpenSample] {
                    if ui.button(command.name(words)).on_hover_text(command.tooltip(words)).clicked() {
                        scene.send(command);
                    }
                }
            });
            inner.response.rect.width()
        });
        ui.data_mut(|data| data.insert_temp(id, row.inner));
        ui.add_space(space::L);
        for (folder, name) in scene.session.recent.iter().take(6) {
            let row = egui::Button::new(format!("{}  {name}", icons::FOLDER)).frame_when_inactive(false);
            if ui.add(row).on_hover_text(folder.display().to_string()).clicked() {
                scene.send(Command::OpenFolder(folder.clone()));
            }
        }
    });
}

/// A folder hangs over the window.
fn drop_ui(ui: &Ui, scene: &Scene<'_>) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let tokens: &Tokens = scene.tokens;
    let screen = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
    painter.rect_filled(screen, 0.0, tokens.canvas.gamma_multiply(0.85));
    let frame = screen.shrink2(vec2(24.0, 24.0));
    painter.rect_stroke(frame, radius::CARD, Stroke::new(2.0, tokens.accent), egui::StrokeKind::Inside);
    let text = scene.words.get(Word::DropHere);
    let font = theme::strong_font(type_size::HEADING);
    painter.text(screen.center(), egui::Align2::CENTER_CENTER, text, font, tokens.text_strong);
}

#[cfg(test)]
mod tests {
    use egui_kittest::{Harness, kittest::Queryable as _};

    use super::*;

    #[test]
    fn what_a_view_panics_with_is_told_and_the_rest_is_drawn() {
        let mut told = Vec::new();
        {
            let mut harness = Harness::new_ui(|ui| {
                ui.vertical(|ui| {
                    if let Err(message) = guarded(|| {
                        ui.horizontal(|ui| {
                            ui.label("begun");
                            panic!("no row {}", 7);
                        });
                    }) {
                        told.push(message);
                    }
                });
                ui.label("the rest");
            });
            harness.run();
            harness.get_by_label("the rest");
        }
        assert!(!told.is_empty() && told.iter().all(|message| message == "no row 7"), "{told:?}");
    }
}
