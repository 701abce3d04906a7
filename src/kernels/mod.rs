//! The matrix product that generated code calls.
//!
//! `row` is for a vector and a matrix, `dots` for two narrow matrices whose products are dot products as
//! they lie, and `tile` for the rest; `pack` copies what a tile cannot read in place. `backend` chooses the
//! instructions of the processor at hand, from `lanes` and `x86`. Where it is not known what they are, the
//! crate `matrixmultiply` takes the large products.

#![allow(clippy::needless_range_loop)] // an index names a register, in several arrays at once

mod backend;
mod dots;
mod lanes;
mod pack;
mod row;
#[cfg(test)]
mod tests;
mod tile;
mod view;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::nn::Float;
use backend::Backend;
use std::mem::MaybeUninit;
use view::{Target, View};

/// Products of more multiplications than this are large: operands do not fit in the first cache.
const LARGE: usize = 1 << 20;

/// A scalar that has a matrix product.
pub trait Kernel: Float {
    /// See [`gemm`]. Writes every element of C.
    ///
    /// # Safety
    /// C has to be initialised if `accumulate`.
    #[doc(hidden)]
    #[track_caller]
    unsafe fn product(
        extents: (usize, usize, usize),
        a: (&[Self], (usize, usize)),
        b: (&[Self], (usize, usize)),
        c: &mut [MaybeUninit<Self>],
        accumulate: bool,
    );
}

macro_rules! kernel {
    ($float:ident) => {
        impl Kernel for $float {
            #[track_caller]
            unsafe fn product(
                extents: (usize, usize, usize),
                a: (&[Self], (usize, usize)),
                b: (&[Self], (usize, usize)),
                c: &mut [MaybeUninit<Self>],
                accumulate: bool,
            ) {
                // SAFETY: as for this function.
                unsafe { product(extents, a, b, c, accumulate) }
            }
        }
    };
}

kernel!(f32);
kernel!(f64);

/// C = A·B, or C += A·B if `accumulate`.
///
/// A is `m`×`k` with element `(i, l)` at `a[i * a_strides.0 + l * a_strides.1]`, B is `k`×`n`
/// likewise, and C is `m`×`n`, row after row. Single-threaded; sums run in any order.
///
/// # Panics
/// If an operand has fewer elements than its extents need, or C does not have exactly `m * n`.
#[doc(hidden)]
#[track_caller]
#[allow(clippy::too_many_arguments)] // the signature of every gemm
pub fn gemm<T: Kernel>(
    m: usize,
    k: usize,
    n: usize,
    a: &[T],
    a_strides: (usize, usize),
    b: &[T],
    b_strides: (usize, usize),
    c: &mut [T],
    accumulate: bool,
) {
    assert!(m.checked_mul(n) == Some(c.len()), "gemm: C is {m}×{n}, which is not its {} elements", c.len());
    // SAFETY: the elements are initialised, and stay so: a product only writes floats.
    unsafe {
        let c = &mut *(&raw mut *c as *mut [MaybeUninit<T>]);
        T::product((m, k, n), (a, a_strides), (b, b_strides), c, accumulate);
    }
}

/// A·B, row after row, in memory that nothing has written before. The rest is as for [`gemm`].
///
/// # Panics
/// If an operand has fewer elements than its extents need.
#[doc(hidden)]
#[track_caller]
pub fn matmul<T: Kernel>(
    m: usize,
    k: usize,
    n: usize,
    a: &[T],
    a_strides: (usize, usize),
    b: &[T],
    b_strides: (usize, usize),
) -> Vec<T> {
    let Some(len) = m.checked_mul(n) else { panic!("gemm: {m}×{n} elements are more than memory can hold") };
    let mut c = Vec::with_capacity(len);
    // SAFETY: nothing is accumulated, and then all of the elements are there.
    unsafe {
        T::product((m, k, n), (a, a_strides), (b, b_strides), &mut c.spare_capacity_mut()[..len], false);
        c.set_len(len);
    }
    c
}

/// Writes every element of C, which has `m * n`.
///
/// # Safety
/// C has to be initialised if `accumulate`.
#[track_caller]
unsafe fn product<T: Backend>(
    (m, k, n): (usize, usize, usize),
    (a, a_strides): (&[T], (usize, usize)),
    (b, b_strides): (&[T], (usize, usize)),
    c: &mut [MaybeUninit<T>],
    accumulate: bool,
) {
    let a = View::new("A", a, (m, k), a_strides);
    let b = View::new("B", b, (k, n), b_strides);
    // SAFETY: as for this function.
    let c = unsafe { Target::new(c, (m, n), accumulate) };
    if m == 0 || n == 0 {
    } else if k == 0 {
        c.zero();
    } else if m == 1 {
        T::row(a, b, c);
    } else if n == 1 {
        T::row(b.transposed(), a.transposed(), c.flat());
    } else if k == 1 && b.strides.1 == 1 {
        row::outer(a, b, c);
    } else if a.strides.1 == 1 && b.strides.0 == 1 && m.min(n) < T::lanes() && k >= T::lanes() {
        // Across, the registers of a tile would not be full, and it would have to copy B.
        T::dots(a, b, c);
    } else {
        T::tiles(a, b, c, m.saturating_mul(k).saturating_mul(n) > LARGE);
    }
}
