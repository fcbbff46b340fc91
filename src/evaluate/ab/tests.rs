//! Experiments on a community of a few hundred.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    dataset::{
        read,
        simulate::{NoCommunity, Simulation, simulate},
        split::{self, SplitSettings},
    },
    recall::{
        LaneKind, Recalled, SeedShare, Trigger,
        hot::{HotLane, HotSettings},
    },
};

struct World {
    dataset: Dataset,
    split: Split,
    community: Community,
    folder: tempfile::TempDir,
}

fn world(seed: u64) -> World {
    let folder = tempfile::tempdir().unwrap();
    let ctx = JobContext::default();
    let small = Simulation { users: 300, items: 400, days: 14, seed, covers: Some(0) };
    simulate(folder.path(), &small, &ctx).unwrap();
    let dataset = read::load(folder.path(), None, None, &ctx).unwrap();
    let split = split::split(&dataset, &SplitSettings::default()).unwrap();
    let community = Community::of(&dataset, &ctx).unwrap();
    World { dataset, split, community, folder }
}

impl World {
    fn lab(&self) -> Lab<'_> {
        Lab::new(&self.dataset, &self.split, &self.community).unwrap()
    }

    fn hot(&self) -> Arc<dyn Lane> {
        Arc::new(HotLane::build(&self.dataset, &self.split, &HotSettings::default()).unwrap())
    }
}

/// Another lane's list from its end: the least popular first.
struct Backwards(Arc<dyn Lane>);

impl Lane for Backwards {
    fn kind(&self) -> LaneKind {
        LaneKind::Hot
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        let mut all = self.0.recall(trigger, usize::MAX);
        all.reverse();
        all.truncate(k);
        all
    }

    fn seeds(&self, _trigger: &Trigger, _item: u32) -> Vec<SeedShare> {
        Vec::new()
    }
}

fn arm(name: &str, lane: Arc<dyn Lane>) -> Arm {
    Arm { name: name.to_owned(), lane }
}

fn run(lab: &Lab<'_>, arms: &[Arm], settings: &AbSettings) -> AbReport {
    lab.run(arms, &against_first(arms), settings, &mut |_| {}, &JobContext::default()).unwrap()
}

fn is_clear(report: &AbReport) -> bool {
    report.differences.iter().any(|of| of.watched.values().any(|clear| clear.clear_after_visits.is_some()))
}

#[test]
fn an_arm_against_itself_raises_few_false_alarms() {
    let world = world(3);
    let lab = world.lab();
    let arms = [arm("one", world.hot()), arm("other", world.hot())];
    let alarms = (0..200)
        .filter(|&seed| {
            let settings = AbSettings { same_luck: false, seed, ..AbSettings::default() };
            is_clear(&run(&lab, &arms, &settings))
        })
        .count();
    assert!(alarms <= 10, "{alarms} of 200");
    // With one luck for both nothing differs at all.
    let report = run(&lab, &arms, &AbSettings::default());
    for (name, figure) in &report.differences[0].figures {
        assert!(figure.is_none_or(|figure| figure.value == 0.0), "{name}: {figure:?}");
    }
    assert_eq!(report.arms[0].figures, report.arms[1].figures);
}

#[test]
fn a_planted_difference_is_found_and_ends_the_experiment() {
    let world = world(4);
    let lab = world.lab();
    let arms = [arm("backwards", Arc::new(Backwards(world.hot()))), arm("hot", world.hot())];
    for same_luck in [true, false] {
        let settings = AbSettings { same_luck, until_clear: true, ..AbSettings::default() };
        let report = run(&lab, &arms, &settings);
        let found = &report.differences[0].watched["ctr"];
        assert!(report.is_stopped && report.visitors < report.visitors_planned, "{found:?}");
        assert_eq!(found.clear_after_visits, Some(report.visits));
        assert!(found.interval.unwrap()[0] > 0.0, "{found:?}");
    }
    // What is found whole agrees with what the part found.
    let whole = run(&lab, &arms, &AbSettings::default());
    assert!(whole.differences[0].figures["ctr"].unwrap().interval[0] > 0.0);
    assert_eq!(whole.visitors, whole.visitors_planned);
}

#[test]
fn the_same_seed_gives_the_same_report_and_progress_is_told() {
    let world = world(5);
    let lab = world.lab();
    let arms = [arm("hot", world.hot()), arm("backwards", Arc::new(Backwards(world.hot())))];
    let settings = AbSettings { visitors: Some(70), ..AbSettings::default() };
    let mut reports = Vec::new();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut seen = Vec::new();
        let last = pool.install(|| {
            lab.run(
                &arms,
                &against_first(&arms),
                &settings,
                &mut |report| seen.push(report.visitors),
                &JobContext::default(),
            )
            .unwrap()
        });
        assert_eq!(seen, [32, 64, 70]);
        reports.push(last);
    }
    assert_eq!(reports[0], reports[1]);
    assert_ne!(reports[0].arms, run(&lab, &arms, &AbSettings { seed: 43, ..settings }).arms);
    let report = &reports[0];
    for of in &report.arms {
        assert_eq!(of.visits, report.visits);
        assert!(of.clicks > 0 && of.clicks < of.impressions);
        let depth = of.figures["depth"].unwrap();
        assert!((depth.value - of.impressions as f64 / of.visits as f64).abs() < 1e-9);
        assert!(depth.interval[0] < depth.value && depth.value < depth.interval[1]);
    }
    assert_eq!(report.curve.len(), 3);
}

