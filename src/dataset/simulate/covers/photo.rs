//! Photography: gear, landscape shots, prints and film.

use super::{
    draw::{BLACK, Canvas, WHITE, ink},
    palette::Look,
};

fn glass(c: &mut Canvas, x: f32, y: f32, r: f32, k: &Look) {
    c.e(x, y, r, r, BLACK.lit(0.14));
    c.ring(x, y, r * 0.88, r * 0.88, r * 0.07, WHITE.alpha(0.25));
    c.e(x, y, r * 0.72, r * 0.72, BLACK);
    c.e(x, y, r * 0.55, r * 0.55, k.second.dim(0.5));
    c.glow(x - r * 0.1, y - r * 0.1, r * 0.45, r * 0.45, k.second.lit(0.35).alpha(0.9));
    c.dot(x - r * 0.24, y - r * 0.26, r * 0.13, r * 0.1, WHITE.alpha(0.9));
    c.dot(x + r * 0.22, y + r * 0.22, r * 0.07, r * 0.06, WHITE.alpha(0.6));
}

pub(super) fn camera(c: &mut Canvas, k: &Look) {
    let skin = if k.v[0] < 0.5 { BLACK.lit(0.12) } else { k.main };
    c.r(-34.0, -22.0, 16.0, 10.0, 2.0, WHITE.dim(0.3));
    c.r(22.0, -20.0, 14.0, 8.0, 2.0, WHITE.dim(0.3));
    c.p("M -16 -12 L -10 -26 Q 0 -30 12 -26 L 18 -12 Z", WHITE.dim(0.2));
    c.r(-48.0, -14.0, 96.0, 60.0, 8.0, WHITE.dim(0.18));
    c.r(-48.0, -2.0, 96.0, 38.0, 2.0, skin);
    c.r(-42.0, -10.0, 10.0, 7.0, 1.5, BLACK);
    c.r(28.0, -10.5, 14.0, 7.0, 1.5, k.accent);
    glass(c, 2.0, 18.0, 27.0, k);
    c.l("M -48 -4 Q -60 20 -54 44 M 48 -4 Q 60 20 54 44", 2.6, k.wood.dim(0.2));
}

pub(super) fn lens(c: &mut Canvas, k: &Look) {
    let metal = BLACK.lit(0.1);
    c.r(-27.0, 22.0, 54.0, 28.0, 4.0, metal.lit(0.12));
    c.r(-32.0, -2.0, 64.0, 28.0, 4.0, metal);
    for n in 0..13 {
        let x = -29.0 + 4.8 * n as f32;
        c.l(&format!("M {x} 2 L {x} 21"), 2.0, WHITE.alpha(0.14));
    }
    c.r(-32.0, 25.0, 64.0, 3.6, 1.0, k.accent);
    c.l("M -20 36 L -12 36 M -4 36 L 4 36 M 12 36 L 20 36", 1.4, WHITE.alpha(0.8));
    c.p("M -38 -22 L 38 -22 L 33 0 L -33 0 Z", metal.lit(0.06));
    c.e(0.0, -22.0, 38.0, 17.0, metal.lit(0.2));
    c.e(0.0, -22.0, 32.0, 13.6, BLACK);
    c.e(0.0, -21.0, 25.0, 10.0, k.main.dim(0.45));
    c.glow(-5.0, -24.0, 20.0, 8.0, k.main.lit(0.4).alpha(0.9));
    c.dot(-11.0, -26.0, 5.0, 2.0, WHITE.alpha(0.85));
    c.glow(9.0, -18.0, 8.0, 4.0, k.second.lit(0.4).alpha(0.9));
}

pub(super) fn tripod(c: &mut Canvas, k: &Look) {
    c.l("M 0 0 L -26 49 M 0 0 L 26 49 M 0 0 L 3 50", 4.0, BLACK.lit(0.12));
    c.l("M -13 24 L -26 49 M 13 24 L 26 49", 2.4, k.accent);
    c.l("M -14 26 L 2 22 L 14 26", 1.6, BLACK.lit(0.3));
    c.r(-5.0, -14.0, 10.0, 24.0, 2.0, BLACK.lit(0.2));
    c.l("M 5 -8 L 28 4", 3.0, BLACK.lit(0.1));
    c.r(-12.0, -19.0, 24.0, 6.0, 2.0, BLACK.lit(0.25));
    c.r(-24.0, -46.0, 48.0, 28.0, 5.0, k.main);
    c.r(-9.0, -51.0, 18.0, 7.0, 2.0, k.main.dim(0.2));
    glass(c, -2.0, -32.0, 12.5, k);
    c.dot(18.0, -40.0, 2.6, 2.6, k.accent);
}

