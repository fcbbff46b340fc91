//! The form of a new run: its lane, every setting of it, and what it will cost.

use std::{cell::Cell, collections::BTreeMap};

use egui::{Align, Button, ComboBox, DragValue, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};

use crate::{
    jobs::pipeline::{self, PipelineSettings, SettingsError, Takes},
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::{TrainingDesk, text_of},
        icons,
        session::{Opened, RunState, plain_number},
        theme::{self, space, type_size},
        views::{Scene, case_study::lane_about},
        widgets::{self, format},
        words::Word,
    },
};

/// The settings that are changed most, in the order of the form.
const COMMON: [&str; 26] = [
    "split.window_days",
    "hot.half_life_days",
    "graph.measure",
    "graph.top_k",
    "graph.min_support",
    "item_cf.last_items",
    "item_cf.half_life_items",
    "skip_gram.dim",
    "skip_gram.epochs",
    "skip_gram.window",
    "skip_gram.negatives",
    "skip_gram.learning_rate",
    "item2vec.min_count",
    "item2vec.session",
    "skip_gram.threads",
    "item2vec_lane.last_items",
    "metapath2vec.metapaths",
    "node2vec.p",
    "node2vec.q",
    "walks.walks",
    "walks.length",
    "walks.half_life_days",
    "walk_lane.user_share",
    "user_cluster.half_life_days",
    "user_cluster.attribute_weight",
    "user_cluster_lane.item_weight",
];

/// Settings that count only while another has a certain value.
const ONLY_WITH: [(&str, &str, &str); 7] = [
    ("split.reference_time_secs", "split.kind", "temporal"),
    ("split.window_days", "split.kind", "temporal"),
    ("split.seed", "split.kind", "random"),
    ("graph.window", "graph.measure", "window"),
    ("graph.swing_alpha", "graph.measure", "swing"),
    ("graph.swing_beta", "graph.measure", "swing"),
    ("item2vec_lane.neighbours_per_seed", "item2vec_lane.query", "per-seed"),
];

const FIELD_PX: f32 = 76.0;
/// Names need more room than numbers.
const CHOICE_PX: f32 = 120.0;
/// Room for the button that brings a default back; kept free where there is none, so that nothing moves when it comes.
const BACK_PX: f32 = 26.0;
/// High enough for a name with its default under it.
const ROW_PX: f32 = 30.0;

/// One setting of the lane.
struct Field {
    key: String,
    takes: Takes,
    /// As the lanes have it.
    default: String,
    /// As the form has it, where that can be used.
    value: String,
}

/// What the form says, worked out. Depends on nothing but `of`.
#[derive(Default)]
pub struct Form {
    of: Option<(String, u64, LaneKind, BTreeMap<String, String>)>,
    fields: Vec<Field>,
    wrong: BTreeMap<String, SettingsError>,
    settings: PipelineSettings,
    run_id: String,
}

impl Form {
    fn prepare(&mut self, opened: &Opened, desk: &TrainingDesk) {
        let of = (opened.dataset.fingerprint.clone(), opened.revision, desk.kind, desk.values.clone());
        if self.of.as_ref() == Some(&of) {
            return;
        }
        let (settings, wrong) = desk.settings(&opened.settings);
        let values = settings.entries_of(desk.kind);
        let defaults = opened.settings.entries_of(desk.kind);
        self.fields = defaults
            .into_iter()
            .zip(values)
            .filter_map(|((key, default), (_, value))| {
                Some(Field {
                    takes: Takes::of(&key)?,
                    default: plain_number(&default),
                    value: plain_number(&value),
                    key,
                })
            })
            .collect();
        self.run_id = pipeline::run_id(&opened.dataset, desk.kind, &settings);
        (self.settings, self.wrong) = (settings, wrong);
        self.of = Some(of);
    }

