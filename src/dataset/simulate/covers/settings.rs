//! Where a scene stands: a table, a room, a sill, a studio, or flat from above; and the small things beside.

use super::{
    draw::{BLACK, Canvas, WHITE, ink, rounded},
    palette::Look,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Table,
    Room,
    Sill,
    Studio,
    /// Seen from above.
    Flat,
    /// Hanging on a wall, seen from the front.
    Wall,
}

fn window(c: &mut Canvas, k: &Look, x: f32, y: f32, w: f32, h: f32) {
    c.r(x - 5.0, y - 5.0, w + 10.0, h + 10.0, 3.0, k.light.dim(0.06));
    let [top, low] = match (k.v[4] * 10.0) as usize {
        0 => k.night,
        1 | 2 => k.dusk,
        _ => k.day,
    };
    let is_night = k.v[4] < 0.1;
    c.graded(rounded(x, y, w, h, 1.0), top, low);
    let (end, foot) = (x + w, y + h);
    match (k.v[3] * 4.0) as usize {
        0 => {
            // Hills and a cloud.
            c.dot(x + w * 0.3, y + h * 0.3, w * 0.16, h * 0.05, WHITE.mix(low, 0.3).alpha(0.7));
            let (a, b, q, z) = (x + w * 0.3, x + w * 0.55, y + h * 0.58, y + h * 0.78);
            let (d, e, f) = (x + w * 0.8, y + h * 0.62, y + h * 0.74);
            let line = format!("M {x} {foot} L {x} {z} Q {a} {q} {b} {z} Q {d} {e} {end} {f} L {end} {foot} Z");
            c.p(&line, k.leaf.mix(low, if is_night { 0.2 } else { 0.45 }));
        }
        1 => {
            // A far town.
            for (n, tall) in [0.30, 0.46, 0.36, 0.24, 0.42, 0.33, 0.27].into_iter().enumerate() {
                let (left, wide) = (x + w * n as f32 / 7.0, w / 7.0);
                c.r(
                    left,
                    foot - h * tall,
                    wide,
                    h * tall,
                    0.0,
                    top.mix(low, 0.5).dim(if is_night { 0.3 } else { 0.12 }),
                );
                c.dot(left + wide * 0.5, foot - h * tall * 0.6, w * 0.012, h * 0.02, ink(0xfff0bf));
            }
        }
        2 => {
            // The sea with a low sun.
            c.ball(x + w * 0.62, y + h * 0.42, w * 0.1, w * 0.1, ink(0xfff3cd));
            c.p2(
                &format!("M {x} {} L {end} {} L {end} {foot} L {x} {foot} Z", y + h * 0.62, y + h * 0.62),
                top,
                low.mix(top, 0.4),
            );
        }
        _ => {
            // Tree tops.
            for (at, tall) in [(0.1, 0.42), (0.34, 0.34), (0.62, 0.46), (0.9, 0.38)] {
                let (ex, ey) = (w * 0.17, h * 0.2);
                let (cx, cy) = ((x + w * at).clamp(x + ex, end - ex), foot - h * tall * 0.6);
                c.r(cx - ex, cy, ex * 2.0, foot - cy, 0.0, k.leaf.mix(low, 0.3).dim(0.05));
                c.e(cx, cy, ex, ey, k.leaf.mix(low, 0.35));
            }
        }
    }
    let (mx, my, bar) = (x + w / 2.0, y + h * 0.5, k.light.dim(0.06));
    c.l(&format!("M {mx} {y} L {mx} {foot}"), 4.0, bar);
    if w < 120.0 {
        c.l(&format!("M {x} {my} L {end} {my}"), 4.0, bar);
    }
}

