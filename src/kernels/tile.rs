//! Matrix products in register tiles. B is taken a panel at a time, one or two registers wide, and
//! copied where its elements do not lie side by side; A is read where it is, except in large products.

use super::lanes::Lanes;
use super::pack::{Buffer, DEPTH, Panel, pack};
use super::view::{Target, View};
use crate::nn::Float;
use std::mem::MaybeUninit;

/// Fewer rows or columns do not pay for copying the other operand.
const MANY: usize = 128;

/// How many bytes of A a large product takes at a time: a part of an L2 cache.
const BLOCK: usize = 1 << 18;

/// C = A·B in tiles of up to `MR` rows and two registers. If `large`, both operands are copied, lest
/// their lines be in each other's way in the caches.
///
/// # Safety
/// The processor must have the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn product<V: Lanes, const MR: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    mut c: Target<V::Item>,
    large: bool,
) {
    assert!(b.rows == a.cols && (c.rows, c.cols) == (a.rows, b.cols));
    let (copy_a, copy_b) = (large && b.cols >= MANY, large && a.rows >= MANY);
    let depth = a.cols.div_ceil(a.cols.div_ceil(DEPTH));
    let height = if copy_a { (BLOCK / size_of::<V::Item>() / depth).next_multiple_of(MR) } else { a.rows };
    let mut block = Vec::new();
    for l in (0..a.cols).step_by(depth) {
        let depth = depth.min(a.cols - l);
        let b = b.lines(l, depth);
        for i in (0..a.rows).step_by(height) {
            let a = a.columns(l, depth).lines(i, height.min(a.rows - i));
            let a = if copy_a { a.copied(&mut block) } else { a };
            let mut c = c.lines(i, a.rows);
            // SAFETY: as for this function; the columns that are left are those of B and C.
            unsafe {
                let mut j = 0;
                while b.cols - j > V::COUNT {
                    j += panel::<V, MR, 2>(a, b, &mut c, j, copy_b);
                }
                if j < b.cols {
                    panel::<V, MR, 1>(a, b, &mut c, j, copy_b);
                }
            }
        }
        c.accumulate = true;
    }
}

/// A times the columns of B from `j`, `NV` registers of them; returns how many.
#[inline(always)]
unsafe fn panel<V: Lanes, const MR: usize, const NV: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    c: &mut Target<V::Item>,
    j: usize,
    copy: bool,
) -> usize {
    let mut buffer: Buffer<V, NV> = [const { MaybeUninit::uninit() }; DEPTH];
    let width = (NV * V::COUNT).min(b.cols - j);
    // SAFETY: the panel has these columns of B, in whole registers, and the rows are those of A and C.
    unsafe {
        let panel = if b.strides.1 == 1 && width == NV * V::COUNT && !copy {
            Panel { rows: b.pointer(0, j), stride: b.strides.0, depth: b.rows }
        } else {
            pack::<V, NV>(b, j, width, &mut buffer)
        };
        let mut i = 0;
        while i < a.rows {
            let rows = height(a.rows - i, MR);
            let at = (i, j);
            match rows {
                12 if MR >= 12 => tile::<V, 12, NV>(a, panel, c, at, width),
                10 if MR >= 12 => tile::<V, 10, NV>(a, panel, c, at, width),
                8 if MR >= 12 => tile::<V, 8, NV>(a, panel, c, at, width),
                6 if MR >= 6 => tile::<V, 6, NV>(a, panel, c, at, width),
                4 => tile::<V, 4, NV>(a, panel, c, at, width),
                2 => tile::<V, 2, NV>(a, panel, c, at, width),
                _ => tile::<V, 1, NV>(a, panel, c, at, width),
            }
            i += rows;
        }
    }
    width
}

/// How many of the rows that are left the next tile takes: 1 or an even number up to `most`, such that
/// all tiles are of about the same height.
#[inline(always)]
fn height(left: usize, most: usize) -> usize {
    let even = left.div_ceil(left.div_ceil(most)).next_multiple_of(2);
    if even <= left { even } else { (left - left % 2).max(1) }
}

/// Rows of A from `i` times a panel, to C from `(i, j)`.
#[inline(always)]
unsafe fn tile<V: Lanes, const MR: usize, const NV: usize>(
    a: View<V::Item>,
    panel: Panel<V::Item>,
    c: &mut Target<V::Item>,
    (i, j): (usize, usize),
    width: usize,
) {
    // SAFETY: A has these rows and as many columns as the panel has rows, and C has the elements.
    unsafe {
        let mut sum = [[V::splat(V::Item::ZERO); NV]; MR];
        let mut x = a.pointer(i, 0);
        let mut row = panel.rows;
        for _ in 0..panel.depth {
            let y: [V; NV] = load(row);
            for r in 0..MR {
                let x = V::splat(*x.add(r * a.strides.0));
                for q in 0..NV {
                    sum[r][q] = x.times_plus(y[q], sum[r][q]);
                }
            }
            x = x.wrapping_add(a.strides.1);
            row = row.wrapping_add(panel.stride);
        }
        if width < NV * V::COUNT {
            // A copy: a tile whose address is taken would not be kept in registers.
            let sum = sum;
            let rows = std::slice::from_raw_parts((&raw const sum).cast(), MR * NV * V::COUNT);
            scatter(c, (i, j), width, rows, NV * V::COUNT);
        } else if c.accumulate {
            for r in 0..MR {
                for q in 0..NV {
                    let to = c.pointer(i + r, j + q * V::COUNT);
                    sum[r][q].plus(V::load(to)).store(to);
                }
            }
        } else {
            for r in 0..MR {
                for q in 0..NV {
                    sum[r][q].store(c.pointer(i + r, j + q * V::COUNT));
                }
            }
        }
    }
}

/// `NV` registers from consecutive floats.
#[inline(always)]
unsafe fn load<V: Lanes, const NV: usize>(from: *const V::Item) -> [V; NV] {
    // SAFETY: the caller has the floats.
    unsafe {
        let mut row = [V::splat(V::Item::ZERO); NV];
        for q in 0..NV {
            row[q] = V::load(from.add(q * V::COUNT));
        }
        row
    }
}

/// Stores the first `width` floats of the rows of a tile.
///
/// # Safety
/// C must have these elements.
#[inline(never)]
unsafe fn scatter<T: Float>(
    c: &mut Target<T>,
    (i, j): (usize, usize),
    width: usize,
    rows: &[T],
    stride: usize,
) {
    for (r, row) in rows.chunks_exact(stride).enumerate() {
        for (q, x) in row[..width].iter().enumerate() {
            // SAFETY: as for this function.
            unsafe { c.put(i + r, j + q, *x) };
        }
    }
}
