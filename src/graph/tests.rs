//! The item-item graph against references that follow the formulas word by word.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    Csr, GraphError, GraphSettings, Graphs, ItemMeasure, item_item_graph,
    testing::{dataset, in_threads},
};
use crate::{
    dataset::{
        Attribute, Dataset,
        split::{Split, SplitSettings, split},
    },
    task::{Cancelled, JobContext},
};

const USERS: usize = 12;
const ITEMS: usize = 15;

type Log = Vec<(u32, u32, u8)>;
type Weights = BTreeMap<(u32, u32), f64>;

fn log(most: usize) -> impl Strategy<Value = Log> {
    proptest::collection::vec((0..USERS as u32, 0..ITEMS as u32, 0u8..4), 0..most)
}

/// One common user is enough, as the small logs here need it, whatever the default is.
fn settings(measure: ItemMeasure) -> GraphSettings {
    GraphSettings { measure, min_support: 1, ..GraphSettings::default() }
}

fn whole(log: &Log) -> Split {
    let rows: Vec<u32> = (0..log.len() as u32).collect();
    Split { train: rows.clone(), window: rows, ..Split::default() }
}

fn build(data: &Dataset, parts: &Split, settings: &GraphSettings) -> Graphs {
    Graphs::build(data, parts, settings, &JobContext::default()).unwrap()
}

/// I_u and U_i; publishing is no interaction.
fn sets(log: &Log) -> (Vec<BTreeSet<u32>>, Vec<BTreeSet<u32>>) {
    let (mut of_user, mut of_item) = (vec![BTreeSet::new(); USERS], vec![BTreeSet::new(); ITEMS]);
    for &(user, item, _) in log.iter().filter(|event| event.2 < 3) {
        of_user[user as usize].insert(item);
        of_item[item as usize].insert(user);
    }
    (of_user, of_item)
}

fn pairs() -> impl Iterator<Item = (u32, u32)> {
    (0..ITEMS as u32)
        .flat_map(|one| (0..ITEMS as u32).filter(move |&other| one != other).map(move |other| (one, other)))
}

fn naive_cosine(log: &Log, min_support: u32) -> Weights {
    let (_, users) = sets(log);
    pairs()
        .filter_map(|(one, other)| {
            let (ours, theirs) = (&users[one as usize], &users[other as usize]);
            let common = ours.intersection(theirs).count();
            let weight = common as f64 / ((ours.len() * theirs.len()) as f64).sqrt();
            (common > 0 && common >= min_support as usize).then_some(((one, other), weight))
        })
        .collect()
}

fn naive_swing(log: &Log, min_support: u32, alpha: f64, beta: f64) -> Weights {
    let (items, users) = sets(log);
    let weight = |user: u32| (5.0 + items[user as usize].len() as f64).powf(-beta);
    pairs()
        .filter_map(|(one, other)| {
            let common: Vec<u32> = users[one as usize].intersection(&users[other as usize]).copied().collect();
            let mut sum = 0.0;
            for (place, &u) in common.iter().enumerate() {
                for &v in &common[place + 1..] {
                    let shared = items[u as usize].intersection(&items[v as usize]).count() as f64;
                    sum += weight(u) * weight(v) / (alpha + shared);
                }
            }
            (common.len() >= 2 && common.len() >= min_support as usize).then_some(((one, other), sum))
        })
        .collect()
}

fn naive_window(log: &Log, min_support: u32, window: usize) -> Weights {
    let mut counts: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for user in 0..USERS as u32 {
        let sequence: Vec<u32> =
            log.iter().filter(|event| event.0 == user && event.2 < 3).map(|event| event.1).collect();
        for here in 0..sequence.len() {
            for there in 0..sequence.len() {
                if here.abs_diff(there) <= window && sequence[here] != sequence[there] {
                    *counts.entry((sequence[here], sequence[there])).or_default() += 1.0;
                }
            }
        }
    }
    let all: f64 = counts.values().sum();
    let total = |item: u32| -> f64 { counts.iter().filter(|(pair, _)| pair.0 == item).map(|(_, count)| count).sum() };
    counts
        .iter()
        .map(|(&(one, other), &count)| ((one, other), count, (count * all / (total(one) * total(other))).ln()))
        // Rounding decides about weights this near to 0.
        .filter(|&(_, count, information)| count >= f64::from(min_support) && information > 1e-6)
        .map(|(pair, _, information)| (pair, information))
        .collect()
}

