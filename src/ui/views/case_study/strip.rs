//! Covers in order of time: what the user took before the split, and what he took later.

use egui::{Rect, RichText, ScrollArea, Ui, vec2};

use super::{
    card::{HoverCard, Pointed},
    data::UserCase,
};
use crate::{
    dataset::NO_TIME,
    ui::{
        commands::Command,
        facts::Taken,
        selection::{Mode, Thing},
        session::Opened,
        theme::space,
        views::Scene,
        widgets::{self, Tile, format},
        words::Word,
    },
};

const GAP: f32 = 5.0;

pub(super) fn strips_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    card: &mut HoverCard,
    column: usize,
    case: Option<&UserCase>,
) {
    let Some(case) = case else { return };
    let width = ui.available_width();
    let later_px = if case.later.is_empty() {
        0.0
    } else {
        // Side by side where both have room for a few covers; what is short takes no more than it needs.
        let tile_px = side_of(scene) + GAP;
        (case.later.len() as f32 * tile_px).clamp(72.0, (width * 0.42).max(72.0))
    };
    if later_px == 0.0 || width - later_px < 190.0 {
        recent_ui(ui, scene, opened, card, column, case);
        if !case.later.is_empty() {
            ui.add_space(space::XS);
            later_ui(ui, scene, opened, card, column, case);
        }
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let recent_px = width - later_px - space::L;
        ui.vertical(|ui| {
            ui.set_width(recent_px);
            recent_ui(ui, scene, opened, card, column, case);
        });
        // The split between then and later.
        let (gap, _) = ui.allocate_exact_size(vec2(space::L, 1.0), egui::Sense::hover());
        let height = 20.0 + widgets::tile_height(side_of(scene), true, false);
        ui.painter().vline(gap.center().x, gap.top()..=gap.top() + height, (1.0, scene.tokens.line));
        ui.vertical(|ui| {
            ui.set_width(later_px);
            later_ui(ui, scene, opened, card, column, case);
        });
    });
}

fn recent_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    card: &mut HoverCard,
    column: usize,
    case: &UserCase,
) {
    let words = scene.words;
    ui.spacing_mut().item_spacing.y = space::XS;
    heading_ui(ui, scene, words.get(Word::RecentCovers), case.recent.len(), Some(words.get(Word::RecentNote)));
    if case.recent.is_empty() {
        ui.label(RichText::new(words.get(Word::NoRecentCovers)).small().color(scene.tokens.text_faint));
    } else {
        strip_ui(ui, scene, opened, card, column, case, &case.recent, false);
    }
}

fn later_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, card: &mut HoverCard, column: usize, case: &UserCase) {
    ui.spacing_mut().item_spacing.y = space::XS;
    heading_ui(ui, scene, scene.words.get(Word::LaterCovers), case.later.len(), None);
    strip_ui(ui, scene, opened, card, column, case, &case.later, true);
}

fn side_of(scene: &Scene<'_>) -> f32 {
    (scene.desk.cover_px * 0.76).clamp(36.0, 120.0).round()
}

fn heading_ui(ui: &mut Ui, scene: &Scene<'_>, text: &str, count: usize, note: Option<&str>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        widgets::section_title(ui, scene.tokens, text);
        let mut told = format::count(count as u64);
        if let Some(note) = note {
            told = format!("{told} · {note}");
        }
        ui.add(egui::Label::new(RichText::new(told).small().color(scene.tokens.text_faint)).truncate());
    });
}

fn strip_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    opened: &Opened,
    card: &mut HoverCard,
    column: usize,
    case: &UserCase,
    taken: &[Taken],
    is_later: bool,
) {
    let side = side_of(scene);
    let height = widgets::tile_height(side, true, false);
    let salt = ("strip", column, is_later);
    ui.spacing_mut().scroll = egui::style::ScrollStyle::floating();
    ScrollArea::horizontal().id_salt(salt).auto_shrink([false, true]).show(ui, |ui| {
        let width = taken.len() as f32 * (side + GAP) - GAP;
        let (_, area) = ui.allocate_space(vec2(width, height));
        for (place, taken) in taken.iter().enumerate() {
            let at = Rect::from_min_size(area.min + vec2(place as f32 * (side + GAP), 0.0), vec2(side, height));
            // The tiles that were scrolled away cost nothing.
            if !ui.clip_rect().expand(side).intersects(at) {
                continue;
            }
            let tile = tile_of(scene, opened, case, taken, is_later);
            let id = ui.make_persistent_id((salt, place));
            let response = widgets::cover_ui(ui, scene, &opened.dataset, at, &tile, id);
            if response.hovered() {
                card.point(Pointed { item: taken.item, user: case.user, lane: None, near: at });
                scene.send(Command::Hover(Thing::Item(taken.item)));
            }
            if response.clicked() {
                let mode = if ui.input(|input| input.modifiers.command) { Mode::Toggle } else { Mode::Replace };
                scene.send(Command::Select(Thing::Item(taken.item), mode));
            }
        }
    });
}

fn tile_of<'a>(scene: &Scene<'_>, opened: &'a Opened, case: &UserCase, taken: &Taken, is_later: bool) -> Tile<'a> {
    let dataset = &*opened.dataset;
    let (words, tokens) = (scene.words, scene.tokens);
    let reference = opened.prepared().and_then(|prepared| prepared.split.reference_time_secs);
    let note = match (taken.time_secs, reference) {
        (NO_TIME, _) => String::new(),
        (time, Some(reference)) => {
            let sign = if is_later { "+" } else { "−" };
            format!("{sign}{}", format::span(words, time.abs_diff(reference) as f64))
        }
        (time, None) => format::date(time).get(2..).unwrap_or_default().to_owned(),
    };
    let is_found = is_later && case.is_recalled(taken.item);
    Tile {
        item: taken.item,
        ring: is_found.then_some(tokens.hit),
        note,
        signs: taken
            .behaviours
            .iter()
            .map(|&kind| {
                let name = dataset.behaviours[usize::from(kind)].name.as_str();
                (widgets::icon_of_behaviour(name), tokens.behaviour(name))
            })
            .collect(),
        has_footer: true,
        name: words.fill(Word::CoverOf, &[scene.title(dataset, taken.item)]),
        ..Tile::default()
    }
}
