//! `recallscope tag` and `recallscope similar`: what a kept cover model makes of a picture and of an item's cover.

use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{
    choices,
    console::{Console, visible},
    output,
    recall::{Opened, find_run, item_row},
};
use crate::{
    dataset::{Language, TagLevel},
    jobs::pipeline,
    recall::LaneKind,
    task::JobContext,
    workspace::{RunRecord, Workspace},
};

/// Show what a kept cover model reads off a picture
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope tag work cover.jpg
  recallscope tag work cover.png --level leaf -k 5 --json")]
pub(super) struct TagArgs {
    /// The workspace
    workspace: PathBuf,
    /// The picture: JPEG, PNG or WebP
    picture: PathBuf,
    /// Tags of this level; its newest cover model answers
    #[arg(long, value_parser = choices::level())]
    level: Option<TagLevel>,
    /// Also give the heat of the surest tag over what the network sees (Grad-CAM), as JSON
    #[arg(long, requires = "json")]
    heat: bool,
    /// How many tags
    #[arg(short, long, default_value_t = 10, value_parser = choices::list_length, allow_hyphen_values = true)]
    k: usize,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Show the items whose covers look most like that of an item
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recallscope similar work --item 42
  recallscope similar work --item 42 --level leaf -k 50 --json")]
pub(super) struct SimilarArgs {
    /// The workspace
    workspace: PathBuf,
    /// The item's id, as in the log
    #[arg(long)]
    item: String,
    /// The model that learnt tags of this level; the newest one answers
    #[arg(long, value_parser = choices::level())]
    level: Option<TagLevel>,
    /// How many items
    #[arg(short, long, default_value_t = 20, value_parser = choices::list_length, allow_hyphen_values = true)]
    k: usize,
    /// Print JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn tag(args: &TagArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = newest(&workspace, args.level)?;
    let (picture, k, with_heat) = (args.picture.clone(), args.k, args.heat);
    let answer = Console::new(args.json).run("tag", move |ctx| {
        let opened = Opened::of(&workspace, &run, ctx)?;
        let Some(lane) = opened.lane.cover() else { bail!("the run {} has no cover model", run.id) };
        let model = lane.model();
        let look = model.look_at(&picture, &opened.dataset, ctx)?;
        let names = opened.dataset.tags.names(model.level());
        let sure = model.tags(&look.vector);
        let heat = sure.first().filter(|_| with_heat).map(|tag| {
            let heat = model.heat(&look, tag.0);
            heat.values.chunks(heat.width).map(<[f32]>::to_vec).collect::<Vec<_>>()
        });
        let tags = sure.into_iter().take(k).map(|(tag, confidence)| {
            let name = names.name(tag);
            json!({ "tag": name, "title": opened.dataset.label(name, Language::English), "confidence": confidence })
        });
        let mut answer = json!({ "run": run.id, "level": model.settings.level, "tags": tags.collect::<Vec<_>>() });
        if let Some(heat) = heat {
            answer["heat"] = json!(heat);
        }
        Ok(answer)
    })?;
    if args.json {
        return output::json(&answer);
    }
    let lines = list(&answer, "tags").map(|tag| {
        format!("{:>6.1} %  {}  {}\n", 100.0 * number(&tag["confidence"]), word(&tag["tag"]), word(&tag["title"]))
    });
    output::bytes(lines.collect::<String>().as_bytes())
}

pub(super) fn similar(args: &SimilarArgs) -> Result<()> {
    let workspace = Workspace::open_to_read(&args.workspace)?;
    let run = newest(&workspace, args.level)?;
    let (item, k) = (args.item.clone(), args.k);
    let answer = Console::new(args.json).run("similar", move |ctx| nearest(&workspace, &run, &item, k, ctx))?;
    if args.json {
        return output::json(&answer);
    }
    let lines = list(&answer, "items")
        .map(|item| format!("{:.4}  {}  {}\n", number(&item["score"]), word(&item["item_id"]), word(&item["title"])));
    output::bytes(lines.collect::<String>().as_bytes())
}

fn nearest(workspace: &Workspace, run: &RunRecord, item: &str, k: usize, ctx: &JobContext) -> Result<Value> {
    let Opened { dataset, lane, .. } = Opened::of(workspace, run, ctx)?;
    let Some(lane) = lane.cover() else { bail!("the run {} has no cover model", run.id) };
    let row = item_row(&dataset, item)?;
    let Some(vector) = lane.model().vector(row) else {
        bail!("the item `{}` has no cover, or none that can be read; choose another item", visible(item))
    };
    let items = lane.nearest(vector, k, &[row]).into_iter().map(|found| {
        json!({
            "item_id": dataset.items.ids.name(found.item),
            "title": dataset.title(found.item, Language::English),
            "score": found.score,
        })
    });
    let level = pipeline::settings_of(run)?.cover.level;
    Ok(json!({ "item": item, "run": run.id, "level": level, "items": items.collect::<Vec<_>>() }))
}

/// The newest cover model, of `level` if one is named.
fn newest(workspace: &Workspace, level: Option<TagLevel>) -> Result<RunRecord> {
    let Some(level) = level else { return find_run(workspace, None, Some(LaneKind::Cover)) };
    let notes = workspace.run_notes()?;
    let is_there = |run: &RunRecord| {
        run.lane == LaneKind::Cover.name()
            && !notes.get(&run.id).is_some_and(|note| note.is_deleted)
            && pipeline::settings_of(run).is_ok_and(|settings| settings.cover.level == level)
    };
    let Some(run) = workspace.runs()?.into_iter().find(is_there) else {
        let name = choices::level_name(level);
        bail!(
            "the workspace keeps no cover model of {name}; make one with `recallscope run DIR --out WORKSPACE --lanes \
             cover --set cover.level={name}`"
        )
    };
    Ok(run)
}

fn list<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer[name].as_array().into_iter().flatten()
}

fn word(value: &Value) -> String {
    visible(value.as_str().unwrap_or_default()).into_owned()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}
