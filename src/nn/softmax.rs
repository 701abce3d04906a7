//! Functions of the rows along the last axis, all shifted by the row's maximum so that no
//! exponential overflows.

use super::{Float, Rows};

/// `eˣ / Σ eˣ` over the last axis, computed as `e / Σ e` with `e = exp(x − max x)` (Bridle 1990).
///
/// The result has the extents of `x`. A row that contains ∞ or NaN, or only −∞, becomes NaN.
///
/// ```
/// assert_eq!(grad::nn::softmax(&[[1000.0, 1000.0], [0.0, f64::NEG_INFINITY]]), [[0.5, 0.5], [1.0, 0.0]]);
/// ```
pub fn softmax<X: Rows>(x: X) -> X::Owned {
    x.map_rows(&mut |row| {
        let max = maximum(row);
        let mut sum = X::Elem::ZERO;
        for x in row.iter_mut() {
            *x = (*x - max).exp();
            sum = sum + *x;
        }
        for e in row {
            *e = *e / sum;
        }
    })
}

/// `ln softmax(x)` over the last axis, computed as `(x − max x) − ln Σ exp(x − max x)`: no probability
/// underflows on the way.
///
/// The result has the extents of `x`.
///
/// ```
/// assert_eq!(grad::nn::log_softmax(&[0.0, -1000.0]), [0.0, -1000.0]);
/// ```
pub fn log_softmax<X: Rows>(x: X) -> X::Owned {
    x.map_rows(&mut |row| {
        let (max, log) = (maximum(row), log_sum(row));
        for x in row {
            *x = (*x - max) - log;
        }
    })
}

/// `ln Σ eˣ` over the last axis, computed as `m + ln Σ exp(x − m)` with `m = max x`; where `m` is
/// infinite it is the result (so −∞ for an empty row).
///
/// The result is without the last axis: a scalar for a vector, a vector for a matrix.
///
/// ```
/// assert_eq!(grad::nn::logsumexp(&[1000.0, 1000.0]), 1000.0 + 2.0_f64.ln());
/// assert_eq!(grad::nn::logsumexp(&[[0.0, 0.0], [-9.0, f64::INFINITY]]), [2.0_f64.ln(), f64::INFINITY]);
/// ```
pub fn logsumexp<X: Rows>(x: X) -> X::Reduced {
    x.reduce_rows(&mut |row| {
        let max = maximum(row);
        if max.is_infinite() { max } else { max + log_sum(row) }
    })
}

/// The maximum of a row, −∞ if it is empty.
pub(super) fn maximum<T: Float>(row: &[T]) -> T {
    row.iter().fold(T::NEG_INFINITY, |max, x| max.max(*x))
}

/// `ln Σ exp(x − max x)` of a row.
pub(super) fn log_sum<T: Float>(row: &[T]) -> T {
    let max = maximum(row);
    row.iter().fold(T::ZERO, |sum, x| sum + (*x - max).exp()).ln()
}
