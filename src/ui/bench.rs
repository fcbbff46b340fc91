//! How quick the window is: the application driven by a script, drawn off the screen.
//!
//! Counted is what the thread of the window does itself: taking in results, laying out, and turning shapes into
//! triangles. The renderer's own time stands apart, as on a real screen it runs elsewhere.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail};
use cpu_time::ThreadTime;
use egui::{Event, MouseWheelUnit, Pos2, RawInput, Rect, Vec2, pos2, vec2};
use egui_kittest::{TestRenderer as _, wgpu::WgpuTestRenderer};
use serde_json::{Map, Value, json};

use super::{
    App, OpenOptions, Start, ThemeChoice,
    commands::Command,
    covers::CoverKey,
    desk::{Layout, MAX_COLUMNS, MapColour, MapDesk, MapMethod, Preset},
    session::Opened,
    views::ViewKind,
};
use crate::{jobs::pipeline::PipelineSettings, recall::LaneKind};

/// How long anything may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(600);
/// A screen's pace: the script waits for it, so that other threads get their share.
const FRAME: Duration = Duration::from_micros(16_667);

/// Frames in which t-SNE is watched, at most.
const ARRANGING: usize = 3_600;
/// Frames that take longer are counted: a quarter of the pace.
const LONG_MS: f64 = 4.0;
/// Covers of the last phase.
const WALL: usize = 50_000;

#[derive(Debug, Clone)]
pub struct UiBench {
    /// `None`: the sample community.
    pub folder: Option<PathBuf>,
    /// Where runs are kept; a folder that may be empty.
    pub workspace: PathBuf,
    /// When the program was started.
    pub started: Instant,
}

struct Stage {
    ctx: egui::Context,
    app: App,
    renderer: WgpuTestRenderer,
    size: Vec2,
    started: Instant,
    /// Of the present phase.
    frames: Vec<Spent>,
    drawing_ms: Vec<f64>,
}

/// What a frame took of the window's thread, in milliseconds: by the clock, and of the processor alone, which others that
/// want it do not lengthen.
#[derive(Debug, Clone, Copy)]
struct Spent {
    wall: f64,
    cpu: f64,
}

/// A frame that is being timed.
struct Begun {
    at: Instant,
    cpu: ThreadTime,
}

impl Begun {
    fn now() -> Self {
        Self { at: Instant::now(), cpu: ThreadTime::now() }
    }

    fn spent(&self) -> Spent {
        Spent { wall: self.at.elapsed().as_secs_f64() * 1e3, cpu: self.cpu.elapsed().as_secs_f64() * 1e3 }
    }
}