/// Fills the field and answers the height of the main object's foot, of its middle where it lies or hangs.
pub(super) fn draw(c: &mut Canvas, k: &Look, setting: Setting) -> f32 {
    let whole = "M -60 -60 L 316 -60 L 316 316 L -60 316 Z";
    match setting {
        Setting::Flat => {
            c.p(whole, k.ground);
            match c.count(0, 3) {
                0 => {
                    for n in 0..9 {
                        let x = n as f32 * 32.0 - 10.0;
                        c.l(&format!("M {x} -20 L {x} 276"), 1.4, k.ground.dim(0.14).alpha(0.6));
                    }
                }
                1 => {
                    let turn = c.random(-18.0, 18.0);
                    c.at(128.0, 128.0, 1.0, 1.0, turn, |c| {
                        c.r(-96.0, -150.0, 192.0, 300.0, 4.0, k.wall);
                        for x in [-84.0, 84.0] {
                            c.l(&format!("M {x} -150 L {x} 150"), 5.0, k.second.alpha(0.35));
                        }
                    });
                }
                2 => {
                    for n in 0..8 {
                        let at = n as f32 * 36.0;
                        c.l(&format!("M {at} -20 L {at} 276"), 13.0, k.wall.alpha(0.4));
                        c.l(&format!("M -20 {at} L 276 {at}"), 13.0, k.wall.alpha(0.4));
                    }
                }
                _ => c.glow(80.0, 70.0, 190.0, 170.0, WHITE.alpha(0.35)),
            }
            128.0
        }
        Setting::Studio => {
            c.p2(whole, k.wall.lit(0.1), k.wall);
            let y = c.random(186.0, 206.0);
            match c.count(0, 2) {
                0 => {
                    let (x, r) = (c.random(108.0, 148.0), c.random(78.0, 100.0));
                    c.e(x, 118.0, r, r, k.ground);
                }
                1 => {
                    let x = c.random(44.0, 66.0);
                    c.p(
                        &format!(
                            "M {x} 260 L {x} 120 C {x} 10 {} 10 {} 120 L {} 260 Z",
                            256.0 - x,
                            256.0 - x,
                            256.0 - x
                        ),
                        k.ground,
                    );
                }
                _ => c.glow(128.0, 100.0, 150.0, 130.0, WHITE.alpha(0.6)),
            }
            c.p2(
                &format!("M -60 {y} Q 128 {} 316 {y} L 316 316 L -60 316 Z", y - 10.0),
                k.ground.lit(0.18),
                k.ground.dim(0.08),
            );
            y + 18.0
        }
        Setting::Table => {
            c.p2(whole, k.wall.lit(0.12), k.wall.dim(0.05));
            let y = c.random(168.0, 190.0);
            match c.count(0, 4) {
                0 => window(c, k, 26.0, 16.0, 84.0, 104.0),
                1 => window(c, k, 146.0, 20.0, 84.0, 100.0),
                2 => {
                    c.r(-10.0, 60.0, 110.0, 6.0, 1.0, k.wood);
                    for n in 0..6 {
                        let (h, color) = (22.0 + (n * 7 % 13) as f32, [k.main, k.second, k.accent][n % 3]);
                        c.r(4.0 + 11.0 * n as f32, 60.0 - h, 9.5, h, 1.0, color.mix(k.wall, 0.3));
                    }
                }
                3 => {
                    let x = c.random(30.0, 160.0);
                    c.r(x, 24.0, 64.0, 78.0, 2.0, k.wood);
                    c.r(x + 6.0, 30.0, 52.0, 66.0, 1.0, k.light);
                    c.e(x + 32.0, 62.0, 16.0, 20.0, k.second.mix(k.wall, 0.3));
                }
                _ => c.glow(200.0, 30.0, 160.0, 130.0, WHITE.alpha(0.5)),
            }
            let top = k.wood.mix(k.ground, 0.35);
            c.p2(&format!("M -60 {y} L 316 {y} L 316 316 L -60 316 Z"), top.lit(0.16), top.dim(0.08));
            for n in 0..3 {
                let gy = y + 14.0 + 22.0 * n as f32;
                c.l(&format!("M -20 {gy} Q 128 {} 276 {gy}", gy + 5.0), 1.2, top.dim(0.2).alpha(0.4));
            }
            c.l(&format!("M -60 {y} L 316 {y}"), 1.6, top.dim(0.3).alpha(0.5));
            y + 28.0
        }
        Setting::Room => {
            c.p2(whole, k.wall.lit(0.1), k.wall.dim(0.04));
            if c.chance(0.3) {
                for n in 0..9 {
                    let x = n as f32 * 32.0 - 4.0;
                    c.l(&format!("M {x} -20 L {x} 200"), 11.0, k.wall.lit(0.25).alpha(0.45));
                }
            }
            let y = c.random(164.0, 184.0);
            let wall = c.count(0, 3);
            let is_bare = wall == 3;
            match wall {
                0 => window(c, k, 24.0, 18.0, 90.0, 106.0),
                1 => window(c, k, 140.0, 18.0, 92.0, 106.0),
                2 => {
                    for (n, x) in [34.0, 104.0, 174.0].into_iter().enumerate() {
                        c.r(x, 26.0 + 6.0 * (n % 2) as f32, 50.0, 60.0, 1.5, k.wood);
                        c.r(x + 5.0, 31.0 + 6.0 * (n % 2) as f32, 40.0, 50.0, 1.0, k.light);
                        c.e(x + 25.0, 56.0, 11.0, 14.0, [k.main, k.accent, k.second][n].mix(k.light, 0.3));
                    }
                }
                _ => c.glow(60.0, 40.0, 170.0, 140.0, WHITE.alpha(0.5)),
            }
            let floor = k.wood.mix(k.ground, 0.5);
            c.p2(&format!("M -60 {y} L 316 {y} L 316 316 L -60 316 Z"), floor.lit(0.1), floor.dim(0.1));
            for n in 0..9 {
                let x = n as f32 * 40.0 - 32.0;
                c.l(
                    &format!("M {} {y} L {} 300", 128.0 + (x - 128.0) * 0.75, 128.0 + (x - 128.0) * 1.7),
                    1.1,
                    floor.dim(0.25).alpha(0.45),
                );
            }
            c.r(-60.0, y - 6.0, 376.0, 7.0, 0.0, k.light.dim(0.05));
            furnish(c, k, y, is_bare);
            y + 40.0
        }
        Setting::Wall => {
            c.p2(whole, k.wall.lit(0.12), k.wall.dim(0.04));
            match c.count(0, 3) {
                0 => {
                    for n in 0..12 {
                        let x = n as f32 * 26.0 - 18.0;
                        c.l(&format!("M {x} -20 L {x} 280"), 9.0, k.wall.lit(0.3).alpha(0.4));
                    }
                }
                1 => {
                    for x in [-52.0, 66.0, 184.0] {
                        c.l(
                            &format!("M {x} -20 L {x} 230 L {} 230 L {} -20", x + 104.0, x + 104.0),
                            2.6,
                            k.wall.dim(0.1),
                        );
                        c.l(&format!("M {} -20 L {} 228", x + 2.0, x + 2.0), 1.4, k.wall.lit(0.5));
                    }
                }
                2 => c.p2("M -60 150 L 316 150 L 316 316 L -60 316 Z", k.ground.lit(0.1), k.ground),
                _ => c.glow(70.0, 60.0, 180.0, 160.0, WHITE.alpha(0.5)),
            }
            if c.chance(0.6) {
                let y = c.random(222.0, 236.0);
                c.p2(&format!("M -60 {y} L 316 {y} L 316 316 L -60 316 Z"), k.wood.lit(0.12), k.wood.dim(0.12));
                c.l(&format!("M -60 {y} L 316 {y}"), 2.0, k.wood.lit(0.35));
                for x in [c.random(18.0, 60.0), c.random(196.0, 238.0)] {
                    if c.chance(0.7) {
                        let s = c.random(0.9, 1.25);
                        c.at(x, y + 4.0, s, s, 0.0, |c| prop(c, k, setting));
                    }
                }
            }
            c.random(108.0, 116.0)
        }
        Setting::Sill => {
            c.p2(whole, k.wall.lit(0.1), k.wall);
            let y = c.random(190.0, 206.0);
            window(c, k, 34.0, -20.0, 188.0, y + 16.0);
            if c.chance(0.6) {
                let curtain = k.main.lit(0.45).alpha(0.9);
                c.p(&format!("M -20 -20 L 58 -20 Q 62 90 26 {y} L -20 {y} Z"), curtain);
                c.p(&format!("M 276 -20 L 198 -20 Q 194 90 230 {y} L 276 {y} Z"), curtain);
                c.l("M 20 -20 Q 24 90 6 190 M 236 -20 Q 232 90 250 190", 2.0, k.main.dim(0.1).alpha(0.3));
            }
            c.r(-60.0, y, 376.0, 26.0, 0.0, k.light.dim(0.02));
            c.r(-60.0, y + 24.0, 376.0, 60.0, 0.0, k.wall.dim(0.12));
            y + 14.0
        }
    }
}

