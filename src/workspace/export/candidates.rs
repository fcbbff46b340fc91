//! Candidates for a ranking model: what a run recalls for every user, which lanes found it, and what was known of user
//! and item when the training part ended.

use std::{io, path::Path};

use polars::prelude::{
    Column, CsvWriter, DataFrame, IntoColumn as _, IntoSeries as _, ListBuilderTrait as _, ListStringChunkedBuilder,
    NamedFrom, ParquetWriter, PolarsResult, SerWriter as _, Series,
};
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{TableFormat, as_io};
use crate::{
    dataset::{Attribute, Dataset, NO_TIME, NONE, split::Split},
    evaluate::Bands,
    recall::{Lane, Trigger, Triggers},
    task::JobContext,
    workspace::{WorkspaceError, artifacts::write_atomically},
};

/// Users whose candidates are held in memory at once, and stand in one row group.
const CHUNK: usize = 512;
const DAY_SECS: f64 = 86_400.0;

/// What candidates are made from. Everything but `labels` is known at the end of the training part.
pub struct CandidateSource<'a> {
    pub dataset: &'a Dataset,
    pub split: &'a Split,
    pub lane: &'a dyn Lane,
    /// Candidates a user.
    pub k: usize,
    /// Adds `taken_later`, from the test part: what a ranking model is trained or judged on, and never a feature.
    pub labels: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CandidatesWritten {
    pub rows: u64,
    /// Users with any candidate.
    pub users: usize,
    pub columns: usize,
}

/// One line: a user and an item that was recalled for him.
struct Candidate {
    user: u32,
    item: u32,
    rank: u32,
    score: f32,
    /// Per lane: its own rank and score.
    found: Vec<Option<(u32, f32)>>,
    tag_share: Option<f32>,
    circle_share: Option<f32>,
    author_share: Option<f32>,
}

/// Writes the table whole or not at all.
///
/// Columns: `user_id`, `item_id`, `rank` (from 1), `score`, `lanes` (those that found it); for each lane `rank_LANE`
/// and `score_LANE`, empty where it did not; `user_…` and `item_…` for every attribute (lists in Parquet where a node
/// may have several, in CSV joined by `|`); `user_count`, `item_count` (training interactions), `item_window_count`
/// (those in the window), `user_band`, `item_band`; `item_age_days`, `user_idle_days` at the reference time, empty
/// where there is none; `tag_share`, `circle_share`, `author_share`: the share of the user's training interactions
/// that were with the item's most taken tag, its circle or its author.
///
/// A cancelled job leaves nothing behind; ask `ctx` before the error is told.
pub fn write_candidates(
    path: &Path,
    format: TableFormat,
    source: &CandidateSource<'_>,
    ctx: &JobContext,
) -> Result<CandidatesWritten, WorkspaceError> {
    let lanes = lane_names(source.lane);
    let known = Known::of(source);
    let users: Vec<u32> = (0..source.dataset.user_count() as u32).collect();
    ctx.stage("Writing candidates", users.len() as u64, "users");
    let mut written = CandidatesWritten::default();
    let mut frames = |chunk: &[u32]| -> io::Result<DataFrame> {
        let cancelled = |_| io::Error::other("cancelled");
        let of_users: Vec<Vec<Candidate>> = chunk
            .par_iter()
            .map(|&user| {
                ctx.check().map_err(cancelled)?;
                ctx.advance(1);
                Ok(known.candidates(source, user, lanes.len()))
            })
            .collect::<io::Result<_>>()?;
        written.users += of_users.iter().filter(|own| !own.is_empty()).count();
        let rows: Vec<Candidate> = of_users.into_iter().flatten().collect();
        written.rows += rows.len() as u64;
        let frame = known.frame(source, &lanes, &rows, format).map_err(as_io)?;
        written.columns = frame.width();
        Ok(frame)
    };
    // The first chunk, even of nobody, tells the types.
    let (first, rest) = users.split_at(users.len().min(CHUNK));
    write_atomically(path, |out| {
        let mut frame = frames(first)?;
        match format {
            TableFormat::Parquet => {
                let mut writer = ParquetWriter::new(out).batched(frame.schema()).map_err(as_io)?;
                writer.write_batch(&frame).map_err(as_io)?;
                for chunk in rest.chunks(CHUNK) {
                    writer.write_batch(&frames(chunk)?).map_err(as_io)?;
                }
                writer.finish().map(drop).map_err(as_io)
            }
            TableFormat::Csv => {
                CsvWriter::new(&mut *out).finish(&mut frame).map_err(as_io)?;
                for chunk in rest.chunks(CHUNK) {
                    CsvWriter::new(&mut *out).include_header(false).finish(&mut frames(chunk)?).map_err(as_io)?;
                }
                Ok(())
            }
        }
    })?;
    Ok(written)
}

