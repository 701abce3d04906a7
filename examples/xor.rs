//! XOR, which no single layer can learn: the smallest network in the world, on fixed arrays, without allocation.
//!
//! ```text
//! cargo run --release --example xor
//! ```

use std::{process::ExitCode, time::Instant};

use grad::{
    grad,
    nn::{sigmoid, tanh},
    optim::{GradientDescent, Init, Params, init::seeded},
};
use kit::{Options, Outcome, Panel, Picture, claim};

const HIDDEN: usize = 3;
const TRUTH: [([f64; 2], f64); 4] =
    [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)];

#[derive(Params)]
struct Network {
    w1: [[f64; 2]; HIDDEN],
    b1: [f64; HIDDEN],
    w2: [f64; HIDDEN],
    b2: f64,
}

/// How surprised the network is by what is true.
#[grad(skip(x, y))]
fn surprise(
    x: &[f64; 2],
    y: f64,
    w1: &[[f64; 2]; HIDDEN],
    b1: &[f64; HIDDEN],
    w2: &[f64; HIDDEN],
    b2: f64,
) -> f64 {
    let a: [f64; HIDDEN] = std::array::from_fn(|i| tanh(w1[i][0] * x[0] + w1[i][1] * x[1] + b1[i]));
    let p = sigmoid(a.iter().zip(w2).map(|(a, w)| a * w).sum::<f64>() + b2);
    -(y * p.ln() + (1.0 - y) * (1.0 - p).ln())
}

impl Network {
    fn new(seed: u64) -> Self {
        let mut network = Network { w1: [[0.0; 2]; HIDDEN], b1: [0.0; HIDDEN], w2: [0.0; HIDDEN], b2: 0.0 };
        let mut rng = seeded(seed);
        Init::xavier(2, HIDDEN).fill(&mut network.w1, &mut rng);
        Init::xavier(HIDDEN, 1).fill(&mut network.w2, &mut rng);
        network
    }

    /// The mean over the truth table, and its gradient.
    fn gradient(&self) -> (f64, <Self as Params>::Gradient) {
        let mut sum = (0.0, ([[0.0; 2]; HIDDEN], [0.0; HIDDEN], [0.0; HIDDEN], 0.0));
        for (x, y) in &TRUTH {
            let (value, gradient) = surprise_grad(x, *y, &self.w1, &self.b1, &self.w2, self.b2);
            sum.0 += value / 4.0;
            sum.1.zip(&gradient, |sum, d| *sum += d / 4.0);
        }
        sum
    }

    fn predict(&self, x: &[f64; 2]) -> f64 {
        // Of 1, the surprise is −ln p.
        (-surprise(x, 1.0, &self.w1, &self.b1, &self.w2, self.b2)).exp()
    }
}

/// Trains until the network is nearly certain. The losses; those of the steps that were not needed are left as they
/// are.
pub fn train<const STEPS: usize>(seed: u64, losses: &mut [f64; STEPS]) -> (usize, [f64; 4]) {
    let mut network = Network::new(seed);
    let mut descent = GradientDescent::new(2.0);
    let mut steps = 0;
    for value in losses {
        let (loss, gradient) = network.gradient();
        *value = loss;
        steps += 1;
        if loss < 0.01 {
            break;
        }
        descent.step(&mut network, loss, &gradient);
    }
    (steps, TRUTH.map(|(x, _)| network.predict(&x)))
}

fn main() -> ExitCode {
    kit::main("XOR: the smallest network in the world.", run)
}

fn run(options: &Options) -> Outcome {
    let mut losses = [0.0; 5000];
    let start = Instant::now();
    let (steps, predicted) = train(options.seed, &mut losses);
    let time = start.elapsed();

    println!("2-{HIDDEN}-1, {steps} steps in {:.2} ms\n", 1e3 * time.as_secs_f64());
    println!(" x   y   x xor y   network");
    for ((x, y), p) in TRUTH.iter().zip(predicted) {
        println!("{:2}  {:2}   {y:7}   {p:7.3}", x[0], x[1]);
    }
    println!();
    let panel = Panel::new("Cross-entropy", "step")
        .logarithmic()
        .curve("", (0..).map(f64::from).zip(losses[..steps].iter().copied()))
        .label_ends(3);
    options.save("xor", &Picture::new("A network of three neurons learns XOR").panel(panel))?;
    claim(TRUTH.iter().zip(predicted).all(|((_, y), p)| (p - y).abs() < 0.05), "XOR is learnt")?;
    claim(cfg!(debug_assertions) || time.as_millis() < 100, "it takes milliseconds")
}
