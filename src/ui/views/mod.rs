//! Views: each draws artifacts and emits commands; none changes the application.

pub mod case_study;

use super::{
    commands::{Command, Outbox},
    covers::CoverStore,
    desk::Desk,
    selection::Selection,
    session::{Opened, Session},
    theme::Tokens,
    words::Words,
};
use crate::dataset::{Dataset, Language};

/// What a view may see in a frame.
pub struct Scene<'a> {
    pub session: &'a Session,
    pub desk: &'a Desk,
    pub selection: &'a Selection,
    pub words: Words,
    pub tokens: &'static Tokens,
    pub covers: &'a mut CoverStore,
    pub out: &'a Outbox,
}

impl<'a> Scene<'a> {
    pub fn opened(&self) -> Option<&'a Opened> {
        self.session.opened.as_ref()
    }

    pub fn send(&self, command: Command) {
        self.out.send(command);
    }

    pub fn language(&self) -> Language {
        self.words.language
    }

    /// The name of a tag, circle, topic or attribute value in the language that is set.
    pub fn label<'d>(&self, dataset: &'d Dataset, value: &'d str) -> &'d str {
        dataset.label(value, self.words.language)
    }

    pub fn title<'d>(&self, dataset: &'d Dataset, item: u32) -> &'d str {
        dataset.title(item, self.words.language)
    }

    pub fn text<'d>(&self, dataset: &'d Dataset, item: u32) -> &'d str {
        dataset.text(item, self.words.language)
    }
}

/// A page of the centre.
pub trait View {
    fn title(&self, words: Words) -> String;

    /// What mouse and keys do here.
    fn help(&self, words: Words) -> &'static str;

    fn ui(&mut self, ui: &mut egui::Ui, scene: &mut Scene<'_>);
}

/// The kinds of views, by the names of layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewKind {
    CaseStudy,
}

impl ViewKind {
    pub const ALL: [Self; 1] = [Self::CaseStudy];

    pub fn name(self) -> &'static str {
        match self {
            Self::CaseStudy => "case-study",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub fn make(self) -> Box<dyn View> {
        match self {
            Self::CaseStudy => Box::<case_study::CaseStudy>::default(),
        }
    }
}
