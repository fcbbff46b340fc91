use std::sync::Arc;

use super::*;
use crate::{
    dataset::{
        Attribute, Behaviour, Dataset, Events, Items, Users,
        split::{Split, SplitKind, SplitSettings, split},
    },
    models::gnn::{Encoder, GnnSettings, NoCheckpoints, TrainingData, train},
    recall::{
        SeedShare,
        gnn::GnnModel,
        hot::HotLane,
        index::VectorIndex,
        item_cf::{ItemCfLane, ItemCfSettings},
        trigger_of,
    },
    task::JobContext,
};

const USERS: u32 = 12;
const ITEMS: u32 = 10;

/// Users of two tastes, each with four items of his own.
fn community() -> (Dataset, Split, Csr) {
    let log: Vec<(u32, u32)> = (0..4u32)
        .flat_map(|turn| (0..USERS).map(move |user| (user, (user % 2) + 2 * ((user / 2 + turn) % 5))))
        .collect();
    let dataset = Dataset {
        events: Events {
            user: log.iter().map(|event| event.0).collect(),
            item: log.iter().map(|event| event.1).collect(),
            behaviour: vec![0; log.len()],
            time_secs: (0..log.len() as i64).map(|day| day * 86_400).collect(),
            ..Events::default()
        },
        users: Users {
            ids: (0..USERS).map(|user| user.to_string()).collect(),
            attributes: vec![Attribute::from_lists(
                "taste",
                (0..USERS).map(|user| vec![["a", "b"][user as usize % 2]]),
            )],
        },
        items: Items { ids: (0..ITEMS).map(|item| item.to_string()).collect(), ..Items::default() },
        behaviours: vec![Behaviour { name: "click".to_owned(), weight: 1.0 }],
        ..Dataset::default()
    };
    let settings = SplitSettings { kind: SplitKind::Random, ..SplitSettings::default() };
    let split = split(&dataset, &settings).unwrap();
    let similar: Vec<(u32, u32, f32)> =
        (0..ITEMS).flat_map(|item| [2, 4].map(|by| (item, (item + by) % ITEMS, 1.0 / by as f32))).collect();
    (dataset, split, Csr::from_triplets(ITEMS as usize, ITEMS as usize, &similar))
}

fn network(kind: LaneKind) -> (GnnLane, Dataset, Split, Csr) {
    let (dataset, split, similar) = community();
    let network = kind.network().unwrap();
    let settings = GnnSettings {
        dim: 4,
        heads: 2,
        batch: 8,
        negatives: 3,
        epochs: 2,
        validation: 0.0,
        threads: 1,
        dropout: 0.0,
        ..GnnSettings::default()
    };
    let ctx = JobContext::default();
    let data = TrainingData::new(&dataset, &split, &similar, &settings, &ctx).unwrap();
    let parameters = train(network, &data, &settings, &NoCheckpoints, &ctx).unwrap().parameters;
    let items = Encoder::new(network, &settings, &parameters).items(&data.graph, &data.features, &ctx).unwrap();
    let index = VectorIndex::build(
        (0..ITEMS).collect(),
        items.0.last().unwrap(),
        &crate::recall::index::IndexSettings::default(),
        1,
        &ctx,
    )
    .unwrap();
    let model = Arc::new(GnnModel { network, settings, parameters: Arc::new(parameters), items });
    (GnnLane::build(kind, model, data.features, index).unwrap(), dataset, split, similar)
}

