//! The controls of the split, and the split that is being dragged but not yet let go.

use egui::{ComboBox, DragValue, RichText, Ui};

use super::{
    counts::{Counts, Refusal, Timeline},
    rows::percent,
};
use crate::{
    dataset::split::{SplitKind, SplitSettings, reference_time_secs},
    ui::{
        commands::Command,
        icons,
        session::Opened,
        theme::{self, space, type_size},
        views::Scene,
        widgets::format,
        words::{Word, Words},
    },
};

/// A split moved by keys stands for this long before lanes are made for it.
const SETTLES_AFTER_SECS: f64 = 0.6;
const DAY_SECS: f64 = 86_400.0;

/// A split that the analyst is still moving.
pub(super) struct Draft {
    pub(super) settings: SplitSettings,
    /// When a key or a field last moved it, on the window's clock; `None` while the mouse holds it.
    pub(super) moved_at_secs: Option<f64>,
}

/// Where a temporal split lies, as it is set or as it is being moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub(super) reference_secs: i64,
    /// When the window begins; `None` if it is all of the training part.
    pub(super) window_from_secs: Option<i64>,
}

impl Moments {
    pub(super) fn of(opened: &Opened, settings: &SplitSettings) -> Option<Self> {
        if settings.kind != SplitKind::Temporal {
            return None;
        }
        let reference_secs = reference_time_secs(&opened.dataset, settings)?;
        let back = |days: f64| reference_secs.saturating_sub((days * DAY_SECS) as i64);
        Some(Self { reference_secs, window_from_secs: settings.window_days.map(back) })
    }

    /// Interactions in training, in the window and later.
    pub(super) fn counts(self, timeline: &Timeline) -> [u64; 3] {
        let from = self.window_from_secs.unwrap_or(i64::MIN);
        [
            timeline.between(i64::MIN, self.reference_secs),
            timeline.between(from, self.reference_secs),
            timeline.between(self.reference_secs, i64::MAX),
        ]
    }
}

/// The split as it shows now.
pub(super) fn shown<'a>(opened: &'a Opened, draft: &'a Option<Draft>) -> &'a SplitSettings {
    draft.as_ref().map_or(&opened.settings.split, |draft| &draft.settings)
}

/// Moves the reference time, within what leaves both parts something.
pub(super) fn with_reference(settings: &SplitSettings, timeline: &Timeline, secs: i64) -> SplitSettings {
    let secs = timeline.reference_bounds().map_or(secs, |(first, last)| secs.clamp(first, last));
    SplitSettings { reference_time_secs: Some(secs), ..settings.clone() }
}

/// Moves the beginning of the window; at least one step of time stays in it.
pub(super) fn with_window_from(
    settings: &SplitSettings,
    timeline: &Timeline,
    reference_secs: i64,
    secs: i64,
) -> SplitSettings {
    let latest = reference_secs.saturating_sub(timeline.step_secs);
    let days = (reference_secs - secs.min(latest)) as f64 / DAY_SECS;
    SplitSettings { window_days: Some(days), reference_time_secs: Some(reference_secs), ..settings.clone() }
}

/// Makes the draft the split as soon as it has been let alone.
pub(super) fn settle(ui: &Ui, scene: &Scene<'_>, opened: &Opened, draft: &mut Option<Draft>) {
    let Some(Draft { moved_at_secs: Some(moved_at), .. }) = draft else { return };
    let left_secs = *moved_at + SETTLES_AFTER_SECS - ui.input(|input| input.time);
    if left_secs > 0.0 {
        ui.ctx().request_repaint_after_secs(left_secs as f32);
    } else {
        finish(scene, opened, draft);
    }
}

/// Lets go of what was moved: lanes are made for it.
pub(super) fn finish(scene: &Scene<'_>, opened: &Opened, draft: &mut Option<Draft>) {
    if let Some(Draft { settings, .. }) = draft.take()
        && settings != opened.settings.split
    {
        scene.send(Command::SetSplit(Some(Box::new(settings))));
    }
}

