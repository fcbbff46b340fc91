//! A small canvas over tiny-skia: shaded shapes from short path strings, soft shadows, and where things were drawn.

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;
use tiny_skia::{
    Color, FillRule, FilterQuality, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder, Pixmap,
    PixmapPaint, Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

/// A colour with opacity, each 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    r: f32,
    g: f32,
    b: f32,
    a: f32,
}

pub(super) const fn ink(hex: u32) -> Ink {
    Ink {
        r: ((hex >> 16) & 255) as f32 / 255.0,
        g: ((hex >> 8) & 255) as f32 / 255.0,
        b: (hex & 255) as f32 / 255.0,
        a: 1.0,
    }
}

pub(super) const WHITE: Ink = ink(0xfffdf8);
pub(super) const BLACK: Ink = ink(0x2b2530);

impl Ink {
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let blend = |from: f32, to: f32| from + (to - from) * share;
        Self {
            r: blend(self.r, other.r),
            g: blend(self.g, other.g),
            b: blend(self.b, other.b),
            a: blend(self.a, other.a),
        }
    }

    pub(super) fn lit(self, share: f32) -> Self {
        Self { a: self.a, ..self.mix(WHITE, share) }
    }

    pub(super) fn dim(self, share: f32) -> Self {
        Self { a: self.a, ..self.mix(ink(0x2a1f33), share) }
    }

    pub(super) fn alpha(self, a: f32) -> Self {
        Self { a, ..self }
    }

    pub(super) fn channels(self) -> [f32; 3] {
        [self.r, self.g, self.b]
    }

    fn color(self) -> Color {
        let fit = |value: f32| value.clamp(0.0, 1.0);
        Color::from_rgba(fit(self.r), fit(self.g), fit(self.b), fit(self.a)).unwrap_or(Color::BLACK)
    }
}

/// `M x y L x y Q … C … Z`, absolute; further pairs after M and L go on as lines.
fn parse(text: &str) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut command = 'M';
    let mut numbers: Vec<f32> = Vec::with_capacity(6);
    for token in text.split_ascii_whitespace() {
        if let Ok(number) = token.parse::<f32>() {
            numbers.push(number);
            match (command, numbers.as_slice()) {
                ('M', &[x, y]) => {
                    path.move_to(x, y);
                    command = 'L';
                }
                ('L', &[x, y]) => path.line_to(x, y),
                ('Q', &[x1, y1, x, y]) => path.quad_to(x1, y1, x, y),
                ('C', &[x1, y1, x2, y2, x, y]) => path.cubic_to(x1, y1, x2, y2, x, y),
                _ => continue,
            }
            numbers.clear();
        } else {
            command = token.chars().next().unwrap_or('M');
            numbers.clear();
            if command == 'Z' {
                path.close();
            }
        }
    }
    path.finish()
}

pub(super) fn rounded(x: f32, y: f32, w: f32, h: f32, r: f32) -> Option<Path> {
    let r = r.min(w / 2.0).min(h / 2.0);
    let k = r * 0.448;
    let (x2, y2) = (x + w, y + h);
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.line_to(x2 - r, y);
    path.cubic_to(x2 - k, y, x2, y + k, x2, y + r);
    path.line_to(x2, y2 - r);
    path.cubic_to(x2, y2 - k, x2 - k, y2, x2 - r, y2);
    path.line_to(x + r, y2);
    path.cubic_to(x + k, y2, x, y2 - k, x, y2 - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + k, x + k, y, x + r, y);
    path.close();
    path.finish()
}

/// Sine and cosine of an angle in degrees, from sums and products alone: the same bits on every platform.
pub(super) fn sin_cos(degrees: f32) -> (f32, f32) {
    let turns = degrees / 90.0;
    let quarter = turns.round();
    let x = f64::from(turns - quarter) * std::f64::consts::FRAC_PI_2;
    let x2 = x * x;
    let sin = x * (1.0 - x2 / 6.0 * (1.0 - x2 / 20.0 * (1.0 - x2 / 42.0 * (1.0 - x2 / 72.0))));
    let cos = 1.0 - x2 / 2.0 * (1.0 - x2 / 12.0 * (1.0 - x2 / 30.0 * (1.0 - x2 / 56.0)));
    let (sin, cos) = match (quarter as i32).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    };
    (sin as f32, cos as f32)
}

/// A turn by degrees about the origin.
pub(super) fn turned(degrees: f32) -> Transform {
    let (sin, cos) = sin_cos(degrees);
    Transform::from_row(cos, sin, -sin, cos, 0.0, 0.0)
}

