//! Least squares with a polynomial, whose powers are multiplied up while it is evaluated.

use grad::grad;

/// n points, m coefficients.
#[grad(wrt(w))]
pub fn least_squares(w: &[f64], x: &[f64], y: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let mut power = 1.0;
        let mut value = 0.0;
        for &coefficient in w {
            value += coefficient * power;
            power *= x[i];
        }
        let residual = value - y[i];
        loss += residual * residual;
    }
    loss
}

#[grad(skip(x, y))]
pub fn mean_squares(c: &[f64], x: &[f64], y: &[f64]) -> f64 {
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
pub fn horner(c: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    let mut k = c.len();
    while k > 0 {
        k -= 1;
        y = y * x + c[k];
    }
    y
}