pub(super) fn summary(scene: &Scene<'_>, opened: &Opened) -> String {
    let words = scene.words;
    let settings = &opened.settings.split;
    match Moments::of(opened, settings) {
        Some(moments) => words.fill(Word::SplitTemporal, &[&format::date(moments.reference_secs)]),
        None => name(words, settings.kind).to_owned(),
    }
}

/// What a kind of split goes by.
pub fn name(words: Words, kind: SplitKind) -> &'static str {
    words.get(match kind {
        SplitKind::Temporal => Word::SplitByTime,
        SplitKind::UserTime => Word::SplitUserTime,
        SplitKind::LeaveLastOut => Word::SplitLeaveLastOut,
        SplitKind::Random => Word::SplitRandom,
        SplitKind::Given => Word::SplitGiven,
    })
}

fn about(kind: SplitKind) -> Word {
    match kind {
        SplitKind::Temporal => Word::SplitByTimeTip,
        SplitKind::UserTime => Word::SplitUserTimeTip,
        SplitKind::LeaveLastOut => Word::SplitLeaveLastOutTip,
        SplitKind::Random => Word::SplitRandomTip,
        SplitKind::Given => Word::SplitGivenTip,
    }
}

fn why_not(refusal: Refusal) -> Word {
    match refusal {
        Refusal::NoTimes => Word::RefusedNoTimes,
        Refusal::NothingGiven => Word::RefusedNothingGiven,
        Refusal::NoInteractions => Word::RefusedNoInteractions,
        Refusal::EmptyTrain => Word::RefusedEmptyTrain,
        Refusal::EmptyTest => Word::RefusedEmptyTest,
    }
}

pub(super) fn controls_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, counts: &Counts, draft: &mut Option<Draft>) {
    let (words, tokens) = (scene.words, scene.tokens);
    settle(ui, scene, opened, draft);
    let settings = shown(opened, draft).clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        kinds_ui(ui, scene, counts, &settings);
        if settings.kind == SplitKind::Temporal {
            window_ui(ui, scene, counts, &settings, draft);
        }
        let is_own = scene.desk.split.is_some();
        let suits = words.get(Word::AsSuits);
        let button = ui.add_enabled(is_own, egui::Button::new(format!("{}  {suits}", icons::UNDO)));
        let tip = words.get(Word::AsSuitsTip);
        if button.on_hover_text(tip).on_disabled_hover_text(tip).accessible_name(suits).clicked() {
            *draft = None;
            scene.send(Command::SetSplit(None));
        }
    });
    if let Some(failure) = opened.failure() {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(icons::ERROR_FILL).color(tokens.error));
            ui.add(egui::Label::new(RichText::new(failure).color(tokens.error)).wrap().selectable(true));
        });
    }
    parts_ui(ui, scene, opened, counts, &settings);
}

fn kinds_ui(ui: &mut Ui, scene: &Scene<'_>, counts: &Counts, settings: &SplitSettings) {
    let words = scene.words;
    let combo = ComboBox::from_id_salt("split kind").width(190.0).selected_text(name(words, settings.kind));
    let shown = combo.show_ui(ui, |ui| {
        for &(kind, refusal) in &counts.offers {
            let is_set = settings.kind == kind;
            let label = egui::Button::selectable(is_set, name(words, kind));
            let row = ui.add_enabled(refusal.is_none(), label).on_hover_text(words.get(about(kind)));
            let row = match refusal {
                Some(refusal) => row.on_disabled_hover_text(words.get(why_not(refusal))),
                None => row,
            };
            if row.clicked() && !is_set {
                let settings = SplitSettings { kind, reference_time_secs: None, ..settings.clone() };
                scene.send(Command::SetSplit(Some(Box::new(settings))));
            }
        }
    });
    shown.response.on_hover_text(words.get(about(settings.kind))).accessible_name(words.get(Word::SplitKind));
}

