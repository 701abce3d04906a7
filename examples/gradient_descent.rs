//! Gradient descent with a learning rate that is too small, one that is right, and one that is too large.
//!
//! ```text
//! cargo run --release --example gradient_descent
//! ```
//!
//! Linear regression: how far diabetes has gone after a year, from ten measurements. The mean squared error is a
//! bowl, so what a rate does follows from its curvature: up to two over the largest, descent converges.

use std::process::ExitCode;

use grad::{
    grad,
    nn::mse,
    optim::{GradientDescent, Params},
};
use kit::{Options, Outcome, Panel, Picture, Standard, claim};

const FEATURES: usize = 10;

/// The mean squared error of a linear model.
#[grad(wrt(w, b))]
fn loss(x: &[[f64; FEATURES]], y: &[f64], w: &[f64; FEATURES], b: f64) -> f64 {
    let predicted: Vec<f64> =
        x.iter().map(|x| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b).collect();
    mse(&predicted, y)
}

#[derive(Params)]
struct Model {
    w: [f64; FEATURES],
    b: f64,
}

/// What came of a rate: the loss before each step, and why it ended early, if it did.
struct Descent {
    losses: Vec<f64>,
    stopped: Option<String>,
}

fn main() -> ExitCode {
    kit::main("Gradient descent with a rate that is too small, right, too large.", run)
}

fn run(options: &Options) -> Outcome {
    let rows = kit::read::<{ FEATURES + 1 }>("diabetes.csv")?;
    let rows = Standard::of(&rows).apply(&rows);
    let x: Vec<[f64; FEATURES]> = rows.iter().map(|row| std::array::from_fn(|j| row[j])).collect();
    let y: Vec<f64> = rows.iter().map(|row| row[FEATURES]).collect();
    let curvature = largest_curvature(&x);
    println!("{} patients, {FEATURES} measurements, all with mean 0 and deviation 1", rows.len());
    println!("largest curvature {curvature:.2}: rates converge up to {:.3}\n", 2.0 / curvature);

    let steps = options.pick(2000, 400);
    let rates = [("too small", 0.001), ("right", 0.2), ("too large", 0.5)];
    let descents = rates.map(|(name, rate)| {
        let descent = descend(&x, &y, rate, steps);
        println!("rate {rate:<5}  {name:9}  {:4} steps  loss {:.4e}", descent.losses.len(), last(&descent));
        if let Some(reason) = &descent.stopped {
            println!("    caught: {reason}");
        }
        descent
    });

    let curves = |panel: Panel| {
        rates.iter().zip(&descents).fold(panel, |panel, ((name, rate), descent)| {
            let points = (0..).map(f64::from).zip(descent.losses.iter().copied());
            panel.curve(format!("{rate} ({name})"), points.take(400))
        })
    };
    let picture = Picture::new("Gradient descent on diabetes.csv: mean squared error by rate")
        .panel(curves(Panel::new("All of it", "step").logarithmic().range(0.3, 1e12)))
        .panel(curves(Panel::new("From nearby", "step").decimals(2).range(0.45, 1.0)));
    options.save("gradient_descent", &picture)?;

    let [small, right, large] = &descents;
    // The target has variance 1, so what the model explains is the rest of its loss.
    let explained = 1.0 - last(right);
    println!("\nthe right rate explains {:.1} % of the variance (least squares: 51.8 %)", 100.0 * explained);
    claim(
        (explained - 0.5177).abs() < options.pick(0.0002, 0.002),
        "descent finds the least squares solution",
    )?;
    claim(small.stopped.is_none() && last(small) > 1.02 * last(right), "the small rate has not arrived")?;
    claim(large.stopped.is_some(), "the large rate diverges and is caught")
}

fn last(descent: &Descent) -> f64 {
    descent.losses[descent.losses.len() - 1]
}

fn descend(x: &[[f64; FEATURES]], y: &[f64], rate: f64, steps: usize) -> Descent {
    let mut model = Model { w: [0.0; FEATURES], b: 0.0 };
    let mut descent = GradientDescent::new(rate);
    let mut losses = Vec::with_capacity(steps);
    for _ in 0..steps {
        let (loss, gradient) = loss_grad(x, y, &model.w, model.b);
        if let Err(error) = descent.try_step(&mut model, loss, &gradient) {
            return Descent { losses, stopped: Some(error.to_string()) };
        }
        losses.push(loss);
    }
    Descent { losses, stopped: None }
}

/// The gradient is linear in the weights. So the difference that a direction makes is the curvature along it, and
/// going that way again and again leads to the largest.
fn largest_curvature(x: &[[f64; FEATURES]]) -> f64 {
    let zeros = vec![0.0; x.len()];
    let mut direction = [1.0; FEATURES];
    let mut curvature = 0.0;
    for _ in 0..200 {
        direction.scale(1.0 / direction.norm());
        let (_, (d_w, _)) = loss_grad(x, &zeros, &direction, 0.0);
        curvature = d_w.norm();
        direction = d_w;
    }
    curvature
}
