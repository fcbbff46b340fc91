//! `recallscope case`: users or an item with what kept lanes recall, as a document for others.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    choices,
    console::{Console, visible},
    output,
    recall::{dataset_of, find_run, item_row, user_row},
};
use crate::{
    dataset::{
        Dataset, Language,
        split::{Split, split},
    },
    explain::{
        case::CaseKey,
        facts::{Facts, UserFilter, is_gender, is_man, is_woman},
    },
    graph::Graphs,
    jobs::{
        pipeline::{self, TrainedLane},
        stamp_of_run,
    },
    recall::{LaneKind, Triggers},
    task::JobContext,
    workspace::{
        RunRecord, Workspace,
        export::report::{self, Asked, AskedLane, Builder, Case, Light, Report, ReportFormat, RunStamp},
    },
};

/// More users than this are no case to look at.
const MOST_COLUMNS: usize = 12;

/// Write users or items with what kept lanes recall, as a page, as Markdown or as a table
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whom").args(["user", "item", "two_random", "random"]).required(true).multiple(true))]
#[command(after_help = "Examples:
  recallscope case work --two-random --out case.html                 two users, one woman and one man where that is known
  recallscope case work --user 42 --user 196 --lanes graphsage,gat --out case.html
  recallscope case work --item 7 --lanes cover,item-cf --out looks.html
  recallscope case work --random new --random gender=woman --seed 3 --pseudonyms --out newcomers
  recallscope case work --user 42 --out case.parquet                 what was recalled, a row an item

Files:
  FILE.html            one page with everything in it: covers, settings, seeds; it needs no network and prints
  FILE.md, or a folder Markdown, with a folder of pictures beside it; a folder gets case.md
  FILE.csv, .parquet   a row an item: rank, score, marks, which lanes found it too, and what carried it")]
pub(super) struct CaseArgs {
    /// The workspace
    workspace: PathBuf,
    /// A user, by the id in the log; may be given several times
    #[arg(long, value_name = "ID")]
    user: Vec<String>,
    /// An item: what is recalled for somebody who took it alone; may be given several times
    #[arg(long, value_name = "ID")]
    item: Vec<String>,
    /// Two users at random, one woman and one man where the data set tells
    #[arg(long)]
    two_random: bool,
    /// A user at random: anyone, new, quiet, active, woman, man or ATTRIBUTE=VALUE; may be given several times
    #[arg(long, value_name = "FILTER")]
    random: Vec<String>,
    /// The lanes, parted by commas; all that the workspace keeps of the data set if left out
    #[arg(long, value_delimiter = ',', value_parser = choices::lane())]
    lanes: Vec<LaneKind>,
    /// How many items of each lane
    #[arg(short, long, default_value_t = 12, value_parser = choices::list_length, allow_hyphen_values = true)]
    k: usize,
    /// What users are drawn with
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Call users A, B, …; no id of theirs gets into what is written
    #[arg(long)]
    pseudonyms: bool,
    /// The title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Notes, as paragraphs parted by line breaks
    #[arg(long, value_name = "TEXT", default_value = "")]
    notes: String,
    /// Language of titles, tags and words
    #[arg(long, value_parser = choices::language(), default_value = "en")]
    language: Language,
    /// Where to: a file that ends in .html, .md, .csv or .parquet, or a folder for Markdown
    #[arg(long, value_name = "FILE|DIR", required_unless_present = "json")]
    out: Option<PathBuf>,
    /// Print the case as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// What stands on one split.
struct Ground {
    split: Split,
    facts: Facts,
    triggers: Triggers,
    is_held_out: bool,
    graphs: Option<Arc<Graphs>>,
}

impl Ground {
    fn light(&self) -> Light<'_> {
        let item_item = self.graphs.as_ref().map(|graphs| &graphs.item_item);
        Light { facts: &self.facts, triggers: &self.triggers, is_held_out: self.is_held_out, item_item }
    }
}

/// Whom the command line asks for.
#[derive(Debug, Clone)]
struct Wanted {
    users: Vec<String>,
    items: Vec<String>,
    two_random: bool,
    random: Vec<String>,
    seed: u64,
}

