//! A gradient over many samples by `grad::parallel`: over the time of one call, and of each number of threads.
//!
//! ```text
//! cargo bench --bench scaling
//! cargo bench --bench scaling -- --rounds 11
//! ```

use std::{error::Error, hint::black_box, process::ExitCode, thread, time::Instant};

use cpu_time::ProcessTime;

use grad::{
    grad,
    nn::{cross_entropy, log_softmax, logsumexp, relu, softmax},
    parallel,
};
use grad_benches::duration;
use lexopt::prelude::*;
use ndarray::{Array1, Array2, ArrayView2, s};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use rayon::{ThreadPool, ThreadPoolBuilder};

const DIMENSIONS: usize = 8;
const PARTS: usize = 12;

/// The mean negative log-likelihood of points under a mixture of round Gaussians.
#[grad(wrt(logits, means, log_widths))]
fn mixture(
    points: &[[f64; DIMENSIONS]],
    logits: &[f64; PARTS],
    means: &[[f64; DIMENSIONS]; PARTS],
    log_widths: &[f64; PARTS],
) -> f64 {
    let log_weights = log_softmax(logits);
    let terms = points.iter().map(|point| {
        let terms: [f64; PARTS] = std::array::from_fn(|k| {
            let squares: f64 = point.iter().zip(&means[k]).map(|(x, m)| (x - m) * (x - m)).sum();
            log_weights[k] - 0.5 * squares * (-2.0 * log_widths[k]).exp() - DIMENSIONS as f64 * log_widths[k]
        });
        logsumexp(&terms)
    });
    -terms.sum::<f64>() / points.len() as f64
}

/// The loss of a network of two layers, as in the example `digits`.
#[grad(skip(x, y))]
fn network(
    x: &ArrayView2<f32>,
    y: &ArrayView2<f32>,
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
) -> f32 {
    let z1 = x.dot(&w1.t()) + b1;
    let a1 = relu(&z1);
    let z2 = a1.dot(&w2.t()) + b2;
    cross_entropy(&softmax(&z2), y)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut rounds = 31;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => rounds = arguments.value()?.parse::<usize>()?.max(1),
            Long("bench") => {}
            _ => return Err(argument.unexpected().into()),
        }
    }
    let cores = thread::available_parallelism()?.get();
    let threads = (0..).map(|power| 1 << power).take_while(|threads| *threads <= 2 * cores);
    let pools: Vec<_> = threads
        .map(|threads| ThreadPoolBuilder::new().num_threads(threads).build())
        .collect::<Result<_, _>>()?;
    println!("{cores} cores; ratios to one call, within a round; median of {rounds} rounds.\n");

    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let points: Vec<[f64; DIMENSIONS]> =
        (0..50_000).map(|_| std::array::from_fn(|_| rng.random_range(-2.0..2.0))).collect();
    let means: [[f64; DIMENSIONS]; PARTS] =
        std::array::from_fn(|_| std::array::from_fn(|_| rng.random_range(-1.0..1.0)));
    let of = |rows: std::ops::Range<usize>| mixture_grad(&points[rows], &[0.0; PARTS], &means, &[0.0; PARTS]);
    println!("mixture of {PARTS} parts, {} points, fixed arrays", points.len());
    for chunk in [64, 256, 1024] {
        scaling(&pools, rounds, chunk, || of(0..points.len()), || parallel::mean(points.len(), chunk, of))?;
    }

    let mut matrix =
        |rows, columns| Array2::from_shape_simple_fn((rows, columns), || rng.random_range(-0.2_f32..0.2));
    let (x, w1, w2) = (matrix(4096, 64), matrix(128, 64), matrix(10, 128));
    let (y, b1, b2) = (Array2::from_elem((4096, 10), 0.1), Array1::zeros(128), Array1::zeros(10));
    let of = |rows: std::ops::Range<usize>| {
        let (x, y) = (x.slice(s![rows.clone(), ..]), y.slice(s![rows, ..]));
        network_grad(&x, &y, &w1, &b1, &w2, &b2)
    };
    println!("network 64-128-10, 4096 samples, ndarray");
    for chunk in [64, 256, 1024] {
        scaling(&pools, rounds, chunk, || of(0..4096), || parallel::mean(4096, chunk, of))?;
    }
    Ok(())
}

/// One size of chunks, on every pool. The time on the clock says how much faster it is, if the cores are free; the
/// time that all cores together have worked says what cutting and joining cost, whoever else uses the machine.
fn scaling<T: PartialEq + Send>(
    pools: &[ThreadPool],
    rounds: usize,
    chunk: usize,
    one_call: impl Fn() -> T + Sync,
    chunks: impl Fn() -> T + Sync,
) -> Result<(), Box<dyn Error>> {
    let first = pools[0].install(&chunks);
    if pools.iter().any(|pool| pool.install(&chunks) != first) {
        return Err("the bits depend on the threads".into());
    }
    let mut times = vec![Vec::new(); pools.len() + 1];
    for _ in 0..rounds {
        times[0].push(measure(&one_call));
        for (times, pool) in times[1..].iter_mut().zip(pools) {
            times.push(measure(|| pool.install(&chunks)));
        }
    }
    println!("| | time | faster by | work |\n|---|---:|---:|---:|");
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    for (i, own) in times.iter().enumerate() {
        let name = match i.checked_sub(1).map(|pool| pools[pool].current_num_threads()) {
            None => "one call".to_string(),
            Some(1) => format!("chunks of {chunk}, 1 thread"),
            Some(threads) => format!("chunks of {chunk}, {threads} threads"),
        };
        let pairs = || own.iter().zip(&times[0]);
        println!(
            "| {name} | {} | {:.2} | {:.3} |",
            duration(median(own.iter().map(|(clock, _)| *clock).collect())),
            median(pairs().map(|(own, one)| one.0 / own.0).collect()),
            median(pairs().map(|(own, one)| own.1 / one.1).collect()),
        );
    }
    println!();
    Ok(())
}

/// Seconds on the clock, and seconds that the cores have worked: of three calls, the fastest.
fn measure<T>(call: impl Fn() -> T) -> (f64, f64) {
    let mut best = (f64::INFINITY, f64::INFINITY);
    for _ in 0..3 {
        let (clock, work) = (Instant::now(), ProcessTime::now());
        black_box(&call());
        best.0 = best.0.min(clock.elapsed().as_secs_f64());
        best.1 = best.1.min(work.elapsed().as_secs_f64());
    }
    best
}
