//! From a data set, a split and lanes to a report.

use std::collections::BTreeSet;

use super::{
    Case, Column, Found, Item, Recalls, Recent, Report, RunStamp, Stamp, Who, Why,
    names::Names,
    pictures,
    words::{Word, common},
};
use crate::{
    dataset::{Dataset, Language, NO_TIME},
    evaluate::{ItemBand, UserBand},
    explain::{
        Place,
        case::{CaseKey, Profile, RecalledItem, find_also},
        explain,
        facts::Facts,
    },
    graph::Csr,
    recall::{Lane, Triggers},
    task::{Cancelled, JobContext},
    workspace::now_secs,
};

/// How many recent items, favourite tags, and items that carried one, are told.
const MOST_RECENT: usize = 24;
const MOST_TAGS: usize = 10;
const MOST_WHY: usize = 3;

/// What is known of everybody by one split.
#[derive(Clone, Copy)]
pub struct Light<'a> {
    pub facts: &'a Facts,
    pub triggers: &'a Triggers,
    /// Whether the test part is no later than the training part, but held out of the same time.
    pub is_held_out: bool,
    /// The graph of similar items, where it stands.
    pub item_item: Option<&'a Csr>,
}

/// Who is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    User(CaseKey),
    /// Whoever takes this item and nothing else.
    Item(u32),
}

/// A run that is asked.
#[derive(Clone, Copy)]
pub struct AskedLane<'a> {
    pub stamp: &'a RunStamp,
    pub lane: &'a dyn Lane,
    pub light: Light<'a>,
}

/// Collects cases.
pub struct Builder<'a> {
    dataset: &'a Dataset,
    language: Language,
    pub(super) names: Names<'a>,
    cases: Vec<Case>,
    pub(super) runs: Vec<RunStamp>,
    covers: BTreeSet<u32>,
}

impl<'a> Builder<'a> {
    /// With pseudonyms no id of a user gets into the report.
    pub fn new(dataset: &'a Dataset, language: Language, has_pseudonyms: bool) -> Self {
        Self {
            dataset,
            language,
            names: Names::new(dataset, has_pseudonyms),
            cases: Vec::new(),
            runs: Vec::new(),
            covers: BTreeSet::new(),
        }
    }

    /// Adds `case`, whose columns have been made by this builder.
    pub fn add(&mut self, case: Case) {
        let mut own = |text: &str| self.names.own_text(text);
        let Case { title, notes, tags, remark, columns } = case;
        let case = Case {
            title: own(&title),
            notes: own(&notes),
            tags: tags.iter().map(|tag| own(tag)).collect(),
            remark: remark.map(|remark| own(&remark)),
            columns,
        };
        self.cases.push(case);
    }

    /// Asks each of `lanes` for `shown` items. `light` is that in which he is described; each lane is asked in its own.
    pub fn column(
        &mut self,
        asked: &Asked,
        light: Light<'_>,
        lanes: &[AskedLane<'_>],
        shown: usize,
        ctx: &JobContext,
    ) -> Result<Column, Cancelled> {
        let dataset = self.dataset;
        let profile_in = |light: Light<'_>| match asked {
            Asked::User(key) => Profile::of_user(dataset, light.facts, light.triggers.of(key.user), key.user),
            Asked::Item(item) => Profile::of_item(dataset, *item),
        };
        let profile = profile_in(light);
        let who = match asked {
            Asked::User(key) => Who { is_held_out: light.is_held_out, ..self.user(key, &profile, light.facts) },
            Asked::Item(item) => self.item_of(*item, light.facts),
        };
        let as_is;
        let key = match asked {
            Asked::User(key) => key,
            Asked::Item(_) => {
                as_is = CaseKey { user: u32::MAX, clicks: Vec::new(), struck: Vec::new(), changed: Vec::new() };
                &as_is
            }
        };
        let recent = profile.recent.iter().take(MOST_RECENT).map(|taken| Recent {
            item: self.item(taken.item),
            behaviours: taken.behaviours.iter().map(|&kind| self.behaviour(kind)).collect(),
            time_secs: (taken.time_secs != NO_TIME).then_some(taken.time_secs),
        });
        let recent: Vec<Recent> = recent.collect::<Vec<_>>();
        let mut lists: Vec<(Vec<RecalledItem>, Profile)> = Vec::new();
        for asked_lane in lanes {
            ctx.check()?;
            let profile = profile_in(asked_lane.light);
            let answer = profile.ask(dataset, asked_lane.light.facts, key, asked_lane.lane, shown);
            lists.push((answer.recalled, profile));
        }
        find_also(lists.iter_mut().enumerate().map(|(place, (list, _))| (place, list)).collect());
        let mut recalls = Vec::new();
        for (asked_lane, (list, profile)) in lanes.iter().zip(&lists) {
            let mut items = Vec::new();
            for (place, found) in list.iter().enumerate() {
                ctx.check()?;
                let why = match asked {
                    Asked::User(_) => self.why(asked_lane, profile, key, found, place + 1),
                    Asked::Item(_) => Vec::new(),
                };
                items.push(self.found(found, place + 1, lanes, why));
            }
            if !self.runs.iter().any(|run| run.id == asked_lane.stamp.id) {
                let name = self.names.own_text(&asked_lane.stamp.name);
                self.runs.push(RunStamp { name, ..asked_lane.stamp.clone() });
            }
            recalls.push(Recalls {
                name: self.names.own_text(&asked_lane.stamp.name),
                run: asked_lane.stamp.id.clone(),
                hits: list.iter().filter(|found| found.marks.is_hit).count() as u64,
                items,
            });
        }
        Ok(Column { who, recent, lanes: recalls })
    }