/// Whole pictures are drawn in pixels of a 256 by 256 field.
fn sky(c: &mut Canvas, top: super::draw::Ink, bottom: super::draw::Ink) {
    c.quiet(|c| c.p2("M -60 -60 L 316 -60 L 316 316 L -60 316 Z", top, bottom));
}

pub(super) fn sunset(c: &mut Canvas, k: &Look) {
    let [top, low] = k.dusk;
    sky(c, top, low);
    let (x, y) = (70.0 + 116.0 * k.v[0], 128.0 + 22.0 * k.v[1]);
    c.glow(x, y, 150.0, 110.0, ink(0xfff0b0).alpha(0.7));
    c.ball(x, y - 8.0, 30.0, 30.0, ink(0xfff1c0));
    for n in 0..4 {
        let (cx, cy, w) = (c.random(0.0, 256.0), 25.0 + 22.0 * n as f32, c.random(30.0, 64.0));
        c.dot(cx, cy, w, 5.0, WHITE.alpha(0.28));
        c.dot(cx + 20.0, cy + 6.0, w * 0.7, 4.0, k.main.lit(0.3).alpha(0.35));
    }
    c.p2("M -60 160 L 316 160 L 316 316 L -60 316 Z", low.mix(top, 0.35), top.dim(0.3));
    for n in 0..9 {
        let (py, w) = (164.0 + 8.0 * n as f32, 34.0 - 2.0 * n as f32 + c.random(-6.0, 6.0));
        let drift = c.random(-6.0, 6.0);
        c.dot(x + drift, py, w.max(5.0), 1.8, ink(0xfff3c8).alpha(0.75));
    }
    if k.v[2] < 0.6 {
        let bx = 256.0 - x;
        c.p(&format!("M {} 186 L {} 186 L {} 196 L {} 196 Z", bx - 20.0, bx + 20.0, bx + 13.0, bx - 13.0), BLACK);
        c.l(&format!("M {bx} 186 L {bx} 164"), 2.0, BLACK);
        c.dot(bx + 9.0, 180.0, 4.0, 7.0, BLACK);
    }
    c.p("M -60 316 L -60 236 Q 40 216 120 244 Q 200 260 316 232 L 316 316 Z", BLACK.mix(top, 0.2));
}

pub(super) fn stars(c: &mut Canvas, k: &Look) {
    let [night, low] = k.night;
    sky(c, night, low);
    c.at(128.0, 80.0, 1.0, 1.0, -35.0 + 30.0 * k.v[0], |c| {
        c.glow(0.0, 0.0, 190.0, 42.0, low.lit(0.5).alpha(0.5));
        c.glow(20.0, 4.0, 120.0, 18.0, WHITE.alpha(0.4));
    });
    for n in 0..70 {
        let (x, y) = (c.random(0.0, 256.0), c.random(0.0, 190.0));
        let r = if n % 9 == 0 { 2.1 } else { c.random(0.6, 1.3) };
        if n % 9 == 0 {
            c.glow(x, y, 8.0, 8.0, WHITE.alpha(0.5));
        }
        c.dot(x, y, r, r, WHITE.alpha(0.9));
    }
    if k.v[1] < 0.5 {
        c.l("M 60 34 L 110 62", 1.4, WHITE.alpha(0.7));
    }
    c.p(
        "M -60 316 L -60 200 L 30 166 L 74 196 L 130 148 L 178 192 L 230 170 L 316 208 L 316 316 Z",
        night.mix(low, 0.25).dim(0.2),
    );
    c.p("M -60 316 L -60 232 Q 60 206 140 228 Q 220 246 316 218 L 316 316 Z", night.dim(0.6));
    if k.v[2] < 0.6 {
        c.p("M 96 232 L 118 202 L 140 232 Z", k.accent);
        c.p("M 112 232 L 118 212 L 124 232 Z", ink(0xffe6a0));
        c.glow(118.0, 226.0, 34.0, 22.0, ink(0xffe09a).alpha(0.5));
    }
}

