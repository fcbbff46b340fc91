//! Views: each draws artifacts and emits commands; none changes the application.

mod asked;
mod attention;
mod book;
pub mod case_study;
mod covers;
mod data;
mod evaluation;
mod lab;
pub mod map;
mod neighbourhood;
mod network;
pub mod training;

pub use self::{book::shown_ui, case_study::shown_item, data::split_name};

use super::{
    clock::FrameClock,
    commands::{Command, Outbox},
    covers::CoverStore,
    desk::Desk,
    history::History,
    icons,
    selection::Selection,
    session::{Opened, Session},
    theme::Tokens,
    words::{Word, Words},
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
    pub history: &'a History,
    pub clock: &'a FrameClock,
    /// The case is shown to others: views leave out what only changes it.
    pub is_presented: bool,
    /// The mouse only points: no card opens under it.
    pub is_pointing: bool,
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

    /// What a run goes by: the name that it was given, or its lane and what is special about it.
    pub fn run_title(&self, opened: &Opened, run: usize) -> String {
        opened.runs.get(run).map_or_else(String::new, |run| self.session.title_of(run, self.words))
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

/// A page of the centre. What has to come back at the next start, or be undone, stands in the desk; a view itself holds
/// only what can be computed again.
pub trait View {
    fn ui(&mut self, ui: &mut egui::Ui, scene: &mut Scene<'_>);
}

/// The kinds of views, by the names of layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewKind {
    CaseStudy,
    Training,
    Evaluation,
    Data,
    Neighbourhood,
    Attention,
    Map,
    Covers,
    Lab,
    /// The case book.
    Book,
}

impl ViewKind {
    pub const ALL: [Self; 10] = [
        Self::CaseStudy,
        Self::Training,
        Self::Evaluation,
        Self::Data,
        Self::Neighbourhood,
        Self::Attention,
        Self::Map,
        Self::Covers,
        Self::Lab,
        Self::Book,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::CaseStudy => "case-study",
            Self::Training => "training",
            Self::Evaluation => "evaluation",
            Self::Data => "data",
            Self::Neighbourhood => "neighbourhood",
            Self::Attention => "attention",
            Self::Map => "map",
            Self::Covers => "covers",
            Self::Lab => "lab",
            Self::Book => "book",
        }
    }

    pub fn title(self, words: Words) -> &'static str {
        words.get(match self {
            Self::CaseStudy => Word::CaseStudy,
            Self::Training => Word::Training,
            Self::Evaluation => Word::Evaluation,
            Self::Data => Word::Data,
            Self::Neighbourhood => Word::Neighbourhood,
            Self::Attention => Word::Attention,
            Self::Map => Word::Map,
            Self::Covers => Word::Covers,
            Self::Lab => Word::Lab,
            Self::Book => Word::CaseBook,
        })
    }

    /// What mouse and keys do there.
    pub fn help(self, words: Words) -> &'static str {
        words.get(match self {
            Self::CaseStudy => Word::CaseHelp,
            Self::Training => Word::TrainingHelp,
            Self::Evaluation => Word::EvaluationHelp,
            Self::Data => Word::DataHelp,
            Self::Neighbourhood => Word::NeighbourhoodHelp,
            Self::Attention => Word::AttentionHelp,
            Self::Map => Word::MapHelp,
            Self::Covers => Word::CoversHelp,
            Self::Lab => Word::LabHelp,
            Self::Book => Word::CaseBookHelp,
        })
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::CaseStudy => icons::USERS,
            Self::Training => icons::TRAIN,
            Self::Evaluation => icons::EVALUATE,
            Self::Data => icons::DATABASE,
            Self::Neighbourhood => icons::GRAPH,
            Self::Attention => icons::CHART_BAR_HORIZONTAL,
            Self::Map => icons::MAP,
            Self::Covers => icons::IMAGE,
            Self::Lab => icons::CHART_LINE,
            Self::Book => icons::BOOKMARK,
        }
    }

    pub fn make(self) -> Box<dyn View> {
        match self {
            Self::CaseStudy => Box::<case_study::CaseStudy>::default(),
            Self::Training => Box::<training::Training>::default(),
            Self::Evaluation => Box::<evaluation::Evaluation>::default(),
            Self::Data => Box::<data::Data>::default(),
            Self::Neighbourhood => Box::<neighbourhood::Neighbourhood>::default(),
            Self::Attention => Box::<attention::Attention>::default(),
            Self::Map => Box::<map::Map>::default(),
            Self::Covers => Box::<covers::Covers>::default(),
            Self::Lab => Box::<lab::LabView>::default(),
            Self::Book => Box::<book::CaseBook>::default(),
        }
    }
}
