//! A mixture of Gaussians fitted by ascending its likelihood, with weights and widths that are free of constraints.
//!
//! ```text
//! cargo run --release --example mixture
//! ```

use std::{f64::consts::TAU, process::ExitCode};

use grad::{
    grad,
    nn::{log_softmax, logsumexp},
};
use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

/// The mean log-likelihood of points under K Gaussians with weights `softmax(logits)` and deviations
/// `exp(log_deviations)`.
#[grad(skip(x))]
fn log_likelihood<const K: usize>(
    x: &[f64],
    logits: &[f64; K],
    means: &[f64; K],
    log_deviations: &[f64; K],
) -> f64 {
    let log_weights = log_softmax(logits);
    let terms = x.iter().map(|x| {
        let terms: [f64; K] = std::array::from_fn(|k| {
            let z = (x - means[k]) * (-log_deviations[k]).exp();
            log_weights[k] - log_deviations[k] - 0.5 * z * z
        });
        logsumexp(&terms)
    });
    terms.sum::<f64>() / x.len() as f64 - 0.5 * TAU.ln()
}

fn main() -> ExitCode {
    let (truth, mut rng) = ([(-3.0, 0.5), (0.0, 1.0), (4.0, 0.8)], Xoshiro256PlusPlus::seed_from_u64(5));
    let x: Vec<f64> = (0..3000)
        .map(|i| {
            let (mean, deviation) = truth[i % 3];
            mean + deviation * normal(&mut rng)
        })
        .collect();

    let (mut logits, mut means, mut log_deviations) = ([0.0; 3], [-1.0, 0.5, 1.0], [0.5; 3]);
    for step in 0..=2000 {
        let (value, (d_logits, d_means, d_log_deviations)) =
            log_likelihood_grad(&x, &logits, &means, &log_deviations);
        if step % 500 == 0 {
            println!("step {step:4}  mean log-likelihood {value:.5}");
        }
        ascend(&mut logits, d_logits);
        ascend(&mut means, d_means);
        ascend(&mut log_deviations, d_log_deviations);
    }

    println!();
    let mut close = true;
    for ((mean, log_deviation), (true_mean, true_deviation)) in means.iter().zip(log_deviations).zip(truth) {
        let deviation = log_deviation.exp();
        println!("mean {mean:6.3} ({true_mean:4.1})  deviation {deviation:.3} ({true_deviation})");
        close &= (mean - true_mean).abs() < 0.2 && (deviation - true_deviation).abs() < 0.2;
    }
    if close {
        ExitCode::SUCCESS
    } else {
        eprintln!("error: the fit should be closer");
        ExitCode::FAILURE
    }
}

fn ascend(parameters: &mut [f64], gradient: [f64; 3]) {
    for (parameter, slope) in parameters.iter_mut().zip(gradient) {
        *parameter += 0.5 * slope;
    }
}

/// Box and Muller.
fn normal(rng: &mut impl Rng) -> f64 {
    let (u, v): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
    (-2.0 * u.ln()).sqrt() * (TAU * v).cos()
}
