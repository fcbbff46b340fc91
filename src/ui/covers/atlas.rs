//! Pictures of like size side by side on a few large textures.
//!
//! A slot is written only at the start of a frame and only if nothing drew from it in the frame before; each writing
//! has a number of its own, and a place that is out of date draws nothing: never another cover's picture.

use egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureId, TextureOptions, pos2, vec2};

use super::{
    CoverKey,
    lru::Lru,
    picture::{CLASSES, GUTTER_PX, pitch_px},
};

pub(super) const PAGE_SIDE_PX: usize = 2_048;
pub(super) const PAGE_BYTES: usize = PAGE_SIDE_PX * PAGE_SIDE_PX * size_of::<Color32>();
/// As many slots as the smallest class has on a page: slots are numbered through all pages.
const MAX_SLOTS: u32 = slots_per_page(0);

const fn per_row(class: usize) -> u32 {
    const SLOTS: [u32; CLASSES] = [40, 20, 8, 4];
    SLOTS[class]
}

const fn slots_per_page(class: usize) -> u32 {
    per_row(class) * per_row(class)
}

/// Where a picture was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    page: u32,
    slot: u32,
    writing: u64,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    /// 0 while the slot is free.
    writing: u64,
    owner: CoverKey,
    /// Of the picture, without its gutter: smaller pictures leave part of the slot unused.
    side_px: usize,
    last_used: u64,
}

struct Page {
    texture: TextureHandle,
    class: usize,
    slots: Vec<Slot>,
    free: Vec<u32>,
    last_used: u64,
}

impl Page {
    fn lay_out(&mut self, class: usize) {
        self.class = class;
        self.slots = vec![Slot::default(); slots_per_page(class) as usize];
        self.free = (0..slots_per_page(class)).rev().collect();
    }
}

#[derive(Default)]
pub(super) struct Atlas {
    pages: Vec<Option<Page>>,
    used: [Lru; CLASSES],
    writings: u64,
}

impl Atlas {
    pub(super) fn bytes(&self) -> usize {
        self.page_count() * PAGE_BYTES
    }

    pub(super) fn page_count(&self) -> usize {
        self.pages.iter().flatten().count()
    }

    /// The texture, the part of it that holds the cover of `key`, if it still does, and the picture's side in pixels.
    pub(super) fn find(&mut self, place: Place, key: CoverKey, frame: u64) -> Option<(TextureId, Rect, f32)> {
        let page = self.pages.get_mut(place.page as usize)?.as_mut()?;
        let slot = page.slots.get_mut(place.slot as usize)?;
        if slot.writing != place.writing || slot.owner != key {
            return None;
        }
        slot.last_used = frame;
        page.last_used = frame;
        self.used[page.class].touch(place.page * MAX_SLOTS + place.slot);
        let [x, y] = origin_px(page.class, place.slot).map(|px| (px + GUTTER_PX) as f32);
        let side = slot.side_px as f32;
        let uv = Rect::from_min_size(pos2(x, y) / PAGE_SIDE_PX as f32, vec2(side, side) / PAGE_SIDE_PX as f32);
        Some((page.texture.id(), uv, side))
    }

    /// Is the place still what it was? Unlike `find`, this is no use of it.
    pub(super) fn holds(&self, place: Place, key: CoverKey) -> bool {
        let page = self.pages.get(place.page as usize).and_then(Option::as_ref);
        let slot = page.and_then(|page| page.slots.get(place.slot as usize));
        slot.is_some_and(|slot| slot.writing == place.writing && slot.owner == key)
    }

    /// Writes a picture with its gutter. `None` where all room within `budget_bytes` is taken: by what was drawn in
    /// this frame or the last, or by anything at all unless the picture is `wanted`.
    pub(super) fn insert(
        &mut self,
        ctx: &Context,
        class: usize,
        key: CoverKey,
        picture: ColorImage,
        frame: u64,
        budget_bytes: usize,
        wanted: bool,
    ) -> Option<Place> {
        let side_px = picture.size[0] - 2 * GUTTER_PX;
        let (page_number, slot_number) = self.room(ctx, class, frame, budget_bytes, wanted)?;
        let page = self.pages.get_mut(page_number as usize)?.as_mut()?;
        self.writings += 1;
        page.slots[slot_number as usize] = Slot { writing: self.writings, owner: key, side_px, last_used: frame };
        page.last_used = frame;
        page.texture.set_partial(origin_px(class, slot_number), picture, TextureOptions::LINEAR);
        self.used[class].touch(page_number * MAX_SLOTS + slot_number);
        Some(Place { page: page_number, slot: slot_number, writing: self.writings })
    }

