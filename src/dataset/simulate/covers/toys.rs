//! Designer toys: blind boxes, models, bricks and puzzles.

use super::{
    draw::{BLACK, Canvas, Ink, WHITE, ink},
    palette::Look,
};

fn body(c: &mut Canvas, color: Ink, belly: Ink) {
    for x in [-13.0, 13.0] {
        c.e(x, 45.0, 10.0, 6.0, color.dim(0.08));
    }
    c.e(0.0, 28.0, 21.0, 20.0, color);
    c.e(0.0, 30.0, 12.0, 13.0, belly);
    for side in [-1.0, 1.0] {
        c.at(side * 21.0, 24.0, 1.0, 1.0, side * -28.0, |c| c.e(0.0, 0.0, 6.0, 12.0, color.dim(0.04)));
    }
}

fn cheeks(c: &mut Canvas, y: f32) {
    for x in [-19.0, 19.0] {
        c.glow(x, y, 7.0, 5.0, ink(0xf0707a).alpha(0.6));
    }
}

pub(super) fn bunny(c: &mut Canvas, k: &Look) {
    body(c, k.main, k.light);
    for side in [-1.0, 1.0] {
        c.at(side * 13.0, -30.0, 1.0, 1.0, side * (8.0 + 14.0 * k.v[0]), |c| {
            c.e(0.0, -12.0, 8.0, 21.0, k.main);
            c.e(0.0, -11.0, 4.0, 15.0, k.accent.lit(0.3));
        });
    }
    c.ball(0.0, -8.0, 30.0, 25.0, k.main);
    c.face(0.0, -7.0, 11.5, BLACK);
    cheeks(c, 1.0);
    c.p("M -10 17 L 0 22 L 10 17 L 10 27 L 0 22 L -10 27 Z", k.second);
}

pub(super) fn bear(c: &mut Canvas, k: &Look) {
    body(c, k.main, k.main.lit(0.4));
    for x in [-22.0, 22.0] {
        c.e(x, -30.0, 11.0, 11.0, k.main);
        c.e(x, -29.0, 6.0, 6.0, k.accent.lit(0.2));
    }
    c.ball(0.0, -10.0, 31.0, 26.0, k.main);
    c.e(0.0, -1.0, 13.0, 10.0, k.main.lit(0.5));
    for x in [-13.0, 13.0] {
        c.dot(x, -13.0, 2.8, 3.4, BLACK);
    }
    c.e(0.0, -5.0, 4.4, 3.2, BLACK);
    c.l("M 0 -2 L 0 1 M -4 3 Q 0 6 4 3", 1.2, BLACK);
    cheeks(c, -3.0);
    if k.v[0] < 0.5 {
        c.p("M -14 15 Q 0 22 14 15 L 15 21 Q 0 28 -15 21 Z", k.second);
        c.p("M 6 20 L 15 36 L 8 38 L 2 23 Z", k.second.dim(0.08));
    } else {
        c.r(-17.0, -44.0, 34.0, 10.0, 4.0, k.second);
        c.dot(0.0, -44.0, 5.0, 4.0, k.second.lit(0.2));
    }
}

pub(super) fn astronaut(c: &mut Canvas, k: &Look) {
    let suit = WHITE.mix(k.light, 0.5).dim(0.04);
    c.r(-24.0, 8.0, 48.0, 30.0, 6.0, k.second);
    body(c, suit, suit.dim(0.06));
    c.ball(0.0, -12.0, 31.0, 29.0, suit);
    c.r(-24.0, -28.0, 48.0, 34.0, 15.0, k.main.dim(0.55));
    c.p("M -18 -22 Q -4 -28 8 -25 Q -8 -16 -19 -6 Z", k.main.lit(0.4).alpha(0.8));
    c.dot(14.0, -2.0, 2.2, 2.2, WHITE.alpha(0.8));
    c.r(-9.0, 22.0, 18.0, 13.0, 3.0, k.main);
    c.dot(-4.0, 27.0, 2.0, 2.0, k.accent);
    c.dot(4.0, 27.0, 2.0, 2.0, WHITE);
    for x in [-31.0, 31.0] {
        c.e(x, -11.0, 4.0, 8.0, k.accent);
    }
    c.l("M 24 -32 L 31 -46", 1.8, k.second);
    c.dot(31.0, -47.0, 3.0, 3.0, k.accent);
}

