//! The card that opens beside a cover under the pointer: what it is, and why it was recalled.

use egui::{Area, Order, Rangef, Rect, RichText, Ui, Vec2, pos2, vec2};

use super::{
    lane::lane_label,
    seen::{Line, Spot, told},
    shifts,
    touch::{Stage, can_click, can_strike},
    why,
};
use crate::{
    explain::Place,
    ui::{
        facts::tag_category,
        icons,
        panels::inspector::band_word,
        session::Opened,
        theme::{self, space, type_size},
        views::{Scene, covers::Glance},
        widgets::{self, format},
        words::Word,
    },
};

/// Rest this long on a cover before the card opens: who only passes over covers sees them all.
const DELAY_SECS: f64 = 0.35;
/// Rest so long, and where the surest tag is seen shows over the cover, rising over as many seconds more.
const HEAT_AFTER_SECS: f64 = 1.1;
const HEAT_RISES_SECS: f64 = 0.4;
/// The card outlives the gap between two covers.
const GRACE_SECS: f64 = 0.12;
const WIDTH: f32 = 392.0;
const COVER: f32 = 168.0;

/// A cover under the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pointed {
    pub item: u32,
    pub spot: Spot,
    pub near: Rect,
    /// Between which x its neighbours stand.
    pub column: Rangef,
}

impl Pointed {
    fn is_same(&self, other: &Self) -> bool {
        (self.item, self.spot) == (other.item, other.spot)
    }
}

#[derive(Default)]
pub struct HoverCard {
    now: Option<Pointed>,
    peeked: Option<Pointed>,
    held: Option<Held>,
    /// What the cover model makes of the cover under the pointer.
    glance: Glance,
    /// A key was pressed since the pointer moved: who types does not ask for what lies under a pointer at rest.
    is_quiet: bool,
}

struct Held {
    pointed: Pointed,
    since_secs: f64,
    last_seen_secs: f64,
    is_open: bool,
}

impl HoverCard {
    pub fn begin_frame(&mut self) {
        self.now = None;
        self.peeked = None;
    }

    /// To be called for the cover with the focus while its card was asked for: it opens at once.
    pub fn peek(&mut self, pointed: Pointed) {
        self.peeked = Some(pointed);
    }

    /// To be called for the cover under the pointer, if any.
    pub fn point(&mut self, pointed: Pointed) {
        self.now = Some(pointed);
    }

    /// Decides what is shown: a card opens after [`DELAY_SECS`], follows at once while one is open, and does not
    /// flicker in the gaps between covers.
    fn decide(&mut self, now_secs: f64) -> Option<Pointed> {
        match (self.now, &mut self.held) {
            (Some(pointed), Some(held)) if held.pointed.is_same(&pointed) => {
                held.last_seen_secs = now_secs;
                held.pointed = pointed;
                held.is_open |= now_secs - held.since_secs >= DELAY_SECS;
            }
            (Some(pointed), held) => {
                let is_open = held.as_ref().is_some_and(|held| held.is_open);
                *held = Some(Held { pointed, since_secs: now_secs, last_seen_secs: now_secs, is_open });
            }
            (None, Some(held)) if now_secs - held.last_seen_secs > GRACE_SECS => self.held = None,
            (None, _) => {}
        }
        self.held.as_ref().filter(|held| held.is_open).map(|held| held.pointed)
    }

    fn wanted(&mut self, ctx: &egui::Context) -> Option<Pointed> {
        let now_secs = ctx.input(|input| input.time);
        ctx.input(|input| {
            // Whoever understood a key has taken its event; that it is down, or is let go, is still seen.
            let is_key = |event: &egui::Event| matches!(event, egui::Event::Key { .. });
            self.is_quiet |= !input.keys_down.is_empty() || input.events.iter().any(is_key);
            let is_move = |event: &egui::Event| matches!(event, egui::Event::PointerMoved(_));
            self.is_quiet &= !input.events.iter().any(is_move);
        });
        if self.is_quiet {
            self.now = None;
            self.held = None;
        }
        let is_covered = ctx.memory(|memory| memory.top_modal_layer().is_some()) || egui::Popup::is_any_open(ctx);
        let is_busy = is_covered || ctx.input(|input| input.pointer.any_down());
        let wanted = self.peeked.or_else(|| self.decide(now_secs)).filter(|_| !is_busy);
        if self.held.is_some() {
            ctx.request_repaint_after_secs(DELAY_SECS as f32 / 4.0);
        }
        wanted
    }
}

