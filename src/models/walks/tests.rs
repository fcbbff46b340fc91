use std::collections::BTreeMap;

use super::{
    network::{Nodes, Steps, Taken},
    walker::SecondOrder,
    *,
};
use crate::dataset::{Attribute, Behaviour, Events, Items, Users};

const DAY_SECS: i64 = 86_400;

/// A data set from (user, item), one event a day, with a tag, a circle and two topics an item.
fn dataset(events: &[(u32, u32)], users: u32, items: u32) -> Dataset {
    let ids = |count: u32| (0..count).map(|id| id.to_string()).collect();
    let names: Vec<String> = (0..items + 1).map(|at| format!("v{at}")).collect();
    let lists = |of: &dyn Fn(usize) -> Vec<usize>| -> Vec<Vec<&str>> {
        (0..items as usize).map(|item| of(item).into_iter().map(|at| names[at].as_str()).collect()).collect()
    };
    Dataset {
        events: Events {
            user: events.iter().map(|event| event.0).collect(),
            item: events.iter().map(|event| event.1).collect(),
            behaviour: vec![0; events.len()],
            time_secs: (0..events.len() as i64).map(|at| at * DAY_SECS).collect(),
            ..Events::default()
        },
        users: Users { ids: ids(users), attributes: Vec::new() },
        items: Items {
            ids: ids(items),
            tags: Attribute::from_lists("tags", lists(&|item| vec![item % 3])),
            circle: Attribute::from_lists("circle", lists(&|item| vec![item / 4])),
            topics: Attribute::from_lists("topics", lists(&|item| vec![item % 2, item % 5])),
            ..Items::default()
        },
        behaviours: vec![Behaviour::with_default_weight("click")],
        ..Dataset::default()
    }
}

fn whole(data: &Dataset) -> Split {
    let train: Vec<u32> = (0..data.events.len() as u32).collect();
    Split { window: train.clone(), train, ..Split::default() }
}

/// Two communities of users, each taking its own half of the items; item `items - 1` was taken once.
fn communities() -> Dataset {
    let mut events = Vec::new();
    for user in 0..60 {
        events.extend((0..6).map(|at| (user, 2 * ((user / 2 + at * 3) % 10) + user % 2)));
    }
    events.push((0, 20));
    dataset(&events, 61, 21)
}

fn ring() -> Csr {
    let rows: Vec<Vec<(u32, f32)>> =
        (0..21).map(|item| vec![((item + 2) % 20, 1.0), ((item + 18) % 20, 0.5)]).collect();
    Csr::from_rows(&rows)
}

fn settings() -> WalkSettings {
    WalkSettings {
        skip_gram: SkipGramSettings {
            dim: 16,
            learning_rate: 0.1,
            threads: 1,
            window: 3,
            ..SkipGramSettings::default()
        },
        walks: 12,
        length: 12,
        min_count: 2,
        ..WalkSettings::default()
    }
}

fn chi_square(seen: &[u32], chances: &[f64]) -> f64 {
    let draws = f64::from(seen.iter().sum::<u32>());
    let terms = seen.iter().zip(chances).map(|(&seen, chance)| {
        let expected = chance * draws;
        (f64::from(seen) - expected).powi(2) / expected
    });
    terms.sum()
}

/// A square with one diagonal (0-1-2-3-0 and 0-2) and a tail at 2.
fn square() -> Steps {
    let one_way = [(0, 1, 1.0), (1, 2, 2.0), (2, 3, 1.0), (3, 0, 4.0), (0, 2, 3.0), (2, 4, 0.5f32)];
    let edges = one_way.iter().flat_map(|&(from, to, weight)| [(from, to, weight), (to, from, weight)]);
    Steps::new(0, 5, edges.collect())
}

#[test]
fn steps_follow_the_weights() {
    let graph = square();
    let mut random = Pcg64Mcg::seed_from_u64(4);
    assert_eq!(graph.targets(2), [0, 1, 3, 4]);
    let mut seen = [0u32; 4];
    for _ in 0..60_000 {
        let next = graph.draw(2, &mut random).unwrap();
        seen[graph.targets(2).binary_search(&next).unwrap()] += 1;
    }
    let chances = [3.0, 2.0, 1.0, 0.5].map(|weight: f64| weight / 6.5);
    for (found, wanted) in graph.chances(2).iter().zip(chances) {
        assert!((found - wanted).abs() < 1e-6);
    }
    // Three degrees of freedom: 16.3 is passed by chance once in a thousand.
    assert!(chi_square(&seen, &chances) < 16.3, "{seen:?}");
    let even = Steps::new(3, 5, vec![(3, 9, 1.0), (3, 7, 1.0)]);
    assert_eq!((even.targets(3), even.chances(3), even.draw(4, &mut random)), (&[7, 9][..], vec![0.5, 0.5], None));
}

