//! Training: the sum of the recent items' unit vectors has to lie near the vector of what was taken next.

use std::collections::BTreeMap;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    FusedError, FusedSettings,
    content::{COVER, Content},
};
use crate::{
    dataset::{
        Dataset,
        split::{Split, interactions_by_user},
    },
    models::gnn::{
        Gathered, Loss, Parameter, Parameters, Products, Rates, Targets, add_scaled, dot, drop_out, epoch_len, loss,
        order, rng_at, row, rows_mut, whole,
    },
    task::{Cancelled, JobContext, Series},
};

/// Deviation of the table's rows at the start.
const TABLE_DEVIATION: f32 = 0.1;

/// What was learned.
#[derive(Debug, Clone)]
pub struct Trained {
    /// Without moments.
    pub parameters: Parameters,
}

/// One interaction: which items came before it, and which is to be found.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Example {
    user: u32,
    /// The place of the item in the user's list of distinct items, at least 1.
    at: u32,
}

/// What users took, each item once, where they first took it, in order of time.
struct Histories {
    /// `[users]`
    items: Vec<Vec<u32>>,
    /// The same, sorted.
    sorted: Vec<Vec<u32>>,
    examples: Vec<Example>,
    /// In what share of epochs each example is learned from.
    shares: Vec<f32>,
}

impl Histories {
    fn new(dataset: &Dataset, split: &Split, content: &Content, settings: &FusedSettings) -> Self {
        let by_user = interactions_by_user(dataset, &split.train);
        let left = split.fading(&dataset.events, settings.half_life_days);
        let mut histories = Self { items: Vec::new(), sorted: Vec::new(), examples: Vec::new(), shares: Vec::new() };
        let mut seen = FxHashSet::default();
        for user in 0..dataset.user_count() as u32 {
            let mut items = Vec::new();
            seen.clear();
            for &row in by_user.of(user) {
                let item = dataset.events.item[row as usize];
                if !content.is_described[item as usize] || !seen.insert(item) {
                    continue;
                }
                if !items.is_empty() {
                    histories.examples.push(Example { user, at: items.len() as u32 });
                    histories.shares.push(left.as_ref().map_or(1.0, |left| left(row as usize) as f32));
                }
                items.push(item);
            }
            let mut sorted = items.clone();
            sorted.sort_unstable();
            histories.items.push(items);
            histories.sorted.push(sorted);
        }
        histories
    }

    /// The items before an example, newest first, with what each counts, and the one to be found.
    fn of(&self, example: Example, settings: &FusedSettings) -> (impl Iterator<Item = (u32, f32)>, u32) {
        let (own, at) = (&self.items[example.user as usize], example.at as usize);
        let half_life = settings.half_life_items;
        let before = own[..at].iter().rev().take(settings.last_items).enumerate();
        let fade = move |age: usize| half_life.map_or(1.0, |half_life| (-(age as f32) / half_life).exp2());
        (before.map(move |(age, &item)| (item, fade(age))), own[at])
    }
}

/// What one step computes from, beside the parameters.
struct Batch {
    /// The items that occur.
    features: Gathered,
    /// Their cover vectors, `[nodes, dim of covers]`.
    covers: Vec<f32>,
    /// Per example its recent items: places among the nodes, and what each counts.
    recent: Vec<Vec<(u32, f32)>>,
    /// Nodes among which the items to be found stand.
    candidates: Vec<u32>,
    targets: Targets,
}

impl Batch {
    fn new(
        histories: &Histories,
        content: &Content,
        chosen: &[u32],
        log_chances: &[f32],
        settings: &FusedSettings,
        rng: &mut Pcg64Mcg,
    ) -> Self {
        let mut nodes: Vec<u32> = Vec::new();
        let mut places: FxHashMap<u32, u32> = FxHashMap::default();
        let mut place = |item: u32, nodes: &mut Vec<u32>| {
            *places.entry(item).or_insert_with(|| {
                nodes.push(item);
                nodes.len() as u32 - 1
            })
        };
        let examples: Vec<Example> = chosen.iter().map(|&at| histories.examples[at as usize]).collect();
        // Candidates come first, so that a candidate's place is a node's.
        let mut targets = Targets::default();
        for (number, &example) in examples.iter().enumerate() {
            targets.users.push(number as u32);
            targets.items.push(place(histories.of(example, settings).1, &mut nodes));
        }
        let count = content.items();
        for item in rand::seq::index::sample(rng, count, settings.negatives.min(count)) {
            if content.is_described[item] {
                place(item as u32, &mut nodes);
            }
        }
        let candidates = nodes.clone();
        targets.log_chances = candidates.iter().map(|&item| log_chances[item as usize]).collect();
        for (number, example) in examples.iter().enumerate() {
            let own = &histories.sorted[example.user as usize];
            let target = targets.items[number];
            let is_hit = |place: &usize| *place as u32 != target && own.binary_search(&candidates[*place]).is_ok();
            targets.hits.extend((0..candidates.len()).filter(is_hit).map(|place| (number as u32, place as u32)));
        }
        let recent = examples
            .iter()
            .map(|&example| {
                let before = histories.of(example, settings).0;
                before.map(|(item, weight)| (place(item, &mut nodes), weight)).collect()
            })
            .collect();
        let mut features = Gathered::new(&content.features, &nodes, |_| false);
        if let Some(titles) = content.title_rows() {
            for node in 0..nodes.len() {
                if rng.random::<f64>() < settings.title_dropout {
                    let own = features.offsets[node] as usize..features.offsets[node + 1] as usize;
                    for (row, weight) in features.rows[own.clone()].iter().zip(&mut features.weights[own]) {
                        if titles.contains(row) {
                            *weight = 0.0;
                        }
                    }
                }
            }
        }
        let features = features.with_rows();
        Self { features, covers: content.covers_of(&nodes), recent, candidates, targets }
    }
}