fn window_ui(ui: &mut Ui, scene: &Scene<'_>, counts: &Counts, settings: &SplitSettings, draft: &mut Option<Draft>) {
    let words = scene.words;
    let Some(timeline) = &counts.timeline else { return };
    let span_days = ((timeline.end_secs() - timeline.from_secs) as f64 / DAY_SECS).max(1.0);
    let least = timeline.step_secs as f64 / DAY_SECS;
    let mut is_all = settings.window_days.is_none();
    let mut days = settings.window_days.unwrap_or(span_days);
    ui.horizontal(|ui| {
        ui.label(RichText::new(words.get(Word::WindowLabel)).color(scene.tokens.text_weak));
        let field = DragValue::new(&mut days)
            .clamp_existing_to_range(false)
            .range(least..=span_days)
            .speed(0.1)
            .max_decimals(2);
        let field = field.suffix(words.get(Word::DaysSuffix));
        let changed = ui.add_enabled(!is_all, field).accessible_name(words.get(Word::WindowLength)).changed();
        let now = ui.input(|input| input.time);
        if changed {
            let settings = SplitSettings { window_days: Some(days), ..settings.clone() };
            *draft = Some(Draft { settings, moved_at_secs: Some(now) });
        }
        let tip = words.get(Word::WindowAllTip);
        if ui.checkbox(&mut is_all, words.get(Word::WindowAll)).on_hover_text(tip).changed() {
            let window_days = if is_all { None } else { SplitSettings::default().window_days };
            let settings = SplitSettings { window_days, ..settings.clone() };
            *draft = None;
            scene.send(Command::SetSplit(Some(Box::new(settings))));
        }
    });
}

/// The behaviours that are no interaction.
fn names_without_weight(scene: &Scene<'_>, opened: &Opened) -> String {
    let dataset = &*opened.dataset;
    let without = dataset.behaviours.iter().filter(|behaviour| behaviour.weight <= 0.0);
    let names: Vec<&str> = without.map(|behaviour| scene.words.common(scene.label(dataset, &behaviour.name))).collect();
    names.join(", ")
}

/// How many interactions each part has; with the events that are none, that is all of the log.
fn parts_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, counts: &Counts, settings: &SplitSettings) {
    let (words, tokens) = (scene.words, scene.tokens);
    let parts = match (Moments::of(opened, settings), &counts.timeline, opened.split()) {
        (Some(moments), Some(timeline), _) => {
            let [train, window, test] = moments.counts(timeline);
            vec![
                (Word::TrainPart, train, tokens.text_weak),
                (Word::WindowLabel, window, tokens.accent),
                (Word::TestPart, test, tokens.hit),
            ]
        }
        (_, _, Some(split)) => {
            let (train, test) = (split.train.len() as u64, split.test.len() as u64);
            let mut parts = vec![(Word::TrainPart, train, tokens.text_weak), (Word::TestPart, test, tokens.hit)];
            let rest = counts.interactions.saturating_sub(train + test);
            if rest > 0 {
                parts.insert(1, (Word::ValidationPart, rest, tokens.text_faint));
            }
            parts
        }
        _ => Vec::new(),
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        for (word, count, colour) in parts {
            ui.label(RichText::new(icons::DOT_FILL).small().color(colour));
            ui.label(RichText::new(words.get(word)).color(tokens.text_weak));
            let figure = RichText::new(format::count(count)).font(theme::strong_font(type_size::BODY));
            let is_lacking = count == 0;
            ui.label(figure.color(if is_lacking { tokens.warn } else { tokens.text_strong }));
            ui.label(RichText::new(percent(count, counts.interactions)).small().color(tokens.text_faint));
            if is_lacking && word == Word::WindowLabel {
                ui.label(RichText::new(words.get(Word::WindowEmpty)).small().color(tokens.warn));
            }
            ui.add_space(space::L);
        }
        let uncounted = counts.per_behaviour.iter().sum::<u64>().saturating_sub(counts.interactions);
        if uncounted > 0 {
            let text = words.fill(Word::CountNothing, &[&format::count(uncounted)]);
            let label = ui.label(RichText::new(text).small().color(tokens.text_faint));
            label.on_hover_text(words.fill(Word::CountNothingTip, &[&names_without_weight(scene, opened)]));
        }
        if opened.basis.is_none() && opened.failure().is_none() {
            ui.label(RichText::new(words.get(Word::Preparing)).small().color(tokens.text_faint));
        }
    });
}
