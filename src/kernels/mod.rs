//! The matrix product that generated code calls.
//!
//! Three ways, by shape and size: `row` for a vector and a matrix, `tile` for what fits in a
//! cache, and the crate `matrixmultiply`, which copies both operands into blocks first, for the
//! rest. `backend` holds the instructions of the processor at hand.

#![allow(clippy::needless_range_loop)] // an index names a register, in several arrays at once

mod backend;
mod lanes;
mod row;
mod tile;
mod view;

use crate::nn::Float;
use backend::Backend;
use std::mem::MaybeUninit;
use view::{Target, View};

/// Products of up to this many multiplications go to `tile`; measured.
const SMALL: usize = 1 << 20;

/// Matrices of up to this many rows or columns go to `tile` whatever their size: not enough to pay for
/// copying the other operand.
const FEW: usize = 8;

/// Up to this many rows are taken one by one where A lies in rows and B in columns: every element is a
/// dot product as it stands, while a tile would have to copy B first.
const SINGLY: usize = 6;

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
    } else if m == 1 || (m <= SINGLY && a_strides.1 == 1 && b_strides.0 == 1) {
        for (i, c) in c.lines().enumerate() {
            T::row(a.rows(i, 1), b, c);
        }
    } else if n == 1 {
        T::row(b.transposed(), a.transposed(), c.flat());
    } else if k == 1 && b.strides.1 == 1 {
        row::outer(a, b, c);
    } else {
        let few = n <= FEW || (m <= FEW && b.strides.1 == 1);
        // With few terms the time goes into storing C, which tiles do column by column.
        let thin = k < 16 && m.saturating_mul(n) > 1 << 14;
        let small = !thin && m.saturating_mul(k).saturating_mul(n) <= SMALL;
        if few || small { T::tiles(a, b, c) } else { T::blocks(a, b, c) }
    }
}