/// Each row of `graph` is the heaviest `top_k` of `expected`, by falling weight.
fn assert_top(graph: &Csr, expected: &Weights, top_k: usize) {
    assert!(Csr::new(graph.offsets.clone(), graph.targets.clone(), graph.weights.clone(), ITEMS).is_ok());
    assert_eq!(graph.rows(), ITEMS);
    for target in 0..ITEMS as u32 {
        let (others, weights) = graph.row(target);
        let mut row: Vec<f64> = expected.range((target, 0)..=(target, u32::MAX)).map(|(_, &weight)| weight).collect();
        row.sort_by(|one, other| other.total_cmp(one));
        row.truncate(top_k);
        let kept: Vec<f64> = weights.iter().map(|&weight| f64::from(weight)).filter(|&weight| weight > 1e-6).collect();
        assert_eq!(kept.len(), row.len(), "target {target}: {kept:?}, not {row:?}");
        assert!(weights.is_sorted_by(|one, other| one >= other));
        for ((weight, best), other) in kept.iter().zip(&row).zip(others) {
            assert!((weight - best).abs() < 1e-5, "target {target}: {kept:?}, not {row:?}");
            assert!((weight - expected[&(target, *other)]).abs() < 1e-5);
        }
    }
}

proptest! {
    #[test]
    fn cosine_is_its_formula(log in log(90), min_support in 0u32..4, top_k in 1usize..8) {
        let data = dataset(&log, USERS, ITEMS);
        let own = GraphSettings { min_support, top_k, ..settings(ItemMeasure::Cosine) };
        assert_top(&build(&data, &whole(&log), &own).item_item, &naive_cosine(&log, min_support), top_k);
    }

    #[test]
    fn swing_is_its_formula(
        log in log(140), min_support in 0u32..4, top_k in 1usize..8, alpha in 0.0f32..3.0, beta in -0.5f32..1.0
    ) {
        let data = dataset(&log, USERS, ITEMS);
        let own = GraphSettings {
            min_support, top_k, swing_alpha: alpha, swing_beta: beta, ..settings(ItemMeasure::Swing)
        };
        let expected = naive_swing(&log, min_support, f64::from(alpha), f64::from(beta));
        assert_top(&build(&data, &whole(&log), &own).item_item, &expected, top_k);
    }

    #[test]
    fn window_is_its_formula(log in log(140), min_support in 0u32..4, top_k in 1usize..8, window in 1usize..6) {
        let data = dataset(&log, USERS, ITEMS);
        let own = GraphSettings { min_support, top_k, window, ..settings(ItemMeasure::Window) };
        assert_top(&build(&data, &whole(&log), &own).item_item, &naive_window(&log, min_support, window), top_k);
    }

    #[test]
    fn nothing_from_the_reference_time_on_is_used(
        before in log(60), mut after in log(30), mut other in log(30), measure in 0usize..3
    ) {
        let measure = [ItemMeasure::Cosine, ItemMeasure::Window, ItemMeasure::Swing][measure];
        let before: Log = [(0, 0, 0), (0, 1, 0), (1, 0, 0)].into_iter().chain(before).collect();
        let graphs_with = |later: &Log| {
            let log: Log = before.iter().chain(later).copied().collect();
            let data = dataset(&log, USERS, ITEMS);
            let cut = SplitSettings {
                reference_time_secs: Some(before.len() as i64 * 86_400),
                window_days: Some(20.0),
                ..SplitSettings::default()
            };
            let parts = split(&data, &cut).unwrap();
            assert!(parts.window.iter().all(|&row| (row as usize) < before.len()));
            build(&data, &parts, &GraphSettings { cap: 3, ..settings(measure) })
        };
        after.push((2, 3, 1));
        other.push((5, 6, 1));
        let (one, two) = (graphs_with(&after), graphs_with(&other));
        prop_assert_eq!(&one.user_item, &two.user_item);
        prop_assert_eq!(&one.item_item, &two.item_item);
        prop_assert_eq!(one.counts, two.counts);
    }

    #[test]
    fn threads_and_repeats_change_nothing(log in log(200), cap in 2usize..6, measure in 0usize..3) {
        let measure = [ItemMeasure::Cosine, ItemMeasure::Window, ItemMeasure::Swing][measure];
        let mut data = dataset(&log, USERS, 300);
        data.items.circle = Attribute::from_lists("circle", (0..300).map(|item| vec![["a", "b", "c"][item % 3]]));
        let own = GraphSettings { cap, ..settings(measure) };
        let one = in_threads(1, || build(&data, &whole(&log), &own));
        for threads in [1, 4] {
            let other = in_threads(threads, || build(&data, &whole(&log), &own));
            prop_assert_eq!(&one.user_item, &other.user_item);
            prop_assert_eq!(&one.item_item, &other.item_item);
            prop_assert_eq!(&one.is_attribute_edge, &other.is_attribute_edge);
        }
    }

    #[test]
    fn no_item_with_a_shared_value_stays_isolated(
        log in log(40),
        tags in proptest::collection::vec(proptest::collection::vec(0usize..9, 0..3), ITEMS),
        circles in proptest::collection::vec(proptest::option::of(0usize..7), ITEMS),
    ) {
        const NAMES: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let mut data = dataset(&log, USERS, ITEMS);
        let names = |list: &Vec<usize>| list.iter().map(|&name| NAMES[name]).collect::<Vec<_>>();
        data.items.tags = Attribute::from_lists("tags", tags.iter().map(names));
        data.items.circle =
            Attribute::from_lists("circle", circles.iter().map(|circle| circle.map(|name| NAMES[name]).into_iter().collect()));
        let graphs = build(&data, &whole(&log), &settings(ItemMeasure::Cosine));
        let by_behaviour = naive_cosine(&log, 1);
        let shares = |one: usize, other: usize| {
            tags[one].iter().any(|tag| tags[other].contains(tag)) || circles[one].is_some() && circles[one] == circles[other]
        };
        let (mut isolated, mut joined, mut edges) = (0, 0, 0);
        for target in 0..ITEMS {
            let (others, _) = graphs.item_item.row(target as u32);
            let is_marked = &graphs.is_attribute_edge[graphs.item_item.range(target as u32)];
            if by_behaviour.keys().any(|pair| pair.0 as usize == target) {
                prop_assert!(is_marked.iter().all(|&is_marked| !is_marked));
                continue;
            }
            isolated += 1;
            joined += usize::from(!others.is_empty());
            edges += others.len();
            prop_assert!(is_marked.iter().all(|&is_marked| is_marked));
            prop_assert!(others.iter().all(|&other| other as usize != target && shares(target, other as usize)));
            let neighbours = (0..ITEMS).filter(|&other| other != target && shares(target, other)).count();
            prop_assert_eq!(others.len(), neighbours.min(10));
        }
        let counts = &graphs.counts;
        prop_assert_eq!(
            (counts.isolated_items, counts.joined_by_attributes, counts.attribute_edges),
            (isolated, joined, edges)
        );
        prop_assert_eq!(counts.item_item_edges, graphs.item_item.edge_count());
        prop_assert_eq!(counts.user_item_edges, graphs.user_item.edge_count());
    }
}

