//! Undo and redo over the analyst's state: desk, selection, what he wrote about runs, and the case book.

use std::{
    mem::Discriminant,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    commands::Command,
    desk::Desk,
    selection::Thing,
    session::{Book, Change, Notes},
};

/// How many steps can be taken back.
const MAX_STEPS: usize = 200;
/// Changes of one kind that follow each other this fast are one step: a slider that is dragged, a name that is typed.
const ONE_STEP: Duration = Duration::from_millis(900);

/// Everything that a step brings back.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub desk: Desk,
    pub things: Vec<Thing>,
    pub notes: Notes,
    pub book: Book,
}

impl State {
    /// A case has become another one without a command: what this state has of its own stays.
    fn follow(&mut self, change: &Change) {
        let next = match (&change.before, self.book.get(&change.after.id)) {
            (None, _) => change.after.clone(),
            (Some(before), Some(own)) => Arc::new(own.merged(before, &change.after)),
            (Some(_), None) => return,
        };
        self.book.set(next);
    }
}

#[derive(Debug, Default)]
pub struct History {
    past: Vec<State>,
    future: Vec<State>,
    last: Option<(Discriminant<Command>, Instant)>,
}

impl History {
    /// `command` has turned `before` into something else.
    pub fn changed(&mut self, before: State, command: &Command, now: Instant) {
        let kind = std::mem::discriminant(command);
        let continues = command.is_continuous()
            && self.last.is_some_and(|(last, since)| last == kind && now.duration_since(since) < ONE_STEP);
        self.last = Some((kind, now));
        self.future.clear();
        if continues {
            return;
        }
        self.past.push(before);
        if self.past.len() > MAX_STEPS {
            self.past.remove(0);
        }
    }

    /// The state before the last step, in exchange for `present`.
    pub fn undo(&mut self, present: State) -> Option<State> {
        let state = self.past.pop()?;
        self.future.push(present);
        self.last = None;
        Some(state)
    }

    pub fn redo(&mut self, present: State) -> Option<State> {
        let state = self.future.pop()?;
        self.past.push(present);
        self.last = None;
        Some(state)
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// A case has become another one, and not by a command of this window: undo must not take that back.
    pub fn follow(&mut self, change: &Change) {
        for state in self.past.iter_mut().chain(&mut self.future) {
            state.follow(change);
        }
    }

    /// Another data set stands, whose rows mean others.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::workspace::Case;

    fn state(cover_px: f32) -> State {
        State {
            desk: Desk { cover_px, ..Desk::default() },
            things: Vec::new(),
            notes: Notes::default(),
            book: Book::default(),
        }
    }

    #[test]
    fn steps_go_back_and_forth_and_a_new_one_ends_what_was_ahead() {
        let (mut history, now) = (History::default(), Instant::now());
        history.changed(state(1.0), &Command::ToggleTitles, now);
        history.changed(state(2.0), &Command::ToggleTitles, now);
        assert_eq!(history.undo(state(3.0)), Some(state(2.0)));
        assert_eq!(history.undo(state(2.0)), Some(state(1.0)));
        assert_eq!(history.undo(state(1.0)), None);
        assert_eq!(history.redo(state(1.0)), Some(state(2.0)));
        history.changed(state(2.0), &Command::ToggleTitles, now);
        assert!(!history.can_redo());
        assert_eq!(history.undo(state(9.0)), Some(state(2.0)));
    }

    #[test]
    fn what_others_write_in_the_book_is_not_taken_back() {
        let case = |title: &str, notes: &str| {
            Arc::new(Case { id: "a".to_owned(), title: title.to_owned(), notes: notes.to_owned(), ..Case::default() })
        };
        let with = |case: &Arc<Case>| {
            let mut state = state(1.0);
            state.book.set(case.clone());
            state
        };
        let mut history = History::default();
        // The title was changed here, from `old` to `new`; the notes elsewhere; and there is a second case by now.
        history.changed(with(&case("old", "")), &Command::ToggleTitles, Instant::now());
        history.follow(&Change { before: Some(case("new", "")), after: case("new", "theirs") });
        history.follow(&Change { before: None, after: Arc::new(Case { id: "b".to_owned(), ..Case::default() }) });
        let past = history.undo(with(&case("new", "theirs"))).unwrap();
        assert_eq!(past.book.get("a"), Some(&case("old", "theirs")));
        assert!(past.book.get("b").is_some());
        let thrown = Arc::new(Case { is_deleted: true, ..Case::clone(&case("new", "theirs")) });
        history.follow(&Change { before: Some(case("new", "theirs")), after: thrown });
        assert!(history.redo(past).unwrap().book.cases().is_empty());
    }

    #[test]
    fn a_slider_that_is_dragged_is_one_step() {
        let (mut history, now) = (History::default(), Instant::now());
        for step in 0..5 {
            history.changed(
                state(step as f32),
                &Command::SetCoverSize(step as f32),
                now + Duration::from_millis(step * 100),
            );
        }
        history.changed(state(5.0), &Command::SetCoverSize(6.0), now + Duration::from_secs(3));
        assert_eq!(history.undo(state(6.0)), Some(state(5.0)));
        assert_eq!(history.undo(state(5.0)), Some(state(0.0)));
        assert!(!history.can_undo());
    }
}
