//! A data set as its columns lie in memory, in one file: opening it costs a tenth of reading the tables again.
//!
//! The file stands for a folder in one state (see [`super::read::state`]); whoever opens it has to compare that
//! with the folder's present one. It is a convenience and no more: whatever is wrong with it, the tables are read.

mod columns;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use self::columns::Broken;
use self::columns::{ColumnReader, ColumnWriter, broken};
use super::{
    Attribute, Behaviour, DataReport, Dataset, Events, Ids, Impressions, Items, NONE, Recognised, TagTree, Texts, Users,
};
use crate::task::JobContext;

/// Smaller data sets are read about as quickly as they are found.
pub const LEAST_ROWS: usize = 50_000;

/// Everything that is no column.
#[derive(Serialize, Deserialize)]
struct About {
    folder: String,
    /// The tables that the state was taken of, relative to the folder.
    tables: Vec<String>,
    state: String,
    name: String,
    fingerprint: String,
    behaviours: Vec<Behaviour>,
    labels: BTreeMap<String, String>,
    recognised: Recognised,
    report: DataReport,
    user_attributes: Vec<String>,
    item_attributes: Vec<String>,
    policies: Option<Vec<String>>,
    is_given: bool,
}

/// Whether `dataset` is worth keeping, and would be read the same way tomorrow. What was set aside for lying in the
/// future would not.
pub fn is_keepable(dataset: &Dataset) -> bool {
    let impressions = dataset.impressions.as_ref().map_or(0, |impressions| impressions.user.len());
    let rows = dataset.events.len() + impressions + dataset.item_count() + dataset.user_count();
    let is_of_today = dataset.report.tables.values().any(|table| table.reasons.contains_key("future_time"));
    rows >= LEAST_ROWS && !is_of_today && dataset.folder.to_str().is_some()
}

/// Writes `dataset`, which was read from `tables` while its folder was in `state`.
pub fn write(
    dataset: &Dataset,
    tables: &[String],
    state: &str,
    out: &mut impl Write,
    ctx: &JobContext,
) -> io::Result<()> {
    let mut columns = ColumnWriter::new(out, ctx);
    let Dataset { events, users, items, tags, .. } = dataset;
    columns.put("events/user", &events.user)?;
    columns.put("events/item", &events.item)?;
    columns.put("events/behaviour", &events.behaviour)?;
    columns.put("events/time", &events.time_secs)?;
    columns.put("events/visit", &events.visit)?;
    columns.put("events/position", &events.position)?;
    if let Some(given) = &dataset.given_test {
        columns.put("events/given_test", given)?;
    }
    if let Some(impressions) = &dataset.impressions {
        columns.put("impressions/user", &impressions.user)?;
        columns.put("impressions/item", &impressions.item)?;
        columns.put("impressions/time", &impressions.time_secs)?;
        columns.put("impressions/position", &impressions.position)?;
        columns.put("impressions/clicked", &impressions.clicked)?;
        columns.put("impressions/policy", &impressions.policy)?;
        columns.put("impressions/propensity", &impressions.propensity)?;
    }
    put_ids(&mut columns, "users/ids", &users.ids)?;
    put_attributes(&mut columns, "users", &users.attributes)?;
    put_ids(&mut columns, "items/ids", &items.ids)?;
    put_attributes(&mut columns, "items", &items.attributes)?;
    let fields = [("items/tags", &items.tags), ("items/circle", &items.circle), ("items/topics", &items.topics)];
    for (name, field) in fields {
        put_attribute(&mut columns, name, field)?;
    }
    let texts = [
        ("items/title", &items.title),
        ("items/title_en", &items.title_en),
        ("items/text", &items.text),
        ("items/text_en", &items.text_en),
    ];
    for (name, texts) in texts {
        columns.put_texts(name, texts)?;
    }
    let covers: Option<Texts> =
        items.cover.iter().map(|cover| cover.as_deref().map_or(Some(""), Path::to_str)).collect();
    let covers = covers.ok_or_else(|| io::Error::other("a cover's name is no text"))?;
    columns.put_texts("items/cover", &covers)?;
    columns.put("items/author", &items.author)?;
    columns.put("items/published", &items.published_secs)?;
    for (name, ids) in [("tags/leaf", &tags.leaf), ("tags/level2", &tags.level2), ("tags/level1", &tags.level1)] {
        put_ids(&mut columns, name, ids)?;
    }
    columns.put("tags/level2_of_leaf", &tags.level2_of_leaf)?;
    columns.put("tags/level1_of_level2", &tags.level1_of_level2)?;
    let names = |attributes: &[Attribute]| attributes.iter().map(|field| field.name.clone()).collect();
    let folder = dataset.folder.to_str().ok_or_else(|| io::Error::other("the folder's name is no text"))?;
    columns.finish(&About {
        folder: folder.to_owned(),
        tables: tables.to_vec(),
        state: state.to_owned(),
        name: dataset.name.clone(),
        fingerprint: dataset.fingerprint.clone(),
        behaviours: dataset.behaviours.clone(),
        labels: dataset.labels.clone(),
        recognised: dataset.recognised.clone(),
        report: dataset.report.clone(),
        user_attributes: names(&users.attributes),
        item_attributes: names(&items.attributes),
        policies: dataset.impressions.as_ref().map(|impressions| impressions.policies.clone()),
        is_given: dataset.given_test.is_some(),
    })
}

