//! Travel: wild places, islands, towns. Drawn in pixels of a 256 by 256 field.

use super::{
    draw::{BLACK, Canvas, Ink, WHITE, ink},
    palette::Look,
};

fn sky(c: &mut Canvas, k: &Look, dusk: bool) {
    c.quiet(|c| {
        let [top, low] = if dusk { k.dusk } else { k.day };
        c.p2("M -60 -60 L 316 -60 L 316 316 L -60 316 Z", top, low);
        c.glow(128.0, 170.0, 240.0, 90.0, WHITE.alpha(0.35));
        let shade = if dusk { WHITE.mix(low, 0.55) } else { WHITE };
        for _ in 0..3 {
            let (x, y, s) = (c.random(10.0, 246.0), c.random(18.0, 80.0), c.random(0.6, 1.2));
            c.at(x, y, s, s, 0.0, |c| {
                for (dx, dy, r) in [(-18.0, 2.0, 11.0), (0.0, -4.0, 16.0), (18.0, 2.0, 12.0)] {
                    c.dot(dx, dy, r * 1.2, r * 0.8, shade.alpha(0.6));
                }
            });
        }
    });
}

fn hills(c: &mut Canvas, y: f32, color: Ink) {
    c.quiet(|c| {
        let (a, b) = (c.random(-26.0, 12.0), c.random(-26.0, 12.0));
        c.p(&format!("M -60 316 L -60 {y} Q 40 {} 120 {y} Q 200 {} 316 {} L 316 316 Z", y + a, y + b, y - 6.0), color);
    });
}

fn pine(c: &mut Canvas, x: f32, y: f32, s: f32, color: Ink) {
    c.at(x, y, s, s, 0.0, |c| {
        c.r(-3.0, -8.0, 6.0, 10.0, 1.0, ink(0x6b4a35));
        c.p(
            "M 0 -60 L 13 -36 L 8 -36 L 18 -18 L 12 -18 L 22 -4 L -22 -4 L -12 -18 L -18 -18 L -8 -36 L -13 -36 Z",
            color,
        );
    });
}

pub(super) fn tent(c: &mut Canvas, k: &Look) {
    let dusk = k.v[0] < 0.4;
    sky(c, k, dusk);
    hills(c, 140.0, k.leaf.mix(k.wall, 0.45));
    c.quiet(|c| {
        for n in 0..8 {
            let (x, s) = (n as f32 * 38.0 - 8.0 + c.random(-12.0, 12.0), c.random(0.8, 1.5));
            pine(c, x, 178.0, s, k.leaf.dim(0.25));
        }
    });
    hills(c, 172.0, k.leaf.lit(0.1));
    c.at(100.0 + 56.0 * k.v[1], 206.0, 1.5, 1.5, 0.0, |c| {
        c.shadow(0.0, 0.0, 52.0, 8.0);
        c.p("M -16 -48 L 46 0 L -4 0 Z", k.main.dim(0.15));
        c.p("M -16 -48 L -44 0 L 12 0 Z", k.main);
        c.p("M -16 -46 L -24 0 L -6 0 Z", if dusk { ink(0xffe29a) } else { k.main.dim(0.55) });
        c.p("M -16 -46 L -24 0 L -33 0 Z", k.light);
        c.l("M -16 -48 L -20 -54 M -44 0 L -54 3 M 46 0 L 55 3", 1.6, k.wood.dim(0.3));
        if dusk {
            c.glow(-14.0, -10.0, 34.0, 26.0, ink(0xffdf90).alpha(0.6));
        }
    });
    c.at(206.0 - 140.0 * (1.0 - k.v[1]), 222.0, 1.0, 1.0, 0.0, |c| {
        c.l("M -13 4 L 13 -3 M -13 -3 L 13 4", 5.0, k.wood.dim(0.25));
        c.p2("M -9 0 Q -13 -14 0 -30 Q 13 -14 9 0 Z", ink(0xf78c3a), ink(0xffd660));
        c.glow(0.0, -12.0, 34.0, 34.0, ink(0xffc45c).alpha(0.5));
    });
}

