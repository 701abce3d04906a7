//! What the gradient is where there is none: the table of kinks.

use grad::{grad, nn};

#[grad]
fn relu(x: f64) -> f64 {
    nn::relu(x)
}

#[grad]
fn leaky(x: f64) -> f64 {
    nn::leaky_relu(x, 0.25)
}

#[grad]
fn elu(x: f64) -> f64 {
    nn::elu(x, 0.5)
}

#[grad]
fn abs(x: f64) -> f64 {
    x.abs()
}

#[grad]
fn max_literal(x: f64) -> f64 {
    x.max(0.0)
}

#[grad]
fn min_literal(x: f64) -> f64 {
    1.0_f64.min(x)
}

#[grad]
fn max_inactive(x: f64, _c: f64) -> f64 {
    x.max(_c)
}

#[grad]
fn max_both(x: f64, y: f64) -> f64 {
    x.max(y)
}

#[grad]
fn min_both(x: f64, y: f64) -> f64 {
    f64::min(x, y)
}

#[grad]
fn clamp(x: f64) -> f64 {
    x.clamp(-1.0, 2.0)
}

#[grad]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[grad]
fn hypot(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

#[grad]
fn spelled_hypot(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

#[grad]
fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

#[grad]
fn powf(x: f64, p: f64) -> f64 {
    x.powf(p)
}

#[grad]
fn powi(x: f64) -> f64 {
    x.powi(0) + x.powi(1) + x.powi(2)
}

#[grad]
fn square_root_of_square(x: f64) -> f64 {
    (x * x).sqrt()
}

#[grad]
fn greatest(x: &[f64]) -> f64 {
    x.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x))
}

#[grad]
fn least(x: &[f64; 4]) -> f64 {
    x.iter().copied().fold(f64::INFINITY, f64::min)
}

#[grad]
fn copysign(x: f64) -> f64 {
    x.copysign(-2.0)
}

#[grad]
fn signum(x: f64) -> f64 {
    x.signum() * x
}

#[test]
fn at_the_kink() {
    assert_eq!(relu_grad(0.0), (0.0, 0.0));
    assert_eq!(relu_grad(-0.0).1, 0.0);
    assert_eq!(leaky_grad(0.0).1, 0.25);
    assert_eq!(elu_grad(0.0).1, 0.5);
    assert_eq!(abs_grad(0.0), (0.0, 0.0));
    assert_eq!(max_literal_grad(0.0), (0.0, 0.0));
    assert_eq!(min_literal_grad(1.0), (1.0, 0.0));
    assert_eq!(max_inactive_grad(3.0, 3.0), (3.0, 0.0));
    assert_eq!(max_both_grad(3.0, 3.0), (3.0, (0.5, 0.5)));
    assert_eq!(min_both_grad(3.0, 3.0), (3.0, (0.5, 0.5)));
    assert_eq!(max_both_grad(3.0, 4.0), (4.0, (0.0, 1.0)));
    assert_eq!([-1.0, 2.0, 0.0, 5.0].map(|x| clamp_grad(x).1), [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(square_root_of_square_grad(0.0), (0.0, 0.0));
    assert_eq!(copysign_grad(0.0).1, 0.0);
    assert_eq!((copysign_grad(3.0).1, copysign_grad(-3.0).1), (-1.0, 1.0));
    assert_eq!((signum_grad(3.0).1, signum_grad(-3.0).1), (1.0, -1.0));
}

#[test]
fn norms_at_zero() {
    assert_eq!(norm_grad(&[0.0; 3]), (0.0, vec![0.0; 3]));
    assert_eq!(norm_grad(&[]), (0.0, vec![]));
    assert_eq!(norm_grad(&[0.0, -4.0]), (4.0, vec![0.0, -1.0]));
    assert_eq!(hypot_grad(0.0, 0.0), (0.0, (0.0, 0.0)));
    assert_eq!(spelled_hypot_grad(0.0, 0.0), (0.0, (0.0, 0.0)));
}

#[test]
fn roots_and_powers_at_zero() {
    assert_eq!(sqrt_grad(0.0), (0.0, f64::INFINITY));
    assert_eq!(powf_grad(0.0, 2.0), (0.0, (0.0, 0.0)));
    assert_eq!(powf_grad(0.0, 1.0), (0.0, (1.0, 0.0)));
    assert_eq!(powf_grad(3.0, 0.0), (1.0, (0.0, 3.0_f64.ln())));
    assert_eq!(powi_grad(0.0), (1.0, 1.0));
}

#[test]
fn the_first_greatest_takes_all() {
    assert_eq!(greatest_grad(&[1.0, 3.0, 3.0, 2.0]), (3.0, vec![0.0, 1.0, 0.0, 0.0]));
    assert_eq!(least_grad(&[1.0, -3.0, 3.0, -3.0]), (-3.0, [0.0, 1.0, 0.0, 0.0]));
    assert_eq!(greatest_grad(&[f64::NEG_INFINITY; 2]).0, f64::NEG_INFINITY);
}

#[cfg(feature = "ndarray")]
#[grad]
fn of_matrix(a: &ndarray::Array2<f64>) -> f64 {
    a.fold(f64::NEG_INFINITY, |m, &x| m.max(x))
}

#[grad]
fn of_rows(a: &[[f64; 2]; 3]) -> f64 {
    a.iter().flatten().fold(f64::NEG_INFINITY, |m, &x| m.max(x))
}

#[test]
fn the_first_greatest_of_rows() {
    let a = [[0.0, 1.0], [2.0, 2.0], [2.0, 0.0]];
    let d = [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]];
    assert_eq!(of_rows_grad(&a), (2.0, d));
    #[cfg(feature = "ndarray")]
    assert_eq!(of_matrix_grad(&ndarray::arr2(&a)), (2.0, ndarray::arr2(&d)));
}

#[grad]
fn chained(x: f64) -> f64 {
    nn::relu(x).sqrt() + x.max(0.0).powf(0.5)
}

/// A slope of 0 stops a cotangent, even an infinite one.
#[test]
fn behind_a_kink() {
    assert_eq!(chained_grad(-1.0), (0.0, 0.0));
    assert_eq!(chained_grad(4.0), (4.0, 0.5));
}

#[test]
fn nan_propagates() {
    let nan = f64::NAN;
    assert!(abs_grad(nan).0.is_nan() && relu_grad(nan).0.is_nan() && sqrt_grad(-1.0).0.is_nan());
    assert!(sqrt_grad(-1.0).1.is_nan());
    assert!(norm_grad(&[1.0, nan]).1.iter().all(|d| d.is_nan()));
    assert!(spelled_hypot_grad(nan, 1.0).1.0.is_nan());
    assert!(powf_grad(nan, 2.0).1.0.is_nan());
}
