//! Behaviours told apart: what each should count when a user's interactions ask a lane (the article's outlook).

use super::{EvaluateSettings, evaluate_asking};
use crate::{
    dataset::{Dataset, split::Split},
    recall::{Lane, Triggers, weights_of},
    task::{Cancelled, JobContext},
};

/// What a behaviour's weight is tried at, times what the data set gives it.
const FACTORS: [f32; 6] = [0.0, 0.25, 0.5, 1.0, 2.0, 4.0];
/// Each goes over all behaviours once.
const ROUNDS: usize = 3;
/// By how many standard errors of the paired difference a weight has to help, else it stays: of several tries one helps by
/// chance.
const LEAST_ERRORS: f64 = 2.0;

/// Weights, and what they reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// One for each of the data set's behaviours; 0 leaves its interactions out.
    pub weights: Vec<f32>,
    /// Mean NDCG@20 with them over `users`.
    pub ndcg_at_20: f64,
    /// The same with the data set's own weights.
    pub ndcg_at_20_before: f64,
    pub users: usize,
}

/// Weights of behaviours with which the users of the test part of `split` find most by NDCG@20, each moved by itself while
/// that clearly helps. Whoever reports figures afterwards gives a split of the training part alone
/// (`dataset::split::within`), with a lane trained on that. `None` where nobody can be measured, or all interactions are
/// of one behaviour.
pub fn learn(
    dataset: &Dataset,
    split: &Split,
    lane: &dyn Lane,
    ctx: &JobContext,
) -> Result<Option<Learned>, Cancelled> {
    let own = weights_of(dataset);
    let counted: Vec<usize> = (0..own.len()).filter(|&behaviour| own[behaviour] > 0.0).collect();
    if counted.len() < 2 {
        return Ok(None);
    }
    let settings = EvaluateSettings { ks: vec![20], bootstrap: 0, ..EvaluateSettings::default() };
    let judge = |weights: &[f32]| -> Result<Vec<f32>, Cancelled> {
        let triggers = Triggers::new(dataset, split).weighing(weights);
        Ok(evaluate_asking(dataset, split, lane, &triggers, &settings, ctx)?.per_user.ndcg_at_20)
    };
    let mut weights = own.clone();
    let mut best = judge(&weights)?;
    if best.is_empty() {
        return Ok(None);
    }
    let before = mean(&best);
    for _ in 0..ROUNDS {
        let start = weights.clone();
        for &behaviour in &counted {
            for factor in FACTORS {
                let tried = own[behaviour] * factor;
                // Something has to be left to ask with.
                let is_last = tried == 0.0 && counted.iter().all(|&of| of == behaviour || weights[of] == 0.0);
                if tried == weights[behaviour] || is_last {
                    continue;
                }
                let mut other = weights.clone();
                other[behaviour] = tried;
                let found = judge(&other)?;
                if helps(&found, &best) {
                    (weights, best) = (other, found);
                }
            }
        }
        if weights == start {
            break;
        }
    }
    Ok(Some(Learned { weights, ndcg_at_20: mean(&best), ndcg_at_20_before: before, users: best.len() }))
}

/// Whether the first is clearly greater than the second, user by user.
fn helps(one: &[f32], other: &[f32]) -> bool {
    let differences: Vec<f64> = one.iter().zip(other).map(|(one, other)| f64::from(*one) - f64::from(*other)).collect();
    let count = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / count;
    let variance = differences.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    mean > 0.0 && mean > LEAST_ERRORS * (variance / count).sqrt()
}

fn mean(values: &[f32]) -> f64 {
    super::mean(values.iter().copied().map(f64::from).sum(), values.len()).unwrap_or_default()
}

/// The ways in which the weights are taken apart: as they are, without each behaviour, with each alone. Behaviours that
/// count nothing are left as they are.
pub fn ablations(own: &[f32]) -> Vec<(Ablation, Vec<f32>)> {
    let counted: Vec<usize> = (0..own.len()).filter(|&behaviour| own[behaviour] > 0.0).collect();
    let mut all = vec![(Ablation::AsSet, own.to_vec())];
    if counted.len() < 2 {
        return all;
    }
    for &behaviour in &counted {
        let mut without = own.to_vec();
        without[behaviour] = 0.0;
        all.push((Ablation::Without(behaviour), without));
    }
    for &behaviour in &counted {
        let mut alone = vec![0.0; own.len()];
        alone[behaviour] = own[behaviour];
        all.push((Ablation::Alone(behaviour), alone));
    }
    all
}

/// Rows of the data set's behaviours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ablation {
    AsSet,
    Without(usize),
    Alone(usize),
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        dataset::{Behaviour, Events, Ids, Items, Users},
        recall::{LaneKind, Recalled, SeedShare, Trigger},
    };

    /// Recalls the partner of each recent item, those of the heaviest first.
    struct Partners;

    impl Lane for Partners {
        fn kind(&self) -> LaneKind {
            LaneKind::ItemCf
        }

        fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
            let mut shares = trigger.shares();
            shares.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            shares.into_iter().map(|(item, score)| Recalled { item: item + 100, score }).take(k).collect()
        }

        fn seeds(&self, _: &Trigger, _: u32) -> Vec<SeedShare> {
            Vec::new()
        }
    }

    /// Each user clicks thirty items and likes one, the last by its row; the partner of what he likes is what he takes later.
    fn community() -> (Dataset, Split) {
        let mut events = Events::default();
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for user in 0..40u32 {
            for item in 0..31u32 {
                train.push(events.user.len() as u32);
                events.user.push(user);
                events.item.push(item);
                events.behaviour.push(u8::from(item == 30));
            }
            test.push(events.user.len() as u32);
            events.user.push(user);
            events.item.push(130);
            events.behaviour.push(0);
        }
        let ids = |count: usize| (0..count).map(|id| id.to_string()).collect::<Ids>();
        let dataset = Dataset {
            events,
            users: Users { ids: ids(40), attributes: Vec::new() },
            items: Items { ids: ids(200), ..Items::default() },
            behaviours: ["click", "like"].map(Behaviour::with_default_weight).to_vec(),
            ..Dataset::default()
        };
        (dataset, Split { window: train.clone(), train, test, ..Split::default() })
    }

    #[test]
    fn what_tells_of_later_comes_to_count_more() {
        let (dataset, split) = community();
        let learned = learn(&dataset, &split, &Partners, &JobContext::default()).unwrap().unwrap();
        assert_eq!(learned.users, 40);
        assert!(learned.weights[1] > learned.weights[0], "{learned:?}");
        assert!(learned.ndcg_at_20 > 0.9 && learned.ndcg_at_20_before < 0.5, "{learned:?}");
    }

    #[test]
    fn nothing_is_learned_from_one_behaviour_and_everything_is_taken_apart() {
        let (mut dataset, split) = community();
        dataset.behaviours[1].weight = 0.0;
        assert_eq!(learn(&dataset, &split, &Partners, &JobContext::default()).unwrap(), None);
        let all = ablations(&[1.0, 0.0, 2.0]);
        let expected = [
            (Ablation::AsSet, vec![1.0, 0.0, 2.0]),
            (Ablation::Without(0), vec![0.0, 0.0, 2.0]),
            (Ablation::Without(2), vec![1.0, 0.0, 0.0]),
            (Ablation::Alone(0), vec![1.0, 0.0, 0.0]),
            (Ablation::Alone(2), vec![0.0, 0.0, 2.0]),
        ];
        assert_eq!(all, expected);
        assert_eq!(ablations(&[0.0, 3.0]).len(), 1);
    }
}