#[test]
fn walks_of_the_second_order_follow_p_and_q() {
    let graph = square();
    let mut random = Pcg64Mcg::seed_from_u64(9);
    for (p, q) in [(1.0, 1.0), (0.25, 4.0), (4.0, 0.5), (10.0, 10.0)] {
        let mut seen: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        for start in 0..5 {
            for _ in 0..2_000 {
                let mut walk = Vec::new();
                walker::second_order(&graph, SecondOrder { p, q }, start, 20, &mut random, &mut walk);
                assert_eq!(walk.len(), 20);
                for step in walk.windows(3) {
                    let targets = graph.targets(step[1]);
                    let place = targets.binary_search(&step[2]).unwrap();
                    seen.entry((step[0], step[1])).or_insert_with(|| vec![0; targets.len()])[place] += 1;
                }
            }
        }
        assert_eq!(seen.len(), 12);
        for ((before, at), seen) in seen {
            let weights = graph.targets(at).iter().zip(graph.chances(at)).map(|(&next, chance)| {
                let is_near = graph.targets(before).contains(&next);
                chance
                    * if next == before {
                        1.0 / p
                    } else if is_near {
                        1.0
                    } else {
                        1.0 / q
                    }
            });
            let weights: Vec<f64> = weights.collect();
            let total: f64 = weights.iter().sum();
            let chances: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
            // Up to three degrees of freedom, 48 tables in all.
            assert!(chi_square(&seen, &chances) < 24.0, "p {p}, q {q}, {before} to {at}: {seen:?} {chances:?}");
        }
    }
}

#[test]
fn walks_along_metapaths_pass_the_right_types_over_edges_that_are_there() {
    let data = communities();
    let split = whole(&data);
    let nodes = Nodes::of(&data).unwrap();
    let taken = Taken::of(&data, &split, None);
    let mut all: BTreeMap<(NodeType, NodeType), Steps> = BTreeMap::new();
    let paths = ["u-i-t-i-c-i-u", "u-i-i-u", "i-p-i-u-i", "u-i-u"];
    for text in paths {
        let own = Metapath2vecSettings {
            walks: settings(),
            metapaths: Metapaths::try_from(vec![text.to_owned(), "u-i-u".to_owned()]).unwrap(),
            ..Metapath2vecSettings::default()
        };
        let ctx = JobContext::default();
        let found = sessions(&data, &taken, &nodes, &ring(), Walks::Metapath(&own), &ctx).unwrap();
        let types: Vec<NodeType> = text.parse::<Metapath>().unwrap().types().to_vec();
        let follows = |walk: &[u32], types: &[NodeType]| {
            let round = &types[..types.len() - 1];
            walk.iter().zip(round.iter().cycle()).all(|(&node, &wanted)| nodes.type_of(node) == wanted)
        };
        let plain = [NodeType::User, NodeType::Item, NodeType::User];
        let mut along = 0;
        for walk in (0..found.len()).map(|at| found.of(at)) {
            assert!(follows(walk, &types) || follows(walk, &plain), "{text}: {walk:?}");
            along += usize::from(follows(walk, &types));
            for step in walk.windows(2) {
                let (from, to) = (nodes.type_of(step[0]), nodes.type_of(step[1]));
                let steps = all.entry((from, to)).or_insert_with(|| taken.steps(&data, &nodes, &ring(), from, to));
                assert!(steps.targets(step[0]).contains(&step[1]), "{text}: {step:?}");
            }
        }
        // 60 users or 21 items begin so many walks each.
        assert!(along >= 12 * 21, "{text}: {along}");
    }
    // Nothing from outside of the training part is passed.
    assert!(taken.steps(&data, &nodes, &ring(), NodeType::User, NodeType::Item).targets(60).is_empty());
}

#[test]
fn walks_depend_on_the_seed_and_not_on_threads() {
    let data = communities();
    let split = whole(&data);
    let nodes = Nodes::of(&data).unwrap();
    let taken = Taken::of(&data, &split, None);
    let (node2vec, metapath) = (
        Node2vecSettings { walks: settings(), ..Node2vecSettings::default() },
        Metapath2vecSettings { walks: settings(), ..Metapath2vecSettings::default() },
    );
    for walks in [Walks::Deep(&node2vec.walks), Walks::Node2vec(&node2vec), Walks::Metapath(&metapath)] {
        let by = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| sessions(&data, &taken, &nodes, &ring(), walks, &JobContext::default()).unwrap())
        };
        assert_eq!(by(1), by(4));
        let train = || train(&data, &split, &ring(), walks, &JobContext::default()).unwrap();
        assert_eq!(train(), train());
    }
    let other = WalkSettings { skip_gram: SkipGramSettings { seed: 7, ..settings().skip_gram }, ..settings() };
    let by = |own: &WalkSettings| {
        sessions(&data, &taken, &nodes, &ring(), Walks::Deep(own), &JobContext::default()).unwrap()
    };
    assert_ne!(by(&settings()), by(&other));
}

