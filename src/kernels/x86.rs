//! The registers of x86-64: AVX2 with fused multiply-add, and AVX-512.
//!
//! `turn` collects 16 bytes of each column in the quarters of a register, and what is left is to
//! transpose within the quarters.
//!
//! No closures around the instructions: those of the caller are not enabled in them.

use super::lanes::Lanes;
use std::arch::x86_64::*;

/// What is the same for all registers, by the names of the instructions.
macro_rules! common {
    ($float:ident, $splat:ident, $load:ident, $store:ident, $fmadd:ident, $add:ident) => {
        type Item = $float;
        #[inline(always)]
        unsafe fn splat(x: $float) -> Self {
            // SAFETY: as for the trait.
            unsafe { $splat(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const $float) -> Self {
            // SAFETY: as for the trait.
            unsafe { $load(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut $float) {
            // SAFETY: as for the trait.
            unsafe { $store(to, self) }
        }
        #[inline(always)]
        unsafe fn times_plus(self, x: Self, y: Self) -> Self {
            // SAFETY: as for the trait.
            unsafe { $fmadd(self, x, y) }
        }
        #[inline(always)]
        unsafe fn plus(self, x: Self) -> Self {
            // SAFETY: as for the trait.
            unsafe { $add(self, x) }
        }
    };
}

// SAFETY: sixteen f32.
unsafe impl Lanes for __m512 {
    common!(f32, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_fmadd_ps, _mm512_add_ps);

    #[inline(always)]
    unsafe fn load_some(from: *const f32, count: usize) -> Self {
        debug_assert!(count <= 16);
        // SAFETY: what the mask leaves out is not read.
        unsafe { _mm512_maskz_loadu_ps(((1_u32 << count) - 1) as __mmask16, from) }
    }

    #[inline(always)]
    unsafe fn totals([a, b, c, d]: [Self; 4]) -> [f32; 4] {
        // SAFETY: as for the trait; an __m128 is four f32.
        unsafe {
            let ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
            let cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
            let quarters = _mm512_add_ps(
                _mm512_shuffle_ps::<0b01_00_01_00>(ab, cd),
                _mm512_shuffle_ps::<0b11_10_11_10>(ab, cd),
            );
            let halves = _mm512_shuffle_f32x4::<0b01_00_11_10>(quarters, quarters);
            let halves = _mm512_castps512_ps256(_mm512_add_ps(quarters, halves));
            let sums = _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps::<1>(halves));
            std::mem::transmute::<__m128, [f32; 4]>(sums)
        }
    }

    #[inline(always)]
    unsafe fn turn(column: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        // SAFETY: the caller has these floats to read and to write.
        unsafe {
            let mut x = [_mm512_setzero_ps(); 4];
            for p in 0..4 {
                x[p] = _mm512_castps128_ps512(_mm_loadu_ps(column(p)));
                x[p] = _mm512_insertf32x4::<1>(x[p], _mm_loadu_ps(column(4 + p)));
                x[p] = _mm512_insertf32x4::<2>(x[p], _mm_loadu_ps(column(8 + p)));
                x[p] = _mm512_insertf32x4::<3>(x[p], _mm_loadu_ps(column(12 + p)));
            }
            let [a, b, c, d] = x;
            let (ab, cd) = (_mm512_unpacklo_ps(a, b), _mm512_unpacklo_ps(c, d));
            _mm512_storeu_ps(to, _mm512_shuffle_ps::<0b01_00_01_00>(ab, cd));
            _mm512_storeu_ps(to.add(stride), _mm512_shuffle_ps::<0b11_10_11_10>(ab, cd));
            let (ab, cd) = (_mm512_unpackhi_ps(a, b), _mm512_unpackhi_ps(c, d));
            _mm512_storeu_ps(to.add(2 * stride), _mm512_shuffle_ps::<0b01_00_01_00>(ab, cd));
            _mm512_storeu_ps(to.add(3 * stride), _mm512_shuffle_ps::<0b11_10_11_10>(ab, cd));
        }
    }
}

// SAFETY: eight f64.
unsafe impl Lanes for __m512d {
    common!(f64, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_fmadd_pd, _mm512_add_pd);

    #[inline(always)]
    unsafe fn load_some(from: *const f64, count: usize) -> Self {
        debug_assert!(count <= 8);
        // SAFETY: what the mask leaves out is not read.
        unsafe { _mm512_maskz_loadu_pd(((1_u32 << count) - 1) as __mmask8, from) }
    }

    #[inline(always)]
    unsafe fn totals(sums: [Self; 4]) -> [f64; 4] {
        // SAFETY: as for the trait.
        unsafe {
            let mut halves = [_mm256_setzero_pd(); 4];
            for p in 0..4 {
                let (low, high) = (_mm512_castpd512_pd256(sums[p]), _mm512_extractf64x4_pd::<1>(sums[p]));
                halves[p] = _mm256_add_pd(low, high);
            }
            __m256d::totals(halves)
        }
    }

    #[inline(always)]
    unsafe fn turn(column: impl Fn(usize) -> *const f64, to: *mut f64, stride: usize) {
        // SAFETY: the caller has these floats to read and to write.
        unsafe {
            let mut x = [_mm512_setzero_pd(); 2];
            for p in 0..2 {
                let low = _mm256_castpd128_pd256(_mm_loadu_pd(column(p)));
                let low = _mm256_insertf128_pd::<1>(low, _mm_loadu_pd(column(2 + p)));
                let high = _mm256_castpd128_pd256(_mm_loadu_pd(column(4 + p)));
                let high = _mm256_insertf128_pd::<1>(high, _mm_loadu_pd(column(6 + p)));
                x[p] = _mm512_insertf64x4::<1>(_mm512_castpd256_pd512(low), high);
            }
            let [a, b] = x;
            _mm512_storeu_pd(to, _mm512_unpacklo_pd(a, b));
            _mm512_storeu_pd(to.add(stride), _mm512_unpackhi_pd(a, b));
        }
    }
}

/// For `maskload`: ones, of which as many are taken as wanted, and zeros.
static MASK: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

// SAFETY: eight f32.
unsafe impl Lanes for __m256 {
    common!(f32, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps, _mm256_add_ps);

    #[inline(always)]
    unsafe fn load_some(from: *const f32, count: usize) -> Self {
        debug_assert!(count <= 8);
        // SAFETY: `count` is at most 8, and what the mask leaves out is not read.
        unsafe { _mm256_maskload_ps(from, _mm256_loadu_si256(MASK.as_ptr().add(8 - count).cast())) }
    }

    #[inline(always)]
    unsafe fn totals([a, b, c, d]: [Self; 4]) -> [f32; 4] {
        // SAFETY: as for the trait; an __m128 is four f32.
        unsafe {
            let halves = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
            let sums = _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps::<1>(halves));
            std::mem::transmute::<__m128, [f32; 4]>(sums)
        }
    }

    #[inline(always)]
    unsafe fn turn(column: impl Fn(usize) -> *const f32, to: *mut f32, stride: usize) {
        // SAFETY: the caller has these floats to read and to write.
        unsafe {
            let mut x = [_mm256_setzero_ps(); 4];
            for p in 0..4 {
                x[p] = _mm256_castps128_ps256(_mm_loadu_ps(column(p)));
                x[p] = _mm256_insertf128_ps::<1>(x[p], _mm_loadu_ps(column(4 + p)));
            }
            let [a, b, c, d] = x;
            let (ab, cd) = (_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d));
            _mm256_storeu_ps(to, _mm256_shuffle_ps::<0b01_00_01_00>(ab, cd));
            _mm256_storeu_ps(to.add(stride), _mm256_shuffle_ps::<0b11_10_11_10>(ab, cd));
            let (ab, cd) = (_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d));
            _mm256_storeu_ps(to.add(2 * stride), _mm256_shuffle_ps::<0b01_00_01_00>(ab, cd));
            _mm256_storeu_ps(to.add(3 * stride), _mm256_shuffle_ps::<0b11_10_11_10>(ab, cd));
        }
    }
}

