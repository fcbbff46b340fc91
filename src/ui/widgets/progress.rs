//! How far a job is.

use egui::{Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::format;
use crate::{
    jobs::{JobState, JobStatus},
    ui::{
        theme::Tokens,
        words::{Word, Words},
    },
};

/// A thin bar; `fraction` is `None` while nobody knows how much there is.
pub fn progress_bar(ui: &mut Ui, tokens: &Tokens, fraction: Option<f32>, width: f32, name: &str) -> Response {
    const HEIGHT: f32 = 5.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT + 8.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = fraction.map(f64::from);
        info
    });
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let bar = Rect::from_center_size(rect.center(), vec2(rect.width(), HEIGHT));
    ui.painter().rect_filled(bar, HEIGHT / 2.0, tokens.sunken);
    let (from, to) = match fraction {
        Some(fraction) => (0.0, fraction.clamp(0.0, 1.0)),
        None => {
            // A quarter that walks: something happens, but there is no end to measure against.
            let phase = (ui.input(|input| input.time) * 0.6).fract() as f32;
            ((phase * 1.25 - 0.25).max(0.0), (phase * 1.25).min(1.0))
        }
    };
    let filled = Rect::from_min_max(
        pos2(bar.left() + bar.width() * from, bar.top()),
        pos2(bar.left() + bar.width() * to, bar.bottom()),
    );
    ui.painter().rect_filled(filled, HEIGHT / 2.0, tokens.accent);
    response
}

/// How far `status` is, from 0 to 1, where it is known.
pub fn fraction(status: &JobStatus) -> Option<f32> {
    let progress = &status.progress;
    (progress.total > 0).then(|| progress.done as f32 / progress.total as f32)
}

/// Stage, rate and time left, in words.
fn told(words: Words, status: &JobStatus) -> String {
    let progress = &status.progress;
    if matches!(status.state, JobState::Queued) {
        return words.get(Word::JobQueued).to_owned();
    }
    let mut parts = vec![words.stage(&progress.stage)];
    if let Some(rate) = status.rate()
        && !progress.unit.is_empty()
    {
        parts.push(words.fill(Word::PerSecond, &[&format::count(rate as u64), words.unit(progress.unit)]));
    }
    if let Some(left_secs) = status.left_secs() {
        parts.push(words.fill(Word::TimeLeft, &[&format::span(words, left_secs)]));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// A bar with its words and a cancel button. True when cancel was pressed.
pub fn job_line(ui: &mut Ui, tokens: &Tokens, words: Words, status: &JobStatus, name: &str) -> bool {
    const NARROW_PX: f32 = 320.0;
    let mut is_cancelled = false;
    let is_narrow = ui.available_width() < NARROW_PX;
    let text = egui::RichText::new(told(words, status)).small().color(tokens.text_weak);
    ui.horizontal(|ui| {
        ui.set_min_height(26.0);
        let room = ui.available_width();
        let width = if is_narrow { (room - 40.0).max(40.0) } else { (room * 0.4).clamp(60.0, 260.0) };
        // What waits for its turn has not begun, and nothing moves.
        let waits = matches!(status.state, JobState::Queued);
        progress_bar(ui, tokens, if waits { Some(0.0) } else { fraction(status) }, width, name);
        let cancel = words.fill(Word::CancelJob, &[name]);
        is_cancelled = super::icon_button(ui, crate::ui::icons::CLOSE, &cancel).clicked();
        if !is_narrow {
            ui.add(egui::Label::new(text.clone()).truncate());
        }
    });
    // The words stand under the bar where there is no room beside it.
    if is_narrow {
        ui.add(egui::Label::new(text).wrap());
    }
    is_cancelled
}