#[test]
fn users_find_what_their_community_takes() {
    let data = communities();
    let split = whole(&data);
    for scoring in [Scoring::Likelihood, Scoring::Product, Scoring::Cosine] {
        let own = WalkSettings { scoring, walks: 30, ..settings() };
        let node2vec = Node2vecSettings { walks: own.clone(), ..Node2vecSettings::default() };
        let metapath = |same_type_negatives| Metapath2vecSettings {
            walks: own.clone(),
            same_type_negatives,
            ..Metapath2vecSettings::default()
        };
        let metapaths = [metapath(true), metapath(false)];
        for walks in [
            Walks::Deep(&own),
            Walks::Node2vec(&node2vec),
            Walks::Metapath(&metapaths[0]),
            Walks::Metapath(&metapaths[1]),
        ] {
            let model = train(&data, &split, &ring(), walks, &JobContext::default()).unwrap();
            // Item 20 was taken once, user 60 took nothing.
            assert_eq!((model.items.len(), model.left_out), (20, 1));
            assert_eq!((model.users.len(), model.row_of_user(59), model.row_of_user(60)), (60, Some(59), None));
            let answers = model.embeddings.normalised();
            let mut right = 0;
            for user in 0..60 {
                let query = model.user_queries.row(user);
                let score = |item: &usize| -> f32 {
                    answers.row(*item).iter().zip(query).map(|(one, other)| one * other).sum()
                };
                let mut order: Vec<usize> = (0..20).collect();
                order.sort_by(|one, other| score(other).total_cmp(&score(one)));
                right += order[..10].iter().filter(|&&item| item % 2 == user % 2).count();
            }
            assert!(right > 560, "{scoring:?}, {walks:?}: {right} of 600");
        }
    }
}

#[test]
fn what_is_old_is_walked_along_seldom() {
    // User 0 took item 0 on day 0 and item 1 ten days later.
    let events: Vec<(u32, u32)> = std::iter::once((0, 0)).chain((0..9).map(|_| (1, 2))).chain([(0, 1)]).collect();
    let data = dataset(&events, 2, 3);
    let split = Split { reference_time_secs: Some(10 * DAY_SECS), ..whole(&data) };
    let taken = Taken::of(&data, &split, Some(2.5));
    let steps = taken.both_ways(&Nodes::of(&data).unwrap());
    assert_eq!(steps.targets(0), [2, 3]);
    let chances = steps.chances(0);
    assert!((chances[0] - 1.0 / 17.0).abs() < 1e-6 && (chances[1] - 16.0 / 17.0).abs() < 1e-6, "{chances:?}");
    assert_eq!(taken.counts, [1, 1, 9]);
}

#[test]
fn what_cannot_be_walked_is_told() {
    let mut data = dataset(&[(0, 0), (0, 1)], 1, 2);
    data.items.tags = Attribute::empty("tags", 2);
    let split = whole(&data);
    let run = |metapaths: &[&str], walks: WalkSettings| {
        let metapaths = metapaths.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let own = Metapath2vecSettings {
            walks,
            metapaths: Metapaths::try_from(metapaths).unwrap(),
            ..Metapath2vecSettings::default()
        };
        train(&data, &split, &Csr::from_rows(&[Vec::new(), Vec::new()]), Walks::Metapath(&own), &JobContext::default())
    };
    let error = run(&["t-i-u-i-t"], settings()).unwrap_err().to_string();
    assert!(error.contains("`t-i-u-i-t`"), "{error}");
    // A walk ends where it cannot go on.
    let model = run(&["u-i-t-i-u"], WalkSettings { min_count: 1, ..settings() }).unwrap();
    assert_eq!((model.items.len(), model.users.len()), (2, 1));
    let many = WalkSettings { walks: 1 << 20, length: 1 << 20, ..settings() };
    assert!(matches!(run(&["u-i-u"], many), Err(WalkError::TooMany { .. })));
    let ctx = JobContext::default();
    ctx.cancel();
    let cancelled = train(&data, &split, &Csr::default(), Walks::Deep(&settings()), &ctx);
    assert!(matches!(cancelled, Err(WalkError::Cancelled(_))));
}