    pub fn ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut TrainingDesk) {
        self.prepare(opened, desk);
        ui.spacing_mut().item_spacing.y = space::XS;
        let (words, tokens) = (scene.words, scene.tokens);
        ui.horizontal(|ui| {
            widgets::section_title(ui, tokens, words.get(Word::NewRun));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let is_changed = self.fields.iter().any(|field| desk.values.contains_key(&field.key));
                let text = RichText::new(words.get(Word::AllDefaults)).small().color(tokens.text_weak);
                if is_changed && ui.add(Button::new(text).frame(false)).clicked() {
                    desk.values.clear();
                }
            });
        });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
            for kind in LaneKind::ALL {
                let is_chosen = desk.kind == kind;
                let response =
                    ui.add(Button::selectable(is_chosen, kind.name())).on_hover_text(words.get(lane_about(kind)));
                let name = format!("{}: {}", words.get(Word::LaneToTrain), kind.name());
                if response.accessible_name(name).clicked() {
                    desk.kind = kind;
                }
            }
        });
        ui.add_space(space::XS);
        const FOOTER_PX: f32 = 76.0;
        let height = (ui.available_height() - FOOTER_PX).max(80.0);
        ScrollArea::vertical().id_salt("settings of the new run").max_height(height).auto_shrink([false, true]).show(
            ui,
            |ui| {
                // The bar of the scroll area is not to lie over the fields.
                ui.set_max_width(ui.available_width() - 10.0);
                for key in COMMON {
                    if let Some(field) = self.fields.iter().find(|field| pipeline::listed(&field.key) == key) {
                        self.field_ui(ui, scene, field, desk);
                    }
                }
                ui.add_space(space::XS);
                let mark = if desk.shows_more { icons::DOWN } else { icons::RIGHT };
                let title = RichText::new(format!("{mark}  {}", words.get(Word::MoreSettings))).color(tokens.text_weak);
                let more = ui.add(Button::new(title).frame(false));
                if more.accessible_name(words.get(Word::MoreSettings)).clicked() {
                    desk.shows_more = !desk.shows_more;
                }
                if desk.shows_more {
                    self.more_ui(ui, scene, desk);
                }
            },
        );
        self.footer_ui(ui, scene, opened, desk);
    }

    /// The settings that are seldom changed, by what they belong to.
    fn more_ui(&self, ui: &mut Ui, scene: &Scene<'_>, desk: &mut TrainingDesk) {
        let mut group = None;
        for field in self.fields.iter().filter(|field| !COMMON.contains(&pipeline::listed(&field.key).as_str())) {
            let own = match field.key.split('.').next() {
                Some("split") => Word::GroupSplit,
                Some("graph") => Word::GroupGraph,
                Some(
                    "item2vec" | "cover" | "fused" | "graphsage" | "gat" | "gaan" | "ease" | "rp3beta" | "deepwalk"
                    | "node2vec" | "metapath2vec" | "user_cluster",
                ) => Word::GroupModel,
                Some("index") => Word::GroupIndex,
                Some("evaluate") => Word::GroupEvaluate,
                _ => Word::GroupRecall,
            };
            if group != Some(own) {
                ui.add_space(space::S);
                widgets::section_title(ui, scene.tokens, scene.words.get(own));
                group = Some(own);
            }
            self.field_ui(ui, scene, field, desk);
        }
    }

    /// Why the setting does not count now: the other one, and the value that it would need.
    fn idle(&self, key: &str) -> Option<(&'static str, &'static str)> {
        let (_, other, needed) = ONLY_WITH.into_iter().find(|only| only.0 == key)?;
        let field = self.fields.iter().find(|field| field.key == other)?;
        (field.value != needed).then_some((other, needed))
    }

    fn field_ui(&self, ui: &mut Ui, scene: &Scene<'_>, field: &Field, desk: &mut TrainingDesk) {
        let (words, tokens) = (scene.words, scene.tokens);
        let name = words.setting(&field.key);
        let idle = self.idle(&field.key);
        let is_changed = desk.values.contains_key(&field.key);
        let about = words.about_setting(&field.key);
        ui.push_id(&field.key, |ui| {
            ui.horizontal(|ui| {
                ui.set_min_height(ROW_PX);
                ui.spacing_mut().item_spacing = vec2(space::XS, 0.0);
                let colour = match (idle, is_changed) {
                    (Some(_), _) => tokens.text_faint,
                    (None, true) => tokens.text_strong,
                    (None, false) => tokens.text,
                };
                let font = if is_changed { theme::medium_font(type_size::BODY) } else { theme::font(type_size::BODY) };
                // The name gives way to the field, not the field to the name.
                let is_choice = matches!(field.takes, Takes::Choice(_));
                let own_px = if is_choice { CHOICE_PX } else { FIELD_PX } + BACK_PX + space::XS;
                let room = vec2((ui.available_width() - own_px - space::XS).max(40.0), ROW_PX);
                let label = egui::Label::new(RichText::new(name).font(font).color(colour)).truncate();
                let default = words.setting_value(&field.key, &text_of(&field.key, &field.default));
                let layout = Layout::top_down(Align::Min).with_main_justify(false);
                ui.allocate_ui_with_layout(room, layout, |ui| {
                    ui.set_min_size(room);
                    if is_changed {
                        ui.add(label).on_hover_text(about);
                        let text = words.fill(Word::BackToDefaultTip, &[&default]);
                        let text = RichText::new(text).size(type_size::MICRO).color(tokens.text_weak);
                        ui.add(egui::Label::new(text).truncate());
                    } else {
                        ui.add_space((ROW_PX - ui.text_style_height(&egui::TextStyle::Body)) / 2.0);
                        ui.add(label).on_hover_text(about);
                    }
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let before = shown(desk, field);
                    let mut text = before.clone();
                    let inner = ui.add_enabled_ui(idle.is_none(), |ui| control_ui(ui, scene, field, name, &mut text));
                    if let Some((other, needed)) = idle {
                        let tip =
                            words.fill(Word::OnlyWith, &[words.setting(other), &words.setting_value(other, needed)]);
                        inner.response.on_disabled_hover_text(tip);
                    }
                    if text != before {
                        if text == text_of(&field.key, &field.default) {
                            desk.values.remove(&field.key);
                        } else {
                            desk.values.insert(field.key.clone(), text);
                        }
                    }
                    if is_changed {
                        let back = widgets::icon_button(ui, icons::UNDO, &words.fill(Word::BackToDefault, &[&default]));
                        if back
                            .accessible_name(format!("{name}, {}", words.fill(Word::BackToDefault, &[&default])))
                            .clicked()
                        {
                            desk.values.remove(&field.key);
                        }
                    }
                });
            });
            if self.wrong.contains_key(&field.key) {
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    let text = RichText::new(expected(scene, field)).small().color(tokens.error);
                    ui.add(egui::Label::new(text).wrap());
                });
            }
        });
    }

    /// What pressing the button does, and the button.
    fn footer_ui(&self, ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &TrainingDesk) {
        let (words, tokens) = (scene.words, scene.tokens);
        ui.add_space(space::S);
        let known = opened.run_of(&self.run_id).map(|place| &opened.runs[place]);
        let date = |secs: f64| format::date(secs as i64);
        let (mut is_there, mut resumes) = (false, false);
        let (text, colour) = if !self.wrong.is_empty() {
            (words.get(Word::FixFields).to_owned(), tokens.error)
        } else if let Some(run) = known {
            match &run.state {
                _ if scene.session.is_deleted(run) => (words.get(Word::InBin).to_owned(), tokens.text_weak),
                RunState::Ready { .. } => {
                    is_there = true;
                    (words.fill(Word::AlreadyOpen, &[&date(run.created_secs)]), tokens.text_weak)
                }
                RunState::Kept => {
                    is_there = true;
                    (words.fill(Word::AlreadyTrained, &[&date(run.created_secs)]), tokens.text_weak)
                }
                RunState::Making(_) => (words.get(Word::AlreadyMaking).to_owned(), tokens.text_weak),
                RunState::Failed(_) | RunState::Cancelled if run.resumes.is_some() => {
                    resumes = true;
                    let stopped = super::run::stopped_at(scene, run).unwrap_or_default();
                    (format!("{stopped}: {}", super::run::retry_text(scene, run)), tokens.text)
                }
                RunState::Failed(_) => (words.get(Word::Failed).to_owned(), tokens.error),
                RunState::Cancelled => (words.get(Word::Cancelled).to_owned(), tokens.text_weak),
            }
        } else if self.settings.split != opened.settings.split {
            (words.get(Word::OwnSplit).to_owned(), tokens.text_weak)
        } else if !self.settings.is_repeatable(desk.kind) {
            (words.get(Word::NotRepeatable).to_owned(), tokens.text_faint)
        } else {
            (String::new(), tokens.text_weak)
        };
        let word = match (is_there, resumes) {
            (true, _) => Word::OpenAction,
            (false, true) => Word::ResumeAction,
            (false, false) => Word::TrainAction,
        };
        ui.add_enabled_ui(self.wrong.is_empty(), |ui| {
            let label = format!("{}  {}", icons::RUN_FILL, words.get(word));
            let button = widgets::primary_button(ui, tokens, &label).on_hover_text(words.get(Word::TrainTip));
            if button.accessible_name(words.get(word)).clicked() {
                let settings = Box::new(self.settings.clone());
                scene.send(Command::StartRun { kind: desk.kind, settings });
            }
        });
        ui.add(egui::Label::new(RichText::new(text).small().color(colour)).wrap());
    }
}

