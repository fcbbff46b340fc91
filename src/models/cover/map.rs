//! Maps of numbers over pictures, and buffers that are used again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// A batch of pictures with channels last: `[images, height, width, channels]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    pub images: usize,
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    pub values: Vec<f32>,
}

impl Map {
    /// Numbers of one picture.
    pub fn stride(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Pixels of all pictures.
    pub fn pixels(&self) -> usize {
        self.images * self.height * self.width
    }
}

/// Buffers by their length: training asks for the same ones in every step, and fresh memory costs the system more than
/// the arithmetic does.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<BTreeMap<usize, Vec<Vec<f32>>>>);

impl Pool {
    /// `len` numbers of any value.
    pub fn take(&self, len: usize) -> Vec<f32> {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.get_mut(&len).and_then(Vec::pop).unwrap_or_else(|| vec![0.0; len])
    }

    pub fn give(&self, buffer: Vec<f32>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(buffer.len()).or_default().push(buffer);
    }

    /// A map of numbers of any value.
    pub fn map(&self, images: usize, height: usize, width: usize, channels: usize) -> Map {
        Map { images, height, width, channels, values: self.take(images * height * width * channels) }
    }

    pub fn give_map(&self, map: Map) {
        self.give(map.values);
    }
}
