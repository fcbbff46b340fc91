//! Edges by shared tag, circle or topic for items that no behaviour joins to another (algorithms, section 2).

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::measures::{Row, keep_top};
use crate::{
    dataset::{Attribute, Dataset},
    task::{Cancelled, JobContext},
};

/// Neighbours that an isolated item gets at most.
pub(super) const NEIGHBOURS: usize = 10;
/// Of the items that bear a value, the most popular ones can become neighbours.
const CANDIDATES_A_VALUE: usize = 200;

/// One field, and by value the items that bear it.
struct Field<'a> {
    attribute: &'a Attribute,
    /// `[values]`, ln(1 + items / items that bear the value): the rarer, the more it says.
    rarity: Vec<f32>,
    /// `[values]`, the first candidates by falling popularity.
    bearers: Vec<Vec<u32>>,
}

impl<'a> Field<'a> {
    fn new(attribute: &'a Attribute, popularity: &[u32]) -> Self {
        let mut bearers: Vec<Vec<u32>> = vec![Vec::new(); attribute.vocabulary.len()];
        for item in 0..popularity.len() as u32 {
            for &value in attribute.of(item) {
                let list = &mut bearers[value as usize];
                if list.last() != Some(&item) {
                    list.push(item);
                }
            }
        }
        let items = popularity.len() as f32;
        let rarity = bearers.iter().map(|list| (1.0 + items / list.len().max(1) as f32).ln()).collect();
        for list in &mut bearers {
            list.sort_by_key(|&item| (std::cmp::Reverse(popularity[item as usize]), item));
            list.truncate(CANDIDATES_A_VALUE);
            list.shrink_to_fit();
        }
        Self { attribute, rarity, bearers }
    }

    /// The item's values, each once.
    fn values(&self, item: u32) -> impl Iterator<Item = u32> {
        let own = self.attribute.of(item);
        own.iter().enumerate().filter(move |(place, value)| !own[..*place].contains(value)).map(|(_, &value)| value)
    }
}

/// Rows for `isolated` items. An edge weighs the rarity of the shared values over the rarity of all of the item's own,
/// so 1 where all is shared; of equal ones the more popular go first. `popularity[item]` counts the window's users.
/// An item keeps an empty row only where no other item shares a value with it.
pub(super) fn attribute_rows(
    dataset: &Dataset,
    isolated: &[u32],
    popularity: &[u32],
    most: usize,
    ctx: &JobContext,
) -> Result<Vec<Row>, Cancelled> {
    if isolated.is_empty() {
        return Ok(Vec::new());
    }
    let items = &dataset.items;
    let mut fields = Vec::new();
    for attribute in [&items.tags, &items.circle, &items.topics] {
        ctx.check()?;
        fields.push(Field::new(attribute, popularity));
    }
    isolated
        .par_iter()
        .map(|&item| {
            ctx.check()?;
            let mut candidates: Vec<u32> = fields
                .iter()
                .flat_map(|field| field.values(item).flat_map(move |value| &field.bearers[value as usize]))
                .copied()
                .filter(|&other| other != item)
                .collect();
            candidates.sort_unstable();
            candidates.dedup();
            let own: f32 =
                fields.iter().flat_map(|field| field.values(item).map(move |value| field.rarity[value as usize])).sum();
            candidates.sort_by_key(|&other| (std::cmp::Reverse(popularity[other as usize]), other));
            let shared = |other: u32| -> f32 {
                fields
                    .iter()
                    .flat_map(|field| {
                        let theirs = field.attribute.of(other);
                        field
                            .values(item)
                            .filter(move |value| theirs.contains(value))
                            .map(move |value| field.rarity[value as usize])
                    })
                    .sum()
            };
            // Ranked as places in the order of popularity, which settles equal weights.
            let mut row: Row =
                candidates.iter().enumerate().map(|(place, &other)| (place as u32, shared(other) / own)).collect();
            keep_top(&mut row, most);
            for edge in &mut row {
                edge.0 = candidates[edge.0 as usize];
            }
            Ok(row)
        })
        .collect()
}
