//! Softmax, log-sum-exp and norms of numbers that are spelled out, three or more.

use grad::grad;

use crate::check::{assert_close, check};

#[grad]
fn second(z: [f64; 3]) -> f64 {
    let e = z.map(f64::exp);
    e[1] / (e[0] + e[1] + e[2])
}

#[grad]
fn by_reciprocal(z: &[f64; 4]) -> [f64; 2] {
    let e = [z[0].exp(), z[1].exp(), z[2].exp(), z[3].exp()];
    let r = 1.0 / (e[0] + (e[1] + e[2]) + e[3]);
    [e[1] * r, 1.0 - r * e[2]]
}

#[grad]
fn against_a_reference(a: f64, b: f64) -> [f64; 3] {
    let (p, q) = (a.exp(), b.exp());
    let r = 1.0 / (1.0 + p + q);
    [r, p * r, q / (1.0 + p + q)]
}

#[grad]
fn expectation(z: [f64; 3], w: [f64; 3]) -> f64 {
    let e = z.map(|z| z.exp());
    (w[0] * e[0] - e[1] * w[1] + e[2] / w[2]) / (e[0] + e[1] + e[2])
}

#[grad(exact)]
fn second_exact(z: [f64; 3]) -> f64 {
    let e = z.map(f64::exp);
    e[1] / (e[0] + e[1] + e[2])
}

/// For each choice of large and small logits: numbers that sum to 1 stay such, and gradients to 0.
#[test]
fn softmax_of_terms() {
    assert_eq!(second_grad([800.0, 800.0, -800.0]), (0.5, [-0.25, 0.25, 0.0]));
    assert_eq!(second_grad([-800.0; 3]).0, 1.0 / 3.0);
    let same = |z: f64| against_a_reference_vjp(z, z, &[1.0; 3]);
    for z in [-800.0, 0.0, 30.0, 800.0, 1e200] {
        let (y, (a, b)) = same(z);
        assert_close("all", &[y.iter().sum(), 1.0 + a, 1.0 + b], &[1.0; 3], 1e-15);
    }
    let (y, d) = by_reciprocal_vjp(&[-800.0, 900.0, 900.0, 0.0], &[1.0, 1.0]);
    assert_close("reciprocal", &y, &[0.5, 0.5], 1e-15);
    assert_close("reciprocal", &d, &[0.0, 0.5, -0.5, 0.0], 1e-15);
    let (y, (d, _)) = expectation_grad([1000.0, 1000.0, -1000.0], [3.0, -1.0, 7.0]);
    assert_close("expectation", &[y, d[0], d[1], d[2]], &[2.0, 0.5, -0.5, 0.0], 1e-15);
    let z = [0.3, -0.2, 0.9];
    check!(second, second_grad, [z], (z));
    let (w, a, b) = ([0.5, 2.0, 1.5], -0.4, 1.1);
    check!(expectation, expectation_grad, [z, w], (z, w));
    check!(against_a_reference, against_a_reference_vjp, [a, b], (a, b), |d| &d);
    let z = [0.3, -0.2, 0.9, 0.1];
    check!(by_reciprocal, by_reciprocal_vjp, [z], (&z), |d| &d);
}

#[test]
fn exact_keeps_the_overflow() {
    assert!(second_exact_grad([800.0, 800.0, -800.0]).0.is_nan());
    let z = [0.3, -0.2, 0.9];
    assert_eq!(second_exact_grad(z).0.to_bits(), second_exact(z).to_bits());
}

#[grad]
fn log_of_three(a: f64, b: f64, c: f64) -> f64 {
    (a.exp() + b.exp() + c.exp()).ln()
}

#[grad]
fn log_with_one(a: f64, b: f64) -> f64 {
    (1.0 + (a.exp() + b.exp())).ln()
}

#[grad]
fn single(z: [f32; 3]) -> f32 {
    (z[0].exp() + z[1].exp() + z[2].exp()).ln()
}

#[grad]
fn surprise(z: [f64; 3]) -> f64 {
    let e = z.map(|z| z.exp());
    let sum = e[0] + e[1] + e[2];
    -(e[2] / sum).ln() + (sum.ln() - z[0])
}

#[grad]
fn log_probability(z: [f64; 3]) -> f64 {
    z[1] - (z[0].exp() + z[1].exp() + z[2].exp()).ln()
}

#[grad]
fn already_shifted(a: f64, b: f64, c: f64) -> f64 {
    let m = a.max(b).max(c);
    m + ((a - m).exp() + (b - m).exp() + (c - m).exp()).ln()
}