/// The lane's own name, or those of its parts; the second of one kind is `hot_2`.
pub fn lane_names(lane: &dyn Lane) -> Vec<String> {
    let Some(mix) = lane.mix() else { return vec![lane.kind().name().to_owned()] };
    let mut names: Vec<String> = Vec::new();
    for part in mix.parts() {
        let kind = part.lane.kind().name();
        let nth = names.iter().filter(|name| name.split('_').next() == Some(kind)).count();
        names.push(if nth == 0 { kind.to_owned() } else { format!("{kind}_{}", nth + 1) });
    }
    names
}

/// What is known at the end of the training part.
struct Known {
    triggers: Triggers,
    bands: Bands,
    /// `[items]`
    window_count: Vec<u32>,
    /// `[users]`, seconds since 1970.
    last_secs: Vec<Option<i64>>,
    /// Pairs of users and items of the test part; empty unless labels are wanted.
    later: FxHashSet<(u32, u32)>,
}

impl Known {
    fn of(source: &CandidateSource<'_>) -> Self {
        let CandidateSource { dataset, split, labels, .. } = *source;
        let events = &dataset.events;
        let mut window_count = vec![0u32; dataset.item_count()];
        for &row in &split.window {
            window_count[events.item[row as usize] as usize] += 1;
        }
        let mut last_secs = vec![None; dataset.user_count()];
        for &row in split.train.iter().filter(|_| events.has_times()) {
            let last = &mut last_secs[events.user[row as usize] as usize];
            *last = (*last).max(Some(events.time_secs[row as usize]));
        }
        let pair = |&row: &u32| (events.user[row as usize], events.item[row as usize]);
        let later = if labels { split.test.iter().map(pair).collect() } else { FxHashSet::default() };
        let bands = Bands::new(dataset, split);
        Self { triggers: Triggers::new(dataset, split), bands, window_count, last_secs, later }
    }

    fn candidates(&self, source: &CandidateSource<'_>, user: u32, lanes: usize) -> Vec<Candidate> {
        let trigger = self.triggers.of(user);
        let taste = Taste::of(source.dataset, &trigger);
        let with = |place: usize, item: u32, score: f32, found: Vec<Option<(u32, f32)>>| Candidate {
            user,
            item,
            rank: place as u32 + 1,
            score,
            found,
            tag_share: taste.share(&taste.tags, source.dataset.items.tags.of(item)),
            circle_share: taste.share(&taste.circles, source.dataset.items.circle.of(item)),
            author_share: source
                .dataset
                .items
                .author
                .get(item as usize)
                .filter(|&&author| author != NONE)
                .and_then(|&author| taste.share(&taste.authors, &[author])),
        };
        match source.lane.mix() {
            Some(mix) => {
                let mixed = mix.recall_with_lanes(&trigger, source.k).into_iter().enumerate();
                mixed
                    .map(|(place, mixed)| {
                        let mut found = vec![None; lanes];
                        for by in &mixed.found_by {
                            found[by.part] = Some((by.rank as u32 + 1, by.score));
                        }
                        with(place, mixed.item, mixed.score, found)
                    })
                    .collect()
            }
            None => {
                let recalled = source.lane.recall(&trigger, source.k).into_iter().enumerate();
                let own = |place: usize, score: f32| vec![Some((place as u32 + 1, score))];
                recalled.map(|(place, found)| with(place, found.item, found.score, own(place, found.score))).collect()
            }
        }
    }

