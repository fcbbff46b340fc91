//! What is kept comes back as it was, or not at all.
#![allow(clippy::unwrap_used)]

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::dataset::{NO_TIME, SetAside, TableReport};

/// Every field of both, as text: a column that is forgotten here is none of the data set's.
fn same(one: &Dataset, other: &Dataset) -> bool {
    let ids = |ids: &Ids| ids.iter().map(str::to_owned).collect::<Vec<_>>();
    let attribute = |field: &Attribute| {
        format!("{} {:?} {:?} {:?}", field.name, ids(&field.vocabulary), field.offsets, field.values)
    };
    let attributes = |fields: &[Attribute]| fields.iter().map(attribute).collect::<Vec<_>>();
    let shown = |dataset: &Dataset| {
        let Dataset {
            name,
            folder,
            fingerprint,
            events,
            impressions,
            users,
            items,
            tags,
            behaviours,
            given_test,
            labels,
            recognised,
            report,
        } = dataset;
        let Items {
            ids: item_ids,
            title,
            title_en,
            text,
            text_en,
            tags: item_tags,
            circle,
            topics,
            attributes: of_items,
            cover,
            author,
            published_secs,
        } = items;
        let TagTree { leaf, level2, level1, level2_of_leaf, level1_of_level2 } = tags;
        vec![
            format!("{name} {folder:?} {fingerprint} {events:?} {impressions:?}"),
            format!("{:?} {:?}", ids(&users.ids), attributes(&users.attributes)),
            format!("{:?} {title:?} {title_en:?} {text:?} {text_en:?}", ids(item_ids)),
            format!("{} {} {}", attribute(item_tags), attribute(circle), attribute(topics)),
            format!("{:?} {cover:?} {author:?} {published_secs:?}", attributes(of_items)),
            format!("{:?} {:?} {:?} {level2_of_leaf:?} {level1_of_level2:?}", ids(leaf), ids(level2), ids(level1)),
            format!("{behaviours:?} {given_test:?} {labels:?} {recognised:?} {report:?}"),
        ]
    };
    shown(one) == shown(other)
}

fn kept(dataset: &Dataset) -> Vec<u8> {
    let mut bytes = Vec::new();
    let tables = ["events.csv".to_owned()];
    write(dataset, &tables, "state", &mut bytes, &JobContext::default()).unwrap();
    bytes
}

fn read_back(bytes: &[u8]) -> Result<Dataset, Broken> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    fs::write(&path, bytes).unwrap();
    let kept = open(&path)?;
    assert_eq!((kept.tables(), kept.state()), (&["events.csv".to_owned()][..], "state"));
    kept.load(&JobContext::default())
}

/// Numbers below `bound`, `count` of them.
fn rows(bound: usize, count: usize) -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(0..bound as u32, count)
}

fn field(name: &'static str, nodes: usize) -> impl Strategy<Value = Attribute> {
    proptest::collection::vec(proptest::collection::vec("[ab界]{0,2}", 0..3), nodes).prop_map(move |lists| {
        Attribute::from_lists(name, lists.iter().map(|list| list.iter().map(String::as_str).collect()))
    })
}

prop_compose! {
    fn sizes()(users in 1usize..6, items in 1usize..7, events in 0usize..30, shown in 0usize..30) -> [usize; 4] {
        [users, items, events, shown]
    }
}