pub(super) fn mountains(c: &mut Canvas, k: &Look) {
    sky(c, k, k.v[0] < 0.25);
    c.quiet(|c| c.glow(40.0 + 170.0 * k.v[1], 50.0, 90.0, 80.0, ink(0xfff4c9).alpha(0.7)));
    let [top, low] = if k.v[0] < 0.25 { k.dusk } else { k.day };
    let water = top.mix(k.second, 0.3).mix(low, 0.25);
    let rock = k.main.mix(ink(0x6b7f96), 0.5);
    for (n, (x, y, s)) in [(64.0, 176.0, 1.0), (198.0, 176.0, 1.15), (128.0, 178.0, 1.5)].into_iter().enumerate() {
        let wobble = c.random(-10.0, 10.0);
        let tone = rock.mix(k.wall, 0.4 - 0.18 * n as f32);
        c.at(x + wobble, y, s, s, 0.0, |c| {
            c.flat("M -78 0 L 0 -92 L 82 0 Z", tone);
            c.flat("M 0 -92 L 82 0 L 14 0 L 8 -34 L -6 -56 Z", tone.dim(0.2));
            c.flat("M 0 -92 L 24 -65 L 12 -56 L 4 -64 L -6 -52 L -14 -60 L -25 -63 Z", WHITE);
        });
    }
    hills(c, 168.0, k.leaf.dim(0.1));
    c.p2("M -60 186 Q 128 174 316 188 L 316 316 L -60 316 Z", water.lit(0.25), water.dim(0.12));
    c.quiet(|c| {
        for n in 0..7 {
            let (x, y) = (c.random(20.0, 236.0), 198.0 + 7.0 * n as f32);
            c.dot(x, y, 26.0, 1.3, WHITE.alpha(0.5));
        }
        for n in 0..4 {
            let (side, s) = (if k.v[2] < 0.5 { 0.0 } else { 196.0 }, c.random(1.0, 1.7));
            pine(c, side + 20.0 * n as f32, 252.0, s, k.leaf.dim(0.35));
        }
    });
}

pub(super) fn balloon(c: &mut Canvas, k: &Look) {
    sky(c, k, k.v[0] < 0.2);
    hills(c, 206.0, k.main.mix(k.wall, 0.5));
    hills(c, 226.0, k.leaf.mix(k.ground, 0.4));
    let one = |c: &mut Canvas, x: f32, y: f32, s: f32, a: Ink, b: Ink| {
        c.at(x, y, s, s, 0.0, |c| {
            c.l("M -14 34 L -7 54 M 14 34 L 7 54", 1.2, k.wood.dim(0.3));
            c.p("M -16 36 Q -48 6 -44 -16 Q -38 -54 0 -54 Q 38 -54 44 -16 Q 48 6 16 36 Z", a);
            c.p("M -10 37 Q -28 4 -25 -16 Q -20 -50 0 -54 Q 20 -50 25 -16 Q 28 4 10 37 Z", b);
            c.p("M -4 37 Q -10 4 -9 -16 Q -7 -48 0 -54 Q 7 -48 9 -16 Q 10 4 4 37 Z", a.lit(0.2));
            c.glow(-18.0, -26.0, 18.0, 22.0, WHITE.alpha(0.4));
            c.r(-9.0, 53.0, 18.0, 14.0, 3.0, k.wood);
            c.l("M -9 57 L 9 57", 1.6, k.wood.dim(0.3));
        });
    };
    if k.v[1] < 0.75 {
        one(c, 206.0 - 160.0 * (1.0 - k.v[2]).round(), 88.0, 0.5, k.second, k.light);
    }
    one(c, 96.0 + 62.0 * k.v[2], 116.0, 1.35, k.main, k.accent);
    c.quiet(|c| c.glow(128.0, 250.0, 150.0, 30.0, WHITE.alpha(0.4)));
}