    fn frame(
        &self,
        source: &CandidateSource<'_>,
        lanes: &[String],
        rows: &[Candidate],
        format: TableFormat,
    ) -> PolarsResult<DataFrame> {
        let CandidateSource { dataset, split, labels, .. } = *source;
        let found_by = |row: &Candidate| -> Vec<&str> {
            lanes.iter().zip(&row.found).filter(|(_, found)| found.is_some()).map(|(lane, _)| lane.as_str()).collect()
        };
        let mut columns = vec![
            texts("user_id", rows.iter().map(|row| Some(dataset.users.ids.name(row.user)))),
            texts("item_id", rows.iter().map(|row| Some(dataset.items.ids.name(row.item)))),
            column("rank", rows.iter().map(|row| row.rank)),
            column("score", rows.iter().map(|row| row.score)),
            lists("lanes", rows.iter().map(found_by), format),
        ];
        for (place, lane) in lanes.iter().enumerate() {
            let rank = rows.iter().map(|row| row.found[place].map(|found| found.0)).collect::<Vec<_>>();
            let score = rows.iter().map(|row| row.found[place].map(|found| found.1)).collect::<Vec<_>>();
            columns.push(Column::new(format!("rank_{lane}").into(), rank));
            columns.push(Column::new(format!("score_{lane}").into(), score));
        }
        for field in &dataset.users.attributes {
            let name = format!("user_{}", field.name);
            columns.push(attribute(&name, field, rows.iter().map(|row| row.user), format));
        }
        let items = &dataset.items;
        for field in [&items.tags, &items.circle, &items.topics].into_iter().chain(&items.attributes) {
            let name = format!("item_{}", field.name);
            columns.push(attribute(&name, field, rows.iter().map(|row| row.item), format));
        }
        let bands = &self.bands;
        let days = |from: i64| {
            let reference = split.reference_time_secs?;
            // What comes out only after the reference time is as new as can be, and does not tell how much later.
            Some((reference.saturating_sub(from).max(0) as f64 / DAY_SECS) as f32)
        };
        let age = |row: &Candidate| {
            items.published_secs.get(row.item as usize).copied().filter(|&secs| secs != NO_TIME).and_then(days)
        };
        columns.extend([
            column("user_count", rows.iter().map(|row| bands.user_count[row.user as usize])),
            column("item_count", rows.iter().map(|row| bands.item_count[row.item as usize])),
            column("item_window_count", rows.iter().map(|row| self.window_count[row.item as usize])),
            texts("user_band", rows.iter().map(|row| Some(bands.user[row.user as usize].name()))),
            texts("item_band", rows.iter().map(|row| Some(bands.item[row.item as usize].name()))),
            column("item_age_days", rows.iter().map(age)),
            column("user_idle_days", rows.iter().map(|row| self.last_secs[row.user as usize].and_then(days))),
            column("tag_share", rows.iter().map(|row| row.tag_share)),
            column("circle_share", rows.iter().map(|row| row.circle_share)),
            column("author_share", rows.iter().map(|row| row.author_share)),
        ]);
        if labels {
            columns.push(column("taken_later", rows.iter().map(|row| self.later.contains(&(row.user, row.item)))));
        }
        DataFrame::new(rows.len(), distinct(columns))
    }
}

/// How often a user took what carries a tag, a circle, an author.
struct Taste {
    interactions: usize,
    tags: FxHashMap<u32, u32>,
    circles: FxHashMap<u32, u32>,
    authors: FxHashMap<u32, u32>,
}

impl Taste {
    fn of(dataset: &Dataset, trigger: &Trigger) -> Self {
        let mut taste = Self {
            interactions: trigger.recent.len(),
            tags: FxHashMap::default(),
            circles: FxHashMap::default(),
            authors: FxHashMap::default(),
        };
        for &(item, _) in &trigger.recent {
            for &tag in dataset.items.tags.of(item) {
                *taste.tags.entry(tag).or_default() += 1;
            }
            for &circle in dataset.items.circle.of(item) {
                *taste.circles.entry(circle).or_default() += 1;
            }
            if let Some(&author) = dataset.items.author.get(item as usize).filter(|&&author| author != NONE) {
                *taste.authors.entry(author).or_default() += 1;
            }
        }
        taste
    }

    /// Of `values` the most taken one's share; `None` where there is no value, or the user took nothing.
    fn share(&self, counts: &FxHashMap<u32, u32>, values: &[u32]) -> Option<f32> {
        let most = values.iter().map(|value| counts.get(value).copied().unwrap_or(0)).max()?;
        (self.interactions > 0).then(|| most as f32 / self.interactions as f32)
    }
}

fn column<T>(name: &str, values: impl Iterator<Item = T>) -> Column
where
    Series: NamedFrom<Vec<T>, [T]>,
{
    Series::new(name.into(), values.collect::<Vec<T>>()).into_column()
}

fn texts<'a>(name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    Column::new(name.into(), values.collect::<Vec<_>>())
}

fn lists<'a>(name: &str, values: impl ExactSizeIterator<Item = Vec<&'a str>>, format: TableFormat) -> Column {
    if format == TableFormat::Csv {
        return Column::new(name.into(), values.map(|values| values.join("|")).collect::<Vec<String>>());
    }
    let mut column = ListStringChunkedBuilder::new(name.into(), values.len(), values.len());
    for values in values {
        column.append_values_iter(values.into_iter());
    }
    column.finish().into_series().into_column()
}

/// A field where no node has two values is text, empty where a node has none.
fn attribute(name: &str, field: &Attribute, nodes: impl ExactSizeIterator<Item = u32>, format: TableFormat) -> Column {
    let is_single = field.offsets.windows(2).all(|two| two[1] - two[0] <= 1);
    if is_single {
        return texts(name, nodes.map(|node| field.texts(node).next()));
    }
    lists(name, nodes.map(|node| field.texts(node).collect()), format)
}

