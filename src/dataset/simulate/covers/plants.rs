//! Plants: foliage, succulents, flowers.

use super::{
    draw::{BLACK, Canvas, Ink, WHITE, ink, sin_cos},
    palette::Look,
};

fn pot(c: &mut Canvas, k: &Look, top: f32, half: f32) {
    match (k.v[5] * 3.0) as usize {
        0 => {
            c.p(&format!("M {} {top} L {} {top} L {} 50 L {} 50 Z", -half, half, half * 0.7, -half * 0.7), k.main);
            c.r(-half - 3.0, top - 3.0, half * 2.0 + 6.0, 9.0, 2.0, k.main.lit(0.1));
        }
        1 => {
            let low = (top + 50.0) / 2.0;
            c.p(
                &format!(
                    "M {} {top} L {} {top} C {} {low} {} 50 {} 50 L {} 50 C {} 50 {} {low} {} {top} Z",
                    -half,
                    half,
                    half * 1.3,
                    half,
                    half * 0.5,
                    -half * 0.5,
                    -half,
                    -half * 1.3,
                    -half
                ),
                k.main,
            );
            c.l(&format!("M {} {low} Q 0 {} {} {low}", -half, low + 7.0, half), 2.4, k.light);
        }
        _ => {
            c.r(-half, top, half * 2.0, 50.0 - top, 4.0, k.main);
            c.l(&format!("M {} {} L {} {}", -half + 1.0, top + 10.0, half - 1.0, top + 10.0), 3.0, k.accent);
        }
    }
    c.dot(0.0, top + 0.5, half * 0.86, 2.2, ink(0x4a3426));
}

pub(super) fn monstera(c: &mut Canvas, k: &Look) {
    for (x, y, turn, s, shade) in [
        (-30.0, -10.0, -56.0, 0.85, -0.2),
        (30.0, -12.0, 54.0, 0.9, -0.14),
        (-16.0, -36.0, -20.0, 0.95, -0.06),
        (17.0, -36.0, 22.0, 0.85, 0.06),
        (0.0, -8.0, 4.0, 0.95, 0.18),
    ] {
        let leaf = if shade > 0.0 { k.leaf.lit(shade) } else { k.leaf.dim(-shade) };
        c.l(&format!("M 0 24 Q {} {} {x} {y}", x * 0.3, y * 0.3), 2.2, leaf.dim(0.2));
        let wobble = c.random(-8.0, 8.0);
        c.at(x, y, s, s, turn + wobble, |c| {
            c.p("M 0 14 Q -20 22 -25 4 L -13 2 L -26 -4 Q -26 -10 -22 -15 L -10 -8 L -18 -22 Q -12 -29 -8 -31 L -4 -16 L 0 -38 Q 3 -31 8 -30 L 6 -15 L 14 -26 Q 20 -20 22 -14 L 11 -7 L 26 -4 Q 27 0 25 6 L 13 3 L 22 14 Q 14 20 0 14 Z", leaf);
            c.l("M 0 13 L 0 -30", 1.3, leaf.lit(0.45));
            c.l("M 0 4 L -14 0 M 0 4 L 14 1 M 0 -6 L -11 -13 M 0 -6 L 11 -12", 0.8, leaf.lit(0.35));
        });
    }
    pot(c, k, 22.0, 20.0);
}

pub(super) fn snake_plant(c: &mut Canvas, k: &Look) {
    for (x, turn, h) in [(-10.0, -18.0, 0.85), (10.0, 18.0, 0.8), (-5.0, -6.0, 1.15), (7.0, 7.0, 1.0), (0.0, 1.0, 0.75)]
    {
        let tall = h * (0.9 + 0.2 * k.v[0]);
        c.at(x, 24.0, 1.0, tall, turn, |c| {
            c.p("M -7 0 Q -9 -36 0 -66 Q 9 -36 7 0 Z", ink(0xd8cf7e).mix(k.leaf, 0.25));
            c.p("M -4.6 0 Q -6 -36 0 -60 Q 6 -36 4.6 0 Z", k.leaf.dim(0.1));
            for n in 0..5 {
                let y = -8.0 - 10.0 * n as f32;
                c.l(&format!("M -4 {y} L 0 {} L 4 {y}", y - 3.0), 1.5, k.leaf.lit(0.4).alpha(0.8));
            }
        });
    }
    pot(c, k, 24.0, 21.0);
}