fn sea(c: &mut Canvas, k: &Look, y: f32, dusk: bool) {
    c.quiet(|c| {
        let (water, shine) =
            if dusk { (k.dusk[0].dim(0.15), k.dusk[1]) } else { (k.day[0].mix(ink(0x2f9db8), 0.6), WHITE) };
        c.p2(&format!("M -60 {y} L 316 {y} L 316 316 L -60 316 Z"), water.lit(0.1), water.mix(shine, 0.5));
        for _ in 0..14 {
            let (x, dy, w) = (c.random(0.0, 256.0), c.random(4.0, 80.0), c.random(8.0, 24.0));
            c.dot(x, y + dy, w, 1.2, shine.alpha(0.5));
        }
    });
}

fn sand(c: &mut Canvas, k: &Look, y: f32) {
    c.quiet(|c| {
        let tone = ink(0xf1dcae).mix(k.ground, 0.25);
        c.p(
            &format!(
                "M -60 {} Q 60 {} 140 {y} Q 220 {} 316 {} L 316 316 L -60 316 Z",
                y + 4.0,
                y - 16.0,
                y + 14.0,
                y - 12.0
            ),
            WHITE.alpha(0.75),
        );
        let y = y + 6.0;
        c.p(
            &format!(
                "M -60 {} Q 60 {} 140 {y} Q 220 {} 316 {} L 316 316 L -60 316 Z",
                y + 4.0,
                y - 16.0,
                y + 14.0,
                y - 12.0
            ),
            tone,
        );
    });
}

pub(super) fn parasol(c: &mut Canvas, k: &Look) {
    let dusk = k.v[2] < 0.25;
    sky(c, k, dusk);
    sea(c, k, 118.0, dusk);
    sand(c, k, 178.0);
    c.at(96.0 + 60.0 * k.v[0], 208.0, 1.5, 1.5, 0.0, |c| {
        c.shadow(8.0, 0.0, 46.0, 7.0);
        c.at(0.0, 0.0, 1.0, 1.0, 8.0, |c| {
            c.r(-1.6, -84.0, 3.2, 84.0, 1.0, k.wood.lit(0.2));
            c.p("M -46 -58 Q -38 -92 0 -92 Q 38 -92 46 -58 Q 38 -64 31 -58 Q 23 -64 15 -58 Q 8 -64 0 -58 Q -8 -64 -15 -58 Q -23 -64 -31 -58 Q -38 -64 -46 -58 Z", k.main);
            c.p("M -31 -58 Q -26 -88 0 -92 Q -16 -82 -15 -58 Q -23 -64 -31 -58 Z", k.light);
            c.p("M 31 -58 Q 26 -88 0 -92 Q 16 -82 15 -58 Q 23 -64 31 -58 Z", k.light);
            c.dot(0.0, -93.0, 2.6, 2.6, k.accent);
        });
        c.l("M 4 0 L 36 0 L 52 -20 M 10 0 L 8 9 M 36 0 L 40 9", 3.0, k.wood);
        c.l("M 6 -2 L 36 -2 L 50 -20", 4.6, k.accent);
        c.ball(-30.0, 2.0, 9.0, 9.0, k.second);
        c.p("M -30 -7 Q -24 2 -30 11 Q -36 2 -30 -7 Z", WHITE);
    });
}