    /// The report, with the covers that it shows.
    pub fn finish(self, title: &str, seed: Option<u64>, ctx: &JobContext) -> Result<Report, Cancelled> {
        let Self { dataset, language, mut names, mut cases, mut runs, covers } = self;
        let pictures = pictures::of(dataset, &covers, ctx)?;
        let title = names.own_text(title);
        // A cover that cannot be read is none.
        for_each_item(&mut cases, &mut |item| item.cover = item.cover.filter(|cover| pictures.contains_key(cover)));
        runs.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        let stamp = Stamp {
            dataset: names.text(&dataset.name),
            fingerprint: dataset.fingerprint.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_secs: now_secs() as i64,
            seed,
            has_pseudonyms: names.are_hidden(),
            runs,
        };
        Ok(Report { title, language, cases, stamp, pictures })
    }

    fn user(&mut self, key: &CaseKey, profile: &Profile, facts: &Facts) -> Who {
        let (dataset, language) = (self.dataset, self.language);
        let told = self.names.attributes(key.user);
        let attributes =
            told.into_iter().map(|(field, value)| (common(field, language).to_owned(), self.value(value))).collect();
        let band = match facts.bands.user[key.user as usize] {
            UserBand::New => Word::BandNew,
            UserBand::Low => Word::BandLow,
            UserBand::Middle => Word::BandMiddle,
            UserBand::Active => Word::BandActive,
        };
        let mut changes = Vec::new();
        for (items, word) in [(&key.clicks, Word::Clicked), (&key.struck, Word::Struck)] {
            changes.extend(items.iter().map(|&item| {
                let title = self.names.text(dataset.title(item, language));
                word.fill(language, &[&title])
            }));
        }
        for (field, values) in &key.changed {
            let Some(own) = dataset.users.attributes.iter().find(|own| own.name == *field) else { continue };
            let values: Vec<String> = values.iter().map(|&value| self.value(own.vocabulary.name(value))).collect();
            changes.push(Word::Changed.fill(language, &[common(field, language), &values.join(", ")]));
        }
        Who {
            name: self.names.of(key.user),
            item: None,
            attributes,
            band: band.of(language).to_owned(),
            interactions: Some(facts.interactions(key.user) as u64),
            behaviours: profile
                .behaviours
                .iter()
                .map(|&(kind, count)| (self.behaviour(kind), u64::from(count)))
                .collect(),
            tags: self.tags(&profile.favourite_tags),
            changes,
            targets: profile.targets.len() as u64,
            is_held_out: false,
        }
    }

