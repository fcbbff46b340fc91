//! Cases of the book as a report, made of what they keep themselves: so a case can be taken along whose data set or run is
//! gone.

use std::collections::BTreeMap;

use super::{
    Case, Column, Found, Recalls, Recent, Report, RunStamp, Who,
    builder::Builder,
    words::{Word, common},
};
use crate::{
    dataset::{Attribute, Dataset, Ids, Items, Language, Texts, Users},
    task::{Cancelled, JobContext},
    workspace::{Case as KeptCase, ShownColumn, ShownItem, ShownRow},
};

/// `runs`: what is known of the runs that the cases name, by their ids; a case says which of its runs are gone.
pub fn of_kept(
    cases: &[KeptCase],
    runs: &BTreeMap<String, RunStamp>,
    title: &str,
    language: Language,
    has_pseudonyms: bool,
    ctx: &JobContext,
) -> Result<Report, Cancelled> {
    // Ids are of one data set each, so the cases of one are told by themselves. Their order is that in which they come.
    let mut of_data: Vec<(&str, Vec<usize>)> = Vec::new();
    for (place, case) in cases.iter().enumerate() {
        match of_data.iter_mut().find(|(fingerprint, _)| *fingerprint == case.dataset.fingerprint) {
            Some((_, places)) => places.push(place),
            None => of_data.push((&case.dataset.fingerprint, vec![place])),
        }
    }
    let mut whole = Report { title: title.to_owned(), language, ..Report::default() };
    let mut told: Vec<(usize, Case)> = Vec::new();
    for (_, places) in of_data {
        let own: Vec<&KeptCase> = places.iter().map(|&place| &cases[place]).collect();
        let dataset = dataset_of(&own);
        let mut builder = Builder::new(&dataset, language, has_pseudonyms);
        for case in &own {
            ctx.check()?;
            let columns = case.shown.columns.iter().map(|column| self::column(&mut builder, column, runs, language));
            let columns = columns.collect();
            let gone = gone_of(case, runs);
            let mut remark = Word::KeptWith.of(language).to_owned();
            if !gone.is_empty() {
                remark += ". ";
                remark += &Word::RunsGone.fill(language, &[&gone.join(", ")]);
            }
            let KeptCase { title, notes, tags, .. } = case;
            let (title, notes, tags) = (title.clone(), notes.clone(), tags.clone());
            builder.add(Case { title, notes, tags, remark: Some(remark), columns });
        }
        let first_cover = whole.pictures.last_key_value().map_or(0, |(last, _)| last + 1);
        let mut part = builder.finish(title, None, ctx)?;
        super::builder::for_each_item(&mut part.cases, &mut |item| {
            item.cover = item.cover.map(|cover| cover + first_cover);
        });
        told.extend(places.into_iter().zip(part.cases));
        whole.pictures.extend(part.pictures.into_iter().map(|(cover, picture)| (cover + first_cover, picture)));
        let stamp = &mut whole.stamp;
        let join = |one: &str, other: &str| if one.is_empty() { other.to_owned() } else { format!("{one}, {other}") };
        let runs = std::mem::take(&mut stamp.runs);
        let (dataset, fingerprint) =
            (join(&stamp.dataset, &part.stamp.dataset), join(&stamp.fingerprint, &part.stamp.fingerprint));
        *stamp = part.stamp;
        (stamp.dataset, stamp.fingerprint) = (dataset, fingerprint);
        stamp.runs.splice(0..0, runs);
        // A title may name a user too.
        whole.title = part.title;
    }
    told.sort_by_key(|(place, _)| *place);
    whole.cases = told.into_iter().map(|(_, case)| case).collect();
    Ok(whole)
}

/// What the cases tell of their data set: users and items by their ids, titles and covers.
fn dataset_of(cases: &[&KeptCase]) -> Dataset {
    let mut dataset = Dataset {
        name: cases.first().map_or_else(String::new, |case| case.dataset.name.clone()),
        fingerprint: cases.first().map_or_else(String::new, |case| case.dataset.fingerprint.clone()),
        users: Users { ids: Ids::default(), attributes: Vec::new() },
        ..Dataset::default()
    };
    let Items { ids, title, title_en, cover, .. } = &mut dataset.items;
    let mut add = |item: &ShownItem| {
        let row = ids.row_or_insert(&item.id) as usize;
        if row == cover.len() {
            title.push(&item.title);
            title_en.push(&item.title_en);
            cover.push(item.cover.clone().filter(|path| path.is_file()));
        }
    };
    for column in cases.iter().flat_map(|case| &case.shown.columns) {
        if let Some(user) = &column.user {
            dataset.users.ids.row_or_insert(user);
        }
        let rows = column.rows.iter().flat_map(|row| &row.recalled);
        column.recent.iter().chain(&column.clicks).chain(&column.struck).chain(rows).for_each(&mut add);
    }
    let count = dataset.items.ids.len();
    dataset.items.text = Texts::default();
    dataset.items.text.fill_up(count);
    dataset.items.text_en.fill_up(count);
    for (field, name) in [
        (&mut dataset.items.tags, "tags"),
        (&mut dataset.items.circle, "circle"),
        (&mut dataset.items.topics, "topics"),
    ] {
        *field = Attribute::empty(name, count);
    }
    dataset
}

