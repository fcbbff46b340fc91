//! Design tokens: colours, spacing and type of both themes. No literal colour stands anywhere else in the window.

use std::sync::Arc;

use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Vec2, Visuals, vec2,
};
use egui_plot::MarkerShape;
use serde::{Deserialize, Serialize};

use super::fonts;
use crate::recall::LaneKind;

/// Distances in points.
pub mod space {
    pub const XS: f32 = 4.0;
    pub const S: f32 = 8.0;
    pub const M: f32 = 12.0;
    pub const L: f32 = 16.0;
    pub const XL: f32 = 24.0;
}

/// Corner radii in points.
pub mod radius {
    pub const COVER: f32 = 5.0;
    pub const CARD: f32 = 8.0;
}

/// Type sizes in points.
pub mod type_size {
    pub const MICRO: f32 = 10.0;
    pub const SMALL: f32 = 11.5;
    pub const BODY: f32 = 13.0;
    pub const TITLE: f32 = 15.0;
    pub const HEADING: f32 = 20.0;
}

/// The analyst's choice of theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    Dark,
    Light,
    #[default]
    System,
}

impl ThemeChoice {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "dark" => Some(Self::Dark),
            "light" => Some(Self::Light),
            "system" => Some(Self::System),
            _ => None,
        }
    }

    pub fn preference(self) -> egui::ThemePreference {
        match self {
            Self::Dark => egui::ThemePreference::Dark,
            Self::Light => egui::ThemePreference::Light,
            Self::System => egui::ThemePreference::System,
        }
    }
}

/// Colours of one theme, named by their purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokens {
    /// Behind the covers.
    pub canvas: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Cards, buttons, headers that float above the canvas.
    pub raised: Color32,
    pub raised_hover: Color32,
    pub raised_active: Color32,
    /// Input fields, empty places of a progress bar.
    pub sunken: Color32,
    pub line: Color32,
    pub text: Color32,
    pub text_strong: Color32,
    pub text_weak: Color32,
    pub text_faint: Color32,
    /// What is selected, and what may be acted on.
    pub accent: Color32,
    pub accent_soft: Color32,
    pub on_accent: Color32,
    /// Recalled and taken later.
    pub hit: Color32,
    pub on_hit: Color32,
    pub tail: Color32,
    pub new: Color32,
    pub warn: Color32,
    pub error: Color32,
    /// The dot that follows the mouse while cases are presented; it lies on pictures, which are the same in both themes.
    pub pointer: Color32,
    /// Small labels over pictures; the same in both themes because pictures are.
    pub over_picture: Color32,
    pub on_picture: Color32,
    pub shadow: Color32,
    lanes: [Color32; 14],
    behaviours: [Color32; 6],
    categories: [Color32; 9],
}

