//! Colours that go together. Every leaf may get every palette, so that colour alone never tells the leaf.

use rand::{RngExt as _, seq::IndexedRandom as _};
use rand_pcg::Pcg64Mcg;

use super::draw::{Ink, WHITE, ink};

/// Wall, ground, main, second, accent.
const PALETTES: [[u32; 5]; 18] = [
    [0xf3e3d3, 0xd9b99b, 0xd9735a, 0x5b8a8a, 0xf0b95b],
    [0xdfe8e6, 0xb7cbc6, 0x3f7d7a, 0xe79a7f, 0xf2cf7e],
    [0xf6e7e4, 0xe3bfb8, 0xc9697c, 0x7b8fb5, 0xf3c98b],
    [0xe4e6f0, 0xbcc1da, 0x5c6bab, 0xf0a07c, 0xf6d58a],
    [0xeef0e0, 0xccd3ac, 0x7b9457, 0xcf7b54, 0xf0c869],
    [0xf7efe0, 0xe0cba4, 0xc78a3b, 0x4d7393, 0xd9604f],
    [0xe8dfee, 0xc9b4d6, 0x8b66a8, 0x5fa59b, 0xf4b37f],
    [0xdcebf2, 0xa9cbdc, 0x3d83a8, 0xf2a65e, 0xe86f5e],
    [0xf4f1ec, 0xd6cdc0, 0x8c7660, 0x9db0a0, 0xd98b5f],
    [0xfbe9d0, 0xf0c48e, 0xe2733d, 0x2f6f73, 0xa63d40],
    [0xe2efe6, 0xaed3bd, 0x4c9a75, 0xf19c9c, 0xf5d76e],
    [0x46506b, 0x343b52, 0xe0916b, 0x7fb5b5, 0xf4d58d],
    [0x5a4a5e, 0x413548, 0xe3a587, 0x8fa8c9, 0xf2c14e],
    [0x3f5a57, 0x2d4341, 0xe8b27a, 0xcf6f5b, 0xf3dfa2],
    [0xfdf3ee, 0xf2d4cb, 0xee8a7a, 0x6cb0b4, 0xffc86b],
    [0xe9ecef, 0xc6ccd3, 0x6d7d92, 0xd78b76, 0xe9c46a],
    [0xf1ead2, 0xd5c58f, 0x5f8575, 0xb4534b, 0xe6a157],
    [0xf0dfe6, 0xd6aebf, 0xa1496b, 0x4f8f8b, 0xf1b86a],
];

const WOODS: [u32; 6] = [0xc99a6b, 0xa9744a, 0xe0bd92, 0x7f5539, 0xd4a276, 0xb98b64];
const LEAVES: [u32; 6] = [0x5f9a5a, 0x3f7f5c, 0x86a85a, 0x4f8f7a, 0x6fae6e, 0x99ad62];

/// Skies from the top to the horizon.
const DAYS: [[u32; 2]; 6] = [
    [0x8ec9ec, 0xf1fafd],
    [0x7fbfe6, 0xfdf3e0],
    [0xa9d8e6, 0xfff6e8],
    [0x9cc7f0, 0xfde8e4],
    [0xb6dcef, 0xf7fbf2],
    [0x86cbd8, 0xf6f4dc],
];
const DUSKS: [[u32; 2]; 8] = [
    [0x5a6fb0, 0xf7b58f],
    [0x8a6bb0, 0xffc3a0],
    [0xe88a7d, 0xffdf9e],
    [0x3f6f94, 0xf8c7a2],
    [0xd9789a, 0xffd8b0],
    [0x6a5aa0, 0xf29cae],
    [0xf2a65e, 0xfff0b8],
    [0x4f93a8, 0xfbd9b0],
];
const NIGHTS: [[u32; 2]; 6] = [
    [0x1a2450, 0x5566a6],
    [0x143049, 0x3a7f96],
    [0x2a2050, 0x8a5fa2],
    [0x17304a, 0x47709a],
    [0x262350, 0xbf7a9c],
    [0x183840, 0x5fa095],
];

/// The colours of one picture, and numbers in 0..1 by which its object may vary.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) wall: Ink,
    pub(super) ground: Ink,
    pub(super) main: Ink,
    pub(super) second: Ink,
    pub(super) accent: Ink,
    pub(super) light: Ink,
    pub(super) wood: Ink,
    pub(super) leaf: Ink,
    /// Each from the top to the horizon.
    pub(super) day: [Ink; 2],
    pub(super) dusk: [Ink; 2],
    pub(super) night: [Ink; 2],
    pub(super) v: [f32; 6],
}

impl Look {
    pub(super) fn draw(rng: &mut Pcg64Mcg) -> Self {
        let colors = PALETTES[rng.random_range(0..PALETTES.len())];
        let mut near = |hex: u32| {
            let shift: f32 = rng.random_range(-0.12..0.12);
            if shift > 0.0 { ink(hex).lit(shift) } else { ink(hex).dim(-shift) }
        };
        let (wall, ground) = (near(colors[0]), near(colors[1]));
        let (mut main, mut second, mut accent) = (near(colors[2]), near(colors[3]), near(colors[4]));
        match rng.random_range(0..4) {
            0 => std::mem::swap(&mut main, &mut second),
            1 => std::mem::swap(&mut main, &mut accent),
            2 => std::mem::swap(&mut second, &mut accent),
            _ => {}
        }
        let pick = |from: &[u32], rng: &mut Pcg64Mcg| ink(from.choose(rng).copied().unwrap_or(from[0]));
        let wood = pick(&WOODS, rng);
        let leaf = pick(&LEAVES, rng);
        let [day, dusk, night] = [&DAYS[..], &DUSKS[..], &NIGHTS[..]].map(|skies| {
            let [top, low] = skies[rng.random_range(0..skies.len())].map(ink);
            let drift: f32 = rng.random_range(0.0..0.18);
            [top.mix(second, drift), low.mix(wall, drift)]
        });
        let light = WHITE.mix(accent, rng.random_range(0.03..0.16));
        Self {
            wall,
            ground,
            main,
            second,
            accent,
            light,
            wood,
            leaf,
            day,
            dusk,
            night,
            v: std::array::from_fn(|_| rng.random()),
        }
    }

    /// One of several natural colours, by the variation number `which`.
    pub(super) fn one_of(&self, which: usize, colors: &[u32]) -> Ink {
        let at = (self.v[which] * colors.len() as f32) as usize;
        ink(colors[at.min(colors.len() - 1)])
    }
}
