//! Matrix products in register tiles, for operands that fit in a cache: nothing is allocated, and
//! an operand is copied, a panel at a time, only where its elements do not lie side by side.

use super::lanes::Lanes;
use super::view::{Target, View};
use crate::nn::Float;
use std::mem::MaybeUninit;
use std::ops::Range;

/// How many rows a panel has: 256 rows of 64 bytes are half of an L1 cache.
const DEPTH: usize = 256;

/// Some columns of B: for each of `depth` rows, `NV` registers of floats `stride` floats apart.
#[derive(Clone, Copy)]
struct Panel<T> {
    rows: *const T,
    stride: usize,
    depth: usize,
}

/// `C = A·B` or `C += A·B` in tiles of `WIDE` rows and two registers, or `NARROW` rows and one register
/// if C is not wider.
///
/// # Safety
/// The processor must have the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn product<V: Lanes, const WIDE: usize, const NARROW: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    c: Target<V::Item>,
) {
    // A tile reads its right operand along the rows. Where Aᵀ is there in rows and B is not,
    // Cᵀ = Bᵀ·Aᵀ needs no copying.
    let turned = b.strides.1 != 1 && a.strides.0 == 1;
    let (a, b, c) = if turned { (b.transposed(), a.transposed(), c.transposed()) } else { (a, b, c) };
    assert!(b.rows == a.cols && (c.rows, c.cols) == (a.rows, b.cols));
    // SAFETY: as for this function.
    unsafe {
        if b.cols < 2 * V::COUNT {
            panels::<V, NARROW, 1>(a, b, c);
        } else {
            panels::<V, WIDE, 2>(a, b, c);
        }
    }
}

/// The product, a panel of B of `NV` registers at a time.
#[inline(always)]
unsafe fn panels<V: Lanes, const MR: usize, const NV: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    mut c: Target<V::Item>,
) {
    let width = NV * V::COUNT;
    let direct = b.strides.1 == 1 && b.cols >= width;
    let mut buffer = [const { MaybeUninit::<[V; NV]>::uninit() }; DEPTH];
    for start in (0..a.cols).step_by(DEPTH) {
        let depth = DEPTH.min(a.cols - start);
        let a = a.columns(start, depth);
        for j in (0..b.cols).step_by(width) {
            // The last panel overlaps its neighbour if it may, and stores only what is new.
            let first = if direct { j.min(b.cols - width) } else { j };
            let kept = j - first..width.min(b.cols - first);
            // SAFETY: the panel has `depth` rows of `width` floats: those of B from column
            // `first`, all of which B has if `direct`, or else those that `pack` has written.
            unsafe {
                let panel = if direct {
                    Panel { rows: b.pointer(start, first), stride: b.strides.0, depth }
                } else {
                    pack(b, (start, depth), (first, kept.end), &mut buffer)
                };
                panel_product::<V, MR, NV>(a, panel, &mut c, first, kept);
            }
        }
        c.accumulate = true;
    }
}

/// A times one panel of B, in tiles of `MR` rows and what remains.
#[inline(always)]
unsafe fn panel_product<V: Lanes, const MR: usize, const NV: usize>(
    a: View<V::Item>,
    panel: Panel<V::Item>,
    c: &mut Target<V::Item>,
    first: usize,
    kept: Range<usize>,
) {
    let mut i = 0;
    // SAFETY: the rows of each tile are rows of A.
    unsafe {
        while i + MR <= a.rows {
            tile::<V, MR, NV>(a, i, panel, c, first, &kept);
            i += MR;
        }
        if MR > 4 && i + 4 <= a.rows {
            tile::<V, 4, NV>(a, i, panel, c, first, &kept);
            i += 4;
        }
        if i + 2 <= a.rows {
            tile::<V, 2, NV>(a, i, panel, c, first, &kept);
            i += 2;
        }
        if i < a.rows {
            tile::<V, 1, NV>(a, i, panel, c, first, &kept);
        }
    }
}