const DARK: Tokens = Tokens {
    canvas: Color32::from_rgb(22, 23, 26),
    panel: Color32::from_rgb(29, 31, 35),
    raised: Color32::from_rgb(41, 44, 50),
    raised_hover: Color32::from_rgb(52, 56, 63),
    raised_active: Color32::from_rgb(61, 66, 75),
    sunken: Color32::from_rgb(17, 18, 20),
    line: Color32::from_rgb(46, 49, 56),
    text: Color32::from_rgb(214, 217, 223),
    text_strong: Color32::from_rgb(246, 247, 249),
    text_weak: Color32::from_rgb(152, 158, 169),
    text_faint: Color32::from_rgb(110, 116, 127),
    accent: Color32::from_rgb(92, 158, 255),
    accent_soft: Color32::from_rgb(33, 54, 86),
    on_accent: Color32::from_rgb(10, 16, 26),
    hit: Color32::from_rgb(62, 207, 134),
    on_hit: Color32::from_rgb(6, 30, 17),
    tail: Color32::from_rgb(226, 190, 92),
    new: Color32::from_rgb(110, 200, 232),
    warn: Color32::from_rgb(240, 180, 76),
    error: Color32::from_rgb(255, 122, 112),
    pointer: Color32::from_rgb(240, 28, 36),
    over_picture: Color32::from_rgba_premultiplied(8, 9, 11, 178),
    on_picture: Color32::from_rgb(245, 246, 248),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 110),
    behaviours: [
        Color32::from_rgb(134, 150, 176),
        Color32::from_rgb(240, 110, 140),
        Color32::from_rgb(104, 190, 214),
        Color32::from_rgb(240, 192, 84),
        Color32::from_rgb(96, 200, 150),
        Color32::from_rgb(168, 150, 220),
    ],
    lanes: [
        Color32::from_rgb(238, 140, 104),
        Color32::from_rgb(119, 170, 221),
        Color32::from_rgb(105, 105, 225),
        Color32::from_rgb(60, 240, 165),
        Color32::from_rgb(255, 195, 15),
        Color32::from_rgb(180, 75, 90),
        Color32::from_rgb(135, 225, 255),
        Color32::from_rgb(180, 120, 0),
        Color32::from_rgb(15, 135, 165),
        Color32::from_rgb(252, 252, 108),
        Color32::from_rgb(240, 24, 156),
        Color32::from_rgb(180, 252, 228),
        Color32::from_rgb(84, 192, 168),
        Color32::from_rgb(156, 132, 252),
    ],
    categories: [
        Color32::from_rgb(119, 170, 221),
        Color32::from_rgb(238, 136, 102),
        Color32::from_rgb(68, 187, 153),
        Color32::from_rgb(238, 221, 136),
        Color32::from_rgb(255, 170, 187),
        Color32::from_rgb(153, 221, 255),
        Color32::from_rgb(187, 204, 51),
        Color32::from_rgb(178, 152, 220),
        Color32::from_rgb(190, 190, 190),
    ],
};

const LIGHT: Tokens = Tokens {
    canvas: Color32::from_rgb(252, 252, 253),
    panel: Color32::from_rgb(243, 244, 246),
    raised: Color32::from_rgb(255, 255, 255),
    raised_hover: Color32::from_rgb(236, 239, 243),
    raised_active: Color32::from_rgb(225, 230, 237),
    sunken: Color32::from_rgb(233, 235, 239),
    line: Color32::from_rgb(221, 224, 229),
    text: Color32::from_rgb(38, 42, 49),
    text_strong: Color32::from_rgb(13, 16, 20),
    text_weak: Color32::from_rgb(92, 99, 110),
    text_faint: Color32::from_rgb(133, 140, 151),
    accent: Color32::from_rgb(31, 106, 226),
    accent_soft: Color32::from_rgb(219, 232, 253),
    on_accent: Color32::from_rgb(255, 255, 255),
    hit: Color32::from_rgb(14, 155, 92),
    on_hit: Color32::from_rgb(255, 255, 255),
    tail: Color32::from_rgb(168, 124, 10),
    new: Color32::from_rgb(17, 126, 168),
    warn: Color32::from_rgb(176, 110, 0),
    error: Color32::from_rgb(199, 46, 38),
    pointer: Color32::from_rgb(240, 28, 36),
    over_picture: Color32::from_rgba_premultiplied(8, 9, 11, 178),
    on_picture: Color32::from_rgb(245, 246, 248),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 34),
    behaviours: [
        Color32::from_rgb(104, 120, 148),
        Color32::from_rgb(208, 58, 96),
        Color32::from_rgb(24, 132, 164),
        Color32::from_rgb(186, 134, 10),
        Color32::from_rgb(20, 140, 90),
        Color32::from_rgb(120, 92, 190),
    ],
    lanes: [
        Color32::from_rgb(206, 92, 48),
        Color32::from_rgb(47, 112, 178),
        Color32::from_rgb(90, 30, 150),
        Color32::from_rgb(0, 150, 120),
        Color32::from_rgb(135, 75, 0),
        Color32::from_rgb(195, 135, 195),
        Color32::from_rgb(120, 120, 240),
        Color32::from_rgb(135, 0, 60),
        Color32::from_rgb(135, 75, 120),
        Color32::from_rgb(72, 0, 252),
        Color32::from_rgb(0, 0, 96),
        Color32::from_rgb(96, 0, 0),
        Color32::from_rgb(252, 72, 132),
        Color32::from_rgb(0, 0, 204),
    ],
    categories: [
        Color32::from_rgb(68, 119, 170),
        Color32::from_rgb(214, 96, 60),
        Color32::from_rgb(34, 146, 116),
        Color32::from_rgb(190, 156, 32),
        Color32::from_rgb(206, 96, 126),
        Color32::from_rgb(38, 150, 196),
        Color32::from_rgb(134, 152, 20),
        Color32::from_rgb(126, 94, 186),
        Color32::from_rgb(128, 128, 128),
    ],
};

