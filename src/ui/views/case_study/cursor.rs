//! The keyboard among covers: which one has the focus, and which one an arrow leads to.

use egui::{EventFilter, FocusDirection, Key, Modifiers, Ui};

use super::seen::{Line, Spot};

/// How many covers stand on a line, and how many of them in one row of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub line: Line,
    pub count: usize,
    pub in_row: usize,
}

/// The lines of each column, from top to bottom, as they were drawn last.
#[derive(Debug, Default)]
pub struct Field {
    pub columns: Vec<Vec<Extent>>,
    /// What one user took stands once, in the first column.
    pub is_merged: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Left,
    Right,
    Up,
    Down,
}

/// What a key asks of the cover that has the focus, or lies under the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    Moved(Spot),
    Open(Spot),
    /// As if the user had clicked it.
    Click(Spot),
    /// As if the user had not taken it, or had after all.
    Strike(Spot),
    Copy(Spot),
}

#[derive(Default)]
pub struct Cursor {
    /// The cover that has, or last had, the focus.
    pub at: Option<Spot>,
    /// The one under the pointer in this frame, and in the last.
    pub hovered: Option<Spot>,
    hovered_before: Option<Spot>,
    /// To be brought into view.
    pub scroll_to: Option<Spot>,
    /// The card of the cover that has the focus is open.
    pub is_peeking: bool,
}

impl Cursor {
    pub fn begin_frame(&mut self) {
        self.hovered_before = self.hovered.take();
    }

    /// Puts the focus on a cover, and brings it into view.
    pub fn go(&mut self, ui: &Ui, to: Spot) {
        self.at = Some(to);
        self.scroll_to = Some(to);
        ui.memory_mut(|memory| {
            memory.request_focus(to.id());
            // With keys in quick succession egui would move on by itself from what has just got the focus.
            memory.move_focus(FocusDirection::None);
        });
    }

    pub fn take_keys(&mut self, ui: &Ui, field: &Field) -> Option<Asked> {
        let ctx = ui.ctx();
        if egui::Popup::is_any_open(ctx) {
            return None;
        }
        let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let focused = self.at.filter(|at| ui.memory(|memory| memory.has_focus(at.id())));
        let Some(at) = focused else {
            self.is_peeking = false;
            let under = self.hovered_before.filter(|_| !ctx.text_edit_focused())?;
            if pressed(Key::C) {
                return Some(Asked::Click(under));
            }
            return pressed(Key::X).then_some(Asked::Strike(under));
        };
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(at.id(), arrows));
        let ways = [
            (Key::ArrowLeft, Way::Left),
            (Key::ArrowRight, Way::Right),
            (Key::ArrowUp, Way::Up),
            (Key::ArrowDown, Way::Down),
        ];
        let mut to = at;
        for (key, way) in ways {
            // A slow frame may hold several presses.
            for _ in 0..ctx.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) {
                to = field.step(to, way).unwrap_or(to);
            }
        }
        if to != at {
            self.go(ui, to);
            return Some(Asked::Moved(to));
        }
        if pressed(Key::Space) {
            self.is_peeking = !self.is_peeking;
            return None;
        }
        if pressed(Key::Enter) {
            return Some(Asked::Open(at));
        }
        if pressed(Key::C) {
            return Some(Asked::Click(at));
        }
        if pressed(Key::X) {
            return Some(Asked::Strike(at));
        }
        let copies = ctx.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Copy)));
        copies.then_some(Asked::Copy(at))
    }
}

impl Field {
    fn extents(&self, column: usize) -> &[Extent] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    fn spot(&self, column: usize, line: Line, place: usize) -> Spot {
        let is_shared = self.is_merged && matches!(line, Line::Recent | Line::Later);
        Spot { column: if is_shared { 0 } else { column }, line, place }
    }

