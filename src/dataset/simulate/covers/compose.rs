//! Puts a picture together: the setting, what lies about, the object in its light, and the lens.

use rand::SeedableRng as _;
use rand_pcg::Pcg64Mcg;
use tiny_skia::{Pixmap, Transform};

use super::{
    Draw, SCENES, SIDE_PX,
    draw::{Canvas, turned},
    light::{self, Light},
    palette::Look,
    settings::{
        self,
        Setting::{self, Flat, Room, Sill, Studio, Wall},
    },
};

/// The picture, and left, top, right, bottom of its object in pixels.
pub(super) fn paint(leaf: usize, seed: u64) -> Option<(Pixmap, Option<[f32; 4]>)> {
    let (object, settings, size) = SCENES[leaf % SCENES.len()];
    let mut rng = Pcg64Mcg::seed_from_u64(seed ^ (leaf as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let look = Look::draw(&mut rng);
    let mut c = Canvas::new(Pixmap::new(SIDE_PX, SIDE_PX)?, rng);
    // Every object is drawn lit from its upper left: mirrored, it is lit from the right.
    let mirror = if c.chance(0.5) { -1.0 } else { 1.0 };
    let light = Light { side: -mirror, slant: c.random(0.0, 1.0) };
    if settings.is_empty() {
        whole(&mut c, &look, object, mirror);
    } else {
        let setting = settings[c.count(0, settings.len() - 1)];
        placed(&mut c, &look, object, setting, size, light);
    }
    c.is_tracking = false;
    let bounds = c.bounds;
    light::grade(&mut c, light);
    Some((c.map, bounds))
}

fn whole(c: &mut Canvas, look: &Look, object: Draw, mirror: f32) {
    let (zoom, turn) = (c.random(1.0, 1.18), c.random(-1.2, 1.2));
    let (dx, dy) = (c.random(-10.0, 10.0), c.random(-8.0, 6.0));
    c.is_tracking = true;
    c.at(128.0 + dx, 128.0 + dy, mirror * zoom, zoom, turn, |c| {
        c.at(-128.0, -128.0, 1.0, 1.0, 0.0, |c| object(c, look));
    });
}

fn placed(c: &mut Canvas, look: &Look, object: Draw, setting: Setting, size: f32, light: Light) {
    let is_facing = matches!(setting, Flat | Wall);
    let back = c.random(1.0, 1.1);
    let turn = c.random(-1.5, 1.5);
    let mut ground = 0.0;
    c.at(128.0, 128.0, -light.side * back, back, turn, |c| {
        c.at(-128.0, -128.0, 1.0, 1.0, 0.0, |c| ground = settings::draw(c, look, setting));
    });
    let ground = 128.0 + (ground - 128.0) * back;
    if setting != Sill && c.chance(0.35) {
        light::panes(c, light);
    }
    let scale = size * c.random(0.8, 1.1);
    let room = (122.0 - 52.0 * scale).clamp(5.0, 34.0);
    let x = 128.0 + c.random(-room, room);
    let front = clutter(c, look, setting, x, ground);
    if setting != Flat {
        let depth = [0, 0, 0, 1, 1, 1, 2, 2, 3][c.count(0, 8)];
        light::soften(&mut c.map, depth);
    }
    let is_raised = setting == Studio && c.chance(0.4);
    let turn = match setting {
        Flat => c.random(-28.0, 28.0),
        Wall | Room => c.random(-1.6, 1.6),
        _ => c.random(-3.0, 3.0),
    };
    let y = if is_facing { ground + c.random(-10.0, 10.0) } else { ground - 50.0 * scale + c.random(0.0, 8.0) };
    let skew = c.random(-0.05, 0.05);
    let (squeeze, stretch) = (c.random(0.92, 1.06), c.random(0.94, 1.04));
    let frame = Transform::from_translate(x, y)
        .pre_concat(turned(turn))
        .pre_concat(Transform::from_skew(skew, 0.0))
        .pre_scale(-light.side * scale * squeeze, scale * stretch);
    c.is_tracking = true;
    let Some(mut layer) = c.layer(|c| c.with(frame, |c| object(c, look))) else { return };
    c.is_tracking = false;
    light::model(&mut layer, c.bounds.unwrap_or([0.0, 0.0, 256.0, 256.0]), light);
    if is_facing {
        let distance = if setting == Wall { c.random(8.0, 16.0) } else { c.random(6.0, 12.0) };
        light::cast_behind(c, &layer, distance, light);
    } else {
        let foot = y + 50.0 * scale * stretch;
        if is_raised {
            settings::pedestal(c, look, x, foot, 58.0 * scale);
        }
        let depth = if setting == Sill { 0.07 } else { c.random(0.1, 0.2) };
        light::cast_on_ground(c, &layer, foot, depth, light);
        c.at(x, y, scale, scale, 0.0, |c| c.shadow(0.0, 50.0, 44.0, 7.0));
    }
    c.lay(&layer, 1.0, Transform::identity());
    foreground(c, look, setting, front, x, ground);
}

/// Small things beside the object; answers how many are kept for the foreground.
fn clutter(c: &mut Canvas, look: &Look, setting: Setting, x: f32, ground: f32) -> usize {
    let is_flat = setting == Flat;
    if setting == Wall {
        return 0;
    }
    let (mut front, most) = (0, if is_flat { 4 } else { 3 });
    let count = c.count(0, most);
    let first = if c.chance(0.5) { 1.0 } else { -1.0 };
    for n in 0..count {
        let side = if n % 2 == 0 { first } else { -first };
        if !is_flat && c.chance(0.3) {
            front += 1;
            continue;
        }
        let s = c.random(0.9, 1.4);
        if is_flat {
            let (px, py) = (x + side * c.random(78.0, 112.0), c.random(14.0, 242.0));
            let turn = c.random(0.0, 360.0);
            c.at(px, py, s, s, turn, |c| settings::prop(c, look, setting));
        } else {
            let (px, py) = (x + side * c.random(74.0, 110.0), ground - c.random(4.0, 14.0));
            c.at(px, py, s, s, 0.0, |c| settings::prop(c, look, setting));
        }
    }
    front
}

/// Things near the lens at the lower corners, out of focus.
fn foreground(c: &mut Canvas, look: &Look, setting: Setting, count: usize, x: f32, ground: f32) {
    if count == 0 {
        return;
    }
    let first = if x > 128.0 { -1.0 } else { 1.0 };
    let near = c.layer(|c| {
        for n in 0..count.min(2) {
            let side = if n == 0 { first } else { -first };
            let (px, s) = (128.0 + side * c.random(98.0, 122.0), c.random(1.4, 1.9));
            let py = (ground + c.random(22.0, 36.0)).min(264.0);
            c.at(px, py, s, s, 0.0, |c| settings::prop(c, look, setting));
        }
    });
    let Some(mut near) = near else { return };
    let depth = c.count(1, 3);
    light::soften(&mut near, depth);
    c.lay(&near, 1.0, Transform::identity());
}
