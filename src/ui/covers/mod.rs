//! The covers on the screen: decoded in the background, kept in a few textures within a budget, drawn by key.
//!
//! `CoverStore::paint_over` draws what is there and asks for the rest; `CoverStore::begin_frame` takes in what was decoded.
//! A cover is kept in the size at which it is drawn, so that small ones do not shimmer; another size stands in while
//! the right one is on its way. What was not painted lately is neither decoded nor, when room is short, kept.

mod atlas;
mod decode;
mod lru;
mod picture;
#[cfg(test)]
mod tests;

use std::{hash::BuildHasher as _, path::Path};

use egui::{
    Color32, CornerRadius, Painter, Rect, TextureHandle, TextureId, TextureOptions, Vec2, epaint::RectShape, vec2,
};
use rustc_hash::FxHashMap;

use self::{
    atlas::{Atlas, PAGE_BYTES, Place},
    decode::{Decoded, Pool},
    picture::{CLASSES, Level},
};

/// Enough for two sizes at once; a smaller budget counts as this one.
pub const MIN_BUDGET_BYTES: usize = 2 * PAGE_BYTES;
/// Taken in a frame, at least one picture.
const UPLOAD_BYTES_PER_FRAME: usize = 2 << 20;
/// Frames for which a request stays without being renewed.
const REQUEST_FRAMES: u64 = 2;
/// Frames for which nothing is asked for when not even the smallest size finds room.
const FULL_FRAMES: u64 = 120;
/// Points of the screen that one pixel of a whole picture takes at most.
const MAX_ENLARGED: f32 = 2.5;
const FADE_SECS: f64 = 0.12;

/// Names one cover within a data set, its item's row, or a picture of the analyst's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoverKey(pub u64);

impl CoverKey {
    /// Of a file that is no item's cover, as it stands now: another one once it has changed.
    pub fn of_file(path: &Path) -> Self {
        let changed = std::fs::metadata(path).and_then(|file| file.modified()).ok();
        Self(rustc_hash::FxBuildHasher.hash_one((path, changed)) | 1 << 63)
    }
}

