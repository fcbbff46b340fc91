//! How interactions are spread over users and items: degrees, the popularity curve, and bands.

use egui::{Align2, Color32, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{
    counts::{Degrees, Shape},
    note_ui,
    rows::{self, percent},
};
use crate::{
    evaluate::{ItemBand, UserBand},
    ui::{
        theme::{self, Tokens, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

const HEIGHT_PX: f32 = 200.0;
/// Plots stand beside each other only where each gets so much.
const LEAST_PLOT_PX: f32 = 250.0;
/// How near the mouse has to be to a point.
const HOVER_PX: f32 = 14.0;

pub(super) fn degrees_ui(ui: &mut Ui, scene: &Scene<'_>, shape: &Shape) {
    let words = scene.words;
    if shape.popularity.len() < 2 {
        note_ui(ui, scene, words.get(Word::NoInteractionsYet));
        return;
    }
    let columns = ((ui.available_width() / LEAST_PLOT_PX) as usize).clamp(1, 3);
    let width = (ui.available_width() - space::L * (columns - 1) as f32) / columns as f32;
    let plots: [(Word, &dyn Fn(&mut Ui)); 3] = [
        (Word::UserDegrees, &|ui| degree_ui(ui, scene, Word::UserDegrees, &shape.user_degrees, scene.tokens.accent)),
        (Word::ItemDegrees, &|ui| degree_ui(ui, scene, Word::ItemDegrees, &shape.item_degrees, scene.tokens.tail)),
        (Word::PopularityCurve, &|ui| popularity_ui(ui, scene, shape)),
    ];
    for row in plots.chunks(columns) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for (title, plot_ui) in row {
                ui.allocate_ui(vec2(width, HEIGHT_PX + 22.0), |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        widgets::section_title(ui, scene.tokens, words.get(*title));
                        plot_ui(ui);
                    });
                });
            }
        });
    }
    ui.add_space(space::M);
    bands_ui(ui, scene, shape);
}

/// A place for a curve or a cloud of points, both axes from 0 to 1.
struct Axes {
    plot: Rect,
    response: Response,
}

impl Axes {
    fn new(ui: &mut Ui, name: &str) -> Self {
        let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT_PX), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
        let plot = Rect::from_min_max(whole.min + vec2(44.0, 6.0), whole.max - vec2(8.0, 36.0));
        Self { plot, response }
    }

    fn at(&self, x: f64, y: f64) -> Pos2 {
        pos2(self.plot.left() + self.plot.width() * x as f32, self.plot.bottom() - self.plot.height() * y as f32)
    }

    /// Lines with labels at `marks` of (place, label) on both axes, and what the axes are.
    fn grid_ui(&self, ui: &Ui, tokens: &Tokens, xs: &[(f64, String)], ys: &[(f64, String)], caption: &str) {
        let painter = ui.painter();
        let (line, font) = (Stroke::new(1.0, tokens.line.gamma_multiply(0.7)), || theme::font(type_size::MICRO));
        for (x, label) in xs {
            let at = self.at(*x, 0.0);
            painter.vline(at.x, self.plot.y_range(), line);
            painter.text(at + vec2(0.0, 4.0), Align2::CENTER_TOP, label, font(), tokens.text_faint);
        }
        for (y, label) in ys {
            let at = self.at(0.0, *y);
            painter.hline(self.plot.x_range(), at.y, line);
            painter.text(at - vec2(6.0, 0.0), Align2::RIGHT_CENTER, label, font(), tokens.text_faint);
        }
        let at = self.plot.left_bottom() + vec2(0.0, 20.0);
        let galley = rows::line(ui, caption, font(), tokens.text_faint, self.plot.width());
        painter.galley(at, galley, tokens.text_faint);
    }

    /// The point of `points` that the mouse is at, if it is at any.
    fn hovered(&self, points: &[Pos2]) -> Option<usize> {
        let mouse = self.response.hover_pos()?;
        let nearest = points
            .iter()
            .enumerate()
            .min_by(|(_, one), (_, other)| one.distance_sq(mouse).total_cmp(&other.distance_sq(mouse)));
        nearest.filter(|(_, at)| at.distance(mouse) <= HOVER_PX).map(|(place, _)| place)
    }

    fn tip_ui(self, ui: &Ui, tokens: &Tokens, at: Pos2, text: &str) {
        ui.painter().circle_stroke(at, 5.0, Stroke::new(1.5, tokens.text_strong));
        self.response.on_hover_ui_at_pointer(|ui| {
            ui.label(text);
        });
    }
}

