use super::*;
use crate::dataset::{Attribute, Behaviour, Events, Items, Users};

/// Women take items 0 to 9, men 10 to 19, of two tags of ten; item 20 has the women's tag and was taken twice. Users 80
/// and 81, a woman and a man, took nothing; 82 says nothing.
fn dataset() -> Dataset {
    let mut events: Vec<(u32, u32)> = Vec::new();
    for at in 0..8 {
        for user in 0..80 {
            events.push((user, (user / 2 + at * 3) % 10 + 10 * (user % 2)));
        }
    }
    events.extend([(0, 20), (2, 20)]);
    let ids = |count: u32| (0..count).map(|id| id.to_string()).collect();
    let gender = (0..83).map(|user| match user {
        82 => Vec::new(),
        user if user % 2 == 0 => vec!["f"],
        _ => vec!["m"],
    });
    let town = (0..83).map(|user| if user == 5 { vec!["rare"] } else { vec!["here"] });
    let tags = (0..21).map(|item| if (10..20).contains(&item) { vec!["b"] } else { vec!["a"] });
    let mut data = Dataset {
        events: Events {
            user: events.iter().map(|event| event.0).collect(),
            item: events.iter().map(|event| event.1).collect(),
            behaviour: vec![0; events.len()],
            time_secs: (0..events.len() as i64).collect(),
            ..Events::default()
        },
        users: Users {
            ids: ids(83),
            attributes: vec![Attribute::from_lists("gender", gender), Attribute::from_lists("town", town)],
        },
        items: Items { ids: ids(21), tags: Attribute::from_lists("tags", tags), ..Items::default() },
        behaviours: vec![Behaviour::with_default_weight("click")],
        ..Dataset::default()
    };
    data.tags.leaf = data.items.tags.vocabulary.clone();
    data.tags.level2 = data.items.tags.vocabulary.clone();
    data.tags.level1 = data.items.tags.vocabulary.clone();
    data.tags.level2_of_leaf = vec![0, 1];
    data.tags.level1_of_level2 = vec![0, 1];
    data
}

fn whole(data: &Dataset) -> Split {
    let train: Vec<u32> = (0..data.events.len() as u32).collect();
    Split { window: train.clone(), train, ..Split::default() }
}

fn settings() -> UserClusterSettings {
    UserClusterSettings {
        dim: 16,
        window: 6,
        learning_rate: 0.1,
        rounds: 40,
        min_users: 2,
        ..UserClusterSettings::default()
    }
}

#[test]
fn bands_are_by_what_came_before() {
    for (interactions, band) in [(0, 0), (2, 0), (3, 1), (9, 1), (10, 2), (29, 2), (30, 3), (9_999, 3)] {
        assert_eq!(band_of(interactions), band, "{interactions}");
    }
}

#[test]
fn users_belong_to_coarse_and_fine_clusters() {
    let data = dataset();
    let clusters = Clusters::of(&data, &whole(&data), 2);
    let kinds = |of: &Membership| of.all().map(|cluster| clusters.kinds[cluster as usize]).collect::<Vec<_>>();
    let value = |field, entry| Kind::Value { field, entry };
    // A woman who took nothing is what women were at first.
    let newcomer = clusters.of_user(Some(80), &[], 0);
    assert_eq!(kinds(&newcomer), [Kind::All, value(0, 0), value(1, 0), Kind::Activity(0), Kind::Whole]);
    assert_eq!(clusters.users[newcomer.whole.unwrap() as usize], 40);
    // The same woman after 30 interactions: nobody was like that.
    let active = clusters.of_user(Some(80), &[], 30);
    assert_eq!(kinds(&active), [Kind::All, value(0, 0), value(1, 0), Kind::Activity(3)]);
    // One user in a town is too few: he has no cluster of it.
    assert_eq!(kinds(&clusters.of_user(Some(5), &[], 0))[..3], [Kind::All, value(0, 1), Kind::Activity(0)]);
    // What is changed by hand stands instead of what is known.
    let changed = clusters.of_user(Some(80), &[("gender".to_owned(), vec![1])], 0);
    assert_eq!(changed, clusters.of_user(Some(81), &[], 0));
    assert_eq!(kinds(&clusters.of_user(None, &[], 0)), [Kind::All, Kind::Activity(0)]);
    assert_eq!(clusters.users[0], 80);
}

#[test]
fn clusters_ask_for_what_their_users_take() {
    let data = dataset();
    let split = whole(&data);
    let clusters = Clusters::of(&data, &split, 2);
    // With two types in all, odds of a type are far from its likelihood: items speak for themselves here.
    let settings = || UserClusterSettings { shrink_items: 0.0, ..settings() };
    let model = train(&data, &split, &clusters, &settings(), &JobContext::default()).unwrap();
    assert_eq!((model.items.len(), model.clusters.len()), (21, clusters.len()));
    let score = |query: &[f32], item: usize| -> f32 {
        model.embeddings.row(item).iter().zip(query).map(|(one, other)| one * other).sum()
    };
    for (user, own) in [(80, 0..10), (81, 10..20)] {
        let of_user = clusters.of_user(Some(user), &[], 0);
        for cluster in [of_user.single[0], of_user.whole.unwrap()] {
            let query = model.clusters.row(cluster as usize);
            let mut order: Vec<usize> = (0..21).collect();
            order.sort_by(|&one, &other| score(query, other).total_cmp(&score(query, one)));
            assert!(order[..10].iter().all(|item| own.contains(item)), "user {user}: {order:?}");
        }
    }
    // The item that was taken twice, by women, is a rare one of theirs.
    let [women, men] = [80, 81].map(|user| model.clusters.row(clusters.of_user(Some(user), &[], 0).single[0] as usize));
    assert!(score(women, 20) > score(men, 20) + 0.5, "{} {}", score(women, 20), score(men, 20));
    assert!((0..10).all(|item| score(women, 20) < score(women, item)));
    let seeded = train(&data, &split, &clusters, &settings(), &JobContext::default()).unwrap();
    assert_eq!(model, seeded);
}

#[test]
fn nothing_to_learn_from() {
    let data = dataset();
    let clusters = Clusters::of(&data, &Split::default(), 1);
    let model = train(&data, &Split::default(), &clusters, &settings(), &JobContext::default()).unwrap();
    assert_eq!((model.items.len(), model.clusters.len()), (0, clusters.len()));
    let ctx = JobContext::default();
    ctx.cancel();
    assert_eq!(train(&data, &whole(&data), &clusters, &settings(), &ctx), Err(Cancelled));
}
