//! The box that mixes lanes. It leaves the window behind it alive: the case study shows what the mix recalls while shares
//! are dragged.

use egui::{Align, Context, Id, Layout, RichText, ScrollArea, Slider, Ui, vec2};

use crate::{
    jobs::mix::PARTS,
    recall::mix::MixBy,
    ui::{
        commands::Command,
        desk::MixDesk,
        icons,
        session::{Opened, RunState},
        theme::space,
        views::{Scene, ViewKind},
        widgets::{self, format},
        words::Word,
    },
};

const WIDTH: f32 = 420.0;
/// The list of runs is no higher.
const LIST_PX: f32 = 320.0;

pub fn mix_ui(ctx: &Context, scene: &Scene<'_>) {
    let (Some(opened), true) = (scene.opened(), scene.desk.mix.is_open) else { return };
    let words = scene.words;
    let mut desk = scene.desk.mix.clone();
    let mut stays = true;
    egui::Window::new(words.get(Word::MixTitle))
        .id(Id::unique("mix of lanes"))
        .open(&mut stays)
        .collapsible(false)
        .resizable(false)
        .default_width(WIDTH)
        .default_pos(ctx.content_rect().right_top() + vec2(-WIDTH - 48.0, 96.0))
        .show(ctx, |ui| {
            ui.set_width(WIDTH);
            let runs: Vec<usize> = (0..opened.runs.len())
                .filter(|&run| opened.can_be_mixed(&opened.runs[run]) && !scene.session.is_deleted(&opened.runs[run]))
                .filter(|&run| {
                    let is_there = matches!(opened.runs[run].state, RunState::Ready { .. } | RunState::Kept);
                    is_there || desk.parts.iter().any(|part| part.run == opened.runs[run].id)
                })
                .collect();
            if runs.len() < *PARTS.start() {
                too_few_ui(ui, scene);
                return;
            }
            by_ui(ui, scene, &mut desk);
            ui.add_space(space::S);
            ScrollArea::vertical().max_height(LIST_PX).show(ui, |ui| {
                for run in runs {
                    part_ui(ui, scene, opened, &mut desk, run);
                }
                gone_ui(ui, scene, opened, &mut desk);
            });
            ui.add_space(space::S);
            save_ui(ui, scene, opened, &mut desk);
        });
    if !stays {
        scene.send(Command::Mixer);
    } else if desk != scene.desk.mix {
        scene.send(Command::SetMix(Box::new(desk)));
    }
}

fn too_few_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.add(egui::Label::new(RichText::new(words.get(Word::MixTooFew)).color(tokens.text_weak)).wrap());
    ui.add_space(space::S);
    if widgets::primary_button(ui, tokens, words.get(Word::ShowTraining)).clicked() {
        scene.send(Command::Show(ViewKind::Training));
    }
}

fn by_ui(ui: &mut Ui, scene: &Scene<'_>, desk: &mut MixDesk) {
    let words = scene.words;
    ui.horizontal(|ui| {
        for by in MixBy::ALL {
            let (name, tip) = by_words(by);
            let button = ui.selectable_label(desk.by == by, words.get(name)).on_hover_text(words.get(tip));
            if button.accessible_name(words.get(name)).clicked() {
                desk.by = by;
            }
        }
    });
}

fn by_words(by: MixBy) -> (Word, Word) {
    match by {
        MixBy::Quota => (Word::MixByQuota, Word::MixByQuotaTip),
        MixBy::Weight => (Word::MixByWeight, Word::MixByWeightTip),
        MixBy::Rank => (Word::MixByRank, Word::MixByRankTip),
    }
}

/// A run: whether it is in, its share, and what it reaches by itself.
fn part_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut MixDesk, run: usize) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (id, title) = (&opened.runs[run].id, scene.run_title(opened, run));
    let part = desk.parts.iter().position(|part| part.run == *id);
    ui.horizontal(|ui| {
        ui.set_min_height(26.0);
        let mut is_in = part.is_some();
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), egui::Sense::hover());
        ui.painter().circle_filled(dot.center(), 3.5, tokens.lane(opened.runs[run].kind));
        let (place, _) = ui.allocate_exact_size(vec2(150.0, 22.0), egui::Sense::hover());
        let mut child =
            ui.new_child(egui::UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center)));
        child.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
        if child.checkbox(&mut is_in, &title).on_hover_text(&title).changed() {
            desk.toggle(id);
        }
        // Of an earlier start, or not looked at yet.
        if part.is_some() && matches!(opened.runs[run].state, RunState::Kept) {
            scene.send(Command::OpenRun(id.clone()));
        }
        if let Some(part) = part.filter(|&part| desk.parts.get(part).is_some_and(|part| part.run == *id)) {
            ui.spacing_mut().slider_width = 110.0;
            let slider = Slider::new(&mut desk.parts[part].share, 0.0..=MixDesk::MOST).show_value(false);
            ui.add(slider).accessible_name(words.fill(Word::MixShareOf, &[&title]));
            let share = format!("{:.0} %", 100.0 * desk.proportion(part));
            ui.label(RichText::new(share).color(tokens.text_strong));
        }
        let reached = opened.runs[run].report.as_ref().and_then(|report| report.metric("recall@20"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let figure = RichText::new(format::metric(reached)).small().color(tokens.text_weak);
            ui.label(figure).on_hover_text(words.get(Word::RecallAt));
        });
    });
}

