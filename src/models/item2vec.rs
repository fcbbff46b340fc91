//! item2vec (Barkan and Koenigstein, 2016): skip-gram over what users took in one session.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::{
    Embeddings,
    skip_gram::{Sessions, SkipGram, SkipGramSettings},
};
use crate::{
    dataset::{
        Dataset,
        split::{Split, interactions_by_user},
    },
    task::{Cancelled, JobContext},
};

/// Which of a user's interactions form a session.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// All of the training part.
    #[default]
    Train,
    /// Those of the window before the reference time.
    Window,
    /// Each visit of the training part by itself; the same as `train` where the log has no visits.
    Visit,
}

/// Which vectors a query and the items it searches are made of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vectors {
    /// Input vectors ask, output vectors answer: what the model was trained to predict, items that stand *near* each
    /// other in sessions.
    #[default]
    InputOutput,
    /// Input vectors on both sides, as is usual: items that stand in the same surroundings.
    Input,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Item2vecSettings {
    pub skip_gram: SkipGramSettings,
    /// Items with fewer interactions in the training part get no vector: it would be a poor one.
    pub min_count: u32,
    pub session: SessionKind,
    pub vectors: Vectors,
}

impl Default for Item2vecSettings {
    fn default() -> Self {
        Self {
            skip_gram: SkipGramSettings { epochs: 10, ..SkipGramSettings::default() },
            min_count: 10,
            session: SessionKind::default(),
            vectors: Vectors::default(),
        }
    }
}

/// Vectors of those items that were seen often enough.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item2vecModel {
    /// Rows of the data set that have a vector, rising.
    pub items: Vec<u32>,
    /// One row for each of `items`: what a search looks among.
    pub embeddings: Embeddings,
    /// One row for each of `items`: what a recent item asks with. The cosine to a row of `embeddings` says how well that
    /// one follows.
    pub queries: Embeddings,
    /// Sessions with at least two items that have a vector.
    pub sessions: usize,
    /// Items of the training part that were seen too seldom.
    pub left_out: usize,
}

impl Item2vecModel {
    /// The row of `embeddings` and `queries` of an item of the data set.
    pub fn row_of(&self, item: u32) -> Option<usize> {
        self.items.binary_search(&item).ok()
    }
}

/// Trains on the sessions that `split` leaves for training.
pub fn train(
    dataset: &Dataset,
    split: &Split,
    settings: &Item2vecSettings,
    ctx: &JobContext,
) -> Result<Item2vecModel, Cancelled> {
    let Counted { items, row_of, left_out } = count(dataset, split, settings.min_count);
    let sessions = sessions(dataset, split, settings.session, &row_of, ctx)?;
    let model = SkipGram::fit(&sessions, items.len(), &settings.skip_gram, ctx)?;
    let queries = model.input();
    let embeddings = match settings.vectors {
        Vectors::InputOutput => model.output(),
        Vectors::Input => queries.clone(),
    };
    // An item that never stood beside another one learnt nothing.
    let mut is_trained = vec![false; items.len()];
    for &item in &sessions.items {
        is_trained[item as usize] = true;
    }
    let trained: Vec<u32> = (0..items.len() as u32).filter(|&row| is_trained[row as usize]).collect();
    Ok(Item2vecModel {
        embeddings: embeddings.select(&trained),
        queries: queries.select(&trained),
        left_out: left_out + items.len() - trained.len(),
        items: trained.iter().map(|&row| items[row as usize]).collect(),
        sessions: sessions.len(),
    })
}

/// The items that are seen often enough.
struct Counted {
    items: Vec<u32>,
    /// Per item of the data set its place in `items`.
    row_of: Vec<Option<u32>>,
    left_out: usize,
}

fn count(dataset: &Dataset, split: &Split, min_count: u32) -> Counted {
    let mut counts = vec![0u32; dataset.item_count()];
    for &row in &split.train {
        counts[dataset.events.item[row as usize] as usize] += 1;
    }
    let mut counted = Counted { items: Vec::new(), row_of: vec![None; counts.len()], left_out: 0 };
    for (item, &count) in counts.iter().enumerate() {
        if count >= min_count.max(1) {
            counted.row_of[item] = Some(counted.items.len() as u32);
            counted.items.push(item as u32);
        } else if count > 0 {
            counted.left_out += 1;
        }
    }
    counted
}

