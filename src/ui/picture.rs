//! A picture of one view at any scale. The window is drawn once more by a context of its own, at the scale of the
//! picture, so that letters and lines are as sharp as it allows; what lies outside the view is cut off.

use std::{
    iter::once,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail};
use eframe::egui_wgpu::{RenderState, RendererOptions, ScreenDescriptor, WgpuConfiguration, WgpuSetup, wgpu};
use egui::{
    Context, RawInput, Rect, TexturesDelta, Ui, ViewportId, ViewportInfo, emath::TSTransform, epaint::ClippedShape,
};
use image::ImageEncoder as _;

use super::{covers::CoverStore, fonts};
use crate::workspace::write_atomically;

/// Pictures with longer sides are refused: every graphics driver draws this much, few draw more.
pub const MAX_SIDE_PX: u32 = 8_192;
/// Passes that a view gets to find its places.
const PASSES: u32 = 4;
/// Covers that are not there by then do not come.
const GIVE_UP: Duration = Duration::from_secs(60);

/// A picture in the making; one pass over the views each frame, until every cover is there.
pub struct Picture {
    ctx: Context,
    covers: CoverStore,
    screen: Rect,
    scale: u32,
    textures: TexturesDelta,
    passes: u32,
    quiet_passes: u32,
    since: Instant,
}

/// What there is to see, ready to be drawn on any thread.
pub struct Shot {
    ctx: Context,
    shapes: Vec<ClippedShape>,
    textures: TexturesDelta,
    scale: f32,
    size_px: [u32; 2],
}

pub enum Step {
    Again,
    Done(Box<Shot>),
    /// The view is not in sight.
    Hidden,
    /// Covers are missing.
    Incomplete,
}

/// Sides in pixels of a picture of `rect` with `scale` pixels a point.
pub fn size_px(rect: Rect, scale: u32) -> [u32; 2] {
    [rect.width(), rect.height()].map(|side| (side * scale as f32).round().max(1.0) as u32)
}

impl Picture {
    /// `window` gives its theme, and where everything was scrolled to.
    pub fn new(window: &Context, scale: u32, cover_bytes: usize, workers: usize) -> Self {
        let ctx = Context::default();
        let memory = window.memory(Clone::clone);
        ctx.memory_mut(|own| *own = memory);
        ctx.set_fonts(fonts::definitions());
        ctx.options_mut(|options| options.zoom_factor = 1.0);
        ctx.set_theme(window.theme());
        Self {
            covers: CoverStore::new(ctx.clone(), cover_bytes, workers),
            ctx,
            screen: window.viewport_rect(),
            scale,
            textures: TexturesDelta::default(),
            passes: 0,
            quiet_passes: 0,
            since: Instant::now(),
        }
    }

    /// One pass. `ui` draws the window and gives the place of the view, if it is in sight.
    pub fn step(&mut self, ui: impl Fn(&mut Ui, &mut CoverStore) -> Option<Rect>) -> Step {
        let info = ViewportInfo { native_pixels_per_point: Some(self.scale as f32), ..ViewportInfo::default() };
        let input = RawInput {
            viewports: once((ViewportId::ROOT, info)).collect(),
            screen_rect: Some(self.screen),
            max_texture_side: Some(MAX_SIDE_PX as usize),
            // Fast enough for everything that fades or slides to be done by the next pass.
            time: Some(f64::from(self.passes) * 2.0),
            ..RawInput::default()
        };
        let (covers, mut place) = (&mut self.covers, None);
        covers.begin_frame(&self.ctx);
        let output = self.ctx.run_ui(input, |root| place = ui(root, covers));
        self.textures.append(output.textures_delta);
        self.passes += 1;
        self.quiet_passes = if self.covers.pending() == 0 { self.quiet_passes + 1 } else { 0 };
        let Some(place) = place else {
            return if self.passes < PASSES { Step::Again } else { Step::Hidden };
        };
        if self.passes < PASSES || self.quiet_passes < 2 {
            return if self.since.elapsed() > GIVE_UP { Step::Incomplete } else { Step::Again };
        }
        let scale = self.scale as f32;
        // On whole pixels, so that nothing moves by a part of one.
        let origin = (place.min.to_vec2() * scale).floor() / scale;
        let mut shapes = output.shapes;
        shapes.retain(|shape| shape.clip_rect.intersects(place));
        for shape in &mut shapes {
            shape.transform(TSTransform::from_translation(-origin));
        }
        Step::Done(Box::new(Shot {
            ctx: self.ctx.clone(),
            shapes,
            textures: std::mem::take(&mut self.textures),
            scale,
            size_px: size_px(place, self.scale),
        }))
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // Nobody draws them any more.
        self.textures.clear();
    }
}

