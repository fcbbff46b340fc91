//! Vector registers, as far as the kernels need them.
//!
//! The functions are inlined into functions that are compiled for the right instructions; called from elsewhere they
//! would be wrong, so all of them are unsafe.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU64, Ordering};

/// The instructions to compute with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Instructions {
    /// The best that this machine knows.
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("fma") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }
}

/// # Safety
/// All functions: the machine knows the instructions, and pointers lead to `LANES` floats.
pub(super) trait Vector: Copy {
    const LANES: usize;

    unsafe fn zero() -> Self;
    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    /// Of cells that other threads change: a relaxed load of each pair of floats, in any order.
    unsafe fn load_shared(from: *const AtomicU64) -> Self;
    /// Of cells that other threads read: a relaxed store of each pair of floats, in any order.
    unsafe fn store_shared(self, to: *const AtomicU64);
    unsafe fn add(self, other: Self) -> Self;
    /// `self * factor + addend`
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// The sum of the lanes of each of `vectors`, written to `to[..T]`.
    unsafe fn sum_each<const T: usize>(vectors: &[Self; T], to: *mut f32);

    /// The same on one number, fused only where that is one instruction.
    fn scalar_mul_add(one: f32, factor: f32, addend: f32) -> f32;
}

/// Asks for the cache line of `block`, with the right to write to it, without waiting for it.
#[inline(always)]
pub(super) fn fetch_to_write<T>(block: &T) {
    // SAFETY: a hint, which touches neither memory, stack nor flags; processors that do not know it pass over it.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!("prefetchw [{0}]", in(reg) std::ptr::from_ref(block), options(nostack, preserves_flags, readonly));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = block;
}

/// The two floats of a cell.
#[inline(always)]
pub(super) fn floats_of(word: u64) -> [f32; 2] {
    [f32::from_bits(word as u32), f32::from_bits((word >> 32) as u32)]
}

/// The cell of two floats.
#[inline(always)]
pub(super) fn word_of([low, high]: [f32; 2]) -> u64 {
    u64::from(low.to_bits()) | (u64::from(high.to_bits()) << 32)
}

/// For every machine; the compiler finds the baseline's vector instructions in it (SSE2, NEON).
#[derive(Clone, Copy)]
pub(super) struct Portable([f32; 8]);

