//! Oracles for `functions/least_squares.rs`.

use super::functions::least_squares::*;
use crate::{assert_near, noise};

#[test]
fn against_the_normal_equations() {
    let (c, x, y) = (noise(5, 1), noise(20, 2), noise(20, 3));
    let mut expected = [0.0; 5];
    for i in 0..20 {
        let r: f64 = (0..5).map(|j| c[j] * x[i].powi(j as i32)).sum::<f64>() - y[i];
        for (expected, j) in expected.iter_mut().zip(0..) {
            *expected += 2.0 * r * x[i].powi(j);
        }
    }
    let (value, gradient) = least_squares_grad(&c, &x, &y);
    assert_eq!(value.to_bits(), least_squares(&c, &x, &y).to_bits());
    assert_near(&gradient, &expected);
    let (value, gradient) = mean_squares_grad(&c, &x, &y);
    assert_eq!(value.to_bits(), mean_squares(&c, &x, &y).to_bits());
    assert_near(&gradient, &expected.map(|d| d / 20.0));
}

#[test]
fn against_differences() {
    let (x, y) = (noise(9, 5), noise(9, 6));
    gradient!({} least_squares, least_squares_grad, (&c, &x, &y) at c = noise(4, 4));
    gradient!({} mean_squares, mean_squares_grad, (&c, &x, &y) at c = noise(4, 4));
    gradient!({} horner, horner_grad, (&c, x) at c = noise(6, 7), x = 0.8; (&c, x) at c = vec![], x = 0.8);
}