#[test]
fn nothing_is_shown_twice_or_before_it_is_out() {
    /// Remembers what it was asked, and answers with what may be shown.
    struct Spy {
        items: u32,
        asked: std::sync::Mutex<Vec<Trigger>>,
    }
    impl Lane for Spy {
        fn kind(&self) -> LaneKind {
            LaneKind::Hot
        }

        fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
            self.asked.lock().unwrap().push(trigger.clone());
            let may = (0..self.items).filter(|item| trigger.exclude.binary_search(item).is_err());
            may.take(k).map(|item| Recalled { item, score: 1.0 }).collect()
        }

        fn seeds(&self, _trigger: &Trigger, _item: u32) -> Vec<SeedShare> {
            Vec::new()
        }
    }
    let world = world(6);
    let lab = world.lab();
    let spy = Arc::new(Spy { items: world.dataset.item_count() as u32, asked: std::sync::Mutex::default() });
    let visitor = lab.visitors(&AbSettings::default()).unwrap().0.into_iter().max_by_key(|of| of.plans.len()).unwrap();
    let tally = lab.server.serve(&world.community, visitor.user, &visitor.plans, 0, &*spy, &lab.bands);
    assert_eq!(tally.visits as usize, visitor.plans.len());
    let asked = spy.asked.lock().unwrap();
    let known = Triggers::new(&world.dataset, &world.split).of(visitor.user);
    assert_eq!(asked[0].recent, known.recent);
    let (first, last) = (&asked[0].exclude, &asked[asked.len() - 1].exclude);
    let is_hidden = |item: u32, from: &[u32]| from.binary_search(&item).is_ok();
    for (item, &published) in (0..).zip(&world.dataset.items.published_secs) {
        if published >= visitor.plans[0].begin_secs {
            assert!(is_hidden(item, first), "{item} comes later");
        }
    }
    assert!(known.exclude.iter().all(|&item| is_hidden(item, first) && is_hidden(item, last)));
    // Live clicks come behind what the log tells.
    let live = &asked[asked.len() - 1].recent[known.recent.len()..];
    assert!(live.len() <= tally.clicks as usize && tally.clicks > 0, "{live:?}");
    assert!(live.iter().all(|&(item, _)| is_hidden(item, last)));
}

#[test]
fn only_the_same_community_is_asked() {
    let world = world(7);
    let ctx = JobContext::default();
    let folder = world.folder.path();
    let mut changed = read::load(folder, None, None, &ctx).unwrap();
    changed.items.published_secs[5] += 60;
    assert!(matches!(Community::of(&changed, &ctx), Err(NoCommunity::Differs { seed: 7, .. })));
    let file = folder.join("dataset.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("--seed 7", "--seed 8")).unwrap();
    assert!(matches!(Community::of(&world.dataset, &ctx), Err(NoCommunity::Differs { seed: 8, .. })));
    std::fs::write(&file, text.replace("--days", "--dayz")).unwrap();
    assert!(matches!(Community::of(&world.dataset, &ctx), Err(NoCommunity::Headline { .. })));
    std::fs::write(&file, "name = \"mine\"\n").unwrap();
    let error = Community::of(&world.dataset, &ctx).err().unwrap().to_string();
    assert!(error.contains("recallscope simulate") && error.contains("recallscope replay"), "{error}");
}

#[test]
fn what_cannot_be_run_is_refused() {
    let world = world(8);
    let lab = world.lab();
    let one = [arm("hot", world.hot())];
    let two = [one[0].clone(), one[0].clone()];
    let refused = |arms: &[Arm], settings: &AbSettings| {
        lab.run(arms, &against_first(arms), settings, &mut |_| {}, &JobContext::default()).unwrap_err().to_string()
    };
    assert!(refused(&one, &AbSettings::default()).contains("two arms"));
    for days in [0.0, -1.0, f64::NAN, 366.0] {
        assert!(refused(&two, &AbSettings { days: Some(days), ..AbSettings::default() }).contains("number of days"));
    }
    let settings = AbSettings { days: Some(1e-5), ..AbSettings::default() };
    assert!(refused(&two, &settings).contains("nobody comes"));
    let ctx = JobContext::default();
    ctx.cancel();
    let cancelled = lab.run(&two, &[(1, 0)], &AbSettings::default(), &mut |_| {}, &ctx);
    assert!(matches!(cancelled, Err(AbError::Cancelled(_))));
}
