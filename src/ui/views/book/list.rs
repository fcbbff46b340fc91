//! The list of cases: small covers, titles and tags, put in order by dragging or by keys.

use std::sync::Arc;

use egui::{
    EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::{change, chosen, shown, title_of};
use crate::{
    ui::{
        commands::Command,
        desk::BookOrder,
        icons,
        theme::{self, radius, space, type_size},
        views::Scene,
        widgets::format,
        words::Word,
    },
    workspace::Case,
};

const ROW_PX: f32 = 72.0;
const GAP_PX: f32 = 4.0;

#[derive(Default)]
pub(super) struct List {
    /// The case that is being dragged, by id.
    dragged: Option<String>,
    /// The case that is to have the focus in the next frame.
    focus: Option<String>,
    /// Somebody wants to type the chosen case's name.
    wants_name: bool,
    /// The case that was in sight last; a newly chosen one is scrolled to.
    seen: Option<String>,
}

impl List {
    pub(super) fn wants_name(&mut self) -> bool {
        std::mem::take(&mut self.wants_name)
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, listed: &[Arc<Case>]) {
        if listed.is_empty() {
            let text = scene.words.fill(Word::NoCaseFound, &[scene.desk.book.query.trim()]);
            ui.label(RichText::new(text).color(scene.tokens.text_weak));
            return;
        }
        ScrollArea::vertical().id_salt("cases").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = GAP_PX;
            let mut rows = Vec::with_capacity(listed.len());
            for (place, case) in listed.iter().enumerate() {
                let response = self.row_ui(ui, scene, listed, place, case);
                rows.push(response.rect);
            }
            self.drag_ui(ui, scene, listed, &rows);
            ui.add_space(space::XL);
        });
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        listed: &[Arc<Case>],
        place: usize,
        case: &Arc<Case>,
    ) -> Response {
        let id = Id::unique(("case", &case.id));
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW_PX));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let is_chosen = chosen(scene, listed).is_some_and(|chosen| chosen.id == case.id);
        let name = scene.words.fill(Word::CaseNamed, &[title_of(scene, case)]);
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_chosen, &name));
        if self.focus.as_deref() == Some(&*case.id) {
            self.focus = None;
            response.request_focus();
            response.scroll_to_me(None);
        }
        if is_chosen && self.seen.as_deref() != Some(&*case.id) {
            self.seen = Some(case.id.clone());
            response.scroll_to_me(None);
        }
        if response.double_clicked() {
            scene.send(Command::OpenCase(case.id.clone()));
        } else if response.clicked() {
            response.request_focus();
            change(scene, |book| book.chosen = Some(case.id.clone()));
        }
        if response.drag_started() && scene.desk.book.order == BookOrder::Own {
            self.dragged = Some(case.id.clone());
        }
        if response.has_focus() {
            self.keys(ui, scene, listed, place, id);
        }
        response.context_menu(|ui| self.menu_ui(ui, scene, listed, place, case));
        if ui.is_rect_visible(rect) {
            draw(ui, scene, case, rect, &response, is_chosen);
        }
        response
    }

    fn keys(&mut self, ui: &Ui, scene: &Scene<'_>, listed: &[Arc<Case>], place: usize, id: Id) {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let case = &listed[place];
        // With Alt first: without it would match too.
        if pressed(Modifiers::ALT, Key::ArrowUp) {
            step(scene, listed, place, Step::Up);
        } else if pressed(Modifiers::ALT, Key::ArrowDown) {
            step(scene, listed, place, Step::Down);
        }
        let to = if pressed(Modifiers::NONE, Key::ArrowUp) {
            place.checked_sub(1)
        } else if pressed(Modifiers::NONE, Key::ArrowDown) {
            Some(place + 1)
        } else if pressed(Modifiers::NONE, Key::Home) {
            Some(0)
        } else if pressed(Modifiers::NONE, Key::End) {
            Some(listed.len() - 1)
        } else {
            None
        };
        if let Some(next) = to.and_then(|to| listed.get(to)) {
            self.focus = Some(next.id.clone());
            change(scene, |book| book.chosen = Some(next.id.clone()));
        }
        if pressed(Modifiers::NONE, Key::Enter) {
            scene.send(Command::OpenCase(case.id.clone()));
        }
        if pressed(Modifiers::NONE, Key::Delete) {
            self.focus =
                listed.get(place + 1).or(place.checked_sub(1).and_then(|at| listed.get(at))).map(|c| c.id.clone());
            scene.send(Command::DeleteCase(case.id.clone()));
        }
        if pressed(Modifiers::NONE, Key::F2) {
            self.wants_name = true;
        }
    }

    fn menu_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, listed: &[Arc<Case>], place: usize, case: &Arc<Case>) {
        let words = scene.words;
        let id = || case.id.clone();
        let is_own = scene.desk.book.order == BookOrder::Own;
        let entry = |ui: &mut Ui, icon: &str, word: Word, keys: &str, is_enabled: bool| {
            let button = egui::Button::new(format!("{icon}  {}", words.get(word))).shortcut_text(keys);
            let clicked = ui.add_enabled(is_enabled, button.min_size(vec2(230.0, 24.0))).clicked();
            if clicked {
                ui.close();
            }
            clicked
        };
        if entry(ui, icons::FOLDER_OPEN, Word::CaseOpen, "Enter", true) {
            scene.send(Command::OpenCase(id()));
        }
        if entry(ui, icons::PLAY_FILL, Word::PresentCases, "", true) {
            scene.send(Command::Present(Some(id())));
        }
        ui.separator();
        if entry(ui, icons::RENAME, Word::CaseTitle, "F2", true) {
            change(scene, |book| book.chosen = Some(id()));
            self.wants_name = true;
        }
        if entry(ui, icons::COPY, Word::CaseDuplicate, "", true) {
            scene.send(Command::DuplicateCase(id()));
        }
        if entry(ui, icons::SAVE, Word::CaseUpdate, "", scene.session.opened.is_some()) {
            scene.send(Command::UpdateCase(id()));
        }
        ui.separator();
        if entry(ui, icons::ARROW_UP, Word::CaseUp, "Alt + ↑", is_own && place > 0) {
            step(scene, listed, place, Step::Up);
        }
        if entry(ui, icons::ARROW_DOWN, Word::CaseDown, "Alt + ↓", is_own && place + 1 < listed.len()) {
            step(scene, listed, place, Step::Down);
        }
        ui.separator();
        if entry(ui, icons::DELETE, Word::CaseDelete, "Del", true) {
            scene.send(Command::DeleteCase(id()));
        }
    }

    /// The case that is dragged, and where it would go.
    fn drag_ui(&mut self, ui: &Ui, scene: &mut Scene<'_>, listed: &[Arc<Case>], rows: &[Rect]) {
        let Some(id) = self.dragged.clone() else { return };
        let Some(at) = ui.input(|input| input.pointer.interact_pos()) else { return };
        let before = rows.iter().position(|row| at.y < row.center().y).unwrap_or(rows.len());
        let y =
            rows.get(before).map_or_else(|| rows.last().map_or(0.0, |row| row.bottom() + 2.0), |row| row.top() - 2.0);
        let Some(first) = rows.first() else { return };
        let painter = ui.painter();
        painter.hline(first.x_range(), y, Stroke::new(2.5, scene.tokens.accent));
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
        if ui.input(|input| input.pointer.any_released()) {
            self.dragged = None;
            let target = listed.get(before);
            let place = listed.iter().position(|case| case.id == id);
            let stays = place.is_some_and(|place| before == place || before == place + 1);
            if !stays {
                scene.send(Command::MoveCase { id, before: target.map(|case| case.id.clone()) });
            }
        } else if ui.input(|input| !input.pointer.any_down()) {
            self.dragged = None;
        }
    }
}

