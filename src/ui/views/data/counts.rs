//! What the data view shows, counted once per data set or split, off the frame.

use std::collections::BTreeMap;

use crate::{
    dataset::{
        Dataset,
        split::{SplitError, SplitKind, SplitSettings, covered_secs, split},
    },
    evaluate::{Bands, ItemBand, UserBand},
    task::{Cancelled, JobContext},
};

const HOUR_SECS: i64 = 3_600;
const DAY_SECS: i64 = 86_400;
/// Logs that cover less are counted by the hour.
const HOURLY_BELOW_SECS: i64 = 4 * DAY_SECS;
/// Points of a curve; more cannot be told apart on a screen.
const CURVE_POINTS: usize = 400;

/// Why a split is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NoTimes,
    NothingGiven,
    NoInteractions,
    EmptyTrain,
    EmptyTest,
}

/// Events per stretch of time and behaviour.
#[derive(Debug, Default, PartialEq)]
pub struct Timeline {
    /// An hour or a day.
    pub step_secs: i64,
    /// Where the first step begins, in seconds since 1970: a full hour or day.
    pub from_secs: i64,
    /// `[steps][behaviours]`
    pub counts: Vec<Vec<u32>>,
    /// Events that lie so far off all others that they are left out of `counts`.
    pub outliers: u64,
    /// Times of all interactions, in order.
    pub interaction_secs: Vec<i64>,
}

impl Timeline {
    pub fn end_secs(&self) -> i64 {
        self.from_secs + self.counts.len() as i64 * self.step_secs
    }

    /// Interactions from `from_secs` on, and before `to_secs`.
    pub fn between(&self, from_secs: i64, to_secs: i64) -> u64 {
        let before = |secs: i64| self.interaction_secs.partition_point(|&time| time < secs);
        before(to_secs).saturating_sub(before(from_secs)) as u64
    }

    /// The first and the last moment that leave both the training and the test part something; `None` if all
    /// interactions happened at once.
    pub fn reference_bounds(&self) -> Option<(i64, i64)> {
        let (first, last) = (*self.interaction_secs.first()?, *self.interaction_secs.last()?);
        (first < last).then_some((first + 1, last))
    }
}

/// A tag of any level.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct TagCount {
    pub items: u32,
    pub interactions: u64,
}

#[derive(Debug, Default, PartialEq)]
pub struct TagCounts {
    pub leaf: Vec<TagCount>,
    pub level2: Vec<TagCount>,
    pub level1: Vec<TagCount>,
    /// Leaves of each level-2 tag, and level-2 tags of each level-1 tag.
    pub leaves_of: Vec<Vec<u32>>,
    pub level2_of: Vec<Vec<u32>>,
}

/// What depends on the data set alone.
#[derive(Debug, Default)]
pub struct Counts {
    /// Events, in the order of `Dataset::behaviours`.
    pub per_behaviour: Vec<u64>,
    /// Behaviours by falling number of events.
    pub behaviour_order: Vec<usize>,
    pub interactions: u64,
    /// `None` for a log without times.
    pub timeline: Option<Timeline>,
    /// Whether each kind of split can be had, in the order of `SplitKind::ALL`.
    pub offers: Vec<(SplitKind, Option<Refusal>)>,
    pub tags: TagCounts,
}

/// (degree, how many have it), by rising degree.
pub type Degrees = Vec<(u32, u32)>;

/// What depends on the split: all of it of the training part.
#[derive(Debug, Default)]
pub struct Shape {
    pub user_degrees: Degrees,
    pub item_degrees: Degrees,
    /// (share of the items that have an interaction, most popular first; share of the interactions), both 0 to 1.
    pub popularity: Vec<(f64, f64)>,
    /// Share of those items up to which the head, then the waist, reaches.
    pub head_end: f64,
    pub waist_end: f64,
    /// In the order of `ItemBand::ALL` and `UserBand::ALL`.
    pub item_bands: Vec<u64>,
    pub user_bands: Vec<u64>,
}

impl Counts {
    pub fn count(dataset: &Dataset, job: &JobContext) -> Result<Self, Cancelled> {
        let kinds = dataset.behaviours.len();
        let mut per_behaviour = vec![0u64; kinds];
        for &kind in &dataset.events.behaviour {
            per_behaviour[usize::from(kind)] += 1;
        }
        let mut behaviour_order: Vec<usize> = (0..kinds).collect();
        behaviour_order.sort_by_key(|&kind| (std::cmp::Reverse(per_behaviour[kind]), kind));
        let is_interaction: Vec<bool> = dataset.behaviours.iter().map(|kind| kind.weight > 0.0).collect();
        let interactions = (0..kinds).filter(|&kind| is_interaction[kind]).map(|kind| per_behaviour[kind]).sum();
        let timeline = dataset.events.has_times().then(|| timeline(dataset, &is_interaction));
        job.check()?;
        let tags = tags(dataset, &is_interaction);
        let mut offers = Vec::new();
        for kind in SplitKind::ALL {
            job.check()?;
            offers.push((kind, refusal(dataset, kind)));
        }
        Ok(Self { per_behaviour, behaviour_order, interactions, timeline, offers, tags })
    }
}

