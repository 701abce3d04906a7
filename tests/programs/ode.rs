//! A system of ordinary differential equations, integrated by the classical method of Runge and Kutta.

use grad::grad;

use crate::{assert_near, noise};

/// A ring of coupled oscillators: x' = k sin(neighbours) - x³.
#[grad]
fn rk4(x0: &[f64], k: f64, h: f64, steps: usize) -> Vec<f64> {
    let n = x0.len();
    fn rate(x: &[f64], k: f64, i: usize, n: usize) -> f64 {
        k * (x[(i + 1) % n] - x[i]).sin() - x[i] * x[i] * x[i]
    }
    let mut x = x0.to_vec();
    let mut k1 = vec![0.0; n];
    let mut k2 = vec![0.0; n];
    let mut k3 = vec![0.0; n];
    let mut k4 = vec![0.0; n];
    let mut y = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            k1[i] = rate(&x, k, i, n);
        }
        for i in 0..n {
            y[i] = x[i] + 0.5 * h * k1[i];
        }
        for i in 0..n {
            k2[i] = rate(&y, k, i, n);
        }
        for i in 0..n {
            y[i] = x[i] + 0.5 * h * k2[i];
        }
        for i in 0..n {
            k3[i] = rate(&y, k, i, n);
        }
        for i in 0..n {
            y[i] = x[i] + h * k3[i];
        }
        for i in 0..n {
            k4[i] = rate(&y, k, i, n);
        }
        for i in 0..n {
            x[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    x
}

/// x' = a x, whose solution is known.
#[grad]
fn decay(x: f64, a: f64, steps: usize) -> f64 {
    let h = 1.0 / steps as f64;
    let f = |x: f64| a * x;
    let mut x = x;
    for _ in 0..steps {
        let k1 = f(x);
        let k2 = f(x + 0.5 * h * k1);
        let k3 = f(x + 0.5 * h * k2);
        let k4 = f(x + h * k3);
        x += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    x
}

#[test]
fn against_differences() {
    pullback!({} rk4, rk4_vjp, (&x, k, h, 3) at x = noise(5, 1), k = 0.7, h = 0.1; (&x, k, h, 0) at x = noise(2, 2), k = 0.7, h = 0.1);
    gradient!({} decay, decay_grad, (x, a, 7) at x = 1.5, a = -0.8);
}

#[test]
fn against_the_solution() {
    let (x, a) = (1.5, -0.8_f64);
    let (value, (d_x, d_a)) = decay_grad(x, a, 2000);
    assert_near(&[value, d_x, d_a], &[x * a.exp(), a.exp(), x * a.exp()]);
}