/// A data set may call an attribute like a column of ours (`count`): the later one is numbered.
fn distinct(mut columns: Vec<Column>) -> Vec<Column> {
    let mut taken = FxHashSet::default();
    for column in &mut columns {
        let name = column.name().to_string();
        let mut own = name.clone();
        let mut nth = 1;
        while !taken.insert(own.clone()) {
            nth += 1;
            own = format!("{name}_{nth}");
        }
        if own != name {
            column.rename(own.as_str().into());
        }
    }
    columns
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{fs::File, sync::Arc};

    use polars::prelude::{ParquetReader, SerReader as _};

    use super::*;
    use crate::{
        dataset::{read, split},
        recall::{
            hot::{HotLane, HotSettings},
            mix::{MixBy, MixLane, MixPart},
        },
    };

    /// Twelve users over forty items with a tag and a publishing time each; half of the log is after T.
    fn community(late_events: &str) -> Dataset {
        let folder = tempfile::tempdir().unwrap();
        let start = 1_700_000_000;
        let mut events = String::from("user_id,item_id,timestamp\n");
        for step in 0..400 {
            events += &format!("u{},i{},{}\n", step % 12, (step * 7 + step / 40) % 40, start + step * 1_000);
        }
        events += late_events;
        std::fs::write(folder.path().join("events.csv"), events).unwrap();
        let items: String =
            (0..45).map(|item| format!("i{item},t{}|t{},{}\n", item % 5, 5 + item % 2, start + item * 9_000)).collect();
        std::fs::write(folder.path().join("items.csv"), format!("item_id,tags,publish_time\n{items}")).unwrap();
        let users: String = (0..12).map(|user| format!("u{user},{}\n", ["F", "M"][user % 2])).collect();
        std::fs::write(folder.path().join("users.csv"), format!("user_id,gender\n{users}")).unwrap();
        read::load(folder.path(), None, None, &JobContext::default()).unwrap()
    }

    fn write(dataset: &Dataset, format: TableFormat, labels: bool) -> (tempfile::TempDir, std::path::PathBuf) {
        let settings =
            split::SplitSettings { reference_time_secs: Some(1_700_200_000), ..split::SplitSettings::default() };
        let split = split::split(dataset, &settings).unwrap();
        let lane = |half_life_days| -> Arc<dyn Lane> {
            Arc::new(HotLane::build(dataset, &split, &HotSettings { half_life_days }).unwrap())
        };
        let part = |half_life| MixPart { lane: lane(half_life), share: 1.0 };
        let mix = MixLane::new(vec![part(None), part(Some(0.01))], MixBy::Quota).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("candidates");
        let source = CandidateSource { dataset, split: &split, lane: &mix, k: 10, labels };
        let written = write_candidates(&path, format, &source, &JobContext::default()).unwrap();
        assert!(written.rows > 50 && written.users == 12, "{written:?}");
        (folder, path)
    }

    #[test]
    fn parquet_has_lanes_ranks_and_features() {
        let data = community("");
        let (_folder, path) = write(&data, TableFormat::Parquet, true);
        let frame = ParquetReader::new(File::open(&path).unwrap()).finish().unwrap();
        for name in ["rank_hot", "score_hot_2", "user_gender", "item_tags", "tag_share", "item_age_days", "taken_later"]
        {
            assert!(frame.column(name).is_ok(), "{name} is not among {:?}", frame.get_column_names());
        }
        let ranks: Vec<u32> = frame.column("rank").unwrap().u32().unwrap().into_no_null_iter().take(10).collect();
        assert_eq!(ranks, (1..=10).collect::<Vec<u32>>());
        let either = frame.column("rank_hot").unwrap().null_count() + frame.column("rank_hot_2").unwrap().null_count();
        assert!(either < 2 * frame.height());
        let ages = frame.column("item_age_days").unwrap().f32().unwrap().clone();
        assert!(ages.into_no_null_iter().all(|age| (0.0..=3.0).contains(&age)));
        assert!(frame.column("taken_later").unwrap().bool().unwrap().sum().unwrap() > 0);
    }

    #[test]
    fn nothing_from_after_the_reference_time_changes_a_feature() {
        let late: String =
            (0..200).map(|step| format!("u{},i{},{}\n", step % 12, step % 9, 1_700_390_000 + step)).collect();
        let [before, after] = ["", &late].map(|late| {
            let (_folder, path) = write(&community(late), TableFormat::Csv, false);
            std::fs::read_to_string(path).unwrap()
        });
        assert_eq!(before, after);
        let header = before.lines().next().unwrap();
        assert!(header.starts_with("user_id,item_id,rank,score,lanes,rank_hot,"), "{header}");
        assert!(!header.contains("taken_later"));
        assert!(before.lines().nth(1).unwrap().contains('|'));
    }
}
