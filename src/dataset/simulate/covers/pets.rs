//! Pets: cats, dogs, small companions.

use super::{
    draw::{BLACK, Canvas, Ink, WHITE, ink, sin_cos},
    palette::Look,
};

fn fur(k: &Look, which: usize) -> Ink {
    k.one_of(which, &[0xe9a257, 0x8c8791, 0xf1e6d6, 0x55505c, 0xc98f63, 0xb8a999])
}

fn cat_head(c: &mut Canvas, x: f32, y: f32, s: f32, coat: Ink, is_asleep: bool) {
    c.at(x, y, s, s, 0.0, |c| {
        for side in [-1.0, 1.0] {
            c.at(side * 13.0, -14.0, side, 1.0, 0.0, |c| {
                c.p("M -9 4 L 6 -16 Q 11 -4 9 8 Z", coat);
                c.p("M -4 2 L 5 -9 Q 7 -2 6 5 Z", ink(0xf0a9a0));
            });
        }
        c.e(0.0, 0.0, 23.0, 19.0, coat);
        c.e(0.0, 7.0, 12.0, 9.0, WHITE.mix(coat, 0.25));
        c.l("M -5 -17 L -4 -11 M 0 -18 L 0 -11 M 5 -17 L 4 -11", 2.0, coat.dim(0.3).alpha(0.8));
        if is_asleep {
            c.l("M -13 0 Q -9 4 -5 0 M 5 0 Q 9 4 13 0", 1.6, BLACK);
        } else {
            for side in [-9.0, 9.0] {
                c.dot(side, -1.0, 4.0, 4.6, ink(0xe9d36b));
                c.dot(side, -1.0, 2.0, 4.2, BLACK);
                c.dot(side - 0.8, -2.6, 1.0, 1.0, WHITE);
            }
        }
        c.p("M -2.6 4 L 2.6 4 L 0 7 Z", ink(0xd9716e));
        c.l("M 0 7 Q -3 11 -6 9 M 0 7 Q 3 11 6 9", 1.1, BLACK);
        c.l("M -12 6 L -27 3 M -12 8 L -26 10 M 12 6 L 27 3 M 12 8 L 26 10", 0.8, WHITE.alpha(0.85));
    });
}

pub(super) fn sitting_cat(c: &mut Canvas, k: &Look) {
    let coat = fur(k, 0);
    c.l("M 20 42 Q 46 44 42 22 Q 40 10 46 6", 8.0, coat.dim(0.1));
    c.p("M -22 48 Q -30 10 -10 -8 L 12 -8 Q 32 14 24 48 Z", coat);
    c.p("M -9 46 Q -13 14 0 4 Q 13 14 9 46 Z", WHITE.mix(coat, 0.3));
    for x in [-9.0, 9.0] {
        c.r(x - 7.0, 20.0, 14.0, 29.0, 7.0, coat.lit(0.06));
        c.e(x, 47.0, 8.0, 4.0, WHITE.mix(coat, 0.3));
    }
    c.l("M -24 24 L -17 26 M -24 32 L -17 33 M 25 24 L 18 26 M 25 32 L 18 33", 2.4, coat.dim(0.3).alpha(0.7));
    cat_head(c, 0.0, -22.0, 1.08, coat, false);
    c.l("M -13 -4 Q 0 3 13 -4", 3.2, k.main);
    c.dot(0.0, 1.5, 3.4, 3.4, k.accent);
}

pub(super) fn sleeping_cat(c: &mut Canvas, k: &Look) {
    let coat = fur(k, 0);
    c.e(0.0, 38.0, 50.0, 13.0, k.main);
    c.e(0.0, 34.0, 44.0, 9.0, k.main.lit(0.35));
    c.p("M -40 32 Q -44 -8 0 -10 Q 46 -8 41 30 Q 20 44 -20 42 Q -38 42 -40 32 Z", coat);
    c.l("M 4 -8 L 6 2 M 15 -7 L 16 3 M 26 -2 L 25 7", 3.0, coat.dim(0.28).alpha(0.75));
    c.l("M 39 24 Q 30 42 0 40 Q -12 40 -14 36", 8.0, coat.dim(0.12));
    cat_head(c, -22.0, 20.0, 0.86, coat, true);
    c.l("M 28 -24 L 35 -24 L 28 -16 L 35 -16 M 40 -38 L 49 -38 L 40 -28 L 49 -28", 1.8, WHITE.alpha(0.9));
}

