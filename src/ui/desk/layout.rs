//! Where the views stand: the tiles of the centre and which panels are open.

use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};

use crate::ui::{
    views::ViewKind,
    words::{Word, Words},
};

/// From this width of the window on, two tables have room side by side.
const SIDE_BY_SIDE_PX: f32 = 1_500.0;

/// A tile of the centre. Each kind of view stands at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pane {
    pub kind: ViewKind,
}

/// Sensible arrangements that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    CaseStudy,
    Training,
    Evaluation,
    Data,
    /// A node's neighbourhood beside the attention on it.
    Graph,
    Map,
    /// Covers in front, with the map and the case study.
    Covers,
    /// The case book in front, with the case study.
    Book,
    /// The laboratory in front, with what it judges.
    Lab,
    /// The case study above training and evaluation.
    Workbench,
    /// The case study alone, for showing it to others.
    Demo,
}

impl Preset {
    pub const ALL: [Self; 11] = [
        Self::CaseStudy,
        Self::Training,
        Self::Evaluation,
        Self::Data,
        Self::Graph,
        Self::Map,
        Self::Covers,
        Self::Book,
        Self::Lab,
        Self::Workbench,
        Self::Demo,
    ];

    /// As `open --layout` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CaseStudy => "case-study",
            Self::Training => "training",
            Self::Evaluation => "evaluation",
            Self::Data => "data",
            Self::Graph => "graph",
            Self::Map => "map",
            Self::Covers => "covers",
            Self::Book => "book",
            Self::Lab => "lab",
            Self::Workbench => "workbench",
            Self::Demo => "demo",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    pub fn title(self, words: Words) -> &'static str {
        words.get(match self {
            Self::CaseStudy => Word::CaseStudy,
            Self::Training => Word::Training,
            Self::Evaluation => Word::Evaluation,
            Self::Data => Word::Data,
            Self::Graph => Word::LayoutGraph,
            Self::Map => Word::Map,
            Self::Covers => Word::Covers,
            Self::Book => Word::CaseBook,
            Self::Lab => Word::Lab,
            Self::Workbench => Word::LayoutWorkbench,
            Self::Demo => Word::LayoutDemo,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    pub tree: Tree<Pane>,
    pub left_open: bool,
    pub inspector_open: bool,
    pub jobs_open: bool,
}

/// An arrangement that the analyst has given a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedLayout {
    pub name: String,
    pub layout: Layout,
}

impl Layout {
    pub fn preset(preset: Preset) -> Self {
        Self::preset_for(preset, f32::INFINITY)
    }

