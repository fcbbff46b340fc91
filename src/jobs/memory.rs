//! How much memory the process holds while something runs.

use std::{
    fs,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

const EVERY: Duration = Duration::from_millis(20);

/// Watches the resident memory of the whole process, its other jobs included, until it is stopped.
pub(super) struct MemoryWatch {
    stop: Sender<()>,
    thread: Option<JoinHandle<u64>>,
}

impl MemoryWatch {
    pub(super) fn start() -> Self {
        let (stop, stopped) = channel();
        let thread = thread::Builder::new().name("memory watch".to_owned()).spawn(move || {
            let mut peak_bytes = resident_bytes();
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                peak_bytes = peak_bytes.max(resident_bytes());
            }
            peak_bytes.max(resident_bytes())
        });
        Self { stop, thread: thread.ok() }
    }

    /// The highest number of bytes seen; 0 where the system does not tell.
    pub(super) fn stop(self) -> u64 {
        let Self { stop, thread } = self;
        drop(stop);
        thread.and_then(|thread| thread.join().ok()).unwrap_or(0)
    }
}

fn resident_bytes() -> u64 {
    // Elsewhere than on Linux there is no such file.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_large_block_is_seen_and_short_watches_end_at_once() {
        let before = resident_bytes();
        let watch = MemoryWatch::start();
        let block = vec![1u8; 64 << 20];
        thread::sleep(3 * EVERY);
        assert_eq!(block.iter().map(|&byte| u64::from(byte)).sum::<u64>(), 64 << 20);
        drop(block);
        let peak = watch.stop();
        assert!(peak >= before + (60 << 20), "{before} {peak}");
        assert!(MemoryWatch::start().stop() > 0);
    }
}
