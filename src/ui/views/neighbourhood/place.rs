//! Where nodes stand: a simulation of forces on a thread of its own, which sends positions back as it goes.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, TryRecvError};
use egui::{Pos2, Vec2, pos2};
use fjadra::{Collide, Link, ManyBody, Node, PositionX, PositionY, SimulationBuilder};

use super::ego::Ego;
use crate::ui::session::Beside;

/// Sides of nodes by hop, in points at natural size.
const SIDES: [f32; 4] = [64.0, 46.0, 32.0, 24.0];
/// Positions are sent back at most this often.
const SEND_EVERY: Duration = Duration::from_millis(33);
/// A layout that has not come to rest by then stays as it is.
const PATIENCE: Duration = Duration::from_secs(20);
/// How far the simulation cools before it rests.
const RESTS_BELOW: f64 = 0.004;

pub fn side(hop: usize) -> f32 {
    SIDES[hop.min(SIDES.len() - 1)]
}

/// A layout that is being found. Dropping it ends its thread.
pub struct Placing {
    receiver: Receiver<Vec<Pos2>>,
    is_stopped: Arc<AtomicBool>,
}

impl Drop for Placing {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}

impl Placing {
    /// From `places` on, of which `is_fixed` stay where they are. `heat` is 1 for a new layout, less to mend one.
    pub fn start(
        ego: &Ego,
        places: &[Pos2],
        is_fixed: &[bool],
        heat: f64,
        wake: egui::Context,
        beside: Beside,
    ) -> io::Result<Self> {
        let (sender, receiver) = crossbeam_channel::unbounded();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stopped = is_stopped.clone();
        let nodes: Vec<Node> = places
            .iter()
            .zip(is_fixed)
            .map(|(at, &is_fixed)| {
                let (x, y) = (f64::from(at.x), f64::from(at.y));
                if is_fixed { Node::default().fixed_position(x, y) } else { Node::default().position(x, y) }
            })
            .collect();
        let sides: Vec<f64> = ego.nodes.iter().map(|node| f64::from(side(node.hop))).collect();
        let links: Vec<(usize, usize)> = ego.edges.iter().map(|edge| (edge.to, edge.from)).collect();
        let lengths: Vec<f64> = links.iter().map(|&(to, from)| (sides[to] + sides[from]) * 0.9 + 30.0).collect();
        let charges: Vec<f64> = sides.iter().map(|side| -7.0 * side).collect();
        thread::Builder::new().name("place nodes".to_owned()).spawn(move || {
            let mut simulation = SimulationBuilder::new()
                .with_alpha(heat)
                .with_alpha_min(RESTS_BELOW)
                .build(nodes)
                .add_force("charge", ManyBody::new().strength(move |_, node: usize| charges[node]))
                .add_force("collide", Collide::new().radius(move |node| sides[node] * 0.62 + 2.0).strength(0.7))
                .add_force("link", Link::new(links).distance(move |_: &_, edge: usize| lengths[edge]))
                .add_force("x", PositionX::new().strength(0.03))
                .add_force("y", PositionY::new().strength(0.03));
            let (since, mut sent) = (Instant::now(), Instant::now());
            while !stopped.load(Ordering::Relaxed) {
                simulation.tick(1);
                let rests = simulation.is_finished() || since.elapsed() > PATIENCE;
                if !rests && sent.elapsed() < SEND_EVERY {
                    continue;
                }
                sent = Instant::now();
                let places: Vec<Pos2> = simulation.positions().map(|[x, y]| pos2(x as f32, y as f32)).collect();
                // What has flown apart is no layout: the last one stays.
                if !places.iter().all(|at| at.is_finite()) || sender.send(places).is_err() {
                    break;
                }
                wake.request_repaint();
                if rests {
                    break;
                }
            }
            drop((sender, beside));
            wake.request_repaint();
        })?;
        Ok(Self { receiver, is_stopped })
    }

    /// The latest positions, if there are new ones, and whether there will be more.
    pub fn take(&self) -> (Option<Vec<Pos2>>, bool) {
        let mut latest = None;
        loop {
            match self.receiver.try_recv() {
                Ok(places) => latest = Some(places),
                Err(TryRecvError::Empty) => return (latest, true),
                Err(TryRecvError::Disconnected) => return (latest, false),
            }
        }
    }
}

/// Where nodes stand before forces act: known ones where they were, the others around the node that brought them, hop
/// by hop in the sector of the circle that it has.
pub fn first_places(ego: &Ego, known: impl Fn(usize) -> Option<Pos2>) -> Vec<Pos2> {
    use std::f32::consts::TAU;
    let count = ego.nodes.len();
    let mut brought_by: Vec<Option<usize>> = vec![None; count];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
    for edge in &ego.edges {
        if edge.from != 0 && brought_by[edge.from].is_none() && ego.nodes[edge.from].hop == ego.nodes[edge.to].hop + 1 {
            brought_by[edge.from] = Some(edge.to);
            children[edge.to].push(edge.from);
        }
    }
    let mut places = vec![Pos2::ZERO; count];
    let mut sectors = vec![(0.0f32, TAU); count];
    for node in 0..count {
        if node == 0 || brought_by[node].is_none() {
            places[node] = known(node).unwrap_or(places[node]);
        }
        let (from, width) = sectors[node];
        let step = width / children[node].len().max(1) as f32;
        for (rank, &child) in children[node].iter().enumerate() {
            let angle = from + (rank as f32 + 0.5) * step;
            sectors[child] = (from + rank as f32 * step, step);
            // Even siblings stand a little further out, so that many find room.
            let reach = side(ego.nodes[child].hop) * if rank % 2 == 0 { 2.1 } else { 3.0 } + 30.0;
            places[child] = known(child).unwrap_or(places[node] + reach * Vec2::angled(angle));
        }
    }
    places
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        jobs::pipeline::PipelineSettings,
        ui::{
            session::Session,
            views::{
                neighbourhood::ego::{EgoEdge, EgoNode},
                network,
            },
        },
    };

    fn star(leaves: usize) -> Ego {
        let node = |place: usize| EgoNode {
            node: network::Node::Item(place as u32),
            hop: usize::from(place > 0),
            neighbours: 0,
            shown: 0,
        };
        let edges = (1..=leaves).map(|from| EgoEdge { to: 0, from, weight: 1.0, share: 1.0, tag: None }).collect();
        Ego { nodes: (0..=leaves).map(node).collect(), edges, ..Ego::default() }
    }

    #[test]
    fn nodes_come_to_rest_apart_and_what_is_fixed_stays() {
        let ego = star(30);
        let session = Session::new(&egui::Context::default(), None, PipelineSettings::default());
        let first = first_places(&ego, |node| (node == 5).then_some(pos2(300.0, 40.0)));
        let is_fixed: Vec<bool> = (0..first.len()).map(|node| node == 0 || node == 5).collect();
        let placing = Placing::start(&ego, &first, &is_fixed, 1.0, egui::Context::default(), session.beside()).unwrap();
        assert!(!session.is_idle(), "a layout under way keeps the window from being complete");
        let mut places = first;
        loop {
            let (latest, goes_on) = placing.take();
            places = latest.unwrap_or(places);
            if !goes_on {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
        assert_eq!((places[0], places[5]), (Pos2::ZERO, pos2(300.0, 40.0)));
        for (place, one) in places.iter().enumerate() {
            for other in &places[..place] {
                assert!(one.distance(*other) > 0.8 * side(1), "{one:?} and {other:?} lie over one another");
            }
        }
    }
}