#[derive(Clone, Copy)]
enum Step {
    Up,
    Down,
}

/// One place up or down among those that are listed.
fn step(scene: &Scene<'_>, listed: &[Arc<Case>], place: usize, step: Step) {
    if scene.desk.book.order != BookOrder::Own {
        return;
    }
    let before = match step {
        Step::Up if place == 0 => return,
        Step::Up => listed.get(place - 1),
        Step::Down if place + 1 >= listed.len() => return,
        Step::Down => listed.get(place + 2),
    };
    let id = listed[place].id.clone();
    scene.send(Command::MoveCase { id, before: before.map(|case| case.id.clone()) });
}

fn draw(ui: &Ui, scene: &mut Scene<'_>, case: &Case, rect: Rect, response: &Response, is_chosen: bool) {
    let tokens = scene.tokens;
    let fill = match (is_chosen, response.hovered()) {
        (true, _) => tokens.accent_soft,
        (false, true) => tokens.raised,
        (false, false) => tokens.panel,
    };
    let painter = ui.painter().with_clip_rect(rect.expand(1.0).intersect(ui.clip_rect()));
    painter.rect_filled(rect, radius::CARD, fill);
    if response.has_focus() {
        painter.rect_stroke(rect, radius::CARD, Stroke::new(1.0, tokens.accent), StrokeKind::Inside);
    }
    let side = ROW_PX - 12.0;
    let thumb = Rect::from_min_size(rect.min + vec2(6.0, 6.0), vec2(side, side));
    shown::mosaic_ui(ui, scene, case, thumb);
    let left = thumb.right() + space::M;
    let mut right = rect.right() - space::M;
    let gone = scene.session.gone(case);
    if !gone.is_nothing() {
        let at = pos2(right - 7.0, rect.top() + 18.0);
        painter.text(at, egui::Align2::CENTER_CENTER, icons::WARNING_FILL, theme::font(15.0), tokens.warn);
        right -= 22.0;
    }
    let line = |text: &str, font: egui::FontId, colour: egui::Color32, at: Pos2| {
        let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - left).max(10.0));
        painter.galley(at, painter.layout_job(job), colour);
    };
    let title = title_of(scene, case);
    line(title, theme::medium_font(type_size::BODY), tokens.text_strong, pos2(left, rect.top() + 9.0));
    let date = format::date(case.created_secs as i64);
    let mut about = vec![case.dataset.name.as_str(), &date];
    let tags = case.tags.join(", ");
    if !tags.is_empty() {
        about.insert(0, &tags);
    }
    line(&about.join(" · "), theme::font(type_size::SMALL), tokens.text_weak, pos2(left, rect.top() + 29.0));
    let notes = case.notes.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line(notes, theme::font(type_size::SMALL), tokens.text_faint, pos2(left, rect.top() + 47.0));
    if !gone.is_nothing() && response.hovered() {
        response.clone().on_hover_text(gone.texts(scene.words, case).join("\n"));
    }
}