/// Rows `i..i + MR` of A times a panel; of the result's columns `kept` are stored.
#[inline(always)]
unsafe fn tile<V: Lanes, const MR: usize, const NV: usize>(
    a: View<V::Item>,
    i: usize,
    panel: Panel<V::Item>,
    c: &mut Target<V::Item>,
    first: usize,
    kept: &Range<usize>,
) {
    // SAFETY: A has these rows and as many columns as the panel has rows.
    unsafe {
        let mut sum = [[V::splat(V::Item::ZERO); NV]; MR];
        for l in 0..panel.depth {
            let row: [V; NV] = load(panel.rows.add(l * panel.stride));
            for r in 0..MR {
                let x = V::splat(a.at(i + r, l));
                for q in 0..NV {
                    sum[r][q] = x.times_plus(row[q], sum[r][q]);
                }
            }
        }
        let whole = c.strides.1 == 1 && kept.len() == NV * V::COUNT;
        for r in 0..MR {
            if whole {
                for q in 0..NV {
                    c.put_lanes(i + r, first + q * V::COUNT, sum[r][q]);
                }
            } else {
                // Through a copy: a tile whose address is taken would not be kept in registers.
                let mut row = [V::Item::ZERO; 16];
                for q in 0..NV {
                    sum[r][q].store(row[q * V::COUNT..][..V::COUNT].as_mut_ptr());
                }
                scatter(c, i + r, first + kept.start, &row[kept.clone()]);
            }
        }
    }
}

/// `NV` registers from consecutive floats.
#[inline(always)]
unsafe fn load<V: Lanes, const NV: usize>(from: *const V::Item) -> [V; NV] {
    let mut row = [unsafe { V::splat(V::Item::ZERO) }; NV];
    for (q, v) in row.iter_mut().enumerate() {
        *v = unsafe { V::load(from.add(q * V::COUNT)) };
    }
    row
}

/// Stores a part of a tile's row. Not inlined, lest the tile be kept in memory for it.
///
/// # Safety
/// C must have these elements.
#[inline(never)]
unsafe fn scatter<T: Float>(c: &mut Target<T>, i: usize, first: usize, row: &[T]) {
    for (j, x) in row.iter().enumerate() {
        // SAFETY: as for this function.
        unsafe { c.put(i, first + j, *x) };
    }
}

/// Copies rows `start..start + depth`, columns `j..j + width` of B, with zeros to their right.
///
/// # Safety
/// B must have them; `width` must not be more than `NV` registers, nor `depth` than `DEPTH`.
#[inline(always)]
unsafe fn pack<V: Lanes, const NV: usize>(
    b: View<V::Item>,
    (start, depth): (usize, usize),
    (j, width): (usize, usize),
    buffer: &mut [MaybeUninit<[V; NV]>; DEPTH],
) -> Panel<V::Item> {
    let stride = NV * V::COUNT;
    let rows = buffer.as_mut_ptr().cast::<V::Item>();
    // Where B lies in columns, a block of four by four at a time.
    let blocks = if b.strides.0 == 1 { (depth / 4 * 4, width / 4 * 4) } else { (0, 0) };
    // SAFETY: the buffer has DEPTH rows of `stride` floats, and what is read is in B.
    unsafe {
        for l in (0..blocks.0).step_by(4) {
            for q in (0..blocks.1).step_by(4) {
                turn(b.pointer(start + l, j + q), b.strides.1, rows.add(l * stride + q), stride);
            }
        }
        for l in 0..depth {
            let done = if l < blocks.0 { blocks.1 } else { 0 };
            for q in done..stride {
                let x = if q < width { b.at(start + l, j + q) } else { V::Item::ZERO };
                rows.add(l * stride + q).write(x);
            }
        }
    }
    Panel { rows, stride, depth }
}

/// Transposes a block of four by four.
#[inline(always)]
unsafe fn turn<T: Float>(from: *const T, from_stride: usize, to: *mut T, to_stride: usize) {
    let mut block = [[T::ZERO; 4]; 4];
    for (q, column) in block.iter_mut().enumerate() {
        *column = unsafe { from.add(q * from_stride).cast::<[T; 4]>().read() };
    }
    for p in 0..4 {
        let row = [block[0][p], block[1][p], block[2][p], block[3][p]];
        unsafe { to.add(p * to_stride).cast::<[T; 4]>().write(row) };
    }
}
