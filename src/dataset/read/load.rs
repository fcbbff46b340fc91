//! Tables to columns.

use std::{collections::BTreeMap, fs::File, io::Read as _, path::Path};

use super::{
    DatasetError,
    cells::Cell,
    events::read_events,
    interner::Interner,
    order::{order_by_time, permute},
    pictures,
    plan::{GENRE, Plan, TablePlan},
    rows::{has_id, kept_time, latest_secs, place, read_rows, time_of, wanted},
    time::{TimeUnit, parse_date},
};
use crate::{
    dataset::{
        Attribute, Behaviour, DataReport, Dataset, Ids, Impressions, Items, NO_TIME, NONE, TableReport, TagTree, Texts,
        Users,
    },
    task::JobContext,
};

/// Part of every fingerprint: to be raised whenever the same files come to be read or split by default otherwise, so
/// that what was made of them before is not taken for what would be made now.
pub(super) const READER: u32 = 2;

/// A field that grows row by row.
struct Field {
    attribute: Attribute,
    separator: char,
}

impl Field {
    fn new(name: &str, plan: Option<&TablePlan>, column: &str) -> Self {
        let is_spaced = plan.is_some_and(|plan| plan.spaced.iter().any(|spaced| spaced == column));
        Self { attribute: Attribute::empty(name, 0), separator: if is_spaced { ' ' } else { '|' } }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        self.push_all(&cell.list(self.separator));
    }

    fn push_all<S: AsRef<str>>(&mut self, values: &[S]) {
        let from = self.attribute.values.len();
        for value in values {
            let entry = self.attribute.vocabulary.row_or_insert(value.as_ref());
            if !self.attribute.values[from..].contains(&entry) {
                self.attribute.values.push(entry);
            }
        }
        self.attribute.offsets.push(self.attribute.values.len() as u32);
    }

    fn finish(mut self, nodes: usize) -> Attribute {
        let end = self.attribute.values.len() as u32;
        self.attribute.offsets.resize(nodes + 1, end);
        self.attribute
    }
}