impl Shot {
    /// Draws, and writes a PNG as a whole or not at all.
    pub fn write(self, path: &Path) -> Result<()> {
        let [width, height] = self.size_px;
        let pixels = self.draw().context("the picture could not be drawn")?;
        write_atomically(path, |out| {
            let encoder = image::codecs::png::PngEncoder::new(out);
            encoder.write_image(&pixels, width, height, image::ExtendedColorType::Rgb8).map_err(std::io::Error::other)
        })?;
        Ok(())
    }

    /// Rows of red, green and blue.
    fn draw(mut self) -> Result<Vec<u8>> {
        let [width, height] = self.size_px;
        if width.max(height) > MAX_SIDE_PX {
            bail!(
                "{width} × {height} pixels are too many; the longest side may have {MAX_SIDE_PX}: choose a smaller scale"
            );
        }
        let setup = WgpuSetup::without_display_handle();
        let config = WgpuConfiguration { wgpu_setup: setup.clone(), ..WgpuConfiguration::default() };
        let state = pollster::block_on(async {
            let instance = setup.new_instance().await;
            RenderState::create(&config, &instance, None, RendererOptions::default()).await
        })
        .context("no graphics driver is at hand")?;
        let (device, queue) = (&state.device, &state.queue);
        let mut renderer = state.renderer.write();
        for (id, images) in self.textures.set.drain() {
            for image in images {
                renderer.update_texture(device, queue, id, &image);
            }
        }
        self.textures.clear();
        let screen = ScreenDescriptor { size_in_pixels: self.size_px, pixels_per_point: self.scale };
        let primitives = self.ctx.tessellate(self.shapes, self.scale);
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let uploads = renderer.update_buffers(device, queue, &mut encoder, &primitives, &screen);
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        let target = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("picture"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: state.target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let attachment = wgpu::RenderPassColorAttachment {
            view: &view,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::BLACK), store: wgpu::StoreOp::Store },
            depth_slice: None,
        };
        let descriptor = wgpu::RenderPassDescriptor {
            color_attachments: &[Some(attachment)],
            ..wgpu::RenderPassDescriptor::default()
        };
        renderer.render(&mut encoder.begin_render_pass(&descriptor).forget_lifetime(), &primitives, &screen);
        // Rows of a buffer begin at multiples of this.
        let row_bytes = (4 * width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("pixels"),
            size: u64::from(row_bytes) * u64::from(height),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let layout =
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row_bytes), rows_per_image: Some(height) };
        let copy = wgpu::TexelCopyBufferInfo { buffer: &buffer, layout };
        encoder.copy_texture_to_buffer(target.as_image_copy(), copy, size);
        queue.submit(uploads.into_iter().chain(once(encoder.finish())));
        let (sender, receiver) = crossbeam_channel::bounded(1);
        buffer.slice(..).map_async(wgpu::MapMode::Read, move |result| {
            // Whoever waits is still there: it waits below.
            let _ = sender.send(result);
        });
        device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| anyhow!("{error}"))?;
        receiver.recv().context("the driver gave no pixels")?.context("the driver gave no pixels")?;
        let bytes = buffer.slice(..).get_mapped_range().context("the driver gave no pixels")?;
        let mut pixels = Vec::with_capacity(3 * width as usize * height as usize);
        for row in bytes.chunks_exact(row_bytes as usize) {
            for pixel in row.as_chunks::<4>().0.iter().take(width as usize) {
                pixels.extend_from_slice(&pixel[..3]);
            }
        }
        Ok(pixels)
    }
}
