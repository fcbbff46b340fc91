//! The made-up community as a whole.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rand::seq::SliceRandom as _;

use super::{
    log::DayLog,
    people::{AGES, GENDERS},
    random::{Stream, generator},
    visits::{Act, CLICK, PUBLISH},
    *,
};
use crate::dataset::{Dataset, read};

const SMALL: Simulation = Simulation { users: 300, items: 500, days: 14, seed: 7, covers: Some(20) };
const MIDDLE: Simulation = Simulation { users: 900, items: 1_800, days: 21, seed: 5, covers: None };

struct Community {
    users: Vec<people::User>,
    items: Vec<items::Item>,
    days: Vec<DayLog>,
}

fn community(simulation: &Simulation) -> Community {
    let world = World::draw(simulation.seed);
    let users: Vec<_> = (0..simulation.users).map(|number| people::draw(simulation, &world, number)).collect();
    let items = items::draw(simulation, &world, &users);
    let mut days = Vec::new();
    let (model, ctx) = (ClickModel::default(), JobContext::default());
    log::play(simulation, &world, &model, &users, &items, &ctx, &mut |day| {
        days.push(day);
        Ok(())
    })
    .unwrap();
    Community { users, items, days }
}

impl Community {
    fn acts(&self) -> impl Iterator<Item = &Act> {
        self.days.iter().flat_map(|day| &day.acts)
    }

    fn clicks(&self) -> impl Iterator<Item = &Act> {
        self.acts().filter(|act| act.behaviour == CLICK && !act.is_misclick)
    }
}

fn run(out: &Path, simulation: &Simulation) -> SimulationReport {
    simulate(out, simulation, &JobContext::default()).unwrap()
}

fn open(folder: &Path) -> Dataset {
    read::load(folder, None, None, &JobContext::default()).unwrap()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut queue = vec![folder.to_owned()];
    while let Some(path) = queue.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { queue.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn digests(folder: &Path) -> BTreeMap<PathBuf, blake3::Hash> {
    files_below(folder)
        .into_iter()
        .map(|path| (path.strip_prefix(folder).unwrap().to_owned(), blake3::hash(&fs::read(&path).unwrap())))
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for (name, threads, seed) in [("one", 1, 7), ("four", 4, 7), ("other", 2, 8)] {
        let out = folder.path().join(name);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&out, &Simulation { seed, ..SMALL }));
        all.push(digests(&out));
    }
    assert_eq!(all[0], all[1]);
    assert!(all[0].len() > 25, "{:?}", all[0].keys());
    for (path, digest) in &all[0] {
        let same_for_every_seed = ["tags.csv", "labels.csv", "truth/click_model.toml"];
        if !same_for_every_seed.iter().any(|name| path == Path::new(name)) {
            assert_ne!(all[2].get(path), Some(digest), "{}", path.display());
        }
    }
}

#[test]
fn the_reader_takes_every_row_without_a_remark() {
    let folder = tempfile::tempdir().unwrap();
    let report = run(folder.path(), &SMALL);
    let data = open(folder.path());
    assert!(data.report.remarks.is_empty(), "{:?}", data.report.remarks);
    assert_eq!(data.report.tables.len(), 6);
    for (table, rows) in &data.report.tables {
        assert!(rows.set_aside == 0 && rows.kept > 0, "{table}: {rows:?}");
    }
    assert_eq!((data.user_count(), data.item_count()), (SMALL.users, SMALL.items));
    assert_eq!(data.events.len() as u64, report.events);
    assert_eq!(data.report.tables["impressions"].kept, report.impressions);
    assert_eq!((data.tags.level1.len(), data.tags.level2.len(), data.tags.leaf.len()), (8, 24, 72));
    assert_eq!(data.items.cover.iter().flatten().count(), 20);
    assert!(data.items.author.iter().all(|&author| (author as usize) < SMALL.users));
    let names: Vec<&str> = data.users.attributes.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["age", "gender", "region"]);
    assert!(data.items.attributes.is_empty(), "{:?}", data.items.attributes);
    assert!(data.items.text_en.iter().all(|text| !text.is_empty() && data.items.title_en.len() == SMALL.items));
    for vocabulary in [&data.items.tags.vocabulary, &data.items.circle.vocabulary, &data.items.topics.vocabulary] {
        assert!(vocabulary.iter().all(|name| data.labels.contains_key(name)));
    }
    let weight = |name: &str| data.behaviours.iter().find(|behaviour| behaviour.name == name).unwrap().weight;
    assert_eq!((weight("publish"), weight("click"), weight("comment")), (0.0, 1.0, 1.0));
    assert_eq!(data.impressions.unwrap().policies.len(), 4);
}

