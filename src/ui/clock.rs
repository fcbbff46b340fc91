//! How long the window thinks about each frame, apart from the renderer's own time.

use std::{collections::VecDeque, time::Duration};

/// Frames that the figures are over.
const KEPT: usize = 240;

#[derive(Debug, Default)]
pub struct FrameClock {
    millis: VecDeque<f32>,
}

impl FrameClock {
    pub fn add(&mut self, took: Duration) {
        if self.millis.len() == KEPT {
            self.millis.pop_front();
        }
        self.millis.push_back(took.as_secs_f32() * 1e3);
    }

    /// Of the last frames, in milliseconds; `None` before the first. `share` from 0 to 1: 0.5 is the median.
    pub fn quantile_ms(&self, share: f32) -> Option<f32> {
        let mut sorted: Vec<f32> = self.millis.iter().copied().collect();
        sorted.sort_by(f32::total_cmp);
        let place = ((sorted.len().checked_sub(1)?) as f32 * share.clamp(0.0, 1.0)).round();
        sorted.get(place as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_last_frames() {
        let mut clock = FrameClock::default();
        assert_eq!(clock.quantile_ms(0.5), None);
        for frame in 0..1_000 {
            clock.add(Duration::from_millis(if frame < 700 { 1_000 } else { frame % 3 }));
        }
        assert_eq!(clock.quantile_ms(0.5), Some(1.0));
        assert_eq!(clock.quantile_ms(1.0), Some(2.0));
    }
}