type Writer<'a, 'b, W> = &'a mut ColumnWriter<'b, W>;

fn put_ids<W: Write>(columns: Writer<'_, '_, W>, name: &str, ids: &Ids) -> io::Result<()> {
    columns.put_texts(name, ids.names())
}

fn put_attribute<W: Write>(columns: Writer<'_, '_, W>, name: &str, field: &Attribute) -> io::Result<()> {
    put_ids(columns, &format!("{name}/vocabulary"), &field.vocabulary)?;
    columns.put(&format!("{name}/offsets"), &field.offsets)?;
    columns.put(&format!("{name}/values"), &field.values)
}

fn put_attributes<W: Write>(columns: Writer<'_, '_, W>, whose: &str, fields: &[Attribute]) -> io::Result<()> {
    for (place, field) in fields.iter().enumerate() {
        put_attribute(columns, &format!("{whose}/attribute {place}"), field)?;
    }
    Ok(())
}

/// A kept data set of which no column has been read.
pub struct Kept {
    columns: ColumnReader,
    about: About,
}

/// Looks at what [`write`] wrote.
pub fn open(path: &Path) -> Result<Kept, Broken> {
    let (columns, about) = ColumnReader::open(path)?;
    Ok(Kept { columns, about })
}

impl Kept {
    pub fn folder(&self) -> &Path {
        Path::new(&self.about.folder)
    }

    /// The tables that [`Kept::state`] was taken of.
    pub fn tables(&self) -> &[String] {
        &self.about.tables
    }

    /// The state in which the folder was.
    pub fn state(&self) -> &str {
        &self.about.state
    }

    /// Reads everything.
    pub fn load(self, ctx: &JobContext) -> Result<Dataset, Broken> {
        ctx.stage("Opening what is kept of it", 0, "");
        let Self { columns, about } = self;
        let columns = &columns;
        let (log, things) = rayon::join(
            || rayon::join(|| events(columns, about.is_given), || impressions(columns, about.policies)),
            || rayon::join(|| users(columns, &about.user_attributes), || items(columns, &about.item_attributes)),
        );
        let ((events, given_test), impressions) = (log.0?, log.1?);
        let (users, items) = (things.0?, things.1?);
        let tags = tags(columns)?;
        let dataset = Dataset {
            name: about.name,
            folder: PathBuf::from(about.folder),
            fingerprint: about.fingerprint,
            events,
            impressions,
            users,
            items,
            tags,
            behaviours: about.behaviours,
            given_test,
            labels: about.labels,
            recognised: about.recognised,
            report: about.report,
        };
        check(&dataset)?;
        Ok(dataset)
    }
}

fn events(columns: &ColumnReader, is_given: bool) -> Result<(Events, Option<Vec<bool>>), Broken> {
    let events = Events {
        user: columns.column("events/user")?,
        item: columns.column("events/item")?,
        behaviour: columns.column("events/behaviour")?,
        time_secs: columns.column("events/time")?,
        visit: columns.column("events/visit")?,
        position: columns.column("events/position")?,
    };
    let given = if is_given { Some(columns.flags("events/given_test")?) } else { None };
    Ok((events, given))
}

fn impressions(columns: &ColumnReader, policies: Option<Vec<String>>) -> Result<Option<Impressions>, Broken> {
    let Some(policies) = policies else { return Ok(None) };
    Ok(Some(Impressions {
        user: columns.column("impressions/user")?,
        item: columns.column("impressions/item")?,
        time_secs: columns.column("impressions/time")?,
        position: columns.column("impressions/position")?,
        clicked: columns.flags("impressions/clicked")?,
        policy: columns.column("impressions/policy")?,
        propensity: columns.column("impressions/propensity")?,
        policies,
    }))
}

fn users(columns: &ColumnReader, attributes: &[String]) -> Result<Users, Broken> {
    let ids = ids(columns, "users/ids")?;
    let attributes = named_attributes(columns, "users", attributes, ids.len())?;
    Ok(Users { ids, attributes })
}

