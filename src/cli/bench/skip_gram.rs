//! Items per second of the skip-gram kernel, at the settings of gensim's Word2Vec.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use npyz::WriterBuilder as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde_json::json;

use crate::{
    dataset::Ids,
    models::skip_gram::{Sessions, SkipGram, SkipGramSettings},
    task::{JobContext, Series},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope bench skip-gram --json
  recallscope bench skip-gram --write-sessions sessions.txt    # the same sessions for another tool
  recallscope bench skip-gram sessions.txt --threads 2 --out vectors.npy --json")]
pub struct SkipGramBench {
    /// One session a line, item ids separated by blanks; without it a made-up set of 40,000 sessions
    pub sessions: Option<PathBuf>,
    #[arg(long, default_value_t = 64)]
    pub dim: usize,
    #[arg(long, default_value_t = 5)]
    pub epochs: usize,
    /// Positions to each side; 0 for the whole session
    #[arg(long, default_value_t = 10)]
    pub window: usize,
    /// Negatives a positive pair
    #[arg(long, default_value_t = 5)]
    pub negative: usize,
    /// Contexts of one centre that share their negatives
    #[arg(long, default_value_t = 1)]
    pub share_negatives: usize,
    /// 0 for all cores
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// Write the input vectors here (.npy), and their ids beside it (.npy.ids.txt)
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write the sessions here as text
    #[arg(long)]
    pub write_sessions: Option<PathBuf>,
    /// Print JSON on standard output
    #[arg(long)]
    pub json: bool,
}

pub fn run(bench: &SkipGramBench) -> Result<serde_json::Value> {
    if bench.dim == 0 || bench.epochs == 0 {
        bail!("--dim and --epochs have to be at least 1");
    }
    let (sessions, ids) = match &bench.sessions {
        Some(path) => read_sessions(path)?,
        None => made_up_sessions(),
    };
    if ids.is_empty() {
        bail!("there is no item in the sessions: give a file with one session a line, item ids separated by blanks");
    }
    if let Some(path) = &bench.write_sessions {
        write_sessions(path, &sessions, &ids)
            .with_context(|| format!("cannot write sessions to {}", path.display()))?;
    }
    let settings = SkipGramSettings {
        dim: bench.dim,
        epochs: bench.epochs,
        window: bench.window,
        negatives: bench.negative,
        share_negatives: bench.share_negatives,
        threads: bench.threads,
        seed: bench.seed,
        ..SkipGramSettings::default()
    };
    let ctx = JobContext::default();
    let start = Instant::now();
    let vectors = SkipGram::train(&sessions, ids.len(), &settings, &ctx)?;
    let train_secs = start.elapsed().as_secs_f64();
    if let Some(path) = &bench.out {
        write_vectors(path, &vectors.rows, bench.dim, &ids)
            .with_context(|| format!("cannot write vectors to {}", path.display()))?;
    }
    let items = sessions.items.len();
    Ok(json!({
        "tool": "recallscope",
        "items": items,
        "epochs": bench.epochs,
        "train_secs": train_secs,
        "items_per_sec": (items * bench.epochs) as f64 / train_secs,
        "sessions": sessions.len(),
        "distinct_items": ids.len(),
        "loss": ctx.progress().0.curves.of(Series::Loss).last().map(|point| point.1),
        "settings": settings,
    }))
}

fn read_sessions(path: &Path) -> Result<(Sessions, Ids)> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read sessions from {}", path.display()))?;
    let (mut sessions, mut ids) = (Sessions::default(), Ids::default());
    for line in text.lines() {
        sessions.push(line.split_whitespace().map(|id| ids.row_or_insert(id)));
    }
    Ok((sessions, ids))
}