/// Shows the card of the cover that is pointed at or peeked at, if it is time.
pub(super) fn show(ctx: &egui::Context, scene: &mut Scene<'_>, stage: &mut Stage<'_>) {
    let Some(pointed) = stage.card.wanted(ctx) else { return };
    let rested_secs = stage.card.held.as_ref().map_or(0.0, |held| ctx.input(|input| input.time) - held.since_secs);
    let heat = (((rested_secs - HEAT_AFTER_SECS) / HEAT_RISES_SECS) as f32).clamp(0.0, 1.0);
    if heat > 0.0 && heat < 1.0 {
        ctx.request_repaint();
    }
    let id = egui::Id::unique("hover card");
    let size = egui::AreaState::load(ctx, id).and_then(|state| state.size).unwrap_or(vec2(WIDTH, 320.0));
    let at = beside(&pointed, size, ctx.content_rect().shrink(space::S));
    let fades = stage.card.peeked.is_none();
    Area::new(id).fade_in(fades).order(Order::Tooltip).fixed_pos(at).interactable(false).constrain(false).show(
        ctx,
        |ui| {
            egui::Frame::popup(ui.style()).inner_margin(egui::Margin::same(12)).show(ui, |ui| {
                ui.set_width(WIDTH - 24.0);
                card_ui(ui, scene, stage, &pointed, heat);
            });
        },
    );
}

/// A place for the card that leaves the neighbours of the cover free: beside the column if it fits there, else at the
/// far side of the screen, else right beside the cover.
fn beside(pointed: &Pointed, size: Vec2, screen: Rect) -> egui::Pos2 {
    let Pointed { near, column, .. } = pointed;
    let gap = space::S;
    let (far_right, far_left) = (screen.right() - size.x, screen.left());
    let is_free = |x: f32| x >= near.right() + gap || x + size.x <= near.left() - gap;
    let far = if near.center().x < screen.center().x { [far_right, far_left] } else { [far_left, far_right] };
    let x = if column.max + gap + size.x <= screen.right() {
        column.max + gap
    } else if column.min - gap - size.x >= screen.left() {
        column.min - gap - size.x
    } else if let Some(free) = far.into_iter().find(|&x| is_free(x)) {
        free
    } else {
        far_right.max(screen.left())
    };
    let y = (near.top() - space::S).min(screen.bottom() - size.y).max(screen.top());
    pos2(x.round(), y.round())
}

fn card_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &mut Stage<'_>, pointed: &Pointed, heat: f32) {
    let opened = stage.opened;
    let read = stage.card.glance.tags(scene, opened, pointed.item);
    ui.spacing_mut().item_spacing = vec2(space::M, space::XS);
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(COVER), egui::Sense::hover());
        if opened.dataset.items.cover[pointed.item as usize].is_some() && read.is_some() {
            stage.card.glance.picture_ui(ui, scene, opened, pointed.item, rect, heat);
        } else {
            widgets::picture_ui(ui.painter(), scene, &opened.dataset, rect, pointed.item, 0.0, false);
        }
        ui.vertical(|ui| about_ui(ui, scene, opened, pointed.item, true));
    });
    if let Some(read) = read {
        ui.add(egui::Label::new(RichText::new(read).small().color(scene.tokens.text_weak)).wrap());
    }
    why_ui(ui, scene, stage, pointed.spot);
    ui.add_space(space::XS);
    let word = match pointed.spot.line {
        line if can_click(line) => Word::CardKeys,
        line if can_strike(line) => Word::CardKeysRecent,
        _ => Word::CardKeysTaken,
    };
    ui.label(RichText::new(scene.words.get(word)).font(theme::font(type_size::MICRO)).color(scene.tokens.text_faint));
}

/// Title, text, tags, circles and counts of an item; a short text where there is little room.
pub(super) fn about_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, item: u32, is_short: bool) {
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    let title = RichText::new(scene.title(dataset, item)).font(theme::strong_font(type_size::TITLE));
    ui.add(egui::Label::new(title.color(tokens.text_strong)).wrap());
    let text = scene.text(dataset, item);
    if !text.is_empty() {
        let shown = match text.char_indices().nth(90).filter(|_| is_short) {
            Some((end, _)) => format!("{}…", text[..end].trim_end()),
            None => text.to_owned(),
        };
        ui.add(egui::Label::new(RichText::new(shown).small().color(tokens.text_weak)).wrap());
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        for &tag in dataset.items.tags.of(item).iter().take(6) {
            let name = scene.label(dataset, dataset.items.tags.vocabulary.name(tag));
            widgets::chip(ui, tokens, Some(tokens.category(tag_category(dataset, tag))), name, "", false);
        }
    });
    let circles: Vec<&str> = dataset.items.circle.texts(item).map(|circle| scene.label(dataset, circle)).collect();
    if !circles.is_empty() {
        ui.label(RichText::new(circles.join(", ")).small().color(tokens.text_weak));
    }
    if let Some(facts) = opened.facts() {
        let band = band_word(facts.bands.item[item as usize]);
        let count = format::count(u64::from(facts.bands.item_count[item as usize]));
        let later = format::count(u64::from(facts.item_test[item as usize]));
        let text = format!(
            "{count} {} · {} · {later} {}",
            words.get(Word::Interactions).to_lowercase(),
            words.get(band),
            words.get(Word::TestPart).to_lowercase()
        );
        ui.label(RichText::new(text).small().color(tokens.text_weak));
    }
}

