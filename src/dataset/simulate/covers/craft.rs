//! Handicraft: yarn, pottery, paper.

use super::{
    draw::{Canvas, Ink, WHITE, ink},
    palette::Look,
};

fn yarn_ball(c: &mut Canvas, x: f32, y: f32, r: f32, color: Ink) {
    c.ball(x, y, r, r, color);
    for (turn, n) in [(20.0, 4), (80.0, 4), (140.0, 3)] {
        c.at(x, y, r / 20.0, r / 20.0, turn, |c| {
            for i in 0..n {
                let h = -12.0 + 8.0 * i as f32;
                c.l(&format!("M -16 {} Q 0 {} 16 {}", h * 0.6, h * 1.5, h * 0.6), 1.3, color.dim(0.2).alpha(0.7));
            }
        });
    }
}

pub(super) fn yarn(c: &mut Canvas, k: &Look) {
    c.at(4.0, 0.0, 1.0, 1.0, 24.0, |c| {
        c.l("M 0 -50 L 0 34", 2.6, k.wood.lit(0.2));
        c.dot(0.0, -50.0, 3.6, 3.6, k.accent);
    });
    c.at(4.0, 0.0, 1.0, 1.0, -26.0, |c| {
        c.l("M 0 -48 L 0 34", 2.6, k.wood.lit(0.2));
        c.dot(0.0, -48.0, 3.6, 3.6, k.accent);
    });
    yarn_ball(c, -22.0, 24.0, 26.0, k.main);
    yarn_ball(c, 25.0, 27.0, 22.0, k.second);
    if k.v[0] < 0.7 {
        yarn_ball(c, 3.0, 0.0, 17.0, k.accent);
    }
    c.l("M -30 48 Q -52 52 -44 40", 1.8, k.main.dim(0.1));
}

pub(super) fn mittens(c: &mut Canvas, k: &Look) {
    for (x, y, turn, flip) in [(-27.0, 4.0, -9.0, -0.92), (25.0, -2.0, 12.0, 0.92)] {
        c.at(x, y, flip, 0.92, turn, |c| {
            c.p("M 12 10 Q 32 6 30 -8 Q 24 -20 12 -8 Z", k.main.dim(0.05));
            c.p("M -18 26 L -18 -20 Q -17 -46 0 -46 Q 17 -46 17 -20 L 17 26 Z", k.main);
            for row in 0..3 {
                let y = -22.0 + 14.0 * row as f32;
                match (k.v[0] * 3.0) as usize {
                    0 => c.l(&format!("M -14 {y} L -7 {} L 0 {y} L 7 {} L 13 {y}", y - 6.0, y - 6.0), 2.4, k.accent),
                    1 => {
                        for dx in [-10.0, 0.0, 10.0] {
                            c.dot(dx, y, 2.6, 2.6, k.light);
                        }
                    }
                    _ => {
                        for d in [0.0f32, 60.0, 120.0] {
                            c.at(0.0, y, 0.8, 0.8, d, |c| c.l("M 0 -6 L 0 6", 1.8, WHITE));
                        }
                    }
                }
            }
            c.r(-21.0, 22.0, 41.0, 22.0, 5.0, k.second);
            for n in 0..7 {
                let px = -16.0 + 5.3 * n as f32;
                c.l(&format!("M {px} 26 L {px} 40"), 1.4, k.second.dim(0.25).alpha(0.8));
            }
        });
    }
}

pub(super) fn crochet_bag(c: &mut Canvas, k: &Look) {
    c.l("M -22 -2 Q -24 -48 0 -48 Q 24 -48 22 -2", 4.5, k.main.dim(0.2));
    c.p("M -34 -6 L 34 -6 Q 46 32 36 46 Q 0 53 -36 46 Q -46 32 -34 -6 Z", k.main);
    for row in 0..6 {
        let y = 2.0 + 7.6 * row as f32;
        let color = if row % 2 == 0 { k.main.lit(0.25) } else { k.accent };
        for n in 0..9 {
            let half = 34.0 + (row as f32 * 1.2).min(5.0);
            let x = -half + 4.0 + n as f32 * (half * 2.0 - 8.0) / 8.0;
            c.l(&format!("M {} {} L {x} {} L {} {}", x - 3.0, y - 2.5, y + 1.8, x + 3.0, y - 2.5), 1.7, color);
        }
    }
    c.r(-37.0, -10.0, 74.0, 8.0, 4.0, k.main.dim(0.12));
    for n in 0..5 {
        c.at(20.0, 18.0, 1.0, 1.0, 72.0 * n as f32, |c| c.e(0.0, -7.0, 4.4, 6.0, k.light));
    }
    c.dot(20.0, 18.0, 4.0, 4.0, k.second);
}

