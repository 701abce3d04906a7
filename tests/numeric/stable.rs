//! Forms that would lose digits or overflow as they stand, and those that must be left alone.

use grad::grad;

use crate::check::{assert_close, check};

#[grad]
fn softplus(x: f64) -> f64 {
    (1.0 + x.exp()).ln()
}

#[grad]
fn softplus_turned(x: f64) -> f64 {
    (x.exp() + 1.0).ln() + f64::ln(1.0 + f64::exp(-x)) + x.exp().ln_1p()
}

#[grad]
fn log_sigmoid(x: f64) -> f64 {
    (1.0 / (1.0 + (-x).exp())).ln()
}

#[grad]
fn log_not_sigmoid(x: f64) -> f64 {
    let s = 1.0 / (1.0 + (-x).exp());
    (1.0 - s).ln()
}

#[grad]
fn single(x: f32) -> f32 {
    (1.0 + x.exp()).ln()
}

#[test]
fn softplus_and_logarithms_of_the_sigmoid() {
    assert_eq!(softplus_grad(800.0), (800.0, 1.0));
    assert_eq!(softplus_grad(-800.0), (0.0, 0.0));
    let (y, d) = softplus_grad(-40.0);
    assert_close("e^-40", &[y, d], &[4.248354255291589e-18; 2], 0.0);
    assert_eq!(single_grad(100.0), (100.0, 1.0));
    assert_eq!(softplus_turned_grad(1000.0), (2000.0, 2.0 - 0.0));
    assert_eq!(log_sigmoid_grad(-800.0), (-800.0, 1.0));
    assert_eq!(log_sigmoid_grad(800.0).1, 0.0);
    assert_eq!(log_not_sigmoid_grad(800.0), (-800.0, -1.0));
    for x in [-3.0, -0.5, 0.0, 0.5, 3.0] {
        check!(softplus, softplus_grad, [x], (x));
        check!(softplus_turned, softplus_turned_grad, [x], (x));
        check!(log_sigmoid, log_sigmoid_grad, [x], (x));
        check!(log_not_sigmoid, log_not_sigmoid_grad, [x], (x));
    }
}

#[grad]
fn log_sum_exp(x: &[f64]) -> f64 {
    x.iter().map(|x| x.exp()).sum::<f64>().ln()
}

#[grad]
fn log_sum_exp_shifted(x: &[f64]) -> f64 {
    let m = x.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
    m + x.iter().map(|x| (x - m).exp()).sum::<f64>().ln()
}

#[grad]
fn log_of_two(x: f64, y: f64) -> f64 {
    (x.exp() + y.exp()).ln()
}

#[test]
fn log_sum_exps() {
    let (y, d) = log_sum_exp_grad(&[800.0, -800.0, 800.0]);
    assert_close("value", &[y], &[800.0 + 2.0_f64.ln()], 1e-15);
    assert_close("gradient", &d, &[0.5, 0.0, 0.5], 1e-15);
    let (y, d) = log_sum_exp_grad(&[-800.0, -801.0]);
    assert_close("value", &[y], &[-800.0 + (1.0 + (-1.0_f64).exp()).ln()], 1e-15);
    assert_close("gradient", &[d.iter().sum()], &[1.0], 1e-15);
    let (y, (a, b)) = log_of_two_grad(900.0, 900.0);
    assert_close("two", &[y, a, b], &[900.0 + 2.0_f64.ln(), 0.5, 0.5], 1e-15);
    let (y, (a, b)) = log_of_two_grad(-900.0, 900.0);
    assert_close("two", &[y, a, b], &[900.0, 0.0, 1.0], 1e-15);
    let x = vec![0.3, -1.0, 2.0];
    check!(log_sum_exp, log_sum_exp_grad, [x], (&x));
    check!(log_sum_exp_shifted, log_sum_exp_shifted_grad, [x], (&x));
    assert_eq!(log_sum_exp_shifted_grad(&[800.0, -800.0]).1, [1.0, 0.0]);
}

#[grad]
fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

#[grad]
fn length_by_powi(x: f64, y: f64) -> f64 {
    (x.powi(2) + y.powi(2)).sqrt()
}

