//! `recallscope open`: the window on a data set, or a picture of it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use super::choices;
use crate::{
    dataset::Language,
    jobs::pipeline::PipelineSettings,
    ui::{self, OpenOptions, Preset, ThemeChoice},
    workspace::Workspace,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ThemeName {
    Dark,
    Light,
    System,
}

/// Open the window on a data set
#[derive(Debug, Default, Args)]
#[command(after_help = "Examples:\n  recallscope open my_community\n  \
                        recallscope open my_community --select user:196 --select user:22\n  \
                        recallscope open my_community --size 1600x1000 --theme dark --screenshot case.png")]
pub struct OpenArgs {
    /// The data set's folder, or a packed workspace; the last one, or the sample, if left out
    dir: Option<PathBuf>,
    /// How views and panels stand: case-study, training, evaluation, data, graph, map, covers, book, lab, workbench or demo
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<String>,
    /// The window's size in points, or the picture's in pixels, e.g. 1600x1000
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<[f32; 2]>,
    /// How many times larger everything is drawn, from 0.5 to 4, e.g. 2 for a picture of 3840x2160
    #[arg(long, value_parser = scale)]
    scale: Option<f32>,
    /// Colours; as they were last if left out
    #[arg(long)]
    theme: Option<ThemeName>,
    /// Language of words, tags and titles; as it was last if left out
    #[arg(long, value_parser = choices::language())]
    language: Option<Language>,
    /// What is selected at the start, user:ID or item:ID; each user gets a column. May be given several times
    #[arg(long, value_name = "THING:ID")]
    select: Vec<String>,
    /// Draw until lanes are trained and covers are there, write this PNG, and end
    #[arg(long, value_name = "FILE.png")]
    screenshot: Option<PathBuf>,
    /// The folder in which runs and the window's arrangement are kept
    #[arg(long, value_name = "FOLDER")]
    workspace: Option<PathBuf>,
}

pub fn run(args: &OpenArgs) -> Result<()> {
    if let Some(layout) = args.layout.as_deref()
        && Preset::from_name(layout).is_none()
    {
        let known: Vec<&str> = Preset::ALL.into_iter().map(Preset::name).collect();
        bail!("there is no layout `{layout}`; there is {}", known.join(", "));
    }
    for wanted in &args.select {
        if !matches!(wanted.split_once(':'), Some(("user" | "item", id)) if !id.is_empty()) {
            bail!("`--select {wanted}` is not understood; write user:ID or item:ID");
        }
    }
    let (folder, workspace) = match &args.dir {
        Some(dir) if Workspace::is_pack(dir) => (Some(packed_folder(dir)?), Some(dir.clone())),
        _ => (args.dir.clone(), args.workspace.clone()),
    };
    ui::run(&OpenOptions {
        folder,
        layout: args.layout.clone(),
        size: args.size,
        scale: args.scale,
        theme: args.theme.map(|theme| match theme {
            ThemeName::Dark => ThemeChoice::Dark,
            ThemeName::Light => ThemeChoice::Light,
            ThemeName::System => ThemeChoice::System,
        }),
        language: args.language,
        select: args.select.clone(),
        screenshot: args.screenshot.clone(),
        workspace,
        starts_empty: false,
        settings: PipelineSettings::default(),
        seed: args.screenshot.as_ref().map(|_| 1),
        path_boxes: false,
    })
}

/// The folder that stands for the data set of the newest run in a packed workspace.
fn packed_folder(pack: &Path) -> Result<PathBuf> {
    let runs = Workspace::open_pack(pack)?.runs()?;
    let newest = runs.first().with_context(|| format!("the packed workspace keeps no run: {}", pack.display()))?;
    Ok(PathBuf::from(&newest.dataset_folder))
}

/// `1600x1000`.
fn size(text: &str) -> Result<[f32; 2], String> {
    let parts = text.split_once(['x', 'X', '×']);
    let side = |text: &str| text.trim().parse::<f32>().ok().filter(|side| (200.0..=16_384.0).contains(side));
    match parts.map(|(width, height)| (side(width), side(height))) {
        Some((Some(width), Some(height))) => Ok([width, height]),
        _ => Err("write width and height in points, e.g. 1600x1000, each from 200 to 16384".to_owned()),
    }
}

fn scale(text: &str) -> Result<f32, String> {
    let scale = text.parse::<f32>().ok().filter(|scale| (0.5..=4.0).contains(scale));
    scale.ok_or_else(|| "write a number from 0.5 to 4".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_bounded() {
        assert_eq!(size("1600x1000").unwrap(), [1_600.0, 1_000.0]);
        assert_eq!(size("800 × 600").unwrap(), [800.0, 600.0]);
        for bad in ["1600", "x", "10x10", "1600xNaN", "99999x2000"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
