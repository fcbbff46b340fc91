//! Which lane has each item highest for the user who is looked at.

use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError};

use super::{colours::NO_LANE, next_revision};
use crate::{
    jobs::pipeline::TrainedLane,
    recall::LaneKind,
    task::JobContext,
    ui::{
        desk::MapColour,
        selection::Thing,
        session::{Basis, Opened},
        views::Scene,
    },
};

/// Items of each lane that colours tell of.
const LANE_K: usize = 100;

/// Which lane has each item highest for a user.
#[derive(Default)]
pub struct Lanes {
    of: Option<(String, u32, u64)>,
    receiver: Option<Receiver<Vec<u8>>>,
    pub found: Option<Arc<Vec<u8>>>,
    pub revision: u64,
}

impl Lanes {
    /// Finds, off the frame, which lane has each item highest for the user who is looked at.
    pub fn follow(&mut self, scene: &Scene<'_>, opened: &Opened, colour: MapColour) {
        if colour != MapColour::Lane {
            return;
        }
        let selected = scene.selection.things().iter().rev().find_map(|&thing| match thing {
            Thing::User(user) => Some(user),
            _ => None,
        });
        let first = || {
            let mut ids = scene.desk.case.columns.iter().filter_map(|column| column.user.as_deref());
            ids.find_map(|id| opened.dataset.users.ids.row(id))
        };
        let Some(user) = selected.or_else(first) else { return };
        let of = (opened.dataset.fingerprint.clone(), user, opened.revision);
        if self.of.as_ref() != Some(&of) && self.receiver.is_none() {
            self.of = Some(of);
            let lanes: Vec<(u8, Arc<TrainedLane>, Arc<Basis>)> = LaneKind::ALL
                .into_iter()
                .enumerate()
                .filter_map(|(place, kind)| {
                    let run = &opened.runs[opened.current(kind)?];
                    Some((place as u8, run.trained()?.clone(), run.basis()?.clone()))
                })
                .collect();
            let items = opened.dataset.item_count();
            self.receiver = Some(scene.session.errand(move |job: &JobContext| {
                let mut best = vec![(NO_LANE, usize::MAX); items];
                for (place, trained, basis) in lanes {
                    job.check()?;
                    let recalled = trained.lane.recall(&basis.triggers.of(user), LANE_K);
                    for (rank, recalled) in recalled.iter().enumerate() {
                        if let Some(best) = best.get_mut(recalled.item as usize).filter(|best| rank < best.1) {
                            *best = (place, rank);
                        }
                    }
                }
                Ok(best.into_iter().map(|(lane, _)| lane).collect())
            }));
        }
        let Some(receiver) = &self.receiver else { return };
        match receiver.try_recv() {
            Ok(found) => {
                self.found = Some(Arc::new(found));
                self.revision = next_revision();
                self.receiver = None;
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.receiver = None,
        }
    }
}