#[grad]
fn norm(x: &[f64; 3]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[grad]
fn norm_by_powi(x: &[f64]) -> f64 {
    x.iter().map(|x| x.powi(2)).sum::<f64>().sqrt()
}

#[test]
fn roots_of_squares() {
    let (y, (a, b)) = length_grad(3e200, 4e200);
    assert_close("huge", &[y / 1e200, a, b], &[5.0, 0.6, 0.8], 1e-15);
    let (y, (a, b)) = length_grad(3e-200, -4e-200);
    assert_close("tiny", &[y / 1e-200, a, b], &[5.0, 0.6, -0.8], 1e-15);
    let (y, (a, b)) = length_by_powi_grad(3e200, 4e200);
    assert_close("powi", &[y / 1e200, a, b], &[5.0, 0.6, 0.8], 1e-15);
    let (x, y) = (0.3, -0.7);
    check!(length, length_grad, [x, y], (x, y));
    check!(length_by_powi, length_by_powi_grad, [x, y], (x, y));
    let x = [0.3, -0.4, 1.2];
    check!(norm, norm_grad, [x], (&x));
    check!(norm_by_powi, norm_by_powi_grad, [x], (&x));
    assert_eq!(norm_grad(&[0.0; 3]), (0.0, [0.0; 3]));
    assert_eq!(norm_by_powi_grad(&[0.0; 3]), (0.0, vec![0.0; 3]));
}

#[grad]
fn root_of_square(x: f64) -> f64 {
    x.powi(2).sqrt()
}

#[grad]
fn root_of_product(x: f64) -> f64 {
    (x * x).sqrt()
}

#[grad]
fn log_of_square(x: f64) -> f64 {
    x * x.powi(2).ln()
}

#[grad(fast_math)]
fn log_of_square_fast(x: f64) -> f64 {
    x * x.powi(2).ln() + (x * x).sqrt() + (x * x).ln()
}

#[grad]
fn square_of_root(x: f64) -> f64 {
    x.sqrt() * x.sqrt() + (x.powf(0.5)).powf(2.0)
}

#[grad]
fn log_of_product(x: f64, y: f64) -> f64 {
    (x * y).ln() + (x / y).ln()
}

#[grad]
fn power_of_power(x: f64) -> f64 {
    (x.powi(2)).powf(0.5) + (x.powi(2)).powf(1.5)
}

/// Rewrites that only hold for positive numbers would give NaN or the wrong sign.
#[test]
fn for_negative_numbers_too() {
    assert_eq!(root_of_square_grad(-2.0), (2.0, -1.0));
    assert_eq!(root_of_product_grad(-2.0), (2.0, -1.0));
    let (y, d) = log_of_square_grad(-2.0);
    assert_close("x·ln x²", &[y, d], &[-2.772588722239781, 3.386294361119891], 1e-15);
    let x = -2.0;
    check!(log_of_square_fast, log_of_square_fast_grad, [x], (x));
    assert!(square_of_root_grad(-2.0).0.is_nan());
    check!(power_of_power, power_of_power_grad, [x], (x));
    let y = -3.0;
    check!(log_of_product, log_of_product_grad, [x, y], (x, y));
}

#[grad]
fn small(x: f64) -> [f64; 6] {
    [
        x.exp() - 1.0,
        (1.0 + x).ln(),
        1.0 - x.cos(),
        (x.exp() - (-x).exp()) / 2.0,
        (1.0 - x).ln(),
        1.0 - (-x).exp(),
    ]
}

#[grad]
fn spelled_tanh(x: f64) -> f64 {
    (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())
}

#[grad]
fn tanh_by_sigmoid(x: f64) -> f64 {
    2.0 / (1.0 + (-2.0 * x).exp()) - 1.0
}

#[grad]
fn swish(x: f64) -> f64 {
    x / (1.0 + (-x).exp())
}

#[grad]
fn tanh_from_one(x: f64) -> f64 {
    1.0 - 2.0 / ((2.0 * x).exp() + 1.0)
}

#[grad]
fn log_not_exp(x: f64) -> f64 {
    (1.0 - x.exp()).ln()
}

#[test]
fn near_zero_and_far_from_it() {
    let x = 1e-12;
    let (y, _) = small_vjp(x, &[1.0; 6]);
    let relative: Vec<f64> = y.iter().map(|y| y / x).collect();
    assert_close("small", &relative, &[1.0, 1.0, 0.5e-12, 1.0, -1.0, 1.0], 1e-11);
    assert!((y[2] / x / x - 0.5).abs() < 1e-11);
    assert_eq!(spelled_tanh_grad(800.0), (1.0, 0.0));
    assert_eq!(spelled_tanh_grad(-800.0), (-1.0, 0.0));
    assert_eq!(tanh_by_sigmoid_grad(-800.0), (-1.0, 0.0));
    assert_eq!(tanh_from_one_grad(800.0), (1.0, 0.0));
    assert_eq!(swish_grad(-800.0), (0.0, 0.0));
    assert_eq!(swish_grad(800.0), (800.0, 1.0));
    assert_close("log_not_exp", &[log_not_exp_grad(-1e-20).0], &[-20.0 * 10.0_f64.ln()], 1e-15);
    assert_close("log_not_exp", &[log_not_exp_grad(-50.0).1 * 50.0_f64.exp()], &[-1.0], 1e-14);
    for x in [-0.7, 0.3, 0.8] {
        check!(small, small_vjp, [x], (x), |d| &d);
        check!(spelled_tanh, spelled_tanh_grad, [x], (x));
        check!(tanh_by_sigmoid, tanh_by_sigmoid_grad, [x], (x));
        check!(tanh_from_one, tanh_from_one_grad, [x], (x));
        check!(swish, swish_grad, [x], (x));
    }
}