pub(super) fn hanging(c: &mut Canvas, k: &Look) {
    c.quiet(|c| c.l("M 0 -50 L 0 -140", 1.4, k.wood));
    c.l("M 0 -50 L -23 -14 M 0 -50 L 23 -14", 1.4, k.wood);
    c.dot(0.0, -50.0, 2.0, 2.0, k.accent);
    for n in 0..9 {
        let x = -24.0 + 6.0 * n as f32;
        let (end, fall) = (x * 1.45 + c.random(-4.0, 4.0), c.random(16.0, 62.0));
        let line = format!(
            "M {} -14 Q {} -22 {} 0 Q {} {} {end} {}",
            x * 0.7,
            x * 1.4,
            x * 1.3,
            end * 1.1,
            fall * 0.4 - 4.0,
            fall - 14.0
        );
        c.l(&line, 1.5, k.leaf.dim(0.15));
        let mut t: f32 = 0.0;
        while t < fall {
            let side = if (t as i32) % 2 == 0 { 55.0 } else { -55.0 };
            c.at(x * 1.3 + (end - x * 1.3) * t / fall, t - 12.0, 0.8, 0.8, side, |c| {
                c.p("M 0 3 Q -8 -4 0 -13 Q 8 -4 0 3 Z", k.leaf);
            });
            t += 7.0;
        }
    }
    c.p("M -24 -15 L 24 -15 Q 24 14 0 15 Q -24 14 -24 -15 Z", k.main);
    c.r(-26.0, -18.0, 52.0, 6.0, 3.0, k.main.lit(0.15));
    for turn in [-62.0, -34.0, -8.0, 20.0, 48.0] {
        c.at(0.0, -16.0, 1.0, 1.0, turn, |c| c.p("M 0 0 Q -7 -10 0 -24 Q 7 -10 0 0 Z", k.leaf.lit(0.08)));
    }
}

pub(super) fn cactus(c: &mut Canvas, k: &Look) {
    let green = k.leaf;
    c.l("M -12 4 Q -30 4 -30 -12", 11.0, green.dim(0.1));
    c.l("M 12 -6 Q 29 -6 29 -24", 10.0, green.dim(0.14));
    c.r(-14.0, -44.0, 28.0, 74.0, 14.0, green);
    for x in [-7.0, 0.0, 7.0] {
        c.l(&format!("M {x} -36 L {x} 22"), 1.3, green.dim(0.25).alpha(0.7));
        for n in 0..6 {
            let y = -34.0 + 10.0 * n as f32;
            c.l(&format!("M {} {y} L {} {y}", x - 2.2, x + 2.2), 0.9, WHITE.alpha(0.9));
        }
    }
    if k.v[0] < 0.65 {
        for n in 0..5 {
            c.at(4.0, -44.0, 1.0, 1.0, 72.0 * n as f32, |c| c.e(0.0, -5.0, 3.6, 5.0, k.accent));
        }
        c.dot(4.0, -44.0, 2.8, 2.8, WHITE);
    }
    if k.v[1] < 0.35 {
        c.face(0.0, -14.0, 6.0, BLACK);
    }
    pot(c, k, 22.0, 22.0);
}

