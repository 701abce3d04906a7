//! Oracles for `functions/stencils.rs`.

use super::functions::stencils::*;
use crate::noise;

#[test]
fn against_differences() {
    pullback!({} line, line_vjp, (&u, &c, 4) at u = noise(9, 1), c = noise(9, 2); (&u, &c, 0) at u = noise(3, 1), c = noise(3, 2);
        (&u, &c, 3) at u = noise(2, 1), c = noise(2, 2); (&u, &c, 3) at u = noise(1, 1), c = noise(1, 2));
    gradient!({} plane, plane_grad, (&u, &c, 5, 4, 3) at u = noise(20, 1), c = noise(20, 2); (&u, &c, 2, 1, 2) at u = noise(2, 1), c = noise(2, 2);
        (&u, &c, 3, 3, 2) at u = noise(9, 4), c = noise(9, 5));
    let grid = |m: usize, n: usize, seed| -> Vec<Vec<f64>> {
        noise(m * n, seed).chunks(n).map(<[f64]>::to_vec).collect()
    };
    gradient!({} rows, rows_grad, (&u, &c, 3) at u = grid(5, 4, 1), c = grid(5, 4, 2); (&u, &c, 2) at u = grid(2, 1, 1), c = grid(2, 1, 2));
    gradient!({} smoothed, smoothed_grad, (&x, &k) at x = noise(9, 1), k = [0.1, 0.3, 0.4, -0.2, 0.5]; (&x, &k) at x = noise(4, 1), k = [0.1, 0.3, 0.4, -0.2, 0.5]);
    gradient!({} valley, valley_grad, (&x) at x = noise(7, 1); (&x) at x = noise(1, 1));
    gradient!({} waves, waves_grad, (&x, 6) at x = noise(18, 1); (&x, 1) at x = noise(3, 1));
    gradient!({} option, option_grad, (kappa, theta, xi, rho, 0.03, 6, 5, 4) near kappa = 1.5, theta = 0.3, xi = 0.4, rho = -0.6;
        (kappa, theta, xi, rho, 0.03, 3, 4, 0) at kappa = 1.5, theta = 0.3, xi = 0.4, rho = -0.6);
    pullback!({} deposit, deposit_vjp, (&m, at) at m = noise(6, 1), at = 0.3; (&m, at) at m = noise(0, 1), at = 0.3);
}

/// Each element gets its terms in the order in which the loop has them, to the bit.
#[test]
fn in_the_order_of_the_loop() {
    let mass: Vec<f64> = noise(40, 7);
    let seed = noise(43, 8);
    let bits = |v: &[f64]| -> Vec<u64> { v.iter().map(|x| x.to_bits()).collect() };
    assert_eq!(bits(&deposit(&mass, 0.3)), bits(&deposit_vjp(&mass, 0.3, &seed).0));

    let (u, c, d_y) = (noise(40, 1), noise(40, 2), noise(40, 3));
    let (_, (d_u, _)) = line_vjp(&u, &c, 1, &d_y);
    let mut expected = vec![0.0; 40];
    for i in (1..39).rev() {
        let g = d_y[i] * c[i];
        expected[i + 1] += g;
        expected[i - 1] += g;
        expected[i] += d_y[i] - g * 2.0;
    }
    expected[0] += d_y[0];
    expected[39] += d_y[39];
    assert_eq!(bits(&d_u), bits(&expected));
}

/// A valley has its floor where all variables are one.
#[test]
fn flat_at_the_floor() {
    let (value, gradient) = valley_grad(&[1.0; 50]);
    assert_eq!(value, 0.0);
    assert!(gradient.iter().all(|g| *g == 0.0));
}
