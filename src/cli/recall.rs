//! `recallscope recall`: what a kept lane recalls for one user.

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    choices,
    console::{Console, visible},
    output,
};
use crate::{
    dataset::{Dataset, Ids, Language, read, split::Split, split::split},
    jobs::pipeline,
    recall::{Lane, LaneKind, trigger_of},
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// Show what a kept lane recalls for a user, and why
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").args(["lane", "run"]).required(true).multiple(true))]
#[command(after_help = "Examples:
  recallscope recall work --user 42 --lane item2vec
  recallscope recall work --user 42 --lane item-cf -k 50 --json
  recallscope recall work --user 42 --run 3fa9c2           a run by the beginning of its id")]
pub(super) struct RecallArgs {
    /// The workspace
    workspace: PathBuf,
    /// The user's id, as in the log
    #[arg(long)]
    user: String,
    /// The lane; its newest run answers
    #[arg(long, value_parser = choices::lane())]
    lane: Option<LaneKind>,
    /// A run, by its id or the beginning of it
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// How many items
    #[arg(short, long, default_value_t = 20, value_parser = choices::list_length, allow_hyphen_values = true)]
    k: usize,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &RecallArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = find_run(&workspace, args.run.as_deref(), args.lane)?;
    let (user, k) = (args.user.clone(), args.k);
    let answer = Console::new(args.json).run("recall", move |ctx| {
        let opened = Opened::of(&workspace, &run, ctx)?;
        opened.answer(&user, k, &run)
    })?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

/// The run that `text` names: a lane stands for its newest run.
pub(super) fn find_named(workspace: &Workspace, text: &str) -> Result<RunRecord> {
    match LaneKind::from_name(text) {
        Some(lane) => find_run(workspace, None, Some(lane)),
        None => find_run(workspace, Some(text), None),
    }
}

/// The run that `id` begins or that goes by that name, or else the newest of `lane`. A run that was deleted in the window does not answer.
pub(super) fn find_run(workspace: &Workspace, id: Option<&str>, lane: Option<LaneKind>) -> Result<RunRecord> {
    let notes = workspace.run_notes()?;
    let is_deleted = |run: &RunRecord| notes.get(&run.id).is_some_and(|note| note.is_deleted);
    let (deleted, runs): (Vec<RunRecord>, Vec<RunRecord>) = workspace.runs()?.into_iter().partition(is_deleted);
    let is_of_lane = |run: &&RunRecord| lane.is_none_or(|lane| lane.name() == run.lane);
    let list = || {
        if runs.is_empty() {
            return "it keeps none yet; make one with `recallscope run DIR --out WORKSPACE`".to_owned();
        }
        let some: Vec<String> = runs.iter().take(8).map(|run| format!("{} ({})", run.id, run.lane)).collect();
        format!("it keeps {}{}", some.join(", "), if runs.len() > 8 { ", …" } else { "" })
    };
    let Some(id) = id else {
        let lane_name = lane.map_or("", LaneKind::name);
        return match (runs.iter().find(is_of_lane), deleted.iter().find(is_of_lane)) {
            (Some(run), _) => Ok(run.clone()),
            (None, Some(run)) => bail!(in_bin(run)),
            (None, None) => bail!("there is no run of {lane_name} in the workspace; {}", list()),
        };
    };
    let begun = |runs: &'_ [RunRecord]| -> Vec<RunRecord> {
        let of_lane = || runs.iter().filter(is_of_lane);
        let is_named = |run: &&RunRecord| notes.get(&run.id).is_some_and(|note| !id.is_empty() && note.name == id);
        let named: Vec<RunRecord> = of_lane().filter(is_named).cloned().collect();
        if named.is_empty() {
            of_lane().filter(|run| !id.is_empty() && run.id.starts_with(id)).cloned().collect()
        } else {
            named
        }
    };
    let found = begun(&runs);
    match (&found[..], &begun(&deleted)[..]) {
        ([run], _) => Ok(run.clone()),
        ([], [run, ..]) => bail!(in_bin(run)),
        ([], []) => bail!("there is no run `{id}` in the workspace; {}", list()),
        (_, _) => bail!("`{id}` names {} runs or begins their ids; write more of one; {}", found.len(), list()),
    }
}

fn in_bin(run: &RunRecord) -> String {
    format!(
        "the run {} ({}) was deleted and lies in the bin; bring it back in the window (Training, the list of the bin), or \
         with `recallscope run` and the settings that it had",
        run.id, run.lane
    )
}

/// A kept run with the data set it was made from.
pub(super) struct Opened {
    pub(super) dataset: Arc<Dataset>,
    pub(super) split: Split,
    pub(super) lane: Arc<dyn Lane>,
}

impl Opened {
    pub(super) fn of(workspace: &Workspace, run: &RunRecord, ctx: &JobContext) -> Result<Self> {
        let (dataset, split) = open_dataset(workspace, run, ctx)?;
        let lane = pipeline::open_run(&dataset, &split, run, workspace, ctx)?.lane;
        Ok(Self { dataset: Arc::new(dataset), split, lane })
    }

    fn answer(&self, user: &str, k: usize, run: &RunRecord) -> Result<Value> {
        let Self { dataset, split, lane } = self;
        let row = user_row(dataset, user)?;
        let trigger = trigger_of(dataset, split, row);
        let events = &dataset.events;
        let taken_later: HashSet<u32> = split
            .test
            .iter()
            .filter(|&&event| events.user[event as usize] == row)
            .map(|&event| events.item[event as usize])
            .collect();
        let recalled = lane.recall(&trigger, k);
        let mixed = lane.mix().map(|mix| (mix, mix.recall_with_lanes(&trigger, k)));
        let lanes_at = |place: usize| {
            let (mix, mixed) = mixed.as_ref()?;
            let found_by = mixed.get(place)?.found_by.iter();
            let told = found_by.map(|found| {
                let lane = mix.parts()[found.part].lane.kind().name();
                json!({ "lane": lane, "rank": found.rank + 1, "score": found.score, "share": found.contribution })
            });
            Some(told.collect::<Vec<Value>>())
        };
        let items: Vec<Value> = recalled
            .into_iter()
            .enumerate()
            .map(|(place, recalled)| {
                let seeds: Vec<Value> = lane
                    .seeds(&trigger, recalled.item)
                    .into_iter()
                    .map(|seed| {
                        json!({
                            "item": dataset.items.ids.name(seed.item),
                            "title": dataset.title(seed.item, Language::English),
                            "share": seed.share,
                        })
                    })
                    .collect();
                json!({
                    "item": dataset.items.ids.name(recalled.item),
                    "title": dataset.title(recalled.item, Language::English),
                    "score": recalled.score,
                    "rank": place + 1,
                    "taken_later": taken_later.contains(&recalled.item),
                    "seeds": seeds,
                    "lanes": lanes_at(place),
                })
            })
            .collect();
        Ok(json!({
            "user": user,
            "lane": run.lane,
            "run": run.id,
            "trigger": trigger.recent.len(),
            "items": items,
        }))
    }
}

/// The row of the user with this id.
pub(super) fn user_row(dataset: &Dataset, id: &str) -> Result<u32> {
    row_of(dataset, &dataset.users.ids, "user", id)
}

/// The row of the item with this id.
pub(super) fn item_row(dataset: &Dataset, id: &str) -> Result<u32> {
    row_of(dataset, &dataset.items.ids, "item", id)
}

fn row_of(dataset: &Dataset, ids: &Ids, kind: &str, id: &str) -> Result<u32> {
    let Some(row) = ids.row(id) else {
        let some: Vec<&str> = ids.iter().take(3).collect();
        bail!(
            "there is no {kind} `{}` among the {} of {}; ids look like {}",
            visible(id),
            ids.len(),
            visible(&dataset.name),
            visible(&some.join(", "))
        );
    };
    Ok(row)
}

/// Opens the data set of `run`, which has to be as it was, and splits it as the run did.
pub(super) fn open_dataset(workspace: &Workspace, run: &RunRecord, ctx: &JobContext) -> Result<(Dataset, Split)> {
    let dataset = dataset_of(workspace, run, ctx)?;
    let split = split(&dataset, &pipeline::settings_of(run)?.split)?;
    Ok((dataset, split))
}

/// The data set of `run` from its folder, or from the columns that were packed with the workspace where the folder is
/// gone or holds something else.
pub(super) fn dataset_of(workspace: &Workspace, run: &RunRecord, ctx: &JobContext) -> Result<Dataset> {
    let folder = PathBuf::from(&run.dataset_folder);
    let config = run.dataset_config.as_ref().map(PathBuf::from);
    let read = read::load(&folder, config.as_deref(), None, ctx);
    if let Ok(dataset) = &read
        && dataset.fingerprint == run.dataset_fingerprint
    {
        return Ok(read?);
    }
    ctx.check()?;
    if let Some(packed) = workspace.packed_dataset(&run.dataset_fingerprint, ctx)? {
        output::error_line(&format!(
            "note: {} is answered for from what was packed with the workspace (read-only), since its folder is not as \
             it was: {}",
            packed.name,
            folder.display()
        ));
        return Ok(packed);
    }
    read.with_context(|| format!("the data set of the run {} cannot be opened again", run.id))?;
    bail!("the data set has changed since the run {} was made; put it back, or run again: {}", run.id, folder.display())
}

fn text(answer: &Value) -> String {
    let mut text = format!(
        "user {}, lane {}, run {}\n",
        output::word(&answer["user"]),
        output::word(&answer["lane"]),
        output::word(&answer["run"])
    );
    for item in answer["items"].as_array().into_iter().flatten() {
        let seeds: Vec<String> = item["seeds"]
            .as_array()
            .into_iter()
            .flatten()
            .take(3)
            .map(|seed| {
                format!("{} {:.0} %", output::word(&seed["title"]), 100.0 * seed["share"].as_f64().unwrap_or(0.0))
            })
            .collect();
        text += &format!(
            "{:>4} {} {:.4}  {}  {}{}\n",
            item["rank"].as_u64().unwrap_or(0),
            if item["taken_later"] == true { "*" } else { " " },
            item["score"].as_f64().unwrap_or(0.0),
            output::word(&item["item"]),
            output::word(&item["title"]),
            if seeds.is_empty() { String::new() } else { format!("  <- {}", seeds.join(", ")) },
        );
    }
    if answer["items"].as_array().is_some_and(Vec::is_empty) {
        text += "  nothing: this lane knows nothing about this user\n";
    } else {
        text += "* taken later, in the test part\n";
    }
    text
}
