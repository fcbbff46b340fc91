//! `recallscope bench graph`.

use std::{
    fs::{self, File},
    path::Path,
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use polars::prelude::{
    DataFrame, Engine, LazyFrame, NamedFrom as _, ParquetWriter, PlRefPath, ScanArgsParquet, Series, col, len,
};
use rand::{RngExt as _, SeedableRng as _, seq::SliceRandom as _};
use rand_distr::Zipf;
use rand_pcg::Pcg64;
use serde_json::{Value, json};

use crate::{
    dataset::{
        read,
        split::{SplitKind, SplitSettings, split},
    },
    graph::user_item_graph,
    task::JobContext,
};

const KINDS: [&str; 4] = ["click", "like", "comment", "favorite"];
/// 2024-01-01, and how long the log lasts.
const START_SECS: i64 = 1_704_067_200;
const LENGTH_SECS: i64 = 30 * 86_400;
/// Rows written at a time, and rows of a row group (what polars takes by itself).
const PIECE_ROWS: usize = 4 * 262_144;
const GROUP_ROWS: usize = 262_144;

#[derive(Debug, clap::Args)]
pub struct GraphBench {
    /// Events of the log that is made
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u32).range(1_000..=1_000_000_000))]
    events: u32,
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    users: u32,
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    items: u32,
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// How often each side is measured, in turn; the best counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Print JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// Both sides start from the same Parquet file with whole numbers as ids. Ours reads it as any data set (all checks,
/// the report, the fingerprint), splits it and builds the graph; polars reads the two columns of ids and counts.
pub fn run(bench: &GraphBench) -> Result<Value> {
    let folder = tempfile::tempdir().context("cannot make a folder for the log")?;
    let file = folder.path().join("events.parquet");
    write_log(bench, &file)?;
    let file_bytes = fs::metadata(&file)?.len();

    let forgets_peak = forget_peak_memory();
    let (mut best, mut cpu) = ([f64::INFINITY; 3], [f64::INFINITY; 3]);
    let (mut read_secs, mut graph_secs) = (0.0, 0.0);
    let (mut edges, mut kept, mut peak_memory_bytes) = (0, 0, None);
    for round in 0..bench.rounds {
        let before = cpu_secs();
        let ours = measure_ours(folder.path())?;
        cpu[0] = cpu[0].min(cpu_secs() - before);
        if ours.read_secs + ours.graph_secs < best[0] {
            best[0] = ours.read_secs + ours.graph_secs;
            (read_secs, graph_secs) = (ours.read_secs, ours.graph_secs);
        }
        (edges, kept) = (ours.edges, ours.events);
        if round == 0 && forgets_peak {
            peak_memory_bytes = peak_memory();
        }
        for (side, engine) in [(1, Engine::InMemory), (2, Engine::Streaming)] {
            let before = cpu_secs();
            let (secs, pairs) = measure_polars(&file, engine)?;
            cpu[side] = cpu[side].min(cpu_secs() - before);
            best[side] = best[side].min(secs);
            ensure!(pairs == edges, "polars counts {pairs} pairs, the graph has {edges} edges");
        }
    }
    let polars_secs = best[1].min(best[2]);
    Ok(json!({
        "events": bench.events,
        "events_kept": kept,
        "users": bench.users,
        "items": bench.items,
        "edges": edges,
        "ids": "integers",
        "order": "by time",
        "file_bytes": file_bytes,
        "threads": rayon::current_num_threads(),
        "rounds": bench.rounds,
        "read_secs": read_secs,
        "graph_secs": graph_secs,
        "ours_secs": best[0],
        "polars_in_memory_secs": best[1],
        "polars_streaming_secs": best[2],
        "polars_read_and_count_secs": polars_secs,
        "ratio_to_read_and_count": best[0] / polars_secs,
        // Busy machines lengthen the times above, these hardly; null where the system does not tell.
        "ours_cpu_secs": cpu[0],
        "polars_in_memory_cpu_secs": cpu[1],
        "polars_streaming_cpu_secs": cpu[2],
        "cpu_ratio_to_read_and_count": cpu[0] / cpu[1].min(cpu[2]),
        "column_bytes": kept * 17,
        "peak_memory_bytes": peak_memory_bytes,
    }))
}

