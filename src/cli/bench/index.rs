//! `recallscope bench index`: building and searching a vector index.

use std::{
    fs::File,
    hint::black_box,
    io::{BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, anyhow, ensure};
use npyz::WriterBuilder as _;
use rand::{RngExt as _, SeedableRng as _, seq::index::sample};
use rand_distr::StandardNormal;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::{
    cli::console::Console,
    models::Embeddings,
    recall::{
        RecallError, Recalled,
        index::{IndexSettings, VectorIndex, share_found},
    },
    task::JobContext,
};

/// What the sample vectors are made of, when no file is named.
const SAMPLE_VECTORS: usize = 100_000;
const SAMPLE_DIM: usize = 64;
const SAMPLE_CLUSTERS: usize = 200;
const SAMPLE_QUERIES: usize = 2_000;
const SEED: u64 = 42;

/// Rounds of all queries, of which the fastest counts: whatever else the machine does only ever slows one down.
const ROUNDS: usize = 5;

/// Candidates looked at, in percent of the results asked for.
const EFS_PERCENT: [usize; 7] = [100, 125, 150, 200, 300, 400, 800];

/// The recall that a setting has to reach to count.
const ENOUGH_RECALL: f64 = 0.95;

#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  recallscope bench index --json\n  \
    recallscope bench index items.npy --queries users.npy --k 100 --json\n  \
    recallscope bench index --write vectors --json")]
pub struct IndexBench {
    /// A matrix of 32-bit floats, one vector a row; rows of NaN stand for no vector and are left out. Without it,
    /// 100,000 x 64 vectors in clusters
    vectors: Option<PathBuf>,
    /// The vectors to ask with; without it, a sample of the indexed ones
    #[arg(long)]
    queries: Option<PathBuf>,
    /// Results per query
    #[arg(long, default_value_t = 100)]
    k: usize,
    /// Connections of a vector in each layer
    #[arg(long, default_value_t = 16)]
    m: usize,
    /// Candidates looked at while building
    #[arg(long, default_value_t = 200)]
    ef_construction: usize,
    /// Threads that build and search
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Write items.npy and queries.npy, as used, into this folder
    #[arg(long)]
    write: Option<PathBuf>,
    /// Print JSON on one line
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &IndexBench) -> Result<Value> {
    ensure!(args.k > 0, "--k is 0: ask for at least one result");
    ensure!(args.threads > 0, "--threads is 0: at least one has to work");
    let args = args.clone();
    Console::new(args.json).run("bench index", move |ctx| {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build()?;
        threads.install(|| prepare_and_measure(&args, ctx))
    })
}

fn prepare_and_measure(args: &IndexBench, ctx: &JobContext) -> Result<Value> {
    ctx.stage("Reading vectors", 0, "");
    let (mut items, mut queries) = vectors(args)?;
    let left_out = (leave_out_void(&mut items), leave_out_void(&mut queries));
    ensure!(!items.is_empty() && !queries.is_empty(), "there is nothing to index or nothing to ask");
    ensure!(
        items.dim == queries.dim,
        "the vectors have {} numbers each and the queries {}: both need the same",
        items.dim,
        queries.dim
    );
    if let Some(folder) = &args.write {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        write(&folder.join("items.npy"), &items)?;
        write(&folder.join("queries.npy"), &queries)?;
    }
    let mut figures = measure(args, &items, &queries, ctx)?;
    figures["vectors_left_out"] = left_out.0.into();
    figures["queries_left_out"] = left_out.1.into();
    Ok(figures)
}

/// Leaves out rows of NaN alone, which stand for no vector; gives their number.
fn leave_out_void(vectors: &mut Embeddings) -> usize {
    let is_there = |row: &u32| !vectors.row(*row as usize).iter().all(|value| value.is_nan());
    let before = vectors.len();
    let kept: Vec<u32> = (0..before as u32).filter(is_there).collect();
    if kept.len() < before {
        *vectors = vectors.select(&kept);
    }
    before - kept.len()
}

fn measure(args: &IndexBench, items: &Embeddings, queries: &Embeddings, ctx: &JobContext) -> Result<Value> {
    let settings = IndexSettings {
        m: args.m,
        ef_construction: args.ef_construction,
        exact: Some(false),
        reproducible: args.threads == 1,
        ..IndexSettings::default()
    };
    let started = Instant::now();
    let ids = (0..items.len() as u32).collect();
    let index = VectorIndex::build(ids, items, &settings, SEED, ctx).map_err(|error| match error {
        RecallError::NotFinite { id } => anyhow!(
            "row {id} (from 0, rows of NaN alone not counted) holds a value that is no finite number; mend or remove it"
        ),
        error => error.into(),
    })?;
    let build_secs = started.elapsed().as_secs_f64() - index.audit().secs;

    ctx.stage("Searching", ((1 + EFS_PERCENT.len()) * ROUNDS * queries.len()) as u64, "queries");
    let (exact, exact_secs) = ask(queries, ctx, |query| index.search_exact(query, args.k, &[]))?;
    let started = Instant::now();
    black_box(index.search_batch_exact(&queries.rows, args.k, &[]));
    let batch_secs = started.elapsed().as_secs_f64();

    let mut rows = Vec::new();
    let mut fastest: Option<(f64, f64)> = None;
    for percent in EFS_PERCENT {
        let ef = (args.k * percent).div_ceil(100);
        let (found, secs) = ask(queries, ctx, |query| index.search_with(query, args.k, &[], ef))?;
        let shares = found.iter().zip(&exact).map(|(found, right)| share_found(found, right));
        let recall = shares.sum::<f64>() / queries.len() as f64;
        let qps = queries.len() as f64 / secs;
        rows.push(json!({"ef": ef, (format!("recall@{}", args.k)): recall, "qps": qps}));
        if recall >= ENOUGH_RECALL && fastest.is_none_or(|(_, best)| qps > best) {
            fastest = Some((recall, qps));
        }
    }
    Ok(json!({
        "vectors": items.len(),
        "dim": items.dim,
        "queries": queries.len(),
        "k": args.k,
        "m": args.m,
        "ef_construction": args.ef_construction,
        "threads": args.threads,
        "build_secs": build_secs,
        "audit": index.audit(),
        "exact_qps": queries.len() as f64 / exact_secs,
        "exact_batch_qps": queries.len() as f64 / batch_secs,
        "search": rows,
        (format!("recall@{}", args.k)): fastest.map(|(recall, _)| recall),
        "qps": fastest.map(|(_, qps)| qps),
    }))
}

/// Asks every query on the threads of the pool; the answers, and the seconds of the fastest of [`ROUNDS`] rounds.
fn ask(
    queries: &Embeddings,
    ctx: &JobContext,
    search: impl Fn(&[f32]) -> Vec<Recalled> + Sync,
) -> Result<(Vec<Vec<Recalled>>, f64)> {
    let mut answer = (Vec::new(), f64::INFINITY);
    for _ in 0..ROUNDS {
        ctx.check()?;
        let started = Instant::now();
        let found = queries.rows.par_chunks_exact(queries.dim).map(&search).collect();
        answer = (found, answer.1.min(started.elapsed().as_secs_f64()));
        ctx.advance(queries.len() as u64);
    }
    Ok(answer)
}

fn vectors(args: &IndexBench) -> Result<(Embeddings, Embeddings)> {
    let named = args.queries.as_deref().map(read).transpose()?;
    let Some(path) = &args.vectors else {
        let (items, sampled) = sample_vectors(SAMPLE_VECTORS, SAMPLE_QUERIES);
        return Ok((items, named.unwrap_or(sampled)));
    };
    let items = read(path)?;
    let queries = named.unwrap_or_else(|| {
        let random = &mut rand_pcg::Pcg64::seed_from_u64(SEED);
        let sampled = sample(random, items.len(), SAMPLE_QUERIES.min(items.len()));
        Embeddings { dim: items.dim, rows: sampled.iter().flat_map(|row| items.row(row)).copied().collect() }
    });
    Ok((items, queries))
}

/// Vectors from a mixture of Gaussians, and queries from the same mixture.
fn sample_vectors(items: usize, queries: usize) -> (Embeddings, Embeddings) {
    let mut random = rand_pcg::Pcg64::seed_from_u64(SEED);
    let mut normal = |count: usize| -> Vec<f32> { (0..count).map(|_| random.sample(StandardNormal)).collect() };
    let centres = normal(SAMPLE_CLUSTERS * SAMPLE_DIM);
    let mut draw = |count: usize| {
        let mut rows = normal(count * SAMPLE_DIM);
        for (row, vector) in rows.chunks_exact_mut(SAMPLE_DIM).enumerate() {
            // Every cluster in turn, so that all are of one size.
            let centre = row % SAMPLE_CLUSTERS * SAMPLE_DIM;
            vector.iter_mut().zip(&centres[centre..]).for_each(|(value, centre)| *value = centre + 0.7 * *value);
        }
        Embeddings { dim: SAMPLE_DIM, rows }
    };
    (draw(items), draw(queries))
}

fn read(path: &Path) -> Result<Embeddings> {
    let parsed = || -> Result<Embeddings> {
        let file = npyz::NpyFile::new(BufReader::new(File::open(path)?))?;
        let &[count, dim] = file.shape() else {
            anyhow::bail!("it has {} axes: a matrix has two", file.shape().len());
        };
        ensure!(dim > 0, "its vectors are empty");
        let order = file.order();
        let rows: Vec<f32> = file.into_vec()?;
        let (count, dim) = (count as usize, dim as usize);
        let rows = match order {
            npyz::Order::C => rows,
            npyz::Order::Fortran => (0..count * dim).map(|place| rows[place % dim * count + place / dim]).collect(),
        };
        Ok(Embeddings { dim, rows })
    };
    parsed().with_context(|| format!("this is no matrix of 32-bit floats in numpy's format: {}", path.display()))
}

fn write(path: &Path, vectors: &Embeddings) -> Result<()> {
    let written = || -> Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        let shape = [vectors.len() as u64, vectors.dim as u64];
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut file).begin_nd()?;
        writer.extend(vectors.rows.iter().copied())?;
        writer.finish()?;
        Ok(file.flush()?)
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn args() -> IndexBench {
        IndexBench {
            vectors: None,
            queries: None,
            k: 10,
            m: 8,
            ef_construction: 64,
            threads: 1,
            write: None,
            json: true,
        }
    }

    #[test]
    fn written_vectors_are_read_back_and_measured() {
        let folder = tempfile::tempdir().unwrap();
        let (items, queries) = sample_vectors(2_000, 50);
        let (one, other) = (folder.path().join("items.npy"), folder.path().join("queries.npy"));
        write(&one, &items).unwrap();
        write(&other, &queries).unwrap();
        assert_eq!(read(&one).unwrap(), items);
        let again = folder.path().join("again");
        let args =
            IndexBench { vectors: Some(one), queries: Some(other.clone()), write: Some(again.clone()), ..args() };
        let answer = run(&args).unwrap();
        assert_eq!((&answer["vectors"], &answer["dim"], &answer["queries"]), (&json!(2_000), &json!(64), &json!(50)));
        assert!(answer["recall@10"].as_f64().unwrap() >= ENOUGH_RECALL);
        assert!(answer["qps"].as_f64().unwrap() > 0.0 && answer["exact_qps"].as_f64().unwrap() > 0.0);
        assert_eq!(answer["search"].as_array().unwrap().len(), 7);
        assert_eq!(read(&again.join("queries.npy")).unwrap(), queries);
    }

    #[test]
    fn rows_without_a_vector_are_left_out_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let (mut items, queries) = sample_vectors(500, 20);
        for row in [0, 7, 499] {
            items.rows[row * SAMPLE_DIM..(row + 1) * SAMPLE_DIM].fill(f32::NAN);
        }
        let (one, other) = (folder.path().join("items.npy"), folder.path().join("queries.npy"));
        write(&one, &items).unwrap();
        write(&other, &queries).unwrap();
        let args = IndexBench { vectors: Some(one.clone()), queries: Some(other), ..args() };
        let answer = run(&args).unwrap();
        assert_eq!((&answer["vectors"], &answer["vectors_left_out"]), (&json!(497), &json!(3)));
        assert_eq!((&answer["queries"], &answer["queries_left_out"]), (&json!(20), &json!(0)));
        // A vector that is broken in part is no missing one.
        items.rows[8 * SAMPLE_DIM] = f32::INFINITY;
        write(&one, &items).unwrap();
        let error = format!("{:#}", run(&args).unwrap_err());
        assert!(error.starts_with("row 6 (from 0") && error.ends_with("mend or remove it"), "{error}");
        items.rows.fill(f32::NAN);
        write(&one, &items).unwrap();
        assert!(run(&args).unwrap_err().to_string().contains("nothing to index"));
    }

    #[test]
    fn what_is_no_matrix_is_refused_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text.npy");
        std::fs::write(&path, "no numbers").unwrap();
        let error = run(&IndexBench { vectors: Some(path), ..args() }).unwrap_err();
        assert!(format!("{error:#}").contains("text.npy"), "{error:#}");
        assert!(run(&IndexBench { k: 0, ..args() }).is_err());
        assert!(run(&IndexBench { threads: 0, ..args() }).is_err());
    }
}