pub(super) fn run(args: &CaseArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let runs = runs_of(&workspace, &args.lanes)?;
    let wanted = Wanted {
        users: args.user.clone(),
        items: args.item.clone(),
        two_random: args.two_random,
        random: args.random.clone(),
        seed: args.seed,
    };
    let out = args.out.as_deref().map(place_of).transpose()?;
    let (k, language, pseudonyms) = (args.k, args.language, args.pseudonyms);
    let (title, notes) = (args.title.clone(), args.notes.clone());
    let (report, files) = Console::new(args.json).run("case", move |ctx| {
        let report = report(&workspace, &runs, &wanted, k, language, pseudonyms, (title, notes), ctx)?;
        ctx.stage("Writing", 0, "");
        ctx.check()?;
        let files = match &out {
            Some((path, format)) => report::write(path, *format, &report)?,
            None => Vec::new(),
        };
        Ok((report, files))
    })?;
    if args.json {
        let files: Vec<Value> = files.iter().map(|file| json!({ "path": file, "bytes": size(file) })).collect();
        return output::json(&json!({ "files": files, "covers": report.pictures.len(), "report": report }));
    }
    let mut text = String::new();
    for column in report.cases.iter().flat_map(|case| &case.columns) {
        text += &format!("{}", visible(&column.who.name));
        for lane in &column.lanes {
            text += &format!("  {} {}/{}", visible(&lane.name), lane.hits, lane.items.len());
        }
        text += "\n";
    }
    for file in &files {
        text += &format!("{}\n", visible(&file.display().to_string()));
    }
    output::bytes(text.as_bytes())
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The file to write, and its form.
pub(super) fn place_of(out: &Path) -> Result<(PathBuf, ReportFormat)> {
    if let Some(format) = ReportFormat::of_path(out).filter(|_| !out.is_dir()) {
        return Ok((out.to_owned(), format));
    }
    if let Some(extension) = out.extension().filter(|_| !out.is_dir()) {
        bail!(
            "files of the type `{}` are not written; name one that ends in .html, .md, .csv or .parquet, or a folder: {}",
            extension.display(),
            out.display()
        );
    }
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder; name another one: {}", out.display()))?;
    Ok((out.join("case.md"), ReportFormat::Markdown))
}

/// The newest run of each of `lanes`, or of each lane of the data set of the newest run.
fn runs_of(workspace: &Workspace, lanes: &[LaneKind]) -> Result<Vec<RunRecord>> {
    if !lanes.is_empty() {
        let runs = lanes.iter().map(|&lane| find_run(workspace, None, Some(lane))).collect::<Result<Vec<_>>>()?;
        if let Some(other) = runs.iter().find(|run| run.dataset_fingerprint != runs[0].dataset_fingerprint) {
            bail!(
                "the newest runs of {} and {} are of two data sets; choose lanes of one, or run one of them again",
                runs[0].lane,
                other.lane
            );
        }
        return Ok(runs);
    }
    let notes = workspace.run_notes()?;
    let mut runs = workspace.runs()?;
    runs.retain(|run| !notes.get(&run.id).is_some_and(|note| note.is_deleted));
    let Some(newest) = runs.first().cloned() else {
        // Says what to do.
        return find_run(workspace, Some("-"), None).map(|run| vec![run]);
    };
    runs.retain(|run| run.dataset_fingerprint == newest.dataset_fingerprint);
    let found = LaneKind::ALL.into_iter().filter_map(|kind| runs.iter().find(|run| run.lane == kind.name()).cloned());
    Ok(found.collect())
}

fn report(
    workspace: &Workspace,
    runs: &[RunRecord],
    wanted: &Wanted,
    k: usize,
    language: Language,
    has_pseudonyms: bool,
    (title, notes): (Option<String>, String),
    ctx: &JobContext,
) -> Result<Report> {
    let Some(first) = runs.first() else { bail!("no lane was named") };
    let dataset = Arc::new(dataset_of(workspace, first, ctx)?);
    let run_notes = workspace.run_notes()?;
    let mut grounds: BTreeMap<String, Ground> = BTreeMap::new();
    let mut asked_of: Vec<(RunStamp, TrainedLane, String)> = Vec::new();
    for run in runs {
        ctx.check()?;
        let settings = pipeline::settings_of(run)?;
        let key = serde_json::to_string(&settings.split)?;
        if !grounds.contains_key(&key) {
            let split = split(&dataset, &settings.split)?;
            let (facts, triggers) = (Facts::count(&dataset, &split), Triggers::new(&dataset, &split));
            let is_held_out = !split.tests_what_came_later(&dataset);
            grounds.insert(key.clone(), Ground { split, facts, triggers, is_held_out, graphs: None });
        }
        let Some(ground) = grounds.get_mut(&key) else { continue };
        let trained = pipeline::open_run(&dataset, &ground.split, run, workspace, ctx)?;
        if trained.lane.gnn().is_some() && ground.graphs.is_none() {
            ground.graphs = Some(pipeline::prepare(dataset.clone(), &settings, ctx)?.graphs(ctx)?.0);
        }
        asked_of.push((stamp_of_run(run, run_notes.get(&run.id))?, trained, key));
    }
    let lanes: Vec<AskedLane<'_>> = asked_of
        .iter()
        .map(|(stamp, trained, key)| AskedLane { stamp, lane: &*trained.lane, light: grounds[key].light() })
        .collect();
    let light = grounds[&asked_of[0].2].light();
    let columns = whom(&dataset, light.facts, wanted)?;
    let mut builder = Builder::new(&dataset, language, has_pseudonyms);
    ctx.stage("Asking the lanes", columns.len() as u64, "columns");
    let mut case = Case { notes, ..Case::default() };
    for asked in &columns {
        case.columns.push(builder.column(asked, light, &lanes, k, ctx)?);
        ctx.advance(1);
    }
    let title = title.unwrap_or_else(|| match language {
        Language::English => format!("Case study: {}", dataset.name),
        Language::Chinese => format!("案例研究：{}", dataset.name),
    });
    case.title.clone_from(&title);
    builder.add(case);
    let seed = (wanted.two_random || !wanted.random.is_empty()).then_some(wanted.seed);
    Ok(builder.finish(&title, seed, ctx)?)
}

/// Users that were named, drawn ones, then items.
fn whom(dataset: &Dataset, facts: &Facts, wanted: &Wanted) -> Result<Vec<Asked>> {
    let mut users = wanted.users.iter().map(|id| user_row(dataset, id)).collect::<Result<Vec<u32>>>()?;
    let mut filters: Vec<(UserFilter, String)> = Vec::new();
    if wanted.two_random {
        filters.extend(facts.first_filters().map(|filter| (filter, "--two-random".to_owned())));
    }
    for text in &wanted.random {
        filters.push((filter_of(dataset, facts, text)?, text.clone()));
    }
    for (number, (filter, text)) in filters.iter().enumerate() {
        match facts.draw(dataset, filter, &users, wanted.seed.wrapping_add(number as u64)) {
            Some(user) => users.push(user),
            None => bail!("there is nobody (else) for `{}`; choose another filter", visible(text)),
        }
    }
    let items = wanted.items.iter().map(|id| item_row(dataset, id)).collect::<Result<Vec<u32>>>()?;
    let as_is = |user| CaseKey { user, clicks: Vec::new(), struck: Vec::new(), changed: Vec::new() };
    let columns: Vec<Asked> =
        users.into_iter().map(|user| Asked::User(as_is(user))).chain(items.into_iter().map(Asked::Item)).collect();
    if columns.len() > MOST_COLUMNS {
        bail!("a case has at most {MOST_COLUMNS} users and items; make several");
    }
    Ok(columns)
}

/// `new`, `woman`, `region=north`; values by their own or their English name.
fn filter_of(dataset: &Dataset, facts: &Facts, text: &str) -> Result<UserFilter> {
    let value = |attribute: &str, is_meant: &dyn Fn(&str) -> bool| {
        let field = dataset.users.attributes.iter().find(|field| field.name == attribute)?;
        let value = field.vocabulary.iter().find(|value| is_meant(value))?.to_owned();
        Some(UserFilter::Value { attribute: attribute.to_owned(), value })
    };
    let gender = |is_meant: fn(&str) -> bool| {
        let (attribute, _) = facts.filters.iter().find(|(name, _)| is_gender(name))?;
        value(attribute, &is_meant)
    };
    let found = match text {
        "anyone" => Some(UserFilter::Anyone),
        "new" => Some(UserFilter::New),
        "quiet" => Some(UserFilter::Quiet),
        "active" => Some(UserFilter::Active),
        "woman" => gender(is_woman),
        "man" => gender(is_man),
        _ => text.split_once('=').and_then(|(attribute, wanted)| {
            let is_meant = |own: &str| {
                own == wanted
                    || dataset.label(own, Language::English).eq_ignore_ascii_case(wanted)
                    || (is_gender(attribute)
                        && ((wanted == "woman" && is_woman(own)) || (wanted == "man" && is_man(own))))
            };
            value(attribute, &is_meant)
        }),
    };
    let known = || {
        let fields = facts.filters.iter().map(|(name, values)| {
            let values: Vec<&str> =
                values.iter().take(4).map(|value| dataset.label(value, Language::English)).collect();
            format!("{name}={}", values.join("|"))
        });
        fields.collect::<Vec<_>>().join(", ")
    };
    found.with_context(|| {
        format!(
            "`{}` is no filter here; write anyone, new, quiet, active, woman, man or ATTRIBUTE=VALUE ({})",
            visible(text),
            visible(&known())
        )
    })
}