struct Ours {
    read_secs: f64,
    /// Split and graph.
    graph_secs: f64,
    events: usize,
    edges: usize,
}

fn measure_ours(folder: &Path) -> Result<Ours> {
    let ctx = JobContext::default();
    let start = Instant::now();
    let dataset = read::load(folder, None, None, &ctx)?;
    let read_secs = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let settings = SplitSettings {
        kind: SplitKind::Temporal,
        reference_time_secs: Some(START_SECS + LENGTH_SECS),
        window_days: None,
        seed: 0,
    };
    let parts = split(&dataset, &settings)?;
    let graph = user_item_graph(&dataset, &parts.window, &ctx)?;
    let graph_secs = start.elapsed().as_secs_f64();
    ensure!(parts.window.len() == dataset.events.len(), "the window has to hold every event");
    Ok(Ours { read_secs, graph_secs, events: dataset.events.len(), edges: graph.edge_count() })
}

fn measure_polars(file: &Path, engine: Engine) -> Result<(f64, usize)> {
    let start = Instant::now();
    let frame = LazyFrame::scan_parquet(PlRefPath::try_from_path(file)?, ScanArgsParquet::default())?
        .group_by([col("user_id"), col("item_id")])
        .agg([len()])
        .collect_with_engine(engine)?
        .unwrap_single();
    Ok((start.elapsed().as_secs_f64(), frame.height()))
}

/// A log in order of time with few users who do much and few items that are taken often.
fn write_log(bench: &GraphBench, path: &Path) -> Result<()> {
    let mut random = Pcg64::seed_from_u64(bench.seed);
    let mut numbers = |count: u32| {
        let mut numbers: Vec<i64> = (1..=i64::from(count)).collect();
        numbers.shuffle(&mut random);
        numbers
    };
    let (users, items) = (numbers(bench.users), numbers(bench.items));
    let activity = Zipf::new(users.len() as f64, 0.7)?;
    let popularity = Zipf::new(items.len() as f64, 0.9)?;
    let file = File::create(path).with_context(|| format!("cannot write the log: {}", path.display()))?;
    let mut file = Some(file);
    let mut writer = None;
    let events = bench.events as usize;
    let mut from = 0;
    while from < events {
        let to = events.min(from + PIECE_ROWS);
        let mut draw = |ids: &[i64], law: &Zipf<f64>| -> Vec<i64> {
            (from..to).map(|_| ids[random.sample(law) as usize - 1]).collect()
        };
        let (user, item) = (draw(&users, &activity), draw(&items, &popularity));
        let kinds: Vec<&str> = (from..to)
            .map(|_| match random.random_range(0..100) {
                0..80 => KINDS[0],
                80..92 => KINDS[1],
                92..96 => KINDS[2],
                _ => KINDS[3],
            })
            .collect();
        let times: Vec<i64> = (from..to).map(|row| START_SECS + (row as i64 * LENGTH_SECS) / events as i64).collect();
        let frame = DataFrame::new_infer_height(vec![
            Series::new("user_id".into(), user).into(),
            Series::new("item_id".into(), item).into(),
            Series::new("behaviour".into(), kinds).into(),
            Series::new("timestamp".into(), times).into(),
        ])?;
        if let Some(file) = file.take() {
            writer = Some(ParquetWriter::new(file).batched(frame.schema())?);
        }
        if let Some(writer) = &mut writer {
            for first in (0..frame.height()).step_by(GROUP_ROWS) {
                writer.write_batch(&frame.slice(first as i64, GROUP_ROWS))?;
            }
        }
        from = to;
    }
    if let Some(writer) = writer {
        writer.finish()?;
    }
    Ok(())
}

/// Lets the kernel count the peak anew (Linux); `false` where that is not offered.
fn forget_peak_memory() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// Most memory that was resident since then.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}

/// Processor time of this process so far (Linux, to a hundredth of a second); NaN elsewhere.
fn cpu_secs() -> f64 {
    let read = || -> Option<f64> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // Behind the name, which may hold blanks: user and system time are the 12th and 13th field.
        let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        Some((ticks()? + ticks()?) as f64 / 100.0)
    };
    read().unwrap_or(f64::NAN)
}