impl Tokens {
    pub fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The colour of a lane; the same in all views. They can be told apart by the colour-blind too; charts give lanes whose
    /// colours are the least far apart different markers besides.
    pub fn lane(&self, lane: LaneKind) -> Color32 {
        // A mix is of no colour of its own: it holds those of its parts.
        if lane == LaneKind::Mix { self.text_strong } else { self.lanes[place_of_lane(lane) % self.lanes.len()] }
    }

    /// The colour of a behaviour, by the names that communities use.
    pub fn behaviour(&self, name: &str) -> Color32 {
        let place = match name {
            "click" | "view" | "impression" | "play" | "listen" => 0,
            "like" => 1,
            "comment" | "share" => 2,
            "favorite" | "favourite" | "collect" | "bookmark" | "rating" | "rate" => 3,
            "buy" | "purchase" | "cart" => 4,
            _ => 5,
        };
        self.behaviours[place]
    }

    /// The colour of the `place`-th category (a level-1 tag); the same in all views. Safe for the colour-blind up to nine.
    pub fn category(&self, place: usize) -> Color32 {
        self.categories[place % self.categories.len()]
    }
}

/// Heat over a picture, from nothing at 0 to red at 1; the same in both themes because pictures are.
pub fn heat(value: f32, opacity: f32) -> Color32 {
    const COOL: Color32 = Color32::from_rgb(48, 76, 214);
    const WARM: Color32 = Color32::from_rgb(250, 196, 64);
    const HOT: Color32 = Color32::from_rgb(232, 44, 36);
    let value = value.clamp(0.0, 1.0);
    let colour =
        if value < 0.5 { COOL.lerp_to_gamma(WARM, 2.0 * value) } else { WARM.lerp_to_gamma(HOT, 2.0 * value - 1.0) };
    // What is cold stays as it is.
    colour.gamma_multiply(opacity * (value * 1.4).min(1.0))
}

/// The marker of a lane in charts, which tells lanes apart where colours do not.
pub fn lane_marker(lane: LaneKind) -> MarkerShape {
    const MARKERS: [MarkerShape; 10] = [
        MarkerShape::Circle,
        MarkerShape::Square,
        MarkerShape::Diamond,
        MarkerShape::Up,
        MarkerShape::Down,
        MarkerShape::Left,
        MarkerShape::Right,
        MarkerShape::Plus,
        MarkerShape::Cross,
        MarkerShape::Asterisk,
    ];
    MARKERS[place_of_lane(lane) % MARKERS.len()]
}

fn place_of_lane(lane: LaneKind) -> usize {
    LaneKind::ALL.iter().position(|&kind| kind == lane).unwrap_or(0)
}

pub fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Names and labels that stand out a little.
pub fn medium_font(size: f32) -> FontId {
    FontId::new(size, fonts::medium())
}

/// Titles, and the figure that counts.
pub fn strong_font(size: f32) -> FontId {
    FontId::new(size, fonts::semibold())
}