#[test]
fn attention_of_every_head_sums_to_one_and_begins_with_the_node() {
    for kind in [LaneKind::Gat, LaneKind::Gaan] {
        let (lane, dataset, split, similar) = network(kind);
        let trigger = trigger_of(&dataset, &split, 3);
        let own = lane.neighbourhood(&trigger).items;
        let item: Vec<u32> = similar.row(7).0.to_vec();
        for (node, neighbours) in [(Node::User(&trigger), own), (Node::Item(7, &similar), item)] {
            let layers = attention_of(&lane, &node);
            assert_eq!(layers.iter().map(|layer| (layer.layer, layer.heads)).collect::<Vec<_>>(), [(1, 2), (2, 2)]);
            for layer in layers {
                let (own, others) = layer.edges.split_first().unwrap();
                assert_eq!((own.neighbour, own.weight), (None, 1.0));
                assert_eq!(others.iter().map(|edge| edge.neighbour.unwrap()).collect::<Vec<_>>(), neighbours);
                for head in 0..2 {
                    let sum: f32 = layer.edges.iter().map(|edge| edge.alphas[head]).sum();
                    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
                }
                assert!((layer.edges.iter().map(AttentionEdge::mean).sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
        assert!(attention_of(&lane, &Node::Item(ITEMS, &similar)).is_empty());
    }
    let (lane, dataset, split, _) = network(LaneKind::Graphsage);
    assert!(attention_of(&lane, &Node::User(&trigger_of(&dataset, &split, 3))).is_empty());
}

#[test]
fn what_the_score_falls_by_is_what_is_lost_without_the_neighbour() {
    let (lane, dataset, split, similar) = network(LaneKind::Gat);
    let trigger = trigger_of(&dataset, &split, 3);
    let item = lane.recall(&trigger, 1)[0].item;
    let place = place_of(&lane, &trigger, item, 5);
    assert_eq!(place.unwrap().rank, 1);
    let told = explain(&lane, &trigger, item, place, Some(&similar));
    assert_eq!((told.lane, told.item, told.rank, told.score), (LaneKind::Gat, item, Some(1), place.map(|p| p.score)));
    assert_eq!(told.parts.len(), lane.neighbourhood(&trigger).items.len());
    assert!(told.parts.is_sorted_by(|one, other| one.fall >= other.fall));
    assert!(told.parts.iter().map(|part| part.share).sum::<f32>() < 1.001);
    let cosine = |trigger: &Trigger| -> f32 {
        lane.user_vector(trigger).iter().zip(lane.index().vector(item).unwrap()).map(|(a, b)| a * b).sum()
    };
    for part in &told.parts {
        // GAT looks at no weights, so who is struck here is struck there too.
        let mut without = trigger.clone();
        without.recent.retain(|&(own, _)| own != part.item);
        assert!((cosine(&trigger) - cosine(&without) - part.fall.unwrap()).abs() < 1e-5, "{part:?}");
        let edge = told.layers[1].edges.iter().find(|edge| edge.neighbour == Some(part.item)).unwrap();
        assert_eq!(part.attention, Some(edge.mean()));
    }
    for meeting in &told.meetings {
        assert!(similar.row(item).0.contains(&meeting.item) && trigger.exclude.contains(&meeting.item));
    }
    let meets = similar.row(item).0.iter().filter(|other| trigger.exclude.contains(other)).count();
    assert_eq!(told.meetings.len(), meets);
    let elsewhere = explain(&lane, &trigger, ITEMS, None, Some(&similar));
    assert!(elsewhere.parts.is_empty() && elsewhere.meetings.is_empty() && elsewhere.score.is_none());
}

#[test]
fn lanes_without_a_network_tell_their_seeds() {
    let (dataset, split, similar) = community();
    let trigger = trigger_of(&dataset, &split, 3);
    let item_cf = ItemCfLane::build(Arc::new(similar), &[], &ItemCfSettings::default()).unwrap();
    let recalled = item_cf.recall(&trigger, 5);
    let place = place_of(&item_cf, &trigger, recalled[0].item, 5);
    let told = explain(&item_cf, &trigger, recalled[0].item, place, None);
    let parts: Vec<SeedShare> =
        told.parts.iter().map(|part| SeedShare { item: part.item, share: part.share }).collect();
    assert!(!parts.is_empty() && parts == item_cf.seeds(&trigger, recalled[0].item));
    assert!(told.parts.iter().all(|part| part.fall.is_none() && part.attention.is_none()));
    let hot = HotLane::build(&dataset, &split, &crate::recall::hot::HotSettings::default()).unwrap();
    let told = explain(&hot, &trigger, 0, None, None);
    assert!(told.parts.is_empty() && told.rank.is_none());
}