/// One of the small things that lie about, its foot at (0, 0), about 40 high.
pub(super) fn prop(c: &mut Canvas, k: &Look, setting: Setting) {
    let which = match setting {
        Setting::Flat => c.count(5, 9),
        Setting::Room => [0, 2, 3, 10, 11, 12][c.count(0, 5)],
        _ => c.count(0, 6),
    };
    if setting != Setting::Flat {
        c.shadow(0.0, 0.0, 19.0, 5.0);
    }
    match which {
        0 => {
            c.r(-20.0, -8.0, 40.0, 8.0, 1.5, k.main);
            c.r(-17.0, -15.0, 35.0, 7.0, 1.5, k.accent);
            c.r(-15.0, -21.0, 32.0, 6.0, 1.5, k.second);
        }
        1 => {
            c.p("M -11 -20 L 11 -20 L 9 0 L -9 0 Z", k.second);
            c.e(0.0, -20.0, 11.0, 3.0, k.second.lit(0.4));
            c.ring(14.0, -11.0, 5.0, 5.0, 2.4, k.second);
        }
        2 => {
            for turn in [-38.0, 0.0, 36.0] {
                c.at(0.0, -12.0, 1.0, 1.0, turn, |c| c.p("M 0 0 Q -8 -12 0 -26 Q 8 -12 0 0 Z", k.leaf));
            }
            c.p("M -11 -13 L 11 -13 L 8 0 L -8 0 Z", k.main);
        }
        3 => {
            c.p("M -5 -34 L 5 -34 L 5 -24 Q 12 -16 10 0 L -10 0 Q -12 -16 -5 -24 Z", k.accent.alpha(0.9));
            c.l("M -5 -16 L -5 -5", 2.0, WHITE.alpha(0.5));
        }
        4 => {
            c.r(-8.0, -20.0, 16.0, 20.0, 2.0, k.light);
            c.p2("M 0 -21 Q -4 -26 0 -34 Q 4 -26 0 -21 Z", ink(0xffb03b), ink(0xfff0a0));
        }
        5 => {
            c.ball(0.0, -11.0, 12.0, 11.0, k.one_of(4, &[0xd9503f, 0xe9a23b, 0x9cb84f]));
            c.l("M 0 -21 L 2 -27", 1.8, BLACK);
            c.p("M 2 -25 Q 10 -30 13 -24 Q 8 -20 2 -25 Z", k.leaf);
        }
        6 => {
            c.ball(0.0, -9.0, 9.0, 9.0, k.accent);
            c.ball(-13.0, -6.0, 6.0, 6.0, k.second);
        }
        7 => {
            c.l("M 0 20 Q 6 0 0 -22", 1.8, k.leaf.dim(0.2));
            for (y, turn) in [(12.0, -60.0), (6.0, 60.0), (-2.0, -55.0), (-8.0, 55.0), (-20.0, 0.0)] {
                c.at(2.0, y, 1.0, 1.0, turn, |c| c.p("M 0 0 Q -6 -8 0 -17 Q 6 -8 0 0 Z", k.leaf));
            }
        }
        8 => {
            c.r(-3.0, -24.0, 6.0, 42.0, 1.0, k.main);
            c.p("M -3 18 L 3 18 L 0 27 Z", k.wood.lit(0.4));
        }
        10 => {
            c.r(-24.0, -25.0, 48.0, 25.0, 10.0, k.second);
            c.l("M -21 -13 Q 0 -9 21 -13", 1.6, k.second.dim(0.2));
            c.dot(0.0, -23.0, 2.4, 1.4, k.second.dim(0.25));
        }
        11 => {
            c.r(-18.0, -26.0, 36.0, 26.0, 1.5, k.wood.lit(0.25));
            c.r(-20.0, -29.0, 40.0, 7.0, 1.5, k.wood.lit(0.1));
            c.r(-4.0, -22.0, 8.0, 22.0, 0.0, k.accent.alpha(0.8));
        }
        12 => {
            c.ball(0.0, -12.0, 12.0, 12.0, k.accent);
            c.l("M -11 -14 Q 0 -20 11 -14 M -11 -8 Q 0 -2 11 -8", 2.0, k.light);
        }
        _ => {
            for n in 0..5 {
                c.at(0.0, 0.0, 1.0, 1.0, 72.0 * n as f32, |c| c.e(0.0, -8.0, 5.4, 8.0, k.light));
            }
            c.dot(0.0, 0.0, 4.6, 4.6, k.accent);
        }
    }
}

