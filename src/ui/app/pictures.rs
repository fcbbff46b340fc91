//! Pictures that come in, dropped or pasted, and those of the views that go out.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Context as _;
use egui::{Context, Event};

use super::App;
use crate::{
    dataset::covers::is_picture,
    task::JobContext,
    ui::{
        commands::{Command, Outbox},
        dialogs::Dialogs,
        frame,
        panels::top::Search,
        picture::Step,
        session::Trouble,
        theme::Tokens,
        views::Scene,
        words::Word,
    },
    workspace::Workspace,
};

impl App {
    pub(super) fn take_drops(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
        if let Some(path) = dropped {
            self.out.send(Command::of_path(path));
        }
        if ctx.text_edit_focused() {
            return;
        }
        let pasted = ctx.input(|input| {
            input.events.iter().find(|event| matches!(event, Event::Paste(_) | Event::PasteImage(_))).cloned()
        });
        match pasted {
            Some(Event::Paste(text)) if is_picture(Path::new(text.trim())) => {
                self.out.send(Command::LookAt(PathBuf::from(text.trim())));
            }
            Some(Event::PasteImage(picture)) => {
                let workspace = self.session.workspace.clone();
                let keep = move |_: &JobContext| Ok(kept_picture(workspace.as_deref(), &picture));
                self.pasting = Some(self.session.errand(keep));
            }
            _ => {}
        }
    }

    /// Draws the window once more for a picture that was asked for, and hands it on when it is complete.
    pub(super) fn draw_picture(&mut self, ctx: &Context) {
        let Some((mut picture, kind, path)) = self.picture.take() else { return };
        let words = self.words();
        let mut desk = self.desk.clone();
        desk.preferences.frame_times = false;
        let Self { session, selection, centre, history, clock, .. } = self;
        // What views send while they are drawn for a picture is not the analyst's doing.
        let out = Outbox::default();
        let centre = std::cell::RefCell::new(centre);
        let step = picture.step(|ui, covers| {
            let centre = &mut **centre.borrow_mut();
            let tokens = Tokens::of(ui.ctx().theme());
            let mut tree = desk.layout.tree.clone();
            let mut scene = Scene {
                session,
                desk: &desk,
                selection,
                words,
                tokens,
                covers,
                out: &out,
                history,
                clock,
                is_presented: false,
                is_pointing: false,
            };
            let (mut search, mut dialogs) = (Search::default(), Dialogs::default());
            frame::frame_ui(ui, &mut scene, &mut search, &mut dialogs, centre, &mut tree);
            centre.place(kind)
        });
        let failed = match step {
            Step::Again => {
                self.picture = Some((picture, kind, path));
                ctx.request_repaint();
                return;
            }
            Step::Done(shot) => {
                self.session.save(path, move |path, _| shot.write(path));
                return;
            }
            Step::Hidden => Word::PictureHidden,
            Step::Incomplete => Word::PictureIncomplete,
        };
        self.session.trouble = Some(Trouble::new(words.get(failed).to_owned()));
    }
}

/// A picture from the clipboard as a file, named by its content.
fn kept_picture(workspace: Option<&Workspace>, picture: &egui::ColorImage) -> anyhow::Result<PathBuf> {
    let [width, height] = picture.size.map(|side| side as u32);
    let bytes: Vec<u8> = picture.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect();
    let name = format!("{}.png", &blake3::hash(&bytes).to_hex()[..16]);
    let folder = workspace.map_or_else(std::env::temp_dir, |workspace| workspace.folder().to_owned()).join("pasted");
    let path = folder.join(name);
    let keep = || -> anyhow::Result<()> {
        std::fs::create_dir_all(&folder)?;
        let picture = image::RgbaImage::from_raw(width, height, bytes).context("it has no size")?;
        picture.save(&path)?;
        sweep(&folder)
    };
    keep().with_context(|| format!("the pasted picture cannot be written to {}", path.display()))?;
    Ok(path)
}

/// Of the pictures that were pasted the last ones stay.
fn sweep(folder: &Path) -> anyhow::Result<()> {
    const MOST: usize = 20;
    let mut files: Vec<(SystemTime, PathBuf)> = std::fs::read_dir(folder)?
        .flatten()
        .filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file.path())))
        .collect();
    files.sort();
    for (_, path) in files.iter().rev().skip(MOST) {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