/// Parts whose runs are no longer there, or are of another split.
fn gone_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut MixDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_there = |id: &str| {
        let run = opened.run_of(id).map(|run| &opened.runs[run]);
        run.is_some_and(|run| opened.can_be_mixed(run) && !scene.session.is_deleted(run))
    };
    let gone: Vec<String> = desk.parts.iter().map(|part| part.run.clone()).filter(|id| !is_there(id)).collect();
    for id in gone {
        ui.horizontal(|ui| {
            ui.label(RichText::new(icons::WARNING_FILL).color(tokens.warn));
            let short: String = id.chars().take(8).collect();
            ui.label(RichText::new(words.fill(Word::MixPartGone, &[&short])).color(tokens.text_weak));
            if ui.small_button(words.get(Word::MixTakeOut)).clicked() {
                desk.toggle(&id);
            }
        });
    }
}

fn save_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, desk: &mut MixDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let edit = egui::TextEdit::singleline(&mut desk.name).hint_text(words.get(Word::MixName));
    ui.add(edit.desired_width(f32::INFINITY)).accessible_name(words.get(Word::MixName));
    ui.add_space(space::S);
    let settings = opened.mix_settings(desk);
    let why = match &settings {
        Err(_) if desk.parts.len() < *PARTS.start() => Some(words.get(Word::MixTooFewChosen).to_owned()),
        Err(error) => Some(error.to_string()),
        Ok(_) if desk.name.trim().is_empty() => Some(words.get(Word::MixNeedsName).to_owned()),
        Ok(_) => None,
    };
    ui.horizontal(|ui| {
        let saves = ui.add_enabled_ui(why.is_none(), |ui| {
            widgets::primary_button(ui, tokens, words.get(Word::MixSave)).clicked()
        });
        if saves.inner {
            scene.send(Command::SaveMix);
        }
        if ui.button(words.get(Word::MixEqual)).clicked() {
            for part in &mut desk.parts {
                part.share = MixDesk::MOST / 2.0;
            }
        }
        let can_be_tuned = settings.is_ok() && scene.session.workspace.is_some() && opened.prepared().is_some();
        ui.add_enabled_ui(can_be_tuned && scene.session.running(scene.session.tuning.job).is_none(), |ui| {
            let button = ui.button(words.get(Word::MixTune)).on_hover_text(words.get(Word::MixTuneTip));
            if button.clicked() {
                scene.send(Command::TuneMix);
            }
        });
    });
    let note = why.unwrap_or_else(|| words.get(Word::MixPreview).to_owned());
    ui.add(egui::Label::new(RichText::new(note).small().color(tokens.text_weak)).wrap());
    tuned_ui(ui, scene, desk);
}

/// How the choice of shares goes, or what it came to.
fn tuned_ui(ui: &mut Ui, scene: &Scene<'_>, desk: &MixDesk) {
    let (words, tokens, session) = (scene.words, scene.tokens, scene.session);
    if let Some(job) = session.running(session.tuning.job) {
        if widgets::job_line(ui, tokens, words, job, words.get(Word::MixTune)) {
            scene.send(Command::Cancel(job.id));
        }
    } else if let Some(message) = session.failure(session.tuning.job) {
        ui.add(egui::Label::new(RichText::new(message).color(tokens.error)).wrap());
    } else if let Some(chosen) = session.tuning.chosen(desk) {
        let best = chosen.alone.iter().copied().fold(0.0, f64::max);
        let figures = [format::metric(Some(chosen.ndcg_at_20)), format::metric(Some(best)), chosen.users.to_string()];
        let told = words.fill(Word::MixTuned, &[&figures[0], &figures[1], &figures[2]]);
        ui.add(egui::Label::new(RichText::new(told).small().color(tokens.text_strong)).wrap());
    }
}
