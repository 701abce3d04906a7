//! Loss and gradients of a two-layer network: by hand, by candle, by `#[grad]`.
//!
//! ```text
//! cargo bench --bench network                     # all cases
//! cargo bench --bench network -- --rounds 21      # sooner
//! cargo bench --bench network -- 128x784          # one case
//! ```
//!
//! Every contestant returns the loss and its gradients with respect to weights and biases, as values that its
//! caller owns, on one thread. Before anything is timed, all have to agree.

mod by_hand_arrays;
mod by_hand_ndarray;
mod candle;
mod case;
mod graded;
mod kernel;

use std::{error::Error, process::ExitCode};

use grad_benches::{Contestant, Effort, compare, markdown};
use lexopt::prelude::*;

use candle::CandleNetwork;
use case::{Case, Flat};
use kernel::{Faer, Gemm, MatrixMultiply};

fn main() -> ExitCode {
    // SAFETY: no other thread has been started yet.
    unsafe { std::env::set_var("RAYON_NUM_THREADS", "1") };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut effort = Effort::default();
    let mut filter = String::new();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => effort.rounds = arguments.value()?.parse::<usize>()?.max(1),
            Long("bench") => {}
            Value(value) => filter = value.string()?,
            _ => return Err(argument.unexpected().into()),
        }
    }

    println!(
        "Loss and gradients, f32, ReLU, softmax cross-entropy, one thread; batch×in×hidden×out.\n\
         Median of {} rounds, each the fastest of {} samples; ratios to the fastest by hand, within a round.\n",
        effort.rounds, effort.samples,
    );
    arrays(Case::new(1, 4, 16, 3), &filter, effort)?;
    ndarrays(Case::new(32, 64, 128, 10), &filter, effort)?;
    ndarrays(Case::new(128, 784, 512, 10), &filter, effort)
}

/// The case on fixed arrays: a batch of one, all extents known when compiling.
fn arrays(case: Case, filter: &str, effort: Effort) -> Result<(), Box<dyn Error>> {
    let heading = format!("{case}, fixed arrays");
    if !heading.contains(filter) {
        return Ok(());
    }
    let inputs = case.arrays::<4, 16, 3>();
    let candle = CandleNetwork::new(&case)?;
    let results: Vec<(&str, Flat)> = vec![
        ("by hand", inputs.call(by_hand_arrays::loss_grad).into()),
        ("#[grad]", inputs.call(graded::loss_arrays_grad).into()),
        ("candle", candle.flat()?),
    ];
    let contestants = vec![
        Contestant::new("by hand", || inputs.call(by_hand_arrays::loss_grad)),
        Contestant::new("#[grad]", || inputs.call(graded::loss_arrays_grad)),
        Contestant::new("candle", || candle.loss_grad().expect("it worked before")),
    ];
    report(&heading, &results, contestants, 1, effort)
}

/// A case on ndarray.
fn ndarrays(case: Case, filter: &str, effort: Effort) -> Result<(), Box<dyn Error>> {
    let heading = format!("{case}, ndarray");
    if !heading.contains(filter) {
        return Ok(());
    }
    let candle = CandleNetwork::new(&case)?;
    let results: Vec<(&str, Flat)> = vec![
        ("by hand, matrixmultiply", case.call(by_hand_ndarray::loss_grad::<MatrixMultiply>).into()),
        ("by hand, gemm", case.call(by_hand_ndarray::loss_grad::<Gemm>).into()),
        ("by hand, faer", case.call(by_hand_ndarray::loss_grad::<Faer>).into()),
        ("#[grad]", case.call(graded::loss_ndarray_grad).into()),
        ("candle", candle.flat()?),
    ];
    let contestants = vec![
        Contestant::new("by hand, matrixmultiply", || {
            case.call(by_hand_ndarray::loss_grad::<MatrixMultiply>)
        }),
        Contestant::new("by hand, gemm", || case.call(by_hand_ndarray::loss_grad::<Gemm>)),
        Contestant::new("by hand, faer", || case.call(by_hand_ndarray::loss_grad::<Faer>)),
        Contestant::new("#[grad]", || case.call(graded::loss_ndarray_grad)),
        Contestant::new("candle", || candle.loss_grad().expect("it worked before")),
    ];
    report(&heading, &results, contestants, 3, effort)
}

fn report(
    heading: &str,
    results: &[(&str, Flat)],
    mut contestants: Vec<Contestant>,
    by_hand: usize,
    effort: Effort,
) -> Result<(), Box<dyn Error>> {
    let (_, reference) = &results[0];
    for (name, result) in &results[1..] {
        result.agrees_with(reference).map_err(|error| format!("{heading}: {name}: {error}"))?;
    }
    println!("### {heading}\n\n{}", markdown(&compare(&mut contestants, by_hand, effort)));
    Ok(())
}
