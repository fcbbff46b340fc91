//! Where points lie in the plane, and which of them lie near a place.

use egui::{Pos2, Rect, Vec2, pos2};

/// Points in a square from -1 to 1, in a grid of cells.
#[derive(Debug)]
pub struct Placed {
    pub at: Vec<[f32; 2]>,
    /// How far they reach to each side of the middle; 1 the way they reach farther.
    pub half: Vec2,
    side: usize,
    /// `[cells + 1]`, into `order`.
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl Placed {
    /// `at` moved and scaled so that all lie in the square.
    pub fn new(mut at: Vec<[f32; 2]>) -> Self {
        let bounds = Rect::from_points(&at.iter().map(|&[x, y]| pos2(x, y)).collect::<Vec<_>>());
        if at.is_empty() || !bounds.is_finite() {
            return Self { at: Vec::new(), half: Vec2::splat(1.0), side: 0, starts: Vec::new(), order: Vec::new() };
        }
        let scale = 2.0 / bounds.width().max(bounds.height()).max(f32::MIN_POSITIVE);
        // Points on a line are still seen as if they were some way apart.
        let half = (bounds.size() * (scale / 2.0)).clamp(Vec2::splat(0.05), Vec2::splat(1.0));
        for [x, y] in &mut at {
            (*x, *y) = ((*x - bounds.center().x) * scale, (*y - bounds.center().y) * scale);
        }
        // A few points to a cell.
        let side = ((at.len() as f32 / 4.0).sqrt() as usize).clamp(1, 512);
        let mut placed = Self { half, side, starts: vec![0; side * side + 1], order: vec![0; at.len()], at };
        for &at in &placed.at {
            let cell = placed.cell(at);
            placed.starts[cell + 1] += 1;
        }
        for cell in 0..side * side {
            placed.starts[cell + 1] += placed.starts[cell];
        }
        let mut next = placed.starts.clone();
        for (point, &at) in placed.at.iter().enumerate() {
            let slot = &mut next[placed.cell(at)];
            placed.order[*slot as usize] = point as u32;
            *slot += 1;
        }
        placed
    }

    fn column(&self, value: f32) -> usize {
        (((value + 1.0) / 2.0 * self.side as f32).max(0.0) as usize).min(self.side - 1)
    }

    fn cell(&self, [x, y]: [f32; 2]) -> usize {
        self.column(y) * self.side + self.column(x)
    }

    pub fn place(&self, point: usize) -> Pos2 {
        self.at.get(point).map_or(Pos2::ZERO, |&[x, y]| pos2(x, y))
    }

    /// The points of all cells that `rect` touches, by row of cells: those within, and a few around.
    fn rows(&self, rect: Rect) -> impl Iterator<Item = (usize, &[u32])> {
        let is_there = self.side > 0 && rect.is_positive();
        let rows = if is_there { self.column(rect.top())..self.column(rect.bottom()) + 1 } else { 0..0 };
        let columns = if is_there { self.column(rect.left())..self.column(rect.right()) + 1 } else { 0..0 };
        rows.map(move |row| {
            let first = self.starts[row * self.side + columns.start] as usize;
            let last = self.starts[row * self.side + columns.end] as usize;
            (row, &self.order[first..last])
        })
    }

    fn around(&self, rect: Rect) -> impl Iterator<Item = &[u32]> {
        self.rows(rect).map(|(_, points)| points)
    }

    /// How many points lie in `rect`, or around it; costs nothing.
    pub fn count(&self, rect: Rect) -> usize {
        self.around(rect).map(<[u32]>::len).sum()
    }

    /// The points in `rect`, in no order.
    pub fn within(&self, rect: Rect) -> Vec<usize> {
        let points = self.around(rect).flatten().map(|&point| point as usize);
        points.filter(|&point| rect.contains(self.place(point))).collect()
    }

    /// The point nearest to `at`, no farther than `reach`.
    pub fn nearest(&self, at: Pos2, reach: f32) -> Option<usize> {
        let rect = Rect::from_center_size(at, Vec2::splat(2.0 * reach));
        let far = |point: usize| self.place(point).distance_sq(at);
        let nearest = self.within(rect).into_iter().min_by(|&one, &other| far(one).total_cmp(&far(other)));
        nearest.filter(|&point| far(point) <= reach * reach)
    }

    /// The points inside of a closed line, by rising number.
    pub fn inside(&self, line: &[Pos2]) -> Vec<usize> {
        let Some(&last) = line.last() else { return Vec::new() };
        let ends = std::iter::once(&last).chain(line);
        let edges: Vec<[Pos2; 2]> = ends.zip(line).map(|(&from, &to)| [from, to]).collect();
        let mut is_in = vec![false; self.at.len()];
        for (row, points) in self.rows(Rect::from_points(line)) {
            // Few of a long line's edges matter to a row of cells; half a cell more, for what is rounded.
            let cell = 2.0 / self.side as f32;
            let (top, bottom) = (cell * (row as f32 - 0.5) - 1.0, cell * (row as f32 + 1.5) - 1.0);
            let is_near = |[from, to]: &&[Pos2; 2]| from.y.min(to.y) <= bottom && from.y.max(to.y) >= top;
            let near: Vec<[Pos2; 2]> = edges.iter().filter(is_near).copied().collect();
            for &point in points {
                is_in[point as usize] = is_inside(&near, self.place(point as usize));
            }
        }
        is_in.iter().enumerate().filter_map(|(point, &is_in)| is_in.then_some(point)).collect()
    }

    /// The `k` points nearest to `point` in the plane, without itself.
    pub fn neighbours(&self, point: usize, k: usize) -> Vec<usize> {
        let at = self.place(point);
        // Wider until enough are found: those farther than the half side may be outdone by one beyond the rectangle.
        let mut reach = 1.0 / self.side.max(1) as f32;
        loop {
            let rect = Rect::from_center_size(at, Vec2::splat(2.0 * reach));
            let mut found = self.within(rect);
            found.retain(|&other| other != point);
            let far = |other: &usize| self.place(*other).distance_sq(at);
            found.sort_by(|one, other| far(one).total_cmp(&far(other)).then(one.cmp(other)));
            let sure = found.iter().take_while(|other| far(other) <= reach * reach).count();
            if sure >= k || reach > 4.0 {
                found.truncate(k);
                return found;
            }
            reach *= 1.6;
        }
    }
}

/// Whether a ray from `at` crosses the edges an odd number of times.
fn is_inside(edges: &[[Pos2; 2]], at: Pos2) -> bool {
    let crosses = |[one, other]: &&[Pos2; 2]| {
        (one.y > at.y) != (other.y > at.y) && at.x < (other.x - one.x) * (at.y - one.y) / (other.y - one.y) + one.x
    };
    edges.iter().filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of 20 × 20 points; the one in column `x` of row `y` is number `20 * y + x`.
    fn field() -> Placed {
        Placed::new((0..400).map(|point| [(point % 20) as f32 * 3.0, (point / 20) as f32 * 3.0]).collect())
    }

    #[test]
    fn points_fill_the_square_and_are_found_where_they_lie() {
        let placed = field();
        assert_eq!((placed.place(0), placed.place(399)), (pos2(-1.0, -1.0), pos2(1.0, 1.0)));
        let step = 2.0 / 19.0;
        assert_eq!(placed.nearest(pos2(-1.0 + step * 3.1, -1.0 + step * 1.2), step), Some(23));
        assert_eq!(placed.nearest(pos2(-1.0 + step * 3.5, -1.0 + step * 1.5), step * 0.3), None);
        let corner = Rect::from_min_max(pos2(-1.1, -1.1), pos2(-1.0 + 1.5 * step, -1.0 + 1.5 * step));
        let mut found = placed.within(corner);
        found.sort_unstable();
        assert_eq!(found, [0, 1, 20, 21]);
        assert!(placed.count(corner) >= 4 && placed.count(Rect::EVERYTHING) == 400);
        assert_eq!(Placed::new(Vec::new()).nearest(Pos2::ZERO, 1.0), None);
        // All at one place.
        assert_eq!(Placed::new(vec![[2.0, 2.0]; 3]).within(Rect::EVERYTHING).len(), 3);
    }

    #[test]
    fn a_lasso_takes_what_is_inside_and_neighbours_are_the_nearest() {
        let placed = field();
        let step = 2.0 / 19.0;
        let at = |x: f32, y: f32| pos2(-1.0 + step * x, -1.0 + step * y);
        // A triangle.
        let found = placed.inside(&[at(-0.5, -0.5), at(2.5, -0.5), at(-0.5, 2.5)]);
        assert_eq!(found, [0, 1, 20]);
        // A star, whose edges cross; each edge by itself says the same.
        let star: Vec<Pos2> = (0..7).map(|point| pos2(0.0, 0.0) + 0.9 * Vec2::angled(point as f32 * 2.7)).collect();
        let edges: Vec<[Pos2; 2]> = (0..7).map(|point| [star[point], star[(point + 1) % 7]]).collect();
        let each: Vec<usize> = (0..400).filter(|&point| is_inside(&edges, placed.place(point))).collect();
        assert!(each.len() > 50 && each.len() < 250, "{}", each.len());
        assert_eq!(placed.inside(&star), each);
        let mut around = placed.neighbours(42, 4);
        around.sort_unstable();
        assert_eq!(around, [22, 41, 43, 62]);
        assert_eq!(placed.neighbours(0, 1_000).len(), 399);
    }
}
