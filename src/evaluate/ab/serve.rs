//! What a visitor is shown: page by page what the lane recalls, from what the log and this experiment tell of him.

use crate::{
    dataset::{
        Dataset, NO_TIME,
        simulate::{Community, PAGE, Plan},
    },
    evaluate::{Bands, ItemBand},
    recall::{Lane, Triggers},
};

/// What one visitor did under one arm.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) visits: u32,
    pub(super) shown: u32,
    pub(super) clicks: u32,
    /// Of items without an interaction in the training part.
    pub(super) cold_shown: u32,
    pub(super) cold_clicks: u32,
    /// Of items of the tail, and of cold ones.
    pub(super) sparse_shown: u32,
    pub(super) sparse_clicks: u32,
}

/// What the serving side knows. It never sees the community.
pub(in crate::evaluate) struct Server {
    triggers: Triggers,
    /// Items by the moment they come out, for those that have one.
    by_time: Vec<(i64, u32)>,
    /// Per user what he published, sorted.
    own: Vec<Vec<u32>>,
    /// What a click counts as an interaction.
    click_weight: f32,
}

impl Server {
    pub(in crate::evaluate) fn new(dataset: &Dataset, triggers: Triggers) -> Self {
        let mut by_time: Vec<(i64, u32)> = dataset
            .items
            .published_secs
            .iter()
            .zip(0..)
            .filter(|(secs, _)| **secs != NO_TIME)
            .map(|(&secs, item)| (secs, item))
            .collect();
        by_time.sort_unstable();
        let mut own = vec![Vec::new(); dataset.user_count()];
        for (item, &author) in (0..).zip(&dataset.items.author) {
            if let Some(own) = own.get_mut(author as usize) {
                own.push(item);
            }
        }
        let click = dataset.behaviours.iter().find(|behaviour| behaviour.name == "click");
        Self { triggers, by_time, own, click_weight: click.map_or(1.0, |click| click.weight) }
    }

    pub(in crate::evaluate) fn triggers(&self) -> &Triggers {
        &self.triggers
    }

    /// What may not be shown to `user` at `secs` beside `others`: what is not out yet, and his own. Sorted.
    pub(in crate::evaluate) fn hidden(&self, user: u32, secs: i64, others: [&[u32]; 2]) -> Vec<u32> {
        let out = self.by_time.partition_point(|&(published, _)| published < secs);
        let unpublished = self.by_time[out..].iter().map(|&(_, item)| item);
        let own = self.own.get(user as usize).into_iter().flatten().copied();
        let mut hidden: Vec<u32> = unpublished.chain(own).chain(others.into_iter().flatten().copied()).collect();
        hidden.sort_unstable();
        hidden.dedup();
        hidden
    }

    /// All visits of `user`. Nothing is shown to him twice, and a visit that nothing can be shown in counts as one of no
    /// impressions.
    pub(super) fn serve(
        &self,
        community: &Community,
        user: u32,
        plans: &[Plan],
        luck: u64,
        lane: &dyn Lane,
        bands: &Bands,
    ) -> Tally {
        let mut tally = Tally::default();
        let mut trigger = self.triggers.of(user);
        let taken = std::mem::take(&mut trigger.exclude);
        let mut shown: Vec<u32> = Vec::new();
        for plan in plans {
            let mut visit = community.begin(user, plan, luck);
            tally.visits += 1;
            let mut page = Vec::new().into_iter();
            loop {
                if visit.place().is_multiple_of(PAGE) {
                    trigger.exclude = self.hidden(user, visit.secs(), [&taken, &shown]);
                    page = lane.recall(&trigger, PAGE).into_iter();
                }
                let Some(recalled) = page.next() else { break };
                let answer = visit.see(recalled.item);
                shown.push(recalled.item);
                tally.count(bands.item[recalled.item as usize], answer.is_clicked);
                if answer.is_clicked {
                    trigger.recent.push((recalled.item, self.click_weight));
                }
                if answer.is_last {
                    break;
                }
            }
        }
        tally
    }
}

impl Tally {
    fn count(&mut self, band: ItemBand, is_clicked: bool) {
        let click = u32::from(is_clicked);
        let (is_cold, is_sparse) = (band == ItemBand::New, matches!(band, ItemBand::New | ItemBand::Tail));
        self.shown += 1;
        self.clicks += click;
        self.cold_shown += u32::from(is_cold);
        self.cold_clicks += u32::from(is_cold) * click;
        self.sparse_shown += u32::from(is_sparse);
        self.sparse_clicks += u32::from(is_sparse) * click;
    }
}
