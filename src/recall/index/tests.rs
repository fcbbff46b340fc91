#![allow(clippy::unwrap_used)]

use proptest::{collection::vec, prelude::*};
use rand_distr::StandardNormal;
use rayon::prelude::*;

use super::*;

fn ctx() -> JobContext {
    JobContext::default()
}

fn settings(exact: bool) -> IndexSettings {
    IndexSettings { exact: Some(exact), ..IndexSettings::default() }
}

/// `count` vectors around `clusters` centres, in order of the cluster: the hardest order to insert in.
fn clustered(count: usize, clusters: usize, dim: usize) -> Embeddings {
    let mut random = rand_pcg::Pcg64::seed_from_u64(7);
    let mut normal = || random.sample::<f32, _>(StandardNormal);
    let centres: Vec<f32> = (0..clusters * dim).map(|_| normal()).collect();
    let mut rows = Vec::with_capacity(count * dim);
    for row in 0..count {
        let centre = row * clusters / count;
        rows.extend((0..dim).map(|axis| centres[centre * dim + axis] + 0.4 * normal()));
    }
    Embeddings { dim, rows }
}

proptest! {
    #[test]
    fn exact_search_equals_brute_force(
        // Whole numbers from a small set, so that equal vectors and equal scores are common.
        rows in vec(vec(-2i8..3, 5), 1..60),
        query in vec(-2i8..3, 5),
        exclude in vec(0u32..200, 0..20),
        k in 0usize..80,
    ) {
        let embeddings = Embeddings { dim: 5, rows: rows.iter().flatten().map(|&value| f32::from(value)).collect() };
        // Ids fall while rows rise.
        let ids: Vec<u32> = (0..rows.len() as u32).map(|row| 180 - 3 * row).collect();
        let index = VectorIndex::build(ids.clone(), &embeddings, &settings(true), 1, &ctx()).unwrap();
        let mut exclude = exclude;
        exclude.sort_unstable();
        let query: Vec<f32> = query.into_iter().map(f32::from).collect();
        let found = index.search(&query, k, &exclude);
        let length = |vector: &[f32]| vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length(&query) == 0.0 {
            prop_assert!(found.is_empty());
            return Ok(());
        }
        let score = |row: usize| {
            let own = embeddings.row(row);
            let dot: f32 = own.iter().zip(&query).map(|(one, other)| one * other).sum();
            dot / (length(own) * length(&query)).max(1e-9)
        };
        let free: Vec<usize> = (0..rows.len()).filter(|&row| !exclude.contains(&ids[row])).collect();
        prop_assert_eq!(found.len(), k.min(free.len()));
        let mut right: Vec<f32> = free.iter().map(|&row| score(row)).collect();
        right.sort_by(|one, other| other.total_cmp(one));
        for (found, right) in found.iter().zip(right) {
            let row = ids.iter().position(|&id| id == found.item).unwrap();
            prop_assert!(!exclude.contains(&found.item));
            prop_assert!((found.score - right).abs() < 1e-5);
            prop_assert!((score(row) - found.score).abs() < 1e-5);
        }
        prop_assert!(found.is_sorted_by(|one, other| top::by_rank(one, other).is_lt()));
        let batch = index.search_batch(&[query.clone(), vec![0.0; 5], query].concat(), k, &[&exclude, &[], &exclude]);
        prop_assert!(batch[1].is_empty());
        for one in [&batch[0], &batch[2]] {
            prop_assert_eq!(one.len(), found.len());
            for (one, other) in one.iter().zip(&found) {
                prop_assert!((one.score - other.score).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn equal_vectors_come_by_id() {
    let embeddings = Embeddings { dim: 2, rows: [3.0, 4.0].repeat(300) };
    for exact in [true, false] {
        let index = VectorIndex::build((0..300).rev().collect(), &embeddings, &settings(exact), 1, &ctx()).unwrap();
        let found = index.search(&[3.0, 4.0], 300, &[4]);
        let items: Vec<u32> = found.iter().map(|recalled| recalled.item).collect();
        let expected: Vec<u32> = (0..300).filter(|&item| item != 4).collect();
        assert_eq!(items, expected);
        assert!(found.iter().all(|recalled| (recalled.score - 1.0).abs() < 1e-6));
    }
}

#[test]
fn hnsw_finds_nearly_everything_in_clusters() {
    let embeddings = clustered(6_000, 60, 24);
    let ids: Vec<u32> = (0..6_000).map(|row| row * 2).collect();
    let index = VectorIndex::build(ids.clone(), &embeddings, &settings(false), 3, &ctx()).unwrap();
    assert!(!index.is_exact());
    let audit = index.audit();
    assert_eq!(audit.queries, 200);
    assert!(audit.recall_at_100 >= 0.9, "{audit:?}");
    assert!(audit.secs > 0.0);
    // The audit's own word is checked from outside, and scores are those of exact search.
    let mut shares = Vec::new();
    for row in (0..6_000).step_by(61) {
        let (found, right) =
            (index.search(embeddings.row(row), 50, &[]), index.search_exact(embeddings.row(row), 50, &[]));
        assert!(found.is_sorted_by(|one, other| top::by_rank(one, other).is_lt()));
        for one in &found {
            if let Some(other) = right.iter().find(|other| other.item == one.item) {
                assert_eq!(one.score, other.score);
            }
        }
        shares.push(share_found(&found, &right));
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    assert!(mean >= 0.9, "{mean}");
}

#[test]
fn hnsw_gives_k_whatever_is_excluded() {
    let embeddings = clustered(3_000, 20, 16);
    let index = VectorIndex::build((0..3_000).collect(), &embeddings, &settings(false), 3, &ctx()).unwrap();
    // The query's whole cluster and more is excluded.
    let exclude: Vec<u32> = (0..2_400).collect();
    for k in [1, 100, 600, 1_000] {
        let found = index.search(embeddings.row(5), k, &exclude);
        assert_eq!(found.len(), k.min(600));
        assert!(found.iter().all(|recalled| recalled.item >= 2_400));
        let right = index.search_exact(embeddings.row(5), k, &exclude);
        assert!(share_found(&found, &right) >= 0.9);
    }
    assert_eq!(index.search(embeddings.row(5), 10_000, &[]).len(), 3_000);
    assert!(index.search(embeddings.row(5), 10, &(0..3_000).collect::<Vec<u32>>()).is_empty());
}

#[test]
fn batches_equal_single_searches() {
    let embeddings = clustered(5_000, 30, 20);
    for exact in [true, false] {
        let index = VectorIndex::build((0..5_000).collect(), &embeddings, &settings(exact), 3, &ctx()).unwrap();
        let queries = &embeddings.rows[..100 * 20];
        let excluded: Vec<Vec<u32>> = (0..100u32).map(|query| vec![query, query + 1]).collect();
        let exclude: Vec<&[u32]> = excluded.iter().map(Vec::as_slice).collect();
        let batch = index.search_batch(queries, 10, &exclude);
        assert_eq!(batch.len(), 100);
        for (query, found) in batch.iter().enumerate() {
            assert_eq!(found, &index.search(embeddings.row(query), 10, exclude[query]));
        }
    }
}

#[test]
fn reproducible_indexes_answer_the_same() {
    let embeddings = clustered(4_000, 40, 16);
    let build = || VectorIndex::build((0..4_000).collect(), &embeddings, &settings(false), 3, &ctx()).unwrap();
    let (one, other) = (build(), build());
    for row in 0..200 {
        assert_eq!(one.search(embeddings.row(row), 20, &[]), other.search(embeddings.row(row), 20, &[]));
    }
}

#[test]
fn parallel_building_is_as_good() {
    let embeddings = clustered(6_000, 60, 24);
    let settings = IndexSettings { reproducible: false, ..settings(false) };
    let index = VectorIndex::build((0..6_000).collect(), &embeddings, &settings, 3, &ctx()).unwrap();
    assert!(index.audit().recall_at_100 >= 0.9, "{:?}", index.audit());
}

#[test]
fn small_is_exact_by_itself() {
    let embeddings = clustered(100, 5, 8);
    let index = VectorIndex::build((0..100).collect(), &embeddings, &IndexSettings::default(), 3, &ctx()).unwrap();
    assert!(index.is_exact());
    assert_eq!(index.audit().recall_at_100, 1.0);
    let empty = VectorIndex::build(Vec::new(), &Embeddings { dim: 8, rows: Vec::new() }, &settings(false), 3, &ctx());
    let empty = empty.unwrap();
    assert!(empty.is_empty() && empty.search(&[1.0; 8], 5, &[]).is_empty());
    for count in 1..4usize {
        let embeddings = clustered(count, 1, 8);
        let index = VectorIndex::build((0..count as u32).collect(), &embeddings, &settings(false), 3, &ctx()).unwrap();
        assert_eq!(index.search(embeddings.row(0), 5, &[]).len(), count);
    }
}

#[test]
fn bad_vectors_and_settings_are_named() {
    let mut embeddings = clustered(50, 5, 8);
    let build = |embeddings: &Embeddings, settings: &IndexSettings| {
        VectorIndex::build((100..150).collect(), embeddings, settings, 3, &ctx())
    };
    for (name, settings) in [
        ("m", IndexSettings { m: 1, ..settings(false) }),
        ("m", IndexSettings { m: 256, ef_construction: 2_000, ..settings(false) }),
        ("ef_construction", IndexSettings { ef_construction: 32, ..settings(false) }),
        ("ef_search", IndexSettings { ef_search: 0, ..settings(false) }),
    ] {
        let error = build(&embeddings, &settings).unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")), "{error}");
    }
    let most = IndexSettings { m: 255, ef_construction: 511, ..settings(false) };
    assert_eq!(build(&embeddings, &most).unwrap().len(), 50);
    for value in [f32::NAN, f32::INFINITY] {
        embeddings.rows[20 * 8 + 3] = value;
        for exact in [true, false] {
            assert_eq!(build(&embeddings, &settings(exact)).unwrap_err(), RecallError::NotFinite { id: 120 });
        }
    }
    embeddings.rows.pop();
    assert!(matches!(build(&embeddings, &settings(true)), Err(RecallError::Shape { ids: 50, .. })));
    let twice = VectorIndex::build(vec![4, 4], &Embeddings { dim: 1, rows: vec![1.0; 2] }, &settings(true), 3, &ctx());
    assert_eq!(twice.unwrap_err(), RecallError::Twice { id: 4 });
}

#[test]
fn odd_queries_find_nothing() {
    let embeddings = clustered(50, 5, 8);
    let index = VectorIndex::build((0..50).collect(), &embeddings, &settings(false), 3, &ctx()).unwrap();
    for query in [vec![0.0; 8], vec![f32::NAN; 8], vec![1.0; 7], Vec::new()] {
        assert!(index.search(&query, 5, &[]).is_empty());
        assert!(index.search_exact(&query, 5, &[]).is_empty());
    }
}

#[test]
fn a_zero_vector_has_cosine_zero() {
    let mut embeddings = clustered(500, 5, 8);
    embeddings.rows[..8].fill(0.0);
    for exact in [true, false] {
        let index = VectorIndex::build((0..500).collect(), &embeddings, &settings(exact), 3, &ctx()).unwrap();
        let found = index.search(embeddings.row(1), 500, &[]);
        assert_eq!(found.len(), 500);
        assert_eq!(found.iter().find(|recalled| recalled.item == 0).unwrap().score, 0.0);
    }
}

#[test]
fn building_can_be_cancelled() {
    let embeddings = clustered(5_000, 5, 32);
    let ctx = ctx();
    ctx.cancel();
    let built = VectorIndex::build((0..5_000).collect(), &embeddings, &settings(false), 3, &ctx);
    assert!(matches!(built, Err(RecallError::Cancelled(_))));
}

#[test]
fn one_index_serves_all_threads() {
    let embeddings = clustered(3_000, 20, 16);
    let small = clustered(700, 20, 16);
    let index = VectorIndex::build((0..3_000).collect(), &embeddings, &settings(false), 3, &ctx()).unwrap();
    let other = VectorIndex::build((0..700).collect(), &small, &settings(false), 3, &ctx()).unwrap();
    let alone: Vec<_> = (0..700).map(|row| index.search(embeddings.row(row), 10, &[])).collect();
    // Two indexes take turns on each thread: nothing of one search may show in another.
    (0..700).into_par_iter().for_each(|row| {
        let _ = other.search(small.row(row), 10, &[]);
        assert_eq!(index.search(embeddings.row(row), 10, &[]), alone[row]);
    });
}

#[test]
fn a_kept_graph_answers_as_the_built_one() {
    let embeddings = clustered(3_000, 20, 8);
    let ids: Vec<u32> = (0..3_000).map(|row| 2 * row).collect();
    let built = VectorIndex::build(ids.clone(), &embeddings, &settings(false), 3, &ctx()).unwrap();
    let parts = built.graph().unwrap();
    assert!(!parts.upper_counts.is_empty());
    let open = |parts: GraphParts| VectorIndex::open(ids.clone(), &embeddings, &settings(false), parts, built.audit());
    let opened = open(parts.clone()).unwrap().unwrap();
    assert_eq!((opened.graph().unwrap(), opened.audit(), opened.is_exact()), (parts.clone(), built.audit(), false));
    for row in (0..3_000).step_by(97) {
        let query = embeddings.row(row);
        assert_eq!(opened.search_with(query, 20, &[0, 4, 8], 20), built.search_with(query, 20, &[0, 4, 8], 20));
    }
    assert_eq!(VectorIndex::build(ids.clone(), &embeddings, &settings(true), 3, &ctx()).unwrap().graph(), None);

    let spoil: [fn(&mut GraphParts); 8] = [
        |parts| parts.entry = 3_000,
        |parts| parts.neighbours[7] = 3_000,
        |parts| parts.offsets.truncate(3_000),
        |parts| parts.offsets[5] = parts.offsets[4] - 1,
        |parts| parts.neighbours.truncate(9),
        |parts| parts.upper_counts[0] += 1,
        |parts| parts.upper_nodes[0] = u32::MAX,
        |parts| parts.upper_neighbours.push(1),
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        let mut spoiled = parts.clone();
        spoil(&mut spoiled);
        assert!(open(spoiled).unwrap().is_none(), "{number}");
    }
}