struct Gradients {
    loss: f32,
    table: Vec<f32>,
    dense: BTreeMap<String, Vec<f32>>,
}

fn gradients(
    parameters: &Parameters,
    batch: &Batch,
    cover_dim: usize,
    settings: &FusedSettings,
    dropout_seed: u64,
    products: &Products,
) -> Gradients {
    let dim = settings.dim;
    let mut x = batch.features.encode(&parameters.table.values, dim);
    let nodes = x.len() / dim;
    if cover_dim > 0 {
        let projection = whole(&parameters.dense[COVER].values, dim);
        products.add(rows_mut(&mut x, dim, 0..nodes), whole(&batch.covers, cover_dim), projection, 1.0);
    }
    drop_out(&mut x, dim, settings.dropout as f32, dropout_seed);
    let lengths: Vec<f32> = x.chunks_exact(dim).map(|own| dot(own, own).sqrt().max(1e-9)).collect();
    let asking = batch.recent.len();
    // Those who ask, then the candidates, as the loss takes them.
    let mut vectors = vec![0f32; (asking + batch.candidates.len()) * dim];
    for (out, recent) in vectors.chunks_exact_mut(dim).zip(&batch.recent) {
        for &(node, weight) in recent {
            add_scaled(out, row(&x, dim, node as usize), weight / lengths[node as usize]);
        }
    }
    vectors[asking * dim..].copy_from_slice(&x[..batch.candidates.len() * dim]);
    let (value, slope) =
        loss(Loss::Softmax, settings.temperature as f32, &vectors, dim, asking, &batch.targets, products);
    let mut of_x = vec![0f32; x.len()];
    of_x[..batch.candidates.len() * dim].copy_from_slice(&slope[asking * dim..]);
    let mut of_unit = vec![0f32; x.len()];
    for (slope, recent) in slope.chunks_exact(dim).zip(&batch.recent) {
        for &(node, weight) in recent {
            add_scaled(&mut of_unit[node as usize * dim..][..dim], slope, weight);
        }
    }
    for node in 0..nodes {
        // Along the vector itself nothing changes: its length is divided out.
        let (own, slope, length) = (row(&x, dim, node), row(&of_unit, dim, node), lengths[node]);
        let along = dot(own, slope) / (length * length);
        for ((out, slope), own) in of_x[node * dim..][..dim].iter_mut().zip(slope).zip(own) {
            *out += (slope - along * own) / length;
        }
    }
    drop_out(&mut of_x, dim, settings.dropout as f32, dropout_seed);
    let mut dense = BTreeMap::new();
    if cover_dim > 0 {
        let gradient = products.of(whole(&batch.covers, cover_dim).transpose(), whole(&of_x, dim));
        dense.insert(COVER.to_owned(), gradient);
    }
    Gradients { loss: value, table: batch.features.back(&of_x, dim), dense }
}

/// ln of the chance that each item is a candidate of a batch (logQ).
fn log_chances(histories: &Histories, items: usize, settings: &FusedSettings) -> Vec<f32> {
    let mut counts = vec![0f64; items];
    for (example, share) in histories.examples.iter().zip(&histories.shares) {
        counts[histories.items[example.user as usize][example.at as usize] as usize] += f64::from(*share);
    }
    let all = counts.iter().sum::<f64>().max(1e-9);
    let beside = (settings.negatives as f64 / items.max(1) as f64).min(1.0);
    let chance = |count: f64| 1.0 - (1.0 - count / all).powf(settings.batch as f64) * (1.0 - beside);
    counts.into_iter().map(|count| chance(count).max(1e-9).ln() as f32).collect()
}