pub(super) fn forest(c: &mut Canvas, k: &Look) {
    let [top, low] = if k.v[1] < 0.35 { k.dusk } else { k.day };
    sky(c, top.mix(k.wall, 0.3), low);
    c.glow(60.0 + 130.0 * k.v[0], 40.0, 110.0, 90.0, ink(0xfff5cc).alpha(0.7));
    let tones = [k.main.lit(0.45), k.accent.lit(0.25), k.main, k.accent, k.second.lit(0.15)];
    for layer in 0..3 {
        let ground = 150.0 + 34.0 * layer as f32;
        let haze = 0.45 - 0.2 * layer as f32;
        for n in 0..7 {
            let (x, s, pick) = (n as f32 * 44.0 - 12.0 + c.random(-14.0, 14.0), c.random(0.75, 1.2), c.count(0, 4));
            let (trunk, crown) = (k.wood.dim(0.35).mix(k.wall, haze), tones[pick].mix(k.wall, haze));
            let size = s * (0.7 + 0.3 * layer as f32);
            c.at(x, ground, size, size, 0.0, |c| {
                c.l("M 0 8 L 0 -50", 5.0, trunk);
                if pick % 2 == 0 {
                    c.p("M 0 -104 L 22 -58 L 14 -58 L 28 -26 L -28 -26 L -14 -58 L -22 -58 Z", crown);
                } else {
                    c.e(0.0, -62.0, 25.0, 32.0, crown);
                    c.e(-9.0, -72.0, 12.0, 14.0, crown.lit(0.2));
                }
            });
        }
        c.p(
            &format!(
                "M -60 316 L -60 {ground} Q 80 {} 150 {ground} Q 220 {} 316 {} L 316 316 Z",
                ground - 10.0,
                ground + 10.0,
                ground - 4.0
            ),
            k.accent.mix(k.wood, 0.4).mix(k.wall, haze * 0.7),
        );
    }
    c.p(
        "M 112 316 Q 96 262 132 236 Q 146 226 136 218 L 142 218 Q 158 228 148 240 Q 136 264 190 316 Z",
        k.light.dim(0.08),
    );
}

pub(super) fn polaroid(c: &mut Canvas, k: &Look) {
    let card = |c: &mut Canvas, x: f32, turn: f32, kind: usize| {
        c.at(x, 0.0, 1.0, 1.0, turn, |c| {
            c.glow(2.0, 4.0, 40.0, 46.0, BLACK.alpha(0.3));
            c.r(-32.0, -42.0, 64.0, 80.0, 2.0, WHITE);
            c.graded(super::draw::rounded(-27.0, -37.0, 54.0, 54.0, 1.0), k.second.lit(0.4), k.accent.lit(0.4));
            if kind == 0 {
                let hair = k.one_of(0, &[0x33282b, 0x6a4430, 0x8a5a36, 0x2a2a38]);
                c.p("M -19 17 Q -18 -30 0 -30 Q 18 -30 19 17 Z", hair);
                c.p("M -22 17 Q -18 4 0 4 Q 18 4 22 17 Z", k.main);
                c.r(-4.5, -4.0, 9.0, 13.0, 4.0, ink(0xeebb98));
                c.e(0.0, -10.0, 11.5, 13.5, ink(0xf7cfae));
                c.p("M -13 -8 Q -12 -26 2 -25 Q 14 -24 13 -8 Q 8 -20 -2 -20 Q -10 -18 -13 -8 Z", hair);
                c.face(0.0, -8.0, 4.6, BLACK);
            } else {
                c.p("M -27 17 L -27 4 Q -12 -14 0 2 Q 10 -10 27 6 L 27 17 Z", k.leaf);
                c.dot(12.0, -20.0, 7.0, 7.0, WHITE);
            }
            c.l("M -16 27 L 14 27", 1.4, BLACK.alpha(0.5));
        });
    };
    if k.v[1] < 0.6 {
        card(c, 14.0, 14.0, 1);
        card(c, -12.0, -8.0, 0);
    } else {
        card(c, 0.0, -4.0, 0);
    }
    c.at(-14.0, -42.0, 1.0, 1.0, -20.0, |c| c.r(-13.0, -4.0, 26.0, 8.0, 0.5, k.accent.alpha(0.75)));
}

