//! Losses: one number from two operands of equal extents.

use super::softmax::log_sum;
use super::{Float, Rows, Tensor};

/// The mean squared error, `Σ (a − b)² / n` over all `n` elements. NaN if there are none.
///
/// # Panics
/// If the extents differ.
///
/// ```
/// assert_eq!(grad::nn::mse(&[1.0, 2.0], &vec![1.0, 4.0]), 2.0);
/// ```
#[track_caller]
pub fn mse<A: Tensor, B: Tensor<Elem = A::Elem>>(a: A, b: B) -> A::Elem {
    mean("mse", a, b, |a, b| {
        let difference = a - b;
        difference * difference
    })
}

/// The cross-entropy of probabilities `p` against targets `y`, `−Σ y·ln p / rows`: a sum over the
/// classes, which are the last axis, and a mean over the rows. A vector is one row.
///
/// A class with `y = 0` counts 0, also where `p = 0`. For logits use [`cross_entropy_with_logits`],
/// where no probability underflows.
///
/// # Panics
/// If the extents differ.
///
/// ```
/// assert_eq!(grad::nn::cross_entropy(&[[0.5, 0.5], [1.0, 0.0]], &[[1.0, 0.0]; 2]), 2.0_f64.ln() / 2.0);
/// ```
#[track_caller]
pub fn cross_entropy<P: Rows, Y: Rows<Elem = P::Elem>>(p: P, y: Y) -> P::Elem {
    let extents = common_extents("cross_entropy", p, y);
    let sum = sum(p, y, &extents, |p, y| if y == Float::ZERO { Float::ZERO } else { y * p.ln() });
    -sum / Float::from_count(rows(&extents))
}

/// The cross-entropy of `softmax(z)` against targets `y`, `−Σ y·log_softmax(z) / rows`: a sum over
/// the classes, which are the last axis, and a mean over the rows. A vector is one row.
///
/// A class with `y = 0` counts 0, also where `z = −∞`.
///
/// # Panics
/// If the extents differ.
///
/// ```
/// assert_eq!(grad::nn::cross_entropy_with_logits(&[800.0, -800.0], &[0.0, 1.0]), 1600.0);
/// ```
#[track_caller]
pub fn cross_entropy_with_logits<Z: Rows, Y: Rows<Elem = Z::Elem>>(z: Z, y: Y) -> Z::Elem {
    let extents = common_extents("cross_entropy_with_logits", z, y);
    let mut y = elements(y).into_iter();
    let mut terms = Vec::new();
    z.reduce_rows(&mut |row| {
        let (shift, log) = log_sum(row);
        for (z, y) in row.iter().zip(&mut y) {
            terms.push(if y == Float::ZERO { Float::ZERO } else { y * ((*z - shift) - log) });
        }
        log
    });
    -nested_sum(&extents, &mut terms.into_iter()) / Float::from_count(rows(&extents))
}

/// The binary cross-entropy of probabilities `p` against targets `t`, the mean of
/// `−(t·ln p + (1 − t)·ln(1 − p))` over all elements, with `0·ln 0 = 0`. NaN if there are none.
///
/// For logits use [`binary_cross_entropy_with_logits`], where no probability is rounded to 1.
///
/// # Panics
/// If the extents differ.
///
/// ```
/// assert_eq!(grad::nn::binary_cross_entropy(&[0.5, 1.0], &[0.0, 1.0]), 2.0_f64.ln() / 2.0);
/// ```
#[track_caller]
pub fn binary_cross_entropy<P: Tensor, T: Tensor<Elem = P::Elem>>(p: P, t: T) -> P::Elem {
    let times_ln = |t: P::Elem, p: P::Elem| if t == Float::ZERO { Float::ZERO } else { t * p.ln() };
    let one = P::Elem::ONE;
    -mean("binary_cross_entropy", p, t, |p, t| times_ln(t, p) + times_ln(one - t, one - p))
}

/// The binary cross-entropy of `sigmoid(x)` against targets `t`, the mean of
/// `max(x, 0) − x·t + ln(1 + e^−|x|)` over all elements. NaN if there are none.
///
/// # Panics
/// If the extents differ.
///
/// ```
/// assert_eq!(grad::nn::binary_cross_entropy_with_logits(&[800.0, -800.0], &[0.0, 0.0]), 400.0);
/// ```
#[track_caller]
pub fn binary_cross_entropy_with_logits<X: Tensor, T: Tensor<Elem = X::Elem>>(x: X, t: T) -> X::Elem {
    mean("binary_cross_entropy_with_logits", x, t, |x, t| {
        x.max(Float::ZERO) - x * t + (-x.abs()).exp().ln_1p()
    })
}

/// The mean of `term` over the pairs of elements.
#[track_caller]
fn mean<A: Tensor, B: Tensor<Elem = A::Elem>>(
    name: &str,
    a: A,
    b: B,
    term: impl Fn(A::Elem, A::Elem) -> A::Elem,
) -> A::Elem {
    let extents = common_extents(name, a, b);
    sum(a, b, &extents, term) / Float::from_count(extents.iter().product())
}

/// The sum of `term` over the pairs of elements.
fn sum<A: Tensor, B: Tensor<Elem = A::Elem>>(
    a: A,
    b: B,
    extents: &[usize],
    term: impl Fn(A::Elem, A::Elem) -> A::Elem,
) -> A::Elem {
    let pairs = elements(a).into_iter().zip(elements(b));
    nested_sum(extents, &mut pairs.map(|(a, b)| term(a, b)))
}

/// The sum over the last axis first, then of these sums over the axis before it, and so on.
fn nested_sum<T: Float>(extents: &[usize], terms: &mut impl Iterator<Item = T>) -> T {
    match extents.split_first() {
        Some((count, inner)) => (0..*count).fold(T::ZERO, |sum, _| sum + nested_sum(inner, terms)),
        None => terms.next().expect("a term for each index"),
    }
}

/// The elements in index order.
fn elements<A: Tensor>(a: A) -> Vec<A::Elem> {
    let mut elements = Vec::new();
    a.each(&mut |x| elements.push(x));
    elements
}

/// How many rows there are along the last axis.
fn rows(extents: &[usize]) -> usize {
    extents.split_last().map_or(1, |(_, outer)| outer.iter().product())
}

/// The extents of both operands.
#[track_caller]
fn common_extents<A: Tensor, B: Tensor>(name: &str, a: A, b: B) -> Vec<usize> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    a.extents(&mut left);
    b.extents(&mut right);
    assert!(left == right, "{name}: the operands have extents {left:?} and {right:?}");
    left
}
