//! One cover or picture: its tags, where the chosen one is seen, what looks alike to each model, and who would take it.

use std::collections::BTreeMap;

use anyhow::Context as _;
use egui::{Align2, Color32, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{
    Middle, figures,
    glance::heated,
    heat, key_of, level_name,
    looking::{self, Looked, Model, Seen, Subject, Taker, Users},
    offer_ui, percent, tag_name, tags_of, tile_ui, waiting_ui,
};
use crate::{
    dataset::{Dataset, TagLevel},
    ui::{
        commands::Command,
        covers::CoverState,
        desk::CoversDesk,
        icons,
        panels::inspector::band_word,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, radius, space, type_size},
        views::{Scene, asked::Asked},
        widgets::{self, format, tile_height},
        words::Word,
    },
};

/// Side of the large picture, as a share of the view and in points.
const PICTURE_SHARE: f32 = 0.4;
const PICTURE_PX: std::ops::RangeInclusive<f32> = 180.0..=420.0;
/// Tags that are listed; those that the item has come besides.
const TAGS: usize = 8;
const TAG_PX: f32 = 24.0;
const TAKER_PX: f32 = 168.0;
const TAKER_HEIGHT: f32 = 84.0;
const REASON_PX: f32 = 44.0;

/// Names what was found: picture, and runs.
type LookKey = (Subject, Vec<String>);

#[derive(Default)]
pub struct One {
    looked: Asked<LookKey, Looked>,
    takers: Asked<(Subject, String), Vec<Taker>>,
    /// By run.
    users: BTreeMap<String, Users>,
    /// `None`: the surest; and that of another picture says nothing of this one.
    tag: Option<Chosen>,
    heat: Asked<Chosen, Vec<f32>>,
}

/// A tag of a run's model, of which the analyst wants to know where it is seen on the picture.
#[derive(Debug, Clone, PartialEq)]
struct Chosen {
    of: Subject,
    run: String,
    tag: u32,
}

impl One {
    #[allow(clippy::too_many_arguments)]
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        models: &[Model],
        model: &Model,
        subject: &Subject,
        middle: &mut Middle,
        desk: &mut CoversDesk,
    ) {
        let rows = TagLevel::ALL.map(|level| match model.level == level {
            true => Some(model),
            false => models.iter().find(|model| model.level == level),
        });
        let asked: Vec<Model> = rows.iter().flatten().map(|&model| model.clone()).collect();
        let key = (subject.clone(), asked.iter().map(|model| model.id.clone()).collect());
        let (of, dataset) = (subject.clone(), opened.dataset.clone());
        let standing = self.looked.ask(scene.session, key, move |job| looking::look(&asked, &of, &dataset, job));
        let Self { looked, takers, users, tag, heat } = self;
        let looked = looked.answer();
        let seen =
            |model: &Model| looked.and_then(|looked| looked.as_ref().ok()?.iter().find(|seen| seen.run == model.id));
        top_ui(ui, scene, opened, model, subject, seen(model), (tag, heat), desk);
        ui.add_space(space::M);
        match looked {
            None => return waiting_ui(ui, scene, standing, || self.looked.forget()),
            Some(Err(why)) => {
                ui.add(egui::Label::new(RichText::new(why).color(scene.tokens.error)).wrap());
                return;
            }
            // The item has no cover, as the picture says.
            Some(Ok(seen)) if seen.is_empty() => return,
            Some(Ok(_)) => {}
        }
        for (level, found) in TagLevel::ALL.into_iter().zip(rows) {
            // Where the tags have no tree, another level has nothing else to say.
            let is_said = |shown: &&Model| opened.dataset.tags.are_alike(shown.level, level);
            if found.is_none() && rows.iter().flatten().any(is_said) {
                continue;
            }
            nearest_ui(ui, scene, opened, level, found.and_then(|model| Some((model, seen(model)?))), subject, middle);
            ui.add_space(space::S);
        }
        let Some(own) = seen(model) else { return };
        let users = users.entry(model.id.clone()).or_default().clone();
        let (asked, of, vector) = (model.clone(), subject.clone(), own.look.vector.clone());
        let standing = takers.ask(scene.session, (subject.clone(), model.id.clone()), move |job| {
            looking::takers(&asked, &users, &of, &vector, job)
        });
        widgets::heading_ui(ui, scene.tokens, scene.words.get(Word::Takers), scene.words.get(Word::TakersAbout));
        match takers.answer() {
            Some(found) => takers_ui(ui, scene, &opened.dataset, found),
            None => waiting_ui(ui, scene, standing, || takers.forget()),
        }
    }
}