pub(super) fn palm(c: &mut Canvas, k: &Look) {
    sky(c, k, k.v[0] < 0.35);
    c.quiet(|c| c.ball(60.0 + 130.0 * k.v[2], 92.0, 22.0, 22.0, ink(0xfff0c0)));
    sea(c, k, 150.0, k.v[0] < 0.35);
    c.p(&format!("M 10 238 Q 128 {} 246 238 Q 128 268 10 238 Z", 186.0), ink(0xf1dcae).mix(k.ground, 0.2));
    let tree = |c: &mut Canvas, x: f32, lean: f32, s: f32| {
        c.at(x, 222.0, s, s, 0.0, |c| {
            c.l(&format!("M 0 0 Q {} -60 {lean} -116", lean * 0.1), 8.0, k.wood);
            for n in 0..7 {
                let t = n as f32 / 7.0;
                let (px, py) = (lean * t * t, -116.0 * t);
                c.l(&format!("M {} {py} L {} {}", px - 4.0, px + 4.0, py - 1.0), 1.4, k.wood.dim(0.3));
            }
            for turn in [-110.0, -74.0, -36.0, 6.0, 44.0, 82.0, 116.0] {
                c.at(lean, -116.0, 1.0, 1.0, turn, |c| {
                    c.p("M -2 2 Q -16 -26 -2 -62 Q 8 -54 4 -44 L 10 -42 Q 9 -32 6 -30 L 11 -26 Q 9 -12 4 2 Z", k.leaf);
                });
            }
            for dx in [-6.0, 5.0] {
                c.ball(lean + dx, -109.0, 5.4, 5.4, ink(0x7a5233));
            }
        });
    };
    tree(c, 110.0 + 20.0 * k.v[1], 34.0, 1.15);
    if k.v[3] < 0.55 {
        tree(c, 160.0, -40.0, 0.85);
    }
}

pub(super) fn sailboat(c: &mut Canvas, k: &Look) {
    sky(c, k, k.v[0] < 0.3);
    if k.v[1] < 0.5 {
        c.quiet(|c| c.p("M 150 156 Q 190 118 236 140 Q 262 146 316 156 Z", k.leaf.mix(k.wall, 0.45)));
    }
    sea(c, k, 154.0, k.v[0] < 0.3);
    c.at(104.0 + 46.0 * k.v[2], 196.0, 1.5, 1.5, -5.0 + 10.0 * k.v[3], |c| {
        c.l("M 0 0 L 0 -94", 2.8, k.wood.dim(0.2));
        c.p("M 4 -92 Q 46 -50 44 -12 L 4 -8 Z", k.main);
        c.p("M 4 -52 Q 26 -44 36 -44 Q 42 -30 43 -24 L 4 -26 Z", k.accent.alpha(0.9));
        c.p("M -4 -86 Q -14 -40 -38 -12 L -4 -9 Z", k.light);
        c.p("M 0 -94 L -14 -90 L 0 -86 Z", k.second);
        c.p("M -48 -2 L 52 -2 Q 44 22 26 22 L -26 22 Q -42 18 -48 -2 Z", k.wood);
        c.p("M -48 -2 L 52 -2 L 50 5 L -46 5 Z", WHITE);
    });
    c.quiet(|c| {
        c.l("M 30 232 Q 60 222 90 232 Q 120 242 150 232 Q 180 222 226 234", 4.0, WHITE.alpha(0.55));
        c.l("M 40 70 Q 47 62 54 70 Q 61 62 68 70 M 76 50 Q 82 44 88 50 Q 94 44 100 50", 1.8, BLACK.alpha(0.6));
    });
}