/// What the field shows: what was typed, or the default.
fn shown(desk: &TrainingDesk, field: &Field) -> String {
    desk.values.get(&field.key).map_or_else(|| text_of(&field.key, &field.default), Clone::clone)
}

/// What the field would take, for whoever gave it something else.
fn expected(scene: &Scene<'_>, field: &Field) -> String {
    let words = scene.words;
    match field.takes {
        Takes::Number { least, greatest, is_whole, .. } => {
            let word = if is_whole { Word::WrongWhole } else { Word::WrongRange };
            words.fill(word, &[&bound(least), &bound(greatest)])
        }
        Takes::Numbers { least, greatest } => words.fill(Word::WrongNumbers, &[&bound(least), &bound(greatest)]),
        Takes::Time => words.get(Word::WrongTime).to_owned(),
        Takes::Path => words.get(Word::WrongPath).to_owned(),
        Takes::Metapaths => words.get(Word::WrongMetapaths).to_owned(),
        Takes::Choice(choices) => choices.join(", "),
    }
}

fn bound(number: f64) -> String {
    if number > 0.0 && number < 1e-3 { format!("{number:.0e}") } else { plain_number(&number.to_string()) }
}

/// The control of one setting, over its text.
fn control_ui(ui: &mut Ui, scene: &Scene<'_>, field: &Field, name: &str, text: &mut String) {
    let words = scene.words;
    match field.takes {
        Takes::Choice(choices) => {
            let shown = words.setting_value(&field.key, text);
            ui.allocate_ui_with_layout(vec2(CHOICE_PX, 24.0), Layout::left_to_right(Align::Center), |ui| {
                let list = ComboBox::from_id_salt("choice").selected_text(shown).width(CHOICE_PX).truncate();
                let list = list.show_ui(ui, |ui| {
                    for &choice in choices {
                        ui.selectable_value(text, choice.to_owned(), words.setting_value(&field.key, choice));
                    }
                });
                list.response.on_hover_text(words.about_setting(&field.key)).accessible_name(name);
            });
        }
        Takes::Number { least, greatest, is_whole, is_optional } => {
            let mut is_on = text != "none";
            let room = if is_optional { FIELD_PX - 26.0 } else { FIELD_PX };
            if is_on {
                number_ui(ui, scene, field, name, text, (least, greatest, is_whole), room);
            } else {
                ui.allocate_ui_with_layout(vec2(room, 24.0), Layout::right_to_left(Align::Center), |ui| {
                    ui.label(RichText::new(words.get(Word::ValueOff)).color(scene.tokens.text_weak));
                });
            }
            if is_optional {
                let switch = ui.checkbox(&mut is_on, "");
                if switch.accessible_name(words.fill(Word::SwitchOf, &[name])).changed() {
                    *text = if is_on { standard(&field.key) } else { "none".to_owned() };
                }
            }
        }
        Takes::Numbers { .. } | Takes::Metapaths => {
            let shown = plain_list(text);
            let mut typed = shown.clone();
            let edit = TextEdit::singleline(&mut typed).desired_width(FIELD_PX - 10.0);
            ui.add(edit).on_hover_text(words.about_setting(&field.key)).accessible_name(name);
            if typed != shown {
                *text = typed;
            }
        }
        Takes::Path => {
            let edit = TextEdit::singleline(text).desired_width(FIELD_PX - 10.0);
            ui.add(edit).on_hover_text(words.about_setting(&field.key)).accessible_name(name);
        }
        Takes::Time => {
            let mut typed = if text == "none" { String::new() } else { text.clone() };
            let hint = words.get(Word::ValueAutomatic);
            let edit = TextEdit::singleline(&mut typed).hint_text(hint).desired_width(FIELD_PX - 10.0);
            ui.add(edit).on_hover_text(words.about_setting(&field.key)).accessible_name(name);
            *text = if typed.trim().is_empty() { "none".to_owned() } else { typed };
        }
    }
}