/// The picture with the heat over it, and beside it what it is and what is read off it.
#[allow(clippy::too_many_arguments)]
fn top_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    model: &Model,
    subject: &Subject,
    seen: Option<&Seen>,
    (tag, heat): (&mut Option<Chosen>, &mut Asked<Chosen, Vec<f32>>),
    desk: &CoversDesk,
) {
    let tokens = scene.tokens;
    let width = ui.available_width();
    let side = (width * PICTURE_SHARE).clamp(*PICTURE_PX.start(), *PICTURE_PX.end());
    let (area, response) = ui.allocate_exact_size(vec2(width, side), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, scene.words.get(Word::CoversOne)));
    let picture = Rect::from_min_size(area.min, vec2(side, side));
    ui.painter().rect_filled(picture, radius::CARD, tokens.sunken);
    let key = key_of(subject);
    let path = match subject {
        Subject::Item(item) => opened.dataset.items.cover[*item as usize].as_deref(),
        Subject::Picture(path, _) => Some(path.as_path()),
    };
    let inner = picture.shrink(space::XS);
    let (state, fitted) = scene.covers.paint_whole(ui.painter(), inner, radius::COVER, key, path, f32::MAX);
    let asked = tag.clone().filter(|chosen| chosen.of == *subject && chosen.run == model.id);
    let shown = asked.as_ref().map(|chosen| chosen.tag).or(seen.and_then(|seen| Some(seen.tags.first()?.0)));
    match state {
        CoverState::Ready => {
            if let (Some(seen), Some(lane), Some(fitted), true) = (seen, model.lane(), fitted, desk.shows_heat) {
                let values = match asked {
                    None => Some(&seen.heat),
                    Some(chosen) => {
                        let (of, look, tag) = (model.clone(), seen.look.clone(), chosen.tag);
                        heat.ask(scene.session, chosen, move |_| {
                            let lane = of.lane().context("the run has no cover model")?;
                            Ok(heat::enlarged(&lane.model().heat(&look, tag)))
                        });
                        heat.answer()
                    }
                };
                if let Some(values) = values {
                    heat::paint(ui.painter(), heated(lane.model().settings.framing, fitted), values, desk.opacity);
                }
            }
        }
        CoverState::Loading => {
            ui.put(Rect::from_center_size(picture.center(), vec2(32.0, 32.0)), egui::Spinner::new());
        }
        CoverState::Missing | CoverState::Failed => {
            if let Subject::Item(item) = subject {
                let square = Rect::from_center_size(inner.center(), inner.size() * 0.7);
                widgets::picture_ui(ui.painter(), scene, &opened.dataset, square, *item, 0.0, false);
            }
            let why = scene.covers.error(key).map_or_else(|| scene.words.get(Word::NoCover).to_owned(), str::to_owned);
            let at = pos2(picture.center().x, picture.bottom() - space::M);
            let galley =
                ui.painter().layout(why, theme::font(type_size::SMALL), tokens.text_weak, side - 2.0 * space::M);
            ui.painter().galley(at - vec2(galley.size().x / 2.0, galley.size().y), galley, tokens.text_weak);
        }
    }
    let beside = Rect::from_min_max(pos2(picture.right() + space::L, area.top()), area.max);
    let builder = egui::UiBuilder::new().max_rect(beside).layout(egui::Layout::top_down(egui::Align::Min));
    let mut ui = ui.new_child(builder);
    ui.set_clip_rect(beside.expand(2.0).intersect(ui.clip_rect()));
    about_ui(&mut ui, scene, opened, model, subject);
    if let Some(seen) = seen {
        tags_ui(&mut ui, scene, &opened.dataset, model, seen, subject, shown, tag);
    }
}

fn about_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, model: &Model, subject: &Subject) {
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    let (title, about) = match subject {
        Subject::Item(item) => {
            let facts = &model.basis.facts;
            let taken = format::count(u64::from(facts.bands.item_count[*item as usize]));
            let band = words.get(band_word(facts.bands.item[*item as usize]));
            let is_held_out = model.lane().is_some_and(|lane| lane.model().held_out.binary_search(item).is_ok());
            let is_read = model.lane().is_some_and(|lane| lane.model().vector(*item).is_some());
            let part = match (is_held_out, is_read && !dataset.items.tags.of(*item).is_empty()) {
                (true, _) => format!(" · {}", words.get(Word::HeldOut)),
                (false, true) => format!(" · {}", words.get(Word::LearntFrom)),
                (false, false) => String::new(),
            };
            let id = dataset.items.ids.name(*item);
            (
                scene.title(dataset, *item).to_owned(),
                format!("{id} · {}{part}", words.fill(Word::CoverSays, &[&taken, band])),
            )
        }
        Subject::Picture(path, _) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (name, words.get(Word::PictureAbout).to_owned())
        }
    };
    let title = RichText::new(title).font(theme::strong_font(type_size::TITLE)).color(tokens.text_strong);
    ui.add(egui::Label::new(title).truncate());
    ui.add(egui::Label::new(RichText::new(about).small().color(tokens.text_weak)).wrap());
    ui.add_space(space::XS);
}

