//! The experiment of the lab, off the frame.

use std::sync::Arc;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender};

use crate::{
    dataset::simulate::Community,
    evaluate::ab::{AbReport, AbSettings, Lab, against_first},
    jobs::{JobId, lab},
    recall::{
        Lane,
        mix::{MixBy, MixPart},
    },
    ui::{
        desk::LabDesk,
        session::{LAB, Opened, Session},
    },
};

/// What was asked for, and what is known of it.
#[derive(Default)]
pub struct Trial {
    pub job: Option<JobId>,
    pub report: Option<AbReport>,
    channel: Option<Receiver<AbReport>>,
}

/// A run of an arm: the lane where it is open, else its id.
enum Part {
    Open(Arc<dyn Lane>),
    Kept(String),
}

impl Trial {
    /// Takes what came in.
    pub fn update(&mut self) {
        if let Some(report) = self.channel.as_ref().and_then(|channel| channel.try_iter().last()) {
            self.report = Some(report);
        }
    }

    /// Begins anew. `names` are the arms'. Nothing happens before the split stands.
    pub fn start(&mut self, session: &Session, opened: &Opened, desk: &LabDesk, names: Vec<String>) {
        let Some(prepared) = opened.prepared().cloned() else { return };
        if let Some(before) = self.job {
            session.cancel(before);
        }
        let part = |id: &String| {
            let lane = opened.run_of(id).and_then(|run| opened.runs[run].trained()).map(|trained| trained.lane.clone());
            lane.map_or_else(|| Part::Kept(id.clone()), Part::Open)
        };
        let arms: Vec<(String, Vec<Part>)> =
            names.into_iter().zip(&desk.arms).map(|(name, arm)| (name, arm.runs.iter().map(part).collect())).collect();
        let workspace = session.workspace.clone();
        let (sender, receiver): (Sender<AbReport>, _) = crossbeam_channel::unbounded();
        let settings = AbSettings { until_clear: desk.until_clear, seed: desk.seed, ..AbSettings::default() };
        self.channel = Some(receiver);
        self.report = None;
        self.job = Some(session.compute(LAB, move |ctx| {
            let mut made = Vec::new();
            for (name, parts) in arms {
                let mut lanes = Vec::new();
                for part in parts {
                    let lane = match part {
                        Part::Open(lane) => lane,
                        Part::Kept(id) => {
                            let workspace = workspace.as_deref().context("there is no workspace")?;
                            let run = workspace.find_run(&id)?.with_context(|| format!("the run {id} is gone"))?;
                            lab::open(&prepared, &run, workspace, ctx)?
                        }
                    };
                    lanes.push(MixPart { lane, share: 1.0 });
                }
                made.push(lab::merged(&name, lanes, MixBy::Quota)?);
            }
            let community = Community::of(&prepared.dataset, ctx)?;
            let lab = Lab::new(&prepared.dataset, &prepared.split, &community)?;
            // A view that is gone no longer listens.
            let mut tell = |report: &AbReport| drop(sender.send(report.clone()));
            lab.run(&made, &against_first(&made), &settings, &mut tell, ctx)?;
            Ok(())
        }));
    }
}
