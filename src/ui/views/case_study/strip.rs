//! Covers in order of time: what the user took before the split, and what he took later.

use egui::{Align, Layout, RichText, Sense, Ui, vec2};

use super::{
    as_if, covers,
    cursor::Extent,
    data::{Profile, UserCase},
    seen::{Line, Seen, told},
    touch::Stage,
};
use crate::{
    dataset::NO_TIME,
    ui::{
        facts::Taken,
        theme::space,
        views::Scene,
        widgets::{self, Tile, format},
        words::Word,
    },
};

pub(super) fn strips_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, column: usize) {
    let seen = stage.seen;
    let (Some(profile), Some(case)) = (seen[column].profile(stage.cases), seen[column].case(stage.cases)) else {
        return;
    };
    let width = ui.available_width();
    let later_px = if profile.later.is_empty() {
        0.0
    } else {
        // Side by side where both have room for a few covers; what is short takes no more than it needs.
        let tile_px = side_of(scene) + 7.0;
        (profile.later.len() as f32 * tile_px).clamp(96.0, (width * 0.45).max(96.0))
    };
    if later_px == 0.0 || width - later_px < 190.0 {
        recent_ui(ui, scene, stage, column, profile);
        if !profile.later.is_empty() {
            ui.add_space(space::XS);
            later_ui(ui, scene, stage, column, profile, case);
        }
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let recent_px = width - later_px - space::L;
        ui.vertical(|ui| {
            ui.set_width(recent_px);
            recent_ui(ui, scene, stage, column, profile);
        });
        // The split between then and later.
        let (gap, _) = ui.allocate_exact_size(vec2(space::L, 1.0), Sense::hover());
        let height = 20.0 + widgets::tile_height(side_of(scene), true, false);
        ui.painter().vline(gap.center().x, gap.top()..=gap.top() + height, (1.0, scene.tokens.line));
        ui.vertical(|ui| {
            ui.set_width(later_px);
            later_ui(ui, scene, stage, column, profile, case);
        });
    });
}

/// How the covers of both strips stand, for the arrow keys.
pub(super) fn extents(stage: &Stage<'_>, seen: &Seen) -> [Extent; 2] {
    let profile = seen.profile(stage.cases);
    let of = |line, count: Option<usize>| {
        let count = count.unwrap_or(0);
        Extent { line, count, in_row: count.max(1) }
    };
    [
        of(Line::Recent, profile.map(|profile| profile.recent.len())),
        of(Line::Later, profile.map(|profile| profile.later.len())),
    ]
}

fn recent_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, column: usize, profile: &Profile) {
    let words = scene.words;
    ui.spacing_mut().item_spacing.y = space::XS;
    let has_times = stage.opened.dataset.events.has_times();
    let note = words.get(if has_times { Word::RecentNote } else { Word::LogOrderNote });
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            as_if::toggle_ui(ui, scene, stage, column);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                heading_ui(ui, scene, words.get(Word::RecentCovers), profile.recent.len(), Some(note));
            });
        });
    });
    if profile.recent.is_empty() {
        ui.label(RichText::new(words.get(Word::NoRecentCovers)).small().color(scene.tokens.text_faint));
    } else {
        taken_ui(ui, scene, stage, column, Line::Recent, &profile.recent, None);
    }
}

/// Of what was taken later, only what is new to the user can be recalled: the heading says how much that is.
fn later_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    stage: &mut Stage<'_>,
    column: usize,
    profile: &Profile,
    case: &UserCase,
) {
    ui.spacing_mut().item_spacing.y = space::XS;
    let (words, targets) = (scene.words, profile.targets.len());
    let basis = stage.seen[column].basis.as_ref();
    let note = words.fill(Word::NewToUser, &[&format::count(targets as u64)]);
    let note = (targets < profile.later.len()).then_some(note.as_str());
    heading_ui(ui, scene, words.get(told(basis, Word::LaterCovers)), profile.later.len(), note);
    taken_ui(ui, scene, stage, column, Line::Later, &profile.later, Some(case));
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

/// `found_in`: whose recalled items get a ring.
fn taken_ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    stage: &mut Stage<'_>,
    column: usize,
    line: Line,
    taken: &[Taken],
    found_in: Option<&UserCase>,
) {
    let side = side_of(scene);
    covers::strip_ui(ui, scene, stage, column, line, taken.len(), side, false, |scene, stage, place| {
        let taken = &taken[place];
        let is_found = found_in.is_some_and(|case| case.is_recalled(taken.item));
        (taken.item, tile_of(scene, stage, column, taken, line == Line::Later, is_found))
    });
}

fn tile_of(
    scene: &Scene<'_>,
    stage: &Stage<'_>,
    column: usize,
    taken: &Taken,
    is_later: bool,
    is_found: bool,
) -> Tile<'static> {
    let dataset = &*stage.opened.dataset;
    let (words, tokens) = (scene.words, scene.tokens);
    let basis = stage.seen[column].basis.as_ref();
    let reference = basis.and_then(|basis| basis.prepared.split.reference_time_secs);
    let note = match (taken.time_secs, reference) {
        (NO_TIME, _) => String::new(),
        (time, Some(reference)) => {
            let sign = if is_later { "+" } else { "−" };
            // Close together, so that it has room beside a sign.
            format!("{sign}{}", format::span(words, time.abs_diff(reference) as f64)).replace(' ', "")
        }
        (time, None) => format::date(time).get(2..).unwrap_or_default().to_owned(),
    };
    let mut name = vec![words.fill(Word::CoverOf, &[scene.title(dataset, taken.item)])];
    let mut signs = Vec::new();
    for &kind in &taken.behaviours {
        let behaviour = dataset.behaviours[usize::from(kind)].name.as_str();
        signs.push((widgets::icon_of_behaviour(behaviour), tokens.behaviour(behaviour)));
        name.push(words.common(scene.label(dataset, behaviour)).to_owned());
    }
    let key = stage.seen[column].key.as_ref();
    let is_struck = !is_later && key.is_some_and(|key| key.struck.binary_search(&taken.item).is_ok());
    if is_struck {
        name.push(words.get(Word::MarkStruck).to_owned());
    }
    if is_later {
        name.push(words.get(told(basis, Word::MarkHit)).to_owned());
    }
    Tile {
        item: taken.item,
        ring: is_found.then_some(tokens.hit),
        note,
        signs,
        has_footer: true,
        is_ghost: is_struck,
        name: name.join(", "),
        ..Tile::default()
    }
}