fn any_dataset() -> impl Strategy<Value = Dataset> {
    sizes().prop_flat_map(|[users, items, events, shown]| {
        let texts =
            || proptest::collection::vec("\\PC{0,6}", items).prop_map(|texts| texts.into_iter().collect::<Texts>());
        let log = (
            (rows(users, events), rows(items, events), proptest::collection::vec(0u8..2, events)),
            proptest::collection::vec(any::<i64>(), events),
            (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
            (rows(users, shown), rows(items, shown), proptest::collection::vec(any::<bool>(), shown)),
            (proptest::collection::vec(any::<u16>(), shown), proptest::collection::vec(0u8..3, shown)),
        );
        let things = (
            (texts(), texts(), texts(), texts()),
            (field("tags", items), field("circle", items), field("topics", items), field("age", users)),
            (proptest::collection::vec(any::<bool>(), items), rows(users + 1, items)),
            (0.0f32..9.0, ".{0,5}", any::<u64>()),
        );
        (log, things).prop_map(move |(log, things)| {
            let ((user, item, behaviour), times, (has_times, has_visits, is_given, is_shown), shown, of_shown) = log;
            let (texts, fields, (has_cover, author), (weight, word, number)) = things;
            let folder = PathBuf::from("/a folder/数据");
            let tree: Ids = fields.0.vocabulary.iter().collect();
            let leaves = tree.len() as u32;
            let mut dataset = Dataset {
                name: word.clone(),
                folder: folder.clone(),
                fingerprint: "print".to_owned(),
                given_test: is_given.then(|| behaviour.iter().map(|&kind| kind == 1).collect()),
                impressions: is_shown.then(|| Impressions {
                    time_secs: vec![NO_TIME; shown.0.len()],
                    propensity: if is_given { vec![0.25; shown.0.len()] } else { Vec::new() },
                    user: shown.0,
                    item: shown.1,
                    clicked: shown.2,
                    position: of_shown.0,
                    policy: if has_visits { of_shown.1 } else { Vec::new() },
                    policies: if has_visits { ["a", "b", "c"].map(str::to_owned).to_vec() } else { Vec::new() },
                }),
                events: Events {
                    visit: if has_visits { user.clone() } else { Vec::new() },
                    position: if has_visits { vec![7; user.len()] } else { Vec::new() },
                    user,
                    item,
                    behaviour,
                    time_secs: if has_times { times } else { Vec::new() },
                },
                users: Users { ids: (0..users).map(|user| format!("u{user}")).collect(), attributes: vec![fields.3] },
                items: Items {
                    ids: (0..items).map(|item| format!("物{item}")).collect(),
                    title: texts.0,
                    title_en: texts.1,
                    text: texts.2,
                    text_en: texts.3,
                    attributes: vec![fields.1.clone(), fields.2.clone()],
                    tags: fields.0,
                    circle: fields.1,
                    topics: fields.2,
                    cover: has_cover.iter().map(|&has| has.then(|| folder.join("covers/a.jpg"))).collect(),
                    author: author.into_iter().map(|user| if user == users as u32 { NONE } else { user }).collect(),
                    published_secs: vec![NO_TIME; items],
                },
                tags: TagTree {
                    level2_of_leaf: (0..leaves).map(|_| 0).collect(),
                    level1_of_level2: vec![0],
                    leaf: tree,
                    level2: ["all"].into_iter().collect(),
                    level1: ["all"].into_iter().collect(),
                },
                behaviours: vec![Behaviour { name: word.clone(), weight }, Behaviour::with_default_weight("like")],
                ..Dataset::default()
            };
            dataset.labels.insert(word.clone(), "label".to_owned());
            dataset.recognised.behaviours.insert(word.clone(), weight);
            let aside = SetAside { count: number, examples: vec![word] };
            let table =
                TableReport { read: number, reasons: [("duplicate".to_owned(), aside)].into(), ..Default::default() };
            dataset.report.tables.insert("events".to_owned(), table);
            dataset
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_column_comes_back(dataset in any_dataset()) {
        let back = read_back(&kept(&dataset)).unwrap();
        prop_assert!(same(&back, &dataset), "{back:?}\n{dataset:?}");
    }

    #[test]
    fn no_changed_byte_and_no_cut_goes_unnoticed(dataset in any_dataset(), at in any::<prop::sample::Index>(), by in 1u8..) {
        let bytes = kept(&dataset);
        let at = at.index(bytes.len());
        prop_assert!(read_back(&bytes[..at]).is_err());
        let mut changed = bytes;
        changed[at] ^= by;
        // What fills up between columns means nothing.
        if let Ok(back) = read_back(&changed) {
            prop_assert!(same(&back, &dataset));
        }
    }
}

#[test]
fn columns_that_do_not_fit_together_are_refused() {
    let dataset =
        Dataset { items: Items { tags: Attribute::empty("tags", 0), ..Items::default() }, ..Dataset::default() };
    let whole = || Dataset {
        items: Items {
            tags: Attribute::empty("tags", 0),
            circle: Attribute::empty("circle", 0),
            topics: Attribute::empty("topics", 0),
            ..Items::default()
        },
        ..Dataset::default()
    };
    assert!(read_back(&kept(&whole())).is_ok());
    assert!(read_back(&kept(&dataset)).is_err(), "fields without offsets");
    let mut wrong = whole();
    wrong.events.user.push(0);
    assert!(read_back(&kept(&wrong)).is_err(), "a user without a row");
    let mut wrong = whole();
    wrong.items.author.push(NONE);
    assert!(read_back(&kept(&wrong)).is_err(), "a column of its own length");
}

#[test]
fn what_lies_in_the_future_is_not_kept() {
    let mut dataset = Dataset { folder: PathBuf::from("/data"), ..Dataset::default() };
    assert!(!is_keepable(&dataset), "too small");
    dataset.events.user = vec![0; LEAST_ROWS];
    assert!(is_keepable(&dataset));
    dataset.report.tables.entry("events".to_owned()).or_default().set_aside("future_time", String::new);
    assert!(!is_keepable(&dataset));
}
