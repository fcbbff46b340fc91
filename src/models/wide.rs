//! Plain loops in the widest registers that the processor has, chosen when the program runs.

use faer::traits::pulp::{Arch, Simd, WithSimd};

/// Runs `work` compiled for what this processor can do. That reaches only as far as the compiler inlines: `work`, and every
/// closure that it calls in a loop, wants `#[inline(always)]`.
#[inline]
pub(super) fn wide<R>(work: impl FnMut() -> R) -> R {
    Arch::new().dispatch(Work(work))
}

/// pulp takes closures too, but calls them as `FnOnce`: one that could be called again goes through a shim that is never
/// inlined, and stays in narrow registers.
struct Work<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Work<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) -> R {
        (self.0)()
    }
}