    fn item_of(&mut self, item: u32, facts: &Facts) -> Who {
        let (dataset, language) = (self.dataset, self.language);
        let band = match facts.bands.item[item as usize] {
            ItemBand::New => Word::ItemNew,
            ItemBand::Tail => Word::ItemTail,
            ItemBand::Waist => Word::ItemWaist,
            ItemBand::Head => Word::ItemHead,
        };
        let mut attributes = Vec::new();
        for field in [&dataset.items.circle, &dataset.items.topics].into_iter().chain(&dataset.items.attributes) {
            let values: Vec<String> = field.texts(item).map(|value| self.value(value)).collect();
            if !values.is_empty() {
                attributes.push((common(&field.name, language).to_owned(), values.join(", ")));
            }
        }
        let tags: Vec<String> = dataset.items.tags.texts(item).map(str::to_owned).collect();
        let shown = self.item(item);
        Who {
            name: shown.title.clone(),
            item: Some(shown),
            attributes,
            band: band.of(language).to_owned(),
            interactions: Some(u64::from(facts.bands.item_count[item as usize])),
            tags: tags.iter().map(|tag| (self.value(tag), 0)).collect(),
            ..Who::default()
        }
    }

    fn tags(&mut self, tags: &[(u32, u32)]) -> Vec<(String, u64)> {
        let vocabulary = &self.dataset.items.tags.vocabulary;
        tags.iter().take(MOST_TAGS).map(|&(tag, count)| (self.value(vocabulary.name(tag)), u64::from(count))).collect()
    }

    fn value(&mut self, value: &str) -> String {
        let label = common(self.dataset.label(value, self.language), self.language).to_owned();
        self.names.text(&label)
    }

    fn behaviour(&self, kind: u8) -> String {
        let name = &self.dataset.behaviours[usize::from(kind)].name;
        common(self.dataset.label(name, self.language), self.language).to_owned()
    }

    /// By the item's id.
    pub(super) fn kept_item(&mut self, id: &str) -> Item {
        match self.dataset.items.ids.row(id) {
            Some(item) => self.item(item),
            None => Item { id: self.names.text(id), ..Item::default() },
        }
    }

    fn item(&mut self, item: u32) -> Item {
        let dataset = self.dataset;
        let has_cover = dataset.items.cover.get(item as usize).is_some_and(Option::is_some);
        if has_cover {
            self.covers.insert(item);
        }
        Item {
            id: self.names.text(dataset.items.ids.name(item)),
            title: self.names.text(dataset.title(item, self.language)),
            cover: has_cover.then_some(item),
        }
    }

    fn found(&mut self, found: &RecalledItem, rank: usize, lanes: &[AskedLane<'_>], why: Vec<Why>) -> Found {
        let tag = found.marks.shared_tag.map(|tag| self.dataset.items.tags.vocabulary.name(tag).to_owned());
        Found {
            item: self.item(found.item),
            rank: rank as u64,
            score: found.score,
            is_taken_later: found.marks.is_hit,
            shared_tag: tag.map(|tag| self.value(&tag)),
            is_tail: found.marks.is_tail,
            is_new: found.marks.is_fresh,
            also: found
                .also
                .iter()
                .map(|&(place, rank)| (self.names.own_text(&lanes[place].stamp.name), rank as u64))
                .collect(),
            why,
        }
    }

    fn why(
        &mut self,
        asked: &AskedLane<'_>,
        profile: &Profile,
        key: &CaseKey,
        found: &RecalledItem,
        rank: usize,
    ) -> Vec<Why> {
        let trigger = profile.trigger_of(self.dataset, key, asked.lane);
        let place = Place { rank, score: found.score };
        let told = explain(asked.lane, &trigger, found.item, Some(place), asked.light.item_item);
        let parts = told.parts.iter().filter(|part| part.share > 0.0).take(MOST_WHY);
        parts.map(|part| Why { item: self.item(part.item), share: part.share }).collect()
    }
}

/// Every item that the cases name.
pub(super) fn for_each_item(cases: &mut [Case], change: &mut dyn FnMut(&mut Item)) {
    for column in cases.iter_mut().flat_map(|case| &mut case.columns) {
        column.who.item.iter_mut().for_each(&mut *change);
        column.recent.iter_mut().for_each(|recent| change(&mut recent.item));
        for found in column.lanes.iter_mut().flat_map(|lane| &mut lane.items) {
            change(&mut found.item);
            found.why.iter_mut().for_each(|why| change(&mut why.item));
        }
    }
}