fn items(columns: &ColumnReader, attributes: &[String]) -> Result<Items, Broken> {
    let cover = |path: &str| (!path.is_empty()).then(|| PathBuf::from(path));
    let (ids, (text, text_en)) = rayon::join(
        || ids(columns, "items/ids"),
        || rayon::join(|| columns.texts("items/text"), || columns.texts("items/text_en")),
    );
    let ids = ids?;
    let count = ids.len();
    Ok(Items {
        ids,
        title: columns.texts("items/title")?,
        title_en: columns.texts("items/title_en")?,
        text: text?,
        text_en: text_en?,
        tags: attribute(columns, "items/tags", "tags", count)?,
        circle: attribute(columns, "items/circle", "circle", count)?,
        topics: attribute(columns, "items/topics", "topics", count)?,
        attributes: named_attributes(columns, "items", attributes, count)?,
        cover: columns.texts("items/cover")?.iter().map(cover).collect(),
        author: columns.column("items/author")?,
        published_secs: columns.column("items/published")?,
    })
}

fn tags(columns: &ColumnReader) -> Result<TagTree, Broken> {
    let (leaf, level2, level1) =
        (ids(columns, "tags/leaf")?, ids(columns, "tags/level2")?, ids(columns, "tags/level1")?);
    let level2_of_leaf = columns.rows("tags/level2_of_leaf", level2.len())?;
    let level1_of_level2 = columns.rows("tags/level1_of_level2", level1.len())?;
    Ok(TagTree { leaf, level2, level1, level2_of_leaf, level1_of_level2 })
}

fn ids(columns: &ColumnReader, name: &str) -> Result<Ids, Broken> {
    Ids::from_names(columns.texts(name)?).ok_or_else(|| broken(format!("its column `{name}` holds no ids")))
}

fn attribute(columns: &ColumnReader, place: &str, name: &str, nodes: usize) -> Result<Attribute, Broken> {
    let vocabulary = ids(columns, &format!("{place}/vocabulary"))?;
    let offsets: Vec<u32> = columns.column(&format!("{place}/offsets"))?;
    let values = columns.rows(&format!("{place}/values"), vocabulary.len())?;
    let is_whole = offsets.first() == Some(&0) && offsets.last().is_some_and(|&end| end as usize == values.len());
    if offsets.len() != nodes + 1 || !is_whole || !offsets.is_sorted() {
        return Err(broken(format!("its column `{place}` is out of order")));
    }
    Ok(Attribute { name: name.to_owned(), vocabulary, offsets, values })
}

fn named_attributes(
    columns: &ColumnReader,
    whose: &str,
    names: &[String],
    nodes: usize,
) -> Result<Vec<Attribute>, Broken> {
    let places = names.iter().enumerate();
    places.map(|(place, name)| attribute(columns, &format!("{whose}/attribute {place}"), name, nodes)).collect()
}

/// Columns of one table are of one length, and every row that is named is there: nothing above looks again.
fn check(dataset: &Dataset) -> Result<(), Broken> {
    let Dataset { events, items, tags, .. } = dataset;
    let (users, count) = (dataset.user_count(), dataset.item_count());
    let below = |rows: &[u32], count: usize| rows.iter().max().is_none_or(|&row| (row as usize) < count);
    let is_full = |length: usize, rows: usize| length == rows;
    let is_full_or_empty = |length: usize, rows: usize| length == 0 || length == rows;
    let rows = events.len();
    let of_events = is_full(events.item.len(), rows)
        && is_full(events.behaviour.len(), rows)
        && is_full_or_empty(events.time_secs.len(), rows)
        && is_full_or_empty(events.visit.len(), rows)
        && is_full_or_empty(events.position.len(), rows)
        && dataset.given_test.as_ref().is_none_or(|given| given.len() == rows)
        && below(&events.user, users)
        && below(&events.item, count)
        && events.behaviour.iter().max().is_none_or(|&kind| usize::from(kind) < dataset.behaviours.len());
    let of_impressions = dataset.impressions.as_ref().is_none_or(|shown| {
        let rows = shown.user.len();
        is_full(shown.item.len(), rows)
            && is_full(shown.time_secs.len(), rows)
            && is_full(shown.position.len(), rows)
            && is_full(shown.clicked.len(), rows)
            && is_full_or_empty(shown.policy.len(), rows)
            && is_full_or_empty(shown.propensity.len(), rows)
            && below(&shown.user, users)
            && below(&shown.item, count)
            && shown.policy.iter().max().is_none_or(|&policy| usize::from(policy) < shown.policies.len())
    });
    let texts = [&items.title, &items.title_en, &items.text, &items.text_en];
    let of_items = texts.iter().all(|texts| texts.len() == count)
        && is_full(items.cover.len(), count)
        && is_full(items.author.len(), count)
        && is_full(items.published_secs.len(), count)
        && items.author.iter().all(|&author| author == NONE || (author as usize) < users);
    let of_tags = is_full(tags.leaf.len(), items.tags.vocabulary.len())
        && is_full(tags.level2_of_leaf.len(), tags.leaf.len())
        && is_full(tags.level1_of_level2.len(), tags.level2.len());
    if of_events && of_impressions && of_items && of_tags {
        Ok(())
    } else {
        Err(broken("its columns do not fit together"))
    }
}
