//! Food: meals, baking, drinks.

use super::{
    draw::{BLACK, Canvas, Ink, WHITE, ink, sin_cos},
    palette::Look,
};

fn steam(c: &mut Canvas, x: f32, y: f32) {
    c.quiet(|c| {
        for dx in [-11.0, 0.0, 11.0] {
            let (x, s) = (x + dx, c.random(3.0, 7.0));
            let (y2, y3, y4) = (y - 12.0, y - 18.0, y - 24.0);
            let line = format!("M {x} {y} Q {} {} {x} {y2} Q {} {y3} {x} {y4}", x + s, y - 6.0, x - s);
            c.l(&line, 3.2, WHITE.alpha(0.28));
        }
    });
}

pub(super) fn noodles(c: &mut Canvas, k: &Look) {
    steam(c, 0.0, -18.0);
    c.l("M 18 -8 L 50 -40 M 24 -5 L 54 -34", 2.4, k.wood.dim(0.15));
    c.p("M -46 -2 Q -44 36 -18 44 L 18 44 Q 44 36 46 -2 Z", k.main);
    c.p("M -16 43 L 16 43 L 14 50 L -14 50 Z", k.main.dim(0.25));
    c.l("M -40 14 Q 0 26 40 14", 2.0, WHITE.alpha(0.55));
    c.l("M -36 21 Q 0 33 36 21", 1.0, WHITE.alpha(0.45));
    c.e(0.0, -2.0, 46.0, 12.0, k.main.lit(0.35));
    c.e(0.0, -1.0, 41.0, 9.6, k.one_of(0, &[0xc98442, 0xb55a34, 0xe3bd7c]));
    for n in 0..13 {
        let (x, y) = (c.random(-30.0, 8.0), c.random(-6.0, 4.0));
        let noodle = ink(0xf6dd9a).dim(0.02 * (n % 5) as f32);
        c.l(
            &format!("M {x} {y} Q {} {} {} {}", x + 10.0, y - 6.0 + (n % 3) as f32 * 5.0, x + 20.0, y + 1.0),
            2.4,
            noodle,
        );
    }
    c.e(-14.0, -5.0, 9.0, 5.0, WHITE);
    c.e(-14.0, -5.0, 4.6, 2.8, ink(0xf5a63d));
    if k.v[1] < 0.6 {
        c.p("M 20 -22 L 32 -20 L 30 0 L 17 -2 Z", ink(0x35473c));
    }
    for _ in 0..6 {
        let (x, y) = (c.random(-26.0, 28.0), c.random(-6.0, 4.0));
        c.dot(x, y, 2.2, 1.3, ink(0x7fb24f));
    }
    c.e(14.0, -1.0, 7.0, 3.6, ink(0xd9876c));
}

pub(super) fn sushi(c: &mut Canvas, k: &Look) {
    c.r(-50.0, 36.0, 100.0, 7.0, 2.0, k.wood.lit(0.05));
    for x in [-38.0, 28.0] {
        c.r(x, 42.0, 10.0, 8.0, 1.5, k.wood.dim(0.25));
    }
    c.p("M -44 14 L 44 14 L 50 37 L -50 37 Z", k.wood.lit(0.22));
    let swap = k.v[0] < 0.6;
    for (n, x) in [-24.0, 4.0, 32.0].into_iter().enumerate() {
        c.at(x, 20.0, 0.86, 0.86, 0.0, |c| piece(c, k, n, (n == 1) == swap));
    }
    for (n, x) in [-33.0, -2.0, 29.0].into_iter().enumerate() {
        c.at(x, 37.0, 1.0, 1.0, 0.0, |c| piece(c, k, n + 1, (n == 1) != swap));
    }
    c.at(-42.0, 22.0, 1.0, 1.0, 0.0, |c| {
        for turn in [-40.0, 0.0, 42.0] {
            c.at(0.0, 0.0, 1.0, 1.0, turn, |c| c.p("M 0 2 Q -7 -12 0 -24 Q 7 -12 0 2 Z", ink(0x6aa557)));
        }
        c.ball(2.0, 0.0, 5.0, 4.0, ink(0x9cc46a));
    });
    c.l("M -40 47 L 46 51 M -38 51 L 47 54", 2.4, k.main);
}