    /// The same for a window of this width: where tiles side by side would cut their tables, they lie over one another.
    pub fn preset_for(preset: Preset, window_px: f32) -> Self {
        let mut tiles = Tiles::default();
        let tabs = |tiles: &mut Tiles<Pane>, kinds: &[ViewKind]| {
            let panes = kinds.iter().map(|&kind| tiles.insert_pane(Pane { kind })).collect();
            tiles.insert_tab_tile(panes)
        };
        let all = [ViewKind::CaseStudy, ViewKind::Training, ViewKind::Evaluation, ViewKind::Data];
        let (root, shown) = match preset {
            Preset::CaseStudy => (tabs(&mut tiles, &all), ViewKind::CaseStudy),
            Preset::Training => (tabs(&mut tiles, &all), ViewKind::Training),
            Preset::Evaluation => (tabs(&mut tiles, &all), ViewKind::Evaluation),
            Preset::Data => (tabs(&mut tiles, &all), ViewKind::Data),
            Preset::Graph if window_px < SIDE_BY_SIDE_PX => {
                let others = [ViewKind::Neighbourhood, ViewKind::Attention, ViewKind::CaseStudy, ViewKind::Training];
                (tabs(&mut tiles, &others), ViewKind::Neighbourhood)
            }
            Preset::Graph => {
                let one = tabs(&mut tiles, &[ViewKind::Neighbourhood, ViewKind::CaseStudy]);
                let other = tabs(&mut tiles, &[ViewKind::Attention, ViewKind::Training]);
                let mut halves = Linear::new(LinearDir::Horizontal, vec![one, other]);
                halves.shares.set_share(one, 1.15);
                (tiles.insert_container(Container::Linear(halves)), ViewKind::Neighbourhood)
            }
            Preset::Map => {
                let others = [ViewKind::Map, ViewKind::CaseStudy, ViewKind::Training, ViewKind::Neighbourhood];
                (tabs(&mut tiles, &others), ViewKind::Map)
            }
            Preset::Covers => {
                let others = [ViewKind::Covers, ViewKind::CaseStudy, ViewKind::Training, ViewKind::Map];
                (tabs(&mut tiles, &others), ViewKind::Covers)
            }
            Preset::Book => {
                let others = [ViewKind::Book, ViewKind::CaseStudy, ViewKind::Training, ViewKind::Evaluation];
                (tabs(&mut tiles, &others), ViewKind::Book)
            }
            Preset::Lab => {
                let others = [ViewKind::Lab, ViewKind::Evaluation, ViewKind::Training, ViewKind::CaseStudy];
                (tabs(&mut tiles, &others), ViewKind::Lab)
            }
            Preset::Demo => (tabs(&mut tiles, &[ViewKind::CaseStudy]), ViewKind::CaseStudy),
            Preset::Workbench => {
                let above = tabs(&mut tiles, &[ViewKind::CaseStudy, ViewKind::Data]);
                let below = if window_px < SIDE_BY_SIDE_PX {
                    tabs(&mut tiles, &[ViewKind::Evaluation, ViewKind::Training])
                } else {
                    let one = tabs(&mut tiles, &[ViewKind::Evaluation]);
                    let other = tabs(&mut tiles, &[ViewKind::Training]);
                    tiles.insert_horizontal_tile(vec![one, other])
                };
                let mut halves = Linear::new(LinearDir::Vertical, vec![above, below]);
                halves.shares.set_share(above, if window_px < SIDE_BY_SIDE_PX { 1.9 } else { 1.4 });
                (tiles.insert_container(Container::Linear(halves)), ViewKind::CaseStudy)
            }
        };
        let mut tree = Tree::new(egui::Id::unique("centre"), root, tiles);
        tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane.kind == shown));
        if preset == Preset::Graph && window_px >= SIDE_BY_SIDE_PX {
            tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane.kind == ViewKind::Attention));
        }
        if preset == Preset::Workbench {
            tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane.kind == ViewKind::Evaluation));
        }
        let has_panels = preset != Preset::Demo;
        Self {
            tree,
            left_open: has_panels,
            inspector_open: has_panels && preset != Preset::Workbench,
            jobs_open: false,
        }
    }

    fn find(&self, kind: ViewKind) -> Option<TileId> {
        self.tree.tiles.find_pane(&Pane { kind })
    }

    pub fn has(&self, kind: ViewKind) -> bool {
        self.find(kind).is_some()
    }

    /// Brings `kind` to the front; opens it beside the first tabs if it is closed.
    pub fn show(&mut self, kind: ViewKind) {
        if self.find(kind).is_none() {
            let pane = self.tree.tiles.insert_pane(Pane { kind });
            match self.first_tabs() {
                Some(tabs) => self.tree.move_tile_to_container(pane, tabs, usize::MAX, false),
                None => {
                    let children = self.tree.root().into_iter().chain([pane]).collect();
                    let root = self.tree.tiles.insert_tab_tile(children);
                    self.tree = Tree::new(egui::Id::unique("centre"), root, std::mem::take(&mut self.tree.tiles));
                }
            }
        }
        self.tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane.kind == kind));
    }

    pub fn close(&mut self, kind: ViewKind) {
        if let Some(tile) = self.find(kind) {
            self.tree.remove_recursively(tile);
        }
    }

    fn first_tabs(&self) -> Option<TileId> {
        let mut waiting: Vec<TileId> = self.tree.root().into_iter().collect();
        while let Some(tile) = waiting.pop() {
            match self.tree.tiles.get_container(tile) {
                Some(Container::Tabs(_)) => return Some(tile),
                Some(container) => waiting.extend(container.children().copied()),
                None => {}
            }
        }
        None
    }

    /// A stored tree may be of another version: without a tile that can be drawn, the first preset stands.
    pub fn mend(&mut self) {
        let is_whole = self.tree.root().is_none_or(|root| self.tree.tiles.get(root).is_some());
        if !is_whole {
            *self = Self::preset(Preset::CaseStudy);
        }
    }

    /// The views that can be seen now.
    pub fn visible(&self) -> Vec<ViewKind> {
        let tiles = self.tree.active_tiles();
        tiles.into_iter().filter_map(|tile| self.tree.tiles.get_pane(&tile).map(|pane| pane.kind)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_shows_its_view_and_survives_storing() {
        for preset in Preset::ALL {
            let layout = Layout::preset(preset);
            let named = ViewKind::ALL.into_iter().find(|kind| kind.name() == preset.name());
            let kind = match preset {
                Preset::Graph => ViewKind::Neighbourhood,
                _ => named.unwrap_or(ViewKind::CaseStudy),
            };
            assert!(layout.visible().contains(&kind), "{preset:?}");
            let stored = serde_json::to_string(&layout).expect("plain data");
            assert_eq!(serde_json::from_str::<Layout>(&stored).expect("as it was written"), layout);
        }
    }

    #[test]
    fn the_workbench_lays_tables_side_by_side_where_they_have_room() {
        let visible = |px: f32| Layout::preset_for(Preset::Workbench, px).visible();
        assert_eq!(visible(1_600.0).len(), 3);
        assert_eq!(visible(1_280.0), [ViewKind::CaseStudy, ViewKind::Evaluation]);
        assert!(Layout::preset_for(Preset::Workbench, 1_280.0).has(ViewKind::Training));
    }

    #[test]
    fn what_is_closed_can_be_opened_again() {
        let mut layout = Layout::preset(Preset::Workbench);
        for kind in ViewKind::ALL {
            layout.close(kind);
            assert!(!layout.has(kind));
        }
        for kind in ViewKind::ALL {
            layout.show(kind);
            assert!(layout.visible().contains(&kind), "{kind:?}");
        }
    }
}
