//! What the colours of points say.

use std::{collections::BTreeMap, sync::Arc};

use egui::Color32;

use super::{CLUSTERS, gpu::Colour, points::Points};
use crate::{
    dataset::{Dataset, TagLevel},
    evaluate::{Bands, ItemBand},
    recall::LaneKind,
    ui::{
        desk::MapColour,
        panels::inspector::band_word,
        theme::Tokens,
        views::{Scene, network::Node},
        words::Word,
    },
};

/// Colours that are told apart; further tags share the last.
const MOST: usize = 8;
/// How much of a point that the selected tag does not mean is seen.
const DIMMED: f32 = 0.12;

/// Which lane has each item highest for one user; [`NO_LANE`] for those that none recalls.
pub const NO_LANE: u8 = u8::MAX;

pub struct Painting<'a> {
    pub dataset: &'a Dataset,
    pub bands: &'a Bands,
    pub points: &'a Points,
    pub clusters: Option<&'a [u8]>,
    pub lanes: Option<&'a [u8]>,
    pub colour: MapColour,
    /// Only items with this leaf tag stand out.
    pub tag: Option<u32>,
}

pub type Legend = Vec<(Color32, String)>;

impl Painting<'_> {
    /// The colours of all points, and what they mean.
    pub fn paint(&self, scene: &Scene<'_>) -> (Arc<Vec<Colour>>, Legend) {
        let tokens = scene.tokens;
        let level = match self.colour {
            MapColour::Level2 => TagLevel::Level2,
            MapColour::Tag => TagLevel::Leaf,
            _ => TagLevel::Level1,
        };
        let ranks = self.ranks(level);
        let of_leaf = |leaf: u32| self.of_tag(tokens, self.above(leaf, level), level, &ranks);
        let of_leaves: Vec<Color32> = (0..self.dataset.items.tags.vocabulary.len() as u32).map(of_leaf).collect();
        let opacity = if self.points.nodes.len() > 20_000 { 0.62 } else { 0.85 };
        let paint = |(place, &node): (usize, &Node)| {
            let colour = match node {
                Node::User(_) => tokens.text_strong,
                Node::Item(item) => self.of_item(tokens, place, item, &of_leaves),
            };
            let is_dim = self.tag.is_some_and(|tag| match node {
                Node::Item(item) => !self.dataset.items.tags.of(item).contains(&tag),
                Node::User(_) => true,
            });
            let opacity = if is_dim { DIMMED } else { opacity };
            let [r, g, b, _] = colour.to_array();
            [r, g, b, (opacity * 255.0) as u8]
        };
        let colours = self.points.nodes.iter().enumerate().map(paint).collect();
        (Arc::new(colours), self.legend(scene, level, &ranks))
    }

    fn of_item(&self, tokens: &Tokens, place: usize, item: u32, of_leaves: &[Color32]) -> Color32 {
        match self.colour {
            MapColour::Level1 | MapColour::Level2 | MapColour::Tag => {
                let leaf = self.dataset.items.tags.of(item).first();
                leaf.and_then(|&leaf| of_leaves.get(leaf as usize)).copied().unwrap_or(tokens.text_faint)
            }
            MapColour::Band => of_band(tokens, self.bands.item[item as usize]),
            MapColour::Cluster => {
                let cluster = self.clusters.and_then(|clusters| clusters.get(place));
                cluster.map_or(tokens.text_faint, |&cluster| tokens.category(usize::from(cluster)))
            }
            MapColour::Lane => {
                let lane = self.lanes.and_then(|lanes| lanes.get(item as usize)).filter(|&&lane| lane != NO_LANE);
                lane.and_then(|&lane| LaneKind::ALL.get(usize::from(lane)))
                    .map_or(tokens.line, |&lane| tokens.lane(lane))
            }
        }
    }

    /// A community without a hierarchy has leaves alone.
    fn above(&self, leaf: u32, level: TagLevel) -> u32 {
        let is_known = (leaf as usize) < self.dataset.tags.level2_of_leaf.len();
        if is_known { self.dataset.tags.ancestor(leaf, level) } else { leaf }
    }

    /// The highest level has its colours in all views; of the others, those with most items have one each.
    fn of_tag(&self, tokens: &Tokens, tag: u32, level: TagLevel, ranks: &BTreeMap<u32, usize>) -> Color32 {
        match level {
            TagLevel::Level1 if self.dataset.tags.level1.len() <= CLUSTERS => tokens.category(tag as usize),
            TagLevel::Level1 | TagLevel::Level2 | TagLevel::Leaf => {
                ranks.get(&tag).map_or(tokens.text_faint, |&rank| tokens.category(rank))
            }
        }
    }

    /// Whether there are more tags than colours.
    fn has_more(&self, level: TagLevel) -> bool {
        let known = self.dataset.tags.names(level).len().max(1);
        let all = if known > 1 { known } else { self.dataset.items.tags.vocabulary.len() };
        all > MOST
    }

    /// The tags of a level with most items, by falling number: of all items, so that two maps have the same colours.
    fn ranks(&self, level: TagLevel) -> BTreeMap<u32, usize> {
        if !matches!(self.colour, MapColour::Level1 | MapColour::Level2 | MapColour::Tag) {
            return BTreeMap::new();
        }
        let mut of_leaves = vec![0; self.dataset.items.tags.vocabulary.len()];
        for item in 0..self.dataset.item_count() as u32 {
            if let Some(&leaf) = self.dataset.items.tags.of(item).first() {
                of_leaves[leaf as usize] += 1;
            }
        }
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for (leaf, &count) in of_leaves.iter().enumerate().filter(|&(_, &count)| count > 0) {
            *counts.entry(self.above(leaf as u32, level)).or_default() += count;
        }
        let mut sorted: Vec<(u32, usize)> = counts.into_iter().collect();
        sorted.sort_by_key(|&(tag, count)| (std::cmp::Reverse(count), tag));
        sorted.into_iter().take(MOST).enumerate().map(|(rank, (tag, _))| (tag, rank)).collect()
    }

    fn legend(&self, scene: &Scene<'_>, level: TagLevel, ranks: &BTreeMap<u32, usize>) -> Legend {
        let (words, tokens) = (scene.words, scene.tokens);
        let mut legend: Legend = match self.colour {
            MapColour::Level1 | MapColour::Level2 | MapColour::Tag => {
                let mut tags: Vec<(u32, usize)> = ranks.iter().map(|(&tag, &rank)| (tag, rank)).collect();
                tags.sort_by_key(|&(_, rank)| rank);
                let names = self.dataset.tags.names(level);
                let name = |tag: u32| {
                    let is_known = (tag as usize) < names.len();
                    let name = if is_known { names.name(tag) } else { self.dataset.items.tags.vocabulary.name(tag) };
                    scene.label(self.dataset, name).to_owned()
                };
                let entries = tags.iter().map(|&(tag, _)| (self.of_tag(tokens, tag, level, ranks), name(tag)));
                let mut entries: Legend = entries.collect();
                if self.has_more(level) {
                    entries.push((tokens.text_faint, words.get(Word::OtherTags).to_owned()));
                }
                entries
            }
            MapColour::Band => [ItemBand::Head, ItemBand::Waist, ItemBand::Tail, ItemBand::New]
                .map(|band| (of_band(tokens, band), words.get(band_word(band)).to_owned()))
                .to_vec(),
            MapColour::Cluster => (0..CLUSTERS)
                .map(|cluster| {
                    (tokens.category(cluster), words.fill(Word::ClusterNamed, &[&(cluster + 1).to_string()]))
                })
                .collect(),
            MapColour::Lane => {
                let has = |place: usize| self.lanes.is_some_and(|lanes| lanes.contains(&(place as u8)));
                let lanes = LaneKind::ALL.into_iter().enumerate().filter(|&(place, _)| has(place));
                let lanes = lanes.map(|(_, lane)| (tokens.lane(lane), lane.name().to_owned()));
                lanes.chain([(tokens.line, words.get(Word::NoLaneHasIt).to_owned())]).collect()
            }
        };
        if self.points.users > 0 {
            legend.push((tokens.text_strong, words.get(Word::Users).to_owned()));
        }
        legend
    }
}

fn of_band(tokens: &Tokens, band: ItemBand) -> Color32 {
    tokens.category(match band {
        ItemBand::Head => 2,
        ItemBand::Waist => 0,
        ItemBand::Tail => 3,
        ItemBand::New => 4,
    })
}