/// A list without its brackets and quotes: `u-i-u,u-i-i-u`.
fn plain_list(text: &str) -> String {
    text.trim_matches(['[', ']']).replace('"', "")
}

/// What an optional number is when it is switched on.
fn standard(key: &str) -> String {
    let of_program = PipelineSettings::default().entries();
    let found = of_program.into_iter().find(|(known, value)| known == key && value != "none");
    found.map_or_else(|| "7".to_owned(), |(_, value)| plain_number(&value))
}

fn number_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    field: &Field,
    name: &str,
    text: &mut String,
    (least, greatest, is_whole): (f64, f64, bool),
    width: f32,
) {
    let before: f64 = text.parse().unwrap_or(least);
    let mut number = before;
    // Small numbers are dragged in small steps.
    let size = before.abs().max(if is_whole { 1.0 } else { 1e-3 });
    let speed = if is_whole { (size * 0.02).max(0.1) } else { size * 0.01 };
    let unread = Cell::new(false);
    let drag = DragValue::new(&mut number)
        .speed(speed)
        .custom_formatter(|number, _| if is_whole { format!("{number:.0}") } else { (number as f32).to_string() })
        .custom_parser(|typed| {
            let read = typed.trim().replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
            unread.set(read.is_none());
            read
        });
    let response = ui.add_sized(vec2(width, 24.0), drag).on_hover_text(scene.words.about_setting(&field.key));
    // What is dragged stays within the bounds; what is typed is told if it does not.
    if response.dragged() {
        number = number.clamp(least, greatest);
        if is_whole {
            number = number.round();
        }
    }
    response.accessible_name(name);
    if (number - before).abs() > f64::EPSILON * before.abs() && !unread.get() {
        let is_plain = is_whole && number.fract() == 0.0;
        *text = if is_plain { format!("{number:.0}") } else { (number as f32).to_string() };
    }
}
