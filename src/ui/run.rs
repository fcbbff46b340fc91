//! Opening the real window.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

use anyhow::{Result, anyhow, bail};

use super::{
    App, ThemeChoice,
    screenshot::{Outcome, Screenshot},
};
use crate::{dataset::Language, jobs::pipeline::PipelineSettings, workspace::Workspace};

/// How the window opens.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// The data set; `None` opens the last one, or the sample.
    pub folder: Option<PathBuf>,
    /// Name of a layout, e.g. `case-study`.
    pub layout: Option<String>,
    /// Width and height in points.
    pub size: Option<[f32; 2]>,
    /// Points are this many times larger.
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
}

struct Window {
    app: App,
    screenshot: Option<Screenshot>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.app.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
        if let Some(screenshot) = &mut self.screenshot {
            let trouble = self.app.session.trouble.as_ref().map(|trouble| trouble.message.as_str());
            screenshot.step(ui.ctx(), self.app.is_complete(), trouble);
        }
    }

    fn on_exit(&mut self) {
        self.app.close();
    }
}

/// Opens the window and returns when it is closed.
pub fn run(options: &OpenOptions) -> Result<()> {
    check_display()?;
    let outcome = Outcome::default();
    let native = native_options(options);
    let (owned, told) = (options.clone(), outcome.clone());
    let result = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "recallscope",
            native,
            Box::new(move |creation| {
                if let Some(scale) = owned.scale {
                    creation.egui_ctx.set_zoom_factor(scale);
                }
                let app = App::new(&creation.egui_ctx, &owned);
                let screenshot = owned.screenshot.as_deref().map(|path| Screenshot::new(path, told));
                Ok(Box::new(Window { app, screenshot }))
            }),
        )
    }));
    match result {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(no_window(&error.to_string())),
        Err(panic) => {
            let what = panic.downcast_ref::<String>().map(String::as_str);
            let what = what.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it broke off");
            return Err(no_window(what));
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
        .with_inner_size(options.size.unwrap_or([1_600.0, 1_000.0]))
        .with_min_inner_size([720.0, 480.0])
        .with_drag_and_drop(true);
    if is_picture {
        viewport = viewport.with_decorations(false);
    }
    let folder = options.workspace.clone().or_else(|| Workspace::default_path().ok());
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Wgpu,
        // A picture must not depend on how the window was left, nor change how it comes back.
        persist_window: !is_picture && options.size.is_none(),
        persistence_path: folder.filter(|_| !is_picture).map(|folder| folder.join("window.ron")),
        ..eframe::NativeOptions::default()
    }
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
