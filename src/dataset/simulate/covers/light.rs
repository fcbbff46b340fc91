//! Light and lens: cast shadows, modelling light on an object, softness, and the grading of the finished picture.

use tiny_skia::{Pixmap, Transform};

use super::draw::{Canvas, Ink, WHITE, ink};

/// Where a picture's light comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Light {
    /// -1 from the left, 1 from the right.
    pub(super) side: f32,
    /// 0 overhead and soft to 1 low and hard.
    pub(super) slant: f32,
}

const SHADOW: Ink = ink(0x2a1f33);

/// The half-size silhouette of a layer in shadow colour; what is faint (steam, glows) casts none.
fn silhouette(layer: &Pixmap, softness: usize) -> Option<Pixmap> {
    let (width, height) = (layer.width() / 2, layer.height() / 2);
    let mut half = Pixmap::new(width, height)?;
    let stride = layer.width() as usize * 4;
    let [red, green, blue] = SHADOW.channels();
    let source = layer.data();
    for (at, pixel) in half.data_mut().chunks_exact_mut(4).enumerate() {
        let (x, y) = (at % width as usize, at / width as usize);
        let first = y * 2 * stride + x * 8 + 3;
        let sum: u32 =
            [first, first + 4, first + stride, first + stride + 4].iter().map(|&i| u32::from(source[i])).sum();
        let alpha = ((sum / 4).saturating_sub(110) * 255 / 145) as f32;
        pixel.copy_from_slice(&[red * alpha, green * alpha, blue * alpha, alpha].map(|value| (value + 0.5) as u8));
    }
    box_blur(&mut half, softness, 2);
    Some(half)
}

/// The shadow of what stands with its foot at `foot`, laid down on the ground away from the light. `depth`: how far
/// the ground rises in the picture per unit of height.
pub(super) fn cast_on_ground(c: &mut Canvas, layer: &Pixmap, foot: f32, depth: f32, light: Light) {
    let lean = -light.side * (0.25 + 0.5 * light.slant);
    let Some(shade) = silhouette(layer, if light.slant > 0.6 { 1 } else { 3 }) else { return };
    let place = Transform::from_row(1.0, 0.0, -lean, depth, foot * lean, foot - foot * depth).pre_scale(2.0, 2.0);
    c.lay(&shade, 0.2 + 0.22 * light.slant, place);
}

/// The shadow on a surface that lies parallel to the picture, `distance` pixels behind the object.
pub(super) fn cast_behind(c: &mut Canvas, layer: &Pixmap, distance: f32, light: Light) {
    for (share, softness, opacity) in [(1.0, 4, 0.30), (0.35, 2, 0.34)] {
        let Some(shade) = silhouette(layer, softness) else { return };
        let place =
            Transform::from_translate(-light.side * distance * share, distance * share * (1.1 - 0.4 * light.slant));
        c.lay(&shade, opacity, place.pre_scale(2.0, 2.0));
    }
}

/// Gives a layer form: brighter towards the light, a thin bright edge there and a darker one on the far side.
pub(super) fn model(layer: &mut Pixmap, bounds: [f32; 4], light: Light) {
    let side = layer.width() as usize;
    let height = layer.height() as usize;
    let alphas: Vec<u8> = layer.data().iter().skip(3).step_by(4).copied().collect();
    let alpha_at = |x: i32, y: i32| {
        if x < 0 || y < 0 || x as usize >= side || y as usize >= height {
            return 0;
        }
        i32::from(alphas[y as usize * side + x as usize])
    };
    let (cx, cy) = ((bounds[0] + bounds[2]) / 2.0, (bounds[1] + bounds[3]) / 2.0);
    let (half_w, half_h) = (((bounds[2] - bounds[0]) / 2.0).max(1.0), ((bounds[3] - bounds[1]) / 2.0).max(1.0));
    let toward = light.side as i32;
    let strength = 0.07 + 0.09 * light.slant;
    for (at, pixel) in layer.data_mut().chunks_exact_mut(4).enumerate() {
        let alpha = i32::from(pixel[3]);
        if alpha == 0 {
            continue;
        }
        let (x, y) = ((at % side) as i32, (at / side) as i32);
        let facing = (x as f32 - cx) / half_w * light.side * 0.6 - (y as f32 - cy) / half_h * 0.4;
        let rim = (alpha - alpha_at(x + 3 * toward, y - 2)).max(0) as f32 / 255.0;
        let away = (alpha - alpha_at(x - 3 * toward, y + 2)).max(0) as f32 / 255.0;
        let gain = 1.0 + strength * facing.clamp(-1.2, 1.2) - 0.16 * away;
        let lift = 46.0 * rim * (0.4 + 0.6 * light.slant);
        for value in &mut pixel[..3] {
            *value = (f32::from(*value) * gain + lift + 0.5).min(alpha as f32) as u8;
        }
    }
}

/// Panes of window light across the back of a picture.
pub(super) fn panes(c: &mut Canvas, light: Light) {
    let (x, y, size) = (c.random(40.0, 170.0), c.random(10.0, 70.0), c.random(0.8, 1.4));
    let warm = WHITE.mix(ink(0xffe9b8), 0.5).alpha(0.16 + 0.14 * light.slant);
    let skew = Transform::from_row(size, 0.0, -light.side * 0.35 * size, size, x, y);
    c.with(skew, |c| {
        for (px, py) in [(0.0, 0.0), (38.0, 0.0), (0.0, 48.0), (38.0, 48.0), (0.0, 96.0), (38.0, 96.0)] {
            c.flat(
                &format!("M {px} {py} L {} {py} L {} {} L {px} {} Z", px + 33.0, px + 33.0, py + 43.0, py + 43.0),
                warm,
            );
        }
    });
}

