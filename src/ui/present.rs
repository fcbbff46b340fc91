//! What stands on the screen while cases are presented: the case's title and notes, its views, and a pointer.

use std::{collections::VecDeque, sync::Arc};

use egui::{
    CentralPanel, CursorIcon, Frame, Id, LayerId, Layout, Margin, Order, Panel, Pos2, RichText, ScrollArea, Stroke, Ui,
};
use egui_tiles::Tree;

use super::{
    commands::{Command, Presented},
    desk::Pane,
    frame::{Centre, tiles_ui},
    icons,
    session::Gone,
    theme::{self, space, type_size},
    views::{Scene, shown_ui},
    widgets,
    words::Word,
};
use crate::workspace::Case;

const TITLE_SIZE: f32 = 28.0;
const NOTES_SIZE: f32 = 16.0;
/// The pointer leaves a trail of this age.
const TRAIL_SECS: f64 = 0.35;
const POINTER_PX: f32 = 7.0;

/// A dot that follows the mouse.
#[derive(Default)]
pub struct Pointer {
    pub is_on: bool,
    trail: VecDeque<(Pos2, f64)>,
}

impl Pointer {
    pub fn toggle(&mut self) {
        self.is_on = !self.is_on;
        self.trail.clear();
    }

    fn ui(&mut self, ui: &Ui, scene: &Scene<'_>) {
        if !self.is_on {
            return;
        }
        let ctx = ui.ctx();
        let (at, now) = ctx.input(|input| (input.pointer.hover_pos(), input.time));
        let Some(at) = at else { return };
        ctx.set_cursor_icon(CursorIcon::None);
        if self.trail.back().is_none_or(|(last, _)| *last != at) {
            self.trail.push_back((at, now));
        }
        while self.trail.front().is_some_and(|(_, secs)| now - secs > TRAIL_SECS) {
            self.trail.pop_front();
        }
        let painter = ctx.layer_painter(LayerId::new(Order::Tooltip, Id::unique("pointer")));
        let colour = scene.tokens.pointer;
        let places: Vec<(Pos2, f64)> = self.trail.iter().copied().collect();
        for pair in places.windows(2) {
            let strength = 1.0 - ((now - pair[1].1) / TRAIL_SECS).clamp(0.0, 1.0) as f32;
            let stroke = Stroke::new(POINTER_PX * strength, colour.gamma_multiply(0.5 * strength));
            painter.line_segment([pair[0].0, pair[1].0], stroke);
        }
        painter.circle_filled(at, POINTER_PX * 2.4, colour.gamma_multiply(0.25));
        painter.circle_filled(at, POINTER_PX, colour);
        painter.circle_filled(at, POINTER_PX * 0.4, scene.tokens.on_picture);
        if places.len() > 1 {
            ctx.request_repaint();
        }
    }
}

/// The case that is shown.
pub struct Shown {
    /// `None` if it was thrown away meanwhile.
    pub case: Option<Arc<Case>>,
    /// Which it is, from 1, and of how many.
    pub place: (usize, usize),
    /// Whether the data set that is open is its own.
    pub is_open: bool,
}

pub fn present_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    centre: &mut Centre,
    tree: &mut Tree<Pane>,
    shown: &Shown,
    pointer: &mut Pointer,
) {
    let tokens = scene.tokens;
    let bar = Frame::new().fill(tokens.canvas).inner_margin(Margin { left: 28, right: 20, top: 18, bottom: 8 });
    let gone = shown.case.as_ref().map(|case| scene.session.gone(case)).unwrap_or_default();
    Panel::top("presented case").frame(bar).show_separator_line(false).show(ui, |ui| head_ui(ui, scene, shown));
    let foot = Frame::new().fill(tokens.canvas).inner_margin(Margin { left: 28, right: 20, top: 2, bottom: 8 });
    Panel::bottom("presented keys").frame(foot).show_separator_line(false).show(ui, |ui| {
        foot_ui(ui, scene, shown, pointer.is_on);
    });
    let body = Frame::new().fill(tokens.canvas).inner_margin(Margin { left: 12, right: 12, top: 0, bottom: 0 });
    CentralPanel::default().frame(body).show(ui, |ui| {
        let Some(case) = &shown.case else { return };
        if shown.is_open && !gone.has_other_data {
            if !gone.runs.is_empty() {
                gone_ui(ui, scene, case, &gone);
            }
            tiles_ui(ui, scene, centre, tree);
        } else if let (Some(opening), false) = (&scene.session.opening, gone.has_lost_data) {
            let name = opening.folder.file_name().unwrap_or_default().to_string_lossy();
            ui.centered_and_justified(|ui| {
                ui.label(RichText::new(scene.words.fill(Word::Opening, &[&name])).color(tokens.text_weak));
            });
        } else {
            gone_ui(ui, scene, case, &gone);
            ScrollArea::vertical().id_salt(&case.id).auto_shrink(false).show(ui, |ui| {
                shown_ui(ui, scene, case, 96.0);
            });
        }
    });
    pointer.ui(ui, scene);
}

fn head_ui(ui: &mut Ui, scene: &Scene<'_>, shown: &Shown) {
    let tokens = scene.tokens;
    let Some(case) = &shown.case else { return };
    let title = RichText::new(&case.title).font(theme::strong_font(TITLE_SIZE)).color(tokens.text_strong);
    ui.add(egui::Label::new(title).wrap());
    if !case.notes.trim().is_empty() {
        ui.add_space(space::XS);
        let most = ui.ctx().content_rect().height() * 0.22;
        ScrollArea::vertical().id_salt(("notes", &case.id)).max_height(most).show(ui, |ui| {
            let notes = RichText::new(case.notes.trim()).font(theme::font(NOTES_SIZE)).color(tokens.text);
            ui.add(egui::Label::new(notes).wrap());
        });
    }
}

fn gone_ui(ui: &mut Ui, scene: &Scene<'_>, case: &Case, gone: &Gone) {
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 0, bottom: 6 }).show(ui, |ui| {
        for text in gone.texts(scene.words, case) {
            ui.label(RichText::new(format!("{}  {text}", icons::WARNING_FILL)).color(scene.tokens.warn));
        }
    });
}

fn foot_ui(ui: &mut Ui, scene: &Scene<'_>, shown: &Shown, has_pointer: bool) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        let (place, count) = shown.place;
        let told = words.fill(Word::PlaceOf, &[&place.to_string(), &count.to_string()]);
        ui.label(RichText::new(told).font(theme::font(type_size::SMALL)).color(tokens.text_weak));
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let pointer = if has_pointer { icons::DOT_FILL } else { icons::DOT };
            for (icon, word, asked) in [
                (icons::CLOSE, Word::PresentLeave, Presented::Leave),
                (pointer, Word::PresentPointer, Presented::TogglePointer),
                (icons::FORWARD, Word::PresentNext, Presented::Next),
                (icons::BACK, Word::PresentPrevious, Presented::Previous),
            ] {
                if widgets::icon_button(ui, icon, words.get(word)).clicked() {
                    scene.send(Command::Presenting(asked));
                }
            }
            ui.add_space(space::S);
            let keys = RichText::new(words.get(Word::PresentKeys)).font(theme::font(type_size::SMALL));
            ui.label(keys.color(tokens.text_faint));
        });
    });
}
