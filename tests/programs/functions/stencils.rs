//! Differences between neighbours: equations on a grid, smoothing, what particles leave in the cells around them.

use grad::grad;

/// The heat equation on a line with fixed ends, all of whose steps are kept.
#[grad]
pub fn line(initial: &[f64], conductivity: &[f64], steps: usize) -> Vec<f64> {
    let n = initial.len();
    let mut u = initial.to_vec();
    let mut next = initial.to_vec();
    for _ in 0..steps {
        for i in 1..n - 1 {
            next[i] = u[i] + conductivity[i] * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(&mut u, &mut next);
    }
    u
}

/// The same on a plane of m by n points, in one slice.
#[grad]
pub fn plane(initial: &[f64], c: &[f64], m: usize, n: usize, steps: usize) -> f64 {
    let mut u = initial.to_vec();
    let mut next = initial.to_vec();
    for _ in 0..steps {
        for i in 1..m - 1 {
            for j in 1..n - 1 {
                let around = u[(i - 1) * n + j] + u[(i + 1) * n + j] + u[i * n + j - 1] + u[i * n + j + 1];
                next[i * n + j] = u[i * n + j] + c[i * n + j] * (around - 4.0 * u[i * n + j]);
            }
        }
        std::mem::swap(&mut u, &mut next);
    }
    u.iter().map(|u| u * u).sum()
}

/// The same in rows.
#[grad]
pub fn rows(initial: &[Vec<f64>], c: &[Vec<f64>], steps: usize) -> f64 {
    let (m, n) = (initial.len(), initial[0].len());
    let mut u = initial.to_vec();
    let mut next = initial.to_vec();
    for _ in 0..steps {
        for i in 1..m - 1 {
            for j in 1..n - 1 {
                let around = u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1];
                next[i][j] = u[i][j] + c[i][j] * (around - 4.0 * u[i][j]);
            }
        }
        std::mem::swap(&mut u, &mut next);
    }
    let mut sum = 0.0;
    for i in 0..m {
        for j in 0..n {
            sum += u[i][j] * u[i][j];
        }
    }
    sum
}

/// How far a signal is from what a kernel makes of it.
#[grad]
pub fn smoothed(signal: &[f64], kernel: &[f64; 5]) -> f64 {
    let mut loss = 0.0;
    for i in 2..signal.len() - 2 {
        let smooth = kernel[0] * signal[i - 2]
            + kernel[1] * signal[i - 1]
            + kernel[2] * signal[i]
            + kernel[3] * signal[i + 1]
            + kernel[4] * signal[i + 2];
        loss += (smooth - signal[i]) * (smooth - signal[i]);
    }
    loss
}

/// Rosenbrock's function of many variables.
#[grad]
pub fn valley(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let across = x[i + 1] - x[i] * x[i];
        sum += 100.0 * across * across + (1.0 - x[i]) * (1.0 - x[i]);
    }
    sum
}

/// The energy of waves of three fields that lie one behind the other in one slice.
#[grad]
pub fn waves(field: &[f64], n: usize) -> f64 {
    let mut energy = 0.0;
    for i in 0..n - 1 {
        let a = field[i + 1] - field[i];
        let b = field[n + i + 1] * field[i];
        let c = field[2 * n + i] - field[n + i];
        energy += a * a * c + b * b + c * a;
    }
    energy
}

/// Masses are left in the cells around them: the function itself adds to displaced elements.
#[grad]
pub fn deposit(mass: &[f64], at: f64) -> Vec<f64> {
    let n = mass.len();
    let mut cells = vec![0.1; n + 3];
    for i in 0..n {
        cells[i] += mass[i] * (1.0 - at);
        cells[i + 3] += mass[i] * mass[i];
        cells[i + 1] += mass[i] * at;
    }
    cells
}

/// The price of an option under stochastic volatility, by explicit steps on a grid in one flat buffer.
#[grad(skip(rate))]
pub fn option(kappa: f64, theta: f64, xi: f64, rho: f64, rate: f64, m: usize, l: usize, steps: usize) -> f64 {
    let ds = 2.0 / m as f64;
    let dv = 1.0 / l as f64;
    let dt = 0.1 / (steps * m * m) as f64;
    let w = l + 1;
    let mut u = vec![0.0; (m + 1) * w];
    for i in 0..=m {
        for j in 0..=l {
            let s = i as f64 * ds;
            u[i * w + j] = if s > 1.0 { s - 1.0 } else { 0.0 };
        }
    }
    let mut new = u.clone();
    for _ in 0..steps {
        for i in 1..m {
            for j in 1..l {
                let s = i as f64 * ds;
                let v = j as f64 * dv;
                let k = i * w + j;
                let us = (u[k + w] - u[k - w]) / (2.0 * ds);
                let uv = (u[k + 1] - u[k - 1]) / (2.0 * dv);
                let uss = (u[k + w] - 2.0 * u[k] + u[k - w]) / (ds * ds);
                let uvv = (u[k + 1] - 2.0 * u[k] + u[k - 1]) / (dv * dv);
                let usv = (u[k + w + 1] - u[k + w - 1] - u[k - w + 1] + u[k - w - 1]) / (4.0 * ds * dv);
                let change = 0.5 * v * s * s * uss
                    + rho * xi * v * s * usv
                    + 0.5 * xi * xi * v * uvv
                    + rate * s * us
                    + kappa * (theta - v) * uv
                    - rate * u[k];
                new[k] = u[k] + dt * change;
            }
        }
        for i in 0..=m {
            new[i * w] = new[i * w + 1];
            new[i * w + l] = new[i * w + l - 1];
        }
        u.copy_from_slice(&new);
    }
    u[(m / 2) * w + l / 2]
}
