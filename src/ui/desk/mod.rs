//! What the analyst has arranged. It is kept between starts, and only commands change it.
//!
//! Everything here is a wish: `App::execute` sees to it that the session follows (another split, another run), so that
//! undo only has to bring an earlier desk back.

mod book;
mod case;
mod covers;
mod data;
mod evaluation;
mod lab;
pub mod layout;
mod map;
mod mix;
mod network;
mod table;
mod training;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use self::{
    book::{BookDesk, BookOrder},
    case::{CaseDesk, Column, RowRef, Shape, Shown, UserFilter},
    covers::{CoversDesk, CoversPage},
    data::{DataDesk, DataPart, TagOrder, toggle},
    evaluation::{Detail, EvaluationDesk},
    lab::{LabArm, LabDesk},
    layout::{Layout, Pane, Preset, SavedLayout},
    map::{MapColour, MapDesk, MapMethod},
    mix::{DRAFT, MixDesk, PartDesk},
    network::{EdgeMeasure, NetworkDesk},
    table::Sort,
    training::{SortBy, TrainingDesk, TrainingPage, text_of},
};
use super::theme::ThemeChoice;
use crate::dataset::{Language, split::SplitSettings};

pub const MIN_COVER_PX: f32 = 40.0;
pub const MAX_COVER_PX: f32 = 220.0;
/// Users that can be added side by side.
pub const MAX_COLUMNS: usize = 6;
/// Columns of one user, one for each of his lanes or runs.
pub const MAX_COMPARED: usize = 12;

/// What the settings dialog sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub theme: ThemeChoice,
    pub language: Language,
    /// Everything is drawn this much larger than the system asks for.
    pub scale: f32,
    /// Memory for decoded covers, in MiB.
    pub cover_memory_mib: u32,
    /// Threads for training; 0 takes one per core.
    pub threads: u32,
    /// Where trainings compute, by name.
    pub device: String,
    /// A counter of frame times in the corner.
    pub frame_times: bool,
}

impl Preferences {
    pub const SCALES: std::ops::RangeInclusive<f32> = 0.7..=2.5;
    pub const COVER_MEMORY_MIB: std::ops::RangeInclusive<u32> = 64..=4_096;
    pub const MAX_THREADS: u32 = 256;

    fn bounded(mut self) -> Self {
        let default = Self::default();
        self.scale = if self.scale.is_finite() { self.scale } else { default.scale };
        self.scale = self.scale.clamp(*Self::SCALES.start(), *Self::SCALES.end());
        self.cover_memory_mib =
            self.cover_memory_mib.clamp(*Self::COVER_MEMORY_MIB.start(), *Self::COVER_MEMORY_MIB.end());
        self.threads = self.threads.min(Self::MAX_THREADS);
        self
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            language: Language::English,
            scale: 1.0,
            cover_memory_mib: 256,
            threads: 0,
            device: crate::models::device::PROCESSOR.to_owned(),
            frame_times: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    pub preferences: Preferences,
    /// Side of a recalled cover in points.
    pub cover_px: f32,
    pub titles: bool,
    pub layout: Layout,
    pub saved_layouts: Vec<SavedLayout>,
    /// The folder that was open, and to whose users and items everything below refers.
    pub folder: Option<PathBuf>,
    /// How the data set is split; `None` is what suits it.
    pub split: Option<SplitSettings>,
    pub case: CaseDesk,
    pub evaluation: EvaluationDesk,
    pub training: TrainingDesk,
    pub data: DataDesk,
    /// Neighbourhood and attention.
    pub network: NetworkDesk,
    pub map: MapDesk,
    pub covers: CoversDesk,
    pub mix: MixDesk,
    pub lab: LabDesk,
    /// The case book.
    pub book: BookDesk,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            preferences: Preferences::default(),
            cover_px: 66.0,
            titles: false,
            layout: Layout::preset(Preset::CaseStudy),
            saved_layouts: Vec::new(),
            folder: None,
            split: None,
            case: CaseDesk::default(),
            evaluation: EvaluationDesk::default(),
            training: TrainingDesk::default(),
            data: DataDesk::default(),
            network: NetworkDesk::default(),
            map: MapDesk::default(),
            covers: CoversDesk::default(),
            mix: MixDesk::default(),
            lab: LabDesk::default(),
            book: BookDesk::default(),
        }
    }
}

impl Desk {
    /// As it was stored; what cannot be read or lies out of bounds falls back.
    pub fn restore(stored: &str) -> Self {
        let mut desk: Self = serde_json::from_str(stored).unwrap_or_default();
        if !desk.cover_px.is_finite() {
            desk.cover_px = Self::default().cover_px;
        }
        desk.cover_px = desk.cover_px.clamp(MIN_COVER_PX, MAX_COVER_PX);
        desk.case.mend(MAX_COMPARED);
        desk.preferences = desk.preferences.bounded();
        desk.layout.mend();
        desk.network.mend();
        desk.covers.mend();
        desk.mix.mend();
        desk.lab.mend();
        desk
    }

    pub fn stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Another data set stands: what spoke of the old one's users, items and runs goes.
    pub fn leave_dataset(&mut self) {
        self.split = None;
        self.case.leave_dataset();
        self.training = TrainingDesk::default();
        self.evaluation.leave_dataset();
        self.data.leave_dataset();
        self.network.leave_dataset();
        self.map.leave_dataset();
        self.covers.leave_dataset();
        self.mix.leave_dataset();
        self.lab.leave_dataset();
    }
}

/// What a case keeps of a desk that nobody has touched but for these users, rows and split.
pub fn stored_desk(users: &[String], rows: Vec<RowRef>, split: Option<SplitSettings>) -> String {
    let mut desk = Desk { split, ..Desk::default() };
    desk.case.columns = users.iter().map(|user| Column { user: Some(user.clone()), ..Column::default() }).collect();
    if !rows.is_empty() {
        desk.case.rows = rows;
    }
    desk.stored()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_and_nonsense_falls_back() {
        let mut desk = Desk { cover_px: 120.0, titles: true, ..Desk::default() };
        desk.case.columns.push(Column {
            user: Some("17".to_owned()),
            filter: UserFilter::Value { attribute: "gender".to_owned(), value: "F".to_owned() },
            ..Column::default()
        });
        desk.layout = Layout::preset(Preset::Workbench);
        assert_eq!(Desk::restore(&desk.stored()), desk);
        assert_eq!(Desk::restore("{"), Desk::default());
        assert_eq!(Desk::restore(r#"{"cover_px": 1e9}"#).cover_px, MAX_COVER_PX);
        let wild = Desk::restore(r#"{"preferences": {"scale": 900.0, "cover_memory_mib": 0}}"#).preferences;
        assert_eq!((wild.scale, wild.cover_memory_mib), (2.5, 64));
    }
}
