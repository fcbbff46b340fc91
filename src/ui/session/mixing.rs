//! The mix that is being set up as a run that no list shows, so that the case study can show what it recalls while
//! shares change; shares that are chosen on validation; and mixes that are to be kept.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use crossbeam_channel::Receiver;

use super::{Opened, Run, RunState, Session, TUNING};
use crate::{
    evaluate::Chosen,
    jobs::{
        JobId,
        mix::{MixSettings, PARTS, PartSettings, tune},
        pipeline::{PipelineSettings, TrainedLane},
    },
    recall::{
        Lane, LaneKind,
        mix::{MixBy, MixLane, MixPart},
    },
    ui::desk::{DRAFT, MixDesk, PartDesk},
};

/// What the draft was made of.
#[derive(Default)]
pub(super) struct Draft {
    desk: MixDesk,
    lanes: Vec<Arc<dyn Lane>>,
}

/// The choice of shares that is under way or was made last.
#[derive(Default)]
pub struct Tuning {
    pub job: Option<JobId>,
    /// The runs whose shares are asked for, by id.
    runs: Vec<String>,
    channel: Option<Receiver<Chosen>>,
    chosen: Option<Chosen>,
}

/// A share as its slider has it.
fn percent(share: f32) -> f64 {
    f64::from(share) * MixDesk::MOST
}

impl Tuning {
    /// What was chosen, as long as the mix is the one that was chosen.
    pub fn chosen(&self, desk: &MixDesk) -> Option<&Chosen> {
        let chosen = self.chosen.as_ref()?;
        let is_of_desk = desk.parts.iter().map(|part| &part.run).eq(&self.runs);
        let shares = desk.parts.iter().map(|part| part.share);
        let is_untouched = shares.eq(chosen.shares.iter().copied().map(percent));
        (is_of_desk && is_untouched && chosen.by == desk.by).then_some(chosen)
    }
}

impl Opened {
    /// Whether the run can be a part of a mix on the split that is set.
    pub fn can_be_mixed(&self, run: &Run) -> bool {
        run.kind != LaneKind::Mix && run.settings.split == self.settings.split
    }

    /// What the mix would be kept with; why it cannot be.
    pub fn mix_settings(&self, desk: &MixDesk) -> Result<PipelineSettings> {
        let of_part = |part: &PartDesk| {
            let run = self.run_of(&part.run).with_context(|| format!("the run {} is gone", part.run))?;
            Ok(PartSettings { run: part.run.clone(), lane: self.runs[run].kind, share: part.share })
        };
        let mix = MixSettings::new(desk.by, desk.parts.iter().map(of_part).collect::<Result<_>>()?)?;
        Ok(PipelineSettings {
            split: self.settings.split.clone(),
            evaluate: self.settings.evaluate.clone(),
            mix: Some(mix),
            ..PipelineSettings::default()
        })
    }
}

impl Session {
    /// Chooses shares for the mix that is being set up, off the frame. Without a workspace, where its runs are kept, and
    /// before the split stands nothing happens.
    pub fn tune_mix(&mut self, desk: &MixDesk) {
        let prepared = self.opened.as_ref().and_then(|opened| opened.prepared().cloned());
        let (Some(prepared), Some(workspace)) = (prepared, self.workspace.clone()) else { return };
        if !PARTS.contains(&desk.parts.len()) {
            return;
        }
        if let Some(before) = self.tuning.job {
            self.cancel(before);
        }
        let runs: Vec<String> = desk.parts.iter().map(|part| part.run.clone()).collect();
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let asked = runs.clone();
        let job = self.compute(TUNING, move |ctx| {
            let find = |id: &String| workspace.find_run(id)?.with_context(|| format!("the run {id} is gone"));
            let runs = asked.iter().map(find).collect::<Result<Vec<_>>>()?;
            let chosen = tune(&prepared, &runs, &MixBy::ALL, &workspace, ctx)?;
            // A window that is gone no longer listens.
            let _ = sender.send(chosen);
            Ok(())
        });
        self.tuning = Tuning { job: Some(job), runs, channel: Some(receiver), chosen: None };
    }

    /// The mix with the shares that were chosen meanwhile, if it still has the runs that they are for.
    pub fn take_tuned(&mut self, desk: &MixDesk) -> Option<MixDesk> {
        let chosen = self.tuning.channel.as_ref()?.try_recv().ok()?;
        self.tuning.channel = None;
        let chosen = self.tuning.chosen.insert(chosen);
        let is_of_desk = desk.parts.iter().map(|part| &part.run).eq(&self.tuning.runs);
        is_of_desk.then(|| {
            let part = |(part, &share): (&PartDesk, &f32)| PartDesk { share: percent(share), ..part.clone() };
            let parts = desk.parts.iter().zip(&chosen.shares).map(part).collect();
            MixDesk { by: chosen.by, parts, ..desk.clone() }
        })
    }

    /// Lets the draft answer as `desk` says, as soon as every part is open. Cheap where nothing has changed.
    pub fn follow_mix(&mut self, desk: &MixDesk) {
        let Some(opened) = &mut self.opened else { return };
        if !desk.is_open {
            self.draft = Draft::default();
            return;
        }
        let basis = opened.basis.clone();
        let trained = desk.parts.iter().map(|part| {
            let run = &opened.runs[opened.run_of(&part.run)?];
            // Of another split, which the analyst has left, it would tell what is tested now.
            run.trained().filter(|_| opened.can_be_mixed(run)).map(|trained| trained.lane.clone())
        });
        let lanes: Option<Vec<Arc<dyn Lane>>> = trained.collect();
        let place = opened.run_of(DRAFT).unwrap_or_else(|| {
            let settings = opened.settings.clone();
            opened.runs.push(Run::new(DRAFT.to_owned(), LaneKind::Mix, settings, &opened.settings));
            opened.runs.len() - 1
        });
        let (Some(lanes), Some(basis), Ok(settings)) = (lanes, basis, opened.mix_settings(desk)) else {
            self.draft = Draft::default();
            opened.runs[place].state = RunState::Making(None);
            return;
        };
        let is_same_lane = |(one, other): (&Arc<dyn Lane>, &Arc<dyn Lane>)| Arc::ptr_eq(one, other);
        let before = &self.draft;
        let is_same = (before.desk.by, &before.desk.parts) == (desk.by, &desk.parts)
            && before.lanes.len() == lanes.len()
            && before.lanes.iter().zip(&lanes).all(is_same_lane);
        if is_same && matches!(opened.runs[place].state, RunState::Ready { .. }) {
            return;
        }
        let shares = settings.mix.iter().flat_map(|mix| &mix.parts).map(|part| part.share as f32);
        let parts = lanes.iter().cloned().zip(shares).map(|(lane, share)| MixPart { lane, share }).collect();
        let run = &mut opened.runs[place];
        run.settings = settings;
        run.state = match MixLane::new(parts, desk.by) {
            Ok(lane) => {
                let trained = TrainedLane {
                    kind: LaneKind::Mix,
                    run_id: DRAFT.to_owned(),
                    lane: Arc::new(lane),
                    report: Arc::default(),
                    audit: None,
                    build_secs: 0.0,
                    evaluate_secs: 0.0,
                    peak_memory_bytes: 0,
                    curves: crate::task::Curves::default(),
                    is_found: false,
                };
                RunState::Ready { trained: Arc::new(trained), basis }
            }
            Err(error) => RunState::Failed(error.to_string()),
        };
        self.draft = Draft { desk: desk.clone(), lanes };
        self.ctx.request_repaint();
    }
}