/// A roll or a slice of fish on rice, its foot at (0, 0).
fn piece(c: &mut Canvas, k: &Look, n: usize, is_roll: bool) {
    if is_roll {
        c.r(-13.0, -26.0, 26.0, 27.0, 3.0, ink(0x2f3f3a));
        c.e(0.0, -25.0, 13.0, 6.4, ink(0x3b4d46));
        c.e(0.0, -25.0, 11.0, 5.2, WHITE);
        c.e(0.0, -25.0, 5.5, 2.8, k.one_of(1, &[0xf0835f, 0xf2c14e, 0x9cbf5c]));
        return;
    }
    c.r(-14.0, -15.0, 28.0, 16.0, 7.0, WHITE);
    let fish = k.one_of(2 + n % 2, &[0xf48a62, 0xe4573d, 0xf7c9a8]);
    c.p("M -17 -11 Q -15 -29 0 -25 Q 17 -26 17 -9 Q 0 -5 -17 -11 Z", fish);
    for d in [-9.0, -1.0, 7.0] {
        c.l(&format!("M {d} -23 Q {} -18 {} -11", d + 5.0, d + 3.0), 1.3, WHITE.alpha(0.6));
    }
    if n == 2 && k.v[3] < 0.6 {
        c.p("M -3 -26 L 3 -26 L 3 1 L -3 1 Z", ink(0x2f3f3a));
    }
}

pub(super) fn pizza(c: &mut Canvas, k: &Look) {
    c.e(0.0, 2.0, 50.0, 50.0, k.wood.lit(0.12));
    c.e(0.0, 0.0, 44.0, 44.0, ink(0xd9974f));
    c.e(0.0, 0.0, 38.5, 38.5, ink(0xc9482f));
    c.e(0.0, 0.0, 36.5, 36.5, ink(0xf7d47a));
    for n in 0..9 {
        let (sin, cos) = sin_cos(n as f32 * 40.0 + k.v[0] * 350.0);
        let far = if n % 3 == 0 { 12.0 } else { 26.0 };
        let (x, y) = (cos * far, sin * far);
        c.ball(x, y, 6.2, 6.2, k.one_of(1, &[0xc8402f, 0xd8603a, 0xb5443d]));
    }
    for _ in 0..7 {
        let (x, y, turn) = (c.random(-24.0, 24.0), c.random(-24.0, 24.0), c.random(0.0, 360.0));
        c.at(x, y, 1.0, 1.0, turn, |c| c.p("M -5 0 Q 0 -5 6 0 Q 0 5 -5 0 Z", ink(0x5d9448)));
    }
    for _ in 0..5 {
        let (x, y) = (c.random(-26.0, 26.0), c.random(-26.0, 26.0));
        c.ring(x, y, 2.4, 2.2, 1.2, BLACK.alpha(0.75));
    }
    c.l("M 0 0 L 0 -42 M 0 0 L 36 21 M 0 0 L -36 21", 1.1, ink(0xb87a36).alpha(0.8));
}

