//! What every list of runs shows and offers: a mark for how far a run has come, its menu, and its name that is typed
//! anew.

use std::f32::consts::TAU;

use egui::{Button, Context, Id, Key, Painter, Pos2, Response, RichText, Stroke, TextEdit, Ui, vec2};

use crate::{
    jobs::JobState,
    recall::LaneKind,
    ui::{
        commands::Command,
        desk::RowRef,
        icons,
        selection::{Mode, Thing},
        session::{Opened, Run, RunState},
        theme::{self, Tokens, type_size},
        views::{Scene, ViewKind},
        widgets,
        words::Word,
    },
};

/// How far a run has come, as lists tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Making,
    Queued,
    WaitsForSplit,
    Failed,
    Cancelled,
    Ready,
    Kept,
}

impl Standing {
    pub fn of(scene: &Scene<'_>, run: &Run) -> Self {
        match &run.state {
            RunState::Kept => Self::Kept,
            RunState::Ready { .. } => Self::Ready,
            RunState::Failed(_) => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
            RunState::Making(None) => Self::WaitsForSplit,
            RunState::Making(Some(job)) => match scene.session.job(*job).map(|status| &status.state) {
                Some(JobState::Running) => Self::Making,
                _ => Self::Queued,
            },
        }
    }

    pub fn word(self) -> Word {
        match self {
            Self::Making => Word::StageTraining,
            Self::Queued => Word::StateQueued,
            Self::WaitsForSplit => Word::StateSplit,
            Self::Failed => Word::Failed,
            Self::Cancelled => Word::Cancelled,
            Self::Ready => Word::StateReady,
            Self::Kept => Word::StateKept,
        }
    }
}

/// A dot for what answers, a ring for what is kept, a turning arc for what is being made, a cross for what is not there.
pub fn mark(painter: &Painter, tokens: &Tokens, at: Pos2, kind: LaneKind, standing: Standing) {
    const RADIUS: f32 = 4.5;
    let colour = tokens.lane(kind);
    let stroke = |colour| Stroke::new(1.6, colour);
    match standing {
        Standing::Ready => {
            painter.circle_filled(at, RADIUS, colour);
        }
        Standing::Kept => {
            painter.circle_stroke(at, RADIUS - 0.8, stroke(colour));
        }
        Standing::Queued | Standing::WaitsForSplit => {
            for place in [-1.0, 0.0, 1.0] {
                painter.circle_filled(at + vec2(place * 4.0, 0.0), 1.3, tokens.text_weak);
            }
        }
        Standing::Making => {
            painter.circle_stroke(at, RADIUS - 0.8, stroke(tokens.line));
            let from = (painter.ctx().input(|input| input.time) as f32 * 1.2).fract() * TAU;
            let arc = (0..=10).map(|step| from + TAU * 0.3 * step as f32 / 10.0);
            let arc = arc.map(|angle| at + vec2(angle.cos(), angle.sin()) * (RADIUS - 0.8)).collect();
            painter.line(arc, stroke(colour));
        }
        Standing::Failed | Standing::Cancelled => {
            let colour = if standing == Standing::Failed { tokens.error } else { tokens.text_faint };
            let reach = RADIUS - 1.2;
            painter.line_segment([at + vec2(-reach, -reach), at + vec2(reach, reach)], stroke(colour));
            painter.line_segment([at + vec2(-reach, reach), at + vec2(reach, -reach)], stroke(colour));
        }
    }
}

