use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::*;

/// Sessions that stay inside one of `clusters` groups of `size` items each.
fn planted(clusters: u32, size: u32, sessions: usize, length: usize) -> Sessions {
    let mut random = Pcg64Mcg::seed_from_u64(9);
    let mut planted = Sessions::default();
    for _ in 0..sessions {
        let cluster = random.random_range(0..clusters);
        let items: Vec<u32> = (0..length).map(|_| cluster * size + random.random_range(0..size)).collect();
        planted.push(items);
    }
    planted
}

/// Mean cosine of pairs inside a cluster, and of pairs across, seen from the mean of all vectors: they share a direction
/// that tells nothing, since each item is a negative far more often than it is near.
fn cosines(embeddings: &Embeddings, size: usize) -> (f64, f64) {
    let Embeddings { dim, mut rows } = embeddings.clone();
    for column in 0..dim {
        let mean = rows.iter().skip(column).step_by(dim).sum::<f32>() / embeddings.len() as f32;
        rows.iter_mut().skip(column).step_by(dim).for_each(|value| *value -= mean);
    }
    let unit = Embeddings { dim, rows }.normalised();
    let (mut inside, mut across) = ((0.0, 0u32), (0.0, 0u32));
    for one in 0..unit.len() {
        for other in 0..one {
            let cosine: f32 = unit.row(one).iter().zip(unit.row(other)).map(|(one, other)| one * other).sum();
            let sum = if one / size == other / size { &mut inside } else { &mut across };
            sum.0 += f64::from(cosine);
            sum.1 += 1;
        }
    }
    (inside.0 / f64::from(inside.1), across.0 / f64::from(across.1))
}

fn settings() -> SkipGramSettings {
    SkipGramSettings {
        dim: 24,
        epochs: 10,
        window: 4,
        learning_rate: 0.1,
        threads: 1,
        seed: 3,
        ..SkipGramSettings::default()
    }
}

#[test]
fn planted_clusters_are_found_by_any_number_of_threads() {
    let sessions = planted(8, 15, 2_000, 12);
    let mut gaps = Vec::new();
    for (threads, share_negatives, window) in [(1, 1, 4), (4, 1, 4), (4, 16, 0)] {
        let settings = SkipGramSettings { threads, share_negatives, window, ..settings() };
        let found = SkipGram::train(&sessions, 120, &settings, &JobContext::default()).unwrap();
        assert_eq!((found.len(), found.dim), (120, 24));
        let (inside, across) = cosines(&found, 15);
        assert!(inside > 0.8 && across < 0.3, "{threads} threads: {inside} inside, {across} across");
        gaps.push(inside - across);
    }
    assert!((gaps[0] - gaps[1]).abs() < 0.05, "one thread and four: {gaps:?}");
}

#[test]
fn one_thread_and_a_seed_give_the_same_bits() {
    let sessions = planted(5, 20, 300, 9);
    for settings in [
        settings(),
        SkipGramSettings { subsampling: 1e-2, shrink_windows: true, negatives: 9, share_negatives: 4, ..settings() },
    ] {
        let train = |settings: &SkipGramSettings| {
            SkipGram::train(&sessions, 100, settings, &JobContext::default()).unwrap().rows
        };
        let bits = |rows: Vec<f32>| rows.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(train(&settings)), bits(train(&settings)));
        assert_ne!(train(&settings), train(&SkipGramSettings { seed: 4, ..settings.clone() }));
    }
}

#[test]
fn long_sessions_are_trained_in_stretches() {
    // One session far longer than a stretch, of two halves that never meet in a window.
    let mut random = Pcg64Mcg::seed_from_u64(2);
    let mut sessions = Sessions::default();
    sessions.push((0..8_000).map(|at| if at < 4_000 { 0 } else { 20 } + random.random_range(0..20u32)));
    let found = SkipGram::train(&sessions, 40, &settings(), &JobContext::default()).unwrap();
    let (inside, across) = cosines(&found, 20);
    assert!(inside > 0.8 && across < 0.3, "{inside} inside, {across} across");
}

