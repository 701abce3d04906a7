//! A program at one size: its input, the plain function, and those that differentiate it.

use std::{hint::black_box, rc::Rc};

use grad_benches::Contestant;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

pub struct Case {
    pub program: &'static str,
    pub size: String,
    /// How much there is to do, in a unit of the program's own.
    pub work: f64,
    contest: Box<dyn FnOnce() -> Result<Contest, String>>,
}

impl Case {
    pub fn new(
        program: &'static str,
        size: impl Into<String>,
        work: usize,
        contest: impl FnOnce() -> Result<Contest, String> + 'static,
    ) -> Case {
        Case { program, size: size.into(), work: work as f64, contest: Box::new(contest) }
    }

    pub fn heading(&self) -> String {
        format!("{}, {}", self.program, self.size)
    }

    /// The plain function first, then `#[grad]`, then others. An error if they do not agree.
    pub fn contestants(self) -> Result<Contest, String> {
        let heading = self.heading();
        (self.contest)().map_err(|error| format!("{heading}: {error}"))
    }
}

pub type Contest = Vec<Contestant<'static>>;

/// Contestants that share their input.
pub struct Input<D> {
    data: Rc<D>,
    contest: Contest,
}

impl<D: 'static> Input<D> {
    pub fn new(data: D) -> Input<D> {
        Input { data: Rc::new(data), contest: Vec::new() }
    }

    pub fn with<T>(mut self, name: &str, run: impl Fn(&D) -> T + 'static) -> Input<D> {
        let data = self.data.clone();
        self.contest.push(Contestant::new(name, move || run(black_box(&data))));
        self
    }

    /// The plain function, and what `#[grad]` makes of it.
    pub fn pair<T, U>(
        self,
        plain: impl Fn(&D) -> T + 'static,
        gradient: impl Fn(&D) -> U + 'static,
    ) -> Input<D> {
        self.with("plain", plain).with("`#[grad]`", gradient)
    }

    pub fn contest(self) -> Result<Contest, String> {
        Ok(self.contest)
    }
}

pub fn random(count: usize, low: f64, high: f64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(count as u64);
    (0..count).map(|_| rng.random_range(low..high)).collect()
}

/// So many rows of random numbers.
pub fn rows(count: usize, columns: usize) -> Vec<Vec<f64>> {
    random(count * columns, -1.0, 1.0).chunks(columns).map(<[f64]>::to_vec).collect()
}

pub fn agree(ours: &[f64], theirs: &[f64]) -> Result<(), String> {
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-9 * (1.0 + b.abs());
    match ours.iter().zip(theirs).position(apart) {
        Some(at) => Err(format!("element {at}: {} and by hand {}", ours[at], theirs[at])),
        None => Ok(()),
    }
}
