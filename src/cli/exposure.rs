//! `recallscope exposure`: who gets what, and how far lanes recall the same.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    choices,
    console::Console,
    output,
    recall::{find_named, open_dataset},
};
use crate::{
    dataset::{Dataset, Language},
    evaluate::{self, Bands, Exposure, LaneReport, exposure, own_hits},
    jobs::pipeline::{self, TrainedLane},
    recall::{Lane, Triggers},
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// Show what kept runs give to popular and to rare items, which items are in too many lists, and how far runs agree
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope exposure work --runs hot,item-cf,item2vec
  recallscope exposure work --runs 3fa9c2,tuned -k 50 --hubs 10 --json

A hub is an item in more lists than the mean over all items and twice the standard deviation. Lift is its share of the
places over its share of the training interactions. The users are those with something to find in the test part.")]
pub(super) struct ExposureArgs {
    /// The workspace
    workspace: PathBuf,
    /// The runs: ids or the beginnings of them, names, or lanes for their newest runs
    #[arg(long, value_name = "RUN|LANE", value_delimiter = ',', required = true)]
    runs: Vec<String>,
    /// How long the lists are
    #[arg(short, long, default_value_t = 20, value_parser = choices::list_length, allow_hyphen_values = true)]
    k: usize,
    /// How many hubs are told of each run
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    hubs: usize,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ExposureArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let runs = args.runs.iter().map(|run| find_named(&workspace, run.trim())).collect::<Result<Vec<_>>>()?;
    let (k, hubs) = (args.k, args.hubs);
    let answer = Console::new(args.json).run("exposure", move |ctx| answer(&workspace, &runs, k, hubs, ctx))?;
    if args.json { output::json(&answer) } else { output::bytes(text(&answer).as_bytes()) }
}

fn answer(workspace: &Workspace, runs: &[RunRecord], k: usize, hubs: usize, ctx: &JobContext) -> Result<Value> {
    let first = runs.first().context("name at least one run")?;
    let of_split = |run: &RunRecord| pipeline::settings_of(run).map(|settings| settings.split);
    for run in runs {
        if run.dataset_fingerprint != first.dataset_fingerprint || of_split(run)? != of_split(first)? {
            bail!("the runs {} and {} are of two data sets or two splits; choose runs of one", first.id, run.id);
        }
    }
    let (dataset, split) = open_dataset(workspace, first, ctx)?;
    let bands = Bands::new(&dataset, &split);
    let triggers = Triggers::new(&dataset, &split);
    let notes = workspace.run_notes()?;
    let opened = runs
        .iter()
        .map(|run| pipeline::open_run(&dataset, &split, run, workspace, ctx))
        .collect::<Result<Vec<TrainedLane>>>()?;
    let reports: Vec<&LaneReport> = opened.iter().map(|lane| &*lane.report).collect();
    let users = &reports[0].per_user.user;
    let lanes: Vec<&dyn Lane> = opened.iter().map(|lane| &*lane.lane).collect();
    let hits = own_hits(&reports, k);
    let mut told = Vec::new();
    for ((run, lane), (all, own)) in runs.iter().zip(&lanes).zip(hits) {
        let found = exposure(*lane, &bands, &triggers, users, k, ctx)?;
        let mut answer = exposure_answer(&dataset, &found, hubs);
        answer["run"] = run.id.clone().into();
        answer["lane"] = run.lane.clone().into();
        answer["name"] = notes.get(&run.id).map(|note| note.name.as_str()).into();
        answer["hits"] = json!({ "all": all, "own": own });
        if let Some(mix) = lane.mix() {
            let parts = mix.parts().iter().zip(&found.parts).map(|(part, own)| {
                json!({ "lane": part.lane.kind().name(), "share": part.share, "places": own.places, "alone": own.alone })
            });
            answer["parts"] = parts.collect();
        }
        told.push(answer);
    }
    ctx.stage("Overlap of lanes", users.len() as u64, "users");
    let overlap = evaluate::overlap(&lanes, &triggers, users, k, ctx)?;
    Ok(json!({ "k": k, "users": users.len(), "runs": told, "overlap": overlap }))
}

fn exposure_answer(dataset: &Dataset, found: &Exposure, most_hubs: usize) -> Value {
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let taken: u64 = found.bands.iter().map(|band| band.taken).sum();
    let bands: serde_json::Map<String, Value> = found
        .bands
        .iter()
        .map(|band| {
            let figures = json!({
                "items": band.items,
                "shown": band.shown,
                "places": band.places,
                "share": share(band.places, found.places),
                "share_of_training": share(band.taken, taken),
            });
            (band.band.name().to_owned(), figures)
        })
        .collect();
    let hubs: Vec<Value> = found
        .hubs
        .iter()
        .take(most_hubs)
        .map(|hub| {
            json!({
                "item": dataset.items.ids.name(hub.item),
                "title": dataset.title(hub.item, Language::English),
                "cover": dataset.items.cover.get(hub.item as usize).and_then(Option::as_ref),
                "lists": hub.lists,
                "share": hub.share,
                "taken": hub.taken,
                "lift": hub.lift,
                "band": hub.band.name(),
            })
        })
        .collect();
    json!({
        "lists": found.lists,
        "places": found.places,
        "coverage": found.coverage,
        "gini": found.gini,
        "skewness": found.skewness,
        "bands": bands,
        "hub_from": found.hub_from,
        "hub_count": found.hubs.len(),
        "hubs": hubs,
        "lorenz": found.lorenz,
    })
}

fn text(answer: &Value) -> String {
    let number = |value: &Value| output::number(value, 3);
    let percent =
        |value: &Value| value.as_f64().map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let name = |run: &Value| match output::word(&run["name"]) {
        name if name.is_empty() => output::word(&run["lane"]),
        name => name,
    };
    let runs: Vec<&Value> = answer["runs"].as_array().into_iter().flatten().collect();
    let mut text = format!(
        "the first {} places of {} users; shares of the places by item band\n{:<16} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7} \
         {:>6} {:>14}\n",
        answer["k"], answer["users"], "run", "new", "tail", "waist", "head", "coverage", "gini", "hubs", "hits (own)"
    );
    for run in &runs {
        let bands = ["new", "tail", "waist", "head"].map(|band| percent(&run["bands"][band]["share"]));
        let hits = format!("{} ({})", run["hits"]["all"], run["hits"]["own"]);
        text += &format!(
            "{:<16} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7} {:>6} {hits:>14}\n",
            name(run),
            bands[0],
            bands[1],
            bands[2],
            bands[3],
            percent(&run["coverage"]),
            number(&run["gini"]),
            run["hub_count"],
        );
    }
    for run in &runs {
        text += &format!("\nhubs of {} (in {} lists or more)\n", name(run), run["hub_from"]);
        for hub in run["hubs"].as_array().into_iter().flatten() {
            let lift = hub["lift"].as_f64().map_or_else(|| "new".to_owned(), |lift| format!("lift {lift:.1}"));
            let (id, title) = (output::word(&hub["item"]), output::word(&hub["title"]));
            text +=
                &format!("{:>8} {:>8}  {lift:<10} {id}  {title}\n", hub["lists"].to_string(), percent(&hub["share"]));
        }
    }
    if runs.len() > 1 {
        text += "\nshare of items in common\n";
        for (run, row) in runs.iter().zip(answer["overlap"].as_array().into_iter().flatten()) {
            let cells: Vec<String> =
                row.as_array().into_iter().flatten().map(|cell| format!("{:>6}", number(cell))).collect();
            text += &format!("{:<16} {}\n", name(run), cells.join(" "));
        }
    }
    text
}
