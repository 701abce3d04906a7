//! A register of floats. Explicit, because whether a compiler finds the registers of a tile by
//! itself changes from one shape to the next, and with it the speed by a factor of ten.

use crate::nn::Float;

/// Some floats side by side in one register.
///
/// # Safety
/// `Self` is exactly [`Lanes::COUNT`] consecutive `Self::Item`s. The functions may be called where
/// the processor has the instructions the implementation stands for.
pub(super) unsafe trait Lanes: Copy {
    /// One of them.
    type Item: Float;
    /// How many there are.
    const COUNT: usize = size_of::<Self>() / size_of::<Self::Item>();
    /// The same float everywhere.
    unsafe fn splat(x: Self::Item) -> Self;
    /// Reads `COUNT` floats; `from` need not be aligned.
    unsafe fn load(from: *const Self::Item) -> Self;
    /// Writes `COUNT` floats; `to` need not be aligned.
    unsafe fn store(self, to: *mut Self::Item);
    /// `self * x + y`, rounded once or twice.
    unsafe fn times_plus(self, x: Self, y: Self) -> Self;
    /// `self + x`.
    unsafe fn plus(self, x: Self) -> Self;
    /// The sum of the floats.
    #[inline(always)]
    unsafe fn total(self) -> Self::Item {
        // SAFETY: `self` is COUNT floats in a row.
        let lanes =
            unsafe { std::slice::from_raw_parts((&raw const self).cast::<Self::Item>(), Self::COUNT) };
        let (low, high) = lanes.split_at(Self::COUNT / 2);
        low.iter().zip(high).fold(Self::Item::ZERO, |sum, (a, b)| sum + (*a + *b))
    }
}

/// Four floats for processors about which nothing is known.
#[derive(Clone, Copy)]
pub(super) struct Four<T>([T; 4]);

// SAFETY: four floats; plain arithmetic.
unsafe impl<T: Float> Lanes for Four<T> {
    type Item = T;
    #[inline(always)]
    unsafe fn splat(x: T) -> Self {
        Four([x; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        Four(unsafe { from.cast::<[T; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        unsafe { to.cast::<[T; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn times_plus(self, x: Self, y: Self) -> Self {
        Four(std::array::from_fn(|q| self.0[q] * x.0[q] + y.0[q]))
    }
    #[inline(always)]
    unsafe fn plus(self, x: Self) -> Self {
        Four(std::array::from_fn(|q| self.0[q] + x.0[q]))
    }
}

/// AVX2 with fused multiply-add.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::Lanes;
    use std::arch::x86_64::*;

    // SAFETY: eight f32.
    unsafe impl Lanes for __m256 {
        type Item = f32;
        #[inline(always)]
        unsafe fn splat(x: f32) -> Self {
            unsafe { _mm256_set1_ps(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm256_storeu_ps(to, self) }
        }
        #[inline(always)]
        unsafe fn times_plus(self, x: Self, y: Self) -> Self {
            unsafe { _mm256_fmadd_ps(self, x, y) }
        }
        #[inline(always)]
        unsafe fn plus(self, x: Self) -> Self {
            unsafe { _mm256_add_ps(self, x) }
        }
    }

    // SAFETY: four f64.
    unsafe impl Lanes for __m256d {
        type Item = f64;
        #[inline(always)]
        unsafe fn splat(x: f64) -> Self {
            unsafe { _mm256_set1_pd(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f64) -> Self {
            unsafe { _mm256_loadu_pd(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f64) {
            unsafe { _mm256_storeu_pd(to, self) }
        }
        #[inline(always)]
        unsafe fn times_plus(self, x: Self, y: Self) -> Self {
            unsafe { _mm256_fmadd_pd(self, x, y) }
        }
        #[inline(always)]
        unsafe fn plus(self, x: Self) -> Self {
            unsafe { _mm256_add_pd(self, x) }
        }
    }
}
