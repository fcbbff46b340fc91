//! What each behaviour counts, how times are written, and the split that will be taken.

use std::collections::BTreeMap;

use egui::{ComboBox, DragValue, RichText, Ui};

use super::{correct, part_title, unit_name};
use crate::{
    dataset::{
        Behaviour, Dataset,
        read::{Corrections, Survey, TIME_UNITS},
        split::{SplitKind, SplitSettings},
    },
    ui::{
        icons,
        theme::space,
        views::{Scene, split_name},
        widgets,
        words::Word,
    },
};

/// The largest weight that can be given.
const MAX_WEIGHT: f32 = 1_000.0;

/// All behaviours that are known with their weights: those of the first rows, and where the data set is open, of all.
pub(super) fn weights(survey: &Survey, opened: Option<&Dataset>) -> BTreeMap<String, f32> {
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    if let Some(dataset) = opened {
        for behaviour in &dataset.behaviours {
            weights.insert(behaviour.name.clone(), Behaviour::with_default_weight(&behaviour.name).weight);
        }
        // With other columns there may be none of those.
        let same = dataset.recognised.columns.get("events") == survey.recognised.columns.get("events");
        if !same {
            weights.clear();
        }
    }
    weights.extend(survey.recognised.behaviours.clone());
    weights
}

pub(super) fn behaviours_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    weights: &BTreeMap<String, f32>,
    survey: &Survey,
    corrections: &mut Corrections,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    if weights.is_empty() {
        return;
    }
    ui.add_space(space::L);
    part_title(ui, scene, Word::BehaviourWeights);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        for (name, &weight) in weights {
            let title = words.common(name);
            let mut edited = weight;
            ui.label(RichText::new(widgets::icon_of_behaviour(name)).color(tokens.behaviour(name)));
            let is_guess = survey.recognised.unknown_behaviours.contains(name);
            ui.label(RichText::new(title).color(if is_guess { tokens.warn } else { tokens.text }));
            let field = DragValue::new(&mut edited).range(0.0..=MAX_WEIGHT).speed(0.05);
            let field = field.custom_formatter(|weight, _| ((weight * 1_000.0).round() / 1_000.0).to_string());
            let field = ui.add(field).accessible_name(words.fill(Word::WeightOf, &[title]));
            let tip = if is_guess { Word::WeightGuessed } else { Word::WeightTip };
            if field.on_hover_text(words.get(tip)).changed() && edited != weight {
                corrections.behaviours.insert(name.clone(), edited);
            }
            ui.add_space(space::M);
        }
    });
}

pub(super) fn unit_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    survey: &Survey,
    guess: Option<&Survey>,
    corrections: &mut Corrections,
) {
    let words = scene.words;
    part_title(ui, scene, Word::TimeUnit);
    let now = survey.recognised.time_unit.as_str();
    let combo = ComboBox::from_id_salt("time unit").width(220.0).selected_text(unit_name(words, now));
    let shown = combo.show_ui(ui, |ui| {
        for unit in TIME_UNITS {
            if ui.selectable_label(unit == now, unit_name(words, unit)).clicked() {
                let mut one = BTreeMap::new();
                correct(&mut one, (), unit.to_owned(), guess.map(|guess| &guess.recognised.time_unit));
                corrections.time_unit = one.remove(&());
            }
        }
    });
    shown.response.accessible_name(words.get(Word::TimeUnit));
}

/// The split, as far as it can be told before all events are read.
pub(super) fn split_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    survey: &Survey,
    has_times: bool,
    split: &mut Option<SplitSettings>,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    part_title(ui, scene, Word::SplitLabel);
    let has_test = survey.recognised.format == "lightgcn";
    let suits = if has_times {
        SplitKind::Temporal
    } else if has_test {
        SplitKind::Given
    } else {
        SplitKind::Random
    };
    let is_possible = |kind: SplitKind| match kind {
        SplitKind::Temporal | SplitKind::UserTime | SplitKind::LeaveLastOut => has_times,
        SplitKind::Given => has_test,
        SplitKind::Random => true,
    };
    // What was chosen before the columns were corrected may no longer be possible.
    if split.as_ref().is_some_and(|split| !is_possible(split.kind)) {
        *split = None;
    }
    let as_suits = words.fill(Word::SplitSuits, &[split_name(words, suits)]);
    let title = split.as_ref().map_or(as_suits.clone(), |split| split_name(words, split.kind).to_owned());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let combo = ComboBox::from_id_salt("split of the sheet").width(300.0).selected_text(title);
        let shown = combo.show_ui(ui, |ui| {
            if ui.selectable_label(split.is_none(), &as_suits).clicked() {
                *split = None;
            }
            for kind in SplitKind::ALL.into_iter().filter(|kind| is_possible(*kind)) {
                let is_set = split.as_ref().is_some_and(|split| split.kind == kind);
                if ui.selectable_label(is_set, split_name(words, kind)).clicked() && !is_set {
                    *split = Some(SplitSettings { kind, ..SplitSettings::default() });
                }
            }
        });
        shown.response.accessible_name(words.get(Word::SplitKind));
        let kind = split.as_ref().map_or(suits, |split| split.kind);
        if kind == SplitKind::Temporal {
            let mut days = split.as_ref().map_or(SplitSettings::default().window_days, |split| split.window_days);
            if let Some(days) = &mut days {
                ui.label(RichText::new(words.get(Word::WindowLabel)).color(tokens.text_weak));
                let field = DragValue::new(days).range(0.1..=10_000.0).speed(0.1).max_decimals(2);
                let field = field.suffix(words.get(Word::DaysSuffix));
                if ui.add(field).accessible_name(words.get(Word::WindowLength)).changed() {
                    let now = split.clone().unwrap_or_default();
                    *split = Some(SplitSettings { kind, window_days: Some(*days), ..now });
                }
            }
        }
    });
    let text = RichText::new(format!("{}  {}", icons::INFO, words.get(Word::SplitSheetNote))).small();
    ui.add(egui::Label::new(text.color(tokens.text_faint)).wrap());
}