fn column(
    builder: &mut Builder<'_>,
    column: &ShownColumn,
    runs: &BTreeMap<String, RunStamp>,
    language: Language,
) -> Column {
    let mut changes = Vec::new();
    for (items, word) in [(&column.clicks, Word::Clicked), (&column.struck, Word::Struck)] {
        for item in items {
            let title = builder.kept_item(&item.id).title;
            changes.push(word.fill(language, &[&title]));
        }
    }
    for (field, value) in &column.changed {
        changes.push(Word::Changed.fill(language, &[common(field, language), value]));
    }
    let name = column.user.as_deref().and_then(|user| builder.names.of_id(user)).unwrap_or_default();
    let who = Who { name, changes, ..Who::default() };
    let recent =
        column.recent.iter().map(|item| Recent { item: builder.kept_item(&item.id), ..Recent::default() }).collect();
    let lanes = column.rows.iter().filter(|row| !row.recalled.is_empty());
    let lanes = lanes.map(|row| recalls(builder, row, runs)).collect();
    Column { who, recent, lanes }
}

fn recalls(builder: &mut Builder<'_>, row: &ShownRow, runs: &BTreeMap<String, RunStamp>) -> Recalls {
    let known = runs.get(&row.run);
    if let Some(stamp) = known
        && !builder.runs.iter().any(|run| run.id == stamp.id)
    {
        let name = builder.names.own_text(&stamp.name);
        builder.runs.push(RunStamp { name, ..stamp.clone() });
    }
    let name = known.map_or(&row.lane, |stamp| &stamp.name);
    let items = row.recalled.iter().enumerate().map(|(place, item)| Found {
        item: builder.kept_item(&item.id),
        rank: place as u64 + 1,
        score: item.score,
        is_taken_later: item.is_hit,
        ..Found::default()
    });
    let items: Vec<Found> = items.collect();
    Recalls {
        name: builder.names.own_text(name),
        run: row.run.clone(),
        hits: row.recalled.iter().filter(|item| item.is_hit).count() as u64,
        items,
    }
}

/// The lanes of runs that are named and not known.
fn gone_of(case: &KeptCase, runs: &BTreeMap<String, RunStamp>) -> Vec<String> {
    let mut gone: Vec<String> = Vec::new();
    for row in case.shown.columns.iter().flat_map(|column| &column.rows) {
        let name = format!("{} ({})", row.lane, row.run.get(..8).unwrap_or(&row.run));
        if !row.run.is_empty() && !runs.contains_key(&row.run) && !gone.contains(&name) {
            gone.push(name);
        }
    }
    gone
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::workspace::{CaseDataset, CaseShown};

    fn item(id: &str, score: f32, is_hit: bool) -> ShownItem {
        ShownItem { id: id.to_owned(), title: format!("Thing {id}"), score, is_hit, ..ShownItem::default() }
    }

    fn case(title: &str, fingerprint: &str, user: &str) -> KeptCase {
        let row = ShownRow {
            lane: "hot".to_owned(),
            run: "0123456789".to_owned(),
            recalled: vec![item("a", 2.0, true), item("b", 1.0, false)],
        };
        let column = ShownColumn {
            user: Some(user.to_owned()),
            recent: vec![item("c", 0.0, false)],
            clicks: vec![item("a", 0.0, false)],
            rows: vec![row],
            ..ShownColumn::default()
        };
        KeptCase {
            title: title.to_owned(),
            notes: format!("What {user} takes"),
            dataset: CaseDataset {
                name: "log".to_owned(),
                fingerprint: fingerprint.to_owned(),
                ..CaseDataset::default()
            },
            shown: CaseShown { columns: vec![column], ..CaseShown::default() },
            ..KeptCase::default()
        }
    }

    #[test]
    fn what_a_case_keeps_is_told_in_its_order_and_gone_runs_are_named() {
        let cases = [case("one", "x", "u1"), case("two", "y", "u1"), case("three", "x", "u2")];
        let ctx = JobContext::default();
        let report = of_kept(&cases, &BTreeMap::new(), "Book", Language::English, false, &ctx).unwrap();
        let titles: Vec<&str> = report.cases.iter().map(|case| case.title.as_str()).collect();
        assert_eq!(titles, ["one", "two", "three"]);
        assert_eq!(report.stamp.fingerprint, "x, y");
        let first = &report.cases[0];
        assert!(first.remark.as_ref().unwrap().contains("hot (01234567)"), "{:?}", first.remark);
        let column = &first.columns[0];
        assert_eq!((column.who.name.as_str(), column.who.interactions), ("u1", None));
        assert_eq!(column.who.changes, ["clicked just now: Thing a"]);
        let lane = &column.lanes[0];
        assert_eq!((lane.name.as_str(), lane.hits, lane.items.len()), ("hot", 1, 2));
        assert_eq!((lane.items[1].item.title.as_str(), lane.items[1].rank), ("Thing b", 2));
        let known = BTreeMap::from([(
            "0123456789".to_owned(),
            RunStamp { name: "hot, named".to_owned(), id: "0123456789".to_owned(), ..RunStamp::default() },
        )]);
        let report = of_kept(&cases[..1], &known, "Book", Language::English, false, &ctx).unwrap();
        assert_eq!(report.cases[0].columns[0].lanes[0].name, "hot, named");
        assert!(!report.cases[0].remark.as_ref().unwrap().contains("hot") && report.stamp.runs.len() == 1);
    }

    #[test]
    fn pseudonyms_stand_in_names_and_notes() {
        let cases = [case("one", "x", "u1"), case("three", "x", "u2")];
        let ctx = JobContext::default();
        let report = of_kept(&cases, &BTreeMap::new(), "Of u2", Language::English, true, &ctx).unwrap();
        let text = serde_json::to_string(&report).unwrap();
        assert!(!text.contains("u1") && !text.contains("u2"), "{text}");
        assert!(report.stamp.has_pseudonyms && text.contains("What A takes") && report.title == "Of B", "{text}");
    }
}
