//! Imperative programs: the time of value and gradient over that of the plain function.
//!
//! ```text
//! cargo bench --bench imperative                      # all programs
//! cargo bench --bench imperative -- mixture           # one
//! ```

mod by_hand;
mod others;
mod programs;

use std::{error::Error, hint::black_box, process::ExitCode};

use grad_benches::{Contestant, Effort, compare, markdown};
use lexopt::prelude::*;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

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
    let mut effort = Effort { rounds: 31, ..Effort::default() };
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
    println!("Ratios to the plain function, within a round; median of {} rounds.\n", effort.rounds);
    let report = Report { filter, effort };
    for n in [10_000, 20_000, 40_000] {
        report.log_sum_exp(n)?;
    }
    for n in [256, 512, 1024] {
        report.least_squares(n, 128)?;
    }
    for (d, k, n) in [(10, 25, 250), (10, 25, 500), (10, 25, 1000), (64, 25, 100)] {
        report.mixture(d, k, n)?;
    }
    for n in [75, 150, 300] {
        report.determinant(n);
    }
    for steps in [10, 20, 40] {
        report.runge_kutta(100, steps);
    }
    for length in [256, 512, 1024] {
        report.lstm(2, 14, length);
    }
    report.bundle();
    report.small()?;
    Ok(())
}

struct Report {
    filter: String,
    effort: Effort,
}

fn random(count: usize, low: f64, high: f64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(count as u64);
    (0..count).map(|_| rng.random_range(low..high)).collect()
}

impl Report {
    fn wants(&self, heading: &str) -> bool {
        heading.contains(&self.filter)
    }

    fn print(&self, heading: &str, mut contestants: Vec<Contestant>) {
        println!("## {heading}\n\n{}", markdown(&compare(&mut contestants, 1, self.effort)));
    }

    fn log_sum_exp(&self, n: usize) -> Result<(), String> {
        let heading = format!("log-sum-exp, n = {n}");
        if !self.wants(&heading) {
            return Ok(());
        }
        let x = random(n, -5.0, 5.0);
        agree(&programs::log_sum_exp_grad(&x).1, &by_hand::log_sum_exp_grad(&x).1)?;
        agree(&programs::log_sum_exp_grad(&x).1, &others::log_sum_exp_tape(&x))?;
        let contestants = vec![
            Contestant::new("plain", || programs::log_sum_exp(&x)),
            Contestant::new("#[grad]", || programs::log_sum_exp_grad(&x)),
            Contestant::new("by hand", || by_hand::log_sum_exp_grad(&x)),
            Contestant::new("tape (echidna)", || others::log_sum_exp_tape(&x)),
        ];
        self.print(&heading, contestants);
        Ok(())
    }

    fn least_squares(&self, n: usize, m: usize) -> Result<(), String> {
        let heading = format!("least squares, n = {n}, m = {m}");
        if !self.wants(&heading) {
            return Ok(());
        }
        let (w, x, y) = (random(m, -1.0, 1.0), random(n, -1.0, 1.0), random(n + 1, -1.0, 1.0)[1..].to_vec());
        agree(&programs::least_squares_grad(&w, &x, &y).1, &by_hand::least_squares_grad(&w, &x, &y).1)?;
        let contestants = vec![
            Contestant::new("plain", || programs::least_squares(&w, &x, &y)),
            Contestant::new("#[grad]", || programs::least_squares_grad(&w, &x, &y)),
            Contestant::new("by hand", || by_hand::least_squares_grad(&w, &x, &y)),
        ];
        self.print(&heading, contestants);
        Ok(())
    }

    fn mixture(&self, d: usize, k: usize, n: usize) -> Result<(), String> {
        let heading = format!("mixture, d = {d}, k = {k}, n = {n}");
        if !self.wants(&heading) {
            return Ok(());
        }
        let (alphas, means) = (random(k, -1.0, 1.0), random(k * d, -1.0, 1.0));
        let (icf, x) = (random(k * d * (d + 1) / 2, -0.5, 0.5), random(n * d, -1.0, 1.0));
        let (_, ours) = programs::mixture_grad(&alphas, &means, &icf, &x, d, 1.5, 2);
        let (_, theirs) = by_hand::mixture_grad(&alphas, &means, &icf, &x, d, 1.5, 2);
        agree(&ours.0, &theirs.0)?;
        agree(&ours.1, &theirs.1)?;
        agree(&ours.2, &theirs.2)?;
        let contestants = vec![
            Contestant::new("plain", || programs::mixture(&alphas, &means, &icf, &x, d, 1.5, 2)),
            Contestant::new("#[grad]", || programs::mixture_grad(&alphas, &means, &icf, &x, d, 1.5, 2)),
            Contestant::new("by hand", || by_hand::mixture_grad(&alphas, &means, &icf, &x, d, 1.5, 2)),
        ];
        self.print(&heading, contestants);
        Ok(())
    }