pub(super) fn cat_tree(c: &mut Canvas, k: &Look) {
    c.r(-36.0, 44.0, 72.0, 6.0, 2.0, k.main.dim(0.1));
    for (x, top) in [(-20.0, -6.0), (20.0, -32.0)] {
        c.r(x - 4.5, top, 9.0, 50.0 - top - 4.0, 2.0, k.wood.lit(0.25));
        let mut y = top + 4.0;
        while y < 44.0 {
            c.l(&format!("M {} {y} L {} {}", x - 4.0, x + 4.0, y + 1.5), 1.1, k.wood.dim(0.15).alpha(0.7));
            y += 4.0;
        }
    }
    c.r(-40.0, 10.0, 34.0, 34.0, 6.0, k.main);
    c.e(-23.0, 28.0, 11.0, 11.0, k.main.dim(0.6));
    c.r(-42.0, -8.0, 44.0, 7.0, 3.0, k.main.lit(0.15));
    c.r(2.0, -36.0, 40.0, 7.0, 3.0, k.main.lit(0.15));
    let coat = fur(k, 0);
    c.l("M 30 -37 Q 40 -30 37 -16", 4.0, coat.dim(0.1));
    c.e(26.0, -42.0, 13.0, 8.0, coat);
    cat_head(c, 14.0, -46.0, 0.5, coat, k.v[1] < 0.4);
    c.l("M -34 -1 L -34 10", 1.0, k.wood);
    c.ball(-34.0, 13.0, 4.0, 4.0, k.accent);
    if k.v[2] < 0.5 {
        cat_head(c, -23.0, 28.0, 0.38, fur(k, 3), false);
    }
}

fn dog_face(c: &mut Canvas, coat: Ink, muzzle: Ink) {
    c.e(0.0, 9.0, 13.0, 10.0, muzzle);
    for x in [-11.0, 11.0] {
        c.dot(x, -3.0, 3.0, 3.6, BLACK);
        c.dot(x - 0.8, -4.2, 1.0, 1.0, WHITE);
        c.dot(x, -11.0, 3.0, 2.0, muzzle.mix(coat, 0.2));
    }
    c.e(0.0, 4.0, 4.6, 3.4, BLACK);
    c.l("M 0 7 L 0 11 M -6 11 Q -3 15 0 11 Q 3 15 6 11", 1.3, BLACK);
    c.p("M -3.4 13.4 L 3.4 13.4 Q 4 21 0 21 Q -4 21 -3.4 13.4 Z", ink(0xee7f86));
}

pub(super) fn shiba(c: &mut Canvas, k: &Look) {
    let coat = k.one_of(0, &[0xdf9450, 0xc77f46, 0x4e454a, 0xe8c79a]);
    let pale = ink(0xfaeedd);
    c.l("M 24 26 Q 46 22 42 4 Q 34 -8 28 4", 9.0, coat.dim(0.05));
    c.p("M -24 48 Q -28 10 -12 0 L 14 0 Q 32 12 27 48 Z", coat);
    c.p("M -10 46 Q -12 14 0 6 Q 12 14 10 46 Z", pale);
    for x in [-10.0, 10.0] {
        c.r(x - 7.0, 22.0, 14.0, 27.0, 6.0, coat.lit(0.08));
        c.e(x, 47.0, 8.5, 4.0, pale);
    }
    c.at(0.0, -20.0, 1.1, 1.1, 0.0, |c| {
        for side in [-1.0, 1.0] {
            c.at(side * 15.0, -13.0, side, 1.0, 0.0, |c| {
                c.p("M -8 4 L 3 -15 Q 11 -4 9 8 Z", coat);
                c.p("M -3 2 L 3 -8 Q 6 -2 5 4 Z", pale);
            });
        }
        c.p("M -25 -2 Q -24 -22 0 -22 Q 24 -22 25 -2 Q 24 18 0 21 Q -24 18 -25 -2 Z", coat);
        c.p("M -23 4 Q -14 -2 -10 6 L 10 6 Q 14 -2 23 4 Q 20 18 0 21 Q -20 18 -23 4 Z", pale);
        dog_face(c, coat, pale);
    });
    c.p("M -17 3 Q 0 12 17 3 L 8 20 L 0 26 L -8 20 Z", k.main);
    c.dot(-4.0, 12.0, 1.6, 1.6, WHITE);
    c.dot(5.0, 13.0, 1.6, 1.6, WHITE);
}

