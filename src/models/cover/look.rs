//! One picture at a time: what the network makes of it, and where it sees what.
//!
//! On a small picture the last map has few pixels (2 × 2 of 64), and Grad-CAM over it says little of a place. Heat is
//! therefore taken at the last map that is fine enough, with the gradient that comes back to it.

use super::{
    explain::{Heat, grad_cam},
    head::columns,
    infer::{Folded, Inference},
    map::Map,
    norm::average,
    resnet::Resnet,
};
use crate::models::vector::Instructions;

/// Pixels to a side that heat needs. On the sample, at 64 pixels, 61 % of the heat then lies on the drawn object, which
/// fills 32 % of the picture; with twice as many 60 %, at the last map 38 %.
const FINE_SIDE: usize = 4;
/// The first two maps are of edges and colours, whatever the tag.
const LEAST_STAGES: usize = 2;

/// A network for single pictures; its kernels stand as they are, so that it takes little memory.
#[derive(Debug)]
pub struct Looker {
    early: Inference,
    late: Vec<(Vec<Folded>, Option<Folded>)>,
    instructions: Instructions,
}

/// What the network made of a picture on its way.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Where heat is taken.
    fine: Map,
    /// By block behind `fine`, what each unit gave.
    blocks: Vec<Vec<Map>>,
}

impl Looker {
    /// For pictures of `side` pixels.
    pub fn new(net: &Resnet, side: usize) -> Self {
        let halves = |stages: usize| stages + usize::from(net.max_pool);
        let pixels = |stages: usize| (0..halves(stages)).fold(side, |side, _| side.div_ceil(2));
        let stages = (LEAST_STAGES..=4).rev().find(|&stages| pixels(stages) >= FINE_SIDE).unwrap_or(LEAST_STAGES);
        let early = Inference::plain(net, stages);
        let instructions = Instructions::detect();
        let fold = |unit| Folded::of(net, unit, true, true, early.pool(), instructions);
        let late = net.stages[stages..]
            .iter()
            .flatten()
            .map(|block| (block.units.iter().map(|&unit| fold(unit)).collect(), block.shortcut.map(fold)))
            .collect();
        Self { early, late, instructions }
    }

    /// Of one normalised picture, `[1, side, side, 3]`: its features, and what heat is found from.
    pub fn look(&self, picture: &Map) -> (Vec<f32>, Sight) {
        let fine = self.early.map(picture);
        let blocks = self.late(&fine);
        let features = average(blocks.last().and_then(|maps| maps.last()).unwrap_or(&fine));
        (features, Sight { fine, blocks })
    }

    /// By block behind the fine map, what each unit gives.
    fn late(&self, fine: &Map) -> Vec<Vec<Map>> {
        let mut blocks: Vec<Vec<Map>> = Vec::with_capacity(self.late.len());
        for (units, shortcut) in &self.late {
            let start = blocks.last().and_then(|maps| maps.last()).unwrap_or(fine);
            let residual = shortcut.as_ref().map(|shortcut| self.unit(shortcut, start, None, false));
            let mut maps: Vec<Map> = Vec::with_capacity(units.len());
            for (place, unit) in units.iter().enumerate() {
                let added = (place + 1 == units.len()).then(|| residual.as_ref().unwrap_or(start));
                let made = self.unit(unit, maps.last().unwrap_or(start), added, true);
                maps.push(made);
            }
            blocks.push(maps);
        }
        blocks
    }

    /// Where on the picture something is seen; `gradient`: what it gains with each feature, `[features]`.
    pub fn heat(&self, sight: &Sight, gradient: &[f32]) -> Heat {
        if sight.blocks.is_empty() {
            return grad_cam(&sight.fine, gradient);
        }
        let gradient = self.gradient(sight, gradient);
        grad_cam(&sight.fine, &columns(&gradient.values, gradient.channels))
    }

    /// The gradient of the fine map.
    fn gradient(&self, sight: &Sight, of_features: &[f32]) -> Map {
        let start_of = |block: usize| match block.checked_sub(1) {
            Some(before) => sight.blocks[before].last().unwrap_or(&sight.fine),
            None => &sight.fine,
        };
        let last = start_of(sight.blocks.len());
        let pixels = last.height * last.width;
        let mut gradient = Map {
            values: (0..pixels).flat_map(|_| of_features.iter().map(|value| value / pixels as f32)).collect(),
            ..shape_of(last)
        };
        for (block, (units, shortcut)) in self.late.iter().enumerate().rev() {
            let (maps, start) = (&sight.blocks[block], start_of(block));
            if let Some(made) = maps.last() {
                rectified(&mut gradient, made);
            }
            let of_sum = gradient.clone();
            for (place, unit) in units.iter().enumerate().rev() {
                let input = place.checked_sub(1).map_or(start, |before| &maps[before]);
                gradient = self.back(unit, &gradient, input);
                if place > 0 {
                    rectified(&mut gradient, input);
                }
            }
            let beside = match shortcut {
                Some(shortcut) => self.back(shortcut, &of_sum, start),
                None => of_sum,
            };
            gradient.values.iter_mut().zip(&beside.values).for_each(|(sum, value)| *sum += value);
        }
        gradient
    }

