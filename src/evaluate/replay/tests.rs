//! Estimates against what made-up visitors would really have clicked.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;

use super::*;
use crate::{
    dataset::{
        read,
        simulate::{Community, Plan, Simulation, simulate},
        split::{self, SplitSettings},
    },
    recall::{
        Lane, Trigger,
        hot::{HotLane, HotSettings},
    },
};

struct World {
    dataset: Dataset,
    split: Split,
    community: Community,
    hot: Arc<dyn Lane>,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let ctx = JobContext::default();
    let small = Simulation { users: 300, items: 400, days: 14, seed: 9, covers: Some(0) };
    simulate(folder.path(), &small, &ctx).unwrap();
    let dataset = read::load(folder.path(), None, None, &ctx).unwrap();
    let mut split = split::split(&dataset, &SplitSettings::default()).unwrap();
    // Whatever the log says of later is another story than the one told here.
    split.test.clear();
    let community = Community::of(&dataset, &ctx).unwrap();
    let hot = Arc::new(HotLane::build(&dataset, &split, &HotSettings::default()).unwrap());
    World { dataset, split, community, hot }
}

impl World {
    /// Visits after the reference time to a feed that shows any item, or, with the chance `popular`, one of the 50 most
    /// popular; with how probable each was.
    fn log(&self, popular: f64, seed: u64) -> (Impressions, Vec<(u32, Plan)>) {
        let mut random = Pcg64::seed_from_u64(seed);
        let server = Server::new(&self.dataset, Triggers::new(&self.dataset, &self.split));
        let from_secs = self.split.reference_time_secs.unwrap();
        let (mut log, mut visits) = (Impressions::default(), Vec::new());
        for user in 0..self.dataset.user_count() as u32 {
            for plan in self.community.plans(user, from_secs, self.community.end_secs(), seed) {
                let taken = server.triggers().of(user).exclude;
                let hidden = server.hidden(user, plan.begin_secs, [&taken, &[]]);
                let mut pool: Vec<u32> =
                    (0..self.dataset.item_count() as u32).filter(|item| hidden.binary_search(item).is_err()).collect();
                let trigger = Trigger { exclude: hidden, ..Trigger::default() };
                let mut top: Vec<u32> = self.hot.recall(&trigger, 50).iter().map(|recalled| recalled.item).collect();
                let mut visit = self.community.begin(user, &plan, 0);
                while !pool.is_empty() && !top.is_empty() {
                    let from = if random.random_bool(popular) { &top } else { &pool };
                    let item = from[random.random_range(0..from.len())];
                    let of_top = if top.contains(&item) { popular / top.len() as f64 } else { 0.0 };
                    log.propensity.push((of_top + (1.0 - popular) / pool.len() as f64) as f32);
                    log.user.push(user);
                    log.item.push(item);
                    log.time_secs.push(plan.begin_secs);
                    log.position.push(visit.place() as u16);
                    let answer = visit.see(item);
                    log.clicked.push(answer.is_clicked);
                    pool.retain(|&other| other != item);
                    top.retain(|&other| other != item);
                    if answer.is_last {
                        break;
                    }
                }
                visits.push((user, plan));
            }
        }
        (log, visits)
    }

    fn replay(&mut self, popular: f64, seed: u64, settings: &ReplaySettings) -> ReplayReport {
        let (log, visits) = self.log(popular, seed);
        self.dataset.impressions = Some(log);
        let arms = [Arm { name: "hot".to_owned(), lane: self.hot.clone() }];
        let memories = self.community.memories_of(visits.iter().map(|(user, plan)| (*user, plan)));
        replay(&self.dataset, &self.split, &arms, settings, Some(&memories), &JobContext::default()).unwrap()
    }
}

const REPETITIONS: u64 = 100;

#[test]
fn intervals_cover_the_true_click_rate_at_their_rate() {
    let mut world = world();
    for (popular, propensity) in [(0.5, Propensity::Logged), (0.0, Propensity::Uniform)] {
        let settings = ReplaySettings { k: 40, policy: None, propensity: Some(propensity) };
        let (mut covered, mut offs) = ([0; 3], [0.0; 3]);
        for seed in 0..REPETITIONS {
            let report = world.replay(popular, seed, &settings);
            let arm = &report.arms[0];
            let truth = arm.truth.unwrap();
            assert!((arm.mean_weight - 1.0).abs() < 0.35, "{arm:?}");
            assert!(arm.effective_sample <= arm.matches as f64 + 1e-6 && arm.effective_sample > 20.0, "{arm:?}");
            for (place, figure) in [arm.ips, arm.snips, arm.replay].into_iter().enumerate() {
                let Figure { value, interval: [low, high] } = figure.unwrap();
                covered[place] += i32::from((low..=high).contains(&truth));
                offs[place] += (value - truth) / REPETITIONS as f64 / truth;
            }
        }
        // Plain replay is for logs that showed everything alike.
        let judged = if propensity == Propensity::Uniform { 3 } else { 2 };
        for place in 0..judged {
            // 95 of 100, give or take 2.2.
            assert!(covered[place] >= 88, "{propensity:?} {covered:?} {offs:?}");
            assert!(offs[place].abs() < 0.05, "{propensity:?} {covered:?} {offs:?}");
        }
    }
}

#[test]
fn what_the_log_did_not_show_alike_is_weighted() {
    let mut world = world();
    // Estimated propensities know popularity, and nothing here is personal.
    let estimated = ReplaySettings { k: 40, policy: None, propensity: Some(Propensity::Estimated) };
    let report = world.replay(0.5, 1, &estimated);
    assert_eq!(report.propensity, Propensity::Estimated);
    let (arm, truth) = (&report.arms[0], report.arms[0].truth.unwrap());
    assert!((arm.snips.unwrap().value / truth - 1.0).abs() < 0.25, "{arm:?}");
    // Without being told, the log's own are taken.
    let report = world.replay(0.5, 1, &ReplaySettings { propensity: None, ..estimated });
    assert_eq!(report.propensity, Propensity::Logged);
}

#[test]
fn logs_without_what_is_needed_are_refused() {
    let mut world = world();
    let arms = [Arm { name: "hot".to_owned(), lane: world.hot.clone() }];
    let told = |world: &World, settings: &ReplaySettings| {
        replay(&world.dataset, &world.split, &arms, settings, None, &JobContext::default()).unwrap_err().to_string()
    };
    let policy = ReplaySettings { policy: Some("best".to_owned()), ..ReplaySettings::default() };
    let refused = told(&world, &policy);
    assert!(refused.contains("`best`") && refused.contains("personal"), "{refused}");
    let logged = ReplaySettings { propensity: Some(Propensity::Logged), ..ReplaySettings::default() };
    assert!(told(&world, &logged).contains("no column `propensity`"));
    world.split.reference_time_secs = Some(i64::MAX);
    assert!(told(&world, &ReplaySettings::default()).contains("after the reference time"));
    world.split.reference_time_secs = None;
    assert!(told(&world, &ReplaySettings::default()).contains("`temporal`"));
    world.dataset.impressions = None;
    assert!(told(&world, &ReplaySettings::default()).contains("no table `impressions`"));
}