// SAFETY: four f64.
unsafe impl Lanes for __m256d {
    common!(f64, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_fmadd_pd, _mm256_add_pd);

    #[inline(always)]
    unsafe fn load_some(from: *const f64, count: usize) -> Self {
        debug_assert!(count <= 4);
        // SAFETY: `count` is at most 4, and what the mask leaves out is not read.
        unsafe { _mm256_maskload_pd(from, _mm256_loadu_si256(MASK.as_ptr().add(8 - 2 * count).cast())) }
    }

    #[inline(always)]
    unsafe fn totals([a, b, c, d]: [Self; 4]) -> [f64; 4] {
        // SAFETY: as for the trait; an __m256d is four f64.
        unsafe {
            let (ab, cd) = (_mm256_hadd_pd(a, b), _mm256_hadd_pd(c, d));
            let sums =
                _mm256_add_pd(_mm256_permute2f128_pd::<0x20>(ab, cd), _mm256_permute2f128_pd::<0x31>(ab, cd));
            std::mem::transmute::<__m256d, [f64; 4]>(sums)
        }
    }

    #[inline(always)]
    unsafe fn turn(column: impl Fn(usize) -> *const f64, to: *mut f64, stride: usize) {
        // SAFETY: the caller has these floats to read and to write.
        unsafe {
            let mut x = [_mm256_setzero_pd(); 2];
            for p in 0..2 {
                x[p] = _mm256_castpd128_pd256(_mm_loadu_pd(column(p)));
                x[p] = _mm256_insertf128_pd::<1>(x[p], _mm_loadu_pd(column(2 + p)));
            }
            let [a, b] = x;
            _mm256_storeu_pd(to, _mm256_unpacklo_pd(a, b));
            _mm256_storeu_pd(to.add(stride), _mm256_unpackhi_pd(a, b));
        }
    }
}