pub(super) fn load(plan: Plan, ctx: &JobContext) -> Result<Dataset, DatasetError> {
    let mut report = DataReport { remarks: plan.remarks.clone(), ..DataReport::default() };
    let mut users = Interner::default();
    let mut items = Interner::default();

    let mut user_fields = read_users(&plan, &mut users, &mut report, ctx)?;
    let mut table = read_items(&plan, &mut items, &mut report, ctx)?;
    let (described_users, described_items) = (users.ids.len(), items.ids.len());
    let labels = read_labels(&plan, &mut report, ctx)?;
    let (events, behaviours, given_test) = read_events(&plan, &mut users, &mut items, &mut report, ctx)?;
    let names_covers = plan.tables.get("items").is_some_and(|table| table.columns.contains_key("cover"));
    let mut of_covers = DataReport::default();
    let (impressions, named) = rayon::join(
        || read_impressions(&plan, &mut users, &mut items, &mut report, ctx),
        || {
            let listed = pictures::list(&plan.folder);
            // Where the table names them, nothing that is still to be read can name another.
            let found =
                names_covers.then(|| pictures::find_named(&plan.folder, &listed, &table.covers, &mut of_covers, ctx));
            (listed, found.transpose())
        },
    );
    let (impressions, (listed, named)) = (impressions?, (named.0, named.1?));
    let (users, items) = (users.ids, items.ids);

    for (name, ids, described) in [("user", &users, described_users), ("item", &items, described_items)] {
        if plan.tables.contains_key(format!("{name}s").as_str()) {
            for row in described..ids.len() {
                report.remark(&format!("{name}_not_described"), || {
                    format!("{name} {} has events, but no row in the table {name}s", ids.name(row as u32))
                });
            }
        }
    }
    let mut cover = match named {
        Some(named) => named,
        None => pictures::find_by_id(&plan.folder, &listed, &items, &mut of_covers, ctx)?,
    };
    cover.resize(items.len(), None);
    report.remarks.append(&mut of_covers.remarks);
    let author = authors(&table.authors, &users, items.len(), &mut report);

    let is_1m = plan.format == "movielens-1m";
    let attributes: Vec<Attribute> = user_fields
        .drain(..)
        .map(|field| field.finish(users.len()))
        .map(|field| if field.name == "age" { age_bands(field, is_1m, &mut report) } else { field })
        .collect();
    let count = items.len();
    table.title.fill_up(count);
    table.title_en.fill_up(count);
    table.text.fill_up(count);
    table.text_en.fill_up(count);
    table.published.resize(count, NO_TIME);
    let mut tags = table.tags.finish(count);
    let tree = read_tags(&plan, &mut tags, &mut report, ctx)?;
    let mut recognised = plan.recognised();
    for (kind, behaviour) in behaviours.iter().enumerate() {
        recognised.behaviours.insert(behaviour.name.clone(), behaviour.weight);
        if plan.is_unknown(&behaviour.name) {
            recognised.unknown_behaviours.insert(behaviour.name.clone());
            let count = events.behaviour.iter().filter(|&&other| usize::from(other) == kind).count();
            report.remark("behaviour_of_unknown_weight", || {
                format!(
                    "`{}`: {count} events, each counts {}; set it under [behaviours] in dataset.toml",
                    behaviour.name, behaviour.weight
                )
            });
        }
    }
    let fingerprint = fingerprint(&plan, &listed, &behaviours, ctx)?;
    let folder_name = plan.folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
    Ok(Dataset {
        name: plan.config.name.clone().or(folder_name).unwrap_or_else(|| "data set".to_owned()),
        folder: plan.folder,
        fingerprint,
        events,
        impressions,
        users: Users { ids: users, attributes },
        items: Items {
            ids: items,
            title: table.title,
            title_en: table.title_en,
            text: table.text,
            text_en: table.text_en,
            tags,
            circle: table.circle.finish(count),
            topics: table.topics.finish(count),
            attributes: table.attributes.into_iter().map(|field| field.finish(count)).collect(),
            cover,
            author,
            published_secs: table.published,
        },
        tags: tree,
        behaviours,
        given_test,
        labels,
        recognised,
        report,
    })
}