pub(super) fn dachshund(c: &mut Canvas, k: &Look) {
    let coat = k.one_of(0, &[0x9a5a35, 0x54403c, 0xc2854e, 0x7b4a33]);
    c.l("M 42 18 Q 54 8 55 -6", 4.5, coat);
    for x in [-24.0, -13.0, 28.0, 38.0] {
        c.r(x - 4.0, 30.0, 9.0, 20.0, 4.0, coat.dim(if !(-15.0..=30.0).contains(&x) { 0.0 } else { 0.18 }));
    }
    c.r(-34.0, 8.0, 80.0, 29.0, 14.0, coat);
    if k.v[1] < 0.6 {
        c.r(-10.0, 7.0, 38.0, 30.0, 8.0, k.main);
        for x in [-4.0, 5.0, 14.0, 23.0] {
            c.l(&format!("M {x} 9 L {x} 35"), 2.4, k.light.alpha(0.8));
        }
    }
    c.p("M -34 24 Q -40 6 -32 -12 L -16 -12 Q -10 6 -14 24 Z", coat);
    c.l("M -36 4 Q -26 10 -14 4", 3.4, k.accent);
    c.p(
        "M -54 -12 Q -56 -20 -42 -23 Q -36 -34 -22 -32 Q -8 -28 -12 -12 Q -18 -2 -34 -6 L -48 -6 Q -54 -6 -54 -12 Z",
        coat,
    );
    c.p("M -54 -12 Q -54 -17 -46 -18 L -40 -6 L -48 -6 Q -54 -6 -54 -12 Z", coat.lit(0.3));
    c.dot(-53.0, -14.0, 3.6, 3.0, BLACK);
    c.dot(-35.0, -21.0, 2.6, 3.0, BLACK);
    c.dot(-35.8, -22.0, 0.9, 0.9, WHITE);
    c.p("M -22 -28 Q -8 -30 -8 -10 Q -10 6 -18 4 Q -26 0 -22 -28 Z", coat.dim(0.2));
}

pub(super) fn poodle(c: &mut Canvas, k: &Look) {
    let coat = k.one_of(0, &[0xc68e5f, 0xf3e8da, 0xa8714a, 0x6a6068, 0xe3bf95]);
    let curls = |c: &mut Canvas, x: f32, y: f32, r: f32, color: Ink| {
        for n in 0..8 {
            let (sin, cos) = sin_cos(n as f32 * 45.0);
            c.ball(x + cos * r * 0.7, y + sin * r * 0.7, r * 0.5, r * 0.5, color);
        }
        c.e(x, y, r * 0.8, r * 0.8, color);
    };
    curls(c, 0.0, 36.0, 26.0, coat.dim(0.06));
    for x in [-12.0, 12.0] {
        curls(c, x, 44.0, 9.0, coat);
    }
    for x in [-33.0, 33.0] {
        curls(c, x, -2.0, 16.0, coat.dim(0.12));
    }
    c.e(0.0, -6.0, 31.0, 29.0, coat);
    curls(c, 0.0, -32.0, 20.0, coat);
    curls(c, -16.0, -24.0, 12.0, coat);
    curls(c, 16.0, -24.0, 12.0, coat);
    c.at(0.0, -4.0, 1.15, 1.15, 0.0, |c| dog_face(c, coat, coat.lit(0.45)));
    c.p("M -16 22 L 0 27 L 16 22 L 16 34 L 0 28 L -16 34 Z", k.main);
    c.dot(0.0, 27.5, 4.0, 4.0, k.accent);
}

pub(super) fn fish_bowl(c: &mut Canvas, k: &Look) {
    c.e(0.0, 4.0, 46.0, 44.0, WHITE.alpha(0.35));
    c.p2(
        "M -42 -10 Q 0 -4 42 -10 Q 50 22 24 44 L -24 44 Q -50 22 -42 -10 Z",
        k.second.lit(0.55).alpha(0.75),
        k.second.lit(0.25).alpha(0.85),
    );
    c.p("M -36 30 Q 0 20 36 30 Q 30 42 22 45 L -22 45 Q -30 42 -36 30 Z", k.light.dim(0.15));
    for (x, h) in [(-24.0, 34.0), (-18.0, 24.0), (26.0, 28.0)] {
        c.l(&format!("M {x} 32 Q {} {} {x} {}", x + 7.0, 32.0 - h * 0.5, 32.0 - h), 3.0, k.leaf);
    }
    let fish = |c: &mut Canvas, x: f32, y: f32, s: f32, color: Ink| {
        c.at(x, y, s, s.abs(), 0.0, |c| {
            c.p("M 12 0 Q 28 -16 30 -2 Q 32 14 12 2 Z", color.lit(0.2));
            c.p("M -4 -8 Q 4 -18 12 -8 Z", color.dim(0.08));
            c.e(0.0, 0.0, 16.0, 10.0, color);
            c.dot(-9.0, -2.0, 2.8, 3.0, WHITE);
            c.dot(-9.6, -2.0, 1.5, 1.8, BLACK);
            c.l("M -1 -5 Q 3 0 -1 5", 1.3, color.dim(0.25));
        });
    };
    fish(c, -4.0, 8.0, 1.0, k.one_of(0, &[0xf0793a, 0xe9553f, 0xf5b445]));
    if k.v[1] < 0.6 {
        fish(c, 20.0, 22.0, -0.6, k.one_of(2, &[0xf5b445, 0xf7f0e6, 0xe9553f]));
    }
    for (x, y, r) in [(-24.0, -1.0, 2.0), (-20.0, 6.0, 1.4), (-25.0, 12.0, 2.4)] {
        c.ring(x, y, r, r, 0.9, WHITE.alpha(0.9));
    }
    c.ring(0.0, -33.0, 27.0, 5.0, 2.2, WHITE.alpha(0.85));
    c.l("M -36 -16 Q -44 2 -38 20", 4.0, WHITE.alpha(0.6));
}

