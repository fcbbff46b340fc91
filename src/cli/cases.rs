//! `recallscope cases`: the case book without a window.

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, BufRead as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    case::place_of,
    choices,
    console::{Console, visible},
    output,
    recall::{find_run, open_dataset, user_row},
};
use crate::{
    dataset::{Language, split::split},
    jobs::{pipeline, stamps_of_cases},
    recall::{LaneKind, trigger_of},
    task::JobContext,
    ui::{self, RowRef},
    workspace::{
        Case, CaseDataset, RunRecord, ShownColumn, ShownItem, ShownRow, Workspace, export::report, moved_before,
        now_secs,
    },
};

/// Items that a case keeps of each list.
const KEPT: usize = 20;

/// List, search, make and change the cases of a workspace
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope cases work list
  recallscope cases work search \"new users\" --json
  recallscope cases work add --title \"Two tastes\" --user 196 --user 22 --lane item2vec --tag demo
  recallscope cases work show 3fa9c2
  recallscope cases work note 3fa9c2 \"The second row finds the plants\"
  recallscope cases work export --out book.html --pseudonyms
  recallscope cases work delete 3fa9c2                     restore brings it back within thirty days")]
pub(super) struct CasesArgs {
    /// The workspace
    workspace: PathBuf,
    #[command(subcommand)]
    action: Action,
    /// Print JSON on standard output
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every case, in the book's order
    List {
        /// Only cases with this tag
        #[arg(long)]
        tag: Option<String>,
        /// Those that were deleted and can be restored
        #[arg(long)]
        deleted: bool,
    },
    /// Cases that have all these words in title, notes, tags, users, lanes or items
    Search { query: String },
    /// One case, with everything that it keeps
    Show {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Make a case: of users and what kept lanes recall for them, or of notes alone
    Add {
        #[arg(long)]
        title: String,
        #[arg(long, default_value = "")]
        notes: String,
        /// May be given several times
        #[arg(long = "tag", value_name = "TAG")]
        tags: Vec<String>,
        /// A user's id, as in the log; one column each. May be given several times
        #[arg(long = "user", value_name = "ID")]
        users: Vec<String>,
        /// A lane, whose newest run answers; every kept lane if left out. May be given several times
        #[arg(long = "lane", value_name = "LANE", value_parser = choices::lane())]
        lanes: Vec<LaneKind>,
    },
    /// Write the notes of a case
    Note {
        id: String,
        text: String,
        /// After what stands there, on a line of its own
        #[arg(long)]
        append: bool,
    },
    /// Write cases, with what they keep, as one page, as Markdown with pictures or as a table
    Export {
        /// Their ids, or the beginnings of them; all cases in the book's order if left out
        ids: Vec<String>,
        /// Where to: a file that ends in .html, .md, .csv or .parquet, or a folder for Markdown
        #[arg(long, value_name = "FILE|DIR")]
        out: PathBuf,
        /// Call users A, B, …; no id of theirs gets into what is written
        #[arg(long)]
        pseudonyms: bool,
        /// The title [default: the case's own; of several, that of the book]
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Language of titles and words
        #[arg(long, value_parser = choices::language(), default_value = "en")]
        language: Language,
    },
    /// Give a case another title
    Rename { id: String, title: String },
    /// Give a case these tags, and no others
    Tag { id: String, tags: Vec<String> },
    /// Put a case before another one, or last
    Move {
        id: String,
        #[arg(long, value_name = "ID")]
        before: Option<String>,
    },
    /// Throw a case away; it can be restored within thirty days
    Delete { id: String },
    /// Bring a deleted case back
    Restore { id: String },
    /// Apply edits from standard input, one JSON object a line; each is answered by a line when it is on the disk
    ///
    /// {"add":{"title":"…","notes":"…","tags":["…"]}}, {"edit":{"id":"…","title":"…","notes":"…","tags":["…"]}},
    /// {"move":{"id":"…","before":"…"}}, {"delete":"ID"} or {"restore":"ID"}
    #[command(verbatim_doc_comment)]
    Batch,
}

/// One line of a batch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Asked {
    Add {
        title: String,
        #[serde(default)]
        notes: String,
        #[serde(default)]
        tags: Vec<String>,
    },
    Edit {
        id: String,
        title: Option<String>,
        notes: Option<String>,
        tags: Option<Vec<String>>,
    },
    Move {
        id: String,
        before: Option<String>,
    },
    Delete(String),
    Restore(String),
}