    /// The cover that lies from `at` to that side, if any.
    fn step(&self, at: Spot, way: Way) -> Option<Spot> {
        let extents = self.extents(at.column);
        let number = extents.iter().position(|extent| extent.line == at.line)?;
        let Extent { count, in_row, .. } = extents[number];
        let (row, x) = (at.place / in_row, at.place % in_row);
        match way {
            Way::Right if x + 1 < in_row && at.place + 1 < count => Some(Spot { place: at.place + 1, ..at }),
            Way::Left if x > 0 => Some(Spot { place: at.place - 1, ..at }),
            Way::Right if at.line == Line::Recent => self
                .on_line(at.column, Line::Later, 0, false)
                .or_else(|| self.on_line(at.column + 1, Line::Recent, 0, false)),
            Way::Left if at.line == Line::Later => self.on_line(at.column, Line::Recent, 0, true),
            // Past the edge of the column into the next one; at the last, into the next row of covers.
            Way::Right => self
                .on_line(at.column + 1, at.line, row, false)
                .or_else(|| (at.place + 1 < count).then_some(Spot { place: at.place + 1, ..at })),
            Way::Left => at
                .column
                .checked_sub(1)
                .and_then(|column| self.on_line(column, at.line, row, true))
                .or_else(|| at.place.checked_sub(1).map(|place| Spot { place, ..at })),
            Way::Down if at.place + in_row < count => Some(Spot { place: at.place + in_row, ..at }),
            Way::Down if row < (count - 1) / in_row => Some(Spot { place: count - 1, ..at }),
            Way::Down => {
                let below = extents[number + 1..].iter().find(|extent| extent.count > 0)?;
                Some(self.spot(at.column, below.line, x.min(below.in_row - 1).min(below.count - 1)))
            }
            Way::Up if row > 0 => Some(Spot { place: at.place - in_row, ..at }),
            Way::Up => {
                let above = extents[..number].iter().rev().find(|extent| extent.count > 0)?;
                let first = (above.count - 1) / above.in_row * above.in_row;
                Some(self.spot(at.column, above.line, (first + x.min(above.in_row - 1)).min(above.count - 1)))
            }
        }
    }

    /// The first or last cover in a row of the screen.
    fn on_line(&self, column: usize, line: Line, row: usize, is_last: bool) -> Option<Spot> {
        let extent = self.extents(column).iter().find(|extent| extent.line == line && extent.count > 0)?;
        let first = row.min((extent.count - 1) / extent.in_row) * extent.in_row;
        let place = if is_last { (first + extent.in_row).min(extent.count) - 1 } else { first };
        Some(self.spot(column, line, place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field() -> Field {
        let extent = |line, count, in_row| Extent { line, count, in_row };
        let column = |recent| {
            vec![
                extent(Line::Recent, recent, recent.max(1)),
                extent(Line::Later, 2, 2),
                extent(Line::Row(0), 20, 6),
                extent(Line::Row(1), 0, 6),
                extent(Line::Row(2), 20, 6),
            ]
        };
        Field { columns: vec![column(5), column(0)], is_merged: false }
    }

    fn walk(field: &Field, from: Spot, ways: &[Way]) -> Option<Spot> {
        ways.iter().try_fold(from, |at, &way| field.step(at, way))
    }

    #[test]
    fn arrows_lead_through_rows_and_columns() {
        use Way::{Down, Left, Right, Up};
        let spot = |column, line, place| Spot { column, line, place };
        let field = field();
        let first = spot(0, Line::Row(0), 0);
        assert_eq!(walk(&field, first, &[Right, Down]), Some(spot(0, Line::Row(0), 7)));
        assert_eq!(walk(&field, first, &[Right; 6]), Some(spot(1, Line::Row(0), 0)), "into the next column");
        assert_eq!(walk(&field, spot(1, Line::Row(0), 6), &[Left]), Some(spot(0, Line::Row(0), 11)));
        assert_eq!(walk(&field, spot(1, Line::Row(0), 5), &[Right]), Some(spot(1, Line::Row(0), 6)), "no column there");
        assert_eq!(walk(&field, spot(0, Line::Row(0), 17), &[Down]), Some(spot(0, Line::Row(0), 19)), "a short row");
        assert_eq!(
            walk(&field, spot(0, Line::Row(0), 19), &[Down]),
            Some(spot(0, Line::Row(2), 1)),
            "past an empty one"
        );
        assert_eq!(walk(&field, spot(0, Line::Row(2), 1), &[Up]), Some(spot(0, Line::Row(0), 19)));
        assert_eq!(walk(&field, spot(0, Line::Row(2), 19), &[Down]), None);
        assert_eq!(walk(&field, spot(0, Line::Recent, 4), &[Right, Left]), Some(spot(0, Line::Recent, 4)));
        assert_eq!(walk(&field, spot(1, Line::Later, 0), &[Left]), None);
        assert_eq!(walk(&field, spot(0, Line::Recent, 0), &[Up]), None);
    }

    #[test]
    fn what_one_user_took_is_reached_from_every_column() {
        let field = Field { is_merged: true, ..field() };
        let from = Spot { column: 1, line: Line::Row(0), place: 3 };
        assert_eq!(field.step(from, Way::Up), Some(Spot { column: 0, line: Line::Later, place: 1 }));
    }
}