pub(super) fn parrot(c: &mut Canvas, k: &Look) {
    c.l("M 0 36 L 0 49", 4.5, k.wood.dim(0.25));
    c.e(0.0, 48.5, 24.0, 3.6, k.wood.dim(0.1));
    c.l("M -46 34 Q 0 33 46 34", 5.0, k.wood);
    for x in [-46.0, 46.0] {
        c.ball(x, 34.0, 4.6, 4.6, k.accent);
    }
    c.p("M 6 20 Q 24 34 30 50 L 19 52 Q 8 42 -4 30 Z", k.second);
    c.p("M -12 34 Q -32 10 -22 -22 Q -14 -44 6 -42 Q 26 -38 24 -10 Q 26 20 6 36 Q -4 42 -12 34 Z", k.main);
    c.p("M -18 26 Q -26 6 -16 -6 Q -4 4 -4 30 Q -10 36 -18 26 Z", k.accent);
    c.p("M 6 -8 Q 28 -2 24 16 Q 20 34 6 42 Q 0 14 6 -8 Z", k.second);
    c.l("M 12 4 Q 20 8 20 18 M 10 14 Q 17 19 16 28", 1.5, k.second.dim(0.3));
    c.e(-8.0, -24.0, 11.0, 10.0, WHITE);
    c.dot(-8.0, -25.0, 3.2, 3.6, BLACK);
    c.dot(-9.0, -26.4, 1.1, 1.1, WHITE);
    c.p("M -18 -28 Q -34 -24 -30 -10 Q -22 -10 -17 -16 Z", ink(0xf0b040));
    c.l("M -4 36 L -6 40 M 2 35 L 2 40", 3.0, ink(0xd98a4a));
    if k.v[0] < 0.6 {
        c.p("M 2 -40 Q 4 -58 16 -56 Q 10 -50 12 -38 Z", k.accent);
    }
}

pub(super) fn hamster(c: &mut Canvas, k: &Look) {
    let coat = k.one_of(0, &[0xe2a866, 0xc99a78, 0xa99c94, 0xf0d3a8]);
    for x in [-22.0, 22.0] {
        c.e(x, -22.0, 9.5, 9.5, coat.dim(0.05));
        c.e(x, -21.0, 5.5, 5.5, ink(0xf2a8a0));
    }
    c.p("M -40 34 Q -46 2 -28 -14 Q -14 -26 0 -26 Q 14 -26 28 -14 Q 46 2 40 34 Q 34 50 0 50 Q -34 50 -40 34 Z", coat);
    c.p("M -24 40 Q -34 10 -12 4 L 12 4 Q 34 10 24 40 Q 14 50 0 50 Q -14 50 -24 40 Z", ink(0xfdf3e4));
    for x in [-25.0, 25.0] {
        c.glow(x, 6.0, 9.0, 7.0, ink(0xf08078).alpha(0.55));
    }
    for x in [-14.0, 14.0] {
        c.dot(x, -5.0, 4.2, 4.8, BLACK);
        c.dot(x - 1.2, -7.0, 1.5, 1.5, WHITE);
    }
    c.e(0.0, 2.0, 3.0, 2.2, ink(0xe07a7a));
    c.l("M 0 4 Q -4 9 -7 6 M 0 4 Q 4 9 7 6", 1.3, BLACK);
    c.p("M 0 12 Q -9 24 0 33 Q 9 24 0 12 Z", BLACK.lit(0.2));
    c.l("M -2.5 20 L -1.5 29 M 2.5 20 L 1.5 29", 1.2, WHITE);
    for x in [-9.0, 9.0] {
        c.e(x, 24.0, 5.0, 4.0, ink(0xf2b8a8));
    }
    for x in [-15.0, 15.0] {
        c.e(x, 49.0, 8.0, 3.6, ink(0xf2b8a8));
    }
}
