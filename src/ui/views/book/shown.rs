//! What a case showed, drawn from what it keeps: that needs neither its runs nor its data set.

use egui::{Id, Painter, Rect, RichText, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::{
    dataset::Language,
    recall::LaneKind,
    ui::commands::Command,
    ui::{
        covers::{CoverKey, CoverState},
        icons,
        selection::{Mode, Thing},
        theme::{self, radius, space, type_size},
        views::Scene,
        widgets,
        words::Word,
    },
    workspace::{Case, ShownColumn, ShownItem, ShownRow},
};

/// The item's title in the language that is set; its id where it has none.
fn title<'i>(scene: &Scene<'_>, item: &'i ShownItem) -> &'i str {
    let english = scene.language() == Language::English && !item.title_en.is_empty();
    let chosen = if english { &item.title_en } else { &item.title };
    if chosen.is_empty() { &item.id } else { chosen }
}

/// The item's row, if the case's data set is open and has it.
fn row_of(scene: &Scene<'_>, case: &Case, item: &ShownItem) -> Option<u32> {
    let opened = scene.opened().filter(|opened| *opened.dataset.folder == case.dataset.folder)?;
    opened.dataset.items.ids.row(&item.id)
}

/// Draws the item's cover, by the open data set or by the file that the case names.
fn face_ui(painter: &Painter, scene: &mut Scene<'_>, case: &Case, item: &ShownItem, rect: Rect) {
    if let (Some(row), Some(opened)) = (row_of(scene, case, item), scene.opened()) {
        widgets::picture_ui(painter, scene, &opened.dataset, rect, row, 0.0, false);
        return;
    }
    let tokens = scene.tokens;
    let text = title(scene, item).to_owned();
    let path = item.cover.as_deref();
    // Asking the disk for the file's state is for once, not for every frame.
    let key = path.map_or_else(CoverKey::default, |path| {
        let id = Id::unique(("cover of a case", path));
        painter.ctx().data_mut(|data| *data.get_temp_mut_or_insert_with(id, || CoverKey::of_file(path)))
    });
    scene.covers.paint_over(painter, rect, radius::COVER, key, path, 0.0, |painter, state| {
        painter.rect_filled(rect, radius::COVER, tokens.raised);
        if state != CoverState::Loading && rect.width() >= 32.0 {
            let width = rect.width() - 8.0;
            let size = (rect.width() / 8.5).clamp(8.0, 15.0);
            let mut job = egui::text::LayoutJob::simple(text, theme::font(size), tokens.text_weak, width);
            job.wrap.max_rows = ((rect.height() - 8.0) / (size * 1.3)).floor().max(1.0) as usize;
            let galley = painter.layout_job(job);
            let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
            clipped.galley(rect.min + vec2(4.0, 4.0), galley, tokens.text_weak);
        }
    });
    painter.rect_stroke(rect, radius::COVER, egui::Stroke::new(1.0, tokens.line), StrokeKind::Inside);
}

/// Four of the case's covers in a square.
pub(super) fn mosaic_ui(ui: &Ui, scene: &mut Scene<'_>, case: &Case, rect: Rect) {
    const GAP: f32 = 2.0;
    let tokens = scene.tokens;
    let faces = case.faces(4);
    let painter = ui.painter().clone();
    match faces[..] {
        [] => {
            painter.rect_filled(rect, radius::COVER, tokens.sunken);
            let font = theme::font(18.0);
            painter.text(rect.center(), egui::Align2::CENTER_CENTER, icons::BOOKMARK, font, tokens.text_faint);
        }
        [face] => face_ui(&painter, scene, case, face, rect),
        _ => {
            let side = (rect.width() - GAP) / 2.0;
            for (place, face) in faces.iter().enumerate() {
                let (x, y) = ((place % 2) as f32, (place / 2) as f32);
                let at = rect.min + vec2(x, y) * (side + GAP);
                face_ui(&painter, scene, case, face, Rect::from_min_size(at, vec2(side, side)));
            }
        }
    }
}

/// Everything that the case keeps of what it showed, with covers of `side_px`.
pub fn shown_ui(ui: &mut Ui, scene: &mut Scene<'_>, case: &Case, side_px: f32) {
    let (words, tokens) = (scene.words, scene.tokens);
    for (place, column) in case.shown.columns.iter().enumerate() {
        if place > 0 {
            ui.add_space(space::M);
        }
        ui.push_id(place, |ui| column_ui(ui, scene, case, column, side_px));
    }
    if !case.shown.items.is_empty() {
        ui.add_space(space::M);
        line_ui(ui, scene, case, words.get(Word::CaseSelected), &case.shown.items, side_px);
    }
    if case.shown.columns.is_empty() && case.shown.items.is_empty() {
        ui.label(RichText::new(words.get(Word::CaseNothingShown)).color(tokens.text_weak));
    }
}

fn column_ui(ui: &mut Ui, scene: &mut Scene<'_>, case: &Case, column: &ShownColumn, side_px: f32) {
    let (words, tokens) = (scene.words, scene.tokens);
    let name = match &column.user {
        Some(user) => words.fill(Word::CaseSubject, &[user]),
        None => words.get(Word::CaseNoUser).to_owned(),
    };
    let changed = column.changed.iter().map(|(field, value)| words.fill(Word::CaseAs, &[field, value]));
    let changed: Vec<String> = changed.collect();
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(name).font(theme::medium_font(type_size::TITLE)).color(tokens.text_strong));
        if !changed.is_empty() {
            ui.label(RichText::new(changed.join(", ")).small().color(tokens.accent));
        }
    });
    for (word, items) in
        [(Word::CaseTaken, &column.recent), (Word::CaseClicked, &column.clicks), (Word::CaseStruck, &column.struck)]
    {
        if !items.is_empty() {
            line_ui(ui, scene, case, words.get(word), items, side_px * 0.7);
        }
    }
    for (place, row) in column.rows.iter().enumerate() {
        ui.push_id(("row", place), |ui| row_ui(ui, scene, case, row, side_px));
    }
}