pub(super) fn run(args: &CasesArgs) -> Result<()> {
    let reads = matches!(
        args.action,
        Action::List { .. } | Action::Search { .. } | Action::Show { .. } | Action::Export { .. }
    );
    let workspace = if reads { Workspace::open_to_read(&args.workspace)? } else { Workspace::open(&args.workspace)? };
    let case = match &args.action {
        Action::List { tag, deleted } => {
            let mut cases = if *deleted { workspace.deleted_cases()? } else { workspace.cases()? };
            cases.retain(|case| tag.as_ref().is_none_or(|tag| case.tags.contains(tag)));
            return list(&workspace, &cases, args.json);
        }
        Action::Search { query } => {
            let mut cases = workspace.cases()?;
            cases.retain(|case| case.matches(query));
            return list(&workspace, &cases, args.json);
        }
        Action::Export { ids, out, pseudonyms, title, language } => {
            return export(workspace, ids, out, *pseudonyms, title.clone(), *language, args.json);
        }
        Action::Show { id } => return show(&workspace, &find(&workspace, id, Among::All)?, args.json),
        Action::Add { title, notes, tags, users, lanes } => {
            let (title, notes, tags) = (title.clone(), notes.clone(), tags.clone());
            let case = new_case(title, notes, tags);
            add(workspace, case, users.clone(), lanes.clone(), args.json)?
        }
        Action::Note { id, text, append } => edit(&workspace, id, |case| {
            if *append && !case.notes.is_empty() {
                case.notes.push('\n');
                case.notes += text;
            } else {
                case.notes.clone_from(text);
            }
        })?,
        Action::Rename { id, title } => edit(&workspace, id, |case| case.title.clone_from(title))?,
        Action::Tag { id, tags } => edit(&workspace, id, |case| case.tags.clone_from(tags))?,
        Action::Move { id, before } => move_case(&workspace, id, before.as_deref())?,
        Action::Delete { id } => edit(&workspace, id, |case| case.is_deleted = true)?,
        Action::Restore { id } => restore(&workspace, id)?,
        Action::Batch => return batch(&workspace),
    };
    if args.json {
        output::json(&brief(&case, false))
    } else {
        output::bytes(format!("{} {}\n", case.id, visible(&case.title)).as_bytes())
    }
}

fn export(
    workspace: Workspace,
    ids: &[String],
    out: &Path,
    has_pseudonyms: bool,
    title: Option<String>,
    language: Language,
    as_json: bool,
) -> Result<()> {
    let cases = match ids {
        [] => workspace.cases()?,
        ids => ids.iter().map(|id| find(&workspace, id, Among::Standing)).collect::<Result<_>>()?,
    };
    if cases.is_empty() {
        bail!("the workspace keeps no case; make one with `recallscope cases WORKSPACE add --title TITLE`");
    }
    let (path, format) = place_of(out)?;
    let title = title.unwrap_or_else(|| match (&cases[..], language) {
        ([case], _) => case.title.clone(),
        (_, Language::English) => "Case book".to_owned(),
        (_, Language::Chinese) => "案例册".to_owned(),
    });
    let (count, files) = Console::new(as_json).run("cases", move |ctx| {
        let runs = stamps_of_cases(&workspace, &cases)?;
        let report = report::of_kept(&cases, &runs, &title, language, has_pseudonyms, ctx)?;
        ctx.check()?;
        Ok((cases.len(), report::write(&path, format, &report)?))
    })?;
    if as_json {
        return output::json(&json!({ "cases": count, "files": files }));
    }
    let lines: String = files.iter().map(|file| format!("{}\n", visible(&file.display().to_string()))).collect();
    output::bytes(lines.as_bytes())
}

fn new_case(title: String, notes: String, tags: Vec<String>) -> Case {
    let now = now_secs();
    Case { id: Case::new_id(), title, notes, tags, created_secs: now, changed_secs: now, ..Case::default() }
}

#[derive(Clone, Copy, PartialEq)]
enum Among {
    Standing,
    Deleted,
    All,
}

