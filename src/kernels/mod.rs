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
use tile::Target;
use view::View;

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
    /// See [`gemm`].
    #[doc(hidden)]
    #[track_caller]
    fn gemm(
        extents: (usize, usize, usize),
        a: (&[Self], (usize, usize)),
        b: (&[Self], (usize, usize)),
        c: &mut [Self],
        accumulate: bool,
    );
}

impl Kernel for f32 {
    #[track_caller]
    fn gemm(
        extents: (usize, usize, usize),
        a: (&[f32], (usize, usize)),
        b: (&[f32], (usize, usize)),
        c: &mut [f32],
        accumulate: bool,
    ) {
        product(extents, a, b, c, accumulate);
    }
}

impl Kernel for f64 {
    #[track_caller]
    fn gemm(
        extents: (usize, usize, usize),
        a: (&[f64], (usize, usize)),
        b: (&[f64], (usize, usize)),
        c: &mut [f64],
        accumulate: bool,
    ) {
        product(extents, a, b, c, accumulate);
    }
}

/// C = A·B, or C += A·B if `accumulate`.
///
/// A is `m`×`k` with element `(i, l)` at `a[i * a_strides.0 + l * a_strides.1]`, B is `k`×`n`
/// likewise, and C is `m`×`n`, row after row. Single-threaded; sums run in any order.
///
/// # Panics
/// If an operand has fewer elements than its extents need, or C does not have exactly `m * n`.
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
    T::gemm((m, k, n), (a, a_strides), (b, b_strides), c, accumulate);
}

#[track_caller]
fn product<T: Backend>(
    (m, k, n): (usize, usize, usize),
    (a, a_strides): (&[T], (usize, usize)),
    (b, b_strides): (&[T], (usize, usize)),
    c: &mut [T],
    accumulate: bool,
) {
    let a = View::new("A", a, (m, k), a_strides);
    let b = View::new("B", b, (k, n), b_strides);
    assert!(m.checked_mul(n) == Some(c.len()), "gemm: C is {m}×{n}, which is not its {} elements", c.len());
    if c.is_empty() {
        return;
    }
    let vector = m == 1 || n == 1;
    if !accumulate && (vector || k == 0) {
        c.fill(T::ZERO);
    }
    if k == 0 {
    } else if m == 1 {
        T::row(a, b, c);
    } else if m <= SINGLY && a_strides.1 == 1 && b_strides.0 == 1 {
        if !accumulate {
            c.fill(T::ZERO);
        }
        for (i, c) in c.chunks_exact_mut(n).enumerate() {
            T::row(a.rows(i, 1), b, c);
        }
    } else if n == 1 {
        T::row(b.transposed(), a.transposed(), c);
    } else if k == 1 && b.strides.1 == 1 {
        row::outer(a, b, c, accumulate);
    } else {
        let c = Target { data: c, strides: (n, 1), accumulate };
        let few = n <= FEW || (m <= FEW && b.strides.1 == 1);
        // With few terms the time goes into storing C, which tiles do column by column.
        let thin = k < 16 && m.saturating_mul(n) > 1 << 14;
        let small = !thin && m.saturating_mul(k).saturating_mul(n) <= SMALL;
        if few || small { T::tiles(a, b, c) } else { T::blocks(a, b, c) }
    }
}
