//! Where on a cover a tag is seen: Grad-CAM (Selvaraju et al., 2017).

use super::map::Map;

/// Heat over the last map of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    pub height: usize,
    pub width: usize,
    /// `[height, width]`, not below 0; as it comes, not scaled.
    pub values: Vec<f32>,
}

/// `map`: of which the first picture counts; `gradient`: what the tag's number gains with each channel, all pixels
/// together. The mean over the pixels weighs the channel. Features are means over the last map, so there it is the
/// feature's.
pub fn grad_cam(map: &Map, gradient: &[f32]) -> Heat {
    let pixels = map.height * map.width;
    let values = map.values[..map.stride()]
        .chunks_exact(map.channels)
        .map(|pixel| {
            let sum: f32 = pixel.iter().zip(gradient).map(|(value, gradient)| value * gradient).sum();
            (sum / pixels as f32).max(0.0)
        })
        .collect();
    Heat { height: map.height, width: map.width, values }
}

impl Heat {
    /// Drawn larger, between the middles of the pixels (bilinear), `[side, side]`, with 1 at the hottest.
    pub fn enlarged(&self, side: usize) -> Vec<f32> {
        let most = self.values.iter().fold(f32::MIN_POSITIVE, |most, &value| most.max(value));
        let at = |place: usize, count: usize| {
            let place = ((place as f32 + 0.5) * count as f32 / side as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            (place as usize, (place as usize + 1).min(count - 1), place.fract())
        };
        let mut drawn = Vec::with_capacity(side * side);
        for row in 0..side {
            let (top, bottom, down) = at(row, self.height);
            for column in 0..side {
                let (left, right, across) = at(column, self.width);
                let line = |row: usize| {
                    let (one, other) = (self.values[row * self.width + left], self.values[row * self.width + right]);
                    one + across * (other - one)
                };
                drawn.push((line(top) + down * (line(bottom) - line(top))) / most);
            }
        }
        drawn
    }
}