/// Runs of a kind of which none is open: those on their way, those that can be opened, and why others failed. Whether
/// there is one on its way.
pub fn coming_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, is_it: impl Fn(&Run) -> bool) -> bool {
    let (words, tokens) = (scene.words, scene.tokens);
    let mut is_making = false;
    for (place, run) in opened.runs.iter().enumerate() {
        if !is_it(run) || scene.session.is_deleted(run) {
            continue;
        }
        let title = scene.run_title(opened, place);
        match &run.state {
            RunState::Making(_) => {
                is_making = true;
                ui.horizontal(|ui| making_row_ui(ui, scene, opened, place));
            }
            RunState::Kept => {
                if ui.button(words.fill(Word::OpenRunNamed, &[&title])).clicked() {
                    scene.send(Command::OpenRun(run.id.clone()));
                }
            }
            RunState::Failed(message) => {
                ui.add(egui::Label::new(RichText::new(format!("{title}: {message}")).color(tokens.error)).wrap());
            }
            RunState::Cancelled | RunState::Ready { .. } => {}
        }
    }
    is_making
}

/// A run on its way, in one row: its lane's colour, its name, and its job with the button that cancels it.
pub fn making_row_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize) {
    let (words, tokens) = (scene.words, scene.tokens);
    let name = words.fill(Word::JobLane, &[&scene.run_title(opened, place)]);
    ui.label(RichText::new(icons::DOT_FILL).color(tokens.lane(opened.runs[place].kind)));
    ui.label(RichText::new(&name).font(theme::medium_font(type_size::SMALL)).color(tokens.text));
    match scene.session.run_job(place) {
        Some(status) => {
            if widgets::job_line(ui, tokens, words, status, &name) {
                scene.send(Command::Cancel(status.id));
            }
        }
        None => {
            ui.label(RichText::new(words.get(Word::Waiting)).small().color(tokens.text_weak));
        }
    }
}

/// The name that the analyst gave a run, else its lane.
pub fn name<'a>(scene: &Scene<'a>, run: &'a Run) -> &'a str {
    let named = scene.session.note(&run.id).map(|note| note.name.as_str());
    named.filter(|name| !name.is_empty()).unwrap_or(run.kind.name())
}

/// What is special about a run, in the language that is set.
pub fn special(scene: &Scene<'_>, run: &Run) -> String {
    let told = run.special_in(scene.words);
    if told.is_empty() { scene.words.get(Word::AsTheLanes).to_owned() } else { told }
}

/// What can be done with a run. `list` is where its name would be typed anew.
pub fn menu_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, place: usize, list: &'static str) {
    let Some(run) = opened.runs.get(place) else { return };
    let words = scene.words;
    ui.set_min_width(200.0);
    let named = |ui: &mut Ui, icon: &str, name: &str, keys: &str, is_enabled: bool| -> Response {
        let button = Button::new(format!("{icon}  {name}")).shortcut_text(keys).min_size(vec2(200.0, 24.0));
        ui.add_enabled(is_enabled, button)
    };
    let item = |ui: &mut Ui, icon: &str, word: Word, keys: &str, is_enabled: bool| -> Response {
        named(ui, icon, words.get(word), keys, is_enabled)
    };
    let standing = Standing::of(scene, run);
    if matches!(standing, Standing::Kept) && item(ui, icons::FOLDER_OPEN, Word::RunOpen, "Enter", true).clicked() {
        scene.send(Command::OpenRun(run.id.clone()));
        ui.close();
    }
    if let RunState::Making(Some(job)) = run.state
        && item(ui, icons::STOP, Word::RunCancel, "", true).clicked()
    {
        scene.send(Command::Cancel(job));
        ui.close();
    }
    if matches!(standing, Standing::Failed | Standing::Cancelled)
        && named(ui, icons::REFRESH, &retry_text(scene, run), "", true).on_hover_text(retry_tip(scene, run)).clicked()
    {
        retry(scene, opened, place);
        ui.close();
    }
    let (use_word, refused) = use_offer(scene, opened, place);
    let use_it = item(ui, icons::USERS, use_word, "", refused.is_none());
    if use_it.on_disabled_hover_text(words.get(refused.unwrap_or(use_word))).clicked() {
        use_in_case_study(scene, run);
        ui.close();
    }
    if item(ui, icons::ADJUST, Word::RunAgain, "", true).clicked() {
        train_again(scene, opened, run);
        ui.close();
    }
    ui.separator();
    if item(ui, icons::RENAME, Word::RunRename, "F2", true).clicked() {
        rename(ui.ctx(), scene, run, list);
        ui.close();
    }
    if item(ui, icons::NOTE, Word::RunNote, "", true).clicked() {
        write_note(ui.ctx(), scene, place, run);
        ui.close();
    }
    if item(ui, icons::COPY, Word::CopyId, "", true).clicked() {
        scene.send(Command::CopyText(run.id.clone()));
        ui.close();
    }
    if item(ui, icons::COPY, Word::RunCopyJson, "", true).clicked() {
        scene.send(Command::CopyText(run.settings_json()));
        ui.close();
    }
    ui.separator();
    let is_current = opened.is_current(place);
    let delete = item(ui, icons::DELETE, Word::RunDelete, "Del", !is_current);
    if delete.on_hover_text(words.get(Word::RunDeleteTip)).on_disabled_hover_text(words.get(Word::RunStands)).clicked()
    {
        scene.send(Command::DeleteRun(run.id.clone()));
        ui.close();
    }
}