fn row_ui(ui: &mut Ui, scene: &mut Scene<'_>, case: &Case, row: &ShownRow, side_px: f32) {
    let tokens = scene.tokens;
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        let kind = LaneKind::from_name(&row.lane);
        let colour = kind.map_or(tokens.text_faint, |kind| tokens.lane(kind));
        ui.label(RichText::new(icons::DOT_FILL).color(colour));
        let lane = RichText::new(&row.lane).font(theme::medium_font(type_size::SMALL)).color(tokens.text);
        ui.label(lane).on_hover_text(&row.run);
        if row.recalled.is_empty() {
            ui.label(RichText::new(scene.words.get(Word::CaseRowEmpty)).small().color(tokens.text_weak));
        }
    });
    covers_ui(ui, scene, case, &row.recalled, side_px);
}

fn line_ui(ui: &mut Ui, scene: &mut Scene<'_>, case: &Case, name: &str, items: &[ShownItem], side_px: f32) {
    ui.label(RichText::new(name).font(theme::font(type_size::SMALL)).color(scene.tokens.text_weak));
    ui.push_id(name, |ui| covers_ui(ui, scene, case, items, side_px));
}

/// Covers in as many lines as they need.
fn covers_ui(ui: &mut Ui, scene: &mut Scene<'_>, case: &Case, items: &[ShownItem], side_px: f32) {
    const GAP: f32 = 4.0;
    let tokens = scene.tokens;
    if items.is_empty() {
        return;
    }
    let per_line = ((ui.available_width() + GAP) / (side_px + GAP)).floor().max(1.0) as usize;
    let lines = items.len().div_ceil(per_line);
    let (_, whole) = ui.allocate_space(vec2(ui.available_width(), lines as f32 * (side_px + GAP)));
    for (place, item) in items.iter().enumerate() {
        let at = whole.min + vec2((place % per_line) as f32, (place / per_line) as f32) * (side_px + GAP);
        let rect = Rect::from_min_size(at, vec2(side_px, side_px));
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let name = title(scene, item).to_owned();
        let response = ui.interact(rect, ui.scope_id().with(("shown", place)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        let painter = ui.painter().clone();
        face_ui(&painter, scene, case, item, rect);
        if item.is_hit {
            painter.rect_stroke(rect, radius::COVER, egui::Stroke::new(2.5, tokens.hit), StrokeKind::Inside);
        }
        let row = row_of(scene, case, item);
        let is_selected = row.is_some_and(|row| scene.selection.is_selected(Thing::Item(row)));
        if is_selected || response.has_focus() {
            let stroke = egui::Stroke::new(2.0, tokens.accent);
            painter.rect_stroke(rect.expand(1.0), radius::COVER, stroke, StrokeKind::Outside);
        }
        if let (true, Some(row)) = (response.clicked(), row) {
            scene.send(Command::Select(Thing::Item(row), Mode::Replace));
        }
        response.on_hover_text(name);
    }
    // The next line begins below the covers.
    ui.expand_to_include_rect(Rect::from_min_max(whole.min, pos2(whole.right(), whole.bottom())));
}
