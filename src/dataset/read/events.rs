//! The table of events: rows to columns, in order of time, without twins.

use polars::prelude::StringChunked;
use rustc_hash::FxHashMap;

use super::{
    DatasetError, MAX_KINDS,
    cells::Row,
    interner::Interner,
    order::{find_twins, order_by_time, permute, remove},
    parquet::{self, Accessor, Batch},
    plan::{Plan, is_short},
    rows::{has_id, kept_time, latest_secs, place, read_file, wanted},
    source::{Layout, TableFile},
    time::TimeUnit,
};
use crate::{
    dataset::{Behaviour, DataReport, Events, NO_TIME, NONE, TableReport},
    task::JobContext,
};

/// Rows of a batch that are checked before any of them is kept.
const STEP_ROWS: usize = 65_536;
/// Fewer rows are not worth a second thread.
const LEAST_PARALLEL: usize = 4_096;
/// A row of Parquet that has to be looked at alone.
const UNSURE: u8 = u8::MAX;

// The columns that are asked for, by their place.
const COLUMNS: [&str; 7] = ["user_id", "item_id", "behaviour", "timestamp", "visit_id", "position", "rating"];
const USER: usize = 0;
const ITEM: usize = 1;
const BEHAVIOUR: usize = 2;
const TIME: usize = 3;
const VISIT: usize = 4;
const POSITION: usize = 5;
const RATING: usize = 6;

pub(super) type EventTable = (Events, Vec<Behaviour>, Option<Vec<bool>>);

pub(super) fn read_events(
    plan: &Plan,
    users: &mut Interner,
    items: &mut Interner,
    report: &mut DataReport,
    ctx: &JobContext,
) -> Result<EventTable, DatasetError> {
    let table = &plan.tables["events"];
    ctx.stage("Reading events", 0, "rows");
    let columns = wanted(table, &COLUMNS);
    let rows = report.tables.entry("events".to_owned()).or_default();
    let mut reader = Reader::new(plan, &columns, users, items);
    let mut starts = Vec::with_capacity(table.files.len());
    for file in &table.files {
        starts.push(reader.events.len());
        if matches!(file.layout, Layout::Parquet) {
            parquet::batches(file, &columns, None, ctx, &mut |batch| {
                reader.push_batch(file, batch, rows, ctx)?;
                Ok(true)
            })?;
        } else {
            read_file(file, &columns, rows, ctx, &mut |row, report| {
                reader.push(file, row, report);
                Ok(())
            })?;
        }
    }
    let Reader { mut events, behaviours, lines, visits, .. } = reader;
    drop(visits);
    if events.is_empty() {
        let reasons: Vec<String> =
            rows.reasons.iter().map(|(reason, aside)| format!("{} {reason}", aside.count)).collect();
        let place =
            table.files.iter().map(|file| file.path.display().to_string()).take(3).collect::<Vec<_>>().join(", ");
        let reasons = if reasons.is_empty() { "there are no rows".to_owned() } else { reasons.join(", ") };
        return Err(DatasetError::NothingKept { reasons, place });
    }
    let file_of = |row: u32| starts.partition_point(|&start| start <= row as usize).saturating_sub(1);
    let is_given = table.files.iter().any(|file| file.is_test);
    let given = is_given.then(|| (0..events.len() as u32).map(|row| table.files[file_of(row)].is_test).collect());

    ctx.check()?;
    ctx.stage("Sorting events", 0, "rows");
    let order = order_by_time(&events.time_secs);
    if let Some(order) = &order {
        permute(&mut events.user, order);
        permute(&mut events.item, order);
        permute(&mut events.behaviour, order);
        permute(&mut events.time_secs, order);
        permute(&mut events.visit, order);
        permute(&mut events.position, order);
    }
    ctx.check()?;
    let mut given: Option<Vec<bool>> = given;
    let twins = find_twins(&events, given.as_deref());
    if !twins.is_empty() {
        let reason = if events.has_times() { "duplicate" } else { TableReport::REPEATED };
        for &row in &twins {
            let origin = order.as_ref().map_or(row, |order| order[row as usize]);
            rows.read -= 1;
            rows.kept -= 1;
            rows.set_aside(reason, || {
                format!(
                    "{}:{}: {},{},{}",
                    table.files[file_of(origin)].shown,
                    lines[origin as usize],
                    users.ids.name(events.user[row as usize]),
                    items.ids.name(events.item[row as usize]),
                    behaviours[usize::from(events.behaviour[row as usize])].name
                )
            });
        }
        remove(&mut events.user, &twins);
        remove(&mut events.item, &twins);
        remove(&mut events.behaviour, &twins);
        remove(&mut events.time_secs, &twins);
        remove(&mut events.visit, &twins);
        remove(&mut events.position, &twins);
        if let Some(given) = &mut given {
            remove(given, &twins);
        }
    }
    Ok((events, behaviours, given))
}

