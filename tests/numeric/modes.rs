//! `exact` and `fast_math`.

use grad::grad;

use crate::check::check;

#[grad(exact)]
fn exact(x: f64, y: f64) -> f64 {
    (1.0 + x.exp()).ln() + (x * x + y * y).sqrt() + (x.exp() - 1.0) / (1.0 + y).ln()
}

#[grad(fast_math)]
fn fast(x: f64, y: f64) -> f64 {
    (1.0 + x.exp()).ln() + (x - x) * y + (x * y / y).sin() + x.sqrt() * x.sqrt()
}

#[grad(exact)]
fn exact_softmax(z: &[f64], y: &[f64]) -> f64 {
    let sum: f64 = z.iter().map(|z| z.exp()).sum();
    -z.iter().zip(y).map(|(z, y)| y * (z.exp() / sum).ln()).sum::<f64>()
}

#[grad(exact)]
fn exact_library(z: &[f64; 3]) -> [f64; 3] {
    grad::nn::softmax(z)
}

#[test]
fn exact_moves_nothing() {
    for k in 0..50 {
        let (x, y) = (3.0 * crate::check::noise(k), 1.5 + crate::check::noise(k + 100));
        assert_eq!(exact_grad(x, y).0.to_bits(), exact(x, y).to_bits());
        check!(exact, exact_grad, [x, y], (x, y));
    }
    // An overflow of the source stays one.
    assert_eq!(exact_grad(800.0, 1.0).0, f64::INFINITY);
    let (z, t) = (vec![0.3, -0.2, 0.9], vec![0.2, 0.3, 0.5]);
    check!(exact_softmax, exact_softmax_grad, [z, t], (&z, &t));
    assert_eq!(exact_softmax_grad(&z, &t).0.to_bits(), exact_softmax(&z, &t).to_bits());
    let z = [0.3, -800.0, 0.9];
    assert_eq!(exact_library_vjp(&z, &z).0, exact_library(&z));
    check!(exact_library, exact_library_vjp, [z], (&z), |d| &d);
}

#[test]
fn fast_is_true_of_reals() {
    let (x, y) = (0.7, -1.3);
    check!(fast, fast_grad, [x, y], (x, y));
    assert_eq!(fast_grad(700.0, 2.0).0.is_finite(), true);
}

#[grad]
fn default_mode(x: f64, y: f64) -> [f64; 4] {
    [x - x, x * 0.0, x / x * y, 0.0 / x]
}

/// NaN, infinities and signs of zero are kept by default.
#[test]
fn nothing_real_only_by_default() {
    for (x, y) in [(f64::INFINITY, 1.0), (f64::NAN, 2.0), (0.0, 3.0), (-1.0, f64::INFINITY)] {
        let bits = |x: [f64; 4]| x.map(|x| if x.is_nan() { 1 } else { x.to_bits() });
        assert_eq!(bits(default_mode_vjp(x, y, &[1.0; 4]).0), bits(default_mode(x, y)));
    }
}
