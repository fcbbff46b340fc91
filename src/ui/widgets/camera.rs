//! Where a canvas looks, for all canvases that can be moved and zoomed.

use std::ops::RangeInclusive;

use egui::{Pos2, Rect};

#[derive(Debug, Clone, Copy)]
pub struct Camera {
    /// What lies in the middle.
    pub centre: Pos2,
    /// Points of the screen a unit of the plane.
    pub zoom: f32,
    /// Shows everything, whatever comes, until the analyst moves it.
    pub is_fitted: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self { centre: Pos2::ZERO, zoom: 1.0, is_fitted: true }
    }
}

impl Camera {
    pub fn to_screen(self, rect: Rect, at: Pos2) -> Pos2 {
        rect.center() + (at - self.centre) * self.zoom
    }

    pub fn to_plane(self, rect: Rect, at: Pos2) -> Pos2 {
        self.centre + (at - rect.center()) / self.zoom
    }

    /// The part of the plane that is in sight.
    pub fn seen(self, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_plane(rect, rect.min), self.to_plane(rect, rect.max))
    }

    /// By `factor`, within `zooms`, so that what lies under `at` stays there.
    pub fn zoom_at(&mut self, rect: Rect, at: Pos2, factor: f32, zooms: RangeInclusive<f32>) {
        let before = self.to_plane(rect, at);
        self.zoom = (self.zoom * factor).clamp(*zooms.start(), *zooms.end());
        self.centre += before - self.to_plane(rect, at);
        self.is_fitted = false;
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    #[test]
    fn zooming_keeps_what_lies_under_the_pointer() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(300.0, 200.0));
        let mut camera = Camera { centre: pos2(5.0, 6.0), zoom: 1.0, is_fitted: true };
        let (at, before) = (pos2(60.0, 70.0), camera.to_plane(rect, pos2(60.0, 70.0)));
        camera.zoom_at(rect, at, 2.0, 0.05..=6.0);
        assert!(camera.to_plane(rect, at).distance(before) < 1e-3 && !camera.is_fitted && camera.zoom == 2.0);
        camera.zoom_at(rect, at, 100.0, 0.05..=6.0);
        assert_eq!(camera.zoom, 6.0);
    }
}
