//! Oracles for `functions/ode.rs`.

use super::functions::ode::*;
use crate::{assert_near, noise};

/// The state as an argument and a result.
fn moved(y: &[f64], stiffness: f64, h: f64, steps: usize) -> Vec<f64> {
    let mut y = y.to_vec();
    runge_kutta(&mut y, stiffness, h, steps);
    y
}

fn moved_vjp(
    y: &[f64],
    stiffness: f64,
    h: f64,
    steps: usize,
    d_y: &[f64],
) -> (Vec<f64>, (Vec<f64>, f64, f64)) {
    let (mut y, mut d_y) = (y.to_vec(), d_y.to_vec());
    let (d_stiffness, d_h) = runge_kutta_vjp(&mut y, stiffness, h, steps, &mut d_y);
    (y, (d_y, d_stiffness, d_h))
}

#[test]
fn against_differences() {
    pullback!({} moved, moved_vjp, (&y, k, h, 3) at y = noise(8, 1), k = 0.7, h = 0.1; (&y, k, h, 0) at y = noise(4, 2), k = 0.7, h = 0.1);
    pullback!({} rk4, rk4_vjp, (&x, k, h, 3) at x = noise(5, 1), k = 0.7, h = 0.1; (&x, k, h, 0) at x = noise(2, 2), k = 0.7, h = 0.1);
    gradient!({} decay, decay_grad, (x, a, 7) at x = 1.5, a = -0.8);
}

#[test]
fn against_the_solution() {
    let (x, a) = (1.5, -0.8_f64);
    let (value, (d_x, d_a)) = decay_grad(x, a, 2000);
    assert_near(&[value, d_x, d_a], &[x * a.exp(), a.exp(), x * a.exp()]);
}
