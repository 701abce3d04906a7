//! Functions of the rows along the last axis, all shifted by the row's maximum so that no
//! exponential overflows. Where the maximum is infinite there is no shift, and they are what their formulas say.

use super::{Float, Rows};

/// `eˣ / Σ eˣ` over the last axis, computed as `e / Σ e` with `e = exp(x − m)`, `m = max x` (Bridle 1990).
///
/// The result has the extents of `x`. A row that contains NaN, or only −∞, becomes NaN, and so does an
/// element that is ∞.
///
/// ```
/// assert_eq!(grad::nn::softmax(&[[1000.0, 1000.0], [0.0, f64::NEG_INFINITY]]), [[0.5, 0.5], [1.0, 0.0]]);
/// ```
pub fn softmax<X: Rows>(x: X) -> X::Owned {
    x.map_rows(&mut |row| {
        let shift = shift(row);
        let mut sum = X::Elem::ZERO;
        for x in row.iter_mut() {
            *x = (*x - shift).exp();
            sum += *x;
        }
        for e in row {
            *e = *e / sum;
        }
    })
}

/// `ln softmax(x)` over the last axis, computed as `(x − m) − ln Σ exp(x − m)` with `m = max x`: no
/// probability underflows on the way.
///
/// The result has the extents of `x`.
///
/// ```
/// assert_eq!(grad::nn::log_softmax(&[0.0, -1000.0]), [0.0, -1000.0]);
/// ```
pub fn log_softmax<X: Rows>(x: X) -> X::Owned {
    x.map_rows(&mut |row| {
        let (shift, log) = log_sum(row);
        for x in row {
            *x = (*x - shift) - log;
        }
    })
}

/// `ln Σ eˣ` over the last axis, computed as `m + ln Σ exp(x − m)` with `m = max x`. It is −∞ for an empty
/// row, and NaN for one that contains NaN.
///
/// The result is without the last axis: a scalar for a vector, a vector for a matrix.
///
/// ```
/// assert_eq!(grad::nn::logsumexp(&[1000.0, 1000.0]), 1000.0 + 2.0_f64.ln());
/// assert_eq!(grad::nn::logsumexp(&[[0.0, 0.0], [-9.0, f64::INFINITY]]), [2.0_f64.ln(), f64::INFINITY]);
/// ```
pub fn logsumexp<X: Rows>(x: X) -> X::Reduced {
    x.reduce_rows(&mut |row| {
        let (shift, log) = log_sum(row);
        shift + log
    })
}

/// What a row is shifted by: its maximum, or 0 if that is infinite.
fn shift<T: Float>(row: &[T]) -> T {
    let max = row.iter().fold(T::NEG_INFINITY, |max, x| max.max(*x));
    if max.is_infinite() { T::ZERO } else { max }
}

/// The shift of a row and `ln Σ exp(x − shift)`.
pub(super) fn log_sum<T: Float>(row: &[T]) -> (T, T) {
    let shift = shift(row);
    (shift, row.iter().fold(T::ZERO, |sum, x| sum + (*x - shift).exp()).ln())
}