/// Each session's items in order of time, each item once, where the user first took it: to like what one has just
/// clicked says nothing about its neighbours.
fn sessions(
    dataset: &Dataset,
    split: &Split,
    kind: SessionKind,
    row_of: &[Option<u32>],
    ctx: &JobContext,
) -> Result<Sessions, Cancelled> {
    let rows = if kind == SessionKind::Window { &split.window } else { &split.train };
    let by_user = interactions_by_user(dataset, rows);
    let visits = if kind == SessionKind::Visit { &dataset.events.visit[..] } else { &[] };
    let visit_of = |row: u32| visits.get(row as usize).copied();
    let mut sessions = Sessions::default();
    let (mut session, mut seen) = (Vec::new(), FxHashSet::default());
    for user in 0..dataset.user_count() as u32 {
        if user.is_multiple_of(1024) {
            ctx.check()?;
        }
        for visit in by_user.of(user).chunk_by(|&one, &next| visit_of(one) == visit_of(next)) {
            session.clear();
            seen.clear();
            let items = visit.iter().filter_map(|&row| row_of[dataset.events.item[row as usize] as usize]);
            session.extend(items.filter(|&item| seen.insert(item)));
            if session.len() > 1 {
                sessions.push(session.iter().copied());
            }
        }
    }
    Ok(sessions)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::dataset::{Behaviour, Events, Items, Users};

    /// A data set from (user, item, visit), one event a second.
    fn dataset(events: &[(u32, u32, u32)]) -> Dataset {
        let count = |of: fn(&(u32, u32, u32)) -> u32| events.iter().map(of).max().map_or(0, |most| most + 1);
        let ids = |count: u32| (0..count).map(|id| id.to_string()).collect();
        Dataset {
            events: Events {
                user: events.iter().map(|event| event.0).collect(),
                item: events.iter().map(|event| event.1).collect(),
                behaviour: vec![0; events.len()],
                time_secs: (0..events.len() as i64).collect(),
                visit: events.iter().map(|event| event.2).collect(),
                position: Vec::new(),
            },
            users: Users { ids: ids(count(|event| event.0)), attributes: Vec::new() },
            items: Items { ids: ids(count(|event| event.1)), ..Items::default() },
            behaviours: vec![Behaviour::with_default_weight("click")],
            ..Dataset::default()
        }
    }

    fn whole(data: &Dataset) -> Split {
        let train: Vec<u32> = (0..data.events.len() as u32).collect();
        Split { window: train.clone(), train, ..Split::default() }
    }

    fn session_lists(data: &Dataset, split: &Split, kind: SessionKind, min_count: u32) -> Vec<Vec<u32>> {
        let Counted { items, row_of, .. } = count(data, split, min_count);
        let sessions = sessions(data, split, kind, &row_of, &JobContext::default()).unwrap();
        (0..sessions.len()).map(|at| sessions.of(at).iter().map(|&row| items[row as usize]).collect()).collect()
    }

    #[test]
    fn sessions_are_what_a_user_took_in_order() {
        let data = dataset(&[(0, 5, 0), (1, 2, 1), (0, 2, 0), (0, 5, 0), (1, 3, 1), (0, 3, 2), (0, 2, 2), (2, 3, 3)]);
        let mut split = whole(&data);
        split.window.drain(..2);
        assert_eq!(session_lists(&data, &split, SessionKind::Train, 1), [vec![5, 2, 3], vec![2, 3]]);
        assert_eq!(session_lists(&data, &split, SessionKind::Window, 1), [vec![2, 5, 3]]);
        assert_eq!(session_lists(&data, &split, SessionKind::Visit, 1), [vec![5, 2], vec![3, 2], vec![2, 3]]);
        // Item 5 is there twice only; what it leaves behind is no session of two.
        assert_eq!(session_lists(&data, &split, SessionKind::Visit, 3), [vec![3, 2], vec![2, 3]]);
    }

    #[test]
    fn what_goes_together_is_found_and_rare_items_are_left_out() {
        let mut events = Vec::new();
        for user in 0..400 {
            // Even users take the even one of each two items, odd users the odd one.
            events.extend((0..8).map(|at| (user, 2 * ((at + user / 2) % 8) + user % 2, user)));
        }
        events.push((0, 16, 0));
        let data = dataset(&events);
        for vectors in [Vectors::InputOutput, Vectors::Input] {
            let settings = Item2vecSettings {
                skip_gram: SkipGramSettings { dim: 16, learning_rate: 0.1, threads: 1, ..SkipGramSettings::default() },
                vectors,
                ..Item2vecSettings::default()
            };
            let model = train(&data, &whole(&data), &settings, &JobContext::default()).unwrap();
            assert_eq!((model.items.len(), model.left_out, model.sessions), (16, 1, 400));
            assert_eq!((model.row_of(15), model.row_of(16)), (Some(15), None));
            let (queries, answers) = (model.queries.normalised(), model.embeddings.normalised());
            for query in 0..16 {
                let cosine = |other: usize| -> f32 {
                    queries.row(query).iter().zip(answers.row(other)).map(|(one, other)| one * other).sum()
                };
                let mut order: Vec<usize> = (0..16).filter(|&other| other != query).collect();
                order.sort_by(|&one, &other| cosine(other).total_cmp(&cosine(one)));
                assert!(order[..7].iter().all(|other| other % 2 == query % 2), "{vectors:?} {query}: {order:?}");
            }
        }
    }

    #[test]
    fn cancelled_before_it_begins() {
        let data = dataset(&[(0, 0, 0), (0, 1, 0)]);
        let ctx = JobContext::default();
        ctx.cancel();
        assert_eq!(train(&data, &whole(&data), &Item2vecSettings::default(), &ctx), Err(Cancelled));
    }

    #[test]
    fn no_item_is_frequent_enough() {
        let data = dataset(&[(0, 0, 0), (0, 1, 0)]);
        let model = train(&data, &whole(&data), &Item2vecSettings::default(), &JobContext::default()).unwrap();
        assert_eq!((model.items.len(), model.embeddings.len(), model.left_out), (0, 0, 2));
    }
}