pub(super) fn film(c: &mut Canvas, k: &Look) {
    c.p("M 0 -8 Q 20 -24 36 -8 Q 48 4 56 -2 L 56 30 Q 48 36 36 24 Q 20 10 0 26 Z", BLACK.lit(0.1));
    for n in 0..4 {
        let x = 9.0 + 12.0 * n as f32;
        let y = if n < 2 { -9.0 } else { -1.0 + (n as f32 - 2.0) * 3.0 };
        c.r(x, y + 3.0, 9.5, 17.0, 1.0, [k.accent, k.second, k.main, k.light][n].lit(0.2));
        c.dot(x + 4.0, y - 1.0, 1.8, 1.5, WHITE.alpha(0.85));
        c.dot(x + 4.0, y + 24.0, 1.8, 1.5, WHITE.alpha(0.85));
    }
    c.r(-20.0, -46.0, 12.0, 12.0, 2.0, BLACK.lit(0.15));
    c.r(-42.0, -36.0, 52.0, 84.0, 5.0, k.main);
    c.r(-42.0, -14.0, 52.0, 30.0, 0.5, k.light);
    c.r(-42.0, 16.0, 52.0, 5.0, 0.5, k.accent);
    c.r(-46.0, -38.0, 60.0, 8.0, 3.0, BLACK.lit(0.12));
    c.r(-46.0, 42.0, 60.0, 8.0, 3.0, BLACK.lit(0.12));
    c.l("M -34 -4 L -4 -4 M -34 4 L -14 4", 2.6, k.main.dim(0.4));
    c.l("M -36 -24 L -36 38", 3.0, WHITE.alpha(0.35));
}

pub(super) fn frame(c: &mut Canvas, k: &Look) {
    c.l("M 0 -52 L -22 -38 M 0 -52 L 22 -38", 1.2, BLACK.alpha(0.6));
    c.r(-44.0, -40.0, 88.0, 88.0, 3.0, k.wood);
    c.r(-37.0, -33.0, 74.0, 74.0, 1.0, WHITE);
    c.graded(super::draw::rounded(-27.0, -23.0, 54.0, 54.0, 0.5), k.light.dim(0.06), k.light.dim(0.3));
    let dark = BLACK.lit(0.1);
    match (k.v[0] * 3.0) as usize {
        0 => {
            // A couple in silhouette under one umbrella.
            c.p("M -22 -2 Q 0 -28 22 -2 Q 16 -6 11 -2 Q 6 -6 0 -2 Q -6 -6 -11 -2 Q -16 -6 -22 -2 Z", k.main);
            c.l("M 0 -2 L 0 16", 1.6, dark);
            for (x, color) in [(-8.0, dark), (8.0, k.second.dim(0.4))] {
                c.dot(x, 4.0, 4.6, 5.2, dark);
                let (left, right) = (x - 8.0, x + 8.0);
                c.p(&format!("M {left} 31 Q {left} 9 {x} 9 Q {right} 9 {right} 31 Z"), color);
            }
        }
        1 => {
            c.ball(8.0, -6.0, 9.0, 9.0, k.accent);
            c.p("M -27 31 L -27 12 L -10 -10 L 4 8 L 12 -2 L 27 16 L 27 31 Z", k.main);
            c.p("M -27 31 L -27 22 Q 0 8 27 24 L 27 31 Z", k.second.dim(0.2));
        }
        _ => {
            c.p("M -17 31 Q -18 12 0 12 Q 18 12 17 31 Z", k.main);
            c.p("M -12 14 Q -16 -18 0 -18 Q 16 -18 12 14 Z", dark);
            c.e(0.0, -2.0, 9.5, 11.5, ink(0xf3c8a6));
            c.p("M -10 -3 Q -8 -16 2 -15 Q 10 -13 10 -3 Q 4 -11 -10 -3 Z", dark);
            c.face(0.0, -1.0, 3.8, BLACK);
        }
    }
    c.l("M -30 -26 L 0 32", 6.0, WHITE.alpha(0.13));
}
