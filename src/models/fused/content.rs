//! What describes an item: id-type fields, words of its title, the vector of its cover.

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_segmentation::UnicodeSegmentation as _;

use super::FusedSettings;
use crate::{
    dataset::{Attribute, Dataset, TagLevel},
    models::{
        Embeddings,
        cover::tags_of,
        gnn::{Features, Parameters, Products, add_scaled, by_rows, row, rows_mut, whole},
    },
};

/// A word in fewer titles tells nothing of other items …
const LEAST_TITLES: usize = 3;
/// … nor does one that stands in more than this share of them.
const MOST_TITLES: f64 = 0.2;
/// Words that are kept, the most frequent first.
const MOST_WORDS: usize = 20_000;
/// The name of the field of words.
pub(super) const TITLE: &str = "title";
/// The name of the matrix that covers are multiplied with, `[dim of covers, dim]`.
pub(super) const COVER: &str = "cover";

/// Cover vectors of some items.
#[derive(Debug, Clone, Default)]
pub struct Covers {
    /// Sorted.
    pub items: Vec<u32>,
    /// One row for each of `items`.
    pub vectors: Embeddings,
}

/// Everything that is known of the items of a data set.
#[derive(Debug, Clone)]
pub struct Content {
    pub features: Features,
    /// Unit vectors, `[items]`; zeros for items without a cover.
    covers: Embeddings,
    /// Which items are described by anything.
    pub is_described: Vec<bool>,
}

impl Content {
    pub fn new(dataset: &Dataset, covers: Option<&Covers>, settings: &FusedSettings) -> Self {
        let mut more: Vec<Attribute> = Vec::new();
        for (level, name) in [(TagLevel::Level2, "level2"), (TagLevel::Level1, "level1")] {
            // Without a hierarchy each tag is its own parent, and would only be counted again.
            if dataset.tags.names(level).len() < dataset.tags.leaf.len() {
                let names = dataset.tags.names(level);
                let of = |item| tags_of(dataset, item, level).into_iter().map(|tag| names.name(tag)).collect();
                more.push(Attribute::from_lists(name, (0..dataset.item_count() as u32).map(of)));
            }
        }
        if settings.titles {
            more.push(words_of_titles(dataset));
        }
        let features = Features::of_content(dataset, &more);
        let items = dataset.item_count();
        let dim = covers.map_or(0, |covers| covers.vectors.dim);
        let mut of_items = Embeddings { dim, rows: vec![0.0; items * dim] };
        if let Some(covers) = covers {
            let unit = covers.vectors.normalised();
            for (place, &item) in covers.items.iter().enumerate() {
                of_items.rows[item as usize * dim..][..dim].copy_from_slice(unit.row(place));
            }
        }
        let unknown: FxHashSet<u32> =
            features.item_fields.iter().map(|field| field.first_row + field.entries).collect();
        let is_described = (0..items)
            .map(|item| {
                let (rows, _) = features.of(item as u32);
                let has_cover = dim > 0 && of_items.row(item).iter().any(|&value| value != 0.0);
                has_cover || rows.iter().any(|row| !unknown.contains(row))
            })
            .collect();
        Self { features, covers: of_items, is_described }
    }

    pub fn items(&self) -> usize {
        self.is_described.len()
    }

    /// The rows of the table that words of titles have.
    pub(super) fn title_rows(&self) -> Option<std::ops::RangeInclusive<u32>> {
        let field = self.features.item_fields.iter().find(|field| field.name == TITLE)?;
        Some(field.first_row..=field.first_row + field.entries)
    }

    /// Length of a cover vector; 0 where covers do not count.
    pub(super) fn cover_dim(&self) -> usize {
        self.covers.dim
    }

    /// The cover vectors of `items`, `[items, cover_dim]`.
    pub(super) fn covers_of(&self, items: &[u32]) -> Vec<f32> {
        items.iter().flat_map(|&item| self.covers.row(item as usize)).copied().collect()
    }