    /// A slot to write to, taken off the list of free ones.
    fn room(
        &mut self,
        ctx: &Context,
        class: usize,
        frame: u64,
        budget_bytes: usize,
        wanted: bool,
    ) -> Option<(u32, u32)> {
        for (number, page) in self.pages.iter_mut().enumerate() {
            if let Some(page) = page
                && page.class == class
                && let Some(slot) = page.free.pop()
            {
                return Some((number as u32, slot));
            }
        }
        if self.bytes() + PAGE_BYTES <= budget_bytes {
            let number = self.add_page(ctx, class);
            return self.take_free(number);
        }
        if !wanted {
            return None;
        }
        let oldest = self.used[class].oldest().and_then(|id| {
            let (page, slot) = (id / MAX_SLOTS, id % MAX_SLOTS);
            let last_used = self.pages[page as usize].as_ref()?.slots[slot as usize].last_used;
            Some((page, slot, last_used))
        });
        // A page of another class goes over to this one when all of it has rested longer than this class's oldest.
        let resting = self.resting_page(frame).filter(|(number, _)| self.class_of(*number) != Some(class));
        if let Some((number, page_used)) = resting
            && oldest.is_none_or(|(.., slot_used)| page_used < slot_used)
        {
            self.forget_page_slots(number);
            if let Some(page) = &mut self.pages[number as usize] {
                page.lay_out(class);
            }
            return self.take_free(number);
        }
        let (page, slot, last_used) = oldest?;
        (last_used + 1 < frame).then_some((page, slot))
    }

    fn take_free(&mut self, number: u32) -> Option<(u32, u32)> {
        let slot = self.pages.get_mut(number as usize)?.as_mut()?.free.pop()?;
        Some((number, slot))
    }

    fn add_page(&mut self, ctx: &Context, class: usize) -> u32 {
        let number = self.pages.iter().position(Option::is_none).unwrap_or_else(|| {
            self.pages.push(None);
            self.pages.len() - 1
        });
        let empty = ColorImage::filled([PAGE_SIDE_PX, PAGE_SIDE_PX], Color32::TRANSPARENT);
        let texture = ctx.load_texture(format!("covers {number}"), empty, TextureOptions::LINEAR);
        let mut page = Page { texture, class, slots: Vec::new(), free: Vec::new(), last_used: 0 };
        page.lay_out(class);
        self.pages[number] = Some(page);
        number as u32
    }

    fn class_of(&self, number: u32) -> Option<usize> {
        self.pages[number as usize].as_ref().map(|page| page.class)
    }

    /// The page that was used longest ago, unless that was in this frame or the last.
    fn resting_page(&self, frame: u64) -> Option<(u32, u64)> {
        let pages = self.pages.iter().enumerate();
        let ages = pages.filter_map(|(number, page)| Some((number as u32, page.as_ref()?.last_used)));
        ages.min_by_key(|(_, last_used)| *last_used).filter(|(_, last_used)| last_used + 1 < frame)
    }

    fn forget_page_slots(&mut self, number: u32) {
        if let Some(page) = &self.pages[number as usize] {
            for slot in 0..page.slots.len() as u32 {
                self.used[page.class].remove(number * MAX_SLOTS + slot);
            }
        }
    }

    /// Gives the page back that was used longest ago: one that rests now, or any with `even_if_drawn`.
    pub(super) fn drop_page(&mut self, frame: u64, even_if_drawn: bool) -> bool {
        let frame = if even_if_drawn { u64::MAX } else { frame };
        let Some((number, _)) = self.resting_page(frame) else { return false };
        self.forget_page_slots(number);
        self.pages[number as usize] = None;
        true
    }

    /// Gives a page with the largest slots back, drawn or not: smaller ones hold more covers in its room.
    pub(super) fn drop_coarsest_page(&mut self) {
        let pages = self.pages.iter().enumerate().filter_map(|(number, page)| Some((page.as_ref()?.class, number)));
        if let Some((_, number)) = pages.max() {
            self.forget_page_slots(number as u32);
            self.pages[number] = None;
        }
    }

    pub(super) fn clear(&mut self) {
        self.pages.clear();
        self.used = Default::default();
    }
}

