//! The case book: saved questions to look at, to open, to put in order, and to show to others.

mod detail;
mod list;
mod shown;

use std::sync::Arc;

use egui::{Align, ComboBox, Layout, Rect, RichText, TextEdit, Ui, UiBuilder, pos2};

pub use self::shown::shown_ui;
use self::{detail::Detail, list::List};
use super::{Scene, View};
use crate::{
    ui::{
        commands::Command,
        desk::{BookDesk, BookOrder},
        icons,
        session::Book,
        theme::{self, space, type_size},
        widgets,
        words::Word,
    },
    workspace::Case,
};

/// From this width on, the case stands beside the list.
const BESIDE_FROM_PX: f32 = 720.0;

#[derive(Default)]
pub struct CaseBook {
    list: List,
    detail: Detail,
    found: Option<Found>,
}

/// The cases that are listed, and for what they were found.
struct Found {
    book: Book,
    desk: BookDesk,
    listed: Vec<Arc<Case>>,
}

impl CaseBook {
    fn listed(&mut self, scene: &Scene<'_>) -> Vec<Arc<Case>> {
        let (book, desk) = (&scene.session.book, BookDesk { chosen: None, ..scene.desk.book.clone() });
        let found = self.found.take().filter(|found| found.book == *book && found.desk == desk);
        let find = || Found { book: book.clone(), listed: desk.listed(book), desk };
        self.found.insert(found.unwrap_or_else(find)).listed.clone()
    }
}

impl View for CaseBook {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 12, top: 10, bottom: 8 });
        frame.show(ui, |ui| {
            if scene.session.book.cases().is_empty() {
                empty_ui(ui, scene);
                return;
            }
            let listed = self.listed(scene);
            let whole = ui.available_rect_before_wrap();
            let (one, other) = if whole.width() >= BESIDE_FROM_PX {
                let at = whole.left() + (whole.width() * 0.38).clamp(300.0, 460.0);
                let (one, other) = whole.split_left_right_at_x(at);
                (one, Rect::from_min_max(pos2(other.left() + space::L, other.top()), other.max))
            } else {
                let (one, other) = whole.split_top_bottom_at_y(whole.top() + whole.height() * 0.45);
                (one, Rect::from_min_max(pos2(other.left(), other.top() + space::M), other.max))
            };
            let mut left = ui.new_child(UiBuilder::new().max_rect(one).layout(Layout::top_down(Align::Min)));
            left.set_clip_rect(one.expand(2.0).intersect(ui.clip_rect()));
            toolbar_ui(&mut left, scene, &listed);
            self.list.ui(&mut left, scene, &listed);
            let mut right = ui.new_child(UiBuilder::new().max_rect(other).layout(Layout::top_down(Align::Min)));
            right.set_clip_rect(other.expand(2.0).intersect(ui.clip_rect()));
            if self.list.wants_name() {
                self.detail.wants_focus = true;
            }
            self.detail.ui(&mut right, scene, &listed);
            ui.allocate_rect(whole, egui::Sense::hover());
        });
    }
}

/// The case that is looked at: the one that was chosen, or the first where the list does not have that.
fn chosen<'c>(scene: &Scene<'_>, listed: &'c [Arc<Case>]) -> Option<&'c Arc<Case>> {
    let id = scene.desk.book.chosen.as_deref();
    listed.iter().find(|case| Some(&*case.id) == id).or(listed.first())
}

/// A case's title, or what stands for it.
fn title_of<'c>(scene: &Scene<'_>, case: &'c Case) -> &'c str {
    if case.title.trim().is_empty() { scene.words.get(Word::CaseWithout) } else { &case.title }
}

fn change(scene: &Scene<'_>, change: impl FnOnce(&mut BookDesk)) {
    let mut book = scene.desk.book.clone();
    change(&mut book);
    scene.send(Command::SetBook(Box::new(book)));
}

