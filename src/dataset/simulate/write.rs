//! The folder: tables, covers, and apart from them what only the simulation can know.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use polars::{
    io::parquet::write::BatchedWriter,
    polars_utils::compression::ZstdLevel,
    prelude::{
        Column, CsvWriter, DataFrame, ParquetCompression, ParquetWriter, PolarsError, SerWriter as _, StatisticsOptions,
    },
};
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::{
    SimulateError, Simulation,
    click::ClickModel,
    covers,
    feed::POLICIES,
    items::{self, Item},
    log::DayLog,
    people::{AGES, GENDERS, REGIONS, User},
    phrases::Pair,
    random::{Stream, seed_of},
    tree::{self, CIRCLES, LEAVES, TOPICS},
    visits::{Act, BEHAVIOURS, Shown},
};
use crate::task::JobContext;

/// Apart from the data set: nothing but the simulation's own evaluation may read it.
const TRUTH: &str = "truth";
const CLICK_MODEL: &str = "click_model.toml";
/// Rows that are gathered before they are written as one group.
const GROUP_ROWS: usize = 1 << 18;
/// The sample has to be small; higher levels gain nothing.
const ZSTD_LEVEL: i32 = 15;

/// Everything that is ever made in the folder.
pub(super) const ENTRIES: [&str; 9] = [
    "dataset.toml",
    "events.parquet",
    "impressions.parquet",
    "items.parquet",
    "users.csv",
    "tags.csv",
    "labels.csv",
    "covers",
    TRUTH,
];

pub(super) fn user_id(row: u32) -> String {
    format!("u{:05}", row + 1)
}

pub(super) fn item_id(row: u32) -> String {
    format!("i{:05}", row + 1)
}

/// A table's file that remembers why it could not be written: polars tells that as a fault of the format.
struct Output {
    file: File,
    fault: Fault,
}

/// The system's own words for what went wrong.
type Fault = Arc<Mutex<Option<String>>>;

impl Output {
    fn create(path: &Path) -> Result<(Self, Fault), SimulateError> {
        let file = File::create(path).map_err(|error| SimulateError::write(path, &error))?;
        let fault = Fault::default();
        Ok((Self { file, fault: fault.clone() }, fault))
    }

    fn remember<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
        {
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        }
        result
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        self.remember(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.remember(flushed)
    }
}

fn table_failed(path: &Path, fault: &Fault, error: &PolarsError) -> SimulateError {
    let fault = fault.lock().unwrap_or_else(PoisonError::into_inner).take();
    SimulateError::write(path, &fault.unwrap_or_else(|| error.to_string()))
}

macro_rules! frame {
    ($path:expr, $($name:expr => $values:expr),+ $(,)?) => {
        DataFrame::new_infer_height(vec![$(Column::new($name.into(), $values)),+])
            .map_err(|error| SimulateError::write($path, &error))
    };
}

/// A Parquet table that grows group by group.
struct Parquet {
    path: PathBuf,
    fault: Fault,
    writer: Option<BatchedWriter<Output>>,
}

impl Parquet {
    fn new(path: PathBuf) -> Self {
        Self { path, fault: Fault::default(), writer: None }
    }

    fn write(&mut self, mut frame: DataFrame) -> Result<(), SimulateError> {
        if self.writer.is_none() {
            let (output, fault) = Output::create(&self.path)?;
            self.fault = fault;
            let fail = |error| table_failed(&self.path, &self.fault, &error);
            let level = ZstdLevel::try_new(ZSTD_LEVEL).map_err(fail)?;
            let writer = ParquetWriter::new(output)
                .with_compression(ParquetCompression::Zstd(Some(level)))
                .with_statistics(StatisticsOptions::default())
                .batched(frame.schema())
                .map_err(fail)?;
            self.writer = Some(writer);
        }
        frame.rechunk_mut();
        let written = self.writer.as_mut().map_or(Ok(()), |writer| writer.write_batch(&frame));
        written.map_err(|error| table_failed(&self.path, &self.fault, &error))
    }

    fn finish(self) -> Result<(), SimulateError> {
        let finished = self.writer.map_or(Ok(0), |writer| writer.finish());
        finished.map(drop).map_err(|error| table_failed(&self.path, &self.fault, &error))
    }

    fn whole(path: PathBuf, frame: DataFrame) -> Result<(), SimulateError> {
        let mut table = Self::new(path);
        table.write(frame)?;
        table.finish()
    }
}