/// 40,000 sessions of about 25 of 20,000 items. Items form 200 groups; a session draws half of its items from one group,
/// three tenths from a second one and the rest from all, few items often and most seldom. The same at every call.
fn made_up_sessions() -> (Sessions, Ids) {
    const SESSIONS: usize = 40_000;
    const GROUPS: u32 = 200;
    const GROUP_SIZE: u32 = 100;
    let mut random = Pcg64Mcg::seed_from_u64(2016);
    let (mut sessions, mut ids) = (Sessions::default(), Ids::default());
    for _ in 0..SESSIONS {
        let groups = [random.random_range(0..GROUPS), random.random_range(0..GROUPS)];
        let length = random.random_range(10..=40);
        let items: Vec<u32> = (0..length)
            .map(|_| {
                let group = match random.random::<f32>() {
                    share if share < 0.5 => groups[0],
                    share if share < 0.8 => groups[1],
                    _ => random.random_range(0..GROUPS),
                };
                let within = (random.random::<f64>().powi(3) * f64::from(GROUP_SIZE)) as u32;
                ids.row_or_insert(&(group * GROUP_SIZE + within).to_string())
            })
            .collect();
        sessions.push(items);
    }
    (sessions, ids)
}

fn write_sessions(path: &Path, sessions: &Sessions, ids: &Ids) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for session in 0..sessions.len() {
        let line: Vec<&str> = sessions.of(session).iter().map(|&item| ids.name(item)).collect();
        writeln!(out, "{}", line.join(" "))?;
    }
    Ok(out.flush()?)
}

fn write_vectors(path: &Path, rows: &[f32], dim: usize, ids: &Ids) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let shape = [ids.len() as u64, dim as u64];
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut out).begin_nd()?;
    writer.extend(rows.iter().copied())?;
    writer.finish()?;
    out.flush()?;
    let mut ids_path = path.as_os_str().to_owned();
    ids_path.push(".ids.txt");
    Ok(std::fs::write(&ids_path, ids.iter().collect::<Vec<_>>().join("\n"))?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bench(sessions: Option<PathBuf>) -> SkipGramBench {
        SkipGramBench {
            sessions,
            dim: 8,
            epochs: 2,
            window: 10,
            negative: 5,
            share_negatives: 1,
            threads: 1,
            seed: 42,
            out: None,
            write_sessions: None,
            json: true,
        }
    }

    #[test]
    fn sessions_go_in_and_vectors_come_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.txt");
        std::fs::write(&path, "a b c\n\nb  d\n").unwrap();
        let out = folder.path().join("vectors.npy");
        let again = folder.path().join("again.txt");
        let bench = SkipGramBench { out: Some(out.clone()), write_sessions: Some(again.clone()), ..bench(Some(path)) };
        let figures = run(&bench).unwrap();
        assert_eq!(
            (&figures["items"], &figures["epochs"], &figures["distinct_items"]),
            (&json!(5), &json!(2), &json!(4))
        );
        assert!(figures["items_per_sec"].as_f64().unwrap() > 0.0);
        let vectors = npyz::NpyFile::new(File::open(&out).unwrap()).unwrap();
        assert_eq!(vectors.shape(), [4, 8]);
        assert!(vectors.into_vec::<f32>().unwrap().iter().all(|value| value.is_finite()));
        assert_eq!(std::fs::read_to_string(folder.path().join("vectors.npy.ids.txt")).unwrap(), "a\nb\nc\nd");
        assert_eq!(std::fs::read_to_string(again).unwrap(), "a b c\n\nb d\n");
    }

    #[test]
    fn the_made_up_sessions_are_always_the_same() {
        let (sessions, ids) = made_up_sessions();
        assert_eq!(sessions.len(), 40_000);
        assert!((950_000..1_050_000).contains(&sessions.items.len()));
        assert!((19_000..=20_000).contains(&ids.len()));
        assert_eq!(sessions, made_up_sessions().0);
    }

    #[test]
    fn bad_input_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.txt");
        std::fs::write(&empty, "\n").unwrap();
        assert!(run(&bench(Some(empty))).unwrap_err().to_string().contains("one session a line"));
        assert!(run(&bench(Some(folder.path().join("none")))).unwrap_err().to_string().starts_with("cannot read"));
    }
}