fn empty_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space(height * 0.3);
        ui.label(RichText::new(icons::BOOKMARK_FILL).size(36.0).color(tokens.accent));
        ui.add_space(space::S);
        ui.label(RichText::new(words.get(Word::NoCases)).size(type_size::TITLE).color(tokens.text));
        ui.label(RichText::new(words.get(Word::NoCasesHint)).color(tokens.text_weak));
        ui.add_space(space::M);
        if widgets::primary_button(ui, tokens, words.get(Word::SaveCase)).clicked() {
            scene.send(Command::SaveCase);
        }
    });
}

fn toolbar_ui(ui: &mut Ui, scene: &Scene<'_>, listed: &[Arc<Case>]) {
    let (words, tokens) = (scene.words, scene.tokens);
    let desk = &scene.desk.book;
    ui.horizontal(|ui| {
        let save = widgets::primary_button(ui, tokens, words.get(Word::SaveCase));
        if save.on_hover_text(Command::SaveCase.tooltip(words)).clicked() {
            scene.send(Command::SaveCase);
        }
        let text = format!("{}  {}", icons::PLAY_FILL, words.get(Word::PresentCases));
        let keys = Command::Present(None).keys(ui.ctx()).unwrap_or_default();
        let present = ui.add_enabled(!listed.is_empty(), egui::Button::new(text));
        let present = present.on_hover_text(format!("{}  {keys}", words.get(Word::PresentTip)));
        if present.accessible_name(words.get(Word::PresentCases)).clicked() {
            scene.send(Command::Present(desk.chosen.clone()));
        }
        let export = ui.add_enabled_ui(!listed.is_empty(), |ui| {
            widgets::icon_button(ui, icons::EXPORT, words.get(Word::ExportCases)).clicked()
        });
        if export.inner {
            scene.send(Command::ExportCases(listed.iter().map(|case| case.id.clone()).collect()));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let count = format!("{} / {}", listed.len(), scene.session.book.cases().len());
            let font = theme::font(type_size::SMALL);
            ui.label(RichText::new(count).font(font).color(tokens.text_weak));
        });
    });
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        const ORDER_PX: f32 = 138.0;
        let mut query = desk.query.clone();
        let edit = TextEdit::singleline(&mut query)
            .hint_text(words.get(Word::CaseSearch))
            .prefix(RichText::new(icons::SEARCH).color(tokens.text_faint))
            .desired_width((ui.available_width() - ORDER_PX - space::L).max(80.0));
        if ui.add(edit).accessible_name(words.get(Word::CaseSearch)).changed() {
            change(scene, |book| book.query = query);
        }
        let mut order = desk.order;
        let combo = ComboBox::from_id_salt("order of cases").width(ORDER_PX - space::L);
        let shown = combo.selected_text(words.get(word_of(order))).show_ui(ui, |ui| {
            for other in BookOrder::ALL {
                ui.selectable_value(&mut order, other, words.get(word_of(other)));
            }
        });
        shown.response.accessible_name(words.get(Word::CaseOrder));
        if order != desk.order {
            change(scene, |book| book.order = order);
        }
    });
    let tags = scene.session.book.tags();
    if !tags.is_empty() {
        ui.add_space(2.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(space::XS, space::XS);
            if widgets::chip(ui, tokens, None, words.get(Word::CaseAllTags), "", desk.tag.is_none()).clicked() {
                change(scene, |book| book.tag = None);
            }
            for (tag, count) in &tags {
                let is_set = desk.tag.as_ref() == Some(tag);
                if widgets::chip(ui, tokens, None, tag, &count.to_string(), is_set).clicked() {
                    let next = if is_set { None } else { Some(tag.clone()) };
                    change(scene, |book| book.tag = next);
                }
            }
        });
    }
    ui.add_space(space::S);
}

fn word_of(order: BookOrder) -> Word {
    match order {
        BookOrder::Own => Word::CaseOrderOwn,
        BookOrder::Title => Word::CaseOrderTitle,
        BookOrder::Newest => Word::CaseOrderNewest,
        BookOrder::Changed => Word::CaseOrderChanged,
    }
}
