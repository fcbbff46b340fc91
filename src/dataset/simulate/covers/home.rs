//! Home: living room, bedroom, study and storage.

use super::{
    draw::{BLACK, Canvas, WHITE, ink},
    palette::Look,
};

pub(super) fn sofa(c: &mut Canvas, k: &Look) {
    for x in [-38.0, 34.0] {
        c.r(x, 40.0, 4.0, 11.0, 1.0, k.wood.dim(0.2));
    }
    c.r(-42.0, -8.0, 84.0, 44.0, 12.0, k.main.dim(0.12));
    if k.v[0] < 0.5 {
        c.r(-36.0, -4.0, 35.0, 34.0, 7.0, k.main);
        c.r(1.0, -4.0, 35.0, 34.0, 7.0, k.main);
    } else {
        for x in [-37.0, -12.0, 13.0] {
            c.r(x, -4.0, 24.0, 34.0, 7.0, k.main);
        }
    }
    c.r(-38.0, 20.0, 76.0, 14.0, 6.0, k.main.lit(0.12));
    c.r(-40.0, 30.0, 80.0, 14.0, 5.0, k.main.dim(0.06));
    for x in [-50.0, 37.0] {
        c.r(x, 6.0, 13.0, 38.0, 7.0, k.main.dim(0.03));
    }
    c.at(-24.0, 12.0, 1.0, 1.0, -12.0, |c| c.r(-10.0, -10.0, 20.0, 20.0, 5.0, k.accent));
    if k.v[1] < 0.7 {
        c.at(22.0, 12.0, 1.0, 1.0, 14.0, |c| {
            c.r(-9.0, -9.0, 18.0, 18.0, 5.0, k.second);
            c.l("M -5 -4 L 5 -4 M -5 0 L 5 0 M -5 4 L 5 4", 1.0, WHITE.alpha(0.5));
        });
    }
    if k.v[2] < 0.5 {
        c.p("M 40 4 Q 30 2 28 10 L 27 36 Q 32 40 38 37 L 44 8 Z", k.light);
        c.l("M 31 14 L 40 16 M 30 22 L 39 24 M 30 30 L 38 32", 1.0, k.second.alpha(0.6));
    }
}

pub(super) fn floor_lamp(c: &mut Canvas, k: &Look) {
    c.glow(2.0, -18.0, 52.0, 50.0, ink(0xffe9a8).alpha(0.55));
    c.e(0.0, 48.0, 15.0, 3.5, k.wood.dim(0.35));
    if k.v[0] < 0.5 {
        c.l("M 0 47 L 0 -22", 2.6, k.wood.dim(0.35));
    } else {
        c.l("M 0 10 L -14 48 M 0 10 L 14 48 M 0 10 L 2 48 M 0 10 L 0 -20", 2.6, k.wood);
    }
    c.p2("M -12 -48 L 12 -48 L 22 -16 Q 0 -10 -22 -16 Z", k.main.lit(0.35), ink(0xfff0c4).mix(k.main, 0.25));
    c.e(0.0, -15.5, 21.0, 3.6, ink(0xfff3cf));
    c.e(0.0, -48.0, 12.0, 2.0, k.main.dim(0.1));
    c.l("M 12 -13 L 12 -2", 0.9, k.wood.dim(0.3));
    c.dot(12.0, -1.0, 1.6, 1.6, k.accent);
}

pub(super) fn coffee_table(c: &mut Canvas, k: &Look) {
    c.e(0.0, 44.0, 50.0, 9.0, k.second.lit(0.25));
    c.ring(0.0, 44.0, 42.0, 6.8, 1.2, WHITE.alpha(0.6));
    c.l("M -27 12 L -33 45 M 27 12 L 33 45 M -8 14 L -9 48 M 8 14 L 9 48", 3.2, k.wood.dim(0.2));
    c.e(0.0, 14.0, 42.0, 11.0, k.wood.dim(0.22));
    c.e(0.0, 10.0, 42.0, 11.0, k.wood.lit(0.1));
    c.at(-16.0, 2.0, 1.0, 1.0, 0.0, |c| {
        c.r(-12.0, 2.0, 24.0, 4.5, 1.0, k.main);
        c.r(-10.0, -2.0, 21.0, 4.0, 1.0, k.accent);
    });
    c.p("M 10 -6 Q 6 8 14 9 L 22 9 Q 30 8 26 -6 Z", k.light);
    for (x, y, turn) in [(18.0, -8.0, -35.0), (18.0, -8.0, 0.0), (18.0, -8.0, 35.0), (18.0, -8.0, 65.0)] {
        c.at(x, y, 1.0, 1.0, turn, |c| c.p("M 0 2 Q -8 -14 0 -26 Q 8 -14 0 2 Z", k.leaf));
    }
}

