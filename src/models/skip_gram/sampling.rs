//! Which items serve as negatives, and which occurrences of frequent items are kept.

use rand::Rng;

/// Draws `i` with probability in proportion to `weights[i]`, in constant time (Walker's alias method).
pub(super) struct AliasTable {
    /// Per column: the chance to stay in it, in units of 2^-32, and the column to go to otherwise.
    columns: Vec<(u32, u32)>,
}

impl AliasTable {
    /// Weights must be finite and not negative; without a positive one nothing can be drawn and there is no table.
    pub fn new(weights: &[f64]) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 || weights.len() > u32::MAX as usize {
            return None;
        }
        let mean = total / weights.len() as f64;
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let (mut small, mut large): (Vec<u32>, Vec<u32>) =
            (0..weights.len() as u32).partition(|&column| shares[column as usize] < 1.0);
        let mut columns: Vec<(u32, u32)> = (0..weights.len() as u32).map(|column| (u32::MAX, column)).collect();
        while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
            small.pop();
            let share = shares[poor as usize];
            columns[poor as usize] = ((share * 4_294_967_296.0) as u32, rich);
            // The rich column fills the poor one up and becomes poorer by that much.
            shares[rich as usize] -= 1.0 - share;
            if shares[rich as usize] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        Some(Self { columns })
    }

    #[inline]
    pub fn draw(&self, random: &mut impl Rng) -> u32 {
        let bits = random.next_u64();
        let column = ((bits >> 32) * self.columns.len() as u64) >> 32;
        let (stay, other) = self.columns[column as usize];
        if (bits as u32) < stay || stay == u32::MAX { column as u32 } else { other }
    }
}

/// Tables over `parts` parts of the items, of about equal weight: threads that draw from different parts never wait for
/// each other's rows, which makes two threads slower than one where rows are few. Drawing from all parts alike gives the
/// whole distribution back, as far as the parts weigh the same. Fewer tables where there are fewer items; none where no
/// weight is above 0.
pub(super) fn parts(weights: &[f64], parts: usize) -> Vec<AliasTable> {
    let mut order: Vec<u32> = (0..weights.len() as u32).filter(|&item| weights[item as usize] > 0.0).collect();
    order.sort_by(|&one, &other| weights[other as usize].total_cmp(&weights[one as usize]).then(one.cmp(&other)));
    // An item that alone outweighs a fair part would be drawn too rarely: then there is one part less.
    let heaviest = order.first().map_or(0.0, |&item| weights[item as usize]);
    let affordable = if heaviest > 0.0 { (weights.iter().sum::<f64>() / heaviest) as usize } else { 0 };
    let parts = parts.min(affordable);
    let mut masked = vec![vec![0.0; weights.len()]; parts];
    let mut sums = vec![0.0; parts];
    for item in order {
        let Some(lightest) = (0..parts).min_by(|&one, &other| f64::total_cmp(&sums[one], &sums[other])) else { break };
        masked[lightest][item as usize] = weights[item as usize];
        sums[lightest] += weights[item as usize];
    }
    masked.iter().filter_map(|weights| AliasTable::new(weights)).collect()
}

/// Items next to each other in the vocabulary that are negatives of one another.
pub(super) struct Group {
    /// From here …
    first: u32,
    /// … to before here.
    end: u32,
    /// One a part, see [`parts`]; columns count from `first`.
    tables: Vec<AliasTable>,
}

impl Group {
    /// The table of one part, and what has to be added to its draws.
    #[inline]
    pub fn table(&self, part: usize) -> (u32, &AliasTable) {
        (self.first, &self.tables[part % self.tables.len()])
    }
}

/// The groups that end at `ends` (rising) and have a weight above 0: others hold nothing that could be a centre.
pub(super) fn groups(weights: &[f64], ends: &[u32], threads: usize) -> Vec<Group> {
    let firsts = std::iter::once(0).chain(ends.iter().copied());
    firsts
        .zip(ends)
        .map(|(first, &end)| Group { first, end, tables: parts(&weights[first as usize..end as usize], threads) })
        .filter(|group| !group.tables.is_empty())
        .collect()
}

/// The group of an item that has a weight above 0. There are a handful of groups at most, and most often one.
#[inline]
pub(super) fn group_of(groups: &[Group], item: u32) -> &Group {
    let place = groups.iter().position(|group| item < group.end).unwrap_or(groups.len() - 1);
    &groups[place]
}