/// Grows the columns of events.
struct Reader<'a> {
    plan: &'a Plan,
    users: &'a mut Interner,
    items: &'a mut Interner,
    has_behaviour: bool,
    has_times: bool,
    has_visits: bool,
    has_positions: bool,
    has_ratings: bool,
    /// `dataset.toml` lists the behaviours, so any other is unknown.
    is_listed: bool,
    latest_secs: i64,
    behaviours: Vec<Behaviour>,
    kinds: FxHashMap<String, u8>,
    visits: Interner,
    events: Events,
    /// Line of each event in its file.
    lines: Vec<u32>,
}

impl<'a> Reader<'a> {
    fn new(plan: &'a Plan, columns: &[String], users: &'a mut Interner, items: &'a mut Interner) -> Self {
        let has = |column: usize| !columns[column].is_empty();
        let mut reader = Self {
            plan,
            users,
            items,
            has_behaviour: has(BEHAVIOUR),
            has_times: has(TIME),
            has_visits: has(VISIT),
            has_positions: has(POSITION),
            has_ratings: has(RATING) && !has(BEHAVIOUR),
            is_listed: !plan.config.behaviours.is_empty(),
            latest_secs: latest_secs(),
            behaviours: Vec::new(),
            kinds: FxHashMap::default(),
            visits: Interner::default(),
            events: Events::default(),
            lines: Vec::new(),
        };
        for name in plan.config.behaviours.keys() {
            reader.kinds.insert(name.clone(), reader.behaviours.len() as u8);
            reader.behaviours.push(Behaviour { name: name.clone(), weight: plan.behaviours[name] });
        }
        reader
    }

    /// Checks one row, and keeps it or sets it aside.
    fn push(&mut self, file: &TableFile, row: &Row<'_>, report: &mut TableReport) {
        let (user, item) = (row.cell(USER), row.cell(ITEM));
        if !has_id(&user) {
            return report.set_aside("missing_user", || place(file, row));
        }
        if !has_id(&item) {
            return report.set_aside("missing_item", || place(file, row));
        }
        let cell = row.cell(BEHAVIOUR);
        let name = if self.has_behaviour {
            cell.text()
        } else if self.has_ratings {
            row.cell(RATING).number().map(|rating| {
                if rating >= 4.5 {
                    "favorite"
                } else if rating >= 3.5 {
                    "like"
                } else {
                    "click"
                }
                .into()
            })
        } else {
            Some("click".into())
        };
        let is_new_kind = |name: &str| !self.is_listed && self.kinds.len() < MAX_KINDS && is_short(name);
        let Some(name) = name.filter(|name| self.kinds.contains_key(&**name) || is_new_kind(name)) else {
            return report.set_aside("unknown_behaviour", || place(file, row));
        };
        let mut secs = 0;
        if self.has_times {
            let (cell, plan) = (row.cell(TIME), self.plan);
            let time = kept_time(&cell, plan.unit, &plan.zone, self.latest_secs, report, || place(file, row));
            let Some(time) = time else { return };
            secs = time;
        }
        let kind = match self.kinds.get(&*name) {
            Some(&kind) => kind,
            None => {
                let kind = self.behaviours.len() as u8;
                let mut behaviour = Behaviour::with_default_weight(&name);
                if let Some(&weight) = self.plan.behaviours.get(&*name) {
                    behaviour.weight = weight;
                }
                self.behaviours.push(behaviour);
                self.kinds.insert(name.into_owned(), kind);
                kind
            }
        };
        let (Some(user), Some(item)) = (self.users.row(&user), self.items.row(&item)) else { return };
        self.events.user.push(user);
        self.events.item.push(item);
        self.events.behaviour.push(kind);
        if self.has_times {
            self.events.time_secs.push(secs);
        }
        self.push_visit_and_position(row);
        self.lines.push(row.line as u32);
        report.keep();
    }

    fn push_visit_and_position(&mut self, row: &Row<'_>) {
        if self.has_visits {
            self.events.visit.push(self.visits.row(&row.cell(VISIT)).unwrap_or(NONE));
        }
        if self.has_positions {
            self.events.position.push(row.cell(POSITION).number().map_or(0, |place| place as u16));
        }
    }

    /// As [`Reader::push`] for each row of `batch`. Where ids and times are whole numbers, runs of rows without a
    /// fault are taken column by column.
    fn push_batch(
        &mut self,
        file: &TableFile,
        batch: &Batch<'_>,
        report: &mut TableReport,
        ctx: &JobContext,
    ) -> Result<(), DatasetError> {
        let plain = self.plain(batch);
        let (mut kinds, mut secs) = (Vec::new(), Vec::new());
        let mut from = 0;
        while from < batch.len() {
            ctx.check()?;
            let to = batch.len().min(from + STEP_ROWS);
            match &plain {
                None => (from..to).for_each(|row| self.push(file, &batch.row(row), report)),
                Some(plain) => {
                    rayon::join(
                        || plain.kinds(from..to, &self.kinds, &mut kinds),
                        || plain.secs(from..to, self.plan.unit, self.latest_secs, &mut secs),
                    );
                    let is_sure = |row: usize| kinds[row] != UNSURE && secs[row] != NO_TIME;
                    let mut first = 0;
                    while first < to - from {
                        let sure = (first..to - from).take_while(|&row| is_sure(row)).count();
                        if sure > 0 {
                            let run = first..first + sure;
                            self.push_run(plain, batch, from, run.clone(), &kinds[run.clone()], &secs[run]);
                            report.keep_rows(sure as u64);
                        }
                        first += sure;
                        if first < to - from {
                            self.push(file, &batch.row(from + first), report);
                            first += 1;
                        }
                    }
                }
            }
            ctx.advance((to - from) as u64);
            from = to;
        }
        Ok(())
    }

