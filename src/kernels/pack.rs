//! Operands copied to where a tile reads them one after the other.

use super::lanes::Lanes;
use super::view::View;
use crate::nn::Float;
use std::mem::MaybeUninit;

/// How many rows a panel has at most.
pub(super) const DEPTH: usize = 256;

/// Some columns of B: for each of `depth` rows, registers of floats, the rows `stride` floats apart.
#[derive(Clone, Copy)]
pub(super) struct Panel<T> {
    pub(super) rows: *const T,
    pub(super) stride: usize,
    pub(super) depth: usize,
}

/// Where a panel of `NV` registers is copied to.
pub(super) type Buffer<V, const NV: usize> = [MaybeUninit<[V; NV]>; DEPTH];

/// Copies `width` columns of B from `first`; what is to their right is never seen.
///
/// # Safety
/// B must have these columns and at most `DEPTH` rows, `width` must be 1 to `NV * V::COUNT`, and the
/// processor must have the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn pack<V: Lanes, const NV: usize>(
    b: View<V::Item>,
    first: usize,
    width: usize,
    buffer: &mut Buffer<V, NV>,
) -> Panel<V::Item> {
    let stride = NV * V::COUNT;
    let rows = buffer.as_mut_ptr().cast::<V::Item>();
    for q in 0..NV {
        // Registers that are not needed repeat the last column that is.
        let start = (q * V::COUNT).min(width - 1);
        let count = V::COUNT.min(width - start);
        // SAFETY: the columns are some of B, and the buffer has DEPTH rows of `stride` floats.
        unsafe {
            let to = rows.add(q * V::COUNT);
            if b.strides.1 == 1 {
                copy::<V>(b, first + start, count, to, stride);
            } else if b.strides.0 == 1 {
                turn::<V>(b, first + start, count, to, stride);
            } else {
                gather(b, first + start, count, V::COUNT, to, stride);
            }
        }
    }
    Panel { rows, stride, depth: b.rows }
}

/// Rows that lie in one piece.
#[inline(always)]
unsafe fn copy<V: Lanes>(b: View<V::Item>, first: usize, count: usize, to: *mut V::Item, stride: usize) {
    // SAFETY: as for `pack`.
    unsafe {
        if count == V::COUNT {
            for l in 0..b.rows {
                V::load(b.pointer(l, first)).store(to.add(l * stride));
            }
        } else {
            for l in 0..b.rows {
                V::load_some(b.pointer(l, first), count).store(to.add(l * stride));
            }
        }
    }
}

/// Columns that lie in one piece.
#[inline(always)]
unsafe fn turn<V: Lanes>(b: View<V::Item>, first: usize, count: usize, to: *mut V::Item, stride: usize) {
    let whole = b.rows / V::PIECE * V::PIECE;
    // SAFETY: as for `pack`; columns beyond the last are replaced by it.
    unsafe {
        let start = b.pointer(0, first);
        for l in (0..whole).step_by(V::PIECE) {
            let (start, to) = (start.add(l), to.add(l * stride));
            if count == V::COUNT {
                V::turn(|q| start.add(q * b.strides.1), to, stride);
            } else {
                V::turn(|q| start.add(q.min(count - 1) * b.strides.1), to, stride);
            }
        }
        if whole < b.rows {
            gather(b.lines(whole, b.rows - whole), first, count, V::COUNT, to.add(whole * stride), stride);
        }
    }
}

/// Element by element, with zeros up to `all`.
unsafe fn gather<T: Float>(b: View<T>, first: usize, count: usize, all: usize, to: *mut T, stride: usize) {
    for (l, q) in (0..b.rows).flat_map(|l| (0..all).map(move |q| (l, q))) {
        // SAFETY: as for `pack`.
        unsafe { to.add(l * stride + q).write(if q < count { b.at(l, first + q) } else { T::ZERO }) };
    }
}