pub(super) fn rosette(c: &mut Canvas, k: &Look) {
    c.e(0.0, 0.0, 50.0, 50.0, k.main);
    c.e(0.0, 0.0, 44.0, 44.0, ink(0x5c4535));
    for _ in 0..14 {
        let ((sin, cos), far) = (sin_cos(c.random(0.0, 360.0)), c.random(34.0, 42.0));
        c.ball(cos * far, sin * far, 3.0, 2.6, k.light.dim(0.15));
    }
    let tone = k.one_of(0, &[0x7fb08a, 0x9dbf8f, 0x8ea8b0, 0xb9a3b8, 0xa8c27a]);
    for (ring, (far, count, s)) in
        [(27.0, 10, 1.25), (19.0, 9, 1.05), (12.0, 7, 0.85), (6.0, 5, 0.6)].into_iter().enumerate()
    {
        for n in 0..count {
            let turn = 360.0 / count as f32 * n as f32 + 17.0 * ring as f32 + 60.0 * k.v[1];
            c.at(0.0, 0.0, 1.0, 1.0, turn, |c| {
                c.at(0.0, -far, s, s, 0.0, |c| {
                    c.p("M 0 11 Q -13 2 -8 -8 L 0 -15 L 8 -8 Q 13 2 0 11 Z", tone.lit(0.1 * ring as f32));
                    c.p("M -4 -10 L 0 -15 L 4 -10 Q 0 -8 -4 -10 Z", k.accent.alpha(0.75));
                });
            });
        }
    }
}

pub(super) fn aloe(c: &mut Canvas, k: &Look) {
    for (turn, s) in [(-72.0, 0.8), (72.0, 0.8), (-46.0, 1.0), (48.0, 1.0), (-22.0, 1.15), (25.0, 1.1), (2.0, 1.25)] {
        let wobble = c.random(-5.0, 5.0);
        c.at(0.0, 24.0, 1.0, s, turn + wobble, |c| {
            c.p("M -8 2 Q -8 -26 0 -58 Q 8 -26 8 2 Z", k.leaf);
            for n in 0..5 {
                let y = -6.0 - 9.0 * n as f32;
                let w = 7.0 - 1.1 * n as f32;
                c.l(&format!("M {w} {y} L {} {}", w + 2.2, y - 2.4), 1.1, k.leaf.lit(0.5));
                c.l(&format!("M {} {y} L {} {}", -w, -w - 2.2, y - 2.4), 1.1, k.leaf.lit(0.5));
                c.dot(0.0, y, 1.2, 0.8, WHITE.alpha(0.6));
            }
        });
    }
    pot(c, k, 22.0, 19.0);
}

fn glass_vase(c: &mut Canvas, color: Ink) {
    c.p("M -14 4 L 14 4 Q 12 14 19 26 Q 22 48 10 50 L -10 50 Q -22 48 -19 26 Q -12 14 -14 4 Z", color.alpha(0.8));
    c.l("M -12 18 Q -18 30 -13 44", 2.8, WHITE.alpha(0.5));
}

pub(super) fn tulips(c: &mut Canvas, k: &Look) {
    for (x, y, turn, color) in [
        (-26.0, -20.0, -24.0, k.main),
        (26.0, -18.0, 24.0, k.main.lit(0.2)),
        (-10.0, -34.0, -8.0, k.accent),
        (12.0, -32.0, 9.0, k.main),
        (0.0, -16.0, 0.0, k.accent.lit(0.2)),
    ] {
        c.l(&format!("M 0 16 Q {} 0 {x} {y}", x * 0.25), 2.4, k.leaf.dim(0.1));
        c.at(x, y, 1.0, 1.0, turn, |c| {
            c.p(
                "M -10 2 Q -14 -14 -8 -20 L -2 -10 L 0 -22 L 2 -10 L 8 -20 Q 14 -14 10 2 Q 6 10 0 10 Q -6 10 -10 2 Z",
                color,
            );
            c.p("M -4 8 Q -8 -6 0 -18 Q 8 -6 4 8 Z", color.lit(0.2));
        });
    }
    for (turn, s) in [(-38.0, 1.0), (36.0, 1.0), (-14.0, 0.8)] {
        c.at(0.0, 14.0, 1.0, s, turn, |c| c.p("M -3 0 Q -12 -22 0 -44 Q 8 -20 3 0 Z", k.leaf));
    }
    glass_vase(c, k.second);
}

