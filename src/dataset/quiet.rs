//! Panics of libraries on bytes that lie about themselves: caught, and told by whoever catches them.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook},
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// How many calls are guarded now, on any thread.
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// What `work` gives; `None` if it panicked. Such a panic writes nothing on standard error, as it is no fault of the
/// program's own; all others go to the hook that was there before.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !is_expected(panic) {
                before(panic);
            }
        }));
    });
    let was_guarded = IS_GUARDED.replace(true);
    GUARDED.fetch_add(1, Ordering::SeqCst);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.fetch_sub(1, Ordering::SeqCst);
    IS_GUARDED.set(was_guarded);
    outcome.ok()
}

/// On the guarded thread itself, or on one of polars's own that works for it.
fn is_expected(panic: &PanicHookInfo<'_>) -> bool {
    let is_of_polars = || panic.location().is_some_and(|location| location.file().contains("polars"));
    IS_GUARDED.get() || GUARDED.load(Ordering::SeqCst) > 0 && is_of_polars()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{env, process::Command};

    use super::*;

    /// Another process of this test panics, as standard error is looked at.
    #[test]
    fn only_what_is_caught_here_is_silent() {
        const CHILD: &str = "RECALLSCOPE_TEST_PANICS";
        if env::var_os(CHILD).is_some() {
            assert_eq!(catch(|| -> i32 { panic!("a guarded panic") }), None);
            let other = catch_unwind(|| -> i32 { panic!("any other panic") });
            assert!(other.is_err());
            return;
        }
        let name = "dataset::quiet::tests::only_what_is_caught_here_is_silent";
        let mut child = Command::new(env::current_exe().unwrap());
        let output = child.args([name, "--exact", "--nocapture"]).env(CHILD, "1").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        assert!(told.contains("any other panic") && !told.contains("a guarded panic"), "{told}");
    }

    #[test]
    fn values_come_back_and_panics_do_not() {
        assert_eq!(catch(|| 7), Some(7));
        assert_eq!(catch(|| catch(|| -> i32 { panic!("within") })), Some(None));
        assert!(!IS_GUARDED.get() && catch(|| IS_GUARDED.get()) == Some(true));
    }
}