/// Per item the chance to keep an occurrence: `sqrt(t / f) + t / f`, at most 1, where `f` is the item's share of all
/// occurrences and `t` the threshold (as the authors' word2vec computes it). A threshold of 0 keeps all.
pub(super) fn keep_chances(counts: &[u64], threshold: f64) -> Option<Vec<f32>> {
    if threshold <= 0.0 {
        return None;
    }
    let total: u64 = counts.iter().sum();
    let chance = |&count: &u64| {
        let ratio = threshold * total as f64 / count.max(1) as f64;
        (ratio.sqrt() + ratio).min(1.0) as f32
    };
    Some(counts.iter().map(chance).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rand::SeedableRng as _;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    #[test]
    fn parts_are_apart_and_together_the_whole_distribution() {
        let weights: Vec<f64> = (0..50).map(|item| if item == 7 { 0.0 } else { 1.0 + f64::from(item % 9) }).collect();
        let tables = parts(&weights, 3);
        assert_eq!(tables.len(), 3);
        let mut random = Pcg64Mcg::seed_from_u64(5);
        let mut counts = vec![[0u32; 3]; 50];
        for draw in 0..300_000 {
            counts[tables[draw % 3].draw(&mut random) as usize][draw % 3] += 1;
        }
        let total: f64 = weights.iter().sum();
        for (item, counts) in counts.iter().enumerate() {
            assert!(counts.iter().filter(|&&count| count > 0).count() <= 1, "{item}: {counts:?}");
            let (found, wanted) = (f64::from(counts.iter().sum::<u32>()), weights[item] / total * 300_000.0);
            assert!((found - wanted).abs() <= 5.0 * wanted.sqrt() + 0.02 * wanted, "{item}: {found} {wanted}");
        }
        // One item outweighs the others: it cannot share.
        assert_eq!(parts(&[10.0, 1.0, 1.0], 2).len(), 1);
        assert_eq!((parts(&[0.0, 0.0], 2).len(), parts(&[], 2).len(), parts(&[1.0], 4).len()), (0, 0, 1));
    }

    #[test]
    fn negatives_are_of_the_group_of_what_is_predicted() {
        let weights = [3.0, 1.0, 0.0, 0.0, 0.0, 2.0, 2.0, 5.0];
        let groups = groups(&weights, &[3, 5, 8], 2);
        // Nothing stands in the middle one.
        assert_eq!(groups.len(), 2);
        let mut random = Pcg64Mcg::seed_from_u64(5);
        for (item, allowed) in [(0, 0..2), (1, 0..2), (5, 5..8), (7, 5..8)] {
            let mut seen = [0u32; 8];
            for part in 0..4_000 {
                let (first, table) = group_of(&groups, item).table(part);
                seen[(first + table.draw(&mut random)) as usize] += 1;
            }
            for (other, &seen) in seen.iter().enumerate() {
                assert_eq!(seen > 0, allowed.contains(&other) && weights[other] > 0.0, "{item} {other}");
            }
        }
    }

    #[test]
    fn draws_follow_the_weights() {
        let weights: Vec<f64> = [50u64, 0, 1, 7, 7, 300, 2].iter().map(|&count| (count as f64).powf(0.75)).collect();
        let table = AliasTable::new(&weights).unwrap();
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(5);
        let mut seen = [0u32; 7];
        let draws = 400_000;
        for _ in 0..draws {
            seen[table.draw(&mut random) as usize] += 1;
        }
        assert_eq!(seen[1], 0);
        let total: f64 = weights.iter().sum();
        let chi_square: f64 = weights
            .iter()
            .zip(seen)
            .filter(|(weight, _)| **weight > 0.0)
            .map(|(weight, seen)| {
                let expected = weight / total * f64::from(draws);
                (f64::from(seen) - expected).powi(2) / expected
            })
            .sum();
        // Five degrees of freedom: 20.5 is passed by chance once in a thousand.
        assert!(chi_square < 20.5, "chi-square {chi_square}");
    }

    #[test]
    fn nothing_to_draw_from() {
        assert!(AliasTable::new(&[]).is_none());
        assert!(AliasTable::new(&[0.0, 0.0]).is_none());
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(5);
        assert_eq!(AliasTable::new(&[3.0]).unwrap().draw(&mut random), 0);
    }

    #[test]
    fn frequent_items_are_thinned() {
        assert!(keep_chances(&[1, 2], 0.0).is_none());
        let chances = keep_chances(&[900_000, 99_000, 1_000, 0], 1e-3).unwrap();
        let frequent = (1e-3f64 / 0.9).sqrt() + 1e-3 / 0.9;
        assert!((f64::from(chances[0]) - frequent).abs() < 1e-6);
        assert!(chances[0] < chances[1] && chances[1] < chances[2]);
        assert_eq!(&chances[2..], [1.0, 1.0]);
    }
}