fn csv(path: &Path, mut frame: DataFrame) -> Result<(), SimulateError> {
    let (output, fault) = Output::create(path)?;
    CsvWriter::new(output).finish(&mut frame).map_err(|error| table_failed(path, &fault, &error))
}

/// The log, written while it comes into being.
pub(super) struct LogTables {
    events: Parquet,
    impressions: Parquet,
    misclicks: Parquet,
    acts: Vec<Act>,
    shown: Vec<(u32, Shown)>,
}

impl LogTables {
    pub(super) fn new(out: &Path) -> Result<Self, SimulateError> {
        let truth = out.join(TRUTH);
        fs::create_dir_all(&truth).map_err(|error| SimulateError::write(&truth, &error))?;
        Ok(Self {
            events: Parquet::new(out.join("events.parquet")),
            impressions: Parquet::new(out.join("impressions.parquet")),
            misclicks: Parquet::new(truth.join("events.parquet")),
            acts: Vec::new(),
            shown: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, day: DayLog) -> Result<(), SimulateError> {
        self.acts.extend(day.acts);
        self.shown.extend(day.shown);
        if self.acts.len() >= GROUP_ROWS {
            self.write_acts()?;
        }
        if self.shown.len() >= GROUP_ROWS {
            self.write_shown()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), SimulateError> {
        self.write_acts()?;
        self.write_shown()?;
        self.events.finish()?;
        self.impressions.finish()?;
        self.misclicks.finish()
    }

    fn write_acts(&mut self) -> Result<(), SimulateError> {
        let acts = std::mem::take(&mut self.acts);
        let frame = frame!(&self.events.path,
            "user_id" => acts.iter().map(|act| user_id(act.user)).collect::<Vec<_>>(),
            "item_id" => acts.iter().map(|act| item_id(act.item)).collect::<Vec<_>>(),
            "behaviour" => acts.iter().map(|act| BEHAVIOURS[usize::from(act.behaviour)]).collect::<Vec<_>>(),
            "timestamp" => acts.iter().map(|act| act.secs).collect::<Vec<_>>(),
            "visit_id" => acts.iter().map(|act| act.visit.map(|visit| i64::from(visit.0))).collect::<Vec<_>>(),
            "position" => acts.iter().map(|act| act.visit.map(|visit| i32::from(visit.1))).collect::<Vec<_>>(),
        )?;
        self.events.write(frame)?;
        let marks: Vec<bool> = acts.iter().map(|act| act.is_misclick).collect();
        let frame = frame!(&self.misclicks.path, "is_misclick" => marks)?;
        self.misclicks.write(frame)
    }

    fn write_shown(&mut self) -> Result<(), SimulateError> {
        let shown = std::mem::take(&mut self.shown);
        let frame = frame!(&self.impressions.path,
            "user_id" => shown.iter().map(|(user, _)| user_id(*user)).collect::<Vec<_>>(),
            "item_id" => shown.iter().map(|(_, shown)| item_id(shown.item)).collect::<Vec<_>>(),
            "timestamp" => shown.iter().map(|(_, shown)| shown.secs).collect::<Vec<_>>(),
            "visit_id" => shown.iter().map(|(_, shown)| i64::from(shown.visit)).collect::<Vec<_>>(),
            "position" => shown.iter().map(|(_, shown)| i32::from(shown.position)).collect::<Vec<_>>(),
            "clicked" => shown.iter().map(|(_, shown)| shown.is_clicked).collect::<Vec<_>>(),
            "policy" => shown.iter().map(|(_, shown)| POLICIES[usize::from(shown.policy)]).collect::<Vec<_>>(),
        )?;
        self.impressions.write(frame)
    }
}

/// Draws every item's cover; gives the boxes of the main objects, `None` where nothing could be drawn.
pub(super) fn covers(
    out: &Path,
    simulation: &Simulation,
    items: &[Item],
    ctx: &JobContext,
) -> Result<Vec<Option<[u32; 4]>>, SimulateError> {
    let wanted = simulation.covers.unwrap_or(items.len()).min(items.len());
    ctx.stage("Drawing covers", wanted as u64, "covers");
    let folder = out.join("covers");
    fs::create_dir_all(&folder).map_err(|error| SimulateError::write(&folder, &error))?;
    (0..items.len())
        .into_par_iter()
        .map(|row| {
            ctx.check()?;
            if (row + 1) * wanted / items.len() == row * wanted / items.len() {
                return Ok(None);
            }
            let seed = seed_of(simulation.seed, Stream::Cover, row as u64);
            let Some(cover) = covers::draw(usize::from(items[row].leaf), seed) else { return Ok(None) };
            let path = folder.join(cover_name(row));
            fs::write(&path, &cover.jpeg).map_err(|error| SimulateError::write(&path, &error))?;
            ctx.advance(1);
            Ok(Some(cover.object))
        })
        .collect()
}

fn cover_name(row: usize) -> String {
    format!("{}.jpg", item_id(row as u32))
}

fn joined(values: impl Iterator<Item = Pair>) -> String {
    values.map(|(chinese, _)| chinese).collect::<Vec<_>>().join("|")
}

/// Items, users, tags and names; last `dataset.toml`, so that a folder that has it is whole.
pub(super) fn tables(
    out: &Path,
    simulation: &Simulation,
    users: &[User],
    items: &[Item],
    boxes: &[Option<[u32; 4]>],
) -> Result<(), SimulateError> {
    let words = items::words(items, simulation.seed);
    let path = out.join("items.parquet");
    let frame = frame!(&path,
        "item_id" => (0..items.len() as u32).map(item_id).collect::<Vec<_>>(),
        "title" => words.iter().map(|words| words.title.as_str()).collect::<Vec<_>>(),
        "title_en" => words.iter().map(|words| words.title_en.as_str()).collect::<Vec<_>>(),
        "text" => words.iter().map(|words| words.text.as_str()).collect::<Vec<_>>(),
        "text_en" => words.iter().map(|words| words.text_en.as_str()).collect::<Vec<_>>(),
        "circle" => items.iter().map(|item| tree::circle(usize::from(item.circle)).0).collect::<Vec<_>>(),
        "topics" => items
            .iter()
            .map(|item| joined(item.topics.iter().map(|&topic| tree::topic(usize::from(topic)))))
            .collect::<Vec<_>>(),
        "tags" => items.iter().map(|item| tree::leaf(usize::from(item.leaf)).name.0).collect::<Vec<_>>(),
        "cover" => (0..items.len()).map(|row| boxes[row].map(|_| cover_name(row))).collect::<Vec<_>>(),
        "author_id" => items.iter().map(|item| user_id(item.author)).collect::<Vec<_>>(),
        "published_at" => items.iter().map(|item| item.published_secs).collect::<Vec<_>>(),
    )?;
    Parquet::whole(path, frame)?;

    let path = out.join("users.csv");
    let frame = frame!(&path,
        "user_id" => (0..users.len() as u32).map(user_id).collect::<Vec<_>>(),
        "age" => users.iter().map(|user| AGES[user.age]).collect::<Vec<_>>(),
        "gender" => users.iter().map(|user| GENDERS[user.gender].0).collect::<Vec<_>>(),
        "region" => users.iter().map(|user| REGIONS[user.region].0).collect::<Vec<_>>(),
    )?;
    csv(&path, frame)?;

    let path = out.join("tags.csv");
    let frame = frame!(&path,
        "leaf" => (0..LEAVES).map(|leaf| tree::leaf(leaf).name.0).collect::<Vec<_>>(),
        "level2" => (0..LEAVES).map(|leaf| tree::level2(leaf).name.0).collect::<Vec<_>>(),
        "level1" => (0..LEAVES).map(|leaf| tree::level1(leaf).name.0).collect::<Vec<_>>(),
    )?;
    csv(&path, frame)?;

    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for leaf in 0..LEAVES {
        names.extend([tree::leaf(leaf).name, tree::level2(leaf).name, tree::level1(leaf).name]);
    }
    names.extend((0..CIRCLES).map(tree::circle).chain((0..TOPICS).map(tree::topic)).chain(GENDERS));
    names.extend(REGIONS.map(|region| (region.0, region.1)));
    let path = out.join("labels.csv");
    let frame = frame!(&path,
        "value" => names.keys().copied().collect::<Vec<_>>(),
        "en" => names.values().copied().collect::<Vec<_>>(),
    )?;
    csv(&path, frame)?;

    let weights: String =
        BEHAVIOURS.iter().map(|name| format!("{name} = {}.0\n", u8::from(*name != "publish"))).collect();
    let text = format!(
        "{}\n\
         name = \"Sample community\"\n\n[behaviours]\n{weights}",
        simulation.headline()
    );
    let path = out.join("dataset.toml");
    fs::write(&path, text).map_err(|error| SimulateError::write(&path, &error))
}

/// Tastes, qualities, boxes of the covers' objects, and the click model.
pub(super) fn truth(
    out: &Path,
    model: &ClickModel,
    users: &[User],
    items: &[Item],
    boxes: &[Option<[u32; 4]>],
) -> Result<(), SimulateError> {
    let folder = out.join(TRUTH);
    let path = folder.join("users.parquet");
    let style = |style: usize| users.iter().map(|user| user.style[style] as f32).collect::<Vec<_>>();
    let frame = frame!(&path,
        "user_id" => (0..users.len() as u32).map(user_id).collect::<Vec<_>>(),
        "joined_at" => users.iter().map(|user| user.joined_secs).collect::<Vec<_>>(),
        "visits_per_day" => users.iter().map(|user| user.visits_per_day as f32).collect::<Vec<_>>(),
        "patience" => users.iter().map(|user| user.patience as f32).collect::<Vec<_>>(),
        "drift" => users.iter().map(|user| user.drift as f32).collect::<Vec<_>>(),
        "circles" => users
            .iter()
            .map(|user| joined(user.circles.iter().map(|&circle| tree::circle(usize::from(circle)))))
            .collect::<Vec<_>>(),
        "style_minimal" => style(0),
        "style_vintage" => style(1),
        "style_soft" => style(2),
        "style_playful" => style(3),
        "style_bold" => style(4),
        "style_natural" => style(5),
    )?;
    Parquet::whole(path, frame)?;

    // Parts of 4096 at the begin of the log, and where the taste drifts to.
    let cells: Vec<(usize, usize)> = (0..users.len())
        .flat_map(|user| (0..LEAVES).map(move |leaf| (user, leaf)))
        .filter(|&(user, leaf)| users[user].taste.iter().any(|taste| taste[leaf] > 0))
        .collect();
    let path = folder.join("tastes.parquet");
    let taste = |which: usize| cells.iter().map(move |&(user, leaf)| i32::from(users[user].taste[which][leaf]));
    let frame = frame!(&path,
        "user_id" => cells.iter().map(|&(user, _)| user_id(user as u32)).collect::<Vec<_>>(),
        "leaf" => cells.iter().map(|&(_, leaf)| tree::leaf(leaf).name.0).collect::<Vec<_>>(),
        "begin" => taste(0).collect::<Vec<_>>(),
        "end" => taste(1).collect::<Vec<_>>(),
    )?;
    Parquet::whole(path, frame)?;

    let path = folder.join("items.parquet");
    let side = |side: usize| boxes.iter().map(|object| object.map(|object| object[side] as i32)).collect::<Vec<_>>();
    let frame = frame!(&path,
        "item_id" => (0..items.len() as u32).map(item_id).collect::<Vec<_>>(),
        "style" => items.iter().map(|item| i32::from(item.style)).collect::<Vec<_>>(),
        "quality" => items.iter().map(|item| item.quality as f32).collect::<Vec<_>>(),
        "lifetime_days" => items.iter().map(|item| item.lifetime_days as f32).collect::<Vec<_>>(),
        "object_left" => side(0),
        "object_top" => side(1),
        "object_right" => side(2),
        "object_bottom" => side(3),
    )?;
    Parquet::whole(path, frame)?;

    let path = folder.join(CLICK_MODEL);
    let text = toml::to_string(model).map_err(|error| SimulateError::write(&path, &error))?;
    fs::write(&path, text).map_err(|error| SimulateError::write(&path, &error))
}

/// The click model that is written down in `folder`, if there is one.
pub(super) fn click_model_text(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join(TRUTH).join(CLICK_MODEL)).ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_once_and_as_such() {
        let path = PathBuf::from("/dev/full");
        let frame = || frame!(&path, "item_id" => (0..10_000u32).map(item_id).collect::<Vec<_>>());
        for written in
            [frame().and_then(|frame| Parquet::whole(path.clone(), frame)), frame().and_then(|frame| csv(&path, frame))]
        {
            let told = written.map_err(|error| format!("{:#}", anyhow::Error::from(error)));
            let told = told.expect_err("a full disk takes nothing");
            assert_eq!(told.matches("No space left").count(), 1, "{told}");
            assert!(told.ends_with(": /dev/full") && !told.contains("specification"), "{told}");
        }
    }
}