#[test]
fn attribute_edges_prefer_rare_values_and_popular_items() {
    // Items 0 to 3 are taken by 1, 3, 2 and 1 users who share nothing else; 4 and 5 by nobody.
    let log = vec![(0, 0, 0), (1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 2, 0), (5, 2, 0), (6, 3, 0)];
    let mut data = dataset(&log, USERS, 6);
    let tags = [vec!["common"], vec!["common"], vec!["common"], vec!["rare"], vec!["common", "rare"], vec![]];
    data.items.tags = Attribute::from_lists("tags", tags);
    let graphs = build(&data, &whole(&log), &settings(ItemMeasure::Cosine));
    let (others, weights) = graphs.item_item.row(4);
    assert_eq!(others, [3, 1, 2, 0]);
    assert!(weights[0] > weights[1] && weights[1] == weights[3] && weights[0] < 1.0);
    assert_eq!(graphs.item_item.row(0).0, [1, 2, 4]);
    assert_eq!(graphs.item_item.row(5).0.len(), 0);
    assert_eq!((graphs.counts.isolated_items, graphs.counts.joined_by_attributes), (6, 5));
}

#[test]
fn samples_estimate_the_whole() {
    // 600 users took item 0, half of them item 1 and a third of them item 2; 100 users took only item 2.
    let mut log = Log::new();
    for user in 0..600 {
        log.push((user, 0, 0));
        if user % 2 == 0 {
            log.push((user, 1, 0));
        }
        if user % 3 == 0 {
            log.push((user, 2, 0));
        }
    }
    log.extend((600..700).map(|user| (user, 2, 0)));
    let data = dataset(&log, 700, 3);
    for measure in [ItemMeasure::Cosine, ItemMeasure::Swing] {
        let exact = build(&data, &whole(&log), &settings(measure)).item_item;
        let mut sums = [0.0; 2];
        for seed in 0..40 {
            let sampled = build(&data, &whole(&log), &GraphSettings { cap: 60, seed, ..settings(measure) }).item_item;
            let (others, weights) = sampled.row(0);
            for (other, weight) in others.iter().zip(weights) {
                sums[*other as usize - 1] += weight / 40.0;
            }
        }
        let (others, weights) = exact.row(0);
        assert_eq!(others, [1, 2]);
        for (sum, weight) in sums.iter().zip(weights) {
            assert!((sum / weight - 1.0).abs() < 0.1, "{measure:?}: {sums:?}, not {weights:?}");
        }
    }
}