/// What the button says that makes a run again: where a training that was stopped goes on.
pub fn retry_text(scene: &Scene<'_>, run: &Run) -> String {
    match run.resumes {
        Some((epoch, _)) => scene.words.fill(Word::ResumeFrom, &[&(epoch + 1).to_string()]),
        None => scene.words.get(Word::RunRetry).to_owned(),
    }
}

/// What pressing it does.
pub fn retry_tip(scene: &Scene<'_>, run: &Run) -> &'static str {
    scene.words.get(if run.resumes.is_some() { Word::ResumeTip } else { Word::RetryTip })
}

/// The greatest number of epochs; a dash where it follows the data.
pub(super) fn most_epochs(epochs: u64) -> String {
    if epochs == 0 { "–".to_owned() } else { epochs.to_string() }
}

/// How far a training had come when it was stopped; `None` where nothing is left of it.
pub fn stopped_at(scene: &Scene<'_>, run: &Run) -> Option<String> {
    let (epoch, epochs) = run.resumes?;
    Some(scene.words.fill(Word::StoppedAt, &[&epoch.to_string(), &most_epochs(epochs)]))
}

/// Makes a run again that failed or was cancelled; for a lane also the graphs, if they are what failed.
pub fn retry(scene: &Scene<'_>, opened: &Opened, place: usize) {
    let Some(run) = opened.runs.get(place) else { return };
    if opened.is_current(place) {
        scene.send(Command::Retry(run.kind));
    } else {
        scene.send(Command::OpenRun(run.id.clone()));
    }
}

/// What the button says that puts the run into the case study, and if it cannot be pressed, why.
pub fn use_offer(scene: &Scene<'_>, opened: &Opened, place: usize) -> (Word, Option<Word>) {
    let has_nothing = opened.runs.get(place).is_none_or(|run| match &run.state {
        RunState::Failed(_) | RunState::Cancelled => true,
        RunState::Kept | RunState::Making(_) | RunState::Ready { .. } => false,
    });
    match (is_used(scene, opened, place), has_nothing) {
        (true, _) => (Word::RunUsed, Some(Word::RunUsed)),
        (false, true) => (Word::RunUse, Some(Word::RunNothingToUse)),
        (false, false) => (Word::RunUse, None),
    }
}

/// Whether the rows of the case study have the run, by itself or as its lane.
fn is_used(scene: &Scene<'_>, opened: &Opened, place: usize) -> bool {
    scene.desk.case.rows.iter().any(|row| opened.resolve(row) == Some(place))
}

pub fn use_in_case_study(scene: &Scene<'_>, run: &Run) {
    let mut case = scene.desk.case.clone();
    case.rows.push(RowRef::Run(run.id.clone()));
    scene.send(Command::SetCase(Box::new(case)));
    scene.send(Command::OpenRun(run.id.clone()));
}

/// Fills the form of the training view with the settings of the run.
pub fn train_again(scene: &Scene<'_>, opened: &Opened, run: &Run) {
    // A mix has no form: it is mixed anew.
    if run.kind == LaneKind::Mix {
        scene.send(Command::EditMix(run.id.clone()));
        return;
    }
    let mut training = scene.desk.training.clone();
    training.take(run.kind, &run.settings, &opened.settings);
    scene.send(Command::SetTraining(Box::new(training)));
    scene.send(Command::Show(ViewKind::Training));
}

/// A name that is being typed: in which list, of which run.
#[derive(Debug, Clone)]
struct Renaming {
    list: &'static str,
    run: String,
    text: String,
    has_begun: bool,
}

fn renaming() -> Id {
    Id::unique("run that is renamed")
}

fn noting() -> Id {
    Id::unique("run whose note is to be written")
}

/// Begins to type the name of the run anew where `list` shows it.
pub fn rename(ctx: &Context, scene: &Scene<'_>, run: &Run, list: &'static str) {
    let text = scene.session.note(&run.id).map_or_else(String::new, |note| note.name.clone());
    let begun = Renaming { list, run: run.id.clone(), text, has_begun: false };
    ctx.data_mut(|data| data.insert_temp(renaming(), begun));
}

pub fn is_renamed(ctx: &Context, run: &Run, list: &str) -> bool {
    let renamed: Option<Renaming> = ctx.data(|data| data.get_temp(renaming()));
    renamed.is_some_and(|renamed| renamed.run == run.id && renamed.list == list)
}

/// The field of the name that is typed anew; Enter keeps it, Esc leaves it as it was.
pub fn rename_ui(ui: &mut Ui, scene: &Scene<'_>, run: &Run) {
    let Some(mut renamed): Option<Renaming> = ui.data(|data| data.get_temp(renaming())) else { return };
    let hint = run.kind.name();
    let response = ui
        .add(TextEdit::singleline(&mut renamed.text).hint_text(hint).desired_width(f32::INFINITY))
        .accessible_name(scene.words.get(Word::RunName));
    if !renamed.has_begun {
        renamed.has_begun = true;
        response.request_focus();
    }
    if response.lost_focus() {
        let is_left = ui.input(|input| input.key_pressed(Key::Escape));
        if !is_left {
            scene.send(Command::RenameRun { id: run.id.clone(), name: renamed.text.trim().to_owned() });
        }
        ui.data_mut(|data| data.remove::<Renaming>(renaming()));
    } else {
        ui.data_mut(|data| data.insert_temp(renaming(), renamed));
    }
}

/// Shows the run's details, with the cursor in its note.
pub fn write_note(ctx: &Context, scene: &Scene<'_>, place: usize, run: &Run) {
    scene.send(Command::Select(Thing::Run(place as u32), Mode::Replace));
    if !scene.desk.layout.inspector_open {
        scene.send(Command::ToggleInspector);
    }
    ctx.data_mut(|data| data.insert_temp(noting(), run.id.clone()));
}

/// The field of the run's note.
pub fn note_ui(ui: &mut Ui, scene: &Scene<'_>, run: &Run) {
    let mut text = scene.session.note(&run.id).map_or_else(String::new, |note| note.note.clone());
    let field = TextEdit::multiline(&mut text)
        .id_salt(("note", &run.id))
        .hint_text(scene.words.get(Word::RunNoteHint))
        .desired_rows(2)
        .desired_width(f32::INFINITY);
    let response = ui.add(field).accessible_name(scene.words.get(Word::RunNote));
    let wanted: Option<String> = ui.data(|data| data.get_temp(noting()));
    if wanted.is_some_and(|wanted| wanted == run.id) {
        response.request_focus();
        ui.data_mut(|data| data.remove::<String>(noting()));
    }
    if response.changed() {
        scene.send(Command::NoteRun { id: run.id.clone(), note: text });
    }
}