    fn unit(&self, folded: &Folded, x: &Map, residual: Option<&Map>, rectifies: bool) -> Map {
        folded.forward(x, residual, rectifies, self.early.pool(), self.instructions)
    }

    fn back(&self, folded: &Folded, gradient: &Map, input: &Map) -> Map {
        let size = (input.height, input.width);
        folded.conv.input_gradient(gradient, &folded.packed, size, self.early.pool(), self.instructions)
    }
}

fn shape_of(map: &Map) -> Map {
    Map { values: Vec::new(), ..*map }
}

/// Nothing comes back through what was not above 0.
fn rectified(gradient: &mut Map, made: &Map) {
    for (gradient, &made) in gradient.values.iter_mut().zip(&made.values) {
        if made <= 0.0 {
            *gradient = 0.0;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::cover::Depth;

    fn picture(side: usize) -> Map {
        let value = |at: usize| ((at as u32).wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 23) as f32 - 1.0;
        Map { images: 1, height: side, width: side, channels: 3, values: (0..side * side * 3).map(value).collect() }
    }

    #[test]
    fn a_picture_is_seen_as_among_others_and_where_the_last_map_is_fine_heat_is_grad_cam() {
        for (depth, side, pixels) in [(Depth::Resnet18, 64, 4), (Depth::Resnet50, 64, 4), (Depth::Resnet18, 128, 4)] {
            let net = Resnet::new(depth, true, 3);
            let (looker, inference) = (Looker::new(&net, side), Inference::new(&net, 4));
            let (features, sight) = looker.look(&picture(side));
            let right = inference.features(&picture(side));
            let most = right.iter().fold(0f32, |most, value| most.max(value.abs()));
            for (found, right) in features.iter().zip(&right) {
                assert!((found - right).abs() <= 1e-4 * most, "{found}, not {right}");
            }
            let gradient: Vec<f32> = (0..features.len()).map(|at| (at as f32).sin()).collect();
            let heat = looker.heat(&sight, &gradient);
            assert_eq!((heat.height, heat.width), (pixels, pixels), "{depth:?} at {side}");
            assert!(heat.values.iter().all(|value| value.is_finite()) && heat.values.iter().any(|&value| value > 0.0));
            if side == 128 {
                let right = grad_cam(&inference.map(&picture(side)), &gradient);
                let most = right.values.iter().fold(f32::MIN_POSITIVE, |most, &value| most.max(value));
                for (found, right) in heat.values.iter().zip(&right.values) {
                    assert!((found - right).abs() <= 1e-3 * most, "{found}, not {right}");
                }
            }
        }
    }

    #[test]
    fn the_gradient_of_the_fine_map_is_that_of_differences() {
        for depth in [Depth::Resnet18, Depth::Resnet50] {
            let looker = Looker::new(&Resnet::new(depth, true, 5), 64);
            let (features, sight) = looker.look(&picture(64));
            let direction: Vec<f32> = (0..features.len()).map(|at| (at as f32 * 0.7).cos()).collect();
            let found = looker.gradient(&sight, &direction);
            let value = |fine: &Map| -> f64 {
                let blocks = looker.late(fine);
                let features = average(blocks.last().unwrap().last().unwrap());
                features.iter().zip(&direction).map(|(value, along)| f64::from(value * along)).sum()
            };
            let norm = found.values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            // Along the gradient itself the value rises by its length.
            let scale = sight.fine.values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            let step = 1e-3 * scale / norm;
            let at = |sign: f64, fine: &Map| {
                let moved = fine.values.iter().zip(&found.values);
                let values = moved.map(|(value, along)| value + (sign * step * f64::from(*along)) as f32).collect();
                value(&Map { values, ..shape_of(fine) })
            };
            let rise = (at(1.0, &sight.fine) - at(-1.0, &sight.fine)) / (2.0 * step);
            assert!((rise / norm.powi(2) - 1.0).abs() < 0.03, "{depth:?}: {rise}, not {}", norm.powi(2));
        }
    }
}
