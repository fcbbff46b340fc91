//! One cover large, over everything: the whole picture, what is known of the item, and the way to its neighbours.

use egui::{Align, Event, Key, Layout, Modifiers, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};

use super::{
    card,
    seen::Spot,
    touch::{Stage, can_click, click_as_user},
};
use crate::ui::{
    commands::Command,
    covers::{CoverKey, CoverState},
    icons,
    selection::{Mode, Thing},
    session::Opened,
    theme::{self, radius, space, type_size},
    views::Scene,
    widgets,
    words::Word,
};

const FACTS_PX: f32 = 320.0;

#[derive(Default)]
pub struct Large {
    at: Option<Spot>,
}

impl Large {
    pub fn open(&mut self, at: Spot) {
        self.at = Some(at);
    }

    pub fn is_open(&self) -> bool {
        self.at.is_some()
    }

    /// Shows the cover, if one is open; whoever walks on takes the selection along. Gives the spot that was left when it
    /// closes, for the focus to return to.
    pub fn show(&mut self, ctx: &egui::Context, scene: &mut Scene<'_>, stage: &Stage<'_>) -> Option<Spot> {
        let opened = stage.opened;
        let at = self.at.as_mut()?;
        let items = stage.seen.get(at.column).map(|seen| seen.items(stage.cases, at.line)).unwrap_or_default();
        if items.is_empty() {
            self.at = None;
            return None;
        }
        at.place = at.place.min(items.len() - 1);
        let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let mut step: isize = 0;
        for (key, by) in [(Key::ArrowLeft, -1), (Key::ArrowRight, 1), (Key::ArrowUp, -1), (Key::ArrowDown, 1)] {
            step += by * ctx.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as isize;
        }
        if pressed(Key::Home) {
            step = -(items.len() as isize);
        }
        if pressed(Key::End) {
            step = items.len() as isize;
        }
        if pressed(Key::C) && can_click(at.line) {
            click_as_user(scene, opened, at.column, items[at.place]);
        }
        if ctx.input(|input| input.events.contains(&Event::Copy)) {
            scene.send(Command::CopyText(opened.dataset.items.ids.name(items[at.place]).to_owned()));
        }
        let screen = ctx.content_rect();
        let size = (screen.size() * 0.88).min(vec2(1_320.0, 900.0));
        let style = ctx.global_style();
        let frame = egui::Frame::popup(&style).inner_margin(egui::Margin::same(16));
        let mut is_closed = false;
        let modal = egui::Modal::new(egui::Id::unique("large cover")).frame(frame).show(ctx, |ui| {
            ui.set_min_size(size);
            ui.set_max_size(size);
            let whole = ui.max_rect();
            let facts_px = FACTS_PX.min(whole.width() * 0.42);
            let picture = Rect::from_min_max(whole.min, whole.max - vec2(facts_px + space::XL, 0.0));
            picture_ui(ui, scene, opened, items[at.place], picture);
            let facts = Rect::from_min_max(egui::pos2(whole.right() - facts_px, whole.top()), whole.max);
            let mut child = ui.new_child(UiBuilder::new().max_rect(facts).layout(Layout::top_down(Align::Min)));
            step += walk_ui(&mut child, scene, at.place, items.len(), &mut is_closed);
            child.add_space(space::S);
            ScrollArea::vertical().id_salt("large cover").auto_shrink(false).show(&mut child, |ui| {
                ui.spacing_mut().item_spacing.y = space::XS;
                let item = items[at.place];
                card::about_ui(ui, scene, opened, item, false);
                id_ui(ui, scene, opened, item);
                card::why_ui(ui, scene, stage, *at);
                if can_click(at.line) {
                    ui.add_space(space::M);
                    let text = format!("{}  {}", icons::CLICK, scene.words.get(Word::ClickAsUser));
                    let button = ui.add(egui::Button::new(text).shortcut_text("C"));
                    if button.accessible_name(scene.words.get(Word::ClickAsUser)).clicked() {
                        click_as_user(scene, opened, at.column, item);
                    }
                }
            });
            ui.allocate_rect(whole, Sense::hover());
        });
        let last = items.len() as isize - 1;
        let place = (at.place as isize + step).clamp(0, last) as usize;
        if place != at.place {
            at.place = place;
            scene.send(Command::Select(Thing::Item(items[at.place]), Mode::Follow));
        }
        let left = *at;
        is_closed |= modal.should_close() || pressed(Key::Enter) || pressed(Key::Space);
        if is_closed {
            self.at = None;
        }
        is_closed.then_some(left)
    }
}

fn picture_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, item: u32, rect: Rect) {
    let (tokens, dataset) = (scene.tokens, &*opened.dataset);
    let key = CoverKey::from(item);
    let path = dataset.items.cover[item as usize].as_deref();
    ui.painter().rect_filled(rect, radius::CARD, tokens.sunken);
    let inner = rect.shrink(space::S);
    let (state, _) = scene.covers.paint_whole(ui.painter(), inner, radius::COVER, key, path, f32::MAX);
    match state {
        CoverState::Ready => {}
        CoverState::Loading => {
            ui.put(Rect::from_center_size(rect.center(), vec2(32.0, 32.0)), egui::Spinner::new());
        }
        CoverState::Missing | CoverState::Failed => {
            let side = inner.width().min(inner.height()).min(280.0);
            let square = Rect::from_center_size(inner.center(), vec2(side, side));
            widgets::picture_ui(ui.painter(), scene, dataset, square, item, 0.0, false);
            let why = scene.covers.error(key).map_or_else(|| scene.words.get(Word::NoCover).to_owned(), str::to_owned);
            let below = egui::pos2(square.center().x, square.bottom() + space::L);
            ui.painter().text(below, egui::Align2::CENTER_CENTER, why, theme::font(type_size::SMALL), tokens.text_weak);
        }
    }
}

/// Which of the row it is, the buttons that lead on, and the one that closes. Gives by how much to go on.
fn walk_ui(ui: &mut Ui, scene: &Scene<'_>, place: usize, count: usize, is_closed: &mut bool) -> isize {
    let words = scene.words;
    let mut step = 0;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        if widgets::icon_button(ui, icons::BACK, words.get(Word::PreviousCover)).clicked() {
            step -= 1;
        }
        if widgets::icon_button(ui, icons::FORWARD, words.get(Word::NextCover)).clicked() {
            step += 1;
        }
        let told = words.fill(Word::PlaceOf, &[&(place + 1).to_string(), &count.to_string()]);
        ui.label(RichText::new(told).color(scene.tokens.text_weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            *is_closed |= widgets::icon_button(ui, icons::CLOSE, words.get(Word::Close)).clicked();
        });
    });
    step
}

fn id_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, item: u32) {
    let id = opened.dataset.items.ids.name(item);
    ui.horizontal(|ui| {
        ui.label(RichText::new(scene.words.get(Word::Id)).small().color(scene.tokens.text_weak));
        ui.add(egui::Label::new(RichText::new(id).small().color(scene.tokens.text)).truncate());
        if widgets::icon_button(ui, icons::COPY, scene.words.get(Word::CopyId)).clicked() {
            scene.send(Command::CopyText(id.to_owned()));
        }
    });
}