    /// A few points and coefficients, as dual numbers can have them.
    fn small(&self) -> Result<(), String> {
        const M: usize = 6;
        let heading = format!("least squares, n = 16, m = {M}");
        if !self.wants(&heading) {
            return Ok(());
        }
        let w: [f64; M] = std::array::from_fn(|j| 0.5 - 0.3 * j as f64);
        let (x, y) = (random(16, -1.0, 1.0), random(17, -1.0, 1.0)[1..].to_vec());
        agree(&programs::least_squares_grad(&w, &x, &y).1, &others::least_squares_dual(&w, &x, &y).1)?;
        agree(&programs::least_squares_grad(&w, &x, &y).1, &others::least_squares_tape(&w, &x, &y))?;
        let contestants = vec![
            Contestant::new("plain", || programs::least_squares(&w, &x, &y)),
            Contestant::new("#[grad]", || programs::least_squares_grad(&w, &x, &y)),
            Contestant::new("by hand", || by_hand::least_squares_grad(&w, &x, &y)),
            Contestant::new("dual numbers (num-dual)", || others::least_squares_dual(&w, &x, &y)),
            Contestant::new("tape (echidna)", || others::least_squares_tape(&w, &x, &y)),
        ];
        self.print(&heading, contestants);
        Ok(())
    }

    fn determinant(&self, n: usize) {
        let heading = format!("determinant, n = {n}");
        if !self.wants(&heading) {
            return;
        }
        let a = random(n * n, -1.0, 1.0);
        let contestants = vec![
            Contestant::new("plain", || programs::determinant(&a, n)),
            Contestant::new("#[grad]", || programs::determinant_grad(&a, n)),
        ];
        self.print(&heading, contestants);
    }

    fn runge_kutta(&self, n: usize, steps: usize) {
        let heading = format!("Runge-Kutta, n = {n}, {steps} steps");
        if !self.wants(&heading) {
            return;
        }
        let (y, seed) = (random(n, -1.0, 1.0), random(n, -1.0, 1.0));
        let contestants = vec![
            Contestant::new("plain", || {
                let mut y = y.clone();
                programs::runge_kutta(&mut y, 1.5, 0.01, steps);
                y
            }),
            Contestant::new("#[grad]", || {
                let (mut y, mut d_y) = (y.clone(), seed.clone());
                (programs::runge_kutta_vjp(&mut y, 1.5, 0.01, steps, &mut d_y), d_y)
            }),
        ];
        self.print(&heading, contestants);
    }

    fn lstm(&self, layers: usize, b: usize, length: usize) {
        let heading = format!("LSTM, {layers} layers of {b}, {length} characters");
        if !self.wants(&heading) {
            return;
        }
        let (main, extra) = (random(layers * 8 * b, -1.0, 1.0), random(3 * b, -1.0, 1.0));
        let state = random(layers * 2 * b, -1.0, 1.0);
        let sequence: Vec<f64> = random(length * b, -1.0, 1.0).iter().map(|x| f64::from(*x > 0.0)).collect();
        let contestants = vec![
            Contestant::new("plain", || programs::lstm(&main, &extra, &state, &sequence, layers, b, length)),
            Contestant::new("#[grad]", || {
                programs::lstm_grad(&main, &extra, &state, &sequence, layers, b, length)
            }),
        ];
        self.print(&heading, contestants);
    }

    /// One observation; the full Jacobian is two pullbacks.
    fn bundle(&self) {
        let heading = "bundle adjustment, 2 x 15 Jacobian";
        if !self.wants(heading) {
            return;
        }
        let cam = [0.1, -0.2, 0.3, 0.5, 0.1, -4.0, 1.5, 0.02, -0.03, 0.1, -0.05];
        let (point, w, feature) = ([0.4, -0.7, 1.1], 0.8, [0.3, -0.2]);
        let contestants = vec![
            Contestant::new("plain", || programs::reproject(black_box(&cam), &point, w, &feature)),
            Contestant::new("#[grad]", || {
                let first = programs::reproject_vjp(black_box(&cam), &point, w, &feature, &[1.0, 0.0]);
                black_box(&first);
                programs::reproject_vjp(black_box(&cam), &point, w, &feature, &[0.0, 1.0])
            }),
        ];
        self.print(heading, contestants);
    }
}

fn agree(ours: &[f64], theirs: &[f64]) -> Result<(), String> {
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-9 * (1.0 + b.abs());
    match ours.iter().zip(theirs).position(apart) {
        Some(at) => Err(format!("element {at}: {} and by hand {}", ours[at], theirs[at])),
        None => Ok(()),
    }
}