pub(super) fn cake(c: &mut Canvas, k: &Look) {
    c.e(0.0, 44.0, 48.0, 7.0, WHITE.dim(0.05));
    c.e(0.0, 42.5, 42.0, 5.0, k.light);
    let sponge = k.one_of(0, &[0xf2cf8d, 0xb5764a, 0x7a4a38, 0xf4e0b8]);
    if k.v[1] < 0.5 {
        c.p("M -36 -4 L 34 -12 L 34 32 L -36 42 Z", sponge);
        for (y, color) in [(4.0, WHITE), (18.0, k.main)] {
            c.p(&format!("M -36 {} L 34 {} L 34 {} L -36 {} Z", y + 3.0, y - 5.0, y + 0.5, y + 8.5), color);
        }
        c.p("M -36 -4 L 0 -26 L 34 -12 Z", k.main.lit(0.55));
        c.p(
            "M -36 -5 L 34 -13 L 34 -4 Q 30 4 26 -3 Q 20 5 14 -1 Q 8 6 2 1 Q -6 9 -12 2 Q -20 10 -26 4 Q -32 9 -36 3 Z",
            k.main.lit(0.5),
        );
        c.ball(-2.0, -24.0, 8.0, 8.5, ink(0xe0433f));
        c.p("M -8 -31 L 4 -31 L -2 -27 Z", ink(0x5d9448));
    } else {
        c.r(-36.0, 6.0, 72.0, 37.0, 4.0, sponge);
        c.r(-36.0, 18.0, 72.0, 6.0, 2.0, WHITE);
        c.p("M -36 14 L -36 2 Q 0 -10 36 2 L 36 14 Q 30 24 25 14 Q 19 22 13 15 Q 6 26 -1 15 Q -8 24 -14 15 Q -22 26 -27 15 Q -32 22 -36 14 Z", k.main.lit(0.3));
        c.e(0.0, 3.0, 36.0, 8.0, k.main.lit(0.45));
        for x in [-22.0, -8.0, 8.0, 22.0] {
            c.ball(x, -2.0, 6.0, 6.0, WHITE);
            c.ball(x, -8.0, 3.6, 3.8, k.accent);
        }
        if k.v[2] < 0.6 {
            c.r(-2.0, -28.0, 3.4, 22.0, 1.0, k.second);
            c.p2("M 0 -28 Q -5 -33 0 -42 Q 5 -33 0 -28 Z", ink(0xffb03b), ink(0xfff0a0));
        }
    }
}

pub(super) fn bread(c: &mut Canvas, k: &Look) {
    let crust = k.one_of(0, &[0xd2934e, 0xc07a3a, 0xdba763]);
    c.e(0.0, 45.0, 47.0, 6.0, k.wood);
    if k.v[1] < 0.5 {
        // A loaf, cut, with slices before it.
        c.p("M -14 -24 Q 2 -34 24 -28 Q 52 -30 50 -8 Q 48 0 46 4 L 46 42 L -14 46 Z", crust);
        for x in [8.0, 22.0, 36.0] {
            c.l(&format!("M {x} -27 Q {} -14 {} -4", x + 7.0, x + 4.0), 2.6, crust.lit(0.45).alpha(0.8));
        }
        let slice = "M -22 46 L -22 10 Q -32 2 -26 -10 Q -18 -22 2 -20 Q 24 -22 28 -8 Q 32 4 22 10 L 22 46 Z";
        for (x, y, s, turn) in [(-14.0, 0.0, 1.0, 0.0), (-26.0, 10.0, 0.84, -7.0)] {
            c.at(x, y, s, s, turn, |c| {
                c.p(slice, crust.dim(0.1));
                c.at(0.0, 3.0, 0.86, 0.9, 0.0, |c| c.p(slice, ink(0xf9e6bf)));
                for (px, py) in [(-8.0, 2.0), (7.0, -4.0), (2.0, 16.0), (-11.0, 24.0), (11.0, 30.0), (-2.0, 36.0)] {
                    c.dot(px, py, 1.5, 1.1, ink(0xe3c48f));
                }
            });
        }
    } else {
        // A croissant: rolled segments along an arc, the tips bent down.
        for (x, y, w, h, turn) in [
            (-43.0, 34.0, 10.0, 8.0, -40.0),
            (43.0, 34.0, 10.0, 8.0, 40.0),
            (-33.0, 25.0, 12.0, 15.0, -38.0),
            (33.0, 25.0, 12.0, 15.0, 38.0),
            (-19.0, 19.0, 13.0, 21.0, -20.0),
            (19.0, 19.0, 13.0, 21.0, 20.0),
            (0.0, 16.0, 15.0, 25.0, 0.0),
        ] {
            c.at(x, y, 1.0, 1.0, turn, |c| {
                c.e(0.0, 2.0, w, h, crust.dim(0.22));
                c.e(0.0, 0.0, w * 0.96, h, crust);
                let (a, b) = (w * 0.55, -h * 0.35);
                c.l(&format!("M {} {b} Q 0 {} {a} {b}", -a, -h * 0.85), 2.6, crust.lit(0.5).alpha(0.75));
                c.l(
                    &format!("M {} {} Q 0 {} {a} {}", -a, h * 0.2, -h * 0.15, h * 0.2),
                    1.3,
                    crust.dim(0.25).alpha(0.55),
                );
            });
        }
    }
    for _ in 0..8 {
        let (x, y) = (c.random(-40.0, 40.0), c.random(41.0, 48.0));
        c.dot(x, y, 1.2, 0.8, crust);
    }
}

