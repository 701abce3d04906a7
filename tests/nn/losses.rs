//! Losses on operands of the same and of different kinds, and their refusal of unequal extents.

use grad::nn::*;

const P: [[f64; 3]; 2] = [[0.2, 0.3, 0.5], [0.9, 0.1, 0.0]];
const Y: [[f64; 3]; 2] = [[0.0, 0.25, 0.75], [1.0, 0.0, 0.0]];

/// Calls a loss on P and Y in many pairs of containers; all must agree with `expected`.
macro_rules! everywhere {
    ($f:path, $expected:expr) => {{
        let expected: f64 = $expected;
        let vectors = (P.map(|x| x.to_vec()), Y.map(|x| x.to_vec()));
        assert_eq!($f(&P, &Y), expected, "arrays");
        assert_eq!($f(P.as_slice(), &Y.to_vec()), expected, "slice and Vec");
        assert_eq!($f(&vectors.0, &vectors.1), expected, "arrays of Vecs");
        assert_eq!($f(&vectors.0.to_vec(), &Y), expected, "Vec of Vecs and array");
        #[cfg(feature = "ndarray")]
        {
            use ndarray::arr2;
            let columns = arr2(&Y).reversed_axes().as_standard_layout().into_owned();
            assert_eq!($f(&arr2(&P), &arr2(&Y)), expected, "Array2");
            assert_eq!($f(&arr2(&P).view(), &columns.t()), expected, "views");
            assert_eq!($f(&*arr2(&P), &Y), expected, "ArrayRef and array");
            assert_eq!($f(&arr2(&P).into_dyn(), &arr2(&Y)), expected, "ArrayD and Array2");
        }
    }};
}

/// The sum over the rows of the sums over each row, both from zero and in index order.
fn sum(term: impl Fn(f64, f64) -> f64) -> f64 {
    sum_rows(&P, term)
}

fn sum_rows(p: &[[f64; 3]; 2], term: impl Fn(f64, f64) -> f64) -> f64 {
    let row = |i: usize| (0..3).fold(0.0, |sum, j| sum + term(p[i][j], Y[i][j]));
    0.0 + row(0) + row(1)
}

fn times_ln(t: f64, p: f64) -> f64 {
    if t == 0.0 { 0.0 } else { t * p.ln() }
}

#[test]
fn mse_is_a_mean_over_elements() {
    everywhere!(mse, sum(|a, b| (a - b) * (a - b)) / 6.0);
    assert_eq!(mse(3.0, 1.0), 4.0);
    assert_eq!(mse(&3.0_f32, 1.0_f32), 4.0);
    assert_eq!(mse(&[1.0, 2.0][..], &vec![0.0, 0.0]), 2.5);
}

#[test]
fn cross_entropy_is_a_mean_over_rows() {
    everywhere!(cross_entropy, -sum(|p, y| times_ln(y, p)) / 2.0);
    assert_eq!(cross_entropy(&P[0], &Y[0]), -(0.25 * 0.3_f64.ln() + 0.75 * 0.5_f64.ln()));
    assert_eq!(cross_entropy(&[0.0, 1.0], &[1.0, 0.0]), f64::INFINITY);
    assert_eq!(cross_entropy(&[[[0.5_f32, 0.5]; 2]; 2], &[[[1.0_f32, 0.0]; 2]; 2]), 2.0_f32.ln());
}

#[test]
fn cross_entropy_of_logits() {
    let logs = log_softmax(&P);
    everywhere!(cross_entropy_with_logits, -sum_rows(&logs, |l, y| y * l) / 2.0);
    assert_eq!(cross_entropy_with_logits(&[800.0, -800.0], &[1.0, 0.0]), 0.0);
    assert_eq!(cross_entropy_with_logits(&[f64::NEG_INFINITY, 0.0], &[0.0, 1.0]), 0.0);
}

#[test]
fn binary_cross_entropy_is_a_mean_over_elements() {
    let term = |p, t| times_ln(t, p) + times_ln(1.0 - t, 1.0 - p);
    everywhere!(binary_cross_entropy, -(sum(term) / 6.0));
    assert_eq!(binary_cross_entropy(&[0.0, 1.0], &[0.0, 1.0]), 0.0);
    assert_eq!(binary_cross_entropy(0.0, 1.0), f64::INFINITY);
    assert_eq!(binary_cross_entropy(0.5_f32, 1.0_f32), 2.0_f32.ln());
}

#[test]
fn binary_cross_entropy_of_logits() {
    let term = |x: f64, t: f64| x.max(0.0) - x * t + (-x.abs()).exp().ln_1p();
    everywhere!(binary_cross_entropy_with_logits, sum(term) / 6.0);
    assert_eq!(binary_cross_entropy_with_logits(&[-800.0, 800.0], &[1.0, 1.0]), 400.0);
    assert_eq!(binary_cross_entropy_with_logits(0.0, 1.0), 2.0_f64.ln());
}

#[test]
#[should_panic(expected = "mse: the operands have extents [2, 3] and [3, 2]")]
fn mse_refuses_unequal_extents() {
    mse(&[[0.0; 3]; 2], &[[0.0; 2]; 3]);
}

#[test]
#[should_panic(expected = "mse: the operands have extents [] and [1]")]
fn mse_does_not_broadcast() {
    mse(1.0, &[1.0]);
}

#[test]
#[should_panic(expected = "cross_entropy: the operands have extents [2] and [3]")]
fn cross_entropy_refuses_unequal_extents() {
    cross_entropy(&[0.0; 2][..], &vec![0.0; 3]);
}

#[test]
#[should_panic(expected = "cross_entropy_with_logits: the operands have extents [2, 3] and [3]")]
fn cross_entropy_with_logits_refuses_unequal_extents() {
    cross_entropy_with_logits(&[[0.0; 3]; 2], &[0.0; 3]);
}

#[test]
#[should_panic(expected = "binary_cross_entropy: the operands have extents [2] and [1]")]
fn binary_cross_entropy_refuses_unequal_extents() {
    binary_cross_entropy(&[0.0; 2], &[0.0; 1]);
}

#[test]
#[should_panic(expected = "binary_cross_entropy_with_logits: the operands have extents [0] and [1]")]
fn binary_cross_entropy_with_logits_refuses_unequal_extents() {
    binary_cross_entropy_with_logits(&[0.0; 0], &[0.0; 1]);
}

#[test]
#[should_panic(expected = "rows of different extents: [2] in row 0, [1] in row 1")]
fn ragged_operands_are_refused() {
    mse(&vec![vec![0.0; 2], vec![0.0]], &[[0.0; 2]; 2]);
}