pub(super) fn sunflower(c: &mut Canvas, k: &Look) {
    c.l("M 0 30 Q -3 20 0 -10", 4.0, k.leaf.dim(0.15));
    c.at(-1.0, 22.0, 1.0, 1.0, -62.0, |c| c.p("M 0 0 Q -14 -14 0 -32 Q 14 -14 0 0 Z", k.leaf));
    c.at(-1.0, 26.0, 1.0, 1.0, 58.0, |c| c.p("M 0 0 Q -13 -14 0 -30 Q 13 -14 0 0 Z", k.leaf.dim(0.08)));
    c.p("M -7 16 L 7 16 L 7 24 Q 17 30 16 42 Q 16 50 9 50 L -9 50 Q -16 50 -16 42 Q -17 30 -7 24 Z", k.main);
    c.r(-8.5, 14.0, 17.0, 4.0, 2.0, k.main.lit(0.2));
    c.l("M -10 32 Q -12 38 -10 45", 2.2, WHITE.alpha(0.5));
    let petal = k.one_of(0, &[0xf5bd35, 0xf0a52c, 0xf8d155, 0xe98f3a]);
    for (count, s, shift) in [(16, 1.0, 0.0), (16, 0.85, 11.0)] {
        for n in 0..count {
            c.at(0.0, -18.0, s, s, 22.5 * n as f32 + shift, |c| {
                c.p("M -6 -14 Q -7 -28 0 -36 Q 7 -28 6 -14 Z", petal.dim(if s < 1.0 { 0.0 } else { 0.1 }));
            });
        }
    }
    c.ball(0.0, -18.0, 17.0, 17.0, ink(0x6b4226));
    for n in 0..40 {
        let ((sin, cos), far) = (sin_cos(n as f32 * 137.5), (n as f32).sqrt() * 2.4);
        c.dot(cos * far, -18.0 + sin * far, 1.1, 1.1, ink(0xb57b3c).alpha(0.9));
    }
}

pub(super) fn bouquet(c: &mut Canvas, k: &Look) {
    for (x, y, turn) in
        [(-34.0, -18.0, -50.0), (34.0, -16.0, 50.0), (-18.0, -40.0, -22.0), (20.0, -40.0, 24.0), (0.0, -46.0, 0.0)]
    {
        c.at(x, y, 1.0, 1.0, turn, |c| c.p("M 0 10 Q -9 -2 0 -15 Q 9 -2 0 10 Z", k.leaf));
    }
    c.p("M -36 -2 L 36 -2 L 9 50 L -9 50 Z", k.light);
    for (n, (x, y, r)) in
        [(-26.0, -10.0, 12.0), (26.0, -10.0, 12.0), (-11.0, -26.0, 13.0), (13.0, -26.0, 12.5), (0.0, -6.0, 14.0)]
            .into_iter()
            .enumerate()
    {
        let color = [k.main, k.second, k.accent, k.main.lit(0.3), k.main][n];
        c.ball(x, y, r, r, color);
        c.l(
            &format!(
                "M {} {y} Q {x} {} {} {y} Q {x} {} {} {}",
                x - r * 0.55,
                y - r * 0.8,
                x + r * 0.5,
                y + r * 0.6,
                x - r * 0.2,
                y - r * 0.1
            ),
            1.6,
            color.dim(0.25),
        );
        c.l(
            &format!("M {} {} Q {x} {} {} {}", x - r * 0.8, y + r * 0.2, y + r * 1.1, x + r * 0.8, y + r * 0.2),
            1.4,
            color.lit(0.35).alpha(0.8),
        );
    }
    for _ in 0..9 {
        let (x, y) = (c.random(-34.0, 34.0), c.random(-36.0, 2.0));
        c.dot(x, y, 1.9, 1.9, WHITE);
    }
    c.p("M -38 0 L -4 14 L 4 50 L -10 50 Z", k.light.dim(0.08));
    c.p("M 38 0 L 2 14 L -4 50 L 10 50 Z", k.light.dim(0.14));
    c.p("M -11 28 L 11 28 L 9 35 L -9 35 Z", k.accent);
    c.p("M 0 31 L -16 24 L -14 40 Z", k.accent.dim(0.05));
    c.p("M 0 31 L 16 24 L 14 40 Z", k.accent.dim(0.12));
}
