//! Least squares by Levenberg and Marquardt: a decaying oscillation fitted to noisy measurements.
//!
//! ```text
//! cargo run --example least_squares
//! ```

use std::process::ExitCode;

use grad::grad;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

const PARAMETERS: usize = 4;

/// What is expected at time `t`. Its gradient is a row of the Jacobian.
#[grad(skip(t))]
fn model(t: f64, [amplitude, decay, frequency, offset]: [f64; PARAMETERS]) -> f64 {
    amplitude * (-decay * t).exp() * (frequency * t).cos() + offset
}

fn main() -> ExitCode {
    let truth = [3.0, 0.4, 5.0, 0.5];
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let measured: Vec<(f64, f64)> = (0..200)
        .map(|k| f64::from(k) / 50.0)
        .map(|t| (t, model(t, truth) + rng.random_range(-0.1..0.1)))
        .collect();
    let squares = |p| measured.iter().map(|&(t, y)| (model(t, p) - y).powi(2)).sum::<f64>();

    let mut p = [2.0, 0.1, 4.6, 0.0];
    let mut damping = 1e-2;
    for step in 0..20 {
        println!("step {step:2}  sum of squares {:10.5}  {p:8.4?}", squares(p));
        // JᵀJ and Jᵀr, from one gradient of the model for each measurement.
        let mut normal = [[0.0; PARAMETERS]; PARAMETERS];
        let mut right = [0.0; PARAMETERS];
        for &(t, y) in &measured {
            let (value, row) = model_grad(t, p);
            for i in 0..PARAMETERS {
                right[i] += row[i] * (y - value);
                for j in 0..PARAMETERS {
                    normal[i][j] += row[i] * row[j];
                }
            }
        }
        for (i, row) in normal.iter_mut().enumerate() {
            row[i] *= 1.0 + damping;
        }
        let change = solve(normal, right);
        let moved = std::array::from_fn(|i| p[i] + change[i]);
        if squares(moved) < squares(p) {
            p = moved;
            damping /= 10.0;
        } else {
            damping *= 10.0;
        }
        if change.iter().all(|change| change.abs() < 1e-10) {
            break;
        }
    }

    println!("\nfitted {p:.3?}, of {truth:?}");
    if p.iter().zip(truth).all(|(p, truth)| (p - truth).abs() < 0.05) {
        ExitCode::SUCCESS
    } else {
        eprintln!("error: the fit should be closer");
        ExitCode::FAILURE
    }
}

/// The solution of a positive definite system, by elimination.
fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for k in 0..N {
        let pivot = a[k];
        for i in k + 1..N {
            let factor = a[i][k] / pivot[k];
            for (a, pivot) in a[i].iter_mut().zip(pivot) {
                *a -= factor * pivot;
            }
            b[i] -= factor * b[k];
        }
    }
    for k in (0..N).rev() {
        let rest: f64 = (k + 1..N).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - rest) / a[k][k];
    }
    b
}