impl Vector for Portable {
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self([0.0; 8])
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 8])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: passed on to the caller; an array of floats is aligned as one float.
        Self(unsafe { *from.cast() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: passed on to the caller.
        unsafe { *to.cast() = self.0 }
    }

    #[inline(always)]
    unsafe fn load_shared(from: *const AtomicU64) -> Self {
        let mut floats = [0.0; 8];
        for (at, pair) in floats.as_chunks_mut().0.iter_mut().enumerate() {
            // SAFETY: passed on to the caller.
            *pair = floats_of(unsafe { &*from.add(at) }.load(Ordering::Relaxed));
        }
        Self(floats)
    }

    #[inline(always)]
    unsafe fn store_shared(self, to: *const AtomicU64) {
        for (at, &pair) in self.0.as_chunks().0.iter().enumerate() {
            // SAFETY: passed on to the caller.
            unsafe { &*to.add(at) }.store(word_of(pair), Ordering::Relaxed);
        }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * factor.0[lane] + addend.0[lane]))
    }

    #[inline(always)]
    unsafe fn sum_each<const T: usize>(vectors: &[Self; T], to: *mut f32) {
        for (t, Self(v)) in vectors.iter().enumerate() {
            let sum = ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
            // SAFETY: passed on to the caller.
            unsafe { *to.add(t) = sum }
        }
    }

    #[inline(always)]
    fn scalar_mul_add(one: f32, factor: f32, addend: f32) -> f32 {
        one * factor + addend
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128, __m256, __m512, _mm_add_ps, _mm_storeu_ps, _mm256_add_ps, _mm256_castpd_ps, _mm256_castps256_ps128,
        _mm256_extractf128_ps, _mm256_fmadd_ps, _mm256_hadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps,
        _mm256_storeu_ps, _mm512_add_ps, _mm512_castps_pd, _mm512_castps512_ps256, _mm512_extractf64x4_pd,
        _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
    };
    use std::{arch::asm, sync::atomic::AtomicU64};

    use super::Vector;

    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx2(__m256);

    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx512(__m512);

    /// The sums of four vectors at once: half the work of summing each by itself.
    #[inline(always)]
    unsafe fn sum_four(one: __m256, two: __m256, three: __m256, four: __m256) -> __m128 {
        // SAFETY: passed on to the caller.
        unsafe {
            let sums = _mm256_hadd_ps(_mm256_hadd_ps(one, two), _mm256_hadd_ps(three, four));
            _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps::<1>(sums))
        }
    }

    #[inline(always)]
    unsafe fn sum_each<const T: usize>(vectors: &[__m256; T], to: *mut f32) {
        // SAFETY: passed on to the caller; only `T` floats of the last four are written.
        unsafe {
            let mut t = 0;
            while t < T {
                let mut four = [_mm256_setzero_ps(); 4];
                for (four, vector) in four.iter_mut().zip(&vectors[t..]) {
                    *four = *vector;
                }
                let sums = sum_four(four[0], four[1], four[2], four[3]);
                if t + 4 <= T {
                    _mm_storeu_ps(to.add(t), sums);
                } else {
                    let mut rest = [0.0f32; 4];
                    _mm_storeu_ps(rest.as_mut_ptr(), sums);
                    for at in 0..T - t {
                        *to.add(t + at) = rest[at];
                    }
                }
                t += 4;
            }
        }
    }

    // The compiler does not join atomic moves to vector moves, so these four are written in assembly. x86-64 never
    // tears an aligned word of 64 bits, whatever the width of the instruction: each does what relaxed atomic moves of
    // its words do, and so may race with those of other threads. They change neither stack nor flags.

    #[inline]
    #[target_feature(enable = "avx")]
    unsafe fn load_256(from: *const AtomicU64) -> __m256 {
        let floats;
        // SAFETY: see above; that `from` leads to enough cells is passed on to the caller.
        unsafe {
            asm!("vmovups {floats}, [{from}]", floats = lateout(ymm_reg) floats, from = in(reg) from,
                options(nostack, preserves_flags, readonly));
        }
        floats
    }

    #[inline]
    #[target_feature(enable = "avx")]
    unsafe fn store_256(to: *const AtomicU64, floats: __m256) {
        // SAFETY: see above; atomics may be changed through a shared reference.
        unsafe {
            asm!("vmovups [{to}], {floats}", floats = in(ymm_reg) floats, to = in(reg) to,
                options(nostack, preserves_flags));
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn load_512(from: *const AtomicU64) -> __m512 {
        let floats;
        // SAFETY: see above; that `from` leads to enough cells is passed on to the caller.
        unsafe {
            asm!("vmovups {floats}, [{from}]", floats = lateout(zmm_reg) floats, from = in(reg) from,
                options(nostack, preserves_flags, readonly));
        }
        floats
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn store_512(to: *const AtomicU64, floats: __m512) {
        // SAFETY: see above; atomics may be changed through a shared reference.
        unsafe {
            asm!("vmovups [{to}], {floats}", floats = in(zmm_reg) floats, to = in(reg) to,
                options(nostack, preserves_flags));
        }
    }

    impl Vector for Avx2 {
        const LANES: usize = 8;

        #[inline(always)]
        unsafe fn zero() -> Self {
            // SAFETY (here and below): passed on to the caller.
            Self(unsafe { _mm256_setzero_ps() })
        }

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            Self(unsafe { _mm256_set1_ps(value) })
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { _mm256_loadu_ps(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm256_storeu_ps(to, self.0) }
        }

        #[inline(always)]
        unsafe fn load_shared(from: *const AtomicU64) -> Self {
            Self(unsafe { load_256(from) })
        }

        #[inline(always)]
        unsafe fn store_shared(self, to: *const AtomicU64) {
            unsafe { store_256(to, self.0) }
        }

        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            Self(unsafe { _mm256_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
            Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, addend.0) })
        }

        #[inline(always)]
        unsafe fn sum_each<const T: usize>(vectors: &[Self; T], to: *mut f32) {
            unsafe {
                let mut plain = [_mm256_setzero_ps(); T];
                for t in 0..T {
                    plain[t] = vectors[t].0;
                }
                sum_each(&plain, to);
            }
        }

        #[inline(always)]
        fn scalar_mul_add(one: f32, factor: f32, addend: f32) -> f32 {
            one.mul_add(factor, addend)
        }
    }

    impl Vector for Avx512 {
        const LANES: usize = 16;

        #[inline(always)]
        unsafe fn zero() -> Self {
            Self(unsafe { _mm512_setzero_ps() })
        }

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            Self(unsafe { _mm512_set1_ps(value) })
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { _mm512_loadu_ps(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm512_storeu_ps(to, self.0) }
        }

        #[inline(always)]
        unsafe fn load_shared(from: *const AtomicU64) -> Self {
            Self(unsafe { load_512(from) })
        }

        #[inline(always)]
        unsafe fn store_shared(self, to: *const AtomicU64) {
            unsafe { store_512(to, self.0) }
        }

        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            Self(unsafe { _mm512_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
            Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, addend.0) })
        }

        #[inline(always)]
        unsafe fn sum_each<const T: usize>(vectors: &[Self; T], to: *mut f32) {
            // Upper and lower half first, then as above.
            unsafe {
                let mut halves = [_mm256_setzero_ps(); T];
                for t in 0..T {
                    let upper = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(vectors[t].0)));
                    halves[t] = _mm256_add_ps(_mm512_castps512_ps256(vectors[t].0), upper);
                }
                sum_each(&halves, to);
            }
        }

        #[inline(always)]
        fn scalar_mul_add(one: f32, factor: f32, addend: f32) -> f32 {
            one.mul_add(factor, addend)
        }
    }
}