pub(super) fn bed(c: &mut Canvas, k: &Look) {
    c.r(-46.0, -34.0, 92.0, 62.0, 9.0, k.wood);
    if k.v[0] < 0.5 {
        c.l("M -28 -30 L -28 10 M -10 -30 L -10 10 M 10 -30 L 10 10 M 28 -30 L 28 10", 1.4, k.wood.dim(0.25));
    }
    for x in [-44.0, 38.0] {
        c.r(x, 38.0, 6.0, 13.0, 1.5, k.wood.dim(0.3));
    }
    c.r(-46.0, 6.0, 92.0, 36.0, 7.0, WHITE.dim(0.05));
    for x in [-39.0, 3.0] {
        c.r(x, -13.0, 36.0, 23.0, 10.0, WHITE);
    }
    c.at(0.0, 2.0, 1.0, 1.0, 4.0, |c| c.r(-14.0, -8.0, 28.0, 18.0, 7.0, k.accent));
    c.p("M -49 14 Q -24 8 0 13 Q 26 17 49 12 L 50 42 Q 48 46 42 45 L -42 46 Q -50 46 -50 40 Z", k.main);
    c.p("M -49 14 Q -24 8 0 13 Q 26 17 49 12 L 49 21 Q 26 26 0 22 Q -24 17 -49 23 Z", k.main.lit(0.35));
    c.l("M -30 24 Q -34 36 -30 44 M 4 27 Q 8 38 2 44 M 30 24 Q 27 34 33 43", 1.2, k.main.dim(0.25).alpha(0.6));
}

pub(super) fn nightstand(c: &mut Canvas, k: &Look) {
    for x in [-28.0, 24.0] {
        c.r(x, 40.0, 4.5, 11.0, 1.0, k.wood.dim(0.35));
    }
    c.r(-32.0, 6.0, 64.0, 37.0, 3.0, k.wood);
    c.r(-28.0, 11.0, 56.0, 13.0, 2.0, k.wood.lit(0.15));
    c.r(-28.0, 26.5, 56.0, 13.0, 2.0, k.wood.lit(0.15));
    for y in [17.5, 33.0] {
        c.dot(0.0, y, 2.6, 2.2, k.accent.dim(0.1));
    }
    c.r(-35.0, 2.0, 70.0, 5.0, 2.0, k.wood.lit(0.05));
    for x in [-9.0, 9.0] {
        c.at(-14.0 + x, -24.0, 1.0, 1.0, x * 3.5, |c| c.e(0.0, 0.0, 6.0, 4.0, k.main.dim(0.1)));
    }
    c.l("M -22 -2 L -25 2 M -6 -2 L -3 2", 2.6, k.main.dim(0.2));
    c.e(-14.0, -11.0, 14.5, 14.5, k.main);
    c.e(-14.0, -11.0, 11.0, 11.0, WHITE);
    c.l("M -14 -11 L -14 -18 M -14 -11 L -9 -8", 1.5, BLACK);
    c.dot(-14.0, -11.0, 1.3, 1.3, k.accent);
    if k.v[0] < 0.5 {
        c.r(8.0, -3.0, 24.0, 5.0, 1.0, k.second);
        c.r(10.0, -7.5, 20.0, 4.5, 1.0, k.accent);
    } else {
        c.p("M 13 -16 L 27 -16 L 25 2 L 15 2 Z", WHITE.alpha(0.55));
        c.p("M 13.8 -8 L 26.2 -8 L 25 2 L 15 2 Z", k.second.lit(0.5).alpha(0.8));
    }
}

pub(super) fn candle(c: &mut Canvas, k: &Look) {
    c.e(0.0, 45.0, 40.0, 6.5, k.wood);
    c.e(0.0, 43.5, 36.0, 5.0, k.wood.lit(0.18));
    let many = if k.v[0] < 0.5 { 2 } else { 3 };
    for (n, x, h) in [(0, -18.0, 46.0), (1, 16.0, 34.0), (2, -1.0, 22.0)] {
        if n >= many {
            continue;
        }
        let (top, color) = (44.0 - h, [k.main, k.light, k.accent][n]);
        c.glow(x, top - 12.0, 26.0, 26.0, ink(0xffd98a).alpha(0.55));
        c.r(x - 10.0, top, 20.0, h, 2.5, color);
        c.e(x, top, 10.0, 2.6, color.lit(0.35));
        if n == 0 {
            c.r(x - 7.0, top + 14.0, 14.0, 13.0, 1.0, WHITE);
            c.l(&format!("M {} {} L {} {}", x - 4.0, top + 19.0, x + 4.0, top + 19.0), 1.0, k.second);
        }
        c.l(&format!("M {x} {} L {x} {}", top, top - 4.0), 1.0, BLACK);
        c.at(x, top - 4.0, 1.0, 1.0, 0.0, |c| {
            c.p2("M 0 2 Q -6 -3 0 -15 Q 6 -3 0 2 Z", ink(0xffb03b), ink(0xfff0a0));
            c.dot(0.0, -2.0, 1.6, 3.0, ink(0xfffbe0));
        });
    }
}

