//! How ranks shift from column to column of one user: marks on covers, and lines between the same items.

use egui::{Color32, Painter, Pos2, Rangef, Rect, Stroke, Ui, epaint::CubicBezierShape, pos2, vec2};

use super::{
    covers,
    data::{Cell, RecalledItem},
    layout::Grid,
    seen::Seen,
    touch::Stage,
};
use crate::ui::{
    desk::Shape,
    icons,
    selection::Thing,
    views::Scene,
    words::{Word, Words},
};

/// Room for the lines between two lists.
const GAP_PX: f32 = 60.0;
/// Half the width of what stands for an item that the other list does not have.
const END_PX: f32 = 3.0;

/// Where an item stands, against the column at the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Same,
    /// By so many ranks.
    Up(usize),
    Down(usize),
    /// The other column does not have it among its first.
    New,
}

impl Shift {
    /// `place` and those of `before` count from 0.
    fn of(before: &[RecalledItem], item: u32, place: usize) -> Self {
        match before.iter().position(|found| found.item == item) {
            None => Self::New,
            Some(old) if old > place => Self::Up(old - place),
            Some(old) if old < place => Self::Down(place - old),
            Some(_) => Self::Same,
        }
    }

    /// For the plate of the rank.
    pub fn sign(self) -> String {
        match self {
            Self::Same => "=".to_owned(),
            Self::Up(ranks) => format!("{}{ranks}", icons::ARROW_UP),
            Self::Down(ranks) => format!("{}{ranks}", icons::ARROW_DOWN),
            // A plus means what live clicks brought.
            Self::New => String::new(),
        }
    }

    /// For whoever listens.
    pub fn told(self, words: Words) -> String {
        match self {
            Self::Same => words.get(Word::ShiftSame).to_owned(),
            Self::Up(ranks) => words.fill(Word::ShiftUp, &[&ranks.to_string()]),
            Self::Down(ranks) => words.fill(Word::ShiftDown, &[&ranks.to_string()]),
            Self::New => words.get(Word::ShiftNew).to_owned(),
        }
    }
}

/// What a row recalls in a column, as far as it has come.
pub(super) fn cell<'s>(stage: &Stage<'s>, column: usize, row: usize) -> Option<&'s Cell> {
    let seen = stage.seen.get(column)?;
    seen.case(stage.cases)?.cell(seen.runs.get(row).copied().flatten()?)
}

/// Whether the row of `own` can be compared with that of `other`: one user, under another run or taken to be another.
fn is_comparable(own: &Seen, other: &Seen, row: usize) -> bool {
    let (Some(Some(run)), Some(Some(of_other))) = (own.runs.get(row), other.runs.get(row)) else { return false };
    own.user.is_some() && own.user == other.user && (run != of_other || own.key != other.key)
}

/// Whether any column shows the user of the one before it otherwise.
pub(super) fn any(seen: &[Seen]) -> bool {
    seen.windows(2).any(|pair| (0..pair[1].rows.len()).any(|row| is_comparable(&pair[1], &pair[0], row)))
}

/// The distance between columns.
pub(super) fn gap(seen: &[Seen], shape: Shape) -> f32 {
    if shape == Shape::List && any(seen) { GAP_PX } else { Grid::GAP }
}

/// The recall that the one in this cell is compared with.
fn before<'s>(stage: &Stage<'s>, column: usize, row: usize) -> Option<&'s Cell> {
    let left = column.checked_sub(1)?;
    is_comparable(stage.seen.get(column)?, &stage.seen[left], row).then(|| cell(stage, left, row)).flatten()
}

pub(super) fn shift(stage: &Stage<'_>, column: usize, row: usize, item: u32, place: usize) -> Option<Shift> {
    Some(Shift::of(&before(stage, column, row)?.recalled, item, place))
}

/// Whether no other column of the same user has the item in any row. False where there is no other.
pub(super) fn is_only_here(stage: &Stage<'_>, column: usize, row: usize, item: u32) -> bool {
    let Some(own) = stage.seen.get(column) else { return false };
    let mut has_others = false;
    for (place, seen) in stage.seen.iter().enumerate() {
        if place == column || seen.user != own.user {
            continue;
        }
        for other in 0..seen.rows.len() {
            let is_same = seen.runs[other] == own.runs[row] && seen.key == own.key;
            let Some(cell) = (!is_same).then(|| cell(stage, place, other)).flatten() else { continue };
            has_others = true;
            if cell.recalled.iter().any(|found| found.item == item) {
                return false;
            }
        }
    }
    has_others
}

/// Where the covers of a row begin in each column that was drawn.
#[derive(Default)]
pub(super) struct Areas(Vec<(usize, Rect)>);