pub(super) fn robot(c: &mut Canvas, k: &Look) {
    c.l("M 0 -34 L 0 -44", 2.0, BLACK.lit(0.3));
    c.ball(0.0, -46.0, 4.4, 4.4, k.accent);
    for x in [-16.0, 6.0] {
        c.r(x, 34.0, 10.0, 14.0, 2.0, k.second.dim(0.15));
        c.r(x - 3.0, 43.0, 16.0, 7.5, 3.0, k.main.dim(0.25));
    }
    for side in [-1.0, 1.0] {
        c.at(side * 26.0, 6.0, side, 1.0, -14.0 - 40.0 * k.v[0], |c| {
            c.r(-3.0, -3.0, 8.0, 24.0, 4.0, k.second);
            c.ring(1.0, 24.0, 5.0, 5.0, 3.2, k.main.dim(0.2));
        });
    }
    c.r(-24.0, 0.0, 48.0, 36.0, 6.0, k.main);
    c.r(-15.0, 7.0, 30.0, 18.0, 3.0, k.light);
    c.dot(-7.0, 13.0, 3.0, 3.0, k.accent);
    c.dot(2.0, 13.0, 3.0, 3.0, k.second);
    c.l("M -9 20 L 10 20", 2.0, BLACK.alpha(0.5));
    for x in [-34.0, 28.0] {
        c.r(x, -24.0, 6.0, 14.0, 2.0, k.accent);
    }
    c.r(-28.0, -36.0, 56.0, 34.0, 8.0, k.main.lit(0.1));
    c.r(-21.0, -30.0, 42.0, 21.0, 6.0, BLACK.lit(0.08));
    for x in [-10.0, 10.0] {
        c.dot(x, -20.0, 5.0, 5.0, k.accent.lit(0.4));
        c.dot(x, -20.0, 2.4, 2.4, WHITE);
    }
    c.l("M -6 -7 L 6 -7", 1.6, BLACK.alpha(0.6));
}

pub(super) fn model_car(c: &mut Canvas, k: &Look) {
    c.p("M -24 12 Q -16 -12 -4 -13 L 14 -13 Q 26 -10 32 12 Z", k.main.dim(0.06));
    c.p("M -18 12 Q -12 -7 -4 -8 L 2 -8 L 2 12 Z", ink(0xcfe8f2).mix(k.second, 0.15));
    c.p("M 6 -8 L 14 -8 Q 21 -5 26 12 L 6 12 Z", ink(0xbcdcea).mix(k.second, 0.15));
    c.p("M -48 34 Q -52 18 -34 13 L -22 10 L 34 11 Q 50 14 49 34 Q 48 40 40 40 L -40 40 Q -48 40 -48 34 Z", k.main);
    c.p("M -48 29 L 49 29 L 49 33 L -48 33 Z", k.light);
    if k.v[0] < 0.6 {
        c.e(6.0, 23.0, 8.0, 7.0, WHITE);
        c.l("M 6 19 L 6 27", 2.0, BLACK);
    } else {
        c.p("M -20 11 L -10 11 L -4 40 L -14 40 Z", k.accent);
    }
    c.ball(-45.0, 24.0, 3.6, 4.6, ink(0xfff0b8));
    c.r(44.0, 20.0, 5.0, 8.0, 2.0, ink(0xd8493f));
    for x in [-27.0, 27.0] {
        c.e(x, 39.0, 11.5, 11.5, BLACK);
        c.e(x, 39.0, 6.0, 6.0, WHITE.dim(0.15));
        c.dot(x, 39.0, 2.4, 2.4, k.accent);
    }
    if k.v[1] < 0.4 {
        c.l("M 34 10 L 36 0", 2.6, k.second);
        c.r(26.0, -4.0, 24.0, 5.0, 2.0, k.second);
    }
}

pub(super) fn rocket(c: &mut Canvas, k: &Look) {
    c.p("M -15 14 L -34 40 L -30 48 L -11 36 Z", k.main);
    c.p("M 15 14 L 34 40 L 30 48 L 11 36 Z", k.main.dim(0.15));
    c.p2("M -9 36 Q -14 44 0 58 Q 14 44 9 36 Z", ink(0xffd35a), ink(0xf2703a));
    c.p("M 0 -52 Q 22 -30 20 8 Q 19 28 12 38 L -12 38 Q -19 28 -20 8 Q -22 -30 0 -52 Z", k.light);
    c.p("M 0 -52 Q 13 -40 17 -22 Q 0 -16 -17 -22 Q -13 -40 0 -52 Z", k.main);
    c.e(0.0, -4.0, 11.0, 11.0, k.second);
    c.e(0.0, -4.0, 7.6, 7.6, ink(0xbfe3f0));
    c.l("M -4 -8 L 1 -9", 2.0, WHITE);
    c.p("M -19.5 16 Q 0 22 19.5 16 L 18 24 Q 0 30 -18 24 Z", k.accent);
    c.p("M -4 18 L 4 18 L 3 48 L -3 48 Z", k.main.dim(0.08));
}