pub(super) fn donut(c: &mut Canvas, k: &Look) {
    let ring = |c: &mut Canvas, x: f32, y: f32, s: f32, icing: Ink| {
        c.at(x, y, s, s, 0.0, |c| {
            c.e(0.0, 4.0, 34.0, 31.0, ink(0xc98d4e));
            c.p("M -33 0 Q -34 -30 0 -31 Q 34 -30 33 0 Q 31 14 24 12 Q 18 24 9 18 Q 0 29 -8 19 Q -18 26 -24 14 Q -33 14 -33 0 Z", icing);
            c.l("M -24 -10 Q -20 -22 -8 -25", 3.0, WHITE.alpha(0.6));
            c.e(0.0, 0.0, 11.0, 9.0, ink(0xa96f38));
            c.dot(0.0, 1.5, 9.0, 7.0, ink(0x7c4d28));
            for n in 0..16 {
                let ((sin, cos), far) = (sin_cos(n as f32 * 22.5 + 11.0), if n % 2 == 0 { 17.0 } else { 24.0 });
                let (px, py) = (cos * far, sin * far * 0.85 - 1.0);
                let color = [k.second, k.accent, WHITE][n % 3];
                c.at(px, py, 1.0, 1.0, n as f32 * 77.0, |c| c.l("M -2 0 L 2 0", 1.7, color));
            }
        });
    };
    if k.v[0] < 0.55 {
        ring(c, 17.0, -10.0, 0.88, k.second.lit(0.25));
        ring(c, -13.0, 17.0, 1.0, k.main);
    } else {
        ring(c, 0.0, 8.0, 1.35, k.main);
    }
}

pub(super) fn coffee(c: &mut Canvas, k: &Look) {
    c.e(0.0, 4.0, 50.0, 48.0, k.main.lit(0.5));
    c.ring(0.0, 4.0, 42.0, 40.0, 1.4, k.main.alpha(0.5));
    c.l("M 26 -6 Q 50 -12 46 6 Q 42 18 24 12", 6.0, k.main);
    c.e(0.0, 2.0, 34.0, 33.0, k.main);
    c.e(0.0, 2.0, 29.5, 28.5, ink(0x6b4128));
    c.e(0.0, 3.0, 27.5, 26.0, k.one_of(0, &[0xb67d4b, 0xa56b3d, 0xc8935f]));
    let foam = ink(0xfbeed8);
    match (k.v[1] * 3.0) as usize {
        0 => {
            c.p("M 0 24 Q -24 6 -14 -8 Q -6 -16 0 -6 Q 6 -16 14 -8 Q 24 6 0 24 Z", foam);
            c.l("M 0 -3 L 0 18", 1.2, ink(0xb67d4b));
        }
        1 => {
            for n in 0..4 {
                let (y, w) = (-13.0 + 9.0 * n as f32, 8.0 + 3.4 * n as f32);
                c.p(&format!("M {} {y} Q 0 {} {w} {y} Q 0 {} {} {y} Z", -w, y + 14.0, y + 4.0, -w), foam);
            }
            c.l("M 0 -18 L 0 25", 1.6, foam);
        }
        _ => {
            c.e(0.0, 2.0, 20.0, 19.0, foam);
            c.l("M -12 2 Q -4 -12 4 0 Q 10 10 14 -2", 2.4, ink(0x9c6236));
        }
    }
    c.at(-44.0, 10.0, 1.0, 1.0, 12.0, |c| {
        c.l("M 0 -20 L 0 22", 2.4, WHITE.dim(0.25));
        c.e(0.0, -24.0, 4.4, 7.0, WHITE.dim(0.18));
    });
}

