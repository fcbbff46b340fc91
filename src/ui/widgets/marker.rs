//! The markers of lanes outside of charts: in legends, before names.

use egui::{Color32, Painter, Pos2, Stroke, Vec2, vec2};
use egui_plot::MarkerShape;

/// Draws `shape` as a chart does, around `at`. A hollow one stands for a further run of a lane.
pub fn marker(painter: &Painter, shape: MarkerShape, at: Pos2, radius: f32, colour: Color32, is_hollow: bool) {
    let fill = if is_hollow { Color32::TRANSPARENT } else { colour };
    let stroke = Stroke::new(if is_hollow { 1.3 } else { 0.0 }, colour);
    let polygon = |corners: &[Vec2]| {
        let points = corners.iter().map(|&corner| at + corner * radius).collect();
        painter.add(egui::Shape::convex_polygon(points, fill, stroke));
    };
    let lines = |ends: &[Vec2]| {
        for &end in ends {
            painter.line_segment([at - end * radius, at + end * radius], Stroke::new(1.6, colour));
        }
    };
    let (side, half) = (3f32.sqrt() / 2.0, 0.5);
    match shape {
        MarkerShape::Circle => {
            painter.circle(at, radius, fill, stroke);
        }
        MarkerShape::Diamond => polygon(&[vec2(0.0, 1.0), vec2(-1.0, 0.0), vec2(0.0, -1.0), vec2(1.0, 0.0)]),
        MarkerShape::Square => polygon(&[vec2(-0.8, 0.8), vec2(-0.8, -0.8), vec2(0.8, -0.8), vec2(0.8, 0.8)]),
        MarkerShape::Up => polygon(&[vec2(0.0, -1.0), vec2(side, half), vec2(-side, half)]),
        MarkerShape::Down => polygon(&[vec2(0.0, 1.0), vec2(-side, -half), vec2(side, -half)]),
        MarkerShape::Left => polygon(&[vec2(-1.0, 0.0), vec2(half, -side), vec2(half, side)]),
        MarkerShape::Right => polygon(&[vec2(1.0, 0.0), vec2(-half, side), vec2(-half, -side)]),
        MarkerShape::Plus => lines(&[vec2(1.0, 0.0), vec2(0.0, 1.0)]),
        MarkerShape::Cross => lines(&[vec2(0.75, 0.75), vec2(0.75, -0.75)]),
        MarkerShape::Asterisk => lines(&[vec2(0.0, 1.0), vec2(side, half), vec2(side, -half)]),
    }
}
