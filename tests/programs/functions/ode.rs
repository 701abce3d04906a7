//! A system of ordinary differential equations, integrated by the classical method of Runge and Kutta.

use grad::grad;

/// A chain of coupled pendulums, n states, by the classical method of Runge and Kutta.
#[grad]
pub fn runge_kutta(y: &mut [f64], stiffness: f64, h: f64, steps: usize) {
    let n = y.len();
    let mut k1 = vec![0.0; n];
    let mut k2 = vec![0.0; n];
    let mut k3 = vec![0.0; n];
    let mut k4 = vec![0.0; n];
    let mut stage = vec![0.0; n];
    for _ in 0..steps {
        slope(y, &mut k1, stiffness);
        for i in 0..n {
            stage[i] = y[i] + 0.5 * h * k1[i];
        }
        slope(&stage, &mut k2, stiffness);
        for i in 0..n {
            stage[i] = y[i] + 0.5 * h * k2[i];
        }
        slope(&stage, &mut k3, stiffness);
        for i in 0..n {
            stage[i] = y[i] + h * k3[i];
        }
        slope(&stage, &mut k4, stiffness);
        for i in 0..n {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }

    fn slope(y: &[f64], out: &mut [f64], stiffness: f64) {
        let n = y.len() / 2;
        for i in 0..n {
            out[i] = y[n + i];
            let left = if i > 0 { y[i - 1] } else { 0.0 };
            let right = if i + 1 < n { y[i + 1] } else { 0.0 };
            out[n + i] = stiffness * (left - 2.0 * y[i] + right) - y[i].sin();
        }
    }
}

/// A ring of coupled oscillators: x' = k sin(neighbours) - x³.
#[grad]
pub fn rk4(x0: &[f64], k: f64, h: f64, steps: usize) -> Vec<f64> {
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
pub fn decay(x: f64, a: f64, steps: usize) -> f64 {
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
