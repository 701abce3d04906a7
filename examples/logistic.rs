//! Logistic regression on slices, fitted by gradient descent.
//!
//! ```text
//! cargo run --example logistic
//! ```

use std::process::ExitCode;

use grad::grad;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

/// The mean negative log-likelihood of labels (1 or 0) for points, as one would write it down: `#[grad]` makes of
/// `ln(1 + exp(−z))` what does not overflow.
#[grad(wrt(weights, bias))]
fn loss(points: &[[f64; 2]], labels: &[f64], weights: &[f64; 2], bias: f64) -> f64 {
    let terms = points.iter().zip(labels).map(|(point, label)| {
        let z = point.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + bias;
        (1.0 + (-z).exp()).ln() + (1.0 - label) * z
    });
    terms.sum::<f64>() / points.len() as f64
}

fn main() -> ExitCode {
    // Points in a square, labelled by a line through it that some of them do not respect.
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let points: Vec<[f64; 2]> =
        (0..400).map(|_| [rng.random_range(-2.0..2.0), rng.random_range(-2.0..2.0)]).collect();
    let labels: Vec<f64> = points
        .iter()
        .map(|[x, y]| f64::from(u8::from(2.0 * x - y + 0.5 + rng.random_range(-0.5..0.5) > 0.0)))
        .collect();

    let (mut weights, mut bias) = ([0.0; 2], 0.0);
    for step in 0..=300 {
        let (value, (d_weights, d_bias)) = loss_grad(&points, &labels, &weights, bias);
        if step % 100 == 0 {
            println!("step {step:3}  loss {value:.4}  weights {weights:.3?}  bias {bias:.3}");
        }
        for (weight, d_weight) in weights.iter_mut().zip(d_weights) {
            *weight -= d_weight;
        }
        bias -= d_bias;
    }

    let right = points
        .iter()
        .zip(&labels)
        .filter(|([x, y], label)| (weights[0] * x + weights[1] * y + bias > 0.0) == (**label == 1.0));
    let accuracy = right.count() as f64 / points.len() as f64;
    println!("\n{:.1} % of the points are on the right side of the line", 100.0 * accuracy);
    println!("slope {:.2}, of the line that labelled them 2", -weights[0] / weights[1]);
    if accuracy > 0.9 {
        ExitCode::SUCCESS
    } else {
        eprintln!("error: at least 90 % were expected");
        ExitCode::FAILURE
    }
}
