//! Matrix products by dot products: for A in rows and B in columns where one of them is too narrow
//! to fill registers across. Nothing is copied.

use super::lanes::Lanes;
use super::view::{Target, View};
use crate::nn::Float;

/// C = A·B, `R` rows of A, 2 or 4, and four columns of B at a time.
///
/// # Safety
/// The processor must have the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn product<V: Lanes, const R: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    mut c: Target<V::Item>,
) {
    assert!(a.strides.1 == 1 && b.strides.0 == 1);
    assert!(b.rows == a.cols && (c.rows, c.cols) == (a.rows, b.cols));
    let mut j = 0;
    while j < b.cols {
        let columns = (b.cols - j).min(4);
        // SAFETY: as for this function, and the columns are some of B.
        unsafe {
            match columns {
                4 => strip::<V, R, 4>(a, b, &mut c, j),
                3 => strip::<V, R, 3>(a, b, &mut c, j),
                2 => strip::<V, R, 2>(a, b, &mut c, j),
                _ => strip::<V, R, 1>(a, b, &mut c, j),
            }
        }
        j += columns;
    }
}

/// All rows of A with `N` columns of B from `j`.
#[inline(always)]
unsafe fn strip<V: Lanes, const R: usize, const N: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    c: &mut Target<V::Item>,
    j: usize,
) {
    let mut i = 0;
    // SAFETY: the rows are some of A.
    unsafe {
        while i + R <= a.rows {
            block::<V, R, N>(a, b, c, (i, j));
            i += R;
        }
        if i + 2 <= a.rows {
            block::<V, 2, N>(a, b, c, (i, j));
            i += 2;
        }
        if i < a.rows {
            block::<V, 1, N>(a, b, c, (i, j));
        }
    }
}

/// The elements of C in `R` rows and `N` columns from `(i, j)`.
#[inline(always)]
unsafe fn block<V: Lanes, const R: usize, const N: usize>(
    a: View<V::Item>,
    b: View<V::Item>,
    c: &mut Target<V::Item>,
    (i, j): (usize, usize),
) {
    let depth = a.cols;
    let whole = depth / V::COUNT * V::COUNT;
    // SAFETY: A has these rows, B these columns, all of them contiguous, and C the elements.
    unsafe {
        let mut sum = [[V::splat(V::Item::ZERO); 4]; R];
        let (x, y) = (a.pointer(i, 0), b.pointer(0, j));
        for l in (0..whole).step_by(V::COUNT) {
            let mut columns = [V::splat(V::Item::ZERO); N];
            for q in 0..N {
                columns[q] = V::load(y.add(q * b.strides.1 + l));
            }
            for r in 0..R {
                let x = V::load(x.add(r * a.strides.0 + l));
                for q in 0..N {
                    sum[r][q] = x.times_plus(columns[q], sum[r][q]);
                }
            }
        }
        if whole < depth {
            let rest = depth - whole;
            let mut columns = [V::splat(V::Item::ZERO); N];
            for q in 0..N {
                columns[q] = V::load_some(y.add(q * b.strides.1 + whole), rest);
            }
            for r in 0..R {
                let x = V::load_some(x.add(r * a.strides.0 + whole), rest);
                for q in 0..N {
                    sum[r][q] = x.times_plus(columns[q], sum[r][q]);
                }
            }
        }
        for r in 0..R {
            let totals = V::totals(sum[r]);
            for q in 0..N {
                c.put(i + r, j + q, totals[q]);
            }
        }
    }
}
