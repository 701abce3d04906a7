//! Log-sum-exp, shifted by the maximum.

use grad::grad;

use crate::{assert_near, noise};

#[grad]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut m = x[0];
    for i in 1..x.len() {
        if x[i] > m {
            m = x[i];
        }
    }
    let mut s = 0.0;
    for &v in x {
        s += (v - m).exp();
    }
    m + s.ln()
}

#[grad]
fn with_max(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &v in x {
        m = m.max(v);
    }
    let mut s = 0.0;
    for i in 0..x.len() {
        s += (x[i] - m).exp();
    }
    m + s.ln()
}

#[test]
fn its_gradient_is_the_softmax() {
    let x = noise(40, 1);
    let total: f64 = x.iter().map(|v| v.exp()).sum();
    let softmax: Vec<f64> = x.iter().map(|v| v.exp() / total).collect();
    let (value, gradient) = log_sum_exp_grad(&x);
    assert_near(&[value], &[total.ln()]);
    assert_near(&gradient, &softmax);
    assert_near(&with_max_grad(&x).1, &softmax);
}

#[test]
fn against_differences() {
    gradient!({} log_sum_exp, log_sum_exp_grad, (&x) near x = noise(12, 2));
    gradient!({} with_max, with_max_grad, (&x) near x = noise(12, 3); (&x) near x = vec![700.0, 1.0, 699.0]);
}