/// The case that `id` begins.
fn find(workspace: &Workspace, id: &str, among: Among) -> Result<Case> {
    let mut cases = Vec::new();
    if among != Among::Deleted {
        cases.extend(workspace.cases()?);
    }
    if among != Among::Standing {
        cases.extend(workspace.deleted_cases()?);
    }
    let mut found: Vec<Case> = cases.iter().filter(|case| !id.is_empty() && case.id.starts_with(id)).cloned().collect();
    match (found.len(), found.pop()) {
        (1, Some(case)) => Ok(case),
        (0, _) => {
            let some: Vec<String> =
                cases.iter().take(8).map(|case| format!("{} ({})", case.id, visible(&case.title))).collect();
            if some.is_empty() {
                bail!(
                    "there is no case `{}` in the workspace; it keeps none; make one with `recallscope cases WORKSPACE \
                     add --title TITLE`",
                    visible(id)
                );
            }
            bail!("there is no case `{}` in the workspace; it keeps {}", visible(id), some.join(", "))
        }
        (count, _) => bail!("`{}` begins the ids of {count} cases; write more of it", visible(id)),
    }
}

/// Changes a case that stands.
fn edit(workspace: &Workspace, id: &str, change: impl FnOnce(&mut Case)) -> Result<Case> {
    let found = find(workspace, id, Among::Standing)?;
    let changed = workspace.edit_case(&found.id, change)?;
    changed.with_context(|| format!("the case {} has gone meanwhile", found.id))
}

fn restore(workspace: &Workspace, id: &str) -> Result<Case> {
    let found = find(workspace, id, Among::Deleted)?;
    let changed = workspace.edit_case(&found.id, |case| case.is_deleted = false)?;
    changed.with_context(|| format!("the case {} has gone meanwhile", found.id))
}

fn move_case(workspace: &Workspace, id: &str, before: Option<&str>) -> Result<Case> {
    let case = find(workspace, id, Among::Standing)?;
    let before = before.map(|before| find(workspace, before, Among::Standing)).transpose()?;
    let cases: Vec<Arc<Case>> = workspace.cases()?.into_iter().map(Arc::new).collect();
    let mut stands = case.clone();
    for moved in moved_before(&cases, &case.id, before.as_ref().map(|before| &*before.id)) {
        let is_as_it_was = cases.iter().any(|known| known.id == moved.id && known.place == moved.place);
        if !is_as_it_was
            && let Some(kept) = workspace.edit_case(&moved.id, |case| case.place = moved.place)?
            && kept.id == case.id
        {
            stands = kept;
        }
    }
    Ok(stands)
}

fn add(workspace: Workspace, case: Case, users: Vec<String>, lanes: Vec<LaneKind>, as_json: bool) -> Result<Case> {
    if users.len() > ui::MAX_COLUMNS {
        bail!(
            "a case shows {} users side by side at most, and there are {}; leave some out",
            ui::MAX_COLUMNS,
            users.len()
        );
    }
    if users.is_empty() && !lanes.is_empty() {
        bail!("a lane recalls for users; name some with --user ID, or leave --lane out");
    }
    if users.is_empty() {
        return Ok(workspace.add_case(of_latest_data(&workspace, case)?)?);
    }
    Console::new(as_json).run("case", move |ctx| {
        let case = fill(&workspace, case, &users, &lanes, ctx)?;
        Ok(workspace.add_case(case)?)
    })
}

/// A case of notes alone is of the data set that was worked with last, if any was.
fn of_latest_data(workspace: &Workspace, mut case: Case) -> Result<Case> {
    let runs = workspace.runs()?;
    if let Some(run) = runs.first() {
        let folder = PathBuf::from(&run.dataset_folder);
        let known = workspace.recent_datasets()?.into_iter().find(|known| known.folder == folder);
        let name = known
            .map_or_else(|| folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), |known| known.name);
        case.dataset = CaseDataset { folder, name, fingerprint: run.dataset_fingerprint.clone() };
    }
    case.desk_json = ui::stored_desk(&[], Vec::new(), None);
    Ok(case)
}