    /// The columns of `batch` as slices, where each is of a kind that [`Plain`] knows.
    fn plain<'b>(&self, batch: &'b Batch<'_>) -> Option<Plain<'b>> {
        let (users, items) = (batch.column(USER)?.ints()?, batch.column(ITEM)?.ints()?);
        let names = match batch.column(BEHAVIOUR) {
            Some(Accessor::Text(names)) if self.has_behaviour => Some(names),
            _ if self.has_behaviour || self.has_ratings => return None,
            _ => None,
        };
        let times = match batch.column(TIME) {
            _ if !self.has_times => Times::None,
            Some(Accessor::Int(times)) => Times::Numbers(times.cont_slice().ok()?),
            Some(Accessor::Time(times, has_zone)) if *has_zone || self.plan.zone == jiff::tz::TimeZone::UTC => {
                Times::Micros(times.cont_slice().ok()?)
            }
            _ => return None,
        };
        Some(Plain { users, items, names, times })
    }

    /// Keeps the rows `base + run` of `batch`, of which each is known to be without fault.
    fn push_run(
        &mut self,
        plain: &Plain<'_>,
        batch: &Batch<'_>,
        base: usize,
        run: std::ops::Range<usize>,
        kinds: &[u8],
        secs: &[i64],
    ) {
        let rows = base + run.start..base + run.end;
        let Self { users, items, events, .. } = self;
        let Events { user, item, .. } = events;
        let mut take_users = || user.extend(plain.users[rows.clone()].iter().map(|&id| users.row_of_number(id)));
        let mut take_items = || item.extend(plain.items[rows.clone()].iter().map(|&id| items.row_of_number(id)));
        if rows.len() < LEAST_PARALLEL {
            take_users();
            take_items();
        } else {
            rayon::join(take_users, take_items);
        }
        self.events.behaviour.extend_from_slice(kinds);
        if self.has_times {
            self.events.time_secs.extend_from_slice(secs);
        }
        self.lines.extend(rows.clone().map(|row| batch.line(row) as u32));
        if self.has_visits || self.has_positions {
            for row in rows {
                self.push_visit_and_position(&batch.row(row));
            }
        }
    }
}

/// Columns of a batch of Parquet whose ids and times are whole numbers and of which none has a gap.
struct Plain<'a> {
    users: &'a [i64],
    items: &'a [i64],
    /// `None` where each event is a click.
    names: Option<&'a StringChunked>,
    times: Times<'a>,
}

enum Times<'a> {
    None,
    Numbers(&'a [i64]),
    Micros(&'a [i64]),
}

impl Plain<'_> {
    /// Behaviours of `rows` as far as they are in `known`, else [`UNSURE`].
    fn kinds(&self, rows: std::ops::Range<usize>, known: &FxHashMap<String, u8>, kinds: &mut Vec<u8>) {
        kinds.clear();
        let Some(names) = self.names else {
            kinds.resize(rows.len(), known.get("click").copied().unwrap_or(UNSURE));
            return;
        };
        let array = names.downcast_as_array();
        if names.null_count() > 0 || array.len() < rows.end {
            kinds.resize(rows.len(), UNSURE);
            return;
        }
        // Few names, often in turn: comparing is quicker than hashing.
        let mut order: Vec<(&[u8], u8)> = known.iter().map(|(name, &kind)| (name.as_bytes(), kind)).collect();
        order.sort_unstable_by_key(|entry| entry.1);
        kinds.extend(rows.map(|row| {
            let name = array.value(row).as_bytes();
            order.iter().find(|entry| entry.0 == name).map_or(UNSURE, |entry| entry.1)
        }));
    }

    /// Times of `rows`, [`NO_TIME`] for what cannot be one.
    fn secs(&self, rows: std::ops::Range<usize>, unit: TimeUnit, latest: i64, secs: &mut Vec<i64>) {
        secs.clear();
        let until = |time: i64| if time <= 0 || time > latest { NO_TIME } else { time };
        match self.times {
            Times::None => secs.resize(rows.len(), 0),
            Times::Numbers(times) => {
                secs.extend(times[rows].iter().map(|&time| unit.secs_of_int(time).map_or(NO_TIME, until)));
            }
            Times::Micros(times) => secs.extend(times[rows].iter().map(|&time| until(time.div_euclid(1_000_000)))),
        }
    }
}
