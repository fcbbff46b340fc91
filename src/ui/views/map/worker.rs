//! Finding a map, on a thread of its own: points, principal components, clusters, and t-SNE, with places sent back as it
//! goes.

use std::{
    io,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TryRecvError};

use super::{CLUSTERS, Key, MOST_ARRANGED, placed::Placed, points::Points};
use crate::{
    jobs::{is_cancelled, panic_message, pipeline::TrainedLane},
    models::{kmeans::kmeans, projection},
    task::JobContext,
    ui::{
        desk::MapMethod,
        session::{Basis, Beside},
    },
};

/// Places are sent back at most this often.
const SEND_EVERY: Duration = Duration::from_millis(100);
const CLUSTER_ROUNDS: usize = 20;

/// What was found.
pub enum Found {
    Points(Arc<Points>),
    /// `is_last`: nothing moves any more.
    Placed {
        placed: Arc<Placed>,
        is_last: bool,
    },
    /// Of each point.
    Clusters(Arc<Vec<u8>>),
    /// The share of nearest neighbours that the whole map keeps.
    Kept(f32),
    /// Neighbours are being found, or so many epochs of t-SNE are done.
    Neighbours,
    Epoch(usize),
    /// It could not be arranged; principal components stand.
    NotArranged,
    NoVectors,
    Failed(String),
}

/// Dropping it ends its thread.
pub struct Worker {
    receiver: Receiver<Found>,
    ctx: JobContext,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.ctx.cancel();
    }
}

impl Worker {
    pub fn start(
        key: &Key,
        trained: Arc<TrainedLane>,
        basis: Arc<Basis>,
        wake: egui::Context,
        beside: Beside,
    ) -> io::Result<Self> {
        let (sender, receiver) = crossbeam_channel::unbounded();
        let ctx = JobContext::default();
        let (key, of_thread) = (key.clone(), ctx.clone());
        thread::Builder::new().name("map".to_owned()).spawn(move || {
            let told = Telling { sender, wake };
            let find = || {
                // The window and its jobs keep a core.
                let threads = thread::available_parallelism().map_or(1, |cores| (cores.get() - 1).max(1));
                match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
                    Ok(pool) => pool.install(|| find(&key, &trained, &basis, &told, &of_thread)),
                    Err(_) => find(&key, &trained, &basis, &told, &of_thread),
                }
            };
            match std::panic::catch_unwind(std::panic::AssertUnwindSafe(find)) {
                Ok(Err(error)) if !is_cancelled(&error) => told.tell(Found::Failed(format!("{error:#}"))),
                Ok(_) => {}
                Err(panic) => {
                    told.tell(Found::Failed(panic_message(&*panic).unwrap_or("it broke off").to_owned()));
                }
            }
            drop(beside);
            let Telling { sender, wake } = told;
            drop(sender);
            wake.request_repaint();
        })?;
        Ok(Self { receiver, ctx })
    }

    /// What has been found since, and whether there will be more.
    pub fn take(&self) -> (Vec<Found>, bool) {
        let mut found = Vec::new();
        loop {
            match self.receiver.try_recv() {
                Ok(next) => found.push(next),
                Err(TryRecvError::Empty) => return (found, true),
                Err(TryRecvError::Disconnected) => return (found, false),
            }
        }
    }
}

struct Telling {
    sender: Sender<Found>,
    wake: egui::Context,
}

impl Telling {
    fn tell(&self, found: Found) {
        // A view that is gone no longer listens.
        let _ = self.sender.send(found);
        self.wake.request_repaint();
    }
}

fn find(key: &Key, trained: &TrainedLane, basis: &Basis, told: &Telling, ctx: &JobContext) -> anyhow::Result<()> {
    let dataset = &basis.prepared.dataset;
    let Some((points, vectors)) = Points::gather(dataset, &basis.triggers, trained, key.shows_users, ctx)? else {
        told.tell(Found::NoVectors);
        return Ok(());
    };
    let points = Arc::new(points);
    let start = projection::pca(&vectors);
    ctx.check()?;
    let placed = Arc::new(Placed::new(start.clone()));
    let is_arranged =
        key.method == MapMethod::Tsne && (projection::LEAST_POINTS..=MOST_ARRANGED).contains(&points.nodes.len());
    told.tell(Found::Points(points.clone()));
    told.tell(Found::Placed { placed: placed.clone(), is_last: !is_arranged });
    told.tell(Found::Clusters(Arc::new(kmeans(&vectors, CLUSTERS, CLUSTER_ROUNDS, 1, ctx)?)));
    let mut last = placed;
    if is_arranged {
        told.tell(Found::Neighbours);
        let table = points.table(&vectors, ctx)?;
        let mut sent = Instant::now();
        let arranged = projection::tsne(&start, &table, |epoch, at| {
            if sent.elapsed() >= SEND_EVERY {
                sent = Instant::now();
                let at = at.chunks_exact(2).map(|at| [at[0], at[1]]).collect();
                told.tell(Found::Placed { placed: Arc::new(Placed::new(at)), is_last: false });
                told.tell(Found::Epoch(epoch + 1));
            }
            !ctx.is_cancelled()
        });
        ctx.check()?;
        match arranged {
            Some(at) => last = Arc::new(Placed::new(at)),
            None => told.tell(Found::NotArranged),
        }
        told.tell(Found::Placed { placed: last.clone(), is_last: true });
    }
    if let Some(kept) = points.kept(&last, &points.judged(), ctx)? {
        told.tell(Found::Kept(kept));
    }
    Ok(())
}