pub(super) fn bookshelf(c: &mut Canvas, k: &Look) {
    c.r(-36.0, -50.0, 72.0, 100.0, 3.0, k.wood.dim(0.08));
    for row in 0..3 {
        let y = -46.0 + 32.0 * row as f32;
        c.graded(super::draw::rounded(-32.0, y, 64.0, 28.0, 1.0), k.wood.dim(0.5), k.wood.dim(0.35));
        let mut x = -30.0;
        let gap = c.count(0, 4);
        let mut n = 0;
        while x < 23.0 {
            let (w, h) = (c.random(4.0, 7.5), c.random(17.0, 25.0));
            if n == gap + 2 && row != 1 {
                c.r(x + 1.0, y + 18.0, 11.0, 10.0, 3.0, k.light);
                for turn in [-40.0, 0.0, 40.0] {
                    c.at(x + 6.5, y + 18.0, 0.5, 0.5, turn, |c| c.p("M 0 2 Q -8 -12 0 -22 Q 8 -12 0 2 Z", k.leaf));
                }
                x += 15.0;
            } else {
                let color = [k.main, k.second, k.accent, k.light, k.main.dim(0.25), k.second.lit(0.3)][c.count(0, 5)];
                c.r(x, y + 28.0 - h, w, h, 0.8, color);
                c.l(
                    &format!("M {} {} L {} {}", x + 1.4, y + 33.0 - h, x + w - 1.4, y + 33.0 - h),
                    0.9,
                    WHITE.alpha(0.7),
                );
                x += w + 0.5;
            }
            n += 1;
        }
    }
}

pub(super) fn desk(c: &mut Canvas, k: &Look) {
    c.l("M -42 10 L -44 50 M 42 10 L 44 50", 4.0, k.wood.dim(0.3));
    c.r(12.0, 10.0, 30.0, 24.0, 2.0, k.wood.dim(0.12));
    c.l("M 22 17 L 32 17 M 22 28 L 32 28", 1.6, k.accent);
    c.r(-50.0, 5.0, 100.0, 6.0, 2.0, k.wood);
    c.r(-19.0, -28.0, 42.0, 28.0, 3.0, BLACK.lit(0.15));
    c.p("M -16.5 -25.5 L 20.5 -25.5 L 20.5 -3 L -16.5 -3 Z", k.second.lit(0.45));
    c.p("M -16.5 -3 L -16.5 -9 Q -6 -19 2 -10 Q 10 -18 20.5 -8 L 20.5 -3 Z", k.main);
    c.p("M -2 0 L 6 0 L 8 5 L -4 5 Z", BLACK.lit(0.3));
    c.l("M -40 4 L -40 -14 L -30 -28", 2.4, k.accent.dim(0.25));
    c.at(-28.0, -29.0, 1.0, 1.0, 35.0, |c| c.p("M -4 -5 L 6 -9 L 6 9 L -4 5 Z", k.accent));
    c.glow(-22.0, -10.0, 24.0, 24.0, ink(0xffeeb5).alpha(0.5));
    c.r(30.0, -8.0, 11.0, 13.0, 2.0, k.main);
    c.l("M 33 -8 L 31 -19 M 36 -8 L 36 -21 M 38 -8 L 41 -17", 1.6, k.second);
    if k.v[0] < 0.6 {
        c.r(-24.0, 24.0, 24.0, 6.0, 3.0, k.main);
        c.l("M -12 30 L -12 44 M -22 49 L -12 43 L -2 49", 2.6, BLACK.lit(0.2));
    }
}

pub(super) fn basket(c: &mut Canvas, k: &Look) {
    c.at(-12.0, -8.0, 1.0, 1.0, -14.0, |c| c.r(-15.0, -16.0, 26.0, 40.0, 11.0, k.main));
    c.at(14.0, -6.0, 1.0, 1.0, 12.0, |c| {
        c.r(-13.0, -18.0, 27.0, 40.0, 10.0, k.second);
        c.l("M -8 -8 L 9 -8 M -8 -2 L 9 -2", 1.4, WHITE.alpha(0.6));
    });
    c.p("M -38 0 L 38 0 L 31 46 Q 0 53 -31 46 Z", k.wood.lit(0.2));
    for row in 0..6 {
        let (y, half) = (6.0 + row as f32 * 7.0, 37.0 - row as f32 * 1.1);
        for n in 0..8 {
            let x = -half + half * 2.0 * (n as f32 + if row % 2 == 0 { 0.1 } else { 0.5 }) / 8.0;
            c.l(&format!("M {x} {y} Q {} {} {} {y}", x + 3.0, y + 2.4, (x + 6.0).min(half)), 1.9, k.wood.dim(0.12));
        }
    }
    c.r(-41.0, -4.0, 82.0, 7.0, 3.5, k.wood);
    c.l("M -38 -2 Q -50 8 -37 16 M 38 -2 Q 50 8 37 16", 3.4, k.wood.dim(0.2));
}