#[test]
fn wrong_settings_and_cancelling_give_no_graph() {
    let data = dataset(&[(0, 0, 0), (0, 1, 0)], 1, 2);
    let rows = [0, 1];
    let fail = |settings: &GraphSettings| {
        item_item_graph(&data, &rows, settings, &JobContext::default()).unwrap_err().to_string()
    };
    assert_eq!(
        fail(&GraphSettings { top_k: 0, ..settings(ItemMeasure::Cosine) }),
        "the graph's setting top_k has to be at least 1, not 0"
    );
    assert!(fail(&GraphSettings { cap: 1, ..settings(ItemMeasure::Cosine) }).contains("cap"));
    assert!(fail(&GraphSettings { cap: 1 << 20, ..settings(ItemMeasure::Swing) }).contains("4096"));
    assert!(fail(&GraphSettings { window: 0, ..settings(ItemMeasure::Window) }).contains("window"));
    for (alpha, beta) in [(f32::NAN, 0.5), (-1.0, 0.5), (1.0, f32::INFINITY)] {
        let own = GraphSettings { swing_alpha: alpha, swing_beta: beta, ..settings(ItemMeasure::Swing) };
        assert!(fail(&own).contains("swing_"));
    }
    for measure in [ItemMeasure::Cosine, ItemMeasure::Window, ItemMeasure::Swing] {
        let ctx = JobContext::default();
        ctx.cancel();
        let refused = item_item_graph(&data, &rows, &settings(measure), &ctx).unwrap_err();
        assert_eq!(refused, GraphError::Cancelled(Cancelled));
    }
}