impl Areas {
    pub fn note(&mut self, column: usize, area: Rect) {
        self.0.push((column, area));
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn of(&self, column: usize) -> Option<Rect> {
        self.0.iter().find(|(own, _)| *own == column).map(|(_, area)| *area)
    }
}

/// Draws the lines of a row over what stands in it: between lists for every item, between grids for the one that is
/// pointed at and those that are selected.
pub(super) fn lines_ui(ui: &Ui, scene: &Scene<'_>, stage: &Stage<'_>, row: usize) {
    let shape = scene.desk.case.shape;
    if shape == Shape::Strip {
        return;
    }
    for column in 1..stage.seen.len() {
        let Some(left) = before(stage, column, row) else { continue };
        let (Some(right), Some(from), Some(to)) =
            (cell(stage, column, row), stage.areas.of(column - 1), stage.areas.of(column))
        else {
            continue;
        };
        // A column that has slid under a pinned one is beside nothing.
        if (to.left() - from.right() - stage.grid.gap).abs() > 1.0 {
            continue;
        }
        let place_of =
            |area: Rect, place: usize| covers::place_rect(shape, area, scene.desk.cover_px, scene.desk.titles, place);
        let clip = ui.clip_rect();
        match shape {
            Shape::List => {
                let between = Rangef::new(from.right() + 2.0, to.left() - 2.0);
                let painter =
                    ui.painter().with_clip_rect(clip.intersect(Rect::from_x_y_ranges(between, clip.y_range())));
                lists_ui(&painter, scene, left, right, between, |is_left, place| {
                    place_of(if is_left { from } else { to }, place).center().y
                });
            }
            Shape::Grid | Shape::Strip => {
                for (place, found) in left.recalled.iter().enumerate() {
                    let thing = Thing::Item(found.item);
                    let is_lit = scene.selection.is_hovered(thing) || scene.selection.is_selected(thing);
                    let Some(there) =
                        is_lit.then(|| right.recalled.iter().position(|other| other.item == found.item)).flatten()
                    else {
                        continue;
                    };
                    let (one, other) = (place_of(from, place), place_of(to, there));
                    let middle = |rect: Rect| rect.top() + rect.width() / 2.0;
                    let ends = [pos2(one.right(), middle(one)), pos2(other.left(), middle(other))];
                    let painter = ui.painter();
                    curve(painter, ends, Stroke::new(5.0, scene.tokens.canvas.gamma_multiply(0.8)));
                    curve(painter, ends, Stroke::new(2.0, scene.tokens.accent));
                    for end in ends {
                        painter.circle_filled(end, 3.5, scene.tokens.accent);
                    }
                }
            }
        }
    }
}

/// Lines between two lists; an open end where one has what the other has not.
fn lists_ui(
    painter: &Painter,
    scene: &Scene<'_>,
    left: &Cell,
    right: &Cell,
    between: Rangef,
    y_of: impl Fn(bool, usize) -> f32,
) {
    let (tokens, clip) = (scene.tokens, painter.clip_rect());
    let looks = |found: &RecalledItem| -> (f32, Color32) {
        let thing = Thing::Item(found.item);
        if scene.selection.is_hovered(thing) || scene.selection.is_selected(thing) {
            (2.5, tokens.accent)
        } else if found.marks.is_hit {
            (2.0, tokens.hit)
        } else {
            (1.2, tokens.text_faint.gamma_multiply(0.8))
        }
    };
    for (place, found) in left.recalled.iter().enumerate() {
        let (y, (width, colour)) = (y_of(true, place), looks(found));
        let Some(there) = right.recalled.iter().position(|other| other.item == found.item) else {
            end(painter, pos2(between.min, y), 1.0, width, colour);
            continue;
        };
        let to = y_of(false, there);
        if y.max(to) >= clip.top() && y.min(to) <= clip.bottom() {
            curve(painter, [pos2(between.min, y), pos2(between.max, to)], Stroke::new(width, colour));
        }
    }
    for (place, found) in right.recalled.iter().enumerate() {
        if !left.recalled.iter().any(|other| other.item == found.item) {
            let (width, colour) = looks(found);
            end(painter, pos2(between.max, y_of(false, place)), -1.0, width, colour);
        }
    }
}

/// A short line with a ring at its end.
fn end(painter: &Painter, from: Pos2, way: f32, width: f32, colour: Color32) {
    const LENGTH: f32 = 7.0;
    if !painter.clip_rect().y_range().contains(from.y) {
        return;
    }
    let ring = from + vec2(way * (LENGTH + END_PX), 0.0);
    painter.line_segment([from, from + vec2(way * LENGTH, 0.0)], Stroke::new(width, colour));
    painter.circle_stroke(ring, END_PX, Stroke::new(width, colour));
}

/// Leaves and arrives level.
fn curve(painter: &Painter, [from, to]: [Pos2; 2], stroke: Stroke) {
    let middle = f32::midpoint(from.x, to.x);
    let points = [from, pos2(middle, from.y), pos2(middle, to.y), to];
    painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::case::Marks;

    #[test]
    fn ranks_shift_by_how_far_they_lie_apart() {
        let found = |item| RecalledItem { item, score: 0.0, marks: Marks::default(), also: Vec::new() };
        let before: Vec<RecalledItem> = [7, 3, 9].map(found).into();
        let shifts = [(9, 0), (3, 1), (7, 2), (4, 3)].map(|(item, place)| Shift::of(&before, item, place));
        assert_eq!(shifts, [Shift::Up(2), Shift::Same, Shift::Down(2), Shift::New]);
    }
}