pub(super) struct Canvas {
    pub(super) map: Pixmap,
    pub(super) rng: Pcg64Mcg,
    transform: Transform,
    stack: Vec<Transform>,
    /// Left, top, right, bottom in pixels of what was drawn while `is_tracking`.
    pub(super) bounds: Option<[f32; 4]>,
    pub(super) is_tracking: bool,
}

impl Canvas {
    pub(super) fn new(map: Pixmap, rng: Pcg64Mcg) -> Self {
        Self { map, rng, transform: Transform::identity(), stack: Vec::new(), bounds: None, is_tracking: false }
    }

    pub(super) fn random(&mut self, from: f32, to: f32) -> f32 {
        self.rng.random_range(from..to)
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.rng.random_bool(share)
    }

    pub(super) fn count(&mut self, from: usize, to: usize) -> usize {
        self.rng.random_range(from..=to)
    }

    /// Draws in a frame moved, scaled and turned (degrees).
    pub(super) fn at(&mut self, x: f32, y: f32, sx: f32, sy: f32, degrees: f32, draw: impl FnOnce(&mut Self)) {
        let local = Transform::from_translate(x, y).pre_concat(turned(degrees)).pre_scale(sx, sy);
        self.with(local, draw);
    }

    pub(super) fn with(&mut self, local: Transform, draw: impl FnOnce(&mut Self)) {
        self.stack.push(self.transform);
        self.transform = self.transform.pre_concat(local);
        draw(self);
        if let Some(before) = self.stack.pop() {
            self.transform = before;
        }
    }

    /// Draws on a clear layer instead of on the picture, and answers the layer.
    pub(super) fn layer(&mut self, draw: impl FnOnce(&mut Self)) -> Option<Pixmap> {
        let clear = Pixmap::new(self.map.width(), self.map.height())?;
        let under = std::mem::replace(&mut self.map, clear);
        draw(self);
        Some(std::mem::replace(&mut self.map, under))
    }

    /// Lays a layer over the picture.
    pub(super) fn lay(&mut self, layer: &Pixmap, opacity: f32, place: Transform) {
        let quality = if place.is_identity() { FilterQuality::Nearest } else { FilterQuality::Bilinear };
        let paint = PixmapPaint { opacity, quality, ..PixmapPaint::default() };
        self.map.draw_pixmap(0, 0, layer.as_ref(), &paint, place, None);
    }

    /// Draws something that is not part of the object's bounds.
    pub(super) fn quiet(&mut self, draw: impl FnOnce(&mut Self)) {
        let was = std::mem::replace(&mut self.is_tracking, false);
        draw(self);
        self.is_tracking = was;
    }

    fn note(&mut self, bounds: Rect, grow: f32) {
        if !self.is_tracking {
            return;
        }
        let mut corners = [
            Point::from_xy(bounds.left() - grow, bounds.top() - grow),
            Point::from_xy(bounds.right() + grow, bounds.top() - grow),
            Point::from_xy(bounds.left() - grow, bounds.bottom() + grow),
            Point::from_xy(bounds.right() + grow, bounds.bottom() + grow),
        ];
        self.transform.map_points(&mut corners);
        for point in corners {
            let b = self.bounds.get_or_insert([point.x, point.y, point.x, point.y]);
            *b = [b[0].min(point.x), b[1].min(point.y), b[2].max(point.x), b[3].max(point.y)];
        }
    }

    fn fill(&mut self, path: Option<Path>, shader: Shader<'_>) {
        let Some(path) = path else { return };
        self.note(path.bounds(), 0.0);
        let paint = Paint { shader, anti_alias: true, ..Paint::default() };
        self.map.fill_path(&path, &paint, FillRule::Winding, self.transform, None);
    }

    /// From `top` to `bottom` over the height of the shape.
    pub(super) fn graded(&mut self, path: Option<Path>, top: Ink, bottom: Ink) {
        let Some(path) = path else { return };
        let b = path.bounds();
        self.between(path.clone(), (b.left(), b.top()), (b.left() + b.width() * 0.15, b.bottom()), top, bottom);
    }