pub(super) fn skyline(c: &mut Canvas, k: &Look) {
    let is_day = k.v[0] > 0.75;
    let is_night = k.v[0] < 0.35;
    let [top, low] = if is_night { k.night } else { k.dusk };
    if is_day {
        sky(c, k, false);
    } else {
        c.quiet(|c| c.p2("M -60 -60 L 316 -60 L 316 316 L -60 316 Z", top, low));
    }
    c.quiet(|c| {
        let (x, y) = (50.0 + 150.0 * k.v[1], 40.0 + 60.0 * k.v[2]);
        c.glow(x, y, 60.0, 60.0, ink(0xfff2cc).alpha(0.5));
        c.ball(x, y, 17.0, 17.0, ink(0xfff2cc));
    });
    let (haze, dark) = if is_day { (k.day[1], k.second.dim(0.2)) } else { (low, top.dim(0.45)) };
    let lamp = if is_day { WHITE.alpha(0.55) } else { ink(0xffe7a3) };
    for layer in 0..2 {
        let mut x = -14.0;
        while x < 262.0 {
            let (w, h) = (c.random(22.0, 40.0), c.random(52.0, 116.0) + 30.0 * (1 - layer) as f32);
            let (top, pick) = (216.0 - h, c.count(0, 2));
            let tone = [k.main, k.second, k.accent][pick].mix(dark, if is_day { 0.1 } else { 0.62 });
            let tone = if layer == 0 { tone.mix(haze, 0.5) } else { tone };
            c.r(x, top, w, h + 4.0, 1.5, tone);
            if pick == 1 && h > 90.0 {
                let mid = x + w / 2.0;
                c.p(&format!("M {x} {top} L {mid} {} L {} {top} Z", top - 22.0, x + w), tone);
                c.l(&format!("M {mid} {} L {mid} {}", top - 20.0, top - 38.0), 1.8, tone);
            }
            if layer == 1 {
                windows(c, x, top, w, lamp);
            }
            x += w + c.random(0.0, 5.0);
        }
    }
    let (far, near) = if is_day { (k.day[0], k.day[0].dim(0.25)) } else { (low.mix(dark, 0.55), dark) };
    c.p2("M -60 214 L 316 214 L 316 316 L -60 316 Z", far, near);
    c.quiet(|c| {
        for _ in 0..22 {
            let (x, y, w) = (c.random(0.0, 256.0), c.random(220.0, 254.0), c.random(5.0, 18.0));
            c.dot(x, y, w, 1.3, lamp.alpha(0.45));
        }
    });
}

fn windows(c: &mut Canvas, x: f32, top: f32, w: f32, lamp: Ink) {
    let mut y = top + 8.0;
    while y < 204.0 {
        let mut left = x + 5.0;
        while left < x + w - 6.0 {
            if c.chance(0.6) {
                let (right, low) = (left + 4.0, y + 6.0);
                c.flat(&format!("M {left} {y} L {right} {y} L {right} {low} L {left} {low} Z"), lamp);
            }
            left += 8.0;
        }
        y += 12.0;
    }
}

pub(super) fn pagoda(c: &mut Canvas, k: &Look) {
    sky(c, k, k.v[0] < 0.3);
    hills(c, 172.0, k.leaf.mix(k.wall, 0.5));
    hills(c, 206.0, k.leaf);
    c.at(104.0 + 48.0 * k.v[1], 226.0, 0.9, 0.9, 0.0, |c| {
        let floors = if k.v[2] < 0.5 { 4 } else { 5 };
        let mut y = 0.0;
        for n in 0..floors {
            let w = 46.0 - 6.5 * n as f32;
            let h = 30.0 - 1.5 * n as f32;
            c.r(-w, y - h, w * 2.0, h, 1.0, k.main);
            c.l(
                &format!("M {} {} L {} {y} M {} {} L {} {y}", -w + 6.0, y - h, -w + 6.0, w - 6.0, y - h, w - 6.0),
                3.0,
                k.main.dim(0.3),
            );
            c.r(-9.0, y - h * 0.62, 18.0, h * 0.5, 1.0, ink(0xffe3a0));
            c.l(&format!("M 0 {} L 0 {}", y - h * 0.62, y - h * 0.14), 1.2, k.main.dim(0.4));
            let (roof, out) = (y - h, w + 14.0);
            c.p(
                &format!(
                    "M {} {} Q {} {} {} {} L {} {} Q {} {} {out} {} Q 0 {} {} {} Z",
                    -out,
                    roof - 4.0,
                    -w,
                    roof - 2.0,
                    -w + 10.0,
                    roof - 13.0,
                    w - 10.0,
                    roof - 13.0,
                    w,
                    roof - 2.0,
                    roof - 4.0,
                    roof + 9.0,
                    -out,
                    roof - 4.0
                ),
                k.second.dim(0.25),
            );
            y -= h + 11.0;
        }
        c.l(&format!("M 0 {y} L 0 {}", y - 26.0), 3.0, k.accent);
        c.ball(0.0, y - 14.0, 4.0, 4.0, k.accent);
    });
    c.quiet(|c| {
        for n in 0..3 {
            let x = if k.v[1] < 0.5 { 216.0 + 18.0 * n as f32 } else { 8.0 + 16.0 * n as f32 };
            c.e(x, 212.0 - 10.0 * n as f32, 24.0, 22.0, k.accent.lit(0.25));
        }
        c.p("M -60 238 Q 128 222 316 240 L 316 316 L -60 316 Z", k.ground);
    });
}