#[test]
fn what_only_the_simulation_knows_is_never_read() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &SMALL);
    let truth = folder.path().join("truth");
    let files = files_below(&truth);
    assert_eq!(files.len(), 5);
    let before = format!("{:?}", open(folder.path()));
    for file in &files {
        fs::write(file, "spoilt").unwrap();
    }
    assert!(before == format!("{:?}", open(folder.path())), "reading depends on what stands in truth/");
    fs::remove_dir_all(&truth).unwrap();
    assert!(before == format!("{:?}", open(folder.path())), "reading depends on truth/ being there");
}

#[test]
fn no_code_outside_the_simulation_names_the_truth() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = root.join("src/dataset/simulate");
    let mut looked_at = 0;
    for file in files_below(&root.join("src")) {
        if file.starts_with(&own) || file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        looked_at += 1;
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("\"truth") && !text.contains("truth/"), "{} names the truth", file.display());
    }
    assert!(looked_at > 20);
}

fn gini(mut counts: Vec<f64>) -> f64 {
    counts.sort_by(f64::total_cmp);
    let (count, sum) = (counts.len() as f64, counts.iter().sum::<f64>());
    counts.iter().zip(1..).map(|(value, rank)| (2.0 * f64::from(rank) - count - 1.0) * value).sum::<f64>()
        / (count * sum)
}

#[test]
fn items_and_users_are_heavy_tailed() {
    let made = community(&MIDDLE);
    let (mut by_item, mut by_user) = (vec![0.0; made.items.len()], vec![0.0; made.users.len()]);
    for act in made.clicks() {
        by_item[act.item as usize] += 1.0;
        by_user[act.user as usize] += 1.0;
    }
    let (of_items, of_users) = (gini(by_item.clone()), gini(by_user));
    assert!((0.45..0.85).contains(&of_items), "{of_items}");
    assert!((0.45..0.85).contains(&of_users), "{of_users}");
    let tail = by_item.iter().filter(|&&clicks| clicks < 10.0).count();
    assert!(tail * 3 > by_item.len(), "{tail} of {}", by_item.len());
}

#[test]
fn newcomers_and_new_items_come_until_the_last_days() {
    let made = community(&MIDDLE);
    let end = START_SECS + MIDDLE.days as i64 * DAY_SECS;
    let newcomers: BTreeSet<u32> = (0..)
        .zip(&made.users)
        .filter(|(_, user)| user.joined_secs >= end - 7 * DAY_SECS)
        .map(|(number, _)| number)
        .collect();
    assert!(newcomers.len() * 30 > made.users.len(), "{}", newcomers.len());
    let mut seen: BTreeSet<u32> = BTreeSet::new();
    for act in made.acts() {
        assert!((START_SECS..end).contains(&act.secs));
        if act.behaviour != PUBLISH {
            assert!(act.secs >= made.users[act.user as usize].joined_secs);
            assert!(act.secs > made.items[act.item as usize].published_secs);
            assert_ne!(act.user, made.items[act.item as usize].author);
        }
        if newcomers.contains(&act.user) {
            seen.insert(act.user);
        }
    }
    assert!(seen.len() * 2 > newcomers.len(), "{} of {}", seen.len(), newcomers.len());
    let newest = made.items.iter().filter(|item| item.published_secs >= end - 2 * DAY_SECS).count();
    assert!(newest * 60 > made.items.len(), "{newest}");
    let published = made.acts().filter(|act| act.behaviour == PUBLISH).count();
    assert_eq!(published, made.items.iter().filter(|item| item.published_secs >= START_SECS).count());
}

/// Of a click's tag of level 1 and its user's age and gender, in nats.
fn information(clicks: &[(usize, usize)]) -> f64 {
    let (groups, tags) = (AGES.len() * GENDERS.len(), tree::LEVEL1);
    let mut joint = vec![0.0; groups * tags];
    for &(group, tag) in clicks {
        joint[group * tags + tag] += 1.0 / clicks.len() as f64;
    }
    let group = |group: usize| joint[group * tags..(group + 1) * tags].iter().sum::<f64>();
    let tag = |tag: usize| (0..groups).map(|group| joint[group * tags + tag]).sum::<f64>();
    (0..groups * tags)
        .filter(|&cell| joint[cell] > 0.0)
        .map(|cell| joint[cell] * (joint[cell] / (group(cell / tags) * tag(cell % tags))).ln())
        .sum()
}

#[test]
fn attributes_tell_part_of_the_taste() {
    let made = community(&MIDDLE);
    let mut groups: Vec<usize> = made.users.iter().map(|user| user.age * GENDERS.len() + user.gender).collect();
    let of = |groups: &[usize]| {
        let clicks: Vec<(usize, usize)> = made
            .clicks()
            .map(|act| (groups[act.user as usize], usize::from(made.items[act.item as usize].leaf) / 9))
            .collect();
        information(&clicks)
    };
    let real = of(&groups);
    let mut rng = generator(1, Stream::World, 99);
    let highest_by_chance = (0..20)
        .map(|_| {
            groups.shuffle(&mut rng);
            of(&groups)
        })
        .fold(0.0, f64::max);
    assert!(real > 1.5 * highest_by_chance, "{real} nats, by chance up to {highest_by_chance}");
    // Only part: the tag itself has more to say than any attribute.
    assert!(real < 0.5 * (tree::LEVEL1 as f64).ln(), "{real}");
}

