//! The threads that decode covers: few, the most wanted first, nothing that is no longer wanted.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use crossbeam_channel::{Receiver, Sender};
use egui::ColorImage;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    CoverKey,
    picture::{self, Level},
};

/// Decoded pictures that may wait for the window; workers rest beyond that, so a hidden window gathers no memory.
const WAITING_RESULTS: usize = 16;

pub(super) struct Decoded {
    pub(super) key: CoverKey,
    pub(super) level: Level,
    /// Asked for since the last `Pool::clear`.
    pub(super) epoch: u64,
    pub(super) picture: Result<ColorImage, String>,
}

struct Request {
    path: PathBuf,
    priority: f32,
    frame: u64,
}

#[derive(Default)]
struct Queue {
    waiting: FxHashMap<(CoverKey, Level), Request>,
    /// Taken by a worker and not yet received by the window.
    running: FxHashSet<(CoverKey, Level)>,
    epoch: u64,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Pool {
    shared: Arc<Shared>,
    results: Receiver<Decoded>,
    epoch: u64,
    /// Why there is no thread to decode anything, if so.
    failure: Option<String>,
}

impl Pool {
    /// `on_result` is called by the workers after each picture.
    pub(super) fn new(workers: usize, on_result: impl Fn() + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let on_result = Arc::new(on_result);
        let (sender, results) = crossbeam_channel::bounded(WAITING_RESULTS);
        let mut failure: Option<io::Error> = None;
        let mut started = 0;
        for number in 0..workers.max(1) {
            let (shared, sender, on_result) = (Arc::clone(&shared), sender.clone(), Arc::clone(&on_result));
            let worker = thread::Builder::new().name(format!("cover-decode-{number}"));
            match worker.spawn(move || work(&shared, &sender, &*on_result)) {
                Ok(_) => started += 1,
                Err(error) => failure = Some(error),
            }
        }
        let failure = failure.filter(|_| started == 0);
        Self { shared, results, epoch: 0, failure: failure.map(|error| format!("no thread to decode covers: {error}")) }
    }

    /// Asks for a picture, or says again that it is still wanted.
    pub(super) fn ask(&self, key: CoverKey, level: Level, path: &Path, priority: f32, frame: u64) {
        let priority = if priority.is_nan() { f32::NEG_INFINITY } else { priority };
        let mut queue = self.shared.lock();
        if queue.running.contains(&(key, level)) {
            return;
        }
        if let Some(request) = queue.waiting.get_mut(&(key, level)) {
            (request.priority, request.frame) = (priority, frame);
            return;
        }
        queue.waiting.insert((key, level), Request { path: path.to_owned(), priority, frame });
        drop(queue);
        self.shared.wake.notify_one();
    }

    /// Forgets what was last asked for before `frame`.
    pub(super) fn forget_before(&self, frame: u64) {
        self.shared.lock().waiting.retain(|_, request| request.frame >= frame);
    }

    /// The next decoded picture, if one is there.
    pub(super) fn next(&self) -> Option<Decoded> {
        let decoded = self.results.try_recv().ok()?;
        if decoded.epoch == self.epoch {
            self.shared.lock().running.remove(&(decoded.key, decoded.level));
            Some(decoded)
        } else {
            self.next()
        }
    }

    pub(super) fn has_results(&self) -> bool {
        !self.results.is_empty()
    }

    /// Drops everything: pictures in the works are thrown away when they come.
    pub(super) fn clear(&mut self) {
        let mut queue = self.shared.lock();
        queue.waiting.clear();
        queue.running.clear();
        queue.epoch += 1;
        self.epoch = queue.epoch;
    }

    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Workers end after the picture in hand; nobody waits for them.
        self.shared.lock().closed = true;
        self.shared.wake.notify_all();
    }
}

fn work(shared: &Shared, results: &Sender<Decoded>, on_result: &dyn Fn()) {
    loop {
        let (key, level, path, epoch) = {
            let mut queue = shared.lock();
            loop {
                if queue.closed {
                    return;
                }
                let best = queue.waiting.iter().max_by(|a, b| a.1.priority.total_cmp(&b.1.priority).then(b.0.cmp(a.0)));
                if let Some((&(key, level), _)) = best
                    && let Some(request) = queue.waiting.remove(&(key, level))
                {
                    queue.running.insert((key, level));
                    break (key, level, request.path, queue.epoch);
                }
                queue = shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        };
        let picture = match catch_unwind(AssertUnwindSafe(|| picture::load(&path, level))) {
            Ok(loaded) => loaded.map_err(|error| error.to_string()),
            Err(_) => Err(format!("the picture cannot be brought to its size: {}", path.display())),
        };
        if results.send(Decoded { key, level, epoch, picture }).is_err() {
            return;
        }
        on_result();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn wait_for(pool: &Pool) -> Decoded {
        let start = Instant::now();
        loop {
            if let Some(decoded) = pool.next() {
                return decoded;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "nothing decoded");
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_most_wanted_comes_first_and_the_forgotten_never() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cover.png");
        image::RgbaImage::from_pixel(600, 600, image::Rgba([9, 9, 9, 255])).save(&path).unwrap();
        let level = Level::square(254.0);
        let pool = Pool::new(1, || {});
        // Fills the bounded channel, so that the order of the rest is settled before a worker takes them.
        for key in 0..WAITING_RESULTS as u64 + 1 {
            pool.ask(CoverKey(1_000 + key), level, &path, 1e6, 1);
        }
        let start = Instant::now();
        while pool.waiting() > 0 {
            assert!(start.elapsed() < Duration::from_secs(20));
            thread::sleep(Duration::from_millis(1));
        }
        for key in 0..10 {
            pool.ask(CoverKey(key), level, &path, key as f32, 1);
        }
        for key in [3, 7, 8] {
            pool.ask(CoverKey(key), level, &path, 10.0 * key as f32, 2);
        }
        pool.forget_before(2);
        assert_eq!(pool.waiting(), 3);
        for _ in 0..WAITING_RESULTS + 1 {
            assert!(wait_for(&pool).key.0 >= 1_000);
        }
        let order: Vec<u64> = (0..3).map(|_| wait_for(&pool).key.0).collect();
        assert_eq!(order, [8, 7, 3]);
    }

    #[test]
    fn what_was_cleared_never_arrives() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cover.png");
        image::RgbaImage::from_pixel(600, 600, image::Rgba([9, 9, 9, 255])).save(&path).unwrap();
        let mut pool = Pool::new(2, || {});
        for key in 0..30 {
            pool.ask(CoverKey(key), Level::square(100.0), &path, 0.0, 1);
        }
        thread::sleep(Duration::from_millis(10));
        pool.clear();
        pool.ask(CoverKey(99), Level::square(100.0), &path, 0.0, 2);
        assert_eq!(wait_for(&pool).key, CoverKey(99));
        thread::sleep(Duration::from_millis(50));
        assert!(pool.next().is_none());
    }
}