/// How many have how many interactions, both on logarithmic scales.
fn degree_ui(ui: &mut Ui, scene: &Scene<'_>, title: Word, degrees: &Degrees, colour: Color32) {
    let (words, tokens) = (scene.words, scene.tokens);
    let axes = Axes::new(ui, words.get(title));
    let log = |number: u32| f64::from(number).log10();
    let reach = |of: fn(&(u32, u32)) -> u32| log(degrees.iter().map(of).max().unwrap_or(1)).max(1.0) * 1.06;
    let (widest, highest) = (reach(|pair| pair.0), reach(|pair| pair.1));
    let marks = |reach: f64| -> Vec<(f64, String)> {
        (0..=reach as u32).map(|power| (f64::from(power) / reach, format::count(10u64.pow(power)))).collect()
    };
    axes.grid_ui(ui, tokens, &marks(widest), &marks(highest), words.get(Word::DegreeAxis));
    let places: Vec<Pos2> =
        degrees.iter().map(|&(degree, count)| axes.at(log(degree) / widest, log(count) / highest)).collect();
    for &place in &places {
        ui.painter().circle_filled(place, 2.2, colour.gamma_multiply(0.85));
    }
    if let Some(place) = axes.hovered(&places) {
        let (degree, count) = degrees[place];
        let [degree, count] = [degree, count].map(|number| format::count(u64::from(number)));
        axes.tip_ui(ui, tokens, places[place], &words.fill(Word::DegreePoint, &[&count, &degree]));
    }
}

/// The share of all interactions that the most popular items carry, with the bands by which results are cut.
fn popularity_ui(ui: &mut Ui, scene: &Scene<'_>, shape: &Shape) {
    let (words, tokens) = (scene.words, scene.tokens);
    let axes = Axes::new(ui, words.get(Word::PopularityCurve));
    for (band, from, to) in [
        (ItemBand::Head, 0.0, shape.head_end),
        (ItemBand::Waist, shape.head_end, shape.waist_end),
        (ItemBand::Tail, shape.waist_end, 1.0),
    ] {
        let ground = Rect::from_two_pos(axes.at(from, 0.0), axes.at(to, 1.0));
        let colour = item_colour(tokens, band);
        ui.painter().rect_filled(ground, 0.0, tokens.canvas.lerp_to_gamma(colour, 0.14));
        let font = theme::medium_font(type_size::MICRO);
        let name = ui.painter().layout_no_wrap(words.get(item_word(band)).to_owned(), font, colour);
        if name.size().x + 6.0 < ground.width() {
            let at = pos2(ground.center().x - name.size().x / 2.0, ground.bottom() - name.size().y - 4.0);
            ui.painter().galley(at, name, colour);
        }
    }
    let quarters: Vec<(f64, String)> =
        (0..=4).map(|part| f64::from(part) / 4.0).map(|share| (share, format!("{:.0} %", share * 100.0))).collect();
    axes.grid_ui(ui, tokens, &quarters, &quarters, words.get(Word::PopularityAxis));
    let places: Vec<Pos2> = shape.popularity.iter().map(|&(items, share)| axes.at(items, share)).collect();
    ui.painter().line(places.clone(), Stroke::new(2.0, tokens.text));
    if let Some(place) = axes.hovered(&places) {
        let (items, share) = shape.popularity[place];
        let [items, share] = [items, share].map(|share| format!("{:.1}", share * 100.0));
        axes.tip_ui(ui, tokens, places[place], &words.fill(Word::PopularityPoint, &[&items, &share]));
    }
}

fn item_word(band: ItemBand) -> Word {
    match band {
        ItemBand::Head => Word::BandHead,
        ItemBand::Waist => Word::BandWaist,
        ItemBand::Tail => Word::BandTail,
        ItemBand::New => Word::BandNever,
    }
}