pub(super) fn tram(c: &mut Canvas, k: &Look) {
    sky(c, k, k.v[0] < 0.25);
    c.quiet(|c| {
        let mut x = -10.0;
        while x < 262.0 {
            let (w, h, pick) = (c.random(40.0, 62.0), c.random(70.0, 120.0), c.count(0, 2));
            let tone = [k.wall, k.light, k.second.lit(0.35)][pick].dim(0.08);
            c.r(x, 196.0 - h, w, h, 1.0, tone);
            c.p(
                &format!(
                    "M {} {} L {} {} L {} {} Z",
                    x - 3.0,
                    196.0 - h,
                    x + w / 2.0,
                    178.0 - h,
                    x + w + 3.0,
                    196.0 - h
                ),
                k.wood.dim(0.15),
            );
            for wx in [0.2, 0.6] {
                c.r(x + w * wx, 208.0 - h, w * 0.2, 18.0, 2.0, k.second.dim(0.3));
            }
            x += w + 2.0;
        }
        c.p2("M -60 196 L 316 196 L 316 316 L -60 316 Z", k.ground, k.ground.dim(0.2));
        c.l("M -20 226 L 280 226 M -20 238 L 280 238", 2.2, BLACK.alpha(0.45));
        c.l("M -20 84 L 280 78", 1.3, BLACK.alpha(0.6));
    });
    c.at(118.0 + 20.0 * k.v[1], 230.0, 1.36, 1.36, 0.0, |c| {
        c.l("M -8 -66 L 6 -80 L -6 -96 M 0 -96 L -14 -96", 1.8, BLACK.alpha(0.8));
        c.r(-62.0, -66.0, 124.0, 9.0, 4.0, k.main.dim(0.2));
        c.r(-58.0, -60.0, 116.0, 54.0, 7.0, k.light);
        c.r(-58.0, -32.0, 116.0, 26.0, 5.0, k.main);
        for n in 0..5 {
            let x = -53.0 + 21.6 * n as f32;
            if n == 2 {
                c.r(x, -54.0, 18.0, 46.0, 2.0, k.main.dim(0.3));
                c.r(x + 2.0, -52.0, 14.0, 22.0, 1.5, ink(0xcfe8f0));
            } else {
                c.r(x, -53.0, 18.0, 18.0, 2.5, ink(0xcfe8f0));
                c.l(&format!("M {} -38 L {} -50", x + 4.0, x + 10.0), 1.6, WHITE.alpha(0.8));
            }
        }
        c.l("M -56 -24 L 56 -24", 2.4, k.accent);
        c.ball(-55.0, -16.0, 3.6, 3.6, ink(0xfff2b8));
        for x in [-44.0, -24.0, 24.0, 44.0] {
            c.e(x, -3.0, 7.6, 7.6, BLACK);
            c.dot(x, -3.0, 3.2, 3.2, WHITE.dim(0.3));
        }
    });
}
