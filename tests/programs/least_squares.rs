//! Least squares with a polynomial, whose powers are multiplied up while it is evaluated.

use grad::grad;

use crate::{assert_near, noise};

#[grad(skip(x, y))]
fn least_squares(c: &[f64], x: &[f64], y: &[f64]) -> f64 {
    let n = x.len();
    let m = c.len();
    let mut loss = 0.0;
    for i in 0..n {
        let mut value = 0.0;
        let mut power = 1.0;
        for j in 0..m {
            value += c[j] * power;
            power *= x[i];
        }
        let r = value - y[i];
        loss += r * r;
    }
    loss / n as f64
}

#[grad]
fn horner(c: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    let mut k = c.len();
    while k > 0 {
        k -= 1;
        y = y * x + c[k];
    }
    y
}

#[test]
fn against_the_normal_equations() {
    let (c, x, y) = (noise(5, 1), noise(20, 2), noise(20, 3));
    let mut expected = vec![0.0; 5];
    for i in 0..20 {
        let r: f64 = (0..5).map(|j| c[j] * x[i].powi(j as i32)).sum::<f64>() - y[i];
        for j in 0..5 {
            expected[j] += 2.0 / 20.0 * r * x[i].powi(j as i32);
        }
    }
    let (value, gradient) = least_squares_grad(&c, &x, &y);
    assert_eq!(value.to_bits(), least_squares(&c, &x, &y).to_bits());
    assert_near(&gradient, &expected);
}

#[test]
fn against_differences() {
    let (x, y) = (noise(9, 5), noise(9, 6));
    gradient!({} least_squares, least_squares_grad, (&c, &x, &y) at c = noise(4, 4));
    gradient!({} horner, horner_grad, (&c, x) at c = noise(6, 7), x = 0.8; (&c, x) at c = vec![], x = 0.8);
}