/// Puts in what the kept runs recall for the users.
fn fill(workspace: &Workspace, mut case: Case, users: &[String], lanes: &[LaneKind], ctx: &JobContext) -> Result<Case> {
    let mut runs: Vec<RunRecord> = Vec::new();
    if lanes.is_empty() {
        let standing = workspace.standing_runs()?;
        let of_data = workspace.runs()?.into_iter().filter(|run| standing.contains(&run.id));
        for run in of_data {
            let is_next = runs.first().is_none_or(|first| first.dataset_fingerprint == run.dataset_fingerprint);
            if is_next && !runs.iter().any(|known| known.lane == run.lane) {
                runs.push(run);
            }
        }
        runs.sort_by_key(|run| LaneKind::ALL.iter().position(|kind| kind.name() == run.lane));
    } else {
        for lane in lanes {
            runs.push(find_run(workspace, None, Some(*lane))?);
        }
    }
    let Some(first) = runs.first() else {
        bail!("the workspace keeps no run yet; make one with `recallscope run DIR --out WORKSPACE`");
    };
    if let Some(other) = runs.iter().find(|run| run.dataset_fingerprint != first.dataset_fingerprint) {
        bail!("the newest runs of {} and {} are of two data sets; name lanes of one", first.lane, other.lane);
    }
    let (dataset, _) = open_dataset(workspace, first, ctx)?;
    let rows = users.iter().map(|user| user_row(&dataset, user)).collect::<Result<Vec<u32>>>()?;
    let mut columns: Vec<ShownColumn> =
        users.iter().map(|user| ShownColumn { user: Some(user.clone()), ..ShownColumn::default() }).collect();
    for run in &runs {
        let split = split(&dataset, &pipeline::settings_of(run)?.split)?;
        let lane = pipeline::open_run(&dataset, &split, run, workspace, ctx)?.lane;
        for (column, &user) in columns.iter_mut().zip(&rows) {
            let trigger = trigger_of(&dataset, &split, user);
            let events = &dataset.events;
            let of_user = split.test.iter().filter(|&&event| events.user[event as usize] == user);
            let later: HashSet<u32> = of_user.map(|&event| events.item[event as usize]).collect();
            let recalled = lane.recall(&trigger, KEPT).into_iter().map(|found| ShownItem {
                score: found.score,
                is_hit: later.contains(&found.item),
                ..ui::shown_item(&dataset, found.item)
            });
            let recalled = recalled.collect();
            column.rows.push(ShownRow { lane: run.lane.clone(), run: run.id.clone(), recalled });
            if column.recent.is_empty() {
                let mut seen = HashSet::new();
                let recent = trigger.recent.iter().rev().filter(|(item, _)| seen.insert(*item)).take(KEPT);
                column.recent = recent.map(|&(item, _)| ui::shown_item(&dataset, item)).collect();
            }
        }
    }
    let kinds = runs.iter().filter_map(|run| pipeline::kind_of(run).ok());
    let wanted = kinds.map(RowRef::Lane).collect();
    case.desk_json = ui::stored_desk(users, wanted, Some(pipeline::settings_of(first)?.split));
    case.dataset = CaseDataset {
        folder: dataset.folder.clone(),
        name: dataset.name.clone(),
        fingerprint: dataset.fingerprint.clone(),
    };
    case.shown.columns = columns;
    Ok(case)
}

/// Answers each line as soon as what it asks is on the disk, so that whoever is told so can rely on it.
fn batch(workspace: &Workspace) -> Result<()> {
    let mut failed = 0;
    for line in io::stdin().lock().lines() {
        let line = line.context("standard input cannot be read")?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match apply(workspace, &line) {
            Ok(case) => brief(&case, false),
            Err(error) => {
                failed += 1;
                json!({ "error": format!("{error:#}") })
            }
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}").and_then(|()| out.flush()).context("cannot write to standard output")?;
    }
    if failed > 0 {
        bail!("{failed} lines could not be applied; each is answered with its error");
    }
    Ok(())
}

fn apply(workspace: &Workspace, line: &str) -> Result<Case> {
    let wanted: Asked = serde_json::from_str(line)
        .context("this is no edit; write add, edit, move, delete or restore as `recallscope cases --help` shows")?;
    match wanted {
        Asked::Add { title, notes, tags } => {
            Ok(workspace.add_case(of_latest_data(workspace, new_case(title, notes, tags))?)?)
        }
        Asked::Edit { id, title, notes, tags } => edit(workspace, &id, |case| {
            case.title = title.unwrap_or(std::mem::take(&mut case.title));
            case.notes = notes.unwrap_or(std::mem::take(&mut case.notes));
            case.tags = tags.unwrap_or(std::mem::take(&mut case.tags));
        }),
        Asked::Move { id, before } => move_case(workspace, &id, before.as_deref()),
        Asked::Delete(id) => edit(workspace, &id, |case| case.is_deleted = true),
        Asked::Restore(id) => restore(workspace, &id),
    }
}

