//! Triggers of the users of a data set.

use rayon::prelude::*;

use super::Trigger;
use crate::dataset::{
    Dataset,
    split::{ByUser, Split, interactions_by_user},
};

/// Makes the trigger of any user from the training part, which it sorts by user once.
#[derive(Debug)]
pub struct Triggers {
    /// Rows of events by user, each user's in order of time.
    by_user: ByUser,
    item: Vec<u32>,
    behaviour: Vec<u8>,
    /// Per behaviour.
    weights: Vec<f32>,
}

impl Triggers {
    pub fn new(dataset: &Dataset, split: &Split) -> Self {
        let by_user = interactions_by_user(dataset, &split.train);
        let events = &dataset.events;
        let item = by_user.rows.iter().map(|&row| events.item[row as usize]).collect();
        let behaviour = by_user.rows.iter().map(|&row| events.behaviour[row as usize]).collect();
        let weights = weights_of(dataset);
        let by_user = ByUser { offsets: by_user.offsets, rows: Vec::new() };
        Self { by_user, item, behaviour, weights }
    }

    /// The same interactions with other weights of behaviours, one for each of the data set's. What a user has taken stays
    /// excluded, whatever it counts.
    pub fn weighing(self, weights: &[f32]) -> Self {
        Self { weights: weights.to_vec(), ..self }
    }

    /// Number of users.
    pub fn len(&self) -> usize {
        self.by_user.offsets.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything the user took in the training part, oldest first, and all of it excluded.
    /// A row that is no user's gives the trigger of somebody unknown.
    pub fn of(&self, user: u32) -> Trigger {
        let offsets = &self.by_user.offsets;
        let Some((&from, &to)) = offsets.get(user as usize).zip(offsets.get(user as usize + 1)) else {
            return Trigger::default();
        };
        let rows = from as usize..to as usize;
        let recent: Vec<(u32, f32)> = rows
            .map(|row| (self.item[row], self.weights.get(usize::from(self.behaviour[row])).copied().unwrap_or(0.0)))
            .collect();
        trigger(user, recent)
    }
}

/// What one of each behaviour counts in the data set.
pub fn weights_of(dataset: &Dataset) -> Vec<f32> {
    dataset.behaviours.iter().map(|behaviour| behaviour.weight).collect()
}

fn trigger(user: u32, recent: Vec<(u32, f32)>) -> Trigger {
    let mut exclude: Vec<u32> = recent.iter().map(|&(item, _)| item).collect();
    exclude.sort_unstable();
    exclude.dedup();
    Trigger { user: Some(user), recent, exclude, ..Trigger::default() }
}

/// One user's trigger, in one pass over the training part. For many users take [`Triggers`].
pub fn trigger_of(dataset: &Dataset, split: &Split, user: u32) -> Trigger {
    if user as usize >= dataset.user_count() {
        return Trigger::default();
    }
    let events = &dataset.events;
    let recent = split
        .train
        .iter()
        .map(|&row| row as usize)
        .filter(|&row| events.user[row] == user)
        .map(|row| (events.item[row], weight_of(dataset, row)))
        .collect();
    trigger(user, recent)
}

/// What event `row` counts as an interaction.
pub(super) fn weight_of(dataset: &Dataset, row: usize) -> f32 {
    dataset.behaviours.get(usize::from(dataset.events.behaviour[row])).map_or(0.0, |behaviour| behaviour.weight)
}

/// The triggers of all users, by row.
pub fn all_triggers(dataset: &Dataset, split: &Split) -> Vec<Trigger> {
    let triggers = Triggers::new(dataset, split);
    (0..triggers.len() as u32).into_par_iter().map(|user| triggers.of(user)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        dataset::split::{SplitKind, SplitSettings, split},
        recall::fixture::dataset,
    };

    #[test]
    fn recent_is_the_training_part_in_order_with_weights() {
        // user, item, behaviour (0: click 1, 1: like 2), day
        let data = dataset(&[(0, 5, 0, 1), (0, 3, 1, 2), (1, 2, 0, 2), (0, 5, 1, 3), (0, 7, 0, 9)], 3, 10);
        let settings = SplitSettings { kind: SplitKind::LeaveLastOut, ..SplitSettings::default() };
        let parts = split(&data, &settings).unwrap();
        let all = Triggers::new(&data, &parts);
        assert_eq!(all.len(), 3);
        let first = all.of(0);
        assert_eq!(first.recent, [(5, 1.0), (3, 2.0), (5, 2.0)]);
        assert_eq!((first.user, first.exclude), (Some(0), vec![3, 5]));
        assert!(all.of(2).recent.is_empty());
        assert_eq!(all.of(2).user, Some(2));
        assert_eq!(all.of(99).user, None);
        let every = all_triggers(&data, &parts);
        for user in 0..3 {
            let (one, other) = (trigger_of(&data, &parts, user), &every[user as usize]);
            assert_eq!((&one.recent, &one.exclude, one.user), (&other.recent, &other.exclude, other.user));
        }
        assert_eq!(trigger_of(&data, &parts, 99).user, None);
    }
}
