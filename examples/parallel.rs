//! A gradient over many samples on one core and on all of them: the same bits, in less time.
//!
//! ```text
//! cargo run --release --example parallel
//! ```

use std::{process::ExitCode, time::Instant};

use grad::{
    grad,
    nn::{log_softmax, logsumexp},
    optim::{Init, init::seeded},
    parallel,
};
use kit::{Options, Outcome, Panel, Picture, claim};

const DIMENSIONS: usize = 8;
const PARTS: usize = 12;
/// Samples that a thread takes at a time.
const CHUNK: usize = 256;

/// The mean negative log-likelihood of points under a mixture of round Gaussians.
#[grad(wrt(logits, means, log_widths))]
fn surprise(
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

type Gradient = ([f64; PARTS], [[f64; DIMENSIONS]; PARTS], [f64; PARTS]);

fn main() -> ExitCode {
    kit::main("A gradient over many samples, on one core and on all of them.", run)
}

fn run(options: &Options) -> Outcome {
    let mut rng = seeded(options.seed);
    let mut points = vec![[0.0; DIMENSIONS]; options.pick(400_000, 50_000)];
    let mut means = [[0.0; DIMENSIONS]; PARTS];
    Init::normal(1.0).fill(&mut points, &mut rng);
    Init::normal(1.0).fill(&mut means, &mut rng);
    let of_rows =
        |rows: std::ops::Range<usize>| surprise_grad(&points[rows], &[0.0; PARTS], &means, &[0.0; PARTS]);

    let cores = std::thread::available_parallelism()?.get();
    println!("{} points in {DIMENSIONS} dimensions, {PARTS} parts, {cores} cores\n", points.len());
    println!("threads   time   faster by");
    let mut results: Vec<(usize, f64, (f64, Gradient))> = Vec::new();
    for threads in (0..).map(|power| 1 << power).take_while(|threads| *threads <= 2 * cores) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let mut best = f64::INFINITY;
        let mut result = None;
        for _ in 0..5 {
            let start = Instant::now();
            result = Some(pool.install(|| parallel::mean(points.len(), CHUNK, of_rows)));
            best = best.min(start.elapsed().as_secs_f64());
        }
        let first = results.first().map_or(best, |(_, seconds, _)| *seconds);
        println!("{threads:7} {:6.1} ms {:8.2}", 1e3 * best, first / best);
        results.push((threads, best, result.ok_or("nothing was measured")?));
    }

    let (_, seconds, one) = &results[0];
    let speed = results.iter().map(|(threads, other, _)| (*threads as f64, seconds / other));
    let ideal = results.iter().map(|(threads, ..)| (*threads as f64, (*threads).min(cores) as f64));
    let panel =
        Panel::new("Times faster than one thread", "threads").curve("measured", speed).curve("cores", ideal);
    println!();
    options.save("parallel", &Picture::new("A mean over samples, cut into chunks").panel(panel))?;
    let (value, d_means) = (one.0, one.1.1);
    let (whole, (_, d_whole, _)) = of_rows(0..points.len());
    claim(results.iter().all(|(.., other)| other == one), "all threads give the same bits")?;
    claim((value / whole - 1.0).abs() < 1e-12, "the value is that of one call")?;
    let differences = d_means.as_flattened().iter().zip(d_whole.as_flattened()).map(|(a, b)| (a - b).abs());
    claim(differences.fold(0.0, f64::max) < 1e-12, "the gradient is that of one call")
}
