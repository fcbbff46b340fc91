//! What the data set holds, what was set aside, how it is spread, and how it is split.

mod counts;
mod degrees;
mod export;
mod report;
mod rows;
mod split;
mod tags;
mod timeline;

use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError};
use egui::{Align, Frame, Layout, Margin, RichText, ScrollArea, Ui};

use self::counts::{Counts, Shape};
pub use self::split::name as split_name;
use super::{Scene, View};
use crate::{
    dataset::split::SplitSettings,
    ui::{
        commands::Command,
        desk::{DataDesk, DataPart, toggle},
        icons,
        theme::{self, space, type_size},
        widgets,
        words::Word,
    },
};

/// Figures that are counted in the background.
#[derive(Default)]
enum Counted<T> {
    #[default]
    Wanted,
    Pending(Receiver<T>),
    Ready(Arc<T>),
    /// The counting was cancelled or failed.
    Lost,
}

impl<T> Counted<T> {
    fn take(&mut self, begin: impl FnOnce() -> Receiver<T>) {
        if let Self::Wanted = self {
            *self = Self::Pending(begin());
        }
        if let Self::Pending(receiver) = self {
            match receiver.try_recv() {
                Ok(figures) => *self = Self::Ready(Arc::new(figures)),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => *self = Self::Lost,
            }
        }
    }

    fn ready(&self) -> Option<Arc<T>> {
        match self {
            Self::Ready(figures) => Some(figures.clone()),
            _ => None,
        }
    }
}

/// Caches, and what is being dragged.
#[derive(Default)]
pub struct Data {
    fingerprint: String,
    counts: Counted<Counts>,
    /// The split whose training part `shape` counts.
    shape_of: Option<SplitSettings>,
    shape: Counted<Shape>,
    draft: Option<split::Draft>,
    tags: tags::Listed,
}

impl View for Data {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        if self.fingerprint != opened.dataset.fingerprint {
            *self = Self { fingerprint: opened.dataset.fingerprint.clone(), ..Self::default() };
        }
        let dataset = opened.dataset.clone();
        self.counts.take(|| scene.session.errand(move |job| Ok(Counts::count(&dataset, job)?)));
        if let Some(basis) = &opened.basis {
            let settings = &basis.prepared.split.settings;
            if self.shape_of.as_ref() != Some(settings) {
                self.shape_of = Some(settings.clone());
                self.shape = Counted::Wanted;
            }
            let basis = basis.clone();
            self.shape.take(|| scene.session.errand(move |_| Ok(Shape::count(&basis.facts.bands))));
        }
        let mut desk = scene.desk.data.clone();
        let margin = Margin { left: 16, right: 16, top: 12, bottom: 16 };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            Frame::new().inner_margin(margin).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space::XS;
                let counts = self.counts.ready();
                if part_ui(ui, scene, &mut desk, DataPart::Report, Word::DataReport, &report::summary(scene, opened)) {
                    report::report_ui(ui, scene, opened, counts.as_deref(), &mut desk);
                }
                let summary = split::summary(scene, opened);
                if part_ui(ui, scene, &mut desk, DataPart::Time, Word::DataTime, &summary) {
                    match &counts {
                        Some(counts) => {
                            split::controls_ui(ui, scene, opened, counts, &mut self.draft);
                            timeline::time_ui(ui, scene, opened, counts, &mut desk, &mut self.draft);
                        }
                        None => waiting_ui(ui, scene, &mut self.counts),
                    }
                }
                let summary = scene.words.get(Word::OfTraining);
                if part_ui(ui, scene, &mut desk, DataPart::Degrees, Word::DataDegrees, summary) {
                    match self.shape.ready() {
                        Some(shape) => degrees::degrees_ui(ui, scene, &shape),
                        None if opened.basis.is_none() => note_ui(ui, scene, scene.words.get(Word::Preparing)),
                        None => waiting_ui(ui, scene, &mut self.shape),
                    }
                }
                let summary = tags::summary(scene, &opened.dataset);
                if part_ui(ui, scene, &mut desk, DataPart::Tags, Word::Tags, &summary) {
                    match &counts {
                        Some(counts) => tags::tags_ui(ui, scene, &opened.dataset, counts, &mut desk, &mut self.tags),
                        None => waiting_ui(ui, scene, &mut self.counts),
                    }
                }
            });
        });
        if desk != scene.desk.data {
            scene.send(Command::SetData(Box::new(desk)));
        }
    }
}

/// The title of a part, which folds it; whether the part shows.
fn part_ui(ui: &mut Ui, scene: &Scene<'_>, desk: &mut DataDesk, part: DataPart, title: Word, summary: &str) -> bool {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_folded = desk.folded.contains(&part);
    if part != DataPart::Report {
        ui.add_space(space::XL);
    }
    ui.horizontal(|ui| {
        let icon = if is_folded { icons::RIGHT } else { icons::DOWN };
        let title = words.get(title);
        let text = RichText::new(format!("{icon}  {title}")).font(theme::strong_font(type_size::TITLE));
        let button = ui.add(egui::Button::new(text.color(tokens.text_strong)).frame(false));
        let tip = words.get(if is_folded { Word::Unfold } else { Word::Fold });
        if button.on_hover_text(tip).accessible_name(title).clicked() {
            toggle(&mut desk.folded, part);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let summary = RichText::new(summary).small().color(tokens.text_weak);
            ui.add(egui::Label::new(summary).truncate());
        });
    });
    ui.add_space(space::XS);
    !is_folded
}

fn note_ui(ui: &mut Ui, scene: &Scene<'_>, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).color(scene.tokens.text_weak)).wrap());
}

fn waiting_ui<T>(ui: &mut Ui, scene: &Scene<'_>, counted: &mut Counted<T>) {
    let words = scene.words;
    if let Counted::Lost = counted {
        note_ui(ui, scene, words.get(Word::CountingLost));
        if widgets::primary_button(ui, scene.tokens, words.get(Word::Retry)).clicked() {
            *counted = Counted::Wanted;
        }
    } else {
        note_ui(ui, scene, words.get(Word::Counting));
    }
}
