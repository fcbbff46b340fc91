//! Opening the real window.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, anyhow, bail};

use super::{
    App, Start, ThemeChoice,
    screenshot::{Outcome, Screenshot},
    views::map::gpu::TargetFormat,
};
use crate::{
    dataset::Language,
    jobs::{panic_message, pipeline::PipelineSettings},
    workspace::Workspace,
};

/// How the window opens.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// The data set; `None` opens the last one, or the sample.
    pub folder: Option<PathBuf>,
    /// Name of a layout, e.g. `case-study`.
    pub layout: Option<String>,
    /// Width and height in points; for a picture in pixels.
    pub size: Option<[f32; 2]>,
    /// Pixels of a point; for a picture 1 if left out, whatever the screen is.
    pub scale: Option<f32>,
    pub theme: Option<ThemeChoice>,
    pub language: Option<Language>,
    /// `user:ID` or `item:ID`; users also get a column each.
    pub select: Vec<String>,
    /// Draw until the content is complete, write this PNG, and end.
    pub screenshot: Option<PathBuf>,
    /// `None` takes the user's own.
    pub workspace: Option<PathBuf>,
    /// Begin without a data set.
    pub starts_empty: bool,
    /// How lanes are trained; the split is chosen to fit the data set.
    pub settings: PipelineSettings,
    /// What "Surprise me" starts from; the time if `None`.
    pub seed: Option<u64>,
    /// Ask for paths in boxes of the window's own, never by the system's dialogs.
    pub path_boxes: bool,
}

/// The window's size in points where nobody asks for another.
pub(super) const SIZE: [f32; 2] = [1_600.0, 1_000.0];

struct Window {
    app: App,
    started: Instant,
    frames: u64,
    screenshot: Option<Screenshot>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.app.logic(ctx);
        // eframe brings the full screen back once the window is shown. It is for presenting alone: who was ended meanwhile
        // would begin where no way out is to be seen.
        if self.frames == 1 {
            ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(false));
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
        self.frames += 1;
        if self.frames == 1 {
            ui.request_repaint();
            log::info!("first frame {:.0} ms after the start", self.started.elapsed().as_secs_f64() * 1e3);
        }
        if let Some(screenshot) = &mut self.screenshot {
            let trouble = self.app.session.trouble.as_ref().map(|trouble| trouble.fault.message.as_str());
            screenshot.step(ui.ctx(), self.app.is_complete(), trouble);
        }
    }

    fn raw_input_hook(&mut self, _ctx: &egui::Context, input: &mut egui::RawInput) {
        // A pointer that happens to rest over the window is no part of a picture.
        if self.screenshot.is_some() {
            input.events.clear();
        }
    }

    fn persist_egui_memory(&self) -> bool {
        self.screenshot.is_none()
    }

    fn on_exit(&mut self) {
        // A picture leaves the window as it was.
        if self.screenshot.is_some() {
            self.app.session.cancel_all();
        } else {
            self.app.close();
        }
    }
}

/// Opens the window and returns when it is closed.
pub fn run(options: &OpenOptions) -> Result<()> {
    let started = Instant::now();
    if let Some(path) = &options.screenshot {
        check_writable(path)?;
    }
    check_display()?;
    let outcome = Outcome::default();
    let native = native_options(options);
    let start = Start::new(options);
    let (owned, told) = (options.clone(), outcome.clone());
    let result = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "recallscope",
            native,
            Box::new(move |creation| {
                if let (Some(scale), None) = (owned.scale, &owned.screenshot) {
                    creation.egui_ctx.set_zoom_factor(scale);
                }
                if let Some(state) = &creation.wgpu_render_state {
                    state.renderer.write().callback_resources.insert(TargetFormat(state.target_format));
                }
                let app = App::with(&creation.egui_ctx, &owned, start);
                let screenshot = owned.screenshot.as_deref().map(|path| {
                    let frame = owned.size.map(|size_px| (size_px, owned.scale.unwrap_or(1.0)));
                    Screenshot::new(path, frame, told)
                });
                Ok(Box::new(Window { app, started, frames: 0, screenshot }))
            }),
        )
    }));
    match result {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(no_window(&error.to_string())),
        Err(panic) => {
            return Err(no_window(panic_message(&*panic).unwrap_or("it broke off")));
        }
    }
    match (outcome.take(), &options.screenshot) {
        (Some(Err(error)), _) => bail!("no picture was taken: {error}"),
        (None, Some(_)) => bail!("no picture was taken: the window was closed before its content was complete"),
        _ => Ok(()),
    }
}

fn native_options(options: &OpenOptions) -> eframe::NativeOptions {
    let is_picture = options.screenshot.is_some();
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Recallscope")
        .with_app_id("recallscope")
        .with_inner_size(options.size.unwrap_or(SIZE))
        .with_min_inner_size([720.0, 480.0])
        .with_drag_and_drop(true);
    if is_picture {
        viewport = viewport.with_decorations(false);
    }
    let folder = options.workspace.clone().or_else(|| Workspace::default_path().ok());
    let size = options.size;
    // The last word, after what eframe remembers of the window.
    let window_builder = move |viewport: egui::ViewportBuilder| match size {
        Some(size) => viewport.with_inner_size(size).with_maximized(false),
        None => viewport,
    };
    eframe::NativeOptions {
        viewport,
        window_builder: Some(Box::new(window_builder)),
        renderer: eframe::Renderer::Wgpu,
        // A picture must not depend on how the window was left, nor change how it comes back.
        persist_window: !is_picture && options.size.is_none(),
        persistence_path: if is_picture { nowhere() } else { folder.map(|folder| folder.join("window.ron")) },
        ..eframe::NativeOptions::default()
    }
}

/// A file that is not there, and that nothing is written to: without a path eframe takes one of its own.
fn nowhere() -> Option<PathBuf> {
    Some(std::env::temp_dir().join(format!("recallscope-picture-{}", std::process::id())).join("window.ron"))
}

/// A picture that cannot be written should not be waited for.
fn check_writable(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        bail!("the picture's name is a folder's; write --screenshot {}", path.join("window.png").display());
    }
    tempfile::NamedTempFile::new_in(folder)
        .map(drop)
        .with_context(|| format!("no picture can be written into {}; choose another folder", folder.display()))
}

/// Without a display winit fails late and in riddles, so ask first.
fn check_display() -> Result<()> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(all(unix, not(target_os = "macos"))) && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        return Err(no_window("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"));
    }
    Ok(())
}

fn no_window(what: &str) -> anyhow::Error {
    anyhow!(
        "cannot open a window: {what}\n\
         A window needs a display and a Vulkan, Metal or DirectX 12 driver. Without a screen:\n  \
         apt-get install xvfb xauth libxkbcommon-x11-0 libvulkan1 mesa-vulkan-drivers\n  \
         xvfb-run -s '-screen 0 1600x1000x24' recallscope open DIR --screenshot FILE.png\n\
         Without a window at all, the same work and figures as JSON:\n  \
         recallscope run DIR --out WORKSPACE --json"
    )
}