/// Out of focus, `depth` from 0 (sharp) to 4: blurred at half size, which is soft, fast, and small as a JPEG.
pub(super) fn soften(map: &mut Pixmap, depth: usize) {
    if depth == 0 {
        return;
    }
    let Some(mut half) = Pixmap::new(map.width() / 2, map.height() / 2) else { return };
    let stride = map.width() as usize * 4;
    let width = half.width() as usize;
    let source = map.data();
    for (at, pixel) in half.data_mut().chunks_exact_mut(4).enumerate() {
        let first = at / width * 2 * stride + at % width * 8;
        for (channel, value) in pixel.iter_mut().enumerate() {
            let sum: u32 = [first, first + 4, first + stride, first + stride + 4]
                .iter()
                .map(|&i| u32::from(source[i + channel]))
                .sum();
            *value = ((sum + 2) / 4) as u8;
        }
    }
    box_blur(&mut half, depth, 2);
    enlarge(&half, map);
}

/// Twice as large, bilinear, edges held.
fn enlarge(half: &Pixmap, map: &mut Pixmap) {
    let (width, height) = (half.width() as usize, half.height() as usize);
    let near = |at: usize, end: usize| {
        let other = if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { (at / 2 + 1).min(end - 1) };
        (at / 2, other)
    };
    let source = half.data();
    for (at, pixel) in map.data_mut().chunks_exact_mut(4).enumerate() {
        let ((x, x2), (y, y2)) = (near(at % (width * 2), width), near(at / (width * 2), height));
        let corners = [y * width + x, y * width + x2, y2 * width + x, y2 * width + x2];
        for (channel, value) in pixel.iter_mut().enumerate() {
            let [a, b, c, d] = corners.map(|i| u32::from(source[i * 4 + channel]));
            *value = ((9 * a + 3 * b + 3 * c + d + 8) / 16) as u8;
        }
    }
}

/// `passes` box blurs of `radius` over the whole picture, with running sums.
fn box_blur(map: &mut Pixmap, radius: usize, passes: usize) {
    let (width, height) = (map.width() as usize, map.height() as usize);
    let mut line = vec![[0u32; 4]; width.max(height)];
    let data = map.data_mut();
    for is_vertical in (0..passes).flat_map(|_| [false, true]) {
        let (outer, inner) = if is_vertical { (width, height) } else { (height, width) };
        for o in 0..outer {
            let index = |i: usize| if is_vertical { (i * width + o) * 4 } else { (o * width + i) * 4 };
            let mut sum = [0u32; 4];
            for i in 0..inner {
                let at = index(i);
                for channel in 0..4 {
                    line[i][channel] = u32::from(data[at + channel]);
                    sum[channel] += if i < radius { line[i][channel] } else { 0 };
                }
            }
            let mut count = radius.min(inner) as u32;
            for i in 0..inner {
                if i + radius < inner {
                    count += 1;
                    (0..4).for_each(|channel| sum[channel] += line[i + radius][channel]);
                }
                if i > radius {
                    count -= 1;
                    (0..4).for_each(|channel| sum[channel] -= line[i - radius - 1][channel]);
                }
                // The mean as a product, in 16 fractional bits: a division for every channel would take most of the time.
                let (share, at) = ((1 << 16) / count, index(i));
                for channel in 0..4 {
                    data[at + channel] = ((sum[channel] * share + (1 << 15)) >> 16) as u8;
                }
            }
        }
    }
}

/// Colour of the hour, fall-off of the light, vignette, and the fade of a print.
pub(super) fn grade(c: &mut Canvas, light: Light) {
    let tint: [f32; 3] = match c.count(0, 7) {
        0 => [1.05, 0.99, 0.90],
        1 => [0.94, 0.99, 1.06],
        2 => [1.05, 0.96, 0.9],
        3 => [0.91, 0.94, 1.03],
        4 => [1.03, 1.0, 0.94],
        _ => [1.0, 1.0, 1.0],
    };
    let exposure = if c.chance(0.15) { c.random(0.82, 0.92) } else { c.random(0.97, 1.1) };
    let (vignette, fade) = (c.random(0.02, 0.2), c.random(0.0, 0.05));
    let (lx, ly) = (128.0 + light.side * c.random(10.0, 90.0), c.random(30.0, 130.0));
    let side = c.map.width() as usize;
    for (at, pixel) in c.map.data_mut().chunks_exact_mut(4).enumerate() {
        let (dx, dy) = ((at % side) as f32 - lx, (at / side) as f32 - ly);
        let far = (dx * dx + dy * dy) / (210.0 * 210.0);
        let shade = exposure * (1.0 - vignette * far.min(1.4));
        for channel in 0..3 {
            let value = f32::from(pixel[channel]) * tint[channel] * shade;
            pixel[channel] = (value + (236.0 - value) * fade + 0.5) as u8;
        }
        pixel[3] = 255;
    }
}