/// Runs the script; gives `ui_thread_ms`, the seconds from the start to the first frame, the data set (`opened_secs`), its
/// split, the first covers and the lanes, whether the data set's columns were found in the workspace (`is_found`), how many
/// points its map had (`map_points`), and the phases one by one.
pub fn run(bench: &UiBench) -> Result<Value> {
    let ctx = egui::Context::default();
    let options = OpenOptions {
        folder: bench.folder.clone(),
        theme: Some(ThemeChoice::Dark),
        scale: Some(1.0),
        workspace: Some(bench.workspace.clone()),
        layout: Some(Preset::CaseStudy.name().to_owned()),
        seed: Some(1),
        ..OpenOptions::default()
    };
    let start = Start::new(&options);
    let renderer = catch_unwind(AssertUnwindSafe(WgpuTestRenderer::new))
        .map_err(|_| anyhow!("nothing can be drawn: there is no Vulkan, Metal or DirectX 12 driver"))?;
    let app = App::with(&ctx, &options, start);
    let mut stage = Stage {
        ctx,
        app,
        renderer,
        size: vec2(1_600.0, 1_000.0),
        started: bench.started,
        frames: Vec::new(),
        drawing_ms: Vec::new(),
    };
    stage.frame(Vec::new(), true)?;
    let first_frame_secs = stage.started.elapsed().as_secs_f64();
    let mut first_covers_secs = None;
    let (mut opened_secs, mut split_secs) = (None, None);
    stage.until("the lanes", |stage| {
        let elapsed = stage.started.elapsed().as_secs_f64();
        if stage.app.session.opened.is_some() {
            opened_secs.get_or_insert(elapsed);
        }
        if stage.app.session.opened.as_ref().is_some_and(|opened| opened.basis.is_some()) {
            split_secs.get_or_insert(elapsed);
        }
        if stage.app.covers.bytes() > 0 {
            first_covers_secs.get_or_insert(elapsed);
        }
        stage.app.is_complete()
    })?;
    let is_found = stage.app.session.opened.as_ref().is_some_and(|opened| opened.is_found);
    let lanes_secs = stage.started.elapsed().as_secs_f64();
    let mut phases = Map::new();
    let mut all = std::mem::take(&mut stage.frames);
    phases.insert("opening".to_owned(), spent_figures(&all));
    let map_points = stage.map(&mut phases, &mut all)?;

    // Six columns, and a training that outlasts the script.
    while stage.app.desk.case.columns.len() < MAX_COLUMNS.min(stage.users()) {
        stage.send(Command::AddColumn);
        stage.frame(Vec::new(), false)?;
    }
    let mut settings = stage.app.session.opened.as_ref().map(|opened| opened.settings.clone()).unwrap_or_default();
    lengthen(&mut settings)?;
    stage.send(Command::StartRun { kind: LaneKind::Item2vec, settings: Box::new(settings) });
    stage.until("six columns", |stage| stage.app.covers.pending() == 0)?;
    phases.insert("six columns".to_owned(), stage.end_phase(&mut all));

    let middle = stage.middle();
    stage.frame(vec![Event::PointerMoved(middle)], false)?;
    for step in 0..240 {
        let delta = if step % 120 < 60 { -90.0 } else { 90.0 };
        stage.frame(vec![wheel(delta)], false)?;
    }
    phases.insert("scroll".to_owned(), stage.end_phase(&mut all));

    for step in 0..120 {
        let at = middle + vec2(((step * 37) % 900) as f32 - 450.0, ((step * 53) % 500) as f32 - 250.0);
        stage.frame(vec![Event::PointerMoved(at)], false)?;
    }
    phases.insert("hover".to_owned(), stage.end_phase(&mut all));

    for step in 0..60 {
        if step % 10 == 0 {
            let kind = LaneKind::QUICK[(step / 10) % LaneKind::QUICK.len()];
            stage.send(Command::Select(super::Thing::Lane(kind), super::selection::Mode::Replace));
        }
        stage.frame(Vec::new(), false)?;
    }
    phases.insert("switch lanes".to_owned(), stage.end_phase(&mut all));

    for kind in ViewKind::ALL.into_iter().skip(1).chain([ViewKind::CaseStudy]) {
        stage.send(Command::Show(kind));
        for _ in 0..30 {
            stage.frame(vec![Event::PointerMoved(stage.middle())], false)?;
        }
        for step in 0..30 {
            stage.frame(vec![wheel(if step < 15 { -60.0 } else { 60.0 })], false)?;
        }
        phases.insert(format!("view {}", kind.name()), stage.end_phase(&mut all));
    }
    stage.app.desk.layout = Layout::preset(Preset::CaseStudy);

    for step in 0..90 {
        let grown = 1.0 - (step as f32 / 45.0 - 1.0).abs();
        stage.size = vec2(1_280.0 + 1_280.0 * grown, 800.0 + 640.0 * grown);
        stage.frame(Vec::new(), step % 30 == 0)?;
    }
    phases.insert("resize".to_owned(), stage.end_phase(&mut all));
    let most_bytes = stage.wall_of_covers()?;
    phases.insert(format!("{WALL} covers"), stage.end_phase(&mut all));
    let is_training = !stage.app.session.is_idle();
    stage.app.close();

    Ok(json!({
        "ui_thread_ms": spent_figures(&all),
        "first_frame_secs": rounded(first_frame_secs),
        "opened_secs": opened_secs.map(rounded),
        "is_found": is_found,
        "split_secs": split_secs.map(rounded),
        "first_covers_secs": first_covers_secs.map(rounded),
        "lanes_secs": rounded(lanes_secs),
        "phases_ms": phases,
        "drawing_ms": figures(stage.drawing_ms.iter().copied()),
        "map_points": map_points,
        "trained_meanwhile": is_training,
        "frames": all.len(),
        "cover_bytes": most_bytes,
        "cover_budget_bytes": (stage.app.desk.preferences.cover_memory_mib as usize) << 20,
    }))
}

fn wheel(delta: f32) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, delta),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    }
}

fn button(at: Pos2, is_pressed: bool) -> Event {
    let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
    Event::PointerButton { pos: at, button, pressed: is_pressed, modifiers }
}