pub(super) fn bubble_tea(c: &mut Canvas, k: &Look) {
    c.at(8.0, -30.0, 1.0, 1.0, 10.0, |c| c.r(-3.2, -20.0, 6.4, 50.0, 2.0, k.accent));
    let tea = k.one_of(0, &[0xd9a871, 0xc68a5a, 0xe6b7a4, 0xa9b87a, 0xb59ac9]);
    c.p2("M -27 -22 L 27 -22 L 20 48 Q 0 53 -20 48 Z", tea.lit(0.45), tea);
    c.p("M -27 -22 L 27 -22 L 25 -4 Q 10 6 0 -2 Q -12 -8 -25 0 Z", WHITE.alpha(0.75));
    for n in 0..15 {
        let (row, col) = (n / 5, n % 5);
        let wobble = c.random(-1.5, 1.5);
        c.ball(-15.0 + 7.5 * col as f32 + wobble, 45.0 - 7.0 * row as f32 + wobble, 3.7, 3.7, ink(0x3d2724));
    }
    c.p("M -20 6 L 20 6 L 17.5 28 L -17.5 28 Z", k.main.alpha(0.92));
    c.face(0.0, 15.0, 6.0, WHITE);
    c.l("M -22 -14 L -16 40", 2.6, WHITE.alpha(0.5));
    c.r(-31.0, -29.0, 62.0, 8.0, 3.5, k.main);
    c.p("M -24 -29 Q 0 -44 24 -29 Z", k.main.lit(0.4).alpha(0.85));
}

pub(super) fn fruit_tea(c: &mut Canvas, k: &Look) {
    let drink = k.one_of(0, &[0xf39a4a, 0xe8634f, 0xf2c84b, 0x9cc46a, 0xe77f9a]);
    c.l("M 10 20 L 24 -46", 3.2, k.main);
    c.p("M -26 -30 L 26 -30 L 22 46 Q 0 52 -22 46 Z", WHITE.alpha(0.35));
    c.p2("M -24.5 -18 L 24.5 -18 L 21 44 Q 0 50 -21 44 Z", drink.lit(0.3).alpha(0.85), drink.alpha(0.95));
    for (x, y, turn) in [(-10.0, -10.0, 14.0), (9.0, -2.0, -20.0), (-6.0, 14.0, 30.0)] {
        c.at(x, y, 1.0, 1.0, turn, |c| c.r(-7.0, -7.0, 14.0, 14.0, 3.0, WHITE.alpha(0.45)));
    }
    for (x, y, r) in [(-26.0, -28.0, 14.0), (8.0, 26.0, 11.0)] {
        c.e(x, y, r, r, drink.dim(0.08));
        c.e(x, y, r * 0.86, r * 0.86, ink(0xfdf0c0));
        for n in 0..8 {
            c.at(x, y, r / 14.0, r / 14.0, n as f32 * 45.0, |c| {
                c.p("M 0 1.5 L 3.8 9.6 Q 0 12 -3.8 9.6 Z", drink.lit(0.25));
            });
        }
    }
    for turn in [-50.0, -10.0, 32.0] {
        c.at(-4.0, -28.0, 0.8, 0.8, turn, |c| c.p("M 0 0 Q -9 -10 0 -22 Q 9 -10 0 0 Z", ink(0x69a84f)));
    }
    c.l("M -19 -22 L -15 38", 2.6, WHITE.alpha(0.6));
    c.ring(0.0, -30.0, 26.0, 4.0, 1.4, WHITE.alpha(0.8));
}