/// A round stand for a product shot, its top about (`x`, `top`).
pub(super) fn pedestal(c: &mut Canvas, k: &Look, x: f32, top: f32, half: f32) {
    let tone = k.second.mix(k.wall, 0.45);
    let low = top + 200.0;
    let (left, right) = (x - half, x + half);
    c.shadow(x, top + 46.0, half * 1.1, 12.0);
    c.p(&format!("M {left} {top} L {right} {top} L {right} {low} L {left} {low} Z"), tone.dim(0.05));
    c.p2(
        &format!("M {left} {top} L {right} {top} L {right} {} L {left} {} Z", top + 60.0, top + 60.0),
        tone.dim(0.02),
        tone.dim(0.12).alpha(0.0),
    );
    c.e(x, top, half, half * 0.16, tone.lit(0.3));
}

/// Furniture that a room may have besides: a rug, a plant in the corner, a hanging lamp.
fn furnish(c: &mut Canvas, k: &Look, floor: f32, is_bare: bool) {
    if c.chance(0.45) {
        let tone = [k.second, k.accent, k.light][c.count(0, 2)].mix(k.ground, 0.4);
        let x = c.random(104.0, 152.0);
        c.e(x, floor + 44.0, 112.0, 24.0, tone);
        c.ring(x, floor + 44.0, 100.0, 20.0, 2.0, tone.lit(0.4));
    }
    if c.chance(0.35) {
        let x = if c.chance(0.5) { c.random(10.0, 40.0) } else { c.random(216.0, 246.0) };
        for (turn, s) in [(-48.0, 0.8), (44.0, 0.85), (-24.0, 1.05), (22.0, 1.0), (-2.0, 1.2)] {
            c.at(x, floor - 6.0, 1.0, s, turn, |c| c.p("M -2 0 Q -15 -42 0 -78 Q 15 -42 2 0 Z", k.leaf));
        }
        c.p(
            &format!(
                "M {} {} L {} {} L {} {floor} L {} {floor} Z",
                x - 17.0,
                floor - 26.0,
                x + 17.0,
                floor - 26.0,
                x + 12.0,
                x - 12.0
            ),
            k.second.mix(k.wall, 0.25),
        );
    } else if is_bare && c.chance(0.6) {
        let x = c.random(40.0, 216.0);
        let tone = k.accent.mix(k.wall, 0.15);
        c.l(&format!("M {x} -60 L {x} 24"), 1.6, tone.dim(0.4));
        c.p(&format!("M {} 48 Q {} 20 {x} 20 Q {} 20 {} 48 Z", x - 26.0, x - 22.0, x + 22.0, x + 26.0), tone);
        c.glow(x, 52.0, 40.0, 26.0, ink(0xfff0c4).alpha(0.5));
    }
}