fn item_colour(tokens: &Tokens, band: ItemBand) -> Color32 {
    match band {
        ItemBand::Head => tokens.accent,
        ItemBand::Waist => tokens.new,
        ItemBand::Tail => tokens.tail,
        ItemBand::New => tokens.text_faint,
    }
}

fn user_word(band: UserBand) -> Word {
    match band {
        UserBand::Active => Word::BandActive,
        UserBand::Middle => Word::BandRegular,
        UserBand::Low => Word::BandQuiet,
        UserBand::New => Word::BandNew,
    }
}

fn user_colour(tokens: &Tokens, band: UserBand) -> Color32 {
    match band {
        UserBand::Active => tokens.accent,
        UserBand::Middle => tokens.new,
        UserBand::Low => tokens.tail,
        UserBand::New => tokens.text_faint,
    }
}

/// How many users and items stand in each band.
fn bands_ui(ui: &mut Ui, scene: &Scene<'_>, shape: &Shape) {
    let (words, tokens) = (scene.words, scene.tokens);
    let items: Vec<(&str, u64, Color32)> = [ItemBand::Head, ItemBand::Waist, ItemBand::Tail, ItemBand::New]
        .into_iter()
        .map(|band| {
            (words.get(item_word(band)), of_band(&ItemBand::ALL, &shape.item_bands, &band), item_colour(tokens, band))
        })
        .collect();
    let users: Vec<(&str, u64, Color32)> = [UserBand::Active, UserBand::Middle, UserBand::Low, UserBand::New]
        .into_iter()
        .map(|band| {
            (words.get(user_word(band)), of_band(&UserBand::ALL, &shape.user_bands, &band), user_colour(tokens, band))
        })
        .collect();
    for (title, parts) in [(Word::Users, users), (Word::Items, items)] {
        band_ui(ui, scene, words.get(title), &parts);
        ui.add_space(space::XS);
    }
}

fn of_band<T: PartialEq>(all: &[T], counts: &[u64], band: &T) -> u64 {
    all.iter().position(|other| other == band).and_then(|place| counts.get(place)).copied().unwrap_or(0)
}

/// One bar in parts, with a label below each.
fn band_ui(ui: &mut Ui, scene: &Scene<'_>, title: &str, parts: &[(&str, u64, Color32)]) {
    let tokens = scene.tokens;
    let whole: u64 = parts.iter().map(|(_, count, _)| count).sum();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 46.0), Sense::hover());
    let said: Vec<String> = parts.iter().map(|(name, count, _)| format!("{name} {}", format::count(*count))).collect();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title}: {}", said.join(", "))));
    let painter = ui.painter();
    let font = theme::medium_font(type_size::SMALL);
    painter.text(pos2(rect.left(), rect.top() + 7.0), Align2::LEFT_CENTER, title, font, tokens.text_weak);
    let track = Rect::from_min_max(pos2(rect.left() + 64.0, rect.top() + 2.0), pos2(rect.right(), rect.top() + 12.0));
    let mut x = track.left();
    let mut label_x = track.left();
    for (name, count, colour) in parts {
        let width = track.width() * *count as f32 / whole.max(1) as f32;
        let part = Rect::from_min_max(pos2(x, track.top()), pos2(x + width, track.bottom()));
        painter.rect_filled(part, 0.0, *colour);
        painter.vline(x + width, track.y_range(), Stroke::new(1.0, tokens.canvas));
        let font = theme::font(type_size::SMALL);
        let text = format!("{name} {}  {}", format::count(*count), percent(*count, whole));
        let galley = painter.layout_no_wrap(text, font, tokens.text_weak);
        // Below its part, but never over the label before it.
        let at = x.max(label_x).min((rect.right() - galley.size().x - 12.0).max(label_x));
        painter.circle_filled(pos2(at + 4.0, rect.top() + 27.0), 3.5, *colour);
        let label_width = galley.size().x;
        painter.galley(pos2(at + 12.0, rect.top() + 27.0 - galley.size().y / 2.0), galley, tokens.text_weak);
        label_x = at + label_width + 28.0;
        x += width;
    }
}