pub(super) fn vase_pot(c: &mut Canvas, k: &Look) {
    c.p(
        "M -12 -40 Q -10 -26 -24 -14 Q -46 8 -30 36 Q -24 49 0 49 Q 24 49 30 36 Q 46 8 24 -14 Q 10 -26 12 -40 Z",
        k.main,
    );
    c.e(0.0, -40.0, 13.5, 4.0, k.main.lit(0.25));
    c.dot(0.0, -39.6, 9.5, 2.5, k.main.dim(0.5));
    match (k.v[0] * 3.0) as usize {
        0 => {
            c.p("M -35 2 Q 0 14 35 2 L 36 16 Q 0 30 -36 16 Z", k.light);
            c.l("M -34 10 L -26 18 L -18 13 L -9 21 L 0 15 L 9 21 L 18 13 L 26 18 L 34 10", 1.8, k.second);
        }
        1 => {
            for y in [-8.0, 4.0, 16.0, 28.0] {
                c.l(&format!("M -28 {y} Q 0 {} 28 {y}", y + 9.0), 2.0, k.accent.alpha(0.85));
            }
        }
        _ => c.p("M -14 -31 Q -12 -26 -24 -14 Q -38 2 -35 14 Q -24 22 -14 10 Q -4 24 8 12 Q 20 22 35 10 Q 36 0 24 -14 Q 12 -26 14 -31 Z", k.second.alpha(0.85)),
    }
    c.l("M -26 -4 Q -34 10 -28 26", 3.4, WHITE.alpha(0.4));
}

pub(super) fn mug(c: &mut Canvas, k: &Look) {
    c.l("M 24 0 Q 50 -2 46 18 Q 42 36 23 32", 8.0, k.main.dim(0.1));
    c.p("M -34 -22 L 30 -22 L 28 40 Q 26 50 14 50 L -18 50 Q -30 50 -32 40 Z", k.main);
    c.p("M -32.6 18 Q -10 28 4 19 Q 16 12 28.8 20 L 28 40 Q 26 50 14 50 L -18 50 Q -30 50 -32 40 Z", k.light);
    c.e(-2.0, -22.0, 32.0, 7.6, k.main.lit(0.3));
    c.e(-2.0, -21.0, 28.0, 5.6, ink(0x8a5a3a));
    if k.v[0] < 0.5 {
        for _ in 0..14 {
            let (x, y) = (c.random(-28.0, 24.0), c.random(-10.0, 44.0));
            c.dot(x, y, 1.5, 1.5, k.second.alpha(0.8));
        }
    } else {
        c.p("M -2 16 Q -18 4 -11 -6 Q -4 -10 -2 -2 Q 0 -10 7 -6 Q 14 4 -2 16 Z", k.accent);
    }
    c.l("M -27 -10 L -25 30", 3.4, WHITE.alpha(0.4));
}

pub(super) fn teapot(c: &mut Canvas, k: &Look) {
    c.l("M 30 2 Q 56 -6 50 18 Q 46 34 26 34", 6.0, k.main.dim(0.12));
    c.p("M -26 30 Q -38 22 -40 4 Q -44 -8 -54 -12 L -46 -18 Q -32 -12 -28 4 Z", k.main.dim(0.06));
    c.e(0.0, 20.0, 37.0, 29.0, k.main);
    c.p("M -18 44 L 18 44 L 16 50 L -16 50 Z", k.main.dim(0.3));
    c.p("M -24 -3 Q 0 -22 24 -3 Q 0 5 -24 -3 Z", k.main.lit(0.15));
    c.ball(0.0, -16.0, 5.5, 5.5, k.accent);
    for n in 0..5 {
        c.at(2.0, 22.0, 1.0, 1.0, 72.0 * n as f32 + 40.0 * k.v[0], |c| c.e(0.0, -8.0, 5.0, 7.0, k.light));
    }
    c.dot(2.0, 22.0, 4.2, 4.2, k.second);
    c.l("M -26 8 Q -30 20 -24 32", 3.6, WHITE.alpha(0.45));
}