/// Rank and score of a recalled item, its marks in words, and the user's items that carried it.
pub(super) fn why_ui(ui: &mut Ui, scene: &mut Scene<'_>, stage: &Stage<'_>, spot: Spot) {
    let opened = stage.opened;
    let (words, tokens, dataset) = (scene.words, scene.tokens, &*opened.dataset);
    let Line::Row(row) = spot.line else { return };
    let Some(seen) = stage.seen.get(spot.column) else { return };
    let (Some(key), Some(&Some(run))) = (&seen.key, seen.runs.get(row)) else { return };
    let Some(case) = stage.cases.get(key) else { return };
    let Some(cell) = case.cell(run) else { return };
    let Some(found) = cell.recalled.get(spot.place).cloned() else { return };
    let basis = cell.basis.clone();
    let common = case.profile(&basis).map(|profile| profile.common_tags(dataset, found.item)).unwrap_or_default();
    let (kind, place) = (opened.runs[run].kind, spot.place);
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        lane_label(ui, scene, kind, &scene.run_title(opened, run));
        let figures = format!(
            "{} {} · {} {}",
            words.get(Word::Rank).to_lowercase(),
            place + 1,
            words.get(Word::Score).to_lowercase(),
            format::score(found.score)
        );
        ui.label(RichText::new(figures).small().color(tokens.text_weak));
    });
    if !found.also.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, 2.0);
            ui.label(RichText::new(words.get(Word::MarkAlso)).small().color(tokens.text_weak));
            for &(other, rank) in &found.also {
                let text = format!("{} #{rank}", scene.run_title(opened, other));
                lane_label(ui, scene, opened.runs[other].kind, &text);
            }
        });
    }
    if found.marks.is_hit {
        let text = format!("{}  {}", icons::HIT_FILL, words.get(told(Some(&basis), Word::TakenLaterLong)));
        ui.label(RichText::new(text).color(tokens.hit));
    }
    if !common.is_empty() {
        let names: Vec<&str> =
            common.iter().map(|&tag| scene.label(dataset, dataset.items.tags.vocabulary.name(tag))).collect();
        let text = format!("{}  {}", icons::TAG_FILL, words.fill(Word::SharesTags, &[&names.join(", ")]));
        ui.label(RichText::new(text).small().color(tokens.text_weak));
    }
    let come = if key.is_as_if() { Word::ComeAsIfLong } else { Word::ComeLong };
    let is_only_here = shifts::is_only_here(stage, spot.column, row, found.item);
    for (is_so, icon, colour, word) in [
        (is_only_here, icons::DOT, tokens.lane(kind), Word::OnlyHereLong),
        (found.marks.has_come, icons::ADD, tokens.accent, come),
        (found.marks.is_tail, icons::TAIL, tokens.tail, Word::TailLong),
        (found.marks.is_fresh, icons::NEW_FILL, tokens.new, Word::FreshLong),
    ] {
        if is_so {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                ui.label(RichText::new(icon).small().color(colour));
                ui.label(RichText::new(words.get(word)).small().color(tokens.text_weak));
            });
        }
    }
    ui.add_space(space::XS);
    let place = Place { rank: place + 1, score: found.score };
    let told = stage.cases.explanation(scene.session, opened, key, run, found.item, place);
    why::why_ui(ui, scene, dataset, kind, told.as_deref());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointed(item: u32) -> Pointed {
        let spot = Spot { column: 0, line: Line::Recent, place: 0 };
        Pointed { item, spot, near: Rect::ZERO, column: Rangef::new(0.0, 0.0) }
    }

    #[test]
    fn the_card_waits_then_follows_and_does_not_flicker() {
        let mut card = HoverCard::default();
        card.point(pointed(1));
        assert_eq!(card.decide(0.0), None);
        card.begin_frame();
        card.point(pointed(1));
        assert_eq!(card.decide(0.3), None);
        assert_eq!(card.decide(0.36).map(|p| p.item), Some(1));
        // The gap between two covers.
        card.begin_frame();
        assert_eq!(card.decide(0.42).map(|p| p.item), Some(1));
        card.point(pointed(2));
        assert_eq!(card.decide(0.45).map(|p| p.item), Some(2));
        card.begin_frame();
        assert_eq!(card.decide(0.7), None);
        card.point(pointed(3));
        assert_eq!(card.decide(0.71), None);
    }

    #[test]
    fn the_card_leaves_its_column_free_and_never_covers_its_cover() {
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1_280.0, 800.0));
        let size = vec2(390.0, 300.0);
        let card = |x: f32, column: Rangef| {
            let near = Rect::from_min_size(pos2(x, 600.0), vec2(80.0, 90.0));
            let card = Rect::from_min_size(beside(&Pointed { near, column, ..pointed(1) }, size, screen), size);
            assert!(!card.intersects(near) && screen.contains_rect(card), "{near:?} {card:?}");
            card
        };
        for (column, xs) in [(Rangef::new(200.0, 600.0), [200.0, 500.0]), (Rangef::new(620.0, 1_020.0), [640.0, 930.0])]
        {
            for x in xs {
                let card = card(x, column);
                assert!(card.left() >= column.max || card.right() <= column.min, "{card:?} covers {column:?}");
            }
        }
        // One column over all: at the other end of it, as long as there is room.
        let wide = Rangef::new(10.0, 1_270.0);
        assert_eq!(card(300.0, wide).right(), 1_280.0);
        assert_eq!(card(900.0, wide).left(), 0.0);
    }
}
