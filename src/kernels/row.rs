//! A vector times a matrix, and a vector times a vector.

use super::lanes::Lanes;
use super::view::{Target, View};
use crate::nn::Float;

/// c = a·B for a row vector a, whichever way B lies.
///
/// # Safety
/// The processor must have the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn product<V: Lanes>(a: View<V::Item>, b: View<V::Item>, mut c: Target<V::Item>) {
    assert!(a.rows > 0 && c.rows > 0 && b.rows == a.cols && b.cols == c.cols);
    let c = &mut c;
    // SAFETY: the columns asked for are columns of B.
    unsafe {
        if b.strides.1 == 1 {
            let wide = sums::<V, 8>(a, b, 0, c);
            let all = sums::<V, 2>(a, b, wide, c);
            let all = sums::<V, 1>(a, b, all, c);
            if all < c.cols {
                rest::<V>(a, b, all, c);
            }
        } else if a.strides.1 == 1 && b.strides.0 == 1 {
            let fours = b.cols / 4 * 4;
            for j in (0..fours).step_by(4) {
                dots::<V, 4>(a, b, j, c);
            }
            for j in fours..b.cols {
                dots::<V, 1>(a, b, j, c);
            }
        } else {
            one_by_one(a, b, 0, c);
        }
    }
}

/// The outer product of a column vector and a row vector that lies in one piece.
pub(super) fn outer<T: Float>(a: View<T>, b: View<T>, mut c: Target<T>) {
    assert!(a.cols == 1 && b.strides.1 == 1 && (c.rows, c.cols) == (a.rows, b.cols));
    let row = b.row(0);
    for i in 0..a.rows {
        // SAFETY: A has this row, and C elements (i, j).
        unsafe {
            let x = a.at(i, 0);
            for (j, y) in row.iter().enumerate() {
                c.put(i, j, x * *y);
            }
        }
    }
}

/// Columns of the product from `first`, `P` registers at a time; returns the first that is left.
///
/// # Safety
/// The processor must have the instructions of `V`, and B contiguous rows as long as c.
#[inline(always)]
unsafe fn sums<V: Lanes, const P: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    first: usize,
    c: &mut Target<V::Item>,
) -> usize {
    let mut j = first;
    while j + P * V::COUNT <= c.cols {
        // SAFETY: these are columns of B and elements of c.
        unsafe {
            let mut sum = [V::splat(V::Item::ZERO); P];
            for l in 0..a.cols {
                let x = V::splat(a.at(0, l));
                let row = b.pointer(l, j);
                for p in 0..P {
                    sum[p] = x.times_plus(V::load(row.add(p * V::COUNT)), sum[p]);
                }
            }
            for p in 0..P {
                c.put_lanes(0, j + p * V::COUNT, sum[p]);
            }
        }
        j += P * V::COUNT;
    }
    j
}

/// The columns from `first`, fewer than a register holds.
///
/// # Safety
/// As for `sums`.
#[inline(always)]
unsafe fn rest<V: Lanes>(a: View<V::Item>, b: View<V::Item>, first: usize, c: &mut Target<V::Item>) {
    let count = c.cols - first;
    // SAFETY: these are columns of B and elements of c.
    unsafe {
        let mut sum = V::splat(V::Item::ZERO);
        for l in 0..a.cols {
            sum = V::splat(a.at(0, l)).times_plus(V::load_some(b.pointer(l, first), count), sum);
        }
        let lanes = std::slice::from_raw_parts((&raw const sum).cast(), count);
        for (j, x) in lanes.iter().enumerate() {
            c.put(0, first + j, *x);
        }
    }
}

/// The dot products of a with `P` neighbouring columns of B.
///
/// # Safety
/// The processor must have the instructions of `V`; a and the columns must be contiguous.
#[inline(always)]
unsafe fn dots<V: Lanes, const P: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    j: usize,
    c: &mut Target<V::Item>,
) {
    let whole = a.cols / V::COUNT * V::COUNT;
    // SAFETY: the caller has these columns, and l stays below their length.
    unsafe {
        let mut sum = [V::splat(V::Item::ZERO); 4];
        for l in (0..whole).step_by(V::COUNT) {
            let x = V::load(a.pointer(0, l));
            for p in 0..P {
                sum[p] = x.times_plus(V::load(b.pointer(l, j + p)), sum[p]);
            }
        }
        let totals = V::totals(sum);
        for p in 0..P {
            let rest = (whole..a.cols).fold(totals[p], |sum, l| sum + a.at(0, l) * b.at(l, j + p));
            c.put(0, j + p, rest);
        }
    }
}

/// The columns from `first`, element by element.
#[inline(always)]
fn one_by_one<T: Float>(a: View<T>, b: View<T>, first: usize, c: &mut Target<T>) {
    for j in first..c.cols {
        // SAFETY: `product` has compared the extents.
        unsafe {
            let sum = (0..b.rows).fold(T::ZERO, |sum, l| sum + a.at(0, l) * b.at(l, j));
            c.put(0, j, sum);
        }
    }
}