impl From<u32> for CoverKey {
    fn from(item: u32) -> Self {
        Self(u64::from(item))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverState {
    /// The picture was drawn, sharp or, for the moment, in another size.
    Ready,
    /// Nothing was drawn yet; the picture is on its way.
    Loading,
    /// The item has no picture.
    Missing,
    /// The picture cannot be read; `CoverStore::error` says why.
    Failed,
}

#[derive(Default)]
struct Entry {
    places: [Option<Place>; CLASSES],
    failed: Option<String>,
    last_asked: u64,
    /// When the first picture of the cover came, for fading it in.
    came_secs: f64,
}

/// What is on the screen did not fit: nothing larger than `level` is asked for until the screen shows a good deal less.
#[derive(Clone, Copy)]
struct Cap {
    level: Level,
    painted: usize,
}

/// A picture too large for the pages.
struct Whole {
    texture: TextureHandle,
    last_used: u64,
}

impl Whole {
    fn bytes(&self) -> usize {
        let [width, height] = self.texture.size();
        width * height * size_of::<Color32>()
    }
}

struct Drawn {
    texture: TextureId,
    uv: Rect,
    size_px: Vec2,
    is_whole: bool,
}

/// The window's covers. One for all views.
pub struct CoverStore {
    ctx: egui::Context,
    pool: Pool,
    atlas: Atlas,
    wholes: FxHashMap<(CoverKey, Level), Whole>,
    entries: FxHashMap<CoverKey, Entry>,
    budget_bytes: usize,
    cap: Option<Cap>,
    full_until: u64,
    frame: u64,
    now_secs: f64,
    fading: bool,
    /// Painted in this frame so far, and how many of those are not ready.
    painted: usize,
    pending: usize,
    pending_before: usize,
}

impl CoverStore {
    /// `workers` threads decode, and wake the window through `repaint` after each picture.
    pub fn new(repaint: egui::Context, budget_bytes: usize, workers: usize) -> Self {
        let ctx = repaint.clone();
        Self {
            ctx,
            pool: Pool::new(workers, move || repaint.request_repaint()),
            atlas: Atlas::default(),
            wholes: FxHashMap::default(),
            entries: FxHashMap::default(),
            budget_bytes: budget_bytes.max(MIN_BUDGET_BYTES),
            cap: None,
            full_until: 0,
            frame: 0,
            now_secs: 0.0,
            fading: false,
            painted: 0,
            pending: 0,
            pending_before: 0,
        }
    }

    /// Takes in what was decoded, a bounded amount. Call at the start of each frame, before anything is painted.
    pub fn begin_frame(&mut self, ctx: &egui::Context) {
        self.frame += 1;
        // A frame that shows no cover waits for none.
        self.pending_before = self.pending;
        if self.painted > 0 {
            self.cap = self.cap.filter(|cap| 4 * self.painted > 3 * cap.painted);
        }
        let painted = self.painted;
        (self.painted, self.pending) = (0, 0);
        self.now_secs = ctx.input(|input| input.time);
        self.fading = ctx.global_style().animation_time > 0.0;
        self.pool.forget_before(self.frame.saturating_sub(REQUEST_FRAMES));
        while self.bytes() > self.budget_bytes {
            if !self.drop_whole(true) && !self.atlas.drop_page(self.frame, true) {
                break;
            }
        }
        let (mut uploaded, pages) = (0, self.atlas.page_count());
        while uploaded < UPLOAD_BYTES_PER_FRAME && self.atlas.page_count() == pages {
            let Some(decoded) = self.pool.next() else { break };
            uploaded += self.accept(decoded, painted);
        }
        if self.pool.has_results() {
            ctx.request_repaint();
        }
    }

    /// Draws the centred square of the cover into `rect` (or as much of it as the shape of `rect` takes), and
    /// `placeholder` first wherever that can be seen; fresh pictures fade in over it. The highest `priority` is decoded
    /// first: give what is nearest to the view the highest, say minus the distance.
    pub fn paint_over(
        &mut self,
        painter: &Painter,
        rect: Rect,
        rounding: f32,
        item: CoverKey,
        path: Option<&Path>,
        priority: f32,
        placeholder: impl FnOnce(&Painter, CoverState),
    ) -> CoverState {
        let level = Level::square(rect.width().max(rect.height()) * painter.pixels_per_point());
        let (drawn, state) = self.look_up(item, path, level, priority);
        let Some(drawn) = drawn else {
            placeholder(painter, state);
            return state;
        };
        let age_secs = self.entries.get(&item).map_or(FADE_SECS, |entry| self.now_secs - entry.came_secs);
        let opacity = if self.fading { (age_secs / FADE_SECS).clamp(0.0, 1.0) as f32 } else { 1.0 };
        if opacity < 1.0 {
            placeholder(painter, CoverState::Loading);
            self.ctx.request_repaint();
        }
        draw(painter, rect, rounding, &drawn, opacity);
        state
    }

    /// Draws the whole cover, uncropped, as large as fits into `rect`, and says where. Until it is there the cropped
    /// one stands in, which is said by `None`.
    pub fn paint_whole(
        &mut self,
        painter: &Painter,
        rect: Rect,
        rounding: f32,
        item: CoverKey,
        path: Option<&Path>,
        priority: f32,
    ) -> (CoverState, Option<Rect>) {
        let level = Level::whole(rect.width().max(rect.height()) * painter.pixels_per_point());
        let (drawn, state) = self.look_up(item, path, level, priority);
        let Some(drawn) = drawn else { return (state, None) };
        // A small picture is not blown up to blocks; the cropped one that stands in says nothing of its size.
        let most = if drawn.is_whole { MAX_ENLARGED } else { f32::INFINITY };
        let scale = (rect.width() / drawn.size_px.x).min(rect.height() / drawn.size_px.y).min(most);
        let fitted = Rect::from_center_size(rect.center(), drawn.size_px * scale);
        draw(painter, fitted, rounding, &drawn, 1.0);
        (state, drawn.is_whole.then_some(fitted))
    }

    /// Asks for a cover that is not drawn yet but soon will be, on a square of `side_px` pixels of the screen.
    pub fn prefetch(&mut self, item: CoverKey, path: Option<&Path>, side_px: f32, priority: f32) {
        let (painted, pending) = (self.painted, self.pending);
        let _ = self.look_up(item, path, Level::square(side_px), priority);
        (self.painted, self.pending) = (painted, pending);
    }

    /// Why the cover of `item` cannot be shown.
    pub fn error(&self, item: CoverKey) -> Option<&str> {
        self.entries.get(&item).and_then(|entry| entry.failed.as_deref()).or(self.pool.failure())
    }

    /// Covers painted in this frame (or, before anything is painted, in the last) that are not there in their size.
    pub fn pending(&self) -> usize {
        if self.painted > 0 { self.pending } else { self.pending_before }
    }

    /// Forgets all covers: the keys mean another data set's items from now on.
    pub fn clear(&mut self) {
        self.pool.clear();
        self.atlas.clear();
        self.wholes.clear();
        self.entries.clear();
        (self.cap, self.full_until) = (None, 0);
        (self.painted, self.pending, self.pending_before) = (0, 0, 0);
    }

    /// What covers may take of the graphics memory, at least `MIN_BUDGET_BYTES`; obeyed from the next frame on.
    pub fn set_budget(&mut self, budget_bytes: usize) {
        let budget_bytes = budget_bytes.max(MIN_BUDGET_BYTES);
        if budget_bytes != self.budget_bytes {
            self.budget_bytes = budget_bytes;
            (self.cap, self.full_until) = (None, 0);
        }
    }

    /// What covers take of the graphics memory.
    pub fn bytes(&self) -> usize {
        self.atlas.bytes() + self.whole_bytes()
    }

    fn whole_bytes(&self) -> usize {
        self.wholes.values().map(Whole::bytes).sum()
    }

    fn look_up(
        &mut self,
        item: CoverKey,
        path: Option<&Path>,
        level: Level,
        priority: f32,
    ) -> (Option<Drawn>, CoverState) {
        let Some(path) = path else { return (None, CoverState::Missing) };
        self.painted += 1;
        let entry = self.entries.entry(item).or_default();
        entry.last_asked = self.frame;
        let failed = entry.failed.is_some() || self.pool.failure().is_some();
        let level = self.cap.map_or(level, |cap| level.min(cap.level));
        if let Some(drawn) = self.find(item, level) {
            return (Some(drawn), CoverState::Ready);
        }
        if !failed && self.frame >= self.full_until {
            self.pending += 1;
            self.pool.ask(item, level, path, priority, self.frame);
        }
        match level.stand_ins().find_map(|other| self.find(item, other)) {
            Some(drawn) => (Some(drawn), CoverState::Ready),
            None if failed => (None, CoverState::Failed),
            None => (None, CoverState::Loading),
        }
    }

    fn find(&mut self, item: CoverKey, level: Level) -> Option<Drawn> {
        match level.class() {
            Some(class) => {
                let place = self.entries.get(&item)?.places[class]?;
                let (texture, uv, side_px) = self.atlas.find(place, item, self.frame)?;
                Some(Drawn { texture, uv, size_px: Vec2::splat(side_px), is_whole: false })
            }
            None => {
                let whole = self.wholes.get_mut(&(item, level))?;
                whole.last_used = self.frame;
                let uv = Rect::from_min_size(egui::Pos2::ZERO, vec2(1.0, 1.0));
                Some(Drawn { texture: whole.texture.id(), uv, size_px: whole.texture.size_vec2(), is_whole: true })
            }
        }
    }

    /// Stores a picture, and returns the bytes uploaded. `painted` covers were on the screen in the last frame.
    fn accept(&mut self, decoded: Decoded, painted: usize) -> usize {
        let Decoded { key, level, picture, .. } = decoded;
        let Some(entry) = self.entries.get(&key) else { return 0 };
        if self.cap.is_some_and(|cap| level > cap.level) {
            // It was on its way when there turned out to be no room for its size.
            return 0;
        }
        let wanted = entry.last_asked + REQUEST_FRAMES >= self.frame;
        let fresh = !self.has_any(key);
        let picture = match picture {
            Ok(picture) => picture,
            Err(error) => {
                self.entries.entry(key).or_default().failed = Some(error);
                return 0;
            }
        };
        let bytes = picture.pixels.len() * size_of::<Color32>();
        let stored = match level.class() {
            Some(class) => {
                while wanted && self.bytes() + PAGE_BYTES > self.budget_bytes && self.drop_whole(false) {}
                let budget_bytes = self.budget_bytes.saturating_sub(self.whole_bytes());
                let place = self.atlas.insert(&self.ctx, class, key, picture, self.frame, budget_bytes, wanted);
                if let Some(place) = place {
                    self.entries.entry(key).or_default().places[class] = Some(place);
                }
                place.is_some()
            }
            None => {
                while wanted
                    && self.bytes() + bytes > self.budget_bytes
                    && (self.drop_whole(false) || self.atlas.drop_page(self.frame, false))
                {}
                let fits = self.bytes() + bytes <= self.budget_bytes;
                if fits {
                    let texture = self.ctx.load_texture("cover", picture, TextureOptions::LINEAR);
                    self.wholes.insert((key, level), Whole { texture, last_used: self.frame });
                }
                fits
            }
        };
        if !stored {
            if wanted {
                self.come_down_from(level, painted);
            }
            return 0;
        }
        if fresh {
            self.entries.entry(key).or_default().came_secs = self.now_secs;
        }
        bytes
    }

    /// What is on the screen has no room in its sizes: all of it takes the next smaller one.
    fn come_down_from(&mut self, level: Level, painted: usize) {
        match level.smaller() {
            Some(level) => self.cap = Some(Cap { level, painted }),
            None => self.full_until = self.frame + FULL_FRAMES,
        }
        if level.class().is_some() {
            self.atlas.drop_coarsest_page();
        }
    }

    fn has_any(&self, key: CoverKey) -> bool {
        let in_pages = self
            .entries
            .get(&key)
            .is_some_and(|entry| entry.places.iter().flatten().any(|place| self.atlas.holds(*place, key)));
        in_pages || self.wholes.keys().any(|(owner, _)| *owner == key)
    }

    /// Gives back the large picture that was used longest ago, unless that was in this frame or the last.
    fn drop_whole(&mut self, even_if_drawn: bool) -> bool {
        let oldest = self.wholes.iter().map(|(key, whole)| (whole.last_used, *key)).min();
        match oldest {
            Some((last_used, key)) if even_if_drawn || last_used + 1 < self.frame => {
                self.wholes.remove(&key);
                true
            }
            _ => false,
        }
    }
}

/// Fills `rect` with the picture, cut to the shape of `rect`.
fn draw(painter: &Painter, rect: Rect, rounding: f32, drawn: &Drawn, opacity: f32) {
    if !rect.is_positive() || !painter.clip_rect().intersects(rect) {
        return;
    }
    let scale = (rect.width() / drawn.size_px.x).max(rect.height() / drawn.size_px.y);
    let part = rect.size() / (drawn.size_px * scale);
    let uv = Rect::from_center_size(drawn.uv.center(), drawn.uv.size() * part);
    let corners = CornerRadius::same(rounding.round().clamp(0.0, 255.0) as u8);
    let tint = Color32::WHITE.gamma_multiply(opacity);
    painter.add(RectShape::filled(rect, corners, tint).with_texture(drawn.texture, uv));
}