/// Items and users with a vector of item2vec: the points of its map.
fn points(opened: &Opened) -> usize {
    let (Some(trained), Some(triggers)) = (opened.trained(LaneKind::Item2vec), opened.triggers()) else { return 0 };
    let has_vector = |user: &u32| trained.lane.query(&triggers.of(*user)).is_some();
    let users = (0..opened.dataset.user_count() as u32).filter(has_vector).count();
    trained.lane.vectors().map_or(0, |index| index.len() + users)
}

/// Long enough to go on until the script ends.
fn lengthen(settings: &mut PipelineSettings) -> Result<()> {
    Ok(settings.set("item2vec.skip_gram.epochs", "2000")?)
}

impl Stage {
    fn users(&self) -> usize {
        self.app.session.opened.as_ref().map_or(0, |opened| opened.dataset.user_count())
    }

    fn middle(&self) -> Pos2 {
        pos2(self.size.x * 0.5, self.size.y * 0.6)
    }

    fn send(&self, command: Command) {
        self.app.send(command);
    }

    /// The map of item2vec's items and users, by itself: pointed at and moved, magnified until covers show, painted anew, held by a
    /// lasso, and watched while t-SNE arranges it. Gives how many points it has.
    fn map(&mut self, phases: &mut Map<String, Value>, all: &mut Vec<Spent>) -> Result<usize> {
        self.app.desk.layout = Layout::preset(Preset::Map);
        let before = MapDesk { shows_users: true, ..self.app.desk.map.clone() };
        self.send(Command::SetMap(Box::new(before.clone())));
        let points = self.app.session.opened.as_ref().map_or(0, points);
        self.until("the map", |stage| stage.app.is_complete())?;
        phases.insert("map opening".to_owned(), self.end_phase(all));

        let middle = self.size.to_pos2() / 2.0;
        let around = |step: usize| middle + 150.0 * Vec2::angled(step as f32 * 0.1);
        for step in 0..120 {
            self.frame(vec![Event::PointerMoved(around(step))], false)?;
        }
        self.frame(vec![button(around(119), true)], false)?;
        for step in 120..240 {
            self.frame(vec![Event::PointerMoved(around(step))], false)?;
        }
        self.frame(vec![button(around(239), false)], false)?;
        phases.insert("map moved".to_owned(), self.end_phase(all));

        for step in 0..240 {
            self.frame(vec![wheel(if step < 120 { 15.0 } else { -15.0 })], false)?;
        }
        phases.insert("map magnified".to_owned(), self.end_phase(all));

        for colour in MapColour::ALL {
            let map = MapDesk { colour, ..before.clone() };
            self.send(Command::SetMap(Box::new(map)));
            for _ in 0..10 {
                self.frame(Vec::new(), false)?;
            }
        }
        phases.insert("map colours".to_owned(), self.end_phase(all));

        self.send(Command::SetMap(Box::new(MapDesk { is_lasso: true, ..before.clone() })));
        self.frame(vec![Event::PointerMoved(around(0))], false)?;
        self.frame(vec![button(around(0), true)], false)?;
        for step in 1..63 {
            self.frame(vec![Event::PointerMoved(around(step))], false)?;
        }
        self.frame(vec![button(around(62), false)], false)?;
        for _ in 0..30 {
            self.frame(Vec::new(), false)?;
        }
        phases.insert("map lasso".to_owned(), self.end_phase(all));

        self.send(Command::SetMap(Box::new(MapDesk { method: MapMethod::Tsne, ..before.clone() })));
        for step in 0..ARRANGING {
            self.frame(vec![Event::PointerMoved(around(step / 4))], false)?;
            if self.app.is_complete() {
                break;
            }
        }
        phases.insert("map arranging".to_owned(), self.end_phase(all));
        self.send(Command::SetMap(Box::new(before)));
        self.app.desk.layout = Layout::preset(Preset::CaseStudy);
        Ok(points)
    }