/// What lists tell of a case.
fn brief(case: &Case, has_data: bool) -> Value {
    let users: Vec<&str> = case.shown.columns.iter().filter_map(|column| column.user.as_deref()).collect();
    let lanes: BTreeSet<&str> =
        case.shown.columns.iter().flat_map(|column| &column.rows).map(|row| &*row.lane).collect();
    let mut told = json!({
        "id": case.id,
        "title": case.title,
        "tags": case.tags,
        "notes": case.notes,
        "users": users,
        "lanes": lanes,
        "created_secs": case.created_secs,
        "changed_secs": case.changed_secs,
    });
    if has_data {
        told["dataset"] = json!(case.dataset.folder);
    }
    told
}

/// What of a case is no longer there.
fn gone(case: &Case, standing: &BTreeSet<String>) -> Value {
    let runs: Vec<&str> = case.runs().into_iter().filter(|run| !standing.contains(*run)).collect();
    let folder = &case.dataset.folder;
    json!({ "dataset": !folder.as_os_str().is_empty() && !folder.is_dir(), "runs": runs })
}

fn list(workspace: &Workspace, cases: &[Case], as_json: bool) -> Result<()> {
    let standing = workspace.standing_runs()?;
    let told: Vec<Value> = cases
        .iter()
        .map(|case| {
            let mut told = brief(case, true);
            told["gone"] = gone(case, &standing);
            told
        })
        .collect();
    if as_json {
        return output::json(&json!({ "cases": told }));
    }
    let mut text = String::new();
    for (case, told) in cases.iter().zip(&told) {
        let tags = if case.tags.is_empty() { String::new() } else { format!("  [{}]", case.tags.join(", ")) };
        let is_whole = told["gone"]["dataset"] == false && told["gone"]["runs"].as_array().is_some_and(Vec::is_empty);
        let sign = if is_whole { "" } else { "  (data or runs are gone)" };
        text += &format!("{}  {}{}{sign}\n", case.id, visible(&case.title), visible(&tags));
    }
    if cases.is_empty() {
        text += "no case\n";
    }
    output::bytes(text.as_bytes())
}

fn show(workspace: &Workspace, case: &Case, as_json: bool) -> Result<()> {
    let gone = gone(case, &workspace.standing_runs()?);
    if as_json {
        let mut told = serde_json::to_value(case)?;
        told["desk"] = serde_json::from_str(&case.desk_json).unwrap_or(Value::Null);
        if let Some(fields) = told.as_object_mut() {
            fields.remove("desk_json");
        }
        told["gone"] = gone;
        return output::json(&told);
    }
    let mut text = format!("{}\n{}  {}\n", visible(&case.title), case.id, visible(&case.tags.join(", ")));
    text += &format!("{}\n", visible(&case.dataset.folder.display().to_string()));
    if gone["dataset"] == true {
        text += "the data set is gone\n";
    }
    for line in case.notes.lines() {
        text += &format!("  {}\n", visible(line));
    }
    for column in &case.shown.columns {
        text += &format!("\nuser {}\n", visible(column.user.as_deref().unwrap_or("–")));
        for row in &column.rows {
            let is_gone = gone["runs"].as_array().is_some_and(|runs| runs.iter().any(|run| *run == row.run));
            text += &format!("  {} {}{}\n", row.lane, row.run, if is_gone { " (gone)" } else { "" });
            for (place, item) in row.recalled.iter().enumerate() {
                let title = if item.title_en.is_empty() { &item.title } else { &item.title_en };
                let mark = if item.is_hit { "*" } else { " " };
                text += &format!(
                    "  {:>4} {mark} {:.4}  {}  {}\n",
                    place + 1,
                    item.score,
                    visible(&item.id),
                    visible(title)
                );
            }
        }
    }
    output::bytes(text.as_bytes())
}
