//! A small network learns to read handwritten digits.
//!
//! ```text
//! cargo run --release --example digits
//! cargo run --release --example digits -- --rate 0.05 --epochs 100 --out curve.svg
//! ```
//!
//! What is differentiated stands in `network.rs`: one function that says what the loss of a mini-batch is.
//! The rest is what any training program has: read the data, step, report.

mod chart;
mod confusion;
mod data;
mod network;
mod options;
mod training;

use std::{error::Error, process::ExitCode, time::Instant};

use confusion::Confusion;
use network::Network;
use options::Options;

fn main() -> ExitCode {
    let outcome = Options::from_env().and_then(|options| options.map_or(Ok(()), run));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let (train, held_out) = data::split(options.seed)?;
    let mut network = Network::new([data::PIXELS, 32, data::CLASSES], options.seed);
    println!(
        "{network} on {} digits, {} held out; {} epochs, batch {}, rate {}, seed {}",
        train.len(),
        held_out.len(),
        options.epochs,
        options.batch,
        options.rate,
        options.seed,
    );

    let start = Instant::now();
    let history = training::train(&mut network, &train, &held_out, &options)?;
    let seconds = start.elapsed().as_secs_f64();

    let confusion = Confusion::new(&held_out.labels, &network.predict(&held_out.pixels));
    println!("\n{confusion}");
    println!(
        "read {} of {} held-out digits, {:.2} %, after {seconds:.1} s of training",
        confusion.correct(),
        confusion.total(),
        100.0 * confusion.accuracy(),
    );

    chart::draw(&options.out, &network.to_string(), &history)?;
    println!("loss and accuracy over the epochs: {}", options.out.display());

    match options.required_accuracy() {
        Some(required) if confusion.accuracy() < required => Err(format!(
            "only {:.2} % of the held-out digits were read correctly; a run of this length should reach {:.0} % \
             (how the digits are split is worth about 1 %: try another --seed)",
            100.0 * confusion.accuracy(),
            100.0 * required,
        )
        .into()),
        _ => Ok(()),
    }
}