/// The surest tags, and those that the item has; a click shows where one is seen.
#[allow(clippy::too_many_arguments)]
fn tags_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    model: &Model,
    seen: &Seen,
    subject: &Subject,
    shown: Option<u32>,
    chosen: &mut Option<Chosen>,
) {
    let (words, tokens, level) = (scene.words, scene.tokens, model.level);
    let own = match subject {
        Subject::Item(item) => tags_of(dataset, *item, level),
        Subject::Picture(..) => Vec::new(),
    };
    let room = ((ui.available_height() / TAG_PX) as usize).saturating_sub(1).max(2);
    // What the item has, and what is shown, stands there even where the model is not sure of it.
    let is_asked = |tag: u32| own.contains(&tag) || shown == Some(tag);
    let mut listed: Vec<(u32, f32)> = seen.tags.iter().filter(|(tag, _)| is_asked(*tag)).copied().take(room).collect();
    let others = TAGS.min(room).saturating_sub(listed.len());
    listed.extend(seen.tags.iter().filter(|(tag, _)| !is_asked(*tag)).take(others));
    listed.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    ui.spacing_mut().item_spacing.y = 0.0;
    let label = RichText::new(words.get(Word::TagsRead)).small().color(tokens.text_weak);
    ui.add(egui::Label::new(label).truncate());
    for (tag, confidence) in listed {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), TAG_PX), Sense::click());
        let name = tag_name(scene, dataset, level, tag);
        let is_own = own.contains(&tag);
        let is_shown = shown == Some(tag);
        let mark = if is_own { words.get(Word::ItsTag) } else { "" };
        let said = format!("{name} {} {mark}", percent(confidence));
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_shown, said.trim()));
        let fill = match (is_shown, response.hovered()) {
            (true, _) => tokens.accent_soft,
            (false, true) => tokens.raised,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, radius::COVER, fill);
        if response.has_focus() {
            let stroke = Stroke::new(1.0, tokens.accent);
            ui.painter().rect_stroke(rect, radius::COVER, stroke, StrokeKind::Inside);
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let y = rect.center().y;
        painter.circle_filled(
            pos2(rect.left() + 10.0, y),
            4.0,
            tokens.category(figures::category(dataset, level, tag)),
        );
        let figure = pos2(rect.right() - 6.0, y);
        painter.text(
            figure,
            Align2::RIGHT_CENTER,
            percent(confidence),
            theme::font(type_size::SMALL),
            tokens.text_weak,
        );
        let track =
            Rect::from_min_max(pos2(rect.left() + rect.width() * 0.5, y - 3.0), pos2(rect.right() - 58.0, y + 3.0));
        if track.is_positive() {
            painter.rect_filled(track, 3.0, tokens.sunken);
            let full = Rect::from_min_size(track.min, vec2(track.width() * confidence.clamp(0.0, 1.0), track.height()));
            painter.rect_filled(full, 3.0, if is_own { tokens.hit } else { tokens.accent });
        }
        let mut left = rect.left() + 20.0;
        if is_own {
            let at = pos2(left + 6.0, y);
            painter.text(at, Align2::CENTER_CENTER, icons::HIT_FILL, theme::font(13.0), tokens.hit);
            left += 16.0;
        }
        let clip = Rect::from_min_max(pos2(left, rect.top()), pos2(track.left() - 6.0, rect.bottom()));
        let font = if is_own { theme::medium_font(type_size::BODY) } else { theme::font(type_size::BODY) };
        painter.with_clip_rect(clip.intersect(painter.clip_rect())).text(
            pos2(left, y),
            Align2::LEFT_CENTER,
            name,
            font,
            tokens.text,
        );
        if response.clicked() {
            *chosen = Some(Chosen { of: subject.clone(), run: seen.run.clone(), tag });
        }
        response.on_hover_text(words.get(if is_own { Word::ItsTagTip } else { Word::ShowWhere }));
    }
}