#[test]
fn a_visit_stays_on_topic_and_mistakes_lead_nowhere() {
    let made = community(&MIDDLE);
    let level2 = |act: &Act| made.items[act.item as usize].leaf / 3;
    let mut by_user: BTreeMap<u32, Vec<&Act>> = BTreeMap::new();
    for act in made.clicks() {
        by_user.entry(act.user).or_default().push(act);
    }
    let (mut within, mut across) = ([0.0, 0.0], [0.0, 0.0]);
    for clicks in by_user.values() {
        for pair in clicks.windows(2) {
            let is_one_visit = pair[0].visit.unwrap().0 == pair[1].visit.unwrap().0;
            let counts = if is_one_visit { &mut within } else { &mut across };
            counts[0] += f64::from(u8::from(level2(pair[0]) == level2(pair[1])));
            counts[1] += 1.0;
        }
    }
    let (within, across) = (within[0] / within[1], across[0] / across[1]);
    assert!(within > 1.3 * across, "{within} within a visit, {across} across visits");

    let mistakes: BTreeSet<(u32, u32)> =
        made.acts().filter(|act| act.is_misclick).map(|act| (act.user, act.item)).collect();
    let clicked: Vec<(u32, u32)> =
        made.acts().filter(|act| act.behaviour == CLICK).map(|act| (act.user, act.item)).collect();
    assert!(mistakes.len() * 100 > clicked.len() && mistakes.len() * 10 < clicked.len(), "{}", mistakes.len());
    assert_eq!(clicked.iter().collect::<BTreeSet<_>>().len(), clicked.len(), "an item was clicked twice");
    assert!(made.acts().all(|act| act.behaviour <= CLICK || !mistakes.contains(&(act.user, act.item))));
}

#[test]
fn titles_rarely_repeat() {
    let sample = Simulation::default();
    let made = community(&Simulation { days: 2, ..sample });
    let words = items::words(&made.items, sample.seed);
    let titles: BTreeSet<&str> = words.iter().map(|words| words.title.as_str()).collect();
    assert!(titles.len() * 100 >= words.len() * 99, "{} of {} titles differ", titles.len(), words.len());
}

#[test]
fn tastes_add_up_and_drift() {
    let made = community(&SMALL);
    let mut moved = 0.0;
    for user in &made.users {
        let (begin, end) = (user.taste_at(0.0), user.taste_at(1.0));
        assert!((begin.iter().sum::<f64>() - 1.0).abs() < 0.08);
        moved += begin.iter().zip(&end).map(|(one, other)| (one - other).abs()).sum::<f64>() / 2.0;
    }
    let moved = moved / made.users.len() as f64;
    assert!((0.15..0.7).contains(&moved), "{moved}");
}

#[test]
fn what_cannot_be_made_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ctx = JobContext::default();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let full = simulate(folder.path(), &SMALL, &ctx);
    assert!(matches!(&full, Err(SimulateError::NotEmpty(path)) if path == folder.path()), "{full:?}");
    let file = simulate(&folder.path().join("mine.txt"), &SMALL, &ctx);
    assert!(matches!(file, Err(SimulateError::NotAFolder(_))), "{file:?}");
    let out = folder.path().join("new/deep");
    for wrong in
        [Simulation { users: 0, ..SMALL }, Simulation { items: 1, ..SMALL }, Simulation { days: 100_000, ..SMALL }]
    {
        assert!(matches!(simulate(&out, &wrong, &ctx), Err(SimulateError::Settings { .. })));
    }
    assert!(!out.exists());
    let (began, stopped) = (std::sync::Arc::new(std::sync::OnceLock::<JobContext>::new()), out.clone());
    let seen = std::sync::Arc::clone(&began);
    // Told to stop while covers are drawn: by then all else stands in the folder.
    let ctx = JobContext::with_listener(std::sync::Arc::new(move || {
        if let Some(ctx) = seen.get()
            && ctx.progress().0.stage == "Drawing covers"
        {
            assert!(stopped.join("events.parquet").exists());
            ctx.cancel();
        }
    }));
    assert!(began.set(ctx.clone()).is_ok());
    let cancelled = simulate(&out, &SMALL, &ctx);
    assert!(matches!(cancelled, Err(SimulateError::Cancelled(_))), "{cancelled:?}");
    assert!(!out.exists());
}