#[test]
fn the_same_item_over_and_over_stays_finite() {
    let mut sessions = Sessions::default();
    for _ in 0..20 {
        sessions.push(std::iter::repeat_n(0, 500));
        sessions.push([1, 0, 1, 0]);
    }
    let settings = SkipGramSettings { window: 0, learning_rate: 0.025, ..settings() };
    let found = SkipGram::train(&sessions, 2, &settings, &JobContext::default()).unwrap();
    assert!(found.rows.iter().all(|value| value.abs() < 10.0));
}

#[test]
fn the_loss_falls_and_all_items_are_counted() {
    let mut sessions = planted(8, 15, 500, 12);
    sessions.push([7]);
    sessions.push([]);
    let ctx = JobContext::default();
    let settings = SkipGramSettings { threads: 2, learning_rate: 0.025, ..settings() };
    SkipGram::train(&sessions, 120, &settings, &ctx).unwrap();
    let (progress, _) = ctx.progress();
    assert_eq!((progress.done, progress.total, progress.unit), (60_010, 60_010, "items"));
    let (first, last) = (progress.curves.of(Series::Loss)[0], *progress.curves.of(Series::Loss).last().unwrap());
    // Untrained, each of the six probabilities is one half (a few of the negatives hit the positive and are dropped).
    assert!((first.1 - 6.0 * std::f64::consts::LN_2).abs() < 0.3, "{first:?}");
    assert!(last.1 < 0.7 * first.1 && (last.0 - 10.0).abs() < 0.4, "{last:?}");
    assert!((20..=230).contains(&progress.curves.len()), "{}", progress.curves.len());
}

#[test]
fn curves_of_long_and_short_trainings_begin_alike() {
    let sessions = planted(8, 15, 500, 12);
    let curve = |epochs: usize| {
        let ctx = JobContext::default();
        SkipGram::train(&sessions, 120, &SkipGramSettings { threads: 1, epochs, ..settings() }, &ctx).unwrap();
        ctx.progress().0.curves.of(Series::Loss).to_vec()
    };
    let (short, long) = (curve(2), curve(80));
    assert!(short.len() > 5 && (80..=230).contains(&long.len()), "{} and {} points", short.len(), long.len());
    // A point is the mean over as many pairs, however long the training goes on: only the learning rate, which falls
    // more slowly in the longer one, tells them apart.
    assert_eq!(short[0].0, long[0].0);
    assert!((short[0].1 - long[0].1).abs() < 0.1, "{:?} {:?}", short[0], long[0]);
    assert!((long.last().unwrap().0 - 80.0).abs() < 2.0, "{:?}", long.last());
    // Less than one stretch.
    let ctx = JobContext::default();
    SkipGram::train(&planted(2, 4, 3, 5), 8, &SkipGramSettings { epochs: 1, ..settings() }, &ctx).unwrap();
    assert_eq!(ctx.progress().0.curves.len(), 1);
}

#[test]
fn nothing_to_learn_from() {
    let empty = SkipGram::train(&Sessions::default(), 0, &settings(), &JobContext::default()).unwrap();
    assert!(empty.is_empty());
    let mut sessions = Sessions::default();
    sessions.push([2]);
    let lonely = SkipGram::train(&sessions, 3, &settings(), &JobContext::default()).unwrap();
    assert_eq!(lonely.len(), 3);
    let untrained =
        SkipGram::train(&sessions, 3, &SkipGramSettings { epochs: 0, ..settings() }, &JobContext::default());
    assert_eq!(untrained.unwrap(), lonely);
}

#[test]
fn cancel_takes_effect_at_once() {
    // One endless session: cancel must not wait for its end.
    let sessions = planted(1, 500, 2, 50_000);
    let ctx = JobContext::with_listener(Arc::new(|| {}));
    let settings = SkipGramSettings { window: 0, threads: 2, epochs: 100, ..settings() };
    let other = ctx.clone();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        other.cancel();
        Instant::now()
    });
    let outcome = SkipGram::train(&sessions, 500, &settings, &ctx);
    let waited = stopper.join().unwrap().elapsed();
    assert!(outcome.is_err());
    assert!(waited < Duration::from_millis(500), "{waited:?}");
}
