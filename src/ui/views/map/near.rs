//! What is nearest to the selection by the vectors, and how true the map is around it.

use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError};

use super::{placed::Placed, points::Points};
use crate::{
    task::JobContext,
    ui::views::{Scene, network::Node},
};

/// The nearest that are shown of what is selected.
const NEAR: usize = 24;
/// Selected points by which the map around the selection is judged, at most.
const MOST_JUDGED: usize = 60;

/// The nearest of what is selected, and how true the map is around it.
#[derive(Default)]
pub struct Near {
    of: Option<(Vec<usize>, u64)>,
    receiver: Option<Receiver<(Vec<(Node, f32)>, Option<f32>)>>,
    pub found: Vec<(Node, f32)>,
    pub kept: Option<f32>,
}

impl Near {
    /// Asks for what is nearest to the selection, off the frame, and takes it.
    pub fn follow(&mut self, scene: &Scene<'_>, points: &Arc<Points>, placed: &Arc<Placed>, revision: u64) {
        let nodes = scene.selection.things().iter().filter_map(|&thing| Node::of(thing));
        let places: Vec<usize> = nodes.filter_map(|node| points.place_of(node)).collect();
        let of = (places, revision);
        // While points move, one answer is waited for before the next question.
        if self.of.as_ref() != Some(&of) && self.receiver.is_none() {
            if self.of.as_ref().is_none_or(|(before, ..)| *before != of.0) {
                (self.found, self.kept) = (Vec::new(), None);
            }
            let (points, placed, places) = (points.clone(), placed.clone(), of.0.clone());
            self.of = Some(of);
            let Some(&last) = places.last() else { return };
            self.receiver = Some(scene.session.errand(move |job: &JobContext| {
                let found = points.nearest(last, NEAR).into_iter();
                let found = found.map(|(place, cosine)| (points.nodes[place], cosine)).collect();
                let step = places.len().div_ceil(MOST_JUDGED).max(1);
                let judged: Vec<usize> = places.iter().copied().step_by(step).collect();
                Ok((found, points.kept(&placed, &judged, job)?))
            }));
        }
        let Some(receiver) = &self.receiver else { return };
        match receiver.try_recv() {
            Ok((found, kept)) => {
                (self.found, self.kept) = (found, kept);
                self.receiver = None;
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.receiver = None,
        }
    }
}
