//! One selection for all views. A change shows in the next frame, so that every view of a frame sees the same.

use crate::{dataset::Dataset, recall::LaneKind};

/// Something that can be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thing {
    User(u32),
    Item(u32),
    Lane(LaneKind),
    /// By its place among the runs of the data set that is open.
    Run(u32),
    /// A leaf of the tag tree.
    Tag(u32),
}

impl Thing {
    fn exists_in(self, dataset: &Dataset) -> bool {
        match self {
            Self::User(user) => (user as usize) < dataset.user_count(),
            Self::Item(item) => (item as usize) < dataset.item_count(),
            Self::Tag(tag) => (tag as usize) < dataset.tags.leaf.len(),
            Self::Lane(_) | Self::Run(_) => true,
        }
    }
}

/// How a click changes what is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Replace,
    /// Ctrl-click: several are held for comparison.
    Toggle,
    /// Whoever walks from one thing to the next takes the selection along: that is no step to walk back through.
    Follow,
}

/// How many past selections can be walked back through.
const MAX_HISTORY: usize = 200;

#[derive(Debug, Default)]
pub struct Selection {
    current: Vec<Thing>,
    next: Option<Vec<Thing>>,
    hovered: Option<Thing>,
    hovered_next: Option<Thing>,
    back: Vec<Vec<Thing>>,
    forward: Vec<Vec<Thing>>,
}

impl Selection {
    /// Makes the changes of the last frame visible, and drops what no longer exists.
    pub fn begin_frame(&mut self, dataset: Option<&Dataset>) {
        if let Some(next) = self.next.take() {
            self.current = next;
        }
        self.hovered = self.hovered_next.take();
        match dataset {
            Some(dataset) => {
                self.current.retain(|thing| thing.exists_in(dataset));
                self.hovered = self.hovered.filter(|thing| thing.exists_in(dataset));
            }
            None => {
                self.current.clear();
                self.hovered = None;
            }
        }
    }

    /// Forgets everything: another data set stands, whose rows mean others.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn select(&mut self, thing: Thing, mode: Mode) {
        let current = self.wished();
        let next = match mode {
            Mode::Replace | Mode::Follow => vec![thing],
            Mode::Toggle if current.contains(&thing) => current.iter().copied().filter(|&held| held != thing).collect(),
            Mode::Toggle => current.iter().copied().chain([thing]).collect(),
        };
        if next == *current {
            return;
        }
        if mode != Mode::Follow {
            self.note_past();
        }
        self.next = Some(next);
    }

    /// Holds all of `things`, and nothing else.
    pub fn select_all(&mut self, things: Vec<Thing>) {
        if things == self.wished() {
            return;
        }
        self.note_past();
        self.next = Some(things);
    }

    /// What is selected now can be walked back to.
    fn note_past(&mut self) {
        self.back.push(self.wished().to_vec());
        if self.back.len() > MAX_HISTORY {
            self.back.remove(0);
        }
        self.forward.clear();
    }

    /// What will be selected in the next frame.
    pub fn wished(&self) -> &[Thing] {
        self.next.as_ref().unwrap_or(&self.current)
    }

    /// Brings an earlier selection back; the walk through past ones stays as it is.
    pub fn restore(&mut self, things: Vec<Thing>) {
        self.next = Some(things);
    }

    pub fn hover(&mut self, thing: Thing) {
        self.hovered_next = Some(thing);
    }

    pub fn go_back(&mut self) {
        if let Some(past) = self.back.pop() {
            self.forward.push(self.next.take().unwrap_or_else(|| self.current.clone()));
            self.next = Some(past);
        }
    }

    pub fn go_forward(&mut self) {
        if let Some(later) = self.forward.pop() {
            self.back.push(self.next.take().unwrap_or_else(|| self.current.clone()));
            self.next = Some(later);
        }
    }

    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }

    pub fn is_selected(&self, thing: Thing) -> bool {
        self.current.contains(&thing)
    }

    pub fn is_hovered(&self, thing: Thing) -> bool {
        self.hovered == Some(thing)
    }

    /// What lies under the pointer.
    pub fn hovered(&self) -> Option<Thing> {
        self.hovered
    }

    /// What was selected last.
    pub fn primary(&self) -> Option<Thing> {
        self.current.last().copied()
    }

    pub fn things(&self) -> &[Thing] {
        &self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(selection: &mut Selection) {
        if let Some(next) = selection.next.take() {
            selection.current = next;
        }
    }

    #[test]
    fn a_change_shows_in_the_next_frame_and_can_be_walked_back() {
        let mut selection = Selection::default();
        selection.select(Thing::Item(1), Mode::Replace);
        assert_eq!(selection.primary(), None);
        settle(&mut selection);
        assert_eq!(selection.things(), [Thing::Item(1)]);
        selection.select(Thing::User(2), Mode::Toggle);
        settle(&mut selection);
        assert_eq!(selection.things(), [Thing::Item(1), Thing::User(2)]);
        selection.go_back();
        settle(&mut selection);
        assert_eq!(selection.things(), [Thing::Item(1)]);
        selection.go_forward();
        settle(&mut selection);
        assert_eq!(selection.things(), [Thing::Item(1), Thing::User(2)]);
        selection.select(Thing::Item(1), Mode::Toggle);
        settle(&mut selection);
        assert_eq!(selection.things(), [Thing::User(2)]);
        assert!(!selection.can_go_forward());
    }

    #[test]
    fn what_is_gone_is_dropped() {
        let mut selection = Selection::default();
        selection.select(Thing::Item(1), Mode::Replace);
        selection.hover(Thing::Item(1));
        selection.begin_frame(None);
        assert!(selection.things().is_empty() && !selection.is_hovered(Thing::Item(1)));
    }
}