/// What looks alike to the model of one level, as one row.
fn nearest_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    level: TagLevel,
    found: Option<(&Model, &Seen)>,
    subject: &Subject,
    middle: &mut Middle,
) {
    let dataset = &*opened.dataset;
    let name = level_name(scene.words, level);
    let title = scene.words.fill(Word::NearestBy, &[name]);
    let Some((model, seen)) = found else {
        ui.push_id(("no model", name), |ui| {
            widgets::heading_ui(ui, scene.tokens, &title, scene.words.get(Word::NoModelOfLevel));
            offer_ui(ui, scene, opened, level);
        });
        return;
    };
    let new = seen.nearest.iter().filter(|near| model.basis.facts.is_tail(near.item)).count();
    let about = scene.words.fill(Word::NearestAbout, &[&new.to_string(), &seen.nearest.len().to_string()]);
    widgets::heading_ui(ui, scene.tokens, &title, &about);
    let side = scene.desk.cover_px.clamp(56.0, 120.0);
    let gap = space::S;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), tile_height(side, true, false)), Sense::hover());
    let room = (((area.width() + gap) / (side + gap)) as usize).max(1);
    let own = match subject {
        Subject::Item(item) => tags_of(dataset, *item, TagLevel::Leaf),
        Subject::Picture(..) => Vec::new(),
    };
    for (place, near) in seen.nearest.iter().take(room).enumerate() {
        let min = area.min + vec2(place as f32 * (side + gap), 0.0);
        let rect = Rect::from_min_size(min, vec2(side, area.height()));
        let about = scene.words.fill(Word::CosineOf, &[&format!("{:.3}", near.score)]);
        let shares_tag = dataset.items.tags.of(near.item).iter().any(|tag| own.contains(tag));
        tile_ui(ui, scene, opened, model, rect, near.item, (name, place), shares_tag, &about, middle);
    }
}

/// Users as cards, with those of their items that look most like the picture.
fn takers_ui(ui: &mut Ui, scene: &mut Scene<'_>, dataset: &Dataset, takers: &[Taker]) {
    let (words, tokens) = (scene.words, scene.tokens);
    if takers.is_empty() {
        ui.label(RichText::new(words.get(Word::NoTakers)).color(tokens.text_weak));
        return;
    }
    let gap = space::S;
    let columns = (((ui.available_width() + gap) / (TAKER_PX + gap)) as usize).max(1);
    for line in takers.chunks(columns) {
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), TAKER_HEIGHT), Sense::hover());
        for (place, taker) in line.iter().enumerate() {
            let min = area.min + vec2(place as f32 * (TAKER_PX + gap), 0.0);
            let rect = Rect::from_min_size(min, vec2(TAKER_PX, TAKER_HEIGHT));
            let response = ui.interact(rect, ui.scope_id().with(("taker", taker.user)), Sense::click());
            let name = words.fill(Word::UserNamed, &[dataset.users.ids.name(taker.user)]);
            let cosine = words.fill(Word::CosineOf, &[&format!("{:.3}", taker.cosine)]);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("{name}, {cosine}")));
            let is_held = scene.selection.is_selected(Thing::User(taker.user)) || response.has_focus();
            let fill = if response.hovered() { tokens.raised_hover } else { tokens.raised };
            let stroke = if is_held { Stroke::new(1.5, tokens.accent) } else { Stroke::new(1.0, tokens.line) };
            ui.painter().rect(rect, radius::CARD, fill, stroke, StrokeKind::Inside);
            let inner = rect.shrink(space::S);
            let painter = ui.painter().with_clip_rect(inner.intersect(ui.clip_rect()));
            painter.text(inner.min, Align2::LEFT_TOP, &name, theme::medium_font(type_size::BODY), tokens.text_strong);
            let right = pos2(inner.right(), inner.top() + 1.0);
            let figure = format!("{:.3}", taker.cosine);
            painter.text(right, Align2::RIGHT_TOP, figure, theme::font(type_size::SMALL), tokens.text_weak);
            for (at, &item) in taker.reasons.iter().enumerate() {
                let min = pos2(inner.left() + at as f32 * (REASON_PX + 5.0), inner.bottom() - REASON_PX);
                let cover = Rect::from_min_size(min, vec2(REASON_PX, REASON_PX));
                widgets::picture_ui(&painter, scene, dataset, cover, item, -1.0, false);
            }
            if response.hovered() {
                scene.send(Command::Hover(Thing::User(taker.user)));
            }
            let is_entered = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if response.double_clicked() || is_entered {
                scene.send(Command::ShowUser(taker.user));
            } else if response.clicked() {
                scene.send(Command::Select(Thing::User(taker.user), Mode::Replace));
            }
            response.on_hover_text(format!("{name}\n{cosine}\n{}", words.get(Word::TakerTip)));
        }
        ui.add_space(space::XS);
    }
}