pub(super) fn castle(c: &mut Canvas, k: &Look) {
    let brick = |c: &mut Canvas, x: f32, y: f32, w: f32, color: Ink| {
        let studs = (w / 10.0) as usize;
        for n in 0..studs {
            c.r(x + 2.5 + 10.0 * n as f32, y - 3.0, 5.0, 4.0, 1.0, color.lit(0.1));
        }
        c.r(x, y, w, 11.5, 1.0, color);
    };
    let colors = [k.main, k.second, k.accent, k.light, k.main.lit(0.25)];
    let tops = [-36.0 + 11.5 * (k.v[0] * 2.0).floor(), -36.0 + 11.5 * (k.v[1] * 3.0).floor()];
    for (side, x) in [-40.0, 20.0].into_iter().enumerate() {
        let mut y = tops[side];
        while y < 49.0 {
            let pick = c.count(0, 4);
            brick(c, x, y, 20.0, colors[pick]);
            y += 11.5;
        }
        c.p(
            &format!(
                "M {} {} L {} {} L {} {} Z",
                x - 2.0,
                tops[side] - 2.0,
                x + 10.0,
                tops[side] - 22.0,
                x + 22.0,
                tops[side] - 2.0
            ),
            k.second,
        );
    }
    for row in 0..4 {
        let (y, pick) = (10.0 + 11.5 * row as f32, c.count(0, 4));
        brick(c, -20.0, y, 40.0, colors[pick]);
    }
    c.p("M -10 56 L -10 34 Q 0 22 10 34 L 10 56 Z", BLACK.lit(0.1));
    c.l("M 0 7 L 0 -18", 1.6, k.wood.dim(0.3));
    c.p("M 0 -18 L 18 -13 L 0 -7 Z", k.accent);
}

pub(super) fn dinosaur(c: &mut Canvas, k: &Look) {
    for (x, y, turn) in
        [(-40.0, 22.0, -50.0), (-28.0, 4.0, -40.0), (-14.0, -10.0, -25.0), (-8.0, -30.0, -50.0), (2.0, -44.0, -15.0)]
    {
        c.at(x, y, 1.0, 1.0, turn, |c| c.p("M -8 4 L 0 -10 L 8 4 Z", k.accent));
    }
    c.p("M -52 42 Q -44 14 -22 4 Q -12 -2 -8 -22 Q -6 -46 18 -46 Q 46 -46 46 -28 Q 46 -14 26 -14 Q 26 6 26 20 Q 26 40 6 42 L -16 42 Q -34 36 -52 42 Z", k.main);
    c.p("M 14 -12 Q 24 10 18 34 Q 8 42 -4 38 Q 6 14 8 -8 Z", k.main.lit(0.45));
    for x in [-18.0, 6.0] {
        c.r(x, 32.0, 14.0, 18.0, 6.0, k.main.dim(0.1));
        c.l(&format!("M {} 48 L {} 48", x + 5.0, x + 11.0), 2.0, k.light);
    }
    c.at(24.0, 6.0, 1.0, 1.0, -35.0, |c| c.r(-2.0, -3.0, 17.0, 7.0, 3.5, k.main.dim(0.1)));
    c.dot(22.0, -32.0, 4.4, 4.8, WHITE);
    c.dot(23.4, -31.6, 2.4, 3.0, BLACK);
    c.l("M 30 -20 Q 38 -18 44 -22", 1.4, k.main.dim(0.45));
    c.dot(41.0, -34.0, 1.2, 1.6, k.main.dim(0.5));
    for (x, y) in [(-20.0, 16.0), (-10.0, 8.0), (-28.0, 28.0), (-6.0, 24.0)] {
        c.dot(x, y, 3.0, 2.4, k.second.alpha(0.7));
    }
}

pub(super) fn cube(c: &mut Canvas, k: &Look) {
    c.flat("M 0 -48 L 44 -24 L 44 24 L 0 50 L -44 24 L -44 -24 Z", BLACK);
    let colors = [k.main, k.second, k.accent, WHITE, ink(0xd94f45), ink(0x4b8f5b)];
    let mixed = k.v[0] < 0.75;
    for (face, (ox, oy, ux, uy, wx, wy)) in [
        (0.0, -48.0, 44.0, 24.0, -44.0, 24.0),
        (-44.0, -24.0, 44.0, 25.0, 0.0, 49.0),
        (0.0, 1.0, 44.0, -25.0, 0.0, 49.0),
    ]
    .into_iter()
    .enumerate()
    {
        for i in 0..3 {
            for j in 0..3 {
                let at = |a: f32, b: f32| {
                    let (a, b) = ((i as f32 + a) / 3.0, (j as f32 + b) / 3.0);
                    format!("{} {}", ox + ux * a + wx * b, oy + uy * a + wy * b)
                };
                let pick = if mixed { c.count(0, 5) } else { face };
                let color = colors[pick].dim([0.0, 0.04, 0.2][face]);
                let (a, b) = (0.08, 0.92);
                c.p(&format!("M {} L {} L {} L {} Z", at(a, a), at(b, a), at(b, b), at(a, b)), color);
            }
        }
    }
}