#[test]
fn log_sum_exp_of_terms() {
    for z in [-900.0, 900.0, 1e200] {
        let (y, (a, b, c)) = log_of_three_grad(z, z, z);
        assert_close("three", &[y, a, b, c], &[z + 3.0_f64.ln(), 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0], 1e-15);
    }
    assert_eq!(log_of_three_grad(-900.0, 900.0, 0.0), (900.0, (0.0, 1.0, 0.0)));
    assert_eq!(log_of_three(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
    let lowest = f64::NEG_INFINITY;
    assert_eq!(log_of_three_grad(lowest, lowest, lowest).0, f64::NEG_INFINITY);
    assert_eq!(log_of_three_grad(lowest, 1.0, lowest), (1.0, (0.0, 1.0, 0.0)));
    assert_eq!(log_with_one_grad(-800.0, -800.0), (0.0, (0.0, 0.0)));
    assert_eq!(log_with_one_grad(800.0, 0.0), (800.0, (1.0, 0.0)));
    assert_eq!(single_grad([200.0, 0.0, -200.0]), (200.0, [1.0, 0.0, 0.0]));
    // The logarithm of a probability that underflows, and the digits of one near 1 beside large logits.
    let (y, d) = surprise_grad([0.0, 0.0, -900.0]);
    assert_close("surprise", &[y], &[900.0 + 2.0 * 2.0_f64.ln()], 1e-15);
    assert_close("surprise", &d, &[0.0, 1.0, -1.0], 1e-15);
    let (y, _) = log_probability_grad([1e16, 1e16, -1e16]);
    assert_close("log-probability", &[y], &[-(2.0_f64.ln())], 1e-15);
    let (a, b, c, z) = (0.3, -0.2, 0.9, [0.3, -0.2, 0.9]);
    check!(log_of_three, log_of_three_grad, [a, b, c], (a, b, c));
    check!(already_shifted, already_shifted_grad, [a, b, c], (a, b, c));
    check!(log_with_one, log_with_one_grad, [a, b], (a, b));
    check!(surprise, surprise_grad, [z], (z));
    check!(log_probability, log_probability_grad, [z], (z));
    let bits = |x: f64| x.to_bits();
    assert_eq!(bits(already_shifted_grad(a, b, c).0), bits(already_shifted(a, b, c)));
}

#[grad]
fn length(x: f64, y: f64, z: f64) -> f64 {
    (x * x + y * y + z.powi(2)).sqrt()
}

#[grad]
fn length_of_six(x: &[f64; 6]) -> f64 {
    (x[0] * x[0] + x[1] * x[1] + (x[2].powi(2) + x[3].powi(2)) + x[4] * x[4] + x[5] * x[5]).sqrt()
}

#[grad(exact)]
fn length_exact(x: f64, y: f64, z: f64) -> f64 {
    (x * x + y * y + z * z).sqrt()
}

#[test]
fn norms_of_terms() {
    for scale in [1e-200, 1.0, 1e200] {
        let (y, (a, b, c)) = length_grad(2.0 * scale, -3.0 * scale, 6.0 * scale);
        assert_close("three", &[y / scale, a, b, c], &[7.0, 2.0 / 7.0, -3.0 / 7.0, 6.0 / 7.0], 1e-15);
        let (y, d) = length_of_six_grad(&[1.0, -2.0, 2.0, 0.0, 4.0, 0.0].map(|x| x * scale));
        assert_close("six", &[y / scale], &[5.0], 1e-15);
        assert_close("six", &d, &[0.2, -0.4, 0.4, 0.0, 0.8, 0.0], 1e-15);
    }
    assert_eq!(length_grad(0.0, 0.0, 0.0), (0.0, (0.0, 0.0, 0.0)));
    assert_eq!(length_of_six_grad(&[0.0; 6]), (0.0, [0.0; 6]));
    assert_eq!(length_exact_grad(1e200, 0.0, 0.0).0, f64::INFINITY);
    let (x, y, z, v) = (0.3, -0.7, 1.1, [0.3, -0.7, 1.1, 0.2, -0.5, 0.9]);
    check!(length, length_grad, [x, y, z], (x, y, z));
    check!(length_of_six, length_of_six_grad, [v], (&v));
    check!(length_exact, length_exact_grad, [x, y, z], (x, y, z));
    assert_eq!(length_exact_grad(x, y, z).0.to_bits(), length_exact(x, y, z).to_bits());
}