    /// Scrolls through a grid of [`WALL`] covers, each its own picture to the store, fast and then slowly; gives the
    /// most memory that they took.
    fn wall_of_covers(&mut self) -> Result<usize> {
        const SIDE: f32 = 66.0;
        let Some(opened) = &self.app.session.opened else { return Ok(0) };
        let paths: Vec<Option<PathBuf>> = opened.dataset.items.cover.clone();
        if paths.is_empty() {
            return Ok(0);
        }
        self.app.covers.clear();
        let mut most_bytes = 0;
        for step in 0..300 {
            let begun = Begun::now();
            let columns = (self.size.x / SIDE) as usize;
            let rows = WALL.div_ceil(columns);
            // Through all of it, then a row a frame.
            let first = if step < 150 { rows * step / 150 } else { rows / 3 + step - 150 };
            let input = self.input(Vec::new());
            let covers = &mut self.app.covers;
            let mut output = self.ctx.run_ui(input, |ui| {
                covers.begin_frame(ui.ctx());
                let middle = self.size.y / 2.0;
                for row in 0..(self.size.y / SIDE).ceil() as usize {
                    for column in 0..columns {
                        let number = (first + row) * columns + column;
                        let at = pos2(column as f32 * SIDE, row as f32 * SIDE);
                        let rect = Rect::from_min_size(at, Vec2::splat(SIDE - 4.0));
                        let path = paths[number % paths.len()].as_deref();
                        let (key, near) = (CoverKey(number as u64), -(at.y - middle).abs());
                        covers.paint_over(ui.painter(), rect, 5.0, key, path, near, |_, _| {});
                    }
                }
            });
            self.finish(&mut output, &begun, false)?;
            most_bytes = most_bytes.max(self.app.covers.bytes());
        }
        Ok(most_bytes)
    }

    /// One frame, timed. `is_drawn`: also by the renderer, which is timed apart.
    fn frame(&mut self, events: Vec<Event>, is_drawn: bool) -> Result<()> {
        let begun = Begun::now();
        let input = self.input(events);
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| {
            app.logic(ui.ctx());
            app.ui(ui);
        });
        self.finish(&mut output, &begun, is_drawn)
    }

    fn input(&self, events: Vec<Event>) -> RawInput {
        RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.started.elapsed().as_secs_f64()),
            events,
            focused: true,
            ..RawInput::default()
        }
    }

    fn finish(&mut self, output: &mut egui::FullOutput, begun: &Begun, is_drawn: bool) -> Result<()> {
        let shapes = output.shapes.clone();
        let triangles = self.ctx.tessellate(shapes, output.pixels_per_point);
        self.frames.push(begun.spent());
        drop(triangles);
        let drawing = Instant::now();
        self.renderer.handle_delta(&mut output.textures_delta);
        if is_drawn {
            self.renderer.render(&self.ctx, output).map_err(|error| anyhow!("a frame cannot be drawn: {error}"))?;
            self.drawing_ms.push(drawing.elapsed().as_secs_f64() * 1e3);
        }
        std::thread::sleep(FRAME.saturating_sub(begun.at.elapsed()));
        Ok(())
    }

    /// Frames until `is_so`, all of them drawn until then.
    fn until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) -> Result<()> {
        let since = Instant::now();
        let mut has_covers = false;
        loop {
            // The first covers count when they can be seen.
            let is_new = !std::mem::replace(&mut has_covers, self.app.covers.bytes() > 0);
            self.frame(Vec::new(), is_new)?;
            if let Some(trouble) = &self.app.session.trouble {
                bail!("{}", trouble.fault.message);
            }
            if is_so(self) {
                return Ok(());
            }
            if since.elapsed() > PATIENCE {
                bail!("waited {} s for {what}", PATIENCE.as_secs());
            }
        }
    }

    fn end_phase(&mut self, all: &mut Vec<Spent>) -> Value {
        let frames = std::mem::take(&mut self.frames);
        let value = spent_figures(&frames);
        all.extend(frames);
        value
    }
}

/// By the clock, with the share of frames that took longer than [`LONG_MS`], and under `cpu` of the processor alone.
fn spent_figures(frames: &[Spent]) -> Value {
    let mut value = figures(frames.iter().map(|frame| frame.wall));
    let long = frames.iter().filter(|frame| frame.wall > LONG_MS).count();
    value["long_share"] = json!(rounded(long as f64 / frames.len().max(1) as f64));
    value["cpu"] = figures(frames.iter().map(|frame| frame.cpu));
    value
}

/// Median, 99th percentile and worst, in milliseconds.
fn figures(ms: impl Iterator<Item = f64>) -> Value {
    let mut sorted: Vec<f64> = ms.collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
        sorted.get(place).copied().map(rounded)
    };
    json!({ "median": at(0.5), "p99": at(0.99), "max": at(1.0) })
}

fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// A folder of its own for the runs of a bench that names none.
pub fn fresh_workspace() -> Result<tempfile::TempDir> {
    tempfile::tempdir().context("no folder for the bench's runs can be made")
}