fn timeline(dataset: &Dataset, is_interaction: &[bool]) -> Timeline {
    let events = &dataset.events;
    let (first, last) = covered_secs(&events.time_secs);
    let step_secs = if last.saturating_sub(first) < HOURLY_BELOW_SECS { HOUR_SECS } else { DAY_SECS };
    let from_secs = first.div_euclid(step_secs) * step_secs;
    let steps = (last.saturating_sub(from_secs) / step_secs + 1) as usize;
    let mut counts = vec![vec![0u32; dataset.behaviours.len()]; steps];
    let mut outliers = 0;
    let mut interaction_secs = Vec::with_capacity(events.len());
    for (&time, &kind) in events.time_secs.iter().zip(&events.behaviour) {
        let kind = usize::from(kind);
        if is_interaction[kind] {
            interaction_secs.push(time);
        }
        if (first..=last).contains(&time) {
            counts[((time - from_secs) / step_secs) as usize][kind] += 1;
        } else {
            outliers += 1;
        }
    }
    Timeline { step_secs, from_secs, counts, outliers, interaction_secs }
}

fn refusal(dataset: &Dataset, kind: SplitKind) -> Option<Refusal> {
    match split(dataset, &SplitSettings { kind, ..SplitSettings::default() }) {
        Ok(parts) => parts.test.is_empty().then_some(Refusal::EmptyTest),
        Err(SplitError::NoTimes { .. }) => Some(Refusal::NoTimes),
        Err(SplitError::NothingGiven { .. }) => Some(Refusal::NothingGiven),
        Err(SplitError::NoInteractions { .. }) => Some(Refusal::NoInteractions),
        Err(SplitError::EmptyTrain { .. } | SplitError::Window(_)) => Some(Refusal::EmptyTrain),
    }
}

fn tags(dataset: &Dataset, is_interaction: &[bool]) -> TagCounts {
    let tree = &dataset.tags;
    let mut of_item = vec![0u64; dataset.item_count()];
    for (&item, &kind) in dataset.events.item.iter().zip(&dataset.events.behaviour) {
        of_item[item as usize] += u64::from(is_interaction[usize::from(kind)]);
    }
    let mut all = TagCounts {
        leaf: vec![TagCount::default(); tree.leaf.len()],
        level2: vec![TagCount::default(); tree.level2.len()],
        level1: vec![TagCount::default(); tree.level1.len()],
        leaves_of: vec![Vec::new(); tree.level2.len()],
        level2_of: vec![Vec::new(); tree.level1.len()],
    };
    for (leaf, &parent) in (0u32..).zip(&tree.level2_of_leaf) {
        all.leaves_of[parent as usize].push(leaf);
    }
    for (level2, &parent) in (0u32..).zip(&tree.level1_of_level2) {
        all.level2_of[parent as usize].push(level2);
    }
    // An item with two leaves of one branch counts once there.
    let (mut seen2, mut seen1): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    for (item, &interactions) in (0u32..).zip(&of_item) {
        seen2.clear();
        seen1.clear();
        let add = |count: &mut TagCount| {
            count.items += 1;
            count.interactions += interactions;
        };
        for &leaf in dataset.items.tags.of(item) {
            add(&mut all.leaf[leaf as usize]);
            let level2 = tree.level2_of_leaf[leaf as usize];
            if !seen2.contains(&level2) {
                seen2.push(level2);
                add(&mut all.level2[level2 as usize]);
            }
            let level1 = tree.level1_of_level2[level2 as usize];
            if !seen1.contains(&level1) {
                seen1.push(level1);
                add(&mut all.level1[level1 as usize]);
            }
        }
    }
    all
}

impl Shape {
    pub fn count(bands: &Bands) -> Self {
        let mut ranked: Vec<u32> = bands.item_count.iter().copied().filter(|&count| count > 0).collect();
        ranked.sort_unstable_by_key(|&count| std::cmp::Reverse(count));
        let total: f64 = ranked.iter().map(|&count| f64::from(count)).sum();
        let step = ranked.len().div_ceil(CURVE_POINTS).max(1);
        let mut popularity = vec![(0.0, 0.0)];
        let mut sum = 0.0;
        for (rank, &count) in ranked.iter().enumerate() {
            sum += f64::from(count);
            // The first ones rise steeply, and the last one closes the curve.
            if rank < 30 || (rank + 1) % step == 0 || rank + 1 == ranked.len() {
                popularity.push(((rank + 1) as f64 / ranked.len() as f64, sum / total));
            }
        }
        let of_items = |band| bands.item.iter().filter(|&&own| own == band).count() as u64;
        let of_users = |band| bands.user.iter().filter(|&&own| own == band).count() as u64;
        let share = |items: u64| items as f64 / ranked.len().max(1) as f64;
        let head = of_items(ItemBand::Head);
        Self {
            user_degrees: degrees(&bands.user_count),
            item_degrees: degrees(&bands.item_count),
            popularity,
            head_end: share(head),
            waist_end: share(head + of_items(ItemBand::Waist)),
            item_bands: ItemBand::ALL.map(of_items).to_vec(),
            user_bands: UserBand::ALL.map(of_users).to_vec(),
        }
    }
}