/// Gives both themes their looks.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    for theme in [Theme::Dark, Theme::Light] {
        let style = style(Tokens::of(theme), theme);
        ctx.set_style_of(theme, Arc::new(style));
    }
}

fn style(tokens: &Tokens, theme: Theme) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Small, font(type_size::SMALL)),
            (TextStyle::Body, font(type_size::BODY)),
            (TextStyle::Button, font(type_size::BODY)),
            (TextStyle::Heading, strong_font(type_size::HEADING)),
            (TextStyle::Monospace, FontId::new(12.0, FontFamily::Monospace)),
        ]
        .into(),
        visuals: visuals(tokens, theme),
        animation_time: 0.1,
        ..Style::default()
    };
    style.spacing.item_spacing = vec2(space::S, 6.0);
    style.spacing.button_padding = vec2(10.0, 5.0);
    style.spacing.interact_size = Vec2::new(28.0, 24.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.scroll = egui::style::ScrollStyle::thin();
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
    style
}

fn visuals(tokens: &Tokens, theme: Theme) -> Visuals {
    let mut visuals = match theme {
        Theme::Dark => Visuals::dark(),
        Theme::Light => Visuals::light(),
    };
    let radius = CornerRadius::same(6);
    let mut set = |fill: Color32, stroke: Stroke, text: Color32, pick: fn(&mut egui::style::Widgets) -> &mut _| {
        let widget: &mut egui::style::WidgetVisuals = pick(&mut visuals.widgets);
        widget.weak_bg_fill = fill;
        widget.bg_fill = fill;
        widget.bg_stroke = stroke;
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    };
    let line = Stroke::new(1.0, tokens.line);
    set(tokens.panel, line, tokens.text, |widgets| &mut widgets.noninteractive);
    set(tokens.raised, line, tokens.text, |widgets| &mut widgets.inactive);

    set(tokens.raised_hover, line, tokens.text_strong, |widgets| &mut widgets.hovered);
    set(tokens.raised_active, Stroke::new(1.0, tokens.accent), tokens.text_strong, |widgets| &mut widgets.active);
    set(tokens.raised_hover, line, tokens.text_strong, |widgets| &mut widgets.open);
    // Rails of sliders and boxes of checkboxes have to be seen on the canvas.
    visuals.widgets.inactive.bg_fill = tokens.raised_active;
    visuals.weak_text_color = Some(tokens.text_weak);
    visuals.selection.bg_fill = tokens.accent_soft;
    visuals.selection.stroke = Stroke::new(1.0, tokens.accent);
    visuals.hyperlink_color = tokens.accent;
    visuals.faint_bg_color = tokens.raised;
    visuals.extreme_bg_color = tokens.sunken;
    visuals.code_bg_color = tokens.sunken;
    visuals.warn_fg_color = tokens.warn;
    visuals.error_fg_color = tokens.error;
    visuals.panel_fill = tokens.panel;
    visuals.window_fill = tokens.panel;
    visuals.window_stroke = line;
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.window_shadow = Shadow { offset: [0, 12], blur: 32, spread: 0, color: tokens.shadow };
    visuals.popup_shadow = Shadow { offset: [0, 6], blur: 18, spread: 0, color: tokens.shadow };
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = egui::style::HandleShape::Circle;
    visuals
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.
    fn luminance(colour: Color32) -> f32 {
        let linear = egui::Rgba::from(colour);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    }

    fn contrast(one: Color32, other: Color32) -> f32 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// In Oklab (Ottosson, 2020), as seen by people with all three kinds of cones, and by those who lack the long or the
    /// middle ones (Machado et al., 2009).
    fn seen(colour: Color32) -> [[f32; 3]; 3] {
        const PROTANOPIA: [[f32; 3]; 3] = [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ];
        const DEUTERANOPIA: [[f32; 3]; 3] =
            [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]];
        const CONES: [[f32; 3]; 3] =
            [[0.412_221, 0.536_333, 0.051_446], [0.211_903, 0.680_700, 0.107_397], [0.088_302, 0.281_719, 0.629_979]];
        const LAB: [[f32; 3]; 3] = [
            [0.210_454, 0.793_618, -0.004_072],
            [1.977_998, -2.428_592, 0.450_594],
            [0.025_904, 0.782_772, -0.808_676],
        ];
        let times = |matrix: [[f32; 3]; 3], vector: [f32; 3]| {
            matrix.map(|row| row.iter().zip(vector).map(|(weight, value)| weight * value).sum::<f32>())
        };
        let linear = egui::Rgba::from(colour);
        let linear = [linear.r(), linear.g(), linear.b()];
        [linear, times(PROTANOPIA, linear), times(DEUTERANOPIA, linear)]
            .map(|light| times(LAB, times(CONES, light.map(|part| part.clamp(0.0, 1.0))).map(f32::cbrt)))
    }

    #[test]
    fn lanes_are_told_apart_also_by_the_colour_blind() {
        for theme in [Theme::Dark, Theme::Light] {
            let tokens = Tokens::of(theme);
            for (place, &one) in tokens.lanes.iter().enumerate() {
                assert!(contrast(one, tokens.canvas) >= 2.5 && contrast(one, tokens.panel) >= 2.5, "{theme:?} {one:?}");
                for (before, &other) in tokens.lanes[..place].iter().enumerate() {
                    for (eyes, (seen, beside)) in seen(one).into_iter().zip(seen(other)).enumerate() {
                        let apart =
                            seen.iter().zip(beside).map(|(one, other)| (one - other).powi(2)).sum::<f32>().sqrt();
                        // Of many lanes some are less far apart; those have different markers.
                        let markers =
                            [place, before].map(|place| LaneKind::ALL.get(place).map(|&lane| lane_marker(lane)));
                        let helps = place >= 9 && markers[0] != markers[1];
                        let least = (if eyes == 0 { 0.12 } else { 0.09 }) * if helps { 0.85 } else { 1.0 };
                        assert!(apart >= least, "{theme:?}: {one:?} and {other:?} are {apart} apart (eyes {eyes})");
                    }
                }
            }
        }
    }

    #[test]
    fn text_can_be_read_on_every_ground() {
        for theme in [Theme::Dark, Theme::Light] {
            let tokens = Tokens::of(theme);
            for ground in [tokens.canvas, tokens.panel, tokens.raised, tokens.sunken] {
                assert!(contrast(tokens.text, ground) >= 7.0, "{theme:?}");
                assert!(contrast(tokens.text_weak, ground) >= 4.5, "{theme:?}");
                for colour in [tokens.accent, tokens.hit, tokens.warn, tokens.error, tokens.tail, tokens.new] {
                    assert!(contrast(colour, ground) >= 2.7, "{theme:?} {colour:?} on {ground:?}");
                }
            }
        }
    }

    #[test]
    fn lanes_are_told_apart_and_seen_on_every_ground() {
        for theme in [Theme::Dark, Theme::Light] {
            let tokens = Tokens::of(theme);
            for (place, one) in tokens.lanes.iter().enumerate() {
                for ground in [tokens.canvas, tokens.panel, tokens.raised] {
                    assert!(contrast(*one, ground) >= 2.5, "{theme:?} {one:?} on {ground:?}");
                }
                for other in &tokens.lanes[..place] {
                    let far = |one: u8, other: u8| (f32::from(one) - f32::from(other)).powi(2);
                    let away = far(one.r(), other.r()) + far(one.g(), other.g()) + far(one.b(), other.b());
                    assert!(away.sqrt() >= 48.0, "{theme:?}: {one:?} and {other:?} look alike");
                }
            }
        }
        assert!(LaneKind::ALL.len() <= DARK.lanes.len(), "lanes share a colour");
    }
}
