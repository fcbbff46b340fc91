//! Heat over a picture: as a mesh of colours, which any window can draw.

use egui::{Mesh, Painter, Rect, Shape, lerp, pos2};

use crate::{models::cover::Heat, ui::theme};

/// Points to a side: the last map of a network has a few, and between them the heat is smooth.
pub const SIDE: usize = 29;

/// Draws `values`, `[SIDE, SIDE]` with 1 at the hottest, over `rect`.
pub fn paint(painter: &Painter, rect: Rect, values: &[f32], opacity: f32) {
    let mut mesh = Mesh::default();
    let at = |place: usize| place as f32 / (SIDE - 1) as f32;
    for (place, &value) in values.iter().enumerate() {
        let (row, column) = (place / SIDE, place % SIDE);
        let corner = pos2(lerp(rect.left()..=rect.right(), at(column)), lerp(rect.top()..=rect.bottom(), at(row)));
        mesh.colored_vertex(corner, theme::heat(value, opacity));
    }
    let side = SIDE as u32;
    for row in 0..side - 1 {
        for column in 0..side - 1 {
            let corner = row * side + column;
            mesh.add_triangle(corner, corner + 1, corner + side);
            mesh.add_triangle(corner + 1, corner + side + 1, corner + side);
        }
    }
    painter.add(Shape::mesh(mesh));
}

pub fn enlarged(heat: &Heat) -> Vec<f32> {
    heat.enlarged(SIDE)
}