    fn between(&mut self, path: Path, from: (f32, f32), to: (f32, f32), first: Ink, last: Ink) {
        let stops = vec![GradientStop::new(0.0, first.color()), GradientStop::new(1.0, last.color())];
        let shader = LinearGradient::new(
            Point::from_xy(from.0, from.1),
            Point::from_xy(to.0, to.1),
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        self.fill(Some(path), shader.unwrap_or(Shader::SolidColor(first.color())));
    }

    /// The house style: lit from the upper left, darker at the lower right.
    fn shaded(&mut self, path: Option<Path>, color: Ink) {
        let Some(path) = path else { return };
        let b = path.bounds();
        self.between(path, (b.left(), b.top()), (b.right(), b.bottom()), color.lit(0.14), color.dim(0.13));
    }

    pub(super) fn flat(&mut self, text: &str, color: Ink) {
        self.fill(parse(text), Shader::SolidColor(color.color()));
    }

    /// A shape from path text, shaded.
    pub(super) fn p(&mut self, text: &str, color: Ink) {
        self.shaded(parse(text), color);
    }

    pub(super) fn p2(&mut self, text: &str, top: Ink, bottom: Ink) {
        self.graded(parse(text), top, bottom);
    }

    /// A rounded rectangle, shaded.
    pub(super) fn r(&mut self, x: f32, y: f32, w: f32, h: f32, radius: f32, color: Ink) {
        self.shaded(rounded(x, y, w, h, radius), color);
    }

    /// An ellipse, shaded.
    pub(super) fn e(&mut self, x: f32, y: f32, rx: f32, ry: f32, color: Ink) {
        let path = Rect::from_xywh(x - rx, y - ry, 2.0 * rx, 2.0 * ry).and_then(PathBuilder::from_oval);
        self.shaded(path, color);
    }

    pub(super) fn dot(&mut self, x: f32, y: f32, rx: f32, ry: f32, color: Ink) {
        let path = Rect::from_xywh(x - rx, y - ry, 2.0 * rx, 2.0 * ry).and_then(PathBuilder::from_oval);
        self.fill(path, Shader::SolidColor(color.color()));
    }

    /// A ball: light from the upper left, round shading.
    pub(super) fn ball(&mut self, x: f32, y: f32, rx: f32, ry: f32, color: Ink) {
        self.e(x, y, rx, ry, color);
        self.glow(x - rx * 0.3, y - ry * 0.35, rx * 0.6, ry * 0.55, WHITE.alpha(0.35));
    }

    /// A ring, drawn as a stroke.
    pub(super) fn ring(&mut self, x: f32, y: f32, rx: f32, ry: f32, width: f32, color: Ink) {
        let path = Rect::from_xywh(x - rx, y - ry, 2.0 * rx, 2.0 * ry).and_then(PathBuilder::from_oval);
        self.stroke(path, width, color);
    }

    fn stroke(&mut self, path: Option<Path>, width: f32, color: Ink) {
        let Some(path) = path else { return };
        self.note(path.bounds(), width / 2.0);
        let paint = Paint { shader: Shader::SolidColor(color.color()), anti_alias: true, ..Paint::default() };
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.map.stroke_path(&path, &paint, &stroke, self.transform, None);
    }

    /// A line from path text, with round ends.
    pub(super) fn l(&mut self, text: &str, width: f32, color: Ink) {
        self.stroke(parse(text), width, color);
    }

    /// A soft ellipse that fades outwards: shadows, lights, steam. Never part of an object's bounds.
    pub(super) fn glow(&mut self, x: f32, y: f32, rx: f32, ry: f32, color: Ink) {
        let stops = vec![
            GradientStop::new(0.0, color.color()),
            GradientStop::new(0.45, color.alpha(color.a * 0.62).color()),
            GradientStop::new(0.75, color.alpha(color.a * 0.2).color()),
            GradientStop::new(1.0, color.alpha(0.0).color()),
        ];
        let centre = Point::from_xy(0.0, 0.0);
        let shader = RadialGradient::new(centre, 0.0, centre, 1.0, stops, SpreadMode::Pad, Transform::identity());
        let (Some(shader), Some(path)) = (shader, PathBuilder::from_circle(0.0, 0.0, 1.0)) else { return };
        let was_tracking = std::mem::replace(&mut self.is_tracking, false);
        self.at(x, y, rx, ry, 0.0, |c| c.fill(Some(path), shader));
        self.is_tracking = was_tracking;
    }

    pub(super) fn shadow(&mut self, x: f32, y: f32, rx: f32, ry: f32) {
        self.glow(x + rx * 0.08, y, rx * 1.15, ry * 1.2, ink(0x2a1f33).alpha(0.30));
        self.glow(x, y, rx * 0.8, ry * 0.7, ink(0x2a1f33).alpha(0.28));
    }

    /// Two eyes and a mouth: the house's face, `s` the distance of an eye from the middle.
    pub(super) fn face(&mut self, x: f32, y: f32, s: f32, color: Ink) {
        for side in [-1.0, 1.0] {
            self.dot(x + side * s, y, s * 0.22, s * 0.27, color);
            self.dot(x + side * s - s * 0.06, y - s * 0.1, s * 0.08, s * 0.08, WHITE);
        }
        let (a, b, m) = (x - s * 0.35, x + s * 0.35, y + s * 0.5);
        self.l(&format!("M {a} {m} Q {x} {} {b} {m}", m + s * 0.35), s * 0.12, color);
    }
}
