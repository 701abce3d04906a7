//! Oracles for `functions/log_sum_exp.rs`.

use super::functions::log_sum_exp::*;
use crate::{assert_near, noise};

#[test]
fn its_gradient_is_the_softmax() {
    let x = noise(40, 1);
    let total: f64 = x.iter().map(|v| v.exp()).sum();
    let softmax: Vec<f64> = x.iter().map(|v| v.exp() / total).collect();
    let (value, gradient) = log_sum_exp_grad(&x);
    assert_near(&[value], &[total.ln()]);
    assert_near(&gradient, &softmax);
    assert_near(&from_the_first_grad(&x).1, &softmax);
    assert_near(&with_max_grad(&x).1, &softmax);
}

#[test]
fn against_differences() {
    gradient!({} log_sum_exp, log_sum_exp_grad, (&x) near x = noise(12, 2));
    gradient!({} from_the_first, from_the_first_grad, (&x) near x = noise(12, 2));
    gradient!({} with_max, with_max_grad, (&x) near x = noise(12, 3); (&x) near x = vec![700.0, 1.0, 699.0]);
}
