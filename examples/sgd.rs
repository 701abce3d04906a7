//! Gradient descent on all digits at once, on mini-batches of 32, and on single digits.
//!
//! ```text
//! cargo run --release --example sgd
//! ```
//!
//! A step on all digits costs as much as 45 steps on mini-batches, or 1437 on single digits, and goes hardly further
//! than one of them. So what counts is the loss after a pass over the data, whatever number of steps it was cut into.

#[path = "digits/data.rs"]
mod data;
#[path = "digits/network.rs"]
mod network;

use std::process::ExitCode;

use grad::optim::{Batches, Sgd};
use kit::{Options, Outcome, Panel, Picture, Progress, claim};

use data::Dataset;
use network::Network;

/// How to cut a pass into steps.
struct Method {
    name: &'static str,
    batch: usize,
    rate: f64,
}

/// What came of it.
struct Run {
    /// On all training digits, before the first pass and after each.
    losses: Vec<f64>,
    /// Share of the held-out digits that are read.
    accuracy: f64,
    seconds: f64,
}

fn main() -> ExitCode {
    kit::main("Full batch, mini-batches and single samples on the digits.", run)
}

fn run(options: &Options) -> Outcome {
    let (train, held_out) = data::split(options.seed)?;
    let passes = options.pick(30, 6);
    let methods = [
        Method { name: "full batch", batch: train.len(), rate: 0.5 },
        Method { name: "mini-batches of 32", batch: 32, rate: 0.1 },
        Method { name: "single digits", batch: 1, rate: 0.005 },
    ];
    let mut runs = Vec::new();
    for method in &methods {
        println!("{}, rate {}", method.name, method.rate);
        runs.push(descend(method, &train, &held_out, passes, options.seed)?);
    }

    println!("\nafter {passes} passes        steps    loss   held out   seconds in steps");
    for (method, run) in methods.iter().zip(&runs) {
        println!(
            "{:20} {:7}  {:.4}    {:.2} %  {:17.3}",
            method.name,
            passes * train.len().div_ceil(method.batch),
            run.losses[passes],
            100.0 * run.accuracy,
            run.seconds,
        );
    }
    let panel = methods.iter().zip(&runs).fold(
        Panel::new("Cross-entropy of the training digits over passes", "pass over the data").logarithmic(),
        |panel, (method, run)| panel.curve(method.name, (0..).map(f64::from).zip(run.losses.iter().copied())),
    );
    options.save("sgd", &Picture::new("The same passes, cut into more steps").panel(panel.label_ends(3)))?;

    let [full, mini, single] = &runs[..] else { return Err("there are three methods".into()) };
    claim(mini.accuracy >= options.pick(0.96, 0.93), "mini-batches read the held-out digits")?;
    claim(single.accuracy >= options.pick(0.96, 0.93), "single digits do, too")?;
    claim(mini.losses[passes] < 0.5 * full.losses[passes], "mini-batches are ahead of the full batch")
}

fn descend(method: &Method, train: &Dataset, held_out: &Dataset, passes: usize, seed: u64) -> Outcome<Run> {
    let mut network = Network::new([data::PIXELS, 32, data::CLASSES], seed);
    let mut batches = Batches::new(train.len(), method.batch, seed);
    let mut sgd = Sgd::new(method.rate);
    let mut losses = vec![network.loss(&train.pixels, &train.targets).into()];
    let mut seconds = 0.0;
    let mut progress = Progress::new("pass", passes);
    for _ in 0..passes {
        let start = std::time::Instant::now();
        for rows in batches.pass() {
            let (x, y) = train.batch(rows);
            let (loss, gradient) = network.gradient(&x, &y);
            sgd.try_step(&mut network, loss, &gradient)?;
        }
        seconds += start.elapsed().as_secs_f64();
        let loss = f64::from(network.loss(&train.pixels, &train.targets));
        losses.push(loss);
        progress.show(|| format!("loss {loss:.4}"));
    }
    progress.finish();
    let predicted = network.predict(&held_out.pixels);
    let right =
        held_out.labels.iter().zip(&predicted).filter(|(label, predicted)| label == predicted).count();
    Ok(Run { losses, accuracy: right as f64 / held_out.len() as f64, seconds })
}