fn read_users(
    plan: &Plan,
    users: &mut Interner,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<Vec<Field>, DatasetError> {
    let Some(table) = plan.tables.get("users") else { return Ok(Vec::new()) };
    ctx.stage("Reading users", 0, "rows");
    let own: Vec<&str> =
        ["age", "gender", "region"].into_iter().filter(|column| table.columns.contains_key(*column)).collect();
    let mut columns = wanted(table, &["user_id"]);
    columns.extend(wanted(table, &own));
    columns.extend(table.extra.iter().cloned());
    let names = own.iter().copied().chain(table.extra.iter().map(String::as_str));
    let mut fields: Vec<Field> =
        names.zip(&columns[1..]).map(|(name, column)| Field::new(name, Some(table), column)).collect();
    let rows = report.tables.entry("users".to_owned()).or_default();
    read_rows(table, &columns, rows, ctx, &mut |file, row, report| {
        let id = row.cell(0);
        let known = users.ids.len();
        match users.row(&id) {
            None => report.set_aside("missing_user", || place(file, row)),
            Some(number) if (number as usize) < known => report.set_aside("duplicate", || place(file, row)),
            Some(_) => {
                for (field, column) in fields.iter_mut().zip(1..) {
                    field.push(&row.cell(column));
                }
                report.keep();
            }
        }
        Ok(())
    })?;
    Ok(fields)
}

/// What `items.*` says, one entry a row of its own.
struct ItemTable {
    title: Texts,
    title_en: Texts,
    text: Texts,
    text_en: Texts,
    tags: Field,
    circle: Field,
    topics: Field,
    attributes: Vec<Field>,
    /// The cover's path as written, and where.
    covers: Vec<(String, String)>,
    /// The author's id, and where it stands.
    authors: Vec<(String, String)>,
    published: Vec<i64>,
}

fn read_items(
    plan: &Plan,
    items: &mut Interner,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<ItemTable, DatasetError> {
    let table = plan.tables.get("items");
    let column = |own: &str| table.and_then(|table| table.columns.get(own)).cloned().unwrap_or_default();
    let (genres, extra): (Vec<&String>, Vec<&String>) =
        table.iter().flat_map(|table| &table.extra).partition(|name| name.starts_with(GENRE));
    let mut all = ItemTable {
        title: Texts::default(),
        title_en: Texts::default(),
        text: Texts::default(),
        text_en: Texts::default(),
        tags: Field::new("tags", table, &column("tags")),
        circle: Field::new("circle", table, &column("circle")),
        topics: Field::new("topics", table, &column("topics")),
        attributes: extra.iter().map(|name| Field::new(name, table, name)).collect(),
        covers: Vec::new(),
        authors: Vec::new(),
        published: Vec::new(),
    };
    let Some(table) = table else { return Ok(all) };
    ctx.stage("Reading items", 0, "rows");
    let own = [
        "item_id",
        "title",
        "title_en",
        "text",
        "tags",
        "circle",
        "topics",
        "cover",
        "author_id",
        "published_at",
        "text_en",
    ];
    let mut columns = wanted(table, &own);
    columns.extend(extra.iter().chain(&genres).map(|&name| name.clone()));
    let text = |cell: Cell<'_>| cell.text().map_or_else(String::new, std::borrow::Cow::into_owned);
    let mut undated: Vec<String> = Vec::new();
    let mut undated_count = 0u64;
    let rows = report.tables.entry("items".to_owned()).or_default();
    read_rows(table, &columns, rows, ctx, &mut |file, row, report| {
        let known = items.ids.len();
        match items.row(&row.cell(0)) {
            None => {
                report.set_aside("missing_item", || place(file, row));
                return Ok(());
            }
            Some(number) if (number as usize) < known => {
                report.set_aside("duplicate", || place(file, row));
                return Ok(());
            }
            Some(_) => report.keep(),
        }
        all.title.push(&row.cell(1).text().unwrap_or_default());
        all.title_en.push(&row.cell(2).text().unwrap_or_default());
        all.text.push(&row.cell(3).text().unwrap_or_default());
        all.text_en.push(&row.cell(10).text().unwrap_or_default());
        if genres.is_empty() {
            all.tags.push(&row.cell(4));
        } else {
            let own: Vec<&str> = genres
                .iter()
                .enumerate()
                .filter(|(number, _)| row.cell(own.len() + extra.len() + number).number() == Some(1.0))
                .map(|(_, name)| name.trim_start_matches(GENRE))
                .filter(|name| *name != "unknown")
                .collect();
            all.tags.push_all(&own);
        }
        all.circle.push(&row.cell(5));
        all.topics.push(&row.cell(6));
        let place = || format!("{}:{}", file.shown, row.line);
        // Only the first cover of an item is used.
        let cover = row.cell(7).list('|').first().map_or_else(String::new, ToString::to_string);
        all.covers.push((cover, place()));
        let author = row.cell(8).id().map_or_else(String::new, std::borrow::Cow::into_owned);
        all.authors.push((author, place()));
        let published = match row.cell(9) {
            Cell::Text(text) => parse_date(text, &plan.zone),
            Cell::Int(year) if (1_000..3_000).contains(&year) => parse_date(&year.to_string(), &plan.zone),
            cell => time_of(&cell, TimeUnit::None, &plan.zone),
        };
        if published.is_none() && row.cell(9).text().is_some() {
            undated_count += 1;
            if undated.len() < TableReport::MAX_EXAMPLES {
                undated.push(format!("{}: {}", place(), text(row.cell(9))));
            }
        }
        all.published.push(published.unwrap_or(NO_TIME));
        for (field, column) in all.attributes.iter_mut().zip(own.len()..) {
            field.push(&row.cell(column));
        }
        Ok(())
    })?;
    for number in 0..undated_count {
        report.remark("published_at_unparsable", || undated.get(number as usize).cloned().unwrap_or_default());
    }
    Ok(all)
}

fn authors(named: &[(String, String)], users: &Ids, items: usize, report: &mut DataReport) -> Vec<u32> {
    let mut authors = vec![NONE; items];
    for (row, (name, place)) in named.iter().enumerate().filter(|(_, (name, _))| !name.is_empty()) {
        match users.row(name) {
            Some(user) => authors[row] = user,
            None => report.remark("author_not_known", || format!("{place}: {name}")),
        }
    }
    authors
}

/// Ages as numbers become bands; what is no number stays as it is.
fn age_bands(field: Attribute, is_movielens_1m: bool, report: &mut DataReport) -> Attribute {
    let ages: Option<Vec<f64>> = field.vocabulary.iter().map(|age| age.parse().ok()).collect();
    let Some(ages) = ages.filter(|ages| !ages.is_empty()) else { return field };
    let band = |age: f64| match age {
        // MovieLens 1M writes the first year of its own bands.
        age if is_movielens_1m && age == 45.0 => Some("45-49"),
        age if is_movielens_1m && age == 50.0 => Some("50-55"),
        age if is_movielens_1m && age == 56.0 => Some("56+"),
        age if !(0.0..=120.0).contains(&age) => None,
        age if age < 18.0 => Some("0-17"),
        age if age < 25.0 => Some("18-24"),
        age if age < 35.0 => Some("25-34"),
        age if age < 45.0 => Some("35-44"),
        age if age < 55.0 => Some("45-54"),
        age if age < 65.0 => Some("55-64"),
        _ => Some("65+"),
    };
    let nodes = field.offsets.len() - 1;
    let mut banded = Field::new(&field.name, None, "");
    for node in 0..nodes as u32 {
        let bands: Vec<&str> = field.of(node).iter().filter_map(|&entry| band(ages[entry as usize])).collect();
        if bands.len() < field.of(node).len() {
            report.remark("age_out_of_range", || {
                format!("user row {}: {}", node + 1, field.texts(node).collect::<String>())
            });
        }
        banded.push_all(&bands);
    }
    banded.finish(nodes)
}

fn read_labels(
    plan: &Plan,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<BTreeMap<String, String>, DatasetError> {
    let mut labels = BTreeMap::new();
    let Some(table) = plan.tables.get("labels") else { return Ok(labels) };
    let rows = report.tables.entry("labels".to_owned()).or_default();
    read_rows(table, &wanted(table, &["value", "en"]), rows, ctx, &mut |file, row, report| {
        match (row.cell(0).text(), row.cell(1).text()) {
            (Some(value), Some(english)) => {
                if labels.contains_key(&*value) {
                    report.set_aside("duplicate", || place(file, row));
                } else {
                    labels.insert(value.into_owned(), english.into_owned());
                    report.keep();
                }
            }
            _ => report.set_aside("missing_value", || place(file, row)),
        }
        Ok(())
    })?;
    Ok(labels)
}

/// The hierarchy over `tags`, whose vocabulary takes in the leaves that no item bears.
fn read_tags(
    plan: &Plan,
    tags: &mut Attribute,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<TagTree, DatasetError> {
    let mut parents: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    if let Some(table) = plan.tables.get("tags") {
        let rows = report.tables.entry("tags".to_owned()).or_default();
        read_rows(table, &wanted(table, &["leaf", "level2", "level1"]), rows, ctx, &mut |file, row, report| {
            let Some(leaf) = row.cell(0).text().map(std::borrow::Cow::into_owned) else {
                report.set_aside("missing_leaf", || place(file, row));
                return Ok(());
            };
            if parents.contains_key(&leaf) {
                report.set_aside("duplicate", || place(file, row));
                return Ok(());
            }
            let level2 = row.cell(1).text().map_or_else(|| leaf.clone(), std::borrow::Cow::into_owned);
            let level1 = row.cell(2).text().map_or_else(|| level2.clone(), std::borrow::Cow::into_owned);
            order.push(leaf.clone());
            parents.insert(leaf, (level2, level1));
            report.keep();
            Ok(())
        })?;
    }
    for (leaf, levels) in &plan.config.tags {
        let level2 = levels.first().unwrap_or(leaf);
        let level1 = levels.get(1).unwrap_or(level2);
        order.push(leaf.clone());
        parents.insert(leaf.clone(), (level2.clone(), level1.clone()));
    }
    let has_hierarchy = !parents.is_empty();
    let worn = tags.vocabulary.len();
    for leaf in &order {
        tags.vocabulary.row_or_insert(leaf);
    }
    let mut tree = TagTree { leaf: tags.vocabulary.clone(), ..TagTree::default() };
    for (row, leaf) in tags.vocabulary.iter().enumerate() {
        let (level2, level1) = match parents.get(leaf) {
            Some((level2, level1)) => (level2.as_str(), level1.as_str()),
            None => {
                if has_hierarchy && row < worn {
                    report.remark("tag_outside_hierarchy", || format!("tag {leaf}"));
                }
                (leaf, leaf)
            }
        };
        let level2_row = tree.level2.row_or_insert(level2);
        let level1_row = tree.level1.row_or_insert(level1);
        tree.level2_of_leaf.push(level2_row);
        match tree.level1_of_level2.get(level2_row as usize) {
            None => tree.level1_of_level2.push(level1_row),
            Some(&first) if first != level1_row => report.remark("tag_with_two_parents", || {
                format!("{level2} is below {} and {level1}; the first counts", tree.level1.name(first))
            }),
            Some(_) => {}
        }
    }
    Ok(tree)
}

fn read_impressions(
    plan: &Plan,
    users: &mut Interner,
    items: &mut Interner,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<Option<Impressions>, DatasetError> {
    let Some(table) = plan.tables.get("impressions") else { return Ok(None) };
    ctx.stage("Reading impressions", 0, "rows");
    let columns = wanted(table, &["user_id", "item_id", "timestamp", "position", "clicked", "policy", "propensity"]);
    let [has_times, has_policies, has_propensities] = [2, 5, 6].map(|column: usize| !columns[column].is_empty());
    let latest = latest_secs();
    let mut all = Impressions::default();
    let mut policies = Ids::default();
    let mut unit = None;
    let rows = report.tables.entry("impressions".to_owned()).or_default();
    read_rows(table, &columns, rows, ctx, &mut |file, row, report| {
        let (user, item) = (row.cell(0), row.cell(1));
        if !has_id(&user) {
            report.set_aside("missing_user", || place(file, row));
            return Ok(());
        }
        if !has_id(&item) {
            report.set_aside("missing_item", || place(file, row));
            return Ok(());
        }
        let mut secs = NO_TIME;
        if has_times {
            let cell = row.cell(2);
            // The table's own unit, by its first number.
            let unit = *unit.get_or_insert_with(|| match cell.number() {
                Some(number) if cell.text().is_some_and(|text| text.len() != 8) => TimeUnit::of_number(number),
                _ => TimeUnit::Iso8601,
            });
            let time = kept_time(&cell, unit, &plan.zone, latest, report, || place(file, row));
            let Some(time) = time else { return Ok(()) };
            secs = time;
        }
        let propensity = if has_propensities { row.cell(6).number() } else { None };
        if has_propensities && !propensity.is_some_and(|chance| chance > 0.0 && chance <= 1.0) {
            report.set_aside("propensity_out_of_range", || place(file, row));
            return Ok(());
        }
        if has_policies {
            let cell = row.cell(5);
            let policy = cell.text().unwrap_or_default();
            let known = policies.row(&policy);
            if known.is_none() && policies.len() >= 255 {
                report.set_aside("unknown_policy", || place(file, row));
                return Ok(());
            }
            all.policy.push(known.unwrap_or_else(|| policies.row_or_insert(&policy)) as u8);
        }
        let (Some(user), Some(item)) = (users.row(&user), items.row(&item)) else { return Ok(()) };
        all.propensity.extend(propensity.map(|chance| chance as f32));
        all.user.push(user);
        all.item.push(item);
        all.time_secs.push(secs);
        all.position.push(row.cell(3).number().map_or(0, |place| place as u16));
        all.clicked.push(row.cell(4).truth());
        report.keep();
        Ok(())
    })?;
    all.policies = policies.iter().map(str::to_owned).collect();
    if let Some(order) = order_by_time(&all.time_secs) {
        permute(&mut all.user, &order);
        permute(&mut all.item, &order);
        permute(&mut all.time_secs, &order);
        permute(&mut all.position, &order);
        permute(&mut all.clicked, &order);
        permute(&mut all.policy, &order);
        permute(&mut all.propensity, &order);
    }
    Ok(Some(all))
}

/// Over the bytes of the tables, the covers' names and sizes, and how all of it was read.
fn fingerprint(
    plan: &Plan,
    covers: &BTreeMap<String, u64>,
    behaviours: &[Behaviour],
    ctx: &JobContext,
) -> Result<String, DatasetError> {
    ctx.stage("Taking the fingerprint", 0, "bytes");
    let mut hash = blake3::Hasher::new();
    for (table, plan) in &plan.tables {
        for file in &plan.files {
            hash.update(format!("{table}\0{}\0{:?}\0", file.shown, file.layout).as_bytes());
            let input = File::open(&file.path).map_err(|source| DatasetError::unreadable(&file.path, &source))?;
            hash = digest_file(input, &file.path, hash, ctx, &|read| ctx.advance(read))?;
        }
    }
    for (name, size) in covers {
        hash.update(format!("{name}\0{size}\0").as_bytes());
    }
    let settings = (READER, plan.recognised().columns, &plan.config, behaviours, &plan.format, plan.unit.name());
    hash.update(serde_json::to_string(&settings).unwrap_or_default().as_bytes());
    Ok(hash.finalize().to_hex().to_string())
}

/// Takes all of `input`, which is the file `path`, into `digest`; tells `progress` how many bytes came each time.
pub(super) fn digest_file(
    mut input: File,
    path: &Path,
    mut digest: blake3::Hasher,
    ctx: &JobContext,
    progress: &dyn Fn(u64),
) -> Result<blake3::Hasher, DatasetError> {
    let mut buffer = vec![0u8; 8 << 20];
    loop {
        ctx.check()?;
        let mut have = 0;
        while have < buffer.len() {
            match input.read(&mut buffer[have..]).map_err(|source| DatasetError::unreadable(path, &source))? {
                0 => break,
                read => have += read,
            }
        }
        if have == 0 {
            return Ok(digest);
        }
        digest.update_rayon(&buffer[..have]);
        progress(have as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_become_bands() {
        let field = Attribute::from_lists("age", [vec!["24"], vec!["53"], vec![], vec!["-3"]]);
        let mut report = DataReport::default();
        let bands = age_bands(field, false, &mut report);
        assert_eq!(bands.texts(0).collect::<Vec<_>>(), ["18-24"]);
        assert_eq!(bands.texts(1).collect::<Vec<_>>(), ["45-54"]);
        assert_eq!((bands.of(2).len(), bands.of(3).len()), (0, 0));
        assert_eq!(report.remarks["age_out_of_range"].count, 1);
        let words = age_bands(Attribute::from_lists("age", [vec!["young"]]), false, &mut report);
        assert_eq!(words.texts(0).collect::<Vec<_>>(), ["young"]);
    }
}