/// Where a slot starts on its page, gutter included.
fn origin_px(class: usize, slot: u32) -> [usize; 2] {
    let (row, column) = (slot / per_row(class), slot % per_row(class));
    [column as usize * pitch_px(class), row as usize * pitch_px(class)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;
    use crate::ui::covers::picture::Level;

    fn picture(class: usize) -> ColorImage {
        ColorImage::filled([pitch_px(class); 2], Color32::WHITE)
    }

    #[test]
    fn slots_of_every_class_fit_their_page_and_do_not_overlap() {
        for class in 0..CLASSES {
            let last = origin_px(class, slots_per_page(class) - 1);
            assert!(last.iter().all(|at| at + pitch_px(class) <= PAGE_SIDE_PX));
            assert!((per_row(class) as usize + 1) * pitch_px(class) > PAGE_SIDE_PX);
            assert!(slots_per_page(class) <= MAX_SLOTS);
            let mut origins: Vec<_> = (0..slots_per_page(class)).map(|slot| origin_px(class, slot)).collect();
            origins.sort_unstable();
            origins.dedup();
            assert_eq!(origins.len(), slots_per_page(class) as usize);
        }
    }

    #[test]
    fn what_is_on_the_screen_keeps_its_slot() {
        let (ctx, mut atlas) = (Context::default(), Atlas::default());
        let budget = PAGE_BYTES;
        let key = |n: u32| CoverKey(u64::from(n));
        let put = |atlas: &mut Atlas, n, frame| atlas.insert(&ctx, 3, key(n), picture(3), frame, budget, true);
        let places: Vec<_> = (0..16).map(|n| put(&mut atlas, n, 1).unwrap()).collect();
        // All were written in this frame or the last: no room.
        assert_eq!(put(&mut atlas, 16, 1), None);
        assert_eq!(put(&mut atlas, 16, 2), None);
        for n in 0..16 {
            if n != 5 {
                assert!(atlas.find(places[n as usize], key(n), 3).is_some());
            }
        }
        let new = put(&mut atlas, 16, 4).unwrap();
        assert!(!atlas.holds(places[5], key(5)) && atlas.find(places[5], key(5), 4).is_none());
        assert!(atlas.find(new, key(16), 4).is_some() && atlas.find(new, key(5), 4).is_none());
        assert_eq!(put(&mut atlas, 17, 4), None);
        // An unwanted picture drives nothing out, however old.
        assert_eq!(atlas.insert(&ctx, 3, key(18), picture(3), 90, budget, false), None);
        assert!(put(&mut atlas, 18, 90).is_some());
        // Another class takes the whole page once all of it rests.
        assert_eq!(atlas.insert(&ctx, 1, key(19), picture(1), 91, budget, true), None);
        assert!(atlas.insert(&ctx, 1, key(19), picture(1), 99, budget, true).is_some());
        assert_eq!(atlas.page_count(), 1);
        assert!((0..16).all(|n| !atlas.holds(places[n as usize], key(n))));
    }

    #[test]
    fn a_place_holds_its_own_key_or_nothing() {
        let ctx = Context::default();
        for seed in 0..6 {
            let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
            let mut atlas = Atlas::default();
            let mut given: Vec<(Place, CoverKey, usize)> = Vec::new();
            let budget = 2 * PAGE_BYTES;
            for frame in 1..1_500u64 {
                for _ in 0..rng.random_range(0..4) {
                    let (class, key) = (rng.random_range(1..CLASSES), CoverKey(rng.random_range(0..400)));
                    if let Some(place) = atlas.insert(&ctx, class, key, picture(class), frame, budget, true) {
                        given.push((place, key, class));
                    }
                }
                for _ in 0..20.min(given.len()) {
                    let (place, key, class) = given[rng.random_range(0..given.len())];
                    assert!(atlas.find(place, CoverKey(key.0 + 1_000), frame).is_none());
                    if let Some((_, uv, _)) = atlas.find(place, key, frame) {
                        let side = Level::of_class(class).side_px() as f32 / PAGE_SIDE_PX as f32;
                        assert!((uv.width() - side).abs() < 1e-6 && uv.is_positive());
                    }
                }
                if rng.random_range(0..300) == 0 {
                    atlas.drop_page(frame, true);
                }
                // No two live places share a slot.
                if frame % 50 == 0 {
                    given.retain(|(place, key, _)| atlas.holds(*place, *key));
                    let mut slots: Vec<_> = given.iter().map(|(place, ..)| (place.page, place.slot)).collect();
                    slots.sort_unstable();
                    let all = slots.len();
                    slots.dedup();
                    assert_eq!(slots.len(), all);
                }
                assert!(atlas.bytes() <= budget);
            }
            assert!(!given.is_empty());
            let _ = ctx.tex_manager().write().take_delta();
        }
    }
}