pub(super) fn crane(c: &mut Canvas, k: &Look) {
    let paper = k.main;
    // Tail and neck, the head folded down; the far wing; the body; the near wing.
    c.flat("M 2 22 L 54 -12 L 20 36 Z", paper.dim(0.12));
    c.flat("M 2 22 L 54 -12 L 14 26 Z", paper.lit(0.12));
    c.flat("M -4 22 L -44 -22 L -24 36 Z", paper.dim(0.04));
    c.flat("M -4 22 L -44 -22 L -14 20 Z", paper.lit(0.25));
    c.flat("M -44 -22 L -58 -6 L -37 -14 Z", paper.lit(0.1));
    c.flat("M -44 -22 L -58 -6 L -46 -12 Z", paper.dim(0.14));
    c.p("M -10 20 L 34 -46 L 22 24 Z", paper.dim(0.2));
    c.flat("M -24 36 L -2 16 L 20 36 L -1 50 Z", paper.dim(0.08));
    c.flat("M -2 16 L 20 36 L -1 50 Z", paper.dim(0.24));
    c.p("M -24 28 L -14 -52 L 20 30 L 0 38 Z", paper.lit(0.3));
    c.p("M -4 34 L -14 -52 L 20 30 L 0 38 Z", paper.lit(0.08));
    if k.v[0] < 0.6 {
        for (x, y) in [(-14.0, -16.0), (-10.0, 2.0), (-16.0, 16.0), (-3.0, 16.0), (6.0, 24.0), (-6.0, -18.0)] {
            for turn in [0.0, 60.0, 120.0] {
                c.at(x, y, 1.0, 1.0, turn, |c| c.l("M 0 -2.4 L 0 2.4", 1.3, k.accent));
            }
        }
    }
}

pub(super) fn journal(c: &mut Canvas, k: &Look) {
    c.r(-48.0, -34.0, 96.0, 72.0, 5.0, k.main);
    c.r(-45.0, -32.0, 45.0, 67.0, 3.0, WHITE.dim(0.03));
    c.r(0.0, -32.0, 45.0, 67.0, 3.0, WHITE);
    c.glow(0.0, 2.0, 8.0, 40.0, k.main.dim(0.3).alpha(0.3));
    for n in 0..6 {
        let (y, end) = (-20.0 + 8.0 * n as f32, c.random(-18.0, -7.0));
        c.l(&format!("M -38 {y} L {end} {y}"), 1.3, k.second.alpha(0.6));
    }
    c.at(20.0, -12.0, 1.0, 1.0, 6.0, |c| {
        c.r(-14.0, -14.0, 28.0, 24.0, 1.5, k.light.dim(0.1));
        c.p("M -11 6 L -11 2 Q -4 -8 2 0 Q 6 -5 11 2 L 11 6 Z", k.second);
        c.dot(5.0, -6.0, 2.6, 2.6, k.accent);
    });
    c.at(18.0, -27.0, 1.0, 1.0, -8.0, |c| c.r(-11.0, -3.0, 22.0, 6.0, 0.5, k.accent.alpha(0.75)));
    c.l("M 8 12 L 38 12 M 8 19 L 32 19 M 8 26 L 36 26", 1.3, k.main.alpha(0.6));
    for n in 0..5 {
        c.at(-17.0, 25.0, 0.7, 0.7, 72.0 * n as f32, |c| c.e(0.0, -6.0, 4.0, 5.5, k.main.lit(0.2)));
    }
    c.at(52.0, 6.0, 1.0, 1.0, 18.0, |c| {
        c.r(-3.0, -38.0, 6.0, 60.0, 2.0, k.second);
        c.p("M -3 22 L 3 22 L 0 32 Z", k.wood.lit(0.4));
        c.r(-3.0, -42.0, 6.0, 8.0, 2.0, k.accent);
    });
}

pub(super) fn embroidery(c: &mut Canvas, k: &Look) {
    c.r(-6.0, -50.0, 12.0, 9.0, 2.0, k.accent.dim(0.15));
    c.e(0.0, 4.0, 46.0, 46.0, k.wood);
    c.e(0.0, 4.0, 41.0, 41.0, k.light);
    c.ring(0.0, 4.0, 41.0, 41.0, 1.2, k.wood.dim(0.25));
    c.l("M 0 36 Q -3 16 0 -6 M 0 22 Q -14 18 -20 6 M 0 16 Q 14 12 20 -2", 2.0, k.leaf.dim(0.1));
    for (x, y, color, s) in [(0.0, -14.0, k.main, 1.2), (-21.0, 2.0, k.second, 0.85), (21.0, -6.0, k.accent, 0.85)] {
        for n in 0..6 {
            c.at(x, y, s, s, 60.0 * n as f32, |c| {
                c.e(0.0, -7.0, 3.8, 6.4, color);
                c.l("M 0 -3 L 0 -11", 0.8, WHITE.alpha(0.6));
            });
        }
        c.dot(x, y, 3.2 * s, 3.2 * s, ink(0xf3cf66));
    }
    for (x, y, turn) in [(-9.0, 24.0, -50.0), (9.0, 26.0, 50.0), (-13.0, 32.0, -75.0), (13.0, 18.0, 60.0)] {
        c.at(x, y, 1.0, 1.0, turn, |c| c.p("M 0 4 Q -5 -3 0 -10 Q 5 -3 0 4 Z", k.leaf));
    }
    c.l("M 30 30 L 50 50", 1.6, WHITE.dim(0.3));
    c.l("M 30 30 Q 20 40 8 34", 1.0, k.main);
}