    /// The vectors of all items, `[items, dim]`, not of unit length.
    pub fn encode(&self, parameters: &Parameters) -> Embeddings {
        let dim = parameters.table.columns;
        let mut rows = by_rows(
            self.items(),
            dim,
            #[inline(always)]
            |item, out| {
                let (own, weights) = self.features.of(item as u32);
                for (&of, &weight) in own.iter().zip(weights) {
                    add_scaled(out, row(&parameters.table.values, dim, of as usize), weight);
                }
            },
        );
        if let Some(projection) = parameters.dense.get(COVER).filter(|_| self.covers.dim > 0) {
            let into = rows_mut(&mut rows, dim, 0..self.items());
            Products::default().add(
                into,
                whole(&self.covers.rows, self.covers.dim),
                whole(&projection.values, dim),
                1.0,
            );
        }
        Embeddings { dim, rows }
    }

    /// What each field of `item` adds to the product of its vector with `query` (`[dim]`): they sum to that product.
    pub fn parts(&self, parameters: &Parameters, item: u32, query: &[f32]) -> Vec<(&str, f32)> {
        let dim = parameters.table.columns;
        let dot = |values: &[f32]| values.iter().zip(query).map(|(one, other)| one * other).sum::<f32>();
        let (rows, weights) = self.features.of(item);
        let mut parts: Vec<(&str, f32)> = self
            .features
            .item_fields
            .iter()
            .map(|field| {
                let own = field.first_row..=field.first_row + field.entries;
                let of_field = rows.iter().zip(weights).filter(|(row, _)| own.contains(row));
                let sum = of_field.map(|(&of, weight)| weight * dot(row(&parameters.table.values, dim, of as usize)));
                (field.name.as_str(), sum.sum())
            })
            .collect();
        if let Some(projection) = parameters.dense.get(COVER).filter(|_| self.covers.dim > 0) {
            let cover = self.covers.row(item as usize);
            let sum = cover.iter().enumerate().map(|(at, value)| value * dot(row(&projection.values, dim, at)));
            parts.push((COVER, sum.sum()));
        }
        parts
    }
}

/// The words of each title that other titles have too.
fn words_of_titles(dataset: &Dataset) -> Attribute {
    let titles: Vec<FxHashSet<String>> = dataset.items.title.iter().map(|title| words(title).collect()).collect();
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for word in titles.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let most = (titles.len() as f64 * MOST_TITLES) as usize;
    let mut kept: Vec<(&str, usize)> =
        counts.into_iter().filter(|&(_, count)| (LEAST_TITLES..=most).contains(&count)).collect();
    kept.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    kept.truncate(MOST_WORDS);
    let kept: FxHashSet<&str> = kept.into_iter().map(|word| word.0).collect();
    let lists = titles.iter().map(|own| {
        let mut own: Vec<&str> = own.iter().map(String::as_str).filter(|word| kept.contains(word)).collect();
        own.sort_unstable();
        own
    });
    Attribute::from_lists(TITLE, lists)
}

/// Words in small letters; where a script has no spaces, each two characters that stand side by side (and each alone, where
/// one stands alone).
fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase();
    let mut found = Vec::new();
    let mut before: Option<(usize, String)> = None;
    for (at, word) in text.unicode_word_indices() {
        if !word.chars().all(is_ideograph) {
            found.push(word.to_owned());
            before = None;
            continue;
        }
        let word = word.to_owned();
        match &before {
            Some((end, last)) if *end == at => found.push(format!("{last}{word}")),
            _ => found.push(word.clone()),
        }
        before = Some((at + word.len(), word));
    }
    found.into_iter()
}

/// Chinese and Japanese characters, which the rules for words part one by one.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script() {
        let of = |text: &str| words(text).collect::<Vec<_>>();
        assert_eq!(of("A cup of Tea, it's 3 o'clock"), ["a", "cup", "of", "tea", "it's", "3", "o'clock"]);
        assert_eq!(of("阳台上的咖啡 tea 茶"), ["阳", "阳台", "台上", "上的", "的咖", "咖啡", "tea", "茶"]);
        assert!(of("").is_empty() && of(" — ").is_empty());
    }
}