/// Nodes without an interaction have no place on a logarithmic scale; the bands count them.
fn degrees(counts: &[u32]) -> Degrees {
    let mut by_degree = BTreeMap::<u32, u32>::new();
    for &count in counts.iter().filter(|&&count| count > 0) {
        *by_degree.entry(count).or_default() += 1;
    }
    by_degree.into_iter().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::dataset::read;

    fn dataset(events: &str) -> Dataset {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("events.csv"), events).unwrap();
        let items = "item_id,tags\na,Sofa|Chair\nb,Sofa\nc,Soup\n";
        std::fs::write(folder.path().join("items.csv"), items).unwrap();
        let tags = "leaf,level2,level1\nSofa,Seats,Home\nChair,Seats,Home\nSoup,Soup,Food\n";
        std::fs::write(folder.path().join("tags.csv"), tags).unwrap();
        read::load(folder.path(), None, None, &JobContext::default()).unwrap()
    }

    fn events() -> String {
        let mut text = String::from("user_id,item_id,behaviour,timestamp\n");
        for (user, item, behaviour, day) in [
            (1, "a", "click", 0),
            (1, "b", "publish", 1),
            (2, "a", "like", 1),
            (2, "c", "click", 8),
            (1, "c", "click", 9),
        ] {
            text += &format!("{user},{item},{behaviour},{}\n", 1_700_006_400 + day * DAY_SECS);
        }
        text
    }

    #[test]
    fn days_behaviours_and_tags_are_counted() {
        let data = dataset(&events());
        let counts = Counts::count(&data, &JobContext::default()).unwrap();
        assert_eq!((counts.per_behaviour.iter().sum::<u64>(), counts.interactions), (5, 4));
        let line = counts.timeline.unwrap();
        assert_eq!((line.counts.len(), line.step_secs, line.outliers), (10, DAY_SECS, 0));
        let day = |day: usize| line.counts[day].iter().sum::<u32>();
        assert_eq!([day(0), day(1), day(2), day(9)], [1, 2, 0, 1]);
        // What is published is an event and no interaction.
        assert_eq!(line.between(line.from_secs, line.from_secs + 2 * DAY_SECS), 2);
        let (first, last) = line.reference_bounds().unwrap();
        assert_eq!((line.between(i64::MIN, first), line.between(last, i64::MAX)), (1, 1));
        let name = |tag| data.tags.level2.row(tag).unwrap() as usize;
        assert_eq!(counts.tags.level2[name("Seats")], TagCount { items: 2, interactions: 2 });
        assert_eq!(counts.tags.level2[name("Soup")], TagCount { items: 1, interactions: 2 });
        assert_eq!(counts.tags.leaves_of[name("Seats")].len(), 2);
    }

    #[test]
    fn splits_that_leave_a_part_empty_are_refused_with_the_reason() {
        let of = |data: &Dataset| Counts::count(data, &JobContext::default()).unwrap().offers;
        let offers = of(&dataset(&events()));
        assert_eq!(offers[0], (SplitKind::Temporal, None));
        assert_eq!(offers[4], (SplitKind::Given, Some(Refusal::NothingGiven)));
        let untimed = of(&dataset("user_id,item_id\n1,a\n1,b\n2,c\n"));
        assert_eq!(untimed[1].1, Some(Refusal::NoTimes));
        assert_eq!(untimed[3].1, Some(Refusal::EmptyTest), "nobody has three interactions");
    }

    #[test]
    fn the_curve_ends_at_one_and_bands_are_marked() {
        let bands = Bands {
            item_count: vec![40, 30, 0, 20, 6, 4],
            item: vec![ItemBand::Head, ItemBand::Head, ItemBand::New, ItemBand::Waist, ItemBand::Tail, ItemBand::Tail],
            user_count: vec![3, 3, 0],
            user: vec![UserBand::Middle, UserBand::Middle, UserBand::New],
        };
        let shape = Shape::count(&bands);
        assert_eq!(shape.popularity.last(), Some(&(1.0, 1.0)));
        assert_eq!((shape.head_end, shape.waist_end), (0.4, 0.6));
        assert_eq!(shape.item_bands, [1, 2, 1, 2]);
        assert_eq!(shape.user_degrees, [(3, 2)]);
        assert_eq!(shape.item_degrees.len(), 5);
    }
}