fn begin(content: &Content, settings: &FusedSettings) -> Parameters {
    let mut rng = Pcg64Mcg::seed_from_u64(settings.seed);
    let table = Parameter::normal(content.features.table_rows, settings.dim, TABLE_DEVIATION, &mut rng);
    let mut dense = BTreeMap::new();
    if content.cover_dim() > 0 {
        dense.insert(COVER.to_owned(), Parameter::glorot(content.cover_dim(), settings.dim, &mut rng));
    }
    Parameters { table, dense, steps: 0 }
}

/// Learns from the training part of `split`. Results do not depend on the number of threads. Reports a stage in steps, and
/// the mean loss of each epoch as curve.
pub fn train(
    dataset: &Dataset,
    split: &Split,
    content: &Content,
    settings: &FusedSettings,
    ctx: &JobContext,
) -> Result<Trained, FusedError> {
    if !content.is_described.contains(&true) {
        return Err(FusedError::NoContent);
    }
    let histories = Histories::new(dataset, split, content, settings);
    if histories.examples.is_empty() {
        return Err(FusedError::NoPairs);
    }
    let products = Products::default();
    let log_chances = log_chances(&histories, content.items(), settings);
    let mut parameters = begin(content, settings);
    let batch = settings.batch.max(1);
    let steps = epoch_len(&histories.shares).div_ceil(batch);
    let all_steps = (steps * settings.epochs) as u64;
    ctx.stage("Training", all_steps, "steps");
    for epoch in 0..settings.epochs {
        let chosen = order(&histories.shares, settings.seed, epoch as u64);
        // Batches are drawn on a thread of their own, so that training does not wait for them.
        let (send, receive) = std::sync::mpsc::sync_channel::<Batch>(2);
        let loss_sum = std::thread::scope(|scope| {
            let (histories, log_chances) = (&histories, &log_chances);
            scope.spawn(move || {
                for (step, chosen) in chosen.chunks(batch).enumerate() {
                    let mut rng = rng_at(settings.seed, epoch as u64, step as u64);
                    if send.send(Batch::new(histories, content, chosen, log_chances, settings, &mut rng)).is_err() {
                        break;
                    }
                }
            });
            let mut sum = 0.0;
            for batch in receive {
                ctx.check()?;
                // Rates fall in a straight line.
                let left = 1.0 - parameters.steps as f32 / all_steps.max(1) as f32;
                let rate = settings.learning_rate as f32 * left;
                let seed = settings.seed ^ parameters.steps.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let found = gradients(&parameters, &batch, content.cover_dim(), settings, seed, &products);
                let rates = Rates { table: rate, dense: rate };
                parameters.step(&batch.features.unique, &found.table, &found.dense, rates);
                sum += f64::from(found.loss);
                ctx.advance(1);
            }
            Ok::<f64, Cancelled>(sum)
        })?;
        if !loss_sum.is_finite() {
            return Err(FusedError::NotFinite { epoch: epoch + 1 });
        }
        ctx.point(Series::Loss, (epoch + 1) as f64, loss_sum / steps as f64);
    }
    let frozen = |of: Parameter| Parameter::frozen(of.columns, of.values);
    let Parameters { table, dense, steps } = parameters;
    let dense = dense.into_iter().map(|(name, of)| (name, frozen(of))).collect();
    Ok(Trained { parameters: Parameters { table: frozen(table), dense, steps } })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::Covers, *};
    use crate::{
        dataset::{Attribute, Behaviour, Events, Ids, Items, Users},
        models::Embeddings,
    };

    /// Items of two circles; each user stays in one. The last item of each circle was taken by nobody.
    fn community() -> (Dataset, Covers) {
        let ids = |count: usize| (0..count).map(|id| id.to_string()).collect::<Ids>();
        let (users, items) = (60u32, 24u32);
        let mut events = Events::default();
        for user in 0..users {
            for step in 0..6 {
                events.user.push(user);
                events.item.push(2 * ((user / 2 + step * 5) % 11) + user % 2);
            }
        }
        events.behaviour = vec![0; events.user.len()];
        let circles = (0..items).map(|item| vec![if item % 2 == 0 { "even" } else { "odd" }]);
        let dataset = Dataset {
            events,
            users: Users { ids: ids(users as usize), attributes: Vec::new() },
            items: Items {
                ids: ids(items as usize),
                title: (0..items).map(|item| format!("thing {}", item % 2)).collect(),
                circle: Attribute::from_lists("circle", circles),
                ..Items::default()
            },
            behaviours: vec![Behaviour::with_default_weight("click")],
            ..Dataset::default()
        };
        let rows = (0..items).flat_map(|item| [1.0, (item % 2) as f32, (item % 5) as f32]).collect();
        (dataset, Covers { items: (0..items).collect(), vectors: Embeddings { dim: 3, rows } })
    }

    fn whole_split(dataset: &Dataset) -> Split {
        let train: Vec<u32> = (0..dataset.events.len() as u32).collect();
        Split { window: train.clone(), train, ..Split::default() }
    }

    fn small() -> FusedSettings {
        FusedSettings { dim: 8, batch: 16, negatives: 6, epochs: 12, ..FusedSettings::default() }
    }

    #[test]
    fn gradients_equal_numerical_ones() {
        let (dataset, covers) = community();
        let settings = FusedSettings { dim: 3, dropout: 0.3, title_dropout: 0.3, temperature: 0.5, ..small() };
        let content = Content::new(&dataset, Some(&covers), &settings);
        let histories = Histories::new(&dataset, &whole_split(&dataset), &content, &settings);
        let chances = log_chances(&histories, content.items(), &settings);
        let batch = Batch::new(&histories, &content, &[3, 50, 120, 7], &chances, &settings, &mut rng_at(1, 0, 0));
        assert!(!batch.targets.hits.is_empty());
        let mut parameters = begin(&content, &settings);
        parameters.table.values.iter_mut().for_each(|value| *value *= 5.0);
        let of = |parameters: &Parameters| gradients(parameters, &batch, 3, &settings, 9, &Products::default());
        let found = of(&parameters);
        let compare = |slope: f64, own: f32, what: &str| {
            assert!((slope - f64::from(own)).abs() < 2e-2 * slope.abs().max(0.3), "{what}: {slope} {own}");
        };
        for (place, &table_row) in batch.features.unique.iter().enumerate() {
            for column in 0..3 {
                let moved = |by: f32| {
                    let mut parameters = parameters.clone();
                    parameters.table.values[table_row as usize * 3 + column] += by;
                    f64::from(of(&parameters).loss)
                };
                let slope = (moved(5e-3) - moved(-5e-3)) / 1e-2;
                compare(slope, found.table[place * 3 + column], &format!("row {table_row}, {column}"));
            }
        }
        for place in 0..9 {
            let moved = |by: f32| {
                let mut parameters = parameters.clone();
                parameters.dense.get_mut(COVER).unwrap().values[place] += by;
                f64::from(of(&parameters).loss)
            };
            compare((moved(5e-3) - moved(-5e-3)) / 1e-2, found.dense[COVER][place], &format!("cover {place}"));
        }
    }

    #[test]
    fn what_nobody_took_lies_beside_its_like_and_training_repeats() {
        let (dataset, covers) = community();
        let split = whole_split(&dataset);
        let content = Content::new(&dataset, Some(&covers), &small());
        let trained = train(&dataset, &split, &content, &small(), &JobContext::default()).unwrap();
        let again = train(&dataset, &split, &content, &small(), &JobContext::default()).unwrap();
        assert_eq!(trained.parameters, again.parameters);
        let unit = content.encode(&trained.parameters).normalised();
        let cosine = |one: usize, other: usize| dot(unit.row(one), unit.row(other));
        for new in [22, 23] {
            let mean = |odd: usize| (0..11).map(|item| cosine(new, 2 * item + odd)).sum::<f32>() / 11.0;
            assert!(mean(new % 2) > mean(1 - new % 2) + 0.5, "{new}: {} {}", mean(0), mean(1));
        }
        // What the fields add is the product.
        let query: Vec<f32> = (0..8).map(|at| at as f32 - 3.0).collect();
        let vector = content.encode(&trained.parameters);
        let parts = content.parts(&trained.parameters, 22, &query);
        assert_eq!(parts.iter().map(|part| part.0).collect::<Vec<_>>(), ["circle", "title", "cover"]);
        let sum: f32 = parts.iter().map(|part| part.1).sum();
        assert!((sum - dot(vector.row(22), &query)).abs() < 1e-3);
    }

    #[test]
    fn without_content_or_pairs_nothing_is_learned() {
        let (mut dataset, covers) = community();
        let content = Content::new(&dataset, Some(&covers), &small());
        let empty = Split::default();
        let ctx = JobContext::default();
        assert_eq!(train(&dataset, &empty, &content, &small(), &ctx).unwrap_err(), FusedError::NoPairs);
        let split = whole_split(&dataset);
        dataset.items.title = std::iter::repeat_n("", 24).collect();
        dataset.items.circle = Attribute::empty("circle", 24);
        let content = Content::new(&dataset, None, &small());
        assert_eq!(train(&dataset, &split, &content, &small(), &ctx).unwrap_err(), FusedError::NoContent);
        ctx.cancel();
        let content = Content::new(&dataset, Some(&covers), &small());
        assert_eq!(train(&dataset, &split, &content, &small(), &ctx).unwrap_err(), FusedError::Cancelled(Cancelled));
    }
}
