//! A picture of the window, taken when its content is complete.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use egui::{ColorImage, ScreenshotCallback, ViewportCommand};

/// Longer than any job that is worth waiting for in front of a picture.
const GIVE_UP: Duration = Duration::from_secs(1_800);

/// What became of it; shared with whoever waits for the window to close.
#[derive(Clone, Default)]
pub struct Outcome(Arc<Mutex<Option<Result<(), String>>>>);

impl Outcome {
    fn set(&self, outcome: Result<(), String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    pub fn take(&self) -> Option<Result<(), String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

pub struct Screenshot {
    path: PathBuf,
    frame: Option<([f32; 2], f32)>,
    outcome: Outcome,
    picture: Arc<Mutex<Option<Arc<ColorImage>>>>,
    is_requested: bool,
    since: Instant,
}

impl Screenshot {
    /// `frame`: size of the picture in pixels, and pixels of a point.
    pub fn new(path: &Path, frame: Option<([f32; 2], f32)>, outcome: Outcome) -> Self {
        Self {
            path: path.to_owned(),
            frame,
            outcome,
            picture: Arc::default(),
            is_requested: false,
            since: Instant::now(),
        }
    }

    /// To be called in every frame; closes the window when the picture is written or cannot be had.
    pub fn step(&mut self, ctx: &egui::Context, is_complete: bool, trouble: Option<&str>) {
        let taken = self.picture.lock().unwrap_or_else(PoisonError::into_inner).take();
        let outcome = if let Some(picture) = taken {
            Some(write(&self.path, &picture).map_err(|error| format!("{error:#}")))
        } else if let Some(trouble) = trouble {
            Some(Err(trouble.to_owned()))
        } else if self.since.elapsed() > GIVE_UP {
            Some(Err("the window did not come to rest within half an hour".to_owned()))
        } else {
            None
        };
        if let Some(outcome) = outcome {
            self.outcome.set(outcome);
            ctx.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        let is_framed = self.fit(ctx);
        if is_complete && is_framed && !self.is_requested {
            self.is_requested = true;
            let (picture, waker) = (self.picture.clone(), ctx.clone());
            ctx.send_viewport_cmd(ViewportCommand::Screenshot(ScreenshotCallback::new(move |image| {
                *picture.lock().unwrap_or_else(PoisonError::into_inner) = Some(image);
                waker.request_repaint();
            })));
        }
        // Settled frames have to be drawn to be counted.
        ctx.request_repaint();
    }
}

impl Screenshot {
    /// Gives the window the size of the picture, whatever scale the screen suggests. True when it has it, or when the
    /// screen does not allow it.
    fn fit(&mut self, ctx: &egui::Context) -> bool {
        const PATIENCE: Duration = Duration::from_secs(3);
        let Some(([width_px, height_px], scale)) = self.frame else { return true };
        if (ctx.pixels_per_point() - scale).abs() > 1e-3 {
            ctx.set_pixels_per_point(scale);
            return false;
        }
        let size = egui::vec2(width_px, height_px) / scale;
        let is_right = (ctx.viewport_rect().size() - size).abs().max_elem() < 1.0;
        if !is_right && !self.is_requested {
            ctx.send_viewport_cmd(ViewportCommand::InnerSize(size));
        }
        is_right || self.since.elapsed() > PATIENCE
    }
}

fn write(path: &Path, picture: &ColorImage) -> Result<()> {
    let [width, height] = picture.size;
    let bytes: Vec<u8> = picture.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect();
    let Some(image) = image::RgbImage::from_raw(width as u32, height as u32, bytes) else {
        bail!("the window gave an empty picture");
    };
    image.save_with_format(path, image::ImageFormat::Png).with_context(|| format!("cannot write {}", path.display()))
}
